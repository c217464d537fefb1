"""Call a learner's function (the answer) on the cases, and record the result of each call as plain data.

No function in this module knows which results are right.
"""

import copy
import functools
import inspect
import linecache
import sys
import types
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from .compare import is_narrow, kind_of, size
from .limits import Limits, TooMuch, TooSlow
from .task import Task

_REAL = {module: dict(vars(module)) for module in (np, np.linalg, np.random)}


@dataclass(frozen=True)
class Outcome:
    """What one call did, as plain data.

    kind: "value", "raised", "timeout", "none" or "structure" (a result of an unexpected form).
    """

    kind: str
    value: Any = None
    error: str = ""  # the type of the exception
    text: str = ""  # the message of the exception; for "structure", what was returned
    line: int = 0  # the line of the learner's code where the exception arose
    source: str = ""  # the source text of that line
    printed: str = ""
    mutated: tuple = ()  # the indices of the arguments that the call changed
    single: bool = False  # True if it seems to be computed in single precision (float32)


def collect(exercise: Task, answer: Callable, cases: list[tuple], seconds: float | None = None) -> list["Outcome"]:
    """Return the Outcome of every case, in order; after a timeout no further case is tried.

    >>> from gdcourse.exercises.author import load
    >>> collect(load("loss/mse"), lambda y, y_hat: y[9], [(np.ones(2), np.ones(2))])[0].error
    'IndexError'
    """
    limits = Limits(exercise.seconds if seconds is None else seconds)
    found, single = [], _mentions_float32(answer)
    with quiet():
        limits.start()
        try:
            for args in cases:
                found.append(call_once(exercise, answer, args, limits, single))
                if limits.interrupted or found[-1].kind == "timeout":
                    break
        finally:
            limits.stop()
    if limits.interrupted:
        raise KeyboardInterrupt
    return found


def may_go_on(outcomes: list["Outcome"]) -> bool:
    """May the answer be called on more cases? Not if that takes too long.

    False after a timeout, and if a result holds 100,000 numbers or more.

    >>> may_go_on([Outcome("value", 7.0), Outcome("raised")]), may_go_on([Outcome("timeout")])
    (True, False)
    """
    return all(o.kind != "timeout" and size(o.value) < 100_000 for o in outcomes)


@contextmanager
def quiet() -> Iterator[None]:
    """Silence warnings of Python and NumPy, and restore the settings for them at the end.

    >>> with quiet():
    ...     print(np.array([1.0]) / 0)
    [inf]
    """
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def call_once(exercise: Task, answer: Callable, args: tuple, limits: Limits, single: bool = False) -> "Outcome":
    r"""Call the answer once, and return the Outcome.

    single: True if the answer's code mentions single precision, `float32` for example.

    >>> from gdcourse.exercises.author import load
    >>> outcome = call_once(load("loss/mse"), lambda y, y_hat: print(y[0]), (np.ones(2), np.ones(2)), Limits(1))
    >>> outcome.kind, outcome.printed
    ('none', '1.0\n')
    """
    given = tuple(copy_of(a) for a in args)
    last: list = []

    def watched(*a, **k):
        result = answer(*a, **k)
        last[:] = [result]
        return result

    def work():
        if exercise.run is None:
            value = watched(*given)
        else:
            value = exercise.run(answer if isinstance(answer, type) else watched, *given)
        if value is not None and exercise.canonical is not None:
            value = exercise.canonical(value)
        # copied, because the next call might change `value`
        return copy_of(value)

    value, error = limits.attempt(work)
    printed = limits.lid.take()
    mutated = tuple(i for i, (a, b) in enumerate(zip(args, given, strict=True)) if changed(a, b))
    if error is None:
        kind = "none" if value is None else "value"
        return Outcome(kind, value, printed=printed, mutated=mutated, single=single or is_narrow(last and last[0]))
    if isinstance(error, TooSlow):
        return Outcome("timeout", printed=printed, mutated=mutated, **_place_of(exercise, error, answer))
    if isinstance(error, TooMuch):
        return Outcome(
            "raised", error="TooMuch", printed=printed, mutated=mutated, **_place_of(exercise, error, answer)
        )
    place = _place_of(exercise, error, answer)
    if not place and last:
        # the exception arose in our code that reads the result, not in the learner's code
        kind = "none" if last[0] is None else "structure"
        return Outcome(kind, error=type(error).__name__, text=kind_of(last[0]), printed=printed, mutated=mutated)
    try:
        text = str(error)
    except Exception:
        text = ""
    return Outcome("raised", error=type(error).__name__, text=text, printed=printed, mutated=mutated, **place)


