"""All gradients of a two-layer network."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 20
points = 3
section = "Two layers by hand"
prompt = r"""
Write `mlp_grads(W1, b1, W2, b2, X, y)`: the gradients of the mean log loss of the network

$$H = \tanh(X W_1 + b_1), \qquad Z = H W_2 + b_2, \qquad \text{softmax of each row of } Z,$$

with respect to its four arrays of weights.

`X` has shape `(n, d)`, `y` holds the n numbers of the right classes, `W1` has shape `(d, h)`, `b1` `(h,)`, `W2` `(h, k)`, `b2` `(k,)`.
Return `(dW1, db1, dW2, db2)`, each in the shape of its weights, and leave all arrays as they are.
The scores are small here: no care for overflow is needed.

For example, with all weights zero, two classes, `X = [[3.0]]`, `y = [1]` and one hidden unit, `db2` is `[0.5, -0.5]` and the other three are zero.
"""
hints = [
    "Forward first, and keep `H`. Then one array per layer: the gradient in that layer's sums, from the last layer to the first.",
    "At the end it is `D = (P - one_hot) / n`. A layer that computed `H @ W2 + b2` gives `H.T @ D` for its weights and the sum of the rows of `D` for its bias.",
    "Through the layer backwards: `D @ W2.T`. Through tanh: times its slope, which is 1 − H², written with what came *out* of it.",
]
praise = "Four arrays, five lines, and one pass forward and one back whatever the number of weights. This is the whole of backpropagation; more layers repeat the same two lines."
why = r"""
Call $D = \partial f / \partial Z$ the gradient in the scores: $(P - Y)/n$, with the probabilities $P$ and the one-hot rows $Y$.

**The last layer.** $Z_{ij} = \sum_l H_{il} W_{2,lj} + b_{2,j}$, so $W_{2,lj}$ acts on column $j$ of every row, with the factor $H_{il}$.
Summed over the rows that is $H^\top D$.
The bias acts on every row with the factor 1: the sum of the rows of $D$, where the mean is already in the $1/n$.

**Through the layer.** $H_{il}$ acts on all scores of row $i$, with the factors $W_{2,lj}$: the gradient in $H$ is $D W_2^\top$.

**Through tanh.** Entry by entry, times the slope $1 - \tanh^2$, and tanh of the sums is $H$: $E = (D W_2^\top) \odot (1 - H^2)$, where $\odot$ multiplies entry by entry.

**The first layer** is like the last one, with $X$ in the place of $H$ and $E$ in the place of $D$: $X^\top E$ and the sum of the rows of $E$.

