"""Find the cause of a result's wrong shape."""

from collections.abc import Sequence
from typing import Any

from numpy import array_equal, asarray

from .compare import numbers
from .patterns import is_number, near
from .show import ordinal


def shape_hint(pairs: Sequence[tuple], k: int, given: Sequence[tuple[str, Any]] = ()) -> str:
    """Return a sentence on the cause of a result's wrong shape, or "".

    pairs: (expected, got) of every case; k: the case that the learner sees; given: (name, value) of its arguments.

    >>> shape_hint([(3.0, [1.0, 2.0]), (9.0, [4.0, 5.0])], k=0)
    'Its sum would be the right number: is that last step missing?'
    """
    want, have = pairs[k]
    h = numbers(have)
    for name, value in given:
        x = numbers(value) if is_number(value) else None
        if x is not None and h is not None and x.ndim and x.shape == h.shape and array_equal(x, h):
            return f"It is `{name}` as it came in."
    if isinstance(want, tuple) and len(want) > 1:
        for i, v in enumerate(map(numbers, want)):
            if h is not None and v is not None and v.shape == h.shape and near(v.astype(float), h.astype(float)):
                return f"What comes is the {ordinal(i)} of them; return all, separated by commas."
        return ""
    w = numbers(want)
    if w is None or h is None or not w.size or not h.size or w.shape == h.shape:
        return ""
    w, h = w.astype(float), h.astype(float)
    both = [
        (a.astype(float), b.astype(float))
        for a, b in ((numbers(a), numbers(b)) for a, b in pairs)
        if a is not None and b is not None
    ]
    if w.ndim == 0:
        if all(b.size == 1 for _, b in both):
            return "It sits in a list or array of one: `.item()` takes it out of an array, `[0]` out of a list."
        for word, what in (("mean", "mean"), ("sum", "sum"), ("largest entry", "max"), ("smallest entry", "min")):
            if all(b.size and near(a, asarray(getattr(b, what)())) for a, b in both):
                return f"Its {word} would be the right number: is that last step missing?"
        return "One number is asked for all of them together: is a sum, a mean, a largest or a smallest missing?"
    if h.ndim == 0:
        for word, value in (("mean", w.mean()), ("sum", w.sum())):
            if near(h, asarray(value)):
                return (
                    f"Your number is the {word} of the right array: without an `axis`, NumPy puts everything together."
                )
        return ""
    if h.size == w.size and near(w.ravel(), h.ravel()):
        return "The numbers are right; only the shape is not. `np.asarray(…).ravel()` makes it flat, `.reshape(…)` gives it another shape."
    if h.T.shape == w.shape and near(w, h.T):
        return "It is transposed: rows and columns are exchanged."
    if w.ndim == h.ndim + 1 and w.shape[1:] == h.shape:
        for place, word in ((-1, "last"), (0, "first")):
            if all(a.ndim == b.ndim + 1 and len(a) and near(a[place], b) for a, b in both):
                return f"What comes is the {word} of them; all are asked for."
    if w.ndim == 1 and h.shape == (w.size, w.size):
        return (
            "A column of shape (n, 1) has met a flat array of shape (n,): broadcasting made a table of every pair. "
            "Check the shapes on both sides of your operations."
        )
    if w.ndim == h.ndim and w.shape[1:] == h.shape[1:]:
        short = [(a, b) for a, b in both if a.ndim == b.ndim and a.ndim and len(b) == len(a) - 1]
        if len(h) == len(w) - 1:
            first, last = (all(near(a[cut], b) for a, b in short) for cut in (slice(1, None), slice(None, -1)))
            return (
                "One is missing: the first."
                if first and not last
                else "One is missing: the last."
                if last and not first
                else "One is missing."
            )
        if len(h) == len(w) + 1:
            return "There is one too many."
    return ""
