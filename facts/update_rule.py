"""The numbers of the chapter on the update rule."""

import numpy as np

from gdcourse import descend, gd, problems
from gdcourse.problems import four_points, half_least_squares, logistic, parabola, standardised, with_bias
from website.content.facts import fact, says

shifted = problems.quadratic(2.0, centre=-1.0)  # x² + 2x + 1, the example of a published tutorial


def mse(w):
    """The mean squared error on the four points; `four_points` is half of it."""
    return 2 * four_points.loss(w)


def first(condition):
    """The first step at which a condition on a path holds."""
    assert np.any(condition)
    return np.argmax(condition)


@fact(
    "F3.1",
    "(w − 3)² from 10 at η = 0.1: the first step leads to 8.6; after 12 steps w = 3.481 and the loss is 0.2314; a step shrinks the distance to 3 by the factor 0.8 and the loss by 0.64.",
)
def twelve_steps():
    path = descend(gd, parabola.grad, 10.0, 12, lr=0.1)
    says(path[1], "8.6")
    says(path[-1], "3.481")
    says(parabola.loss(path[-1]), "0.2314")
    says(parabola.loss(path[-1]), "0.23")
    for ratio in (path[1:] - 3) / (path[:-1] - 3):
        says(ratio, "0.8")
    for ratio in parabola.loss(path[1:]) / parabola.loss(path[:-1]):
        says(ratio, "0.64")


@fact(
    "F3.2",
    "(w − 3)² from 10: steps until |w − 3| is below 10⁻², 10⁻³, 10⁻⁶: 30, 40, 71 at η = 0.1 and also at 0.9; 8, 10, 18 at 0.3; 1 at 0.5.",
)
def steps_to_a_tolerance():
    for lr, expected in {
        0.1: ("30", "40", "71"),
        0.9: ("30", "40", "71"),
        0.3: ("8", "10", "18"),
        0.5: ("1", "1", "1"),
    }.items():
        distance = abs(descend(gd, parabola.grad, 10.0, 100, lr=lr) - 3)
        for tolerance, steps in zip((1e-2, 1e-3, 1e-6), expected, strict=True):
            says(first(distance < tolerance), steps)


@fact(
    "F3.3",
    "100 noisy points around y = 3x + 2, half-MSE: 500 steps at 0.1 agree with least squares, (3.023835, 1.999072), to 10⁻⁸; the curvatures are 0.594 and 1.006, so every rate below 1.988 converges.",
)
def line_on_a_hundred_points():
    rng = np.random.default_rng(42)
    x = rng.normal(size=100)
    line = half_least_squares(with_bias(x), 3 * x + 2 + rng.normal(scale=0.2, size=100))
    b, w = descend(gd, line.grad, [0.0, 0.0], 500, lr=0.1)[-1]
    exact = np.linalg.lstsq(line.X, line.y, rcond=None)[0]
    assert np.abs([b, w] - exact).max() < 1e-8
    says(w, "3.023835")
    says(w, "3.02")
    says(b, "1.999072")
    says(b, "2.00")
    mu, L = np.linalg.eigvalsh(line.hessian(exact))
    says(mu, "0.594", quoted=False)
    says(L, "1.006", quoted=False)
    says(2 / L, "1.988", quoted=False)
    within = np.abs(descend(gd, line.grad, [0.0, 0.0], 500, lr=0.1) - exact).max(axis=1) < 0.01
    assert 90 <= first(within) <= 110


@fact(
    "F3.4",
    "Four points on y = 2x, the step of a published tutorial: after 1,000 steps at 0.01 it stands at b = 0.1363, w = 1.9536 with MSE 0.003103; MSE below 10⁻⁶ needs 3,684 steps, at 0.2 only 182.",
)
def a_thousand_steps_are_not_enough():
    path = descend(gd, four_points.grad, [0.0, 0.0], 4000, lr=0.01)
    says(path[1000][0], "0.1363")
    says(path[1000][1], "1.9536")
    says(mse(path[1000]), "0.003103")
    says(first([mse(w) < 1e-6 for w in path]), "3,684")
    path = descend(gd, four_points.grad, [0.0, 0.0], 200, lr=0.2)
    says(first([mse(w) < 1e-6 for w in path]), "182")


