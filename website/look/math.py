"""Turn formulas into MathML when the book is built. On the page they need no script, appear at once, and work in screen
readers and in print.

Temml (a JavaScript library, in vendor/) turns TeX into MathML. It runs in the Python package quickjs-ng, so nobody
needs Node. A formula that does not parse fails the build, with its line number.
"""

import json
import re
from functools import cache
from pathlib import Path

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


def visit_display(self, node):
    self.body.append(self.starttag(node, "div", CLASS="formula"))
    self.body.append('<div class="scrolls">' + rendered(node, without_numbering(node.astext()), True) + "</div>")
    if node.get("number"):
        number = get_node_equation_number(self, node)
        self.body.append(f'<a class="number" href="#{node["ids"][0]}" aria-label="Equation {number}">({number})</a>')
    self.body.append("</div>\n")
    raise nodes.SkipNode


def setup(app):
    app.add_html_math_renderer("temml", (visit_inline, None), (visit_display, None))
