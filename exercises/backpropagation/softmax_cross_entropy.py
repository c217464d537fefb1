"""From scores to a loss, and back."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 20
points = 2
section = "From scores to a loss"
prompt = r"""
Write `softmax_cross_entropy(z, y)`: the loss of a network that chooses among classes, and its gradient in the scores.

`z` has one row of scores for each example, shape `(n, k)`; `y` holds the numbers of the right classes, `n` whole numbers from 0 to k − 1.
With the probabilities $p_{ij} = e^{z_{ij}} / \sum_l e^{z_{il}}$ the loss is the *mean* over the examples of $-\ln p_{i, y_i}$.

Return `(loss, dz)`: a number, and the gradient of that mean, shape `(n, k)`.
Scores may be as large as 1000 or −1000, and both results must then still be numbers; leave `z` and `y` as they are.

For example, two equal scores, `softmax_cross_entropy(np.array([[0.0, 0.0]]), np.array([1]))`, cost ln 2 = 0.6931, and `dz` is `[[0.5, -0.5]]`.
"""
hints = [
    "Probabilities first, row by row: subtract the largest score of each row before you call `np.exp`, which changes no probability.",
    "$-\\ln p$ needs no division: it is the logarithm of the row's sum, minus the score of the right class.",
    "The gradient of one row is its probabilities, minus 1 at the right class. Then remember that the loss is a mean.",
]
praise = "What was said minus what is true: all that is left of softmax, logarithm and mean is a difference. Everything behind it in the network is a matrix product."
why = r"""
For one row, with the right class $y$: $\ell = \ln \sum_l e^{z_l} - z_y$.
The slope in $z_j$ is $e^{z_j} / \sum_l e^{z_l} = p_j$, and for the right class there is a $-1$ on top.
So the gradient is $p$ minus the row that is 1 at the right class and 0 elsewhere (*one-hot*), divided by $n$, because the loss is a mean.

**Large scores.** $e^{1000}$ is `inf`.
Subtracting the largest score of a row changes no probability, because it multiplies numerator and denominator by the same number, and leaves $e^0 = 1$ as the largest term.
The loss is computed from the scores, not from $p$: where $p$ has been rounded to 0, $\ln p$ is lost, while $\ln \sum e^z - z_y$ is not.

