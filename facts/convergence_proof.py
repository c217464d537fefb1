"""The numbers of the chapter on convergence proofs."""

from fractions import Fraction

import numpy as np

from gdcourse import descend, gd, momentum, problems
from gdcourse.problems import absolute, double_well, huber, lessard, quadratic, quartic, saddle, valley, wavy
from website.content.facts import fact, says


def first(condition):
    """The first step at which a condition on a path holds."""
    assert np.any(condition)
    return np.argmax(condition)


@fact(
    "F9.1",
    "The descent lemma is an equality on the parabola of curvature L = 5: from w = 2 the loss after a step is f − η(1 − ηL/2)g² for every η; at 2/L = 0.4 it stays at 10, at 0.5 it grows to 22.5.",
)
def lemma_with_equality():
    steep, w, L = quadratic(5.0), 2.0, 5.0
    g = steep.grad(w)
    for lr in np.linspace(0, 0.6, 61):
        assert np.isclose(steep.loss(w - lr * g), steep.loss(w) - lr * (1 - lr * L / 2) * g**2, atol=1e-12)
    says(2 / L, "0.4")
    says(steep.loss(w), "10")
    says(steep.loss(w - 0.4 * g), "10")
    says(steep.loss(w - 0.5 * g), "22.5")


@fact(
    "F9.2",
    "Convex and L-smooth, η = 1/L: the gap after t steps is at most LR²/(2t), and exactly LR²/(4t + 2) in the worst case, a Huber loss; for t = 10 that is 0.0238 where the bound says 0.05.",
)
def worst_case_of_the_convex():
    for t in (1, 5, 10, 50, 100):
        worst = huber(1 / (2 * t + 1))
        gap = worst.loss(descend(gd, worst.grad, 1.0, t, lr=1.0)[-1])
        assert np.isclose(gap, 1 / (4 * t + 2), rtol=1e-12) and gap <= 1 / (2 * t)
    worst = huber(1 / 21)
    says(worst.loss(descend(gd, worst.grad, 1.0, 10, lr=1.0)[-1]), "0.0238")
    says(1 / (2 * 10), "0.05")


@fact(
    "F9.3",
    "Log loss of the points 1 and 2, both labelled 1, at η = 1: no minimiser; after 100,000 steps t times the loss is 0.9997 and w = 10.82, growing like ln t.",
)
def no_minimiser():
    apart = problems.logistic(np.array([[1.0], [2.0]]), np.array([1, 1]))
    w = descend(gd, apart.grad, [0.0], 100_000, lr=1.0)
    assert 1.0 < 1 / apart.L  # the rate is one that the theorem allows
    says(w[-1, 0], "10.82")
    says(100_000 * apart.loss(w[-1]), "0.9997")
    for t in (1000, 10_000, 100_000):
        assert abs(w[t, 0] - np.log(t / 2)) < 0.02


@fact(
    "F9.4",
    "w² + 3 sin² w has L = 8, curvatures from −4 to 8, and the PL constant 0.1755, larger than the published 1/32; from 10 at η = 1/8 its gap is below 10⁻¹² after 13 steps, where 1/32 allows 8,239 and 0.1755 allows 1,454.",
)
def pl_without_convexity():
    w = np.linspace(1e-3, 12, 1_200_000)  # even in w; at 0 the ratio tends to the curvature there, 8
    mu = np.min(wavy.grad(w) ** 2 / 2 / wavy.loss(w))
    says(mu, "0.1755")
    assert mu > 1 / 32
    far = 12.0  # beyond: |f'| ≥ 2w − 3 and f ≤ w² + 3
    assert (2 * far - 3) ** 2 / 2 / (far**2 + 3) > mu
    assert np.isclose(wavy.hessian(np.linspace(-4, 4, 100_001)).min(), -4, atol=1e-6)
    assert np.isclose(wavy.hessian(0.0), 8) and wavy.L == 8
    gap = wavy.loss(descend(gd, wavy.grad, 10.0, 40, lr=1 / 8))
    says(first(gap < 1e-12), "13")
    for constant, said in (1 / 32, "8,239"), (mu, "1,454"):
        t = np.arange(10_000)
        says(first(gap[0] * (1 - constant / 8) ** t <= 1e-12), said)
    says(1 / 32, "1/32")
    says(1e-12, "1e-12", quoted=False)


