"""Explain wrong results by functions that give the same results, such as the solution with changed arguments.

Such a function must give the learner's results in every case, and in about thirty fresh cases of other seeds.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .calls import call_once, paused, price, quiet
from .compare import numbers, same, size_of
from .limits import Limits
from .task import Task
from .trial import Trial

NEAR = 1e-6
SECONDS = 0.03  # the time limit for one call
IMPOSSIBLE = object()  # in place of the result of a call that divides by zero, for example
LATE = 1  # call no further function after more timeouts than this


class Bench:
    """Compares functions with the learner's results.

    Use it as `with Bench(trial) as bench:`; bench.gives(function, …) is true if the function gives the learner's
    result in every case.
    """

    def __init__(self, trial: Trial) -> None:
        self.trial, self.exercise = trial, trial.exercise
        cases = trial.usable()
        # wrong results first: most functions disagree with one of them at once
        self.cases = sorted(cases, key=lambda case: case[3])
        self.names = given_names(self.exercise, [a for a, *_ in cases])
        self.known: dict[tuple, Any] = {}
        self.scales: dict[int, float] = {}
        self.prices: dict[Callable, float] = {}
        self.late = 0

    def __enter__(self) -> "Bench":
        self.quiet = quiet()
        self.quiet.__enter__()
        self.limits = Limits(SECONDS)
        self.limits.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.limits.stop()
        self.quiet.__exit__(None, None, None)

    @property
    def fresh(self) -> list[tuple]:
        """The cases of other seeds, as tuples (see `Trial.usable`)."""
        self.limits.armed = False
        if not hasattr(self, "_fresh"):
            with paused(self.limits):
                self._fresh = self.trial.fresh.usable() if self.trial.fresh else []
        return self._fresh

    def price(self, function: Callable) -> float:
        """Return the cost of one call of the function, in the first case (see `calls.price`)."""
        if function not in self.prices:
            self.limits.restart()
            self.prices[function] = price(self.exercise, function, tuple(self.cases[0][0]), self.limits)
        return self.prices[function]

    def value(self, function: Callable, args: Sequence, key: int | None = None) -> Any:
        """Return the function's result for these arguments; IMPOSSIBLE or None if there is no result.

        IMPOSSIBLE: the call raised ZeroDivisionError, ValueError or OverflowError. None: it failed in another way, or
        was not made, because too many calls had timed out.
        key: the number of the case, under which the result is cached; None: no cache.
        """
        known = (id(function), key)
        if key is not None and known in self.known:
            return self.known[known]
        if self.late > LATE:
            return None
        self.limits.restart()
        outcome = call_once(self.exercise, function, tuple(args), self.limits)
        self.late += outcome.kind == "timeout"
        value = outcome.value if outcome.kind == "value" else None
        if outcome.error in ("ZeroDivisionError", "ValueError", "OverflowError"):
            value = IMPOSSIBLE
        if key is not None:
            self.known[known] = value
        return value

    def gives(
        self, function: Callable, change: Callable | None = None, part: int | None = None, made: Callable | None = None
    ) -> bool:
        """Does function(*change(args)) give the learner's result in every case, also in those of other seeds?

        part: compare only the returned value with this index. made: made(value, args) is compared, not the result.
        """
        return (
            bool(self.cases)
            and all(self.agrees(function, k, case, change, part, made) for k, case in enumerate(self.cases))
            and all(
                self.agrees(function, len(self.cases) + k, case, change, part, made)
                for k, case in enumerate(self.fresh)
            )
        )

    def agrees(
        self,
        function: Callable,
        k: int,
        case: tuple,
        change: Callable | None = None,
        part: int | None = None,
        made: Callable | None = None,
    ) -> bool:
        """Does function(*change(args)) give the learner's result in `case`, number k? part, made: see `gives`."""
        args, _, have, _ = case
        try:
            value = self.value(function, args, k) if change is None else self.value(function, change(list(args)))
            if value is None:
                return False
            if value is IMPOSSIBLE:
                # dividing by zero, NumPy gives inf or nan and Python an exception: both count as equal
                found = numbers(have if part is None else have[part])
                return found is not None and not np.isfinite(found).all()
            if part is not None:
                value, have = value[part], have[part]
            if made is not None:
                value = made(value, args)
        except Exception:
            return False
        return same(value, have, NEAR, self.scale(case))

    def scale(self, case: tuple) -> float:
        """Return the size of the largest number in the arguments of a case."""
        if id(case) not in self.scales:
            self.scales[id(case)] = size_of(case[0])
        return self.scales[id(case)]


