"""Replaces anywidget in the browser: a widget has traits, and page and Python tell each other when a trait changes.

The page has the JavaScript of `_esm` already. `inpage.page` passes the messages on.
"""

import itertools
import weakref

import traitlets
from inpage import page

MIME = "application/vnd.gdcourse.widget+json"
_numbers = itertools.count(1)
_shown = weakref.WeakValueDictionary()  # comm -> widget


class AnyWidget(traitlets.HasTraits):
    """A widget whose traits with the tag `sync` are kept the same on the page, without a widget manager."""

    def __init__(self, *args, **traits):
        super().__init__(*args, **traits)
        self._comm, self._heard = next(_numbers), {}

    def _repr_mimebundle_(self, **kwargs):
        names = self.trait_names(sync=True)
        if self._comm not in _shown:
            _shown[self._comm] = self
            self.observe(self._tell, names)
        return {
            MIME: {
                "comm": self._comm,
                "state": {name: getattr(self, name) for name in names},
                "height": getattr(self, "height", None),
            }
        }, {}

    def _tell(self, change):
        if change["name"] not in self._heard or change["new"] != self._heard[change["name"]]:
            page.kernel.send({"type": "comm", "comm": self._comm, "state": {change["name"]: change["new"]}})

    def close(self):
        """Nothing has to be closed here."""

    def on_msg(self, callback):
        """Custom messages are ignored: the page sends only settings."""


def heard(comm, state):
    """The page has changed settings of a widget."""
    widget = _shown.get(comm)
    if widget is None:
        return
    widget._heard = state  # it knows these; what else changes with them, it does not
    try:
        with widget.hold_trait_notifications():
            for name, value in state.items():
                if widget.has_trait(name):
                    setattr(widget, name, value)
    except traitlets.TraitError:
        pass  # the setting cannot have this value, so it keeps the old one
    finally:
        widget._heard = {}
