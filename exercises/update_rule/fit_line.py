"""A line through points, by gradient descent."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 20
points = 2
section = "Fit a line to data: watch it learn"
prompt = r"""
Write `fit_line(x, y, lr, steps)`: fit $\hat y = w x + b$ to $n$ points by `steps` steps of gradient descent on the mean squared error, from $w = b = 0$, and return `(w, b)`.

With the residuals $r_i = w x_i + b - y_i$ the two slopes are

$$\frac{\partial f}{\partial w} = \frac2n \sum_i r_i x_i, \qquad \frac{\partial f}{\partial b} = \frac2n \sum_i r_i .$$

(Here the loss is the mean squared error itself, without the half, so the 2 stays.)
Both parameters move at once: both slopes are measured at the same point.
`x` and `y` are arrays of one length; for `x = [1, 2, 3, 4]`, `y = [2, 4, 6, 8]`, rate 0.05 and one step the answer is `(1.5, 0.5)`.
"""
hints = [
    "Inside the loop, first the residuals of all points, then the two slopes, and only then the two updates.",
    "The slope for w is the mean of residual times x, doubled; the slope for b is the mean of the residuals, doubled.",
    "If the line that updates b still computes residuals, it sees the new w. Keep both slopes in variables, or update both in one statement: `w, b = w - lr * …, b - lr * …`.",
]
praise = "Both slopes measured before either parameter moves: that is one step in the plane, not two half-steps along its axes."
why = r"""
The loss is one landscape over the plane of $(w, b)$, and its gradient is one arrow with two components.
A step follows the arrow, so both components belong to the same point.

If b is updated with the new w, the method is another one: it moves along one axis, looks again, and moves along the other.
It often ends at the same line, which is why the mistake survives: only the path, or a comparison after one step, gives it away.

In matrix form there is nothing to get wrong: with a column of ones beside x, `theta = theta - lr * 2 / n * X.T @ (X @ theta - y)` moves both at once.
That is also how it goes on to ten features or a million.

