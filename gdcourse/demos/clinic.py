"""The demo "Clinic": six networks that do not learn well. The reader orders tests, and names each illness.

Training takes seconds, so the runs are stored in clinic.json, which `python -m gdcourse.demos.clinic` makes.
tests/test_demos.py repeats some of the runs.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import traitlets

from ..lr_finder import lr_grid, range_test
from ..network import Network, digits_network
from ..optimizers import descend, gd
from .engine import Demo, Figure, Goal

RUNS = Path(__file__).with_suffix(".json")
LOOKS = 20  # the losses of a run are computed at its start and this many times more
ILLNESSES = {
    "high": "rate too high",
    "low": "rate too low",
    "unscaled": "columns not scaled",
    "shuffled": "shuffled labels",
    "overfits": "overfitting",
    "dead": "dead units",
}
TRUTH = ("dead", "low", "overfits", "shuffled", "high", "unscaled")  # the illnesses of the patients A to F
TESTS = {"l": "a tenth of the rate", "r": "range test", "v": "validation loss", "s": "spreads of the columns", "g": "gradient and units"}  # fmt: skip
BUDGET = 12


def _patient(illness):
    """Return a network that has this illness, and the settings of its training.

    Returns (network, held-out rows, start weights, rate, steps between two recorded losses, rows in a batch).
    """
    net, (X, y) = digits_network()
    w, lr, every, batch = net.start(0), 0.3, 23, 64
    if illness == "high":
        w, lr = net.start(3), 1.5
    if illness == "low":
        lr = 0.004
    if illness == "unscaled":
        units = 10.0 ** np.random.default_rng(1).uniform(-2, 2, 64)
        net, X, lr = Network(net.X * units, net.y, hidden=64), X * units, 3e-5
        w = net.start(0)
    if illness == "shuffled":
        net = Network(net.X, np.random.default_rng(0).permutation(net.y), hidden=64)
    if illness == "overfits":
        labels = net.y[:60].copy()
        labels[:10] = np.random.default_rng(0).integers(0, 10, 10)
        net, every, batch = Network(net.X[:60], labels, hidden=64), 30, 16
    if illness == "dead":
        net.parts(w)[1][:] = -12
    return net, (X, y), w, lr, every, batch


def examine(illness: str) -> dict[str, Any]:
    """Train the network that has this illness, and return the results of all tests on it, as clinic.json stores them.

    illness: a key of ILLNESSES. Returns lr: the rate; train: the 21 training losses; v, l, r, s, g: the results of
    TESTS. Losses and gradients are rounded to four significant digits, s to one.

    >>> living_units, first_gradient, last_gradient = examine("dead")["g"]
    >>> living_units, first_gradient
    (0, 0.0)
    """
    net, held, w, lr, every, batch = _patient(illness)
    short = lambda values: [float(f"{v:.4g}") for v in values]  # noqa: E731

    seed = 3 if illness == "high" else 1  # in runs with these seeds, the illness is easy to see

    def run(rate):
        with np.errstate(all="ignore"):
            return descend(gd, net.batch_grad(batch, seed), w, LOOKS * every, lr=rate)[::every]

    path, grid = run(lr), lr_grid(1e-7, 10, 100)
    with np.errstate(all="ignore"):
        curve = range_test(net.batch_loss_grad(batch, 1), w, grid).smoothed
    spread = net.X.std(axis=0)
    wide, narrow = np.percentile(spread[spread > 0], [90, 10])
    W, b = net.parts(path[-1])[:2]
    alive = int(np.sum(np.any(net.X @ W + b > 0, axis=0)))
    first, last = (
        np.linalg.norm(part) for part in (net.parts(net.grad(path[-1]))[0], net.parts(net.grad(path[-1]))[2])
    )
    return {
        "lr": lr, "train": short(map(net.loss, path)), "v": short(net.loss(v, *held) for v in path), "l": short(map(net.loss, run(lr / 10))),
        "r": short(curve[::3]), "s": float(f"{wide / narrow:.1g}"), "g": [alive, *short([first, last])],
    }  # fmt: skip


def _make():
    """Return the results of the six patients, in the order A to F."""
    return {"patients": [examine(illness) for illness in TRUTH]}


DATA = json.loads(RUNS.read_text()) if RUNS.exists() else {"patients": []}


def clinic(patient: str = "A", ordered: str = "", answers: str = "------") -> dict[str, Any]:
    """Compute what the demo shows: the 21 losses of the patient, how many tests were ordered, how many diagnoses were
    given, and how many of these are right.

    ordered: the tests so far, such as "Av Br" (a patient, then a key of TESTS). answers: one character for each
    patient, the number of an illness in ILLNESSES (from 0) or "-". Returns losses, tests, given, right.

    >>> clinic("A", ordered="Av Ar")["tests"]
    2
    """
    k, names = "ABCDEF".index(patient), list(ILLNESSES)
    given = [names[int(a)] if a in "012345" else None for a in answers]
    return {
        "losses": np.array(DATA["patients"][k]["train"]),
        "tests": len(ordered.split()),
        "given": sum(a is not None for a in given),
        "right": sum(a == truth for a, truth in zip(given, TRUTH, strict=True)),
    }


class Clinic(Demo):
    """Order tests, at most twelve, to find out which illness each of six networks has."""

    title = "Clinic"
    question = "Six networks, six illnesses, and one training loss each. Which test tells you what is wrong with each?"
    caption = (
        "Each patient is a real run of the digits network, made beforehand, and its losses were written down 21 times. A loss near ln 10 = 2.30 is that of a guess. "
        "Every illness occurs once. How many diagnoses are right is told when all six are given; Reset begins again."
    )
    goals = (
        Goal("first", "Order a first test for any patient, and give a diagnosis.", "You may order twelve tests. Ask first what the loss alone has told you: is it near that of a guess, does it fall, does it jump?"),
        Goal("four", "Give all six diagnoses, and have at least four of them right.", "The validation loss tells shuffled labels and overfitting, the gradient tells dead units, the spreads tell columns that are not scaled."),
        Goal("six", "Diagnose 6 of 6 with at most 12 tests.", "Two tests a patient are enough: each has one test that decides."),
        Goal("thrifty", "Diagnose 6 of 6 with at most 5 tests.", "The curve names some of them already: one that jumps, one that falls far. What is left is told apart by one good test each."),
    )  # fmt: skip
    python = """import numpy as np

