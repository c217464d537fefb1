"""Python in the page, the part that is plain Python: what a cell needs, what it shows, what the build gives the pages."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import threading
import zipfile
from html import unescape
from pathlib import Path

import pytest

from website.make.serve import Server
from website.python import bars as inpage
from website.python import pyodide
from website.python.inpage.kernel import KEPT, Kernel, Missing
from website.python.inpage.needs import Page

pytestmark = pytest.mark.patient

ROOT = Path(__file__).parents[1]


# ---- which cells a cell needs

PAGE = {
    "imports": "import numpy as np\nfrom gdcourse import check",
    "w": "w = 10.0",
    "rule": "def step(w):\n    return w - rate * w",
    "rate": "rate = 0.1",
    "run": "path = [w]\nfor _ in range(3):\n    path.append(step(path[-1]))",
    "show": "print(path)",
    "again": "w = 3.0\ny = w",
    "grow": "y = y + w",
    "mine": "def mine(w):\n    return 2 * w",
    "check": "check('x/y', mine)",
}


@pytest.mark.parametrize("target, plan", {
    "w": ["w"],
    "run": ["w", "rule", "rate", "run"],  # the rate stands in no line of it, but in the function that it calls
    "show": ["w", "rule", "rate", "run", "show"],
    "grow": ["again", "grow"],  # the nearest w, not the first
    "check": ["imports", "mine", "check"],  # the parameter w is no cell's w
}.items())  # fmt: skip
def test_what_a_cell_needs(target, plan):
    assert Page(PAGE).plan(target, {}, {}) == plan


@pytest.mark.parametrize("cells, target, plan", [
    (["x = [1]", "x.append(2)", "x"], 2, [0, 1, 2]),
    (["x = [1]", "y = x.copy()", "x"], 2, [0, 2]),  # reading is no change
    (["from math import *", "sin(1)"], 1, [0, 1]),
    (["x = 1", "if input: x = 2", "x"], 2, [0, 1, 2]),
    (["x = 1", "this is no Python", "x"], 2, [0, 2]),
    (["x = 1", "[x for x in range(3)]", "x"], 2, [0, 2]),
    (["x = 1", "{x: [0 for x in 'a'] for x in range(3)}", "x"], 2, [0, 2]),
    (["n = 1", "f = lambda: {n + x for x in range(3)}", "f()"], 2, [0, 1, 2]),
    (["x = 1", "class A:\n    y = x", "A"], 2, [0, 1, 2]),
    (["rng = 1", "a = rng.normal()", "b = rng.normal()"], 2, [0, 1, 2]),  # or b would be a's number
])  # fmt: skip
def test_what_binds_and_what_changes(cells, target, plan):
    page = Page({str(n): cell for n, cell in enumerate(cells)})
    assert [int(id) for id in page.plan(str(target), {}, {})] == plan


class Host:
    """A kernel and what it has sent."""

    def __init__(self, absent=None):
        self.sent = []
        self.kernel = Kernel(self.sent.append, absent)

    def run(self, source, cell="c"):
        self.sent.clear()
        self.ok = self.kernel.run(cell, source)
        return [message["output"] for message in self.sent]

    def text(self, source):
        return "".join(output.get("text", "") + "\n".join(output.get("traceback", [])) for output in self.run(source))


def test_a_cell_sees_what_stands_above_it_in_whatever_order_cells_run():
    cells = {"a": "x = 1", "b": "x = x + 1", "c": "print(x)", "d": "x = 100"}
    host = Host()

    def press(target):
        plan = host.kernel.plan(cells, target)
        for cell in plan:
            shown = host.run(cells[cell], cell)
        return plan, "".join(output["text"] for output in shown)

    assert press("c") == (["a", "b", "c"], "2\n")
    assert press("c") == (["c"], "2\n")  # once
    assert press("d") == (["d"], "")
    assert press("c") == (["a", "b", "c"], "2\n")  # not 100
    assert press("b")[0] == ["a", "b"]
    cells["a"] = "x = 5"
    assert press("c") == (["a", "b", "c"], "6\n")


# ---- a name that no cell gives any more

STALE = [
    ("w = 1", "v = 1", "print(w)"),  # renamed
    ("w = 1", "", "print(w)"),  # emptied
    ("def f(): return 1", "def ff(): return 1", "f()"),
    ("import math", "import json", "math.pi"),
]


@pytest.mark.parametrize("before, after, reads", STALE)
def test_a_name_that_no_cell_gives_any_more_is_not_found(before, after, reads):
    cells, host = {"a": before, "b": reads}, Host()
    for id in host.kernel.plan(cells, "b"):
        assert host.run(cells[id], id) is not None and host.ok
    cells["a"] = after
    assert host.kernel.plan(cells, "b") == ["b"]
    assert "NameError" in host.run(reads, "b")[-1]["traceback"][-1]


def test_a_name_from_a_cell_further_down_is_not_found_either():
    cells, host = {"a": "print(w)", "b": "w = 1"}, Host()
    host.run(cells["b"], "b")
    assert host.kernel.plan(cells, "a") == ["a"]
    assert "NameError" in host.run(cells["a"], "a")[-1]["traceback"][-1]


def test_a_name_that_a_cell_above_gives_in_secret_stays():
    cells, host = {"a": "exec('w = 1')", "b": "print(w)"}, Host()
    host.run(cells["a"], "a")
    for _ in range(2):
        assert host.kernel.plan(cells, "b") == ["b"]
        assert host.run(cells["b"], "b")[0]["text"] == "1\n"
    cells["a"] = "exec('v = 1')"
    host.kernel.plan(cells, "b")
    assert "NameError" in host.run(cells["b"], "b")[-1]["traceback"][-1]


def test_a_cell_that_cannot_be_read_is_run_where_its_names_are_needed():
    book = {"a": "w = 1", "b": "print(w)"}
    host = Host()
    for id in host.kernel.plan(book, "b"):
        host.run(book[id], id)
    assert host.kernel.plan({**book, "a": "w = = 1"}, "b", book={"a": "w = 1"}) == ["a", "b"]


# ---- the cell of an answer

ID = "loss/mse"  # the chapter, too, gives a name `mse`: an answer that gives none must not be taken for it
RIGHT = "def mse(y, p):\n    return np.mean((y - p) ** 2)"


class Exercise:
    """A page with one exercise, as worker.js drives it."""

    def __init__(self):
        from website.python.inpage import page

        self.page, self.sent = page, []
        page.start(lambda text: self.sent.append(json.loads(text)))
        self.book = {
            "top": "import numpy as np\nfrom gdcourse import check",
            "by hand": "def mse(y, p):\n    return np.mean((y - p) ** 2)",
            "starter": "def mse(y, p):\n    ...",
            "check": f'check("{ID}", mse)',
        }
        self.page.run("by hand", self.book["by hand"])

    def press(self, code, **more):
        """The verdict on an answer: (code, all that it says); (None, "") when there is none."""
        self.sent.clear()
        cells = [{"id": id, "source": source} for id, source in {**self.book, "starter": code, **more}.items()]
        cells[2]["book"] = self.book["starter"]
        for id in json.loads(self.page.plan(json.dumps(cells), "check", json.dumps({"id": ID, "cell": "starter"}))):
            if not json.loads(self.page.run(id, next(cell["source"] for cell in cells if cell["id"] == id)))["ok"]:
                break
        self.shown = [message for message in self.sent if message["type"] == "output"]
        for message in self.shown:
            html = message["output"].get("data", {}).get("text/html")
            if html:
                assert message["id"] == "check"
                return re.search('data-code="(.*?)"', html)[1], unescape(" ".join(re.sub("<[^>]*>", " ", html).split()))
        return None, ""


@pytest.fixture
def exercise(monkeypatch):
    monkeypatch.setenv("GDCOURSE_PROGRESS", os.devnull)
    from website.python.inpage import page

    yield Exercise()
    page.kernel = page._answer = None


NOT_RIGHT = [
    ("def mse(y, p)\n    return np.mean((y - p) ** 2)", "stopped", ["Line 1:", "SyntaxError: expected ':'", "cannot read"]),
    ("def mse(y, p):\nreturn np.mean((y - p) ** 2)", "stopped", ["Line 2:", "IndentationError"]),
    ("def mse(y, p):\n    return np.mean((y − p) ** 2)", "stopped", ["Line 2:", "SyntaxError", "U+2212"]),
    ("def mze(y, p):\n    return np.mean((y - p) ** 2)", "missing", ["does not define mse", "It defines mze :"]),
    ("MSE = lambda y, p: np.mean((y - p) ** 2)", "missing", ["does not define mse"]),
    ("", "missing", ["does not define mse"]),
    ("# def mse(y, p): return 0", "missing", ["does not define mse"]),
    (RIGHT + "\n1 / 0", "stopped", ["Line 3:", "1 / 0", "ZeroDivisionError", "stops with an error"]),
    ("1 / 0\n" + RIGHT, "stopped", ["Line 1:", "ZeroDivisionError"]),
    (RIGHT + "\ndel mse", "missing", ["does not define mse"]),
    ("if False:\n    def mse(y, p): return 0", "missing", ["does not define mse"]),
    ("raise SystemExit", "stopped", ["Line 1:", "SystemExit"]),
    ("%time\n" + RIGHT, "stopped", ["Line 1:", "are Jupyter's"]),
]  # fmt: skip


@pytest.mark.parametrize("code, verdict, words", NOT_RIGHT, ids=range(len(NOT_RIGHT)))
@pytest.mark.parametrize(
    "before", [None, RIGHT, "def mse(y, p):\n    return np.sum((y - p) ** 2)"], ids=["fresh", "right", "wrong"]
)
def test_an_answer_that_cannot_be_checked_is_never_taken_for_another(exercise, before, code, verdict, words):
    """Neither an earlier answer, nor the chapter's function of that name, is judged in its place."""
    if before:
        assert exercise.press(before)[0] in ("right", "sum_not_mean")
    for _ in range(2):
        found, said = exercise.press(code)
        assert found == verdict and all(one in said for one in words), said
        assert "Right" not in said and [m["id"] for m in exercise.shown] == ["check"]
    assert exercise.press(RIGHT)[0] == "right"


