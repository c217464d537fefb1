"""Answers that no checker may accept, made from the solution of any exercise: accidents of learners, and attempts to
cheat.

`kit(exercise)` yields (name, answer, codes), where codes are those that the judge's verdict on the answer may have. The
code of a known mistake with the same results is allowed, too.
"""

import os
import sys
import time
import types
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from .. import author

ANY_FORM = {"structure", "type", "shape", "nan", "value", "none", "state"}


def kit(exercise: author.Exercise) -> Iterator[tuple[str, object, set[str]]]:
    """Yield the hostile answers that make sense for this exercise, as (name, answer, allowed codes).

    >>> [name for name, answer, codes in kit(author.load("loss/mse")) if codes == {"none"}]
    ['returns nothing', 'prints instead of returning']
    """
    solve = exercise.solution
    if isinstance(solve, type):
        yield "is a function where a class is asked for", lambda *args: None, {"signature", "untouched"}
        yield "is a number", 42, {"signature"}
        return

    def endless(*args):
        while True:
            pass

    def endless_and_stubborn(*args):
        while True:
            try:
                time.sleep(0)
            except BaseException:
                pass

    def sleeps(*args):
        time.sleep(600)

    def endless_recursion(*args):
        return endless_recursion(*args)

    def exits(*args):
        sys.exit(0)

    def interrupts(*args):
        raise KeyboardInterrupt

    def raises_something_odd(*args):
        raise Odd

    def returns_nothing(*args):
        solve(*args)

    def prints_instead(*args):
        print(solve(*args))

    def prints_without_end(*args):
        for i in range(200_000):
            print(i)
        return solve(*args)

    def replaces_stdout(*args):
        sys.stdout = sys.stderr = None
        return Odd

    def yields_without_end(*args):
        while True:
            yield 0

    def too_few(x, y, /, *, z):
        return solve(x, y)

    def not_a_number(*args):
        return changed_numbers(solve(*args), lambda x: x * np.nan)

    def infinite(*args):
        return changed_numbers(solve(*args), lambda x: x + np.inf)

    def one_axis_more(*args):
        return changed_numbers(solve(*args), lambda x: np.stack([x, x]))

    def says_yes_to_everything(*args):
        return Yes()

    def a_string(*args):
        return "42"

    def first_answer_for_all(*args):
        if not remembered:
            remembered.append(solve(*args))
        return remembered[0]

    def right_once(*args):
        calls.append(1)
        return solve(*args) if len(calls) == 1 else changed_numbers(solve(*args), lambda x: x * 0 - 77)

    def patches_numpy(*args):
        for name in ("allclose", "isclose", "array_equal", "abs", "absolute", "asarray", "isfinite", "isnan", "array"):
            setattr(np, name, lambda *a, **k: True)
        return changed_numbers(solve(*args), lambda x: x * 0 - 77)

    def leaves_settings_behind(*args):
        np.seterr(all="raise")
        warnings.simplefilter("error")
        sys.setrecursionlimit(100_000)
        return changed_numbers(solve(*args), lambda x: x * 0 - 77)

    def one_percent_off(*args):
        return changed_numbers(solve(*args), lambda x: x * 1.01)

    def changes_its_input(*args):
        result = solve(*args)
        for a in args:
            if isinstance(a, np.ndarray) and a.size and a.dtype.kind in "if":
                a += 1
        return result

    remembered: list = []
    calls: list = []
    yield "loops without end", endless, {"timeout"}
    yield "loops without end and catches everything", endless_and_stubborn, {"timeout"}
    yield "sleeps", sleeps, {"timeout"}
    yield "calls itself without end", endless_recursion, {"raised"}
    yield "calls sys.exit", exits, {"raised"}
    yield "raises KeyboardInterrupt", interrupts, {"raised"}
    yield "raises an exception that cannot be printed", raises_something_odd, {"raised"}
    yield "returns nothing", returns_nothing, {"none"}
    yield "prints instead of returning", prints_instead, {"none"}
    yield "prints 200,000 lines", prints_without_end, {"raised"}
    yield "takes stdout away", replaces_stdout, ANY_FORM | {"raised"}
    yield "yields without end", yields_without_end, ANY_FORM | {"timeout", "raised"}
    yield "has other parameters", too_few, {"signature"}
    yield "is a class", Odd, {"signature"}
    yield "is a number", 42, {"signature"}
    yield "is None", None, {"signature"}
    yield "returns a string", a_string, ANY_FORM | {"raised"}
    yield "returns something that equals everything", says_yes_to_everything, ANY_FORM | {"raised"}
    samples = exercise.draw(0)
    if has_numbers(exercise, samples):
        yield "returns nan", not_a_number, ANY_FORM
        yield "returns inf", infinite, ANY_FORM
        yield "returns one axis more", one_axis_more, ANY_FORM | {"raised"}
        yield "returns the answer of the first input always", first_answer_for_all, ANY_FORM | {"raised"}
        yield "is right once only", right_once, ANY_FORM | {"raised"}
        yield "replaces NumPy's functions", patches_numpy, ANY_FORM | {"raised"}
        yield "leaves settings behind", leaves_settings_behind, ANY_FORM | {"raised"}
        if exercise.law is None and exercise.run is None and exercise.canonical is None:
            yield "is one percent off", one_percent_off, {"value"}
    if exercise.run is None and any(
        isinstance(a, np.ndarray) and a.size and a.dtype.kind in "if" for args in samples for a in args
    ):
        yield "changes its input", changes_its_input, {"mutated", "value", "nan", "raised"}


