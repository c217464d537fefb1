"""One step of momentum."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 8
section = "Momentum: a memory of past gradients"
prompt = r"""
Write one step of gradient descent with momentum, in the convention of this course:

$$m \leftarrow \beta m + g, \qquad w \leftarrow w - \eta m .$$

Return the new `w` and the new `m`, in this order, and leave the arrays you are given as they are.

For example, `momentum_step(np.array([1.0, 0.0, 2.0]), np.array([1.0, 0.0, 0.0]), np.array([2.0, 1.0, 0.0]), 0.1, 0.5)`
returns `[0.75, -0.1, 2.0]` and `[2.5, 1.0, 0.0]`.
"""
hints = [
    "Two lines of code for two lines of formula. Which of the two arrows comes first?",
    "The memory is brought up to date first: what is kept of the old one, plus the new gradient.",
    "`m = beta * m + g`. Now take the step with this new `m`; the learning rate appears there and nowhere else.",
]
praise = "Under a constant gradient your memory grows to g / (1 − β): at β = 0.9 every step becomes ten times as long."
why = r"""
Read the two arrows from left to right.
The memory forgets a share $1 - \beta$ of what it knew and takes in the new gradient whole: $m \leftarrow \beta m + g$.
Only then do we step, with the memory we have just brought up to date: $w \leftarrow w - \eta m$.

Written as `m = beta * m + g` the first line makes a new array, so the caller's `m` stays what it was.
`m *= beta` would have reached back into it.
"""


def cases(rng):
    # β and η are not round and differ from each other, and w, m, g have no equal entries: so each mistake below gives
    # its own numbers.
    yield np.array([1.0, -2.0, 3.0]), np.array([0.5, 1.5, -1.0]), np.array([2.0, -0.7, 0.3]), 0.1, 0.9
    yield np.array([4.0]), np.array([3.0]), np.array([-2.0]), 0.25, 0.6
    for d in (2, 3, 5):
        yield rng.normal(size=d), rng.normal(size=d), rng.normal(size=d), rng.uniform(0.05, 0.4), rng.uniform(0.5, 0.95)
    yield rng.normal(size=(2, 3)), rng.normal(size=(2, 3)), rng.normal(size=(2, 3)), 0.03, 0.8


def momentum_step(w, m, g, lr, beta):
    """Return (w, m) after one step: m ← βm + g, then w ← w − ηm."""
    m = beta * m + g
    return w - lr * m, m


@right
def in_one_expression(w, m, g, lr, beta):
    return w - lr * (beta * m + g), beta * m + g


@right
def on_copies_in_place(w, m, g, lr, beta):
    w, m = w.copy(), m.copy()
    m *= beta
    m += g
    w -= lr * m
    return [w, m]


@right
def step_in_two_parts(w, m, g, lr, beta):
    w_next = w - lr * beta * m - lr * g
    return w_next, (w - w_next) / lr


@wrong
def lr_inside_velocity(w, m, g, lr, beta):
    """Your memory (the velocity, as others call it) has the learning rate inside already. That is another convention,
    m ← βm − ηg: here the memory holds slopes only, and `lr` appears once, in the step of `w`."""
    m = beta * m - lr * g
    return w + m, m


@wrong
def lr_inside_positive_velocity(w, m, g, lr, beta):
    """Your memory, the velocity, holds `lr` times the slope. Here the memory holds slopes only, and the learning rate `lr` appears
    once, in the step of `w`."""
    m = beta * m + lr * g
    return w - m, m


@wrong
def ema_convention(w, m, g, lr, beta):
    """You weigh the new slope with 1 − β, as Adam does: a moving average, not this course's momentum. Here the slope
    enters the memory whole. (The average is another convention, with a learning rate 1/(1 − β) times as large.)"""
    m = beta * m + (1 - beta) * g
    return w - lr * m, m


@wrong
def stale_velocity(w, m, g, lr, beta):
    """You step with the old, stale memory: `w` moves before `m` has taken in the new slope. Bring `m` up to date first."""
    return w - lr * m, beta * m + g


@wrong
def nesterov(w, m, g, lr, beta):
    """Your `w` looks one step further ahead, along βm + g with the new `m`: that is Nesterov's form, which
    has a section of its own. For plain momentum step along the new `m` itself."""
    m = beta * m + g
    return w - lr * (beta * m + g), m


@wrong
def sign(w, m, g, lr, beta):
    """A sign: you walk along the memory, uphill. The memory collects slopes, and slopes point up."""
    m = beta * m + g
    return w + lr * m, m


@wrong
def sign_of_slope(w, m, g, lr, beta):
    """A sign inside the memory: you subtract the slope `g` there and again subtract the memory from `w`, so that two
    minus signs send the new slope uphill."""
    m = beta * m - g
    return w - lr * m, m


@wrong
def velocity_unused(w, m, g, lr, beta):
    """You bring the memory (others call it velocity) up to date but step with the slope alone: the new `m` is not used
    for `w`."""
    return w - lr * g, beta * m + g


@wrong
def forgets_everything(w, m, g, lr, beta):
    """What you return as memory is the slope of this step only: everything before is forgotten. A share `beta` of the
    old `m` has to stay."""
    return w - lr * g, g


@wrong
def order(w, m, g, lr, beta):
    """The right two values in the wrong order: `w` comes first, then `m`."""
    m = beta * m + g
    return m, w - lr * m


@wrong
def mutates(w, m, g, lr, beta):
    """The numbers are right, but `m *= …` or `m += …` has changed the caller's own array. Make a new one, with
    `m = …`: whoever called you may still need the old memory."""
    m *= beta
    m += g
    return w - lr * m, m


@wrong
def mutates_both(w, m, g, lr, beta):
    """The numbers are right, but `-=`, `+=` and `*=` have changed both arrays of the caller, `w` and `m`. Make new ones,
    with `m = …` and `w = …`: a list of past points would otherwise hold the same point many times."""
    m *= beta
    m += g
    w -= lr * m
    return w, m
