"""Adam with weight decay beside it."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 15
points = 2
section = "Weight decay is not L2 regularisation"
prompt = r"""
Write one step of AdamW: `adamw_step(w, g, state, lr, beta1, beta2, eps, weight_decay)`.

It is a step of Adam, and *beside* it the weights shrink by the share $\eta\,\delta$, where δ is `weight_decay`:

$$w \leftarrow w - \eta\,\frac{\hat m}{\sqrt{\hat v} + \varepsilon} - \eta\,\delta\,w .$$

The memories see the slope g alone.
`state` is `None` at the first step; whatever you return as state comes back at the next one.
Return `(w, state)`.

For example, with η = 0.1 and δ = 0.5, from w = `[2, 2, 2]` without any slope, g = 0, one step leads to `[1.9, 1.9, 1.9]`.
"""
hints = [
    "Start from your `adam_step`, unchanged: m, v, t, the two corrections, the step.",
    "The decay is one more term in the last line. It never meets m or v.",
    "It is η times δ times w: with a schedule for the rate, the decay follows it.",
]
praise = "The decay is a fixed share per step, for every weight alike: that is what decoupled means."
why = r"""
L2 regularisation adds $\tfrac\delta2\lVert w\rVert^2$ to the loss, and so $\delta w$ to the slope.
For plain gradient descent the step then shrinks w by ηδ: L2 and weight decay are the same thing.

In Adam the term $\delta w$ goes through m and v, and is divided by $\sqrt{\hat v}$.
A weight with steep slopes has a large v: it is hardly decayed at all.
And without any data slope δ *cancels*: $\delta w / |\delta w|$ is a sign, and the weight moves by about η a step whatever δ is.

AdamW takes the decay out of the memories and applies it to w itself.
Without a slope, 100 steps at η = 0.001 and δ = 0.1 leave $(1 - 0.0001)^{100} = 0.99005$ of a weight, exactly as one would expect.