@fact(
    "F9.5",
    "The saddle ½(x² − y²) at η = 0.1: from exactly on the ridge the descent never leaves; y₀ = 10⁻¹⁶, 10⁻⁸, 10⁻³ leave |y| < 1 after 387, 194, 73 steps, that is ln(1/y₀)/ln 1.1 rounded up.",
)
def leaving_a_ridge():
    assert np.all(descend(gd, saddle.grad, [1.0, 0.0], 500, lr=0.1)[:, 1] == 0)
    for y, said in (1e-16, "387"), (1e-8, "194"), (1e-3, "73"):
        leaves = first(np.abs(descend(gd, saddle.grad, [1.0, y], 500, lr=0.1)[:, 1]) >= 1)
        says(leaves, said)
        assert leaves == np.ceil(np.log(1 / y) / np.log(1.1))


@fact(
    "F9.6",
    "On the valley with κ = 100 each step at η = 2/(μ + L) keeps exactly 99/101 of the error; at 1/L it is 0.99 in the long run.",
)
def quadratic_rates_are_tight():
    problem = valley(100)
    size = np.linalg.norm(descend(gd, problem.grad, problem.start, 300, lr=2 / 101), axis=1)
    assert np.allclose(size[1:] / size[:-1], 99 / 101, rtol=1e-9)
    says(size[1] / size[0], "99/101")
    size = np.linalg.norm(descend(gd, problem.grad, problem.start, 300, lr=1 / 100), axis=1)
    says(size[-1] / size[-2], "0.99")
    assert size[1] / size[0] < 0.9  # not at first


@fact("F9.7", "|w| at a constant rate of 0.1 from 1.05 ends in a dance between 0.05 and −0.05.")
def no_slope_at_the_corner():
    path = descend(gd, absolute.grad, 1.05, 61, lr=0.1)
    says(path[-2], "0.05")
    says(path[-1], "−0.05")
    assert np.allclose(np.abs(path[20:]), 0.05)


@fact(
    "F9.8",
    "A quadratic with 500 equally spaced eigenvalues from 1 to 10⁴, all weights 1 and the start at 0: the slope is below a millionth of the first after 120 iterations of conjugate gradients, after 20,466 steps of gradient descent at 1/L.",
)
def conjugate_gradients():
    curvature = np.linspace(1, 1e4, 500)
    b = curvature * 1.0
    w, r = np.zeros(500), b.copy()
    p, count = r.copy(), 0
    while np.linalg.norm(r) >= 1e-6 * np.linalg.norm(b):
        step = r @ r / (p @ (curvature * p))
        w, new = w + step * p, r - step * curvature * p
        p, r, count = new + (new @ new) / (r @ r) * p, new, count + 1
    says(count, "120")
    last = 20_466
    size = np.array([np.linalg.norm((1 - curvature / 1e4) ** t * b) for t in (last - 1, last)])
    assert size[0] >= 1e-6 * np.linalg.norm(b) > size[1]
    says(last, "20,466")


@fact(
    "F9.9",
    "The double well w⁴/4 − w²/2 + w/10 has on its way from 1.6 down to 0.95 no curvature above 6.68, and at η = 0.1 its smallest squared slope stays under the bound of the descent lemma.",
)
def smooth_on_the_way():
    path = descend(gd, double_well.grad, 1.6, 1000, lr=0.1)
    assert np.all(np.diff(path) <= 0) and path[-1] > 0.94
    L = double_well.hessian(1.6)
    says(L, "6.68")
    assert L == double_well.hessian(path).max()
    smallest = np.minimum.accumulate(double_well.grad(path[:-1]) ** 2)
    T = np.arange(1, len(path))
    assert np.all(smallest <= (double_well.loss(1.6) - double_well.f_star) / (0.1 * (1 - 0.1 * L / 2) * T))


