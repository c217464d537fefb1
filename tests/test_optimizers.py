"""Every rule against something that does not share its code: a step by hand, a closed form, PyTorch."""

import inspect
from itertools import islice
from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdcourse import (
    adadelta,
    adagrad,
    adam,
    adamw,
    amsgrad,
    best_heavy_ball,
    clipped,
    descend,
    gd,
    iterates,
    lion,
    lookahead,
    momentum,
    muon,
    nesterov,
    newton_schulz,
    optimizers,
    rmsprop,
)
from gdcourse.problems import bowl, diagonal, parabola, rosenbrock, valley

RULES = [
    gd,
    momentum,
    nesterov,
    adagrad,
    rmsprop,
    adadelta,
    adam,
    adamw,
    amsgrad,
    lion,
]  # muon: a part of its own, below
MACHINERY = {"best_heavy_ball", "iterates", "descend", "lookahead", "clipped", "muon", "newton_schulz"}


def given_slopes(*slopes):
    """A gradient that does not look at w: the slopes are written down beforehand."""
    slopes = iter(slopes)
    return lambda w: np.full_like(w, next(slopes))


def test_no_rule_is_forgotten():
    public = {
        name for name, f in inspect.getmembers(optimizers, inspect.isfunction) if f.__module__ == optimizers.__name__
    }
    listed = {rule.__name__ for rule in RULES} | MACHINERY
    assert {name for name in public if not name.startswith("_")} == set(optimizers.__all__) == listed


# ---- two steps by hand: from w = 1 at rate 0.1, with slopes and settings whose roots come out even -------------------

BY_HAND = [
    # g = 2: 1 − 0.1·2;  g = 1: 0.8 − 0.1·1
    (gd, (2, 1), {}, (0.8, 0.7)),
    # m = 2: 1 − 0.2;  m = ½·2 + 1 = 2: 0.8 − 0.2
    (momentum, (2, 1), {"beta": 0.5}, (0.8, 0.6)),
    # m = 2, g + ½m = 3: 1 − 0.3;  m = 2, g + ½m = 2: 0.7 − 0.2
    (nesterov, (2, 1), {"beta": 0.5}, (0.7, 0.5)),
    # s = 9: 1 − 0.1·3/3;  s = 9 + 16: 0.9 − 0.1·4/5
    (adagrad, (3, 4), {"eps": 0}, (0.9, 0.82)),
    # ε stands outside the root: 1 − 0.1·3/(3 + 1);  0.925 − 0.1·4/(5 + 1)
    (adagrad, (3, 4), {"eps": 1}, (0.925, 0.925 - 0.4 / 6)),
    # v = ¼·4 = 1: 1 − 0.1·2/1;  v = ¾ + ¼ = 1: 0.8 − 0.1·1/1
    (rmsprop, (2, 1), {"beta": 0.75, "eps": 0}, (0.8, 0.7)),
    # ε outside the root: 1 − 0.1·2/(1 + 1);  0.9 − 0.1·1/(1 + 1)
    (rmsprop, (2, 1), {"beta": 0.75, "eps": 1}, (0.9, 0.85)),
    # ε inside both roots: v = 1, d = 2·√3/√(1 + 3) = √3, u = ¼·3;  v = ¾ + ¼·16 = 4.75, d = 4·√3.75/√7.75
    (adadelta, (2, 4), {"beta": 0.75, "eps": 3}, (1 - 0.1 * sqrt(3), 1 - 0.1 * sqrt(3) - 0.4 * sqrt(3.75 / 7.75))),
    # m = 1, m̂ = 2, v = 1, v̂ = 4: 1 − 0.1·2/2;  m = 1, m̂ = 4/3, v = 1, v̂ = 16/7: 0.9 − 0.1·(4/3)·√7/4
    (adam, (2, 1), {"beta1": 0.5, "beta2": 0.75, "eps": 0}, (0.9, 0.9 - 0.1 * sqrt(7) / 3)),
    # ε outside the root: 1 − 0.1·2/(2 + 1);  then 0.1·(4/3)/(4/√7 + 1)
    (
        adam,
        (2, 1),
        {"beta1": 0.5, "beta2": 0.75, "eps": 1},
        (1 - 0.2 / 3, 1 - 0.2 / 3 - 0.1 * 4 / 3 / (4 / sqrt(7) + 1)),
    ),
    # Adam's steps, and each time 0.1·0.5 of w besides: 0.9 − 0.05·1;  0.85 − 0.1·√7/3 − 0.05·0.85
    (
        adamw,
        (2, 1),
        {"beta1": 0.5, "beta2": 0.75, "eps": 0, "weight_decay": 0.5},
        (0.85, 0.95 * 0.85 - 0.1 * sqrt(7) / 3),
    ),
    # the largest v stays 1 while v falls to ¾: m = ½, m̂ = 2/3, v̂ = 1/(7/16): 0.9 − 0.1·(2/3)·√7/4
    (amsgrad, (2, 0), {"beta1": 0.5, "beta2": 0.75, "eps": 0}, (0.9, 0.9 - 0.1 * sqrt(7) / 6)),
    # c = 1: 1 − 0.1·(1 + ½·1), m = ¼·4 = 1;  c = ½ − ¼ > 0, though the slope is negative: 0.85 − 0.1·(1 + ½·0.85)
    (lion, (4, -0.5), {"beta1": 0.5, "beta2": 0.75, "weight_decay": 0.5}, (0.85, 0.7075)),
]


