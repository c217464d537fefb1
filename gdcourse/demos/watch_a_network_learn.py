"""The demo "Watch a network learn": points of two classes, and a small network that the page trains step by step."""

from typing import Any

import numpy as np
import traitlets

from ..network import Network
from ..optimizers import descend, gd
from .engine import Demo, Figure, Goal
from .noise import normals, uniforms

MAX = 3000  # the largest number of steps
ROWS = {"xor": 100, "moons": 100, "spiral": 100, "noisy": 30}  # the number of training points; 200 more are held out


def _cloud(points, n, seed):
    """Return n points, (n, 2), and their classes, alternately 0 and 1. points: a key of ROWS, the kind of points."""
    u, z, y = uniforms(seed, n), normals(seed + 1, 2 * n).reshape(n, 2), np.arange(n) % 2
    if points == "xor":
        a = np.where(u < 0.5, -1.0, 1.0)
        return np.stack([a, np.where(y == 1, -a, a)], axis=1) + 0.25 * z, y
    if points == "spiral":
        r, turn = 0.15 + 1.5 * u, 6 * u + np.pi * y
        return np.stack([r * np.cos(turn), r * np.sin(turn)], axis=1) + 0.05 * z, y
    x, h = np.cos(np.pi * u), np.sin(np.pi * u)
    moons = np.where(y[:, None] == 1, np.stack([1 - x, 0.5 - h], axis=1), np.stack([x, h], axis=1))
    return moons - np.array([0.5, 0.25]) + (0.15 if points == "moons" else 0.45) * z, y


def network(
    points: str, units: float = 4, layers: float = 1, activation: str = "tanh"
) -> tuple[Network, tuple[np.ndarray, np.ndarray]]:
    """Return the demo's network with its training points, and the 200 held-out points with their classes.

    points: a key of ROWS; units: 1 to 8 in each hidden layer; layers: 1 or 2.

    >>> net, (X, y) = network("xor", units=3)
    >>> net.shapes, X.shape
    (((2, 3), (3,), (3, 2), (2,)), (200, 2))
    """
    (X, y), widths = _cloud(points, ROWS[points], 10), (int(np.clip(units, 1, 8)),) * int(np.clip(layers, 1, 2))
    return Network(X, y, widths, activation), _cloud(points, 200, 500)


def _start_weights(net, start="random", seed=1):
    """Return the weights at the start; all biases are 0. start: "random" or "equal".

    "random": as `net.start`, but with random numbers that the browser can compute, too; "equal": every weight is ½.
    """
    z, w, first = normals(int(seed), int(net._ends[-1])), [], 0
    for shape in net.shapes:
        n, bias = int(np.prod(shape)), len(shape) == 1
        gain = 2 if net.activation == "relu" else 1
        w.append(
            np.zeros(n)
            if bias
            else np.full(n, 0.5)
            if start == "equal"
            else z[first : first + n] * np.sqrt(gain / shape[0])
        )
        first += n
    return np.concatenate(w)


def watch_a_network_learn(
    points: str = "xor",
    units: int = 4,
    layers: int = 1,
    activation: str = "tanh",
    start: str = "random",
    lr: float = 0.5,
    step: int = 0,
    seed: int = 1,
) -> dict[str, Any]:
    """Compute what the demo shows after `step` steps of gradient descent: weights, losses and accuracies.

    path: the weights; losses: the loss on the training points; right: the accuracy on these points at the end.
    held_out, right_held_out: loss and accuracy on the 200 points that the network has not seen.
    For step = 0 and the other default settings, returns path (1, 22), losses (1,), held_out (1,), right,
    right_held_out.

    >>> watch_a_network_learn()["right"]
    0.45
    """
    net, held = network(points, units, layers, activation)
    with np.errstate(all="ignore"):
        path = descend(gd, net.grad, _start_weights(net, start, seed), int(np.clip(step, 0, MAX)), lr=lr)
        losses, unseen = (np.array([net.loss(w, *rows) for w in path]) for rows in ((None, None), held))
        return {"path": path, "losses": losses, "held_out": unseen, "right": net.accuracy(path[-1]), "right_held_out": net.accuracy(path[-1], *held)}  # fmt: skip


FRESH = {"units": 4.0, "layers": 1.0, "activation": "tanh", "start": "random", "lr": 0.5, "step": 0.0, "seed": 1.0}


