"""The demo "Beat the average": the reader moves a line through the data, or its point on a map of the loss."""

from typing import Any

import numpy as np
import traitlets

from .. import problems
from .engine import Demo, Figure, Goal

VIEW = (90, 210, -25, 95)
TYPED = 5000
X, Y = problems.diabetes()
BMI = X[:, 2]


def beat_the_average(
    intercept: float = 152.13, slope: float = 0.0, loss: str = "mse", outlier: bool = False
) -> dict[str, Any]:
    """Compute a line through the diabetes table, and its loss. y is the progression, x is the BMI, standardised.

    loss: "mse" or "mae". outlier: the first person's target becomes 5000, as by a typing mistake.
    Returns x (442,), y (442,), residuals (442,), loss.

    >>> round(float(beat_the_average()["loss"]), 1)
    5929.9
    """
    x, y = (BMI - BMI.mean()) / BMI.std(), np.where(np.arange(len(Y)) == 0, TYPED, Y) if outlier else Y
    r = intercept + slope * x - y
    return {"x": x, "y": y, "residuals": r, "loss": np.mean(r**2 if loss == "mse" else np.abs(r))}


FLAT = {"slope": 0.0, "intercept": 152.13}


class BeatTheAverage(Demo):
    """Move a line, or its point on the map, until no other line has a lower loss."""

    title = "Beat the average"
    question = "442 people with diabetes: how heavy they are for their height, and how far the disease went in a year. Which line is least wrong about them?"
    caption = (
        "Each line through the cloud is one point on the map, and the height there says how wrong it is. Squares give a round bowl with a single lowest point. "
        "With absolute values everyone pulls equally hard, near or far, so only the sides count: among flat lines, all between the two middle people are equally good."
    )
    goals = (
        Goal(
            "beat",
            "For the flat line at the average the MSE is 5929.9. Drag the point on the map, and with it the line, until it is below 3900.",
            "The best line, 152.13 + 45.16 x, has 3890.457: no line gets lower.",
            FLAT | {"loss": "mse", "outlier": False},
        ),
        Goal(
            "median",
            "Now the loss is the MAE, the mean of absolute values, and the line stays flat: leave the slope at 0. Which height is best?",
            "Any from 140 to 141: 221 people lie below, 221 above, and all these heights give 65.0430. The mean gives 65.7646.",
            FLAT | {"loss": "mae", "outlier": False},
        ),
        Goal(
            "mistyped",
            "One of the 442 values is mistyped as 5000. Find the best height of a flat line for the MSE.",
            "163: one wrong number pulls the mean up by 11.",
            FLAT | {"loss": "mse", "outlier": True},
        ),
        Goal(
            "deaf",
            "The same mistake, with the MAE: which height is best now?",
            "Still 140 to 141, though the MAE there is now 76.01: that person stays on the same side, and how far away she lies does not matter to the median.",
            FLAT | {"loss": "mae", "outlier": True},
        ),
    )
    data = {"bmi": BMI.tolist(), "y": Y.tolist(), "mean": BMI.mean(), "std": BMI.std(), "typed": TYPED}
    height = (880, 1280)
    say = "The line with intercept {intercept} and slope {slope} has a mean {how} error of {value}.{tilted}"
    python = """import numpy as np

from gdcourse import plotting, problems

X, y = problems.diabetes()
if {outlier}:
    y = np.append(5000, y[1:])
X = problems.with_bias(problems.standardised(X[:, 2:3]))
cost = np.abs if "{loss}" == "mae" else np.square
lines = problems.Problem("{loss}", lambda w: cost((X @ w).T - y).mean(axis=-1), None)
path = np.array([[{intercept}, {slope}]])
print(f"{lines.loss(path[0]):.3f}")
plotting.contour(lines, {"line": path}, view=(90, 210, -25, 95), labels=("intercept w[0]", "slope w[1]"))
"""

    intercept = traitlets.Float(152.13, help="where the line stands for a person of average BMI").tag(sync=True)
    slope = traitlets.Float(0.0, help="how much it rises in one standard deviation of BMI").tag(sync=True)
    loss = traitlets.Enum(["mse", "mae"], "mse", help="squares or absolute values").tag(sync=True)
    outlier = traitlets.Bool(False, help="one target is mistyped as 5000").tag(sync=True)

    @property
    def path(self) -> np.ndarray:
        """The intercept and the slope of the line, as a path of one point, (1, 2), because this demo takes no steps."""
        return np.array([[self.intercept, self.slope]])

    @property
    def alt(self) -> str:
        value = beat_the_average(**self.settings)["loss"]
        return f"442 people, progression against BMI, and the line {self.intercept:g} + {self.slope:g} x: its {self.loss.upper()} is {value:.3f}."

    def still(self, figure: Figure) -> None:
        from .. import plotting

        seen = beat_the_average(**self.settings)
        ground, cloud = figure.subplots(1, 2)
        b, s = np.meshgrid(np.linspace(*VIEW[:2], 40), np.linspace(*VIEW[2:], 40))
        height = np.vectorize(lambda b, s: beat_the_average(b, s, self.loss, self.outlier)["loss"])(b, s)
        ground.contourf(b, s, height, 13, cmap=plotting.HEIGHTS)
        ground.contour(b, s, height, 12, colors=plotting.CONTOUR, linewidths=0.8)
        ground.plot(self.intercept, self.slope, "o", markersize=9, markerfacecolor="w", markeredgecolor="k")
        ground.set(xlabel="intercept w[0]", ylabel="slope w[1]")
        cloud.plot(seen["x"], seen["y"], ".", color="#8A8A8A", alpha=0.5)
        ends = np.array([-2.2, 3.8])
        cloud.plot(ends, self.intercept + self.slope * ends)
        cloud.set(xlabel="BMI x, in std from its mean", ylabel="progression y", ylim=(0, 360))
