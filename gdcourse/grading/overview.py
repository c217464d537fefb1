"""The results of a class: the page `class.html` for the teacher, and the same data as tables.

The page is one file without scripts, for light and dark screens and for print. `anonymous` leaves out the names, so
that the page can be shown in class.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from statistics import StatisticsError, correlation

from ..exercises import author
from ..exercises.questions import quiz
from ..exercises.questions.quiz import inline

# the codes of verdicts on exercises that were not tried; all other codes except "right" are mistakes
NOT_TRIED = ("missing", "untouched", "ungraded")
SHADES = {"right": "✓", "wrong": "✗", "none": "·"}
# notes that contain one of these texts have a section of their own on the page
LATE, TWIN, SEVERAL = (
    "handed in late",
    "the same code as",
    "notebooks count as one learner's, of each exercise the best answer",
)


def kind(code: str) -> str:
    """Return "right", "wrong" or "none" (not tried) for the code of a verdict.

    >>> kind("right"), kind("shape"), kind("untouched")
    ('right', 'wrong', 'none')
    """
    return "right" if code == "right" else "none" if code in NOT_TRIED else "wrong"


def sign(code: str) -> str:
    """Return the sign that the class page shows for the code of a verdict.

    >>> sign("right"), sign("shape"), sign("untouched")
    ('✓', '✗', '·')
    """
    return SHADES[kind(code)]


@dataclass(frozen=True)
class Row:
    """The results of a class in one exercise.

    difficulty: the share of learners who solved it. discrimination: the correlation between solving it and the points
    for all other exercises; None if all results are the same. mistakes: (code, number of learners, the message that
    one of them got).
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
    """Return one Row for each exercise. reports: one for each learner.

    anonymous: leave out texts that quote learners' code.
    """
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
                _correlation(solved, others),
                mistakes,
            )
        )
    return found


def _correlation(solved: list[float], others: list[float]) -> float | None:
    try:
        return correlation(solved, others)
    except StatisticsError:  # fewer than two learners, or all with the same result
        return None


def answers(reports: list[dict]) -> tuple[list[str], list[list]]:
    """Return the column names and the rows of answers.csv, a row for each learner and exercise.

    >>> mark = {"id": "loss/mse", "points": 0, "of": 1, "code": "root", "message": "You took a root."}
    >>> answers([{"learner": "Ada", "marks": [mark]}])[1]
    [['Ada', 'loss/mse', 0, 1, 'root', 'You took a root.']]
    """
    head = ["learner", "exercise", "points", "of", "code", "message"]
    return head, [
        [r["learner"], m["id"], m["points"], m["of"], m["code"], m["message"]] for r in reports for m in r["marks"]
    ]


def mistakes(table: Iterable[Row]) -> tuple[list[str], list[list]]:
    """Return the column names and the rows of mistakes.csv, a row for each mistake that was made.

    The most frequent mistake comes first. table: the Rows of all exercises.

    >>> row = Row("loss/mse", "Mean squared error", "Losses", 8, 10, 12, None, [("root", 2, "You took a root.")])
    >>> mistakes([row])[1]
    [['loss/mse', 'root', 2, 12, 'Losses', 'You took a root.']]
    """
    head = ["exercise", "mistake", "learners", "of", "section", "message"]
    made = [[row.id, code, n, row.learners, row.section, words] for row in table for code, n, words in row.mistakes]
    return head, sorted(made, key=lambda line: (-line[2], line[0], line[1]))


