"""`import gdcourse` loads NumPy and no more, and imports point one way: from the outer layers to the mathematics."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import gdcourse

PACKAGE = Path(gdcourse.__file__).parent

# layer: the layers it may import
ARROWS = {
    "optimizers": set(),
    "problems": set(),
    "schedules": set(),
    "lr_finder": {"optimizers"},
    "plotting": {"problems"},
    "demos": {"optimizers", "problems", "schedules", "lr_finder", "plotting"},
    "exercises": {"optimizers", "problems", "schedules", "lr_finder", "plotting"},
    "book": {"optimizers", "problems", "schedules", "lr_finder", "plotting", "demos", "exercises"},
}
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
    assert more - set(sys.stdlib_module_names) == {"gdcourse"}


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


def imports(path):
    """The layers of the package that a file imports, anywhere in it."""
    inside = path.relative_to(PACKAGE).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = ["gdcourse", *inside][: len(inside) + 2 - node.level] if node.level else []
            start = above + (node.module.split(".") if node.module else [])
            names = [[*start, alias.name] for alias in node.names]
        else:
            continue
        for name in names:
            if name[0] == "gdcourse" and len(name) > 1:
                yield name[1] if name[1] in ARROWS else "optimizers"  # `from gdcourse import gd`


@pytest.mark.parametrize("layer", ARROWS)
def test_imports_point_one_way(layer):
    files = [PACKAGE / f"{layer}.py"] if (PACKAGE / f"{layer}.py").exists() else sorted((PACKAGE / layer).rglob("*.py"))
    assert files
    found = {(path.name, name) for path in files for name in imports(path) if name != layer}
    assert {(path, name) for path, name in found if name not in ARROWS[layer]} == set()


def test_every_part_has_its_layer():
    parts = {p.stem for p in PACKAGE.iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()}
    assert parts - {"__init__"} == set(ARROWS)
