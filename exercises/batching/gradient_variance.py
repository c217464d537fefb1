"""How noisy is a batch?"""

from itertools import combinations, product

import numpy as np

from gdcourse.exercises import right, wrong

starter = '''
def gradient_variance(G, B, replace):
    """Return the mean squared distance of batch and full gradient."""
    ...
'''
minutes = 15
points = 2
section = "How noisy is a batch?"
prompt = r"""
`G` holds the gradient of each row, one per line: shape `(n, d)`.
A mini-batch gradient is the mean of B of these lines, drawn at random; the full gradient is the mean of all.
Write `gradient_variance(G, B, replace)`: the *expected squared distance* between the two, a number.
(That is the trace of the covariance matrix: the variances of all coordinates added up.)

`replace` says whether a row may be drawn more than once; both formulas are derived in the section "How noisy is a batch?".

For example, for the rows `[0, 0, 0]` and `[2, 0, 0]` the mean is `[1, 0, 0]`, at the squared distance 1 from each: one row with replacement gives 1, two rows without give 0.
"""
hints = [
    "First S: subtract the mean row, square, add up along each row, average over the rows.",
    "Dividing by B holds for independent draws. Without replacement each draw knows a little of the others: the second factor.",
    "Without replacement it is `S / B * (n - B) / (n - 1)`: the second factor is 1 for B = 1 and 0 for B = n. Does yours say so?",
]
praise = "Now you know the noise before you train: it falls with B, and without replacement it dies at B = n."
why = r"""
With replacement the draws are independent, so the variance of their mean is the variance of one, divided by B.
The squared distances of the coordinates add up, which gives S/B, with S the trace of the covariance.

Without replacement two draws cannot be the same row, which makes them slightly negatively correlated.
All n deviations add up to zero, so the covariance of two different draws is $-S/(n - 1)$.
Put together,

$$\frac{1}{B^2}\Big(B S - B(B - 1)\frac{S}{n - 1}\Big) = \frac{S}{B} \cdot \frac{n - B}{n - 1} .$$

At B = n nothing is left to chance, and the noise is exactly zero.
For B much smaller than n the factor is near 1: then it hardly matters which way you draw.

The *standard deviation*, what a step feels, falls with $\sqrt B$ only: four times the rows for half the noise.
"""


def cases(rng):
    yield np.array([[0.0, 0.0, 0.0], [2.0, 0.0, 0.0]]), 1, True
    yield np.array([[0.0, 0.0, 0.0], [2.0, 0.0, 0.0]]), 2, False
    yield np.array([[1.0, 5.0], [3.0, 1.0], [2.0, 0.0]]), 2, True
    yield np.array([[1.0, 5.0], [3.0, 1.0], [2.0, 0.0]]), 2, False
    for n, d, B in ((6, 3, 2), (5, 2, 3), (4, 4, 3)):
        G = rng.normal(size=(n, d)) * rng.uniform(0.5, 4, d) + 1
        yield G, B, True
        yield G, B, False


def gradient_variance(G, B, replace):
    """Return the expected squared distance of the mean of B rows of G, drawn at random, from the mean of all."""
    n = len(G)
    S = np.mean(np.sum((G - G.mean(axis=0)) ** 2, axis=1))
    return S / B if replace else S / B * (n - B) / (n - 1)


@right
def trace_of_the_covariance(G, B, replace):
    n = len(G)
    S = np.trace(np.atleast_2d(np.cov(G.T, ddof=0)))
    return float(S) / B * (1 if replace else (n - B) / (n - 1))


@right
def variance_by_coordinate(G, B, replace):
    if replace:
        return np.var(G, axis=0).sum() / B
    return np.var(G, axis=0, ddof=1).sum() * (1 / B - 1 / len(G))


@right
def every_batch(G, B, replace):
    batches = product(range(len(G)), repeat=B) if replace else combinations(range(len(G)), B)
    return np.mean([np.sum((G[list(batch)].mean(axis=0) - G.mean(axis=0)) ** 2) for batch in batches])


@wrong
def forgets_1_over_B(G, B, replace):
    """Your answer does not fall with the batch size as it should: a mean of B rows is B times less noisy than a single one."""
    return gradient_variance(G, B, replace) * B


