"""Stop in time, and keep the best."""

import collections
import copy

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 25
points = 3
section = "Early stopping"
prompt = r"""
Write the class `EarlyStopping`.
It watches the loss on rows that are held out, and says when to stop.

- `stopper = EarlyStopping(patience)` makes one; `patience` is a whole number, 1 or more.
- `stopper.step(loss, w)` is called after every epoch, with the held-out loss, a number, and the weights, an array. It returns `True` when the best loss so far is `patience` epochs old, that is, when the last `patience` losses in a row were no improvement; otherwise `False`.
- `stopper.best_loss` and `stopper.best_w` hold the lowest loss so far and the weights that had it; before the first improvement they are infinity and `None`, as in the starter.

An improvement is a loss *below* the best so far; an equal one is none, and `nan` is none either, not even as the very first loss.
The training goes on changing *the same array* `w` in place.

For example, with a patience of 2 the losses 5, 3, 4, 3.5 give `False`, `False`, `False`, `True`: the best one, 3, is two epochs old.
"""
hints = [
    "Keep three things: the best loss, the weights that had it, and for how many epochs in a row nothing has improved.",
    "Ask the question so that `nan` gives the right answer: every comparison with `nan` is `False`.",
    "`self.best_w = w` is a second name for one array, and the next epoch writes into that array.",
]
praise = (
    "The last epochs were spent for nothing, and cost nothing: the weights you hand over are those of the best one."
)
why = r"""
Each epoch asks one question: `loss < self.best_loss`.
If yes, remember the loss, *a copy* of the weights, and begin to count anew; if no, count one more.
When the count has reached `patience`, stop.

Three things go wrong in practice.
Comparing with the previous epoch instead of the best one: a loss that rises by jumps, with small falls in between, is never stopped.
Keeping `w` instead of a copy: the loop writes into that array, so "the best weights" are the last ones.
And `nan`: written as `if loss > best: count += 1, else: remember`, a `nan` counts as progress, and then it *is* the best loss, and nothing can ever beat it.

Keras calls this `EarlyStopping(patience=…, restore_best_weights=True)`; without the second argument it stops and leaves you with the last weights.
PyTorch has no such class: everybody writes these ten lines.
"""
starter = '''
class EarlyStopping:
    """Stop when the best loss is `patience` epochs old."""

    def __init__(self, patience):
        self.patience = patience
        self.best_loss = float("inf")
        self.best_w = None

    def step(self, loss, w):
        """Look at the loss of one epoch; return True to stop."""
        ...
'''

NAN = float("nan")


def cases(rng):
    yield 2, [5.0, 3.0, 4.0, 3.5, 3.4]
    yield 1, [4.0, 3.0, 2.0, 2.5, 1.0, 1.5]
    yield 3, [5.0, 4.0, 4.5, 4.25, 3.0, 3.5, 3.25, 3.125, 2.0]  # each rise is followed by small falls
    yield 2, [3.0, 2.0, 2.0, 2.0, 1.0]  # an equal loss is no improvement
    yield 2, [3.0, 2.0, NAN, 1.0, 1.5, NAN, 0.5]
    yield 3, [2.0, NAN, 3.0, 3.5, 3.6, 1.0]  # an epoch with nan counts like any other
    yield 2, [NAN, 4.0, 3.0, 5.0, 6.0, 1.0]
    yield 3, [9.0, 8.0, 7.0, 6.0, 5.0]  # never stops
    yield 2, [7.0, 8.0, 6.5, 9.0, 6.0, 9.5, 5.5, 9.0, 9.0, 9.0]  # every second epoch is worse
    for _ in range(3):
        losses = np.abs(np.cumsum(rng.normal(-0.3, 1, 25)) + 12) + 1
        yield int(rng.integers(2, 6)), [round(float(loss), 4) for loss in losses]


def run(answer, patience, losses):
    stopper, w, stopped = answer(patience), np.zeros(2), 0
    for epoch, loss in enumerate(losses, start=1):
        w[:] = epoch, -epoch  # the training writes into the same array
        if _said(stopper.step(loss, w)):
            stopped = epoch
            break
    w[:] = 0, 0  # and the training goes on after the stop
    best = np.full(2, NAN) if stopper.best_w is None else np.array(stopper.best_w, dtype=float)
    return {"stopped after epoch": stopped, "best_loss": float(stopper.best_loss), "best_w": best}


def _said(stop):
    if stop is None:
        raise TypeError("step returned None: is a return missing?")
    return bool(stop)


class EarlyStopping:
    """Stop when the best loss is `patience` epochs old."""

    def __init__(self, patience):
        self.patience = patience
        self.best_loss = float("inf")
        self.best_w = None
        self.waited = 0

    def step(self, loss, w):
        """Look at the loss of one epoch; return True to stop."""
        if loss < self.best_loss:
            self.best_loss, self.best_w, self.waited = loss, w.copy(), 0
        else:
            self.waited += 1
        return self.waited >= self.patience


