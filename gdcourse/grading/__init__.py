"""From a folder of notebooks to marks: each notebook runs in its own process, under limits."""
