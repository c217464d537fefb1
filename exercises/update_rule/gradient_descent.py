"""Gradient descent with a history."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 15
points = 2
section = "What a history is for"
prompt = r"""
Write `gradient_descent(grad, w0, lr, n)`: take `n` steps from `w0` and return two things, the last point and the history.

- `grad(w)` is the slope at `w`: a number for a number, an array for an array.
- `w0` may be a number, a list or an array; it is still the same afterwards.
- The history holds every point **from the start on**: `n` steps make `n + 1` points.

For example, with the slope of $(w-3)^2$, start 10, rate 0.1 and three steps the answer is `6.584` and the history `[10, 8.6, 7.48, 6.584]`.
A list of points or one array, both are fine as history.
"""
hints = [
    "Begin with your own copy of the start as an array of floats, and a history that already holds it.",
    "Then, `n` times: ask for the slope where you are *now*, make the next point, append it.",
    "`w = np.array(w0, dtype=float)` copies and converts in one go, for numbers, lists and arrays. In the loop `w = w - lr * grad(w)` makes a new array each time, so that every entry of the history is a different one.",
]
praise = (
    "Steps and points counted apart, the caller's start untouched, every entry its own array: this loop can be trusted."
)
why = r"""
Three decisions make this loop trustworthy, and each has a mistake of its own.

**The start is copied and converted once, at the door.**
`np.array(w0, dtype=float)` turns a number, a list or an array of integers into an array of floats that belongs to nobody else.
Afterwards the body needs no special cases.

**Each step makes a new array.**
`w = w - lr * grad(w)` binds the name `w` to a new object; the history keeps the old ones.
`w -= lr * grad(w)` writes into the one array that every entry of the history refers to, and in the end they all show the last point.

**The history begins with the start.**
Then `history[t]` is $w_t$, the loss of every point can be computed afterwards, and no one has to remember whether it was stored before or after the step.

The slope is asked for anew in each step, because the ground has another slope at each point.
"""


def cases(rng):
    parabola = Slope(lambda w: 2 * (w - 3), "the slope of (w - 3)²")
    bowl = Slope(lambda w: np.array([2.0, 4.0]) * w, "the slope of x² + 2y²")
    yield parabola, 10.0, 0.1, 3
    yield bowl, np.array([3.0, 4.0]), 0.1, 5
    yield bowl, [3.0, 4.0], 0.1, 2
    yield bowl, np.array([3, 4]), 0.1, 4
    yield parabola, 10, 0.3, 4
    yield bowl, np.array([3.0, 4.0]), 0.1, 1
    for n in (3, 8):
        A = rng.normal(size=(3, 3))
        H, c = A @ A.T / 3 + np.eye(3), rng.normal(size=3)
        yield Slope(lambda w, H=H, c=c: H @ w - c, "the slope of a random bowl"), rng.normal(size=3), 0.1, n
    # here 2 * w of a list would be a longer list
    yield Slope(lambda w: 2 * w, "the slope of x² + y²"), [3.0, 4.0], 0.1, 2
    yield parabola, 10.0, 0.1, 0
    yield parabola, 3.0, 0.1, 2  # a run that starts at the minimum also takes two steps


class Slope:
    """A gradient function that shows in messages what it is."""

    def __init__(self, function, name):
        self.function, self.name = function, name

    def __call__(self, w):
        return self.function(w)

    def __repr__(self):
        return self.name


def canonical(output):
    w, history = output
    if not isinstance(history, list):
        history = np.asarray(history)  # an array, or a table of another library
    return np.array(w, dtype=float), np.array([np.array(point, dtype=float) for point in history])


def gradient_descent(grad, w0, lr, n):
    """Return (w, history) after n steps from w0, n + 1 points."""
    w = np.array(w0, dtype=float)
    history = [w]
    for _ in range(n):
        w = w - lr * grad(w)
        history.append(w)
    return w, history


@right
def array_history(grad, w0, lr, n):
    start = np.asarray(w0, dtype=float)
    path = np.empty((n + 1, *start.shape))
    path[0] = start
    for t in range(n):
        path[t + 1] = path[t] - lr * grad(path[t])
    return path[-1], path


@right
def in_place_on_own_copy(grad, w0, lr, n):
    w = np.array(w0, dtype=float)
    history = [w.copy()]
    for _ in range(n):
        w -= lr * grad(w)
        history.append(w.copy())
    return w, history


@right
def recursion(grad, w0, lr, n):
    w = np.array(w0, dtype=float)
    if n == 0:
        return w, [w]
    last, rest = recursion(grad, w - lr * grad(w), lr, n - 1)
    return last, [w, *rest]


@right
def last_of_the_history(grad, w0, lr, n):
    history = [np.array(w0, dtype=float)]
    while len(history) < n + 1:
        history.append(history[-1] - lr * grad(history[-1]))
    return history[-1], tuple(history)


@wrong
def history_alias(grad, w0, lr, n):
    """All entries of your history are one and the same array: `w -= …` writes into it, and what you appended before moves along. Make a new array in each step, or append a copy."""
    w = np.array(w0, dtype=float)
    history = [w]
    for _ in range(n):
        w -= lr * grad(w)
        history.append(w)
    return w, history


@wrong
def start_alias(grad, w0, lr, n):
    """The first entry of your history is the array that you go on writing into: every `w -= …` moves the start along. You copy what you append; copy the first one too."""
    w = np.array(w0, dtype=float)
    history = [w]
    for _ in range(n):
        w -= lr * grad(w)
        history.append(w.copy())
    return w, history


@wrong
def start_twice(grad, w0, lr, n):
    """Your history holds the start twice and the last point not at all: you begin with the start and then append each point before its step. Append after it."""
    w = np.array(w0, dtype=float)
    history = [w]
    for _ in range(n):
        history.append(w)
        w = w - lr * grad(w)
    return w, history


@wrong
def history_first(grad, w0, lr, n):
    """You return both, but in the other order: return the last point first, then the history."""
    return gradient_descent(grad, w0, lr, n)[::-1]


@wrong
def history_alone(grad, w0, lr, n):
    """You return the history alone. Two things are asked for, the last point and the history: `return w, history`."""
    return np.array(gradient_descent(grad, w0, lr, n)[1])


@wrong
def history_alone_in_a_list(grad, w0, lr, n):
    """You return the history alone, a list of points. Two things are asked for, the last point and the history: `return w, history`."""
    return gradient_descent(grad, w0, lr, n)[1]


@wrong
def last_point_alone(grad, w0, lr, n):
    """You return the last point alone. Two things are asked for, that and the history of all points: `return w, history`."""
    return gradient_descent(grad, w0, lr, n)[0]


@wrong
def mutates_start(grad, w0, lr, n):
    """Your loop changes the caller's start: `w = w0` gives the same array a second name, and `w -= …` writes into it. Whoever runs your function twice gets two different answers. Copy the start first."""
    w = np.asarray(w0, dtype=float)
    history = [w.copy()]
    for _ in range(n):
        w -= lr * grad(w)
        history.append(w.copy())
    return w, history


