"""The numbers of the chapter on the gradient."""

import numpy as np

from gdcourse import problems
from gdcourse.demos.fog import fog
from gdcourse.demos.too_small import too_small
from website.content.facts import fact, says

here = np.array([3.0, 4.0])


def central(f, w, h=6e-6):
    return np.array([(f(w + e) - f(w - e)) / (2 * h) for e in h * np.eye(len(w))])


def relative_error(g, n):
    return np.linalg.norm(g - n) / (np.linalg.norm(g) + np.linalg.norm(n))


def each(g, n):
    return np.abs(g - n) / (np.abs(g) + np.abs(n))


@fact(
    "F2.1",
    "The gradient of x² + 2y² at (3, 4) is (6, 16): length 17.0880, angle 69.444°; level at 159.444°, steepest down at 249.444°.",
)
def gradient_of_the_bowl():
    g = problems.bowl.grad(here)
    says(g[0], "6")
    says(g[1], "16")
    says(np.linalg.norm(g), "17.0880")
    says(np.linalg.norm(g), "17.09")
    says(np.degrees(np.arctan2(g[1], g[0])), "69.444")
    says(np.degrees(np.arctan2(g[1], g[0])), "69.44")
    says(np.degrees(np.arctan2(g[1], g[0])), "69")
    turn = np.radians(np.arange(0, 360, 0.001))
    slope = g[0] * np.cos(turn) + g[1] * np.sin(turn)
    says(np.degrees(turn[slope.argmax()]), "69.444")
    says(np.degrees(turn[np.abs(slope[:180_000]).argmin()]), "159.444", quoted=False)
    says(np.degrees(turn[slope.argmin()]), "249.444", quoted=False)
    says(np.degrees(turn[slope.argmin()]), "249")


@fact(
    "F2.2",
    "Steepest slope of a unit step at (3, 4): 17.088 in the 2-norm (along g), 22 in the max-norm (along sign g), 16 in the 1-norm (one coordinate).",
)
def steepest_by_three_rulers():
    g = problems.bowl.grad(here)
    # independent of the formulas: the best of very many steps of length 1, none of which knows the answer
    d = np.random.default_rng(0).normal(size=(2, 400_000))
    for norm, slope, best in (
        (2, "17.088", g / np.linalg.norm(g)),
        (np.inf, "22", np.sign(g)),
        (1, "16", np.array([0.0, 1.0])),
    ):
        says(g @ best, slope, quoted=False)
        says(g @ best, slope.replace("17.088", "17.09"))
        tried = g @ (d / np.linalg.norm(d, norm, axis=0))
        says(
            fog(np.degrees(np.arctan2(best[1], best[0])), "inf" if norm == np.inf else str(norm))["slope"],
            slope,
            quoted=False,
        )
        assert g @ best * (1 - 1e-3) < tried.max() <= g @ best * (1 + 1e-12) and np.isclose(
            np.linalg.norm(best, norm), 1
        )


@fact(
    "F2.3",
    "Finite differences of exp at 1, relative error: forward h/2, central h²/6; forward is best near h = 1e-8 (about 1e-8), central near 6e-6 (about 1e-11); h = 1e-16 gives 0.",
)
def finite_differences_of_exp():
    at = np.linspace(0.5, 1.5, 301)  # the median of many places: at one place the rounding error is a matter of luck

    def errors(h):
        forward = (np.exp(at + h) - np.exp(at)) / h / np.exp(at) - 1
        both = (np.exp(at + h) - np.exp(at - h)) / (2 * h) / np.exp(at) - 1
        return np.median(np.abs(forward)), np.median(np.abs(both))

    for h in (1e-2, 1e-3):
        forward, both = errors(h)
        assert abs(forward / (h / 2) - 1) < 0.01 and abs(both / (h**2 / 6) - 1) < 0.01
    h = 10 ** np.arange(-14, 0, 0.125)
    forward, both = np.array([errors(one) for one in h]).T
    assert 3e-9 < h[forward.argmin()] < 3e-8 and 3e-9 < forward.min() < 3e-8
    assert 1e-6 < h[both.argmin()] < 1e-5 and 3e-12 < both.min() < 3e-11
    assert (
        min(too_small(one, "central")["error"] for one in np.linspace(5e-6, 7e-6, 21)) < 1e-10
    )  # what the demo asks for
    assert too_small(1e-16, "forward")["slope"] == 0
    says(1e-10, "1e-10")
    says(1e-8, "1e-8")
    says(1e-11, "1e-11")
    says((np.exp(1 + 1e-16) - np.exp(1)) / 1e-16, "0")
    says((np.exp(1 + 0.1) - np.exp(1)) / 0.1, "2.8588", quoted=False)
    cube = lambda w: w**3  # noqa: E731
    says((cube(1.1) - cube(1)) / 0.1, "3.31", quoted=False)
    says((cube(1.1) - cube(0.9)) / 0.2, "3.01", quoted=False)


