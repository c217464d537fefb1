"""Which rate is it?"""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 20
points = 3
section = "What convergence can mean"
prompt = r"""
Write `which_rate(errors)`: look at the gaps $f(w_t) - f^*$ of a run, for t = 0, 1, 2, …, and say how they end.
Return a pair, a word and a number:

| returned | when the end of the run |
|---|---|
| `("linear", rate)` | shrinks by the same factor at every step; `rate` is that factor, below 1 |
| `("sublinear", power)` | falls like $C/t^p$; `power` is p, a positive number |
| `("stalled", level)` | falls no more, and only wobbles about a level above 0; `level` is that level |

The beginning of a run may look different: what counts is how it ends.
Some runs arrive so well that the last gaps are exactly 0: leave these out, and judge what stands before them.
There are at least 400 gaps; a rate may be 2 percent off, a power 5, a level 10.

For example, gaps of $3 \cdot 0.9^t$ give `("linear", 0.9)`, and gaps of $5/(t + 1)$ give `("sublinear", 1.0)`.
"""
hints = [
    "Drop the zeros at the end, then keep the second half. How much smaller is its last gap than its first? Hardly, several times, or by orders of magnitude?",
    "Linear is a straight line of log(error) against t; sublinear is one of log(error) against log(t). Fit both to the second half, and see which fits.",
    "Stalled first: if the second half does not fall, return its median. Else fit with `np.polyfit`: the rate is e to the slope of the first line, the power is *minus* the slope of the second.",
]
praise = "From a curve to the theorem behind it: that is how to read a log plot, and how to notice that a run has hit its noise."
why = r"""
Three pictures, three theorems.

- $\log e_t$ against $t$ is a straight line when $e_t = C\rho^t$ (strongly convex, PL); its slope is $\ln\rho$.
- $\log e_t$ against $\log t$ is one when $e_t = C/t^p$ (only convex: p = 1 or better); its slope is $-p$.
- Neither falls: steps of a fixed length in noise have reached their ball.

The start may mislead, because steep directions die first: $0.5^t + 10^{-3}\cdot 0.95^t$ begins as a half per step, and ends as 0.95.
So fit the second half.

Zeros have no logarithm; a run that has arrived says nothing more.
And a plateau is nearly a straight line too, with a rate close to 1: whoever only asks "which line fits better" calls noise a linear rate.
Ask first whether it falls at all.
"""


def _noisy(rng, level, n):
    return level * np.exp(0.05 * rng.standard_normal(n))


equal = (">= 0.8",)  # we chose this threshold ourselves, so a result exactly on it may go either way


def cases(rng):
    t = np.arange(400)
    yield (3 * 0.9**t,)
    yield (0.5**t + 1e-3 * 0.95**t,)
    yield (5 / (t + 1),)
    yield (2 / (t + 3.0) ** 2 + 0.3 * 0.6**t,)
    yield (0.8**t + 1e-10 * 0.97**t,)
    arrived = 2 * 0.8**t
    yield (np.where(arrived < 1e-15, 0.0, arrived),)
    yield (3 * 0.8**t + _noisy(rng, 1e-3, 400),)
    n = int(rng.integers(400, 700))
    t = np.arange(n)
    slow, fast = rng.uniform(0.7, 0.96), rng.uniform(0.2, 0.5)
    yield (fast**t + 10 ** rng.uniform(-4, -1) * slow**t,)
    yield (rng.uniform(1, 9) / (t + rng.uniform(1, 3)) ** rng.uniform(0.8, 2.2),)
    yield (rng.uniform(1, 9) * rng.uniform(0.3, 0.8) ** t + _noisy(rng, 10 ** rng.uniform(-5, -1), n),)


def canonical(output):
    word, number = output
    if isinstance(number, str) and not isinstance(word, str):
        return str(word), number
    return str(word).strip().lower(), float(number)


def law(output, errors):
    (word, number), (kind, true) = output, which_rate(errors)
    if isinstance(number, str):
        return "The word comes first, the number second."
    if word not in ("linear", "sublinear", "stalled"):
        return f'The word is "linear", "sublinear" or "stalled"; yours is {word!r}.'
    if not np.isfinite(number):
        return "log_of_zero" if errors[-1] == 0 else f"The number that goes with {word!r} is {number}."
    if word != kind:
        return (
            {"stalled": "noise_called_linear", "sublinear": "linear_for_all"}.get(kind)
            if word == "linear"
            else f"This run is not {word}: look again at its second half."
        )
    allowed = {"linear": 0.02, "sublinear": 0.05, "stalled": 0.1}[kind]
    if abs(number / true - 1) <= allowed:
        return None
    if kind == "sublinear" and number < 0:
        return "slope_sign"
    if kind == "linear" and abs(number / (errors[5] / errors[4]) - 1) < 0.02:
        return "fits_the_start"
    for code, other in (
        ("logarithm_of_the_rate", np.log(true)),
        ("logarithm_of_the_rate", -np.log(true)),
        ("share_that_goes", 1 - true),
        ("upside_down", 1 / true),
    ):
        if kind == "linear" and abs(number / other - 1) < 0.02:
            return code
    return f"The word is right; its number, {number:.4g}, is not that of the end of the run."