@fact(
    "F3.5",
    "x² + 2x + 1 from 5, stop when the step is below 10⁻⁶: at η = 0.1 the loop stops at t = 63 and returns the point before the last, with an error of 4.7 · 10⁻⁶ (the last has 3.8 · 10⁻⁶); at η = 10⁻⁸ it stops at t = 0, at 5.",
)
def the_stop_that_lies():
    def stopped(lr):
        path = descend(gd, shifted.grad, 5.0, 1000, lr=lr)
        t = first(abs(np.diff(path)) < 1e-6)
        return t, path[t], path[t + 1]

    t, returned, newest = stopped(0.1)
    says(t, "63")
    says(abs(returned + 1), "4.7e-6")
    assert 4 < abs(returned + 1) / 1e-6 < 5  # almost five times the tolerance
    says(abs(newest + 1), "3.8e-6")
    assert abs(newest + 1) < abs(returned + 1) and abs(returned + 1) > 1e-6
    says(1e-6 / (0.1 * 2), "5e-6", quoted=False)
    t, returned, newest = stopped(1e-8)
    says(t, "0")
    says(returned, "5")


@fact(
    "F3.6",
    "x² + 2x + 1 from 5: η = 0.5 is exact in one step, η = 1 bounces between 5 and −7 for ever, η = 1.1 reaches 9.1 · 10⁷⁹ in 1,000 steps, η = 0.0001 is at 3.91 after 1,000.",
)
def five_rates():
    paths = descend(gd, shifted.grad, 5.0, 1000, lr=np.array([0.5, 1.0, 1.1, 1e-4]))
    assert (paths[1:, 0] == -1).all()
    says(paths[1000, 1], "5")
    says(paths[999, 1], "-7")
    says(paths[1000, 2], "9.1e79", quoted=False)
    says(paths[1000, 3], "3.91")


@fact(
    "F3.7",
    "(w − 3)² from 10 with the sign of the step flipped, η = 0.1: a step stretches the distance by 1.2 and the loss by 1.44; after 12 steps w = 65.4 and the loss is 3,895.",
)
def uphill():
    path = descend(lambda w, g, *, lr: w + lr * g, parabola.grad, 10.0, 12, lr=0.1)
    says((path[1] - 3) / (path[0] - 3), "1.2")
    says(parabola.loss(path[1]) / parabola.loss(path[0]), "1.44", quoted=False)
    says(path[-1], "65.4")
    says(path[-1], "65")
    says(parabola.loss(path[-1]), "3,895", quoted=False)
    says(round(parabola.loss(path[-1]), -2), "3,900")


@fact(
    "F3.8",
    "Four points on y = 2x from w = b = 0, half-MSE, η = 0.1: one step leads to w = 1.5 and b = 0.5; if b is moved after w, with the new w, to b = 0.125.",
)
def both_at_once():
    x, y = np.arange(1.0, 5.0), 2 * np.arange(1.0, 5.0)
    w = -0.1 * np.mean(-y * x)
    says(w, "1.5")
    says(-0.1 * np.mean(-y), "0.5")
    says(-0.1 * np.mean(w * x - y), "0.125")


