"""The numbers of the chapter on Adam and its family."""

import inspect

import numpy as np

from gdcourse import adagrad, adam, adamw, descend, gd, momentum, problems, rmsprop
from gdcourse.demos.break_adam import break_adam
from website.content.facts import fact, says


def given(slopes):
    """A gradient function that does not look where it is."""
    numbers = iter(slopes)
    return lambda w: next(numbers)


def walk(rule, slopes, **settings):
    """The path from 0 along given slopes, one for each step."""
    return descend(rule, given(slopes), np.zeros(np.shape(slopes)[1:]), len(slopes), **settings)


@fact(
    "F8.1",
    "First step of Adam over η, whatever the slope: 1.000; no correction 3.162; only m corrected 31.62; only v corrected 0.100; no correction but β₂ = 0.99, 1.000.",
)
def fingerprints():
    for scale in 1e-4, 1.0, 1e4:
        says(break_adam(scale=scale)["step"], "1.000")
        for m, v, step in (False, False, "3.162"), (True, False, "31.62"), (False, True, "0.100"):
            assert (
                abs(break_adam(correct_m=m, correct_v=v, scale=scale)["step"] / float(step) - 1) < 5e-3
            )  # ε is felt a little at 1e-4
    says(break_adam(correct_m=False, correct_v=False)["step"], "3.162")
    says(break_adam(correct_m=True, correct_v=False)["step"], "31.62")
    says(break_adam(correct_m=False, correct_v=True)["step"], "0.100")
    says(0.1 / np.sqrt(1 - 0.99), "1.000")
    says(0.99, "0.99")


@fact(
    "F8.2",
    "Without bias correction the step on a constant slope grows to 6.57 η at t = 12 and is still 1.26 η at t = 1,000.",
)
def uncorrected():
    sizes = break_adam(correct_m=False, correct_v=False)["sizes"]
    says(np.argmax(sizes) + 1, "12")
    says(sizes.max(), "6.57")
    says(sizes[999], "1.26")


@fact(
    "F8.3",
    "Steps in the long run, over η: pure noise rms 0.229 = √((1 − β₁)/(1 + β₁)); mean step q/√(1 + q²) at signal-to-noise q: 0.0995, 0.447, 0.707, 0.894 for 0.1, 0.5, 1, 2.",
)
def signal_and_noise():
    signal = np.array([0.0, 0.1, 0.5, 1.0, 2.0])[:, None]
    steps = -np.diff(walk(adam, signal + np.random.default_rng(1).normal(size=(8000, 5, 50)), lr=1.0), axis=0)[4000:]
    for q, mean, text in zip(signal[1:, 0], steps.mean(axis=(0, 2))[1:], ("0.0995", "0.447", "0.707", "0.894")):
        says(q / np.sqrt(1 + q**2), text)
        assert abs(mean - float(text)) < 0.01
    says(np.sqrt(0.1 / 1.9), "0.229")
    assert abs(np.sqrt(np.mean(steps[:, 0] ** 2)) - 0.229) < 0.003


@fact(
    "F8.4",
    "After a long silence one slope moves a weight by 3.162 η, a run of equal slopes by 6.569 η at the twelfth; the bound of any step is 7.27 η.",
)
def silence():
    quiet = np.zeros(20_000)
    says(-np.diff(walk(adam, [*quiet, 1.0, 0.0], lr=1.0)).min(), "3.162")
    run = -np.diff(walk(adam, [*quiet, *np.ones(30)], lr=1.0))[20_000:]
    says(run.max(), "6.569")
    assert np.argmax(run) + 1 == 12
    bound = 0.1 / np.sqrt(0.001) / np.sqrt(1 - 0.81 / 0.999)
    says(bound, "7.27")
    growing = (0.999 / 0.9) ** np.arange(200.0)  # Cauchy and Schwarz with equality; scaled so that ε is out of the way
    longest = -np.diff(walk(adam, [*quiet, *growing], lr=1.0)).min()
    assert 0.999 * bound < longest < bound


