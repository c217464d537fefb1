"""Who won? A fair judge of two optimisers."""

import math

import numpy as np

from gdcourse.exercises import right, wrong

points = 2
minutes = 30
section = "A fair comparison"
prompt = r"""
Two optimisers, A and B, were tried on the same network: each at several learning rates, and at each rate with several seeds.
Write `fair(lrs_a, losses_a, lrs_b, losses_b)`, which says who won.

`lrs_a` is an array of r numbers, the rates of A, in any order.
`losses_a` is an array of shape (r, k): row i holds the final losses at the rate `lrs_a[i]`, one column for each of the k seeds.
`lrs_b` and `losses_b` are the same for B, perhaps of another size.
A run that diverged has the loss `nan` or `inf`.

Return a string, the *first* of these that is true:

1. `"unequal budget"`, when the tables do not have the same shape;
2. `"widen the grid"`, when the best rate of A or of B is the smallest or the largest of its grid;
3. `"A"` or `"B"`, when the difference of the two means at the best rates is more than twice its standard error; the lower mean wins;
4. `"no difference"`, when none of them holds: these runs do not decide.

The **best rate** is the one with the lowest *mean* over all seeds; a rate at which any run diverged is never the best.
Every table has at least one rate without a diverged run.

The **standard error** of the difference is $\sqrt{s_A^2/k + s_B^2/k}$, where $s_A^2$ and $s_B^2$ are the variances over the k seeds at the two best rates, as `np.var(losses, ddof=1)` gives them.

For example, the best row of A is `[3, 5, 4, 4]`: mean 4, variance 2/3.
B's is `[6, 8, 7, 7]`: mean 7, variance 2/3.
The difference is 3, its standard error √(2/3/4 + 2/3/4) = 0.58, so `"A"`, if both rates lie inside their grids.
"""
hints = [
    "Begin with a helper for one table: the mean of each row, with infinity in place of a mean that is not finite, and the index of the lowest.",
    "The edge of the grid is a rate, not a row: compare the best rate with `min(lrs)` and `max(lrs)`.",
    "A difference alone says nothing. Which number tells how much it would change with other seeds?",
]
praise = (
    "Equal budgets, edges looked at, the spread beside the mean: many published comparisons fail at one of these three."
)
why = r"""
Each line answers one way of fooling oneself.

- **Unequal budget.** Whoever may try more rates, or more seeds, finds a lower loss by luck alone.
- **The edge of the grid.** If the best rate is the last one tried, a better one may lie beyond it: that optimiser has not been tuned yet.
- **The best mean, and not the best run.** The lowest loss in the whole table belongs to the luckiest seed.
- **A rate that diverges once in a while is not a good rate**, so a `nan` must not be dropped from the mean.
- **The spread.** Two means are never equal. The standard error says how far their difference would move with other seeds; below twice of it, there is nothing to report.

One more point that the table cannot show: the rate was chosen on the same seeds on which it is judged, so both means are a little too low.
Fresh seeds for the last comparison cure it.
"""


def _table(rng, means, seeds, spread):
    """Return rows of losses with exactly these means, each with a standard deviation of exactly `spread`."""
    z = rng.normal(size=(len(means), seeds))
    z = z - z.mean(axis=1, keepdims=True)
    return np.array(means)[:, None] + spread * z / z.std(axis=1, ddof=1, keepdims=True)


NAN, INF = float("nan"), float("inf")


