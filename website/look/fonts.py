"""Reduce the two fonts of the site to the characters that a course on mathematics needs. The results are committed
beside their licences.

A browser draws a missing character with another font; `tests/test_fonts.py` names the characters that are missing. To
reduce the fonts again (because a font has a new version, or a character is to be added):

    npm pack @fontsource/stix-two-math @fontsource-variable/source-serif-4      # and unpack the two .woff2 files
    python -m website.look.fonts source-serif-4-latin-wght-normal.woff2 stix-two-math-latin-400-normal.woff2
"""

import html
import io
import re
import sys
from pathlib import Path

VENDOR = Path(__file__).parent / "vendor"
CUT = {"text": VENDOR / "source-serif-4/text.woff2", "math": VENDOR / "stix-two-math/math.woff2"}
ASCII = "".join(map(chr, range(0x20, 0x7F)))
SIGNS = "−×·…‘’“”–—↑↓′″"


def slanted(character):
    """Return the italic form of a letter, or "" if Unicode has none. Browsers need it: they draw the w of <mi>w</mi> as
    𝑤."""
    if character == "h":
        return "ℎ"  # Unicode has no h among its italic letters, because it already had ℎ
    for first, last, start in (("A", "Z", 0x1D434), ("a", "z", 0x1D44E), ("Α", "Ω", 0x1D6E2), ("α", "ω", 0x1D6FC)):
        if first <= character <= last:
            return chr(start + ord(character) - ord(first))
    return {"∂": "\U0001d715", "ϵ": "\U0001d716", "ϕ": "\U0001d719"}.get(character, "")


LATIN = "©°±²³·¹½×éèêëáàâäåçíîïñóòôöøúùûüýßÄÉÖØÜ"
UPRIGHT = "ΓΔΘΛΞΠΣΦΨΩαβγδεζηθικλμνξοπρςστυφχψωϵϕ∂" + "".join(c for c in ASCII if c.isalpha())
OPERATORS = "←→≤≥≈±‴°¬ˆ˜‖′″‴⁡ℓℝ𝔼∇∈∉∏∑−∗∘√∞∫≠≡≪≫∣∥⊤⊥⊙⋅⋮⋯⋱⌈⌉⌊⌋⟨⟩⟹⇒⇔⏞⏟̂"
# The characters of each font. The font for formulas also draws the Greek letters and signs in the text.
CHARACTERS = {
    "text": "".join(sorted(set(ASCII + SIGNS + LATIN))),
    "math": "".join(sorted(set(ASCII + SIGNS + UPRIGHT + OPERATORS).union(map(slanted, UPRIGHT)))),
}


def cut(font, characters, features, weights=None):
    """Return a woff2 font with only these characters, as bytes. features: the OpenType features to keep; weights: the
    (lowest, usual, highest) weight to keep of a variable font."""
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    options = subset.Options(layout_features=features, hinting=False, name_IDs=[], notdef_outline=True)
    cutter = subset.Subsetter(options)
    loaded = TTFont(io.BytesIO(font.read_bytes()))
    cutter.populate(text=characters)
    cutter.subset(loaded)
    if weights:  # save and load the font, because the instancer needs tables that the subsetter makes on saving
        plain = io.BytesIO()
        loaded.flavor = None
        loaded.save(plain)
        loaded = instancer.instantiateVariableFont(TTFont(plain), {"wght": weights})
    loaded.flavor = "woff2"
    out = io.BytesIO()
    loaded.save(out)
    return out.getvalue()


def in_formulas(page):
    """Return the set of characters that a browser draws for the formulas in a page of HTML."""
    drawn = set()
    for formula in re.findall(r"<math.*?</math>", page, re.DOTALL):
        letters = set(html.unescape(re.sub(r"<[^>]*>", "", formula)))
        drawn |= letters | {slanted(letter) for letter in letters}
        if "<msqrt" in formula or "<mroot" in formula:
            # the browser draws a root sign from the font, though the text of the formula does not contain one
            drawn.add("√")
    return drawn - {""}


def main(text, math):
    # OpenType features, among them ssty: smaller shapes for exponents; dtls: i without its dot under a hat; ss04:
    # primes
    features = ["ssty", "dtls", "flac", "ss01", "ss04", "ccmp", "mark"]
    CUT["math"].write_bytes(cut(Path(math), CHARACTERS["math"], features))
    features = ["kern", "liga", "ccmp", "mark", "lnum", "tnum"]
    CUT["text"].write_bytes(cut(Path(text), CHARACTERS["text"], features, (400, 400, 700)))
    for name, path in CUT.items():
        print(f"{name}: {path.stat().st_size} bytes; put its new SHA-256 into vendor/manifest.toml")


if __name__ == "__main__":
    main(*sys.argv[1:])
