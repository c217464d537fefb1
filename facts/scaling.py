"""The numbers of the chapter on scaling."""

import warnings

import numpy as np

from gdcourse import descend, gd, problems
from gdcourse.problems import four_points, half_least_squares, standardised, whitened, with_bias
from website.content.facts import fact, says


def condition(X):
    """κ of the least-squares loss over weights and intercept: the square of the condition number of the table."""
    return np.linalg.cond(with_bias(X)) ** 2


def steps(kappa, eps=1e-6):
    """Steps to shrink the error by eps at the best fixed rate."""
    return 1 if kappa <= 1 + 1e-9 else int(np.ceil(np.log(eps) / np.log((kappa - 1) / (kappa + 1))))


def clients(n=200):
    """Ages of 20 to 60 and incomes around 50,000 and not below 10,000, a table of shape (n, 2), and what these n clients spend."""
    rng = np.random.default_rng(0)
    age, income = rng.uniform(20, 60, n), rng.normal(50_000, 15_000, n)
    table = np.column_stack([age, np.maximum(income, 10_000)])
    return table, 300 + 15 * table[:, 0] + 0.03 * table[:, 1] + rng.normal(0, 200, n)


@fact(
    "F5.1",
    "κ with a bias, raw and standardised: diabetes 52 million and 470, breast cancer 2,400 billion and 100,000, wine 460 million and 45.5, iris 8,443 and 141; digits has 3 constant columns, and the other 61 give 6.5 million and 146.",
)
def five_tables():
    said = {  # raw, in thousands, millions or billions; standardised
        "diabetes": (1e6, "52", "470"),
        "breast_cancer": (1e9, "2,400", "100,000"),
        "wine": (1e6, "460", "45.5"),
        "iris": (1, "8,443", "141"),
    }
    for name, (unit, raw, scaled) in said.items():
        X, _ = getattr(problems, name)()
        ends = len(raw.replace(",", "").rstrip("0")) - len(raw.replace(",", ""))  # zeros at the end are rounding
        says(round(condition(X) / unit, ends), raw)
        kappa = condition(standardised(X))
        says(round(kappa, -3) if name == "breast_cancer" else kappa, scaled)
    X, _ = problems.digits()
    varied = X.std(axis=0) > 0
    says(np.sum(~varied), "3")
    says(np.sum(varied), "61")
    says(condition(X[:, varied]) / 1e6, "6.5")
    says(condition(standardised(X[:, varied])), "146")


@fact(
    "F5.2",
    "The four points: κ = 55.8 raw and 1 standardised; then one step at rate 1 gives the exact line, w = 2 and b = 0 in raw units.",
)
def four_points_made_round():
    says(four_points.kappa, "55.8")
    x = four_points.X[:, 1:]
    problem = half_least_squares(with_bias(standardised(x)), four_points.y)
    says(problem.kappa, "1")
    b, w = descend(gd, problem.grad, np.zeros(2), 1, lr=1.0)[1]
    w_raw = w / x.std()
    says(w_raw, "2")
    says(abs(round(b - w_raw * x.mean(), 12)), "0")


@fact(
    "F5.3",
    "Age and income, with a bias: κ = 66 billion raw, 1.5 million centred, 1.17 standardised; steps for a millionth: 460 billion and 6.",
)
def age_income():
    X, _ = clients()
    says(condition(X) / 1e9, "66")
    says(np.linalg.cond(X - X.mean(axis=0)) ** 2 / 1e6, "1.5")
    says(condition(standardised(X)), "1.17")
    says(round(0.5 * condition(X) * np.log(1e6) / 1e9, -1), "460")
    says(steps(condition(standardised(X))), "6")


@fact(
    "F5.4",
    "Two standardised features with correlation corr have κ = (1 + corr)/(1 − corr): 3, 19 and 199 for 0.5, 0.9 and 0.99.",
)
def correlation():
    for rho, kappa in (0.5, "3"), (0.9, "19"), (0.99, "199"):
        says(np.linalg.cond(np.array([[1, rho], [rho, 1]])), kappa)


