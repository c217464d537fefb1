"""Six faults, and no error message."""

from itertools import combinations, product

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 25
points = 3
seconds = 4
section = "One loop in PyTorch, Keras and optax"
starter = '''
def repair(loss_grad, w, rows, held, test, schedule, epochs, size, patience, rng):
    """Return (best weights, training loss of each epoch, test loss of the best weights)."""
    X, y = rows
    history, best_loss, best_w, waited, t = [], np.inf, w, 0, 0
    g = loss_grad(w, X[:size], y[:size])[1]
    for epoch in range(epochs):
        X = X[rng.permutation(len(y))]
        losses = []
        for first in range(0, len(y), size):
            batch = slice(first, first + size)
            loss, g_next = loss_grad(w, X[batch], y[batch])
            losses.append(loss)
            t = t + 1
            w -= schedule(t) * g
            g = g_next
        history.append(np.mean(losses))
        watched = loss_grad(w, *test)[0]
        if watched < best_loss:
            best_loss, best_w, waited = watched, w, 0
        else:
            waited = waited + 1
        if waited == patience:
            break
    return best_w, history, loss_grad(best_w, *test)[0]
'''
prompt = r"""
This training loop runs, its loss falls, and it has six faults.
Repair it.

The arguments, in their order:

- `loss_grad(w, X, y)` returns two things: the mean loss of the rows of `X`, a number, and its gradient, an array like `w`;
- `w` is the array of weights to start from;
- `rows`, `held` and `test` are pairs of arrays `(X, y)`: to train on, held out, and to test;
- `schedule(t)` is the learning rate of step t = 0, 1, 2, …, counted through all epochs;
- `epochs`, `size` and `patience` are whole numbers, and `rng` is a `numpy.random.Generator`.

Return three things, in this order: the best weights, an array; `history`, a list with one number for each epoch that was run; and the loss of the best weights on the test rows, a number.

What the loop is meant to do:

- every epoch takes all training rows once, in a new order, in batches of `size` (the last one may be smaller), and every row with *its own* label;
- a step goes from $w$ along the gradient *at this* $w$ on the present batch, with the rate of this step: $w \leftarrow w - \eta_t\, g$, and the first step uses `schedule(0)`;
- `history` gets one number for each epoch: the mean over all *rows* of the losses that the batches had when they were taken;
- after each epoch the loss on the held-out rows decides: stop when the last `patience` epochs brought no new lowest value;
- the weights of the epoch with the lowest held-out loss come back, and the test rows are used once, for these weights, at the very end.

For example, with 10 rows and `size` = 4 an epoch has batches of 4, 4 and 2 rows; with the losses 1, 2 and 6 its entry in `history` is (4 · 1 + 4 · 2 + 2 · 6) / 10 = 2.4.
"""
hints = [
    "Go through the list of what it is meant to do, one line at a time, and find the line of code that does it. Each of the first four lines hides one fault or more.",
    "Ask the code six questions. At which w was `g` computed, and on which batch? What does `schedule` get at the first step? Does row i of X still stand beside entry i of y? Does a short batch weigh as much as a full one? What does `w -= …` do to `best_w`? Which rows decide when to stop?",
    "Take the gradient and the rate before you count up, and step with `w = w - …`, which makes a new array. Shuffle indices, `order = rng.permutation(len(y))`, and take `X[batch]` and `y[batch]` with the same ones; weigh each batch loss by its number of rows; ask `held`, not `test`.",
]
praise = "Not one of the six would have raised an error, and with all six the loss still fell. Loops like this one are in use; now you know where to look."
why = r"""
| fault | what it does |
|---|---|
| the gradient is one batch old | the run is slower and becomes unstable at half the rate |
| rows are shuffled, labels are not | from the first epoch on nearly every row has a stranger's label: the model learns little more than the mean |
| the mean of the batch means | the last, smaller batch counts as much as a full one |
| the count goes up before the rate is asked for | the first rate of the schedule is never used; with a warm-up from 0 nobody notices |
| `best_w` is the array that the steps write into | the last weights come back, however bad they are |
| the test rows decide when to stop | the test loss that is reported has been chosen, so it flatters |

The last one is the only one that makes the number you report look *better*: it is a leak.
"""

