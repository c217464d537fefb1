"""The numbers of the chapter on batching."""

import numpy as np

from gdcourse import descend, gd, problems
from gdcourse.problems import half_least_squares, saddle, standardised, with_bias
from website.content.facts import fact, says


def diabetes():
    """Half-MSE on diabetes, features and target standardised, with a bias."""
    X, y = problems.diabetes()
    return half_least_squares(with_bias(standardised(X)), (y - y.mean()) / y.std())


def first(condition):
    """The first step at which a condition on a path holds."""
    assert np.any(condition)
    return np.argmax(condition)


def noisy(a, sigma, seed, runs):
    """The slope of ½ a w² with noise of standard deviation sigma, for so many runs at once."""
    rng = np.random.default_rng(seed)
    return lambda w: a * w + sigma * rng.normal(size=runs)


@fact(
    "F6.1",
    "Diabetes, features and target standardised, half-MSE at w = 0: the row gradients scatter with a total variance of 10.62; below 0.05 it takes a batch of 213 rows with replacement, 144 without; at B = 442 without it is 0.",
)
def scatter_of_the_row_gradients():
    fit = diabetes()
    G = fit.row_grads(np.zeros(11))
    G = G.T if G.shape[0] == 11 else G
    S, n = G.var(axis=0).sum(), len(G)
    says(n, "442")
    says(S, "10.62")
    says(next(B for B in range(1, n + 1) if S / B < 0.05), "213")
    says(next(B for B in range(1, n + 1) if S / B * (n - B) / (n - 1) < 0.05), "144")
    rng = np.random.default_rng(0)
    for replace, factor in (True, 1.0), (False, (n - 64) / (n - 1)):
        batches = np.array([G[rng.choice(n, 64, replace=replace)].mean(axis=0) for _ in range(4000)])
        measured = np.mean(np.sum((batches - G.mean(axis=0)) ** 2, axis=1))
        assert abs(measured / (S / 64 * factor) - 1) < 0.05


@fact(
    "F6.2",
    "Noise of standard deviation 1 on ½w²: at a constant rate w settles to the variance η/(2 − η), that is 1/3, 0.0526 and 0.00503 for η = 0.5, 0.1, 0.01.",
)
def noise_floor():
    for lr, said in (0.5, "1/3"), (0.1, "0.0526"), (0.01, "0.00503"):
        says(lr / (2 - lr), said)
        path = descend(gd, noisy(1.0, 1.0, 0, 2000), np.zeros(2000), int(12 / lr), lr=lr)
        assert abs(path[-1].var() / (lr / (2 - lr)) - 1) < 0.15


@fact(
    "F6.3",
    "442 rows in batches of 64: 7 updates an epoch, the last on 58 rows. The squares of 0 to 9 in chunks of 4, 4 and 2: the mean of the chunk means is 35.83, the mean 28.5.",
)
def last_batches():
    sizes = [len(rows) for rows in problems.batches(442, 64, np.random.default_rng(0))]
    says(len(sizes), "7")
    says(sizes[-1], "58")
    squares = np.arange(10.0) ** 2
    says(np.mean([c.mean() for c in (squares[:4], squares[4:8], squares[8:])]), "35.83")
    says(squares.mean(), "28.5")


@fact(
    "F6.4",
    "SGD on ½(w − z)² with the rate 1/t is the running mean of the z; on curvature 0.1 the same rates leave 0.30 of the start after 100,000 steps.",
)
def one_over_t():
    z = np.random.default_rng(0).normal(size=1000)
    draws = iter(z)
    path = descend(gd, lambda w: w - next(draws), 5.0, 1000, lr=lambda t: 1 / (t + 1))
    assert np.allclose(path[1:], np.cumsum(z) / np.arange(1, 1001))
    says(np.exp(np.sum(np.log1p(-0.1 / np.arange(1, 100_001)))), "0.30")


@fact(
    "F6.5",
    "50 rows, 100 weights: the model can fit every row, and SGD with a constant rate converges, to residuals below 10⁻⁸.",
)
def interpolation():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(50, 100))
    fit = half_least_squares(X, rng.normal(size=50))
    says(len(X), "50")
    w = descend(gd, fit.batch_grad(1, seed=0), np.zeros(100), 50 * 600, lr=1 / np.sum(X**2, axis=1).max())[-1]
    says(1e-8, "1e-8")
    assert np.abs(X @ w - fit.y).max() < 1e-8


