"""Stands in for anywidget in the browser: a widget has its traits, and page and Python tell each other when they change.

What the page draws it with, it has already: the modules of `_esm` are the page's own. `inpage.page` carries the messages.
"""

import itertools
import weakref

import traitlets
from inpage import page

MIME = "application/vnd.gdcourse.widget+json"
_numbers = itertools.count(1)
_shown = weakref.WeakValueDictionary()  # comm -> widget


class AnyWidget(traitlets.HasTraits):
    """Traits with the tag `sync`, and no widget manager."""

    def __init__(self, *args, **traits):
        super().__init__(*args, **traits)
        self._comm, self._hearing = next(_numbers), False

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
        if not self._hearing:
            page.kernel.send({"type": "comm", "comm": self._comm, "state": {change["name"]: change["new"]}})

    def close(self):
        """Nothing of it is open."""

    def on_msg(self, callback):
        """The page sends settings only."""


def heard(comm, state):
    """The page has changed settings of a widget."""
    widget = _shown.get(comm)
    if widget is None:
        return
    widget._hearing = True
    try:
        with widget.hold_trait_notifications():
            for name, value in state.items():
                if widget.has_trait(name):
                    setattr(widget, name, value)
    except traitlets.TraitError:
        pass  # not a value that this setting can have: it stays
    finally:
        widget._hearing = False
