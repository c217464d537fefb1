"""A gradient from values alone."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 15
section = "Three ways to get a gradient"
prompt = r"""
Write `numerical_gradient(f, w, h=1e-5)`: the gradient of `f` at `w`, from values of `f` alone, by *central* differences.

Entry $j$ is the slope along coordinate $j$, where $e_j$ is 1 in place $j$ and 0 elsewhere:

$$\frac{f(w + h e_j) - f(w - h e_j)}{2h}$$

`w` is an array of shape `(d,)`, perhaps of integers; it must be unchanged afterwards.
`f` takes such an array and returns one number.
For $f(w) = w[0]^2 + 2\,w[1]^2 + w[2]$ at `w = [3, 4, 5]` the answer is `[6, 16, 1]`.
"""
hints = [
    "One coordinate at a time: a loop over j, two calls of `f` in each round.",
    "Work on a copy in floating point: `w.astype(float)` gives you one. An integer array cannot hold 3.00001.",
    "Make the step a vector: zeros, with h in place j. Then w + step and w − step are new arrays and `w` is never touched.",
]
praise = "Central, one coordinate at a time, and nobody's array was touched: you can now check any gradient you will ever write."
why = r"""
Taylor at w, along coordinate j:

$$f(w \pm h e_j) = f \pm h f' + \tfrac12 h^2 f'' \pm \tfrac16 h^3 f''' + \dots$$

**Forward**, (f(w + h) − f(w))/h, keeps the error ½h f″.
**Central** subtracts the two sides: everything even cancels, and the error is ⅙h² f‴.
For x³ at 1 with h = 0.1 the forward difference says 3.31, the central one 3.01, and the slope is 3.

The price is 2d calls of `f` instead of d + 1.
For a few weights that is nothing; for a million it is out of the question, which is why the formula by pencil, or automatic differentiation, does the work, and this function *checks* it.

Two traps are about arrays, not about mathematics.
`w[j] += h` writes into the caller's array.
And if that array holds integers, 3 + 0.00001 is cut to 3 again: the difference is 0 and so is the 'gradient'.
"""


def bowl(w):
    return w[0] ** 2 + 2 * w[1] ** 2 + w[2]


def mixed(w):
    """A quadratic with a cross term: a mistake that moves all coordinates at once shows here."""
    return w[0] * w[1] + 3 * w[1] ** 2 - 2 * w[0]


def cubes(w):
    return float(np.sum(np.asarray(w) ** 3))


def wave(w):
    return float(np.sin(w[0]) + np.exp(0.5 * w[-1]) + np.prod(w))


def fifths(w):
    """A function of degree five: each step size h has its own error."""
    return float(np.sum(np.asarray(w) ** 5))


def cases(rng):
    # at h = 0.1 a central difference is exact on quadratics and a forward one is not
    yield bowl, np.array([3.0, 4.0, 5.0]), 0.1
    yield mixed, np.array([1.0, -2.0]), 0.1
    yield fifths, np.array([1.0, 2.0]), 0.5  # an answer with a small step of its own gets 5 and 80
    yield bowl, np.array([3, 4, 5]), 1e-5
    yield cubes, np.array([2, -1]), 1e-4
    yield mixed, rng.normal(size=2), 0.05
    for d in (1, 4):
        yield cubes, rng.uniform(0.5, 2, d), 1e-5
        yield wave, rng.uniform(0.5, 2, d), 1e-5


def also(f, w, h):
    """Yield the result of a finer formula with the same step, which has a smaller error."""
    yield richardson(f, w, h)


def numerical_gradient(f, w, h=1e-5):
    """Return the gradient of f at w by central differences, shape (d,)."""
    g = np.zeros(len(w))
    for j in range(len(w)):
        step = np.zeros(len(w))
        step[j] = h
        g[j] = (f(w + step) - f(w - step)) / (2 * h)
    return g


@right
def identity_rows(f, w, h=1e-5):
    return np.array([(f(w + row) - f(w - row)) / (2 * h) for row in h * np.eye(len(w))])


@right
def on_a_copy(f, w, h=1e-5):
    w = np.array(w, dtype=float)
    g = np.empty_like(w)
    for j in range(w.size):
        old = w[j]
        w[j] = old + h
        above = f(w)
        w[j] = old - h
        below = f(w)
        w[j] = old
        g[j] = (above - below) / h / 2
    return g


@right
def richardson(f, w, h=1e-5):
    w = np.asarray(w, dtype=float)
    wide = [(f(w + e) - f(w - e)) / (2 * h) for e in h * np.eye(w.size)]
    narrow = [(f(w + e) - f(w - e)) / h for e in h / 2 * np.eye(w.size)]
    return (4 * np.array(narrow) - np.array(wide)) / 3


@wrong
def forward_difference(f, w, h=1e-5):
    """You step to one side only: a forward difference, whose error shrinks like h. For x³ at 1 with h = 0.1 it says 3.31, where the slope is 3. Step to both sides."""
    w = np.array(w, dtype=float)
    return np.array([(f(w + e) - f(w)) / h for e in h * np.eye(w.size)])


@wrong
def backward_difference(f, w, h=1e-5):
    """You step back only: the error is as large as that of a forward difference, with the other sign. Use both sides and the two errors cancel."""
    w = np.array(w, dtype=float)
    return np.array([(f(w) - f(w - e)) / h for e in h * np.eye(w.size)])


@wrong
def mutates(f, w, h=1e-5):
    """You changed the caller's array: after the call `w` is no longer where it was. Step on a copy, or add a step vector, which makes a new array."""
    g = np.zeros(len(w))
    for j in range(len(w)):
        w[j] += h
        above = f(w)
        w[j] -= 2 * h
        g[j] = (above - f(w)) / (2 * h)
    return g


