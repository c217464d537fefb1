"""The gradient of the mean squared error."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 10
section = "Slopes of real losses"
prompt = r"""
Write `grad_mse(w, X, y)`: the gradient of the mean squared error of the predictions `X @ w`.

$$\nabla f(w) = \frac2n X^\top (Xw - y)$$

`X` has $n$ rows and $d$ columns, `w` has $d$ entries, `y` has $n$; the gradient has $d$, like `w`.
Example with $n = 2$, $d = 3$: for `X = [[1, 0, 2], [0, 2, 1]]`, `w = [1, 1, 0]` and `y = [0, 3]` the residuals are 1 and −1 and the gradient is `[1, −2, 1]`.
"""
hints = [
    "First the n residuals, then ask each column of X how strongly it is in step with them.",
    "`X.T @ r` has d entries: entry j is the sum over the rows of `X[i, j] * r[i]`.",
    "Chain rule: the square brings a 2 down, the mean brings 1/n.",
]
praise = "Each entry is a column of X asked how it goes with the residuals: that is all there is in a gradient of least squares."
why = r"""
Take one weight, w[j], and turn it a little.
Prediction i changes by X[i, j] times that little; its squared residual changes by 2 r[i] X[i, j] times that little.
Average over the rows:

$$\frac{\partial f}{\partial w[j]} = \frac2n \sum_i X_{ij}\, r_i .$$

Doing it for all j at once is the product $\frac2n X^\top r$.

Shapes are the cheapest check there is: Xᵀ is (d, n), r is (n,), so the result is (d,).
If `y` or `w` has become a column of shape (n, 1), then `X @ w - y` quietly becomes an n × n table of all differences, and the result has the wrong shape, or worse, the right one.

Without the 2 you have the gradient of the *half-MSE*: the same direction, half the length, and so another safe learning rate.
"""


def cases(rng):
    # The right answer is [1, -2, 1]. In the other cases n is neither 1 nor 2, so that 2/n, 1/n and 1 differ.
    yield np.array([1.0, 1.0, 0.0]), np.array([[1.0, 0.0, 2.0], [0.0, 2.0, 1.0]]), np.array([0.0, 3.0])
    yield np.array([1.0, -2.0]), np.array([[1, 2], [3, 4], [5, 7], [0, 1], [2, 2]]), np.array([1, 0, 2, 1, 3])
    for n, d in ((6, 3), (4, 4), (30, 5)):
        yield rng.normal(size=d), rng.normal(size=(n, d)), rng.normal(size=n)


def grad_mse(w, X, y):
    """Return the gradient of mean((X @ w - y)**2) in w, shape (d,)."""
    return 2 / len(y) * X.T @ (X @ w - y)


@right
def einsum(w, X, y):
    r = np.einsum("ij,j->i", X, w) - y
    return np.einsum("ij,i->j", X, r) * 2 / X.shape[0]


@right
def loops(w, X, y):
    n, d = X.shape
    g = np.zeros(d)
    for i in range(n):
        r = sum(X[i, j] * w[j] for j in range(d)) - y[i]
        for j in range(d):
            g[j] += 2 * r * X[i, j] / n
    return g


@right
def mean_of_row_gradients(w, X, y):
    return (2 * (X @ w - y)[:, None] * X).mean(axis=0)


@wrong
def half(w, X, y):
    """Exactly half of the gradient asked for: this is the slope of the half-MSE. The square of the full MSE brings a factor down in front when you differentiate it."""
    return X.T @ (X @ w - y) / len(y)


@wrong
def sum_not_mean(w, X, y):
    """This is the gradient of the sum of squares: it grows with the number of rows. The loss is a mean, so its gradient is one too."""
    return 2 * X.T @ (X @ w - y)


@wrong
def sign(w, X, y):
    """Every entry has the opposite sign. The gradient points uphill; the minus belongs to the step, not to the gradient. Is your residual prediction minus target?"""
    return -2 / len(y) * X.T @ (X @ w - y)


@wrong
def sign_and_sum(w, X, y):
    """Every entry has the opposite sign: residuals are prediction minus target. There is more: the sum over the rows has not become a mean."""
    return 2 * X.T @ (y - X @ w)


@wrong
def no_2_no_mean(w, X, y):
    """You have the heart of it, the product with the residuals, but not what stands in front: the derivative of a square, and the mean over the rows."""
    return X.T @ (X @ w - y)


@wrong
def column_meets_row(w, X, y):
    """Somewhere a vector became a column, and `X @ w - y` grew into an n × n table of all differences. Print its shape: it should be `(n,)`, one residual per row."""
    return 2 / len(y) * X.T @ (X @ w.reshape(-1, 1) - y)


@wrong
def shape_is_a_column(w, X, y):
    """The numbers are right but they stand in a column, shape `(d, 1)`. Subtract that from `w` and NumPy makes a d × d table. The gradient has the shape of `w`."""
    return grad_mse(w, X, y).reshape(-1, 1)


@wrong
def one_per_row(w, X, y):
    """You stop at the residuals, one for each row. The gradient has one entry for each weight: ask every column of X how it goes with the residuals."""
    return 2 / len(y) * (X @ w - y)


@wrong
def residuals_forgotten(w, X, y):
    """You left the targets out: this is the slope at which the predictions themselves, not the residuals, would vanish. Subtract `y` before you multiply."""
    return 2 / len(y) * X.T @ (X @ w)


@wrong
def divides_by_columns(w, X, y):
    """You divide by the number of columns (of weights), d. The mean goes over the rows, and there are n of them: `len(y)`."""
    return 2 / X.shape[1] * X.T @ (X @ w - y)


@wrong
def divides_by_all_entries(w, X, y):
    """You divide by the number of entries of the table, n·d: `X.size`, or a `mean` without an axis. The mean goes over the n rows only."""
    return 2 / X.size * X.T @ (X @ w - y)


@wrong
def columns_not_residuals(w, X, y):
    """You multiply by the slope of the squares but forget X: each weight's slope asks how its own column of X goes with the residuals. Yours gives every weight the same number."""
    return np.full(len(w), 2 * np.mean(X @ w - y))


@wrong
def absolute_error(w, X, y):
    """You use only the signs of the residuals: that is the gradient of the mean *absolute* error. In the squared error the size of each residual counts."""
    return X.T @ np.sign(X @ w - y) / len(y)


@wrong
def square_kept(w, X, y):
    """The square is still there: its derivative is 2·r, not r². Differentiate before you multiply by the column."""
    return 2 / len(y) * X.T @ (X @ w - y) ** 2


@wrong(like=square_kept)
def square_kept_without_2(w, X, y):
    return X.T @ (X @ w - y) ** 2 / len(y)


@wrong
def squared_columns(w, X, y):
    """You multiply by the squares of X. The chain rule brings each entry of X down once."""
    return 2 / len(y) * (X**2).T @ (X @ w - y)