@fact(
    "F9.10",
    "The parabola of curvature 5 at η = 0.1 with noise of standard deviation 1 in the slopes, seed 0: 17 of 40 steps go up.",
)
def noise_breaks_the_lemma():
    rng = np.random.default_rng(0)
    path = descend(gd, lambda w: 5 * w + rng.normal(), 2.0, 40, lr=0.1)
    says(np.sum(np.diff(quadratic(5.0).loss(path)) > 0), "17")
    for seed in range(20):
        rng = np.random.default_rng(seed)
        path = descend(gd, lambda w, rng=rng: 5 * w + rng.normal(), 2.0, 40, lr=0.1)
        assert 5 < np.sum(np.diff(path**2) > 0) < 30


@fact("F9.11", "Huber's loss, L = 1, at η = 2.5 from 3: no explosion, a dance between −1.375 and 1.125.")
def beyond_the_edge_without_quadratic():
    path = descend(gd, huber().grad, 3.0, 100, lr=2.5)
    says(path[-2:].min(), "−1.375")
    says(path[-2:].max(), "1.125")
    assert 2.5 > 2 / huber().L


@fact("F9.12", "w⁴/4 from 1 at η = 1/3: the gap falls like 0.56/t², and the ratio of two gaps creeps up to 1.")
def without_pl():
    gap = quartic.loss(descend(gd, quartic.grad, 1.0, 10_000, lr=1 / 3))
    says(10_000**2 * gap[-1], "0.56")
    ratio = gap[1:] / gap[:-1]
    assert np.all(np.diff(ratio[2:]) > 0) and ratio[-1] > 0.9997


@fact(
    "F9.13",
    "200 rows, 5 weights: L = 1.23, and the steepest row has 17.6. At η = 1.9/L the whole table converges; row by row 400 of 400 runs have exploded after 20 steps. At 1/(2L_max) and half of it, 400 runs stay below the bound of the theorem at every step.",
)
def a_row_is_steeper_than_the_table():
    rng = np.random.default_rng(0)
    X, w_star = rng.normal(size=(200, 5)), np.ones(5)
    noise = rng.normal(size=200)
    noise -= X @ np.linalg.lstsq(X, noise)[0]
    fit = problems.half_least_squares(X, X @ w_star + noise)
    assert np.allclose(fit.w_star, w_star)
    L_max = np.sum(X**2, axis=1).max()
    says(fit.L, "1.23")
    says(L_max, "17.6")

    def one_row(y, seed):
        rng = np.random.default_rng(seed)

        def grad(w):
            rows = rng.integers(200, size=w.shape[1])
            return X[rows].T * (np.sum(X[rows].T * w, axis=0) - y[rows])

        return grad

    assert np.linalg.norm(descend(gd, fit.grad, np.zeros(5), 200, lr=1.9 / fit.L)[-1] - w_star) < 1e-9
    ends = descend(gd, one_row(fit.y, 1), np.zeros((5, 400)), 20, lr=1.9 / fit.L)[-1]
    says(np.sum(np.sum(ends**2, axis=0) > 1e4), "400")
    sigma2 = np.mean(np.sum(fit.row_grads(w_star) ** 2, axis=1))
    for y, s in (fit.y, sigma2), (X @ w_star, 0.0):
        for lr in 1 / (2 * L_max), 1 / (4 * L_max):
            path = descend(gd, one_row(y, 1), np.zeros((5, 400)), 600, lr=lr)
            spread = np.mean(np.sum((path - w_star[:, None]) ** 2, axis=1), axis=1)
            bound = 5 * (1 - lr * fit.mu) ** np.arange(601) + 2 * lr * s / fit.mu
            assert np.all(spread <= bound * (1 + 1e-9))
            if s:  # as the alt text of the figure says
                floor, ceiling = {1 / (2 * L_max): ("0.07", "0.33"), 1 / (4 * L_max): ("0.03", "0.17")}[lr]
                says(spread[400:].mean(), floor, quoted=False)
                says(bound[-1], ceiling, quoted=False)


