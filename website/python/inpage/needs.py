"""Find the cells that a cell needs, from the names that it uses and the names that other cells give.

A cell "gives" a name if it binds the name, or if it may change the object that has this name. A cell sees only what
stands above it on the page, in whatever order a reader runs the cells. Before a cell runs, each cell above that gives
a name it uses runs first, if it has not run yet, if it was edited since it ran, or if another cell has since given
that name a new value. A name that no cell above gives any more is forgotten. So an exercise at the end of a page waits
for its imports, not for twenty figures.
"""

import ast
import builtins
import symtable
from functools import lru_cache

KNOWN = set(dir(builtins)) | {"__name__", "__file__", "__doc__", "display", "_"}
# a call of one of these names only shows its arguments: it does not change them
SHOW = {
    "print", "plotting", "plt", "ax", "axes", "figure", "check", "hint", "solution", "progress", "quiz", "bet", "display"
}  # fmt: skip


class Apart(ast.NodeTransformer):
    """Turn list, set and dict comprehensions into generators.

    From Python 3.12 on `symtable` adds the names inside a comprehension to the function around it, but not those of a
    generator.
    """

    def visit_ListComp(self, node):
        self.generic_visit(node)
        return ast.GeneratorExp(node.elt, node.generators)

    visit_SetComp = visit_ListComp

    def visit_DictComp(self, node):
        self.generic_visit(node)
        return ast.GeneratorExp(ast.Tuple([node.key, node.value], ast.Load()), node.generators)


class Names:
    """The names of one cell, as sets.

    uses: it needs them when it begins; calls: they are needed when a function that it defines is called; binds: it
    defines them; changes: it may change their objects without binding them; imports: its import statements bind them.
    everything: it may bind any name (`import *`); readable: it is valid Python.
    """

    def __init__(self, source):
        self.uses, self.calls, self.binds, self.changes, self.imports = set(), set(), set(), set(), set()
        self.everything, self.readable = False, True
        try:
            tree = Apart().visit(ast.parse(source))
            table = symtable.symtable(ast.unparse(tree), "<cell>", "exec")
        except (SyntaxError, ValueError):
            self.readable = False
            return
        for node in ast.walk(tree):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                self.imports |= {alias.asname or alias.name.split(".")[0] for alias in node.names}
        self.everything = "*" in self.imports
        for inner in table.get_children():
            self.calls |= _globals(inner)
        for statement in tree.body:
            self._read(statement)
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
            # comprehensions run at once, and lambdas may be called at once
            for inner in found.get_children():
                self.uses |= _globals(inner) - self.binds - stored
        for node in ast.walk(statement):
            self.changes |= _changed(node)
        if isinstance(statement, (ast.If, ast.Try, ast.While)):
            # what stands in such a statement may be skipped, so a cell above may have to bind its names
            self.uses |= stored - self.binds
        self.binds |= stored


def _globals(table):
    """Return the global names that a function, class or comprehension uses, as a set."""
    found = {s.get_name() for s in table.get_symbols() if s.is_global() and s.is_referenced()}
    return found.union(*map(_globals, table.get_children()))


def _root(node):
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


# the methods in chapters that do not change their object
READ = set(
    """all any argmax argmin argsort astype conj copy count cumsum dot endswith flatten format get grad hessian index
    item items join keys loss lower max mean min path prod ravel replace reshape round sort_values split startswith std strip sum
    tolist transpose upper values var view""".split()
)


def _changed(node):
    """Return the names whose objects this piece of code may change without binding the names, as a set."""
    if isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.ctx, (ast.Store, ast.Del)):
        return {_root(node)} - {None}
    if isinstance(node, ast.AugAssign):
        return {_root(node.target)} - {None}  # w -= … may change an array that also has another name
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.attr not in READ
    ):
        return {node.func.value.id}  # for example record.append(w) or rng.normal()
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _root(node.value.func) not in SHOW:
        return {a.id for a in node.value.args if isinstance(a, ast.Name)}  # for example shuffle(X)
    return set()


@lru_cache(maxsize=1000)
def read(source):
    """Return the Names of a cell. Cached: each press of a button reads all cells of the page, and
    cells seldom change."""
    return Names(source)


class Page:
    """The cells of a page, and which of them a cell needs.

    cells: {id: source} in the order of the page; book: {id: source in the book} of the cells that a reader has edited.
    A cell with a syntax error is assumed to define the same names as in the book. So a reader who runs a cell that
    needs it sees the error, not an older value.
    """

    def __init__(self, cells, book=None):
        self.cells = cells
        self.names = {id: read(source) for id, source in cells.items()}
        for id, source in (book or {}).items():
            if not self.names[id].readable:
                self.names[id] = read(source)
        modules = set().union(*(names.imports for names in self.names.values()))
        # _above: for each cell, {name: the nearest cell above it that gives the name}; _gives: the names that each
        # cell gives
        self._above, self._gives, last = {}, {}, {}
        for id, names in self.names.items():
            self._above[id] = dict(last)
            self._gives[id] = names.binds | (names.changes - modules) | ({"*"} if names.everything else set())
            last.update(dict.fromkeys(self._gives[id], id))

    def sources(self, id):
        """Return {name: the nearest cell above that gives it, or None if there is none} for the names that a cell uses.

        The names in functions that the cell calls count, too.
        """
        above, names = self._above[id], self.names[id]
        found, ask = {}, {"*", *names.uses, *names.calls}
        while ask:
            name = ask.pop()
            if name not in found:
                found[name] = above.get(name)
                if name in above:
                    ask |= self.names[above[name]].calls
        return found

    def providers(self, id):
        """Return `sources(id)` without the names that no cell above gives."""
        return {name: cell for name, cell in self.sources(id).items() if cell is not None}

    def gone(self, ids, ran, owner):
        """Return the names that these cells use and that must be removed: a cell once gave them, and no cell above
        gives them now.

        A name is kept if running a cell above defined it, though its code does not show this (`exec`), and the code
        has not changed since.
        """
        place, found = {id: n for n, id in enumerate(self.cells)}, set()
        for id in ids:
            for name, cell in self.sources(id).items():
                giver = owner.get(name)
                if cell is not None or giver is None:
                    continue
                stands = giver in place and place[giver] < place[id] and ran.get(giver, (None,))[0] == self.cells[giver]
                if not stands:
                    found.add(name)
        return found

    def plan(self, target, ran, owner, also=None):
        """Return the cells to run so that `target`, the last of them, sees what stands above it.

        ran: {cell: (its source, the number of its run)}; owner: {name: the cell that last gave it}; also: a cell that
        runs in any case.
        """
        needed, ask = {target, also} - {None}, [also, target] if also else [target]
        while ask:
            new = set(self.providers(ask.pop()).values()) - needed
            needed |= new
            ask += new
        again = set(needed) & {target, also}
        while True:
            now, todo = dict(owner), []
            for id in self.cells:
                if id not in needed:
                    continue
                given = self.providers(id)
                source, number = ran.get(id, (None, 0))
                if (
                    id not in again
                    and source == self.cells[id]
                    and not any(p in todo or ran[p][1] > number for p in given.values())
                ):
                    continue
                # lost: cells that must run again, because another cell has since given one of their names a new value
                lost = {p for name, p in given.items() if now.get(name) != p} - again
                if lost - set(todo):
                    again |= lost
                    break
                todo.append(id)
                now.update(dict.fromkeys(self._gives[id], id))
            else:
                return todo
