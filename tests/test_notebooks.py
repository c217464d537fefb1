"""Notebooks: one committed form, each executed once, and again when something it depends on changes."""

import base64
import io
import json

import nbformat
import numpy as np
import pytest
from PIL import Image

from gdcourse.demos import DEMOS
from website.make import build, execute, notebooks

pytestmark = pytest.mark.patient


@pytest.mark.parametrize("path", build.notebooks(), ids=lambda path: path.stem)
def test_a_chapter_is_committed_in_the_normal_form(path):
    assert not notebooks.faults(path), "run  make notebooks"


def messy():
    """A notebook as an editor leaves it."""
    new, output = nbformat.v4, nbformat.v4.new_output
    notebook = new.new_notebook(
        metadata={
            "widgets": {"state": 1},
            "language_info": {"name": "python", "version": "3.11.7"},
            "vscode": {},
            "mystnb": {"a": 1},
        }
    )
    notebook.cells = [
        new.new_markdown_cell("# Title  \n\n", id="same", metadata={"collapsed": False}),
        new.new_code_cell("", id="empty"),
        new.new_code_cell(
            "1 / 0",
            id="same",
            metadata={"tags": ["raises-exception"], "scrolled": True},
            outputs=[output("error", ename="ZeroDivisionError", evalue="division by zero", traceback=["\x1b[31mlong"])],
        ),
        new.new_code_cell(
            "draw()\n",
            execution_count=17,
            metadata={"tags": []},
            outputs=[
                output("stream", name="stdout", text="a"),
                output("stream", name="stdout", text=f"b in 0.53 s, 12 steps, {notebooks.ROOT}/a\n"),
                output("display_data", data={"image/svg+xml": "<svg/>", "text/plain": "<Figure at 0x7f3a5b2c>"}),
                output(
                    "display_data",
                    data={"application/vnd.jupyter.widget-view+json": {"model_id": "5f"}, "text/plain": "Demo()"},
                ),
                output("execute_result", data={"text/plain": "3.5", "text/html": "<b>3.5</b>"}, execution_count=17),
            ],
        ),
    ]
    return notebook


def test_the_normal_form_keeps_text_and_drops_the_rest():
    fresh = notebooks.normal(messy())
    title, error, drawn = fresh.cells
    assert fresh.metadata == {**notebooks.NOTEBOOK_METADATA, "mystnb": {"a": 1}}
    assert title.source == "# Title" and title.metadata == {}
    assert [cell.get("execution_count") for cell in fresh.cells] == [None, 1, 2]
    assert error.metadata == {"tags": ["raises-exception"]} and error.outputs[0].traceback == []
    assert drawn.metadata == {}
    assert drawn.outputs[0].text == "ab in … s, 12 steps, ./a\n"
    assert [output.data for output in drawn.outputs[1:]] == [
        {"text/plain": "<Figure at 0x0>"},
        {"text/plain": "Demo()"},
        {"text/plain": "3.5"},
    ]
    assert drawn.outputs[3].execution_count == 2
    assert len({cell.id for cell in fresh.cells}) == 3 and title.id == "same"


def test_a_demo_leaves_a_small_picture_for_those_who_read_where_nothing_runs():
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell(
                "Fog()",
                outputs=[
                    nbformat.v4.new_output(
                        "execute_result",
                        data={
                            notebooks.MIME: {"name": "Fog", "state": {"angle": 45.0}},
                            "text/plain": "Fog(angle=45.0)\nAt …",
                        },
                        execution_count=1,
                    )
                ],
            )
        ]
    )
    once = notebooks.normal(notebook)
    data = once.cells[0].outputs[0].data
    picture = base64.b64decode(data["image/png"])
    assert set(data) == {"text/plain", "image/png"} and picture[:4] == b"\x89PNG" and 2_000 < len(picture) < 25_000
    assert once.cells[0].outputs[0].metadata == {"image/png": {"alt": "At …"}}
    assert notebooks.normal(once) == once, "and it stays"
    once.cells[0].outputs[0].data["text/plain"] = "<Figure>"
    assert set(notebooks.normal(once).cells[0].outputs[0].data) == {"text/plain"}, "only a demo's"


