"""Pick a rate from the curve."""

from functools import cache

import numpy as np

from gdcourse import problems
from gdcourse.exercises import right, wrong

minutes = 20
points = 3
seconds = 5
section = "Picking a rate: four rules"
prompt = r"""
Write `suggest_lr(lrs, losses, rule)`: pick a learning rate from the curve of a range test.
`losses` are as measured on mini-batches, so they are noisy: smooth them first, in any way you like.

- `"min/10"`: a tenth of the rate at which the smoothed loss is lowest.
- `"steepest"`: the rate at which the smoothed loss falls fastest *per factor of the rate*, that is against $\ln\eta$. Beware of the noise at the beginning.

Return the rate, a number.

For example, where the smoothed loss is lowest at the rate 1.2, `"min/10"` gives 0.12.

The check *trains* with your picks: on eight range tests of the diabetes table, each pick has to bring the loss from 0.5 to below 0.27 in 200 steps.
Then it looks at two other curves, to see whether your picks follow the curve.
"""
hints = [
    "Smooth the losses (a running mean, or a mean over some twenty neighbours), then work with the smoothed curve only.",
    "For the slope per factor: `np.gradient(smoothed, np.log(lrs))`. The most negative one counts, to the left of the minimum.",
    "At the tiny rates nothing happens yet, and all slopes are noise. Smooth more, or leave the first third of the curve out of the search.",
]
praise = "Eight curves, eight usable rates: a rule is worth what its worst pick is worth."
why = r"""
*Why not the rate at the minimum itself?*
The loss lags behind the rate: where the curve is lowest, the rate is at the edge or past it, give or take the noise, and the loss is about to rise.
A tenth of it is safe, and somewhat slow.

*Why against the logarithm?*
The rates grow by factors.
Against η itself all small rates are squeezed together, and the slope there looks huge.

*Why the guard at the beginning?*
With tiny rates the loss only jitters from batch to batch.
The steepest piece of jitter can beat the real descent: in one of the eight runs of this chapter the unguarded rule picks 0.0001, and on the table of this exercise, where the loss falls less, it goes wrong in most runs.
More smoothing helps, and so does leaving out the part where nothing has fallen yet.

No rule is right; each is a habit with a failure of its own.
So it is judged by training, over several draws.
"""


@cache
def _table():
    X, y = problems.diabetes()
    return np.column_stack([problems.standardised(X), np.ones(len(y))]), (y - y.mean()) / y.std()


@cache
def _curve(seed):
    X, y = _table()
    rng = np.random.default_rng(seed)
    w, lrs, losses, mean, best = np.zeros(X.shape[1]), np.geomspace(1e-4, 10, 100), [], 0.0, np.inf
    for t, lr in enumerate(lrs, start=1):
        rows = rng.integers(0, len(y), 64)
        r = X[rows] @ w - y[rows]
        losses.append(0.5 * np.mean(r * r))
        mean = 0.9 * mean + 0.1 * losses[-1]
        best = min(best, mean / (1 - 0.9**t))
        if not mean / (1 - 0.9**t) <= 4 * best:
            break
        w = w - lr * X[rows].T @ r / 64
    return lrs[: len(losses)], np.array(losses)


@cache
def _drawn():
    """A curve without noise that falls all at once near 0.05, creeps on, and explodes near 9: the two rules must differ."""
    lrs = np.geomspace(1e-4, 10, 200)
    losses = 1 - 0.03 * np.log(lrs / lrs[0]) - 0.5 / (1 + (0.05 / lrs) ** 3)
    losses[-4:] = 0.3, 0.6, 1.5, 4
    return lrs, losses


@cache
def _modes():
    """Return what `loss_after` needs: the curvatures, the squares of the best weights along the eigenvectors of the
    Hessian, and the lowest loss. In these directions the loss after any number of steps is a formula."""
    X, y = _table()
    curvature, axes = np.linalg.eigh(X.T @ X / len(y))
    w_star = np.linalg.lstsq(X, y, rcond=None)[0]
    floor = 0.5 * np.mean((X @ w_star - y) ** 2)
    return curvature, (axes.T @ w_star) ** 2, floor


