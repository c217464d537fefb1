"""The kernel of the page: worker.js calls these functions. Their arguments and results are strings, many of
them JSON."""

import json

import numpy as np

from . import wide
from .answers import unchecked
from .kernel import Kernel, Missing

kernel = None
# while a run checks an exercise: {id: of the exercise, cell: of the answer, target: cell of the check}
_answer = None


def start(post, absent=None):
    """Make and return the one kernel of this process. post: takes a message as JSON; absent: {module: package} that
    are not loaded."""
    global kernel
    kernel = Kernel(lambda message: post(json.dumps(message)), absent, wide.Wide().visit if wide.NARROW else None)
    kernel.space[wide.Wide.NAME] = np.int64
    return kernel


def plan(cells, target, exercise="null"):
    """Return the ids of the cells to run, as JSON. cells: [{id, source, book}, …] as JSON; `book` only for cells that
    a reader edited.

    exercise: {id, cell} as JSON if `target` checks what the learner has written into `cell`: then that cell runs in
    any case.
    """
    global _answer
    cells, exercise = json.loads(cells), json.loads(exercise)
    _answer = exercise and {**exercise, "target": target}
    book = {cell["id"]: cell["book"] for cell in cells if "book" in cell}
    return json.dumps(
        kernel.plan({cell["id"]: cell["source"] for cell in cells}, target, exercise and exercise["cell"], book)
    )


def run(cell, source):
    """Run a cell. Returns JSON: {"ok": whether it ended well}, or {"packages": [names to load before it can run]}."""
    try:
        ok = run_answer(source, **_answer) if _answer and cell == _answer["cell"] else kernel.run(cell, source)
        return json.dumps({"ok": ok})
    except Missing as missing:
        return json.dumps({"packages": sorted(missing.packages)})


def run_answer(source, id, cell, target):
    """Run the cell of an answer; return whether the check can follow. If not, show why in the place of the check's
    verdict.

    Nothing is shown in its place if the reader stopped the run.
    """
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
    """Tell a widget that the page has changed its settings. comm: the number of the widget; state: {setting: value} as
    JSON."""
    import anywidget

    anywidget.heard(comm, json.loads(state))


def loaded(packages):
    """Note that these packages can be imported now. packages: a list of names as JSON."""
    there = set(json.loads(packages))
    kernel.absent = {module: package for module, package in kernel.absent.items() if package not in there}