free = {"rng": None}  # the order may come from any generator, if it is another one in each epoch
equal = ("watched <= best_loss",)  # no two losses are exactly equal

RATES, WATCH, STOP = ("now", "next", "epoch"), ("held", "test", "train"), ("in time", "never", "late")


def cases(rng):
    for patience in (2, 3):
        task = _task(rng, patience)
        while not _telling(*task):
            task = _task(rng, patience)
        yield task
    yield *task[:6], 3, *task[7:]  # only the number of epochs stops this run


def _task(rng, patience):
    """Return the arguments of a case; few rows and many columns, so that the model overfits.

    They are: w, rows, held, test, rate, fall, epochs, size, patience, seed.
    """
    truth, size = rng.normal(size=4), patience + 1
    n = 2 * size + int(rng.integers(1, size))
    tables = []
    for count in (n, 7, 7):
        X = rng.normal(size=(count, 4))
        tables.append((X, X @ truth + 1.2 * rng.normal(size=count)))
    return (
        rng.normal(size=4),
        *tables,
        0.12,
        float(rng.uniform(0.02, 0.05)),
        14,
        size,
        patience,
        int(rng.integers(2**31)),
    )


def _loss_grad(w, X, y):
    r = X @ w - y
    return np.mean(r * r), 2 * X.T @ r / len(y)


SINGLE = ({}, {"stale": True}, {"means": True}, {"aliased": True}, *({"rate_of": r} for r in RATES[1:]), *({"watch": v} for v in WATCH[1:]), *({"stop": s} for s in STOP[1:]))  # fmt: skip


def _telling(*task):
    """Does every single fault change the numbers in its own way, whether rows are shuffled from the first order or
    from the last one?"""
    *first, seed = task
    size, epochs, n = first[-2], first[-3], len(first[1][1])
    for again in (False, True):
        rng, order, batches = np.random.default_rng(seed), np.arange(n), []
        for _ in range(epochs):
            new = rng.permutation(n)
            order = order[new] if again else new
            batches += [order[k : k + size] for k in range(0, n, size)]
        ends = [_loop(*first, batches, **fault) for fault in SINGLE]
        if not 3 <= len(ends[0][1]) < epochs - 3 or any(_near(a, b, 1e-3) for a, b in combinations(ends, 2)):
            return False
    return True


def _near(a, b, tolerance=1e-6):
    return len(a[1]) == len(b[1]) and all(
        np.allclose(x, y, rtol=tolerance, atol=tolerance) for x, y in zip(a, b, strict=True)
    )


