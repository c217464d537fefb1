"""What a class knows: `class.html` for the teacher, and the same data as tidy tables.

One page by itself: no script, nothing from elsewhere, light, dark and print. `anonymous` leaves out who is who, for showing it
in class.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from statistics import StatisticsError, correlation

from ..exercises import author
from ..exercises.questions.quiz import inline

# codes that say that nothing was tried; all others but "right" are mistakes
NOT_TRIED = ("missing", "untouched", "ungraded")
SHADES = {"right": "✓", "wrong": "✗", "none": "·"}


@dataclass(frozen=True)
class Row:
    """How a class did in one exercise.

    difficulty: the share of learners who solved it; discrimination: the correlation of solving it with the points for all
    others, None where all did alike. mistakes: how many made each, by code, with the words of the first.
    """

    id: str
    title: str
    section: str
    right: int
    tried: int
    learners: int
    discrimination: float | None
    mistakes: list[tuple[str, int, str]]

    @property
    def difficulty(self) -> float:
        return self.right / self.learners if self.learners else 0.0


def rows(reports: list[dict], ids: list[str], anonymous: bool = False) -> list[Row]:
    """One Row for each exercise. reports: one for each learner. anonymous: no words that quote a learner's code."""
    found = []
    for number, id in enumerate(ids):
        exercise, marks = author.load(id), [r["marks"][number] for r in reports]
        solved = [float(mark["code"] == "right") for mark in marks]
        others = [sum(m["points"] for m in r["marks"]) - mark["points"] for r, mark in zip(reports, marks, strict=True)]
        codes = Counter(mark["code"] for mark in marks)
        words = {} if anonymous else {mark["code"]: mark["message"] for mark in reversed(marks)}
        words |= {code: " ".join(exercise.feedback(code).split()) for code in exercise.wrongs}
        mistakes = [(c, n, words.get(c, "")) for c, n in codes.most_common() if c != "right" and c not in NOT_TRIED]
        tried = sum(n for c, n in codes.items() if c not in NOT_TRIED)
        found.append(
            Row(
                id,
                exercise.title,
                exercise.section,
                codes["right"],
                tried,
                len(marks),
                _together(solved, others),
                mistakes,
            )
        )
    return found


def _together(solved: list[float], others: list[float]) -> float | None:
    try:
        return correlation(solved, others)
    except StatisticsError:  # fewer than two learners, or all alike
        return None


def answers(reports: list[dict]) -> tuple[list[str], list[list]]:
    """A tidy table: a row for each learner and exercise."""
    head = ["learner", "exercise", "points", "of", "code", "message"]
    return head, [
        [r["learner"], m["id"], m["points"], m["of"], m["code"], m["message"]] for r in reports for m in r["marks"]
    ]


def mistakes(table: Iterable[Row]) -> tuple[list[str], list[list]]:
    """A tidy table: a row for each mistake that somebody made, the commonest first."""
    head = ["exercise", "mistake", "learners", "of", "section", "message"]
    made = [[row.id, code, n, row.learners, row.section, words] for row in table for code, n, words in row.mistakes]
    return head, sorted(made, key=lambda line: (-line[2], line[0], line[1]))


def page(reports: list[dict], ids: list[str], chapters: list[str], total: int, anonymous: bool = False) -> str:
    """`class.html`."""
    table = rows(reports, ids, anonymous)
    best_first = sorted(reports, key=lambda r: (-sum(m["points"] for m in r["marks"]), r["learner"]))
    learners = [(f"Learner {n}" if anonymous else r["learner"], r) for n, r in enumerate(best_first, 1)]
    of = sum(m["of"] for m in reports[0]["marks"]) if reports else 0
    mean = sum(m["points"] for r in reports for m in r["marks"]) / len(reports) if reports else 0.0
    common = mistakes(table)[1][:10]
    parts = [
        f"<h1>{escape(' and '.join(chapters))}: {len(reports)} learners</h1>",
        f"<p>Mean {mean:.2f} of {of:g} points. {sum('failed' not in r for r in reports)} of {total} graded so far.</p>",
        "<h2>The commonest mistakes</h2>" + (_commonest(common) if common else "<p>Nobody made a mistake.</p>"),
        "<h2>Exercise by exercise</h2>" + "".join(_exercise(row) for row in table),
        "<h2>Who solved what</h2>" + _map(learners, ids),
    ]
    if not anonymous:
        odd = [f"<li><b>{escape(r['learner'])}</b>: {inline(n)}</li>" for r in reports for n in r["notes"]]
        parts.append(f"<h2>Worth a look</h2><ul>{''.join(odd) or '<li>Nothing.</li>'}</ul>")
    return FRAME.format(title=escape(" and ".join(chapters)), body="\n".join(parts))