def loss_after(lr, steps=200):
    """Return the loss of the table after `steps` steps of gradient descent from 0 at the rate lr."""
    curvature, squares, floor = _modes()
    with np.errstate(over="ignore", invalid="ignore"):
        return floor + 0.5 * np.sum(curvature * squares * (1 - lr * curvature) ** (2 * steps))


def cases(rng):
    # The first curve has no noise: if the pick is too low there, noise is not the reason.
    for rule in ("min/10", "steepest"):
        yield (*_drawn(), rule)
    for seed in range(8):
        for rule in ("min/10", "steepest"):
            yield (*_curve(seed), rule)
    # with features in ten times smaller units the curve is the same, at rates that are a hundred times smaller
    lrs, losses = _curve(0)
    for rule in ("min/10", "steepest"):
        yield lrs / 100, losses, rule


def canonical(output):
    return np.asarray(output, dtype=float)


def law(output, lrs, losses, rule):
    if np.ndim(output) != 0 or not np.isfinite(output):
        return "One rate is asked for, a number."
    if _is_one_of(float(output), losses) and not _is_one_of(float(output), lrs):
        return "no_rate"
    reply = _reply(output, lrs, losses, rule)
    # only if the answer is one of the rates does its place on the curve say which mistake it is
    supposed = reply in ("one_rule_for_both", "steepest_upward")
    return "no_rate" if supposed and not _is_one_of(float(output), lrs) else reply


def _is_one_of(x, values):
    """Is x one of these numbers, or a tenth of one?"""
    return bool(np.isclose(np.r_[values, np.asarray(values) / 10], x, rtol=1e-6, atol=0).any())


def _reply(output, lrs, losses, rule):
    lr, drawn = float(output), len(lrs) == len(_drawn()[0])
    lowest = lrs[int(np.argmin(_running(losses)))]
    if lr == int(lr) and lr >= 12:
        return "index_not_rate"
    if lr > 1.001 * lrs[-1]:
        return "not_on_the_curve"
    unit = lrs[0] / _curve(0)[0][0]
    lr, lrs, lowest = lr / unit, lrs / unit, lowest / unit
    if lr <= 0:
        return "logarithms"
    if rule == "min/10":
        if 0.5 * lowest <= lr <= 2 * lowest:
            return "picks_minimum"
        return (
            None
            if lowest / 100 <= lr <= 3 * lowest / 10 and (drawn or loss_after(lr) < 0.27)
            else f"A tenth of the lowest point is about {unit * lowest / 10:.2g}; your pick is {unit * lr:.2g}."
        )
    if lr >= 0.6 * lowest:
        return "steepest_upward"
    if drawn:
        return "one_rule_for_both" if lr > lowest / 20 else None if lr > 0.01 else "slope_in_linear_lr"
    if loss_after(lr) < 0.27:
        return None
    if lr < 12 * lrs[0]:
        return "noise_at_start"
    return (
        f"Training with your pick of {unit * lr:.2g} ends at a loss of {loss_after(lr):.3f} after 200 steps: too high."
    )


def _running(losses, beta=0.9):
    m, out = 0.0, []
    for t, loss in enumerate(losses, start=1):
        m = beta * m + (1 - beta) * loss
        out.append(m / (1 - beta**t))
    return np.array(out)


