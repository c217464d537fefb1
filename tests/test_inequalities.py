"""A referee's check of the chapter on convergence proofs: each inequality of each proof, on random problems that satisfy its hypotheses.

`ON_THE_PAGE` ties the two together: a constant changed on the page alone is noticed as a formula that is not tested, and changed in both as an
inequality that is false. Where a constant is the best possible, a problem that attains it is among the examples.
"""

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gdcourse import descend, gd, lookahead, momentum
from gdcourse.problems import huber, lessard, wavy
from website.content.pages import chapters

SEED = st.integers(0, 2**32 - 1)
SHARE = st.floats(0.01, 1.0)
settings.register_profile("inequalities", max_examples=60, deadline=None)
check = settings.get_profile("inequalities")


def at_most(small, large, scale=0.0):
    """small ≤ large up to rounding."""
    assert np.all(small <= large + 1e-9 * (np.abs(small) + np.abs(large) + scale) + 1e-13), (small, large)


def norm2(v):
    return np.sum(np.asarray(v) ** 2, axis=0)


# ---- problems that are what they say ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Known:
    """A loss with all that a theorem wants to know about it.

    low: a number below all of its values, where w_star is not known to be the minimiser; rows: slopes of the single rows, (d, n).
    """

    loss: object
    grad: object
    L: float
    mu: float
    w_star: np.ndarray
    low: float | None = None
    rows: object = None
    L_max: float | None = None

    @property
    def f_star(self):
        return self.loss(self.w_star) if self.low is None else self.low


def softened(z):
    """log cosh: convex, curvature between 0 and 1, straight far out."""
    return np.logaddexp(z, -z) - np.log(2)


def smooth_convex(seed, mu=0.0):
    """The mean of rows a·softened(x·(w − w*) + c) plus ½μ|w − w*|², less a linear part, so that w* is lowest though no row is flat there."""
    rng = np.random.default_rng(seed)
    d, n = rng.integers(1, 5), rng.integers(1, 9)
    X, a, c = rng.normal(size=(n, d)) * 2 ** rng.uniform(-2, 2), 2 ** rng.uniform(-3, 3, n), rng.normal(size=n) * 2
    w_star = rng.normal(size=d) * 3
    lean = X.T @ (a * np.tanh(c)) / n

    def loss(w):
        e = w - w_star
        return np.mean(a * softened(X @ e + c)) + mu / 2 * e @ e - lean @ e

    def rows(w):
        e = w - w_star
        return X.T * (a * np.tanh(X @ e + c)) + (mu * e - lean)[:, None]

    steep = a * np.sum(X**2, axis=1)
    L = np.linalg.eigvalsh((X.T * a) @ X / n)[-1] + mu
    return Known(loss, lambda w: rows(w).mean(axis=1), L, mu, w_star, rows=rows, L_max=steep.max() + mu)


def quadratic(seed, kappa=None):
    """½ (w − w*)·H(w − w*), with curvatures spread from μ to L, or rows of one weight if d = 1."""
    rng = np.random.default_rng(seed)
    d = rng.integers(1, 6)
    curvature = 2 ** rng.uniform(-4, 4, size=d) if kappa is None else np.linspace(1, kappa, max(d, 2))
    Q = np.linalg.qr(rng.normal(size=(len(curvature), len(curvature))))[0]
    H, w_star = Q * curvature @ Q.T, rng.normal(size=len(curvature))
    return Known(
        lambda w: 0.5 * (w - w_star) @ H @ (w - w_star),
        lambda w: H @ (w - w_star),
        curvature.max(),
        curvature.min(),
        w_star,
    )


def ripples(seed):
    """Cosines on a bowl: smooth, bounded below, as a rule not convex. Its minimiser is not known."""
    rng = np.random.default_rng(seed)
    d, n = rng.integers(1, 4), rng.integers(1, 6)
    X, a, c, bowl = rng.normal(size=(n, d)) * 3, rng.normal(size=n), rng.normal(size=n) * 3, rng.uniform(0.1, 2)
    L = bowl + np.sum(np.abs(a) * np.sum(X**2, axis=1))
    return Known(
        lambda w: bowl / 2 * w @ w + np.sum(a * np.cos(X @ w + c)),
        lambda w: bowl * w - X.T @ (a * np.sin(X @ w + c)),
        L,
        0.0,
        np.zeros(d),
        low=-np.sum(np.abs(a)),
    )


def pl_not_convex(seed):
    """Coordinates on the wavy loss, turned and scaled: PL with the constant of one of them."""
    rng = np.random.default_rng(seed)
    d, scale = rng.integers(1, 4), 2 ** rng.uniform(-2, 2)
    Q, w_star = np.linalg.qr(rng.normal(size=(d, d)))[0], rng.normal(size=d)
    return Known(
        lambda w: scale * np.sum(wavy.loss(Q.T @ (w - w_star))),
        lambda w: scale * Q @ wavy.grad(Q.T @ (w - w_star)),
        8 * scale,
        WAVY_PL * scale,
        w_star,
    )


GRID = np.linspace(1e-3, 12, 400_001)
WAVY_PL = np.min(wavy.grad(GRID) ** 2 / 2 / wavy.loss(GRID)) * (1 - 1e-6)


