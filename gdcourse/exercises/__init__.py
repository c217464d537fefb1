"""Exercises and quizzes: the author's format, the judge, the progress, and the commands around them.

An author imports `right`, `wrong` and `question` from here, and for cards `board`, `card`, `trap` and `letters`.
The functions for learners are in `learner`, and in `gdcourse`, too.
"""

from .author import right, wrong
from .questions.cards import board, card, letters, trap
from .questions.quiz import question

__all__ = ["board", "card", "letters", "question", "right", "trap", "wrong"]
