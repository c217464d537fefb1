"""Small slips, made one at a time in a right answer, such as `+` instead of `-` or a missing round of a loop.

The judge tries them if no known mistake explains an answer; `author/prove.py` tests whether the cases detect each slip.
The file is long because it is a table of changes and their words.
"""

import ast
import copy
from collections.abc import Callable, Iterator

from .changes import bodies, replace, set_body, set_field, slots
from .task import Task

MOST = 100  # how many slips of one exercise the judge tries
MOST_OF_MISTAKES = 40

_OPPOSITE = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}
_OPERATOR_WORDS = {
    (ast.Add, ast.Sub): "a `-` stands where a `+` belongs",
    (ast.Sub, ast.Add): "a `+` stands where a `-` belongs",
    (ast.Mult, ast.Div): "you divide where you should multiply",
    (ast.Div, ast.Mult): "you multiply where you should divide",
}
_COMPARE = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
_TURNED = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq}
# function -> (the function that a learner writes instead, the words for this mistake)
_CALLS = {
    "mean": (("sum", "a sum stands where a mean belongs"), ("median", "a median stands where a mean belongs")),
    "sum": (("mean", "a mean stands where a sum belongs"), ("max", "the largest stands where the sum belongs")),
    "max": (("min", "the smallest stands where the largest belongs"),),
    "min": (("max", "the largest stands where the smallest belongs"),),
    "maximum": (("minimum", "`minimum` stands where `maximum` belongs"),),
    "minimum": (("maximum", "`maximum` stands where `minimum` belongs"),),
    "argmax": (("argmin", "the place of the smallest stands where that of the largest belongs"),),
    "argmin": (("argmax", "the place of the largest stands where that of the smallest belongs"),),
    "ceil": (("floor", "you round down where you should round up"),),
    "floor": (("ceil", "you round up where you should round down"),),
    "log": (
        ("log10", "a logarithm in base 10 stands where the natural one belongs"),
        ("log2", "a logarithm in base 2 stands where the natural one belongs"),
    ),
    "log10": (("log", "a natural logarithm stands where one in base 10 belongs"),),
    "std": (("var", "the variance stands where its root, the standard deviation, belongs"),),
    "var": (("std", "the standard deviation stands where its square, the variance, belongs"),),
    "median": (("mean", "a mean stands where a median belongs"),),
    "exp": (("log", "a logarithm stands where the exponential belongs"),),
    "all": (("any", "`any` stands where `all` belongs"),),
    "any": (("all", "`all` stands where `any` belongs"),),
}
_DROPPED = {
    "sqrt": "a square root is missing",
    "abs": "a sign is kept: something should be taken as a size, without its sign",
    "absolute": "a sign is kept: something should be taken as a size, without its sign",
    "log": "a logarithm is missing",
    "exp": "an exponential is missing",
    "square": "something is not squared that should be",
    "ceil": "the result is not rounded up",
    "floor": "the result is not rounded down",
    "sort": "something is not put in order first",
    "sorted": "something is not put in order first",
    "flip": "something is not turned round",
    "cumsum": "a running total is missing",
}


def slips(exercise: Task, most: int = MOST) -> Iterator[tuple[Callable, str, Callable]]:
    """Yield (answer, words, function) for each small slip: first those of the solution, then of other right answers.

    answer: the right answer; words: say what is wrong; function: the answer with the slip. At most `most` are yielded.

    >>> from gdcourse.exercises.author import load
    >>> for _, words, function in slips(load("update_rule/gd_step"), most=2):
    ...     print(words, function(10.0, 14.0, 0.1))
    a `+` stands where a `-` belongs, near `w` and `lr` and `g` 11.4
    a part of the formula is missing, near `lr` and `g` 10.0
    """
    rights = (exercise.solution, *exercise.rights.values())
    yield from _remembered(exercise, "right", [(answer, answer) for answer in rights], most)


