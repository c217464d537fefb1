"""The best constant prediction."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 12
section = "The best constant"
prompt = r"""
Suppose you may predict only one number $c$ for everybody.
Write `best_constant(y, loss)`: the $c$ with the smallest loss on the targets `y`, where `loss` is `"mse"` or `"mae"`.

For `y = [4, 1, 10]` the answer is 5 for `"mse"` and 4 for `"mae"`.
Where several numbers are equally good, any of them will do.
"""
hints = [
    "For the squared error set the slope in c to zero: the sum of (c − y[i]) must vanish.",
    "For the absolute error, move c a little to the right: every target on the left costs more, every one on the right less. When do they balance?",
    "One answer is `np.mean`. The other one cares about how many targets lie on each side, not about how far away they are.",
]
praise = "Mean for squares, median for absolute values: one is pulled by the distance, the other only counts how many lie on each side."
why = r"""
**MSE.** The slope of (1/n) Σ (c − y[i])² in c is (2/n) Σ (c − y[i]); it is zero when c is the *mean*.
The residuals balance like weights on a seesaw, so a single far target pulls c with its whole distance.

**MAE.** Move c by a small step to the right.
Each target on the left gets farther by that step, each on the right nearer.
The slope is (number on the left − number on the right)/n: only the *count* matters, and it balances at the *median*.
A far target counts as one, however far.

With an even number of targets the count is balanced anywhere between the two middle ones: a whole floor of equally good answers, and the checker takes any.

The most frequent value would be best for a loss that charges 1 for every miss, and the mid-range for the loss "largest miss".
Each way of counting has its own favourite.
"""


def cases(rng):
    # mean 9.8, median 5, mode 2, mid-range 16.5, first 9
    skewed = np.array([9.0, 2.0, 2.0, 5.0, 31.0])
    yield skewed, "mse"
    yield skewed, "mae"
    even = np.array([7.0, 1.0, 1.0, 3.0, 40.0, 6.0])
    yield even, "mae"
    yield even, "mse"
    yield np.array([4, 1, 10]), "mae"
    yield np.array([-4.0, -20.5, 1.5, 2.5, -20.5]), "mae"
    yield np.array([-4.0, -20.5, 1.5, 2.5, -20.5]), "mse"
    for n in (7, 12):
        y = np.append(rng.exponential(5, n), [0.5, 0.5])
        yield y, "mse"
        yield y, "mae"


def run(answer, y, loss):
    """Return the number. Between the two middle targets every value is right, so the median stands for all of them."""
    value = answer(y, loss)
    if loss == "mae" and isinstance(value, (int, float, np.number, np.ndarray)) and np.ndim(value) == 0:
        low, high = np.sort(y)[[(len(y) - 1) // 2, len(y) // 2]]
        if low <= value <= high or np.isclose(value, [low, high], rtol=1e-6).any():
            return float(np.median(y))
    return value


def best_constant(y, loss):
    """Return the number with the smallest loss, "mse" or "mae", on y."""
    return np.mean(y) if loss == "mse" else np.median(y)


@right
def lower_middle(y, loss):
    if loss == "mae":
        return sorted(y)[(len(y) - 1) // 2]
    return sum(y) / len(y)


@right
def upper_middle(y, loss):
    return float(np.sort(y)[len(y) // 2]) if loss == "mae" else float(np.average(y))


@right
def upper_middle_in_an_array_without_axes(y, loss):
    return np.array(np.sort(y)[len(y) // 2]) if loss == "mae" else np.array(y.mean())


@right
def try_every_target(y, loss):
    # the absolute error has its minimum at one of its corners, which are the targets
    if loss == "mse":
        return y.mean()
    return min(y, key=lambda c: np.sum(np.abs(y - c)))


@wrong
def mean_for_both(y, loss):
    """You return the mean for both losses: `loss` makes no difference. For "mse" you are right. For "mae" your number is pulled by the far target: what balances there is how many targets lie on each side, not how far they are."""
    return np.mean(y)


@wrong
def median_for_both(y, loss):
    """You return the median for both losses: `loss` makes no difference. For "mae" you are right. The squared error has another favourite: write its slope in c, set it to zero, and solve for c."""
    return np.median(y)


@wrong
def exchanged(y, loss):
    """You have both answers, but each under the other name. Which of the two losses cares how far a far target is?"""
    return np.median(y) if loss == "mse" else np.mean(y)


@wrong
def mode(y, loss):
    """You return the most frequent target. That is best when every miss costs the same, near or far; both losses here care about distance."""
    values, counts = np.unique(y, return_counts=True)
    return values[np.argmax(counts)]


@wrong
def mid_range(y, loss):
    """You return the middle between the smallest and the largest target. That minimises the largest miss and ignores all the others; both losses here ask everybody."""
    return (np.min(y) + np.max(y)) / 2


@wrong
def first_value(y, loss):
    """You return the first target, so the answer depends on the order of the rows. The loss does not."""
    return y[0]


@wrong
def returns_loss(y, loss):
    """You return the smallest loss itself. The question is for which number c it is that small: return c."""
    if loss == "mse":
        return np.mean((y - np.mean(y)) ** 2)
    return np.mean(np.abs(y - np.median(y)))


@wrong(like=returns_loss)
def smallest_loss_of_a_target(y, loss):
    return min(np.mean((y - c) ** 2 if loss == "mse" else np.abs(y - c)) for c in y)


def _best_target(y, loss):
    return min(range(len(y)), key=lambda i: np.mean((y - y[i]) ** 2 if loss == "mse" else np.abs(y - y[i])))


@wrong
def index_of_the_best(y, loss):
    """You return the place of the best candidate (`argmin`), not the candidate that stands there."""
    return _best_target(y, loss)


@wrong
def only_the_targets(y, loss):
    """You try the targets themselves only. For "mae" one of them is best; for "mse" the best number usually lies between them."""
    return y[_best_target(y, loss)]


@wrong
def whole_numbers_only(y, loss):
    """You try whole numbers only. The best number may lie between two of them: a formula finds it, without a search."""
    return min(
        range(int(np.min(y)), int(np.max(y)) + 1),
        key=lambda c: np.mean((y - c) ** 2 if loss == "mse" else np.abs(y - c)),
    )


@wrong(like=whole_numbers_only)
def rounded(y, loss):
    return round(float(np.mean(y))) if loss == "mse" else round(float(np.median(y)))


@wrong
def absolute_values(y, loss):
    """For "mae" you average the absolute values of the targets. The absolute value belongs around the miss, y − c; then look for the c that makes these misses small."""
    return np.mean(y) if loss == "mse" else np.mean(np.abs(y))


@wrong
def mode_for_mae(y, loss):
    """For "mae" you return the most frequent target. It is the median that balances the misses: as many targets on its left as on its right."""
    return np.mean(y) if loss == "mse" else mode(y, loss)


@wrong
def middle_without_sorting(y, loss):
    """For "mae" you take the middle of the list as it comes. The median is the middle of the *sorted* targets."""
    return np.mean(y) if loss == "mse" else y[len(y) // 2]


@wrong(like=middle_without_sorting)
def two_in_the_middle_without_sorting(y, loss):
    n = len(y)
    return np.mean(y) if loss == "mse" else (y[(n - 1) // 2] + y[n // 2]) / 2


@wrong
def exchanged_without_sorting(y, loss):
    """Mean and median stand under each other's name. There is more: the median is the middle of the *sorted* targets; yours are not sorted."""
    return np.mean(y) if loss == "mae" else y[len(y) // 2]
