"""Exercises and quizzes: the author's format, the judge, progress, and the commands around them.

An author needs `right`, `wrong` and `question`, and for cards `board`, `card`, `trap` and `letters`, from here. The functions for learners are in `learner`, and in `gdcourse` too.
"""

from .author import right, wrong
from .questions.cards import board, card, letters, trap
from .questions.quiz import question

__all__ = ["board", "card", "letters", "question", "right", "trap", "wrong"]
