"""The demo "Read the curve": the curve of a range test, and the result of training at the rate that the reader chooses.

Training takes seconds, so the runs are stored in read_the_curve.json, which `python -m gdcourse.demos.read_the_curve`
makes. tests/test_demos.py repeats some of the runs.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import traitlets

from ..lr_finder import Curve, lr_grid, range_test
from ..network import digits_network
from ..optimizers import descend, gd
from .engine import Demo, Figure, Goal

RUNS = Path(__file__).with_suffix(".json")
EPOCHS, SEEDS, BATCH = 10, 4, 64
# rates from 0.001 to 10, ten for each factor of ten, rounded as the slider rounds them
RATES = [float(f"{10 ** (k / 10 - 3):.3g}") for k in range(41)]


def train(lr: float, seed: int, epochs: int = EPOCHS) -> tuple[list[float], float]:
    """Train on the digits with 64 hidden units and batches of 64.

    Returns the training loss at the start and after each epoch, and the accuracy on the test rows.

    >>> losses, accuracy = train(0.5, seed=0, epochs=1)
    >>> len(losses), accuracy > 0.8
    (2, True)
    """
    net, test = digits_network()
    steps = -(-len(net.y) // BATCH)
    with np.errstate(all="ignore"):
        kept = descend(gd, net.batch_grad(BATCH, seed), net.start(seed), epochs * steps, lr=lr)[::steps]
        return [net.loss(w) for w in kept], net.accuracy(kept[-1], *test)


def finder(seed: int) -> Curve:
    """Run the range test on the network of `train`, with a hundred rates from 0.0001 to 10.

    >>> len(finder(0).losses) < 100  # the test ends early, because the loss blows up
    True
    """
    net, _ = digits_network()
    with np.errstate(all="ignore"):
        return range_test(net.batch_loss_grad(BATCH, seed), net.start(seed), lr_grid(1e-4, 10, 100))


def _make():
    """Train and test at all RATES, and return the content of read_the_curve.json, with four significant digits."""
    short = lambda values: [float(f"{v:.4g}") for v in values]  # noqa: E731
    tests, runs = [finder(seed) for seed in range(8)], [[train(lr, seed) for seed in range(SEEDS)] for lr in RATES]
    return {"rates": RATES, "losses": [[short(losses) for losses, _ in row] for row in runs], "accuracy": [short(a for _, a in row) for row in runs],
            "raw": short(tests[0].losses), "smoothed": [short(test.smoothed) for test in tests]}  # fmt: skip


DATA = json.loads(RUNS.read_text()) if RUNS.exists() else {"losses": [], "smoothed": []}
GRID = np.geomspace(1e-4, 10, 100)
# the rate of the lowest loss in each of eight range tests
LOWEST = [float(GRID[np.argmin(smoothed)]) for smoothed in DATA["smoothed"]]


def read_the_curve(lr: float = 0.01) -> dict[str, Any]:
    """Compute what the demo shows, from the stored runs whose rate is nearest to lr.

    losses: a column for each of four starts, with the loss before training and after each epoch; mean: the mean of
    the four last losses; accuracy: the share of the test rows that each of the four networks gets right.
    Returns rate, losses (11, 4), mean, accuracy (4,).

    >>> read_the_curve(0.01)["rate"]
    0.01
    """
    k = int(np.clip(np.rint(10 * np.log10(max(lr, 1e-3) / 1e-3)), 0, 40))
    losses = np.array(DATA["losses"][k]).T
    return {"rate": RATES[k], "losses": losses, "mean": losses[-1].mean(), "accuracy": np.array(DATA["accuracy"][k])}


class ReadTheCurve(Demo):
    """Choose a rate on the curve, and see the result of ten epochs at that rate."""

    title = "Read the curve"
    question = (
        "One descent whose rate grows has drawn this curve in a hundred steps. Which rate does it tell you to train at?"
    )
    caption = (
        "The curve of the range test is lowest at rates from 0.87 to 1.56 over eight seeds. A tenth of that is safe and slow, a third to a half is about right here, and the lowest point itself is "
        "too near the cliff. Training takes a while, so the ten epochs at each of 41 rates were run beforehand, by the course's own code, from four starts."
    )
    goals = (
        Goal(
            "best",
            "Where would you train? Bring the mean loss of the four starts below 0.12, the line in the second picture.",
            "From 0.5 to 1.26: between a third of the lowest point and nearly all of it. A sweep over ten rates takes 2,300 steps; the curve took 91.",
        ),
        Goal(
            "tenth",
            "A rule of thumb: train at a tenth of the rate where the blue curve is lowest. What do you lose?",
            "It is lowest at 1.38, so 0.14: all four starts learn, to a mean loss of 0.20 to 0.23. Safe, and slower than it could be.",
        ),
        Goal(
            "cliff",
            "Go up again: which rate is the first at which no start ends below 0.5?",
            "1.58, one notch above 1.26, where all still learn. The curve says how far up the cliff is, not exactly where.",
        ),
        Goal(
            "guessing",
            "Find a larger rate with a finite loss, and an accuracy no better than guessing.",
            "From 2 on the loss is near ln 10 = 2.30, nothing overflows, and about one digit in ten is right: at least eight in ten hidden units are dead. Look at the accuracy too.",
        ),
    )
    python = """import numpy as np

from gdcourse import plotting
from gdcourse.demos.read_the_curve import train

path = np.transpose([train({rate}, seed)[0] for seed in range(4)])
plotting.curves({"start " + str(k): losses for k, losses in enumerate(path.T)}, xlabel="epoch", ylabel="training loss", log=True)
"""
    data = DATA
    height = (795, 1080)

    lr = traitlets.Float(0.01, help="learning rate η; the nearest of 41 is shown").tag(sync=True)
    sweep = traitlets.Bool(False, help="show what training at every rate gives").tag(sync=True)

    @property
    def path(self) -> np.ndarray:
        return read_the_curve(self.lr)["losses"]

    @property
    def alt(self) -> str:
        seen = read_the_curve(self.lr)
        return (f"Left: the loss in a range test falls until the rate is near {LOWEST[0]:.3g}, then shoots up. Right: ten epochs at η = {seen['rate']:g} from four starts, "
                f"which end with a mean loss of {seen['mean']:.3g} and {seen['accuracy'].mean():.0%} of the test digits right.")  # fmt: skip

    def still(self, figure: Figure) -> None:
        from .. import plotting

        seen, (curve, losses) = read_the_curve(self.lr), figure.subplots(1, 2)
        for smoothed in DATA["smoothed"][1:]:
            curve.plot(GRID[: len(smoothed)], smoothed, color="#9AA5AD", linewidth=0.8)
        first = np.array(DATA["smoothed"][0])
        plotting.curves(
            {"range test": (GRID[: len(first)], first)},
            ax=curve,
            xlabel="learning rate",
            ylabel="loss, smoothed",
            log="x",
        )
        curve.set(ylim=(0, 4.4))
        curve.plot(
            seen["rate"],
            np.interp(seen["rate"], GRID[: len(first)], first),
            "o",
            markersize=9,
            markerfacecolor="w",
            markeredgecolor="k",
        )
        plotting.curves(
            {f"start {k + 1}": column for k, column in enumerate(seen["losses"].T)},
            ax=losses,
            xlabel="epoch",
            ylabel="training loss",
            log=True,
        )
        losses.set(ylim=(0.04, 10))


if __name__ == "__main__":
    RUNS.write_text(json.dumps(_make(), separators=(",", ":")) + "\n")
