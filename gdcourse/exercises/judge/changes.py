"""Change a syntax tree in one place, and undo the change.

`slips.py` changes right answers, `repair.py` changes the learner's answer.
"""

import ast
from collections.abc import Callable, Iterator
from typing import Any

Change = tuple[Callable, Callable]  # (function that makes the change, function that undoes it)


def slots(tree: ast.AST) -> Iterator[tuple]:
    r"""Yield (parent, field, index, node) for every node in the body of the function `tree`.

    The node is `parent.field[index]`, or `parent.field` if index is None.

    >>> tree = ast.parse("def f(w):\n    return -w").body[0]
    >>> [(field, type(node).__name__) for _, field, _, node in slots(tree)]
    [('body', 'Return'), ('value', 'UnaryOp'), ('op', 'USub'), ('operand', 'Name'), ('ctx', 'Load')]
    """
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
    r"""Yield every list of statements in a tree, but not those of `finally`.

    >>> [len(body) for body in bodies(ast.parse("for t in range(3):\n    w -= 1\n    n += 1"))]
    [1, 2]
    """
    for node in ast.walk(tree):
        for name in ("body", "orelse"):
            value = getattr(node, name, None)
            if isinstance(value, list) and value:
                yield value


def _locate(new: Any, near: ast.AST) -> None:
    """Give new nodes the line numbers of the node `near`, because the compiler needs line numbers."""
    if isinstance(new, ast.AST):
        if "lineno" in new._attributes and not hasattr(new, "lineno"):
            ast.copy_location(new, near)
        for child in ast.iter_child_nodes(new):
            _locate(child, near)


def replace(parent: Any, field: str, index: int | None, node: ast.AST) -> Callable[[Any], Change]:
    """Return a function: put(new) returns the Change that replaces `node`, at parent.field[index], by `new`.

    >>> tree = ast.parse("w + g").body[0]
    >>> change, undo = replace(tree, "value", None, tree.value)(tree.value.left)
    >>> _ = change()
    >>> ast.unparse(tree)
    'w'
    """

    def put(new):
        def place(value):
            if index is None:
                setattr(parent, field, value)
            else:
                getattr(parent, field)[index] = value

        return (lambda: (_locate(new, node), place(new))), (lambda: place(node))

    return put


def set_field(node: Any, name: str, value: Any) -> Change:
    """Return the Change that sets a field of a node to another value.

    >>> tree = ast.parse("w + g").body[0]
    >>> change, undo = set_field(tree.value, "op", ast.Sub())
    >>> change()
    >>> ast.unparse(tree)
    'w - g'
    """
    old = getattr(node, name)

    def change():
        for new in value if isinstance(value, list) else [value]:
            _locate(new, node)
        setattr(node, name, value)

    return change, (lambda: setattr(node, name, old))


def set_body(body: list, new: list) -> Change:
    r"""Return the Change that replaces all statements in `body` by those in `new`.

    >>> tree = ast.parse("w = 1\nw = 2")
    >>> change, undo = set_body(tree.body, tree.body[:1])
    >>> change()
    >>> ast.unparse(tree)
    'w = 1'
    """
    old = list(body)
    return (lambda: body.__setitem__(slice(None), new)), (lambda: body.__setitem__(slice(None), old))


def changed(tree: ast.FunctionDef, scope: dict, change: Callable, undo: Callable) -> Callable | None:
    r"""Return the function that `tree` defines after the change, or None if Python refuses it. The change is undone.

    scope: the globals of the function, which are copied.

    >>> tree = ast.parse("def f(w, g):\n    return w + g").body[0]
    >>> f = changed(tree, {}, *set_field(tree.body[0].value, "op", ast.Sub()))
    >>> f(5, 2), ast.unparse(tree.body[0])
    (3, 'return w + g')
    """
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
        return None  # a default value in the `def` line uses a name that `scope` does not have
    return scope[tree.name]
