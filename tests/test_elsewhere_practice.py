"""The loops in PyTorch, Keras and optax that the chapter on practice prints run as they stand there, where these are installed, and give our weights."""

import os
import re
import warnings
from pathlib import Path

import numpy as np
import pytest

from website.content.pages import chapters

os.environ.setdefault("KERAS_BACKEND", "torch")
PAGE = chapters(Path(__file__).parents[1])["practice"]
LOOPS = dict(
    (block.split()[1], block) for block in re.findall(r"```python\n(.*?)```", "\n".join(PAGE.prose), flags=re.DOTALL)
)
OURS = next(code for code in PAGE.code if "w, m = momentum(" in code)


@pytest.fixture(scope="module")
def here():
    """What stands after our own cell: X, y, the batches, and w."""
    names = {}
    exec("import numpy as np\nfrom gdcourse import momentum, problems\n" + OURS, names)
    return names


def test_the_loops_are_read():
    assert set(LOOPS) == {"torch", "keras", "jax"}


@pytest.mark.parametrize(("library", "digits"), [("torch", 1e-9), ("jax", 1e-9), ("keras", 1e-3)])
def test_the_same_weights(here, library, digits):
    pytest.importorskip(library)
    if library == "jax":
        pytest.importorskip("optax")
    there = {"X": here["X"], "y": here["y"], "batches": here["batches"]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras uses what NumPy discourages
        exec(LOOPS[library], there)
    assert np.allclose(there["w"], here["w"], rtol=digits, atol=digits)
    assert np.linalg.norm(here["w"]) > 10  # it has moved