def test_a_helper_that_was_renamed_is_no_part_of_the_answer(exercise):
    helped = "def mean(x):\n    return np.mean(x)\ndef mse(y, p):\n    return mean((y - p) ** 2)"
    assert exercise.press(helped)[0] == "right"
    code, said = exercise.press(helped.replace("def mean", "def average"))
    assert code == "raised" and "NameError" in said


def test_a_run_that_somebody_stops_has_no_verdict_and_shows_where(exercise):
    exercise.press(RIGHT)
    assert exercise.press(RIGHT + "\nraise KeyboardInterrupt") == (None, "")
    (message,) = exercise.shown
    assert message["id"] == "starter" and message["output"]["traceback"][-1] == "Stopped."


def test_what_an_answer_prints_is_shown_and_an_error_above_it_has_no_verdict(exercise):
    assert exercise.press(RIGHT + "\nprint('mine')")[0] == "right"
    assert exercise.shown[0]["output"]["text"] == "mine\n" and exercise.shown[0]["id"] == "starter"
    assert exercise.press(RIGHT, top="import nunpy as np\nfrom gdcourse import check") == (None, "")
    assert [m["id"] for m in exercise.shown] == ["top"]


# Chosen for many short cells that bind names anew; from the bottom to the top is the order that goes wrong most easily.
@pytest.mark.parametrize("chapter", ["update_rule", "gradient", "momentum"])
def test_every_cell_pressed_from_the_last_to_the_first_prints_what_the_book_prints(chapter, monkeypatch):
    monkeypatch.chdir(ROOT / "chapters")
    monkeypatch.setenv("GDCOURSE_PROGRESS", os.devnull)
    cells = {
        cell["id"]: cell
        for cell in json.loads(Path(f"{chapter}.ipynb").read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    }
    sources = {id: "".join(cell["source"]) for id, cell in cells.items()}
    host = Host()
    for id in reversed(cells):
        if {"hide-input", "remove-input"} & set(cells[id]["metadata"].get("tags", [])):
            continue  # drawing
        for cell in host.kernel.plan(sources, id):
            shown = host.run(sources[cell], cell)
            assert host.ok, (cell, shown)
        for kind, read in (("stream", lambda o: o["text"]), ("execute_result", lambda o: o["data"]["text/plain"])):
            wanted = "".join("".join(read(output)) for output in cells[id]["outputs"] if output["output_type"] == kind)
            assert "".join(read(output) for output in shown if output["output_type"] == kind) == wanted, id


# ---- what a cell shows


def test_the_last_value_is_shown_and_a_semicolon_hides_it():
    host = Host()
    assert host.run("x = 2\nx + 1") == [{"output_type": "execute_result", "data": {"text/plain": "3"}, "metadata": {}}]
    assert host.run("_") == [{"output_type": "execute_result", "data": {"text/plain": "3"}, "metadata": {}}]
    assert host.run("x + 1;") == [] == host.run("None") == host.run("")
    assert host.run("print(1)\nx") == [{"output_type": "stream", "name": "stdout", "text": "1\n"}, *host.run("x")]
    assert [o["output_type"] for o in host.run("display(1, 2)")] == ["display_data"] * 2
    assert host.run("import sys; print(1, file=sys.stderr)")[0]["name"] == "stderr"


def test_errors_name_the_learners_own_line():
    host = Host()
    host.run("import numpy as np\ndef f(x):\n    return np.linalg.inv(x)", cell="above")
    assert host.text("y = 1\nf(np.ones((2, 3)))") == (
        "Line 2:\n    f(np.ones((2, 3)))\nLine 3 of a cell above, in f:\n    return np.linalg.inv(x)\n"
        "LinAlgError: Last 2 dimensions of the array must be square")  # fmt: skip
    assert host.text("def f(:\n    pass") == "Line 1:\n    def f(:\n          ^\nSyntaxError: invalid syntax"
    assert host.text("x = 1\nawait x") == "Line 2:\n    await x\n    ^\nSyntaxError: 'await' outside function"
    assert host.text("raise SystemExit(3)") == "Line 1:\n    raise SystemExit(3)\nSystemExit: 3"
    assert "… " in host.text("def g(n): return g(n + 1)\ng(0)")
    assert host.text("class E(Exception):\n    def __str__(self): 1/0\nraise E").endswith(
        "E: (its message cannot be shown)"
    )
    assert host.text("raise KeyboardInterrupt").endswith("Stopped.")
    assert host.text("print('after')") == "after\n"


@pytest.mark.parametrize(
    "source, said",
    [
        ("import nunpy", "Is the name spelt right?"),
        ("%timeit 1 + 1", "are Jupyter's, not Python's"),
        ("x = 1\n!ls", "are Jupyter's, not Python's"),
        ("len?", "are Jupyter's, not Python's"),
        ("input('how many? ')", "write the value into the cell instead."),
        ("import gdcourse.nothing", "No module named 'gdcourse.nothing'"),
        ("x = (1 if True else 2", "'(' was never closed"),
    ],
)
def test_what_only_jupyter_can_do_is_said(source, said):
    text = Host().text(source)
    assert said in text.splitlines()[-1]


def test_nobody_is_flooded():
    host = Host()
    text = host.text("for i in range(100_000): print('flood', i)")
    assert KEPT < len(text) < KEPT + 100 and text.endswith("… and more, which is not shown.\n")
    assert len(host.sent) < 100


def test_an_import_waits_until_its_name_is_mentioned():
    host = Host({"colorsys": "colours", "matplotlib": "matplotlib"})
    top = "import colorsys as cs, json\nfrom gdcourse import gd, plotting"
    host.run(top, cell="top")
    assert host.ok and "cs" not in host.kernel.space and {"json", "gd"} <= set(host.kernel.space)
    assert host.run("json.dumps(1)")[0]["data"] == {"text/plain": "'1'"}
    for source in (
        "cs.rgb_to_hls(0, 0, 0)",
        "import colorsys\ncolorsys",
        "def f():\n    import colorsys",
        "from colorsys import hls_to_rgb as g\ng",
    ):
        with pytest.raises(Missing) as missing:
            host.run(source)
        assert missing.value.packages == {"colours"}
    with pytest.raises(Missing) as missing:
        host.run("plotting.style()")
    assert missing.value.packages == {"matplotlib"}
    with pytest.raises(Missing):  # nobody could see it in the code
        host.run(
            "__import__('json').loads; exec('import ' + 'color' + 'sys; raise ModuleNotFoundError(name=\"colorsys\")')"
        )
    host.kernel.absent.clear()
    assert host.run("cs.rgb_to_hls(0, 0, 0)")[0]["data"] == {"text/plain": "(0.0, 0.0, 0.0)"}
    host.run("cs = 1")
    assert host.run("cs")[0]["data"] == {"text/plain": "1"}


def test_the_course_asks_for_packages_where_its_parts_import_them():
    wants = Host({"matplotlib": "matplotlib", "sklearn": "scikit-learn"}).kernel.wants
    assert wants("X, y = problems.wine()") == {"scikit-learn"}
    assert (
        wants("from gdcourse import plotting\nplotting.line(p)")
        == {"matplotlib"}
        == wants("import gdcourse.plotting as p\np")
    )
    assert wants("from gdcourse.problems import wine\nwine()") == {"scikit-learn"}
    assert wants("from gdcourse import plotting") == wants("problems.bowl") == wants("string.digits") == set()


def test_every_exercise_can_be_judged_with_the_packages_that_its_check_asks_for():
    code = """if True:
        import sys
        from gdcourse.exercises import author
        from gdcourse.exercises.judge.decide import judge
        from website.python.inpage.kernel import Kernel
        absent = dict.fromkeys(("scipy", "sklearn", "matplotlib", "joblib", "pandas"), "some")
        class Absent:
            def find_spec(self, name, path=None, target=None):
                if name.split(".")[0] in absent:
                    raise ModuleNotFoundError(name, name=name)
        sys.meta_path.insert(0, Absent())
        wants = Kernel(print, dict(absent)).wants
        asked = [id for id in author.all_ids() if wants(f"check({id!r}, f)")]
        judged = [id for id in author.all_ids() if id not in asked]
        for id in judged:
            exercise = author.load(id)
            verdict = judge(exercise, exercise.solution)
            assert verdict.ok, (id, verdict)
        print(len(asked), len(judged))
    """
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "GDCOURSE_PROGRESS": os.devnull, "PYTHONPATH": str(ROOT / "website/python")},
    )
    asked, judged = map(int, done.stdout.split() or pytest.fail(done.stderr))
    assert 1 <= asked < 8 and judged > 40


