"""L from nothing but products."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 15
points = 2
seconds = 4
tolerance = 1e-3
section = "Power iteration: L without a Hessian (optional)"
prompt = r"""
A Hessian in a million dimensions does not fit in memory, but its product with a vector costs no more than a few gradients.
Write `largest_eigenvalue(matvec, d, iters, rng)`: estimate L by *power iteration*.

- `matvec(u)` is the only thing you know of H: it returns $Hu$ for an array `u` of shape `(d,)`.
- Start from a random direction drawn from `rng`, a NumPy generator.
- Repeat `iters` times: multiply, and scale back to length 1.
- Return the estimate of the largest eigenvalue, a number.

H is symmetric with positive eigenvalues.
For example, with $H = \mathrm{diag}(1, 2, 5)$ the answer is 5.
"""
hints = [
    "Each multiplication by H stretches the share of u along the steepest direction more than the others. In the end only that direction is left.",
    "Without scaling the numbers overflow. Divide u by its length after every multiplication.",
    "At the end u is an eigenvector of length 1: u · Hu is its eigenvalue.",
]
praise = "You found the edge of a landscape that you never saw: this is how sharpness is measured in large networks."
why = r"""
Write the start in the eigenvectors $e_i$ of H, $u = \sum_i c_i e_i$.
After k multiplications it is $\sum_i c_i \lambda_i^k e_i$: the share of the largest eigenvalue has outgrown the second largest by the factor $(L/\lambda_2)^k$.

The length grows like $L^k$ and overflows after some hundred steps, so scale it back to 1 each time; the direction is all we need.

With $\lVert u\rVert = 1$ the *Rayleigh quotient* $u \cdot Hu$ is L up to an error of the *square* of what is wrong with u, and never above L.
The length $\lVert Hu \rVert$ lies between the two and is as good an answer here; on a landscape that also bends downwards only the quotient keeps the sign.

