"""Write the message on a wrong answer: what is wrong, and the smallest input that shows it."""

import gc
import re
from contextlib import contextmanager
from itertools import permutations

from numpy import isfinite

from .besides import combined, cut_short, in_some_cases, slipped
from .calls import collect, mend_numpy
from .case import arguments_of, show_case, smallest
from .compare import numbers
from .derive import Bench, as_if_called, with_a_function
from .said import (
    MORE,
    ODD,
    STRONG,
    docstring,
    first_sentence,
    further,
    lower,
    nearly,
    other_order,
    repair_sentence,
    sign_sentence,
    spelling,
    two_mistakes,
    where_wrong,
)
from .shapes import shape_hint
from .show import ordinal, show
from .tips import tip
from .trial import Trial, known_mistake, left_over, suspected_mistake
from .values import wrong_numbers
from .verdict import Verdict


def explain(trial: Trial, strict: bool = False) -> Verdict:
    """Return the Verdict on a wrong answer. strict: do not catch exceptions of the search for the mistake.

    >>> from gdcourse.exercises.author import load
    >>> from gdcourse.exercises.judge.trial import trial_of
    >>> explain(trial_of(load("loss/mse"), lambda y, y_hat: None)).message
    'Your function returns `None`: it ends without a `return`.'
    """
    try:
        with _no_collection():
            return _explain(trial)
    except Exception:
        if strict:
            raise
        # the search may fail on an unusual result: return a Verdict without a reason
        text = next((f.text for f in trial.faults if f and f.text), "") or "The result is not right."
        return Verdict(trial.exercise.id, trial.code, " ".join(text.split()))