def flat_valley(seed):
    """Least squares with more weights than rows: not strongly convex, and PL with the smallest curvature that is not zero."""
    rng = np.random.default_rng(seed)
    d = rng.integers(2, 6)
    X = rng.normal(size=(rng.integers(1, d), d))
    w_star, curvature = rng.normal(size=d), np.linalg.eigvalsh(X @ X.T)
    return Known(
        lambda w: 0.5 * norm2(X @ (w - w_star)), lambda w: X.T @ (X @ (w - w_star)), curvature[-1], curvature[0], w_star
    )


def somewhere(problem, seed, far=4.0):
    return problem.w_star + np.random.default_rng(seed + 1).normal(size=problem.w_star.shape) * far


ANY_SMOOTH = st.builds(
    lambda make, seed: (make(seed), seed), st.sampled_from([smooth_convex, quadratic, ripples, pl_not_convex]), SEED
)
CONVEX = st.builds(
    lambda make, seed: (make(seed), seed), st.sampled_from([smooth_convex, quadratic, flat_valley]), SEED
)
STRONG = st.builds(
    lambda make, seed, mu: (make(seed) if mu is None else smooth_convex(seed, mu), seed),
    st.just(quadratic),
    SEED,
    st.none() | st.floats(0.05, 2),
)
PL = st.builds(lambda make, seed: (make(seed), seed), st.sampled_from([pl_not_convex, flat_valley, quadratic]), SEED)


@check
@given(ANY_SMOOTH)
def test_the_problems_have_the_slopes_and_the_L_that_they_claim(drawn):
    problem, seed = drawn
    u, v = somewhere(problem, seed), somewhere(problem, seed + 7)
    at_most(np.linalg.norm(problem.grad(u) - problem.grad(v)), problem.L * np.linalg.norm(u - v))
    h = 1e-6 * np.eye(len(u))
    differences = [(problem.loss(u + e) - problem.loss(u - e)) / 2e-6 for e in h]
    np.testing.assert_allclose(differences, problem.grad(u), rtol=1e-4, atol=1e-3 * (1 + np.abs(problem.grad(u)).max()))


# ---- descent lemma ---------------------------------------------------------------------------------------------------


@check
@given(ANY_SMOOTH, SHARE)
def test_descent_lemma_lid_and_integrand(drawn, s):
    problem, seed = drawn
    w, v = somewhere(problem, seed), somewhere(problem, seed + 7)
    g, way = problem.grad(w), v - w
    at_most((problem.grad(w + s * way) - g) @ way, problem.L * s * norm2(way))
    at_most(problem.loss(v), problem.loss(w) + g @ way + problem.L / 2 * norm2(way), abs(problem.loss(w)))


@check
@given(ANY_SMOOTH, st.floats(0, 3))
def test_descent_lemma_step(drawn, eta_L):
    problem, seed = drawn
    w, lr = somewhere(problem, seed), eta_L / problem.L
    g = problem.grad(w)
    at_most(problem.loss(w - lr * g), problem.loss(w) - lr * (1 - lr * problem.L / 2) * norm2(g), abs(problem.loss(w)))
    steepest = replace(problem, loss=lambda w: problem.L / 2 * norm2(w), grad=lambda w: problem.L * w)
    after, promised = (
        steepest.loss(w - lr * steepest.grad(w)),
        steepest.loss(w) - lr * (1 - lr * problem.L / 2) * norm2(steepest.grad(w)),
    )
    assert np.isclose(after, promised, rtol=1e-9, atol=1e-9 * steepest.loss(w)), "an equality on the steepest parabola"


@check
@given(ANY_SMOOTH, st.floats(0.02, 1.98), st.integers(1, 60))
def test_descent_uses(drawn, eta_L, T):
    problem, seed = drawn
    lr, w0 = eta_L / problem.L, somewhere(problem, seed)
    low = problem.f_star
    at_most(norm2(problem.grad(w0)), 2 * problem.L * (problem.loss(w0) - low))
    path = descend(gd, problem.grad, w0, T, lr=lr)
    slopes = np.array([norm2(problem.grad(w)) for w in path[:-1]])
    gain, scale = lr * (1 - lr * problem.L / 2), abs(problem.loss(w0))
    at_most(gain * slopes.sum(), problem.loss(w0) - problem.loss(path[-1]), scale)
    at_most(slopes.min(), (problem.loss(w0) - low) / (gain * T), scale / (gain * T))


@check
@given(st.floats(0.1, 50), st.floats(-5, 5))
def test_second_use_is_an_equality_on_the_steepest_parabola(L, w):
    assert np.isclose((L * w) ** 2, 2 * L * (L / 2 * w**2))


# ---- quadratics ------------------------------------------------------------------------------------------------------


def shares(lr, *curvatures):
    return max(abs(1 - lr * curvature) for curvature in curvatures)