from gdcourse import plotting
from gdcourse.demos.clinic import clinic

path = clinic("{patient}")["losses"]
plotting.curves({"training loss": path}, xlabel="look at the log", ylabel="loss", log=True)
"""
    data = DATA
    height = (1040, 1415)

    patient = traitlets.Enum(list("ABCDEF"), "A", help="whose log is shown").tag(sync=True)
    ordered = traitlets.Unicode("", help="tests ordered so far, such as 'Av Br'").tag(sync=True)
    answers = traitlets.Unicode("------", help="one place for each patient: the number of the illness, or -").tag(
        sync=True
    )

    @property
    def path(self) -> np.ndarray:
        return clinic(self.patient)["losses"]

    @property
    def alt(self) -> str:
        losses = self.path
        return f"Training loss of patient {self.patient} at 21 looks, logarithmic: from {losses[0]:.3g} to {losses[-1]:.3g}, at its lowest {losses.min():.3g}."

    def still(self, figure: Figure) -> None:

        for ax, k in zip(figure.subplots(2, 3, sharex=True, sharey=True).flat, range(6), strict=True):
            ax.semilogy(DATA["patients"][k]["train"], color="#0060A8")
            ax.axhline(np.log(10), color="#9AA5AD", linestyle=":")
            ax.set(title=f"patient {'ABCDEF'[k]}", ylim=(0.01, 30))


if __name__ == "__main__":
    RUNS.write_text(json.dumps(_make(), separators=(",", ":")) + "\n")
