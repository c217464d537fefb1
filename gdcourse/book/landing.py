"""For the first page and the last: {demo} shows one demo, {chapter-map} the chapters that exist, in order, with what each builds on,
{you-can-now} what each of them promised."""
import hashlib
import json
import os
from html import escape
from pathlib import Path

import yaml
from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from . import demos, pages
from .theme import words

logger = logging.getLogger(__name__)


class Demo(SphinxDirective):
    """A demo outside a notebook:  ```{demo} FindTheEdge ```, its settings as options in YAML below."""

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


class chapter_map(nodes.General, nodes.Element):
    """Stands where the map goes until every page has been read; `needs`: {chapter: [chapters]}."""


class ChapterMap(SphinxDirective):
    """The numbered part of _toc.yml as a trail. The body says what builds on what, one line each:  momentum: scaling, gradient"""

    has_content = True

    def run(self):
        said = yaml.safe_load("\n".join(self.content)) or {}
        self.env.chapter_map = self.env.docname
        return [chapter_map(needs={name: [n.strip() for n in (needs or "").split(",") if n.strip()] for name, needs in said.items()})]


class YouCanNow(SphinxDirective):
    """What each chapter promised under "You will learn", as one list under the name of the chapter."""

    def run(self):
        root = Path(self.env.srcdir)
        here = Path(self.env.doc2path(self.env.docname)).parent
        self.env.note_dependency(str(root / "_toc.yml"))
        lines = []
        for page in pages.chapters(root).values():
            self.env.note_dependency(str(page.path))
            lines += ["", f"**[{page.title}]({os.path.relpath(page.path, here)})**", "", *(f"- {objective}" for objective in page.objectives)]
        return self.parse_text_to_nodes("\n".join(lines))


def chapters(env):
    """The numbered pages, in order: {name: (docname, number)}."""
    numbers = {doc: found[""] for doc, found in env.toc_secnumbers.items() if found.get("")}
    return {doc.rsplit("/", 1)[-1]: (doc, number[0]) for doc, number in sorted(numbers.items(), key=lambda pair: pair[1]) if len(number) == 1}


def draw(app, tree, docname):
    env = app.env
    for node in list(tree.findall(chapter_map)):
        there = chapters(env)
        for name in [*there, *node["needs"], *(n for needs in node["needs"].values() for n in needs)]:
            if name not in node["needs"]:
                logger.warning("the map of chapters does not say what %r builds on", name, location=node)
        items = []
        for name, (doc, number) in there.items():
            promise = next(p for p in env.get_doctree(doc).findall(nodes.paragraph) if isinstance(p.parent, nodes.section))
            needs = [there[n] for n in node["needs"].get(name, []) if n in there]
            links = ", ".join(
                f'<a href="{app.builder.get_relative_uri(docname, d)}" title="{escape(env.titles[d].astext())}">chapter {k}</a>' for d, k in needs)
            items.append(
                f'<li value="{number}"><h3><a href="{app.builder.get_relative_uri(docname, doc)}">{escape(env.titles[doc].astext())}</a></h3>'
                f"<p>{escape(words(promise))}</p>" + (f'<p class="needs">Builds on {links}</p>' if links else '<p class="needs">Start here</p>') + "</li>")
        node.replace_self(nodes.raw("", f'<ol class="trail">{"".join(items)}</ol>', format="html"))


def again(app, env):
    """The map quotes the chapters, so it is drawn again whenever any page was read."""
    return [env.chapter_map] if getattr(env, "chapter_map", None) else []


def setup(app):
    app.add_directive("demo", Demo)
    app.add_directive("chapter-map", ChapterMap)
    app.add_directive("you-can-now", YouCanNow)
    app.add_node(chapter_map)
    app.connect("env-updated", again)
    app.connect("doctree-resolved", draw)
