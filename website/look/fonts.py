"""The two fonts of the site, cut to the characters the book uses: about 40 kB instead of 450."""

import hashlib
import html
import io
import re
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

VENDOR = Path(__file__).parent / "vendor"
TEXT = VENDOR / "source-serif-4/source-serif-4-latin-wght-normal.woff2"
MATH = VENDOR / "stix-two-math/stix-two-math-latin-400-normal.woff2"
# what scripts and later edits may write although no page holds it now: cheap, and it keeps the cut stable
ALWAYS = "".join(map(chr, range(0x20, 0x7F))) + "−×·…‘’“”–—→←↓↑≤≥≈±∞"


def slanted(character):
    """The mathematical italic of a letter: browsers draw the w of <mi>w</mi> with the glyph of 𝑤."""
    if character == "h":
        return "ℎ"  # its place among the italics is empty in Unicode
    for first, last, start in (("A", "Z", 0x1D434), ("a", "z", 0x1D44E), ("Α", "Ω", 0x1D6E2), ("α", "ω", 0x1D6FC)):
        if first <= character <= last:
            return chr(start + ord(character) - ord(first))
    return {"∂": "\U0001d715", "ϵ": "\U0001d716", "ϕ": "\U0001d719"}.get(character, "")


def characters(pages):
    """(in text, in formulas): the characters of some pages of HTML, as sorted strings."""
    text, formulas = set(ALWAYS), set(ALWAYS)
    for page in pages:
        for formula in re.findall(r"<math.*?</math>", page, re.DOTALL):
            formulas |= set(html.unescape(re.sub(r"<[^>]*>", "", formula)))
            if "<msqrt" in formula or "<mroot" in formula:
                formulas.add("√")  # the browser draws it from the font, though it stands in no text
        text |= set(html.unescape(page))
    # Greek letters and signs in running text come from the formula font too: the text font has none
    formulas |= {c for c in text if "Α" <= c <= "ω" or "←" <= c <= "⋿"}
    formulas |= {slanted(c) for c in formulas}
    return "".join(sorted(text)), "".join(sorted(formulas))


def cut(font, text, features, weights=None):
    """The bytes of a woff2 holding only what `text` needs; `weights`: (lowest, usual, highest) to keep."""
    options = subset.Options(layout_features=features, hinting=False, name_IDs=[], notdef_outline=True)
    cutter = subset.Subsetter(options)
    loaded = TTFont(io.BytesIO(font.read_bytes()))
    cutter.populate(text=text)
    cutter.subset(loaded)
    if weights:  # through bytes: the instancer wants tables that the subsetter has finished with
        plain = io.BytesIO()
        loaded.flavor = None
        loaded.save(plain)
        loaded = instancer.instantiateVariableFont(TTFont(plain), {"wght": weights})
    loaded.flavor = "woff2"
    out = io.BytesIO()
    loaded.save(out)
    return out.getvalue()


def write(folder, cache, pages):
    """Write text.woff2 and math.woff2 into `folder`. A cut takes a second, so it is kept in `cache` by its contents."""
    text, formulas = characters(pages)
    wanted = (
        ("text.woff2", TEXT, text, ["kern", "liga", "ccmp", "mark", "lnum", "tnum"], (400, 400, 700)),
        # ssty: the smaller shapes of exponents; dtls: i without its dot under a hat; ss04: primes
        ("math.woff2", MATH, formulas, ["ssty", "dtls", "flac", "ss01", "ss04", "ccmp", "mark"], None),
    )
    cache.mkdir(parents=True, exist_ok=True)
    for name, font, needed, features, weights in wanted:
        key = hashlib.sha256(repr((Path(__file__).read_bytes(), font.name, needed)).encode()).hexdigest()[:20]
        kept = cache / f"{key}.woff2"
        if not kept.exists():
            kept.write_bytes(cut(font, needed, features, weights))
        (folder / name).write_bytes(kept.read_bytes())
