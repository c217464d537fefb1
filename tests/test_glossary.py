"""The glossary: each term once, in order, in one plain sentence, with a link to the section that explains it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "chapters" / "glossary.md").read_text(encoding="utf-8")
TERMS = dict(re.findall(r"^## (.+)\n\n((?:.+\n)+)", PAGE + "\n", re.MULTILINE))


def slug(term):
    """Return the anchor that the book gives the heading of a term."""
    return re.sub(r"[^\w\- ]", "", term.lower()).replace(" ", "-")


def test_the_terms_stand_in_order_and_once():
    headings = re.findall(r"^## (.+)$", PAGE, re.MULTILINE)
    assert len(headings) >= 60
    assert headings == sorted(set(headings), key=str.lower)
    assert headings == list(TERMS), "under each heading a paragraph"


def test_each_letter_leads_to_its_first_term():
    first = {}
    for term in TERMS:
        first.setdefault(term[0].upper(), f"#{slug(term)}")
    bar = re.search(r"^\{\.letters\}\n(.+)$", PAGE, re.MULTILINE)[1]
    assert re.findall(r"\[(\w)\]\(([^)]+)\)", bar) == list(first.items())


@pytest.mark.parametrize("term", TERMS)
def test_a_term_is_a_sentence_perhaps_other_names_and_a_link(term):
    lines = TERMS[term].splitlines()
    sentence, link = lines[0], lines[-1]
    assert re.match(r"[A-Z∇]", sentence) and sentence.endswith("."), "a sentence"
    assert not re.search(r"[.!?] [A-Z]", sentence), "one sentence"
    assert len(sentence.split()) <= 50, "a plain one"
    assert re.fullmatch(r"See \[[^\]]+\]\(\w+\.(ipynb|md)(#[\w-]+)?\)\.", link), "where it is explained"
    assert all(line.startswith("Also called: ") and line.endswith(".") for line in lines[1:-1])


def test_pages_lead_to_terms_that_are_there():
    """The strict build says so too; here it is said at once, and with the page's name."""
    slugs = set(map(slug, TERMS))
    wrong = [
        f"{path.name}: {name}"
        for path in [*ROOT.glob("chapters/*.ipynb"), *ROOT.glob("chapters/*.md")]
        for name in re.findall(r"\(glossary\.md#([^)]+)\)", path.read_text(encoding="utf-8"))
        if name not in slugs
    ]
    assert not wrong
