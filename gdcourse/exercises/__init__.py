"""Exercises and quizzes: the author's format, the judge, progress, and the commands around them.

An author needs `right`, `wrong` and `question`, from here; what a learner calls stands in `learner` and, for short, in `gdcourse`.
"""
from .author import right, wrong
from .quiz import question

__all__ = ["question", "right", "wrong"]
