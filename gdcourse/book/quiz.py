"""Quizzes on the built page: the output of a `quiz("…")` cell becomes plain markup, and two small files beside it.

The Markdown of questions and replies goes through the book's own parser, so math, code and links look as on the rest of the page.
"""
from pathlib import Path

from docutils import nodes
from sphinx.util.fileutil import copy_asset

from gdcourse.exercises import quiz
from gdcourse.exercises.quiz_widget import MIME

ASSETS = [Path(quiz.__file__).with_suffix(kind) for kind in (".js", ".css")]


class Renderer:
    """Found by myst-nb through the entry point `myst_nb.mime_renderers`."""

    mime_priority_overrides = [("*", MIME, 1)]

    @staticmethod
    def handle_mime(renderer, data, inline):
        if data.mime_type != MIME:
            return None
        myst = renderer.renderer
        path = quiz.find(data.content["chapter"])
        myst.sphinx_env.note_dependency(str(path))
        pieces = quiz.markup(data.content["chapter"], quiz.read(path), " data-page")
        whole = nodes.container(quiz=True)
        with myst.current_node_context(whole):
            for piece in pieces:
                show(myst, piece, data.line)
        return [whole]


def show(myst, piece, line):
    """One piece of the markup as nodes."""
    if isinstance(piece, quiz.Markdown):
        with myst.current_node_context(nodes.inline(), append=True):
            myst.nested_render_text(piece, line or 0, inline=True)
    else:
        myst.current_node.append(nodes.raw("", piece, format="html"))


def add_assets(app, page, template, context, doctree):
    """Load the two files on pages with a quiz only."""
    if doctree and any("quiz" in node for node in doctree.findall(nodes.container)):
        app.add_css_file("quiz.css")
        app.add_js_file("quiz.js", type="module")


def copy_assets(app):
    if app.builder.format == "html":
        for path in ASSETS:  # before the pages, so that their addresses carry a checksum
            copy_asset(path, app.outdir / "_static")


def setup(app):
    app.connect("builder-inited", copy_assets)
    app.connect("html-page-context", add_assets)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
