"""Log loss that survives any score."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 12
section = "Log loss (cross-entropy): when the answer is yes or no"
prompt = r"""
Write `log_loss(z, y)`: the mean log loss of scores `z` for labels `y`.

A score $z$ is any real number; the model's probability of label 1 is $p = 1/(1 + e^{-z})$.
One example costs $-\ln p$ if its label is 1 and $-\ln(1-p)$ if it is 0.
The labels are 0 and 1, as integers, floats or booleans.

Scores may be as large as ±1000, and the answer must be right there too: a score of −1000 for label 1 costs 1000, and neither `inf` nor 20.7.
For scores 0, 0, 0 the answer is ln 2 = 0.693147, whatever the labels.
"""
hints = [
    "Do not compute p at all: write the cost of one example as a function of z, and simplify with pencil first.",
    r"For label 1 the cost is ln(1 + e^(−z)), for label 0 it is ln(1 + e^z). Only the exponential is dangerous, and only when it is large.",
    "`np.logaddexp(0, z)` is ln(e^0 + e^z), computed without ever forming a large exponential.",
]
praise = (
    "Right at z = 0 and right at z = ±1000: you never formed the probability, so nothing could be rounded to 0 or 1."
)
why = r"""
With p = 1/(1+e^(−z)), pencil work removes p altogether:

$$-\ln p = \ln(1 + e^{-z}), \qquad -\ln(1-p) = \ln(1 + e^{z}) .$$

Both are the **softplus** function, of −z or of z, and since softplus(−z) = softplus(z) − z the two cases are one formula:

$$\text{cost} = \ln(1 + e^{z}) - y\,z .$$

For large z the exponential overflows at about z = 710, although its logarithm is simply z.
Taking the larger exponent out cures it: ln(1 + e^z) = max(z, 0) + ln(1 + e^(−|z|)).
The exponential is now at most 1, and `log1p` keeps the digits when it is tiny. `np.logaddexp(0, z)` does exactly this.

