"""What comes out of grading: marks as CSV, for Gradescope and for nbgrader, a page of feedback per learner, a summary."""

import csv
import hashlib
import json
import re
import shutil
from collections import Counter, defaultdict
from html import escape

from ..exercises.judge.verdict import Verdict

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


def slug(name):
    """A file name that no name of a submission can turn into a path, nor two of them share."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", name)[:60] + "-" + hashlib.sha256(name.encode()).hexdigest()[:8]


def points(report):
    return sum(mark["points"] for mark in report["marks"])


def best(reports):
    """One report per learner, the one with most points (of equals the first by name); its notes tell of the others."""
    by_learner = defaultdict(list)
    for report in reports:
        by_learner[report["learner"]].append(report)
    chosen = []
    for learner in sorted(by_learner):
        first, *rest = sorted(by_learner[learner], key=lambda r: (-points(r), r["file"]))
        others = [f"{r['file']} ({points(r):g} points)" for r in rest]
        note = [f"{len(rest) + 1} submissions, the best one counts, not {', '.join(others)}"] if rest else []
        chosen.append(first | {"notes": note + first["notes"]})
    return chosen


def write(out, reports, ids, chapters):
    """marks.csv, nbgrader.csv, gradescope/, feedback/ and, for a single learner, results.json as Gradescope wants it."""
    chosen = best(reports)
    with open(out / "marks.csv", "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["learner", "points", "of", *ids, "file", "notes"])
        for r in chosen:
            marks = {m["id"]: m["points"] for m in r["marks"]}
            table.writerow(
                [
                    _cell(r["learner"]),
                    points(r),
                    sum(m["of"] for m in r["marks"]),
                    *[marks.get(id, 0) for id in ids],
                    _cell(r["file"]),
                    _cell("; ".join(r["notes"])),
                ]
            )
    with open(out / "nbgrader.csv", "w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, NBGRADER, restval="")
        table.writeheader()
        for r in chosen:
            table.writerow(
                {
                    "assignment": "+".join(chapters),
                    "timestamp": r["handed_in"],
                    "student_id": _cell(r["learner"]),
                    "raw_score": points(r),
                    "late_submission_penalty": 0.0,
                    "score": points(r),
                    "max_score": sum(m["of"] for m in r["marks"]),
                }
            )
    for kind in ("gradescope", "feedback"):
        shutil.rmtree(out / kind, ignore_errors=True)
        (out / kind).mkdir()
    for r in chosen:
        text = json.dumps(gradescope(r), indent=1)
        (out / "gradescope" / f"{slug(r['learner'])}.json").write_text(text, encoding="utf-8")
        (out / "feedback" / f"{slug(r['learner'])}.html").write_text(page(r), encoding="utf-8")
        if len(chosen) == 1:
            (out / "results.json").write_text(text, encoding="utf-8")


def _cell(text):
    """A spreadsheet runs what begins like a formula."""
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _verdict(mark):
    return Verdict(*(mark[name] for name in ("id", "code", "message", "details", "note")))


def gradescope(report):
    """Gradescope's results.json. https://gradescope-autograders.readthedocs.io/en/latest/specs/"""
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
        "output": "\n".join(report["notes"]),
        "tests": tests,
    }


def page(report):
    """The feedback page of a learner: no script, nothing from elsewhere."""
    title = f"{report['learner']}: {points(report):g} of {sum(m['of'] for m in report['marks']):g} points"
    notes = "".join(f"<li>{escape(note)}</li>" for note in report["notes"])
    verdicts = "\n".join(
        f"<h2>{escape(m['id'].split('/')[1])}: {m['points']:g} of {m['of']:g}</h2>\n{_verdict(m)._repr_html_()}"
        for m in report["marks"]
    )
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(title)}</title>
<style>body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 45rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere }} h2 {{ font-size: 1.1rem }}</style>
<h1>{escape(title)}</h1>
<p>Graded: {escape(report["file"])}</p>
{f"<ul>{notes}</ul>" if notes else ""}
{verdicts}
</html>
"""


def summary(reports, ids, total, failed):
    """What a teacher wants to see first."""
    chosen = best(reports)
    if not chosen:
        return f"Nothing graded of {total}."
    marks = [points(r) for r in chosen]
    of = sum(m["of"] for m in chosen[0]["marks"])
    lines = [
        f"{len(reports)} of {total} notebooks graded, {len(chosen)} learners: mean {sum(marks) / len(marks):.2f} of {of:g} points",
        "",
    ]
    wide = max(map(len, ids))
    for id in ids:
        codes = Counter(m["code"] for r in chosen for m in r["marks"] if m["id"] == id)
        right = codes.pop("right", 0)
        common = ", ".join(f"{code} {count}" for code, count in codes.most_common(3))
        lines.append(f"{id:{wide}}  right {right:3} of {len(chosen)}" + (f"   not right: {common}" if common else ""))
    odd = [f"{r['learner']}: {note}" for r in chosen for note in r["notes"]] + [
        f"{file}: could not be graded here, {why}" for file, why in failed.items()
    ]
    if odd:
        lines += ["", "Worth a look:", *odd]
    return "\n".join(line.encode("unicode_escape").decode() if not line.isprintable() else line for line in lines)
