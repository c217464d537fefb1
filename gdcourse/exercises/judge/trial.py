"""Compare an answer's results with the right ones, case by case; find the known mistake with the same results."""

import inspect
import re
from collections.abc import Callable
from copy import copy
from dataclasses import replace
from functools import cached_property
from typing import Any

from .calls import Outcome, call_once, collect, copy_of, may_go_on, quiet
from .compare import Difference, as_near, can_be_compared, difference, kind_of, narrow, numbers, same, size_of
from .limits import Limits
from .signs import Sign
from .task import Task

ORDER = ("raised", "timeout", "none", "mutated", "structure", "type", "shape", "nan", "value")


class Trial:
    """An answer's Outcomes beside the right ones: the lists `cases`, `right`, `given` and `faults` have the same
    order.

    repeated: the last case repeats the first one. Its Outcome is kept separately, as `again`: it shows whether the
    answer keeps something from one call to the next.
    """

    def __init__(self, exercise: Task, cases: list[tuple], given: list[Outcome], repeated: bool = True) -> None:
        self.exercise = exercise
        self.signs: tuple[Sign, ...] = ()
        self.ask: Callable[[], Trial | None] | None = None
        self.answer: Any = None  # the function itself, if it may be called here
        self.repair: Any = None  # the Repair that was found
        self.draw_fresh: Callable[[], list[tuple]] = lambda: []  # the arguments of further cases, where there are some
        self.forgives = False  # True if changed arguments do not count as a fault
        right = collect(exercise, exercise.solution, cases)
        with quiet():  # a law may compute with inf and nan, which would print warnings
            faults = [fault(exercise, *each) for each in zip(cases, right, given, strict=False)]
        self.is_right = not any(faults) and len(given) == len(cases)
        whole = repeated and len(given) == len(cases) > 2
        self.again = given[-1] if whole else None
        keep = len(cases) - 1 if whole else len(given)
        self.cases, self.right, self.given, self.faults = cases[:keep], right[:keep], given[:keep], faults[:keep]

    @property
    def code(self) -> str:
        """The kind of the fault that comes first in ORDER; "state" if there is no fault."""
        return min((f.kind for f in self.faults if f), key=ORDER.index, default="state")

    @property
    def keeps_state(self) -> bool:
        """Does the same input give another result when the answer is called again?"""
        return (
            self.again is not None
            and can_be_compared(self.given[0].value)
            and can_be_compared(self.again.value)
            and not alike(self.given[0], self.again, 1e-6, size_of(self.cases[0]))
        )

    @cached_property
    def fresh(self) -> "Trial | None":
        """A Trial of the same answer on cases of other seeds; None if the answer cannot be called again."""
        if self.ask is None or not may_go_on(self.given):
            return None
        found = self.ask()
        return found if found and found.given else None

    @cached_property
    def wider(self) -> "Trial":
        """A Trial of the cases and the fresh ones together, because a reason must hold in all of them."""
        if self.fresh is None:
            return self
        both = copy(self)
        for name in ("cases", "right", "given", "faults"):
            setattr(both, name, [*getattr(self, name), *getattr(self.fresh, name)])
        return both

    def usable(self) -> list[tuple]:
        """Return the cases in which both results are values, as tuples (arguments, expected, got, is it right?)."""
        return [
            (args, r.value, g.value, f is None)
            for args, r, g, f in zip(self.cases, self.right, self.given, self.faults, strict=True)
            if r.kind == g.kind == "value"
        ]

    def unchanged(self) -> "Trial":
        """Return the Trial that this answer would have if it had not changed its arguments."""
        return self._otherwise(lambda right, given: replace(given, mutated=()), forgives=True)

    def reshaped(self) -> "Trial":
        """Return the Trial that this answer would have if its results had the expected shape.

        A result with more or fewer numbers than expected stays as it is.
        """

        def reshape(right, given):
            want, have = numbers(right.value), numbers(given.value)
            if given.kind != "value" or want is None or have is None or want.size != have.size:
                return given
            return replace(given, value=have.reshape(want.shape))

        return self._otherwise(reshape)

    def _otherwise(self, change, forgives=False):
        other = copy(self)
        for name in ("fresh", "wider"):
            other.__dict__.pop(name, None)
        other.forgives = other.forgives or forgives
        other.given = list(map(change, self.right, self.given))
        with quiet():
            other.faults = [
                fault(self.exercise, *each) for each in zip(self.cases, self.right, other.given, strict=True)
            ]
        other.is_right = not any(other.faults)
        if self.ask is not None:
            other.ask = lambda: self.fresh and self.fresh._otherwise(change, forgives)
        return other


