"""The page about a class, and the tables beside it."""

import csv
import html
import re

import pytest

from gdcourse.exercises.author import exercise as author
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
