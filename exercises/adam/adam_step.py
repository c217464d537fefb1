"""One step of Adam."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 20
section = "Adam, line by line"
prompt = r"""
Write one step of Adam.
With $t = 1, 2, 3, \dots$ counting the steps, and squares, roots and divisions taken coordinate by coordinate:

$$\begin{aligned} m &\leftarrow \beta_1 m + (1 - \beta_1)\, g \\ v &\leftarrow \beta_2 v + (1 - \beta_2)\, g^2 \end{aligned}$$

$$\hat m = \frac{m}{1 - \beta_1^t}, \qquad \hat v = \frac{v}{1 - \beta_2^t}$$

$$w \leftarrow w - \eta \frac{\hat m}{\sqrt{\hat v} + \varepsilon}$$

`state` is your own notebook from step to step: it is `None` at the first step, and whatever you return comes back at the next one.
Put into it what you need, as a tuple, a list or a dictionary.
Return the new `w` and the new state.

For example, from `w = [1.0, 1.0, 1.0]` with `g = [2.0, -0.01, 0.0]` and a learning rate of 0.1 the first step leads to about `[0.9, 1.1, 1.0]`:
the size of a slope does not count, only its sign.
"""
hints = [
    "What has to survive until the next step? Three things: both memories, and a number. At the first step, when `state` is `None`, all three are 0.",
    "Count first, so that t is 1 in the first step. Then the two memories, then their corrected versions, then the step.",
    "The corrected `m_hat` and `v_hat` are used for this step only; what goes into the state is `m`, `v` and `t`.",
]
praise = (
    "Divide your first step by lr: it is 1 in every coordinate, whatever the slope. "
    "When an Adam misbehaves, that ratio tells you which correction it lacks."
)
why = r"""
Both memories start at zero, so at first they are too small: after one step $m = (1 - \beta_1) g$, a tenth of $g$ for $\beta_1 = 0.9$,
and $v = (1 - \beta_2) g^2$, a thousandth of $g^2$ for $\beta_2 = 0.999$.
The weights in $m$ after $t$ steps add up to $1 - \beta_1^t$; dividing by this sum makes a true average of what was seen so far.
The same holds for $v$.

With both corrections the first step is $\eta\, g / (|g| + \varepsilon)$: $\eta$ in size, whatever the slope.
Without any it is $0.1/\sqrt{0.001} = 3.162$ times that, with only $m$ corrected 31.62 times, with only $v$ corrected a tenth.
These four fingerprints tell in one step what is broken.

The corrected values are for this step only.
Were they stored, the next step would correct them again.

