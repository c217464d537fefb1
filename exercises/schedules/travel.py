"""How far can a schedule travel?"""

import math
from itertools import accumulate

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 15
points = 2
section = "Total travel"
prompt = r"""
Write `travel(schedule, steps, curvature, start)`: what a schedule can do for one direction of a valley, before you run anything.

`schedule(t)` is the learning rate at step t; the steps are t = 0, 1, …, `steps` − 1.
The direction has the curvature a, so its slope is $a\,w$, and the descent begins at `start`.
No step overshoots: every $\eta_t\, a$ is at most 1.

Return two numbers, in this order:

- how far the schedule travels: the sum of all its rates, $\eta_0 + \eta_1 + \dots$ ;
- where the descent is after the last step. (Step t takes w to $w - \eta_t\,a\,w$.)

For example, with the rates 0.5, 0.25 and 0.25, the curvature 2 and the start 8: the rates sum to 1, and w is 8, 0, 0, 0.
With the curvature 1 it is 8, 4, 3, 2.25, so `travel` returns 1 and 2.25.
"""
hints = [
    "One loop over the steps can do both: add the rate to a sum, and take the step.",
    "By what does step t multiply w? Factor w out of $w - \\eta_t\\,a\\,w$.",
    "`range(steps)` gives 0, 1, …, steps − 1: exactly the steps that are taken.",
]
praise = "Before a single step is taken you know how much of the distance will be left: a product over the schedule."
why = r"""
Step t multiplies the distance by $1 - \eta_t a$, so after all steps it is the start times the *product* of these factors.
For small $\eta_t a$ each factor is close to $e^{-\eta_t a}$, and the product close to $e^{-a \sum \eta_t}$: nearly all that counts is the sum of the rates, which is why it deserves a name.

The order of the rates does not matter here, for a product has no order.
It matters for noise: of that, a run remembers its last steps best.

The step decay of many tutorials, 0.1 times 0.1 every 100 steps, travels 11.1 however long it runs.
On the curvature 0.02 it leaves $e^{-0.222} = 0.80$ of the distance, for ever.
"""


