"""Imports point down: nobody imports from a room above, in a circle, or inside a function without a reason."""

import ast
import graphlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# The rooms from the ground up: a module may import from its own room and from those before it.
ROOMS = (
    "gdcourse",
    "gdcourse.exercises.judge",
    "gdcourse.exercises.author",
    "gdcourse.exercises.questions",
    "gdcourse.exercises",
    "gdcourse.demos",
    "gdcourse.grading",
    "website",
    "website.look",
    "website.content",
    "website.python.inpage",
    "website.python",
    "website.make",
)
# Libraries that are imported inside functions, where they are needed, because they take long to load or may be absent.
HEAVY = {
    "IPython", "PIL", "anywidget", "distributed", "fontTools", "ipykernel", "matplotlib", "matplotlib_inline", "myst_nb", "scipy", "sklearn",
    "sphinx",
}  # fmt: skip
# An import of our own inside a function that no heavy library explains, and what does.
REASONS = {
    ("website.python.inpage.kernel", "gdcourse.exercises.author"): "in the browser NumPy arrives after the kernel",
}


def module_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {
    module_of(path): path
    for top in ("gdcourse", "website")
    for path in sorted((ROOT / top).rglob("*.py"))
    if "node_modules" not in path.parts
}


def below(node, inside=False):
    """Every statement below a node, as pairs (statement, is it inside a function)."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.expr):
            yield child, inside
            yield from below(child, inside or isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)))


def imports(module):
    """What a module imports, as pairs (name, is it inside a function): our modules in full, of others the first word."""
    path = FILES[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node, inside in below(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            base = f"website.python.{base}" if base.split(".")[0] == "inpage" else base  # its name in the browser
            names = [f"{base}.{alias.name}" if f"{base}.{alias.name}" in FILES else base for alias in node.names]
        else:
            continue
        for name in names:
            while name not in FILES and "." in name and name.split(".")[0] in ("gdcourse", "website"):
                name = name.rpartition(".")[0]
            yield (name if name in FILES else name.split(".")[0]), inside


ARROWS = {module: set(imports(module)) for module in FILES}


def room(module):
    return max((name for name in ROOMS if f"{module}.".startswith(f"{name}.")), key=len)


def loads_something_heavy(module):
    return any(name in HEAVY for name, inside in ARROWS.get(module, ()) if not inside)


@pytest.mark.parametrize("module", FILES)
def test_no_arrow_points_up(module):
    here = ROOMS.index(room(module))
    up = [name for name, _ in ARROWS[module] if name in FILES and ROOMS.index(room(name)) > here]
    assert not up, f"{module} imports from a room above its own: {up}"


@pytest.mark.parametrize("module", FILES)
def test_an_import_inside_a_function_has_a_reason(module):
    for name, inside in ARROWS[module]:
        if inside and (module, name) not in REASONS:
            assert name in HEAVY or loads_something_heavy(name), f"{module} imports {name} inside a function: why?"


def test_there_is_no_circle():
    graph = {module: {name for name, _ in ARROWS[module] if name in FILES and name != module} for module in FILES}
    list(graphlib.TopologicalSorter(graph).static_order())  # raises CycleError, which names the circle


def test_every_folder_says_what_it_is_in_one_sentence():
    for module, path in FILES.items():
        if path.name == "__init__.py":
            text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
            assert text.split("\n")[0].rstrip().endswith("."), f"{module}: begin its docstring with one sentence"
