"""The numbers of the chapter on momentum."""

from fractions import Fraction

import numpy as np

from gdcourse import adam, best_heavy_ball, descend, gd, lookahead, momentum, problems
from gdcourse.demos.race import RATES, TUNED
from gdcourse.problems import bowl, lessard, valley
from website.content.facts import fact, says


def first(condition):
    """The first step at which a condition on a path holds."""
    assert np.any(condition)
    return np.argmax(condition)


def steps_to(path, share):
    """The first step from which on the error is below a share of the first one."""
    size = np.linalg.norm(path, axis=1)
    return len(size) - first((size > share * size[0])[::-1])


def three_methods(kappa, share=1e-6):
    """Steps for a millionth on the valley of κ: gradient descent, heavy ball, Nesterov, each as theory tunes it."""
    problem, root, budget = valley(kappa), np.sqrt(kappa), int(8 * kappa) + 200
    runs = (
        descend(gd, problem.grad, problem.start, budget, lr=2 / (1 + kappa)),
        descend(momentum, problem.grad, problem.start, budget // 2, **best_heavy_ball(1, kappa)),
        descend(
            lookahead(problem.grad),
            problem.grad,
            problem.start,
            budget // 2,
            lr=1 / kappa,
            beta=(root - 1) / (root + 1),
        ),
    )
    return [steps_to(run, share) for run in runs]


def kept(eta_lambda, beta):
    """The share of the error that a step keeps in the long run."""
    return np.abs(np.roots([1, -(1 + beta - eta_lambda), beta])).max()


@fact(
    "F7.1",
    "Steps for a millionth on the valley from (1, 1), gradient descent, heavy ball, Nesterov: 69, 27, 43 for κ = 10; 691, 93, 155 for 100; 6,908, 315, 508 for 1,000; 69,078, 1,056, 1,624 for 10,000. With the step 1/L gradient descent needs 1,341 at κ = 100.",
)
def steps_by_method():
    for kappa, counts in (
        (10, ("69", "27", "43")),
        (100, ("691", "93", "155")),
        (1000, ("6,908", "315", "508")),
        (10_000, ("69,078", "1,056", "1,624")),
    ):
        for found, said in zip(three_methods(kappa), counts, strict=True):
            says(found, said)
    problem = valley(100)
    says(steps_to(descend(gd, problem.grad, problem.start, 2000, lr=1 / 100), 1e-6), "1,341")


@fact(
    "F7.2",
    "κ = 100: the best heavy ball has η = 4/121 = 0.0331 and β = (9/11)² = 0.669, and keeps 9/11 = 0.818 a step, which by itself would promise 69 steps to a millionth; η = 0.033 and β = 0.67 take 84; gradient descent keeps 99/101 = 0.980, Nesterov 1 − 1/√κ = 0.9; tuned for quadratics alone, by η = 4/(3L + μ) and β = (√(3κ + 1) − 2)/(√(3κ + 1) + 2), Nesterov takes 133.",
)
def tuned_for_hundred():
    tuned = best_heavy_ball(1, 100)
    says(tuned["lr"], "0.0331")
    says(tuned["beta"], "0.669")
    says(np.sqrt(tuned["beta"]), "0.818")
    says(kept(tuned["lr"], tuned["beta"]), "0.818")
    says(99 / 101, "0.980")
    nesterov_rates = [
        np.abs(np.roots([1, -(1 + 9 / 11) * (1 - lam / 100), 9 / 11 * (1 - lam / 100)])).max() for lam in (1, 100)
    ]
    says(max(nesterov_rates), "0.9")
    assert abs(max(nesterov_rates) - (1 - 1 / np.sqrt(100))) < 1e-6
    says(np.ceil(np.log(1e6) / np.log(11 / 9)), "69")
    root, hundred = np.sqrt(301), valley(100)
    ahead = lookahead(hundred.grad)
    path = descend(ahead, hundred.grad, hundred.start, 400, lr=4 / 301, beta=(root - 2) / (root + 2))
    says(steps_to(path, 1e-6), "133")
    says(steps_to(descend(momentum, valley(100).grad, valley(100).start, 400, lr=0.033, beta=0.67), 1e-6), "84")


@fact(
    "F7.3",
    "Stable while ηλ < 2(1 + β) for the heavy ball: 2, 3, 3.8 for β = 0, 0.5, 0.9; while ηλ < (2 + 2β)/(1 + 2β) for Nesterov: 2, 1.5, 1.357.",
)
def ranges():
    def nesterov_rate(step, beta):
        return np.abs(np.roots([1, -(1 + beta) * (1 - step), beta * (1 - step)])).max()

    for beta, heavy, looks in (0.0, "2", "2"), (0.5, "3", "1.5"), (0.9, "3.8", "1.357"):
        says(2 * (1 + beta), heavy)
        says((2 + 2 * beta) / (1 + 2 * beta), looks)
        for edge, one in (2 * (1 + beta), kept), ((2 + 2 * beta) / (1 + 2 * beta), nesterov_rate):
            assert one(edge * 0.999, beta) < 1 < one(edge * 1.001, beta)


@fact("F7.4", "In the oscillating regime the heavy ball keeps √β a step whatever the rate, 0.9 for β = 0.81.")
def ripples():
    for step in (0.05, 0.5, 1.0, 3.0):
        says(kept(step, 0.81), "0.9")


@fact(
    "F7.5",
    "At ηλ = 0.1 gradient descent keeps 0.9 a step, the heavy ball with β = 0.9 keeps 0.9487; the best β is (1 − √0.1)² = 0.4675 and keeps 0.6838.",
)
def slower_with_momentum():
    says(kept(0.1, 0.0), "0.9")
    says(kept(0.1, 0.9), "0.9487")
    best = (1 - np.sqrt(0.1)) ** 2
    says(best, "0.4675")
    says(np.sqrt(best), "0.6838")
    grid = np.linspace(0, 0.99, 1000)
    assert abs(grid[np.argmin([kept(0.1, b) for b in grid])] - best) < 1e-3


@fact(
    "F7.6",
    "x² + 2y² from (3, 4), first step within 0.001: gradient descent at 0.01 397, momentum 0.9 at 0.01 149, Adam at 0.001 7,905 and at 0.1 148; gradient descent at 0.1, the same step in the long run, 36.",
)
def a_published_comparison():
    def count(rule, budget, **settings):
        path = descend(rule, bowl.grad, bowl.start, budget, **settings)
        return first(np.linalg.norm(path, axis=1) < 1e-3)

    says(count(gd, 600, lr=0.01), "397")
    says(count(momentum, 600, lr=0.01, beta=0.9), "149")
    says(count(adam, 9000, lr=0.001), "7,905")
    says(count(adam, 600, lr=0.1), "148")
    says(count(gd, 600, lr=0.1), "36")


@fact(
    "F7.7",
    "The best heavy ball on the valley with κ = 100 from (1, 1): the loss goes 50.5, 266.3, 482.1, 625.2, 687.5 before it falls, a 13.6-fold rise; the error peaks at 2.68 times the first one. Its rate 0.0331 lies above 2/L = 0.02, and with β = 0.5 the same rate explodes.",
)
def rises_before_it_falls():
    problem = valley(100)
    path = descend(momentum, problem.grad, problem.start, 100, **best_heavy_ball(1, 100))
    losses = problem.loss(path.T)
    for t, said in enumerate(("50.5", "266.3", "482.1", "625.2", "687.5")):
        says(losses[t], said)
    assert np.argmax(losses) == 4
    says(losses.max() / losses[0], "13.6")
    size = np.linalg.norm(path, axis=1)
    says(size.max() / size[0], "2.68")
    settings = best_heavy_ball(1, 100)
    says(settings["lr"], "0.0331")
    says(2 / problem.L, "0.02")
    assert (
        settings["lr"] > 2 * 1.5 / problem.L
        and problem.loss(descend(momentum, problem.grad, problem.start, 100, lr=settings["lr"], beta=0.5)[-1]) > 1e9
    )


@fact(
    "F7.8",
    "The heavy ball that is best for μ = 1, L = 25 cycles for ever on a convex function with these curvatures: −2208/1225, 2592/1225, 792/1225, from every start tried between 3.07 and 3.46; gradient descent and Nesterov converge.",
)
def cycle():
    eta, beta = Fraction(1, 9), Fraction(4, 9)
    points = [Fraction(-2208, 1225), Fraction(2592, 1225), Fraction(792, 1225)]

    def slope(w):
        return 25 * w if w < 1 else w + 24 if w < 2 else 25 * w - 24

    for i in range(3):
        before, now, after = points[i - 1], points[i], points[(i + 1) % 3]
        assert after == now - eta * slope(now) + beta * (now - before)
    for start in np.linspace(3.07, 3.46, 40):
        end = np.sort(descend(momentum, lessard.grad, start, 900, lr=1 / 9, beta=4 / 9)[-3:])
        for value, said in zip(end, ("-2208/1225", "792/1225", "2592/1225"), strict=True):
            says(value, said)
    assert abs(descend(gd, lessard.grad, 3.3, 400, lr=2 / 26)[-1] - lessard.w_star) < 1e-9
    assert (
        abs(descend(lookahead(lessard.grad), lessard.grad, 3.3, 400, lr=1 / 25, beta=2 / 3)[-1] - lessard.w_star) < 1e-9
    )


@fact(
    "F7.9",
    "A constant slope: with β = 0.9 a step grows to 10 times the plain one; one step after the rate drops tenfold, the rate inside the memory still gives 0.91 of the old step, the rate outside 0.10.",
)
def conventions_part():
    path = descend(momentum, lambda w: np.ones_like(w), 0.0, 300, lr=1.0, beta=0.9)
    says(path[-2] - path[-1], "10")
    m = 1 / (1 - 0.9)  # in the long run, slope 1
    outside = 0.1 * (0.9 * m + 1)
    inside = 0.9 * (1.0 * m) + 0.1 * 1
    says(inside / m, "0.91")
    says(outside / m, "0.10")


@fact(
    "F7.10",
    "A published optimiser with `params -= velocity` changes the caller's array: 200 recorded points are one object, and an array of integers raises.",
)
def published_class_in_place():
    params, velocity, record = np.array([3.0, 4.0]), 0.0, []
    start = params
    for _ in range(200):
        velocity = 0.9 * velocity + 0.01 * bowl.grad(params)
        params -= velocity
        record.append(params)
    says(len(record), "200")
    assert len({id(p) for p in record}) == 1 and start is params and start[0] != 3
    try:
        whole = np.array([3, 4])
        whole -= 0.1 * bowl.grad(whole)
        raise AssertionError("an array of integers took fractions")
    except TypeError as error:
        assert "int" in str(error)


@fact(
    "F7.11",
    "f = ½w² from 1, β = 0.9, the rate drops from 0.1 to 0.001 at step 10: after 20 steps w = −0.564 with the rate outside the memory, −0.479 with the rate inside.",
)
def a_schedule_parts_them():
    def dropping(t):
        return 0.1 if t < 10 else 0.001

    def rate_inside(w, g, m=0.0, *, lr, beta=0.9):
        m = beta * m - lr * g
        return w + m, m

    paths = [descend(rule, lambda w: w, 1.0, 20, lr=dropping, beta=0.9)[-1] for rule in (momentum, rate_inside)]
    says(sorted(paths)[0], "−0.564")
    says(sorted(paths)[1], "−0.479")


def patients():
    """Half-MSE of the diabetes table, columns and target standardised."""
    X, y = problems.diabetes()
    return problems.half_least_squares(problems.with_bias(problems.standardised(X)), (y - y.mean()) / y.std())


def steps_by_rate(fit, level, budget, rates, beta):
    """For each rate: the first step from which on the loss stays at or below a level; budget + 1 if it does not."""
    with np.errstate(over="ignore", invalid="ignore"):
        path = descend(momentum, fit.grad, np.zeros((fit.X.shape[1], 1)), budget, lr=rates, beta=beta)
        late = ~(np.array([fit.loss(w) for w in path]) <= level)
    return budget + 1 - np.argmax(late[::-1], axis=0)


@fact(
    "F7.12",
    "Standardised diabetes, κ = 470, steps until the gap stays below a thousandth of the first: each β at the best of six rates from 0.02 to 0.7, 258 for β = 0, 83 for 0.5, 38 for 0.8, 64 for 0.9, 131 for 0.95, 662 for 0.99; with the settings of theory 753 for gradient descent, at η = 0.496, and 91 for the heavy ball.",
)
def on_diabetes():
    fit = patients()
    says(fit.kappa, "470")
    level = fit.f_star + 1e-3 * (fit.loss(np.zeros(11)) - fit.f_star)
    rates = np.array([0.02, 0.05, 0.1, 0.2, 0.45, 0.7])
    for beta, said in ((0.0, "258"), (0.5, "83"), (0.8, "38"), (0.9, "64"), (0.95, "131"), (0.99, "662")):
        says(steps_by_rate(fit, level, 1200, rates, beta).min(), said)
    says(2 / (fit.mu + fit.L), "0.496")
    for settings, said in (
        ({"lr": 2 / (fit.mu + fit.L), "beta": 0.0}, "753"),
        (best_heavy_ball(fit.mu, fit.L), "91"),
    ):
        says(steps_by_rate(fit, level, 1200, np.array([settings["lr"]]), settings["beta"])[0], said)


@fact(
    "F7.13",
    "½w² with noise of size 1 on the slope: w² hovers at 0.005 for gradient descent at η = 0.01, at 0.050 for momentum 0.9 at 0.01, at 0.053 for gradient descent at 0.1.",
)
def noise_is_not_averaged_away():
    def mean_square(step, beta):
        return step * (1 + beta) / ((1 - beta) * (2 * (1 + beta) - step))

    for lr, beta, said in (0.01, 0.0, "0.005"), (0.01, 0.9, "0.050"), (0.1, 0.0, "0.053"):
        says(mean_square(lr, beta), said)
        noise = iter(np.random.default_rng(1).normal(size=(6000, 200)))
        path = descend(momentum, lambda w, noise=noise: w + next(noise), np.zeros(200), 6000, lr=lr, beta=beta)
        assert abs(np.mean(path[3000:] ** 2) / mean_square(lr, beta) - 1) < 0.05


@fact(
    "F7.14",
    "Six methods on six landscapes, each at the best of the same seven rates: on 5 landscapes the best rate of AdaGrad is the largest of the seven, on 4 that of Adam.",
)
def best_at_the_edge_of_the_grid():
    for method, said in ("adagrad", "5"), ("adam", "4"):
        says(sum(tuned[method] == max(RATES) for tuned in TUNED.values()), said)
    says(len(TUNED), "6")


@fact(
    "F7.15",
    "Log loss of 400 standardised tumours, steps until the training loss stays below 0.05, at the best of the rates 0.5, 1, 2, 5, 10 or smaller ones: between 25 and 45 for β = 0 and for β = 0.5, more than 50 for β = 0.9.",
)
def on_tumours():
    X, y = problems.breast_cancer()
    train = np.random.default_rng(0).permutation(569)[:400]
    says(len(train), "400")
    fit = problems.logistic(problems.with_bias(problems.standardised(X[train])), y[train])
    says(0.05, "0.05")
    rates = np.array([0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0])
    counts = {beta: steps_by_rate(fit, 0.05, 500, rates, beta).min() for beta in (0.0, 0.5, 0.9)}
    assert 25 < counts[0.0] < 45 and 25 < counts[0.5] < 45 and counts[0.9] > 50
    says(50, "50")
