"""One step of RMSProp."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 8
section = "RMSProp: forget the distant past"
prompt = r"""
Write `rmsprop_step(w, g, v, lr, beta, eps)`: like AdaGrad, with a memory that forgets.

$$\begin{aligned} v &\leftarrow \beta v + (1 - \beta)\,g^2 \\ w &\leftarrow w - \eta\,\frac{g}{\sqrt{v} + \varepsilon} \end{aligned}$$

Return the pair `(w, v)`; the arrays have the shape `(d,)` and stay as they are.

For example, with β = 0.9, v = 0 and η = 0.1 the first step on g = `[5, -5, 5]` has the length 0.316 in each coordinate: $0.1/\sqrt{0.1}$.
"""
hints = [
    "A moving average: the old v keeps the share β, the new square enters with 1 − β.",
    "The order is the same as in AdaGrad: first the memory, then the step with the *new* v.",
    "ε stands beside the root, in the denominator.",
]
praise = "One symbol changed, a sum into an average, and the rate no longer dies: v says how steep it was lately."
why = r"""
AdaGrad's sum grows for ever, and its rate falls for ever.
A moving average has a window of about $1/(1 - \beta)$ steps: slopes older than that are forgotten, and the rate can rise again.

On a constant slope $v$ approaches $g^2$, and the steps approach η.

