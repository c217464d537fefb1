"""Write the pages of solutions: the directive `{solutions} <chapter>` makes one page from the exercise files of a
chapter.

Everything but the tasks is folded. Neither search engines nor the site's own search list these pages.
"""

import re

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from gdcourse.exercises import author


class WrittenByTheBuild(SphinxDirective):
    """Base of the directives that write a whole page about one chapter. Neither search engines nor the site's own
    search list such a page."""

    required_arguments = 1

    def opened(self, intro):
        """Hide the page from search engines and from the site's own search; return its first nodes. intro: the first
        paragraph, in Markdown."""
        self.env.metadata[self.env.docname]["nosearch"] = True
        return [nodes.meta(name="robots", content="noindex"), *self.rendered(intro)]

    def section(self, name, title, text):
        """Return a section of the page. name: its anchor is made from this; title: the title node; text: the content,
        in Markdown."""
        section = nodes.section(ids=[nodes.make_id(name)], names=[name.lower()])
        section += [title, *self.rendered(text)]
        self.state.document.note_implicit_target(section, section)
        return section

    def rendered(self, text):
        holder = nodes.Element()
        self.state.nested_parse(StringList(text.splitlines(), self.env.doc2path(self.env.docname)), 0, holder)
        return holder.children


class Solutions(WrittenByTheBuild):
    """The exercises of one chapter: the task, then, folded, the solution with its explanation, other right answers, and
    typical mistakes."""

    def run(self):
        chapter = self.arguments[0]
        ids = author.ids_of(chapter)
        if not ids:
            raise self.error(f"no exercises of a chapter {chapter!r}")
        intro = f"The tasks are those of the chapter [](../{chapter}.ipynb). Try first: a wrong answer teaches more than a folded right one."
        return [*self.opened(intro), *map(self.exercise, ids)]

    def exercise(self, id):
        exercise = author.load(id)
        self.env.note_dependency(str(exercise.path))
        title = nodes.title("", "", nodes.Text(f"{exercise.title}, "), nodes.literal("", exercise.name))
        return self.section(exercise.name, title, body(exercise))


def body(exercise):
    """Return one exercise for the page of solutions, as Markdown."""
    others = "\n\n".join(_code(exercise, f) for f in exercise.rights.values())
    mistakes = "\n\n".join(
        f"**{words(code)}.** {' '.join(exercise.feedback(code).split())}\n\n{_code(exercise, f, doc=False)}"
        for code, f in exercise.wrongs.items()
    )
    return "\n\n".join(
        [
            exercise.prompt,
            _folded("Solution", f"{_code(exercise, exercise.solution)}\n\n{exercise.why}"),
            _folded("Also right", others),
            _folded("Typical mistakes, and what the check says to each", mistakes),
        ]
    )


def words(code):
    """Return the identifier of a mistake as words: `lr_inside_velocity` becomes "lr inside velocity"."""
    return code.replace("_", " ")


def _code(exercise, function, doc=True):
    source = exercise.source(function)
    if not doc:  # remove the docstring: the page says the same above the code
        source = re.sub(r'(:\n)    (?:r?"""(?:[^"]|"(?!""))*"""|r?"[^"\n]*")\n', r"\1", source, count=1)
    return f"```python\n{source}```"


def _folded(title, text):
    return f"``````{{admonition}} {title}\n:class: dropdown\n{text}\n``````"


def without_links(text, pages):
    """Remove a chapter's link to its page of solutions if that page is not in the book. text: the chapter's source;
    pages: the names of all pages in the book.

    So a teacher who wants no solutions only has to remove the part Solutions from `_toc.yml`.
    """
    return re.sub(
        r", and \[the page of solutions\]\((solutions/\w+)\.md\) goes further",
        lambda m: m[0] if f"chapters/{m[1]}" in pages else "",
        text,
    )


def setup(app):
    def on_read(app, name, source):
        source[0] = without_links(source[0], app.env.found_docs)

    app.add_directive("solutions", Solutions)
    app.connect("source-read", on_read)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
