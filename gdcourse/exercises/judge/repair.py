"""Find one small change that makes the learner's own code right: it shows where the mistake is, and what it is.

A changed copy of the function is called on one wrong case, then on all cases, then on fresh ones (other seeds). The
learner is told of one mistake only if the change makes all results right. The learner is told of two mistakes if a
change turns the answer into a known mistake, or makes more results right than any other change and none wrong.
"""

import ast
import copy
import dataclasses
import inspect
from functools import partial

import numpy as np

from .besides import is_telling
from .calls import call_once, paused, plain_function, price, quiet
from .case import smallest
from .changes import bodies, changed, replace, slots
from .compare import numbers, size_of
from .limits import Limits
from .memory import room
from .repair_words import of_body, of_node, told
from .signs import parsed, text_of
from .trial import Trial, alike, fault, ways

WORK = 220  # the budget: each change that is tried costs 1, plus 1 for every 100 lines that a call runs
LAWFUL = (0, 0.5, 1, 2.5)  # the ranks tried if the exercise has a law, which accepts more results by chance
SECONDS = 0.03  # the limit for one call, which might never end
COMBINED = (0, 3, 4)  # with a known mistake, try changes of these ranks, and of rank 1 in a formula
MEMORY = 1_000_000_000  # bytes that all calls together may take
LATE = 1  # stop after this many calls that reached the limit


class Repair:
    """What the search found; all attributes are "" if it found nothing.

    words: describes the change that makes all results right. code: the known mistake that is left after the change
    that `also` describes. some: describes a change that makes some of the wrong results right.
    """

    def __init__(self, words: str = "", code: str = "", also: str = "", some: str = "") -> None:
        self.words, self.code, self.also, self.some = words, code, also, some


def repaired(trial: Trial) -> Repair:
    """Return the Repair of an answer: an empty one if nothing is found or the source of the answer is not available.

    >>> from gdcourse.exercises.author import load
    >>> from gdcourse.exercises.judge.trial import trial_of
    >>> def gd_step(w, g, lr):
    ...     return w - lr / g
    >>> trial = trial_of(load("update_rule/gd_step"), gd_step)
    >>> trial.answer = gd_step
    >>> repaired(trial).words
    'in line 2, `return w - lr / g`, you divide where you should multiply'
    """
    found = Repair()
    function = plain_function(trial.answer)
    tree = _tree(function)
    if tree is None or not trial.faults:
        return found
    limits = Limits(SECONDS)
    limits.start()
    try:
        # changed code, such as a larger factor in a size, may ask for any amount of memory
        with quiet(), room(MEMORY):
            return _search(trial, function, tree, limits)
    finally:
        limits.stop()


def _search(trial, function, tree, limits):
    exercise, found, better, late = trial.exercise, Repair(), [], 0
    order = sorted(range(len(trial.cases)), key=lambda k: trial.faults[k] is None)
    k = smallest(trial, trial.code)
    order = [k, *(i for i in order if i != k)]
    args, right, before = trial.cases[k], trial.right[k], trial.given[k]
    # look for no known mistake in texts and truth values, which agree by chance too often
    plain = isinstance(right.value, (str, bool, np.bool_))
    known = _known(trial, k, limits) if exercise.law is None and not plain else {}
    budget = WORK
    each = price(exercise, trial.answer, args, limits)
    at = _first_difference(before.value, right.value) if exercise.law is None else None
    for number, (rank, words, node, answer, removes) in enumerate(_changes_of(function, tree, exercise.law and LAWFUL)):
        if number * each > budget or late == LATE:
            break
        limits.restart()
        outcome = call_once(exercise, answer, args, limits)
        late += outcome.kind == "timeout"
        if outcome.kind != "value" or outcome.mutated and not trial.forgives:
            continue
        outcome = _forgiving(outcome, trial)
        key = _key(outcome) if known else None
        if (at is None or at(outcome.value)) and fault(exercise, args, right, outcome) is None:
            if _holds(trial, answer, order[1:], limits):
                found.words = _told(words, node, function)
                return found
            if exercise.law is None:
                better.append((_count_better(trial, answer, order, limits), words, node, answer))
        elif (
            not found.code
            and key in known
            and (rank in COMBINED or rank == 1 and isinstance(node, (ast.BinOp, ast.Call)))
            and not removes()
        ):
            same = next((c for c, way in known[key] if _is_mistake(trial, answer, way, order[1:], limits)), "")
            if same:
                found.code, found.also = same, _told(words, node, function)
    found.some = _best(trial, better, function, limits)
    return found


