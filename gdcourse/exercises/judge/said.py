"""Sentences that several modules put into the learner's message, for example on which inputs go wrong."""

import re
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from functools import lru_cache
from itertools import permutations

from .calls import paused
from .compare import difference, size_of
from .derive import Bench, given_names
from .repair import Repair, repaired
from .signs import signs
from .task import Task
from .trial import Trial
from .where import ENOUGH, in_common

MORE = "\n\nThere is more: "


def docstring(exercise: Task, code: str) -> str:
    """Return what a learner reads about a known mistake, on one line.

    >>> from gdcourse.exercises.author import load
    >>> docstring(load("update_rule/gd_step"), "slope_forgotten")
    'You subtract the learning rate alone: the slope does not come in. The step is rate times slope.'
    """
    return " ".join(exercise.feedback(code).split())


def lower(text: str) -> str:
    """Return the sentence with a small first letter, so that it can follow a colon.

    >>> lower("Every sign is flipped."), lower("`W` is a table.")
    ('every sign is flipped.', '`W` is a table.')
    """
    return text if text.startswith("`") else text[0].lower() + text[1:]


def first_sentence(text: str) -> str:
    """Return the first sentence of a text.

    >>> first_sentence("You divide by n − 1.5 here. That belongs to a variance.")
    'You divide by n − 1.5 here.'
    """
    return re.split(r"(?<=[.!?]) (?=[A-ZÀ-Þ`(])", text, maxsplit=1)[0]


def nearly(slip: str | None) -> str | None:
    """Return a sentence that names the slip (a small error) in a nearly right answer; None if there is no slip.

    >>> nearly("a square root is missing")
    'It is nearly right: a square root is missing.'
    """
    return f"It is nearly right: {slip}." if slip else None


def two_mistakes(exercise: Task, both: tuple[str, str]) -> tuple[str, str]:
    """Return (code, message) for two faults. both: (code of a known mistake, words for the other fault).

    >>> from gdcourse.exercises.author import load
    >>> code, message = two_mistakes(load("loss/mse"), ("root", "every sign is flipped"))
    >>> code, message.split(MORE)[1]
    ('root', 'every sign is flipped.')
    """
    code, words = both
    return code, f"{docstring(exercise, code)}{MORE}{words}."


def further(trial: Trial, text: str) -> str:
    """Return "There is more: …" if the law sees another mistake in a result of which it first says `text`; else "".

    >>> from gdcourse.exercises.author import load
    >>> from gdcourse.exercises.judge.trial import trial_of
    >>> further(trial_of(load("beyond_adam/trap"), lambda T: [3000.0] * (T - 1)), "too_short").strip()
    'There is more: your slopes grow beyond 2000 (or are not numbers at all).'
    """
    more = next((words for f in trial.faults if f and f.text == text for words in f.more), "")
    if more in trial.exercise.wrongs:
        more = first_sentence(docstring(trial.exercise, more))
    return f"{MORE}{lower(more)}" if more else ""


def repair_sentence(trial: Trial, bench: Bench | None = None) -> str:
    """Return a sentence on the small change that makes the learner's code right; "" if none was found.

    >>> from gdcourse.exercises.author import load
    >>> from gdcourse.exercises.judge.trial import trial_of
    >>> def gd_step(w, g, lr):
    ...     return w - lr / g
    >>> trial = trial_of(load("update_rule/gd_step"), gd_step)
    >>> trial.answer = gd_step
    >>> repair_sentence(trial)
    'It is nearly right: in line 2, `return w - lr / g`, you divide where you should multiply.'
    """
    words = repair_of(trial, bench).words
    return f"It is nearly right: {words}." if words else ""


def repair_of(trial: Trial, bench: Bench | None = None) -> Repair:
    """Return the Repair of the learner's code. It is searched once, and stored in `trial.repair`.

    >>> from gdcourse.exercises.author import load
    >>> from gdcourse.exercises.judge.trial import trial_of
    >>> trial = trial_of(load("loss/mse"), max)  # it has no `answer`, so nothing is found
    >>> repair_of(trial).words, repair_of(trial) is trial.repair
    ('', True)
    """
    if trial.repair is None:
        with paused(bench.limits) if bench else nullcontext():
            trial.repair = repaired(trial)
    return trial.repair


ODD = ("sign after equals", "caret", "always true")  # oddities in code that no right answer has on purpose
STRONG = (
    *ODD,
    "unused argument",
    "overwritten argument",
    "return in loop",
    "notebook variable",
)


WEAK = ("unused value", "whole division")


def sign_sentence(trial: Trial, kinds: Sequence[str]) -> str:
    """Return a sentence about something odd in the code of a wrong answer; "" if there is nothing to say.

    kinds: the kinds of Signs (oddities) that may be told, the most important first.

    >>> from gdcourse.exercises.author import load
    >>> from gdcourse.exercises.judge.trial import trial_of
    >>> answer = lambda w, g, lr: w - g
    >>> trial = trial_of(load("update_rule/gd_step"), answer)
    >>> trial.signs = signs(answer)
    >>> sign_sentence(trial, STRONG)
    'Your function never uses its argument `lr`.'
    """
    told = []
    for sign in trial.signs:
        if sign.kind in kinds and not _a_right_answer_has(trial, sign):
            told.append(sign)
    for kind in kinds:
        for sign in told:
            if sign.kind == kind:
                variable = next((s for s in told if s.kind == "notebook variable"), None)
                if kind == "unused argument" and variable:
                    return f"Your function never uses its argument `{sign.name}`; it uses `{variable.name}`, a variable of your notebook."
                return _SIGNS[kind].format(name=sign.name, line=sign.line)
    return ""


