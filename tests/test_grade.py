"""Grading a class: honest and hostile submissions, interrupt and resume, a Dask cluster, what comes out."""

import csv
import importlib.util
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import numpy as np
import pytest

from gdcourse.exercises.author import exercise as author
from gdcourse.exercises.judge import decide as judge
from gdcourse.grading import bwrap, landlock, report, submissions, supervisor, wire
from gdcourse.grading import folder as grading
from gdcourse.grading import notebook as one

pytestmark = pytest.mark.patient

linux = pytest.mark.skipif(sys.platform != "linux", reason="the supervisor counts processes in /proc")

DOUBLE = '''
"""Twice as much."""
import numpy as np
from gdcourse.exercises import right, wrong
prompt, hints, praise, why = "Double x.", ["a", "b", "c"], "Good.", "THE SECRET REASON"
points = 2

def cases(rng):
    yield (np.array([1.0, -2.0, 3.0]),)
    yield (rng.normal(size=4),)

def double(x):
    """Return twice x."""
    return 2 * x

@right
def added(x):
    return x + x

@wrong
def squared(x):
    """You squared x; twice is a sum."""
    return x**2
'''
GROW = '''
"""Apply f again and again."""
from gdcourse.exercises import right, wrong
prompt, hints, praise, why = "Apply f n times.", ["a", "b", "c"], "Good.", "Because."
seconds = 1
FACTOR = 3

def helper(rng):
    return float(rng.uniform(1, 2))

def _unused():
    return "THE SECRET HELPER"

def cases(rng):
    for n in (0, 1, 4):
        yield (lambda x: FACTOR * x + 1), helper(rng), n

def grow(f, x, n):
    """Return (f(…f(x)…), n)."""
    for _ in range(n):
        x = f(x)
    return x, n

@wrong
def once(f, x, n):
    """You apply f once, whatever n is."""
    return f(x), n
'''
RIGHT_DOUBLE = "import numpy as np\ndef double(x):\n    return x + x"
RIGHT_GROW = "def grow(f, x, n):\n    for _ in range(n):\n        x = f(x)\n    return x, n"


