"""From what is wrong to what a learner reads: a sentence, and the smallest input on which it can be seen."""

import re
from functools import lru_cache
from itertools import permutations

from . import patterns
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
from .show import ordinal, pair_of, show
from .trial import Trial, known_mistake
from .verdict import Verdict

MORE = "\n\nThere is more: "


def explain(trial, strict=False):
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
        said = " ".join(filter(None, [_sign(trial, ("sign after equals", "caret")), docstring(exercise, named)]))
        return Verdict(exercise.id, named, said, show_case(trial, k))
    if trial.keeps_state and code != "timeout":
        return Verdict(exercise.id, "state", _state(trial), _two_calls(trial))
    if code == "mutated":
        return _mutated(trial, k)
    say = {"raised": _raised, "timeout": _timeout, "none": _none, "value": _value}.get(code, _form)
    found = say(trial, k)
    code, message = found if isinstance(found, tuple) else (code, found)
    return Verdict(exercise.id, code, message, show_case(trial, k))


def docstring(exercise, code):
    """What a learner reads about a known mistake, on one line."""
    return " ".join(exercise.feedback(code).split())


def smallest(trial, code):
    """The number of the failing case that is quickest to read."""
    bad = [k for k, f in enumerate(trial.faults) if f is not None and f.kind == code]
    return min(bad, key=lambda k: (_weight(trial.cases[k]), k), default=0)


def _weight(value):
    """How much there is to read: entries, and a hundredth for every digit. In whole numbers: every Python must choose the same case."""
    if isinstance(value, (tuple, list)):
        return sum(_weight(v) for v in value) + 100
    found = numbers(value)
    if found is None or not found.size:
        return 100
    return 100 * found.size + sum(len(f"{x:.6g}") for x in found.ravel()[:20].tolist())


# ---- it stopped, it did not end, it gave nothing

