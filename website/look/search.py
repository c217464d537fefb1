"""Make the index of the search, with one entry for each section. The browser searches the index while the reader types.

Sphinx's own search finds whole pages, and fetches each page that it lists to make a summary. This search finds
sections, and shows the sentence with the typed words. The glossary tells which section explains a term and which other
names the term has. frontend/search ranks the sections.
"""

import html
import json
import re
from functools import cache
from pathlib import Path

from docutils import nodes

from .math import mathml

# nodes whose text is not searched: displayed formulas, raw HTML, comments
LEFT_OUT = (nodes.math_block, nodes.raw, nodes.comment)


def titled(node):
    """Return whether the node is a section with a title. The inside of a theorem is a section, too, but has no
    title."""
    return isinstance(node, nodes.section) and any(isinstance(child, nodes.title) for child in node.children)


def text_of(section):
    """Return the prose and code of a section as text, without its title, its outputs and its subsections."""
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
    """Return a formula in TeX as a reader would type it: w − ηg."""
    try:
        return html.unescape(re.sub("<[^>]+>", "", mathml(tex)))
    except ValueError:
        return ""  # the formula does not parse; math.py warns of it


GLOSSARY = "chapters/glossary"
# {kind of section: pattern of the names of its pages}. The sections of these pages only list what other sections
# explain, so the search gives them less weight.
KINDS = {
    "glossary": "chapters/glossary",
    "reference": "chapters/(bibliography|cheat_sheet|exercises|facts|gallery|myths|notation|teaching|you_can_now)|index",
}


def kind(page, title):
    """Return the kind of a section, by which frontend/search ranks it: "glossary", "reference", "exercises" or
    "text"."""
    for name, pages in KINDS.items():
        if re.match(pages, page):
            return name
    return "exercises" if re.match(r"(Exercises|Quiz|Summary)\b", title) else "text"


def glossary(root):
    """Return {(page, anchor): the names of the terms that are explained there}. The anchor is "" if the whole page
    explains the term."""
    path = Path(root, f"{GLOSSARY}.md")
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    homes = {}
    for term, rest in re.findall(r"^## (.+)\n\n((?:.+\n?)+)", text, re.MULTILINE):
        others = re.search(r"^Also called: (.+)\.$", rest, re.MULTILINE)
        page, anchor = re.search(r"^See .*\]\(([\w/]+)\.\w+(?:#([\w-]+))?\)", rest, re.MULTILINE).groups()
        names = [term, *re.split(r"[,;] ", others[1] if others else "")]
        # a longer text is a remark, not a name of the term
        names = [name.strip("`") for name in names if name and len(name.split()) <= 5 and "$" not in name]
        homes.setdefault((f"chapters/{page}", anchor or ""), []).extend(names)
    return homes


def entries(tree, page, address, homes):
    """Yield an entry of the index for each section of a page: [address, title of the page, title of the section, text,
    names of the terms explained there, kind].

    The title of the first section is "", because this section is the page itself. homes: the result of `glossary`.
    """
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
    """Return whether the page is marked `nosearch`, as solutions are. Neither search engines nor the site's own search
    list such a page."""
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
    # a script instead of JSON, because a script also loads when the book is opened from a folder
    index = json.dumps(found, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    Path(app.outdir, "searchindex.js").write_text(f"const sections = {index};\n", encoding="utf8")


def setup(app):
    app.connect("builder-inited", without_sphinx)
    app.connect("html-collect-pages", search_page)
    app.connect("build-finished", write)