def effort(exercise: Task, answer: Callable, args: tuple, limits: Limits, most: int = 2000) -> int:
    """Return how many lines of Python one call runs, at most `most`. Unlike time, this is the same on every machine.

    Returns 100, a guess, if a debugger is active: Python allows only one tracing tool.

    >>> from gdcourse.exercises.author import load
    >>> def by_a_loop(y, y_hat):
    ...     for a in y:
    ...         a - 1
    >>> effort(load("loss/mse"), by_a_loop, (np.ones(2), np.ones(2)), Limits(1))  # 3 times the `for`, 2 times its body
    5
    """
    count = 0

    def line(frame, event, arg):
        nonlocal count
        count += event == "line"
        if count >= most:
            sys.settrace(None)
        return line

    def watched(*a, **k):
        sys.settrace(line if count < most else None)
        try:
            return answer(*a, **k)
        finally:
            sys.settrace(None)

    if sys.gettrace() is not None:
        return 100
    call_once(exercise, watched, args, limits)
    return count


def price(exercise: Task, answer: Callable, args: tuple, limits: Limits) -> float:
    """Return the cost of one call: 1, plus 1 for every 100 lines that run and for every 500 numbers in `args`.

    >>> from gdcourse.exercises.author import load
    >>> price(load("loss/mse"), lambda y, y_hat: 0.0, (np.ones(1000), np.ones(1000)), Limits(1))
    5.01
    """
    return 1 + effort(exercise, answer, args, limits) / 100 + sum(map(size, args)) / 500


@contextmanager
def paused(limits: Limits) -> Iterator[None]:
    """Pause `limits` inside the `with` block, in which other limits may be at work."""
    limits.stop()
    try:
        yield
    finally:
        limits.start()


def _place_of(exercise: Task, error: BaseException, answer: Any) -> dict[str, Any]:
    """Return {"line": number, "source": text} for the line of the learner's code where the exception arose; {} if it
    arose elsewhere.
    """
    mine = {f.__code__ for f in (exercise.run, exercise.canonical) if f is not None}
    home = getattr(getattr(plain_function(answer), "__code__", None), "co_filename", None)
    best, trace = {}, error.__traceback__
    while trace is not None:
        code, number = trace.tb_frame.f_code, trace.tb_lineno
        file = code.co_filename
        if file == home and code not in mine and number:
            best = {"line": number, "source": linecache.getline(file, number).strip()}
        trace = trace.tb_next
    return best


def copy_of(value: Any) -> Any:
    """Return a deep copy of the value; the value itself if it cannot be copied.

    >>> w = np.array([1.0, 2.0])
    >>> copied = copy_of([w, "a"])
    >>> copied[0][0] = 9
    >>> w
    array([1., 2.])
    """
    if isinstance(value, np.ndarray) and value.dtype != object:
        return value.copy()
    if value is None or isinstance(value, (int, float, str, bytes, complex, np.generic, types.FunctionType)):
        return value
    if type(value) is tuple:
        return tuple(copy_of(v) for v in value)
    if type(value) is list:
        return [copy_of(v) for v in value]
    try:
        return copy.deepcopy(value)
    except Exception:
        return value


def changed(before: Any, after: Any) -> bool:
    """Did a call change an argument? before, after: the values of the argument before and after the call.

    False for a random generator, which every draw changes, and for a function.

    >>> changed(np.array([1.0]), np.array([2.0])), changed([1.0], [1.0])
    (True, False)
    """
    if isinstance(before, np.random.Generator) or callable(before):
        return False
    if isinstance(before, np.ndarray):
        return before.dtype != after.dtype or before.shape != after.shape or not _bits(before, after)
    if isinstance(before, (list, tuple)):
        return len(before) != len(after) or any(changed(a, b) for a, b in zip(before, after, strict=True))
    if isinstance(before, Mapping):
        return list(before) != list(after) or any(changed(before[k], after[k]) for k in before)
    try:
        return not (before == after or before != before)
    except Exception:
        return False


def _bits(a, b):
    return a.tobytes() == b.tobytes() if a.dtype != object else a.tolist() == b.tolist()


def mend_numpy() -> list[str]:
    """Undo assignments such as `np.mean = np.sum`: put NumPy's own functions back, and return their names.

    >>> np.mean = np.sum  # as a cell of a notebook may do by mistake
    >>> mend_numpy()
    ['mean']
    >>> float(np.mean([1.0, 3.0]))
    2.0
    """
    found = []
    for module, real in _REAL.items():
        now = vars(module)
        for name, value in real.items():
            if now.get(name) is not value and not name.startswith("__"):
                now[name] = value
                found.append(f"{module.__name__}.{name}".removeprefix("numpy."))
    return found


def plain_function(answer: Any) -> Any:
    """Return the function inside `partial`, decorators or a bound method; else the answer itself.

    >>> plain_function(functools.partial(max, 1)) is max
    True
    """
    while isinstance(answer, functools.partial):
        answer = answer.func
    answer = inspect.unwrap(answer) if callable(answer) else answer
    return getattr(answer, "__func__", answer)


def _mentions_float32(answer: Any) -> bool:
    todo = [getattr(plain_function(answer), "__code__", None)]
    while todo:
        code = todo.pop()
        if isinstance(code, types.CodeType):
            if {"float32", "single"} & {*code.co_names, *(c for c in code.co_consts if isinstance(c, str))}:
                return True
            todo += code.co_consts
    return False
