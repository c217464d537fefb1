"""Sentences that several parts of the feedback use: what is odd in the code, which inputs go wrong, what a small
change shows.
"""

import re
from contextlib import nullcontext
from functools import lru_cache
from itertools import permutations

from .calls import paused
from .compare import difference, size_of
from .derive import given_names
from .repair import repaired
from .signs import signs
from .task import Task
from .trial import Trial
from .where import ENOUGH, in_common

MORE = "\n\nThere is more: "


def docstring(exercise: Task, code: str) -> str:
    """Return what a learner reads about a known mistake, on one line."""
    return " ".join(exercise.feedback(code).split())


def lower(text):
    """Return the sentence with a small first letter, so that it can follow a colon."""
    return text if text.startswith("`") else text[0].lower() + text[1:]


def first_sentence(text):
    """Return the first sentence of a text."""
    return re.split(r"(?<=[.!?]) (?=[A-ZÀ-Þ`(])", text, maxsplit=1)[0]


def nearly(slip):
    """Return a sentence that names the slip in a nearly right answer; None if there is no slip."""
    return f"It is nearly right: {slip}." if slip else None


def two_mistakes(exercise, both):
    """Return the code and the message for a known mistake and another fault. both: the code, and words for the fault."""
    code, words = both
    return code, f"{docstring(exercise, code)}{MORE}{words}."


def repair_sentence(trial, bench=None):
    """Return a sentence on the small change that makes the learner's code right; "" if none was found."""
    words = repair_of(trial, bench).words
    return f"It is nearly right: {words}." if words else ""


def repair_of(trial, bench=None):
    """Return the Repair of the learner's own code; the search runs only once."""
    if trial.repair is None:
        with paused(bench.limits) if bench else nullcontext():
            trial.repair = repaired(trial)
    return trial.repair


ODD = ("sign after equals", "caret", "always true")  # signs that no right answer has on purpose
STRONG = (
    *ODD,
    "unused argument",
    "overwritten argument",
    "return in loop",
    "notebook variable",
)


WEAK = ("unused value", "whole division")


def sign_sentence(trial, kinds):
    """Return a sentence about something odd in the code of a wrong answer; "" if there is nothing to say."""
    told = []
    for sign in trial.signs:
        if sign.kind in kinds and not _is_so_in_the_solution(trial, sign):
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


def spelling(trial):
    """Return a sentence about a text among the arguments that the code spells differently; "" if there is none."""
    known = {a for args in trial.cases for a in args if isinstance(a, str)}
    for sign in trial.signs:
        for word in sorted(known):
            if sign.kind == "text" and sign.name not in known and _plain(sign.name) == _plain(word):
                return f'Your code asks for "{sign.name}", and what comes in is "{word}": capital and small letters count, and so do `-` and `_`.'
    return ""


def _plain(word):
    return re.sub(r"[\W_]", "", word).lower()


def _is_so_in_the_solution(trial, sign):
    """Do right answers show the same sign in their code?"""
    exercise = trial.exercise
    return any(
        s.kind == sign.kind and (not sign.name or s.name == sign.name)
        for answer in (exercise.solution, *exercise.rights.values())
        for s in _signs_of(answer)
    )


@lru_cache(maxsize=500)
def _signs_of(answer):
    return signs(answer)


def where_wrong(trial, cases_of=Trial.usable):
    """Return a sentence on which inputs go wrong; None if there are too few cases or no property holds in the fresh
    cases, too.
    """
    names = given_names(trial.exercise, trial.cases)
    if not in_common(cases_of(trial), names):
        return None
    wide = cases_of(trial.wider)
    return in_common(wide, names) if len(wide) >= ENOUGH else None


def unsure(trial, short=False):
    """Return what is said if no reason was found: how many inputs are wrong, and what the learner can do.

    short: return only what the learner can do.
    """
    bad, all_ = sum(f is not None for f in trial.faults), len(trial.faults)
    count = (
        "The result is not right."
        if bad == all_
        else f"The result is right for {all_ - bad} of {all_} inputs and wrong for {bad}."
    )
    ask = "Work the input below by hand, one line of your code after the other. Which step gives another number?"
    return ask if short else f"{count} {ask}"


def other_order(exercise, cases, width):
    """Return a sentence if the returned values are right but in another order; else None."""
    for order in permutations(range(width)) if width <= 3 else ():
        if order != tuple(range(width)) and all(
            isinstance(h, (tuple, list))
            and len(h) == width
            and difference(w, tuple(h[i] for i in order), exercise.tolerance, size_of(a)) is None
            for a, w, h, _ in cases
        ):
            return "These are the right values, in another order."
    return None
