"""The best heavy ball for a valley."""

import math

from gdcourse.exercises import right, wrong

minutes = 10
section = "The best rate and β: the square root of κ"
prompt = r"""
Write `optimal_heavy_ball(mu, L)`: the rate and the β with which the heavy ball shrinks its error fastest on a quadratic whose curvatures lie between μ and L.
It puts the gentlest direction on the border of creeping and the steepest on the border of jumping:

$$\eta\mu = (1 - \sqrt\beta)^2, \qquad \eta L = (1 + \sqrt\beta)^2 .$$

Solve these two equations on paper, for η and β.
Return the pair `(lr, beta)`.
For example, for μ = 1 and L = 4 the square roots are 1 and 2: the rate is 4/9 and β is 1/9.
"""
hints = [
    "Take the root of each equation. The sum of the two new ones has no β in it, and their difference gives √β.",
    "β is a square: it is the *factor* per step, (√κ − 1)/(√κ + 1), that has no square, and the swings shrink by √β.",
    "For μ = L both directions are the same: the rate is 1/L and β is 0. Does yours say that?",
]
praise = "From κ steps to √κ steps, by two numbers: that is what Polyak's tuning buys."
why = r"""
On curvature λ the heavy ball obeys $z^2 - (1 + \beta - \eta\lambda) z + \beta = 0$.
While the roots are complex their absolute value is $\sqrt\beta$, *whatever the curvature*.

So make β as small as possible while the roots stay complex, or just barely real, for every λ between μ and L.
The discriminant vanishes where $\eta\lambda = (1 \pm \sqrt\beta)^2$.
Put the two ends there:

$$\eta\mu = (1 - \sqrt\beta)^2, \qquad \eta L = (1 + \sqrt\beta)^2 .$$

The square roots of both give $\sqrt{\eta}\,(\sqrt L + \sqrt\mu) = 2$ and $\sqrt\beta = (\sqrt L - \sqrt\mu)/(\sqrt L + \sqrt\mu)$: the two formulas.

At κ = 100 the error is multiplied by 9/11 per step, where plain gradient descent manages 99/101.
"""


def cases(rng):
    yield 1.0, 4.0
    yield 1.0, 100.0
    yield 1.0, 25.0
    yield 3.0, 3.0
    yield 2.0, 50.0
    for _ in range(4):
        mu = float(rng.uniform(0.01, 5))
        yield mu, mu * float(rng.uniform(1.5, 1000))


def optimal_heavy_ball(mu, L):
    """Return (lr, beta), best for curvatures from mu to L, 0 < mu <= L."""
    low, high = math.sqrt(mu), math.sqrt(L)
    return 4 / (low + high) ** 2, ((high - low) / (high + low)) ** 2


@right
def in_terms_of_kappa(mu, L):
    k = (L / mu) ** 0.5
    return [(2 / (k + 1)) ** 2 / mu, ((k - 1) / (k + 1)) ** 2]


@right
def from_the_double_roots(mu, L):
    root_beta = (L - mu) / (math.sqrt(L) + math.sqrt(mu)) ** 2
    return (1 + root_beta) ** 2 / L, root_beta**2


@wrong
def beta_not_squared(mu, L):
    """Your β is the factor per step, (√κ − 1)/(√κ + 1). The heavy ball shrinks by √β, so β is the square of it."""
    lr, beta = optimal_heavy_ball(mu, L)
    return lr, math.sqrt(beta)


@wrong
def lr_4_over_sum(mu, L):
    """Your rate is 4/(L + μ): the roots are missing. It is the square roots of the two curvatures that are added, and then squared."""
    return 4 / (L + mu), optimal_heavy_ball(mu, L)[1]


@wrong
def gd_step(mu, L):
    """Your rate is 2/(μ + L), the best one for plain gradient descent. With a memory beside it a larger rate is best."""
    return 2 / (L + mu), optimal_heavy_ball(mu, L)[1]


@wrong
def kappa_not_root(mu, L):
    """Your β uses κ where √κ belongs. (κ − 1)/(κ + 1) is what plain gradient descent gets; the root is the whole gain."""
    kappa = L / mu
    return optimal_heavy_ball(mu, L)[0], ((kappa - 1) / (kappa + 1)) ** 2


@wrong
def order(mu, L):
    """The two numbers are right, in the wrong order: the rate comes first, then β."""
    return optimal_heavy_ball(mu, L)[::-1]


@wrong
def sum_not_squared(mu, L):
    """Your rate has √L + √μ without the square in the denominator. Check the units: η times a curvature has to be a plain number."""
    return 4 / (math.sqrt(L) + math.sqrt(mu)), optimal_heavy_ball(mu, L)[1]


@wrong
def ends_exchanged(mu, L):
    """Your κ has its ends exchanged: it is μ/L, and below 1. β survives that because of its square, but the rate, written with κ, does not."""
    low, high = math.sqrt(mu), math.sqrt(L)
    return (2 / (low / high + 1)) ** 2 / mu, optimal_heavy_ball(mu, L)[1]


@wrong
def divides_by_L(mu, L):
    """Your rate, written with κ, divides by L where μ belongs: (√L + √μ)² is μ times (√κ + 1)²."""
    return optimal_heavy_ball(mu, L)[0] * mu / L, optimal_heavy_ball(mu, L)[1]


@wrong
def nesterovs_beta(mu, L):
    """That is Nesterov's tuning, rate 1/L and β without the square. It is safer on general functions; the question is the best heavy ball on a quadratic."""
    return 1 / L, math.sqrt(optimal_heavy_ball(mu, L)[1])


@wrong
def nesterovs_rate(mu, L):
    """Your rate is 1/L, the one of Nesterov's method and of plain descent without overshooting. The heavy ball's has the square roots of both ends in it. Your β is right."""
    low, high = math.sqrt(mu), math.sqrt(L)
    return 1 / L, ((high - low) / (high + low)) ** 2


@wrong
def squares_of_the_parts(mu, L):
    """In your rate each part is squared by itself: √L² + √μ² is L + μ. First add the roots, then square, with brackets: `(… + …) ** 2`."""
    low, high = math.sqrt(mu), math.sqrt(L)
    return 4 / high + low**2, ((high - low) / (high + low)) ** 2


@wrong
def two_not_four(mu, L):
    """Above the line of your rate stands 2, and 4 belongs there: (2/(√L + √μ))² has the 2 inside the square."""
    low, high = math.sqrt(mu), math.sqrt(L)
    return 2 / (low + high) ** 2, ((high - low) / (high + low)) ** 2
