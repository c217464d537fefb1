"""Choose the case (one call of the answer) that a learner sees in the verdict, and show it as text."""

from .compare import numbers
from .show import pair_of, show
from .task import Task
from .trial import Trial


def smallest(trial: Trial, code: str) -> int:
    """Return the index of the case with a fault of kind `code` that is quickest to read.

    >>> from gdcourse.exercises.author import load
    >>> from gdcourse.exercises.judge.trial import trial_of
    >>> trial = trial_of(load("update_rule/gd_step"), lambda w, g, lr: w + lr * g)
    >>> trial.cases[smallest(trial, "value")]  # the other cases hold arrays, or numbers with more digits
    (10.0, 14.0, 0.1)
    """
    bad = [k for k, f in enumerate(trial.faults) if f is not None and f.kind == code]
    return min(bad, key=lambda k: (_weight(trial.cases[k]), k), default=0)


def _weight(value):
    """Return how long a value takes to read: 100 for each entry, and 1 for each character of the first 20 numbers."""
    if isinstance(value, (tuple, list)):
        return sum(_weight(v) for v in value) + 100
    found = numbers(value)
    if found is None or not found.size:
        return 100
    return 100 * found.size + sum(len(f"{x:.6g}") for x in found.ravel()[:20].tolist())


def show_case(trial: Trial, k: int) -> str:
    """Show case k as lines of text: the arguments, the learner's result, the expected result.

    >>> from gdcourse.exercises.author import load
    >>> from gdcourse.exercises.judge.trial import trial_of
    >>> show_case(trial_of(load("update_rule/gd_step"), lambda w, g, lr: w + lr * g), k=0).splitlines()
    ['w = 10.0', 'g = 14.0', 'lr = 0.1', '', 'yours:    11.4', 'expected: 8.6']
    """
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


def arguments_of(exercise: Task, args: tuple) -> list[str]:
    """Return the arguments of a case as lines `name = value`.

    >>> from gdcourse.exercises.author import load
    >>> arguments_of(load("update_rule/gd_step"), (10.0, 14.0, 0.1))
    ['w = 10.0', 'g = 14.0', 'lr = 0.1']
    """
    return [f"{name} = {show(a, indent=len(name) + 3)}" for name, a in zip(exercise.given_names, args, strict=False)]
