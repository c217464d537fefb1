"""Answers from outside: what a learner might hand in, written from prompt and starter alone.

Whoever wrote them had not seen the lists in `exercises`, so they measure what a check says to a mistake that nobody foresaw; `benchmarks/feedback.py`
prints that measure. The answers are data: `<chapter>.toml` holds, exercise by exercise, tables of

    code    what the learner typed, to the letter; `np` is there as in every notebook of the course
    right   for a right answer: its style
    wrong   for a wrong one: what was done, in one sentence; a list of sentences where two mistakes meet
    says    regular expressions, small and capital letters alike: a message names the mistake if one of them is found in it (a list for each mistake)
    helps   likewise, for a true remark that does not name the mistake; seldom needed
    source  where somebody describes that mistake in public, or "beginner"

Each exercise's first answers were written as one list and dealt once into two halves: of its right ones the second, fourth, … and of its wrong ones
likewise are `kept`, of a chapter's answers with two mistakes too; the others are `open`. Later sets were written by somebody else, from prompt and
starter alone; each was measured once, unread, and then added here. The repository holds what is open, for developers to read and learn from. What is
kept lies elsewhere, unread, and shows what holds for answers that nobody tuned to: `answers(folder)` reads it from there.
"""

import linecache
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gdcourse.exercises.author import all_ids
from website.tree import read_toml

HERE = Path(__file__).parent
KEYS = dict.fromkeys(("code", "right", "wrong", "says", "helps", "source"))

# the learner's own line, quoted by an error; the sentences of a check that knows no reason
NAMES_NOTHING = re.compile(
    r"in line \d+, `.*?`,"
    r"|The result is (not right|right for \d+ of \d+ inputs and wrong for \d+)\."
    r"|Work the input below by hand.*?\?"
    r"|The (first|second|third)( value)? is (right|not|wrong too)\."
    r"|There is more: (this explains only some of the wrong results|another value is wrong besides)\."
)


@dataclass(frozen=True)
class Mistake:
    text: str
    says: tuple

    def named_in(self, message):
        """Is it named in the message, outside of what names nothing?"""
        return any(re.search(words, NAMES_NOTHING.sub("", message), re.IGNORECASE) for words in self.says)


@dataclass(frozen=True)
class Answer:
    """One answer; `mistakes` is empty for a right one, whose style is `right`."""

    exercise: str
    number: int
    code: str
    right: str = ""
    mistakes: tuple = ()
    helps: tuple = ()
    source: str = ""

    def __str__(self):
        return f"{self.exercise} #{self.number}: {self.right or ' '.join(m.text for m in self.mistakes)}"

    @property
    def is_public(self):
        """Does somebody describe this mistake in public?"""
        return self.source.startswith("http")

    @property
    def name(self):
        return self.exercise.split("/")[1]

    def function(self):
        """What the code defines under the exercise's name, with its source at hand as in a notebook."""
        place = f"<{self.exercise} #{self.number}>"
        linecache.cache[place] = (len(self.code), None, self.code.splitlines(keepends=True), place)
        notebook = {"np": np, "__name__": "__main__"}
        exec(compile(self.code, place, "exec"), notebook)
        return notebook[self.name]


def answers(folder=HERE, chapter="*"):
    """Every answer of a folder, chapter by chapter; an exercise that has moved since is found where it stands now."""
    ids = {id.split("/")[1]: id for id in all_ids()}
    for file in sorted(Path(folder).glob(f"{chapter}.toml")):
        for name, tables in read_toml(file, dict.fromkeys(ids, KEYS)).items():
            for number, table in enumerate(tables, 1):
                yield _answer(ids[name], number, **table)


def _answer(exercise, number, code, right="", wrong=(), says=(), helps=(), source=""):
    if isinstance(wrong, str):
        wrong, says = [wrong], [says]
    mistakes = tuple(Mistake(text, tuple(words)) for text, words in zip(wrong, says, strict=True))
    if bool(right) == bool(mistakes) or (mistakes and not (source and all(m.says for m in mistakes))):
        raise ValueError(f"{exercise} #{number} needs either `right`, or `wrong` with `says` and `source`")
    return Answer(exercise, number, code.lstrip("\n"), right, mistakes, tuple(helps), source)
