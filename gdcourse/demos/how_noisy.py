"""The demo "How noisy are 64 rows": the noise in a batch's gradient, and the loss at which descent then stalls."""

from typing import Any

import numpy as np
import traitlets

from .. import problems
from ..optimizers import descend, gd
from .engine import Demo, Figure, Goal
from .noise import normals

# TRACE: the variance of the gradient of one row, summed over the coordinates, for the half-MSE on the standardised
# diabetes table with a bias, at w = 0. A test computes it again.
ROWS, TRACE, STEPS = 442, 10.618498548250201, 400

# batch size: (variance with replacement, variance without), measured on 4,000 batches each; a test measures them again
MEASURED = {1: (10.91964, 10.50578), 2: (5.37277, 5.26917), 4: (2.68693, 2.68694), 8: (1.32105, 1.31333), 16: (0.65636, 0.63544),
            32: (0.32827, 0.31029), 64: (0.16553, 0.14399), 128: (0.08257, 0.05904), 256: (0.04122, 0.01777), 400: (0.02671, 0.00254)}  # fmt: skip


def variance(batch: float | np.ndarray = 64, replace: bool = True) -> float | np.ndarray:
    """Return the variance of a batch's gradient on the standardised diabetes table, summed over its 11 coordinates.

    batch: the number of rows, 1 to 442, or an array of such numbers; replace: whether a row may be drawn twice.

    >>> variance(1) / variance(64), variance(442, replace=False)
    (64.0, 0.0)
    """
    return TRACE / batch * (1 if replace else (ROWS - batch) / (ROWS - 1))


def measure(batch: int, replace: bool, draws: int = 4000, seed: int = 0) -> float:
    """Draw batches, and return the variance of their gradients, for which `variance` has a formula.

    The variance is the mean squared distance between the gradient of a batch and the gradient of all rows.

    >>> round(measure(64, replace=True), 3), round(variance(64), 3)
    (0.166, 0.166)
    """
    X, y = problems.diabetes()
    A, t = problems.with_bias(problems.standardised(X)), (y - y.mean()) / y.std()
    rows, rng = -A * t[:, None], np.random.default_rng(seed)
    drawn = (
        rng.integers(ROWS, size=(draws, batch))
        if replace
        else np.array([rng.permutation(ROWS)[:batch] for _ in range(draws)])
    )
    return float(((rows[drawn].mean(axis=1) - rows.mean(axis=0)) ** 2).sum(axis=1).mean())


def how_noisy(batch: int = 64, lr: float = 0.2, replace: bool = True) -> dict[str, Any]:
    """Compute what the demo shows: the variance σ² of a batch gradient, and a descent on ½w² with this noise.

    floor: the loss at which the descent stalls, ησ²/(2(2 − η)), the mean of ½w² after many steps.
    Returns path (401,), losses (401,), variance, floor.

    >>> round(how_noisy(64)["floor"], 4)
    0.0092
    """
    batch = min(ROWS, max(1, int(batch)))
    noise = variance(batch, replace)
    bell = iter(np.sqrt(noise) * normals(1, STEPS))
    path = descend(gd, lambda w: w + next(bell), 3.0, STEPS, lr=lr)
    with np.errstate(over="ignore", invalid="ignore"):
        losses = 0.5 * path**2
    return {
        "path": path,
        "losses": losses,
        "variance": noise,
        "floor": 0.5 * lr * noise / (2 - lr) if 0 < lr < 2 else np.inf,
    }


FROM = {"batch": 32.0, "lr": 0.1, "replace": True}


class HowNoisy(Demo):
    """Choose how many rows each step uses, and see how low the loss gets."""

    title = "How noisy are 64 rows?"
    question = (
        "The gradient of B rows is a little wrong: noisy. How noisy, and how far down does a descent come with it?"
    )
    caption = (
        "The variance of a batch gradient is that of a single row divided by B; drawn without replacement it is smaller still, by the factor (n − B)/(n − 1), and zero for the whole "
        "table. Constant noise and a constant rate leave a floor, about proportional to η/B: more steps do not help."
    )
    goals = (
        Goal(
            "double",
            "B = 32, η = 0.1: the loss stalls near 0.0087. Bring that down to half by B alone.",
            "B = 64: twice the rows in each step, half the floor.",
            FROM,
        ),
        Goal(
            "half",
            "Back at B = 32: bring it down to half by η alone.",
            "η = 0.05: as many rows as before, and half the way in each step.",
            FROM,
        ),
        Goal(
            "with",
            "For later on the page. Rows may be drawn twice (with replacement): the smallest batch whose variance, in the first picture, is below 0.05.",
            "213: 10.6185/213 = 0.04985.",
            {"replace": True},
        ),
        Goal(
            "without",
            "And if no row may come twice (without replacement)?",
            "144: a third less, because no row comes twice.",
            {"replace": False},
        ),
        Goal(
            "zero",
            "Make the noise exactly 0.",
            "All 442 rows, each once: that is the full gradient.",
            {"replace": False},
        ),
    )
    say = "With {batch} rows a step {how} replacement the variance of the gradient is {variance}, and at η = {lr} the loss stalls near {floor}."
    python = """from gdcourse import plotting
from gdcourse.demos.how_noisy import how_noisy

seen = how_noisy({batch}, lr={lr}, replace={replace})
path = seen["path"]
print(f"variance {seen['variance']:.5f}, floor {seen['floor']:.5f}")
plotting.curves({"sgd": seen["losses"]}, log=True)
"""
    data = {"trace": TRACE, "measured": MEASURED}  # noqa: RUF012
    height = (865, 1135)

    batch = traitlets.Float(32.0, help="rows in a batch B").tag(sync=True)
    lr = traitlets.Float(0.1, help="learning rate η").tag(sync=True)
    replace = traitlets.Bool(True, help="the same row may be drawn twice").tag(sync=True)

    @property
    def path(self) -> np.ndarray:
        return how_noisy(**self.settings)["path"]

    @property
    def alt(self) -> str:
        seen = how_noisy(**self.settings)
        return f"Variance of a batch gradient against B, {seen['variance']:.3g} at B = {self.batch:g}; and a noisy descent with η = {self.lr:g} that stalls near a loss of {seen['floor']:.3g}."

    def still(self, figure: Figure) -> None:
        from .. import plotting

        noise, loss = figure.subplots(1, 2)
        sizes = np.arange(1, ROWS + 1)
        plotting.curves(
            {"with": (sizes, variance(sizes)), "without": (sizes[:-1], variance(sizes[:-1], False))},
            ax=noise,
            xlabel="batch size B",
            ylabel="variance",
            log="xy",
        )
        noise.plot(
            min(ROWS, self.batch),
            variance(min(ROWS, self.batch), self.replace),
            "o",
            markersize=9,
            markerfacecolor="w",
            markeredgecolor="k",
        )
        seen = how_noisy(**self.settings)
        plotting.curves({"sgd": np.maximum(seen["losses"], 1e-8)}, ax=loss, log=True)
        loss.axhline(seen["floor"], color="#5C6670", linestyle=":")
