"""Change a syntax tree in one place, and undo the change. `slips` does so with right answers, `repair` with the learner's answer."""

import ast
from collections.abc import Callable, Iterator
from typing import Any

Change = tuple[Callable, Callable]  # (a function that makes the change, a function that undoes it)


def slots(tree: ast.AST) -> Iterator[tuple]:
    """(parent, field, index, node) for every node below the body of a function."""
    todo: list[tuple] = [(tree, "body", i, node) for i, node in enumerate(tree.body)]  # type: ignore[attr-defined]
    while todo:
        parent, field, index, node = todo.pop(0)
        yield parent, field, index, node
        for name, value in ast.iter_fields(node):
            if isinstance(value, ast.AST):
                todo.append((node, name, None, value))
            elif isinstance(value, list):
                todo += [(node, name, i, v) for i, v in enumerate(value) if isinstance(v, ast.AST)]


def bodies(tree: ast.AST) -> Iterator[list]:
    """Every list of statements."""
    for node in ast.walk(tree):
        for name in ("body", "orelse"):
            value = getattr(node, name, None)
            if isinstance(value, list) and value:
                yield value


def locate(new: Any, near: ast.AST) -> None:
    """Give new nodes the line numbers of the node `near`: the compiler needs some."""
    if isinstance(new, ast.AST):
        if "lineno" in new._attributes and not hasattr(new, "lineno"):
            ast.copy_location(new, near)
        for child in ast.iter_child_nodes(new):
            locate(child, near)


def replace(parent: Any, field: str, index: int | None, node: ast.AST) -> Callable[[Any], Change]:
    """put(new), which returns the Change that replaces this node by `new`."""

    def put(new):
        def place(value):
            if index is None:
                setattr(parent, field, value)
            else:
                getattr(parent, field)[index] = value

        return (lambda: (locate(new, node), place(new))), (lambda: place(node))

    return put


def set_field(node: Any, name: str, value: Any) -> Change:
    """The Change that gives a field of a node another value."""
    old = getattr(node, name)

    def change():
        for new in value if isinstance(value, list) else [value]:
            locate(new, node)
        setattr(node, name, value)

    return change, (lambda: setattr(node, name, old))


def set_body(body: list, new: list) -> Change:
    """The Change that replaces all statements of a list by those of `new`."""
    old = list(body)
    return (lambda: body.__setitem__(slice(None), new)), (lambda: body.__setitem__(slice(None), old))


def changed(tree: ast.FunctionDef, scope: dict, change: Callable, undo: Callable) -> Callable | None:
    """The function that the changed tree defines, its globals a copy of `scope`; None where it cannot be compiled."""
    change()
    try:
        code = compile(ast.Module([tree], []), "<changed>", "exec")
    except (SyntaxError, ValueError, TypeError):
        return None
    finally:
        undo()
    scope = dict(scope)
    try:
        exec(code, scope)
    except Exception:
        return None  # a default value in its first line names something that does not exist here
    return scope[tree.name]


def names_in(node: ast.AST) -> list[str]:
    """The names that an expression uses, each once."""
    return list(dict.fromkeys(n.id for n in ast.walk(node) if isinstance(n, ast.Name)))