@fact(
    "F3.9",
    "Diabetes, disease progression from standardised BMI, half-MSE, η = 0.2: both curvatures are 1, so a step multiplies every error by 0.8; 50 steps lead from MSE 29,074 to 3,890.5 and slope 45.16; with raw BMI one step leads to MSE 5.0 · 10⁸.",
)
def bmi():
    X, y = problems.diabetes()
    line = half_least_squares(with_bias(standardised(X[:, 2])), y)
    for curvature in np.linalg.eigvalsh(line.hessian(np.zeros(2))):
        says(curvature, "1")
    exact = np.linalg.lstsq(line.X, y, rcond=None)[0]
    path = descend(gd, line.grad, [0.0, 0.0], 50, lr=0.2)
    for ratio in np.linalg.norm(path[1:] - exact, axis=1) / np.linalg.norm(path[:-1] - exact, axis=1):
        says(ratio, "0.8")
    says(2 * line.loss(path[0]), "29,074")
    says(round(2 * line.loss(path[0]), -3), "29,000")
    says(2 * line.loss(path[-1]), "3,890.5")
    says(path[-1][1], "45.16")
    says(path[-1][1], "45")
    raw = half_least_squares(with_bias(X[:, 2]), y)
    says(2 * raw.loss(descend(gd, raw.grad, [0.0, 0.0], 1, lr=0.2)[-1]), "5.0e8")
    says(2 / np.linalg.eigvalsh(raw.hessian(np.zeros(2)))[-1], "0.003")


@fact(
    "F3.10",
    "The published loop on four points prints the mean squared error but steps along half of its gradient: the largest safe rate is 0.2395, not the 0.1198 that belongs to the printed loss.",
)
def printed_and_used():
    L = np.linalg.eigvalsh(four_points.hessian(np.zeros(2)))[-1]
    says(2 / L, "0.2395")
    says(2 / (2 * L), "0.1198")
    says((mse(np.array([0.0, 1e-5])) - mse(np.array([0.0, -1e-5]))) / 2e-5 / four_points.grad(np.zeros(2))[1], "2")


def tumours(*parts):
    """The log loss of each part of the rows; the means and stds are those of the first part."""
    X, y = problems.breast_cancer()
    table = with_bias(standardised(X, like=X[parts[0]]))
    return [logistic(table[part], y[part]) for part in parts]


def losses_at(steps, learn, *others):
    """The losses of a descent on `learn` at the rate 1/L at these steps, one column for each problem."""
    w, X, lr, seen = np.zeros(31), np.ascontiguousarray(learn.X.T), 1 / learn.L, []
    for t in range(max(steps) + 1):
        if t in steps:
            seen.append([problem.loss(w) for problem in (learn, *others)])
        w = w - lr / len(learn.y) * (X @ (1 / (1 + np.exp(-(learn.X @ w))) - learn.y))
    return np.array(seen)


@fact(
    "F3.11",
    "Breast cancer, 400 training and 169 test rows, log loss, η = 1/L = 0.31: 0.071 and 0.087 after 100 steps, 0.045 and 0.080 after 800, 0.021 and 0.117 after 20,000, 0.007 and 0.25 after 200,000; the test loss turns where the training loss still falls.",
    patient=True,
)
def more_steps_are_not_better():
    rows = np.random.default_rng(0).permutation(569)
    seen = losses_at([100, 800, 20_000, 200_000], *tumours(rows[:400], rows[400:]))
    said = (("0.071", "0.087"), ("0.045", "0.080"), ("0.021", "0.117"), ("0.007", "0.25"))
    for pair, texts in zip(seen, said, strict=True):
        for value, text in zip(pair, texts, strict=True):
            says(value, text)


@fact(
    "F3.13",
    "Breast cancer, 300 training, 100 validation, 169 test rows, 20 draws: stopped where the validation loss is lowest, the median test loss is 0.08; after 20,000 steps it is 0.22, and in no draw lower than at the stop; in draw 1 it is 0.08 and 0.17.",
    patient=True,
)
def early_stopping():
    steps, stopped, last = range(0, 20_001, 100), [], []
    for seed in range(20):
        rows = np.random.default_rng(seed).permutation(569)
        seen = losses_at(steps, *tumours(rows[:300], rows[300:400], rows[400:]))
        stopped.append(seen[seen[:, 1].argmin(), 2])
        last.append(seen[-1, 2])
    says(np.median(stopped), "0.08")
    says(np.median(last), "0.22")
    says(stopped[1], "0.08")
    says(last[1], "0.17")
    assert all(a <= b for a, b in zip(stopped, last, strict=True))


