"""Find a property that all inputs (or right answers) with a wrong result have, and no other input; or the reverse."""

import re

from numpy import unique

from .compare import numbers
from .patterns import is_number


def in_common(cases: list[tuple], names: tuple[str, ...]) -> str | None:
    """Return a sentence on a property that separates the inputs or answers that go wrong from the rest, or None.

    With fewer than ENOUGH cases the property may be a coincidence; the judge then does not show the sentence.

    >>> cases = [((w,), abs(w), w, w >= 0) for w in (-2.0, 1.0, 3.0, -0.5)]
    >>> in_common(cases, ("w",))
    'It is wrong exactly where `w` is negative.'
    """
    return _which_inputs(cases, names) or _which_answers(cases)


ENOUGH = 12  # with fewer cases, the judge does not show the sentence of `in_common`
CLAIM = re.compile(
    "(exactly where|exactly when|only where|Wherever the answer)"
)  # a sentence of `in_common` with one of these phrases claims a reason


def _which_answers(cases):
    """Return a sentence on which answers go wrong, if each result is a single word or number; or None.

    For example: one right answer is never given, one is always wrong, or two are exchanged.
    """
    if not all(_is_single_answer(w) and _is_single_answer(h) for _, w, h, _ in cases):
        return None
    became = {}
    for _, w, h, ok in cases:
        became.setdefault(_plainly(w), set()).add(_plainly(w) if ok else _plainly(h))
    if len({_plainly(h) for _, _, h, _ in cases}) == 1 and len(became) > 1:
        return f"You always answer {_plainly(cases[0][2])}."
    moved = {w: hs for w, hs in became.items() if hs != {w}}
    one = {w: next(iter(hs)) for w, hs in moved.items() if len(hs) == 1}
    if len(moved) == 2 == len(one) and all(one.get(h) == w for w, h in one.items()):
        return f"{' and '.join(sorted(one))} are exchanged."
    if len(moved) == 1:
        [(w, hs)] = moved.items()
        if len(hs) == 1 and w not in (_plainly(h) for _, _, h, _ in cases):
            return f"Wherever the answer is {w} you answer {next(iter(hs))}."
        return f"All the mistakes are where the answer is {w}."
    never = became.keys() - {_plainly(h) for _, _, h, _ in cases}
    if len(never) == 1 and len(became) < len(cases):
        return f"You never answer {never.pop()}."
    return None


def _is_single_answer(value):
    return isinstance(value, (str, bool)) or is_number(value) and numbers(value).ndim == 0


def _plainly(value):
    return (
        f'"{value}"' if isinstance(value, str) else f"`{value}`" if isinstance(value, bool) else f"`{float(value):.6g}`"
    )


_FEATURES = (
    # properties that an argument may have, tried in this order
    ("is False", lambda v: v.ndim == 0 and v.dtype.kind == "b" and not v),
    ("is zero", lambda v: v.ndim == 0 and v == 0),
    ("is negative", lambda v: v.ndim == 0 and v < 0),
    ("is larger than 1", lambda v: v.ndim == 0 and v > 1),
    ("is even", lambda v: v.ndim == 0 and v.dtype.kind == "i" and v % 2 == 0),
    ("is odd", lambda v: v.ndim == 0 and v.dtype.kind == "i" and v % 2 == 1),
    ("is a single number, not an array", lambda v: v.ndim == 0),
    ("is a table", lambda v: v.ndim == 2),
    ("has one entry", lambda v: v.ndim == 1 and v.size == 1),
    ("has an even number of entries", lambda v: v.ndim == 1 and len(v) % 2 == 0),
    ("has an even number of rows", lambda v: v.ndim == 2 and len(v) % 2 == 0),
    ("holds whole numbers (integers)", lambda v: v.ndim and v.dtype.kind == "i"),
    ("is all zeros", lambda v: v.ndim and not v.any()),
    ("contains a zero", lambda v: v.ndim and (v == 0).any()),
    ("contains a negative number", lambda v: v.ndim and (v < 0).any()),
    ("contains equal entries", lambda v: v.ndim == 1 and len(unique(v)) < v.size),
)


def _which_inputs(cases, names):
    """Return a sentence on one property that separates the inputs with a wrong result from the others; or None."""
    if all(not ok for *_, ok in cases) or len(cases) < 4:
        return None
    wrong = [not ok for *_, ok in cases]
    for j, name in enumerate(names):
        column = [a[j] for a, *_ in cases]
        if all(isinstance(v, str) for v in column):
            for value in sorted(set(column)):
                if [v == value for v in column] == wrong:
                    return f'It is wrong exactly when `{name}` is "{value}".'
        if not all(is_number(v) for v in column):
            continue
        for words, has in _FEATURES:
            found = [bool(has(numbers(v))) for v in column]
            if found == wrong:
                return f"It is wrong exactly where `{name}` {words}."
            if [not f for f in found] == wrong:
                return f"It is right only where `{name}` {words}."
    return None
