"""Make NumPy in a browser give the same results as elsewhere.

In a browser, an integer of NumPy has 32 bits, because WebAssembly has 32-bit addresses. So np.array([300000]) ** 2 is
wrong, without a warning. And linear algebra returns nan instead of raising LinAlgError, because WebAssembly lacks the
flags of the processor by which NumPy notices a failure.

This module makes arrays of integers have 64 bits if a cell, an exercise or gdcourse makes them and asks for no other
type. Arrays that other libraries make stay as they are, because the compiled code of these libraries expects 32 bits. A
result that only a failure can give becomes the error of that failure.
"""

import ast
import functools
import sys

import numpy as np

MAKERS = "array asarray asanyarray arange full zeros ones empty eye identity linspace fromiter full_like zeros_like ones_like empty_like".split()
TOTALS = "sum prod cumsum cumprod".split()
# {function: (a test of its arguments and result that tells whether it failed, NumPy's error message for the failure)}
FAILURES = {
    "inv": (lambda given, got: _all_nan(got, 2), "Singular matrix"),
    "solve": (lambda given, got: _all_nan(got, 1 if np.ndim(given[1]) == 1 else 2), "Singular matrix"),
    "cholesky": (
        lambda given, got: _all_nan(got, 2) and not np.isnan(np.tril(given[0])).any(),
        "Matrix is not positive definite",
    ),
    "svd": (lambda given, got: np.isnan(got[1] if isinstance(got, tuple) else got).any(), "SVD did not converge"),
    "lstsq": (lambda given, got: np.isnan(got[3]).any(), "SVD did not converge in Linear Least Squares"),
}


NARROW = np.dtype(int).itemsize < 8


def mend(ours):
    """Patch NumPy. ours: a tuple; integers get 64 bits only in calls from files whose names start with one of these
    strings."""
    for name in MAKERS:
        setattr(np, name, _maker(getattr(np, name), ours))
    np.random.randint = _maker(np.random.randint, ours)
    for name in TOTALS:
        setattr(np, name, _total(getattr(np, name), ours))
    for name, (failed, words) in FAILURES.items():
        plain = getattr(np.linalg, name)
        for module in [module for key, module in sys.modules.items() if key.startswith("numpy.")]:
            if vars(module).get(name) is plain:  # other modules of NumPy have their own reference to the function
                setattr(module, name, _raising(plain, failed, words))
    # make 64 bits the default for printing, so that a printed array does not mention its type
    show = sys.modules["numpy._core.arrayprint"]
    implied = show.dtype_is_implied
    show.dtype_is_implied = lambda dtype: dtype == np.int64 or dtype != np.int32 and implied(dtype)


# ---- integers


def _maker(function, ours):
    @functools.wraps(function)
    def made(*given, **named):
        if not sys._getframe(1).f_code.co_filename.startswith(ours):
            return function(*given, **named)
        given = [np.int64 if one is int else one for one in given]
        named = {key: np.int64 if key == "dtype" and one in (int, "int") else one for key, one in named.items()}
        result = function(*given, **named)
        wide = result.dtype == np.int32 and not any(map(_has_type, (*given, *named.values())))
        return result.astype(np.int64) if wide else result

    return made


def _total(function, ours):
    @functools.wraps(function)
    def total(a, *given, **named):
        if (
            sys._getframe(1).f_code.co_filename.startswith(ours)
            and len(given) < 2
            and named.get("dtype") in (None, int)
        ):
            kind = np.asarray(a).dtype
            if kind.kind in "bi" and kind.itemsize < 8:
                named["dtype"] = np.int64
        return function(a, *given, **named)

    return total


def _has_type(one):
    """Return whether this argument decides the type of the result: it is a type, the name of a type, or an array or
    number of NumPy."""
    return (
        isinstance(one, (np.ndarray, np.generic, np.dtype, str))
        or isinstance(one, type)
        and issubclass(one, np.generic)
    )


class Wide(ast.NodeTransformer):
    """Make `x.astype(int)` and `dtype=int` in the code of a cell mean 64 bits.

    The code of the cell is changed, because a method of an array cannot be patched.
    """

    NAME = "__int64__"  # the name by which the changed code finds the type

    def visit_Call(self, node):
        self.generic_visit(node)
        if isinstance(node.func, ast.Attribute) and node.func.attr == "astype":
            node.args = [self._wide(one) for one in node.args]
        for named in node.keywords:
            if named.arg == "dtype":
                named.value = self._wide(named.value)
        return node

    def _wide(self, node):
        is_int = (
            isinstance(node, ast.Name) and node.id == "int" or isinstance(node, ast.Constant) and node.value == "int"
        )
        return ast.copy_location(ast.Name(self.NAME, ast.Load()), node) if is_int else node


# ---- linear algebra


def _raising(function, failed, words):
    @functools.wraps(function)
    def checked(*given, **named):
        try:
            result = function(*given, **named)
        except ValueError as error:
            # LAPACK uses these words to report nan in its arguments
            if not str(error).startswith("On entry to"):
                raise
            raise np.linalg.LinAlgError(words) from None
        if failed([np.asarray(one) for one in (*given, *named.values())][:2], result):
            raise np.linalg.LinAlgError(words)
        return result

    return checked


def _all_nan(result, sides):
    """Return whether one of the matrices (sides=2) or vectors (sides=1) in an array consists of nan only."""
    bad = np.isnan(result)
    return bool(bad.size and bad.all(axis=tuple(range(-sides, 0))).any())