def _count_better(trial, answer, order, limits):
    """Return how many of the wrong results a changed answer makes right; 0 if it makes a right result wrong."""
    count = 0
    for i in order:
        limits.restart()
        outcome = _forgiving(call_once(trial.exercise, answer, trial.cases[i], limits), trial)
        is_right = fault(trial.exercise, trial.cases[i], trial.right[i], outcome) is None
        if not is_right and trial.faults[i] is None:
            return 0
        count += is_right and trial.faults[i] is not None
    return count


def _best(trial, better, function, limits):
    """Return the words of the change that makes the most wrong results right, also with other seeds; "" if none does."""
    most = max((count for count, *_ in better), default=0)
    if most < 2 or 4 * most < sum(f is not None for f in trial.faults):
        return ""
    with paused(limits):
        fresh = trial.fresh
    if fresh is None:
        return ""
    first = [each[1:] for each in better if each[0] == most]
    counts = [_count_better(fresh, answer, range(len(fresh.cases)), limits) for *_, answer in first]
    best = [(words, node) for count, (words, node, _) in zip(counts, first, strict=True) if count == max(counts)]
    # if changes in different lines make equally many results right, the place of the mistake is not known
    if not max(counts) or len({getattr(node, "lineno", 0) for _, node in best}) > 1:
        return ""
    return _told(*best[0], function)


def _forgiving(outcome, trial):
    """Return the outcome; with `mutated` emptied if a call may change its arguments (see `trial.forgives`)."""
    return dataclasses.replace(outcome, mutated=()) if trial.forgives else outcome


def _first_difference(given, right):
    """Return a quick test near(value): is `value` about right at the first number that is wrong in `given`?

    Most changes fail it, so few full comparisons are needed. Returns None if no such number is found.
    """
    try:
        ours, theirs = _flat(given), _flat(right)
        place = next(i for i, (a, b) in enumerate(zip(ours, theirs, strict=True)) if abs(a - b) > 1e-9 * abs(b))
    except Exception:
        return None
    want, count = theirs[place], len(theirs)

    def near(value):
        try:
            found = _flat(value)
            return len(found) == count and abs(found[place] - want) <= 1e-3 * abs(want) + 1e-6
        except Exception:
            return True

    return near


def _flat(value):
    if isinstance(value, (tuple, list)):
        return [x for part in value for x in _flat(part)]
    return np.ravel(value).tolist()


def _known(trial, k, limits):
    """Return {result in case k: [(code, function), …]} of the known mistakes.

    Mistakes are left out if their result in case k may come up by chance (see `is_telling`).
    """
    found = {}
    for code, first in trial.exercise.wrongs.items():
        for function in ways(first):
            limits.restart()
            outcome = call_once(trial.exercise, function, trial.cases[k], limits)
            if outcome.kind == "value" and is_telling((trial.cases[k], trial.right[k].value, outcome.value, False)):
                found.setdefault(_key(outcome), []).append((code, function))
    return found


def _key(outcome):
    """Return the result of an outcome, rounded to seven digits, as a value that can be a key of a dict."""
    if outcome.kind != "value":
        return outcome.kind
    parts = outcome.value if isinstance(outcome.value, (tuple, list)) else (outcome.value,)
    found = []
    for part in parts[:50]:
        x = numbers(part)
        if x is None or x.dtype.kind == "c":
            found.append(repr(part))
        else:
            found.append((x.shape, tuple(f"{v:.7g}" for v in x.ravel()[:50].tolist())))
    return tuple(found)