def _neighbours(lrs, losses, width=21):
    mean = np.convolve(losses, np.ones(width) / width, "valid")
    return lrs[width // 2 : len(lrs) - width // 2], mean


def _steepest(lrs, losses, axis=np.log):
    """Return the rate at which the running mean falls fastest, up to its lowest point, without any guard.

    axis: np.log for slopes over the logarithm of the rates; or a function that returns the rates themselves.
    """
    smoothed = _running(losses)
    return lrs[np.argmin(np.gradient(smoothed, axis(lrs))[: np.argmin(smoothed) + 1])]


def suggest_lr(lrs, losses, rule):
    """Return the rate that the rule "min/10" or "steepest" picks."""
    if rule == "min/10":
        return lrs[np.argmin(_running(losses))] / 10
    middle, mean = _neighbours(lrs, losses)
    slope = np.gradient(mean, np.log(middle))
    return middle[np.argmin(slope[: np.argmin(mean) + 1])]


@right
def leaves_out_the_beginning(lrs, losses, rule):
    smoothed = _running(losses)
    low = int(np.argmin(smoothed))
    if rule == "min/10":
        return float(lrs[low]) * 0.1
    first = low // 2
    slope = np.diff(smoothed) / np.diff(np.log10(lrs))
    return lrs[first + int(np.argmin(slope[first:low]))]


@right
def mean_over_neighbours(lrs, losses, rule):
    width = 15 if rule == "min/10" else 25
    middle, mean = _neighbours(np.asarray(lrs), np.asarray(losses), width)
    low = int(np.argmin(mean))
    if rule == "min/10":
        return middle[low] / 10
    per_decade = np.diff(mean[: low + 1]) / np.diff(np.log10(middle[: low + 1]))
    return middle[int(np.argmin(per_decade))]


@wrong
def picks_minimum(lrs, losses, rule):
    """You pick the rate at the lowest loss. The loss lags behind the rate: there the descent is on, or past, the edge already."""
    return lrs[np.argmin(_running(losses))]


@wrong
def steepest_upward(lrs, losses, rule):
    """Your pick lies at the lowest point of the curve, or behind it, where the loss rises: there the descent is on the edge, or past it. The steepest *fall* comes before, where the slope is most negative (`argmin`; `argmax` finds the steepest rise), on a curve that is smooth enough."""
    if rule == "min/10":
        return suggest_lr(lrs, losses, rule)
    return lrs[np.argmax(np.gradient(_running(losses), np.log(lrs)))]


@wrong
def slope_in_linear_lr(lrs, losses, rule):
    """You take the slope against the rate itself. There the small rates are squeezed together, and whatever happens at the very beginning looks steepest. Take it against the logarithm."""
    if rule == "min/10":
        return suggest_lr(lrs, losses, rule)
    return _steepest(lrs, losses, axis=np.asarray)


@wrong
def noise_at_start(lrs, losses, rule):
    """On one of the curves you pick a tiny rate: at the beginning nothing falls yet, and the steepest slope is noise. Smooth more, or leave the beginning out of the search."""
    if rule == "min/10":
        return suggest_lr(lrs, losses, rule)
    return _steepest(lrs, losses)


@wrong
def one_rule_for_both(lrs, losses, rule):
    """On one curve, drawn by hand, the loss falls all at once, far below a tenth of its lowest point. Your pick for "steepest" lies where it is nearly flat. Does your answer look at `rule`? If it does, smooth the curve more."""
    return lrs[np.argmin(_running(losses))] / 10


@wrong
def not_on_the_curve(lrs, losses, rule):
    """Your pick is larger than any rate of one curve, whose rates are all a hundred times smaller: take it from `lrs`, and type no number in."""
    return 0.03


@wrong
def logarithms(lrs, losses, rule):
    """A learning rate is positive; yours is not. Are these the logarithms of the rates?"""
    return np.log(suggest_lr(lrs, losses, rule))


@wrong
def no_rate(lrs, losses, rule):
    """Your number is none of the rates in `lrs`, nor a tenth of one. Is it a loss, the height of the curve? Find the place (`argmin`), then take the *rate* that stands there."""
    return np.min(losses)


@wrong(like=no_rate)
def a_smoothed_loss(lrs, losses, rule):
    return _running(losses).min() / (10 if rule == "min/10" else 1)


@wrong
def index_not_rate(lrs, losses, rule):
    """You return a place on the curve, its index. The rate that stands there is asked for."""
    return int(np.argmin(_running(losses)))