def test_figures_come_as_svg_when_they_are_shown():
    code = (
        "import json\nfrom website.python.inpage import page\nsent = []\npage.start(lambda text: sent.append(json.loads(text)['output']))\n"
        "page.run('c', '''import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nprint('between')\nplt.plot([2, 1]);''')\n"
        "print(*((o['output_type'], *o.get('data', {})) for o in sent), sep='\\n')\n"
        "print('#0060a8' in sent[0]['data']['image/svg+xml'], '#1f77b4' in sent[0]['data']['image/svg+xml'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "MPLBACKEND": "module://website.python.inpage.figures"},
    )
    picture = "('display_data', 'image/svg+xml', 'text/plain')"
    # in the colours of the course, not in matplotlib's own, though the cell imports nothing of the course
    assert done.stdout.splitlines() == [picture, "('stream',)", picture, "True False"]


def test_a_demo_and_its_object_tell_each_other():
    """In an interpreter of its own, because there anywidget is the stand-in."""
    code = """if True:
        import json, sys, types
        from inpage import anywidget, page
        sys.modules["anywidget"] = anywidget
        sent = []
        page.start(lambda text: sent.append(json.loads(text)))
        page.run("c", "from gdcourse.demos import RoundTheBowl\\nfrom gdcourse import descend, gd\\ndemo = RoundTheBowl()\\ndemo")
        data = sent.pop()["output"]["data"]
        assert data["application/vnd.gdcourse.demo+json"]["name"] == "RoundTheBowl", data
        widget = data["application/vnd.gdcourse.widget+json"]
        assert widget["state"]["words"]["title"] and len(widget["height"]) == 2
        page.run("c", "demo.add_path([[3.0, 4.0], [1.0, 1.0]], 'half')")
        assert sent == [{"type": "comm", "comm": widget["comm"], "state": {"paths": [{"label": "half", "points": [[3.0, 4.0], [1.0, 1.0]]}]}}], sent
        name = next(n for n, v in page.kernel.space["demo"].settings.items() if isinstance(v, float))
        sent.clear()
        page.heard(widget["comm"], json.dumps({name: page.kernel.space["demo"].settings[name] / 2, "unknown": 1}))
        page.heard(999, "{}")
        assert sent == [], "what the page has set it need not be told"
        page.run("c", "from gdcourse.demos import Playground\\ndef rule(w, g, *, lr):\\n    return w - lr * g\\nown = Playground(rule=rule)\\nown")
        comm = sent.pop()["output"]["data"]["application/vnd.gdcourse.widget+json"]["comm"]
        sent.clear()
        page.heard(comm, json.dumps({"x": 1.0, "lr0": 0.5}))
        told = [message["state"] for message in sent]
        assert told and all(list(state) == ["paths"] for state in told), "but what its own rule makes of that"
        assert told[-1]["paths"][0]["points"][:2] == [[1.0, 4.0], [0.0, -4.0]]
        print("told")
    """
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, "GDCOURSE_PROGRESS": os.devnull, "PYTHONPATH": str(ROOT / "website/python")},
    )
    assert done.stdout == "told\n", done.stderr


