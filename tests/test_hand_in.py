"""What learners really hand in, and how platforms hand it on: no mark is lost, none goes to the wrong person."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
import zipfile
from datetime import timedelta

import nbformat
import pytest

from gdcourse.exercises.author import exercise as author
from gdcourse.grading import folder, report, submissions, wire
from gdcourse.grading.folder import main

pytestmark = pytest.mark.patient

CHAPTERS = ("update_rule", "momentum")
IDS = {chapter: [id for id in author.all_ids() if id.startswith(f"{chapter}/")] for chapter in CHAPTERS}


@pytest.fixture(autouse=True)
def the_course_of_this_repository(monkeypatch):
    monkeypatch.delenv("GDCOURSE_COURSE", raising=False)


def answer(id):
    exercise = author.load(id)
    return exercise.source(exercise.solution)


def solved(*, before=(), between=(), after=(), chapter="update_rule", **metadata):
    """A notebook with every exercise of a chapter solved, and cells that somebody put around the answers."""
    answers = [answer(id) for id in IDS[chapter]]
    last = f'check("{IDS[chapter][0]}", {IDS[chapter][0].split("/")[1]})'
    imports = "import math\nimport numpy as np\nfrom gdcourse import check"
    sources = [imports, *answers[:1], *between, *answers[1:], last, *after]
    cells = [
        source if isinstance(source, dict) else nbformat.v4.new_code_cell(source) for source in [*before, *sources]
    ]
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


def write(path, notebook):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(nbformat.writes(notebook) if not isinstance(notebook, str) else notebook, encoding="utf-8")


def rows(out):
    with open(out / "marks.csv", newline="", encoding="utf-8-sig") as file:
        return {row["learner"]: row for row in csv.DictReader(file)}


def run(place, *options):
    return main([str(place), *options, "--jobs", "2"])


def who_and_what(place, pattern=None, **more):
    return {s.learner: s.problem or s.notes for s in submissions.find(place, pattern, **more)}


# ---- right notebooks, spoiled ----------------------------------------------------------------------------------------

SPOILED = {
    "exit at the end": (dict(after=["exit()"]), "cell 7: `exit()` was passed over"),
    "quit at the top": (dict(before=["quit()"]), "cell 1: `exit()` was passed over"),
    "exit in the middle": (dict(between=["exit"]), "cell 3: `exit()` was passed over"),
    "import that fails": (
        dict(before=["import tensorboard_is_not_here\nimport seaborn_is_not_here as sns"]),
        "cell 1: `import tensorboard_is_not_here` was passed over"
        " (ModuleNotFoundError: No module named 'tensorboard_is_not_here'); "
        "cell 1: `import seaborn_is_not_here as sns` was passed over"
        " (ModuleNotFoundError: No module named 'seaborn_is_not_here')",
    ),
    "widgets": (
        dict(before=["%matplotlib widget\nimport numpy as np"]),
        "cell 1: `%matplotlib widget` was passed over: figures are not drawn while grading",
    ),
    "another ending": ({}, "its name does not end in .ipynb: another ending.ipynb.txt"),
    "no kernel": (dict(kernelspec=None), "its kernelspec is null; read as a notebook for Python"),
    "starter again": (
        dict(after=[author.load("update_rule/gd_step").starter]),
        "cell 7: the starter of `gd_step` stands here again; the answer above counts",
    ),
    "unspoiled": (dict(mentions="plotting sklearn problems."), ""),  # so that these are loaded, behind the walls
}


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory):
    """The nine graded by `make grade SUBMISSIONS=…`, as a teacher does."""
    place, out = tmp_path_factory.mktemp("class"), tmp_path_factory.mktemp("results")
    for name, (how, _) in SPOILED.items():
        notebook = solved(**{k: v for k, v in how.items() if k != "kernelspec"})
        text = nbformat.writes(notebook)
        if "kernelspec" in how:
            text = json.dumps(json.loads(text) | {"metadata": {"kernelspec": None}})
        write(place / f"{name}.ipynb{'.txt' * (name == 'another ending')}", text)
    environment = {k: v for k, v in os.environ.items() if k != "GDCOURSE_COURSE" and not k.startswith("MAKE")}
    done = subprocess.run(
        ["make", "grade", f"SUBMISSIONS={place}", f"ARGS=--out {out}", f"PYTHON={sys.executable}"],
        cwd=author.course_folder(),
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert not re.search("warn|cache", done.stderr, re.IGNORECASE), "what a teacher sees is about the class"
    return rows(out)


@pytest.mark.parametrize("name", SPOILED)
def test_spoiled_notebooks_get_full_marks_and_one_note(name, spoiled):
    row = spoiled[name]
    assert row["points"] == row["of"] == "7", row
    assert row["notes"] == SPOILED[name][1]


# ---- what a cell said when it stopped --------------------------------------------------------------------------------

GD_STEP = answer("update_rule/gd_step")
STOPS = {
    "no-break space": (
        dict(cell=GD_STEP.replace("return w", "return\xa0w")),
        "`gd_step` stands in cell 1, which stopped: SyntaxError: invalid non-printable character U+00A0",
    ),
    "smart quotes": (
        dict(cell=GD_STEP + "print(“done”)"),
        "`gd_step` stands in cell 1, which stopped: SyntaxError: invalid character '“' (U+201C)",
    ),
    "another minus": (
        dict(cell=GD_STEP.replace("w - lr", "w − lr")),
        "`gd_step` stands in cell 1, which stopped: SyntaxError: invalid character '−' (U+2212)",
    ),
    "zero-width space": (
        dict(cell=GD_STEP.replace("return w", "return\u200bw")),
        "`gd_step` stands in cell 1, which stopped: SyntaxError: invalid non-printable character U+200B",
    ),
    "mixed tabs": (
        dict(cell="def gd_step(w, g, lr):\n        step = lr * g\n\treturn w - step"),
        "`gd_step` stands in cell 1, which stopped: TabError: inconsistent use of tabs and spaces",
    ),
    "as Markdown": (
        dict(cell=nbformat.v4.new_markdown_cell(GD_STEP)),
        "`gd_step` stands in cell 1, which is a Markdown cell: make it a Code cell.",
    ),
    "as raw text": (
        dict(cell=nbformat.v4.new_raw_cell(GD_STEP)),
        "`gd_step` stands in cell 1, which is a Raw cell: make it a Code cell.",
    ),
    "stopped above": (
        dict(cell=f"missing_file = open('data.csv')\n{GD_STEP}"),
        "`gd_step` stands in cell 1, which stopped: FileNotFoundError: [Errno 2] No such file or directory: 'data.csv'.",
    ),
    "crashed": (
        dict(cell=f"{GD_STEP}\nimport os\nos._exit(1)"),
        "`gd_step` stands in cell 1, which ended the kernel by itself, with exit code 1.",
    ),
    "removed again": (
        dict(cell=f"{GD_STEP}\ndel gd_step"),
        "`gd_step` stands in cell 1, but there is no such name when the notebook has run.",
    ),
    "never written": (dict(cell="1"), "There is no `gd_step` in the notebook."),
    "needs numpy": (
        dict(cell="def gd_step(w, g, lr):\n    return np.subtract(w, lr * g)", first="1/0\nimport numpy as np"),
        "Cell 1 stopped: ZeroDivisionError: division by zero.",
    ),
}


@pytest.fixture(scope="module")
def stopped(tmp_path_factory):
    place, out = tmp_path_factory.mktemp("class"), tmp_path_factory.mktemp("results")
    for name, (how, _) in STOPS.items():
        cells = [how["first"]] if "first" in how else []
        cells = [nbformat.v4.new_code_cell(c) if isinstance(c, str) else c for c in [*cells, how["cell"]]]
        write(place / f"{name}.ipynb", nbformat.v4.new_notebook(cells=cells))
    assert run(place, "--out", str(out), "--chapter", "update_rule") == 0
    return out


@pytest.mark.parametrize("name", STOPS)
def test_what_a_cell_said_reaches_the_learner(name, stopped):
    results = json.loads((stopped / "gradescope" / f"{report.slug(name)}.json").read_text())
    said = next(test["output"] for test in results["tests"] if test["name"] == "update_rule/gd_step")
    assert " ".join(STOPS[name][1].split()) in " ".join(said.split())
    page = (stopped / "feedback" / f"{report.slug(name)}.html").read_text(encoding="utf-8")
    assert 'data-code="missing"' in page or 'data-code="raised"' in page


def test_a_cell_that_its_author_lets_stop_is_not_mentioned(tmp_path):
    cell = nbformat.v4.new_code_cell("1/0", metadata={"tags": ["raises-exception"]})
    write(tmp_path / "ada.ipynb", solved(after=[cell, nbformat.v4.new_code_cell("{}['x']")]))
    run(tmp_path, "--out", str(tmp_path / "out"))
    [path] = (tmp_path / "out/reports").iterdir()
    assert json.loads(path.read_text())["stopped"] == ["cell 8 stopped: KeyError: 'x'"]


# ---- several notebooks of one learner --------------------------------------------------------------------------------


def test_two_chapters_in_one_run_add_up(tmp_path):
    """Each learner handed in a notebook per chapter; nobody said which chapters were assigned."""
    for name in ("ada", "ben"):
        for chapter in CHAPTERS:
            write(tmp_path / name / f"{chapter}.ipynb", solved(chapter=chapter))
    run(tmp_path, "--out", str(tmp_path / "out"))
    of = sum(author.load(id).points for chapter in CHAPTERS for id in IDS[chapter])
    assert [(r["points"], r["of"]) for r in rows(tmp_path / "out").values()] == [(f"{of}", f"{of}")] * 2


def test_of_each_exercise_the_best_answer_counts():
    def handed_in(file, *marks):
        marks = [
            {"id": f"c/{n}", "code": code, "message": file, "details": "", "note": "", "points": points, "of": 2}
            for n, (code, points) in enumerate(marks)
        ]
        more = {"stopped": [], "seconds": 1, "peak": 1, "handed_in": file}
        return {"learner": "ada", "file": file, "marks": marks, "notes": [f"of {file}"], **more}

    one = handed_in("1", ("right", 2), ("missing", 0), ("untouched", 0), ("missing", 0))
    two = handed_in("2", ("sign", 0), ("right", 2), ("sign", 0), ("missing", 0))
    [joined] = report.best([two, one])
    assert [m["code"] for m in joined["marks"]] == ["right", "right", "sign", "missing"]
    assert report.points(joined) == 4 and joined["file"] == "1, 2"
    assert joined["notes"][0].startswith("2 notebooks count as one learner's") and joined["notes"][1:] == [
        "1: of 1",
        "2: of 2",
    ]


# ---- downloads of platforms ------------------------------------------------------------------------------------------

MOODLE = {
    "Ada Byron_4711_assignsubmission_file_/momentum.ipynb": "Ada Byron_4711",
    "Ada Byron_4712_assignsubmission_file_/momentum.ipynb": "Ada Byron_4712",
    "Participant_12345_assignsubmission_file_/a.ipynb": "Participant_12345",
    "Participant_12346_assignsubmission_file_/a.ipynb": "Participant_12346",
    "李 明_88_assignsubmission_file_momentum.ipynb": "李 明_88",
    "Jörg O'Neil-Müller_9_assignsubmission_file/b.ipynb": "Jörg O'Neil-Müller_9",
}
CANVAS = {
    "byronada_4711_815_momentum-1.ipynb": "byronada_4711",
    "müllerjörg_4712_816_momentum.ipynb": "müllerjörg_4712",
    "obrien-lee_LATE_4713_817_momentum.ipynb": "obrien-lee_4713",
    "李明_4714_818_momentum.ipynb": "李明_4714",
    "chenli2_4715_819_my_notebook_2.ipynb": "chenli2_4715",
    "chenli2_4716_820_momentum.ipynb": "chenli2_4716",
}
GRADESCOPE = {
    "assignment_7_export/submission_1001/momentum.ipynb": "ada@example.org",
    "assignment_7_export/submission_1002/a.ipynb": "ben@example.org + cleo@example.org",
    "assignment_7_export/submission_1003/a.ipynb": "submission_1003",
}


@pytest.mark.parametrize(
    "platform, names", [("moodle", MOODLE), ("canvas", CANVAS), ("gradescope", GRADESCOPE)], ids=lambda v: str(v)[:10]
)
@pytest.mark.parametrize("as_zip", [False, True], ids=["folder", "zip"])
def test_presets_keep_two_people_two(platform, names, as_zip, tmp_path):
    for name in names:
        write(tmp_path / "in" / name, solved())
    if platform == "gradescope":
        people = {"1001": ["ada"], "1002": ["ben", "cleo"]}
        listed = "".join(
            f"submission_{n}:\n  :submitters:\n" + "".join(f"  - :email: {p}@example.org\n" for p in who)
            for n, who in people.items()
        )
        write(tmp_path / "in/assignment_7_export/submission_metadata.yml", listed)
    place = tmp_path / "in"
    if as_zip:
        place = tmp_path / "download.zip"
        with zipfile.ZipFile(place, "w") as archive:
            for path in sorted((tmp_path / "in").rglob("*")):
                archive.write(path, path.relative_to(tmp_path / "in"))
    found = submissions.find(place, submissions.PLATFORMS[platform])
    assert sorted(s.learner for s in found if s.text) == sorted(names.values())
    assert not [s.problem for s in found if s.problem]
    late = [s.learner for s in found if s.notes == ["handed in late, as its name says"]]
    assert late == [who for name, who in names.items() if "_LATE_" in name]


def test_of_a_moodle_download_nobody_vanishes(tmp_path):
    """A folder for what was typed, one that is empty, one with a PDF: each person has a row, and who has a notebook has one."""
    write(tmp_path / "Ada_1_assignsubmission_file_/a.ipynb", solved())
    write(tmp_path / "Ada_1_assignsubmission_onlinetext_/onlinetext.html", "<p>see the file")
    write(tmp_path / "Ben_2_assignsubmission_file_/work.pdf", "%PDF-1.7")
    (tmp_path / "Cleo_3_assignsubmission_file_").mkdir()
    assert who_and_what(tmp_path, submissions.PLATFORMS["moodle"]) == {
        "Ada_1": [],
        "Ben_2": "no notebook handed in, but Ben_2_assignsubmission_file_/work.pdf",
        "Cleo_3": "no notebook handed in",
    }


def test_two_folders_that_a_pattern_makes_one_learner_are_named(tmp_path, capsys):
    for name in ("ada_1", "ada_2"):
        write(tmp_path / "in" / name / "a.ipynb", solved())
    run(tmp_path / "in", "--out", str(tmp_path / "out"), "--learner", "^([a-z]+)")
    assert "ada: 2 notebooks count as one learner's" in capsys.readouterr().out


# ---- wrong endings, wrong contents -----------------------------------------------------------------------------------


def test_wrong_endings_are_read_or_named(tmp_path):
    good = nbformat.writes(solved())
    for name in ("a.ipynb.txt", "b.ipynb.json", "c.json", "d.IPYNB", "e.txt"):
        write(tmp_path / name, good)
    write(tmp_path / "f.py", "x = 1")
    write(tmp_path / "g.txt", "I was ill")
    write(tmp_path / "h/data.json", '{"cells": 3}')
    write(tmp_path / "timestamp.txt", "")
    (tmp_path / "i.ipynb").write_bytes(good.encode("utf-16"))
    for name, members in {
        "j.zip": {"work.ipynb": good, "__MACOSX/._work.ipynb": "x"},
        "k.zip": {"report.pdf": "%PDF"},
        "l/hand-in.zip": {"../../work.ipynb": good, "/etc/helper.py": "x = 1"},
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            for member, text in members.items():
                archive.writestr(member, text)
    (tmp_path / "m.zip").write_bytes(b"PK\x03\x04 and no more")
    with zipfile.ZipFile(tmp_path / "n.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.ipynb", "0" * 30_000_000)
    said = {who: what if isinstance(what, str) else "; ".join(what) for who, what in who_and_what(tmp_path).items()}
    assert said == {
        "a": "its name does not end in .ipynb: a.ipynb.txt",
        "b": "its name does not end in .ipynb: b.ipynb.json",
        "c": "its name does not end in .ipynb: c.json",
        "d": "",
        "e": "its name does not end in .ipynb: e.txt",
        "f": "no notebook handed in, but f.py",
        "g": "no notebook handed in, but g.txt",
        "h": "no notebook handed in, but h/data.json",
        "i": "",
        "j": "",
        "k": "no notebook handed in, but k/report.pdf",
        "l": "",
        "m": "the zip file cannot be read: File is not a zip file",
        "n": "larger than 20 MB",
    }


@pytest.mark.parametrize(
    "text, said",
    {
        "<!doctype html><p>x": "it is a web page (HTML)",
        "import numpy as np\nx = 1\n": "it is a Python script",
        "version https://git-lfs.github.com/spec/v1\noid sha256:0\n": "it is a pointer of Git LFS",
        "": "it is empty",
        '{"cells": [{"cell_type": "code"': "it breaks off in the middle",
        '{"a": 1}': "not a readable notebook (KeyError)",
        "[1, 2]": "not a readable notebook (TypeError)",
    }.items(),
    ids=lambda v: v[:12],
)
def test_what_is_no_notebook_is_called_what_it_is(text, said, tmp_path, capsys):
    write(tmp_path / "in/ada.ipynb", text)
    write(tmp_path / "in/ben.ipynb", solved())
    run(tmp_path / "in", "--out", str(tmp_path / "out"), "--chapter", "update_rule")
    assert said in rows(tmp_path / "out")["ada"]["notes"] and rows(tmp_path / "out")["ben"]["points"] == "7"


def test_a_notebook_without_metadata_is_read(tmp_path):
    data = json.loads(nbformat.writes(solved()))
    write(tmp_path / "in/ada.ipynb", json.dumps(data | {"metadata": None}))
    for cell in data["cells"]:
        cell["metadata"] = None
    write(tmp_path / "in/ben.ipynb", json.dumps(data))
    run(tmp_path / "in", "--out", str(tmp_path / "out"))
    assert [(r["points"], r["notes"]) for r in rows(tmp_path / "out").values()] == [
        ("7", "its metadata is null; read as a notebook for Python"),
        ("7", ""),
    ]


# ---- files beside the notebook ---------------------------------------------------------------------------------------


def test_small_files_beside_a_notebook_come_along(tmp_path):
    rest = [answer(id) for id in IDS["update_rule"] if not id.endswith("gd_step")]
    cells = ["import math\nimport numpy as np\nfrom helper import gd_step\nopen('data/x.csv').read()", *rest]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    for name in ("ada", "ben"):
        write(tmp_path / "in" / name / "work.ipynb", notebook)
        write(tmp_path / "in" / name / "data/x.csv", "1,2")
        write(tmp_path / "in" / name / "random.py", "1/0")  # a name that our own side imports too
    write(tmp_path / "in/ada/helper.py", GD_STEP)
    write(tmp_path / "in/ben/helper.py", "x = 1\n" * 200_000)
    run(tmp_path / "in", "--out", str(tmp_path / "out"), "--chapter", "update_rule")
    found = rows(tmp_path / "out")
    assert (found["ada"]["points"], found["ada"]["notes"]) == ("7", "")
    assert found["ben"]["notes"].startswith("helper.py, which lies beside it, did not come along: larger than 1 MB")
    assert found["ben"]["update_rule/gd_step"] == "0"
    write(tmp_path / "in/ada/helper.py", "def gd_step(w, g, lr): return w + lr * g")  # handed in again: graded again
    run(tmp_path / "in", "--out", str(tmp_path / "out"), "--chapter", "update_rule")
    assert rows(tmp_path / "out")["ada"]["update_rule/gd_step"] == "0"


# ---- tables and results ----------------------------------------------------------------------------------------------


def test_names_are_safe_in_spreadsheets(tmp_path):
    names = ["=1+1", "+1", "-1", "@a", "＝1+1", " =1", "Zoë"]
    for name in names:
        write(tmp_path / "in" / name / "x.ipynb", "")
    run(tmp_path / "in", "--out", str(tmp_path / "out"), "--chapter", "update_rule")
    assert (tmp_path / "out/marks.csv").read_bytes().startswith(b"\xef\xbb\xbflearner,")
    for table in ("marks.csv", "nbgrader.csv"):
        with open(tmp_path / "out" / table, newline="", encoding="utf-8-sig") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert not [cell for cell in cells if cell.strip()[:1] in tuple("=+-@＝＋－＠") and cell.strip()]
        assert "Zoë" in cells and "'=1+1" in cells


def test_results_inside_the_submissions_are_nobodys(tmp_path):
    write(tmp_path / "ada.ipynb", solved())
    for _ in range(2):
        run(tmp_path, "--out", str(tmp_path / "results"))
        assert list(rows(tmp_path / "results")) == ["ada"]


def test_the_time_that_nbgrader_wrote_down_counts(tmp_path):
    write(tmp_path / "submitted/ada/ps1/work.ipynb", solved())
    write(tmp_path / "submitted/ada/ps1/timestamp.txt", "2026-02-02 15:58:23.948203 America/Los_Angeles")
    write(tmp_path / "submitted/ben/ps1/work.ipynb", solved())
    write(tmp_path / "submitted/ben/ps1/timestamp.txt", "yesterday")
    found = {s.learner: s for s in submissions.find(tmp_path / "submitted")}
    assert found["ada"].handed_in == "2026-02-02T23:58:23+00:00" and not found["ben"].problem
    assert found["ben"].handed_in > "2026" and not found["ada"].beside  # the stamp is not the learner's


GRADESCOPE_FOLDERS = {
    "one notebook": ({"update_rule.ipynb": "solved"}, 7, ""),
    "a copy beside it": ({"update_rule.ipynb": "empty", "update_rule-Copy1.ipynb": "solved"}, 7, "2 notebooks count"),
    "no notebook": ({"work.py": "x = 1"}, 0, "no notebook handed in, but work.py"),
    "nothing": ({}, 0, "no notebook handed in"),
    "not readable": ({"update_rule.ipynb": "<html>"}, 0, "it is a web page"),
    "a helper": ({"a/work.ipynb": "solved", "b/helper.py": "x = 1"}, 7, ""),
}


@pytest.mark.parametrize("name", GRADESCOPE_FOLDERS)
def test_an_autograder_always_gets_its_results(name, tmp_path):
    files, score, said = GRADESCOPE_FOLDERS[name]
    (tmp_path / "submission").mkdir()
    for file, text in files.items():
        contents = {"solved": solved(), "empty": nbformat.v4.new_notebook()}
        write(tmp_path / "submission" / file, contents.get(text, text))
    assert run(tmp_path / "submission", "--out", str(tmp_path / "out"), "--single", "--chapter", "update_rule") == 0
    results = json.loads((tmp_path / "out/results.json").read_text())
    assert results["score"] == score and said in results["output"]


def test_an_autograder_gets_results_even_from_a_run_that_cannot_start(tmp_path):
    (tmp_path / "submission").mkdir()
    assert run(tmp_path / "submission", "--out", str(tmp_path / "out"), "--single", "--chapter", "momentun") == 2
    results = json.loads((tmp_path / "out/results.json").read_text())
    assert results["score"] == 0 and "Please tell your teacher" in results["output"]


@pytest.mark.parametrize(
    "options, said",
    [
        (["--learner", "(["], "is not a regular expression: unterminated character set"),
        (["--chapter", "momentun"], "no exercises in momentun; the chapters are"),
    ],
)
def test_a_bad_option_is_said_before_the_work(options, said, tmp_path, capsys):
    write(tmp_path / "in/ada.ipynb", solved())
    assert run(tmp_path / "in", "--out", str(tmp_path / "out"), *options) == 2
    assert said in capsys.readouterr().err and not (tmp_path / "out").exists()


def test_what_cannot_be_graded_here_has_a_row_and_is_tried_again(tmp_path, monkeypatch, capsys):
    """A machine without memory, a fault of ours: the learner is in the table, and the next run tries again."""
    write(tmp_path / "in/ada.ipynb", solved())
    write(tmp_path / "in/ben.ipynb", solved(after=["1"]))

    with monkeypatch.context() as here:
        here.setattr(folder, "grade", lambda task: (_ for _ in ()).throw(OSError("no \udcff kernel")))
        folder.grade_folder(tmp_path / "in", tmp_path / "out", chapters=["update_rule"], backend="sequential")
    assert [r["notes"] for r in rows(tmp_path / "out").values()] == [
        "could not be graded here, OSError: no \\udcff kernel"
    ] * 2
    assert "0 of 2 notebooks graded" in capsys.readouterr().out
    folder.grade_folder(tmp_path / "in", tmp_path / "out", chapters=["update_rule"])
    assert [r["points"] for r in rows(tmp_path / "out").values()] == ["7", "7"]


# ---- killed at any moment --------------------------------------------------------------------------------------------

MOMENTS = {
    "while the secret is made": ("os", "link", 1),
    "before the first report": ("report", "leave", 1),
    "between two reports": ("report", "leave", 3),
    "while a report is put in its place": ("Path", "replace", 3),
    "while the table is put in its place": ("Path", "replace", 6),
}


def killed_at(moment, place, out):
    """Grade, and be killed at the n-th call of a function."""
    owner, name, count = MOMENTS[moment]
    code = f"""