The memory starts at zero, so $v$ is too small at first: after one step it is $(1 - \beta)\,g^2$, and the first step has the length $\eta/\sqrt{1 - \beta}$, that is 3.16 η for β = 0.9 and 10 η for β = 0.99.
Adam corrects exactly that.
"""


def cases(rng):
    yield np.zeros(3), np.array([5.0, -5.0, 5.0]), np.zeros(3), 0.1, 0.9, 1e-8
    yield np.array([1.0, 2.0, 4.0]), np.array([2.0, 0.5, 0.0]), np.array([5.0, 0.75, 0.0]), 0.1, 0.8, 1e-8
    yield np.array([1.0]), np.array([1e-3]), np.array([0.0]), 0.5, 0.9, 1e-8
    yield np.array([1.0]), np.array([0.02]), np.array([1e-4]), 0.5, 0.9, 0.01  # ε is so large that it shortens the step
    for d in (2, 4):
        yield (
            rng.normal(size=d),
            rng.normal(size=d) + 2,
            rng.uniform(1, 9, d),
            float(rng.uniform(0.01, 0.5)),
            float(rng.uniform(0.6, 0.99)),
            1e-8,
        )


tolerance = 1e-4  # wide enough for ε inside or outside the root


def also(w, g, v, lr, beta, eps):
    """Yield the result with ε inside the root. It is right, too: some libraries write it so."""
    v = beta * v + (1 - beta) * g**2
    yield w - lr * g / np.sqrt(v + eps), v
    yield w - lr * g / np.sqrt(v + eps**2), v


def rmsprop_step(w, g, v, lr, beta, eps):
    """Return (w, v) after one step of RMSProp."""
    v = beta * v + (1 - beta) * g**2
    return w - lr * g / (np.sqrt(v) + eps), v


@right
def epsilon_inside_the_root(w, g, v, lr, beta, eps):
    v = v + (1 - beta) * (g * g - v)
    return [w - lr * g / np.sqrt(v + eps**2), v]


@right
def epsilon_inside_as_it_is(w, g, v, lr, beta, eps):
    v = beta * v + (1 - beta) * g**2
    return w - lr * g / np.sqrt(v + eps), v


@right
def coordinate_by_coordinate(w, g, v, lr, beta, eps):
    new = np.array([beta * a + (1 - beta) * b**2 for a, b in zip(v, g)])
    return np.array([x - lr * b / (a**0.5 + eps) for x, b, a in zip(w, g, new)]), new


@wrong
def eps_typed_in(w, g, v, lr, beta, eps):
    """Your ε is a number of your own, perhaps 1e-8: `eps`, the argument, is not used. Where slopes are small, a larger ε makes shorter steps."""
    return rmsprop_step(w, g, v, lr, beta, 1e-8)


@wrong
def never_forgets(w, g, v, lr, beta, eps):
    """You add up the squares and never forget: that is AdaGrad. Here the old memory keeps the share β and the new square enters with 1 − β."""
    v = v + g**2
    return w - lr * g / (np.sqrt(v) + eps), v


@wrong
def whole_square_enters(w, g, v, lr, beta, eps):
    """The old memory is shrunk, but the new square enters whole. An average gives it the weight 1 − β; as it is, v settles at 1/(1 − β) times the mean square."""
    v = beta * v + g**2
    return w - lr * g / (np.sqrt(v) + eps), v


@wrong
def beta_swapped(w, g, v, lr, beta, eps):
    """β and 1 − β are exchanged: your memory keeps the small share and forgets nearly everything at each step."""
    v = (1 - beta) * v + beta * g**2
    return w - lr * g / (np.sqrt(v) + eps), v


@wrong
def no_root(w, g, v, lr, beta, eps):
    """You divide by the mean square itself. Its root is missing: RMS stands for *root* mean square."""
    v = beta * v + (1 - beta) * g**2
    return w - lr * g / (v + eps), v


@wrong
def scalar_accumulator(w, g, v, lr, beta, eps):
    """All coordinates share one memory. Each needs its own: no sum or mean over the coordinates."""
    v = beta * v + (1 - beta) * np.mean(g**2)
    return w - lr * g / (np.sqrt(v) + eps), v


@wrong
def length_of_the_gradient(w, g, v, lr, beta, eps):
    """All coordinates share one memory, made from the length of the whole gradient. Each needs its own: no sum over the coordinates."""
    v = beta * v + (1 - beta) * np.sum(g**2)
    return w - lr * g / (np.sqrt(v) + eps), v


@wrong
def beta_hard_coded(w, g, v, lr, beta, eps):
    """Your β is 0.9 whatever comes in: use the argument `beta`."""
    v = 0.9 * v + 0.1 * g**2
    return w - lr * g / (np.sqrt(v) + eps), v


@wrong
def slopes_not_squares(w, g, v, lr, beta, eps):
    """You average the slopes, not their squares. Slopes of both signs cancel, and a root of a negative number is nan."""
    v = beta * v + (1 - beta) * g
    with np.errstate(all="ignore"):
        return w - lr * g / (np.sqrt(v) + eps), v


@wrong
def no_slope(w, g, v, lr, beta, eps):
    """The slope itself is missing in the numerator: your step always goes the same way, and is longest where there is no slope at all."""
    v = beta * v + (1 - beta) * g**2
    return w - lr / (np.sqrt(v) + eps), v


@wrong
def zero_gradient_nan(w, g, v, lr, beta, eps):
    """A coordinate that has never seen a slope gives 0/0, which is nan. That is what ε is for."""
    v = beta * v + (1 - beta) * g**2
    with np.errstate(all="ignore"):
        return w - lr * g / np.sqrt(v), v


@wrong
def eps_dominates(w, g, v, lr, beta, eps):
    """Your ε is far too large: its root, 0.0001, stands beside the root of v, and a slope of 0.001 feels it. Take the root of v alone, then add ε itself."""
    v = beta * v + (1 - beta) * g**2
    return w - lr * g / (np.sqrt(v) + np.sqrt(eps)), v


@wrong
def old_memory(w, g, v, lr, beta, eps):
    """You divide by the memory as it was before this step. At the first step that is zero, and the step explodes: first the memory, then the step."""
    return w - lr * g / (np.sqrt(v) + eps), beta * v + (1 - beta) * g**2


@wrong
def bias_corrected(w, g, v, lr, beta, eps):
    """You correct the memory for its start at zero. That is a good idea, and it is Adam's; RMSProp takes its longer first steps."""
    v = beta * v + (1 - beta) * g**2
    return w - lr * g / (np.sqrt(v / (1 - beta)) + eps), v


@wrong
def sign(w, g, v, lr, beta, eps):
    """A sign: your step goes uphill."""
    v = beta * v + (1 - beta) * g**2
    return w + lr * g / (np.sqrt(v) + eps), v
