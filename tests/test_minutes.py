"""How long a chapter takes: one rule, computed, for its page and for teachers."""

from pathlib import Path

import pytest

from gdcourse.exercises import author
from website.content import minutes, pages

ROOT = Path(__file__).resolve().parents[1]
CHAPTERS = pages.chapters(ROOT)


def test_every_exercise_says_how_long_it_takes():
    assert [id for id in author.all_ids() if not 2 <= author.load(id).minutes <= 60] == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Two plain words here.", 4),
        ("The step $w - \\eta g$ is short {fact}`F1.2` {cite}`ruder2016`.", 5),
        ("$$\n f(w) = w^2 \n$$\nThat is all.", 4),
        (":::{admonition} Predict\n:class: predict\nWill it fall?\n:::", 3),
        ("[the gradient](gradient.ipynb#x-y) and `lr * g`", 5),
        ("4,519 against 4.690", 3),
        ("<!-- exercise: a/b -->", 0),
    ],
)
def test_words_that_are_read(text, count):
    assert minutes.words(text) == count


def cell(kind, source, **metadata):
    return {"cell_type": kind, "source": source, "metadata": metadata}


@pytest.mark.parametrize(
    ("one", "took"),
    [
        (cell("code", "x = 1"), minutes.CELL),
        (cell("code", "plt.plot()", tags=["hide-input"], mystnb={"image": {"alt": "a"}}), minutes.FOLDED + minutes.FIGURE),
        (cell("code", "from gdcourse.demos import Fog\n\nFog()", tags=["remove-input"]), minutes.DEMO),
        (cell("code", 'quiz("loss")'), 0),
        (cell("code", "def f(): ...", gdcourse={"exercise": "a/b", "part": "starter"}), 0),
        (cell("markdown", "word " * 240), 240 / minutes.WORDS_A_MINUTE),
        (cell("markdown", "$$\na\n$$\n$$\nb\n$$"), 2 * (minutes.FORMULA + 1 / minutes.WORDS_A_MINUTE)),
    ],
)  # fmt: skip
def test_a_cell_takes_its_time(one, took):
    assert minutes.cell_minutes(one) == pytest.approx(took)


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_parts_of_a_chapter_are_all_of_it(name):
    page = CHAPTERS[name]
    parts = minutes.parts(page)
    assert minutes.reading(page) == pytest.approx(sum(minutes.cell_minutes(one) for one in page.cells))
    assert [part.title for part in parts][:1] == [page.title] and parts[-1].title == "Summary"
    assert 20 <= minutes.reading(page) <= 120 and 20 <= minutes.exercises(name) <= 180
    assert max(part.minutes for part in parts) < 20, "a section that long is two"


def test_two_hours_for_the_third_chapter():
    """Fresh readers took about two hours; the page used to say 45 minutes."""
    whole = minutes.reading(CHAPTERS["update_rule"]) + minutes.exercises("update_rule")
    assert 100 <= whole <= 140


def test_the_built_page_says_it(site):
    for name, page in CHAPTERS.items():
        text = (site / f"chapters/{name}.html").read_text(encoding="utf-8")
        assert text.count(minutes.sentence(page)) == 1, name


def test_a_heading_in_the_middle_of_a_cell_begins_a_part():
    page = type(
        "Page", (), {"title": "T", "cells": [cell("markdown", "# T\n\nword word\n\n## One\n\nword\n\n## Two\n")]}
    )
    assert [part.title for part in minutes.parts(page)] == ["T", "One", "Two"]
