"""Weights to start from."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 8
points = 1
section = "Three reasons, one product"
prompt = r"""
Write `he_init(fan_in, fan_out, rng)`: the weights from which a layer with ReLU starts.

The layer gets `fan_in` numbers and gives `fan_out`, two whole numbers, so the weights are an array of shape `(fan_in, fan_out)`: return it.
Draw all of them independently from `rng`, a `numpy.random.Generator`, with mean 0 and the **variance** $2/\text{fan\_in}$.
The shape of the distribution is yours to choose: normal or uniform, for example.

For example, `he_init(50, 30, rng)` has 50 rows and 30 columns, a mean near 0 and a standard deviation near 0.2.
"""
hints = [
    "One line draws the numbers. Which argument of the generator's method says how widely they spread, and which says how many?",
    "Variance and standard deviation are not the same: NumPy's `scale` is the standard deviation.",
    "Draw numbers of standard deviation 1, `rng.normal(size=(…, …))`, and multiply them by the standard deviation that you want.",
]
praise = "Each unit adds up fan_in terms, and ReLU throws half of the variance away: 2/fan_in makes up for both, layer after layer."
why = r"""
A unit computes $z = \sum_i x_i w_i$ over its `fan_in` inputs.
If the weights are independent, with mean 0 and variance $V$, the variances add up: $\operatorname{Var} z = \text{fan\_in} \cdot V \cdot \overline{x^2}$, where $\overline{x^2}$ is the mean square of the inputs.

ReLU then sets the negative half to zero, and the mean square of what comes out is $\tfrac12 \operatorname{Var} z$.
To get out what went in we need $\tfrac12 \cdot \text{fan\_in} \cdot V = 1$, so $V = 2/\text{fan\_in}$.

