"""Find oddities in an answer's code without running it: an argument that is never used, `=-` instead of `-=`.

An oddity does not make an answer wrong: the learner is told of it only if the results are wrong.
"""

import ast
import dis
import inspect
import linecache
import re
import textwrap
import types
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .calls import plain_function
from .compare import numbers


@dataclass(frozen=True)
class Sign:
    """Something odd in the code.

    kind: one of KINDS below; name: the variable or text that it is about; line: the line of the learner's code.
    """

    kind: str
    name: str = ""
    line: str = ""


KINDS = (
    "unused argument",
    "overwritten argument",
    "notebook variable",
    "unused value",
    "sign after equals",
    "caret",
    "always true",
    "text",
    "whole division",
    "return in loop",
    "generator",
    "mutable default",
    "global",
    "own randomness",
)


def signs(answer: Any) -> tuple[Sign, ...]:
    """Return the Signs in the code of a function; an empty tuple for anything that is not a plain function.

    >>> signs(lambda w, g, lr: w - g)
    (Sign(kind='unused argument', name='lr', line=''),)
    """
    function = plain_function(answer)
    code = getattr(function, "__code__", None)
    if code is None:
        return ()
    try:
        return (
            *_in_bytecode(function, code),
            *_in_text(function),
            *_short_texts(code),
        )  # the short texts come last: a grading process sends only the first twenty Signs
    except Exception:
        return ()  # reading the bytecode or the source failed


def _in_bytecode(function, code):
    uses = [use for c in _with_inner(code) for use in _uses(c)]
    read = {name for what, name in uses if what == "read"}
    arguments = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    for name in arguments:
        if name not in read:
            yield Sign("unused argument", name)
        elif _overwritten(code, name):
            yield Sign("overwritten argument", name)
    for name in sorted({name for what, name in uses if what == "stored"} - read - set(arguments)):
        if not name.startswith("_"):
            yield Sign("unused value", name)
    scope = getattr(function, "__globals__", {})
    for name in sorted({name for what, name in uses if what == "global"}):
        value = scope.get(name)
        if name.isupper() or name in arguments:
            continue
        if isinstance(value, (int, float, list, np.ndarray, np.generic)) and numbers(value) is not None:
            yield Sign("notebook variable", name)
    if any(what == "caret" for what, _ in uses):
        yield Sign("caret")
    if any(what == "whole division" for what, _ in uses):
        yield Sign("whole division")
    if code.co_flags & inspect.CO_GENERATOR:
        yield Sign("generator")
    for name in sorted({name for what, name in uses if what == "global stored"}):
        yield Sign("global", name)
    defaults = getattr(function, "__defaults__", None) or ()
    for name, value in zip(
        code.co_varnames[: code.co_argcount][-len(defaults) :] if defaults else (), defaults, strict=True
    ):
        if isinstance(value, (list, dict, set, np.ndarray)):
            yield Sign("mutable default", name)
    if any(what == "attribute" and name in ("random", "default_rng") for what, name in uses) and "rng" in arguments:
        yield Sign("own randomness")


def _short_texts(code):
    found = {c for inner in _with_inner(code) for c in inner.co_consts if isinstance(c, str) and len(c) < 40}
    return (Sign("text", text) for text in sorted(found))


def _with_inner(code):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _with_inner(constant)


def _uses(code):
    """Yield (kind of use, name) for each instruction that uses a name.

    The kind is "read", "stored", "global", "global stored" or "attribute"; or, with an empty name, "caret" or "whole
    division".
    """
    before = None
    for step in dis.get_instructions(code):
        op, name = step.opname, step.argval
        parts = name if isinstance(name, tuple) else (name,)
        if op.startswith(("LOAD_FAST", "LOAD_DEREF", "LOAD_CLOSURE", "LOAD_CLASSDEREF", "LOAD_FROM_DICT_OR_DEREF")):
            yield from (("read", part) for part in parts)
        elif op == "STORE_FAST_LOAD_FAST":
            yield "read", parts[-1]
        elif op.startswith("DELETE_FAST"):
            yield "read", name
        elif op == "STORE_FAST" and before not in (
            "UNPACK_SEQUENCE",
            "UNPACK_EX",
            "STORE_FAST",
            "FOR_ITER",
            "STORE_FAST_STORE_FAST",
        ):
            yield "stored", name
        elif op in ("LOAD_GLOBAL", "LOAD_NAME"):
            yield "global", name
        elif op == "STORE_GLOBAL":
            yield "global stored", name
        elif op in ("LOAD_ATTR", "LOAD_METHOD"):
            yield "attribute", name
        elif op == "BINARY_OP" and step.argrepr in ("^", "^="):
            yield "caret", ""
        elif op == "BINARY_OP" and step.argrepr in ("//", "//="):
            yield "whole division", ""
        if op not in ("CACHE", "EXTENDED_ARG", "NOP"):
            before = op


def _overwritten(code, name):
    """Is it certain that the function gives the argument a new value before anything reads the argument?

    Only the code before the first jump is searched: False may mean that the answer is not known.
    """
    for step in dis.get_instructions(code):
        parts = step.argval if isinstance(step.argval, tuple) else (step.argval,)
        if name in parts:
            return step.opname == "STORE_FAST"
        if "JUMP" in step.opname or step.opname in ("FOR_ITER", "MAKE_CELL", "COPY_FREE_VARS", "SEND"):
            return False
    return False


def _in_text(function):
    lines = text_of(function.__code__)
    tree = parsed(lines)
    for row in lines:
        if re.search(r"[\w\])]\s*=[-+]\s+\S", row.split("#")[0]):
            yield Sign("sign after equals", "", row.strip())
    for node in ast.walk(tree) if tree else ():
        # `kind == "a" or "b"` is always true, because a text or a number other than 0 counts as true
        test = getattr(node, "test", None)
        if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or) and _holds_a_constant(test.values[1:]):
            yield Sign("always true", "", ast.unparse(test))
    for loop in ast.walk(tree) if tree else ():
        if isinstance(loop, (ast.For, ast.While)) and isinstance(loop.body[-1], ast.Return):
            yield Sign("return in loop", "", lines[loop.body[-1].lineno - 1].strip())


def _holds_a_constant(values):
    return any(isinstance(v, ast.Constant) and isinstance(v.value, (str, int, float)) and v.value for v in values)


def text_of(code: types.CodeType) -> list[str]:
    r"""Return the source lines of a function, or [] if they cannot be found.

    The end of a long last statement may be missing.

    >>> text_of(text_of.__code__)[0]
    'def text_of(code: types.CodeType) -> list[str]:\n'
    """
    last = max((line for c in _with_inner(code) for *_, line in c.co_lines() if line), default=code.co_firstlineno)
    return linecache.getlines(code.co_filename)[code.co_firstlineno - 1 : last + 3]


def parsed(lines: Sequence[str]) -> ast.Module | None:
    r"""Return the syntax tree of a function, or None if its text cannot be parsed.

    The text may end with a few lines that do not belong to the function.

    >>> ast.unparse(parsed(["def f(w):\n", "    return w\n", "f(\n"]))
    'def f(w):\n    return w'
    """
    for end in range(len(lines), max(len(lines) - 4, 0), -1):
        try:
            return ast.parse(textwrap.dedent("".join(lines[:end])))
        except SyntaxError:
            continue
    return None
