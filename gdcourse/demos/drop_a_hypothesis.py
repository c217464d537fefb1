"""The demo "Drop a hypothesis": descent on a loss that lacks a condition of a theorem, and the theorem's bound."""

from typing import Any

import numpy as np
import traitlets

from ..optimizers import descend, gd
from .engine import Demo, Figure, Goal
from .noise import normals

STEPS, SIGMA = 2000, 0.5

# A key has three digits, 1 for yes and 0 for no: is the loss smooth, is it convex, does it have a minimiser? The value
# describes a loss of one weight with exactly these properties: its name, the loss, its slope, and L, or None if there
# is no L. Each loss has infimum 0.
LOSSES: dict[str, tuple[str, Any, Any, Any]] = {
    "111": ("½w²", lambda w: 0.5 * w * w, lambda w: w, 1.0),
    "011": ("|w|", np.abs, np.sign, None),
    "101": ("w² + 3 sin² w", lambda w: w * w + 3 * np.sin(w) * np.sin(w), lambda w: 2 * w + 3 * np.sin(2 * w), 8.0),
    "101 without PL": ("w² + 8 sin² w", lambda w: w * w + 8 * np.sin(w) * np.sin(w), lambda w: 2 * w + 8 * np.sin(2 * w), 18.0),
    "110": ("the log loss of two points with one label",  # the points 1 and 2, both labelled 1
            lambda w: 0.5 * (np.log1p(np.exp(-w)) + np.log1p(np.exp(-2 * w))), lambda w: -0.5 * (1 / (1 + np.exp(w)) + 2 / (1 + np.exp(2 * w))), 0.625),
    "001": ("√|w|", lambda w: np.sqrt(np.abs(w)), lambda w: np.sign(w) / (2 * np.sqrt(np.abs(w)) + (w == 0)), None),
    "010": ("e⁻ʷ", lambda w: np.exp(-w), lambda w: -np.exp(-w), None),
    "100": ("1/(1 + eʷ)", lambda w: 1 / (1 + np.exp(w)), lambda w: -1 / (1 + np.exp(w)) * (1 - 1 / (1 + np.exp(w))), np.sqrt(3) / 18),
    "000": ("1/(1 + |w|)", lambda w: 1 / (1 + np.abs(w)), lambda w: -np.sign(w) / ((1 + np.abs(w)) * (1 + np.abs(w))), None),
}  # fmt: skip


