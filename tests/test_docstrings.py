"""Public functions are typed, and each shows an example that the tests run."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "gdcourse"
MODULES = (
    "autodiff", "lr_finder", "network", "optimizers", "plotting", "problems", "schedules",
    "exercises/learner", "exercises/progress", "exercises/author/exercise",
)  # fmt: skip
# they answer by the machine they run on, or by what a learner did there
NO_EXAMPLE = {
    "style", "course_folder", "exercises_folder",
    "file", "record", "events", "export", "merge", "solved", "attempted", "hints_taken", "progress", "questions_of",
}  # fmt: skip


def public(module):
    """The public functions and classes of a module, and the public methods of its classes: (name, node)."""
    for node in ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8")).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            yield node.name, node


@pytest.mark.parametrize("module", MODULES)
def test_public_functions_are_typed_and_show_an_example(module):
    for name, node in public(module):
        doc = ast.get_docstring(node) or ""
        assert doc, f"{module}.{name} has no docstring"
        if isinstance(node, ast.FunctionDef):
            untyped = [a.arg for a in (*node.args.args, *node.args.kwonlyargs) if a.annotation is None]
            assert node.returns is not None and not untyped, f"{module}.{name}: add types to {untyped or 'its return'}"
            assert ">>>" in doc or name in NO_EXAMPLE, f"{module}.{name} shows no example"


def test_the_types_hold():
    done = subprocess.run(
        [sys.executable, "-m", "mypy"], cwd=PACKAGE.parent, text=True, capture_output=True, check=False
    )
    assert not done.returncode, done.stdout
