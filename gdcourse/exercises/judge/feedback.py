"""From what is wrong to what a learner reads: a sentence, and the smallest input on which it can be seen."""

import re
from functools import lru_cache
from itertools import permutations

from numpy import isfinite

from . import patterns
from .case import arguments_of, show_case, smallest
from .compare import difference, numbers, size, size_of
from .derive import (
    Bench,
    as_if_called,
    combined,
    given_names,
    in_some_cases,
    mistake_and_slip,
    parts_of_mistakes,
    slipped,
    with_a_function,
)
from .look import signs
from .repair import repaired
from .shapes import shape_hint
from .show import ordinal, show
from .task import Task
from .tips import tip
from .trial import Trial, known_mistake, suspected_mistake
from .verdict import Verdict
from .where import ENOUGH, in_common

MORE = "\n\nThere is more: "


def explain(trial: Trial, strict: bool = False) -> Verdict:
    """The Verdict on a wrong answer. strict: a fault in the search for a reason is raised, not covered up."""
    if strict:
        return _explain(trial)
    try:
        return _explain(trial)
    except Exception:
        # what came back may be stranger than any pattern expects; the verdict stands all the same
        text = next((f.text for f in trial.faults if f and f.text), "") or "The result is not right."
        return Verdict(trial.exercise.id, trial.code, " ".join(text.split()))


def _explain(trial):
    exercise, code = trial.exercise, trial.code
    k = smallest(trial, code)
    named = known_mistake(trial)
    if named:
        said = " ".join(
            filter(None, [_spelling(trial), _sign(trial, ("sign after equals", "caret")), docstring(exercise, named)])
        )
        return Verdict(exercise.id, named, said, show_case(trial, k))
    suspected = suspected_mistake(trial)
    if suspected:
        # what the law sees is true, and stands first; the cause that it supposes is said where the code itself does not show another
        text, words = docstring(exercise, suspected), _repair(trial)
        text = f"{_first_sentence(text)} {words}" if words else text
        sign = _sign(trial, ("sign after equals", "caret"))
        return Verdict(exercise.id, code if words else suspected, f"{sign} {text}".strip(), show_case(trial, k))
    if trial.keeps_state and code != "timeout":
        return Verdict(exercise.id, "state", _state(trial), _two_calls(trial))
    if code == "mutated":
        return _mutated(trial, k)
    say = {"raised": _raised, "timeout": _timeout, "none": _none, "value": _value}.get(code, _form)
    found = say(trial, k)
    code, message = found if isinstance(found, tuple) else (code, found)
    return Verdict(exercise.id, code, message, show_case(trial, k))


def _repair(trial, bench=None):
    """What one small change of the learner's code shows, as a sentence; "" where nothing was found."""
    words = _repair_of(trial, bench).words
    return f"It is nearly right: {words}." if words else ""


def _repair_of(trial, bench=None):
    """The Repair of the learner's own code, searched for once."""
    if trial.repair is None:
        if bench:
            bench.limits.stop()
        trial.repair = repaired(trial)
        if bench:
            bench.limits.start()
    return trial.repair


def _first_sentence(text):
    return re.split(r"(?<=[.!?]) (?=[A-ZÀ-Þ`(])", text, maxsplit=1)[0]


def docstring(exercise: Task, code: str) -> str:
    """What a learner reads about a known mistake, on one line."""
    return " ".join(exercise.feedback(code).split())


# ---- it stopped, it did not end, it gave nothing


def _raised(trial, k):
    o = trial.given[k]
    if o.error == "TooMuch":
        return "It prints more than anybody can read. Take the `print` out of the loop, and check again."
    place = f" in line {o.line}, `{o.source}`," if o.source else ""
    said = f": {o.text}" if o.text else ""
    # a message may hold the learner's own backticks or lines; it is shown as it is, on one line
    message = f"It stopped{place} with {o.error}{' '.join(said.split(chr(10)))}.".replace("..", ".")
    message = " ".join(filter(None, [message, tip(o), _sign(trial, ("sign after equals", "caret"))]))
    return _and_more(trial, message, "raised") or _with_where(trial, message)


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
    return _and_more(trial, message, "none") or _with_where(trial, message)


def _and_more(trial, message, code):
    """Where the other inputs are wrong in a way that is known, both are said: (code of the known mistake, message)."""
    others = [f is not None and f.kind == "value" for f in trial.faults]
    if sum(others) < 2 or trial.exercise.law is not None:
        return None
    with Bench(trial) as bench:
        named = in_some_cases(bench)
    if not named:
        return None
    code, _ = named
    return code, f"{docstring(trial.exercise, code)}{MORE}{_lower(message)}"


