"""Facts and notebooks say the same on another processor.

NumPy and OpenBLAS have code for each generation of processors, and choose when they are loaded. Sums then differ in the last bit,
and equal numbers may be sorted in another order. No sentence of the course may hang on that, so here they are told to choose as
on an older processor: what this one has and is not told to do without decides which generations can be tried.
"""

import os
import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.patient

ROOT = Path(__file__).parents[1]


def found():
    """The sets of instructions beyond the oldest ones that NumPy uses in this process."""
    return np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])


OLDEST = {"x86_64": "Nehalem", "AMD64": "Nehalem", "aarch64": "ARMV8"}  # what OpenBLAS calls it
PROCESSORS = {"the oldest": {"NPY_DISABLE_CPU_FEATURES": " ".join(found())}}
if platform.machine() in OLDEST:
    PROCESSORS["the oldest"]["OPENBLAS_CORETYPE"] = OLDEST[platform.machine()]


def run(processor, *command):
    """Run Python with NumPy as on that processor; what it printed. A failure fails the test, with the command to try."""
    settings = PROCESSORS[processor]
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=os.environ | settings, text=True, capture_output=True, timeout=900
    )
    tried = " ".join([*(f'{name}="{value}"' for name, value in settings.items()), ".venv/bin/python", *command])
    assert done.returncode == 0, f"{tried}\n{done.stdout[-6000:]}{done.stderr[-6000:]}"
    return done.stdout


@pytest.mark.parametrize("processor", PROCESSORS)
def test_numpy_takes_this_for_another_processor(processor):
    left = run(
        processor, "-c", "import numpy; print(*numpy.show_config(mode='dicts')['SIMD Extensions'].get('found', []))"
    )
    assert left.split() == [
        name for name in found() if name not in PROCESSORS[processor]["NPY_DISABLE_CPU_FEATURES"].split()
    ]


@pytest.mark.parametrize("processor", PROCESSORS)
def test_the_facts_are_the_same(processor):
    assert " passed" in run(
        processor, "-m", "pytest", "-q", "-p", "no:xdist", "tests/test_facts.py", "-k", "a_fact_holds"
    )


@pytest.mark.parametrize("processor", PROCESSORS)
def test_the_notebooks_say_the_same(processor):
    assert "Every notebook says" in run(processor, "-m", "website.make.notebooks", "--compare")
