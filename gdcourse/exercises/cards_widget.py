"""The cards in a notebook. Apart from `cards.py` because anywidget takes a while to import."""

from pathlib import Path

import anywidget
import traitlets

from . import learner, progress
from .cards import Answer, html, listing

MIME = "application/vnd.gdcourse.cards+json"  # what the built page looks for, see gdcourse.book.cards


class CardsWidget(Answer, anywidget.AnyWidget):
    """The boards of one exercise; `orders` follows the learner's cards, and a check in the widget is a `check`."""

    _esm = Path(__file__).with_name("cards.js")
    _css = Path(__file__).with_name("cards.css")
    markup = traitlets.Unicode().tag(sync=True)
    orders = traitlets.Dict().tag(sync=True)  # board -> letters
    solved = traitlets.List().tag(sync=True)  # boards that were right

    def __init__(self, exercise, orders):
        solved = list(exercise.boards) if exercise.id in progress.solved() else []
        anywidget.AnyWidget.__init__(self, markup=html(exercise), orders=orders, solved=solved)
        self.id, self._listing = exercise.id, listing(exercise)
        self.on_msg(self._checked)

    def __repr__(self):
        return self._listing

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs)
        return data | {"text/plain": repr(self), MIME: {"id": self.id}}, metadata

    def _checked(self, _, message, __):
        learner.check(self.id, self)