def which_rate(errors):
    """Return a word and a number: how a run with these gaps ends."""
    e = errors[: np.flatnonzero(errors)[-1] + 1]
    t = np.arange(len(e))[len(e) // 2 :]
    e = e[len(e) // 2 :]
    if np.median(e[-50:]) > 0.8 * np.median(e[:50]):
        return "stalled", np.median(e)
    fits = {}
    for word, x in {"linear": t, "sublinear": np.log(t)}.items():
        slope, offset = np.polyfit(x, np.log(e), 1)
        fits[word] = np.sum((np.log(e) - offset - slope * x) ** 2), slope
    word = min(fits, key=fits.get)
    slope = fits[word][1]
    return word, np.exp(slope) if word == "linear" else -slope


@right
def by_ratios(errors):
    e = np.trim_zeros(np.asarray(errors), "b")
    n = len(e)
    middle, end = np.median(e[n // 2 : n // 2 + 40]), np.median(e[-40:])
    if end > 0.75 * middle:
        return "stalled", e[n // 2 :].mean()
    ratios = e[1:] / e[:-1]
    early, late = np.median(ratios[n // 2 : n // 2 + 20]), np.median(ratios[-20:])
    if abs(early - late) < 1e-4 and late < 0.98:
        return "linear", late
    return "sublinear", np.log(e[n // 2] / e[-1]) / np.log((n - 1) / (n // 2))


@right
def from_two_points(errors):
    e = [x for x in errors if x > 0]
    a, b, c = len(e) // 2, 3 * len(e) // 4, len(e) - 1
    if sum(e[-60:]) > 0.8 * sum(e[a : a + 60]):
        return ["stalled", sum(e[a:]) / len(e[a:])]
    first, second = np.log(e[a] / e[b]) / (b - a), np.log(e[b] / e[c]) / (c - b)
    if abs(first / second - 1) < 0.05:
        return ["linear", float(np.exp(-second))]
    return ["Sublinear", float(np.log(e[a] / e[c]) / np.log(c / a))]


@wrong
def fits_the_start(errors):
    """Your rate is that of the start. There the steep directions die, and they are soon gone: fit the end of the run, its second half."""
    word, number = which_rate(errors)
    return (word, errors[5] / errors[4]) if word == "linear" else (word, number)


@wrong
def fits_the_whole_run(errors):
    """Your rate is that of the whole run, its start included. There the steep directions die, and they bend the line that you fit: only the second half says how the run ends."""
    word, number = which_rate(errors)
    e = np.trim_zeros(errors, "b")
    return (word, np.exp(np.polyfit(np.arange(len(e)), np.log(e), 1)[0])) if word == "linear" else (word, number)


@wrong
def log_of_zero(errors):
    """You take the logarithm of zero: this run ends in gaps that are exactly 0, and no number comes out. Leave them out first."""
    slope = np.polyfit(np.arange(len(errors)), np.log(errors), 1)[0] if errors[-1] == 0 else None
    return ("linear", np.exp(slope)) if slope is not None else which_rate(errors)


@wrong
def linear_for_all(errors):
    """You call every run linear. This one is not: its factor per step creeps towards 1, and log(error) bends against t. Against log(t) it is straight."""
    e = np.trim_zeros(errors, "b")
    return "linear", (e[-1] / e[len(e) // 2]) ** (1 / (len(e) - 1 - len(e) // 2))


@wrong
def slope_sign(errors):
    """The sign is turned round: in C/tᵖ the power p is positive, while the slope of the line on log-log paper is −p."""
    word, number = which_rate(errors)
    return word, -number if word == "sublinear" else number


@wrong
def noise_called_linear(errors):
    """You call noise linear. In its second half this run no longer falls: it wobbles about a level. A line that fits has a slope of nearly nothing."""
    word, number = which_rate(errors)
    e = errors[len(errors) // 2 :]
    return ("linear", (e[-1] / e[0]) ** (1 / (len(e) - 1))) if word == "stalled" else (word, number)


@wrong
def logarithm_of_the_rate(errors):
    """For linear runs you return the slope of log(error), the logarithm of the rate. The rate is the factor per step: e to that slope."""
    word, number = which_rate(errors)
    return word, np.log(number) if word == "linear" else number


@wrong
def rate_per_decade(errors):
    """For linear runs you mix logarithms: a slope in base 10 needs 10 to that slope, not e. The rate comes out too near to 1."""
    word, number = which_rate(errors)
    return word, np.exp(np.log10(number)) if word == "linear" else number


@wrong
def never_stalled(errors):
    """You never say "stalled": a run that has reached its noise falls like no power either. First ask whether the second half falls at all."""
    word, number = which_rate(errors)
    return ("sublinear", 0.01) if word == "stalled" else (word, number)


@wrong
def lowest_as_level(errors):
    """Your level is the lowest gap of all, a lucky moment of the noise. The level is what the end wobbles *about*: a median or a mean."""
    word, number = which_rate(errors)
    return word, np.min(errors) if word == "stalled" else number


@wrong
def share_that_goes(errors):
    """For linear runs you return the share that goes in a step. The rate is the factor that stays: 1 minus that."""
    word, number = which_rate(errors)
    return word, 1 - number if word == "linear" else number


@wrong
def upside_down(errors):
    """For linear runs your factor is above 1: you divide the earlier gap by the later one. The gap after the step belongs in the numerator."""
    word, number = which_rate(errors)
    return word, 1 / number if word == "linear" else number