def page(reports: list[dict], ids: list[str], chapters: list[str], total: int, anonymous: bool = False) -> str:
    """Return the HTML of `class.html`."""
    table = rows(reports, ids, anonymous)
    best_first = sorted(reports, key=lambda r: (-sum(m["points"] for m in r["marks"]), r["learner"]))
    learners = [(f"Learner {n}" if anonymous else r["learner"], r) for n, r in enumerate(best_first, 1)]
    of = sum(m["of"] for m in reports[0]["marks"]) if reports else 0
    mean = sum(m["points"] for r in reports for m in r["marks"]) / len(reports) if reports else 0.0
    common = mistakes(table)[1][:10]
    title = " and ".join(chapters)
    parts = [
        f"<h1>{escape(title)}: {len(reports)} learners</h1>",
        f"<p>Mean {mean:.2f} of {of:g} points. {sum('failed' not in r for r in reports)} of {total} graded so far.</p>",
        "<h2>The commonest mistakes</h2>" + (_commonest(common) if common else "<p>Nobody made a mistake.</p>"),
        "<h2>Exercise by exercise</h2>" + _what_discrimination_is(table) + "".join(_exercise(row) for row in table),
        "<h2>Who solved what</h2>" + _map(learners, ids),
    ]
    parts.insert(4, _quizzes(reports, chapters))
    if not anonymous:
        notes = [(r["learner"], note) for r in reports for note in r["notes"]]
        hand_in = [line for line in notes if LATE in line[1] or SEVERAL in line[1]]
        seen = [(r["learner"], note) for r in reports for note in r.get("noticed", ())]
        parts.append(f"<h2>Late, twice, or alike</h2>{_listed(sorted([*hand_in, *seen]))}")
        parts.append(f"<h2>Worth a look</h2>{_listed([line for line in notes if line not in hand_in])}")
    return frame(f"{title}: the class", "\n".join(parts))


def _listed(lines: list[tuple[str, str]]) -> str:
    return f"<ul>{''.join(f'<li><b>{escape(who)}</b>: {inline(note)}</li>' for who, note in lines) or '<li>Nothing.</li>'}</ul>"


def _quizzes(reports: list[dict], chapters: list[str]) -> str:
    """Return for each question how many learners chose each option first, as HTML; "" if nobody answered."""
    parts = []
    for chapter in chapters:
        try:
            questions = quiz.read(quiz.find(chapter))
        except LookupError:
            continue
        for q in questions:
            picked = Counter(r.get("quiz", {}).get(f"{chapter}/{q.key}") for r in reports)
            total = sum(n for option, n in picked.items() if option)
            if not total:
                continue
            lines = "".join(
                f"<tr><td>{'✓' * (option == q.right)}</td><td>{inline(option)}</td><td>{picked[letter]}</td>"
                f"<td>{_bar(picked[letter] / total, f'{picked[letter]} of {total}')}</td></tr>"
                for letter, option in zip("abcdefgh", q.replies)
            )
            parts.append(
                f"<section><h3>{inline(q.ask)}</h3><table class=quiz><thead><tr><th><span class=unseen>right</span></th>"
                f"<th scope=col>option</th><th scope=col>picked first</th><th></th></tr></thead><tbody>{lines}</tbody></table></section>"
            )
    return f"<h2>The quiz, question by question</h2>{''.join(parts)}" if parts else ""


def _bar(share: float, label: str) -> str:
    wide = round(100 * share)
    return (
        f'<svg role="img" aria-label="{label}" viewBox="0 0 100 4" preserveAspectRatio="none">'
        f'<rect class="rest" width="100" height="4"/><rect class="done" width="{wide}" height="4"/></svg>'
    )


def _commonest(lines: list[list]) -> str:
    items = [
        f"<li><b>{n} of {of}</b> in <code>{escape(id)}</code>, <code>{escape(code)}</code>: {inline(words)}"
        + (f" <i>Teach again: {escape(section)}.</i>" if section else "")
        + "</li>"
        for id, code, n, of, section, words in lines
    ]
    return f"<ol>{''.join(items)}</ol>"


def _exercise(row: Row) -> str:
    together = "" if row.discrimination is None else f" Discrimination {row.discrimination:.2f}."
    made = "".join(f"<li><code>{escape(c)}</code>, {n}: {inline(words)}</li>" for c, n, words in row.mistakes)
    return (
        f"<section><h3>{escape(row.title)} <code>{escape(row.id)}</code></h3>"
        f"{_bar(row.difficulty, f'{round(100 * row.difficulty)} % solved it')}"
        f"<p>{row.right} of {row.learners} solved it, {row.tried} tried.{together}</p>"
        + (f"<ul>{made}</ul>" if made else "")
        + (f"<p>Taught in: {escape(row.section)}.</p>" if row.section else "")
        + "</section>"
    )


