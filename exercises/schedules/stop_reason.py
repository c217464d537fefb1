"""Why stop now?"""

import math

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 20
points = 2
section = "When to stop"
prompt = r"""
Write `stop_reason(g, g_first, loss, t, tol, budget)`: should a full-batch descent stop before its next step, and why?

`g` is the gradient now, `g_first` the gradient at the start (both arrays), `loss` the loss now, `t` the number of steps taken.
Return the *first* of these that is true:

1. `"diverged"`, when the loss or any entry of `g` is not a finite number;
2. `"gradient"`, when the length of `g` is below `tol` times the length of `g_first`;
3. `"budget"`, when `budget` steps have been taken, or more;
4. `"go on"`, when none of them holds.

The length is $\lVert g \rVert = \sqrt{g[0]^2 + g[1]^2 + \dots}$.

For example, with `g = [0.3, 0.4, 0]` and `g_first = [30, 40, 0]` the lengths are 0.5 and 50: a hundredth.
With `tol = 0.02`, loss 1.7 and 12 of 100 steps taken the answer is `"gradient"`; with `tol = 0.005` it is `"go on"`.
"""
hints = [
    "Four lines, in the order of the list: three times `if …: return …`, and what is left.",
    "`np.isfinite` is False for `nan`, for `inf` and for `-inf`.",
    "A length is never negative, whatever the signs in g: `np.linalg.norm`.",
]
praise = "Multiply the loss by a million, and your rule stops at the same step: it has no unit. And nothing that is broken is ever called converged."
why = r"""
*Diverged* comes first because every comparison with `nan` is false: further down, `nan` would either pass as "not above the tolerance" or run on to the end of the budget.

The tolerance is relative.
An absolute one, $\lVert g\rVert < 10^{-6}$, has the unit of a loss per unit of weight: measure the loss in cents instead of euros, and the same run goes on for much longer.

The rule does not look at the step $\eta\lVert g\rVert$, nor at the change of the loss, about $\eta\lVert g\rVert^2$.
Both contain the rate, so a tiny rate makes them tiny at once, anywhere.

The budget comes last, because a run that arrives in its very last step has arrived.
"""

equal = ("<= tol",)  # a length equal to the limit is near enough, too
INF, NAN = float("inf"), float("nan")


def cases(rng):
    first = np.array([30.0, 40.0, 0.0])
    yield np.array([0.3, 0.4, 0.0]), first, 1.7, 12, 0.02, 100
    yield np.array([0.3, 0.4, 0.0]), first, 1.7, 12, 0.005, 100
    yield np.array([0.3, 0.4, 0.0]), first, 1.7, 100, 0.005, 100  # exactly the budget
    yield np.array([0.3, 0.4, 0.0]), first, 1.7, 99, 0.005, 100
    yield np.array([0.3, 0.4, 0.0]), first, 1.7, 100, 0.02, 100  # the run arrives in the last step
    yield np.array([0.3, 0.4, 0.0]), first, 1.7, 150, 0.005, 200  # another budget
    yield np.array([0.3, 0.4, 0.0]), first, 1.7, 40, 0.005, 30
    yield np.array([0.3, NAN, 0.0]), first, 1.7, 12, 0.02, 100
    yield np.array([NAN, NAN, NAN]), first, NAN, 100, 0.02, 100  # a broken number counts before the budget
    yield np.array([NAN, NAN, INF]), first, 1.7, 12, 0.02, 100  # the gradient alone is broken
    yield np.array([0.3, 0.4, 0.0]), first, 1.7, 130, 0.005, 100  # the run has gone on after its budget
    yield np.array([0.3, 0.4, 0.0]), first, NAN, 12, 0.02, 100  # the loss alone is broken
    yield np.array([0.3, 0.4, 0.0]), first, INF, 100, 0.005, 100
    yield np.array([INF, 0.4, 0.0]), first, 1.7, 12, 0.02, 100
    yield np.array([0.3, -INF, 0.0]), first, 1.7, 100, 0.02, 100
    yield np.array([2e-4, 1e-4, 0.0]), np.array([3e-4, 4e-4, 0.0]), 1e-9, 12, 0.02, 100  # a loss in small units
    yield np.array([2e5, 1e5, 0.0]), np.array([3e8, 4e8, 0.0]), 1e9, 12, 0.02, 100  # a loss in large units
    yield np.array([3.0, -3.0, 0.0]), first, 1.7, 12, 0.02, 100  # the entries cancel, the length does not
    yield np.array([0.0, 0.0, 0.9]), first, 1.7, 12, 0.02, 100  # one entry has grown from 0
    yield np.array([-20.0, -10.0, 0.0]), first, 1.7, 12, 0.02, 100  # a negative sum, and steep
    yield np.array([0.3, -0.4]), np.array([30.0, 40.0]), 1.7, 12, 0.02, 100
    yield first, first, 7.5, 0, 0.02, 100  # before the first step
    yield np.array([60.0, 80.0, 0.0]), first, 1.7, 12, 0.02, 100  # longer than at the start, and finite
    yield np.array([0.5, 0.7, 0.0]), first, 1.7, 12, 0.02, 100
    yield np.array([0.7, 0.7]), np.array([50.0, 0.0]), 1.7, 12, 0.02, 100  # lengths 0.99 and 50
    yield np.array([0.9, 0.9]), np.array([50.0, 0.0]), 1.7, 12, 0.02, 100  # 1.27 and 50, largest entry 0.9
    yield np.array([3.0, 4.0]), np.array([50.0, 0.0]), -2.5, 7, 0.08, 100  # 5 and 50; a loss may be negative
    yield np.array([3.0, 4.0]), np.array([50.0, 0.0]), -2.5, 7, 0.12, 100
    yield np.array([0.3, 0.4, 0.0]), first, 1.7, 40, 0.005, 35  # a smaller budget
    for tol in (0.5, 0.005):
        g_first = rng.normal(size=4) * 10 + np.sign(rng.normal(size=4)) * 30
        yield rng.uniform(0.02, 0.1) * g_first[::-1], g_first, rng.uniform(1, 3), int(rng.integers(5, 90)), tol, 100


