"""The exercises stand in the chapters as their files say; `sync` puts them there and keeps everything else."""

import json
import re
from pathlib import Path

import nbformat
import pytest

from gdcourse.exercises import __main__ as command
from gdcourse.exercises.author import exercise as author
from gdcourse.exercises.author import sync

ROOT = Path(__file__).resolve().parents[1]
ID = "momentum/momentum_step"
TOC = "format: jb-book\nroot: index\nparts:\n  - caption: Chapters\n    chapters:\n      - file: chapters/momentum\n  - caption: Reference\n    chapters:\n      - file: chapters/notation\n"


def test_the_chapters_hold_what_the_files_say(capsys, monkeypatch):
    monkeypatch.setenv("GDCOURSE_COURSE", str(ROOT))
    assert command.main(["sync", "--check"]) == 0, capsys.readouterr().out


@pytest.fixture
def course(tmp_path, monkeypatch):
    (tmp_path / "chapters").mkdir()
    (tmp_path / "exercises").symlink_to(ROOT / "exercises")
    (tmp_path / "_toc.yml").write_text(TOC)
    monkeypatch.setenv("GDCOURSE_COURSE", str(tmp_path))
    cells = [
        nbformat.v4.new_markdown_cell("# Momentum remembers"),
        nbformat.v4.new_code_cell("from gdcourse import check, hint, solution"),
        nbformat.v4.new_markdown_cell(f"<!-- exercise: {ID} -->"),
        nbformat.v4.new_markdown_cell("Afterwards."),
    ]
    write(tmp_path, nbformat.v4.new_notebook(cells=cells))
    return tmp_path


def write(folder, notebook):
    (folder / "chapters/momentum.ipynb").write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")


def read(folder):
    return nbformat.read(folder / "chapters/momentum.ipynb", as_version=4)


def test_a_marker_becomes_three_cells(course, capsys):
    assert command.main(["sync", "--check"]) == 1
    assert command.main(["sync"]) == 0
    notebook = read(course)
    nbformat.validate(notebook)
    head, imports, prompt, starter, check, after = notebook.cells
    exercise = author.load(ID)
    assert (
        prompt.source.startswith(f"<!-- exercise: {ID} -->\n### Exercise: {exercise.title}")
        and exercise.prompt in prompt.source
    )
    assert starter.source == exercise.starter.strip() and starter.source.endswith("...")
    assert check.source == f'check("{ID}", momentum_step)'
    assert [c.metadata.gdcourse for c in (prompt, starter, check)] == [{"exercise": ID, "part": p} for p in sync.PARTS]
    assert (head.source, after.source) == ("# Momentum remembers", "Afterwards.")
    assert (
        course / "chapters/solutions/momentum.md"
    ).read_text() == "# Solutions: momentum remembers\n\n```{solutions} momentum\n```\n"
    assert (
        course / "_toc.yml"
    ).read_text() == TOC + "  - caption: Solutions\n    chapters:\n      - file: chapters/solutions/momentum\n"
    capsys.readouterr()
    assert command.main(["sync", "--check"]) == 0 and capsys.readouterr().out == ""
    text = (course / "chapters/momentum.ipynb").read_text()
    assert command.main(["sync"]) == 0 and (course / "chapters/momentum.ipynb").read_text() == text


def test_outputs_stay_and_a_learners_text_in_a_starter_goes(course):
    command.main(["sync"])
    notebook = read(course)
    notebook.cells[4].outputs = [nbformat.v4.new_output("stream", text="kept\n")]
    notebook.cells[4].execution_count = 9
    notebook.cells[3].source += "\n    return 1"
    write(course, notebook)
    assert command.main(["sync", "--check"]) == 1
    command.main(["sync"])
    again = read(course)
    assert again.cells[4].outputs[0].text == "kept\n" and again.cells[4].execution_count == 9
    assert again.cells[3].source.endswith("...")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda cells: cells.pop(4),
        lambda cells: cells[2].update(source=cells[2].source + " More."),
        lambda cells: cells[3].metadata.pop("gdcourse"),
        lambda cells: cells.insert(4, cells.pop(3)),
        lambda cells: cells.pop(2),
    ],
)
def test_a_check_finds_what_was_changed_by_hand(course, spoil):
    command.main(["sync"])
    notebook = read(course)
    spoil(notebook.cells)
    write(course, notebook)
    assert command.main(["sync", "--check"]) == 1


def test_an_exercise_that_is_taken_out_leaves_nothing_behind(course):
    command.main(["sync"])
    notebook = read(course)
    del notebook.cells[2]
    write(course, notebook)
    command.main(["sync"])
    assert [c.source for c in read(course).cells] == [
        "# Momentum remembers",
        "from gdcourse import check, hint, solution",
        "Afterwards.",
    ]
    assert "Solutions" not in (course / "_toc.yml").read_text()


@pytest.mark.parametrize(
    "cell, words",
    [
        (f"<!-- exercise: {ID} -->", "twice"),
        ("<!-- exercise: momentum/momentum_stp -->", "Did you mean"),
    ],
)
def test_a_slip_of_the_author_is_named_and_nothing_is_written(course, capsys, cell, words):
    notebook = read(course)
    notebook.cells.append(nbformat.v4.new_markdown_cell(cell))
    write(course, notebook)
    before = (course / "chapters/momentum.ipynb").read_text()
    assert command.main(["sync"]) == 1
    assert words in capsys.readouterr().out and (course / "chapters/momentum.ipynb").read_text() == before


def test_a_chapter_that_does_not_import_check_is_named(course, capsys):
    notebook = read(course)
    notebook.cells[1].source = "import numpy as np"
    write(course, notebook)
    assert command.main(["sync"]) == 1 and "must import" in capsys.readouterr().out


def test_cell_ids_are_legal_and_differ():
    ids = [sync.cell_id(id, part) for id in author.all_ids() for part in sync.PARTS]
    assert len(set(ids)) == len(ids) and all(re.fullmatch(r"[A-Za-z0-9_-]{1,64}", id) for id in ids)


def test_a_new_exercise_can_be_proved_at_once(tmp_path, monkeypatch, capsys):
    (tmp_path / "exercises").mkdir()
    monkeypatch.setenv("GDCOURSE_COURSE", str(tmp_path))
    assert command.main(["new", "momentum/tried_out"]) == 0
    assert command.main(["prove", "momentum/tried_out", "--seeds", "1"]) == 0
    assert command.main(["new", "momentum/tried_out"]) == 1  # never overwrites
    assert command.main(["new", "../escape"]) == 1 and command.main(["new", "nochapter"]) == 1
    assert command.main(["prove", "momentum/not_there"]) == 1
    capsys.readouterr()


def test_no_chapter_holds_a_solution():
    for path in (ROOT / "chapters").glob("*.ipynb"):
        code = [
            re.sub(r"\s+", " ", "".join(c["source"]))
            for c in json.loads(path.read_text(encoding="utf-8"))["cells"]
            if c["cell_type"] == "code"
        ]
        for id in re.findall(r"<!-- exercise: (\S+) -->", path.read_text(encoding="utf-8")):
            body = re.sub(r"\s+", " ", author.load(id).source(author.load(id).solution))
            assert not any(body.strip() in cell for cell in code), f"{path.name} holds the solution of {id}"
