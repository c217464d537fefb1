"""Show quizzes on the built pages: the output of a `quiz("…")` cell becomes HTML that a script makes interactive.

The book's own parser renders the Markdown of questions and replies, so their math, code and links look as on the rest
of the page.
"""

from pathlib import Path

from docutils import nodes
from sphinx.util.fileutil import copy_asset

from gdcourse.exercises.questions import quiz
from gdcourse.exercises.questions.quiz_widget import MIME

from ..look import scripts


class Renderer:
    """Turn the output of a `quiz(…)` cell into nodes of the page. myst-nb finds this class by the entry point
    `myst_nb.mime_renderers`.

    `website.content.cards.Renderer` inherits from this class.
    """

    mime_priority_overrides = [("*", MIME, 1)]
    # mark: the attribute that the container of the quiz gets on the page; mime: the MIME type of the cell's output
    mark, mime = "quiz", MIME

    @staticmethod
    def read(content):
        """Return the file and the markup of the quiz that a cell's output names. The markup is a list of pieces, HTML
        or Markdown."""
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
    """Append one piece of a quiz's markup to the page: Markdown is rendered, HTML is taken as it is."""
    if isinstance(piece, quiz.Markdown):
        with myst.current_node_context(nodes.inline(), append=True):
            myst.nested_render_text(piece, line or 0, inline=True)
    else:
        myst.current_node.append(nodes.raw("", piece, format="html"))


def copy_assets(app, module):
    """Copy the .css file beside a Python module into the site, and add the .js file beside it to the scripts of the
    pages."""

    def copy(app):
        source = Path(module.__file__)
        scripts.add(app, f"questions/{source.stem}.js", source.with_suffix(".js").read_bytes())
        # copied before the pages are written, so that Sphinx can add the checksum of the file to its address
        if app.builder.format == "html":
            copy_asset(source.with_suffix(".css"), app.outdir / "_static")

    scripts.setup(app)
    app.connect("builder-inited", copy)


def assets(app, mark, module):
    """Copy the style and the script of a module. Load the script on the pages that have a container with the attribute
    `mark`."""

    def add(app, page, template, context, doctree):
        if doctree and any(mark in node for node in doctree.findall(nodes.container)):
            app.add_js_file(scripts.place(app, "page/questions.js"), type="module")

    copy_assets(app, module)
    app.connect("html-page-context", add)


def setup(app):
    assets(app, "quiz", quiz)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
