"""Predict, then run: a box of the class `predict` asks for a bet, and the answer below it is hidden until the reader has bet.

In the notebook the box is plain text. On the page it gets a form: buttons if there are a few possible answers, else a text field. The
buttons are the items of a list at the end of the box, or the choices in its question: "thousands, millions, or more?". The answer is the
output of the code cells below the box, and the first paragraph after them with the formulas, lists and tables that directly follow it.
frontend/page/bets.js hides it; without scripts it is shown.
"""

import hashlib
import re
from html import escape

from docutils import nodes

from ..look import scripts
from . import exercises

DISPLAYS = nodes.math_block, nodes.bullet_list, nodes.enumerated_list, nodes.table  # what stands within a sentence
LONGEST = 60  # characters on a button
YES_NO = re.compile(r"(?:Is|Are|Does|Do|Will|Can|Has|Have) [^?]*\?$")


def options(question):
    """The possible answers that a question names; [] if the answer can be anything.

    >>> options("How many will it take: about 82, about 200, or more than 2,000?")
    ['about 82', 'about 200', 'more than 2,000']
    >>> options("How many rows will batches of 16 read? Half? As many? Twice?")
    ['Half', 'As many', 'Twice']
    >>> options("Is its noise floor lower?")
    ['Yes', 'No']
    >>> options("Four rates: 0.1, 0.3, 0.5 and 0.9. Which is fastest, and does 0.1 or 0.9 arrive first?")
    []
    >>> options("At which angle does the arrow stand to it?")
    []
    """
    question = " ".join(question.split())
    named = re.search(r": ([^:?]+, [^:?]+)\?", question)
    if named and ". " not in named[1]:
        found = [part.strip() for part in re.split(r",? or (?=[^,]*$)|, (?!\d)", named[1])]
        found = [part.removeprefix("or ") for part in found if part]
    else:
        short = re.search(r"\?((?: [A-Z][^?.]{1,20}\?){2,4})$", question)
        found = [part.strip() for part in short[1].split("?") if part.strip()] if short else []
    if not found and YES_NO.search(question.rsplit(". ", 1)[-1]) and not re.search(r", (?:and|or) ", question):
        found = ["Yes", "No"]
    fits = 2 <= len(found) <= 5 and all(len(part) <= LONGEST and "\\" not in part for part in found)
    return found if fits else []


class bet(nodes.General, nodes.Element):
    """The form of one box."""


def form(self, node):
    chips = "".join(f'<button type="button" class="chip">{escape(one)}</button>' for one in node["options"])
    field = '<input type="text" aria-label="Your prediction" placeholder="Your prediction" autocomplete="off" maxlength="80"><button type="submit">Bet</button>'
    self.body.append(
        f'<form class="bet" data-key="{node["key"]}">{chips or field}'
        '<button type="button" class="show">Show me</button><span class="said" role="status"></span></form>\n'
    )


def add_forms(app, doctree):
    if app.builder.format != "html":
        return
    for box in list(doctree.findall(nodes.admonition)):
        if "predict" not in box["classes"]:
            continue
        key = hashlib.sha256(box.astext().encode()).hexdigest()[:8]  # a changed question starts a new bet
        after = box.parent.children[box.parent.index(box) + 1 :]
        shown = []
        while after and exercises.is_cell(after[0]):
            shown += [part for part in after.pop(0).children if part.get("nb_element") == "cell_code_output"]
        if after and isinstance(after[0], nodes.paragraph):
            shown.append(after.pop(0))
            after = [part for part in after if not isinstance(part, nodes.target)]  # in front of a numbered formula
            while after and isinstance(after[0], DISPLAYS):
                shown.append(after.pop(0))
        if not shown:
            continue
        for part in shown:
            part["classes"].append(f"bet-{key}")
        said = box.children[-1]
        if isinstance(said, nodes.bullet_list):
            found = [item.astext() for item in said.children]
            box.remove(said)
        else:
            found = options(said.astext())
        box.append(bet(key=key, options=found))


def add_script(app, page, template, context, doctree):
    if doctree and any(doctree.findall(bet)):
        app.add_js_file(scripts.place(app, "page/bets.js"), type="module")


def setup(app):
    skip = (lambda self, node: None,) * 2
    app.add_node(bet, html=(form, skip[1]), latex=skip, text=skip, man=skip, texinfo=skip)
    app.connect("doctree-read", add_forms)
    app.connect("html-page-context", add_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