def cases(rng):
    fixed = np.random.default_rng(5)  # for tables that are the same every time; random ones follow at the end
    # the rates of `up` are not sorted: its edges are rows 0 and 1
    lrs, up = np.array([0.01, 0.1, 1.0]), np.array([1.0, 0.01, 0.1])
    plain = np.array([[9.0, 8.0, 10.0, 9.0], [3.0, 5.0, 4.0, 4.0], [8.0, 6.0, 7.0, 7.0]])
    yield lrs, plain, lrs, plain + 3
    yield lrs, plain + 3, lrs, plain
    yield lrs, plain, lrs, plain + 0.1  # a difference far below the spread
    yield lrs, plain + 0.1, lrs, plain
    # the difference lies between twice the standard error computed with k and with k - 1: between 1.00 and 1.15
    yield lrs, plain, lrs, plain + 1.08
    yield lrs, plain + 1.08, lrs, plain
    yield lrs, plain, lrs, plain[:, :3] + 3  # fewer seeds
    yield lrs, plain, np.array([0.01, 0.03, 0.1, 1.0]), np.vstack([plain[:1], plain]) + 3  # more rates
    yield lrs, plain, np.array([0.01, 0.1, 1.0]), plain[[1, 0, 2]] + 3  # B's best is its smallest rate
    yield lrs, plain, lrs, plain[[0, 2, 1]] + 3  # B's best is its largest rate
    yield lrs, plain[[1, 0, 2]], lrs, plain + 3  # A's best is its smallest
    yield lrs, plain[[0, 2, 1]], lrs, plain + 3  # A's best is its largest
    yield up, plain[[2, 0, 1]], lrs, plain + 3  # A's best is the last row, and the middle rate
    yield lrs, plain + 3, up, plain[[2, 0, 1]]
    yield up, plain, lrs, plain + 3  # A's best is the middle row, and the smallest rate
    yield up, plain[[1, 0, 2]], lrs, plain + 3  # A's best is the first row, and the largest rate
    six = np.array([0.001, 0.003, 0.01, 0.03, 0.1, 1.0])
    yield lrs, plain[[0, 2, 1]], six, np.vstack([plain, plain])  # unequal budgets come first, then the edge
    yield lrs, plain[[1, 0, 2]], lrs, plain[[0, 2, 1]] + 3  # both at an edge
    # a lucky seed: the lowest loss of all belongs to a rate whose mean is worse
    lucky = np.array([[30.0, 30.0, 1.0, 30.0], [5.0, 6.0, 5.0, 6.0], [7.0, 7.0, 8.0, 8.0]])
    yield lrs, lucky, lrs, plain + 4.5
    yield lrs, lucky, lrs, plain - 0.5
    # the mean over all rates, and the worst rate, would name the other optimiser
    steep = np.array([[90.0, 80.0, 85.0, 95.0], [2.0, 2.5, 2.0, 1.5], [70.0, 60.0, 65.0, 75.0]])
    yield lrs, steep, lrs, plain
    yield lrs, plain, lrs, steep
    # diverged runs
    once = np.array([[6.0, 7.0, 6.0, 7.0], [4.0, 4.5, 5.0, 4.5], [1.0, 1.0, NAN, 1.0]])
    yield lrs, once, lrs, plain + 4
    yield lrs, plain + 4, lrs, once
    once_bad = np.array([[9.0, 9.0, 9.0, 9.0], [3.0, 3.0, 3.0, 30.0], [6.0, 6.5, 6.0, 6.5], [8.0, 8.0, 8.0, 9.0]])
    yield (
        np.array([0.001, 0.01, 0.1, 1.0]),
        once_bad,
        np.array([0.001, 0.01, 0.1, 1.0]),
        np.vstack([plain[:1], plain]) + 4,
    )
    far = np.array([0.001, 0.01, 0.1, 1.0])
    nan_first = np.array([[NAN, 9.0, 9.0, 9.0], [8.0, 9.0, 8.0, 9.0], [3.0, 3.5, 3.0, 3.5], [6.0, 7.0, 7.0, 6.0]])
    yield far, nan_first, far, nan_first + 4
    inf_inside = np.array([[9.0, 9.0, 9.0, 9.0], [1.0, 1.0, INF, 1.0], [3.0, 3.5, 3.0, 3.5], [6.0, 7.0, 7.0, 6.0]])
    yield far, inf_inside, far, inf_inside + 4
    minus = np.array([[9.0, 9.0, 9.0, 9.0], [1.0, -INF, 1.0, 1.0], [3.0, 3.5, 3.0, 3.5], [6.0, 7.0, 7.0, 6.0]])
    yield far, minus + 4, far, inf_inside
    # each has its own rates: 0.1 is best for A, 0.001 for B
    own = np.array([0.0001, 0.001, 0.01])
    yield lrs, plain + 2.5, own, plain
    # with twenty seeds the standard deviation of the runs differs much from the error of their mean
    wide = _table(fixed, [9.0, 5.0, 8.0], 20, 1.0)
    yield lrs, wide, lrs, _table(fixed, [9.0, 5.8, 8.0], 20, 1.0)  # a difference of 0.8; twice the error is 2 · 0.316
    yield lrs, wide, lrs, _table(fixed, [9.0, 4.2, 8.0], 20, 1.0)
    yield lrs, wide, lrs, _table(fixed, [9.0, 5.45, 8.0], 20, 1.0)  # a difference of one and a half standard errors
    yield lrs, wide, lrs, _table(fixed, [9.0, 4.55, 8.0], 20, 1.0)
    # one has a small spread, the other a large one: both count
    yield lrs, _table(fixed, [9.0, 5.0, 8.0], 8, 0.05), lrs, _table(fixed, [9.0, 6.0, 8.0], 8, 2.5)
    yield lrs, _table(fixed, [9.0, 6.0, 8.0], 8, 2.5), lrs, _table(fixed, [9.0, 5.0, 8.0], 8, 0.05)
    # negative losses, and small ones
    yield lrs, plain - 20, lrs, plain - 17
    yield lrs, 1e-6 * plain, lrs, 1e-6 * (plain + 3)
    for winner in (0, 1, 2):
        seeds, rates = int(rng.integers(5, 9)), np.array([0.003, 0.01, 0.03, 0.1])
        means = np.array([9.0, 4.0, 7.0, 8.0])
        shift = (3.0, -3.0, 0.05)[winner]
        tables = [_table(rng, means, seeds, 1.0), _table(rng, means + shift, seeds, 1.0)]
        order = rng.permutation(4)
        yield rates[order], tables[0][order], rates, tables[1]


