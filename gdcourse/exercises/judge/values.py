"""Find the mistake that explains an answer's wrong numbers or words."""

from itertools import permutations

from . import patterns
from .besides import combined, in_some_cases, mistake_and_slip, parts_of_mistakes, slipped
from .compare import difference, size, size_of
from .derive import Bench, as_if_called, with_a_function
from .said import (
    MORE,
    STRONG,
    WEAK,
    docstring,
    further,
    lower,
    nearly,
    other_order,
    repair_of,
    repair_sentence,
    sign_sentence,
    spelling,
    two_mistakes,
    unsure,
    where_wrong,
)
from .show import ordinal
from .trial import Trial


def wrong_numbers(trial: Trial, k: int) -> str | tuple[str, str]:
    """Return the message for an answer with wrong numbers, or (code, message).

    Case k is the one that the learner sees.

    >>> from gdcourse.exercises.author import load
    >>> from gdcourse.exercises.judge.trial import trial_of
    >>> wrong_numbers(trial_of(load("loss/mse"), lambda y, y_hat: sum((y_hat - y) ** 2) / len(y) + 1), k=0)
    'It is always 1 too large.'
    """
    exercise = trial.exercise
    if stranger := _another_word(trial):
        return stranger
    sign = spelling(trial) or sign_sentence(trial, STRONG)
    fault = trial.faults[k]
    told = fault.text if fault is not None and exercise.law is not None else ""
    value, found = trial.right[k].value, None
    width = len(value) if isinstance(value, tuple) else 1
    if exercise.law is None or size(value) <= 4 and "rng" not in exercise.given_names:
        with Bench(trial) as bench:
            found = _of_parts(trial, bench, width) if width > 1 else _of_one(trial, bench)
            both = None if found else mistake_and_slip(bench)
            some = "" if found or both else repair_of(trial, bench).some
            # texts and truth values agree by chance too often: if `some` was found, look for no known mistake in them
            more = None if found or both or some and isinstance(value, (str, bool)) else in_some_cases(bench)
        if both:
            return two_mistakes(exercise, both)
        if some and not more:
            found = f"One mistake is found: {some}. Without it more of the results are right.{MORE}the others stay wrong, so another mistake is left."
        elif more:
            code, all_of_them = more
            if all_of_them:
                return code, docstring(exercise, code)
            # the mistake fits these results, but it may not be the cause
            return f"For many of these inputs your numbers are those of this mistake: {lower(docstring(exercise, code))}{MORE}this explains only some of the wrong results."
    if isinstance(found, tuple):
        return found
    if exercise.law is not None and not found:
        found = repair_sentence(trial)
        told = "" if found else told
    if exercise.law is not None:
        # `told` is what the exercise's law says of this result; `sign` and `found` may show the cause
        return " ".join(filter(None, [told, sign, found])) + (further(trial, told) if told else "")
    if not found:
        found = where_wrong(trial) or ("" if sign else sign_sentence(trial, WEAK))
        some = _some_right(trial, width) if width > 1 else ""
        return " ".join(filter(None, [sign, some, found or unsure(trial, short=bool(sign or some))]))
    return f"{sign} {found}".strip()


def _another_word(trial):
    """Return a sentence about a returned word that is no right result in any case; None if there is none."""
    pairs = [(r.value, g.value) for r, g in zip(trial.right, trial.given, strict=True)]
    if trial.exercise.law is not None or not all(isinstance(r, str) for r, _ in pairs):
        return None
    asked = {r for r, _ in pairs}
    other = next((g for _, g in pairs if isinstance(g, str) and g not in asked), None)
    if other is None or f'"{other}"' in trial.exercise.prompt:
        return None
    return f'"{other}" is none of the words that the task names: take them from its table, letter by letter. Other words do not count, not even with the same meaning.'


def _of_one(trial, bench):
    """Return the reason why an answer's only returned value is wrong: a sentence, (code, message), or None."""
    found = (
        _pattern(patterns.plain, bench)
        or as_if_called(bench)
        or _pattern(patterns.further, bench)
        or with_a_function(bench)
    )
    if found:
        return found
    if repair := repair_sentence(trial, bench):
        return repair
    both = _repaired_mistake(trial, bench) or combined(bench, 1)
    if both:
        return two_mistakes(trial.exercise, both)
    return nearly(slipped(bench).get(None)) or _pattern(patterns.loosely, bench)


def _repaired_mistake(trial, bench):
    """Return (code of a known mistake, words for a second mistake) if the answer has these two; else None.

    One change of the learner's code mends the second mistake, and only the known one is left.
    """
    repair = repair_of(trial, bench)
    return (repair.code, repair.also) if repair.code else None


def _pattern(look, bench, part=None):
    """Return the sentence of a pattern that holds in all cases, also those of other seeds; or None.

    look: `patterns.plain`, `further` or `loosely`; part: the number of the returned value that is compared.
    """
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
    """Return the reason for several returned values that are not all right: a sentence, (code, message), or None."""
    exercise = trial.exercise
    order = other_order(exercise, [*bench.cases, *bench.fresh], width)
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
        return two_mistakes(exercise, both)
    if repair := repair_sentence(trial, bench):
        return repair
    both = _repaired_mistake(trial, bench)
    if both:
        return two_mistakes(exercise, both)
    slip = slipped(bench, wrong)
    if None in slip:
        return nearly(slip[None])
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
            or nearly(slip.get(i))
            or _pattern(patterns.loosely, bench, i)
        )
    return _each(found, width) if any(found.values()) else None


def _some_right(trial, width):
    """Return a sentence such as "The first value is right. The second is not."; "" if no value is right."""
    wrong = {i: None for i in range(width) if not all(ok for *_, ok in _part(trial.exercise, trial.usable(), i))}
    return _each(wrong, width) if len(wrong) < width else ""


def _each(found, width):
    """Return a sentence for each wrong value; `found` maps the number of the value to a sentence or None."""
    good = [ordinal(i) for i in range(width) if i not in found]
    start = [f"The {' and the '.join(good)} value {'is' if len(good) == 1 else 'are'} right."] if good else []
    if not any(found.values()):
        told = [f"The {ordinal(i)} is {'not' if good else 'wrong too'}." for i in found]
        return " ".join(start + told)
    told, rest = [], [ordinal(i) for i, text in found.items() if not text]
    for text in dict.fromkeys(filter(None, found.values())):
        whose = [ordinal(i) for i, other in found.items() if other == text]
        told.append(f"The {' and the '.join(whose)}: {lower(text)}")
    if rest:
        told.append(f"The {' and the '.join(rest)} {'is' if len(rest) == 1 else 'are'} wrong in another way.")
    return " ".join(start + told[:1]) + "".join(MORE + lower(line) for line in told[1:])


def _one_in_the_wrong_place(bench, width):
    """Return a sentence if the values are in another order and one of them is also wrong; else None."""
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
            return f"{words}{MORE}{lower(found or 'Another value is wrong besides.')}"
    return None
