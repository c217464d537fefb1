"""A gradient of your own: the Huber loss."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 18
section = "Slopes of real losses"
prompt = r"""
No formula this time: you derive it.
The Huber cost of a residual $r$, from the last chapter, is $\frac12 r^2$ if $\lvert r\rvert \le \delta$, and otherwise $\delta\,(\lvert r\rvert - \frac12\delta)$.

Write `grad_huber(w, X, y, delta)`: the gradient in `w` of the *mean* Huber cost of the residuals `X @ w - y`.
On paper, find the slope of the cost in $r$, one piece after the other; the chain rule does the rest.
Before you run the check, test your gradient with `numerical` from this page: the loss is `lambda w: problems.huber(delta).loss(X @ w - y).mean()`.

`X` has $n$ rows and $d$ columns, `delta` is a positive number; the gradient has $d$ entries.
Example with $n = 2$, $d = 3$: for `X = [[1, 0, 2], [0, 1, 1]]`, `w = [1, 1, 0]`, `y = [0, 4]` and `delta = 2` the residuals are 1 and −3, one inside and one outside, and the gradient is `[0.5, -1, 0]`.
"""
hints = [
    "Inside, the slope of ½r² is the first thing that one learns about derivatives. Outside the cost is a straight line in |r|: how steep is it on the right, and how steep on the left?",
    "Outside, a positive residual has the slope δ and a negative one −δ. Both pieces together are the residual, limited to the range from −δ to δ: see `np.clip`.",
    "From the slopes of the rows to the gradient is the way of the page: `X.T @ slopes / n`.",
]
praise = "The slope is the residual, limited to ±δ: that is why a far point pulls no harder than one at the distance δ."
why = r"""
Inside, the slope of ½r² is r.
Outside, the cost is δ|r| and a constant: its slope is δ on the right and −δ on the left.
At |r| = δ both agree, so the slope has no jump, and all of it is one expression, the residual limited to ±δ:

$$\ell'(r) = \min(\max(r, -\delta), \delta) .$$

The score of a row is X w, and a residual changes just as much as the score.
So the chain rule gives $\nabla f(w) = \frac1n X^\top \ell'$, as for every mean of costs of linear scores $Xw$.

Two things that are easily confused: here the pull of *each row* is limited, before the mean.
To limit the entries of the *gradient*, after the mean, is another method (clipping by value), and it does not stop one wild row from deciding the direction.