def notebook(*cells, **metadata):
    cells = [nbformat.v4.new_code_cell(source) for source in cells]
    return nbformat.writes(nbformat.v4.new_notebook(cells=cells, metadata=metadata))


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with two exercises."""
    folder = tmp_path_factory.mktemp("course")
    (folder / "exercises/toy").mkdir(parents=True)
    (folder / "exercises/toy/double.py").write_text(DOUBLE)
    (folder / "exercises/toy/grow.py").write_text(GROW)
    before = os.environ.get("GDCOURSE_COURSE")
    os.environ["GDCOURSE_COURSE"] = str(folder)
    yield folder
    os.environ.pop("GDCOURSE_COURSE") if before is None else os.environ.update(GDCOURSE_COURSE=before)


# ---- what goes over the wire, what a kernel may know


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        3,
        -0.5,
        float("inf"),
        "text",
        2**70,
        1 + 2j,
        np.float32(0.1),
        np.arange(6).reshape(2, 3),
        np.zeros((0, 3)),
        (1.0, [np.ones(2), {"a": (None, "b")}]),
        np.array(5),
        np.array([True, False]),
    ],
    ids=str,
)
def test_values_cross_the_wire(value):
    sent = json.loads(json.dumps(wire.encode([judge.Outcome("value", value)])))
    arrived = wire.decode(sent[0], 1).value
    if isinstance(value, (np.ndarray, np.generic)):
        assert arrived.dtype == value.dtype and arrived.shape == value.shape and np.array_equal(arrived, value)
    else:
        assert repr(arrived) == repr(value) or arrived == value


def test_what_is_no_data_arrives_as_its_name():
    class Thing:
        pass

    sent = wire.encode([judge.Outcome("value", [Thing(), print])])[0]
    assert [v.kind for v in wire.decode(sent, 0).value] == ["a Thing", "a function"]


def test_too_much_is_not_sent():
    endless = []
    endless.append(endless)
    sent = wire.encode([judge.Outcome("value", v) for v in (np.zeros(10**7), endless, 1.0)])
    assert [o["kind"] for o in sent] == ["structure", "structure", "structure"]
    assert len(json.dumps(sent)) < 1000


def test_the_supervisors_last_words_appear_whole_or_not_at_all(tmp_path):
    with pytest.raises(UnicodeEncodeError):
        supervisor.leave(tmp_path / "events.jsonl", "\udcff")
    assert not (tmp_path / "events.jsonl").exists()
    supervisor.leave(tmp_path / "events.jsonl", "é")
    assert (tmp_path / "events.jsonl").read_text(encoding="utf-8") == "é"


FORGED = {
    "pickled": {"value": ["array", "|O", [1], "gASVBQAAAAAAAABLAC4="]},
    "kind": {"kind": "right"},
    "line": {"line": "1"},
    "mutated": {"mutated": [7]},
    "tag": {"value": ["eval", "1"]},
    "shape": {"value": ["array", "<f8", [10**9], "AAAAAAAAAAA="]},
    "record": {"value": ["array", "V16", [1], "AAAAAAAAAAAAAAAAAAAAAA=="]},
}


@pytest.mark.parametrize("change", FORGED.values(), ids=FORGED)
def test_forged_outcomes_are_refused(change):
    with pytest.raises((ValueError, TypeError)):
        wire.decode(wire.encode([judge.Outcome("value", 1.0)])[0] | change, 1)


@pytest.mark.parametrize("id", author.all_ids())
def test_a_kernel_gets_the_cases_but_not_the_solution(id, tmp_path):
    """The file that goes to a kernel draws the same cases and calls the same way, and holds no answer.

    So `cases`, `run` and `canonical` must not call the solution.
    """
    exercise = author.load(id)
    path = tmp_path / "exercises" / f"{id}.py"
    path.parent.mkdir(parents=True)
    path.write_text(one.public(exercise))
    stripped = author.load_file(path)
    ours, theirs = exercise.draw(7), stripped.draw(7)
    assert len(ours) == len(theirs) and not stripped.wrongs and not stripped.rights
    if exercise.law is None:
        given = judge.collect(stripped, exercise.solution, theirs)
        assert judge.decide(exercise, 7, [wire.decode(o, 20) for o in wire.encode(given)]).ok
    assert stripped.starter == exercise.starter and exercise.source(exercise.solution).strip() not in path.read_text()


def test_what_is_stripped(course):
    text = one.public(author.load("toy/double")) + one.public(author.load("toy/grow"))
    assert (
        "SECRET" not in text
        and "squared" not in text
        and "2 * x" not in text
        and "FACTOR" in text
        and "def helper" in text
    )


def test_learners_get_their_own_inputs():
    seeds = {grading.seed(secret, who, id) for secret in (b"a", b"b") for who in ("x", "y") for id in ("c/d", "c/e")}
    assert len(seeds) == 8 and grading.seed(b"a", "x", "c/d") == grading.seed(b"a", "x", "c/d")


# ---- a class with everything in it

LIMITS = {"cell": 4.0, "seconds": 60.0, "memory": 600_000_000, "processes": 20}

# name: (the hostile cell, what the teacher must read)
HOSTILE = {
    "exits": ("import os; os._exit(0)", "ended the kernel by itself, with exit code 0"),
    "crashes": ("import ctypes; ctypes.string_at(0)", "crashed the kernel (SIGSEGV)"),
    "endless": ("while True: pass", "cell 2 did not end within 4 seconds"),
    "stubborn": (
        "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
        "could not be stopped",
    ),
    "bomb": (
        "import subprocess\nsubprocess.run('b() { [ $1 -gt 0 ] && { b $(($1-1)) & b $(($1-1)) & }; sleep 20; }; b 5', shell=True,"
        " executable='/bin/bash')",
        "started more than 20 processes",
    ),
    "forks": (
        "import os, time\nif os.fork() == 0:\n  os.fork()\n  os._exit(0)\nos.wait()",
        "started processes that start processes",
    ),
    "eats": ("x = []\nwhile True: x.append('x' * 10**6)", "cell 2 used more than 600 MB of memory"),
    "herd": (
        "import subprocess, sys, time\nfor _ in range(5): subprocess.Popen([sys.executable, '-c', 'import time; x = bytearray(2*10**8); time.sleep(9)'])"
        "\ntime.sleep(9)",
        "cell 2 used more than 600 MB of memory",
    ),
    "prints": ("print('x' * 30_000_000)", "cell 2 printed more than 5 MB"),
    "patches": (
        "import numpy as np, gdcourse.exercises.judge.decide as j\nnp.mean = np.random.default_rng = lambda *a: 0\nj.collect = j.decide = lambda *a: True",
        "replaced gdcourse.exercises.judge.decide.collect",
    ),
    "writes": (
        "open('/tmp/gdcourse-was-here', 'w')",
        "tried to change a file outside its folder: /tmp/gdcourse-was-here",
    ),
    "deletes": ("import os, gdcourse; os.remove(gdcourse.__file__)", "tried to change a file outside its folder"),
    "reads": ("print(open('{course}/exercises/toy/double.py').read())", "tried to read what is not for it"),
    "copies": ("print(open('{class}/honest.ipynb').read())", "tried to read what is not for it"),
    "kills": ("import os; os.kill(os.getppid(), 9)", "tried to end another process"),
    # where Landlock is too old to forbid the signal, the kernel goes with its supervisor
    "signals": (
        "import subprocess, os; subprocess.run(f'kill -9 {os.getppid()}', shell=True)",
        None if landlock.version() >= 6 else "the kernel had to be ended",
    ),
    "leaves": ("import subprocess; subprocess.Popen('setsid setsid sleep 4242 &', shell=True)", None),
    "loops when called": ("def double(x):\n  while True: pass", None),
    "exits when called": (
        "def double(x):\n  import os; os._exit(3)",
        "calling double ended the kernel by itself, with exit code 3",
    ),
    # texts and lines that are no texts and no lines
    "half a name": ("open(b'/caf\\xe9.txt', 'w')", "tried to change a file outside its folder: /caf\\udce9.txt"),
    "half a text": ("raise ValueError('\\udcff \\ud800')", None),
    "forges": ('import os; os.write(3, b\'{"kind": ["x"], "what": 1}\\n\')', "wrote into the report of its kernel"),
    "nests": ("import os; os.write(3, b'[' * 50000 + b'\\n')", "wrote into the report of its kernel"),
    "nests folders": ("import os\nfor _ in range(1500):\n  os.mkdir('d'); os.chdir('d')", None),
    "locks folders": ("import os; os.makedirs('d/e/f'); os.chmod('d/e', 0); os.chmod('d', 0)", None),
    "says a lot": ("raise ValueError('x' * 10_000_000)", "cell 2 printed more than 5 MB"),
    "unspeakable": ("class E(Exception):\n  def __str__(self): raise self\nraise E", "could not be stopped"),
    "sends what it likes": (
        "from IPython import get_ipython\nget_ipython().kernel.do_execute = lambda *a, **k: {'status': ['?']}\n"
        "get_ipython().payload_manager.write_payload({'source': 'gdcourse', 'said': [1]})",
        "could not be stopped",
    ),
    # ways to others
    "limits": (
        "import os, resource; resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (0, 0))",
        "tried to change the limits",
    ),
    "Unix socket": ("import socket; socket.socket(socket.AF_UNIX).connect('/tmp/agent')", "tried to open a connection"),
    "TCP": (
        "import urllib.request; urllib.request.urlopen('http://example.org')",
        "tried to open a connection: example.org",
    ),
    "UDP": (
        "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
        "tried to open a connection",
    ),
    "netlink": ("import socket; socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)", "tried to open a connection"),
    "the secret": ("print(open('{results}/secret').read())", "tried to read what is not for it"),
    # ways to the expected values
    "equal to all": ("class E(float):\n  __eq__ = lambda *a: True\n  __sub__ = __rsub__ = lambda *a: 0.0\nE(3)", None),
    "frames": (
        "import sys, gc\nfound = [o for o in gc.get_objects() if getattr(o, '__name__', '') == 'squared']\nassert not found, found",
        None,
    ),
    "patches json": ("import json\njson.dumps = json.loads = lambda *a, **k: 1", "replaced json."),
    "patches builtins": ("import builtins\nbuiltins.len = builtins.abs = lambda *a, **k: 1", "replaced builtins."),
    # what stays when its cell has ended
    "at exit": ("import atexit, os; atexit.register(os._exit, 3)", None),
    "threads that stay": (
        "import threading\ndef f():\n  while True: pass\nfor _ in range(3): threading.Thread(target=f).start()",
        None,
    ),
    "signals that stay": ("import signal\nfor n in (2, 10, 15): signal.signal(n, lambda *a: None)", None),
    "ends later": (
        "import threading, os; threading.Timer(0.3, os._exit, [4]).start()\nimport time; time.sleep(5)",
        "cell 2 ended the kernel by itself, with exit code 4",
    ),
    "ends between cells": (
        "get_ipython().kernel.io_loop.add_callback(__import__('os')._exit, 5)",
        "cell 2 ended the kernel",
    ),
    "C bomb": (
        "import ctypes\nfor _ in range(6): ctypes.CDLL(None).fork()\nctypes.CDLL(None).pause()",
        "started more than 20 processes",
    ),
    "memory in files": ("import os\nfor _ in range(9): os.truncate(os.memfd_create('x'), 90_000_000)", None),
    "returns a lot": ("import numpy as np\ndef double(x):\n  return np.zeros((3000, 3000))", None),
}
NO_NOTEBOOK = {
    "truncated": (notebook(RIGHT_DOUBLE)[:200], "not a readable notebook, it breaks off in the middle"),
    "empty": ("", "not a readable notebook, it is empty"),
    "number": ("17", "not a readable notebook"),
    "deep": ("[" * 100_000 + "}", "not a readable notebook"),
    "R": (
        notebook("x <- 1", kernelspec={"name": "ir", "display_name": "R 4.3", "language": "R"}),
        "written for the kernel 'R 4.3'",
    ),
}


def fill(folder, course, out):
    """The class's folder."""
    honest = notebook("from gdcourse import check", RIGHT_DOUBLE, 'check("toy/double", double)', RIGHT_GROW)
    write = {
        "honest.ipynb": honest,
        "mistaken.ipynb": notebook(
            "def double(x):\n    return x * x", "1/0", "def grow(f, x, n):\n    ...", 'check("toy/double", double)'
        ),
        "nested/deeper/any name.ipynb": honest,
        "twice/first.ipynb": notebook(RIGHT_DOUBLE),
        "twice/second.ipynb": honest,
        "=cmd|'calc'!A1.ipynb": honest,
        "-rf.ipynb": honest,
        "<b>&.ipynb": honest,
        "a\nb.ipynb": honest,
        "é.ipynb": honest,
        "e\u0301.ipynb": honest,
        "x" * 200 + ".ipynb": honest,
        "....ipynb": honest,
        ".ipynb_checkpoints/honest-checkpoint.ipynb": honest,
        **{
            f"{name}.ipynb": notebook(
                RIGHT_DOUBLE,
                cell.replace("{course}", str(course)).replace("{class}", str(folder)).replace("{results}", str(out)),
                RIGHT_GROW,
            )
            for name, (cell, _) in HOSTILE.items()
        },
        **{f"{name}.ipynb": text for name, (text, _) in NO_NOTEBOOK.items()},
    }
    for name, text in write.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (folder / os.fsdecode(b"\xff.ipynb")).write_text(honest)
    (folder / "binary.ipynb").write_bytes(b"\x80\x81")
    (folder / "linked.ipynb").symlink_to(folder / "honest.ipynb")
    (folder / "linked folder").symlink_to(folder / "nested")
    os.mkfifo(folder / "pipe.ipynb")
    (folder / "absent").mkdir()