def test_a_still_stays_where_it_looks_the_same():
    """Another processor rounds the last bit otherwise: a pixel of a line changes its shade, and the notebook stays as it is."""

    def notebook(picture):
        out = io.BytesIO()
        Image.fromarray(picture).save(out, "PNG")
        data = {"text/plain": "Race()\nSix methods.", "image/png": base64.b64encode(out.getvalue()).decode()}
        output = nbformat.v4.new_output("display_data", data=data)
        return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("Race()", outputs=[output], id="race")])

    committed = np.full((256, 544, 3), 255, dtype=np.uint8)
    committed[100, 50:450] = 0
    shade, moved, smaller = committed.copy(), committed.copy(), committed[:, :500]
    shade[100, 200:203] = 60
    shade[150:] = 250  # another palette: every colour a little off
    moved[100, 200:240], moved[101, 200:240] = 255, 0
    before = notebook(committed)
    text = notebooks.text_of(before)
    for picture in committed, shade:
        assert notebooks.text_of(notebook(picture), before=before) == text
    for picture in moved, smaller:
        assert notebooks.text_of(notebook(picture), before=before) == notebooks.text_of(notebook(picture)) != text


@pytest.mark.parametrize("path", build.notebooks(), ids=lambda path: path.stem)
def test_every_demo_of_a_chapter_has_its_picture(path):
    for cell in notebooks.read(path).cells:
        for output in cell.get("outputs", []):
            text = "".join(output.get("data", {}).get("text/plain", ""))
            if text.partition("(")[0] in DEMOS:
                assert "image/png" in output.data, "run  make notebooks"


def test_the_normal_form_of_the_normal_form_is_itself():
    once = notebooks.text_of(messy())
    assert notebooks.text_of(nbformat.v4.reads_json(once)) == once
    assert notebooks.text_of(messy()).count('"id": "same"') == 1


def test_a_cell_of_another_kind_is_refused():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_raw_cell("x")])
    with pytest.raises(ValueError, match="raw cell"):
        notebooks.normal(notebook)


def test_check_shows_what_is_not_normal(tmp_path):
    path = tmp_path / "messy.ipynb"
    path.write_text(json.dumps(messy()))
    assert '+   "execution_count": 1,' in notebooks.faults(path)
    path.write_text(notebooks.text_of(messy()))
    assert notebooks.faults(path) == ""
    path.write_text(path.read_text().rstrip("\n"))
    assert notebooks.faults(path)


@pytest.fixture
def project(tmp_path):
    """A small project: two notebooks of which one is a chapter with exercises, a package, a lock."""
    for name in ("website/content", "gdcourse/demos", "gdcourse/exercises/judge", "chapters", "exercises/momentum"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "gdcourse/optimizers.py").write_text("rate = 0.1\n")
    for name in ("demos/fog.js", "exercises/judge/decide.py"):
        (tmp_path / "gdcourse" / name).write_text("")
    (tmp_path / "exercises/momentum/step.py").write_text("")
    (tmp_path / "uv.lock").write_text("")
    count = "open('runs-{}', 'a').write('x') and None"
    for name, uses in ("momentum", "check = hint = 1"), ("loss", "1"):
        cells = [
            nbformat.v4.new_markdown_cell(name),
            nbformat.v4.new_code_cell(f"{uses}; {count.format(name)}"),
            nbformat.v4.new_code_cell(f"print('{name} ran')"),
        ]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / f"chapters/{name}.ipynb")
    return tmp_path


def runs(project):
    """How often each notebook was executed so far, after bringing all up to date."""
    paths = sorted(project.glob("chapters/*.ipynb"))
    kept = execute.execute(paths, project, say=lambda line: None)
    assert [kept[path]["outputs"][1][0]["text"] for path in paths] == ["loss ran\n", "momentum ran\n"]
    return {path.stem: len((project / f"chapters/runs-{path.stem}").read_text()) for path in paths}


def test_a_notebook_is_executed_again_only_when_what_it_depends_on_changes(project):
    assert runs(project) == {"loss": 1, "momentum": 1}
    assert runs(project) == {"loss": 1, "momentum": 1}, "the same content is executed once"

    path = project / "chapters/loss.ipynb"
    path.write_text(path.read_text().replace('"loss"', '"other words"'))
    (project / "website/content/pages.py").write_text("# the Sphinx side")
    (project / "gdcourse/demos/fog.js").write_text("// a demo that neither shows")
    assert runs(project) == {"loss": 1, "momentum": 1}, "neither prose nor what a notebook does not use is a reason"

    (project / "exercises/momentum/step.py").write_text("# another hint")
    assert runs(project) == {"loss": 1, "momentum": 2}, "an exercise concerns its own chapter"

    (project / "gdcourse/exercises/judge/decide.py").write_text("# another verdict")
    assert runs(project) == {"loss": 1, "momentum": 3}, "the checks concern who checks"

    (project / "gdcourse/optimizers.py").write_text("rate = 0.2\n")
    assert runs(project) == {"loss": 2, "momentum": 4}, "a change in the mathematics concerns all"

    (project / "uv.lock").write_text("numpy 3")
    assert runs(project) == {"loss": 3, "momentum": 5}, "and so does a new lock"

    path.write_text(path.read_text().replace("print('loss ran'", "print('loss', 'ran'"))
    assert runs(project) == {"loss": 4, "momentum": 5}, "code concerns the notebook it stands in"