_TIPS = (
    # what Python says, what it usually means
    ("NameError", r"name '(\w+)' is not defined", "Python does not know the name `{0}`: is it a typing mistake, or is a cell above not run yet?"),
    ("UnboundLocalError", r"local variable '(\w+)'", "`{0}` has no value yet when it is used. Give it one above, for example `{0} = 0` before the loop, or in every branch of the `if`."),
    ("ValueError", r"operands could not be broadcast", "Two arrays of different shapes meet. Print their `.shape` just before this line."),
    ("ValueError", r"matmul|not aligned", "The sizes do not fit for a matrix product. Print both shapes: (n, d) @ (d,) gives (n,). Must one of them be transposed, with `.T`?"),
    ("ValueError", r"truth value of an array", "`if`, `while`, `and`, `max` and `min` need one truth value, and an array has many. `np.where`, `np.maximum` or a loop decides entry by entry; `.all()` or `.any()` makes one out of many."),
    ("ValueError", r"setting an array element with a sequence|inhomogeneous shape", "An array or a list stands where one number belongs. Print the shape of what you store."),
    ("ValueError", r"math domain error|expected a positive input|nonnegative input", "`math.log` needs a number above 0, and `math.sqrt` one that is not negative. Which number arrives here?"),
    ("OverflowError", r"", "A number has become too large for Python. Which expression grows so fast? An exponential, or steps that get longer and longer?"),
    ("ValueError", r"too many values to unpack|not enough values to unpack", "The left side has another number of names than the right side has values. How many values come, and in which order?"),
    ("TypeError", r"cannot unpack non-iterable (\w+)", "One value arrives where several are to be taken apart. What does the right side really give?"),
    ("ValueError", r"cannot reshape|into shape", "The numbers do not fit into this shape: the number of entries must stay the same."),
    ("ValueError", r"zero-size array|empty sequence|arg is an empty", "Something is empty here: a slice that takes nothing, or a list that nothing was added to."),
    ("TypeError", r"ufunc 'bitwise_xor' not supported|unsupported operand type\(s\) for \^", "`^` is no power in Python: write `**`."),
    ("TypeError", r"boolean negative|boolean subtract", "`True` and `False` do not calculate with `-`: make numbers of them first, `y.astype(float)`."),
    ("TypeError", r"NoneType", "Something is `None` here: a function without a `return`, a method that changes its object and gives nothing back (`.sort()`, `.append()`, `rng.shuffle()`), or a value that was never set."),
    ("TypeError", r"takes (\d+) positional|missing \d+ required", "A function is called with another number of arguments than it has."),
    ("TypeError", r"only 0-dimensional arrays|only length-1 arrays|only size-1 arrays", "One number is expected here, and an array arrives. Use the functions of NumPy (`np.sqrt`, not `math.sqrt`), or take one entry out."),
    ("TypeError", r"'(float|int|numpy\.float64)' object is not iterable|'(float|int)' object is not subscriptable|object of type '(float|int)' has no len|invalid index to scalar|unsized object", "One number arrives where your code expects a list or an array."),
    ("IndexError", r"invalid index to scalar|too many indices|0-dimensional", "There are more indices than the array has axes. Print its `.shape` just before this line."),
    ("TypeError", r"object is not callable", "Something that is no function is called with brackets. Is a `*` missing before a bracket, or has a name of a function been given to a number?"),
    ("TypeError", r"unsupported operand type\(s\) for [^:]*: '(function|\w+)' and|and '(function)'|'(function|method|builtin_function_or_method)'", "A function stands where a number belongs: call it, with brackets and its argument."),
    ("TypeError", r"list indices must be integers|indices must be integers or slices|only integers, slices|'float' object cannot be interpreted as an integer|slice indices must be", "An index, and the number in `range(…)`, must be a whole number. `/` gives a float; `//` or `int(…)` a whole number."),
    ("IndexError", r"only integers, slices", "An index must be a whole number, a slice or an array of whole numbers. `/` gives a float; `//` or `int(…)` a whole number."),
    ("TypeError", r"unsupported operand type\(s\) for [^:]*: '(list|tuple)'|can't multiply sequence|and '(list|tuple)'|bad operand type for [^:]*: '(list|tuple)'|can only concatenate list", "A list does not calculate like an array: `np.array(…)` makes one of it."),
    ("UFuncTypeError", r"casting", "An array of whole numbers cannot hold decimals. Start from an array of floats: `w.astype(float)`, or `np.zeros(len(w))`."),
    ("UFuncTypeError", r"did not contain a loop", "This operation does not exist for such values: is one of them a string, or a list of lists of different lengths?"),
    ("IndexError", r"out of bounds|out of range", "An index points past the end: n entries have the indices 0 to n − 1."),
    ("AttributeError", r"'(list|tuple)' object has no attribute '(\w+)'", "A list has no `{1}`: `np.array(…)` makes an array of it."),
    ("AttributeError", r"'numpy\.ndarray' object has no attribute 'append'", "An array does not grow. Collect in a list, with `.append(…)`, and make an array of it at the end."),
    ("AttributeError", r"'(float|int|numpy\.float64)' object has no attribute", "A plain number arrives here, where your code expects an array."),
    ("AttributeError", r"module '(\w+)' has no attribute '(\w+)'", "`{0}` has no function of that name: is it a typing mistake, or does it live elsewhere (`np.linalg`, `math`)?"),
    ("AttributeError", r"'function' object has no attribute", "A function arrives here, and your code treats it as an array. Call it first, with brackets and its argument."),
    ("AttributeError", r"has no attribute '(\w+)'", "This value has no `{0}`. Print its type just before this line."),
    ("AxisError", r"", "The array has fewer axes than you ask for: a flat array of shape (n,) has axis 0 only."),
    ("LinAlgError", r"Singular", "The matrix has no inverse."),
    ("LinAlgError", r"", "The linear algebra of NumPy needs a table here, and a square one for eigenvalues and inverses. Print the shape of what you hand over."),
    ("ZeroDivisionError", r"", "A divisor is zero for this input. Which case has to be treated apart?"),
    ("RecursionError", r"", "The function calls itself without end. For which input should it stop?"),
    ("KeyError", r"", "This key is not in the dictionary."),
    ("StopIteration", r"", "A generator or iterator has nothing more to give."),
    ("AssertionError", r"", "An `assert` of your own says no for this input."),
    ("MemoryError", r"", "It asks for more memory than there is. Which array grows so large?"),
    ("ModuleNotFoundError", r"", "This module is not installed here; NumPy and Python's own are enough for this exercise."),
    ("SystemExit", r"", "`exit()` ends a program; a function ends with `return`."),
    ("KeyboardInterrupt", r"", "It was interrupted from inside."),
)  # fmt: skip


