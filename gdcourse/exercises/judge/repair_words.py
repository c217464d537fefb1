"""The changes that `repair` tries on a learner's code, and for each change the words for the mistake that it mends.

Each change comes as (rank, words, change): changes of a lower rank are tried earlier; the words tell the learner what
is wrong in the unchanged code; `change` is a pair of functions, one that makes the change and one that undoes it.
The file is long because it is a table of changes and their words.
"""

import ast
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from typing import Any

from .changes import Change, set_body, set_field

_OPERATORS: tuple[tuple[type, type, str], ...] = (
    (ast.Add, ast.Sub, "a `+` stands where a `-` belongs"),
    (ast.Sub, ast.Add, "a `-` stands where a `+` belongs"),
    (ast.Mult, ast.Div, "you multiply where you should divide"),
    (ast.Div, ast.Mult, "you divide where you should multiply"),
    (ast.FloorDiv, ast.Div, "`//` cuts the decimals off, and `/` does not"),
    (ast.BitXor, ast.Pow, "`^` is no power in Python: write `**`"),
    (ast.Mult, ast.Pow, "`*` stands where a power, `**`, belongs"),
    (ast.Pow, ast.Mult, "a power, `**`, stands where `*` belongs"),
    (ast.Mult, ast.MatMult, "`*` multiplies entry by entry, and a matrix product, `@`, adds up"),
    (ast.MatMult, ast.Mult, "`@` adds up, and `*` multiplies entry by entry"),
)
_COMPARISONS: tuple[tuple[type, type, str], ...] = (
    (ast.Lt, ast.LtE, "`<` and `<=` are two things where both sides are exactly equal"),
    (ast.LtE, ast.Lt, "`<` and `<=` are two things where both sides are exactly equal"),
    (ast.Gt, ast.GtE, "`>` and `>=` are two things where both sides are exactly equal"),
    (ast.GtE, ast.Gt, "`>` and `>=` are two things where both sides are exactly equal"),
    (ast.Lt, ast.Gt, "the comparison is the wrong way round: `<` or `>`?"),
    (ast.LtE, ast.GtE, "the comparison is the wrong way round: `<=` or `>=`?"),
    (ast.Gt, ast.Lt, "the comparison is the wrong way round: `>` or `<`?"),
    (ast.GtE, ast.LtE, "the comparison is the wrong way round: `>=` or `<=`?"),
    (ast.Eq, ast.NotEq, "the comparison is the wrong way round: `==` or `!=`?"),
    (ast.NotEq, ast.Eq, "the comparison is the wrong way round: `!=` or `==`?"),
)
# NumPy functions that people use in place of each other (_INSTEAD), and what each of them does (_DOES)
_DOES = {
    "mean": "a mean", "sum": "a sum", "median": "a median", "max": "the largest", "min": "the smallest", "prod": "a product",
    "argmax": "the place of the largest", "argmin": "the place of the smallest", "maximum": "the larger of two, `maximum`,",
    "minimum": "the smaller of two, `minimum`,", "std": "a standard deviation", "var": "a variance, the square of the standard deviation,",
    "log": "the natural logarithm", "log2": "a logarithm in base 2", "log10": "a logarithm in base 10", "exp": "an exponential",
    "sqrt": "a square root", "square": "a square", "abs": "a size, without its sign,", "sign": "a sign alone", "all": "`all`", "any": "`any`",
    "floor": "rounding down", "ceil": "rounding up", "round": "rounding to the nearest", "int": "cutting the decimals off",
    "real": "the real part", "imag": "the imaginary part", "dot": "a product with `dot`", "logspace": "even steps in the logarithm",
    "linspace": "even steps", "geomspace": "even factors", "cumsum": "a running sum", "diff": "the differences", "sin": "a sine", "cos": "a cosine",
    "tanh": "a `tanh`",
}  # fmt: skip
_INSTEAD = {
    "mean": ("sum", "median", "max"), "sum": ("mean", "max", "prod"), "median": ("mean",), "max": ("min", "sum", "mean"),
    "min": ("max",), "argmax": ("argmin",), "argmin": ("argmax",), "maximum": ("minimum",), "minimum": ("maximum",),
    "std": ("var",), "var": ("std", "sum"), "log": ("log10", "log2", "exp"), "log2": ("log",), "log10": ("log",), "exp": ("log",),
    "sqrt": ("square",), "square": ("sqrt", "abs"), "abs": ("square",), "sign": ("abs",), "all": ("any",), "any": ("all",), "floor": ("ceil", "round"),
    "ceil": ("floor", "round"), "round": ("ceil", "floor"), "real": ("abs",), "prod": ("sum",), "linspace": ("geomspace", "logspace"), "logspace": ("geomspace",),
}  # fmt: skip
_ALONE = {
    "sqrt": "a square root is taken that does not belong there", "abs": "the sign is thrown away, with `abs`, and it counts",
    "absolute": "the sign is thrown away, with `abs`, and it counts", "square": "something is squared that should not be",
    "log": "a logarithm is taken that does not belong there", "exp": "an exponential is taken that does not belong there",
    "log10": "a logarithm is taken that does not belong there", "round": "something is rounded that should not be",
    "int": "`int` cuts the decimals off", "floor": "something is rounded down that should not be",
    "ceil": "something is rounded up that should not be", "sort": "something is sorted that should keep its order",
    "sorted": "something is sorted that should keep its order", "flip": "the order is turned round", "cumsum": "a running sum is taken that does not belong there",
    "real": "only the real part is taken", "sum": "a sum is taken too early", "mean": "a mean is taken too early", "max": "the largest is taken too early",
    "transpose": "the table is transposed", "inv": "the inverse is taken, and it does not belong there", "unique": "what comes twice is thrown away, by `unique`", "set": "what comes twice is thrown away, by `set`",
    "sign": "only the sign is kept, and the size counts",
}  # fmt: skip
NUMPY = "_np"  # the name of NumPy in the scope of the changed function


