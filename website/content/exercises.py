"""Arrange the code cells of a page. Each exercise becomes one framed card with its task, code, buttons and room for the
verdict.

In a notebook an exercise is three cells (see `gdcourse.exercises.author.sync`). On the page, buttons replace the cell
that calls `check` and the paragraph "Stuck?", so both are left out. The code of a cell that calls `quiz` or `cards` is
left out, too, because the page shows the quiz or the cards themselves. A cell that only imports is folded: the page
runs it when another cell needs it.
"""

import ast

from docutils import nodes

from gdcourse.exercises.author.sync import cell_id


def is_cell(node):
    """Return whether the node is a code cell. myst-nb marks the container of each code cell by the attribute
    `nb_element="cell_code"`."""
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"


def cells(tree):
    return list(tree.findall(is_cell))


def source_of(cell):
    """Return the node that holds the code of a cell; None if the page does not show the code."""
    return next((part for part in cell.children if part.get("nb_element") == "cell_code_source"), None)


def has_quiz_or_cards(cell):
    """Return whether the cell shows a quiz or cards, which have buttons and scripts of their own."""
    return any("quiz" in part or "cards" in part for part in cell.findall(nodes.container))


def only_imports(source):
    """Return whether the code consists of imports only.

    >>> only_imports("import math; import json"), only_imports("import math; math.pi"), only_imports("1 +")
    (True, False, False)
    """
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return False
    return bool(body) and all(isinstance(one, (ast.Import, ast.ImportFrom)) for one in body)


def fold_imports(app, doctree):
    """Fold each cell that consists of imports only into one line, which opens at a click: imports tell a reader
    nothing."""
    for cell in cells(doctree):
        code = source_of(cell)
        if (
            code is not None
            and not cell.get("hide_mode")
            and only_imports(code.next_node(nodes.literal_block).astext())
        ):
            fold = '<details class="imports"><summary>Imports</summary>'
            cell.insert(cell.index(code), nodes.raw("", fold, format="html"))
            cell.insert(cell.index(code) + 1, nodes.raw("", "</details>", format="html"))


def make_cards(app, doctree):
    # without Python in the page, readers do the exercises in the notebook
    if not getattr(app, "gdcourse_python", None):
        return
    for cell in cells(doctree):
        code = source_of(cell)
        if has_quiz_or_cards(cell) and code is not None:
            cell.remove(code)
        if "tag_exercise-starter" in cell["classes"]:
            make_card(cell)


def make_card(starter):
    card = starter.parent
    card["classes"].append("exercise")
    after = card.children[card.index(starter) + 1 :]
    check = next(cell for cell in after if "tag_exercise-check" in cell["classes"])
    for paragraph in [node for node in card.children if isinstance(node, nodes.paragraph)]:
        if paragraph.astext().startswith("Stuck? hint("):
            card.remove(paragraph)
    # an exercise with cards keeps the cell below the cards, because the button of this cell checks them
    if has_quiz_or_cards(starter):
        return
    name = cell_id(starter["cell_metadata"]["gdcourse"]["exercise"], "check")
    card.replace(check, nodes.raw("", f'<div class="cell tag_exercise-check" data-cell="{name}"></div>', format="html"))


def number(app, tree, docname):
    """Number the exercises of a page: Exercise 3.1 is the first one of chapter 3. On a page without a chapter number
    they are counted from 1.

    The number becomes part of the section's title, so the table of contents shows it, too.
    """
    (chapter, *_) = app.env.toc_secnumbers.get(docname, {}).get("", ("",))
    sections = [node for node in tree.findall(nodes.section) if "exercise" in node["classes"]]
    for place, section in enumerate(sections, 1):
        title = section.next_node(nodes.title)
        first = title.next_node(nodes.Text)
        first.parent.replace(first, nodes.Text(first.astext().removeprefix("Exercise: ")))
        title.insert(
            0, nodes.inline("", f"Exercise {chapter}.{place}" if chapter else f"Exercise {place}", classes=["number"])
        )
        title.insert(1, nodes.Text(" "))


def solution_address(builder, docname, exercise):
    """Return the address of the exercise's solution, relative to the page `docname`; None if the book has no page of
    solutions for the chapter."""
    page = f"{docname.rpartition('/')[0]}/solutions/{exercise.chapter}".strip("/")
    if page not in builder.env.found_docs:
        return None
    return f"{builder.get_relative_uri(docname, page)}#{nodes.make_id(exercise.name)}"


def setup(app):
    app.connect("doctree-read", fold_imports)
    app.connect("doctree-read", make_cards)
    app.connect("doctree-resolved", number)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
