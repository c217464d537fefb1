"""Read an exercise file into an Exercise object, and find the files of the exercises.

An exercise is one file, `exercises/<chapter>/<function>.py`; docs/exercises.md describes its format.
"""

import ast
import difflib
import functools
import importlib.util
import inspect
import os
import re
import sys
import textwrap
import types
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..judge.verdict import CODES


class BadExercise(Exception):
    """There is a fault in the exercise file itself; the message is for its author."""


class UnknownExercise(LookupError):
    """No exercise has this id; `str(error)` suggests close ones."""


def right(function: Callable | None = None, **settings: str) -> Callable:
    """Mark a function of an exercise file as one more right answer, which the judge must accept.

    The function's name is its code; `@right(code="...")` sets another code, if the name is taken. Raises TypeError for
    any other setting.

    >>> @right
    ... def by_a_loop(y, y_hat):
    ...     return sum((a - b) ** 2 for a, b in zip(y, y_hat)) / len(y)
    """
    return _mark("right", function, settings)


def wrong(function: Callable | None = None, **settings: Any) -> Callable:
    """Mark a known wrong answer: the function's name is the code of the mistake, its docstring is for the learner.

    `@wrong(code="...")` sets another code, if the function's name cannot be the code. `@wrong(like=f)` marks another
    way to make the mistake of `f`, with the docstring of `f`. Raises TypeError for any other setting.

    >>> @wrong
    ... def sum_not_mean(y, y_hat):
    ...     "The squares are added up. How does a mean go on from there?"
    ...     return sum((y - y_hat) ** 2)
    """
    if "like" not in settings:
        return _mark("wrong", function, settings)
    first: Any = settings["like"]

    def join(f):
        first._exercise_ways = (*getattr(first, "_exercise_ways", ()), f)
        return f

    return join


def _mark(kind, function, settings):
    for name in settings:
        if name != "code":
            raise TypeError(f"@{kind}({name}=…): unknown. {did_you_mean(name, ['code'], 'Only `code=` can be given.')}")

    def mark(f):
        f._exercise_role = kind
        f._exercise_code = settings.get("code", f.__name__)
        return f

    return mark if function is None else mark(function)


