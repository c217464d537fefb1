"""The author's side: what an exercise file says, read into one object.

An exercise is one file, `exercises/<chapter>/<function>.py`; CONTRIBUTING ("An exercise") shows the format.
"""

import ast
import difflib
import functools
import inspect
import os
import re
import sys
import textwrap
import types
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np


class BadExercise(Exception):
    """The exercise file itself is wrong; speaks to its author."""


class UnknownExercise(LookupError):
    """No exercise has this id; `str(error)` suggests close ones."""


def right(function=None, **extra):
    """Mark a further right answer: the judge must accept it."""
    return _mark("right", function, extra)


def wrong(function=None, **extra):
    """Mark a known wrong answer: its name is the code, its docstring what the learner reads.

    `@wrong(code="wrong")` where the code cannot be the function's name.
    """
    return _mark("wrong", function, extra)


def _mark(kind, function, extra):
    def mark(f):
        f._exercise_role = kind
        f._exercise_code = extra.get("code", f.__name__)
        return f

    return mark if function is None else mark(function)


@dataclass(frozen=True)
class Exercise:
    """One exercise, as its file states it. `rights` and `wrongs` map a code to a function."""

    id: str
    path: Path
    title: str
    prompt: str
    hints: tuple
    praise: str
    why: str
    points: float
    seconds: float
    tolerance: float
    cases: object
    solution: object
    rights: dict
    wrongs: dict
    run: object = None
    canonical: object = None
    law: object = None
    also: object = None
    show: object = None
    given: str = ""
    boards: dict = field(default_factory=dict)  # of an exercise with cards, see cards.py
    text: str = ""

    @property
    def chapter(self):
        return self.id.split("/")[0]

    @property
    def name(self):
        return self.id.split("/")[1]

    @property
    def parameters(self):
        """The names of the solution's parameters."""
        return tuple(inspect.signature(self.solution).parameters)

    @property
    def given_names(self):
        """How the feedback calls the arguments of a case: as the solution does, or as `run` does where there is one."""
        return self.parameters if self.run is None else tuple(inspect.signature(self.run).parameters)[1:]

    @property
    def starter(self):
        """The cell a learner starts from: signature and docstring of the solution, body left open."""
        if self.given:
            return self.given.strip() + "\n"
        node = self._node(self.solution.__name__)
        if not isinstance(node, ast.FunctionDef):
            raise BadExercise(f"{self.path}: a class needs the text of its starter, `starter = '''…'''`")
        doc = f'    """{_reindent(ast.get_docstring(node))}"""\n' if ast.get_docstring(node) else ""
        returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
        return f"def {node.name}({ast.unparse(node.args)}){returns}:\n{doc}    ...\n"

    def feedback(self, code):
        """What the learner reads about a known mistake."""
        return inspect.cleandoc(self.wrongs[code].__doc__ or "")

    def source(self, function):
        """The source of a function of the file, without its decorator."""
        node = self._node(function.__name__)
        lines = self.text.splitlines()[node.lineno - 1 : node.end_lineno]
        return textwrap.dedent("\n".join(lines)) + "\n"

    def draw(self, seed):
        """The cases of a seed: a list of tuples of arguments."""
        found = []
        for args in self.cases(np.random.default_rng(seed)):
            if not isinstance(args, tuple):
                raise BadExercise(f"{self.path}: cases must yield tuples of arguments, not {type(args).__name__}")
            found.append(args)
        if not found:
            raise BadExercise(f"{self.path}: cases yields nothing")
        return found

    def _node(self, name):
        # the last definition of the name is the one that counts, as in Python
        return [n for n in _parsed(self.text).body if getattr(n, "name", None) == name][-1]


@functools.lru_cache(maxsize=8)
def _parsed(text):
    return ast.parse(text)


def _reindent(doc):
    return doc if "\n" not in doc else textwrap.indent(doc, "    ").strip() + "\n    "


# ---- where the files are


def course_folder():
    """The course: the folder above here, or beside the package, that holds `exercises/` and `_toc.yml`; else the folder we are in."""
    chosen = os.environ.get("GDCOURSE_COURSE")
    if chosen:
        return Path(chosen)
    here = Path.cwd()
    for folder in (here, *here.parents, Path(__file__).resolve().parents[3]):
        if (folder / "exercises").is_dir() and (folder / "_toc.yml").is_file():
            return folder
    return here


def exercises_folder():
    """Where the exercise files are: in the course, or, where only the package is installed, inside it."""
    inside = Path(__file__).resolve().parents[1] / "files"
    beside = course_folder() / "exercises"
    is_course = "GDCOURSE_COURSE" in os.environ or (course_folder() / "_toc.yml").is_file()
    return beside if is_course and beside.is_dir() or not inside.is_dir() else inside


