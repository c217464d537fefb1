"""Python in the page: what runs in the reader's browser when *Run* is pressed on the built website.

`kernel.py` decides which cells a cell needs and runs them, in plain Python; `worker.js` puts it into Pyodide, `page.js` and
`runner.js` stand on the page. Nothing here is imported by the rest of the package.
"""

import importlib.util

from . import wide

if wide.NARROW:  # before anything else takes a function of NumPy's
    wide.mend(("<cell ", *importlib.util.find_spec("gdcourse").submodule_search_locations))