def _call(name, *args):
    """Return the syntax tree of a call of NumPy's function `name`."""
    return ast.Call(ast.Attribute(ast.Name(NUMPY, ast.Load()), name, ast.Load()), list(args), [])


def _binary(left, op, right):
    return ast.BinOp(left, op(), right)


def _number(value):
    return ast.Constant(value)


def of_node(
    node: ast.AST,
    parent: ast.AST,
    field: str,
    put: Callable[[Any], Change],
    arguments: Sequence[str],
    names: Sequence[str],
) -> Iterator[tuple]:
    """Yield (rank, words, change) for each change of one node.

    put(new) returns the change that replaces the node by `new`. arguments: the parameters; names: all variables.

    >>> node = ast.parse("w - g", mode="eval").body
    >>> next(of_node(node, ast.Return(node), "value", lambda new: new, ("w", "g"), ("w", "g")))[:2]
    (0, 'a `-` stands where a `+` belongs')
    """
    if isinstance(node, ast.BinOp):
        yield from _of_operation(node, put)
    elif isinstance(node, ast.UnaryOp):
        if isinstance(node.op, ast.USub):
            yield 1, "a minus sign stands there that does not belong", put(node.operand)
        elif isinstance(node.op, ast.Not):
            yield 1, "a `not` turns the condition round", put(node.operand)
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        for old, new, words in _COMPARISONS:
            if isinstance(node.ops[0], old):
                yield 1, words, set_field(node, "ops", [new()])
        for i, side in enumerate((node.left, node.comparators[0])):
            sized = _call("abs", side)
            change = set_field(node, "left", sized) if i == 0 else set_field(node, "comparators", [sized])
            yield 3, ("the comparison looks at `{}` with its sign, and the size is meant, `abs`", side), change
    elif isinstance(node, ast.BoolOp):
        exchanged = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield 1, "`and` and `or` are exchanged", set_field(node, "op", exchanged)
        for i, value in enumerate(node.values):
            yield (
                2,
                ("the condition `{}` is too much", value),
                set_field(node, "values", node.values[:i] + node.values[i + 1 :]),
            )
    elif isinstance(node, ast.IfExp):
        yield 1, "the two branches are exchanged", put(ast.IfExp(node.test, node.orelse, node.body))
        for way in (node.body, node.orelse):
            yield 2, "two cases are told apart that are one", put(way)
    elif isinstance(node, ast.If):
        if node.orelse:
            yield (
                1,
                "the two branches are exchanged",
                _both(set_field(node, "body", node.orelse), set_field(node, "orelse", node.body)),
            )
        yield 2, "this `if` treats a case apart that needs nothing of the kind", set_field(node, "test", _number(False))
        yield 2, "what stands under this `if` is right always, not only then", set_field(node, "test", _number(True))
    elif isinstance(node, ast.Constant):
        yield from _of_constant(node, parent, put)
    elif isinstance(node, ast.Call):
        yield from _of_call(node, put)
    elif isinstance(node, ast.Attribute) and node.attr == "T" and isinstance(node.ctx, ast.Load):
        yield 1, "something is transposed, `.T`, that should not be", put(node.value)
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        yield from _of_slice(node, put)
    elif isinstance(node, ast.AugAssign):
        for old, new, words in _OPERATORS:
            if isinstance(node.op, old):
                yield 0, words, set_field(node, "op", new())
        if isinstance(node.target, ast.Name):
            yield (
                2,
                "what is added up here should be set, `=` in place of `+=`",
                put(ast.Assign([node.target], node.value)),
            )
    elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        for op in (ast.Add, ast.Sub):
            yield (
                3,
                "each round overwrites what the rounds before have found: is a running total meant?",
                put(ast.AugAssign(node.targets[0], op(), node.value)),
            )
    elif isinstance(node, ast.Tuple) and isinstance(parent, ast.Return):
        n = len(node.elts)
        for i in range(n):
            for j in range(i):
                elts = list(node.elts)
                elts[i], elts[j] = elts[j], elts[i]
                yield 1, "two of the values that you return are exchanged", set_field(node, "elts", elts)
    if (
        field in ("value", "elts")
        and isinstance(parent, (ast.Return, ast.Assign, ast.AugAssign, ast.Tuple))
        and isinstance(node, ast.expr)
    ):
        if not (isinstance(parent, ast.Tuple) and isinstance(parent.ctx, ast.Store)) and not isinstance(
            node, (ast.Tuple, ast.List, ast.Dict, ast.JoinedStr)
        ):
            yield from _of_value(node, put, arguments, isinstance(parent, (ast.Return, ast.Tuple)))
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names:
        for other in names:
            if other != node.id:
                yield 2.5, f"`{node.id}` stands where `{other}` belongs", set_field(node, "id", other)
    if isinstance(node, (ast.Name, ast.Call, ast.BinOp, ast.Subscript)) and isinstance(
        getattr(node, "ctx", None), (ast.Load, type(None))
    ):
        if isinstance(parent, (ast.BinOp, ast.Call)) and field in ("left", "right", "args"):
            yield 5, ("`{}` is taken as it is, and its square is meant", node), put(_binary(node, ast.Pow, _number(2)))
            yield 5, ("`{}` is taken with its sign, and its size is meant, `abs`", node), put(_call("abs", node))
            yield 5, ("`{}` is taken as it is, and its square root is meant", node), put(_call("sqrt", node))
            yield 5, ("`{}` has to be transposed, `.T`", node), put(ast.Attribute(node, "T", ast.Load()))
            if not isinstance(parent, ast.Call):
                yield 5, ("a minus sign is missing in front of `{}`", node), put(ast.UnaryOp(ast.USub(), node))
                yield 5, ("1 − `{0}` is meant where `{0}` stands", node), put(_binary(_number(1), ast.Sub, node))
                yield 5, ("a factor 2 is missing at `{}`", node), put(_binary(_number(2), ast.Mult, node))
                yield (
                    5,
                    ("a factor ½ is missing at `{}`: half of it is meant", node),
                    put(_binary(node, ast.Div, _number(2))),
                )


