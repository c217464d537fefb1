"""Python in the page: what runs in the reader's browser when *Run* is pressed on the built website.

`needs.py` finds the cells that a cell needs, `kernel.py` runs them; `worker.js` calls it in Pyodide; `page.js` and
`runner.js` run on the page. The rest of the package imports nothing from here.
"""

import importlib.util

from . import wide

if wide.NARROW:  # must come before another module imports a function from NumPy
    wide.mend(("<cell ", *importlib.util.find_spec("gdcourse").submodule_search_locations))