def all_ids():
    """Every exercise there is, `<chapter>/<function>`, in alphabetical order."""
    files = exercises_folder().glob("*/*.py")
    return sorted(f"{f.parent.name}/{f.stem}" for f in files if f.stem != "quiz" and not f.stem.startswith("_"))


def chapters():
    """The chapters that have exercises, in the order of the book."""
    known = sorted({id.split("/")[0] for id in all_ids()})
    try:
        toc = (course_folder() / "_toc.yml").read_text(encoding="utf-8")
    except OSError:
        return known
    listed = [c for c in re.findall(r"^\s*- file: chapters/(\w+)\s*$", toc, re.M) if c in known]
    return listed + [c for c in known if c not in listed]


def ids_of(chapter):
    """The exercises of a chapter, in the order in which its page has them."""
    known = [id for id in all_ids() if id.startswith(f"{chapter}/")]
    page = course_folder() / "chapters" / f"{chapter}.ipynb"
    try:
        marked = re.findall(r"<!-- exercise: ([\w/]+) -->", page.read_text(encoding="utf-8"))
    except OSError:
        marked = []
    return sorted(known, key=lambda id: marked.index(id) if id in marked else len(marked))


_loaded = {}


def load(id):
    """The exercise with this id; the function's name alone will do where only one chapter has it.

    Raises UnknownExercise, with the closest ids, or BadExercise.
    """
    namesakes = [known for known in all_ids() if known.split("/")[1] == id]
    id = namesakes[0] if len(namesakes) == 1 else id
    path = exercises_folder() / f"{id}.py"
    if id.count("/") != 1 or id not in all_ids():
        raise UnknownExercise(_suggest(id))
    return load_file(path)


def load_file(path):
    """The exercise of a file."""
    path = Path(path).resolve()
    stamp = path.stat().st_mtime_ns, path.stat().st_size
    if path in _loaded and _loaded[path][0] == stamp:
        return _loaded[path][1]
    exercise = _read(path)
    _loaded[path] = stamp, exercise
    return exercise


def _suggest(id):
    known = all_ids()
    bare = id.strip("/").split("/")[-1]
    close = [k for k in known if k.split("/")[1] == bare]
    close = close or difflib.get_close_matches(id, known, 1, 0.85) or difflib.get_close_matches(id, known, 3, 0.5)
    close = close or [k for k in known if difflib.get_close_matches(bare, [k.split("/")[1]], 1, 0.6)][:3]
    tip = "Did you mean " + " or ".join(f'"{k}"' for k in close) + "?" if close else "`progress()` lists them all."
    return f'There is no exercise "{id}". {tip}'


def _read(path):
    chapter, name = path.parent.name, path.stem
    module = types.ModuleType(f"gdcourse_exercise_{chapter}_{name}", None)
    module.__file__ = str(path)
    sys.modules[module.__name__] = module
    text = path.read_text(encoding="utf-8")
    try:
        # compiled here, not imported: no stale bytecode, and the file may have any name
        exec(compile(text, str(path), "exec"), vars(module))
    except Exception as error:
        raise BadExercise(f"{path}: {type(error).__name__}: {error}") from error
    missing = [n for n in ("prompt", "hints", "praise", "why", "cases", name) if not hasattr(module, n)]
    if missing or not module.__doc__:
        raise BadExercise(f"{path}: lacks {', '.join(missing) or 'its title, the docstring of the file'}")
    roles = {"right": {}, "wrong": {}}
    for value in list(vars(module).values()):
        role = getattr(value, "_exercise_role", None)
        if role:
            roles[role][value._exercise_code] = value
    return Exercise(
        id=f"{chapter}/{name}",
        path=path,
        title=inspect.cleandoc(module.__doc__).splitlines()[0].rstrip("."),
        prompt=inspect.cleandoc(module.prompt),
        hints=tuple(module.hints),
        praise=module.praise,
        why=inspect.cleandoc(module.why),
        points=getattr(module, "points", 1),
        seconds=getattr(module, "seconds", 2.0),
        tolerance=getattr(module, "tolerance", 1e-6),
        cases=module.cases,
        solution=getattr(module, name),
        rights=roles["right"],
        wrongs=roles["wrong"],
        run=getattr(module, "run", None),
        canonical=getattr(module, "canonical", None),
        law=getattr(module, "law", None),
        also=getattr(module, "also", None),
        show=getattr(module, "show", None),
        given=inspect.cleandoc(getattr(module, "starter", "")),
        boards=getattr(module, "boards", {}),
        text=text,
    )
