"""A gradient larger than memory."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 15
points = 2
section = "Gradient accumulation: add up sums, divide once"
prompt = r"""
The table does not fit in memory, but a chunk of it does.
Write `full_gradient_in_chunks(X, y, w, chunk)`: the gradient of the mean squared error over *all* rows,

$$g = \frac2n X^\top (Xw - y),$$

computed from at most `chunk` rows at a time: rows 0 to chunk − 1, then the next `chunk`, and so on.
The last chunk may be shorter, and the answer has to be exact all the same.
Return an array of shape `(d,)`.
(The whole mean squared error here, with the 2 that the half-MSE of this page does not have.)

For example, with 10 rows and `chunk = 4` the chunks have 4, 4 and 2 rows.
"""
hints = [
    "A gradient is a sum over rows: sums can be added up chunk by chunk. When do you have to divide?",
    "Keep a running *sum* of the row gradients, and divide by n once, at the end.",
    "`for start in range(0, len(X), chunk)` gives the beginnings; slicing past the end of an array is harmless.",
]
praise = "Exact, in constant memory: full batch does not mean that all the data have to be loaded."
why = r"""
The gradient of a mean over n rows is a sum of n row gradients, divided by n.
Sums do not care how they are grouped: 4 rows, then 4, then 2.

Means do.
The mean of the chunks' means gives each *chunk* the same weight, so the rows of a short last chunk count more than the others.
For the numbers 0² to 9² in chunks of 4, 4 and 2, the mean of means is 35.83 where the mean is 28.5.

The mistake is easy to make and hard to see, because it vanishes when all chunks are equally long.
It sat in the gradient accumulation of widely used training libraries until 2024 (Hugging Face transformers, reported in issue 24725, mended in pull request 34191): losses were averaged per chunk although the chunks held different numbers of tokens.

So either add up sums and divide at the end, or weight each chunk's mean by its number of rows.
"""


free = {"chunk": (1,)}  # to read one row at a time is right, too: it is never more than a chunk


class Table(np.ndarray):
    """A table that does not fit in memory: rows can be taken out of it, but nothing can be computed with the whole
    table."""

    fits = None

    def __array_finalize__(self, parent):
        self.fits = getattr(parent, "fits", None)

    def __array_ufunc__(self, ufunc, method, *inputs, **settings):
        for table in inputs:
            if isinstance(table, Table) and table.fits and table.size > table.fits:
                raise MemoryError("the table does not fit in memory, only `chunk` rows of it")
        plain = [x.view(np.ndarray) if isinstance(x, Table) else x for x in inputs]
        if settings.get("out"):
            settings["out"] = tuple(x.view(np.ndarray) if isinstance(x, Table) else x for x in settings["out"])
        return getattr(ufunc, method)(*plain, **settings)


def run(answer, X, y, w, chunk):
    """Call the answer with a table of which only `chunk` rows fit in memory."""
    table = X.view(Table)
    table.fits = chunk * X.shape[1]
    result = answer(table, y, w, chunk)
    return result.view(np.ndarray) if isinstance(result, Table) else result


def cases(rng):
    rows = np.column_stack(
        [np.arange(1.0, 11.0), np.ones(10)]
    )  # its residuals are 0, 1, … 9; no entry, label or weight is 0
    yield rows, np.full(10, 2.0), np.array([1.0, 1.0]), 4
    for n, d, chunk in ((12, 3, 4), (11, 3, 4), (7, 2, 10), (9, 4, 1), (13, 2, 6)):
        yield rng.normal(size=(n, d)), rng.normal(size=n), rng.normal(size=d), chunk


def full_gradient_in_chunks(X, y, w, chunk):
    """Return the gradient of the MSE over all rows, chunk rows at a time."""
    total = np.zeros(len(w))
    for start in range(0, len(X), chunk):
        rows, targets = X[start : start + chunk], y[start : start + chunk]
        total = total + 2 * rows.T @ (rows @ w - targets)
    return total / len(X)


@right
def weighted_means(X, y, w, chunk):
    g, n = 0.0, len(y)
    for start in range(0, n, chunk):
        rows, targets = X[start : start + chunk], y[start : start + chunk]
        share = len(rows) / n
        g = g + share * 2 * np.mean((rows @ w - targets)[:, None] * rows, axis=0)
    return g


@right
def running_mean(X, y, w, chunk):
    g, seen = np.zeros(w.shape), 0
    while seen < len(X):
        rows, targets = X[seen : seen + chunk], y[seen : seen + chunk]
        mean = 2 / len(rows) * rows.T @ (rows @ w - targets)
        g += (mean - g) * len(rows) / (seen + len(rows))
        seen += len(rows)
    return g


@right
def sums_of_products(X, y, w, chunk):
    d = len(w)
    A, b = np.zeros((d, d)), np.zeros(d)
    for piece in np.split(np.arange(len(X)), range(chunk, len(X), chunk)):
        A += X[piece].T @ X[piece]
        b += X[piece].T @ y[piece]
    return [float(v) for v in 2 * (A @ w - b) / len(X)]


def _chunks(X, y, w, chunk):
    for start in range(0, len(X), chunk):
        rows, targets = X[start : start + chunk], y[start : start + chunk]
        yield 2 * rows.T @ (rows @ w - targets), len(rows)


@wrong
def all_at_once(X, y, w, chunk):
    """You compute with the whole table at once, and it does not fit in memory: `chunk` is not used. Take `X[start : start + chunk]`, add up, and go on to the next rows."""
    return 2 / len(X) * X.T @ (X @ w - y)


@wrong
def mean_of_means(X, y, w, chunk):
    """You average the chunks' means, so each chunk has the same weight, and the rows of a short last chunk count more than the others. Add up sums and divide once, by n. (This very mistake sat for more than a year in a library that many people train with.)"""
    return np.mean([g / rows for g, rows in _chunks(X, y, w, chunk)], axis=0)


