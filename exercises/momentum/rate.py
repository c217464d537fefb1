"""How fast does the heavy ball shrink?"""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 15
points = 2
section = "The convergence rate: two roots"
prompt = r"""
On curvature λ the heavy ball's error follows the roots of

$$z^2 - (1 + \beta - \eta\lambda)\,z + \beta = 0 .$$

In the long run each step multiplies the error by |z|, the absolute value of the larger root.
A loss has several curvatures, and the slowest direction decides.

Write `rate(lr, beta, lams)`: `lams` is an array of curvatures; return the largest |z| over all of them.
Above 1 means that the run explodes, and then that number is the answer too.

For example, with β = 0 it is plain gradient descent: `rate(0.1, 0.0, np.array([1.0, 5.0, 12.0]))` is 0.9, the worst of 0.9, 0.5 and 0.2.
"""
hints = [
    "Begin with one curvature: a quadratic has two roots, which may be complex. You want the larger absolute value.",
    "`np.roots([1, -(1 + beta - lr * lam), beta])` gives both, and `np.abs` works for complex numbers.",
    "Then the largest over all curvatures: both ends matter, the flattest and the steepest.",
]
praise = "One number for a whole loss: now tuning momentum is a matter of looking for its minimum."
why = r"""
Write one step for the distance e and the step before it as a matrix, the *companion matrix* of the quadratic:

$$\begin{pmatrix} e_{t+1} \\ e_t \end{pmatrix} = \begin{pmatrix} 1 + \beta - \eta\lambda & -\beta \\ 1 & 0 \end{pmatrix} \begin{pmatrix} e_t \\ e_{t-1} \end{pmatrix}.$$

Its eigenvalues are the two roots, and their product is β.

- *Complex roots* are a pair of mirror images with the same absolute value, so each has $|z| = \sqrt\beta$: the step size no longer matters.
- *Real roots* also multiply to β, so one of them is larger than $\sqrt\beta$: too careful or too bold, both lose.

The worst curvature may be the flattest (too slow) or the steepest (too near the edge), so take the maximum over all.

While the ball swings, the *error* passes through zero again and again, but it is the absolute value of the root that tells how fast the swings fade.
"""


def cases(rng):
    yield 0.1, 0.0, np.array([1.0, 5.0, 12.0])
    yield 0.1, 0.9, np.array([1.0])
    yield 0.1, 0.81, np.array([2.0, 3.0])
    yield 0.1, 0.3, np.array([1.0, 8.0])
    yield 0.1, 0.2, np.array([1.0, 23.0])
    yield 4 / 121, (9 / 11) ** 2, np.array([2.0, 50.0, 90.0])
    yield 0.1, 0.5, np.array([4.0, 40.0])
    yield 0.1, 0.5, np.array([33.0])
    yield 1.0, 0.9, np.array([1.9])
    for d in (3, 5):
        yield float(rng.uniform(0.02, 0.15)), float(rng.uniform(0.1, 0.95)), rng.uniform(0.1, 20, d)


def rate(lr, beta, lams):
    """Return the factor per step of the slowest curvature in lams."""
    return max(np.abs(np.roots([1, -(1 + beta - lr * lam), beta])).max() for lam in lams)


@right
def companion_matrix(lr, beta, lams):
    sizes = []
    for lam in lams:
        step = np.array([[1 + beta - lr * lam, -beta], [1.0, 0.0]])
        sizes.append(np.abs(np.linalg.eigvals(step)).max())
    return np.max(sizes)


@right
def closed_form(lr, beta, lams):
    b = 1 + beta - lr * np.asarray(lams)
    root = np.sqrt((b**2 - 4 * beta).astype(complex))
    return float(np.maximum(np.abs(b + root), np.abs(b - root)).max() / 2)


@right
def two_regimes(lr, beta, lams):
    b = np.abs(1 + beta - lr * np.asarray(lams))
    inside = b**2 - 4 * beta
    return np.where(inside < 0, np.sqrt(beta), (b + np.sqrt(np.maximum(inside, 0))) / 2).max()


