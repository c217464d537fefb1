"""What a step promises, and what it gives."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 12
section = "The descent lemma: one step"
prompt = r"""
The descent lemma promises, for an L-smooth f and a step of gradient descent from w with the slope $g = \nabla f(w)$,

$$f(w - \eta g) \le f(w) - \eta\Bigl(1 - \frac{\eta L}{2}\Bigr)\lVert g\rVert^2 .$$

Write `descent_gap(loss, grad, w, lr, L)`, which returns two numbers: by how much the loss *really* falls in one step, and by how much the lemma says that it falls *at least*.
A fall counts as positive, a rise as negative; above the rate 2/L the promise is negative, even where the loss falls.
`w` is an array of shape (d,) and stays as it is.

For example, on $f(w) = 2w[0]^2 + \tfrac12 w[1]^2 + \tfrac12 w[2]^2$ (L = 4) from `[1.0, 2.0, 2.0]` at the rate 0.25, the slope is `[4, 2, 2]`, the loss falls from 6 to 2.25, that is by 3.75, and the lemma promises 0.125 · 24 = 3.
"""
hints = [
    "Two numbers that have little to do with each other: the first calls `loss` twice, at w and after the step; the second does not call it at all.",
    "The promise is made of lr, L and the square of the length of the slope *at w*.",
    "`actual = loss(w) - loss(w - lr * g)`; the promise is `lr * (1 - lr * L / 2)` times the sum of the squares of g.",
]
praise = "The first number may be larger than the second, never smaller: on the steepest bowl the two are equal, so no better promise exists."
why = r"""
The gap between the two numbers is what the lemma gives away.
It knows nothing of f but L, so it must hold on the worst f: the bowl $\tfrac12 L w^2$.
There

$$f(w - \eta g) = \tfrac12 L (1 - \eta L)^2 w^2 = f(w) - \eta\Bigl(1 - \frac{\eta L}{2}\Bigr)(Lw)^2$$

to the letter: the promise is exact, at every rate.
In flatter directions the real fall is larger than the promise.

