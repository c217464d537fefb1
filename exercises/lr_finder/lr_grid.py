"""Rates that grow by the same factor."""

import math

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 6
section = "The range test: one descent, and the rate grows"
prompt = r"""
Write `lr_grid(lo, hi, n)`: n learning rates from `lo` to `hi`, *both included*, each the same multiple of the one before.
Return an array or a list of n numbers, in ascending order; `0 < lo < hi` and `n >= 2`.

For example, from 0.01 to 100 in five rates: 0.01, 0.1, 1, 10, 100.
"""
hints = [
    "Equal factors, not equal distances: on a logarithmic axis the rates are evenly spaced.",
    "There are n − 1 gaps between n rates, so the factor is (hi/lo) to the power 1/(n − 1).",
    "NumPy knows this as a *geometric* sequence.",
]
praise = "Each decade gets its share: the interesting rate may be anywhere between a millionth and ten."
why = r"""
With n rates there are n − 1 equal factors between lo and hi, so the factor is $q = (hi/lo)^{1/(n-1)}$ and the rates are $lo \cdot q^i$.

A grid with equal *distances* from 0.00001 to 10 in 100 rates would put 99 of them above 0.1, and nothing at all where the answer often is.

`np.geomspace(lo, hi, n)` does it; `np.logspace` does it too, and wants the *exponents*: `np.logspace(log10(lo), log10(hi), n)`.
"""


def cases(rng):
    yield 0.01, 100.0, 5
    yield 1e-5, 10.0, 7
    yield 0.5, 2.0, 3
    yield 0.1, 0.4, 2
    for n in (4, 11):
        lo = float(10 ** rng.uniform(-6, -2))
        yield lo, lo * float(10 ** rng.uniform(1, 4)), n


def lr_grid(lo, hi, n):
    """Return n rates from lo to hi, both included, growing by one factor."""
    return np.geomspace(lo, hi, n)


@right
def powers_of_ten(lo, hi, n):
    return np.logspace(math.log10(lo), math.log10(hi), n)


@right
def in_a_loop(lo, hi, n):
    q, rates = (hi / lo) ** (1 / (n - 1)), [lo]
    while len(rates) < n:
        rates.append(rates[-1] * q)
    return rates


@right
def exponential_of_a_line(lo, hi, n):
    return tuple(np.exp(np.linspace(np.log(lo), np.log(hi), n)))


@wrong
def linear(lo, hi, n):
    """Your rates have equal distances, not equal factors: nearly all of them lie in the last decade."""
    return np.linspace(lo, hi, n)


@wrong
def misses_hi(lo, hi, n):
    """Your factors are equal, but the last rate stops short of hi: between n rates there are n − 1 gaps, not n."""
    return lo * (hi / lo) ** (np.arange(n) / n)


@wrong
def misses_lo(lo, hi, n):
    """Your grid begins one factor above lo. Both ends belong to it."""
    return lo * (hi / lo) ** (np.arange(1, n + 1) / n)


@wrong
def n_minus_1_points(lo, hi, n):
    """One rate is missing: n rates were asked for, and n − 1 came."""
    return np.geomspace(lo, hi, n)[:-1]


@wrong
def n_plus_1_points(lo, hi, n):
    """One rate too many: n rates, with n − 1 gaps between them."""
    return np.geomspace(lo, hi, n + 1)


@wrong
def exponents_not_rates(lo, hi, n):
    """Those are the exponents, not the rates: raise 10 to their power."""
    return np.linspace(math.log10(lo), math.log10(hi), n)


@wrong
def logspace_of_rates(lo, hi, n):
    """You handed the rates to `np.logspace`, which takes exponents: it returns 10 to the power of what you gave it."""
    return np.logspace(lo, min(hi, 300), n)


@wrong
def descending(lo, hi, n):
    """Your grid falls. The test begins with harmless rates and grows."""
    return np.geomspace(hi, lo, n)


@wrong
def difference_as_factor(lo, hi, n):
    """Your factor is made of the difference hi − lo. From one rate to the next one multiplies, so it is made of the quotient hi/lo."""
    with np.errstate(all="ignore"):
        return lo * (hi - lo) ** (np.arange(n) / (n - 1))


@wrong
def divided_not_rooted(lo, hi, n):
    """You divide hi/lo by the number of gaps. n − 1 factors *multiplied* with each other make hi/lo: a root, `** (1 / (n - 1))`."""
    return lo * ((hi / lo) / (n - 1)) ** np.arange(n)


@wrong
def linear_without_hi(lo, hi, n):
    """Your rates have equal distances, evenly spaced, not equal factors. There is more: the last one stops short of `hi`, which should be included."""
    return np.linspace(lo, hi, n, endpoint=False)


@wrong(like=linear_without_hi)
def linear_with_arange(lo, hi, n):
    return lo + (hi - lo) / n * np.arange(n)


@wrong
def natural_for_ten(lo, hi, n):
    """You mix two logarithms: natural ones go in, and `logspace` (or 10 to a power) takes them for logarithms in base 10. Use the same base both times."""
    with np.errstate(all="ignore"):
        return np.logspace(np.log(lo), np.log(hi), n)


@wrong
def ten_for_natural(lo, hi, n):
    """You mix two logarithms: those in base 10 go in, and `exp` takes them for natural ones. Use the same base both times."""
    return np.exp(np.linspace(np.log10(lo), np.log10(hi), n))


@wrong
def doubles(lo, hi, n):
    """Your rates grow by a factor that is typed in, such as 2 or 10. It has to be computed so that `hi` is met after n − 1 of them."""
    return lo * 10.0 ** np.arange(n)


@wrong(like=doubles)
def doubles_by_two(lo, hi, n):
    return lo * 2.0 ** np.arange(n)