@wrong
def two_sqrt_beta(lr, beta, lams):
    """Your complex roots come out twice too large: 2√β. The two roots multiply to β and are equally long, so each is √β."""
    b = np.abs(1 + beta - lr * np.asarray(lams))
    inside = b**2 - 4 * beta
    return np.where(inside < 0, 2 * np.sqrt(beta), (b + np.sqrt(np.maximum(inside, 0))) / 2).max()


@wrong
def only_largest_lambda(lr, beta, lams):
    """You look at the steepest curvature only. The flattest one is often the slowest: take the worst over all of them."""
    return rate(lr, beta, [np.max(lams)])


@wrong
def only_smallest_lambda(lr, beta, lams):
    """You look at the flattest curvature only. The steepest one may be near its edge, or beyond: take the worst over all of them."""
    return rate(lr, beta, [np.min(lams)])


@wrong
def real_part(lr, beta, lams):
    """You take the real part of a complex root. It says which way the ball swings; how fast it fades is the absolute value of the whole number."""
    return max(np.abs(np.real(np.roots([1, -(1 + beta - lr * lam), beta]))).max() for lam in lams)


@wrong
def gd_formula(lr, beta, lams):
    """That is |1 − ηλ|, the factor of plain gradient descent. With a memory the roots of a quadratic take its place."""
    return np.abs(1 - lr * np.asarray(lams)).max()


@wrong
def min_not_max(lr, beta, lams):
    """You report the fastest curvature. The slowest one decides how long the whole run takes."""
    return min(np.abs(np.roots([1, -(1 + beta - lr * lam), beta])).max() for lam in lams)


@wrong
def smaller_root(lr, beta, lams):
    """Of the two roots you take the smaller one. What belongs to it dies out first; what remains in the long run follows the larger."""
    return max(np.abs(np.roots([1, -(1 + beta - lr * lam), beta])).min() for lam in lams)


@wrong
def nan_root_of_a_negative(lr, beta, lams):
    """Where the roots are complex you take the square root of a negative number, and `np.sqrt` answers with `nan`. Give it a complex number, or let `np.roots` do it."""
    b = 1 + beta - lr * np.asarray(lams)
    with np.errstate(invalid="ignore"):
        return np.max(np.abs(b) + np.sqrt(b**2 - 4 * beta)) / 2


@wrong
def always_sqrt_beta(lr, beta, lams):
    """You return √β throughout. That holds while the roots are complex; where they are real, one of them is larger."""
    return np.sqrt(beta)


@wrong
def sign_lost(lr, beta, lams):
    """You take the larger root with its sign. Past the edge the worst root is negative, and its *absolute value* is what grows."""
    return max(
        np.roots([1, -(1 + beta - lr * lam), beta]).real.max()
        if (1 + beta - lr * lam) ** 2 >= 4 * beta
        else np.sqrt(beta)
        for lam in lams
    )


@wrong
def coefficients_reversed(lr, beta, lams):
    """Your polynomial has its coefficients in the reverse order, so its roots come out inverted, 1/z. `np.roots` wants the highest power first."""
    with np.errstate(all="ignore"):
        found = [np.abs(np.roots([beta, -(1 + beta - lr * lam), 1])).max(initial=0) for lam in lams]
    return max(found)


@wrong
def sign_of_the_middle(lr, beta, lams):
    """In the middle coefficient a sign is wrong: compare it with 1 + β − ηλ, term by term."""
    return max(np.abs(np.roots([1, -(1 - beta - lr * lam), beta])).max() for lam in lams)


@wrong
def average_over_the_curvatures(lr, beta, lams):
    """You average over the curvatures. The slowest one decides in the long run: the largest of the factors."""
    return float(np.mean([np.abs(np.roots([1, -(1 + beta - lr * lam), beta])).max() for lam in lams]))


@wrong
def capped_at_one(lr, beta, lams):
    """Your factor never exceeds 1. Above 1 the run explodes, and then that number is the answer too: take the limit out."""
    return min(1.0, max(np.abs(np.roots([1, -(1 + beta - lr * lam), beta])).max() for lam in lams))