@fact(
    "F6.6",
    "200 rows, 5 weights, least squares: the mean squared distance of 400 runs of SGD stays below (1 − ημ)ᵗ|w₀ − w*|² + 2ηS/μ at every step, and halving η about halves the plateau.",
)
def theorem_checked():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 5))
    y = X @ rng.normal(size=5) + rng.normal(size=200)
    fit = half_least_squares(X, y)
    w_star = np.linalg.lstsq(X, y, rcond=None)[0]
    mu, Lmax = fit.mu, np.sum(X**2, axis=1).max()
    S = np.mean(np.sum(fit.row_grads(w_star) ** 2, axis=1))
    plateaus = []
    says(400, "400", quoted=False)
    for lr in 1 / (2 * Lmax), 1 / (4 * Lmax):
        w, steps = np.zeros((5, 400)), int(6 / (lr * mu))
        start = np.sum(w_star**2)
        mean = []
        for t in range(steps + 1):
            mean.append(np.mean(np.sum((w - w_star[:, None]) ** 2, axis=0)))
            assert mean[-1] <= ((1 - lr * mu) ** t * start + 2 * lr * S / mu) * (1 + 1e-12)
            rows = rng.integers(0, 200, 400)
            w = w - lr * X[rows].T * (np.sum(X[rows].T * w, axis=0) - y[rows])
        plateaus.append(np.mean(mean[-steps // 4 :]))
    assert 1.7 < plateaus[0] / plateaus[1] < 2.5


def steps_to_the_goal(B, lr, groups=10, runs=20):
    """Diabetes: the step from which on the gap, in the mean of `runs` runs, stays below 4 % of the first; one for each group."""
    fit, n = diabetes(), 442
    H, w_star, rng = fit.hessian(fit.start), fit.w_star[:, None], np.random.default_rng(0)
    w, gaps, per = np.zeros((11, groups * runs)), [], -(-n // B)
    for t in range(max(3 * n // B, 8) + 1):
        e = w - w_star
        gaps.append((0.5 * np.sum(e * (H @ e), axis=0)).reshape(groups, runs).mean(axis=1))
        if t % per == 0:
            orders = np.array([rng.permutation(n) for _ in range(groups * runs)])
        rows = orders[:, t % per * B : t % per * B + B]
        X, r = fit.X[rows], np.einsum("rbd,dr->rb", fit.X[rows], w) - fit.y[rows]
        w = w - lr * np.einsum("rbd,rb->dr", X, r) / rows.shape[1]
    above = np.array(gaps) >= 0.04 * gaps[0][0]
    last = len(above) - 1 - np.argmax(above[::-1], axis=0)
    return np.where(last + 1 < len(above), last + 1, np.inf)  # inf: above the goal at the end


RATES = {1: 0.005, 4: 0.02, 16: 0.07, 64: 0.2, 442: 0.3}


@fact(
    "F6.7",
    "Diabetes, until the half-MSE, in the mean of 20 runs, stays within 4 % of its first gap: single rows at η = 0.005, batches of 4 at 0.02 and of 16 at 0.07 read 300 to 400 rows, of 64 at 0.2 448 or 512, full batches at 0.3 read 1,768 in 4 steps; half or twice these rates are worse or no better.",
    patient=True,
)
def rows_read():
    says(1768, "1,768")
    says(300, "300")
    says(400, "400")
    for B, low, high in (1, 300, 400), (4, 300, 400), (16, 300, 400), (64, 448, 512), (442, 1768, 1768):
        rows = B * steps_to_the_goal(B, RATES[B])
        assert low <= rows.min() and rows.max() <= high
        for factor in 0.5, 2:
            assert np.all(steps_to_the_goal(B, factor * RATES[B]) * B >= rows)
    fit = diabetes()
    for B, lr in (16, 0.07), (1, 0.005):
        for seed in range(5):
            gap = fit.loss(descend(gd, fit.batch_grad(B, seed=seed), np.zeros(11), 40 * 442 // B, lr=lr).T) - fit.f_star
            assert 0.002 < gap[-200:].mean() < 0.02


@fact(
    "F6.8",
    "The saddle ½(x² − y²) at η = 0.1: from exactly on the ridge plain descent never leaves; noise of 0.01 in the slope takes it beyond |y| = 1 in 40 to 110 steps; a start 10⁻¹⁶ beside the ridge leaves after 387.",
)
def noise_leaves_the_ridge():
    assert np.all(descend(gd, saddle.grad, [1.0, 0.0], 400, lr=0.1)[:, 1] == 0)
    for seed in range(20):
        rng = np.random.default_rng(seed)
        path = descend(gd, lambda w, rng=rng: saddle.grad(w) + 0.01 * rng.normal(size=2), [1.0, 0.0], 400, lr=0.1)
        assert 40 < first(np.abs(path[:, 1]) > 1) < 110
    says(first(np.abs(descend(gd, saddle.grad, [1.0, 1e-16], 500, lr=0.1)[:, 1]) >= 1), "387")


@fact(
    "F6.9",
    "A batch of 64 rows of diabetes has 7 batches an epoch, so 100 epochs are 700 updates; 100 epochs of single rows are 44,200.",
)
def epochs_and_updates():
    says(7 * 100, "700")
    says(442 * 100, "44,200")


@fact(
    "F6.10",
    "Diabetes, batches of 16 at η = 0.1: the scatter at the minimum is S = 4.89, and ηS/(4B) predicts a floor of 0.0076 for the half-MSE, 0.0085 with 2 − ηλ in place of 2; measured it is 0.0086 to 0.0092 with replacement and 0.0057 to 0.0063 reshuffled, and the mean of 150 epochs of points stands less than 0.0001 above the minimum.",
)
def floor_of_a_real_table():
    fit = diabetes()
    S = fit.row_grads(fit.w_star).var(axis=0).sum()
    says(S, "4.89")
    says(0.1 * S / (4 * 16), "0.0076")
    curvature, axes = np.linalg.eigh(fit.hessian(fit.w_star))
    on_each_axis = ((fit.row_grads(fit.w_star) @ axes) ** 2).mean(axis=0)
    says(np.sum(0.1 * on_each_axis / 16 / (2 * (2 - 0.1 * curvature))), "0.0085")
    says(1e-4, "0.0001")
    for draw, low, high in ("replace", 0.0086, 0.0092), ("reshuffle", 0.0057, 0.0063):
        for seed in range(3):
            late = descend(gd, fit.batch_grad(16, seed=seed, draw=draw), np.zeros(11), 300 * 28, lr=0.1)[150 * 28 :]
            assert low < np.mean(fit.loss(late.T)) - fit.f_star < high
            assert fit.loss(late.mean(axis=0)) - fit.f_star < 1e-4


@fact(
    "F6.11",
    "Diabetes sorted by its target and never shuffled, batches of 16 at η = 0.05: after 100 epochs the half-MSE is 0.084 above its minimum; reshuffled in each epoch it is below 0.004.",
)
def sorted_by_target():
    fit, n = diabetes(), 442
    w, order = np.zeros(11), np.argsort(fit.y, kind="stable")
    for _ in range(100):
        for first_row in range(0, n, 16):
            rows = order[first_row : first_row + 16]
            w = gd(w, fit.X[rows].T @ (fit.X[rows] @ w - fit.y[rows]) / len(rows), lr=0.05)
    says(fit.loss(w) - fit.f_star, "0.084")
    says(0.004, "0.004")
    for seed in range(5):
        end = descend(gd, fit.batch_grad(16, seed=seed), np.zeros(11), 100 * 28, lr=0.05)[-1]
        assert fit.loss(end) - fit.f_star < 0.004


@fact(
    "F6.12",
    "SGD on ½w² at η = 0.1 changes sides in about one step of seven, some 700 times in 5,000 steps: the correlation of one point with the next is 0.9, and arccos(0.9)/π = 0.144.",
)
def drift_and_zigzag():
    says(np.arccos(0.9) / np.pi, "0.144", quoted=False)
    says(700, "700")
    for seed in range(5):
        run = descend(gd, noisy(1.0, 1.0, seed, 1), np.zeros(1), 5000, lr=0.1)[:, 0]
        assert 600 < np.sum(run[1:] * run[:-1] < 0) < 830


@fact(
    "F6.13",
    "The scatter of the row gradients before and after 180 steps with 32 rows: on diabetes it falls from 10.62 to about 5, on breast cancer with logistic loss from 5.74 to about 0.2.",
)
def scatter_on_the_way():
    X, y = problems.breast_cancer()
    tumours = problems.logistic(with_bias(standardised(X)), y)
    for fit, lr, before, low, high in (diabetes(), 0.05, "10.62", 4.6, 5.4), (tumours, 0.5, "5.74", 0.15, 0.25):
        says(fit.row_grads(fit.start).var(axis=0).sum(), before)
        for seed in range(5):
            w = descend(gd, fit.batch_grad(32, seed=seed), fit.start, 180, lr=lr)[-1]
            assert low < fit.row_grads(w).var(axis=0).sum() < high


@fact(
    "F6.14",
    "Diabetes, reshuffled batches of 16, the half-MSE above its minimum in the mean of an epoch: at the rate 0.1 it stalls near 0.006, at 0.03 near 0.001; at the rate 0.2/(1 + t/500) it is below 0.0004 after 200 epochs.",
)
def constant_and_falling():
    fit = diabetes()
    says(0.006, "0.006")
    says(0.001, "0.001")
    says(0.0004, "0.0004")
    for seed in range(3):

        def epochs(lr, seed=seed):
            path = descend(gd, fit.batch_grad(16, seed=seed), np.zeros(11), 200 * 28, lr=lr)
            return (fit.loss(path[1:].T) - fit.f_star).reshape(200, 28).mean(axis=1)

        assert 0.0055 < np.mean(epochs(0.1)[100:]) < 0.0065
        assert 0.0009 < np.mean(epochs(0.03)[100:]) < 0.0013
        assert epochs(lambda t: 0.2 / (1 + t / 500))[-1] < 0.0004


@fact(
    "F6.15",
    "Diabetes in batches of 63 leaves a last batch of one row: at η = 0.3, in the mean of 100 epochs, the half-MSE stands about 0.01 above its minimum before that row and 0.3 or more after it; with that step weighted by 1/63 it stands below 0.01.",
)
def a_tiny_last_batch():
    fit, n, B = diabetes(), 442, 63
    assert n % B == 1
    says(0.01, "0.01")
    says(0.3, "0.3")
    says(1 / 63, "1/63")
    for seed in range(5):
        for weighted in False, True:
            rng, w, before, after = np.random.default_rng(seed), np.zeros(11), [], []
            for _ in range(100):
                for rows in problems.batches(n, B, rng):
                    before += [fit.loss(w) - fit.f_star] if len(rows) < B else []
                    g = fit.X[rows].T @ (fit.X[rows] @ w - fit.y[rows]) / (B if weighted else len(rows))
                    w = gd(w, g, lr=0.3)
                after.append(fit.loss(w) - fit.f_star)
            if weighted:
                assert np.mean(after) < 0.01
            else:
                assert 0.008 < np.mean(before) < 0.012 and np.mean(after) > 0.3


@fact(
    "F6.16",
    "Diabetes: S/|∇f|² is 7 at w = 0 and about 450 where the gap is below 4 % of the first; the steps of F6.7 for B = 1, 4, 16, 64, 442 lie within a quarter of 4 (1 + 75/B).",
)
def critical_batch_size():
    fit = diabetes()
    path = descend(gd, fit.grad, np.zeros(11), 4, lr=0.3)
    critical = [fit.row_grads(w).var(axis=0).sum() / np.sum(fit.grad(w) ** 2) for w in path]
    says(critical[0], "7")
    says(critical[4], "450")
    gaps = fit.loss(path.T) - fit.f_star
    assert gaps[4] < 0.04 * gaps[0] < gaps[3]
    says(75, "75")
    for B, lr in RATES.items():
        assert np.all(np.abs(steps_to_the_goal(B, lr) / (4 * (1 + 75 / B)) - 1) < 0.25)
