"""Turn formulas into MathML when the book is built. On the page they need no script, appear at once, and work in screen
readers and in print.

Temml (a JavaScript library, in vendor/) turns TeX into MathML. It runs in the Python package quickjs-ng, so nobody
needs Node. A formula that does not parse fails the build, with its line number.
"""

import json
import re
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import quickjs
from docutils import nodes
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

TEMML = Path(__file__).parent / "vendor" / "temml" / "temml.min.js"
# `wrap: "tex"` lets a long inline formula break after a relation such as =, because phones are narrow
RENDER = """
function render(tex, display) {
  // as JSON: a long string made by concatenation cannot be returned to Python ("Unknown quickjs tag: -6")
  return JSON.stringify(temml.renderToString(tex, {displayMode: display, throwOnError: true, wrap: display ? "none" : "tex"}));
}
"""
# Sphinx numbers the formulas itself, so environments that number their lines are replaced
UNNUMBERED = {
    "align": "aligned",
    "gather": "gathered",
    "alignat": "alignedat",
    "equation": None,
    "multline": "gathered",
}

logger = logging.getLogger(__name__)


@cache
def engine():
    context = quickjs.Context()
    context.eval(TEMML.read_text(encoding="utf8"))
    context.eval(RENDER)
    return context.get("render")


@cache
def mathml(tex, display=False):
    """Return the <math> element for a formula in TeX. Raises ValueError with Temml's message if the formula does not
    parse."""
    try:
        return json.loads(engine()(tex, display))
    except quickjs.JSException as error:
        raise ValueError(str(error).splitlines()[0]) from None


def without_numbering(tex):
    r"""Return the formula with an environment that does not number its lines: \begin{align} becomes \begin{aligned}.

    A formula of several lines without any environment is put into \begin{aligned}.
    """
    tex = tex.strip()
    for numbered, plain in UNNUMBERED.items():
        found = re.fullmatch(rf"\\begin\{{{numbered}(\*?)\}}(.*)\\end\{{{numbered}\1\}}", tex, re.DOTALL)
        if found:
            body = found[2].strip()
            return rf"\begin{{{plain}}}{body}\end{{{plain}}}" if plain else without_numbering(body)
    if r"\\" in tex and r"\begin" not in tex:
        return rf"\begin{{aligned}}{tex}\end{{aligned}}"
    return tex


def rendered(node, tex, display):
    try:
        return mathml(tex, display)
    except ValueError as error:
        logger.warning("a formula does not parse: %s\n%s", error, tex, location=node, type="math")
        return f"<code>{tex}</code>"


def visit_inline(self, node):
    self.body.append(rendered(node, node.astext(), False))
    raise nodes.SkipNode


OPEN, CLOSED = tuple("([{"), tuple(")]}")


def breakable(html):
    """Put the parts of a formula on its own line into <mrow> elements, so that book.css can let a phone break the formula
    between them: statements, which a wide space or words divide; in a statement its sides; in a side its terms.

    In an aligned formula, each cell is divided so. Where nothing breaks it, the formula looks the same as before.
    """
    try:
        math = ElementTree.fromstring(html)
    except ElementTree.ParseError:  # a formula that did not parse is shown as code
        return html
    whole = math[0] if len(math) == 1 and math[0].tag == "mrow" else math
    aligned = len(whole) == 1 and whole[0].tag == "mtable"
    cells = list(whole[0].iter("mtd")) if aligned else [math]
    for cell in cells:
        inside = list(cell[0]) if len(cell) == 1 and cell[0].tag == "mrow" else list(cell)
        parts = [
            [split(side, starts_term) for side in split(statement, starts_side)]
            for statement in split(inside, starts_statement)
        ]
        if sum(len(side) for statement in parts for side in statement) <= 1:
            if not aligned:
                return html
        else:
            cell[:] = [row(row(row(term) for term in side) for side in statement) for statement in parts]
            cell.set("class", f"{cell.get('class', '')} breaks".strip())
    if aligned:
        math.set("class", "lines")
    return ElementTree.tostring(math, encoding="unicode", short_empty_elements=False)


def starts_statement(before, child):
    return child.tag == "mtext" or before.tag == "mspace" and float(before.get("width").removesuffix("em")) >= 1


def starts_side(before, child):
    return child.tag == "mo" and child.text in "=≠<>≤≥≈←→" and ends(before)


def starts_term(before, child):
    return child.tag == "mo" and child.text in "+−" and ends(before)


def ends(before):
    """Return whether a term can end with this element: a plus or minus after any other is a sign of the next term."""
    return before.text in CLOSED if before.tag == "mo" else before.tag != "mspace"


def row(children):
    element = ElementTree.Element("mrow")
    element[:] = list(children)
    return element


def split(children, starts):
    """Split a list of elements before each child for which `starts(the element before it, child)` is true, but not
    between an opening bracket and its closing one."""
    found, depth = [[]], 0
    for child in children:
        if found[-1] and depth == 0 and starts(found[-1][-1], child):
            found.append([])
            if child.tag == "mo":
                child.set("form", "infix")  # else a sign at the start of a row stands close to what follows
        if child.tag == "mo":
            depth += (child.text in OPEN) - (child.text in CLOSED)
        found[-1].append(child)
    return [part for part in found if part]


def visit_display(self, node):
    self.body.append(self.starttag(node, "div", CLASS="formula"))
    whole = breakable(rendered(node, without_numbering(node.astext()), True))
    self.body.append(f'<div class="scrolls">{whole}</div>')
    if node.get("number"):
        number = get_node_equation_number(self, node)
        self.body.append(f'<a class="number" href="#{node["ids"][0]}" aria-label="Equation {number}">({number})</a>')
    self.body.append("</div>\n")
    raise nodes.SkipNode


def setup(app):
    app.add_html_math_renderer("temml", (visit_inline, None), (visit_display, None))
