"""One small change of the learner's own code: told where the mistake stands, and nothing that is not so."""

import linecache

import numpy as np
import pytest

from gdcourse.exercises import author
from gdcourse.exercises.judge import repair
from gdcourse.exercises.judge.calls import collect
from gdcourse.exercises.judge.decide import judge
from gdcourse.exercises.judge.trial import Trial


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    monkeypatch.setattr(repair, "PATIENCE", 60)  # a slow machine finds the same


def written(id, code):
    """The function that a cell with this code defines, its text at hand as in a notebook."""
    place = f"<cell of {id} {hash(code)}>"
    linecache.cache[place] = (len(code), None, code.splitlines(keepends=True), place)
    scope = {"np": np, "__name__": "__main__"}
    exec(compile(code, place, "exec"), scope)
    return scope[id.split("/")[1]]


def search(id, code):
    exercise, answer = author.load(id), written(id, code)
    cases = exercise.draw(0)
    trial = Trial(exercise, cases, collect(exercise, answer, cases))
    trial.answer, trial.draw_fresh = answer, lambda: exercise.fresh(0)
    return repair.repaired(trial)


CODES = {
    "an operator": ("update_rule/gd_step", "def gd_step(w, g, lr):\n    step = lr / g\n    return w - step\n", "divide where you should multiply"),
    "a bracket": ("loss/mse", "def mse(y, y_hat):\n    r = y_hat - y\n    return r @ r / len(y) / 2\n", "divide by `2`"),
    "a function": ("loss/mse", "def mse(y, y_hat):\n    s = np.square(y_hat - y)\n    return np.median(s)\n", "median stands where a mean"),
    "a name": ("momentum/momentum_step", "def momentum_step(w, m, g, lr, beta):\n    new = beta * m + g\n    return w - lr * m, new\n", "`m` stands where `new` belongs"),
    "a line in the loop": (
        "gradient/numerical_gradient",
        "def numerical_gradient(f, w, h=1e-5):\n    g = []\n    for e in h * np.eye(len(w)):\n        g = []\n        g.append((f(w + e) - f(w - e)) / (2 * h))\n    return np.array(g)\n",
        "every round begins anew",
    ),
    "a word": ("loss/best_constant", 'def best_constant(y, loss):\n    if loss == "MAE":\n        return np.median(y)\n    return np.mean(y)\n', "spelled otherwise"),
}  # fmt: skip


@pytest.mark.parametrize("kind", CODES)
def test_the_line_and_the_slip_are_told(kind):
    id, code, words = CODES[kind]
    found = search(id, code).words
    assert words in found and found.startswith("in line "), found


def test_two_mistakes_are_told_where_one_change_leads_to_a_known_one():
    code = "def momentum_step(w, m, g, lr, beta):\n    w_new = w + lr * m\n    m_new = beta * m + g\n    return w_new, m_new\n"
    verdict = judge(author.load("momentum/momentum_step"), written("momentum/momentum_step", code), strict=True)
    assert (
        verdict.code == "stale_velocity"
        and "There is more: in line 2" in verdict.message
        and "`+` stands" in verdict.message
    )


def test_what_is_right_on_the_cases_alone_is_not_told(monkeypatch):
    code = "def gd_step(w, g, lr):\n    return w + lr * g * (1 if np.size(w) < 50 else 2)\n"
    exercise = author.load("update_rule/gd_step")
    assert search("update_rule/gd_step", code).words
    monkeypatch.setattr(type(exercise), "fresh", lambda self, seed, count=30: [(np.ones(60), np.ones(60), 0.1)])
    assert not search("update_rule/gd_step", code).words


@pytest.mark.parametrize(
    "code",
    (
        "gd_step = lambda w, g, lr: w + lr * g\n",
        "import functools\n@functools.cache\ndef gd_step(w, g, lr):\n    return w + lr * g\n",
    ),
)
def test_code_that_cannot_be_changed_is_left_alone(code):
    assert not search("update_rule/gd_step", code).words


def test_the_answer_stays_as_it_is():
    answer = written("loss/mse", "def mse(y, y_hat):\n    return np.mean(abs(y_hat - y) + 1)\n")
    before = answer.__code__
    judge(author.load("loss/mse"), answer, strict=True)
    assert answer.__code__ is before and answer(np.zeros(2), np.ones(2)) == 2
