"""The best fixed learning rate."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 12
points = 2
section = "The best fixed rate"
prompt = r"""
Write `optimal_lr(H)`: the fixed learning rate that makes the *worst* direction of a quadratic bowl shrink as fast as possible.
`H` is its Hessian, symmetric, with positive eigenvalues.

Along an eigenvector with curvature λ one step multiplies the distance by $1 - \eta\lambda$; the worst direction is the one in which the absolute value of this number is largest.

For example, for $x^2 + 2y^2$ (curvatures 2 and 4) the answer is 1/3: both multipliers have the absolute value 1/3, and no other rate keeps both so small.
"""
hints = [
    "Draw |1 − ηλ| against η for the flattest and for the steepest direction. Where is the higher of the two curves lowest?",
    "The two curves cross where 1 − ημ = ηL − 1. Solve for η.",
    "`np.linalg.eigvalsh(H)` gives the eigenvalues in ascending order: μ stands first, L last.",
]
praise = "The flattest and the steepest direction end in a draw: that is what optimal means here."
why = r"""
For a rate η the error shrinks per step by at worst

$$\rho(\eta) = \max_i |1 - \eta\lambda_i| = \max\big(|1 - \eta\mu|,\ |1 - \eta L|\big),$$

because $|1 - \eta\lambda|$ is largest at one of the two ends.

The flat direction wants a larger rate: $1 - \eta\mu$ falls with η.
The steep one wants a smaller rate: $\eta L - 1$ rises.
The maximum of a falling and a rising line is lowest where they meet, $1 - \eta\mu = \eta L - 1$, that is

$$\eta = \frac{2}{\mu + L}, \qquad \rho = \frac{L - \mu}{L + \mu} = \frac{\kappa - 1}{\kappa + 1}.$$

In two dimensions μ + L happens to be the trace of H; in three or more it is not, since the directions in between do not matter.

Best in the worst case need not be fastest from one given start: a start without a share in the steep direction could go faster.
"""


def cases(rng):
    yield (np.diag([1.0, 2.0, 8.0]),)
    yield (np.diag([2.0, 4.0]),)
    yield (np.diag([3.0, 3.0, 3.0]),)
    yield (np.diag([4.0, 9.0, 1.0, 3.0]),)  # the largest and the smallest eigenvalue are neither first nor last
    for d in (3, 3, 5):
        Q = np.linalg.qr(rng.normal(size=(d, d)))[0]
        curvature = rng.uniform(0.5, 20, d)
        yield ((Q * curvature) @ Q.T,)


def optimal_lr(H):
    """Return the rate with the smallest worst multiplier; H is (d, d)."""
    curvature = np.linalg.eigvalsh(H)
    return 2 / (curvature[0] + curvature[-1])


@right
def two_norms(H):
    return 2 / (np.linalg.norm(H, 2) + np.linalg.norm(H, -2))


@right
def singular_values(H):
    s = np.linalg.svd(np.asarray(H, dtype=float))[1]
    return float(1 / ((s[0] + s[-1]) / 2))


@right
def from_kappa(H):
    curvature = sorted(np.linalg.eigvals(H).real)
    kappa = curvature[-1] / curvature[0]
    return (1 - (kappa - 1) / (kappa + 1)) / curvature[0]


@wrong
def one_over_L(H):
    """You finish the steepest direction in one step and let the flattest crawl. A larger rate overshoots a little in the steep direction and gains in the flat one: look for the draw."""
    return 1 / np.linalg.eigvalsh(H)[-1]


@wrong
def two_over_L(H):
    """That is the edge: there the steepest direction jumps from side to side for ever. The best rate lies below it."""
    return 2 / np.linalg.eigvalsh(H)[-1]


@wrong
def two_over_trace(H):
    """You divide by the trace, the sum of *all* curvatures. In two dimensions that is right by chance; in three the directions in between take part, and they do not matter: only the two ends do."""
    return 2 / np.trace(H)


@wrong
def geometric_mean(H):
    """You balance the two ends by their geometric mean. The multipliers are straight lines in η, so the draw lies at the arithmetic mean of the two curvatures."""
    curvature = np.linalg.eigvalsh(H)
    return 1 / np.sqrt(curvature[0] * curvature[-1])


@wrong
def forgot_2(H):
    """Half of the right rate: setting 1 − ημ = ηL − 1 leaves a 2 on one side."""
    curvature = np.linalg.eigvalsh(H)
    return 1 / (curvature[0] + curvature[-1])


@wrong
def mean_curvature(H):
    """You use the mean of all curvatures. A crowd of directions in the middle moves it, but the worst multiplier sits at one of the two ends."""
    return 1 / np.mean(np.linalg.eigvalsh(H))


@wrong
def one_over_mu(H):
    """You finish the flattest direction in one step. As soon as κ is above 2, that rate is beyond the edge, and the steepest one explodes."""
    return 1 / np.linalg.eigvalsh(H)[0]


@wrong
def unsorted(H):
    """You add the first and the last of a list that is in no order: `eigvals` does not sort. Take the smallest and the largest, or use `eigvalsh`, which sorts."""
    curvature = np.linalg.eigvals(H).real
    return 2 / (curvature[0] + curvature[-1])


@wrong
def along_the_axes(H):
    """You take the smallest and the largest number of the diagonal: the curvatures along the coordinate axes. A bowl that is turned has its flattest and its steepest direction in between. Look at the eigenvalues."""
    return 2 / (np.min(np.diag(H)) + np.max(np.diag(H)))


@wrong
def returns_the_factor(H):
    """You return the factor (L − μ)/(L + μ) by which the worst direction shrinks at the best rate. The question is the rate itself. (With the curvatures 2 and 4 both happen to be 1/3.)"""
    curvature = np.linalg.eigvalsh(H)
    return (curvature[-1] - curvature[0]) / (curvature[-1] + curvature[0])


@wrong
def mean_of_the_rates(H):
    """You take the mean of 1/μ and 1/L, the rates that suit the two ends. The mean of the *curvatures* is wanted, and one over it: the multipliers are straight lines in η, and they cross there."""
    curvature = np.linalg.eigvalsh(H)
    return (1 / curvature[0] + 1 / curvature[-1]) / 2
