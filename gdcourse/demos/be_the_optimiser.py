"""The demo "Be the optimiser": the parabola (w − 3)², on which the reader predicts where the next step lands."""

from typing import Any

import numpy as np
import traitlets

from .. import problems
from ..optimizers import descend, gd
from .engine import Demo, Figure, Goal

STEPS = 80
CLOSE = 1e-3


def be_the_optimiser(lr: float = 0.1, steps: int = STEPS) -> dict[str, Any]:
    """Run gradient descent on (w − 3)² from 10.

    Returns path (81,); factor, by which each step multiplies the distance to 3; needed, the number of steps until
    |w − 3| < 0.001 (inf if the path does not get there).

    >>> be_the_optimiser(lr=0.3)["needed"]
    10
    """
    path = descend(gd, problems.parabola.grad, problems.parabola.start, steps, lr=lr)
    near = np.flatnonzero(np.abs(path - 3) < CLOSE)
    return {"path": path, "factor": 1 - 2 * lr, "needed": int(near[0]) if near.size else np.inf}


FREE = {"revealed": 3}


class BeTheOptimiser(Demo):
    """Predict three steps, then find by what a step multiplies the distance, then choose rates."""

    title = "Be the optimiser"
    question = (
        "You start at w = 10 on (w − 3)², where the slope is 14. The learning rate is 0.1. Where does each step land?"
    )
    caption = (
        "Every step multiplies the distance to the minimum by the same number, 1 − 2η here. Its size says how fast, its sign says "
        "whether the path stays on one side: 0.1 and 0.9 need the same number of steps, one straight, the other from side to side."
    )
    goals = (
        Goal(
            "predicted",
            "Drag the marker to where the next step lands, to within 0.1, then reveal it.",
            "w − η · slope: from 10 to 10 − 0.1 · 14 = 8.6, then 7.48, then 6.584.",
        ),
        Goal(
            "factor",
            "Reveal three steps. By which number does each step at η = 0.1 multiply the distance to 3?",
            "0.8: the distances are 7, 5.6, 4.48, 3.584.",
        ),
        Goal(
            "twelve",
            "Without stepping: where is w after 12 steps at η = 0.1? Type it with three decimals.",
            "3 + 7 · 0.8¹² = 3.481.",
            {"lr": 0.1, "revealed": 3},
        ),
        Goal(
            "ten",
            "At η = 0.1 it takes 40 steps to come within 0.001. Find a rate that needs 10.",
            "At 0.3 each step multiplies the distance by 0.4.",
            FREE,
        ),
        Goal(
            "one",
            "Find the rate that needs a single step.",
            "At 0.5 the factor is 0: the step lands on the minimum.",
            FREE,
        ),
        Goal(
            "forty_again",
            "Find a rate above 0.5 that needs 40 steps again.",
            "At 0.9 the factor is −0.8: as slow as 0.1, from side to side.",
            FREE,
        ),
    )
    python = """from gdcourse import descend, gd, plotting, problems

path = descend(gd, problems.parabola.grad, 10.0, {shown}, lr={lr})
plotting.line(problems.parabola, path)
"""
    height = (720, 915)

    lr = traitlets.Float(0.1, help="learning rate η").tag(sync=True)
    revealed = traitlets.Int(0, help="steps revealed; from 3 on the whole path is shown").tag(sync=True)
    guess1 = traitlets.Float(10.0, help="where you say the first step lands").tag(sync=True)
    guess2 = traitlets.Float(10.0, help="the second").tag(sync=True)
    guess3 = traitlets.Float(10.0, help="the third").tag(sync=True)
    factor = traitlets.Float(1.0, help="what you say each step multiplies the distance by").tag(sync=True)
    twelve = traitlets.Float(10.0, help="where you say w is after 12 steps").tag(sync=True)

    @property
    def path(self) -> np.ndarray:
        return be_the_optimiser(self.lr, STEPS if self.revealed >= 3 else self.revealed)["path"]

    @property
    def alt(self) -> str:
        if self.revealed < 3:
            return f"The parabola (w − 3)² with the slope drawn at w = {self.path[-1]:g}; the landing of the next step is yours to predict."
        needed = be_the_optimiser(self.lr)["needed"]
        when = f"after {needed} steps" if np.isfinite(needed) else f"not in {STEPS} steps"
        return f"Gradient descent on (w − 3)² from 10 with η = {self.lr:g}: within 0.001 of 3 {when}."

    def still(self, figure: Figure) -> None:
        from .. import plotting

        curve, distance = figure.subplots(1, 2)
        plotting.line(problems.parabola, self.path, ax=curve)
        plotting.curves(
            {"|w − 3|": np.abs(be_the_optimiser(self.lr, 12)["path"] - 3)},
            ax=distance,
            ylabel="distance |w − 3|",
            log=True,
        )
