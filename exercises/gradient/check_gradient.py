"""Is this gradient right?"""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 15
section = "Gradient checking before you use it"
prompt = r"""
Somebody hands you an array `g` and says it is the gradient of `f` at `w`.
Write `check_gradient(f, g, w)`: the *relative error* between `g` and a numerical gradient $\hat g$ ("g hat") that you compute yourself by central differences.

$$\text{relative error} = \frac{\lVert g - \hat g \rVert}{\lVert g \rVert + \lVert \hat g \rVert}$$

Any norm will do, and so will the larger of the two lengths in the denominator; the answer lies between 0 and 2.
When $g$ and $\hat g$ are both zero, the error is 0.
Example: if $\hat g$ is `[3, 4, 0]` and `g` is `[3, -4, 0]`, the answer with the formula above is 8/(5 + 5) = 0.8.
"""
hints = [
    "Start with the numerical gradient, as in the exercise `numerical_gradient`, with h = 1e-5.",
    "Compare the arrays, not their lengths: `np.linalg.norm(g - numeric)`. Then divide, so that the units of f drop out.",
    "At a stationary point both lengths may be 0. Ask before you divide.",
]
praise = "It notices a wrong sign, a wrong entry and a rotation, in whatever unit the loss is measured: this is the check to run before every training, on standardised columns."
why = r"""
A good alarm rings for every wrong gradient and stays silent for every right one, in whatever units the loss comes.

**Divide.**
If f is measured in cents instead of euros, g, ĝ and their difference grow 100-fold.
An absolute threshold such as 1e-6 would then reject a right gradient of a large loss and pass a wrong one of a small loss.

**Compare vectors.**
‖g‖ = ‖ĝ‖ holds for every rotated or sign-flipped gradient.
Adding up the differences lets + and − cancel.
Looking at one coordinate sees one coordinate.

**Be symmetric.**
Dividing by ‖g‖ + ‖ĝ‖ keeps the answer at 1 at most, by the triangle inequality; dividing by the larger one, at 2.
Dividing by ‖ĝ‖ alone explodes where the true slope is zero.

**Mind mixed units.**
Where one column is measured in units that make its slope a million times larger than the others, the length of the vector is the absolute value of that one entry.
A wrong sign in a small entry then changes the answer only in the sixth digit.
Standardise the columns first, or compare entry by entry, as the page shows.

What to expect in double precision with central differences: 1e-7 or less is right, 1e-2 is wrong, and in between look for a kink, a poor h, or single precision.
"""


def _length(v):
    return float(np.sqrt(np.sum(np.asarray(v, dtype=float) ** 2)))


def _central(f, w, h=1e-5):
    w = np.asarray(w, dtype=float)
    return np.array([(f(w + e) - f(w - e)) / (2 * h) for e in h * np.eye(w.size)])


def bowl(w):
    return w[0] ** 2 + 2 * w[1] ** 2


def large_bowl(w):
    return 1e9 * bowl(w)


def small_bowl(w):
    return 1e-7 * bowl(w)


def valley(w):
    return float(np.sum(np.arange(1, len(w) + 1) * np.asarray(w) ** 2) / 2)


def cubes(w):
    return float(np.sum(np.asarray(w) ** 3))


def lopsided(w):
    """A loss that is steep along one coordinate, and nearly level along the other."""
    return 50 * w[0] ** 2 + 0.005 * w[1] ** 2


def cases(rng):
    here = np.array([3.0, 4.0])
    yield bowl, np.array([6.0, 16.0]), here  # right
    yield bowl, np.array([12.0, 32.0]), here  # twice too long
    yield bowl, np.array([-16.0, 6.0]), here  # same length, rotated
    yield bowl, np.array([8.0, 14.0]), here  # the two errors cancel
    yield bowl, np.array([-6.0, -16.0]), here  # the opposite sign
    yield bowl, np.array([6.0, -4.0]), here  # only the second is wrong
    yield large_bowl, np.array([6e9, 16e9]), here  # right, in large units
    yield small_bowl, np.array([-7e-7, 16e-7]), here  # wrong, in small units
    yield bowl, np.zeros(2), np.zeros(2)  # right, at the minimum
    yield bowl, np.array([1.0, 2.0]), np.zeros(2)  # wrong, at the minimum
    yield bowl, np.array([60.0, 160.0]), here  # ten times too long
    yield bowl, np.array([6.006, 16.016]), here  # one part in a thousand
    yield cubes, np.array([3.0, 12.0]), np.array([1.0, 2.0])  # right; the loss is no parabola, so a too wide step shows
    yield lopsided, np.array([100.0, -0.01]), np.ones(2)  # a small entry is wrong beside a large right one
    for d in (3, 5):
        w = rng.uniform(1, 2, d)
        g = np.arange(1, d + 1) * w
        yield valley, g, w
        yield valley, g * rng.uniform(1.5, 3, d), w
        yield valley, -g, w


