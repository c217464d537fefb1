"""The numbers of the chapter on the learning-rate finder. Statistical ones: ranges over seeds."""

from functools import cache

import numpy as np

from gdcourse import adam, descend, gd, lr_finder, momentum, problems
from gdcourse.network import Network, digits_network
from website.content.facts import fact, says

GRID = lr_finder.lr_grid(1e-4, 10, 100)


@cache
def network():
    return digits_network()


@cache
def curve(seed):
    """The range test of one seed: start and batches."""
    net, _ = network()
    with np.errstate(all="ignore"):
        return lr_finder.range_test(net.batch_loss_grad(64, seed), net.start(seed), GRID)


@cache
def trained(seed, lr, rule=gd):
    """Training loss and test accuracy after ten epochs."""
    net, (X, y) = network()
    steps = 10 * -(-len(net.y) // 64)
    with np.errstate(all="ignore"):
        w = descend(rule, net.batch_grad(64, seed), net.start(seed), steps, lr=lr)[-1]
        return net.loss(w), net.accuracy(w, X, y)


def loss_over_seeds(lr, seeds=range(4)):
    return np.array([trained(seed, lr)[0] for seed in seeds])


def standardised_diabetes():
    X, y = problems.diabetes()
    return problems.half_least_squares(problems.with_bias(problems.standardised(X)), (y - y.mean()) / y.std())


def lowest(net, size=64, rule=gd):
    """Where the smoothed loss is lowest, for four seeds."""
    found = []
    for seed in range(4):
        with np.errstate(all="ignore"):
            c = lr_finder.range_test(net.batch_loss_grad(size, seed), net.start(seed), GRID, rule)
        found.append(c.lrs[np.argmin(c.smoothed)])
    return np.array(found)


@fact(
    "F10.1",
    "Digits, 64 hidden units, batches of 64, 60 seeds: the smoothed loss of the range test is lowest at a rate between 0.6 and 2.2; a tenth of that is 0.06 to 0.2, a third 0.2 to 0.7.",
)
def where_the_curve_is_lowest():
    lowest = np.array([curve(seed).lrs[np.argmin(curve(seed).smoothed)] for seed in range(60)])
    says(0.6, "0.6")
    says(2.2, "2.2")
    assert 0.6 < lowest.min() < lowest.max() < 2.2
    assert 0.7 < lowest[:8].min() < lowest[:8].max() < 1.8  # near 1 in the eight of the page
    says(0.6 / 10, "0.06")
    says(2.2 / 10, "0.2")
    says(0.6 / 3, "0.2")
    says(2.2 / 3, "0.7")


@fact(
    "F10.2",
    "The sweep it replaces, ten epochs, seed 0: the training loss is above 2.2 at η = 0.001, near 1.6 at 0.01, near 0.26 at 0.1, below 0.15 from 0.3 to 1; at 0.01 between 0.25 and 0.45 of the test digits are wrong, seeds 0 to 3; 0.001 takes a hundred epochs to where 0.01 is after ten; at 2 and at 5 the loss is finite, near ln 10 = 2.303, and the test accuracy is at chance.",
)
def the_sweep():
    says(2.2, "2.2")
    assert trained(0, 0.001)[0] > 2.2
    says(1.6, "1.6")
    assert 1.5 < trained(0, 0.01)[0] < 1.75
    assert all(0.25 < 1 - trained(seed, 0.01)[1] < 0.45 for seed in range(4))  # about a third
    says(0.26, "0.26")
    assert 0.22 < trained(0, 0.1)[0] < 0.31
    says(0.15, "0.15")
    for lr in 0.3, 0.5, 1.0:
        loss, accuracy = trained(0, lr)
        assert loss < 0.15 and accuracy > 0.92
    net, _ = network()
    slowly = descend(gd, net.batch_grad(64, 0), net.start(0), 100 * -(-len(net.y) // 64), lr=0.001)[-1]
    assert abs(net.loss(slowly) - trained(0, 0.01)[0]) < 0.02
    says(0.01, "0.01")
    says(np.log(10), "2.303")
    for lr in 2.0, 5.0:
        loss, accuracy = trained(0, lr)
        assert np.isfinite(loss) and 2.2 < loss < 2.5 and accuracy < 0.25


def picks(rule, seeds):
    return np.array([lr_finder.suggest(curve(s).lrs, curve(s).smoothed, rule) for s in seeds])


@fact(
    "F10.3",
    'The rule "steepest" picks a rate between 0.2 and 0.8 in 7 of 8 runs and 0.0001 in one; of 60 runs 7 get a rate below 0.05.',
)
def the_steepest_slope_fails_at_times():
    steepest = picks("steepest", range(8))
    says(np.sum((0.2 < steepest) & (steepest < 0.8)), "7")
    says(steepest.min(), "0.0001")
    says(np.sum(picks("steepest", range(60)) < 0.05), "7")


@fact(
    "F10.4",
    "Mean training loss over seeds 0 to 3 after ten epochs: between 0.12 and 0.2 at η = 0.3, below 0.15 at 0.5 and 0.8; at 1.5, where the curve is lowest, at least 2 of 10 seeds end above 0.5.",
)
def over_seeds():
    says(0.12, "0.12")
    says(0.2, "0.2")
    assert 0.12 < loss_over_seeds(0.3).mean() < 0.2
    says(0.15, "0.15")
    assert loss_over_seeds(0.5).mean() < 0.15 and loss_over_seeds(0.8).mean() < 0.15
    lost = np.sum(~(loss_over_seeds(1.5, range(10)) < 0.5))
    says(10, "10")
    assert lost >= 2


@fact(
    "F10.5",
    "Standardised diabetes, whose edge 2/L is 0.497: with full batches the smoothed loss of the range test is lowest above 2, more than four times the edge; with batches of 64, over 8 draws, between 0.25 and 0.8. Up to the edge the rates of the test shrink the steepest error to 1.1 · 10⁻⁹.",
)
def where_it_turns_on_a_quadratic():
    fit = standardised_diabetes()
    grid = lr_finder.lr_grid(1e-3, 10, 80)
    says(2 / fit.L, "0.497")
    full = lr_finder.range_test(lambda w: (fit.loss(w), fit.grad(w)), np.zeros(11), grid)
    says(2, "2")
    assert full.lrs[np.argmin(full.smoothed)] > 2 > 4 * 2 / fit.L
    says(0.25, "0.25")
    says(0.8, "0.8")
    for seed in range(8):
        found = lr_finder.range_test(fit.batch_loss_grad(64, seed=seed), np.zeros(11), grid)
        assert 0.25 < found.lrs[np.argmin(found.smoothed)] < 0.8
    says(np.prod(np.abs(1 - grid[grid < 2 / fit.L] * fit.L)), "1.1e-9")


@fact("F10.6", "The range test takes at most 100 steps of one batch; the sweep over ten rates takes 2,300.")
def what_it_costs():
    net, _ = network()
    says(len(GRID), "100")
    says(10 * 10 * -(-len(net.y) // 64), "2,300")


@fact(
    "F10.7",
    "On the parabola with λ = 1, without noise, the loss of a range test falls up to η = 1.96 and rises from 2.21, the next rate of the grid: it turns at 2/λ = 2.",
)
def it_turns_at_the_edge_in_one_direction():
    for curvature in (1.0, 3.7):
        parabola = problems.quadratic(curvature)
        found = lr_finder.range_test(lambda w, p=parabola: (p.loss(w), p.grad(w)), 1.0, GRID)
        low = np.argmin(found.losses)
        assert found.lrs[low - 1] < 2 / curvature < found.lrs[low]
        if curvature == 1:
            says(found.lrs[low - 1], "1.96")
            says(found.lrs[low], "2.21")


@fact(
    "F10.8",
    "Where the curve of the digits is lowest, four seeds: batches of 16 between 0.6 and 1.7, of 256 between 1.1 and 1.7; 256 hidden units between 0.9 and 2; pixels 16 times larger between 0.08 and 0.2, and a first loss of 9 or more; momentum 0.9 between 0.4 and 1.2; Adam between 0.08 and 0.3. In the mean of the logarithms pixels and Adam move it by a factor between 6 and 12, the others by less than 2.5.",
)
def what_transfers():
    net, _ = network()
    changes = {
        (0.6, 1.7): lowest(net, size=16),
        (1.1, 1.7): lowest(net, size=256),
        (0.9, 2.0): lowest(digits_network(hidden=256)[0]),
        (0.08, 0.2): lowest(Network(net.X * 16, net.y)),
        (0.4, 1.2): lowest(net, rule=momentum),
        (0.08, 0.3): lowest(net, rule=adam),
    }
    for (low, high), found in changes.items():
        assert low < found.min() <= found.max() < high
    for number in 0.6, 1.7, 1.1, 0.08, 0.2, 0.4, 1.2, 0.3, 6, 12, 9:
        says(number, str(number))
    larger = Network(net.X * 16, net.y)
    assert all(larger.loss(larger.start(seed)) > 9 for seed in range(20))
    before = np.log(lowest(net)).mean()
    for bounds, found in changes.items():
        factor = np.exp(abs(before - np.log(found).mean()))
        assert 6 < factor < 12 if bounds in ((0.08, 0.2), (0.08, 0.3)) else factor < 2.5


@fact(
    "F10.9",
    "The edge 2/L of the diabetes table: 2.7 · 10⁻⁵ raw, 0.497 standardised. Adam on the digits, ten epochs, means of four seeds: loss between 0.3 and 0.4 at its default 0.001, below 0.05 at 0.03.",
)
def rates_have_units():
    X, y = problems.diabetes()
    says(2 / problems.half_least_squares(problems.with_bias(X), y).L, "2.7e-5")
    says(2 / standardised_diabetes().L, "0.497")
    at = {lr: np.mean([trained(seed, lr, adam)[0] for seed in range(4)]) for lr in (0.001, 0.03)}
    for number in 0.3, 0.4, 0.05:
        says(number, str(number))
    assert 0.3 < at[0.001] < 0.4 and at[0.03] < 0.05


@fact(
    "F10.10",
    "The share of hidden units that are silent for every training digit after ten epochs, seeds 0 to 2: at least 0.8 at η = 2, at least 0.9 at 5, fewer than 0.1 at η = 1.",
)
def dead_units():
    net, _ = network()

    def silent(lr, seed):
        with np.errstate(all="ignore"):
            w = descend(gd, net.batch_grad(64, seed), net.start(seed), 10 * -(-len(net.y) // 64), lr=lr)[-1]
            into, bias, *_ = net.parts(w)
            return np.mean((net.X @ into + bias <= 0).all(axis=0))

    says(0.1, "0.1")
    for seed in range(3):
        # at 2 the run amplifies the last bit: forty starts within 1e-15 of seed 1 give shares from 0.92 to 0.98
        assert silent(1.0, seed) < 0.1 and silent(2.0, seed) > 0.8 and silent(5.0, seed) > 0.9


@fact(
    "F10.13",
    'Trained for ten epochs with its own pick, 20 seeds: every run of "min/3" ends below 0.25, of "min/10" below 0.4, of "valley" below 0.7, and one of "steepest" above 2. Of the first eight seeds "min/3" has the lowest mean, about half of that of "min/10", and "valley" the highest of these three; seven of "steepest" are below 0.2.',
    patient=True,
)
def what_the_picks_are_worth():
    rules = "min/10", "min/3", "steepest", "valley"
    tenth, third, steepest, valley = (
        np.array([trained(seed, rate)[0] for seed, rate in enumerate(picks(rule, range(20)))]) for rule in rules
    )
    for worst, number in (third.max(), 0.25), (tenth.max(), 0.4), (valley.max(), 0.7), (2, steepest.max()):
        assert worst < number
    for number in 0.25, 0.4, 0.7, 2:
        says(number, str(number))
    assert 0.4 < third[:8].mean() / tenth[:8].mean() < 0.6 and tenth[:8].mean() < valley[:8].mean()
    assert np.sum(steepest[:8] < 0.2) == 7


def fastai_valley(lrs, losses):
    """The suggestion of fastai's code (callback/schedule.py): without the first tenth and the last five, the middle of the longest fall."""
    lrs, losses = lrs[len(GRID) // 10 : -5], losses[len(GRID) // 10 : -5]
    length, end, start = [1] * len(losses), 0, 0
    for i in range(1, len(losses)):
        for j in range(i):
            if losses[i] < losses[j] and length[i] < length[j] + 1:
                length[i] = length[j] + 1
            if length[end] < length[i]:
                end, start = i, i - length[i]
    third = (end - start) / 3
    return lrs[start + int(third) + int(third / 2)]


@fact(
    "F10.12",
    'Of 60 runs, "valley" (two thirds along the longest fall) picks between 0.03 and 0.15, and the code of fastai, the middle of the fall, between 0.03 and 0.12.',
)
def the_valley_is_timid():
    for number in 0.03, 0.15, 0.12:
        says(number, str(number))
    valley = picks("valley", range(60))
    theirs = np.array([fastai_valley(curve(s).lrs, curve(s).smoothed) for s in range(60)])
    assert 0.03 < valley.min() < valley.max() < 0.15
    assert 0.03 < theirs.min() < theirs.max() < 0.12
