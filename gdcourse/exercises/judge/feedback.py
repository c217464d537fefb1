"""From what is wrong to what a learner reads: a sentence, and the smallest input on which it can be seen."""

import re
from itertools import permutations

from .compare import difference, numbers, size_of
from .patterns import as_if_called, recognise, shape_hint
from .show import ordinal, pair_of, show
from .verdict import Verdict


def explain(exercise, cases, right, given, faults, code, named, strict=False):
    """The Verdict on a wrong answer. `named`: the known mistake it matches, or None."""
    failing = [f is not None and f.kind == code for f in faults]
    k = smallest(cases, failing)
    if strict:
        return _explain(exercise, cases, right, given, faults, code, named, k)
    try:
        return _explain(exercise, cases, right, given, faults, code, named, k)
    except Exception:
        # what came back may be stranger than any pattern expects; the verdict stands all the same
        message = exercise.feedback(named) if named else faults[k].text or "The result is not right."
        return Verdict(exercise.id, named or code, " ".join(message.split()))


def _explain(exercise, cases, right, given, faults, code, named, k):
    details = show_case(exercise, cases[k], right[k], given[k], faults[k])
    if named:
        return Verdict(exercise.id, named, " ".join(exercise.feedback(named).split()), details)
    say = {"raised": _raised, "timeout": _timeout, "none": _none, "mutated": _mutated, "value": _value}.get(code, _form)
    return Verdict(exercise.id, code, say(exercise, cases, right, given, faults, k), details)


def smallest(cases, failing):
    """The number of the failing case that is quickest to read."""
    return min((k for k, bad in enumerate(failing) if bad), key=lambda k: (_weight(cases[k]), k))


def _weight(value):
    """How much there is to read: entries, and a hundredth for every digit. In whole numbers: every Python must choose the same case."""
    if isinstance(value, (tuple, list)):
        return sum(_weight(v) for v in value) + 100
    found = numbers(value)
    if found is None or not found.size:
        return 100
    return 100 * found.size + sum(len(f"{x:.6g}") for x in found.ravel()[:20].tolist())


# ---- one sentence for each kind of fault

_TIPS = (
    # what Python says, what it usually means
    (
        "NameError",
        r"name '(\w+)' is not defined",
        "A name is used that Python does not know: a slip of the pen, or a cell above that was not run.",
    ),
    (
        "UnboundLocalError",
        r"local variable '(\w+)'",
        "This name gets a value only on some way through your function, or after it is used.",
    ),
    (
        "ValueError",
        r"operands could not be broadcast",
        "Two arrays of different shapes meet. Print their `.shape` just before this line.",
    ),
    (
        "ValueError",
        r"matmul|not aligned",
        "The sizes do not fit for a matrix product. Is one of the two to be transposed, with `.T`?",
    ),
    (
        "ValueError",
        r"truth value of an array",
        "`if` and `while` need one truth value, and an array has many. Which question do you mean to ask: `all`, `any`, a sum?",
    ),
    (
        "TypeError",
        r"NoneType",
        "Something is `None` here: a function without a `return`, or a value that was never set.",
    ),
    (
        "TypeError",
        r"takes (\d+) positional|missing \d+ required",
        "A function is called with another number of arguments than it has.",
    ),
    ("UFuncTypeError", r"casting", "An array of whole numbers cannot take up decimals. Start from an array of floats."),
    (
        "IndexError",
        r"out of bounds|out of range",
        "An index points past the end. n entries have the indices 0 … n − 1.",
    ),
    (
        "AttributeError",
        r"'(float|int)' object has no attribute",
        "A plain number arrives here, where your code expects an array.",
    ),
    ("ZeroDivisionError", "", "A divisor is zero for this input."),
    ("RecursionError", "", "The function calls itself without end. For which input should it stop?"),
    ("KeyError", "", "This key is not in the dictionary."),
    ("SystemExit", "", "`exit()` ends a program; a function ends with `return`."),
    ("KeyboardInterrupt", "", "It was interrupted from inside."),
)


def _raised(exercise, cases, right, given, faults, k):
    o = given[k]
    if o.error == "TooMuch":
        return "It prints more than anybody can read. Take the `print` out of the loop, and check again."
    place = f" in line {o.line}, `{o.source}`," if o.source else ""
    said = f": {o.text}" if o.text else ""
    tip = next((tip for name, pattern, tip in _TIPS if name == o.error and re.search(pattern, o.text)), "")
    # a message may hold the learner's own backticks or lines; it is shown as it is, on one line
    return f"It stopped{place} with {o.error}{' '.join(said.split(chr(10)))}.".replace("..", ".") + (
        f" {tip}" if tip else ""
    )