def stop_reason(g, g_first, loss, t, tol, budget):
    """Return "diverged", "gradient", "budget" or "go on"."""
    if not (np.isfinite(loss) and np.isfinite(g).all()):
        return "diverged"
    if np.linalg.norm(g) < tol * np.linalg.norm(g_first):
        return "gradient"
    if t >= budget:
        return "budget"
    return "go on"


def _length(g):
    return math.sqrt(sum(float(v) ** 2 for v in g))


def _broken(g, g_first, loss):
    return not (np.isfinite(loss) and np.isfinite(g).all())


def _arrived(g, g_first, tol):
    return _length(g) < tol * _length(g_first)


def _reason(
    g, g_first, loss, t, tol, budget, broken=_broken, arrived=_arrived, over=lambda t, budget: t >= budget, order="dgb"
):
    """The rule with one part exchanged, for the other right answers and for the mistakes."""
    found = {"d": broken(g, g_first, loss), "g": arrived(g, g_first, tol), "b": over(t, budget)}
    words = {"d": "diverged", "g": "gradient", "b": "budget"}
    return next((words[k] for k in order if found[k]), "go on")


@right
def by_hand(g, g_first, loss, t, tol, budget):
    return _reason(g, g_first, loss, t, tol, budget)


@right
def squares_on_both_sides(g, g_first, loss, t, tol, budget):
    return _reason(g, g_first, loss, t, tol, budget, arrived=lambda g, first, tol: g @ g < tol**2 * (first @ first))


@right
def root_mean_squares(g, g_first, loss, t, tol, budget):
    def rms(v):
        return np.sqrt(np.mean(v**2))

    return _reason(g, g_first, loss, t, tol, budget, arrived=lambda g, first, tol: rms(g) < tol * rms(first))


@right
def an_equal_length_counts(g, g_first, loss, t, tol, budget):
    return _reason(g, g_first, loss, t, tol, budget, arrived=lambda g, first, tol: _length(g) / _length(first) <= tol)


@right
def one_sum_for_all(g, g_first, loss, t, tol, budget):
    return _reason(
        g, g_first, loss, t, tol, budget, broken=lambda g, first, loss: not math.isfinite(abs(loss) + abs(g).sum())
    )


@right
def if_and_else(g, g_first, loss, t, tol, budget):
    if math.isnan(loss) or math.isinf(loss) or any(math.isnan(v) or math.isinf(v) for v in g):
        reason = "diverged"
    elif sum(g**2) ** 0.5 < tol * sum(g_first**2) ** 0.5:
        reason = "gradient"
    else:
        reason = "budget" if t >= budget else "go on"
    return reason


@wrong
def absolute_tolerance(g, g_first, loss, t, tol, budget):
    """Your tolerance is absolute: the gradient is compared with `tol` itself. In small units of the loss it is met at once, in large ones never. What is
    a small gradient here measured by?"""
    return _reason(g, g_first, loss, t, tol, budget, arrived=lambda g, first, tol: _length(g) < tol)


@wrong
def relative_to_the_loss(g, g_first, loss, t, tol, budget):
    """You measure the gradient against the loss. A loss may be zero or negative at the minimum, and has another unit than a gradient. Which argument
    tells how long the gradient was?"""
    return _reason(g, g_first, loss, t, tol, budget, arrived=lambda g, first, tol: _length(g) < tol * abs(loss))


