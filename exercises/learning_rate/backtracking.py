"""A rate that finds itself."""

import math

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 20
points = 2
section = "Backtracking line search: let the landscape choose"
prompt = r"""
Write `backtracking(f, g, w, lr0=1.0, c=1e-4, shrink=0.5)`: `g` is the gradient of `f` at `w`, an array.
Start with the rate `lr0` and multiply it by `shrink` until one step of gradient descent decreases the loss *enough* (Armijo's condition):

$$f(w - \eta g) \;\le\; f(w) - c\,\eta\,\lVert g \rVert^2 .$$

Return the first rate that does, a number.
A loss that is `nan` or `inf` at the new point is not enough, so go on shrinking.
After 60 attempts without success, return 0.0.

For example, on $x^2 + 2y^2 + z^2$ at $(3, 4, 0)$ the loss is 41 and the gradient $(6, 16, 0)$: the rate 1 leads to a loss of 297, and 0.5 to 32, which is enough.
"""
hints = [
    "A loop: try a rate, ask whether the new loss is low enough, otherwise shrink and try again.",
    "The promised decrease is c · η · ‖g‖², with the *square* of the length: `g @ g`, or `np.sum(g * g)`.",
    "Write the question the positive way, `if f(w - lr * g) <= f(w) - c * lr * (g @ g): return lr`. With nan it is False, and the loop goes on.",
]
praise = "Now the landscape chooses the rate, and a nan on the way is only a step that was too long."
why = r"""
How much decrease may one ask for?
For a tiny rate, $f(w - \eta g) \approx f(w) - \eta\lVert g\rVert^2$: the straight-line promise.
No bent bowl keeps it entirely, so Armijo asks for a small share $c$ of it.
With $c < 1$ and a smooth loss there is always a rate small enough, so that the loop ends.

Without the Armijo term, "any decrease will do", a descent need not arrive: rates that creep up to 2/L lower the loss at every step, by less and less, and the point goes on jumping from side to side.

`f(new) <= bound` is False when `f(new)` is nan, and the loop shrinks on.
Written the other way round, `while f(new) > bound: shrink`, nan ends the loop and its rate is *accepted*: the comparison with nan is False both ways.

The price is one loss per attempt.
On $x^2 + 2y^2$ from (3, 4) it takes 0.5, then 0.25, and stands on the minimum after two steps.
"""
ATTEMPTS = 60


def bowl(w):
    return np.array([1.0, 2.0, 1.0])[: len(w)] @ (np.asarray(w) ** 2)


def steep(w):
    return 50.0 * np.sum(np.asarray(w) ** 2)


def gentle(w):
    return 0.05 * np.sum(np.asarray(w) ** 2)


def cliff(w):
    """A loss that is not a number beyond a cliff: there it is the logarithm of a negative number."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return float(np.sum(-np.log(np.asarray(w, dtype=float)) + np.asarray(w)))


def waves(w):
    """A loss with a valley behind a hill: a longer step may be better than a shorter one."""
    return float(np.sum(1 - np.cos(np.asarray(w))))


def lost(w):
    """A loss that is not a number anywhere, as after a run that has diverged."""
    return float("nan")


def wall(w):
    with np.errstate(over="ignore"):
        return float(np.sum(np.exp(np.abs(np.asarray(w)) * 5)))


def cases(rng):
    yield bowl, np.array([6.0, 16.0, 0.0]), np.array([3.0, 4.0, 0.0])
    yield bowl, np.array([6.0, 0.0]), np.array([3.0, 0.0])  # at rate 1 the loss stays the same
    # the rate 0.5 decreases the loss exactly enough
    yield bowl, np.array([6.0, 16.0]), np.array([3.0, 4.0]), 0.5, 1e-4, 0.5
    yield steep, np.array([100.0, -200.0]), np.array([1.0, -2.0])
    yield gentle, np.array([0.1, 0.2]), np.array([1.0, 2.0])
    # c is large, so a large decrease is asked for
    yield bowl, np.array([6.0, 16.0]), np.array([3.0, 4.0]), 1.0, 0.6, 0.5
    yield (
        bowl,
        np.array([0.06, 0.16]),
        np.array([0.03, 0.04]),
        1.0,
        0.6,
        0.8,
    )  # the gradient is short: its square is still smaller
    yield cliff, np.array([-9.0, -9.0]), np.array([0.1, 0.1]), 100.0, 1e-4, 0.5
    yield cliff, 1 - 1 / np.array([3.0, 4.0]), np.array([3.0, 4.0]), 6.0, 0.3, 0.7
    yield wall, 5 * np.exp(5.0) * np.ones(2), np.ones(2)
    yield waves, np.sin(np.array([0.5])), np.array([0.5]), 7.6, 1e-4, 0.5
    yield bowl, np.zeros(2), np.zeros(2)  # at the minimum the slope is 0, so no decrease is needed
    # the right rate takes more than fifty attempts
    yield steep, np.array([100.0, -200.0]), np.array([1.0, -2.0]), 1.0, 1e-4, 0.93
    # `shrink` is too slow: no rate within sixty attempts
    yield steep, np.array([100.0, -200.0]), np.array([1.0, -2.0]), 1.0, 1e-4, 0.95
    yield lost, np.array([6.0, 16.0]), np.array([3.0, 4.0])  # no rate will do
    yield lost, np.array([6.0, 16.0]), np.array([3.0, 4.0]), 1.0, 1e-4, 0.9
    for d in (2, 3):
        w = rng.normal(size=d)
        g = 2 * np.array([1.0, 2.0, 1.0])[:d] * w
        yield bowl, g, w, float(rng.uniform(0.6, 3)), 1e-4, 0.5
        yield bowl, g, w, float(rng.uniform(0.6, 3)), 0.5, 0.8


def backtracking(f, g, w, lr0=1.0, c=1e-4, shrink=0.5):
    """Return the first rate that satisfies Armijo's condition, or 0.0."""
    lr, here = lr0, f(w)
    for _ in range(60):
        if f(w - lr * g) <= here - c * lr * np.sum(g * g):
            return lr
        lr = lr * shrink
    return 0.0


