"""The demo "Round the bowl": the reader centres, scales or whitens a table, and sees the landscape of its loss."""

from typing import Any

import numpy as np
import traitlets

from .. import problems
from ..optimizers import descend, gd
from .engine import Demo, Figure, Goal

SHOWN = 60
_rng = np.random.default_rng(0)
# the ages and yearly incomes of the chapter on scaling
PEOPLE = np.column_stack([_rng.uniform(20, 60, 200), np.maximum(_rng.normal(50_000, 15_000, 200), 10_000)])
MEAN, STD = PEOPLE.mean(axis=0), PEOPLE.std(axis=0)
AGE, INCOME = ((PEOPLE - MEAN) / STD).T
RHO = float(AGE @ INCOME / 200)
REST = (INCOME - RHO * AGE) / np.sqrt(1 - RHO**2)  # the part of income that is not correlated with age
REPAIRS = ["raw", "centred", "scaled", "whitened"]


def table(repair: str = "raw", unit: float = 1.0, rho: float = RHO) -> tuple[np.ndarray, np.ndarray]:
    """Return the ages and incomes after a repair, (200, 2), and their Gram matrix divided by n, (2, 2).

    repair: one of REPAIRS; unit: the number of dollars in one unit of income; rho: the correlation.

    >>> points, H = table("scaled", rho=0.5)
    >>> H
    array([[1. , 0.5],
           [0.5, 1. ]])
    """
    age, income = AGE, rho * AGE + np.sqrt(1 - rho * rho) * REST
    (m, k), (s, t) = MEAN / [1, unit], STD / [1, unit]
    if repair == "whitened":  # symmetric whitening, which turns the data as little as possible
        a, b = 1 / np.sqrt(1 + rho), 1 / np.sqrt(1 - rho)
        return np.column_stack([(a + b) * age + (a - b) * income, (a - b) * age + (a + b) * income]) / 2, np.eye(2)
    if repair == "scaled":
        return np.column_stack([age, income]), np.array([[1, rho], [rho, 1]])
    if repair == "centred":
        m, k = 0.0, 0.0
    c = rho * s * t + m * k
    return np.column_stack([m + s * age, k + t * income]), np.array([[s * s + m * m, c], [c, t * t + k * k]])


def _largest(H):
    """Return the largest eigenvalue of a symmetric matrix, by four hundred steps of the power method."""
    v = np.arange(1.0, len(H) + 1)
    for _ in range(400):
        v = H @ (v / np.sqrt(v @ v))
    return np.sqrt(v @ v)


def condition(repair: str = "raw", unit: float = 1.0, rho: float = RHO) -> float:
    """Return κ of the least-squares loss. The arguments are those of `table`.

    For the raw table, the loss is a function of the bias and the weights. For a centred table it is taken as a function
    of the weights alone, because centring makes the bias independent of them.

    >>> round(float(condition("scaled", rho=0.9)), 6)  # (1 + 0.9) / (1 − 0.9)
    19.0
    """
    _, H = table(repair, unit, rho)
    a, b, d = H[0, 0], H[0, 1], H[1, 1]
    if repair != "raw":
        return _largest(H) * _largest(np.array([[d, -b], [-b, a]]) / (a * d - b * b))
    m, k = MEAN / [1, unit]
    p, q = 1 / STD[0] ** 2 / (1 - rho * rho), 1 / (STD[1] / unit) ** 2 / (1 - rho * rho)
    r = -rho / (STD[0] * (STD[1] / unit)) / (1 - rho * rho)
    u, v = p * m + r * k, r * m + q * k
    inverse = np.array([[1 + m * u + k * v, -u, -v], [-u, p, r], [-v, r, q]])
    return _largest(np.array([[1, m, k], [m, a, b], [k, b, d]])) * _largest(inverse)


def _four_points(repair="raw"):
    """Return the table of the four points, (4, 2), its Gram matrix divided by n, and the matrix's condition number.

    The columns of the table are ones, for the bias, and x.
    """
    x = np.arange(1.0, 5.0) - (0 if repair == "raw" else 2.5)
    points = np.column_stack([np.ones(4), x / (1 if repair in ("raw", "centred") else np.sqrt(1.25))])
    H = points.T @ points / 4
    (a, b), (_, d) = H
    return points, H, _largest(H) * _largest(np.array([[d, -b], [-b, a]]) / (a * d - b * b))


def round_the_bowl(repair: str = "raw", unit: float = 1.0, rho: float = RHO, problem: str = "people") -> dict[str, Any]:
    """Compute what the demo shows: the table, its landscape, and a path over the two weights at the best fixed rate.

    H: the Gram matrix divided by its largest eigenvalue; needed: the steps until a millionth of the distance is
    left.
    Returns points (200, 2), H (2, 2), kappa, needed, path (61, 2).

    >>> round(float(round_the_bowl("whitened")["kappa"]), 3)
    1.0
    """
    if problem == "four_points":
        points, H, kappa = _four_points(repair)
    else:
        (points, H), kappa = table(repair, unit, rho), condition(repair, unit, rho)
    needed = 1 if kappa < 1 + 1e-9 else int(np.ceil(-np.log(1e6) / np.log1p(-2 / (kappa + 1))))
    L = _largest(H)
    lr = 2 / (1 + (H[0, 0] * H[1, 1] - H[0, 1] ** 2) / L / L)
    return {
        "points": points,
        "H": H / L,
        "kappa": kappa,
        "needed": needed,
        "path": descend(gd, lambda w: H / L @ w, [1.2, -0.8], min(needed, SHOWN), lr=lr),
    }


