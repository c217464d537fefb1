"""Write the pages of solutions: the directive `{solutions} <chapter>` makes one from the exercise files when the book
is built.

Everything but the task is folded. Neither our search nor search engines list these pages.
"""

import re

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from gdcourse.exercises import author


class WrittenByTheBuild(SphinxDirective):
    """A page about one chapter that the build writes; neither our search nor search engines list it."""

    required_arguments = 1

    def opened(self, intro):
        """Return the first nodes of the page. intro: Markdown."""
        self.env.metadata[self.env.docname]["nosearch"] = True
        return [nodes.meta(name="robots", content="noindex"), *self.rendered(intro)]

    def section(self, name, title, text):
        """Return a section of the page. name: the name of its anchor; title: the node of its title; text: its
        Markdown."""
        section = nodes.section(ids=[nodes.make_id(name)], names=[name.lower()])
        section += [title, *self.rendered(text)]
        self.state.document.note_implicit_target(section, section)
        return section

    def rendered(self, text):
        holder = nodes.Element()
        self.state.nested_parse(StringList(text.splitlines(), self.env.doc2path(self.env.docname)), 0, holder)
        return holder.children


class Solutions(WrittenByTheBuild):
    """The exercises of one chapter: first the task; then, folded, the solution and its explanation, other ways,
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
    """Return the Markdown of one exercise on the page of solutions."""
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
    """Return the code of a mistake as words: `lr_inside_velocity` becomes "lr inside velocity"."""
    return code.replace("_", " ")


def _code(exercise, function, doc=True):
    source = exercise.source(function)
    if not doc:  # above the code the page already shows what the docstring says
        source = re.sub(r'(:\n)    (?:r?"""(?:[^"]|"(?!""))*"""|r?"[^"\n]*")\n', r"\1", source, count=1)
    return f"```python\n{source}```"


def _folded(title, text):
    return f"``````{{admonition}} {title}\n:class: dropdown\n{text}\n``````"


def without_links(text, pages):
    """Remove the link to the page of solutions from a chapter's source if that page is not in the book.

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
