"""Hand in from the page: what is downloaded, what a grader says of it, what is refused, and the way back."""

import csv
import io
import json
import zipfile
from pathlib import Path

import nbformat
import pytest

from gdcourse.exercises import progress
from gdcourse.grading.folder import grade_folder

CHAPTER = "loss"
# one of each kind: right, a known mistake, code that stops, a name that is not there, and nothing
ANSWERS = {
    "loss/mse": "def mse(y, y_hat):\n    return ((y - y_hat) ** 2).mean()",
    "loss/log_loss": "import numpy as np\ndef log_loss(z, y):\n    return np.sum(np.logaddexp(0, z) - y * z)",
    "loss/huber": "def huber(r, delta):\n    return r[99999]",
    "loss/best_constant": "def best(y, loss):\n    return y.mean()",
}
NAME = "Ada <img src=x onerror=alert(1)> Lovelace/../x"


def box(page):
    return page.locator(".hand-in")


def told(page):
    """What the box says, when it has come to an end."""
    page.wait_for_function(
        """() => !/^($|One moment|Opening)/.test(document.querySelector(".hand-in [role=status]").textContent)"""
    )
    return box(page).get_by_role("status").inner_text()


def download(page):
    with page.expect_download() as waiting:
        box(page).get_by_role("button", name="Download what I wrote").click()
    file = waiting.value
    return file.suggested_filename, Path(file.path()).read_bytes()


def give(page, name, content):
    kind = "application/zip" if name.endswith("zip") else "application/x-ipynb+json"
    page.locator("#hand-in-file").set_input_files({"name": name, "mimeType": kind, "buffer": content})
    return told(page)


def type_in(page, id, code):
    cell = page.locator(f'.cell:has(.bar[data-exercise="{id}"])')
    if cell.locator("pre").first.is_visible():
        cell.locator("pre").first.click()
    cell.get_by_role("textbox").focus()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(code)
    return cell


@pytest.fixture(scope="module")
def visit(browser, server, site):
    """One visit: a chapter worked through in Chromium, checked there, and what was downloaded."""
    if not (site / "python").is_dir():
        pytest.skip("NO PYODIDE HERE: hand-in from the page was not tested")
    context = browser.new_context(base_url=server, viewport={"width": 1280, "height": 900}, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(240_000)
    said = []
    page.on("console", lambda line: line.type == "error" and said.append(line.text))
    page.on("dialog", lambda dialog: said.append(dialog.message) or dialog.dismiss())
    page.goto(f"chapters/{CHAPTER}.html")
    for id, answer in ANSWERS.items():
        cell = type_in(page, id, answer)
        cell.get_by_role("button", name="Run and check").click()
        page.wait_for_function(
            """cell => !cell.hasAttribute("data-busy") && !/^($|Starting|Running|Loading|Stopping|Changed)/.test(cell.querySelector(".said").textContent)""",
            arg=cell.element_handle(),
        )
    page.locator(".quiz fieldset").first.get_by_role("button").nth(1).click()
    page.get_by_label("Your name, if you like").fill(NAME)
    called, content = download(page)
    log = page.evaluate("""() => localStorage.getItem(Object.keys(localStorage).find((key) => key.endsWith(" log")))""")
    found = {
        "page": page,
        "called": called,
        "notebook": content,
        "log": [json.loads(line) for line in log.splitlines()],
        "said": told(page),
    }
    yield found
    context.close()
    assert not said, said


def test_a_chapter_whole_page_and_grader_give_the_same_verdicts(visit, tmp_path):
    assert visit["said"] == "Saved: 4 changed cells, 1 answered question."
    assert visit["called"] == "Ada img src x onerror alert 1 Lovelace x - loss.ipynb"
    notebook = nbformat.reads(visit["notebook"].decode(), as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.gdcourse.name == NAME
    assert "<" not in notebook.cells[0].source.replace("\\<", "")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / visit["called"]).write_bytes(visit["notebook"])
    (report,) = grade_folder(tmp_path / "in", tmp_path / "out", chapters=[CHAPTER], jobs=1)
    assert report["learner"] == "Ada img src x onerror alert 1 Lovelace x"
    graded = {mark["id"]: mark["code"] for mark in report["marks"]}
    here = {event["id"]: event["code"] for event in visit["log"] if event["kind"] == "check"}
    here.setdefault("loss/best_constant", "missing")  # there was nothing to check: the page says so, and keeps no event
    untouched = {id for id, code in graded.items() if code == "untouched"}  # nobody pressed "Run and check" there
    assert not untouched & set(ANSWERS)
    assert {id: code for id, code in graded.items() if id not in untouched} == here and set(here) == set(ANSWERS)
    assert [graded[id] for id in ANSWERS] == ["right", "sum_not_mean", "raised", "missing"]
    (answered,) = [event for event in visit["log"] if event["kind"] == "quiz"]
    assert report["quiz"] == {answered["id"]: answered["option"]} == {answered["id"]: "b"}
    with open(tmp_path / "out/marks.csv", newline="", encoding="utf-8-sig") as file:
        assert [row["points"] for row in csv.DictReader(file)] == ["1"]
    text = (tmp_path / "out/class.html").read_text(encoding="utf-8")
    assert "The quiz, question by question" in text


def test_the_way_back_fills_another_browser(visit, new_page):
    page = new_page()
    page.goto(f"chapters/{CHAPTER}.html")
    said = give(page, "x.ipynb", visit["notebook"])
    assert said == "Opened: Loss functions, 4 places. Nothing was run."
    for id, answer in ANSWERS.items():
        shown = page.locator(f'.cell:has(.bar[data-exercise="{id}"]) pre').first.text_content()
        assert shown.rstrip() == answer.rstrip()
    assert (
        page.locator(".gdcourse-verdict").count() == 0 or "Solved" not in page.locator(".bar .said").all_inner_texts()
    )
    # over what stands there already: asked first, and "no" changes nothing
    type_in(page, "loss/mse", "mine = 1")
    page.locator("#hand-in-file").set_input_files({"name": "x.ipynb", "mimeType": "", "buffer": visit["notebook"]})
    page.get_by_role("button", name="Keep mine").click()
    page.wait_for_function(
        """() => document.querySelector(".hand-in [role=status]").textContent === "Nothing was changed." """
    )
    assert "mine = 1" in page.locator('.cell:has(.bar[data-exercise="loss/mse"]) pre').first.text_content()
    assert give(page, "y.ipynb", json.dumps({"cells": [], "metadata": {}}).encode()).startswith("There is nothing")


def test_all_chapters_as_a_zip_and_back(visit, new_page, tmp_path):
    page = visit["page"]
    page.goto("index.html")
    assert page.get_by_label("Your name, if you like").input_value() == NAME, "kept on the device"
    called, content = download(page)
    assert called == "Ada img src x onerror alert 1 Lovelace x.zip"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == [visit["called"]] and archive.testzip() is None
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / called).write_bytes(content)
    (report,) = grade_folder(tmp_path / "in", tmp_path / "out", jobs=1)
    assert (
        report["learner"] == "Ada img src x onerror alert 1 Lovelace x"
        and sum(m["points"] for m in report["marks"]) == 1
    )
    other = new_page()
    other.goto("index.html")
    assert give(other, called, content) == "Opened: Loss functions, 4 places. Nothing was run."


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