$\varepsilon$ keeps a coordinate that has never seen a slope from being $0/0$.
Some write it inside the root. There the same number weighs more: on small slopes $10^{-8}$ inside acts like $10^{-4}$ outside.
"""
points = 3


def cases(rng):
    # The gradients are far from 0 or exactly 0, and w is far from 0: then ε inside the root, ε outside it and a folded
    # step size agree to 1e-6.
    yield (
        np.array([1.0, 1.0, 1.0]),
        np.array([[2.0, -0.5, 0.0], [1.0, -3.0, 2.0], [-1.5, 0.8, 1.0]]),
        0.1,
        0.9,
        0.999,
        1e-8,
    )
    yield np.array([0.5]), np.array([[4.0], [4.0], [-1.0], [2.0]]), 0.05, 0.8, 0.99, 1e-8
    yield np.array([3.0]), np.array([[0.02], [0.01]]), 0.1, 0.9, 0.99, 1e-3  # the slopes are so small that ε matters
    for d, steps in ((2, 1), (4, 5), (3, 12)):
        gradients = rng.uniform(0.5, 3, (steps, d)) * rng.choice([-1, 1], (steps, d))
        yield (
            rng.normal(size=d) + 10,
            gradients,
            rng.uniform(0.01, 0.2),
            rng.uniform(0.7, 0.95),
            rng.uniform(0.98, 0.999),
            1e-8,
        )


def run(answer, w, gradients, lr, beta1, beta2, eps):
    """Return the points after each step. The state may be of any type: it is only handed on to the next step."""
    state, path = None, []
    for g in gradients:
        w, state = answer(w, g, state, lr, beta1, beta2, eps)
        path.append(np.array(w))
    return np.array(path)


def also(*args):
    """Yield the other right results where ε matters: ε may stand inside the root, as its square or as it is, or be
    added to the uncorrected root."""
    for answer in (epsilon_inside_the_root, epsilon_inside_as_it_is, folded_step_size):
        yield run(answer, *args)


def adam_step(w, g, state, lr, beta1, beta2, eps):
    """Return (w, state) after one step of Adam; state is None at first."""
    m, v, t = (0.0, 0.0, 0) if state is None else state
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), (m, v, t)


@right
def epsilon_inside_the_root(w, g, state, lr, beta1, beta2, eps):
    state = state or {"m": np.zeros_like(w), "v": np.zeros_like(w), "t": 0}
    t = state["t"] + 1
    m = state["m"] + (1 - beta1) * (g - state["m"])
    v = state["v"] + (1 - beta2) * (g * g - state["v"])
    w = w - lr * (m / (1 - beta1**t)) / np.sqrt(v / (1 - beta2**t) + eps**2)
    return w, {"m": m, "v": v, "t": t}


@right
def epsilon_inside_as_it_is(w, g, state, lr, beta1, beta2, eps):
    m, v, t = (0.0, 0.0, 0) if state is None else state
    m, v, t = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g, t + 1
    return w - lr * m / (1 - beta1**t) / np.sqrt(v / (1 - beta2**t) + eps), (m, v, t)


@right
def folded_step_size(w, g, state, lr, beta1, beta2, eps):
    m, v, t = state if state is not None else (np.zeros(len(w)), np.zeros(len(w)), 0)
    t += 1
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
    rate = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return w - rate * m / (np.sqrt(v) + eps), [m, v, t]


@right
def state_in_place(w, g, state, lr, beta1, beta2, eps):
    if state is None:
        state = [np.zeros_like(w), np.zeros_like(w), 0]
    state[0] *= beta1
    state[0] += (1 - beta1) * g
    state[1] *= beta2
    state[1] += (1 - beta2) * g**2
    state[2] += 1
    m_hat, v_hat = state[0] / (1 - beta1 ** state[2]), state[1] / (1 - beta2 ** state[2])
    return w - lr * m_hat / (v_hat**0.5 + eps), state


@right
def all_gradients_kept(w, g, state, lr, beta1, beta2, eps):
    seen = [*(state or []), g]
    m = np.average(seen, axis=0, weights=beta1 ** np.arange(len(seen))[::-1])
    v = np.average(np.square(seen), axis=0, weights=beta2 ** np.arange(len(seen))[::-1])
    return w - lr * m / (np.sqrt(v) + eps), seen


def _memories(g, state, beta1, beta2):
    m, v, t = (0.0, 0.0, 0) if state is None else state
    return beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2, t + 1


@wrong
def no_bias_correction(w, g, state, lr, beta1, beta2, eps):
    """Neither memory is corrected for its start at zero. With the usual settings your first step is 3.16 times `lr`
    instead of `lr`. Which two divisions turn `m` and `v` into true averages?"""
    m, v, t = _memories(g, state, beta1, beta2)
    return w - lr * m / (np.sqrt(v) + eps), (m, v, t)


@wrong
def v_not_corrected(w, g, state, lr, beta1, beta2, eps):
    """The memory `m` is corrected for its start at zero, `v` is not: you divide by a number far too small. With the usual
    settings your first step is 31.6 times `lr`."""
    m, v, t = _memories(g, state, beta1, beta2)
    return w - lr * m / (1 - beta1**t) / (np.sqrt(v) + eps), (m, v, t)


@wrong
def m_not_corrected(w, g, state, lr, beta1, beta2, eps):
    """The memory `v` is corrected for its start at zero, `m` is not. With the usual settings your first step is a tenth
    of `lr`."""
    m, v, t = _memories(g, state, beta1, beta2)
    return w - lr * m / (np.sqrt(v / (1 - beta2**t)) + eps), (m, v, t)


@wrong
def one_correction_for_both(w, g, state, lr, beta1, beta2, eps):
    """You correct both memories by the same factor, and `v` was built with another β than `m`. Each memory is divided by what its own β has left out: `v` needs `beta2` in its correction."""
    m, v, t = _memories(g, state, beta1, beta2)
    correction = 1 - beta1**t
    return w - lr * (m / correction) / (np.sqrt(v / correction) + eps), (m, v, t)


@wrong
def t_starts_at_zero(w, g, state, lr, beta1, beta2, eps):
    """Your count `t` starts at 0, and the first correction divides by 1 − β⁰, which is zero. The first step is
    number 1: count before you correct."""
    m, v, t = _memories(g, state, beta1, beta2)
    m_hat, v_hat = m / np.float64(1 - beta1 ** (t - 1)), v / np.float64(1 - beta2 ** (t - 1))
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), (m, v, t)


@wrong
def t_starts_at_two(w, g, state, lr, beta1, beta2, eps):
    """Your count `t` is 2 at the first step: it starts at 1, and is counted once more before you correct."""
    m, v, t = _memories(g, state, beta1, beta2)
    return w - lr * m / (1 - beta1 ** (t + 1)) / (np.sqrt(v / (1 - beta2 ** (t + 1))) + eps), (m, v, t)


@wrong
def times_for_power(w, g, state, lr, beta1, beta2, eps):
    """The first step is right, then the corrections turn negative: you multiply β by `t` where `t` is a power."""
    m, v, t = _memories(g, state, beta1, beta2)
    with np.errstate(all="ignore"):
        return w - lr * m / (1 - beta1 * t) / (np.sqrt(v / (1 - beta2 * t)) + eps), (m, v, t)


@wrong
def t_not_counted(w, g, state, lr, beta1, beta2, eps):
    """The first step is right, then it goes wrong: `t` stays at 1. The count has to travel in the state and grow by 1
    each time."""
    m, v, _ = _memories(g, state, beta1, beta2)
    return w - lr * m / (1 - beta1) / (np.sqrt(v / (1 - beta2)) + eps), (m, v, 0)


@wrong
def stores_corrected_moments(w, g, state, lr, beta1, beta2, eps):
    """The first step is right, then the correction is applied again to what was corrected before: you have stored the
    corrected averages. They are for this step only; the state keeps the plain ones."""
    m, v, t = _memories(g, state, beta1, beta2)
    m, v = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * m / (np.sqrt(v) + eps), (m, v, t)


@wrong
def state_forgotten(w, g, state, lr, beta1, beta2, eps):
    """The first step is right, but every later one is a first step again: what you put into the `state` is not used, or
    forgotten."""
    return w - lr * g / (np.abs(g) + eps), state


@wrong
def not_per_coordinate(w, g, state, lr, beta1, beta2, eps):
    """All coordinates share one `v`, made from the length of the whole gradient. In Adam every coordinate has a `v` of
    its own: squares coordinate by coordinate, no sum."""
    m, v, t = (0.0, 0.0, 0) if state is None else state
    m, v, t = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * np.sum(g**2), t + 1
    return w - lr * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps), (m, v, t)


@wrong
def mean_over_coordinates(w, g, state, lr, beta1, beta2, eps):
    """All coordinates share one `v`, the mean of their squares. In Adam every coordinate has a `v` of its own: no mean
    over the coordinates."""
    m, v, t = (0.0, 0.0, 0) if state is None else state
    m, v, t = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * np.mean(g**2), t + 1
    return w - lr * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps), (m, v, t)


@wrong
def sign(w, g, state, lr, beta1, beta2, eps):
    """A sign: your step goes uphill, along the average slope instead of against it."""
    m, v, t = _memories(g, state, beta1, beta2)
    return w + lr * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps), (m, v, t)


@wrong
def no_root(w, g, state, lr, beta1, beta2, eps):
    """You divide by the mean square itself. Its root is missing: with it, the units of the slope cancel, and a steep
    slope no longer makes a small step."""
    m, v, t = _memories(g, state, beta1, beta2)
    return w - lr * m / (1 - beta1**t) / (v / (1 - beta2**t) + eps), (m, v, t)


@wrong
def betas_swapped(w, g, state, lr, beta1, beta2, eps):
    """The two betas are swapped: `beta1` belongs to the average of the slopes, `beta2` to that of their squares."""
    m, v, t = _memories(g, state, beta2, beta1)
    return w - lr * m / (1 - beta2**t) / (np.sqrt(v / (1 - beta1**t)) + eps), (m, v, t)


@wrong
def whole_gradient_enters(w, g, state, lr, beta1, beta2, eps):
    """The new slope enters `m` whole, as in this course's momentum. Adam averages: the new gradient gets the weight
    1 − β₁."""
    m, v, t = (0.0, 0.0, 0) if state is None else state
    m, v, t = beta1 * m + g, beta2 * v + (1 - beta2) * g**2, t + 1
    return w - lr * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps), (m, v, t)


@wrong
def whole_square_enters(w, g, state, lr, beta1, beta2, eps):
    """The new square enters `v` whole. Adam averages in the denominator too: the new square gets the weight 1 − β₂."""
    m, v, t = (0.0, 0.0, 0) if state is None else state
    m, v, t = beta1 * m + (1 - beta1) * g, beta2 * v + g**2, t + 1
    return w - lr * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps), (m, v, t)


@wrong
def no_epsilon(w, g, state, lr, beta1, beta2, eps):
    """A coordinate that has never seen a slope gives 0/0, which is nan. That is what epsilon, `eps`, is for."""
    m, v, t = _memories(g, state, beta1, beta2)
    return w - lr * m / (1 - beta1**t) / np.sqrt(v / (1 - beta2**t)), (m, v, t)


@wrong
def eps_typed_in(w, g, state, lr, beta1, beta2, eps):
    """Your ε is a number of your own, perhaps 1e-8: `eps`, the argument, is not used. Where slopes are small, a larger ε makes shorter steps."""
    return adam_step(w, g, state, lr, beta1, beta2, 1e-8)


@wrong
def mutates(w, g, state, lr, beta1, beta2, eps):
    """The numbers are right, but `w -= …` has changed the caller's own array. Make a new one, with `w = w - …`."""
    m, v, t = _memories(g, state, beta1, beta2)
    w -= lr * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return w, (m, v, t)


