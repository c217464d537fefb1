"""Contours, paths and curves in the house style.

In every figure the start is a circle and the minimum a star; colour never speaks alone, a dash or a marker says it too;
a method keeps its colour and dash from page to page.  Functions take `ax` and return nothing.
"""

from itertools import count

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import LineCollection

INK, GRID, CARD = "#222222", "#D9D9D9", "#FFFFFF"
COLOURS = ["#0060A8", "#C44601", "#00735C", "#8E3A80", "#7A5C00", "#1A1A1A"]
DASHES = ["-", (0, (5, 1.5)), (0, (1, 1)), (0, (5, 1.5, 1, 1.5)), (0, (8, 2)), (0, (3, 1, 1, 1, 1, 1))]
MARKERS = ["o", "s", "^", "D", "v", "P"]
LOOKS = {"gd": 0, "sgd": 0, "momentum": 1, "nesterov": 2, "adam": 3, "rmsprop": 4, "adagrad": 5}


def style():
    """Set the house style for all figures.  Importing this module does it."""
    plt.rcParams.update({
        "figure.figsize": (5.6, 3.6), "figure.dpi": 110, "savefig.dpi": 200, "figure.facecolor": CARD, "savefig.facecolor": CARD,
        "axes.facecolor": CARD, "axes.edgecolor": INK, "axes.labelcolor": INK, "text.color": INK,
        "xtick.color": INK, "ytick.color": INK, "font.size": 12, "axes.titlesize": 12, "legend.fontsize": 11,
        "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "axes.axisbelow": True,
        "grid.color": GRID, "grid.linewidth": 0.8, "lines.linewidth": 2.0, "lines.markersize": 5, "legend.frameon": False,
        "axes.prop_cycle": plt.cycler(color=COLOURS, linestyle=DASHES), "image.cmap": "cividis", "svg.fonttype": "path",
        "svg.hashsalt": "gdcourse",
    })  # fmt: skip


style()


def contour(problem, paths=None, ax=None, view=None, levels=12, labels=("x", "y")):
    """Level lines of a problem in two dimensions, and paths over them.

    paths: {label: path}, each path of shape (steps + 1, 2); view: (left, right, bottom, top), else the problem's own.
    """
    ax = _axes(ax)
    left, right, bottom, top = view or problem.view
    grid = np.array(np.meshgrid(np.linspace(left, right, 201), np.linspace(bottom, top, 201)))
    height = problem.loss(grid.reshape(2, -1)).reshape(201, 201)
    ax.contour(*grid, height, levels=_levels(height, levels), colors="#8A8A8A", linewidths=0.8)
    for (label, path), look in zip((paths or {}).items(), _looks(paths or {})):
        path = np.asarray(path)
        ax.plot(*path.T, label=label, marker=MARKERS[look], markersize=3, color=COLOURS[look], linestyle=DASHES[look])
        ax.plot(*path[0], "o", markersize=9, markerfacecolor=CARD, markeredgecolor=INK, markeredgewidth=1.5)
    if problem.w_star is not None:
        ax.plot(*problem.w_star, "*", markersize=15, markerfacecolor="#F5C400", markeredgecolor=INK)
    ax.set(xlim=(left, right), ylim=(bottom, top), xlabel=labels[0], ylabel=labels[1])
    ax.grid(False)
    if paths:
        ax.legend()


def curves(values, ax=None, xlabel="step t", ylabel="loss f(w)", log=False):
    """Lines over the step: {label: values}, each (steps + 1,) or a pair (x, y).

    log: False, True or "y" for a logarithmic height, "x", or "xy".
    """
    ax = _axes(ax)
    for (label, line), look in zip(values.items(), _looks(values)):
        x, y = line if isinstance(line, tuple) else (np.arange(len(line)), line)
        ax.plot(x, y, label=label, color=COLOURS[look], linestyle=DASHES[look])
    log = {True: "y", False: ""}.get(log, log)
    if "x" in log:
        ax.set_xscale("log")
    if "y" in log:
        ax.set_yscale("log")
    ax.set(xlabel=xlabel, ylabel=ylabel)
    if len(values) > 1:
        ax.legend()


def many(paths, values=None, ax=None, label=None):
    """Many paths in one stroke.  paths: (steps + 1, 2, B) as `descend` returns a sweep; values: (B,), told by colour."""
    ax = _axes(ax)
    lines = LineCollection(np.moveaxis(np.asarray(paths), 2, 0), linewidths=1.0, alpha=0.7, cmap="cividis")
    if values is None:
        lines.set_color(COLOURS[0])
    else:
        lines.set_array(np.asarray(values))
        ax.figure.colorbar(lines, ax=ax, label=label)
    ax.add_collection(lines)
    ax.autoscale_view()


def line(problem, path=None, ax=None, view=None, labels=("w", "loss f(w)")):
    """The curve of a problem in one dimension, and a path of shape (steps + 1,) on it."""
    ax = _axes(ax)
    w = np.linspace(*(view or problem.view), 401)
    ax.plot(w, problem.loss(w), color="#6E6E6E", linestyle="-")
    if path is not None:
        path = np.asarray(path)
        ax.plot(path, problem.loss(path), marker="o", markersize=4, color=COLOURS[0])
        ax.plot(path[0], problem.loss(path[0]), "o", markersize=9, markerfacecolor=CARD, markeredgecolor=INK)
    if problem.w_star is not None:
        ax.plot(problem.w_star, problem.f_star, "*", markersize=15, markerfacecolor="#F5C400", markeredgecolor=INK)
    ax.set(xlabel=labels[0], ylabel=labels[1])


def _axes(ax):
    return plt.subplots()[1] if ax is None else ax


def _levels(height, n):
    """Heights whose lines lie about evenly: squares from the lowest point up."""
    low, high = np.nanmin(height), np.nanmax(height)
    return low + (high - low) * np.linspace(0, 1, n + 2)[1:-1] ** 2


def _looks(labels):
    """One look for each label: a method's own where the label begins with its name, else the next one that is free."""
    own = [LOOKS.get(str(label).lower().split(" ")[0].rstrip(",:")) for label in labels]
    free = (i % len(COLOURS) for i in count() if i not in own or i >= len(COLOURS))
    return [next(free) if look is None else look for look in own]