@wrong
def sum_not_mean(X, y, w, chunk):
    """The chunks are added up right, and then nobody divides: a sum over the rows in place of the mean."""
    return sum(g for g, _ in _chunks(X, y, w, chunk))


@wrong
def sum_of_means(X, y, w, chunk):
    """You add up the means of the chunks. Their number then decides about the length of the result; add up sums, and divide by n at the end."""
    return sum(g / rows for g, rows in _chunks(X, y, w, chunk))


@wrong
def drops_last(X, y, w, chunk):
    """The last chunk is missing when it is shorter than the others. `range(0, n, chunk)` reaches it, and a slice past the end is harmless."""
    whole = len(X) // chunk * chunk
    return sum((g for g, rows in _chunks(X[:whole], y[:whole], w, chunk)), np.zeros(len(w))) / max(whole, 1)


@wrong
def drops_last_but_counts_it(X, y, w, chunk):
    """You leave out a short last chunk, and still divide by all n rows. Take it in."""
    whole = len(X) // chunk * chunk
    return sum((g for g, rows in _chunks(X[:whole], y[:whole], w, chunk)), np.zeros(len(w))) / len(X)


@wrong
def overwrites(X, y, w, chunk):
    """Each chunk overwrites what the ones before it had found: only the last one is left. Add to a running total (`+`), and start it at zero before the loop."""
    for g, _rows in _chunks(X, y, w, chunk):
        total = g
    return total / len(X)


@wrong
def returns_in_the_loop(X, y, w, chunk):
    """Only the first chunk counts: the others are never read. Is there a `return` inside the loop? Or do your slices end at `chunk`, so that they are empty from the second one on?"""
    return next(_chunks(X, y, w, chunk))[0] / len(X)


@wrong
def divides_by_chunk(X, y, w, chunk):
    """You divide each sum by `chunk`, and average over the chunks. A short last chunk has fewer rows than `chunk`, so it is divided by too much."""
    return np.mean([g / chunk for g, _ in _chunks(X, y, w, chunk)], axis=0)


@wrong
def half(X, y, w, chunk):
    """Exactly half of it: the square brings a 2 down, and this loss has no ½ to cancel it."""
    return full_gradient_in_chunks(X, y, w, chunk) / 2


@wrong
def targets_not_cut(X, y, w, chunk):
    """The rows of X are cut into chunks, and `y` is not: every chunk meets the *first* targets. Cut both at the same places."""
    total = np.zeros(len(w))
    for start in range(0, len(X), chunk):
        rows = X[start : start + chunk]
        total = total + 2 * rows.T @ (rows @ w - y[: len(rows)])
    return total / len(X)


@wrong
def one_row_short(X, y, w, chunk):
    """Each slice ends one row too early, so that the last row of every chunk is left out: the end of a slice does not belong to it anyway, `X[a:b]` stops before b."""
    total = np.zeros(len(w))
    for start in range(0, len(X), chunk):
        rows, targets = X[start : start + chunk - 1], y[start : start + chunk - 1]
        total = total + 2 * rows.T @ (rows @ w - targets)
    return total / len(X)


@wrong
def first_chunk_again(X, y, w, chunk):
    """Every round takes the first chunk again: the slice does not move on with the loop. It begins at `start`."""
    total = np.zeros(len(w))
    for _ in range(0, len(X), chunk):
        rows, targets = X[:chunk], y[:chunk]
        total = total + 2 * rows.T @ (rows @ w - targets)
    return total / len(X)


@wrong(like=returns_in_the_loop)
def ends_at_chunk(X, y, w, chunk):
    total = np.zeros(len(w))
    for start in range(0, len(X), chunk):
        rows, targets = X[start:chunk], y[start:chunk]
        total = total + 2 * rows.T @ (rows @ w - targets)
    return total / len(X)


@wrong
def steps_between_chunks(X, y, w, chunk):
    """You move w between the chunks. All of them belong to one gradient, at one and the same w."""
    total, v = np.zeros(len(w)), np.array(w, dtype=float)
    for start in range(0, len(X), chunk):
        rows, targets = X[start : start + chunk], y[start : start + chunk]
        g = 2 * rows.T @ (rows @ v - targets)
        total, v = total + g, v - 0.01 * g / len(rows)
    return total / len(X)
