"""Directives for the first and the last page of the book.

{hill}: a landscape in fog. {start}: the link to the first chapter, and the size of the course. {demo}: one demo.
{chapter-map}: the chapters in order, each with the chapters that it builds on. {you-can-now}: the goals of all
chapters. {progress}: what the reader has done.
"""

import hashlib
import json
import os
import re
from html import escape
from pathlib import Path

import yaml
from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from gdcourse.demos import DEMOS
from gdcourse.exercises import author, progress

from ..look import scripts
from ..look.theme import words
from . import demos, minutes, pages

logger = logging.getLogger(__name__)


class Demo(SphinxDirective):
    """A demo on a page that is not a notebook:  ```{demo} FindTheEdge ```. The body of the directive holds the demo's
    settings, in YAML."""

    required_arguments = 1
    has_content = True

    def run(self):
        name = self.arguments[0]
        state = {**demos._plain(name, {}).settings, **(yaml.safe_load("\n".join(self.content)) or {})}
        png, alt, (width, height) = demos.picture(name, json.dumps(state, sort_keys=True))
        still = Path(self.env.doctreedir).parent / "stills" / f"{name}-{hashlib.sha256(png).hexdigest()[:12]}.png"
        still.parent.mkdir(parents=True, exist_ok=True)
        still.write_bytes(png)
        page = Path(self.env.doc2path(self.env.docname)).parent
        image = nodes.image(uri=os.path.relpath(still, page), alt=alt, width=f"{width}px", height=f"{height}px")
        return [demos.demo_node("", image, name=name, state=state, anchor=name)]


HILL = """<div class="hero"><canvas role="img" aria-label="A landscape of hills and valleys in fog, and on it a point: you. Each step leads \
against the slope, and the fog lifts where you have been."></canvas><div class="act"><button type="button">Take a step</button> \
<span role="status">All you feel is the slope under your feet.</span></div></div>"""


class Hill(SphinxDirective):
    """The landscape of the first page. frontend/page/hill.js draws it and takes the reader's steps."""

    def run(self):
        return [nodes.raw("", HILL, format="html")]


class start_place(nodes.General, nodes.Element):
    """A placeholder for the output of {start}. `draw_start` replaces it after all pages have been read, because only
    then the chapters have numbers."""


class Start(SphinxDirective):
    """The link to the first chapter, with the number of chapters, hours, exercises and demos."""

    def run(self):
        self.env.start_page = self.env.docname
        return [start_place()]


def draw_start(app, tree, docname):
    for node in list(tree.findall(start_place)):
        listed = pages.chapters(app.srcdir)
        there = chapters(app.env)
        name, first = next(iter(listed.items()))
        title = first.title.split(":")
        address = app.builder.get_relative_uri(docname, there[name][0]) if name in there else "#"
        times = {name: minutes.reading(page) + minutes.exercises(name) for name, page in listed.items()}
        tasks = sum(len(author.ids_of(name)) for name in author.chapters() if name in listed)
        counts = [
            f"{len(listed)} chapters",
            f"about {round(sum(times.values()) / 60)} hours",
            f"{tasks} exercises",
            f"{len(DEMOS)} demos",
            "nothing to install",
        ]
        html = (
            f'<div class="begin"><a class="start" href="{address}"><b>Start: {escape(title[0])}</b> '
            f"<span>{minutes.rounded(times[name])} minutes: {escape(title[-1].strip())}</span></a>"
            f"<p>{' · '.join(counts)}</p></div>"
        )
        node.replace_self(nodes.raw("", html, format="html"))


class chapter_map(nodes.General, nodes.Element):
    """A placeholder for the map of chapters. `draw` replaces it after all pages have been read. needs: {chapter: [the
    chapters that it builds on]}."""


class ChapterMap(SphinxDirective):
    """The list of the numbered chapters of _toc.yml, each with links to the chapters that it builds on.

    The body of the directive has one line for each chapter. "momentum: scaling, gradient" says that momentum builds on
    scaling and gradient.
    """

    has_content = True

    def run(self):
        said = yaml.safe_load("\n".join(self.content)) or {}
        self.env.chapter_map = self.env.docname
        return [
            chapter_map(
                needs={name: [n.strip() for n in (needs or "").split(",") if n.strip()] for name, needs in said.items()}
            )
        ]


class YouCanNow(SphinxDirective):
    """For each chapter, its title and a list of the goals in its box "You will learn"."""

    def run(self):
        root = Path(self.env.srcdir)
        here = Path(self.env.doc2path(self.env.docname)).parent
        self.env.note_dependency(str(root / "_toc.yml"))
        lines = []
        for page in pages.chapters(root).values():
            self.env.note_dependency(str(page.path))
            lines += [
                "",
                f"**[{page.title}]({os.path.relpath(page.path, here)})**",
                "",
                *(f"- {objective}" for objective in page.objectives),
            ]
        return self.parse_text_to_nodes("\n".join(lines))


