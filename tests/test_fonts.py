"""The fonts hold what the pages show, also what stands in no text."""

import pytest
from fontTools.ttLib import TTFont

from website.look import fonts

TYPED = set(
    map(chr, range(0x1D670, 0x1D6A4))
)  # letters of code in a formula: a browser draws them in a font of its own


@pytest.mark.parametrize(("name", "most"), [("text", 26_000), ("math", 31_000)])
def test_a_font_holds_its_characters_and_little_else(name, most):
    path = fonts.CUT[name]
    assert path.stat().st_size < most, "every page waits for it"
    font = TTFont(path)
    there = set(font.getBestCmap())
    assert {ord(c) for c in fonts.CHARACTERS[name]} <= there
    if name == "math":
        assert "MATH" in font and ord("𝑤") in there and ord("∑") in there
    else:
        assert (font["fvar"].axes[0].minValue, font["fvar"].axes[0].maxValue) == (400, 700)


def test_what_a_formula_draws():
    page = "<p>é</p><math><mi>w</mi><mo>∇</mo><mi>h</mi><msqrt><mn>2</mn></msqrt></math>"
    assert fonts.in_formulas(page) == {"w", "𝑤", "∇", "h", "ℎ", "√", "2"}


def test_every_formula_of_the_book_is_drawn_in_its_font(site):
    """A new sign in a formula: add it to OPERATORS in website/look/fonts.py and cut the fonts again."""
    for page in site.rglob("*.html"):
        if not {"_static", "lite"} & set(page.relative_to(site).parts):
            lacks = (
                fonts.in_formulas(page.read_text(encoding="utf-8")) - set(fonts.CHARACTERS["math"]) - {"\xa0"} - TYPED
            )
            assert not lacks, f"{page.name}: {sorted(lacks)}"
