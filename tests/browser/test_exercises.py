"""Exercises, quiz and solutions on the built site: seen, folded, reached by keyboard, and no solution where it must not be."""

import html
import json
import re

import pytest

from gdcourse.exercises import author

WITH_EXERCISES = [c for c in author.chapters() if (author.course_folder() / f"chapters/solutions/{c}.md").is_file()]


@pytest.mark.parametrize("chapter", WITH_EXERCISES)
def test_a_chapter_shows_each_exercise_as_one_card_and_its_quiz(page, site, chapter):
    if not (site / "python").is_dir():
        pytest.skip("built without Python for the pages: exercises are done in the notebook")
    page.goto(f"chapters/{chapter}.html")
    ids = author.ids_of(chapter)
    assert page.locator(".exercise").count() == len(ids)
    for place, id in enumerate(ids, 1):
        card = page.locator(".exercise").nth(place - 1)
        heading = card.get_by_role(
            "heading", name=re.compile(rf"^Exercise \d+\.{place} {re.escape(author.load(id).title)}")
        )
        assert heading.count() == 1
        assert card.locator(".tag_exercise-starter").count() == card.locator(".tag_exercise-check").count() == 1
        # what belongs to a notebook is not said here
        said = card.inner_text()
        assert "Stuck?" not in said
        assert author.load(id).boards or not re.search(r"Not yet|check\(|hint\(|solution\(", said)
    assert page.locator(".quiz fieldset").count() >= 3
    assert "quiz(" not in page.locator("section:has(> .cell .quiz), section:has(> .quiz)").first.inner_text()


def test_a_notebook_keeps_what_the_page_leaves_out(site):
    cells = json.loads((site / "_sources/chapters/update_rule.ipynb").read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells)
    assert all(
        words in text for words in ("Stuck? `hint(", 'check("update_rule/gd_step", gd_step)', 'quiz("update_rule")')
    )


def test_from_a_chapter_to_its_solutions_by_keyboard_and_without_scripts(new_page):
    page = new_page(java_script_enabled=False)
    page.goto("chapters/update_rule.html")
    page.locator(".exercise").first.get_by_role("link", name="Solution").press("Enter")
    page.wait_for_url("**/solutions/update_rule.html#gd-step")
    folds = page.locator("details.admonition")
    assert folds.count() == 3 * len(author.ids_of("update_rule"))
    assert page.locator("details[open]").count() == 0
    folds.first.locator("summary").focus()
    page.keyboard.press("Enter")
    assert page.locator("details[open]").count() == 1
    assert folds.first.locator("pre").first.is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_of_solutions_fits_a_phone(new_page, scheme):
    page = new_page(viewport={"width": 390, "height": 800}, color_scheme=scheme)
    page.goto("chapters/solutions/update_rule.html")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def words(text):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", "", text)))


@pytest.mark.parametrize("chapter", WITH_EXERCISES)
def test_solutions_stand_on_their_page_and_nowhere_else(site, chapter):
    exercises = [author.load(id) for id in author.ids_of(chapter)]
    solutions = [words(e.source(e.solution).replace("<", "&lt;")) for e in exercises]
    # cards are judged on the page, without a kernel: their replies have to be there
    mistakes = [
        words(e.feedback(code).replace("`", "").replace("*", ""))[:60]
        for e in exercises
        if not e.boards
        for code in e.wrongs
    ]
    transcript = words((site / "chapters/exercises.html").read_text(encoding="utf-8")).replace("`", "")
    mistakes = [said for said in mistakes if said not in transcript]
    assert len(mistakes) > 10
    page = (site / f"chapters/solutions/{chapter}.html").read_text(encoding="utf-8")
    assert re.search(r'<meta [^>]*content="noindex"[^>]*name="robots"', page)
    assert all(solution in words(page) for solution in solutions)
    elsewhere = [
        site / f"chapters/{chapter}.html",
        *site.glob(f"_sources/chapters/**/{chapter}.*"),
        site / "searchindex.js",
    ]
    assert len(elsewhere) >= 3
    for path in elsewhere:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".ipynb":
            text = "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
        found = words(text) if path.suffix == ".html" else re.sub(r"\s+", " ", text)
        assert not [part for part in solutions + mistakes if part in found], path
