"""Find the cells that a cell needs: the cells above it that give the names it uses. To "give" a name means to bind it,
or to change (possibly) the object that has this name.

A cell sees only what is above it on the page, whatever order a reader runs the cells in. Before a cell runs, each cell
above that gives a name it uses must run, if it has not run yet, if it was edited since it ran, or if another cell has
since given that name a new value. A name that no cell above gives any more is removed. So an exercise at the end of a
page waits for its imports, not for twenty figures.
"""

import ast
import builtins
import symtable
from functools import lru_cache

KNOWN = set(dir(builtins)) | {"__name__", "__file__", "__doc__", "display", "_"}
# a call that begins with one of these names, such as ax[0].plot(w), shows its arguments and does not change them
SHOW = {
    "print", "plotting", "plt", "ax", "axes", "figure", "check", "hint", "solution", "progress", "quiz", "bet", "display"
}  # fmt: skip


class Apart(ast.NodeTransformer):
    """Turn list, set and dict comprehensions into generator expressions.

    From Python 3.12 on, `symtable` adds the names inside a comprehension to the function around it. It does not do so
    for a generator expression.
    """

    def visit_ListComp(self, node):
        self.generic_visit(node)
        return ast.GeneratorExp(node.elt, node.generators)

    visit_SetComp = visit_ListComp

    def visit_DictComp(self, node):
        self.generic_visit(node)
        return ast.GeneratorExp(ast.Tuple([node.key, node.value], ast.Load()), node.generators)


class Names:
    """The names in the code of one cell, as sets.

    uses: the cell reads them when it runs; calls: its functions read them when they are called; binds: it defines them;
    changes: it may change their objects without binding them; imports: its import statements bind them. everything:
    whether the cell may bind any name (`import *`); readable: whether it is valid Python.
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
            # the code inside these statements may be skipped; then a cell above must have bound the names
            self.uses |= stored - self.binds
        self.binds |= stored


def _globals(table):
    """Return the set of global names that a function, class or comprehension uses."""
    found = {s.get_name() for s in table.get_symbols() if s.is_global() and s.is_referenced()}
    return found.union(*map(_globals, table.get_children()))


def _root(node):
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


# methods used in the chapters that do not change their object
READ = set(
    """all any argmax argmin argsort astype conj copy count cumsum dot endswith flatten format get grad hessian index
    item items join keys loss lower max mean min path prod ravel replace reshape round sort_values split startswith std strip sum
    tolist transpose upper values var view""".split()
)


def _changed(node):
    """Return the set of names whose objects this node of a syntax tree may change without binding the names."""
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
    """Return the Names of a cell. The result is cached, because each press of a button reads all cells of the page and
    most are unchanged."""
    return Names(source)


class Page:
    """The cells of a page, and which of them a cell needs.

    cells: {id: source} in the order of the page; book: {id: source as the page was built}, for the cells that the
    reader has edited. A cell with a syntax error is assumed to define the names that its source in `book` defines. So a
    reader who runs a cell that needs these names sees the error, not an older value.
    """

    def __init__(self, cells, book=None):
        self.cells = cells
        self.names = {id: read(source) for id, source in cells.items()}
        for id, source in (book or {}).items():
            if not self.names[id].readable:
                self.names[id] = read(source)
        modules = set().union(*(names.imports for names in self.names.values()))
        # _gives: {cell: the names that it binds or whose objects it may change}; _above: {cell: {name: the nearest cell
        # above that gives the name}}
        self._above, self._gives, last = {}, {}, {}
        for id, names in self.names.items():
            self._above[id] = dict(last)
            self._gives[id] = names.binds | (names.changes - modules) | ({"*"} if names.everything else set())
            last.update(dict.fromkeys(self._gives[id], id))

    def sources(self, id):
        """Return {name: cell} for the names that a cell uses, itself or in functions that it calls. `cell` is the
        nearest cell above that binds the name or may change its object; None if there is none."""
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
        """Return `sources(id)` without the names whose cell is None."""
        return {name: cell for name, cell in self.sources(id).items() if cell is not None}

    def gone(self, ids, ran, owner):
        """Return the names that these cells use and that must be removed from the namespace: a cell bound them when it
        ran, but no cell above defines them now.

        A name is kept if the cell that bound it is above and unchanged since then. The code of this cell may define the
        name in a way that cannot be seen in it, such as `exec`.
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
        """Return the ids of the cells to run so that `target`, the last of them, sees the results of the cells above
        it.

        ran: {cell: (its source, the number of its run)}; owner: {name: the cell that last bound it}; also: a cell that
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
                # lost: the cells that must run again, because another cell has since bound one of their names
                lost = {p for name, p in given.items() if now.get(name) != p} - again
                if lost - set(todo):
                    again |= lost
                    break
                todo.append(id)
                now.update(dict.fromkeys(self._gives[id], id))
            else:
                return todo
