"""Stochastic gradient descent, whole."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 25
points = 3
seconds = 6
starter = '''
def sgd(X, y, lr, epochs, B, rng):
    """Return (w, losses): the last weights, and epochs + 1 full losses."""
    ...
'''
section = "Epochs, and the last batch"
prompt = r"""
Write `sgd(X, y, lr, epochs, B, rng)`: mini-batch gradient descent for the mean squared error $\frac1n\lVert Xw - y\rVert^2$, from w = 0.
(The whole mean squared error here, so with a 2 in the gradient that the half-MSE of this page does not have.)

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

With a constant rate the end is not the minimum but a ball around it, whose squared radius is about proportional to the rate: the noise floor of this chapter.
The check allows for it.
When the labels fit the model exactly, the noise dies out and the loss goes to zero.
"""


CLOSE = 1e-6  # also wide enough for weights in single precision


class Rate:
    """A schedule that has a name in messages."""

    def __init__(self, start, half):
        self.start, self.half = start, half

    def __call__(self, t):
        return self.start / (1 + t / self.half)

    def __repr__(self):
        return f"lr(t) = {self.start}/(1 + t/{self.half})"


def cases(rng):
    def seed():
        return np.random.default_rng(int(rng.integers(2**31)))

    # Each weight shows in which steps its row was used. 13 rows make batches of 3, 3, 3, 3, 1; equal pieces would be
    # 3, 3, 3, 2, 2.
    yield np.eye(13), rng.uniform(1, 3, 13), Rate(0.23, 3.7), 2, 3, seed()
    X = rng.normal(size=(7, 2))
    yield X, X @ np.array([1.0, -2.0]), 0.05, 2, 3, seed()  # to check the number of losses
    yield np.ones((7, 1)), np.full(7, 2.0), 0.1, 2, 3, seed()  # all rows are equal: every order has the same result
    X = rng.normal(size=(40, 3))
    yield X, X @ np.array([1.0, -2.0, 0.5]), 0.1, 30, 8, seed()  # exact labels: the run reaches the minimum
    X = rng.normal(size=(60, 3))
    yield X, X @ np.array([2.0, 1.0, -1.0]) + rng.normal(size=60), Rate(0.15, 20), 40, 7, seed()  # noise and a schedule
    X = rng.normal(size=(20, 2))
    yield (
        X,
        X @ np.array([2.0, 1.0]) + rng.normal(size=20),
        Rate(0.1, 5),
        4,
        20,
        seed(),
    )  # one batch of all rows: the order changes nothing


def run(answer, X, y, lr, epochs, B, rng):
    """Return the weights, the losses, and whether anything was drawn from the generator."""
    before = repr(rng.bit_generator.state)
    with np.errstate(all="ignore"):
        out = answer(X, y, lr, epochs, B, rng)
    if not isinstance(out, (tuple, list)) or len(out) != 2:
        return out
    drew = float(repr(rng.bit_generator.state) != before)
    return np.asarray(out[0], dtype=float), np.asarray(out[1], dtype=float), drew


def show(output):
    """Return the learner's own two results."""
    return output[:2]


