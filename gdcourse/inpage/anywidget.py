"""Stands in for anywidget in the browser: a demo has its traits, and tells the page when they change."""
import traitlets


class AnyWidget(traitlets.HasTraits):
    """Traits, no widget manager."""

    def close(self):
        """Nothing is open."""

    def on_msg(self, callback):
        """Nobody calls."""

    def _repr_mimebundle_(self, **kwargs):
        return {}, {}
