"""The bet in a notebook. Apart from `bet.py` because anywidget takes a while to import."""

from pathlib import Path

import anywidget
import traitlets

from . import bet


class BetWidget(anywidget.AnyWidget):
    """The form of one bet. As text, its options."""

    _esm = Path(__file__).with_name("bet.js")
    _css = Path(__file__).with_name("bet.css")
    markup = traitlets.Unicode().tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)  # the bet, "" before it

    def __init__(self, id, options, said="", record=lambda said: None):
        """said: an earlier bet. record(said) is called when a learner bets."""
        super().__init__(markup=bet.markup(id, options), said=said)
        self.options, self._record = options, record
        self.on_msg(self._placed)

    def __repr__(self):
        return bet.listing(self.options)

    def _placed(self, _, message, __):
        self.said = message["said"]
        self._record(self.said)