class _Stopper:
    """The same stopper with its decisions as methods, for the other right answers and for the mistakes."""

    def __init__(self, patience):
        self.patience, self.best_loss, self.best_w, self.waited, self.last = (
            patience,
            float("inf"),
            None,
            0,
            float("inf"),
        )

    def better(self, loss):
        return loss < self.best_loss

    def keep(self, loss, w):
        self.best_loss, self.best_w = loss, w.copy()

    def no_better(self):
        self.waited += 1

    def over(self):
        return self.waited >= self.patience

    def step(self, loss, w):
        if self.better(loss):
            self.keep(loss, w)
            self.waited = 0
        else:
            self.no_better()
        self.last = loss
        return self.over()


@right
class WithADeepCopy(_Stopper):
    def keep(self, loss, w):
        self.best_loss, self.best_w = float(loss), copy.deepcopy(w)


@right
class AWindow:
    def __init__(self, patience):
        self.patience, self.losses, self.weights = patience, [], []

    def step(self, loss, w):
        self.losses.append(np.inf if np.isnan(loss) else loss)
        self.weights.append(np.array(w))
        best = int(np.argmin(self.losses))
        self.best_loss, self.best_w = self.losses[best], self.weights[best]
        # as long as nothing but nan has come, the wait began before the first epoch
        since = len(self.losses) - 1 - best if np.isfinite(self.best_loss) else len(self.losses)
        return since >= self.patience


@right
class NumberOfTheBestEpoch:
    def __init__(self, patience):
        self.patience, self.best_loss, self.best_w, self.epoch, self.best_epoch = patience, np.inf, None, 0, 0

    def step(self, loss, w):
        self.epoch += 1
        if loss < self.best_loss:
            self.best_loss, self.best_w, self.best_epoch = loss, w + 0.0, self.epoch
        return self.epoch - self.best_epoch == self.patience


@right
class CountsDown:
    def __init__(self, patience):
        self.full = self.left = patience
        self.best_loss, self.best_w = float("inf"), None

    def step(self, loss, w):
        self.left -= 1
        if loss < self.best_loss:
            self.left, self.best_loss, self.best_w = self.full, loss, list(w)
        return self.left <= 0


@right
class ADequeOfAnswers:
    def __init__(self, patience):
        self.recent, self.best_loss, self.best_w = collections.deque(maxlen=patience), float("inf"), None

    def step(self, loss, w):
        better = bool(loss < self.best_loss)
        self.recent.append(better)
        if better:
            self.best_loss, self.best_w = loss, np.copy(w)
        return len(self.recent) == self.recent.maxlen and not any(self.recent)


@wrong
class compares_with_previous(_Stopper):
    """You compare with the previous epoch. A loss that jumps up and then creeps down is "improving" by that measure, and far above
    its best. Which loss should an epoch have to beat?"""

    def better(self, loss):
        return loss < self.last

    def keep(self, loss, w):
        if loss < self.best_loss:
            super().keep(loss, w)


@wrong
class compares_and_keeps_the_previous(_Stopper):
    """You compare with the previous epoch, and what you keep as best is then not the best: a loss that jumps up and creeps
    down again replaces a better one. Which loss should an epoch have to beat?"""

    def better(self, loss):
        return loss < self.last


@wrong
class patience_off_by_one(_Stopper):
    """You stop one epoch too late, off by one: with a patience of 2 you let three epochs in a row pass without improvement. Go through the
    example of the task by hand and write down your counter."""

    def over(self):
        return self.waited > self.patience


@wrong
class one_epoch_too_early(_Stopper):
    """You stop one epoch too early: the best loss is then `patience` − 1 epochs old. Go through the example of the task by hand and write down
    your counter."""

    def over(self):
        return self.waited >= self.patience - 1 and self.waited > 0


@wrong
class aliased_weights(_Stopper):
    """The answers are right, but `best_w` holds whatever the training wrote last: you kept the array itself, an alias, and it is written
    into again and again. Keep something that the training cannot reach."""

    def keep(self, loss, w):
        self.best_loss, self.best_w = loss, w


@wrong
class nan_counts_as_progress(_Stopper):
    """`nan` counts as progress with you: `nan > best` is `False`, so your other branch takes it for an improvement. From then on `nan` is the
    best loss, and nothing is below it. Ask the question the other way round."""

    def better(self, loss):
        return not loss >= self.best_loss


@wrong
class first_loss_unseen(_Stopper):
    """The very first loss is taken as the best without a look. If it is `nan`, nothing can ever be below it, and the weights of
    a broken epoch are kept for good."""

    def __init__(self, patience):
        super().__init__(patience)
        self.first = True

    def better(self, loss):
        first, self.first = self.first, False
        return first or loss < self.best_loss


@wrong
class wrong_best(_Stopper):
    """The best loss is right, but the weights are wrong: you keep the weights of every epoch, better or not, and end up with the last ones. The two belong
    together."""

    def step(self, loss, w):
        stop = super().step(loss, w)
        self.best_w = w.copy()
        return stop


