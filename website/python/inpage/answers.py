"""Make the message for a learner whose answer cannot be checked.

An answer cannot be checked if its cell is not valid Python, stops with an error, or does not define the function.
"""

from difflib import get_close_matches

from gdcourse.exercises.judge.verdict import Verdict

from .needs import read


def unchecked(id, source, error, defined):
    """Return the Verdict on an answer that cannot be checked; None if the answer can be checked.

    id: the exercise; source: the code of the answer's cell; error: the lines of Python's error if the cell stopped, else
    empty; defined: whether the cell has defined the name that is checked.
    """
    name = id.rpartition("/")[2]
    if error:
        words = "Your code stops with an error" if read(source).readable else "Python cannot read this code"
        return Verdict(id, "stopped", f"{words}, so nothing was checked. Python says:", "\n".join(error))
    if defined:
        return None
    names = sorted(read(source).binds - {name})
    close = get_close_matches(name, names, 1)
    also = f" It defines `{close[0]}`: is that the same name, spelt otherwise?" if close else ""
    return Verdict(id, "missing", f"Your code does not define `{name}`, and that is the name that is checked.{also}")
