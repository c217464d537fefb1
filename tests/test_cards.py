"""Cards: the author's format, the judge in Python and in JavaScript, the widget, what is handed in."""

import json
import sys
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from gdcourse.exercises import board, card, letters, progress, trap
from gdcourse.exercises.author import exercise as author
from gdcourse.exercises.author import prove
from gdcourse.exercises.learner import cards, check
from gdcourse.exercises.questions import cards_widget
from gdcourse.exercises.questions.cards import Answer, html, listing, replies
from gdcourse.grading import notebook as grade_notebook

EXERCISE = author.load("convergence_proof/order_proof")
WITH_CARDS = [exercise for exercise in map(author.load, author.all_ids()) if exercise.boards]
BOARDS = [(exercise, name) for exercise in WITH_CARDS for name in exercise.boards]
JUDGE = """
import { readFileSync } from "node:fs";
const { judge } = await import("data:text/javascript," + encodeURIComponent(readFileSync("frontend/questions/cards.js", "utf8")));
const { graph, orders } = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(orders.map((order) => judge(graph, [...order]))));
"""


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("GDCOURSE_PROGRESS", str(tmp_path / "progress.jsonl"))


def right_orders(b):
    """Every order of the steps in which each finds above it what it rests on; looked for by trying, not by the judge."""
    steps = [letter for letter, c in b.cards.items() if not c.trap]

    def go_on(order):
        if len(order) == len(steps):
            yield order
        for letter in steps:
            if letter not in order and set(b.cards[letter].after) <= set(order):
                yield from go_on(order + letter)

    return list(go_on(""))


@pytest.mark.parametrize("exercise, name", BOARDS, ids=lambda x: x if isinstance(x, str) else x.name)
def test_all_right_orders_and_no_other_order_are_accepted(exercise, name):
    b = exercise.boards[name]
    steps = [letter for letter, c in b.cards.items() if not c.trap]
    accepted = [order for order in map("".join, permutations(steps)) if b.fault(order) is None]
    assert accepted == right_orders(b) and 1 < len(accepted) < 100
    assert all(b.fault(order + letter) for order in accepted for letter in b.cards)
    assert all(b.fault(order[:i]) == "unfinished" for order in accepted for i in range(len(order)))


@pytest.mark.parametrize("exercise, name", BOARDS, ids=lambda x: x if isinstance(x, str) else x.name)
def test_the_page_judges_as_the_checker_does(exercise, name, node):
    b, rng = exercise.boards[name], np.random.default_rng(0)
    orders = right_orders(b)
    if len(b.cards) < 8:
        orders += ["".join(order) for n in range(len(b.cards) + 1) for order in permutations(b.cards, n)]
    for _ in range(4000):
        shuffled = "".join(rng.permutation(list(b.cards)))
        orders.append(shuffled[: rng.integers(len(shuffled) + 1)])
        almost = list(orders[rng.integers(len(right_orders(b)))])
        almost.insert(rng.integers(len(almost)), almost.pop(rng.integers(len(almost))))
        orders.append("".join(almost[: rng.integers(len(almost) + 1)]))
    python = [b.fault(order) or "right" for order in orders]
    assert set(python) == b.codes | {"right"}
    assert json.loads(node(JUDGE, stdin=json.dumps({"graph": b.graph, "orders": orders}))) == python


@pytest.mark.parametrize("exercise", WITH_CARDS, ids=lambda e: e.id)
def test_the_page_says_the_words_of_the_checker(exercise):
    said = replies(exercise)
    assert said.pop("right") == exercise.praise
    assert said == {code: check(exercise.id, function).message for code, function in exercise.wrongs.items()}
    for name, b in exercise.boards.items():
        assert len({c.text for c in b.cards.values()}) == len(b.cards) and listing(exercise).count(f"({name})") == 1
        assert not any("$" in text or "\\" in text for text in (listing(exercise), html(exercise).split("<script")[0]))


