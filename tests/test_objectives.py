"""What a chapter promises is tested: `exercises/<chapter>/objectives.toml` names the exercises and questions for each objective."""

import tomllib
from pathlib import Path

import pytest

from gdcourse.exercises.author import did_you_mean, ids_of
from gdcourse.exercises.questions.quiz import read as read_quiz
from website.content.pages import chapters

ROOT = Path(__file__).parents[1]
CHAPTERS = chapters(ROOT)


def table(chapter):
    return tomllib.loads((ROOT / "exercises" / chapter / "objectives.toml").read_text(encoding="utf-8"))


def questions(chapter):
    path = ROOT / "exercises" / chapter / "quiz.py"
    return [q.id for q in read_quiz(path)] if path.exists() else []


def is_on(page, target):
    """Whether the target, "exercise: name" or "quiz: question", exists and the page shows it."""
    kind, name = target.split(": ", 1)
    code = "\n".join(page.code)
    if kind == "exercise":
        return (ROOT / "exercises" / page.name / f"{name}.py").exists() and f'check("{page.name}/{name}"' in code
    return kind == "quiz" and name in questions(page.name) and f'quiz("{page.name}")' in code


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_objective_is_tested_by_an_exercise_or_a_question(chapter):
    """The bullets of the block "You will learn" are the keys of the table, in their order."""
    bullets, objectives = CHAPTERS[chapter].objectives, table(chapter)
    assert bullets and bullets == [" ".join(key.split()) for key in objectives]
    known = [f"exercise: {id.split('/')[1]}" for id in ids_of(chapter)] + [f"quiz: {q}" for q in questions(chapter)]
    for objective, entry in objectives.items():
        targets = [entry] if isinstance(entry, str) else entry
        lost = [target for target in targets if not is_on(CHAPTERS[chapter], target)]
        assert targets and not lost, f"{objective}: {lost[0]} is not on the page. {did_you_mean(lost[0], known)}"


def test_a_target_that_is_not_there_is_missed():
    page = next(iter(CHAPTERS.values()))
    assert not is_on(page, "exercise: no_such_thing") and not is_on(page, "quiz: no_such_thing")
