"""The numbers of the chapter beyond Adam. Statistical ones: ranges over 20 seeds or more."""

from functools import cache
from math import erf, sqrt

import numpy as np

from gdcourse import adadelta, adam, amsgrad, descend, gd, momentum, muon, newton_schulz, problems
from gdcourse.demos.break_adam import break_adam
from gdcourse.network import digits_network
from website.content.facts import fact, says

SEEDS = range(20)
G = np.array([[3.0, 0.0], [4.0, 5.0]])
CUBIC = (1.5, -0.5, 0.0)


@fact(
    "F14.1",
    "The matrix [[3, 0], [4, 5]] has the singular values 6.71 and 2.24. Along a step of length 1 the loss falls by at most 7.07 in the norm of the whole matrix, 12 in the largest entry, and 8.94 in the spectral norm.",
)
def three_norms_of_a_matrix():
    U, singular, Vt = np.linalg.svd(G)
    says(singular[0], "6.71")
    says(singular[1], "2.24")
    says(np.linalg.norm(G), "7.07")
    says(np.abs(G).sum(), "12")
    says(np.sum(G * (U @ Vt)), "8.94")
    assert np.isclose(singular.sum(), np.sum(G * (U @ Vt)))
    rng = np.random.default_rng(0)
    steps = rng.normal(size=(2000, 2, 2))
    assert max(np.sum(G * S) / np.linalg.norm(S, 2) for S in steps) <= singular.sum() + 1e-9


@fact(
    "F14.2",
    "One gradient that is 0.1 plus noise of spread 1 has the right sign 54% of the time; in the long run Lion's mixture has it 80%, and its memory alone 92%. When the slope turns round, they are right 37% and 22% of the time after 25 steps, and half of the time after 59 and 69 steps.",
)
def signs_of_noise():
    def right(q):
        return 0.5 * (1 + erf(q / sqrt(2)))

    spread = sqrt(0.9**2 * 0.01 / 1.99 + 0.1**2)  # of 0.9 m + 0.1 g, where m forgets with 0.99
    says(right(0.1), "54%")
    says(right(0.1 / spread), "80%")
    alone = sqrt(0.01 / 1.99)  # the spread of m
    says(right(0.1 / alone), "92%")

    def after(k):  # the means of mixture and memory, k steps after the slope turned round, seen along the new slope
        mean = 0.1 * (1 - 2 * 0.99**k)
        return 0.9 * mean + 0.1 * 0.1, mean

    says(right(after(25)[0] / spread), "37%")
    says(right(after(25)[1] / alone), "22%")
    for which, text in ((0, "59"), (1, "69")):
        says(next(k for k in range(100) if after(k)[which] > 0), text)
    rng, m, found = np.random.default_rng(0), np.zeros(2000), []
    for t in range(1500):
        g = 0.1 + rng.normal(size=2000)
        if t >= 1000:
            found.append(np.mean(0.9 * m + 0.1 * g > 0))
        m = 0.99 * m + 0.01 * g
    assert abs(np.mean(found) - right(0.1 / spread)) < 0.01


@fact(
    "F14.3",
    "Newton–Schulz on [[3, 0], [4, 5]], whose singular values are 0.949 and 0.316 after the division: the cubic polynomial makes 1.000 and 0.997 of them in five steps.",
)
def cubic():
    first = G / np.linalg.norm(G)
    for value, text in zip(np.linalg.svd(first)[1], ("0.949", "0.316")):
        says(value, text)
    for value, text in zip(np.linalg.svd(newton_schulz(G, 5, CUBIC))[1], ("1.000", "0.997")):
        says(value, text)


@fact(
    "F14.4",
    "A singular value of 0.01 needs 11 cubic steps to come above 0.68, and 4 steps of Jordan's polynomial; five of these lead everything from 0.01 to 1 to between 0.68 and 1.14.",
)
def how_many_steps():
    def steps(a, b, c):
        s, k = 0.01, 0
        while s < 0.68:
            s, k = a * s + b * s**3 + c * s**5, k + 1
        return k

    says(steps(*CUBIC), "11")
    says(steps(3.4445, -4.775, 2.0315), "4")
    s = np.geomspace(0.01, 1, 100_001)
    for _ in range(5):
        s = 3.4445 * s - 4.775 * s**3 + 2.0315 * s**5
    assert 0.68 < s.min() < 0.69
    says(0.68, "0.68")
    assert 1.13 < s.max() < 1.14
    says(1.14, "1.14")