Whether w shrinks before the Adam step or after makes a difference of the order η²δ: both are in use.
"""


def cases(rng):
    yield np.array([2.0, 3.0, 4.0]), np.zeros((2, 3)), 0.1, 0.9, 0.999, 1e-8, 0.5
    yield (
        np.array([10.0, 20.0, 30.0]),
        np.array([[2.0, -0.5, 1.0], [1.0, -3.0, 2.0], [-1.5, 0.8, 1.0]]),
        0.02,
        0.9,
        0.999,
        1e-8,
        0.8,
    )
    # the slopes are so small that ε matters
    yield np.array([-3.0]), np.array([[0.02], [0.01]]), 0.1, 0.8, 0.99, 1e-3, 0.5
    for d, steps in ((2, 4), (4, 6)):
        gradients = rng.uniform(0.5, 3, (steps, d)) * rng.choice([-1, 1], (steps, d))
        yield (
            rng.choice([-1, 1], d) * rng.uniform(20, 30, d),
            gradients,
            float(rng.uniform(0.01, 0.03)),
            float(rng.choice([0.8, 0.9])),
            0.99,
            1e-8,
            float(rng.uniform(0.5, 1)),
        )


def run(answer, w, gradients, lr, beta1, beta2, eps, weight_decay):
    """Return the points after each step. The state may be of any type: it is only handed on to the next step."""
    state, path = None, []
    for g in gradients:
        w, state = answer(w, g, state, lr, beta1, beta2, eps, weight_decay)
        path.append(np.array(w, dtype=float))
    return np.array(path)


def also(*args):
    """Yield the results with ε in each place where it may stand, as in `adam_step`."""
    for below in (_outside, _inside, _squared_inside, _below_the_plain_root):
        yield run(lambda *a, below=below: decay_beside(*a, below=below), *args)


def _outside(v, beta2, t, eps):
    return np.sqrt(v / (1 - beta2**t)) + eps


def _inside(v, beta2, t, eps):
    return np.sqrt(v / (1 - beta2**t) + eps)


def _squared_inside(v, beta2, t, eps):
    return np.sqrt(v / (1 - beta2**t) + eps**2)


def _below_the_plain_root(v, beta2, t, eps):
    return (np.sqrt(v) + eps) / np.sqrt(1 - beta2**t)


def _adam(w, g, state, lr, beta1, beta2, eps, below=_outside):
    m, v, t = (0.0, 0.0, 0) if state is None else state
    m, v, t = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2, t + 1
    return lr * (m / (1 - beta1**t)) / below(v, beta2, t, eps), (m, v, t)


def adamw_step(w, g, state, lr, beta1, beta2, eps, weight_decay):
    """Return (w, state) after one step of AdamW; state is None at first."""
    m, v, t = (0.0, 0.0, 0) if state is None else state
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps) - lr * weight_decay * w, (m, v, t)


@right
def decay_first(w, g, state, lr, beta1, beta2, eps, weight_decay):
    w = w * (1 - lr * weight_decay)
    step, state = _adam(w, g, state, lr, beta1, beta2, eps)
    return w - step, state


def decay_beside(w, g, state, lr, beta1, beta2, eps, weight_decay, below=_outside):
    step, state = _adam(w, g, state, lr, beta1, beta2, eps, below)
    return w - step - lr * weight_decay * w, state


@wrong
def decay_of_the_new_weights(w, g, state, lr, beta1, beta2, eps, weight_decay, below=_outside):
    """You take the step of Adam first and shrink the *new* weights afterwards. In the formula the share η δ is taken of the old w: both changes start from the same weights."""
    step, state = _adam(w, g, state, lr, beta1, beta2, eps, below)
    w = w - step
    return w - lr * weight_decay * w, state


@right
def one_rate_for_both(w, g, state, lr, beta1, beta2, eps, weight_decay):
    m, v, t = state if state else (np.zeros(len(w)), np.zeros(len(w)), 0)
    t += 1
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
    direction = m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps) + weight_decay * w
    return w - lr * direction, [m, v, t]


@wrong
def l2_in_gradient(w, g, state, lr, beta1, beta2, eps, weight_decay):
    """You add the decay to the slope, so it goes through both memories and is divided by √v: that is Adam with L2. Without a data slope δ cancels, and the weight moves by the whole rate. Let the decay pass *beside* the memories."""
    step, state = _adam(w, g + weight_decay * w, state, lr, beta1, beta2, eps)
    return w - step, state


@wrong
def decay_without_lr(w, g, state, lr, beta1, beta2, eps, weight_decay):
    """You shrink w by δ, without the rate: half of the weight is gone in one step. The share per step is η δ."""
    step, state = _adam(w, g, state, lr, beta1, beta2, eps)
    return w - step - weight_decay * w, state


@wrong
def no_decay(w, g, state, lr, beta1, beta2, eps, weight_decay):
    """A good Adam, and the decay is missing: without a slope your weights stay where they are."""
    step, state = _adam(w, g, state, lr, beta1, beta2, eps)
    return w - step, state


@wrong
def sign(w, g, state, lr, beta1, beta2, eps, weight_decay):
    """Your decay *grows* the weights: it has to be subtracted."""
    step, state = _adam(w, g, state, lr, beta1, beta2, eps)
    return w - step + lr * weight_decay * w, state


@wrong
def factor_two(w, g, state, lr, beta1, beta2, eps, weight_decay):
    """Your decay is twice too strong. There is no square here whose derivative would bring a 2: the share is η δ."""
    step, state = _adam(w, g, state, lr, beta1, beta2, eps)
    return w - step - 2 * lr * weight_decay * w, state


@wrong
def decay_in_the_adaptive_step(w, g, state, lr, beta1, beta2, eps, weight_decay):
    """The memories see the slope alone, as they should, but you divide the decay by √v together with m. It belongs beside the fraction."""
    m, v, t = (0.0, 0.0, 0) if state is None else state
    m, v, t = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2, t + 1
    return w - lr * (m / (1 - beta1**t) + weight_decay * w) / (np.sqrt(v / (1 - beta2**t)) + eps), (m, v, t)


@wrong
def no_bias_correction(w, g, state, lr, beta1, beta2, eps, weight_decay):
    """The decay is right, but Adam's memories are not corrected for their start at zero: the first steps are too long."""
    m, v, t = (0.0, 0.0, 0) if state is None else state
    m, v, t = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2, t + 1
    return w - lr * m / (np.sqrt(v) + eps) - lr * weight_decay * w, (m, v, t)


@wrong
def m_not_corrected(w, g, state, lr, beta1, beta2, eps, weight_decay):
    """The memory `v` is corrected for its start at zero, `m` is not. Which division turns `m` into a true average?"""
    _, (m, v, t) = _adam(w, g, state, lr, beta1, beta2, eps)
    return w - lr * m / (np.sqrt(v / (1 - beta2**t)) + eps) - lr * weight_decay * w, (m, v, t)