@wrong
def history_length(grad, w0, lr, n):
    """Your history lacks the start: n steps make n + 1 points. With the start in it `history[t]` is the point after t steps, and the first loss can be drawn too."""
    w = np.array(w0, dtype=float)
    history = []
    for _ in range(n):
        w = w - lr * grad(w)
        history.append(w)
    return w, history


@wrong
def history_ends_early(grad, w0, lr, n):
    """Your history stops one point short: you store each point before its step, so the last one is never stored. The history ends with the point you return."""
    w = np.array(w0, dtype=float)
    history = []
    for _ in range(n):
        history.append(w)
        w = w - lr * grad(w)
    return w, history


@wrong
def returns_previous(grad, w0, lr, n):
    """The history is right, but the point you return is one step behind its end: you keep the old point while the new one goes into the history. Return the newest."""
    w = previous = np.array(w0, dtype=float)
    history = [w]
    for _ in range(n):
        previous = w
        w = w - lr * grad(w)
        history.append(w)
    return previous, history


@wrong
def stale_gradient(grad, w0, lr, n):
    """You ask for the slope once, at the start, and use it in every step: your points march on at a constant pace, past the minimum. The slope belongs inside the loop, because it is another one at each point."""
    w = np.array(w0, dtype=float)
    g, history = grad(w), [w]
    for _ in range(n):
        w = w - lr * g
        history.append(w)
    return w, history


@wrong
def sign(grad, w0, lr, n):
    """Your points climb: the loss grows from step to step. The slope points uphill; step against it."""
    w = np.array(w0, dtype=float)
    history = [w]
    for _ in range(n):
        w = w + lr * grad(w)
        history.append(w)
    return w, history


@wrong
def crashes_on_float_start(grad, w0, lr, n):
    """Your function takes arrays only: a start such as 10.0 has no `.copy()`. Numbers and lists are starts too. Convert whatever comes, once, at the door."""
    w = w0.copy()
    history = [np.array(w, dtype=float)]
    for _ in range(n):
        w = w - lr * grad(np.array(w, dtype=float))
        history.append(w)
    return w, history


