"""The best PL constant of a bumpy function."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 15
points = 2
section = "The PL condition: no flat place but the bottom"
prompt = r"""
A function satisfies the PL inequality with the constant μ if, wherever you stand,

$$\tfrac12\lVert\nabla f(w)\rVert^2 \ge \mu\,(f(w) - f^*):$$

as long as there is something left to gain, there is a slope.
It need not be convex.

Write `pl_constant(loss, grad, f_star, grid)`: the largest μ for which the inequality holds at the points of `grid`, a fine grid of numbers in increasing order.
`loss` and `grad` take the whole array; `f_star` is the smallest value of the loss, and not always 0.
The grid contains minimisers, where both sides are 0: leave out the points where $f(w) - f^*$ is below $10^{-12}$.
You may refine the grid between its ends: one percent off is good enough.

For example, for $f(w) = w^2 + 3\sin^2 w$ on 4001 points from −10 to 10 the answer is 0.1755.
"""
hints = [
    "Solve the inequality for μ. Each point allows some μ; which of them is allowed by all points?",
    "The quotient is half the squared slope over the *gap* f(w) − f*. The tightest point decides.",
    "`gap = loss(grid) - f_star`; keep the points where `gap > 1e-12`; of the quotients there take the smallest.",
]
praise = "You have measured a hypothesis of a theorem: a bumpy function, and still a linear rate, with the constant that you found."
why = r"""
At each point with a gap the inequality says $\mu \le \tfrac12\lVert\nabla f\rVert^2 / (f - f^*)$; all points allow the smallest of these quotients, and no more.

For $w^2 + 3\sin^2 w$ the second derivative, $2 + 6\cos 2w$, changes its sign again and again: the function is not convex.
But its slope, $2w + 3\sin 2w$, is zero at $w = 0$ only; where it comes nearest to zero, near $|w| = 2.2$, the quotient is 0.1755.
So gradient descent at the rate 1/L = 1/8 shrinks the gap by the factor $1 - 0.1755/8$ or better, at every step and from everywhere.

