"""The cheat sheet says what the code says: its defaults are those of the functions, its spans follow from them."""

import inspect
import re
from pathlib import Path

import numpy as np
import pytest

import gdcourse

SHEET = (Path(__file__).parents[1] / "chapters" / "cheat_sheet.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(\w+)\((\w+)\)` \| (\S+) \| (.+) \|$", SHEET, flags=re.MULTILINE)


def default(rule, setting):
    return inspect.signature(getattr(gdcourse, rule)).parameters[setting].default


@pytest.mark.parametrize(
    ("rule", "setting", "said", "means"), ROWS, ids=[f"{rule}-{setting}" for rule, setting, *_ in ROWS]
)
def test_a_default_is_the_function_s_own(rule, setting, said, means):
    assert float(said) == default(rule, setting)
    for slopes in re.findall(r"about (\d+) slopes", means):
        assert float(slopes) == pytest.approx(1 / (1 - default(rule, setting)))
    for times in re.findall(r"(\d+) times as long", means):
        assert float(times) == pytest.approx(1 / (1 - default(rule, setting)))


def test_the_table_is_read():
    assert len(ROWS) == 8


def test_the_first_step_of_adadelta():
    said = float(re.search(r"its root, times about ([\d.]+)", SHEET)[1])
    for eps in 1e-6, 1e-4:
        step = -gdcourse.descend(gdcourse.adadelta, lambda w: np.ones_like(w), 0.0, 1, eps=eps)[1]
        assert step / np.sqrt(eps) == pytest.approx(said, rel=0.02)


def test_what_is_computed_before_a_run():
    """The formulas of the second table, on a valley: edge, best rate, best momentum, and the steps they promise."""
    from gdcourse import problems
    from gdcourse.optimizers import descend, gd, momentum

    valley = problems.valley(100)
    L, mu, kappa = valley.L, valley.mu, valley.kappa

    def error(rule, steps, **settings):
        return np.linalg.norm(descend(rule, valley.grad, valley.start, steps, **settings), axis=1)

    assert error(gd, 400, lr=1.99 / L)[-1] < error(gd, 1, lr=0)[0] < error(gd, 400, lr=2.01 / L)[-1]
    best = error(gd, 691, lr=2 / (mu + L))
    assert best[1:] / best[:-1] == pytest.approx((kappa - 1) / (kappa + 1))
    assert np.log(1e6) * kappa / 2 == pytest.approx(691, abs=0.5) and best[-1] / best[0] == pytest.approx(
        1e-6, rel=0.01
    )
    beta = ((np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)) ** 2
    ball = error(momentum, 1000, lr=4 / (np.sqrt(L) + np.sqrt(mu)) ** 2, beta=beta)
    assert (ball[1000] / ball[600]) ** (1 / 400) == pytest.approx(np.exp(-2 / np.sqrt(kappa)), rel=0.01)
    assert (
        error(momentum, 900, lr=1.99 * 1.9 / L, beta=0.9)[-1]
        < 1
        < error(momentum, 900, lr=2.01 * 1.9 / L, beta=0.9)[-1]
    )


def test_waves_and_a_first_rise_have_other_causes():
    from gdcourse import best_heavy_ball, problems
    from gdcourse.optimizers import descend, momentum

    assert (
        "| waves | [too much memory]" in SHEET
        and "| [a rate above 2/L](momentum.ipynb) | wait: it falls; or lower η |" in SHEET
    )
    valley = problems.valley(100)

    def losses(lr, beta):
        return valley.loss(descend(momentum, valley.grad, valley.start, 400, lr=lr, beta=beta).T)

    for share in 1, 0.5, 0.2:  # a lower rate leaves the waves, a lower β takes them away
        assert (
            np.sum(np.diff(losses(share * 0.02, 0.9)) > 0) > 100 > 50 > np.sum(np.diff(losses(share * 0.02, 0.5)) > 0)
        )
    best = best_heavy_ball(1, 100)
    assert (
        losses(**best)[1] > losses(**best)[0] > losses(**best)[-1]
        and losses(1.9 / valley.L, best["beta"]).max() == losses(**best)[0]
    )
    assert losses(best["lr"], 0.5)[-1] > 1e9, "to lower β takes the run over the edge"


@pytest.mark.parametrize("table", ["diabetes", "wine", "breast_cancer"])
def test_the_edge_of_standardised_columns(table):
    from gdcourse import problems

    assert "lies between $2/d$ and 2" in SHEET
    X = problems.standardised(getattr(problems, table)()[0])
    edge = 2 / problems.half_least_squares(X, np.zeros(len(X))).L
    assert 2 / X.shape[1] <= edge <= 2 and not 0.9 < edge < 1.1
