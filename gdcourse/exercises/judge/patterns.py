"""Patterns that relate wrong numbers to the right ones in all cases, such as a factor, a sign or a shifted row.

Each pattern returns a sentence for the learner if it explains every case, else None. No sentence contains the right
result. A case in this file is (arguments, expected, got, is it right?). The file is long because it is a list
of patterns.
"""

import types
from typing import Any

from numpy import abs as absolute
from numpy import around, array_equal, cumsum, exp, floor, isfinite, log, log2, log10, ndarray, rint, sqrt, trunc

from .compare import close, numbers

NEAR = 1e-6


def plain(cases: list[tuple], names: tuple[str, ...]) -> str | None:
    """Try the simplest patterns: a constant, an argument returned unchanged, a sign or a factor.

    Return a sentence, or None.

    >>> cases = [((w,), 2 * w, -2 * w, False) for w in (1.0, 2.0, 5.0)]
    >>> plain(cases, ("w",))
    'Every sign is flipped; apart from that the numbers are right.'
    """
    usable = _numeric(cases)
    if len(usable) < len(cases) or sum(w.size for _, w, _, _ in usable) < 3:
        return None
    return _first((_constant, _an_argument, _sign_or_factor), usable, names)


def further(cases: list[tuple], names: tuple[str, ...]) -> str | None:
    """Try patterns that `plain` does not try, such as a step that is too long, rounding or a reversed order.

    Return a sentence, or None. If a result has a wrong shape, it tries only whether rows and columns are exchanged.

    >>> cases = [((w,), 2 * w, 2 * w + 0.5, False) for w in (1.0, 2.0, 5.0)]
    >>> further(cases, ("w",))
    'It is always 0.5 too large.'
    """
    usable = _numeric(cases)
    if len(usable) == len(cases) and sum(w.size for _, w, _, _ in usable) >= 3:
        looks = (
            _step_factor,
            _step_itself,
            _scaled_by_argument,
            _function_of,
            _offset,
            _rounded,
            _clipped,
            _order,
            _shifted,
        )
        return _first(looks, usable, names)
    return _transposed([(a, numbers(w), numbers(h), ok) for a, w, h, ok in cases])


def loosely(cases: list[tuple], names: tuple[str, ...]) -> str | None:
    """Describe wrong numbers without a known cause: which entries are wrong, for example.

    Return a sentence, or None.

    >>> cases = [((w,), [w, w, w], [0.1, w, w], False) for w in (1.0, 2.0, 5.0)]
    >>> loosely(cases, ("w",))
    'Only the first entry is wrong.'
    """
    usable = _numeric(cases)
    return (
        _from_some_step_on(usable, len(cases)) or _some_places(usable) or _along_an_argument(usable, len(cases), names)
    )


def _first(looks, cases, names):
    return next(filter(None, (look(cases, names) for look in looks)), None)


def _numeric(cases):
    plain = [(a, numbers(w), numbers(h), ok) for a, w, h, ok in cases]
    return [
        (a, w.astype(float), h.astype(float), ok)
        for a, w, h, ok in plain
        if w is not None
        and h is not None
        and w.shape == h.shape
        and w.size
        and w.dtype.kind in "iuf"
        and h.dtype.kind in "iufb"
        and isfinite(w).all()
        and isfinite(h).all()
    ]


def near(a: ndarray, b: ndarray) -> bool:
    """Do two arrays have the same shape and, up to rounding, the same entries?

    >>> near(around([0.1, 0.2], 3), sqrt([0.01, 0.04])), near(around([0.1, 0.2], 3), around([0.1], 3))
    (True, False)
    """
    return a.shape == b.shape and bool(close(a, b, NEAR, 0.0).all())


def _all(cases, made):
    """Is `made(args, expected)` the learner's result in every case?"""
    try:
        for a, w, h, _ in cases:
            guess = made(a, w)
            if guess is None or not near(numbers(guess).astype(float), h):
                return False
        return True
    except Exception:
        return False


# ---- patterns between expected and got


def _constant(cases, names):
    first = cases[0][2]
    if len(cases) > 2 and all(h.shape == first.shape and array_equal(h, first) for _, _, h, _ in cases):
        if not first.any():
            return "It is always 0: is a whole number divided with `//`, or is what was computed never stored?"
        return "Your function returns the same value whatever comes in: is something typed in that should be computed from the arguments?"
    return None


def _an_argument(cases, names):
    for j, name in enumerate(names):
        if _all(cases, lambda a, w, j=j: a[j] if is_number(a[j]) else None):
            return f"It is `{name}` as it came in: nothing has happened to it. Is the old value returned, not the updated one?"
    return None


