"""Checks in a real kernel: deadlines, the learner's own line, and a kernel that goes on as if nothing had been."""

import nbformat
import pytest

pytestmark = pytest.mark.patient

CELLS = [
    "import numpy as np\nfrom gdcourse import check, progress\nID = 'update_rule/gd_step'",
    "def gd_step(w, g, lr):\n    while True:\n        w = w - lr * g\n    return w",
    "check(ID, gd_step)",
    "def gd_step(w, g, lr):\n    step = lr * slope\n    return w - step",
    "check(ID, gd_step)",
    "def gd_step(w, g, lr):\n    return input('?')",
    "check(ID, gd_step)",
    "import time\ndef gd_step(w, g, lr):\n    print('thinking about', w)\n    time.sleep(0.01)\n    return w - lr * g",
    "check(ID, gd_step)",
    "print('the kernel goes on')",
    "%%capture seen\nprint('magic works')\nverdict = check(ID, gd_step)",
    "print(repr(seen.stdout), verdict.ok)",
]


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    from nbclient import NotebookClient

    folder = tmp_path_factory.mktemp("notebook")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GDCOURSE_PROGRESS", str(folder / "progress.jsonl"))
        NotebookClient(notebook, timeout=60, kernel_name="python3").execute()

    def text(cell):
        return "".join(o.get("text", "") or o.get("data", {}).get("text/plain", "") for o in cell.outputs)

    return notebook.cells, [text(cell) for cell in notebook.cells]


def test_a_loop_is_ended_and_its_line_shown(outputs):
    said = outputs[1][2]
    assert "did not come to an end within 2 seconds" in said
    assert "line 2, `while True:`" in said or "line 3, `w = w - lr * g`" in said


def test_the_learners_line_of_the_cell_is_shown(outputs):
    assert "line 2, `step = lr * slope`, with NameError" in outputs[1][4]


def test_input_is_no_way_to_wait_for_ever(outputs):
    assert "It stopped in line 2, `return input('?')`" in outputs[1][6]


def test_prints_of_a_right_answer_are_swallowed_and_the_kernel_goes_on(outputs):
    said = outputs[1]
    assert "✓ Right" in said[8] and "thinking" not in said[8]
    assert said[9] == "the kernel goes on\n"
    assert "'magic works\\n' True" in said[11]


def test_the_output_is_text_and_html(outputs):
    data = outputs[0][8].outputs[0]["data"]
    assert set(data) == {"text/plain", "text/html"} and 'role="status"' in data["text/html"]