class Stairs:
    """A schedule in equal stairs; in messages it shows what it is."""

    def __init__(self, lr, drop, every):
        self.lr, self.drop, self.every = lr, drop, every

    def __call__(self, t):
        return self.lr * self.drop ** (t // self.every)

    def __repr__(self):
        return f"<{self.lr:.4g}, times {self.drop:.4g} every {self.every} steps>"


class Rates:
    """A schedule that takes its rates from a list, and keeps the last one."""

    def __init__(self, *rates):
        self.rates = rates

    def __call__(self, t):
        return self.rates[t] if t < len(self.rates) else self.rates[-1]

    def __repr__(self):
        return f"<the rates {', '.join(f'{rate:.4g}' for rate in self.rates)}>"


def cases(rng):
    yield Rates(0.5, 0.25, 0.25), 3, 1.0, 8.0
    yield Rates(0.3, 0.2, 0.05, 0.4), 4, 2.0, -5.0
    yield Stairs(0.1, 0.1, 100), 400, 0.02, 5.0
    yield Stairs(0.2, 0.5, 7), 30, 1.5, 3.0
    yield Rates(0.6), 1, 0.7, 2.0
    for _ in range(3):
        yield Rates(*rng.uniform(0.02, 0.6, 6)), 6, rng.uniform(0.3, 1.4), rng.normal() * 4 + 7


def run(answer, schedule, steps, curvature, start):
    said = answer(schedule, steps, curvature, start)
    return tuple(said) if isinstance(said, (list, np.ndarray)) and len(said) == 2 else said


def travel(schedule, steps, curvature, start):
    """Return (the sum of the rates, where w is after the last step)."""
    total, w = 0.0, start
    for t in range(steps):
        total += schedule(t)
        w = w - schedule(t) * curvature * w
    return total, w


@right
def a_product(schedule, steps, curvature, start):
    rates = np.array([schedule(t) for t in range(steps)])
    return rates.sum(), start * np.prod(1 - rates * curvature)


@right
def a_sum_of_logarithms(schedule, steps, curvature, start):
    rates = [schedule(t) for t in range(steps)]
    return math.fsum(rates), start * math.exp(sum(math.log(1 - rate * curvature) for rate in rates))


@right
def with_reduce(schedule, steps, curvature, start):
    rates = [schedule(t) for t in range(steps)]
    *_, w = accumulate(rates, lambda w, rate: w * (1 - curvature * rate), initial=start)
    return [sum(rates), w]


@right
def with_while(schedule, steps, curvature, start):
    t, total, w = 0, 0, start
    while t < steps:
        rate, t = schedule(t), t + 1
        total, w = total + rate, (1 - rate * curvature) * w
    return np.array([total, w])


@right
def with_descend(schedule, steps, curvature, start):
    from gdcourse import descend, gd

    path = descend(gd, lambda w: curvature * w, start, steps, lr=schedule)
    return sum(map(schedule, range(steps))), path[-1]


@right
def recursively(schedule, steps, curvature, start):
    if steps == 0:
        return 0.0, start
    total, w = recursively(schedule, steps - 1, curvature, start)
    return total + schedule(steps - 1), w - schedule(steps - 1) * curvature * w


@wrong
def forgets_product(schedule, steps, curvature, start):
    """The sum is right, the end is not: you take all steps at once, with the slope at the start. Each step begins where the last one ended, so the
    factors multiply, as a product."""
    total = sum(schedule(t) for t in range(steps))
    return total, start * (1 - total * curvature)


@wrong
def ignores_curvature(schedule, steps, curvature, start):
    """Your descent ignores the curvature: step t multiplies by 1 − η. In a flat direction the slope is small, and a step of the same rate
    is shorter."""
    rates = np.array([schedule(t) for t in range(steps)])
    return rates.sum(), start * np.prod(1 - rates)


@wrong
def steps_of_the_rate(schedule, steps, curvature, start):
    """You subtract the rates themselves from `start`. A step is the rate times the slope, and the slope gets smaller on the way."""
    total = sum(schedule(t) for t in range(steps))
    return total, start - total


@wrong
def exponential_guess(schedule, steps, curvature, start):
    """Close, and not equal: you use an exponential of the sum. That is what the product comes near to when every rate is
    small; here the exact product is asked for."""
    total = sum(schedule(t) for t in range(steps))
    return total, start * math.exp(-total * curvature)


@wrong
def one_step_too_many(schedule, steps, curvature, start):
    """You take one step too many: the last one is step `steps` − 1, because the first one is step 0."""
    return travel(schedule, steps + 1, curvature, start)


@wrong
def counts_from_one(schedule, steps, curvature, start):
    """You count the steps from one, so the first rate, schedule(0), is never used."""
    rates = [schedule(t) for t in range(1, steps + 1)]
    return sum(rates), start * math.prod(1 - rate * curvature for rate in rates)


@wrong
def leaves_the_first_out(schedule, steps, curvature, start):
    """One step is missing, the first: you begin with schedule(1). The first step has the number 0."""
    rates = [schedule(t) for t in range(1, steps)]
    return sum(rates), start * math.prod(1 - rate * curvature for rate in rates)


@wrong
def leaves_the_last_out(schedule, steps, curvature, start):
    """One step is missing, the last: it has the number `steps` − 1, and `range` stops before the number you give it."""
    return travel(schedule, steps - 1, curvature, start)


@wrong
def always_the_first_rate(schedule, steps, curvature, start):
    """Every step has the first rate with you: the schedule is asked once and never again."""
    return steps * schedule(0), start * (1 - schedule(0) * curvature) ** steps


@wrong
def first_rate_in_the_descent(schedule, steps, curvature, start):
    """The sum is right; in your descent every step has the first rate. Ask the schedule anew at each step."""
    return sum(schedule(t) for t in range(steps)), start * (1 - schedule(0) * curvature) ** steps


@wrong
def mean_rate(schedule, steps, curvature, start):
    """You replace the rates by their mean, and that is not exact: (1 − ¼)(1 − ¾) is less than (1 − ½)². Multiply the factors one
    by one."""
    total = sum(schedule(t) for t in range(steps))
    return total, start * (1 - total / steps * curvature) ** steps


@wrong
def mean_for_sum(schedule, steps, curvature, start):
    """Your first number is the mean of the rates. What counts for the way is their sum: twice as many steps go twice as far."""
    total, w = travel(schedule, steps, curvature, start)
    return total / steps, w


@wrong
def share_for_place(schedule, steps, curvature, start):
    """Your second number is the share of the distance that is left: `start` is not used. The task asks where w is."""
    total, w = travel(schedule, steps, curvature, start)
    return total, w / start


@wrong
def way_for_place(schedule, steps, curvature, start):
    """Your second number is how far w has moved. The task asks where it is afterwards."""
    total, w = travel(schedule, steps, curvature, start)
    return total, start - w


@wrong
def distance_moved_for_the_sum(schedule, steps, curvature, start):
    """Your first number is how far w moves in this valley. The task asks for the sum of the rates, which belongs to the schedule alone."""
    _, w = travel(schedule, steps, curvature, start)
    return abs(start - w), w


@wrong
def curvature_in_the_sum(schedule, steps, curvature, start):
    """Your first number has the curvature in it. The sum of the rates belongs to the schedule alone, whatever valley it is used in."""
    total, w = travel(schedule, steps, curvature, start)
    return total * curvature, w


@wrong
def uphill(schedule, steps, curvature, start):
    """You walk uphill: w grows at each step. A sign in the factor."""
    rates = [schedule(t) for t in range(steps)]
    return sum(rates), start * math.prod(1 + rate * curvature for rate in rates)


@wrong
def order(schedule, steps, curvature, start):
    """The right two numbers in the wrong order: first the sum of the rates, then where w is."""
    return travel(schedule, steps, curvature, start)[::-1]


@wrong
def half_the_slope(schedule, steps, curvature, start):
    """Your steps are half as long as they should be: the slope is a · w, without a half. The half belongs to the loss, ½ a w²."""
    total = sum(schedule(t) for t in range(steps))
    return total, start * math.prod(1 - schedule(t) * curvature / 2 for t in range(steps))


@wrong
def twice_the_slope(schedule, steps, curvature, start):
    """Your steps are twice as long as they should be: the slope is a · w. A 2 comes from the square w² only when there is no
    ½ in front of it."""
    total = sum(schedule(t) for t in range(steps))
    return total, start * math.prod(1 - schedule(t) * curvature * 2 for t in range(steps))


@wrong
def every_rate_of_the_past(schedule, steps, curvature, start):
    """Your w moves by the sum of all rates so far at each step: the total belongs to the first number only, a step uses its own rate."""
    total, w = 0.0, start
    for t in range(steps):
        total += schedule(t)
        w = w - total * curvature * w
    return total, w


@wrong
def path_length_after_the_steps(schedule, steps, curvature, start):
    """Your first number adds up rate times slope, and the slope is that of the point after the step. Neither slope nor curvature belongs to the sum of the rates."""
    total, w = 0.0, start
    for t in range(steps):
        w = w - schedule(t) * curvature * w
        total += abs(schedule(t) * curvature * w)
    return total, w


@wrong
def slope_without_w(schedule, steps, curvature, start):
    """Your steps are rate times curvature: w is missing. The slope is a · w, so a step gets shorter as w gets smaller."""
    total = sum(schedule(t) for t in range(steps))
    return total, start - total * curvature


@wrong
def bracket_too_early(schedule, steps, curvature, start):
    """A bracket closes too early: your factor is (1 − η) · a. In w − η·a·w the curvature belongs to the rate and not to the 1."""
    total = sum(schedule(t) for t in range(steps))
    return total, start * math.prod((1 - schedule(t)) * curvature for t in range(steps))


@wrong
def from_the_start_each_time(schedule, steps, curvature, start):
    """Each of your steps begins at `start` again. It should begin where the last one has ended."""
    total, w = 0.0, start
    for t in range(steps):
        total += schedule(t)
        w = start - schedule(t) * curvature * w
    return total, w


@wrong
def last_rate_for_the_sum(schedule, steps, curvature, start):
    """Your first number is the last rate alone: each round overwrites the one before. The task asks for a sum."""
    _, w = travel(schedule, steps, curvature, start)
    return schedule(steps - 1), w
