"""What the chapters say to type in other libraries gives the same path, to the last digits."""

import os
import re
from pathlib import Path

import numpy as np
import pytest

from gdcourse import descend, gd, momentum, nesterov, problems
from gdcourse.problems import standardised, whitened
from website.content.pages import chapters

os.environ.setdefault("KERAS_BACKEND", "torch")
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


TYPED = {
    line[0]: dict(zip((momentum, nesterov), line[1:], strict=True))
    for line in re.findall(
        r"^\| (PyTorch|optax|Keras) \| `([^`]+)` \| `([^`]+)` \|$",
        "\n".join(chapters(Path(__file__).parents[1])["momentum"].prose),
        flags=re.MULTILINE,
    )
}  # library: {our rule: what the page says to type for it, at the rate 0.01 and β = 0.7}


def test_the_table_of_momentum_is_read():
    assert set(TYPED) == {"PyTorch", "optax", "Keras"}


def as_here(rule, theirs, **precision):
    ours = descend(rule, VALLEY.grad, VALLEY.start, 60, lr=0.01, beta=0.7)
    assert np.allclose(ours, theirs, **precision)


@pytest.mark.parametrize("rule", [momentum, nesterov])
def test_momentum_as_typed_in_pytorch(rule):
    theirs = in_torch(lambda torch, w: eval(TYPED["PyTorch"][rule], {"SGD": torch.optim.SGD, "w": w[0]}))
    as_here(rule, theirs, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("rule", [momentum, nesterov])
def test_momentum_as_typed_in_optax(rule):
    optax = pytest.importorskip("optax")
    optimizer = eval(TYPED["optax"][rule], {"sgd": optax.sgd})
    w = np.array(VALLEY.start, dtype=np.float32)
    state, path = optimizer.init(w), [w]
    for _ in range(60):
        step, state = optimizer.update(np.asarray(VALLEY.grad(w), dtype=np.float32), state)
        w = np.asarray(optax.apply_updates(w, step))
        path.append(w)
    as_here(rule, path, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("rule", [momentum, nesterov])
def test_momentum_as_typed_in_keras(rule):
    keras = pytest.importorskip("keras")
    optimizer = eval(TYPED["Keras"][rule], {"SGD": keras.optimizers.SGD})
    w = keras.Variable(np.array(VALLEY.start, dtype=np.float32))
    path = [keras.ops.convert_to_numpy(w)]
    for _ in range(60):
        slope = np.asarray(VALLEY.grad(path[-1]), dtype=np.float32)
        optimizer.apply([keras.ops.convert_to_tensor(slope)], [w])
        path.append(keras.ops.convert_to_numpy(w))
    as_here(rule, path, rtol=1e-3, atol=1e-4)


def test_another_beta_is_another_path():
    """The tests above can fail."""
    theirs = in_torch(lambda torch, params: torch.optim.SGD(params, lr=0.01, momentum=0.71))
    assert not np.allclose(
        descend(momentum, VALLEY.grad, VALLEY.start, 60, lr=0.01, beta=0.7), theirs, rtol=1e-6, atol=1e-9
    )


# ---- scaling and batching: the code in the tables of the pages, as it is printed there

PROSE = {name: "\n".join(page.prose) for name, page in chapters(Path(__file__).parents[1]).items()}


def printed(chapter, beginning):
    """The code that begins so, from the page."""
    found = re.findall(rf"`({re.escape(beginning)}[^`]*)`", PROSE[chapter])
    assert found, f"{chapter} no longer says {beginning!r}"
    return found[0]


@pytest.fixture
def tables():
    X, _ = problems.diabetes()
    return X[:300], X[300:]


def test_standardised_is_the_standard_scaler(tables):
    from sklearn.preprocessing import StandardScaler

    train, test = tables
    theirs = eval(
        printed("scaling", "StandardScaler()"), {"StandardScaler": StandardScaler, "train": train, "test": test}
    )
    ours = eval(printed("scaling", "standardised(test"), {"standardised": standardised, "train": train, "test": test})
    assert np.allclose(ours, theirs, rtol=1e-12, atol=1e-12)


def test_standardised_in_pytorch(tables):
    torch = pytest.importorskip("torch")
    train, test = map(torch.tensor, tables)
    line = printed("scaling", "(test - train.mean(0))")
    assert np.allclose(standardised(tables[1], like=tables[0]), eval(line).numpy(), rtol=1e-12, atol=1e-12)
    n = len(train)
    assert torch.allclose(train.std(0), train.std(0, correction=0) * (n / (n - 1)) ** 0.5)


def test_min_max_and_robust_are_those_of_scikit_learn(tables):
    """The page's own functions, run as they are printed there."""
    from sklearn.preprocessing import MinMaxScaler, RobustScaler

    cell = next(code for code in chapters(Path(__file__).parents[1])["scaling"].code if "def min_max" in code)
    own = {"np": np}
    exec(cell.split("for name")[0], own)
    for name, scaler in ("min_max", "MinMaxScaler()"), ("robust", "RobustScaler()"):
        theirs = eval(printed("scaling", scaler), {"MinMaxScaler": MinMaxScaler, "RobustScaler": RobustScaler})
        assert np.allclose(own[name](tables[0]), theirs.fit_transform(tables[0]), rtol=1e-12, atol=1e-12)


def test_whitened_is_a_whitening_pca(tables):
    from sklearn.decomposition import PCA

    X = tables[0]
    ours, theirs = whitened(X), eval(printed("scaling", "PCA("), {"PCA": PCA, "X": X})
    n, d = X.shape
    both = abs(ours.T @ theirs) / n  # columns that match, up to order and sign
    assert np.allclose(np.sort(both, axis=0)[-1], ((n - 1) / n) ** 0.5) and np.allclose(
        np.sort(both, axis=0)[:-1], 0, atol=1e-9
    )
    assert sorted(both.argmax(axis=0)) == list(range(d))


def test_the_scaler_goes_into_each_fold(tables):
    from sklearn.linear_model import LinearRegression
    from sklearn.model_selection import KFold, cross_val_score
    from sklearn.neighbors import KNeighborsRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    X, y = tables[0], tables[0] @ np.arange(10.0)
    names = {
        "cross_val_score": cross_val_score,
        "make_pipeline": make_pipeline,
        "StandardScaler": StandardScaler,
        "X": X,
        "y": y,
    }
    for model in LinearRegression(), KNeighborsRegressor():
        theirs = eval(printed("scaling", "cross_val_score("), {**names, "model": model})
        ours = [
            model.fit(standardised(X[i]), y[i]).score(standardised(X[k], like=X[i]), y[k]) for i, k in KFold(5).split(X)
        ]
        assert np.allclose(ours, theirs)


@pytest.fixture
def fit():
    X, y = problems.diabetes()
    return problems.half_least_squares(problems.with_bias(standardised(X)), (y - y.mean()) / y.std())


def test_single_rows_in_scikit_learn(fit):
    from sklearn.linear_model import SGDRegressor

    model = eval(printed("batching", "SGDRegressor(penalty"), {"SGDRegressor": SGDRegressor})
    model.set_params(shuffle=False)  # so that both take the rows in their order
    w = fit.start
    for _ in range(3):
        model.partial_fit(fit.X, fit.y)
        for x, y in zip(fit.X, fit.y, strict=True):
            w = gd(w, (x @ w - y) * x, lr=0.01)
    assert np.allclose(model.coef_, w, rtol=1e-9, atol=1e-12)


def test_a_partial_fit_takes_a_step_for_each_row(fit):
    from sklearn.linear_model import SGDRegressor

    settings = {"penalty": None, "learning_rate": "constant", "eta0": 0.01, "fit_intercept": False, "shuffle": False}
    whole, rows = SGDRegressor(**settings), SGDRegressor(**settings)
    whole.partial_fit(fit.X[:50], fit.y[:50])
    for i in range(50):
        rows.partial_fit(fit.X[i : i + 1], fit.y[i : i + 1])
    assert np.allclose(whole.coef_, rows.coef_, rtol=1e-12)


def test_batches_in_pytorch(fit):
    torch = pytest.importorskip("torch")
    from torch.utils.data import DataLoader, TensorDataset

    data = TensorDataset(torch.tensor(fit.X), torch.tensor(fit.y))
    loader = eval(printed("batching", "DataLoader("), {"DataLoader": DataLoader, "data": data})
    w = torch.zeros(11, dtype=torch.float64, requires_grad=True)
    optimizer = eval(f"torch.optim.{printed('batching', 'SGD([w]')}")
    loss, ours, sizes = torch.nn.MSELoss(), fit.start, []
    for _ in range(2):
        for X, y in loader:
            optimizer.zero_grad()
            loss(X @ w, y).backward()
            optimizer.step()
            ours, sizes = gd(ours, X.numpy().T @ (X.numpy() @ ours - y.numpy()) / len(y), lr=0.05), [*sizes, len(y)]
    assert sizes == 2 * ([16] * 27 + [10])
    assert np.allclose(ours, w.detach().numpy(), rtol=1e-12, atol=1e-15)


# ---- backpropagation: the table of the page, line by line


def test_the_network_in_pytorch():
    """The lines of the table, as they are printed: the same loss and the same gradient."""
    torch = pytest.importorskip("torch")
    from gdcourse.network import Network

    rng = np.random.default_rng(0)
    net = Network(rng.random((50, 64)), np.arange(50) % 10, hidden=64)
    w = net.start(seed=0)
    names = {"torch": torch, "y": torch.tensor(net.y)}
    model = eval(printed("backpropagation", "torch.nn.Sequential("), names).double()
    layers = [layer for layer in model if isinstance(layer, torch.nn.Linear)]
    with torch.no_grad():
        for layer, W, b in zip(layers, net.parts(w)[::2], net.parts(w)[1::2], strict=True):
            assert layer.weight.shape == W.T.shape, "one row for each output"
            layer.weight.copy_(torch.tensor(W.T))
            layer.bias.copy_(torch.tensor(b))
    names["scores"] = model(torch.tensor(net.X))
    names["loss"] = eval(printed("backpropagation", "torch.nn.functional.cross_entropy("), names)
    eval(printed("backpropagation", "loss.backward()"), names)
    assert np.isclose(names["loss"].item(), net.loss(w), rtol=1e-12)
    ours = net.parts(net.grad(w))
    for layer, dW, db in zip(layers, ours[::2], ours[1::2], strict=True):
        assert np.allclose(
            eval(printed("backpropagation", "layer.weight.grad"), {"layer": layer}).numpy().T,
            dW,
            rtol=1e-11,
            atol=1e-15,
        )
        assert np.allclose(layer.bias.grad.numpy(), db, rtol=1e-11, atol=1e-15)
    model(torch.tensor(net.X)).sum().backward()
    assert not np.allclose(layers[0].weight.grad.numpy().T, ours[0]), "backward adds to what stands in grad"


def test_the_start_in_pytorch():
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    layer = torch.nn.Linear(400, 300)
    eval(printed("backpropagation", "torch.nn.init.kaiming_normal_("), {"torch": torch, "layer": layer})
    assert abs(layer.weight.var().item() * 400 / 2 - 1) < 5 * np.sqrt(2 / 120_000)
    assert layer.bias.any()
    eval(printed("backpropagation", "torch.nn.init.zeros_("), {"torch": torch, "layer": layer})
    assert not layer.bias.any(), "our biases start at 0, those of torch.nn.Linear do not"
