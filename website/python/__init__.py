"""Python in the reader's browser: the buttons below a cell, Pyodide, JupyterLite, links to Colab and Binder."""
