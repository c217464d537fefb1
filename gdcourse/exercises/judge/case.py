"""Choose the case that a learner sees, the one that is quickest to read, and show it as lines of text."""

from .compare import numbers
from .show import pair_of, show


def smallest(trial, code):
    """Return the number of the failing case that is quickest to read."""
    bad = [k for k, f in enumerate(trial.faults) if f is not None and f.kind == code]
    return min(bad, key=lambda k: (_weight(trial.cases[k]), k), default=0)


def _weight(value):
    """Return how much there is to read: 100 for each entry and 1 for each digit.

    These are whole numbers, so that every Python chooses the same case.
    """
    if isinstance(value, (tuple, list)):
        return sum(_weight(v) for v in value) + 100
    found = numbers(value)
    if found is None or not found.size:
        return 100
    return 100 * found.size + sum(len(f"{x:.6g}") for x in found.ravel()[:20].tolist())


def show_case(trial, k):
    """Show case k as lines of text: the arguments, the learner's result, the expected result."""
    exercise, given, right, fault = trial.exercise, trial.given[k], trial.right[k], trial.faults[k]
    lines = arguments_of(exercise, trial.cases[k])
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


def arguments_of(exercise, args):
    """Return the arguments of a case as lines `name = value`."""
    return [f"{name} = {show(a, indent=len(name) + 3)}" for name, a in zip(exercise.given_names, args, strict=False)]
