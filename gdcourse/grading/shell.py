"""The shell of a graded kernel: it passes over accidents that would cost marks, and reports them.

`exit()` does not end the kernel. An import or a magic that fails does not stop the rest of its cell. A second copy of
a starter below an answer does not replace the answer. Each such accident becomes a remark in the reply to the cell,
and the grader makes a note of it.
"""

import ast
import builtins
import sys
from collections.abc import Callable
from json import dumps  # imported by its name, because a notebook may replace json.dumps
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from IPython.core.interactiveshell import InteractiveShell
from jupyter_client.jsonutil import json_clean, json_default

from ..exercises import author
from ..exercises.judge.look import is_untouched
from ..exercises.questions.cards import Answer
from .wire import REMARK

SHORT = 300  # characters of an exception's message that are kept


class GradedKernel(IPythonKernel):
    """A kernel whose replies are short, whatever exception a cell raises."""

    async def do_execute(self, *args: Any, **kwargs: Any) -> dict:
        reply = await super().do_execute(*args, **kwargs)
        reply.pop("traceback", None)
        reply.update({name: reply[name][:SHORT] for name in ("ename", "evalue") if name in reply})
        return reply


def pack(message: object) -> bytes:
    """Return a message as JSON in ASCII, because UTF-8 cannot encode the lone surrogates (`\udcff`) of a notebook."""
    try:
        return dumps(message, default=json_default, allow_nan=False).encode()
    except (TypeError, ValueError):
        return dumps(json_clean(message), default=json_default, allow_nan=False).encode()


def prepare(shell: InteractiveShell, begun: Callable, ended: Callable) -> None:
    """Make an IPython shell pass over accidents. begun is called when a cell begins, ended when it has ended."""
    forgiving = Forgiving(shell)
    setattr(builtins, "__gdcourse__", forgiving)  # noqa: B010
    shell.ask_exit = lambda: forgiving.remark("`exit()` was passed over")  # type: ignore[attr-defined]
    shell.magics_manager.magics["line"]["matplotlib"] = forgiving.matplotlib
    shell.ast_transformers.append(forgiving)
    shell.events.register("pre_run_cell", lambda *_: begun())
    shell.events.register("post_run_cell", lambda *_: ended())
    shell.events.register("post_run_cell", Kept(shell, forgiving.remark))


class Forgiving(ast.NodeTransformer):
    """Puts a `try` around imports, calls and magics: a missing module or a failing magic does not stop the cell."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell
        # attributes of this object, because a notebook may redefine these names
        self.ImportError, self.Exception = ImportError, Exception

    def visit_Module(self, tree: ast.Module) -> ast.Module:
        tree.body = [self.tried(statement) for statement in tree.body]
        return ast.fix_missing_locations(tree)

    def tried(self, statement: ast.stmt) -> ast.stmt:
        magic = _magic(statement)
        call = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
        ours = isinstance(statement, ast.Import) or call
        if not ours and not (isinstance(statement, ast.ImportFrom) and statement.module != "__future__"):
            return statement
        kind = "Exception" if magic else "ImportError"
        text = (magic or ast.unparse(statement))[:80]
        handler: ast.Try = ast.parse(  # type: ignore[assignment]
            f"try: pass\nexcept __gdcourse__.{kind}: __gdcourse__.passed_over({text!r})"
        ).body[0]
        handler.body = [statement]
        for node in [handler, *(n for h in handler.handlers for n in ast.walk(h))]:
            ast.copy_location(node, statement)
        return handler

    def passed_over(self, what: str) -> None:
        error = sys.exc_info()[1]
        try:
            said = f"{type(error).__name__}: {error}"
        except Exception:
            said = type(error).__name__
        self.remark(f"`{what}` was passed over ({said.splitlines()[0][:SHORT]})")

    def matplotlib(self, line: str) -> None:
        """Do nothing for `%matplotlib …`, because figures are not drawn while grading."""
        if line.split()[:1] not in ([], ["inline"], ["agg"]):
            self.remark(f"`%matplotlib {line[:40]}` was passed over: figures are not drawn while grading")

    def remark(self, said: str) -> None:
        assert self.shell.payload_manager is not None
        self.shell.payload_manager.write_payload({"source": REMARK, "said": said}, single=False)


def _magic(statement: ast.stmt) -> str | None:
    """Return the magic as the learner typed it; None if the statement is no magic.

    IPython has turned the magic into `get_ipython().run_line_magic("name", "line")`.
    """
    match statement:
        case ast.Expr(ast.Call(ast.Attribute(ast.Call(ast.Name("get_ipython")), "run_line_magic"), [name, line, *_])):
            return f"%{ast.literal_eval(name)} {ast.literal_eval(line)}".strip()
    return None


class Kept:
    """An object that is called after each cell.

    If the cell has replaced an answer by the unchanged starter of its exercise, the object restores the answer.
    """

    def __init__(self, shell: InteractiveShell, remark: Callable[[str], None]) -> None:
        self.names, self.remark = shell.user_ns, remark
        self.exercises = {id.split("/")[1]: id for id in author.all_ids()}
        self.seen: dict = {}
        self.answers: dict = {}

    def __call__(self, *_: object) -> None:
        for name, id in self.exercises.items():
            now = self.names.get(name)
            if now is self.seen.get(name) or not (callable(now) or isinstance(now, Answer)):
                continue
            if not is_untouched(author.load(id), now):
                self.answers[name] = now
            elif name in self.answers:
                self.remark(f"the starter of `{name}` stands here again; the answer above counts")
                now = self.names[name] = self.answers[name]
            self.seen[name] = now