def _of_operation(node, put):
    kind, left, right = type(node.op), node.left, node.right
    for old, new, words in _OPERATORS:
        if kind is old:
            yield 0, words, set_field(node, "op", new())
    if kind is ast.Pow:
        is_square = isinstance(right, ast.Constant) and right.value == 2
        yield (
            1,
            "something is squared that should not be"
            if is_square
            else ("the power `** {}` does not belong there", right),
            put(left),
        )
        if is_square:
            yield 2, "a square stands where the size, `abs`, belongs", put(_call("abs", left))
            yield 2, "a square stands where a square root belongs", put(_call("sqrt", left))
        if isinstance(left, ast.Call) and len(left.args) == 1:
            swapped = ast.Call(left.func, [_binary(left.args[0], ast.Pow, right)], left.keywords)
            yield (
                1,
                f"the square is taken after the {_called(left)}: first the square, then the {_called(left)}",
                put(swapped),
            )
        if isinstance(left, ast.BinOp) and isinstance(left.op, (ast.Mult, ast.Div)):
            inner = _binary(left.left, type(left.op), _binary(left.right, ast.Pow, right))
            yield 2, "the power takes in a factor that should stay outside of the brackets", put(inner)
    if kind in (ast.Mult, ast.Div):
        for side, inner in ((left, right), (right, left)):
            if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Pow):
                yield (
                    3,
                    "the brackets of the power are missing: it belongs to the whole product",
                    put(
                        _binary(
                            _binary(side, kind, inner.left) if side is left else _binary(inner.left, kind, side),
                            ast.Pow,
                            inner.right,
                        )
                    ),
                )
    if kind in (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.MatMult):
        if kind is ast.Div:
            yield 1, ("you divide by `{}`, and that does not belong there", right), put(left)
            yield (
                2,
                ("`{}` stands above the line, and does not belong there", left),
                put(_binary(_number(1), ast.Div, right)),
            )
        elif kind in (ast.Mult, ast.MatMult):
            yield 1, ("a factor too many: you multiply by `{}`", right), put(left)
            yield 1, ("a factor too many: you multiply by `{}`", left), put(right)
        else:
            word = "added" if kind is ast.Add else "subtracted"
            yield 1, (f"`{{}}` is {word}, and that does not belong there", right), put(left)
            if kind is ast.Add:
                yield 1, ("`{}` is added, and that does not belong there", left), put(right)
            else:
                yield 2, ("`{}` does not belong there", left), put(ast.UnaryOp(ast.USub(), right))
    if kind in (ast.Sub, ast.Div, ast.Pow, ast.MatMult):
        words = {ast.Sub: "the difference is taken the wrong way round", ast.Div: "the fraction is upside down"}.get(
            kind, "the two sides stand in the other order"
        )
        yield 1, words, put(_binary(right, kind, left))
    if (
        kind in (ast.Add, ast.Sub)
        and isinstance(left, ast.BinOp)
        and isinstance(left.op, ast.Pow)
        and isinstance(right, ast.BinOp)
        and isinstance(right.op, ast.Pow)
    ):
        yield (
            1,
            "you square each part by itself and then subtract: first the difference, then the square",
            put(_binary(_binary(left.left, kind, right.left), ast.Pow, left.right)),
        )
    yield from _of_brackets(node, put)