@pytest.fixture(scope="module")
def graded(course, tmp_path_factory):
    """The class graded in one run: reports by file, and the folder of results."""
    folder, out = tmp_path_factory.mktemp("class"), tmp_path_factory.mktemp("results")
    fill(folder, course, out)
    reports = grading.grade_folder(folder, out, chapters=["toy"], limits=LIMITS, jobs=2)
    return {r["file"]: r for r in reports}, out


def points(report):
    return {m["id"].split("/")[1]: m["points"] for m in report["marks"]}


def test_honest_work_gets_its_marks(graded):
    reports, _ = graded
    full = {"double": 2, "grow": 1}
    names = [
        "honest",
        "nested/deeper/any name",
        "twice/second",
        "=cmd|'calc'!A1",
        "-rf",
        "<b>&",
        "a\nb",
        "é",
        "e\u0301",
        "x" * 200,
        "...",
        "\\udcff",
    ]
    assert {name: points(reports[f"{name}.ipynb"]) for name in names} == dict.fromkeys(names, full)
    assert not any(reports[f"{name}.ipynb"]["notes"] for name in names)
    assert len({r["learner"] for r in reports.values()}) == len(reports) - 1  # one learner handed in twice


def test_mistakes_are_named(graded):
    marks = graded[0]["mistaken.ipynb"]["marks"]
    assert [m["code"] for m in marks] == ["squared", "untouched"] and "twice is a sum" in marks[0]["message"]