def _best(lrs, losses, score=lambda row: row.mean()):
    """Return the row with the lowest score; a row with a number that is not finite gets the score infinity."""
    scores = [float(score(row)) if np.isfinite(row).all() else INF for row in losses]
    return int(np.argmin(scores))


def _at_the_edge(lrs, row):
    return lrs[row] in (min(lrs), max(lrs))


def _significant(a, b):
    return abs(a.mean() - b.mean()) > 2 * np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / len(a))


def _lower(a, b):
    return "A" if a.mean() < b.mean() else "B"


def _verdict(
    lrs_a,
    losses_a,
    lrs_b,
    losses_b,
    unequal=lambda a, b: a.shape != b.shape,
    best=_best,
    edge=_at_the_edge,
    significant=_significant,
    winner=_lower,
    order="ue",
):
    """The judge with one part exchanged, for the other right answers and for the mistakes."""
    with np.errstate(all="ignore"):
        i, j = best(lrs_a, losses_a), best(lrs_b, losses_b)
        found = {"u": unequal(losses_a, losses_b), "e": bool(edge(lrs_a, i) or edge(lrs_b, j))}
        words = {"u": "unequal budget", "e": "widen the grid"}
        for k in order:
            if found[k]:
                return words[k]
        a, b = losses_a[i], losses_b[j]
        return winner(a, b) if significant(a, b) else "no difference"


def fair(lrs_a, losses_a, lrs_b, losses_b):
    """Return "A", "B", "no difference", "widen the grid" or "unequal budget"."""
    if losses_a.shape != losses_b.shape:
        return "unequal budget"
    best = []
    for lrs, losses in ((lrs_a, losses_a), (lrs_b, losses_b)):
        means = np.where(np.isfinite(losses).all(axis=1), losses.mean(axis=1), np.inf)
        row = np.argmin(means)
        if lrs[row] == min(lrs) or lrs[row] == max(lrs):
            return "widen the grid"
        best.append(losses[row])
    a, b = best
    error = np.sqrt(np.var(a, ddof=1) / len(a) + np.var(b, ddof=1) / len(b))
    if abs(a.mean() - b.mean()) <= 2 * error:
        return "no difference"
    return "A" if a.mean() < b.mean() else "B"


