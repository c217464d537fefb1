"""The numbers of the chapter on the learning rate."""

import numpy as np
from sklearn.datasets import make_classification

from gdcourse import descend, gd, problems
from gdcourse.problems import (
    bowl,
    double_well,
    four_points,
    logistic,
    parabola,
    quartic,
    standardised,
    valley,
    with_bias,
)
from website.content.facts import fact, says


def first(condition):
    """The first step at which a condition on a path holds."""
    assert np.any(condition)
    return np.argmax(condition)


def published_classes():
    """The 400 points of a published guide, standardised, with a column of ones, and their log loss."""
    X, y = make_classification(
        n_samples=400, n_features=2, n_redundant=0, n_informative=2, n_clusters_per_class=1, random_state=0
    )
    return logistic(with_bias(standardised(X)), y)


@fact(
    "F4.1",
    "x² + 2y² from (3, 4) has the curvatures 2 and 4: at 0.25 one step kills y, at 1/3 both multipliers are 1/3 in size, at 0.5 y jumps between 4 and −4 for ever, at 0.51 y grows, at 1 x flips between 3 and −3 while y triples.",
)
def five_rates_on_the_bowl():
    mu, L = np.linalg.eigvalsh(bowl.hessian(bowl.start))
    says(mu, "2")
    says(L, "4")
    says(1 / L, "0.25")
    assert descend(gd, bowl.grad, bowl.start, 1, lr=0.25)[1][1] == 0
    says(2 / (mu + L), "1/3")
    contraction = descend(gd, bowl.grad, bowl.start, 1, lr=1 / 3)[1] / bowl.start
    assert np.allclose(contraction, [1 / 3, -1 / 3])
    says(2 / L, "0.5")
    edge = descend(gd, bowl.grad, bowl.start, 40, lr=0.5)
    assert edge[1][0] == 0 and np.all(edge[::2, 1] == 4) and np.all(edge[1::2, 1] == -4)
    assert np.all(np.diff(np.abs(descend(gd, bowl.grad, bowl.start, 40, lr=0.51)[:, 1])) > 0)
    far = descend(gd, bowl.grad, bowl.start, 3, lr=1.0)
    assert far[:, 0].tolist() == [3, -3, 3, -3] and far[:, 1].tolist() == [4, -12, 36, -108]


