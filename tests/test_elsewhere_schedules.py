"""What the chapter on schedules says to type in PyTorch, optax and Keras is typed here, where these are installed, and must give our rates."""

import math
import os
import re
import warnings
from pathlib import Path

import numpy as np
import pytest

from gdcourse import clipped, descend, gd, schedules
from website.content.pages import chapters

os.environ.setdefault("KERAS_BACKEND", "torch")
PROSE = "\n".join(chapters(Path(__file__).parents[1])["schedules"].prose)
TABLE = re.compile(r"^\| here \| (PyTorch|optax|Keras).*\n(?:\|.*\n)+", flags=re.MULTILINE)
ROW = re.compile(r"^\| `((\w+)\([^`]*\))` \| `([^`]+)` \|$", flags=re.MULTILINE)
OURS, TYPED = {}, {}  # name: our line; library: {name: its line}
for table in TABLE.finditer(PROSE + "\n"):
    for line, name, theirs in ROW.findall(table[0]):
        OURS[name] = line
        TYPED.setdefault(table[1], {})[name] = theirs
STEPS = np.arange(500)


def ours(name):
    """Our rates, and those of a library whose warm-up starts from 0 and not from the first stair."""
    rates = eval(OURS[name], vars(schedules))(STEPS)
    from_zero = np.where(STEPS < 50, 0.1 * STEPS / 50, rates) if name == "warmup_cosine" else rates
    return rates, from_zero


def test_the_tables_are_read():
    assert set(TYPED["PyTorch"]) == {
        "step", "exponential", "inverse_time", "cosine", "restarts", "warmup_cosine", "one_cycle", "plateau",
    }  # fmt: skip
    assert set(TYPED["optax"]) == set(TYPED["PyTorch"]) - {"plateau"} and set(TYPED["Keras"]) == set(TYPED["optax"]) - {
        "one_cycle"
    }


@pytest.mark.parametrize("name", sorted(set(TYPED["PyTorch"]) - {"plateau"}))
def test_in_pytorch(name):
    torch = pytest.importorskip("torch")
    o = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1, momentum=0.9)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SequentialLR calls step with an argument that PyTorch itself discourages
        scheduler = eval(TYPED["PyTorch"][name], {**vars(torch.optim.lr_scheduler), "math": math, "o": o})
        seen = []
        for _ in STEPS:
            seen.append(o.param_groups[0]["lr"])
            o.step()
            scheduler.step()
    assert np.allclose(ours(name)[0], seen, rtol=1e-9, atol=1e-12)


def test_a_plateau_in_pytorch():
    torch = pytest.importorskip("torch")
    o = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    scheduler = eval(TYPED["PyTorch"]["plateau"], {**vars(torch.optim.lr_scheduler), "o": o})
    losses, seen = list(np.random.default_rng(0).normal(size=200).cumsum() + 30), []
    for loss in losses:
        o.step()
        scheduler.step(loss)
        seen.append(o.param_groups[0]["lr"])
    rate = schedules.plateau(0.1, losses)
    assert np.allclose([rate(t) for t in range(200)], seen) and len(set(seen)) > 3


def test_any_schedule_in_pytorch():
    torch = pytest.importorskip("torch")
    assert "`LambdaLR(o, schedule)`" in PROSE and "`lr=1.0`" in PROSE
    schedule = schedules.warmup_stable_decay(0.1, 500, 50, 100)
    o = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler, seen = torch.optim.lr_scheduler.LambdaLR(o, schedule), []
    for _ in STEPS:
        seen.append(o.param_groups[0]["lr"])
        o.step()
        scheduler.step()
    assert np.allclose(schedule(STEPS), seen)


@pytest.mark.parametrize("name", sorted(TYPED["optax"]))
def test_in_optax(name):
    optax = pytest.importorskip("optax")
    rates = [float(eval(TYPED["optax"][name], {**vars(optax), "math": math})(int(t))) for t in STEPS[::7]]
    # float32; and the one cycle is a step longer than PyTorch's, as the page says
    assert np.allclose(ours(name)[1][::7], rates, atol=2e-3 if name == "one_cycle" else 1e-6, rtol=0)