free = {}
equal = ("< 2 * error", "if a.mean() <= b.mean()")  # nobody meets the equal case


@right
def in_parts(lrs_a, losses_a, lrs_b, losses_b):
    return _verdict(lrs_a, losses_a, lrs_b, losses_b)


@right
def sorted_first(lrs_a, losses_a, lrs_b, losses_b):
    if len(lrs_a) != len(lrs_b) or len(losses_a[0]) != len(losses_b[0]):
        return "unequal budget"

    def tuned(lrs, losses):
        order = np.argsort(lrs)
        table = [losses[i] for i in order]
        means = [sum(row) / len(row) for row in table]
        means = [m if math.isfinite(m) else math.inf for m in means]
        row = means.index(min(means))
        return (None if row in (0, len(table) - 1) else table[row]), means[row]

    (a, mean_a), (b, mean_b) = tuned(lrs_a, losses_a), tuned(lrs_b, losses_b)
    if a is None or b is None:
        return "widen the grid"
    k = len(a)
    s2 = sum(sum((x - m) ** 2 for x in row) / (k - 1) / k for row, m in ((a, mean_a), (b, mean_b)))
    if (mean_a - mean_b) ** 2 <= 4 * s2:
        return "no difference"
    return "A" if mean_a < mean_b else "B"


@right
def welch(lrs_a, losses_a, lrs_b, losses_b):
    def t_is_large(a, b):
        sem = [np.std(x, ddof=1) / np.sqrt(len(x)) for x in (a, b)]
        return abs(np.mean(a) - np.mean(b)) / np.hypot(*sem) > 2

    return _verdict(lrs_a, losses_a, lrs_b, losses_b, significant=t_is_large)


@right
def by_the_sum(lrs_a, losses_a, lrs_b, losses_b):
    return _verdict(lrs_a, losses_a, lrs_b, losses_b, best=lambda lrs, losses: _best(lrs, losses, np.sum))


@right
def size_of_the_tables(lrs_a, losses_a, lrs_b, losses_b):
    return _verdict(lrs_a, losses_a, lrs_b, losses_b, unequal=lambda a, b: len(a) != len(b) or a.size != b.size)


@right
def counts_rates_below_and_above(lrs_a, losses_a, lrs_b, losses_b):
    def inside(lrs, row):
        return np.any(lrs < lrs[row]) and np.any(lrs > lrs[row])

    return _verdict(lrs_a, losses_a, lrs_b, losses_b, edge=lambda lrs, row: not inside(lrs, row))


@wrong
def best_of_all_seeds(lrs_a, losses_a, lrs_b, losses_b):
    """You choose the rate that holds the lowest single loss. One lucky seed then decides: a rate is as good as its *mean* over all seeds."""
    return _verdict(lrs_a, losses_a, lrs_b, losses_b, best=lambda lrs, losses: _best(lrs, losses, np.min))


@wrong
def luckiest_runs(lrs_a, losses_a, lrs_b, losses_b):
    """You compare the lowest loss of each table. Whoever has the luckiest run wins, and other seeds would give another winner. Compare means at the best rates, with their spread."""
    with np.errstate(all="ignore"):
        a, b = (t[np.isfinite(t)].min() for t in (losses_a, losses_b))
    if losses_a.shape != losses_b.shape:
        return "unequal budget"
    return "A" if a < b else "B"