def chapters(env):
    """Return the chapters, which are the numbered pages, in order: {name: (docname, number)}."""
    numbers = {doc: found[""] for doc, found in env.toc_secnumbers.items() if found.get("")}
    return {
        doc.rsplit("/", 1)[-1]: (doc, number[0])
        for doc, number in sorted(numbers.items(), key=lambda pair: pair[1])
        if len(number) == 1
    }


def opening(text, least=110):
    """Return the first sentences of a text: as few as make `least` letters."""
    found = ""
    for sentence in re.split(r"(?<=[.?!])\s+", text):
        found = f"{found} {sentence}".strip()
        if len(found) >= least:
            break
    return found


def draw(app, tree, docname):
    env = app.env
    for node in list(tree.findall(chapter_map)):
        there = chapters(env)
        for name in [*there, *node["needs"], *(n for needs in node["needs"].values() for n in needs)]:
            if name not in node["needs"]:
                logger.warning("the map of chapters does not say what %r builds on", name, location=node)
        items = []
        for name, (doc, number) in there.items():
            promise = next(
                p for p in env.get_doctree(doc).findall(nodes.paragraph) if isinstance(p.parent, nodes.section)
            )
            needs = sorted((there[n] for n in node["needs"].get(name, []) if n in there), key=lambda found: found[1])
            links = ", ".join(
                f'<a href="{app.builder.get_relative_uri(docname, d)}" title="{escape(env.titles[d].astext())}">chapter {k}</a>'
                for d, k in needs
            )
            items.append(
                f'<li value="{number}"><h3><a href="{app.builder.get_relative_uri(docname, doc)}">{escape(env.titles[doc].astext())}</a></h3>'
                f"<p>{escape(opening(words(promise)))}</p>"
                + (f'<p class="needs">Builds on {links}</p>' if links else '<p class="needs">Start here</p>')
                + "</li>"
            )
        node.replace_self(nodes.raw("", f'<ol class="trail">{"".join(items)}</ol>', format="html"))


class progress_place(nodes.General, nodes.Element):
    """A placeholder for the reader's progress. `draw_progress` replaces it by the data that landing.js reads."""


class Progress(SphinxDirective):
    """The list of all exercises and quizzes; landing.js marks those that the reader has done."""

    def run(self):
        self.env.progress_page = self.env.docname
        return [progress_place()]


def whole(env, address):
    """Return a dict for each chapter that has exercises: its name, title, address, exercises and quiz questions.
    `gdcourse.progress()` counts the same exercises and questions.

    address: a function that turns a docname into the address of the page.
    """
    there = chapters(env)
    found = []
    for name in author.chapters():
        if name not in there:
            continue
        doc, _ = there[name]
        titles = [
            title for title in env.get_doctree(doc).findall(nodes.title) if isinstance(title.parent, nodes.section)
        ]
        sections = {title.astext(): title.parent["ids"][0] for title in titles}
        exercises = [author.load(id) for id in author.ids_of(name)]
        found.append(
            {
                "name": name,
                "title": env.titles[doc].astext().split(":")[0],
                "address": address(doc),
                "questions": progress.questions_of(name),
                "exercises": [
                    {
                        "id": one.id,
                        "title": one.title,
                        "address": f"{address(doc)}#{sections.get(f'Exercise: {one.title}', '')}",
                    }
                    for one in exercises
                ],
            }
        )
    return found


def draw_progress(app, tree, docname):
    for node in list(tree.findall(progress_place)):
        data = json.dumps(
            whole(app.env, lambda doc: app.builder.get_relative_uri(docname, doc)), ensure_ascii=False
        ).replace("</", "<\\/")
        node.replace_self(
            nodes.raw(
                "", f'<div id="progress-here"><script type="application/json">{data}</script></div>', format="html"
            )
        )


def add_progress(app, page, template, context, doctree):
    if page == getattr(app.env, "progress_page", None):
        app.add_js_file(scripts.place(app, "page/landing.js"), type="module")


def again(app, env):
    """Tell Sphinx to write the pages with {start}, {chapter-map} or {progress} again whenever a page was read: they
    show titles and numbers of other pages."""
    pages_that_quote = (getattr(env, name, None) for name in ("chapter_map", "progress_page", "start_page"))
    return sorted({page for page in pages_that_quote if page})


def setup(app):
    app.add_directive("demo", Demo)
    app.add_directive("hill", Hill)
    app.add_directive("start", Start)
    app.add_node(start_place)
    app.connect("doctree-resolved", draw_start)
    app.add_directive("chapter-map", ChapterMap)
    app.add_directive("you-can-now", YouCanNow)
    app.add_directive("progress", Progress)
    app.add_node(chapter_map)
    app.add_node(progress_place)
    app.connect("env-updated", again)
    app.connect("doctree-resolved", draw)
    app.connect("doctree-resolved", draw_progress)
    app.connect("html-page-context", add_progress)
