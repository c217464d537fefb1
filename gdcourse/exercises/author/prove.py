"""Test the check of an exercise with answers whose verdict is known.

With inputs of many seeds, each right answer must be accepted, and each known wrong answer refused with its own message.
The unchanged starter must count as not yet answered. The hostile answers (see hostile.py) must be refused with an
allowed code, and must leave nothing changed.
"""

import re
import time
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import combinations

import numpy as np

from .. import author
from ..judge.calls import collect, quiet
from ..judge.compare import same
from ..judge.decide import judge
from ..judge.look import inspect_answer
from ..judge.show import show
from ..judge.trial import named_by_law, trial_of, ways
from ..judge.where import CLAIM
from . import variants
from .hostile import kit, surroundings

HOSTILE_SECONDS = 0.06


def prove(exercise: author.Exercise, seeds: int = 3, hostile: bool = True) -> list[str]:
    """Return the complaints about one exercise, as sentences; an exercise without complaints is proved.

    hostile: also try the variants of right answers and the hostile answers.

    >>> from dataclasses import replace
    >>> prove(replace(author.load("loss/mse"), hints=()), seeds=1, hostile=False)
    ['0 hints; three are shown, one at a time']
    """
    found = [*_file(exercise), *_docstrings(exercise), *_starter(exercise), *_cases(exercise)]
    for seed in range(seeds):
        more = [*_rights(exercise, seed), *_wrongs(exercise, seed)]
        if more:
            found += more
            break
    return [*found, *_variants(exercise, seeds), *_hostile(exercise)] if hostile else found


def _file(exercise):
    """Yield complaints about missing parts of the exercise file, and about settings out of range."""
    if len(exercise.hints) != 3:
        yield f"{len(exercise.hints)} hints; three are shown, one at a time"
    if len(exercise.wrongs) < 4:
        yield f"{len(exercise.wrongs)} known wrong answers; at least four are needed"
    if len(exercise.rights) < 2:
        yield f"{len(exercise.rights)} further right answers; at least two are needed"
    for name in ("title", "prompt", "praise", "why"):
        if not getattr(exercise, name).strip():
            yield f"`{name}` is empty"
    if not 0 < exercise.tolerance <= 1e-3:
        yield f"tolerance = {exercise.tolerance:g}; more than 1e-3 would accept mistakes"
    for name, board in exercise.boards.items():
        for code in sorted(board.codes - set(exercise.wrongs)):
            yield f"the cards of {name} can give the code {code}, which is no known wrong answer of the file"
    if exercise.points <= 0 or exercise.seconds <= 0:
        yield "points and seconds must be positive"


def _starter(exercise):
    scope = {"np": np, "__name__": "starter"}
    try:
        exec(compile(exercise.starter, "<starter>", "exec"), scope)
        verdict = inspect_answer(exercise, scope[exercise.name])
    except Exception as error:
        yield f"the starter does not run: {type(error).__name__}: {error}"
    else:
        if verdict is None or verdict.code != "untouched":
            yield "the untouched starter does not get the neutral verdict"


def _cases(exercise):
    """Yield complaints about the cases, which are tuples of arguments.

    The same seed must give the same cases. The solution must be fast on them, and must not change them.
    """
    first, again = exercise.draw(1), exercise.draw(1)
    if not all(same(tuple(map(_comparable, a)), tuple(map(_comparable, b))) for a, b in zip(first, again, strict=True)):
        yield "the same seed gives other cases: draw from `rng` only"
    start = time.perf_counter()
    outcomes = collect(exercise, exercise.solution, first)
    spent = time.perf_counter() - start
    if any(o.mutated for o in outcomes):
        yield "the solution changes its arguments"
    if spent > exercise.seconds / 2:
        yield f"the solution needs {spent:.1f} of {exercise.seconds:g} seconds; a learner's may be slower"


def _comparable(value):
    return "a function" if callable(value) or isinstance(value, np.random.Generator) else value


def _rights(exercise, seed):
    for name, answer in {exercise.name: exercise.solution, **exercise.rights}.items():
        verdict = judge(exercise, answer, seed, strict=True)
        lacks = re.search(r"No module named '(\w+)'", verdict.message)
        if lacks and verdict.code == "raised":
            print(f"    {exercise.id}: {name} not tried, {lacks[1]} is not installed")
        elif not verdict.ok:
            told = verdict.details.replace("\n", "\n        ")
            yield f"right answer {name} is refused (seed {seed}): {verdict.code}: {verdict.message}\n        {told}"


def _wrongs(exercise, seed):
    for code, answer in ((code, way) for code, first in exercise.wrongs.items() for way in ways(first)):
        verdict = judge(exercise, answer, seed, strict=True)
        if verdict.ok:
            yield f"mistake {code} SURVIVES (seed {seed}): the checker accepts it"
        elif verdict.code != code:
            what = "cannot be told from" if verdict.code in exercise.wrongs else "is not named but called"
            yield f"mistake {code} {what} {verdict.code} (seed {seed})"
        elif " ".join(exercise.feedback(code).split()) != verdict.message:
            yield f"mistake {code} is answered by other words than its docstring (seed {seed})"
        elif said := _of_law(exercise, code, answer, seed):
            yield f"mistake {code} {said} (seed {seed})"


