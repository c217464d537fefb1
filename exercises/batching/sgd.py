"""Stochastic gradient descent, whole."""
import numpy as np

from gdcourse.exercises import right, wrong

points = 3
seconds = 6
starter = '''
def sgd(X, y, lr, epochs, B, rng):
    """Return (w, losses): the weights after all epochs, from 0, and the full loss before the first and after each epoch."""
    ...
'''
prompt = r"""
Write `sgd(X, y, lr, epochs, B, rng)`: mini-batch gradient descent for the mean squared error $\frac1n\lVert Xw - y\rVert^2$, from w = 0.

- In each epoch every row is used exactly once, in batches of `B` (the last one may be shorter), in an order drawn anew from `rng`.
- Each batch takes one step, $w \leftarrow w - \eta_t\, g$ with $g = \frac{2}{|\text{batch}|} X_b^\top (X_b w - y_b)$ at the *current* w.
- `lr` is a number, or a function of the step t = 0, 1, 2, … that counts *steps*, not epochs, and goes on from epoch to epoch.
- Return `(w, losses)`: `losses` holds the *full* loss over all rows, before the first epoch and after each one, `epochs + 1` numbers.

`X` and `y` stay as they are.
Any order of shuffling is fine: the check looks at where you end.

For example, 7 rows, B = 3 and 2 epochs make 6 steps, on 3, 3, 1, 3, 3 and 1 rows, and 3 losses.
"""
hints = [
    "Two loops: epochs outside, batches inside. Draw one permutation of the row numbers per epoch, and cut it into pieces of B.",
    "Index X and y by the *same* piece of the permutation. A step counter lives outside both loops.",
    "`rate = lr(t) if callable(lr) else lr`. The loss that is stored is `np.mean((X @ w - y) ** 2)`, over all rows, after the inner loop.",
]
praise = "That is the loop behind nearly every trained network: shuffle, cut, step, repeat."
why = r"""
The order of the parts matters more than any single line.

- *One permutation for rows and labels.* Shuffling X and y separately pairs each row with a stranger's label, and the model learns the mean.
- *The gradient at the current w.* Computing all batch gradients at the epoch's first w gives one full-batch step in small pieces.
- *A counter of steps.* A schedule such as $\eta_t = 1/(10 + t)$ that restarts in every epoch never becomes small.
- *The full loss.* The loss of the last batch is a random draw; a curve of such numbers jitters, and says little.

With a constant rate the end is not the minimum but a ball around it, whose size is proportional to the rate: the noise floor of this chapter.
The check allows for it.
When the labels fit the model exactly, the noise dies out and the loss goes to zero.
"""


class Rate:
    """A schedule with a name for the messages; it notes the steps for which it is asked."""

    def __init__(self, start, half):
        self.start, self.half, self.asked = start, half, []

    def __call__(self, t):
        self.asked.append(int(t))
        return self.start / (1 + t / self.half)

    def __repr__(self):
        return f"lr(t) = {self.start}/(1 + t/{self.half})"


def cases(rng):
    def seed():
        return np.random.default_rng(int(rng.integers(2**31)))

    X = rng.normal(size=(7, 2))
    yield X, X @ np.array([1.0, -2.0]), 0.05, 2, 3, seed()  # counts of losses
    X = rng.normal(size=(40, 3))
    yield X, X @ np.array([1.0, -2.0, 0.5]), 0.1, 30, 8, seed()  # exact labels: arrives
    X = rng.normal(size=(60, 3))
    yield X, X @ np.array([2.0, 1.0, -1.0]) + rng.normal(size=60), Rate(0.15, 20), 40, 7, seed()  # noise and a schedule
    X = rng.normal(size=(50, 2))
    yield X, X @ np.array([3.0, -3.0]), 0.05, 1, 1, seed()  # single rows
    X = rng.normal(size=(20, 2))
    yield X, X @ np.array([2.0, 1.0]) + rng.normal(size=20), Rate(0.1, 5), 4, 20, seed()  # one batch of all rows: nothing is left to chance