def slips_of_mistakes(exercise: Task, most: int = MOST_OF_MISTAKES) -> Iterator[tuple[str, str, Callable]]:
    """Yield (code, words, function) for each known mistake with a small slip added; at most `most`.

    >>> from gdcourse.exercises.author import load
    >>> next(slips_of_mistakes(load("update_rule/gd_step")))[:2]
    ('sign', 'a `-` stands where a `+` belongs, near `w` and `lr` and `g`')
    """
    yield from _remembered(exercise, "wrong", list(exercise.wrongs.items()), most)


def _remembered(exercise, kind, answers, most):
    """Yield (name, words, function) for at most `most` slips in `answers`, pairs (name, function). Slips are cached."""
    key = str(exercise.path), exercise.text, kind
    if key not in _made:
        if len(_made) > 30:
            _made.clear()
        named = ((name, answer) for name, answer in answers if not isinstance(answer, type))
        _made[key] = [], ((name, *slip) for name, answer in named for slip in slips_of(exercise, answer))
    known, rest = _made[key]
    yield from known[:most]
    while len(known) < most:
        try:
            known.append(next(rest))
        except StopIteration:
            return
        yield known[-1]


_made: dict = {}


def slips_of(exercise: Task, answer: Callable, written: bool = False) -> Iterator[tuple[str, Callable]]:
    """Yield (words, function) for each small slip of one function of the exercise file.

    written: each function gets its source text as the attribute `__slip__`, and changes that leave this text the same
    are left out.

    >>> from gdcourse.exercises.author import load
    >>> mse = load("loss/mse")
    >>> print(next(slips_of(mse, mse.solution, written=True))[1].__slip__)
    def mse(y, y_hat):
        return np.sum((y_hat - y) ** 2)
    """
    tree = copy.deepcopy(exercise.node(answer.__name__))
    tree.decorator_list = []
    if ast.get_docstring(tree) is not None and len(tree.body) > 1:
        tree.body = tree.body[1:]
    seen, name, module = {ast.unparse(tree)}, tree.name, ast.Module([tree], [])
    for words, change, undo in _changes(tree):
        change()
        try:
            code = compile(module, "<slip>", "exec")
            text = ast.unparse(tree) if written else ""
        except (SyntaxError, ValueError, TypeError):
            continue
        finally:
            undo()
        if written and text in seen:
            continue
        seen.add(text)
        scope = dict(answer.__globals__)
        exec(code, scope)
        scope[name].__slip__ = text
        yield words, scope[name]


def _changes(tree):
    parameters = [a.arg for a in (*tree.args.posonlyargs, *tree.args.args)]
    made_of = _made_of(tree, parameters)
    for parent, field, index, node in slots(tree):
        put = replace(parent, field, index, node)
        yield from _of_node(node, put, parameters, made_of)
    for body in bodies(tree):
        yield from _of_body(body)