@fact(
    "F4.2",
    "The four points on y = 2x, half-MSE: curvatures 0.1497 and 8.3503, κ = 56, the edge at 0.2395; at rate 1 the loss becomes 54 times as large in each step, at 0.00001 it takes 3.5 million steps to 10⁻⁶.",
)
def four_points_in_a_valley():
    curvature, axes = np.linalg.eigh(four_points.hessian(np.zeros(2)))
    mu, L = curvature
    says(mu, "0.1497")
    says(L, "8.3503")
    says(L / mu, "56", quoted=False)
    says(2 / L, "0.2395")
    losses = four_points.loss(descend(gd, four_points.grad, [0.0, 0.0], 30, lr=1.0).T)
    says(losses[-1] / losses[-2], "54")
    # along an eigenvector the error is multiplied by 1 − η λ: the flat one decides, so count by a logarithm
    start = axes.T @ -np.asarray(four_points.w_star)
    lr = 1e-5

    def loss_after(t):
        return np.sum(curvature * (start * (1 - lr * curvature) ** t) ** 2) / 2

    low, high = 0, 10**8
    while high - low > 1:
        low, high = ((low + high) // 2, high) if loss_after((low + high) // 2) > 1e-6 else (low, (low + high) // 2)
    says(high / 1e6, "3.5")


@fact(
    "F4.3",
    "On the four points the rate 0.23 reaches a half-MSE of 10⁻⁶ in 148 steps; the rate that is best in the worst case, 0.2353, needs 231. Of the half-MSE at (0, 0), 15.00, the steep direction has 14.97 and the flat one 0.03.",
)
def best_in_the_worst_case():
    best = 2 / (four_points.mu + four_points.L)
    says(best, "0.2353")
    curvature, axes = np.linalg.eigh(four_points.hessian(np.zeros(2)))
    flat, steep = curvature * (axes.T @ four_points.w_star) ** 2 / 2
    for value, text in (four_points.loss(np.zeros(2)), "15.00"), (steep, "14.97"), (flat, "0.03"):
        says(value, text)
    for lr, steps in (0.23, "148"), (best, "231"):
        says(first(four_points.loss(descend(gd, four_points.grad, [0.0, 0.0], 400, lr=lr).T) < 1e-6), steps)


@fact(
    "F4.4",
    "x⁴/4 at η = 0.1: from 4.47 the descent arrives, from 4.48 it explodes; the border is √20 = 4.4721, where η x² = 2.",
)
def quartic_border():
    says(np.sqrt(20), "4.4721")
    near, far = descend(gd, quartic.grad, np.array([4.47, 4.48]), 400, lr=0.1)[-1]
    assert abs(near) < 0.5 and not np.isfinite(far)
    says(4.47, "4.47")
    says(4.48, "4.48")


@fact(
    "F4.5",
    "Log loss on 400 points: the guaranteed edge 2/L is about 6, the one at the minimum 13.5; after 800 steps the rate 0.2 is a little above the minimum (4e-5) and 2 is there; at 15 the loss bounces between 0.355 and 0.368, at 100 between 1.65 and 2.87.",
)
def bounces_and_does_not_explode():
    problem = published_classes()
    says(2 / problem.L, "6")
    w_star = descend(gd, problem.grad, np.zeros(3), 20000, lr=5.0)[-1]
    says(2 / np.linalg.eigvalsh(problem.hessian(w_star))[-1], "13.5")
    path = descend(gd, problem.grad, np.zeros((3, 1)), 800, lr=np.array([0.2, 2.0, 15.0, 100.0]))
    losses, before = problem.loss(path[-1]), problem.loss(path[-2])
    says(losses[0] - problem.loss(w_star), "4e-5", quoted=False)
    assert losses[1] - problem.loss(w_star) < 1e-12
    says(losses[2], "0.355")
    says(before[2], "0.368")
    says(losses[3], "1.65")
    says(before[3], "2.87")
    falling = problem.loss(descend(gd, problem.grad, np.zeros(3), 200, lr=0.999 * 2 / problem.L).T)
    assert np.all(np.diff(falling) < 1e-15)


@fact(
    "F4.6",
    "The double well x⁴/4 − x²/2 + 0.1x from 1.6: all of 500 rates from 0.001 to 0.5 end at 0.9456, the local minimum; 0.6, 0.7 and 0.8 end at −1.0467, the global one; from −1.7 these three end at 0.9456.",
)
def the_start_decides():
    says(0.001, "0.001", quoted=False)
    says(500, "500")
    for end in descend(gd, double_well.grad, np.full(500, 1.6), 15_000, lr=np.linspace(0.001, 0.5, 500))[-1]:
        says(end, "0.9456")
    for end in descend(gd, double_well.grad, np.full(3, -1.7), 4000, lr=np.array([0.6, 0.7, 0.8]))[-1]:
        says(end, "0.9456")
    for end in descend(gd, double_well.grad, np.full(3, 1.6), 4000, lr=np.array([0.6, 0.7, 0.8]))[-1]:
        says(end, "−1.0467")


@fact(
    "F4.7",
    "Backtracking from 1 with halving and c = 10⁻⁴ on x² + 2y² from (3, 4) takes 0.5, then 0.25, and stands on the minimum after 2 steps.",
)
def backtracking_on_the_bowl():
    w, rates = bowl.start, []
    for _ in range(2):
        g, lr = bowl.grad(w), 1.0
        while not bowl.loss(w - lr * g) <= bowl.loss(w) - 1e-4 * lr * g @ g:
            lr /= 2
        w = w - lr * g
        rates.append(lr)
    says(rates[0], "0.5")
    says(rates[1], "0.25")
    assert np.all(w == 0)
    says(len(rates), "2")


@fact(
    "F4.8",
    "(w − 3)² from 10: at η = 1 it jumps between 10 and −4 for ever, at 1.01 it already diverges (7.2 times the distance after 100 steps), at 1.2 each step multiplies the distance by −1.4.",
)
def the_edge_of_the_parabola():
    path = descend(gd, parabola.grad, 10.0, 20, lr=1.0)
    assert path[::2].tolist() == [10] * 11 and path[1::2].tolist() == [-4] * 10
    says(path[1], "−4")
    assert np.all(np.diff(np.abs(descend(gd, parabola.grad, 10.0, 20, lr=1.01) - 3)) > 0)
    says(1.01, "1.01")
    says(1.02**100, "7.2")
    away = descend(gd, parabola.grad, 10.0, 5, lr=1.2) - 3
    says(away[1] / away[0], "−1.4")


@fact(
    "F4.9",
    "The edge 2/L of five problems: 0.5 for x² + 2y², 0.24 for the four points, 6 for log loss on 400 points, 2.7e-5 for half-MSE on raw diabetes, 0.497 on standardised diabetes.",
)
def five_edges():
    X, y = problems.diabetes()
    says(2 / bowl.L, "0.5")
    says(2 / four_points.L, "0.24")
    says(2 / published_classes().L, "6")
    says(2 / problems.half_least_squares(with_bias(X), y).L, "2.7e-5")
    says(2 / problems.half_least_squares(with_bias(standardised(X)), y).L, "0.497")


@fact(
    "F4.10",
    "The valley ½(x² + 100y²) has the edge 0.02; at the best rate, 2/101, each step leaves 98 % of the distance in the worst direction, 99/101.",
)
def the_narrow_valley():
    problem = valley(100)
    says(2 / problem.L, "0.02")
    best = 2 / (problem.mu + problem.L)
    says(best, "2/101")
    path = descend(gd, problem.grad, problem.start, 50, lr=best)
    says(abs(path[50] / path[49]).max(), "98 %")
    says(99 / 101, "99/101", quoted=False)


@fact(
    "F4.11",
    "Power iteration with 30 products finds the largest curvature of standardised diabetes, 4.0242, to four decimals.",
)
def power_iteration():
    X, y = problems.diabetes()
    problem = problems.half_least_squares(with_bias(standardised(X)), y)
    H, v = problem.hessian(np.zeros(11)), np.random.default_rng(0).normal(size=11)
    for _ in range(30):
        v = H @ v
        v /= np.linalg.norm(v)
    says(v @ H @ v, "4.0242")
    says(problem.L, "4.0242")


@fact(
    "F4.12",
    "x² + 2y² from (3, 4), after 50 steps: (1.09, 0.52) at η = 0.01, within 0.0001 of the minimum at 0.1 and at 0.25.",
)
def three_published_rates():
    end = descend(gd, bowl.grad, [[3.0], [4.0]], 50, lr=np.array([0.01, 0.1, 0.25]))[-1]
    says(end[0, 0], "1.09")
    says(end[1, 0], "0.52")
    assert np.abs(end[:, 1:]).max() < 1e-4


@fact(
    "F4.13",
    "Down the flat tail of 1/(1 + e⁻ʷ) from 6 to 0: 418 steps at η = 1, 834 at 0.5, 4,157 at 0.1, about in proportion to 1/η.",
)
def plateau():
    def slope(w):
        return np.exp(-w) / (1 + np.exp(-w)) ** 2

    for lr, steps in (1.0, "418"), (0.5, "834"), (0.1, "4,157"):
        says(first(descend(gd, slope, 6.0, 5000, lr=lr) < 0), steps, quoted=lr != 0.5)


@fact(
    "F4.14",
    "Log loss on the standardised breast-cancer table at η = 50, more than 80 times the guaranteed edge: the first step jumps to 3.9, nothing is ever infinite, and after 200 steps the loss is 0.052, below the 0.060 of η = 0.5; the edge is 0.60.",
)
def large_rates_on_tumours():
    X, y = problems.breast_cancer()
    problem = logistic(with_bias(standardised(X)), y)
    says(2 / problem.L, "0.60")
    assert 50 / (2 / problem.L) > 80
    careful, wild = (problem.loss(descend(gd, problem.grad, np.zeros(31), 200, lr=lr).T) for lr in (0.5, 50.0))
    says(wild[1], "3.9")
    assert np.isfinite(wild).all() and wild.max() == wild[1]
    says(wild[-1], "0.052")
    says(careful[-1], "0.060")


@fact(
    "F4.15",
    "The line through raw BMI, half-MSE, from 0: at η = 0.2 the loss has 26 digits after 5 steps; at 0.0001 it is still a tenth (9.7 %) above the lowest after 1,000, at 0.0025 8.5 %; the edge is 0.0028 and κ is 26,000, with the BMI standardised 2 and 1.",
)
def the_nurse_s_colleague():
    X, y = problems.diabetes()
    raw, scaled = (problems.half_least_squares(with_bias(x), y) for x in (X[:, 2:3], standardised(X[:, 2:3])))
    says(1 + np.floor(np.log10(raw.loss(descend(gd, raw.grad, [0.0, 0.0], 5, lr=0.2)[-1]))), "26")
    above = raw.loss(descend(gd, raw.grad, [0.0, 0.0], 1000, lr=0.0001)[-1]) / raw.f_star - 1
    assert 0.09 < above < 0.11
    says(above, "9.7%")
    says(raw.loss(descend(gd, raw.grad, [0.0, 0.0], 1000, lr=0.0025)[-1]) / raw.f_star - 1, "8.5%")
    says(2 / raw.L, "0.0028")
    says(raw.kappa, "26,333")
    says(2 / scaled.L, "2")
    says(scaled.kappa, "1", quoted=False)


@fact(
    "F4.16",
    "(w − 3)² from 10, steps to within 0.001: 40 at η = 0.9, 85 at 0.95, 439 at 0.99, 4,423 at 0.999.",
)
def slow_near_the_edge():
    for lr, steps in (0.9, "40"), (0.95, "85"), (0.99, "439"), (0.999, "4,423"):
        says(first(abs(descend(gd, parabola.grad, 10.0, 5000, lr=lr) - 3) < 1e-3), steps)


@fact(
    "F4.17",
    "x² + 2y² turned by 45 degrees has the Hessian with 3 on its diagonal and −1 beside it, the eigenvectors (1, 1) and (−1, 1), and the curvatures 2 and 4 as before.",
)
def a_tilted_bowl():
    H = problems.rotated([2.0, 4.0], 45).hessian(np.zeros(2))
    assert np.allclose(H, [[3, -1], [-1, 3]])
    assert np.allclose(H @ [1, 1], [2, 2]) and np.allclose(H @ [-1, 1], [-4, 4])
    mu, L = np.linalg.eigvalsh(H)
    says(mu, "2")
    says(L, "4")
