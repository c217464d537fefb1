"""Look ahead, then step."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 15
points = 2
section = "Nesterov momentum: look ahead"
prompt = r"""
Write `nesterov(grad, w0, lr, beta, n)`: `n` steps of Nesterov's momentum from `w0`, with the memory starting at zero.
One step asks for the gradient *where the memory is about to carry us*:

$$\begin{aligned} m &\leftarrow \beta m + \nabla f(w - \eta\beta m) \\ w &\leftarrow w - \eta m \end{aligned}$$

Return all points from the start on, `n + 1` of them: the points w, not the points that are looked at on the way.
`grad(w)` has the shape of `w`; `w0` is an array and stays as it is.

For example, on $f(w) = \tfrac12 w^2$ from `[1.0]` with η = 0.5, β = 0.5 and three steps the points are 1, 0.5, 0.125 and −0.03125.
"""
hints = [
    "Two arrays go through the loop, w and m, and `grad` is called once per step, not at w.",
    "The place to look at is one step of the old memory ahead: `w - lr * beta * m`.",
    "The new memory is `beta * m + grad(ahead)`, and w moves by `-lr` times the *new* memory. Append w to the list after each step.",
]
praise = "You asked for the gradient where you were going, not where you stood: that is the whole idea, and it comes with a better guarantee."
why = r"""
The heavy ball asks for the gradient at w, then moves by the memory: it corrects its course one step too late.
Nesterov first lets the memory carry it, to $w - \eta\beta m$, and asks there.
Where the memory overshoots, the gradient ahead already points back, and the step brakes in time.

With the rate outside the memory (the convention of this course) the memory carries w by $\eta\beta m$, so the look-ahead needs η *and* β.
Where the rate is stored inside the memory, it is $\beta m$ alone: copying one formula into the other convention is the classic mistake.

The same points can be written without m.
With $\tilde w_t$ the point ahead,

$$\begin{aligned} w_{t+1} &= \tilde w_t - \eta\nabla f(\tilde w_t), \\ \tilde w_{t+1} &= w_{t+1} + \beta\,(w_{t+1} - w_t): \end{aligned}$$