@check
@given(SEED, st.floats(0.01, 2.5), st.integers(1, 40))
def test_quadratic_rate(seed, eta_L, T):
    problem = quadratic(seed)
    lr, w0 = eta_L / problem.L, somewhere(problem, seed)
    rho = shares(lr, problem.mu, problem.L)
    size = np.sqrt(norm2((descend(gd, problem.grad, w0, T, lr=lr) - problem.w_star).T))
    at_most(size, rho ** np.arange(T + 1) * size[0], size[0])
    if abs(eta_L - 2) > 1e-9:
        assert (rho < 1) == (eta_L < 2)
    H = np.column_stack([problem.grad(problem.w_star + e) for e in np.eye(len(w0))])
    curvature, axes = np.linalg.eigh((H + H.T) / 2)
    worst = axes[:, np.argmax(np.abs(1 - lr * curvature))]
    step = descend(gd, problem.grad, problem.w_star + worst, 1, lr=lr)[-1] - problem.w_star
    assert np.isclose(np.linalg.norm(step), rho, rtol=1e-7), "some start shrinks by no more than ρ"


@check
@given(st.floats(0.01, 10), st.floats(1, 1000), st.floats(0.001, 3))
def test_quadratic_rate_best_step(mu, kappa, eta_L):
    L = mu * kappa
    best = (kappa - 1) / (kappa + 1)
    at_most(best, shares(eta_L / L, mu, L))
    assert np.isclose(shares(2 / (mu + L), mu, L), best, atol=1e-12)


# ---- convex ----------------------------------------------------------------------------------------------------------


def convex_bound(R2, lr, t=1):
    """Of the gap after t steps; with t = 1 also of the sum of all gaps."""
    return R2 / (2 * lr * t)


@check
@given(CONVEX, SHARE, st.integers(1, 60))
def test_convex_rate_each_step_and_the_sum(drawn, eta_L, T):
    problem, seed = drawn
    for u in problem.w_star, somewhere(problem, seed + 7):  # the theorem holds for every u, also for one that is higher
        convex_rate_towards(u, problem, seed, eta_L / problem.L, T)


def convex_rate_towards(u, problem, seed, lr, T):
    path = descend(gd, problem.grad, somewhere(problem, seed), T, lr=lr)
    gap = np.array([problem.loss(w) for w in path]) - problem.loss(u)
    scale = abs(gap[0]) + abs(problem.loss(u))
    R2 = norm2(path[0] - u)
    for t, w in enumerate(path[:-1]):
        g, way, after = problem.grad(w), w - u, path[t + 1] - u
        at_most(gap[t], g @ way, scale)  # convex, at u
        at_most(gap[t + 1], gap[t] - lr / 2 * norm2(g), scale)  # the lemma at η ≤ 1/L
        assert np.isclose(norm2(after), norm2(way) - 2 * lr * g @ way + lr**2 * norm2(g), rtol=1e-9, atol=1e-9 * R2)
        at_most(gap[t + 1], (norm2(way) - norm2(after)) / (2 * lr), scale + R2 / lr)
        if u is problem.w_star:
            at_most(norm2(after), norm2(way), R2)
    at_most(gap[1:].sum(), convex_bound(R2, lr), scale * T)
    at_most(gap[1:], convex_bound(R2, lr, np.arange(1, T + 1)), scale)


@check
@given(st.floats(0, 30), st.floats(0.05, 1.0), st.integers(1, 400))
def test_convex_rate_without_a_minimiser(u, eta_L, T):
    """log(1 + e⁻ʷ), L = 1/4, infimum 0: for every u, however far out."""
    path = descend(gd, lambda w: -1 / (1 + np.exp(w)), 0.0, T, lr=4 * eta_L)
    at_most(np.logaddexp(0, -path[1:]), np.logaddexp(0, -u) + convex_bound(u**2, 4 * eta_L, np.arange(1, T + 1)))


@check
@given(st.integers(1, 300))
def test_convex_rate_worst_case(t):
    worst = huber(1 / (2 * t + 1))
    path = descend(gd, worst.grad, 1.0, t, lr=1.0)
    assert np.isclose(worst.loss(path[-1]), 1 / (4 * t + 2))
    at_most(worst.loss(path[-1]), convex_bound(1.0, 1.0, t))


@check
@given(st.integers(20, 300))
def test_convex_rate_sum_is_all_but_reached_by_a_straight_slope(T):
    nearly_straight = huber(1 / T)
    path = descend(gd, nearly_straight.grad, 1.0, T, lr=1.0)
    assert (1 - 3 / T) * convex_bound(1.0, 1.0) <= nearly_straight.loss(path[1:]).sum() <= convex_bound(1.0, 1.0)


# ---- strongly convex and PL ------------------------------------------------------------------------------------------


@check
@given(PL, SHARE, st.integers(1, 40))
def test_pl_rate(drawn, eta_L, T):
    problem, seed = drawn
    lr = eta_L / problem.L
    path = descend(gd, problem.grad, somewhere(problem, seed, far=6.0), T, lr=lr)
    gap = np.array([problem.loss(w) for w in path]) - problem.f_star
    g2 = np.array([norm2(problem.grad(w)) for w in path])
    assert problem.mu <= problem.L * (1 + 1e-9)
    at_most(problem.mu * gap, g2 / 2, gap[0])
    at_most(gap[1:], gap[:-1] - lr / 2 * g2[:-1], gap[0])
    at_most(gap[1:], (1 - lr * problem.mu) * gap[:-1], gap[0])
    at_most(gap, (1 - lr * problem.mu) ** np.arange(T + 1) * gap[0], gap[0])


