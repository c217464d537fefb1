"""The demo "Race": six methods on six landscapes, each at the best of seven rates. The reader bets on the winner."""

from typing import Any, ClassVar

import numpy as np
import traitlets

from .. import optimizers, problems
from ..optimizers import descend
from .engine import Demo, Figure, Goal
from .noise import normals

STEPS = 300
METHODS = ("gd", "momentum", "nesterov", "adagrad", "rmsprop", "adam")
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)

flat = problems.Problem(
    name="(x⁴ + y⁴)/4",
    loss=lambda w: np.sum(np.asarray(w) ** 4, axis=0) / 4,
    grad=lambda w: w * w * w,
    start=[3.0, -2.0],
    w_star=[0.0, 0.0],
    f_star=0.0,
    view=(-3.5, 3.5, -3.5, 3.5),
)

# name: (surface, start, share, noise). The race of a method ends when its loss stays below `share` times the first
# loss; noise: the standard deviation of the noise in each slope.
LANDSCAPES = {
    "bowl": (problems.bowl, (3.0, 4.0), 1e-3, 0.0),
    "valley": (problems.valley(100), (-1.3, 0.8), 1e-3, 0.0),
    "turned": (problems.rotated([1.0, 100.0], 45), (-1.3, -0.2), 1e-3, 0.0),
    "banana": (problems.rosenbrock, (-1.2, 1.0), 1e-3, 0.0),
    "flat": (flat, (3.0, -2.0), 1e-6, 0.0),
    "noisy": (problems.valley(20), (1.2, -0.9), 1e-2, 1.0),
}

# The best of RATES for each method on each landscape; a test finds them again with `tune`.
TUNED = {
    "bowl": dict(zip(METHODS, (0.3, 0.1, 0.3, 1.0, 0.1, 1.0))),
    "valley": dict(zip(METHODS, (0.01, 0.01, 0.01, 1.0, 0.01, 0.1))),
    "turned": dict(zip(METHODS, (0.01, 0.01, 0.01, 1.0, 0.03, 1.0))),
    "banana": dict(zip(METHODS, (0.003, 0.003, 0.001, 1.0, 0.03, 1.0))),
    "flat": dict(zip(METHODS, (0.1, 0.1, 0.1, 1.0, 1.0, 1.0))),
    "noisy": dict(zip(METHODS, (0.01, 0.003, 0.003, 0.3, 0.01, 0.03))),
}


def run(landscape: str, method: str, lr: float) -> dict[str, Any]:
    """Run one descent: 300 steps of a method of METHODS on a landscape of LANDSCAPES.

    losses: as shares of the first loss; needed: the number of steps after which all losses are below the landscape's
    share (inf if there is no such number up to 300).
    Returns path (301, 2), losses (301,), needed.

    >>> run("bowl", "gd", lr=0.3)["needed"], run("bowl", "gd", lr=1.0)["needed"]
    (3, inf)
    """
    surface, start, share, noise = LANDSCAPES[landscape]
    shaken = iter(noise * normals(1, 2 * STEPS + 2).reshape(-1, 2))
    grad = (lambda w: surface.grad(w) + next(shaken)) if noise else surface.grad
    path = descend(getattr(optimizers, method), grad, start, STEPS, lr=lr)
    with np.errstate(over="ignore", invalid="ignore"):
        losses = surface.loss(path.T) / surface.loss(path[0])
    above = np.flatnonzero(~(losses <= share))
    last = above[-1] + 1 if above.size else 0
    return {"path": path, "losses": losses, "needed": int(last) if last <= STEPS else np.inf}


def tune(landscape: str, method: str) -> float:
    """Return the rate of RATES with which the method needs the fewest steps.

    If several rates need equally few steps, return the one with the lowest loss at the end.

    >>> tune("bowl", "gd")
    0.3
    """
    runs = {lr: run(landscape, method, lr) for lr in RATES}
    return min(RATES, key=lambda lr: (runs[lr]["needed"], np.nan_to_num(runs[lr]["losses"][-1], nan=np.inf)))


def race(landscape: str = "bowl") -> dict[str, dict[str, Any]]:
    """Run all six methods at their tuned rates. Returns {method: what `run` returns}.

    >>> race("bowl")["gd"]["needed"]
    3
    """
    return {method: run(landscape, method, TUNED[landscape][method]) for method in METHODS}


def winner(landscape: str) -> str:
    """Return the method that needs the fewest steps, at its tuned rate.

    >>> winner("bowl"), winner("valley")
    ('gd', 'adagrad')
    """
    runs = race(landscape)
    return min(METHODS, key=lambda method: runs[method]["needed"])


