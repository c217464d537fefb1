"""The demo "Steepest": the reader chooses a norm, and looks for the steepest step of length 1 in this norm."""

import traitlets

from .engine import Goal
from .fog import NORMS, Fog, fog


class Steepest(Fog):
    """The demo Fog, in which the reader also chooses the norm that measures the length of a step."""

    title = "Steepest in which norm?"
    question = "You stand at (3, 4) on x² + 2y². In which direction does a step of length 1 climb most steeply, if its length is measured in another way?"
    caption = (
        "By the ordinary length the steepest step goes along the gradient. Measured by its largest coordinate, the steepest step uses both axes fully; "
        "measured by the sum of both, it uses only the steeper one."
    )
    goals = (
        Goal(
            "max_norm",
            "Each coordinate of the step may be as large as 1. Find a slope of 22.",
            "22 at 45 degrees, the step (1, 1): the sign of each slope.",
            {"norm": "inf"},
        ),
        Goal(
            "one_norm",
            "Now the absolute values of both coordinates may add up to 1. Find the largest slope.",
            "16 straight up, the step (0, 1): all of it in the steeper coordinate.",
            {"norm": "1"},
        ),
        Goal(
            "two_norm",
            "Back to the ordinary length, √(x² + y²): find the steepest direction, a slope above 17.08.",
            "17.088 at 69.44 degrees: that is the gradient, (6, 16). With the other two lengths it was not.",
            {"norm": "2"},
        ),
    )
    python = """import numpy as np

from gdcourse import problems

here, turn = np.array([3.0, 4.0]), np.deg2rad({angle})
u = np.array([np.cos(turn), np.sin(turn)])
u = u / np.linalg.norm(u, float("{norm}"))
path = np.array([here, here + u])
print(f"slope {problems.bowl.grad(here) @ u:.3f}")
"""
    height = (845, 1205)

    norm = traitlets.Enum(list(NORMS), "inf", help="how a step is measured").tag(sync=True)

    @property
    def alt(self) -> str:
        seen = fog(self.angle, self.norm)
        return f"At (3, 4) a step of length 1 at {self.angle:g} degrees, in the {self.norm}-norm, climbs x² + 2y² with slope {seen['slope']:.3f}."