def _what_discrimination_is(table: list[Row]) -> str:
    """Return a sentence that explains discrimination; "" if no exercise has this number."""
    if all(row.discrimination is None for row in table):
        return ""
    return (
        "<p>Discrimination says whether an exercise tells strong learners from weak ones. It is near 1 where those who solved it "
        "are also those with the most points in the other exercises, and near 0 where the two have nothing to do with each other. "
        "Below 0, mostly the weaker learners solved it: then look at the exercise again, or at how it was solved.</p>"
    )


def _map(learners: list[tuple[str, dict]], ids: list[str]) -> str:
    head = "".join(f'<th scope="col"><span>{escape(id.split("/")[1])}</span></th>' for id in ids)
    lines = []
    for name, report in learners:
        cells = []
        for mark in report["marks"]:
            cells.append(f'<td class="{kind(mark["code"])}" title="{escape(mark["code"])}">{sign(mark["code"])}</td>')
        points = sum(m["points"] for m in report["marks"])
        lines.append(f'<tr><th scope="row">{escape(name)}</th>{"".join(cells)}<td>{points:g}</td></tr>')
    return (
        "<p>✓ solved, ✗ a mistake, · not tried.</p>"
        '<div class="wide" tabindex="0" role="region" aria-label="Who solved what"><table>'
        f'<thead><tr><th scope="col">Learner</th>{head}<th scope="col">Points</th></tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table></div>"
    )


def frame(title: str, body: str) -> str:
    """Return a complete HTML page that needs no other file. body: the HTML of its content.

    The class page and the learners' feedback pages get their common style from this function.
    """
    return FRAME.format(title=escape(title), body=body)


FRAME = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --done: #2166ac; --rest: #ddd; --right: #cfe3f5; --wrong: #f7d9c4 }}
@media (prefers-color-scheme: dark) {{ :root {{ --done: #6baed6; --rest: #444; --right: #16405f; --wrong: #5c2f14 }} }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere }}
h1, h2, h3 {{ line-height: 1.25 }} h2 {{ margin: 2rem 0 .5rem; font-size: 1.25rem }} h3 {{ margin-bottom: .3rem }} h3 code {{ font-weight: normal; font-size: .85em }} section p {{ margin: .3rem 0 }}
svg {{ width: 100%; height: .6rem; display: block }} .done {{ fill: var(--done) }} .rest {{ fill: var(--rest) }}
.wide {{ overflow-x: auto }} table {{ border-collapse: collapse }} td {{ text-align: center; min-width: 1.6rem }}
th[scope=row] {{ text-align: left; font-weight: normal; padding-right: 1rem; white-space: nowrap; position: sticky; left: 0; background: Canvas }}
thead th {{ vertical-align: bottom; white-space: nowrap; font-weight: normal; font-size: .85rem }} thead span {{ writing-mode: vertical-rl; white-space: nowrap }}
.quiz {{ width: 100%; margin: .3rem 0 }} .quiz td, .quiz th {{ padding: .15rem .5rem .15rem 0; font-weight: normal; text-align: left; vertical-align: top }} .quiz {{ table-layout: fixed }} .quiz th:first-child {{ width: 1.6rem }} .quiz th:nth-child(3) {{ width: 5.5rem }} .quiz th:last-child {{ width: 30% }} .quiz td:last-child {{ padding-top: .6rem }} .quiz th {{ font-size: .85rem }}
.unseen {{ position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; white-space: nowrap }}
.right {{ background: var(--right) }} .wrong {{ background: var(--wrong) }}
tr, section, li {{ break-inside: avoid }}
@media print {{ body {{ max-width: none }} .wide {{ overflow: visible }} * {{ print-color-adjust: exact }} }}
</style>
<main>
{body}
</main>
</html>
"""
