"""A small network in plain NumPy, with all of its weights in one array, so that every rule of the course can train it."""

import numpy as np

from .problems import batches, digits


class Network:
    """Two layers, ReLU between them, softmax and log loss at the end: d → hidden → classes.

    X: (n, d) features; y: (n,) class numbers 0, 1, …  All weights stand in one array w of shape (p,).
    loss(w) → the mean log loss of all rows; grad(w) → (p,); accuracy(w, X, y) → the share of rows named correctly.
    Start from `start(seed)`: He et al. (2015), https://arxiv.org/abs/1502.01852.
    """

    def __init__(self, X, y, hidden=64):
        self.X, self.y = np.asarray(X, dtype=float), np.asarray(y)
        if self.X.ndim != 2 or self.y.shape != self.X.shape[:1]:
            raise ValueError(f"X needs shape (n, d) and y shape (n,); got {self.X.shape} and {self.y.shape}.")
        d, classes = self.X.shape[1], int(self.y.max()) + 1
        self.shapes = (d, hidden), (hidden,), (hidden, classes), (classes,)
        self._ends = np.cumsum([np.prod(shape) for shape in self.shapes])

    def start(self, seed):
        """Random weights that keep the size of the signals, biases of zero: shape (p,)."""
        rng, (d, hidden), (_, classes) = np.random.default_rng(seed), self.shapes[0], self.shapes[2]
        first = rng.normal(size=(d, hidden)) * np.sqrt(2 / d)
        second = rng.normal(size=(hidden, classes)) * np.sqrt(2 / hidden)
        return np.concatenate([first.ravel(), np.zeros(hidden), second.ravel(), np.zeros(classes)])

    def loss_grad(self, w, rows=slice(None)):
        """The mean loss over the given rows, and its gradient by backpropagation."""
        A, a, B, b = self._layers(w)
        x, y = self.X[rows], self.y[rows]
        before = x @ A + a
        signal = np.maximum(before, 0)
        scores = signal @ B + b
        scores = scores - scores.max(axis=1, keepdims=True)  # softmax does not feel it, exp does
        log_sum = np.log(np.sum(np.exp(scores), axis=1, keepdims=True))
        at = np.arange(len(y)), y
        loss = np.mean(log_sum[:, 0] - scores[at])
        back = np.exp(scores - log_sum)
        back[at] -= 1
        back /= len(y)
        into = (back @ B.T) * (before > 0)
        parts = x.T @ into, into.sum(axis=0), signal.T @ back, back.sum(axis=0)
        return loss, np.concatenate([part.ravel() for part in parts])

    def loss(self, w):
        """The mean log loss over all rows."""
        return self.loss_grad(w)[0]

    def grad(self, w):
        """Its gradient, shape (p,)."""
        return self.loss_grad(w)[1]

    def batch_loss_grad(self, size, seed):
        """A function of w: loss and gradient of the next mini-batch, reshuffled in every epoch."""
        rng = np.random.default_rng(seed)

        def endless():
            while True:
                yield from batches(len(self.y), size, rng)

        rows = endless()
        return lambda w: self.loss_grad(w, next(rows))

    def batch_grad(self, size, seed):
        """A function of w: the gradient of the next mini-batch."""
        loss_grad = self.batch_loss_grad(size, seed)
        return lambda w: loss_grad(w)[1]

    def accuracy(self, w, X=None, y=None):
        """The share of rows whose class has the highest score; of the training rows if none are given."""
        X, y = (self.X, self.y) if X is None else (X, y)
        A, a, B, b = self._layers(w)
        return float(np.mean(np.argmax(np.maximum(X @ A + a, 0) @ B + b, axis=1) == y))

    def _layers(self, w):
        if np.shape(w) != (self._ends[-1],):
            raise ValueError(f"this network has {self._ends[-1]} weights, in one array; got shape {np.shape(w)}.")
        return [part.reshape(shape) for part, shape in zip(np.split(w, self._ends[:-1]), self.shapes)]


def digits_network(hidden=64, test=360):
    """The digits with pixels from 0 to 1, split once and for all: a Network on the training rows, and (X, y) of the test rows."""
    X, y = digits()
    order = np.random.default_rng(0).permutation(len(y))
    X, y = X[order] / 16, y[order].astype(int)
    return Network(X[test:], y[test:], hidden), (X[:test], y[:test])