@fact(
    "F14.5",
    "A valley of 6 by 6 weights with curvatures from 1 to 10,000, η = 0.03, 100 steps from 1, along the axes and with inputs and outputs turned: Adam's turned path, turned back, is up to 1.67 away from the other one; Muon's two paths agree to nine decimals.",
)
def turned_matrix():
    curvature = np.outer(np.geomspace(1, 100, 6), np.geomspace(1, 100, 6))
    rng = np.random.default_rng(0)
    Q, R = (np.linalg.qr(rng.normal(size=(6, 6)))[0] for _ in range(2))

    def apart(rule):
        plain = descend(rule, lambda W: curvature * W, np.ones((6, 6)), 100, lr=0.03)
        turned = descend(rule, lambda W: Q @ (curvature * (Q.T @ W @ R)) @ R.T, Q @ np.ones((6, 6)) @ R.T, 100, lr=0.03)
        return np.abs(Q.T @ turned @ R - plain).max()

    says(apart(adam), "1.67")
    assert apart(muon) < 1e-9
    says(1e4, "10,000", quoted=False)


@fact(
    "F14.6",
    "Memory of Shampoo in the digits network: for the 64 × 64 weights of the first layer 2 · 64² = 8,192 numbers, 2 for each weight, as many as Adam keeps; for the 64 × 10 weights of the last one 64² + 10² = 4,196, 6.6 for each.",
)
def memory():
    says(2 * 64**2, "8,192")
    says(2 * 64**2 / 64**2, "2")
    says((64**2 + 10**2) / 640, "6.6")


def first_gradient(net, seed):
    """The first gradient of the first layer's weights."""
    return net.parts(net.batch_grad(64, seed)(net.start(seed)))[0]


@fact(
    "F14.11",
    "The first gradient of the digits network's first layer, 20 seeds: one of its 64 directions holds more than half of its squared length, and five hold more than nine tenths.",
)
def few_directions():
    net, _ = network()
    for seed in SEEDS:
        share = np.linalg.svd(first_gradient(net, seed))[1] ** 2
        assert share[0] > 0.5 * share.sum() and share[:5].sum() > 0.9 * share.sum()
    says(64, "64", quoted=False)


@fact(
    "F14.13",
    "The same gradients after Newton–Schulz: between 30 and 50 of the 64 singular values are between 0.6 and 1.25, and the others began below two thousandths of the length.",
)
def many_directions():
    net, _ = network()
    for seed in SEEDS:
        gradient = first_gradient(net, seed)
        before = np.linalg.svd(gradient)[1] / np.linalg.norm(gradient)
        after = np.linalg.svd(newton_schulz(gradient))[1]
        strong = after > 0.6
        assert 30 < strong.sum() < 50 and after.max() < 1.25 and before[~strong].max() < 0.002
    for text in ("30", "50", "0.6", "1.25"):
        says(float(text), text)


# ---- the race on the digits ------------------------------------------------------------------------------------------

RATES = {"momentum": (0.03, 0.1, 0.3, 1.0), "adam": (0.003, 0.01, 0.03, 0.1), "muon": (0.01, 0.03, 0.1, 0.3)}


@cache
def network():
    return digits_network()


def by_layer(w, g, memory=None, *, lr):
    """Muon for the matrices of the digits network, Adam for its biases."""
    net, _ = network()
    new, kept = [], []
    for W, G, m in zip(net.parts(w), net.parts(g), memory or [()] * 4):
        W, *m = (muon if W.ndim == 2 else adam)(W, G, *m, lr=lr)
        new.append(W.ravel())
        kept.append(m)
    return np.concatenate(new), kept


@cache
def race(name, lr):
    """The training loss and the test error after 3 epochs of batches of 64, one for each seed."""
    net, (X, y) = network()
    rule, steps = {"momentum": momentum, "adam": adam, "muon": by_layer}[name], 3 * 23
    with np.errstate(all="ignore"):
        ends = [descend(rule, net.batch_grad(64, s), net.start(s), steps, lr=lr)[-1] for s in SEEDS]
        return np.array([net.loss(w) for w in ends]), np.array([1 - net.accuracy(w, X, y) for w in ends])


def tuned(name):
    """The rate with the lowest mean training loss."""
    return min(RATES[name], key=lambda lr: race(name, lr)[0].mean())


@fact(
    "F14.7",
    "Digits network, 3 epochs, 20 seeds, mean training loss: Adam at its default rate 0.001 ends above 1.2, Muon at 0.1 below 0.11, less than a tenth of it.",
)
def unfair():
    default, best = race("adam", 0.001)[0], race("muon", 0.1)[0]
    assert default.mean() > 1.2 and best.mean() < 0.11 and default.mean() / best.mean() > 10
    says(0.001, "0.001")
    says(1.2, "1.2")
    says(0.11, "0.11")


