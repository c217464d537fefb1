"""Explain Python's common exceptions in a beginner's words: the usual cause and where to look, but never the answer."""

import re

from .calls import Outcome

_TIPS = (
    # (the type of the exception, a pattern of its message, what it usually means)
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


def tip(outcome: Outcome) -> str:
    """Return what an exception usually means, in one or two sentences; "" if nothing is known about it.

    >>> tip(Outcome("raised", error="KeyError")), tip(Outcome("raised", error="Unheard"))
    ('This key is not in the dictionary.', '')
    """
    for name, pattern, words in _TIPS:
        if name == outcome.error:
            found = re.search(pattern, outcome.text)
            if found:
                return words.format(*(found.groups() or [""])) if "{" in words else words
    return ""
