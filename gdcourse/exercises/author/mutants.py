"""The solution with one small change at a time: what the checker accepts of these is either equal to it or a hole in the cases.

`python -m gdcourse.exercises prove NAME --mutants` prints them for the author to judge; nothing fails.
"""

import ast
import copy
import difflib

from ..judge.decide import judge

_OPERATORS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.Pow: ast.Mult,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.USub: ast.UAdd,
}


def mutants(exercise):
    """(what was changed, the changed function), for every small change that still compiles."""
    tree = exercise._node(exercise.name)
    tree.decorator_list = []
    before, seen = ast.unparse(tree), set()
    for changed in _changes(tree):
        text = ast.unparse(ast.fix_missing_locations(changed))
        if text == before or text in seen:
            continue
        seen.add(text)
        scope = dict(exercise.solution.__globals__)
        exec(compile(text, "<mutant>", "exec"), scope)
        lines = difflib.ndiff(before.splitlines(), text.splitlines())
        yield "; ".join(line[2:].strip() for line in lines if line.startswith("+ ")), scope[exercise.name]


def _changes(tree):
    parameters = [a.arg for a in tree.args.args]
    for i, node in enumerate(ast.walk(tree)):
        if isinstance(node, ast.BinOp):
            yield _with(
                tree, i, lambda n: setattr(n, "op", _OPERATORS[type(n.op)]()) if type(n.op) in _OPERATORS else None
            )
            for side in ("left", "right"):
                yield _without(tree, i, side)
        elif isinstance(node, ast.Compare) and type(node.ops[0]) in _OPERATORS:
            yield _with(tree, i, lambda n: n.ops.__setitem__(0, _OPERATORS[type(n.ops[0])]()))
        elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
            for value in (node.value + 1, node.value * 2, 0):
                yield _with(tree, i, lambda n, value=value: setattr(n, "value", value))
        elif isinstance(node, ast.UnaryOp) and type(node.op) in _OPERATORS:
            yield _with(tree, i, lambda n: setattr(n, "op", ast.UAdd()))
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in parameters:
            for other in parameters:
                yield _with(tree, i, lambda n, other=other: setattr(n, "id", other))


def _with(tree, i, change):
    fresh = copy.deepcopy(tree)
    change(list(ast.walk(fresh))[i])
    return fresh


def _without(tree, i, side):
    """One side of an operation in place of the whole."""
    fresh = copy.deepcopy(tree)
    target = list(ast.walk(fresh))[i]

    class Keep(ast.NodeTransformer):
        def visit(self, node):
            return getattr(target, side) if node is target else self.generic_visit(node)

    return Keep().visit(fresh)


def survivors(exercise, most=200):
    """What was changed in the solutions that the checker still accepts, and how many changes were tried."""
    if isinstance(exercise.solution, type):
        return [], 0
    found, tried = [], 0
    for what, answer in mutants(exercise):
        tried += 1
        if judge(exercise, answer, 0, 0.3).ok:
            found.append(what)
        if tried == most:
            break
    return found, tried