@pytest.mark.parametrize("name", sorted(TYPED["Keras"]))
def test_in_keras(name):
    keras = pytest.importorskip("keras")
    schedule = eval(TYPED["Keras"][name], {**vars(keras.optimizers.schedules), "math": math})
    assert np.allclose(ours(name)[1][::7], [float(schedule(int(t))) for t in STEPS[::7]], atol=1e-6, rtol=0)


# ---- clipping: one step at the rate 0.1 on two layers whose gradients are (3, 0) and (0, 4)

SLOPES = [np.array([3.0, 0.0]), np.array([0.0, 4.0])]
STEP = -0.1 * np.concatenate(SLOPES) / 5


def printed(beginning):
    found = re.findall(rf"`({re.escape(beginning)}[^`]*)`", PROSE)
    assert found, f"the chapter no longer says {beginning!r}"
    return found[0]


def test_here_a_clipped_step_has_length_a_tenth():
    assert np.allclose(descend(gd, clipped(lambda w: np.concatenate(SLOPES), 1.0), np.zeros(4), 1, lr=0.1)[1], STEP)


def test_clipping_in_pytorch():
    torch = pytest.importorskip("torch")
    model = torch.nn.ParameterList([torch.zeros(2), torch.zeros(2)])
    for p, g in zip(model, SLOPES, strict=True):
        p.grad = torch.tensor(g, dtype=torch.float32)
    eval(printed("torch.nn.utils.clip_grad_norm_"), {"torch": torch, "model": model})
    torch.optim.SGD(model.parameters(), lr=0.1).step()
    assert np.allclose(np.concatenate([p.detach().numpy() for p in model]), STEP, atol=1e-6)


def test_clipping_in_optax():
    optax = pytest.importorskip("optax")
    rule = eval(printed("optax.chain("), {"optax": optax})
    slopes = [g.astype("float32") for g in SLOPES]
    updates, _ = rule.update(slopes, rule.init(slopes))
    assert np.allclose(np.concatenate(updates), STEP, atol=1e-6)


@pytest.mark.filterwarnings("ignore:__array__:DeprecationWarning")  # Keras on PyTorch asks NumPy for it
@pytest.mark.parametrize("line", ["keras.optimizers.SGD(0.1, global_clipnorm=1.0)", "clipnorm=1.0"])
def test_clipping_in_keras(line):
    keras = pytest.importorskip("keras")
    optimizer = eval(printed("keras.optimizers.SGD(0.1"), {"keras": keras})
    if line == printed("clipnorm"):  # each layer by itself: the page says so
        optimizer = keras.optimizers.SGD(0.1, clipnorm=1.0)
    weights = [keras.Variable(np.zeros(2, dtype="float32")) for _ in SLOPES]
    optimizer.apply([keras.ops.convert_to_tensor(g.astype("float32")) for g in SLOPES], weights)
    got = np.concatenate([keras.ops.convert_to_numpy(w.value) for w in weights])
    by_layer = -0.1 * np.concatenate([g / np.linalg.norm(g) for g in SLOPES])
    assert np.allclose(got, STEP if "global" in line else by_layer, atol=1e-6)


# ---- bookkeeping


def test_the_wrong_order_costs_the_first_rate_and_pytorch_warns():
    torch = pytest.importorskip("torch")
    o = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    scheduler, used = torch.optim.lr_scheduler.StepLR(o, 1, 0.5), []
    with pytest.warns(UserWarning, match="before"):
        for _ in range(3):
            scheduler.step()
            used.append(o.param_groups[0]["lr"])
            o.step()
    assert used == [0.05, 0.025, 0.0125]


def test_a_cosine_that_is_called_too_often_rises_again():
    torch = pytest.importorskip("torch")
    o = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    scheduler = eval(printed("CosineAnnealingLR(o, 100)"), {**vars(torch.optim.lr_scheduler), "o": o})
    seen = []
    for _ in range(200):
        o.step()
        scheduler.step()
        seen.append(o.param_groups[0]["lr"])
    assert seen[99] < 1e-9 and seen[-1] > 0.099
    assert 23 * 4 < 100 < 23 * 5, "over in the fifth epoch of 23 batches"