@wrong
def list_start(grad, w0, lr, n):
    """A start that is a list stays a list in your function, and `grad` gets that list. A list does not calculate: `2 * [3, 4]` is `[3, 4, 3, 4]`. Make an array of the start first."""
    w, history = w0, [w0]
    for _ in range(n):
        w = w - lr * grad(w)
        history.append(w)
    return w, history


@wrong
def integer_start(grad, w0, lr, n):
    """Your copy of the start keeps its integers, and an in-place step cannot write fractions into an array of integers. Ask for floats when you copy."""
    w = np.array(w0)
    history = [w.copy()]
    for _ in range(n):
        w -= lr * grad(w)
        history.append(w.copy())
    return w, history


@wrong
def stops_at_a_small_slope(grad, w0, lr, n):
    """You stop as soon as the slope is small, so the history is shorter than n + 1 points. A stop rule is a good idea, but here exactly n steps are asked for, even at the minimum."""
    w = np.array(w0, dtype=float)
    history = [w]
    for _ in range(n):
        g = grad(w)
        if np.linalg.norm(g) < 1e-6:
            break
        w = w - lr * g
        history.append(w)
    return w, history


@wrong
def one_step_too_many(grad, w0, lr, n):
    """You take n + 1 steps: n steps make n + 1 points, because the start is one of them."""
    w = np.array(w0, dtype=float)
    history = [w]
    for _ in range(n + 1):
        w = w - lr * grad(w)
        history.append(w)
    return w, history


@wrong
def slopes_in_the_history(grad, w0, lr, n):
    """Your history holds the slopes. It should hold the points: append `w` after each step, not what `grad` gave."""
    w = np.array(w0, dtype=float)
    history = [w]
    for _ in range(n):
        g = np.asarray(grad(w), dtype=float)
        w = w - lr * g
        history.append(g)
    return w, history


@wrong(like=slopes_in_the_history)
def slopes_alone(grad, w0, lr, n):
    w, history = np.array(w0, dtype=float), []
    for _ in range(n):
        g = np.asarray(grad(w), dtype=float)
        w = w - lr * g
        history.append(g)
    return w, history


@wrong
def steps_in_the_history(grad, w0, lr, n):
    """Your history holds the steps, how far you moved each time. It should hold the points where you stood."""
    w = np.array(w0, dtype=float)
    history = [w]
    for _ in range(n):
        step = lr * np.asarray(grad(w), dtype=float)
        w = w - step
        history.append(step)
    return w, history


@wrong(like=steps_in_the_history)
def moves_in_the_history(grad, w0, lr, n):
    w = np.array(w0, dtype=float)
    history = [w]
    for _ in range(n):
        step = -lr * np.asarray(grad(w), dtype=float)
        w = w + step
        history.append(step)
    return w, history


@wrong
def always_from_the_start(grad, w0, lr, n):
    """Every step begins at the start again: you subtract from `w0`. Each step begins where the last one ended."""
    start = np.array(w0, dtype=float)
    w, history = start, [start]
    for _ in range(n):
        w = start - lr * grad(w)
        history.append(w)
    return w, history


@wrong
def rate_forgotten(grad, w0, lr, n):
    """You subtract the whole slope: the learning rate `lr` does nothing. The step is rate times slope."""
    return gradient_descent(grad, w0, 1.0, n)


@wrong
def one_step_too_few(grad, w0, lr, n):
    """You take one step too few: n − 1, not n. Does your loop count from 1, or is the start counted as a step?"""
    return gradient_descent(grad, w0, lr, max(n - 1, 0))


@wrong
def history_of_the_end_only(grad, w0, lr, n):
    """Your history holds only the start and the end, or stays as it was at the start: `append` belongs in the loop, after each step."""
    w, history = gradient_descent(grad, w0, lr, n)
    return w, [history[0], history[-1]]


@wrong(like=history_of_the_end_only)
def history_of_the_start_only(grad, w0, lr, n):
    w, history = gradient_descent(grad, w0, lr, n)
    return w, history[:1]


@wrong(like=history_of_the_end_only)
def history_of_the_last_only(grad, w0, lr, n):
    w, history = gradient_descent(grad, w0, lr, n)
    return w, history[-1:]


@wrong
def uphill_without_the_start(grad, w0, lr, n):
    """Your points climb: the sign of the step is wrong, a plus where a minus belongs. There is more: your history lacks the start, so it has n points and not n + 1."""
    w, history = gradient_descent(grad, w0, -lr, n)
    return w, history[1:]


@wrong
def shrinking_rate(grad, w0, lr, n):
    """Your rate becomes smaller from step to step. Here it stays the same, `lr`, in every step."""
    w = np.array(w0, dtype=float)
    history = [w]
    for t in range(n):
        w = w - lr / (t + 1) * grad(w)
        history.append(w)
    return w, history
