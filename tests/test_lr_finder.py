"""The range test stops where it should, changes nothing, and its picks lie where they must."""

import numpy as np
import pytest

from gdcourse import momentum, problems
from gdcourse.lr_finder import lr_grid, range_test, smooth, suggest


def quadratic(curvature):
    return lambda w: (0.5 * np.sum(curvature * w * w), curvature * w)


def test_a_grid_multiplies():
    lrs = lr_grid(1e-4, 1.0, 9)
    assert lrs[0] == 1e-4 and lrs[-1] == 1.0 and len(lrs) == 9
    np.testing.assert_allclose(lrs[1:] / lrs[:-1], np.sqrt(10))


def test_smoothing_by_hand():
    # β = ½ of 4, 0, 2:  2/½,  1/¾,  1.5/⅞
    np.testing.assert_allclose(smooth([4.0, 0.0, 2.0], beta=0.5), [4, 4 / 3, 12 / 7])
    np.testing.assert_allclose(smooth(np.full(50, 3.0), beta=0.98), 3.0)
    assert smooth([1.0, 2.0], beta=0.0).tolist() == [1, 2] and smooth([]).size == 0


def test_smoothing_is_the_weighted_mean_of_what_came_before():
    losses = np.random.default_rng(0).normal(size=30)
    weights = 0.9 ** np.subtract.outer(np.arange(30), np.arange(30)).clip(0) * np.tri(30)
    np.testing.assert_allclose(smooth(losses), (weights @ losses) / weights.sum(axis=1))


def test_the_range_test_walks_once_through_the_rates():
    calls = []

    def loss_grad(w):
        calls.append(w.copy())
        return quadratic(1.0)(w)

    curve = range_test(loss_grad, [1.0], [0.1, 0.2, 0.3], stop=1e9)
    assert np.ravel(calls).tolist() == pytest.approx([1, 0.9, 0.72])  # 1·0.9, then 0.9·0.8: the rates follow each other
    np.testing.assert_allclose(curve.losses, np.square([1, 0.9, 0.72]) / 2)
    assert curve.lrs.tolist() == [0.1, 0.2, 0.3]
    np.testing.assert_allclose(curve.smoothed, smooth(curve.losses))


def test_on_a_quadratic_it_blows_up_past_two_over_L():
    curvature, start = np.array([1.0, 50.0]), np.array([1.0, 1.0])
    curve = range_test(quadratic(curvature), start, lr_grid(1.1e-4, 10, 400), smoothing=0.0)
    assert start.tolist() == [1, 1]
    assert np.all(np.diff(curve.losses[curve.lrs < 2 / 50]) < 0)
    assert 2 / 50 < curve.lrs[np.argmin(curve.losses)] < curve.lrs[-1] < 1  # it takes a few steps until the rise shows
    assert len(curve.lrs) < 400
    assert curve.losses[-1] > 4 * curve.losses.min() and np.all(
        curve.losses[:-1] <= 4 * np.minimum.accumulate(curve.losses[:-1])
    )


def test_nan_ends_it():
    def loss_grad(w):
        return (np.nan if w[0] < 0.5 else w[0]), np.ones(1)

    curve = range_test(loss_grad, [1.0], np.full(20, 0.2))
    assert np.isnan(curve.losses).tolist() == [False, False, False, True]  # 1, 0.8, 0.6, then nan and no more


def test_batches_and_other_rules():
    X = np.random.default_rng(0).normal(size=(100, 3))
    fit = problems.least_squares(X, X @ [1.0, 2.0, 3.0])
    plain = range_test(fit.batch_loss_grad(10, seed=0), fit.start, lr_grid(1e-4, 10, 50))
    again = range_test(fit.batch_loss_grad(10, seed=0), fit.start, lr_grid(1e-4, 10, 50))
    np.testing.assert_array_equal(plain.losses, again.losses)

    def heavy(beta):
        return range_test(fit.batch_loss_grad(10, seed=0), fit.start, lr_grid(1e-4, 10, 50), rule=momentum, beta=beta)

    np.testing.assert_allclose(heavy(0.0).losses, plain.losses)
    assert heavy(0.9).losses[20] < 0.9 * plain.losses[20]  # what is remembered adds up


@pytest.fixture
def curve():
    """Flat at 2, then down to 1 at a rate of 0.1, steepest at 0.01, then up."""
    lrs = lr_grid(1e-5, 1.0, 101)
    x = np.log10(lrs)
    return lrs, 2 - 1 / (1 + np.exp(-4 * (x + 2))) + 3 * np.clip(x + 1, 0, None) ** 2


def test_picks(curve):
    lrs, losses = curve
    lowest = lrs[np.argmin(losses)]
    assert 0.05 < lowest < 0.2
    assert suggest(lrs, losses) == suggest(lrs, losses, "min/10") == lowest / 10
    assert suggest(lrs, losses, "min/3") == lowest / 3
    assert suggest(lrs, losses, "steepest") == pytest.approx(0.01, rel=0.15)
    assert 0.001 < suggest(lrs, losses, "valley") < lowest
    assert all(isinstance(suggest(lrs, losses, rule), float) for rule in ("min/10", "min/3", "steepest", "valley"))


def test_steepest_means_per_factor_of_the_rate_and_not_after_the_minimum(curve):
    lrs, losses = curve
    fallen = losses.copy()
    fallen[-1] = 0.9 * losses[-2]  # a drop in the noise after the blow-up
    assert suggest(lrs, fallen, "steepest") == suggest(lrs, losses, "steepest")


def test_the_valley_is_the_longest_fall_with_its_bumps():
    losses = [5, 4, 4.5, 3, 3.2, 2, 1, 6]  # 5 4 3 2 1 falls from rate 0 to rate 6
    assert suggest(np.arange(1.0, 9.0), losses, "valley") == 5.0


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: lr_grid(1.0, 0.1),
        lambda: lr_grid(0.0, 0.1),
        lambda: lr_grid(n=1),
        lambda: suggest([1, 2, 3], [1, 2]),
        lambda: suggest([1, 2, 3], [3, 2, 1], "best"),
    ],
)
def test_nonsense_gets_a_sentence(attempt):
    with pytest.raises(ValueError, match=r"a grid needs|the same length|rule is"):
        attempt()
