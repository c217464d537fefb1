"""Find the cells that a cell needs, from the names that it uses and the names that other cells define.

A page is read from the top, and a cell sees what stands above it, in whatever order a reader runs them. Before a cell runs, each cell above
that gives a name it uses runs too, if it has not run yet, was edited since, or if another cell has since given that name a new value.
A name that no cell above gives any more is forgotten. So an exercise at the end of a page waits for its imports, not for twenty figures.
"""

import ast
import builtins
import symtable
from functools import lru_cache

KNOWN = set(dir(builtins)) | {"__name__", "__file__", "__doc__", "display", "_"}
# functions that only show their arguments
SHOW = {
    "print", "plotting", "plt", "ax", "axes", "figure", "check", "hint", "solution", "progress", "quiz", "bet", "display"
}  # fmt: skip


class Apart(ast.NodeTransformer):
    """Turns comprehensions into generators: from Python 3.12 on `symtable` adds the names of all others to the function around them."""

    def visit_ListComp(self, node):
        self.generic_visit(node)
        return ast.GeneratorExp(node.elt, node.generators)

    visit_SetComp = visit_ListComp

    def visit_DictComp(self, node):
        self.generic_visit(node)
        return ast.GeneratorExp(ast.Tuple([node.key, node.value], ast.Load()), node.generators)


class Names:
    """The names of one cell.

    uses: needed when the cell begins; calls: needed when a function that it defines is called; binds; changes: perhaps
    changed by it, though it does not bind them; imports; everything: it may bind any name; readable: it is Python.
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
            self.uses |= stored - self.binds  # a name may be bound in this cell or in one above
        self.binds |= stored


def _globals(table):
    """The names that a function, class or comprehension takes from the module."""
    found = {s.get_name() for s in table.get_symbols() if s.is_global() and s.is_referenced()}
    return found.union(*map(_globals, table.get_children()))


def _root(node):
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


# methods that leave their object as it is, among those that chapters use
READ = set(
    """all any argmax argmin argsort astype conj copy count cumsum dot endswith flatten format get grad hessian index
    item items join keys loss lower max mean min path prod ravel replace reshape round sort_values split startswith std strip sum
    tolist transpose upper values var view""".split()
)


def _changed(node):
    """The names that this piece of code may change without binding them."""
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
        return {node.func.value.id}  # record.append(w), rng.normal()
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _root(node.value.func) not in SHOW:
        return {a.id for a in node.value.args if isinstance(a, ast.Name)}  # shuffle(X)
    return set()


@lru_cache(maxsize=1000)
def read(source):
    """The Names of a cell; cached, because each press of a button plans the page again and cells seldom change."""
    return Names(source)


class Page:
    """The cells of a page in their order: {id: source}; book: the sources of those that a reader has edited, as in the book.

    A cell with a syntax error is assumed to define the same names as in the book: a cell that needs it then shows its error, not an older value.
    """

    def __init__(self, cells, book=None):
        self.cells = cells
        self.names = {id: read(source) for id, source in cells.items()}
        for id, source in (book or {}).items():
            if not self.names[id].readable:
                self.names[id] = read(source)
        modules = set().union(*(names.imports for names in self.names.values()))
        # the last cell so far that gives each name, before each cell
        self._above, self._gives, last = {}, {}, {}
        for id, names in self.names.items():
            self._above[id] = dict(last)
            self._gives[id] = names.binds | (names.changes - modules) | ({"*"} if names.everything else set())
            last.update(dict.fromkeys(self._gives[id], id))

    def sources(self, id):
        """{name: cell}: for each name that a cell uses, itself or in the functions it calls, the nearest cell above that gives it, or None."""
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
        """`sources`, without the names that no cell above gives."""
        return {name: cell for name, cell in self.sources(id).items() if cell is not None}

    def gone(self, ids, ran, owner):
        """The names that these cells use but that must be removed: a cell once defined them, and no cell above defines them now.

        A name is kept if a cell above, unchanged since it ran, defined it in a way that the code does not show (`exec`).
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
        """The cells to run so that `target`, the last of them, sees what stands above it.

        ran: {cell: (source, number of the run)}; owner: {name: the cell that last gave it}; also: a cell that runs in any case.
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
                # a cell that is not above it may have changed its names since
                lost = {p for name, p in given.items() if now.get(name) != p} - again
                if lost - set(todo):
                    again |= lost
                    break
                todo.append(id)
                now.update(dict.fromkeys(self._gives[id], id))
            else:
                return todo
