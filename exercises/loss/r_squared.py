"""R²: how much better than the flat line?"""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 12
section = "Linear regression: every line is a point"
prompt = r"""
Write `r_squared(y, y_hat)`: the share of the flat line's squared error that the predictions `y_hat` remove.
The flat line predicts the mean of the targets `y` for everyone.

There is no formula this time; the page says in words what $R^2$ is.
It is 1 for perfect predictions, 0 for the flat line, and negative for anything worse.

Both arguments are arrays of the same length, and the targets are not all equal.
For targets 1, 2, 6 the flat line is at 3, and its squared errors 4, 1 and 9 add up to 14.
Predictions 2, 2, 5 leave 2 of that, so the answer is 12/14 = 0.857.
"""
hints = [
    "Two numbers are needed: the squared error of the predictions, and that of the flat line. Both are sums, or both are means.",
    "What share of the flat line's error is left? And what share is removed?",
    "Try predictions that are all 10 too high. They are far off, so your answer must fall, even if they follow the targets perfectly.",
]
praise = "One minus the share that is left: and if the predictions are worse than the mean, the answer is negative, as it should be."
why = r"""
The flat line's mean squared error is the variance of the targets, and the predictions leave their own MSE of it.
The share that is left is MSE / variance, and the share that is removed is

$$R^2 = 1 - \frac{\sum_i (\hat y_i - y_i)^2}{\sum_i (y_i - y_\text{mean})^2}, \qquad y_\text{mean} = \frac1n \sum_i y_i .$$

The n cancels, so sums and means give the same.

Several other formulas agree with this one *for the least squares line on its own training rows*: the squared correlation of y and ŷ, the variance of the predictions over the variance of the targets, and 1 minus the variance of the residuals over that of the targets.
For any other predictions they part.
All three forgive predictions that are 10 too high for everybody, and the first two can never be negative; but on new rows, where R² is needed most, predictions worse than the mean do happen.

`sklearn.metrics.r2_score(y, y_hat)` is this function; `explained_variance_score` is the one that forgives a shift.
"""


def cases(rng):
    yield np.array([1.0, 2.0, 6.0]), np.array([2.0, 2.0, 5.0])
    yield np.array([1.0, 2.0, 6.0, 3.0]), np.array([6.0, 2.5, 1.0, 2.0])  # worse than the flat line
    yield np.array([2, 0, 1, 7]), np.array([12, 10, 11, 17])  # right but for a shift
    yield np.array([-1.0, 2.0, 0.5]), np.array([-1.0, 2.0, 0.5])  # perfect
    for n in (5, 12, 40):
        y = rng.normal(10, 3, n)
        yield y, y + rng.normal(0.7, 2, n)


def r_squared(y, y_hat):
    """Return the share of the flat line's squared error removed."""
    return 1 - np.mean((y_hat - y) ** 2) / np.var(y)


@right
def by_sums(y, y_hat):
    flat = np.sum((y - y.mean()) ** 2)
    return (flat - np.sum((y - y_hat) ** 2)) / flat


@right
def loop(y, y_hat):
    mean = sum(y) / len(y)
    left = sum((a - b) ** 2 for a, b in zip(y, y_hat))
    return float(1 - left / sum((a - mean) ** 2 for a in y))


@wrong
def share_left(y, y_hat):
    """You return the share of the error that is *left*: 0 for perfect predictions, 1 for the flat line. The task asks for the share that is removed."""
    return np.mean((y_hat - y) ** 2) / np.var(y)


@wrong
def upside_down(y, y_hat):
    """Your fraction is upside down: you divide by the error of the predictions, which is 0 when they are perfect. It is a share of the flat line's error."""
    with np.errstate(all="ignore"):
        return 1 - np.var(y) / np.mean((y_hat - y) ** 2)


@wrong
def squared_correlation(y, y_hat):
    """You square the correlation of targets and predictions. It is 1 for predictions that are all 10 too high, and never negative. It agrees with R² only for the least squares line on its own rows."""
    return np.corrcoef(y, y_hat)[0, 1] ** 2


@wrong
def spread_of_the_predictions(y, y_hat):
    """You divide the spread of the predictions by that of the targets. Wild predictions would get a high mark: what counts is how far each lies from its own target."""
    return np.var(y_hat) / np.var(y)


@wrong
def shift_forgiven(y, y_hat):
    """You take the variance of the residuals, which subtracts their mean first: predictions that are 10 too high for everybody would count as perfect. Square the residuals as they are."""
    return 1 - np.var(y_hat - y) / np.var(y)


@wrong
def divided_by_predictions(y, y_hat):
    """You compare with the spread of the *predictions*. The flat line is made from the targets, and its error as well."""
    with np.errstate(all="ignore"):
        return 1 - np.mean((y_hat - y) ** 2) / np.var(y_hat)


@wrong
def flat_line_of_the_predictions(y, y_hat):
    """Your flat line lies at the mean of the predictions. The best constant is the mean of the targets."""
    return 1 - np.sum((y_hat - y) ** 2) / np.sum((y - np.mean(y_hat)) ** 2)


@wrong
def flat_line_at_zero(y, y_hat):
    """You compare with predicting 0 for everyone: the squares of the targets themselves. The flat line lies at their mean."""
    return 1 - np.sum((y_hat - y) ** 2) / np.sum(np.asarray(y, float) ** 2)


@wrong
def flat_line_at_the_median(y, y_hat):
    """Your flat line lies at the median, which is best for absolute values. Here squares count: which constant is best for those?"""
    return 1 - np.sum((y_hat - y) ** 2) / np.sum((y - np.median(y)) ** 2)


@wrong
def absolute_values(y, y_hat):
    """You compare mean absolute errors. R² is a share of the *squared* error."""
    return 1 - np.mean(np.abs(y_hat - y)) / np.mean(np.abs(y - np.mean(y)))


@wrong
def roots(y, y_hat):
    """You take square roots before you divide, and so compare RMSE and std. R² is a share of the squared error itself."""
    return 1 - np.sqrt(np.mean((y_hat - y) ** 2)) / np.std(y)


@wrong
def cut_at_zero(y, y_hat):
    """You cut negative answers off at 0. Predictions may be worse than the flat line, and the number is there to say so."""
    return max(0.0, 1 - np.mean((y_hat - y) ** 2) / np.var(y))


@wrong
def two_ways_to_divide(y, y_hat):
    """You divide one sum by n and the other by n − 1. Divide both by the same number, or neither: then it cancels."""
    return 1 - np.mean((y_hat - y) ** 2) / np.var(y, ddof=1)


@wrong
def sum_over_mean(y, y_hat):
    """You divide a sum by a mean, so your answer depends on how many rows there are. Take two sums, or two means."""
    return 1 - np.sum((y_hat - y) ** 2) / np.var(y)


@wrong
def not_divided(y, y_hat):
    """You subtract the two errors but do not divide: that is how much error is removed, in squared units of `y`. The task asks for a share of the flat line's error."""
    return np.var(y) - np.mean((y_hat - y) ** 2)


@wrong
def percent(y, y_hat):
    """Your answer is in percent. The task asks for a share, 1 for perfect predictions."""
    return 100 * (1 - np.mean((y_hat - y) ** 2) / np.var(y))


@wrong
def error_only(y, y_hat):
    """You return the mean squared error. R² compares it with the error of the flat line."""
    return np.mean((y_hat - y) ** 2)
