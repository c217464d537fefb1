"""What does this log say?"""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 20
points = 3
seconds = 4
section = "Reading curves: signs and tests"
prompt = r"""
Write `diagnose(train, val, guess)`: read the log of a training run and say what it shows.

`train` and `val` are two arrays of the same length: the losses on the training rows and on rows held out, one for each epoch, first to last.
`guess` is a number, the loss of a model that has learnt nothing and says the same to everybody.
Return a string, one of six:

- `"diverges"`: the loss ends far above its start, or is no number any more (`nan`, `inf`);
- `"guesses"`: the loss is finite, and within 5% of `guess` from the middle of the run to its end;
- `"overfits"`: the held-out loss has risen by half or more above its lowest value, while the training loss went on falling;
- `"trembles"`: the training loss fell well, and then goes up and down around a level, by a fifth of it or more;
- `"too slow"`: the loss falls smoothly, is still falling at the end, and is still above half of `guess`;
- `"fine"`: both losses have fallen far and have levelled off.

The losses are of many kinds: log losses near 1, squared errors near 5,000, and some near 0.0001.
Sixty logs are tried, ten of each kind.
54 of them have to be named correctly, at least seven of each kind, and every log that ends in `nan` or `inf`.

For example, `diagnose([2.4, 2.2, 2.0, 1.9], [2.4, 2.3, 2.1, 2.0], 2.3)` is `"too slow"` (the logs of the check have 40 epochs or more).
"""
hints = [
    "Never compare a loss with a fixed number such as 0.5. Divide by `guess`, or by another loss of the same log.",
    "Begin with what would spoil the other questions: no number, then guessing, then overfitting. What is left is noisy, still falling, or fine.",
    "A mean over the last fifth of the epochs says where a noisy curve ends; its standard deviation, divided by that mean, says how much it trembles.",
]
praise = "You ask in the right order, and you ask in shares: the same few lines work for log losses, squared errors and whatever unit comes next."
why = r"""
The solution asks five questions, in an order in which each answer makes the next question safe.

1. Is it a number, and is it below the start? If not, it diverges.
2. Is it near the loss of a guess? A finite loss is no proof of health: a network whose units have died stays there for ever.
3. Does the training loss tremble? A mini-batch loss bounces by nature; a bounce around a level is noise and no divergence.
4. Has the held-out loss gone up again? Its lowest value, not its first, is the measure.
5. Is it still falling, and high? Then it was too slow.

Everything is a *share*: of the guess, of the lowest value, of the mean at the end.
A threshold such as `loss < 0.1` works for one kind of loss and fails for all others.

The logs of this exercise are drawn from formulas, so that the truth is known.
"""

# no loss is exactly on one of these borders
equal = (
    "late.std() >= 0.12 * late.mean()",
    "late.mean() >= 1.5 * train[0]",
    "np.abs(train[len(train) // 2:] - 1) <= 0.05",
    "val[-len(val) // 10:].mean() >= 1.5 * val.min()",
    "late.mean() >= 0.5",
)
KINDS = ("diverges", "guesses", "overfits", "trembles", "too slow", "fine")


def cases(rng):
    truth = tuple(rng.permutation(np.repeat(KINDS, 10)).tolist())
    units = rng.permutation(np.repeat([np.log(2), np.log(10), 5930.0, 1e-4], 15)) * rng.uniform(0.9, 1.1, 60)
    # Six of the ten runs that diverge end without a number, in turn with nan and with inf.
    lost = [
        (np.nan, np.inf, 0.0)[count % 2 if count < 6 else 2]
        for count in (truth[:k].count("diverges") for k in range(60))
    ]
    yield [_log(*each, rng) for each in zip(truth, units.tolist(), lost, strict=True)], truth


