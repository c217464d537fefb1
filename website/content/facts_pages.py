"""Show facts on the pages: the role {fact}`F3.1` cites a fact, and the directive {facts} writes the *Index of facts*.

A citation is shown as a dot beside the number. The dot links to the fact in the index, and a screen reader calls it
"Fact F3.1". Each page explains once what the dots mean.
"""

from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from . import facts
from .pages import chapters

logger = logging.getLogger(__name__)


class citation(nodes.Inline, nodes.TextElement):
    """The node of a cited fact on a page; `_resolve` replaces it by a link to the index."""


class cited_on(nodes.Inline, nodes.TextElement):
    """A node below each fact of the index; `_resolve` replaces it by links to the pages that cite the fact."""


class FactRole(SphinxRole):
    def run(self):
        env = self.env
        if self.text not in facts.registry:
            logger.warning("no fact %s in facts", self.text, location=self.get_location())
            return [nodes.inline("", self.text)], []
        places = env.fact_citations.setdefault(self.text, [])
        label = f"cites-{facts.registry[self.text].anchor}-{len([p for p in places if p[0] == env.docname])}"
        places.append((env.docname, label))
        return [citation(fact=self.text, ids=[label])], []


class FactsDirective(SphinxDirective):
    """List the facts by chapter: for each its statement, the pages that cite it, and the code that recomputes it."""

    def run(self):
        env = self.env
        env.fact_index = env.docname
        folder = Path(env.srcdir, "facts")
        for path in folder.glob("*.py"):
            env.note_dependency(str(path))
        chapter, found = None, []
        for fact in facts.registry.values():
            if fact.chapter != chapter:
                chapter = fact.chapter
                section = nodes.section(ids=[f"facts-{chapter}".replace("_", "-")], names=[f"facts-{chapter}"])
                section += nodes.title(
                    "", chapters(env.srcdir)[chapter].title if chapter in chapters(env.srcdir) else chapter
                )
                found.append(section)
            found[-1] += self.entry(fact)
        return found

    def entry(self, fact):
        block = nodes.container(ids=[fact.anchor], classes=["fact-entry"])
        said = nodes.Element()
        statement = StringList([f"**{fact.id}** {fact.statement}"], source="facts")
        self.state.nested_parse(statement, self.content_offset, said)
        block += said.children
        block += nodes.paragraph("", "", cited_on("", "", fact=fact.id))
        name = f"facts/{fact.chapter}.py, {fact.compute.__name__}"
        block += nodes.raw("", f"<details><summary>Recomputed in <code>{name}</code></summary>", format="html")
        block += nodes.literal_block(fact.source, fact.source, language="python")
        block += nodes.raw("", "</details>", format="html")
        return block


def _load(app, env, docnames):
    facts.load(Path(env.srcdir, "facts"))
    env.fact_citations = getattr(env, "fact_citations", {})
    env.fact_index = getattr(env, "fact_index", None)


def _forget(app, env, docname):
    for id, places in getattr(env, "fact_citations", {}).items():
        env.fact_citations[id] = [place for place in places if place[0] != docname]


def _merge(app, env, docnames, other):
    for id, places in other.fact_citations.items():
        env.fact_citations.setdefault(id, []).extend(place for place in places if place[0] in docnames)
    env.fact_index = env.fact_index or other.fact_index


def _index_again(app, env):
    """Tell Sphinx to write the index of facts again whenever a page was read: the index shows which pages cite a
    fact."""
    return [env.fact_index] if env.fact_index else []


def _explain(app, doctree):
    """Add a sentence to a page with dots, which says what a dot beside a number means. It goes into the box "You will
    learn" or, on a page without this box, below the first paragraph."""
    if not any(doctree.findall(citation)):
        return
    said = "beside a number says that a test computes the number again. Open it to read the fact."
    line = nodes.paragraph(
        "", "", nodes.Text("A dot "), nodes.inline("", "", classes=["dot"]), nodes.Text(f" {said}"), classes=["dots"]
    )
    box = next((one for one in doctree.findall(nodes.admonition) if "objectives" in one["classes"]), None)
    if box is not None:
        box += line
    else:
        first = next((one for one in doctree.findall(nodes.paragraph) if isinstance(one.parent, nodes.section)), None)
        if first is not None:
            first.parent.insert(first.parent.index(first) + 1, line)


def _resolve(app, tree, docname):
    env = app.env

    def link(page, anchor, text, **attributes):
        uri = app.builder.get_relative_uri(docname, page) + (f"#{anchor}" if anchor else "")
        return nodes.reference("", text, internal=True, refuri=uri, **attributes)

    for node in list(tree.findall(citation)):
        fact = facts.registry[node["fact"]]
        here = nodes.inline("", "", ids=node["ids"], classes=["fact"])
        if env.fact_index is None:
            logger.warning("fact %s is cited, but no page has the {facts} directive", fact.id, location=node)
            here += nodes.Text(fact.id)
        else:
            dot = link(env.fact_index, fact.anchor, "", reftitle=f"Recomputed by a test: {fact.statement}")
            dot += nodes.inline("", f"Fact {fact.id}", classes=["unseen"])
            here += dot
        node.replace_self(here)
    for node in list(tree.findall(cited_on)):
        links = []
        for page, anchor in sorted(env.fact_citations.get(node["fact"], [])):
            if not links or page != links[-1][0]:
                links.append((page, link(page, anchor, env.titles[page].astext())))
        parts = [nodes.Text("Quoted in ")]
        for i, (_, reference) in enumerate(links):
            parts += [nodes.Text(", ")] * bool(i) + [reference]
        node.replace_self(parts if links else nodes.Text("Not quoted on a page yet"))


def setup(app):
    app.add_role("fact", FactRole())
    app.add_directive("facts", FactsDirective)
    app.connect("env-before-read-docs", _load)
    app.connect("env-purge-doc", _forget)
    app.connect("env-merge-info", _merge)
    app.connect("env-updated", _index_again)
    # runs after `minutes.add`, so that the sentence about the dots stands below the sentence about the reading time
    app.connect("doctree-read", _explain, priority=600)
    app.connect("doctree-resolved", _resolve)