def test_outputs_are_put_into_the_notebook_as_it_is_now(project):
    path = project / "chapters/loss.ipynb"
    kept = execute.execute([path], project, say=lambda line: None)[path]
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell("a new sentence"))
    cells = execute.code_cells(execute.filled(notebook, kept))
    assert [cell.execution_count for cell in cells] == [1, 2]
    assert cells[1].outputs[0].text == "loss ran\n"
    notebook.cells.append(nbformat.v4.new_code_cell("1"))
    with pytest.raises(ValueError):
        execute.filled(notebook, kept)


def test_a_line_that_the_kernel_sends_in_pieces_is_one_line(project):
    """On a busy machine a kernel flushes in the middle of a line; myst-nb would begin a new one there."""
    path = project / "chapters/loss.ipynb"
    cell = "import sys\nprint('0.1', end=' ', flush=True)\nprint('w', file=sys.stderr, flush=True)\nprint('a', end=' ')\nsys.stdout.flush()\nprint('b')"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[2].source = cell
    nbformat.write(notebook, path)
    kept = execute.execute([path], project, say=lambda line: None)[path]
    assert [(one["name"], one["text"]) for one in kept["outputs"][1]] == [
        ("stdout", "0.1 "),
        ("stderr", "w\n"),
        ("stdout", "a b\n"),
    ]


def test_an_error_names_the_notebook_and_shows_the_cell(project):
    path = project / "chapters/loss.ipynb"
    path.write_text(path.read_text().replace("print('loss ran')", "w = 1\\nw / 0"))
    lines = []
    with pytest.raises(execute.ExecutionFailed) as failure:
        execute.execute(sorted(project.glob("chapters/*.ipynb")), project, say=lines.append)
    message = str(failure.value)
    assert message.startswith("loss.ipynb, code cell 2:")
    assert "w / 0" in message and "ZeroDivisionError" in message and "\x1b" not in message
    assert any("momentum" in line and "error" not in line for line in lines), "the others run to their end"
    assert json.loads(execute.Cache(project).file(project / "chapters/momentum.ipynb").read_text())["outputs"]
    assert not execute.Cache(project).file(project / "chapters/loss.ipynb").exists(), "a failure is not kept"


def test_a_kernel_starts_with_nothing_of_ours_and_where_it_should(project):
    """It is forked from a process with imports of its own; what one notebook does, the next does not see."""
    path = project / "chapters/loss.ipynb"
    look = "import os, sys; print(os.getcwd() == os.path.dirname({!r}), 'gdcourse' in sys.modules, 'np' in dir(), sys.modules.get('left'), os.environ['MPLBACKEND'])"
    cells = [
        nbformat.v4.new_code_cell(look.format(str(path))),
        nbformat.v4.new_code_cell("sys.modules['left'] = 1"),
        nbformat.v4.new_code_cell("from gdcourse import check"),
    ]
    for name in "loss", "momentum":
        nbformat.write(nbformat.v4.new_notebook(cells=cells), project / f"chapters/{name}.ipynb")
    for kept in execute.execute(
        sorted(project.glob("chapters/*.ipynb")), project, say=lambda line: None, jobs=1
    ).values():
        assert kept["outputs"][0][0]["text"] == "True False False None module://matplotlib_inline.backend_inline\n"


def test_a_cell_that_takes_too_long_is_stopped(project):
    path = project / "chapters/loss.ipynb"
    path.write_text(path.read_text().replace("print('loss ran')", "import time; time.sleep(60)"))
    with pytest.raises(execute.ExecutionFailed, match="more than 1 seconds"):
        execute.execute([path], project, say=lambda line: None, timeout=1)


def test_a_lost_wake_up_costs_a_slice_and_not_the_timeout():
    import asyncio
    from queue import Empty

    asked = []

    async def get_msg(timeout):
        asked.append(timeout)
        if len(asked) < 3:
            raise Empty  # the message is there, but zmq did not wake us
        return "message"

    assert asyncio.run(execute.sliced(get_msg)(timeout=60)) == "message"
    assert asked == [execute.SLICE] * 3

    async def silent(timeout):
        await asyncio.sleep(timeout)
        raise Empty

    with pytest.raises(Empty):
        asyncio.run(execute.sliced(silent)(timeout=0.01))