def run(answer, X, y, lr, epochs, B, rng):
    """Weights, losses, and what only a run can show: the steps that the schedule was asked for, and the loss at w."""
    if isinstance(lr, Rate):
        lr.asked.clear()
    before = repr(rng.bit_generator.state)
    with np.errstate(all="ignore"):
        out = answer(X, y, lr, epochs, B, rng)
    if not isinstance(out, (tuple, list)) or len(out) != 2:
        return out
    w, losses = np.asarray(out[0], dtype=float), np.asarray(out[1], dtype=float)
    drew = float(repr(rng.bit_generator.state) != before)
    return w, losses, drew, np.array(lr.asked if isinstance(lr, Rate) else [])


def law(output, X, y, lr, epochs, B, rng):
    if not isinstance(output, tuple) or len(output) != 4:
        return "Two things are asked for: the weights and the list of losses, `(w, losses)`."
    w, losses, drew, asked = output
    n, d = X.shape
    steps = -(-n // B)
    if w.shape != (d,):
        return f"The weights have the shape {w.shape}; with {d} columns they should have {(d,)}."
    if losses.shape != (epochs + 1,):
        return "losses_per_step" if losses.size >= epochs * steps > epochs + 1 else f"There should be {epochs + 1} losses, before the first epoch and after each; yours are {losses.size}."
    if not np.isfinite(w).all():
        return "The weights are not finite: the run has exploded. Is the gradient a *mean* over the batch?"

    def loss(w):
        return np.mean((X @ w - y) ** 2)

    if not drew:
        return "no_shuffle"
    if B >= n:
        exact = np.zeros(d)
        for t in range(epochs):
            exact = exact - (lr(t) if callable(lr) else lr) * 2 / n * X.T @ (X @ exact - y)
        if not np.allclose(w, exact, rtol=1e-6, atol=1e-12):
            return ("Here one batch holds all the rows, so the run is plain gradient descent, and your weights are not those: "
                    "look at the factor before the gradient, at the rows it uses, and at the step for which you ask the schedule.")
    w_star = np.linalg.lstsq(X, y, rcond=None)[0]
    if len(asked) and (len(asked) < epochs * steps or asked.max() < epochs * steps - 1):
        return "step_counter_per_epoch"
    gap, first = loss(w) - loss(w_star), loss(np.zeros(d)) - loss(w_star)
    # what the worst order can leave: a few epochs shrink the error by the flattest curvature, constant noise leaves a floor
    H = 2 * X.T @ X / n
    mu, L = np.linalg.eigvalsh(H)[[0, -1]]
    rates = [lr(t) if callable(lr) else lr for t in range(epochs * steps)]
    shrink = np.exp(-np.sum(np.asarray(rates)) * mu)
    noise = np.mean(np.sum(((X @ w_star - y)[:, None] * 2 * X) ** 2, axis=1)) / B
    allowed = max(4 * first * shrink + 6 * rates[-1] * noise * L / mu, 1e-12)
    if gap > max(allowed, 1e-9) and gap > 0.02 * first:
        if np.linalg.norm(w - w_star) > 0.5 * np.linalg.norm(w_star):
            return "rows_and_labels_shuffled_apart" if n * epochs > 100 else "stale_weights"
        return "stale_weights"
    if abs(losses[-1] - loss(w)) > 1e-6 * (1 + loss(w)):
        return "loss_of_last_batch"
    if abs(losses[0] - loss(np.zeros(d))) > 1e-6 * (1 + losses[0]):
        return "The first entry of `losses` should be the full loss at the start, w = 0."
    return None


def sgd(X, y, lr, epochs, B, rng):
    """Return (w, losses): the weights after all epochs, and the full loss before the first and after each epoch."""
    w, t = np.zeros(X.shape[1]), 0
    losses = [np.mean((X @ w - y) ** 2)]
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), B):
            batch = order[start:start + B]
            g = 2 / len(batch) * X[batch].T @ (X[batch] @ w - y[batch])
            w = w - (lr(t) if callable(lr) else lr) * g
            t += 1
        losses.append(np.mean((X @ w - y) ** 2))
    return w, losses


