"""The demo "Find the edge": descent with one learning rate. The largest curvature decides which rates diverge."""

from typing import Any

import numpy as np
import traitlets

from .. import problems
from ..optimizers import descend, gd
from .engine import Demo, Figure, Goal

VIEW = {"bowl": None, "four_points": (-2.2, 2.2, -0.3, 4.1)}
STEPS = {"bowl": 40, "four_points": 200, "diabetes": 200}

# For half-MSE on the raw diabetes table with an intercept. CURVATURE: the curvatures of the loss; START: the distances
# of w = 0 from the best line, along the axes of these curvatures; FLOOR: the loss of the best line. Along these axes
# each coordinate descends independently of all others. A test computes the numbers again from the table.
CURVATURE = [73592.4, 620.986, 250.066, 128.951, 95.6635, 53.829, 14.668, 0.356501, 0.183511, 0.0733761, 0.00140537]
START = [-0.565877, -0.614532, -2.00762, -0.79417, 0.25994, -3.35082, 5.16761, -14.0981, -21.3253, 8.26212, -341.262]
FLOOR = 1429.85


def find_the_edge(lr: float = 0.1, x: float = 3.0, y: float = 4.0, problem: str = "bowl") -> dict[str, Any]:
    """Compute what the demo shows: path, losses, each direction's multiplier 1 − ηλ, and the two rates of the theory.

    problem: "bowl", "four_points" (x and y are its intercept and slope), or "diabetes" (always from w = 0, along the
    axes of its curvatures). worst: the largest |multiplier|; edge: 2/L; best: 2/(μ + L).
    Returns path, losses, multipliers, worst, edge, best; for the bowl path (41, 2), losses (41,), multipliers (2,).

    >>> round(find_the_edge(0.1)["best"], 3)
    0.333
    """
    own = problem == "diabetes"
    surface: Any = problems.diagonal(CURVATURE) if own else getattr(problems, problem)
    path = descend(gd, surface.grad, START if own else [x, y], STEPS[problem], lr=lr)
    with np.errstate(over="ignore", invalid="ignore"):
        losses = surface.loss(path.T) + (FLOOR if own else 0.0)
    multipliers = 1 - lr * np.linalg.eigvalsh(surface.hessian(path[0]))
    return {"path": path, "losses": losses, "multipliers": multipliers, "worst": np.abs(multipliers).max(),
            "edge": 2 / surface.L, "best": 2 / (surface.mu + surface.L)}  # fmt: skip


BOWL = {"problem": "bowl", "x": 3.0, "y": 4.0}


class FindTheEdge(Demo):
    """Set the learning rate: find where the path arrives fastest, where it never settles, and where it diverges."""

    title = "Find the edge"
    height = (910, 1535)
    question = "One learning rate serves every direction at once. How large can it be before the path no longer arrives, and at which one does it arrive fastest?"
    caption = (
        "Each direction multiplies its distance by 1 − ηλ in every step, where λ is its curvature. The direction with the "
        "largest curvature sets the edge, 2/L. The best rate balances it against the flattest one, at 2/(μ + L)."
    )
    goals = (
        Goal(
            "one_step",
            "Make y exactly 0 in a single step.",
            "At η = 1/L = 0.25 the multiplier of y is 1 − 0.25 · 4 = 0.",
            BOWL,
        ),
        Goal(
            "fastest",
            "Make the slower of the two directions as fast as it can be.",
            "At 2/(μ + L) = 1/3 one multiplier is 1/3 and the other −1/3: one direction shrinks on its own side, the other from side to side.",
            BOWL,
        ),
        Goal(
            "for_ever",
            "Find a rate at which the loss drops once and then never changes again.",
            "At η = 2/L = 0.5 the multiplier of y is exactly −1: y jumps between 4 and −4 for ever. This is the edge.",
            BOWL,
        ),
        Goal(
            "over",
            "Find the smallest rate with two decimals that diverges.",
            "0.51: one hundredth over the edge, and y grows.",
            BOWL,
        ),
        Goal(
            "four_points",
            "A line through four points, half-MSE: find the largest rate with four decimals that still settles.",
            "0.2395, just under 2/L = 0.23951: the steep direction decides, and the flat one waits for it.",
            {"problem": "four_points", "lr": 0.05, "x": 0.0, "y": 0.0},
        ),
        Goal(
            "diabetes",
            "The diabetes table with its raw columns: find the largest rate with two digits that still settles.",
            "2.7 × 10⁻⁵. The unit of each column decides what a large rate is; in a step the other ten directions hardly move.",
            {"problem": "diabetes", "lr": 1e-5},
        ),
    )
    python = {
        "bowl": """from gdcourse import descend, gd, plotting, problems

path = descend(gd, problems.bowl.grad, [{x}, {y}], 40, lr={lr})
plotting.contour(problems.bowl, {"η = {lr}": path}, view=(-5, 5, -5, 5))
""",
        "four_points": """from gdcourse import descend, gd, plotting, problems

path = descend(gd, problems.four_points.grad, [{x}, {y}], 200, lr={lr})
plotting.contour(problems.four_points, {"η = {lr}": path}, view=(-2.2, 2.2, -0.3, 4.1))
""",
        "diabetes": """from gdcourse import descend, gd, plotting, problems

X, y = problems.diabetes()
raw = problems.half_least_squares(problems.with_bias(X), y)
path = descend(gd, raw.grad, raw.start, 200, lr={lr})
plotting.curves({"η = {lr}": raw.loss(path.T)}, log=True)
""",
    }

    lr = traitlets.Float(0.1, help="learning rate η").tag(sync=True)
    x = traitlets.Float(3.0, help="start, first coordinate").tag(sync=True)
    y = traitlets.Float(4.0, help="start, second coordinate").tag(sync=True)
    problem = traitlets.Enum(list(STEPS), "bowl", help="the landscape").tag(sync=True)

    @property
    def path(self) -> np.ndarray:
        return find_the_edge(**self.settings)["path"]

    @property
    def losses(self) -> np.ndarray:
        return find_the_edge(**self.settings)["losses"]

    @property
    def alt(self) -> str:
        seen = find_the_edge(**self.settings)
        where = {"bowl": f"x² + 2y² from ({self.x:g}, {self.y:g})", "four_points": f"the half-MSE of four points from ({self.x:g}, {self.y:g})",
                 "diabetes": "the half-MSE of the raw diabetes table from 0"}[self.problem]  # fmt: skip
        low, high, worst = seen["multipliers"].min(), seen["multipliers"].max(), seen["worst"]
        end = "leaves" if worst > 1 else "never settles" if worst == 1 else "settles"
        return f"Gradient descent on {where} with η = {self.lr:g}: each step multiplies the directions by {low:.3g} to {high:.3g}; the path {end}."

    def still(self, figure: Figure) -> None:
        from .. import plotting

        seen = find_the_edge(**self.settings)
        label = f"gd, η = {self.lr:g}"
        land, loss = figure.subplots(1, 2)
        if self.problem == "diabetes":
            land.stem(seen["multipliers"])
            land.set(xlabel="direction, flattest first", ylabel="multiplier 1 − ηλ")
        else:
            plotting.contour(getattr(problems, self.problem), {label: seen["path"]}, ax=land, view=VIEW[self.problem])
        plotting.curves({label: seen["losses"]}, ax=loss, log=True)
