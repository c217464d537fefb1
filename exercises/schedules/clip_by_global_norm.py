"""A bound on the step, not a bend in it."""

import math

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 12
points = 2
tolerance = 1e-5  # some libraries add 1e-6 to the norm: that is right, too
section = "Clipping"
prompt = r"""
The gradient of a network comes in pieces, one array for each layer.
Write `clip_by_global_norm(grads, max_norm)`.

`grads` is a list of arrays, `max_norm` a positive number.
Taken together they are one long vector; its length is the **global norm**, the root of the sum of the squares of *all* their entries.
If it is larger than `max_norm`, multiply all arrays by the same number, so that the global norm becomes exactly `max_norm`.
If not, leave them as they are.

Return a list of arrays, of the same shapes.
The arrays you are given stay as they were: do not write into them.

For example, `[[2.0, 3.0], [6.0]]` has the global norm √(4 + 9 + 36) = 7.
With `max_norm = 3.5` the result is `[[1.0, 1.5], [3.0]]`, with `max_norm = 10` it is `[[2.0, 3.0], [6.0]]`.
"""
hints = [
    "First one number for all arrays together: `sum(np.sum(g**2) for g in grads)`, and then?",
    "Find the number to multiply with. It is 1 when the gradient is short enough.",
    "What does your code do with a gradient that is zero everywhere? A division by its length is not defined.",
]
praise = "All layers shrink by the same number, so the direction stays: a clipped step is a shorter step, and never another one."
why = r"""
Three lines: the global norm, the number `min(1, max_norm / norm)`, and a list of products.

The norm must be *global*.
Clip each array by itself, and a layer with a long gradient shrinks while its neighbour does not: the vector turns.
Clip each *entry* (`clip_grad_value_` in PyTorch), and it turns too: $(3, 4)$ becomes $(1, 1)$.

`min(1, …)` lets short gradients pass.
Without it every step has the same length: that is *normalised* gradient descent, which cannot settle at a minimum unless its rate goes to zero.

A gradient of zero has the norm zero, and 1/0 is an error or a `nan`.
`max_norm / max(norm, max_norm)` needs no extra case.

In PyTorch: `torch.nn.utils.clip_grad_norm_(params, max_norm)`, between `backward()` and `step()`; in optax: `optax.clip_by_global_norm(max_norm)` in front of the rule.
"""


def cases(rng):
    yield [np.array([2.0, 3.0]), np.array([6.0])], 3.5
    yield [np.array([2.0, 3.0]), np.array([6.0])], 10.0
    yield [np.array([2.0, -3.0]), np.array([-6.0])], 6.5  # together longer than the bound, each part alone not
    yield [np.array([0.3, -0.2]), np.array([[0.1, 0.6], [0.0, -0.4]])], 0.9  # short, and below one
    yield [np.zeros(2), np.zeros((2, 2))], 1.0
    yield [np.zeros(3), np.array([0.0, 8.0])], 2.0  # one array is zero
    yield [np.array([5.0, 12.0, 0.5])], 1.0
    yield [np.array([[1.5, -2.0], [0.5, 3.0]]), np.array([0.7, -1.1]), np.array([4.0])], 2.5
    for _ in range(3):
        shapes = [(3,), (2, 3), (2,)]
        yield [rng.normal(size=shape) * 3 for shape in shapes], rng.uniform(0.5, 3)


def canonical(output):
    return [np.asarray(g, dtype=float) for g in output] if isinstance(output, (list, tuple)) else output


def clip_by_global_norm(grads, max_norm):
    """Return new arrays, together no longer than max_norm."""
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    factor = max_norm / max(norm, max_norm)
    return [g * factor for g in grads]


def _norm(grads):
    return math.sqrt(sum(float(np.sum(g * g)) for g in grads))


def _by(grads, max_norm, norm):
    """Return the arrays, shortened as the given norm asks for."""
    return [g * (max_norm / norm) if norm > max_norm else g.copy() for g in grads]


@right
def with_an_if(grads, max_norm):
    norm = _norm(grads)
    if norm <= max_norm:
        return [g.copy() for g in grads]
    return [g * max_norm / norm for g in grads]


