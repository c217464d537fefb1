"""gdcourse alone, as it is published: small, at work with NumPy only, and nothing that touches other people's books."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.patient

ROOT = Path(__file__).resolve().parents[1]
INSTALLED = Path(sysconfig.get_path("purelib"))


def built(project, folder):
    """The wheel of a project, built by the backend that its pyproject.toml names."""
    code = f"import hatchling.build; print(hatchling.build.build_wheel({str(folder)!r}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder / done.stdout.split()[-1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return built(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def exercises(tmp_path_factory):
    return built(ROOT / "exercises", tmp_path_factory.mktemp("exercises"))


def environment(folder, wheels, wanted):
    """A fresh environment that holds the wheels and the installed packages of which wanted(name) is true; its Python."""
    venv.create(folder, symlinks=True)
    python = folder / "bin/python"
    place = Path(
        subprocess.check_output(
            [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True
        ).strip()
    )
    for entry in INSTALLED.iterdir():
        if wanted(entry.name) and not entry.name.startswith(("gdcourse", "_gdcourse", "__editable__")):
            (place / entry.name).symlink_to(entry)
    for wheel in wheels:
        zipfile.ZipFile(wheel).extractall(place)
    return python


def run(python, *arguments, cwd):
    settings = {k: v for k, v in os.environ.items() if not k.startswith(("GDCOURSE", "PYTHON", "JUPYTER"))}
    return subprocess.run([python, *arguments], cwd=cwd, env=settings, capture_output=True, text=True)


def test_the_wheel_is_small_and_holds_no_website(wheel):
    files = zipfile.ZipFile(wheel).namelist()
    assert wheel.stat().st_size < 400_000
    assert {file.split("/")[0] for file in files} == {"gdcourse", "gdcourse-0.1.0.dist-info"}
    assert not [file for file in files if file.endswith(("entry_points.txt", ".pyc", ".ipynb"))]
    assert "gdcourse/py.typed" in files


def test_the_exercises_are_a_distribution_of_their_own(exercises):
    """Every exercise and every quiz; 4 kB each at most, compressed: it grows with the course."""
    here = {f"gdcourse_exercises/{path.parent.name}/{path.name}" for path in (ROOT / "exercises").glob("*/*.py")}
    info = "gdcourse_exercises-0.1.0.dist-info"
    assert set(zipfile.ZipFile(exercises).namelist()) == here | {f"{info}/{n}" for n in ("METADATA", "WHEEL", "RECORD")}
    assert exercises.stat().st_size < 4_000 * len(here)


ALONE = """
import importlib.util as u, sys
assert not u.find_spec("matplotlib") and not u.find_spec("IPython")
import gdcourse, gdcourse.optimizers, gdcourse.schedules, gdcourse.problems
right = gdcourse.check("gd_step", lambda w, g, lr: w - lr * g)
wrong = gdcourse.check("gd_step", lambda w, g, lr: w + lr * g)
print(right.code, wrong.code, right)
"""


def test_with_numpy_only_it_imports_and_checks(wheel, exercises, tmp_path):
    numpy = lambda name: name.startswith("numpy")
    python = environment(tmp_path / "env", [wheel, exercises], numpy)
    done = run(python, "-c", ALONE, cwd=tmp_path)
    assert done.stdout.split()[:2] == ["right", "sign"], done.stderr
    for what in ("from gdcourse.demos import Fog", "import gdcourse.plotting"):
        asked = run(python, "-c", what, cwd=tmp_path)
        assert asked.stderr.splitlines()[-1].endswith("pip install 'gdcourse[course]'"), asked.stderr


def test_without_the_exercises_it_checks_those_of_the_folder_and_else_says_what_to_install(wheel, tmp_path):
    python = environment(tmp_path / "env", [wheel], lambda name: name.startswith("numpy"))
    done = run(python, "-c", ALONE, cwd=tmp_path)
    assert done.stdout.split()[:2] == ["unknown", "unknown"], done.stderr
    assert "pip install gdcourse-exercises" in " ".join(done.stdout.split())  # the text is folded
    own = tmp_path / "course/exercises/update_rule"
    own.mkdir(parents=True)
    (tmp_path / "course/_toc.yml").touch()
    shutil.copy(ROOT / "exercises/update_rule/gd_step.py", own)
    done = run(python, "-c", ALONE, cwd=tmp_path / "course")
    assert done.stdout.split()[:2] == ["right", "sign"], done.stderr


def test_a_book_of_somebody_else_builds_beside_it(wheel, tmp_path):
    """One cell, MyST-NB; of the course's own needs only those are there that a book has anyway."""
    ours = ("anywidget", "ipywidgets", "sklearn", "scikit_learn", "matplotlib")
    python = environment(tmp_path / "env", [wheel], lambda name: not name.startswith(ours))
    book = tmp_path / "book"
    book.mkdir()
    (book / "conf.py").write_text("extensions = ['myst_nb']\nproject = 'Theirs'\n")
    cell = {
        "cell_type": "code",
        "metadata": {},
        "source": "1 + 41",
        "outputs": [],
        "execution_count": None,
        "id": "one",
    }
    kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python"}}
    heading = {"cell_type": "markdown", "metadata": {}, "source": "# Theirs", "id": "head"}
    (book / "index.ipynb").write_text(
        json.dumps({"cells": [heading, cell], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5})
    )
    done = run(python, "-m", "sphinx", "-W", "-q", "-b", "html", book, book / "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    page = (book / "out/index.html").read_text(encoding="utf-8")
    assert "42" in page.split('class="cell_output')[1]