a plain step from the point ahead, and then the share β of the whole way once more.
Frameworks go one further and store the points ahead as their "weights".
"""


def half_square(w):
    return 1.0 * np.asarray(w)


def bowl(w):
    return np.array([2.0, 4.0]) * w


class Slope:
    """The slope of a random bowl, with a name for messages."""

    def __init__(self, H, c):
        self.H, self.c = H, c

    def __call__(self, w):
        return self.H @ w - self.c

    def __repr__(self):
        return "the slope of a random bowl"


def cases(rng):
    yield half_square, np.array([1.0]), 0.5, 0.5, 3
    yield bowl, np.array([3.0, 4.0]), 0.1, 0.9, 4
    yield bowl, np.array([3.0, 4.0]), 0.05, 0.5, 1
    yield bowl, np.array([3.0, 4.0]), 0.1, 0.0, 3
    for d in (3, 5):
        A = rng.normal(size=(d, d))
        yield (
            Slope(A @ A.T / d + np.eye(d), rng.normal(size=d)),
            rng.normal(size=d),
            0.1,
            float(rng.uniform(0.3, 0.95)),
            6,
        )


def canonical(output):
    return np.array([np.array(point, dtype=float) for point in output])


def nesterov(grad, w0, lr, beta, n):
    """Return the n + 1 points from w0 on, the start included."""
    w, m = np.array(w0, dtype=float), np.zeros(np.shape(w0))
    points = [w]
    for _ in range(n):
        m = beta * m + grad(w - lr * beta * m)
        w = w - lr * m
        points.append(w)
    return np.array(points)


@right
def extrapolate_then_step(grad, w0, lr, beta, n):
    points = [np.array(w0, dtype=float)]
    y = points[0]
    for _ in range(n):
        points.append(y - lr * grad(y))
        y = points[-1] + beta * (points[-1] - points[-2])
    return points


@right
def rate_inside(grad, w0, lr, beta, n):
    path = np.empty((n + 1, len(w0)))
    path[0], velocity = w0, 0.0
    for t in range(n):
        velocity = beta * velocity - lr * grad(path[t] + beta * velocity)
        path[t + 1] = path[t] + velocity
    return path


@right
def from_the_points_ahead(grad, w0, lr, beta, n):
    y, m = np.array(w0, dtype=float), np.zeros(len(w0))
    points = [y.tolist()]
    for _ in range(n):
        g = grad(y)
        m = beta * m + g
        y = y - lr * (g + beta * m)
        points.append((y + lr * beta * m).tolist())
    return tuple(points)


@wrong
def no_lookahead(grad, w0, lr, beta, n):
    """You ask for the gradient at w: that is the heavy ball. Nesterov asks one step of the memory ahead."""
    w, m, points = np.array(w0, dtype=float), 0.0, [np.array(w0, dtype=float)]
    for _ in range(n):
        m = beta * m + grad(w)
        w = w - lr * m
        points.append(w)
    return points


@wrong
def lookahead_sign(grad, w0, lr, beta, n):
    """You look *behind* you. The point ahead is where the memory alone would take w, so the memory has the same sign there as in the step: here minus, and plus where the rate is kept inside."""
    w, m, points = np.array(w0, dtype=float), np.zeros(len(w0)), [np.array(w0, dtype=float)]
    for _ in range(n):
        m = beta * m + grad(w + lr * beta * m)
        w = w - lr * m
        points.append(w)
    return points


@wrong
def lookahead_without_beta(grad, w0, lr, beta, n):
    """You look too far ahead: of the old memory only the share β survives into this step, so the look-ahead needs β too."""
    w, m, points = np.array(w0, dtype=float), np.zeros(len(w0)), [np.array(w0, dtype=float)]
    for _ in range(n):
        m = beta * m + grad(w - lr * m)
        w = w - lr * m
        points.append(w)
    return points


@wrong
def lookahead_without_lr(grad, w0, lr, beta, n):
    """Your look-ahead lacks the rate. In this course the memory holds plain gradients, and w moves by η times it; `w - beta * m` belongs to the convention that keeps the rate inside the memory."""
    w, m, points = np.array(w0, dtype=float), np.zeros(len(w0)), [np.array(w0, dtype=float)]
    for _ in range(n):
        m = beta * m + grad(w - beta * m)
        w = w - lr * m
        points.append(w)
    return points


@wrong
def returns_lookahead_points(grad, w0, lr, beta, n):
    """The steps are right, but you return the points that you looked at. What is asked for are the points w that you stand on (frameworks do store the others)."""
    w, m = np.array(w0, dtype=float), np.zeros(len(w0))
    points = [w]
    for _ in range(n):
        m = beta * m + grad(w - lr * beta * m)
        w = w - lr * m
        points.append(w - lr * beta * m)
    return points


@wrong
def steps_from_the_lookahead(grad, w0, lr, beta, n):
    """After looking ahead you also step from there, and the memory is counted twice. The gradient comes from the point ahead; the step starts at w."""
    w, m, points = np.array(w0, dtype=float), np.zeros(len(w0)), [np.array(w0, dtype=float)]
    for _ in range(n):
        ahead = w - lr * beta * m
        m = beta * m + grad(ahead)
        w = ahead - lr * m
        points.append(w)
    return points


@wrong
def averages(grad, w0, lr, beta, n):
    """Your memory is a moving average: the new gradient enters with the weight 1 − β. In this course it enters whole, so your steps are too short by that factor."""
    w, m, points = np.array(w0, dtype=float), np.zeros(len(w0)), [np.array(w0, dtype=float)]
    for _ in range(n):
        m = beta * m + (1 - beta) * grad(w - lr * beta * m)
        w = w - lr * m
        points.append(w)
    return points


@wrong
def one_object(grad, w0, lr, beta, n):
    """All your points are the same: `w -= …` changes the one array that the list holds n + 1 times. Make a new one, with `w = …`, or append a copy."""
    return [nesterov(grad, w0, lr, beta, n)[-1]] * (n + 1)


@wrong
def start_missing(grad, w0, lr, beta, n):
    """Your list lacks the start: n steps make n + 1 points."""
    return nesterov(grad, w0, lr, beta, n)[1:]
