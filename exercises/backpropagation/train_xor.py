"""What a line cannot do."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 25
points = 3
seconds = 8
section = "What a line cannot do"
prompt = r"""
Write `train_xor(rng)`: train a network that says whether *exactly one* of two inputs is 1.

    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    y = np.array([0, 1, 1, 0])

Return its weights as a list of arrays, `[W1, b1, W2, b2]`, for h hidden units of the shapes (2, h), (h,), (h, 1) and (1,), or more layers in the same way.
The check computes `np.tanh(X @ W1 + b1) @ W2 + b2` (with more layers: tanh between any two), and reads the last numbers as scores: one column, where a positive score means class 1, or two columns, the scores of class 0 and of class 1, where the larger one wins.
No function comes after the last layer.
How many units, which loss, which rule and how long you train is up to you; use `mlp_grads` from above if you like, or `from gdcourse.network import Network`.
What counts is what the check computes with your weights.

The start has to be drawn from `rng`, a `numpy.random.Generator`: the check calls your function ten times, each time with another one, and at least eight of the ten results must classify all four points.
A second of training for all ten is enough.

For example, `[np.zeros((2, 1)), np.zeros(1)]` is a list of the right form, and it cannot be right: one layer is a line.
"""
hints = [
    "Two hidden units are enough on paper, but from many starts two get stuck. Give it more, eight for example.",
    "All four points in every step, a rate near 0.5, a thousand steps: each step takes some microseconds.",
    '`net = Network(X, y, hidden=8, activation="tanh")` has the gradient, `net.parts(w)` the list. Make a start with `rng.normal(size=…)`, for it has to come from `rng`.',
]
praise = "Nobody told the hidden units which line to draw: they started anywhere, and the gradient shared the work out among them."
why = r"""
Score and class are joined by a line as long as there is one layer: no line has (0, 1) and (1, 0) on one side and (0, 0) and (1, 1) on the other.
A hidden layer of tanh units bends the plane first: each unit is a soft step across a line of its own, and the last layer adds the steps up.

**Why random.** If all units start with the same weights they compute the same number, get the same gradient, and stay the same for ever: a layer of eight equal units is one unit.
With all weights zero nothing moves at all, since tanh passes 0 on and the last layer hands back 0.

**Why more than two.** The loss is not convex.
With two units a good share of the starts ends on a plateau where two of the points are right and two are undecided.
With eight, some pair of units is nearly always well placed.