def _with_where(trial, message):
    """The message, with what the failing inputs have in common."""
    if all(trial.faults) or trial.exercise.law is not None:
        return message
    found = _where(trial, lambda t: [(a, None, None, f is None) for a, f in zip(t.cases, t.faults, strict=True)])
    return (
        f"{message} {found.replace('It is wrong', 'This happens').replace('It is right', 'It goes well')}"
        if found
        else message
    )


# ---- it remembers, it changes its arguments


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


# ---- it has another form


def _form(trial, k):
    exercise, fault = trial.exercise, trial.faults[k]
    text = fault.text
    if exercise.law is None and trial.right[k].kind == trial.given[k].kind == "value":
        cases = trial.usable()
        if isinstance(trial.right[k].value, tuple) and len(trial.right[k].value) > 1:
            order = _other_order(exercise, cases, len(trial.right[k].value))
            if order:
                return order
            with Bench(trial) as bench:
                both = combined(bench, len(trial.right[k].value))
            if both:
                return both[0], f"{docstring(exercise, both[0])}{MORE}{both[1]}."
        pairs, shown = _pairs(trial, fault.where, k)
        hint = shape_hint(pairs, shown, list(zip(exercise.given_names, trial.cases[k], strict=False)))
        which = _which(fault.where, trial.right[k].value)
        text = f"{which}{text[0].lower() + text[1:] if which else text}{' ' + hint if hint else ''}"
    if "a generator" in text:
        text += " `yield` makes a generator, which hands out values one by one. `return` hands over the result."
    if fault.kind == "shape" and not fault.where and exercise.law is None:
        named = known_mistake(trial.reshaped())
        if named:
            return named, f"{docstring(exercise, named)}{MORE}{_lower(text)}"
    if fault.kind == "nan":
        found = _derived(trial, k)
        if found:
            return found
        text += " Zero divided by zero gives `nan`, and so do the square root and the logarithm of a negative number; any other number divided by zero gives `inf`, and so does a number that is too large, like `np.exp(1000)`."
        text = " ".join(filter(None, [text, _sign(trial, STRONG)]))
        return _and_more(trial, text, "nan") or _with_where(trial, text)
    return text


def _derived(trial, k):
    """A slip or a call with other arguments that explains even nan and inf."""
    usable = trial.usable()
    finite = sum(bool(isfinite(x).all()) for x in (numbers(h) for _, _, h, _ in usable) if x is not None)
    if trial.exercise.law is not None or 2 * finite < len(usable) or not finite:
        return None  # nan looks like nan, whatever it comes from
    where = trial.faults[k].where[:1]
    with Bench(trial) as bench:
        found = as_if_called(bench) or with_a_function(bench)
        slip = {} if found else slipped(bench, where)
    return (
        found
        or _nearly(slip.get(None))
        or next((f"{_which(where, trial.right[k].value)}{_lower(_nearly(w))}" for w in slip.values()), None)
    )


def _pairs(trial, where, k):
    """(expected, got) at that place of the result, in every case that has one; and which of them is case k."""
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
    """ "The second of the values: " for a fault inside a tuple."""
    if not where or not isinstance(expected, tuple):
        return ""
    return f"The {ordinal(where[0])} of the {len(expected)} values: "


# ---- the numbers are wrong

STRONG = (
    "sign after equals",
    "caret",
    "unused argument",
    "overwritten argument",
    "return in loop",
    "notebook variable",
)
WEAK = ("unused value", "whole division")


def _value(trial, k):
    exercise = trial.exercise
    if stranger := _another_word(trial):
        return stranger
    sign = _spelling(trial) or _sign(trial, STRONG)
    told = trial.faults[k].text if exercise.law is not None else ""
    value, found = trial.right[k].value, None
    width = len(value) if isinstance(value, tuple) else 1
    if exercise.law is None or size(value) <= 4 and "rng" not in exercise.given_names:
        with Bench(trial) as bench:
            found = _of_parts(trial, bench, width) if width > 1 else _of_one(trial, bench)
            both = None if found else _repaired_mistake(trial, bench) or mistake_and_slip(bench)
            more = None if found or both else in_some_cases(bench)
        if both:
            return both[0], f"{docstring(exercise, both[0])}{MORE}{both[1]}."
        if more:
            code, all_of_them = more
            rest = "" if all_of_them else f"{MORE}this explains only some of the wrong results."
            return code, docstring(exercise, code) + rest
    if isinstance(found, tuple):
        return found
    if exercise.law is not None and not found:
        found = _repair(trial)
        told = "" if found else told
    if exercise.law is not None:
        # a law says what is wrong with this result; the code, or the numbers, may say why
        return " ".join(filter(None, [told, sign, found]))
    if not found:
        found = _where(trial) or ("" if sign else _sign(trial, WEAK))
        some = _some_right(trial, width) if width > 1 else ""
        return " ".join(filter(None, [sign, some, found or _unsure(trial, short=bool(sign or some))]))
    return f"{sign} {found}".strip()