@contextmanager
def _no_collection():
    """Switch the garbage collector off: the search makes many syntax trees, and collecting them takes long."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _explain(trial):
    exercise, code = trial.exercise, trial.code
    k = smallest(trial, code)
    named = known_mistake(trial)
    if named:
        said = " ".join(
            filter(
                None,
                [spelling(trial), sign_sentence(trial, ODD), docstring(exercise, named)],
            )
        )
        return Verdict(exercise.id, named, said, show_case(trial, k))
    suspected = suspected_mistake(trial)
    if suspected:
        # the law (the exercise's own test) confirms only the docstring's first sentence; if a repair was found, its
        # `words` take the place of the other sentences
        text, words = docstring(exercise, suspected), repair_sentence(trial)
        if words:
            text = f"{first_sentence(text)} {words}"
        elif more := further(trial, suspected):
            text += more
        elif other := left_over(trial, suspected):
            text = f"{text}{MORE}{lower(other.text) if ' ' in other.text else 'this explains only some of the wrong results.'}"
        sign = sign_sentence(trial, ODD)
        return Verdict(exercise.id, code if words else suspected, f"{sign} {text}".strip(), show_case(trial, k))
    if trial.keeps_state and code != "timeout":
        return Verdict(exercise.id, "state", _state(trial), _two_calls(trial))
    if code == "mutated":
        return _mutated(trial, k)
    say = {"raised": _raised, "timeout": _timeout, "none": _none, "value": wrong_numbers}.get(code, _form)
    found = say(trial, k)
    code, message = found if isinstance(found, tuple) else (code, found)
    return Verdict(exercise.id, code, message, show_case(trial, k))


# ---- the answer stopped, did not end, or returned nothing


def _raised(trial, k):
    o = trial.given[k]
    if o.error == "TooMuch":
        return "It prints more than anybody can read. Take the `print` out of the loop, and check again."
    place = f" in line {o.line}, `{o.source}`," if o.source else ""
    said = f": {o.text}" if o.text else ""
    # an exception's text may contain line breaks: put it on one line
    message = f"It stopped{place} with {o.error}{' '.join(said.split(chr(10)))}.".replace("..", ".")
    message = " ".join(filter(None, [message, tip(o), sign_sentence(trial, ODD)]))
    return _and_more(trial, message) or _with_where(trial, message)


def _timeout(trial, k):
    o = trial.given[k]
    place = f" When its time was up it was in line {o.line}, `{o.source}`." if o.source else ""
    return (
        f"It did not come to an end within {trial.exercise.seconds:g} seconds.{place} "
        "What has to happen so that the loop ends, and does it happen for this input?"
    )


def _none(trial, k):
    if trial.given[k].printed.strip():
        return "Your function prints its result but returns `None`. `print` shows a value to you; `return` hands it to whoever called."
    if all(o.kind == "none" for o in trial.given):
        return "Your function returns `None`: it ends without a `return`."
    message = "For this input nothing is returned, so that `None` comes back. Look at your `if`s and loops: one way through them has no `return`."
    return _and_more(trial, message) or _with_where(trial, message)


def _and_more(trial, message):
    """If a known mistake explains other wrong results, return (its code, its text followed by `message`); else None."""
    others = [f is not None and f.kind == "value" for f in trial.faults]
    if sum(others) < 2 or trial.exercise.law is not None:
        return None
    with Bench(trial) as bench:
        named = in_some_cases(bench)
    if not named:
        return None
    code, _ = named
    return code, f"{docstring(trial.exercise, code)}{MORE}{lower(message)}"


def _with_where(trial, message):
    """Return the message, followed by what the failing inputs have in common."""
    if all(trial.faults) or trial.exercise.law is not None:
        return message
    found = where_wrong(trial, lambda t: [(a, None, None, f is None) for a, f in zip(t.cases, t.faults, strict=True)])
    return (
        f"{message} {found.replace('It is wrong', 'This happens').replace('It is right', 'It goes well')}"
        if found
        else message
    )


# ---- the answer remembers earlier calls, or changes its arguments


def _state(trial):
    signs = {s.kind: s for s in trial.signs}
    start = "Called again with the same input, your function gives something else: "
    if "mutable default" in signs:
        name = signs["mutable default"].name
        return f"{start}what stands after `{name}=` in its first line is made once, and keeps what earlier calls have left in it. Write `{name}=None` there, and make a new one inside."
    if "global" in signs:
        name = signs["global"].name
        return f"{start}`global {name}` keeps a value from earlier calls. Everything a call needs must come in through its arguments, and leave by `return`."
    if "own randomness" in signs:
        return f"{start}it draws random numbers of its own. Draw them from `rng`, the generator that comes in."
    return (
        f"{start}it keeps something from earlier calls, in a list, a number or an object outside of it, or it draws random numbers "
        "of its own. Everything a call needs must come in through its arguments."
    )


def _two_calls(trial):
    lines = arguments_of(trial.exercise, trial.cases[0])
    for words, outcome in (("first call:", trial.given[0]), ("last call: ", trial.again)):
        shown = show(outcome.value, indent=12) if outcome.kind == "value" else outcome.error or outcome.kind
        lines.append(f"{words} {shown}")
    return "\n".join([*lines[:-2], "", *lines[-2:]])


def _mutated(trial, k):
    exercise, details = trial.exercise, show_case(trial, k)
    names = " and ".join(f"`{exercise.given_names[i]}`" for i in trial.given[k].mutated)
    changes = (
        f"changes its argument {names}, which belongs to whoever called it. `-=` and `[…] =` work on the array itself. "
        "Work on a copy, `.copy()`, or make a new array: `w = w - …`."
    )
    clean = trial.unchanged()
    if clean.is_right:
        return Verdict(exercise.id, "mutated", f"The result is right, but your function {changes}", details)
    inner = _explain(clean)
    code = inner.code if inner.code in exercise.wrongs else "mutated"
    return Verdict(exercise.id, code, f"{inner.message}{MORE}your function {changes}", inner.details)


# ---- the result has the wrong type or shape, or contains nan


def _form(trial, k):
    exercise, fault = trial.exercise, trial.faults[k]
    text = fault.text
    if turned := _in_another_order(trial):
        return turned
    if exercise.law is None and trial.right[k].kind == trial.given[k].kind == "value":
        cases = trial.usable()
        if isinstance(trial.right[k].value, tuple) and len(trial.right[k].value) > 1:
            order = other_order(exercise, cases, len(trial.right[k].value))
            if order:
                return order
            with Bench(trial) as bench:
                both = combined(bench, len(trial.right[k].value))
            if both:
                return two_mistakes(exercise, both)
        pairs, shown = _pairs(trial, fault.where, k)
        hint = shape_hint(pairs, shown, list(zip(exercise.given_names, trial.cases[k], strict=False)))
        which = _which(fault.where, trial.right[k].value)
        text = f"{which}{text[0].lower() + text[1:] if which else text}{' ' + hint if hint else ''}"
    if "a generator" in text:
        text += " `yield` makes a generator, which hands out values one by one. `return` hands over the result."
    if fault.kind == "shape" and len(fault.where) < 2 and exercise.law is None:
        named = None if fault.where else known_mistake(trial.reshaped())
        if not named:
            with Bench(trial) as bench:
                named = cut_short(bench, fault.where)
        if named:
            return named, f"{docstring(exercise, named)}{MORE}{lower(text)}"
    if fault.kind == "nan":
        found = _derived(trial, k)
        if found:
            return found
        text += " Zero divided by zero gives `nan`, and so do the square root and the logarithm of a negative number; any other number divided by zero gives `inf`, and so does a number that is too large, like `np.exp(1000)`."
        text = " ".join(filter(None, [text, sign_sentence(trial, STRONG)]))
        return _and_more(trial, text) or _with_where(trial, text)
    return text


def _in_another_order(trial):
    """Return (code, message) if the check can read the returned values only in another order; else None.

    The answer is called again, because no Outcome stores values that could not be read.
    """
    width = re.fullmatch(r"a (?:tuple|list) of (\d)", next((g.text for g in trial.given if g.kind == "structure"), ""))
    if trial.answer is None or not width or int(width[1]) > 3:
        return None
    for order in list(permutations(range(int(width[1]))))[1:]:

        def answer(*args, order=order):
            values = trial.answer(*args)
            return tuple(values[i] for i in order)

        given = collect(trial.exercise, answer, trial.cases)
        mend_numpy()
        other = Trial(trial.exercise, trial.cases, given, repeated=False)
        if other.is_right:
            return "structure", "These are the right values, in another order."
        if all(f is None or f.kind == "value" for f in other.faults):
            inner = _explain(other)
            return (
                inner.code,
                f"{inner.message}{MORE}the values that you return stand in another order than the one that was asked for.",
            )
    return None


def _derived(trial, k):
    """Return a sentence on the cause of nan or inf, if this cause explains the finite results, too; else None."""
    usable = trial.usable()
    finite = sum(bool(isfinite(x).all()) for x in (numbers(h) for _, _, h, _ in usable) if x is not None)
    if trial.exercise.law is not None or 2 * finite < len(usable) or not finite:
        return None  # too few finite results: nan equals nan, so nearly any cause would fit
    where = trial.faults[k].where[:1]
    with Bench(trial) as bench:
        found = as_if_called(bench) or with_a_function(bench)
        slip = {} if found else slipped(bench, where)
    return (
        found
        or nearly(slip.get(None))
        or next((f"{_which(where, trial.right[k].value)}{lower(nearly(w))}" for w in slip.values()), None)
    )


def _pairs(trial, where, k):
    """Return the pairs (expected, got) of the part at the path `where` in each result, and the index of case k's pair."""
    found, shown = [], 0
    for i, (right, given) in enumerate(zip(trial.right, trial.given, strict=True)):
        if right.kind == given.kind == "value":
            want, have = right.value, given.value
            try:
                for step in where:
                    want, have = want[step], have[step]
            except Exception:
                continue
            shown = len(found) if i == k else shown
            found.append((want, have))
    return found, shown


def _which(where, expected):
    """Return "The second of the 3 values: " if the fault is inside a tuple; else ""."""
    if not where or not isinstance(expected, tuple):
        return ""
    return f"The {ordinal(where[0])} of the {len(expected)} values: "