def given_names(exercise: Task, all_args: Sequence[tuple]) -> tuple[str, ...]:
    """Return the names of the arguments that every case has; those with a default may be missing in some cases.

    >>> from gdcourse.exercises.author import load
    >>> given_names(load("loss/mse"), [(1.0, 2.0), (1.0,)])
    ('y',)
    """
    return exercise.given_names[: min(map(len, all_args), default=0)]


# ---- the right function, called with other arguments


def _put(j, make):
    """Return a function that changes a list of arguments: argument number j becomes make(argument j)."""
    return lambda a: [*a[:j], make(a[j]), *a[j + 1 :]]


def as_if_called(bench: Bench, part: int | None = None) -> str | None:
    """Return a sentence on the changed arguments with which the solution gives the learner's results, or None.

    >>> from gdcourse.exercises.author import load
    >>> from gdcourse.exercises.judge.trial import trial_of
    >>> with Bench(trial_of(load("loss/mse"), lambda y, y_hat: np.mean((y_hat - y)[:-1] ** 2))) as bench:
    ...     as_if_called(bench)
    'The last of the entries of `y` and `y_hat` is left out: does your loop, or your slice, reach the end?'
    """
    solution, names = bench.exercise.solution, bench.names
    all_args = [a for a, *_ in bench.cases]
    if not all_args:
        return None

    def gives(change, made=None):
        return bench.gives(solution, change, part, made)

    whole = [j for j in range(len(names)) if all(_is_int(a[j]) for a in all_args)]
    scalar = [j for j in range(len(names)) if all(_is_scalar(a[j]) for a in all_args)]
    for j in whole:
        for step, words in ((-1, "smaller"), (1, "larger")):
            if gives(_put(j, lambda v, step=step: v + step)):
                few = "too few" if step < 0 else "too many"
                return f"It is what comes out when `{names[j]}` is one {words}: one round {few}, or the value before it was brought up to date."
    for i in range(len(names)):
        for j in range(i):
            if all(_exchangeable(a[i], a[j]) for a in all_args) and gives(lambda a, i=i, j=j: _exchanged(a, i, j)):
                return f"It is what comes out when `{names[j]}` and `{names[i]}` are exchanged."
    for i in scalar:
        for j in scalar:
            if (
                i != j
                and any(a[i] != a[j] for a in all_args)
                and gives(lambda a, i=i, j=j: [*a[:j], a[i], *a[j + 1 :]])
            ):
                return f"It is what comes out with `{names[i]}` in the place of `{names[j]}`."
    for j in scalar:
        for value in (0, 1):
            if any(a[j] != value for a in all_args) and gives(_put(j, lambda v, value=value: type(v)(value))):
                return f"It is what comes out when `{names[j]}` is {value}: is `{names[j]}` used?"
    rows = _rows(all_args, names)
    for group, label in rows:
        for words, cut in _CUTS:

            def shorten(a, group=group, cut=cut):
                return [cut(v) if j in group else v for j, v in enumerate(a)]

            if all(len(a[group[0]]) > 1 for a in all_args) and gives(shorten):
                return words.format(what=label)
            if all(len(a[group[0]]) > 1 for a in all_args) and gives(
                shorten, lambda v, a, group=group, cut=cut: np.multiply(v, len(cut(a[group[0]])) / len(a[group[0]]))
            ):
                return words.format(what=label)
    return None