@check
@given(PL, SHARE, st.integers(1, 40))
def test_pl_length_of_the_path(drawn, eta_L, T):
    problem, seed = drawn
    lr = eta_L / problem.L
    path = descend(gd, problem.grad, somewhere(problem, seed, far=6.0), T, lr=lr)
    gap = np.maximum([problem.loss(w) - problem.f_star for w in path], 0)
    slopes = np.sqrt([norm2(problem.grad(w)) for w in path[:-1]])
    scale = np.sqrt(gap[0])
    at_most(lr * np.sqrt(2 * problem.mu) / 4 * slopes, np.sqrt(gap[:-1]) - np.sqrt(gap[1:]), scale)
    steps = np.sqrt(norm2(np.diff(path, axis=0).T))
    rest = np.cumsum(steps[::-1])[::-1]
    at_most(rest, 2 * np.sqrt(2 * gap[:-1] / problem.mu), scale / np.sqrt(problem.mu))


@check
@given(STRONG, SHARE, st.integers(1, 40))
def test_pl_rate_strongly_convex(drawn, eta_L, T):
    problem, seed = drawn
    lr, mu, L, w_star, f_star = eta_L / problem.L, problem.mu, problem.L, problem.w_star, problem.f_star
    path = descend(gd, problem.grad, somewhere(problem, seed), T, lr=lr)
    scale, R2 = problem.loss(path[0]) + abs(f_star), norm2(path[0] - w_star)
    v = somewhere(problem, seed + 7)
    for w, after in zip(path[:-1], path[1:], strict=True):
        g, gap, e = problem.grad(w), problem.loss(w) - f_star, w - w_star
        at_most(problem.loss(w) + g @ (v - w) + mu / 2 * norm2(v - w), problem.loss(v), scale)
        at_most(problem.loss(w) - norm2(g) / (2 * mu), f_star, scale)
        at_most(gap + mu / 2 * norm2(e), g @ e, scale)
        at_most(norm2(after - w_star), (1 - lr * mu) * norm2(e) - 2 * lr * gap + lr**2 * norm2(g), R2)
        at_most(-2 * lr * gap + lr**2 * norm2(g), -2 * lr * (1 - lr * L) * gap, R2)
    at_most(norm2((path - w_star).T), (1 - lr * mu) ** np.arange(T + 1) * R2, R2)
    gap = np.array([problem.loss(w) for w in path]) - f_star
    at_most(gap, (1 - lr * mu) ** np.arange(T + 1) * gap[0], scale)


@check
@given(st.floats(0.1, 10), st.floats(-5, 5))
def test_pl_of_the_gentlest_parabola_is_an_equality(mu, w):
    assert np.isclose((mu * w) ** 2 / 2, mu * (mu / 2 * w**2))


# ---- SGD: means over the rows are taken exactly, not sampled -----------------------------------------------------------


def two_rows(seed):
    """½ · ½Lw² in one dimension, all of it in one of two rows, and the rows pull to both sides: the noise is worst where it is steep."""
    rng = np.random.default_rng(seed)
    L, pull = 2 ** rng.uniform(-2, 3), rng.normal() * 8

    def rows(w):
        return np.array([L * w - pull, 0 * w + pull]).T

    return Known(
        lambda w: L / 4 * w[0] ** 2, lambda w: rows(w).mean(axis=1), L / 2, L / 2, np.zeros(1), rows=rows, L_max=L
    )


SUMS = st.one_of(
    st.builds(lambda seed, mu: (smooth_convex(seed, mu), seed), SEED, st.floats(0.05, 2)),
    st.builds(lambda seed: (two_rows(seed), seed), SEED),
)


@check
@given(SUMS, SHARE)
def test_sgd_ball_each_step(drawn, share):
    problem, seed = drawn
    mu = problem.mu
    lr, w, w_star = share / (2 * problem.L_max), somewhere(problem, seed), problem.w_star
    G, G_star = problem.rows(w), problem.rows(w_star)
    gap, sigma2 = problem.loss(w) - problem.f_star, np.mean(norm2(G_star))
    scale = problem.loss(w) + abs(problem.f_star)
    assert np.allclose(G_star.mean(axis=1), 0, atol=1e-9 * (1 + np.abs(G_star).max()))
    at_most(mu, problem.L)
    at_most(problem.L, problem.L_max)
    at_most(np.mean(norm2(G - G_star)), 2 * problem.L_max * gap, problem.L_max * scale)
    at_most(norm2(G), 2 * norm2(G - G_star) + 2 * norm2(G_star))
    at_most(np.mean(norm2(G)), 4 * problem.L_max * gap + 2 * sigma2, problem.L_max * scale)
    pairs = (G[:, :, None] + G[:, None, :]).reshape(len(w), -1) / 2  # batches of two rows: σ²/2
    at_most(np.mean(norm2(pairs)), 4 * problem.L_max * gap + sigma2, problem.L_max * scale)
    e2, after = norm2(w - w_star), np.mean(norm2((w - w_star)[:, None] - lr * G))
    at_most(after, (1 - lr * mu) * e2 - 2 * lr * (1 - 2 * lr * problem.L_max) * gap + 2 * lr**2 * sigma2, e2)
    at_most(after, (1 - lr * mu) * e2 + 2 * lr**2 * sigma2, e2)


