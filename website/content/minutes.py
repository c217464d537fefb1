"""Estimate how long a chapter takes, by the same rule for its page and for the pages for teachers.

Reading: the words of prose at the pace of careful reading, and a fixed time for each displayed formula, code cell,
figure and demo that a reader sees.
Exercises: the `minutes` that each exercise file states, and a minute for each question of the quiz.
Times are rounded to five minutes only when they are shown.
"""

import re
from dataclasses import dataclass

from docutils import nodes

from gdcourse.demos.engine import MIME
from gdcourse.exercises import author, progress

from . import pages

WORDS_A_MINUTE = 120  # half the pace of reading a novel: readers must think, and English may be their second language
# How many minutes one of each takes. FOLDED is a code cell whose code is hidden until the reader opens it.
FORMULA, CELL, FOLDED, FIGURE, DEMO, QUESTION = 0.5, 1.0, 0.25, 0.5, 3.0, 1.0


@dataclass(frozen=True)
class Part:
    """A section of a chapter, from one `## Title` to the next. minutes: how long it takes to read."""

    title: str
    minutes: float


def words(text):
    """Count the words of a Markdown text, without directives and link addresses. A formula counts as one word."""
    text = re.sub(r"<!--.*?-->", " ", text, flags=re.DOTALL)
    text = re.sub(r"^[ \t]*(?::::|```).*$|^:[\w-]+:.*$", " ", text, flags=re.MULTILINE)
    text = re.sub(r"\$\$.*?\$\$|\$[^$]*\$", " formula ", text, flags=re.DOTALL)
    text = re.sub(r"\{[\w:-]+\}`[^`]*`", " ", text)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    return len(re.findall(r"[^\W_][\w'’,.%-]*", text))


def cell_minutes(cell):
    """Return the minutes that reading one cell of a chapter takes; 0 for a cell of an exercise or a quiz, because
    `exercises` counts the time for these."""
    if "exercise" in cell["metadata"].get("gdcourse", {}):
        return 0.0
    if cell["cell_type"] == "markdown":
        formulas = len(re.findall(r"\$\$.+?\$\$|\\begin\{align", cell["source"], flags=re.DOTALL))
        return words(cell["source"]) / WORDS_A_MINUTE + FORMULA * formulas
    tags, outputs = cell["metadata"].get("tags", ()), cell.get("outputs", ())
    if any(MIME in output.get("data", {}) for output in outputs) or "gdcourse.demos" in cell["source"]:
        return DEMO
    if re.match(r"quiz\(", cell["source"]):
        return 0.0
    figure = FIGURE if cell["metadata"].get("mystnb", {}).get("image") else 0.0
    return figure + (0.0 if "remove-input" in tags else FOLDED if "hide-input" in tags else CELL)


def parts(page):
    """Return the sections of a chapter in order, as a list of Part. The first Part is the text above the first `##
    Title`."""
    found, title, total = [], page.title, 0.0
    for cell in page.cells:
        prose = cell["cell_type"] == "markdown"
        for text in re.split(r"^(?=## )", cell["source"], flags=re.MULTILINE) if prose else [cell["source"]]:
            heading = re.match(r"## +(.+)", text) if prose else None
            if heading:
                found.append(Part(title, total))
                title, total = heading[1].strip(), 0.0
            total += cell_minutes({**cell, "source": text})
    return [*found, Part(title, total)]


def reading(page):
    """Return the minutes that reading a chapter takes."""
    return sum(part.minutes for part in parts(page))


def exercises(chapter):
    """Return the minutes that the exercises and the quiz of a chapter take."""
    return sum(author.load(id).minutes for id in author.ids_of(chapter)) + QUESTION * len(
        progress.questions_of(chapter)
    )


def rounded(minutes):
    """Return the minutes, rounded to a multiple of five; at least five."""
    return max(5, 5 * round(minutes / 5))


def sentence(page):
    """Return the sentence for the page of a chapter that says how long reading and exercises take."""
    return f"About {rounded(reading(page))} minutes to read, and {rounded(exercises(page.name))} for the exercises and the quiz."


def add(app, doctree):
    """Add the sentence about the time to the box "You will learn" of a chapter."""
    name = app.env.docname.rsplit("/", 1)[-1]
    chapters = pages.chapters(app.srcdir)
    if name not in chapters or app.env.docname != f"chapters/{name}":
        return
    for id in author.ids_of(name):
        app.env.note_dependency(str(author.load(id).path))
    for box in doctree.findall(nodes.admonition):
        if "objectives" in box["classes"]:
            box += nodes.paragraph("", sentence(chapters[name]), classes=["minutes"])
            return


def setup(app):
    app.connect("doctree-read", add)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
