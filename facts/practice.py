"""The numbers of the chapter on practice. Statistical ones: ranges over 20 seeds or more."""

from functools import cache

import numpy as np
from scipy.optimize import minimize
from sklearn.datasets import make_classification
from sklearn.feature_selection import SelectKBest
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from gdcourse import adam, descend, gd, momentum, problems, schedules
from gdcourse.network import digits_network
from website.content.facts import fact, says

SEEDS = range(20)


def scaled(**settings):
    return make_pipeline(StandardScaler(), SGDClassifier(loss="log_loss", **settings))


@fact(
    "F13.1",
    "A table in which 40% of the labels are drawn anew, one split, 30 seeds: SGD with log loss has accuracies between 0.68 and 0.80, at least 0.05 apart; averaged they lie within 0.02 of each other; L-BFGS has 0.79.",
)
def one_accuracy_is_no_result():
    X, y = make_classification(2000, flip_y=0.4, random_state=0)
    score = lambda model: model.fit(X[:1600], y[:1600]).score(X[1600:], y[1600:])  # noqa: E731
    last, mean = (
        np.array([score(scaled(average=average, random_state=s)) for s in range(30)]) for average in (False, True)
    )
    says(0.68, "0.68")
    says(0.80, "0.80")
    assert last.min() > 0.68 and last.max() < 0.80
    says(0.05, "0.05")
    assert np.ptp(last) > 0.05
    says(0.02, "0.02")
    assert np.ptp(mean) < 0.02
    says(score(make_pipeline(StandardScaler(), LogisticRegression())), "0.79")


@fact(
    "F13.9",
    'The same table with alpha = 0.01 and no averaging: 30 seeds lie within 0.02 of each other. By the schedule "optimal" the rate after 1,600 rows is 3.8 for alpha = 0.0001 and 0.06 for 0.01.',
)
def a_rate_that_falls_far_enough():
    X, y = make_classification(2000, flip_y=0.4, random_state=0)
    found = [scaled(alpha=0.01, random_state=s).fit(X[:1600], y[:1600]).score(X[1600:], y[1600:]) for s in range(30)]
    says(0.02, "0.02")
    assert np.ptp(found) < 0.02
    for alpha, text in ((0.0001, "3.8"), (0.01, "0.06")):
        says(1 / (alpha * (1 / (alpha * alpha**-0.25) + 1600)), text)


@fact(
    "F13.2",
    "569 tumours, 20 splits, test accuracy: SGD with log loss on raw columns has a mean between 0.78 and 0.92, a worst split below 0.8 and a best one more than 0.1 above it; behind a scaler every split is above 0.9 and the mean between 0.95 and 0.975; averaged SGD and L-BFGS have means between 0.96 and 0.985.",
)
def a_scaler_in_front():
    X, y = problems.breast_cancer()

    def accuracies(model):
        found = []
        for seed in SEEDS:
            rows = np.random.default_rng(seed).permutation(len(y))
            model.set_params(**{name: seed for name in model.get_params() if name.endswith("random_state")})
            found.append(model.fit(X[rows[:400]], y[rows[:400]]).score(X[rows[400:]], y[rows[400:]]))
        return np.array(found)

    raw = accuracies(SGDClassifier(loss="log_loss"))
    for value in ("0.78", "0.92", "0.8", "0.1", "0.9", "0.95", "0.975", "0.96", "0.985"):
        says(float(value), value)
    assert 0.78 < raw.mean() < 0.92 and raw.min() < 0.8 and np.ptp(raw) > 0.1
    behind = accuracies(scaled())
    assert behind.min() > 0.9 and 0.95 < behind.mean() < 0.975
    for model in scaled(average=True), make_pipeline(StandardScaler(), LogisticRegression()):
        assert 0.96 < accuracies(model).mean() < 0.985


@fact(
    "F13.3",
    'scikit-learn\'s schedule "optimal" with log loss: the first rate is α^(−1/4), so 31.6, 10 and 3.2 for alpha = 1e-6, 1e-4 and 1e-2; at the default 1e-4 its count begins at t₀ = 1,000.',
)
def the_schedule_called_optimal():
    first = {}
    for alpha in (1e-6, 1e-4, 1e-2):
        model = SGDClassifier(loss="log_loss", alpha=alpha).partial_fit([[1.0]], [1], classes=[0, 1])
        first[alpha] = 2 * model.coef_[0, 0]
        assert abs(first[alpha] / alpha**-0.25 - 1) < 0.01
    says(first[1e-4], "10")
    says(1 / (1e-4 * first[1e-4]), "1,000")


