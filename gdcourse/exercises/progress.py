"""Progress: a file with one line for each event, and the small chart that is made from it.

The file is `.gdcourse/progress.jsonl` in the course folder; the environment variable GDCOURSE_PROGRESS can name
another file. Lines are only added, never changed. A line that a crash left half written is skipped. If the file
cannot be written, `check` still works.
"""

import json
import os
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from . import author
from .questions import quiz as quizzes

_unwritten: list[dict] = []  # events that could not be written to the file; they count until the kernel ends


def file() -> Path:
    """Return the path of the progress file."""
    chosen = os.environ.get("GDCOURSE_PROGRESS")
    return Path(chosen) if chosen else author.course_folder() / ".gdcourse" / "progress.jsonl"


def record(kind: str, id: str, **more: object) -> bool:
    """Add one event. kind: "check", "hint", "solution", "quiz", "bet" or "demo". id: the exercise or the bet,
    `<chapter>/<key of the question>`, or `<demo>/<goal>`.

    A check and a quiz have `ok`, too. Returns whether the event could be written; never raises.
    """
    event = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "kind": kind, "id": id, **more}
    try:
        _append(json.dumps(event, ensure_ascii=False))
        return True
    except Exception:
        _unwritten.append(event)
        return False


def _append(*lines):
    path = file()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o644)
    try:
        size = os.fstat(handle).st_size
        if size:
            os.lseek(handle, size - 1, os.SEEK_SET)
        torn = size and os.read(handle, 1) != b"\n"
        # a single write, so that two notebooks that record events at the same moment do not mix their lines
        os.write(handle, ("\n" * bool(torn) + "\n".join(lines) + "\n").encode())
    finally:
        os.close(handle)


def events(path: Path | None = None) -> list[dict]:
    """Return the events of the file `path`, in the order of its lines; lines that cannot be read are left out.

    Without `path`: the events of `file()`, followed by those that could not be written.
    """
    try:
        lines = (path or file()).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    found = []
    for line in lines:
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict) and isinstance(event.get("kind"), str) and isinstance(event.get("id"), str):
            found.append(event)
    return found + (_unwritten if path is None else [])


def export(path: str | Path) -> int:
    """Copy the progress to a file, to take it to another machine; returns the number of events."""
    found = events()
    Path(path).write_text("".join(json.dumps(e, ensure_ascii=False) + "\n" for e in found), encoding="utf-8")
    return len(found)


def merge(path: str | Path) -> int:
    """Add the events of an exported file that the progress file does not contain yet; return how many were added."""
    here = {_key(e) for e in events()}
    # a dict keeps the order, and keeps only one of two equal events
    new = {_key(e): e for e in events(Path(path)) if _key(e) not in here}
    if new:
        _append(*(json.dumps(e, ensure_ascii=False) for e in new.values()))
    return len(new)


def _key(event):
    return json.dumps(event, sort_keys=True)


# ---- what the events say


def solved() -> set[str]:
    """Return the ids of the exercises that were solved at least once."""
    return {e["id"] for e in events() if e["kind"] == "check" and e.get("ok")}


def attempted(id: str) -> bool:
    """Was this exercise checked, with a right or a wrong answer?"""
    return any(e["kind"] == "check" and e["id"] == id for e in events())


def hints_taken(id: str) -> int:
    """Return how many hints of this exercise have been shown."""
    return sum(e["kind"] == "hint" and e["id"] == id for e in events())


# ---- the chart


def progress() -> "Progress":
    """Your progress: a small chart, chapter by chapter, and what to do next."""
    done, seen = solved(), events()
    answered = {e["id"] for e in seen if e["kind"] == "quiz" and e.get("ok")}
    tried = {e["id"] for e in seen if e["kind"] == "check"}
    chapters = []
    for chapter in author.chapters():
        ids = author.ids_of(chapter)
        questions = questions_of(chapter)
        chapters.append(Chapter(chapter, [i in done for i in ids], [f"{chapter}/{q}" in answered for q in questions]))
    left = [i for c in author.chapters() for i in author.ids_of(c) if i not in done]
    # next is the unsolved exercise that was tried last; if none was tried, the first unsolved one in the book
    begun = [e["id"] for e in reversed(seen) if e["kind"] == "check" and e["id"] in left]
    goals = Counter(id.split("/")[0] for id in {e["id"] for e in seen if e["kind"] == "demo" and e.get("ok")})
    return Progress(
        chapters, begun[0] if begun else left[0] if left else None, bool(begun), bool(tried or answered), goals
    )