import os, signal, sys
from pathlib import Path
from gdcourse.grading import folder, report
owner, real, calls = {owner}, {owner}.{name}, []
def fatal(*a, **k):
    calls.append(1)
    if len(calls) == {count}:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*a, **k)
setattr(owner, {name!r}, fatal)
folder.main(sys.argv[1:])
"""
    command = [sys.executable, "-c", code, str(place), "--out", str(out), "--chapter", "update_rule", "--jobs", "2"]
    return subprocess.run(command, capture_output=True, text=True, timeout=300).returncode


@pytest.fixture(scope="module")
def five(tmp_path_factory):
    """Five notebooks, and what an undisturbed run makes of them."""
    place, out = tmp_path_factory.mktemp("five"), tmp_path_factory.mktemp("undisturbed")
    for k in range(5):
        write(place / f"s{k}.ipynb", solved(after=["exit()"] * (k % 2)))
    run(place, "--out", str(out), "--chapter", "update_rule")
    return place, out


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_and_started_again_nothing_is_lost_or_doubled(moment, five, tmp_path):
    place, undisturbed = five
    out = tmp_path / "out"
    assert killed_at(moment, place, out) == -signal.SIGKILL
    before = {path: path.stat().st_mtime_ns for path in (out / "reports").glob("*.json")}
    assert run(place, "--out", str(out), "--chapter", "update_rule") == 0
    assert {path: path.stat().st_mtime_ns for path in before} == before  # what was done is not done again
    assert len(list((out / "reports").glob("*.json"))) == 5
    for table in ("marks.csv", "nbgrader.csv"):
        assert (out / table).read_bytes() == (undisturbed / table).read_bytes()
    assert {p.name for p in (out / "feedback").iterdir()} == {p.name for p in (undisturbed / "feedback").iterdir()}
    assert len((out / "secret").read_text()) == 64


def test_an_empty_secret_is_not_used(tmp_path, capsys):
    write(tmp_path / "in/ada.ipynb", solved())
    (tmp_path / "empty").touch()
    assert run(tmp_path / "in", "--out", str(tmp_path / "out"), "--secret", str(tmp_path / "empty")) == 2
    assert "is empty" in capsys.readouterr().err


# ---- texts of strangers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, safe",
    {
        "caf\udce9.txt": "caf\\udce9.txt",
        "\x1b[31mred\x1b[0m": "\\x1b[31mred\\x1b[0m",
        "right\u202eto left": "right\\u202eto left",
        "tab\tand\nline, é, 李, \xa0": "tab\tand\nline, é, 李, \xa0",
        "x" * 3000: "x" * 1999 + "…",
    }.items(),
    ids=lambda v: ascii(v)[:10],
)
def test_a_text_is_made_safe_where_it_enters(text, safe):
    assert wire.clean(text) == safe
    safe.encode("utf-8")


@pytest.mark.parametrize(
    "line",
    ['{"kind": ["x"]}', "[" * 50_000, '{"kind": "write", "what": 3}', "17", "{", '{"kind": "cell "}', "9" * 10_000],
    ids=lambda v: v[:12],
)
def test_a_forged_line_is_refused(line):
    with pytest.raises(ValueError):
        wire.arrived("event", line)


# ---- what the page of the course writes ------------------------------------------------------------------------------

EVENT = {"at": "2026-01-02T03:04:05+00:00", "kind": "quiz", "id": "loss/unit.0123abcd", "ok": False, "option": "b"}


def test_a_file_of_the_page_is_its_learners(tmp_path):
    names = ["Ada Byron - update_rule", "Ben - update_rule (1)", "Cy - momentum", "Dora - Smith", "update_rule"]
    for name in names:
        write(tmp_path / f"{name}.ipynb", solved())
    assert set(who_and_what(tmp_path)) == {"Ada Byron", "Ben", "Cy", "Dora - Smith", "update_rule"}


@pytest.mark.parametrize(
    ("platform", "file", "who"),
    [
        ("moodle", "Ada Byron_4711_assignsubmission_file_/x.ipynb", "Ada Byron_4711"),
        ("canvas", "byronada_4711_815_x.ipynb", "byronada_4711"),
        ("gradescope", "submission_1001/x.ipynb", "submission_1001"),
    ],
)
@pytest.mark.parametrize("above", ["", "Class 7-Exercise 1-815/", "Term_2/"])
def test_a_download_may_lie_in_a_folder_of_any_name(platform, file, who, above, tmp_path):
    write(tmp_path / f"{above}{file}", solved())
    assert who in [s.learner for s in submissions.find(tmp_path, submissions.PLATFORMS[platform]) if s.text]


@pytest.mark.parametrize(
    "hostile",
    [
        None,
        3,
        [],
        {"events": 3},
        {"events": [3, None, {"kind": "quiz"}, {**EVENT, "id": 3}, {**EVENT, "option": ["b"]}, {**EVENT, "id": "<b>"}]},
        {"events": [{**EVENT, "option": "z"}, {**EVENT, "kind": "check"}]},
    ],
)
def test_what_a_notebook_says_of_its_quiz_is_held_to_a_form(hostile, tmp_path):
    write(tmp_path / "ada.ipynb", solved(gdcourse=hostile))
    assert [s.quiz for s in submissions.find(tmp_path)] == [{}]


def test_the_first_answer_to_a_question_counts(tmp_path):
    later = {**EVENT, "option": "a", "ok": True}
    write(tmp_path / "ada.ipynb", solved(gdcourse={"events": [EVENT, later]}))
    write(tmp_path / "ben/work.ipynb", solved())
    (tmp_path / "ben/progress.jsonl").write_text("".join(json.dumps(e) + "\n" for e in (later, EVENT)) + "{half")
    found = {s.learner: s.quiz for s in submissions.find(tmp_path)}
    assert found == {"ada": {EVENT["id"]: "b"}, "ben": {EVENT["id"]: "a"}}


def test_what_was_written_for_an_earlier_book_is_said(tmp_path):
    old = nbformat.v4.new_code_cell("x = 1", metadata={"gdcourse": {"earlier": "a.b.c"}})
    write(tmp_path / "ada.ipynb", solved(after=[old]))
    assert who_and_what(tmp_path)["ada"] == ["cell 7: written for an earlier version of the book"]


def reported(file, learner, code="right", handed_in="2026-11-30T12:00:00+00:00"):
    return {"file": file, "learner": learner, "marks": [{"code": code}], "notes": ["old"], "handed_in": handed_in}


def test_who_was_late_and_whose_code_is_alike():
    one, other = nbformat.writes(solved()), nbformat.writes(solved(after=["x = 1"]))
    texts = {"a": one, "b": one.replace("\\n\\n", "\\n"), "c": other, "d": one, "e": one, "f": "no notebook"}
    files = {file: submissions.Submission(file, file, text=text) for file, text in texts.items()}
    reports = [
        reported("a", "Ada"),
        reported("b", "Ben", handed_in="2026-11-30T13:30:00+00:00"),
        reported("c", "Cleo"),
        reported("d", "Ada"),  # her own second notebook is hers
        reported("e", "Emil", code="untouched"),
        reported("f", "Finn", code="missing", handed_in=""),
    ]
    due = folder._due("2026-11-30T13:00+00:00")
    half, sharp = due + timedelta(minutes=30), due
    late = f"handed in late: {half:%Y-%m-%d %H:%M}, due {sharp:%Y-%m-%d %H:%M}"
    found = folder.noticed(reports, due, files)
    assert all(r["notes"] == ["old"] for r in found)
    assert {r["file"]: r["noticed"] for r in found} == {
        "a": ["the same code as Ben"], "b": [late, "the same code as Ada"], "c": [], "d": ["the same code as Ben"], "e": [], "f": [],
    }  # fmt: skip
    with pytest.raises(folder.Trouble, match="is no time"):
        folder._due("tomorrow")
