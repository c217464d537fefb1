"""How many steps, before you run."""

import math

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 15
points = 2
section = "How fast: every step multiplies"
prompt = r"""
On a parabola of curvature $a$, $f(w) = \frac a2 (w - w^*)^2$, each step multiplies the distance to the minimum by $|1 - \eta a|$.

Write `steps_needed(a, lr, dist, tol)`: the smallest number of steps after which a start at distance `dist` is no further than `tol` from the minimum.
If that never happens, return `math.inf` (or `None`).
All four are numbers; `a`, `lr` and `tol` are positive, `dist` is not negative.

For example `steps_needed(2, 0.1, 7, 0.001)` is `40`: from 7, each step multiplies the distance by 0.8.
"""
hints = [
    "After t steps the distance is `dist` times the multiplier to the power t. For which t is that at most `tol`?",
    "Take logarithms of both sides and divide by the logarithm of the multiplier; it is negative, so the inequality turns round. A step cannot be taken by halves: which way do you round?",
    "Three cases must not reach the logarithm: already within `tol` (no step), multiplier exactly 0 (one step), multiplier 1 or more (never). For the rest: `math.ceil(math.log(tol / dist) / math.log(multiplier))`. And the multiplier is a size, whatever the sign of 1 − ηa.",
]
praise = "You can now say how long a run takes before it starts, for every rate, including those that never arrive."
why = r"""
Distance after t steps: $|1-\eta a|^t \cdot \text{dist}$.
Ask that it be at most tol, take logarithms, and mind that $\ln|1-\eta a|$ is negative:

$$t \ge \frac{\ln(\text{tol}/\text{dist})}{\ln|1-\eta a|}.$$

The smallest whole number that does is the ceiling.
Any base will do, as long as both logarithms have the same one.

The **absolute value** is what makes rates beyond 1/a come out right: at $\eta a = 1.8$ every step lands on the other side, and still 0.8 times as far away.
That is why 0.1 and 0.9 take equally long on $(w-3)^2$.

The three edges: a start within tol needs no step; a multiplier of 0 arrives in one; a multiplier of 1 or more never gets there.
Counting in a loop is as good, if it tests for the last case first, because a loop would wait for ever.

The count grows with the *logarithm* of the accuracy: each further digit costs the same number of steps, $\ln 10 / (-\ln|1-\eta a|)$, about ten at a multiplier of 0.8.
"""


def cases(rng):
    yield 2.0, 0.1, 7.0, 1e-3  # the answer is 40; rounded down 39, with mixed logarithms 93, squared 20
    yield 2.0, 0.9, 7.0, 1e-3  # 40 again, with jumps from side to side
    yield 2.0, 0.5, 7.0, 1e-6  # exact in one step
    yield 2.0, 1.0, 7.0, 1e-3  # bounces for ever
    yield 2.0, 1.1, 7.0, 1e-3  # diverges
    yield 2.0, 0.1, 0.5, 1.0  # already there
    yield 2.0, 0.5, 0.5, 1.0  # already there, and the rate is the exact one
    yield 2.0, 0.1, 0.5, 0.5  # exactly at tol is within it
    yield 2.0, 1.2, 0.0, 1e-3  # at the minimum no step is needed, even at this rate
    yield 4.0, 0.1, 7.0, 1e-2
    yield 2.0, 0.25, 8.0, 1.0  # 8, 4, 2, 1: exactly at tol after 3 steps
    yield 2.0, 1.1, 0.5, 0.5  # already there, though this rate never arrives
    yield 1.0, 1e-3, 10.0, 1e-3  # 9206: slow is not never
    found = 0
    while found < 4:
        a, multiplier = rng.uniform(0.5, 5), rng.uniform(0.2, 0.97)
        side = 1 if found % 2 else -1
        dist, tol = rng.uniform(1, 20), 10.0 ** -rng.uniform(2, 6)
        count = math.log(tol / dist) / math.log(multiplier)
        if 0.1 < count % 1 < 0.9 and count > 4:  # far from a whole number, where rounding would decide
            found += 1
            yield a, (1 + side * multiplier) / a, dist, tol
    yield (a := rng.uniform(0.5, 5)), rng.uniform(2.1, 4) / a, 3.0, 1e-4


