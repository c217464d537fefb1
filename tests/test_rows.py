"""What each page must cover, and where it does: `tests/rows/<page>.toml` maps every row and every objective to a target on the page.

A target is "kind: what", or a list of them: heading (exact), text (a literal phrase), code (a literal part of a visible cell), figure (part of an
alt text), exercise, quiz, demo, fact (their names).
"""

import re
import tomllib
from pathlib import Path

import pytest

from gdcourse.exercises.questions.quiz import read as read_quiz
from website.content.pages import chapters, pages

ROOT = Path(__file__).parents[1]
ROWS = ROOT / "tests" / "rows"
CHAPTERS = chapters(ROOT)
REQUIRED = tomllib.loads((ROWS / "required.toml").read_text(encoding="utf-8"))
COUNT, WAITING = REQUIRED.pop("count"), REQUIRED.pop("waiting")
PAGES = CHAPTERS | {
    page.name: page
    for page in pages(ROOT).values()
    if page.name in REQUIRED and page.path.suffix == ".md" and "solutions" not in page.path.parts
}


def table(chapter):
    return tomllib.loads((ROWS / f"{chapter}.toml").read_text(encoding="utf-8"))


def squeeze(text):
    return " ".join(text.split())


def questions(chapter):
    path = ROOT / "exercises" / chapter / "quiz.py"
    return [q.id for q in read_quiz(path)] if path.exists() else []


def covers(page, target):
    """Whether the target "kind: what" stands on the page."""
    kind, what = target.split(": ", 1)
    code = "\n".join(page.code)
    match kind:
        case "heading":
            return what in page.headings
        case "text":
            return squeeze(what) in squeeze("\n".join(page.prose))
        case "code":
            return what in code
        case "figure":
            return any(what in alt for alt in page.alt_texts)
        case "exercise":
            return (ROOT / "exercises" / page.name / f"{what}.py").exists() and f'check("{page.name}/{what}"' in code
        case "quiz":
            return what in questions(page.name) and f'quiz("{page.name}")' in code
        case "demo":
            return re.search(rf"\b{what}\(", code) is not None
        case "fact":
            return what in page.facts
    raise ValueError(f"{target!r}: no such kind of target")


def targets(entry):
    return [entry] if isinstance(entry, str) else entry


@pytest.mark.parametrize("name", PAGES)
def test_every_row_of_a_page_is_mapped(name):
    mapped = set(table(name)) - {"objectives"}
    required, also = (set(REQUIRED.get(name, {}).get(key, "").split()) for key in ("rows", "also"))
    assert required <= mapped <= required | also


@pytest.mark.parametrize("chapter", PAGES)
def test_every_target_is_on_the_page(chapter):
    page = PAGES[chapter]
    rows = table(chapter)
    objectives = rows.pop("objectives", {})
    lost = {
        row: target
        for row, entry in {**rows, **objectives}.items()
        for target in targets(entry)
        if not covers(page, target)
    }
    assert not lost, f"{chapter}: these disappeared from the page, or from the tests/rows table they should"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_objective_is_tested_by_an_exercise_or_a_question(chapter):
    """The bullets of the block "You will learn" are the keys of the table [objectives]."""
    bullets = CHAPTERS[chapter].objectives
    objectives = table(chapter)["objectives"]
    assert bullets and bullets == [squeeze(key) for key in objectives]
    for objective, entry in objectives.items():
        assert all(target.startswith(("exercise: ", "quiz: ")) for target in targets(entry)), objective


def test_a_table_belongs_to_a_page():
    assert {path.stem for path in ROWS.glob("*.toml")} == {"required", *PAGES}


def test_each_row_of_the_sources_has_one_home_or_waits_for_its_chapter():
    homes = [row for page in REQUIRED.values() for row in page["rows"].split()] + " ".join(WAITING.values()).split()
    every = [
        f"{source}{'' if source == 'W' else '-'}{number:02}"
        for source, last in COUNT.items()
        for number in range(1, last + 1)
    ]
    assert sorted(homes) == sorted(every)


def test_a_row_waits_only_for_a_chapter_that_is_not_there():
    assert not set(WAITING) & set(PAGES)


@pytest.mark.parametrize("kind", ["heading", "text", "code", "figure", "exercise", "quiz", "demo", "fact"])
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_target_that_is_not_there_is_missed(chapter, kind):
    assert not covers(CHAPTERS[chapter], f"{kind}: NoSuchThing")