@fact(
    "F9.14",
    "½w² from 5 with noise of variance 1: at the constant rate 0.1 the mean square stays at 0.053; the rates 0.1 · 0.9ᵗ add up to 1, and without noise 0.358 of the way is left for ever.",
)
def too_slow_and_too_fast():
    says(0.1 / (2 - 0.1), "0.053")
    t = np.arange(2000)
    assert np.isclose(np.sum(0.1 * 0.9**t), 1)
    says(descend(gd, lambda w: w, 1.0, 2000, lr=lambda t: 0.1 * 0.9**t)[-1], "0.358")
    for lr, left in (
        (lambda t: 1 / (t + 1), 0.001),
        (lambda t: 0.5 / np.sqrt(t + 1), 0.0081),
        (lambda t: 0.1, 0.0526),
        (lambda t: 0.1 * 0.9**t, 3.218),
    ):
        rng = np.random.default_rng(0)
        ends = descend(gd, lambda w, rng=rng: w + rng.normal(size=2000), np.full(2000, 5.0), 1000, lr=lr)[-1]
        assert abs(np.mean(ends**2) / left - 1) < 0.16  # five standard errors of a mean square of 2,000


@fact(
    "F9.15",
    "The tuned heavy ball on κ = 100: in the steep direction the error is (1 + (1 + ρ)t)ρᵗ, ρ = 9/11, exactly, and peaks at 3.71 times its start.",
)
def transient_is_exact():
    problem, rho, t = valley(100), 9 / 11, np.arange(151)
    ball = descend(momentum, problem.grad, problem.start, 150, lr=4 / 121, beta=rho**2)
    bound = (1 + (1 + rho) * t) * rho**t
    assert np.allclose(np.abs(ball[:, 1]), bound, rtol=1e-9)
    assert np.all(np.abs(ball[:, 0]) <= bound * (1 + 1e-9))
    says(np.abs(ball[:, 1]).max(), "3.71")


def pieces_of_starts(low, high, steps):
    """Follow all starts from low to high at once, in exact fractions; yields for each piece its points at both ends.

    While both ends lie on the same straight piece of the slope, the path is an affine function of the start; where they do not,
    the interval is cut at the start that lands exactly on a joint.
    """
    joints = Fraction(1), Fraction(2)
    todo = [[(low, low), (high, high)]]  # (the point, the point before) at either end
    todo = [(end, 0) for end in todo]
    while todo:
        ends, t = todo.pop()
        if t == steps:
            yield ends
            continue
        (a, before_a), (b, before_b) = ends
        cut = next((joint for joint in joints if min(a, b) < joint < max(a, b)), None)
        if cut is not None:
            share = (cut - a) / (b - a)
            middle = (cut, before_a + share * (before_b - before_a))
            todo += [([ends[0], middle], t), ([middle, ends[1]], t)]
            continue
        inside = (a + b) / 2
        steepness, shift = (25, 0) if inside < 1 else (1, 24) if inside < 2 else (25, -24)
        todo.append(
            ([(w - (steepness * w + shift) / 9 + Fraction(4, 9) * (w - before), w) for w, before in ends], t + 1)
        )


@fact(
    "F9.16",
    "The heavy ball with η = 1/9, β = 4/9 on the three joined parabolas, from rest: every start from 3.07 to 3.46 ends in the cycle, in exact fractions.",
)
def every_start_is_caught():
    cycle = [Fraction(k, 1225) for k in (-2208, 2592, 792)]
    found = list(pieces_of_starts(Fraction("3.07"), Fraction("3.46"), 30))
    assert 1 < len(found) < 200
    for ends in found:  # both ends, hence all between, are near the same two successive points of the cycle
        near = [
            i
            for i in range(3)
            if all(
                abs(w - cycle[i]) <= Fraction(6, 100) and abs(before - cycle[i - 1]) <= Fraction(6, 100)
                for w, before in ends
            )
        ]
        assert len(near) == 1
    says(3.07, "3.07")
    says(3.46, "3.46")
    # and what is within 0.06 is drawn in: deviations grow to 52/27 of that at most, and stay off the joints at 1 and 2
    growth = max((1 + Fraction(5, 3) * t) * Fraction(2, 3) ** t for t in range(50))
    assert growth == Fraction(52, 27) < Fraction("1.93")
    assert (
        Fraction("1.93") * Fraction(6, 100) < Fraction("0.1159") < min(cycle[1] - 2, 1 - cycle[2], 1 - cycle[0])
    )  # as the proof says
    for start in (3.0, 3.47, 3.5):
        assert abs(descend(momentum, lessard.grad, start, 900, lr=1 / 9, beta=4 / 9)[-1]) < 1e-9


