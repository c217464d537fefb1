"""Make what surrounds the text of a page: the theme of the course, the head of the page, and the list of scripts that
the page needs."""

import re
from pathlib import Path

from docutils import nodes

from . import fonts
from .fonts import VENDOR
from .math import mathml
from .policy import policy
from .search import hidden

HERE = Path(__file__).parent
THEME = HERE / "theme"
# Sphinx adds these scripts to every page, but only its own search and its own themes use them.
SPHINX_SCRIPTS = {"documentation_options.js", "doctools.js", "sphinx_highlight.js"}
# book.css replaces these stylesheets. It is twenty times smaller and has enough contrast, light and dark.
REPLACED_STYLES = ("basic", "pygments", "mystnb.", "proof", "book")
# This script runs before the first paint. `mode` is what the reader chose: auto, light or dark. `theme` is what follows
# from the mode: light or dark. Demos and figures watch `theme`.
THEME_SCRIPT = (
    'let e=document.documentElement,m="auto";try{m=localStorage["gdcourse.mode"]||m}catch{}e.dataset.mode=m;'
    'e.dataset.theme=m!="auto"?m:matchMedia("(prefers-color-scheme:dark)").matches?"dark":"light";'
)


def words(node):
    """Return the text of a paragraph, with formulas as characters: η, not \\eta."""
    if isinstance(node, nodes.math):
        return re.sub(r"<[^>]*>", "", mathml(node.astext()))
    if not node.children:
        return node.astext()
    pieces = []
    for child in node.children:
        pieces.append(words(child))
        if not pieces[-1]:  # the mark of a fact: it takes the space before it along
            pieces = ["".join(pieces).rstrip()]
    return "".join(pieces)


def description(doctree, metadata, limit=160):
    """Return the description of a page for search engines: its own `description`, else its first sentences, cut at
    `limit` characters."""
    if metadata.get("description"):
        return str(metadata["description"])
    text = ""
    for paragraph in doctree.findall(nodes.paragraph) if doctree is not None else ():
        if isinstance(paragraph.parent, nodes.section):
            text = re.sub(r"\s+", " ", f"{text} {words(paragraph)}").strip()
            if len(text) >= 60:
                break
    if len(text) <= limit:
        return text
    return text[:limit].rsplit(" ", 1)[0].rstrip(",;: ") + " …"


def needed(script):
    """Return whether a page needs this script. No page needs SPHINX_SCRIPTS, nor a script without a file name."""
    name = (script.filename or "").rsplit("/", 1)[-1]
    return name not in SPHINX_SCRIPTS and bool(name)


def with_sections(contents, toc):
    """Return the HTML of the book's contents, with the sections of the current page inserted below the line of this
    page. toc: the HTML of these sections."""
    # Sphinx marks captions as headings without a level, and they would come before the heading of the page
    contents = contents.replace(' role="heading"', "").replace(' aria-level="2"', "")
    sections = re.search(r"</a>\s*(<ul>.*</ul>)\s*</li>\s*</ul>\s*$", toc, re.DOTALL)
    here = re.search(r'<a class="current reference internal"[^>]*>.*?</a>', contents, re.DOTALL)
    if not sections or not here:
        return contents
    return contents[: here.end()] + sections[1] + contents[here.end() :]


def both_names(html):
    """Split a title in two: the technical term, and below it the phrase that explains it.

    >>> both_names("Gradient descent: step against the slope")
    '<b>Gradient descent</b><span class="phrase"><span class="unseen">: </span>step against the slope</span>'
    >>> both_names("Notation")
    '<b>Notation</b>'
    """
    name, colon, phrase = html.partition(": ")
    return f"<b>{name}</b>" + f'<span class="phrase"><span class="unseen">: </span>{phrase}</span>' * bool(colon)


def named(contents):
    """Return the HTML of the contents, with each title split by `both_names` and the number of each chapter in an
    element of its own."""

    def dress(found):
        number = f'<span class="n">{found[2]}</span>' if found[2] else ""
        return f"{found[1]}{number}{both_names(found[3])}</a>"

    return re.sub(r'(<li class="toctree-l1[^>]*><a[^>]*>)(?:(\d+)\. )?([^<]*)</a>', dress, contents)


def page_context(app, pagename, templatename, context, doctree):
    """Add the values that layout.html uses and that Sphinx does not set."""
    body = context.get("body", "")
    metadata = app.env.metadata.get(pagename, {})
    book = app.config.html_title
    title = re.sub(r"<[^>]*>", "", context.get("title") or "Search")
    contents = context.get("toctree")
    root = pagename == app.config.root_doc
    if root:
        # the address of the site and index.html show the same page: name only the first
        context["pageurl"] = app.config.html_baseurl
    context.update(
        title=title,
        page_title=book if root else f"{title} · {book}",
        description=description(doctree, metadata) or f"{title}: {book}.",
        scripts=f"_static/{app.gdcourse_scripts_folder}/page",
        hidden=hidden(metadata) or doctree is None,
        theme_script=THEME_SCRIPT,
        policy=policy(THEME_SCRIPT, *filter(None, [context.get("find_top")])),
        logo=(THEME / "static" / "logo.svg").read_text(encoding="utf8").strip(),
        has_math="<math" in body,
        owners=f"{app.config.copyright} {app.config.author}",
        social_card=app.config.html_baseurl + "_static/social.png",
        toctree=contents and (lambda **options: named(with_sections(contents(**options), context.get("toc", "")))),
        number=app.env.toc_secnumbers.get(pagename, {}).get("", ("",))[0],
        short=re.sub(r"^\d+\. ", "", title).partition(": ")[0],
    )
    for link in filter(None, (context.get("prev"), context.get("next"))):
        number, _, name = link["title"].rpartition("</span>")
        link["title"] = f"{number}</span>{both_names(name)}" if number else both_names(name)
    context["body"] = re.sub(
        r'(<h1>(?:<span class="section-number">[^<]*</span>)?)([^<]*: [^<]*)',
        lambda m: m[1] + both_names(m[2]),
        body,
        count=1,
    )
    context["script_files"] = [script for script in context["script_files"] if needed(script)]
    for script in context["script_files"]:
        if not {"async", "type"} & set(script.attributes):
            script.attributes["defer"] = "defer"


def dress(app, exception):
    """After all pages are written, join the stylesheets into one file and copy the two fonts beside it."""
    if exception or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    added = [sheet for sheet in sorted(static.glob("*.css")) if not sheet.name.startswith(REPLACED_STYLES)]
    sheets = [VENDOR / "temml" / "Temml-STIX2.css", *added]
    css = [re.sub(r"@font-face\s*{[^}]*}", "", sheet.read_text(encoding="utf8")) for sheet in sheets]
    ours = (THEME / "static" / "book.css").read_text(encoding="utf8")
    (static / "book.css").write_text(minify("\n".join([*css, ours])), encoding="utf8")
    for name, font in fonts.CUT.items():
        (static / f"{name}.woff2").write_bytes(font.read_bytes())


def minify(css):
    """Return the CSS without comments and needless white space."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r"\s*([{};,>])\s*", r"\1", css)
    return re.sub(r":\s+", ":", css).replace(";}", "}").strip()


def setup(app):
    app.add_html_theme("gdcourse", str(THEME))
    app.add_config_value("comments_config", {}, "html")  # Jupyter Book sets this value, so Sphinx must know its name
    # runs after the other extensions have added their scripts
    app.connect("html-page-context", page_context, priority=900)
    app.connect("build-finished", dress)