def _log(kind, guess, lost, rng):
    """Return (train, val, guess), the log of a run that shows what `kind` says.

    guess: the loss of guessing; lost: nan or inf if the run ends so, else 0.
    """
    epochs = int(rng.integers(40, 120))
    t = np.arange(epochs) / (epochs - 1)
    shake = lambda size: 1 + size * rng.uniform(-1, 1, epochs)  # noqa: E731
    start, gap = rng.uniform(1.0, 1.15), rng.uniform(1.02, 1.25)
    fall = rng.uniform(12, 25)
    if kind == "diverges":
        train = start * np.exp(rng.uniform(2, 8) * t) * shake(0.1)
        if lost:
            train[epochs * 3 // 4 :] = lost
        val = train * gap
    elif kind == "guesses":
        peak = rng.choice([0.0, 1.5]) * np.exp(-40 * t)
        train, val = (1 + peak) * shake(0.02), (1 + peak) * shake(0.02)
    elif kind == "overfits":
        low = rng.uniform(0.2, 0.35)
        train = (start * np.exp(-fall * t) + 0.12 * np.exp(-1.2 * t)) * shake(0.02)
        val = (start * np.exp(-fall * t) + low * (1 + rng.uniform(1.0, 2.5) * t)) * shake(0.02)
    elif kind == "trembles":
        train = (start * np.exp(-fall * t) + rng.uniform(0.15, 0.4)) * shake(rng.uniform(0.45, 0.7))
        val = (start * np.exp(-fall * t) + 0.3) * gap * shake(0.12)
    elif kind == "too slow":
        train = start * np.exp(-rng.uniform(0.2, 0.5) * t) * shake(0.003)
        val = train * gap * shake(0.005)
    else:
        level = rng.uniform(0.05, 0.3)
        train = (start * np.exp(-fall * t) + level) * shake(0.02)
        val = (start * np.exp(-fall * t) + level * gap) * shake(0.03)
    return train * guess, val * guess, guess


def run(answer, logs, truth):
    """Return the labels of all logs."""
    return [answer(train.copy(), val.copy(), guess) for train, val, guess in logs]


def show(output):
    return output[:6]


CONFUSED = {
    ("trembles", "diverges"): "noise_called_divergence",
    ("guesses", "fine"): "finite_means_fine",
    ("guesses", "too slow"): "guessing_called_slow",
    ("overfits", "too slow"): "overfit_called_underfit",
    ("too slow", "fine"): "flat_called_converged",
    ("overfits", "fine"): "only_the_training_loss",
    ("trembles", "overfits"): "noise_called_overfitting",
    ("trembles", "fine"): "noise_not_seen",
}


def law(output, logs, truth):
    if not all(isinstance(said, str) for said in output):
        return "no_words"
    strange = next((said for said in output if said not in KINDS), None)
    if strange is not None:
        return "a_word_of_your_own"
    ok = np.array([said == kind for said, kind in zip(output, truth, strict=True)])
    shares = {kind: ok[[k for k, true in enumerate(truth) if true == kind]].mean() for kind in KINDS}
    lost = np.array([not np.isfinite(train[-1]) for train, _, _ in logs])
    if ok.mean() >= 0.9 and min(shares.values()) >= 0.7:
        return None if ok[lost].all() else "nan_not_seen"
    if len(set(output)) == 1:
        return "one_word_for_all"
    return _cause(output, logs, truth, ok)


def _cause(output, logs, truth, ok):
    """Return the mistake that explains nearly all wrong words; if there is none, a sentence on the
    most frequent one."""
    units = np.array([guess for _, _, guess in logs])
    lost = np.array([not np.isfinite(train[-1]) for train, _, _ in logs])
    pairs = [(kind, said) for kind, said in zip(truth, output, strict=True) if kind != said]
    most = max(sorted(set(pairs)), key=pairs.count)
    times = pairs.count(most)
    if ok[lost].mean() <= 0.5 and np.sum(~ok & ~lost) <= 3:
        return "nan_not_seen"
    if most in CONFUSED and times >= 4 and len(pairs) - times <= 4:
        return CONFUSED[most]
    by_unit = [ok[(units > low) & (units < high)].mean() for low, high in ((0, 0.01), (0.5, 3), (1000, 1e5))]
    if max(by_unit) - min(by_unit) > 0.25:
        return "threshold_on_absolute_loss"
    return (
        f"{ok.sum()} of 60 logs are named correctly. The most frequent mistake, {times} times: "
        f"a log that shows “{most[0]}” gets the word “{most[1]}”."
    )


def diagnose(train, val, guess):
    """Return "diverges", "guesses", "overfits", "trembles", "too slow" or "fine"."""
    train, val = np.asarray(train) / guess, np.asarray(val) / guess
    late = train[-len(train) // 5 :]
    if not np.isfinite(train).all() or late.mean() > 1.5 * train[0]:
        return "diverges"
    if np.all(np.abs(train[len(train) // 2 :] - 1) < 0.05):
        return "guesses"
    if late.std() > 0.12 * late.mean():
        return "trembles"
    if val[-len(val) // 10 :].mean() > 1.5 * val.min():
        return "overfits"
    return "too slow" if late.mean() > 0.5 else "fine"


def _questions(train, val, guess, skip=(), shares=True):
    """Answer the five questions in another way. skip: questions to leave out; without `shares` the losses are not
    divided by the guess."""
    unit = guess if shares else 1.0
    train, val, n = np.asarray(train) / unit, np.asarray(val) / unit, len(train)
    late = train[-(n // 4) :]
    level, spread = np.median(late), np.percentile(late, 90) - np.percentile(late, 10)
    if "nan" not in skip and not np.isfinite(train[-1]):
        return "diverges"
    if level > 1.6:
        return "diverges"
    if "guess" not in skip and np.ptp(train[n // 2 :]) < 0.08 and level > 0.95:
        return "guesses"
    if "noise" not in skip and spread > 0.35 * level:
        return "trembles"
    if "val" not in skip and np.median(val[-5:]) > 1.4 * val.min():
        return "overfits"
    return "too slow" if level > 0.5 and "slow" not in skip else "fine"


@right
def quantiles(train, val, guess):
    return _questions(train, val, guess)


@right
def a_line_through_the_end(train, val, guess):
    n = len(train)
    x = np.arange(n // 3)
    end = np.asarray(train)[-len(x) :] / guess
    if not np.isfinite(end).all() or end[-1] > 2:
        return "diverges"
    slope, level = np.polyfit(x, end, 1)
    left = np.std(end - slope * x - level) / end.mean()
    if left > 0.12:
        return "trembles"
    if val[-3:].mean() / np.min(val) > 1.45:
        return "overfits"
    return (
        "guesses"
        if abs(end.mean() - 1) < 0.04 and abs(slope) * n < 0.06
        else "too slow"
        if end.mean() > 0.5
        else "fine"
    )


@right
def plain_python(train, val, guess):
    train, val = [float(v) / guess for v in train], [float(v) / guess for v in val]
    end = train[-len(train) // 5 :]
    if any(v != v or v > 1e9 for v in train) or sum(end) / len(end) > 2:
        return "diverges"
    if max(abs(v - 1) for v in train[len(train) // 2 :]) < 0.045:
        return "guesses"
    steps = [abs(a - b) / a for a, b in zip(end, end[1:], strict=False)]
    if sum(steps) / len(steps) > 0.15:
        return "trembles"
    if sum(val[-5:]) / 5 > 1.45 * min(val):
        return "overfits"
    return "fine" if sum(end) / len(end) < 0.5 else "too slow"


@right
def from_the_bottom_up(train, val, guess):
    late, low = np.mean(train[-8:]) / guess, np.min(val)
    noisy = np.std(np.diff(train[-12:])) > 0.15 * np.mean(train[-12:])
    word = "fine" if late < 0.5 else "too slow"
    word = "overfits" if np.mean(val[-6:]) > 1.45 * low else word
    word = "trembles" if noisy and late < 1 else word
    word = "guesses" if np.all(np.abs(train[len(train) // 2 :] / guess - 1) < 0.05) else word
    return "diverges" if not late < 1.6 else word


@right
def ratios_to_the_start(train, val, guess):
    n, end = len(train), np.asarray(train)[-(len(train) // 5) :]
    if not np.all(np.isfinite(end)) or np.median(end) > 1.5 * train[0]:
        return "diverges"
    ratio = np.median(end) / guess
    if (
        0.97 < ratio < 1.03
        and np.std(end) < 0.03 * guess
        and abs(np.median(train[n // 2 : n // 2 + 8]) / np.median(end) - 1) < 0.03
    ):
        return "guesses"
    if np.std(end) / np.mean(end) > 0.13:
        return "trembles"
    return "overfits" if np.median(val[-8:]) > 1.4 * np.min(val) else ("too slow", "fine")[int(ratio < 0.5)]


@wrong
def noise_called_divergence(train, val, guess):
    """A loss that goes up and down around a level is called divergence. Every mini-batch loss does that; it diverges only when it leaves its start behind. Compare its *level* at the end with its start, not one value with the one before."""
    return "diverges" if diagnose(train, val, guess) == "trembles" else diagnose(train, val, guess)


@wrong
def finite_means_fine(train, val, guess):
    """A finite, quiet loss is called fine although it is the loss of a guess. Such a network has learnt nothing, or has unlearnt it: compare the end with `guess`."""
    return "fine" if diagnose(train, val, guess) == "guesses" else diagnose(train, val, guess)


@wrong
def guessing_called_slow(train, val, guess):
    """A loss that stays at `guess` is called too slow. A slow run still moves; this one has not moved since the middle of the run, and more steps will not help it."""
    return _questions(train, val, guess, skip=("guess",))


@wrong
def overfit_called_underfit(train, val, guess):
    """Overfitting is called too slow: the held-out loss is high at the end, but it has been lower, and the training loss is tiny. More steps would make it worse."""
    return "too slow" if diagnose(train, val, guess) == "overfits" else diagnose(train, val, guess)


@wrong
def flat_called_converged(train, val, guess):
    """A run that has hardly begun is called fine: its curve looks flat because its rate is tiny, not because it has arrived. How much of `guess` is still left?"""
    return _questions(train, val, guess, skip=("slow",))


@wrong
def only_the_training_loss(train, val, guess):
    """You look at the training loss alone: a run whose held-out loss has risen again is called fine. What has `val` done since its lowest value?"""
    return _questions(train, val, guess, skip=("val",))


@wrong
def noise_called_overfitting(train, val, guess):
    """A noisy run is called overfitting: one high value of the held-out loss against one low one says little where both tremble. Is the training loss quiet? Compare means."""
    return "overfits" if diagnose(train, val, guess) == "trembles" else diagnose(train, val, guess)


@wrong
def noise_not_seen(train, val, guess):
    """A loss that trembles by half of itself is called fine. Its mean is low, but look at its spread: a falling rate would bring it down further."""
    return "fine" if diagnose(train, val, guess) == "trembles" else diagnose(train, val, guess)


@wrong
def nan_not_seen(train, val, guess):
    """Runs that end in `nan` or `inf` get some other word than "diverges": every comparison with `nan` is `False`, so they fall through all your questions to the last one. Ask for `np.isfinite` first."""
    return "fine" if not np.isfinite(train[-1]) else diagnose(train, val, guess)


@wrong(like=nan_not_seen)
def only_inf_is_seen(train, val, guess):
    return "fine" if np.isnan(train[-1]) else diagnose(train, val, guess)


@wrong
def threshold_on_absolute_loss(train, val, guess):
    """Right for log losses near 1, wrong for the others: somewhere a loss is compared with a fixed number. What is small depends on the unit; divide by `guess` first."""
    return _questions(train, val, guess, shares=False)


@wrong
def one_word_for_all(train, val, guess):
    """All sixty logs get the same word. If that is not on purpose: does a `return` stand before the questions, or is a condition always true?"""
    return "too slow"


@wrong
def a_word_of_your_own(train, val, guess):
    """One of the words is not among the six. They are compared letter by letter: "diverges", "guesses", "overfits", "trembles", "too slow", "fine"."""
    return "overfitting" if diagnose(train, val, guess) == "overfits" else diagnose(train, val, guess)


@wrong
def no_words(train, val, guess):
    """Not every log gets a word: a number, `None` or a truth value came back. Each way through your questions has to end with a `return` of one of the six."""
    return {"diverges": 0, "fine": 5}.get(diagnose(train, val, guess), 1)
