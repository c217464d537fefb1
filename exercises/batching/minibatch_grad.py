"""The gradient, from a few rows."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 8
section = "A few rows instead of all"
prompt = r"""
Write `minibatch_grad(w, X, y, idx)`: the gradient of the mean squared error *over the rows in* `idx`.

$$g = \frac{2}{B} \sum_{i \in \text{idx}} (x_i \cdot w - y_i)\, x_i ,$$

with B the number of rows in `idx`.
`X` has shape `(n, d)`, `y` shape `(n,)`, `w` shape `(d,)`; `idx` is an array or a list of row numbers, possibly just one, possibly with repetitions.
Return an array of shape `(d,)`.
(The whole mean squared error here, with the 2 that the half-MSE of this page does not have.)

For example, with w = 0 and the single row x = `[1, 2, 3]`, y = 4 the answer is 2 · (0 − 4) · x = `[-8, -16, -24]`.
"""
hints = [
    "First take the rows: `X[idx]` and `y[idx]`. From then on it is the gradient of the chapter on gradients.",
    "Which n belongs under the fraction: the rows of the table, or the rows you looked at?",
    "`2 / len(idx) * X[idx].T @ (X[idx] @ w - y[idx])`, written in your own lines.",
]
praise = "On average over all batches this is exactly the full gradient: unbiased, at a fraction of the price."
why = r"""
A mean over n rows can be estimated by a mean over a few of them, as an opinion poll does.
Drawn at random, the average over all possible batches is the full gradient: that is what *unbiased* means.

It is a *mean over the batch*, so the divisor is B.
Dividing by n makes the step shrink with the batch size, for no reason; not dividing at all makes it grow.

With one row, `X[idx]` is still a table, of shape (1, d), as long as `idx` is a list or an array.
`np.squeeze` and friends turn it into a vector, and the formula falls apart at B = 1.

