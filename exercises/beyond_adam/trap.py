"""A trap for Adam."""

import math

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 25
points = 3
seconds = 8
section = "A trap on an interval"
prompt = r"""
Adam can end at the *worst* point of a convex problem.
Build such a problem: `trap(T)` returns T slopes, numbers $g_1, \dots, g_T$ of size at most 2000, whose **average is positive**.
A weight w lives on the interval from −1 to 1, and step t costs $g_t w$; since the average is positive, w = −1 is best.

Adam starts at 0, takes the slopes one after the other with the rate $0.5/\sqrt t$, β₁ = 0.9, β₂ = 0.99, ε = 1e-8, and is pushed back into the interval after each step.
It must end above 0.9, nearly as wrong as can be, for T = 3030 and T = 6060.

Any sequence with the property will do.
For example, `[-1, -1, -1, ...]` leads Adam to +1, but its average is negative: there +1 is best, and nobody is trapped.
"""
hints = [
    "Adam divides by the root of recent *squares*: one huge slope makes itself small. Many small ones of the other sign are hardly divided at all.",
    "So: seldom a huge positive slope, otherwise small negative ones, such that the sum is still just above zero.",
    "Reddi and colleagues repeat a cycle of 101 slopes: 100 times −10, then once 1010. Its sum is 10.",
]
praise = "The rare slope that matters most is the one that Adam shrinks most: you have built its blind spot."
why = r"""
In the cycle of 100 slopes of −10 and one of 1010 the sum is +10: on average uphill is to the right, and −1 is best.

The huge slope enters $v$ with the weight $1 - \beta_2 = 0.01$ and, in the long run, lifts $\sqrt v$ to 127; β₁ spreads its push over ten steps and more, together 8.3 rates to the left.
Then $v$ forgets, within about $1/(1 - \beta_2) = 100$ steps, and $\sqrt v$ falls to 77 before the next one comes, while the small slopes push the other way, by 0.07 of a rate at first and 0.13 at the end.
There are 100 of them, together 10.2 rates: they win.

So $v$ forgets within the cycle, and that is the trap.
AMSGrad divides by the largest v so far, so the small slopes stay small, and the average decides.

This is the example of Reddi, Kale and Kumar (2018), who found the gap in the published proof.
With the default β₂ = 0.999 the wrong push is still the larger one, 9.91 rates against 9.80, so Adam gets there too, only much later; with 0.9999 the average decides.
"""


def cases(rng):
    yield (3030,)
    yield (6060,)


def _adam(slopes, beta1=0.9, beta2=0.99):
    w = m = v = 0.0
    for t, g in enumerate(slopes, start=1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        w -= 0.5 / math.sqrt(t) * (m / (1 - beta1**t)) / (math.sqrt(v / (1 - beta2**t)) + 1e-8)
        w = max(-1.0, min(1.0, w))
    return w


def canonical(output):
    return np.array(list(output) if not isinstance(output, np.ndarray) else output, dtype=float)


def law(output, T):
    slopes = np.asarray(output, dtype=float)
    if slopes.ndim != 1:
        return f"T numbers in a row are asked for; yours have the shape {slopes.shape}."
    unbounded = not np.isfinite(slopes).all() or np.abs(slopes).max(initial=0) > 2000
    if len(slopes) != T:
        reply = "too_short" if len(slopes) < T else f"trap({T}) should return {T} slopes; yours returns {len(slopes)}."
        if unbounded:
            return reply, "unbounded"
        return (reply, "average_not_positive") if max(slopes.mean(), slopes[:T].mean()) <= 0 else reply
    if unbounded:
        return "unbounded"
    end = _adam(slopes.tolist())
    if slopes.mean() <= 0:
        return "mirrored" if slopes.mean() < 0 and end < -0.9 else "average_not_positive"
    if end > 0.9:
        return None
    if slopes[0] > 0 and _adam(np.tile(slopes, 10).tolist()) > 0.9:
        return "huge_one_first"
    if _adam(slopes[:3030].tolist(), 0.0, 0.1) > 0.9:
        return "needs_other_betas"
    return "adam_survives"


def trap(T):
    """Return T slopes with a positive average that lead Adam to +1."""
    return np.where(np.arange(1, T + 1) % 101 == 0, 1010.0, -10.0)


@right
def as_a_list(T):
    cycle = [-1.0] * 100 + [101.0]
    return (cycle * (T // 101 + 1))[:T]


@right
def a_generator(T):
    return (1500.0 if t % 101 == 100 else -14.0 for t in range(T))


@right
def another_cycle(T):
    slopes = np.full(T, -2.0)
    slopes[100::101] = 203.0
    return slopes


@wrong
def average_not_positive(T):
    """The average of your slopes is not positive, so +1 *is* the best point, and Adam is right to go there. Make the rare slope large enough to outweigh all the others."""
    return np.where(np.arange(1, T + 1) % 101 == 0, 990.0, -10.0)


@wrong
def adam_survives(T):
    """The average is positive, and Adam finds it: it does not end above 0.9. Most slopes have to point the wrong way, and a rare huge one has to outweigh them: so rare that v has forgotten most of it before the next one comes."""
    return np.ones(T)


@wrong
def unbounded(T):
    """Your slopes grow beyond 2000 (or are not numbers at all). On slopes without a bound every method fails; the trap is that Adam fails on tame ones."""
    return np.where(np.arange(1, T + 1) % 101 == 0, 10.0 * np.arange(1, T + 1) + 1000, -10.0)


@wrong
def huge_one_first(T):
    """The trap is a good one, and T steps are too few for it: the huge slope comes first, while the rate is still large, and throws w to −1. The way from there to +1 is long. Let the cycle begin with the small slopes."""
    return np.where(np.arange(T) % 101 == 0, 1010.0, -10.0)


@wrong
def needs_other_betas(T):
    """This is a trap for other settings: with β₁ = 0.9 and β₂ = 0.99 Adam escapes. Its window for v is about 100 steps, so the cycle has to be about as long."""
    return np.where(np.arange(1, T + 1) % 3 == 1, 3.0, -1.0)


@wrong
def too_short(T):
    """You return fewer than T slopes. One cycle is not enough: repeat it until there are T."""
    return np.array([-10.0] * 100 + [1010.0])


@wrong
def mirrored(T):
    """Your trap is mirrored: the average is negative, and Adam ends at −1. Exchange the signs."""
    return np.where(np.arange(1, T + 1) % 101 == 0, -1010.0, 10.0)
