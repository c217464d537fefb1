"""The numbers of the chapter on the update rule."""

import numpy as np

from gdcourse import descend, gd, problems
from gdcourse.problems import four_points, least_squares, logistic, parabola, standardised, with_bias
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
    "100 noisy points around y = 3x + 2: 500 steps at 0.05 agree with least squares, (3.023835, 1.999072), to 10⁻⁸; the curvatures are 1.187 and 2.012, so every rate below 0.9938 converges.",
)
def line_on_a_hundred_points():
    rng = np.random.default_rng(42)
    x = rng.normal(size=100)
    line = least_squares(with_bias(x), 3 * x + 2 + rng.normal(scale=0.2, size=100))
    b, w = descend(gd, line.grad, [0.0, 0.0], 500, lr=0.05)[-1]
    exact = np.linalg.lstsq(line.X, line.y, rcond=None)[0]
    assert np.abs([b, w] - exact).max() < 1e-8
    says(w, "3.023835")
    says(b, "1.999072")
    mu, L = np.linalg.eigvalsh(line.hessian(exact))
    says(mu, "1.187")
    says(L, "2.012")
    says(2 / L, "0.9938")
    within = np.abs(descend(gd, line.grad, [0.0, 0.0], 500, lr=0.05) - exact).max(axis=1) < 0.01
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
    says(abs(newest + 1), "3.8e-6")
    assert abs(newest + 1) < abs(returned + 1) and abs(returned + 1) > 1e-6
    says(1e-6 / (0.1 * 2), "5e-6")
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
    says(paths[1000, 2], "9.1e79")
    says(paths[1000, 3], "3.91")


@fact(
    "F3.7",
    "(w − 3)² from 10 with the sign of the step flipped, η = 0.1: a step stretches the distance by 1.2 and the loss by 1.44; after 12 steps w = 65.4 and the loss is 3,895.",
)
def uphill():
    path = descend(lambda w, g, *, lr: w + lr * g, parabola.grad, 10.0, 12, lr=0.1)
    says((path[1] - 3) / (path[0] - 3), "1.2")
    says(parabola.loss(path[1]) / parabola.loss(path[0]), "1.44")
    says(path[-1], "65.4")
    says(parabola.loss(path[-1]), "3,895")


@fact(
    "F3.8",
    "Four points on y = 2x from w = b = 0, MSE, η = 0.05: one step leads to w = 1.5 and b = 0.5; if b is moved after w, with the new w, to b = 0.125.",
)
def both_at_once():
    x, y = np.arange(1.0, 5.0), 2 * np.arange(1.0, 5.0)
    w = -0.05 * 2 * np.mean(-y * x)
    says(w, "1.5")
    says(-0.05 * 2 * np.mean(-y), "0.5")
    says(-0.05 * 2 * np.mean(w * x - y), "0.125")


@fact(
    "F3.9",
    "Diabetes, disease progression from standardised BMI, η = 0.1: both curvatures are 2, so a step shrinks every error by 0.8; 50 steps lead from MSE 29,074 to 3,890.5 and slope 45.16; with raw BMI one step leads to MSE 5.0 · 10⁸.",
)
def bmi():
    X, y = problems.diabetes()
    line = least_squares(with_bias(standardised(X[:, 2])), y)
    for curvature in np.linalg.eigvalsh(line.hessian(np.zeros(2))):
        says(curvature, "2")
    exact = np.linalg.lstsq(line.X, y, rcond=None)[0]
    path = descend(gd, line.grad, [0.0, 0.0], 50, lr=0.1)
    for ratio in np.linalg.norm(path[1:] - exact, axis=1) / np.linalg.norm(path[:-1] - exact, axis=1):
        says(ratio, "0.8")
    says(line.loss(path[0]), "29,074")
    says(line.loss(path[-1]), "3,890.5")
    says(path[-1][1], "45.16")
    raw = least_squares(with_bias(X[:, 2]), y)
    says(raw.loss(descend(gd, raw.grad, [0.0, 0.0], 1, lr=0.1)[-1]), "5.0e8")
    says(2 / np.linalg.eigvalsh(raw.hessian(np.zeros(2)))[-1], "0.0014")


@fact(
    "F3.10",
    "The published loop on four points prints the mean squared error but steps along half of its gradient: the largest safe rate is 0.2395, not the 0.1198 that belongs to the printed loss.",
)
def printed_and_used():
    L = np.linalg.eigvalsh(four_points.hessian(np.zeros(2)))[-1]
    says(2 / L, "0.2395")
    says(2 / (2 * L), "0.1198")
    says((mse(np.array([0.0, 1e-5])) - mse(np.array([0.0, -1e-5]))) / 2e-5 / four_points.grad(np.zeros(2))[1], "2")


@fact(
    "F3.11",
    "Breast cancer, 30 standardised features, log loss, η = 0.2: 800 steps lower the loss from 0.6931 to 0.0563 and put 98.8 % of the 569 tumours on the right side.",
)
def no_formula():
    X, y = problems.breast_cancer()
    tumours = logistic(with_bias(standardised(X)), y)
    path = descend(gd, tumours.grad, np.zeros(31), 800, lr=0.2)
    says(tumours.loss(path[0]), "0.6931")
    says(tumours.loss(path[-1]), "0.0563")
    says(np.mean((tumours.X @ path[-1] > 0) == y), "98.8%")


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
        says(error_at_stop(path, abs(np.diff(path))), by_step)
        says(error_at_stop(path, abs(np.diff(shifted.loss(path)))), by_loss)
        if by_gradient:
            says(error_at_stop(path, abs(shifted.grad(path))), by_gradient)
        else:
            assert (abs(shifted.grad(path)) > 1e-6).all()
