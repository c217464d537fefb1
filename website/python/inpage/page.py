"""The functions that worker.js calls to run Python in the page. Their arguments and results are strings, many of them
JSON."""

import json

import numpy as np

from . import wide
from .answers import unchecked
from .kernel import Kernel, Missing

kernel = None
# While a run checks an exercise: {id: the exercise, cell: the cell with the answer, target: the cell with the check}.
# At other times None.
_answer = None


def start(post, absent=None):
    """Make the one kernel of this process and return it. post: a function that takes a message as JSON; absent:
    {module: its package}, for the modules that are not loaded yet."""
    global kernel
    kernel = Kernel(lambda message: post(json.dumps(message)), absent, wide.Wide().visit if wide.NARROW else None)
    kernel.space[wide.Wide.NAME] = np.int64
    return kernel


def plan(cells, target, exercise="null"):
    """Return the ids of the cells to run, as JSON. cells: [{id, source, book}, …] as JSON. `book` is the source as the
    page was built, and is given only for cells that the reader has edited.

    exercise: {id, cell} as JSON if `target` checks what the learner has written into `cell`. Then `cell` runs in any
    case.
    """
    global _answer
    cells, exercise = json.loads(cells), json.loads(exercise)
    _answer = exercise and {**exercise, "target": target}
    book = {cell["id"]: cell["book"] for cell in cells if "book" in cell}
    return json.dumps(
        kernel.plan({cell["id"]: cell["source"] for cell in cells}, target, exercise and exercise["cell"], book)
    )


def run(cell, source):
    """Run a cell. Return {"ok": whether it ended without an error} or {"packages": [packages to load before it can
    run]}, as JSON."""
    try:
        ok = run_answer(source, **_answer) if _answer and cell == _answer["cell"] else kernel.run(cell, source)
        return json.dumps({"ok": ok})
    except Missing as missing:
        return json.dumps({"packages": sorted(missing.packages)})


def run_answer(source, id, cell, target):
    """Run the cell with the answer to exercise `id`; return whether the check can run next. If it cannot, show the
    reason below `target`, where the verdict of the check would be.

    If the reader stopped the run, nothing is shown there.
    """
    name = id.rpartition("/")[2]
    kernel.forget([name])  # so that no earlier answer and no other object of this name is checked
    ok = kernel.run(cell, source, quietly=True)
    if not ok and kernel.interrupted:
        return False
    verdict = unchecked(id, source, kernel.told, name in kernel.space or name in kernel.waiting)
    if verdict is None:
        return True
    kernel.show_in(target, verdict)
    return False


def heard(comm, state):
    """Pass on to a widget the settings that the reader has changed on the page. comm: the number of the widget; state:
    {setting: value} as JSON."""
    import anywidget

    anywidget.heard(comm, json.loads(state))


def loaded(packages):
    """Note that these packages are loaded now, so their modules can be imported. packages: a list of names as JSON."""
    there = set(json.loads(packages))
    kernel.absent = {module: package for module, package in kernel.absent.items() if package not in there}
