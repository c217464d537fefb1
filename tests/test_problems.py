"""Every loss is what its formula says, and every slope and curvature is what finite differences of the loss say."""

import inspect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdcourse import problems
from gdcourse.problems import Fit, Problem

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(20, 3)), RNG.normal(size=20)

# one sample at least of whatever makes a problem; `test_no_factory_is_forgotten` sees to it
SAMPLES = {
    "quadratic": [problems.quadratic(1.5, centre=-2.0)],
    "diagonal": [problems.diagonal([1.0, 3.0, 10.0])],
    "valley": [problems.valley(), problems.valley(7)],
    "rotated": [problems.rotated([1.0, 50.0], 30), problems.rotated([2.0, 3.0], -120)],
    "huber": [problems.huber(), problems.huber(0.3)],
    "least_squares": [problems.least_squares(X, Y)],
    "half_least_squares": [problems.half_least_squares(X, Y)],
    "logistic": [problems.logistic(X, Y > 0), problems.logistic(3 * X, (Y > 0).astype(int))],
}
NOT_PROBLEMS = {
    "batches",
    "with_bias",
    "standardised",
    "whitened",
    "diabetes",
    "breast_cancer",
    "digits",
    "wine",
    "iris",
}
ALL = [value for value in vars(problems).values() if isinstance(value, (Problem, Fit))]
ALL += [problem for samples in SAMPLES.values() for problem in samples]


def named(problem):
    return problem.name


def points(problem):
    """Places to look at, away from the kinks of |w|, of Huber and of the joined parabolas."""
    rng, shape = np.random.default_rng(1), np.shape(problem.start)
    w = rng.uniform(-1.5, 1.5, size=(12, *shape)) * np.maximum(1.0, np.abs(problem.start))
    if problem.name.startswith(("|w|", "Huber", "three")):
        kinks = {"|": [0.0], "H": [-0.3, 0.3, -1.0, 1.0], "t": [1.0, 2.0]}[problem.name[0]]
        w = w[np.abs(w[:, None] - kinks).min(axis=1) > 0.01]
    return w


def differences(f, w, h=1e-5):
    """∂f/∂w by central differences; f may return an array, whose axes come first."""
    w = np.asarray(w, dtype=float)
    steps = h * np.eye(w.size).reshape(w.size, *w.shape)
    return np.stack([(f(w + e) - f(w - e)) / (2 * h) for e in steps], axis=-1).reshape((*np.shape(f(w)), *w.shape))


def test_no_factory_is_forgotten():
    made_here = {
        name for name, f in inspect.getmembers(problems, inspect.isfunction) if f.__module__ == problems.__name__
    }
    assert {name for name in made_here if not name.startswith("_")} == set(SAMPLES) | NOT_PROBLEMS


@pytest.mark.parametrize("problem", ALL, ids=named)
def test_slopes_and_curvatures_are_those_of_the_loss(problem):
    for w in points(problem):
        scale = 1 + np.abs(problem.grad(w)).max()
        np.testing.assert_allclose(problem.grad(w), differences(problem.loss, w), rtol=1e-6, atol=1e-7 * scale)
        if problem.hessian is not None:
            H = problem.hessian(w)
            assert np.shape(H) == 2 * np.shape(w)
            np.testing.assert_allclose(H, differences(problem.grad, w), rtol=1e-6, atol=1e-6 * scale)


@pytest.mark.parametrize("problem", ALL, ids=named)
def test_the_minimum_is_one(problem):
    if problem.w_star is None:
        return
    assert problem.loss(problem.w_star) == pytest.approx(problem.f_star, abs=1e-12)
    assert np.abs(problem.grad(problem.w_star)).max() < 1e-12
    assert all(problem.loss(w) > problem.f_star for w in points(problem))


@pytest.mark.parametrize("problem", ALL, ids=named)
def test_L_and_mu_are_the_largest_and_smallest_curvature(problem):
    if problem.L is None or problem.hessian is None:
        return
    hessians = [np.reshape(problem.hessian(w), (w.size, w.size)) for w in points(problem)]
    curvature = np.linalg.eigvalsh(hessians)
    assert curvature.max() <= problem.L * (1 + 1e-12)
    if problem.mu is not None:
        assert curvature.min() >= problem.mu * (1 - 1e-12)
        assert problem.kappa == (np.inf if problem.mu == 0 else pytest.approx(problem.L / problem.mu))


@pytest.mark.parametrize("problem", ALL, ids=named)
def test_runs_come_last(problem):
    w = points(problem)
    runs = np.moveaxis(w, 0, -1)
    np.testing.assert_allclose(problem.loss(runs), [problem.loss(one) for one in w], rtol=1e-12)
    np.testing.assert_allclose(
        problem.grad(runs), np.stack([problem.grad(one) for one in w], axis=-1), rtol=1e-12, atol=1e-14
    )