The factor 2 comes from the square, the factor 1/n from the mean.
Leaving out the 2 halves the rate; leaving out the 1/n multiplies it by the number of points, and what was a safe rate is none any more.
"""


def cases(rng):
    yield (
        np.array([1.0, 2.0, 3.0, 4.0]),
        np.array([2.0, 4.0, 6.0, 8.0]),
        0.05,
        1,
    )  # right (1.5, 0.5), one after the other (1.5, 0.125)
    yield np.array([1.0, 2.0, 3.0, 4.0]), np.array([2.0, 4.0, 6.0, 8.0]), 0.05, 2
    yield np.array([0, 1, 2]), np.array([1, 3, 2]), 0.1, 2
    for n, steps in ((6, 1), (10, 4), (30, 25)):
        x = rng.normal(0.7, 1, n)
        yield x, rng.uniform(1, 3) * x + rng.uniform(1, 3) + rng.normal(0, 0.3, n), 0.1, steps


def fit_line(x, y, lr, steps):
    """Return (w, b) of the line w x + b after so many steps from (0, 0)."""
    w, b = 0.0, 0.0
    for _ in range(steps):
        error = w * x + b - y
        w, b = w - lr * 2 * np.mean(error * x), b - lr * 2 * np.mean(error)
    return w, b


@right
def matrix_form(x, y, lr, steps):
    X = np.column_stack([x, np.ones(len(x))])
    theta = np.zeros(2)
    for _ in range(steps):
        theta = theta - lr * 2 / len(x) * X.T @ (X @ theta - y)
    return theta


@right
def slopes_first(x, y, lr, steps):
    w = b = 0.0
    for _ in range(steps):
        r = y - (w * x + b)
        slope_w = -2 * np.dot(r, x) / len(x)
        slope_b = -2 * r.sum() / len(x)
        w -= lr * slope_w
        b -= lr * slope_b
    return w, b


@right
def sums_in_a_loop(x, y, lr, steps):
    w = b = 0.0
    for _ in range(steps):
        dw = db = 0.0
        for xi, yi in zip(x, y):
            e = w * xi + b - yi
            dw += 2 * e * xi / len(x)
            db += 2 * e / len(x)
        w, b = w - lr * dw, b - lr * db
    return [w, b]


@wrong
def sequential_update(x, y, lr, steps):
    """Your b sees the new w: you move w, measure the errors again, and then move b. Both slopes belong to the point you stand on; measure both before either parameter moves."""
    w = b = 0.0
    for _ in range(steps):
        w = w - lr * 2 * np.mean((w * x + b - y) * x)
        b = b - lr * 2 * np.mean(w * x + b - y)
    return w, b


@wrong
def sequential_update_b_first(x, y, lr, steps):
    """Your w sees the new b: you move b, measure the errors again, and then move w. Both slopes belong to the point you stand on; measure both before either parameter moves."""
    w = b = 0.0
    for _ in range(steps):
        b = b - lr * 2 * np.mean(w * x + b - y)
        w = w - lr * 2 * np.mean((w * x + b - y) * x)
    return w, b


@wrong
def order_w_b(x, y, lr, steps):
    """The numbers are right but in the wrong order: you return (b, w), asked was (w, b)."""
    return fit_line(x, y, lr, steps)[::-1]


@wrong
def half(x, y, lr, steps):
    """Your steps are half as long: you descend half the mean squared error. The derivative of a square brings down a 2; here it stays."""
    return fit_line(x, y, lr / 2, steps)


@wrong
def sign(x, y, lr, steps):
    """Your line runs away from the points: the loss grows with each step. Check the sign, either of the errors (prediction minus target) or of the update."""
    return fit_line(x, y, -lr, steps)


@wrong
def sum_not_mean(x, y, lr, steps):
    """You add the slopes of all points up and do not divide by their number, so twice the data would mean twice the step. The loss is a mean, and so is its slope."""
    return fit_line(x, y, lr * len(x), steps)


@wrong
def no_x_in_the_slope(x, y, lr, steps):
    """Your w and b always move together: the slope for w lacks its x. A point far from zero turns the line more than a point near zero."""
    w = b = 0.0
    for _ in range(steps):
        error = w * x + b - y
        w, b = w - lr * 2 * np.mean(error), b - lr * 2 * np.mean(error)
    return w, b


@wrong
def intercept_never_moves(x, y, lr, steps):
    """Your intercept is still 0: only w learns. A line through the origin is not enough; b has a slope of its own."""
    w = 0.0
    for _ in range(steps):
        w = w - lr * 2 * np.mean((w * x - y) * x)
    return w, 0.0


@wrong
def stale_errors(x, y, lr, steps):
    """You measure the errors once, before the loop, and go on with them. After the first step they belong to a line you have left."""
    w = b = 0.0
    error = w * x + b - y
    for _ in range(steps):
        w, b = w - lr * 2 * np.mean(error * x), b - lr * 2 * np.mean(error)
    return w, b


@wrong
def point_by_point(x, y, lr, steps):
    """You move after every single point, many small steps in a round. One step here looks at *all* points first: add their slopes up, take the mean, and move once."""
    w = b = 0.0
    for _ in range(steps):
        for xi, yi in zip(x, y):
            e = w * xi + b - yi
            w, b = w - lr * 2 * e * xi, b - lr * 2 * e
    return w, b


@wrong(like=point_by_point)
def point_by_point_shared(x, y, lr, steps):
    w = b = 0.0
    for _ in range(steps):
        for xi, yi in zip(x, y):
            e = w * xi + b - yi
            w, b = w - lr * 2 * e * xi / len(x), b - lr * 2 * e / len(x)
    return w, b


@wrong(like=point_by_point)
def point_by_point_without_2(x, y, lr, steps):
    w = b = 0.0
    for _ in range(steps):
        for xi, yi in zip(x, y):
            e = w * xi + b - yi
            w, b = w - lr * e * xi, b - lr * e
    return w, b


@wrong
def exact_line(x, y, lr, steps):
    """You return the best line, by the exact formula (least squares, `polyfit`). Asked is where gradient descent stands after `steps` steps from (0, 0): usually not there yet."""
    x, y = np.asarray(x, float), np.asarray(y, float)
    w = np.sum((x - x.mean()) * (y - y.mean())) / np.sum((x - x.mean()) ** 2)
    return w, y.mean() - w * x.mean()


@wrong(like=exact_line)
def exact_line_turned(x, y, lr, steps):
    return exact_line(x, y, lr, steps)[::-1]


@wrong
def x_in_the_slope_of_b(x, y, lr, steps):
    """The slope for b has an x too many: b moves by the mean of the errors alone, however far out a point lies."""
    w = b = 0.0
    for _ in range(steps):
        error = w * x + b - y
        w, b = w - lr * 2 * np.mean(error * x), b - lr * 2 * np.mean(error * x)
    return w, b


@wrong
def two_for_one_only(x, y, lr, steps):
    """One of the two slopes lacks its factor 2. Both come from the same square, so both carry it."""
    w = b = 0.0
    for _ in range(steps):
        error = w * x + b - y
        w, b = w - lr * 2 * np.mean(error * x), b - lr * np.mean(error)
    return w, b


@wrong(like=two_for_one_only)
def two_for_the_other_only(x, y, lr, steps):
    w = b = 0.0
    for _ in range(steps):
        error = w * x + b - y
        w, b = w - lr * np.mean(error * x), b - lr * 2 * np.mean(error)
    return w, b


@wrong
def x_and_y_exchanged(x, y, lr, steps):
    """x and y are exchanged: your line predicts x from y. The error is w·x + b − y."""
    return fit_line(y, x, lr, steps)


@wrong
def absolute_errors(x, y, lr, steps):
    """You use only the signs of the errors, or their sizes: that belongs to the mean absolute error. In the squared error each error counts with its size and its sign."""
    w = b = 0.0
    for _ in range(steps):
        s = np.sign(w * x + b - y)
        w, b = w - lr * np.mean(s * x), b - lr * np.mean(s)
    return w, b


@wrong
def starts_elsewhere(x, y, lr, steps):
    """You start at another line. The start is w = 0 and b = 0."""
    w, b = 1.0, 0.0
    for _ in range(steps):
        error = w * x + b - y
        w, b = w - lr * 2 * np.mean(error * x), b - lr * 2 * np.mean(error)
    return w, b


@wrong
def one_step_only(x, y, lr, steps):
    """You take one step only. Is the `return` inside the loop, or are w and b set to 0 in every round?"""
    return fit_line(x, y, lr, min(steps, 1))


@wrong
def half_one_after_the_other(x, y, lr, steps):
    """The factor 2 is missing in both slopes: the derivative of a square brings it down. There is more: your b sees the new w; measure both slopes before either parameter moves."""
    return sequential_update(x, y, lr / 2, steps)