def _another_word(trial):
    """Where words are asked for: a sentence on one that is none of them, or None."""
    pairs = [(r.value, g.value) for r, g in zip(trial.right, trial.given, strict=True)]
    if trial.exercise.law is not None or not all(isinstance(r, str) for r, _ in pairs):
        return None
    asked = {r for r, _ in pairs}
    other = next((g for _, g in pairs if isinstance(g, str) and g not in asked), None)
    if other is None or f'"{other}"' in trial.exercise.prompt:
        return None
    return f'"{other}" is none of the words that the task names: take them from its table, letter by letter. Other words do not count, not even with the same meaning.'


def _of_one(trial, bench):
    """The reason for one wrong result: a sentence, (code, message), or None."""
    found = (
        _pattern(patterns.plain, bench)
        or as_if_called(bench)
        or _pattern(patterns.further, bench)
        or with_a_function(bench)
    )
    if found:
        return found
    if repair := _repair(trial, bench):
        return repair
    both = combined(bench, 1)
    if both:
        return both[0], f"{docstring(trial.exercise, both[0])}{MORE}{both[1]}."
    return _nearly(slipped(bench).get(None)) or _pattern(patterns.loosely, bench)


def _repaired_mistake(trial, bench):
    """(code, words) for a known mistake with a small one besides, by a change of the learner's code; or None."""
    repair = _repair_of(trial, bench)
    return (repair.code, repair.also) if repair.code else None


def _pattern(look, bench, part=None):
    """A pattern that holds on all cases, the fresh ones too."""
    cases = _part(bench.exercise, bench.cases, part)
    if not cases or not look(cases, bench.names):
        return None
    return look([*cases, *_part(bench.exercise, bench.fresh, part)], bench.names)


def _part(exercise, cases, part):
    if part is None:
        return cases
    return [
        (a, w[part], h[part], difference(w[part], h[part], exercise.tolerance, size_of(a)) is None)
        for a, w, h, _ in cases
    ]


def _of_parts(trial, bench, width):
    """Several values come back: which of them are right, and what is it with the others?"""
    exercise = trial.exercise
    order = _other_order(exercise, [*bench.cases, *bench.fresh], width)
    if order:
        return order
    wrong = [i for i in range(width) if not all(ok for *_, ok in _part(exercise, bench.cases, i))]
    found = {i: _pattern(patterns.plain, bench, i) or _pattern(patterns.further, bench, i) for i in wrong}
    if all(found.values()):
        return _each(found, width)
    whole = as_if_called(bench) or with_a_function(bench)
    if whole:
        return whole
    both = combined(bench, width)
    if both:
        return both[0], f"{docstring(exercise, both[0])}{MORE}{both[1]}."
    if repair := _repair(trial, bench):
        return repair
    slip = slipped(bench, wrong)
    if None in slip:
        return _nearly(slip[None])
    turned = _one_in_the_wrong_place(bench, width)
    if turned:
        return turned
    codes = parts_of_mistakes(bench, wrong)
    named = list(dict.fromkeys(filter(None, codes.values())))
    if named and all(codes.values()):
        return named[0], MORE.join(docstring(exercise, c) for c in named)
    for i in wrong:
        found[i] = found[i] or (
            docstring(exercise, codes[i])
            if codes[i]
            else as_if_called(bench, i)
            or with_a_function(bench, i)
            or _nearly(slip.get(i))
            or _pattern(patterns.loosely, bench, i)
        )
    return _each(found, width) if any(found.values()) else None


def _some_right(trial, width):
    """ "The first value is right. The second is not." """
    wrong = {i: None for i in range(width) if not all(ok for *_, ok in _part(trial.exercise, trial.usable(), i))}
    return _each(wrong, width) if len(wrong) < width else ""


