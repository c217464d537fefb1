"""Mean squared error."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 5
section = "Mean squared and mean absolute error"
prompt = r"""
Write `mse(y, y_hat)`: one number that says how wrong the predictions `y_hat` are for the targets `y`.

$$\operatorname{MSE} = \frac1n \sum_{i=1}^{n} (\hat y_i - y_i)^2$$

Both arguments are arrays of the same length $n$.
For targets 3, 5, 1 and predictions 4, 3, 5 the residuals are 1, −2, 4, their squares 1, 4, 16, and the answer is 7.
"""
hints = [
    "Work on the whole array at once: `y_hat - y` is all residuals.",
    "Three verbs, in this order: subtract, square, average.",
    "`np.mean` averages whatever you give it. Give it the squares.",
]
praise = "Subtract, square, average, in that order: the mean comes last, so no miss can hide another."
why = r"""
The order of the three verbs is the whole content.
**Subtract**: a residual is what is left over, with its sign.
**Square**: the sign goes, and a miss of 4 counts sixteen times a miss of 1.
**Average**: the loss does not grow merely because there are more rows, so a loss on 10 rows can be compared with a loss on 442.

Average first and square after, and an overshoot of 2 cancels an undershoot of 2: a hopeless model gets a loss of zero.

Averages also fix the units: if *y* is in points, the MSE is in squared points.
Its root is in points again and easier to read out; the next chapters descend the square itself, whose slope is a straight line in the residual.
"""


def cases(rng):
    # residuals 1, -2, 4: the right answer is 7; the mistakes give: sum 21, root 2.65, absolute 2.33, cancelled 1, half
    # 3.5
    yield np.array([3.0, 5.0, 1.0]), np.array([4.0, 3.0, 5.0])
    yield np.array([2, 0, 1, 7]), np.array([2, 3, 1, 5])
    yield np.array([1.0, 5.0]), np.array([-2.0, 4.0])
    yield np.array([-1.0, 2.0, 0.5]), np.array([1.0, -4.0, 0.5])
    for n in (5, 12, 40):
        yield rng.normal(10, 3, n), rng.normal(10, 3, n)


def mse(y, y_hat):
    """Return the mean squared error of predictions y_hat for targets y."""
    return np.mean((y_hat - y) ** 2)


@right
def dot_product(y, y_hat):
    r = y - y_hat
    return r @ r / len(r)


@right
def loop(y, y_hat):
    total = 0.0
    for target, guess in zip(y, y_hat):
        total += (guess - target) ** 2
    return float(total / len(y))


@right
def squared_norm(y, y_hat):
    return np.linalg.norm(y - y_hat) ** 2 / y.size


@wrong
def sum_not_mean(y, y_hat):
    """You add the squares up and stop. Then twice the rows mean twice the loss, though the model is no worse: the M in MSE is still missing."""
    return np.sum((y_hat - y) ** 2)


@wrong
def root(y, y_hat):
    """You took a square root at the end. That is the RMSE, a fine number to report because it has the units of `y`, but the task is the mean of the squares itself."""
    return np.sqrt(np.mean((y_hat - y) ** 2))


@wrong
def absolute(y, y_hat):
    """You average the absolute values of the residuals: that is the mean absolute error. In the squared error a miss of 4 costs sixteen times a miss of 1, not four times."""
    return np.mean(np.abs(y_hat - y))


@wrong
def errors_cancel(y, y_hat):
    """You average first and square after, so an overshoot and an undershoot cancel: predictions 2 too high and 2 too low would score a perfect zero. Change the order."""
    return np.mean(y_hat - y) ** 2


@wrong
def variance(y, y_hat):
    """You take the variance of the residuals, which subtracts their mean first: a model that is 10 too high for everybody would score a perfect zero. Average the squares as they are."""
    return np.var(y_hat - y)


@wrong
def n_minus_1(y, y_hat):
    """You divide by n − 1. That belongs to a variance, where the mean was estimated from the same numbers; a mean loss divides by n."""
    return np.sum((y_hat - y) ** 2) / (len(y) - 1)


@wrong
def not_squared(y, y_hat):
    """You average the residuals with their signs. Overshoot and undershoot cancel, and the 'loss' can even be negative: something has to make every miss count."""
    return np.mean(y_hat - y)


@wrong
def half(y, y_hat):
    """You get exactly half. The half-MSE is popular because its slope has no factor 2, but it is another loss; this course says half-MSE when it means that."""
    return np.mean((y_hat - y) ** 2) / 2


@wrong
def relative(y, y_hat):
    """You divide each residual by its target: that is a relative error, in shares of `y`. The task squares the residuals as they are, and a target of 0 is no trouble then."""
    with np.errstate(all="ignore"):
        return np.mean(((y_hat - y) / y) ** 2)


@wrong
def explained_share(y, y_hat):
    """That is R², the share of the variation that is explained: 1 for a perfect model. A loss is 0 for a perfect model, and here it is not compared with anything."""
    return 1 - np.sum((y - y_hat) ** 2) / np.sum((y - np.mean(y)) ** 2)


@wrong
def of_the_targets(y, y_hat):
    """You compare the targets with their own mean, a variance. The predictions `y_hat` do not come in: the residual is prediction minus target."""
    return np.var(y)


@wrong
def product(y, y_hat):
    """You multiply targets and predictions. A residual is the difference of the two; that is what gets squared."""
    return np.mean(y * y_hat)


@wrong
def of_the_logarithms(y, y_hat):
    """You take logarithms before you subtract: that loss compares ratios. Here the residual is the plain difference."""
    with np.errstate(all="ignore"):
        return np.mean((np.log1p(y_hat) - np.log1p(y)) ** 2)


@wrong
def length(y, y_hat):
    """You return the length of the vector of residuals, `np.linalg.norm`: a square root of a sum. The task is a mean of squares: no root, and divided by n."""
    return np.linalg.norm(y_hat - y)
