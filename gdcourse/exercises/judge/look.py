"""Look at an answer before it is called: is it a function, is it the unchanged starter, does it take the arguments?"""

import dis
import functools
import inspect
import types
from collections.abc import Sequence
from typing import Any

import numpy as np

from .calls import copy_of, plain_function
from .compare import kind_of
from .task import Task
from .verdict import Verdict


def inspect_answer(exercise: Task, answer: Any, cases: Sequence[tuple] = ()) -> Verdict | None:
    """Return a Verdict if the answer has a fault that shows without a call, such as wrong parameters; else None.

    >>> from gdcourse.exercises.author import load
    >>> inspect_answer(load("loss/mse"), lambda y: 7.0).message
    'The check calls `mse(y, y_hat)`; yours is `<lambda>(y)`. `y_hat` is missing.'
    """

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
        # the parameters of some functions written in C cannot be read: the later calls show whether they fit
        return None
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
    """Return (arguments, keyword arguments) of the first call of the answer in the case with the most arguments.

    Both are empty if the answer is not called.
    """
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
    """Is this still the unchanged starter?

    >>> from gdcourse.exercises.author import load
    >>> is_untouched(load("loss/mse"), lambda y, y_hat: ...)
    True
    """
    if hasattr(answer, "untouched"):  # an answer arranged from cards, see questions/cards.py
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
    """Does the body contain nothing but a docstring, `...`, `pass`, or `raise NotImplementedError`?"""
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