@right
def shuffled_copies(X, y, lr, epochs, B, rng):
    rate = lr if callable(lr) else lambda t: lr
    w, t, losses = np.zeros(X.shape[1]), 0, [np.mean(y**2)]
    table = np.column_stack([X, y])
    for _ in range(epochs):
        rng.shuffle(table)
        for batch in np.array_split(table, range(B, len(table), B)):
            r = batch[:, :-1] @ w - batch[:, -1]
            w -= rate(t) * 2 * np.mean(r[:, None] * batch[:, :-1], axis=0)
            t += 1
        losses.append(float(np.mean((X @ w - y) ** 2)))
    return w, np.array(losses)


@right
def a_generator_of_batches(X, y, lr, epochs, B, rng):
    def batches():
        for _ in range(epochs):
            order = list(rng.choice(len(X), len(X), replace=False))
            while order:
                yield order[:B], len(order) <= B
                order = order[B:]

    w, losses = [0.0] * X.shape[1], [np.mean(y**2)]
    for t, (batch, last) in enumerate(batches()):
        g = 2 * X[batch].T @ (X[batch] @ w - y[batch]) / len(batch)
        w = np.subtract(w, (lr(t) if callable(lr) else lr) * g)
        if last:
            losses.append(np.mean((X @ w - y) ** 2))
    return list(w), losses


def _descend(X, y, lr, epochs, B, rng, pairs=None, where=None, count=None, after=None, order=None):
    """The loop with one part exchanged, for the mistakes."""
    w, t, losses = np.zeros(X.shape[1]), 0, [np.mean(y**2)]
    for _ in range(epochs):
        rows = order(len(X)) if order else rng.permutation(len(X))
        labels = rng.permutation(len(X)) if pairs else rows
        first, step = w, 0
        for start in range(0, len(X), B):
            batch, mine = rows[start:start + B], labels[start:start + B]
            g = 2 / len(batch) * X[batch].T @ (X[batch] @ (first if where else w) - y[mine])
            w = w - (lr(step if count else t) if callable(lr) else lr) * g
            t, step = t + 1, step + 1
        losses.append(after(w, batch) if after else np.mean((X @ w - y) ** 2))
    return w, losses


@wrong
def rows_and_labels_shuffled_apart(X, y, lr, epochs, B, rng):
    """Rows and labels seem to be shuffled apart: each row is paired with a stranger's label, and the weights end far from the best ones. Draw one permutation and use it for both."""
    return _descend(X, y, lr, epochs, B, rng, pairs=True)


@wrong
def stale_weights(X, y, lr, epochs, B, rng):
    """You end too far from the best weights. Is each gradient computed at the *current* w? At the w with which the epoch began, all batches together make a single, much longer step."""
    return _descend(X, y, lr, epochs, B, rng, where=True)


@wrong
def step_counter_per_epoch(X, y, lr, epochs, B, rng):
    """Your step counter starts again in every epoch, or counts epochs: the schedule never sees the later steps, so the rate does not become small. Count on from epoch to epoch."""
    return _descend(X, y, lr, epochs, B, rng, count=True)


@wrong
def loss_of_last_batch(X, y, lr, epochs, B, rng):
    """The weights are fine, but the loss you store is that of a few rows, the last batch. It jumps about with every draw; store the full loss over all rows."""
    return _descend(X, y, lr, epochs, B, rng, after=lambda w, batch: np.mean((X[batch] @ w - y[batch]) ** 2))


@wrong
def no_shuffle(X, y, lr, epochs, B, rng):
    """Nothing is drawn from `rng`: your batches are the same in every epoch, or come from a generator of their own. Draw a new permutation from `rng` in each epoch."""
    return _descend(X, y, lr, epochs, B, rng, order=np.arange)


@wrong
def mutates(X, y, lr, epochs, B, rng):
    """You shuffle the caller's own table. Whoever uses X and y afterwards finds them in another order; shuffle row numbers, or a copy."""
    state = rng.bit_generator.state
    rng.shuffle(X)
    rng.bit_generator.state = state
    rng.shuffle(y)
    return _descend(X, y, lr, epochs, B, rng)


@wrong
def losses_per_step(X, y, lr, epochs, B, rng):
    """You store a loss after every step. One before the first epoch and one after each is asked for: the full loss costs as much as a whole pass."""
    w, losses = _descend(X, y, lr, epochs, B, rng)
    return w, [losses[0]] * (epochs * -(-len(X) // B) + 1)
