"""The fingerprint of a broken Adam."""

import math

from gdcourse.exercises import right, wrong

starter = '''
def what_is_broken(step_over_lr):
    """Return the word of the table for a first step divided by lr."""
    ...
'''
minutes = 12
section = "Bias correction: look at the first step"
prompt = r"""
Somebody's Adam misbehaves.
You measure the length of its *first* step and divide it by the learning rate; β₁ = 0.9 and β₂ = 0.999, ε is out of the way, and the slope was not zero.
Write `what_is_broken(step_over_lr)`, which returns one word, a string:

| word | meaning |
|---|---|
| `"nothing"` | both memories are corrected |
| `"both"` | neither is corrected |
| `"v"` | only m is corrected, v is not |
| `"m"` | only v is corrected, m is not |
| `"something else"` | none of these |

A measurement may be off by up to one percent, and its sign does not matter.
Compute the four fingerprints from β₁ and β₂ before you write any line.
For example, a measured 1.0 means `"nothing"`.
"""
hints = [
    "On the first step m = (1 − β₁) g and v = (1 − β₂) g². Corrected, they are g and g².",
    "The step over the rate is m/√v. Put in the four combinations: g cancels in each.",
    "Four numbers, one per combination; compare with `math.isclose(abs(x), number, rel_tol=0.01)`.",
]
praise = "One measured number, and you know which line to look at: that is debugging with mathematics."
why = r"""
The first step divided by the rate is $|m|/\sqrt v$, with or without each correction:

| m | v | step / η |
|---|---|---|
| $g$ | $g^2$ | 1 |
| $0.1\,g$ | $0.001\,g^2$ | $0.1/\sqrt{0.001} = 3.162$ |
| $g$ | $0.001\,g^2$ | $1/\sqrt{0.001} = 31.62$ |
| $0.1\,g$ | $g^2$ | 0.1 |

The slope cancels, so that any problem will do for the test, and a single step is enough.

The words go with what is *missing*.
An uncorrected v is far too small and stands in the denominator, so the step is far too long; an uncorrected m is too small and stands in the numerator, so it is too short.
"""


def cases(rng):
    for value in (1.0, 3.1623, 31.623, 0.1, 10.0, 0.0, 2.0, 0.3162):
        yield (value,)
    for value in (1.005, -3.15, 3.15, -1.0):
        yield (value,)
    for value in (1.05, 3.05, 32.8, 0.096):  # near the number of a fault, but off by more than one percent
        yield (value,)
    for value in (1.0, math.sqrt(10), math.sqrt(1000), 0.1):
        yield (float(value * rng.uniform(0.992, 1.008) * rng.choice([-1, 1])),)
    yield (float(rng.uniform(40, 900)),)
    yield (float("nan"),)


def canonical(output):
    return output.strip().lower() if isinstance(output, str) else output


def what_is_broken(step_over_lr):
    """Return which correction of the start at zero is missing: "nothing", "both", "v", "m" or "something else"."""
    x = abs(step_over_lr)
    fingerprints = {"nothing": 1, "both": 0.1 / math.sqrt(0.001), "v": 1 / math.sqrt(0.001), "m": 0.1}
    for word, value in fingerprints.items():
        if math.isclose(x, value, rel_tol=0.01):
            return word
    return "something else"


@right
def nearest_in_logarithms(step_over_lr):
    if not abs(step_over_lr) > 0:
        return "something else"
    known = [(0.1, "m"), (1.0, "nothing"), (10**0.5, "both"), (1000**0.5, "v")]
    value, word = min(known, key=lambda pair: abs(math.log(abs(step_over_lr) / pair[0])))
    return word if abs(abs(step_over_lr) / value - 1) < 0.01 else "something else"


@right
def a_chain(step_over_lr):
    def near(value):
        return abs(abs(step_over_lr) - value) <= 0.01 * value

    if near(1):
        return "nothing"
    if near(3.1623):
        return "both"
    if near(31.623):
        return "v"
    return "m" if near(0.1) else "something else"


def _words(step_over_lr, **others):
    word = what_is_broken(step_over_lr)
    return others.get(word, word)


