"""The range test."""

import copy

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 25
points = 3
tolerance = 1e-4  # also wide enough for float32, whose rounding errors grow with the loss near the explosion
section = "The range test: one descent, and the rate grows"
prompt = r"""
Write `lr_find(loss_grad, w, grid, stop=4)`: gradient descent while the rate runs through `grid`, one step per rate.

1. `loss, g = loss_grad(w)` at the current w. Store the loss and the rate.
2. Smooth: the running mean of the losses so far with β = 0.9, corrected, as in the exercise before this one.
3. If the smoothed loss is above `stop` times the *lowest smoothed loss so far*, or not a number, end the test here; the exploded loss is the last one stored.
4. Otherwise step: $w \leftarrow w - \eta\, g$ with the current rate.

Return the two arrays `(lrs, losses)`, equally long, the losses *as measured*, not smoothed.
`w` is an array, and afterwards it is what it was before.

For example, on ½w² from w = `[1.0]` with the rates 0.1, 0.2, 0.4 the losses are 0.5, 0.405 and 0.2592.
"""
hints = [
    "Take your own copy of w before the loop, and descend with that.",
    "The loss belongs to the point *before* the step, and is stored with the rate that is about to be tried.",
    "Ask `if not smoothed <= stop * best: break`. Written so, nan ends the test too.",
]
praise = (
    "One short run, and the curve of a whole sweep: the rates that help, the rates that crawl, the rate that kills."
)
why = r"""
The test ruins its weights: at the end the rate is far beyond the edge.
So it works on a copy, and the caller's w stays as it was; otherwise the training afterwards would start from rubble.

It is *one* descent, not one per rate: each loss shows what the rates before it have done.
That is what makes it cheap, and also why the curve lags behind the rate.

The smoothed loss decides, because a single batch may be unlucky.
Its comparison is written `not smoothed <= limit`: every comparison with nan is False, so `smoothed > limit` would let nan pass and the test would run on through a desert of nan.

The exploded loss is kept as the last point: it shows at which rate the test was over.
"""


def half_square(w):
    return 0.5 * float(np.sum(w * w)), np.array(w)


class Noisy:
    """A bowl whose loss is measured with noise. The noise depends only on the number of the call, so it repeats."""

    def __init__(self, curvature, seed, size):
        self.curvature, self.seed, self.size, self.calls = np.asarray(curvature), seed, size, 0

    def __call__(self, w):
        with np.errstate(over="ignore", invalid="ignore"):
            loss = 0.5 * float(np.sum(self.curvature * w * w))
            noise = 1 + self.size * np.sin(12.9898 * (self.calls + self.seed))
            self.calls += 1
            return loss * noise + 1.0, self.curvature * w

    def __repr__(self):
        return "a bowl, measured with noise"


def cliff(w):
    """A loss that falls evenly, and is not a number where the weights add up to more than 2."""
    value = float(np.sum(w))
    if value > 2:
        return float("nan"), np.full_like(w, np.nan)
    return 3.0 - value, -np.ones_like(w)


def gentle_rise(w):
    """A loss that does not explode: it rises a little at each step."""
    return 1.0 + float(np.sum(w)) ** 2, -np.ones_like(w)


equal = ("smoothed < stop",)  # no smoothed loss is exactly at the limit


def cases(rng):
    yield half_square, np.array([1.0]), np.array([0.1, 0.2, 0.4])
    yield half_square, np.array([1.0, -2.0, 0.5]), np.geomspace(0.01, 50, 40)
    yield cliff, np.array([0.0, 0.0]), np.geomspace(0.01, 5, 30)
    yield half_square, np.array([3.0]), np.geomspace(0.5, 100, 25), 2.0
    yield gentle_rise, np.array([0.0]), np.geomspace(0.01, 1, 60), 2.5
    # the run must stop at four times the best loss, not at five
    yield gentle_rise, np.array([0.0]), np.geomspace(0.01, 1, 60)
    yield (
        half_square,
        np.array([1.0, 2.0]),
        np.geomspace(1e-4, 3, 30),
        1.3,
    )  # the loss is level at first; a wrongly corrected mean is not
    # one measurement jumps at the start: the smoothed loss stays below the limit, the single loss does not
    yield Noisy([1.0, 3.0], 8, 0.97), np.array([2.0, 1.0]), np.geomspace(1e-3, 20, 40), 1.6
    for d in (2, 4):
        yield (
            Noisy(rng.uniform(0.5, 4, d), int(rng.integers(100)), 0.3),
            rng.normal(size=d),
            np.geomspace(1e-3, 30, 50),
            4,
        )


