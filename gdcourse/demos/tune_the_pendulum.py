"""The demo "Tune the ball": momentum in one direction and in valleys, and how fast the distance shrinks."""

from typing import Any

import numpy as np
import traitlets

from .. import problems
from ..optimizers import descend, gd, momentum, nesterov
from .engine import Demo, Figure, Goal

KAPPA, STEPS, SWING, ROLL = 100, 750, 60, 80


def rate(step: float | np.ndarray, beta: float | np.ndarray) -> np.ndarray:
    """Return the factor by which each momentum step shrinks the distance in the long run.

    step: ηλ; beta: β ≥ 0; both are numbers, or arrays of one shape. The factor is the largest |root| of
    z² − (1 + β − ηλ)z + β.

    >>> rate(0.1, beta=np.array([0.0, 0.5, 0.9])).round(4)  # a larger β shrinks it faster, then slower
    array([0.9   , 0.7071, 0.9487])
    """
    b = 1 + beta - step
    d = b * b - 4 * beta
    return np.where(d < 0, np.sqrt(beta), (np.abs(b) + np.sqrt(np.maximum(d, 0))) / 2)


def tune_the_pendulum(
    mode: str = "one",
    step: float = 0.1,
    lr: float = 0.01,
    beta: float = 0.0,
    x: float = -1.3,
    y: float = 0.8,
    ahead: bool = False,
) -> dict[str, Any]:
    """Compute what the demo shows. There are three modes:

    "one": one direction with ηλ = step. "valley": a valley with κ = 100, with η = lr, from (1, 1). Both return path,
    (61,) or (751, 2); away, the distance from the minimum; rate, the factor that the function `rate` computes, in the
    valley for the slower direction; and needed, the steps until a millionth of the distance is left (inf if the path
    ends before).
    "ball": a valley with κ = 20, from (x, y), by Nesterov's rule if `ahead` is True, else by momentum. Returns path
    (81, 2) and losses; and for gradient descent, which has no memory, plain (its path) and none (its losses).

    >>> round(float(tune_the_pendulum(step=0.1, beta=0.9)["rate"]), 4)
    0.9487
    """
    if mode == "ball":
        land = problems.valley(20)
        path = descend(nesterov if ahead else momentum, land.grad, [x, y], ROLL, lr=lr, beta=beta)
        plain = descend(gd, land.grad, [x, y], ROLL, lr=lr)
        with np.errstate(all="ignore"):
            return {"path": path, "plain": plain, "losses": land.loss(path.T), "none": land.loss(plain.T)}
    if mode == "valley":
        path = descend(momentum, problems.valley(KAPPA).grad, [1.0, 1.0], STEPS, lr=lr, beta=beta)
        away, kept = np.hypot(*path.T), max(rate(lr, beta), rate(KAPPA * lr, beta))
    else:
        path = descend(momentum, problems.quadratic(1.0).grad, 1.0, SWING, lr=step, beta=beta)
        away, kept = np.abs(path), rate(step, beta)
    there = np.flatnonzero(away <= 1e-6 * away[0])
    return {"path": path, "away": away, "rate": float(kept), "needed": int(there[0]) if there.size else np.inf}


TENTH = {"mode": "one", "step": 0.1}
BALL = {"mode": "ball", "lr": 0.02, "beta": 0.0, "x": -1.3, "y": 0.8, "ahead": False}


