"""Build what readers need to hand in their work from a page: a box at the end of each page made from a notebook, the
directive `{hand-in}` for the landing page, and the list of notebooks that frontend/page/hand_in.js reads."""

import json
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from gdcourse.exercises import author
from gdcourse.exercises.questions import cards

from ..look import scripts
from ..tree import notebooks
from .pages import Page

BOX = """<section class="hand-in" aria-labelledby="hand-in"{of}>
<h2 id="hand-in">Hand in what you wrote</h2>
<div>{what} Jupyter opens {it}, and your teacher can grade {it}. Nothing is sent anywhere: you get a file.</div>
<div><label for="learner">Your name, if you like</label> <input id="learner" name="learner" autocomplete="name" maxlength="80" spellcheck="false"></div>
<div class="do"><button type="button" class="take-out">Download what I wrote</button>
<input type="file" id="hand-in-file" class="unseen" accept=".ipynb,.zip,application/x-ipynb+json,application/zip"><label for="hand-in-file">Open a notebook here</label></div>
<div role="status"></div>
</section>"""
PAGE = "This page as a notebook, with your code and your answers to the quiz, those of earlier visits too."
ALL = "All pages on which you have written, as notebooks in one zip file, with your code and your answers to the quizzes, those of earlier visits too."


def box(page=None):
    """Return the HTML of the box that downloads the reader's work and opens saved work: for the notebook `page`, or for
    all notebooks if `page` is None."""
    of = f' data-page="{escape(page)}"' if page else ""
    return BOX.format(of=of, what=PAGE if page else ALL, it="it" if page else "them")


def book(root):
    """Return the list of notebooks that the script reads: for each its name, folder, title and {exercise: key} for its
    exercises with cards. The key changes if the cards change, because a saved order of the old cards must not count."""
    found = []
    for path in notebooks(root):
        exercises = [author.load(id) for id in author.ids_of(path.stem)]
        found.append(
            {
                "page": path.stem,
                "folder": path.parent.relative_to(root).as_posix(),
                "title": Page(path).title.split(":")[0],
                "cards": {one.id: cards.key(one) for one in exercises if one.boards},
            }
        )
    return found


class HandIn(SphinxDirective):
    """The directive {hand-in}: one box for all notebooks together."""

    def run(self):
        self.env.metadata[self.env.docname]["hand_in"] = "all"
        return [nodes.raw("", box(), format="html")]


def prepare(app):
    listed = json.dumps(book(Path(app.srcdir)), ensure_ascii=False)
    scripts.add(app, "hand_in.json", listed.encode())


def page_context(app, pagename, templatename, context, doctree):
    source = app.env.doc2path(pagename, base=False) if pagename in app.env.found_docs else ""
    if source.endswith(".ipynb"):
        context["hand_in"] = box(Path(source).stem)
    if source.endswith(".ipynb") or "hand_in" in app.env.metadata.get(pagename, {}):
        app.add_js_file(scripts.place(app, "page/hand_in.js"), type="module")


def setup(app):
    app.add_directive("hand-in", HandIn)
    scripts.setup(app)
    app.connect("builder-inited", prepare)
    app.connect("html-page-context", page_context)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
