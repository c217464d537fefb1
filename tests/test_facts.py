"""Facts: each number recomputed, each quoted with these digits, each to be found from its page and back."""

import math
from pathlib import Path

import pytest

from website.content import facts
from website.content.facts import says, stands_in
from website.content.pages import pages

ROOT = Path(__file__).parents[1]
FACTS = dict(facts.load(ROOT / "facts"))
PAGES = {name: page for name, page in pages(ROOT).items() if page.facts}


# One test for all that needs the numbers of a fact: under several workers each fact is computed once.
@pytest.mark.parametrize(
    "id", [pytest.param(id, marks=[pytest.mark.patient] if fact.patient else []) for id, fact in FACTS.items()]
)
def test_a_fact_holds_and_the_pages_that_cite_it_say_its_numbers(id):
    quoted = [said.text for said in FACTS[id].said if said.quoted]  # computing them runs the assertions inside
    citing = {name: page for name, page in PAGES.items() if id in page.facts}
    assert citing, f"no page cites {id}; write {{fact}}`{id}` beside the number"
    text = "\n".join("\n".join(page.prose + page.printed + page.alt_texts) for page in citing.values())
    missing = [number for number in quoted if not stands_in(number, text)]
    assert not missing, f"{id} says {missing}, but no page that cites it does (or say it with quoted=False)"
    for name, page in citing.items():
        for cell in page.prose:
            if quoted and f"{{fact}}`{id}`" in cell:
                assert any(stands_in(number, cell) for number in quoted), (
                    f"{name} cites {id} where none of its numbers stands: {quoted}\n{cell}"
                )


@pytest.mark.parametrize("name", PAGES)
def test_a_page_cites_only_facts_that_a_test_recomputes(name):
    assert set(PAGES[name].facts) <= set(FACTS)


def test_the_index_lists_the_facts():
    assert "{facts}" in (ROOT / "chapters" / "facts.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "value, text",
    [
        (math.pi, "3.142"),
        (69.4439, "69.44"),
        (-7.0, "-7"),
        (-7.0, "−7"),
        (3684, "3,684"),
        (3684, "3684"),
        (9.6e-7, "1e-6"),
        (0.64, "64%"),
        (0.3439, "34.39 %"),
        (5.237e7, "5.24e7"),
        (9.12e79, "9e79"),
        (2 / 3, "2/3"),
        (0.0, "0"),
        (40, "40"),
        ("inf", "inf"),
        (0.5, "0.50"),
    ],
)
def test_says_accepts_a_number_rounded_as_written(value, text):
    says(value, text)


@pytest.mark.parametrize(
    "value, text",
    [
        (math.pi, "3.141"),
        (69.4439, "69.45"),
        (7.0, "-7"),
        (3684, "3685"),
        (1.6e-6, "1e-6"),
        (0.64, "0.64%"),
        (0.64, "63%"),
        (5.23e7, "5.24e7"),
        (0.6667, "2/3"),
        (math.nan, "0"),
        (math.inf, "9e79"),
        ("never", "inf"),
    ],
)
def test_says_refuses_other_digits(value, text):
    with pytest.raises(AssertionError):
        says(value, text)


def test_says_refuses_what_is_no_number():
    with pytest.raises(ValueError, match="write a number"):
        says(1.0, "about one")


@pytest.mark.parametrize(
    "text, prose",
    [
        ("3.481", "we stand at 3.481."),
        ("3684", "it takes 3,684 steps"),
        ("5.24e7", r"about $5.24 \cdot 10^{7}$"),
        ("5.24e7", "5.24 · 10⁷"),
        ("1e-6", "$10^{-6}$"),
        ("1e-6", "below 1e-06"),
        ("1e-6", "10⁻⁶"),
        ("-7", "from 5 to −7 and back"),
        ("-7", "$-7$"),
        ("64%", r"$64\,\%$"),
        ("64%", "64 percent"),
        ("10", "10x the step"),
        ("8", "8–10"),
        ("1/3", "the rate 1/3"),
    ],
)
def test_a_number_is_found_in_prose(text, prose):
    assert stands_in(text, prose)


@pytest.mark.parametrize(
    "text, prose",
    [
        ("3.48", "3.481"),
        ("3.1", "{fact}`F3.1`"),
        ("481", "3.481"),
        ("3", "w-3"),
        ("7", "−7"),
        ("-7", "7"),
        ("1.5", "1.5e3"),
        ("40", "40 %"),
        ("40", "400"),
    ],
)
def test_another_number_is_not_taken_for_it(text, prose):
    assert not stands_in(text, prose)


def test_a_fact_is_registered_once_and_well_named(monkeypatch):
    monkeypatch.setattr(facts, "registry", {})

    @facts.fact("F0.1", "a test")
    def one():
        says(1, "1")
        says(2, "2", quoted=False)

    assert facts.registry["F0.1"].said == (facts.Said("1", True), facts.Said("2", False))
    assert facts.registry["F0.1"].chapter == "test_facts"
    for id in "F0.1", "3.1":
        with pytest.raises(ValueError, match="fact"):
            facts.fact(id, "again")