@wrong
def both_and_v_exchanged(step_over_lr):
    """3.162 and 31.62 are exchanged. Without any correction m is ten times too small as well, and that makes the step *shorter* than with an uncorrected v alone."""
    return _words(step_over_lr, both="v", v="both")


@wrong
def m_and_v_exchanged(step_over_lr):
    """You name what is there, not what is missing: an uncorrected v stands in the denominator, is too small, and makes the step 31.62 times too long; an uncorrected m makes it a tenth."""
    return _words(step_over_lr, m="v", v="m")


@wrong
def m_called_both(step_over_lr):
    """A tenth of the rate is not the fingerprint of two missing corrections: with both missing, the step is too *long*, because the root of 0.001 is smaller than 0.1."""
    return _words(step_over_lr, m="both", both="m")


@wrong
def nearest_without_limit(step_over_lr):
    """You always name the nearest fingerprint, even for a step that fits none. 10 is no fingerprint at all: say so."""
    if not abs(step_over_lr) > 0:
        return "something else"
    known = [(0.1, "m"), (1.0, "nothing"), (10**0.5, "both"), (1000**0.5, "v")]
    return min(known, key=lambda pair: abs(math.log(abs(step_over_lr) / pair[0])))[1]


@wrong
def names_what_is_there(step_over_lr):
    """You name what is there, not what is missing: a first step of exactly η belongs to an Adam with nothing to repair."""
    return _words(step_over_lr, nothing="both", both="nothing", m="v", v="m")


@wrong
def too_generous(step_over_lr):
    """You allow too much: a measurement is off by one percent at most, and 1.05 or 3.05 is none of the four."""
    x = abs(step_over_lr)
    for word, value in {"nothing": 1, "both": 0.1 / math.sqrt(0.001), "v": 1 / math.sqrt(0.001), "m": 0.1}.items():
        if math.isclose(x, value, rel_tol=0.1):
            return word
    return "something else"


@wrong
def same_distance_everywhere(step_over_lr):
    """You allow the same distance from each fingerprint. One percent of 31.62 is far more than one percent of 0.1: make it relative."""
    x = abs(step_over_lr)
    for word, value in {"nothing": 1, "both": 0.1 / math.sqrt(0.001), "v": 1 / math.sqrt(0.001), "m": 0.1}.items():
        if abs(x - value) <= 0.01:
            return word
    return "something else"


@wrong
def exact_comparison(step_over_lr):
    """You compare exactly, or nearly so, and a measurement is never exact. Allow one percent, for example with `math.isclose(x, number, rel_tol=0.01)`."""
    return {1.0: "nothing", 3.1623: "both", 31.623: "v", 0.1: "m"}.get(abs(step_over_lr), "something else")


@wrong
def sign_matters(step_over_lr):
    """A negative step is the same fingerprint: the sign says on which side the minimum lies, not what is broken. Take the absolute value."""
    return what_is_broken(step_over_lr) if step_over_lr >= 0 else "something else"


@wrong
def thresholds(step_over_lr):
    """You cut the number line into pieces, and every step gets a name. A step of 2 or of 10 rates is none of the four: compare with the fingerprints themselves."""
    x = abs(step_over_lr)
    return "m" if x < 0.5 else "nothing" if x < 1.5 else "both" if x < 5 else "v"


@wrong
def root_forgotten(step_over_lr):
    """Your fingerprints miss the root: without any correction the step is 0.1/√0.001 times the rate, 3.162, and not 0.1/0.001."""
    x = abs(step_over_lr)
    for word, value in {"nothing": 1, "both": 100, "v": 1000, "m": 0.1}.items():
        if math.isclose(x, value, rel_tol=0.01):
            return word
    return "something else"


@wrong
def beta_for_one_minus_beta(step_over_lr):
    """Your fingerprints are made with β, and the share of the new slope is 1 − β: 0.1 for m and 0.001 for v at the first step."""
    x = abs(step_over_lr)
    for word, value in {"nothing": 1, "both": 0.9 / math.sqrt(0.999), "v": 1 / math.sqrt(0.999), "m": 0.9}.items():
        if math.isclose(x, value, rel_tol=0.01):
            return word
    return "something else"
