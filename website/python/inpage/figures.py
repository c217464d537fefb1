"""The matplotlib backend of the page. At `plt.show()` or at the end of a cell, it sends each open figure as SVG and
closes the figure."""

import io

from matplotlib._pylab_helpers import Gcf
from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg

from gdcourse import plotting  # noqa: F401  the import sets the style of the course, also for a learner's own figures

from . import page

FigureCanvas = FigureCanvasAgg
FigureManager = FigureManagerBase


def show(*args, **kwargs):
    """Send every open figure to the page, in order.

    A figure is closed before it is drawn, so a figure that cannot be drawn fails only once and does not stop the
    others.
    """
    for manager in Gcf.get_all_fig_managers():
        figure = manager.canvas.figure
        Gcf.destroy(manager)
        if not (figure.axes or figure.lines or figure.patches or figure.texts):
            continue
        out = io.StringIO()
        try:
            figure.savefig(out, format="svg", bbox_inches="tight", metadata={"Date": None})
        except Exception as error:
            page.kernel.complain("This figure could not be drawn.", error)
        else:
            page.kernel.show({"image/svg+xml": out.getvalue(), "text/plain": repr(figure)})