@fact(
    "F13.4",
    "100 rows of 1,000 columns of noise, labels without sense, 20 seeds: with the ten best columns chosen on all rows, cross-validated accuracy is 70% to 80% on average; chosen inside the pipeline it is 45% to 55%.",
)
def a_leak_of_labels():
    t, outside, inside = np.repeat([0, 1], 50), [], []
    for seed in SEEDS:
        Z = np.random.default_rng(seed).normal(size=(100, 1000))
        outside.append(cross_val_score(scaled(), SelectKBest(k=10).fit_transform(Z, t), t).mean())
        inside.append(cross_val_score(make_pipeline(SelectKBest(k=10), scaled()), Z, t).mean())
    for value in ("70%", "80%", "45%", "55%"):
        says(int(value[:-1]) / 100, value)
    assert 0.7 < np.mean(outside) < 0.8 and 0.45 < np.mean(inside) < 0.55


@fact(
    "F13.5",
    "Penalised log loss of 569 tumours (0.005‖w‖², standardised, 31 weights), until the gap is a millionth: gradient descent at 1/L needs 926 steps, Newton's method 6, L-BFGS at most 20 evaluations.",
)
def descent_against_curvature():
    X, y = problems.breast_cancer()
    plain = problems.logistic(problems.with_bias(problems.standardised(X)), y)
    loss = lambda w: plain.loss(w) + 0.005 * w @ w  # noqa: E731
    grad = lambda w: plain.grad(w) + 0.01 * w  # noqa: E731
    best = minimize(loss, np.zeros(31), jac=grad, options={"gtol": 1e-10}).fun

    def until(step):
        w, t = np.zeros(31), 0
        while loss(w) - best > 1e-6:
            w, t = step(w), t + 1
        return t

    says(until(lambda w: w - grad(w) / (plain.L + 0.01)), "926")
    says(until(lambda w: w - np.linalg.solve(plain.hessian(w) + 0.01 * np.eye(31), grad(w))), "6")
    seen = []
    minimize(
        lambda w: seen.append(loss(w)) or loss(w),
        np.zeros(31),
        jac=grad,
        method="L-BFGS-B",
        options={"ftol": 1e-16, "gtol": 1e-10},
    )
    says(20, "20")
    assert 1 + np.argmax(np.array(seen) - best < 1e-6) <= 20


@fact(
    "F13.6",
    "100,000 rows in 20 pieces of 5,000, read three times: averaged SGD names more than 93% of 5,000 new rows correctly after each pass, and so does L-BFGS on the whole table.",
)
def in_pieces():
    unit = np.logspace(-2, 3, 20)

    def piece(k):
        rng = np.random.default_rng(k)
        rows = rng.normal(size=(5000, 20))
        return rows * unit, rows @ np.linspace(-1, 1, 20) + 0.5 * rng.normal(size=5000) > 0

    says(100_000, "100,000")
    says(5000, "5,000")
    says(0.93, "93%")
    scaler, model = StandardScaler(), SGDClassifier(loss="log_loss", average=True, random_state=0)
    for k in range(20):
        scaler.partial_fit(piece(k)[0])
    new, truth = piece(1000)
    for _ in range(3):
        for k in range(20):
            rows, labels = piece(k)
            model.partial_fit(scaler.transform(rows), labels, classes=[False, True])
        assert model.score(scaler.transform(new), truth) > 0.93
    whole, labels = map(np.concatenate, zip(*map(piece, range(20)), strict=True))
    assert LogisticRegression().fit(scaler.transform(whole), labels).score(scaler.transform(new), truth) > 0.93


