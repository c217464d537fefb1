"""One small change of the learner's own code: told where the mistake stands, and nothing that is not so."""

import linecache
import sys

import numpy as np
import pytest

from gdcourse.exercises import author
from gdcourse.exercises.judge import repair
from gdcourse.exercises.judge.calls import effort
from gdcourse.exercises.judge.decide import judge
from gdcourse.exercises.judge.limits import Limits
from gdcourse.exercises.judge.memory import room
from gdcourse.exercises.judge.trial import trial_of


def written(id, code):
    """The function that a cell with this code defines, its text at hand as in a notebook."""
    place = f"<cell of {id} {hash(code)}>"
    linecache.cache[place] = (len(code), None, code.splitlines(keepends=True), place)
    scope = {"np": np, "__name__": "__main__"}
    exec(compile(code, place, "exec"), scope)
    return scope[id.split("/")[1]]


def search(id, code):
    exercise, answer = author.load(id), written(id, code)
    trial = trial_of(exercise, answer)
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
    "a loop that begins again": (
        "learning_rate/largest_eigenvalue",
        "def largest_eigenvalue(matvec, d, iters, rng):\n    start = rng.normal(size=d)\n    v = start.copy()\n    for _ in range(iters):\n        v = matvec(start)\n        v = v / np.linalg.norm(v)\n    return v @ matvec(v)\n",
        "in line 5, `v = matvec(start)`, each round begins again with `start`",
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


def test_a_formula_with_another_slip_leads_to_a_known_mistake_too():
    code = "def rmsprop_step(w, g, v, lr, beta, eps):\n    v = beta * v + np.abs(g)\n    return w - lr * g / (np.sqrt(v) + eps), v\n"
    verdict = told("adam/rmsprop_step", code)
    assert verdict.code == "whole_square_enters"
    assert "There is more: in line 2" in verdict.message and "where a square belongs" in verdict.message


def test_no_known_mistake_is_told_that_comes_out_only_when_a_part_is_taken_away():
    """Without its correction every step of Adam is the known mistake that has none."""
    code = """def adam_step(w, g, state, lr, beta1, beta2, eps):
    m, v, t = state or (0.0, 0.0, 0)
    t = t + 1
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
    correction = 1 - eps ** t
    return w - lr * (m / correction) / (np.sqrt(v / correction) + eps), (m, v, t)
"""
    assert told("adam/adam_step", code).code != "no_bias_correction"


def test_what_a_suspected_mistake_leaves_unexplained_is_told():
    id = "convergence_proof/which_rate"
    code = """def which_rate(errors):
    e = np.array(errors)[np.array(errors) > 0]
    n = len(e)
    if np.median(e[n // 2 : 3 * n // 4]) < 1.1 * np.median(e[3 * n // 4 :]):
        return "stalled", STALLED
    a, b, c = n // 2, 3 * n // 4, n - 1
    slope = np.log(e[c] / e[a]) / (c - a)
    if abs(np.log(e[b] / e[a]) - slope * (b - a)) < 0.05 * abs(np.log(e[c] / e[a])):
        return "linear", slope
    return "sublinear", np.log(e[a] / e[c]) / np.log(c / a)
"""
    one, two = (told(id, code.replace("STALLED", x)) for x in ("np.median(e[n // 2 :])", "np.min(e)"))
    assert one.code == two.code == "logarithm_of_the_rate" and "There is more" not in one.message
    assert "There is more: the word is right; its number" in two.message


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


def test_a_changed_argument_is_no_second_mistake_of_the_repair():
    """The learner hears of the changed argument apart; the slip beside it is then the only other one."""
    said = judge(author.load("update_rule/gd_step"), written("update_rule/gd_step", "def gd_step(w, g, lr):\n    w -= lr * (g - lr)\n    return w\n"), 0).message  # fmt: skip
    assert "in line 2" in said and "another mistake is left" not in said


def test_no_list_is_put_into_itself():
    """NumPy takes all the memory of a machine for a list that holds itself: it killed a whole run of the measure."""
    code = "def smooth(losses, beta):\n    m, t, found = 0.0, 0, []\n    for loss in losses:\n        t = t + 1\n        m = beta * m + (1 - beta) * loss\n        found.append(m)\n    return np.array(found) / (1 - beta**t)\n"
    function = written("lr_finder/smooth", code)
    made = [words for _, words, node, *_ in repair._changes_of(function, repair._tree(function)) if node.lineno == 6]
    assert "`m` stands where `t` belongs" in made and "`m` stands where `found` belongs" not in made


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux limits the memory of a part of a run")
def test_changed_code_gets_a_share_of_the_memory():
    with room(300_000_000):
        assert len(np.ones(10_000_000)) == 10_000_000
        with pytest.raises(MemoryError):
            np.ones(100_000_000)
    assert len(np.ones(50_000_000)) == 50_000_000  # and afterwards all of it


def test_the_answer_stays_as_it_is():
    answer = written("loss/mse", "def mse(y, y_hat):\n    return np.mean(abs(y_hat - y) + 1)\n")
    before = answer.__code__
    judge(author.load("loss/mse"), answer, strict=True)
    assert answer.__code__ is before and answer(np.zeros(2), np.ones(2)) == 2


def told(id, code):
    return judge(author.load(id), written(id, code), strict=True)


def test_one_of_two_mistakes_is_told_where_one_change_makes_more_results_right():
    id = "schedules/stop_reason"
    code = """def stop_reason(g, g_first, loss, t, tol, budget):
    if np.isnan(loss) or np.isnan(g).all():
        return "diverged"
    if np.linalg.norm(g) < tol * np.linalg.norm(g_first):
        return "gradient"
    return "budget" if t > budget else "go on"
"""
    assert "`all` stands where `any` belongs" in told(id, code).message
    assert "There is more: the others stay wrong" in told(id, code).message


def test_a_change_that_mends_some_results_and_spoils_others_is_not_told():
    id = "loss/best_constant"
    code = "def best_constant(y, loss):\n    return np.mean(y) if len(y) > 5 else np.median(y)\n"
    assert "One mistake is found" not in told(id, code).message


@pytest.mark.parametrize(
    ("code", "named", "more"),
    (
        ("w = w + lr * grad(w)", "sign", "stand in another order"),
        ("w = w - grad(w)", "rate_forgotten", "stand in another order"),
    ),
)
def test_values_in_another_order_are_read_all_the_same(code, named, more):
    verdict = told(
        "update_rule/gradient_descent",
        f"def gradient_descent(grad, w0, lr, n):\n    w = np.array(w0, dtype=float)\n    history = [w]\n    for _ in range(n):\n        {code}\n        history.append(w)\n    return np.array(history), w\n",
    )
    assert (verdict.code, more in verdict.message) == (named, True), verdict


def test_a_known_mistake_is_seen_though_the_first_entry_is_missing():
    code = "def smooth(losses, beta):\n    m, out = 0.0, []\n    for x in losses:\n        m = beta * m + (1 - beta) * x\n        out.append(m)\n    return np.array(out[1:])\n"
    verdict = told("lr_finder/smooth", code)
    assert verdict.code == "no_correction" and "There is more" in verdict.message


def test_the_other_ways_of_a_known_mistake_count_too():
    # `smallest_loss_of_a_target` is another way to return the loss; here it comes with a factor besides
    code = "def best_constant(y, loss):\n    found = min(np.mean((y - c) ** 2 if loss == 'mse' else np.abs(y - c)) for c in y)\n    return 2 * found\n"
    verdict = told("loss/best_constant", code)
    assert verdict.code == "returns_loss" and "There is more: in line 3" in verdict.message, verdict


def test_what_is_not_finite_confirms_no_known_mistake():
    # a logarithm of a negative score is nan, and so is that of the known mistake: equal, and no reason
    code = "def log_loss(z, y):\n    p = 1 / (1 + np.exp(-z))\n    return np.mean(-y * np.maximum(np.log(p), -50) - (1 - y) * np.maximum(np.log(1 - p), -50))\n"
    assert told("loss/log_loss", code).code != "scores_as_probabilities"


def test_a_condition_that_is_always_true():
    code = "def best_constant(y, loss):\n    if loss == 'mae' or 'MAE':\n        return np.median(y)\n    return np.mean(y)\n"
    verdict = told("loss/best_constant", code)
    assert verdict.code == "median_for_both" and "is always true" in verdict.message
    assert (
        "always true"
        not in told("loss/best_constant", code.replace("or 'MAE'", "or loss == 'MAE'").replace("median", "max")).message
    )


def test_work_is_counted_in_lines_and_is_the_same_each_time():
    exercise = author.load("update_rule/gradient_descent")
    limits = Limits(1)
    limits.start()
    counts = [effort(exercise, exercise.solution, args, limits) for args in exercise.draw(0)[:3] for _ in range(2)]
    longest = effort(
        exercise, written("loss/mse", "def mse(*args):\n    for _ in range(9999):\n        pass\n"), (1,), limits
    )
    limits.stop()
    assert counts[::2] == counts[1::2] and min(counts) > 3 and longest == 2000, (counts, longest)


def test_no_return_in_a_loop_is_claimed_where_the_code_has_none():
    code = "def gradient_descent(grad, w0, lr, n):\n    start = w = np.array(w0, dtype=float)\n    path = [start]\n    for _ in range(n):\n        w = start - lr * grad(start)\n        path.append(w + start)\n    return w, path\n"
    assert "inside the loop" not in told("update_rule/gradient_descent", code).message
