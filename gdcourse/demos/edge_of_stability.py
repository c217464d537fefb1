"""The demo "Edge of stability": full-batch descent on a network, and how the largest curvature follows the rate.

A run takes a second, so the runs are stored in edge_of_stability.json, which
`python -m gdcourse.demos.edge_of_stability` makes. A test repeats some of the runs.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import traitlets

from ..network import Network
from ..problems import digits
from .engine import Demo, Figure, Goal

RUNS = Path(__file__).with_suffix(".json")
RATES = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6]
STEPS, LOSS_EVERY, SHARP_EVERY = 1500, 10, 15


def small_digits() -> Network:
    """Return the network of this demo, with its 200 centred digits.

    It has layers 64 → 32 → 32 → 10 and tanh. The loss is half the squared distance between scores and targets.

    >>> small_digits().X.shape
    (200, 64)
    """
    X, y = digits()
    some = np.random.default_rng(0).permutation(len(y))[:200]
    return Network(X[some] / 16 - np.mean(X[some] / 16, axis=0), y[some].astype(int), (32, 32), "tanh", squared=True)


def train(lr: float, steps: int = STEPS, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Train `small_digits()` on all its rows. Return the loss at every step and the sharpness at every fifteenth.

    The shapes are (steps + 1,) and (steps // 15 + 1,).

    >>> losses, sharpness = train(0.2, steps=30)
    >>> losses.shape, sharpness.shape
    ((31,), (3,))
    """
    net = small_digits()
    w, losses, sharpness = net.start(seed), [], []
    for t in range(steps + 1):
        loss, g = net.loss_grad(w)
        losses.append(loss)
        if t % SHARP_EVERY == 0:
            sharpness.append(net.sharpness(w, iterations=30))
        w = w - lr * g
    return np.array(losses), np.array(sharpness)


def _make():
    """Train at all RATES, and return the content of edge_of_stability.json, with three significant digits."""
    short = lambda values: [float(f"{v:.3g}") for v in values]  # noqa: E731
    runs = [train(lr) for lr in RATES]
    return {"rates": RATES, "losses": [short(losses[::LOSS_EVERY]) for losses, _ in runs], "sharpness": [short(sharpness) for _, sharpness in runs],
            "rises": [int(np.sum(np.diff(losses) > 0)) for losses, _ in runs]}  # fmt: skip


DATA = json.loads(RUNS.read_text()) if RUNS.exists() else {"losses": [], "sharpness": [], "rises": []}


def edge_of_stability(lr: float = 0.2) -> dict[str, Any]:
    """Compute what the demo shows, from the stored run whose rate is nearest to lr.

    edge: 2/η; settles: the mean of the last 30 sharpnesses; highest: the largest sharpness; rises: how often the loss
    rose.
    Returns path (151,), rate, losses (151,), sharpness (101,), edge, settles, highest, rises.

    >>> edge_of_stability(0.2)["edge"]
    10.0
    """
    k = int(np.argmin(np.abs(np.array(RATES) - lr)))
    losses, sharpness = np.array(DATA["losses"][k]), np.array(DATA["sharpness"][k])
    return {"path": losses, "rate": RATES[k], "losses": losses, "sharpness": sharpness, "edge": 2 / RATES[k],
            "settles": sharpness[-30:].mean(), "highest": sharpness.max(), "rises": DATA["rises"][k]}  # fmt: skip


class EdgeOfStability(Demo):
    """Set the rate, and see the largest curvature of a network come to 2/η and stay near it."""

    title = "Edge of stability"
    question = "On a bowl the largest curvature is given, and the rate must stay below 2/L. On a network the curvature moves: where does it go?"
    caption = (
        "At a small rate the network, after a short dip, moves into regions of ever larger curvature. At larger rates the sharpness, the largest curvature where it stands, comes to 2/η, from below or from above. Beyond that a bowl would explode. "
        "The network does not: the loss jumps up and down, and falls in the long run, while the sharpness stays near 2/η. The runs were made beforehand by the course's own code."
    )
    goals = (
        Goal(
            "smooth",
            "Find a rate at which the loss never rises, and the sharpness stays below 2/η from beginning to end.",
            "At 0.2 and below, in these 1,500 steps: 2/η is 10 or more, out of reach so far. Gradient descent as the theorem has it.",
            {"lr": 0.45},
        ),
        Goal(
            "five",
            "Make the sharpness settle at 5.",
            "η = 0.4: 2/0.4 = 5. The rate chooses how sharp a place the descent can live in.",
            {"lr": 0.2},
        ),
        Goal(
            "four",
            "Make it settle at 4. How does the loss behave now?",
            "η = 0.5. The loss rises on hundreds of steps and still falls in the long run: the descent lemma asks for a rate below 2/L, and here L follows the rate.",
        ),
    )
    python = """from gdcourse import plotting
from gdcourse.demos.edge_of_stability import train

losses, sharpness = train({rate})
path = losses[::10]
plotting.curves({"loss": losses}, log=True)
print(f"2/eta = {2 / {rate}:.2f}, sharpness at the end {sharpness[-30:].mean():.2f}")
"""
    data = DATA
    height = (840, 1080)

    lr = traitlets.Float(0.45, help="learning rate η; the nearest of twelve is shown").tag(sync=True)

    @property
    def path(self) -> np.ndarray:
        return edge_of_stability(self.lr)["path"]

    @property
    def alt(self) -> str:
        seen = edge_of_stability(self.lr)
        return (f"Left: the sharpness along a descent at η = {seen['rate']:g} reaches at most {seen['highest']:.3g} and ends near {seen['settles']:.3g}, against 2/η = {seen['edge']:.3g}. "
                f"Right: the loss falls from {seen['losses'][0]:.2g} to {seen['losses'][-1]:.2g} and rises on {seen['rises']} of {STEPS} steps.")  # fmt: skip

    def still(self, figure: Figure) -> None:
        from .. import plotting

        seen = edge_of_stability(self.lr)
        sharp, loss = figure.subplots(1, 2)
        plotting.curves(
            {"sharpness": (np.arange(len(seen["sharpness"])) * SHARP_EVERY, seen["sharpness"])},
            ax=sharp,
            ylabel="sharpness",
        )
        sharp.axhline(seen["edge"], color="#5C6670", linestyle=":")
        sharp.set(ylim=(0, max(1.2 * seen["edge"], seen["highest"] + 1)))
        plotting.curves({"loss": (np.arange(len(seen["losses"])) * LOSS_EVERY, seen["losses"])}, ax=loss, log=True)


if __name__ == "__main__":
    RUNS.write_text(json.dumps(_make(), separators=(",", ":")) + "\n")
