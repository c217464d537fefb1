"""One step of AdaGrad."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 8
section = "AdaGrad: divide by what you have seen"
prompt = r"""
Write `adagrad_step(w, g, s, lr, eps)`: every coordinate adds up its squared slopes, and divides by the root of the sum.

$$s \leftarrow s + g^2, \qquad w \leftarrow w - \eta\,\frac{g}{\sqrt{s} + \varepsilon}$$

Squares, roots and divisions go coordinate by coordinate.
Return the pair `(w, s)`; `w`, `g` and `s` have the shape `(d,)` and stay as they are.

For example, from w = `[0, 0, 0]` and s = 0 with g = `[3, -0.1, 0]` and η = 0.1 the first step leads to `[-0.1, 0.1, 0]`, up to ε: the size of the slope drops out.
"""
hints = [
    "First the sum, then the step: the slope of this step already counts in s.",
    "`np.sqrt(s)` is one number per coordinate. No sum over the coordinates anywhere.",
    "ε stands in the denominator, beside the root, so that a coordinate without any slope divides 0 by something that is not 0.",
]
praise = "Each coordinate now has a rate of its own, and it only ever falls: like 1/√t on a steady slope."
why = r"""
A coordinate with steep slopes collects a large $s$ quickly, and gets a small rate; one that rarely sees a slope keeps a large one.
That is made for sparse features, such as words: from its tenth occurrence a rare word learns as much as a common one did from its own tenth.

In the first step $s = g^2$, and the step is $\eta\, g/|g|$: the rate itself, with a sign.
On a constant slope $s = t\,g^2$, so that step t has the length $\eta/\sqrt t$ and all steps together about $2\eta\sqrt T$: 198.5 η after 10,000 steps.

Because $s$ never shrinks, an early burst of steep slopes slows a coordinate down for ever.
RMSProp lets it forget.