@check
@given(st.floats(0.1, 10), st.floats(0.5, 5))
def test_sgd_ball_has_the_best_constants(L, w):
    """One steep row among n: ½Lw² − pw, and n − 1 rows pw/(n − 1), with p = −Lw. Its noise is next to 4 · gap + 2 · σ², and above it with a smaller constant."""
    n, p = 2000, -L * w
    rows, at_minimum = np.full(n, p / (n - 1)), np.full(n, p / (n - 1))
    rows[0], at_minimum[0] = L * w - p, -p
    gap, sigma2, noise = L * w**2 / (2 * n), np.mean(at_minimum**2), np.mean(rows**2)
    assert np.isclose(at_minimum.mean(), 0, atol=1e-12 * L * w)
    at_most(noise, 4 * L * gap + 2 * sigma2)
    assert noise > 3.99 * L * gap + 2 * sigma2 and noise > 4 * L * gap + 1.99 * sigma2


@check
@given(st.floats(0.1, 10), st.floats(-5, 5))
def test_sgd_ball_first_step_is_an_equality_where_all_rows_are_parabolas_of_one_curvature(L, w):
    assert np.isclose((L * w) ** 2, 2 * L * (L / 2 * w**2))


@check
@given(SEED, SHARE, st.integers(1, 300))
def test_sgd_ball_over_all_steps(seed, share, T):
    """Rows ½a w² − b w in one dimension: mean and mean square of the error are known exactly at every step."""
    rng = np.random.default_rng(seed)
    n = rng.integers(2, 8)
    a, b = 2 ** rng.uniform(-2, 3, n), rng.normal(size=n) * 3
    b = b - a * b.mean() / a.mean()  # now w* = 0 and the slopes there are −b
    lr, mu, sigma2, e0 = share / (2 * a.max()), a.mean(), np.mean(b**2), rng.normal() * 3
    m, V = e0, e0**2
    for t in range(T + 1):
        at_most(V, (1 - lr * mu) ** t * e0**2 + 2 * lr * sigma2 / mu)
        m, V = (
            np.mean(1 - lr * a) * m,
            np.mean((1 - lr * a) ** 2) * V + 2 * lr * np.mean((1 - lr * a) * b) * m + lr**2 * sigma2,
        )


# ---- rates that shrink -------------------------------------------------------------------------------------------------


@check
@given(st.floats(0.1, 5), st.floats(0, 4), st.floats(0, 1), st.floats(0.001, 10), st.floats(0, 100))
@example(a=1.0, sigma2=0.5, share=1.0, delta=1.0, V=50.0)  # ηa = 1: an equality
@example(
    a=1.0, sigma2=2.0, share=1.0, delta=1.0, V=0.0
)  # no error yet, and as much noise as δ allows: an equality, too
def test_shrinking_steps_one_step(a, sigma2, share, delta, V):
    lr = share * min(1 / a, a * delta / sigma2 if sigma2 > 0 else np.inf)
    after = (1 - lr * a) ** 2 * V + lr**2 * sigma2
    at_most((1 - lr * a) ** 2, 1 - lr * a)
    at_most(after - delta, (1 - lr * a) * (V - delta), V + delta)


@check
@given(st.floats(0.2, 3), st.floats(0.1, 4), st.floats(0.5, 1), st.floats(0.1, 2), st.floats(0.05, 1))
def test_shrinking_steps_all(a, sigma2, power, first, delta):
    lr = first / np.arange(1, 3001) ** power
    V, seen = 25.0, []
    for step in lr:
        seen.append(V)
        V = (1 - step * a) ** 2 * V + step**2 * sigma2
    calm = (lr * a <= 1) & (lr * sigma2 <= a * delta)
    if calm.any():
        s = int(np.argmax(calm))
        gone = np.concatenate([[0.0], np.cumsum(lr[s:])[:-1]])
        at_most(np.array(seen[s:]) - delta, np.exp(-a * gone) * max(seen[s] - delta, 0))


# ---- heavy ball --------------------------------------------------------------------------------------------------------


def largest_root(b, beta):
    return np.abs(np.roots([1, -b, beta])).max()


@check
@given(st.floats(-4, 4), st.floats(-2, 2), st.floats(0.05, 2))
def test_heavy_ball_fact_about_roots(b, beta, r):
    margin = min(abs(abs(beta) - r**2), abs(abs(b) - (r + beta / r)))
    if margin > 1e-6:
        assert (largest_root(b, beta) < r) == (abs(beta) < r**2 and abs(b) < r + beta / r)


@check
@given(st.floats(0, 0.999), st.floats(0.001, 4.5))
def test_heavy_ball_edge_and_ripples(beta, step):
    root = largest_root(1 + beta - step, beta)
    if abs(step - 2 * (1 + beta)) > 1e-6:
        assert (root < 1) == (step < 2 * (1 + beta))
    if (1 - np.sqrt(beta)) ** 2 + 1e-9 < step < (1 + np.sqrt(beta)) ** 2 - 1e-9:
        assert np.isclose(root, np.sqrt(beta), rtol=1e-6)


