"""Update rules: from the point w and the slope g at w to the next point.

A rule is a plain function. It returns the next w, alone or followed by its memory: values that the next call gets as
arguments. Their defaults in the signature are the memory at the start. The parameters after ``*`` are settings:
numbers, or functions of t.
A rule reads like an algorithm in a paper: the signature is the "initialise" line, the body is the body of the loop.

Shapes: w and g are numbers or arrays of one shape, coordinates first, runs last. A setting of shape (B,) runs B
descents at once. Memory begins as a number, 0, and takes the shape of g. The rate η is `lr`, positive; each β lies in
[0, 1).
Units: η turns a slope into a step, so for `gd` its units are those of w² / f. Rules do not check shapes; `descend`
does, and says what does not fit.
"""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from typing import Any

import numpy as np

Array = Any  # a number or an array of floats; no type says "in the shape of w"

__all__ = [
    "adadelta", "adagrad", "adam", "adamw", "amsgrad", "best_heavy_ball", "clipped", "descend", "gd", "iterates", "lion",
    "lookahead", "momentum", "muon", "nesterov", "newton_schulz", "rmsprop",
]  # fmt: skip


def gd(w: Array, g: Array, *, lr: Array) -> Array:
    """Gradient descent: w ← w − η g.  Cauchy (1847).

    >>> gd(10.0, 14.0, lr=0.1)
    8.6
    """
    return w - lr * g


def momentum(w: Array, g: Array, m: Array = 0.0, *, lr: Array, beta: Array = 0.9) -> tuple[Array, Array]:
    """Heavy ball: m ← β m + g,  w ← w − η m.  Polyak (1964), whose memory also contains the factor η.

    Returns the next w and m.

    >>> momentum(1.0, 2.0, 4.0, lr=0.5, beta=0.5)
    (-1.0, 4.0)
    """
    m = beta * m + g
    return w - lr * m, m


def best_heavy_ball(mu: float, L: float) -> dict[str, float]:
    """Return the settings η and β for `momentum` that are fastest on quadratics with curvatures from mu to L.

    η = 4 / (√L + √μ)²,  β = ((√κ − 1) / (√κ + 1))². In the long run the error shrinks by the factor √β in each step.
    Needs 0 < mu ≤ L, both in units of f / w². Polyak (1964).

    >>> {name: round(float(value), 4) for name, value in best_heavy_ball(1, 100).items()}
    {'lr': 0.0331, 'beta': 0.6694}
    """
    low, high = np.sqrt(mu), np.sqrt(L)
    return {"lr": 4 / (high + low) ** 2, "beta": ((high - low) / (high + low)) ** 2}


def nesterov(w: Array, g: Array, m: Array = 0.0, *, lr: Array, beta: Array = 0.9) -> tuple[Array, Array]:
    """Nesterov's momentum, which needs only the slope at w: m ← β m + g,  w ← w − η (g + β m).

    `lookahead` is the same method, but its path contains the points before the look ahead. The path of `nesterov`
    contains the points ahead, at which the slopes are taken.
    Bengio et al. (2013), https://arxiv.org/abs/1212.0901, whose memory also contains the factor η. Returns the next w
    and m.

    >>> nesterov(1.0, 2.0, 4.0, lr=0.5, beta=0.5)
    (-1.0, 4.0)
    """
    m = beta * m + g
    return w - lr * (g + beta * m), m


def lookahead(grad: Callable[[Array], Array]) -> Callable:
    """Nesterov's momentum in its usual form: m ← β m + ∇f(w − η β m),  w ← w − η m.

    Returns a rule. The rule calls `grad` at the point ahead and does not use the slope at w.
    Sutskever et al. (2013), https://proceedings.mlr.press/v28/sutskever13.html, whose memory also contains the factor
    η.

    >>> slope = lambda w: 2 * w
    >>> lookahead(slope)(1.0, slope(1.0), 1.0, lr=0.5, beta=0.5)
    (0.0, 2.0)
    """

    def nesterov_lookahead(w, g, m=0.0, *, lr, beta=0.9):
        m = beta * m + grad(w - lr * beta * m)
        return w - lr * m, m

    return nesterov_lookahead


def adagrad(w: Array, g: Array, s: Array = 0.0, *, lr: Array, eps: float = 1e-10) -> tuple[Array, Array]:
    """AdaGrad: s ← s + g²,  w ← w − η g / (√s + ε).  Duchi et al. (2011), https://jmlr.org/papers/v12/duchi11a.html

    η has the units of w, because the slope is divided by its own size. Returns the next w and s.

    >>> adagrad(1.0, 4.0, 9.0, lr=0.5, eps=0.0)
    (np.float64(0.6), 25.0)
    """
    s = s + g * g
    return w - lr * g / (np.sqrt(s) + eps), s


