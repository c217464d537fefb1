"""The small autodiff: each operation against finite differences, whole networks against the formulas and against PyTorch."""

import numpy as np
import pytest

from gdcourse import autodiff, descend, gd, problems
from gdcourse.autodiff import Value, gradient
from gdcourse.exercises.author import load
from gdcourse.network import Network

RNG = np.random.default_rng(0)
A, ROW, M = RNG.normal(size=(3, 4)), RNG.normal(size=4), RNG.normal(size=(4, 2))

OPERATIONS = {
    "add, number": lambda v: v + 2,
    "add, from the left": lambda v: 1.5 + v,
    "add, rows repeated": lambda v: v + ROW,
    "repeated itself": lambda v: Value(A) + v[0],
    "subtract": lambda v: v - ROW,
    "subtract from": lambda v: 1 - v,
    "multiply": lambda v: v * A * v,
    "divide": lambda v: v / (2 + v * v),
    "divide a number": lambda v: 3 / (2 + v * v),
    "power": lambda v: (v * v + 1) ** 1.5,
    "matrix product": lambda v: v @ M,
    "matrix product, from the left": lambda v: A.T @ v,
    "places, one of them twice": lambda v: v[[0, 0, 2], [1, 1, 3]],
    "exp": lambda v: v.exp(),
    "log": lambda v: (v * v + 0.5).log(),
    "tanh": lambda v: v.tanh(),
    "relu": lambda v: v.relu(),
    "sum of rows": lambda v: v.sum(axis=1) * v,
    "mean": lambda v: v * v.mean(),
    "used again and again": lambda v: (v * v).tanh() * v + v * v,
}


def numerical(f, w, h=1e-6):
    g = np.zeros_like(w)
    for place in np.ndindex(w.shape):
        step = np.zeros_like(w)
        step[place] = h
        g[place] = (f(w + step) - f(w - step)) / (2 * h)
    return g


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_agrees_with_finite_differences(name):
    weight = np.random.default_rng(1).normal(size=np.shape(OPERATIONS[name](Value(A)).value))
    exact = gradient(lambda v: (OPERATIONS[name](v) * weight).sum())(A)
    assert np.allclose(
        exact, numerical(lambda w: float(np.sum(OPERATIONS[name](Value(w)).value * weight)), A), atol=1e-8
    )


def test_a_wrong_slope_is_seen(monkeypatch):
    """The test above can fail: tanh with the slope of its argument."""

    def tanh(self):
        return Value(np.tanh(self.value), [(self, lambda g: g * (1 - self.value**2))])

    monkeypatch.setattr(Value, "tanh", tanh)
    with pytest.raises(AssertionError):
        test_an_operation_agrees_with_finite_differences("tanh")


def scores(v, net):
    """The scores of a network whose weights are one Value."""
    signal, first = Value(net.X), 0
    for k, (W, b) in enumerate(zip(net.shapes[::2], net.shapes[1::2], strict=True)):
        places = np.arange(first, first + np.prod(W) + b[0])
        first = places[-1] + 1
        signal = signal @ v[places[: -b[0]].reshape(W)] + v[places[-b[0] :]]
        if 2 * k + 2 < len(net.shapes):
            signal = {"relu": signal.relu, "tanh": signal.tanh, "sigmoid": lambda s=signal: 1 / (1 + (-s).exp())}[
                net.activation
            ]()
    return signal


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
@pytest.mark.parametrize("hidden", [5, (6, 4), (5, 4, 3)])
@pytest.mark.parametrize("squared", [False, True])
def test_networks_have_the_gradient_that_autodiff_finds(activation, hidden, squared):
    net = Network(RNG.normal(size=(12, 3)), np.arange(12) % 4, hidden, activation, squared)
    w = net.start(1) + 0.1 * RNG.normal(size=net.start(1).shape)

    def loss(v):
        z = scores(v, net)
        if squared:
            return ((z - np.eye(4)[net.y]) ** 2).sum() / 24
        return (z.exp().sum(axis=1).log().sum() - z[np.arange(12), net.y].sum()) / 12

    assert np.isclose(loss(Value(w)).value, net.loss(w), rtol=1e-13)
    assert np.allclose(gradient(loss)(w), net.grad(w), rtol=1e-12, atol=1e-15)


def test_mlp_grads_are_what_autodiff_finds():
    exercise = load("backpropagation/mlp_grads")
    for arguments in exercise.draw(3):
        for ours, theirs in zip(exercise.solution(*arguments), exercise.rights["by_autodiff"](*arguments), strict=True):
            assert np.allclose(ours, theirs, rtol=1e-12, atol=1e-15)


def test_descend_runs_on_what_autodiff_finds():
    w = np.array([3.0, 4.0])
    curvature = np.array([1.0, 2.0])
    ours = descend(gd, gradient(lambda v: (v * v * curvature).sum()), w, 40, lr=0.1)
    assert np.allclose(ours, descend(gd, problems.bowl.grad, w, 40, lr=0.1), rtol=1e-13)


def test_a_second_call_gives_the_same():
    x = Value(3.0)
    out = x * x
    for _ in range(2):
        out.backward()
        assert x.grad == 6.0


def test_a_long_sum_needs_no_recursion():
    x = total = Value(1.0)
    for _ in range(5000):
        total = total + x
    total.backward()
    assert x.grad == 5001


def test_each_value_is_visited_once():
    """Thirty doublings are a thousand million paths."""
    x = z = Value(1.0)
    for _ in range(30):
        z = z + z
    z.backward()
    assert x.grad == 2.0**30


def test_wrong_uses_get_a_sentence():
    with pytest.raises(ValueError, match="starts from one number"):
        Value(A).backward()
    with pytest.raises(ValueError, match="two matrices"):
        Value(A) @ ROW
    assert "grad=" in repr(Value(1.0))
    assert autodiff.__doc__


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_the_network_in_pytorch(activation):
    torch = pytest.importorskip("torch")
    net = Network(RNG.normal(size=(12, 3)), np.arange(12) % 4, (6, 5), activation)
    w = net.start(2) + 0.1
    parts = [torch.tensor(np.array(part), requires_grad=True) for part in net.parts(w)]
    signal = torch.tensor(net.X)
    for k in range(0, 6, 2):
        signal = signal @ parts[k] + parts[k + 1]
        signal = signal if k == 4 else getattr(torch, activation)(signal)
    loss = torch.nn.functional.cross_entropy(signal, torch.tensor(net.y))
    loss.backward()
    assert np.isclose(loss.item(), net.loss(w), rtol=1e-13)
    for theirs, ours in zip(parts, net.parts(net.grad(w)), strict=True):
        assert np.allclose(theirs.grad.numpy(), ours, rtol=1e-11, atol=1e-15)


def test_the_exercises_in_pytorch():
    torch = pytest.importorskip("torch")
    exercise = load("backpropagation/softmax_cross_entropy")
    for z, y in exercise.draw(1):
        loss, dz = exercise.solution(z, y)
        theirs = torch.tensor(z, requires_grad=True)
        value = torch.nn.functional.cross_entropy(theirs, torch.tensor(y))
        value.backward()
        assert np.isclose(value.item(), loss, rtol=1e-12) and np.allclose(
            theirs.grad.numpy(), dz, rtol=1e-11, atol=1e-15
        )
