"""Quizzes, bets and proof cards: what an author writes, and how a notebook and a page show it."""
