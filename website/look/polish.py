"""Repair the HTML of each page: give pictures their size, let wide tables scroll, fold text without JavaScript, name
header cells that hold only a formula, remove needless tags from code, and keep a comma on the line of its formula."""

import re
import struct
from html import escape, unescape
from pathlib import Path

from docutils import nodes
from sphinx.util import logging

logger = logging.getLogger(__name__)


# in pixels: the width of a page's text on a phone, and the least size of the letters in a picture on a phone
PHONE, LETTERS = 353, 9.5


def size_of(picture):
    """Return (width, height) of a PNG or SVG file in CSS pixels; None if the file does not tell them."""
    data = picture.read_bytes()
    if data.startswith(b"\x89PNG"):
        return struct.unpack(">II", data[16:24])
    found = re.search(rb"<svg[^>]*>", data)
    if found:
        sides = [re.search(rb'\b%s="([\d.]+)(pt|px)?"' % side, found[0]) for side in (b"width", b"height")]
        if all(sides):
            return tuple(round(float(side[1]) * (4 / 3 if side[2] == b"pt" else 1)) for side in sides)
        box = re.search(rb'viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"', found[0])
        if box:
            return round(float(box[1])), round(float(box[2]))
    return None


def attribute(tag, name):
    """Return the value of an attribute in the text of an HTML tag, written with quotes of either kind or without; None
    if the tag does not have the attribute."""
    found = re.search(rf"""\s{name}\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", tag)
    return found and next(value for value in found.groups() if value is not None)


def smallest_letters(picture, width):
    """Return the size, in CSS pixels on a phone, of the smallest text in an SVG of Matplotlib; None if it has none.

    width: of the picture in CSS pixels. Matplotlib draws text as outlines of 100 units, each scaled to its size in points.
    """
    scales = re.findall(rb"scale\((0?\.\d+) -0?\.\d+\)", picture.read_bytes()) if picture.suffix == ".svg" else []
    return min(map(float, scales)) * 100 * 4 / 3 * min(1, PHONE / width) if scales else None


def pictures(body, find, complain):
    """Give each <img> its size, so that the text does not move when the picture arrives. Let the browser load every
    picture but the first only when the reader comes near it.

    find(src) returns the Path of the picture, or None; complain(sentence) is called for a picture without a file name
    or alt text, and for one whose text is too small on a phone.
    """
    seen = 0

    def finish(match):
        nonlocal seen
        tag = match[0]
        source, alt = attribute(tag, "src"), attribute(tag, "alt") or ""
        if not source:
            complain(f"a picture names no file: {tag[:80]}")
            return tag
        if not alt.strip() or re.fullmatch(r"\S+\.(png|svg|jpe?g|gif|webp)", alt.strip()):
            complain(f"the picture {source} has no alt text: say what it shows (mystnb: image: alt:)")
        seen += 1
        extra = ""
        file = find(source)
        size = file and file.exists() and size_of(file)
        letters = smallest_letters(file, size[0]) if size else None
        if letters and letters < LETTERS:
            complain(
                f"the picture {source} ({alt[:40]} …) has text of {letters:.1f} px on a phone, less than {LETTERS}: "
                "make the figure narrower, at most 5.2 inches, with its panels one below the other"
            )
        style = re.search(r'\s*style="width: (\d+)px; height: (\d+)px;?"', tag)
        if style:  # turn the style into attributes: they only fix the proportions, so the picture can shrink
            tag, size = tag.replace(style[0], ""), style.groups()
        if size and " width=" not in tag and "style=" not in tag:
            extra += f' width="{size[0]}" height="{size[1]}"'
        if " loading=" not in tag and seen > 1:
            extra += ' loading="lazy"'
        return re.sub(r"\s*/?>$", f'{extra} decoding="async">', tag)

    return re.sub(r"<img\b[^>]*>", finish, body)


# in pixels: the width of a letter in a table, and the padding of a table cell
LETTER, PADDING = 8.3, 26


def plain(html):
    """Return the text of a piece of HTML, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())


def needs(cell):
    """Return the least width of a table cell in pixels: the width of its longest word, formula or piece of code, as
    these do not break."""
    whole = re.sub(r"<(code|math)\b.*?</\1>", lambda m: "x" * len(plain(m[0])), cell, flags=re.DOTALL)
    return LETTER * max(map(len, plain(whole).split()), default=0) + PADDING


