"""The kernel of a notebook that is graded: it applies limits to itself, runs cells, and sends the results of functions.

There are limits on memory and files, and an audit hook refuses and reports actions. On Linux there are also Landlock
and seccomp, which hold for every program that a notebook starts, too. chapters/teaching.md says what each of them
prevents and what it does not prevent.
"""

import ctypes
import os
import resource
import signal
import sys
from pathlib import Path
from typing import NoReturn

import numpy as np
from ipykernel.kernelapp import IPKernelApp
from IPython import get_ipython

import gdcourse

from ..exercises import author, learner
from ..exercises.judge import decide as judge
from ..exercises.judge.memory import address_space
from ..exercises.questions.cards import Answer as Letters
from . import landlock, seccomp, wire
from .guard import REPORTED, Guard
from .shell import GradedKernel, pack, prepare


def be_kernel(place: Path, limits: dict, pipe: int) -> NoReturn:
    """Apply the limits, then run as a Jupyter kernel."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)  # kill this process when the supervisor ends
    os.dup2(0, 2)
    os.closerange(4, 4096)
    home = place / "home"
    os.chdir(home)
    os.environ.update(
        {name: str(home) for name in ("HOME", "TMPDIR", "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "XDG_CACHE_HOME")}
    )
    os.environ["GDCOURSE_COURSE"] = str(place / "course")
    sys.path[:] = [p for p in sys.path if p]
    np.random.seed()  # draw a new random state, because all forked kernels begin with the same one
    for name, value in dict(
        RLIMIT_AS=address_space() + limits["memory"] + 300_000_000,
        RLIMIT_FSIZE=100_000_000,
        RLIMIT_CORE=0,
        RLIMIT_NOFILE=512,
        RLIMIT_CPU=int(limits["seconds"]) + 1,
    ).items():
        try:
            resource.setrlimit(getattr(resource, name), (value, value))
        except (ValueError, OSError):
            pass  # macOS lacks some of these limits; the supervisor measures the memory on every system
    _quiet_course()
    remember()
    guard = Guard(home, [place / "sockets"], limits["hidden"], pipe)
    sys.addaudithook(guard)
    if "landlock" in limits["walls"]:
        landlock.shut(
            read=[*sys.path, sys.prefix, sys.base_prefix, place, *landlock.SYSTEM],
            write=[home, place / "sockets"],
            hidden=limits["hidden"],
        )
    signal.signal(signal.SIGINT, signal.default_int_handler)
    app = IPKernelApp.instance(kernel_class=GradedKernel)
    app.initialize(
        [
            "-f",
            str(place / "connection.json"),
            "--HistoryManager.enabled=False",
            "--IPKernelApp.capture_fd_output=False",
            "--IPKernelApp.ignore_cwd=True",
            "--log-level=CRITICAL",
        ]
    )
    app.session.pack = pack
    assert app.shell is not None  # `initialize` has made it
    prepare(app.shell, guard.begun, put_back)
    # only now, after our imports, because a file of the learner may have the name of a module that we import
    sys.path.insert(0, str(home))
    if "seccomp" in limits["walls"]:  # last, because the kernel must have opened its sockets before
        inside = "bwrap" in limits["walls"] or "landlock" in limits["walls"] and landlock.version() >= 6
        seccomp.shut(signals=not inside)
    app.start()
    os._exit(0)


def _quiet_course():
    """Replace `check`, `hint` and the other functions for learners by functions that do nothing.

    The grader asks for the results of the answers itself.
    """
    for module in (gdcourse, learner):
        for name in learner.__all__:
            setattr(module, name, lambda *_, **__: None)
        module.cards = Letters  # `cards` makes no widget here: it returns the orders that were typed as letters


_remembered: dict = {}
_replaced: list = []


def remember() -> None:
    """Record the names in NumPy, gdcourse, builtins, math and json before a notebook runs; `put_back` needs them."""
    names = [n for n in sys.modules if n.split(".")[0] == "gdcourse"] + [
        "numpy",
        "numpy.linalg",
        "numpy.random",
        "builtins",
        "math",
        "json",
    ]
    _remembered.update({name: dict(vars(sys.modules[name])) for name in names})


def put_back() -> None:
    """Restore what a notebook has replaced in the modules that `remember` has recorded."""
    for module, names in _remembered.items():
        now = vars(sys.modules[module])
        for name, value in names.items():
            if now.get(name) is not value and not name.startswith("__") and name not in ("_", "input", "quit", "exit"):
                now[name] = value
                _replaced.append(f"{module}.{name}")


class Answer:
    """The results of the notebook's function on the inputs that belong to a seed.

    The grader evaluates `Answer(…)` as a Jupyter user expression, and Jupyter sends `_repr_mimebundle_`.
    """

    def __init__(self, id: str, seed: int, fresh: bool = True) -> None:
        exercise, names = author.load(id), get_ipython().user_ns
        put_back()  # the functions of other exercises may have replaced something
        self.data = {"replaced": list(dict.fromkeys(_replaced))[:REPORTED]}
        if exercise.name not in names:
            self.data["early"] = ["missing", f"There is no `{exercise.name}` in the notebook."]
            return
        answer, cases = names[exercise.name], exercise.draw(seed)
        early = judge.inspect_answer(exercise, answer, cases)
        if early is not None:
            self.data["early"] = [early.code, early.message]
            return
        outcomes = judge.collect(exercise, answer, cases)
        more = judge.collect(exercise, answer, exercise.fresh(seed)) if fresh and judge.may_go_on(outcomes) else []
        self.data |= {
            "outcomes": wire.encode(outcomes),
            "fresh": wire.encode(more),
            "signs": [[sign.kind, sign.name, sign.line] for sign in judge.signs(answer)],
        }

    def _repr_mimebundle_(self, **_):
        return {"application/vnd.gdcourse.answer+json": self.data}