@wrong
def slope_in_place_of_the_memory(w, g, state, lr, beta1, beta2, eps):
    """Above the line stands the slope g of this step. There the memory m belongs, the average of the slopes, corrected."""
    _, v, t = (0.0, 0.0, 0) if state is None else state
    t, v = t + 1, beta2 * v + (1 - beta2) * g**2
    return w - lr * g / (np.sqrt(v / (1 - beta2**t)) + eps), (None, v, t)


@wrong
def product_for_power_everywhere(w, g, state, lr, beta1, beta2, eps):
    """Your corrections use squares of β, or another fixed power, whatever t is. The power is t: it grows with the steps."""
    m, v, t = (0.0, 0.0, 0) if state is None else state
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
    return w - lr * m / (1 - beta1**2) / (np.sqrt(v / (1 - beta2**2)) + eps), (m, v, t + 1)


@wrong
def multiplied_corrections(w, g, state, lr, beta1, beta2, eps):
    """You multiply by 1 − βᵗ, and so make the first memories smaller still. They are too small: divide."""
    m, v, t = (0.0, 0.0, 0) if state is None else state
    t = t + 1
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
    return w - lr * m * (1 - beta1**t) / (np.sqrt(v * (1 - beta2**t)) + eps), (m, v, t)


@wrong
def slope_not_squared_in_v(w, g, state, lr, beta1, beta2, eps):
    """Your `v` averages the sizes of the slopes, or the slopes themselves, not their squares."""
    m, v, t = (0.0, 0.0, 0) if state is None else state
    t = t + 1
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * np.abs(g)
    return w - lr * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps), (m, v, t)


@wrong
def same_beta_twice(w, g, state, lr, beta1, beta2, eps):
    """`beta1` stands in both memories. The one of the squares has its own: `beta2`."""
    return adam_step(w, g, state, lr, beta1, beta1, eps)