def cards(table):
    """Prepare a table that is too wide for a phone: write the name of the column into each cell. On a small screen,
    book.css then shows each row as a card.

    A table without a header, or with a cell that spans several rows or columns, stays as it is.
    """
    rows = [
        re.findall(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        for row in re.findall(r"<tr\b.*?</tr>", table, re.DOTALL)
    ]
    head, body = re.search(r"<thead>.*?</thead>", table, re.DOTALL), table.partition("</thead>")[2]
    regular = head and head[0].count("<tr") == 1 and "span=" not in table and len({len(row) for row in rows}) == 1
    if not regular or sum(max(map(needs, column)) for column in zip(*rows)) <= PHONE:
        return table
    names = [plain(cell) for cell in rows[0]]

    def label(row):
        left = iter(names)
        return re.sub(r"<(t[hd])\b([^>]*)>", lambda m: f'<{m[1]}{m[2]} data-name="{escape(next(left))}">', row[0])

    labelled = re.sub(r"<tr\b.*?</tr>", label, body, flags=re.DOTALL)
    return re.sub(r"<table\b", "<table data-cards", table[: -len(body)], count=1) + labelled


def tables(body):
    """Put each table into a box that scrolls, after `cards` has prepared the table for phones.

    Also turn empty header cells into plain cells, and give a text to header cells that hold only a formula.
    """
    body = re.sub(r"<table\b.*?</table>", lambda m: cards(m[0]), body, flags=re.DOTALL)
    body = re.sub(r"<th\b([^>]*)>\s*(?:<p>\s*</p>)?\s*</th>", r"<td\1></td>", body)

    def name(cell):  # axe and some screen readers do not read MathML as the text of a header
        said = re.sub(r"<[^>]*>", "", cell[2])
        silent = cell[2].replace("<math", '<math aria-hidden="true"', 1)
        return f'<th{cell[1]}><span class="unseen">{said}</span>{silent}</th>'

    body = re.sub(r"<th\b([^>]*)>((?:<p>)?<math\b(?:(?!</t).)*</math>(?:</p>)?)</th>", name, body, flags=re.DOTALL)
    body = re.sub(r"<table\b", '<div class="scrolls table"><table', body)
    return body.replace("</table>", "</table></div>")


def unbroken(body):
    """Keep a comma on the line of the formula before it, the dot of a fact on the line of its number, and a power of
    ten on the line of its number."""

    def keep(match):
        if len(re.sub(r"<[^>]*>|\s", "", match[1])) <= 12:
            return f'<span class="unbroken">{match[0]}</span>'
        # A long formula may break. Then it takes the whole width, and only what is inside it stays on its last line.
        return re.sub(r"((?:</mrow>)?</math>)$", rf"<mtext>{match[2]}</mtext>\1", match[1])

    body = re.sub(r"(<math\b(?:(?!</?math\b).)*</math>)([.,;:!?)”’]+)", keep, body, flags=re.DOTALL)
    body = re.sub(r'\s+(?=<span class="fact")', "\u00a0", body)
    # mark words of code that are too long for a line on a phone: in the text, book.css lets no other word of code break
    body = re.sub(r'(<span class="pre)(">[^<]{29,}<)', r"\1 long\2", body)
    return re.sub(r"(\d) · (10[⁻⁰¹²³⁴-⁹])", "\\1\u00a0·\u00a0\\2", body)


def closing(body, start, tag="div"):
    """Return the index in `body` just after the closing tag of the element that opens at `start`."""
    depth = 0
    for found in re.finditer(rf"<(/?){tag}\b", body[start:]):
        depth += -1 if found[1] else 1
        if depth == 0:
            return start + body.index(">", start + found.start()) - start + 1
    raise ValueError(f"<{tag}> is never closed")


def proofs(body):
    """Give each proof a title element, so that `folds` can fold it. Remove its id, because sphinx-proof gives all
    proofs the same id."""
    body = re.sub(r' id="proof(?:-content)?"', "", body)
    return re.sub(
        r'(<div class="proof(?: dropdown)? admonition">\s*)<p>Proof\. ',
        r'\1<p class="admonition-title">Proof</p>\n<p>',
        body,
    )


def folds(body):
    """Turn an admonition or a proof with `:class: dropdown` into <details>, which opens without JavaScript and is
    printed open. With `:class: dropdown open` it is open on the screen too, until the reader closes it.

    sphinx-togglebutton needs a script for this, hides the text from readers without JavaScript, and makes buttons
    without a name (https://github.com/pydata/pydata-sphinx-theme/issues/1934).
    """
    opening = re.compile(
        r'<div class="([^"]*\bdropdown\b[^"]*)"([^>]*)>\s*<p class="admonition-title"([^>]*)>(.*?)</p>', re.DOTALL
    )
    found = opening.search(body)
    while found:
        end = closing(body, found.start())
        classes = " ".join(c for c in found[1].split() if c not in ("dropdown", "open"))
        opened = " open" if "open" in found[1].split() else ""
        inside = body[found.end() : end].rsplit("</div>", 1)[0]
        fold = f'<details class="{classes}"{found[2]}{opened}><summary class="admonition-title"{found[3]}>{found[4]}</summary>{inside}</details>'
        body = body[: found.start()] + fold + body[end:]
        found = opening.search(body)
    return body


def optional(body):
    """Fold each section named "... (optional)" below its heading, unless it holds a demo or an exercise.

    Sections on the pages of solutions do not fold: their ids are names of functions, without "-optional".
    """
    heading = re.compile(
        r'<section id="[^"]*-optional\b[^"]*">\s*(?:<span id="[^"]*"></span>)*<h([23])>(?:(?!</h\1>).)*\(optional\)(?:(?!</h\1>).)*</h\1>',
        re.DOTALL,
    )
    found = heading.search(body)
    while found:
        end = closing(body, found.start(), "section") - len("</section>")
        inside = body[found.end() : end]
        if not re.search(r'<gdc-demo|class="[^"]*\bexercise\b', inside):
            fold = f'<details class="hide optional"><summary>Optional: open this part, or read on below</summary>{inside}</details>'
            body = body[: found.end()] + fold + body[end:]
        found = heading.search(body, found.end())
    return body


def code(body):
    """Label folded code in plain words, and remove the elements around tokens that look like the rest of the code."""
    # myst-nb makes folded code an admonition with two titles, and its label is the same for every cell
    # (github.com/executablebooks/MyST-NB, myst_nb/sphinx_.py, class HideCodeCellNode)
    body = re.sub(
        r'<details class="admonition hide ([^"]*)">\s*<summary[^>]*>\s*<p[^>]*>(.*?)</p>.*?</summary>',
        r'<details class="hide \1"><summary>\2</summary>',
        body,
        flags=re.DOTALL,
    )
    return re.sub(r'<span class="(?:n|p|o|w|nn|vm|ne)">([^<]*)</span>', r"\1", body).replace(
        "<pre><span></span>", "<pre>"
    )


def roles(body):
    """Remove the ARIA roles that docutils gives to the bibliography: the ARIA specification no longer has them, and axe
    reports them."""
    return re.sub(
        r'<div role="list" class="citation-list">|<div class="citation"[^>]*>',
        lambda m: re.sub(r' role="[^"]*"', "", m[0]),
        body,
    )


def dollars(app, doctree):
    """Warn of `$$…$$` within a sentence. The parser reads it as `$…$` between two dollar signs, and the page would show
    these signs."""
    for formula in doctree.findall(nodes.math):
        line, place = formula.parent, formula.parent.index(formula)
        before, after = line[:place], line[place + 1 :]
        if before and after and before[-1].astext().endswith("$") and after[0].astext().startswith("$"):
            logger.warning(
                f"`$$` within a sentence: write `${formula.astext()}$`, or put the formula on lines of its own",
                location=formula,
                type="formula",
            )


def polish(app, pagename, templatename, context, doctree):
    body = context.get("body")
    if not body:
        return
    sources = {name: Path(app.srcdir, source) for source, name in app.builder.images.items()}

    def find(source):
        return sources.get(source.rsplit("/", 1)[-1])

    def complain(sentence):
        logger.warning(sentence, location=pagename, type="picture")

    context["body"] = unbroken(roles(code(optional(folds(proofs(tables(pictures(body, find, complain))))))))


def setup(app):
    app.connect("doctree-read", dollars)
    app.connect("html-page-context", polish)