The start has to be random.
Zeros stay zeros, and a fixed start such as $(1, 0, \dots, 0)$ may have no share at all in the steepest direction: then another eigenvalue comes out, without a warning.
"""


class Product:
    """A function that multiplies a vector by its own symmetric matrix; in messages it shows which one."""

    def __init__(self, curvature, Q=None, name="u ↦ Hu"):
        self.curvature = np.asarray(curvature, dtype=float)
        self.Q = np.eye(len(self.curvature)) if Q is None else Q
        self.name = name

    def __call__(self, u):
        return self.Q @ (self.curvature * (self.Q.T @ np.asarray(u, dtype=float)))

    def __repr__(self):
        return self.name


def cases(rng):
    def seed():
        return np.random.default_rng(int(rng.integers(2**31)))

    yield Product([1.5, 2.0, 5.0], name="u ↦ diag(1.5, 2, 5) u"), 3, 60, seed()
    yield Product([5.0, 2.0, 9.0, 1.5], name="u ↦ diag(5, 2, 9, 1.5) u"), 4, 80, seed()
    yield Product(1e4 * np.array([1.0, 2.0, 5.0]), name="u ↦ 10⁴ diag(1, 2, 5) u"), 3, 200, seed()
    yield Product([3.0], name="u ↦ 3u"), 1, 5, seed()
    # seven directions are nearly as steep as the steepest: only many products separate them from it
    yield Product([5.0] + 7 * [4.9], name="u ↦ diag(5, 4.9, …, 4.9) u"), 8, 500, seed()
    for d in (4, 10):
        Q = np.linalg.qr(rng.normal(size=(d, d)))[0]
        curvature = rng.uniform(0.5, 5, d)
        curvature[0] = 2.5 * curvature.max()
        yield Product(curvature, Q, "u ↦ Hu, a random bowl"), d, 60, seed()


def run(answer, matvec, d, iters, rng):
    """Return the estimate, whether the start was drawn from rng, and the number of products.

    If it was, the state of the generator has changed after the call.
    """
    before, products = repr(rng.bit_generator.state), []

    def counted(u):
        products.append(1)
        return matvec(u)

    with np.errstate(all="ignore"):
        estimate = answer(counted, d, iters, rng)
    drew = 1.0 if repr(rng.bit_generator.state) != before else 0.0
    return estimate if estimate is None else (estimate, drew, len(products))


def law(output, matvec, d, iters, rng):
    estimate, drew, products = output
    if np.ndim(estimate) != 0:
        huge = not np.abs(estimate).max(initial=0) <= 1e6 * matvec.curvature.max()
        return ("returns_vector", "no_normalising") if huge else "returns_vector"
    estimate = complex(estimate)
    if estimate.imag != 0:
        return "The eigenvalues of a symmetric matrix are real; your estimate is a complex number."
    estimate, L = estimate.real, float(matvec.curvature.max())
    if not drew:
        return "starts_at_zero" if estimate == 0 or not np.isfinite(estimate) else "ignores_rng"
    if not np.isfinite(estimate):
        return "no_normalising"
    if abs(estimate - L) <= 1e-3 * L:
        # a few more products are allowed, also one for each pair of directions
        return None if products <= 2 * iters + d * d + 10 else "iters_ignored"
    if abs(estimate - 1) <= 1e-9:
        return "length_of_u"
    if abs(estimate - 1 / L) <= 1e-3 / L:
        return "one_over_L"
    if abs(estimate - L**3) <= 3e-3 * L**3:
        return "not_scaled_at_the_end"
    others = np.sort(matvec.curvature)[:-1]
    if abs(estimate - 2 / L) <= 1e-3 * 2 / L:
        return "returns_the_edge"
    if abs(estimate - L * L) <= 2e-3 * L * L:
        return "squared"
    if len(others) and np.any(np.abs(estimate - others) <= 1e-3 * others):
        return "ends_at_another"
    if abs(estimate) > 1e6 * L:
        return "no_normalising"
    if 0 < estimate < L and products <= 2:
        return "one_iteration"
    return f"The largest eigenvalue is {L:.4g}; your estimate is {estimate:.4g}."


def show(output):
    """Return the estimate alone."""
    return output[0]


def largest_eigenvalue(matvec, d, iters, rng):
    """Return the largest eigenvalue of H after iters products H u."""
    u = rng.normal(size=d)
    for _ in range(iters):
        u = matvec(u)
        u = u / np.linalg.norm(u)
    return u @ matvec(u)


@right
def norm_ratio(matvec, d, iters, rng):
    u = rng.standard_normal(d)
    L = 0.0
    for _ in range(iters):
        u = u / np.sqrt(np.sum(u**2))
        u = matvec(u)
        L = np.linalg.norm(u)
    return float(L)


@right
def rayleigh_quotient(matvec, d, iters, rng):
    u = rng.uniform(-1, 1, d)
    for _ in range(iters):
        u = matvec(u)
        u /= np.abs(u).max()
    return np.dot(u, matvec(u)) / np.dot(u, u)


@right
def lanczos(matvec, d, iters, rng):
    q = rng.normal(size=d)
    Q, T = [q / np.linalg.norm(q)], []
    for _ in range(min(d, iters)):
        z = matvec(Q[-1])
        T.append([q @ z for q in Q])
        for _ in range(2):
            for q in Q:
                z = z - (q @ z) * q
        if np.linalg.norm(z) < 1e-9:
            break
        Q.append(z / np.linalg.norm(z))
    k = len(T)
    H = np.array([[Q[i] @ matvec(Q[j]) for j in range(k)] for i in range(k)])
    return np.linalg.eigvalsh((H + H.T) / 2)[-1]


@wrong
def no_normalising(matvec, d, iters, rng):
    """Your vector grows by a factor of about L at every step and overflows: inf divided by inf is nan. Scale it back to length 1 after each multiplication; only its direction matters."""
    u = rng.normal(size=d)
    for _ in range(iters):
        u = matvec(u)
    return u @ matvec(u)


@wrong
def starts_at_zero(matvec, d, iters, rng):
    """You start from zeros, and H times zero is zero for ever. Start from a random direction."""
    u = np.zeros(d)
    for _ in range(iters):
        u = matvec(u)
        u = u / max(np.linalg.norm(u), 1e-300)
    return u @ matvec(u)


@wrong
def returns_vector(matvec, d, iters, rng):
    """You return the direction, an eigenvector. The question is how steep it is there: the eigenvalue, one number."""
    u = rng.normal(size=d)
    for _ in range(iters):
        u = matvec(u)
        u = u / np.linalg.norm(u)
    return u


@wrong
def one_iteration(matvec, d, iters, rng):
    """Your estimate is too low, as after a single multiplication: the flatter directions still have a share. Repeat all `iters` times, each time from the vector that the last one gave."""
    u = rng.normal(size=d)
    u = matvec(u / np.linalg.norm(u))
    u = u / np.linalg.norm(u)
    return u @ matvec(u)


@wrong
def iters_ignored(matvec, d, iters, rng):
    """Your estimate is right, but the number of multiplications is your own: `iters` says how many there shall be. With a million weights each of them is expensive."""
    return largest_eigenvalue(matvec, d, 100, rng)


@wrong
def ignores_rng(matvec, d, iters, rng):
    """Your start does not come from `rng`. A fixed start may have no share in the steepest direction, and then another eigenvalue comes out without a warning; and a generator of your own makes the run impossible to repeat."""
    u = np.zeros(d)
    u[0] = 1.0
    for _ in range(iters):
        u = matvec(u)
        u = u / np.linalg.norm(u)
    return u @ matvec(u)


@wrong
def returns_the_edge(matvec, d, iters, rng):
    """You return 2/L, the edge. Close, but the question is L itself: whoever knows it can divide."""
    return 2 / largest_eigenvalue(matvec, d, iters, rng)


@wrong
def squared(matvec, d, iters, rng):
    """Your estimate is the square of L: Hu · Hu instead of u · Hu."""
    u = rng.normal(size=d)
    for _ in range(iters):
        u = matvec(u)
        u = u / np.linalg.norm(u)
    return matvec(u) @ matvec(u)


@wrong
def length_of_u(matvec, d, iters, rng):
    """You return the length of u after it was scaled to 1: that is 1 for every landscape. How much longer does a multiplication make it?"""
    u = rng.normal(size=d)
    for _ in range(iters):
        u = matvec(u)
        u = u / np.linalg.norm(u)
    return np.linalg.norm(u)


@wrong
def not_scaled_at_the_end(matvec, d, iters, rng):
    """You return the cube of L: u · Hu is the eigenvalue when u has the length 1, and yours has been multiplied since it was last scaled."""
    u = rng.normal(size=d)
    for _ in range(iters):
        u = u / np.linalg.norm(u)
        u = matvec(u)
    return u @ matvec(u)


@wrong
def one_over_L(matvec, d, iters, rng):
    """You return 1/L, a rate. The question is L itself: whoever knows it can divide."""
    return 1 / largest_eigenvalue(matvec, d, iters, rng)


@wrong
def ends_at_another(matvec, d, iters, rng):
    """You found an eigenvalue, but not the largest. Power iteration finds the largest as long as the start has a share in every direction: draw all of its entries from `rng`."""
    rng.normal()
    curvature = np.array([e @ matvec(e) for e in np.eye(d)])
    values = np.linalg.eigvalsh(np.array([matvec(e) for e in np.eye(d)]))
    return values[0] if d > 1 else 2 * curvature[0]
