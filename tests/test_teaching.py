"""The pages for teachers hold what the chapters, exercises, quizzes and demos say, and stand in no learner's way."""

import re
from pathlib import Path

import pytest
import yaml

from gdcourse.exercises import author
from gdcourse.exercises.questions import quiz
from gdcourse.grading import report
from website.content import minutes, pages, teaching
from website.content.solutions import words

ROOT = Path(__file__).resolve().parents[1]
CHAPTERS = pages.chapters(ROOT)


def text(name, made=None):
    return "\n\n".join(f"## {title}\n\n{body}" for title, body in teaching.kit(CHAPTERS[name], made).items())


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_page_holds_all_that_the_data_hold(name):
    page, said = CHAPTERS[name], text(name)
    assert all(f"- {objective}" in said for objective in page.objectives)
    assert minutes.sentence(page) in said
    for id in author.ids_of(name):
        exercise = author.load(id)
        assert f"| Exercise: {exercise.title} | {exercise.minutes:g} |" in said
        for code in exercise.wrongs:
            assert f"- *{words(code)}*: {' '.join(exercise.feedback(code).split())}" in said
    for q in quiz.read(quiz.find(name)):
        assert f"**{q.right}** {q.replies[q.right]}" in said and all(reply in said for reply in q.replies.values())
    played = teaching.played(page)
    assert all(cls.question in said and all(goal.lesson in said for goal in cls.goals) for cls in played)
    boxes = "\n".join(page.prose).count(":class: predict")
    assert len(teaching.questions(page)) == boxes + len(played)
    assert all(len(answer) > 20 for _, _, answer in teaching.questions(page))


@pytest.mark.parametrize("total", teaching.LESSONS)
@pytest.mark.parametrize("name", CHAPTERS)
def test_a_lesson_takes_its_minutes_and_has_both_ideas_and_an_exercise(name, total):
    steps = teaching.plan(CHAPTERS[name], total)
    assert sum(n for n, _ in steps) == total and min(n for n, _ in steps) >= 2
    said = " ".join(what for _, what in steps)
    assert said.startswith("Ask") and "Show, with the cells" in said and "Exercise *" in said and "quiz" in said


def test_the_mistakes_of_the_class_come_first_and_the_commonest_at_the_top(tmp_path):
    id = author.ids_of("loss")[0]
    known = list(author.load(id).wrongs)
    made = [(known[3], 2), (known[1], 7), ("sign_of_one", 4)]
    marks = [{"id": id, "code": code, "message": "of `ada`: <b>", "points": 0, "of": 1, "details": "", "note": ""} for code, n in made for _ in range(n)]  # fmt: skip
    more = {"notes": [], "stopped": [], "seconds": 1, "peak": 1, "handed_in": ""}
    reports = [{"learner": f"l{k}", "file": f"l{k}", "marks": [mark], **more} for k, mark in enumerate(marks)]
    report.write(tmp_path, reports, [id], ["loss"], len(reports))
    found = teaching.class_mistakes(tmp_path / "mistakes.csv")
    assert found == {id: [(known[1], 7, 13), ("sign_of_one", 4, 13), (known[3], 2, 13)]}
    lines = [line for line in teaching.watched("loss", found).splitlines() if line.startswith("- ")]
    assert lines[0].startswith(f"- *{words(known[1])}*, 7 of 13: ") and lines[1].startswith("- *sign of one*, 4 of 13")
    assert lines[3].startswith(f"- *{words(known[0])}*: ") and "ada" not in " ".join(lines)
    assert sum(f"*{words(known[1])}*" in line for line in lines[: len(known) + 1]) == 1
    # a report of another chapter says nothing here
    assert "no report" in teaching.watched("adam", found) and "no report" in teaching.watched("loss", {})


@pytest.mark.parametrize(
    "content", ["", "a,b\n1,2\n", "exercise,mistake,learners,of,section,message\nloss/mse,root,many,3,,\n"]
)
def test_a_damaged_report_is_no_report(content, tmp_path):
    path = tmp_path / "mistakes.csv"
    path.write_text(content, encoding="utf-8")
    assert teaching.class_mistakes(path) == {} == teaching.class_mistakes(tmp_path / "none.csv")


def test_the_report_of_a_class_is_where_the_pages_look():
    """`make grade` leaves it in `results` unless told otherwise."""
    from gdcourse.grading import folder

    assert Path(teaching.REPORT).parent.as_posix() == "results"
    assert 'default="results"' in Path(folder.__file__).read_text(encoding="utf-8")
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert "/results/" in ignored, "what a class has done is never committed"


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("It falls {fact}`F1.2`, as said {cite}`ruder2016`.", "It falls, as said."),
        ("By ({eq}`step`) and [the glossary](glossary.md#x) $w$.", "By and the glossary $w$."),
        ("## A title\n\nTwo\nlines", "A title Two lines"),
    ],
)
def test_text_of_a_chapter_leads_nowhere_else(markdown, plain):
    assert teaching.bare(markdown) == plain


def test_no_page_that_learners_read_leads_to_one():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    last = toc["parts"][-1]
    assert last["caption"] == "For teachers" and [one["file"] for one in last["chapters"]] == ["chapters/teaching"]
    for name, page in pages.pages(ROOT).items():
        if "teaching" not in name:
            assert "teaching/" not in "\n".join(page.prose), name


def test_on_the_built_site_they_are_found_by_nobody_who_does_not_look_for_them(site):
    index = (site / "searchindex.js").read_text(encoding="utf-8")
    assert "chapters/teaching/" not in index and "chapters/teaching.html" in index
    assert "chapters/teaching/" not in (site / "sitemap.xml").read_text(encoding="utf-8")
    for name in CHAPTERS:
        html = (site / f"chapters/teaching/{name}.html").read_text(encoding="utf-8")
        assert re.search(r'<meta [^>]*content="noindex"[^>]*name="robots"', html)
        assert len(re.findall(r"<h2", html)) >= 8
        learner = (site / f"chapters/{name}.html").read_text(encoding="utf-8")
        assert "teaching/" not in learner
