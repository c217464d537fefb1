"""Show card exercises on the built pages: the output of a `cards("…")` cell becomes HTML that a script makes
interactive. This works as for quizzes: see quiz.py."""

from gdcourse.exercises import author
from gdcourse.exercises.questions import cards
from gdcourse.exercises.questions.cards_widget import MIME

from . import quiz


class Renderer(quiz.Renderer):
    """Turn the output of a `cards(…)` cell into nodes of the page. myst-nb finds this class by the entry point
    `myst_nb.mime_renderers`."""

    mime_priority_overrides = [("*", MIME, 1)]
    mark, mime = "cards", MIME

    @staticmethod
    def read(content):
        exercise = author.load(content["id"])
        return exercise.path, cards.markup(exercise, " data-page")


def setup(app):
    quiz.assets(app, "cards", cards)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