def _of_brackets(node, put):
    words = "brackets are missing or stand in the wrong place: `*`, `/` and `@` come before `+` and `-`, and `a / b * c` is `(a / b) * c`"
    kind, left, right = type(node.op), node.left, node.right
    signs = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.MatMult)
    if isinstance(right, ast.BinOp) and kind in signs and isinstance(right.op, signs):
        yield 2, words, put(_binary(_binary(left, kind, right.left), type(right.op), right.right))
    if isinstance(left, ast.BinOp) and kind in signs and isinstance(left.op, signs):
        yield 2, words, put(_binary(left.left, type(left.op), _binary(left.right, kind, right)))
    if isinstance(left, ast.UnaryOp) and isinstance(left.op, ast.USub):
        yield (
            2,
            "the minus sign belongs to all that follows: brackets are missing",
            put(ast.UnaryOp(ast.USub(), _binary(left.operand, kind, right))),
        )


def _of_constant(node, parent, put):
    value = node.value
    if isinstance(value, str):
        for other in dict.fromkeys(
            (
                value.lower(),
                value.upper(),
                value.strip(),
                value.replace("-", "_"),
                value.replace("_", "-"),
                value.replace(" ", "_"),
            )
        ):
            if other != value:
                yield (
                    1,
                    f'"{value}" is spelled otherwise: capital and small letters, `_` and `-` count',
                    put(_number(other)),
                )
    elif isinstance(value, bool):
        yield 2, "`True` and `False` are exchanged", put(_number(not value))
    elif isinstance(value, (int, float)):
        inside = (
            isinstance(parent, (ast.Subscript, ast.Slice, ast.Index))
            if hasattr(ast, "Index")
            else isinstance(parent, (ast.Subscript, ast.Slice))
        )
        others = [value + 1, value - 1] if isinstance(value, int) and abs(value) < 50 else []
        others += [-1, 0] if inside else [2 * value, value / 2, 1, 0, 0.5, -value]
        if isinstance(value, float):
            others += [1 - value, value / 10, value * 10, value / 1e3, value / 1e6, value * 1e3]
        for other in dict.fromkeys(others):
            if other != value:
                what = "the index" if inside else "the number"
                yield (
                    2 if abs(other - value) == 1 or other in (2 * value, value / 2) else 4,
                    f"{what} {value:g} is not the right one",
                    put(_number(other)),
                )


