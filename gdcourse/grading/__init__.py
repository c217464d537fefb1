"""From a folder of notebooks to marks: each notebook runs apart, under limits."""
