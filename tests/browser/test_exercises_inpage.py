"""Exercises in the page: the same words as in a notebook, hints, what is kept, and what the landing page makes of it."""

import json
import linecache
import re
import warnings
from urllib.request import urlopen

import numpy as np
import pytest

from gdcourse.exercises import author, progress
from gdcourse.exercises.judge.decide import judge

# a right answer, known mistakes of several kinds, and one that never ends; in the order in which they are tried
TRIED = {
    "update_rule/gd_step": {
        "untouched": None,
        "right": "def gd_step(w, g, lr):\n    return w - lr * g",
        "uphill": "def gd_step(w, g, lr):\n    return w + lr * g",
        "mutates": "def gd_step(w, g, lr):\n    w -= lr * g\n    return w",
        "prints": "def gd_step(w, g, lr):\n    print(w - lr * g)",
        "raises": "def gd_step(w, g, lr):\n    return w - rate * g",
        "signature": "def gd_step(w, g):\n    return w - g",
        "single": "import numpy as np\ndef gd_step(w, g, lr):\n    return np.float32(1) * w - np.float32(lr) * g",
        "state": "def gd_step(w, g, lr, seen=[]):\n    seen.append(g)\n    return w - len(seen) * lr * g",
        "set": "def gd_step(w, g, lr):\n    return {1.5, 2.5}",
        "index": "def gd_step(w, g, lr):\n    return [1, 2][0.5]",
        "unused": "def gd_step(w, g, lr):\n    return w - 0.01 * g",
        "twice_and_mutated": "def gd_step(w, g, lr):\n    w -= 2 * lr * g\n    return w",
        "endless": "def gd_step(w, g, lr):\n    while True: w = w - lr * g",
    },
    "update_rule/gradient_descent": {"right": ("solution",), "wrong": ("wrongs", 0), "wrong2": ("wrongs", 2)},
    "update_rule/steps_needed": {"wrong": ("wrongs", 1)},
}


def code_of(exercise, answer):
    """The text of an answer: given, or taken from the exercise file, with the names it needs there."""
    if not isinstance(answer, tuple):
        return exercise.starter if answer is None else answer
    function = exercise.solution if answer[0] == "solution" else list(exercise.wrongs.values())[answer[1]]
    text = exercise.source(function)
    return (
        "import math\nimport numpy as np\n"
        + text
        + (f"\n{exercise.name} = {function.__name__}" if function.__name__ != exercise.name else "")
    )


def verdict_here(exercise, code):
    scope = {"np": np}
    linecache.cache["<cell>"] = (
        len(code),
        None,
        code.splitlines(True),
        "<cell>",
    )  # so that a verdict can quote the line, as in a notebook
    with warnings.catch_warnings(action="ignore"):  # Python warns of some wrong answers while it reads them
        exec(compile(code, "<cell>", "exec"), scope)
    return judge(exercise, scope[exercise.name])