@fact(
    "F5.5",
    "scikit-learn's SGDRegressor with its defaults: R² below −10¹⁰ on raw diabetes, 0.51 behind a StandardScaler; least squares 0.52.",
)
def defaults_on_raw_data():
    from sklearn.linear_model import LinearRegression, SGDRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    X, y = problems.diabetes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert SGDRegressor(random_state=0).fit(X, y).score(X, y) < -1e10
        scores = [make_pipeline(StandardScaler(), SGDRegressor(random_state=s)).fit(X, y).score(X, y) for s in range(5)]
    assert max(scores) - min(scores) < 0.01
    says(np.mean(scores), "0.51")
    says(LinearRegression().fit(X, y).score(X, y), "0.52")


@fact(
    "F5.6",
    "Steps for a millionth at the best fixed rate: 69, 386, 691 and 69,078 for κ = 10, 55.78, 100 and 10,000; about κ/2 · ln 10⁶.",
)
def steps_for_kappa():
    for kappa, count in (10, "69"), (four_points.kappa, "386"), (100, "691"), (1e4, "69,078"):
        says(steps(kappa), count)
        problem = problems.valley(kappa)
        if kappa <= 100:  # and it is so: the error after so many steps, and after one less
            path = descend(gd, problem.grad, problem.start, steps(kappa), lr=2 / (1 + kappa))
            assert abs(path[-1]).max() <= 1e-6 * (1 + 1e-9) < abs(path[-2]).max() * (1 + 1e-9)
    assert abs(steps(1e4) / (0.5e4 * np.log(1e6)) - 1) < 1e-3


@fact("F5.7", "Whitened diabetes has κ = 1: one step at rate 1 on half-MSE is exact.")
def whitened_diabetes():
    X, y = problems.diabetes()
    problem = half_least_squares(with_bias(whitened(X)), y)
    says(problem.kappa, "1")
    w = descend(gd, problem.grad, np.zeros(11), 1, lr=1.0)[1]
    assert np.allclose(w, np.linalg.lstsq(problem.X, y, rcond=None)[0])


@fact(
    "F5.8",
    "Half-MSE on diabetes after 1,000 steps at the best fixed rate, above its minimum of 1,430: 12,047 above on the raw table, 0.19 standardised.",
)
def diabetes_raw_and_scaled():
    X, y = problems.diabetes()
    gaps = []
    for table in X, standardised(X):
        problem = half_least_squares(with_bias(table), y)
        w_star = np.linalg.lstsq(problem.X, y, rcond=None)[0]
        w = descend(gd, problem.grad, np.zeros(11), 1000, lr=2 / (problem.L + problem.mu))[-1]
        gaps.append(problem.loss(w) - problem.loss(w_star))
    says(problem.loss(w_star), "1,430")
    says(gaps[0], "12,047")
    says(gaps[1], "0.19")


@fact(
    "F5.9",
    "Noise scaled by itself: with 20 rows of pure noise, standardising train and test together makes the test mean of a feature nearer to 0 than honest scaling does, by a factor of 2 and more on average.",
)
def leak():
    rng = np.random.default_rng(0)
    honest, leaked = [], []
    for _ in range(400):
        X = rng.normal(size=(20, 1))
        train, test = X[:10], X[10:]
        honest.append(abs(standardised(test, like=train).mean()))
        leaked.append(abs(standardised(test, like=X).mean()))
    says(2, "2", quoted=False)
    assert np.mean(honest) > 2 * np.mean(leaked)


@fact(
    "F5.10",
    "The valley with κ = 100 zigzags only above 1/L = 0.01: in twenty steps its steep coordinate changes sides 0 times at 0.009, 20 times at 0.015.",
)
def no_zigzag_below_one_over_L():
    valley = problems.valley(100)
    says(1 / valley.L, "0.01")
    for lr, changes in (0.009, "0"), (0.015, "20"):
        steep = descend(gd, valley.grad, valley.start, 20, lr=lr)[:, 1]
        says(np.sum(steep[1:] * steep[:-1] < 0), changes, quoted=False)