The shapes help to remember it: each gradient has the shape of its weights, and, if all sizes differ, only one product gives it.
"""


def cases(rng):
    # n, d, h and k all differ, so that a transposed result has another shape. In one case all are 3, and only the
    # numbers differ.
    for n, d, h, k in ((5, 3, 4, 2), (3, 3, 3, 3), (6, 2, 5, 4), (1, 4, 2, 3), (7, 2, 3, 5)):
        yield (
            rng.normal(size=(d, h)),
            rng.normal(size=h),
            rng.normal(size=(h, k)),
            rng.normal(size=k),
            rng.normal(size=(n, d)),
            rng.integers(0, k, n),
        )


def canonical(output):
    """Return the four arrays in order, also if the answer names them in a dict."""
    if isinstance(output, dict):
        for names in (("W1", "b1", "W2", "b2"), ("dW1", "db1", "dW2", "db2")):
            if set(output) == set(names):
                return tuple(output[name] for name in names)
    return output


def _forward(W1, b1, W2, b2, X, y):
    """Return the hidden signals, and the gradient of the mean loss with respect to the scores."""
    H = np.tanh(X @ W1 + b1)
    e = np.exp(H @ W2 + b2)
    return H, (e / e.sum(axis=1, keepdims=True) - np.eye(W2.shape[1])[y]) / len(y)


def mlp_grads(W1, b1, W2, b2, X, y):
    """Return (dW1, db1, dW2, db2), the gradients of the mean log loss."""
    H = np.tanh(X @ W1 + b1)
    e = np.exp(H @ W2 + b2)
    D = e / e.sum(axis=1, keepdims=True)
    D[np.arange(len(y)), y] -= 1
    D = D / len(y)
    E = (D @ W2.T) * (1 - H**2)
    return X.T @ E, E.sum(axis=0), H.T @ D, D.sum(axis=0)


@right
def row_by_row(W1, b1, W2, b2, X, y):
    g = [np.zeros_like(W1), np.zeros_like(b1), np.zeros_like(W2), np.zeros_like(b2)]
    for x, label in zip(X, y):
        h = np.tanh(x @ W1 + b1)
        e = np.exp(h @ W2 + b2)
        d = e / e.sum()
        d[label] -= 1
        back = W2 @ d * (1 - h * h)
        for total, part in zip(g, (np.outer(x, back), back, np.outer(h, d), d)):
            total += part / len(y)
    return g


@right
def with_einsum(W1, b1, W2, b2, X, y):
    H, D = _forward(W1, b1, W2, b2, X, y)
    E = np.einsum("ij,lj,il->il", D, W2, 1 - H**2)
    return {"W1": np.einsum("ia,ib->ab", X, E), "b1": E.sum(0), "W2": np.einsum("ia,ib->ab", H, D), "b2": D.sum(0)}


@right
def by_ones_in_front(W1, b1, W2, b2, X, y):
    """The bias as a row of the weights, for a column of ones."""
    ones = np.ones((len(y), 1))
    A = np.hstack([ones, X])
    H = np.tanh(A @ np.vstack([b1, W1]))
    B = np.hstack([ones, H])
    Z = B @ np.vstack([b2, W2])
    Y = np.arange(len(b2)) == np.asarray(y)[:, None]
    D = np.exp(Z - np.logaddexp.reduce(Z, axis=1, keepdims=True)) - Y
    second = B.T @ D / len(y)
    first = A.T @ ((D @ W2.T) / np.cosh(A @ np.vstack([b1, W1])) ** 2) / len(y)
    return first[1:], first[0], second[1:], second[0]


@right
def by_autodiff(W1, b1, W2, b2, X, y):
    from gdcourse.autodiff import Value

    values = [Value(part) for part in (W1, b1, W2, b2)]
    Z = (X @ values[0] + values[1]).tanh() @ values[2] + values[3]
    loss = (Z.exp().sum(axis=1).log().sum() - Z[np.arange(len(y)), y].sum()) / len(y)
    loss.backward()
    return tuple(value.grad for value in values)


@right
def by_central_differences(W1, b1, W2, b2, X, y):
    parts = [np.array(part) for part in (W1, b1, W2, b2)]

    def loss():
        Z = np.tanh(X @ parts[0] + parts[1]) @ parts[2] + parts[3]
        return np.mean(np.logaddexp.reduce(Z, axis=1) - Z[np.arange(len(y)), y])

    out = [np.zeros_like(part) for part in parts]
    for part, g in zip(parts, out):
        for place in np.ndindex(part.shape):
            kept, sides = part[place], []
            for move in (2e-3, 1e-3, -1e-3, -2e-3):
                part[place] = kept + move
                sides.append(loss())
            part[place] = kept
            g[place] = (-sides[0] + 8 * sides[1] - 8 * sides[2] + sides[3]) / 12e-3
    return out


def _answer(H, D, E, X):
    return X.T @ E, E.sum(axis=0), H.T @ D, D.sum(axis=0)


@wrong
def no_mean(W1, b1, W2, b2, X, y):
    """All four are n times too large: they belong to the sum of the losses. The mean needs one division by the number of rows, best at the very beginning
    of the way back."""
    return tuple(len(y) * g for g in mlp_grads(W1, b1, W2, b2, X, y))


@wrong
def mean_twice(W1, b1, W2, b2, X, y):
    """All four are n times too small: you divide by the number of rows twice, so the mean is taken twice."""
    return tuple(g / len(y) for g in mlp_grads(W1, b1, W2, b2, X, y))


@wrong
def bias_mean(W1, b1, W2, b2, X, y):
    """The two bias gradients are n times too small: you take the `mean` of the rows where the 1/n is already in. Every row pushes
    the bias: add them up."""
    dW1, db1, dW2, db2 = mlp_grads(W1, b1, W2, b2, X, y)
    return dW1, db1 / len(y), dW2, db2 / len(y)


@wrong
def weights_without_mean(W1, b1, W2, b2, X, y):
    """`dW1` and `dW2` are n times too large, the bias gradients are right: in the weights the division by the number of rows is missing (no mean)."""
    dW1, db1, dW2, db2 = mlp_grads(W1, b1, W2, b2, X, y)
    return len(y) * dW1, db1, len(y) * dW2, db2


@wrong
def activation_derivative_of_z(W1, b1, W2, b2, X, y):
    """`dW2` and `db2` are right; on the way to the first layer you took 1 − z², the slope of tanh with the *sums* z put in. The
    derivative 1 − tanh² wants the activation: what came out of tanh."""
    H, D = _forward(W1, b1, W2, b2, X, y)
    return _answer(H, D, (D @ W2.T) * (1 - (X @ W1 + b1) ** 2), X)


@wrong
def activation_twice(W1, b1, W2, b2, X, y):
    """`dW2` and `db2` are right; on the way to the first layer tanh is applied twice: you wrote 1 − tanh(H)², and `H` is the activation already."""
    H, D = _forward(W1, b1, W2, b2, X, y)
    return _answer(H, D, (D @ W2.T) * (1 - np.tanh(H) ** 2), X)


@wrong
def activation_forgotten(W1, b1, W2, b2, X, y):
    """`dW2` and `db2` are right; the slope of the activation is forgotten on the way to the first layer. A flat place of tanh lets
    hardly any gradient through."""
    H, D = _forward(W1, b1, W2, b2, X, y)
    return _answer(H, D, D @ W2.T, X)


@wrong
def slope_without_square(W1, b1, W2, b2, X, y):
    """`dW2` and `db2` are right; the slope of tanh is 1 minus its *square*, and you took 1 − H, without the square."""
    H, D = _forward(W1, b1, W2, b2, X, y)
    return _answer(H, D, (D @ W2.T) * (1 - H), X)


@wrong
def sigmoid_slope(W1, b1, W2, b2, X, y):
    """`dW2` and `db2` are right; then you took H(1 − H), which is the slope of the sigmoid. The activation here is tanh."""
    H, D = _forward(W1, b1, W2, b2, X, y)
    return _answer(H, D, (D @ W2.T) * H * (1 - H), X)


@wrong
def relu_slope(W1, b1, W2, b2, X, y):
    """`dW2` and `db2` are right; then you let through what is positive, which is the slope of ReLU. The activation here is tanh."""
    H, D = _forward(W1, b1, W2, b2, X, y)
    return _answer(H, D, (D @ W2.T) * (H > 0), X)


@wrong
def slope_inside_the_last_layer(W1, b1, W2, b2, X, y):
    """The scores do not go through tanh: there is no activation after the last layer, and yet you multiplied the gradient in the scores by a slope
    1 − Z² or 1 − P². All four are wrong from there on."""
    H, D = _forward(W1, b1, W2, b2, X, y)
    D = D * (1 - np.tanh(H @ W2 + b2) ** 2)
    return _answer(H, D, (D @ W2.T) * (1 - H**2), X)


@wrong
def bias_not_summed(W1, b1, W2, b2, X, y):
    """Your bias gradients have one row for each example: they are not summed. A bias acts on every row, so the rows add up, and
    `db1` gets the shape of `b1`."""
    H, D = _forward(W1, b1, W2, b2, X, y)
    E = (D @ W2.T) * (1 - H**2)
    return X.T @ E, E, H.T @ D, D


@wrong
def bias_over_the_wrong_axis(W1, b1, W2, b2, X, y):
    """Your bias gradients are summed over the units, not over the rows: one number for each example. `axis=0` runs down the rows."""
    H, D = _forward(W1, b1, W2, b2, X, y)
    E = (D @ W2.T) * (1 - H**2)
    return X.T @ E, E.sum(axis=1), H.T @ D, D.sum(axis=1)


@wrong
def transpose(W1, b1, W2, b2, X, y):
    """`dW1` and `dW2` are transposed. Each gradient has the shape of its weights: inputs are rows, outputs are columns."""
    dW1, db1, dW2, db2 = mlp_grads(W1, b1, W2, b2, X, y)
    return dW1.T, db1, dW2.T, db2


@wrong
def softmax_jacobian_twice(W1, b1, W2, b2, X, y):
    """You multiply by p(1 − p): the slope of softmax comes in twice. "Probabilities minus one-hot" is already the gradient in the *scores*."""
    H, D = _forward(W1, b1, W2, b2, X, y)
    P = D * len(y) + np.eye(W2.shape[1])[y]
    D = D * P * (1 - P)
    return _answer(H, D, (D @ W2.T) * (1 - H**2), X)


@wrong
def no_one_hot(W1, b1, W2, b2, X, y):
    """The labels `y` do not enter: you send the probabilities back alone. At the right class 1 (the one-hot row) has to be subtracted first."""
    H, D = _forward(W1, b1, W2, b2, X, y)
    D = D + np.eye(W2.shape[1])[y] / len(y)
    return _answer(H, D, (D @ W2.T) * (1 - H**2), X)


@wrong
def raw_scores(W1, b1, W2, b2, X, y):
    """You send back scores minus one-hot: softmax is missing. Scores are not probabilities until they are exponentiated and divided by their row's sum."""
    H, D = _forward(W1, b1, W2, b2, X, y)
    D = (H @ W2 + b2 - np.eye(W2.shape[1])[y]) / len(y)
    return _answer(H, D, (D @ W2.T) * (1 - H**2), X)