Repetitions count twice, as they should: drawing with replacement may take a row more than once.
"""


def cases(rng):
    yield (
        np.zeros(3),
        np.array([[0.0, 1.0, 1.0], [2.0, 0.0, 1.0], [1.0, 2.0, 3.0], [1.0, 1.0, 1.0]]),
        np.array([1.0, 2.0, 4.0, 5.0]),
        np.array([2]),
    )
    # The row numbers are not 0, 1, …: with those the first labels would be the right ones. Rows come repeatedly, in
    # tables of odd and even length; B is not d.
    yield np.zeros(2), rng.normal(size=(6, 2)), rng.normal(size=6), [4, 2, 5]
    for n, d, B in ((8, 3, 4), (10, 2, 7), (6, 4, 1)):
        yield rng.normal(size=d), rng.normal(size=(n, d)), rng.normal(size=n), rng.choice(n, B, replace=False)
    yield rng.normal(size=3), rng.normal(size=(5, 3)), rng.normal(size=5), [0, 3, 3, 1]
    yield rng.normal(size=2), rng.normal(size=(6, 2)), rng.normal(size=6), [5, 1, 1]


def minibatch_grad(w, X, y, idx):
    """Return the gradient of the MSE at w over the rows idx, shape (d,)."""
    X, y = X[idx], y[idx]
    return 2 / len(y) * X.T @ (X @ w - y)


@right
def row_by_row(w, X, y, idx):
    g = np.zeros(len(w))
    for i in idx:
        g += 2 * (X[i] @ w - y[i]) * X[i]
    return g / len(idx)


@right
def einsum(w, X, y, idx):
    rows = np.asarray(X)[list(idx)]
    r = np.einsum("ij,j->i", rows, w) - np.asarray(y)[list(idx)]
    return 2 * np.mean(r[:, None] * rows, axis=0)


@wrong
def divides_by_n(w, X, y, idx):
    """You divide by the number of rows of the whole table. The mean is over the batch; as it is, your step shrinks with the batch size."""
    return 2 / len(X) * X[idx].T @ (X[idx] @ w - y[idx])


@wrong
def sum_not_mean(w, X, y, idx):
    """You add up the rows and do not divide: a batch of 64 would make steps 64 times as long as a single row."""
    return 2 * X[idx].T @ (X[idx] @ w - y[idx])


@wrong
def uses_all_rows(w, X, y, idx):
    """You use the whole table, and `idx` plays no part. That is the full gradient: exact, and as dear as it always was."""
    return 2 / len(X) * X.T @ (X @ w - y)


@wrong
def breaks_on_single_row(w, X, y, idx):
    """With a single row your arrays lose a dimension, and the formula no longer fits. `X[idx]` with a list or an array of one number is still a table: leave it one."""
    rows, targets = np.squeeze(X[idx]), np.squeeze(y[idx])
    return (
        2 / len(rows) * rows.T @ (rows @ w - targets) if rows.ndim == 2 else 2 / len(rows) * rows * (rows @ w - targets)
    )


@wrong
def half(w, X, y, idx):
    """Exactly half of the gradient: the square brings a 2 down, and this loss has no ½ in front to cancel it."""
    return X[idx].T @ (X[idx] @ w - y[idx]) / len(idx)


@wrong
def sign(w, X, y, idx):
    """Your answer points the other way: the residual is prediction minus target. The minus sign of the descent belongs to the step."""
    return 2 / len(idx) * X[idx].T @ (y[idx] - X[idx] @ w)


@wrong
def batch_of_the_first_rows(w, X, y, idx):
    """You take the first rows of the table, as many as `idx` has. Take the rows *whose numbers are in* `idx`."""
    B = len(idx)
    return 2 / B * X[:B].T @ (X[:B] @ w - y[:B])


@wrong
def repetitions_lost(w, X, y, idx):
    """A row that was drawn twice counts twice; you count it once. Drawing with replacement does repeat rows."""
    idx = np.unique(idx)
    return 2 / len(idx) * X[idx].T @ (X[idx] @ w - y[idx])


@wrong
def repetitions_lost_but_counted(w, X, y, idx):
    """A row that was drawn twice is used once: a mask, or `set`, loses repetitions, while you still divide by the length of `idx`. Take `X[idx]`, which repeats it."""
    rows = sorted(set(int(i) for i in idx))
    return 2 / len(idx) * X[rows].T @ (X[rows] @ w - y[rows])


@wrong
def moves_after_every_row(w, X, y, idx):
    """You move w after every row of the batch. All rows of a batch are measured at the same w; the step comes later, and not here."""
    v, g = np.array(w, dtype=float), np.zeros(len(w))
    for i in idx:
        one = 2 * (X[i] @ v - y[i]) * X[i]
        g, v = g + one, v - 0.1 * one
    return g / len(idx)


for _rate in (0.01, 0.05, 0.5, 1.0):
    wrong(like=moves_after_every_row)(lambda w, X, y, idx, rate=_rate: _moving(w, X, y, idx, rate))


def _moving(w, X, y, idx, rate):
    v, g = np.array(w, dtype=float), np.zeros(len(w))
    for i in idx:
        one = 2 * (X[i] @ v - y[i]) * X[i]
        g, v = g + one, v - rate * one
    return g / len(idx)


@wrong
def last_row_only(w, X, y, idx):
    """Only one row of the batch counts: each round of your loop overwrites the one before, or the `return` stands inside it. Add the rows up."""
    i = idx[-1]
    return 2 * (X[i] @ w - y[i]) * X[i]


@wrong
def last_row_divided(w, X, y, idx):
    """Each round of your loop overwrites the one before, so only the last row counts, and it is divided by B. Add the rows up, `+=`."""
    return last_row_only(w, X, y, idx) / len(idx)


@wrong
def columns_not_rows(w, X, y, idx):
    """You multiply nothing by X: the residuals alone are averaged, and every weight gets the same number. Each row's residual multiplies the row itself."""
    X, y = X[idx], y[idx]
    return np.full(len(w), 2 * np.mean(X @ w - y))
