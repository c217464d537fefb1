"""`make bench` prints its table, and the floor it measures against does the same arithmetic.  No time is asserted."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from gdcourse import demos, descend
from gdcourse.problems import bowl

FILE = Path(__file__).resolve().parents[1] / "benchmarks" / "core.py"


def loaded(name):
    spec = importlib.util.spec_from_file_location(name, FILE.with_name(f"{name}.py"))
    spec.loader.exec_module(module := importlib.util.module_from_spec(spec))
    return module


@pytest.fixture(scope="module")
def core():
    return loaded("core")


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


def test_a_frame_of_every_demo_is_measured():
    pytest.importorskip("playwright")
    measured, sources = loaded("demos"), FILE.parents[1] / "frontend/demos/demos"
    assert {name for _, name, *_ in measured.FRAMES} == set(demos.__all__)
    with_a_run = {n for n, file in demos.DEMOS.items() if "\n  run: {" in (sources / f"{file}.js").read_text("utf8")}
    assert set(measured.RUNS.split()) == with_a_run, "and the run of each that has one"
