"""The judge: from a learner's function to a Verdict.

`inspect_answer` looks at the function without calling it, `collect` calls it on the cases, `decide` compares what came
back. Three steps, so that batch grading can do the first two in another process and the last one in its own.
"""

import copy
import dis
import functools
import inspect
import linecache
import types
import warnings
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..questions.cards import Answer
from . import feedback
from .compare import Difference, difference, kind_of, same, size_of
from .limits import Limits, TooMuch, TooSlow
from .verdict import Verdict

ORDER = ("raised", "timeout", "none", "mutated", "structure", "type", "shape", "nan", "value")
_PACKAGE = str(Path(__file__).resolve().parent)
_REAL = {module: dict(vars(module)) for module in (np, np.linalg, np.random)}


@dataclass(frozen=True)
class Outcome:
    """What one call gave: plain data. `kind` is "value", "raised", "timeout", "none" or "structure"."""

    kind: str
    value: object = None
    error: str = ""  # the type of the exception
    text: str = ""  # its message
    line: int = 0  # the learner's line
    source: str = ""  # and what stands there
    printed: str = ""
    mutated: tuple = ()  # numbers of the arguments that the call changed


def judge(exercise, answer, seed=0, seconds=None, strict=False):
    """The Verdict on a learner's function. `strict`: a fault in the feedback itself is raised, not covered up."""
    early = inspect_answer(exercise, answer)
    if early is not None:
        return early
    cases = exercise.draw(seed)
    patched = mend_numpy()
    right = collect(exercise, exercise.solution, cases)
    given = collect(exercise, answer, cases, seconds)
    patched += [name for name in mend_numpy() if name not in patched]
    verdict = decide(exercise, cases, right, given, strict)
    if not patched:
        return verdict
    names = ", ".join(f"`np.{n}`" for n in patched[:4])
    note = f"{names} had been replaced by something else; NumPy's own has been put back. Check the cells above for `{names.strip('`')} = …`."
    return Verdict(verdict.id, verdict.code, verdict.message, verdict.details, note)


# ---- before any call


def inspect_answer(exercise, answer):
    """A Verdict on what can be seen without calling: not a function, untouched, wrong parameters. Else None."""

    def no(code, message):
        return Verdict(exercise.id, code, message)

    name, wants_class = exercise.name, isinstance(exercise.solution, type)
    if not callable(answer):
        if answer is None:
            return no("signature", f"This is `None`, not a function. Was the name `{name}` given to something else?")
        return no(
            "signature",
            f"This is {kind_of(answer)}, not a function. Hand over `{name}` itself, "
            f'without calling it: `check("{exercise.id}", {name})`.',
        )
    if is_untouched(exercise, answer):
        return no(
            "untouched",
            "Nothing to check so far: replace the `...` by your own lines, run that cell, then this one."
            if not exercise.given
            else "Nothing to check so far: work on the cell above, run it, then this one.",
        )
    if isinstance(answer, type) and not wants_class:
        return no(
            "signature", f"`{answer.__name__}` is a class; this exercise asks for a function, `def {_call(exercise)}:`."
        )
    if wants_class and not isinstance(answer, type):
        return no("signature", f"This exercise asks for a class, `class {name}:`; this is {kind_of(answer)}.")
    return None if wants_class else _signature(exercise, answer, no)