@fact(
    "F8.5",
    "Adam with L2 and no data: 100 steps of 0.001 lead from 1 to 0.9017 for δ = 0.1, 0.01 and 0.0001; AdamW to (1 − ηδ)¹⁰⁰ = 0.99005, 0.9990 and 0.99999.",
)
def decay_cancels():
    delta = np.array([0.1, 0.01, 0.0001])
    l2 = descend(adam, lambda w: delta * w, np.ones(3), 100, lr=1e-3)[-1]
    decay = descend(adamw, lambda w: 0 * w, np.ones(3), 100, lr=1e-3, weight_decay=delta)[-1]
    for end in l2[:2]:
        says(end, "0.9017")
    assert abs(l2[2] - 0.9017) < 1e-4  # ε = 1e-8 is felt beside slopes of 1e-4
    assert np.allclose(decay, (1 - 1e-3 * delta) ** 100)
    for end, text in zip(decay, ("0.99005", "0.9990", "0.99999")):
        says(end, text)


@fact(
    "F8.6",
    "Pure-noise slopes of size 0.01 and 10, δ = 0.1, 2,000 steps of 0.001, means over 100 weights: Adam with L2 leaves 0.02 and 0.98, AdamW 0.82 of both.",
)
def unequal_decay():
    noise = np.random.default_rng(0).normal(size=(2000, 200)) * np.repeat([0.01, 10.0], 100)
    pull = given(noise)
    l2 = descend(adam, lambda w: pull(w) + 0.1 * w, np.ones(200), 2000, lr=1e-3)[-1].reshape(2, 100).mean(axis=1)
    decay = descend(adamw, given(noise), np.ones(200), 2000, lr=1e-3, weight_decay=0.1)[-1].reshape(2, 100).mean(axis=1)
    says(l2[0], "0.02")
    says(l2[1], "0.98")
    for end in decay:
        says(end, "0.82")


@fact(
    "F8.7",
    "L2 and weight decay, δ = 0.5, on ½(w − 3)² at η = 0.1: the same path for plain gradient descent, to 2; with momentum 0.9 they end at 2 and at 2.857.",
)
def decay_and_momentum():
    def decayed(w, g, m=0.0, *, lr, beta):
        stepped, m = momentum(w, g, m, lr=lr, beta=beta)
        return stepped - lr * 0.5 * w, m

    ends = {}
    for beta in 0.0, 0.9:
        l2 = descend(momentum, lambda w: w - 3 + 0.5 * w, 0.0, 2000, lr=0.1, beta=beta)
        decay = descend(decayed, lambda w: w - 3, 0.0, 2000, lr=0.1, beta=beta)
        ends[beta] = l2[-1], decay[-1], np.abs(l2 - decay).max()
    assert ends[0.0][2] < 1e-12
    says(ends[0.9][0], "2")
    says(ends[0.9][1], "2.857")
    assert (
        abs(ends[0.9][1] - 3 / 1.05) < 1e-9
    )  # the memory makes the slope ten times as strong, and leaves the decay as it is


@fact(
    "F8.19",
    "A loss times 1,000 leaves Adam's path where it was, to eight digits.",
)
def scale():
    valley = problems.valley(100)
    path = descend(adam, valley.grad, valley.start, 200, lr=0.01)
    louder = descend(adam, lambda w: 1000 * valley.grad(w), valley.start, 200, lr=0.01)
    assert np.abs(path - louder).max() < 1e-8
    says(1000, "1,000")


@fact(
    "F8.11",
    "First steps on any slope: AdaGrad 1 η, RMSProp 3.16 η for β = 0.9 and 10 η for 0.99.",
)
def first_steps():
    for g in 0.01, 5.0:
        says(-descend(adagrad, lambda w, g=g: g, 0.0, 1, lr=1.0)[1], "1")
        says(-descend(rmsprop, lambda w, g=g: g, 0.0, 1, lr=1.0)[1], "3.16")
        says(-descend(rmsprop, lambda w, g=g: g, 0.0, 1, lr=1.0, beta=0.99)[1], "10")


@fact(
    "F8.12",
    "10,000 steps on the slope 1: gradient descent travels 10,000 η, AdaGrad 198.5 η, about 2η√T; a weight with a slope at every 100th step only: 100 η and 18.6 η, a ratio of 10.7 instead of 100.",
)
def adagrad_far():
    slopes = np.ones((10_000, 2))
    slopes[:, 1] = np.arange(1, 10_001) % 100 == 0
    common, rare = -walk(gd, slopes, lr=1)[-1]
    says(common, "10,000")
    says(rare, "100")
    common, rare = -walk(adagrad, slopes, lr=1)[-1]
    says(common, "198.5")
    says(rare, "18.6")
    says(common / rare, "10.7")
    assert abs(common / (2 * np.sqrt(10_000)) - 1) < 0.01