def rmsprop(
    w: Array, g: Array, v: Array = 0.0, *, lr: Array, beta: Array = 0.9, eps: float = 1e-8
) -> tuple[Array, Array]:
    """RMSProp: v ← β v + (1 − β) g²,  w ← w − η g / (√v + ε).  Hinton, lecture 6e (2012).

    η has the units of w. Returns the next w and v.

    >>> rmsprop(1.0, 2.0, 4.0, lr=0.5, beta=0.5, eps=0.0)
    (np.float64(0.5), 4.0)
    """
    v = beta * v + (1 - beta) * g * g
    return w - lr * g / (np.sqrt(v) + eps), v


def adadelta(
    w: Array, g: Array, v: Array = 0.0, u: Array = 0.0, *, lr: Array = 1.0, beta: Array = 0.95, eps: float = 1e-6
) -> tuple[Array, Array, Array]:
    """AdaDelta: the running mean u of the squares of earlier steps decides how long the next step is.

    v ← β v + (1 − β) g²,  d = g √(u + ε) / √(v + ε),  u ← β u + (1 − β) d²,  w ← w − η d.
    Zeiler (2012), https://arxiv.org/abs/1212.5701, where η = 1. Returns the next w, v and u.

    >>> adadelta(1.0, 2.0, 4.0, 1.0, beta=0.5, eps=0.0)
    (np.float64(0.0), 4.0, np.float64(1.0))
    """
    v = beta * v + (1 - beta) * g * g
    d = g * np.sqrt(u + eps) / np.sqrt(v + eps)
    u = beta * u + (1 - beta) * d * d
    return w - lr * d, v, u


def adam(
    w: Array, g: Array, m: Array = 0.0, v: Array = 0.0, t: int = 0, *,
    lr: Array, beta1: Array = 0.9, beta2: Array = 0.999, eps: float = 1e-8,
) -> tuple[Array, Array, Array, int]:  # fmt: skip
    """Adam, Algorithm 1 of Kingma & Ba (2015), https://arxiv.org/abs/1412.6980.

    η has the units of w. Returns the next w, m, v and t. t counts the steps, so the first step corrects with t = 1.

    >>> w, m, v, t = adam(1.0, 4.0, lr=0.5, eps=0.0)
    >>> float(w), t  # the first step is η, whatever the slope
    (0.5, 1)
    """
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g * g
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v, t


def adamw(
    w: Array, g: Array, m: Array = 0.0, v: Array = 0.0, t: int = 0, *,
    lr: Array, beta1: Array = 0.9, beta2: Array = 0.999, eps: float = 1e-8, weight_decay: Array = 0.01,
) -> tuple[Array, ...]:  # fmt: skip
    """Adam that also shrinks w by the share η · weight_decay in each step.

    Loshchilov & Hutter (2019), https://arxiv.org/abs/1711.05101. Returns the next w, m, v and t, as `adam` does.

    >>> float(adamw(2.0, 0.0, lr=0.5, weight_decay=0.1)[0])
    1.9
    """
    stepped, *memory = adam(w, g, m, v, t, lr=lr, beta1=beta1, beta2=beta2, eps=eps)
    return stepped - lr * weight_decay * w, *memory


def amsgrad(
    w: Array, g: Array, m: Array = 0.0, v: Array = 0.0, v_max: Array = 0.0, t: int = 0, *,
    lr: Array, beta1: Array = 0.9, beta2: Array = 0.999, eps: float = 1e-8,
) -> tuple[Array, Array, Array, Array, int]:  # fmt: skip
    """Adam that divides by the largest v so far.  Reddi et al. (2018), https://arxiv.org/abs/1904.09237.

    This function corrects m and v for their start at zero, as PyTorch does; the paper does not. Returns the next w, m,
    v, v_max and t.

    >>> float(amsgrad(1.0, 4.0, lr=0.5, eps=0.0)[0])
    0.5
    """
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g * g
    v_max = np.maximum(v_max, v)
    m_hat, v_hat = m / (1 - beta1**t), v_max / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v, v_max, t


def lion(
    w: Array, g: Array, m: Array = 0.0, *, lr: Array, beta1: Array = 0.9, beta2: Array = 0.99, weight_decay: Array = 0.0
) -> tuple[Array, Array]:
    """Lion, a step of the same length for every weight: w ← w − η (sign(β₁ m + (1 − β₁) g) + weight_decay · w).

    Then m ← β₂ m + (1 − β₂) g. As β₂ > β₁, the memory m forgets more slowly than the mean whose sign makes the step.
    η has the units of w. Chen et al. (2023), Algorithm 2, https://arxiv.org/abs/2302.06675. Returns the next w and m.

    >>> lion(1.0, 2.0, -4.0, lr=0.5, beta1=0.5, beta2=0.5)
    (np.float64(1.5), -1.0)
    """
    c = beta1 * m + (1 - beta1) * g
    return w - lr * (np.sign(c) + weight_decay * w), beta2 * m + (1 - beta2) * g


