"""How many steps does a theorem guarantee?"""

import math

from gdcourse.exercises import right, wrong

minutes = 15
section = "The map of the theorems"
prompt = r"""
At the rate η = 1/L gradient descent is guaranteed, after t ≥ 1 steps and with $q = 1 - \mu/L$,

| `case` | if f is L-smooth and | then |
|---|---|---|
| `"convex"` | convex | $f(w_t) - f^* \le \dfrac{L R^2}{2t}$ |
| `"PL"` | PL with the constant μ | $f(w_t) - f^* \le q^t\,(f(w_0) - f^*)$ |
| `"strongly convex"` | μ-strongly convex | $\lVert w_t - w^*\rVert^2 \le q^t R^2$ |

Here $R = \lVert w_0 - w^*\rVert$, the distance of the start from a minimiser.
The loss at the start you do not know, but smoothness bounds it: $f(w_0) - f^* \le \tfrac12 L R^2$.

Write `steps_guaranteed(case, L, mu, R2, eps)`: the smallest whole number of steps t ≥ 1 after which the left side is guaranteed to be at most `eps`.
`R2` is the *square* of R; `eps` is smaller than the bound at the start.

For example, `steps_guaranteed("convex", 4.0, 0.5, 9.0, 0.7)` is 26.
"""
hints = [
    "Put `eps` in the place of the left side and solve for t; then round up. Two of the three need a logarithm.",
    "Convex: t = L R² / (2 eps). PL: which power of 1 − μ/L brings ½ L R² down to eps? Strongly convex: the same power, but starting from R².",
    "t = ln(start / eps) / −ln(1 − μ/L), rounded up. When μ = L the factor is 0 and its logarithm does not exist: one step does it.",
]
praise = "From a theorem to a number of steps: that is what theorems are for. Compare the three on your own problem before you choose one."
why = r"""
Each bound is a falling function of t; the smallest t at which it is at most ε is what is guaranteed.

- Convex: $\frac{LR^2}{2t} \le \varepsilon$ means $t \ge \frac{LR^2}{2\varepsilon}$. Ten times the accuracy costs ten times the steps.
- PL: $q^t\,\frac{LR^2}{2} \le \varepsilon$ means $t \ge \ln\frac{LR^2}{2\varepsilon} \big/ \ln\frac1q$. Ten times the accuracy costs about $2.3\,\kappa$ steps *more*.
- Strongly convex: the same with $R^2$ in the place of $\frac{LR^2}{2}$, since it is about the distance.

Which guarantee is better depends on ε.
With μ tiny, the convex bound needs fewer steps for a rough answer, the linear one for a fine answer: theorems do not exclude each other, take the best.
"""


def _apart(x):
    """Is x so far from a whole number that rounding does not decide?"""
    return 0.05 < x % 1 < 0.95


def cases(rng):
    yield "convex", 4.0, 0.5, 9.0, 0.7
    yield "PL", 4.0, 0.5, 9.0, 0.7
    yield "strongly convex", 4.0, 0.5, 9.0, 0.7
    yield "convex", 3.0, 0.01, 16.0, 0.07
    yield "PL", 3.0, 0.01, 16.0, 1e-6
    yield "strongly convex", 3.0, 0.01, 16.0, 1e-6
    # the bound meets eps exactly, after 36, 3 and 3 steps
    yield "convex", 4.0, 0.5, 9.0, 0.5
    yield "PL", 2.0, 1.0, 8.0, 1.0
    yield "strongly convex", 2.0, 1.0, 8.0, 1.0
    yield "PL", 2.0, 2.0, 5.0, 0.1
    yield "strongly convex", 2.0, 2.0, 5.0, 0.1
    drawn = 0
    while drawn < 6:
        L, R2 = float(rng.uniform(1, 20)), float(rng.uniform(2, 30))
        mu, eps = L * float(rng.uniform(0.01, 0.6)), float(10 ** rng.uniform(-3, -1))
        rate = -math.log(1 - mu / L)
        if all(map(_apart, (L * R2 / (2 * eps), math.log(L * R2 / (2 * eps)) / rate, math.log(R2 / eps) / rate))):
            yield ("convex", "PL", "strongly convex")[drawn % 3], L, mu, R2, eps
            drawn += 1


