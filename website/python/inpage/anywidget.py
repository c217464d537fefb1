"""Replace the package anywidget in the browser. A widget has traits (settings); when one changes in Python or on the
page, the other side is told.

A widget does not send its JavaScript (`_esm`), because the page has it already. `inpage.page` passes the messages on.
"""

import itertools
import weakref

import traitlets
from inpage import page

MIME = "application/vnd.gdcourse.widget+json"
_numbers = itertools.count(1)
_shown = weakref.WeakValueDictionary()  # {number of a widget: the widget}


class AnyWidget(traitlets.HasTraits):
    """A widget whose traits with the tag `sync` have the same values in Python and on the page. It needs no widget
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
        """Do nothing: in the browser a widget has no connection to close."""

    def on_msg(self, callback):
        """Do nothing: the page sends changed settings, but no custom messages."""


def heard(comm, state):
    """Set the traits that the reader has changed on the page. comm: the number of the widget; state: {trait: new
    value}."""
    widget = _shown.get(comm)
    if widget is None:
        return
    widget._heard = state  # the page knows these values, so `_tell` sends only other changes that follow from them
    try:
        with widget.hold_trait_notifications():
            for name, value in state.items():
                if widget.has_trait(name):
                    setattr(widget, name, value)
    except traitlets.TraitError:
        pass  # the trait does not allow this value, so it keeps the old one
    finally:
        widget._heard = {}