@pytest.mark.parametrize(("rule", "slopes", "options", "expected"), BY_HAND, ids=lambda x: getattr(x, "__name__", None))
def test_two_steps_by_hand(rule, slopes, options, expected):
    path = descend(rule, given_slopes(*slopes), 1.0, 2, lr=0.1, **options)
    assert path.tolist() == pytest.approx([1.0, *expected], rel=1e-14)
    path = descend(rule, given_slopes(*slopes), [1.0, 1.0], 2, lr=0.1, **options)
    assert path[:, 1].tolist() == pytest.approx([1.0, *expected], rel=1e-14)


def test_every_rule_has_its_step_by_hand():
    assert {rule for rule, *_ in BY_HAND} == set(RULES)


def test_lookahead_by_hand():
    # f = ½w² from 1, rate ½, β = ½: slope at 1 − 0 is 1, m = 1, w = ½; slope at ½ − ¼·1 is ¼, m = ¾, w = ⅛
    assert descend(lookahead(lambda w: w), lambda w: w, 1.0, 2, lr=0.5, beta=0.5).tolist() == [1, 0.5, 0.125]


def test_a_clipped_gradient_is_shorter_and_never_another_one():
    g = np.array([[3.0, 0.0], [0.0, -4.0]])
    assert clipped(lambda w: g, 1.0)(0) == pytest.approx(g / 5)
    assert all(np.array_equal(clipped(lambda w: g, limit)(0), g) for limit in (5.5, np.inf)) and np.array_equal(
        g, [[3, 0], [0, -4]]
    )
    assert clipped(lambda w: w, 2.0)(-8.0) == -2.0 and clipped(lambda w: w, 2.0)(0.0) == 0.0
    path = descend(gd, clipped(lambda w: w, 1.0), 3.0, 4, lr=1.0)
    assert path.tolist() == [3, 2, 1, 0, 0]  # steps of length 1, until the slope is shorter
    with pytest.raises(ValueError, match="must be positive"):
        clipped(lambda w: w, 0.0)


# ---- closed forms ----------------------------------------------------------------------------------------------------


