"""Search: one entry per section, looked through in the browser while the reader types.

Sphinx's own search finds whole pages and fetches each page that it lists, to cut a summary out of it; this finds
sections, and shows the sentence that holds what was typed. The glossary says which section explains which term, and its
other names; frontend/search ranks.
"""

import html
import json
import re
from functools import cache
from pathlib import Path

from docutils import nodes

from .math import mathml

# too long to help and too short to read: output of cells, long formulas, the keys of citations
LEFT_OUT = (nodes.math_block, nodes.raw, nodes.comment)


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
                or getattr(child, "attributes", {}).get("refdomain") == "cite"
            ):
                continue
            if isinstance(child, nodes.math):
                words.append(in_a_line(child.astext()))
            elif isinstance(child, nodes.Text):
                words.append(child.astext())
            else:
                walk(child)
                if not isinstance(child, nodes.Inline):
                    words.append(" ")

    walk(section)
    return re.sub(r"\s+", " ", "".join(words)).strip()


@cache
def in_a_line(tex):
    """A short formula as a reader would type it: w − ηg."""
    try:
        return html.unescape(re.sub("<[^>]+>", "", mathml(tex)))
    except ValueError:
        return ""  # the page says so


GLOSSARY = "chapters/glossary"
# The sections that list what others explain; every other one explains.
KINDS = {
    "glossary": "chapters/glossary",
    "reference": "chapters/(bibliography|cheat_sheet|exercises|facts|gallery|myths|notation|teaching|you_can_now)|index",
}


def kind(page, title):
    """What a section is to a reader who looks for a term: the ranks are in frontend/search."""
    for name, pages in KINDS.items():
        if re.match(pages, page):
            return name
    return "exercises" if re.match(r"(Exercises|Quiz|Summary)\b", title) else "text"


def glossary(root):
    """{(page, anchor): the names of the terms that are explained there}; no anchor is the page as a whole."""
    path = Path(root, f"{GLOSSARY}.md")
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    homes = {}
    for term, rest in re.findall(r"^## (.+)\n\n((?:.+\n?)+)", text, re.MULTILINE):
        others = re.search(r"^Also called: (.+)\.$", rest, re.MULTILINE)
        page, anchor = re.search(r"^See .*\]\(([\w/]+)\.\w+(?:#([\w-]+))?\)", rest, re.MULTILINE).groups()
        names = [term, *re.split(r"[,;] ", others[1] if others else "")]
        # what is longer is no name but a remark
        names = [name.strip("`") for name in names if name and len(name.split()) <= 5 and "$" not in name]
        homes.setdefault((f"chapters/{page}", anchor or ""), []).extend(names)
    return homes


def entries(tree, page, address, homes):
    """[address, title of the page, title of the section, text, names explained there, kind] for each section of a page."""
    sections = [section for section in tree.findall(nodes.section) if titled(section)]
    for section in sections:
        title = section.next_node(nodes.title).astext()
        first = section is sections[0]
        anchors = ["" if first else "?", *section["ids"], section.get("slug")]
        yield [
            address if first else f"{address}#{section['ids'][0]}",
            sections[0].next_node(nodes.title).astext(),
            "" if first else title,
            text_of(section),
            [name for anchor in anchors for name in homes.get((page, anchor), [])],
            kind(page, title),
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
    homes = glossary(app.srcdir)
    found = [
        entry
        for page in sorted(app.env.found_docs)
        if not hidden(app.env.metadata.get(page, {}))
        for entry in entries(app.env.get_doctree(page), page, app.builder.get_target_uri(page), homes)
    ]
    # a script and not JSON: it also works where the book is opened from a folder
    index = json.dumps(found, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    Path(app.outdir, "searchindex.js").write_text(f"const sections = {index};\n", encoding="utf8")


def setup(app):
    app.connect("builder-inited", without_sphinx)
    app.connect("html-collect-pages", search_page)
    app.connect("build-finished", write)
