"""Files that the page writes and opens (frontend/page/notebook.js), here under Node: what is in them, what is refused, and the way back."""

import json
from pathlib import Path

import nbformat
import pytest

from gdcourse.grading import notebook as grading
from website.content import hand_in

ROOT = Path(__file__).resolve().parents[1]
BOOK = json.loads((ROOT / "chapters/loss.ipynb").read_text(encoding="utf-8"))
PROOF = json.loads((ROOT / "chapters/convergence_proof.ipynb").read_text(encoding="utf-8"))
CARDS = {"convergence_proof/order_proof": "0a1b2c3d"}
CELL = "exercise-loss-mse-starter"
QUIZ = {"at": "2026-01-02T03:04:05+00:00", "kind": "quiz", "id": "loss/unit.0123abcd", "ok": False, "option": "b"}


def starter(book=BOOK, id=CELL):
    return next("".join(cell["source"]) for cell in book["cells"] if cell["id"] == id)


@pytest.fixture
def run(node):
    """run(code, drafts={…}, log=[…], **names): what the code returns, in a browser that has kept these; `names` are known to it."""

    def runs(code, drafts=(), log=(), **names):
        stored = {f"gdcourse / draft {name}": text for name, text in dict(drafts).items()}
        stored["gdcourse / log"] = "".join(json.dumps(event) + "\n" for event in log)
        given = {"stored": stored, **names}
        text = f"""
        globalThis.document = {{ documentElement: {{ dataset: {{}} }}, baseURI: "https://a.org/" }};
        globalThis.localStorage = {{}};
        const given = JSON.parse(await new Promise(go => {{ let all = ""; process.stdin.on("data", one => all += one).on("end", () => go(all)); }}));
        Object.assign(localStorage, given.stored);
        for (const [name, does] of Object.entries({{
            getItem: (key) => Object.hasOwn(localStorage, key) ? localStorage[key] : null, setItem: (key, value) => {{ localStorage[key] = value; }},
        }})) Object.defineProperty(localStorage, name, {{ value: does }});
        const log = await import("./frontend/page/log.js");
        const it = await import("./frontend/page/notebook.js");
        const key = (page, id, text) => log.ofCell(page, id, text.trimEnd());
        const {{ {", ".join(names)} }} = given;
        console.log(JSON.stringify((() => {{ {code} }})()));
        """
        return json.loads(node(text, stdin=json.dumps(given)).splitlines()[-1])

    return runs


@pytest.fixture
def key(run):
    return lambda id=CELL, book=BOOK, page="loss": run(
        "return key(page, id, text)", page=page, id=id, text=starter(book, id)
    )


WRITE = "return it.written(book, {page, cards, name, at: '2026-11-30T12:00:00Z'})"


def written(run, drafts=(), log=(), book=BOOK, page="loss", name="Ada"):
    return run(WRITE, drafts, log, book=book, page=page, cards=CARDS, name=name)


def sources(notebook, kind="code"):
    return {cell["id"]: "".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == kind}


def test_a_notebook_holds_the_code_the_answers_and_the_name(run, key):
    code = "def mse(y, y_hat):\n    return ((y - y_hat) ** 2).mean()"
    made = written(run, {key(): code}, [QUIZ, {**QUIZ, "id": "adam/other.0123abcd"}])
    assert (made["cells"], made["earlier"], made["questions"]) == (1, 0, 1)
    notebook = made["notebook"]
    nbformat.validate(nbformat.from_dict(notebook))
    book = sources(BOOK)
    assert sources(notebook) == {**{id: text.rstrip() for id, text in book.items()}, CELL: code}
    assert not any(cell.get("outputs") for cell in notebook["cells"])
    assert notebook["metadata"]["gdcourse"]["name"] == "Ada" and notebook["metadata"]["gdcourse"]["events"] == [QUIZ]
    cells, odd = grading.read_cells(json.dumps(notebook))
    assert not odd and code in [cell.source for cell in cells.values()]


def test_a_name_is_text_and_nothing_else(run):
    name = "<img src=x onerror=alert(1)> *Eve* [x](javascript:1)\u202e &lt;b&gt;"
    said = sources(written(run, name=name)["notebook"], "markdown")["hand-in"].split(", written in")[0]
    bare = said.replace("**The work of ", "")
    for letter in "<>*[]()&;":
        assert bare.replace("\\" + letter, "").rstrip("*").count(letter) == 0, letter
    assert "\u202e" not in said


def test_what_was_written_for_an_earlier_version_comes_along_and_says_so(run, key):
    old = "def mse(y, y_hat):\n    return 1"
    made = written(run, {f"loss.{CELL}.0abc": old, "loss.gone.1x": "x = 1"})
    assert (made["cells"], made["earlier"]) == (0, 2)
    assert "Written for an earlier version of the book, and marked so below: 2." in "".join(
        made["notebook"]["cells"][0]["source"]
    )
    ids = [cell["id"] for cell in made["notebook"]["cells"]]
    at = ids.index(CELL)
    assert ids[at + 1 : at + 3] == ["earlier-1-note", "earlier-1"], "below its cell, so that it counts"
    assert sources(made["notebook"])["earlier-1"] == old and sources(made["notebook"], "raw")["earlier-2"] == "x = 1"
    # if there is a new answer too, the old one is kept but does not count
    both = written(run, {f"loss.{CELL}.0abc": old, key(): "def mse(y, y_hat):\n    return 2"})
    assert sources(both["notebook"], "raw")["earlier-1"] == old