def _timeout(exercise, cases, right, given, faults, k):
    o = given[k]
    place = f" When its time was up it was in line {o.line}, `{o.source}`." if o.source else ""
    return (
        f"It did not come to an end within {exercise.seconds:g} seconds.{place} "
        "What has to happen so that the loop ends, and does it happen for this input?"
    )


def _none(exercise, cases, right, given, faults, k):
    if given[k].printed.strip():
        return "Your function prints its result but returns `None`. `print` shows a value to you; `return` hands it to whoever called."
    if all(o.kind == "none" for o in given):
        return "Your function returns `None`: it ends without a `return`."
    return "For this input your function returns `None`: one way through it ends without a `return`."


def _mutated(exercise, cases, right, given, faults, k):
    names = " and ".join(f"`{exercise.given_names[i]}`" for i in given[k].mutated)
    return (
        f"Your function changes its argument {names}, which belongs to whoever called it. "
        f"Operations like `-=` and `[...] =` work on the array itself; `w = w - …` makes a new one, and `.copy()` does too."
    )


def _form(exercise, cases, right, given, faults, k):
    text = faults[k].text
    if right[k].kind == given[k].kind == "value" and exercise.law is None:
        want, have = right[k].value, given[k].value
        if isinstance(want, tuple) and len(want) > 1:
            order = _other_order(exercise, _usable(cases, right, given, faults), len(want))
            if order:
                return order
        for step in faults[k].where:
            want, have = want[step], have[step]
        hint = shape_hint(want, have, exercise.given_names, cases[k])
        which = _which(faults[k].where, right[k].value)
        text = f"{which}{text[0].lower() + text[1:] if which else text}{' ' + hint if hint else ''}"
    if faults[k].kind == "nan":
        text += " Zero divided by zero gives `nan`, and so do the square root and the logarithm of a negative number; any other number divided by zero gives `inf`, and so does a number that is too large, like `np.exp(1000)`."
    return text


def _which(where, expected):
    """ "The second of the values: " for a fault inside a tuple."""
    if not where or not isinstance(expected, tuple):
        return ""
    return f"The {ordinal(where[0])} of the {len(expected)} values: "


def _value(exercise, cases, right, given, faults, k):
    if exercise.law is not None:
        return faults[k].text
    usable = _usable(cases, right, given, faults)
    if not isinstance(right[k].value, tuple) or len(right[k].value) < 2:
        return recognise(exercise, usable) or _count(faults)
    return _of_parts(exercise, usable, faults)


def _usable(cases, right, given, faults):
    """The cases in which something came back, as (arguments, expected, got, is it right)."""
    return [
        (args, r.value, g.value, f is None)
        for args, r, g, f in zip(cases, right, given, faults, strict=False)
        if r.kind == g.kind == "value"
    ]


def _of_parts(exercise, usable, faults):
    """Several values come back: which of them are right, and what is it with the others?"""
    width = len(usable[0][1])
    order = _other_order(exercise, usable, width)
    if order:
        return order
    whole = as_if_called(exercise, usable, None)
    if whole:
        return whole
    wrong = [
        i for i in range(width) if any(difference(w[i], h[i], exercise.tolerance, size_of(a)) for a, w, h, _ in usable)
    ]
    sentences = []
    if len(wrong) < width:
        good = [ordinal(i) for i in range(width) if i not in wrong]
        sentences.append(f"The {' and the '.join(good)} value {'is' if len(good) == 1 else 'are'} right.")
    for i in wrong:
        part = [
            (a, w[i], h[i], difference(w[i], h[i], exercise.tolerance, size_of(a)) is None) for a, w, h, _ in usable
        ]
        found = recognise(exercise, part, i)
        if found:
            sentences.append(f"The {ordinal(i)}: {found[0].lower() + found[1:]}")
        elif len(wrong) < width:
            sentences.append(f"The {ordinal(i)} is not.")
    return " ".join(sentences) or _count(faults)


def _other_order(exercise, usable, width):
    for order in permutations(range(width)) if width <= 3 else ():
        if order != tuple(range(width)) and all(
            hasattr(h, "__len__")
            and len(h) == width
            and difference(w, tuple(h[i] for i in order), exercise.tolerance, size_of(a)) is None
            for a, w, h, _ in usable
        ):
            return "These are the right values, in another order."
    return None


def _count(faults):
    bad, all_ = sum(f is not None for f in faults), len(faults)
    if bad == all_:
        return "The result is not right. Follow the input below by hand, step by step, and see where your code parts from you."
    return (
        f"The result is right for {all_ - bad} of {all_} inputs and wrong for {bad}. Follow the one below by hand: "
        "what is special about it?"
    )


# ---- the input, what came, what was expected


def show_case(exercise, args, right, given, fault):
    """The case as lines of text."""
    lines = [f"{name} = {show(a, indent=len(name) + 3)}" for name, a in zip(exercise.given_names, args, strict=False)]
    if given.mutated:
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