@wrong
def nan_is_converged(g, g_first, loss, t, tol, budget):
    """A gradient of `nan` is called converged: your question is "not above the tolerance", and `nan` is above nothing. What has to be
    asked first?"""
    if not _length(g) >= tol * _length(g_first):
        return "gradient"
    return "budget" if t >= budget else "go on"


@wrong
def nan_runs_on(g, g_first, loss, t, tol, budget):
    """A run that is full of `nan` goes on until its budget is spent: you never say "diverged". Every comparison with `nan` is false, so it has to be
    looked for."""
    return _reason(g, g_first, loss, t, tol, budget, broken=lambda g, first, loss: False)


@wrong
def infinity_is_fine(g, g_first, loss, t, tol, budget):
    """You look for `nan` only; an `inf` in the loss or in the gradient is not a finite number either, and it comes first: the `nan` is one step
    away."""
    return _reason(g, g_first, loss, t, tol, budget, broken=lambda g, first, loss: np.isnan(loss) or np.isnan(g).any())


@wrong
def loss_not_looked_at(g, g_first, loss, t, tol, budget):
    """You look at the gradient and not at the loss. One of them can be broken while the other still looks healthy: is the loss looked at?"""
    return _reason(g, g_first, loss, t, tol, budget, broken=lambda g, first, loss: not np.isfinite(g).all())


@wrong
def gradient_not_looked_at(g, g_first, loss, t, tol, budget):
    """You ask whether the loss is finite, and do not look at the entries of the gradient. One of them can be broken while the loss still looks healthy."""
    return _reason(g, g_first, loss, t, tol, budget, broken=lambda g, first, loss: not np.isfinite(loss))


@wrong
def both_must_be_broken(g, g_first, loss, t, tol, budget):
    """You say "diverged" only when both the loss and the gradient are broken. One of them is enough: look at your `and` and `or`."""
    return _reason(
        g,
        g_first,
        loss,
        t,
        tol,
        budget,
        broken=lambda g, first, loss: not np.isfinite(loss) and not np.isfinite(g).all(),
    )


@wrong
def all_entries_must_be_broken(g, g_first, loss, t, tol, budget):
    """A gradient with one broken entry passes with you: you ask whether all entries are broken, or only look at one of them. A single `nan` is enough to
    spoil the next step."""
    return _reason(
        g, g_first, loss, t, tol, budget, broken=lambda g, first, loss: not (np.isfinite(loss) and np.isfinite(g).any())
    )


@wrong
def budget_before_gradient(g, g_first, loss, t, tol, budget):
    """A run that arrives in its very last step is called out of budget: mind the order of the list."""
    return _reason(g, g_first, loss, t, tol, budget, order="dbg")


@wrong
def budget_first(g, g_first, loss, t, tol, budget):
    """The budget is asked first, so a run that broke on its way is only called out of budget. Mind the order of the list."""
    return _reason(g, g_first, loss, t, tol, budget, order="bdg")


@wrong
def gradient_first(g, g_first, loss, t, tol, budget):
    """A run whose loss is broken is called converged, because its gradient is small. Mind the order of the list: what is broken comes
    first."""
    return _reason(g, g_first, loss, t, tol, budget, order="gdb")


@wrong
def one_step_over_budget(g, g_first, loss, t, tol, budget):
    """You allow one step more than the budget: at t = `budget` so many steps have been taken, and nothing is left."""
    return _reason(g, g_first, loss, t, tol, budget, over=lambda t, budget: t > budget)


@wrong
def one_step_short_of_budget(g, g_first, loss, t, tol, budget):
    """You stop one step short of the budget: at t = `budget` − 1 one more step may be taken."""
    return _reason(g, g_first, loss, t, tol, budget, over=lambda t, budget: t >= budget - 1)


@wrong
def never_out_of_budget(g, g_first, loss, t, tol, budget):
    """You never answer "budget": a run that neither arrives nor breaks goes on for ever."""
    return _reason(g, g_first, loss, t, tol, budget, over=lambda t, budget: False)


@wrong
def squared_length(g, g_first, loss, t, tol, budget):
    """You compare the squares of the lengths: the root is missing. A ratio of a hundredth is then a ratio of one in ten thousand, and you stop far
    too early."""
    return _reason(g, g_first, loss, t, tol, budget, arrived=lambda g, first, tol: g @ g < tol * (first @ first))


@wrong
def largest_entry(g, g_first, loss, t, tol, budget):
    """You compare the largest entries, which is another norm: a gradient with many middling entries is longer than its largest one. Which length does the
    task define?"""
    return _reason(
        g, g_first, loss, t, tol, budget, arrived=lambda g, first, tol: abs(g).max() < tol * abs(first).max()
    )


@wrong
def sum_of_sizes(g, g_first, loss, t, tol, budget):
    """You add up the absolute values of the entries, which is another norm. Which length does the task define?"""
    return _reason(
        g, g_first, loss, t, tol, budget, arrived=lambda g, first, tol: abs(g).sum() < tol * abs(first).sum()
    )