@fact(
    "F5.11",
    "Logistic loss on breast cancer at the rate 1/L: 0.364 after 1,000 steps on the raw table; on the standardised one 0.151 after ten and 0.052 after 1,000.",
)
def cells_raw_and_scaled():
    X, y = problems.breast_cancer()
    said = []
    for table in X, standardised(X):
        fit = problems.logistic(with_bias(table), y)
        said.append(fit.loss(descend(gd, fit.grad, np.zeros(31), 1000, lr=1 / fit.L)[[10, 1000]].T))
    says(said[0][1], "0.364")
    says(said[1][0], "0.151")
    says(said[1][1], "0.052")


@fact(
    "F5.12",
    "Breast cancer: mean radius and mean perimeter have a correlation of 0.998, and these two columns alone, standardised, a κ of 932.",
)
def radius_and_perimeter():
    X, _ = problems.breast_cancer()
    pair = standardised(X[:, [0, 2]])
    rho = np.mean(pair[:, 0] * pair[:, 1])
    says(rho, "0.998")
    says((1 + rho) / (1 - rho), "932")
    assert np.isclose(condition(pair), (1 + rho) / (1 - rho))


@fact(
    "F5.13",
    "Age, income and spending of 200 clients: the best model has the intercept 266, 15 for a year of age and 3 cents for a dollar of income; at the rate 1/L the raw descent has after 1,000 steps an intercept and a weight of age below 0.003, the standardised one is there after six.",
)
def clients_raw_and_scaled():
    X, y = clients()
    raw, scaled = half_least_squares(with_bias(X), y), half_least_squares(with_bias(standardised(X)), y)
    says(raw.w_star[0], "266")
    says(raw.w_star[1], "15")
    says(100 * raw.w_star[2], "3")
    late = descend(gd, raw.grad, np.zeros(3), 1000, lr=1 / raw.L)[-1]
    assert np.all(np.abs(late[:2]) < 0.003)
    w = descend(gd, scaled.grad, np.zeros(3), 6, lr=1 / scaled.L)[-1]
    assert np.allclose(w, scaled.w_star, rtol=1e-4)
    assert np.allclose(w[1:] / X.std(axis=0), raw.w_star[1:], rtol=1e-4)


@fact(
    "F5.14",
    "κ with a column of ones after min–max, robust (median and IQR) and standard scaling: diabetes 13,099, 427 and 470, breast cancer 852,759, 136,885 and 99,828, wine 754, 59 and 46; diabetes centred after min–max 4,361.",
)
def three_scalings():
    def min_max(X):
        return (X - X.min(axis=0)) / (X.max(axis=0) - X.min(axis=0))

    def robust(X):
        low, middle, high = np.percentile(X, [25, 50, 75], axis=0)
        return (X - middle) / (high - low)

    for name, said in (
        ("diabetes", ("13,099", "427", "470")),
        ("breast_cancer", ("852,759", "136,885", "99,828")),
        ("wine", ("754", "59", "46")),
    ):
        X, _ = getattr(problems, name)()
        for scaled, text in zip((min_max(X), robust(X), standardised(X)), said, strict=True):
            says(condition(scaled), text)
    narrow = min_max(problems.diabetes()[0])
    says(condition(narrow - narrow.mean(axis=0)), "4,361")


@fact(
    "F5.15",
    "One BMI of 32.1 in the diabetes table typed as 321: min–max presses all others into the lowest 8 % of the range.",
)
def a_mistyped_value():
    bmi = problems.diabetes()[0][:, 2].copy()
    bmi[np.argmin(np.abs(bmi - 32.1))] = 321
    others = np.sort((bmi - bmi.min()) / (bmi.max() - bmi.min()))[:-1]
    says(others.max(), "8 %")
