"""Learning rates as functions of t = 0, 1, 2, …  Each function here returns such a function; t may be an array.

descend(gd, bowl.grad, [3, 4], 100, lr=cosine(0.2, steps=100))
"""

import numpy as np


def constant(lr):
    """η at every step."""
    return lambda t: lr + 0.0 * t


def step(lr, drop=0.1, every=100):
    """η · drop^⌊t / every⌋: the same for a while, then suddenly smaller."""
    _positive(every=every)
    return lambda t: lr * drop ** (t // every)


def exponential(lr, k):
    """η e^(−k t): a fixed share less at each step; halved every ln 2 / k steps."""
    return lambda t: lr * np.exp(-k * t)


def inverse_time(lr, k=1.0):
    """η / (1 + k t), the "1/t" schedule of Robbins & Monro (1951)."""
    return lambda t: lr / (1 + k * t)


def cosine(lr, steps, lr_min=0.0):
    """Half a wave from η at t = 0 to lr_min at t = steps, and lr_min from there on.  Loshchilov & Hutter (2017)."""
    _positive(steps=steps)
    return lambda t: lr_min + (lr - lr_min) * 0.5 * (1 + np.cos(np.pi * np.minimum(t, steps) / steps))


def warmup_cosine(lr, steps, warmup, lr_min=0.0):
    """Straight up from η / warmup at t = 0 to η at t = warmup − 1, then `cosine` down to lr_min at t = steps."""
    _positive(warmup=warmup)
    if warmup >= steps:
        raise ValueError(f"the warm-up must end before the run does; got warmup {warmup} of {steps} steps.")
    down = cosine(lr, steps - warmup, lr_min)
    return lambda t: np.where(t < warmup, lr * (t + 1) / warmup, down(np.maximum(t - warmup, 0)))


def restarts(lr, every, lr_min=0.0):
    """`cosine` that starts again every `every` steps: SGDR with cycles of one length.  Loshchilov & Hutter (2017)."""
    wave = cosine(lr, every, lr_min)
    return lambda t: wave(t % every)


def one_cycle(lr, steps, rise=0.3):
    """Half a wave up from η/25 to η during a share `rise` of the run, half a wave down to η/250,000 at t = steps − 1.

    Smith & Topin (2017), with the numbers of PyTorch's OneCycleLR.
    """
    if not (0 < rise < 1 and rise * steps > 1):
        raise ValueError(f"the rise must be a share of the run, one step or more; got {rise!r} of {steps!r} steps.")
    peak = rise * steps - 1
    up, down = cosine(lr / 25, peak, lr), cosine(lr, steps - 1 - peak, lr / 250_000)
    return lambda t: np.where(t <= peak, up(t), down(np.maximum(t - peak, 0)))


def warmup_stable_decay(lr, steps, warmup, decay):
    """Straight up to η during `warmup` steps, level, straight down to 0 during the last `decay` of `steps`.

    Hägele et al. (2024), https://arxiv.org/abs/2405.18392.
    """
    _positive(warmup=warmup, decay=decay)
    if warmup + decay > steps:
        raise ValueError(f"warm-up and decay must fit into the run; got {warmup} + {decay} of {steps} steps.")
    return lambda t: lr * np.clip(np.minimum((t + 1) / warmup, (steps - t) / decay), 0, 1)


def plateau(lr, losses, drop=0.1, patience=10, threshold=1e-4):
    """η times drop whenever the loss has not improved for more than `patience` steps.

    losses: a list that grows while you descend, one loss for each w; the rate at t depends on losses[: t + 1].
    An improvement is a loss below (1 − threshold) times the best so far; nan is none.
    Same as PyTorch's ReduceLROnPlateau.
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