def run(answer, loss_grad, w, grid, *stop):
    if isinstance(loss_grad, Noisy):
        loss_grad = copy.copy(loss_grad)
    with np.errstate(all="ignore"):
        return answer(loss_grad, w, grid, *stop)


def canonical(output):
    lrs, losses = (output["lrs"], output["losses"]) if isinstance(output, dict) else output
    losses = np.array(losses, dtype=float)
    # make nan equal to nan, because the last loss, after the explosion, may be nan
    return np.array(lrs, dtype=float), np.where(np.isnan(losses), 1e300, losses)


def lr_find(loss_grad, w, grid, stop=4):
    """Return (lrs, losses) of one descent whose rate runs through grid."""
    w, lrs, losses = w.copy(), [], []
    mean, best = 0.0, np.inf
    for t, lr in enumerate(grid, start=1):
        loss, g = loss_grad(w)
        lrs.append(lr)
        losses.append(loss)
        mean = 0.9 * mean + 0.1 * loss
        smoothed = mean / (1 - 0.9**t)
        best = min(best, smoothed)
        if not smoothed <= stop * best:
            break
        w = w - lr * g
    return np.array(lrs), np.array(losses)


def _find(
    loss_grad, w, grid, stop=4, own=True, through=False, drop=0, raw=False, restart=False, after=False, first_only=False
):
    """The loop with one part exchanged, for the other right answers and for the mistakes."""
    w = w.copy() if own else w
    first, lrs, losses, mean, best = w.copy(), [], [], 0.0, np.inf
    for t, lr in enumerate(grid, start=1):
        if restart:
            w = first.copy()
        loss, g = loss_grad(w)
        if after or restart:
            w = w - lr * g
            loss = loss_grad(w)[0]
        lrs.append(lr)
        losses.append(loss)
        mean = 0.9 * mean + 0.1 * loss
        now = loss if raw else mean / (1 - 0.9**t)
        best = best if first_only and losses[1:] else min(best, now)
        if through and np.isnan(now):
            pass
        elif not now <= stop * best:
            break
        if own and not (after or restart):
            w = w - lr * g
        elif not own:
            w -= lr * g
    end = len(lrs) - drop if len(lrs) < len(grid) else len(lrs)
    return lrs[:end], losses[:end]


@right
def in_place_on_a_copy(loss_grad, w, grid, stop=4):
    return _find(loss_grad, np.array(w), grid, stop, own=False)


@right
def plain_lists(loss_grad, w, grid, stop=4):
    w, losses, means, m = copy.deepcopy(w), [], [], 0.0
    for t, lr in enumerate(grid):
        loss, g = loss_grad(w)
        losses.append(float(loss))
        m = m * 0.9 + loss * 0.1
        means.append(m / (1 - 0.9 ** (t + 1)))
        if means[-1] != means[-1] or means[-1] > stop * min(means):
            break
        w = w - lr * g
    return list(grid[: len(losses)]), losses


@wrong
def changes_weights(loss_grad, w, grid, stop=4):
    """The curve is right, but the caller's w is ruined: `w -= …` wrote into it, and the training afterwards would start from rubble. Work on a copy."""
    return _find(loss_grad, w, grid, stop, own=False)


@wrong
def keeps_going_after_nan(loss_grad, w, grid, stop=4):
    """Your test runs on when the loss is nan: `nan > limit` is False. Ask the other way round, `if not smoothed <= limit`."""
    return _find(loss_grad, w, grid, stop, through=True)


@wrong
def never_stops(loss_grad, w, grid, stop=4):
    """Your test runs through the whole grid, explosion or not. End it when the smoothed loss is above `stop` times the lowest one so far."""
    return _find(loss_grad, w, grid, np.inf, through=True)