@pytest.mark.parametrize("problem", ALL, ids=named)
def test_a_start_cannot_be_written_to_nor_is_it_written_to(problem):
    assert np.isfinite(problem.loss(problem.start))
    if np.ndim(problem.start):
        with pytest.raises(ValueError, match="read-only"):
            problem.start[0] = 7.0
    w = np.array(problem.start, dtype=float) + 0.5
    before = w.copy()
    problem.loss(w), problem.grad(w), problem.hessian and problem.hessian(w)
    assert np.array_equal(w, before)


def test_the_cast_by_hand():
    assert problems.parabola.loss(10.0) == 49 and problems.parabola.grad(10.0) == 14
    assert problems.bowl.loss([3, 4]) == 41 and problems.bowl.grad([3, 4]).tolist() == [6, 16]
    assert problems.valley(100).loss(np.array([1.0, 1.0])) == 50.5
    assert problems.four_points.loss([0, 0]) == 15 and problems.four_points.grad([0, 0]).tolist() == [-5, -15]
    assert problems.four_points.w_star == pytest.approx([0, 2], abs=1e-15)
    assert problems.rosenbrock.loss([-1.2, 1]) == pytest.approx(24.2)
    assert problems.rastrigin.loss([1.0, 0.0]) == pytest.approx(1.0)
    assert problems.huber(2.0).loss(np.array([1.0, -3.0])).tolist() == [0.5, 4.0]
    assert problems.rotated([1, 9], 90).loss([1.0, 0.0]) == pytest.approx(4.5)
    assert problems.least_squares([[1.0], [2.0]], [1, 0]).loss([1.0]) == 2
    assert problems.half_least_squares([[1.0], [2.0]], [1, 0]).loss([1.0]) == 1
    assert problems.logistic([[1.0], [2.0]], [1, 0]).loss([0.0]) == pytest.approx(np.log(2))


def test_a_problem_prints_its_numbers_only():
    assert repr(problems.parabola) == "Problem(name='(w − 3)²', start=10.0, w_star=3.0, f_star=0.0, L=2.0, mu=2.0)"
    assert repr(problems.four_points) == "Fit(name='four points on a line, half the mean squared error')"


@given(st.floats(-1e300, 1e300), st.sampled_from([0, 1, True, False, 0.0, 1.0]))
def test_log_loss_neither_overflows_nor_loses_digits(score, label):
    one = problems.logistic([[1.0]], [label])
    wrong_by = -score if label else score  # the loss is log(1 + exp(wrong_by))
    expected = wrong_by if wrong_by > 40 else np.log1p(np.exp(wrong_by))
    assert one.loss([score]) == pytest.approx(expected, rel=1e-12)
    slope = 1.0 if wrong_by > 40 else np.exp(wrong_by) / (1 + np.exp(wrong_by))
    assert one.grad([score]) == pytest.approx([-slope if label else slope], rel=1e-11)
    assert 0 <= one.hessian([score])[0, 0] <= 0.25


# ---- data ------------------------------------------------------------------------------------------------------------


def test_row_gradients_average_to_the_gradient():
    for fit in (problems.least_squares(X, Y), problems.logistic(X, Y > 0)):
        w = np.array([0.3, -1.0, 2.0])
        assert fit.row_grads(w).shape == (20, 3)
        np.testing.assert_allclose(fit.row_grads(w).mean(axis=0), fit.grad(w), rtol=1e-12)


def seen(draw, size, calls, seed=0, n=10):
    """Which rows each call sees: with X = identity and y = 0 at w = 1, row i alone has a slope in coordinate i."""
    grad = problems.half_least_squares(np.eye(n), np.zeros(n)).batch_grad(size, seed, draw)
    return [np.flatnonzero(grad(np.ones(n))) for _ in range(calls)]


@pytest.mark.parametrize("draw", ["reshuffle", "once"])
def test_an_epoch_sees_every_row_once(draw):
    for epoch in range(3):
        batches = seen(draw, 4, 3 * (epoch + 1))[-3:]
        assert sorted(len(rows) for rows in batches) == [2, 4, 4]
        assert sorted(np.concatenate(batches)) == list(range(10))


def test_a_new_order_each_epoch():
    first, second = seen("reshuffle", 10, 2), seen("reshuffle", 5, 4)
    assert all(len(rows) == 10 for rows in first)
    assert {tuple(rows) for rows in second[:2]} != {tuple(rows) for rows in second[2:]}
    slices = seen("once", 2, 10)
    assert {tuple(rows) for rows in slices[:5]} == {tuple(rows) for rows in slices[5:]}
    assert [tuple(rows) for rows in slices[:5]] != [tuple(rows) for rows in slices[5:]]


@pytest.mark.parametrize("draw", ["reshuffle", "once", "replace"])
def test_a_seed_is_an_order(draw):
    def same(one, other):
        return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))

    assert same(seen(draw, 3, 8, seed=1), seen(draw, 3, 8, seed=1))
    assert not same(seen(draw, 3, 8, seed=1), seen(draw, 3, 8, seed=2))