@check
@given(st.floats(1.01, 1000), st.floats(0, 0.9999), st.floats(0.001, 4))
def test_heavy_ball_no_better_pair(kappa, beta, eta_L):
    rho = (np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)
    r = max(largest_root(1 + beta - eta_L / kappa, beta), largest_root(1 + beta - eta_L, beta))
    at_most(rho, r * (1 + 1e-7))
    if r < 1:
        s = beta / r
        at_most(s, r * (1 + 1e-7))
        at_most((1 - r) * (1 - s), eta_L / kappa + 1e-7)
        at_most(eta_L, (1 + r) * (1 + s) + 1e-7)
    eta, beta = 4 / (1 + np.sqrt(kappa)) ** 2, ((np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)) ** 2
    roots = [largest_root(1 + beta - eta * lam, beta) for lam in np.linspace(1, kappa, 20)]
    np.testing.assert_allclose(roots, rho, rtol=1e-5, atol=1e-6)  # a double root is known to half the digits


@check
@given(SEED, st.floats(1.01, 400), st.integers(1, 200))
def test_heavy_ball_rate(seed, kappa, T):
    problem = quadratic(seed, kappa)
    rho, t = (np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1), np.arange(T + 1)
    bound = (1 + (1 + rho) * t) * rho**t
    path = descend(
        momentum,
        problem.grad,
        somewhere(problem, seed),
        T,
        lr=4 / (np.sqrt(problem.L) + np.sqrt(problem.mu)) ** 2,
        beta=rho**2,
    )
    size = np.sqrt(norm2((path - problem.w_star).T))
    at_most(size, bound * size[0], 1e-3 * size[0])
    steep = descend(momentum, lambda w: kappa * w, 1.0, T, lr=4 / (np.sqrt(kappa) + 1) ** 2, beta=rho**2)
    np.testing.assert_allclose(np.abs(steep), bound, rtol=1e-6, atol=1e-10)


@check
@given(st.floats(0.001, 3.14), st.integers(0, 300))
def test_heavy_ball_sines(theta, t):
    at_most(abs(np.sin(t * theta)), t * abs(np.sin(theta)))


@check
@given(st.floats(1.01, 400), st.floats(0.01, 0.99), st.integers(0, 60))
def test_heavy_ball_closed_form(kappa, share, t):
    rho = (np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)
    lam = 1 + share * (kappa - 1)
    lr = 4 / (np.sqrt(kappa) + 1) ** 2
    theta = np.arccos((1 + rho**2 - lr * lam) / (2 * rho))
    closed = rho**t * (np.cos(t * theta) + (np.cos(theta) - rho) * np.sin(t * theta) / np.sin(theta))
    assert np.isclose(
        descend(momentum, lambda w: lam * w, 1.0, t, lr=lr, beta=rho**2)[-1], closed, rtol=1e-6, atol=1e-9
    )


# ---- the cycle ---------------------------------------------------------------------------------------------------------


@check
@given(st.floats(-10, 10), st.floats(-10, 10))
def test_heavy_ball_cycle_function_is_smooth_and_strongly_convex(u, v):
    change = (lessard.grad(u) - lessard.grad(v)) * (u - v)
    at_most((u - v) ** 2, change)
    at_most(change, 25 * (u - v) ** 2)
    at_most(lessard.loss(v) + lessard.grad(v) * (u - v) + (u - v) ** 2 / 2, lessard.loss(u), 100)
    at_most(lessard.loss(u), lessard.loss(v) + lessard.grad(v) * (u - v) + 25 / 2 * (u - v) ** 2, 100)


def test_heavy_ball_cycle_in_exact_fractions():
    p, q, r = (Fraction(k, 1225) for k in (-2208, 2592, 792))
    assert p < 1 and r < 1 and q > 2
    assert min(q - 2, 1 - r, 1 - p) > Fraction(115, 1000)
    for before, now, after, c in (r, p, q, 0), (p, q, r, 24), (q, r, p, 0):
        assert now - Fraction(1, 9) * (25 * now - c) + Fraction(4, 9) * (now - before) == after
        assert Fraction(-4, 3) * now - Fraction(4, 9) * before + Fraction(c, 9) == after


@check
@given(st.fractions(-1, 1), st.fractions(-1, 1))
def test_heavy_ball_cycle_attracts(before, now):
    delta, share = max(abs(before), abs(now)), Fraction(2, 3)
    for t in range(25):
        assert abs(now) <= (1 + Fraction(5, 3) * t) * share**t * delta <= Fraction(193, 100) * delta
        before, now = now, Fraction(-4, 3) * now - Fraction(4, 9) * before


@check
@given(st.sampled_from([(792, -2208), (-2208, 2592), (2592, 792)]), st.floats(-0.06, 0.06), st.floats(-0.06, 0.06))
def test_heavy_ball_cycle_draws_in_what_is_near(pair, off, on):
    before, now = pair[0] / 1225 + off, pair[1] / 1225 + on
    for _ in range(120):
        before, now = now, now - lessard.grad(now) / 9 + 4 / 9 * (now - before)
    assert min(abs(now - k / 1225) for k in (-2208, 2592, 792)) < 1e-9


