"""Step decay: level, then suddenly smaller."""

import math

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 8
section = "The zoo"
prompt = r"""
Write `step_decay(t, lr, drop, every)`: the learning rate at step t = 0, 1, 2, … of a staircase.

The rate starts at `lr` and stays there for `every` steps.
Then it is multiplied by `drop`, stays there for `every` steps, is multiplied by `drop` again, and so on:

$$\eta_t = \eta \cdot \text{drop}^{\lfloor t/\text{every} \rfloor} .$$

(The brackets $\lfloor\ \rfloor$ mean: round down to a whole number.)
Return one number.

For example, `step_decay(25, 0.8, 0.5, 10)` is 0.2: two drops have happened, at steps 10 and 20.
"""
hints = [
    "First find out how many drops have happened by step t. At t = 9 none, at t = 10 one, if `every` is 10.",
    "Python has a division that rounds down: `//`.",
    "With n drops the rate is lr · drop · drop · … · drop, n times: a power.",
]
praise = "Steps 0 to every − 1 share the first rate, so a run of exactly `every` steps never sees a drop."
why = r"""
By step t, `t // every` drops have happened: none during steps 0 to every − 1, one from step `every` on.
Each drop multiplies, so n drops are the power `drop ** n`.

The integer division matters.
With `t / every` the exponent grows a little at every step, and the staircase becomes a smooth curve: that is the exponential schedule.
And `int(t * (1 / every))` is not the same as `t // every`: 1/49 is rounded, so 49 · (1/49) is 0.9999999999999999, and `int` makes 0 of it.

In PyTorch this is `StepLR(optimizer, step_size=every, gamma=drop)`, in optax `exponential_decay(lr, every, drop, staircase=True)`.
"""


def cases(rng):
    yield 25, 0.8, 0.5, 10
    yield 0, 0.1, 0.1, 100
    yield 99, 0.1, 0.1, 100
    yield 100, 0.1, 0.1, 100
    yield 49, 0.6, 0.3, 49  # 49 · (1/49) is a little below 1
    yield 9, 0.7, 0.4, 10  # nearly ten: rounding to the nearest drops too early
    yield 6, 0.7, 0.4, 10
    yield 11, 0.7, 0.4, 10
    yield 37, 0.3, 0.5, 5
    for _ in range(4):
        every = int(rng.integers(3, 40))
        yield int(rng.integers(0, 6 * every)), rng.uniform(0.05, 0.9), rng.uniform(0.2, 0.9), every


