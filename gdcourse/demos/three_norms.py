"""The demo "Three norms": the steepest step of length 1, if the length is measured in one of three norms."""

from typing import Any

import numpy as np
import traitlets

from .engine import Demo, Figure, Goal

CORNERS = {"inf": [(1, 1), (-1, 1), (-1, -1), (1, -1)], "spectral": [(1, 0), (0, 1), (-1, 0), (0, -1)]}


def three_norms(norm: str = "2", angle: float = 70.0) -> dict[str, Any]:
    """Compute what the demo shows: the direction of −g, the steepest step of length 1 in a norm, and the angle
    between them.

    norm: "2" is √(x² + y²), "inf" the largest of |x| and |y|, "spectral" the largest singular value of the matrix
    [[x, y], [y, x]], which is |x| + |y|. angle: the direction of −g in degrees, anticlockwise from the x axis.
    If all points of an edge of the ball are equally good, the step is the middle of the edge.
    down: −g, of length 1; apart: the angle between down and step, in degrees; fall: how far the step goes down;
    singular: the singular values.
    Returns path (2, 2), down (2,), step (2,), apart, fall, singular.

    >>> round(float(three_norms("inf", angle=60.0)["fall"]), 3)
    1.366
    """
    # rounded, so that x is exactly 0 at 90°
    down = np.round([np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))], 12)
    x, y = down
    if norm == "2":
        step = down
    elif norm == "inf":
        step = np.sign(down)
    else:  # the eigenvalues of [[x, y], [y, x]] are x + y and x − y; the eigenvalues of the step are their signs
        plus, minus = np.sign(np.round([x + y, x - y], 12))
        step = np.array([(plus + minus) / 2, (plus - minus) / 2])
    # the angle by arctan2, which is exactly 0 if the two directions agree; arccos would have rounding errors there
    across = x * step[1] - y * step[0]
    return {
        "path": np.array([[0.0, 0.0], step]),
        "down": down,
        "step": step,
        "apart": float(np.rad2deg(np.abs(np.arctan2(across, down @ step)))),
        "fall": float(down @ step),
        "singular": (abs(x + y), abs(x - y)),
    }


def _ball(norm):
    """Return the border of the unit ball as a closed path, (n, 2)."""
    if norm == "2":
        turn = np.deg2rad(np.arange(0.0, 361.0, 2.0))
        return np.stack([np.cos(turn), np.sin(turn)], axis=1)
    return np.array([*CORNERS[norm], CORNERS[norm][0]], dtype=float)


class ThreeNorms(Demo):
    """Turn the gradient, and see which step of length 1 goes down most."""

    title = "Three norms"
    question = (
        "The ground is a tilted board, and you may take one step. It must stay inside the dashed shape. "
        "Turn the board: which step goes down most?"
    )
    caption = (
        "The dashed shape is the unit ball of a norm: all steps that count as short. The steepest step ends where it touches the lowest line. A circle lets the step follow the gradient. A square holds it in a corner, "
        "until an entry of the gradient changes its sign: that is sign descent. A diamond has corners too, but they stand elsewhere: they are the matrices "
        "whose singular values are equal, and that is Muon."
    )
    goals = (
        Goal(
            "agree",
            "On the square, find a gradient whose step goes straight down: the two directions agree.",
            "At 45°, 135°, 225° and 315°: only when all entries are equally large does the sign lose nothing.",
            {"norm": "inf", "angle": 70.0},
        ),
        Goal(
            "stay",
            "On the square, turn −g as far as you can from its step: 44° or more between them.",
            "Nearly a quarter turn, from 1° to 89°, and the step stays in its corner. It moves only when an entry changes its sign.",
            {"norm": "inf", "angle": 70.0},
        ),
        Goal(
            "twin",
            "The diamond: (x, y) stands for the matrix [[x, y], [y, x]]. Turn −g until its two singular values are equal.",
            "At 0° the matrix is the unit matrix, at 90° it exchanges the two coordinates: both are orthogonal already.",
            {"norm": "spectral", "angle": 70.0},
        ),
        Goal(
            "edge",
            "Still on the diamond: turn −g until one singular value is 0.",
            "At 45° all four entries are equal: the matrix knows one direction only, and every step to one edge of the diamond goes down as far.",
            {"norm": "spectral", "angle": 70.0},
        ),
        Goal(
            "circle",
            "Which ball lets the step follow every turn of the gradient? Choose it, and turn −g to 200°.",
            "The circle: it has no corners, so no direction is special. Turn the board, and the step turns with it.",
            {"norm": "inf", "angle": 70.0},
        ),
    )
    say = "−g points to {angle} degrees. The steepest step ends at ({right}, {up}), {apart} degrees away from it, and goes down by {fall}."
    python = {
        norm: """import numpy as np

turn = np.deg2rad({angle})
down = np.round([np.cos(turn), np.sin(turn)], 12)
x, y = down
"""
        + lines
        for norm, lines in {
            "2": "path = np.array([[0.0, 0.0], down])\nprint(path[1].round(3))\n",
            "inf": "path = np.array([[0.0, 0.0], np.sign(down)])\nprint(path[1].round(3))\n",
            "spectral": """plus, minus = np.sign(np.round([x + y, x - y], 12))
step = np.array([[plus + minus, plus - minus], [plus - minus, plus + minus]]) / 2
path = np.array([[0.0, 0.0], step[0]])
print(step, "singular values of −G:", abs(x + y).round(3), abs(x - y).round(3))
""",
        }.items()
    }
    height = (950, 1280)

    norm = traitlets.Enum(["2", "inf", "spectral"], "inf", help="how a step is measured").tag(sync=True)
    angle = traitlets.Float(70.0, help="direction of −g in degrees").tag(sync=True)

    @property
    def path(self) -> np.ndarray:
        return three_norms(self.norm, self.angle)["path"]

    @property
    def alt(self) -> str:
        seen = three_norms(self.norm, self.angle)
        shape = {"2": "circle", "inf": "square", "spectral": "diamond"}[self.norm]
        return (
            f"A tilted board with the unit ball of a norm, a {shape}. Straight down is {self.angle:g} degrees; the steepest step ends at "
            f"({seen['step'][0]:.2f}, {seen['step'][1]:.2f}), {seen['apart']:.0f} degrees away from it."
        )

    def still(self, figure: Figure) -> None:
        from .. import plotting

        seen = three_norms(self.norm, self.angle)
        land, turned = figure.subplots(1, 2)
        grid = np.linspace(-1.7, 1.7, 3)
        land.contour(
            grid, grid, -(seen["down"][0] * grid + seen["down"][1] * grid[:, None]), 9, colors="0.7", linestyles="-"
        )
        land.plot(*_ball(self.norm).T, "--", color="#0060A8")
        for end, color in ((1.4 * seen["down"], "0.4"), (seen["step"], "#C44601")):
            land.annotate("", end, (0, 0), arrowprops={"arrowstyle": "->", "linewidth": 2, "color": color})
        land.set(xlim=(-1.7, 1.7), ylim=(-1.7, 1.7), aspect="equal", xlabel="x", ylabel="y")
        angles = np.arange(1.0, 360.0, 2.0)  # odd angles avoid those at which all points of an edge are equally good
        apart = np.array([three_norms(self.norm, a)["apart"] for a in angles])
        plotting.curves(
            {"apart": (angles, apart)}, ax=turned, xlabel="direction of −g in degrees", ylabel="step to −g, degrees"
        )
        turned.set_ylim(-3, 60)
        turned.plot(self.angle, seen["apart"], "o", markersize=9, markerfacecolor="w", markeredgecolor="k")
