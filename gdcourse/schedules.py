"""Learning rates as functions of t = 0, 1, 2, …  Each function here returns such a function; its t may be an array.

    >>> from gdcourse import descend, gd, problems
    >>> path = descend(gd, problems.bowl.grad, [3, 4], 100, lr=cosine(0.2, steps=100))

η has the units of the rate that the rule takes. Each function raises ValueError if a number of steps is not
positive, or if the phases of a schedule are longer than the run.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

Schedule = Callable[[Any], Any]  # a function of t, a number or an array, that returns the rate in the same shape


def constant(lr: float) -> Schedule:
    """The same rate η at every step.

    >>> constant(0.1)(7)
    0.1
    """
    return lambda t: lr + 0.0 * t


def step(lr: float, drop: float = 0.1, every: int = 100) -> Schedule:
    """η · drop^⌊t / every⌋: the rate is multiplied by `drop` after every `every` steps.

    >>> [round(step(1.0, drop=0.5, every=10)(t), 3) for t in (0, 9, 10, 20)]
    [1.0, 1.0, 0.5, 0.25]
    """
    _positive(every=every)
    return lambda t: lr * drop ** (t // every)


def exponential(lr: float, k: float) -> Schedule:
    """η e^(−k t): the rate falls by the same share at each step; it halves every ln 2 / k steps.

    >>> round(float(exponential(1.0, k=np.log(2) / 10)(10)), 6)
    0.5
    """
    return lambda t: lr * np.exp(-k * t)


def inverse_time(lr: float, k: float = 1.0) -> Schedule:
    """η / (1 + k t), the "1/t" schedule of Robbins & Monro (1951).

    >>> inverse_time(1.0)(3)
    0.25
    """
    return lambda t: lr / (1 + k * t)


def cosine(lr: float, steps: float, lr_min: float = 0.0) -> Schedule:
    """Half a cosine wave from η at t = 0 down to lr_min at t = steps; from then on lr_min.  Loshchilov & Hutter
    (2017).

    >>> cosine(1.0, steps=100)(np.array([0, 50, 100, 200])).round(6)
    array([1. , 0.5, 0. , 0. ])
    """
    _positive(steps=steps)
    return lambda t: lr_min + (lr - lr_min) * 0.5 * (1 + np.cos(np.pi * np.minimum(t, steps) / steps))


def warmup_cosine(lr: float, steps: int, warmup: int, lr_min: float = 0.0) -> Schedule:
    """A straight line up from η / warmup at t = 0 to η at t = warmup − 1; then `cosine` down to lr_min at t = steps.

    >>> warmup_cosine(1.0, steps=100, warmup=4)(np.array([0, 1, 3, 100])).round(6)
    array([0.25, 0.5 , 1.  , 0.  ])
    """
    _positive(warmup=warmup)
    if warmup >= steps:
        raise ValueError(f"the warm-up must end before the run does; got warmup {warmup} of {steps} steps.")
    down = cosine(lr, steps - warmup, lr_min)
    return lambda t: np.where(t < warmup, lr * (t + 1) / warmup, down(np.maximum(t - warmup, 0)))


def restarts(lr: float, every: int, lr_min: float = 0.0) -> Schedule:
    """`cosine` that starts again every `every` steps: SGDR with cycles of one length.  Loshchilov & Hutter (2017).

    >>> restarts(1.0, every=10)(np.array([0, 5, 10])).round(6)
    array([1. , 0.5, 1. ])
    """
    wave = cosine(lr, every, lr_min)
    return lambda t: wave(t % every)


def one_cycle(lr: float, steps: int, rise: float = 0.3) -> Schedule:
    """Half a cosine wave up from η/25 to η, then half a cosine wave down to η/250,000 at t = steps − 1.

    rise: the share of the run that goes up. Smith & Topin (2017), with the numbers of PyTorch's OneCycleLR.

    >>> one_cycle(1.0, steps=101, rise=0.5)(np.array([0.0, 49.5])).round(6)
    array([0.04, 1.  ])
    """
    if not (0 < rise < 1 and rise * steps > 1):
        raise ValueError(f"the rise must be a share of the run, one step or more; got {rise!r} of {steps!r} steps.")
    peak = rise * steps - 1
    up, down = cosine(lr / 25, peak, lr), cosine(lr, steps - 1 - peak, lr / 250_000)
    return lambda t: np.where(t <= peak, up(t), down(np.maximum(t - peak, 0)))


def warmup_stable_decay(lr: float, steps: int, warmup: int, decay: int) -> Schedule:
    """A straight line up to η in the first `warmup` steps, then constant, then a straight line down to 0.

    The line down takes the last `decay` steps. Hägele et al. (2024), https://arxiv.org/abs/2405.18392

    >>> warmup_stable_decay(1.0, steps=100, warmup=4, decay=20)(np.array([0, 50, 90, 100])).round(6)
    array([0.25, 1.  , 0.5 , 0.  ])
    """
    _positive(warmup=warmup, decay=decay)
    if warmup + decay > steps:
        raise ValueError(f"warm-up and decay must fit into the run; got {warmup} + {decay} of {steps} steps.")
    return lambda t: lr * np.clip(np.minimum((t + 1) / warmup, (steps - t) / decay), 0, 1)


def plateau(
    lr: float, losses: Sequence[float], drop: float = 0.1, patience: int = 10, threshold: float = 1e-4
) -> Schedule:
    """η, multiplied by `drop` each time the loss has not improved for more than `patience` steps.

    losses: a list that grows while you descend, with one loss for each w. The rate at t depends on losses[: t + 1].
    A loss counts as an improvement if it is below (1 − threshold) times the best so far; nan does not count.
    This is the same as PyTorch's ReduceLROnPlateau.

    >>> plateau(1.0, losses=[5.0, 4.0, 4.0, 4.0], drop=0.5, patience=1)(3)
    0.5
    """

    def schedule(t):
        rate, best, waited = lr, np.inf, 0
        for loss in losses[: t + 1]:
            better = loss < best * (1 - threshold)
            best, waited = (loss, 0) if better else (best, waited + 1)
            if waited > patience:
                rate, waited = rate * drop, 0
        return rate

    return schedule


def _positive(**numbers):
    for name, value in numbers.items():
        if not value > 0:
            raise ValueError(f"{name} must be positive; got {value!r}.")
