"""The far side of grading: a supervisor and, below it, the Jupyter kernel that runs a learner's notebook.

A nursery (this module as a program) imports what every kernel needs, once, and forks a supervisor for each notebook.
The supervisor forks the kernel and watches everything that comes of it (memory, number of processes, time): a limit
that the kernel sets on itself binds neither its children nor, for root, their number. The kernel shuts doors before it reads the first cell: limits on memory and file sizes, Landlock where Linux has it
(files outside the folder, the network, other processes), an audit hook that refuses and reports. What all this is not:
a security boundary; CONTRIBUTING and the teacher's page say how to run the whole thing in a container.
"""

import ctypes
import json
import os
import resource
import signal
import sys
import time
from importlib import import_module
from pathlib import Path

# Imported by the nursery, so that a kernel starts in a tenth of a second instead of two.
PRELOAD = [
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.extensions.storemagic",
    "gdcourse.grading.wire",
    "gdcourse.grading.landlock",
    "gdcourse.exercises.learner",
    "gdcourse.schedules",
]
# What a kernel sees of the grader's environment: keys and tokens are not for notebooks. Figures of a submission are not
# drawn, the debugger that nobody uses here is kept quiet, each thread's own arena would reserve memory that nobody uses,
# and a notebook has one core, so that the nursery that it is forked from has one thread.
KEPT = ("PATH", "HOME", "XDG_", "LANG", "LC_", "TZ", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "PYTHON")
SET = {
    "MPLBACKEND": "agg",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "MALLOC_ARENA_MAX": "2",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
REPORTED = 20  # events of one run; a thousand refused writes say nothing more


def nursery(modules):
    """Fork a supervisor for each line on stdin, [place, limits]; answer with its process id. Ends with stdin."""
    for name in modules:
        try:
            import_module(name)
        except ImportError:
            pass  # then no notebook can import it either
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        place, limits = json.loads(line)
        pid = os.fork()
        if pid == 0:
            try:
                supervise(place, limits)
            finally:
                os._exit(0)
        print(pid, flush=True)


def supervise(place, limits):
    """Run a kernel in `place`, a folder with `connection.json` and the notebook's own folder `home`.

    limits: memory (bytes), processes, seconds, hidden (folders nobody may read). Writes `events.jsonl` there: what the kernel
    reported, and last how it ended.
    """
    os.setsid()
    nursery = os.getppid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    quiet = os.open(os.devnull, os.O_RDWR)
    for number in range(2):
        os.dup2(quiet, number)
    _subreaper()
    reading, writing = os.pipe()
    kernel = os.fork()
    if kernel == 0:
        try:
            os.setpgid(0, 0)  # one signal ends the group, before it can fork again
            os.nice(10)  # so that the supervisor gets its turn among however many
            os.dup2(writing, 3)
            _kernel(Path(place), limits, 3)
        except BaseException as error:
            os.write(3, json.dumps({"kind": "broken", "what": repr(error)[:300]}).encode())
        finally:
            os._exit(70)
    os.close(writing)
    os.set_blocking(reading, False)
    stop = []
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGUSR1, lambda *_: os.kill(kernel, signal.SIGINT))
    signal.signal(signal.SIGTERM, lambda *_: stop.append("stopped"))
    deadline, events, end, peak = time.monotonic() + limits["seconds"], b"", None, 0
    while end is None:
        time.sleep(0.02)
        events += _read(reading) if len(events) < 100_000 else b""
        below = descendants(os.getpid(), limits["processes"])
        memory = sum(map(resident, below))
        if memory > limits["memory"]:
            memory = sum(map(share, below))  # what forks have in common counts once; too slow to ask every time
        peak = max(peak, memory)
        if stop or os.getppid() != nursery:
            end = {"kind": "stopped"}
        elif len(below) > limits["processes"]:
            end = {"kind": "processes", "number": len(below)}
        elif memory > limits["memory"]:
            end = {"kind": "memory"}
        elif time.monotonic() > deadline:
            end = {"kind": "time"}
        else:
            done, status = os.waitpid(kernel, os.WNOHANG)
            if done:
                code = os.waitstatus_to_exitcode(status)
                end = {"kind": "signal", "number": -code} if code < 0 else {"kind": "exit", "number": code}
    kill_all(kernel)
    lines = (events + _read(reading)).decode("utf-8", "replace").splitlines()[:REPORTED]
    leave(Path(place, "events.jsonl"), "\n".join([*lines, json.dumps(end | {"peak": peak})]))