class Odd(Exception):
    """An exception whose own text raises an exception."""

    def __str__(self):
        raise ValueError("no words")

    __repr__ = __str__


class Yes:
    """An object that is equal to everything, larger and smaller than everything, and true."""

    def __eq__(self, other):
        return True

    __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __eq__
    __hash__ = object.__hash__

    def __sub__(self, other):
        return 0

    __rsub__ = __sub__


def has_numbers(exercise: author.Exercise, samples: list[tuple]) -> bool:
    """Does the solution return numbers, or functions that return numbers? `changed_numbers` can replace these.

    samples: cases of the exercise; the first one is tried.

    >>> proof = author.load("convergence_proof/order_proof")
    >>> has_numbers(proof, proof.draw(0))
    False
    """
    seen = []

    def watched(*args):
        return changed_numbers(exercise.solution(*args), lambda x: seen.append(x) or x)

    if exercise.run is None:
        watched(*samples[0])
    else:
        exercise.run(watched, *samples[0])
    return bool(seen)


def changed_numbers(value: Any, change: Callable) -> Any:
    """Return the value with `change` applied to all its numbers, and to the numbers that its functions return.

    change: a function of a float or of an array of floats. Generators become lists.

    >>> changed_numbers({"loss": np.array([1, 2]), "name": "gd"}, lambda x: 10 * x)
    {'loss': array([10., 20.]), 'name': 'gd'}
    """
    if isinstance(value, types.FunctionType):
        return lambda *args: changed_numbers(value(*args), change)
    if isinstance(value, tuple):
        return tuple(changed_numbers(v, change) for v in value)
    if isinstance(value, list):
        return [changed_numbers(v, change) for v in value]
    if isinstance(value, Mapping):
        return {k: changed_numbers(v, change) for k, v in value.items()}
    if isinstance(value, types.GeneratorType):
        return [changed_numbers(v, change) for v in value]
    if isinstance(value, np.ndarray) and value.dtype.kind in "if":
        return change(value.astype(float))
    if isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool):
        return change(np.float64(value))
    return value


def surroundings() -> dict[str, Any]:
    """Return the global state that an answer must not change, as {name: state}.

    >>> before = surroundings()
    >>> with np.errstate(all="raise"):
    ...     [name for name, state in surroundings().items() if state != before[name]]
    ["numpy's error settings"]
    """
    return {
        "stdout": sys.stdout,
        "stderr": sys.stderr,
        "numpy's error settings": np.geterr(),
        "np.allclose": np.allclose,
        "np.asarray": np.asarray,
        "the warning filters": list(warnings.filters),
        "the recursion limit": sys.getrecursionlimit(),
        "the folder": os.getcwd(),
    }