HOSTILE = {
    "50 MB": ("a.ipynb", b"[" * 50_000_000, "This file has 50 MB; 20 MB is the most that can be opened."),
    "no JSON": ("a.ipynb", b"{half", "This is no notebook: it cannot be read as JSON."),
    "a page": ("a.ipynb", b"<html><script>alert(1)</script>", "This is no notebook: it cannot be read as JSON."),
    "deep": ("a.ipynb", b"[" * 1_000_000, "This is no notebook: it cannot be read as JSON."),
    "no cells": ("a.ipynb", b'{"cells": "<b>"}', "This is no notebook: it has no list of cells."),
    "bomb": ("a.zip", zipped({"a.ipynb": b" " * 30_000_000}), "This file has 30 MB; 20 MB is the most"),
    "no zip": ("a.zip", b"PK\x03\x04 and so on", "This zip file cannot be read."),
    "empty zip": ("a.zip", zipped({"a.txt": "x"}), "There is no notebook in this zip file."),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_refused_in_a_sentence_and_changes_nothing(name, new_page):
    file, content, words = HOSTILE[name]
    page = new_page()
    page.goto(f"chapters/{CHAPTER}.html")
    before = page.evaluate("() => JSON.stringify(localStorage)")
    assert give(page, file, content).startswith(words)
    assert page.evaluate("() => JSON.stringify(localStorage)") == before


def test_html_in_a_file_stays_text(new_page):
    page = new_page()
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.goto(f"chapters/{CHAPTER}.html")
    cell = {"cell_type": "code", "id": "exercise-loss-mse-starter", "metadata": {}, "outputs": [{"output_type": "display_data", "data": {"text/html": "<img src=x onerror=alert(1)>"}}],
            "source": "# <img src=x onerror=alert(1)></pre><script>alert(2)</script>"}  # fmt: skip
    file = {"cells": [cell], "metadata": {"gdcourse": {"page": "loss", "name": "<script>alert(3)</script>"}}}
    assert give(page, "<b>.ipynb", json.dumps(file).encode()) == "Opened: Loss functions, 1 place. Nothing was run."
    shown = page.locator('.cell:has(.bar[data-exercise="loss/mse"]) pre').first
    assert shown.text_content() == cell["source"] and shown.locator("img, script").count() == 0
    page.wait_for_timeout(200)


def test_nothing_written_is_no_file(page):
    page.goto(f"chapters/{CHAPTER}.html")
    box(page).get_by_role("button", name="Download what I wrote").click()
    assert told(page) == "Nothing to download yet: nothing has been written or answered here."


def test_the_log_in_a_file_is_what_python_reads(visit, tmp_path):
    file = tmp_path / "progress.jsonl"
    events = json.loads(visit["notebook"])["metadata"]["gdcourse"]["events"]
    file.write_text("".join(json.dumps(event) + "\n" for event in events), encoding="utf-8")
    assert progress.events(file) == events and len(events) == 1
