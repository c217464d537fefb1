"""Exercises and quizzes: what an author writes, what a learner calls."""
from .quiz import question