For δ → ∞ this is the gradient of the half-MSE; divided by δ, for δ → 0, it is that of the MAE, the mean of signs.
"""


def cases(rng):
    X, w = np.array([[1.0, 0.0, 2.0], [0.0, 1.0, 1.0]]), np.array([1.0, 1.0, 0.0])
    yield w, X, np.array([0.0, 4.0]), 2.0
    # residuals 5, -0.5, -4, 0.3: outside on both sides, inside on both sides
    X = np.array([[1.0, 2.0], [3.0, -1.0], [0.5, 1.0], [2.0, 4.0]])
    yield np.zeros(2), X, np.array([-5.0, 0.5, 4.0, -0.3]), 1.5
    yield np.zeros(2), X, np.array([-5.0, 0.5, 4.0, -0.3]), 0.4
    for n, d, delta in ((6, 3, 0.7), (9, 2, 1.3), (12, 4, 3.0)):
        X = rng.normal(size=(n, d))
        yield rng.normal(size=d), X, 3 * rng.normal(size=n), delta


def grad_huber(w, X, y, delta):
    """Return the gradient of the mean Huber loss, shape (d,)."""
    return X.T @ np.clip(X @ w - y, -delta, delta) / len(y)


@right
def by_pieces(w, X, y, delta):
    r = X @ w - y
    slopes = np.where(np.abs(r) <= delta, r, delta * np.sign(r))
    return np.mean(X * slopes[:, None], axis=0)


@right
def loop(w, X, y, delta):
    total = np.zeros(len(w))
    for row, target in zip(X, y):
        r = row @ w - target
        total += max(-delta, min(delta, r)) * row
    return total / len(y)


def _gradient(X, slopes):
    return X.T @ slopes / len(slopes)


@wrong
def no_limit(w, X, y, delta):
    """You use the residual itself everywhere: that is the gradient of half the square, where a far point pulls without limit. What is the slope beyond δ, where the cost is a straight line?"""
    return _gradient(X, X @ w - y)


@wrong
def outside_dropped(w, X, y, delta):
    """Rows outside δ do not pull at all in your answer. Their cost still grows with |r|, so it has a slope."""
    r = X @ w - y
    return _gradient(X, np.where(np.abs(r) <= delta, r, 0.0))


@wrong
def sign_lost(w, X, y, delta):
    """Outside, your slope is δ on both sides. For a negative residual the cost falls when r grows: there the slope has the other sign."""
    r = X @ w - y
    return _gradient(X, np.where(np.abs(r) <= delta, r, delta))


@wrong
def delta_lost(w, X, y, delta):
    """Outside, your slope is 1 or −1. That is the slope of |r|; the cost there is δ times as steep."""
    r = X @ w - y
    return _gradient(X, np.where(np.abs(r) <= delta, r, np.sign(r)))


@wrong
def delta_squared(w, X, y, delta):
    """Outside, your slope is ±δ². The cost is δ times |r| and a constant: differentiate it in r."""
    r = X @ w - y
    return _gradient(X, np.where(np.abs(r) <= delta, r, delta**2 * np.sign(r)))


@wrong
def half_lost(w, X, y, delta):
    """Inside, your slope is 2r. The cost there is *half* the square."""
    r = X @ w - y
    return _gradient(X, np.where(np.abs(r) <= delta, 2 * r, delta * np.sign(r)))


@wrong
def one_side_only(w, X, y, delta):
    """You limit large positive residuals, and not large negative ones. The question is how large the absolute value is."""
    return _gradient(X, np.minimum(X @ w - y, delta))


@wrong
def pieces_exchanged(w, X, y, delta):
    """Your two pieces are exchanged: you use the residual outside and ±δ inside."""
    r = X @ w - y
    return _gradient(X, np.where(np.abs(r) <= delta, delta * np.sign(r), r))


@wrong
def gradient_limited(w, X, y, delta):
    """You limit the entries of the gradient. The Huber loss limits the pull of each row, before the mean is taken."""
    return np.clip(_gradient(X, X @ w - y), -delta, delta)


@wrong
def cost_for_slope(w, X, y, delta):
    """You multiply the table by the *costs* of the rows. The chain rule asks for the slope of the cost in the residual: differentiate first."""
    size = np.abs(X @ w - y)
    return _gradient(X, np.where(size <= delta, size**2 / 2, delta * (size - delta / 2)))


@wrong
def sum_not_mean(w, X, y, delta):
    """You add over the rows and stop. The loss is a mean, so its gradient is divided by the number of rows."""
    return X.T @ np.clip(X @ w - y, -delta, delta)


@wrong
def divided_by_weights(w, X, y, delta):
    """You divide by the number of weights. The mean is taken over the rows."""
    return X.T @ np.clip(X @ w - y, -delta, delta) / len(w)


@wrong
def residual_turned(w, X, y, delta):
    """Your gradient points the other way: the residual is prediction minus target, so that it grows with the score."""
    return _gradient(X, np.clip(y - X @ w, -delta, delta))


@wrong
def slopes_of_the_rows(w, X, y, delta):
    """You return the slopes of the rows, one for each residual. The gradient has one entry for each *weight*: the chain rule is still missing."""
    return np.clip(X @ w - y, -delta, delta)


@wrong
def mean_slope(w, X, y, delta):
    """You return one number, the mean slope of the rows. The gradient has one entry for each weight: each row's slope times that row's measurement, then the mean."""
    return np.mean(np.clip(X @ w - y, -delta, delta))


@wrong
def loss_itself(w, X, y, delta):
    """You return the loss. The task is its gradient, one slope for each weight."""
    size = np.abs(X @ w - y)
    return np.mean(np.where(size <= delta, size**2 / 2, delta * (size - delta / 2)))