@fact(
    "F3.16",
    "The same with the rows of draw 0: the validation rows stop at step 130, with a test loss of 0.080; at step 3,000 it is 0.072.",
)
def stopped_too_early():
    rows = np.random.default_rng(0).permutation(569)
    steps = range(0, 3001, 10)
    seen = losses_at(steps, *tumours(rows[:300], rows[300:400], rows[400:]))
    stop = seen[:, 1].argmin()
    says(steps[stop], "130")
    says(seen[stop, 2], "0.080")
    says(seen[-1, 2], "0.072")


@fact(
    "F3.14",
    "Breast cancer, 30 standardised columns: separable, so the log loss has no minimum; along weights that put all 569 on the right side it is 0.017, 2.3e-6 and 1e-10 at 1, 10 and 20 times their length, while gradient descent on all rows is at 0.03 after 100,000 steps.",
)
def no_minimum():
    from scipy.optimize import linprog

    (full,) = tumours(np.arange(569))
    sides = (2 * full.y - 1)[:, None] * full.X
    found = linprog(np.ones(62), A_ub=-np.hstack([sides, -sides]), b_ub=-np.ones(569))
    w = found.x[:31] - found.x[31:]
    says(np.sum(sides @ w > 0), "569")
    says(full.loss(w), "0.02")
    says(full.loss(w), "0.017", quoted=False)
    assert 1e-6 < full.loss(10 * w) < 5e-6 and 5e-11 < full.loss(20 * w) < 2e-10
    says(1e-6, "1e-6")
    says(1e-10, "1e-10")
    says(losses_at([100_000], full)[0, 0], "0.03")


@fact(
    "F3.15",
    "Digits 3 and 8, 257 training and 100 test rows, 64 pixels, log loss, η = 0.5: after 300 steps 99 of the 100 test digits are on the right side; over 20 draws at least 96.",
)
def three_or_eight():
    pixels, digit = problems.digits()
    chosen = np.isin(digit, (3, 8))
    X, y = with_bias(pixels[chosen] / 16), (digit[chosen] == 8).astype(float)
    right = []
    for seed in range(20):
        rows = np.random.default_rng(seed).permutation(len(y))
        train, test = rows[:257], rows[257:]
        w = descend(gd, logistic(X[train], y[train]).grad, np.zeros(65), 300, lr=0.5)[-1]
        right.append(int(np.sum((X[test] @ w > 0) == y[test])))
    says(right[0], "99")
    assert 96 <= min(right)


@fact(
    "F3.12",
    "x² + 2x + 1 from 5, stop when step, change of loss or gradient is below 10⁻⁶: the error at the stop is 4.7 · 10⁻⁶, 1.6 · 10⁻³, 4.0 · 10⁻⁷ at η = 0.1; 5.0 · 10⁻⁴, 1.6 · 10⁻², 5.0 · 10⁻⁷ at 0.001; at 10⁻⁹ the first two stop at once, with error 6, the third never.",
)
def three_stop_rules():
    def error_at_stop(path, size):
        return abs(path[first(size < 1e-6)] + 1)

    said = {0.1: ("4.7e-6", "1.6e-3", "4.0e-7"), 0.001: ("5.0e-4", "1.6e-2", "5.0e-7"), 1e-9: ("6", "6", None)}
    for lr, (by_step, by_loss, by_gradient) in said.items():
        path = descend(gd, shifted.grad, 5.0, 10_000, lr=lr)
        says(error_at_stop(path, abs(np.diff(path))), by_step, quoted=lr > 1e-9)
        says(error_at_stop(path, abs(np.diff(shifted.loss(path)))), by_loss, quoted=lr > 1e-9)
        if by_gradient:
            says(error_at_stop(path, abs(shifted.grad(path))), by_gradient)
        else:
            assert (abs(shifted.grad(path)) > 1e-6).all()