NumPy's `scale` is a standard deviation, $\sqrt{2/\text{fan\_in}}$.
A uniform distribution on $[-a, a]$ has the variance $a^2/3$, so it needs $a = \sqrt{6/\text{fan\_in}}$.
"""


def cases(rng):
    # Most cases have thousands of weights, so that five standard errors of the variance are 7 to 10 percent; fan_in
    # and fan_out differ much.
    for fan_in, fan_out in ((100, 60), (30, 200), (250, 30), (3, 2), (64, 150)):
        yield fan_in, fan_out, int(rng.integers(1, 2**31))


def run(answer, fan_in, fan_out, seed):
    """Return three arrays of weights: from one generator, from another with the same seed, and from one with the next
    seed."""
    return [
        np.array(answer(fan_in, fan_out, np.random.default_rng(s)), dtype=float, copy=True)
        for s in (seed, seed, seed + 1)
    ]


def show(output):
    """Return what a learner needs to see of all these numbers: the shape, the mean and the variance."""
    first = np.asarray(output[0])
    return {"shape": list(first.shape), "mean": float(np.mean(first)), "variance": float(np.var(first))}


def law(output, fan_in, fan_out, seed):
    """Check the shape, then where the numbers come from, then the mean, then the variance within five
    standard errors."""
    first, again, other = (np.asarray(part, dtype=float) for part in output)
    if first.shape == (fan_out, fan_in):
        return "transposed_shape"
    if first.shape == ():
        return "only_the_scale"
    if first.shape != (fan_in, fan_out):
        return f"The weights need shape `({fan_in}, {fan_out})`, one row for each input and one column for each output; yours have shape `{first.shape}`."
    if not np.isfinite(first).all():
        return "The weights hold `inf` or `nan`: is there a division by zero?"
    if first.size < 100:
        return None  # there are too few numbers to tell a mistake from chance
    if not first.any():
        return "zeros"
    if np.ptp(first) == 0:
        return "all_equal"
    if np.array_equal(first, again) and np.array_equal(first, other):
        return "own_generator"
    if not np.array_equal(first, again):
        return "ignores_rng"
    if min(np.ptp(first, axis=axis).max() for axis in (0, 1)) == 0:
        return "units_alike"
    variance, mean, spread = first.var(), first.mean(), first.std() / np.sqrt(first.size)
    if abs(mean) > 5 * spread:
        return "not_around_zero"
    share = variance * fan_in / 2  # 1 when right
    scatter = max(0.0, np.mean((first - mean) ** 4) / variance**2 - 1)  # 0 if all weights are ± the same number
    error = 5 * np.sqrt(scatter / first.size)  # five standard errors of a variance
    if abs(share - 1) <= max(error, 0.01):
        return None
    for code, wanted in (
        ("variance_as_std", 2 / fan_in),
        ("one_over_n", 1 / 2),
        ("uniform_half_width", 1 / 3),
        ("fan_out", fan_in / fan_out),
        ("glorot", fan_in / (fan_in + fan_out)),
        ("twice_too_much", 2),
        ("no_scale", fan_in / 2),
        ("upside_down", (fan_in / 2) ** 2),
    ):
        if abs(share / wanted - 1) <= max(error, 0.01):
            return code
    return f"The variance should be 2/{fan_in} = {2 / fan_in:.4g}; that of your weights is {variance:.4g}, {share:.3g} times as much."


def he_init(fan_in, fan_out, rng):
    """Return random weights, shape (fan_in, fan_out), variance 2/fan_in."""
    return rng.normal(scale=np.sqrt(2 / fan_in), size=(fan_in, fan_out))


@right
def scaled_afterwards(fan_in, fan_out, rng):
    return rng.standard_normal((fan_in, fan_out)) * (2 / fan_in) ** 0.5


@right
def uniform(fan_in, fan_out, rng):
    width = np.sqrt(6 / fan_in)
    return rng.uniform(-width, width, (fan_in, fan_out))


@right
def plus_or_minus(fan_in, fan_out, rng):
    return rng.choice([-1.0, 1.0], size=(fan_in, fan_out)) / np.sqrt(fan_in / 2)


@right
def row_by_row(fan_in, fan_out, rng):
    return [[rng.normal(0, (2 / fan_in) ** 0.5) for _ in range(fan_out)] for _ in range(fan_in)]


@right
def drawn_the_other_way_round(fan_in, fan_out, rng):
    return (rng.normal(size=(fan_out, fan_in)) / np.sqrt(fan_in / 2)).T


@wrong
def variance_as_std(fan_in, fan_out, rng):
    """You gave the variance where NumPy wants the standard deviation (std): `scale` is the root of a variance. These weights are far too small,
    and the signal fades from layer to layer."""
    return rng.normal(scale=2 / fan_in, size=(fan_in, fan_out))


@wrong
def one_over_n(fan_in, fan_out, rng):
    """The variance is one over fan_in (1/n): right for a layer without an activation, or with tanh near 0. ReLU sets half of the
    signal to zero, and something has to make up for that half."""
    return rng.normal(scale=np.sqrt(1 / fan_in), size=(fan_in, fan_out))


@wrong
def fan_out(fan_in, fan_out, rng):
    """You divided by the number of outputs, `fan_out`. How many terms does one unit add up: as many as it has inputs, or outputs?"""
    return rng.normal(scale=np.sqrt(2 / fan_out), size=(fan_in, fan_out))


@wrong
def glorot(fan_in, fan_out, rng):
    """This is the variance of Glorot and Bengio, 2 over the *sum* of inputs and outputs, made for tanh. The rule asked for here
    looks at the inputs alone."""
    return rng.normal(scale=np.sqrt(2 / (fan_in + fan_out)), size=(fan_in, fan_out))


@wrong
def uniform_half_width(fan_in, fan_out, rng):
    """The half width of your uniform distribution is √(2/fan_in), so its variance is only a third of what is asked. What is the
    variance of uniform numbers between −a and a?"""
    width = np.sqrt(2 / fan_in)
    return rng.uniform(-width, width, (fan_in, fan_out))


@wrong
def not_around_zero(fan_in, fan_out, rng):
    """Your weights are not spread around zero: their mean is far from 0. `rng.random` draws from 0 to 1; a start needs
    as many negative weights as positive ones."""
    return rng.random((fan_in, fan_out)) * np.sqrt(2 / fan_in)


@wrong
def no_scale(fan_in, fan_out, rng):
    """The weights have variance 1: no scale was applied. Each layer would multiply the size of the signal by about √(fan_in/2), and after a few
    layers it would explode."""
    return rng.normal(size=(fan_in, fan_out))


@wrong
def upside_down(fan_in, fan_out, rng):
    """The fraction stands upside down: your weights grow with `fan_in`, and they must shrink. More inputs mean a longer sum."""
    return rng.normal(size=(fan_in, fan_out)) * np.sqrt(fan_in / 2)


@wrong
def twice_too_much(fan_in, fan_out, rng):
    """The variance is twice too large: is there a 2 too many, or 2/√fan_in where √(2/fan_in) is meant? The square of your
    standard deviation has to be 2/fan_in."""
    return rng.normal(scale=2 / np.sqrt(fan_in), size=(fan_in, fan_out))


@wrong
def zeros(fan_in, fan_out, rng):
    """All weights are zero. Then every unit gives zero, its gradient is zero, and nothing ever moves."""
    return np.zeros((fan_in, fan_out))


@wrong
def all_equal(fan_in, fan_out, rng):
    """All weights are equal: one number fills the whole array. Units that start alike get the same gradient and stay alike; each weight needs
    a draw of its own."""
    return np.full((fan_in, fan_out), rng.normal() * np.sqrt(2 / fan_in))


@wrong
def units_alike(fan_in, fan_out, rng):
    """All units are alike: each column of your array is a copy of the first, or each row is. Units that start alike get the same gradient
    and stay alike; draw a number for each place, `size=(fan_in, fan_out)`."""
    return np.repeat(rng.normal(scale=np.sqrt(2 / fan_in), size=(fan_in, 1)), fan_out, axis=1)


@wrong
def own_generator(fan_in, fan_out, rng):
    """The same weights come whatever `rng` is: your function makes a generator of its own with a fixed seed. Draw from the
    one that is handed over."""
    return np.random.default_rng(0).normal(scale=np.sqrt(2 / fan_in), size=(fan_in, fan_out))


@wrong
def ignores_rng(fan_in, fan_out, rng):
    """Two generators with the same seed gave different weights, so your numbers do not come from `rng`: it is ignored. `np.random.normal` listens to a
    global seed that anybody may change."""
    return np.random.normal(scale=np.sqrt(2 / fan_in), size=(fan_in, fan_out))  # noqa: NPY002


@wrong
def transposed_shape(fan_in, fan_out, rng):
    """The shape is transposed: here the inputs are the rows and the outputs the columns, because a layer computes `X @ W`."""
    return rng.normal(scale=np.sqrt(2 / fan_in), size=(fan_out, fan_in))


@wrong
def only_the_scale(fan_in, fan_out, rng):
    """You return one number only, the scale. The weights are a whole array of random numbers, and that number says how widely they spread."""
    return np.sqrt(2 / fan_in)
