"""Sphinx extensions for what a page contains: demos, quizzes, cards, solutions, facts, the landing page."""