def _of_law(exercise, code, answer, seed):
    """Return words about what the exercise's law says of a known mistake; "" if the law names it, or nothing.

    A law is a function of the exercise file that finds a mistake in a result. The judge recognises the known mistake
    itself by its results, whatever the law says. But a variant of the mistake would be told what the law says.
    """
    if exercise.law is None:
        return ""
    with quiet():
        trial = trial_of(exercise, answer, seed)
    named = named_by_law(trial)
    # if the law names a code in one case only, this may be chance: the result may look like that of another mistake
    if len(named) > 1 and code not in named:
        return f"cannot be told from {named[0]} by the law"
    more = next((fault.more[0] for fault in trial.faults if fault and fault.more), "")
    return f"is taken for two by the law, which also says {more!r}" if more else ""


def _hostile(exercise):
    for name, answer, codes in kit(exercise):
        before = surroundings()
        try:
            verdict = judge(exercise, answer, 0, HOSTILE_SECONDS if "timeout" in codes else None, strict=True)
        except BaseException as error:
            yield f"hostile answer that {name}: the checker itself fails with {type(error).__name__}: {error}"
            continue
        if verdict.ok:
            yield f"hostile answer that {name} SURVIVES: the checker accepts it"
        elif verdict.code not in codes and verdict.code not in exercise.wrongs:
            yield f"hostile answer that {name} is called {verdict.code}, not {' or '.join(sorted(codes))}"
        after = surroundings()
        for what, value in before.items():
            if after[what] is not value and after[what] != value:
                yield f"hostile answer that {name} leaves {what} changed"


def _docstrings(exercise):
    """Yield complaints if a docstring is missing, or if two are so alike that a learner sees no difference."""
    for code in exercise.wrongs:
        if not exercise.feedback(code):
            yield f"{code}: no docstring, so the learner would read nothing"
    for a, b in combinations(exercise.wrongs, 2):
        one, other = exercise.feedback(a), exercise.feedback(b)
        if one and one == other:
            yield f"{a} and {b} have the same docstring"
        elif SequenceMatcher(None, one.split(), other.split()).ratio() > 0.9:
            yield f"the docstrings of {a} and {b} share nearly all of their words: what tells the two mistakes apart?"


# ---- variants of the right answers


def _variants(exercise, seeds):
    """Yield complaints about variants of right answers: right variants that are refused, wrong ones that are accepted.

    The module `variants` makes the variants.
    """
    if isinstance(exercise.solution, type):
        return
    for name, answer in {exercise.name: exercise.solution, **exercise.rights}.items():
        for words, made in [*variants.single(answer), ("counts its calls", variants.counting(answer))]:
            for seed in range(seeds):
                found = trial_of(exercise, made, seed)
                # no complaint if the answer raises an exception in float32: then the answer is at fault, not the check
                if not found.is_right and found.code != "raised":
                    yield f"{name}, which {words}, is refused (seed {seed})"
                    break
    seeds = min(seeds, 3)
    for name, value, made in variants.ignores(exercise):
        if all(variants.accepts(exercise, made, seed) for seed in range(seeds)):
            yield (
                f"an answer that ignores `{name}` and takes {show(value)} SURVIVES: add a case where it matters, or say "
                f"`free = {{{name!r}: ({show(value)},)}}`"
            )
    for words, changed, made in variants.near(exercise):
        if all(variants.accepts(exercise, made, seed) for seed in range(seeds)):
            yield f"SURVIVES: {words}. Add a case, or a piece of this to `equal`:\n        {changed}"
    if exercise.law is None:
        for seed in range(seeds):
            message = judge(exercise, variants.by_chance(exercise, np.random.default_rng(seed)), seed).message
            if CLAIM.search(message):
                yield f"an answer that is wrong by chance is given a reason (seed {seed}): {message}"
    for words, made in variants.forgetful(exercise):
        verdict = judge(exercise, made, 0, strict=True)
        if verdict.ok:
            yield f"an answer that {words} SURVIVES"
        elif verdict.code not in ("state", *exercise.wrongs):
            yield f"an answer that {words} is called {verdict.code}, not state"


def run(ids: Sequence[str], seeds: int, mutants: bool = False) -> int:
    """Prove the exercises with these ids, by default all. Returns the exit code: 0 if all are proved, else 1.

    mutants: also print the small changes of each solution that its check accepts.

    >>> run(["loss/msee"], seeds=1)  # doctest: +ELLIPSIS
    ✗ loss/msee
        There is no exercise "loss/msee". Did you mean "loss/mse"?
    1 not proved (... s)
    1
    """
    bad, start = 0, time.perf_counter()
    for id in ids or author.all_ids():
        try:
            exercise = author.load(id)
            found = prove(exercise, seeds)
        except ImportError as error:
            print(f"– {id}: not tried: {error}")
            continue
        except (author.BadExercise, author.UnknownExercise) as error:
            found = [str(error)]
        bad += bool(found)
        if found:
            print(f"✗ {id}", *found, sep="\n    ")
        else:
            hostile = sum(1 for _ in kit(exercise))
            print(
                f"✓ {id}: {1 + len(exercise.rights)} right, {len(exercise.wrongs)} wrong, {hostile} hostile; seeds: {seeds}"
            )
            if mutants:
                accepted, tried = variants.survivors(exercise)
                print(
                    f"    {tried} small changes of the solution, {len(accepted)} accepted{': equal, or a hole?' if accepted else ''}",
                    *accepted,
                    sep="\n        ",
                )
    print(f"{bad} not proved" if bad else "all proved", f"({time.perf_counter() - start:.0f} s)")
    return 1 if bad else 0
