"""The cards in a notebook. The widget has a module of its own, because importing anywidget takes a while."""

from collections.abc import Callable
from pathlib import Path

import anywidget
import traitlets

from ..author import Exercise
from .cards import Answer, html, listing

MIME = "application/vnd.gdcourse.cards+json"  # the built page finds the cards by this type, see website.content.cards


class CardsWidget(Answer, anywidget.AnyWidget):
    """The boards (claims with the cards of their proofs) of one exercise."""

    _esm = Path(__file__).with_name("cards.js")
    _css = Path(__file__).with_name("cards.css")
    markup = traitlets.Unicode().tag(sync=True)
    orders = traitlets.Dict().tag(sync=True)  # name of a board -> the letters of its cards in the learner's order
    solved: traitlets.List = traitlets.List().tag(sync=True)  # the boards that are right

    def __init__(
        self,
        exercise: Exercise,
        orders: dict[str, str],
        solved: bool = False,
        check: Callable[[str, Answer], object] = lambda id, answer: None,
    ):
        """solved: whether this exercise was solved before. The button calls check(id, answer)."""
        done = list(exercise.boards) if solved else []
        anywidget.AnyWidget.__init__(self, markup=html(exercise), orders=orders, solved=done)
        self.id, self._listing, self._check = exercise.id, listing(exercise), check
        self.on_msg(self._checked)

    def __repr__(self):
        return self._listing

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs)
        return data | {"text/plain": repr(self), MIME: {"id": self.id}}, metadata

    def _checked(self, _, message, __):
        self._check(self.id, self)