@right
def concatenated(grads, max_norm):
    norm = np.linalg.norm(np.concatenate([g.ravel() for g in grads]))
    return tuple(g * min(1.0, max_norm / norm) if norm > 0 else g.copy() for g in grads)


@right
def norm_of_norms(grads, max_norm):
    return _by(grads, max_norm, np.linalg.norm([np.linalg.norm(g) for g in grads]))


@right
def as_pytorch_does(grads, max_norm):
    factor = min(1.0, max_norm / (_norm(grads) + 1e-6))
    return [factor * g for g in grads]


@right
def on_copies_in_place(grads, max_norm):
    out = [np.array(g, dtype=float) for g in grads]
    norm = math.hypot(*[v for g in out for v in g.ravel()])
    for g in out:
        g /= max(1.0, norm / max_norm)
    return out


@right
def lets_short_ones_through(grads, max_norm):
    norm = _norm(grads)
    return grads if norm < max_norm else [g / norm * max_norm for g in grads]


@wrong
def clips_each_tensor(grads, max_norm):
    """You clip each array by its own length. Arrays that are long shrink and others do not, so the vector turns; and together they can still
    be longer than `max_norm`. How many norms does a vector in pieces have?"""
    return [_by([g], max_norm, _norm([g]))[0] for g in grads]


@wrong
def clips_by_value(grads, max_norm):
    """You clip the entries, by value: each one is cut off by itself, and the direction changes. (3, 4) would become (1, 1). All entries should be
    multiplied by one number."""
    return [np.clip(g, -max_norm, max_norm) for g in grads]


@wrong
def adds_norms(grads, max_norm):
    """You add the lengths of the arrays. Lengths at right angles do not add like that: 3 along and 4 across are 5 away, not 7."""
    return _by(grads, max_norm, sum(_norm([g]) for g in grads))


@wrong
def squared_norm(grads, max_norm):
    """Your norm is the sum of the squares: the root is missing, so long gradients become far too short, and some that are short enough are clipped."""
    return _by(grads, max_norm, _norm(grads) ** 2)


@wrong
def scales_up_small_gradients(grads, max_norm):
    """Short gradients are stretched to `max_norm`, so every step has the same length, and near a minimum they get no shorter. A gradient that is
    short enough should pass as it is."""
    norm = _norm(grads)
    return [g * max_norm / norm if norm else g.copy() for g in grads]


@wrong
def scales_up_and_divides_by_zero(grads, max_norm):
    """Two things at once: short gradients are stretched to `max_norm`, and a gradient of zero is divided by its length and becomes `nan`.
    Which gradients should pass as they are?"""
    norm = np.float64(_norm(grads))
    return [g * max_norm / norm for g in grads]


@wrong
def zero_gradient_nan(grads, max_norm):
    """All is right until a gradient is zero everywhere: you divide by its length, 0/0, and the answer is `nan`. At a minimum that would spoil the
    whole run."""
    norm = np.float64(_norm(grads))
    return [g / norm * np.minimum(norm, max_norm) for g in grads]


@wrong
def mutates(grads, max_norm):
    """The numbers are right, but you have changed the caller's own arrays: `*=` and `/=` write into them. Make new ones."""
    norm = _norm(grads)
    for g in grads:
        g *= min(1.0, max_norm / norm) if norm else 1.0
    return grads


@wrong
def largest_entry(grads, max_norm):
    """You take the largest entry for the length. A vector with many entries is longer than its largest one."""
    return _by(grads, max_norm, max(np.abs(g).max() for g in grads))


@wrong
def longest_array(grads, max_norm):
    """You take the length of the longest array. The global norm is that of all entries together, as if they stood in one long
    array."""
    return _by(grads, max_norm, max(_norm([g]) for g in grads))


@wrong
def sum_of_sizes(grads, max_norm):
    """You add the absolute values of the entries. That is another norm; the length is the root of a sum of squares."""
    return _by(grads, max_norm, sum(np.abs(g).sum() for g in grads))