@wrong
def drops_the_exploded_point(loss_grad, w, grid, stop=4):
    """The exploded loss is missing at the end of your curve. It shows at which rate the test was over: store first, then decide."""
    return _find(loss_grad, w, grid, stop, drop=1)


@right
def a_dictionary(loss_grad, w, grid, stop=4):
    lrs, losses = _find(loss_grad, w, grid, stop)
    return {"lrs": lrs, "losses": losses}


@wrong
def includes_exploded_point(loss_grad, w, grid, stop=4):
    """Your curve goes on for one point beyond the explosion: you step once more before you look. The exploded loss itself is the last one to store; end the test before the step."""
    lrs, losses = lr_find(loss_grad, w, grid, stop)
    end = len(lrs)
    if isinstance(loss_grad, Noisy):
        loss_grad.calls = 0
    return [part[: end + 1] for part in _find(loss_grad, w, grid, np.inf, through=True)]


@wrong
def uses_unsmoothed_stop(loss_grad, w, grid, stop=4):
    """You decide by the loss as measured, and one unlucky batch ends the test far too early. Let the smoothed loss decide."""
    return _find(loss_grad, w, grid, stop, raw=True)


@wrong
def stop_ignored(loss_grad, w, grid, stop=4):
    """Your limit is four times the lowest loss, whatever `stop` says: use the argument."""
    return _find(loss_grad, w, grid, 4)


@wrong
def compares_with_the_first(loss_grad, w, grid, stop=4):
    """You compare with the first loss, and the test runs on too long: by the time it explodes, the loss has fallen far below where it began. Keep the lowest smoothed loss so far."""
    return _find(loss_grad, w, grid, stop, first_only=True)


@wrong
def no_correction(loss_grad, w, grid, stop=4):
    """Your running mean is not corrected for its start at zero: at first it only climbs, and is soon far above its own lowest value, which is the first one. Divide by 1 − 0.9ᵗ."""
    w, lrs, losses, mean, best = w.copy(), [], [], 0.0, np.inf
    for lr in grid:
        loss, g = loss_grad(w)
        lrs.append(lr)
        losses.append(loss)
        mean = 0.9 * mean + 0.1 * loss
        best = min(best, mean)
        if not mean <= stop * best:
            break
        w = w - lr * g
    return lrs, losses


@wrong
def correction_power_off_by_one(loss_grad, w, grid, stop=4):
    """The count in your correction is one too high: for the first loss it divides by 1 − 0.9², and that makes the first mean too low, so that the ones after it look like a rise."""
    w, lrs, losses, mean, best = w.copy(), [], [], 0.0, np.inf
    for t, lr in enumerate(grid, start=2):
        loss, g = loss_grad(w)
        lrs.append(lr)
        losses.append(loss)
        mean = 0.9 * mean + 0.1 * loss
        best = min(best, mean / (1 - 0.9**t))
        if not mean / (1 - 0.9**t) <= stop * best:
            break
        w = w - lr * g
    return lrs, losses


@wrong
def restarts_every_rate(loss_grad, w, grid, stop=4):
    """You go back to the start for every rate: that is a sweep of single steps. The range test is one descent whose rate grows as it goes."""
    return _find(loss_grad, w, grid, stop, restart=True)


@wrong
def loss_after_the_step(loss_grad, w, grid, stop=4):
    """Your loss belongs to the point after the step, and every rate costs two evaluations. Store the loss that came with the slope, before the step."""
    return _find(loss_grad, w, grid, stop, after=True)


@wrong
def returns_smoothed(loss_grad, w, grid, stop=4):
    """You return the smoothed losses. They decide when to stop; what is returned are the losses as measured."""
    lrs, losses = lr_find(loss_grad, w, grid, stop)
    m, out = 0.0, []
    for t, loss in enumerate(losses, start=1):
        m = 0.9 * m + 0.1 * loss
        out.append(m / (1 - 0.9**t))
    return lrs, np.array(out)


@wrong
def order(loss_grad, w, grid, stop=4):
    """The two arrays are exchanged: rates first, then losses."""
    return lr_find(loss_grad, w, grid, stop)[::-1]
