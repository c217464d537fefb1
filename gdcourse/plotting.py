"""Contours, paths and curves in the style of the course, and descriptions for readers who cannot see them.

In every figure the start is a circle and the minimum a star. Lines differ by dash and marker, not by colour alone;
a method looks the same on every page. Functions that draw take `ax` and return nothing.
"""

import sys
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

try:
    import matplotlib.pyplot as plt
except ModuleNotFoundError as error:
    # pass on the name of the missing package: Python in a web page fetches that package and imports this module again
    raise ModuleNotFoundError("Figures need Matplotlib:  pip install 'gdcourse[course]'", name=error.name) from None
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patheffects import withStroke
from matplotlib.transforms import Bbox
from numpy.typing import ArrayLike

# On dark pages, CSS inverts the colours of a figure, so that white becomes black. It then rotates all hues by 180°,
# so that blue is blue again.
INK, SOFT, GRID, CARD, GOLD = "#1A1A1A", "#5C6670", "#E3E6E8", "#FFFFFF", "#F5C400"
# Low ground is gold and high ground nearly white, as in the demos (LAND in frontend/demos/theme.js).
HEIGHTS = LinearSegmentedColormap.from_list(
    "heights", ["#E7CD96", "#ECD8AC", "#F1E2C1", "#F5EBD5", "#F9F3E6", "#FCFAF5"]
)
CONTOUR = "#A8946A"

# Each colour has a contrast with white of 4.5 or more. Readers with a common colour blindness can tell them apart.
COLOURS = ["#0060A8", "#C44601", "#00735C", "#8E3A80", "#5C3A00", "#1A1A1A"]
DASHES = ["-", (0, (5, 2)), (0, (1, 1.2)), (0, (6, 1.5, 1, 1.5)), (0, (9, 2.5)), (0, (3, 1, 1, 1, 1, 1))]
MARKERS = ["o", "s", "^", "D", "v", "P"]
# colours for lines that stand for numbers; no colour is too pale to see on white
SCALE = LinearSegmentedColormap.from_list("scale", ["#0060A8", "#8E3A80", "#C44601"])
LOOKS = {"gd": 0, "sgd": 0, "momentum": 1, "nesterov": 2, "adam": 3, "rmsprop": 4, "adagrad": 5}


def style() -> None:
    """Set the style of the course for all figures: sized for a phone, SVG in notebooks.

    Importing this module calls it.
    """
    plt.rcParams.update({
        "figure.figsize": (5.2, 3.4), "figure.dpi": 100, "savefig.dpi": 200,
        "figure.facecolor": CARD, "savefig.facecolor": CARD, "axes.facecolor": CARD, "legend.facecolor": CARD,
        "axes.edgecolor": SOFT, "axes.labelcolor": INK, "text.color": INK, "xtick.color": SOFT, "ytick.color": SOFT,
        "xtick.labelcolor": INK, "ytick.labelcolor": INK, "font.size": 12, "axes.titlesize": 12, "legend.fontsize": 11,
        "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "axes.axisbelow": True,
        "grid.color": GRID, "grid.linewidth": 0.8, "lines.linewidth": 2.0, "lines.markersize": 5,
        "legend.frameon": True, "legend.framealpha": 0.85, "legend.edgecolor": "none", "legend.handlelength": 2.6,
        "axes.prop_cycle": plt.cycler(color=COLOURS, linestyle=DASHES), "image.cmap": "cividis",
        "svg.fonttype": "path", "svg.hashsalt": "gdcourse",  # a fixed salt: the same picture gives the same file
    })  # fmt: skip
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if hasattr(shell, "kernel"):  # in a notebook: SVG is sharp at every size and has half the bytes of a PNG
        from matplotlib_inline.config import InlineBackend

        InlineBackend.instance(parent=shell).figure_formats = {"svg"}


style()