def run(answer, a, lr, dist, tol):
    """Return the count. None may stand for "never"; if the right answer is a number, None means that a return is
    missing."""
    steps = answer(a, lr, dist, tol)
    never = dist > tol and abs(1 - lr * a) >= 1
    return math.inf if steps is None and never else steps


def steps_needed(a, lr, dist, tol):
    """Return the steps from dist to within tol; math.inf if never."""
    multiplier = abs(1 - lr * a)
    if dist <= tol:
        return 0
    if multiplier >= 1:
        return math.inf
    if multiplier == 0:
        return 1
    return math.ceil(math.log(tol / dist) / math.log(multiplier))


@right
def counting_loop(a, lr, dist, tol):
    multiplier = abs(1 - lr * a)
    if multiplier >= 1 and dist > tol:
        return None
    t = 0
    while dist > tol:
        dist, t = multiplier * dist, t + 1
    return t


@right
def with_numpy(a, lr, dist, tol):
    rate = np.abs(1 - lr * a)
    if dist <= tol:
        return 0
    with np.errstate(divide="ignore"):
        return np.ceil(np.log10(tol / dist) / np.log10(rate)) if 0 < rate < 1 else (1 if rate == 0 else np.inf)


@right
def run_the_descent(a, lr, dist, tol):
    w = dist
    for t in range(100_000):
        if abs(w) <= tol:
            return t
        if abs(w) > 2 * dist or t and abs(abs(w) - dist) < 1e-12 * dist:
            return math.inf
        w = w - lr * a * w
    return math.inf


def _formula(multiplier, dist, tol, rounded=math.ceil):
    """Return the answer for any multiplier; the special cases are handled as they should be."""
    if dist <= tol:
        return 0
    if multiplier >= 1:
        return math.inf
    if multiplier == 0:
        return 1
    return rounded(math.log(tol / dist) / math.log(multiplier))


@wrong
def rounds_down(a, lr, dist, tol):
    """You round down: after that many steps the distance is still a little above `tol`. A started step has to be taken whole."""
    return _formula(abs(1 - lr * a), dist, tol, math.floor)


@wrong
def ignores_overshoot(a, lr, dist, tol):
    """You give up as soon as a step overshoots. A rate beyond 1/a lands on the other side of the minimum, and still nearer to it, up to 2/a. What counts is the size of the multiplier, not its sign."""
    multiplier = 1 - lr * a
    return _formula(multiplier if multiplier >= 0 else 1.0, dist, tol)


@wrong
def other_side_counts_as_there(a, lr, dist, tol):
    """For a rate beyond 1/a you stop after the first step. It jumps to the other side of the minimum, where your distance is negative, and every negative number is below `tol`. A distance has no sign."""
    steps, multiplier = 0, 1 - lr * a
    if dist > tol and abs(multiplier) >= 1:
        return math.inf
    while dist > tol:
        dist, steps = multiplier * dist, steps + 1
    return steps


@wrong
def logarithm_of_a_negative(a, lr, dist, tol):
    """For a rate beyond 1/a the multiplier 1 − ηa is negative and has no logarithm. The distance is a size: it shrinks by the size of the multiplier."""
    multiplier = 1 - lr * a
    if dist <= tol:
        return 0
    if multiplier == 0:
        return 1
    return math.ceil(math.log(tol / dist) / math.log(multiplier))