@fact("F8.13", "Adam's defaults are β₁ = 0.9, β₂ = 0.999 and ε = 10⁻⁸, exactly.")
def defaults():
    kept = {name: parameter.default for name, parameter in inspect.signature(adam).parameters.items()}
    says(kept["beta1"], "0.9")
    says(kept["beta2"], "0.999")
    says(kept["eps"], "1e-8")


@fact(
    "F8.14",
    "One Adam memory shared by two layers: after the slope 1 for the first, the first step of the second, on the slope −5, is 0.598 η.",
)
def shared_memory():
    path = walk(adam, [1.0, -5.0], lr=1.0)
    says(path[2] - path[1], "0.598")


@fact(
    "F8.15",
    "Logistic regression on breast cancer, 1,000 full-batch steps at the best of the rates …, 0.1, 0.3, 1, 3, …, each judged by the worst end from thirty starts within 10⁻¹⁴ of 0: raw 0.210, 0.184 and 0.079 for gradient descent, momentum and Adam; standardised 0.029, 0.026 and 0.027. At the next rate, 3, Adam's ends on the standardised table lie anywhere from 0.025 to above 0.03.",
    patient=True,
)
def real_columns():
    X, y = problems.breast_cancer()
    starts = 1e-15 * np.random.default_rng(0).normal(size=(31, 30))
    found = {"raw": (X, (gd, 3e-5, "0.210"), (momentum, 1e-4, "0.184"), (adam, 0.1, "0.079"))}
    found["standardised"] = problems.standardised(X), (gd, 30, "0.029"), (momentum, 10, "0.026"), (adam, 1, "0.027")
    says(1e-14, "1e-14")
    assert np.abs(starts).max() < 1e-14
    for table, *methods in found.values():
        fit = problems.logistic(problems.with_bias(table), y)

        def ends(rule, lr, start, fit=fit):
            return fit.loss(descend(rule, fit.grad, start, 1000, lr=lr)[-1])

        for rule, lr, loss in methods:
            alike = ends(rule, lr, starts)
            says(alike.min(), loss)
            says(alike.max(), loss)
            for other in lr / 3, 3 * lr:
                if (rule, lr, other) == (adam, 1, 3):  # a run that amplifies the last bit: one start says nothing
                    apart = ends(rule, other, starts)
                    says(apart.min(), "0.025")
                    says(0.03, "0.03")
                    assert apart.max() > 0.03
                else:
                    assert not ends(rule, other, starts[:, 0]) <= alike.max()  # nan is worse too


@fact(
    "F8.16",
    "Adam on ½w² with noise of size 1 on the slope: the loss hovers at 0.024 for η = 0.1 and at 0.0024 for 0.01.",
)
def noise_floor():
    for lr, floor in (0.1, "0.024"), (0.01, "0.0024"):
        shaken = given(np.random.default_rng(0).normal(size=(4000, 100)))
        path = descend(adam, lambda w, shaken=shaken: w + shaken(w), np.zeros(100), 4000, lr=lr)
        says(np.mean(path[2000:] ** 2) / 2, floor)


@fact(
    "F8.17",
    "Adam on ½w² from 1 at η = 0.1, no noise: the loss falls to 4e-300 at step 6,526, when η/√v̂ passes 2(1 + β₁)/(1 − β₁) = 38; after that it grows to 0.0040.",
)
def leap():
    w, m, v, losses, rates = 1.0, 0.0, 0.0, [0.5], [0.0]
    for t in range(8000):
        w, m, v, _ = adam(w, w, m, v, t, lr=0.1)
        losses.append(w * w / 2)
        rates.append(0.1 / np.sqrt(v / (1 - 0.999 ** (t + 1))))
    low = int(np.argmin(losses))
    says(low, "6,526")
    says(losses[low], "4e-300")
    says(max(losses[low:]), "0.0040")
    says(2 * 1.9 / 0.1, "38")
    assert abs(rates[low] / 38 - 1) < 0.02


@fact("F8.18", "For a slope equal to ε Adam's first step is half of η, for a hundredth of ε 0.0099 η.")
def epsilon():
    says(-walk(adam, [1e-8], lr=1.0)[-1], "0.5", quoted=False)
    says(-walk(adam, [1e-10], lr=1.0)[-1], "0.0099")
