"""Grade one notebook: run it in a kernel of its own, ask for the results of its functions, judge them in this process.

A worker calls `grade(task)`: task and result are dicts of plain JSON data. Learner code runs only in the kernel.
"""

import ast
import json
import os
import re
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass, replace
from typing import Any

from ..exercises import author
from ..exercises.judge import decide as judge
from . import wire
from .client import OUTPUT, Kernel, Nursery, ending

FAR = "gdcourse.grading.kernel"
RESTARTS = 4


class Refused(Exception):
    """The submission cannot be run as a notebook; the message says why, for example "… it is a Python script"."""


@dataclass(frozen=True)
class Cell:
    """A cell of a notebook. kind: "code", "markdown", "raw"; may_stop: it has the tag "raises-exception"."""

    kind: str
    source: str
    may_stop: bool = False


def grade(task: dict) -> dict:
    """Grade one submission.

    task: text, the notebook as JSON; beside, the files that were handed in with it, {name: content in base64};
    exercises, {id: seed}; preload, the modules that are imported once for all notebooks; course, the folder of the
    course; limits: cell (seconds for one cell), seconds (for the whole notebook), memory (bytes), processes (how many),
    hidden (paths that the kernel cannot read), walls (which of "bwrap", "landlock" and "seccomp" are used).
    Returns a dict: marks (one per exercise), notes (what a teacher should know), stopped (the cells that stopped, and
    their errors), seconds and peak memory.
    """
    if threading.current_thread() is threading.main_thread():
        return _grade(task)
    # This is a thread of a Dask worker, but the judge's time limits work only in a main thread. So a helper process
    # grades the notebook, and waits for the next one.
    helper = _helpers.pop() if _helpers else Helper()
    report = helper.grade(task)
    _helpers.append(helper)
    return report


_helpers: list = []