@cache
def ends(rule, peak, first, count):
    """(training loss, test accuracy) on the digits after ten epochs with a cosine, one pair a seed."""
    (net, test), pairs = digits_network(), []
    steps = 10 * -(-len(net.y) // 64)
    for seed in range(first, first + count):
        w = descend(rule, net.batch_grad(64, seed), net.start(seed), steps, lr=schedules.cosine(peak, steps))[-1]
        pairs.append((net.loss(w), net.accuracy(w, *test)))
    return np.transpose(pairs)


PEAKS = {
    gd: (0.25, 0.5, 1.0, 2.0, 4.0),
    momentum: (0.0625, 0.125, 0.25, 0.5, 1.0),
    adam: (0.015, 0.03, 0.06, 0.12, 0.24),
}


@fact(
    "F13.7",
    "Digits, ten epochs, a cosine: of five peaks a factor of two apart, on seeds 0 to 2, the mean loss is lowest at 1 for gradient descent, 0.5 for momentum and 0.06 for Adam. On twenty new seeds every run of momentum and of Adam is below every run of descent in the training loss, and all sixty test accuracies lie between 0.95 and 0.99.",
    patient=True,
)
def a_fair_race():
    with np.errstate(all="ignore"):
        best = {rule: min(peaks, key=lambda p: ends(rule, p, 0, 3)[0].mean()) for rule, peaks in PEAKS.items()}
    says(best[gd], "1")
    says(best[momentum], "0.5")
    says(best[adam], "0.06")
    says(0.95, "0.95")
    says(0.99, "0.99")
    plain, others = ends(gd, 1.0, 100, 20), [ends(momentum, 0.5, 100, 20), ends(adam, 0.06, 100, 20)]
    assert all(other[0].max() < plain[0].min() for other in others)
    assert all(0.95 < accuracy.min() and accuracy.max() < 0.99 for _, accuracy in (plain, *others))


@fact(
    "F13.10",
    "The means of that race: the training loss of descent is 4 to 7 times that of momentum and of Adam; its test accuracy is lower than theirs by less than one digit in a hundred and by more than four standard errors. Momentum has the lower mean loss and Adam the higher mean accuracy, by less than 2.3 standard errors, seed by seed.",
    patient=True,
)
def means_of_the_race():
    plain, heavy, adaptive = ends(gd, 1.0, 100, 20), ends(momentum, 0.5, 100, 20), ends(adam, 0.06, 100, 20)

    def errors(difference):  # the mean of the differences in standard errors
        return difference.mean() / (difference.std(ddof=1) / np.sqrt(len(difference)))

    for other in heavy, adaptive:
        assert 4 < plain[0].mean() / other[0].mean() < 7
        assert errors(other[1] - plain[1]) > 4 and (other[1] - plain[1]).mean() < 0.01
    assert 0 < errors(adaptive[0] - heavy[0]) < 2.3 and 0 < errors(adaptive[1] - heavy[1]) < 2.3


@fact(
    "F13.11",
    "A table of 1,000 rows and 20 columns with condition number 10⁷, no noise, all weights 1, ten tables: through the Cholesky factorisation of XᵀX the largest error is above 0.0001 each time, by lstsq below 10⁻⁸.",
)
def the_square_of_the_condition():
    says(20, "20", quoted=False)
    for seed in range(10):
        rng = np.random.default_rng(seed)
        Q, V = (np.linalg.qr(rng.normal(size=(n, 20)))[0] for n in (1000, 20))
        X = Q * np.geomspace(1, 1e-7, 20) @ V.T
        y = X.sum(axis=1)
        through = np.linalg.solve(X.T @ X, X.T @ y)
        assert np.abs(through - 1).max() > 1e-4
        assert np.abs(np.linalg.lstsq(X, y, rcond=None)[0] - 1).max() < 1e-8


@fact(
    "F13.12",
    "With two classes, one of them with one row in a hundred, the loss of a guess, the sum of −p ln p over the shares p, is 0.056.",
)
def guess_of_unequal_classes():
    shares = np.array([0.01, 0.99])
    says(-np.sum(shares * np.log(shares)), "0.056")


@fact(
    "F13.8",
    "The Cholesky factorisation of a matrix of 10,000 rows takes a third of 10,000³ = 3.3e11 operations; the matrix, in eight bytes a number, needs 0.8 GB.",
)
def ten_thousand_columns():
    d = 10_000
    says(d, "10,000")
    says(d**3 / 3, "3.3e11")
    says(8 * d**2 / 1e9, "0.8")
