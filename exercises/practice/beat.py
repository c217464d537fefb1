"""Capstone: beat a tuned baseline under a budget."""

from functools import lru_cache

import numpy as np

from gdcourse import descend, gd
from gdcourse.exercises import right, wrong

minutes = 30
points = 4
seconds = 12
section = "Choosing an optimiser"
prompt = r"""
Write `beat(trial, steps, budget)`: choose a rule and its settings for a noisy task, with few trials, and report honestly.
The task is least squares with eight weights, 150 steps on batches of eight rows; one trial takes some milliseconds, and the budget is 30.

`trial(rule, seed, **settings)` runs `descend(rule, …, steps, **settings)` on mini-batches that are drawn with `seed`, and returns the share of the first gap that is left at the end (1 is the start, 0 the minimum; a run that diverges gives a huge number or `nan`).
`rule` is any rule of gdcourse (`gd`, `momentum`, `nesterov`, `adam` …) or your own; a setting is a number or a function of the step, such as `lr=schedules.cosine(0.5, steps)`.
`steps` and `budget` are whole numbers.
Import inside your function what you use: `from gdcourse import gd, schedules`.

The rules of the contest:

- at most `budget` trials, all in all;
- seeds 0 to 99 are for you; 100 and above are held out, and the check uses five of them;
- return three things, in this order: the rule (a function), a dictionary of its settings, and a list of the losses that `trial` gave you for exactly this choice, on three seeds or more;
- the mean over the five held-out seeds has to be at least a fifth lower than what plain gradient descent reaches with the best of sixteen constant rates, and none of the five may be above 0.5.

For example, `return gd, {"lr": 0.1}, [0.31, 0.35, 0.29]` has the right form, if these are the losses of three trials.
"""
hints = [
    "What does a constant rate leave behind on a noisy task, and which chapter cures it?",
    "Five peaks, three seeds each, are fifteen trials: `lr=schedules.cosine(peak, steps)`, with peaks a factor of two or three apart. Compare the *means*.",
    "Keep the losses of each choice in a dictionary, take the one with the smallest mean, and return its losses too. Any of `gd`, `nesterov` and `adam` will do, once its rate falls to 0.",
]
praise = "Same steps for everybody, a budget for the tuning, seeds that nobody tuned on, and the spread beside the mean: a comparison that others can believe."
why = r"""
The task is noisy, so a constant rate has to choose between speed and floor; the best of sixteen pays for both.
A rate that falls to zero need not choose, and the rule then matters less than the schedule: plain descent, momentum and Adam with a cosine usually reach less than half.

**Equal terms.** Sixteen rates on five seeds are eighty trials for the baseline, more than you had, and it was even tuned on the very seeds that judge it. It is easy to beat a baseline that nobody tuned; this one was tuned as well as it can be.

**The smallest mean, not the smallest loss.** The best of many single runs is the luckiest one.
Three seeds are few, but they show a choice that fails now and then.

**Held-out seeds** are to a tuner what held-out rows are to a model.
"""

# an answer may use fewer trials than the budget, and a schedule that does not depend on `steps`
free = {"budget": None, "steps": None}


def cases(rng):
    for _ in range(2):
        yield *_table(rng), 150, 30, tuple(int(seed) for seed in 100 + rng.choice(900, 5, replace=False))


def _table(rng, n=240, d=8):
    """Return a table with noise in y. Its valley is a hundred times as steep in one direction as in another, and lies
    oblique to the axes."""
    spread, turn = np.geomspace(1, 0.1, d), np.linalg.qr(rng.normal(size=(d, d)))[0]
    X = rng.normal(size=(n, d)) * spread @ turn.T
    return X, X @ (turn @ (rng.choice([-1.0, 1.0], d) / np.sqrt(spread))) + 0.5 * rng.normal(size=n)


