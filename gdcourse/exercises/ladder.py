"""The ladder of help: a learner who gets the same verdict again also gets a next step.

The first time there is only the verdict's message. The next steps are, in this order: something to do (such as to
predict the result), the section that teaches what is needed, the hints, one by one, and at last an offer to look at
the solution. No step contains the answer.
"""

import re
import sys
from dataclasses import replace

from . import progress
from .author import Exercise
from .judge.verdict import Verdict

# exercise id -> (code and message of the last verdict, how many times in a row it was given)
_last: dict[str, tuple[tuple[str, str], int]] = {}


def climb(exercise: Exercise, verdict: Verdict) -> Verdict:
    """Return the verdict; add the next step of the ladder if the learner's last verdict on this exercise was the same.

    Two verdicts are the same if they have the same code and message. A verdict `right`, `untouched` or `unknown` never
    gets a step.

    >>> from gdcourse.exercises.author import load
    >>> said = Verdict("loss/mse", "none", "It returns nothing.")
    >>> [climb(load("loss/mse"), said).step[:18] for again in range(2)]
    ['', 'The same as before']
    """
    if verdict.code in ("right", "untouched", "unknown"):
        _last.pop(exercise.id, None)
        return verdict
    said = verdict.code, verdict.message
    before, times = _last.get(exercise.id, (None, 0))
    times = times + 1 if before == said else 1
    _last[exercise.id] = said, times
    return replace(verdict, step=_step(exercise, verdict, times))


def _step(exercise: Exercise, verdict: Verdict, times: int) -> str:
    """Return the next step for a learner who gets this verdict for the `times`-th time in a row; "" the first time."""
    if times < 2:
        return ""
    if times == 2:
        return f"The same as before, so do one thing first. {_to_do(exercise, verdict)}"
    if times == 3 and exercise.section:
        return f"Still the same. The section {_link(exercise.section)} teaches what is needed here: read it with your code beside it."
    if progress.hints_taken(exercise.id) < len(exercise.hints):
        return f'Still the same. A hint may help: `hint("{exercise.id}")` gives one at a time, and none is the answer.'
    return (
        "Still the same. Change one line at a time and check after each, or start again from the empty function. If you want "
        f'to see how it can be done: `solution("{exercise.id}")`.'
    )


def _to_do(exercise: Exercise, verdict: Verdict) -> str:
    if verdict.code == "signature":
        return "Copy the first line of the starter, and put your own lines below it."
    if verdict.code == "raised":
        return "Print what arrives in that line, just above it: `print(…)`. What is printed is shown here."
    if verdict.code == "timeout":
        return "Print, in each round of the loop, the number that should end it. Does it come nearer?"
    if verdict.code == "none":
        return "Look at the last line that runs for this input. Does it begin with `return`?"
    if verdict.code in ("mutated", "state"):
        return "Call your function twice with the same input, and print the input before and after."
    if "expected:" in verdict.details:
        return "Predict, on paper: what should come out for this input? Then compare, step by step, where your code leaves your calculation."
    return "Run your function on this input, and print every value on the way."


def _link(heading: str) -> str:
    """Return a link, in Markdown, to a section of this page or notebook."""
    if sys.platform == "emscripten":  # Python in a page of the book
        anchor = re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")
    else:  # in Jupyter
        anchor = heading.replace(" ", "-")
    return f"[{heading}](#{anchor})"