def _signature(exercise, answer, no):
    try:
        theirs = inspect.signature(answer)
    except (TypeError, ValueError):
        return None  # a ufunc or something from C: the calls will tell
    ours = inspect.signature(exercise.solution).parameters.values()
    needed = [p for p in ours if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    try:
        theirs.bind(*[None] * len([p for p in needed if p.default is p.empty]))
    except TypeError:
        mine = f"{getattr(answer, '__name__', 'your function')}{theirs}"
        return no("signature", f"The check calls `{_call(exercise)}`; yours is `{mine}`.")
    names, wanted = [p.name for p in theirs.parameters.values()], [p.name for p in needed]
    if names != wanted and sorted(names) == sorted(wanted):
        return no(
            "signature",
            f"The order of the parameters matters: the check calls `{_call(exercise)}`, "
            f"yours has them as `({', '.join(names)})`.",
        )
    return None


def _call(exercise):
    return f"{exercise.name}({', '.join(exercise.parameters)})"


def is_untouched(exercise, answer):
    """Is this still the starter?"""
    if isinstance(answer, Answer):
        return answer.untouched
    answer = _plain_function(answer)
    if exercise.given and not exercise.boards:
        scope = {}
        try:
            exec(compile(exercise.starter, "<starter>", "exec"), {"np": np, "__name__": "starter"}, scope)
        except Exception:
            return False
        return _same_code(_plain_function(scope.get(exercise.name)), answer)
    code = getattr(answer, "__code__", None)
    if code is None:
        return False
    return _does_nothing(code)


def _plain_function(answer):
    while isinstance(answer, functools.partial):
        answer = answer.func
    answer = inspect.unwrap(answer) if callable(answer) else answer
    return getattr(answer, "__func__", answer)


def _does_nothing(code):
    """Nothing but a docstring, `...`, `pass`, or `raise NotImplementedError`."""
    idle = ("RESUME", "NOP", "PUSH_NULL", "PRECALL", "CACHE", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST", "CALL")
    steps = [(i.opname, i.argval) for i in dis.get_instructions(code) if i.opname not in idle]
    if not steps:
        constants = [i.argval for i in dis.get_instructions(code) if i.opname in ("LOAD_CONST", "RETURN_CONST")]
        return constants in ([None], [...])
    return steps == [("LOAD_GLOBAL", "NotImplementedError"), ("RAISE_VARARGS", 1)]


def _same_code(a, b):
    if isinstance(a, type) and isinstance(b, type):
        mine, theirs = ({k: v for k, v in vars(c).items() if isinstance(v, types.FunctionType)} for c in (a, b))
        return mine.keys() == theirs.keys() and all(_same_code(mine[k], theirs[k]) for k in mine)
    a, b = getattr(a, "__code__", None), getattr(b, "__code__", None)
    return a is not None and b is not None and _fingerprint(a) == _fingerprint(b)


def _fingerprint(code):
    return (
        code.co_code,
        code.co_names,
        tuple(_fingerprint(c) if isinstance(c, types.CodeType) else repr(c) for c in code.co_consts),
    )


# ---- the calls


def collect(exercise, answer, cases, seconds=None):
    """The Outcome of every case, in order; after a timeout no further case is tried."""
    limits = Limits(exercise.seconds if seconds is None else seconds)
    found = []
    with quiet():
        limits.start()
        try:
            for args in cases:
                found.append(_one(exercise, answer, args, limits))
                if limits.interrupted or found[-1].kind == "timeout":
                    break
        finally:
            limits.stop()
    if limits.interrupted:
        raise KeyboardInterrupt
    return found


@contextmanager
def quiet():
    """No warnings: an overflow inside an answer is for the verdict to name. And nothing the answer sets remains."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def _one(exercise, answer, args, limits):
    given = tuple(copy_of(a) for a in args)
    last = []

    def watched(*a, **k):
        result = answer(*a, **k)
        last[:] = [result]
        return result

    def work():
        if exercise.run is None:
            value = watched(*given)
        else:
            value = exercise.run(answer if isinstance(answer, type) else watched, *given)
        if value is not None and exercise.canonical is not None:
            value = exercise.canonical(value)
        # what it holds now must not change when the next case runs
        return copy_of(value)

    value, error = limits.attempt(work)
    printed = limits.lid.take()
    mutated = tuple(i for i, (a, b) in enumerate(zip(args, given, strict=True)) if changed(a, b))
    if error is None:
        kind = "none" if value is None else "value"
        return Outcome(kind, value, printed=printed, mutated=mutated)
    if isinstance(error, TooSlow):
        return Outcome("timeout", printed=printed, mutated=mutated, **_place(exercise, error, answer))
    if isinstance(error, TooMuch):
        return Outcome("raised", error="TooMuch", printed=printed, mutated=mutated, **_place(exercise, error, answer))
    place = _place(exercise, error, answer)
    if not place and last:
        # our own reading of what came back stumbled, not the learner's code
        kind = "none" if last[0] is None else "structure"
        return Outcome(kind, error=type(error).__name__, text=kind_of(last[0]), printed=printed, mutated=mutated)
    try:
        text = str(error)
    except Exception:
        text = ""
    return Outcome("raised", error=type(error).__name__, text=text, printed=printed, mutated=mutated, **place)


def _place(exercise, error, answer):
    """Line number and line of the learner where the exception arose; empty when there is none of theirs."""
    mine = {f.__code__ for f in (exercise.run, exercise.canonical) if f is not None}
    home = getattr(getattr(_plain_function(answer), "__code__", None), "co_filename", None)
    best, trace = {}, error.__traceback__
    while trace is not None:
        code, number = trace.tb_frame.f_code, trace.tb_lineno
        file = code.co_filename
        if file == home and code not in mine and number:
            best = {"line": number, "source": linecache.getline(file, number).strip()}
        trace = trace.tb_next
    return best


def copy_of(value):
    """A copy that shares nothing changeable with the original."""
    if isinstance(value, np.ndarray) and value.dtype != object:
        return value.copy()
    if value is None or isinstance(value, (int, float, str, bytes, complex, np.generic, types.FunctionType)):
        return value
    if type(value) is tuple:
        return tuple(copy_of(v) for v in value)
    if type(value) is list:
        return [copy_of(v) for v in value]
    try:
        return copy.deepcopy(value)
    except Exception:
        return value


def changed(before, after):
    """Did a call change this argument? A random generator is there to be used up."""
    if isinstance(before, np.random.Generator) or callable(before):
        return False
    if isinstance(before, np.ndarray):
        return before.dtype != after.dtype or before.shape != after.shape or not _bits(before, after)
    if isinstance(before, (list, tuple)):
        return len(before) != len(after) or any(changed(a, b) for a, b in zip(before, after, strict=True))
    if isinstance(before, Mapping):
        return list(before) != list(after) or any(changed(before[k], after[k]) for k in before)
    try:
        return not (before == after or before != before)
    except Exception:
        return False


def _bits(a, b):
    return a.tobytes() == b.tobytes() if a.dtype != object else a.tolist() == b.tolist()


def mend_numpy():
    """Put NumPy's own functions back where a notebook has replaced them; returns their names."""
    found = []
    for module, real in _REAL.items():
        now = vars(module)
        for name, value in real.items():
            if now.get(name) is not value and not name.startswith("__"):
                now[name] = value
                found.append(f"{module.__name__}.{name}".removeprefix("numpy."))
    return found


# ---- the decision


def decide(exercise, cases, right, given, strict=False):
    """The Verdict, from the outcomes of the solution and of the learner on the same cases."""
    with quiet():  # a law may meet overflow and nan
        faults = [fault(exercise, args, *pair) for args, *pair in zip(cases, right, given, strict=False)]
    if not any(faults) and len(given) == len(cases):
        return Verdict(exercise.id, "right", exercise.praise)
    code = min((f.kind for f in faults if f), key=ORDER.index)
    named = known_mistake(exercise, cases, right, given, faults)
    with quiet():
        return feedback.explain(exercise, cases, right, given, faults, code, named, strict)


def fault(exercise, args, right, given):
    """What is wrong with one outcome, as a Difference, or None."""
    if given.kind in ("raised", "timeout"):
        return Difference(given.kind, "")
    if given.kind == "none" and right.kind != "none":
        return Difference("none", "")
    if given.mutated and not right.mutated:
        return Difference("mutated", "")
    if given.kind == "structure":
        return Difference("structure", unreadable(exercise, given.text))
    if exercise.law is not None:
        reply = _law(exercise, given.value, args)
        return None if reply is None else Difference("value", reply)
    found = difference(right.value, given.value, exercise.tolerance, size_of(args))
    if found and exercise.also is not None:
        for value in exercise.also(*map(copy_of, args)):
            if difference(value, given.value, exercise.tolerance, size_of(args)) is None:
                return None
    return found


def _law(exercise, value, args):
    try:
        return exercise.law(value, *(copy_of(a) for a in args))
    except Exception:
        # a law may assume the right kind of output; what is not of that kind fails here
        return unreadable(exercise, kind_of(value))


def unreadable(exercise, what):
    """The words for a result that is not of the kind that was asked for: what came, and what the starter asks for."""
    asked = (inspect.getdoc(exercise.solution) or "").split("\n")[0]
    return f"The check could not read what your function returned: {what}." + (
        f" The first line of the starter says what it wants: “{asked}”" if asked else ""
    )


def known_mistake(exercise, cases, right, given, faults):
    """The name of the known mistake that the learner's outcomes match on every case, or None."""
    if exercise.law is not None:
        for f in faults:
            if f and f.kind == "value" and f.text in exercise.wrongs:
                return f.text
    # a mistake that loops for ever is one that does so soon
    limits = Limits(min(exercise.seconds, 0.5))
    with quiet():
        limits.start()
        try:
            for code, function in exercise.wrongs.items():
                limits.restart()
                if matches(exercise, cases, function, given, limits):
                    return code
        finally:
            limits.stop()
    return None


def matches(exercise, cases, function, given, limits):
    """Does a known wrong answer give the same outcomes? Case by case, so that most are out after the first."""
    for args, theirs in zip(cases, given, strict=False):
        ours = _one(exercise, function, args, limits)
        if not alike(ours, theirs, exercise.tolerance, size_of(args)):
            return False
        if ours.kind == "timeout":
            break
    return True


def alike(a, b, tolerance, scale):
    """Two outcomes that nobody would tell apart."""
    if a.kind != b.kind or a.mutated != b.mutated:
        return False
    if a.kind == "raised":
        return (a.error, a.text) == (b.error, b.text)
    if a.kind == "structure":
        return a.text == b.text
    return a.kind != "value" or same(a.value, b.value, min(tolerance, 1e-6), scale)