_SIGNS = {
    "sign after equals": "In `{line}` the `=` and the sign stand the wrong way round: `x =- y` means x = −y, and `x -= y` subtracts.",
    "always true": "`{line}` is always true: what stands after the `or` is no comparison. Write `x == a or x == b`.",
    "caret": "`^` is no power in Python (it works on the bits of whole numbers): write `**`.",
    "unused argument": "Your function never uses its argument `{name}`.",
    "overwritten argument": "Your function gives `{name}` another value before it reads it, so that what comes in is lost.",
    "return in loop": "Your loop ends in its first round, at `{line}`: is the `return` indented too far?",
    "notebook variable": "Your function uses `{name}`, a variable of your notebook. What belongs to this input must come from the arguments.",
    "unused value": "`{name}` gets a value that is never used.",
    "whole division": "`//` cuts the decimals off: is `/` meant?",
}


def spelling(trial: Trial) -> str:
    """Return a sentence about a text among the arguments that the code spells differently; "" if there is none.

    >>> from gdcourse.exercises.author import load
    >>> from gdcourse.exercises.judge.trial import trial_of
    >>> answer = lambda y, loss: max(y) if loss == "MSE" else min(y)
    >>> trial = trial_of(load("loss/best_constant"), answer)
    >>> trial.signs = signs(answer)
    >>> spelling(trial)
    'Your code asks for "MSE", and what comes in is "mse": capital and small letters count, and so do `-` and `_`.'
    """
    known = {a for args in trial.cases for a in args if isinstance(a, str)}
    for sign in trial.signs:
        for word in sorted(known):
            if sign.kind == "text" and sign.name not in known and _plain(sign.name) == _plain(word):
                return f'Your code asks for "{sign.name}", and what comes in is "{word}": capital and small letters count, and so do `-` and `_`.'
    return ""


def _plain(word):
    return re.sub(r"[\W_]", "", word).lower()


def _a_right_answer_has(trial, sign):
    exercise = trial.exercise
    return any(
        s.kind == sign.kind and (not sign.name or s.name == sign.name)
        for answer in (exercise.solution, *exercise.rights.values())
        for s in _signs_of(answer)
    )


@lru_cache(maxsize=500)
def _signs_of(answer):
    return signs(answer)


def where_wrong(trial: Trial, cases_of: Callable[[Trial], list[tuple]] = Trial.usable) -> str | None:
    """Return a sentence on which inputs go wrong; None if no property separates them or there are too few cases.

    cases_of(trial): the cases as tuples (see `Trial.usable`).

    >>> from gdcourse.exercises.author import load
    >>> from gdcourse.exercises.judge.trial import trial_of
    >>> trial = trial_of(load("loss/huber"), lambda r, delta: r)
    >>> where_wrong(trial, lambda _: [((r, 1), abs(r), r, r >= 0) for r in range(-6, 8)])
    'It is wrong exactly where `r` is negative.'
    """
    names = given_names(trial.exercise, trial.cases)
    if not in_common(cases_of(trial), names):
        return None
    wide = cases_of(trial.wider)
    return in_common(wide, names) if len(wide) >= ENOUGH else None


def unsure(trial: Trial, short: bool = False) -> str:
    """Return the message if no cause was found: how many inputs are wrong, and what the learner can do.

    short: return only what the learner can do.

    >>> from gdcourse.exercises.author import load
    >>> from gdcourse.exercises.judge.trial import trial_of
    >>> first_sentence(unsure(trial_of(load("loss/mse"), lambda y, y_hat: 7.0)))
    'The result is right for 1 of 7 inputs and wrong for 6.'
    """
    bad, all_ = sum(f is not None for f in trial.faults), len(trial.faults)
    count = (
        "The result is not right."
        if bad == all_
        else f"The result is right for {all_ - bad} of {all_} inputs and wrong for {bad}."
    )
    ask = "Work the input below by hand, one line of your code after the other. Which step gives another number?"
    return ask if short else f"{count} {ask}"


def other_order(exercise: Task, cases: list[tuple], width: int) -> str | None:
    """Return a sentence if the returned values are right but in another order; else None.

    >>> from gdcourse.exercises.author import load
    >>> other_order(load("update_rule/fit_line"), [((), (1.0, 2.0), (2.0, 1.0), False)], width=2)
    'These are the right values, in another order.'
    """
    for order in permutations(range(width)) if width <= 3 else ():
        if order != tuple(range(width)) and all(
            isinstance(h, (tuple, list))
            and len(h) == width
            and difference(w, tuple(h[i] for i in order), exercise.tolerance, size_of(a)) is None
            for a, w, h, _ in cases
        ):
            return "These are the right values, in another order."
    return None