@fact(
    "F14.8",
    "The same with each at the best of four rates: momentum at 0.1 or 0.3 between 0.12 and 0.16, Adam at 0.03 between 0.09 and 0.12, Muon at 0.1 between 0.07 and 0.11; the standard deviation of single runs is between 0.01 and 0.09.",
    patient=True,
)
def fair():
    assert tuned("momentum") in (0.1, 0.3) and tuned("adam") == 0.03 and tuned("muon") == 0.1
    for name, low, high in (("momentum", 0.12, 0.16), ("adam", 0.09, 0.12), ("muon", 0.07, 0.11)):
        runs = race(name, tuned(name))[0]
        assert low < runs.mean() < high, (name, runs.mean())
        assert 0.01 < runs.std(ddof=1) < 0.09
        says(low, str(low))
        says(high, str(high))


@fact(
    "F14.9",
    "Of the 20 seeds of that comparison Adam is ahead of Muon on 3 to 8, though its mean is higher. The difference of the means is between 2 and 2.6 times its standard error, and seed by seed between 2.5 and 3.1 times. On the test rows both err on 3 to 5% on average, and the two differ by less than one row in a hundred.",
    patient=True,
)
def one_seed_proves_nothing():
    (adam_loss, adam_error), (muon_loss, muon_error) = race("adam", tuned("adam")), race("muon", tuned("muon"))
    ahead = int(np.sum(adam_loss < muon_loss))
    assert 3 <= ahead <= 8, ahead
    apart, k = adam_loss - muon_loss, len(SEEDS)
    error = np.sqrt((adam_loss.var(ddof=1) + muon_loss.var(ddof=1)) / k)
    assert 2 < apart.mean() / error < 2.6  # the page says: a little more than twice
    assert 2.5 < apart.mean() / (apart.std(ddof=1) / np.sqrt(k)) < 3.1  # and nearly three, seed by seed
    for error in (adam_error, muon_error):
        assert 0.03 < error.mean() < 0.05, error.mean()
    assert abs(adam_error.mean() - muon_error.mean()) < 0.01
    for value, text in ((3, "3"), (8, "8"), (0.03, "3%"), (0.05, "5%")):
        says(value, text)


# ---- where Adam breaks -----------------------------------------------------------------------------------------------

LONG = [1010.0] + [-10.0] * 100  # one cycle of the long trap


def given(slopes):
    """A gradient function that does not look where it is."""
    numbers = iter(slopes)
    return lambda w: next(numbers)


def kept_inside(rule):
    """The rule, pushed back into −1 … 1 after each step."""

    def inside(w, g, *memory, **settings):
        w, *memory = rule(w, g, *memory, **settings)
        return np.clip(w, -1, 1), *memory

    return inside


def pushes(beta2):
    """In the long run: √v after each slope of a cycle of the long trap, and the parts of Adam's steps, in units of η,
    that come from the large slope and from the small ones."""
    large, small, roots, m_large, m_small, v = [], [], [], 0.0, 0.0, 0.0
    for g in LONG * round(0.1 / (1 - beta2)):  # ten times as long as v remembers
        m_large, m_small = 0.9 * m_large + 0.1 * max(g, 0), 0.9 * m_small + 0.1 * min(g, 0)
        v = beta2 * v + (1 - beta2) * g * g
        roots.append(sqrt(v))
        large.append(m_large / roots[-1])
        small.append(-m_small / roots[-1])
    return roots[-101:], large[-101:], small[-101:]


def in_trap(rule, cycle, steps, lr, **betas):
    slopes = np.resize(cycle, steps)
    assert np.mean(cycle) > 0
    return descend(kept_inside(rule), given(slopes), 0.0, steps, lr=lambda t: lr / np.sqrt(t + 1), **betas)


@fact(
    "F8.8",
    "Slopes 3, −1, −1 repeating on [−1, 1], rate 0.1/√t: with β₁ = 0, β₂ = 0.1 Adam ends at +1 and AMSGrad at −1; with 0.9 and 0.999 Adam finds −1.",
)
def short_trap():
    short = {"beta1": 0.0, "beta2": 0.1}
    end = {rule: in_trap(rule, [3.0, -1.0, -1.0], 3000, 0.1, **short)[-30:] for rule in (adam, amsgrad)}
    says(np.mean(end[adam]), "1")
    says(np.mean(end[amsgrad]), "-1")
    assert np.ptp(end[adam]) < 0.01 and np.ptp(end[amsgrad]) < 0.01
    says(np.mean(in_trap(adam, [3.0, -1.0, -1.0], 3000, 0.1)[-30:]), "-1")


