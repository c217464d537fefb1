"""Huber: square near zero, straight far away."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 10
section = "Other losses: absolute error and Huber"
prompt = r"""
Write `huber(r, delta)`: the Huber loss of *each* residual in the array `r`.

Up to a miss of $\delta$ it is half the square, beyond it a straight line that continues value and slope:

$$h_\delta(r) = \begin{cases} \tfrac12 r^2 & |r| \le \delta \\ \delta\,(|r| - \tfrac12\delta) & |r| > \delta \end{cases}$$

`delta` is a positive number; `r` may hold integers.
For `r = [1, -3, 6]` and `delta = 2` the answer is `[0.5, 4, 10]`: the first is inside, the other two are outside.
"""
hints = [
    "The two sides need |r|, both in the question which formula holds and in the second formula.",
    "`np.where(condition, a, b)` picks from a or from b, element by element.",
    "Check the place where the two pieces meet: at |r| = δ both formulas must give ½δ².",
]
praise = "Value and slope agree where the two pieces meet: no jump and no kink."
why = r"""
At |r| = δ the square ½r² has the value ½δ² and the slope δ.
A straight line through that point with that slope is ½δ² + δ(|r| − δ) = δ(|r| − ½δ): nothing to memorise.

Leave out the ½δ² and the loss *jumps* by ½δ² at that point.
The slopes on both sides are still right, so a descent at a fixed rate notices nothing; but the printed loss is wrong.

These mistakes are real.
A textbook's draft had r² inside and δ|r| outside, both halves forgotten: no jump, but a kink at |r| = δ (uu-sml/sml-book-page, issue 17).
A published program asked r > δ instead of |r| > δ, so that large negative residuals cost nothing (marlbenchmark/on-policy, issue 47).

The clip form says the same without a branch: with c = min(|r|, δ), h = c(|r| − ½c).