**Another way.** Draw the hidden layer at random, leave it as it is, and solve only the last layer by least squares: with eight random units four points can be fitted exactly.
"""

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
y = np.array([0, 1, 1, 0])


free = {"rng": None}  # the law judges the network, whatever it started from


def cases(rng):
    yield (tuple(int(s) for s in rng.integers(1, 2**31, 10)),)


def run(answer, seeds):
    """Return the weights for each of the ten generators, as a list of arrays."""
    return [_as_arrays(answer(np.random.default_rng(seed))) for seed in seeds]


def show(output):
    """Return for each of the ten results whether it is right."""
    return [bool(_solved(params)) for params in output if isinstance(params, list)]


def _as_arrays(params):
    if isinstance(params, dict):
        params = list(params.values())
    if not isinstance(params, (list, tuple)):
        return "one thing"
    try:
        return [np.array(part, dtype=float) for part in params]
    except (TypeError, ValueError):
        return "no numbers"


def _scores(params, activation=np.tanh):
    """Return the score of each of the four points; None if the shapes do not fit."""
    try:
        signal = X
        for k in range(0, len(params), 2):
            if k:
                signal = activation(signal)
            W = params[k].reshape(-1, 1) if params[k].ndim == 1 else params[k]
            signal = signal @ W + params[k + 1]
        if signal.shape == (4, 2):
            return signal[:, 1] - signal[:, 0]
        return signal.reshape(4)
    except (ValueError, IndexError):
        return None


def _solved(params, activation=np.tanh, sign=1):
    with np.errstate(all="ignore"):
        scores = _scores(params, activation)
    return scores is not None and np.isfinite(scores).all() and np.array_equal(sign * scores > 0, y == 1)


def _loss(params):
    """Return the mean log loss of the four points."""
    return float(np.mean(np.logaddexp(0, np.where(y == 1, -1, 1) * _scores(params))))


def _share(output, **how):
    return sum(_solved(params, **how) for params in output)


def law(output, seeds):
    """Check the form of the answer first, then all ten results together."""
    first = output[0]
    if not isinstance(first, list):
        return "not_a_list"
    if len(first) % 2 or not first:
        return f"Weights and biases come in pairs, `[W1, b1, W2, b2]`; your list holds {len(first)} arrays."
    if len(first) == 2:
        return "linear_model"
    if any(_scores(params) is None for params in output):
        if all(
            params[0].ndim == 2 and _scores([part.T if part.ndim == 2 else part for part in params]) is not None
            for params in output
        ):
            return "transposed"
        shapes = ", ".join(str(part.shape) for part in first)
        return f"The arrays do not fit together: `X` has 2 columns, `W1` needs shape (2, h), `b1` (h,), `W2` (h, 1) and `b2` (1,); yours are {shapes}."
    if not all(np.isfinite(part).all() for params in output for part in params):
        return "diverged"
    same = all(
        len(params) == len(first) and all(np.array_equal(a, b) for a, b in zip(params, first)) for params in output
    )
    by_hand = same and all(np.array_equal(2 * part, np.rint(2 * part)) for part in first)
    if by_hand and all(not part.any() for part in first):
        return "zeros"
    if by_hand and _solved(first):
        return "labels_leak"
    right_ones = _share(output)
    alike = sum(_units_alike(params) for params in output)
    if right_ones < 8 and alike >= 5:
        return "symmetric_start"
    if same:
        return "one_lucky_seed"
    if right_ones >= 8:
        return None
    if _share(output, sign=-1) >= 8:
        return "labels_swapped"
    if np.median([np.abs(_scores(params) - y).max() for params in output]) < 0.3:
        return "scores_like_labels"
    if np.median([_loss(params) for params in output]) > 4:
        return "uphill"  # the loss is near 1 at a start without training, and below ln 2 on a plateau
    if _share(output, activation=lambda z: np.maximum(z, 0)) >= 8:
        return "relu_network"
    if np.median([max(np.abs(part).max() for part in params) for params in output]) < 0.5:
        return "hardly_trained"
    if np.median([np.abs(_scores(params, activation=lambda z: z)).max() for params in output]) < 0.15:
        return "no_activation"  # without an activation descent can only reach the score 0 at all four points
    if right_ones >= 1 or np.median([_loss(params) for params in output]) < 0.66:
        return "unlucky_starts"  # a loss below ln 2: the network was trained, and is on a plateau
    return "untrained"


def _units_alike(params):
    """Do all hidden units have the same incoming weights, up to rounding?"""
    W = np.atleast_2d(params[0])
    return W.shape[1] > 1 and float(np.ptp(W, axis=1).max()) <= 1e-6 * max(1e-6, float(np.abs(W).max()))


def _start(rng, hidden=8, scale=1.0):
    return [scale * rng.normal(size=(2, hidden)), np.zeros(hidden), scale * rng.normal(size=(hidden, 1)), np.zeros(1)]


def _train(params, steps=600, lr=0.5, activation=np.tanh, slope=lambda a: 1 - a * a, sign=1, label=y):
    W, b, V, c = (np.array(part) for part in params)
    with np.errstate(all="ignore"):
        for _ in range(steps):
            H = activation(X @ W + b)
            D = (1 / (1 + np.exp(-(H @ V + c))) - label[:, None]) * sign / 4
            E = (D @ V.T) * slope(H)
            W, b, V, c = W - lr * X.T @ E, b - lr * E.sum(axis=0), V - lr * H.T @ D, c - lr * D.sum(axis=0)
    return [W, b, V, c]


def train_xor(rng):
    """Return [W1, b1, W2, b2] of a network with tanh that has learnt XOR."""
    X, y = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0, 1, 1, 0])
    W1, b1 = rng.normal(size=(2, 8)), np.zeros(8)
    W2, b2 = rng.normal(size=(8, 1)), np.zeros(1)
    for _ in range(600):
        H = np.tanh(X @ W1 + b1)
        p = 1 / (1 + np.exp(-(H @ W2 + b2)))
        D = (p - y[:, None]) / 4
        E = (D @ W2.T) * (1 - H**2)
        W1, b1 = W1 - 0.5 * X.T @ E, b1 - 0.5 * E.sum(axis=0)
        W2, b2 = W2 - 0.5 * H.T @ D, b2 - 0.5 * D.sum(axis=0)
    return [W1, b1, W2, b2]


@right
def with_a_network(rng):
    from gdcourse import descend, gd
    from gdcourse.network import Network

    net = Network(X, y, hidden=8, activation="tanh")
    return net.parts(descend(gd, net.grad, rng.normal(size=42), 500, lr=0.5)[-1])


@right
def random_features(rng):
    W, b = rng.normal(size=(2, 12)), rng.normal(size=12)
    V = np.linalg.lstsq(np.tanh(X @ W + b), 2.0 * y - 1, rcond=None)[0]
    return W, b, V, 0.0


@right
def squared_loss_with_momentum(rng):
    parts = [rng.normal(size=(2, 10)), rng.normal(size=10), rng.normal(size=(10, 1)) * 0.3, np.zeros(1)]
    memory = [np.zeros_like(part) for part in parts]
    for _ in range(300):
        H = np.tanh(X @ parts[0] + parts[1])
        D = (H @ parts[2] + parts[3] - (2 * y[:, None] - 1)) / 4
        E = (D @ parts[2].T) * (1 - H**2)
        for k, g in enumerate((X.T @ E, E.sum(axis=0), H.T @ D, D.sum(axis=0))):
            memory[k] = 0.9 * memory[k] + g
            parts[k] = parts[k] - 0.05 * memory[k]
    return parts


@right
def one_row_at_a_time(rng):
    W, b, V, c = _start(rng, 12)
    for _ in range(250):
        for i in rng.permutation(4):
            h = np.tanh(X[i] @ W + b)
            d = 1 / (1 + np.exp(-(h @ V + c))) - y[i]
            e = V[:, 0] * d * (1 - h * h)
            W, b, V, c = W - 0.3 * np.outer(X[i], e), b - 0.3 * e, V - 0.3 * np.outer(h, d), c - 0.3 * d
    return [W, b, V[:, 0], c]


@right
def two_hidden_layers(rng):
    from gdcourse import adam, descend
    from gdcourse.network import Network

    net = Network(X, y, hidden=(6, 5), activation="tanh")
    return net.parts(descend(adam, net.grad, 0.8 * rng.normal(size=65), 300, lr=0.05)[-1])


@wrong
def linear_model(rng):
    """One layer is a line (a linear model), and no line has (0, 1) and (1, 0) on one side, (0, 0) and (1, 1) on the other. It needs a hidden layer: four arrays at least."""
    return [rng.normal(size=(2, 1)), np.zeros(1)]


@wrong
def no_activation(rng):
    """It seems that you trained without an activation between the layers. Two linear layers are one linear layer, a line; here the check puts tanh
    between them, so your training has to do so too."""
    return _train(_start(rng), activation=lambda z: z, slope=lambda a: 1.0)


@wrong
def symmetric_start(rng):
    """All hidden units are copies of each other: a symmetric start. They began with equal weights, so they get equal gradients at every step and stay equal for ever. Draw each weight
    for itself."""
    start = [np.full((2, 8), rng.normal()), np.zeros(8), np.full((8, 1), rng.normal()), np.zeros(1)]
    return _train(start)


@wrong
def zeros(rng):
    """All your weights are still zero. With a start of zeros the hidden units give 0, the last layer hands back 0, and nothing ever moves: draw the start from `rng`."""
    return [np.zeros((2, 8)), np.zeros(8), np.zeros((8, 1)), np.zeros(1)]


@wrong
def labels_leak(rng):
    """These weights were put in by hand, the same for every `rng`: you know the labels, and nothing was trained. A good exercise too, but the check asks for weights that
    a descent has found."""
    return [np.array([[4.0, 4.0], [4.0, 4.0]]), np.array([-2.0, -6.0]), np.array([[3.0], [-3.0]]), np.array([-3.0])]


@wrong
def one_lucky_seed(rng):
    """All ten results are the same to the last digit: the start does not come from `rng`, but from one fixed seed, perhaps a lucky one. Use the generator that is handed
    over."""
    return _train(_start(np.random.default_rng(3)))


@wrong
def labels_swapped(rng):
    """Your network has learnt the opposite: the labels are swapped, and its score is positive where y is 0. Look at the sign of the first gradient on the way back, or at which class a positive score means."""
    return _train(_start(rng), label=1 - y)


@wrong
def scores_like_labels(rng):
    """Your scores lie near the labels, 0 and 1, as after a descent on the squared error of the scores. The check asks for their signs: below 0 for class 0, above 0 for class 1. The log loss pushes them there."""
    W, b, V, c = _start(rng)
    for _ in range(1500):
        H = np.tanh(X @ W + b)
        D = (H @ V + c - y[:, None]) / 4
        E = (D @ V.T) * (1 - H * H)
        W, b, V, c = W - 0.2 * X.T @ E, b - 0.2 * E.sum(axis=0), V - 0.2 * H.T @ D, c - 0.2 * D.sum(axis=0)
    return [W, b, V, c]


@wrong
def uphill(rng):
    """The loss of your weights is far above ln 2, that of guessing: the steps go uphill. The step *subtracts* the gradient; look at the signs, of the step and of the first difference on the way back."""
    return _train(_start(rng), lr=-0.5)


@wrong
def relu_network(rng):
    """Your weights are right for a network with ReLU between its layers, and the check puts tanh there. Train with tanh and its slope, 1 − tanh²."""
    rng_start = _start(rng, 16)
    return _train(rng_start, steps=1500, lr=0.2, activation=lambda z: np.maximum(z, 0), slope=lambda a: a > 0)


@wrong
def hardly_trained(rng):
    """All scores are still near zero: it has hardly trained. Too few steps, too small a rate, or a start so small that the units are nearly alike. Print the loss every
    hundred steps and watch it leave ln 2 = 0.69."""
    return _train(_start(rng, 8, 0.05), steps=20, lr=0.1)


@wrong
def unlucky_starts(rng):
    """Fewer than eight of the ten starts succeed: the others are unlucky and stop on a plateau, below ln 2 and far above 0. Two units suffice on paper; with more of them, or more steps, nearly every start finds its way."""
    return _train(_start(rng, 2, 6.0), steps=100)


@wrong
def untrained(rng):
    """Hardly any of the ten results classifies the four points, although the scores are not small. Is it the trained weights that you return, or the untrained start? Print the loss: does it fall?"""
    return _start(rng, 1, 2.0)


@wrong
def diverged(rng):
    """There are `inf` or `nan` among your weights: the training diverged. Try a tenth of the rate."""
    return [np.full((2, 8), np.nan), np.zeros(8), np.full((8, 1), np.inf), np.zeros(1)]


@wrong
def transposed(rng):
    """Your weights are transposed: the check computes `X @ W1`, so `W1` has one row for each input and one column for each hidden unit."""
    W, b, V, c = _train(_start(rng))
    return [W.T, b, V.T, c]


@wrong
def not_a_list(rng):
    """A list of arrays was asked for, `[W1, b1, W2, b2]`. One array, a number or a function does not say which layer is which."""
    return np.concatenate([part.ravel() for part in _train(_start(rng))])