def contour(
    problem: Any,
    paths: Mapping[str, ArrayLike] | None = None,
    ax: Axes | None = None,
    view: tuple[float, float, float, float] | None = None,
    levels: int = 12,
    labels: tuple[str, str] = ("x", "y"),
) -> None:
    """Draw the landscape of a problem in two dimensions, gold where the loss is low, and paths on it.

    paths: {label: path}, each of shape (steps + 1, 2); view: (left, right, bottom, top), by default that of the
    problem.

    >>> from gdcourse import descend, gd, problems
    >>> contour(problems.bowl, {"η = 0.1": descend(gd, problems.bowl.grad, [3, 4], 20, lr=0.1)})
    """
    ax = _axes(ax, figsize=(4.6, 4.2))
    left, right, bottom, top = view or problem.view
    grid = np.array(np.meshgrid(np.linspace(left, right, 141), np.linspace(bottom, top, 141)))
    height = problem.loss(grid.reshape(2, -1)).reshape(141, 141)
    # levels at quantiles of the height, so that the areas between level lines have similar sizes
    lines = np.quantile(height, np.linspace(0, 1, levels + 2) ** 1.4)
    shade = np.interp(height, lines, np.arange(levels + 2))
    # The shading has a zorder below 0, so it becomes a small bitmap, even in an SVG file. The alternative,
    # set_rasterized, would print a warning before Matplotlib 3.11.
    ax.set_rasterization_zorder(0)
    ax.contourf(*grid, shade, levels + 1, cmap=HEIGHTS, antialiased=False, zorder=-1)
    ax.contour(*grid, height, levels=np.unique(lines[1:-1]), colors=CONTOUR, linewidths=0.7)
    ax.set(xlim=(left, right), ylim=(bottom, top), xlabel=labels[0], ylabel=labels[1])
    ax.grid(False)
    if 0.5 <= (right - left) / (top - bottom) <= 2:
        ax.set_aspect("equal")  # equal units on both axes keep the slope at right angles to the level lines
    for (label, path), look in zip((paths or {}).items(), _looks(paths or ())):
        x, y = _drawable(path).T
        few = len(x) <= 60
        ax.plot(
            x,
            y,
            label=label,
            **_line(look),
            marker=MARKERS[look] if few else None,
            markersize=3.5,
            path_effects=_halo(),
        )
        _start(ax, x[0], y[0])
    if problem.w_star is not None:
        _minimum(ax, *problem.w_star)
    if paths:
        legend(ax)


def line(
    problem: Any,
    path: ArrayLike | None = None,
    ax: Axes | None = None,
    view: tuple[float, float] | None = None,
    labels: tuple[str, str] = ("w", "loss f(w)"),
) -> None:
    """Draw the curve of a problem in one dimension, and the points of a path, (steps + 1,), on it.

    view: (left, right), by default that of the problem.

    >>> from gdcourse import descend, gd, problems
    >>> line(problems.parabola, descend(gd, problems.parabola.grad, 10.0, 12, lr=0.1))
    """
    ax = _axes(ax)
    left, right = view or problem.view
    w = np.linspace(left, right, 401)
    ax.plot(w, problem.loss(w), color=SOFT, linestyle="-", linewidth=1.6)
    if path is not None:
        points = _drawable(path)
        ax.plot(points, _drawable(problem.loss(points)), marker="o", markersize=4.5, **_line(0, width=1.0))
        _start(ax, points[0], problem.loss(points[0]))
    if problem.w_star is not None:
        _minimum(ax, problem.w_star, problem.f_star)
    ax.set(xlabel=labels[0], ylabel=labels[1])


def curves(
    values: Mapping[str, Any],
    ax: Axes | None = None,
    xlabel: str = "step t",
    ylabel: str = "loss f(w)",
    log: bool | str = False,
) -> None:
    """Draw one line for each label, over the step number.

    values: {label: y} with y of shape (steps + 1,), or {label: (x, y)}. log: which axes are logarithmic: True or "y",
    "x", or "xy". The line of a label "theory …" is grey.

    >>> curves({"η = 0.1": [5.0, 3.2, 2.0]}, log=True)
    """
    ax = _axes(ax)
    log = "y" if log is True else log or ""
    ax.set(
        xlabel=xlabel, ylabel=ylabel, xscale="log" if "x" in log else "linear", yscale="log" if "y" in log else "linear"
    )
    for (label, y), look in zip(values.items(), _looks(values)):
        x, y = y if isinstance(y, tuple) else (np.arange(len(y)), y)
        ax.plot(x, _drawable(y, largest=1e250), label=label, **_line(look))
    if len(values) > 1 and len(values) <= 5 and max(len(str(label)) for label in values) <= 12:
        ax.add_artist(_Ends([line for line in ax.lines if line.get_label() in values]))
    elif len(values) > 1:
        legend(ax)