Without ε, a coordinate that has not seen a slope yet is 0/0.
Too large an ε drowns small slopes; beside the root, 1e-8 is out of the way.
"""


def cases(rng):
    yield np.zeros(3), np.array([3.0, -0.1, 0.0]), np.zeros(3), 0.1, 1e-8
    yield np.array([1.0, 2.0, 4.0]), np.array([2.0, 0.5, -1.0]), np.array([5.0, 0.75, 3.0]), 0.1, 1e-8
    yield np.array([2.0]), np.array([1e-3]), np.array([0.0]), 0.5, 1e-8  # a small slope, so that a too large ε shows
    yield np.array([2.0]), np.array([0.02]), np.array([1e-4]), 0.5, 0.01  # ε is so large that it shortens the step
    for d in (2, 4):
        yield rng.normal(size=d), rng.normal(size=d) + 2, rng.uniform(1, 9, d), float(rng.uniform(0.01, 0.5)), 1e-8


tolerance = 1e-4  # ε inside and outside the root differ by 1e-5 on a slope of 1e-3


def also(w, g, s, lr, eps):
    """Yield the result with ε inside the root. It is right, too: some libraries write it so."""
    s = s + g**2
    yield w - lr * g / np.sqrt(s + eps), s
    yield w - lr * g / np.sqrt(s + eps**2), s


def adagrad_step(w, g, s, lr, eps):
    """Return (w, s) after one step: s ← s + g², w ← w − η g / (√s + ε)."""
    s = s + g**2
    return w - lr * g / (np.sqrt(s) + eps), s


@right
def epsilon_inside_the_root(w, g, s, lr, eps):
    s = s + g * g
    return w - lr * g / np.sqrt(s + eps**2), s


@right
def epsilon_inside_as_it_is(w, g, s, lr, eps):
    s = s + g**2
    return w - lr * g / np.sqrt(s + eps), s


@right
def coordinate_by_coordinate(w, g, s, lr, eps):
    sums = [a + b * b for a, b in zip(s, g)]
    return [x - lr * b / (a**0.5 + eps) for x, b, a in zip(w, g, sums)], sums


@wrong
def eps_typed_in(w, g, s, lr, eps):
    """Your ε is a number of your own, perhaps 1e-8: `eps`, the argument, is not used. Where slopes are small, a larger ε makes shorter steps."""
    return adagrad_step(w, g, s, lr, 1e-8)


@wrong
def forgets(w, g, s, lr, eps):
    """You average the squares where AdaGrad adds them up: that memory forgets. It is RMSProp, the next step in this chapter."""
    s = 0.9 * s + 0.1 * g**2
    return w - lr * g / (np.sqrt(s) + eps), s


@wrong
def no_root(w, g, s, lr, eps):
    """You divide by the sum of squares itself. With its root the units cancel, and the first step has the length of the rate whatever the slope."""
    s = s + g**2
    return w - lr * g / (s + eps), s


@wrong
def scalar_accumulator(w, g, s, lr, eps):
    """All coordinates share one sum. The point of AdaGrad is that each coordinate has its own: squares coordinate by coordinate, no `np.sum`."""
    s = s + np.sum(g**2)
    return w - lr * g / (np.sqrt(s) + eps), s


@wrong
def zero_gradient_nan(w, g, s, lr, eps):
    """A coordinate that has never seen a slope gives 0/0, which is nan. That is what ε is for: put it in the denominator."""
    s = s + g**2
    with np.errstate(all="ignore"):
        return w - lr * g / np.sqrt(s), s


@wrong
def eps_dominates(w, g, s, lr, eps):
    """Your ε is far too large: its root, 0.0001, stands beside the root of the sum, and a slope of 0.001 feels it. Take the root of s alone, then add ε itself."""
    s = s + g**2
    return w - lr * g / (np.sqrt(s) + np.sqrt(eps)), s


@wrong
def old_sum(w, g, s, lr, eps):
    """You divide by the sum as it was *before* this step. At the first step that is zero, and the step explodes: add first, then divide."""
    return w - lr * g / (np.sqrt(s) + eps), s + g**2


@wrong
def slopes_not_squares(w, g, s, lr, eps):
    """You add up the slopes, not their squares. Slopes of both signs cancel, and a root of a negative number is nan."""
    s = s + g
    with np.errstate(all="ignore"):
        return w - lr * g / (np.sqrt(s) + eps), s


@wrong
def sizes_not_squares(w, g, s, lr, eps):
    """You add up the sizes of the slopes, not their squares. Under the root that leaves √|g|: the size of the slope does not drop out."""
    s = s + np.abs(g)
    return w - lr * g / (np.sqrt(s) + eps), s


@wrong
def no_memory(w, g, s, lr, eps):
    """The memory is lost: your sum is the square of this step alone, so every step is a first step, as long as the rate. What came in as s belongs to it."""
    s = g**2
    return w - lr * g / (np.sqrt(s) + eps), s


@wrong
def no_slope(w, g, s, lr, eps):
    """The slope itself is missing in the numerator: your step always goes the same way, and is longest where there is no slope at all."""
    s = s + g**2
    return w - lr / (np.sqrt(s) + eps), s


@wrong
def sign(w, g, s, lr, eps):
    """A sign: your step goes uphill."""
    s = s + g**2
    return w + lr * g / (np.sqrt(s) + eps), s


@wrong
def mutates(w, g, s, lr, eps):
    """The numbers are right, but `s += …` has changed the caller's array. Make a new one: `s = s + …`."""
    s += g**2
    return w - lr * g / (np.sqrt(s) + eps), s


@wrong
def rate_in_the_sum(w, g, s, lr, eps):
    """The rate goes into the sum as well, so it drops out again in the denominator: s adds up the squares of the *slopes*, not of the steps."""
    s = s + (lr * g) ** 2
    return w - lr * g / (np.sqrt(s) + eps), s


@wrong
def uphill_without_root(w, g, s, lr, eps):
    """The square root is missing in the denominator. There is more: a plus stands where a minus belongs, so that your step goes uphill."""
    s = s + g**2
    return w + lr * g / (s + eps), s
