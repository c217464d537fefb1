"""A landscape from a formula in x and y: heights, and slopes by dual numbers.

A dual number is a tuple: a value, its derivative by x, its derivative by y. The formula is never run as Python code.
"""

import ast

import numpy as np

from ..problems import Problem

FUNCTIONS = {
    "sin": (np.sin, np.cos),
    "cos": (np.cos, lambda v: -np.sin(v)),
    "exp": (np.exp, np.exp),
    "log": (np.log, lambda v: 1 / v),
    "sqrt": (np.sqrt, lambda v: 0.5 / np.sqrt(v)),
    "abs": (np.abs, np.sign),
    "tanh": (np.tanh, lambda v: 1 - np.tanh(v) ** 2),
}
CONSTANTS = {"pi": np.pi, "e": np.e}
KNOWN = "x, y, numbers, + - * / ^, " + ", ".join(FUNCTIONS) + ", pi and e"


def _times(a, b):
    return a[0] * b[0], a[1] * b[0] + a[0] * b[1], a[2] * b[0] + a[0] * b[2]


def _over(a, b):
    v = a[0] / b[0]
    return v, (a[1] - v * b[1]) / b[0], (a[2] - v * b[2]) / b[0]


def _power(a, b):
    v = a[0] ** b[0]
    k = np.where(b[0] == 0, 0.0, b[0] * a[0] ** (b[0] - 1.0))
    if not (np.any(b[1]) or np.any(b[2])):
        return v, k * a[1], k * a[2]
    return v, k * a[1] + v * np.log(a[0]) * b[1], k * a[2] + v * np.log(a[0]) * b[2]


OPERATIONS = {
    ast.Add: lambda a, b: tuple(p + q for p, q in zip(a, b, strict=True)),
    ast.Sub: lambda a, b: tuple(p - q for p, q in zip(a, b, strict=True)),
    ast.Mult: _times,
    ast.Div: _over,
    ast.Pow: _power,
}


def _dual(node, x, y):
    """Return the dual number of a node of the syntax tree: its value at (x, y), and its derivatives by x and y."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return float(node.value), 0.0, 0.0
    if isinstance(node, ast.Name):
        if node.id in ("x", "y"):
            return (x, 1.0, 0.0) if node.id == "x" else (y, 0.0, 1.0)
        if node.id in CONSTANTS:
            return CONSTANTS[node.id], 0.0, 0.0
        raise ValueError(f"There is no “{node.id}” here: use {KNOWN}.")
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.UAdd, ast.USub)):
        sign = -1.0 if isinstance(node.op, ast.USub) else 1.0
        return tuple(sign * part for part in _dual(node.operand, x, y))
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATIONS:
        return OPERATIONS[type(node.op)](_dual(node.left, x, y), _dual(node.right, x, y))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        if node.func.id not in FUNCTIONS:
            raise ValueError(f"There is no function “{node.func.id}” here: use {KNOWN}.")
        if len(node.args) != 1 or node.keywords:
            raise ValueError(f"{node.func.id} takes one number, as in {node.func.id}(x).")
        value, slope = FUNCTIONS[node.func.id]
        v, dx, dy = _dual(node.args[0], x, y)
        k = slope(v)
        return value(v), k * dx, k * dy
    raise ValueError(f"That is no formula: use {KNOWN}.")


def formula(text: str) -> Problem:
    """Return the Problem of a formula, for example "x^2 + 2*y^2".

    Raises ValueError with a sentence for the reader if the text is not a formula.

    >>> formula("x^2 + 2*y^2").grad(np.array([3.0, 4.0]))
    array([ 6., 16.])
    """
    if len(text) > 200:
        raise ValueError("A formula has at most 200 characters.")
    plain = text.replace("^", "**").replace("−", "-").replace("·", "*").strip()
    if not plain:
        raise ValueError("Type a formula in x and y, for example x^2 + 2*y^2.")
    try:
        tree = ast.parse(plain, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ValueError("That cannot be read as a formula.") from None
    _dual(tree, 0.5, 0.5)  # compute one value, so that an unknown name raises its error now

    def quiet(w):
        x, y = w
        with np.errstate(all="ignore"):
            return _dual(tree, np.asarray(x, dtype=float), np.asarray(y, dtype=float))

    def grad(w):
        _, dx, dy = quiet(w)
        return np.stack(np.broadcast_arrays(dx + 0.0 * w[0], dy + 0.0 * w[0]))

    return Problem(text, lambda w: quiet(w)[0] + 0.0 * np.asarray(w[0]), grad, start=[2.0, 1.5], view=(-4, 4, -4, 4))