The second term, $\tfrac12\eta^2 L\lVert g\rVert^2$, is the price of the curvature: half, because the slope changes *gradually* along the step, by $L$ times the way walked so far, and on average over the step that is half of the whole.
At $\eta = 1/L$ the promise is largest, $\lVert g\rVert^2/(2L)$; at $2/L$ it is nothing.
"""


class Bowl:
    """The loss ½ wᵀHw + b, or its slope, with a name for messages."""

    def __init__(self, H, b=0.0, slope=False):
        self.H, self.b, self.slope = np.asarray(H, dtype=float), b, slope

    def __call__(self, w):
        return self.H @ w if self.slope else float(0.5 * w @ self.H @ w + self.b)

    def __repr__(self):
        what = (
            "½·5·w²" if self.H.shape == (1, 1) else "2w[0]² + ½w[1]² + ½w[2]²" if self.H[0, 0] == 4 else "a random bowl"
        )
        return f"the slope of {what}" if self.slope else what


def bumps(w):
    return float(np.sum(w**2 + 3 * np.sin(w) ** 2))


def slope_of_bumps(w):
    return 2 * w + 3 * np.sin(2 * w)


def uneven(w):
    """A loss that is steep on one side and flat on the other, so that w and −w give different results."""
    return float(np.sum(np.exp(w) - w))


def slope_of_uneven(w):
    return np.exp(w) - 1


def cases(rng):
    steepest = [[5.0]]
    for lr in (0.1, 0.3, 0.5):
        yield Bowl(steepest), Bowl(steepest, slope=True), np.array([2.0]), lr, 5.0
    three = np.diag([4.0, 1.0, 1.0])
    yield Bowl(three), Bowl(three, slope=True), np.array([1.0, 2.0, 2.0]), 0.25, 4.0
    yield bumps, slope_of_bumps, np.array([1.0, -2.0, 0.5]), 0.1, 8.0
    yield uneven, slope_of_uneven, np.array([1.0, -1.5]), 0.2, 3.0
    for d in (2, 4, 5):
        A = rng.normal(size=(d, d))
        H = A @ A.T / d + 0.1 * np.eye(d)
        L = float(np.linalg.eigvalsh(H)[-1])
        b = float(rng.uniform(1, 3))
        yield Bowl(H, b), Bowl(H, slope=True), rng.normal(size=d) + 1, float(rng.uniform(0.2, 0.9)) / L, L


def descent_gap(loss, grad, w, lr, L):
    """Return how far the loss falls in a step, and how far it must."""
    g = grad(w)
    actual = loss(w) - loss(w - lr * g)
    guaranteed = lr * (1 - lr * L / 2) * np.sum(g**2)
    return actual, guaranteed


@right
def terms_in_another_order(loss, grad, w, lr, L):
    g = grad(w)
    return -loss(w - g * lr) + loss(w), lr * (g @ g) - L / 2 * lr**2 * (g @ g)


@right
def step_by_its_length(loss, grad, w, lr, L):
    step = np.array(w) - lr * grad(w) - w
    moved = np.linalg.norm(step)
    return [loss(w) - loss(w + step), moved**2 / lr - 0.5 * L * moved**2]


@wrong
def sign(loss, grad, w, lr, L):
    """Both signs are turned round: you return how much the loss *rises*. A fall counts as positive here."""
    actual, guaranteed = descent_gap(loss, grad, w, lr, L)
    return -actual, -guaranteed


@wrong
def uphill(loss, grad, w, lr, L):
    """Your step goes uphill: it adds the slope where gradient descent subtracts it, so the loss rises."""
    g = grad(w)
    return loss(w) - loss(w + lr * g), lr * (1 - lr * L / 2) * (g @ g)


@wrong
def half_missing(loss, grad, w, lr, L):
    """The half is missing before the curvature: you subtract all of η²L times the squared slope. The slope changes gradually along the step, so the price is half of that."""
    g = grad(w)
    return loss(w) - loss(w - lr * g), lr * (1 - lr * L) * (g @ g)


@wrong
def norm_not_squared(loss, grad, w, lr, L):
    """You multiply by the length of the slope, not by its square. One factor comes from how far the step goes, one from how steep it is there."""
    g = grad(w)
    return loss(w) - loss(w - lr * g), lr * (1 - lr * L / 2) * np.linalg.norm(g)


@wrong
def sum_of_slopes(loss, grad, w, lr, L):
    """You add up the slopes and square the sum. Slopes of different signs then cancel; the length takes the squares first."""
    g = grad(w)
    return loss(w) - loss(w - lr * g), lr * (1 - lr * L / 2) * np.sum(g) ** 2


@wrong
def evaluates_at_old_point(loss, grad, w, lr, L):
    """The first number is not a measurement: at the old point you follow the tangent down. How much the loss really falls you learn only by asking for it at the new point too."""
    g = grad(w)
    return lr * (g @ g), lr * (1 - lr * L / 2) * (g @ g)


@wrong
def slope_at_the_new_point(loss, grad, w, lr, L):
    """Your promise uses the slope at the new point. The lemma promises before the step is taken: it knows the slope at w only."""
    ahead = w - lr * grad(w)
    g = grad(ahead)
    return loss(w) - loss(ahead), lr * (1 - lr * L / 2) * (g @ g)


@wrong
def guaranteed_above_actual(loss, grad, w, lr, L):
    """Your guarantee is above what really happens: on the steepest bowl it should be exactly equal. It lacks the price of the curvature, the term with L."""
    g = grad(w)
    return loss(w) - loss(w - lr * g), lr * (g @ g)


@wrong
def best_rate_only(loss, grad, w, lr, L):
    """You return the best promise there is, that of the rate 1/L. The rate is given: the promise for *it* is asked for."""
    g = grad(w)
    return loss(w) - loss(w - lr * g), (g @ g) / (2 * L)


@wrong
def losses_not_falls(loss, grad, w, lr, L):
    """You return levels, the loss after the step and its bound. Asked for is how far it falls: the difference from the loss at w."""
    g = grad(w)
    return loss(w - lr * g), loss(w) - lr * (1 - lr * L / 2) * (g @ g)
