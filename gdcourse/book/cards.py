"""Cards on the built page: the output of a `cards("…")` cell becomes plain markup, and two small files beside it. See `quiz`."""
from pathlib import Path

from docutils import nodes
from sphinx.util.fileutil import copy_asset

from gdcourse.exercises import author, cards
from gdcourse.exercises.cards_widget import MIME

from .quiz import show

ASSETS = [Path(cards.__file__).with_suffix(kind) for kind in (".js", ".css")]


class Renderer:
    """Found by myst-nb through the entry point `myst_nb.mime_renderers`."""

    mime_priority_overrides = [("*", MIME, 1)]

    @staticmethod
    def handle_mime(renderer, data, inline):
        if data.mime_type != MIME:
            return None
        myst, exercise = renderer.renderer, author.load(data.content["id"])
        myst.sphinx_env.note_dependency(str(exercise.path))
        whole = nodes.container(cards=True)
        with myst.current_node_context(whole):
            for piece in cards.markup(exercise, " data-page"):
                show(myst, piece, data.line)
        return [whole]


def add_assets(app, page, template, context, doctree):
    """Load the two files on pages with cards only."""
    if doctree and any("cards" in node for node in doctree.findall(nodes.container)):
        app.add_css_file("cards.css")
        app.add_js_file("cards.js", type="module")


def copy_assets(app):
    if app.builder.format == "html":
        for path in ASSETS:  # before the pages, so that their addresses carry a checksum
            copy_asset(path, app.outdir / "_static")


def setup(app):
    app.connect("builder-inited", copy_assets)
    app.connect("html-page-context", add_assets)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
