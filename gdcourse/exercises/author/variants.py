"""Make variants of right answers: some that a check must accept, and some that it must refuse.

A check must accept an answer in single precision, and an answer that counts its calls. It must refuse an answer that
ignores an argument, an answer whose result depends on earlier calls, an answer that is wrong in random calls, and a
solution with a small change, such as `<` instead of `<=`.
"""

import ast
import functools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .. import author
from ..judge.calls import collect
from ..judge.compare import narrow
from ..judge.slips import slips_of
from ..judge.trial import trial_of
from .hostile import changed_numbers, has_numbers

# values that a learner might type instead of an argument
_FLOATS = (0.0, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 0.25, 0.5, 0.9, 0.99, 0.999, 1.0, 1.5, 2.0, 10.0)
_INTEGERS = (0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 32, 50, 64, 100, 1000)


def accepts(exercise: author.Exercise, answer: Callable, seed: int = 0, seconds: float | None = None) -> bool:
    """Does the judge accept this answer? The arguments are those of `trial_of`.

    >>> accepts(author.load("loss/mse"), lambda y, y_hat: np.mean((y_hat - y) ** 2))
    True
    """
    return trial_of(exercise, answer, seed, seconds).is_right


def ignores(exercise: author.Exercise) -> Iterator[tuple[str, Any, Callable]]:
    """Yield (argument, value, answer): each answer is the solution, but uses the value in place of the argument.

    The values are those that the argument has in the first three calls; for texts and booleans, in all calls. For
    numbers, there are also values that learners are likely to type. Values in `exercise.free` are left out.

    >>> [value for name, value, answer in ignores(author.load("update_rule/gd_step")) if name == "lr" and value < 1e-4]
    [0.0, 1e-08, 1e-07, 1e-06, 1e-05]
    """
    calls = _calls_of(exercise)
    for j, name in enumerate(exercise.parameters):
        if exercise.free.get(name, ()) is None:
            continue
        seen = [args[j] for args in calls if len(args) > j]
        values = list(seen[:3])
        if all(isinstance(v, (float, np.floating)) for v in seen):
            values += _FLOATS
        elif all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in seen):
            values += [*_INTEGERS, *_FLOATS]
        elif all(isinstance(v, (str, bool)) for v in seen):
            values = list(dict.fromkeys(seen))
        allowed = [repr(v) for v in exercise.free.get(name, ())]
        for value in {repr(v): v for v in values if repr(v) not in allowed}.values():
            yield name, value, _ignoring(exercise.solution, j, value)


def _ignoring(function, j, value):
    """Return the function with a fixed value instead of argument number j."""

    @functools.wraps(function)
    def answer(*args, **settings):
        return function(*args[:j], value, *args[j + 1 :], **settings) if len(args) > j else function(*args, **settings)

    return answer


def _calls_of(exercise, seed=0):
    """Return the arguments of every call of the solution while the exercise runs on the inputs of a seed."""
    found = []

    def recorder(*args, **settings):
        found.append(args)
        return exercise.solution(*args, **settings)

    if isinstance(exercise.solution, type):
        return []
    collect(exercise, recorder, exercise.draw(seed))
    return found


def single(function: Callable) -> Iterator[tuple[str, Callable]]:
    """Yield (description, answer) for two variants of the function, in single precision.

    The first computes with arguments in single precision; the second rounds its result to single precision.

    >>> [(words, answer(np.ones(2)).dtype.name) for words, answer in single(np.cos)]
    [('computes in single precision', 'float32'), ('returns single precision', 'float32')]
    """

    def on_the_way_in(*args, **settings):
        # np.float32 must occur here: the judge tolerates single precision only if the answer's code names it
        precision = np.float32
        return function(*narrow(args, precision), **settings)

    def on_the_way_out(*args, **settings):
        return narrow(function(*args, **settings), np.float32)

    yield "computes in single precision", on_the_way_in
    yield "returns single precision", on_the_way_out


