"""The learning-rate finder: one run whose rate grows until the loss blows up, and rules to pick a rate from the curve.

Smith (2017), https://arxiv.org/abs/1506.01186.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from .optimizers import gd, iterates


class Curve(NamedTuple):
    """The result of `range_test`: three arrays of the same length, one entry for each step of the run.

    lrs: the rates; losses: the loss before each step; smoothed: the running means of the losses.
    """

    lrs: np.ndarray
    losses: np.ndarray
    smoothed: np.ndarray


def lr_grid(low: float = 1e-5, high: float = 10.0, n: int = 100) -> np.ndarray:
    """Return n rates from low to high, both included; each is the same multiple of the one before.

    Raises ValueError unless 0 < low < high and n ≥ 2.

    >>> lr_grid(0.01, 1.0, 3)
    array([0.01, 0.1 , 1.  ])
    """
    if not 0 < low < high or n < 2:
        raise ValueError(f"a grid needs 0 < low < high and n ≥ 2; got low={low!r}, high={high!r}, n={n!r}.")
    return np.geomspace(low, high, n)


def smooth(losses: Iterable[float], beta: float = 0.9) -> np.ndarray:
    """Return the running mean after each loss, corrected for its start at zero as in Adam.

    beta: the weight of the previous mean. No mean depends on later losses.

    >>> smooth([1.0, 1.0, 4.0], beta=0.5).round(4)
    array([1.    , 1.    , 2.7143])
    """
    return np.fromiter(_running_mean(losses, beta), dtype=float)


def _running_mean(losses, beta):
    """Yield the running mean after each loss. `range_test` appends to `losses` while this generator reads it."""
    mean = 0.0
    for t, loss in enumerate(losses):
        mean = beta * mean + (1 - beta) * loss
        yield mean / (1 - beta ** (t + 1))


def range_test(
    loss_grad: Callable,
    w: ArrayLike,
    lrs: ArrayLike,
    rule: Callable = gd,
    smoothing: float = 0.9,
    stop: float = 4.0,
    **settings: Any,
) -> Curve:
    """Descend while the rate grows through lrs, one step at each rate. Return the Curve of loss against rate.

    loss_grad(w) → (loss, gradient), of one batch or of all rows. losses[i] is the loss before the step with rate
    lrs[i].
    The test ends early when the running mean of the losses (see `smooth`) is nan, or above `stop` times its lowest
    value so far.
    The array w is not changed. smoothing: the β of the running mean; further settings go to the rule.

    >>> curve = range_test(lambda w: (w**2, 2 * w), 1.0, lr_grid(0.01, 10.0, 50))
    >>> len(curve.losses) < 50  # it ended early, because the loss blew up
    True
    """
    lrs, losses, smoothed, best = np.asarray(lrs, dtype=float), [], [], np.inf

    def grad(w):
        loss, g = loss_grad(w)
        losses.append(loss)
        return g

    run, means = iterates(rule, grad, w, lr=lambda t: lrs[t], **settings), _running_mean(losses, smoothing)
    next(run)
    for _ in lrs:
        next(run)
        smoothed.append(next(means))
        best = min(best, smoothed[-1])
        if not smoothed[-1] <= stop * best:  # not written with `>`, because a mean of nan must end the test, too
            break
    return Curve(lrs[: len(losses)], np.array(losses), np.array(smoothed))


def suggest(lrs: ArrayLike, losses: ArrayLike, rule: str = "min/10") -> float:
    """Pick a rate from a curve of smoothed losses.

    rule: "min/10" or "min/3", the rate of the lowest loss divided by 10 or 3; "steepest", where the loss falls fastest
    on a logarithmic axis of rates, before the minimum; "valley", two thirds along the longest falling subsequence of
    the losses before the minimum.
    Raises ValueError for an unknown rule, for lengths that differ, and for fewer than 3 points.

    >>> suggest([0.01, 0.1, 1.0], [3.0, 1.0, 2.0], rule="min/10")
    0.01
    """
    lrs, losses = np.asarray(lrs, dtype=float), np.asarray(losses, dtype=float)
    if lrs.shape != losses.shape or lrs.size < 3:
        raise ValueError(f"lrs and losses need the same length, at least 3; got {lrs.shape} and {losses.shape}.")
    lowest = int(np.nanargmin(losses))
    if rule in ("min/10", "min/3"):
        return float(lrs[lowest] / int(rule.removeprefix("min/")))
    if rule == "steepest":
        slope = np.gradient(losses, np.log(lrs))
        return float(lrs[np.argmin(slope[: lowest + 1])])
    if rule == "valley":
        first, last = _longest_fall(losses[: lowest + 1])
        return float(lrs[first + (last - first) * 2 // 3])
    raise ValueError(f'rule is "min/10", "min/3", "steepest" or "valley"; got {rule!r}.')


def _longest_fall(losses):
    """Return the first and the last index of the longest falling subsequence; its members need not be neighbours."""
    length, before = np.ones(len(losses), dtype=int), np.arange(len(losses))
    for i in range(1, len(losses)):
        above = np.flatnonzero(losses[:i] > losses[i])
        if above.size:
            j = above[np.argmax(length[above])]
            length[i], before[i] = length[j] + 1, j
    last = first = int(np.argmax(length))
    while before[first] != first:
        first = before[first]
    return first, last
