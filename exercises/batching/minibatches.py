"""Deal the rows into mini-batches."""

import copy
from itertools import islice, pairwise

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 12
section = "Epochs, and the last batch"
prompt = r"""
Write `minibatches(n, batch_size, rng)`: deal the row numbers 0 … n − 1 into batches for one epoch.

Every row comes exactly once, in an order drawn from `rng`, a `numpy.random.Generator`, anew in every epoch.
Every batch holds `batch_size` rows; only the last one may be smaller, and none is empty.
Return a list of batches or yield them one by one; a batch may be an array or a list of row numbers.

For example, `minibatches(7, 3, np.random.default_rng(0))` might give `[2, 4, 3]`, `[6, 5, 0]`, `[1]`.
"""
hints = [
    "First bring all row numbers into a random order, then cut that order into pieces.",
    "`rng.permutation(n)` is the order. Where does piece number k begin, and where does the next one?",
    "`for start in range(0, n, batch_size)` and a slice; a slice that reaches past the end simply stops there.",
]
praise = "Every row once per epoch, in a new order: at one w, and each weighted by its rows, the gradients of an epoch average to the full gradient exactly."
why = r"""
Shuffle once, then cut: `order = rng.permutation(n)` holds every row exactly once, so whatever the cuts are, nothing is lost and nothing comes twice.
`range(0, n, batch_size)` names the first place of each piece, and a slice past the end is cut short by Python, so the last batch needs no case of its own.
When `n` is a multiple of `batch_size` the range ends by itself, and there is no empty batch.

Drawing each batch for itself, `rng.integers(0, n, batch_size)`, is sampling *with* replacement: after an epoch about a third of the rows has not been seen.

The generator is passed in so that a run can be repeated: the same seed, the same batches.
A function that makes its own `default_rng(0)` would deal the same order in every epoch; one that uses `np.random.permutation` listens to a global seed that anybody may change.
"""
points = 2


def cases(rng):
    # With 12 rows or more a right answer repeats an order by chance at most once in 479 million times. With 6 batches or
    # more in random order, both epochs have their batches in the first order at most once in 500,000 times.
    for n, batch_size in ((26, 4), (18, 3), (40, 7), (12, 1), (14, 20), (12, 12)):
        yield n, batch_size, int(rng.integers(1, 2**31))


def run(answer, n, batch_size, seed):
    """Return four epochs, each a list of batches: two from one generator, one from another with the same seed, one
    from another seed."""

    def epoch(rng):
        # cut off an answer that never stops yielding batches
        return [np.asarray(batch).tolist() for batch in islice(answer(n, batch_size, rng), 3 * n)]

    rng = np.random.default_rng(seed)
    return [epoch(rng), epoch(rng), epoch(np.random.default_rng(seed)), epoch(np.random.default_rng(seed + 1))]


def show(output):
    """Return what a learner needs to see: the first two epochs."""
    return output[:2]


def law(output, n, batch_size, seed):
    """Check what every right answer has in common; what is easiest to explain comes first."""
    first, second, again, other = output
    if not all(isinstance(batch, list) for batch in first):
        return (
            "Each batch has to be a list or an array of row numbers. Single numbers have still to be cut into batches."
        )
    rows = [row for batch in first for row in batch]
    sizes = [len(batch) for batch in first]
    if not rows:
        return "No row at all comes back."
    if 0 in sizes:
        return "empty_batch"
    if any(row != int(row) for row in rows):
        return "The batches must hold row numbers, which are whole."
    whole = len(rows) == n // batch_size * batch_size < n and all(size == batch_size for size in sizes)
    if min(rows) < 0 or max(rows) >= n:
        return ("index_range", "drops_last") if whole else "index_range"
    if len(set(rows)) < len(rows):
        return (
            "with_replacement"
            if len(set(rows)) < n
            else "Every row comes, but some come more than once: do the batches overlap, or is the last one filled up? Every row belongs into exactly one batch."
        )
    if len(rows) < n:
        if whole:
            in_order = rows == sorted(rows) and first == second == again == other
            return ("drops_last", "no_shuffle") if in_order and len(rows) > 10 else "drops_last"
        return f"Rows in no batch: {n - len(rows)} of {n}. Every row belongs into exactly one: look at where each batch begins, and where it ends."
    together = batch_size > 2 and len(sizes) > 2 and all(max(b) - min(b) == len(b) - 1 for b in first + second)
    if together and any(min(a) > min(b) for epoch in (first, second) for a, b in pairwise(epoch)):
        return "shuffles_batches_only"
    if sizes[:-1] != [batch_size] * (len(sizes) - 1) or sizes[-1] > batch_size:
        return "uneven_batches"
    if all(epoch == first for epoch in (second, again, other)):
        return "no_shuffle" if rows == sorted(rows) else "own_generator"
    orders = [[row for batch in epoch for row in batch] for epoch in (first, second, other)]
    stay = sum(row == place for order in orders for place, row in enumerate(order))
    follow = sum(b == a + 1 for order in orders for a, b in pairwise(order))
    if (
        not together and max(stay, follow) > 1.5 * n
    ):  # by chance about 3 of the 3n rows; more than half of them less than once in a hundred million times
        return "barely_shuffled"
    if first != again or first == other:
        return "ignores_rng"
    if first == second:
        return "same_order_every_epoch"
    return "shuffles_inside_batches" if together else None