@wrong
def not_quite_restored(f, w, h=1e-5):
    """Your steps are right, but `w` is not what it was: plus h, minus 2h, plus h does not lead back exactly, because each of the three is rounded (and whole numbers lose the h at once). Keep the old value and put that back, or work on a copy."""
    g = np.zeros(len(w))
    for j in range(len(w)):
        w[j] += h
        above = f(w)
        w[j] -= 2 * h
        g[j] = (above - f(w)) / (2 * h)
        w[j] += h
    return g


@wrong
def whole_number_gradient(f, w, h=1e-5):
    """With an array of integers your answer holds integers too: `np.zeros_like(w)` copies the type, and the fraction of each slope is cut off. Say `np.zeros(len(w))`."""
    g = np.zeros_like(w)
    for j, step in enumerate(h * np.eye(len(w))):
        g[j] = (f(w + step) - f(w - step)) / (2 * h)
    return g


@wrong
def integer_truncation(f, w, h=1e-5):
    """With an array of integers your answer is wrong: it cannot hold 3.00001, so the step is cut off. Make a copy in floating point before you step."""
    g = np.zeros(len(w))
    for j in range(len(w)):
        above, below = w.copy(), w.copy()
        above[j] += h
        below[j] -= h
        g[j] = (f(above) - f(below)) / (2 * h)
    return g


@wrong
def h_typed_in(f, w, h=1e-5):
    """Your step is a number of your own: `h`, the argument, is not used. Whoever calls your function with another `h` gets the same answer."""
    return numerical_gradient(f, w)


@wrong
def along_the_diagonal(f, w, h=1e-5):
    """You return one number: all coordinates were moved at once, so you measured the slope along the diagonal. A gradient asks each coordinate alone."""
    return (f(w + h) - f(w - h)) / (2 * h)


@wrong
def all_at_once(f, w, h=1e-5):
    """Every entry of your answer is the same number: all coordinates were moved at once. For entry j only the coordinate j may move, and the others stay where they are."""
    return np.full(len(w), (f(w + h) - f(w - h)) / (2 * h))


@wrong
def divides_by_h(f, w, h=1e-5):
    """Twice too large. From w − h to w + h you have walked further than h: divide by the whole way."""
    return 2 * numerical_gradient(f, w, h)


@wrong
def not_divided(f, w, h=1e-5):
    """These are differences of values, not slopes: they shrink with h. A slope is rise over run."""
    return 2 * h * numerical_gradient(f, w, h)


@wrong
def sign(f, w, h=1e-5):
    """Every entry has the opposite sign: the value behind you was taken first. Ahead minus behind."""
    return -numerical_gradient(f, w, h)


@wrong
def steps_pile_up(f, w, h=1e-5):
    """Coordinates that were already moved stay moved while you go on to the next. Put each one back, so that only one is away from home at a time."""
    w = np.array(w, dtype=float)
    g = np.zeros(w.size)
    for j in range(w.size):
        w[j] += h
        above = f(w)
        w[j] -= 2 * h
        g[j] = (above - f(w)) / (2 * h)
    return g


@wrong
def second_derivative(f, w, h=1e-5):
    """You compute the curvature, the second derivative: (above − 2·here + below)/h². The slope needs only above minus below."""
    w = np.array(w, dtype=float)
    return np.array([(f(w + e) - 2 * f(w) + f(w - e)) / h**2 for e in h * np.eye(w.size)])


@wrong
def relative_step(f, w, h=1e-5):
    """Your step is h times the weight (a relative step), while you divide by 2h. Step by h itself: a weight of 0 has to move too."""
    w = np.array(w, dtype=float)
    return np.array([(f(w + e) - f(w - e)) / (2 * h) for e in h * np.diag(w)])


@wrong
def only_first(f, w, h=1e-5):
    """Only the first entry is computed; the others are still 0. Is the `return` inside the loop, or the index always 0?"""
    g = numerical_gradient(f, w, h)
    g[1:] = 0
    return g


@wrong
def both_signs_added(f, w, h=1e-5):
    """You add the values on both sides. The slope needs how much they *differ*: ahead minus behind."""
    w = np.array(w, dtype=float)
    return np.array([(f(w + e) + f(w - e)) / (2 * h) for e in h * np.eye(w.size)])
