"""The demo "Land softly": a schedule, chosen or drawn by hand, and how much distance and noise is left at the end."""

from typing import Any

import numpy as np
import traitlets

from .. import problems, schedules
from ..optimizers import descend, gd
from .engine import Demo, Figure, Goal
from .noise import normals

STEPS, EVERY, START, CURVATURE = 2000, 400, (10.0, 10.0), (1.0, 0.02)
VALLEY = problems.diagonal(CURVATURE, start=START)


def _drawn(points):
    """Return a schedule, a function of t. points: its rates at t = 0, 400, … 2000, joined by straight lines."""
    points = np.asarray(points, dtype=float)

    def schedule(t):
        k = np.minimum(np.asarray(t) // EVERY, len(points) - 2)
        return points[k] + (points[k + 1] - points[k]) * ((t - EVERY * k) / EVERY)

    return schedule


def land_softly(
    schedule: str = "constant",
    lr: float = 0.1,
    every: float = 100.0,
    p0: float = 0.1,
    p1: float = 0.1,
    p2: float = 0.1,
    p3: float = 0.1,
    p4: float = 0.1,
    p5: float = 0.1,
    shown: int = STEPS,
) -> dict[str, Any]:
    """Compute what the demo shows: 2,000 noisy steps in a valley with curvatures 1 and 0.02. The noise has standard
    deviation 1.

    schedule: "constant", "step" (times 0.1 after every `every` steps), "inverse", "cosine", "stable" (constant, then
    down) or "drawn" (through the rates p0 to p5).
    rates: the rate of each step; travel: the sum of the rates; distance and noise: the two parts of the mean loss at
    the end; total: the sum of these two; mean: the mean loss over all possible runs, at the start and after each step;
    path and losses: those of one run.
    Returns path (2001, 2), losses (2001,), mean (2001,), rates (2000,), travel, distance, noise, total.

    >>> round(float(land_softly("constant")["travel"]), 1)
    200.0
    """
    shapes = {
        "constant": schedules.constant(lr),
        "step": schedules.step(lr, 0.1, max(1, int(every))),
        "inverse": schedules.inverse_time(lr, 0.005),
        "cosine": schedules.cosine(lr, STEPS),
        "stable": lambda t: lr * np.minimum(1, (STEPS - t) / 400),
        "drawn": _drawn([p0, p1, p2, p3, p4, p5]),
    }
    rates = shapes[schedule](np.arange(STEPS))
    a, mean, spread = np.array(CURVATURE), np.array(START), np.zeros(2)
    left = np.empty((STEPS + 1, 2))
    left[0] = VALLEY.loss(mean), 0.0
    for t, rate in enumerate(rates):
        keep = 1 - rate * a
        mean, spread = keep * mean, keep * keep * spread + rate * rate
        left[t + 1] = 0.5 * np.sum(a * mean * mean), 0.5 * np.sum(a * spread)
    noise = iter(normals(1, 2 * STEPS).reshape(STEPS, 2))
    path = descend(gd, lambda w: VALLEY.grad(w) + next(noise), START, STEPS, lr=lambda t: rates[t])
    distance, trembling = left[-1]
    return {"path": path, "losses": VALLEY.loss(path.T), "mean": left.sum(axis=1), "rates": rates, "travel": rates.sum(),
            "distance": distance, "noise": trembling, "total": distance + trembling}  # fmt: skip


FLAT = {"schedule": "drawn", **{f"p{i}": 0.1 for i in range(6)}}


class LandSoftly(Demo):
    """Choose a schedule or draw one, so that a noisy run travels far and ends quietly."""

    title = "Land softly"
    height = (835, 1170)
    question = "A large rate travels far and trembles; a small one is quiet and does not arrive. Can one run have both?"
    caption = (
        "A valley with a steep and a flat direction, noise in every slope, 2,000 steps. What is left of the distance depends on "
        "the sum of the rates only, the area under the curve. The noise at the end depends mostly on the last rates. So: "
        "large while you travel, small when you land."
    )
    goals = (
        Goal(
            "quiet",
            "With a constant rate: bring the noise below 0.01. Then look at the distance.",
            "At η = 0.02 the noise is 0.009, but 0.2 is left of the distance: quiet, and not there.",
            {"schedule": "constant", "lr": 0.1},
        ),
        Goal(
            "mend",
            "A staircase: it begins at 0.1 and falls to a tenth every 100 steps. So it ends at a mean loss of 0.65. Change only how often it drops, until the mean loss is below 0.05.",
            "With a drop every 800 steps the sum of the rates is 88 instead of 11, and it arrives.",
            {"schedule": "step", "lr": 0.1, "every": 100.0},
        ),
        Goal(
            "cosine",
            "With a cosine: choose the largest rate so that the mean loss is below 0.02.",
            "From 0.14 to 0.22 all will do. A schedule that ends small forgives a peak that is not the best.",
            {"schedule": "cosine", "lr": 0.1},
        ),
        Goal(
            "backwards",
            "Draw a schedule the wrong way round: keep the sum of the rates near 200 and make the mean loss larger than 0.1.",
            "Rates that rise from 0 to 0.2 travel as far as rates that fall from 0.2 to 0, but they end with more than five times the noise: the last rates decide it.",
            FLAT,
        ),
        Goal(
            "draw",
            "Draw a schedule with a mean loss below 0.017: better than any cosine.",
            "Down early, then slowly on towards 0, like a 1/t: close to the best there is for this valley.",
            FLAT,
        ),
    )
    say = "The rates sum to {sum}. After 2,000 steps {far} is left of the distance and {rest} is noise: a mean loss of {end}."
    python = """from gdcourse import plotting
from gdcourse.demos.land_softly import land_softly

seen = land_softly("{schedule}", lr={lr}, every={every}, p0={p0}, p1={p1}, p2={p2}, p3={p3}, p4={p4}, p5={p5})
path = seen["path"]
print(f"sum of the rates {seen['travel']:.1f}, mean loss {seen['total']:.4f}")
plotting.curves({"gd": seen["losses"], "theory": seen["mean"]}, log=True)
"""

    schedule = traitlets.Enum(
        ["constant", "step", "inverse", "cosine", "stable", "drawn"], "constant", help="the shape of the schedule"
    ).tag(sync=True)
    lr = traitlets.Float(0.1, help="largest rate η").tag(sync=True)
    every = traitlets.Float(100.0, help="steps between two drops of the staircase").tag(sync=True)
    p0 = traitlets.Float(0.1, help="drawn rate at step 0").tag(sync=True)
    p1 = traitlets.Float(0.1, help="drawn rate at step 400").tag(sync=True)
    p2 = traitlets.Float(0.1, help="drawn rate at step 800").tag(sync=True)
    p3 = traitlets.Float(0.1, help="drawn rate at step 1200").tag(sync=True)
    p4 = traitlets.Float(0.1, help="drawn rate at step 1600").tag(sync=True)
    p5 = traitlets.Float(0.1, help="drawn rate at step 2000").tag(sync=True)
    shown = traitlets.Float(float(STEPS), help="steps of the run that are drawn").tag(sync=True)

    @property
    def path(self) -> np.ndarray:
        return land_softly(**self.settings)["path"]

    @property
    def alt(self) -> str:
        seen, name = land_softly(**self.settings), {"inverse": "1/t", "stable": "level, then down"}.get(self.schedule)
        return (
            f"Learning rate against step, {name or self.schedule}, with the sum {seen['travel']:.3g}; and the loss of a noisy run of 2,000 steps "
            f"on a logarithmic axis, which ends at {seen['total']:.2g} on average: {seen['distance']:.2g} of distance and {seen['noise']:.2g} of noise."
        )

    def still(self, figure: Figure) -> None:
        from .. import plotting

        seen = land_softly(**self.settings)
        rates, loss = figure.subplots(1, 2)
        rates.plot(seen["rates"], color="#0060A8")
        rates.plot(np.arange(0, STEPS, EVERY), seen["rates"][::EVERY], "o", color="#0060A8", markerfacecolor="w")
        rates.set(xlabel="step t", ylabel="learning rate η", ylim=(0, 0.3))
        tens = np.arange(STEPS // 10) * 10 + 5
        plotting.curves({"gd": (tens, seen["losses"][1:].reshape(-1, 10).mean(axis=1))}, ax=loss, log=True)
        loss.plot(seen["mean"], ":", color="#5C6670")