def _ratio(pairs):
    """Return the one number r with got = r · expected in all pairs, or None."""
    best = max(pairs, key=lambda p: absolute(p[0]).max(initial=0))
    k = absolute(best[0]).argmax()
    if best[0].ravel()[k] == 0:
        return None
    r = best[1].ravel()[k] / best[0].ravel()[k]
    return float(r) if all(near(r * w, h) for w, h in pairs) and abs(r) > 1e-12 else None


def _sign_or_factor(cases, names):
    r = _ratio([(w, h) for _, w, h, _ in cases])
    if r is None or len(cases) < 2:
        return None
    if abs(r + 1) < NEAR:
        return "Every sign is flipped; apart from that the numbers are right."
    if abs(r - 1) < 0.01:
        return f"It is always off by the same share, {abs(r - 1):.1g} of the right value: is a small number added where it does not belong, or rounded?"
    for base, words in ((10, "10"), (2, "2")):
        if min(abs(r * log(base) - 1), abs(r / log(base) - 1)) < NEAR:
            return f"It is always {r:.4g} times the right value, and that number is the step from logarithms in base {words} to natural ones: are two kinds of logarithm mixed?"
    if r < 0:
        return f"Every sign is flipped. There is more: the size is {_fraction(-r)} times what it should be."
    told = {2: ", or a division by 2", 0.5: ", perhaps a 2"}.get(round(r, 9), "")
    return f"It is always {_fraction(r)} times the right value: look for a factor that is missing or does not belong{told}."


def _step_factor(cases, names):
    for j, name in enumerate(names):
        if any(not is_number(a[j]) or numbers(a[j]).shape != w.shape for a, w, _, _ in cases):
            continue
        steps = [(w - a[j], h - a[j]) for a, w, h, _ in cases]
        r = _ratio(steps)
        if r is not None and len(cases) > 1:
            if abs(r + 1) < NEAR:
                return f"You move away from `{name}` by the right amount, but in the opposite direction: a sign."
            if abs(r - 1) < 1e-9:
                continue
            if abs(r - 1) < 1e-3:
                return f"The numbers are all but right: the step away from `{name}` differs by {abs(r - 1):.1g} of its length. Was it rounded, or computed in `float32`?"
            return f"The step away from `{name}` is always {_fraction(r)} times as long as it should be."
        found = _factor_of_argument(cases, steps, names, f"the step away from `{name}`")
        if found:
            return found
    return None


def _step_itself(cases, names):
    for j, name in enumerate(names):
        if _all(cases, lambda a, w, j=j: numbers(a[j]) - w if is_number(a[j]) else None):
            return f"It is `{name}` minus the right value: you return what is subtracted, not what is left."
        if _all(cases, lambda a, w, j=j: w - numbers(a[j]) if is_number(a[j]) else None):
            return f"It is the right value minus `{name}`: you return the change, not where it leads."
    return None


def _scaled_by_argument(cases, names):
    return _factor_of_argument(cases, [(w, h) for _, w, h, _ in cases], names, "your result")


def _factor_of_argument(cases, pairs, names, what):
    """Return a sentence if the factor between got and expected differs from case to case, and one argument explains
    this factor, for example by its value or its length; else None.
    """
    if len(cases) < 2:
        return None
    ratios = [_ratio([p]) for p in pairs]
    if any(r is None for r in ratios) or max(ratios) - min(ratios) < NEAR:
        return None
    for label, values, kind in _sizes([a for a, *_ in cases], names):
        for told, power in (
            ("{v} times", 1),
            ("1/{v} times", -1),
            ("the square of {v} times", 2),
            ("√{v} times", 0.5),
            ("1/√{v} times", -0.5),
        ):
            if all(v > 0 and abs(r / v**power - 1) < NEAR for r, v in zip(ratios, values, strict=True)):
                more = ""
                if kind == "length" and power == 1:
                    more = " A sum where a mean is meant?"
                elif kind == "length" and power == -1:
                    more = " A mean where a sum is meant, or divided twice?"
                elif kind == "value" and power in (1, -1):
                    more = f" Does `{label}` appear once too often, or not at all?"
                elif kind == "value" and power == 2:
                    more = f" Do you multiply by `{label}` where you should divide? `a / b * c` divides by b alone."
                shown = f"`{label}`" if kind == "value" else label
                return f"In every case {what} is {told.format(v=shown)} what it should be.{more}"
        if kind == "length":
            for other, others, what_kind in _sizes([a for a, *_ in cases], names):
                if what_kind == "value" and all(
                    v > 0 and abs(r * v / n - 1) < NEAR for r, v, n in zip(ratios, others, values, strict=True)
                ):
                    return f"In every case {what} is n/`{other}` times what it should be, where n is {label[3:-1]}: do you divide by `{other}`?"
        if kind == "value" and all(0 < v < 1 for v in values):
            for told, made in ((f"(1 − {label})", lambda v: 1 - v), (f"1/(1 − {label})", lambda v: 1 / (1 - v))):
                if all(abs(r / made(v) - 1) < NEAR for r, v in zip(ratios, values, strict=True)):
                    return f"In every case {what} is {told} times what it should be."
    return None


