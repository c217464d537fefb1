"""Write a page for teachers about each chapter. The directive `{teaching} <chapter>` makes it from the chapter, its
exercises, quiz and demos.

`make grade` writes the mistakes of a class to results/mistakes.csv. If this file exists, the page lists those mistakes
first. The pages are not in the search index, in the sitemap or in the contents beside other pages.
"""

import csv
import re
from pathlib import Path

from docutils import nodes

from gdcourse import demos
from gdcourse.exercises import author
from gdcourse.exercises.questions import quiz

from . import minutes, pages
from .solutions import WrittenByTheBuild, words

REPORT = "results/mistakes.csv"  # written by `make grade`; never committed
LESSONS = (45, 90)


class Teaching(WrittenByTheBuild):
    """The page for teachers about one chapter, with the sections that `kit` returns."""

    def run(self):
        name, root = self.arguments[0], Path(self.env.srcdir)
        there = pages.chapters(root)
        if name not in there:
            raise self.error(f"no chapter {name!r}")
        page, report = there[name], root / REPORT
        used = [
            page.path,
            *(author.load(id).path for id in author.ids_of(name)),
            *([report] if report.is_file() else []),
        ]
        for path in used:
            self.env.note_dependency(str(path))
        sections = kit(page, class_mistakes(report)).items()
        return [
            *self.opened(opening(page)),
            *(self.section(title, nodes.title(title, title), text) for title, text in sections),
        ]


# ---- the text of the page, in Markdown


def opening(page):
    return (
        f"For whoever teaches [{page.title.split(':')[0]}](../{page.path.name}); "
        "it holds answers, and no page for learners leads here. [Teach with it](../teaching.md) tells how to assign, collect and grade."
    )


def kit(page, made=None):
    """Return the sections of the page for teachers about a chapter, as {title: Markdown}. made: the mistakes that a
    class made, a result of `class_mistakes`."""
    found = {"What they will be able to do": "\n".join(f"- {objective}" for objective in page.objectives)}
    found["How long it takes"] = duration(page)
    for total in LESSONS:
        found[f"A lesson of {total} minutes"] = "\n".join(f"- **{n} min.** {what}" for n, what in plan(page, total))
    found["Questions to ask, and what comes out"] = asked(page)
    found["What to watch for"] = watched(page.name, made or {})
    found["Answers to the quiz"] = replies(page.name)
    found["Prepare and run"] = prepare(page)
    return found


def cell(text):
    return text.replace("|", "\\|")


def duration(page):
    parts = [part for part in minutes.parts(page) if part.minutes]
    lines = [f"| {cell(bare(part.title))} | {max(1, round(part.minutes))} |" for part in parts]
    lines += [
        f"| Exercise: {cell(one.title)} | {one.minutes:g} |" for one in map(author.load, author.ids_of(page.name))
    ]
    return "\n".join([minutes.sentence(page), "", "| part | minutes |", "|---|---|", *lines])


def taught(page):
    """Return the sections that a lesson can teach: without the optional ones, and without those that start or end every
    chapter."""
    frame = {page.title, "Exercises", "Quiz", "Summary"}
    left_out = r"Play\b|.*\boptional\b"  # the lesson begins with the demo, so it leaves out the section Play
    return [p for p in minutes.parts(page) if p.title not in frame and not re.match(left_out, p.title)]


