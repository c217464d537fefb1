"""Up in a line, down in a wave."""

import math

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 15
points = 2
section = "Warm-up"
prompt = r"""
Write `warmup_cosine(t, steps, warmup, lr, lr_min)`: the learning rate at step t, in three parts.

- **Warm-up**, for t < `warmup`: a straight line up. It may start from 0, $\eta\, t/\text{warmup}$, or from the first stair, $\eta\,(t + 1)/\text{warmup}$: both are in use, and both are accepted.
- **Cosine**, for `warmup` ≤ t ≤ `steps`: half a wave down. It is exactly `lr` at t = `warmup`, exactly `lr_min` at t = `steps`, and half-way between the two numbers in the middle.
- **Afterwards**, for t > `steps`: it stays at `lr_min`.

Half a wave down is $\tfrac12(1 + \cos \pi p)$: it is 1 at $p = 0$ and 0 at $p = 1$.
`t`, `steps` and `warmup` are whole numbers with 0 < `warmup` < `steps`; t is one number, and so is what you return.

For example, with 30 steps, a warm-up of 10, `lr` = 0.5 and `lr_min` = 0.1 the rate is 0.25 (or 0.3) at t = 5, 0.5 at t = 10, 0.3 at t = 20 and 0.1 at t = 30.
"""
hints = [
    "Deal with the warm-up first, `if t < warmup: return …`. What remains is a cosine.",
    "Let p be the share of the *cosine part* that is over: 0 at t = warmup, 1 at t = steps. How long is that part?",
    "The wave goes from 1 to 0. You want one that goes from lr to lr_min: stretch it by their difference, then lift it.",
]
praise = "One line up, half a wave down, in three lines of code: this is the schedule of most large language models up to about 2024."
why = r"""
After the warm-up, `steps − warmup` steps remain, and `t − warmup` of them are over.
Their ratio p goes from 0 to 1, and $\tfrac12(1 + \cos\pi p)$ from 1 to 0.
Stretched by `lr − lr_min` and lifted by `lr_min` the wave goes from `lr` to `lr_min`.

A cosine repeats itself: without `min(t, steps)` it would rise again after the end.
(That is a schedule too, one with restarts, but nobody wants it by accident.)

The line may start at 0 or at the first stair.
A rate of exactly zero wastes the first step; a first rate of lr/warmup does not.
Libraries differ: `optax.warmup_cosine_decay_schedule` starts from the number you give it, PyTorch's `LinearLR` from a third of the rate unless you say otherwise.
"""


def cases(rng):
    for t in (5, 10, 20, 30):
        yield t, 30, 10, 0.5, 0.1
    yield 0, 40, 8, 0.3, 0.02
    yield 7, 40, 8, 0.3, 0.02
    yield 15, 40, 8, 0.3, 0.02
    yield 33, 40, 8, 0.3, 0.02
    yield 47, 40, 8, 0.3, 0.02  # after the end
    yield 6, 25, 4, 0.8, 0.0
    yield 20, 25, 4, 0.8, 0.0
    for _ in range(6):
        warmup = int(rng.integers(3, 20))
        steps = warmup + int(rng.integers(10, 60))
        lr = rng.uniform(0.1, 1)
        yield int(rng.integers(0, steps + 5)), steps, warmup, lr, rng.uniform(0, 0.4) * lr


def run(answer, t, steps, warmup, lr, lr_min):
    rate = answer(t, steps, warmup, lr, lr_min)
    # both lines up are right: a rate on the line from 0 is changed to the rate on the other line
    try:
        from_zero = t < warmup and abs(rate - lr * t / warmup) <= 1e-6 * lr
    except Exception:
        return rate
    return lr * (t + 1) / warmup if from_zero else rate


def warmup_cosine(t, steps, warmup, lr, lr_min):
    """Return the rate at step t: a line up to lr, half a wave down to lr_min."""
    if t < warmup:
        return lr * (t + 1) / warmup
    p = min(1, (t - warmup) / (steps - warmup))
    return lr_min + (lr - lr_min) * 0.5 * (1 + math.cos(math.pi * p))