def step_decay(t, lr, drop, every):
    """Return the rate at step t: lr, times drop after every `every` steps."""
    return lr * drop ** (t // every)


@right
def in_a_loop(t, lr, drop, every):
    for _ in range(t // every):
        lr = lr * drop
    return lr


@right
def counts_down(t, lr, drop, every):
    while t >= every:
        t, lr = t - every, lr * drop
    return lr


@right
def by_floor(t, lr, drop, every):
    return lr * np.power(drop, np.floor(t / every))


@right
def from_a_table(t, lr, drop, every):
    return np.repeat(lr * drop ** np.arange(t // every + 1), every)[t]


@right
def step_by_step(t, lr, drop, every):
    for k in range(1, t + 1):
        if k % every == 0:
            lr *= drop
    return lr


@right
def through_logarithms(t, lr, drop, every):
    return math.exp(math.log(lr) + divmod(t, every)[0] * math.log(drop))


@wrong
def no_floor(t, lr, drop, every):
    """Your rate slides down smoothly: no floor is taken, so t / every is rarely a whole number. A staircase is level between
    two drops. Look at the exponent for t = 1: has anything dropped yet?"""
    return lr * drop ** (t / every)


@wrong
def off_by_one(t, lr, drop, every):
    """Your drops come one step too early, off by one: the first rate lasts for `every` − 1 steps only. Steps are counted from
    t = 0; work out the last step that still has the first rate."""
    return lr * drop ** ((t + 1) // every)


@wrong
def a_step_late(t, lr, drop, every):
    """Your drops come one step late: at t = `every` the first rate is still there. Steps are counted from t = 0, so by then
    it has been used `every` times."""
    return lr * drop ** (max(t - 1, 0) // every)


@wrong
def rounds_up(t, lr, drop, every):
    """You count a drop as soon as its level has begun: t / every is rounded up, so the rate falls right after step 0. How
    many drops have been completed?"""
    return lr * drop ** math.ceil(t / every)


@wrong
def rounds_to_nearest(t, lr, drop, every):
    """Your drops come half a level too early: `round` goes to the nearest whole number, and t / every is nearer to 1 than to 0
    long before the first level is over."""
    return lr * drop ** round(t / every)


@wrong
def subtracts(t, lr, drop, every):
    """You take the same amount off at every drop: you subtract. Then the rate becomes negative sooner or later, and a negative
    rate climbs. A drop should leave a share of what was there."""
    return lr - drop * (t // every)


@wrong
def drop_inverted(t, lr, drop, every):
    """Your rate grows: `drop` is inverted, so at each drop you divide by a number below 1. Print the rate at t = 0 and
    after the first drop."""
    return lr / drop ** (t // every)


@wrong
def takes_the_share_away(t, lr, drop, every):
    """You read `drop` as the share that is taken away. Here it is the share that stays: with 0.1 a tenth is left."""
    return lr * (1 - drop) ** (t // every)


@wrong
def drops_once(t, lr, drop, every):
    """Your rate drops once and never again. After `every` more steps the next drop is due: a run has as many levels as it has
    room for."""
    return lr if t < every else lr * drop


@wrong
def multiplies_by_the_count(t, lr, drop, every):
    """You multiply by the number of drops. Several drops, one after the other, are `drop` times `drop` times … : which
    operation is that? With yours the first level is already zero."""
    return lr * drop * (t // every)


@wrong
def float_floor_error(t, lr, drop, every):
    """Nearly: one drop comes a step late, because of a rounding error. 1 / every is rounded, so for some values t · (1 / every)
    lands a hair below the whole number, and `int` or a floor cuts it off (try 49 · (1/49)). Divide t by `every` in
    one operation."""
    return lr * drop ** int(t * (1 / every))


@wrong
def remainder(t, lr, drop, every):
    """Your rate falls within each level and jumps back up at the end of it: `%` gives the remainder of a division, how far into
    the level you are. Which level you are on is the other half of the division."""
    return lr * drop ** (t % every)


@wrong
def drops_at_every_step(t, lr, drop, every):
    """Your rate drops at every single step: `every` is not used. How many steps lie between two drops?"""
    return lr * drop**t


@wrong
def only_the_factor(t, lr, drop, every):
    """You return the factor alone: at t = 0 it is 1, whatever the rate. Where does `lr` come in?"""
    return drop ** (t // every)


@wrong
def smooth_exponential(t, lr, drop, every):
    """Yours is an exponential with e as its base, which falls at every step and by another factor. The staircase has the base
    `drop` and a whole number as its exponent."""
    return lr * math.exp(-drop * t / every)


@wrong
def exponential_in_steps(t, lr, drop, every):
    """The levels are right, but their heights are not: you multiply by e to the power of −`drop`. A drop multiplies the rate
    by `drop` itself."""
    return lr * math.exp(-drop * (t // every))


@wrong
def base_and_exponent_swapped(t, lr, drop, every):
    """Base and exponent are swapped: you raise the number of drops to the power `drop`. Which of the two is
    multiplied with itself?"""
    return lr * (t // every) ** drop


@wrong
def drops_the_lr_inside(t, lr, drop, every):
    """You raise the product of rate and `drop` to a power, so that `lr` is multiplied with itself as well. Mind the brackets:
    what belongs to the power?"""
    return (lr * drop) ** (t // every)


@wrong
def drops_only_for_a_step(t, lr, drop, every):
    """Your rate drops at the multiples of `every` and is back at its old height one step later. A drop has to last; and at t = 0
    none has happened."""
    return lr * drop if t % every == 0 else lr


@wrong
def subtracts_a_share(t, lr, drop, every):
    """At every drop you subtract the same share of the *first* rate, so the rate reaches zero and goes below it. A drop takes its share
    of the rate that is there at that time."""
    return lr - lr * drop * (t // every)


@wrong
def multiplies_by_the_time(t, lr, drop, every):
    """Your rate grows in a line from zero: you multiply by t / every. The number of drops belongs into a power, and it is a
    whole number."""
    return lr * drop * (t / every)


@wrong
def divides_by_the_count(t, lr, drop, every):
    """You divide by a sum that grows with the number of drops, as the 1/t schedule does. A staircase multiplies by `drop` each
    time."""
    return lr / (1 + drop * (t // every))


@wrong
def one_drop_too_many(t, lr, drop, every):
    """There is one drop too many: at t = 0 your rate is smaller than `lr` already. How many drops have happened before the first step?"""
    return lr * drop ** (t // every + 1)


@wrong
def drop_squared(t, lr, drop, every):
    """You multiply `drop` by itself in the loop, so it shrinks faster and faster, and the first drop has come before any was due. What should be
    multiplied, once for each drop?"""
    for _ in range(t // every):
        drop = drop * drop
    return lr * drop
