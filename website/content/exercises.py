"""Arrange the code cells of a page. An exercise becomes one framed card with its task, code, buttons and room for the
verdict.

In a notebook an exercise is three cells (see `gdcourse.exercises.author.sync`). On the page buttons replace the cell
of the check and the paragraph "Stuck?", so both are left out. The line of code that calls a quiz or cards is left out,
too: they are on the page already. A cell that only imports is folded: it runs when another cell needs it.
"""

import ast

from docutils import nodes

from gdcourse.exercises.author.sync import cell_id


def is_cell(node):
    """Is the node a code cell? myst-nb makes a container of each."""
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"


def cells(tree):
    """Return the code cells of a page, as a list."""
    return list(tree.findall(is_cell))


def source_of(cell):
    """Return the container with the code of a cell, or None if the code is not shown."""
    return next((part for part in cell.children if part.get("nb_element") == "cell_code_source"), None)


def is_alive(cell):
    """Does the cell show a quiz or cards, which have scripts of their own?"""
    return any("quiz" in part or "cards" in part for part in cell.findall(nodes.container))


def only_imports(source):
    """Whether code does nothing but import.

    >>> only_imports("import math; import json"), only_imports("import math; math.pi"), only_imports("1 +")
    (True, False, False)
    """
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return False
    return bool(body) and all(isinstance(one, (ast.Import, ast.ImportFrom)) for one in body)


def fold_imports(app, doctree):
    """Fold each cell that only imports into one line, which opens at a click, because imports tell a
    reader nothing."""
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
    if not getattr(app, "gdcourse_python", None):  # without Python in the page, exercises are done in the notebook
        return
    for cell in cells(doctree):
        code = source_of(cell)
        if is_alive(cell) and code is not None:
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
    if is_alive(starter):  # the page shows cards in place of the code; the cell that checks them keeps its buttons
        return
    name = cell_id(starter["cell_metadata"]["gdcourse"]["exercise"], "check")
    card.replace(check, nodes.raw("", f'<div class="cell tag_exercise-check" data-cell="{name}"></div>', format="html"))


def number(app, tree, docname):
    """Number the exercises: 3.1 is the first one of chapter 3; on a page without a number they are counted from 1.

    The number becomes part of the section's title, so that the contents show it.
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
    """Return the address of the solution, relative to a page; None if the course has no page of solutions."""
    page = f"{docname.rpartition('/')[0]}/solutions/{exercise.chapter}".strip("/")
    if page not in builder.env.found_docs:
        return None
    return f"{builder.get_relative_uri(docname, page)}#{nodes.make_id(exercise.name)}"


def setup(app):
    app.connect("doctree-read", fold_imports)
    app.connect("doctree-read", make_cards)
    app.connect("doctree-resolved", number)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
