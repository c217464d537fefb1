"""Figures hold what they promise: circle and star, one look per method, colours that all can tell apart, nothing returned."""

import json
import re
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb

from gdcourse import adam, descend, gd, momentum, plotting, problems
from gdcourse.autodiff import Value

ROOT = Path(__file__).parents[1]
BOWL = problems.bowl
PATH = descend(gd, BOWL.grad, BOWL.start, 12, lr=0.1)


@pytest.fixture(autouse=True, scope="module")
def no_windows():
    plt.switch_backend("agg")


@pytest.fixture
def ax():
    figure, ax = plt.subplots()
    yield ax
    figure.canvas.draw()  # what cannot be drawn fails here
    plt.close("all")


def at(ax, marker):
    return [
        tuple(float(v[0]) for v in line.get_data())
        for line in ax.lines
        if line.get_marker() == marker and len(line.get_xdata()) == 1
    ]


def test_contour_shows_start_minimum_and_paths(ax):
    assert (
        plotting.contour(
            BOWL, {"gd": PATH, "momentum 0.9": descend(momentum, BOWL.grad, BOWL.start, 12, lr=0.05)}, ax=ax
        )
        is None
    )
    assert at(ax, "*") == [(0, 0)] and at(ax, "o") == [(3, 4), (3, 4)]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["gd", "momentum 0.9"]
    assert ax.get_xlim() == (-5, 5) and ax.get_xlabel() == "x" and ax.get_aspect() == 1
    drawn = next(line for line in ax.lines if line.get_label() == "gd")
    np.testing.assert_array_equal(np.transpose(drawn.get_data()), PATH)


def test_level_lines_are_where_the_heights_are(ax):
    plotting.contour(BOWL, ax=ax)
    (lines,) = [c for c in ax.collections if c.get_zorder() >= 0]
    for level, path in zip(lines.levels, lines.get_paths(), strict=True):
        np.testing.assert_allclose(BOWL.loss(path.vertices[:-1].T), level, rtol=0.02, atol=0.05)
    assert len(lines.levels) == 12


def test_line_walks_on_the_curve(ax):
    path = descend(gd, problems.parabola.grad, 10.0, 5, lr=0.1)
    assert plotting.line(problems.parabola, path, ax=ax) is None
    assert at(ax, "o") == [(10, 49)] and at(ax, "*") == [(3, 0)]
    np.testing.assert_allclose(ax.lines[1].get_ydata(), problems.parabola.loss(path))


def test_curves_take_values_or_pairs_on_any_axes(ax):
    assert plotting.curves({"a": [4, 2, 1], "b": ([1, 10, 100], [3, 2, 1])}, ax=ax, xlabel="rate η", log="xy") is None
    assert (ax.get_xscale(), ax.get_yscale(), ax.get_xlabel()) == ("log", "log", "rate η")
    assert ax.lines[0].get_xdata().tolist() == [0, 1, 2] and ax.lines[1].get_xdata().tolist() == [1, 10, 100]


def test_many_paths_are_one_stroke(ax):
    rates = np.linspace(0.01, 0.3, 50)
    sweep = descend(gd, BOWL.grad, BOWL.start[:, None], 10, lr=rates)
    assert plotting.many(sweep, rates, ax=ax, label="learning rate η") is None
    (strokes,) = [c for c in ax.collections if isinstance(c, LineCollection)]
    np.testing.assert_array_equal(strokes.get_segments()[7], sweep[:, :, 7])
    plotting.many(sweep, ax=ax)


@pytest.mark.parametrize("log", [False, True])
def test_divergence_is_drawn_as_far_as_the_page_goes(ax, log):
    wild = descend(gd, BOWL.grad, BOWL.start, 2000, lr=5.0)
    assert not np.isfinite(wild[-1]).all()
    with np.errstate(over="ignore", invalid="ignore"):
        losses = BOWL.loss(wild.T)
    plotting.contour(BOWL, {"gd": wild}, ax=ax)
    plotting.curves({"gd": losses}, ax=plt.figure().gca(), log=log)
    for number in plt.get_fignums():
        plt.figure(number).canvas.draw()


def test_without_ax_each_call_is_a_figure_of_its_own():
    before = len(plt.get_fignums())
    plotting.contour(BOWL)
    plotting.line(problems.absolute)
    plotting.curves({"a": [1, 2]})
    plotting.many(PATH[:, :, None])
    assert len(plt.get_fignums()) == before + 4
    plt.close("all")


