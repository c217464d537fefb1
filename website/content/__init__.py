"""What the chapters hold, as pages: demos, quizzes, cards, solutions, facts, the landing page."""