@wrong
def mean_over_rates(lrs_a, losses_a, lrs_b, losses_b):
    """You compare the means of the whole tables. That punishes an optimiser for the rates that nobody would use. Each one is judged at its own best rate."""
    return _verdict(
        lrs_a,
        losses_a,
        lrs_b,
        losses_b,
        significant=lambda a, b: True,
        winner=lambda a, b: "A" if np.nanmean(losses_a) < np.nanmean(losses_b) else "B",
    )


@wrong
def edge_of_grid(lrs_a, losses_a, lrs_b, losses_b):
    """You name a winner although the best rate is the last one that was tried. Beyond it may lie a better one: when is a grid wide enough?"""
    return _verdict(lrs_a, losses_a, lrs_b, losses_b, edge=lambda lrs, row: False)


@wrong
def edge_by_row(lrs_a, losses_a, lrs_b, losses_b):
    """You ask whether the best rate stands in the first or the last *row*. The rates may come in any order: compare the best rate itself with the smallest and the largest of its grid."""
    return _verdict(lrs_a, losses_a, lrs_b, losses_b, edge=lambda lrs, row: row in (0, len(lrs) - 1))


@wrong
def only_the_largest_rate(lrs_a, losses_a, lrs_b, losses_b):
    """You look at the largest rate of the grid only. A best rate at the lower end is just as unfinished: a smaller one may be better still."""
    return _verdict(lrs_a, losses_a, lrs_b, losses_b, edge=lambda lrs, row: lrs[row] == max(lrs))


@wrong
def only_the_smallest_rate(lrs_a, losses_a, lrs_b, losses_b):
    """You look at the smallest rate of the grid only. A best rate at the upper end is just as unfinished: a larger one may be better still."""
    return _verdict(lrs_a, losses_a, lrs_b, losses_b, edge=lambda lrs, row: lrs[row] == min(lrs))


@wrong
def edge_of_a_only(lrs_a, losses_a, lrs_b, losses_b):
    """You look at the grid of A and not at that of B. The one that loses may be the one that was badly tuned."""
    if losses_a.shape == losses_b.shape and _at_the_edge(lrs_a, _best(lrs_a, losses_a)):
        return "widen the grid"
    return _verdict(lrs_a, losses_a, lrs_b, losses_b, edge=lambda lrs, row: False)


@wrong
def edge_of_b_only(lrs_a, losses_a, lrs_b, losses_b):
    """You look at the grid of B and not at that of A. Both have to be tuned before they are compared."""
    if losses_a.shape == losses_b.shape and _at_the_edge(lrs_b, _best(lrs_b, losses_b)):
        return "widen the grid"
    return _verdict(lrs_a, losses_a, lrs_b, losses_b, edge=lambda lrs, row: False)


@wrong
def both_at_the_edge(lrs_a, losses_a, lrs_b, losses_b):
    """You ask to widen the grid only when *both* best rates are at an edge. One of them is enough: look at your `and` and `or`."""
    if losses_a.shape == losses_b.shape:
        edges = [_at_the_edge(lrs, _best(lrs, losses)) for lrs, losses in ((lrs_a, losses_a), (lrs_b, losses_b))]
        if all(edges):
            return "widen the grid"
    return _verdict(lrs_a, losses_a, lrs_b, losses_b, edge=lambda lrs, row: False)


@wrong
def no_spread(lrs_a, losses_a, lrs_b, losses_b):
    """You always name a winner, however small the difference. Two means are never equal: compare their difference with its standard error first."""
    return _verdict(lrs_a, losses_a, lrs_b, losses_b, significant=lambda a, b: True)


@wrong
def one_standard_error(lrs_a, losses_a, lrs_b, losses_b):
    """You ask for more than *one* standard error. By chance alone a difference is that large one time in three; the task asks for two."""
    return _verdict(
        lrs_a,
        losses_a,
        lrs_b,
        losses_b,
        significant=lambda a, b: abs(a.mean() - b.mean()) > np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / len(a)),
    )