@right
def while_loop(f, g, w, lr0=1.0, c=1e-4, shrink=0.5):
    lr, tries = lr0, 0
    while not f(w - lr * g) <= f(w) - c * lr * np.linalg.norm(g) ** 2:
        lr, tries = lr * shrink, tries + 1
        if tries == ATTEMPTS:
            return 0.0
    return lr


@right
def first_of_a_list(f, g, w, lr0=1.0, c=1e-4, shrink=0.5):
    rates = (lr0 * shrink**k for k in range(ATTEMPTS))
    return next((lr for lr in rates if f(w - lr * g) - f(w) <= -c * lr * np.dot(g, g)), 0.0)


@right
def asks_for_nan_first(f, g, w, lr0=1.0, c=1e-4, shrink=0.5):
    lr = np.float64(lr0)
    for _ in range(ATTEMPTS):
        new = f(w - lr * g)
        if math.isfinite(new) and new <= f(w) - c * lr * float(np.vdot(g, g)):
            return lr
        lr *= shrink
    return 0


@wrong
def plain_decrease(f, g, w, lr0=1.0, c=1e-4, shrink=0.5):
    """You accept any decrease, however tiny. Armijo asks for a share c of what the slope promises: with a large c a step that gains almost nothing is refused."""
    return backtracking(f, g, w, lr0, 0.0, shrink)


@wrong
def norm_not_squared(f, g, w, lr0=1.0, c=1e-4, shrink=0.5):
    """The promised decrease is c · η · ‖g‖², and yours has ‖g‖ without the square. A step of length η‖g‖ along a slope of ‖g‖ changes the height by η‖g‖ times ‖g‖."""
    lr = lr0
    for _ in range(ATTEMPTS):
        if f(w - lr * g) <= f(w) - c * lr * np.linalg.norm(g):
            return lr
        lr *= shrink
    return 0.0


@wrong
def sign(f, g, w, lr0=1.0, c=1e-4, shrink=0.5):
    """Your trial step goes uphill, along +g. The point to try is the one that gradient descent would go to."""
    lr = lr0
    for _ in range(ATTEMPTS):
        if f(w + lr * g) <= f(w) - c * lr * np.sum(g * g):
            return lr
        lr *= shrink
    return 0.0


@wrong
def promise_added(f, g, w, lr0=1.0, c=1e-4, shrink=0.5):
    """You allow the new loss to be *higher* than the old one by c · η · ‖g‖². The condition asks for it to be lower by that much: mind the sign of the last term."""
    return backtracking(f, g, w, lr0, -c, shrink)


@wrong
def endless_on_nan(f, g, w, lr0=1.0, c=1e-4, shrink=0.5):
    """Your loop never ends when no rate is good enough. Count the attempts, and give up with 0.0 after 60."""
    lr = lr0
    while not f(w - lr * g) <= f(w) - c * lr * np.sum(g * g):
        lr *= shrink
    return lr


@wrong
def accepts_nan(f, g, w, lr0=1.0, c=1e-4, shrink=0.5):
    """You accept a rate whose loss is nan: `nan > bound` is False, so a loop `while f(new) > bound` stops there and takes it. Ask the other way round: go on *until* `f(new) <= bound`."""
    lr = lr0
    for _ in range(ATTEMPTS):
        if not f(w - lr * g) > f(w) - c * lr * np.sum(g * g):
            return lr
        lr *= shrink
    return 0.0