@wrong
def log_base_mix(a, lr, dist, tol):
    """Your two logarithms have different bases, so the count is 2.303 times off. Any base will do, as long as it is the same above and below."""
    if dist <= tol:
        return 0
    multiplier = abs(1 - lr * a)
    if multiplier >= 1:
        return math.inf
    if multiplier == 0:
        return 1
    return math.ceil(math.log(tol / dist) / math.log10(multiplier))


@wrong
def no_infinite_case(a, lr, dist, tol):
    """With a multiplier above 1 your formula gives a negative number of steps, and at exactly 1 it divides by zero. A distance that does not shrink never gets there: say so before taking logarithms."""
    multiplier = abs(1 - lr * a)
    if dist <= tol:
        return 0
    if multiplier == 0:
        return 1
    if multiplier == 1:
        return 0
    return math.ceil(math.log(tol / dist) / math.log(multiplier))


@wrong
def bouncing_counts_as_arriving(a, lr, dist, tol):
    """Only a multiplier above 1 is never for you. At exactly 1, the rate 2/a, the distance stays the same for ever: that does not arrive either."""
    multiplier = abs(1 - lr * a)
    return 1 if multiplier == 1 and dist > tol else _formula(multiplier, dist, tol)


@wrong
def zero_case(a, lr, dist, tol):
    """A start that is already within `tol` needs no step at all, whatever the rate. Ask that first: the formula knows only starts from outside."""
    multiplier = abs(1 - lr * a)
    if multiplier >= 1:
        return math.inf
    if multiplier == 0:
        return 1
    return max(1, math.ceil(math.log(tol / dist) / math.log(multiplier)))


@wrong
def counts_for_the_loss(a, lr, dist, tol):
    """You count until the *loss* has shrunk that much: its multiplier is the square, so you get about half the steps. The tolerance here is a distance."""
    return _formula((1 - lr * a) ** 2, dist, tol)


@wrong
def strictly_nearer(a, lr, dist, tol):
    """You go on until the distance is *smaller* than `tol`. The task says no further than `tol`: exactly at it is near enough. Write `<=`."""
    multiplier = abs(1 - lr * a)
    if dist >= tol and multiplier >= 1:
        return math.inf
    t = 0
    while dist >= tol:
        dist, t = multiplier * dist, t + 1
    return t


@wrong
def rate_before_start(a, lr, dist, tol):
    """At a rate that never arrives you say "never" even to a start that is already within `tol`. Whoever stands there needs no step: ask about the start first, about the rate afterwards."""
    multiplier = abs(1 - lr * a)
    if multiplier >= 1:
        return math.inf
    return _formula(multiplier, dist, tol)


@wrong
def rate_and_zero_before_start(a, lr, dist, tol):
    """A start that is already within `tol` needs no step, whatever the rate: neither one at the exact rate nor for ever at one that is too large. Ask about the start first."""
    multiplier = abs(1 - lr * a)
    if multiplier >= 1:
        return math.inf
    return 1 if multiplier == 0 else _formula(multiplier, dist, tol)


@wrong
def gives_up(a, lr, dist, tol):
    """You stop counting after a fixed number of steps and say "never". A multiplier just below 1 needs thousands of steps, and still arrives."""
    steps = steps_needed(a, lr, dist, tol)
    return steps if steps <= 1000 else math.inf


@wrong
def one_more_at_the_end(a, lr, dist, tol):
    """You count one step too many where a step lands exactly at `tol`: 8, 4, 2, 1 are three steps. `math.ceil` leaves a whole number as it is; rounding down and adding 1 does not."""
    return _formula(abs(1 - lr * a), dist, tol, lambda t: math.floor(t) + 1)


@wrong
def curvature_forgotten(a, lr, dist, tol):
    """Your multiplier 1 − 2η belongs to (w − 3)², whose curvature is 2. Here the curvature is the argument `a`."""
    return _formula(abs(1 - 2 * lr), dist, tol)