def check_gradient(f, g, w):
    """Return the relative error of g as the gradient of f at w."""
    h = 1e-5
    n = np.array([(f(w + step) - f(w - step)) / (2 * h) for step in h * np.eye(len(w))])
    size = np.linalg.norm(g) + np.linalg.norm(n)
    return np.linalg.norm(g - n) / size if size > 0 else 0.0


OUT_OF_RANGE = "Your answer leaves the range from 0 to 2. In the numerator stands one length, that of the difference; in the denominator the lengths of both, added."


def _sizes(v):
    """Return the length of v in several norms, and other numbers that people take for its length."""
    v = np.abs(np.asarray(v, dtype=float))
    return (
        _length(v),
        v.sum(),
        v.max(),
        v.mean(),
        float(np.sqrt(np.mean(v**2))),
        float(np.sum(v**2)),
        float(np.mean(v**2)),
    )


def law(output, f, g, w):
    """Check that the answer is small for a right gradient, large for a wrong one, and never above 2."""
    if isinstance(output, (bool, np.bool_)):
        return "You answer yes or no. Return the relative error itself, a number: whoever calls decides how small is small enough."
    try:
        value = float(output)
    except (TypeError, ValueError):
        return "One number is asked for, the relative error."
    n = _central(f, w)
    slopes, gap = _length(n), _length(g - n)
    both = _length(g) + slopes
    if not np.isfinite(value):
        return (
            "divides_by_zero"
            if slopes == 0
            else "Your answer is not a finite number here. What do you divide by, and when is that zero?"
        )
    if value < 0:
        return "A relative error is a size: it is never negative. Take the length of the difference."
    if gap <= 1e-6 * slopes:
        if value <= 1e-4:
            return None
        if slopes and abs(value - 1) < 1e-3:
            return "sum_above_the_line"
        if abs(value - 1 / 3) < 1e-3 or abs(value - 0.5) < 1e-3:
            return "whole_way_forgotten"
        if slopes == 0:
            return "Both gradients are zero here, so the error is 0. Does a step to one side only make you see a slope where there is none?"
        return "This gradient is right, so the relative error should be tiny, and yours is not. Look at your numerical gradient: both sides, divided by the whole way 2h, one coordinate at a time, and h not so small that only rounding is left."
    if value > 2.000001:
        if _length(g + n) < 1e-6 * slopes:
            return "length_of_the_sum" if value > 1e3 else OUT_OF_RANGE
        if any(abs(value - size) < 1e-3 * size for size in _sizes(g - n)):
            return "absolute_error"
        one_side = [a / max(b, 1e-12) for v in (g, n) for a, b in zip(_sizes(g - n), _sizes(v))]
        return "not_symmetric" if any(abs(value - ratio) < 1e-3 * ratio for ratio in one_side) else OUT_OF_RANGE
    share = gap / both
    if gap and abs(value - _length(g + n) / both) < 1e-6 * value and abs(value - share) > 1e-3:
        return "sum_above_the_line"
    if value < 0.05 * share:
        if gap and abs(value - gap**2 / (_length(g) ** 2 + slopes**2)) < 1e-3 * value:
            return "squared_lengths"
        if (
            abs(1 - float(g @ n) / max(_length(g) * slopes, 1e-300)) < 1e-6
            and value < 1e-6
            and abs(_length(g) - slopes) > 1e-3 * slopes
        ):
            return "only_direction"
        if slopes < 1e-3 and any(abs(value - size) < 1e-3 * size for size in _sizes(g - n)):
            return "absolute_error"
        if abs(_length(g) - slopes) < 1e-6 * slopes:
            return "only_norm"
        if abs(np.sum(g - n)) < 1e-6 * slopes:
            return "cancelling_sum"
        if abs(g[0] - n[0]) < 1e-6 * slopes:
            return "one_coordinate"
        if slopes < 1e-3:
            return "This gradient is wrong, and both are small: what you add to their lengths, against a division by zero, must be far smaller than they are. Or do you look at one coordinate only?"
        return "This gradient is wrong, and your relative error is too small to show it."
    if share < 1e-2 and value > 1e-2:
        entries = [
            np.abs(g - n) / np.maximum(size, 1e-12)
            for size in (np.abs(g) + np.abs(n), np.maximum(np.abs(g), np.abs(n)), np.abs(n), np.abs(g))
        ]
        if any(
            abs(value - made) < 1e-3 * value
            for each in entries
            for made in (each.max(), each.mean(), each.sum(), _length(each))
        ):
            return "entry_by_entry"
        return "This gradient is wrong by one part in a thousand only, and your answer makes it look much worse."
    return None