@wrong
def spread_of_the_runs(lrs_a, losses_a, lrs_b, losses_b):
    """You compare the difference with the spread of single runs. The mean of k runs is steadier than one run, by √k: the variances have to be divided by the number of seeds."""
    return _verdict(
        lrs_a,
        losses_a,
        lrs_b,
        losses_b,
        significant=lambda a, b: abs(a.mean() - b.mean()) > 2 * np.sqrt(a.var(ddof=1) + b.var(ddof=1)),
    )


@wrong
def divides_by_k(lrs_a, losses_a, lrs_b, losses_b):
    """Your variances divide by k, as `np.var` does when nobody tells it otherwise; the task asks for `ddof=1`, which divides by k − 1. With few seeds that is a good deal more."""
    return _verdict(
        lrs_a,
        losses_a,
        lrs_b,
        losses_b,
        significant=lambda a, b: abs(a.mean() - b.mean()) > 2 * np.sqrt((a.var() + b.var()) / len(a)),
    )


@wrong
def spread_of_a_only(lrs_a, losses_a, lrs_b, losses_b):
    """Only the spread of A is in your standard error. A difference is as shaky as both of its parts together: add the two variances."""
    return _verdict(
        lrs_a,
        losses_a,
        lrs_b,
        losses_b,
        significant=lambda a, b: abs(a.mean() - b.mean()) > 2 * np.sqrt(a.var(ddof=1) / len(a)),
    )


@wrong
def spread_of_b_only(lrs_a, losses_a, lrs_b, losses_b):
    """Your standard error knows B's variance alone. When A is the restless one you are far too sure: its runs have to count as well."""
    return _verdict(
        lrs_a,
        losses_a,
        lrs_b,
        losses_b,
        significant=lambda a, b: abs(a.mean() - b.mean()) > 2 * np.sqrt(b.var(ddof=1) / len(b)),
    )


@wrong
def only_a_can_win(lrs_a, losses_a, lrs_b, losses_b):
    """When B is better you answer "no difference": the size of the difference is not taken. It may be negative: look at its absolute value."""
    return _verdict(
        lrs_a,
        losses_a,
        lrs_b,
        losses_b,
        significant=lambda a, b: b.mean() - a.mean() > 2 * np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / len(a)),
    )


@wrong
def only_b_can_win(lrs_a, losses_a, lrs_b, losses_b):
    """A never wins with you: mean A minus mean B is negative then, and a negative number is above no error. Compare without the sign."""
    return _verdict(
        lrs_a,
        losses_a,
        lrs_b,
        losses_b,
        significant=lambda a, b: a.mean() - b.mean() > 2 * np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / len(a)),
    )


@wrong
def higher_wins(lrs_a, losses_a, lrs_b, losses_b):
    """You name the one with the *higher* mean. These are losses: lower is better."""
    return _verdict(lrs_a, losses_a, lrs_b, losses_b, winner=lambda a, b: "B" if a.mean() < b.mean() else "A")


@wrong
def worst_rate(lrs_a, losses_a, lrs_b, losses_b):
    """You judge each optimiser at the rate with the *highest* mean. These are losses: the best rate has the lowest one."""
    return _verdict(lrs_a, losses_a, lrs_b, losses_b, best=lambda lrs, losses: _best(lrs, -losses))


@wrong
def unequal_budget(lrs_a, losses_a, lrs_b, losses_b):
    """You compare tables of different size. Whoever may try more rates or more seeds finds a lower loss by luck alone: what has to be asked first?"""
    if losses_a.shape[1] != losses_b.shape[1]:
        i, j = _best(lrs_a, losses_a), _best(lrs_b, losses_b)
        if _at_the_edge(lrs_a, i) or _at_the_edge(lrs_b, j):
            return "widen the grid"
        a, b = losses_a[i], losses_b[j]
        error = np.sqrt(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b))
        return _lower(a, b) if abs(a.mean() - b.mean()) > 2 * error else "no difference"
    return _verdict(lrs_a, losses_a, lrs_b, losses_b, unequal=lambda a, b: False)


