"""`import gdcourse` loads NumPy and no more; everything else comes when it is asked for."""

import subprocess
import sys

import pytest

import gdcourse

NUMPY_ONLY = {"optimizers", "problems", "schedules", "lr_finder"}


def loaded_by(code):
    """The modules that a fresh interpreter has loaded after running some code."""
    done = subprocess.run(
        [sys.executable, "-c", code + "\nimport sys; print(*sys.modules)"], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_importing_the_package_loads_numpy_and_no_more():
    more = loaded_by("import gdcourse") - loaded_by("import numpy") - set(sys.stdlib_module_names)
    assert {name for name in more if name.split(".")[0] not in sys.stdlib_module_names} == {
        "gdcourse",
        "gdcourse.optimizers",
    }


def test_the_mathematics_loads_numpy_and_no_more():
    names = ", ".join(sorted(NUMPY_ONLY))
    more = {name.split(".")[0] for name in loaded_by(f"from gdcourse import {names}") - loaded_by("import numpy")}
    assert more - set(sys.stdlib_module_names) <= {"gdcourse", "numpy"}  # numpy.typing is NumPy too


def test_parts_come_when_they_are_asked_for():
    code = "import gdcourse; {}; import sys; assert '{}' in sys.modules"
    loaded_by(code.format("gdcourse.problems.bowl", "gdcourse.problems"))
    loaded_by(code.format("gdcourse.plotting.contour", "matplotlib.pyplot"))
    loaded_by(
        code.format(
            "gdcourse.check, gdcourse.hint, gdcourse.solution, gdcourse.progress, gdcourse.quiz", "gdcourse.exercises"
        )
    )
    loaded_by("from gdcourse import *; descend, gd")
    assert {"adam", "problems", "check"} <= set(dir(gdcourse))
    with pytest.raises(AttributeError, match="no attribute 'adamm'"):
        gdcourse.adamm  # noqa: B018
