"""From what is wrong to what a learner reads."""
import numpy as np

from .compare import numbers
from .verdict import Verdict


def explain(exercise, cases, right, given, faults, code, named):
    """The Verdict on a wrong answer. `named`: the known mistake it matches, or None."""
    k = smallest(cases, [f is not None and f.kind == code for f in faults])
    details = show_case(exercise, cases[k], right[k], given[k], exercise.law is None)
    if named:
        return Verdict(exercise.id, named, exercise.feedback(named), details)
    return Verdict(exercise.id, code, _sentence(exercise, cases, right, given, faults, code, k), details)


def smallest(cases, failing):
    """The number of the failing case that is quickest to read."""
    return min((k for k, bad in enumerate(failing) if bad), key=lambda k: (_weight(cases[k]), k))


def _weight(value):
    if isinstance(value, (tuple, list)):
        return sum(_weight(v) for v in value) + 1
    found = numbers(value)
    return 1 if found is None else found.size


def _sentence(exercise, cases, right, given, faults, code, k):
    o = given[k]
    if code == "raised":
        if o.error == "TooMuch":
            return "It prints more than anybody can read. Take the `print` out of the loop."
        place = f" in your line {o.line}: `{o.source}`" if o.source else ""
        return f"It stopped with {o.error}{': ' + o.text if o.text else ''}{place}."
    if code == "timeout":
        return f"It did not come to an end within {exercise.seconds:g} seconds."
    if code == "none":
        said = " It printed something: printing shows a value, `return` hands it back." if o.printed.strip() else ""
        return "Your function returns `None`: it ends without a `return`." + said
    if code == "mutated":
        names = " and ".join(f"`{exercise.given_names[i]}`" for i in o.mutated)
        return f"Your function changes its argument {names}; whoever called it still needs that."
    return faults[k].text or "The result is not right."


def show_case(exercise, args, right, given, tell):
    lines = [f"{name} = {show(a)}" for name, a in zip(exercise.given_names, args, strict=False)]
    if given.kind == "value":
        lines.append(f"yours:    {show(given.value)}")
    if tell and right.kind == "value":
        lines.append(f"expected: {show(right.value)}")
    return "\n".join(lines)


def show(value):
    if isinstance(value, np.ndarray):
        return np.array2string(value, precision=6, threshold=20, separator=", ")
    return repr(value)
