"""From a function to a verdict: call it, compare its results, decide, find the words."""
