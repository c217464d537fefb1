"""Everything public says what it is; what an author or a notebook uses is typed, and shows an example that the tests run."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "gdcourse"
# the modules from which notebooks and authors import; the grader is used through a command
MODULES = (
    "autodiff", "lr_finder", "network", "optimizers", "plotting", "problems", "schedules",
    "exercises/learner", "exercises/progress", "exercises/author/exercise", "exercises/questions/cards", "exercises/questions/quiz",
    "demos/formula", "demos/noise",
    *(f"exercises/judge/{path.stem}" for path in sorted((PACKAGE / "exercises/judge").glob("*.py"))),
)  # fmt: skip
# their results depend on the machine, or on what a learner has done on it; `paused` stops a clock, `room` limits memory
NO_EXAMPLE = {
    "style", "course_folder", "exercises_folder",
    "file", "record", "events", "export", "merge", "solved", "attempted", "hints_taken", "progress", "questions_of",
    "paused", "address_space", "room",
}  # fmt: skip


def public(path):
    """The public functions and classes of a file."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            yield node


def used_by_notebooks():
    """(where, function): those of MODULES, and the pure function of each demo, which has the name of its file."""
    for module in MODULES:
        yield from ((module, node) for node in public(PACKAGE / f"{module}.py") if isinstance(node, ast.FunctionDef))
    for path in sorted((PACKAGE / "demos").glob("*.py")):
        yield from (("demos", node) for node in public(path) if node.name == path.stem)


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_everything_public_has_a_docstring(path):
    silent = [node.name for node in public(path) if not ast.get_docstring(node)]
    assert not silent, f"{path.name}: say in a docstring what {silent} are"


@pytest.mark.parametrize("where, node", list(used_by_notebooks()), ids=lambda given: getattr(given, "name", given))
def test_what_notebooks_use_is_typed_and_shows_an_example(where, node):
    untyped = [a.arg for a in (*node.args.args, *node.args.kwonlyargs) if a.annotation is None]
    assert node.returns is not None and not untyped, f"{where}, {node.name}: add types to {untyped or 'its return'}"
    assert ">>>" in ast.get_docstring(node) or node.name in NO_EXAMPLE, f"{where}, {node.name} shows no example"


def test_the_types_hold():
    done = subprocess.run(
        [sys.executable, "-m", "mypy"], cwd=PACKAGE.parent, text=True, capture_output=True, check=False
    )
    assert not done.returncode, done.stdout
