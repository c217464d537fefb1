"""Small networks in plain NumPy. All weights are in one array, so that every update rule can train them."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .problems import batches, digits

# name -> (activation function, its slope as a function of the activation's result)
ACTIVATIONS = {
    "relu": (lambda z: np.maximum(z, 0), lambda a: a > 0),
    "tanh": (np.tanh, lambda a: 1 - a * a),
    "sigmoid": (lambda z: 0.5 + 0.5 * np.tanh(0.5 * z), lambda a: a * (1 - a)),
}


class Network:
    """Layers with an activation between them: d → hidden → … → classes.

    X: (n, d) features; y: (n,) class numbers 0, 1, …; hidden: the units of the hidden layer, or a tuple for several
    layers; activation: "relu", "tanh" or "sigmoid". The loss is the log loss after softmax. With `squared` it is half
    the squared distance between the scores and their targets: 1 for the row's class, 0 for all other classes.
    All weights are in one array w of shape (p,): W₁, b₁, W₂, b₂, …, each row by row.
    loss(w) → the mean over all rows, loss(w, X, y) → the mean over the rows of X; grad(w) → (p,);
    accuracy(w, X, y) → the share of rows whose class is right. Start from `start(seed)`: for relu He et al. (2015),
    https://arxiv.org/abs/1502.01852; for tanh and sigmoid Glorot & Bengio (2010).
    Raises ValueError if X and y do not fit together, and for an unknown activation.

    >>> net = Network([[0.0, 1.0], [1.0, 0.0]], [0, 1], hidden=3)
    >>> w = net.start(seed=0)
    >>> len(w), net.grad(w).shape
    (17, (17,))
    """

    def __init__(
        self, X: ArrayLike, y: ArrayLike, hidden: int | tuple = 64, activation: str = "relu", squared: bool = False
    ):
        self.X, self.y = np.asarray(X, dtype=float), np.asarray(y)
        if self.X.ndim != 2 or self.y.shape != self.X.shape[:1]:
            raise ValueError(f"X needs shape (n, d) and y shape (n,); got {self.X.shape} and {self.y.shape}.")
        if activation not in ACTIVATIONS:
            raise ValueError(f"activation is one of {', '.join(ACTIVATIONS)}; got {activation!r}.")
        widths = (self.X.shape[1], *(np.atleast_1d(hidden).tolist()), int(self.y.max()) + 1)
        self.activation, self.squared = activation, squared
        self.shapes = tuple(shape for a, b in zip(widths, widths[1:]) for shape in ((a, b), (b,)))
        self._ends = np.cumsum([np.prod(shape) for shape in self.shapes])

    def start(self, seed: int) -> np.ndarray:
        """Return random weights and zero biases, shape (p,). The weights keep signals at one size in all layers."""
        rng, gain = np.random.default_rng(seed), 2 if self.activation == "relu" else 1
        weights = [rng.normal(size=shape) * np.sqrt(gain / shape[0]) for shape in self.shapes[::2]]
        return np.concatenate([part.ravel() for W in weights for part in (W, np.zeros(W.shape[1]))])

    def parts(self, w: np.ndarray) -> list[np.ndarray]:
        """Return the weights layer by layer, [W₁, b₁, W₂, b₂, …]. The arrays are views: changing one changes w."""
        if np.shape(w) != (self._ends[-1],):
            raise ValueError(f"this network has {self._ends[-1]} weights, in one array; got shape {np.shape(w)}.")
        return [part.reshape(shape) for part, shape in zip(np.split(w, self._ends[:-1]), self.shapes)]

    def scores(self, w: np.ndarray, X: Any = None) -> np.ndarray:
        """Return the scores of each class, before softmax: (n, classes). Without X: those of the training rows."""
        return self._forward(w, self.X if X is None else X)[-1]

    def loss_grad(self, w: np.ndarray, rows: Any = slice(None)) -> tuple[float, np.ndarray]:
        """Return the mean loss over the given rows, and its gradient by backpropagation."""
        weights, slope = self.parts(w)[::2], ACTIVATIONS[self.activation][1]
        *signals, scores = self._forward(w, self.X[rows])
        loss, back = (_squared if self.squared else _log_loss)(scores, self.y[rows])
        g = []  # the parts of the gradient from the last layer to the first; reversed at the end
        for k in reversed(range(len(weights))):
            g += [back.sum(axis=0), (signals[k].T @ back).ravel()]
            if k:
                back = (back @ weights[k].T) * slope(signals[k])
        return loss, np.concatenate(g[::-1])

    def loss(self, w: np.ndarray, X: Any = None, y: Any = None) -> float:
        """Return the mean loss over the rows X, y; without X and y, over the training rows."""
        y = self.y if X is None else y
        return (_squared if self.squared else _log_loss)(self.scores(w, X), y)[0]

    def grad(self, w: np.ndarray) -> np.ndarray:
        """Return the gradient of the mean loss over the training rows, shape (p,)."""
        return self.loss_grad(w)[1]

    def batch_loss_grad(self, size: int, seed: int) -> Callable[[np.ndarray], tuple[float, np.ndarray]]:
        """Return a function of w that returns the loss on the next mini-batch and its gradient.

        The rows are shuffled again for each epoch. size: the rows in a batch.
        """
        rng = np.random.default_rng(seed)

        def endless():
            while True:
                yield from batches(len(self.y), size, rng)

        rows = endless()
        return lambda w: self.loss_grad(w, next(rows))

    def batch_grad(self, size: int, seed: int) -> Callable[[np.ndarray], np.ndarray]:
        """Return a function of w that returns the gradient of the loss on the next mini-batch of `size` rows."""
        loss_grad = self.batch_loss_grad(size, seed)
        return lambda w: loss_grad(w)[1]

    def accuracy(self, w: np.ndarray, X: Any = None, y: Any = None) -> float:
        """Return the share of rows whose class has the highest score; without X and y, of the training rows."""
        y = self.y if X is None else y
        return float(np.mean(np.argmax(self.scores(w, X), axis=1) == y))

    def sharpness(self, w: np.ndarray, iterations: int = 40, seed: int = 0) -> float:
        """Return the largest curvature at w, the largest eigenvalue of the Hessian, by power iteration.

        The product of the Hessian and a vector is computed from the difference of two gradients.
        """
        u = np.random.default_rng(seed).normal(size=len(w))
        for _ in range(iterations):
            u = u / np.linalg.norm(u)
            bent = (self.grad(w + 1e-4 * u) - self.grad(w - 1e-4 * u)) / 2e-4
            u, curvature = bent, float(u @ bent)
        return curvature

    def _forward(self, w, X):
        """Return a list: X, then the output of each hidden layer, then the scores."""
        parts, act = self.parts(w), ACTIVATIONS[self.activation][0]
        signals = [X]
        for W, b in zip(parts[:-2:2], parts[1:-2:2]):
            signals.append(act(signals[-1] @ W + b))
        return [*signals, signals[-1] @ parts[-2] + parts[-1]]


def _log_loss(scores, y):
    """Return the mean log loss after softmax, and its gradient with respect to the scores."""
    scores = scores - scores.max(axis=1, keepdims=True)  # softmax stays the same, and exp cannot overflow
    log_sum = np.log(np.sum(np.exp(scores), axis=1, keepdims=True))
    at = np.arange(len(y)), y
    back = np.exp(scores - log_sum)
    back[at] -= 1
    return np.mean(log_sum[:, 0] - scores[at]), back / len(y)


def _squared(scores, y):
    """Return the mean over all rows of half the squared distance between scores and targets, and its gradient.

    The gradient is that with respect to the scores. The targets are 1 for the row's class and 0 for all other classes.
    """
    back = scores - np.eye(scores.shape[1])[y]
    return 0.5 * np.sum(back**2) / len(y), back / len(y)


def digits_network(hidden: int | tuple = 64, test: int = 360) -> tuple[Network, tuple[np.ndarray, np.ndarray]]:
    """Return a Network on the training rows of the digits, and (X, y) of the test rows. Pixels lie between 0 and 1.

    The split is always the same. hidden: the units of the hidden layer, or a tuple for several layers; test: how many
    rows are kept for the test.

    >>> net, (X, y) = digits_network()
    >>> net.X.shape, X.shape
    ((1437, 64), (360, 64))
    """
    X, y = digits()
    order = np.random.default_rng(0).permutation(len(y))
    X, y = X[order] / 16, y[order].astype(int)
    return Network(X[test:], y[test:], hidden), (X[:test], y[:test])