def _at(landscape):
    return {"landscape": landscape, "pick": "nobody", "step": 0}


class Race(Demo):
    """Say which of six methods wins on a landscape, then start the race and see."""

    title = "Race"
    question = "Six methods, each with the best of the same seven learning rates. Who is first to stay below the line?"
    caption = (
        "Five of the six methods win somewhere and Adam nowhere; started at (−1.2, −1) it would have won the banana, in 48 steps. A race does not "
        "choose an optimiser for you. What it shows is why one is fast: what it remembers, and along which axes it looks."
    )
    goals = (
        Goal(
            "bowl",
            "A bowl, nearly round. Name the winner, then start.",
            "Gradient descent, 3 steps: where the curvatures are nearly alike, memory only overshoots.",
            _at("bowl"),
        ),
        Goal(
            "valley",
            "A valley with κ = 100 along the axes. Who wins?",
            "AdaGrad, 3 steps: it divides each axis by its own slopes, and the valley is round.",
            _at("valley"),
        ),
        Goal(
            "turned",
            "The same valley, turned by 45 degrees. Who wins now?",
            "Nesterov, 17 steps: dividing per axis no longer helps, memory still does.",
            _at("turned"),
        ),
        Goal(
            "banana",
            "Rosenbrock's bent valley, the banana. Who wins?",
            "Momentum, 109 steps: it keeps its way along the floor.",
            _at("banana"),
        ),
        Goal(
            "flat",
            "Steep walls and a flat floor, (x⁴ + y⁴)/4. Who wins?",
            "RMSProp, 55 steps: it forgets the walls, which AdaGrad never does.",
            _at("flat"),
        ),
        Goal(
            "noisy",
            "A valley with noise on every slope. Who wins?",
            "AdaGrad, 15 steps: its steps shrink by themselves, and the noise averages out.",
            _at("noisy"),
        ),
    )
    python = """import numpy as np

from gdcourse import plotting
from gdcourse.demos.race import race

runs = race("{landscape}")
path = np.stack([run["path"] for run in runs.values()], axis=1)[: {step} + 1]
plotting.curves({name: run["losses"] for name, run in runs.items()}, log=True)
"""
    data: ClassVar[dict] = {
        name: {"start": start, "share": share, "noise": noise, "rates": TUNED[name]}
        for name, (_, start, share, noise) in LANDSCAPES.items()
    }
    height = (990, 1280)

    landscape = traitlets.Enum(list(LANDSCAPES), "bowl", help="the landscape").tag(sync=True)
    pick = traitlets.Enum(["nobody", *METHODS], "nobody", help="who you say wins").tag(sync=True)
    step = traitlets.Int(0, help="the step that is shown; 300 is the end").tag(sync=True)

    @property
    def path(self) -> np.ndarray:
        """The paths of the six methods up to the step that is shown, side by side: (step + 1, 6, 2)."""
        return np.stack([seen["path"] for seen in race(self.landscape).values()], axis=1)[: self.step + 1]

    @property
    def alt(self) -> str:
        runs = race(self.landscape)
        if self.step == 0:
            return f"Six methods start from one point of the landscape {self.landscape!r}, each with its best learning rate of seven; on paper, their losses over {STEPS} steps."
        told = ", ".join(
            f"{m} {seen['needed'] if np.isfinite(seen['needed']) else f'not in {STEPS}'}" for m, seen in runs.items()
        )
        return f"Loss of six methods over {STEPS} steps on the landscape {self.landscape!r}. Steps until it stays below the line: {told}."

    def still(self, figure: Figure) -> None:
        from .. import plotting

        surface, start, *_ = LANDSCAPES[self.landscape]
        shown = self.step or STEPS  # a still picture shows the end of the race
        land, loss = figure.subplots(1, 2)
        plotting.contour(surface, {}, ax=land)
        runs = race(self.landscape)
        for method, seen in runs.items():
            look = plotting.LOOKS[method]
            land.plot(
                *seen["path"][: shown + 1].T,
                color=plotting.COLOURS[look],
                linestyle=plotting.DASHES[look],
                linewidth=1.5,
            )
        land.plot(*start, "o", markersize=9, markerfacecolor="w", markeredgecolor="k")
        plotting.curves(
            {method: np.maximum(seen["losses"][: shown + 1], 1e-12) for method, seen in runs.items()},
            ax=loss,
            ylabel="loss, share of the first",
            log=True,
        )
        loss.set(ylim=(1e-9, 10))