@wrong
def counts_rates_only(lrs_a, losses_a, lrs_b, losses_b):
    """You compare the number of rates and not the number of seeds. More seeds are more runs too: both sides of the table have to agree."""
    if len(lrs_a) == len(lrs_b) and losses_a.shape != losses_b.shape:
        i, j = _best(lrs_a, losses_a), _best(lrs_b, losses_b)
        if _at_the_edge(lrs_a, i) or _at_the_edge(lrs_b, j):
            return "widen the grid"
        a, b = losses_a[i], losses_b[j]
        error = np.sqrt(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b))
        return _lower(a, b) if abs(a.mean() - b.mean()) > 2 * error else "no difference"
    return _verdict(lrs_a, losses_a, lrs_b, losses_b)


@wrong
def counts_seeds_only(lrs_a, losses_a, lrs_b, losses_b):
    """You compare the number of seeds and not the number of rates. More rates are more chances: both sides of the table have to agree."""
    return _verdict(lrs_a, losses_a, lrs_b, losses_b, unequal=lambda a, b: a.shape[1] != b.shape[1])


@wrong
def edge_before_budget(lrs_a, losses_a, lrs_b, losses_b):
    """You ask for a wider grid although the budgets are unequal. Mind the order of the list: what comes first there is answered first."""
    return _verdict(lrs_a, losses_a, lrs_b, losses_b, order="eu")


@wrong
def drops_diverged_runs(lrs_a, losses_a, lrs_b, losses_b):
    """You take the mean of the runs that survived, so a rate that diverges once in a while looks excellent. A rate with a diverged run is never the best."""

    def best(lrs, losses):
        return int(np.argmin([row[np.isfinite(row)].mean() if np.isfinite(row).any() else INF for row in losses]))

    return _verdict(lrs_a, losses_a, lrs_b, losses_b, best=best)


@wrong(like=drops_diverged_runs)
def and_drops_them_in_the_spread(lrs_a, losses_a, lrs_b, losses_b):
    def only_nan(t):
        return np.where(np.isfinite(t), t, np.nan)

    def nan_mean(row):
        return float(np.nanmean(only_nan(row))) if np.isfinite(row).any() else INF

    def best(lrs, losses):
        return int(np.argmin([nan_mean(row) for row in losses]))

    def far_apart(a, b):
        spread = (np.nanvar(only_nan(a), ddof=1) + np.nanvar(only_nan(b), ddof=1)) / len(a)
        return abs(nan_mean(a) - nan_mean(b)) > 2 * np.sqrt(spread)

    return _verdict(
        lrs_a,
        losses_a,
        lrs_b,
        losses_b,
        best=best,
        significant=far_apart,
        winner=lambda a, b: "A" if nan_mean(a) < nan_mean(b) else "B",
    )


@wrong
def nan_is_the_best(lrs_a, losses_a, lrs_b, losses_b):
    """With you a rate whose mean is `nan` counts as the best one: `np.argmin` returns the place of the first `nan`. Put infinity in its place before you look for the lowest."""
    return _verdict(lrs_a, losses_a, lrs_b, losses_b, best=lambda lrs, losses: int(np.argmin(losses.mean(axis=1))))


@wrong
def same_rate_for_both(lrs_a, losses_a, lrs_b, losses_b):
    """You judge B at the row that is best for A. A rate means something else in each optimiser: each has its own best one."""
    if losses_a.shape != losses_b.shape:
        return "unequal budget"
    row = _best(lrs_a, losses_a)
    return _verdict(lrs_a, losses_a, lrs_b, losses_b, best=lambda lrs, losses: row)


@wrong
def best_median(lrs_a, losses_a, lrs_b, losses_b):
    """You choose the rate by its median. A median does not see the runs that went badly, even a diverged one; the task asks for the mean."""
    return _verdict(
        lrs_a,
        losses_a,
        lrs_b,
        losses_b,
        best=lambda lrs, losses: int(np.argmin([np.median(np.where(np.isnan(row), INF, row)) for row in losses])),
    )
