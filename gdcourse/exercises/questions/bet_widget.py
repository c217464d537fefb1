"""The bet in a notebook. The widget has a module of its own, because importing anywidget takes a while."""

from collections.abc import Callable, Sequence
from pathlib import Path

import anywidget
import traitlets

from . import bet


class BetWidget(anywidget.AnyWidget):
    """The form of one bet. Its text form (repr) lists the options."""

    _esm = Path(__file__).with_name("bet.js")
    _css = Path(__file__).with_name("bet.css")
    markup = traitlets.Unicode().tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)  # the learner's bet, "" if there is none yet

    def __init__(
        self, id: str, options: Sequence[str], said: str = "", record: Callable[[str], object] = lambda said: None
    ):
        """said: the learner's earlier bet. record(said) is called when the learner bets."""
        super().__init__(markup=bet.markup(id, options), said=said)
        self.options, self._record = options, record
        self.on_msg(self._placed)

    def __repr__(self):
        return bet.listing(self.options)

    def _placed(self, _, message, __):
        self.said = message["said"]
        self._record(self.said)