def canonical(output):
    """Return the count as a whole number, whatever its type: 69, 69.0 and NumPy's 69 are the same count."""
    return float(output) if not isinstance(output, str) else output


def steps_guaranteed(case, L, mu, R2, eps):
    """Return the smallest t >= 1 whose bound is at most eps."""
    if case == "convex":
        return math.ceil(L * R2 / (2 * eps))
    if mu == L:
        return 1
    start = L * R2 / 2 if case == "PL" else R2
    return math.ceil(math.log(start / eps) / -math.log(1 - mu / L))


@right
def loop_over_the_bound(case, L, mu, R2, eps):
    t = 1
    while True:
        if case == "convex":
            bound = L * R2 / (2 * t)
        elif case == "PL":
            bound = (1 - mu / L) ** t * L * R2 / 2
        else:
            bound = (1 - mu / L) ** t * R2
        if bound <= eps:
            return t
        t += 1


@right
def by_a_table(case, L, mu, R2, eps):
    q = 1 - mu / L
    need = {
        "convex": lambda: 0.5 * L * R2 / eps,
        "PL": lambda: math.log(2 * eps / (L * R2), q) if q else 0,
        "strongly convex": lambda: math.log(eps / R2, q) if q else 0,
    }[case]()
    return max(1, math.ceil(need))


def _count(start, L, mu, eps):
    return 1 if mu == L else math.ceil(math.log(start / eps) / -math.log(1 - mu / L))


@wrong
def case_mixed(case, L, mu, R2, eps):
    """Two cases are mixed up: PL speaks of the loss and starts from its gap, ½LR² at most; strong convexity speaks of the squared distance and starts from R²."""
    if case == "convex":
        return math.ceil(L * R2 / (2 * eps))
    return _count(R2 if case == "PL" else L * R2 / 2, L, mu, eps)


@wrong
def distance_forgotten(case, L, mu, R2, eps):
    """You answer the strongly convex case as if it were PL, for the loss. Its guarantee is about the squared distance, which starts at R²."""
    return steps_guaranteed("PL" if case == "strongly convex" else case, L, mu, R2, eps)


@wrong
def half_forgotten(case, L, mu, R2, eps):
    """A half is missing: both the convex bound and the gap at the start are *half* of LR², so you count too many steps."""
    return steps_guaranteed(case, L, mu, R2 if case == "strongly convex" else 2 * R2, eps)


@wrong
def R_not_squared(case, L, mu, R2, eps):
    """You take the root of `R2`, and so use R, the distance itself. The bounds contain its square, and the square is what you are given."""
    return steps_guaranteed(case, L, mu, math.sqrt(R2), eps)


@wrong
def squared_twice(case, L, mu, R2, eps):
    """You square `R2`, but it is the square of the distance already."""
    return steps_guaranteed(case, L, mu, R2**2, eps)


@wrong
def rounds_down(case, L, mu, R2, eps):
    """You round down. After so many steps the bound is still above eps: the guarantee begins with the next whole number."""
    t = steps_guaranteed(case, L, mu, R2, eps)
    return t if mu == L else t - 1


@wrong
def one_more_on_the_border(case, L, mu, R2, eps):
    """You count one step too many where the bound meets eps exactly. "At most eps" holds there already: `math.ceil` leaves a whole number as it is; `int(…) + 1` does not."""
    if case == "convex":
        return math.floor(L * R2 / (2 * eps)) + 1
    return (
        1 if mu == L else math.floor(math.log((L * R2 / 2 if case == "PL" else R2) / eps) / -math.log(1 - mu / L)) + 1
    )


@wrong
def not_whole(case, L, mu, R2, eps):
    """Steps are counted in whole numbers: round up what you have."""
    if case == "convex":
        return L * R2 / (2 * eps)
    return 1 if mu == L else math.log((L * R2 / 2 if case == "PL" else R2) / eps) / -math.log(1 - mu / L)


@wrong
def uses_kappa_for_convex(case, L, mu, R2, eps):
    """You use μ, and with it κ, for a function that is only convex. There the bound falls like 1/t, and μ does not occur in it."""
    return _count(R2 if case == "strongly convex" else L * R2 / 2, L, mu, eps)


@wrong
def always_convex(case, L, mu, R2, eps):
    """You use the 1/t bound for every case. PL and strong convexity promise much more: the same factor again at every step."""
    return math.ceil(L * R2 / (2 * eps))


