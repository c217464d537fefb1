"""A start from which momentum never arrives (optional)."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 20
points = 2
seconds = 10  # an answer that tries a grid of starts, one after the other, takes long
section = "Beyond quadratics: the heavy ball may cycle (optional)"
prompt = r"""
Strongly convex and smooth is enough for gradient descent, and not for the heavy ball.
Take the function with the slope

$$\nabla f(w) = \begin{cases} 25w & w < 1 \\ w + 24 & 1 \le w < 2 \\ 25w - 24 & w \ge 2 \end{cases}$$

(μ = 1, L = 25), and the rate η = 1/9 and β = 4/9 that are best on *quadratics* with these numbers.

Write `cycle_start(grad)`, which returns a number between −20 and 20: a start, with an empty memory, from which the heavy ball

$$m \leftarrow \beta m + \nabla f(w), \qquad w \leftarrow w - \eta m$$

does **not** come to the minimum at 0, however long it runs.
`grad` takes a number or an array; the check also gives you the same function stretched or mirrored, so look for the start, do not remember it.

For example, from 3.0 the heavy ball arrives at 0: that is no answer.
"""
hints = [
    "Try. Most starts arrive within two hundred steps, a few never do.",
    "Let a whole array of starts run at once: `w = np.linspace(-20, 20, 2001)` goes through the two lines of the heavy ball as a number does.",
    "After 200 steps look where `abs(w)` is still larger than 0.1, and return the *start* that belongs there.",
]
praise = "Found by experiment: smooth and strongly convex is not enough for the heavy ball. The next exercise proves it in exact fractions."
why = r"""
From about 3.07 to 3.46 (and from some other windows) the path falls into a cycle of three points and stays there.

The rate and β are those that are best on quadratics with curvatures from 1 to 25, where the heavy ball contracts by 2/3 per step.
This function has only such curvatures too; but the curvature *changes* along the path, in step with the swing.
On a quadratic every direction has one curvature for ever, and that is what the proof uses.

Gradient descent and Nesterov's method have proofs that use smoothness and strong convexity only: from every start they arrive.
The function is that of Lessard, Recht and Packard (2016).
"""


class Slope:
    """The slope of the function whose kinks are at s and 2s; s may be negative."""

    def __init__(self, s=1.0):
        self.s = s

    def __call__(self, w):
        u = np.asarray(w, dtype=float) / self.s
        return self.s * np.where(u < 1, 25 * u, np.where(u < 2, u + 24, 25 * u - 24))

    def __repr__(self):
        return f"the slope with kinks at {self.s:.3g} and {2 * self.s:.3g}"


equal = (">= 0.1",)  # no run ends exactly there


def cases(rng):
    yield (Slope(),)
    yield (Slope(2.0),)
    yield (Slope(-1.0),)
    yield (Slope(0.4),)
    yield (Slope(float(rng.uniform(2.6, 4.5))),)
    yield (Slope(-float(rng.uniform(2.6, 4.5))),)


def canonical(output):
    """Return the start as a number; an array that holds one start counts, too."""
    return float(np.asarray(output, dtype=float).reshape(()) if np.size(output) == 1 else output)


def _arrives(u):
    """Does the heavy ball from u arrive at 0, if the kinks are at 1 and 2?"""
    m = 0.0
    for _ in range(600):
        m = 4 / 9 * m + (25 * u if u < 1 else u + 24 if u < 2 else 25 * u - 24)
        u -= m / 9
    return abs(u) < 1e-3


def law(output, grad):
    start = float(output)
    u = start / grad.s  # the same start if the kinks were at 1 and 2
    if not abs(start) <= 20:
        return "outside"
    if not _arrives(u):
        return None
    if min(abs(1225 * u - point) for point in (-2208, 2592, 792)) < 1:
        return "starts_on_the_cycle"
    if grad.s < 0 and not _arrives(-u):
        return "mirrored"
    return "converges" if _arrives(start) else "ignores_grad"


def cycle_start(grad):
    """Return a start from which the heavy ball never comes to 0."""
    start = np.linspace(-20, 20, 2001)
    w, m = start, 0.0
    for _ in range(200):
        m = 4 / 9 * m + grad(w)
        w = w - m / 9
    return start[np.abs(w) > 0.1][0]


@right
def widest_window(grad):
    start = np.arange(-20, 20, 0.02)
    w, m = start.copy(), np.zeros(len(start))
    for _ in range(300):
        m *= 4 / 9
        m += grad(w)
        w -= m / 9
    stays = np.abs(w) > 1e-2
    edges = np.flatnonzero(np.diff(np.concatenate([[0], stays.astype(int), [0]])))
    windows = edges.reshape(-1, 2)
    first, last = max(windows.tolist(), key=lambda pair: pair[1] - pair[0])
    return float(start[(first + last) // 2])


@right
def stretched_by_its_kink(grad):
    # the slope is linear, 25 w, up to the first kink: find it by halving
    side = 1.0 if abs(grad(100.0) - 2500.0) > 1e-6 else -1.0
    low, high = 0.0, 100.0
    for _ in range(60):
        middle = (low + high) / 2
        if abs(grad(side * middle) - 25 * side * middle) < 1e-9 * middle:
            low = middle
        else:
            high = middle
    return np.array(3.3 * side * low)


@wrong
def converges(grad):
    """From your start the heavy ball converges: it arrives at 0. Try many starts, run each for a few hundred steps, with a memory that is empty (0) again at the beginning of each run, and keep one that does not arrive."""
    return 1.5 * grad.s


@wrong
def ignores_grad(grad):
    """Your start belongs to the function with kinks at 1 and 2, whatever slope is handed over. Here it is stretched: look again, with this `grad`."""
    return 3.3


@wrong
def mirrored(grad):
    """Your start has the wrong sign for this slope: the function is mirrored, and so are the starts that cycle."""
    return -3.15 * grad.s


@wrong
def starts_on_the_cycle(grad):
    """You return a point *of* the cycle. Without the memory that belongs to it, it is a start like others, and this one arrives: return where the path began, not where it went."""
    return 792 / 1225 * grad.s


@wrong
def outside(grad):
    """Your start lies outside the interval from −20 to 20."""
    return 330.0 * grad.s