class Helper:
    """A process that grades notebooks, one after the other."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def grade(self, task: dict) -> dict:
        assert self.process.stdin and self.process.stdout
        print(json.dumps(task), file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if not line:
            raise HelperDied(f"the grading process ended with {self.process.wait()}")
        return json.loads(line)


class HelperDied(RuntimeError):
    """The helper process ended while it was grading a notebook."""


def _grade(task):
    os.environ["GDCOURSE_COURSE"] = task["course"]
    start, run = time.monotonic(), Run(task)
    try:
        cells, run.notes = read_cells(task["text"])
    except Refused as refused:
        run.notes.append(str(refused))
        return run.report(0.0)
    while run.left and time.monotonic() - start < task["limits"]["seconds"] and run.starts <= RESTARTS:
        run.once(cells, start + task["limits"]["seconds"])
    run.explain_missing(cells)
    return run.report(time.monotonic() - start)


def read_cells(text: str) -> tuple[dict[int, Cell], list[str]]:
    """Return the cells of a notebook that are not empty, {number: Cell}, and notes on what is unusual in the notebook.

    Raises Refused if the text is not a notebook for Python.
    """
    try:
        notebook = json.loads(text)
        if "worksheets" in notebook:  # format 3, which was used until 2015
            cells = [cell for sheet in notebook["worksheets"] for cell in sheet["cells"]]
        else:
            cells = notebook["cells"]
        found = {number: _cell(cell) for number, cell in enumerate(cells, 1)}
        metadata = notebook.get("metadata") or {}
        kernel = metadata.get("kernelspec") or {}
        language = str(kernel.get("language") or (metadata.get("language_info") or {}).get("name") or "python")
        kernel = str(kernel.get("display_name") or language)
    except Exception as error:
        raise Refused(f"not a readable notebook{_instead(text)} ({type(error).__name__})") from None
    if language.lower() not in ("python", "python3", "ipython"):
        raise Refused(f"written for the kernel {kernel[:60]!r}, not for Python")
    empty = [name for name, where in (("metadata", notebook), ("kernelspec", metadata)) if where.get(name, {}) is None]
    odd = [f"its {name} is null; read as a notebook for Python" for name in empty]
    return {number: cell for number, cell in found.items() if cell.source.strip()}, odd


def _cell(cell: dict) -> Cell:
    tags = (cell.get("metadata") or {}).get("tags") or []
    return Cell(str(cell["cell_type"]), "".join(cell.get("source", cell.get("input", ""))), "raises-exception" in tags)


def _instead(text: str) -> str:
    """Return the end of a sentence on what an unreadable notebook is, like ": it is a Python script"; "" if unknown."""
    start = text.lstrip()
    if not start:
        return ", it is empty"
    if start.startswith("version https://git-lfs"):
        return ": it is a pointer of Git LFS, and the notebook itself was not fetched"
    if start.startswith("<"):
        return ": it is a web page (HTML)"
    if start.startswith("{"):
        return ", it breaks off in the middle" if not text.rstrip().endswith("}") else ""
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    return "" if start[0] in '[0123456789"' else ": it is a Python script"


def public(exercise: author.Exercise) -> str:
    """Return an exercise file without the solution and the known mistakes, because a notebook can read it.

    The file has the starter in place of the solution. It contains the cases (calls with known results), the functions
    `run` and `canonical`, and everything that they use.
    """
    tree = ast.parse(exercise.path.read_text(encoding="utf-8"))
    defined: dict[str, Any] = {name: node for node in tree.body for name in _names(node)}
    wanted, todo = set(), ["cases", "run", "canonical", "starter", "seconds", "tolerance"]
    while todo:
        name = todo.pop()
        if name in defined and name not in wanted:
            wanted.add(name)
            if name != exercise.name:
                todo += [n.id for n in ast.walk(defined[name]) if isinstance(n, ast.Name)]
    wanted.discard(exercise.name)
    for name in wanted:
        defined[name].decorator_list = []  # `run` may use a known mistake: keep it, without its explanation
    kept = [
        ast.unparse(node)
        for node in tree.body
        if isinstance(node, (ast.Import, ast.ImportFrom)) or wanted & set(_names(node))
    ]
    return "\n".join([repr(exercise.title), *kept, "prompt = hints = praise = why = ''", exercise.starter])


def _names(node):
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)]


class Run:
    """The attempts to grade one notebook. A cell or a function that ends the kernel is left out of the next attempt."""

    def __init__(self, task: dict) -> None:
        self.exercises = {id: author.load(id) for id in task["exercises"]}
        self.seeds, self.limits, self.beside = task["exercises"], task["limits"], task["beside"]
        self.left = list(self.exercises)
        self.nursery = Nursery(task["preload"], self.limits["hidden"], "bwrap" in self.limits["walls"])
        self.verdicts: dict[str, judge.Verdict] = {}
        self.notes: list[str] = []
        self.skipped: dict[int, str] = {}  # number of a cell -> why it is left out
        self.stopped: dict[int, str] = {}  # number of a cell -> its error
        self.starts = self.peak = 0

    def report(self, seconds: float) -> dict:
        marks = []
        for id, exercise in self.exercises.items():
            verdict = self.verdicts.get(id)
            if verdict is None:  # not `if not verdict`: a Verdict on a wrong answer counts as False
                verdict = judge.Verdict(
                    id, "missing", f"Not reached: {self.notes[-1] if self.notes else 'no time left'}."
                )
            marks.append({**asdict(verdict), "points": exercise.points if verdict.ok else 0, "of": exercise.points})
        return {
            "marks": marks,
            "notes": list(dict.fromkeys(self.notes)),
            "stopped": [f"cell {number} stopped: {said}" for number, said in sorted(self.stopped.items())],
            "seconds": round(seconds, 3),
            "peak": self.peak,
        }

    def once(self, cells: dict[int, Cell], deadline: float) -> None:
        """Make one attempt, with one kernel: run all cells, then judge all exercises that have no verdict yet."""
        self.starts += 1
        code = [number for number, cell in cells.items() if cell.kind == "code" and number not in self.skipped]
        files = {id: public(exercise) for id, exercise in self.exercises.items()}
        with Kernel(files, self.beside, self.limits, deadline, self.nursery) as kernel:
            for number in code:
                if not self.step(kernel, number, cells[number]):
                    break
            else:
                while self.left and self.ask(kernel, self.left[0]):
                    pass
        events, end = kernel.events()
        self.peak = max(self.peak, end.get("peak", 0))
        self.notes += [SAID[event["kind"]].format(event.get("what", "")) for event in events]
        if not end and not kernel.fate:
            self.notes.append("the list of forbidden actions that it tried could not be read")
        if kernel.fate:
            what, place = kernel.fate
            said = ending(kernel.end or end, self.limits)
            if isinstance(place, str):  # the id of an exercise, whose function ended the kernel
                self.left.remove(place)
                self.verdicts[place] = judge.Verdict(place, "ended", f"Calling `{self.exercises[place].name}` {said}.")
            else:
                at = code.index(place)
                if end.get("kind") in ("exit", "signal") and end.get("begun", 0) <= at > 0:
                    place = code[at - 1]  # the kernel ended before this cell began, so the cell above ended it
                    what = f"cell {place}"
                # run the cells below this one again: perhaps they ended the kernel only because of this cell
                self.skipped = {n: why for n, why in self.skipped.items() if n < place} | {place: said}
                self.stopped.pop(place, None)
            self.notes.append(f"{what} {said}")

    def step(self, kernel: Kernel, number: int, cell: Cell) -> bool:
        """Run one cell; return False if the kernel is lost."""
        result = kernel.execute(cell.source, self.limits["cell"])
        self.notes += [f"cell {number}: {remark}" for remark in kernel.remarks]
        if kernel.error and not cell.may_stop and result == "done":
            self.stopped[number] = _in_words(kernel.error, kernel.said)
        if result == "late":
            self.notes.append(f"cell {number} did not end within {self.limits['cell']:g} seconds")
        # a kernel that ends closes the connection, so `flood` then says nothing about the output
        if kernel.flood and result != "lost":
            self.notes.append(f"cell {number} printed more than {OUTPUT // 1_000_000} MB")
        if result in ("lost", "stuck"):
            kernel.fate = f"cell {number}", number
        elif kernel.error == "MemoryError":  # the data in this kernel may leave too little memory: use a new kernel
            kernel.fate, kernel.end = (f"cell {number}", number), {"kind": "memory"}
        return kernel.fate is None

    def ask(self, kernel: Kernel, id: str) -> bool:
        """Ask for the results of the function of one exercise and judge them; return False if the kernel is lost."""
        exercise = self.exercises[id]
        result = kernel.execute(
            "",
            exercise.seconds + 10,
            answer=f"__import__({FAR!r}, fromlist='*').Answer({id!r}, {self.seeds[id]!r}, {exercise.asks_more})",
        )
        if result in ("lost", "stuck"):
            kernel.fate = f"calling {exercise.name}", id
            return False
        self.left.remove(id)
        self.verdicts[id] = self.verdict(exercise, kernel.answer)
        return True

    def verdict(self, exercise: author.Exercise, data: Any) -> judge.Verdict:
        """Return the Verdict on the data that a kernel sent. The notebook may have put anything into these data."""
        try:
            if isinstance(data, str):
                raise ValueError(data)
            changed = ", ".join(data["replaced"])
            if changed:
                self.notes.append(f"replaced {changed[:300]}")
            if "early" in data:
                return judge.Verdict(exercise.id, *data["early"])
            seed, signs = self.seeds[exercise.id], wire.decode_signs(data.get("signs", []))
            given, fresh = (
                [wire.decode(outcome, len(args)) for outcome, args in zip(outcomes, cases, strict=False)]
                for outcomes, cases in (
                    (data["outcomes"], exercise.draw(seed)),
                    (data.get("fresh", []), exercise.fresh(seed)),
                )
            )
            verdict = judge.decide(exercise, seed, given, lambda: signs, lambda: fresh)
            unknown = any(outcome.error == "NameError" for outcome in given)
            return replace(verdict, note=" ".join(self.stops())) if unknown and not verdict.ok else verdict
        except Exception as error:
            self.notes.append(f"no readable answer for {exercise.name} ({type(error).__name__}: {error})"[:300])
            return judge.Verdict(exercise.id, "structure", "What the notebook returned could not be read.")

    def stops(self) -> list[str]:
        """Return a sentence for each cell that stopped with an error, and add it to the notes for the teacher."""
        said = [f"cell {number} stopped: {what}" for number, what in self.stopped.items()]
        self.notes += said
        return [f"{line[0].upper()}{line[1:]}." for line in said]

    def explain_missing(self, cells: dict[int, Cell]) -> None:
        """If a function is missing, put into its verdict which cell defines it, and why the definition did not run."""
        for id, verdict in self.verdicts.items():
            if verdict.code != "missing":
                continue
            name = self.exercises[id].name
            for number in [n for n, cell in cells.items() if _defines(cell.source, name)]:
                if number in self.stopped:
                    why = f"which stopped: {self.stopped[number]}"
                    self.notes.append(f"cell {number}, where {name} stands, stopped: {self.stopped[number]}")
                elif number in self.skipped:
                    why = f"which {self.skipped[number]}"
                elif cells[number].kind != "code":
                    why = f"which is a {cells[number].kind.capitalize()} cell: make it a Code cell"
                    self.notes.append(f"{name} stands in cell {number}, a {cells[number].kind.capitalize()} cell")
                else:
                    why = "but there is no such name when the notebook has run"
                self.verdicts[id] = replace(verdict, message=f"`{name}` stands in cell {number}, {why}.")


def _defines(source: str, name: str) -> bool:
    """Does a cell seem to define this name? The source is not parsed, because it may have syntax errors."""
    return re.search(rf"^[^\S\n]*(?:(?:async\s+)?def|class)\s+{name}\b|^{name}\s*=", source, re.M) is not None


def _in_words(error: str, said: str) -> str:
    """Return type and message of an error on one line, without IPython's internal name of the cell."""
    said = re.sub(r"\((?:<[^>]*>|[^()]*\.py), line (\d+)\)", r"(line \1)", said)
    return f"{error}: {' '.join(said.split())}"[:300].removesuffix(": ")


SAID = {
    "write": "tried to change a file outside its folder: {}",
    "read": "tried to read what is not for it: {}",
    "kill": "tried to end another process",
    "limits": "tried to change the limits of another process",
    "network": "tried to open a connection: {}",
    "processes": "started processes that start processes",
    "unreadable": "wrote into the report of its kernel",
}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(_grade(json.loads(line))), flush=True)
