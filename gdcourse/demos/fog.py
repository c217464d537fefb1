"""D2 Fog: feel for the steepest step, in three ways of measuring a step."""

import numpy as np
import traitlets

from .. import problems
from .engine import Demo, Goal

HERE = (3.0, 4.0)
NORMS = {"2": 2, "inf": np.inf, "1": 1}


def fog(angle=0.0, norm="2"):
    """What the demo shows at (3, 4) of x² + 2y²: the step of length 1 in that norm, the slope along it, and all slopes round the circle.

    angle: degrees, anticlockwise from the x axis; norm: "2", "inf" or "1".
    """
    g = problems.bowl.grad(np.array(HERE))

    def unit(degrees):
        u = np.array([np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))])
        return u / np.linalg.norm(u, NORMS[norm], axis=0)

    u = unit(angle)
    return {
        "path": np.array([HERE, HERE + u]),
        "step": u,
        "slope": float(g @ u),
        "slopes": g @ unit(np.arange(361.0)),
        "gradient": g,
    }


class Fog(Demo):
    """Turn a step in the fog until it climbs as steeply as it can."""

    title = "Fog"
    question = "You stand at (3, 4) and see nothing. In which direction does a step of length 1 climb most steeply?"
    caption = (
        "The slope in a direction is the gradient's share in it: largest along the gradient, zero at right angles to it. But steepest depends on what counts as "
        "a step of length 1. Measured by its largest coordinate, the steepest step uses both axes fully; measured by the sum, only the steeper one."
    )
    goals = (
        Goal(
            "steepest",
            "Find the steepest direction: a slope above 17.08.",
            "17.088 at 69.44 degrees: that is the gradient, (6, 16).",
            {"norm": "2"},
        ),
        Goal(
            "max_norm",
            "Now both coordinates may be as large as 1. Find a slope of 22.",
            "22 at 45 degrees, the step (1, 1): the sign of each slope.",
            {"norm": "inf"},
        ),
        Goal(
            "one_norm",
            "Now the two coordinates may add up to 1. Find the largest slope.",
            "16 straight up, the step (0, 1): all of it in the steeper coordinate.",
            {"norm": "1"},
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
    height = (915, 1370)

    angle = traitlets.Float(0.0, help="direction of the step in degrees").tag(sync=True)
    norm = traitlets.Enum(list(NORMS), "2", help="how a step is measured").tag(sync=True)
    lifted = traitlets.Bool(False, help="the fog is lifted").tag(sync=True)

    @property
    def path(self):
        return fog(self.angle, self.norm)["path"]

    @property
    def alt(self):
        seen = fog(self.angle, self.norm)
        return f"At (3, 4) a step of length 1 at {self.angle:g} degrees, in the {self.norm}-norm, climbs x² + 2y² with slope {seen['slope']:.3f}."

    def still(self, figure):
        from .. import plotting

        seen = fog(self.angle, self.norm)
        land, round_ = figure.subplots(1, 2)
        if self.lifted:
            plotting.contour(problems.bowl, {}, ax=land)
        land.annotate("", HERE + 1.5 * seen["step"], HERE, arrowprops={"arrowstyle": "->", "linewidth": 2})
        land.plot(*HERE, "o", markersize=9, markerfacecolor="w", markeredgecolor="k")
        land.set(xlim=(0, 6), ylim=(1, 7), xlabel="x", ylabel="y")
        plotting.curves({"slope": seen["slopes"]}, ax=round_, xlabel="direction in degrees", ylabel="slope")
        round_.plot(self.angle, seen["slope"], "o", markersize=9, markerfacecolor="w", markeredgecolor="k")
