"""Reasons that nobody listed: what is known to be right or wrong, tried with other arguments, in other orders, with one slip.

A reason counts only when it gives the learner's own numbers, on every case and on some thirty fresh ones.
"""

from itertools import permutations

import numpy as np

from .calls import call_once, quiet
from .compare import close, numbers, same, size, size_of
from .limits import Limits
from .slips import MOST, slips, slips_of_mistakes

NEAR = 1e-6
SECONDS = 0.05  # for one call of something that may never end
IMPOSSIBLE = object()  # what a function gives that divides by zero
LATE = 3  # so many calls that did not end are enough


class Bench:
    """A place to try functions against what a learner's function gave.

    `with Bench(trial) as bench:`; `bench.gives(function, …)` is true when the function explains every case.
    """

    def __init__(self, trial):
        self.trial, self.exercise = trial, trial.exercise
        cases = trial.usable()
        # what is wrong first: there most wrong ideas fail
        self.cases = sorted(cases, key=lambda case: case[3])
        self.names = given_names(self.exercise, [a for a, *_ in cases])
        self.known, self.scales, self.late = {}, {}, 0

    def __enter__(self):
        self.quiet = quiet()
        self.quiet.__enter__()
        self.limits = Limits(SECONDS)
        self.limits.start()
        return self

    def __exit__(self, *_):
        self.limits.stop()
        self.quiet.__exit__(None, None, None)

    @property
    def fresh(self):
        """The cases of other seeds, as `usable` gives them."""
        self.limits.armed = False
        if not hasattr(self, "_fresh"):
            self.limits.stop()
            self._fresh = self.trial.fresh.usable() if self.trial.fresh else []
            self.limits.start()
        return self._fresh

    def value(self, function, args, key=None):
        """What a function gives for these arguments, or None; remembered where the arguments are those of a case."""
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

    def gives(self, function, change=None, part=None, made=None):
        """Does function(*change(args)) give what the learner's function gave, everywhere?

        part: the number of the returned value that is compared. made: what is done to a result before it is compared.
        """
        return (
            bool(self.cases)
            and all(self.agrees(function, k, case, change, part, made) for k, case in enumerate(self.cases))
            and all(
                self.agrees(function, len(self.cases) + k, case, change, part, made)
                for k, case in enumerate(self.fresh)
            )
        )

    def agrees(self, function, k, case, change=None, part=None, made=None):
        """The same, on one case, number k."""
        args, _, have, _ = case
        try:
            value = self.value(function, args, k) if change is None else self.value(function, change(list(args)))
            if value is None:
                return False
            if value is IMPOSSIBLE:  # where Python's own numbers stop, NumPy's go on with inf or nan
                return not np.isfinite(numbers(have if part is None else have[part])).all()
            if part is not None:
                value, have = value[part], have[part]
            if made is not None:
                value = made(value, args)
        except Exception:
            return False
        return same(value, have, NEAR, self.scale(case))

    def scale(self, case):
        """The size of the numbers that go into a case."""
        if id(case) not in self.scales:
            self.scales[id(case)] = size_of(case[0])
        return self.scales[id(case)]


def given_names(exercise, all_args):
    """The names of the arguments that every case has; parameters with defaults may have none."""
    return exercise.given_names[: min(map(len, all_args), default=0)]


# ---- the right function, called with other arguments


def put(j, make):
    """A change of a list of arguments: make(…) in the place of number j."""
    return lambda a: [*a[:j], make(a[j]), *a[j + 1 :]]


def as_if_called(bench, part=None):
    """A sentence on how the right function would have to be called to give this, or None."""
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
            if gives(put(j, lambda v, step=step: v + step)):
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
            if any(a[j] != value for a in all_args) and gives(put(j, lambda v, value=value: type(v)(value))):
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


def with_a_function(bench, part=None):
    """A sentence on a function of one argument that was taken where the argument itself belongs, or None."""
    all_args, solution = [a for a, *_ in bench.cases], bench.exercise.solution
    for j, name in enumerate(bench.names):
        column = [a[j] for a in all_args]
        if not all(_is_scalar(v) or _is_float_array(v) for v in column):
            continue
        arrays = any(isinstance(v, np.ndarray) and v.size > 1 for v in column)
        for words, make in (*_FUNCTIONS, *(_OF_ARRAYS if arrays else ())):
            if bench.gives(solution, put(j, make), part):
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
    """Groups of arguments that have the same length in every case: (numbers of the arguments, what their rows are called)."""
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


# ---- known mistakes, combined


def combined(bench, width):
    """(code, what more is wrong) for a known mistake that explains the answer together with something else, or None.

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
    """A number c, other than 1, with have = c · value; or None."""
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
    """For each wrong returned value, by its number, the code of a known mistake that gives it, or None."""
    return {
        part: next((code for code, f in bench.exercise.wrongs.items() if bench.gives(f, part=part)), None)
        for part in wrong
    }


def slipped(bench, wrong=()):
    """The words for a single slip of a right answer that gives this, by what it explains: None for the whole result, or
    the number of one of the wrong returned values.
    """
    found = {}
    if not bench.cases:
        return found
    if _in_words(bench):
        return found
    # where much comes in, each call takes long
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
    """Are the answers words, or yes and no? Then too many slips give the same ones by chance."""
    return all(isinstance(w, (str, bool, np.bool_)) for _, w, _, _ in bench.cases)


def mistake_and_slip(bench):
    """(code, words) for a known mistake with a small slip besides that gives this, or None."""
    if not bench.cases or bench.exercise.law is not None or _in_words(bench):
        return None
    for code, words, function in slips_of_mistakes(bench.exercise):
        if bench.agrees(function, 0, bench.cases[0]) and bench.gives(function):
            return code, words
    return None


def in_some_cases(bench):
    """(code, does it explain all?) of a known mistake that explains many of the wrong cases by their very numbers, or None.

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
    """In how many of these cases a function gives the learner's numbers; 0 when in fewer than `least`."""
    hits = 0
    for tried, (k, case) in enumerate(wrong, 1):
        hits += bench.agrees(function, k, case)
        if tried - hits > len(wrong) - least:
            return 0
    return hits


def _is_telling(case):
    """Would nobody get this wrong result by chance? Not a word, a truth value, 0, 1, inf, nan, or a number that came in."""
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


__all__ = [
    "Bench",
    "as_if_called",
    "combined",
    "given_names",
    "in_some_cases",
    "mistake_and_slip",
    "parts_of_mistakes",
    "slipped",
    "with_a_function",
]