def plan(page, total):
    """Return a lesson of `total` minutes as a list of (minutes, what to do).

    The start, the demo and the end have fixed times. At most about half of the other minutes go to the sections of the
    chapter, the rest to exercises.
    """
    first = next(iter(questions(page)), None)
    ask = first[1] if first else bare(page.title)
    steps, left = [(5, f"Ask, and collect guesses on the board: {ask}")], total - 10
    shown = next((cls for cls in played(page)), None)
    if shown:
        steps.append((8, f"Play *{shown.title}*, in pairs, with the page of the chapter. Then say what came out."))
        left -= 8
    ideas = []
    for part in taught(page):
        takes = min(max(2, round(part.minutes)), left // 2)
        if ideas and sum(n for n, _ in ideas) + takes > left / 2 + 1:
            break
        ideas.append((takes, f"Show, with the cells of the page: *{bare(part.title)}*."))
    left -= sum(n for n, _ in ideas)
    tasks = []
    for one in map(author.load, author.ids_of(page.name)):
        if not tasks or sum(n for n, _ in tasks) + one.minutes <= left:
            tasks.append(
                (min(left, one.minutes), f"Exercise *{one.title}*: each for themselves, then compare two answers.")
            )
    spare = left - sum(n for n, _ in tasks)
    tasks[-1] = (tasks[-1][0] + spare, tasks[-1][1])
    return [
        *steps,
        *ideas,
        *tasks,
        (5, "Two questions of the quiz, by show of hands; the rest of the chapter is for home."),
    ]


def played(page):
    """Return the demos of a chapter (their classes), in the order of the chapter."""
    names = [n for source in page.code for n in re.findall(r"from gdcourse\.demos import (\w+)", source)]
    return [getattr(demos, name) for name in names]


def questions(page):
    """Return a list of (where, question, what comes out), for each demo and for each `predict` box (it asks the reader
    to guess a result).

    What comes out is the first paragraph after the demo or the box.
    """
    found = []
    for place, one in enumerate(page.cells):
        name = re.search(r"from gdcourse\.demos import (\w+)", one["source"])
        if one["cell_type"] == "code" and name:
            cls = getattr(demos, name[1])
            found.append((f"Demo: {cls.title}", cls.question, after(page, place)))
        if one["cell_type"] == "markdown":
            for box in re.findall(r":::\{admonition\}[^\n]*\n:class: predict\n(.*?)\n:::", one["source"], re.DOTALL):
                found.append(("Before you run it", bare(box), after(page, place)))
    return found


def after(page, place):
    """Return the first paragraph below the cell number `place`, without Markdown links and references."""
    text = next((c["source"] for c in page.cells[place + 1 :] if c["cell_type"] == "markdown"), "")
    paragraphs = text.removeprefix("**What you should see.**").strip().split("\n\n")
    # skip paragraphs in parentheses: they are remarks on the code
    said = bare(next((one for one in paragraphs if not one.startswith("(")), paragraphs[0]))
    # leave out an unfinished last sentence: it leads to a formula, which is not shown here
    return said if re.search(r"[.!?][)*”\"]*$", said) else said[: said.rfind(". ") + 1] or said


def asked(page):
    lines = []
    for where, question, answer in questions(page):
        lines.append(f"**{where}.** {question}\n\n*What comes out:* {answer}")
    for cls in played(page):
        goals = "\n".join(f"- {goal.task} *{goal.lesson}*" for goal in cls.goals)
        lines.append(f"**Tasks of {cls.title}, and what each shows.**\n\n{goals}" if goals else "")
    return "\n\n".join(filter(None, lines))


def bare(text):
    """Return Markdown from a chapter without its facts, citations, links and references, which would not work on
    another page."""
    text = re.sub(r"\s*\{(?:fact|cite[:\w]*)\}`[^`]*`", "", text)
    text = re.sub(r"\s*\(?\{(?:eq|prf:ref|ref|numref|doc)\}`[^`]*`\)?", "", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return " ".join(re.sub(r"^#+ +|^\([\w-]+\)=$", "", text, flags=re.MULTILINE).split())


def class_mistakes(path):
    """Read the report of a class from the file `path`. Return {exercise: [(identifier of a mistake, how many learners
    made it, of how many learners)]}.

    Return {} if there is no report that can be read.
    """
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            found = {}
            for row in csv.DictReader(file):
                line = row["mistake"], int(row["learners"]), int(row["of"])
                found.setdefault(row["exercise"], []).append(line)
            return found
    except (OSError, KeyError, ValueError, TypeError, csv.Error):
        return {}


def watched(chapter, made):
    """Return, as Markdown, the known mistakes of each exercise of a chapter and what the check says about them.

    made: the mistakes that a class made. They come first, the commonest at the top; the others follow in the order of
    the exercise file.
    """
    here = {id: lines for id, lines in made.items() if id.startswith(f"{chapter}/")}
    order = (
        "First what your class did, the commonest mistake at the top, as its last report counts it; then the other known mistakes."
        if here
        else f"In the order in which each exercise lists them, for there is no report of a class yet: `make grade` writes one (`{REPORT}`), and the next `make book` puts its order here."
    )
    lines = [order]
    for id in author.ids_of(chapter):
        exercise = author.load(id)
        taught = f" Taught in *{bare(exercise.section)}*." if exercise.section else ""
        lines.append(f"**{exercise.title}** (`{exercise.name}`, {exercise.minutes:g} minutes).{taught}")
        codes = [code for code, _, _ in here.get(id, [])]
        found = [f"- *{words(code)}*, {n} of {of}: {said(exercise, code)}" for code, n, of in here.get(id, [])]
        found += [f"- *{words(code)}*: {said(exercise, code)}" for code in exercise.wrongs if code not in codes]
        lines.append("\n".join(found))
    return "\n\n".join(lines)


def said(exercise, code):
    """Return what the check tells a learner about a mistake. code: the identifier of the mistake."""
    if code in exercise.wrongs:
        return " ".join(exercise.feedback(code).split())
    # `code` is not a known mistake of the exercise. The check's message may quote a learner's code, so it is not shown.
    return "the check itself found this mistake; its message is in `class.html`."


def replies(chapter):
    try:
        asked = quiz.read(quiz.find(chapter))
    except LookupError:
        return "This chapter has no quiz."
    lines = []
    for number, q in enumerate(asked, 1):
        options = [f"- **{q.right}** {q.replies[q.right]}"]
        options += [f"- {option}: {reply}" for option, reply in q.replies.items() if option != q.right]
        lines.append(f"{number}\\. {q.ask}\n\n" + "\n".join(options))
    return "\n\n".join(lines)


def prepare(page):
    need = re.search(r"^You need (.+?)(?=\n\n|\n:::|\Z)", "\n\n".join(page.prose), re.MULTILINE | re.DOTALL)
    first = author.load(author.ids_of(page.name)[0])
    lines = [f"- They need {bare(need[1])}"] if need else []
    lines += [
        f"- On each device, before the lesson: open the page and press *Run and check* below *{first.title}*. The browser keeps Python from then on.",
        "- Collect with *Download what I wrote* at the end of the page, or collect the notebooks of Jupyter; both are graded alike.",
        "- Website, USB stick, JupyterHub, Colab or Binder: [how to run it in the room](../teaching.md#in-the-room).",
    ]
    return "\n".join(lines)


def setup(app):
    app.add_directive("teaching", Teaching)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