def newton_schulz(
    G: Array, steps: int = 5, coefficients: tuple[float, float, float] = (3.4445, -4.775, 2.0315)
) -> np.ndarray:
    """Return nearly U Vᵀ, where G = U S Vᵀ is the singular value decomposition: all directions of G, equally strong.

    The iteration X ← a X + b (X Xᵀ) X + c (X Xᵀ)² X, from X = G / ‖G‖, changes each singular value s to a s + b s³ +
    c s⁵ and keeps the singular vectors. The default coefficients (a, b, c) are Jordan's: after 5 steps the singular
    values lie between 0.68 and 1.14, except those that began below a hundredth of ‖G‖. With (1.5, −0.5, 0) they go to
    1 itself, in more steps. G: (m, n), or (m, n, B) for B runs at once. Raises ValueError for a number or a vector.
    Source: Jordan et al. (2024), https://kellerjordan.github.io/posts/muon/; Bernstein & Newhouse, arXiv:2409.20325.

    >>> newton_schulz(np.diag([3.0, 2.0]), steps=25, coefficients=(1.5, -0.5, 0)).round(6)
    array([[1., 0.],
           [0., 1.]])
    """
    if np.ndim(G) < 2:
        raise ValueError(
            f"Only a matrix has singular values; got shape {np.shape(G)}. "
            "Muon is for the weight matrices of layers: give biases and other vectors to adamw."
        )
    a, b, c = coefficients
    X = np.moveaxis(np.asarray(G, dtype=float), (0, 1), (-2, -1))
    if tall := X.shape[-2] > X.shape[-1]:  # transpose a tall matrix: X Xᵀ is smaller, so cheaper, if X is wide
        X = X.swapaxes(-1, -2)
    # divide by ‖G‖, which is at least the largest singular value; the 1e-7 is there for G = 0
    X = X / np.maximum(np.sqrt(np.sum(X * X, axis=(-2, -1), keepdims=True)), 1e-7)
    for _ in range(steps):
        A = X @ X.swapaxes(-1, -2)
        X = a * X + (b * A + c * A @ A) @ X
    return np.moveaxis(X.swapaxes(-1, -2) if tall else X, (-2, -1), (0, 1))


def muon(
    w: Array, g: Array, m: Array = 0.0, *, lr: Array, beta: Array = 0.95, weight_decay: Array = 0.0, ns_steps: int = 5
) -> tuple[Array, Array]:
    """Muon: m ← β m + g,  w ← w − η (O + weight_decay · w),  where O is `newton_schulz` of g + β m.

    w is a weight matrix of shape (m, n). Every singular value of the step is about η, so η has the units of w.
    Jordan et al. (2024), https://kellerjordan.github.io/posts/muon/, where η is also multiplied by √max(1, m/n).
    Returns the next w and m. Raises ValueError for a vector.

    >>> w, m = muon(np.zeros((2, 2)), np.diag([8.0, 4.0]), lr=0.1, ns_steps=12)
    >>> bool(np.all(np.abs(np.diag(w) + 0.1) < 0.04)), float(w[0, 1])
    (True, 0.0)
    """
    m = beta * m + g
    return w - lr * (newton_schulz(g + beta * m, ns_steps) + weight_decay * w), m


def clipped(grad: Callable[[Array], Array], max_norm: float) -> Callable[[Array], Array]:
    """Return a gradient that is never longer than max_norm: g ← g · min(1, max_norm / ‖g‖).  Pascanu et al. (2013).

    The result is a function of w. ‖g‖ is the norm of all entries together, so the direction stays; max_norm is in
    units of g. Raises ValueError if max_norm is not positive. Source: https://arxiv.org/abs/1211.5063

    >>> clipped(lambda w: np.array([3.0, 4.0]), 1.0)(0.0)
    array([0.6, 0.8])
    """
    if not max_norm > 0:
        raise ValueError(f"max_norm must be positive; got {max_norm!r}.")

    def clipped_grad(w):
        g = grad(w)
        return g / np.maximum(1.0, np.sqrt(np.sum(g * g)) / max_norm)  # no nan, even if g is 0 or max_norm is inf

    return clipped_grad


