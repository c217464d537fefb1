"""The fonts hold what the pages show, also what stands in no text."""

from website.look.fonts import characters


def test_a_root_brings_its_sign():
    page = "<p>the root <math><msqrt><mn>2</mn></msqrt></math></p>"
    assert "√" in characters([page])[1]
    assert "√" not in characters([page.replace("msqrt", "mrow")])[1]