def _loop(
    w,
    rows,
    held,
    test,
    rate,
    fall,
    epochs,
    size,
    patience,
    batches,
    rate_of="now",
    stale=False,
    means=False,
    aliased=False,
    watch="held",
    stop="in time",
):
    """The loop on given batches, with the faults that the last six arguments ask for."""
    X, y, per = *rows, -(-len(rows[1]) // size)
    history, best, best_w, waited = [], np.inf, w, 0
    old = _loss_grad(w, X[batches[0]], y[batches[0]])[1] if stale else None
    if stale == "extra":
        batches = batches[1:]
    for t in range(len(batches) // per * per):
        batch = batches[t]
        loss, g = _loss_grad(w, X[batch], y[batch])
        if t % per == 0:
            losses, counts = [], []
        losses.append(loss)
        counts.append(len(batch))
        when = {"now": t, "next": t + 1, "epoch": t // per}[rate_of]
        w = w - rate / (1 + fall * when) * (old if stale else g)
        old = g
        if t % per < per - 1:
            continue
        history.append(np.mean(losses) if means else np.average(losses, weights=counts))
        seen = history[-1] if watch == "train" else _loss_grad(w, *{"held": held, "test": test}[watch])[0]
        waited = 0 if seen < best else waited + 1
        best, best_w = (seen, w) if seen < best else (best, best_w)
        if stop != "never" and waited == patience + (stop == "late") or len(history) == epochs:
            break
    else:
        history.append(np.nan)  # the answer stopped earlier than this loop does
    best_w = w if aliased else best_w
    return np.array(best_w), np.array(history), float(_loss_grad(best_w, *test)[0])


def run(answer, w, rows, held, test, rate, fall, epochs, size, patience, seed):
    """Return the three results of the answer; the training rows of each batch, in the order in which it took them; and
    whether each row had its own label."""
    place = {row.tobytes(): k for k, row in enumerate(rows[0])}
    batches, fits = [], [True]

    def loss_grad(w, X, y):
        X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
        taken = [place.get(row.tobytes(), -1) for row in X]
        if all(k >= 0 for k in taken):
            batches.append(taken)
            fits.append(bool(np.array_equal(y, rows[1][taken])))
        return _loss_grad(np.array(w, dtype=float), X, y)

    given = [tuple(part.copy() for part in table) for table in (rows, held, test)]
    made = answer(
        loss_grad,
        w.copy(),
        *given,
        lambda t: rate / (1 + fall * t),
        epochs,
        size,
        patience,
        np.random.default_rng(seed),
    )
    if made is None:
        return None
    best_w, history, loss = made
    return np.array(best_w, dtype=float), np.array(history, dtype=float), float(loss), batches, all(fits)


def show(output):
    return output[:3]


def law(output, w, rows, held, test, rate, fall, epochs, size, patience, seed):
    best_w, history, loss, batches, fits = output
    if best_w.shape != w.shape or history.ndim != 1 or not len(history):
        return "Three things come back: the weights, like `w`, a list with one training loss for each epoch, and the test loss."
    if not fits:
        return "labels_left_behind"
    n = len(rows[1])
    per = -(-n // size)
    extra = len(batches) % per == 1
    taken = batches[1:] if extra else batches
    by_epoch = [sum(taken[k : k + per], []) for k in range(0, len(taken), per)]
    if batches and all(len(batch) == n for batch in batches):
        return "no_batches"
    wanted = [min(size, n - first) for first in range(0, n, size)]
    sizes = [len(batch) for batch in taken]
    if not taken or any(sorted(one) != list(range(n)) for one in by_epoch):
        return "other_batches"
    if any(sorted(sizes[k : k + per]) != sorted(wanted) for k in range(0, len(sizes), per)):
        return f"With {n} rows and `size` = {size} an epoch has batches of {', '.join(map(str, wanted))} rows. Yours had {', '.join(map(str, sizes[:per]))}."
    if len(by_epoch) > 2 and all(one == by_epoch[0] for one in by_epoch):
        return "no_shuffling"
    return _cause((best_w, history, loss), batches, extra, w, rows, held, test, rate, fall, epochs, size, patience)


NAMES = {"stale": "stale_gradient", "means": "mean_of_means", "next": "scheduler_first", "epoch": "rate_of_the_epoch", "aliased": "best_weights_aliased",
         "test": "test_rows_decide", "train": "training_loss_decides", "never": "patience_ignored", "late": "patience_off_by_one"}  # fmt: skip


def _cause(given, batches, extra, *task):
    """Return the faults of the loop that gives the same numbers; None if it is the loop without faults.

    If several loops with equally many faults give them, only faults that all have follow after the first.
    """
    choices = product(("extra",) if extra else (False, True), (False, True), RATES, (False, True), WATCH, STOP)
    found = []
    for stale, means, rate, aliased, watch, stop in choices:
        faults = [name for name, is_there in (("stale", stale), ("means", means), ("aliased", aliased)) if is_there]
        faults += [name for name, sound in ((rate, "now"), (watch, "held"), (stop, "in time")) if name != sound]
        found.append(
            (
                len(faults),
                faults,
                {"stale": stale, "means": means, "rate_of": rate, "aliased": aliased, "watch": watch, "stop": stop},
            )
        )
    alike = []
    for count, faults, how in sorted(found, key=lambda one: one[0]):
        if alike and count > len(alike[0]):
            break
        if _near(given, _loop(*task, batches, **how)):
            if count < 2:
                return next((NAMES[name] for name in faults), None)
            alike.append(faults)
    if not alike:
        return _roughly(given, batches, *task)
    first = next(name for name in NAMES if name in alike[0])
    return NAMES[first], *(NAMES[name] for name in NAMES if name != first and all(name in each for each in alike))


def _roughly(given, batches, *task):
    """Return what is wrong if no combination of known faults gives these numbers."""
    best_w, history, loss = given
    good = _loop(*task, batches)
    if len(history) == len(good[1]) and np.allclose(best_w, good[0]):
        return (
            "history_of_something_else"
            if not np.allclose(history, good[1])
            else "The weights and the history are right, the test loss is not: it belongs to the weights that come back."
        )
    k = min(len(history), len(good[1]), 1)
    first = (
        "already the loss of the first epoch is not what it should be"
        if not np.allclose(history[:k], good[1][:k])
        else "the first epoch is right, later ones are not"
    )
    return f"The rows are taken as they should be, and yet the numbers differ: {first}. Compare step by step with the list of what the loop is meant to do."


def repair(loss_grad, w, rows, held, test, schedule, epochs, size, patience, rng):
    """Return (best weights, training loss of each epoch, test loss of the best weights)."""
    X, y = rows
    history, best_loss, best_w, waited, t = [], np.inf, w, 0, 0
    for _ in range(epochs):
        order = rng.permutation(len(y))
        total = 0.0
        for first in range(0, len(y), size):
            batch = order[first : first + size]
            loss, g = loss_grad(w, X[batch], y[batch])
            total += loss * len(batch)
            w = w - schedule(t) * g
            t = t + 1
        history.append(total / len(y))
        watched = loss_grad(w, *held)[0]
        if watched < best_loss:
            best_loss, best_w, waited = watched, w, 0
        else:
            waited = waited + 1
        if waited == patience:
            break
    return best_w, history, loss_grad(best_w, *test)[0]


@right
def shuffled_in_place_and_copied(loss_grad, w, rows, held, test, schedule, epochs, size, patience, rng):
    X, y = rows
    history, best, since, t = [], (np.inf, w.copy()), 0, 0
    for _ in range(epochs):
        order = rng.permutation(len(y))
        X, y = X[order], y[order]
        losses, counts = [], []
        for first in range(0, len(y), size):
            loss, g = loss_grad(w, X[first : first + size], y[first : first + size])
            losses.append(loss)
            counts.append(len(y[first : first + size]))
            w -= schedule(t) * g
            t += 1
        history.append(np.average(losses, weights=counts))
        now = loss_grad(w, *held)[0]
        since = 0 if now < best[0] else since + 1
        best = (now, w.copy()) if now < best[0] else best
        if since >= patience:
            break
    return best[1], np.array(history), loss_grad(best[1], *test)[0]


@right
def batches_made_beforehand(loss_grad, w, rows, held, test, schedule, epochs, size, patience, rng):
    (X, y), path, seen, history = rows, [w], [], []
    steps = iter(range(10**6))
    for _ in range(epochs):
        pieces = np.split(rng.permutation(len(y)), range(size, len(y), size))
        total = 0
        for piece in pieces:
            loss, g = loss_grad(path[-1], X[piece], y[piece])
            total += len(piece) * loss
            path.append(path[-1] - schedule(next(steps)) * g)
        history.append(total / len(y))
        seen.append((loss_grad(path[-1], *held)[0], path[-1]))
        if len(seen) - 1 - int(np.argmin([loss for loss, _ in seen])) == patience:
            break
    best = min(seen, key=lambda pair: pair[0])[1]
    return best, history, loss_grad(best, *test)[0]


@right
def weights_of_all_epochs(loss_grad, w, rows, held, test, schedule, epochs, size, patience, rng):
    X, y, t, kept, losses, history = *rows, 0, [], [], []
    while len(history) < epochs:
        order, row_losses = list(range(len(y))), []
        rng.shuffle(order)
        while order:
            batch, order = order[:size], order[size:]
            loss, g = loss_grad(w, X[batch], y[batch])
            row_losses += [loss] * len(batch)
            w, t = w - schedule(t) * g, t + 1
        history.append(float(np.mean(row_losses)))
        losses.append(loss_grad(w, *held)[0])
        kept.append(w)
        if min(losses) < min(losses[-patience:]):
            break
    w = kept[losses.index(min(losses))]
    return w, tuple(history), loss_grad(w, *test)[0]


@right
def with_a_helper(loss_grad, w, rows, held, test, schedule, epochs, size, patience, rng):
    X, y = rows

    def one_epoch(w, t):
        order, total = rng.permutation(len(y)), 0.0
        for k in range(0, len(y), size):
            at = order[k : k + size]
            loss, g = loss_grad(w, X[at], y[at])
            total, w, t = total + loss * at.size, w - schedule(t) * g, t + 1
        return w, t, total / len(y)

    t, history, best, waited = 0, [], (np.inf, None), 0
    while len(history) < epochs and waited < patience:
        w, t, loss = one_epoch(w, t)
        history.append(loss)
        watched, waited = loss_grad(w, *held)[0], waited + 1
        if watched < best[0]:
            best, waited = (watched, w), 0
    return best[1], history, loss_grad(best[1], *test)[0]


@right
def drawn_one_by_one(loss_grad, w, rows, held, test, schedule, epochs, size, patience, rng):
    X, y, t, history, best_loss, waited = *rows, 0, [], float("inf"), 0
    best = w
    for _ in range(epochs):
        left, sums = rng.choice(len(y), len(y), replace=False), []
        for batch in (left[k : k + size] for k in range(0, len(y), size)):
            loss, g = loss_grad(w, X[batch], y[batch])
            sums.append(loss * len(batch))
            w = w - g * schedule(t)
            t = t + 1
        history.append(sum(sums) / len(y))
        loss = loss_grad(w, held[0], held[1])[0]
        if loss < best_loss:
            best_loss, best, waited = loss, np.copy(w), 0
            continue
        waited += 1
        if waited == patience:
            break
    return best, history, loss_grad(best, test[0], test[1])[0]


def _broken(loss_grad, w, rows, held, test, schedule, epochs, size, patience, rng, stale=False, labels=False, means=False, first=0, aliased=False,
            watch="held", wait=0, shuffle=True, by_epoch=False):  # fmt: skip
    """The loop of `repair` with the faults that the last nine arguments ask for."""
    X, y = rows
    history, best_loss, best_w, waited, t = [], np.inf, w, 0, 0
    g = loss_grad(w, X[:size], y[:size])[1] if stale else None
    for epoch in range(epochs):
        if shuffle:
            order = rng.permutation(len(y))
            X, y = X[order], y if labels else y[order]
        losses, counts = [], []
        for k in range(0, len(y), size):
            loss, fresh = loss_grad(w, X[k : k + size], y[k : k + size])
            losses.append(loss)
            counts.append(len(y[k : k + size]))
            w = w - schedule(epoch if by_epoch else t + first) * (g if stale else fresh)
            g, t = fresh, t + 1
        history.append(np.mean(losses) if means else np.average(losses, weights=counts))
        watched = history[-1] if watch == "train" else loss_grad(w, *(test if watch == "test" else held))[0]
        if watched < best_loss:
            best_loss, best_w, waited = watched, w, 0
        else:
            waited = waited + 1
        if waited == patience + wait:
            break
    best_w = w if aliased else best_w
    return best_w, history, loss_grad(best_w, *test)[0]


@wrong
def labels_left_behind(*args):
    """The rows are shuffled and their labels are not: a row meets a label that is not its own, and what can be learnt then is hardly more than the mean. Shuffle both with the same order."""
    return _broken(*args, labels=True, stale=True, means=True, first=1, aliased=True, watch="test")


@wrong
def stale_gradient(*args):
    """The gradient is stale, one batch old: each step uses the slope that was measured before the step before. Use the gradient of the present batch at the present weights; nothing need be computed in front of the loop."""
    return _broken(*args, stale=True)


@wrong
def mean_of_means(*args):
    """`history` holds a mean of means: the last batch is smaller and counts as much as the others. Weigh each batch by its number of rows."""
    return _broken(*args, means=True)


@wrong
def scheduler_first(*args):
    """The step count goes up before the rate is asked for, so `schedule(0)` is never used and the whole schedule comes one step early: the scheduler runs before the optimiser. Exchange two lines."""
    return _broken(*args, first=1)


@wrong
def best_weights_aliased(*args):
    """The last weights come back, not the best ones: `best_w` is another name of the array into which `w -= …` writes (an alias), or it was not kept at all. Keep a copy, or make a new array at each step."""
    return _broken(*args, aliased=True)


@wrong
def test_rows_decide(*args):
    """The test rows decide when to stop and which weights are best. Their loss is then the lowest of many, and says nothing about new rows any more. Which rows are there for decisions?"""
    return _broken(*args, watch="test")


@wrong
def training_loss_decides(*args):
    """Now the training loss decides when to stop. It goes on falling while the model overfits; the held-out rows are there to notice that."""
    return _broken(*args, watch="train")


@wrong
def patience_ignored(*args):
    """The early stopping is gone: it runs through all epochs. That fault was not there before; stop when the last `patience` epochs brought no new lowest value."""
    return _broken(*args, wait=10**6)


@wrong
def patience_off_by_one(*args):
    """It stops one epoch too late. Count the epochs since the lowest value: at `patience` it is over."""
    return _broken(*args, wait=1)


@wrong
def rate_of_the_epoch(*args):
    """The rate changes once per epoch, and the schedule was made for steps: it is asked for `schedule(epoch)`. Count the steps."""
    return _broken(*args, by_epoch=True)


@wrong
def no_shuffling(*args):
    """The shuffling is gone: each epoch takes the rows in the same order. That repairs the labels by giving up what the shuffling is for; shuffle rows and labels together."""
    return _broken(*args, shuffle=False)


@wrong
def no_batches(loss_grad, w, rows, held, test, schedule, epochs, size, patience, rng):
    """The batches are gone: each step takes all rows. Some faults are then gone as well, and so is what the loop was for. Take `size` rows at a time."""
    return _broken(loss_grad, w, rows, held, test, schedule, epochs, len(rows[1]), patience, rng)


@wrong
def other_batches(loss_grad, w, rows, held, test, schedule, epochs, size, patience, rng):
    """An epoch does not take every training row exactly once in batches of `size`. Is the last, smaller batch dropped, or are rows drawn with replacement?"""
    n = len(rows[1])
    return _broken(
        loss_grad,
        w,
        tuple(part[: n // size * size] for part in rows),
        held,
        test,
        schedule,
        epochs,
        size,
        patience,
        rng,
    )


@wrong
def history_of_something_else(loss_grad, w, rows, held, test, schedule, epochs, size, patience, rng):
    """The weights are right, `history` is not: it holds other losses, of the held-out rows or of the end of the epoch. The losses that the batches had when they were taken were asked for."""
    best_w, history, loss = _broken(loss_grad, w, rows, held, test, schedule, epochs, size, patience, rng)
    return best_w, [0.5 * value for value in history], loss
