"""Steepest in which norm?"""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 12
section = "Steepest in which norm? (optional)"
prompt = r"""
Write `steepest(g, norm)`: among all steps $u$ of length 1, the one that goes *down* fastest, that is with the smallest slope $g \cdot u$.
What "length 1" means is said by `norm`:

- `2`: the ordinary length, $\sqrt{\sum_j u_j^2} = 1$
- `np.inf`: the largest absolute value of an entry is 1
- `1`: the absolute values of the entries add up to 1; move *one* coordinate only (of two equally steep ones, either)

A coordinate in which the ground is level (slope 0) stays where it is.
For `g = [3, 0, -4]` the answers are `[-0.6, 0, 0.8]`, `[-1, 0, 1]` and `[0, 0, 1]`.
"""
hints = [
    "The three cases have little in common but the minus sign. Write three branches.",
    "With the largest entry as length, every coordinate may move by a whole 1: which way should each go?",
    "With the sum as length you have 1 to spend: spend it where a unit buys most descent.",
]
praise = "Gradient descent, sign descent and coordinate descent: one question, three ways to measure a step."
why = r"""
The slope along u is g · u.
How negative can it be while u keeps to its length?

- **2-norm.** g · u = ‖g‖ cos φ, smallest at φ = 180°: u = −g/‖g‖, slope −‖g‖₂.
- **Max-norm.** The entries are free of each other, each between −1 and 1: take −1 where g is positive, +1 where it is negative. Slope −Σ|g[j]| = −‖g‖₁.
- **1-norm.** Whatever you give to coordinate j buys |g[j]| per unit, so give all to the best: slope −max|g[j]| = −‖g‖_∞.

Each norm is answered by its *dual* norm.
At (3, 4) on x² + 2y² the gradient is (6, 16) and the three slopes are 17.09, 22 and 16.

So "the direction of steepest descent" is not a fact about the mountain alone, but about the mountain and the way a step is measured.
The sign step is the ancestor of Adam, the one-coordinate step of coordinate descent.

`g / np.abs(g)` is a sign function with a hole at 0: it returns nan where the ground is level.
"""


def cases(rng):
    g = np.array([3.0, 0.0, -4.0])
    for norm in (2, np.inf, 1):
        yield g, norm
    for norm in (1, np.inf, 2):
        yield np.array([6.0, 16.0]), norm
    yield np.array([-2.0, 5.0, 1.0, -5.0]), 1  # a tie
    for norm in (2, np.inf, 1):
        yield np.array([3, 0, -4]), norm  # whole numbers
    for d in (3, 6):
        for norm in (2, np.inf, 1):
            yield rng.normal(size=d), norm


def run(answer, g, norm):
    """Return the step. In the 1-norm a tie may be broken either way: one step stands for all good steps along a single
    coordinate."""
    step = answer(g, norm)
    if norm == 1 and isinstance(step, (list, tuple, np.ndarray)) and np.shape(step) == np.shape(g):
        step = np.asarray(step, dtype=float)
        best = np.max(np.abs(g))
        if np.count_nonzero(step) == 1 and np.isclose(step @ g, -best) and np.isclose(np.abs(step).sum(), 1):
            step = np.zeros(len(g))
            step[np.argmax(np.abs(g))] = -np.sign(g[np.argmax(np.abs(g))])
    return step


def steepest(g, norm):
    """Return the steepest step down of length 1; norm is 2, np.inf or 1."""
    if norm == 2:
        return -g / np.linalg.norm(g)
    if norm == np.inf:
        return -np.sign(g)
    step = np.zeros(len(g))
    j = np.argmax(np.abs(g))
    step[j] = -np.sign(g[j])
    return step


@right
def last_of_a_tie(g, norm):
    if norm == 2:
        return -np.array(g) / np.sqrt(np.dot(g, g))
    if norm == 1:
        j = max(range(len(g)), key=lambda i: (abs(g[i]), i))
        return [float(-np.sign(g[i])) if i == j else 0.0 for i in range(len(g))]
    return np.where(g > 0, -1.0, np.where(g < 0, 1.0, 0.0))


@right
def rows_of_the_identity(g, norm):
    if norm == 1:
        j = int(np.abs(g).argmax())
        return -np.eye(len(g))[j] * (1 if g[j] > 0 else -1)
    if norm == float("inf"):
        return (g < 0).astype(float) - (g > 0)
    return np.divide(g, -((g**2).sum() ** 0.5))


@wrong
def gradient_for_all(g, norm):
    """For the 2-norm you are right, but you give the same step for every norm. With another ruler the unit ball has another shape, and another point of it lies lowest."""
    return -g / np.linalg.norm(g)


@wrong
def not_unit(g, norm):
    """The direction is good, but the step does not have length 1. Divide by its length, in the norm that was asked for."""
    if norm == np.inf:
        return -g
    if norm == 1:
        return np.where(np.arange(len(g)) == np.argmax(np.abs(g)), -g, 0.0)
    return -g


@wrong
def not_unit_in_two_norm(g, norm):
    """Two of the three are right. For the 2-norm the step does not have length 1: divide the gradient by its length."""
    return -g if norm == 2 else steepest(g, norm)


