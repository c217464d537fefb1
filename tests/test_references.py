"""References: every citation resolves, every entry can be found again by a well-formed identifier."""

import re
from pathlib import Path

import pytest

from website.content.pages import pages

ROOT = Path(__file__).parents[1]
DOI = re.compile(r"10\.\d{4,9}/[^\s{}]+")
ARXIV = re.compile(r"\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?/\d{7}")
URL = re.compile(r"https://[^\s{}]+")


def entries():
    """The entries of references.bib: key -> {field: value}."""
    text = (ROOT / "references.bib").read_text(encoding="utf-8")
    found = {}
    for kind, key, body in re.findall(r"^@(\w+)\{([^,\s]+),\n(.*?)^\}", text, flags=re.MULTILINE | re.DOTALL):
        assert key not in found, f"{key} stands twice in references.bib"
        found[key] = {
            name.lower(): value for name, value in re.findall(r"^\s*(\w+)\s*=\s*\{(.*?)\},?$", body, flags=re.MULTILINE)
        }
        found[key]["kind"] = kind.lower()
    assert len(found) == text.count("\n@") + text.startswith("@"), (
        "an entry of references.bib is not in the house format"
    )
    return found


ENTRIES = entries()


def isbn_is_valid(isbn):
    digits = isbn.replace("-", "")
    return (
        len(digits) == 13
        and digits.isdigit()
        and sum(int(d) * (1 + 2 * (i % 2)) for i, d in enumerate(digits)) % 10 == 0
    )


@pytest.mark.parametrize("key", ENTRIES)
def test_entry(key):
    entry = ENTRIES[key]
    assert re.fullmatch(r"[a-z]+\d{4}[a-z]+", key), "keys are name, year, word: kingma2015adam"
    assert entry.get("title") and entry.get("author", entry.get("editor")) and re.fullmatch(r"\d{4}", entry["year"])
    assert entry["year"] in key
    identifiers = {"doi": DOI, "eprint": ARXIV, "url": URL}
    assert {"doi", "eprint", "isbn", "url"} & set(entry), "a reference needs a doi, an arXiv eprint, an isbn or a url"
    for name, form in identifiers.items():
        assert name not in entry or form.fullmatch(entry[name]), f"{name} = {entry[name]}"
    assert "isbn" not in entry or isbn_is_valid(entry["isbn"])
    assert "eprint" not in entry or entry.get("archiveprefix", entry.get("eprinttype", "")).lower() == "arxiv"


@pytest.mark.parametrize("name, page", pages(ROOT).items(), ids=lambda value: value if isinstance(value, str) else "")
def test_every_citation_resolves(name, page):
    missing = set(page.references) - set(ENTRIES)
    assert not missing, f"{name} cites {missing}, which references.bib does not have"


def test_an_isbn_with_a_wrong_digit_is_noticed():
    assert isbn_is_valid("978-0-262-03561-3") and not isbn_is_valid("978-0-262-03561-4")
