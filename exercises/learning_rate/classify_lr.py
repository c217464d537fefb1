"""The regime of a learning rate."""

import numpy as np

from gdcourse.exercises import right, wrong

starter = '''
def classify_lr(a, lr):
    """Return one word of the table above for the rate lr."""
    ...
'''
minutes = 15
section = "One parameter: five regimes"
prompt = r"""
On $f(w) = \tfrac12 a\,(w - w^*)^2$ one step multiplies the distance to the minimum by $1 - \eta a$.
Write `classify_lr(a, lr)`: return one word for what happens, as a string:

| word | what you see |
|---|---|
| `"stuck"` | the rate is 0: nothing moves |
| `"monotone"` | nearer at every step, always on the same side |
| `"one-step"` | at the minimum after one step |
| `"oscillating"` | nearer at every step, on alternating sides |
| `"cycling"` | from side to side at the same distance, for ever |
| `"diverging"` | farther away at every step (a negative rate does that too) |

`a` is positive.
Rates within $10^{-9}$ of the borders $1/a$ and $2/a$, relative to them, count as on the border: 0.1 + 0.2 is 0.3 to everybody but a computer.
For example, `classify_lr(2, 0.1)` is `"monotone"`.
"""
hints = [
    "Everything depends on one number, the product of rate and curvature. Where are its borders?",
    "The multiplier is 1 − ηa: positive, zero, negative but above −1, exactly −1, below −1. What about a rate of zero, and below zero?",
    "Test the borders first, with a tolerance such as `math.isclose(lr * a, 1)`; then `<` and `>` decide the rest.",
]
praise = "Six words and one product: now you can tell a whole run from its first two steps."
why = r"""
Let $p = \eta a$, so that the multiplier is $1 - p$.

- $p < 0$: the multiplier is above 1. You climb.
- $p = 0$: it is 1. You stay.
- $0 < p < 1$: between 0 and 1. You come nearer on the same side.
- $p = 1$: it is 0. You are there.
- $1 < p < 2$: between −1 and 0. You overshoot, and come nearer all the same.
- $p = 2$: it is −1. You jump from side to side for ever, at the same height.
- $p > 2$: below −1. Every jump is longer than the one before.

Overshooting is not diverging: between $1/a$ and $2/a$ each step lands on the other side, and nearer.

The borders are single points, and floating-point numbers rarely hit a point: `(0.1 + 0.2) * 10` is 3.0000000000000004.
A comparison with a tolerance says what you mean.
"""


equal = ("p <= 0", "p >= 2", "p <= 1")  # the lines above have already answered for these points


def cases(rng):
    yield 2.0, 0.1
    yield 2.0, 0.5
    yield 2.0, 0.9
    yield 2.0, 1.0
    yield 2.0, 1.1
    yield 2.0, 0.0
    yield 2.0, -0.1
    yield 5.0, 0.15
    yield 10 / 3, 0.1 + 0.2
    yield 20 / 3, 0.1 + 0.2
    yield 0.1, 20.0
    yield 49.0, 1 / 49 * (1 + 1e-15)
    yield 2.0, 0.5 * (1 + 2e-5)  # near the border, but not on it
    yield 2.0, 1 - 2e-5
    for p in (0.4, 0.999, 1.001, 1.7, 1.999, 2.001, 3.0):
        a = float(rng.uniform(0.1, 30))
        yield a, p / a
    for p in (1.0, 2.0):
        a = float(rng.uniform(0.1, 30))
        yield a, p / a
    yield float(rng.uniform(0.1, 30)), -float(rng.uniform(0.1, 1))


def canonical(output):
    """Return the word of the answer. An Enum member counts by its value or its name; case, blanks and underscores do
    not matter."""
    if isinstance(output, np.ndarray):
        return output
    output = (
        getattr(output, "value", output)
        if isinstance(getattr(output, "value", output), str)
        else getattr(output, "name", output)
    )
    if not isinstance(output, str):
        return output
    return output.strip().lower().replace("_", "-").replace(" ", "-")


def classify_lr(a, lr):
    """Return the regime of the rate lr on ½ a (w - w*)²."""
    p = lr * a
    if np.isclose(p, 0, rtol=0, atol=1e-15):
        return "stuck"
    if np.isclose(p, 1, rtol=1e-9, atol=0):
        return "one-step"
    if np.isclose(p, 2, rtol=1e-9, atol=0):
        return "cycling"
    if p < 0 or p > 2:
        return "diverging"
    return "monotone" if p < 1 else "oscillating"