def _wave(p):
    return 0.5 * (1 + math.cos(math.pi * p))


def _parts(t, steps, warmup, lr, lr_min, up=None, p=None, wave=_wave, end=True):
    """The schedule with one part exchanged, for the other right answers and for the mistakes."""
    if t < warmup:
        return lr * (t + 1) / warmup if up is None else up(t)
    share = (t - warmup) / (steps - warmup) if p is None else p(t)
    return lr_min + (lr - lr_min) * wave(min(1, share) if end else share)


@right
def from_zero(t, steps, warmup, lr, lr_min):
    return _parts(t, steps, warmup, lr, lr_min, up=lambda t: lr * t / warmup)


@right
def squared_cosine(t, steps, warmup, lr, lr_min):
    return _parts(t, steps, warmup, lr, lr_min, wave=lambda p: math.cos(math.pi * p / 2) ** 2)


@right
def one_minus_squared_sine(t, steps, warmup, lr, lr_min):
    if t < warmup:
        return np.linspace(0, lr, warmup + 1)[t]
    return lr - (lr - lr_min) * np.sin(np.pi / 2 * np.clip((t - warmup) / (steps - warmup), 0, 1)) ** 2


@right
def from_a_list(t, steps, warmup, lr, lr_min):
    up = [lr * (k + 1) / warmup for k in range(warmup)]
    down = lr_min + (lr - lr_min) / 2 * (1 + np.cos(np.linspace(0, np.pi, steps - warmup + 1)))
    return [*up, *down, *[lr_min] * (t + 1)][t]


@right
def half_sum_and_half_difference(t, steps, warmup, lr, lr_min):
    if t < warmup:
        return lr / warmup * (t + 1)
    if t >= steps:
        return lr_min
    return (lr + lr_min) / 2 + (lr - lr_min) / 2 * np.cos((t - warmup) * np.pi / (steps - warmup))


@wrong
def cosine_starts_at_t0(t, steps, warmup, lr, lr_min):
    """Your cosine counts from t = 0 and not from the end of the warm-up: at t = `warmup` it is part of the way down already, so the
    rate jumps there and never reaches its top. Print the rate at the last step of the warm-up and at the next one."""
    return _parts(t, steps, warmup, lr, lr_min, p=lambda t: t / steps)


@wrong
def never_reaches_lr_min(t, steps, warmup, lr, lr_min):
    """The wave begins in the right place, but it is too long: at t = `steps` the rate never reaches `lr_min`. How many steps are
    left for the cosine after the warm-up?"""
    return _parts(t, steps, warmup, lr, lr_min, p=lambda t: (t - warmup) / steps)


@wrong
def ignores_lr_min(t, steps, warmup, lr, lr_min):
    """Your cosine goes down to 0: it ignores `lr_min`, the rate at which the run should end."""
    return _parts(t, steps, warmup, lr, 0.0)


@wrong
def lr_min_on_top(t, steps, warmup, lr, lr_min):
    """Your rate ends at `lr_min` but is too high before: the wave is lifted and not squeezed, so at its top it is the sum of
    `lr` and `lr_min`. How tall is the way from the one to the other?"""
    return (
        _parts(t, steps, warmup, lr, lr_min)
        if t < warmup
        else lr_min + lr * _wave(min(1, (t - warmup) / (steps - warmup)))
    )


@wrong
def cut_off_at_lr_min(t, steps, warmup, lr, lr_min):
    """Your wave goes down to 0 and is cut off when it meets `lr_min`: `max` makes it level before the end, and half-way it is too
    low. The whole wave should fit between the two rates."""
    return (
        _parts(t, steps, warmup, lr, lr_min)
        if t < warmup
        else max(lr_min, lr * _wave(min(1, (t - warmup) / (steps - warmup))))
    )


@wrong
def quarter_wave(t, steps, warmup, lr, lr_min):
    """Your rate has the wrong midpoint: this is a quarter of a wave, which starts level and ends steep. Half a wave is level at both
    ends, and half-way down in the middle."""
    return _parts(t, steps, warmup, lr, lr_min, wave=lambda p: math.cos(math.pi * p / 2))


