"""Show the boxes of the class `predict`: each asks the reader to bet on a result, and the answer below it is hidden
until the reader has bet.

In a notebook, the form for the bet is the output of the cell `bet("adam/first_step", …)` below the box. On the page,
the form is in the box, and that cell is left out. The answer is the output of the code cells below the box, then the
first paragraph after them, with the formulas, lists and tables that directly follow this paragraph.
frontend/page/bets.js hides the answer, so readers without JavaScript see it at once.

The metadata of that cell say what is right and why: {"gdcourse": {"right": …, "why": one sentence}}. The page shows
both after the bet. The output of the cell does not have them, so a notebook does not give the answer away.
"""

import ast
import json
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.util import logging

from gdcourse.exercises.questions import bet

from ..look import scripts
from . import exercises, quiz

# if these nodes directly follow the paragraph of an answer, they belong to the answer
DISPLAYS = nodes.math_block, nodes.bullet_list, nodes.enumerated_list, nodes.table
logger = logging.getLogger(__name__)


def called(source):
    """Return the arguments of a cell's call of `bet` as a list: the id of the bet, then the options.

    Return None if the cell does not call `bet`.

    >>> called('bet("adam/first_step", "shorter", "longer")')
    ['adam/first_step', 'shorter', 'longer']
    >>> called("betas = 0.9, 0.999")
    """
    if not source.startswith("bet("):
        return None
    return [ast.literal_eval(argument) for argument in ast.parse(source).body[0].value.args]


class form(nodes.General, nodes.Element):
    """The node for the HTML form of one `predict` box, in which the reader bets.

    called: the arguments of the cell's call of `bet`. bet_id: the id of the bet with "-" for "/". Everything that the script
    hides until the bet is placed has the class "bet-" followed by `bet_id`. verdict: {"right": the right bet, "why": one
    sentence}.
    """


def write(self, node):
    id, *options = node["called"]
    made = bet.markup(id, options, '<button type="button" class="show">Show me</button>')
    data = {"parts": node["bet_id"], **node["verdict"]}
    attributes = "".join(f'data-{name}="{escape(value)}" ' for name, value in data.items())
    self.body.append(made.replace("<form ", f"<form {attributes}", 1) + "\n")


def add_forms(app, doctree):
    source = Path(app.env.doc2path(app.env.docname))
    if app.builder.format != "html" or source.suffix != ".ipynb":
        return
    listed = json.loads(source.read_text(encoding="utf-8"))["cells"]
    calls = {n: called("".join(cell["source"])) for n, cell in enumerate(listed) if cell["cell_type"] == "code"}
    put_forms(doctree, calls)


def put_forms(doctree, calls):
    """Put the form of each bet into its `predict` box. Mark the nodes of the answer with a class, so that the script
    can hide them.

    calls: {index of a code cell: the arguments of its call of `bet`, or None if it does not call `bet`}.
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
        arguments = calls[cell["cell_index"]]
        verdict = cell.get("cell_metadata", {}).get("gdcourse", {})
        here = form(called=arguments, bet_id=arguments[0].replace("/", "-"), verdict=verdict)
        shown = []
        while after and exercises.is_cell(after[0]):
            shown += [part for part in after.pop(0).children if part.get("nb_element") == "cell_code_output"]
        if after and isinstance(after[0], nodes.paragraph):
            shown.append(after.pop(0))
            # leave out the anchors that Sphinx puts before numbered formulas
            after = [part for part in after if not isinstance(part, nodes.target)]
            while after and isinstance(after[0], DISPLAYS):
                shown.append(after.pop(0))
        for part in shown:
            part["classes"].append(f"bet-{here['bet_id']}")
        box.append(here)


def add_script(app, page, template, context, doctree):
    if doctree and any(doctree.findall(form)):
        app.add_js_file(scripts.place(app, "page/bets.js"), type="module")


def setup(app):
    skip = (lambda self, node: None,) * 2
    app.add_node(form, html=(write, skip[1]), latex=skip, text=skip, man=skip, texinfo=skip)
    quiz.copy_assets(app, bet)
    # must run before python/bars.py adds buttons to the cells (priority 500)
    app.connect("doctree-read", add_forms, priority=400)
    app.connect("html-page-context", add_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