# ---- what the build gives the pages


def test_the_course_travels_whole_and_alone():
    names = set(tarfile.open(fileobj=io.BytesIO(inpage.course())).getnames())
    assert {
        "gdcourse/__init__.py",
        "inpage/kernel.py",
        "gdcourse/exercises/judge/decide.py",
        "traitlets/__init__.py",
        "anywidget.py",
    } <= names
    assert {
        f"gdcourse_exercises/{path.parent.name}/{path.name}" for path in (ROOT / "exercises").glob("*/*.py")
    } <= names
    assert not [name for name in names if "book/" in name or "vendor" in name or name.endswith((".woff2", ".css"))]
    assert (
        len(inpage.course()) < 378_000
    )  # it grows with the exercises, 73 of them now, 22 demos, and the examples in docstrings


def test_the_course_makes_its_demos_without_their_javascript(tmp_path):
    tarfile.open(fileobj=io.BytesIO(inpage.course())).extractall(tmp_path, filter="data")
    code = "from gdcourse.demos import Fog, Race; print(Fog(angle=90.0).path.shape, Race().title)"
    settings = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=settings, capture_output=True, text=True)
    assert done.stdout.startswith("(2, 2)"), done.stderr


def test_the_wheel_can_be_installed(tmp_path):
    wheel = inpage.wheel(tmp_path)
    done = subprocess.run([sys.executable, "-c", "import gdcourse, gdcourse.exercises.author as a; print(gdcourse.__file__, len(a.chapters()) > 5)"],
                          cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(wheel)}, capture_output=True, text=True)  # fmt: skip
    assert str(wheel) in done.stdout, done.stderr
    recorded = zipfile.ZipFile(wheel).read("gdcourse-0.1.0.dist-info/RECORD").decode().split("\n")
    assert len(recorded) == len(zipfile.ZipFile(wheel).namelist()) + 1


