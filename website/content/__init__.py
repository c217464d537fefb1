"""Turn what the chapters hold into pages: demos, quizzes, cards, solutions, facts, the landing page."""
