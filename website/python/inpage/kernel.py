"""Run cells as Jupyter does, without Jupyter: cells share a namespace, the value of the last line is shown, and errors
name the lines of the cells.

This module is plain Python. What is special in a browser comes as arguments of `Kernel`: `send(message)` sends a dict
to the page, `absent` maps modules that are not loaded yet to their packages, and `rewrite` may change the syntax tree
of a cell before it is compiled. An import of an absent module is postponed until a cell uses the imported name. So
`import matplotlib` at the top of a page costs nothing until something is drawn.
"""

import ast
import builtins
import linecache
import pprint
import sys
import time
import traceback

from .needs import Page, read

# Modules that a cell needs without importing them itself. LENT: {module of gdcourse: the third-party module that it
# imports}. DATA: {data set of gdcourse.problems: the third-party module that loads it}.
LENT = {"plotting": "matplotlib"}
DATA = {"diabetes": "sklearn", "breast_cancer": "sklearn", "digits": "sklearn", "wine": "sklearn", "iris": "sklearn"}
KEPT = 100_000  # how many characters one cell may print
MIMES = (
    ("image/svg+xml", "_repr_svg_"),
    ("image/png", "_repr_png_"),
    ("text/html", "_repr_html_"),
    ("text/markdown", "_repr_markdown_"),
    ("text/latex", "_repr_latex_"),
)


class Missing(Exception):
    """Raised when a cell needs packages that are not loaded yet. packages: the set of their names."""

    def __init__(self, packages):
        super().__init__(", ".join(sorted(packages)))
        self.packages = packages


