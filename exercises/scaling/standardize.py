"""Standardise without a leak."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 10
tolerance = 1e-5
section = "Standardisation: centre, then scale"
prompt = r"""
`train` and `test` are tables with the same columns.
Bring each column to mean 0 and standard deviation 1, *measured on `train` alone*, and shift and scale `test` by the very same numbers.
Return the two tables, `train` first, and leave the ones you are given as they are.

A column that is constant in `train` has a std of 0, and one cannot divide by it: let its entries in `train` become 0, for example by dividing by 1 instead.

For example, the column `[1, 2, 3]` of `train` has the mean 2 and the standard deviation 0.816; the entry 5 of the same column in `test` becomes (5 − 2)/0.816 = 3.674.
Whether you divide by n or by n − 1 inside the standard deviation is up to you.
"""
hints = [
    "How many means do you need for a table with 3 columns? That tells you the `axis`.",
    "Measure once, on `train`, and keep the two rows of numbers: `mean` and `std`. `test` only gets what was measured there.",
    "For the constant column: wherever `std` is 0, put a 1 in its place before you divide, for example with `np.where`.",
]
praise = "Your test rows are now seen as the model will see them: through numbers that were known before they came."
why = r"""
The test set stands for data that nobody has seen.
If its mean or its std enters the scaling, the score at the end knows something that it should not.
So there is one measurement, on `train`, along the rows (`axis=0`: one number per column), and both tables are treated by it.
The columns of `test` then do *not* have mean 0 and std 1; if they did, something would have leaked.

A constant column has a standard deviation of 0, and $0/0$ is nan: one such column poisons every weight after the first step.
Dividing it by 1 leaves it at 0, which is what it is worth: it does not tell the rows apart.

Dividing by $n$ or by $n - 1$ changes all numbers of a column by the same factor, so it makes no difference to what is learnt.
"""


def cases(rng):
    # the columns differ in size and spread, there are fewer test rows than train rows, and the test rows are far from
    # the train rows
    train = np.array([[1.0, 10.0, 2.0], [2.0, 30.0, 2.0], [3.0, 20.0, 2.0], [6.0, 80.0, 2.0]])
    yield train, np.array([[5.0, 100.0, 2.0], [4.0, 40.0, 2.0]])
    yield np.array([[1.0], [2.0], [3.0]]), np.array([[5.0], [7.0]])
    for n, d in ((12, 2), (20, 4), (7, 3)):
        size, shift = rng.uniform(0.1, 50, d), rng.normal(0, 20, d)
        yield rng.normal(size=(n, d)) * size + shift, rng.normal(1, 2, size=(n // 2, d)) * size + shift


def run(answer, train, test):
    """Return the two tables. The standard deviation may divide by n or by n − 1: results with n − 1 are converted to
    those with n."""
    a, b = answer(train, test)
    a, b = np.asarray(a), np.asarray(b)
    own = _stretch(a)
    return a * own, b * (_stretch(b) if _stretch(b) > 1 else own)


def _stretch(table):
    n = len(table)
    if table.ndim != 2 or n < 2 or not np.isfinite(table).all():
        return 1.0
    spread = table.std(axis=0)
    spread = spread[spread > 1e-9]
    return np.sqrt(n / (n - 1)) if len(spread) and np.allclose(spread**2, (n - 1) / n, rtol=1e-5) else 1.0


def standardize(train, test):
    """Return (train, test), scaled by train's mean and std."""
    mean, std = train.mean(axis=0), train.std(axis=0)
    std = np.where(std == 0, 1.0, std)
    return (train - mean) / std, (test - mean) / std


@right
def with_n_minus_1(train, test):
    mean, std = np.mean(train, axis=0), np.std(train, axis=0, ddof=1)
    std[std == 0] = 1
    return [(train - mean) / std, (test - mean) / std]


@right
def column_by_column(train, test):
    a, b = train.copy(), test.copy()
    for j in range(train.shape[1]):
        mean = sum(train[:, j]) / len(train)
        spread = (sum((x - mean) ** 2 for x in train[:, j]) / len(train)) ** 0.5
        a[:, j] = (a[:, j] - mean) / (spread or 1)
        b[:, j] = (b[:, j] - mean) / (spread or 1)
    return a, b