def _made_of(tree, parameters):
    """Return {local variable: [the parameters and variables that its value is computed from]}."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            used = [n.id for n in ast.walk(node.value) if isinstance(n, ast.Name)]
            found.setdefault(name, []).extend(n for n in used if n != name and n in (*parameters, *found))
    return {name: list(dict.fromkeys(used)) for name, used in found.items() if name not in parameters}


def _near(node, parameters):
    """Return the arguments that a part of the formula uses, as in ", near `lr` and `g`"; "" for none or more than
    three.
    """
    names = list(dict.fromkeys(n.id for n in ast.walk(node) if isinstance(n, ast.Name) and n.id in parameters))
    return f", near {' and '.join(f'`{n}`' for n in names)}" if 0 < len(names) < 4 else ""


def _of_node(node, put, parameters, made_of):
    near = _near(node, parameters)
    if isinstance(node, ast.BinOp):
        kind = type(node.op)
        if kind in _OPPOSITE:
            yield (_OPERATOR_WORDS[kind, _OPPOSITE[kind]] + near, *set_field(node, "op", _OPPOSITE[kind]()))
        if kind is ast.Pow:
            yield (
                "a power has become a product: `** 2` and `* 2` are two things" + near,
                *set_field(node, "op", ast.Mult()),
            )
            yield ("a power is missing" + near, *put(node.left))
            if isinstance(node.left, ast.BinOp) and isinstance(node.left.op, (ast.Add, ast.Sub)):
                inner = node.left
                each = [ast.BinOp(side, ast.Pow(), node.right) for side in (inner.left, inner.right)]
                yield (f"each part is squared by itself; the square of a difference is another thing than a difference of squares{near}",
                       *put(ast.BinOp(each[0], inner.op, each[1])))  # fmt: skip
            size = ast.Call(ast.Name("abs", ast.Load()), [node.left], [])
            yield (f"a size, `abs`, stands where a square belongs{near}", *put(size))
        elif kind is ast.Mult and isinstance(node.right, ast.BinOp) and isinstance(node.right.op, ast.Pow):
            inner = ast.BinOp(node.left, ast.Mult(), node.right.left)
            yield (f"a power takes in a factor that stands before it: `(a * b)**2` and `a * b**2` are two things{near}",
                   *put(ast.BinOp(inner, ast.Pow(), node.right.right)))  # fmt: skip
        if kind is ast.MatMult:
            yield (
                "`*` multiplies entry by entry; a matrix product, `@`, belongs there" + near,
                *set_field(node, "op", ast.Mult()),
            )
        elif kind in (ast.Add, ast.Sub, ast.Mult, ast.Div):
            yield (f"a part of the formula is missing{_near(node.right, parameters) or near}", *put(node.left))
            if kind is ast.Sub:
                yield (
                    f"a part of the formula is missing{_near(node.left, parameters) or near}",
                    *put(ast.UnaryOp(ast.USub(), node.right)),
                )
                yield (
                    f"a difference is taken the wrong way round{near}",
                    *put(ast.BinOp(node.right, ast.Sub(), node.left)),
                )
            elif kind is ast.Div:
                yield (
                    f"a part of the formula is missing{_near(node.left, parameters) or near}",
                    *put(ast.BinOp(ast.Constant(1), ast.Div(), node.right)),
                )
                yield (f"a fraction is upside down{near}", *put(ast.BinOp(node.right, ast.Div(), node.left)))
            else:
                yield (f"a part of the formula is missing{_near(node.left, parameters) or near}", *put(node.right))
        if (
            kind in (ast.Add, ast.Sub)
            and isinstance(node.left, ast.BinOp)
            and isinstance(node.left.op, (ast.Mult, ast.Div))
        ):
            inner = node.left
            yield (f"brackets are missing or too many: `*` comes before `+`{near}",
                   *put(ast.BinOp(inner.left, inner.op, ast.BinOp(inner.right, node.op, node.right))))  # fmt: skip
        if (
            kind in (ast.Mult, ast.Div)
            and isinstance(node.right, ast.BinOp)
            and isinstance(node.right.op, (ast.Add, ast.Sub))
        ):
            inner = node.right
            yield (
                f"brackets are missing: `*` comes before `+`{near}",
                *put(ast.BinOp(ast.BinOp(node.left, node.op, inner.left), inner.op, inner.right)),
            )
        if kind is ast.Div and isinstance(node.right, ast.BinOp) and isinstance(node.right.op, ast.Mult):
            inner = node.right
            yield (
                f"brackets are missing: `a / b * c` divides by b alone{near}",
                *put(ast.BinOp(ast.BinOp(node.left, ast.Div(), inner.left), ast.Mult(), inner.right)),
            )
        if (
            kind in (ast.Mult, ast.Div)
            and isinstance(node.left, ast.BinOp)
            and isinstance(node.left.op, (ast.Add, ast.Sub))
        ):
            inner = node.left
            yield (
                f"brackets are missing: `*` and `/` come before `+` and `-`{near}",
                *put(ast.BinOp(inner.left, inner.op, ast.BinOp(inner.right, node.op, node.right))),
            )
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and not isinstance(node.operand, ast.Constant):
        yield ("a minus sign is missing" + near, *put(node.operand))
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        kind = type(node.ops[0])
        if kind in _COMPARE:
            yield (
                f"one comparison decides otherwise when both sides are exactly equal: `<` or `<=`?{near}",
                *set_field(node, "ops", [_COMPARE[kind]()]),
            )
        if kind in _TURNED:
            yield (f"a comparison is the wrong way round{near}", *set_field(node, "ops", [_TURNED[kind]()]))
    elif isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield ("`and` and `or` are exchanged" + near, *set_field(node, "op", other))
        for i in range(len(node.values)):
            yield (
                f"one condition is missing{_near(node.values[i], parameters)}",
                *set_field(node, "values", node.values[:i] + node.values[i + 1 :]),
            )
    elif isinstance(node, ast.IfExp):
        yield ("two cases are not told apart" + _near(node.test, parameters), *put(node.body))
        yield ("two cases are not told apart" + _near(node.test, parameters), *put(node.orelse))
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        x = node.value
        for value in dict.fromkeys(
            (x + 1, x - 1, 2 * x, x / 2 if type(x) is float or x % 2 else x // 2, 1 if x else 1)
        ):
            if value != x:
                yield ("a number in your code is off, perhaps a 1, a 2 or a ½", *set_field(node, "value", value))
    elif isinstance(node, ast.Call):
        yield from _of_call(node, put, near)
    elif isinstance(node, ast.Attribute) and node.attr == "T" and isinstance(node.ctx, ast.Load):
        yield ("a table is not transposed that should be" + near, *put(node.value))
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in parameters:
        for other in parameters:
            if other != node.id:
                yield (f"`{other}` stands where `{node.id}` belongs", *set_field(node, "id", other))
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in made_of:
        for other in made_of[node.id]:
            words = (
                f"`{other}` itself stands where something made of it belongs"
                if other in parameters
                else "an earlier value stands where a later one belongs"
            )
            yield (words, *set_field(node, "id", other))
    elif isinstance(node, ast.AugAssign) and type(node.op) in _OPPOSITE:
        kind = type(node.op)
        yield (_OPERATOR_WORDS[kind, _OPPOSITE[kind]] + near, *set_field(node, "op", _OPPOSITE[kind]()))
        if isinstance(node.target, ast.Name):
            yield ("each round overwrites what the rounds before have found: `=` where a running total is meant",
                   *put(ast.Assign([node.target], node.value)))  # fmt: skip
    elif isinstance(node, ast.If) and node.body:
        yield (
            "two cases are not told apart" + _near(node.test, parameters),
            *set_field(node, "test", ast.Constant(True)),
        )
        yield (
            "a special case is missing" + _near(node.test, parameters),
            *set_field(node, "test", ast.Constant(False)),
        )
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and isinstance(node.slice, ast.Slice):
        if node.slice.lower is not None:
            yield ("a slice begins at the wrong place" + near, *set_field(node.slice, "lower", None))
        if node.slice.upper is not None:
            yield ("a slice ends at the wrong place" + near, *set_field(node.slice, "upper", None))


def _of_call(node, put, near):
    function = node.func
    name = (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )
    for other, words in _CALLS.get(name, ()):
        field = "attr" if isinstance(function, ast.Attribute) else "id"
        yield (words + near, *set_field(function, field, other))
    if name in ("mean", "sum", "max", "min", "abs", "absolute", "sqrt") and len(node.args) == 1:
        inner = node.args[0]
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Pow):
            swapped = ast.BinOp(ast.Call(function, [inner.left], node.keywords), ast.Pow(), inner.right)
            yield (f"two steps stand in the other order: first the square, then the {name}{near}", *put(swapped))
        elif isinstance(inner, ast.Call) and len(inner.args) == 1 and not inner.keywords and not node.keywords:
            swapped = ast.Call(inner.func, [ast.Call(function, inner.args, [])], [])
            yield (f"two steps stand in the other order, one of them the `{name}`{near}", *put(swapped))
    if name == "ceil":
        floor = ast.Call(_renamed(function, "floor"), node.args, [])
        yield ("you add 1 even to a number that is whole already", *put(ast.BinOp(floor, ast.Add(), ast.Constant(1))))
    if name in _DROPPED and node.args:
        yield (_DROPPED[name] + near, *put(node.args[0]))
    for i, keyword in enumerate(node.keywords):
        if keyword.arg == "axis":
            yield (
                "an `axis` is missing, so that NumPy puts everything together",
                *set_field(node, "keywords", node.keywords[:i] + node.keywords[i + 1 :]),
            )
            if isinstance(keyword.value, ast.Constant) and keyword.value.value in (0, 1):
                yield ("the `axis` is the other one", *set_field(keyword.value, "value", 1 - keyword.value.value))
    if name == "range":
        if len(node.args) == 1:
            yield (
                "the loop leaves out its first round: it counts from 1",
                *set_field(node, "args", [ast.Constant(1), node.args[0]]),
            )
        last = len(node.args) - 1 if len(node.args) < 3 else 1
        for step, words in ((-1, "the loop ends one round too early"), (1, "the loop goes on for one round too many")):
            bound = ast.BinOp(node.args[last], ast.Add() if step > 0 else ast.Sub(), ast.Constant(1))
            yield (words, *set_field(node, "args", [*node.args[:last], bound, *node.args[last + 1 :]]))
    if name in ("maximum", "minimum", "max", "min") and len(node.args) == 2:
        for i in (0, 1):
            yield (
                "a limit is missing: something should be kept from getting too large or too small" + near,
                *put(node.args[i]),
            )
    if name == "where" and len(node.args) == 3:
        yield ("two cases are exchanged" + near, *set_field(node, "args", [node.args[0], node.args[2], node.args[1]]))
        for i in (1, 2):
            yield ("two cases are not told apart" + near, *put(node.args[i]))


def _renamed(function, name):
    """Return the expression `function` with another last name: `np.ceil` becomes `np.floor` if name is "floor"."""
    return (
        ast.Attribute(function.value, name, ast.Load())
        if isinstance(function, ast.Attribute)
        else ast.Name(name, ast.Load())
    )


def _of_body(body):
    """Yield the changes that omit a statement, exchange two statements, or move the `return` into the loop above it."""

    for i, node in enumerate(body):
        if isinstance(node, (ast.Assign, ast.AugAssign)) and len(body) > 1:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            told = f": what happens to `{ast.unparse(target)}`?" if isinstance(target, ast.Name) else ""
            yield (
                f"one step is missing{told}" if len(told) < 30 else "one step is missing",
                *set_body(body, body[:i] + body[i + 1 :]),
            )
            if i + 1 < len(body) and isinstance(body[i + 1], (ast.Assign, ast.AugAssign, ast.Expr)):
                yield ("two lines stand in the other order: one uses what the other should have changed first (or the old value, before the change)",
                       *set_body(body, [*body[:i], body[i + 1], node, *body[i + 2 :]]))  # fmt: skip
    for node in body:
        if isinstance(node, (ast.For, ast.While)) and isinstance(body[-1], ast.Return) and body[-1] is not node:
            loop = node
            old = list(loop.body)
            moved = [*loop.body, body[-1]]
            yield ("you `return` inside the loop, in its first round", (lambda loop=loop, moved=moved: loop.body.__setitem__(slice(None), moved)),
                   (lambda loop=loop, old=old: loop.body.__setitem__(slice(None), old)))  # fmt: skip