class RoundTheBowl(Demo):
    """Choose units, centre, scale or whiten, and see the table and its landscape change together."""

    title = "Round the bowl"
    question = "Age and income of 200 people, and a line to be fitted. What must happen to the table so that the descent takes six steps, and not 10¹¹?"
    caption = (
        "The table alone makes the valley: each column's mean square is a curvature, and what two columns share tilts it. Centring takes the bias out, scaling "
        "makes the spreads equal, and only whitening removes what the columns share. The cloud shows all people with one scale for both columns, as the descent sees them."
    )
    goals = (
        Goal(
            "unit",
            "Centre the columns, then choose the unit of income so that fewer than 10 steps are enough.",
            "About 1,200 dollars: then income spreads as much as age, and the valley is a bowl. Units are learning rates.",
            {"problem": "people", "repair": "raw", "unit": 1.0, "rho": round(RHO, 2)},
        ),
        Goal(
            "scaled",
            "Income in dollars again: which button does the same, whatever the unit?",
            "Scaling: κ = 1.17 and 6 steps, in dollars, cents or thousands.",
            {"problem": "people", "repair": "centred", "unit": 1.0, "rho": round(RHO, 2)},
        ),
        Goal(
            "stuck",
            "Scaled, and now a correlation of 0.9: how far does scaling get?",
            "κ = (1 + 0.9)/(1 − 0.9) = 19: no unit of a column can straighten a tilted valley.",
            {"problem": "people", "repair": "scaled"},
        ),
        Goal(
            "whitened",
            "The same correlation of 0.9: make one step enough.",
            "Whitening turns the axes too: κ = 1, every contour a circle, and the first step lands.",
            {"problem": "people", "repair": "scaled", "rho": 0.9},
        ),
        Goal(
            "four_points",
            "The four points of the update rule took 3,684 steps at η = 0.01. At the best rate a millionth of the error still takes 386: make it one.",
            "Scaled, its column has mean 0 and spread 1, and is as large as the column of ones beside it: κ = 1. From 386 steps to one, and only the unit and the zero of x have changed.",
            {"problem": "four_points", "repair": "raw"},
        ),
    )
    python = """from gdcourse import plotting
from gdcourse.demos.round_the_bowl import round_the_bowl

seen = round_the_bowl("{repair}", unit={unit}, rho={rho}, problem="{problem}")
path = seen["path"]
print(f"κ = {seen['kappa']:.4g}, steps {seen['needed']:.4g}")
plotting.curves({"gd": (path**2).sum(axis=1) ** 0.5}, ylabel="distance", log=True)
"""
    height = (985, 1405)
    data = {"age": AGE.round(3).tolist(), "rest": REST.round(3).tolist(), "mean": MEAN.tolist(), "std": STD.tolist()}  # noqa: RUF012

    repair = traitlets.Enum(REPAIRS, "raw", help="what is done to the table").tag(sync=True)
    unit = traitlets.Float(1.0, help="dollars in one unit of income").tag(sync=True)
    rho = traitlets.Float(round(RHO, 2), help="correlation of age and income").tag(sync=True)

    problem = traitlets.Enum(["people", "four_points"], "people", help="whose table").tag(sync=True)

    @property
    def path(self) -> np.ndarray:
        return round_the_bowl(**self.settings)["path"]

    @property
    def alt(self) -> str:
        seen = round_the_bowl(**self.settings)
        if self.problem == "four_points":
            return f"The bias and the column of the four points, {self.repair}, and the landscape of their two weights: κ = {seen['kappa']:.3g}, {seen['needed']} steps to a millionth."
        return f"Age and income of 200 people, {self.repair}, correlation {self.rho:.2g}, and the landscape of two weights: κ = {seen['kappa']:.3g}, {seen['needed']:.2g} steps to a millionth."

    def still(self, figure: Figure) -> None:
        from .. import plotting

        seen, few = round_the_bowl(**self.settings), self.problem == "four_points"
        names = ("bias", "x") if few else ("age", "income")
        land, cloud = figure.subplots(1, 2)
        values, axes = np.linalg.eigh(seen["H"])
        plotting.contour(
            problems.rotated(values, np.degrees(np.arctan2(axes[1, 0], axes[0, 0]))),
            {"gd": seen["path"]},
            ax=land,
            view=(-1.5, 1.5, -1.5, 1.5),
            labels=("bias", "slope") if few else ("weight of age", "weight of income"),
        )
        cloud.plot(*seen["points"].T, ".", color="#8A8A8A", alpha=0.6)
        reach = np.abs(seen["points"]).max() * 1.1
        cloud.locator_params(nbins=4)
        cloud.set(xlim=(-reach, reach), ylim=(-reach, reach), xlabel=names[0], ylabel=names[1])