@wrong
def straight_down(t, steps, warmup, lr, lr_min):
    """Your rate falls along a straight line; start, middle and end agree with the cosine, and nothing in between does."""
    return _parts(t, steps, warmup, lr, lr_min, wave=lambda p: 1 - p)


@wrong
def peak_not_reached(t, steps, warmup, lr, lr_min):
    """Your warm-up is too flat: it is on its way to a later step, so the peak is not reached when the cosine takes over, and the rate jumps.
    By how much should it grow in each of its steps?"""
    return _parts(t, steps, warmup, lr, lr_min, up=lambda t: lr * t / (warmup + 1))


@wrong
def climbs_during_the_whole_run(t, steps, warmup, lr, lr_min):
    """Your warm-up climbs as if it lasted the whole run: it divides by `steps`, so when its time is over the rate is still small."""
    return _parts(t, steps, warmup, lr, lr_min, up=lambda t: lr * t / steps)


@wrong
def climbs_during_the_whole_run_a_stair_up(t, steps, warmup, lr, lr_min):
    """Your warm-up climbs as if it lasted the whole run, a stair at a time: it divides by `steps`. Look at the rate of its last step: is
    that the top?"""
    return _parts(t, steps, warmup, lr, lr_min, up=lambda t: lr * (t + 1) / steps)


@wrong
def no_warmup(t, steps, warmup, lr, lr_min):
    """There is no warm-up: your rate starts at its top. For t < `warmup` it should climb."""
    return _parts(t, steps, warmup, lr, lr_min, up=lambda t: lr)


@wrong
def cosine_from_the_first_step(t, steps, warmup, lr, lr_min):
    """There is no warm-up: your cosine runs from t = 0 to the end. For t < `warmup` the rate should climb, and the wave begins
    after that."""
    return lr_min + (lr - lr_min) * _wave(min(1, t / steps))


@wrong
def starts_from_lr_min(t, steps, warmup, lr, lr_min):
    """Your warm-up starts from `lr_min`. Here the line starts from 0 or from its first stair, whatever the rate at the end of the
    run is."""
    return _parts(t, steps, warmup, lr, lr_min, up=lambda t: lr_min + (lr - lr_min) * t / warmup)


@wrong
def starts_from_lr_min_a_stair_up(t, steps, warmup, lr, lr_min):
    """Your warm-up starts from a stair above `lr_min`. Here the line starts from 0 or from its first stair; the rate at the end of the run
    has no say in it."""
    return _parts(t, steps, warmup, lr, lr_min, up=lambda t: lr_min + (lr - lr_min) * (t + 1) / warmup)


@wrong
def rises_again(t, steps, warmup, lr, lr_min):
    """After the end your rate rises again: a cosine is a wave, and it comes back. For t > `steps` the rate stays where it is."""
    return _parts(t, steps, warmup, lr, lr_min, end=False)


@wrong
def zero_after_the_end(t, steps, warmup, lr, lr_min):
    """Up to the end all is right; after the end your rate is zero. It should stay at the rate with which the run ended."""
    return 0.0 if t > steps else _parts(t, steps, warmup, lr, lr_min)


@wrong
def whole_wave(t, steps, warmup, lr, lr_min):
    """You draw a whole wave: down to the bottom in the middle, and up to the top again at the end. Half a wave ends at its lowest
    point; look at the factor in front of p."""
    return _parts(t, steps, warmup, lr, lr_min, wave=lambda p: 0.5 * (1 + math.cos(2 * math.pi * p)))


@wrong
def half_forgotten(t, steps, warmup, lr, lr_min):
    """Your wave is twice as tall as it should be: 1 + cos goes from 2 to 0. The half is forgotten."""
    return _parts(t, steps, warmup, lr, lr_min, wave=lambda p: 1 + math.cos(math.pi * p))