# ---- proved elsewhere --------------------------------------------------------------------------------------------------


@check
@given(CONVEX, st.floats(0.01, 1.99), st.integers(1, 60))
def test_gradient_descent_up_to_the_edge(drawn, eta_L, T):
    problem, seed = drawn
    lr, t = eta_L / problem.L, np.arange(T + 1)
    path = descend(gd, problem.grad, somewhere(problem, seed), T, lr=lr)
    gap = np.array([problem.loss(w) for w in path]) - problem.f_star
    R2 = norm2(path[0] - problem.w_star)
    bound = 2 * gap[0] * R2 / (2 * R2 + t * lr * (2 - lr * problem.L) * gap[0])
    at_most(gap, bound, gap[0] + abs(problem.f_star))


@check
@given(CONVEX, st.integers(1, 80))
def test_nesterov_on_convex_losses(drawn, T):
    problem, seed = drawn
    before = w = somewhere(problem, seed)
    R2, ahead, momentum_of = norm2(w - problem.w_star), w, 1.0
    for t in range(1, T + 1):
        before, w = w, ahead - problem.grad(ahead) / problem.L
        following = (1 + np.sqrt(1 + 4 * momentum_of**2)) / 2
        ahead, momentum_of = w + (momentum_of - 1) / following * (w - before), following
        at_most(problem.loss(w) - problem.f_star, 2 * problem.L * R2 / (t + 1) ** 2, abs(problem.f_star))


@check
@given(STRONG, st.integers(1, 80))
def test_nesterov_on_strongly_convex_losses(drawn, T):
    problem, seed = drawn
    root = np.sqrt(problem.L / problem.mu)
    w0 = somewhere(problem, seed)
    path = descend(lookahead(problem.grad), problem.grad, w0, T, lr=1 / problem.L, beta=(root - 1) / (root + 1))
    gap = np.array([problem.loss(w) for w in path]) - problem.f_star
    bound = (1 - 1 / root) ** np.arange(T + 1) * (gap[0] + problem.mu / 2 * norm2(w0 - problem.w_star))
    at_most(gap, bound, gap[0] + abs(problem.f_star))


@pytest.mark.parametrize("t", [1, 3, 10, 30])
def test_nobody_beats_the_lower_bound_on_the_worst_function(t):
    """Nesterov (2018), section 2.1.2: a chain of 2t + 1 weights, of which each slope reveals one more."""
    d, L = 2 * t + 1, 1.0
    A = 2 * np.eye(d) - np.eye(d, k=1) - np.eye(d, k=-1)
    e = np.eye(d)[0]

    def loss(w):
        return L / 4 * (0.5 * w @ A @ w - w[0])

    def grad(w):
        return L / 4 * (A @ w - e)

    w_star = np.linalg.solve(A, e)
    least = 3 * L * norm2(w_star) / (32 * (t + 1) ** 2)
    root = d  # any momentum will do
    for path in (
        descend(gd, grad, np.zeros(d), t, lr=1 / L),
        descend(lookahead(grad), grad, np.zeros(d), t, lr=1 / L, beta=(root - 1) / (root + 1)),
        descend(momentum, grad, np.zeros(d), t, lr=1 / L, beta=0.8),
    ):
        assert loss(path[-1]) - loss(w_star) >= least


# ---- the page ----------------------------------------------------------------------------------------------------------

