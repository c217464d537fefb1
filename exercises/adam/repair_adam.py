"""Three broken Adams."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 12
points = 2
starter = '''
def repair_adam(patient, w, g, state, lr):
    """Return (w, state) after one repaired step; state is None at first."""
    m, v, t = (0.0, 0.0, 0) if state is None else state
    m = 0.9 * m + 0.1 * g
    v = 0.999 * v + 0.001 * g**2
    t = t + 1
    if patient == "A":
        step = lr * m / (np.sqrt(v) + 1e-8)
    if patient == "B":
        step = lr * m / (1 - 0.9**t) / (np.sqrt(v) + 1e-8)
    if patient == "C":
        step = lr * m / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return w - step, (m, v, t)
'''
section = "Bias correction: look at the first step"
prompt = r"""
Three Adams were brought in: `"A"`, `"B"` and `"C"`.
Their first steps, divided by the rate, are 3.162, 31.62 and 0.1.
Repair them, each in its own place, so that all three walk the path of a healthy Adam with β₁ = 0.9, β₂ = 0.999 and ε = 1e-8, at the first step *and* at every later one.

For example, on the constant slope g = 1 with lr = 0.1 a healthy Adam moves by 0.1 at every step.
"""
hints = [
    "The exercise before this one tells what each fingerprint means: which of m and v lacks its correction?",
    "The corrections are m / (1 − 0.9ᵗ) and v / (1 − 0.999ᵗ), with the count t that is already there.",
    "In the end all three lines read the same.",
]
praise = "Three different symptoms, one cause: a memory that starts at zero."
why = r"""
A lacks both corrections, B that of v, C that of m.
Repaired, all three are the same line.