def _tip(outcome):
    for name, pattern, tip in _TIPS:
        if name == outcome.error:
            found = re.search(pattern, outcome.text)
            if found:
                return tip.format(*(found.groups() or [""])) if "{" in tip else tip
    return ""


def _raised(trial, k):
    o = trial.given[k]
    if o.error == "TooMuch":
        return "It prints more than anybody can read. Take the `print` out of the loop, and check again."
    place = f" in line {o.line}, `{o.source}`," if o.source else ""
    said = f": {o.text}" if o.text else ""
    # a message may hold the learner's own backticks or lines; it is shown as it is, on one line
    message = f"It stopped{place} with {o.error}{' '.join(said.split(chr(10)))}.".replace("..", ".")
    message = " ".join(filter(None, [message, _tip(o), _sign(trial, ("sign after equals", "caret"))]))
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
    return (named, f"{docstring(trial.exercise, named)}{MORE}{_lower(message)}") if named else None


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
    lines = _arguments(trial.exercise, trial.cases[0])
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
        hint = patterns.shape_hint(pairs, shown, list(zip(exercise.given_names, trial.cases[k], strict=False)))
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
    if trial.exercise.law is not None or not trial.usable():
        return None
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
    sign = _sign(trial, STRONG)
    told = trial.faults[k].text if exercise.law is not None else ""
    value, found = trial.right[k].value, None
    width = len(value) if isinstance(value, tuple) else 1
    if exercise.law is None or size(value) <= 4 and "rng" not in exercise.given_names:
        with Bench(trial) as bench:
            found = _of_parts(trial, bench, width) if width > 1 else _of_one(trial, bench)
            both = None if found else mistake_and_slip(bench)
            more = None if found or both else in_some_cases(bench)
        if both:
            return both[0], f"{docstring(exercise, both[0])}{MORE}{both[1]}."
        if more:
            return more, f"{docstring(exercise, more)}{MORE}this explains only some of the wrong results."
    if isinstance(found, tuple):
        return found
    if exercise.law is not None:
        # a law says what is wrong with this result; the code, or the numbers, may say why
        return " ".join(filter(None, [told, sign, found]))
    if not found:
        found = _where(trial) or ("" if sign else _sign(trial, WEAK))
    return " ".join(filter(None, [sign, found or _unsure(trial, short=bool(sign))]))


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
    both = combined(bench, 1)
    if both:
        return both[0], f"{docstring(trial.exercise, both[0])}{MORE}{both[1]}."
    return _nearly(slipped(bench).get(None)) or _pattern(patterns.loosely, bench)


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
    if any(found.values()):
        return _each(found, width)
    if len(wrong) == width:
        return None
    return f"{_each(found, width)} {_where(trial) or _unsure(trial, short=True)}"


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
    if not patterns.where(cases_of(trial), names):
        return None
    wide = cases_of(trial.wider)
    return patterns.where(wide, names) if len(wide) >= patterns.ENOUGH else None


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


# ---- the input, what came, what was expected


def show_case(trial, k):
    """Case k as lines of text: the input, what came, what was expected."""
    exercise, given, right, fault = trial.exercise, trial.given[k], trial.right[k], trial.faults[k]
    lines = _arguments(exercise, trial.cases[k])
    if fault is not None and fault.kind == "mutated":
        names = [exercise.given_names[i] for i in given.mutated]
        return "\n".join([*lines, "", f"changed by the call: {', '.join(names)}"])
    printed = [f"printed:  {line}" for line in given.printed.splitlines()[:3]]
    if given.kind != "value":
        return "\n".join([*lines, *([""] + printed if printed else [])])
    mine, theirs = given.value, right.value
    if exercise.show is not None:
        try:
            mine, theirs = exercise.show(mine), exercise.show(theirs)
        except Exception:
            return "\n".join(lines)
    if exercise.law is not None or right.kind != "value":
        lines += ["", f"yours:    {show(mine, indent=10)}"]
    else:
        lines += ["", *pair_of(mine, theirs, fault)]
    return "\n".join([*lines, *printed])


def _arguments(exercise, args):
    return [f"{name} = {show(a, indent=len(name) + 3)}" for name, a in zip(exercise.given_names, args, strict=False)]


def _lower(text):
    """The sentence with a small first letter, to stand after a colon."""
    return text if text.startswith("`") else text[0].lower() + text[1:]