@linux
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_cells_are_named_and_cost_nobody_a_mark(name, graded):
    report, said = graded[0][f"{name}.ipynb"], HOSTILE[name][1]
    notes = " | ".join(report["notes"])
    assert said in notes if said else not notes, notes
    # what stands in other cells is graded as if nothing had been
    wrong = {"loops when called": "timeout", "exits when called": "ended", "returns a lot": "structure"}.get(name)
    assert [m["code"] for m in report["marks"]] == [wrong or "right", "right"], report


HONEST = ("honest", "mistaken", "nested", "twice", "é", "-rf")


def test_honest_marks_are_the_same_without_the_hostile(graded, course, tmp_path):
    """Byte for byte: the rows of the tables and the pages of feedback."""
    _, out = graded
    fill(tmp_path, course, out)
    for path in list(tmp_path.iterdir()):
        if path.name.removesuffix(".ipynb") not in HONEST:
            path.unlink() if not path.is_dir() or path.is_symlink() else shutil.rmtree(path)
    grading.grade_folder(tmp_path, tmp_path / "out", chapters=["toy"], secret=out / "secret", limits=LIMITS, jobs=1)

    def lines(folder):
        table = (folder / "marks.csv").read_bytes().split(b"\r\n")
        return [line for line in table if line.split(b",")[0].decode().strip("'") in HONEST]

    assert len(lines(out)) == len(HONEST) and lines(out) == lines(tmp_path / "out")
    for name in HONEST:
        page = f"feedback/{report.slug(name)}.html"
        assert (out / page).read_bytes() == (tmp_path / "out" / page).read_bytes()


