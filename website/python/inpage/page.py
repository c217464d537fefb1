"""The kernel of the page: the functions that worker.js calls, with strings as arguments and results."""

import json

import numpy as np

from . import wide
from .answers import unchecked
from .kernel import Kernel, Missing

kernel = None
_answer = None  # while a run checks an exercise: {id, cell, target}


def start(post, absent=None):
    """The one kernel of this process. post: takes a message as JSON; absent: {module: package} of what is not loaded yet."""
    global kernel
    kernel = Kernel(lambda message: post(json.dumps(message)), absent, wide.Wide().visit if wide.NARROW else None)
    kernel.space[wide.Wide.NAME] = np.int64
    return kernel


def plan(cells, target, exercise="null"):
    """The cells to run, as JSON; cells: [{id, source, book}, …] as JSON, `book` where a reader has edited a cell.

    exercise: {id, cell} as JSON, when `target` checks what the learner has written into `cell`: that cell runs in any case.
    """
    global _answer
    cells, exercise = json.loads(cells), json.loads(exercise)
    _answer = exercise and {**exercise, "target": target}
    book = {cell["id"]: cell["book"] for cell in cells if "book" in cell}
    return json.dumps(
        kernel.plan({cell["id"]: cell["source"] for cell in cells}, target, exercise and exercise["cell"], book)
    )


def run(cell, source):
    """How a cell ended, as JSON: {ok} or {packages} that must be loaded first."""
    try:
        ok = run_answer(source, **_answer) if _answer and cell == _answer["cell"] else kernel.run(cell, source)
        return json.dumps({"ok": ok})
    except Missing as missing:
        return json.dumps({"packages": sorted(missing.packages)})


def run_answer(source, id, cell, target):
    """Run the cell of an answer. If it cannot be checked, its verdict is shown at once, in the place of the check's verdict."""
    name = id.rpartition("/")[2]
    kernel.forget([name])  # so that neither an earlier answer nor another object of this name is checked
    ok = kernel.run(cell, source, quietly=True)
    if not ok and kernel.interrupted:
        return False
    verdict = unchecked(id, source, kernel.told, name in kernel.space or name in kernel.waiting)
    if verdict is None:
        return True
    kernel.show_in(target, verdict)
    return False


def heard(comm, state):
    """The page has changed a widget; state: JSON."""
    import anywidget

    anywidget.heard(comm, json.loads(state))


def loaded(packages):
    """These packages can be imported now."""
    there = set(json.loads(packages))
    kernel.absent = {module: package for module, package in kernel.absent.items() if package not in there}
