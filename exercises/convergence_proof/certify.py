"""The cycle, certified in exact fractions (optional)."""

from fractions import Fraction

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 20
points = 2
section = "Beyond quadratics: the heavy ball may cycle (optional)"
prompt = r"""
A computer that shows a cycle has shown rounded numbers.
Write `certify(p, q, r)`: return `True` if the heavy ball with η = 1/9 and β = 4/9,

$$w_{t+1} = w_t - \eta\,\nabla f(w_t) + \beta\,(w_t - w_{t-1}),$$

goes from p to q, from q to r, from r to p and so on for ever, and p, q, r are three *different* numbers; else `False`.
The slope is the one of the exercise before: $25w$ for $w < 1$, $w + 24$ for $1 \le w < 2$, and $25w - 24$ from 2 on.

p, q and r are `Fraction`s, and the answer must be exact: a cycle that misses by $10^{-30}$ is none.

For example, `certify(Fraction(0), Fraction(0), Fraction(0))` is `False`: it stays where it is, but that is no cycle of three.
"""
hints = [
    "Each step needs the point before too. From (p, q) the next must be r; which two steps remain to be checked?",
    "Arithmetic with `Fraction` stays exact as long as no float comes near: write `Fraction(1, 9)`, or divide by 9 at the end. `1 / 9` is a float.",
    "`step(p, q) == r and step(q, r) == p and step(r, p) == q and len({p, q, r}) == 3`.",
]
praise = "That is a proof: three equations between fractions, checked without rounding. The heavy ball cycles on a strongly convex, smooth function."
why = r"""
A state of the heavy ball is a pair, the point and the one before.
If three steps lead from the pair (p, q) back to it, then everything repeats: three equations, each between fractions.

For $-\frac{2208}{1225}, \frac{2592}{1225}, \frac{792}{1225}$ they hold: that is the cycle of the chapter, and starts from about 3.07 to 3.46 fall into it.
A second one passes the test too: the same numerators over 1367.
Its largest point lies on the flat piece of the slope, and no path falls into it, since there the smallest error grows.
A certificate says that a cycle exists, not that anybody is drawn to it.

With floats you could only say that the points come back to within $10^{-15}$: so does a spiral that is slow enough.
"""


def _slope(w):
    return 25 * w if w < 1 else w + 24 if w < 2 else 25 * w - 24


def _next(before, w, slope=_slope):
    return w - slope(w) / 9 + (w - before) * Fraction(4, 9)


def _only_the_last_misses(q):
    """Return p, q, r near the cycle: r is the step after p and q, p is the step after q and r, but q is not the step
    after r and p."""
    # with p, r < 1 and q >= 2 the steps read 9r = 24 - 12q - 4p and 9p = -12r - 4q
    p = (108 * q - 288) / 33
    return p, q, (24 - 12 * q - 4 * p) / 9


equal = ("w <= 1", "w <= 2")  # the slope has no jump, so both of its formulas agree where its pieces meet


def cases(rng):
    def over(n, *points):
        return tuple(Fraction(p, n) for p in points)

    p, q, r = over(1225, -2208, 2592, 792)
    yield p, q, r
    yield over(1, 0, 0, 0)
    yield p, r, q
    yield p + Fraction(1, 10**30), q, r
    yield q, r, p
    yield over(1367, 2592, 792, -2208)
    yield over(2953, -6072, 6528, 3528)
    yield _only_the_last_misses(q + Fraction(1, 100))
    # r is the step after p and q, q is the step after r and p; but p is not the step after q and r
    yield over(49, -120, 192, -72)
    for _ in range(3):
        first, second = over(1225, int(rng.integers(-3000, 3000)), int(rng.integers(-3000, 3000)))
        yield first, second, _next(first, second)
    k, digits = int(rng.integers(3)), int(rng.integers(13, 40))
    turned = [(p, q, r)[(k + i) % 3] for i in range(3)]
    yield tuple(turned)
    yield turned[0], turned[1], turned[2] - Fraction(1, 10**digits)


def certify(p, q, r):
    """Return True if the heavy ball goes p, q, r, p, … exactly."""

    def step(before, w):
        slope = 25 * w if w < 1 else w + 24 if w < 2 else 25 * w - 24
        return w - slope / 9 + (w - before) * Fraction(4, 9)

    return step(p, q) == r and step(q, r) == p and step(r, p) == q and len({p, q, r}) == 3