class TuneThePendulum(Demo):
    """Set the step and the memory of momentum, and see how fast the distance shrinks."""

    title = "Tune the ball"
    height = (1055, 1490)
    question = "A heavy ball rolls in a valley, and keeps the share β of its last move. With which β does it come to rest soonest, and is 0.9 always better than none?"
    caption = (
        "In one direction two numbers, the roots, decide what the ball does. Two positive ones: it creeps. Two negative ones: it jumps. A pair off the axis: it swings and keeps √β per step, "
        "whatever the rate. The fastest setting lies on the border of swinging, and over a whole valley it needs, in the long run, about √κ times fewer steps."
    )
    goals = (
        Goal(
            "roll",
            "Without memory the loss after 80 steps is 0.033. Choose β so that it is below a millionth.",
            "With β around 0.75: along the valley the pushes add up, and across it they cancel.",
            BALL,
        ),
        Goal(
            "past",
            "Now let it remember too much: find a β that leaves the ball higher after 80 steps than no memory does.",
            "From β = 0.95 on it rolls past the lowest place, back, and past it again.",
            BALL,
        ),
        Goal(
            "ahead",
            "After the section on Nesterov. At β = 0.95 switch on the look ahead. Then press Arrows, and step on with ›: where is the slope measured?",
            "Nesterov's ball feels the slope where its memory is about to carry it, and brakes in time: 0.00005 instead of 0.03 at β = 0.95.",
            BALL | {"beta": 0.95},
        ),
        Goal(
            "beat",
            "After the section on the two roots. At ηλ = 0.1 plain gradient descent keeps 0.9 of the distance in each step. Beat it.",
            "Any β up to 0.8 does.",
            TENTH,
        ),
        Goal(
            "best",
            "Find the best β at ηλ = 0.1: keep less than 0.69.",
            "(1 − √0.1)² = 0.4675, on the dashed border, keeps 1 − √0.1 = 0.6838.",
            TENTH,
        ),
        Goal(
            "popular",
            "Now set β = 0.9, the usual choice. Faster or slower than no momentum?",
            "Slower: it keeps 0.9487, and none at all keeps 0.9.",
            TENTH,
        ),
        Goal(
            "hundred",
            "After the section on the best rate and β. A valley with κ = 100: gradient descent at its best needs 691 steps to a millionth. Need fewer than 100.",
            "At η = 4/121 = 0.0331 and β = (9/11)² = 0.669 both directions sit on the border at once: 93 steps instead of 691.",
            {"mode": "valley", "lr": 0.01, "beta": 0.0},
        ),
    )
    python = {
        "ball": """from gdcourse import descend, gd, momentum, nesterov, plotting, problems

land, rule = problems.valley(20), nesterov if {ahead} else momentum
path = descend(rule, land.grad, [{x}, {y}], 80, lr={lr}, beta={beta})
plotting.contour(land, {"no memory": descend(gd, land.grad, [{x}, {y}], 80, lr={lr}), rule.__name__: path})
""",
        "one": """from gdcourse import descend, momentum, plotting, problems

path = descend(momentum, problems.quadratic(1.0).grad, 1.0, 60, lr={step}, beta={beta})
plotting.curves({"momentum": path}, ylabel="w")
""",
        "valley": """from gdcourse import descend, momentum, plotting, problems

path = descend(momentum, problems.valley(100).grad, [1.0, 1.0], 750, lr={lr}, beta={beta})
plotting.curves({"momentum": (path**2).sum(axis=1)**0.5}, ylabel="distance", log=True)
""",
    }

    mode = traitlets.Enum(
        ["ball", "one", "valley"], "ball", help="the ball, one direction, or a valley with κ = 100"
    ).tag(sync=True)
    step = traitlets.Float(0.1, help="rate times curvature ηλ, in one direction").tag(sync=True)
    lr = traitlets.Float(0.02, help="learning rate η, in a valley").tag(sync=True)
    beta = traitlets.Float(0.0, help="momentum β").tag(sync=True)
    x = traitlets.Float(-1.3, help="where the ball starts").tag(sync=True)
    y = traitlets.Float(0.8, help="where the ball starts").tag(sync=True)
    ahead = traitlets.Bool(False, help="Nesterov's look ahead").tag(sync=True)

    @property
    def path(self) -> np.ndarray:
        return tune_the_pendulum(**self.settings)["path"]

    @property
    def alt(self) -> str:
        seen = tune_the_pendulum(**self.settings)
        if self.mode == "ball":
            return (
                f"{'Nesterov' if self.ahead else 'Momentum'} in a valley with κ = 20 from ({self.x:g}, {self.y:g}), η = {self.lr:g}, β = {self.beta:g}: "
                f"after 80 steps the loss is {seen['losses'][-1]:.3g}, with no memory {seen['none'][-1]:.3g}."
            )
        if self.mode == "valley":
            return f"Momentum in a valley with κ = 100, η = {self.lr:g}, β = {self.beta:g}: it keeps {seen['rate']:.4g} of the distance per step."
        return f"Momentum in one direction with ηλ = {self.step:g} and β = {self.beta:g}: its larger root is {seen['rate']:.4g} in size."

    def still(self, figure: Figure) -> None:
        from .. import plotting

        heat, distance = figure.subplots(1, 2)
        if self.mode == "ball":
            seen, name = tune_the_pendulum(**self.settings), "nesterov" if self.ahead else "momentum"
            plotting.contour(problems.valley(20), {"theory no memory": seen["plain"], name: seen["path"]}, ax=heat)
            plotting.curves({"theory no memory": seen["none"], name: seen["losses"]}, ax=distance, log=True)
            return
        x, y = np.meshgrid(np.linspace(0, 4, 161), np.linspace(0, 0.999, 101))
        levels = [0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0]
        heat.contour(x, y, rate(x, y), levels=levels, colors="#8A8A8A")
        for level in levels[:-1]:
            # Put the label of a curve in the middle of its horizontal part, where β = ρ². Matplotlib would choose the
            # straightest place. On a horizontal line all places are equally straight, so rounding errors would decide.
            heat.text(
                1 + level**2,
                level**2,
                f"{level:g}",
                ha="center",
                va="center",
                fontsize=9,
                color="#6E6E6E",
                bbox={"color": "w", "pad": 1},
            )
        heat.text(3.1, 0.2, "grows", color="#6E6E6E", fontsize=9)
        if self.mode == "one":
            heat.plot(self.step, self.beta, "o", markersize=9, markerfacecolor="w", markeredgecolor="k")
        heat.set(xlabel="ηλ", ylabel="β", title="kept per step, ρ")
        plotting.curves(
            {"momentum": tune_the_pendulum(**self.settings)["away"]}, ax=distance, ylabel="distance", log=True
        )
