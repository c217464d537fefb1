"""The data that a learner's kernel sends and the grader reads, as JSON. Arrays are sent as raw bytes.

A notebook can send anything in place of these data, so nothing is unpickled. `arrived` checks the data against a
schema, and makes their texts safe for all tables and pages. `decode` turns the data into Outcomes, the results of
calls. Data of any other form raise ValueError.
"""

import base64
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping

import fastjsonschema
import numpy as np

from ..exercises.judge.compare import Other, kind_of
from ..exercises.judge.decide import KINDS as SIGNS
from ..exercises.judge.decide import Outcome, Sign
from ..exercises.judge.show import show

LARGEST = 4_000_000  # the largest number of bytes in all results of one exercise
REMARK = "gdcourse"  # shell.py adds payloads with this `source` to a Jupyter reply
LONGEST = 2_000  # the largest number of characters of one text


class TooLarge(ValueError):
    """The result contains more numbers than any exercise asks for."""


KINDS = ("value", "raised", "timeout", "none", "structure")


# lone surrogates, control characters, and characters that change the direction of the text around them
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def clean(text: str, longest: int = LONGEST) -> str:
    r"""Return the text, shortened and without characters that cannot be written to every file or shown on every page.

    >>> clean("a right-to-left mark: \u202e")
    'a right-to-left mark: \\u202e'
    """
    text = text if len(text) <= longest else text[: longest - 1] + "…"
    return _UNSAFE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def _schema(properties: dict, *required: str) -> dict:
    return {"type": "object", "properties": properties, "required": list(required)}


_TEXT, _WHOLE = {"type": "string"}, {"type": "integer"}
_OUTCOME = _schema(
    {
        "kind": {"enum": list(KINDS)},
        "line": _WHOLE,
        "mutated": {"type": "array", "items": _WHOLE, "maxItems": 50},
        "single": {"type": "boolean"},
        **dict.fromkeys(("error", "text", "source", "printed"), _TEXT),
    },
    *("kind", "line", "mutated", "error", "text", "source", "printed", "value"),
)
SCHEMAS = {
    # one line of a kernel's report: the kind of action that was refused, and its target
    "event": _schema(
        {"kind": {"enum": ["write", "read", "kill", "limits", "network", "processes"]}, "what": _TEXT}, "kind"
    ),
    # the supervisor's report on how a kernel ended
    "end": _schema({"kind": _TEXT, "what": _TEXT, "number": _WHOLE, "peak": _WHOLE}, "kind", "peak"),
    # the reply to a request: the error that stopped the cell, the kernel's remarks, the answer
    "reply": _schema(
        {
            "status": _TEXT,
            "ename": _TEXT,
            "evalue": _TEXT,
            "payload": {
                "type": "array",
                "items": _schema({"source": _TEXT, "said": _TEXT}, "source"),
                "maxItems": 1000,
            },
            "user_expressions": _schema({"answer": {"type": "object"}}),
        },
        "status",
    ),
    # the results of a function, or why it was not called
    "answer": _schema(
        {
            "replaced": {"type": "array", "items": _TEXT, "maxItems": 100},
            "early": {
                "type": "array",
                "items": [{"enum": ["missing", "untouched", "signature"]}, _TEXT],
                "minItems": 2,
                "maxItems": 2,
            },
            "outcomes": {"type": "array", "items": _OUTCOME, "maxItems": 10_000},
            "fresh": {"type": "array", "items": _OUTCOME, "maxItems": 10_000},
            "signs": {"type": "array", "items": {"type": "array", "items": _TEXT, "minItems": 3, "maxItems": 3}},
        },
        "replaced",
    ),
}
_validate: dict[str, Callable] = {name: fastjsonschema.compile(schema) for name, schema in SCHEMAS.items()}


def arrived(name: str, data: object) -> dict:
    """Return JSON data of unknown origin, parsed and with clean texts, if they fit the schema `name`.

    data: JSON text, or data that are parsed already. Raises ValueError if they do not fit the schema.

    >>> arrived("event", '{"kind": "kill", "what": "17"}')
    {'kind': 'kill', 'what': '17'}
    >>> arrived("event", '{"kind": "greet"}')
    Traceback (most recent call last):
    ValueError: data.kind must be one of ['write', 'read', 'kill', 'limits', 'network', 'processes']
    """
    try:
        data = json.loads(data) if isinstance(data, (str, bytes)) else data
        return _validate[name](_clean_all(data))
    except (RecursionError, MemoryError):
        raise ValueError("the data are nested too deeply") from None
    except fastjsonschema.JsonSchemaValueException as error:
        raise ValueError(clean(str(error.message), 200)) from None


def _clean_all(data: object) -> object:
    """Return JSON data with all texts made safe, at full length."""
    if isinstance(data, str):
        return clean(data, 2 * LARGEST)
    if isinstance(data, list):
        return [_clean_all(v) for v in data]
    if isinstance(data, dict):
        return {clean(k): _clean_all(v) for k, v in data.items()}
    return data


def encode(outcomes: Iterable[Outcome]) -> list[dict]:
    """Return Outcomes (the results of calls) as plain JSON data.

    If the data become too large, a note replaces this Outcome and all after it.

    >>> encode([Outcome("value", (1.5, float("inf")))])[0]["value"]
    ['tuple', 1.5, ['float', 'inf']]
    """
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


def decode(data: dict, arguments: int) -> Outcome:
    """Return the Outcome in JSON data of unknown origin. arguments: how many arguments the call had.

    >>> decode(encode([Outcome("value", (1.5, np.arange(3)), mutated=(0,))])[0], arguments=1).value
    (1.5, array([0, 1, 2]))
    """
    kind, line, mutated = data["kind"], data["line"], data["mutated"]
    if kind not in KINDS or type(line) is not int or not all(type(i) is int and 0 <= i < arguments for i in mutated):
        raise ValueError("not an outcome")
    texts = {name: str(data[name])[:2_000] for name in ("error", "text", "source", "printed")}
    return Outcome(
        kind, _unvalue(data["value"]), line=line, mutated=tuple(mutated), single=data.get("single") is True, **texts
    )


def decode_signs(data: list) -> tuple[Sign, ...]:
    """Return the Signs in JSON data of unknown origin; raises ValueError for anything else.

    >>> decode_signs([["caret", "", "w^2"]])
    (Sign(kind='caret', name='', line='w^2'),)
    """
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
    """Return a value as JSON data: numbers, text, None and booleans unchanged, everything else as [tag, …].

    left: a list with one number, how many bytes may still be used; `_value` reduces it.
    """
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