Far out the slope is ±δ, however large the miss, so the pull of a single far point is limited.
As δ → ∞ Huber becomes half the square; for δ → 0, h/δ becomes the absolute value.
"""


equal = ("size < delta",)  # both formulas give the same where they meet


def cases(rng):
    yield np.array([1.0, -3.0, 6.0]), 2.0
    yield np.array([-5.0, -0.25, 0.0, 0.5, 1.5, 0.8]), 0.5
    yield np.array([-2.0, 2.0, 3.0, -8.0]), 3
    yield np.array([1, -3, 6]), 2
    for n, delta in ((6, 1.0), (7, 0.1), (9, 1.345)):
        yield rng.normal(0, 2, n), delta


def huber(r, delta):
    """Return the Huber loss of each residual, an array like r."""
    size = np.abs(r)
    return np.where(size <= delta, size**2 / 2, delta * (size - delta / 2))


@right
def clip_form(r, delta):
    c = np.minimum(np.abs(r), delta)
    return c * (np.abs(r) - c / 2)


@right
def piecewise(r, delta):
    size = np.abs(r).astype(float)  # np.piecewise returns the type it is given
    outside = lambda s: delta * (s - delta / 2)
    return np.piecewise(size, [size <= delta, size > delta], [lambda s: s**2 / 2, outside])


@right
def loop(r, delta):
    out = []
    for one in r:
        if -delta <= one <= delta:
            out.append(0.5 * one * one)
        else:
            out.append(delta * abs(one) - 0.5 * delta**2)
    return out


@wrong
def jump(r, delta):
    """Inside you are right; outside you are too high by the same amount everywhere. Put |r| = δ into both formulas: they must agree, or the loss jumps at the seam."""
    return np.where(np.abs(r) <= delta, r**2 / 2, delta * np.abs(r))


@wrong
def half_missing(r, delta):
    """Outside you are right; inside you are twice too high. The square is halved, so that its slope at the seam is δ, like that of the line."""
    return np.where(np.abs(r) <= delta, r**2, delta * (np.abs(r) - delta / 2))


@wrong
def half_missing_on_both_sides(r, delta):
    """All your values are twice too large. That curve has no jump and is used by some libraries, but here the square is halved: ½r² near zero."""
    return 2 * huber(r, delta)


@wrong
def negative_side(r, delta):
    """Large negative residuals are treated as if they were small: −5 is less than δ, but it is not a small miss. Ask about its size, not about `r` itself."""
    return np.where(r <= delta, r**2 / 2, delta * (r - delta / 2))


@wrong
def negative_line(r, delta):
    """For large negative residuals you return a negative loss. The straight part needs the size of the residual: too low is as bad as too high."""
    return np.where(np.abs(r) <= delta, r**2 / 2, delta * (r - delta / 2))


@wrong
def negative_side_costs_nothing(r, delta):
    """A large negative residual costs nothing at all: it is neither small nor larger than δ, so no branch of yours takes it. Ask about its size, not about `r` itself."""
    return (np.abs(r) <= delta) * r**2 / 2 + (r > delta) * delta * (np.abs(r) - delta / 2)


@wrong
def kink(r, delta):
    """Both halves are missing. Your two formulas agree in value at the seam, but not in slope: 2δ on one side and δ on the other, so the curve has a kink there."""
    return np.where(np.abs(r) <= delta, r**2, delta * np.abs(r))


@wrong
def whole_number_losses(r, delta):
    """With an array of integers your losses are integers too: `np.zeros_like(r)` copies the type, and every half is cut off. Say `np.zeros(len(r))`."""
    out = np.zeros_like(r)
    for i, size in enumerate(np.abs(r)):
        out[i] = size**2 / 2 if size <= delta else delta * (size - delta / 2)
    return out


@wrong
def delta_fixed(r, delta):
    """You are right for `delta = 1` and only there: the argument `delta` is not used everywhere it should be."""
    return huber(r, 1.0)


@wrong
def branches_swapped(r, delta):
    """Small misses get the straight line and large ones the square: the two branches stand the wrong way round."""
    return np.where(np.abs(r) > delta, r**2 / 2, delta * (np.abs(r) - delta / 2))


@wrong
def returns_mean(r, delta):
    """You return one number. The task asks for one loss per residual, an array like `r`; the caller takes the mean when she wants it."""
    return np.mean(huber(r, delta))


@wrong
def one_branch_for_all(r, delta):
    """All residuals of an array get the same formula, the square or the line. Each residual has to be asked by itself on which side of δ its size lies: `np.where`, or a loop."""
    return np.asarray(r) ** 2 / 2 if abs(r[0]) <= delta else delta * (np.abs(r) - delta / 2)


@wrong(like=one_branch_for_all)
def largest_decides(r, delta):
    return np.asarray(r) ** 2 / 2 if np.all(np.abs(r) <= delta) else delta * (np.abs(r) - delta / 2)


@wrong(like=one_branch_for_all)
def any_decides(r, delta):
    return np.asarray(r) ** 2 / 2 if np.any(np.abs(r) <= delta) else delta * (np.abs(r) - delta / 2)


@wrong
def flat_outside(r, delta):
    """Outside your loss is flat: the residual is cut off (clipped) at δ, so a miss of 100 costs no more than one of δ. There it should rise along a straight line."""
    return np.clip(r, -delta, delta) ** 2 / 2


@wrong
def slope_not_loss(r, delta):
    """That is the slope of the Huber loss, its gradient: r inside, ±δ outside. The task is the loss itself."""
    return np.clip(r, -delta, delta)


@wrong
def smooth_relative(r, delta):
    """That is the pseudo-Huber loss, a smooth curve with a square root. It has no seam; the one asked for is made of two pieces."""
    return delta**2 * (np.sqrt(1 + (np.asarray(r) / delta) ** 2) - 1)


@wrong
def square_against_delta(r, delta):
    """You compare the square r² with δ. The seam is where the size |r| is δ: compare `np.abs(r)`."""
    return np.where(np.asarray(r) ** 2 <= delta, np.asarray(r) ** 2 / 2, delta * (np.abs(r) - delta / 2))


@wrong
def line_without_delta(r, delta):
    """Outside your line has slope 1, that of the plain absolute value. It has to go on with the slope that the square has at the seam, which is δ: a factor is missing."""
    return np.where(np.abs(r) <= delta, np.asarray(r) ** 2 / 2, np.abs(r) - delta / 2)


@wrong
def line_without_delta_signed(r, delta):
    """Outside your line has slope 1: the factor δ is missing, the line does not use it as its slope. There is more: the size, `np.abs(r)`, decides which piece holds; you ask r itself, with its sign."""
    return np.where(r <= delta, np.asarray(r) ** 2 / 2, np.abs(r) - delta / 2)


@wrong
def divided_by_delta(r, delta):
    """All your values are divided by δ once too often: that is the "smooth L1" of some libraries, whose line has slope 1. Here the line has slope δ."""
    return huber(r, delta) / delta


@wrong
def seam_at_one(r, delta):
    """Your two pieces meet at 1, a number typed in. They meet where |r| is `delta`."""
    return np.where(np.abs(r) <= 1, np.asarray(r) ** 2 / 2, delta * (np.abs(r) - delta / 2))


@wrong(like=one_branch_for_all)
def line_everywhere(r, delta):
    return delta * (np.abs(r) - delta / 2)


@wrong(like=one_branch_for_all)
def square_everywhere(r, delta):
    return np.asarray(r) ** 2 / 2