@wrong
def curvature_doubled(a, lr, dist, tol):
    """Your multiplier is 1 − 2ηa, but the slope of ½a(w − w*)² is a(w − w*): the ½ has taken the 2 away."""
    return _formula(abs(1 - 2 * lr * a), dist, tol)


@wrong
def forgets_the_distance(a, lr, dist, tol):
    """Your count does not depend on where you start. It takes longer from further away: `tol` has to be compared with `dist`."""
    return _formula(abs(1 - lr * a), 1.0, tol) if dist > tol else 0


@wrong
def rounds_to_nearest(a, lr, dist, tol):
    """You round to the nearest whole number, and so sometimes down: then the distance is still above `tol`. A started step has to be taken whole."""
    return _formula(abs(1 - lr * a), dist, tol, round)


@wrong
def not_rounded(a, lr, dist, tol):
    """You return a fraction of a step. Steps are whole: a started one has to be taken to its end."""
    return _formula(abs(1 - lr * a), dist, tol, float)


@wrong
def share_that_goes(a, lr, dist, tol):
    """You multiply by ηa in each step: that is the share of the distance that *goes*. What stays is the rest, 1 minus that."""
    return _formula(abs(lr * a), dist, tol)


@wrong
def as_if_continuous(a, lr, dist, tol):
    """Your distance shrinks like e^(−ηat), as if the steps were infinitely small. A step of gradient descent multiplies by |1 − ηa|: take the logarithm of that."""
    return 0 if dist <= tol else math.inf if abs(1 - lr * a) >= 1 else math.ceil(math.log(dist / tol) / (lr * a))


@wrong
def turned_sign(a, lr, dist, tol):
    """Your count is negative. Both logarithms are negative when the fractions stand alike: tol/dist belongs in the numerator, and the multiplier in the denominator."""
    return _formula(abs(1 - lr * a), dist, tol, lambda t: -t if t == int(t) else -math.floor(t))


@wrong
def without_logarithm(a, lr, dist, tol):
    """You divide the distances themselves. Each step multiplies, so the number of steps is an exponent: a logarithm is needed to get it down."""
    multiplier = abs(1 - lr * a)
    return (
        0
        if dist <= tol
        else math.inf
        if multiplier >= 1
        else 1
        if multiplier == 0
        else math.ceil(dist / tol * multiplier)
    )


@wrong(like=without_logarithm)
def equal_steps(a, lr, dist, tol):
    multiplier = abs(1 - lr * a)
    return 0 if dist <= tol else math.inf if multiplier >= 1 else math.ceil((dist - tol) / (lr * a * dist))


@wrong
def one_too_many(a, lr, dist, tol):
    """You count one step too many: you count before you ask whether the distance is small enough. Ask first, then step and count."""
    return steps_needed(a, lr, dist, tol) + 1


@wrong
def zero_means_never(a, lr, dist, tol):
    """When the multiplier is exactly 0 the first step lands on the minimum: that is one step, the fastest there is. You say something else there."""
    steps = steps_needed(a, lr, dist, tol)
    return math.inf if 1 - lr * a == 0 and dist > tol else steps


@wrong(like=zero_means_never)
def zero_means_no_step(a, lr, dist, tol):
    return 0 if 1 - lr * a == 0 else steps_needed(a, lr, dist, tol)


@wrong(like=zero_means_never)
def zero_means_two_steps(a, lr, dist, tol):
    steps = steps_needed(a, lr, dist, tol)
    return 2 if 1 - lr * a == 0 and dist > tol else steps


@wrong
def another_word_for_never(a, lr, dist, tol):
    """For "never" you return a number, and nobody can tell it from a count of steps. Return `math.inf` (or `None`) there."""
    return -1 if steps_needed(a, lr, dist, tol) == math.inf else steps_needed(a, lr, dist, tol)


@wrong(like=another_word_for_never)
def zero_for_never(a, lr, dist, tol):
    return 0 if steps_needed(a, lr, dist, tol) == math.inf else steps_needed(a, lr, dist, tol)
