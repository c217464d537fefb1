"""What an answer shows before it is called: is it a function, the untouched starter, does it take the arguments?

And what its code says for free: an argument that is never used, a `=-` in place of `-=`. Such a sign accuses nobody: it is told
only to somebody whose numbers are wrong.
"""

import ast
import dis
import functools
import inspect
import linecache
import re
import textwrap
import types
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .calls import copy_of, plain_function
from .compare import kind_of, numbers
from .task import Task
from .verdict import Verdict


@dataclass(frozen=True)
class Sign:
    """Something odd in the code: `kind` is one of KINDS below, `name` the name it is about, `line` the line of the learner."""

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
    "text",
    "whole division",
    "return in loop",
    "generator",
    "mutable default",
    "global",
    "own randomness",
)


def inspect_answer(exercise: Task, answer: Any, cases: Sequence[tuple] = ()) -> Verdict | None:
    """A Verdict on what can be seen without calling: not a function, untouched, wrong parameters. Else None."""

    def no(code, message):
        return Verdict(exercise.id, code, message)

    name, wants_class = exercise.name, isinstance(exercise.solution, type)
    if not callable(answer):
        if answer is None:
            return no("signature", f"This is `None`, not a function. Was the name `{name}` given to something else?")
        return no(
            "signature",
            f"This is {kind_of(answer)}, not a function. Hand over `{name}` itself, "
            f'without calling it: `check("{exercise.id}", {name})`.',
        )
    if is_untouched(exercise, answer):
        return no(
            "untouched",
            "Nothing to check so far: replace the `...` by your own lines, run that cell, then this one."
            if not exercise.given
            else "Nothing to check so far: work on the cell above, run it, then this one.",
        )
    if isinstance(answer, type) and not wants_class:
        return no(
            "signature", f"`{answer.__name__}` is a class; this exercise asks for a function, `def {_call(exercise)}:`."
        )
    if wants_class:
        if isinstance(answer, type):
            return None
        return no("signature", f"This exercise asks for a class, `class {name}:`; this is {kind_of(answer)}.")
    if inspect.iscoroutinefunction(answer) or inspect.isasyncgenfunction(answer):
        return no(
            "signature", f"`async def` makes a coroutine, which gives no result when it is called. Write `def {name}`."
        )
    return _signature(exercise, answer, cases, no)