@fact(
    "F2.4",
    "A common loop prints the MSE and uses exactly half of its gradient: (−5, −15) for (−10, −30) on the four points, relative error 1/3.",
)
def half_the_gradient():
    points = problems.four_points
    used = points.X.T @ (points.X @ np.zeros(2) - points.y) / 4
    of_printed = central(lambda w: np.mean((points.X @ w - points.y) ** 2), np.zeros(2))
    for value, text in zip([*used, *of_printed], ("-5", "-15", "-10", "-30"), strict=True):
        says(value, text)
    assert np.allclose(of_printed, 2 * used, rtol=1e-9)
    says(relative_error(used, 2 * used), "1/3")


def flat_model():
    """Least squares on standardised diabetes, as a Problem, and the weights that predict the mean for everyone."""
    X, y = problems.diabetes()
    w = np.zeros(11)
    w[0] = y.mean()
    return problems.least_squares(problems.with_bias(problems.standardised(X)), y), w


@fact(
    "F2.5",
    "Diabetes, standardised, all predicted by the mean: the slope of the MSE is −90.32 in the weight of the BMI, −87.15 in that of s5; the least squares line in the BMI alone has minus half of it.",
)
def slopes_of_the_flat_model():
    fit, w = flat_model()
    g = central(fit.loss, w, h=1e-3)
    says(g[3], "-90.32")
    says(g[3], "-90")
    says(g[9], "-87.15")
    says(g[9], "-87")
    assert np.argsort(-np.abs(g))[:2].tolist() == [3, 9]
    says(-g[3] / 2, "45.16", quoted=False)


@fact(
    "F2.9",
    "Breast cancer in raw units, w = 0, log loss: the sign of one of 31 entries flipped (the spread of the concave points, slope −0.0003 beside 90 for the largest area) gives a relative error of 2.9e-6 as whole vectors and 1 in that entry; the right gradient has less than 1e-11 and less than 1e-5.",
)
def one_small_entry():
    X, y = problems.breast_cancer()
    raw = problems.logistic(problems.with_bias(X), y)
    n, g = central(raw.loss, np.zeros(31)), raw.grad(np.zeros(31))
    assert relative_error(g, n) < 1e-11 and each(g, n).max() < 1e-5
    says(g.max(), "90")
    assert g.max() == np.abs(g).max()
    says(g[18], "-0.0003")
    wrong = np.where(np.arange(31) == 18, -g, g)
    says(relative_error(wrong, n), "2.9e-6")
    says(relative_error(wrong, n), "0.000003")
    says(each(wrong, n).max(), "1")


@fact("F2.6", "The precision of 64 bits is 2.2e-16: its square root is 1.5e-8, its cube root 6e-6.")
def roots_of_the_precision():
    eps = np.finfo(float).eps
    says(eps, "2.2e-16")
    says(np.sqrt(eps), "1.5e-8")
    says(np.cbrt(eps), "6e-6")


@fact(
    "F2.7",
    "Breast cancer, standardised, 31 weights: the formula for the gradient of the log loss agrees with central differences in every entry, with a relative error below 1e-7; as whole vectors it is below 1e-9.",
)
def gradient_check_on_tumours():
    X, y = problems.breast_cancer()
    A = problems.with_bias(problems.standardised(X))
    w = np.random.default_rng(0).normal(size=A.shape[1])
    g = A.T @ (1 / (1 + np.exp(-A @ w)) - y) / len(y)

    def loss(w):
        return np.mean(np.logaddexp(0, A @ w) - y * (A @ w))

    n = central(loss, w)
    assert relative_error(g, n) < 1e-9 and each(g, n).max() < 1e-7
    says(1e-7, "1e-7")
    says(A.shape[1], "31")
    says(len(y), "569")


@fact(
    "F2.8",
    "The log loss with 1e-9 inside the logarithm fails the gradient check at z = −30, y = 1: relative error 0.9998 between its slope and p − y.",
)
def floored_loss_fails_the_check():
    z = np.array([-30.0])
    p = 1 / (1 + np.exp(-z))
    n = central(lambda z: -np.log(1 / (1 + np.exp(-z[0])) + 1e-9), z)
    says(relative_error(p - 1, n), "0.9998")
    exact = -p * (1 - p) / (p + 1e-9)  # with pencil
    assert np.allclose(n, exact, rtol=1e-4)


@fact(
    "F2.10",
    "The same flat model: the best weight of s1 is −38, the largest of the ten in absolute value, though a step against the gradient makes it larger; four of the ten weights end on the other side.",
)
def where_the_first_step_points_and_where_it_ends():
    fit, w = flat_model()
    first, best = -fit.grad(w)[1:], fit.w_star[1:]
    assert np.abs(best).argmax() == 4 and first[4] > 0
    says(best[4], "-38")
    assert np.flatnonzero(first * best < 0).tolist() == [0, 1, 4, 6]  # age, sex, s1 and s3
