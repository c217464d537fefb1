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


equal = ("z > 0",)  # at z = 0 both formulas give ½


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


@wrong
def sigmoid_of_w(w, X, y):
    """You send the weights through the sigmoid. The probability belongs to a row: first the score `X @ w`, then the sigmoid of that."""
    return X.T @ (X @ _sigmoid(w) - y) / len(y)


@wrong
def sign_in_the_exponent(w, X, y):
    """Your sigmoid is the other way round, 1/(1 + e^z): it gives the probability of label 0. A large score must mean a probability near 1."""
    return X.T @ (_sigmoid(-(X @ w)) - y) / len(y)


@wrong
def decided_not_probable(w, X, y):
    """You round the probabilities to 0 or 1 (or ask whether the score is positive). That is the rule of the perceptron: here p itself, between 0 and 1, minus the label is what is left over."""
    return X.T @ ((X @ w > 0) - np.asarray(y, float)) / len(y)


@wrong
def labels_forgotten(w, X, y):
    """The labels are missing: what is left over is p − y, and yours is p alone."""
    return X.T @ _sigmoid(X @ w) / len(y)


@wrong
def slope_of_the_sigmoid_alone(w, X, y):
    """You take the slope of the sigmoid, p(1 − p), and leave out what comes before it in the chain: how the cost depends on p, and so on the label."""
    p = _sigmoid(X @ w)
    return X.T @ (p * (1 - p)) / len(y)


@wrong
def divides_by_columns(w, X, y):
    """You divide by the number of columns (of weights), d. The mean goes over the rows, and there are n of them: `len(y)`."""
    return X.T @ (_sigmoid(X @ w) - y) / X.shape[1]


@wrong
def residuals_not_combined(w, X, y):
    """Every weight gets the same number, the mean of p − y. X is missing: each weight's slope asks how its own column goes with what is left over."""
    return np.full(len(w), np.mean(_sigmoid(X @ w) - y))


@wrong
def scores_cut_off(w, X, y):
    """You cut the scores or probabilities off so early that it shows: p near 0 or 1 is changed. Write the sigmoid so that it exponentiates only numbers that are not positive; then nothing has to be cut."""
    return X.T @ (np.clip(_sigmoid(X @ w), 1e-3, 1 - 1e-3) - y) / len(y)


for _edge in (0.01, 1e-4, 1e-5):
    wrong(like=scores_cut_off)(
        lambda w, X, y, edge=_edge: X.T @ (np.clip(_sigmoid(X @ w), edge, 1 - edge) - y) / len(y)
    )
for _limit in (1, 2, 5, 10):
    wrong(like=scores_cut_off)(
        lambda w, X, y, limit=_limit: X.T @ (_sigmoid(np.clip(X @ w, -limit, limit)) - y) / len(y)
    )
