"""A mean that follows."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 12
section = "The range test: one descent, and the rate grows"
prompt = r"""
Write `smooth(losses, beta)`: the running mean of a list of losses, corrected for its start at zero.

$$\begin{aligned} m_t &= \beta\, m_{t-1} + (1 - \beta)\,\ell_t \\ \text{smoothed}_t &= \frac{m_t}{1 - \beta^{t}} \end{aligned}$$

for $t = 1, 2, 3, \dots$, with $m_0 = 0$.

Return as many numbers as there are losses.
For example, the losses 4, 2, 2 with β = 0.5 become 4, 2.667, 2.286.
"""
hints = [
    "One number is carried along, m. Each new loss enters it with the weight 1 − β.",
    "What is stored is not m itself but m divided by the sum of all weights so far, 1 − βᵗ, with t = 1 for the first loss.",
    "`enumerate(losses, start=1)` counts as the formula does.",
]
praise = "The first value is the first loss itself, and no value knows the future: so you can decide while the test is still running."
why = r"""
After t losses the weights in m are $(1 - \beta),\ (1 - \beta)\beta,\ \dots$ and add up to $1 - \beta^t$.
Dividing by that makes an honest weighted mean from the first loss on; it is Adam's bias correction.

Without it the curve starts near zero and climbs: a range test would find its lowest loss at the very first rate.

Starting from the first loss, $m_1 = \ell_1$, looks just as good at step 1, and is different from step 2 on: the first loss then has far too much weight for a long time.

A centred mean would be smoother still, but it needs later losses, and the test has to stop *now*.
"""


def cases(rng):
    yield np.array([4.0, 2.0, 2.0]), 0.5
    yield [1.0, 1.0, 1.0, 1.0], 0.9
    yield np.array([3.0]), 0.7
    yield np.array([2.0, 5.0, 1.0]), 0.0
    for n in (5, 12):
        yield rng.uniform(0.5, 3, n), float(rng.uniform(0.3, 0.98))


def smooth(losses, beta):
    """Return the running mean of losses, corrected: one number each."""
    m, smoothed = 0.0, []
    for t, loss in enumerate(losses, start=1):
        m = beta * m + (1 - beta) * loss
        smoothed.append(m / (1 - beta**t))
    return np.array(smoothed)


@right
def weighted_means(losses, beta):
    return [np.average(losses[: t + 1], weights=float(beta) ** np.arange(t, -1, -1)) for t in range(len(losses))]


@right
def sums_above_and_below(losses, beta):
    above = below = 0.0
    out = np.empty(len(losses))
    for t, loss in enumerate(losses):
        above, below = beta * above + loss, beta * below + 1
        out[t] = above / below
    return out


@right
def with_a_matrix(losses, beta):
    n = len(losses)
    age = np.arange(n)[:, None] - np.arange(n)
    weights = np.where(age >= 0, float(beta) ** np.maximum(age, 0), 0.0)
    return weights @ np.asarray(losses) / weights.sum(axis=1)


def _plain(losses, beta, m=0.0):
    out = []
    for loss in losses:
        m = beta * m + (1 - beta) * loss
        out.append(m)
    return np.array(out)


@wrong
def no_correction(losses, beta):
    """Your curve starts near zero and climbs, because m does. Divide by the sum of the weights so far, 1 − βᵗ."""
    return _plain(losses, beta)


@wrong
def peeks_ahead(losses, beta):
    """Your values use losses that come later. A range test has to decide while it runs: each value from what was seen so far."""
    return smooth(losses[::-1], beta)[::-1]


@wrong
def beta_swapped(losses, beta):
    """β and 1 − β are exchanged: the new loss gets the large weight, and nearly nothing is smoothed."""
    return smooth(losses, 1 - beta) if 0 < beta < 1 else np.full(len(losses), losses[0])


@wrong
def correction_power_off_by_one(losses, beta):
    """The count in your correction is one too high: for the first loss it divides by 1 − β², and the first value is not the first loss."""
    return _plain(losses, beta) / (1 - float(beta) ** np.arange(2, len(losses) + 2))


@wrong
def correction_divides_by_zero(losses, beta):
    """The count in your correction starts at 0, and 1 − β⁰ is zero. The first loss has the number 1."""
    with np.errstate(all="ignore"):
        return _plain(losses, beta) / (1 - np.float64(beta) ** np.arange(len(losses)))


@wrong
def seeded_with_first_value(losses, beta):
    """The first value is right, the second is not: you start m at the first loss, which then keeps far too much weight. Start at zero and divide by 1 − βᵗ."""
    return _plain(losses, beta, m=losses[0])


@wrong
def stores_corrected(losses, beta):
    """The second value is off: the corrected mean went back into the next step. Carry the plain m along, and correct only what you store."""
    m, out = 0.0, []
    for t, loss in enumerate(losses, start=1):
        m = (beta * m + (1 - beta) * loss) / (1 - beta**t)
        out.append(m)
    return np.array(out)


@wrong
def only_the_last(losses, beta):
    """You return one number, the last mean. The whole curve is asked for, one value per loss."""
    return smooth(losses, beta)[-1]


@wrong
def nothing_is_smoothed(losses, beta):
    """You return the losses as they came: nothing is smoothed. In the first term the *old* mean m counts, not the new loss."""
    return np.array(losses, dtype=float)


@wrong
def mean_of_all(losses, beta):
    """You return the plain mean of all losses so far, `beta` is not used. In a running mean older losses count less and less."""
    return np.cumsum(losses) / np.arange(1, len(losses) + 1)


@wrong
def previous_loss(losses, beta):
    """You mix each loss with the loss before it. The old part is the running *mean* m, which remembers all of them."""
    m, out = 0.0, []
    for t, loss in enumerate(losses, start=1):
        out.append((beta * m + (1 - beta) * loss) / (1 - beta**t))
        m = loss
    return np.array(out)


@wrong
def same_correction_for_all(losses, beta):
    """Your correction is the same for every loss: it divides by 1 − β. The power t counts on: 1 − β, then 1 − β², 1 − β³."""
    m, out = 0.0, []
    for loss in losses:
        m = beta * m + (1 - beta) * loss
        out.append(m / (1 - beta))
    return np.array(out)


@wrong
def product_for_power(losses, beta):
    """Your correction multiplies β by t. `beta ** t` is a power: β times itself, t times."""
    m, out = 0.0, []
    with np.errstate(all="ignore"):
        for t, loss in enumerate(losses, start=1):
            m = beta * m + (1 - beta) * loss
            out.append(m / (1 - np.float64(beta) * t))
    return np.array(out)


@wrong
def weight_missing(losses, beta):
    """The new loss comes in whole: its weight 1 − β is missing, so the mean grows too large."""
    m, out = 0.0, []
    for t, loss in enumerate(losses, start=1):
        m = beta * m + loss
        out.append(m / (1 - beta**t))
    return np.array(out)


@wrong
def multiplied_correction(losses, beta):
    """You multiply by 1 − βᵗ, and so make the first means smaller still. They are too small: divide."""
    m, out = 0.0, []
    for t, loss in enumerate(losses, start=1):
        m = beta * m + (1 - beta) * loss
        out.append(m * (1 - beta**t))
    return np.array(out)