@wrong
def sqrt_B(G, B, replace):
    """You divide by √B. That is how the *standard deviation* falls; the variance, its square, falls with B."""
    return gradient_variance(G, B, replace) * np.sqrt(B)


@wrong
def no_finite_population_factor(G, B, replace):
    """You treat drawing without replacement like drawing with it. With B = n all rows are taken and nothing is left to chance; yours still reports noise."""
    return gradient_variance(G, B, True)


@wrong
def n_not_n_minus_1(G, B, replace):
    """Nearly: your factor is (n − B)/n, and it should be (n − B)/(n − 1). With B = 1 there is no difference between the two ways of drawing, so the factor has to be 1 there."""
    return gradient_variance(G, B, True) * (1 if replace else (len(G) - B) / len(G))


@wrong
def per_coordinate(G, B, replace):
    """You return one variance per coordinate. The question is about the squared distance, so add them up."""
    n = len(G)
    return G.var(axis=0) / B * (1 if replace else (n - B) / (n - 1))


@wrong
def mean_over_coordinates(G, B, replace):
    """You average the variances of the coordinates. A squared distance *adds up* the coordinates."""
    return gradient_variance(G, B, replace) / G.shape[1]


@wrong
def not_centred(G, B, replace):
    """You average the squared lengths of the rows, not their squared distances from the mean row: a large gradient that is the same for all rows is no noise at all."""
    n = len(G)
    S = np.mean(np.sum(G**2, axis=1))
    return S / B * (1 if replace else (n - B) / (n - 1))


@wrong
def sample_variance(G, B, replace):
    """Your S divides by n − 1. That is for guessing the spread of a population from a sample; here the n rows *are* the population."""
    n = len(G)
    return gradient_variance(G, B, replace) * n / (n - 1)


@wrong
def replace_exchanged(G, B, replace):
    """The two ways of drawing are exchanged: the factor that reaches 0 at B = n belongs to drawing *without* replacement."""
    return gradient_variance(G, B, not replace)


@wrong
def along_the_rows(G, B, replace):
    """You measure along the wrong axis: how much the entries *within* a row differ. Asked is how far the rows lie from the mean row: the mean goes over the rows, `axis=0`."""
    n, S = len(G), np.sum(np.var(G, axis=1))
    return S / B if replace else S / B * (n - B) / (n - 1)


@wrong(like=along_the_rows)
def along_the_rows_averaged(G, B, replace):
    n, S = len(G), np.mean(np.var(G, axis=1))
    return S / B if replace else S / B * (n - B) / (n - 1)


@wrong
def of_the_whole_table(G, B, replace):
    """You take the variance of all entries together, `np.var(G)` without an axis: one mean for the whole table, and an average over the coordinates in place of their sum. First the mean of each column, then the squared distance of each row from it, its coordinates added up."""
    n, S = len(G), np.var(G)
    return S / B if replace else S / B * (n - B) / (n - 1)


@wrong
def distance_not_squared(G, B, replace):
    """You average the distances of the rows, not their squares: a root too many."""
    n, S = len(G), np.mean(np.linalg.norm(G - np.mean(G, axis=0), axis=1))
    return S / B if replace else S / B * (n - B) / (n - 1)


@wrong
def factor_upside_down(G, B, replace):
    """Your factor for drawing without replacement is upside down: (n − 1)/(n − B) grows without bound, and with B = n nothing is left to chance."""
    n, S = len(G), np.sum(np.var(G, axis=0))
    with np.errstate(all="ignore"):
        return S / B if replace else S / B * np.float64(n - 1) / (n - B)


@wrong
def factor_alone(G, B, replace):
    """Without replacement you take B/n off, 1 − B/n, as a share of all rows. Nearly: with B = 1 the two ways of drawing must agree, so n − 1 stands below."""
    n, S = len(G), np.sum(np.var(G, axis=0))
    return S / B if replace else S / B * (1 - (B - 1) / n)


@wrong
def mean_over_coordinates_exchanged(G, B, replace):
    """You average the variances of the coordinates, where a squared distance *adds up* the coordinates: a sum, not a mean. There is more: the two ways of drawing are exchanged."""
    n, S = len(G), np.mean(np.var(G, axis=0))
    return S / B * (n - B) / (n - 1) if replace else S / B
