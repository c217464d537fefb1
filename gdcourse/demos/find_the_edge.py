"""D4 Find the edge: one learning rate, and every direction votes."""
import numpy as np
import traitlets

from .. import problems
from ..optimizers import descend, gd
from .engine import Demo, Goal

STEPS = 40


def find_the_edge(lr=0.1, x=3.0, y=4.0, problem="bowl"):
    """What the demo shows: path, losses, each direction's multiplier 1 − ηλ, and the two rates of the theory."""
    surface = getattr(problems, problem)
    path = descend(gd, surface.grad, [x, y], STEPS, lr=lr)
    with np.errstate(over="ignore", invalid="ignore"):
        losses = np.array([surface.loss(w) for w in path])
    multipliers = 1 - lr * np.diag(surface.hessian(surface.w_star))
    return {"path": path, "losses": losses, "multipliers": multipliers, "worst": np.abs(multipliers).max(),
            "edge": 2 / surface.L, "best": 2 / (surface.mu + surface.L)}  # fmt: skip


class FindTheEdge(Demo):
    """Slide the learning rate until the path settles fastest, never settles, and leaves."""

    title = "Find the edge"
    question = "One learning rate serves every direction at once. How large can it be, and which one is best?"
    caption = (
        "Each direction multiplies its distance by 1 − ηλ in every step, where λ is its curvature. The curviest direction "
        "sets the edge, 2/L. The best rate balances it against the flattest one, at 2/(μ + L)."
    )
    goals = (
        Goal("one_step", "Make y vanish in a single step.", "At η = 1/L = 0.25 the multiplier of y is 1 − 0.25 · 4 = 0."),
        Goal(
            "fastest",
            "Make the slower of the two directions as fast as it can be.",
            "At 2/(μ + L) = 1/3 both multipliers are 1/3 in size: one shrinks straight, the other from side to side.",
        ),
        Goal(
            "for_ever",
            "Find a rate at which the loss drops once and then never changes again.",
            "At η = 2/L = 0.5 the multiplier of y is exactly −1: y jumps between 4 and −4 for ever. This is the edge.",
        ),
        Goal("over", "Find the smallest rate with two decimals that diverges.", "0.51: one hundredth over the edge, and y grows."),
    )

    lr = traitlets.Float(0.1, help="learning rate η").tag(sync=True)
    x = traitlets.Float(3.0, help="start, first coordinate").tag(sync=True)
    y = traitlets.Float(4.0, help="start, second coordinate").tag(sync=True)
    problem = traitlets.Enum(["bowl"], "bowl", help="the landscape").tag(sync=True)

    @property
    def path(self):
        return find_the_edge(**self.settings)["path"]

    @property
    def alt(self):
        seen = find_the_edge(**self.settings)
        factors = " and ".join(f"{name} by {m:.3g}" for name, m in zip("xy", seen["multipliers"]))
        worst = seen["worst"]
        end = "leaves" if worst > 1 else "never settles" if worst == 1 else "settles"
        return f"Gradient descent on x² + 2y² from ({self.x:g}, {self.y:g}) with η = {self.lr:g}: each step multiplies {factors}; the path {end}."

    def still(self, figure):
        from .. import plotting

        seen = find_the_edge(**self.settings)
        land, loss = figure.subplots(1, 2)
        plotting.contour(getattr(problems, self.problem), {f"gd, η = {self.lr:g}": seen["path"]}, ax=land)
        plotting.curves({f"gd, η = {self.lr:g}": seen["losses"]}, ax=loss, log=True)
