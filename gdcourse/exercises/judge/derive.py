"""Reasons that nobody listed: what is known to be right or wrong, tried with other arguments, in other orders, with one slip.

A reason counts only when it gives the learner's own numbers, on every case and on some thirty fresh ones.
"""

from itertools import permutations

import numpy as np

from .calls import call_once, quiet
from .compare import close, numbers, same, size_of
from .limits import Limits
from .slips import slips

NEAR = 1e-6
SECONDS = 0.3  # for one call of something that may never end


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
        self.calls = 0

    def __enter__(self):
        self.quiet = quiet()
        self.quiet.__enter__()
        self.limits = Limits(min(self.exercise.seconds, SECONDS))
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

    def value(self, function, args):
        """What a function gives for these arguments, or None."""
        self.calls += 1
        self.limits.restart()
        outcome = call_once(self.exercise, function, tuple(args), self.limits)
        return outcome.value if outcome.kind == "value" else None

    def gives(self, function, change=None, part=None, made=None):
        """Does function(*change(args)) give what the learner's function gave, everywhere?

        part: the number of the returned value that is compared. made: what is done to a result before it is compared.
        """
        return (
            bool(self.cases)
            and all(self._agrees(function, change, part, made, *case) for case in self.cases)
            and all(self._agrees(function, change, part, made, *case) for case in self.fresh)
        )

    def _agrees(self, function, change, part, made, args, want, have, right):
        try:
            value = self.value(function, args if change is None else change(list(args)))
            if value is None:
                return False
            if part is not None:
                value, have = value[part], have[part]
            if made is not None:
                value = made(value, args)
        except Exception:
            return False
        return same(value, have, NEAR, size_of(args))


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
                return f"It is what comes out when `{names[j]}` and `{names[i]}` change places."
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
        if all(_is_scalar(a[j]) for a in all_args):
            for words, make in _FUNCTIONS:
                if bench.gives(solution, put(j, make), part):
                    return f"It is what comes out with {words.format(name=name)} in the place of `{name}`."
    for j in range(len(bench.names)):
        if all(_is_float_array(a[j]) for a in all_args) and any(np.any(a[j]) for a in all_args):
            if bench.gives(solution, put(j, np.zeros_like), part):
                return f"It is what comes out when `{bench.names[j]}` is all zeros: is `{bench.names[j]}` used?"
            if bench.gives(solution, put(j, lambda v: -v), part):
                return f"It is what comes out when `{bench.names[j]}` has the opposite sign."
    return None


_CUTS = (
    ("The last of the {what} is left out: does your loop, or your slice, reach the end?", lambda v: v[:-1]),
    ("The first of the {what} is left out: does your loop, or your slice, begin at index 0?", lambda v: v[1:]),
    ("Only the first of the {what} counts: is there a `return` in the loop, or `[0]`?", lambda v: v[:1]),
    ("Only the last of the {what} counts: does each round of the loop overwrite the one before?", lambda v: v[-1:]),
)
_FUNCTIONS = (
    ("the square of `{name}`", lambda v: v * v),
    ("the root of `{name}`", lambda v: v**0.5),
    ("1/`{name}`", lambda v: 1 / v),
    ("`{name}` with the opposite sign", lambda v: -v),
    ("twice `{name}`", lambda v: 2 * v),
    ("half of `{name}`", lambda v: v / 2),
    ("1 − `{name}`", lambda v: 1 - v),
)


def _rows(all_args, names):
    """Groups of arguments that have the same length in every case: (numbers of the arguments, what their rows are called)."""
    found = {}
    for j in range(len(names)):
        if all(isinstance(a[j], (np.ndarray, list)) and np.ndim(a[j]) > 0 for a in all_args):
            found.setdefault(tuple(len(a[j]) for a in all_args), []).append(j)
    for group in found.values():
        listed = " and ".join(f"`{names[j]}`" for j in group)
        yield group, f"{'rows' if any(np.ndim(all_args[0][j]) == 2 for j in group) else 'entries'} of {listed}"


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
        else:
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


def slipped(bench, part=None):
    """The words for a single slip of a right answer that gives this, or None."""
    for words, function in slips(bench.exercise):
        if bench.gives(function, part=part):
            return words
    return None


def in_some_cases(bench):
    """The code of a known mistake that explains several of the wrong cases by their very numbers, or None."""
    wrong = [case for case in (*bench.cases, *bench.fresh) if not case[3] and _is_telling(case)]
    best, most = None, 1
    for code, function in bench.exercise.wrongs.items():
        hits = misses = 0
        for args, want, have, _ in wrong:
            if bench._agrees(function, None, None, None, args, want, have, False):
                hits += 1
            else:
                misses += 1
                if misses > 8 and not hits:
                    break
        if hits > most and hits >= len(wrong) / 5:
            best, most = code, hits
    return best


def _is_telling(case):
    """Would nobody get this wrong result by chance? Not a word, a truth value, 0, 1, inf or nan."""
    _, want, have, _ = case
    parts = have if isinstance(have, tuple) else (have,)
    for part in parts:
        x = numbers(part)
        if x is None or x.dtype.kind not in "if" or not np.isfinite(x).all():
            return False
    return any(np.any((numbers(p) != 0) & (np.abs(numbers(p)) != 1)) for p in parts if numbers(p).size)


__all__ = [
    "Bench",
    "as_if_called",
    "combined",
    "given_names",
    "in_some_cases",
    "parts_of_mistakes",
    "slipped",
    "with_a_function",
]