@pytest.fixture(scope="module")
def booted(browser, server, site):
    """One page that keeps its Python for all tests of this module."""
    if not (site / "python").is_dir():
        pytest.skip(
            "NO PYODIDE HERE: exercises in the page were not tested"
        )  # with CI=true the build itself fails then
    context = browser.new_context(base_url=server, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(240_000)
    page.said = []
    page.on("console", lambda line: line.type == "error" and page.said.append(line.text))
    page.goto("chapters/update_rule.html")
    yield page
    context.close()
    assert not page.said


def block(page, id):
    return page.locator(f'.cell:has(.bar[data-exercise="{id}"])')


def answer(page, id, code):
    """Type an answer and press Run and check; returns the verdict as the page has it."""
    starter = block(page, id)
    if starter.locator("pre").first.is_visible():
        starter.locator("pre").first.click()  # a click into the code edits it
    editor = starter.get_by_role("textbox")
    editor.focus()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(code)
    starter.get_by_role("button", name="Run and check").click()
    judged(page, starter)
    return below(starter).locator(".gdcourse-verdict")


def judged(page, starter):
    """Wait until a run has ended, and return what is said of it."""
    page.wait_for_function(
        """cell => !cell.hasAttribute("data-busy") && !/^($|Starting|Running|Loading|Stopping|Changed)/.test(cell.querySelector(".said").textContent)""",
        arg=starter.element_handle(),
    )
    return starter.locator(".said").inner_text()


def below(starter):
    """The cell of the check."""
    return starter.locator("xpath=following-sibling::div[1]")


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", html)).strip()


def test_the_page_says_what_a_notebook_says(booted):
    """Right and known wrong answers of several exercises, judged in Chromium and here: the same code, the same words."""
    for id, answers in TRIED.items():
        exercise = author.load(id)
        for what, given in answers.items():
            code = code_of(exercise, given)
            wanted = verdict_here(exercise, code)
            found = answer(booted, id, code)
            assert found.get_attribute("data-code") == wanted.code, (id, what)
            said = booted.evaluate(
                "html => new DOMParser().parseFromString(html, 'text/html').body.textContent", wanted._repr_html_()
            )
            assert words(found.text_content()) == words(said), (id, what)
    assert {what for answers in TRIED.values() for what in answers} > {"right", "endless"}


RIGHT = TRIED["update_rule/gd_step"]["right"]
UNCHECKED = {
    "a colon less": (RIGHT.replace(":", ""), "stopped", "Line 1:\n    def gd_step(w, g, lr)\n                         ^\nSyntaxError: expected ':'"),
    "another name": (RIGHT.replace("gd_step", "gd_stepp"), "missing", "Your code does not define gd_step"),
    "nothing": ("#", "missing", "Your code does not define gd_step"),
    "stops": (RIGHT + "\ngd_step(1)", "stopped", "Line 3:\n    gd_step(1)\nTypeError:"),
}  # fmt: skip


@pytest.mark.parametrize("what", UNCHECKED)
def test_after_a_right_answer_nothing_that_cannot_be_checked_is_right(booted, what):
    """What Python says is the verdict, and it stands in one place."""
    id = "update_rule/gd_step"
    starter = block(booted, id)
    assert answer(booted, id, RIGHT).get_attribute("data-code") == "right"
    code, verdict, said = UNCHECKED[what]
    found = answer(booted, id, code)
    assert found.get_attribute("data-code") == verdict and said in found.inner_text()
    assert starter.locator(".said").inner_text() == "Not checked: read on below."
    assert starter.locator(".cell_output").inner_text() == "" and "Right" not in below(starter).inner_text()
    assert answer(booted, id, RIGHT).get_attribute("data-code") == "right"


def test_a_verdict_fades_as_soon_as_the_code_changes_and_comes_back_with_it(booted):
    id = "update_rule/gd_step"
    starter = block(booted, id)
    assert answer(booted, id, RIGHT).get_attribute("data-code") == "right"
    verdict, said = below(starter).locator(".gdcourse-verdict"), starter.locator(".said")
    opacity = "verdict => +getComputedStyle(verdict.closest('.cell_output > *')).opacity"
    assert (said.inner_text(), verdict.evaluate(opacity)) == ("Solved.", 1)
    starter.get_by_role("textbox").focus()
    booted.keyboard.press("Control+End")
    booted.keyboard.insert_text("0")
    assert said.inner_text() == "Changed since the check." and verdict.evaluate(opacity) < 0.5
    booted.keyboard.press("Backspace")
    assert (said.inner_text(), verdict.evaluate(opacity)) == ("Solved.", 1)
    assert answer(booted, id, TRIED[id]["uphill"]).evaluate(opacity) == 1
    assert said.inner_text() == "Checked: read on below."


def test_a_run_that_is_stopped_or_crashes_leaves_no_verdict(booted):
    id = "update_rule/gd_step"
    starter = block(booted, id)
    assert answer(booted, id, RIGHT).get_attribute("data-code") == "right"
    editor = starter.get_by_role("textbox")
    editor.focus()
    booted.keyboard.press("Control+a")
    booted.keyboard.insert_text(RIGHT + "\nwhile True:\n    n = 1")
    starter.get_by_role("button", name="Run and check").click()
    booted.wait_for_timeout(800)
    starter.locator(".stop").click()
    assert judged(booted, starter) == "Stopped."
    assert below(starter).locator(".gdcourse-verdict").count() == 0
    assert re.search(r"Line \d:\n.*\nStopped\.", starter.locator(".cell_output").inner_text())
    booted.said.clear()  # how the worker notices, see worker.js
    assert answer(booted, id, RIGHT).get_attribute("data-code") == "right"
    editor.focus()
    booted.keyboard.press("Control+a")
    booted.keyboard.insert_text(RIGHT + "\nimport os\nos.abort()")
    starter.get_by_role("button", name="Run and check").click()
    assert "Python has ended" in judged(booted, starter)
    booted.said.clear()
    assert below(starter).locator(".gdcourse-verdict").count() == 0
    assert answer(booted, id, RIGHT).get_attribute("data-code") == "right"


def test_hints_come_one_at_a_time_and_are_counted(booted):
    id = "update_rule/fit_line"
    starter, hints = block(booted, id), author.load(id).hints
    button = starter.locator(".hint")
    for number in range(1, len(hints) + 1):
        button.click()
        shown = starter.locator(".hints p")
        assert shown.count() == number and shown.nth(number - 1).inner_text().startswith(
            f"Hint {number} of {len(hints)}."
        )
    assert button.is_disabled()
    kept = booted.evaluate("localStorage['gdcourse / log']")
    events = [json.loads(line) for line in kept.splitlines()]
    assert sum(event["kind"] == "hint" and event["id"] == id for event in events) == len(hints)
    assert any(event["kind"] == "check" and event["id"] == "update_rule/gd_step" and event["ok"] for event in events)


def test_a_cell_cannot_reach_another_host(booted, elsewhere):
    """The worker comes from a blob, so the policy of the page holds for what cells do."""
    address, asked = elsewhere
    assert urlopen(address + "here").read() == b"ok" and asked == ["/here"]
    code = f"""from js import XMLHttpRequest
ask = XMLHttpRequest.new()
ask.open("GET", "{address}", False)
try:
    ask.send()
    print("sent")
except Exception as error:
    print("refused:", type(error).__name__)"""
    cell = booted.locator(".cell:not(:has(details)):has(.bar:not([hidden]))").first  # one whose code is in sight
    cell.locator(".edit").press("Enter")
    cell.get_by_role("textbox").focus()
    booted.keyboard.press("Control+a")
    booted.keyboard.insert_text(code)
    booted.keyboard.press("Shift+Enter")
    booted.wait_for_function(
        "cell => /refused|sent|Error/.test(cell.querySelector('.cell_output')?.textContent)", arg=cell.element_handle()
    )
    assert cell.locator(".cell_output").inner_text().strip() == "refused: JsException" and asked == ["/here"]
    cell.locator(".reset").click()


def test_reset_gives_the_starter_back_and_takes_the_verdict_away(booted):
    id = "update_rule/steps_needed"
    starter = block(booted, id)
    assert below(starter).locator(".gdcourse-verdict").count() == 1
    starter.locator(".reset").click()
    booted.wait_for_function(
        "cell => cell.querySelector('.said').textContent.startsWith('As it stands')", arg=starter.element_handle()
    )
    assert starter.locator("pre").first.inner_text().strip() == author.load(id).starter.strip()
    assert below(starter).inner_text() == ""


def test_an_untouched_exercise_opens_with_the_dots_marked_by_mouse_and_by_keyboard(page, site):
    if not (site / "python").is_dir():
        pytest.skip("NO PYODIDE HERE")
    page.goto("chapters/update_rule.html")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => 0)")
    ids = author.ids_of("update_rule")
    block(page, ids[0]).locator("pre").first.click()
    block(page, ids[0]).get_by_role("textbox").wait_for()
    assert page.evaluate("getSelection().toString()") == "..."
    page.keyboard.insert_text("return w")
    block(page, ids[1]).locator(".edit").press("Enter")
    block(page, ids[1]).get_by_role("textbox").wait_for()
    assert page.evaluate("getSelection().toString()") == "..."
    assert "return w" in block(page, ids[0]).get_by_role("textbox").inner_text()