Dividing the rate of A by 3.162 cures the symptom of the first step only: the two memories fill up at different speeds, so the factor is 6.57 at step 12 and 1.26 at step 1000.
A correction that is right at t = 1 alone, `1 - 0.9`, fails at the second step for the same reason.
"""


free = {"patient": None}  # in the end all three lines read the same


def cases(rng):
    yield "A", np.zeros(2), np.array([[1.0, -3.0]]), 0.1
    yield "B", np.zeros(2), np.array([[1.0, -3.0]]), 0.1
    yield "C", np.zeros(2), np.array([[1.0, -3.0]]), 0.1
    for steps, d in ((2, 2), (9, 3)):
        gradients = rng.uniform(0.5, 3, (steps, d)) * rng.choice([-1, 1], (steps, d))
        for patient in "ABC":
            yield patient, rng.normal(size=d) + 10, gradients, 0.05


def run(answer, patient, w, gradients, lr):
    """Return the points after each step."""
    state, path = None, []
    for g in gradients:
        w, state = answer(patient, w, g, state, lr)
        path.append(np.array(w, dtype=float))
    return np.array(path)


def _memories(g, state):
    m, v, t = (0.0, 0.0, 0) if state is None else state
    return 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2, t + 1


def repair_adam(patient, w, g, state, lr):
    """Return (w, state) after one step of a healthy Adam, whichever patient it was; state is None at the first step."""
    m, v, t = _memories(g, state)
    step = lr * m / (1 - 0.9**t) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return w - step, (m, v, t)


@right
def each_in_its_place(patient, w, g, state, lr):
    m, v, t = _memories(g, state)
    if patient == "A":
        step = lr * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    elif patient == "B":
        step = lr * m / (1 - 0.9**t) / (np.sqrt(v) / np.sqrt(1 - 0.999**t) + 1e-8)
    else:
        step = lr * m / (np.sqrt(v / (1 - 0.999**t)) + 1e-8) / (1 - 0.9**t)
    return w - step, (m, v, t)


@right
def folded_rate(patient, w, g, state, lr):
    m, v, t = _memories(g, state)
    return w - lr * np.sqrt(1 - 0.999**t) / (1 - 0.9**t) * m / (np.sqrt(v) + 1e-8), (m, v, t)


def _broken(patient, w, g, state, lr):
    m, v, t = _memories(g, state)
    top = m / (1 - 0.9**t) if patient == "B" else m
    below = v / (1 - 0.999**t) if patient == "C" else v
    return w - lr * top / (np.sqrt(below) + 1e-8), (m, v, t)


@wrong
def repairs_by_rescaling_lr(patient, w, g, state, lr):
    """The first step is cured, the second is not: you rescaled the rate by the fingerprint. The two memories fill up at different speeds, so no fixed factor fits every step; correct each memory by its own 1 − βᵗ."""
    return _broken(patient, w, g, state, lr / {"A": 0.1 / np.sqrt(0.001), "B": 1 / np.sqrt(0.001), "C": 0.1}[patient])


@wrong
def hard_coded_t(patient, w, g, state, lr):
    """The first step is cured, then it goes wrong: your corrections use t = 1 for ever (1 − 0.9 and 1 − 0.999). The count is in the state: use it as the power."""
    m, v, t = _memories(g, state)
    return w - lr * m / (1 - 0.9) / (np.sqrt(v / (1 - 0.999)) + 1e-8), (m, v, t)


@wrong
def breaks_another_case(patient, w, g, state, lr):
    """One patient is still ill: A is cured, but the same medicine was given to B and C on top of the correction that they already had. Each lacks something different."""
    moved, memory = _broken(patient, w, g, state, lr)
    t = memory[2]
    return w + (moved - w) * np.sqrt(1 - 0.999**t) / (1 - 0.9**t), memory


@wrong
def only_a(patient, w, g, state, lr):
    """A is cured; B and C still show their fingerprints. B lacks the correction of v, C that of m."""
    return (repair_adam if patient == "A" else _broken)(patient, w, g, state, lr)


@wrong
def only_m(patient, w, g, state, lr):
    """m is corrected everywhere, v nowhere but in C: A and B still take steps that are far too long."""
    m, v, t = _memories(g, state)
    below = v / (1 - 0.999**t) if patient == "C" else v
    return w - lr * m / (1 - 0.9**t) / (np.sqrt(below) + 1e-8), (m, v, t)


@wrong
def only_v(patient, w, g, state, lr):
    """v is corrected everywhere, m nowhere but in B: the first steps of A and C are a tenth of what they should be."""
    m, v, t = _memories(g, state)
    top = m / (1 - 0.9**t) if patient == "B" else m
    return w - lr * top / (np.sqrt(v / (1 - 0.999**t)) + 1e-8), (m, v, t)


@wrong
def b_and_c_exchanged(patient, w, g, state, lr):
    """A is cured; B and C got each other's medicine, on top of the correction that they already had. B lacks the correction of v, C that of m."""
    if patient == "A":
        return repair_adam(patient, w, g, state, lr)
    moved, memory = _broken(patient, w, g, state, lr)
    t = memory[2]
    return w + (moved - w) * (1 / (1 - 0.9**t) if patient == "B" else np.sqrt(1 - 0.999**t)), memory


@wrong
def correction_outside_the_root(patient, w, g, state, lr):
    """You divide √v by 1 − 0.999ᵗ where v itself is to be divided: first correct the memory, then take its root."""
    m, v, t = _memories(g, state)
    return w - lr * m / (1 - 0.9**t) / (np.sqrt(v) / (1 - 0.999**t) + 1e-8), (m, v, t)


@wrong
def state_forgotten(patient, w, g, state, lr):
    """The first step is cured, and every later one is a first step again, with the sign of the slope alone: the memories have to come back from the state."""
    return w - lr * g / (np.abs(g) + 1e-8), state


@wrong
def stores_corrected_moments(patient, w, g, state, lr):
    """The first step is right, then the correction is applied to what was corrected before: the state has to keep the plain memories."""
    m, v, t = _memories(g, state)
    m, v = m / (1 - 0.9**t), v / (1 - 0.999**t)
    return w - lr * m / (np.sqrt(v) + 1e-8), (m, v, t)


@wrong
def powers_swapped(patient, w, g, state, lr):
    """The two corrections are exchanged: m belongs to β₁ = 0.9, v to β₂ = 0.999."""
    m, v, t = _memories(g, state)
    return w - lr * m / (1 - 0.999**t) / (np.sqrt(v / (1 - 0.9**t)) + 1e-8), (m, v, t)