def with_a_function(bench: Bench, part: int | None = None) -> str | None:
    """Return a sentence if the solution gives the learner's results when one argument is replaced, for example by its
    square; else None.

    >>> from gdcourse.exercises.author import load
    >>> from gdcourse.exercises.judge.trial import trial_of
    >>> with Bench(trial_of(load("update_rule/gd_step"), lambda w, g, lr: w - lr * g**2)) as bench:
    ...     with_a_function(bench)
    'It is what comes out with the square of `g` in the place of `g`.'
    """
    all_args, solution = [a for a, *_ in bench.cases], bench.exercise.solution
    for j, name in enumerate(bench.names):
        column = [a[j] for a in all_args]
        if not all(_is_scalar(v) or _is_float_array(v) for v in column):
            continue
        arrays = any(isinstance(v, np.ndarray) and v.size > 1 for v in column)
        for words, make in (*_FUNCTIONS, *(_OF_ARRAYS if arrays else ())):
            if bench.gives(solution, _put(j, make), part):
                return f"It is what comes out with {words.format(name=name)} in the place of `{name}`."
    return None


_CUTS = (
    ("The last of the {what} is left out: does your loop, or your slice, reach the end?", lambda v: v[:-1]),
    ("The first of the {what} is left out: does your loop, or your slice, begin at index 0?", lambda v: v[1:]),
    ("Only the first of the {what} counts: is there a `return` in the loop, or `[0]`?", lambda v: v[:1]),
    ("Only the last of the {what} counts: does each round of the loop overwrite the one before?", lambda v: v[-1:]),
)
_FUNCTIONS = (
    ("`{name}` without its sign", abs),
    ("`{name}` with the opposite sign", lambda v: -v),
    ("the square of `{name}`", lambda v: v * v),
    ("the root of `{name}`", lambda v: v**0.5),
    ("1/`{name}`, as when one divides by it and should multiply, or the reverse,", lambda v: 1 / v),
    ("twice `{name}`", lambda v: 2 * v),
    ("half of `{name}`", lambda v: v / 2),
    ("1 − `{name}`", lambda v: 1 - v),
)
_OF_ARRAYS = (
    ("zeros", np.zeros_like),
    ("the sum of `{name}`, one number,", lambda v: np.sum(v) * np.ones_like(v)),
    ("the mean of `{name}`, one number,", lambda v: np.mean(v) * np.ones_like(v)),
    ("the signs of `{name}`", np.sign),
    ("`{name}`, turned round,", lambda v: v[::-1]),
    ("`{name}`, put in order,", lambda v: np.sort(v, axis=0)),
)


def _rows(all_args, names):
    """Yield each group of arguments that have equal lengths in every case, as (indices of the arguments, a name for
    their rows).
    """
    found = {}
    for j in range(len(names)):
        if all(numbers(a[j]) is not None and numbers(a[j]).ndim > 0 for a in all_args):
            found.setdefault(tuple(len(a[j]) for a in all_args), []).append(j)
    for group in found.values():
        listed = " and ".join(f"`{names[j]}`" for j in group)
        yield group, f"{'rows' if any(numbers(all_args[0][j]).ndim == 2 for j in group) else 'entries'} of {listed}"


def _is_int(v):
    return isinstance(v, int) and not isinstance(v, bool)


def _is_scalar(v):
    return isinstance(v, (float, int)) and not isinstance(v, bool)


def _is_float_array(v):
    return isinstance(v, np.ndarray) and v.dtype.kind == "f" and v.size > 0


def _exchangeable(a, b):
    x, y = numbers(a), numbers(b)
    return x is not None and y is not None and x.shape == y.shape and not np.array_equal(x, y)


def _exchanged(args, i, j):
    args[i], args[j] = args[j], args[i]
    return args