`z -= z.max(...)` would write into the caller's array; `z = z - z.max(...)` makes a new one.
"""


def cases(rng):
    yield np.array([[0.0, 1.0, -2.0], [3.0, 0.5, 0.25]]), np.array([1, 2])
    yield np.array([[2.0, -1.0]]), np.array([0])
    for n, k in ((5, 4), (3, 7), (6, 2), (4, 3)):
        yield rng.normal(size=(n, k)) * 2, rng.integers(0, k, n)
    # one score is far above the others, for the right class in one row and for a wrong one in another; the rows differ
    # much
    yield np.array([[1000.0, 0.0, -500.0], [-900.0, 90.0, -1000.0]]), np.array([0, 0])
    yield np.array([[-1000.0, -1001.0, -1002.5], [800.0, 799.0, 803.0]]), np.array([1, 0])


def canonical(output):
    """Return the loss and the array, from a tuple or a list of two; the loss may be an array that holds one number."""
    if isinstance(output, (tuple, list)) and len(output) == 2 and np.size(output[0]) == 1:
        return np.asarray(output[0], dtype=float).reshape(()), output[1]
    return output


def softmax_cross_entropy(z, y):
    """Return (loss, dz): the mean of −ln p[right class], and its gradient in z."""
    rows = np.arange(len(y))
    z = z - z.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(z).sum(axis=1, keepdims=True))
    dz = np.exp(z - log_sum)
    dz[rows, y] -= 1
    return np.mean(log_sum[:, 0] - z[rows, y]), dz / len(y)


@right
def with_logaddexp(z, y):
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    one_hot = np.eye(z.shape[1])[y]
    return -np.sum(log_p * one_hot) / len(y), (np.exp(log_p) - one_hot) / len(y)


@right
def row_by_row(z, y):
    loss, dz = 0.0, []
    for row, label in zip(z, y):
        top = max(row)
        e = [np.exp(value - top) for value in row]
        total = sum(e)
        loss += (np.log(total) + top - row[label]) / len(y)
        dz.append([(e[j] / total - (j == label)) / len(y) for j in range(len(row))])
    return [loss, dz]


@right
def by_slopes_of_differences(z, y):
    right_score = z[np.arange(len(y)), y][:, None]
    with np.errstate(over="ignore"):
        worse = z - right_score  # what each class is ahead by
    top = np.maximum(worse.max(axis=1, keepdims=True), 0)
    total = np.exp(worse - top).sum(axis=1, keepdims=True)
    dz = np.exp(worse - top) / total
    dz = dz - (np.arange(z.shape[1]) == np.asarray(y)[:, None])
    return (np.log(total) + top).mean(), dz / z.shape[0]


@right
def one_hot_by_hand(z, y):
    n, k = z.shape
    Y = np.zeros((n, k))
    for i in range(n):
        Y[i, y[i]] = 1.0
    shifted = z - np.max(z, axis=1)[:, np.newaxis]
    e = np.exp(shifted)
    total = np.sum(e, axis=1)[:, np.newaxis]
    loss = (np.log(total)[:, 0] - (shifted * Y).sum(axis=1)).sum() / n
    return loss, e / total / n - Y / n


@right
def on_columns(z, y):
    z = z.T
    z = z - z.max(axis=0)
    log_p = z - np.log(np.exp(z).sum(axis=0))
    dz = np.exp(log_p)
    dz[y, np.arange(len(y))] -= 1.0
    return -log_p[y, np.arange(len(y))].mean(), dz.T / len(y)


def _right(z, y):
    return softmax_cross_entropy(z, y)


def _one_hot(z, y):
    return np.eye(z.shape[1])[y]


@wrong
def overflow(z, y):
    """With scores near 1000 `np.exp` overflows: it gives `inf`, and `inf` divided by `inf` is not a number. Which number may you subtract
    from a row of scores without changing any probability?"""
    with np.errstate(all="ignore"):
        e = np.exp(z)
        p = e / e.sum(axis=1, keepdims=True)
        return -np.mean(np.log(p[np.arange(len(y)), y])), (p - _one_hot(z, y)) / len(y)


@wrong
def overflow_in_the_loss(z, y):
    """The gradient is right, but the loss is `inf` or `nan` where scores are large: an overflow, in `np.exp` of the scores as they are, or a logarithm of a probability
    that was rounded to 0. The loss can be computed from the scores themselves, without going through `p`."""
    with np.errstate(all="ignore"):
        p = np.exp(z - z.max(axis=1, keepdims=True))
        p = p / p.sum(axis=1, keepdims=True)
        return -np.mean(np.log(p[np.arange(len(y)), y])), (p - _one_hot(z, y)) / len(y)


def _floored(z, y, eps):
    """Return the results if the logarithm is kept away from zero by `eps`, one of the small numbers that people use
    for it."""
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    return -np.mean(np.log(p[np.arange(len(y)), y] + eps)), (p - _one_hot(z, y)) / len(y)


@wrong
def log_of_zero_12(z, y):
    """You keep the logarithm away from zero with 1e-12 inside, so a loss that should be near 1000 stays below 28. Work with the scores instead:
    −ln p is a difference."""
    return _floored(z, y, 1e-12)


@wrong
def log_of_zero_7(z, y):
    """A clip at 1e-7, as Keras has it, bounds your loss by 16.1, and the gradient beside it knows nothing of that bound: loss and `dz` no longer belong together.
    Compute the logarithm of the softmax without making the softmax first, then no zero comes up."""
    _, dz = _right(z, y)
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    return -np.mean(np.maximum(log_p[np.arange(len(y)), y], np.log(1e-7))), dz


@wrong
def log_of_zero_8(z, y):
    """No row may cost more than 18.4 in your function, because 1e-8 guards the logarithm. A row that is certain and wrong should cost as much as its scores differ."""
    return _floored(z, y, 1e-8)


@wrong
def log_of_zero_9(z, y):
    """Your guard of 1e-9 turns every hopeless row into a loss of 20.7. Write ln(p) as score minus ln(sum), and nothing has to be guarded against zero."""
    return _floored(z, y, 1e-9)


@wrong
def log_of_zero_10(z, y):
    """Because of the 1e-10 in it your logarithm never falls below −23: rows whose right class got the probability zero all cost the same. Their scores differ, and so should their losses."""
    return _floored(z, y, 1e-10)


@wrong
def log_of_zero_15(z, y):
    """At 34.5 your loss stops rising, however wrong the answer was: that is the logarithm of the 1e-15 which you put beside the probability of zero.
    The scores still know how wrong; go back to them."""
    return _floored(z, y, 1e-15)


@wrong
def one_maximum_for_all(z, y):
    """You subtract one maximum for all rows. A row whose scores lie far below it becomes all zeros, and its logarithm −∞. Each row has a largest score
    of its own."""
    with np.errstate(all="ignore"):
        z = z - z.max()
        e = np.exp(z)
        total = e.sum(axis=1, keepdims=True)
        return np.mean(np.log(total[:, 0]) - z[np.arange(len(y)), y]), (e / total - _one_hot(z, y)) / len(y)


@wrong
def one_maximum_in_the_logarithm(z, y):
    """In the logarithm a sum of zeros came up: you shift the whole table by its largest entry, one maximum, and rows far below it vanish before they are added. Shift every row by its own."""
    with np.errstate(all="ignore"):
        z = z - z.max()
        log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        return -np.mean(log_p[np.arange(len(y)), y]), (np.exp(log_p) - _one_hot(z, y)) / len(y)


@wrong
def every_row_with_every_label(z, y):
    """Your index is `[:, y]`: it takes *every* row with *every* label. Row i belongs with label i alone, `[np.arange(n), y]`: the number of the row and the class together."""
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    dz = np.exp(log_p)
    dz[:, y] -= 1
    return -np.mean(log_p[:, y]), dz / len(y)


@wrong
def every_label_in_the_loss(z, y):
    """`dz` is right. In the loss your index is `[:, y]`: it takes *every* row with *every* label. Row i belongs with label i alone."""
    _, dz = _right(z, y)
    return -np.mean((z - np.logaddexp.reduce(z, axis=1, keepdims=True))[:, y]), dz


@wrong
def every_label_in_the_gradient(z, y):
    """The loss is right. In `dz` your index is `[:, y]`: it subtracts the 1 in *every* row at *every* label. Row i belongs with label i alone."""
    loss, _ = _right(z, y)
    dz = np.exp(z - np.logaddexp.reduce(z, axis=1, keepdims=True))
    dz[:, y] -= 1
    return loss, dz / len(y)


@wrong
def no_mean(z, y):
    """Both the loss and the gradient are summed over the examples; the mean was asked for. With a sum, a batch twice as large would take
    steps twice as long."""
    loss, dz = _right(z, y)
    return loss * len(y), dz * len(y)


@wrong
def mean_in_the_loss_only(z, y):
    """The loss is right and the gradient is n times too large: you took the mean in the loss only. `dz` has to be the gradient of the mean."""
    loss, dz = _right(z, y)
    return loss, dz * len(y)


@wrong
def mean_in_the_gradient_only(z, y):
    """The gradient is right, and the loss is n times too large: it is a sum over the examples, where the mean was asked for."""
    loss, dz = _right(z, y)
    return loss * len(y), dz


@wrong
def mean_over_all_entries(z, y):
    """You divide by the number of all entries, n · k. The loss is one number for each *example*, so its mean divides by the number of rows."""
    loss, dz = _right(z, y)
    return loss / z.shape[1], dz / z.shape[1]


@wrong
def mean_over_classes_in_the_gradient(z, y):
    """The loss is right, but `dz` is divided by the number of all entries, n · k: `.mean` or `.size` counts the classes too. There are n examples."""
    loss, dz = _right(z, y)
    return loss, dz / z.shape[1]


@wrong
def probabilities_for_dz(z, y):
    """Your `dz` holds the probabilities only: it never learns which class was right. Something has to be subtracted at one place of each row."""
    loss, dz = _right(z, y)
    return loss, dz + _one_hot(z, y) / len(y)


@wrong
def sign(z, y):
    """A sign: your `dz` is what is true minus what was said, so a step against it would raise the loss. Which of the two is subtracted?"""
    loss, dz = _right(z, y)
    return loss, -dz


@wrong
def only_the_right_class(z, y):
    """Your `dz` is zero but for the right class. The other scores stand in the denominator of every probability, so they have slopes too."""
    loss, dz = _right(z, y)
    return loss, dz * _one_hot(z, y)


@wrong
def softmax_jacobian_twice(z, y):
    """Your `dz` has a factor p(1 − p) too many. The slope of softmax is already in "probabilities minus one-hot": the logarithm cancels
    it, so do not multiply by that slope twice."""
    loss, dz = _right(z, y)
    p = dz * len(y) + _one_hot(z, y)
    return loss, dz * p * (1 - p)


@wrong
def wrong_axis(z, y):
    """Your softmax sums over the wrong axis: the probabilities of a *column* add up to 1. Each row is one example, and its classes compete with each
    other."""
    with np.errstate(all="ignore"):
        z = z - z.max(axis=0)
        log_sum = np.log(np.exp(z).sum(axis=0))
        dz = np.exp(z - log_sum) - _one_hot(z, y)
        return -np.mean((z - log_sum)[np.arange(len(y)), y]), dz / len(y)


@wrong
def one_softmax_for_all(z, y):
    """All entries together add up to 1: there is one softmax for the whole array. Sum over `axis=1`, with `keepdims=True`, so that each row has its own."""
    with np.errstate(all="ignore"):
        z = z - z.max()
        e = np.exp(z)
        p = e / e.sum()
        return -np.mean(np.log(p[np.arange(len(y)), y])), (p - _one_hot(z, y)) / len(y)


@wrong
def all_classes(z, y):
    """You sum −ln p over all classes. Only the probability of the class that was right costs anything."""
    loss, dz = _right(z, y)
    z = z - z.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -log_p.sum() / len(y), dz


@wrong
def loss_sign(z, y):
    """Your loss is negative, and the sign is missing: a logarithm of a probability is below zero, and the loss is *minus* that."""
    loss, dz = _right(z, y)
    return -loss, dz


@wrong
def loss_of_each_row(z, y):
    """Your loss is one number for each row. One number for the whole batch was asked for: the mean of these."""
    loss, dz = _right(z, y)
    shifted = z - z.max(axis=1, keepdims=True)
    return np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y], dz


@wrong
def base_two(z, y):
    """Your loss is in base two: `np.log2` makes it 1.4427 times too large. The logarithm of this course is the natural one, `np.log`, and your `dz` belongs to that."""
    loss, dz = _right(z, y)
    return loss / np.log(2), dz


@wrong
def order(z, y):
    """The right two results in the wrong order: the loss comes first, then `dz`."""
    loss, dz = _right(z, y)
    return dz, loss


@wrong
def probabilities_returned(z, y):
    """In the place of `dz` you return the logarithms of the probabilities, or something else that is not a gradient. `dz[i, j]` says how much the loss changes when `z[i, j]` grows a little."""
    loss, _ = _right(z, y)
    return loss, z - np.logaddexp.reduce(z, axis=1, keepdims=True)


@wrong
def one_hot_in_place(z, y):
    """The numbers are right, but you wrote into the caller's `z`: `z -= …` works in place. Make a new array with `z = z - …`."""
    answer = _right(z, y)
    z -= z.max(axis=1, keepdims=True)
    return answer