def drop_a_hypothesis(
    smooth: bool = True,
    convex: bool = True,
    minimiser: bool = True,
    safe: bool = True,
    exact: bool = True,
    rate: float = 0.1,
    start: float = 1.05,
    pl: bool = True,
) -> dict[str, Any]:
    """Compute what the demo shows: a loss with exactly the chosen properties, 2,000 steps on it, and the theorem's
    bound.

    safe: if True, η is `rate` / L, else 2 / L; for a loss without L, it is `rate` or 2.
    `exact=False` adds noise of standard deviation 0.5 to every slope. pl: if only convexity is dropped, does the loss
    still satisfy the Polyak–Łojasiewicz condition? Then its slope is 0 only where the loss is lowest.
    gaps: the loss minus its infimum. promise: the theorem's bound on the gap after each step; nan without a minimiser.
    It is R²/(2ηt), where R is the distance of the start from 0. If η > 1/L, it is the bound of theorem 2.1.14 in
    Nesterov's "Lectures on Convex Optimization" (2018). broken: the number of the first step above the bound, or None.
    slope: the change of log(gap) in one step, the mean from step 20 to 60. power: the change of log(gap) when log(t)
    grows by 1, the mean from step 1000 to 2000. level: the mean gap that noise leaves; None if no formula gives it.
    Returns key, name, lr, path (2001,), gaps (2001,), promise (2000,), broken, slope, power, level.

    >>> drop_a_hypothesis(smooth=False)["name"]
    '|w|'
    """
    key = "".join(str(int(has)) for has in (smooth, convex, minimiser))
    key = "101 without PL" if key == "101" and not pl else key
    name, loss, slope, L = LOSSES[key]
    lr = (rate if safe else 2.0) / (L or 1.0)
    bell = iter(SIGMA * normals(3, STEPS))
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        path = descend(gd, slope if exact else lambda w: slope(w) + next(bell), start, STEPS, lr=lr)
        gaps = loss(path)
        t, R2 = np.arange(1, STEPS + 1), start * start
        if not minimiser:
            promise = np.full(STEPS, np.nan)
        elif L and lr * L > 1:
            promise = 2 * gaps[0] * R2 / (2 * R2 + t * lr * (2 - lr * L) * gaps[0])
        else:
            promise = R2 / (2 * lr * t)
        over = np.flatnonzero(gaps[1:] > promise * (1 + 1e-9))
        return {"key": key, "name": name, "lr": lr, "path": path, "gaps": gaps, "promise": promise, "broken": int(over[0]) + 1 if over.size else None,
                "slope": (np.log(gaps[60]) - np.log(gaps[20])) / 40, "power": (np.log(gaps[STEPS]) - np.log(gaps[STEPS // 2])) / np.log(2),
                "level": SIGMA**2 * lr / (2 - lr) / 2 if key == "111" and not exact and lr < 2 else None}  # fmt: skip


ALL = {
    "smooth": True,
    "convex": True,
    "minimiser": True,
    "safe": True,
    "exact": True,
    "rate": 0.1,
    "start": 1.05,
    "axis": "even",
    "pl": True,
}


class DropAHypothesis(Demo):
    """Drop a condition of the theorem, and see which failure it prevents."""

    title = "Drop a hypothesis"
    question = "A theorem asks for five things and promises that the gap closes, and by when. What happens without each of them?"
    caption = (
        "Each hypothesis prevents one failure. Without smoothness the path jumps over the corner for ever, without a minimiser the gap closes ever more slowly, at η = 2/L it never closes, "
        "with noise it stops at a level. Without convexity all still goes well while the loss is flat only at its lowest place (PL); without that too, the path can stop in a valley that is not the lowest. The dashed line is the promise of the theorem on convex losses, R²/(2ηt), while η ≤ 1/L; from there to 2/L it is a bound of Nesterov, from the table of what is proved elsewhere."
    )
    goals = (
        Goal(
            "edge",
            "Untick one, so that the fall stops at once: the gap never changes at all.",
            "At η = 2/L the step lands just as high on the other side: from 1.05 to −1.05 and back.",
            ALL,
        ),
        Goal(
            "cycle",
            "Drop one, so that the path ends in two points, 0.05 and −0.05, and jumps between them for ever.",
            "|w| has a corner, and no L: at η = 0.1 each step is 0.1 long, however near the minimum is.",
            ALL,
        ),
        Goal(
            "tail",
            "Drop one, and draw the steps logarithmically, so that the gap becomes a straight line: ten times the steps, a tenth of the gap. That is 1/t.",
            "No minimiser, only an infimum far out: the slope shrinks with the loss, and the gap closes like 1/t.",
            ALL,
        ),
        Goal(
            "plateau",
            "Drop one, so that the gap first falls, then stays at a level.",
            "Noise with standard deviation σ keeps the mean gap of ½w² at ησ²/(2(2 − η)), here 0.0066: more steps do not help, a smaller η does.",
            ALL,
        ),
        Goal(
            "without",
            "Drop convexity alone, and see a straight line all the same.",
            "w² + 3 sin² w is not convex, but its slope is never small while its gap is large. That is the PL condition, and it is enough for a straight line.",
            ALL,
        ),
        Goal(
            "stuck",
            "Convexity is dropped: now drop PL too, and drag the start until the path stops where the loss is not lowest.",
            "Started beyond 1.80, the path ends at 2.76, with slope 0 and gap 8.73. Without convexity and PL, only a slope that goes to 0 is promised.",
            ALL | {"convex": False},
        ),
        Goal(
            "straight",
            "Now with all five: choose the rate so that each step halves the gap. On this axis that is a straight line.",
            "At η = 0.29/L each step keeps (1 − 0.29)² = 0.504 of the gap. A straight line on a logarithmic axis is a linear rate; its slope is ln ½ = −0.69.",
            ALL,
        ),
    )
    python = """from gdcourse import plotting
from gdcourse.demos.drop_a_hypothesis import drop_a_hypothesis

seen = drop_a_hypothesis(smooth={smooth}, convex={convex}, minimiser={minimiser}, safe={safe}, exact={exact}, rate={rate}, start={start}, pl={pl})
path = seen["path"]
plotting.curves({seen["name"]: seen["gaps"][:201], "promise": (range(1, 201), seen["promise"][:200])}, log=True, ylabel="gap")
"""
    data = {"names": {key: name for key, (name, *_) in LOSSES.items()}}  # noqa: RUF012
    height = (910, 1270)

    smooth = traitlets.Bool(True, help="the slope changes by at most L per unit").tag(sync=True)
    convex = traitlets.Bool(True, help="the loss is convex").tag(sync=True)
    minimiser = traitlets.Bool(True, help="the infimum is reached somewhere").tag(sync=True)
    safe = traitlets.Bool(True, help="η is below 2/L").tag(sync=True)
    exact = traitlets.Bool(True, help="the slopes carry no noise").tag(sync=True)
    rate = traitlets.Float(0.1, help="learning rate η in units of 1/L").tag(sync=True)
    start = traitlets.Float(1.05, help="where the descent starts").tag(sync=True)
    pl = traitlets.Bool(True, help="without convexity, the loss is at least flat only at its lowest place (PL)").tag(
        sync=True
    )
    axis = traitlets.Enum(["even", "log"], "even", help="how the steps are drawn").tag(sync=True)

    def _seen(self):
        return drop_a_hypothesis(**{name: value for name, value in self.settings.items() if name != "axis"})

    @property
    def path(self) -> np.ndarray:
        return self._seen()["path"]

    @property
    def alt(self) -> str:
        seen, held = self._seen(), [self.smooth, self.convex, self.minimiser, self.safe, self.exact].count(True)
        end = (
            "no promise"
            if not self.minimiser
            else f"first broken at step {seen['broken']}"
            if seen["broken"]
            else "never broken"
        )
        return f"Gradient descent on {seen['name']} from {self.start:g}, with {held} of 5 hypotheses: the gap after {STEPS:,} steps is {seen['gaps'][-1]:.2g}; the promise, dashed: {end}."

    def still(self, figure: Figure) -> None:
        from .. import plotting

        seen, ((left, gap), t) = self._seen(), (figure.subplots(1, 2), np.arange(STEPS + 1))
        w = np.linspace(-2.5, 2.5, 300) if self.minimiser else np.linspace(-1, 7, 300)
        loss = LOSSES[seen["key"]][1]
        left.plot(w, loss(w), color="#5C6670")
        left.plot(seen["path"][:40], seen["gaps"][:40], "o-", color=plotting.COLOURS[0], markersize=4)
        left.set(xlabel="w", ylabel=f"loss {seen['name']}", xlim=(w[0], w[-1]), ylim=(0, 1.1 * loss(w).max()))
        shown = slice(1, None) if self.axis == "log" else slice(1, 201)
        lines = {
            "gap": (t[shown], np.maximum(seen["gaps"][shown], 1e-16)),
            "promise": (t[shown], seen["promise"][slice(0, shown.stop and 200)]),
        }
        plotting.curves(
            lines if self.minimiser else {"gap": lines["gap"]},
            ax=gap,
            xlabel="step t",
            ylabel="gap to the infimum",
            log="xy" if self.axis == "log" else True,
        )
        gap.set(ylim=(1e-5 if self.axis == "log" else 1e-12, 30))