def law(output, X, y, lr, epochs, B, rng):
    if not isinstance(output, tuple) or len(output) != 3:
        return "Two things are asked for: the weights and the list of losses, `(w, losses)`."
    w, losses, drew = output
    n, d = X.shape
    steps = -(-n // B)
    if w.shape != (d,):
        return f"The weights have the shape {w.shape}; with {d} columns they should have {(d,)}."
    if losses.shape != (epochs + 1,):
        return (
            "losses_per_step"
            if losses.size >= epochs * steps > epochs + 1
            else f"There should be {epochs + 1} losses, before the first epoch and after each; yours are {losses.size}."
        )
    if not np.isfinite(w).all():
        return "The weights are not finite: the run has exploded. Is the gradient a *mean* over the batch?"
    if B < n and np.allclose(w, _whole_table(X, y, lr, epochs), rtol=1e-6, atol=1e-12):
        return "one_step_for_an_epoch"
    if not drew:
        return "no_shuffle"
    fault = _order(w, y, lr, B) if np.array_equal(X, np.eye(n)) else _end(w, X, y, lr, epochs, B)
    if fault:
        return fault
    full = [np.mean((X @ v - y) ** 2) for v in (np.zeros(d), w)]
    if not np.isclose(losses[0], full[0], rtol=1e-6, atol=1e-9):
        return "The first entry of `losses` should be the full loss, the mean over all rows, at the start, w = 0."
    if not np.isclose(losses[-1], full[1], rtol=1e-6, atol=1e-9):
        return "loss_before_the_epoch" if np.isclose(losses[0], losses[1], rtol=1e-9) else "loss_of_last_batch"
    return None


def _whole_table(X, y, lr, epochs):
    """Return the weights after one step for each epoch, with the gradient of all rows."""
    w = np.zeros(X.shape[1])
    for t in range(epochs):
        w = w - (lr(t) if callable(lr) else lr) * 2 / len(y) * X.T @ (X @ w - y)
    return w


def _order(w, y, lr, B):
    """Return what is wrong with two epochs over the rows of the identity matrix; None if nothing is.

    A step shrinks the errors of its own rows only, by a factor that no other step has. So what is left of each error
    shows in which steps the row was used.
    """
    n = len(y)
    sizes = np.full(-(-n // B), B)
    sizes[-1] = n - B * (len(sizes) - 1)
    left, t, k = 1 - w / y, np.arange(2 * len(sizes)), len(sizes)

    def factors(divisor=sizes, at=t, scale=2.0, kept=k):
        rates = np.array([lr(int(a)) for a in at]).reshape(2, k)[:, :kept]
        return 1 - scale * rates / np.broadcast_to(divisor, k)[:kept]

    right = factors()
    used = _matching(left, right)
    if used is not None and all(np.array_equal(np.bincount(u, minlength=k), sizes) for u in used):
        return "same_order_every_epoch" if np.array_equal(*used) else None
    dropped = factors(at=np.r_[np.arange(k), np.arange(k) + k - 1], kept=k - 1)
    for name, guess in (
        ("uneven_batches", factors(n // k + (np.arange(k) < n % k))),
        ("divides_by_B", factors(np.full(k, B))),
        ("divides_by_n", factors(np.full(k, n))),
        ("sum_not_mean", factors(np.ones(k))),
        ("half", factors(scale=1.0)),
        ("uphill", factors(scale=-2.0)),
        ("step_counter_per_epoch", factors(at=t % k)),
        ("counts_epochs", factors(at=t // k)),
        ("counts_from_one", factors(at=t + 1)),
        ("asks_once", factors(at=0 * t)),
        ("starts_again", np.stack([np.ones(k), right[1]])),
        ("drops_last", np.column_stack([dropped, np.ones(2)])),
    ):
        used = _matching(left, guess)
        if used is not None and (
            name != "drops_last" or all(np.array_equal(np.bincount(u, minlength=k), sizes) for u in used)
        ):
            return name
    # with rows and labels shuffled apart, a row meets a label y, and in the second epoch perhaps another label y'. So
    # its weight is w = c y, then w + c' (y' - w)
    first = ((1 - right[0])[:, None] * y).ravel()
    second = (first[:, None] * right[1]).ravel()[:, None] + ((1 - right[1])[:, None] * y).ravel()
    if all(np.abs(second - v).min() < CLOSE for v in w):
        return "rows_and_labels_shuffled_apart"
    for several, fault in (
        (
            [np.r_[1.0, f] for f in right],
            "Some of the rows are left out of an epoch. Each epoch takes a step for every batch, until every row has been used once.",
        ),
        ([np.r_[1.0, f, np.outer(f, f).ravel(), 2 * f - 1] for f in right], "with_replacement"),
    ):
        if np.mean([np.abs(np.outer(*several) - v).min() < CLOSE for v in left]) > 0.7:
            return fault
    return (
        "No order of the rows gives these weights, with one step for each batch, at the rate that belongs to the step."
    )


def _matching(left, factors):
    """Return for each row the steps of the first and of the second epoch that explain what is left of its error; None
    if no steps do."""
    apart = np.abs(np.outer(*factors).ravel() - left[:, None])
    return (
        np.unravel_index(apart.argmin(axis=1), (factors.shape[1],) * 2) if (apart.min(axis=1) < CLOSE).all() else None
    )


def _end(w, X, y, lr, epochs, B):
    """Return what is wrong with the end of a run; None if nothing is.

    If the order of the rows cannot matter, the end must be exact; else it must lie within what the noise allows.
    """
    n, d = X.shape
    sizes = [min(B, n - first) for first in range(0, n, B)]
    rates = [lr(t) if callable(lr) else lr for t in range(epochs * len(sizes))]
    if B >= n or np.ptp(X, axis=0).max() == 0:

        def descent(stale):
            v, t = np.zeros(d), 0
            for _ in range(epochs):
                first = v
                for _size in sizes:
                    v, t = v - rates[t] * 2 / n * X.T @ (X @ (first if stale else v) - y), t + 1
            return v

        if np.allclose(w, descent(stale=False), rtol=1e-6, atol=1e-12):
            return None
        if np.allclose(w, descent(stale=True), rtol=1e-6, atol=1e-12):
            return "stale_weights"
        return (
            "Here the order of the rows makes no difference, so the run is plain gradient descent, and your weights are not those: "
            "look at the start, at the factor before the gradient, at the rows it uses, and at the step for which you ask the schedule."
        )
    # the loss that the worst order can leave: the error shrinks as in the flattest direction, and constant noise
    # leaves a floor
    w_star = np.linalg.lstsq(X, y, rcond=None)[0]
    gap, first = (np.mean((X @ v - y) ** 2) - np.mean((X @ w_star - y) ** 2) for v in (w, np.zeros(d)))
    mu, L = np.linalg.eigvalsh(2 * X.T @ X / n)[[0, -1]]
    noise = np.mean(np.sum(((X @ w_star - y)[:, None] * 2 * X) ** 2, axis=1)) / B
    allowed = max(4 * first * np.exp(-np.sum(rates) * mu) + 6 * rates[-1] * noise * L / mu, 1e-9)
    if gap > allowed and gap > 0.02 * first:
        return "You end farther from the best weights than any order of the rows can explain. What happens to them from one epoch to the next?"
    return None


def sgd(X, y, lr, epochs, B, rng):
    """Return (w, losses): the weights after all epochs, and the full loss before the first and after each epoch."""
    w, t = np.zeros(X.shape[1]), 0
    losses = [np.mean((X @ w - y) ** 2)]
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), B):
            batch = order[start : start + B]
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


def _descend(
    X,
    y,
    lr,
    epochs,
    B,
    rng,
    pairs=False,
    stale=False,
    again=False,
    pieces=False,
    at=None,
    after=None,
    order=None,
    divisor=len,
    scale=2,
    drop=False,
    before=False,
):
    """The loop of `sgd` with one part exchanged, for the mistakes."""
    n, (w, t, losses) = len(X), (np.zeros(X.shape[1]), 0, [np.mean(y**2)])
    for epoch in range(epochs):
        rows = order(n) if order else rng.permutation(n)
        labels = rng.permutation(n) if pairs else rows
        w = 0 * w if again else w
        start, old = w, np.mean((X @ w - y) ** 2)
        for step, first in enumerate(range(0, n - (B - 1 if drop else 0), B)):
            batch, mine = rows[first : first + B], labels[first : first + B]
            if pieces:
                batch = mine = np.array_split(rows, -(-n // B))[step]
            g = scale / divisor(batch) * X[batch].T @ (X[batch] @ (start if stale else w) - y[mine])
            w = w - (lr(at(t, step, epoch) if at else t) if callable(lr) else lr) * g
            t += 1
        new = after(w, batch) if after else np.mean((X @ w - y) ** 2)
        losses.append(old if before else new)
    return w, losses


@wrong
def rows_and_labels_shuffled_apart(X, y, lr, epochs, B, rng):
    """Rows and labels are shuffled apart: each row is paired with a stranger's label. Draw one permutation and use it for both."""
    return _descend(X, y, lr, epochs, B, rng, pairs=True)


@wrong
def stale_weights(X, y, lr, epochs, B, rng):
    """Your gradients are all computed at the w with which the epoch began: these stale weights make of an epoch a single, much longer step. Take each gradient at the *current* w."""
    return _descend(X, y, lr, epochs, B, rng, stale=True)


@wrong
def one_step_for_an_epoch(X, y, lr, epochs, B, rng):
    """You take one step in each epoch, with the gradient of all rows: that is plain gradient descent. Cut the rows into batches of `B`, and take a step for every batch."""
    return _descend(X, y, lr, epochs, len(X), rng)


@wrong(like=one_step_for_an_epoch)
def and_nothing_is_drawn(X, y, lr, epochs, B, rng):
    return _descend(X, y, lr, epochs, len(X), rng, order=np.arange)


@wrong
def step_counter_per_epoch(X, y, lr, epochs, B, rng):
    """Your step counter starts again in every epoch: the schedule never sees the later steps, so the rate does not become small. Count on from epoch to epoch."""
    return _descend(X, y, lr, epochs, B, rng, at=lambda t, step, epoch: step)


@wrong
def counts_epochs(X, y, lr, epochs, B, rng):
    """You ask the schedule for the number of the epoch, so all steps of an epoch have one rate. It wants the number of the step: count every batch."""
    return _descend(X, y, lr, epochs, B, rng, at=lambda t, step, epoch: epoch)


@wrong
def counts_from_one(X, y, lr, epochs, B, rng):
    """You count the steps from 1: your first step asks the schedule for t = 1. It begins at t = 0."""
    return _descend(X, y, lr, epochs, B, rng, at=lambda t, step, epoch: t + 1)


@wrong
def asks_once(X, y, lr, epochs, B, rng):
    """You ask the schedule once, for t = 0, and keep that rate. Ask it anew at every step."""
    return _descend(X, y, lr, epochs, B, rng, at=lambda t, step, epoch: 0)


@wrong
def starts_again(X, y, lr, epochs, B, rng):
    """Your w starts again from zero in each epoch, and what the epochs before had learnt is lost. Set it to zero once, before both loops."""
    return _descend(X, y, lr, epochs, B, rng, again=True)


@wrong
def uneven_batches(X, y, lr, epochs, B, rng):
    """Your batches have other sizes: each should hold B rows, and only the last one fewer. (The second number of `np.array_split` says how many pieces, not how large.)"""
    return _descend(X, y, lr, epochs, B, rng, pieces=True)


@wrong
def divides_by_B(X, y, lr, epochs, B, rng):
    """You divide each gradient by B, also where the last batch is shorter: that is not the mean over its rows, which the formula asks for. Divide by the number of rows that the batch *has*."""
    return _descend(X, y, lr, epochs, B, rng, divisor=lambda batch: B)


@wrong
def divides_by_n(X, y, lr, epochs, B, rng):
    """You divide by n, the rows of the whole table, where the mean is over the rows of the batch: your steps shrink with the batch size."""
    return _descend(X, y, lr, epochs, B, rng, divisor=lambda batch: len(X))


@wrong
def sum_not_mean(X, y, lr, epochs, B, rng):
    """Your gradient is the sum over the batch, not the mean: the larger the batch, the longer the step."""
    return _descend(X, y, lr, epochs, B, rng, divisor=lambda batch: 1)


@wrong
def half(X, y, lr, epochs, B, rng):
    """Your steps are half as long as they should be: this loss has no ½ in front, so the square brings a 2 into the gradient."""
    return _descend(X, y, lr, epochs, B, rng, scale=1)


@wrong
def uphill(X, y, lr, epochs, B, rng):
    """You walk uphill: the gradient is 2 (prediction − target) times the row, and the step is *minus* η times it."""
    return _descend(X, y, lr, epochs, B, rng, scale=-2)


@wrong
def drops_last(X, y, lr, epochs, B, rng):
    """The last batch of each epoch is dropped when it is shorter than B, so a few rows are left out every time."""
    return _descend(X, y, lr, epochs, B, rng, drop=True)


@wrong
def with_replacement(X, y, lr, epochs, B, rng):
    """Some rows come twice in an epoch and others never: you draw with replacement. Shuffle all row numbers once per epoch, and cut."""
    return _descend(X, y, lr, epochs, B, rng, order=lambda n: rng.integers(0, n, n))


@wrong
def same_order_every_epoch(X, y, lr, epochs, B, rng):
    """The second epoch has the same order as the first: you shuffle once, before the loop. Draw a new order in every epoch."""
    once = rng.permutation(len(X))
    return _descend(X, y, lr, epochs, B, rng, order=lambda n: once)


@wrong
def no_shuffle(X, y, lr, epochs, B, rng):
    """The rows are not shuffled by `rng`: your batches are the same in every epoch, or come from a generator of their own. Draw a new permutation from `rng` in each epoch."""
    return _descend(X, y, lr, epochs, B, rng, order=np.arange)


@wrong
def loss_of_last_batch(X, y, lr, epochs, B, rng):
    """The last loss you store is not the full one at the weights you return: is it that of a few rows, the last batch? That jumps about with every draw; store the mean over all rows."""
    return _descend(X, y, lr, epochs, B, rng, after=lambda w, batch: np.mean((X[batch] @ w - y[batch]) ** 2))


@wrong
def loss_before_the_epoch(X, y, lr, epochs, B, rng):
    """Each loss is stored before its epoch: your first two entries are the same, and the last epoch is missing. Store it after the inner loop."""
    return _descend(X, y, lr, epochs, B, rng, before=True)


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
