"""The numbers of the chapter on the loss."""

import warnings

import numpy as np

from gdcourse import problems
from website.content.facts import fact, says


def diabetes_bmi():
    X, y = problems.diabetes()
    return X[:, 2], y


def cost(z, y):
    """The log loss of one score, in the form that never overflows."""
    return np.logaddexp(0, z) - y * z


def floored(z, y):
    """The log loss with 1e-9 inside the logarithm, as many programs have it."""
    p = 1 / (1 + np.exp(-z))
    return -(y * np.log(p + 1e-9) + (1 - y) * np.log(1 - p + 1e-9))


@fact(
    "F1.1",
    "Diabetes: BMI mean 26.3758, std 4.4131; target mean 152.1335, median 140.5, from 25 to 346, variance 5929.885.",
)
def diabetes_in_five_numbers():
    bmi, y = diabetes_bmi()
    says(bmi.mean(), "26.3758")
    says(bmi.mean(), "26.4")
    says(bmi.std(), "4.4131")
    says(bmi.std(), "4.4")
    says(y.mean(), "152.1335")
    says(y.mean(), "152")
    says(np.median(y), "140.5")
    says(y.min(), "25")
    says(y.max(), "346")
    says(y.var(), "5929.885")
    says(round(y.var(), -1), "5,930")


@fact(
    "F1.2",
    "Best line on standardised BMI: slope 45.160, intercept 152.133, MSE 3890.457, R² 0.3439; in raw BMI slope 10.2331, intercept −117.773, same MSE. The line 200 + 90 x has R² = −0.38.",
)
def best_line():
    bmi, y = diabetes_bmi()
    raw = problems.least_squares(problems.with_bias(bmi), y)
    scaled = problems.least_squares(problems.with_bias(problems.standardised(bmi[:, None])), y)
    says(scaled.w_star[1], "45.160", quoted=False)
    says(scaled.w_star[1], "45")
    says(scaled.w_star[0], "152.133")
    says(scaled.w_star[0], "152")
    says(scaled.f_star, "3890.457")
    says(scaled.f_star, "3,890")
    says(1 - scaled.f_star / y.var(), "0.3439", quoted=False)
    says(1 - scaled.f_star / y.var(), "34%")
    says(1 - scaled.loss(np.array([200.0, 90.0])) / y.var(), "-0.38")
    says(raw.w_star[1], "10.2331", quoted=False)
    says(raw.w_star[1], "10.23")
    says(raw.w_star[0], "-117.773", quoted=False)
    says(raw.w_star[0], "-117.8")
    says(raw.w_star @ [1, 30], "189")
    says(-117.8 + 10.23 * 30, "189")  # a reader who checks with the digits of the page gets the same
    says(raw.f_star, "3890.457")


@fact(
    "F1.3",
    "Constant predictor: the mean gives MAE 65.7646, the median 65.0430; one target replaced by 5000 moves the mean by about 11 and the median by at most 0.5.",
)
def constants_and_an_outlier():
    _, y = diabetes_bmi()
    says(np.mean(np.abs(y.mean() - y)), "65.7646")
    says(np.mean(np.abs(y.mean() - y)), "65.8")
    says(np.mean(np.abs(np.median(y) - y)), "65.0")
    says(np.mean(np.abs(np.median(y) - y)), "65.0430")
    moved = [np.where(np.arange(len(y)) == i, 5000, y) for i in range(len(y))]
    for shift in (np.mean(moved, axis=1) - y.mean())[[y.argmin(), y.argmax(), 0]]:
        says(shift, "11")
    says(np.max(np.median(moved, axis=1) - np.median(y)), "0.5")
    assert np.min(np.median(moved, axis=1) - np.median(y)) >= 0


@fact(
    "F1.4",
    "Log loss at p = ½ is ln 2 = 0.693147; three rows that give 0.9, 0.5 and 0.01 to what happened have 1.80; a floor of 1e-9 inside the log caps it at 20.7233; in stable form z = −1000, y = 1 costs 1000; the naive sigmoid warns of an overflow.",
)
def log_loss_at_the_ends():
    says(cost(0.0, 1), "0.693147")
    says(cost(0.0, 1), "0.693")
    says(cost(0.0, 0), "0.693147", quoted=False)
    given = -np.log([0.9, 0.5, 0.01])
    for one, text in zip(given, ("0.11", "0.69", "4.61"), strict=True):
        says(one, text)
    says(given.mean(), "1.80")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        says(floored(-1000.0, 1), "20.7233", quoted=False)
        says(floored(-1000.0, 1), "20.7")
    says(str(next(w.message for w in caught if "overflow" in str(w.message))).split()[0], "overflow")
    says(cost(-1000.0, 1), "1000")