@right
def with_scikit_learn(train, test):
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(train)
    return scaler.transform(train), scaler.transform(test)


@right
def a_tiny_number_below(train, test):
    mean, std = train.mean(0), train.std(0) + 1e-12
    return (train - mean) / std, (test - mean) / std


def _scaled(table, of):
    std = of.std(axis=0)
    return (table - of.mean(axis=0)) / np.where(std == 0, 1.0, std)


@wrong
def test_own_stats(train, test):
    """You measure `test` on its own: the same value would mean one thing in `train` and another in `test`. Use the
    mean and the standard deviation of `train` for both."""
    return _scaled(train, train), _scaled(test, test)


@wrong
def fit_on_both(train, test):
    """You measure on both tables together, so the test rows have a say: a leak. Fit mean and standard deviation on
    `train` alone."""
    both = np.vstack([train, test])
    return _scaled(train, both), _scaled(test, both)


@wrong
def constant_column(train, test):
    """A column that is constant in `train` has a standard deviation of 0, and 0/0 is nan. Treat a std of 0 apart."""
    mean, std = train.mean(axis=0), train.std(axis=0)
    return (train - mean) / std, (test - mean) / std


@wrong
def wrong_axis(train, test):
    """You measure along the wrong axis: one mean per row, across columns with different units. A mean per column takes
    the average over all the rows."""

    def rows(table):
        std = table.std(axis=1, keepdims=True)
        return (table - table.mean(axis=1, keepdims=True)) / np.where(std == 0, 1.0, std)

    return rows(train), rows(test)


@wrong
def one_mean_for_all(train, test):
    """You measure one mean and one std for the whole table, all columns thrown together. Without an `axis`, NumPy
    averages over everything."""
    return (train - train.mean()) / train.std(), (test - train.mean()) / train.std()


@wrong
def no_scaling(train, test):
    """The columns are centred but not scaled: they still have their own std. Divide by it."""
    return train - train.mean(axis=0), test - train.mean(axis=0)


@wrong
def no_centring(train, test):
    """The columns are scaled but not centred: their mean is still there. Subtract it first."""
    std = np.where(train.std(axis=0) == 0, 1.0, train.std(axis=0))
    return train / std, test / std


@wrong
def variance_for_std(train, test):
    """You divide by the variance, the mean square of the deviations. The standard deviation is its root, and has the
    units of the column."""
    var = np.where(train.var(axis=0) == 0, 1.0, train.var(axis=0))
    return (train - train.mean(axis=0)) / var, (test - train.mean(axis=0)) / var


@wrong
def spread_of_both(train, test):
    """Your mean comes from `train`, your standard deviation from both tables together: a leak, half mended. Measure both on
    `train` alone."""
    std = np.vstack([train, test]).std(axis=0)
    std = np.where(std == 0, 1.0, std)
    return (train - train.mean(axis=0)) / std, (test - train.mean(axis=0)) / std


@wrong
def mean_of_test(train, test):
    """You shift `test` by its own mean: the same value would mean one thing in `train` and another in `test`. Both are
    shifted by the mean of `train`."""
    std = np.where(train.std(axis=0) == 0, 1.0, train.std(axis=0))
    return (train - train.mean(axis=0)) / std, (test - test.mean(axis=0)) / std


@wrong
def order(train, test):
    """You return `test` first. The task wants `train` first, then `test`."""
    scaled = standardize(train, test)
    return scaled[1], scaled[0]


@wrong
def min_max(train, test):
    """You bring the smallest value to 0 and the largest to 1, min-max scaling. That is another scaler; here the mean goes
    to 0 and the standard deviation to 1."""
    low, width = train.min(axis=0), np.ptp(train, axis=0)
    width = np.where(width == 0, 1.0, width)
    return (train - low) / width, (test - low) / width


@wrong
def test_left_alone(train, test):
    """You have left `test` alone, in its old units: a model that learnt on the new ones would read nonsense. Shift and
    scale it by the numbers of `train`."""
    return _scaled(train, train), test.copy()


@wrong
def mutates(train, test):
    """The numbers are right, but `-=` or `/=` has changed the tables of the caller. Make new ones."""
    mean, std = train.mean(axis=0), train.std(axis=0)
    std = np.where(std == 0, 1.0, std)
    for table in (train, test):
        table -= mean
        table /= std
    return train, test
