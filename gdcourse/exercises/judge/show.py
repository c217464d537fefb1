"""Write values as a learner reads them: short, exact, and with enough digits to see a difference."""

import re
from types import FunctionType
from typing import Any

from numpy import absolute, inf, isfinite, ndarray, unravel_index
from numpy.random import Generator

from .compare import Difference, Other, numbers

WHOLE = 12  # longer arrays and lists are shown in part


def show(value: Any, digits: int = 4, indent: int = 0) -> str:
    """Return a value as text: on one line, or on a few lines for a small table.

    >>> print(show(([1.0, 0.25], "mean")), show(lambda w: w))
    ([1.0, 0.25], 'mean') a function
    """
    if isinstance(value, Other):
        return value.shown
    if isinstance(value, (set, frozenset)):
        return f"a set of {len(value)}"  # not its entries, because a set has no fixed order
    found = value if isinstance(value, ndarray) else None
    if found is not None and found.dtype.kind in "biufc" and found.ndim:
        return _array(found, digits, indent)
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return repr(value)
    if isinstance(value, (tuple, list)):
        left, right = "()" if isinstance(value, tuple) else "[]"
        parts = [show(v, digits) for v in value[:WHOLE]]
        more = [f"… {len(value)} in all"] if len(value) > WHOLE else []
        comma = "," if isinstance(value, tuple) and len(value) == 1 else ""
        return left + ", ".join(parts + more) + comma + right
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k!r}: {show(v, digits)}" for k, v in value.items()) + "}"
    # a callable object whose class defines __repr__ in Python is shown by that __repr__, further below
    if callable(value) and not isinstance(type(value).__repr__, FunctionType):
        name = getattr(value, "__name__", type(value).__name__)
        return "a function" if name == "<lambda>" else f"the function {name}"
    if isinstance(value, Generator):
        return "a random generator"
    found = numbers(value)
    if found is None or found.ndim:
        text = re.sub(r" at 0x[0-9a-fA-F]+", "", repr(value))  # a learner can do nothing with a memory address
        return text if len(text) < 80 else f"{text[:77]}…"
    return number(found.item(), digits)


def number(x: float, digits: int = 4) -> str:
    """Return a number as text with `digits` significant digits; with all its digits if they are few.

    >>> number(1 / 3), number(0.0625), number(123456.7)
    ('0.3333', '0.0625', '1.235e+05')
    """
    if not isinstance(x, float):
        return str(x)
    short = f"{x:.{digits}g}"
    return short if float(short) != x or "e" in short else repr(x) if len(repr(x)) <= digits + 3 else short


def _array(a, digits, indent):
    if a.size == 0:
        return f"an empty array of shape {a.shape}"
    if a.ndim == 1 and a.size <= WHOLE:
        return "[" + ", ".join(number(x, digits) for x in a.tolist()) + "]"
    if a.ndim == 2 and a.size <= 2 * WHOLE and len(a) <= 8:
        rows = [[number(x, digits) for x in row] for row in a.tolist()]
        wide = max(len(x) for row in rows for x in row)
        return (
            "["
            + f",\n{' ' * (indent + 1)}".join("[" + ", ".join(x.rjust(wide) for x in row) + "]" for row in rows)
            + "]"
        )
    start = ", ".join(number(x, digits) for x in a.ravel()[:4].tolist())
    return f"an array of shape {a.shape}, beginning {start}, …"


def pair_of(mine: Any, theirs: Any, fault: Difference | None = None) -> list[str]:
    """Return the lines "yours: …" and "expected: …", with enough digits to tell the two apart.

    For large arrays, a further line shows the entry that differs most.

    >>> pair_of(0.333334, 1 / 3)
    ['yours:    0.333334', 'expected: 0.333333']
    """
    lines, where = [], fault.where if fault else ()
    if isinstance(theirs, tuple) and where and isinstance(where[0], int):
        lines, mine, theirs = [f"{ordinal(where[0])} value:"], mine[where[0]], theirs[where[0]]
    a, b = numbers(mine), numbers(theirs)
    if a is None or b is None or a.shape != b.shape or "c" in (a.dtype.kind, b.dtype.kind) or not a.size:
        return [*lines, f"yours:    {show(mine, indent=10)}", f"expected: {show(theirs, indent=10)}"]
    digits = _digits_needed(a, b)
    if a.ndim:
        lines += [f"yours:    {show(a, digits, 10)}", f"expected: {show(b, digits, 10)}"]
    else:
        lines += [f"yours:    {number(a.item(), digits)}", f"expected: {number(b.item(), digits)}"]
    gap = absolute(a.reshape(-1) - b.reshape(-1).astype(float))
    gap[~isfinite(gap)] = inf
    if a.size > WHOLE:
        worst = unravel_index(int(gap.argmax()), a.shape)
        lines.append(
            f"{int((gap > gap.max() / 1000).sum())} of {a.size} entries differ, most at {list(map(int, worst))}: "
            f"yours {number(a[worst].item(), digits)}, expected {number(b[worst].item(), digits)}"
        )
    if digits > 6 and gap.max() < inf:
        lines.append(f"they differ by {gap.max():.1e}")
    return lines


def ordinal(i: int) -> str:
    """Return the ordinal word of an index: ordinal(0) is "first".

    >>> ordinal(0), ordinal(5)
    ('first', '6th')
    """
    return ("first", "second", "third", "fourth", "fifth")[i] if i < 5 else f"{i + 1}th"


def _digits_needed(a: ndarray, b: ndarray) -> int:
    """Return the smallest number of digits, at least 4, that makes all differing entries look different."""
    apart = [(x, y) for x, y in zip(a.ravel().tolist(), b.ravel().tolist(), strict=True) if x != y]
    if not apart:
        return 4
    largest = max(abs(x - y) for x, y in apart if x == x and y == y) if any(x == x and y == y for x, y in apart) else 0
    # entries that differ only by rounding may look the same
    apart = [(x, y) for x, y in apart if abs(x - y) > 1e-3 * largest]
    for digits in range(4, 17):
        if all(f"{x:.{digits}g}" != f"{y:.{digits}g}" for x, y in apart):
            return digits
    return 17
