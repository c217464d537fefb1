"""Compare a result with the expected one: what differs, and where?

NumPy's functions are imported by name, so a notebook that overwrites `np.abs` cannot change the comparison.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Number
from typing import Any

from numpy import abs as absolute
from numpy import array, asarray, bool_, complexfloating, finfo, float32, generic, isfinite, isnan, ndarray

EPS = float(finfo(float).eps)
EPS_SINGLE = float(finfo(float32).eps)
SINGLE = 1e-5  # the tolerance for results in single precision (float32)


@dataclass(frozen=True)
class Difference:
    """How a result differs.

    kind: the code of the verdict; text: a sentence about it, or ""; where: the path to the part that differs.
    more: what the exercise's law says of further mistakes in the same result.
    """

    kind: str
    text: str
    where: tuple = ()
    more: tuple = ()


def difference(
    expected: Any, got: Any, tolerance: float = 1e-6, scale: float = 0.0, eps: float = EPS
) -> Difference | None:
    """Return the first Difference between two outputs, or None.

    tolerance: the allowed relative error of each number. scale: the largest number in the arguments; a rounding
    error of this number is allowed, too. eps: the precision in which the numbers were computed.

    Tuples, lists, arrays, NumPy scalars and Python numbers are equal if they hold the same numbers.

    >>> difference(array([1.0, 2.0, 3.0]), [1.0, 2.0]).text
    'Expected an array of shape (3,); your function returns an array of shape (2,).'
    """
    if isinstance(expected, tuple) and len(expected) > 1:
        return _parts(expected, got, tolerance, scale, eps)
    if isinstance(expected, Mapping):
        return _mapping(expected, got, tolerance, scale, eps)
    if expected is None:
        return None if got is None else Difference("type", f"Here `None` is the answer; yours is {kind_of(got)}.")
    if isinstance(expected, (str, bool, bool_)):
        return _plain(expected, got)
    want = numbers(expected)
    if want is None:  # a ragged list or a list of strings, for example
        return _parts(tuple(expected), got, tolerance, scale, eps)
    return _numbers(want, got, tolerance, scale, eps)


def same(a: Any, b: Any, tolerance: float = 1e-9, scale: float = 0.0) -> bool:
    """Are two results of any kind equal, up to rounding? nan equals nan.

    >>> same((1.0, float("nan")), [1.0 + 1e-15, float("nan")]), same(1.0, 1.1)
    (True, False)
    """
    try:
        if isinstance(a, (tuple, list)) and isinstance(b, (tuple, list)):
            return len(a) == len(b) and all(same(x, y, tolerance, scale) for x, y in zip(a, b, strict=True))
        if isinstance(a, Mapping) and isinstance(b, Mapping):
            return a.keys() == b.keys() and all(same(a[k], b[k], tolerance, scale) for k in a)
        x, y = numbers(a), numbers(b)
        if x is None or y is None:
            return x is y and type(a) is type(b) and (a is b or isinstance(a, str) and a == b)
        return x.shape == y.shape and bool(close(x, y, tolerance, scale).all())
    except Exception:
        return False


def can_be_compared(value: Any) -> bool:
    """Is the value of a kind that `same` can compare?

    >>> can_be_compared({"loss": [1.0, 2.0]}), can_be_compared(object())
    (True, False)
    """
    if isinstance(value, (tuple, list)):
        return all(map(can_be_compared, value))
    if isinstance(value, Mapping):
        return all(map(can_be_compared, value.values()))
    return value is None or isinstance(value, str) or numbers(value) is not None


def numbers(value: Any) -> ndarray | None:
    """Return the value as an array of numbers, or None if it cannot be one.

    >>> numbers([1, 2.5]), numbers("2.5"), numbers([[1], [2, 3]])
    (array([1. , 2.5]), None, None)
    """
    if isinstance(value, (str, bytes, Mapping, type)) or callable(value) and not isinstance(value, (ndarray, generic)):
        return None
    try:
        found = asarray(value)
        if found.dtype == object:
            found = array([float(v) for v in found.ravel()]).reshape(found.shape)  # for Fraction, Decimal, SymPy
    except Exception:
        return None
    return found if found.dtype.kind in "buifc" else None


def size_of(values: Any) -> float:
    """Return the largest finite number in the values, without its sign: the scale for rounding errors.

    >>> size_of([array([3.0, -7.0]), float("inf"), "text"])
    7.0
    """
    largest = 0.0
    for value in values.values() if isinstance(values, Mapping) else values:
        if isinstance(value, (tuple, list, Mapping)):
            largest = max(largest, size_of(value))
            continue
        found = numbers(value) if isinstance(value, (ndarray, generic, Number)) else None
        if found is not None and found.size:
            finite = absolute(found[isfinite(found)])
            largest = max(largest, float(finite.max()) if finite.size else 0.0)
    return largest


@dataclass(frozen=True)
class Other:
    """A description that replaces a value that cannot be sent to another process, such as a function."""

    kind: str  # what `kind_of` returns for it
    shown: str  # the text that a learner sees


def size(value: Any) -> int:
    """Return about how many numbers a value holds. A tuple or a list of n entries counts n in addition to its entries.

    >>> size(5.0), size([1, 2, 3]), size(array([1, 2, 3]))
    (1, 6, 3)
    """
    if isinstance(value, (tuple, list)):
        return len(value) + sum(map(size, value[:100]))
    if isinstance(value, Mapping):
        return sum(map(size, value.values()))
    return getattr(value, "size", 1) if isinstance(value, ndarray) else 1


def kind_of(value: Any) -> str:
    """Return what a value is, in words for a learner: "a list", "a number".

    >>> kind_of([1, 2]), kind_of(array([1, 2])), kind_of(True)
    ('a list of 2', 'an array of shape (2,)', '`True`')
    """
    if isinstance(value, Other):
        return value.kind
    if value is None:
        return "`None`"
    if isinstance(value, ndarray):
        return f"an array of shape {value.shape}" if value.ndim else "a number"
    if isinstance(value, (bool, bool_)):
        return f"`{bool(value)}`"
    if isinstance(value, (Number, generic)) and not isinstance(value, str):
        return "a complex number" if isinstance(value, (complex, complexfloating)) else "a number"
    if isinstance(value, str):
        return "a string"
    if isinstance(value, tuple):
        return f"a tuple of {len(value)}"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, (set, frozenset)):
        return "a set"
    if isinstance(value, Mapping):
        return "a dictionary"
    if isinstance(value, type):
        return f"the class `{value.__name__}`"
    if hasattr(value, "__next__"):
        return "a generator"
    if hasattr(value, "cr_await"):
        return "a coroutine (from `async def`)"
    if callable(value):
        return "a function"
    name = type(value).__name__
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


def _parts(expected, got, tolerance, scale, eps):
    want = f"{len(expected)} values"
    if kind_of(got) == "a set":
        return Difference(
            "structure",
            f"Expected {want}; your function returns a set, `{{…}}`, which has no order. Write them with commas only.",
        )
    if isinstance(got, (str, bytes, Mapping)) or not hasattr(got, "__len__") or getattr(got, "ndim", 1) == 0:
        return Difference("structure", f"Expected {want}; your function returns {kind_of(got)}.")
    if not isinstance(got, (tuple, list, ndarray)):
        got = list(got)
    if len(got) != len(expected):
        return Difference("structure", f"Expected {want}; your function returns {kind_of(got)}.")
    for i, part in enumerate(expected):
        found = difference(part, got[i], tolerance, scale, eps)
        if found:
            return Difference(found.kind, found.text, (i, *found.where))
    return None


def _mapping(expected, got, tolerance, scale, eps):
    keys = ", ".join(f"`{k}`" for k in expected)
    if not isinstance(got, Mapping):
        return Difference("structure", f"Expected a dictionary with {keys}; your function returns {kind_of(got)}.")
    if set(got) != set(expected):
        found = ", ".join(f"`{k}`" for k in got) or "nothing"
        return Difference("structure", f"Expected a dictionary with {keys}; yours holds {found}.")
    for key, part in expected.items():
        found = difference(part, got[key], tolerance, scale, eps)
        if found:
            return Difference(found.kind, found.text, (key, *found.where))
    return None


def _plain(expected, got):
    if isinstance(got, enum.Enum):
        got = got.value if isinstance(got.value, type(expected)) else got.name
    if isinstance(got, ndarray) and got.ndim == 0:
        got = got.item()
    word = "a string" if isinstance(expected, str) else "`True` or `False`"
    if not isinstance(got, str if isinstance(expected, str) else (bool, bool_)):
        return Difference("type", f"Expected {word}; your function returns {kind_of(got)}.")
    return None if str(got) == str(expected) else Difference("value", "")


def _numbers(want, got, tolerance, scale, eps):
    asked = "one number" if want.ndim == 0 else f"an array of shape {want.shape}"
    if isinstance(got, (list, tuple)) and want.ndim == 0 and len(got) != 1:
        return Difference("structure", f"Expected {asked}; your function returns {kind_of(got)}.")
    have = numbers(got)
    if have is None:
        kind = "shape" if isinstance(got, (list, tuple)) else "type"
        return Difference(
            kind,
            f"Expected {asked}; your function returns {kind_of(got)} that is not all numbers of one shape."
            if kind == "shape"
            else f"Expected {asked}; your function returns {kind_of(got)}.",
        )
    if have.dtype.kind == "b" and want.dtype.kind != "b":
        return Difference("type", f"Expected {asked}; your function returns {kind_of(got)}, which is true or false.")
    if have.dtype.kind == "c" and want.dtype.kind != "c":
        if absolute(have.imag).max(initial=0) > 0 or isnan(have).any():
            return Difference("type", f"Expected {asked}; your function returns complex numbers.")
        have = have.real
    if have.shape != want.shape:
        mine = "one number" if have.ndim == 0 else f"an array of shape {have.shape}"
        return Difference("shape", f"Expected {asked}; your function returns {mine}.")
    if (isnan(have) & ~isnan(want)).any() or (~isfinite(have) & isfinite(want)).any():
        word = "nan" if isnan(have).any() else "inf"
        return Difference(
            "nan",
            f"Your answer holds `{word}` where a finite number is expected."
            if isfinite(want).all()
            else f"Your answer holds `{word}` where it should not.",
        )
    return None if close(want, have, tolerance, scale, eps).all() else Difference("value", "")


def close(want: ndarray, have: ndarray, tolerance: float, scale: float = 0.0, eps: float = EPS) -> ndarray:
    """For each number in `have`: is it close enough to the one in `want`?

    The allowed error is `tolerance` times the number in `want`, plus 64 · `eps` · (`scale` + the largest in `want`).

    >>> close(array([1.0, 1e9]), array([1.001, 1e9 + 1]), tolerance=1e-6)
    array([False,  True])
    """
    want, have = want.reshape(-1), have.reshape(-1)
    if want.dtype.kind not in "fc":
        want = want.astype(float)
    equal = (want == have) | (isnan(want) & isnan(have))
    both = isfinite(want) & isfinite(have)
    largest = float(absolute(want[both]).max(initial=0))
    gap = absolute(want[both] - have[both])
    equal[both] |= gap <= tolerance * absolute(want[both]) + 64 * eps * (scale + largest)
    return equal


# ---- single precision


def narrow(value: Any, precision: type = float32) -> Any:
    """Return the value with every float in it rounded to single precision.

    >>> float(narrow({"w": 0.1})["w"])
    0.10000000149011612
    """
    if isinstance(value, (tuple, list)):
        return type(value)(narrow(v, precision) for v in value)
    if isinstance(value, Mapping):
        return {k: narrow(v, precision) for k, v in value.items()}
    if isinstance(value, ndarray) and value.dtype.kind == "f":
        return value.astype(precision)
    return precision(value) if isinstance(value, float) else value


def is_narrow(value: Any) -> bool:
    """Does the value hold NumPy numbers of type float32?

    >>> is_narrow([narrow(0.1)]), is_narrow(0.1)
    (True, False)
    """
    if isinstance(value, (tuple, list)):
        return any(is_narrow(v) for v in value[:20])
    if isinstance(value, Mapping):
        return any(is_narrow(v) for v in value.values())
    return "float32" in str(getattr(value, "dtype", ""))


def as_near(want: Any, got: Any, other: Any, scale: float) -> bool:
    """Is `got` about as near to `want` as `other`, a right result computed in single precision?

    >>> as_near(1.0, 1.0001, other=1.0001, scale=1.0), as_near(1.0, 1.0001, other=1.0, scale=1.0)
    (True, False)
    """
    found = difference(want, got, SINGLE, scale, EPS_SINGLE)
    if found is None:
        return True
    if isinstance(want, tuple) and len(want) > 1:
        try:
            return len(got) == len(want) and all(map(as_near, want, got, other, [scale] * len(want)))
        except TypeError:
            return False
    if isinstance(want, Mapping):
        return isinstance(got, Mapping) and all(k in got and as_near(want[k], got[k], other[k], scale) for k in want)
    if found.kind != "value":
        return False
    a, b, c = numbers(want), numbers(got), numbers(other)
    if a is None or b is None or c is None or a.shape != c.shape or a.dtype.kind == "b":
        return same(got, other)
    off = absolute(a.astype(float) - c.astype(float))
    if not isfinite(off).all():
        return False
    gap, room = (
        absolute(a.astype(float) - b.astype(float)),
        SINGLE * absolute(a) + 64 * EPS_SINGLE * (scale + absolute(a).max(initial=0)),
    )
    return bool((gap <= 8 * off.max(initial=0) + room).all())