@wrong
def scaled_for_all(g, norm):
    """Your steps have length 1 in the norm that was asked for, but all point along the gradient. For the max-norm and the 1-norm there is a step of the same length that goes down faster."""
    return -g / np.linalg.norm(g, norm)


@wrong
def uphill(g, norm):
    """Every step goes up: the slope along it is as large as possible, and it should be as small as possible. The gradient points uphill."""
    return -steepest(g, norm)


@wrong
def largest_not_steepest(g, norm):
    """For the 1-norm you choose the largest entry, but −4 is steeper than 3: steep means large in size, whatever the sign."""
    if norm == 1:
        step = np.zeros(len(g))
        step[np.argmax(g)] = -1.0
        return step
    return steepest(g, norm)


@wrong
def sign_of_zero(g, norm):
    """Where the slope is 0, you divide 0 by 0 and get `nan`. A coordinate in which the ground is level stays where it is."""
    if norm == np.inf:
        with np.errstate(all="ignore"):
            return -g / np.abs(g)
    return steepest(g, norm)


@wrong
def sign_of_zero_moves(g, norm):
    """A coordinate in which the slope is 0 moves all the same. It costs nothing and buys nothing: let it stay where it is."""
    return np.where(g > 0, -1.0, 1.0) if norm == np.inf else steepest(g, norm)


@wrong
def tie_not_single(g, norm):
    """When two coordinates are equally steep you share the step between them. That is just as steep, but the task asks for one coordinate: take either."""
    if norm == 1:
        best = np.isclose(np.abs(g), np.max(np.abs(g)))
        return -np.sign(g) * best / best.sum()
    return steepest(g, norm)


@wrong
def tie_takes_all(g, norm):
    """When two coordinates are equally steep you move both by a whole 1: the sizes add up to 2, so the step is too long. Move one of them, either."""
    if norm == 1:
        return -np.sign(g) * (np.abs(g) == np.max(np.abs(g)))
    return steepest(g, norm)


@wrong
def norms_exchanged(g, norm):
    """The max-norm and the 1-norm have each other's answer. With the largest entry as length every coordinate may move by 1; with the sum as length you have 1 to spend in all."""
    return steepest(g, {1: np.inf, np.inf: 1}.get(norm, norm))


@wrong
def whole_number_step(g, norm):
    """With whole numbers in `g` your step holds whole numbers too: `np.zeros_like(g)` copies the type, and −0.6 becomes 0. Say `np.zeros(len(g))`."""
    step = np.zeros_like(g)
    step[:] = steepest(g, norm)
    return step


@wrong
def shared_in_the_one_norm(g, norm):
    """For the 1-norm every coordinate gets the same share. The sizes do add up to 1, but a unit buys most descent in the steepest coordinate: move that one alone."""
    return -np.sign(g) / len(g) if norm == 1 else steepest(g, norm)


@wrong(like=shared_in_the_one_norm)
def shared_by_those_that_move(g, norm):
    return -np.sign(g) / np.count_nonzero(g) if norm == 1 else steepest(g, norm)


@wrong
def scaled_in_the_one_norm(g, norm):
    """For the 1-norm you keep the direction of the gradient and divide by the sum of the sizes. The length is 1, but moving the steepest coordinate alone goes down faster."""
    return -g / np.sum(np.abs(g)) if norm == 1 else steepest(g, norm)


@wrong
def scaled_in_the_max_norm(g, norm):
    """For the max-norm you keep the direction of the gradient and divide by the largest entry. With that norm *every* coordinate may move by a whole 1, and each does best so."""
    return -g / np.max(np.abs(g)) if norm == np.inf else steepest(g, norm)


@wrong
def flattest_coordinate(g, norm):
    """For the 1-norm you choose the wrong coordinate: the smallest entry, not the one with the largest size."""
    if norm != 1:
        return steepest(g, norm)
    step, j = np.zeros(len(g)), np.argmin(g)
    step[j] = -np.sign(g[j])
    return step


@wrong(like=flattest_coordinate)
def smallest_size(g, norm):
    if norm != 1:
        return steepest(g, norm)
    step, j = np.zeros(len(g)), np.argmin(np.abs(g))
    step[j] = -np.sign(g[j])
    return step


@wrong
def slope_in_the_one_norm(g, norm):
    """For the 1-norm you move the right coordinate, but by its slope. The step has length 1: move it by 1, keep only the sign."""
    if norm != 1:
        return steepest(g, norm)
    step, j = np.zeros(len(g)), np.argmax(np.abs(g))
    step[j] = -g[j]
    return step


@wrong
def always_down_in_the_one_norm(g, norm):
    """For the 1-norm you move the right coordinate, always by −1 (or always by +1). Which way is down depends on the sign of its slope."""
    if norm != 1:
        return steepest(g, norm)
    return np.where(np.arange(len(g)) == np.argmax(np.abs(g)), -1.0, 0.0)


@wrong
def squared_length(g, norm):
    """For the 2-norm you divide by the square of the length: the square root is missing."""
    return -g / np.dot(g, g) if norm == 2 else steepest(g, norm)
