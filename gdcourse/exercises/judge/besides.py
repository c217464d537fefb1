"""A right answer or a known mistake with one more change: another order, a factor, a slip, or only in some of the cases."""

from itertools import permutations

import numpy as np

from .compare import close, numbers, size
from .derive import NEAR
from .slips import MOST, slips, slips_of_mistakes


def combined(bench, width):
    """(code, what else is wrong) for a known mistake that, together with one more change, explains the answer; or None.

    width: how many values are returned.
    """
    exercise = bench.exercise
    for code, function in exercise.wrongs.items():
        if width > 1:
            for order in permutations(range(width)) if width <= 3 else ():
                if order != tuple(range(width)) and bench.gives(
                    function, made=lambda v, a, order=order: tuple(v[i] for i in order)
                ):
                    return code, "the values are returned in another order"
        elif bench.cases:
            first = bench.cases[0]
            value = numbers(bench.value(function, first[0]))
            have = numbers(first[2])
            factor = _factor(value, have)
            if factor is not None and bench.gives(function, made=lambda v, a, factor=factor: np.multiply(v, factor)):
                return (
                    code,
                    "every sign is flipped" if factor == -1 else "a constant factor is missing or does not belong",
                )
    return None


def _factor(value, have):
    """The number c, other than 1, for which have = c · value; None if there is none."""
    if value is None or have is None or value.shape != have.shape or not value.size or value.dtype.kind not in "if":
        return None
    k = int(np.argmax(np.abs(value)))
    top = value.ravel()[k]
    if top == 0 or not np.isfinite(top):
        return None
    c = float(have.ravel()[k] / top)
    simple = min((-1.0, 2.0, 0.5, -2.0, -0.5, 4.0, 0.25), key=lambda s: abs(s - c))
    return simple if abs(simple - c) < 1e-6 * abs(c) and close(simple * value, have, NEAR).all() else None


def parts_of_mistakes(bench, wrong):
    """A dict: the number of each wrong returned value -> the code of a known mistake that gives this value, or None."""
    return {
        part: next((code for code, f in bench.exercise.wrongs.items() if bench.gives(f, part=part)), None)
        for part in wrong
    }


def slipped(bench, wrong=()):
    """The words for a single slip in a right answer that gives the learner's numbers. The key says what it explains: None is the whole result, or
    the number of one of the wrong returned values.
    """
    found = {}
    if not bench.cases:
        return found
    if _in_words(bench):
        return found
    # calls with large arguments are slow, so fewer slips are tried
    many = MOST if sum(map(size, bench.cases[0][0])) < 500 else MOST // 4
    for words, function in slips(bench.exercise, many):
        if bench.agrees(function, 0, bench.cases[0]) and bench.gives(function):
            return {None: words}
        for part in wrong:
            if (
                part not in found
                and bench.agrees(function, 0, bench.cases[0], part=part)
                and bench.gives(function, part=part)
            ):
                found[part] = words
    return found


def _in_words(bench):
    """Are the results words or truth values? There are few of them, so many slips would give the same results by chance."""
    return all(isinstance(w, (str, bool, np.bool_)) for _, w, _, _ in bench.cases)


def mistake_and_slip(bench):
    """(code, words) for a known mistake that, with one more small slip, gives the learner's numbers; or None."""
    if not bench.cases or bench.exercise.law is not None or _in_words(bench):
        return None
    for code, words, function in slips_of_mistakes(bench.exercise):
        if bench.agrees(function, 0, bench.cases[0]) and bench.gives(function):
            return code, words
    return None


def in_some_cases(bench):
    """(code, does it explain all wrong cases?) of a known mistake that gives exactly the learner's numbers in many wrong cases; or None.

    Half of them, where nobody would get these numbers by chance; all, where they could be a pick among the arguments.
    """
    here = [(k, case) for k, case in enumerate(bench.cases) if not case[3]]
    if not any(bench.agrees(f, k, case) for f in bench.exercise.wrongs.values() for k, case in here[:4]):
        return None
    wrong = [(k, case) for k, case in enumerate([*bench.cases, *bench.fresh]) if not case[3]]
    telling = [each for each in wrong if _is_telling(each[1])]
    best, most = None, 1
    for code, function in bench.exercise.wrongs.items():
        hits = _hits(bench, function, telling, len(telling) / 2)
        if hits > most:
            best, most = code, hits
    if (
        best
        or len(telling) == len(wrong)
        or len(wrong) < 4
        or any(isinstance(c[1], (bool, np.bool_)) for _, c in wrong)
    ):
        return (best, bool(_hits(bench, bench.exercise.wrongs[best], wrong, len(wrong)))) if best else None
    found = next((c for c, f in bench.exercise.wrongs.items() if _hits(bench, f, wrong, len(wrong))), None)
    return (found, True) if found else None


def _hits(bench, function, wrong, least):
    """The number of these cases in which a function gives the learner's numbers; 0 when it is below `least`."""
    hits = 0
    for tried, (k, case) in enumerate(wrong, 1):
        hits += bench.agrees(function, k, case)
        if tried - hits > len(wrong) - least:
            return 0
    return hits


def _is_telling(case):
    """Is this wrong result unlikely to come up by chance? Not when it is a word, a truth value, 0, 1, inf, nan, or one of the arguments."""
    args, _, have, _ = case
    came = {0.0, 1.0, -1.0}
    for a in args:
        x = None if callable(a) else numbers(a)
        if x is not None and x.size < 1000 and x.dtype.kind in "iuf":
            came.update(x.ravel().tolist())
    for part in have if isinstance(have, tuple) else (have,):
        x = numbers(part)
        if x is None or x.dtype.kind not in "if" or not np.isfinite(x).all():
            return False
        if not came.issuperset(x.ravel()[:50].tolist()):
            return True
    return False