def test_a_method_keeps_its_look_and_no_two_lines_share_one(ax):
    def looks(*labels):
        ax.clear()
        plotting.curves(dict.fromkeys(labels, [1, 2]), ax=ax)
        return [(line.get_color(), line.get_linestyle(), line._dash_pattern) for line in ax.lines]

    (alone,) = looks("Adam, η = 0.1")
    assert looks("gd", "adam") == [*looks("gd"), alone]
    assert looks("theory 0.64ᵗ")[0][0] == plotting.SOFT
    six = looks("η = 0.1", "adam", "η = 0.2", "gd", "", "mine")
    assert six[1] == alone and six[3] == looks("gd")[0] and len({str(look) for look in six}) == 6
    assert len(looks(*map(str, range(14)))) == 14


def test_drawing_does_not_change_a_path():
    path = PATH.copy()
    plotting.contour(BOWL, {"gd": path})
    plt.close("all")
    assert np.array_equal(path, PATH)


# ---- names of lines ----------------------------------------------------------------------------------------------------


def drawn_names(ax):
    """What stands where, in pixels, once the figure is drawn: {name: box}."""
    ax.figure.canvas.draw()
    (ends,) = [artist for artist in ax.artists if type(artist).__name__ == "_Ends"]
    return {text.get_text(): text.get_window_extent() for _, text in ends._named}


def test_short_names_stand_where_the_lines_end_and_not_on_each_other(ax):
    t = np.arange(60)
    plotting.curves({"a": 0.9**t, "b": 0.85**t + 0.01, "c": 0.84**t + 0.01, "gone": 0.5**t}, ax=ax, log=True)
    ax.set_ylim(1e-3, 2)  # a change afterwards moves the names too
    boxes = drawn_names(ax)
    assert ax.get_legend() is None and set(boxes) == {"a", "b", "c", "gone"}
    for line in ax.lines[:3]:  # these leave at the right
        assert boxes[line.get_label()].x0 >= ax.transData.transform(line.get_xydata()[-1])[0]
    assert boxes["gone"].x1 < boxes["a"].x0 and boxes["gone"].y0 > ax.bbox.y0  # it leaves through the floor
    assert not [pair for pair in combinations(boxes.values(), 2) if pair[0].overlaps(pair[1])]
    (ends,) = [artist for artist in ax.artists if type(artist).__name__ == "_Ends"]
    lines = [*ax.lines, ax.xaxis, *ax.xaxis.get_gridlines()]
    assert ends.get_zorder() > max(line.get_zorder() for line in lines)  # no grid line is drawn through a letter
    # a figure that is cut to what is drawn, as notebooks cut it, keeps them whole
    cut = ax.figure.get_tightbbox().extents * ax.figure.dpi
    assert cut[2] >= max(box.x1 for box in boxes.values())


@pytest.mark.parametrize("draw", ["contour", "curves", "legend"])
def test_names_that_are_long_stand_above_the_picture(ax, draw):
    ax.set_title("above all")
    names = ["steepest descent, tuned", "the same, with momentum", "a third one"]
    if draw == "contour":
        plotting.contour(BOWL, dict.fromkeys(names, PATH), ax=ax)
    elif draw == "curves":
        plotting.curves(dict.fromkeys(names, [1, 2]), ax=ax)
    else:
        ax.plot([[1, 2, 3], [3, 2, 1]])
        plotting.legend(ax, names)
    ax.figure.canvas.draw()
    box = ax.get_legend().get_window_extent()
    assert box.y0 >= ax.bbox.y1 and ax.title.get_window_extent().y0 >= box.y1 - 2
    assert sorted(text.get_text() for text in ax.get_legend().get_texts()) == sorted(names)


