"""Write the results of grading: marks (as CSV, for Gradescope, for nbgrader), feedback pages, and a summary."""

import csv
import hashlib
import io
import json
import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable
from html import escape
from pathlib import Path

from ..exercises import author
from ..exercises.judge.verdict import Verdict
from . import overview

NBGRADER = [
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
]


NOT_GRADED = {  # the results for Gradescope if the run could not start
    "score": 0,
    "visibility": "visible",
    "output": "Nothing could be graded. Please tell your teacher: the autograder's own output says why.",
    "tests": [],
}


def slug(name: str) -> str:
    """Return a file name made from the name of a submission.

    It is never a path; different names give different file names.

    >>> slug("../Ada Byron")
    '___Ada_Byron-c402d993'
    """
    return re.sub(r"[^A-Za-z0-9_-]", "_", name)[:60] + "-" + hashlib.sha256(name.encode()).hexdigest()[:8]


def leave(path: Path, text: str, encoding: str = "utf-8") -> None:
    """Write a file completely or not at all, even if the grader is killed while it writes."""
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding=encoding, newline="")
    part.replace(path)


def points(report: dict) -> float:
    """Return the points of a report, all exercises together.

    >>> points({"marks": [{"points": 2}, {"points": 0.5}]})
    2.5
    """
    return sum(mark["points"] for mark in report["marks"])


def best(reports: Iterable[dict]) -> list[dict]:
    """Return one report per learner, with the best answer to each exercise in any of the learner's notebooks.

    If two answers are equally good, the notebook whose file name comes first counts.
    """
    by_learner = defaultdict(list)
    for report in reports:
        by_learner[report["learner"]].append(report)
    return [_joined(sorted(by_learner[learner], key=lambda r: r["file"])) for learner in sorted(by_learner)]


def _joined(reports):
    if len(reports) == 1:
        return reports[0]
    marks = [max(of_one, key=_worth) for of_one in zip(*(report["marks"] for report in reports))]
    listed = [f"{r['file']} ({points(r):g} points)" for r in reports]
    said = [f"{len(reports)} {overview.SEVERAL}: {', '.join(listed)}"]
    return reports[0] | {
        "marks": marks,
        "file": ", ".join(r["file"] for r in reports),
        "notes": said + [f"{r['file']}: {note}" for r in reports for note in r["notes"]],
        "stopped": [f"{r['file']}: {line}" for r in reports for line in r["stopped"]],
        "handed_in": max(r["handed_in"] for r in reports),
        "noticed": [f"{r['file']}: {line}" for r in reports for line in r.get("noticed", ())],
        "quiz": {key: option for r in reversed(reports) for key, option in r.get("quiz", {}).items()},
        "seconds": sum(r["seconds"] for r in reports),
        "peak": max(r["peak"] for r in reports),
    }


def _worth(mark):
    """Return a tuple that is larger for a better answer.

    Points count first. If points are equal, a wrong answer is better than the unchanged starter, and the starter is
    better than no answer.
    """
    return mark["points"], mark["code"] not in ("missing", "ungraded"), mark["code"] != "untouched"


def write(
    out: Path, reports: list[dict], ids: list[str], chapters: list[str], total: int, anonymous: bool = False
) -> None:
    """Write all results into the folder `out`.

    These are marks.csv, class.html, answers.csv, mistakes.csv, nbgrader.csv, gradescope/ and feedback/; for a single
    learner also results.json, as Gradescope wants it.
    """
    chosen, exercises = best(reports), {id: author.load(id) for id in ids}
    head = ["learner", "points", "of", *ids, "file", "notes"]
    rows: list[Iterable] = []
    for r in chosen:
        marks = {m["id"]: m["points"] for m in r["marks"]}
        of = sum(m["of"] for m in r["marks"])
        rows.append([r["learner"], points(r), of, *[marks.get(id, 0) for id in ids], r["file"], "; ".join(r["notes"])])
    # utf-8-sig puts a mark at the start of the file, by which Excel recognises the encoding
    leave(out / "marks.csv", _table(head, rows), "utf-8-sig")
    rows = []
    for r in chosen:
        row = dict.fromkeys(NBGRADER, "") | {
            "assignment": "+".join(chapters),
            "timestamp": r["handed_in"],
            "student_id": r["learner"],
            "raw_score": points(r),
            "late_submission_penalty": 0.0,
            "score": points(r),
            "max_score": sum(m["of"] for m in r["marks"]),
        }
        rows.append(row.values())
    leave(out / "nbgrader.csv", _table(NBGRADER, rows))
    leave(out / "class.html", overview.page(chosen, ids, chapters, total, anonymous))
    leave(out / "answers.csv", _table(*overview.answers(chosen)), "utf-8-sig")
    leave(out / "mistakes.csv", _table(*overview.mistakes(overview.rows(chosen, ids))), "utf-8-sig")
    (out / "results.json").unlink(missing_ok=True)
    for kind in ("gradescope", "feedback"):
        shutil.rmtree(out / kind, ignore_errors=True)
        (out / kind).mkdir()
    for r in chosen:
        text = json.dumps(gradescope(r), indent=1)
        (out / "gradescope" / f"{slug(r['learner'])}.json").write_text(text, encoding="utf-8")
        (out / "feedback" / f"{slug(r['learner'])}.html").write_text(page(r, exercises), encoding="utf-8")
        if len(chosen) == 1:
            leave(out / "results.json", text)


