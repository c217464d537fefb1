"""Commands: execute the notebooks, build the book, serve it, open it in JupyterLab."""
