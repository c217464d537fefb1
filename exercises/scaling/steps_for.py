"""How many steps does a valley cost?"""

import math

from gdcourse.exercises import right, wrong

minutes = 12
section = "How many steps does a κ cost?"
prompt = r"""
At the best fixed rate, gradient descent on a quadratic shrinks the error per step by at worst

$$\rho = \frac{\kappa - 1}{\kappa + 1} .$$

Write `steps_for(kappa, eps)`: the number of steps, a whole number, after which the error is at most `eps` times what it was, with `0 < eps < 1`.
A round valley, κ = 1, needs one step.

For example, for κ = 10 the factor is 9/11, and a millionth needs 69 steps.
"""
hints = [
    "You want the smallest whole k with ρ to the power k at most eps. Take logarithms on both sides.",
    "k = ln(eps) / ln(ρ), rounded *up*: after the number rounded down the error is still too large.",
    "For κ = 1 the factor is 0 and its logarithm does not exist. One step does it: say so before you compute.",
]
praise = "About κ/2 times ln(1/eps): now you can read from a table of numbers how long the training will take."
why = r"""
After k steps the error is at most $\rho^k$ times the first.
$\rho^k \le \varepsilon$ means $k \ln\rho \le \ln\varepsilon$, and since $\ln\rho$ is negative, $k \ge \ln\varepsilon / \ln\rho$.
The smallest whole number is the ceiling.

For large κ, $\ln\frac{\kappa - 1}{\kappa + 1} \approx -\frac2\kappa$, so that $k \approx \frac\kappa2 \ln\frac1\varepsilon$: steps in proportion to κ.
That is why rounding the bowl pays: from κ = 10,000 to κ = 10 it is a thousand times fewer steps.

Both logarithms have to be of the same kind; the ratio is the same in every base.
At the rate 1/L the factor would be $1 - 1/\kappa$, and the count about twice as large.
"""


def cases(rng):
    yield 10, 1e-6
    yield 55.78, 1e-6
    yield 1, 1e-6
    yield 1.0, 0.5
    yield 1e4, 1e-6
    yield 3, 0.3
    yield 1.16, 1e-6
    yield 3, 0.5  # one step, and exactly at eps
    yield 1.16, 0.5  # one step, and far below it
    for _ in range(4):
        yield float(rng.uniform(1.5, 500)), float(10 ** rng.uniform(-8, -1))


def steps_for(kappa, eps):
    """Return the smallest k with ((kappa - 1)/(kappa + 1))**k <= eps."""
    if kappa == 1:
        return 1
    return math.ceil(math.log(eps) / math.log((kappa - 1) / (kappa + 1)))


def canonical(output):
    """Return the count as a whole number, whatever its type: 69, 69.0 and NumPy's 69 are the same count."""
    return float(output) if not isinstance(output, str) else output


def _count(factor, eps):
    return 1 if factor <= 0 else math.ceil(math.log(eps) / math.log(factor))


@right
def in_a_loop(kappa, eps):
    factor, error, k = (kappa - 1) / (kappa + 1), 1.0, 0
    while error > eps:
        error, k = error * factor, k + 1
    return k


@right
def log_of_one_plus(kappa, eps):
    if kappa <= 1:
        return 1
    return math.ceil(math.log(1 / eps) / -math.log1p(-2 / (kappa + 1)))


@wrong
def uses_1_over_L_rate(kappa, eps):
    """Your factor is 1 − 1/κ, that of the rate 1/L. At the *best* rate the steep direction overshoots a little and the flat one gains: (κ − 1)/(κ + 1)."""
    return _count(1 - 1 / kappa, eps)


@wrong
def rounds_down(kappa, eps):
    """You round down, and after that many steps the error is still above eps. The count has to be the next whole number."""
    return 1 if kappa == 1 else math.floor(math.log(eps) / math.log((kappa - 1) / (kappa + 1)))


@wrong
def log10(kappa, eps):
    """You mix logarithms, one in base 10 and one natural. Their ratio is only right if both have the same base."""
    return 1 if kappa == 1 else math.ceil(math.log10(eps) / math.log((kappa - 1) / (kappa + 1)))


@wrong
def kappa_1(kappa, eps):
    """For κ = 1 your function fails: the factor is 0, and 0 has no logarithm. A round bowl is done in one step."""
    return math.ceil(math.log(eps) / math.log((kappa - 1) / (kappa + 1)))


@wrong
def kappa_1_is_free(kappa, eps):
    """For κ = 1 you return 0 steps. Even a round bowl has to be walked: one step."""
    return 0 if kappa == 1 else steps_for(kappa, eps)


@wrong
def square_root_kappa(kappa, eps):
    """Your factor has √κ in it: that is what momentum reaches, two chapters on. Plain gradient descent pays with κ."""
    root = math.sqrt(kappa)
    return _count((root - 1) / (root + 1), eps)


@wrong
def approximation(kappa, eps):
    """You use (κ/2) ln(1/eps), the rule of thumb for large κ. For small κ it is off; the exact count takes the logarithm of the factor."""
    return math.ceil(kappa / 2 * math.log(1 / eps))


@wrong
def not_whole(kappa, eps):
    """Steps are counted in whole numbers: round up what you have."""
    return 1 if kappa == 1 else math.log(eps) / math.log((kappa - 1) / (kappa + 1))


@wrong
def one_more_on_the_border(kappa, eps):
    """You count one step more than needed where the error meets eps exactly: for κ = 3 one step leaves one half. "At most eps" holds there already; `math.ceil` leaves a whole number as it is."""
    return 1 if kappa == 1 else math.floor(math.log(eps) / math.log((kappa - 1) / (kappa + 1))) + 1


@wrong
def upside_down(kappa, eps):
    """Your fraction is upside down. From k · ln ρ = ln eps: what do you divide by to have k alone?"""
    return 1 if kappa == 1 else math.ceil(math.log((kappa - 1) / (kappa + 1)) / math.log(eps))


@wrong
def squared_error(kappa, eps):
    """You count until the *square* of the error has shrunk by eps, as the loss does. The question is about the error itself, which takes twice as long."""
    return 1 if kappa == 1 else math.ceil(0.5 * math.log(eps) / math.log((kappa - 1) / (kappa + 1)))