def iterates(rule: Callable, grad: Callable[[Array], Array], w: Array, **settings: Any) -> Iterator[Array]:
    """Yield w₀, w₁, w₂, … without end.

    rule(w, g, *memory, **settings) returns the next w, or a tuple (w, *memory); grad(w) has the shape of w.
    A setting is a number, an array of shape (B,) for B runs at once, or a function of t = 0, 1, 2, …
    Neither w nor a point that was already yielded is ever changed, even if the rule works in place.
    Raises ValueError if shapes do not fit: w and the settings, or w and what grad and rule return at the first step.

    >>> from itertools import islice
    >>> [float(w) for w in islice(iterates(gd, lambda w: 2 * w, 4.0, lr=0.25), 3)]
    [4.0, 2.0, 1.0]
    """
    run = _run(rule, grad, w, settings)
    while True:
        with _overflow_is_no_error():
            w = next(run)
        yield w.copy()


def descend(rule: Callable, grad: Callable[[Array], Array], w: Array, steps: int, **settings: Any) -> np.ndarray:
    """Return the path w₀ … w_steps: an array of shape (steps + 1, *shape of w).

    The path always has steps + 1 points: numbers that overflow become inf and nan. The arguments are those of
    `iterates`.
    If the settings ask for B runs, the path has shape (steps + 1, d, B), or (steps + 1, B) if w is a number.
    Raises ValueError as `iterates` does, and if steps is not 0, 1, 2, …

    >>> descend(gd, lambda w: 2 * w, 4.0, 2, lr=0.25)
    array([4., 2., 1.])
    """
    if not isinstance(steps, (int, np.integer)) or steps < 0:
        raise ValueError(f"steps says how many steps to take: 0, 1, 2, …; got {steps!r}.")
    run = _run(rule, grad, w, settings)
    with _overflow_is_no_error():
        w = next(run)
        path = np.empty((steps + 1, *w.shape))
        path[0] = w
        for t in range(1, len(path)):
            path[t] = next(run)
    return path


def _run(rule, grad, w, settings):
    """Yield w₀, w₁, … without end. Both `iterates` and `descend` use this loop."""
    schedules = {name: s for name, s in settings.items() if callable(s)}
    settings = {name: s for name, s in settings.items() if not callable(s)}
    w = _start(w, settings)
    settings = {name: _shielded(s) if np.ndim(s) or (name == "lr" and w.ndim) else s for name, s in settings.items()}
    step, memory, number_or_array = partial(rule, **settings), (), type(w)
    for t in count():
        yield w
        here, g = w.copy(), grad(w)  # a copy, so that a rule with `w -= …` cannot change the path
        if t == 0:
            _check("grad(w)", g, here)
        if schedules:
            step = partial(rule, **settings, **{name: schedule(t) for name, schedule in schedules.items()})
        w = step(here, g, *memory)
        if isinstance(w, tuple):
            w, *memory = w
        if t == 0:
            _check("the w that the rule returned", w, here)
        if type(w) is not number_or_array:
            w = _floats(w)


def _start(w, settings):
    """Return a copy of w as floats. Settings of shape (B,) make its last axis B long, one entry for each run."""
    w = _floats(w)
    shapes = {name: np.shape(s) for name, s in settings.items()}
    try:
        shape = np.broadcast_shapes(w.shape, *shapes.values())
    except ValueError:
        others = " and ".join(f"{name} of shape {s}" for name, s in shapes.items() if s)
        raise ValueError(
            f"w of shape {w.shape} does not fit {others}. Coordinates come first and runs last: "
            "to run a whole sweep, start from w of shape (d, 1), for example w[:, None]."
        ) from None
    return w if shape == w.shape else np.broadcast_to(w, shape).copy()


def _shielded(s):
    """Return the setting s as a read-only array, which no rule can change.

    A number becomes an array of shape (), because NumPy multiplies this by an array faster than a Python float.
    """
    s = np.asarray(s, dtype=float)
    return np.broadcast_to(s, s.shape)


def _floats(w):
    """Return a copy of w as floats: a NumPy number if w is a number, else an array."""
    try:
        if np.asarray(w).dtype.kind in "biuf":
            return np.array(w, dtype=float)[()]
    except ValueError:  # NumPy makes no array of a ragged list
        pass
    raise ValueError(f"w must be a number or an array of numbers; got {w!r}.")


def _check(what, value, w):
    """Raise ValueError if value is None or does not have the shape of w. what: what the message calls the value."""
    if value is None:
        raise ValueError(f"{what} is None: is a return missing?")
    if np.shape(value) != w.shape:
        raise ValueError(f"{what} has shape {np.shape(value)}; w has shape {w.shape}.")


def _overflow_is_no_error():
    """Let a run that diverges end in inf and nan without a warning: in this course divergence is a result."""
    return np.errstate(over="ignore", invalid="ignore")
