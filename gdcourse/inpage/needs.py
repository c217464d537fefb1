"""Which cells does a cell need? Read from the code, as the names that it uses and those that others give.

A page is read from the top: a cell sees what the cells above it have bound. To run one cell, the cells that bind the names it uses
must have run, and those that these use, but not the twenty figures between. A cell that cannot be read this way (`from x import *`)
is taken to give everything.
"""
import ast
import builtins
import symtable

KNOWN = set(dir(builtins)) | {"__name__", "__file__", "__doc__", "display"}
# what these are given they only show
SHOW = {"print", "plotting", "plt", "ax", "axes", "figure", "check", "hint", "solution", "progress", "quiz", "display"}


class Names:
    """The names of one cell.

    uses: needed when the cell begins; calls: needed when a function that it defines is called; binds; changes: given
    to something that may change them; mentions: all of them.
    """

    def __init__(self, source):
        self.uses, self.calls, self.binds, self.changes, self.mentions = set(), set(), set(), set(), set()
        self.everything = False
        try:
            tree = ast.parse(source)
            table = symtable.symtable(source, "<cell>", "exec")
        except (SyntaxError, ValueError):
            return
        imported = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Name):
                self.mentions.add(node.id)
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                names = [alias.asname or alias.name.split(".")[0] for alias in node.names]
                imported.update(names)
                self.everything |= "*" in names
        for inner in table.get_children():
            self.calls |= _globals(inner)
        for statement in tree.body:
            self._read(statement)
        self.binds |= imported & set(table.get_identifiers())
        self.uses -= KNOWN
        self.calls -= KNOWN | self.binds
        self.changes -= KNOWN | SHOW

    def _read(self, statement):
        found = symtable.symtable(ast.unparse(statement), "<statement>", "exec")
        stored = {s.get_name() for s in found.get_symbols() if s.is_assigned() or s.is_imported() or s.is_namespace()}
        loaded = {s.get_name() for s in found.get_symbols() if s.is_referenced()}
        if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
            loaded.add(statement.target.id)
        self.uses |= loaded - self.binds
        if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            # comprehensions, and lambdas that may be called at once
            for inner in found.get_children():
                self.uses |= _globals(inner) - self.binds - stored
        for node in ast.walk(statement):
            self.changes |= _changed(node)
        if isinstance(statement, (ast.If, ast.Try, ast.While)):
            self.uses |= stored - self.binds  # perhaps bound here, perhaps above
        self.binds |= stored


def _globals(table):
    """The names that a function, class or comprehension takes from the module."""
    found = {s.get_name() for s in table.get_symbols() if s.is_global() and s.is_referenced()}
    return found.union(*map(_globals, table.get_children()))


def _root(node):
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _changed(node):
    """The names that this piece of code may change without binding them."""
    if isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.ctx, (ast.Store, ast.Del)):
        return {_root(node)} - {None}
    if isinstance(node, ast.AugAssign):
        return {_root(node.target)} - {None}  # w -= … may write into the array that another name has too
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
        return {node.func.value.id}  # record.append(w), rng.normal()
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _root(node.value.func) not in SHOW:
        return {a.id for a in node.value.args if isinstance(a, ast.Name)}  # shuffle(X)
    return set()


class Page:
    """The cells of a page in their order: {id: source}."""

    def __init__(self, cells):
        self.ids = list(cells)
        self.names = {id: Names(source) for id, source in cells.items()}
        self._modules = set()
        for source in cells.values():
            self._modules |= _imports(source)

    def providers(self, target):
        """{cell: the names it gives}: the cells above `target` that it needs, in the order of the page."""
        place = {id: n for n, id in enumerate(self.ids)}
        found, asked = {}, set()
        ask = [(name, place[target]) for name in self.names[target].uses | self.names[target].calls]
        while ask:
            name, below = ask.pop()
            if (name, below) in asked:
                continue
            asked.add((name, below))
            for id in reversed(self.ids[:below]):
                cell = self.names[id]
                binds = name in cell.binds
                changes = name in cell.changes and name not in self._modules
                if not (binds or changes or cell.everything):
                    continue
                new = id not in found
                found.setdefault(id, set()).add(name)
                if new:
                    ask += [(used, place[id]) for used in cell.uses]
                    # what its functions use is looked up when they are called: from here
                    ask += [(used, place[target]) for used in cell.calls]
                if binds and name not in cell.uses:
                    break
        return {id: found[id] for id in self.ids if id in found}


def _imports(source):
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return set()
    return {alias.asname or alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom)) for alias in node.names}