def counting(function: Callable) -> Callable:
    """Return a function that also counts its calls. Its results do not depend on the count.

    >>> mse = author.load("loss/mse")
    >>> accepts(mse, counting(mse.solution))
    True
    """
    calls = []

    @functools.wraps(function)
    def answer(*args, **settings):
        calls.append(args)
        return function(*args, **settings)

    return answer


def forgetful(exercise: author.Exercise) -> Iterator[tuple[str, Callable]]:
    """Yield (description, answer) for answers whose result changes when they are called again.

    >>> [float(answer(4.0, 3.0)) for words, answer in forgetful(author.load("loss/mse")) for again in range(3)]
    [1.0, 2.0, 3.0]
    """
    if exercise.law is not None or not has_numbers(exercise, exercise.draw(0)):
        return  # a law may accept the changed results, too: then the answer would not be wrong

    def grows(*args, seen=[]):  # noqa: B006
        seen.append(1)
        return changed_numbers(exercise.solution(*args), lambda x: x * len(seen))

    yield "keeps a list in its first line", grows


def by_chance(exercise: author.Exercise, rng: np.random.Generator) -> Callable:
    """Return an answer that is wrong in randomly chosen calls. No verdict may give a rule for which calls are wrong.

    >>> mse = author.load("loss/mse")
    >>> accepts(mse, by_chance(mse, np.random.default_rng(0)))
    False
    """
    drawn: dict[int, bool] = {}

    def answer(*args):
        value = exercise.solution(*args)
        wrong = drawn.setdefault(len(drawn), rng.random() < 0.5)
        return changed_numbers(value, lambda x: x * rng.uniform(1.1, 3) + rng.normal()) if wrong else value

    return answer


def near(exercise: author.Exercise) -> Iterator[tuple[str, str, Callable]]:
    """Yield (description, changed lines, answer) for changed solutions that a check must refuse.

    There are three kinds of changes: a comparison decides differently when both sides are equal (`<` instead of `<=`),
    a condition is missing, or `floor(x) + 1` replaces `ceil(x)`, which is wrong if x is a whole number. A change is
    left out if its lines contain an entry of `exercise.equal`: then the changed solution is still right.

    >>> [lines for words, lines, answer in near(author.load("gradient/check_gradient"))]
    ['return np.linalg.norm(g - n) / size if size >= 0 else 0.0']
    """
    before = _changed_lines(exercise, exercise.solution)
    for words, answer in slips_of(exercise, exercise.solution, written=True):
        if any(kind in words for kind in ("exactly equal", "whole already", "one condition is missing")):
            lines = _changed_lines(exercise, answer)
            changed = "; ".join(line.strip() for line in lines if line not in before)
            if not any(piece in changed for piece in exercise.equal):
                yield words, changed, answer


def _changed_lines(exercise, answer):
    """Return the source lines of `answer`, which is the solution or a changed solution of `slips_of`.

    The lines have the format of `ast.unparse`, so that the lines of two answers can be compared.
    """
    if hasattr(answer, "__slip__"):
        return answer.__slip__.splitlines()
    return ast.unparse(exercise.node(answer.__name__)).splitlines()


def survivors(exercise: author.Exercise, most: int = 300) -> tuple[list[str], int]:
    """Return the small changes of the solution that the check still accepts, and how many were tried (at most `most`).

    Either the changed solution is also right, or the cases are too weak to notice the change: the author decides.

    >>> survivors(author.load("update_rule/gd_step"))[0]
    []
    """
    if isinstance(exercise.solution, type):
        return [], 0
    before, found, tried = _changed_lines(exercise, exercise.solution), [], 0
    for _, answer in slips_of(exercise, exercise.solution, written=True):
        tried += 1
        if accepts(exercise, answer, 0, 0.3):
            found.append("; ".join(line.strip() for line in _changed_lines(exercise, answer) if line not in before))
        if tried == most:
            break
    return found, tried
