"""Reverse-mode automatic differentiation for NumPy: it computes the gradient of a loss that is written with Values.

Each Value stores its parents, the Values that it was computed from, and a function that passes a gradient back to
each parent. `backward` starts at the result and visits every Value once, always before its parents.
Linnainmaa (1976); a survey: Baydin et al. (2018), https://arxiv.org/abs/1502.05767.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike


class Value:
    """A number or an array that remembers how it was computed.

    value: the array. made_of: one pair (parent, pull) for each Value that this one was computed from. If g is the
    gradient with respect to this Value, then pull(g) is added to the gradient with respect to the parent. grad: after
    `out.backward()`, the gradient of `out` with respect to this Value, in the shape of `value`.

    >>> x = Value(3.0)
    >>> (x * x + 2 * x).backward()
    >>> float(x.grad)
    8.0
    """

    __array_ufunc__ = None  # NumPy then calls Value's own methods, such as __rmatmul__ for `array @ value`

    def __init__(self, value: ArrayLike, made_of: Sequence[tuple["Value", Callable]] = ()):
        self.value, self.made_of = np.asarray(value, dtype=float), made_of
        self.grad = np.zeros_like(self.value)

    def backward(self) -> None:
        """Compute `grad` of this Value, a single number, and of all Values that it was computed from.

        Raises ValueError if this Value is more than one number.
        """
        if self.value.size != 1:
            raise ValueError(f"backward starts from one number, such as a loss; this has shape {self.value.shape}.")
        order, seen, stack = [], set(), [(self, False)]
        # sort parents before children; with a stack, because for a long sum recursion would exceed Python's limit
        while stack:
            node, ready = stack.pop()
            if ready:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack += [(node, True), *((parent, False) for parent, _ in node.made_of)]
        for node in order:
            node.grad = np.zeros_like(node.value)
        self.grad = np.ones_like(self.value)
        for node in reversed(order):
            for parent, pull in node.made_of:
                parent.grad = parent.grad + _summed(pull(node.grad), parent.value.shape)

    def __add__(self, other):
        other = _as_value(other)
        return Value(self.value + other.value, [(self, lambda g: g), (other, lambda g: g)])

    def __mul__(self, other):
        a, b = self.value, (other := _as_value(other)).value
        return Value(a * b, [(self, lambda g: g * b), (other, lambda g: g * a)])

    def __matmul__(self, other):
        a, b = self.value, (other := _as_value(other)).value
        if a.ndim != 2 or b.ndim != 2:
            raise ValueError(f"@ takes two matrices here; got shapes {a.shape} and {b.shape}.")
        return Value(a @ b, [(self, lambda g: g @ b.T), (other, lambda g: a.T @ g)])

    def __pow__(self, power):
        a = self.value
        return Value(a**power, [(self, lambda g: g * power * a ** (power - 1))])

    def __getitem__(self, at):
        def pull(g):
            whole = np.zeros_like(self.value)
            np.add.at(whole, at, g)  # if `at` holds an index twice, its entry gets both numbers of g
            return whole

        return Value(self.value[at], [(self, pull)])

    def exp(self) -> "Value":
        """eˣ, entry by entry."""
        e = np.exp(self.value)
        return Value(e, [(self, lambda g: g * e)])

    def log(self) -> "Value":
        """The natural logarithm, entry by entry."""
        return Value(np.log(self.value), [(self, lambda g: g / self.value)])

    def tanh(self) -> "Value":
        """tanh, entry by entry."""
        a = np.tanh(self.value)
        return Value(a, [(self, lambda g: g * (1 - a**2))])

    def relu(self) -> "Value":
        """max(x, 0), entry by entry; its slope at 0 is taken as 0."""
        return Value(np.maximum(self.value, 0), [(self, lambda g: g * (self.value > 0))])

    def sum(self, axis: int | None = None) -> "Value":
        """The sum of all entries, a number. With `axis`, the sums along it; the axis stays, with length 1."""
        total = self.value.sum(axis=axis, keepdims=axis is not None)
        return Value(total, [(self, lambda g: np.broadcast_to(g, self.value.shape))])

    def mean(self) -> "Value":
        """The mean of all entries, a number."""
        return self.sum() / self.value.size

    __radd__, __rmul__ = __add__, __mul__
    __neg__ = lambda self: self * -1  # noqa: E731
    __sub__ = lambda self, other: self + -_as_value(other)  # noqa: E731
    __rsub__ = lambda self, other: -self + other  # noqa: E731
    __truediv__ = lambda self, other: self * _as_value(other) ** -1  # noqa: E731
    __rtruediv__ = lambda self, other: self**-1 * other  # noqa: E731
    __rmatmul__ = lambda self, other: _as_value(other) @ self  # noqa: E731

    def __repr__(self):
        return f"Value({self.value}, grad={self.grad})"


def gradient(f: Callable[[Value], Value]) -> Callable[[Any], np.ndarray]:
    """Return a function that takes an array and returns the gradient of f there.

    f: a function that takes a Value, computes with Values, and returns one with a single number. Example of its use:
    `descend(gd, gradient(f), w, …)`.

    >>> gradient(lambda w: (w * w).sum())([3.0, 4.0])
    array([6., 8.])
    """

    def grad(w):
        w = Value(w)
        f(w).backward()
        return w.grad

    return grad


def _as_value(x):
    return x if isinstance(x, Value) else Value(x)


def _summed(g, shape):
    """Undo broadcasting: return the gradient with respect to an array that had this shape before it was broadcast.

    g: the gradient with respect to the array after broadcasting. An entry gets the sum of its copies' gradients.
    """
    g = g.sum(axis=tuple(range(g.ndim - len(shape))))
    return g.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)