def _of_call(node, put):
    function, name = node.func, _called(node)
    for other in _INSTEAD.get(name, ()):
        words = f"{_DOES.get(name, f'`{name}`')} stands where {_DOES.get(other, f'`{other}`').rstrip(',')} belongs"
        if isinstance(function, ast.Attribute):
            yield 1, words, set_field(function, "attr", other)
        else:
            yield (
                1,
                words,
                put(ast.Call(ast.Attribute(ast.Name(NUMPY, ast.Load()), other, ast.Load()), node.args, node.keywords)),
            )
    if name == "int" and len(node.args) == 1:
        yield 1, "`int` rounds down, and rounding up is meant", put(_call("ceil", node.args[0]))
    whole = node.args[0] if node.args else function.value if isinstance(function, ast.Attribute) else None
    if name in _ALONE and whole is not None and len(node.args) <= 1:
        yield 1, _ALONE[name], put(whole)
    if name in ("zeros_like", "empty_like", "ones_like") and len(node.args) == 1 and not node.keywords:
        yield (
            1,
            f"`{name}` copies the type too: of whole numbers it makes an array that cannot hold decimals",
            set_field(node, "keywords", [ast.keyword("dtype", ast.Name("float", ast.Load()))]),
        )
    for i, keyword in enumerate(node.keywords):
        rest = node.keywords[:i] + node.keywords[i + 1 :]
        yield 1, f"`{keyword.arg}=` does not belong there", set_field(node, "keywords", rest)
        if keyword.arg == "axis" and isinstance(keyword.value, ast.Constant) and keyword.value.value in (0, 1):
            yield (
                1,
                "the `axis` is the other one: 0 goes down the columns, 1 along the rows",
                set_field(keyword.value, "value", 1 - keyword.value.value),
            )
    if (
        name in ("mean", "sum", "max", "min", "std", "var", "median", "norm", "argmax", "argmin", "cumsum")
        and not node.keywords
    ):
        for axis in (0, 1):
            yield (
                2,
                "an `axis` is missing, so that NumPy puts everything together",
                set_field(node, "keywords", [ast.keyword("axis", _number(axis))]),
            )
    if name in ("std", "var"):
        yield (
            3,
            f"`{name}` divides by n, and n − 1 is meant: `ddof`",
            set_field(node, "keywords", [ast.keyword("ddof", _number(1))]),
        )
    if (
        name in ("mean", "sum")
        and len(node.args) == 1
        and isinstance(node.args[0], ast.BinOp)
        and isinstance(node.args[0].op, ast.Pow)
    ):
        inner = node.args[0]
        yield (
            2,
            f"the square comes before the {name}: first the {name}, then the square",
            put(_binary(ast.Call(function, [inner.left], node.keywords), ast.Pow, inner.right)),
        )
    if len(node.args) == 2 and name not in ("range",):
        yield 2, f"the two arguments of `{name or 'the call'}` are exchanged", set_field(node, "args", node.args[::-1])
        if name in ("maximum", "minimum", "max", "min"):
            for arg in node.args:
                yield 2, f"a limit is set, with `{name}`, that does not belong there", put(arg)
    if len(node.args) == 3:
        a, b, c = node.args
        yield (
            2,
            "the two branches are exchanged" if name == "where" else f"two arguments of `{name}` are exchanged",
            set_field(node, "args", [a, c, b]),
        )
        if name == "where":
            for way in (b, c):
                yield 3.1, "two cases are told apart that are one", put(way)
    if name == "range":
        yield from _of_range(node)
    if name == "append" and len(node.args) == 1:
        yield (
            5,
            "a copy has to be stored: what is stored here goes on changing",
            set_field(node, "args", [_call("array", node.args[0])]),
        )