@fact(
    "F1.5",
    "At z = −30, y = 1 the floored log loss is flat, its slope is below 0.001 in absolute value, while the textbook slope p − y is −1.",
)
def loss_and_slope_disagree():
    z, h = -30.0, 1e-3
    slope = (floored(z + h, 1) - floored(z - h, 1)) / (2 * h)
    assert abs(slope) < 0.001
    says(0.001, "0.001")
    says(1 / (1 + np.exp(-z)) - 1, "-1")
    says((cost(z + h, 1) - cost(z - h, 1)) / (2 * h), "-1")


@fact(
    "F1.6",
    "Breast cancer with z = c(15 − mean radius): accuracy 0.8875 for every c > 0; log loss 0.2925 at c = 1, least 0.2923 near c = 0.97, 1.5006 at c = 10; the share of benign, 0.6274, said to all costs 0.6603.",
)
def confidence():
    X, y = problems.breast_cancer()
    score = 15 - X[:, 0]
    loss = problems.logistic(score[:, None], y).loss
    c = np.linspace(0.1, 10, 9901)
    losses = np.array([loss(np.array([one])) for one in c[400:1400]])
    says(loss(np.array([1.0])), "0.2925")
    says(loss(np.array([1.0])), "0.29")
    says(losses.min(), "0.2923")
    says(c[400:1400][losses.argmin()], "0.97", quoted=False)
    says(loss(np.array([10.0])), "1.5006", quoted=False)
    says(loss(np.array([10.0])), "1.5")
    for one in (0.1, 1.0, 10.0):
        says(np.mean((one * score > 0) == y), "0.8875")
        says(np.mean((one * score > 0) == y), "89%")
    share = y.mean()
    says(share, "0.6274")
    says(share, "0.63")
    says(cost(np.log(share / (1 - share)), y).mean(), "0.6603", quoted=False)
    says(cost(np.log(share / (1 - share)), y).mean(), "0.66")


@fact(
    "F1.7",
    "Two lines through the diabetes table: 30 + 5 BMI has MSE 4518.8 and MAE 58.05, −240 + 14 BMI has MSE 4689.9 and MAE 54.29; so each is the better one by one of the two losses.",
)
def two_lines():
    bmi, y = diabetes_bmi()
    for line, mse, mae, whole in (
        (30 + 5 * bmi, "4518.8", "58.05", ("4,519", "58")),
        (-240 + 14 * bmi, "4689.9", "54.29", ("4,690", "54")),
    ):
        says(np.mean((line - y) ** 2), mse)
        says(np.mean(np.abs(line - y)), mae)
        says(np.mean((line - y) ** 2), whole[0])
        says(np.mean(np.abs(line - y)), whole[1])


@fact(
    "F1.8",
    "Least squares on 20 of the 442 people, medians of 400 draws: with the BMI an MSE of 3,418 on the 20 and 4,163 on the others, with all ten measurements 1,256 and 7,073; on the others the BMI alone is better in more than 90 % of the draws.",
)
def twenty_people():
    X, y = problems.diabetes()
    seen, new = [], []
    for seed in range(400):
        rows = np.random.default_rng(seed).permutation(len(y))
        for columns in ([2], list(range(10))):
            A = problems.with_bias(X[:, columns])
            w = np.linalg.lstsq(A[rows[:20]], y[rows[:20]])[0]
            squares = (A @ w - y) ** 2
            seen.append(squares[rows[:20]].mean())
            new.append(squares[rows[20:]].mean())
    seen, new = np.reshape(seen, (400, 2)), np.reshape(new, (400, 2))
    for value, text in zip(
        [*np.median(seen, axis=0), *np.median(new, axis=0)], ("3418", "1256", "4163", "7073"), strict=True
    ):
        says(value, text)
    says(round(np.median(new[:, 1]), -2), "7,100")
    assert np.mean(new[:, 1] > new[:, 0]) > 0.9
    # other draws say the same, within this
    for part in np.split(np.median(np.split(new, 4), axis=1)[:, 1], 4):
        assert 6000 < part < 8500


@fact(
    "F1.9",
    "Least squares on 400 of the 442 people, medians of 100 draws: on the other 42 the ten measurements have an MSE of about 3,000, the BMI alone of about 4,000.",
)
def four_hundred_people():
    X, y = problems.diabetes()
    new = []
    for seed in range(100):
        rows = np.random.default_rng(seed).permutation(len(y))
        for columns in ([2], list(range(10))):
            table = problems.with_bias(X[:, columns])
            w = np.linalg.lstsq(table[rows[:400]], y[rows[:400]])[0]
            new.append(np.mean((table @ w - y)[rows[400:]] ** 2))
    new = np.reshape(new, (100, 2))
    says(round(np.median(new[:, 1]), -3), "3,000")
    says(round(np.median(new[:, 0]), -3), "4,000")
    for bmi, ten in np.median(np.split(new, 4), axis=1):
        assert 3600 < bmi < 4400 and 2700 < ten < 3300
