"""Python in the page: what runs in the reader's browser when *Run* is pressed on the built website.

`kernel.py` decides which cells a cell needs and runs them; `worker.js` runs it in Pyodide; `page.js` and
`runner.js` run on the page. Nothing here is imported by the rest of the package.
"""

import importlib.util

from . import wide

if wide.NARROW:  # before any other module imports a function of NumPy's
    wide.mend(("<cell ", *importlib.util.find_spec("gdcourse").submodule_search_locations))
