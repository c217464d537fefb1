"""The page about a class, and the tables beside it."""

import csv
import html
import re

import pytest

from gdcourse.exercises.author import exercise as author
from gdcourse.exercises.questions import quiz
from gdcourse.grading import overview, report

IDS = ["update_rule/gd_step", "update_rule/steps_needed"]


@pytest.fixture(autouse=True)
def the_course_of_this_repository(monkeypatch):
    monkeypatch.delenv("GDCOURSE_COURSE", raising=False)


def learner(name, *codes, notes=()):
    marks = [
        {
            "id": id,
            "code": code,
            "message": f"words of {name}",
            "details": "",
            "note": "",
            "points": author.load(id).points if code == "right" else 0,
            "of": author.load(id).points,
        }
        for id, code in zip(IDS, codes, strict=True)
    ]
    more = {"stopped": [], "seconds": 1, "peak": 1, "handed_in": "2026-11-30", "file": f"{name}.ipynb"}
    return {"learner": name, "marks": marks, "notes": list(notes), **more}


CLASS = [
    learner("Ada", "right", "right"),
    learner("Ben <b>", "sign", "missing", notes=["cell 2: `exit()` was passed over"]),
    learner("Cleo", "sign", "raised"),
    learner("Dan", "right", "right"),
]


def test_each_exercise_says_how_hard_it_was_and_how_well_it_tells_apart():
    step, needed = overview.rows(CLASS, IDS)
    assert (step.right, step.tried, step.learners, step.difficulty) == (2, 4, 4, 0.5)
    assert (needed.right, needed.tried) == (2, 3)
    assert step.discrimination == pytest.approx(1.0)  # who solved it solved the other
    assert step.mistakes == [("sign", 2, " ".join(author.load(IDS[0]).feedback("sign").split()))]
    assert overview.rows(CLASS[:1], IDS)[0].discrimination is None


def test_the_page_names_mistakes_sections_and_what_needs_a_look():
    text = overview.page(CLASS, IDS, ["update_rule"], 5)
    plain = html.unescape(re.sub("<[^>]+>", "", text))
    assert "4 learners" in plain and "4 of 5 graded so far" in plain
    assert plain.index("Discrimination says whether") < plain.index(
        "Discrimination 1.00"
    )  # the word before its first number
    assert "Discrimination" not in overview.page(CLASS[:1], IDS, ["update_rule"], 1)
    assert f"2 of 4 in {IDS[0]}, sign: " in plain and f"Teach again: {author.load(IDS[0]).section}." in plain
    assert "Ben <b>: cell 2: exit() was passed over" in plain and "<b>Ben <b>" not in text
    assert len(re.findall('<td class="right"', text)) == 4 and len(re.findall('<td class="wrong"', text)) == 3
    assert "<script" not in text and "http" not in text


def test_an_anonymous_page_tells_nobody_who_is_who():
    text = overview.page(CLASS, IDS, ["update_rule"], 4, anonymous=True)
    assert not [r["learner"] for r in CLASS if r["learner"].split()[0] in text]
    assert "Learner 1" in text and "words of" not in text and "Worth a look" not in text


def test_a_class_of_which_nothing_is_graded_has_a_page(tmp_path):
    report.write(tmp_path, [], IDS, ["update_rule"], 3)
    assert "0 of 3 graded so far" in (tmp_path / "class.html").read_text(encoding="utf-8")


def test_the_tables_are_tidy(tmp_path):
    report.write(tmp_path, CLASS, IDS, ["update_rule"], 4)

    def read(name):
        with open(tmp_path / name, newline="", encoding="utf-8-sig") as file:
            return list(csv.DictReader(file))

    assert [(r["learner"], r["exercise"], r["code"]) for r in read("answers.csv")][:3] == [
        ("Ada", IDS[0], "right"),
        ("Ada", IDS[1], "right"),
        ("Ben <b>", IDS[0], "sign"),
    ]
    assert [(r["exercise"], r["mistake"], r["learners"], r["of"]) for r in read("mistakes.csv")] == [
        (IDS[0], "sign", "2", "4"),
        (IDS[1], "raised", "1", "4"),
    ]


def test_a_quiz_shows_who_picked_what_first():
    question = quiz.read(quiz.find("update_rule"))[0]
    letters = dict(zip("abcdefgh", question.replies))
    right = next(letter for letter, option in letters.items() if option == question.right)
    wrong = next(letter for letter in letters if letter != right)
    picked = [right, wrong, right, None]
    reports = [
        r | {"quiz": {f"update_rule/{question.key}": letter} if letter else {}} for r, letter in zip(CLASS, picked)
    ]
    text = overview.page(reports, IDS, ["update_rule"], 4)
    assert 'aria-label="2 of 3"' in text and 'aria-label="1 of 3"' in text
    assert text.count("<table class=quiz>") == 1 and quiz.inline(question.ask) in text
    assert "The quiz" not in overview.page(CLASS, IDS, ["update_rule"], 4)


def test_late_twice_and_alike_have_a_place_of_their_own():
    notes = [
        f"{overview.LATE}: 2026-12-01",
        f"2 {overview.SEVERAL}: a, b",
        "cell 3 did not end",
    ]
    ada = learner("Ada", "right", "right", notes=notes) | {"noticed": ["the same code as Ben"]}
    text = overview.page([ada], IDS, ["update_rule"], 1)
    assert "the same code" not in report.page(ada, {id: author.load(id) for id in IDS}), "no learner reads of another"
    late, odd = text.split("<h2>Late, twice, or alike</h2>")[1].split("<h2>Worth a look</h2>")
    assert late.count("<li>") == 3 and odd.count("<li>") == 1 and "cell 3" in odd


def test_a_learners_page_has_the_look_of_the_class_and_says_what_to_read_again(tmp_path):
    report.write(tmp_path, CLASS, IDS, ["update_rule"], 4)
    pages = sorted((tmp_path / "feedback").glob("*.html"))
    assert len(pages) == 4
    text = next(path for path in pages if path.name.startswith("Ben")).read_text(encoding="utf-8")
    style = re.search("<style>.*?</style>", text, re.DOTALL)[0]
    assert style == re.search("<style>.*?</style>", (tmp_path / "class.html").read_text("utf-8"), re.DOTALL)[0]
    assert f"Read again: {author.load(IDS[0]).section}, in the chapter update_rule." in text
    assert "<b>" not in re.search("<h1>.*?</h1>", text)[0] and "<script" not in text
    right = next(path for path in pages if path.name.startswith("Ada")).read_text(encoding="utf-8")
    assert "Read again" not in right and right.count("✓") >= 2
