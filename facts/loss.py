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


@fact("F1.1", "Diabetes: BMI mean 26.3758, std 4.4131; target mean 152.1335, median 140.5, variance 5929.885.")
def diabetes_in_five_numbers():
    bmi, y = diabetes_bmi()
    says(bmi.mean(), "26.3758")
    says(bmi.std(), "4.4131")
    says(y.mean(), "152.1335")
    says(np.median(y), "140.5")
    says(y.var(), "5929.885")


@fact(
    "F1.2",
    "Best line on standardised BMI: slope 45.160, intercept 152.133, MSE 3890.457, R² 0.3439; in raw BMI slope 10.2331, intercept −117.773, same MSE.",
)
def best_line():
    bmi, y = diabetes_bmi()
    raw = problems.least_squares(problems.with_bias(bmi), y)
    scaled = problems.least_squares(problems.with_bias(problems.standardised(bmi[:, None])), y)
    says(scaled.w_star[1], "45.160")
    says(scaled.w_star[0], "152.133")
    says(scaled.f_star, "3890.457")
    says(1 - scaled.f_star / y.var(), "0.3439")
    says(raw.w_star[1], "10.2331")
    says(raw.w_star[0], "-117.773")
    says(raw.f_star, "3890.457")


@fact(
    "F1.3",
    "Constant predictor: the mean gives MAE 65.7646, the median 65.0430; one target replaced by 5000 moves the mean by about 11 and the median by at most 0.5.",
)
def constants_and_an_outlier():
    _, y = diabetes_bmi()
    says(np.mean(np.abs(y.mean() - y)), "65.7646")
    says(np.mean(np.abs(np.median(y) - y)), "65.0430")
    moved = [np.where(np.arange(len(y)) == i, 5000, y) for i in range(len(y))]
    for shift in (np.mean(moved, axis=1) - y.mean())[[y.argmin(), y.argmax(), 0]]:
        says(shift, "11")
    says(np.max(np.median(moved, axis=1) - np.median(y)), "0.5")
    assert np.min(np.median(moved, axis=1) - np.median(y)) >= 0


@fact(
    "F1.4",
    "Log loss at p = ½ is ln 2 = 0.693147; a floor of 1e-9 inside the log caps it at 20.7233; in stable form z = −1000, y = 1 costs 1000; the naive sigmoid warns of an overflow.",
)
def log_loss_at_the_ends():
    says(cost(0.0, 1), "0.693147")
    says(cost(0.0, 0), "0.693147", quoted=False)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        says(floored(-1000.0, 1), "20.7233")
    says(str(next(w.message for w in caught if "overflow" in str(w.message))).split()[0], "overflow")
    says(cost(-1000.0, 1), "1000")


@fact(
    "F1.5",
    "At z = −30, y = 1 the floored log loss is flat, its slope is below 0.001 in size, while the textbook slope p − y is −1.",
)
def loss_and_slope_disagree():
    z, h = -30.0, 1e-3
    slope = (floored(z + h, 1) - floored(z - h, 1)) / (2 * h)
    assert abs(slope) < 0.001
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
    says(losses.min(), "0.2923")
    says(c[400:1400][losses.argmin()], "0.97")
    says(loss(np.array([10.0])), "1.5006")
    for one in (0.1, 1.0, 10.0):
        says(np.mean((one * score > 0) == y), "0.8875")
    share = y.mean()
    says(share, "0.6274")
    says(cost(np.log(share / (1 - share)), y).mean(), "0.6603")
