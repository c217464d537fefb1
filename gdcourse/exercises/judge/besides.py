"""Explain wrong results: a right answer or a known mistake with one more fault, or a known mistake in some cases only."""

from collections.abc import Collection
from itertools import permutations

import numpy as np

from .compare import close, numbers
from .derive import NEAR, Bench
from .slips import MOST, slips, slips_of_mistakes


def combined(bench: Bench, width: int) -> tuple[str, str] | None:
    """Return (code of a known mistake, words for another fault) if both together give the learner's results; else None.

    width: how many values the answer returns. The other fault is a constant factor if `width` is 1, else a wrong order
    of the values.

    >>> from gdcourse.exercises.author import load
    >>> from gdcourse.exercises.judge.trial import trial_of
    >>> with Bench(trial_of(load("loss/mse"), lambda y, y_hat: -np.sum((y_hat - y) ** 2))) as bench:
    ...     combined(bench, width=1)
    ('sum_not_mean', 'every sign is flipped')
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
    """Return c, one of −1, ±2, ±½, 4 and ¼, if have = c · value; else None."""
    if value is None or have is None or value.shape != have.shape or not value.size or value.dtype.kind not in "if":
        return None
    k = int(np.argmax(np.abs(value)))
    top = value.ravel()[k]
    if top == 0 or not np.isfinite(top):
        return None
    c = float(have.ravel()[k] / top)
    simple = min((-1.0, 2.0, 0.5, -2.0, -0.5, 4.0, 0.25), key=lambda s: abs(s - c))
    return simple if abs(simple - c) < 1e-6 * abs(c) and close(simple * value, have, NEAR).all() else None


def cut_short(bench: Bench, where: tuple) -> str | None:
    """Return the code of a known mistake whose result, without its first or last entry, is the learner's; or None.

    where: (i,) if only the returned value number i is too short; () if the whole result is.

    >>> from gdcourse.exercises.author import load
    >>> from gdcourse.exercises.judge.trial import trial_of
    >>> exercise = load("lr_finder/smooth")
    >>> with Bench(trial_of(exercise, lambda *args: exercise.wrongs["no_correction"](*args)[1:])) as bench:
    ...     cut_short(bench, where=())
    'no_correction'
    """

    def without(cut):
        def made(value, args):
            if not where:
                return value[cut]
            return tuple(part[cut] if i == where[0] else part for i, part in enumerate(value))

        return made

    for code, function in bench.exercise.wrongs.items():
        for cut in (slice(1, None), slice(None, -1)):
            if bench.gives(function, made=without(cut)):
                return code
    return None


def parts_of_mistakes(bench: Bench, wrong: Collection[int]) -> dict[int, str | None]:
    """Return {index: code} for the wrong ones among several returned values.

    wrong: the indices of these values. code: that of a known mistake with the same value at this index, or None.

    >>> from gdcourse.exercises.author import load
    >>> from gdcourse.exercises.judge.trial import trial_of
    >>> with Bench(trial_of(load("momentum/optimal_heavy_ball"), lambda mu, L: (4 / (mu + L), 0.0))) as bench:
    ...     parts_of_mistakes(bench, wrong=(0, 1))
    {0: 'lr_4_over_sum', 1: None}
    """
    return {
        part: next((code for code, f in bench.exercise.wrongs.items() if bench.gives(f, part=part)), None)
        for part in wrong
    }


def slipped(bench: Bench, wrong: Collection[int] = ()) -> dict[int | None, str]:
    """Return {index: words}: words for a slip (a small error put into a right answer) that gives the learner's results.

    index: the returned value that the slip explains, one of `wrong`; None if it explains the whole result.

    >>> from gdcourse.exercises.author import load
    >>> from gdcourse.exercises.judge.trial import trial_of
    >>> with Bench(trial_of(load("loss/mse"), lambda y, y_hat: np.median((y_hat - y) ** 2))) as bench:
    ...     slipped(bench)
    {None: 'a median stands where a mean belongs, near `y_hat` and `y`'}
    """
    found: dict[int | None, str] = {}
    if not bench.cases:
        return found
    if _in_words(bench):
        return found
    work: float = MOST
    returns = any(sign.kind == "return in loop" for sign in bench.trial.signs)
    for answer, words, function in slips(bench.exercise):
        work -= bench.price(answer)
        if work < 0:
            break
        if "`return` inside the loop" in words and not returns:
            continue  # the learner's code has no such `return`
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
    """Are all expected results words or truth values? Many slips give the same word or truth value by chance."""
    return all(isinstance(w, (str, bool, np.bool_)) for _, w, _, _ in bench.cases)


def mistake_and_slip(bench: Bench) -> tuple[str, str] | None:
    """Return (code of a known mistake, words for a slip in it) if both together give the learner's numbers; else None.

    >>> from gdcourse.exercises.author import load
    >>> from gdcourse.exercises.judge.trial import trial_of
    >>> with Bench(trial_of(load("loss/mse"), lambda y, y_hat: np.max((y_hat - y) ** 2))) as bench:
    ...     mistake_and_slip(bench)
    ('sum_not_mean', 'the largest stands where the sum belongs, near `y_hat` and `y`')
    """
    if not bench.cases or bench.exercise.law is not None or _in_words(bench):
        return None
    for code, words, function in slips_of_mistakes(bench.exercise):
        if bench.agrees(function, 0, bench.cases[0]) and bench.gives(function):
            return code, words
    return None


def in_some_cases(bench: Bench) -> tuple[str, bool] | None:
    """Return (code, does it explain all wrong cases?) for a known mistake that explains many wrong results; else None.

    A wrong result is telling if it is unlikely to come up by chance (see `is_telling`). The mistake must explain half
    of the telling results. If no mistake does, and some results are not telling, it must explain all wrong results.

    >>> from gdcourse.exercises.author import load
    >>> from gdcourse.exercises.judge.trial import trial_of
    >>> right_for_5 = lambda y, y_hat: sum((y_hat - y) ** 2) / (5 if len(y) == 5 else 1)
    >>> with Bench(trial_of(load("loss/mse"), right_for_5)) as bench:
    ...     in_some_cases(bench)
    ('sum_not_mean', True)
    """
    here = [(k, case) for k, case in enumerate(bench.cases) if not case[3]]
    wrongs = {
        code: f for code, f in bench.exercise.wrongs.items() if any(bench.agrees(f, k, case) for k, case in here[:4])
    }
    if not wrongs:
        return None
    wrong = [(k, case) for k, case in enumerate([*bench.cases, *bench.fresh]) if not case[3]]
    telling = [each for each in wrong if is_telling(each[1])]
    hits = {code: _hits(bench, f, telling, len(telling) / 2) for code, f in wrongs.items()}
    most = max(hits.values())
    best = [code for code, count in hits.items() if count == most > 1]
    if best:
        # if two mistakes explain equally many cases, the cause is not known
        return (best[0], bool(_hits(bench, wrongs[best[0]], wrong, len(wrong)))) if len(best) == 1 else None
    if len(telling) == len(wrong) or len(wrong) < 4 or any(isinstance(c[1], (bool, np.bool_)) for _, c in wrong):
        return None
    found = [
        code
        for code, f in wrongs.items()
        if _hits(bench, f, wrong, len(wrong)) and 2 * _differs_where_right(bench, f) < len(wrong)
    ]
    return (found[0], True) if len(found) == 1 else None


def _differs_where_right(bench, function):
    """In how many cases that the learner got right does `function`, a known mistake, give a different result?"""
    right = [(k, case) for k, case in enumerate([*bench.cases, *bench.fresh]) if case[3]]
    return sum(not bench.agrees(function, k, case) for k, case in right)


def _hits(bench, function, wrong, least):
    """In how many of the cases `wrong` does the function give the learner's result? 0 if in fewer than `least`."""
    hits = 0
    for tried, (k, case) in enumerate(wrong, 1):
        hits += bench.agrees(function, k, case)
        if tried - hits > len(wrong) - least:
            return 0
    return hits


def is_telling(case: tuple) -> bool:
    """Is the wrong result of this case unlikely to come up by chance? case: (arguments, expected, got, is it right?).

    False for a word, a truth value, inf and nan, or if every number in the result is 0, ±1 or also in an argument.

    >>> is_telling(((2.0, 3.0), 6.0, 5.0, False)), is_telling(((2.0, 3.0), 6.0, 3.0, False))
    (True, False)
    """
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
