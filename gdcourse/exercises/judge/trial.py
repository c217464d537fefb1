"""Compare a learner's results with the right ones, and find the known mistake that explains wrong results."""

import inspect
import re
from collections.abc import Callable
from contextlib import contextmanager
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
    """The answer's Outcomes (results of its calls), those of the solution, and how they differ.

    The lists `cases`, `right`, `given` and `faults` have one entry for each call. repeated: the last case repeats the
    first one; its Outcome, `again`, shows whether the answer gives the same result twice.
    """

    def __init__(self, exercise: Task, cases: list[tuple], given: list[Outcome], repeated: bool = True) -> None:
        self.exercise = exercise
        self.signs: tuple[Sign, ...] = ()
        self.ask: Callable[[], Trial | None] | None = None
        self.answer: Any = None  # the learner's function, if this process may call it
        self.repair: Any = None  # a Repair, once `said.repair_of` has searched
        self.draw_fresh: Callable[[], list[tuple]] = lambda: []  # returns cases of other seeds
        self.forgives = False  # True if a call may change its arguments
        right = collect(exercise, exercise.solution, cases)
        with quiet():  # an exercise's own test may compute with inf and nan: no warnings
            faults = [fault(exercise, *each) for each in zip(cases, right, given, strict=False)]
        self.is_right = not any(faults) and len(given) == len(cases)
        whole = repeated and len(given) == len(cases) > 2
        self.again = given[-1] if whole else None
        keep = len(cases) - 1 if whole else len(given)
        self.cases, self.right, self.given, self.faults = cases[:keep], right[:keep], given[:keep], faults[:keep]

    @property
    def code(self) -> str:
        """The code of the verdict on a wrong answer: the kind of the fault that comes first in ORDER.

        "state" if there is no fault: then only the repeated call, which is not in `faults`, went wrong.
        """
        return min((f.kind for f in self.faults if f), key=ORDER.index, default="state")

    @property
    def keeps_state(self) -> bool:
        """Did the first case and its repetition at the end give different results?"""
        return (
            self.again is not None
            and can_be_compared(self.given[0].value)
            and can_be_compared(self.again.value)
            and not alike(self.given[0], self.again, 1e-6, size_of(self.cases[0]))
        )

    @cached_property
    def fresh(self) -> "Trial | None":
        """A Trial of the same answer on cases of other seeds; None if more calls are impossible or too slow."""
        if self.ask is None or not may_go_on(self.given):
            return None
        found = self.ask()
        return found if found and found.given else None

    @cached_property
    def wider(self) -> "Trial":
        """A Trial of `cases` and those of `fresh` together: a sentence on which inputs go wrong must hold in all."""
        if self.fresh is None:
            return self
        both = copy(self)
        for name in ("cases", "right", "given", "faults"):
            setattr(both, name, [*getattr(self, name), *getattr(self.fresh, name)])
        return both

    def usable(self) -> list[tuple]:
        """Return (arguments, expected, got, is it right?) for each case in which answer and solution return a value."""
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
    """Call an answer on the cases of a seed, and compare its results with the right ones.

    seconds: the limit for all cases together, by default the exercise's own.

    >>> from gdcourse.exercises.author import load
    >>> trial = trial_of(load("loss/mse"), lambda y, y_hat: 7.0)
    >>> [fault is None for fault in trial.faults]
    [True, False, False, False, False, False, False]
    """
    cases = exercise.draw(seed)
    return Trial(exercise, cases, collect(exercise, answer, cases, seconds))


# ---- one outcome