def _of_range(node):
    last = len(node.args) - 1 if len(node.args) < 3 else 1
    if len(node.args) >= 2:
        yield (
            1,
            "the loop leaves out its first round: it has to count from 0",
            set_field(node, "args", [_number(0), *node.args[1:]]),
        )
        yield (
            1,
            "the loop leaves out its first round, or begins one round too early",
            set_field(node, "args", [_binary(node.args[0], ast.Sub, _number(1)), *node.args[1:]]),
        )
        yield (
            1,
            "the loop begins one round too early",
            set_field(node, "args", [_binary(node.args[0], ast.Add, _number(1)), *node.args[1:]]),
        )
    else:
        yield 1, "the loop begins one round too early: not at 0", set_field(node, "args", [_number(1), *node.args])
        yield (
            2,
            "the loop counts from 0, and from 1 is meant",
            set_field(node, "args", [_number(1), _binary(node.args[0], ast.Add, _number(1))]),
        )
    for op, words in (
        (ast.Add, "the loop ends one round too early"),
        (ast.Sub, "the loop goes on for one round too many"),
    ):
        yield (
            1,
            words,
            set_field(
                node, "args", [*node.args[:last], _binary(node.args[last], op, _number(1)), *node.args[last + 1 :]]
            ),
        )


def _of_slice(node, put):
    part = node.slice
    if isinstance(part, ast.Slice):
        for name, words in (
            ("lower", "the slice begins at the wrong place"),
            ("upper", "the slice ends at the wrong place"),
            ("step", "the slice takes the wrong steps"),
        ):
            value = getattr(part, name)
            if value is not None:
                yield 1, words, set_field(part, name, None)
                if name != "step":
                    for op in (ast.Add, ast.Sub):
                        yield 2, words, set_field(part, name, _binary(value, op, _number(1)))
        if part.lower is None:
            yield (
                3,
                "the slice begins at the wrong place: the first one is left out",
                set_field(part, "lower", _number(1)),
            )
        if part.upper is None:
            yield 3, "the slice ends at the wrong place", set_field(part, "upper", _number(-1))
    elif not isinstance(part, (ast.Constant, ast.Tuple)):
        for op in (ast.Add, ast.Sub):
            yield 3, "the index is off by one", set_field(node, "slice", _binary(part, op, _number(1)))
    yield 3, ("`{}` takes one part out where the whole is meant", node), put(node.value)