def _signature(exercise, answer, cases, no):
    try:
        theirs = inspect.signature(answer)
    except (TypeError, ValueError):
        return None  # a ufunc or something from C: the calls will tell
    ours = inspect.signature(exercise.solution).parameters.values()
    wanted = [p for p in ours if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    names = [p.name for p in theirs.parameters.values()]
    try:
        theirs.bind(*[None] * len([p for p in wanted if p.default is p.empty]))
        args, settings = _first_call(exercise, cases)
        theirs.bind(*args, **settings)
    except TypeError:
        mine = f"{getattr(answer, '__name__', 'your function')}{theirs}"
        lacks = [p.name for p in wanted if p.name not in names]
        after_star = [p.name for p in theirs.parameters.values() if p.kind is p.KEYWORD_ONLY]
        more = ""
        if after_star:
            more = " Take the `*` out: the arguments come in order, without their names."
        elif len(lacks) == 1 and len(names) < len(wanted):
            more = f" `{lacks[0]}` is missing."
        return no("signature", f"The check calls `{_call(exercise)}`; yours is `{mine}`.{more}")
    expected = [p.name for p in wanted]
    if names != expected and sorted(names) == sorted(expected):
        return no(
            "signature",
            f"The order of the parameters matters: the check calls `{_call(exercise)}`, "
            f"yours has them as `({', '.join(names)})`.",
        )
    return None


class _Called(BaseException):
    pass


def _first_call(exercise, cases):
    """(arguments, settings) with which the cases call an answer; of the case with the most arguments."""
    if not cases:
        return (), {}
    case = max(cases, key=len)
    if exercise.run is None:
        return case, {}
    seen = []

    def recorder(*args, **settings):
        seen.append((args, settings))
        raise _Called

    try:
        exercise.run(recorder, *map(copy_of, case))
    except (_Called, Exception):
        pass
    return seen[0] if seen else ((), {})


def _call(exercise):
    return f"{exercise.name}({', '.join(exercise.parameters)})"


def is_untouched(exercise: Task, answer: Any) -> bool:
    """Is this still the starter?"""
    if hasattr(answer, "untouched"):  # cards say it themselves
        return bool(answer.untouched)
    answer = plain_function(answer)
    if exercise.given and not exercise.boards:
        return _same_code(_starter(exercise.starter, exercise.name), answer)
    code = getattr(answer, "__code__", None)
    return code is not None and _does_nothing(code)


@functools.lru_cache(maxsize=64)
def _starter(text, name):
    scope = {"np": np, "__name__": "starter"}
    try:
        exec(compile(text, "<starter>", "exec"), scope)
    except Exception:
        return None
    return plain_function(scope.get(name))


def _does_nothing(code):
    """Nothing but a docstring, `...`, `pass`, or `raise NotImplementedError`."""
    idle = ("RESUME", "NOP", "PUSH_NULL", "PRECALL", "CACHE", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST", "CALL")
    steps = [(i.opname, i.argval) for i in dis.get_instructions(code) if i.opname not in idle]
    if not steps:
        constants = [i.argval for i in dis.get_instructions(code) if i.opname in ("LOAD_CONST", "RETURN_CONST")]
        return constants in ([None], [...])
    return steps == [("LOAD_GLOBAL", "NotImplementedError"), ("RAISE_VARARGS", 1)]


def _same_code(a, b):
    if isinstance(a, type) and isinstance(b, type):
        mine, theirs = ({k: v for k, v in vars(c).items() if isinstance(v, types.FunctionType)} for c in (a, b))
        return mine.keys() == theirs.keys() and all(_same_code(mine[k], theirs[k]) for k in mine)
    a, b = getattr(a, "__code__", None), getattr(b, "__code__", None)
    return a is not None and b is not None and _fingerprint(a) == _fingerprint(b)


def _fingerprint(code):
    return (
        code.co_code,
        code.co_names,
        tuple(_fingerprint(c) if isinstance(c, types.CodeType) else repr(c) for c in code.co_consts),
    )


# ---- what the code says for free


def signs(answer: Any) -> tuple[Sign, ...]:
    """The Signs in the code of a function, as a tuple; empty for anything that is not a plain function."""
    function = plain_function(answer)
    code = getattr(function, "__code__", None)
    if code is None:
        return ()
    try:
        return (*_in_bytecode(function, code), *_in_text(function))
    except Exception:
        return ()  # an interpreter or a source that we do not know: then the code says nothing


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
    for text in sorted(
        {c for inner in _with_inner(code) for c in inner.co_consts if isinstance(c, str) and len(c) < 40}
    ):
        yield Sign("text", text)
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


def _with_inner(code):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _with_inner(constant)


def _uses(code):
    """("read" | "stored" | "global" | …, name) for each instruction that tells something."""
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
    """Is the argument given another value before anything reads it, on every way through?"""
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
    for loop in ast.walk(tree) if tree else ():
        if isinstance(loop, (ast.For, ast.While)) and isinstance(loop.body[-1], ast.Return):
            yield Sign("return in loop", "", lines[loop.body[-1].lineno - 1].strip())


def text_of(code):
    """The lines of a function, where the file or the cell is at hand; a statement that goes on may be cut off at the end."""
    last = max((line for c in _with_inner(code) for *_, line in c.co_lines() if line), default=code.co_firstlineno)
    return linecache.getlines(code.co_filename)[code.co_firstlineno - 1 : last + 3]


def parsed(lines):
    """The syntax tree of a function whose text may go on for a few lines too many; None where there is none."""
    for end in range(len(lines), max(len(lines) - 4, 0), -1):
        try:
            return ast.parse(textwrap.dedent("".join(lines[:end])))
        except SyntaxError:
            continue
    return None
