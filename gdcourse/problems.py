"""Losses with their slopes: the quadratics of the course, other surfaces, and losses that fit data.

Coordinates come first, runs last: ``x, y = w`` works for one point of shape (2,), for B runs of shape (2, B) and for a
grid of shape (2, rows, columns).  A problem in one dimension takes a number, or an array of any shape.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True, eq=False)
class Problem:
    """A loss to descend, with its slope.

    loss(w) → (), grad(w) → the shape of w, hessian(w) → (d, d); start and w_star: () or (d,), read-only.
    L and mu: the largest and the smallest curvature anywhere, or None.
    view: (left, right) or (left, right, bottom, top), the part to draw.
    """

    name: str
    loss: Callable = field(repr=False)
    grad: Callable = field(repr=False)
    hessian: Callable | None = field(repr=False, default=None)
    start: ArrayLike | None = None
    w_star: ArrayLike | None = None
    f_star: float | None = None
    L: float | None = None
    mu: float | None = None
    view: tuple | None = field(repr=False, default=None)

    def __post_init__(self):
        for name in ("start", "w_star"):
            object.__setattr__(self, name, _constant(getattr(self, name)))

    @property
    def kappa(self) -> float | None:
        """The condition number L / μ."""
        return _ratio(self.L, self.mu)


def _constant(w):
    """Return None or a number unchanged, and anything longer as a read-only array, because many runs share it."""
    if w is None or np.ndim(w) == 0:
        return w
    w = np.array(w, dtype=float)
    w.flags.writeable = False
    return w


def _ratio(L, mu):
    if L is None or mu is None:
        return None
    return L / mu if mu > 0 else np.inf


# ---- quadratics ------------------------------------------------------------------------------------------------------


def quadratic(a: float, centre: float = 0.0, start: float | None = None, name: str | None = None) -> Problem:
    """½ a (w − centre)² in one dimension: a, positive, is its curvature, in units of f / w².

    start: where descents begin, by default centre + 7. Raises ValueError if a is not positive.

    >>> quadratic(2.0, centre=3.0).grad(10.0)
    14.0
    """
    if not a > 0:
        raise ValueError(f"a is the curvature and must be positive; got {a!r}.")
    return Problem(
        name=name or f"½·{a:g}(w − {centre:g})²",
        loss=lambda w: 0.5 * a * (w - centre) ** 2,
        grad=lambda w: a * (w - centre),
        hessian=lambda w: a + 0.0 * w,
        start=centre + 7.0 if start is None else start,
        w_star=centre,
        f_star=0.0,
        L=a,
        mu=a,
        view=(centre - 8.0, centre + 8.0),
    )


def diagonal(
    curvature: ArrayLike, start: ArrayLike | None = None, name: str | None = None, view: tuple | None = None
) -> Problem:
    """½ Σ curvature[i] w[i]²: a bowl along the axes.  curvature: (d,), positive; start: (d,), ones if not given.

    Raises ValueError unless all curvatures are positive. The `grad` of the result raises ValueError if w does not have
    d coordinates.

    >>> diagonal([2.0, 4.0]).grad([3.0, 4.0])
    array([ 6., 16.])
    """
    curvature = np.array(curvature, dtype=float)
    if curvature.ndim != 1 or curvature.size == 0 or not np.all(curvature > 0):
        raise ValueError(f"curvature needs one positive number per coordinate, shape (d,); got {curvature}.")

    def grad(w):
        if getattr(w, "shape", None) == curvature.shape:  # this test comes first, because it is nearly always true
            return curvature * w
        w = np.asarray(w)
        if w.ndim == 0 or len(w) != len(curvature):
            raise ValueError(
                f"w has shape {w.shape}; this problem has {len(curvature)} coordinates, and they come first."
            )
        return curvature.reshape(-1, *[1] * (w.ndim - 1)) * w

    return Problem(
        name=name or "a bowl along the axes",
        loss=lambda w: 0.5 * np.sum(w * grad(w), axis=0),
        grad=grad,
        hessian=lambda w: np.diag(curvature),
        start=np.ones(curvature.size) if start is None else start,
        w_star=np.zeros(curvature.size),
        f_star=0.0,
        L=float(curvature.max()),
        mu=float(curvature.min()),
        view=view or (-1.5, 1.5, -1.5, 1.5),
    )


def valley(kappa: float = 100.0) -> Problem:
    """½ (x² + κ y²): the narrow valley that the course uses to try every rule.  Raises ValueError if κ < 1.

    >>> valley(100).L, valley(100).mu
    (100.0, 1.0)
    """
    if not kappa >= 1:
        raise ValueError(f"kappa is the largest curvature over the smallest, so at least 1; got {kappa!r}.")
    return diagonal([1.0, kappa], name=f"a narrow valley, κ = {kappa:g}")


def rotated(curvature: ArrayLike, angle: float, start: ArrayLike | None = None) -> Problem:
    """The two-dimensional bowl `diagonal(curvature)`, turned anticlockwise by an angle in degrees.

    curvature: (2,), positive; start: (2,). Raises ValueError unless both curvatures are positive.

    >>> rotated([1.0, 4.0], 90).hessian([0.0, 0.0]).round(12)
    array([[ 4., -0.],
           [-0.,  1.]])
    """
    curvature = np.array(curvature, dtype=float)
    if curvature.shape != (2,) or not np.all(curvature > 0):
        raise ValueError(f"curvature needs two positive numbers to be turned in the plane; got {curvature}.")
    c, s = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    axes = np.array([[c, -s], [s, c]])
    H = axes * curvature @ axes.T

    def grad(w):
        return np.tensordot(H, w, axes=1)

    return Problem(
        name=f"a bowl turned by {angle:g}°",
        loss=lambda w: 0.5 * np.sum(w * grad(w), axis=0),
        grad=grad,
        hessian=lambda w: H.copy(),
        start=axes @ [1.0, 1.0] if start is None else start,
        w_star=np.zeros(2),
        f_star=0.0,
        L=float(curvature.max()),
        mu=float(curvature.min()),
        view=(-1.5, 1.5, -1.5, 1.5),
    )


parabola = quadratic(2.0, centre=3.0, start=10.0, name="(w − 3)²")
bowl = diagonal([2.0, 4.0], start=[3.0, 4.0], name="x² + 2y²", view=(-5.0, 5.0, -5.0, 5.0))

# ---- other surfaces --------------------------------------------------------------------------------------------------


def _rosenbrock(w):
    x, y = w
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def _rosenbrock_grad(w):
    x, y = w
    return np.array([-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)])


def _rosenbrock_hessian(w):
    x, y = w
    return np.array([[2 - 400 * (y - 3 * x**2), -400 * x], [-400 * x, 200 + 0 * x]])


rosenbrock = Problem(
    name="Rosenbrock's banana",
    loss=_rosenbrock,
    grad=_rosenbrock_grad,
    hessian=_rosenbrock_hessian,
    start=[-1.2, 1.0],
    w_star=[1.0, 1.0],
    f_star=0.0,
    view=(-2.0, 2.0, -1.0, 3.0),
)

double_well = Problem(
    name="w⁴/4 − w²/2 + w/10",
    loss=lambda w: w**4 / 4 - w**2 / 2 + 0.1 * w,
    grad=lambda w: w**3 - w + 0.1,
    hessian=lambda w: 3 * w**2 - 1,
    start=1.6,
    w_star=-1.0466805318046022,  # the deeper of the two wells
    f_star=-0.35238607380003645,
    view=(-1.8, 1.8),
)

saddle = Problem(
    name="½ (x² − y²)",
    loss=lambda w: 0.5 * (w[0] ** 2 - w[1] ** 2),
    grad=lambda w: np.array([w[0], -w[1]]),
    hessian=lambda w: np.diag([1.0, -1.0]),
    start=[1.0, 1e-3],
    L=1.0,
    view=(-1.5, 1.5, -1.5, 1.5),
)

rastrigin = Problem(
    name="Rastrigin's egg box",
    loss=lambda w: np.sum(np.asarray(w) ** 2 - 10 * np.cos(2 * np.pi * np.asarray(w)) + 10, axis=0),
    grad=lambda w: 2 * np.asarray(w) + 20 * np.pi * np.sin(2 * np.pi * np.asarray(w)),
    hessian=lambda w: np.diag(2 + 40 * np.pi**2 * np.cos(2 * np.pi * np.asarray(w))),
    start=[3.3, 2.4],
    w_star=[0.0, 0.0],
    f_star=0.0,
    L=2 + 40 * np.pi**2,
    view=(-4.5, 4.5, -4.5, 4.5),
)

quartic = Problem(
    name="w⁴/4",
    loss=lambda w: w**4 / 4,
    grad=lambda w: w**3,
    hessian=lambda w: 3 * w**2,
    start=4.0,
    w_star=0.0,
    f_star=0.0,
    view=(-5.0, 5.0),
)

absolute = Problem(name="|w|", loss=np.abs, grad=np.sign, start=1.05, w_star=0.0, f_star=0.0, view=(-1.5, 1.5))


def huber(delta: float = 1.0) -> Problem:
    """w²/2 near zero and δ(|w| − δ/2) further out: smooth, and no steeper than δ.  Huber (1964).

    delta: positive, in units of w. Raises ValueError otherwise.

    >>> float(huber(1.0).loss(3.0))
    2.5
    """
    if not delta > 0:
        raise ValueError(f"delta is where the parabola meets the line and must be positive; got {delta!r}.")

    def loss(w):
        c = np.minimum(np.abs(w), delta)
        return c * (np.abs(w) - 0.5 * c)

    return Problem(
        name=f"Huber, δ = {delta:g}",
        loss=loss,
        grad=lambda w: np.clip(w, -delta, delta),
        hessian=lambda w: np.where(np.abs(w) < delta, 1.0, 0.0),
        start=3.0 * delta,
        w_star=0.0,
        f_star=0.0,
        L=1.0,
        mu=0.0,
        view=(-4.0 * delta, 4.0 * delta),
    )


wavy = Problem(
    name="w² + 3 sin² w",  # not convex, but gradient descent shrinks the gap geometrically: Karimi et al. (2016)
    loss=lambda w: w**2 + 3 * np.sin(w) ** 2,
    grad=lambda w: 2 * w + 3 * np.sin(2 * w),
    hessian=lambda w: 2 + 6 * np.cos(2 * w),
    start=10.0,
    w_star=0.0,
    f_star=0.0,
    L=8.0,
    view=(-11.0, 11.0),
)


def _lessard(w, left, middle, right):
    return np.where(w < 1, left, np.where(w < 2, middle, right))


lessard = Problem(
    name="three parabolas joined",  # strongly convex, but heavy ball can run in a cycle on it: Lessard et al. (2016)
    loss=lambda w: _lessard(w, 12.5 * w**2, 0.5 * w**2 + 24 * w - 12, 12.5 * w**2 - 24 * w + 36),
    grad=lambda w: _lessard(w, 25 * w, w + 24, 25 * w - 24),
    hessian=lambda w: _lessard(w, 25.0, 1.0, 25.0),
    start=3.3,
    w_star=0.0,
    f_star=0.0,
    L=25.0,
    mu=1.0,
    view=(-3.0, 4.0),
)

# ---- fitting data ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Fit:
    """A Problem made from data: the mean, over the rows x of X, of a loss that depends on the score z = x·w.

    row_loss, slope, bend: functions of (z, y): the loss of one row and its first two derivatives with respect to z.
    A Fit has all attributes of a Problem, computed when they are needed, and also `row_grads` and `batch_grad`.
    """

    name: str
    X: np.ndarray = field(repr=False)
    y: np.ndarray = field(repr=False)
    row_loss: Callable = field(repr=False)
    slope: Callable = field(repr=False)
    bend: Callable = field(repr=False)
    curviest: float = field(repr=False)  # the largest possible value of bend

    def loss(self, w: ArrayLike) -> np.ndarray:
        """Return the mean loss: () for w of shape (d,), (B,) for B runs of shape (d, B)."""
        return np.mean(self.row_loss(_scores(self.X, w), _across(self.y, w)), axis=0)

    def grad(self, w: ArrayLike) -> np.ndarray:
        """Return ∇f(w), with the shape of w."""
        return self.X.T @ self.slope(_scores(self.X, w), _across(self.y, w)) / len(self.y)

    def hessian(self, w: ArrayLike) -> np.ndarray:
        """Return the curvature matrix, (d, d)."""
        return (self.X.T * self.bend(_scores(self.X, w), self.y)) @ self.X / len(self.y)

    def row_grads(self, w: ArrayLike) -> np.ndarray:
        """Return the gradient of each row's own loss, (n, d); their mean is grad(w)."""
        return self.slope(_scores(self.X, w), self.y)[:, None] * self.X

    def batch_grad(self, size: int, seed: int, draw: str = "reshuffle") -> Callable:
        """Return a gradient function that uses `size` rows, a new batch at each call.

        draw="reshuffle": every epoch uses every row once, in a new order. draw="once": the rows are shuffled only once;
        every epoch uses the same batches in a new order. These batches are slices, which are faster than copies for
        tables of millions of rows. draw="replace": each batch is drawn from all rows, so a row may come twice.
        If size does not divide n, "reshuffle" and "once" have one smaller batch in each epoch.
        Create the function in the cell that uses it, so that running the cell again begins with the same batch.
        Raises ValueError unless 1 ≤ size ≤ n, and for an unknown draw.
        """
        batch = self._batches(size, seed, draw)

        def grad(w):
            X, y = next(batch)
            return X.T @ self.slope(_scores(X, w), _across(y, w)) / len(y)

        return grad

    def batch_loss_grad(self, size: int, seed: int, draw: str = "reshuffle") -> Callable:
        """Like `batch_grad`, but the function returns the pair (loss, gradient) of the batch."""
        batch = self._batches(size, seed, draw)

        def loss_grad(w):
            X, y = next(batch)
            z, y = _scores(X, w), _across(y, w)
            return np.mean(self.row_loss(z, y), axis=0), X.T @ self.slope(z, y) / len(y)

        return loss_grad

    def _batches(self, size, seed, draw):
        """Check `size` and `draw`, and return an endless iterator of batches (X, y)."""
        X, y, n = self.X, self.y, len(self.y)
        if not 1 <= size <= n:
            raise ValueError(f"a batch has between 1 and n = {n} rows; got {size!r}.")
        if draw not in ("reshuffle", "once", "replace"):
            raise ValueError(f'draw is "reshuffle", "once" or "replace"; got {draw!r}.')
        return self._draw(X, y, n, size, np.random.default_rng(seed), draw)

    @staticmethod
    def _draw(X, y, n, size, rng, draw):
        if draw == "once":
            order = rng.permutation(n)
            X, y = X[order], y[order]
        while True:
            if draw == "reshuffle":
                rows = batches(n, size, rng)
            elif draw == "once":
                rows = (slice(first, first + size) for first in rng.permutation(-(-n // size)) * size)
            else:
                rows = (rng.integers(n, size=size) for _ in range(-(-n // size)))
            for i in rows:
                yield X[i], y[i]

    @cached_property
    def start(self) -> np.ndarray:
        """Zero weights."""
        return _constant(np.zeros(self.X.shape[1]))

    @cached_property
    def _curvature(self):
        return self.curviest * np.linalg.eigvalsh(self.X.T @ self.X / len(self.y))

    @property
    def L(self) -> float:
        """The largest curvature that the loss has anywhere."""
        return float(self._curvature[-1])

    @property
    def mu(self) -> float:
        """The smallest curvature that the loss has anywhere; 0 for a loss that flattens out."""
        return float(max(self._curvature[0], 0.0)) if self._quadratic else 0.0

    @property
    def kappa(self) -> float:
        """The condition number L / μ."""
        return _ratio(self.L, self.mu)

    @property
    def _quadratic(self):
        return self.row_loss in (_square, _half_square)

    @cached_property
    def w_star(self) -> np.ndarray | None:
        """The weights with the lowest loss; if several are equally good, the shortest.

        None for the logistic loss, because no formula gives its best weights.
        """
        if not self._quadratic:
            return None
        w = np.linalg.lstsq(self.X, self.y)[0]
        # a second fit, to the residuals, removes rounding errors from w
        return _constant(w + np.linalg.lstsq(self.X, self.y - self.X @ w)[0])

    @property
    def f_star(self) -> float | None:
        """The loss at w_star."""
        return None if self.w_star is None else float(self.loss(self.w_star))

    @cached_property
    def view(self) -> tuple[float, float, float, float] | None:
        """The part to draw in two dimensions: around the minimum, and wide enough for the start.

        None in other dimensions.
        """
        if self.w_star is None or len(self.w_star) != 2:
            return None
        (x, y), (a, b) = self.w_star.tolist(), (1.3 * np.maximum(np.abs(self.w_star - self.start), 0.5)).tolist()
        return (x - a, x + a, y - b, y + b)


def _scores(X, w):
    try:
        return X @ w
    except ValueError:
        raise ValueError(
            f"w has shape {np.shape(w)}; X has {X.shape[1]} columns, so w needs as many weights."
        ) from None


def _across(y, w):
    """Return y in a shape that broadcasts with the scores X w: (n,) for w of shape (d,), else (n, 1)."""
    return y if np.ndim(w) == 1 else y[:, None]


def _square(z, y):
    return (z - y) ** 2


def _half_square(z, y):
    return 0.5 * (z - y) ** 2


def _sigmoid(z):
    # in this form nothing overflows and no digits are lost, even at z = -1000 and z = 1000
    return np.exp(-np.logaddexp(0.0, -z))


def _table(X: ArrayLike, y: ArrayLike) -> tuple[Any, Any]:
    X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
    if X.ndim != 2:
        raise ValueError(f"X has one row per example and one column per feature, shape (n, d); got shape {X.shape}.")
    if y.shape != X.shape[:1]:
        raise ValueError(f"y needs one number per row of X, shape ({X.shape[0]},); got shape {y.shape}.")
    if X.size == 0:
        raise ValueError(f"there is nothing to fit: X has shape {X.shape}.")
    if not (np.isfinite(X).all() and np.isfinite(y).all()):
        raise ValueError("X and y contain nan or inf: remove or fill those rows first.")
    return X, y


def least_squares(X: ArrayLike, y: ArrayLike, name: str = "mean squared error") -> Fit:
    """Mean squared error of the line X w, (1/n) Σ (x·w − y)².

    X: (n, d) features; y: (n,) targets. The loss is in squared units of y. Gradient: 2/n Xᵀ(Xw − y).
    Raises ValueError if X and y differ in n, are empty or contain nan. Source: Hastie et al. (2009), eq. 3.3, divided
    by n.

    >>> fit = least_squares([[1.0], [2.0]], [2.0, 4.0])
    >>> float(fit.loss([1.0])), fit.grad([1.0])
    (2.5, array([-5.]))
    """
    table, targets = _table(X, y)
    return Fit(name, table, targets, _square, lambda z, y: 2 * (z - y), lambda z, y: np.full_like(z, 2.0), 2.0)


def half_least_squares(X: ArrayLike, y: ArrayLike, name: str = "half the mean squared error") -> Fit:
    """Half of `least_squares`: gradient 1/n Xᵀ(Xw − y), Hessian XᵀX/n. Shapes and errors are the same.

    >>> float(half_least_squares([[1.0], [2.0]], [2.0, 4.0]).loss([1.0]))
    1.25
    """
    table, targets = _table(X, y)
    return Fit(name, table, targets, _half_square, lambda z, y: z - y, lambda z, y: np.ones_like(z), 1.0)


def logistic(X: ArrayLike, y: ArrayLike, name: str = "log loss") -> Fit:
    """Mean log loss of the scores X w for labels 0 and 1: (1/n) Σ log(1 + exp(∓ x·w)), − for 1 and + for 0.

    X: (n, d); y: (n,) of 0 and 1. Gradient: 1/n Xᵀ(sigmoid(Xw) − y). It never overflows, however large a score is.
    Raises ValueError for labels other than 0 and 1, and as `least_squares` does.
    Source: Hastie et al. (2009), eq. 4.20, divided by −n.

    >>> round(float(logistic([[1.0], [-1.0]], [1, 0]).loss([0.0])), 4)  # the prediction ½ for every row costs ln 2
    0.6931
    """
    table, targets = _table(X, y)
    if not np.isin(targets, (0.0, 1.0)).all():
        raise ValueError(f"labels are 0 and 1; got {np.unique(targets)[:5]}. From −1 and 1, write (y + 1) / 2.")
    return Fit(
        name,
        table,
        targets,
        lambda z, y: np.logaddexp(0.0, (1 - 2 * y) * z),
        lambda z, y: (1 - 2 * y) * _sigmoid((1 - 2 * y) * z),  # sigmoid(z) − y, without loss of digits by cancellation
        lambda z, y: _sigmoid(z) * _sigmoid(-z),
        0.25,
    )


def batches(n: int, size: int, rng: Any) -> Iterator[np.ndarray]:
    """Yield the rows of each batch of one epoch: every row once, in a random order; the last batch may be smaller.

    >>> [len(rows) for rows in batches(10, 4, np.random.default_rng(0))]
    [4, 4, 2]
    """
    order = rng.permutation(n)
    for first in range(0, n, size):
        yield order[first : first + size]


# ---- tables ----------------------------------------------------------------------------------------------------------


def with_bias(X: ArrayLike) -> np.ndarray:
    """Return X with a column of ones in front, so that w[0] is the intercept.  X: (n, d), or (n,) for one feature.

    >>> with_bias([5.0, 6.0])
    array([[1., 5.],
           [1., 6.]])
    """
    X = np.asarray(X, dtype=float)
    X = X[:, None] if X.ndim == 1 else X
    return np.column_stack([np.ones(len(X)), X])


def standardised(X: ArrayLike, like: ArrayLike | None = None) -> np.ndarray:
    """Return X with mean 0 and std 1 in each column; a constant column becomes 0.

    like: the table whose mean and std are used, by default X itself; standardised(test, like=train) scales test rows as
    the training rows. Both tables have the same columns.

    >>> standardised([[1.0], [3.0]])
    array([[-1.],
           [ 1.]])
    """
    X = np.asarray(X, dtype=float)
    like = X if like is None else np.asarray(like, dtype=float)
    mean, std = like.mean(axis=0), like.std(axis=0)
    constant = std <= 1e-14 * np.abs(mean)  # rounding: the std of twenty numbers 0.1 is 1.4e-17
    return (X - mean) / np.where(constant, 1.0, std)


def whitened(X: ArrayLike, like: ArrayLike | None = None) -> np.ndarray:
    """Return X turned and scaled so that its columns have mean 0, std 1 and no correlation.

    like: the table whose mean and axes are used, by default X itself. Raises ValueError if a column depends on
    others.

    >>> X = whitened([[1.0, 0.0], [-1.0, 0.0], [0.0, 2.0], [0.0, -2.0]])
    >>> (X.T @ X / len(X)).round(12)
    array([[1., 0.],
           [0., 1.]])
    """
    X = np.asarray(X, dtype=float)
    like = X if like is None else np.asarray(like, dtype=float)
    centred = like - like.mean(axis=0)
    spread, axes = np.linalg.eigh(centred.T @ centred / len(like))
    if not spread[0] > 1e-12 * spread[-1]:
        raise ValueError("some columns are constant or follow from the others: leave them out before whitening.")
    return (X - like.mean(axis=0)) @ axes / np.sqrt(spread)


four_points = half_least_squares(
    with_bias([1.0, 2.0, 3.0, 4.0]), [2.0, 4.0, 6.0, 8.0], name="four points on a line, half the mean squared error"
)


def _bundled(load, **options):
    try:
        from sklearn import datasets
    except ImportError:
        raise ImportError("the data sets come with scikit-learn: pip install scikit-learn") from None
    return getattr(datasets, load)(return_X_y=True, **options)


def diabetes() -> tuple[np.ndarray, np.ndarray]:
    """Return X and y of 442 patients with diabetes.

    X (442, 10): age, sex, BMI, blood pressure, six serum values; y (442,): how far the disease went in a year.
    The data come with scikit-learn; raises ImportError if that is not installed.

    >>> X, y = diabetes()
    >>> X.shape, y.shape
    ((442, 10), (442,))
    """
    return _bundled("load_diabetes", scaled=False)


def breast_cancer() -> tuple[np.ndarray, np.ndarray]:
    """Return X and y of 569 tumours. X (569, 30): measures of cell nuclei; y: 0 for malignant, 1 for benign.

    The data come with scikit-learn; raises ImportError if that is not installed.

    >>> X, y = breast_cancer()
    >>> X.shape, y.shape
    ((569, 30), (569,))
    """
    return _bundled("load_breast_cancer")


def digits() -> tuple[np.ndarray, np.ndarray]:
    """Return X and y of 1,797 hand-written digits. X (1797, 64): 8 by 8 grey values from 0 to 16; y: 0 to 9.

    The data come with scikit-learn; raises ImportError if that is not installed.

    >>> X, y = digits()
    >>> X.shape, y.shape
    ((1797, 64), (1797,))
    """
    return _bundled("load_digits")


def wine() -> tuple[np.ndarray, np.ndarray]:
    """Return X and y of 178 wines. X (178, 13): chemical measures; y: the grower, 0, 1 or 2.

    The data come with scikit-learn; raises ImportError if that is not installed.

    >>> X, y = wine()
    >>> X.shape, y.shape
    ((178, 13), (178,))
    """
    return _bundled("load_wine")


def iris() -> tuple[np.ndarray, np.ndarray]:
    """Return X and y of 150 irises. X (150, 4): sizes in cm; y: the species, 0, 1 or 2.

    The data come with scikit-learn; raises ImportError if that is not installed.

    >>> X, y = iris()
    >>> X.shape, y.shape
    ((150, 4), (150,))
    """
    return _bundled("load_iris")