def test_cards_come_as_the_line_that_a_notebook_has(run):
    draft = {"convergence_proof/order_proof.0a1b2c3d": json.dumps({"descent_lemma": "CAB", "x'); evil('": "A"})}
    made = written(run, draft, book=PROOF, page="convergence_proof")
    code = sources(made["notebook"])["exercise-convergence_proof-order_proof-starter"]
    assert 'cards("convergence_proof/order_proof", descent_lemma="CAB")' in code and "evil" not in code


BACK = (
    "return it.changes(it.read(JSON.stringify(it.written(book, {page, cards, name}).notebook)), other, {page, cards})"
)


def test_the_way_back_finds_the_same(run, key):
    drafts = {key(): "def mse(y, y_hat):\n    return 3", f"loss.{CELL}.0abc": "old", "loss.gone.1x": "x = 1"}
    found = run(BACK, drafts, [QUIZ], book=BOOK, other=BOOK, page="loss", cards={}, name="")
    assert found["drafts"] == drafts and found["left"] == 0
    assert json.loads(found["events"]) == QUIZ
    proof = {"convergence_proof/order_proof.0a1b2c3d": json.dumps({"descent_lemma": "CAB"}, separators=(",", ":"))}
    found = run(BACK, proof, book=PROOF, other=PROOF, page="convergence_proof", cards=CARDS, name="")
    assert found["drafts"] == proof


def test_a_newer_book_offers_it_as_earlier_and_takes_no_text_of_the_book_for_the_learners(run, key):
    newer = json.loads(json.dumps(BOOK))
    for cell in newer["cells"]:
        cell["source"] = [*cell["source"], "\n# new"] if cell["cell_type"] == "code" else cell["source"]
    mine = {key(): "def mse(y, y_hat):\n    return 3"}
    assert run(BACK, mine, book=BOOK, other=newer, page="loss", cards={}, name="")["drafts"] == mine


def test_a_file_of_jupyter_is_compared_with_the_book_and_foreign_cells_are_counted(run, key):
    file = json.loads(json.dumps(BOOK))
    for cell in file["cells"]:
        if cell["id"] == CELL:
            cell["source"] = "def mse(y, y_hat):\n    return 4\n"
        if cell["id"] == "exercise-loss-huber-starter":  # an old Jupyter gives no ids, or others
            cell["id"], cell["source"] = "5", "def huber(r, delta):\n    return 5"
    file["cells"].append({"cell_type": "code", "id": "mine", "metadata": {}, "source": ["print(1)"]})
    code = "return it.changes(it.read(text), book, {page: 'loss'})"
    found = run(code, text=json.dumps(file), book=BOOK)
    assert found["drafts"] == {
        key(): "def mse(y, y_hat):\n    return 4",
        key("exercise-loss-huber-starter"): "def huber(r, delta):\n    return 5",
    }
    assert found["left"] == 1
    page = "return it.pageOf(it.read(text), ['adam', 'loss'])"
    assert run(page, text=json.dumps(file)) == "loss"
    assert run(page, text='{"cells": []}') is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("{half", "JSON"),
        ("<html>", "JSON"),
        ("null", "no list of cells"),
        ('{"cells": 3}', "no list of cells"),
        ('{"cells": [3]}', "damaged"),
        ('{"cells": [null]}', "damaged"),
        ('{"cells": [{"cell_type": "code"}]}', "damaged"),
        (json.dumps({"cells": [{"cell_type": "code", "source": "x" * 100_001}]}), "100000 characters"),
        (json.dumps({"cells": [{"cell_type": "code", "source": ""}] * 2001}), "at most 2000"),
    ],
)
def test_what_is_no_notebook_is_refused_in_a_sentence(run, text, words):
    said = run("try { it.read(text) } catch (error) { return [error instanceof it.Refused, error.message] }", text=text)
    assert said[0] and words in said[1]


def test_hostile_metadata_fill_nothing_but_drafts_of_this_page(run):
    file = {
        "cells": [
            {"cell_type": "code", "id": "x", "metadata": {"gdcourse": {"earlier": name}}, "source": "1"}
            for name in ("log", "name", "adam.a.b", "loss.a", "loss.a.b.c", "loss.<b>.0", "loss.a.__proto__", 7)
        ]
        + [{"cell_type": "code", "id": CELL, "metadata": 5, "source": ["2"]}],
        "metadata": {
            "gdcourse": {
                "page": "loss",
                "versions": {CELL: "__proto__"},
                "cards": 3,
                "events": [
                    3,
                    None,
                    {**QUIZ, "kind": "check"},
                    {**QUIZ, "id": "adam/x.0123abcd"},
                    {**QUIZ, "option": "<b>"},
                    {**QUIZ, "at": "now"},
                ],
            }
        },
    }
    found = run("return it.changes(it.read(text), book, {page: 'loss'})", text=json.dumps(file), book=BOOK)
    assert len(found["drafts"]) == 1 and next(iter(found["drafts"])).startswith(f"loss.{CELL}.")
    assert json.loads(found["events"]) == {k: v for k, v in QUIZ.items() if k != "option"}


def test_the_list_of_notebooks_knows_the_cards():
    listed = {one["page"]: one for one in hand_in.book(ROOT)}
    assert listed["loss"] == {"page": "loss", "folder": "chapters", "title": "Loss functions", "cards": {}}
    assert list(listed["convergence_proof"]["cards"]) == ["convergence_proof/order_proof"]