@fact(
    "F8.9",
    "Slope 1,010 at every 101st step, else −10 (average +0.099), β₂ = 0.99, rate 0.5/√t, 30,300 steps from 0: Adam ends at +1, AMSGrad at −0.962. In the long run Adam's steps on the large slope add up to 8.3 η a cycle, those on the small ones to 10.2 η the other way.",
)
def long_trap():
    says(np.mean(LONG), "0.099")
    paths = {rule: in_trap(rule, LONG, 30_300, 0.5, beta2=0.99) for rule in (adam, amsgrad)}
    says(paths[adam][-1], "1")
    assert paths[adam][13_000:].min() > 0.9
    says(paths[amsgrad][-1], "-0.962")
    assert in_trap(adam, np.roll(LONG, -1), 30_300, 0.5, beta2=0.99)[-1] > 0.99  # wherever the cycle starts
    roots, large, small = pushes(0.99)
    says(sum(large), "8.3")
    says(sum(small), "10.2")
    for value, text in (roots[0], "127"), (roots[-1], "77"), (small[0], "0.07"), (small[-1], "0.13"):
        says(value, text, quoted=False)  # on the page of solutions


@fact(
    "F14.12",
    "The slope 1,010 at random steps, one in 101 on average, else −10, with the same rate and β₂: Adam ends above 0.8 for each of 20 seeds. With the regular slopes and β₂ = 0.999 it is at −0.55 after 30,300 steps, and in the long run the wrong push is the larger one, 9.91 η to 9.80 η a cycle; with 0.9999 the right one is, 9.98 η to 9.90 η.",
)
def trap_at_random():
    # all seeds at once: w has one entry for each
    rng = np.random.default_rng(0)
    slopes = np.where(rng.random((30_300, len(SEEDS))) < 1 / 101, 1010.0, -10.0)
    rate = {"lr": lambda t: 0.5 / np.sqrt(t + 1)}
    ends = descend(kept_inside(adam), given(slopes), np.zeros(len(SEEDS)), 30_300, beta2=0.99, **rate)[-1]
    says(0.8, "0.8")
    assert ends.min() > 0.8 and (slopes.mean(axis=0) > 0).sum() > 5  # for many of them −1 is the better end
    walk = in_trap(adam, LONG, 30_300, 0.5, beta2=0.999)
    says(walk[-1], "-0.55")
    assert walk[5_050] < walk[15_150] < walk[-1]  # it creeps up
    for beta2, down, up in (0.999, "9.80", "9.91"), (0.9999, "9.98", "9.90"):
        _, large, small = pushes(beta2)
        says(sum(large), down)
        says(sum(small), up)


@fact(
    "F8.10",
    "A turn of the valley: κ = 10⁴, η = 0.1, Adam is below 10⁻⁴ first at step 82 along the axes, 821 at 1°, 4,805 at 45°, and there still at step 1,774 at η = 1. Gradient descent does not notice the turn.",
)
def turn():
    plain = []
    for angle, needed in (0, "82"), (1, "821"), (45, "4,805"):
        turned = problems.rotated([1.0, 1e4], angle)
        losses = turned.loss(descend(adam, turned.grad, turned.start, 5000, lr=0.1).T)
        says(np.argmax(losses < 1e-4), needed)
        plain.append(turned.loss(descend(gd, turned.grad, turned.start, 2000, lr=1e-4).T))
    fast = turned.loss(descend(adam, turned.grad, turned.start, 2000, lr=1.0).T)
    says(np.argmax(fast < 1e-4), "1,774")
    assert np.allclose(plain[0], plain[1], rtol=1e-6) and np.allclose(plain[0], plain[2], rtol=1e-6)
    assert break_adam("valley", angle=45.0)["needed"] == np.inf


@fact(
    "F14.10",
    "AdaDelta on the slope 1: the first step is 0.00447 for ε = 10⁻⁶ and 0.000447 for 10⁻⁸; after 1,000 steps it has gone 6.80 and 0.68.",
)
def hidden_rate():
    for eps, first, last in (1e-6, "0.00447", "6.80"), (1e-8, "0.000447", "0.68"):
        path = -descend(adadelta, lambda w: 1.0, 0.0, 1000, eps=eps)
        says(path[1], first)
        says(path[-1], last)
        assert abs(path[1] / np.sqrt(eps / 0.05) - 1) < 1e-3