class WatchANetworkLearn(Demo):
    """Train a small network step by step; see the border between the classes, every unit, and the held-out loss."""

    title = "Watch a network learn"
    question = (
        "Two kinds of points, and no straight line between them. How many units does a network need to tell them apart?"
    )
    caption = (
        "Each unit of the first layer is a soft step across a line of its own; the layers behind it add these steps up until the border bends around the points. "
        "The network learns from the points that you see; 200 more are held out, and they decide whether what it learnt is worth something. Every step is full-batch gradient descent, computed here in the page."
    )
    goals = (
        Goal(
            "fewest",
            "XOR: four units can get 98% of the held-out points right. Do it with one layer and the fewest units that can.",
            "Two units: one line on each side of the diagonal. From many starts two get stuck at about 72%; a new start, or a third unit, helps.",
            {**FRESH, "points": "xor"},
        ),
        Goal(
            "equal",
            "Now let all weights start equal, with four units or more, and train for 500 steps: does the number of units help?",
            "Four equal units get equal gradients and stay equal: together they are one unit, and one unit cannot do XOR.",
            {**FRESH, "points": "xor"},
        ),
        Goal(
            "spiral",
            "The spiral: more than 95% of the held-out points.",
            "More units, or a second layer, bend the border often enough. Look at the units of the second layer: they are no lines any more.",
            {**FRESH, "points": "spiral"},
        ),
        Goal(
            "overfit",
            "Thirty noisy points, eight units: train until the held-out loss is twice as high as it was at its lowest.",
            "Overfitting: the training loss still falls, while the border winds around single points, and the points held out pay for it.",
            {**FRESH, "points": "noisy", "units": 8.0, "lr": 1.0},
        ),
        Goal(
            "stop",
            "Now rewind with the slider to the step at which one should have stopped.",
            "The lowest held-out loss comes early. Early stopping keeps those weights; the chapter on schedules makes a rule of it.",
        ),
    )
    python = """from gdcourse import plotting
from gdcourse.demos.watch_a_network_learn import watch_a_network_learn

seen = watch_a_network_learn("{points}", units={units}, layers={layers}, activation="{activation}", start="{start}", lr={lr}, step={step}, seed={seed})
path = seen["path"]
print(f"held out: {seen['right_held_out']:.0%} right")
plotting.curves({"training": seen["losses"], "held out": seen["held_out"]}, log=True)
"""
    height = (1115, 1870)

    points = traitlets.Enum(list(ROWS), "xor", help="the points").tag(sync=True)
    units = traitlets.Float(4.0, help="units in each hidden layer, 1 to 8").tag(sync=True)
    layers = traitlets.Float(1.0, help="hidden layers, 1 or 2").tag(sync=True)
    activation = traitlets.Enum(["tanh", "relu", "sigmoid"], "tanh", help="what the units do with their sum").tag(
        sync=True
    )
    start = traitlets.Enum(["random", "equal"], "random", help="the weights at the start").tag(sync=True)
    lr = traitlets.Float(0.5, help="learning rate η").tag(sync=True)
    step = traitlets.Float(0.0, help="steps taken").tag(sync=True)
    seed = traitlets.Float(1.0, help="seed of a random start").tag(sync=True)

    @property
    def path(self) -> np.ndarray:
        return watch_a_network_learn(**self.settings)["path"]

    @property
    def alt(self) -> str:
        seen = watch_a_network_learn(**self.settings)
        return (f"A plane with two kinds of points, coloured by what a network with {self.layers:g} hidden layer(s) of {self.units:g} {self.activation} units says after "
                f"{self.step:g} steps: {seen['right']:.0%} of the points learnt from and {seen['right_held_out']:.0%} of those held out are on the right side.")  # fmt: skip

    def still(self, figure: Figure) -> None:
        from .. import plotting

        shown = self.settings | ({"step": 400} if not self.step else {})  # a still picture shows the result of training
        seen, (net, _) = watch_a_network_learn(**shown), network(self.points, self.units, self.layers, self.activation)
        plane, loss = figure.subplots(1, 2)
        grid = np.array(np.meshgrid(np.linspace(-2.2, 2.2, 60), np.linspace(-2.2, 2.2, 60)))
        scores = net.scores(seen["path"][-1], grid.reshape(2, -1).T)
        p = 1 / (1 + np.exp(scores[:, 0] - scores[:, 1])).reshape(60, 60)
        plane.set_rasterization_zorder(0)
        plane.contourf(*grid, p, np.linspace(0, 1, 11), cmap="PuOr", alpha=0.75, zorder=-1)
        plane.contour(*grid, p, [0.5], colors="k", linewidths=1.2)
        for k, marker in enumerate("os"):
            plane.plot(
                *net.X[net.y == k].T,
                marker,
                markersize=4,
                color=plotting.COLOURS[1 - k],
                markeredgecolor="w",
                markeredgewidth=0.5,
            )
        plane.set(xlabel="x", ylabel="y", aspect="equal")
        plotting.curves({"training": seen["losses"], "held out": seen["held_out"]}, ax=loss, log=True)
