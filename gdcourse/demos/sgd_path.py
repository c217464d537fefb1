"""The demo "SGD's path": steps that use a few rows each, compared with steps that use all rows."""

from typing import Any, ClassVar

import numpy as np
import traitlets

from ..optimizers import descend, gd
from .engine import Demo, Figure, Goal
from .noise import uniforms
from .watch_it_learn import X, Y, table

ROWS, STEPS, START = len(Y), 60, (60.0, -40.0)


def batches(batch: float, seed: float, steps: int = STEPS) -> list[np.ndarray]:
    """Return the rows of each step. Every epoch shuffles all rows and cuts them into batches of `batch`.

    The last batch of an epoch may be smaller. A seed gives the same rows here and in the browser.

    >>> [len(rows) for rows in batches(200, seed=1, steps=4)]
    [200, 200, 42, 200]
    """
    size = int(np.clip(batch, 1, ROWS))
    epochs = -(-steps // -(-ROWS // size))
    draws, dealt = uniforms(int(seed), epochs * (ROWS - 1)).reshape(epochs, ROWS - 1), []
    for u in draws:
        order = np.arange(ROWS)
        for i, draw in zip(range(ROWS - 1, 0, -1), u, strict=True):
            j = int(draw * (i + 1))
            order[[i, j]] = order[[j, i]]
        dealt += [order[first : first + size] for first in range(0, ROWS, size)]
    return dealt[:steps]


def sgd_path(batch: float = 8.0, lr: float = 0.2, seed: float = 1.0, step: int = STEPS) -> dict[str, Any]:
    """Compute what the demo shows: 60 steps with batches (path), and 60 steps with all rows (full).

    losses: the half-MSE along path; value: the half-MSE after `step` steps; read: how many rows were read until then;
    late: the mean of the last 20 losses.
    A batch points uphill if the angle between its gradient and the gradient of all rows is more than 90°. uphill:
    whether the batch after `step` steps does; turned: how many of the 60 batches do.
    Returns path (61, 2), full (61, 2), losses (61,), value, read, late, uphill, turned.

    >>> sgd_path(batch=8)["read"]
    474
    """
    x, y, line = table()
    dealt, at = batches(batch, seed), int(np.clip(step, 0, STEPS))

    def some(w, rows):
        r = w[0] + w[1] * x[rows] - y[rows]
        return np.array([r.mean(), (r * x[rows]).mean()])

    points = [np.array(START)]
    for rows in dealt:
        points.append(points[-1] - lr * some(points[-1], rows))
    path, full = np.array(points), descend(gd, line.grad, START, STEPS, lr=lr)
    losses = line.loss(path.T)
    turned = [some(w, rows) @ line.grad(w) < 0 for w, rows in zip(path, dealt, strict=False)]
    return {"path": path, "full": full, "losses": losses, "value": losses[at], "read": sum(map(len, dealt[:at])),
            "late": losses[-20:].mean(), "uphill": bool(at < STEPS and turned[at]), "turned": int(np.sum(turned))}  # fmt: skip


FIRST = {"batch": 8.0, "lr": 0.2, "seed": 1.0, "step": float(STEPS)}


class SGDPath(Demo):
    """Set how many rows each step uses, and compare the path with the path of steps that use all rows."""

    title = "The path of SGD"
    question = (
        "All 442 rows say exactly which way is down. A few rows say it roughly, and cost little. How few are enough?"
    )
    caption = (
        "Each row has an arrow of its own; a batch follows their mean. One row may point anywhere, and on average they point down. "
        "Far from the minimum nearly all rows agree, so a few say enough. Near it they disagree, and the path trembles: "
        "with more rows, or with a smaller rate, it trembles less."
    )
    goals = (
        Goal(
            "same",
            "Choose B so that both paths are the same.",
            "Only all 442 rows leave nothing to chance: then SGD is gradient descent.",
            FIRST,
        ),
        Goal(
            "cheap",
            "With all rows it takes 10 steps, and 4420 rows read, to a half-MSE below 2050. Get there with fewer than 200 rows: choose B, then step to it.",
            "Far from the minimum a batch of 8 or 16 points nearly the right way, at a fraction of the cost.",
            FIRST | {"batch": 442.0, "step": 0.0},
        ),
        Goal(
            "uphill",
            "B = 1: find a step whose row points uphill. Its arrow leads away from the arrow of all rows.",
            "In this draw 20 of the 60 rows do. Each is right about one person, and wrong about the others.",
            FIRST | {"batch": 1.0, "lr": 0.05, "step": 0.0},
        ),
        Goal(
            "calm",
            "B = 1 and all 60 steps: find a rate at which the mean of the last 20 half-MSEs is below 2500.",
            "Around η = 0.05. At 0.5 it trembles and the mean is above 6000; at 0.01 it is quiet and has not arrived.",
            FIRST | {"batch": 1.0, "lr": 0.5},
        ),
    )
    data: ClassVar[dict] = {"bmi": X[:, 2].tolist(), "y": Y.tolist(), "mean": X[:, 2].mean(), "std": X[:, 2].std()}
    height = (940, 1310)
    python = """import numpy as np

from gdcourse import plotting
from gdcourse.demos.sgd_path import sgd_path
from gdcourse.demos.watch_it_learn import table

seen, (x, y, line) = sgd_path({batch}, {lr}, {seed}), table()
path = seen["path"]
plotting.contour(line, {"all rows": seen["full"], "sgd": path}, view=(30, 210, -60, 120), labels=("intercept b", "slope w"))
"""

    batch = traitlets.Float(8.0, help="rows in a step, B").tag(sync=True)
    lr = traitlets.Float(0.2, help="learning rate η").tag(sync=True)
    seed = traitlets.Float(1.0, help="how the rows are dealt").tag(sync=True)
    step = traitlets.Float(float(STEPS), help="the step that is shown").tag(sync=True)

    @property
    def path(self) -> np.ndarray:
        return sgd_path(**self.settings)["path"]

    @property
    def alt(self) -> str:
        seen = sgd_path(**self.settings)
        return (
            f"A bowl over intercept and slope: a smooth path of all rows, and one of batches of {self.batch:g} rows at η = {self.lr:g}, "
            f"which after {self.step:g} steps and {seen['read']} rows has a half-MSE of {seen['value']:.0f}."
        )

    def still(self, figure: Figure) -> None:
        from .. import plotting

        seen, line, at = sgd_path(**self.settings), table()[2], int(np.clip(self.step, 0, STEPS))
        ground, loss = figure.subplots(1, 2)
        plotting.contour(
            line,
            {"theory all rows": seen["full"], "sgd": seen["path"][: at + 1]},
            ax=ground,
            view=(30, 210, -60, 120),
            labels=("intercept b", "slope w"),
        )
        plotting.curves(
            {"theory all rows": line.loss(seen["full"].T), "sgd": seen["losses"][: at + 1]},
            ax=loss,
            ylabel="half-MSE",
            log=True,
        )