def test_the_solution_opens_in_the_card_after_an_attempt_and_not_before(booted):
    id = "update_rule/gd_step"
    card = booted.locator(".exercise", has=booted.locator(f'[data-exercise="{id}"]'))
    untried = booted.locator(".exercise", has=booted.locator('[data-exercise="update_rule/fit_line"]'))
    assert not untried.get_by_role("link", name="Solution").is_visible()
    address = booted.url
    card.get_by_role("link", name="Solution").click()
    fold = card.locator("details[open]")
    fold.wait_for()
    assert author.load(id).source(author.load(id).solution).splitlines()[-1].strip() in fold.inner_text()
    assert booted.url == address
    assert answer(booted, id, RIGHT).get_attribute("data-code") == "right"
    card.get_by_role("link", name="Other right answers").click()
    card.locator('details[data-part="1"]').wait_for()
    following = card.get_by_role("link", name="Next exercise").get_attribute("href")
    assert booted.locator(following).get_by_role("heading").first.inner_text().count("Exercise 3.2")
    assert "solved" in card.locator(".number").evaluate("e => getComputedStyle(e, '::after').content")


def test_copy_for_an_assistant_holds_all_but_the_answer_and_sends_nothing(booted):
    id = "update_rule/gd_step"
    booted.context.grant_permissions(["clipboard-read", "clipboard-write"])
    answer(booted, id, TRIED[id]["uphill"])
    asked = []
    booted.context.on("request", lambda request: asked.append(request.url))
    block(booted, id).get_by_role("button", name="Copy for an assistant").click()
    block(booted, id).get_by_text("Nothing was sent").wait_for()
    copied = booted.evaluate("navigator.clipboard.readText()")
    for part in (
        "do NOT give me the answer",
        "Exercise 3.1 One step",
        "Write `gd_step(w, g, lr)`",
        TRIED[id]["uphill"],
        "You step uphill",
    ):
        assert part in copied, part
    assert "Stuck?" not in copied and "w - lr * g" not in copied
    assert not asked
    assert answer(booted, id, RIGHT).get_attribute("data-code") == "right"  # what the next test finds after a reload