A floor inside the logarithm, ln(p + 1e-9), silences the warning and changes the loss: it can never exceed 20.7233, and it is flat where the model is most wrong, so its true slope there is next to zero.
"""
seconds = 2


def cases(rng):
    # The right mean is about 1.2. Every mistake gives another number already here; overflow and floors show on the
    # next lines.
    yield np.array([2.0, -1.0, 0.5]), np.array([1, 1, 0])
    yield np.zeros(4), np.array([0.0, 1.0, 1.0, 0.0])
    yield np.array([-1000.0, 3.0, 1.0]), np.array([1, 1, 0])
    yield np.array([1000.0, -2.0]), np.array([0.0, 1.0])
    yield np.array([1000.0, -1000.0, 0.25]), np.array([1, 0, 1])
    yield np.array([-40.0, 1.0, -3.0, 40.0]), np.array([True, False, True, False])
    for n in (5, 20):
        yield rng.normal(0, 3, n), rng.integers(0, 2, n)


def _softplus(z):
    return np.logaddexp(0, z)


def log_loss(z, y):
    """Return the mean log loss of scores z for labels y in {0, 1}."""
    return np.mean(np.logaddexp(0, z) - y * z)


@right
def max_and_log1p(z, y):
    y = np.asarray(y, dtype=float)
    return np.mean(np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z))))


@right
def one_branch_per_class(z, y):
    total = 0.0
    for score, label in zip(z, y):
        total += np.logaddexp(0, -score) if label else np.logaddexp(0, score)
    return total / len(z)


@right
def signed_margin(z, y):
    sign = np.where(y, 1.0, -1.0)
    return np.logaddexp(0, -sign * z).mean()


def _naive(z, y, floor=0.0):
    with np.errstate(all="ignore"):
        p = 1 / (1 + np.exp(-z))
        return -np.mean(y * np.log(p + floor) + (1 - y) * np.log(1 - p + floor))


@wrong
def overflow(z, y):
    """At scores of ±1000 your loss is `inf` or `nan`. The probability was rounded to exactly 0 or 1, and the logarithm of 0 is minus infinity. The true cost is only 1000 there: find a form that never computes p."""
    return _naive(z, y)


@wrong
def overflow_in_exp(z, y):
    """At scores of ±1000 your loss is infinite: the formula is right, but e^1000 does not fit into a float, although its logarithm, 1000, would. Take the large exponent out before you exponentiate."""
    with np.errstate(all="ignore"):
        return np.mean(np.where(y, np.log(1 + np.exp(-z)), np.log(1 + np.exp(z))))


@wrong
def overflow_in_one_exp(z, y):
    """At a score of 1000 your loss is infinite: the formula is right, but e^1000 does not fit into a float, although ln(1 + e^1000), which is 1000, would. Take the large exponent out before you exponentiate."""
    with np.errstate(all="ignore"):
        return np.mean(np.log(1 + np.exp(z)) - y * z)


@wrong
def floored(z, y):
    """For a score of −1000 and label 1 you say 20.7, and the truth is 1000. A small number added inside the logarithm keeps it finite, but caps the loss and makes it flat exactly where the model is most wrong."""
    return _naive(z, y, floor=1e-9)


def _clipped(z, y, edge):
    with np.errstate(all="ignore"):
        p = np.clip(1 / (1 + np.exp(-z)), edge, 1 - edge)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@wrong
def floored_by_clipping(z, y):
    """For a score of −1000 and label 1 you say 34.5, and the truth is 1000. Clipping the probability keeps the loss finite, but caps it and makes it flat exactly where the model is most wrong."""
    return _clipped(z, y, 1e-15)


@wrong
def floored_by_clipping_earlier(z, y):
    """For a score of −1000 and label 1 you say 27.6, and the truth is 1000. The probability is clipped at 1e-12: from there on the model may be as wrong as it likes."""
    return _clipped(z, y, 1e-12)


def _clipped_score(z, y, limit):
    return np.mean(_softplus(np.clip(z, -limit, limit)) - y * np.clip(z, -limit, limit))


@wrong
def capped(z, y):
    """For a score of −1000 and label 1 the true cost is 1000, and yours stays far below it. Something is cut off on the way, the probability or the score (a small number inside the logarithm, or `clip`): it keeps the loss finite, but caps it and makes it flat exactly where the model is most wrong."""
    return _clipped(z, y, 1e-7)


for _digits in (5, 6, 8, 10, 14, 16):
    wrong(like=capped)(lambda z, y, edge=10.0**-_digits: _clipped(z, y, edge))
for _digits in (5, 6, 7, 8, 10, 15):
    wrong(like=capped)(lambda z, y, floor=10.0**-_digits: _naive(z, y, floor))
for _limit in (20, 30, 35, 50, 100, 250, 500, 700, 709):
    wrong(like=capped)(lambda z, y, limit=_limit: _clipped_score(z, y, limit))


@wrong
def thrown_away(z, y):
    """At scores of ±1000 the logarithm of 0 gives nan or infinity, and you set that to another number (`nan_to_num`, or left out). The true cost there is 1000: find a form that never computes p."""
    with np.errstate(all="ignore"):
        p = 1 / (1 + np.exp(-z))
        return -np.mean(np.nan_to_num(y * np.log(p) + (1 - y) * np.log(1 - p)))


@wrong
def scores_as_probabilities(z, y):
    """You put the scores into the logarithm as if they were probabilities. A score is any real number; the probability is 1/(1 + e^(−z)): the sigmoid is missing."""
    with np.errstate(all="ignore"):
        return -np.mean(y * np.log(z) + (1 - y) * np.log(1 - z))


@wrong
def without_logarithm(z, y):
    """You average how far the probability is from the label, |p − y|. The logarithm is missing: the cost is −ln of the probability of what happened."""
    return np.mean(np.abs(0.5 * (1 + np.tanh(np.asarray(z) / 2)) - np.asarray(y, float)))


@wrong
def squared_error(z, y):
    """You average the squared differences between probability and label, a squared error (Brier score). The log loss takes −ln of the probability instead."""
    return np.mean((0.5 * (1 + np.tanh(np.asarray(z) / 2)) - np.asarray(y, float)) ** 2)


@wrong
def labels_minus_one_and_one(z, y):
    """Your formula is the one for labels −1 and 1. Here they are 0 and 1: with label 0 the score drops out of it. Turn the labels into signs first, or use the formula for 0 and 1."""
    return np.mean(_softplus(-np.asarray(y, float) * z))


@wrong(like=labels_minus_one_and_one)
def labels_halved(z, y):
    y = np.asarray(y, float)
    return np.mean(_softplus(z) - (1 + y) / 2 * z)


@wrong
def other_class_only(z, y):
    """You charge only the examples with label 0. Those with label 1 cost something too: the less the model believed in 1, the more."""
    return np.mean((1 - np.asarray(y, float)) * _softplus(z))


@wrong
def label_not_used(z, y):
    """You charge every example as if its label were 1 (or 0): the label has to decide which of the two costs counts."""
    return np.mean(_softplus(-z))


@wrong(like=label_not_used)
def always_zero_label(z, y):
    return np.mean(_softplus(z))


@wrong
def minus_of_a_boolean(z, y):
    """Labels may come as True and False, and NumPy refuses a minus sign in front of those: make numbers of them first, `y = np.asarray(y, float)`. Then try a score of 1000: the probability is rounded to 1, and the logarithm of 0 is waiting."""
    with np.errstate(all="ignore"):
        p = 1 / (1 + np.exp(-z))
        return np.mean(-y * np.log(p) - (1 - y) * np.log(1 - p))


@wrong
def sign(z, y):
    """Your loss is negative. The logarithm of a probability is never positive, so the cost carries a minus sign: less probable must mean more costly."""
    return -np.mean(_softplus(z) - y * z)


@wrong
def sum_not_mean(z, y):
    """You add the costs of all examples. The task is the mean, so that the loss of 10 rows can be compared with the loss of 1,000."""
    return np.sum(_softplus(z) - y * z)


@wrong
def labels_swapped(z, y):
    """A high score for label 1 costs you much, and for label 0 nothing: the two cases are exchanged. A large z means the model believes in label 1."""
    return np.mean(_softplus(z) - (1 - y) * z)


@wrong
def log_base(z, y):
    """All your values are 1.4427 times too large: you count in bits, with log base 2. That is a matter of units, but here the natural logarithm is asked for, so that fifty-fifty costs 0.693."""
    return np.mean(_softplus(z) - y * z) / np.log(2)


@wrong
def one_class_only(z, y):
    """You charge only the examples with label 1. Those with label 0 cost something too: the less the model believed in 0, the more."""
    return np.mean(y * _softplus(-z))