@wrong
def below_the_bottom(t, steps, warmup, lr, lr_min):
    """Your wave goes from 1 to −1, so in its second half the rate is far below the bottom, and may be negative. Lift the cosine before you
    halve it."""
    return _parts(t, steps, warmup, lr, lr_min, wave=lambda p: math.cos(math.pi * p))


@wrong
def upside_down(t, steps, warmup, lr, lr_min):
    """Your wave is upside down: after the warm-up the rate falls at once to `lr_min` and climbs to `lr` at the end. A sign in front
    of the cosine."""
    return _parts(t, steps, warmup, lr, lr_min, wave=lambda p: 0.5 * (1 - math.cos(math.pi * p)))


@wrong
def in_degrees(t, steps, warmup, lr, lr_min):
    """Your angle is in degrees: Python's cosine expects radians, and 180 radians are more than 28 turns."""
    return _parts(t, steps, warmup, lr, lr_min, wave=lambda p: 0.5 * (1 + math.cos(180 * p)))


@wrong
def pi_forgotten(t, steps, warmup, lr, lr_min):
    """π is forgotten: your wave stops after an angle of 1, where the cosine is still 0.54. How large is the angle of half a turn?"""
    return _parts(t, steps, warmup, lr, lr_min, wave=lambda p: 0.5 * (1 + math.cos(p)))


@wrong
def a_step_ahead(t, steps, warmup, lr, lr_min):
    """Your cosine is a step ahead: at t = `warmup` it has left its top already. How many steps of the wave are over at that
    moment?"""
    return _parts(t, steps, warmup, lr, lr_min, p=lambda t: (t - warmup + 1) / (steps - warmup))


@wrong
def a_step_too_short(t, steps, warmup, lr, lr_min):
    """Your cosine arrives one step too early, at t = `steps` − 1: it is counted a step too short. It starts at t = `warmup` and
    ends at t = `steps`."""
    return _parts(t, steps, warmup, lr, lr_min, p=lambda t: (t - warmup) / (steps - warmup - 1))


@wrong
def both_at_once(t, steps, warmup, lr, lr_min):
    """You multiply warm-up and cosine with each other, both at once from t = 0. Here they come one after the other: the wave begins when the line
    has ended."""
    return min(1, (t + 1) / warmup) * (lr_min + (lr - lr_min) * _wave(min(1, t / steps)))


@wrong
def share_for_a_rate(t, steps, warmup, lr, lr_min):
    """Your warm-up climbs to 1, whatever the peak is: where does `lr` come in?"""
    return _parts(t, steps, warmup, lr, lr_min, up=lambda t: t / warmup)


@wrong
def stair_for_a_rate(t, steps, warmup, lr, lr_min):
    """Your warm-up goes up in stairs to 1, whatever the peak is: is `lr` used before the cosine begins?"""
    return _parts(t, steps, warmup, lr, lr_min, up=lambda t: (t + 1) / warmup)


@wrong
def warmup_falls(t, steps, warmup, lr, lr_min):
    """Your warm-up falls: it begins at the top and comes down to 0, where the cosine takes over. Print the first and the last rate of it."""
    return _parts(t, steps, warmup, lr, lr_min, up=lambda t: lr * (warmup - t) / warmup)


@wrong
def not_lifted(t, steps, warmup, lr, lr_min):
    """Your wave is as tall as it should be, but it stands on 0: it is not lifted, so it begins below `lr` and ends below `lr_min`."""
    return _parts(t, steps, warmup, lr, lr_min) - (lr_min if warmup <= t <= steps else 0.0)


@wrong
def full_rate_after_the_end(t, steps, warmup, lr, lr_min):
    """Up to the end all is right; after the end your rate is back at its top. It should stay where the run ended."""
    return lr if t > steps else _parts(t, steps, warmup, lr, lr_min)


@wrong
def squared_warmup(t, steps, warmup, lr, lr_min):
    """Your warm-up is a curve, with a square in it: too low in the middle. The task asks for a straight line."""
    return _parts(t, steps, warmup, lr, lr_min, up=lambda t: lr * (t / warmup) ** 2)