def test_nothing_hostile_happened(graded):
    assert not Path("/tmp/gdcourse-was-here").exists()
    assert Path(author.__file__).exists()
    if sys.platform == "linux":
        running = [p.read_bytes() for p in Path("/proc").glob("[0-9]*/cmdline") if p.exists()]
        assert not [line for line in running if line.split(b"\0")[:2] == [b"sleep", b"4242"]]


@pytest.mark.parametrize("name", NO_NOTEBOOK)
def test_what_is_no_notebook_is_said(name, graded):
    report = graded[0][f"{name}.ipynb"]
    assert NO_NOTEBOOK[name][1] in report["notes"][0] and points(report) == {"double": 0, "grow": 0}


@pytest.mark.parametrize(
    "file, said",
    {
        "binary.ipynb": "it is not text",
        "linked.ipynb": "symbolic link",
        "linked folder": "symbolic link",
        "pipe.ipynb": "not a regular file",
        "absent": "no notebook handed in",
    }.items(),
)
def test_what_cannot_be_read_is_said(file, said, graded):
    assert said in graded[0][file]["notes"][0]


def test_tables(graded):
    reports, out = graded
    with open(out / "marks.csv", newline="", encoding="utf-8-sig") as file:
        rows = {row["learner"]: row for row in csv.DictReader(file)}
    assert len(rows) == len(reports) - 1
    assert rows["twice"]["points"] == "3" and rows["twice"]["notes"] == (
        "2 notebooks count as one learner's, of each exercise the best answer: "
        "twice/first.ipynb (2 points), twice/second.ipynb (3 points)"
    )
    assert rows["'=cmd|'calc'!A1"]["toy/double"] == "2" and rows["mistaken"]["points"] == "0"
    with open(out / "nbgrader.csv", newline="", encoding="utf-8") as file:
        row = next(r for r in csv.DictReader(file) if r["student_id"] == "honest")
    assert (row["assignment"], row["score"], row["max_score"], row["raw_score"]) == ("toy", "3", "3", "3") and row[
        "timestamp"
    ].startswith("20")


def test_gradescope_and_feedback(graded):
    reports, out = graded
    results = json.loads((out / "gradescope" / f"{report.slug('mistaken')}.json").read_text())
    assert (
        results["score"] == 0
        and results["tests"][0]["max_score"] == 2
        and "twice is a sum" in results["tests"][0]["output"]
    )
    assert len(list((out / "feedback").iterdir())) == len(reports) - 1
    page = (out / "feedback" / f"{report.slug('<b>&')}.html").read_text()
    assert "&lt;b&gt;&amp;: 3 of 3 points" in page and "<b>" not in page and "<script" not in page
    assert "You squared x" in (out / "feedback" / f"{report.slug('mistaken')}.html").read_text()


# ---- what each level closes: the table on the page for teachers

PROBES = {  # each sets `through` when it got through; with a text of what it read where there is one
    "read the exercises": "through = shell('cat {course}/exercises/toy/double.py')",
    "read the secret": "through = shell('cat {secret}')",
    "write elsewhere": "through = shell('echo x > {outside}/written && echo done')",
    "read the environment of others": "through = 'not for notebooks' in shell('cat /proc/[0-9]*/environ')",
    "see other processes": "through = '4321' in shell('cat /proc/[0-9]*/cmdline')",
    "open a connection (TCP)": "through = python('socket.create_connection((\"127.0.0.1\", {tcp}))')",
    "send over the network (UDP)": 'through = python(\'socket.socket(type=2).sendto(b"x", ("127.0.0.1", {udp}))\')',
    "connect to a Unix socket": "through = python('socket.socket(socket.AF_UNIX).connect(\"{unix}\")')",
    "end other processes": "through = C.kill({pid}, 0) == 0",
    "change the limits of other processes": "through = C.prlimit({pid}, 7, ctypes.byref((ctypes.c_ulong * 2)(99, 99)), None) == 0",
    "slow other processes": "through = C.sched_setscheduler({pid}, 5, ctypes.byref(ctypes.c_int(0))) == 0",
    "hide memory (memfd, System V)": "through = C.memfd_create(b'x', 0) >= 0 or C.shmget(0, 4096, 0o1600) >= 0",
}
OPEN = {  # what is left open, by what stands between the notebook and the machine
    ("bwrap", "landlock", "seccomp"): set(),
    ("landlock", "seccomp"): set(),
    ("landlock",): {
        "send over the network (UDP)",
        "connect to a Unix socket",
        "change the limits of other processes",
        "slow other processes",
        "hide memory (memfd, System V)",
    },
}
TOOLS = """
import ctypes, socket, subprocess, sys
C = ctypes.CDLL(None)
def shell(command):
    return subprocess.run(command, shell=True, capture_output=True, text=True, errors="replace").stdout
def python(code):
    return subprocess.run([sys.executable, "-c", "import socket; " + code], capture_output=True).returncode == 0
"""