def _of_value(node, put, arguments, is_result):
    """Yield changes that add what may be missing around a stored or returned value, such as a sign or a factor."""
    rank = 3 if is_result else 4
    what = "the result" if is_result else "`{}`"

    def of(words):
        return (words.replace("WHAT", what), node)

    yield rank, "a minus sign is missing: every sign is flipped", put(ast.UnaryOp(ast.USub(), node))
    yield (
        rank,
        "a factor 2 is missing, or a ½ is too much: it is half of what it should be",
        put(_binary(_number(2), ast.Mult, node)),
    )
    yield (
        rank,
        "a factor ½ is missing, or a 2 is too much: it is twice what it should be",
        put(_binary(node, ast.Div, _number(2))),
    )
    rank += 0.5
    yield rank, of("a square root is missing: WHAT is squared still"), put(_call("sqrt", node))
    yield rank, of("WHAT is not squared"), put(_binary(node, ast.Pow, _number(2)))
    yield rank, of("WHAT keeps its sign, and the size is meant, `abs`"), put(_call("abs", node))
    yield rank, of("WHAT is upside down: one divided by it is meant"), put(_binary(_number(1), ast.Div, node))
    yield rank, of("WHAT is one too few"), put(_binary(node, ast.Add, _number(1)))
    yield rank, of("WHAT is one too many"), put(_binary(node, ast.Sub, _number(1)))
    yield rank, of("WHAT is not rounded up"), put(_call("ceil", node))
    yield rank, of("1 − WHAT is meant"), put(_binary(_number(1), ast.Sub, node))
    yield (
        rank,
        of("WHAT comes in the reverse order"),
        put(ast.Subscript(node, ast.Slice(None, None, ast.UnaryOp(ast.USub(), _number(1))), ast.Load())),
    )
    yield (
        rank,
        of("WHAT has to be transposed: rows and columns are exchanged"),
        put(ast.Attribute(node, "T", ast.Load())),
    )
    yield rank, of("WHAT is a logarithm still: an exponential is missing"), put(_call("exp", node))
    yield rank, "a logarithm is missing", put(_call("log", node))
    yield rank, of("WHAT is not sorted"), put(_call("sort", node))
    rank += 0.5
    for name in arguments:
        own = ast.Name(name, ast.Load())
        length = ast.Call(ast.Name("len", ast.Load()), [own], [])
        yield rank, f"`{name}` is missing: you do not divide by it", put(_binary(node, ast.Div, own))
        yield rank, f"`{name}` is missing: you do not multiply by it", put(_binary(node, ast.Mult, own))
        yield rank, f"`{name}` is missing: it is not added", put(_binary(own, ast.Add, node))
        yield rank, f"`{name}` is missing: it is not subtracted", put(_binary(node, ast.Sub, own))
        yield (
            rank,
            f"you do not divide by the number of `{name}`: it is a sum, and a mean is meant",
            put(_binary(node, ast.Div, length)),
        )
        yield (
            rank + 1,
            f"a factor `1 - {name}` is missing",
            put(_binary(_binary(_number(1), ast.Sub, own), ast.Mult, node)),
        )