@pytest.mark.parametrize("draw", ["reshuffle", "once", "replace"])
def test_a_batch_gradient_is_right_on_average(draw):
    fit, w = problems.least_squares(X, Y), np.array([0.5, -0.2, 1.0])
    grad = fit.batch_grad(5, seed=3, draw=draw)
    mean = np.mean([grad(w) for _ in range(4000)], axis=0)
    error = 6 * fit.row_grads(w).std(axis=0) / np.sqrt(5 * 4000)  # six standard errors, with replacement
    assert np.all(np.abs(mean - fit.grad(w)) < error)
    whole, loss_grad = fit.batch_grad(20, 0, "once"), fit.batch_loss_grad(20, 0, "once")
    np.testing.assert_allclose(whole(w), fit.grad(w), rtol=1e-12)
    np.testing.assert_allclose(loss_grad(w)[0], fit.loss(w), rtol=1e-12)
    np.testing.assert_allclose(whole(np.stack([w, 2 * w], axis=1))[:, 1], fit.grad(2 * w), rtol=1e-12)


def test_standardised_and_whitened():
    Z = problems.standardised(np.column_stack([X, np.full(20, 3.0)]))
    np.testing.assert_allclose(Z.mean(axis=0), 0, atol=1e-14)
    np.testing.assert_allclose(Z.std(axis=0), [1, 1, 1, 0], rtol=1e-12)
    np.testing.assert_allclose(problems.standardised(3 * X + 1, like=X), (3 * X + 1 - X.mean(axis=0)) / X.std(axis=0))
    W = problems.whitened(X * [1.0, 50.0, 0.01] + 7)
    np.testing.assert_allclose(W.T @ W / 20, np.eye(3), atol=1e-10)
    np.testing.assert_allclose(W.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(problems.whitened(X[:5], like=X), problems.whitened(X)[:5], rtol=1e-10)
    assert problems.least_squares(W, Y).kappa == pytest.approx(1)
    assert problems.with_bias([5.0, 6.0]).tolist() == [[1, 5], [1, 6]]


@pytest.mark.parametrize(
    ("load", "rows", "columns"),
    [("diabetes", 442, 10), ("breast_cancer", 569, 30), ("digits", 1797, 64), ("wine", 178, 13), ("iris", 150, 4)],
)
def test_the_tables_are_raw(load, rows, columns):
    pytest.importorskip("sklearn")
    X, y = getattr(problems, load)()
    assert X.shape == (rows, columns) and y.shape == (rows,)
    if load == "diabetes":
        assert X[:, 2].mean() == pytest.approx(26.3758, abs=5e-5)  # BMI in its own units


@pytest.mark.parametrize(
    ("attempt", "says"),
    [
        (lambda: problems.quadratic(0), "curvature and must be positive"),
        (lambda: problems.diagonal([1.0, -1.0]), "one positive number per coordinate"),
        (lambda: problems.diagonal(3.0), "one positive number per coordinate"),
        (lambda: problems.rotated([1, 2, 3], 45), "two positive numbers"),
        (lambda: problems.valley(0.5), "at least 1"),
        (lambda: problems.huber(-1), "must be positive"),
        (lambda: problems.bowl.grad(3.0), "2 coordinates"),
        (lambda: problems.bowl.loss([1.0, 2.0, 3.0]), "2 coordinates"),
        (lambda: problems.least_squares(X, Y).grad([1.0, 2.0]), "X has 3 columns"),
        (lambda: problems.logistic(X, Y > 0).loss(3.0), "X has 3 columns"),
        (lambda: problems.least_squares([1.0, 2.0], [1.0, 2.0]), "one row per example"),
        (lambda: problems.least_squares([[1.0], [2.0]], [1.0]), "one number per row"),
        (lambda: problems.least_squares([[1.0], [2.0]], [[1.0], [2.0]]), "one number per row"),
        (lambda: problems.least_squares(np.empty((0, 3)), []), "nothing to fit"),
        (lambda: problems.least_squares([[np.nan]], [1.0]), "nan or inf"),
        (lambda: problems.logistic([[1.0], [2.0]], [-1, 1]), "labels are 0 and 1"),
        (lambda: problems.least_squares(X, Y).batch_grad(0, seed=0), "between 1 and n = 20"),
        (lambda: problems.least_squares(X, Y).batch_grad(21, seed=0), "between 1 and n = 20"),
        (lambda: problems.least_squares(X, Y).batch_grad(5, seed=0, draw="shuffled"), "draw is"),
        (lambda: problems.whitened(np.column_stack([X, X[:, 0]])), "follow from the others"),
    ],
)
def test_nonsense_gets_a_sentence(attempt, says):
    with pytest.raises(ValueError, match=says):
        attempt()


def test_a_column_that_is_constant_but_for_rounding_is_constant():
    tenths = np.full((20, 1), 0.1)
    assert 0 < tenths.std() < 1e-16  # not exactly 0: to divide by it makes noise of rounding
    assert np.abs(problems.standardised(tenths)).max() < 1e-15
    far = 1.7e9 + np.arange(20.0)[:, None]  # seconds since 1970, one apart: a column like others
    assert np.isclose(problems.standardised(far).std(), 1)