@right
def by_the_multiplier(a, lr):
    q = 1 - lr * a
    if lr == 0:
        return "Stuck"
    if abs(q) < 1e-9:
        return "one_step"
    if abs(q + 1) < 2e-9:
        return "cycling"
    if abs(q) > 1:
        return "diverging"
    return "monotone" if q > 0 else "oscillating"


@right
def by_the_rate(a, lr):
    best, edge, slack = 1 / a, 2 / a, 1e-9
    if lr <= 0:
        return "stuck" if lr == 0 else "diverging"
    if abs(lr - best) <= slack * best:
        return "one-step"
    if abs(lr - edge) <= slack * edge:
        return "cycling"
    return ("monotone", "oscillating", "diverging")[(lr > best) + (lr > edge)]


@wrong
def edge_at_1_over_a(a, lr):
    """You call overshooting diverging. Between 1/a and 2/a every step lands on the other side of the minimum, but nearer to it than before."""
    word = classify_lr(a, lr)
    return "diverging" if word in ("oscillating", "cycling") else word


@wrong
def boundary(a, lr):
    """At the rate 2/a the multiplier is exactly −1: the distance stays the same for ever. That is neither coming nearer nor going away; it has a word of its own."""
    word = classify_lr(a, lr)
    return "diverging" if word == "cycling" else word


@wrong
def boundary_converges(a, lr):
    """At the rate 2/a you say that the descent comes nearer. The multiplier is exactly −1 there: it jumps from side to side at the same distance, for ever."""
    word = classify_lr(a, lr)
    return "oscillating" if word == "cycling" else word


@wrong
def float_equality(a, lr):
    """You compare floating-point numbers with `==`: `0.1 + 0.2` is not quite 0.3, and the border is missed by a hair. Compare with a tolerance, for example `math.isclose`."""
    p = lr * a
    if lr <= 0:
        return "stuck" if lr == 0 else "diverging"
    if p == 1:
        return "one-step"
    if p == 2:
        return "cycling"
    if p > 2:
        return "diverging"
    return "monotone" if p < 1 else "oscillating"


@wrong
def nonpositive_lr(a, lr):
    """Look at rates that are not positive: with 0 nothing moves, and a negative rate walks uphill. Both look monotone to a test that asks only for a product below 1."""
    return "monotone" if lr <= 0 else classify_lr(a, lr)


@wrong
def zero_diverges(a, lr):
    """A rate of 0 does not walk away: the multiplier is 1 and nothing moves. It has a word of its own."""
    return "diverging" if lr <= 0 else classify_lr(a, lr)


@wrong
def no_one_step(a, lr):
    """At the rate 1/a the multiplier is 0: the first step lands on the minimum. That is a word of its own, between coming nearer on the same side and on alternating sides."""
    word = classify_lr(a, lr)
    return "monotone" if word == "one-step" else word


@wrong
def overshoot_is_monotone(a, lr):
    """The distance does shrink at every step, but between 1/a and 2/a the side changes each time: the multiplier is negative. The list keeps two words for that."""
    word = classify_lr(a, lr)
    return "monotone" if word == "oscillating" else word


@wrong
def curvature_forgotten(a, lr):
    """You judge the rate without the curvature. A rate alone is neither small nor large: what counts is its product with a."""
    return classify_lr(1.0, lr)


@wrong
def border_too_wide(a, lr):
    """You take rates for exactly on the border that only lie near it: your tolerance is too wide. It is 1e-9, relative to the border."""
    return _with_tolerance(a, lr, 1e-2)


def _with_tolerance(a, lr, tol):
    p = a * lr
    for edge, word in ((1, "one-step"), (2, "cycling")):
        if abs(p - edge) <= tol * edge:
            return word
    return classify_lr(a, lr)


for _tol in (0.1, 0.05, 1e-3, 1e-4):
    wrong(like=border_too_wide)(lambda a, lr, tol=_tol: _with_tolerance(a, lr, tol))


@wrong
def words_exchanged(a, lr):
    """ "monotone" and "oscillating" are exchanged: below 1/a every step stays on the same side, above it the sides alternate."""
    return {"monotone": "oscillating", "oscillating": "monotone"}.get(classify_lr(a, lr), classify_lr(a, lr))


@wrong
def edge_is_one_step(a, lr):
    """ "one-step" and "cycling" are exchanged: at 1/a the multiplier is 0 and the first step arrives; at 2/a it is −1, from side to side for ever."""
    return {"one-step": "cycling", "cycling": "one-step"}.get(classify_lr(a, lr), classify_lr(a, lr))