def code_of_pages():
    """(name of the page, its code cells) for each notebook of the book."""
    for path in sorted((ROOT / "chapters").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        yield path.stem, ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def test_no_figure_of_a_chapter_has_a_legend_that_may_hide_data():
    own = [f"{name}: {line}" for name, cells in code_of_pages() for code in cells for line in code.splitlines()
           if re.search(r"(?<!plotting)\.legend\(|get_legend|legend_\b", line)]  # fmt: skip
    assert not own, "write  plotting.legend(ax) : it puts the names above the picture"


def test_every_page_that_draws_has_the_look_of_the_course():
    """`plotting` sets it when it is imported, before the first figure; nothing on a page changes it."""
    for name, cells in code_of_pages():
        if any("plt." in code for code in cells):
            first = next(
                code for code in cells if re.search(r"^import matplotlib|^from matplotlib", code, re.MULTILINE)
            )
            assert re.search(r"^from gdcourse import .*\bplotting\b", first, re.MULTILINE), name
        assert not [code for code in cells if re.search(r"rcParams|plt\.(style|rc)\b", code)], name


def test_a_learners_own_plot_has_the_look_of_the_course():
    """In Jupyter, with the imports that every chapter begins with; a fresh process, where nothing else has set the look."""
    (imports,) = [cells[0] for name, cells in code_of_pages() if name == "update_rule"]
    code = f"{imports}\nline, = plt.plot([1, 2])\nax = plt.gca()\nprint(line.get_color(), ax.spines['top'].get_visible(), ax.get_facecolor())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == f"{plotting.COLOURS[0]} False (1.0, 1.0, 1.0, 1.0)"


# ---- colours -----------------------------------------------------------------------------------------------------------

BLIND = {  # Machado et al. (2009), full severity, on linear RGB
    "none": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def linear(colour):
    c = np.array(to_rgb(colour))
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ np.clip(rgb, 0, 1)
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz / [0.9505, 1, 1.089]), 7.787 * xyz / [0.9505, 1, 1.089] + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("kind", BLIND)
def test_lines_can_be_told_apart_by_everyone(kind):
    seen = [lab(np.asarray(BLIND[kind]) @ linear(colour)) for colour in plotting.COLOURS]
    assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) > 10


def test_lines_and_words_contrast_with_the_card():
    def contrast(a, b):
        light, dark = sorted((linear(a) @ [0.2126, 0.7152, 0.0722], linear(b) @ [0.2126, 0.7152, 0.0722]), reverse=True)
        return (light + 0.05) / (dark + 0.05)

    assert min(contrast(colour, plotting.CARD) for colour in [*plotting.COLOURS, plotting.INK, plotting.SOFT]) > 4.5
    assert min(contrast(plotting.SCALE(x), plotting.CARD) for x in np.linspace(0, 1, 20)) > 4.5
    deepest = plotting.HEIGHTS(0.0)
    assert min(contrast(colour, deepest) for colour in plotting.COLOURS) > 3


# ---- words -------------------------------------------------------------------------------------------------------------


def test_alt_text_says_what_the_lines_do():
    wild = np.append(4.0 ** np.arange(8), [np.inf, np.nan])
    said = plotting.describe(
        {"η = 0.1": [49, 8, 0.2314], "η = 2": wild, "flat": [3, 3, 3], "bump": [5, 9, 1, 2]}, log=True
    )
    assert said == (
        "Loss against step, log scale: η = 0.1 falls from 49 to 0.231 in 2 steps; "
        "η = 2 rises from 1 until the numbers overflow at step 8; flat stays at 3; "
        "bump goes from 5 to 2 in 3 steps, with a lowest value of 1 at step 2."
    )
    heavy = problems.valley(100).loss(
        descend(momentum, problems.valley(100).grad, [1.0, 1.0], 93, lr=4 / 121, beta=(9 / 11) ** 2).T
    )
    assert "with a peak of 687 at step 4" in plotting.describe({"momentum": heavy})


def test_notebooks_get_svg():
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    code = "from gdcourse import plotting, problems\nplotting.contour(problems.bowl)\nimport matplotlib.pyplot as plt\nplt.show()"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    nbclient.NotebookClient(notebook, timeout=60).execute()
    (picture,) = notebook.cells[0].outputs
    assert set(picture["data"]) == {"image/svg+xml", "text/plain"}


def test_a_long_run_of_adam_draws(ax):
    path = descend(adam, problems.rosenbrock.grad, problems.rosenbrock.start, 1500, lr=0.02)
    plotting.contour(problems.rosenbrock, {"adam": path}, ax=ax)
    (drawn,) = [line for line in ax.lines if line.get_label() == "adam"]
    assert drawn.get_marker() in (None, "None")  # dots on 1,500 points would hide the path


def test_a_graph_shows_values_and_the_gradients_known_so_far(ax):
    w, x = Value(3.0), Value(2.0)
    s = w * x
    f = s * x
    f.backward()
    names = {"w": w, "x": x, "s": s, "f": f}
    for known, gradients in ((0, set()), (2, {"1", "2"}), (None, {"1", "2", "4", "12"})):
        ax.clear()
        assert plotting.graph(f, names, known=known, ax=ax) is None
        shown = {text.get_text() for text in ax.texts} - {""}
        assert shown == {"w\n3", "x\n2", "s\n6", "f\n12"} | gradients