At the minimiser both sides are zero, and 0/0 says nothing.
Near it the function is almost a bowl with the curvature 8, and the quotient tends to 8, far from the smallest.
"""


def bumpy(w):
    return np.square(w) + 3 * np.sin(w) ** 2


def slope_of_bumpy(w):
    return 2 * np.asarray(w) + 3 * np.sin(2 * np.asarray(w))


def steep(w):
    return np.square(w) + np.asarray(w) ** 4


def slope_of_steep(w):
    return 2 * np.asarray(w) + 4 * np.asarray(w) ** 3


class Waves:
    """The loss a (w − c)² + b sin²(w − c) + f*, or its slope, with a name for messages."""

    def __init__(self, a, b, c, low, slope=False):
        self.a, self.b, self.c, self.low, self.slope = a, b, c, low, slope

    def __call__(self, w):
        u = np.asarray(w) - self.c
        return (
            2 * self.a * u + self.b * np.sin(2 * u)
            if self.slope
            else self.a * u**2 + self.b * np.sin(u) ** 2 + self.low
        )

    def __repr__(self):
        text = f"{self.a:.3g}(w − {self.c:.3g})² + {self.b:.3g} sin²(w − {self.c:.3g}) + {self.low:.3g}"
        return f"the slope of {text}" if self.slope else text


equal = ("gap >= 1e-12",)  # no gap has exactly this size


def cases(rng):
    grid = np.linspace(-10, 10, 4001)
    yield bumpy, slope_of_bumpy, 0.0, grid
    yield Waves(1.0, 3.0, 1.0, 2.0), Waves(1.0, 3.0, 1.0, 2.0, slope=True), 2.0, grid
    yield Waves(1.5, 0.0, 0.0, -1.0), Waves(1.5, 0.0, 0.0, -1.0, slope=True), -1.0, np.linspace(-3, 3, 1001)
    # the right answer is 2, near the minimum; where the gap is 1 it would be 6.19
    yield steep, slope_of_steep, 0.0, np.linspace(-3, 3, 1201)
    # the grid does not hold the point that decides on the whole line
    yield bumpy, slope_of_bumpy, 0.0, np.linspace(-1.5, 1.5, 601)
    for _ in range(3):
        c, low = float(rng.uniform(-1, 1)), float(rng.uniform(1, 4))
        a = float(rng.uniform(0.8, 1.5))
        b = a * float(rng.uniform(2.2, 3.2))
        # the minimiser is a point of the grid
        yield Waves(a, b, c, low), Waves(a, b, c, low, slope=True), low, np.sort(np.append(np.linspace(-9, 9, 6001), c))


def law(output, loss, grad, f_star, grid):
    value = float(output)
    true = pl_constant(loss, grad, f_star, grid)
    if not np.isfinite(value):
        return "includes_minimiser"
    if abs(value / true - 1) <= 0.01:
        return None
    if abs(value * true - 1) <= 0.01 or abs(4 * value * true - 1) <= 0.01:
        return "upside_down"
    size = (
        "too large: it claims more than holds at some point of the grid"
        if value > true
        else "too small: a larger one still holds everywhere"
    )
    return f"{value:.4g} is {size}."


def pl_constant(loss, grad, f_star, grid):
    """Return the largest mu with which PL holds at all points of the grid."""
    gap = loss(grid) - f_star
    keep = gap > 1e-12
    return np.min(grad(grid[keep]) ** 2 / (2 * gap[keep]))


@right
def in_a_loop(loss, grad, f_star, grid):
    best = float("inf")
    for w in grid:
        gap = float(loss(w)) - f_star
        if gap >= 1e-12:
            best = min(best, float(grad(w)) ** 2 / 2 / gap)
    return best


@right
def on_a_finer_grid(loss, grad, f_star, grid):
    fine = np.linspace(grid[0], grid[-1], 40_001)
    gap = loss(fine) - f_star
    with np.errstate(all="ignore"):
        quotient = np.where(gap > 1e-9, 0.5 * grad(fine) ** 2 / gap, np.inf)
    return float(quotient.min())


@right
def largest_that_holds(loss, grad, f_star, grid):
    half, gap = grad(grid) ** 2 / 2, loss(grid) - f_star
    low, high = 0.0, 100.0
    for _ in range(40):
        mu = (low + high) / 2
        holds = np.all((half >= mu * gap) | (gap < 1e-12))
        low, high = (mu, high) if holds else (low, mu)
    return low


def _quotients(loss, grad, f_star, grid):
    gap = loss(grid) - f_star
    keep = gap > 1e-12
    return grad(grid[keep]) ** 2 / (2 * gap[keep])


@wrong
def includes_minimiser(loss, grad, f_star, grid):
    """Your grid includes a minimiser: there both sides are 0, and 0/0 is no number. Leave out the points without a gap."""
    return np.min(grad(grid) ** 2 / (2 * (loss(grid) - f_star)))


@wrong
def small_gaps_left_out(loss, grad, f_star, grid):
    """You leave out points that are near the minimum but not at it. The tightest point may be one of them: only a gap below 10⁻¹² is left out."""
    gap = loss(grid) - f_star
    keep = gap > 1
    return np.min(grad(grid[keep]) ** 2 / (2 * gap[keep]))


@wrong
def grid_ignored(loss, grad, f_star, grid):
    """You use a grid of your own in place of `grid`. The constant belongs to the points that come in: outside of them the function may be flatter."""
    return pl_constant(loss, grad, f_star, np.linspace(-10, 10, 4001))


@wrong
def max_not_min(loss, grad, f_star, grid):
    """You take the largest quotient. It is the constant of the most generous point; the inequality has to hold at *every* point, so the stingiest decides."""
    return np.max(_quotients(loss, grad, f_star, grid))


@wrong
def average(loss, grad, f_star, grid):
    """You average over the grid. A theorem that holds on average does not hold where the path gets stuck: the tightest point decides."""
    return np.mean(_quotients(loss, grad, f_star, grid))


@wrong
def no_half(loss, grad, f_star, grid):
    """The half is missing: the inequality has half the squared slope, so you claim twice the constant."""
    return 2 * np.min(_quotients(loss, grad, f_star, grid))


@wrong
def f_not_gap(loss, grad, f_star, grid):
    """You divide by the loss f itself, not by the gap. Where the smallest loss is not 0, the two are not the same: subtract `f_star`."""
    values = loss(grid)
    keep = np.abs(values - f_star) > 1e-12
    return np.min(grad(grid[keep]) ** 2 / (2 * values[keep]))


@wrong
def not_squared(loss, grad, f_star, grid):
    """The slope is not squared in your quotient. Double the loss, and μ must double too: only the square over the gap does that."""
    gap = loss(grid) - f_star
    keep = gap > 1e-12
    return np.min(np.abs(grad(grid[keep])) / (2 * gap[keep]))


@wrong
def grid_too_coarse(loss, grad, f_star, grid):
    """Your grid is too coarse: the tightest point lies between its points, and you claim too large a constant. Use all the points that are given."""
    return np.min(_quotients(loss, grad, f_star, np.linspace(grid[0], grid[-1], 33)))


@wrong
def smallest_curvature(loss, grad, f_star, grid):
    """You return the smallest curvature, which is μ for a *convex* function only. Here it is negative, and PL holds all the same: it asks about slope and gap, not about curvature."""
    return np.min(np.gradient(grad(grid), grid))


@wrong
def upside_down(loss, grad, f_star, grid):
    """Your quotient is upside down: the gap stands in the numerator and the squared slope in the denominator. The inequality says: half the squared slope, divided by the gap, is at least μ."""
    return np.max(1 / _quotients(loss, grad, f_star, grid))


@wrong
def smallest_second_difference(loss, grad, f_star, grid):
    """You return the smallest second derivative (curvature), from differences: that is μ for strong convexity. The PL inequality compares the slope with the gap, and holds here with a positive μ."""
    f, h = loss(grid), np.diff(grid)
    return np.min(np.diff(np.diff(f) / h) / h[1:])


@wrong(like=smallest_second_difference)
def smallest_difference_of_slopes(loss, grad, f_star, grid):
    return np.min(np.diff(grad(grid)) / np.diff(grid))


@wrong
def smallest_slope(loss, grad, f_star, grid):
    """You use the smallest slope and the largest gap, each at a point of its own. Both belong to the *same* point: divide first, then take the smallest."""
    gap = loss(grid) - f_star
    keep = gap > 1e-12
    return np.min(grad(grid[keep]) ** 2) / (2 * np.max(gap[keep]))
