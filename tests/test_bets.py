"""Bets: what an author writes below each box that asks to predict, and the widget in a notebook. The page: tests/browser/test_bets.py."""

import json
import re
from base64 import b64encode
from pathlib import Path

import pytest

from gdcourse.exercises import progress
from gdcourse.exercises.learner import bet
from gdcourse.exercises.questions import bet as bets
from website.content import facts
from website.content.bets import called

ROOT = Path(__file__).parents[1]
SCRIPT = (ROOT / "gdcourse/exercises/questions/bet.js").read_bytes()


@pytest.fixture(autouse=True)
def fresh_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("GDCOURSE_PROGRESS", str(tmp_path / "progress.jsonl"))


def notebooks():
    for path in sorted((ROOT / "chapters").glob("*.ipynb")):
        yield path.stem, json.loads(path.read_text(encoding="utf-8"))["cells"]


def test_below_each_box_that_asks_to_predict_stands_a_bet():
    ids = []
    for name, cells in notebooks():
        for cell, after in zip(cells, cells[1:]):
            source = "".join(cell["source"])
            if cell["cell_type"] == "markdown" and ":class: predict" in source:
                assert source.rstrip().endswith(":::") and source.count(":class: predict") == 1, f"{name}: {source}"
                found = called("".join(after["source"]))
                assert found and found[0].startswith(f"{name}/"), f"{name}: a cell  bet(…)  belongs below  {source}"
                bets.refuse(found[0], found[1:])
                assert after["metadata"]["tags"] == ["remove-input"]
                verdict = after["metadata"]["gdcourse"]
                assert len(found) == 1 or verdict["right"] in found[1:], f"{found[0]}: no option is the right one"
                assert re.fullmatch(r"[A-Z].{30,160}\.", verdict["why"]), f"{found[0]}: say in one sentence why"
                ids.append(found[0])
    written = [
        code for _, cells in notebooks() for cell in cells if (code := "".join(cell["source"])).startswith("bet(")
    ]
    assert len(ids) == len(set(ids)) == len(written) > 25, "each bet has a box, and a name of its own"


def sections(cells):
    """Split the cells of a notebook at its headings # and ##; return a list of lists of cells."""
    found = [[]]
    for cell in cells:
        if cell["cell_type"] == "markdown" and re.search(r"^##? ", "".join(cell["source"]), re.MULTILINE):
            found.append([])
        found[-1].append(cell)
    return found


def said_in(section, statements):
    """Return what a reader of a section sees beside its bets: prose, printed output, alt texts and the facts cited."""
    seen = []
    for cell in section:
        if cell["cell_type"] == "markdown":
            seen.append("".join(cell["source"]))
        elif not "".join(cell["source"]).startswith("bet("):
            seen += ["".join(o.get("text", o.get("data", {}).get("text/plain", ""))) for o in cell["outputs"]]
            seen.append(cell["metadata"].get("mystnb", {}).get("image", {}).get("alt", ""))
    return "\n".join([*seen, *(statements[id] for id in re.findall(r"{fact}`([^`]+)`", "\n".join(seen)))])


def test_a_number_in_the_answer_of_a_bet_stands_in_its_section_or_in_a_fact_cited_there():
    statements = {id: fact.statement for id, fact in facts.load(ROOT / "facts").items()}
    numbers = 0
    for section in (section for _, cells in notebooks() for section in sections(cells)):
        for cell in section:
            verdict = cell["metadata"].get("gdcourse", {})
            if "why" in verdict:
                told = facts.plain(f"{verdict['right']}; {verdict['why']}")
                found = [number[0] for number in facts.NUMBER.finditer(told)]
                seen = said_in(section, statements)
                alone = [number for number in found if not facts.stands_in(number, seen)]
                assert not alone, f"{''.join(cell['source'])}: no fact and no line of the section says {alone}"
                numbers += len(found)
    assert numbers > 20


@pytest.mark.parametrize("arguments, said", [
    (("adam",), "name it by chapter and a short word"),
    ((3, "up", "down"), "name it by chapter and a short word"),
    (("adam/first", "up"), "two or more options"),
    (("adam/first", "up", "up"), "two or more options"),
    (("adam/first", "up", ""), "1 to 60 characters"),
    (("adam/first", "up", "d" * 61), "1 to 60 characters"),
    (("adam/first", "up", 3), "options are texts, 3 is none"),
])  # fmt: skip
def test_what_is_no_bet_is_refused_in_a_sentence(arguments, said):
    with pytest.raises(ValueError, match=said):
        bet(*arguments)


def test_as_text_it_says_what_can_be_answered_and_how():
    """What a notebook shows where no kernel has run the cell: on GitHub, and when it is opened."""
    assert (
        repr(bet("adam/first", "up", "down")) == "Your prediction: (a) up  (b) down. Run this cell to place your bet."
    )
    assert repr(bet("adam/angle")) == "Your prediction: a number, or a few words. Run this cell to place your bet."
    for name, cells in notebooks():
        for cell in cells:
            if "".join(cell["source"]).startswith("bet("):
                (output,) = cell["outputs"]
                assert "".join(output["data"]["text/plain"]).startswith("Your prediction: "), name


def test_a_bet_is_placed_once_and_remembered(browser):
    """The module as anywidget calls it, with the model's markup: by keyboard, and again after the notebook was opened anew."""
    page = browser.new_page()
    show = """async ([markup, said, script]) => {
        document.body.innerHTML = "<div></div>";
        const { default: widget } = await import("data:text/javascript;base64," + script);
        globalThis.sent ??= [];
        widget.render({ el: document.body.firstChild, model: { get: (name) => ({ markup, said })[name], send: (message) => sent.push(message) } });
    }"""
    script = b64encode(SCRIPT).decode()
    widget = bet("adam/first", "shorter <", "longer")
    page.evaluate(show, [widget.markup, widget.said, script])
    assert page.get_by_role("button").all_inner_texts() == ["shorter <", "longer"]
    page.get_by_role("button", name="shorter").focus()
    page.keyboard.press("Enter")
    told = "You said: shorter <. Run the cells below and compare."
    assert page.locator(".bet").inner_text() == told and page.get_by_role("button").count() == 0
    assert page.evaluate("document.activeElement.className") == "bet"
    (message,) = page.evaluate("sent")
    widget._placed(widget, message, [])
    assert [(e["kind"], e["id"], e["said"]) for e in progress.events()] == [("bet", "adam/first", "shorter <")]
    again = bet("adam/first", "shorter <", "longer")
    page.evaluate(show, [again.markup, again.said, script])
    assert page.locator(".bet").inner_text() == told
    # where anything may be the answer there is a field; without words there is no bet
    free = bet("adam/angle")
    page.evaluate(show, [free.markup, free.said, script])
    field = page.get_by_role("textbox", name="Your prediction")
    page.get_by_role("button", name="Bet").click()
    assert page.evaluate("sent.length") == 1
    field.fill("90")
    field.press("Enter")
    assert page.evaluate("sent[1]") == {"said": "90"}
    page.close()


def test_the_options_of_a_cell_are_read_without_running_it():
    assert called('bet(\n    "adam/first",\n    "up",\n)') == ["adam/first", "up"]
    assert called("better = 1") is None and re.match("bet", "better")
