"""The demo "Break Adam": the steps of Adam without one of its corrections, or on turned axes."""

from collections.abc import Callable
from typing import Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike

from .. import problems
from ..optimizers import descend
from .engine import Demo, Figure, Goal
from .noise import normals

LONG, KAPPA, STEPS, RATE, ENOUGH = 1000, 1e4, 2000, 0.1, 1e-4


def adam_as(
    w: ArrayLike,
    g: Any,
    m: Any = 0.0,
    v: Any = 0.0,
    t: int = 0,
    *,
    lr: float,
    correct_m: bool = True,
    correct_v: bool = True,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[Any, Any, Any, int]:
    """Make a step of Adam, in which the correction of m or of v may be left out. Returns the next w, m, v and t.

    g: the gradient, a number or an array with the shape of w; m and v start at 0. Adam: Kingma & Ba (2015).

    >>> w, *_ = adam_as(0.0, 5.0, lr=1.0, correct_v=False)
    >>> round(float(w), 3)  # with both corrections, the first step has length η = 1; without that of v, √1000
    -31.623
    """
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g * g
    m_hat = m / (1 - beta1**t) if correct_m else m
    v_hat = v / (1 - beta2**t) if correct_v else v
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v, t


def slopes(scale: float = 1.0, noise: float = 0.0, seed: int = 1) -> Callable[[ArrayLike], float]:
    """Return a gradient function that ignores w: it returns scale · (1 + noise · z), where z is random, with mean 0.

    z is new at each call: bell-shaped, with variance 1. After 1,000 calls the function raises StopIteration.

    >>> grad = slopes(scale=2.0)
    >>> float(grad(0.0)), float(grad(-7.5))
    (2.0, 2.0)
    """
    numbers = iter(scale * (1 + noise * normals(seed, LONG)))
    return lambda w: next(numbers)


def break_adam(
    mode: str = "steps",
    correct_m: bool = True,
    correct_v: bool = True,
    scale: float = 1.0,
    noise: float = 0.0,
    t: int = 1,
    angle: float = 0.0,
) -> dict[str, Any]:
    """Compute what the demo shows.

    mode "steps": 1,000 steps from 0 with η = 1, so that their sizes are in units of η. Returns path (1001,), sizes
    (1000,), and step, the size of step t.
    mode "valley": 2,000 steps with η = 0.1 in a valley with κ = 10⁴, turned by `angle` degrees. Returns path (2001, 2),
    losses (2001,), and needed, the number of steps until the loss is below 1e-4 (inf if it stays above).

    >>> round(float(break_adam(correct_v=False)["step"]), 3)
    31.623
    """
    how = {"correct_m": correct_m, "correct_v": correct_v}
    if mode == "steps":
        path = descend(adam_as, slopes(scale, noise), 0.0, LONG, lr=1.0, **how)
        sizes = np.abs(np.diff(path))
        return {"path": path, "sizes": sizes, "step": sizes[min(max(int(t), 1), LONG) - 1]}
    valley = problems.rotated([1.0, KAPPA], angle)
    path = descend(adam_as, valley.grad, valley.start, STEPS, lr=RATE, **how)
    losses = valley.loss(path.T)
    there = np.flatnonzero(losses < ENOUGH)
    return {"path": path, "losses": losses, "needed": int(there[0]) if there.size else np.inf}


PLAIN = {"mode": "steps", "noise": 0.0, "t": 1, "scale": 1.0}


class BreakAdam(Demo):
    """Leave out a correction, scale the gradient or turn the valley, and see which of these changes Adam's steps."""

    title = "Break Adam"
    height = (920, 1100)
    question = "Adam keeps two memories, m and v, and corrects each at the start. How long are its steps when one of the two corrections is missing?"
    caption = (
        "Adam's step is a ratio, so the size of the gradient cancels. Both memories start at zero and are corrected for it; each missing correction leaves "
        "its own first step, a fingerprint to know the fault by. The ratio is taken along the axes: turn the valley, and the gain is gone."
    )
    goals = (
        Goal(
            "scale",
            "With both corrections on, make the gradient at least a hundred times larger or smaller. How long is the first step?",
            "1.000 η, whatever the size of the gradient.",
            {**PLAIN, "correct_m": True, "correct_v": True},
        ),
        Goal("neither", "Make the first step 3.162 η.", "No correction at all: 0.1 g over √0.001 g.", PLAIN),
        Goal("only_m", "Make the first step 31.62 η.", "Only m is corrected: g over √0.001 g.", PLAIN),
        Goal("only_v", "Make the first step 0.100 η.", "Only v is corrected: 0.1 g over g.", PLAIN),
        Goal(
            "worst",
            "Without any correction the steps go on growing for a while. At which t is the step longest?",
            "6.57 η at t = 12: m has caught up, v has hardly begun. At t = 1000 it is still 1.26 η.",
            {**PLAIN, "correct_m": False, "correct_v": False},
        ),
        Goal(
            "turned",
            "A valley with κ = 10⁴ along the axes takes Adam 82 steps. Turn it by 45 degrees: how many now?",
            "Not in 2000 steps; it would take 4,805. Along the axes Adam makes every direction equally steep; between them it cannot.",
            {"mode": "valley", "correct_m": True, "correct_v": True, "angle": 0.0},
        ),
    )
    python = {
        "steps": """from gdcourse import descend, plotting
from gdcourse.demos.break_adam import adam_as, slopes

path = descend(adam_as, slopes({scale}, {noise}), 0.0, 1000, lr=1.0, correct_m={correct_m}, correct_v={correct_v})
plotting.curves({"adam": abs(path[1:] - path[:-1])}, ylabel="step / η", log="xy")
""",
        "valley": """from gdcourse import descend, plotting, problems
from gdcourse.demos.break_adam import adam_as

valley = problems.rotated([1.0, 1e4], {angle})
path = descend(adam_as, valley.grad, valley.start, 2000, lr=0.1, correct_m={correct_m}, correct_v={correct_v})
plotting.curves({"adam": valley.loss(path.T)}, log=True)
""",
    }

    mode = traitlets.Enum(["steps", "valley"], "steps", help="one slope, or a valley").tag(sync=True)
    correct_m = traitlets.Bool(True, help="correct m for its zero start").tag(sync=True)
    correct_v = traitlets.Bool(True, help="correct v for its zero start").tag(sync=True)
    scale = traitlets.Float(1.0, help="size of the gradient").tag(sync=True)
    noise = traitlets.Float(0.0, help="noise over signal").tag(sync=True)
    t = traitlets.Float(1.0, help="the step to read").tag(sync=True)
    angle = traitlets.Float(0.0, help="turn of the valley in degrees").tag(sync=True)

    @property
    def path(self) -> np.ndarray:
        return break_adam(**self.settings)["path"]

    @property
    def alt(self) -> str:
        seen = break_adam(**self.settings)
        if self.mode == "valley":
            when = f"after {seen['needed']} steps" if np.isfinite(seen["needed"]) else f"not in {STEPS} steps"
            return (
                f"Adam in a valley with κ = 10⁴ turned by {self.angle:g} degrees: the loss falls below 0.0001 {when}."
            )
        return f"The size of Adam's steps on a gradient of size {self.scale:g}, in units of η: {seen['sizes'][0]:.3f} at first, {seen['sizes'][-1]:.3f} at t = 1000."

    def still(self, figure: Figure) -> None:
        from .. import plotting

        seen, ax = break_adam(**self.settings), figure.subplots()
        if self.mode == "valley":
            plotting.curves({f"adam, turned by {self.angle:g}°": seen["losses"]}, ax=ax, log=True)
        else:
            plotting.curves({"adam": (np.arange(1, LONG + 1), seen["sizes"])}, ax=ax, ylabel="step / η", log="xy")
            ax.set(ylim=(0.01, 100))