def _each(found, width):
    """What is said of each wrong value; `found` maps its number to a sentence or None."""
    good = [ordinal(i) for i in range(width) if i not in found]
    start = [f"The {' and the '.join(good)} value {'is' if len(good) == 1 else 'are'} right."] if good else []
    told = [
        f"The {ordinal(i)}: {_lower(text)}" if text else f"The {ordinal(i)} is wrong too." for i, text in found.items()
    ]
    if good:
        told = [line.replace("is wrong too", "is not") for line in told]
    if len({text for text in found.values() if text}) > 1:
        return " ".join(start + told[:1]) + "".join(MORE + _lower(line) for line in told[1:])
    return " ".join(start + told)


def _one_in_the_wrong_place(bench, width):
    """Values in another order, of which one is wrong besides."""
    cases = bench.cases
    for order in permutations(range(width)) if width <= 3 else ():
        if order == tuple(range(width)) or not all(isinstance(h, tuple) and len(h) == width for _, _, h, _ in cases):
            continue
        put = [(a, w, tuple(h[i] for i in order), False) for a, w, h, _ in cases]
        right = [i for i in range(width) if i != order[i] and all(ok for *_, ok in _part(bench.exercise, put, i))]
        if right:
            rest = next(i for i in range(width) if i not in right)
            words = f"The {ordinal(order[right[0]])} value is the one that belongs in the {ordinal(right[0])} place: mind the order."
            look = _part(bench.exercise, put, rest)
            found = patterns.plain(look, bench.names) or patterns.further(look, bench.names)
            return f"{words}{MORE}{_lower(found or 'Another value is wrong besides.')}"
    return None


def _nearly(slip):
    return f"It is nearly right: {slip}." if slip else None


def _other_order(exercise, cases, width):
    for order in permutations(range(width)) if width <= 3 else ():
        if order != tuple(range(width)) and all(
            isinstance(h, (tuple, list))
            and len(h) == width
            and difference(w, tuple(h[i] for i in order), exercise.tolerance, size_of(a)) is None
            for a, w, h, _ in cases
        ):
            return "These are the right values, in another order."
    return None


def _where(trial, cases_of=Trial.usable):
    """For which inputs it is wrong; said only when fresh cases agree, and there are enough of them."""
    names = given_names(trial.exercise, trial.cases)
    if not in_common(cases_of(trial), names):
        return None
    wide = cases_of(trial.wider)
    return in_common(wide, names) if len(wide) >= ENOUGH else None


def _unsure(trial, short=False):
    bad, all_ = sum(f is not None for f in trial.faults), len(trial.faults)
    count = (
        "The result is not right."
        if bad == all_
        else f"The result is right for {all_ - bad} of {all_} inputs and wrong for {bad}."
    )
    ask = "Work the input below by hand, one line of your code after the other. Which step gives another number?"
    return ask if short else f"{count} {ask}"


# ---- what the code says for free


def _sign(trial, kinds):
    """A sentence about what stands in the code, for somebody whose result is wrong; "" when there is nothing to say."""
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
    "caret": "`^` is no power in Python (it works on the bits of whole numbers): write `**`.",
    "unused argument": "Your function never uses its argument `{name}`.",
    "overwritten argument": "Your function gives `{name}` another value before it reads it, so that what comes in is lost.",
    "return in loop": "Your loop ends in its first round, at `{line}`: is the `return` indented too far?",
    "notebook variable": "Your function uses `{name}`, a variable of your notebook. What belongs to this input must come from the arguments.",
    "unused value": "`{name}` gets a value that is never used.",
    "whole division": "`//` cuts the decimals off: is `/` meant?",
}


def _spelling(trial):
    """A sentence on a word that comes in, and that the code spells otherwise; "" where there is none."""
    known = {a for args in trial.cases for a in args if isinstance(a, str)}
    for sign in trial.signs:
        for word in sorted(known):
            if sign.kind == "text" and sign.name not in known and _plain(sign.name) == _plain(word):
                return f'Your code asks for "{sign.name}", and what comes in is "{word}": capital and small letters count, and so do `-` and `_`.'
    return ""


def _plain(word):
    return re.sub(r"[\W_]", "", word).lower()


def _is_so_in_the_solution(trial, sign):
    """Do right answers have that sign too?"""
    exercise = trial.exercise
    return any(
        s.kind == sign.kind and (not sign.name or s.name == sign.name)
        for answer in (exercise.solution, *exercise.rights.values())
        for s in _signs_of(answer)
    )


@lru_cache(maxsize=500)
def _signs_of(answer):
    return signs(answer)


def _lower(text):
    """The sentence with a small first letter, to stand after a colon."""
    return text if text.startswith("`") else text[0].lower() + text[1:]