def _table(head, rows) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([head, *([_cell(v) if isinstance(v, str) else v for v in row] for row in rows)])
    return text.getvalue()


def _cell(text: str) -> str:
    """Return a text that no spreadsheet runs as a formula. Some also run formulas that begin with full-width signs."""
    return (
        "'" + text if text.lstrip().startswith(tuple("=+-@＝＋－＠")) or text.startswith(("\t", "\r", "\n")) else text
    )


def _verdict(mark):
    return Verdict(*(mark[name] for name in ("id", "code", "message", "details", "note")))


def gradescope(report: dict) -> dict:
    """Return the content of Gradescope's results.json.

    https://gradescope-autograders.readthedocs.io/en/latest/specs/
    """
    tests = [
        {
            "name": m["id"],
            "score": m["points"],
            "max_score": m["of"],
            "output": str(_verdict(m)),
            "output_format": "text",
        }
        for m in report["marks"]
    ]
    return {
        "score": points(report),
        "execution_time": round(report["seconds"]),
        "visibility": "visible",
        "output": "\n".join([*report["notes"], *report["stopped"]]),
        "tests": tests,
    }


def page(report: dict, exercises: dict[str, author.Exercise]) -> str:
    """Return the feedback page of a learner: one HTML file without scripts.

    exercises: {id: exercise}.
    """
    title = f"{report['learner']}: {points(report):g} of {sum(m['of'] for m in report['marks']):g} points"
    said = dict.fromkeys([*report["notes"], *report["stopped"]])
    notes = "".join(f"<li>{escape(note)}</li>" for note in said)
    parts = [f"<h1>{escape(title)}</h1>", f"<p>Graded: {escape(report['file'])}</p>"]
    parts += [f"<h2>About the notebook</h2><ul>{notes}</ul>"] if notes else []
    for mark in report["marks"]:
        exercise = exercises[mark["id"]]
        again = "" if mark["code"] == "right" or not exercise.section else exercise.section
        parts.append(
            f"<section><h2>{overview.sign(mark['code'])} {escape(exercise.title)}: {mark['points']:g} of {mark['of']:g}</h2>"
            f"{_verdict(mark)._repr_html_()}"
            + (f"<p>Read again: {escape(again)}, in the chapter {escape(exercise.chapter)}.</p>" if again else "")
            + "</section>"
        )
    return overview.frame(title, "\n".join(parts))


def summary(reports: list[dict], ids: list[str], total: int) -> str:
    """Return the summary that a teacher reads first."""
    chosen = best(reports)
    if not chosen:
        return f"Nothing graded of {total}."
    marks = [points(r) for r in chosen]
    of = sum(m["of"] for m in chosen[0]["marks"])
    lines = [
        f"{sum('failed' not in r for r in reports)} of {total} notebooks graded, {len(chosen)} learners: mean {sum(marks) / len(marks):.2f} of {of:g} points",
        "",
    ]
    wide = max(map(len, ids))
    for id in ids:
        codes = Counter(m["code"] for r in chosen for m in r["marks"] if m["id"] == id)
        right = codes.pop("right", 0)
        common = ", ".join(f"{code} {count}" for code, count in codes.most_common(3))
        lines.append(f"{id:{wide}}  right {right:3} of {len(chosen)}" + (f"   not right: {common}" if common else ""))
    odd = [f"{r['learner']}: {note}" for r in chosen for note in [*r["notes"], *r.get("noticed", ())]]
    if odd:
        lines += ["", "Worth a look:", *odd]
    return "\n".join(line.encode("unicode_escape").decode() if not line.isprintable() else line for line in lines)