def trial_of(exercise: Task, answer: Callable, seed: int = 0, seconds: float | None = None) -> Trial:
    """Return the Trial of an answer on the cases of a seed, without a search for a reason.

    seconds: for all cases together, by default the exercise's own limit.

    >>> from gdcourse.exercises.author import load
    >>> trial = trial_of(load("loss/mse"), lambda y, y_hat: 7.0)
    >>> [fault is None for fault in trial.faults]
    [True, False, False, False, False, False, False]
    """
    cases = exercise.draw(seed)
    return Trial(exercise, cases, collect(exercise, answer, cases, seconds))


# ---- one outcome


def fault(exercise: Task, args: tuple, right: Outcome, given: Outcome) -> Difference | None:
    """Return what is wrong with one Outcome, as a Difference, or None.

    >>> from gdcourse.exercises.author import load
    >>> fault(load("loss/mse"), (), Outcome("value", 7.0), Outcome("value", "seven")).kind
    'type'
    """
    if given.kind in ("raised", "timeout"):
        return Difference(given.kind, "")
    if given.kind == "none" and right.kind != "none":
        return Difference("none", "")
    if given.mutated and not right.mutated:
        return Difference("mutated", "")
    if given.kind == "structure":
        return Difference("structure", _unreadable(exercise, given.text))
    try:
        return _compared(exercise, args, right, given)
    except Exception:
        return Difference("structure", _unreadable(exercise, kind_of(given.value)))


def _compared(exercise, args, right, given):
    if exercise.law is not None:
        reply = _law(exercise, given.value, args)
        return (
            None
            if reply is None or given.single and _law_is_too_fine(exercise, args, reply)
            else Difference("value", reply)
        )
    found = difference(right.value, given.value, exercise.tolerance, size_of(args))
    if found is None or _is_one_of_several(exercise, args, given):
        return None
    return None if given.single and _is_single(exercise, args, right, given) else found


def _is_one_of_several(exercise, args, given):
    return exercise.also is not None and any(
        difference(value, given.value, exercise.tolerance, size_of(args)) is None
        for value in exercise.also(*map(copy_of, args))
    )


def _is_single(exercise, args, right, given):
    """Is the result right up to the errors of single precision?

    To measure these, right answers are computed in single precision.
    """
    scale = size_of(args)
    return as_near(right.value, given.value, right.value, scale) or any(
        as_near(right.value, given.value, value, scale) for value in _in_single_precision(exercise, args)
    )


def _law_is_too_fine(exercise, args, reply):
    """Does the law also object, in the same words, to a right answer that is computed in single precision?"""
    return any(
        re.sub(r"[\d.e+-]+", "", str(_law(exercise, value, args))) == re.sub(r"[\d.e+-]+", "", reply)
        for value in _in_single_precision(exercise, args)
    )


def _in_single_precision(exercise, args):
    for answer in (exercise.solution, *exercise.rights.values()):
        outcome = collect(exercise, answer, [narrow(args)])[0]
        if outcome.kind == "value":
            yield outcome.value


def _law(exercise, value, args):
    try:
        return exercise.law(value, *(copy_of(a) for a in args))
    except Exception:
        # a law may raise an exception on a result of an unexpected kind: such a result is wrong
        return _unreadable(exercise, kind_of(value))