def _sizes(all_args, names):
    """Yield numbers that can be computed from an argument, as (label, the value in each case, kind).

    kind: "value" for an argument that is one number, "length" for its number of rows, columns or entries, "both" for
    the quotient of rows and columns.
    """
    for j, name in enumerate(names):
        column = [a[j] for a in all_args]
        if all(is_number(v) and numbers(v).ndim == 0 for v in column):
            yield name, [float(v) for v in column], "value"
        for axis, word in enumerate(("rows", "columns")):
            if all(is_number(v) and numbers(v).ndim > axis for v in column):
                word = "entries" if all(numbers(v).ndim == 1 for v in column) else word
                yield f"n (the number of {word} of `{name}`)", [float(numbers(v).shape[axis]) for v in column], "length"
        if all(is_number(v) and numbers(v).ndim == 2 for v in column):
            yield f"rows/columns of `{name}`", [float(len(v) / numbers(v).shape[1]) for v in column], "both"


_FUNCTIONS = (
    ("the square root of the right value", sqrt),
    ("the square of the right value", lambda w: w * w),
    ("the right value without its sign", absolute),
    ("one divided by the right value", lambda w: 1 / w),
    ("one minus the right value", lambda w: 1 - w),
    ("the logarithm of the right value", log),
    ("the logarithm (base 10) of the right value", log10),
    ("the logarithm (base 2) of the right value", log2),
    ("e to the power of the right value", exp),
    ("the sum of the right values up to each place", cumsum),
)


def _function_of(cases, names):
    for words, made in _FUNCTIONS:
        if _all(cases, lambda a, w, made=made: made(w)):
            return f"What you return is {words}: one operation too many or too few."
    return None


def _offset(cases, names):
    gaps = [h - w for _, w, h, _ in cases]
    first = float(gaps[0].ravel()[0])
    if abs(first) > 1e-9 and all((absolute(g - first) < NEAR * abs(first)).all() for g in gaps) and len(cases) > 1:
        if abs(abs(first) - 1) < NEAR and all((w == rint(w)).all() for _, w, _, _ in cases):
            return f"It is always one too {'many' if first > 0 else 'few'}."
        return f"It is always {abs(first):.4g} too {'large' if first > 0 else 'small'}."
    for j, name in enumerate(names):
        for word, sign in (("added", 1), ("subtracted", -1)):
            if _all(cases, lambda a, w, j=j, sign=sign: w + sign * numbers(a[j]) if is_number(a[j]) else None):
                return (
                    f"It is the right value with `{name}` {word} once too often (or the other way round once too few)."
                )
    return None


def _rounded(cases, names):
    for made in (rint, trunc, floor):
        if _all(cases, lambda a, w, made=made: made(w)):
            return "Your values are whole numbers: the decimals are lost, as when floats are put into an array of integers."
    for digits in range(1, 7):
        if _all(cases, lambda a, w, digits=digits: around(w, digits)):
            return f"Your values are rounded to {digits} decimals. Return them as they are."
    return None


def _clipped(cases, names):
    """Return a sentence if no value of the learner crosses a limit that some right values cross; else None."""
    off = [(w[~close(w, h, NEAR).reshape(w.shape)], h[~close(w, h, NEAR).reshape(w.shape)]) for _, w, h, _ in cases]
    wrong = [(w, h) for w, h in off if w.size]
    limits = {float(x) for _, h in wrong for x in h.ravel()}
    if len(limits) != 1 or len(wrong) == len(cases):
        return None
    limit = limits.pop()
    if sum(w.size for w, _ in wrong) < (1 if limit in (0, 1) else 2):
        return None
    if all((w > limit).all() for w, _ in wrong) and all((h <= limit + NEAR).all() for _, _, h, _ in cases):
        return f"Nothing of yours is larger than {limit:g}, where the right values are: is something cut off, with `min` or `minimum`?"
    if all((w < limit).all() for w, _ in wrong) and all((h >= limit - NEAR).all() for _, _, h, _ in cases):
        return f"Nothing of yours is smaller than {limit:g}, where the right values are: is something cut off, with `max` or `maximum`?"
    return None