@wrong
def signed_sum(g, g_first, loss, t, tol, budget):
    """You add up the entries with their signs, so that +3 and −3 cancel, and a steep slope passes for a flat one. A length has no sign."""
    return _reason(g, g_first, loss, t, tol, budget, arrived=lambda g, first, tol: g.sum() < tol * first.sum())


@wrong
def entry_by_entry(g, g_first, loss, t, tol, budget):
    """You compare entry by entry. One that was zero at the start can then never be small enough; the task compares two lengths, two numbers."""
    return _reason(g, g_first, loss, t, tol, budget, arrived=lambda g, first, tol: (abs(g) < tol * abs(first)).all())


@wrong
def any_entry(g, g_first, loss, t, tol, budget):
    """One small entry is enough for you to stop, while the others may still be steep. The task compares the lengths of the two gradients."""
    return _reason(g, g_first, loss, t, tol, budget, arrived=lambda g, first, tol: (abs(g) < tol * abs(first)).any())


@wrong
def small_loss(g, g_first, loss, t, tol, budget):
    """You stop when the loss is small. How low a loss can get differs from problem to problem, and rarely is it zero; the slope tells whether there is still
    a way down."""
    return _reason(g, g_first, loss, t, tol, budget, arrived=lambda g, first, tol: loss < tol)


@wrong
def tolerance_ignored(g, g_first, loss, t, tol, budget):
    """You stop as soon as the gradient is shorter than at the start: `tol` is not used."""
    return _reason(g, g_first, loss, t, tol, budget, arrived=lambda g, first, tol: _length(g) < _length(first))


@wrong
def above_the_tolerance(g, g_first, loss, t, tol, budget):
    """Your comparison points the wrong way: you stop while the gradient is still long, above the tolerance."""
    return _reason(g, g_first, loss, t, tol, budget, arrived=lambda g, first, tol: _length(g) > tol * _length(first))


@wrong
def only_a_loss_of_nan(g, g_first, loss, t, tol, budget):
    """You ask whether the loss is `nan`, and nothing else. The loss may be `inf`, and the gradient may be broken while the loss still looks
    healthy."""
    return _reason(g, g_first, loss, t, tol, budget, broken=lambda g, first, loss: np.isnan(loss))


@wrong
def only_an_infinite_loss(g, g_first, loss, t, tol, budget):
    """You find a loss of `inf` but no `nan`: `nan` is equal to nothing, not even to itself, so `==` and `>` cannot find it. And the entries of the
    gradient have to be looked at too."""
    return _reason(g, g_first, loss, t, tol, budget, broken=lambda g, first, loss: loss == INF)


@wrong
def large_loss_is_divergence(g, g_first, loss, t, tol, budget):
    """You call a large loss diverged. What is large depends on the unit: some losses begin at a thousand million. Ask for numbers that
    are not finite, in the loss and in the gradient."""
    return _reason(g, g_first, loss, t, tol, budget, broken=lambda g, first, loss: loss > 1e6 or np.isnan(loss))


@wrong
def difference_from_the_start(g, g_first, loss, t, tol, budget):
    """You measure how far the gradient is from the first one: the length of a difference. It is small at the start, where nothing has happened yet.
    Compare the two lengths."""

    def unchanged(g, first, tol):
        return _length(g - first) < tol * _length(first)

    return _reason(g, g_first, loss, t, tol, budget, arrived=unchanged)


@wrong
def budget_only_when_arrived(g, g_first, loss, t, tol, budget):
    """A run that has not arrived is sent on for ever: you look at the budget only when the gradient is small. The order of the list is the order of the
    questions."""
    if _broken(g, g_first, loss):
        return "diverged"
    if not _arrived(g, g_first, tol):
        return "go on"
    return "budget" if t >= budget else "gradient"


@wrong
def longer_is_divergence(g, g_first, loss, t, tol, budget):
    """You call a run diverged when its gradient has become longer than at the start. That happens on the way over a steep place. Diverged means here: not finite."""
    if not _broken(g, g_first, loss) and _length(g) > _length(g_first):
        return "diverged"
    return _reason(g, g_first, loss, t, tol, budget)


@wrong
def diverged_last(g, g_first, loss, t, tol, budget):
    """You ask last whether the numbers are finite. Before that a broken run can be called converged or out of budget. Mind the order of the list."""
    return _reason(g, g_first, loss, t, tol, budget, order="gbd")


@wrong
def size_of_the_sum(g, g_first, loss, t, tol, budget):
    """You add the entries first and square the sum, so that +3 and −3 cancel. Each entry is squared by itself, and then they are added."""
    return _reason(
        g, g_first, loss, t, tol, budget, arrived=lambda g, first, tol: abs(g.sum()) < tol * abs(first.sum())
    )