# The formulas tested above, as the page writes them.
ON_THE_PAGE = (
    r"f(u) \le f(w) + \nabla f(w)\cdot(u - w) + \tfrac L2\lVert u - w\rVert^2",
    r"\int_0^1 L\,s\,\lVert h\rVert^2\,ds = \frac L2\lVert h\rVert^2",
    r"f(w - \eta g) \le f(w) - \eta\left(1 - \tfrac{\eta L}2\right)\lVert g\rVert^2",
    r"\lVert\nabla f(w)\rVert^2 \le 2L\,(f(w) - f^*)",
    r"\eta(1 - \eta L/2)\sum_{t<T}\lVert g_t\rVert^2 \le f(w_0) - f(w_T)",
    r"\min_{t<T}\lVert g_t\rVert^2 \le \frac{f(w_0) - f^*}{\eta\,(1 - \eta L/2)\,T}",
    r"\rho = \max\bigl(|1 - \eta\mu|, |1 - \eta L|\bigr)",
    r"\frac{\kappa - 1}{\kappa + 1}$ with $\kappa = L/\mu$, at $\eta = \frac{2}{\mu + L}",
    r"f(w_t) \le f(u) + \frac{\lVert w_0 - u\rVert^2}{2\eta\,t}",
    r"f(w_t) - f^* \le \frac{\lVert w_0 - w^*\rVert^2}{2\eta\,t}",
    r"g_t\cdot e_t \ge f(w_t) - f(u)",
    r"f(w_{t+1}) \le f(w_t) - \frac\eta2\lVert g_t\rVert^2",
    r"\lVert e_{t+1}\rVert^2 = \lVert e_t\rVert^2 - 2\eta\,g_t\cdot e_t + \eta^2\lVert g_t\rVert^2",
    r"f(w_{t+1}) - f(u) \le g_t\cdot e_t - \tfrac\eta2\lVert g_t\rVert^2 = \frac{\lVert e_t\rVert^2 - \lVert e_{t+1}\rVert^2}{2\eta}",
    r"\sum_{t=1}^{T}\bigl(f(w_t) - f(u)\bigr) \le \lVert e_0\rVert^2/(2\eta)",
    r"L R^2/(4t + 2)",
    r"f(w_t) - f^* \le (1 - \eta\mu)^t\,\bigl(f(w_0) - f^*\bigr)",
    r"\lVert w_t - w^*\rVert^2 \le (1 - \eta\mu)^t\,\lVert w_0 - w^*\rVert^2",
    r"\sqrt{\Delta_t} - \sqrt{\Delta_{t+1}} \ge \frac{\eta\sqrt{2\mu}}{4}\,\lVert g_t\rVert",
    r"the whole path from $w_t$ on is at most $2\sqrt{2\Delta_t/\mu}$ long",
    r"f^* \ge f(w) - \lVert g\rVert^2/(2\mu)",
    r"g_t\cdot e_t \ge f(w_t) - f^* + \frac\mu2\lVert e_t\rVert^2",
    r"\lVert e_{t+1}\rVert^2 \le (1 - \eta\mu)\lVert e_t\rVert^2 - 2\eta\bigl(f(w_t) - f^*\bigr) + \eta^2\lVert g_t\rVert^2",
    r"-2\eta(1 - \eta L)(f(w_t) - f^*)",
    r"\mathrm E\,\lVert w_t - w^*\rVert^2 \le (1 - \eta\mu)^t\,\lVert w_0 - w^*\rVert^2 + \frac{2\eta\,\sigma^2}{\mu}",
    r"\frac1n\sum_i\lVert\nabla f_i(w) - \nabla f_i(w^*)\rVert^2 \le 2L_{\max}\,(f(w) - f^*)",
    r"\mathrm E\lVert g\rVert^2 \le 4L_{\max}\,(f(w) - f^*) + 2\sigma^2",
    r"with batches of $B$ rows, drawn with replacement, $\sigma^2/B$ takes its place",
    r"(1 - \eta\mu)\lVert e_t\rVert^2 + 2\eta^2\sigma^2 - 2\eta\,(1 - 2\eta L_{\max})\,(f(w_t) - f^*)",
    r"$2\eta^2\sigma^2$ times $1 + (1 - \eta\mu) + (1 - \eta\mu)^2 + \dots = 1/(\eta\mu)$, which is $2\eta\sigma^2/\mu$",
    r"V_{t+1} \le (1 - \eta_t a)^2\,V_t + \eta_t^2\sigma^2",
    r"V_{t+1} - \delta \le (1 - \eta_t a)\,(V_t - \delta)",
    r"V_t - \delta \le e^{-a(\eta_s + \dots + \eta_{t-1})}\,\max(V_s - \delta, 0)",
    r"exactly if $|\beta| \le r^2$ and $|b| \le r + \beta/r$",
    r"exactly if $\eta\lambda < 2(1 + \beta)$",
    r"\eta\mu \ge 1 + \beta - r - \tfrac\beta r = (1 - r)(1 - s), \eta L \le 1 + \beta + r + \tfrac\beta r = (1 + r)(1 + s)",
    r"\bigl(1 + (1 + \rho)\,t\bigr)\,\rho^t",
    r"e_t = \rho^t\left(\cos t\theta + (\cos\theta - \rho)\,\frac{\sin t\theta}{\sin\theta}\right)e_0",
    r"|\sin t\theta| \le t\,|\sin\theta|",
    r"w_{t+1} = -\tfrac43 w_t - \tfrac49 w_{t-1} + \tfrac c9",
    r"|d_t| \le (1 + \frac53 t)(\frac23)^t\,\delta \le 1.93\,\delta",
    r"f(w_t) - f^* \le \frac{2\Delta_0 R^2}{2R^2 + t\,\eta(2 - \eta L)\,\Delta_0}",
    r"f(w_t) - f^* \le \frac{2LR^2}{(t+1)^2}",
    r"\left(1 - \frac{1}{\sqrt\kappa}\right)^t\left(f(w_0) - f^* + \frac\mu2 R^2\right)",
    r"\frac{3LR^2}{32(t+1)^2}",
)


@pytest.mark.parametrize("formula", ON_THE_PAGE)
def test_the_page_states_what_is_tested(formula):
    page = chapters(Path(__file__).parents[1])["convergence_proof"]
    one_line = re.sub(r"\\begin\{aligned\}|\\end\{aligned\}|&|\\\\(?=\s)|\{\}", " ", "\n".join(page.prose))
    assert formula in " ".join(one_line.split())


def test_every_proof_is_tested():
    """A theorem of the page, by its label, has tests named after it."""
    page = chapters(Path(__file__).parents[1])["convergence_proof"]
    labels = re.findall(r"\{prf:theorem\}[^\n]*\n:label: ([\w-]+)", "\n".join(page.prose))
    assert len(labels) == 8
    assert not {
        label for label in labels if not any(name.startswith(f"test_{label.replace('-', '_')}") for name in globals())
    }