@wrong
class weights_only_when_it_stops(_Stopper):
    """You keep the weights when it is time to stop. By then they are `patience` epochs worse than the best ones. When do you know that an
    epoch is the best so far?"""

    def __init__(self, patience):
        super().__init__(patience)
        self.best_w = np.full(2, np.nan)

    def step(self, loss, w):
        if self.better(loss):
            self.best_loss, self.waited = loss, 0
        else:
            self.waited += 1
        if self.over():
            self.best_w = w.copy()
        return self.over()


@wrong
class counter_never_resets(_Stopper):
    """Your counter never resets: it adds up all epochs without improvement, and a run that goes down in zigzag is stopped while it is still
    getting better. What should an improvement do to the count?"""

    def step(self, loss, w):
        if self.better(loss):
            self.keep(loss, w)
        else:
            self.waited += 1
        return self.over()


@wrong
class equal_is_better(_Stopper):
    """An equal loss counts as an improvement with you, so a loss that no longer moves is never stopped. Only a loss below the best one
    is better."""

    def better(self, loss):
        return loss <= self.best_loss


@wrong
class best_never_moves(_Stopper):
    """You compare with the first loss, for ever: the best loss is never brought up to date. After an improvement the
    next epoch has to beat the new best."""

    def __init__(self, patience):
        super().__init__(patience)
        self.first = None

    def better(self, loss):
        if self.first is None and loss == loss:
            self.first = loss
            return True
        return self.first is not None and loss < self.first


@wrong
class answer_inverted(_Stopper):
    """Your answer is inverted: you say `True` while the training may go on. `True` means stop."""

    def over(self):
        return self.waited < self.patience


@wrong
class stops_at_the_first_rise(_Stopper):
    """You stop at the first epoch without improvement: `patience` is not used. A validation loss is noisy, and one bad epoch
    says little."""

    def over(self):
        return self.waited > 0


@wrong
class stops_when_time_is_up(_Stopper):
    """You count all epochs, the improving ones too: after `patience` epochs it is over in any case. Count the epochs since the last
    improvement."""

    def step(self, loss, w):
        super().step(loss, w)
        self.epochs = getattr(self, "epochs", 0) + 1
        return self.epochs >= self.patience


@wrong
class highest_is_best(_Stopper):
    """You keep the highest loss, and a falling one counts as bad. That is the right way round for an accuracy; here a low loss
    is good."""

    def __init__(self, patience):
        super().__init__(patience)
        self.best_loss = -np.inf

    def better(self, loss):
        return loss > self.best_loss


@wrong
class best_loss_stays_infinite(_Stopper):
    """You never write the loss into `best_loss`, so every loss is below it and every epoch counts as the best. What has to be remembered with the
    weights?"""

    def keep(self, loss, w):
        self.best_w = w.copy()


@wrong
class equal_and_nan_are_better(_Stopper):
    """Two things at once: an equal loss counts as an improvement with you, and so does `nan`, because your question is "not above the
    best". Ask whether the loss is below."""

    def better(self, loss):
        return not loss > self.best_loss


@wrong
class counter_starts_at_one(_Stopper):
    """Your counter stands at one after an improvement, so you stop one epoch too early. How many epochs in a row have not improved
    at that moment?"""

    def step(self, loss, w):
        if self.better(loss):
            self.keep(loss, w)
            self.waited = 1
        else:
            self.waited += 1
        return self.over()


@wrong
class counts_against_the_previous(_Stopper):
    """What you keep is the best, but the epochs are counted against the previous one: a loss that jumps up and creeps down sets your counter
    back. Which loss should an epoch have to beat?"""

    def step(self, loss, w):
        if loss < self.best_loss:
            self.keep(loss, w)
        self.waited = 0 if loss < self.last else self.waited + 1
        self.last = loss
        return self.over()


@wrong
class best_starts_at_zero(_Stopper):
    """Your best loss starts at zero, and no loss is below it: nothing ever improves. What must the start be, so that the very first loss is
    an improvement?"""

    def __init__(self, patience):
        super().__init__(patience)
        self.best_loss = 0.0


@wrong
class weights_not_stored(_Stopper):
    """The weights are not stored: `best_w` is still `None` at the end. A name without `self.` is forgotten when the method returns."""

    def keep(self, loss, w):
        self.best_loss = loss


@wrong
class never_stops(_Stopper):
    """You never stop: `step` says `False` however long nothing improves. What is compared with `patience`, and does it ever get there?"""

    def over(self):
        return False


@wrong
class nan_stops(_Stopper):
    """You stop at the first `nan`. Here it is one more epoch without improvement, and patience decides."""

    def step(self, loss, w):
        return bool(np.isnan(loss)) or super().step(loss, w)


@wrong
class nan_not_counted(_Stopper):
    """You pass over an epoch whose loss is `nan` as if it had not been. It is an epoch without improvement: it counts."""

    def step(self, loss, w):
        return False if np.isnan(loss) else super().step(loss, w)
