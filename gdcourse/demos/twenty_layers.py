"""The demo "Twenty layers": the size of the signal on its way forward, and of the gradient on its way back."""

from typing import Any

import numpy as np
import traitlets

from .engine import Demo, Figure, Goal
from .noise import normals

LAYERS, UNITS, ROWS = 20, 64, 8
ACTIVATIONS: dict[str, tuple[Any, Any]] = {
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda a: a * (1 - a)),
    "tanh": (np.tanh, lambda a: 1 - a * a),
    "relu": (lambda z: np.maximum(z, 0), lambda a: 1.0 * (a > 0)),
}


def twenty_layers(
    activation: str = "sigmoid", gain: float = 1.0, normalise: bool = False, skip: bool = False, seed: int = 1
) -> dict[str, Any]:
    """Compute what the demo shows: root mean squares of the signal and of the gradient at 21 places, before and after
    each layer.

    Twenty layers of 64 units have weights of variance gain / 64. Eight rows of normal numbers go in; eight rows of
    normal numbers go back from the end, in place of the gradient of a loss. normalise: each row of a layer's sums
    gets mean 0 and variance 1 before the activation. skip: each layer adds its result to its input.
    ratio: the gradient at the first place divided by the gradient at the last; signal: the signal at the last place
    divided by the signal at the first.
    Returns path (21, 2), signals (21,), gradients (21,), ratio, signal.

    >>> round(float(twenty_layers("relu", gain=2.0)["signal"]), 2)
    0.43
    """
    draw = normals(seed, ROWS * UNITS * 2 + LAYERS * UNITS * UNITS)
    a, g = draw[: ROWS * UNITS].reshape(ROWS, UNITS), draw[ROWS * UNITS : 2 * ROWS * UNITS].reshape(ROWS, UNITS)
    weights = draw[2 * ROWS * UNITS :].reshape(LAYERS, UNITS, UNITS) * np.sqrt(gain / UNITS)
    act, slope = ACTIVATIONS[activation]
    sizes, back = [_rms(a)], []
    for W in weights:
        z, spread = a @ W, 1.0
        if normalise:
            z = z - z.mean(axis=1, keepdims=True)
            spread = np.sqrt(np.mean(z * z, axis=1, keepdims=True) + 1e-12)
            z = z / spread
        new = act(z)
        back.append((W, z, spread, slope(new)))
        a = a + new if skip else new
        sizes.append(_rms(a))
    sizes_back = [_rms(g)]
    for W, z, spread, bend in reversed(back):
        d = g * bend
        if normalise:
            d = (d - d.mean(axis=1, keepdims=True) - z * np.mean(d * z, axis=1, keepdims=True)) / spread
        d = d @ W.T
        g = g + d if skip else d
        sizes_back.append(_rms(g))
    signals, gradients = np.array(sizes), np.array(sizes_back[::-1])
    return {"path": np.array([signals, gradients]).T, "signals": signals, "gradients": gradients,
            "ratio": gradients[0] / gradients[-1], "signal": signals[-1] / signals[0]}  # fmt: skip


def _rms(x):
    return float(np.sqrt(np.mean(x * x)))


PLAIN = {"activation": "sigmoid", "gain": 1.0, "normalise": False, "skip": False}


class TwentyLayers(Demo):
    """Choose activation, weights and structure of twenty layers, so that the gradient reaches the first layer."""

    title = "Twenty layers"
    question = "A gradient of size 1 is sent back from the last of twenty layers. How much of it reaches the first?"
    caption = (
        "Every layer multiplies the gradient on its way back: by its weights, and by the slope of its activation. Twenty factors of a quarter are a millionth of a millionth, twenty factors "
        "of 2 a million. With ReLU and weights of variance 2/n the factor is 1 on average; a normalisation brings it near 1 whatever the weights, and a skip connection lets the gradient pass beside the layer."
    )
    goals = (
        Goal(
            "vanish",
            "Which activation lets the gradient vanish? Find the one with which less than 10⁻¹² of it reaches the first layer.",
            "The sigmoid: its slope is 1/4 at most, so twenty layers leave less than 10⁻¹², and the first layers do not learn.",
            {**PLAIN, "activation": "tanh"},
        ),
        Goal(
            "keep",
            "ReLU: find a variance with which the gradient keeps its size, within a factor of 2, from end to end.",
            "Near 2/n: ReLU sets half of the signal to zero, and the 2 makes up for it. These are the start weights of He and others (2015).",
            {**PLAIN, "activation": "relu"},
        ),
        Goal(
            "explode",
            "Stay with ReLU: make the gradient grow more than a hundred thousand times.",
            "At 8/n, twice the standard deviation of those start weights, each layer doubles it: 2²⁰ is a million.",
            {**PLAIN, "activation": "relu", "gain": 2.0},
        ),
        Goal(
            "rescue",
            "Back to the sigmoid with 1/n: let the gradient through, within a factor of 2, without touching activation or variance.",
            "A skip connection gives the gradient a way beside the layer. A normalisation alone helps ten thousandfold, but the slope of the sigmoid stays what it is.",
            PLAIN,
        ),
        Goal(
            "careless",
            "ReLU with the variance 8/n that exploded: tame it with one switch, to within a factor of 10.",
            "Normalised sums have variance 1 whatever the weights, so the factor of the weights cancels: such networks forgive a careless start.",
            {**PLAIN, "activation": "relu", "gain": 8.0},
        ),
    )
    python = """from gdcourse import plotting
from gdcourse.demos.twenty_layers import twenty_layers

seen = twenty_layers("{activation}", gain={gain}, normalise={normalise}, skip={skip}, seed={seed})
path = seen["path"]
print(f"first over last: {seen['ratio']:.2e}")
plotting.curves({"signal": seen["signals"], "gradient": seen["gradients"]}, xlabel="layer", ylabel="size", log=True)
"""
    height = (890, 1160)

    activation = traitlets.Enum(list(ACTIVATIONS), "tanh", help="what stands between the layers").tag(sync=True)
    gain = traitlets.Float(1.0, help="variance of the weights, times the units of a layer").tag(sync=True)
    normalise = traitlets.Bool(False, help="each layer's sums are normalised").tag(sync=True)
    skip = traitlets.Bool(False, help="each layer adds to what came in").tag(sync=True)
    seed = traitlets.Float(1.0, help="seed of the start").tag(sync=True)

    @property
    def path(self) -> np.ndarray:
        return twenty_layers(**self.settings)["path"]

    @property
    def alt(self) -> str:
        seen = twenty_layers(**self.settings)
        return (f"Size of signal and gradient in twenty layers with {self.activation} and weights of variance {self.gain:g}/64: the gradient that reaches the first "
                f"layer is {seen['ratio']:.2g} of what was sent back from the last.")  # fmt: skip

    def still(self, figure: Figure) -> None:
        from .. import plotting

        seen = twenty_layers(**self.settings)
        forward, back = figure.subplots(1, 2)
        plotting.curves({"signal": seen["signals"]}, ax=forward, xlabel="layer", ylabel="signal", log=True)
        plotting.curves({"gradient": seen["gradients"]}, ax=back, xlabel="layer", ylabel="gradient", log=True)
        for ax in forward, back:
            ax.set(ylim=(1e-14, 1e8))
