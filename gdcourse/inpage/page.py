"""The kernel of the page: what worker.js calls, in strings, and what other parts of this folder reach it by."""

import json

from .kernel import Kernel, Missing

kernel = None


def start(post, absent=None):
    """The one kernel of this process. post: takes a message as JSON; absent: {module: package} of what is not loaded yet."""
    global kernel
    kernel = Kernel(lambda message: post(json.dumps(message)), absent)
    return kernel


def plan(cells, target):
    """The cells to run, as JSON; cells: [{id, source}, …] as JSON."""
    return json.dumps(kernel.plan({cell["id"]: cell["source"] for cell in json.loads(cells)}, target))


def run(cell, source):
    """How a cell ended, as JSON: {ok} or {packages} that must be loaded first."""
    try:
        return json.dumps({"ok": kernel.run(cell, source)})
    except Missing as missing:
        return json.dumps({"packages": sorted(missing.packages)})


def heard(comm, state):
    """The page has changed a widget; state: JSON."""
    import anywidget

    anywidget.heard(comm, json.loads(state))


def loaded(packages):
    """These packages can be imported now."""
    there = set(json.loads(packages))
    kernel.absent = {module: package for module, package in kernel.absent.items() if package not in there}