def test_letters_may_be_written_in_many_ways():
    for order in (
        "CAB",
        "c a b",
        "C, A, B",
        "C → A → B",
        ["C", "A", "B"],
        ("c", "a", "b"),
        ["CAB"],
        iter("CAB"),
        "C\nA\nB\n",
    ):
        assert letters(order) == ["C", "A", "B"]


def test_what_is_no_card_is_said():
    b = EXERCISE.boards["descent_lemma"]
    assert "no card 'Z'" in b.fault("Z") and "A stands twice" in board("Two", "", one=card("1"), two=card("2")).fault(
        "AA"
    )
    verdict = check(EXERCISE.id, lambda proof: 7)
    assert not verdict and "could not" in verdict.message


@pytest.mark.parametrize(
    "steps, said",
    [
        (dict(one=card("1", after="two")), "two, which is no step"),
        (dict(one=card("1", after="lie"), lie=trap("x", "?")), "lie, which is no step"),
        (dict(one=card("1", after="two"), two=card("2", after="one")), "cycle"),
    ],
)
def test_a_board_that_cannot_be_is_refused(steps, said):
    with pytest.raises(ValueError, match=said):
        board("A claim", "It holds.", **steps)


def test_a_fault_without_words_is_no_proved_exercise(tmp_path):
    text = EXERCISE.text.replace('early="circular"', 'early="round_and_round"')
    path = tmp_path / "chapter" / "order_proof.py"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    assert any(
        "can give the code round_and_round" in said for said in prove.prove(author.load_file(path), 1, hostile=False)
    )


# ---- the widget, and what is handed in

RIGHT = {name: right_orders(b)[-1] for name, b in EXERCISE.boards.items()}


def test_the_widget_is_the_answer():
    widget = cards(EXERCISE.id)
    bundle, _ = widget._repr_mimebundle_()
    assert bundle["text/plain"] == repr(widget) == listing(EXERCISE)
    assert bundle[cards_widget.MIME] == {"id": EXERCISE.id} and bundle["application/vnd.jupyter.widget-view+json"]
    assert check(EXERCISE.id, widget).code == "untouched"
    widget.orders = {"descent_lemma": RIGHT["descent_lemma"]}
    verdict = check(EXERCISE.id, widget)
    assert verdict.code == "unfinished" and "convex_rate" in verdict.details
    widget.orders = RIGHT
    assert widget("convex_rate") == RIGHT["convex_rate"] and check(EXERCISE.id, widget).ok


def test_a_check_in_the_widget_is_kept_as_progress():
    widget = cards(EXERCISE.id)
    widget.orders = RIGHT | {"convex_rate": "B"}
    widget._checked(widget, {"check": True}, [])
    assert EXERCISE.id not in progress.solved() and progress.attempted(EXERCISE.id)
    assert cards(EXERCISE.id).solved == []
    widget.orders = RIGHT
    widget._checked(widget, {"check": True}, [])
    assert EXERCISE.id in progress.solved()
    assert sorted(cards(EXERCISE.id).solved) == sorted(EXERCISE.boards)


def test_letters_in_the_cell_do_without_a_widget(monkeypatch):
    typed = {name: " ".join(order.lower()) for name, order in RIGHT.items()}
    assert check(EXERCISE.id, cards(EXERCISE.id, **typed)).ok
    with pytest.raises(TypeError, match="no 'lemma' to be put in order; there are: descent_lemma, convex_rate"):
        cards(EXERCISE.id, lemma="A")
    monkeypatch.setitem(
        sys.modules, "gdcourse.exercises.questions.cards_widget", None
    )  # as if anywidget were not installed
    plain = cards(EXERCISE.id, **typed)
    assert type(plain) is Answer and check(EXERCISE.id, plain).ok and repr(plain) == listing(EXERCISE)


def test_the_file_for_grading_holds_no_answer():
    """The kernel that runs a submission gets cases and hooks; there `cards` is the plain answer."""
    text = grade_notebook.public(EXERCISE)
    assert "def law" not in text and "after=" not in text and not any(order in text for order in RIGHT.values())
    assert "letters" in text and Path(EXERCISE.path).read_text(encoding="utf-8") != text