@right
def largest_entry(f, g, w):
    n = _central(f, w)
    size = max(np.abs(g).max(), np.abs(n).max())
    return 0.0 if size == 0 else np.abs(g - n).max() / size


@right
def mean_of_the_two_lengths(f, g, w):
    n = _central(f, w, h=1e-6)
    return 2 * _length(g - n) / (_length(g) + _length(n) + 1e-300)


@wrong
def absolute_error(f, g, w):
    """You return how far apart the two gradients are, in the units of the loss. Multiply the loss by 1e9 and a right gradient fails; multiply it by 1e-7 and a wrong one passes. Divide by how long they are."""
    return _length(g - _central(f, w))


@wrong
def only_norm(f, g, w):
    """You compare the lengths of the two gradients. A gradient turned by ninety degrees has the right length too: take the length of the difference, not the difference of the lengths."""
    n = _central(f, w)
    size = _length(g) + _length(n)
    return abs(_length(g) - _length(n)) / size if size else 0.0


@wrong
def cancelling_sum(f, g, w):
    """You add up the differences with their signs: 2 too much in one coordinate and 2 too little in another look perfect. Every difference has to count."""
    n = _central(f, w)
    size = np.sum(np.abs(g)) + np.sum(np.abs(n))
    return abs(np.sum(g - n)) / size if size else 0.0


@wrong
def divides_by_zero(f, g, w):
    """At a stationary point both gradients are zero, and you divide zero by zero. They agree there, so say so."""
    n = _central(f, w)
    with np.errstate(all="ignore"):
        return np.linalg.norm(g - n) / (np.linalg.norm(g) + np.linalg.norm(n))


@wrong
def one_coordinate(f, g, w):
    """You look at the first coordinate only. In the wrong gradient shown here that one happens to be right: check them all."""
    n = _central(f, w)[0]
    size = abs(g[0]) + abs(n)
    return abs(g[0] - n) / size if size else 0.0


@wrong
def length_of_the_sum(f, g, w):
    """You divide by the length of the sum of both gradients. When g has the opposite sign, as wrong as can be, that sum vanishes: add the two lengths, not the two vectors."""
    n = _central(f, w)
    size = _length(g + n)
    return _length(g - n) / size if size else 0.0


@wrong
def not_symmetric(f, g, w):
    """Your answer leaves the range from 0 to 2: you divide by the length of one of the two only, and where that one is small or zero the ratio explodes. Let both lengths have a say."""
    n = _central(f, w)
    return _length(g - n) / max(_length(n), 1e-12)


@wrong
def entry_by_entry(f, g, w):
    """You divide entry by entry, and then put the quotients together. A tiny entry then counts as much as a huge one. The formula has one length in the numerator and the lengths of whole vectors in the denominator: first the lengths, then one division."""
    n = _central(f, w)
    return np.max(np.abs(g - n) / np.maximum(np.abs(g) + np.abs(n), 1e-12))


@wrong(like=entry_by_entry)
def mean_of_the_entries(f, g, w):
    n = _central(f, w)
    return np.mean(np.abs(g - n) / np.maximum(np.abs(g) + np.abs(n), 1e-12))


@wrong
def sum_above_the_line(f, g, w):
    """Above the line stands the length of the sum, g + n. There the difference belongs, with a minus: a right gradient must give 0."""
    n = _central(f, w)
    size = _length(g) + _length(n)
    return _length(g + n) / size if size else 0.0


@wrong
def whole_way_forgotten(f, g, w):
    """This gradient is right, and yours is twice as long or half as long: look at your numerical gradient. From w − h to w + h the way is 2h: divide by the whole way, with brackets, `/ (2 * h)`."""
    n = 2 * _central(f, w)
    size = _length(g) + _length(n)
    return _length(g - n) / size if size else 0.0


@wrong
def squared_lengths(f, g, w):
    """You use the squares of the lengths, so small errors look much smaller than they are: the square roots are missing."""
    n = _central(f, w)
    size = _length(g) ** 2 + _length(n) ** 2
    return _length(g - n) ** 2 / size if size else 0.0


@wrong
def only_direction(f, g, w):
    """You compare the directions only, by the angle (cosine) between the two. A gradient that is twice too long has the right direction too: take the length of the difference."""
    n = _central(f, w)
    size = _length(g) * _length(n)
    return 1 - g @ n / size if size else 0.0