def _unreadable(exercise: Task, what: str) -> str:
    """Return the message for a result of the wrong kind: what was returned, and what the starter asks for."""
    asked = (inspect.getdoc(exercise.solution) or "").split("\n")[0]
    return f"The check could not read what your function returned: {what}." + (
        f" The first line of the starter says what it wants: “{asked}”" if asked else ""
    )


# ---- known mistakes


def named_by_law(trial: Trial) -> list[str]:
    """Return the known mistakes that the exercise's law names, case by case; an empty list if there is no law.

    >>> from gdcourse.exercises.author import load
    >>> orders = load("batching/minibatches")
    >>> set(named_by_law(trial_of(orders, orders.wrongs["drops_last"])))
    {'drops_last'}
    """
    if trial.exercise.law is None:
        return []
    return [f.text for f in trial.faults if f and f.kind == "value" and f.text in trial.exercise.wrongs]


def suspected_mistake(trial: Trial) -> str | None:
    """Return the first mistake that the law names, or None.

    The answer looks like this mistake, but the cause may be another one.

    >>> from gdcourse.exercises.author import load
    >>> orders = load("batching/minibatches")
    >>> suspected_mistake(trial_of(orders, orders.wrongs["drops_last"]))
    'drops_last'
    """
    return next(iter(named_by_law(trial)), None)


def known_mistake(trial: Trial) -> str | None:
    """Return the code of the known mistake that has the same Outcomes as the answer in every case, or None.

    >>> from gdcourse.exercises.author import load
    >>> known_mistake(trial_of(load("loss/mse"), lambda y, y_hat: sum((y - y_hat) ** 2)))
    'sum_not_mean'
    """
    exercise = trial.exercise
    # short limits, because a mistake that loops for ever does so in one of the first cases
    limits = Limits(min(exercise.seconds, 0.5))
    with quiet():
        limits.start()
        try:
            for code, function in exercise.wrongs.items():
                for way in ways(function):
                    limits.restart()
                    if _matches(trial, way, limits):
                        return code
        finally:
            limits.stop()
    return None


def ways(function: Callable) -> tuple[Callable, ...]:
    """Return the function of a known mistake, and the other functions that are marked as the same mistake.

    >>> from gdcourse.exercises.author import load
    >>> [way.__name__ for way in ways(load("beyond_adam/orthogonalise").wrongs["exact_whatever_the_steps"])]
    ['exact_whatever_the_steps', 'as_many_steps_as_it_takes']
    """
    return (function, *getattr(function, "_exercise_ways", ()))


def _matches(trial: Trial, function: Callable, limits: Limits) -> bool:
    """Does a known mistake have the same Outcomes as the answer?

    The mistake is called case by case, because most mistakes differ in the first case already.
    """
    for args, theirs in zip(trial.cases, trial.given, strict=True):
        ours = call_once(trial.exercise, function, args, limits)
        if trial.forgives:
            ours = replace(ours, mutated=())
        if not alike(ours, theirs, trial.exercise.tolerance, size_of(args)):
            return False
        if ours.kind == "timeout":
            break
    return True


def alike(a: Outcome, b: Outcome, tolerance: float, scale: float) -> bool:
    """Are two Outcomes the same, up to rounding?

    >>> alike(Outcome("value", 1.0), Outcome("value", 1.0 + 1e-9), tolerance=1e-6, scale=1.0)
    True
    >>> alike(Outcome("raised", error="KeyError"), Outcome("none"), tolerance=1e-6, scale=1.0)
    False
    """
    if a.kind != b.kind or a.mutated != b.mutated:
        return False
    if a.kind == "raised":
        return (a.error, a.text) == (b.error, b.text)
    if a.kind == "structure":
        return a.text == b.text
    return a.kind != "value" or same(a.value, b.value, min(tolerance, 1e-6), scale)
