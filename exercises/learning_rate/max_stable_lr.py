"""The largest safe learning rate."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 8
section = "Tilted bowls: the Hessian and its eigenvalues"
prompt = r"""
Write `max_stable_lr(H)`: given the Hessian of a quadratic bowl, a symmetric matrix with positive eigenvalues, return the edge $2/L$.
Below it gradient descent converges from every start, above it the loss explodes from almost every start.

For example, $x^2 + 2y^2 + 3z^2$ has the Hessian `[[2, 0, 0], [0, 4, 0], [0, 0, 6]]`, and the answer is 1/3.
"""
hints = [
    "In which direction is the bowl steepest? That direction alone decides when the descent explodes.",
    "The curvatures along the bowl's own axes are the eigenvalues of H; L is the largest of them.",
    "`np.linalg.eigvalsh` is made for symmetric matrices: it gives real eigenvalues, sorted.",
]
praise = "One direction votes no and the whole descent is off: the steepest curvature sets the limit for everybody."
why = r"""
Along an eigenvector of H with eigenvalue λ, gradient descent is the one-dimensional story: each step multiplies the distance by $1 - \eta\lambda$.
Its absolute value stays below 1 exactly when $\eta < 2/\lambda$.

Every direction has such a limit, and a start has a share in almost every direction.
So all limits have to hold at once, and the smallest of them belongs to the largest eigenvalue: $\eta < 2/L$.

`eigvalsh` knows that H is symmetric: its eigenvalues are real, and so is the answer.
`eig` does not know, and on a matrix whose rounding is not quite symmetric it may return complex numbers.

The trace is the *sum* of the eigenvalues, always at least L.
Two over the trace is therefore safe, and too small: for a bowl that is equally steep in $d$ directions by a factor of $d$.
"""


def cases(rng):
    yield (np.diag([2.0, 4.0, 6.0]),)
    yield (np.array([[2.0, 1.0], [1.0, 3.0]]),)
    yield (np.array([[9.0]]),)
    yield (np.diag([4.0, 6.0, 2.0]),)  # the largest eigenvalue is neither first nor last
    for d in (3, 4, 6):
        Q = np.linalg.qr(rng.normal(size=(d, d)))[0]
        curvature = rng.uniform(0.5, 20, d)
        yield ((Q * curvature) @ Q.T,)


def canonical(output):
    """Return the rate, or words if it is a complex number: these cannot be compared by size, even if the imaginary
    part is 0."""
    return "a complex number" if np.iscomplexobj(output) else output


def max_stable_lr(H):
    """Return the edge 2/L for a symmetric positive definite H, (d, d)."""
    return 2 / np.linalg.eigvalsh(H)[-1]


@right
def two_norm(H):
    return 2.0 / np.linalg.norm(np.asarray(H), 2)


@right
def singular_values(H):
    return 2 / np.linalg.svd(H, compute_uv=False).max()


@right
def power_iteration(H):
    v = np.ones(len(H)) + 0.1 * np.arange(len(H))
    for _ in range(20000):
        v = H @ v
        v = v / np.linalg.norm(v)
    return float(2 / (v @ H @ v))


@wrong
def one_over_L(H):
    """You return half of the edge. At that rate the steepest direction is done in a single step, which is lovely, but it is not where the trouble starts: the multiplier still has to fall from 0 to −1."""
    return 1 / np.linalg.eigvalsh(H)[-1]


@wrong
def two_over_trace(H):
    """You divide by the trace, the sum of all curvatures. That is safe, but too careful: directions do not add up, the steepest one alone sets the limit."""
    return 2 / np.trace(H)


@wrong
def two_over_smallest(H):
    """You ask the flattest direction. It could stand this rate, but the steepest one explodes long before: every direction has to agree."""
    return 2 / np.linalg.eigvalsh(H)[0]


@wrong
def uses_mean(H):
    """You take the mean curvature. A descent does not average over directions: the one that is steeper than the mean explodes."""
    return 2 / np.mean(np.linalg.eigvalsh(H))


@wrong
def largest_entry(H):
    """You take the largest number of the diagonal. That is the curvature along a coordinate axis; a bowl that is turned is steeper in between. Look at the eigenvalues."""
    return 2 / np.max(np.diag(H))


@wrong
def complex_result(H):
    """Your answer is a complex number: `eig` does not know that H is symmetric. Its eigenvalues are real, and `eigvalsh` says so."""
    return 2 / np.max(np.linalg.eigvals(H).astype(complex))


@wrong
def best_rate(H):
    """You return 2/(μ + L), the rate that is best in the worst case. The question is how far one may go: the edge, where the steepest direction stops coming nearer."""
    curvature = np.linalg.eigvalsh(H)
    return 2 / (curvature[0] + curvature[-1])


@wrong
def unsorted(H):
    """You take the last eigenvalue of a list that is in no order: `eigvals` does not sort. Ask for the largest, or use `eigvalsh`, which sorts."""
    return 2 / np.linalg.eigvals(H)[-1].real


@wrong
def frobenius_norm(H):
    """`np.linalg.norm(H)` without a second argument is the root of the sum of all squared curvatures. Directions do not add up: the steepest one alone sets the limit."""
    return 2 / np.linalg.norm(H)


@wrong
def row_sums(H):
    """You take the largest sum of absolute values in a row of H. That is a bound on the largest curvature, exact for a bowl along the axes and seldom for one that is turned; the answer asks for L itself."""
    return 2 / np.max(np.sum(np.abs(H), axis=1))
