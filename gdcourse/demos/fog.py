"""The demo "Fog": at one point of a hidden landscape the reader turns a step, and looks for the steepest direction."""

from typing import Any

import numpy as np
import traitlets

from .. import problems
from .engine import Demo, Figure, Goal

HERE = (3.0, 4.0)
NORMS = {"2": 2, "inf": np.inf, "1": 1}


def fog(angle: float = 0.0, norm: str = "2") -> dict[str, Any]:
    """Compute what the demo shows at (3, 4) of x² + 2y²: the step of length 1 in a norm, and the slope along it.

    angle: degrees, anticlockwise from the x axis; norm: "2", "inf" or "1". slopes: the slope in every direction, degree
    by degree.
    Returns path (2, 2), step (2,), slope, slopes (361,), gradient (2,).

    >>> round(float(fog(90.0)["slope"]), 3)
    16.0
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
    question = "You stand on a hillside in fog and see nothing. You can only turn, and feel how steep a step in that direction is. Which way is steepest?"
    caption = (
        "One direction climbs most steeply. The opposite one falls as steeply. A quarter turn to either side the ground is level. "
        "And to every direction in between belongs a slope in between: one turn of the compass is one wave."
    )
    goals = (
        Goal(
            "steepest",
            "Find the direction that climbs most steeply: a slope above 17.08.",
            "17.088 at 69.44 degrees: no direction is steeper.",
            {"angle": 0.0},
        ),
        Goal(
            "level",
            "Now find a direction in which the ground is level: a slope between −0.2 and 0.2.",
            "At 159 or at 339 degrees: a quarter turn away from the steepest direction.",
        ),
        Goal(
            "down",
            "Find the steepest way down: a slope below −17.08.",
            "At 249 degrees: exactly opposite to the steepest way up.",
        ),
    )
    python = """import numpy as np

from gdcourse import problems

here, turn = np.array([3.0, 4.0]), np.deg2rad({angle})
u = np.array([np.cos(turn), np.sin(turn)])
path = np.array([here, here + u])
print(f"slope {problems.bowl.grad(here) @ u:.3f}")
"""
    height = (795, 1065)

    norm = "2"  # a constant; in the subclass `Steepest` the reader chooses the norm

    angle = traitlets.Float(0.0, help="direction of the step in degrees").tag(sync=True)
    lifted = traitlets.Bool(False, help="the fog is lifted").tag(sync=True)
    measured = traitlets.Unicode("", help="the directions measured so far, in degrees, separated by spaces").tag(
        sync=True
    )

    @property
    def path(self) -> np.ndarray:
        return fog(self.angle, self.norm)["path"]

    @property
    def alt(self) -> str:
        seen = fog(self.angle, self.norm)
        return f"At (3, 4) a step of length 1 at {self.angle:g} degrees climbs x² + 2y² with slope {seen['slope']:.3f}."

    def still(self, figure: Figure) -> None:
        from .. import plotting

        seen = fog(self.angle, self.norm)
        land, round_ = figure.subplots(1, 2)
        if self.lifted:
            plotting.contour(problems.bowl, {}, ax=land)
        land.plot(*zip(*(HERE + 1.6 * fog(k, self.norm)["step"] for k in range(361)), strict=True), ":", color="0.5")
        land.annotate("", HERE + 1.6 * seen["step"], HERE, arrowprops={"arrowstyle": "->", "linewidth": 2})
        land.plot(*HERE, "o", markersize=9, markerfacecolor="w", markeredgecolor="k")
        land.set(xlim=(0, 6), ylim=(1, 7), xlabel="x", ylabel="y")
        if self.lifted:  # while the fog is there, the curve of all slopes would show the steepest direction
            plotting.curves({"slope": seen["slopes"]}, ax=round_)
        for k in map(float, self.measured.split()):
            round_.plot(k, fog(k, self.norm)["slope"], "o", markersize=4, color="0.5")
        round_.axhline(0, linewidth=1, color="0.5")
        round_.plot(self.angle, seen["slope"], "o", markersize=9, markerfacecolor="w", markeredgecolor="k")
        round_.set(xlim=(-15, 375), ylim=(-25, 25), xlabel="direction in degrees", ylabel="slope")