@wrong
def mutates(f, g, w, lr0=1.0, c=1e-4, shrink=0.5):
    """You move the caller's w while you try: `w -= …` writes into it. Trying must leave no trace; make the trial point a new array."""
    lr, here = lr0, f(w)
    for _ in range(ATTEMPTS):
        step = lr * g
        w -= step
        if f(w) <= here - c * lr * np.sum(g * g):
            return lr
        w += step
        lr *= shrink
    return 0.0


@wrong
def grows(f, g, w, lr0=1.0, c=1e-4, shrink=0.5):
    """Your rate grows from attempt to attempt: you divide by `shrink`. A step that was too long has to become shorter."""
    lr = lr0
    with np.errstate(all="ignore"):
        for _ in range(ATTEMPTS):
            if f(w - lr * g) <= f(w) - c * lr * np.sum(g * g):
                return lr
            lr /= shrink
    return 0.0


@wrong
def one_too_short(f, g, w, lr0=1.0, c=1e-4, shrink=0.5):
    """You return the rate after the one that was good enough: it is shrunk once too often. Test first, and shrink only when the test fails."""
    return backtracking(f, g, w, lr0, c, shrink) * shrink


@wrong
def promise_without_rate(f, g, w, lr0=1.0, c=1e-4, shrink=0.5):
    """Your promised decrease lacks the rate: a shorter step promises less. Without η in it the demand never shrinks along with the step."""
    lr = lr0
    for _ in range(ATTEMPTS):
        if f(w - lr * g) <= f(w) - c * np.sum(g * g):
            return lr
        lr *= shrink
    return 0.0


@wrong
def strict(f, g, w, lr0=1.0, c=1e-4, shrink=0.5):
    """You ask for `<` where the condition says ≤. On the minimum the gradient is 0, nothing is promised and the loss stays as it is: that is enough, and your loop refuses it."""
    lr = lr0
    for _ in range(ATTEMPTS):
        if f(w - lr * g) < f(w) - c * lr * np.sum(g * g):
            return lr
        lr *= shrink
    return 0.0


@wrong
def last_rate_instead(f, g, w, lr0=1.0, c=1e-4, shrink=0.5):
    """When no rate was good enough, you return the last one that you came to. After 60 attempts without success the answer is 0.0: stay where you are."""
    lr = lr0
    for _ in range(ATTEMPTS):
        if f(w - lr * g) <= f(w) - c * lr * np.sum(g * g):
            return lr
        lr *= shrink
    return lr


@wrong
def too_patient(f, g, w, lr0=1.0, c=1e-4, shrink=0.5):
    """You go on after the 60th attempt. When `shrink` is close to 1 a good enough rate may come later, but each attempt costs a loss: after 60 it is over, and the answer is 0.0."""
    lr = lr0
    for _ in range(1000):
        if f(w - lr * g) <= f(w) - c * lr * np.sum(g * g):
            return lr
        lr *= shrink
    return 0.0


@wrong
def too_impatient(f, g, w, lr0=1.0, c=1e-4, shrink=0.5):
    """You give up before the 60th attempt. When `shrink` is close to 1 it takes many to make the rate small enough."""
    lr = lr0
    for _ in range(20):
        if f(w - lr * g) <= f(w) - c * lr * np.sum(g * g):
            return lr
        lr *= shrink
    return 0.0


@wrong
def walks_on(f, g, w, lr0=1.0, c=1e-4, shrink=0.5):
    """You walk on from the trial point, so that steps which were refused add up. Each attempt starts again at w."""
    lr, here = lr0, f(w)
    for _ in range(ATTEMPTS):
        w = w - lr * g
        if f(w) <= here - c * lr * np.sum(g * g):
            return lr
        lr *= shrink
    return 0.0


@wrong
def bar_moves(f, g, w, lr0=1.0, c=1e-4, shrink=0.5):
    """You compare each trial with the one before it. All of them are measured against f(w), where you stand."""
    lr, here = lr0, f(w)
    for _ in range(ATTEMPTS):
        new = f(w - lr * g)
        if new <= here - c * lr * np.sum(g * g):
            return lr
        here, lr = new, lr * shrink
    return 0.0


@wrong
def always_halves(f, g, w, lr0=1.0, c=1e-4, shrink=0.5):
    """Your rate shrinks by one half, whatever comes in as `shrink`. The value in the head of the function is only what it is when nobody says otherwise."""
    return backtracking(f, g, w, lr0, c, 0.5)


@wrong
def always_from_1(f, g, w, lr0=1.0, c=1e-4, shrink=0.5):
    """You start from 1, whatever comes in as `lr0`. The value in the head of the function is only what it is when nobody says otherwise."""
    return backtracking(f, g, w, 1.0, c, shrink)