@wrong
def kappa_times_log(case, L, mu, R2, eps):
    """You use κ times the logarithm, the rule of thumb. It is never too small, but the *smallest* number is asked for: take the logarithm of 1 − μ/L itself."""
    if case == "convex":
        return math.ceil(L * R2 / (2 * eps))
    return max(1, math.ceil(L / mu * math.log((L * R2 / 2 if case == "PL" else R2) / eps)))


@wrong
def mu_equals_L(case, L, mu, R2, eps):
    """For μ = L your function fails: the factor 1 − μ/L is 0, and 0 has no logarithm. A round bowl is done in one step."""
    if case == "convex":
        return math.ceil(L * R2 / (2 * eps))
    return math.ceil(math.log((L * R2 / 2 if case == "PL" else R2) / eps) / -math.log(1 - mu / L))


@wrong
def half_forgotten_in_convex(case, L, mu, R2, eps):
    """The half is missing in the convex case: the bound is LR² over *2t*."""
    return math.ceil(L * R2 / eps) if case == "convex" else steps_guaranteed(case, L, mu, R2, eps)


@wrong
def half_forgotten_in_pl(case, L, mu, R2, eps):
    """The half is missing in the PL case: the gap at the start is at most *half* of LR²."""
    if case != "PL" or mu == L:
        return steps_guaranteed(case, L, mu, R2, eps)
    return math.ceil(math.log(L * R2 / eps) / -math.log(1 - mu / L))


@wrong
def distance_not_its_square(case, L, mu, R2, eps):
    """In the strongly convex case you bound the distance itself, not its square: the left side is ‖w − w*‖², so `eps` is compared with R2, without a root."""
    if case != "strongly convex" or mu == L:
        return steps_guaranteed(case, L, mu, R2, eps)
    return math.ceil(math.log(math.sqrt(R2) / eps) / -math.log(1 - mu / L))


@wrong(like=distance_not_its_square)
def twice_the_exponent(case, L, mu, R2, eps):
    if case != "strongly convex" or mu == L:
        return steps_guaranteed(case, L, mu, R2, eps)
    return math.ceil(math.log(R2 / eps) / -math.log(1 - mu / L) / 2)


@wrong
def start_forgotten(case, L, mu, R2, eps):
    """In the PL and strongly convex cases the start is missing: you ask when qᵗ alone is below eps. It has to bring the gap *of the start* down to eps."""
    if case == "convex" or mu == L:
        return steps_guaranteed(case, L, mu, R2, eps)
    return math.ceil(math.log(1 / eps) / -math.log(1 - mu / L))


@wrong
def upside_down_factor(case, L, mu, R2, eps):
    """Your factor per step is μ/L. That is the share that goes; what is left after a step is q = 1 − μ/L."""
    if case == "convex" or mu == L:
        return steps_guaranteed(case, L, mu, R2, eps)
    return max(1, math.ceil(math.log((L * R2 / 2 if case == "PL" else R2) / eps) / -math.log(mu / L)))


@wrong
def best_rate_factor(case, L, mu, R2, eps):
    """Your factor is (κ − 1)/(κ + 1), that of the best rate. The guarantee here is for the rate 1/L: q = 1 − μ/L."""
    if case == "convex" or mu == L:
        return steps_guaranteed(case, L, mu, R2, eps)
    return math.ceil(math.log((L * R2 / 2 if case == "PL" else R2) / eps) / -math.log((L - mu) / (L + mu)))


@wrong
def rounds_to_nearest(case, L, mu, R2, eps):
    """You round to the nearest whole number, and so sometimes down: the bound is then still above eps. The guarantee begins at the next whole number."""
    if mu == L and case != "convex":
        return 1
    if case == "convex":
        return max(1, round(L * R2 / (2 * eps)))
    return max(1, round(math.log((L * R2 / 2 if case == "PL" else R2) / eps) / -math.log(1 - mu / L)))


@wrong
def another_base(case, L, mu, R2, eps):
    """Your two logarithms have different bases. Any base will do, as long as it is the same in numerator and denominator."""
    if case == "convex" or mu == L:
        return steps_guaranteed(case, L, mu, R2, eps)
    return math.ceil(math.log10((L * R2 / 2 if case == "PL" else R2) / eps) / -math.log(1 - mu / L))