def fault(exercise: Task, args: tuple, right: Outcome, given: Outcome) -> Difference | None:
    """Return the Difference between the Outcome `given` and the right one; None if `given` is right.

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
        if reply is None or given.single and _law_is_too_fine(exercise, args, reply):
            return None
        first, *more = (reply,) if isinstance(reply, str) else reply
        return Difference("value", first, more=tuple(more))
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
    """Is the result right up to the rounding errors of single precision?

    The rounding errors are measured on right answers that are called with float32 arguments.
    """
    scale = size_of(args)
    return as_near(right.value, given.value, right.value, scale) or any(
        as_near(right.value, given.value, value, scale) for value in _in_single_precision(exercise, args)
    )


def _law_is_too_fine(exercise, args, reply):
    """Would the law (the exercise's own test) also reject a right answer that is called with float32 arguments?

    True only if the law's reply to such a right answer is `reply`; numbers in the two texts are ignored.
    """
    return any(
        re.sub(r"[\d.e+-]+", "", str(_law(exercise, value, args))) == re.sub(r"[\d.e+-]+", "", str(reply))
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
        # the law fails on a result of an unexpected kind: such a result is wrong
        return _unreadable(exercise, kind_of(value))


def _unreadable(exercise: Task, what: str) -> str:
    """Return the message for a result that the check cannot read. what: its kind, such as "a string"."""
    asked = (inspect.getdoc(exercise.solution) or "").split("\n")[0]
    return f"The check could not read what your function returned: {what}." + (
        f" The first line of the starter says what it wants: “{asked}”" if asked else ""
    )


# ---- known mistakes


def named_by_law(trial: Trial) -> list[str]:
    """Return the codes of the known mistakes that the exercise's law names, case by case; [] without a law.

    >>> from gdcourse.exercises.author import load
    >>> orders = load("batching/minibatches")
    >>> set(named_by_law(trial_of(orders, orders.wrongs["drops_last"])))
    {'drops_last'}
    """
    if trial.exercise.law is None:
        return []
    return [f.text for f in trial.faults if f and f.kind == "value" and f.text in trial.exercise.wrongs]


def suspected_mistake(trial: Trial) -> str | None:
    """Return the code of the first known mistake that the exercise's law names, or None.

    The law sees only results: the learner may have made a different mistake.

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
    with _limits(trial.exercise) as limits:
        for code, function in trial.exercise.wrongs.items():
            for way in ways(function):
                limits.restart()
                if _matches(trial, way, limits):
                    return code
    return None


@contextmanager
def _limits(exercise):
    """Provide Limits for calls of known mistakes: at most half a second from each `restart`, because some never end."""
    limits = Limits(min(exercise.seconds, 0.5))
    with quiet():
        limits.start()
        try:
            yield limits
        finally:
            limits.stop()


def left_over(trial: Trial, code: str) -> Difference | None:
    """Return the learner's first fault in a case that the known mistake `code` gets right: it shows a second mistake.

    None if there is no such fault, or if in a case in which the law names `code` the mistake's result is not the
    learner's.

    >>> from gdcourse.exercises.author import load
    >>> exercise = load("convergence_proof/which_rate")
    >>> def two_mistakes(errors):
    ...     word, number = exercise.solution(errors)
    ...     return word, 2 * number if word == "stalled" else -number if word == "sublinear" else number
    >>> trial = trial_of(exercise, two_mistakes)
    >>> left_over(trial, suspected_mistake(trial)).text.split(";")[0]
    'The word is right'
    """
    exercise = trial.exercise
    with _limits(exercise) as limits:
        for way in ways(exercise.wrongs[code]):
            rest = []
            for args, right, theirs, wrong in zip(trial.cases, trial.right, trial.given, trial.faults, strict=True):
                if wrong is None:
                    continue
                limits.restart()
                ours = call_once(exercise, way, args, limits)
                if wrong.text == code:
                    if not alike(ours, theirs, exercise.tolerance, size_of(args)):
                        break
                elif fault(exercise, args, right, ours) is None:
                    rest.append(wrong)
            else:
                return rest[0] if rest else None
    return None


def ways(function: Callable) -> tuple[Callable, ...]:
    """Return `function`, a known mistake, and the functions that its exercise marks as the same mistake.

    >>> from gdcourse.exercises.author import load
    >>> [way.__name__ for way in ways(load("beyond_adam/orthogonalise").wrongs["exact_whatever_the_steps"])]
    ['exact_whatever_the_steps', 'as_many_steps_as_it_takes']
    """
    return (function, *getattr(function, "_exercise_ways", ()))


def _matches(trial: Trial, function: Callable, limits: Limits) -> bool:
    """Does `function`, a known mistake, have the same Outcomes as the answer?"""
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
