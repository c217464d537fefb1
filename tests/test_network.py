"""The small network: its gradient against finite differences, its start, and what it says of wrong shapes."""

import numpy as np
import pytest

from gdcourse import descend, gd
from gdcourse.network import Network, digits_network


def small(seed=0):
    rng = np.random.default_rng(seed)
    return Network(rng.normal(size=(12, 3)), np.arange(12) % 4, hidden=5)


def test_the_gradient_agrees_with_finite_differences():
    net = small()
    w, h = net.start(1) + 0.1, 1e-6
    numerical = [(net.loss(w + e) - net.loss(w - e)) / (2 * h) for e in h * np.eye(len(w))]
    assert np.allclose(net.grad(w), numerical, rtol=1e-5, atol=1e-8)


def test_a_wrong_gradient_would_be_seen():
    net = small()
    w, h = net.start(1) + 0.1, 1e-6
    numerical = [(net.loss(w + e) - net.loss(w - e)) / (2 * h) for e in h * np.eye(len(w))]
    assert not np.allclose(-net.grad(w), numerical, rtol=1e-3)


def test_the_start_keeps_the_size_of_the_signals():
    net, _ = digits_network()
    A = net.start(0)[: 64 * 64]
    assert abs(A.std() / np.sqrt(2 / 64) - 1) < 0.05


def test_the_mean_of_the_batches_is_the_whole():
    net = small()
    w = net.start(0)
    parts = [net.loss_grad(w, rows)[1] * len(rows) for rows in (np.arange(5), np.arange(5, 12))]
    assert np.allclose(sum(parts) / 12, net.grad(w))


def test_it_learns_and_descend_trains_it():
    net = small()
    path = descend(gd, net.grad, net.start(0), 1500, lr=0.5)
    assert net.loss(path[-1]) < 0.2 < 1 < net.loss(path[0])
    assert net.accuracy(path[-1]) > 0.9


def test_large_scores_do_not_overflow():
    net = small()
    loss, g = net.loss_grad(1e4 * net.start(0))
    assert np.isfinite(loss) and np.isfinite(g).all()


def test_the_split_is_the_same_every_time_and_apart():
    (a, (X, _)), (b, _) = digits_network(), digits_network()
    assert np.array_equal(a.X, b.X) and len(X) == 360 and len(a.X) == 1437
    assert a.X.max() == 1


@pytest.mark.parametrize("squared", [False, True])
@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
@pytest.mark.parametrize("hidden", [5, (6, 4), (5, 4, 3)])
def test_any_depth_and_activation_agrees_with_finite_differences(hidden, activation, squared):
    rng = np.random.default_rng(3)
    net = Network(rng.normal(size=(12, 3)), np.arange(12) % 4, hidden, activation, squared)
    w, h = net.start(1) + 0.1 * rng.normal(size=net.start(1).shape), 1e-6
    numerical = [(net.loss(w + e) - net.loss(w - e)) / (2 * h) for e in h * np.eye(len(w))]
    assert np.allclose(net.grad(w), numerical, rtol=1e-5, atol=1e-8)
    assert len(net.parts(w)) == 2 * (np.size(hidden) + 1)


def test_the_loss_of_other_rows():
    net = small()
    w = net.start(0)
    assert net.loss(w) == net.loss_grad(w)[0]
    assert np.isclose(net.loss(w, net.X[:4], net.y[:4]), net.loss_grad(w, np.arange(4))[0], rtol=1e-14)


@pytest.mark.parametrize("squared", [False, True])
def test_the_sharpness_is_the_largest_curvature(squared):
    net = Network(np.random.default_rng(0).normal(size=(12, 3)), np.arange(12) % 4, 5, "tanh", squared)
    w, h = net.start(1), 1e-5
    hessian = np.array([(net.grad(w + e) - net.grad(w - e)) / (2 * h) for e in h * np.eye(len(w))])
    assert np.isclose(net.sharpness(w, iterations=300), np.linalg.eigvalsh((hessian + hessian.T) / 2)[-1], rtol=1e-5)


def test_wrong_shapes_get_a_sentence():
    net = small()
    with pytest.raises(ValueError, match="this network has"):
        net.loss(np.zeros(3))
    with pytest.raises(ValueError, match="X needs shape"):
        Network(np.zeros((3, 2)), np.zeros(4))
    with pytest.raises(ValueError, match="activation is one of relu"):
        Network(np.zeros((3, 2)), np.arange(3), activation="softmax")