@given(st.floats(0.1, 10), st.floats(-0.5, 2.5), st.integers(0, 60))
def test_gd_multiplies_the_distance_by_one_minus_eta_a(a, eta_times_a, steps):
    path = descend(gd, lambda w: a * (w - 3.0), 10.0, steps, lr=eta_times_a / a)
    np.testing.assert_allclose(path, 3 + 7 * (1 - eta_times_a) ** np.arange(steps + 1), rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize(
    ("rule", "matrix"),
    [  # (w, m) goes to matrix @ (w, m), on the curvature a
        (momentum, lambda a, lr, b: [[1 - lr * a, -lr * b], [a, b]]),
        (nesterov, lambda a, lr, b: [[1 - lr * a * (1 + b), -lr * b * b], [a, b]]),
        (None, lambda a, lr, b: [[1 - lr * a, -lr * b * (1 - lr * a)], [a, b - lr * b * a]]),
    ],
    ids=["momentum", "nesterov", "lookahead"],
)
def test_momentum_on_a_quadratic_is_the_power_of_a_matrix(rule, matrix):
    for a, lr, beta in np.random.default_rng(0).uniform(0, 1, size=(50, 3)):
        step = np.array(matrix(a, lr, beta))
        expected = [(np.linalg.matrix_power(step, t) @ [1.0, 0.0])[0] for t in range(30)]
        path = descend(rule or lookahead(lambda w, a=a: a * w), lambda w, a=a: a * w, 1.0, 29, lr=lr, beta=beta)
        np.testing.assert_allclose(path, expected, rtol=1e-9, atol=1e-12)


def test_both_forms_of_nesterov_are_one_method():
    """The points of `nesterov` are the points that `lookahead` looks from, less η β m."""
    lr, beta = 0.02, 0.8
    ahead = descend(nesterov, rosenbrock.grad, [-0.5, 0.5], 40, lr=lr / 100, beta=beta)
    drawn = descend(lookahead(rosenbrock.grad), rosenbrock.grad, [-0.5, 0.5], 40, lr=lr / 100, beta=beta)
    np.testing.assert_allclose(ahead[1:], drawn[1:] + beta * np.diff(drawn, axis=0), rtol=1e-10)


def test_rules_that_divide_by_the_slope_on_a_constant_slope():
    t = np.arange(1, 51)
    for slope in (1e-3, 5.0, -2e4):

        def steps_of(rule, **options):
            return -np.sign(slope) * np.diff(
                descend(rule, lambda w: np.full_like(w, slope), 0.0, 50, lr=0.1, eps=0, **options)
            )

        np.testing.assert_allclose(steps_of(adam), 0.1, rtol=1e-9)
        np.testing.assert_allclose(steps_of(amsgrad), 0.1, rtol=1e-9)
        np.testing.assert_allclose(steps_of(adagrad), 0.1 / np.sqrt(t), rtol=1e-9)
        np.testing.assert_allclose(steps_of(rmsprop, beta=0.9), 0.1 / np.sqrt(1 - 0.9**t), rtol=1e-9)


def test_without_memory_each_rule_is_a_simpler_one():
    def same(one, other, one_options, other_options):
        a = descend(one, rosenbrock.grad, [-0.3, 0.4], 30, **one_options)
        b = descend(other, rosenbrock.grad, [-0.3, 0.4], 30, **other_options)
        np.testing.assert_allclose(a, b, rtol=1e-12)

    same(momentum, gd, {"lr": 1e-3, "beta": 0}, {"lr": 1e-3})
    same(nesterov, gd, {"lr": 1e-3, "beta": 0}, {"lr": 1e-3})
    same(adam, rmsprop, {"lr": 0.01, "beta1": 0, "beta2": 0}, {"lr": 0.01, "beta": 0})
    same(adamw, adam, {"lr": 0.01, "weight_decay": 0}, {"lr": 0.01})


def test_weight_decay_of_adamw_is_not_in_the_slope():
    path = descend(adamw, np.zeros_like, 1.0, 100, lr=1e-3, weight_decay=0.1)
    assert path[-1] == pytest.approx((1 - 1e-4) ** 100, rel=1e-12)


# ---- PyTorch ---------------------------------------------------------------------------------------------------------

TORCH = {
    gd: ("SGD", {}, {}),
    momentum: ("SGD", {"beta": "momentum"}, {}),
    nesterov: ("SGD", {"beta": "momentum"}, {"nesterov": True}),
    adagrad: ("Adagrad", {"eps": "eps"}, {}),
    rmsprop: ("RMSprop", {"beta": "alpha", "eps": "eps"}, {}),
    adadelta: ("Adadelta", {"beta": "rho", "eps": "eps"}, {}),
    adam: ("Adam", {"beta1": 0, "beta2": 1, "eps": "eps"}, {}),
    adamw: ("AdamW", {"beta1": 0, "beta2": 1, "eps": "eps", "weight_decay": "weight_decay"}, {}),
    amsgrad: ("Adam", {"beta1": 0, "beta2": 1, "eps": "eps"}, {"amsgrad": True}),
}
DRAW = {
    "beta": lambda rng: rng.uniform(0.05, 0.99),
    "beta1": lambda rng: rng.uniform(0, 0.99),
    "beta2": lambda rng: rng.uniform(0.5, 0.9999),
    "eps": lambda rng: 10 ** rng.uniform(-10, -2),
    "weight_decay": lambda rng: rng.uniform(0, 0.5),
}


def torch_path(torch, rule, w, slopes, lr, options):
    name, names, fixed = TORCH[rule]
    theirs = {names[key]: value for key, value in options.items() if isinstance(names[key], str)}
    if "beta1" in options:
        theirs["betas"] = (options["beta1"], options["beta2"])
    w = torch.tensor(w, requires_grad=True)
    optimizer, path = getattr(torch.optim, name)([w], lr=lr, **theirs, **fixed), [w.tolist()]
    for slope in slopes:
        w.grad = torch.tensor(slope)
        optimizer.step()
        path.append(w.tolist())
    return np.array(path)


def disagreement(torch, rule, settings=200, steps=50):
    """The largest relative distance between our path and PyTorch's, over settings, starts and slopes drawn at random.

    The slopes are drawn, not computed at w: on a curved loss a rounding error may grow, whatever the rule.
    """
    rng, worst = np.random.default_rng(7), 0.0
    for _ in range(settings):
        start, lr = rng.uniform(-1, 1, size=3), 10 ** rng.uniform(-5, 0)
        slopes = (
            rng.normal(size=(steps, 3)) * 10 ** rng.uniform(-6, 3, size=(steps, 1)) * (rng.random((steps, 3)) > 0.1)
        )
        options = {name: float(DRAW[name](rng)) for name in TORCH[rule][1]}
        ours = descend(rule, given_slopes(*slopes), start, steps, lr=lr, **options)
        theirs = torch_path(torch, rule, start, slopes, lr, options)
        worst = max(worst, np.max(np.linalg.norm(ours - theirs, axis=1) / np.linalg.norm(theirs, axis=1)))
    return worst


@pytest.mark.parametrize("rule", TORCH, ids=lambda rule: rule.__name__)
def test_the_path_is_that_of_pytorch(rule):
    torch = pytest.importorskip("torch")
    assert disagreement(torch, rule) < 1e-13


def test_lion_is_the_program_that_its_authors_printed():
    """Algorithm 2 of Chen et al. (2023), with their letters, on slopes that change their sign often."""
    rng = np.random.default_rng(3)
    for eta, beta1, beta2, lam in rng.uniform((1e-4, 0.5, 0.5, 0), (0.1, 0.99, 0.999, 0.5), size=(20, 4)):
        slopes = rng.normal(size=(60, 5)) * (rng.random((60, 5)) > 0.2)
        theta, m, points = np.ones(5), np.zeros(5), [np.ones(5)]
        for g in slopes:
            update = beta1 * m + (1 - beta1) * g
            theta = theta - eta * (np.sign(update) + lam * theta)
            m = beta2 * m + (1 - beta2) * g
            points.append(theta)
        ours = descend(lion, given_slopes(*slopes), np.ones(5), 60, lr=eta, beta1=beta1, beta2=beta2, weight_decay=lam)
        np.testing.assert_allclose(ours, points, rtol=1e-13)


def test_lion_in_optax():
    optax, jnp = pytest.importorskip("optax"), pytest.importorskip("jax.numpy")
    slopes = np.random.default_rng(0).normal(size=(30, 4))
    rule, w = optax.lion(0.01, b1=0.8, b2=0.95, weight_decay=0.1), jnp.ones(4)
    state = rule.init(w)
    for g in slopes:
        step, state = rule.update(jnp.array(g), state, w)
        w = optax.apply_updates(w, step)
    ours = descend(lion, given_slopes(*slopes), np.ones(4), 30, lr=0.01, beta1=0.8, beta2=0.95, weight_decay=0.1)
    np.testing.assert_allclose(ours[-1], w, rtol=1e-5)


# ---- matrices: Newton–Schulz and Muon --------------------------------------------------------------------------------


def a_matrix(rng, m, n, singular):
    """A matrix with these singular values, and its U Vᵀ."""
    k = min(m, n)
    U, V = (np.linalg.qr(rng.normal(size=(size, k)))[0] for size in (m, n))
    return U * singular @ V.T, U @ V.T


@pytest.mark.parametrize("shape", [(3, 3), (2, 5), (6, 4), (1, 7), (7, 1)])
def test_newton_schulz_turns_no_direction_and_makes_all_equally_strong(shape):
    rng = np.random.default_rng(0)
    for scale in 1e-3, 1.0, 1e6:
        singular = scale * rng.uniform(0.1, 1, size=min(shape))
        G, polar = a_matrix(rng, *shape, singular)
        before = G.copy()
        exact = newton_schulz(G, steps=30, coefficients=(1.5, -0.5, 0.0))
        np.testing.assert_allclose(exact, polar, atol=1e-12)
        U, s, Vt = np.linalg.svd(newton_schulz(G))
        assert 0.68 < s.min() and s.max() < 1.21
        k = len(s)
        assert np.abs(newton_schulz(G) - polar).max() < 0.33
        np.testing.assert_allclose(np.linalg.svd(newton_schulz(G) @ polar.T)[1][:k], s, rtol=1e-9)
        np.testing.assert_array_equal(G, before)


def test_the_polynomial_by_hand():
    # G / ‖G‖ = diag(0.8, 0.6): a s + b s³ + c s⁵ with the coefficients 2, −1.5, 0.5
    expected = [2 * s - 1.5 * s**3 + 0.5 * s**5 for s in (0.8, 0.6)]
    found = newton_schulz(np.diag([4.0, 3.0]), steps=1, coefficients=(2, -1.5, 0.5))
    np.testing.assert_allclose(found, np.diag(expected), rtol=1e-14)
    assert newton_schulz(np.zeros((2, 3))).tolist() == [[0, 0, 0], [0, 0, 0]]  # no slope, no direction


@pytest.mark.parametrize("what", [3.0, [1.0, 2.0]])
def test_muon_refuses_what_is_no_matrix(what):
    with pytest.raises(ValueError, match="Only a matrix has singular values; got shape"):
        newton_schulz(what)
    with pytest.raises(ValueError, match="give biases and other vectors to adamw"):
        descend(muon, lambda w: w, what, 3, lr=0.1)


def test_two_steps_of_muon_by_hand():
    """On multiples of orthogonal matrices each singular value of O is the same number: that of the 2 × 2 unit matrix."""
    turn = np.array([[0.0, -1.0], [1.0, 0.0]])
    size = float(newton_schulz(np.eye(2))[0, 0])
    path = descend(muon, given_slopes(3 * turn, -6 * turn), np.zeros((2, 2)), 2, lr=0.1, beta=0.5, weight_decay=0.5)
    # m = 3, g + ½m > 0: a step against turn; m = 1.5 − 6 = −4.5, g + ½m < 0: a step along it, and w shrinks by 0.05
    np.testing.assert_allclose(path[1], -0.1 * size * turn, rtol=1e-12)
    np.testing.assert_allclose(path[2], 0.95 * path[1] + 0.1 * size * turn, rtol=1e-12)


def test_a_sweep_of_muon_is_all_its_runs():
    rates, target = np.array([0.01, 0.1, 1.0]), np.random.default_rng(0).normal(size=(3, 4))
    sweep = descend(muon, lambda w: w - target[:, :, None], np.zeros((3, 4, 1)), 12, lr=rates)
    assert sweep.shape == (13, 3, 4, 3)
    for i, lr in enumerate(rates):
        alone = descend(muon, lambda w: w - target, np.zeros((3, 4)), 12, lr=lr)
        np.testing.assert_allclose(
            sweep[..., i], alone, rtol=0, atol=1e-6
        )  # a small direction is made 3.44⁵ times as strong


@pytest.mark.parametrize("bfloat16", [True, False], ids=["as it is", "without its rounding to 8 bits"])
def test_muon_in_pytorch(monkeypatch, bfloat16):
    """PyTorch rounds to bfloat16 inside Newton–Schulz; without that, it is our path to the last digits."""
    torch = pytest.importorskip("torch")
    if not hasattr(torch.optim, "Muon"):
        pytest.skip("this PyTorch has no Muon yet")
    if not bfloat16:
        monkeypatch.setattr(torch.Tensor, "bfloat16", lambda self: self)
    rng = np.random.default_rng(0)
    for shape in (4, 4), (3, 6), (6, 2):
        slopes, start = rng.normal(size=(20, *shape)), rng.normal(size=shape)
        w = torch.tensor(start, requires_grad=True)
        theirs = torch.optim.Muon([w], lr=0.02, momentum=0.9, weight_decay=0.1)
        for g in slopes:
            w.grad = torch.tensor(g)
            theirs.step()
        longer = max(1, shape[0] / shape[1]) ** 0.5  # what PyTorch multiplies the step by, and not the decay
        ours = descend(muon, given_slopes(*slopes), start, 20, lr=0.02 * longer, beta=0.9, weight_decay=0.1 / longer)[
            -1
        ]
        np.testing.assert_allclose(ours, w.detach().numpy(), atol=0.03 if bfloat16 else 1e-6)


# ---- the loop --------------------------------------------------------------------------------------------------------


def in_place(w, g, m=0.0, *, lr, beta=0.9):
    m = beta * m + g
    w -= lr * m
    g *= 0
    return w, m


@pytest.mark.parametrize("grad", [lambda w: w, lambda w: 1.0 * w, np.asarray])
def test_a_rule_that_works_in_place_changes_nothing_of_the_callers(grad):
    start = np.array([1.0, -2.0])
    path = descend(in_place, grad, start, 20, lr=0.1)
    assert start.tolist() == [1, -2]
    np.testing.assert_array_equal(path, descend(momentum, lambda w: 1.0 * w, start, 20, lr=0.1))
    np.testing.assert_array_equal(path, list(islice(iterates(in_place, grad, start, lr=0.1), 21)))


def test_a_gradient_that_works_in_place_changes_nothing_either():
    def grad(w):
        w *= 2  # 2w, the slope of w², written where it should not be
        return w

    start = np.array([1.0, -2.0])
    path = descend(gd, grad, start, 5, lr=0.1)
    assert start.tolist() == [1, -2]
    np.testing.assert_allclose(path, start * 0.8 ** np.arange(6)[:, None])


def test_a_rule_cannot_write_to_the_callers_rates():
    def halves_its_rate(w, g, *, lr):
        lr *= 0.5
        return w - lr * g

    rates = np.array([0.1, 0.2])
    with pytest.raises(ValueError, match="read-only"):
        descend(halves_its_rate, parabola.grad, 1.0, 3, lr=rates)
    assert rates.tolist() == [0.1, 0.2]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_same_answer_twice_from_any_kind_of_start(rule):
    first = descend(rule, bowl.grad, [3, 4], 25, lr=0.05)
    assert first.dtype == float and first.shape == (26, 2)
    for start in ([3, 4], (3.0, 4), np.array([3, 4]), np.array([3.0, 4.0], dtype=np.float32), bowl.start):
        np.testing.assert_array_equal(descend(rule, bowl.grad, start, 25, lr=0.05), first)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_sweep_is_all_its_runs(rule):
    rates = np.array([1e-3, 0.05, 0.3])
    sweep = descend(rule, bowl.grad, bowl.start[:, None], 25, lr=rates)
    assert sweep.shape == (26, 2, 3)
    for i, lr in enumerate(rates):
        np.testing.assert_allclose(sweep[:, :, i], descend(rule, bowl.grad, bowl.start, 25, lr=lr), rtol=1e-13)
    line = descend(rule, parabola.grad, 10, 25, lr=rates)
    assert line.shape == (26, 3)
    np.testing.assert_allclose(line[:, 1], descend(rule, parabola.grad, 10, 25, lr=0.05), rtol=1e-13)


def test_any_setting_can_be_swept_and_any_setting_can_be_a_function_of_t():
    betas = np.array([0.0, 0.5, 0.9])
    sweep = descend(momentum, bowl.grad, bowl.start[:, None], 10, lr=0.05, beta=betas)
    np.testing.assert_allclose(
        sweep[:, :, 2], descend(momentum, bowl.grad, bowl.start, 10, lr=0.05, beta=0.9), rtol=1e-13
    )
    seen = []

    def beta(t):
        seen.append(t)
        return 0.1 * t

    path = descend(momentum, lambda w: np.ones_like(w), 0.0, 3, lr=lambda t: 10.0**-t, beta=beta)
    assert seen == [0, 1, 2]  # the first step is t = 0
    assert path.tolist() == pytest.approx([0, -1, -1 - 0.1 * 1.1, -1 - 0.11 - 0.01 * 1.22])


def test_one_rate_per_coordinate():
    path = descend(gd, diagonal([1.0, 100.0]).grad, [1.0, 1.0], 1, lr=[1.0, 0.01])
    assert path[-1].tolist() == [0, 0]


def test_iterates_is_descend_one_by_one_and_asks_for_each_slope_once():
    calls = []

    def grad(w):
        calls.append(w)
        return bowl.grad(w)

    run = iterates(adam, grad, bowl.start, lr=0.1)
    points = [next(run) for _ in range(6)]
    assert len(calls) == 5
    np.testing.assert_array_equal(points, descend(adam, bowl.grad, bowl.start, 5, lr=0.1))
    points[-1][:] = 99  # what was handed out is the reader's
    np.testing.assert_array_equal(next(run), descend(adam, bowl.grad, bowl.start, 6, lr=0.1)[-1])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_divergence_is_seen_not_raised(rule):
    path = descend(rule, lambda w: w**5, 100.0, 60, lr=1e300)  # warnings are errors in these tests
    assert path.shape == (61,) and not np.isfinite(path[-1])
    list(islice(iterates(rule, lambda w: w**5, 100.0, lr=1e300), 60))
    assert np.isnan(descend(rule, parabola.grad, np.nan, 3, lr=0.1)).all()
    mixed = descend(rule, bowl.grad, [np.nan, 4.0], 3, lr=0.1)
    assert np.isnan(mixed[:, 0]).all() and np.isfinite(mixed[:, 1]).all()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_nothing_to_learn_nothing_to_do_and_nowhere_to_go(rule):
    assert descend(rule, lambda w: 2 * w, [], 4, lr=0.1).shape == (5, 0)
    assert descend(rule, bowl.grad, [3, 4], 0, lr=0.1).tolist() == [[3, 4]]
    assert descend(rule, np.zeros_like, [3.0, 4.0], 5, lr=0.1, **({"weight_decay": 0} if rule is adamw else {}))[
        -1
    ].tolist() == [3, 4]


@settings(deadline=None)
@given(st.lists(st.integers(1, 4), max_size=3), st.integers(0, 4))
def test_a_path_has_the_shape_of_its_start(shape, steps):
    assert descend(adam, lambda w: 2 * w, np.ones(shape), steps, lr=0.1).shape == (steps + 1, *shape)


def test_a_learners_rule_may_return_a_list_or_a_python_number():
    assert descend(lambda w, g, *, lr: [float(w[0]), w[1] - lr * g[1]], bowl.grad, [3, 4], 2, lr=0.25).tolist() == [
        [3, 4],
        [3, 0],
        [3, 0],
    ]
    path = descend(lambda w, g, *, lr: float(w - lr * g), parabola.grad, 10, 12, lr=0.1)
    assert path[-1] == pytest.approx(3 + 7 * 0.8**12)


def test_a_point_of_a_scalar_run_is_a_number():
    first, second = islice(iterates(gd, parabola.grad, 10, lr=0.1), 2)
    assert (f"{first:.1f}", f"{second:.1f}") == ("10.0", "8.6")
    assert not isinstance(first, np.ndarray) and not isinstance(second, np.ndarray)


@pytest.mark.parametrize(
    ("attempt", "says"),
    [
        (lambda: descend(gd, lambda w: None, 1.0, 3, lr=0.1), r"grad\(w\) is None: is a return missing"),
        (lambda: descend(lambda w, g: None, bowl.grad, [3, 4], 3), "the rule returned is None: is a return missing"),
        (
            lambda: descend(gd, lambda w: np.ones((2, 1)), [3, 4], 3, lr=0.1),
            r"grad\(w\) has shape \(2, 1\); w has shape \(2,\)",
        ),
        (
            lambda: descend(lambda w, g: w[:, None] - g, bowl.grad, [3, 4], 3),
            r"returned has shape \(2, 2\); w has shape \(2,\)",
        ),
        (lambda: descend(gd, bowl.grad, [3, 4], 3, lr=np.ones(5)), r"shape \(2,\) does not fit lr of shape \(5,\)"),
        (lambda: descend(gd, bowl.grad, [3, 4], -1, lr=0.1), "how many steps"),
        (lambda: descend(gd, bowl.grad, [3, 4], 2.5, lr=0.1), "how many steps"),
        (lambda: descend(gd, bowl.grad, [3, 4], None, lr=0.1), "how many steps"),
        (lambda: descend(gd, bowl.grad, "here", 3, lr=0.1), "number or an array of numbers"),
        (lambda: descend(gd, bowl.grad, None, 3, lr=0.1), "number or an array of numbers"),
        (lambda: descend(gd, bowl.grad, [1, [2]], 3, lr=0.1), "number or an array of numbers"),
        (lambda: descend(gd, bowl.grad, 3.0, 3, lr=0.1), "2 coordinates"),
        (lambda: next(iterates(gd, bowl.grad, [3, 4], lr=np.ones(5))), "does not fit"),
    ],
)
def test_nonsense_gets_a_sentence(attempt, says):
    with pytest.raises(ValueError, match=says):
        attempt()


def test_a_missing_rate_is_named():
    with pytest.raises(TypeError, match="'lr'"):
        descend(gd, bowl.grad, [3, 4], 3)


def test_the_valley_is_crossed_in_the_steps_that_theory_says():
    def steps_until(rule, **options):
        path = descend(rule, valley(100).grad, [1.0, 1.0], 800, **options)
        return int(np.argmax(np.linalg.norm(path, axis=1) < 1e-6 * sqrt(2)))

    assert steps_until(gd, lr=2 / 101) == 691
    assert steps_until(momentum, lr=4 / 121, beta=(9 / 11) ** 2) == 93


@pytest.mark.parametrize(("mu", "L"), [(1, 100), (0.3, 7.0), (2.0, 2.0)])
def test_no_neighbour_of_the_best_heavy_ball_is_better(mu, L):
    """The worst root over curvatures from mu to L, by the roots of z² − (1 + β − ηλ) z + β."""

    def kept(lr, beta):
        return max(np.abs(np.roots([1, -(1 + beta - lr * a), beta])).max() for a in np.linspace(mu, L, 41))

    best = best_heavy_ball(mu, L)
    found = kept(**best)
    assert found == pytest.approx(np.sqrt(best["beta"]), abs=1e-6)
    for lr in best["lr"] * np.linspace(0.9, 1.1, 11):
        for beta in np.clip(best["beta"] + np.linspace(-0.1, 0.1, 11), 0, 0.999):
            assert kept(lr, beta) >= found - 1e-6


if __name__ == "__main__":
    import torch

    for rule in TORCH:
        digits = -np.log10(disagreement(torch, rule))
        print(f"{rule.__name__:10s} agrees with torch.optim {torch.__version__} to {digits:.1f} digits")