def _holds(trial, answer, order, limits):
    """Is the changed answer right in the cases `order`, and in cases of other seeds?"""
    exercise = trial.exercise
    for i in order:
        limits.restart()
        outcome = _forgiving(call_once(exercise, answer, trial.cases[i], limits), trial)
        if fault(exercise, trial.cases[i], trial.right[i], outcome) is not None:
            return False
    for args in trial.draw_fresh():
        limits.restart()
        want = call_once(exercise, exercise.solution, args, limits)
        outcome = _forgiving(call_once(exercise, answer, args, limits), trial)
        if fault(exercise, args, want, outcome) is not None:
            return False
    return True


def _is_mistake(trial, answer, function, order, limits):
    """Does the changed answer have the same results as `function`, a known mistake, also in cases of other seeds?"""
    exercise = trial.exercise
    for args in (*(trial.cases[i] for i in order), *trial.draw_fresh()):
        limits.restart()
        ours = call_once(exercise, function, args, limits)
        theirs = call_once(exercise, answer, args, limits)
        if not alike(ours, theirs, exercise.tolerance, size_of(args)):
            return False
    return True


def _told(words, node, function):
    """Return a text that describes a change: "in line 3, `<its source>`, " and then `words`."""
    code = function.__code__
    words, line = told(words), getattr(node, "lineno", 0)
    rows = text_of(code)
    source = rows[line - 1].split("#")[0].strip() if 0 < line <= len(rows) else ""
    place = f"in line {line + code.co_firstlineno - 1}, `{source}`, " if source and "`" not in source else ""
    return f"{place}{words}"


def _tree(function):
    """Return the syntax tree of a function; None if it is long, decorated or a closure, or has no source."""
    code = getattr(function, "__code__", None)
    if code is None or code.co_freevars or not inspect.isfunction(function):
        return None
    try:
        tree = parsed(text_of(code))
    except Exception:
        return None
    if tree is None or not tree.body or not isinstance(tree.body[0], ast.FunctionDef):
        return None
    node = tree.body[0]
    if node.decorator_list or node.name != code.co_name or _size(node) > 600:
        return None
    return node


def _changes_of(function, tree, ranks=None):
    """Yield (rank, words, node, changed function, removes) for each change that compiles, likely changes first.

    ranks: try only changes of these ranks; None: of all. removes(): does the change make the code shorter? Short code
    often gives the results of a known mistake by chance.
    """
    tree = copy.deepcopy(tree)
    if ast.get_docstring(tree) is not None and len(tree.body) > 1:
        tree.body = tree.body[1:]
    scope = dict(function.__globals__, _np=np)
    size = _size(tree)

    def removes(change, undo):
        change()
        try:
            return _size(tree) < size
        finally:
            undo()

    for rank, words, node, change, undo in _in_turn(tree, function):
        if ranks and rank not in ranks:
            continue
        made = changed(tree, scope, change, undo)
        if made is not None:
            made.__defaults__ = function.__defaults__
            yield rank, words, node, made, partial(removes, change, undo)


def _size(tree):
    return sum(1 for _ in ast.walk(tree))


def _in_turn(tree, function):
    """Return all changes as (rank, words, node, function that makes it, function that undoes it), likely ones first."""
    code = function.__code__
    arguments = code.co_varnames[: code.co_argcount]
    stored = [n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    names = list(dict.fromkeys((*arguments, *stored)))
    inside = _filled(tree)
    found = []
    for parent, field, index, node in slots(tree):
        put = replace(parent, field, index, node)
        others = [name for name in names if name != inside.get(id(node))]
        found += [
            (rank, words, node, *pair) for rank, words, pair in of_node(node, parent, field, put, arguments, others)
        ]
    for body in bodies(tree):
        found += [(rank, words, node, *pair) for rank, words, node, pair in of_body(body)]
    found.sort(key=lambda each: each[0])  # a stable sort: changes of equal rank stay in the order of the code
    return found


def _filled(tree):
    """Return {id(node): name of the list} for every node inside `x` in `found.append(x)` and similar calls.

    The search does not put the name of the list into `x`: `found.append(found)` makes a list that contains itself.
    NumPy uses up all memory when it turns such a list into an array.
    """
    return {
        id(inner): call.func.value.id
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name)
        if call.func.attr in ("append", "extend", "insert", "add", "update")
        for part in call.args
        for inner in ast.walk(part)
    }
