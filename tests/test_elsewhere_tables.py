"""Elsewhere: what a page tells the reader to type in PyTorch is typed here, and must walk our path."""

import re
from pathlib import Path

import numpy as np
import pytest

from gdcourse import descend, optimizers
from website.content.pages import chapters

ROOT = Path(__file__).parents[1]
ROW = re.compile(r"^\| `(\w+)\(([^`]*)\)` \| `(\w+\(\[w\][^`]*\))`(?: \([^|]*\))? \|$", flags=re.MULTILINE)


def pairs():
    """(chapter, rule, settings, line) of each row of a table "here | in torch.optim"; a remark in parentheses may follow the line."""
    for name, page in chapters(ROOT).items():
        for rule, settings, line in ROW.findall("\n".join(page.prose)):
            yield (
                name,
                rule,
                {key.strip(): float(value) for key, value in (part.split("=") for part in settings.split(",") if part)},
                line,
            )


PAIRS = list(pairs())


def test_there_are_tables():
    assert {"adagrad", "rmsprop", "adadelta", "adam", "adamw", "amsgrad"} <= {rule for _, rule, _, _ in PAIRS}


@pytest.mark.parametrize("name, rule, settings, line", PAIRS, ids=[f"{name}-{rule}" for name, rule, _, _ in PAIRS])
def test_the_line_walks_our_path(name, rule, settings, line):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    start, slopes = rng.normal(size=3), rng.normal(size=(100, 3))
    numbers = iter(slopes)
    ours = descend(getattr(optimizers, rule), lambda w: next(numbers), start, 100, **settings)
    w = torch.tensor(start, requires_grad=True)
    optimizer, theirs = eval(f"torch.optim.{line}", {"torch": torch, "w": w}), [start]  # the line as it is printed
    for slope in slopes:
        w.grad = torch.tensor(slope)
        optimizer.step()
        theirs.append(w.detach().numpy().copy())
    assert np.abs(ours - theirs).max() < 1e-12


def test_muon_and_lion_as_they_are_printed():
    """Muon wants a matrix, and rounds inside; Lion is in optax. The lines are taken from the page."""
    prose = "\n".join(chapters(ROOT)["beyond_adam"].prose)
    muon, lion = (re.findall(rf"`({name}[^`]*)`", prose)[0] for name in (r"Muon\(\[W\]", r"optax\.lion\("))
    rng = np.random.default_rng(0)
    start, slopes = rng.normal(size=(3, 4)), rng.normal(size=(20, 3, 4))
    torch = pytest.importorskip("torch")
    if hasattr(torch.optim, "Muon"):
        numbers = iter(slopes)
        ours = descend(optimizers.muon, lambda w: next(numbers), start, 20, lr=0.02)
        W = torch.tensor(start, requires_grad=True)
        optimizer = eval(f"torch.optim.{muon}", {"torch": torch, "W": W})
        for slope in slopes:
            W.grad = torch.tensor(slope)
            optimizer.step()
        assert np.abs(ours[-1] - W.detach().numpy()).max() < 0.02 < np.abs(ours[-1] - start).max()
    optax = pytest.importorskip("optax")
    rule, w, numbers = eval(lion, {"optax": optax}), start, iter(slopes)
    state = rule.init(w)
    for slope in slopes:
        step, state = rule.update(slope, state, w)
        w = w + np.asarray(step)
    assert np.abs(descend(optimizers.lion, lambda w: next(numbers), start, 20, lr=0.01)[-1] - w).max() < 1e-5