def leave(path, text):
    """Write a file that appears whole: the grader reads it as soon as it is there."""
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _read(pipe):
    try:
        return os.read(pipe, 65536)
    except BlockingIOError:
        return b""


def _subreaper():
    """Orphans of the kernel become ours, so that a double fork does not escape (Linux; elsewhere the session is killed)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)


def descendants(pid, enough=1_000_000):
    """The processes below `pid`; where there are more than `enough`, some of them."""
    found, todo = [], [pid]
    while todo and len(found) <= enough:
        try:
            tasks = os.listdir(f"/proc/{todo[-1]}/task")
            parent = todo.pop()
            for task in tasks:
                with open(f"/proc/{parent}/task/{task}/children") as file:
                    children = [int(n) for n in file.read().split()]
                found += children
                todo += children
        except OSError:  # it is gone, or this is no Linux
            if todo:
                todo.pop()
    return found


def resident(pid):
    """Bytes of memory that a process holds."""
    try:
        with open(f"/proc/{pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def share(pid):
    """Bytes of memory that a process holds, what it shares divided among those that share it (Linux; else `resident`)."""
    try:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("Pss:"))
    except (OSError, StopIteration):
        return resident(pid)


def kill_all(kernel):
    """End everything below this process: stopped first, all of them, so that none forks while others are killed."""
    for _ in range(200):
        try:
            os.killpg(kernel, signal.SIGKILL)
        except OSError:
            pass
        below = descendants(os.getpid())
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in below:
                try:
                    os.kill(pid, number)
                except OSError:
                    pass
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.005)


# ---- in the kernel


def _kernel(place, limits, pipe):
    """Shut the doors, then be a Jupyter kernel."""
    import numpy as np
    from ipykernel.kernelapp import IPKernelApp

    from . import landlock

    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)  # go when the supervisor goes
    os.dup2(0, 2)
    os.closerange(4, 4096)
    home = place / "home"
    os.chdir(home)
    os.environ.update(
        {name: str(home) for name in ("HOME", "TMPDIR", "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "XDG_CACHE_HOME")}
    )
    os.environ["GDCOURSE_COURSE"] = str(place / "course")
    sys.path[:] = [str(home), *(p for p in sys.path if p)]
    np.random.seed()  # the fork shares its parent's state
    used = (
        int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        if sys.platform == "linux"
        else 0
    )
    for name, value in dict(
        RLIMIT_AS=used + limits["memory"] + 300_000_000,
        RLIMIT_FSIZE=100_000_000,
        RLIMIT_CORE=0,
        RLIMIT_NOFILE=512,
        RLIMIT_CPU=int(limits["seconds"]) + 1,
    ).items():
        try:
            resource.setrlimit(getattr(resource, name), (value, value))
        except (ValueError, OSError):
            pass  # macOS has no limit on addresses; the supervisor still counts what is used
    _quiet_course()
    remember()
    sys.addaudithook(Guard(home, [place / "sockets"], limits["hidden"], pipe))
    if limits["landlock"]:
        landlock.shut(
            read=[*sys.path, sys.prefix, sys.base_prefix, place, *landlock.SYSTEM],
            write=[home, place / "sockets"],
            hidden=limits["hidden"],
        )
    signal.signal(signal.SIGINT, signal.default_int_handler)
    app = IPKernelApp.instance()
    app.initialize(
        [
            "-f",
            str(place / "connection.json"),
            "--HistoryManager.enabled=False",
            "--IPKernelApp.capture_fd_output=False",
            "--log-level=CRITICAL",
        ]
    )
    app.start()
    os._exit(0)


def _quiet_course():
    """While grading, `check`, `hint`, `solution`, `progress` and `quiz` say nothing: the grader asks for the answers itself."""
    import gdcourse
    from gdcourse.exercises import learner
    from gdcourse.exercises.questions.cards import Answer

    for module in (gdcourse, learner):
        for name in ("check", "hint", "solution", "progress", "quiz"):
            setattr(module, name, lambda *_, **__: None)
        module.cards = Answer  # the letters that stand in the cell, without a widget


class Guard:
    """An audit hook: refuses writes outside the notebook's folder and a look at the solutions, and reports both.

    Python code cannot take it away; C code, and programs that it starts, do not ask it. Landlock does ask them.
    """

    WRITES = {
        "os.remove": 1,
        "os.rmdir": 1,
        "os.mkdir": 1,
        "os.truncate": 1,
        "os.chmod": 1,
        "os.chown": 1,
        "os.utime": 1,
        "os.rename": 2,
        "os.link": 2,
        "os.symlink": 2,
    }

    def __init__(self, home, others, hidden, pipe):
        self.allowed = [os.path.realpath(p) + os.sep for p in (home, *others)] + [
            os.devnull,
            "/dev/pt",
        ]  # terminals: what `!command` runs in
        self.hidden = [os.path.realpath(p) + os.sep for p in hidden]
        self.pipe, self.kernel, self.said, self.forks = pipe, os.getpid(), set(), 0
        # bound now: a notebook may replace them
        self.realpath, self.fsdecode, self.getpid, self.write, self.dumps = (
            os.path.realpath,
            os.fsdecode,
            os.getpid,
            os.write,
            json.dumps,
        )

    def __call__(self, event, args):
        if event == "open":
            path, _, flags = args
            if isinstance(path, (str, bytes)):
                path = self.realpath(self.fsdecode(path))
                if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC):
                    self.writes(path)
                elif path.startswith(tuple(self.hidden)):
                    self.refuse("read", path)
        elif event in self.WRITES:
            for path in args[: self.WRITES[event]]:
                if isinstance(path, (str, bytes, os.PathLike)):
                    path = self.fsdecode(path)
                    self.writes(os.path.join(self.realpath(os.path.dirname(path) or "."), os.path.basename(path)))
        elif event in ("os.fork", "os.forkpty") and self.getpid() != self.kernel:
            self.refuse("processes", "a process that starts processes")
        elif event in ("os.kill", "os.killpg") and args[0] not in (0, self.kernel):
            self.refuse("kill", str(args[0]))

    def writes(self, path):
        if not (path + os.sep).startswith(tuple(self.allowed)):
            self.refuse("write", path)

    def refuse(self, kind, what):
        line = self.dumps({"kind": kind, "what": what[:300]})
        if line not in self.said and len(self.said) < REPORTED:
            self.said.add(line)
            self.write(self.pipe, line.encode() + b"\n")
        raise PermissionError(f"not while grading: {what}")


_remembered: dict = {}


def remember():
    """Note what stands in NumPy, the course and Python's own names before a notebook runs."""
    names = [n for n in sys.modules if n.split(".")[0] == "gdcourse"] + [
        "numpy",
        "numpy.linalg",
        "numpy.random",
        "builtins",
        "math",
        "json",
    ]
    _remembered.update({name: dict(vars(sys.modules[name])) for name in names})


def replaced():
    """Put back what a notebook has replaced since; returns the names."""
    found = []
    for module, names in _remembered.items():
        now = vars(sys.modules[module])
        for name, value in names.items():
            if now.get(name) is not value and not name.startswith("__") and name not in ("_", "input", "quit", "exit"):
                now[name] = value
                found.append(f"{module}.{name}")
    return found


class Answer:
    """What the notebook's function gives on the cases of a seed; the grader asks for it as a user expression."""

    def __init__(self, id, seed, fresh=True):
        from IPython import get_ipython

        from ..exercises import author
        from ..exercises.judge import decide as judge
        from . import wire

        exercise, names = author.load(id), get_ipython().user_ns
        self.data = {"replaced": replaced()[:REPORTED]}
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


if __name__ == "__main__":
    # by its proper name: what it remembers must be found there
    import_module("gdcourse.grading.kernel").nursery(sys.argv[1:])
