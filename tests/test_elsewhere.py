"""What the chapters say to type in other libraries gives the same path, to the last digits."""
import numpy as np
import pytest

from gdcourse import descend, gd, momentum, nesterov, problems

VALLEY = problems.valley(100)


def in_torch(make, steps=60):
    """The path of a torch optimizer on the valley, from its start."""
    torch = pytest.importorskip("torch")
    w = torch.tensor(np.array(VALLEY.start), dtype=torch.float64, requires_grad=True)
    optimizer, path = make(torch, [w]), [VALLEY.start]
    for _ in range(steps):
        optimizer.zero_grad()
        (0.5 * (w[0] ** 2 + 100 * w[1] ** 2)).backward()
        optimizer.step()
        path.append(w.detach().numpy().copy())
    return np.array(path)


@pytest.mark.parametrize(("rule", "settings"), [(momentum, {}), (nesterov, {"nesterov": True})])
def test_momentum_in_pytorch(rule, settings):
    theirs = in_torch(lambda torch, params: torch.optim.SGD(params, lr=0.01, momentum=0.7, **settings))
    ours = descend(rule, VALLEY.grad, VALLEY.start, 60, lr=0.01, beta=0.7)
    assert np.allclose(ours, theirs, rtol=1e-12, atol=1e-15)


def test_gradient_descent_in_pytorch():
    theirs = in_torch(lambda torch, params: torch.optim.SGD(params, lr=0.01))
    assert np.allclose(descend(gd, VALLEY.grad, VALLEY.start, 60, lr=0.01), theirs, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize(("rule", "looks_ahead"), [(momentum, False), (nesterov, True)])
def test_momentum_in_scikit_learn(rule, looks_ahead):
    """scikit-learn keeps the rate inside the memory: at a constant rate the same path."""
    from sklearn.neural_network._stochastic_optimizers import SGDOptimizer

    w = np.array(VALLEY.start)
    params, path = [w], [VALLEY.start]
    optimizer = SGDOptimizer(params, learning_rate_init=0.01, momentum=0.7, nesterov=looks_ahead)
    for _ in range(60):
        optimizer.update_params(params, [VALLEY.grad(w)])
        path.append(w.copy())
    ours = descend(rule, VALLEY.grad, VALLEY.start, 60, lr=0.01, beta=0.7)
    assert np.allclose(ours, path, rtol=1e-9, atol=1e-13)


def test_another_beta_is_another_path():
    """The tests above can fail."""
    theirs = in_torch(lambda torch, params: torch.optim.SGD(params, lr=0.01, momentum=0.71))
    assert not np.allclose(descend(momentum, VALLEY.grad, VALLEY.start, 60, lr=0.01, beta=0.7), theirs, rtol=1e-6, atol=1e-9)
