"""Demos and cards in a real JupyterLab and a real Notebook 7: widgets like any other, in step with their Python side."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

import numpy as np
import pytest

from gdcourse.exercises import author

CELLS = [
    "from gdcourse import descend, gd, problems\nfrom gdcourse.demos import FindTheEdge\ndemo = FindTheEdge(lr=0.2)\ndemo",
    "import ipywidgets\ntext = ipywidgets.FloatText()\nipywidgets.link((demo, 'lr'), (text, 'value'))\nipywidgets.VBox([text])",
    "demo.add_path(descend(gd, problems.bowl.grad, [-4.0, 3.0], 20, lr=0.05), label='my own')\ndemo.lr = 0.23",
    "import json\nwith open('seen.json', 'w') as file:\n    json.dump([demo.lr, text.value, demo.path.tolist(), demo.reached], file)",
]
CARDS = [
    "from gdcourse import cards, check\norder_proof = cards('convergence_proof/order_proof')\norder_proof",
    "import json\nverdict = check('convergence_proof/order_proof', order_proof)\nwith open('cards.json', 'w') as file:\n    json.dump([verdict.code, order_proof.orders, order_proof.solved], file)\nverdict",
]


FIND = """() => { for (const e of document.querySelectorAll('*')) if (e.demo) return e; }"""


def notebook(sources):
    cells = [
        {"cell_type": "code", "id": f"c{i}", "metadata": {}, "source": code, "outputs": [], "execution_count": None}
        for i, code in enumerate(sources)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps({"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5})


# what it is called to start it -> the address of a notebook in it
APPS = {"jupyterlab": "/lab/tree/{}?token=t&reset", "notebook": "/notebooks/{}?token=t"}


@pytest.fixture(scope="module", params=APPS)
def lab(request, tmp_path_factory):
    """A running JupyterLab or Notebook on an empty folder with one notebook: (address, with {} for the notebook, and folder)."""
    pytest.importorskip(request.param)
    folder = tmp_path_factory.mktemp(request.param)
    (folder / "play.ipynb").write_text(notebook(CELLS))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = [f"--ServerApp.root_dir={folder}", f"--port={port}", "--no-browser", "--ServerApp.token=t", "--LabApp.news_url=None",
                "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", "--allow-root"]  # fmt: skip
    env = {**os.environ, "JUPYTER_CONFIG_DIR": str(folder / ".config"), "JUPYTERLAB_SETTINGS_DIR": str(folder / ".settings"),
           "JUPYTERLAB_WORKSPACES_DIR": str(folder / ".workspaces"), "GDCOURSE_PROGRESS": str(folder / "progress.jsonl")}  # fmt: skip
    with open(folder / "log.txt", "w") as log:
        running = subprocess.Popen(
            [sys.executable, "-m", request.param, *settings], cwd=folder, env=env, stdout=log, stderr=log
        )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{address}/api?token=t")
                break
            except (urllib.error.URLError, ConnectionError):
                if running.poll() is not None:
                    break
                time.sleep(0.25)
        else:
            pytest.fail(f"{request.param} does not start:\n" + (folder / "log.txt").read_text()[-2000:])
        yield address + APPS[request.param], folder
    finally:
        running.terminate()
        running.wait(20)


def open_notebook(page, address, name):
    """Open a notebook and wait until its kernel is idle and connected."""
    page.goto(address.format(name))
    page.locator(".jp-Notebook-cell").first.wait_for(timeout=120000)
    for _ in range(480):
        with urllib.request.urlopen("/".join(address.split("/")[:3]) + "/api/sessions?token=t") as answer:
            sessions = json.load(answer)
        if any(
            one["path"] == name and one["kernel"]["connections"] and one["kernel"]["execution_state"] == "idle"
            for one in sessions
        ):
            return
        page.wait_for_timeout(250)
    pytest.fail(f"the kernel of {name} does not come up: {sessions}")


def run_cell(page, folder, number):
    """Run a cell and wait until the kernel has answered."""
    cell = page.locator(".jp-Notebook-cell").nth(number)
    cell.locator(".jp-InputArea-editor").click()
    page.keyboard.press("Control+Enter")
    page.wait_for_function(
        "n => /\\[\\d+\\]/.test(document.querySelectorAll('.jp-Notebook-cell')[n].querySelector('.jp-InputPrompt').textContent)",
        arg=number,
        timeout=90000,
    )


@contextmanager
def opened(browser, lab, name):
    """A notebook in JupyterLab; leaving it, nothing must have failed in the page."""
    context = browser.new_context(viewport={"width": 1200, "height": 1500})
    try:
        page, errors = context.new_page(), []
        open_notebook(page, lab[0], name)
        page.on(
            "pageerror", lambda error: errors.append(str(error))
        )  # what the application says while it starts is its own
        yield page
        assert errors == []
    finally:
        context.close()


def written(page, path):
    """What a cell writes as a list, when it is whole."""
    for _ in range(100):
        if path.exists() and path.read_text().endswith("]"):
            break
        page.wait_for_timeout(100)
    return json.loads(path.read_text())


def test_a_demo_is_a_widget_like_any_other(browser, lab):
    folder = lab[1]
    with opened(browser, lab, "play.ipynb") as page:
        run_cell(page, folder, 0)
        page.wait_for_function(f"() => ({FIND})()", timeout=60000)
        demo = page.evaluate_handle(f"({FIND})()")
        assert demo.evaluate("e => e.demo.state.lr") == 0.2
        run_cell(page, folder, 1)
        run_cell(page, folder, 2)
        # Python -> screen: a setting and a path of one's own
        page.wait_for_function("e => e.demo.state.lr === 0.23 && e.demo.picture.map.paths.length === 2", arg=demo)
        assert demo.evaluate("e => e.demo.picture.map.paths[1].label") == "my own"
        # screen -> Python: by keyboard, which JupyterLab must not take for itself
        slider = page.locator(".controls input[type=range]").first
        slider.focus()
        for _ in range(2):
            page.keyboard.press("ArrowRight")
        page.wait_for_function("e => e.demo.state.lr === 0.25 && !e.demo.busy", arg=demo)
        assert demo.evaluate("e => e.demo.reached") == ["one_step"]
        run_cell(page, folder, 3)
        lr, linked, path, reached = written(page, folder / "seen.json")
        assert lr == linked == 0.25 and reached == "one_step"
        assert np.array_equal(path, demo.evaluate("e => e.demo.picture.path"))
        assert '"FindTheEdge/one_step"' in (folder / "progress.jsonl").read_text()
        # light and dark, live
        colour = "e => getComputedStyle(e.shadowRoot.querySelector('.demo')).color"
        light = demo.evaluate(colour)
        page.evaluate("document.body.dataset.jpThemeLight = 'false'")
        page.wait_for_function(f"([e, was]) => ({colour})(e) !== was", arg=[demo, light])


def test_cards_are_put_in_order_by_keyboard(browser, lab):
    """The answer is in the kernel when the next cell asks, and JupyterLab does not take the keys for itself."""
    folder = lab[1]
    exercise = author.load("convergence_proof/order_proof")
    (folder / "cards.ipynb").write_text(notebook(CARDS))
    with opened(browser, lab, "cards.ipynb") as page:
        run_cell(page, folder, 0)
        for name in exercise.boards:
            field = page.locator(f"fieldset[data-board={name}]")
            field.wait_for(timeout=60000)
            for letter in exercise.solution(name):
                field.get_by_role("button", name=f"Use card {letter}").focus()
                page.keyboard.press("Enter")
            assert field.locator(".proof > li").evaluate_all(
                "all => all.map(item => item.dataset.card).join('')"
            ) == exercise.solution(name)
            field.get_by_role("button", name="Check this proof").focus()
            page.keyboard.press("Enter")
            assert field.locator(".reply").inner_text() == f"✓ {exercise.praise}"
        typed = page.locator(".typed").inner_text()
        assert typed.startswith("order_proof = cards(") and all(
            f'{name}="{exercise.solution(name)}"' in typed for name in exercise.boards
        )
        run_cell(page, folder, 1)
        code, orders, solved = written(page, folder / "cards.json")
        assert (
            code == "right"
            and orders == {name: exercise.solution(name) for name in exercise.boards}
            and sorted(solved) == sorted(orders)
        )
        assert '"convergence_proof/order_proof", "ok": true' in (folder / "progress.jsonl").read_text()
