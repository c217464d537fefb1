"""Show readers where they are in the course: add the exercises of each chapter to the contents, and the reading time to
the page.

frontend/page/where.js adds what the reader has done.
"""

import re
from html import escape

from gdcourse.exercises import author

from . import minutes, pages


def tasks(root):
    """Return {chapter: (names of its exercises, minutes to read it)}, in the order of the book."""
    ready = set(author.chapters())
    return {
        name: (
            [id.partition("/")[2] for id in author.ids_of(name)] if name in ready else [],
            minutes.rounded(minutes.reading(page)),
        )
        for name, page in pages.chapters(root).items()
    }


def with_tasks(contents, known, here):
    """Return the HTML of the contents. The link of each chapter gets two attributes, its name and the names of its
    exercises. known: the result of `tasks`; here: the name of the current page."""

    def tell(found):
        name = here if found[2] == "#" else re.sub(r".*/|\.html$", "", found[2])
        if name not in known:
            return found[0]
        return f'{found[1]}{found[2]}" data-chapter="{name}" data-tasks="{escape(" ".join(known[name][0]))}"'

    # find only links with a number: a page of solutions has the same name as its chapter, but no number
    return re.sub(r'(<li class="toctree-l1[^>]*><a [^>]*href=")([^"]*)"(?=[^>]*><span class="n">)', tell, contents)


def page_context(app, pagename, templatename, context, doctree):
    known, contents = app.gdcourse_tasks, context.get("toctree")
    here = pagename.rpartition("/")[2]
    if contents:
        context["toctree"] = lambda **options: with_tasks(contents(**options), known, here)
    context["minutes"] = known.get(here, ((), 0))[1] if pagename == f"chapters/{here}" else 0


def setup(app):
    app.connect("builder-inited", lambda app: setattr(app, "gdcourse_tasks", tasks(app.srcdir)))
    # must run after the theme has made the contents (priority 900)
    app.connect("html-page-context", page_context, priority=950)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
