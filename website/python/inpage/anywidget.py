"""Replace anywidget in the browser: a widget has traits, and page and Python tell each other when a trait changes.

The page already has the JavaScript that `_esm` holds. `inpage.page` passes the messages on.
"""

import itertools
import weakref

import traitlets
from inpage import page

MIME = "application/vnd.gdcourse.widget+json"
_numbers = itertools.count(1)
_shown = weakref.WeakValueDictionary()  # comm -> widget


class AnyWidget(traitlets.HasTraits):
    """A widget whose traits with the tag `sync` have the same values in Python and on the page, without a widget
    manager."""

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
        """Do nothing: there is nothing to close here."""

    def on_msg(self, callback):
        """Ignore custom messages: the page sends only settings."""


def heard(comm, state):
    """Set the settings of a widget that the page has changed."""
    widget = _shown.get(comm)
    if widget is None:
        return
    widget._heard = state  # the page knows these values; `_tell` sends it what else changes with them
    try:
        with widget.hold_trait_notifications():
            for name, value in state.items():
                if widget.has_trait(name):
                    setattr(widget, name, value)
    except traitlets.TraitError:
        pass  # the setting cannot have this value, so it keeps the old one
    finally:
        widget._heard = {}