def of_body(body: list) -> Iterator[tuple]:
    r"""Yield (rank, words, node, change): leave a statement out, exchange it with the next one, or move it into or out
    of a loop.

    node: the statement that is in the wrong place or does not belong there.

    >>> next(of_body(ast.parse("for t in range(3):\n    w -= 1\n    return w").body))[1]
    'you `return` inside the loop, in its first round'
    """
    for i, node in enumerate(body):
        rest = body[:i] + body[i + 1 :]
        if rest and not isinstance(node, (ast.Return, ast.FunctionDef, ast.Import, ast.ImportFrom)):
            yield 2, "this line does something that does not belong there", node, set_body(body, rest)
        if i + 1 < len(body) and not isinstance(node, ast.Return) and not isinstance(body[i + 1], ast.Return):
            yield (
                2,
                "this line and the one below it stand in the other order: one needs what the other has changed, or the old value",
                node,
                set_body(body, [*body[:i], body[i + 1], node, *body[i + 2 :]]),
            )
        if isinstance(node, (ast.For, ast.While)):
            yield from _begins_again(body[:i], node)
            last = node.body[-1]
            if len(node.body) > 1:
                words = (
                    "you `return` inside the loop, in its first round"
                    if isinstance(last, ast.Return)
                    else "this line is in the loop and belongs below it"
                )
                yield (
                    1,
                    words,
                    last,
                    _both(set_body(node.body, node.body[:-1]), set_body(body, [*body[: i + 1], last, *body[i + 1 :]])),
                )
                first = node.body[0]
                yield (
                    2,
                    "this line is in the loop, so that every round begins anew: it belongs above it",
                    first,
                    _both(set_body(node.body, node.body[1:]), set_body(body, [*body[:i], first, *body[i:]])),
                )
            if i and not isinstance(body[i - 1], (ast.For, ast.While, ast.If)):
                before = body[i - 1]
                yield (
                    2,
                    "this line stands above the loop, and belongs in it, to be done anew in every round",
                    before,
                    _both(set_body(node.body, [before, *node.body]), set_body(body, [*body[: i - 1], *body[i:]])),
                )
            if i + 1 < len(body) and not isinstance(body[i + 1], (ast.Return, ast.For, ast.While)):
                after = body[i + 1]
                yield (
                    2,
                    "this line stands below the loop, and belongs in it",
                    after,
                    _both(set_body(node.body, [*node.body, after]), set_body(body, [*body[: i + 1], *body[i + 2 :]])),
                )


def _begins_again(before, loop):
    """Yield the change for a loop in which every round uses the first value, not the value of the round before.

    before: the statements above the loop. If one of them makes `v` from `start`, as in `v = start.copy()`, and the loop
    stores `v` but reads `start`, the change replaces `start` by `v` in the loop.
    """
    made = [n.targets[0].id for n in ast.walk(loop) if isinstance(n, ast.Assign) and isinstance(n.targets[0], ast.Name)]
    for line in before:
        if not isinstance(line, ast.Assign) or len(line.targets) > 1 or not isinstance(line.targets[0], ast.Name):
            continue
        name = line.targets[0].id
        for start in {n.id for n in ast.walk(line.value) if isinstance(n, ast.Name)} - {name, *made}:
            reads = [n for part in loop.body for n in ast.walk(part) if isinstance(n, ast.Name) and n.id == start]
            if name in made and reads:
                words = (
                    f"each round begins again with `{start}`: what the round before has found, `{name}`, is not used"
                )
                yield 0.5, words, reads[0], reduce(_both, [set_field(n, "id", name) for n in reads])


def _both(first, second):
    """Join two changes into one."""
    return (lambda: (first[0](), second[0]())), (lambda: (second[1](), first[1]()))


def _called(node):
    """Return the name of the called function, without its module."""
    function = node.func
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def told(words: str | tuple[str, ast.AST]) -> str:
    """Return the words of a change as text. If they are (template, node), the node's code fills the template.

    >>> told(("you multiply by `{}`", ast.parse("2 * lr", mode="eval").body))
    'you multiply by `2 * lr`'
    """
    if isinstance(words, str):
        return words
    template, node = words
    text = ast.unparse(node)
    return template.format(text if len(text) <= 24 else f"{text[:21]}…")
