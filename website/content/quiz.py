"""Quizzes on the built page: the output of a `quiz("…")` cell becomes plain markup, with a style and a script.

The Markdown of questions and replies goes through the book's own parser, so math, code and links look as on the rest
of the page.
"""

from pathlib import Path

from docutils import nodes
from sphinx.util.fileutil import copy_asset

from gdcourse.exercises.questions import quiz
from gdcourse.exercises.questions.quiz_widget import MIME

from ..look import scripts


class Renderer:
    """Turn the output of a cell into a quiz; myst-nb finds this class by the entry point `myst_nb.mime_renderers`.

    The class for cards, `website.content.cards.Renderer`, inherits from this one.
    """

    mime_priority_overrides = [("*", MIME, 1)]
    # the attribute that marks the container on the page; the MIME type of the cell's output
    mark, mime = "quiz", MIME

    @staticmethod
    def read(content):
        """Return the quiz that a cell's output refers to: (its file, its markup in pieces)."""
        path = quiz.find(content["chapter"])
        return path, quiz.markup(content["chapter"], quiz.read(path), " data-page")

    @classmethod
    def handle_mime(cls, renderer, data, inline):
        if data.mime_type != cls.mime:
            return None
        myst = renderer.renderer
        path, pieces = cls.read(data.content)
        myst.sphinx_env.note_dependency(str(path))
        whole = nodes.container(**{cls.mark: True})
        with myst.current_node_context(whole):
            for piece in pieces:
                show(myst, piece, data.line)
        return [whole]


def show(myst, piece, line):
    """Add one piece of the markup to the page, as nodes."""
    if isinstance(piece, quiz.Markdown):
        with myst.current_node_context(nodes.inline(), append=True):
            myst.nested_render_text(piece, line or 0, inline=True)
    else:
        myst.current_node.append(nodes.raw("", piece, format="html"))


def copy_assets(app, module):
    """Add the style of a module to the stylesheet of the site, and its script to the scripts of the pages."""

    def copy(app):
        source = Path(module.__file__)
        scripts.add(app, f"questions/{source.stem}.js", source.with_suffix(".js").read_bytes())
        # the style is added before the pages are written, so that its address gets a checksum
        if app.builder.format == "html":
            copy_asset(source.with_suffix(".css"), app.outdir / "_static")

    scripts.setup(app)
    app.connect("builder-inited", copy)


def assets(app, mark, module):
    """Copy style and script of a module, and start the script on the pages that have a container with this mark."""

    def add(app, page, template, context, doctree):
        if doctree and any(mark in node for node in doctree.findall(nodes.container)):
            app.add_js_file(scripts.place(app, "page/questions.js"), type="module")

    copy_assets(app, module)
    app.connect("html-page-context", add)


def setup(app):
    assets(app, "quiz", quiz)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
