"""The matplotlib backend of the page: a figure is shown as SVG at `plt.show()` and at the end of a cell, then closed."""

import io

from matplotlib._pylab_helpers import Gcf
from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg

from . import page

FigureCanvas = FigureCanvasAgg
FigureManager = FigureManagerBase


def show(*args, **kwargs):
    """Send every open figure to the page, in order, and close it."""
    for manager in Gcf.get_all_fig_managers():
        figure = manager.canvas.figure
        if figure.axes or figure.lines or figure.patches or figure.texts:
            out = io.StringIO()
            figure.savefig(out, format="svg", bbox_inches="tight", metadata={"Date": None})
            page.kernel.show({"image/svg+xml": out.getvalue(), "text/plain": repr(figure)})
    Gcf.destroy_all()