def a_distribution(folder, **more):
    """A folder that looks like a distribution, of the pinned names."""
    folder.mkdir(parents=True)
    for name in pyodide.pinned()["files"]:
        (folder / name).write_bytes(more.get(name, name.encode()))
    (folder / pyodide.LOCK).write_text(json.dumps({"packages": {
        "numpy": {"file_name": next(name for name in pyodide.pinned()["files"] if name.startswith("numpy"))}, "pandas": {"file_name": "pandas.whl"}}}))  # fmt: skip
    return folder


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A cache of its own, and a pin that fits `a_distribution`."""
    import hashlib

    files = {name: hashlib.sha256(name.encode()).hexdigest() for name in pyodide.pinned()["files"]}
    monkeypatch.setattr(
        pyodide,
        "pinned",
        lambda: {
            "version": "0",
            "release": "http://127.0.0.1:9/",
            "carrier": "none==0",
            "megabytes": 1,
            "files": files,
        },
    )
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("CI", "false")
    return tmp_path


def test_a_distribution_is_taken_from_a_folder_or_an_archive_and_cut(elsewhere, monkeypatch):
    source = a_distribution(elsewhere / "source/deep/pyodide")
    (source / "pandas.whl").write_bytes(b"not wanted")
    archive = elsewhere / "source.zip"
    with zipfile.ZipFile(archive, "w") as out:
        for path in source.iterdir():
            out.write(path, f"somewhere/{path.name}")
    for place in (elsewhere / "source", archive):
        monkeypatch.setenv("PYODIDE", str(place))
        kept = pyodide.requested()
        assert {path.name for path in kept.iterdir()} == {*pyodide.pinned()["files"], pyodide.LOCK}
        assert set(json.loads((kept / pyodide.LOCK).read_text())["packages"]) == {"numpy"}
        assert pyodide.requested(say=pytest.fail) == kept
        shutil.rmtree(kept)


def test_the_release_comes_first_and_then_the_package_index(elsewhere, monkeypatch):
    """A release that answers is taken; where it does not, the carrier is asked."""
    monkeypatch.delenv("PYODIDE", raising=False)
    asked, whole = [], a_distribution(elsewhere / "source")
    monkeypatch.setattr(pyodide, "fetched", lambda requirement, target: asked.append(requirement) or whole)
    shutil.rmtree(pyodide.requested())
    assert asked == ["none==0"]
    pinned = pyodide.pinned()
    with Server(whole) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setattr(pyodide, "pinned", lambda: pinned | {"release": server.address})
        kept = pyodide.requested()
        server.shutdown()
    assert {path.name for path in kept.iterdir()} == {*pyodide.pinned()["files"], pyodide.LOCK} and len(asked) == 1


def test_a_file_that_is_not_the_pinned_one_is_refused(elsewhere, monkeypatch, capsys):
    monkeypatch.setenv("PYODIDE", str(a_distribution(elsewhere / "source", **{"pyodide.asm.wasm": b"other"})))
    assert pyodide.requested() is None
    said = capsys.readouterr().out
    assert said.startswith("The pages get no Run button:") and "pyodide.asm.wasm" in said
    assert not list((elsewhere / "cache/gdcourse").iterdir())


def test_without_a_distribution_the_build_says_so_and_ci_fails(elsewhere, monkeypatch, capsys):
    monkeypatch.setenv("PYODIDE", str(elsewhere / "nowhere"))
    assert pyodide.requested() is None
    assert len(capsys.readouterr().out.splitlines()) == 1
    monkeypatch.setenv("CI", "true")
    with pytest.raises(SystemExit, match="nowhere is neither a folder nor an archive"):
        pyodide.requested()
    monkeypatch.setenv("PYODIDE", "off")
    assert pyodide.requested() is None


def test_every_import_of_the_chapters_can_be_loaded_in_the_page():
    import ast

    wanted = set()
    sources = ["".join(cell["source"]) for path in (ROOT / "chapters").glob("*.ipynb")
               for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]  # fmt: skip
    sources += [path.read_text(encoding="utf-8") for path in (ROOT / "exercises").glob("*/*.py")]
    for source in sources:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Import):
                wanted |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                wanted.add(node.module.split(".")[0])
    packages = {name.split("-")[0] for name in pyodide.pinned()["files"]}
    there = {
        "gdcourse",
        "sklearn" if "scikit_learn" in packages else "",
        "mpl_toolkits",
        *packages,
        *inpage.PURE,
    } | set(sys.stdlib_module_names)
    assert wanted <= there