def _order(cases, names):
    if all(w.ndim >= 1 for _, w, _, _ in cases) and _all(cases, lambda a, w: w[::-1]):
        return "The right values, in the reverse order."
    if all(w.ndim == 2 and w.shape[0] == w.shape[1] for _, w, _, _ in cases) and _all(cases, lambda a, w: w.T):
        return "It is the transposed of the right table: rows and columns are exchanged."
    return None


def _shifted(cases, names):
    long = [(w, h) for _, w, h, _ in cases if w.ndim and len(w) > 2]
    if not long or len(long) < len(cases) and not all(ok for _, w, _, ok in cases if not (w.ndim and len(w) > 2)):
        return None
    if all(near(h[1:], w[:-1]) for w, h in long):
        return "Each entry is the one that belongs a place earlier: you are one step behind."
    if all(near(h[:-1], w[1:]) for w, h in long):
        return "Each entry is the one that belongs a place later: you are one step ahead."
    return None


def _transposed(plain):
    if plain and all(
        w is not None and h is not None and w.ndim == 2 and h.shape == w.T.shape and near(w.T, h)
        for _, w, h, _ in plain
    ):
        return "It is the transposed of the right table: rows and columns are exchanged."
    return None


# ---- where it is right, and where it is not


def _from_some_step_on(cases, total):
    """Return a sentence if the results are sequences that are right up to one place, the same place in every case,
    and wrong in all entries after it; else None.
    """
    long = [(w, h) for _, w, h, ok in cases if w.ndim and len(w) > 2]
    if len(long) < 2 or len(cases) < total or any(not ok for _, w, _, ok in cases if not (w.ndim and len(w) > 2)):
        return None
    starts = []
    for w, h in long:
        right = close(w, h, NEAR, 0.0).reshape(len(w), -1).all(axis=1)
        first = int(right.argmin())
        if right.all() or first == 0 or right[first:].any():
            return None
        starts.append(first)
    if len(set(starts)) > 1:
        return None
    begins = f"first {starts[0]} are" if starts[0] > 1 else "first one is"
    return f"The {begins} right, and all that follow are wrong: what has to be carried along from one to the next, and is it?"


def _along_an_argument(cases, total, names):
    """Return a sentence if the error of the result is a multiple of one argument in every case; else None."""
    if len(cases) < total or sum(w.size > 1 and not ok for _, w, _, ok in cases) < 2:
        return None  # any single number is a multiple of any other, so this would explain nothing
    for j, name in enumerate(names):
        if any(not is_number(a[j]) or numbers(a[j]).shape != w.shape for a, w, _, _ in cases):
            continue
        ratios = [_ratio([(numbers(a[j]).astype(float), h - w)]) for a, w, h, ok in cases if not ok]
        if all(r is not None for r in ratios):
            return f"What is too much or too little is always a multiple of `{name}`: look at the place where `{name}` comes in."
    return None


def _some_places(cases):
    """Return a sentence if one entry of each wrong result, the first or the last, is the only wrong one or the only
    right one; else None.
    """
    wrong = [(w, ~close(w, h, NEAR, 0.0)) for _, w, h, ok in cases if not ok and w.ndim and w.size > 1]
    if len(wrong) < 2 or len(wrong) < sum(not ok for *_, ok in cases) or any(m.all() for _, m in wrong):
        return None
    for words, at in (("first", lambda n: {0}), ("last", lambda n: {n - 1})):
        if all(set(m.nonzero()[0].tolist()) == at(w.size) for w, m in wrong):
            return f"Only the {words} entry is wrong."
        if all(set((~m).nonzero()[0].tolist()) == at(w.size) for w, m in wrong):
            return f"Only the {words} entry is right."
    return None


def is_number(value: Any) -> bool:
    """Is the value a single number or an array of numbers? False for a list and a text.

    >>> is_number(2.5), is_number(around([1.0, 2.0])), is_number([1.0, 2.0])
    (True, True, False)
    """
    return not isinstance(value, (str, tuple, list, dict, types.FunctionType)) and numbers(value) is not None


def _fraction(r):
    """Return a number as text: 0.5 as a decimal, 0.3333 as 1/3, and so on."""
    for below in range(1, 13):
        above = r * below
        if abs(above - round(above)) < 1e-6 and 0 < abs(round(above)) < 100:
            return f"{round(above)}/{below}" if below > 2 else f"{r:g}"
    return f"{r:.4g}"