def _commonest(lines: list[list]) -> str:
    items = [
        f"<li><b>{n} of {of}</b> in <code>{escape(id)}</code>, <code>{escape(code)}</code>: {inline(words)}"
        + (f" <i>Teach again: {escape(section)}.</i>" if section else "")
        + "</li>"
        for id, code, n, of, section, words in lines
    ]
    return f"<ol>{''.join(items)}</ol>"


def _exercise(row: Row) -> str:
    wide = round(100 * row.difficulty)
    together = "" if row.discrimination is None else f" Discrimination {row.discrimination:.2f}."
    made = "".join(f"<li><code>{escape(c)}</code>, {n}: {inline(words)}</li>" for c, n, words in row.mistakes)
    return (
        f"<section><h3>{escape(row.title)} <code>{escape(row.id)}</code></h3>"
        f'<svg role="img" aria-label="{wide} % solved it" viewBox="0 0 100 4" preserveAspectRatio="none">'
        f'<rect class="rest" width="100" height="4"/><rect class="done" width="{wide}" height="4"/></svg>'
        f"<p>{row.right} of {row.learners} solved it, {row.tried} tried.{together}</p>"
        + (f"<ul>{made}</ul>" if made else "")
        + (f"<p>Taught in: {escape(row.section)}.</p>" if row.section else "")
        + "</section>"
    )


def _map(learners: list[tuple[str, dict]], ids: list[str]) -> str:
    head = "".join(f'<th scope="col"><span>{escape(id.split("/")[1])}</span></th>' for id in ids)
    lines = []
    for name, report in learners:
        cells = []
        for mark in report["marks"]:
            kind = "right" if mark["code"] == "right" else "none" if mark["code"] in NOT_TRIED else "wrong"
            cells.append(f'<td class="{kind}" title="{escape(mark["code"])}">{SHADES[kind]}</td>')
        points = sum(m["points"] for m in report["marks"])
        lines.append(f'<tr><th scope="row">{escape(name)}</th>{"".join(cells)}<td>{points:g}</td></tr>')
    return (
        "<p>✓ solved, ✗ a mistake, · not tried.</p>"
        '<div class="wide" tabindex="0" role="region" aria-label="Who solved what"><table>'
        f'<thead><tr><th scope="col">Learner</th>{head}<th scope="col">Points</th></tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table></div>"
    )


FRAME = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}: the class</title>
<style>
:root {{ color-scheme: light dark; --done: #2166ac; --rest: #ddd; --right: #cfe3f5; --wrong: #f7d9c4 }}
@media (prefers-color-scheme: dark) {{ :root {{ --done: #6baed6; --rest: #444; --right: #16405f; --wrong: #5c2f14 }} }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere }}
h3 {{ margin-bottom: .3rem }} h3 code {{ font-weight: normal; font-size: .85em }} section p {{ margin: .3rem 0 }}
svg {{ width: 100%; height: .6rem; display: block }} .done {{ fill: var(--done) }} .rest {{ fill: var(--rest) }}
.wide {{ overflow-x: auto }} table {{ border-collapse: collapse }} td {{ text-align: center; min-width: 1.6rem }}
th[scope=row] {{ text-align: left; font-weight: normal; padding-right: 1rem; white-space: nowrap; position: sticky; left: 0; background: Canvas }}
thead th {{ vertical-align: bottom; white-space: nowrap; font-weight: normal; font-size: .85rem }} thead span {{ writing-mode: vertical-rl; white-space: nowrap }}
.right {{ background: var(--right) }} .wrong {{ background: var(--wrong) }}
tr, section, li {{ break-inside: avoid }}
@media print {{ body {{ max-width: none }} .wide {{ overflow: visible }} * {{ print-color-adjust: exact }} }}
</style>
<main>
{body}
</main>
</html>
"""
