"""Search: one entry per section, looked through in the browser while the reader types.

Sphinx's own search finds whole pages and fetches each page that it lists, to cut a summary out of it; this finds
sections, shows the words around what was found, and needs two small files.
"""

import json
import re
from pathlib import Path

from docutils import nodes

# too long to help and too short to read: output of cells, and what a formula is in TeX
LEFT_OUT = (nodes.math, nodes.math_block, nodes.raw, nodes.comment)


def titled(node):
    """Whether it is a section of the page; the inside of a theorem is a section, too, and has no title."""
    return isinstance(node, nodes.section) and any(isinstance(child, nodes.title) for child in node.children)


def text_of(section):
    """The words of a section, without its title, its subsections, and what is no prose or code."""
    words = []

    def walk(node):
        for child in node.children:
            its_title = isinstance(child, nodes.title) and node is section
            if (
                its_title
                or titled(child)
                or isinstance(child, LEFT_OUT)
                or "cell_output" in getattr(child, "attributes", {}).get("classes", ())
            ):
                continue
            if isinstance(child, nodes.Text):
                words.append(child.astext())
            else:
                walk(child)
                if not isinstance(child, nodes.Inline):
                    words.append(" ")

    walk(section)
    return re.sub(r"\s+", " ", "".join(words)).strip()


def entries(tree, address):
    """[address, title of the page, title of the section, text] for each section of a page."""
    sections = [section for section in tree.findall(nodes.section) if titled(section)]
    for section in sections:
        title = section.next_node(nodes.title)
        first = section is sections[0]
        yield [
            address if first else f"{address}#{section['ids'][0]}",
            sections[0].next_node(nodes.title).astext(),
            "" if first else title.astext(),
            text_of(section),
        ]


def hidden(metadata):
    """A page marked `nosearch`, as solutions are, is neither found here nor offered to search engines."""
    return "nosearch" in metadata


def without_sphinx(app):
    if app.builder.format == "html":
        app.builder.search = False


def search_page(app):
    return [("search", {"title": "Search"}, "search.html")] if app.builder.format == "html" else []


def write(app, exception):
    if exception or app.builder.format != "html":
        return
    found = [
        entry
        for page in sorted(app.env.found_docs)
        if not hidden(app.env.metadata.get(page, {}))
        for entry in entries(app.env.get_doctree(page), app.builder.get_target_uri(page))
    ]
    # a script and not JSON: it also works where the book is opened from a folder
    index = json.dumps(found, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    Path(app.outdir, "searchindex.js").write_text(f"const sections = {index};\n", encoding="utf8")


def setup(app):
    app.connect("builder-inited", without_sphinx)
    app.connect("html-collect-pages", search_page)
    app.connect("build-finished", write)
