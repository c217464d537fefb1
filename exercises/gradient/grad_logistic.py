"""The gradient of logistic regression."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 12
section = "Slopes of real losses"
prompt = r"""
Write `grad_logistic(w, X, y)`: the gradient of the mean log loss of the scores `z = X @ w` for labels `y` in {0, 1}.

$$\nabla f(w) = \frac1n X^\top (p - y), \qquad p_i = \frac{1}{1 + e^{-z_i}}$$

It must be right for scores of ±1000 as well.
Example with $n = 2$, $d = 3$: for `X = [[1, 0, 2], [0, 1, 1]]`, `w = [0, 0, 0]` and `y = [1, 0]` every $p_i$ is ½ and the gradient is `[−0.25, 0.25, −0.25]`.
"""
hints = [
    "The same shape as for least squares: a column of X, asked how it goes with what is left over. What is left over here is p − y.",
    "The log loss of one example is ln(1 + e^z) − y z. Differentiate that in z.",
    "e^1000 does not fit into a float. `1 / (1 + np.exp(-np.abs(z)))` never needs it; by symmetry you get the other half.",
]
praise = "p − y, nothing more: the slope of the sigmoid and the slope of the logarithm have cancelled."
why = r"""
With the cost ln(1 + e^z) − y z, the slope in the score is

$$\frac{e^z}{1 + e^z} - y = p - y .$$

Then the chain rule through z = x · w gives x (p − y), and the mean over the rows gives $\frac1n X^\top(p - y)$.

Where did the slope of the sigmoid, p(1 − p), go?
It is there when you differentiate p, and the derivative of the logarithm, 1/(p(1 − p)), cancels it exactly.
With *squared* error on p it does not cancel: the slope then vanishes where p is near 0 or 1, so a model that is confidently wrong learns nothing.
That is one reason to prefer the log loss.

Since p − y lies between −1 and 1, one row can pull with at most |x|: the loss has a bounded gradient.

For numbers: e^z/(1 + e^z) is ∞/∞ = nan at z = 1000.
Use the branch that exponentiates −|z|, or ½(1 + tanh(z/2)), or `scipy.special.expit`.
"""


equal = ("z > 0",)  # at z = 0 both forms are ½


def cases(rng):
    yield np.zeros(3), np.array([[1.0, 0.0, 2.0], [0.0, 1.0, 1.0]]), np.array([1, 0])
    yield (
        np.array([0.5, -1.0]),
        np.array([[1.0, 2.0], [3.0, -1.0], [1.0, 0.5], [-2.0, 1.0], [0.5, 4.0]]),
        np.array([1, 1, 0, 0, 1]),
    )
    # scores 1000, -1000, 1000, 2
    yield np.array([1000.0, 2.0]), np.array([[1.0, 0.0], [-1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]), np.array([0, 1, 1, 0])
    for n, d in ((6, 3), (25, 4)):
        yield rng.normal(size=d), rng.normal(size=(n, d)), rng.integers(0, 2, n)
    yield rng.normal(size=2), rng.normal(size=(5, 2)), rng.integers(0, 2, 5).astype(float)


def _sigmoid(z):
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, small) / (1 + small)


def grad_logistic(w, X, y):
    """Return the gradient of the mean log loss of X @ w, shape (d,)."""
    z = X @ w
    small = np.exp(-np.abs(z))
    p = np.where(z >= 0, 1, small) / (1 + small)
    return X.T @ (p - y) / len(y)


@right
def with_expit(w, X, y):
    from scipy.special import expit

    return X.T @ (expit(X @ w) - y) / X.shape[0]


@right
def with_tanh(w, X, y):
    p = 0.5 * (1 + np.tanh(X @ w / 2))
    return ((p - y)[:, None] * X).mean(axis=0)


@right
def with_logaddexp(w, X, y):
    p = np.exp(-np.logaddexp(0, -(X @ w)))
    return np.einsum("ij,i->j", X, p - y) / len(X)


@right
def margin_form(w, X, y):
    # labels ±1 made from 0/1 first, then the slope −s σ(−s z)
    s = np.where(y, 1.0, -1.0)
    return X.T @ (-s * _sigmoid(-s * (X @ w))) / len(y)


@wrong
def sum_not_mean(w, X, y):
    """This is the gradient of the summed log loss: it grows with the number of rows. The loss is a mean, so its gradient is one too."""
    return X.T @ (_sigmoid(X @ w) - y)


@wrong
def sign(w, X, y):
    """Every entry has the opposite sign. The gradient points uphill: where the label is 0 and p is too high, more score must mean more loss."""
    return -grad_logistic(w, X, y)


@wrong
def extra_p_1_minus_p(w, X, y):
    """You multiply by p(1 − p). That factor belongs to squared error on p; for the log loss the slope of the logarithm cancels it. Differentiate ln(1 + e^z) − y z and see."""
    p = _sigmoid(X @ w)
    return X.T @ ((p - y) * p * (1 - p)) / len(y)


@wrong
def squared_error_on_p(w, X, y):
    """This is the gradient of the squared error (p − y)², with its 2 and its p(1 − p). The log loss has neither: the slope of the logarithm cancels p(1 − p). Differentiate ln(1 + e^z) − y z and see."""
    p = _sigmoid(X @ w)
    return 2 * X.T @ ((p - y) * p * (1 - p)) / len(y)


@wrong
def overflow(w, X, y):
    """At a score of 1000 your gradient is `nan`: e^1000 became `inf`, and inf/inf is not a number. Write the sigmoid so that it exponentiates only numbers that are not positive."""
    with np.errstate(all="ignore"):
        e = np.exp(X @ w)
        return X.T @ (e / (1 + e) - y) / len(y)


@wrong
def uses_labels_pm1(w, X, y):
    """Your formula is the one for labels −1 and +1. With labels 0 and 1 it ignores every row of class 0. Either convert the labels or use the formula for 0 and 1."""
    return X.T @ (-y * _sigmoid(-y * (X @ w))) / len(y)


@wrong
def half(w, X, y):
    """Half of the gradient asked for. The log loss has no square in it, so there is neither a 2 nor a ½ to carry along."""
    return grad_logistic(w, X, y) / 2


@wrong
def twice(w, X, y):
    """Twice the gradient asked for. The 2 belongs to the squared error; the log loss has no square."""
    return 2 * grad_logistic(w, X, y)


@wrong
def scores_not_probabilities(w, X, y):
    """You subtract the labels from the scores. What is left over is probability minus label: send the scores through the sigmoid first."""
    return X.T @ (X @ w - y) / len(y)