@right
def without_division(p, q, r):
    points = [p, q, r]
    for i in range(3):
        before, w, after = points[i - 1], points[i], points[(i + 1) % 3]
        slope = 25 * w if w < 1 else 25 * w - 24 if w >= 2 else w + 24
        if 9 * after != 13 * w - 4 * before - slope:
            return False
    return p != q and q != r and r != p


@right
def in_whole_numbers(p, q, r):
    n = p.denominator * q.denominator * r.denominator
    a, b, c = (int(x * n) for x in (p, q, r))
    for before, w, after in ((a, b, c), (b, c, a), (c, a, b)):
        slope = 25 * w if w < n else w + 24 * n if w < 2 * n else 25 * w - 24 * n
        if 9 * (after - w) != 4 * (w - before) - slope:
            return False
    return np.bool_(a != b or b != c)


@right
def walks_on(p, q, r):
    path = [p, q]
    while len(path) < 8:
        before, w = path[-2:]
        path.append(w - (25 * w - max(0, min(24, 24 * (w - 1)))) * Fraction(1, 9) + Fraction(4, 9) * (w - before))
    return path == [p, q, r, p, q, r, p, q] and p != q


def _holds(p, q, r, slope=_slope, same=lambda a, b: a == b):
    return [same(_next(x, y, slope), z) for x, y, z in ((p, q, r), (q, r, p), (r, p, q))]


@wrong
def float_certificate(p, q, r):
    """You certify with floats and a tolerance, and so accept points that miss by a hair. A spiral that is slow enough looks the same: compare fractions, exactly."""
    return all(_holds(p, q, r, same=lambda a, b: abs(float(a - b)) < 1e-9)) and len({p, q, r}) == 3


@wrong
def refuses_the_cycle(p, q, r):
    """You answer False always: even the true cycle is refused. Compare your step with the formula, part by part: is every number a fraction (`1 / 9` is a float and gets rounded, `Fraction(1, 9)` stays exact)? Does the memory come in, w minus the point *before* it, and is the slope that at w, the newer of the two points? Has each of the three pieces its own slope?"""

    def step(before, w):
        return w - 1 / 9 * _slope(w) + 4 / 9 * (w - before)

    return step(p, q) == r and step(q, r) == p and step(r, p) == q and p != q


@wrong
def wrong_branch(p, q, r):
    """You take the wrong branch of the slope beyond 2: there it is 25w − 24 again, not w + 24."""
    return all(_holds(p, q, r, lambda w: 25 * w if w < 1 else w + 24)) and len({p, q, r}) == 3


@wrong
def period_not_3(p, q, r):
    """A point that stays where it is satisfies your equations, but its period is 1, not 3. The three points have to differ."""
    return all(_holds(p, q, r))


@wrong
def one_step_only(p, q, r):
    """You check one step only. That r follows p and q is easily had: the path must also come back."""
    return _holds(p, q, r)[0] and len({p, q, r}) == 3


@wrong
def last_step_unchecked(p, q, r):
    """You check that the path comes back to p, but not that it goes on as before. A state of the heavy ball is *two* points: the last step, from r and p to q, needs checking too."""
    return all(_holds(p, q, r)[:2]) and len({p, q, r}) == 3


@wrong
def middle_step_unchecked(p, q, r):
    """You check the first step and the last one, but not the one between: the path must also go from q and r back to p. Three steps, three equations."""
    first, _, last = _holds(p, q, r)
    return first and last and len({p, q, r}) == 3


@wrong
def second_cycle_refused(p, q, r):
    """You certify the famous cycle, but refuse a second one that is just as real: it has a point between 1 and 2. Is the middle piece of the slope missing, or do you compare with known points instead of taking the steps?"""
    known = [Fraction(-2208, 1225), Fraction(2592, 1225), Fraction(792, 1225)]
    return [p, q, r] in [known[i:] + known[:i] for i in range(3)]


@wrong
def set_not_order(p, q, r):
    """You accept the three points in any order. The path goes through them in one direction: from p to q, from q to r."""
    return all(_holds(p, q, r)) and p != q or all(_holds(p, r, q)) and p != q


@wrong
def backwards(p, q, r):
    """You walk the cycle backwards, in the order p, r, q. The direction counts: the path goes from p to q and then to r, and the state at q remembers p."""
    return certify(p, r, q)