def patients():
    """Half-MSE of the diabetes table, columns and target standardised."""
    X, y = problems.diabetes()
    return problems.half_least_squares(problems.with_bias(problems.standardised(X)), (y - y.mean()) / y.std())


@fact(
    "F9.17",
    "Half-MSE on standardised diabetes, κ = 470, η = 1/L from zero: a hundredth of the gap is left after 10 steps where the theorem allows 2,163, a thousandth after 467 where it allows 3,244.",
)
def ceiling_and_reality():
    table = patients()
    gap = table.loss(descend(gd, table.grad, np.zeros(11), 2000, lr=1 / table.L).T) - table.f_star
    says(table.kappa, "470")
    for share, real, allowed in (1e-2, "10", "2,163"), (1e-3, "467", "3,244"):
        says(first(gap < share * gap[0]), real)
        says(np.ceil(np.log(share) / np.log(1 - 1 / table.kappa)), allowed)
    t, R2 = np.arange(1, 2001), np.sum(table.w_star**2)
    assert np.all(gap[1:] <= table.L * R2 / (2 * t)) and np.all(gap[1:] <= gap[0] * (1 - 1 / table.kappa) ** t)


@fact(
    "F9.18",
    "The same loss at half of 1/L, with twice the gradient: in 100 steps the loss never rises, and each of the 100 falls is smaller than the descent lemma promises for that gradient; with the right gradient none is.",
)
def a_bound_as_an_alarm():
    table = patients()
    lr = 0.5 / table.L
    for factor, broken in (1, 0), (2, 100):
        path = descend(gd, lambda w, factor=factor: factor * table.grad(w), np.zeros(11), 100, lr=lr)
        falls = -np.diff(table.loss(path.T))
        promises = lr * (1 - lr * table.L / 2) * np.sum((factor * table.grad(path[:-1].T)) ** 2, axis=0)
        assert np.all(falls > 0)
        assert np.sum(falls < promises) == broken
    says(100, "100")


@fact(
    "F9.19",
    "Log loss of the points 1 and 2, both labelled 1, at η = 1: the bound f(u) + u²/(2t) with the best u is 0.070 after 100 steps, 0.0029 after 10,000, 0.00046 after 100,000, and the loss is below it.",
)
def a_bound_without_a_minimiser():
    apart = problems.logistic(np.array([[1.0], [2.0]]), np.array([1, 1]))
    path, u = descend(gd, apart.grad, [0.0], 100_000, lr=1.0), np.linspace(0, 20, 2001)
    height = apart.loss(u[None])
    for t, said in (100, "0.0703"), (10_000, "0.0029"), (100_000, "0.0005"):
        bound = np.min(height + u**2 / (2 * t))
        assert apart.loss(path[t]) <= bound
        says(bound, said)


@fact(
    "F9.20",
    "The double well at η = 0.1: from 1.6 the descent ends in the right valley with a gap of 0.2, from −2 it ends at the minimum.",
)
def the_wrong_valley():
    ends = [descend(gd, double_well.grad, start, 1000, lr=0.1)[-1] for start in (-2.0, 1.6)]
    assert abs(ends[0] - double_well.w_star) < 1e-9 and abs(double_well.grad(ends[1])) < 1e-9
    says(double_well.loss(ends[1]) - double_well.f_star, "0.2")


@fact(
    "F9.21",
    "The heavy ball with η = 1/9, β = 4/9 on the three joined parabolas, from rest at 3.3, in exact fractions: the points after steps 10 and 11 are within 0.051 of two successive points of the cycle.",
)
def where_the_cycle_is_entered():
    def slope(w):
        return 25 * w if w < 1 else w + 24 if w < 2 else 25 * w - 24

    before = w = Fraction(33, 10)
    for _ in range(11):
        before, w = w, w - slope(w) / 9 + Fraction(4, 9) * (w - before)
    away = max(abs(before - Fraction(-2208, 1225)), abs(w - Fraction(2592, 1225)))
    says(float(away), "0.051")
    assert away < Fraction("0.051") < Fraction(6, 100)
