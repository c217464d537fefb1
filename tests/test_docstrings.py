"""Everything public says what it is; its arguments and results are typed, and a function shows an example that is run."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "gdcourse"
FILES = sorted(PACKAGE.rglob("*.py"))
WITHOUT = "grading/"  # used through a command: it shows examples only where they are small
# functions without an example, because the result depends on the machine, or on what a learner has done on it
NO_EXAMPLE = {
    "plotting.py": {"style"},
    "exercises/author/exercise.py": {"course_folder", "exercises_folder"},
    "exercises/progress.py": {"file", "record", "events", "export", "merge", "solved", "attempted", "hints_taken", "progress"},
    "exercises/judge/calls.py": {"paused"},  # it stops a clock
    "exercises/judge/memory.py": {"address_space", "room"},  # `room` limits memory
    "exercises/__main__.py": {"main"},  # pytest does not read the examples of a __main__.py
}  # fmt: skip


def place(path):
    return path.relative_to(PACKAGE).as_posix()


def public(path):
    """The public functions and classes of a file."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            yield node


def functions(path):
    """(name, function): the public functions of a file, and what is called of its public classes."""
    for node in public(path):
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
            continue
        for inner in node.body:
            called = isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef))
            if called and (inner.name in ("__init__", "__call__") or inner.name[0] != "_"):
                yield f"{node.name}.{inner.name}", inner


def untyped(function):
    """The names of the arguments without a type, and "its result" if that has none; self and cls need none."""
    given = function.args
    for one in (*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg):
        if one and one.annotation is None and one.arg not in ("self", "cls"):
            yield one.arg
    if function.returns is None and function.name != "__init__":
        yield "its result"


def files(test):
    return pytest.mark.parametrize("path", FILES, ids=place)(test)


@files
def test_everything_public_has_a_docstring(path):
    silent = [node.name for node in public(path) if not ast.get_docstring(node)]
    assert not silent, f"{path.name}: say in a docstring what {silent} are"


@files
def test_everything_public_is_typed(path):
    found = [f"{name}: {', '.join(untyped(function))}" for name, function in functions(path) if any(untyped(function))]
    assert not found, f"{path.name}: add types to {found}"


@files
def test_every_public_function_shows_an_example(path):
    if place(path).startswith(WITHOUT):
        return
    found = {n.name for n in public(path) if isinstance(n, ast.FunctionDef) and ">>>" not in ast.get_docstring(n)}
    assert found == NO_EXAMPLE.get(place(path), set()), f"{path.name}: show an example, or say in NO_EXAMPLE why not"


def test_the_types_hold():
    done = subprocess.run(
        [sys.executable, "-m", "mypy"], cwd=PACKAGE.parent, text=True, capture_output=True, check=False
    )
    assert not done.returncode, done.stdout
