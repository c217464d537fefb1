"""Quizzes: the author's format, every committed quiz file."""
from pathlib import Path

import pytest

from gdcourse.exercises import question
from gdcourse.exercises import quiz as quizzes

EXERCISES = Path(__file__).parents[1] / "exercises"
GOOD = dict(id="next_w", ask="Next w?", right={"8.6": "Yes."}, wrong={"11.4": "Uphill.", "9.3": "Half of it."})


@pytest.fixture(autouse=True)
def no_question_left_over():
    quizzes._asked.clear()
    yield
    quizzes._asked.clear()


@pytest.mark.parametrize("path", sorted(EXERCISES.glob("*/quiz.py")), ids=lambda path: path.parent.name)
def test_every_quiz_file(path):
    questions = quizzes.read(path)
    assert 3 <= len(questions) <= 5
    for q in questions:
        assert q.right in q.replies and len(q.replies) >= 3
        assert len(set(q.replies.values())) == len(q.replies), f"{q.id}: two options give the same reply"


@pytest.mark.parametrize("fault", [
    dict(right={}), dict(right={"8.6": "Yes.", "8.60": "Yes."}), dict(wrong={}), dict(wrong={"8.6": "No."}),
    dict(wrong={"9.3": " "}), dict(right={"8.6": ""}), dict(ask=""), dict(id="next w"),
])
def test_an_incomplete_question_is_refused(fault):
    with pytest.raises(ValueError, match="question"):
        question(**GOOD | fault)


def test_an_id_used_twice_is_refused():
    question(**GOOD)
    with pytest.raises(ValueError, match="twice"):
        question(**GOOD)


def test_the_order_shown_is_fixed_and_does_not_give_the_answer_away():
    orders = {tuple(question(**GOOD | dict(id=f"q{i}")).replies) for i in range(40)}
    assert len(orders) == 6
    first = question(**GOOD)
    quizzes._asked.clear()
    assert list(question(**GOOD).replies) == list(first.replies)
