"""Exercises, quiz and solutions on the built site: seen, folded, reached by keyboard, and no solution where it must not be."""

import html
import json
import re

import pytest

from gdcourse.exercises import author

WITH_EXERCISES = [c for c in author.chapters() if (author.course_folder() / f"chapters/solutions/{c}.md").is_file()]


@pytest.mark.parametrize("chapter", WITH_EXERCISES)
def test_a_chapter_shows_its_exercises_and_its_quiz(page, chapter):
    page.goto(f"chapters/{chapter}.html")
    ids = author.ids_of(chapter)
    for part in ("starter", "check"):
        assert page.locator(f".tag_exercise-{part}").count() == len(ids)
    verdicts = page.locator(".gdcourse-verdict")
    assert verdicts.count() == len(ids)
    for i, id in enumerate(ids):
        assert page.get_by_role("heading", name=f"Exercise: {author.load(id).title}").count() == 1
        assert verdicts.nth(i).get_attribute("role") == "status"
        assert "Not yet" in verdicts.nth(i).inner_text() and id in verdicts.nth(i).inner_text()
    assert page.locator(".quiz fieldset").count() >= 3


def test_from_a_chapter_to_its_solutions_by_keyboard(page):
    page.goto("chapters/update_rule.html")
    page.get_by_role("link", name="the page of solutions").first.click()
    page.wait_for_url("**/solutions/update_rule.html")
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