def test_answers_and_progress_survive_a_reload(booted):
    booted.reload()
    solved = block(booted, "update_rule/gd_step")
    booted.wait_for_function(
        "cell => cell.querySelector('.said').textContent === 'Solved earlier.'", arg=solved.element_handle()
    )
    code = solved.locator("pre").first
    assert RIGHT in code.inner_text()
    assert below(solved).locator(".gdcourse-verdict").count() == 0
    code.locator(".k", has_text="def").wait_for()
    assert code.locator(".nf").inner_text() == "gd_step" and "return" in code.locator(".k").all_inner_texts()


def test_the_landing_page_counts_as_progress_does(booted, tmp_path, monkeypatch):
    """The chart of the landing page, and the file that it saves, read by gdcourse here."""
    booted.goto("chapters/update_rule.html")
    for option in booted.locator(".quiz fieldset").first.locator("button").all():
        option.click()
    events = [
        {"at": "2026-01-01T00:00:00+00:00", "kind": "demo", "id": f"FindTheEdge/{goal}", "ok": True}
        for goal in ("edge", "fast")
    ]
    booted.evaluate(
        "lines => { localStorage['gdcourse / log'] += lines; }", "".join(json.dumps(event) + "\n" for event in events)
    )
    booted.goto("index.html")
    with booted.expect_download() as saving:
        booted.get_by_role("button", name="Save to a file").click()
    saved = tmp_path / "progress.jsonl"
    saving.value.save_as(saved)
    monkeypatch.setenv("GDCOURSE_PROGRESS", str(saved))
    monkeypatch.setattr(progress, "_unwritten", [])
    there = progress.progress()
    rows = booted.locator("#progress-here tbody tr")
    assert rows.count() == len(there.chapters)
    for row, chapter in zip(rows.all(), there.chapters):
        wanted = [progress._of(found) for found in (chapter.exercises, chapter.questions) if found]
        assert re.findall(r"\d+ of \d+", row.inner_text()) == wanted
    assert there.played in booted.locator("#progress-here").inner_text() and "FindTheEdge 2" in there.played
    advice = booted.locator("#progress-here div > p").last.inner_text()
    assert advice == f"{there.advice.split(' `')[0]} {author.load(there.next).title}."
    assert (
        booted.locator("#progress-here a", has_text=author.load(there.next).title)
        .get_attribute("href")
        .count("#exercise-")
        == 1
    )


def test_progress_from_jupyter_is_taken_in_once(page, tmp_path):
    page.goto("index.html")
    quiz = json.loads(page.locator("#progress-here script").text_content())[0]
    id = quiz["exercises"][0]["id"]
    at = "2026-01-02T03:04:05+00:00"
    lines = [{"at": at, "kind": "check", "id": id, "ok": True, "code": "right"}, {"at": at, "kind": "quiz", "id": f"{quiz['name']}/{quiz['questions'][0]}", "ok": True},
             {"at": at, "kind": "demo", "id": "FindTheEdge/edge", "ok": True}]  # fmt: skip
    file = tmp_path / "progress.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines) + "half a li")
    row = page.locator("#progress-here tbody tr").first
    for added in ("3 events added.", "0 events added."):
        page.locator("#progress-file").set_input_files(file)
        page.get_by_text(added, exact=True).wait_for()
        assert re.findall(r"(\d+) of", row.inner_text()) == ["1", "1"]
    file.write_text("no progress\n")
    page.locator("#progress-file").set_input_files(file)
    page.get_by_text("This is no progress file").wait_for()


def test_an_answer_to_an_earlier_version_is_offered_never_shown_unasked(page, site):
    if not (site / "python").is_dir():
        pytest.skip("NO PYODIDE HERE: edits in the page were not tested")
    page.goto("chapters/update_rule.html")
    page.evaluate(
        "localStorage['gdcourse / draft update_rule.exercise-update_rule-gd_step-starter.oldhash'] = 'def gd_step(w, g):\\n    return w - g'"
    )
    page.reload()
    starter = block(page, "update_rule/gd_step")
    assert "return w - g" not in starter.inner_text()
    starter.get_by_role("button", name="What you wrote for an earlier version").click()
    page.wait_for_function("cell => cell.textContent.includes('return w - g')", arg=starter.element_handle())
    assert starter.get_by_role("button", name="What you wrote for an earlier version").count() == 0
    starter.locator(".reset").click()
    page.wait_for_function("cell => !cell.textContent.includes('return w - g')", arg=starter.element_handle())
