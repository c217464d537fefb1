"""The demo "Too small is too small": the error of a difference quotient, from truncation and from rounding."""

import math
from typing import Any

import numpy as np
import traitlets

from .engine import Demo, Figure, Goal


def too_small(h: float = 0.1, scheme: str = "forward") -> dict[str, Any]:
    """Compute the slope of exp at 1 as a difference quotient with step h, and its error. scheme: "forward" or
    "central".

    Returns slope, error.

    >>> round(too_small(1e-5, "central")["slope"], 6)
    2.718282
    """
    right, left = math.exp(1 + h), math.exp(1) if scheme == "forward" else math.exp(1 - h)
    slope = (right - left) / (h if scheme == "forward" else 2 * h)
    return {"slope": slope, "error": abs(slope - math.e)}


class TooSmall(Demo):
    """Shrink h until the error is as small as it gets, and see what happens after."""

    title = "Too small is too small"
    question = "A slope is a limit, so a smaller h is better. Down to which h is that true?"
    caption = (
        "Two errors pull against each other. The formula's own falls with h, like h for the forward difference and like h² for the central one; the rounding of f "
        "grows like 1/h. The best h balances them, near 10⁻⁸ and 6 · 10⁻⁶ here, and at h = 10⁻¹⁶ nothing is left of the difference."
    )
    goals = (
        Goal(
            "forward",
            "With the forward difference, get the error below 10⁻⁷.",
            "Near h = 10⁻⁸, and no better: there, truncation and rounding are equal.",
            {"scheme": "forward", "h": 0.1},
        ),
        Goal(
            "central",
            "Get the error below 10⁻¹⁰.",
            "Only the central difference gets there, with h about 3 · 10⁻⁶ to 10⁻⁵.",
        ),
        Goal(
            "nothing",
            "Find an h for which the slope comes out as 0.",
            "At h = 10⁻¹⁶, 1 + h is 1: the difference is exactly zero.",
            {"scheme": "forward"},
        ),
    )
    python = """import numpy as np

from gdcourse.demos.too_small import too_small

here = too_small({h}, "{scheme}")
path = np.array([[{h}, here["error"]]])
print(f"slope {here['slope']:.10f}, error {here['error']:.1e}")
"""
    height = (805, 890)

    h = traitlets.Float(0.1, help="the step of the difference quotient").tag(sync=True)
    scheme = traitlets.Enum(
        ["forward", "central"], "forward", help="(f(x + h) − f(x))/h or (f(x + h) − f(x − h))/2h"
    ).tag(sync=True)

    @property
    def path(self) -> np.ndarray:
        """h and the error with this h, as a path of one point, (1, 2), because this demo takes no steps."""
        return np.array([[self.h, too_small(self.h, self.scheme)["error"]]])

    @property
    def alt(self) -> str:
        return f"Error of the {self.scheme} difference of exp at 1 with h = {self.h:g}: {too_small(self.h, self.scheme)['error']:.1e}. Smaller h helps at first, then rounding takes over."

    def still(self, figure: Figure) -> None:
        from .. import plotting

        steps = np.logspace(-16, -1, 151)
        lines = {
            scheme: (steps, [max(too_small(h, scheme)["error"], 1e-17) for h in steps])
            for scheme in ("forward", "central")
        }
        plotting.curves(lines, ax=figure.subplots(), xlabel="h", ylabel="error of the slope", log="xy")
