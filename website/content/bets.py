"""Predict, then run: a box of the class `predict` asks for a bet, and the answer below it is hidden until the reader
has bet.

In a notebook the form is the output of the cell below the box, `bet("adam/first_step", …)`. On the page the form is in
the box, and that cell is left out. The answer is the output of the code cells below the box, and the first paragraph
after them with the formulas, lists and tables that directly follow it. frontend/page/bets.js hides the answer; without
scripts it is shown.
"""

import ast
import json
from pathlib import Path

from docutils import nodes
from sphinx.util import logging

from gdcourse.exercises.questions import bet

from ..look import scripts
from . import exercises, quiz

# blocks that can stand within a sentence
DISPLAYS = nodes.math_block, nodes.bullet_list, nodes.enumerated_list, nodes.table
logger = logging.getLogger(__name__)


def called(source):
    """Return the arguments of a cell's call of `bet` as a list, the id and then the options; None for any other cell.

    >>> called('bet("adam/first_step", "shorter", "longer")')
    ['adam/first_step', 'shorter', 'longer']
    >>> called("betas = 0.9, 0.999")
    """
    if not source.startswith("bet("):
        return None
    return [ast.literal_eval(argument) for argument in ast.parse(source).body[0].value.args]


class form(nodes.General, nodes.Element):
    """The form of one box. called: the arguments of `bet`.

    parts: the id of the bet with "-" for "/". The parts of the answer have the class "bet-" and this id.
    """


def write(self, node):
    id, *options = node["called"]
    made = bet.markup(id, options, '<button type="button" class="show">Show me</button>')
    self.body.append(made.replace("<form ", f'<form data-parts="{node["parts"]}" ', 1) + "\n")


def add_forms(app, doctree):
    source = Path(app.env.doc2path(app.env.docname))
    if app.builder.format != "html" or source.suffix != ".ipynb":
        return
    listed = json.loads(source.read_text(encoding="utf-8"))["cells"]
    calls = {n: called("".join(cell["source"])) for n, cell in enumerate(listed) if cell["cell_type"] == "code"}
    put_forms(doctree, calls)


def put_forms(doctree, calls):
    """Move each form into its box, and give the parts of its answer a class, so that the script can hide them.

    calls: {index of a code cell: the arguments of its call of `bet`, or None}.
    """
    for box in list(doctree.findall(nodes.admonition)):
        if "predict" not in box["classes"]:
            continue
        after = box.parent.children[box.parent.index(box) + 1 :]
        cell = after.pop(0) if after and exercises.is_cell(after[0]) else None
        if cell is None or not calls[cell["cell_index"]]:
            logger.warning(
                'a box asks to predict, and the cell below it does not call  bet("chapter/word", …)', location=box
            )
            continue
        box.parent.remove(cell)
        here = form(called=calls[cell["cell_index"]], parts=calls[cell["cell_index"]][0].replace("/", "-"))
        shown = []
        while after and exercises.is_cell(after[0]):
            shown += [part for part in after.pop(0).children if part.get("nb_element") == "cell_code_output"]
        if after and isinstance(after[0], nodes.paragraph):
            shown.append(after.pop(0))
            # leave out the targets that stand before numbered formulas
            after = [part for part in after if not isinstance(part, nodes.target)]
            while after and isinstance(after[0], DISPLAYS):
                shown.append(after.pop(0))
        for part in shown:
            part["classes"].append(f"bet-{here['parts']}")
        box.append(here)


def add_script(app, page, template, context, doctree):
    if doctree and any(doctree.findall(form)):
        app.add_js_file(scripts.place(app, "page/bets.js"), type="module")


def setup(app):
    skip = (lambda self, node: None,) * 2
    app.add_node(form, html=(write, skip[1]), latex=skip, text=skip, man=skip, texinfo=skip)
    quiz.copy_assets(app, bet)
    app.connect("doctree-read", add_forms, priority=400)  # runs before the other cells get their buttons
    app.connect("html-page-context", add_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