@wrong
def first_array_only(grads, max_norm):
    """Your norm is that of the first array only. The entries of all arrays belong to the length."""
    return _by(grads, max_norm, _norm(grads[:1]))


@wrong
def last_array_only(grads, max_norm):
    """Your norm is that of the last array only: is it set anew in every turn of the loop?"""
    return _by(grads, max_norm, _norm(grads[-1:]))


@wrong
def root_mean_square(grads, max_norm):
    """You divide by the number of entries before you take the root: that is a mean size of one entry, and it does not grow with the network as a
    length does."""
    return _by(grads, max_norm, _norm(grads) / math.sqrt(sum(g.size for g in grads)))


@wrong
def mean_of_norms(grads, max_norm):
    """You take the mean of the lengths of the arrays. The global norm is that of all entries together, as if they stood in one long array."""
    return _by(grads, max_norm, sum(_norm([g]) for g in grads) / len(grads))


@wrong
def factor_upside_down(grads, max_norm):
    """Your factor is upside down: long gradients become longer. By what has a length of 7 to be multiplied to become 3.5?"""
    norm = _norm(grads)
    return [g * (norm / max_norm) if norm > max_norm else g.copy() for g in grads]


@wrong
def to_length_one(grads, max_norm):
    """A clipped gradient has the length 1 with you, whatever `max_norm` says."""
    norm = _norm(grads)
    return [g / norm if norm > max_norm else g.copy() for g in grads]


@wrong
def divides_by_the_bound(grads, max_norm):
    """You divide a long gradient by `max_norm`, so that a longer one stays longer: where does its own length come in?"""
    return [g / max_norm if _norm(grads) > max_norm else g.copy() for g in grads]


@wrong
def multiplies_by_the_bound(grads, max_norm):
    """`max_norm` is the length that shall come out, not the factor. Your factor times the length of the gradient makes that length only when the gradient has length 1."""
    return [g * max_norm if _norm(grads) > max_norm else g.copy() for g in grads]


@wrong
def throws_long_ones_away(grads, max_norm):
    """A gradient that is too long becomes zero with you, and its direction is lost with it. It should become shorter, not vanish."""
    return [g * 0.0 if _norm(grads) > max_norm else g.copy() for g in grads]


@wrong
def never_clips(grads, max_norm):
    """Nothing has been clipped: the arrays come back as they were. For a long gradient the factor has to be below 1; is it used?"""
    return [g.copy() for g in grads]


@wrong
def one_long_array(grads, max_norm):
    """You return one long array. The layers need their own pieces back: a list of arrays, with the shapes that came in."""
    norm = _norm(grads)
    return np.concatenate([(g * (max_norm / max(norm, max_norm))).ravel() for g in grads])


@wrong
def clips_only_the_first(grads, max_norm):
    """Only the first array is clipped. If one layer shrinks and the others do not, the vector turns: all of them get the same factor."""
    norm = _norm(grads)
    return [g * (max_norm / max(norm, max_norm)) if i == 0 else g.copy() for i, g in enumerate(grads)]


@wrong
def cuts_off_the_top(grads, max_norm):
    """You cut off the entries that are larger than `max_norm`, each by itself: the direction changes, and a large negative entry stays. All
    entries should be multiplied by one number."""
    return [np.minimum(g, max_norm) for g in grads]


@wrong
def root_of_the_factor(grads, max_norm):
    """You take a root too many: the factor for the entries is the root of what it should be, so a clipped gradient is still too long."""
    norm = _norm(grads)
    return [g * (math.sqrt(max_norm / norm) if norm > max_norm else 1.0) for g in grads]


@wrong
def square_of_the_factor(grads, max_norm):
    """Your factor is squared: a clipped gradient becomes too short. The squares belong into the norm, and there a root undoes them."""
    norm = _norm(grads)
    return [g * ((max_norm / norm) ** 2 if norm > max_norm else 1.0) for g in grads]


@wrong
def subtracts_the_excess(grads, max_norm):
    """You subtract what is too much from every entry. That moves the vector sideways; to shorten it, all entries are multiplied by one factor."""
    norm = _norm(grads)
    return [g - (norm - max_norm) if norm > max_norm else g.copy() for g in grads]