def minibatches(n, batch_size, rng):
    """Return batches of row numbers: each of 0 … n − 1 once, shuffled."""
    order = rng.permutation(n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]


@right
def one_by_one(n, batch_size, rng):
    rows = list(range(n))
    rng.shuffle(rows)
    while rows:
        yield rows[:batch_size]
        rows = rows[batch_size:]


@right
def split_at_the_cuts(n, batch_size, rng):
    return np.split(rng.choice(n, n, replace=False), np.arange(batch_size, n, batch_size))


@right
def sorted_by_random_keys(n, batch_size, rng):
    order = np.argsort(rng.random(n)).tolist()
    return tuple(order[k * batch_size : (k + 1) * batch_size] for k in range(-(-n // batch_size)))


def _cut(order, batch_size):
    return [order[start : start + batch_size] for start in range(0, len(order), batch_size)]


@wrong
def drops_last(n, batch_size, rng):
    """The last rows are dropped when `batch_size` does not divide `n`: the last, smaller batch is missing."""
    order = rng.permutation(n)
    return [order[k * batch_size : (k + 1) * batch_size] for k in range(n // batch_size)]


@wrong
def with_replacement(n, batch_size, rng):
    """Some rows come twice in one epoch and others never: you draw with replacement. Every row belongs into exactly one
    batch."""
    return [rng.integers(0, n, len(batch)) for batch in _cut(np.arange(n), batch_size)]


@wrong
def no_shuffle(n, batch_size, rng):
    """The rows come in their own order, 0, 1, 2, …: nothing is shuffled. If the table is sorted, every batch would hold
    one kind of row."""
    return _cut(np.arange(n), batch_size)


@wrong
def ignores_rng(n, batch_size, rng):
    """The order does not come from the `rng` you are given: the same seed must give the same batches, and another seed
    others. Draw from `rng`, and from nothing else."""
    return _cut(np.random.permutation(n), batch_size)


@wrong
def own_generator(n, batch_size, rng):
    """You make a generator of your own instead of using `rng`: every epoch, and every seed, then gives the same order."""
    return _cut(np.random.default_rng(0).permutation(n), batch_size)


@wrong
def same_order_every_epoch(n, batch_size, rng):
    """The second epoch comes in the same order as the first. Draw a new order every time, from the `rng` you are
    given, and let it move on."""
    return _cut(copy.deepcopy(rng).permutation(n), batch_size)


@wrong
def barely_shuffled(n, batch_size, rng):
    """This is barely a shuffle: most rows keep their places, or their neighbours. A few exchanges or a new beginning are not enough; every order has to be as likely as any other."""
    order, exchanged = np.arange(n), rng.choice(n, 6, replace=False)
    order[exchanged] = exchanged[::-1]
    return _cut(order, batch_size)


@wrong
def empty_batch(n, batch_size, rng):
    """When `batch_size` divides `n`, your last batch is empty, and the mean over no rows is nan."""
    order = rng.permutation(n)
    return [order[start : start + batch_size] for start in range(0, n + 1, batch_size)]


@wrong
def index_range(n, batch_size, rng):
    """Your row numbers leave the range 0 … n − 1. Python counts from 0, and row `n` does not exist."""
    return _cut(rng.permutation(n) + 1, batch_size)


@wrong
def uneven_batches(n, batch_size, rng):
    """Every row comes once, but the batches have other sizes: each must hold `batch_size` rows, only the last one may
    hold fewer. (The second number of `np.array_split` says how many pieces, not how large.)"""
    return np.array_split(rng.permutation(n), max(n // batch_size, 2))


@wrong
def shuffles_batches_only(n, batch_size, rng):
    """You shuffle the batches, not the rows: the same rows always sit together in one batch. Shuffle first, then cut."""
    batches = _cut(np.arange(n), batch_size)
    return [batches[k] for k in rng.permutation(len(batches))]


@wrong
def shuffles_inside_batches(n, batch_size, rng):
    """You shuffle inside each batch: the same rows always sit together, and the batches always come in the same order.
    Shuffle all rows first, then cut."""
    return [rng.permutation(batch) for batch in _cut(np.arange(n), batch_size)]
