"""The demo "Watch it learn": a line through the data, its point on a map of the loss, and its loss, step by step."""

from typing import Any, ClassVar

import numpy as np
import traitlets

from .. import problems
from ..optimizers import descend, gd
from .engine import Demo, Figure, Goal

STEPS = 200


def table(rows: str = "people") -> tuple[np.ndarray, np.ndarray, problems.Fit]:
    """Return x (n,) and y (n,) of the rows, and their half-MSE as a Fit over (intercept, slope).

    rows: "people", 442 people with x their standardised BMI, or "points", the four points of the chapter.

    >>> x, y, line = table("points")
    >>> x, y, float(line.loss([0.0, 2.0]))  # the line 0 + 2x goes through all four
    (array([1., 2., 3., 4.]), array([2., 4., 6., 8.]), 0.0)
    """
    if rows == "points":
        return np.array([1.0, 2.0, 3.0, 4.0]), np.array([2.0, 4.0, 6.0, 8.0]), problems.four_points
    X, y = problems.diabetes()
    x = problems.standardised(X[:, 2:3])
    return x[:, 0], y, problems.half_least_squares(problems.with_bias(x), y)


def watch_it_learn(
    rows: str = "people", intercept: float = 0.0, slope: float = 0.0, lr: float = 0.2, step: int = 0
) -> dict[str, Any]:
    """Compute what the demo shows: the path of 200 steps, its losses, and the value of the loss after `step` steps.

    rows: "people", BMI and progression of the diabetes table, or "points", the four points of the chapter.
    Returns path (201, 2), losses (201,), value.

    >>> round(float(watch_it_learn()["value"]), 2)
    14537.24
    """
    *_, problem = table(rows)
    path = descend(gd, problem.grad, [intercept, slope], STEPS, lr=lr)
    with np.errstate(all="ignore"):
        losses = problem.loss(path.T)
    return {"path": path, "losses": losses, "value": losses[int(step)]}


PEOPLE = {"rows": "people", "intercept": 0.0, "slope": 0.0, "lr": 0.2, "step": 0.0}
POINTS = {"rows": "points", "intercept": 0.0, "slope": 0.0, "lr": 0.1, "step": 0.0}
X, Y = problems.diabetes()


class WatchItLearn(Demo):
    """Take 1, 10 or 100 steps, and see the line move, its point on the map, and the loss."""

    title = "Watch it learn"
    question = "A line through 442 people that starts at zero. Each step moves it a little. How many steps until it is as good as it gets?"
    caption = (
        "One line is one point on the map, and one step moves both. The gradient shrinks as the line gets better, so the steps shrink too. "
        "With a standardised input the landscape is a round bowl, and the rate 1 arrives in one step. The four points make a narrow valley: "
        "quick across, slow along, and a rate that is a little too large leaves it for good."
    )
    goals = (
        Goal(
            "below",
            "At η = 0.2 take steps until the half-MSE is below 2000, and stop at the first that is.",
            "13 steps. The lowest is 1945.2, and each step keeps 0.64 of what lies above it.",
            PEOPLE,
        ),
        Goal(
            "one",
            "Find the rate that arrives in a single step.",
            "η = 1: the curvature is 1 in every direction, and 1 − η · 1 is 0.",
            PEOPLE,
        ),
        Goal(
            "sixty",
            "Four points: at η = 0.1 it takes 114 steps to a half-MSE below 0.001. Find a rate that needs fewer than 60.",
            "At η = 0.2 it takes 57. Twice the rate, half the steps: along the valley nothing else limits it.",
            POINTS,
        ),
        Goal(
            "worse",
            "Go on with larger rates, until ten steps make it worse than no step.",
            "Beyond 2/L = 0.2395 each step across the valley overshoots by more than the last. Where that edge lies is the next chapter.",
            POINTS | {"lr": 0.2},
        ),
    )
    data: ClassVar[dict] = {"bmi": X[:, 2].tolist(), "y": Y.tolist(), "mean": X[:, 2].mean(), "std": X[:, 2].std()}
    height = (960, 1565)
    python: ClassVar[dict] = {
        "people": """from gdcourse import descend, gd, plotting, problems

X, y = problems.diabetes()
x = problems.standardised(X[:, 2:3])
line = problems.half_least_squares(problems.with_bias(x), y)
path = descend(gd, line.grad, [{intercept}, {slope}], 200, lr={lr})
plotting.contour(line, {"gd": path}, view=(-20, 220, -75, 165), labels=("intercept b", "slope w"))
""",
        "points": """from gdcourse import descend, gd, plotting, problems

line = problems.four_points
path = descend(gd, line.grad, [{intercept}, {slope}], 200, lr={lr})
plotting.contour(line, {"gd": path}, view=(-2.2, 2.2, -0.6, 3.8), labels=("intercept b", "slope w"))
""",
    }

    rows = traitlets.Enum(["people", "points"], "people", help="442 people, or four points").tag(sync=True)
    intercept = traitlets.Float(0.0, help="intercept of the line at the start").tag(sync=True)
    slope = traitlets.Float(0.0, help="slope of the line at the start").tag(sync=True)
    lr = traitlets.Float(0.2, help="learning rate η").tag(sync=True)
    step = traitlets.Float(0.0, help="the step that is shown").tag(sync=True)

    @property
    def path(self) -> np.ndarray:
        """The intercept and the slope at the start and after each of the 200 steps, (201, 2)."""
        return watch_it_learn(**self.settings)["path"]

    @property
    def alt(self) -> str:
        seen, step = watch_it_learn(**self.settings), int(self.step)
        b, w = seen["path"][step]
        who = "442 people, progression against BMI," if self.rows == "people" else "Four points"
        return f"{who} and the line {b:.4g} + {w:.4g} x after {step} steps at η = {self.lr:g}: its half-MSE is {seen['value']:.5g}."

    def still(self, figure: Figure) -> None:
        from .. import plotting

        x, y, problem = table(self.rows)
        seen, step = watch_it_learn(**self.settings), int(self.step)
        people = self.rows == "people"
        ground, cloud = figure.subplots(1, 2)
        view = (-20, 220, -75, 165) if people else (-2.2, 2.2, -0.6, 3.8)
        plotting.contour(
            problem,
            {"gd": seen["path"][: 31 if step == 0 else step + 1]},
            ax=ground,
            view=view,
            labels=("intercept b", "slope w"),
        )
        cloud.plot(x, y, "." if people else "o", color="#8A8A8A", alpha=0.5)
        ends = np.array([-2.2, 3.8] if people else [0.0, 5.0])
        for t in (0, 2, 5, 30):
            b, w = seen["path"][t]
            cloud.plot(ends, b + w * ends, "-", color="#0060A8", alpha=0.25 + 0.75 * (t == 30))
        cloud.set(
            xlabel="BMI x, in std from its mean" if people else "x",
            ylabel="progression y" if people else "y",
            ylim=(-20, 360) if people else (-2, 12),
        )
