"""Outcomes as JSON: what a learner's kernel sends and the grader reads. Arrays go as raw bytes; nothing is ever unpickled.

What arrives is a stranger's: `decode` takes only the shapes it knows and raises ValueError for anything else.
"""

import base64
import math
from collections.abc import Mapping

import numpy as np

from ..exercises.judge.compare import Other, kind_of
from ..exercises.judge.decide import KINDS as SIGNS
from ..exercises.judge.decide import Outcome, Sign
from ..exercises.judge.show import show

LARGEST = 4_000_000  # bytes of numbers and text in all outcomes of an exercise
KINDS = ("value", "raised", "timeout", "none", "structure")


class TooLarge(ValueError):
    """More numbers than any exercise asks for."""


def encode(outcomes):
    """Outcomes as plain JSON data; from the one on that makes them too large, only that they were."""
    left, found = [LARGEST], []
    for outcome in outcomes:
        try:
            found.append(_fields(outcome) | {"value": _value(outcome.value, left)})
        except (ValueError, RecursionError) as error:
            text = (
                "more numbers than anybody asked for"
                if isinstance(error, TooLarge)
                else "something that cannot be sent"
            )
            found.append(
                _fields(Outcome("structure", text=text, printed=outcome.printed, mutated=outcome.mutated))
                | {"value": None}
            )
    return found


def decode(data, arguments):
    """The Outcome in JSON data of unknown origin, for a call with that many arguments."""
    kind, line, mutated = data["kind"], data["line"], data["mutated"]
    if kind not in KINDS or type(line) is not int or not all(type(i) is int and 0 <= i < arguments for i in mutated):
        raise ValueError("not an outcome")
    texts = {name: str(data[name])[:2_000] for name in ("error", "text", "source", "printed")}
    return Outcome(
        kind, _unvalue(data["value"]), line=line, mutated=tuple(mutated), single=data.get("single") is True, **texts
    )


def decode_signs(data):
    """The Signs in JSON data of unknown origin; raises ValueError for anything else."""
    signs = [Sign(str(kind), str(name)[:80], str(line)[:200]) for kind, name, line in data[:20]]
    if any(sign.kind not in SIGNS for sign in signs):
        raise ValueError("not a sign")
    return tuple(signs)


def _fields(outcome):
    texts = {name: getattr(outcome, name)[:2_000] for name in ("error", "text", "source", "printed")}
    return {
        "kind": outcome.kind,
        "line": outcome.line,
        "mutated": list(outcome.mutated),
        "single": outcome.single,
        **texts,
    }


def _value(value, left):
    """Numbers, text, None and booleans as they are, everything else as [tag, …]; `left` counts the bytes down."""
    left[0] -= getattr(value, "nbytes", 8) if not isinstance(value, str) else len(value)
    if left[0] < 0:
        raise TooLarge
    if value is None or type(value) in (bool, str) or type(value) is int and abs(value) < 2**63:
        return value
    if type(value) is float:
        return value if math.isfinite(value) else ["float", repr(value)]
    if isinstance(value, (tuple, list)):
        return ["tuple" if isinstance(value, tuple) else "list", *(_value(v, left) for v in value)]
    if isinstance(value, Mapping):
        return ["dict", *([_value(k, left), _value(v, left)] for k, v in value.items())]
    if isinstance(value, (np.ndarray, np.generic, complex, float, int)):
        array = np.asarray(value)
        if array.dtype == object:  # integers beyond 64 bits, Fraction, Decimal
            array = array.astype(float)
        if array.dtype.kind in "biufc":
            raw = base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()
            return ["array" if isinstance(value, np.ndarray) else "scalar", array.dtype.str, list(array.shape), raw]
    return ["other", kind_of(value), show(value)[:80]]


def _unvalue(data):
    if not isinstance(data, list):
        if data is None or isinstance(data, (bool, int, float, str)):
            return data
        raise ValueError("not a value")
    tag, *rest = data
    if tag == "float":
        return float(rest[0])
    if tag in ("tuple", "list"):
        parts = [_unvalue(v) for v in rest]
        return tuple(parts) if tag == "tuple" else parts
    if tag == "dict":
        return {_unvalue(k): _unvalue(v) for k, v in rest}
    if tag in ("array", "scalar"):
        kind, shape, raw = rest
        dtype = np.dtype(str(kind))
        if dtype.kind not in "biufc":
            raise ValueError("not numbers")
        array = np.frombuffer(base64.b64decode(raw, validate=True), dtype).reshape([int(n) for n in shape]).copy()
        return array if tag == "array" else array[()]
    if tag == "other":
        return Other(str(rest[0])[:80], str(rest[1])[:80])
    raise ValueError("not a value")