@wrong
def sign(W1, b1, W2, b2, X, y):
    """All four have the wrong sign: they point downhill. The way back begins with what was said minus what is true."""
    return tuple(-g for g in mlp_grads(W1, b1, W2, b2, X, y))


@wrong
def order(W1, b1, W2, b2, X, y):
    """The right four arrays in the order in which the way back finds them, last layer first. Return them in the order of the arguments."""
    dW1, db1, dW2, db2 = mlp_grads(W1, b1, W2, b2, X, y)
    return dW2, db2, dW1, db1


@wrong
def forgets_the_bias_forward(W1, b1, W2, b2, X, y):
    """Your forward pass forgets the bias: the gradients belong to a network without `b1` and `b2`. Everything on the way back is right for
    what was computed on the way forward."""
    return mlp_grads(W1, 0 * b1, W2, 0 * b2, X, y)


@wrong
def forgets_tanh_forward(W1, b1, W2, b2, X, y):
    """Your forward pass forgets tanh: the scores come straight from the sums, as if the network were linear."""
    H = X @ W1 + b1
    e = np.exp(H @ W2 + b2)
    D = (e / e.sum(axis=1, keepdims=True) - np.eye(W2.shape[1])[y]) / len(y)
    return _answer(H, D, D @ W2.T, X)


@wrong
def writes_into_the_weights(W1, b1, W2, b2, X, y):
    """The four results may be right, but an array of the caller was changed: something like `W2 -= …` or `H *= …` writes into the array that it was made from. Here a
    step was taken too; return the gradients only, the caller takes the step."""
    g = mlp_grads(W1, b1, W2, b2, X, y)
    W1 -= 0.1 * g[0]
    b1 -= 0.1 * g[1]
    W2 -= 0.1 * g[2]
    b2 -= 0.1 * g[3]
    return g