def legend(ax: Axes, names: Sequence[str] | None = None) -> None:
    """Write the names of the lines above the picture, where they hide nothing.

    names: one name for each line, by default the labels of the lines.

    >>> fig, ax = plt.subplots()
    >>> _ = ax.plot([3, 2, 1], label="training"), ax.plot([3, 2, 2], label="validation")
    >>> legend(ax)
    """
    handles, labels = ax.get_legend_handles_labels()
    if names is not None:
        handles, labels = list(ax.lines), list(names)
    figure: Any = ax.figure
    width = 11 * figure.get_figwidth() * ax.get_position().width  # about how many letters fit in a row
    columns = next(
        (n for n in range(len(labels), 1, -1) if sum(max(map(len, labels[i::n])) + 6 for i in range(n)) <= width), 1
    )
    rows = -(-len(labels) // columns)
    # Matplotlib fills a legend column by column: change the order, so that the names read row by row
    order = [i for first in range(columns) for i in range(first, len(labels), columns)]
    ax.legend([handles[i] for i in order], [labels[i] for i in order], ncols=columns, loc="lower left",
              bbox_to_anchor=(-0.02, 1.0), borderaxespad=0.2, columnspacing=1.4, frameon=False)  # fmt: skip
    if ax.get_title():
        ax.set_title(ax.get_title(), pad=8 + 17 * rows)


def graph(out: Any, names: Mapping[str, Any], known: int | None = None, ax: Axes | None = None) -> None:
    """Draw the graph of the computation of `out`, from left to right: each node with its value, and above it its
    gradient.

    out and its parents are nodes with `value`, `grad` and `made_of`, which contains pairs that begin with a node.
    names: {name: node}. known: the number of nodes, counted backwards from `out`, whose gradient is shown; None shows
    all gradients.

    >>> from gdcourse.autodiff import Value
    >>> a, b = Value(2.0), Value(3.0)
    >>> graph(a * b, {"a": a, "b": b})
    """
    ax = _axes(ax, figsize=(5.2, 2.8))
    called, depth, order = {id(node): name for name, node in names.items()}, {}, []

    def visit(node):
        if id(node) not in depth:
            depth[id(node)] = 1 + max((visit(parent) for parent, *_ in node.made_of), default=-1)
            order.append(node)
        return depth[id(node)]

    visit(out)
    columns = [[node for node in order if depth[id(node)] == k] for k in range(depth[id(out)] + 1)]
    at = {id(node): (k, (len(column) - 1) / 2 - i) for k, column in enumerate(columns) for i, node in enumerate(column)}
    back = sorted(order, key=lambda node: -depth[id(node)])
    lit = {id(node) for node in (back if known is None else back[:known])}
    for node in order:
        for parent, *_ in node.made_of:
            warm = id(node) in lit
            arrow = {
                "arrowstyle": "-|>",
                "color": COLOURS[1] if warm else SOFT,
                "lw": 2 if warm else 1,
                "shrinkA": 17,
                "shrinkB": 17,
            }
            ends = (at[id(parent)], at[id(node)]) if warm else (at[id(node)], at[id(parent)])
            ax.annotate("", *ends, arrowprops=arrow)
    for node in order:
        (x, y), name = at[id(node)], called.get(id(node), "")
        ax.plot(x, y, "o", markersize=31, markerfacecolor=CARD, markeredgecolor=COLOURS[0], markeredgewidth=1.6)
        ax.text(x, y, f"{name}\n{float(node.value):.3g}", ha="center", va="center", fontsize=11, linespacing=0.95)
        if id(node) in lit:
            box = {"boxstyle": "round,pad=0.2", "facecolor": CARD, "edgecolor": COLOURS[1], "linewidth": 1.4}
            ax.text(
                x + 0.16,
                y + 0.36,
                f"{float(node.grad):.3g}",
                ha="center",
                va="center",
                fontsize=11,
                color=COLOURS[1],
                bbox=box,
            )
    tall = max(len(column) for column in columns)
    ax.set(xlim=(-0.45, len(columns) - 0.55), ylim=(-tall / 2, tall / 2 + 0.1))
    ax.axis("off")


def many(paths: ArrayLike, values: ArrayLike | None = None, ax: Axes | None = None, label: str | None = None) -> None:
    """Draw many paths in one call.

    paths: (steps + 1, 2, B), as `descend` returns B runs; values: (B,), one number for each path, which decides its
    colour; label: the name of these numbers.

    >>> import numpy as np
    >>> many(np.zeros((3, 2, 4)), values=[1, 2, 3, 4], label="learning rate η")
    """
    ax = _axes(ax)
    strokes = LineCollection(np.moveaxis(_drawable(paths), 2, 0), linewidths=1.0, alpha=0.8, cmap=SCALE)
    if values is None:
        strokes.set_color(COLOURS[0])
    else:
        strokes.set_array(np.asarray(values))
        ax.figure.colorbar(strokes, ax=ax, label=label)
    ax.add_collection(strokes)
    ax.autoscale_view()


def describe(values: Mapping[str, ArrayLike], what: str = "Loss", log: bool = False) -> str:
    """Return alt text for `curves`, which the author pastes into the page and improves by hand.

    values: {label: losses}, each of shape (steps + 1,); what: the name of the vertical axis.

    >>> describe({"η = 0.1": [4.0, 2.0, 1.0]}).startswith("Loss against step: η = 0.1 ")
    True
    """
    said = [f"{label} {_in_words(np.asarray(line, dtype=float))}" for label, line in values.items()]
    return f"{what} against step{', log scale' if log else ''}: {'; '.join(said)}."


def _in_words(y):
    finite = np.isfinite(y)
    if not finite.all():
        return f"rises from {y[0]:.3g} until the numbers overflow at step {int(np.argmin(finite))}"
    low, high, last = int(np.argmin(y)), int(np.argmax(y)), len(y) - 1
    change = y[last] - y[0]
    if np.ptp(y) <= 1e-9 * np.abs(y).max():
        return f"stays at {y[0]:.3g}"
    if low == last and np.all(np.diff(y) <= 0) or high == last and np.all(np.diff(y) >= 0):
        return f"{'falls' if change < 0 else 'rises'} from {y[0]:.3g} to {y[last]:.3g} in {last} steps"
    turn = (
        f"with a lowest value of {y[low]:.3g} at step {low}"
        if 0 < low < last
        else f"with a peak of {y[high]:.3g} at step {high}"
    )
    return f"goes from {y[0]:.3g} to {y[last]:.3g} in {last} steps, {turn}"


class _Ends(Artist):
    """Text at the right end of each line: its name, in its colour. Names that are too close are moved apart."""

    def __init__(self, lines):
        super().__init__()
        self.set_clip_on(False)  # else Matplotlib, when it crops a figure, would cut the names off
        self.set_zorder(3)  # above the grid and the lines, as Matplotlib's other text is
        self._named = [(line, line.axes.text(0, 0, line.get_label(), color=line.get_color(), fontsize=11, va="center",
                                             transform=None, path_effects=_halo(), clip_on=False)) for line in lines]  # fmt: skip
        for _, text in self._named:
            text.remove()
            text.set_figure(lines[0].figure)

    def _place(self, renderer):
        """Put each name to the right of the last visible point of its line. Return the texts, the lowest first."""
        placed, point = [], renderer.points_to_pixels(1)
        floor = self._named[0][0].axes.bbox.y0 + 8 * point
        for line, text in self._named:
            seen, points = line.axes.bbox.padded(1), line.get_transform().transform(line.get_xydata())
            x, y = next((xy for xy in points[::-1] if np.isfinite(xy).all() and seen.contains(*xy)), points[0])
            placed.append((x, max(y, floor), text))
        placed.sort(key=lambda one: one[1])
        heights = [y for _, y, _ in placed]
        for _ in placed:  # if two names are too close, move each by half of the distance that is missing
            for i in range(1, len(heights)):
                lack = 13 * point - (heights[i] - heights[i - 1])
                if lack > 0 and abs(placed[i][0] - placed[i - 1][0]) < 70 * point:
                    heights[i - 1], heights[i] = heights[i - 1] - lack / 2, heights[i] + lack / 2
            lift = max(0, floor - min(heights))
            heights = [y + lift for y in heights] if lift else heights
        for (x, _, text), y in zip(placed, heights):
            text.set_position((x + 5 * point, y))
        return [text for _, _, text in placed]

    def draw(self, renderer):
        for text in self._place(renderer):
            text.draw(renderer)

    def get_window_extent(self, renderer=None):
        renderer = renderer or self.figure.canvas.get_renderer()
        return Bbox.union([text.get_window_extent(renderer) for text in self._place(renderer)])

    def get_tightbbox(self, renderer=None):
        return self.get_window_extent(renderer)


def _axes(ax, **figure):
    return plt.subplots(layout="constrained", **figure)[1] if ax is None else ax


def _line(look, width=2.0):
    if look == "theory":
        return {"color": SOFT, "linestyle": (0, (2, 2)), "linewidth": 1.4}
    return {"color": COLOURS[look], "linestyle": DASHES[look], "linewidth": width}


def _halo():
    """Return a white edge around a path, so that it stands out from the level lines."""
    return [withStroke(linewidth=4.0, foreground=CARD, alpha=0.7)]


def _start(ax, x, y):
    ax.plot(x, y, "o", markersize=9, markerfacecolor=CARD, markeredgecolor=INK, markeredgewidth=1.8, zorder=5)


def _minimum(ax, x, y):
    ax.plot(x, y, "*", markersize=15, markerfacecolor=GOLD, markeredgecolor=INK, markeredgewidth=1.0, zorder=4)


def _drawable(points, largest=1e9):
    """Return points with nan for numbers too large for Matplotlib to draw; the line has a gap there."""
    points = np.asarray(points, dtype=float)
    return np.where(np.abs(points) < largest, points, np.nan)


def _looks(labels):
    """Return for each label the index of its colour, dash and marker; "theory" if the label begins with this word.

    A label that begins with the name of a method has the index of this method in LOOKS. All other labels get the
    indices that are left over, in turn.
    """
    first = [str(label).lower().replace(",", " ").replace(":", " ").split()[:1] for label in labels]
    own = ["theory" if word == ["theory"] else LOOKS.get(word[0]) if word else None for word in first]
    free = (i % len(COLOURS) for i in count() if i >= len(COLOURS) or i not in own)
    return [next(free) if look is None else look for look in own]
