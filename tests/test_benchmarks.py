"""`make bench` prints its table, and the floor it measures against does the same arithmetic.  No time is asserted."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from gdcourse import descend
from gdcourse.problems import bowl

FILE = Path(__file__).resolve().parents[1] / "benchmarks" / "core.py"


@pytest.fixture(scope="module")
def core():
    spec = importlib.util.spec_from_file_location("core", FILE)
    spec.loader.exec_module(module := importlib.util.module_from_spec(spec))
    return module


def test_the_bare_loop_walks_the_same_path(core):
    for rule in core.RULES:
        bare, ours = core.bare(rule, 40, lr=0.01)(), descend(rule, bowl.grad, bowl.start, 40, lr=0.01)
        same = (
            2 if "adam" in rule.__name__ or rule.__name__ == "amsgrad" else 41
        )  # there, t stands still after one step
        np.testing.assert_allclose(bare[1:same], ours[1:same], rtol=1e-12)


def test_the_benchmarks_print_a_table(core, capsys):
    core.main(steps=4, rounds=1, rates=2, rows=2_000)
    printed = capsys.readouterr().out
    assert all(f"  {rule.__name__} " in printed for rule in core.RULES)
    lines = [line for line in printed.splitlines() if line.startswith("  ")]
    assert len(lines) == 9 + 9 + 3
    assert all("not installed" in line or float(line[50:58]) > 0 for line in lines)