@linux
@pytest.mark.parametrize("walls", OPEN, ids="+".join)
def test_what_each_level_closes(walls, tmp_path, course, monkeypatch):
    if landlock.version() < 6:
        pytest.skip("the page speaks of Linux 6.12 and later")
    if "bwrap" in walls and not bwrap.command(str(tmp_path), ()):
        pytest.skip("bubblewrap is not installed, or not allowed to make namespaces")
    monkeypatch.setenv("SECRET_OF_THE_GRADER", "not for notebooks")
    other = subprocess.Popen(["sleep", "4321"])
    listening = [socket.socket(), socket.socket(type=socket.SOCK_DGRAM), socket.socket(socket.AF_UNIX)]
    try:
        for each, address in zip(listening, [("127.0.0.1", 0), ("127.0.0.1", 0), str(tmp_path / "agent")], strict=True):
            each.bind(address)
        listening[0].listen()
        listening[2].listen()
        places = {
            "course": course,
            "secret": tmp_path / "secret",
            "outside": tmp_path,
            "tcp": listening[0].getsockname()[1],
            "udp": listening[1].getsockname()[1],
            "unix": tmp_path / "agent",
            "pid": other.pid,
        }
        places["secret"].write_text("0" * 64)
        cell = f"{TOOLS}\nfound = []"
        for name, probe in PROBES.items():
            for key, value in places.items():
                probe = probe.replace(f"{{{key}}}", str(value))
            cell += f"\n{probe}\nif through: found.append({name!r})"
        cell += "\ndef double(x):\n    raise ValueError('; '.join(found))"
        task = {
            "text": notebook(cell),
            "exercises": {"toy/double": 1},
            "preload": [],
            "beside": {},
            "course": str(course),
            "limits": grading.LIMITS | {"hidden": [str(course / "exercises"), str(tmp_path)], "walls": list(walls)},
        }
        [mark] = one.grade(task)["marks"]
        assert mark["code"] == "raised", mark
        assert {name for name in PROBES if name in mark["message"]} == OPEN[walls]
        assert not (tmp_path / "written").exists() and other.poll() is None
    finally:
        for each in listening:
            each.close()
        other.kill()
        other.wait()


@linux
@pytest.mark.parametrize("program", ["#!/bin/sh\necho 'No permissions to create a new namespace' >&2\nexit 1\n", None])
def test_without_bubblewrap_kernels_run_all_the_same(program, tmp_path, course, monkeypatch):
    """Not installed, or installed where users may not make namespaces."""
    if program:
        (tmp_path / "bwrap").write_text(program)
        (tmp_path / "bwrap").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin" if program else str(tmp_path))
    (tmp_path / "in").mkdir()
    (tmp_path / "in/ada.ipynb").write_text(notebook(RIGHT_DOUBLE, RIGHT_GROW))
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "gdcourse.grading",
            str(tmp_path / "in"),
            "--out",
            str(tmp_path / "out"),
            "--chapter",
            "toy",
        ],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0 and "mean 3.00 of 3 points" in done.stdout, done.stderr
    assert "Each notebook runs behind" in done.stderr and "bubblewrap" not in done.stderr


# ---- the run

KILLER = """
import ctypes, os
above = lambda pid: int(open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[1])
ctypes.CDLL(None).kill(above(above(os.getppid())), 9)
"""


@linux
def test_a_notebook_that_kills_its_grader_costs_nobody_a_mark(tmp_path, course):
    """Without Landlock a notebook can end the worker that grades it, by C code that no hook sees."""
    for name in ("a", "b", "c", "d"):
        (tmp_path / f"{name}.ipynb").write_text(notebook(RIGHT_DOUBLE, RIGHT_GROW))
    (tmp_path / "killer.ipynb").write_text(notebook(RIGHT_DOUBLE, KILLER))
    reports = {
        r["learner"]: r
        for r in grading.grade_folder(tmp_path, tmp_path / "out", chapters=["toy"], limits={"walls": []}, jobs=2)
    }
    assert reports.pop("killer")["notes"] == ["ended the program that grades it"]
    assert [points(r) for r in reports.values()] == [{"double": 2, "grow": 1}] * 4


def start(folder, out, *more):
    command = [
        sys.executable,
        "-m",
        "gdcourse.grading",
        str(folder),
        "--out",
        str(out),
        "--chapter",
        "toy",
        *more,
    ]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)