@wrong
def v_not_corrected(w, g, state, lr, beta1, beta2, eps, weight_decay):
    """The memory `m` is corrected for its start at zero, `v` is not. Which division turns `v` into a true average?"""
    _, (m, v, t) = _adam(w, g, state, lr, beta1, beta2, eps)
    return w - lr * m / (1 - beta1**t) / (np.sqrt(v) + eps) - lr * weight_decay * w, (m, v, t)


@wrong
def one_correction_for_both(w, g, state, lr, beta1, beta2, eps, weight_decay):
    """You correct both memories by the same factor, and `v` was built with another β than `m`. Each memory is divided by what its own β has left out: `v` needs `beta2` in its correction."""
    _, (m, v, t) = _adam(w, g, state, lr, beta1, beta2, eps)
    correction = 1 - beta1**t
    return w - lr * m / correction / (np.sqrt(v / correction) + eps) - lr * weight_decay * w, (m, v, t)


@wrong
def decay_in_m(w, g, state, lr, beta1, beta2, eps, weight_decay):
    """The decay goes into m, and is divided by √v with it: without a slope v is zero, and the weight explodes. Let the decay pass *beside* both memories."""
    m, v, t = (0.0, 0.0, 0) if state is None else state
    m, v, t = beta1 * m + (1 - beta1) * (g + weight_decay * w), beta2 * v + (1 - beta2) * g**2, t + 1
    return w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), (m, v, t)


@wrong
def t_not_counted(w, g, state, lr, beta1, beta2, eps, weight_decay):
    """The decay is right, and so is the first step; then `t` stays at 1. The count has to travel in the state and grow by 1 each time."""
    m, v, _ = (0.0, 0.0, 0) if state is None else state
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
    return w - lr * m / (1 - beta1) / (np.sqrt(v / (1 - beta2)) + eps) - lr * weight_decay * w, (m, v, 0)


@wrong
def eps_typed_in(w, g, state, lr, beta1, beta2, eps, weight_decay):
    """Your ε is a number of your own, perhaps 1e-8: `eps`, the argument, is not used. Where slopes are small, a larger ε makes shorter steps."""
    return adamw_step(w, g, state, lr, beta1, beta2, 1e-8, weight_decay)


@wrong
def decay_towards_the_sign(w, g, state, lr, beta1, beta2, eps, weight_decay):
    """You subtract η δ times the *sign* of w. Weight decay takes a share of the weight itself: large weights shrink more."""
    step, state = _adam(w, g, state, lr, beta1, beta2, eps)
    return w - step - lr * weight_decay * np.sign(w), state


for _below in (_inside, _squared_inside, _below_the_plain_root):
    wrong(like=decay_of_the_new_weights)(lambda *a, below=_below: decay_of_the_new_weights(*a, below=below))


@wrong
def only_the_decay_is_kept(w, g, state, lr, beta1, beta2, eps, weight_decay):
    """Of w only the share that should go is kept: the weight is multiplied by the decay. Keep w, and take η δ w away from it."""
    step, state = _adam(w, g, state, lr, beta1, beta2, eps)
    return weight_decay * w - step, state


@wrong(like=only_the_decay_is_kept)
def only_the_share_is_kept(w, g, state, lr, beta1, beta2, eps, weight_decay):
    step, state = _adam(w, g, state, lr, beta1, beta2, eps)
    return lr * weight_decay * w - step, state


@wrong
def decay_of_the_square(w, g, state, lr, beta1, beta2, eps, weight_decay):
    """You subtract a share of w², the penalty itself. Weight decay takes a share of w: a square too many."""
    step, state = _adam(w, g, state, lr, beta1, beta2, eps)
    return w - step - lr * weight_decay * w**2, state


@wrong
def fixed_pull(w, g, state, lr, beta1, beta2, eps, weight_decay):
    """You subtract the same amount from every weight: w is missing in the last term. A large weight loses more than a small one, a share of itself."""
    step, state = _adam(w, g, state, lr, beta1, beta2, eps)
    return w - step - lr * weight_decay, state


@wrong
def decay_of_the_step(w, g, state, lr, beta1, beta2, eps, weight_decay):
    """You shrink the step, not the weight. The share η δ is taken of w."""
    step, state = _adam(w, g, state, lr, beta1, beta2, eps)
    return w - step * (1 - lr * weight_decay), state
