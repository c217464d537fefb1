"""From a function to a verdict: call it, compare what comes, decide, find the words."""
