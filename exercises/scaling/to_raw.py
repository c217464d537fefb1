"""Back to the old units."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 15
section = "Standardisation: centre, then scale"
prompt = r"""
You trained on standardised features, $z_j = (x_j - \text{mean}_j)/\text{std}_j$, and got weights `w` and a bias `b` for

$$\hat y = \sum_j w_j z_j + b .$$

Write `to_raw(w, b, mean, std)`: return the pair `(w_raw, b_raw)` that predicts the same from the raw features, $\hat y = \sum_j w^{\text{raw}}_j x_j + b^{\text{raw}}$.
`w`, `mean` and `std` have the shape `(d,)`, and no `std` is zero.

For example, for the three features with w = `[4, 6, 1]`, b = 10, mean = `[1, 2, 0]` and std = `[2, 3, 1]` the answer is `[2, 2, 1]` and 4.
"""
hints = [
    "Put the definition of z into the prediction, and collect what stands in front of each x.",
    "In front of x_j stands w_j / std_j: that is the raw weight. What is left over has no x in it.",
    "Left over: b, and for each feature −w_j · mean_j / std_j, that is minus raw weight times mean.",
]
praise = "The same predictions in the units of the world: now a weight means something per year, per euro, per kilo."
why = r"""
Insert and sort:

$$\hat y = \sum_j w_j \frac{x_j - \text{mean}_j}{\text{std}_j} + b = \sum_j \underbrace{\frac{w_j}{\text{std}_j}}_{w^{\text{raw}}_j} x_j \;+\; \underbrace{b - \sum_j \frac{w_j\,\text{mean}_j}{\text{std}_j}}_{b^{\text{raw}}} .$$

Units tell the same story.
`w` is in units of y *per standard deviation*; divided by the standard deviation it is in units of y per unit of x.

`b` is the prediction for the average row, where all z are zero; `b_raw` is the prediction where all x are zero, which may be far outside the data.

No way of training is needed to check it: both pairs have to give the same predictions for every row.
"""


def cases(rng):
    yield np.array([4.0, 6.0, 1.0]), 10.0, np.array([1.0, 2.0, 0.0]), np.array([2.0, 3.0, 1.0])
    yield np.array([45.16]), 152.13, np.array([26.38]), np.array([4.41])
    for d in (3, 5):
        yield rng.normal(size=d), float(rng.normal()), rng.normal(0, 5, d), rng.uniform(0.3, 8, d)


def to_raw(w, b, mean, std):
    """Return (w_raw, b_raw), which predict the same from raw features."""
    w_raw = w / std
    return w_raw, b - w_raw @ mean


@right
def in_a_loop(w, b, mean, std):
    weights = []
    for j in range(len(w)):
        weights.append(w[j] / std[j])
        b = b - weights[j] * mean[j]
    return weights, b


@right
def by_predicting(w, b, mean, std):
    def predict(x):
        return np.sum(w * (x - mean) / std) + b

    b_raw = predict(np.zeros(len(w)))
    return np.array([predict(row) - b_raw for row in np.eye(len(w))]), b_raw


@wrong
def multiplies(w, b, mean, std):
    """You multiply by the standard deviation. A weight per standard deviation is large, a weight per unit is smaller when a standard deviation holds many units: divide."""
    return w * std, b - (w * std) @ mean


@wrong
def bias_not_shifted(w, b, mean, std):
    """Your weights are right, but the bias is still the old one: it belongs to z = 0, the average row, and now it has to belong to x = 0."""
    return w / std, b


@wrong
def shift_sign(w, b, mean, std):
    """Your bias moves the wrong way: the means are *subtracted* from the features, and so is their share."""
    return w / std, b + (w / std) @ mean


@wrong
def bias_scaled(w, b, mean, std):
    """You divide the bias by a standard deviation too. It is in units of y already, whatever the features do."""
    return w / std, b / np.mean(std) - (w / std) @ mean


@wrong
def order(w, b, mean, std):
    """The two are right, in the wrong order: weights first, then the bias."""
    w_raw, b_raw = to_raw(w, b, mean, std)
    return b_raw, w_raw


@wrong
def shift_with_old_weights(w, b, mean, std):
    """In the shift of the bias you use the standardised weights. A mean is in raw units, so it goes with the raw weights."""
    return w / std, b - w @ mean


@wrong
def one_shift_per_feature(w, b, mean, std):
    """Your bias became an array, one number per feature. There is one bias: add the shares of all the features."""
    return w / std, b - (w / std) * mean


@wrong
def unchanged(w, b, mean, std):
    """You return what you were given. It predicts from z, and the raw features are x."""
    return w, b