def _trial(X, y, steps):
    """Return the function `trial` for this table."""
    best = np.mean((X @ np.linalg.lstsq(X, y, rcond=None)[0] - y) ** 2)
    first = np.mean(y**2) - best

    def trial(rule, seed, **settings):
        rng = np.random.default_rng(seed)
        rows = iter(np.concatenate([rng.permutation(len(y)) for _ in range(steps * 8 // len(y) + 1)]).reshape(-1, 8))

        def slope(w):
            batch = next(rows)
            return X[batch].T @ (X[batch] @ w - y[batch]) / 4

        with np.errstate(all="ignore"):
            w = descend(rule, slope, np.zeros(X.shape[1]), steps, **settings)[-1]
            return float((np.mean((X @ w - y) ** 2) - best) / first)

    return trial


@lru_cache(maxsize=64)
def _baseline(X, y, steps, held_out):
    """Return the mean loss of plain gradient descent at the best of sixteen constant rates, on the same seeds that
    judge the answer."""
    y = np.frombuffer(y)
    trial = _trial(np.frombuffer(X).reshape(len(y), -1), y, steps)
    return min(np.mean([trial(gd, seed, lr=lr) for seed in held_out]) for lr in np.geomspace(0.003, 1, 16))


def run(answer, X, y, steps, budget, held_out):
    """Return what the answer did, as a tuple of seven parts.

    These are: the word "made", or what went wrong; the number of trials; how many of them used a held-out seed; the
    losses that the answer reports; the losses of its choice on the seeds of those trials; its losses on the held-out
    seeds; the lowest mean of all choices tried. "made up": a loss is reported more often than the trials returned it.
    """
    trial, log = _trial(X, y, steps), []

    def counted(rule, seed, **settings):
        loss = trial(rule, seed, **settings)
        log.append((int(seed), loss, (rule, *sorted(settings.items(), key=lambda item: item[0]))))
        return loss

    made = answer(counted, steps, budget)
    if made is None:
        return None
    if not (isinstance(made, (tuple, list)) and len(made) == 3 and callable(made[0]) and isinstance(made[1], dict)):
        return "form", len(log), 0, [], [], [], 1.0
    rule, settings, told = made
    try:
        told = np.atleast_1d(np.array(told, dtype=float))
        ends = [trial(rule, seed, **settings) for seed in held_out]
        seen = np.array([loss for _, loss, _ in log])
        made_up = any(
            np.isclose(told, x, rtol=1e-5, atol=0).sum() > np.isclose(seen, x, rtol=1e-5, atol=0).sum() for x in told
        )
        again = [
            trial(rule, seed, **settings)
            for seed in dict.fromkeys(seed for seed, loss, _ in log if np.isclose(told, loss, rtol=1e-5).any())
        ]
    except Exception as error:
        return type(error).__name__, len(log), 0, [], [], [], 1.0
    groups = {}
    for _, loss, choice in log:
        groups.setdefault(tuple(map(_key, choice)), []).append(loss)
    # the mean of a choice counts only if it was tried three times or more, as the check asks: one run may be lucky
    means = [np.mean(losses) for losses in groups.values() if len(losses) > 2 and np.isfinite(losses).all()]
    peeked = sum(seed >= 100 for seed, _, _ in log)
    return (
        "made up" if made_up and len(told) > 2 else "made",
        len(log),
        peeked,
        told,
        again,
        ends,
        float(min(means, default=np.inf)),
    )


def _key(part):
    """Return a value that identifies a part of a choice: for a function its id, for a number its text."""
    return (
        part
        if isinstance(part, str)
        else (part[0], _key(part[1]))
        if isinstance(part, tuple)
        else id(part)
        if callable(part)
        else repr(part)
    )


def show(output):
    what, trials, _, told, _, ends, _ = output
    return {"trials": trials, "reported": list(told), "held out": list(ends)} if what.startswith("made") else what


def law(output, X, y, steps, budget, held_out):
    what, trials, peeked, told, again, ends, best = output
    if what == "form":
        return "another_form"
    if trials > budget:
        return "exceeds_budget"
    if peeked:
        return "seed_peeking"
    if what == "made up":
        return "made_up_report"
    if what != "made":
        return f"With the rule and the settings that came back a run stopped with {what}. Try `trial(rule, 0, **settings)` with what you return."
    if len(told) < 3:
        return "no_spread_reported"
    if len(again) < 3 or not np.isclose(np.asarray(told)[:, None], again, rtol=1e-5, atol=0).any(axis=1).all():
        return "report_of_another_choice"
    ends, told = np.array(ends), np.mean(told)
    baseline = _baseline(X.tobytes(), y.tobytes(), steps, held_out)
    share = ends.mean() / baseline
    if share <= 0.8 and ends.max() <= 0.5:
        return None
    if not told <= best / 0.3:
        return "not_the_best_tried"
    if not ends.max() <= 0.5:
        return "unstable" if told <= 0.5 else "diverges"
    if told <= baseline / 2 and ends.max() > 4 * told:
        return "unstable"
    return (
        "worse_than_tuned_sgd"
        if share > 0.9
        else f"Better than the tuned baseline, by a factor of {1 / share:.2f}; 1.25 is asked for. What does the rate do at the end of your run?"
    )


def beat(trial, steps, budget):
    """Return (rule, {setting: value}, its losses on three seeds or more)."""
    from gdcourse import gd, nesterov, schedules

    tried = {}
    for rule, peaks in ((nesterov, (0.03, 0.06, 0.12)), (gd, (0.25, 0.5))):
        for peak in peaks:
            settings = {"lr": schedules.cosine(peak, steps)}
            tried[rule, peak] = rule, settings, [trial(rule, seed, **settings) for seed in range(4)]
    return min(tried.values(), key=lambda choice: np.nan_to_num(np.mean(choice[2]), nan=np.inf))


def _sweep(trial, rule, peaks, schedule, seeds=3, **settings):
    """Return (rule, settings, losses) for the peak with the smallest mean."""
    found = []
    for peak in peaks:
        choice = {"lr": schedule(peak), **settings}
        losses = [trial(rule, seed, **choice) for seed in range(seeds)]
        found.append((np.nan_to_num(np.mean(losses), nan=np.inf), rule, choice, losses))
    return min(found, key=lambda one: one[0])[1:]


@right
def adam_with_a_cosine(trial, steps, budget):
    from gdcourse import adam, schedules

    return _sweep(trial, adam, (0.1, 0.2, 0.4, 0.8), lambda peak: schedules.cosine(peak, steps), seeds=5)


@right
def a_line_down(trial, steps, budget):
    from gdcourse import momentum

    return _sweep(trial, momentum, (0.05, 0.1, 0.2), lambda peak: lambda t: peak * (1 - t / steps), seeds=5, beta=0.7)


@right
def plain_descent_with_a_schedule(trial, steps, budget):
    from gdcourse import schedules

    return _sweep(
        trial, gd, (0.2, 0.4, 0.6), lambda peak: schedules.warmup_stable_decay(peak, steps, 5, steps // 2), seeds=5
    )


@right
def a_rule_of_my_own(trial, steps, budget):
    def rolls(w, g, m=0.0, *, lr):
        m = 0.6 * m + g
        return w - lr * (g + 0.6 * m), m

    return _sweep(trial, rolls, (0.15, 0.3, 0.45), lambda peak: lambda t: peak * (1 - t / steps), seeds=6)


@right
def coarse_then_fine(trial, steps, budget):
    from gdcourse import nesterov, schedules

    def losses(peak, seeds):
        return [trial(nesterov, seed, lr=schedules.cosine(peak, steps)) for seed in seeds]

    peak = min((0.01, 0.03, 0.1), key=lambda peak: np.mean(losses(peak, range(3))))
    peak = min((peak / 1.5, peak, 1.5 * peak), key=lambda peak: np.mean(losses(peak, range(10, 13))))
    return nesterov, {"lr": schedules.cosine(peak, steps)}, losses(peak, range(20, 25))


@wrong
def exceeds_budget(trial, steps, budget):
    """More trials than the budget allows. With enough of them anybody wins: decide beforehand how many rates times how many seeds you can afford."""
    from gdcourse import nesterov, schedules

    return _sweep(trial, nesterov, np.geomspace(0.02, 0.2, 11), lambda peak: schedules.cosine(peak, steps))


@wrong
def seed_peeking(trial, steps, budget):
    """A held-out seed was tried, 100 or above. A choice that has seen the seeds that judge it says nothing about others; tune on 0 to 99."""
    choice = _sweep(trial, gd, (0.2, 0.4), lambda peak: lambda t: peak * (1 - t / steps))
    trial(choice[0], 100, **choice[1])
    return choice


@wrong
def no_spread_reported(trial, steps, budget):
    """One or two losses are no spread. Whoever reads your result wants to know how much it varies from seed to seed; report three or more."""
    return _sweep(trial, gd, (0.2, 0.4), lambda peak: lambda t: peak * (1 - t / steps), seeds=1)


@wrong
def made_up_report(trial, steps, budget):
    """The losses that you report did not come from `trial`, or are one loss repeated: rounded, averaged, or from another source. Report three trials as they came, on three seeds."""
    rule, settings, losses = _sweep(trial, gd, (0.2, 0.4), lambda peak: lambda t: peak * (1 - t / steps))
    return rule, settings, [np.mean(losses)] * 3


@wrong
def report_of_another_choice(trial, steps, budget):
    """The losses that you report are not those of the choice that you return: run again with its rule and settings, the trials give other numbers. Report only losses of this one choice, none of other settings, and keep rule, settings and losses together, in one tuple or dictionary, while you compare."""
    rule, settings, losses = _sweep(trial, gd, (0.2, 0.4), lambda peak: lambda t: peak * (1 - t / steps))
    return rule, {"lr": 0.05}, losses


@wrong
def worse_than_tuned_sgd(trial, steps, budget):
    """No better than plain gradient descent with a tuned constant rate. Another rule at a constant rate has the same floor: what would bring the noise down at the end?"""
    return _sweep(trial, gd, (0.08, 0.16, 0.32), lambda peak: peak, seeds=5)


@wrong
def not_the_best_tried(trial, steps, budget):
    """Among your own trials there is a choice whose mean is much lower than that of the one you return. Is it `max` instead of `min`, the last instead of the best, or the best single run instead of the best mean?"""
    from gdcourse import schedules

    _sweep(trial, gd, (0.4,), lambda peak: schedules.cosine(peak, steps))
    return _sweep(trial, gd, (0.02,), lambda peak: schedules.cosine(peak, steps))


@wrong
def diverges(trial, steps, budget):
    """Your own trials end far from the minimum, or as `nan`, and so do the held-out runs: the rate is far too large or far too small. A comparison with `nan` is always `False`, so `min` may return it."""
    return _sweep(trial, gd, (30.0,), lambda peak: peak)


@wrong
def unstable(trial, steps, budget):
    """The losses that you report are good, and at least one of the five held-out runs is far worse: unstable. The few seeds that you tried did not show it. Take a smaller rate, or decide by the mean over more seeds, and report all of them."""

    def now_and_then(w, g, t=0, *, lr):
        lost = t == steps - 1 and int(1e6 * abs(g[0])) % 5 < 3
        return w - lr * g + 9.0 * lost, t + 1

    settings = {"lr": lambda t: 0.4 * (1 - t / steps)}
    return now_and_then, settings, sorted(trial(now_and_then, seed, **settings) for seed in range(25))[:3]


@wrong
def another_form(trial, steps, budget):
    """Three things were asked for: the rule (a function, without brackets), a dictionary of its settings such as `{"lr": 0.1}`, and a list of losses."""
    return "gd", 0.1, [0.3, 0.3, 0.3]