def test_interrupt_and_resume(tmp_path, course):
    """Ctrl-C, then the same command: what was done is kept and not done again, the rest is done."""
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for k in range(6):
        (folder / f"s{k}.ipynb").write_text(notebook("import time; time.sleep(1)", RIGHT_DOUBLE))
    first = start(folder, out)
    while len(done := sorted((out / "reports").glob("*.json"))) < 2 and first.poll() is None:
        time.sleep(0.05)
    os.killpg(first.pid, signal.SIGINT)
    said, errors = first.communicate(timeout=60)
    assert first.returncode == 130 and "run the same command to go on" in errors
    done = sorted((out / "reports").glob("*.json"))
    assert 2 <= len(done) < 6 and f"{len(done)} of 6 notebooks graded" in said and (out / "marks.csv").exists()
    assert f"{len(done)} of 6 graded so far" in (out / "class.html").read_text(encoding="utf-8")
    assert len(list((out / "feedback").glob("*.html"))) == len(done)
    stamps = {path: path.stat().st_mtime_ns for path in done[1:]}
    done[0].write_text(done[0].read_text()[:50])  # as if the machine had lost power: not whole, so done again
    second = start(folder, out)
    said, errors = second.communicate(timeout=120)
    assert second.returncode == 0 and "6 of 6 notebooks graded, 6 learners: mean 2.00 of 3" in said, errors
    assert {path: path.stat().st_mtime_ns for path in stamps} == stamps
    (folder / "s0.ipynb").write_text(
        notebook("no answer")
    )  # handed in again: that one, and only that one, is graded again
    grading.grade_folder(folder, out, chapters=["toy"])
    changed = [path for path, stamp in stamps.items() if path.stat().st_mtime_ns != stamp]
    assert [p for p in changed if not p.name.startswith("s0")] == []
    assert json.loads(next((out / "reports").glob("s0*")).read_text())["marks"][0]["code"] == "missing"


def test_no_kernel_is_left_behind():
    """After the runs above nothing of theirs runs: not after an end, not after an interrupt."""
    if sys.platform == "linux":
        for _ in range(200):
            left = [path for path in Path("/proc").glob("[0-9]*/cwd") if _in_a_kernel(path)]
            if not left:
                return
            time.sleep(0.1)
        assert not left


def _in_a_kernel(path):
    try:
        return re.search(r"/gdc\d+_\w{8}/k\w{8}/home", str(path.readlink())) is not None
    except OSError:
        return False


@pytest.mark.parametrize(
    "prepare, said",
    [
        (lambda folder: None, "there is no notebook"),
        (lambda folder: folder.rmdir(), "is not a folder"),
        (lambda folder: (folder / "a.ipynb").write_text(notebook("1")), "say which chapter was assigned"),
    ],
)
def test_a_run_that_cannot_start_says_why(prepare, said, tmp_path, course, capsys):
    folder = tmp_path / "in"
    folder.mkdir()
    prepare(folder)
    assert grading.main([str(folder), "--out", str(tmp_path / "out")]) == 2
    assert said in capsys.readouterr().err


def test_learners_found_by_a_pattern(tmp_path):
    for name in ("smith_123_update.ipynb", "smith_124_update-1.ipynb", "odd.ipynb"):
        (tmp_path / name).write_text(notebook("1"))
    found = submissions.find(tmp_path, r"^([a-z]+)_\d+")
    assert [(s.learner, bool(s.problem)) for s in found] == [("odd.ipynb", True), ("smith", False), ("smith", False)]


def test_a_dask_cluster_gives_the_same_marks(tmp_path, course):
    """A real scheduler and two workers on this machine."""
    pytest.importorskip("distributed")
    folder = tmp_path / "in"
    folder.mkdir()
    for k in range(3):
        (folder / f"s{k}.ipynb").write_text(
            notebook(RIGHT_DOUBLE, RIGHT_GROW if k else "def grow(f, x, n): return f(x), n")
        )
    (folder / "exits.ipynb").write_text(notebook(RIGHT_DOUBLE, "import os; os._exit(0)", RIGHT_GROW))
    where = tmp_path / "scheduler.json"
    place = ["--scheduler-file", str(where)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tmp_path}
    cluster = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "distributed.cli.dask_scheduler",
                "--host",
                "127.0.0.1",
                "--port",
                "0",
                "--no-dashboard",
                *place,
            ],
            **quiet,
        )
    ]
    try:
        cluster += [
            subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "distributed.cli.dask_worker",
                    "--nthreads",
                    "1",
                    "--no-nanny",
                    "--no-dashboard",
                    *place,
                ],
                **quiet,
            )
            for _ in range(2)
        ]
        while not where.exists() or not where.read_text():
            assert cluster[0].poll() is None
            time.sleep(0.1)
        address = json.loads(where.read_text())["address"]
        assert (
            grading.main(
                [
                    str(folder),
                    "--out",
                    str(tmp_path / "out"),
                    "--chapter",
                    "toy",
                    "--backend",
                    "dask",
                    "--scheduler",
                    address,
                ]
            )
            == 0
        )
    finally:
        for process in cluster:
            process.kill()
            process.wait()
    with open(tmp_path / "out/marks.csv", newline="", encoding="utf-8-sig") as file:
        assert {row["learner"]: row["points"] for row in csv.DictReader(file)} == {
            "exits": "3",
            "s0": "2",
            "s1": "3",
            "s2": "3",
        }


