"""Python in the page: the code that runs in the reader's browser when *Run* is pressed on the built website.

`needs.py` finds the cells that a cell needs, and `kernel.py` runs them. In the browser, `worker.js` calls the functions
of `page.py` in Pyodide, and `page.js` and `runner.js` run on the page. No other part of `website` imports this package.
"""

import importlib.util

from . import wide

if wide.NARROW:  # must run before another module imports a function from NumPy, because `mend` replaces functions
    wide.mend(("<cell ", *importlib.util.find_spec("gdcourse").submodule_search_locations))
