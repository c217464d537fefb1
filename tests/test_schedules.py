"""Schedules at the steps where their value is known, and against PyTorch's schedulers."""

from itertools import islice

import numpy as np
import pytest

from gdcourse import descend, gd, iterates
from gdcourse.problems import parabola
from gdcourse.schedules import (
    constant,
    cosine,
    exponential,
    inverse_time,
    one_cycle,
    plateau,
    restarts,
    step,
    warmup_cosine,
    warmup_stable_decay,
)

AT = {  # schedule: {t: η}
    "constant": (constant(0.3), {0: 0.3, 7: 0.3}),
    "step": (step(0.8, drop=0.5, every=10), {0: 0.8, 9: 0.8, 10: 0.4, 19: 0.4, 20: 0.2, 35: 0.1}),
    "exponential": (exponential(0.8, k=np.log(2) / 10), {0: 0.8, 10: 0.4, 20: 0.2}),
    "inverse_time": (inverse_time(0.6, k=0.5), {0: 0.6, 1: 0.4, 2: 0.3, 10: 0.1}),
    "cosine": (cosine(0.8, steps=100, lr_min=0.2), {0: 0.8, 50: 0.5, 100: 0.2, 150: 0.2}),
    "warmup_cosine": (
        warmup_cosine(0.8, steps=110, warmup=10, lr_min=0.2),
        {0: 0.08, 4: 0.4, 9: 0.8, 10: 0.8, 60: 0.5, 110: 0.2, 200: 0.2},
    ),
    "restarts": (restarts(0.8, every=10, lr_min=0.2), {0: 0.8, 5: 0.5, 10: 0.8, 15: 0.5, 20: 0.8}),
    "one_cycle": (
        one_cycle(0.5, steps=110, rise=0.1),  # up for 10 steps, down for 99
        {0: 0.02, 5: 0.26, 10: 0.5, 109: 0.000002, 200: 0.000002},
    ),
    "warmup_stable_decay": (
        warmup_stable_decay(0.8, steps=100, warmup=10, decay=20),
        {0: 0.08, 4: 0.4, 9: 0.8, 10: 0.8, 79: 0.8, 80: 0.8, 90: 0.4, 99: 0.04, 100: 0.0, 150: 0.0},
    ),
}


@pytest.mark.parametrize("name", AT)
def test_values_by_hand(name):
    schedule, values = AT[name]
    assert [float(schedule(t)) for t in values] == pytest.approx(list(values.values()), rel=1e-12)
    at_once = schedule(np.array(list(values)))
    np.testing.assert_allclose(at_once, list(values.values()), rtol=1e-12)


def test_cosine_travels_half_of_what_a_constant_rate_does():
    rates = cosine(0.1, steps=1000)(np.arange(1001))
    assert rates.mean() == pytest.approx(0.05) and np.all(np.diff(rates) <= 0)


def test_a_sweep_of_schedules():
    rates = np.array([0.1, 0.4])
    path = descend(gd, parabola.grad, [10.0, 10.0], 5, lr=step(rates, every=2))
    np.testing.assert_allclose(path[:, 1], descend(gd, parabola.grad, 10.0, 5, lr=step(0.4, every=2)))


def test_the_path_takes_the_product_of_the_shrink_factors():
    path = descend(gd, parabola.grad, 10.0, 20, lr=cosine(0.3, steps=20))
    factors = 1 - 2 * cosine(0.3, steps=20)(np.arange(20))
    assert path[-1] - 3 == pytest.approx(7 * np.prod(factors))


def test_plateau_waits_then_drops_then_waits_anew():
    losses = [5.0, 4.0, 4.0, np.nan, 4.0, 4.0, 4.0, 4.0, 3.0]
    rate = plateau(1.0, losses, drop=0.5, patience=2)
    assert [rate(t) for t in range(9)] == [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25]


def test_plateau_reads_losses_as_they_come():
    losses, rates = [], []
    rate = plateau(1.0, losses, patience=1)

    def watched(t):
        rates.append(rate(t))
        return rates[-1]

    for w in islice(iterates(gd, parabola.grad, 10.0, lr=watched), 40):
        losses.append(parabola.loss(w))  # η = 1 bounces between 10 and −4 until the rate drops, then it arrives
    assert rates[:3] == [1, 1, 0.1] and losses[0] == losses[1] == losses[2]
    assert losses[-1] < 1e-3


def test_pytorch_agrees():
    torch = pytest.importorskip("torch")
    scheduler = torch.optim.lr_scheduler

    def rates(make, losses=None, steps=60):
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.7)
        theirs, seen = make(optimizer), []
        for t in range(steps):
            if losses is None:
                seen.append(optimizer.param_groups[0]["lr"])
                optimizer.step()
                theirs.step()
            else:
                optimizer.step()
                theirs.step(losses[t])
                seen.append(optimizer.param_groups[0]["lr"])
        return seen

    t = np.arange(60)
    np.testing.assert_allclose(step(0.7, 0.3, every=7)(t), rates(lambda o: scheduler.StepLR(o, 7, 0.3)), rtol=1e-12)
    np.testing.assert_allclose(
        exponential(0.7, 0.05)(t), rates(lambda o: scheduler.ExponentialLR(o, np.exp(-0.05))), rtol=1e-12
    )
    np.testing.assert_allclose(
        cosine(0.7, 60, 0.01)(t), rates(lambda o: scheduler.CosineAnnealingLR(o, 60, 0.01)), rtol=1e-9
    )
    np.testing.assert_allclose(
        restarts(0.7, 13, 0.01)(t),
        rates(lambda o: scheduler.CosineAnnealingWarmRestarts(o, 13, eta_min=0.01)),
        rtol=1e-9,
    )
    np.testing.assert_allclose(
        one_cycle(0.7, 60)(t), rates(lambda o: scheduler.OneCycleLR(o, 0.7, 60, cycle_momentum=False)), rtol=1e-9
    )
    losses = list(np.random.default_rng(0).normal(size=60).cumsum() + 30)
    ours = plateau(0.7, losses, drop=0.5, patience=4)
    theirs = rates(lambda o: scheduler.ReduceLROnPlateau(o, factor=0.5, patience=4), losses)
    np.testing.assert_allclose([ours(t) for t in range(60)], theirs, rtol=1e-12)
    assert len(set(theirs)) > 3  # it did drop, more than once


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: step(0.1, every=0),
        lambda: cosine(0.1, steps=0),
        lambda: warmup_cosine(0.1, 100, 0),
        lambda: warmup_cosine(0.1, 10, 10),
        lambda: restarts(0.1, every=0),
        lambda: warmup_stable_decay(0.1, 100, 10, 0),
        lambda: warmup_stable_decay(0.1, 100, 60, 50),
        lambda: one_cycle(0.1, 100, rise=0.0),
    ],
)
def test_nonsense_gets_a_sentence(attempt):
    with pytest.raises(ValueError, match=r"must be|must end before|must fit"):
        attempt()
