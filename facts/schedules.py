"""The numbers of the chapter on schedules and stopping. Statistical ones: ranges over 20 seeds or more."""

from functools import cache

import numpy as np

from gdcourse import adam, clipped, descend, gd, problems, schedules
from gdcourse.network import digits_network
from website.content.facts import fact, says

CURVATURE = np.array([1.0, 0.02])
SEEDS = range(20)


def parts(schedule, steps=2000):
    """The mean loss of the noisy valley from (10, 10), by direction: what is left of the distance, and the noise."""
    mean, var = np.full(2, 10.0), np.zeros(2)
    for t in range(steps):
        lr = schedule(t)
        mean, var = (1 - lr * CURVATURE) * mean, (1 - lr * CURVATURE) ** 2 * var + lr**2
    return 0.5 * CURVATURE * mean**2, 0.5 * CURVATURE * var


def travel(schedule, steps):
    return float(sum(schedule(t) for t in range(steps)))


@cache
def network():
    net, _ = digits_network()
    return net, 10 * -(-len(net.y) // 64)


@cache
def results(shape, peak, rule=gd, limit=np.inf, warmup=0):
    """For each seed: the training loss after ten epochs, the share of dead units after two epochs and after ten.

    shape: "constant" or "cosine". A hidden unit is dead when it gives 0 for every training row.
    """
    net, steps = network()
    if shape == "constant":
        lr = schedules.warmup_stable_decay(peak, 10**9, warmup, 1) if warmup else schedules.constant(peak)
    else:
        lr = schedules.warmup_cosine(peak, steps, warmup) if warmup else schedules.cosine(peak, steps)
    paths = (descend(rule, clipped(net.batch_grad(64, s), limit), net.start(s), steps, lr=lr) for s in SEEDS)

    def dead(w):
        into, bias, *_ = net.parts(w)
        return np.mean((net.X @ into + bias <= 0).all(axis=0))

    with np.errstate(all="ignore"):
        return np.transpose([(net.loss(path[-1]), dead(path[steps // 5]), dead(path[-1])) for path in paths])


def runs(*setting, **more):
    """The training loss after ten epochs, one for each seed."""
    return results(*setting, **more)[0]


@fact(
    "F11.1",
    "The staircase 0.1, times 0.1 every 100 steps, travels 11.11, however long it runs: on the curvature 0.02 it leaves 0.80 of the distance, so 5 becomes 4.00, where a constant 0.1 reaches 0.675 in the same 1,000 steps.",
)
def the_staircase_freezes():
    tutorial, flat = schedules.step(0.1, 0.1, 100), problems.quadratic(0.02)
    says(travel(tutorial, 1000), "11.11")
    says(np.exp(-0.02 * travel(tutorial, 1000)), "0.80")
    says(descend(gd, flat.grad, 5.0, 1000, lr=tutorial)[-1], "4.00")
    says(descend(gd, flat.grad, 5.0, 1000, lr=0.1)[-1], "0.675")
    assert abs(descend(gd, flat.grad, 5.0, 5000, lr=tutorial)[-1] - 4.003) < 0.001
    assert abs(descend(gd, problems.quadratic(2.0).grad, 5.0, 1000, lr=tutorial)[-1]) < 1e-3


@fact(
    "F11.2",
    "A cosine from 0.1 to 0 only falls; half-way it is 0.05, and so is its mean. Halving every 10 epochs is an exponential with k = ln 2 / 10 = 0.0693.",
)
def half_a_wave():
    rates = schedules.cosine(0.1, 2000)(np.arange(2001))
    assert np.all(np.diff(rates) <= 0) and np.isclose(rates.mean(), rates[1000])
    says(rates[1000], "0.05")
    says(np.log(2) / 10, "0.0693")
    assert np.isclose(schedules.exponential(1.0, np.log(2) / 10)(20), 0.25)


@fact(
    "F11.3",
    "Mean loss of the noisy valley with curvatures 1 and 0.02, from 10, after 2,000 steps, distance and noise: constant 0.1: 0.0003 and 0.051; constant 0.01: 0.45 and 0.004; cosine from 0.1: 0.018 and 0.013, together 0.031. After 1,500 steps: 0.054 at the constant 0.1, 0.037 with the cosine. The best constant rate, about 0.062, ends at 0.038.",
)
def two_wishes():
    large, small, falling = (
        parts(s) for s in (schedules.constant(0.1), schedules.constant(0.01), schedules.cosine(0.1, 2000))
    )
    assert large[0].sum() < 0.0004 and abs(small[1].sum() - 0.004) < 0.0005
    says(large[1].sum(), "0.051")
    says(small[0].sum(), "0.45")
    says(falling[0].sum(), "0.018")
    says(falling[1].sum(), "0.013")
    says(falling[0].sum() + falling[1].sum(), "0.031")
    says(sum(map(np.sum, parts(schedules.constant(0.1), 1500))), "0.054")
    says(sum(map(np.sum, parts(schedules.cosine(0.1, 2000), 1500))), "0.037")
    ends = {lr: sum(map(np.sum, parts(schedules.constant(lr)))) for lr in np.arange(0.002, 0.2, 0.002)}
    best = min(ends, key=ends.get)
    says(best, "0.062")
    says(ends[best], "0.038")


@fact(
    "F11.5",
    "Digits, ten epochs, 20 seeds: at the constant rate 1.5 at least 4 of 20 end above 0.5; with a cosine from 1.5 all are below 0.35. After two epochs between 40 and 65 % of the hidden units are dead, on average, in both.",
)
def a_cosine_keeps_them():
    says(4, "4")
    says(20, "20")
    says(0.5, "0.5")
    says(0.35, "0.35")
    assert np.sum(runs("constant", 1.5) > 0.5) >= 4 and runs("cosine", 1.5).max() < 0.35
    says(40, "40")
    says(0.65, "65%")
    for shape in "constant", "cosine":
        assert 0.40 < results(shape, 1.5)[1].mean() < 0.65


@fact(
    "F11.6",
    "Digits, ten epochs, 20 seeds: the constant rate 2 loses every run: at least eight in ten hidden units are dead at the end, and all losses are between 1.5 and 2.6; with the gradient clipped at the norm 1 all are below 0.6, and with a cosine as well below 0.1.",
    patient=True,
)
def clipping_saves_them():
    losses, _, dead = results("constant", 2.0)
    assert 1.5 < losses.min() and losses.max() < 2.6 and dead.min() > 0.8
    says(0.6, "0.6")
    says(0.1, "0.1")
    assert runs("constant", 2.0, limit=1.0).max() < 0.6 and runs("cosine", 2.0, limit=1.0).max() < 0.1


@fact(
    "F11.7",
    "Adam on the digits, cosine from 0.2, 20 seeds: without warm-up the loss of the training rows exceeds 4 in the first eight steps of every run, and 9 in at least three of the first five; 23 steps of warm-up make the median after ten epochs lower by a factor of five or more, and all runs end below 0.06.",
    patient=True,
)
def adam_wants_a_warm_up():
    cold, warm = runs("cosine", 0.2, rule=adam), runs("cosine", 0.2, rule=adam, warmup=23)
    says(0.06, "0.06")
    assert np.median(cold) > 5 * np.median(warm) and warm.max() < 0.06
    net, steps = network()
    says(4, "4")
    highest = []
    for seed in SEEDS:
        path = descend(adam, net.batch_grad(64, seed), net.start(seed), 8, lr=schedules.cosine(0.2, steps))
        highest.append(max(net.loss(w) for w in path))
    assert min(highest) > 4 and sum(loss > 9 for loss in highest[:5]) >= 3


@fact(
    "F11.8",
    "Gradient descent on the digits, ten epochs, 20 seeds: at the constant rate 1.5 at least 4 of 20 end above 0.5 without a warm-up and with one of 23 steps; with a cosine from 1.5 the median lies between 0.08 and 0.13 without a warm-up and with one.",
)
def plain_descent_does_not():
    says(0.08, "0.08")
    says(0.13, "0.13")
    says(4, "4")
    assert min(np.sum(runs("constant", 1.5, warmup=k) > 0.5) for k in (0, 23)) >= 4
    assert 0.08 < np.median(runs("cosine", 1.5)) < 0.13 and 0.08 < np.median(runs("cosine", 1.5, warmup=23)) < 0.13


@fact(
    "F11.9",
    "Digits at the constant rate 1, 20 seeds: the mean of the weights of the last two epochs has a lower loss than the last weights in at least 15 of 20 runs, on average lower by a quarter or more. The median of the last weights is between 0.04 and 0.13.",
)
def the_mean_is_calmer():
    net, steps = network()
    last, mean = [], []
    for seed in SEEDS:
        path = descend(gd, net.batch_grad(64, seed), net.start(seed), steps, lr=1.0)
        last.append(net.loss(path[-1]))
        mean.append(net.loss(path[-46:].mean(axis=0)))
    assert 46 == steps / 5
    says(15, "15")
    says(0.04, "0.04")
    says(0.13, "0.13")
    assert 0.04 < np.median(last) < 0.13
    assert np.sum(np.array(mean) < last) >= 15 and np.mean(mean) < 0.75 * np.mean(last)


def stops(rule, lr, unit=1.0):
    steep, w = problems.valley(100), np.array([1.0, 1.0])
    first = np.linalg.norm(steep.grad(w))
    for t in range(100_000):
        g = steep.grad(w)
        new = w - lr * g
        change = {
            "loss": unit * abs(steep.loss(w) - steep.loss(new)) / 1e-6,
            "weights": np.linalg.norm(new - w) / 1e-6,
            "gradient": np.linalg.norm(g) / first / 1e-4,
        }
        if change[rule] < 1:
            return t, steep.loss(w)
        w = new
    raise AssertionError("it does not stop")


@fact(
    "F11.10",
    "Where three rules stop on the valley with curvatures 1 and 100 when the rate falls from 0.01 to 0.0001: by the change of the loss (10⁻⁶) 100 times higher, by that of the weights (10⁻⁶) 10,000 times higher, by the relative gradient (10⁻⁴) at the same loss. With the loss counted in millions the first stops after one step; at the rate 10⁻⁹ the second stops after none.",
    patient=True,
)
def where_rules_stop():
    def ratio(rule):
        return stops(rule, 0.0001)[1] / stops(rule, 0.01)[1]

    assert 90 < ratio("loss") < 110 and 9_000 < ratio("weights") < 11_000 and 0.95 < ratio("gradient") < 1.05
    assert stops("loss", 0.01, unit=1e-6)[0] == 1 and stops("weights", 1e-9)[0] == 0


@fact(
    "F11.11",
    "Clipping (3, 4) to the norm 1 gives (0.6, 0.8), the same direction; by value it gives (1, 1), 8 degrees away.",
)
def the_direction_stays():
    g = np.array([3.0, 4.0])
    by_norm = clipped(lambda w: g, 1.0)(0)
    says(by_norm[0], "0.6")
    says(by_norm[1], "0.8")
    by_value = np.clip(g, -1, 1)
    assert by_value.tolist() == [1, 1]
    angle = np.degrees(np.arccos(g @ by_value / np.linalg.norm(g) / np.linalg.norm(by_value)))
    assert 8 < angle < 8.2


@fact(
    "F11.12",
    "0.1/(1 + 0.01 t) travels 30.5 in 2,000 steps; to travel 100 it needs about 2.2 million.",
)
def a_logarithm_is_slow():
    says(travel(schedules.inverse_time(0.1, 0.01), 2000), "30.5")
    # 10 ln(1 + 0.01 T) = 100; the sum differs from this integral by less than its first term, 0.1
    needed = (np.exp(10) - 1) / 0.01
    says(needed / 1e6, "2.2")
    rates = schedules.inverse_time(0.1, 0.01)(np.arange(int(needed)))
    assert abs(rates.sum() - 100) < 0.1


@fact(
    "F11.13",
    "The noise of the valley at the constant rate 0.1: 0.026 in the steep direction and 0.025 in the flat one. In the mean of the last 1,000 of 2,000 points, over 4,000 runs that start at the minimum, so that all of it is noise: 0.0005 and 0.014.",
)
def what_a_mean_can_do():
    rng, steps = np.random.default_rng(0), 2000
    a, w, mean = CURVATURE[:, None], np.zeros((2, 4000)), np.zeros((2, 4000))
    noise = parts(schedules.constant(0.1))[1]
    says(noise[0], "0.026")
    says(noise[1], "0.025")
    for t in range(steps):
        w = w - 0.1 * (a * w + rng.normal(size=w.shape))
        if t >= steps - 1000:
            mean += w / 1000
    left = (0.5 * a * mean**2).mean(axis=1)
    says(left[0], "0.0005")
    says(left[1], "0.014")


@fact(
    "F11.16",
    "Digits at the constant rate 2, clipped at the norm 1, 20 seeds: in each run more than half of the steps of the first two epochs are clipped, and of the eight epochs after them fewer than one in ten.",
)
def a_brake_then_a_guard():
    net, steps = network()

    def shares(seed):
        lengths, slopes = [], net.batch_grad(64, seed)

        def watched(w):
            g = slopes(w)
            lengths.append(np.linalg.norm(g))
            return g

        descend(gd, clipped(watched, 1.0), net.start(seed), steps, lr=2.0)
        long = np.array(lengths) > 1.0
        return long[:46].mean(), long[46:].mean()

    early, late = np.transpose([shares(seed) for seed in SEEDS])
    assert early.min() > 0.5 and late.max() < 0.1


@fact(
    "F11.17",
    "The first twelve gradients of the digits' network, batches of 64, 20 seeds: the longest is below 2 at the rate 0.1 and above 2.5 at the rate 2.",
)
def long_gradients_at_a_large_rate():
    net, _ = network()

    def longest(lr, seed):
        slopes = net.batch_grad(64, seed)
        path = descend(gd, net.batch_grad(64, seed), net.start(seed), 11, lr=lr)
        return max(np.linalg.norm(slopes(w)) for w in path)

    says(2, "2")
    says(2.5, "2.5")
    assert max(longest(0.1, seed) for seed in SEEDS) < 2 < 2.5 < min(longest(2.0, seed) for seed in SEEDS)


@fact(
    "F11.14",
    "The zoo on the noisy valley, all with the peak 0.1: exponential, step and 1/t end above 0.06, warm-up, stable, decay at 0.024, which is the lowest.",
)
def the_zoo():
    T, peak = 2000, 0.1
    zoo = {
        "constant": schedules.constant(peak),
        "step": schedules.step(peak, 0.1, 600),
        "exponential": schedules.exponential(peak, 0.002),
        "1/t": schedules.inverse_time(peak, 0.01),
        "cosine": schedules.cosine(peak, T),
        "restarts": schedules.restarts(peak, 500),
        "warm-up + cosine": schedules.warmup_cosine(peak, T, 200),
        "one cycle": schedules.one_cycle(peak, T),
        "warm-up, stable, decay": schedules.warmup_stable_decay(peak, T, 100, 400),
    }
    loss = {name: sum(map(np.sum, parts(schedule))) for name, schedule in zoo.items()}
    travels = {name: travel(schedule, T) for name, schedule in zoo.items()}
    least = sorted(travels, key=travels.get)[:3]
    assert set(least) == {"exponential", "step", "1/t"} == {name for name in loss if loss[name] > 0.06}
    says(0.06, "0.06")
    says(loss["warm-up, stable, decay"], "0.024")
    assert min(loss, key=loss.get) == "warm-up, stable, decay"
    # the column "total travel" of the table
    assert np.isclose(travels["constant"], peak * T)
    assert travels["step"] < peak * 600 / 0.9 and travels["exponential"] < peak / (1 - np.exp(-0.002))
    assert np.isclose(travels["1/t"], peak / 0.01 * np.log1p(0.01 * T), rtol=0.01)
    for name in "cosine", "restarts", "warm-up + cosine", "one cycle":
        assert np.isclose(travels[name], peak * T / 2, rtol=0.02), name
    assert np.isclose(travels["warm-up, stable, decay"], peak * (T - 50 - 200), rtol=0.002)


@fact(
    "F11.4",
    "Breast cancer, 300 training, 100 validation and 169 test rows, over 20 splits and 10,000 steps at 1/L, looked at every 50: the validation loss is lowest between step 150 and beyond 1,000, and in three splits still falling at the end; mean test loss 0.10 at the chosen steps and 0.18 at the end; the choice is better in at least 14 splits and worse in at most 3. In the split of the page, seed 1, the validation loss is lowest at step 600 and the test loss at 250.",
    patient=True,
)
def stopping_early():
    X, y = problems.breast_cancer()
    at, chosen, end, seen = [], [], [], np.arange(0, 10_001, 50)
    for seed in SEEDS:
        rows = np.random.default_rng(seed).permutation(len(y))
        train, val, test = (
            problems.logistic(problems.with_bias(problems.standardised(X[k], like=X[rows[:300]])), y[k])
            for k in np.split(rows, [300, 400])
        )
        path = descend(gd, train.grad, np.zeros(31), 10_000, lr=1 / train.L)[seen]
        best = int(np.argmin([val.loss(w) for w in path]))
        at.append(seen[best])
        chosen.append(test.loss(path[best]))
        end.append(test.loss(path[-1]))
        if seed == 1:
            says(seen[best], "600")
            says(seen[np.argmin([test.loss(w) for w in path])], "250")
    at, chosen, end = map(np.array, (at, chosen, end))
    says(at.min(), "150")
    assert np.sum((at > 1000) & (at < 10_000)) >= 1 and np.sum(at == 10_000) == 3
    says(chosen.mean(), "0.10")
    says(end.mean(), "0.18")
    says(14, "14")
    says(3, "3")
    assert np.sum(chosen < end) >= 14 and np.sum(chosen > end) <= 3


@fact(
    "F11.15",
    "Sixty rows, fifty columns, noise 0.5, 40 draws: the best step of the descent predicts as well as the best ridge penalty, within 10 per cent; the end of 20,000 steps is worse than the best step by a factor between 1.5 and 7.",
)
def like_a_penalty():
    steps, penalties = np.unique(np.geomspace(1, 20_000, 400).astype(int)), np.geomspace(1e-4, 10, 400)
    for seed in range(40):
        rng = np.random.default_rng(seed)
        w, X = rng.normal(size=50) / np.sqrt(50), rng.normal(size=(60, 50))
        y, new = X @ w + 0.5 * rng.normal(size=60), rng.normal(size=(2000, 50))
        truth = new @ w + 0.5 * rng.normal(size=2000)
        curvature, axes = np.linalg.eigh(X.T @ X / 60)
        pull, a = (axes.T @ (X.T @ y / 60))[:, None], curvature[:, None]
        # from 0, each axis by itself: a closed form for the descent and for ridge
        descents, ridges = axes @ ((1 - (1 - a / curvature[-1]) ** steps) / a * pull), axes @ (pull / (a + penalties))
        error = [((new @ W - truth[:, None]) ** 2).mean(axis=0) for W in (descents, ridges)]
        assert 0.9 < error[0].min() / error[1].min() < 1.1
        assert 1.5 < error[0][-1] / error[0].min() < 7
    says(10, "10")
    says(1.5, "1.5")
    says(7, "7")