def questions_of(chapter: str) -> list[str]:
    """Return the keys of the questions in the quiz of a chapter; [] if it has no quiz or the quiz cannot be read.

    >>> len(questions_of("loss")) > 2, questions_of("no_such_chapter")
    (True, [])
    """
    path = author.exercises_folder() / chapter / "quiz.py"
    try:
        return [q.key for q in quizzes.read(path)] if path.is_file() else []
    except Exception:
        return []


class Chapter:
    """The progress in one chapter. exercises, questions: lists of bools, True for each that is solved or answered."""

    def __init__(self, name: str, exercises: list[bool], questions: list[bool]):
        self.name, self.exercises, self.questions = name, exercises, questions

    @property
    def finished(self) -> bool:
        """Whether every exercise is solved and every question answered."""
        return all(self.exercises) and all(self.questions)


class Progress:
    """The chart, as text and as HTML. `next`: the id of the exercise to do next, or None.

    begun: whether the learner has tried `next` already; started: whether the learner has tried any exercise or
    question; goals: {demo: how many of its goals are reached}.
    """

    def __init__(
        self,
        chapters: list[Chapter],
        next: str | None,
        begun: bool,
        started: bool,
        goals: Mapping[str, int] | None = None,
    ):
        self.chapters, self.next, self._begun, self._started, self.goals = (
            chapters,
            next,
            begun,
            started,
            dict(goals or {}),
        )

    @property
    def played(self) -> str:
        """A sentence on the goals that were reached in the demos; empty before the first goal."""
        return (
            "Goals reached in demos: " + ", ".join(f"{name} {n}" for name, n in sorted(self.goals.items())) + "."
            if self.goals
            else ""
        )

    @property
    def advice(self) -> str:
        """What to do next, in a sentence."""
        if self.next is None:
            return "Every exercise is right. Open a solution page: another right way may surprise you."
        title = author.load(self.next).title
        word = "Go on with" if self._begun else "Next:" if self._started else "Start with"
        return f"{word} `{self.next}` ({title})."

    def __str__(self):
        width = max((len(c.name) for c in self.chapters), default=0)
        most = max((len(c.exercises) for c in self.chapters), default=0)
        rows = []
        for c in self.chapters:
            bar = "".join("■" if ok else "□" for ok in sorted(c.exercises, reverse=True))
            row = f"{c.name:<{width}}  {bar:<{most}}  {_of(c.exercises)}"
            rows.append(f"{row:<{width + most + 12}}quiz {_of(c.questions)}" if c.questions else row)
        return "\n".join([*rows, *([self.played] if self.played else []), "", self.advice.replace("`", "")])

    __repr__ = __str__

    def _repr_html_(self):
        def bar(what, found):
            if not found:
                return "<td></td><td></td>"
            return (
                f'<td><progress max="{len(found)}" value="{sum(found)}" aria-label="{what}: {_of(found)}"></progress></td>'
                f"<td>{_of(found)}</td>"
            )

        rows = "".join(
            f'<tr><th scope="row" style="text-align:left">{"✓ " if c.finished else ""}{escape(c.name)}</th>'
            f"{bar(f'{c.name}, exercises', c.exercises)}{bar(f'{c.name}, quiz', c.questions)}</tr>"
            for c in self.chapters
        )
        played = f"<p>{escape(self.played)}</p>" if self.played else ""
        advice = escape(self.advice)
        for tag in ("<code>", "</code>"):
            advice = advice.replace("`", tag, 1)
        return (
            '<div class="gdcourse-progress" style="color:inherit"><table style="color:inherit"><thead><tr>'
            '<th scope="col" style="text-align:left">chapter</th><th scope="col" colspan="2">exercises</th>'
            f'<th scope="col" colspan="2">quiz</th></tr></thead><tbody>{rows}</tbody></table>{played}<p>{advice}</p></div>'
        )


def _of(found):
    return f"{sum(found)} of {len(found)}"