# ---- the page for teachers

PAGE = (Path(__file__).parents[1] / "chapters/teaching.md").read_text(encoding="utf-8")


def test_the_page_for_teachers_shows_what_happens(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("GDCOURSE_COURSE", raising=False)
    answers = {
        name: author.load(f"update_rule/{name}") for name in ("gd_step", "gradient_descent", "steps_needed", "fit_line")
    }
    answers = {name: exercise.source(exercise.solution) for name, exercise in answers.items()}
    imports, last = (
        "import math\nimport numpy as np\nfrom gdcourse import check",
        'check("update_rule/gd_step", gd_step)',
    )
    for name, cells in {
        "ada": answers.values(),
        "ben": ["def gd_step(w, g, lr):\n    return w + lr * g", answers["fit_line"]],
        "cleo": [answers["gd_step"], "import os; os._exit(0)", answers["gradient_descent"]],
    }.items():
        (tmp_path / f"{name}.ipynb").write_text(notebook(imports, *cells, last))
    assert grading.main([str(tmp_path), "--out", str(tmp_path / "out")]) == 0
    assert capsys.readouterr().out.strip() in PAGE
    named = {path.name for path in (tmp_path / "out").iterdir()} - {"secret"}
    assert all(f"`{name}`" in PAGE for name in named)


def test_the_page_for_teachers_names_options_that_exist(capsys):
    with pytest.raises(SystemExit):
        grading.main(["--help"])
    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out))
    commands = re.findall(r"gdcourse\.grading (?:.*\\\n)*.*|`--[a-z-]+", PAGE)
    used = {option for command in commands for option in re.findall(r"--[a-z-]+", command)}
    assert {"--chapter", "--again", "--scheduler"} <= used <= options
    for key in ("cell", "seconds", "processes"):
        option = {"cell": "cell-seconds"}.get(key, key)
        assert f"`--{option} {grading.LIMITS[key]:g}`" in PAGE
    assert f"`--memory {grading.LIMITS['memory'] // 1_000_000}`" in PAGE


@pytest.mark.parametrize("platform", submissions.PLATFORMS)
def test_the_page_shows_how_platforms_name_things(platform, tmp_path):
    row = next(line for line in PAGE.splitlines() if f"`--from {platform}`" in line)
    path, option, who = re.findall("`([^`]+)`", row)[:2] + re.findall("`([^`]+)`", row)[-1:]
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text(notebook("1"))
    [found] = [s for s in submissions.find(tmp_path, submissions.PLATFORMS[platform]) if s.text]
    assert found.learner == (who if platform != "canvas" else "byronada_4711")


def test_the_benchmark_prints_a_table(monkeypatch, capsys):
    """Two notebooks, one round, without nbgrader."""
    spec = importlib.util.spec_from_file_location("grading", Path(__file__).parents[1] / "benchmarks/grading.py")
    grading = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(grading)
    monkeypatch.delenv("GDCOURSE_COURSE", raising=False)
    monkeypatch.delenv("NBGRADER", raising=False)
    monkeypatch.setattr(grading.shutil, "which", lambda name: None)
    grading.main(2, 1)
    said = capsys.readouterr().out
    assert "4 of 4 right for all" in said and "notebooks a minute per core" in said


def test_the_benchmark_of_a_class_prints_what_it_took(monkeypatch, capsys):
    """One learner, one chapter: whole, as the page writes it, with a known mistake in it."""
    spec = importlib.util.spec_from_file_location(
        "grading_class", Path(__file__).parents[1] / "benchmarks/grading_class.py"
    )
    spec.loader.exec_module(benchmark := importlib.util.module_from_spec(spec))
    monkeypatch.delenv("GDCOURSE_COURSE", raising=False)
    monkeypatch.setattr(benchmark, "CHAPTERS", ("loss",))
    benchmark.main(1, 1)
    said = capsys.readouterr().out
    assert "1 of 1 notebooks graded" in said and "MB for the largest notebook" in said