class Kernel:
    """One namespace for all cells of a page, and a record of the cells that ran in it."""

    def __init__(self, send, absent=None, rewrite=None):
        self.send, self.rewrite = send, rewrite
        self.absent = {} if absent is None else absent  # {module: its package}, for the modules that are not loaded yet
        self.space = {"__name__": "__main__", "__builtins__": builtins, "display": self.display, "input": no_input}
        self.waiting = {}  # {name: (module, import statement)}, the postponed imports
        self.ran = {}  # {cell: (its source, the number of its run)}, for the cells that ended well
        self.owner = {}  # {name: the cell that bound it last}
        self.runs = 0
        self.cell = None
        # about the last run: the lines of its error, and whether the reader stopped it
        self.told, self.interrupted = [], False

    # ---- which cells to run

    def plan(self, cells, target, also=None, book=None):
        """Return the ids of the cells to run, `target` last.

        Before `target` come the cells that it needs, directly or not, as far as they must run. Such a cell must run if
        it has not run yet, if it was edited since it ran, if a cell that it needs has run since, or if another cell has
        since bound a name that it defines.

        cells: {id: source}; also: a cell that runs in any case; book: {id: source as the page was built}, for the cells
        that the reader has edited. `plan` also removes from the namespace the names that no cell above defines any
        more.
        """
        page = Page(cells, book)
        ids = page.plan(target, self.ran, self.owner, also)
        self.forget(page.gone(ids, self.ran, self.owner))
        return ids

    def forget(self, names):
        """Remove names from the namespace, as if no cell had defined them."""
        for name in names:
            for place in (self.space, self.waiting, self.owner):
                place.pop(name, None)

    def wants(self, source):
        """Return the set of packages that must be loaded before this cell can run."""
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError):
            return set()
        mentioned = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        modules = {self.waiting[name][0] for name in mentioned & set(self.waiting)}
        now, later = self._split(tree)
        modules |= {module for name, module, _ in later if name in mentioned}
        modules |= _modules(ast.Module(now, [])) | _data(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "check":
                modules |= {
                    module
                    for value in node.args
                    if isinstance(value, ast.Constant)
                    for module in _judged(str(value.value))
                }
        return {self.absent[module] for module in modules if module in self.absent}

    # ---- running one cell

    def run(self, cell, source, quietly=False):
        """Run a cell; return whether it ended without an error. Raises Missing if packages must be loaded first: load
        them, then call `run` again.

        quietly: keep an error in `told` and do not send it to the page. If the reader stopped the run, it is sent in
        any case.
        """
        packages = self.wants(source)
        if packages:
            raise Missing(packages)
        self.runs += 1
        self.cell, self.out = cell, Stream(self.send, cell)
        self.ran.pop(cell, None)
        self.told, self.interrupted = [], False
        name = f"<cell {cell}>"
        linecache.cache[name] = (len(source), None, [line + "\n" for line in source.split("\n")], name)
        out, err, hook = sys.stdout, sys.stderr, sys.displayhook
        sys.stdout, sys.stderr = self.out, Stream(self.send, cell, "stderr", self.out)
        sys.displayhook = self._show_result
        ok = False
        try:
            self._execute(source, name)
            ok = True
        except Missing:
            raise
        except BaseException as error:
            packages = self._missing(error)
            if packages:
                raise Missing(packages) from None
            self.told, self.interrupted = told(error, name, source), isinstance(error, KeyboardInterrupt)
            if self.interrupted or not quietly:
                self._tell(error, self.told)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            sys.stdout, sys.stderr, sys.displayhook = out, err, hook
            try:
                self._figures()
            except KeyboardInterrupt as error:
                ok, self.interrupted = False, True
                self._tell(error, ["Stopped."])
        if ok:
            self.ran[cell] = source, self.runs
        return ok

    def _execute(self, source, name):
        tree = ast.parse(source, name)
        if self.rewrite:
            tree = self.rewrite(tree)
        now, later = self._split(tree)
        mentioned = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        for alias, module, text in later:
            self.waiting[alias] = module, text
        for alias in [a for a in self.waiting if a in mentioned]:
            exec(compile(self.waiting.pop(alias)[1], name, "exec"), self.space)
        last = None
        if now and isinstance(now[-1], ast.Expr) and not source.rstrip().endswith(";"):
            last = ast.Interactive([now.pop()])
        before = {name: id(value) for name, value in self.space.items()}
        try:
            exec(compile(ast.Module(now, []), name, "exec"), self.space)
            if last:
                exec(compile(last, name, "single"), self.space)
        finally:
            bound = {key for key, value in self.space.items() if before.get(key) != id(value)}
            names = read(source)
            self.owner.update(
                dict.fromkeys(bound | names.binds | names.changes | ({"*"} if names.everything else set()), self.cell)
            )
            for key in bound:
                self.waiting.pop(key, None)

    def _split(self, tree):
        """Return the statements of a cell that run now, and the imports that can wait, as [(name, module, import
        statement)]."""
        now, later = [], []
        for statement in tree.body:
            found = [] if not isinstance(statement, (ast.Import, ast.ImportFrom)) else list(_imported(statement))
            waits = [one for one in found if one[0] in self.absent]
            if not waits:
                now.append(statement)
                continue
            later += [
                (alias.asname or alias.name.split(".")[0], module, _one(statement, alias)) for module, alias in waits
            ]
            keep = [alias for module, alias in found if module not in self.absent]
            if keep:
                now.append(ast.copy_location(_with(statement, keep), statement))
        return now, later

    def _missing(self, error):
        while error is not None:
            module = (getattr(error, "name", None) or "").split(".")[0] if isinstance(error, ImportError) else None
            if module in self.absent:
                return {self.absent[module]}
            error = error.__cause__ or error.__context__
        return set()

    # ---- what a cell shows

    def display(self, *values):
        """Show values as a notebook would."""
        for value in values:
            self._output("display_data", value)

    def _show_result(self, value):
        if value is not None:
            self.space["_"] = value
            self._output("execute_result", value)

    def _output(self, kind, value):
        sys.stdout.flush()
        self.show(bundle(value), kind)

    def show_in(self, cell, value):
        """Show a value as the result of the cell `cell`, though this cell has not run."""
        self.cell = cell
        self._output("execute_result", value)

    def show(self, data, kind="display_data"):
        """Send one output of the current cell to the page. data: {MIME type: content}."""
        self.send({"type": "output", "id": self.cell, "output": {"output_type": kind, "data": data, "metadata": {}}})

    def _figures(self):
        backend = sys.modules.get(f"{__package__}.figures")
        if backend:
            backend.show()

    def complain(self, words, error):
        """Tell the reader that an output could not be shown, though the cell itself ran. words: the sentence above the
        error."""
        self._tell(error, [words, *told(error, "", "")])

    def _tell(self, error, lines):
        sys.stdout.flush()
        self.send({"type": "output", "id": self.cell, "output": {
            "output_type": "error", "ename": type(error).__name__, "evalue": _said(error), "traceback": lines}})  # fmt: skip


class Stream:
    """The stdout or stderr of a cell. It sends the printed text to the page in pieces. One limit counts for both
    streams together."""

    encoding = "utf-8"

    def __init__(self, send, cell, name="stdout", shared=None):
        self.send, self.cell, self.name = send, cell, name
        self.parts, self.size, self.sent = [], 0, time.monotonic()
        self.budget = shared.budget if shared else [KEPT]

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if self.budget[0] > 0:
            self.parts.append(text[: self.budget[0]])
            self.budget[0] -= len(text)
            if self.budget[0] <= 0:
                self.parts.append("\n… and more, which is not shown.\n")
            if text.endswith(("\n", "\r")) and time.monotonic() - self.sent > 0.1:
                self.flush()
        return len(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        if self.parts:
            text, self.parts, self.sent = "".join(self.parts), [], time.monotonic()
            self.send(
                {
                    "type": "output",
                    "id": self.cell,
                    "output": {"output_type": "stream", "name": self.name, "text": text},
                }
            )

    def isatty(self):
        return False

    def writable(self):
        return True


def bundle(value):
    """Return the representations of a value as {MIME type: content}, as IPython makes them."""
    data = {}
    whole = getattr(type(value), "_repr_mimebundle_", None)
    if whole:
        found = whole(value)
        data.update((found[0] if isinstance(found, tuple) else found) or {})
    for mime, method in MIMES:
        make = getattr(type(value), method, None)
        if mime not in data and make:
            content = make(value)
            if content is not None:
                data[mime] = content
    if "text/plain" not in data:
        data["text/plain"] = _plain(value)
    return data


def _plain(value):
    if isinstance(value, (dict, list, tuple, set)) and len(repr(value)) > 79:
        return pprint.pformat(value, width=79, compact=True, sort_dicts=False)
    return repr(value)


def no_input(prompt=""):
    """Replaces Python's `input`, because the page cannot ask the reader anything while a cell runs."""
    raise RuntimeError("input() cannot ask in a page: write the value into the cell instead.")


def told(error, name, source):
    """Return lines of text about an error: first the lines of the learner's cells that led to it, innermost last, then
    its message. name: the file name of the running cell in tracebacks; source: the code of this cell."""
    if isinstance(error, SyntaxError) and error.filename == name:
        line = error.text or "".join(source.split("\n")[(error.lineno or 1) - 1 : error.lineno])
        at = [f"Line {error.lineno}:", f"    {line.rstrip()}"]
        if error.offset:
            at.append(" " * (3 + error.offset) + "^")
        return [*at, f"{type(error).__name__}: {error.msg}", *_elsewhere(error, line)]
    lines = []
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename.startswith("<cell "):
            where = f"Line {frame.lineno}" if frame.filename == name else f"Line {frame.lineno} of a cell above"
            inside = f", in {frame.name}" if frame.name != "<module>" else ""
            lines.append(f"{where}{inside}:\n    {frame.line}")
    if len(lines) > 8:
        lines[4:-4] = [f"… {len(lines) - 8} more calls …"]
    if isinstance(error, KeyboardInterrupt):
        return [*lines, "Stopped."]
    return [
        *lines,
        f"{type(error).__name__}: {_said(error)}" if _said(error) else type(error).__name__,
        *_elsewhere(error),
    ]


def _elsewhere(error, line=""):
    """Return one line of help, as a list, if the error comes from a limit that a page has and Jupyter does not have.
    Return [] for any other error.

    line: the line with the error, if it is a syntax error.
    """
    if isinstance(error, ModuleNotFoundError) and error.name and not error.name.startswith(("gdcourse", "_")):
        return [
            "Is the name spelt right? A page has Python's own modules, NumPy, SciPy, matplotlib and scikit-learn; for others, run the notebook in Jupyter."
        ]
    if line.strip().startswith(("%", "!")) or line.rstrip().endswith("?"):
        return ["Lines with %, ! or ? are Jupyter's, not Python's: they run in Jupyter, not in a page."]
    through = {frame.filename.rpartition("/")[2] for frame in traceback.extract_tb(error.__traceback__)}
    if isinstance(error, (OSError, ImportError)) and through & {
        "request.py",
        "client.py",
        "socket.py",
        "ssl.py",
        "connectionpool.py",
    }:
        return [
            "A cell in a page reaches no other host. The data sets that scikit-learn brings (load_…) are here; for those that it fetches (fetch_…), run the notebook in Jupyter."
        ]
    if "new thread" in _said(error) or "subprocess.py" in through or getattr(error, "name", None) == "_multiprocessing":
        return ["A page has one thread, and starts no other program: for that, run the notebook in Jupyter."]
    if isinstance(error, FileNotFoundError):
        return ["A page does not see the files of your computer: for that, run the notebook in Jupyter."]
    return []


def _said(error):
    try:
        return str(error)
    except Exception:
        return "(its message cannot be shown)"


def _imported(statement):
    """Yield (module, alias) for each name that a statement imports. alias: the node of the name in the syntax tree.

    module: the first part of the module's name, such as "numpy". For a module or a data set of gdcourse that LENT or
    DATA lists, it is the third-party module listed there.
    """
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            parts = alias.name.split(".")
            yield LENT.get(parts[1], "gdcourse") if parts[0] == "gdcourse" and len(parts) > 1 else parts[0], alias
    elif isinstance(statement, ast.ImportFrom) and not statement.level:
        parts = (statement.module or "").split(".")
        for alias in statement.names:
            part = parts[1] if len(parts) > 1 else alias.name
            lent = DATA if part == "problems" and len(parts) > 1 else LENT
            yield (
                lent.get(alias.name if lent is DATA else part, "gdcourse") if parts[0] == "gdcourse" else parts[0],
                alias,
            )


def _modules(tree):
    """Return the set of modules that a piece of code imports, also inside functions."""
    return {module for node in ast.walk(tree) for module, _ in _imported(node)}


def _data(tree):
    """Return the set of modules that load the data sets used in a piece of code."""
    return {DATA[node.attr] for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and node.attr in DATA and ast.unparse(node.value).endswith("problems")}  # fmt: skip


def _judged(id):
    """Return the set of modules that the check of an exercise needs.

    These are the modules that the exercise file uses outside its solution and outside its @right and @wrong functions.
    """
    from gdcourse.exercises import author

    file = author.exercises_folder() / f"{id}.py"
    if not file.is_file():
        return set()
    marks = {"right", "wrong"}
    body = [s for s in ast.parse(file.read_text(encoding="utf-8")).body
            if not isinstance(s, ast.FunctionDef) or s.name != file.stem and not any(marks & set(ast.unparse(d).split("(")) for d in s.decorator_list)]  # fmt: skip
    return set().union(*(_modules(statement) | _data(statement) for statement in body))


def _with(statement, aliases):
    if isinstance(statement, ast.Import):
        return ast.Import(aliases)
    return ast.ImportFrom(statement.module, aliases, statement.level)


def _one(statement, alias):
    return ast.unparse(ast.fix_missing_locations(_with(statement, [alias])))