def did_you_mean(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return a question with the nearest of the known names; the sentence `otherwise` if none is near.

    >>> did_you_mean("tolerence", ["points", "tolerance"])
    'Did you mean `tolerance`?'
    """
    close = difflib.get_close_matches(name, list(known), 1, 0.6)
    return f"Did you mean `{close[0]}`?" if close else otherwise


@dataclass(frozen=True)
class Exercise:
    """One exercise, as its file describes it. rights, wrongs: {code of an answer: the function}."""

    id: str
    path: Path
    title: str
    prompt: str
    hints: tuple[str, ...]
    praise: str
    why: str
    points: float
    seconds: float
    tolerance: float
    cases: Callable
    solution: Callable
    rights: dict[str, Callable]
    wrongs: dict[str, Callable]
    run: Callable | None = None
    canonical: Callable | None = None
    law: Callable | None = None
    also: Callable | None = None
    show: Callable | None = None
    given: str = ""
    minutes: float = 0  # the author's estimate of the time for a learner who has read the chapter
    section: str = ""  # the heading of the section in the chapter that teaches what is needed
    boards: dict = field(default_factory=dict)  # only for an exercise with cards, see cards.py
    # argument that an answer may ignore -> the values that the answer may use in its place, None for any value
    free: dict = field(default_factory=dict)
    # pieces of code: a changed version of the solution is still right if its changed line contains one of them
    equal: tuple = ()
    text: str = ""

    @property
    def chapter(self) -> str:
        """The first part of the id."""
        return self.id.split("/")[0]

    @property
    def name(self) -> str:
        """The second part of the id, which is also the name of the function."""
        return self.id.split("/")[1]

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the solution's parameters."""
        return tuple(inspect.signature(self.solution).parameters)

    @property
    def given_names(self) -> tuple[str, ...]:
        """The names that the feedback uses for the arguments.

        They are the parameters of `run` if the exercise has this function, else the parameters of the solution.
        """
        return self.parameters if self.run is None else tuple(inspect.signature(self.run).parameters)[1:]

    @property
    def starter(self) -> str:
        """The cell that a learner begins with: signature and docstring of the solution, with `...` as its body."""
        if self.given:
            return self.given.strip() + "\n"
        node = self.node(self.solution.__name__)
        if not isinstance(node, ast.FunctionDef):
            raise BadExercise(f"{self.path}: a class needs the text of its starter, `starter = '''…'''`")
        doc = f'    """{_reindent(ast.get_docstring(node))}"""\n' if ast.get_docstring(node) else ""
        returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
        return f"def {node.name}({ast.unparse(node.args)}){returns}:\n{doc}    ...\n"

    def feedback(self, code: str) -> str:
        """Return what the learner reads about a known mistake."""
        return inspect.cleandoc(self.wrongs[code].__doc__ or "")

    def source(self, function: Callable) -> str:
        """Return the source of a function in the file of this exercise, without its decorator."""
        node = self.node(function.__name__)
        lines = self.text.splitlines()[node.lineno - 1 : node.end_lineno]
        return textwrap.dedent("\n".join(lines)) + "\n"

    def draw(self, seed: int) -> list[tuple]:
        """Return the cases of a seed, a list of tuples of arguments. The first comes again at the end.

        The second call with the same arguments shows whether the result of an answer depends on earlier calls. A single
        case is not repeated.
        """
        found = self._drawn(seed)
        return [*found, next(iter(self.cases(np.random.default_rng(seed))))] if len(found) > 1 else found

    @property
    def asks_more(self) -> bool:
        """Whether the judge also calls a wrong answer with the arguments of other seeds, to find out what is wrong.

        An exercise with a `law` (see `judge/__init__.py`) does not need this: the law finds the mistake in each result.
        """
        return self.law is None

    def fresh(self, seed: int, count: int = 30) -> list[tuple]:
        """Return at most `count` cases (tuples of arguments) of other seeds that are not cases of this seed."""
        known, found = [_looks(args) for args in self._drawn(seed)], []
        for other in range(1001, 1041):
            more = [args for args in self._drawn(other) if _looks(args) not in known]
            found += more
            if not more or len(found) >= count:
                break
        return found[:count]

    def _drawn(self, seed):
        found = []
        for args in self.cases(np.random.default_rng(seed)):
            if not isinstance(args, tuple):
                raise BadExercise(f"{self.path}: cases must yield tuples of arguments, not {type(args).__name__}")
            found.append(args)
        if not found:
            raise BadExercise(f"{self.path}: cases yields nothing")
        return found

    def node(self, name: str) -> ast.FunctionDef | ast.ClassDef:
        """Return the syntax tree of a function or class of the file. The tree is cached: change only a copy."""
        # if a name is defined twice, the last definition counts, as in Python
        return [n for n in _parsed(self.text).body if getattr(n, "name", None) == name][-1]


def _looks(args):
    """Return arguments in a form that `==` can compare: arrays as lists, everything else as its repr."""
    return [a.tolist() if isinstance(a, np.ndarray) else repr(a) for a in args]


@functools.lru_cache(maxsize=8)
def _parsed(text):
    return ast.parse(text)


def _reindent(doc):
    return doc if "\n" not in doc else textwrap.indent(doc, "    ").strip() + "\n    "


# ---- where the files are

GET_THEM = (
    "Install the exercises of the course (`pip install gdcourse-exercises`), or work in a folder inside the course."
)


def course_folder() -> Path:
    """Return the folder of the course: the first one that contains `exercises/` and `_toc.yml`.

    The candidates are the working directory, the folders above it, and the folder that contains the package. If none
    fits, the working directory is returned. The environment variable GDCOURSE_COURSE names another folder.
    """
    chosen = os.environ.get("GDCOURSE_COURSE")
    if chosen:
        return Path(chosen)
    here = Path.cwd()
    for folder in (here, *here.parents, Path(__file__).resolve().parents[3]):
        if (folder / "exercises").is_dir() and (folder / "_toc.yml").is_file():
            return folder
    return here


def exercises_folder() -> Path:
    """Return the folder of the exercise files: in the course folder, else in the distribution `gdcourse-exercises`."""
    beside = course_folder() / "exercises"
    if beside.is_dir() and ("GDCOURSE_COURSE" in os.environ or (course_folder() / "_toc.yml").is_file()):
        return beside
    installed = importlib.util.find_spec("gdcourse_exercises")
    places = installed and installed.submodule_search_locations
    return Path(places[0]) if places else beside


def all_ids() -> list[str]:
    """Return the ids of all exercises, `<chapter>/<function>`, in alphabetical order.

    >>> "loss/mse" in all_ids()
    True
    """
    files = exercises_folder().glob("*/*.py")
    return sorted(f"{f.parent.name}/{f.stem}" for f in files if f.stem != "quiz" and not f.stem.startswith("_"))


def chapters() -> list[str]:
    """Return the chapters that have exercises, in the order of the book.

    >>> chapters()[:3]
    ['loss', 'gradient', 'update_rule']
    """
    known = sorted({id.split("/")[0] for id in all_ids()})
    try:
        toc = (course_folder() / "_toc.yml").read_text(encoding="utf-8")
    except OSError:
        return known
    listed = [c for c in re.findall(r"^\s*- file: chapters/(\w+)\s*$", toc, re.M) if c in known]
    return listed + [c for c in known if c not in listed]


def ids_of(chapter: str) -> list[str]:
    """Return the ids of a chapter's exercises, in the order of its page.

    >>> ids_of("update_rule")[0]
    'update_rule/gd_step'
    """
    known = [id for id in all_ids() if id.startswith(f"{chapter}/")]
    page = course_folder() / "chapters" / f"{chapter}.ipynb"
    try:
        marked = re.findall(r"<!-- exercise: ([\w/]+) -->", page.read_text(encoding="utf-8"))
    except OSError:
        marked = []
    return sorted(known, key=lambda id: marked.index(id) if id in marked else len(marked))


_loaded: dict[Path, tuple] = {}


def load(id: str) -> Exercise:
    """Return the exercise with this id; the function's name alone is enough if only one chapter has it.

    Raises UnknownExercise, whose message suggests close ids, or BadExercise if the file has a fault.

    >>> load("gd_step").parameters
    ('w', 'g', 'lr')
    """
    namesakes = [known for known in all_ids() if known.split("/")[1] == id]
    id = namesakes[0] if len(namesakes) == 1 else id
    path = exercises_folder() / f"{id}.py"
    if id.count("/") != 1 or id not in all_ids():
        raise UnknownExercise(_suggest(id))
    return load_file(path)


def load_file(path: str | Path) -> Exercise:
    """Return the exercise of a file. The file is read again only if it has changed since the last call.

    Raises BadExercise, which says what is wrong in the file.

    >>> load_file(exercises_folder() / "loss/mse.py").id
    'loss/mse'
    """
    path = Path(path).resolve()
    stamp = path.stat().st_mtime_ns, path.stat().st_size
    if path in _loaded and _loaded[path][0] == stamp:
        return _loaded[path][1]
    exercise = _read(path)
    _loaded[path] = stamp, exercise
    return exercise


def _suggest(id):
    known = all_ids()
    if not known:
        return f'There is no exercise "{id}" here, nor any other. {GET_THEM}'
    bare = id.strip("/").split("/")[-1]
    close = [k for k in known if k.split("/")[1] == bare]
    close = close or difflib.get_close_matches(id, known, 1, 0.85) or difflib.get_close_matches(id, known, 3, 0.5)
    close = close or [k for k in known if difflib.get_close_matches(bare, [k.split("/")[1]], 1, 0.6)][:3]
    tip = "Did you mean " + " or ".join(f'"{k}"' for k in close) + "?" if close else "`progress()` lists them all."
    return f'There is no exercise "{id}". {tip}'


# the names that an exercise file must set (_ASKED), and those that it may set, with their default values (_OPTIONAL)
_ASKED = ("prompt", "hints", "praise", "why", "cases")
_OPTIONAL = {
    "section": "",
    "points": 1,
    "minutes": 0,
    "seconds": 2.0,
    "tolerance": 1e-6,
    "run": None,
    "canonical": None,
    "law": None,
    "also": None,
    "show": None,
    "starter": "",
    "boards": {},
    "free": {},
    "equal": (),
}


def _read(path):
    chapter, name = path.parent.name, path.stem
    module = types.ModuleType(f"gdcourse_exercise_{chapter}_{name}", None)
    module.__file__ = str(path)
    sys.modules[module.__name__] = module
    text = path.read_text(encoding="utf-8")
    try:
        # exec, because an import could use old bytecode, and needs a file name that is a Python name
        exec(compile(text, str(path), "exec"), vars(module))
    except Exception as error:
        raise BadExercise(f"{path}: {type(error).__name__}: {error}") from error
    missing = [n for n in (*_ASKED, name) if not hasattr(module, n)]
    if missing or not module.__doc__:
        raise BadExercise(f"{path}: lacks {', '.join(missing) or 'its title, the docstring of the file'}")
    for unknown in _unknown(text, name):
        meant = did_you_mean(unknown, [*_ASKED, *_OPTIONAL], "Nothing in the file uses it.")
        raise BadExercise(f"{path}: `{unknown}` is no setting of an exercise. {meant}")
    roles = {"right": {}, "wrong": {}}
    for value in list(vars(module).values()):
        role = getattr(value, "_exercise_role", None)
        if role:
            if value._exercise_code in roles[role] or value._exercise_code in CODES:
                raise BadExercise(f"{path}: the code `{value._exercise_code}` is taken; choose another name")
            roles[role][value._exercise_code] = value
    said = {n: getattr(module, n, default) for n, default in _OPTIONAL.items()}
    return Exercise(
        id=f"{chapter}/{name}",
        path=path,
        title=inspect.cleandoc(module.__doc__).splitlines()[0].rstrip("."),
        prompt=inspect.cleandoc(module.prompt),
        hints=tuple(module.hints),
        praise=module.praise,
        why=inspect.cleandoc(module.why),
        cases=module.cases,
        solution=getattr(module, name),
        rights=roles["right"],
        wrongs=roles["wrong"],
        given=inspect.cleandoc(said.pop("starter")),
        text=text,
        **said,
    )


def _unknown(text, name):
    """Yield names that are defined but not used, and are no settings and no answers. Most are typing mistakes."""
    tree = ast.parse(text)
    used = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            defined = [] if node.decorator_list else [node.name]
        elif isinstance(node, ast.Assign):
            defined = [n.id for target in node.targets for n in ast.walk(target) if isinstance(n, ast.Name)]
        else:
            defined = [node.target.id] if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) else []
        yield from (n for n in defined if n not in used and n not in (name, *_ASKED, *_OPTIONAL) and n[0] != "_")
