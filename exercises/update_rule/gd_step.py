"""One step of gradient descent."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 5
section = "The update rule"
prompt = r"""
Write `gd_step(w, g, lr)`: from a point `w` and the slope `g` there to the next point.

$$w_{t+1} = w_t - \eta\, g_t$$

`w` and `g` are two numbers, or two arrays of the same shape; `lr` is the learning rate η.
Return a new value and leave the caller's `w` as it is.
For example `gd_step(np.array([1.0, 2.0]), np.array([0.5, -3.0]), 0.1)` is `[0.95, 2.3]`: the first slope is positive, so its weight goes down; the second is negative, so its weight goes up.
"""
hints = [
    "The formula is the code, letter by letter: one line after `return`.",
    "The step is the learning rate times the slope. Take the step away from where you are.",
    "For w = 10, slope 14 and rate 0.1 the step is 1.4 and the answer 8.6. Write that sum with the three names instead of the numbers.",
]
praise = "This one line is the engine of the whole course: every later method only changes which slope it sees or how it scales the step."
why = r"""
Near `w` the loss changes by slope times displacement: moving by $-\eta g$ changes it by about $-\eta g^2$, and a square cannot be negative.
So for a small enough η the loss falls, whatever the sign of the slope; that is what the minus is for.

The step is $\eta\,|g|$ long: steep ground, long step; nearly flat ground, short step.
Nothing has to be switched off near the minimum, the slope does it.

`w - lr * g` makes a new array.
`w -= lr * g` would write into the array that the caller still holds, and every place that remembers it would see it move.
"""


def cases(rng):
    # the results: right 8.6, uphill 11.4, without the rate -4, normalised 9.9
    yield 10.0, 14.0, 0.1
    yield np.array([1.0, -2.0, 3.0]), np.array([0.5, 4.0, -1.0]), 0.1
    yield np.array([0.0, 0.0]), np.array([-30.0, -10.0]), 0.05
    for shape in ((4,), (2, 3)):
        yield rng.normal(size=shape), rng.normal(0, 3, shape), rng.uniform(0.01, 0.5)
    yield rng.normal(), rng.normal(0, 3), rng.uniform(0.01, 0.5)


def gd_step(w, g, lr):
    """Return the point after one step from w against the slope g."""
    return w - lr * g


@right
def displacement_added(w, g, lr):
    step = -lr * np.asarray(g)
    return step + w


@right
def with_numpy_functions(w, g, lr):
    return np.subtract(w, np.multiply(lr, g))


@right
def own_copy_in_place(w, g, lr):
    w = np.array(w, dtype=float)
    w -= lr * g
    return w


@right
def one_by_one(w, g, lr):
    moved = [a - lr * b for a, b in zip(np.ravel(w), np.ravel(g))]
    return np.reshape(moved, np.shape(w))


@wrong
def sign(w, g, lr):
    """You step uphill: from 10 with slope 14 your point goes to 11.4, where the loss is larger. The slope points to where the loss grows; which way do you want to go?"""
    return w + lr * g


@wrong
def mutates(w, g, lr):
    """The value is right, but your function also changed the caller's array `w`: `w -= …` writes into it. Compute a new array instead, so that whoever still holds the old point keeps it."""
    w -= lr * g
    return w


@wrong
def lr_forgotten(w, g, lr):
    """You subtract the whole slope: the learning rate does nothing. From 10 with slope 14 you land at −4, far on the other side. What scales the step?"""
    return w - g


@wrong
def normalised_gradient(w, g, lr):
    """Your step has the same length everywhere: you divided the slope by its size. Gradient descent takes short steps where it is nearly flat, and that is how it comes to rest. Use the slope as it is."""
    return w - lr * g / np.linalg.norm(g)


@wrong
def returns_none(w, g, lr):
    """Your function computes the next point and then keeps it to itself: it returns `None`. Assigning to `w` inside the function does not tell the caller; say what comes back."""
    w = w - lr * g


@wrong
def step_only(w, g, lr):
    """You return the step, not the point where it leads. The step of 1.4 downhill from 10 ends at 8.6: where you stand has to come in."""
    return -lr * g


@wrong
def shrinks_w(w, g, lr):
    """Your step is proportional to `w`, so a weight of 0 could never move and a small one hardly. The step depends on the slope and the rate, not on where zero happens to be."""
    return w - lr * g * w


@wrong
def sign_only(w, g, lr):
    """You keep only the sign of the slope, so every step has the length of the rate. Steep ground asks for a longer step: use the slope as it is."""
    return w - lr * np.sign(g)


@wrong
def slope_forgotten(w, g, lr):
    """You subtract the learning rate alone: the slope does not come in. The step is rate times slope."""
    return w - lr * np.ones_like(np.asarray(g, float))


@wrong
def brackets(w, g, lr):
    """Brackets stand where none belong: you subtract the rate from `w` first, and multiply afterwards. First rate times slope, then take that away from `w`."""
    return (w - lr) * g


@wrong
def exchanged(w, g, lr):
    """Point and slope are exchanged: you stand at the slope and step by the point. Where you stand is `w`."""
    return g - lr * w


@wrong
def average_of_the_two(w, g, lr):
    """You mix point and slope, (1 − η)·w + η·g, as a running average does. Here `w` stays whole, and the step is taken away from it."""
    return (1 - lr) * w + lr * g


@wrong
def shrinks_besides(w, g, lr):
    """Your weight is made smaller besides: `w` itself is multiplied by (1 − η). Only rate times slope is taken away."""
    return (1 - lr) * w - lr * g
