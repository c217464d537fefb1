"""One step of Lion."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 10
section = "Sign descent and Lion"
prompt = r"""
Write one step of Lion: `lion_step(w, g, m, lr, beta1, beta2, weight_decay)`.

$$c = \beta_1 m + (1 - \beta_1)\,g$$

$$w \leftarrow w - \eta\,\big(\operatorname{sign}(c) + \delta\,w\big), \qquad m \leftarrow \beta_2 m + (1 - \beta_2)\,g$$

`g` is the gradient, `m` the memory, $\delta$ is `weight_decay`, and the sign is taken entry by entry.
The two mixtures of old memory and new gradient are different: $c$ gives the direction of this step, and the new $m$ is what is remembered for the next one.

`w`, `g` and `m` have the shape `(d,)` and stay as they are.
Return the pair `(w, m)`.

For example, with η = 0.1, β₁ = 0.9, β₂ = 0.99, no weight decay, w = `[1, 1, 1]`, m = `[0.5, -0.5, 0.1]` and g = `[-2, 2, 3]` the mixture is c = `[0.25, -0.25, 0.39]`.
So the step leads to w = `[0.9, 1.1, 0.9]`, and the new memory is m = `[0.475, -0.475, 0.129]`.
"""
hints = [
    "Three lines: c, the new w, the new m. The old m is needed in the first line and in the last one.",
    "The sign is taken of the mixture c, not of the gradient and not of the memory alone.",
    "The decay is a share of the weight itself, and it stands beside the sign: it never meets the memory.",
]
praise = "One memory instead of Adam's two, and every weight moves by exactly the learning rate: that is Lion."
why = r"""
Lion has *two* mixtures of the same two things.

- $c = \beta_1 m + (1-\beta_1) g$ decides the direction. With $\beta_1 = 0.9$ the new gradient counts a tenth.
- $m = \beta_2 m + (1-\beta_2) g$ is what is remembered. With $\beta_2 = 0.99$ the new gradient counts a hundredth.

So the step listens more to the newest gradient than the memory does, as in Nesterov's momentum.
The order matters for the same reason: c is made from the *old* m, otherwise the gradient would be counted twice.

The sign throws the size away: each entry of the step is $\pm\eta$.
That is why Lion's rate has to be smaller than Adam's (whose steps are mostly shorter than η), and its weight decay larger by the same factor: what shrinks a weight is the product ηδ.

With δ inside the memory the decay would be lost in the sign, as Adam loses it in the division.
"""


def cases(rng):
    yield np.ones(3), np.array([-2.0, 2.0, 3.0]), np.array([0.5, -0.5, 0.1]), 0.1, 0.9, 0.99, 0.0
    yield np.array([3.0, -2.0, 4.0]), np.array([-2.0, 2.0, 3.0]), np.array([0.5, -0.5, 0.1]), 0.1, 0.9, 0.99, 0.5
    # c and the mixture with β₂ have different signs
    yield np.array([2.0, -3.0]), np.array([-1.0, 1.0]), np.array([0.5, -0.5]), 0.2, 0.5, 0.9, 0.3
    yield np.array([2.0, -3.0]), np.array([-1.0, 1.0]), np.array([0.5, -0.5]), 0.2, 0.9, 0.5, 0.3
    # the old m and the new m give c different signs
    yield np.array([5.0, -5.0]), np.array([-1.0, 1.0]), np.array([1.2, -1.2]), 0.05, 0.5, 0.6, 0.2
    # a decay so strong that, put into the gradient, it turns the sign
    yield np.array([20.0, -30.0]), np.array([-1.0, 1.0]), np.array([-0.1, 0.1]), 0.05, 0.6, 0.9, 0.8
    yield np.array([20.0, -30.0]), np.array([-1.0, 1.0]), np.array([-0.1, 0.1]), 0.05, 0.6, 0.9, 0.1
    # for one weight every slope was 0
    yield np.array([4.0, 3.0]), np.array([0.0, 5.0]), np.array([0.0, -0.1]), 0.3, 0.8, 0.95, 0.4
    for d in (2, 5):
        g, m = rng.choice([-1, 1], (2, d)) * rng.uniform(0.5, 2, (2, d))
        yield (
            rng.choice([-1, 1], d) * rng.uniform(3, 9, d),
            g,
            m,
            float(rng.uniform(0.05, 0.3)),
            float(rng.uniform(0.3, 0.7)),
            float(rng.uniform(0.8, 0.95)),
            float(rng.uniform(0.1, 0.6)),
        )


def also(w, g, m, lr, beta1, beta2, weight_decay):
    """Yield the results with a sign of ±1 where every slope was 0: copysign and `c > 0` are in use, too."""
    c = beta1 * m + (1 - beta1) * g
    for zero in (1.0, -1.0):
        step = np.where(c == 0, zero, np.sign(c))
        yield w - lr * (step + weight_decay * w), beta2 * m + (1 - beta2) * g


def lion_step(w, g, m, lr, beta1, beta2, weight_decay):
    """Return (w, m) after one step of Lion."""
    c = beta1 * m + (1 - beta1) * g
    w = w - lr * (np.sign(c) + weight_decay * w)
    m = beta2 * m + (1 - beta2) * g
    return w, m


@right
def decay_first(w, g, m, lr, beta1, beta2, weight_decay):
    direction = np.sign(beta1 * m + (1 - beta1) * g)
    w = w * (1 - lr * weight_decay)
    return w - lr * direction, beta2 * m + (1 - beta2) * g


@right
def copysign(w, g, m, lr, beta1, beta2, weight_decay):
    step = np.copysign(lr, beta1 * m + (1 - beta1) * g)
    return w - step - lr * weight_decay * w, m + (1 - beta2) * (g - m)


@right
def where(w, g, m, lr, beta1, beta2, weight_decay):
    c = beta1 * m + (1 - beta1) * g
    sign = np.where(c > 0, 1, np.where(c < 0, -1, 0))
    return (1 - lr * weight_decay) * w - lr * sign, beta2 * m + (1 - beta2) * g


@right
def as_a_loop(w, g, m, lr, beta1, beta2, weight_decay):
    new_w, new_m = [], []
    for wi, gi, mi in zip(w, g, m):
        c = beta1 * mi + (1 - beta1) * gi
        new_w.append(wi - lr * ((c > 0) - (c < 0.0) * 1.0 + weight_decay * wi))
        new_m.append(beta2 * mi + (1 - beta2) * gi)
    return np.array(new_w), np.array(new_m)


@right
def memory_first_under_another_name(w, g, m, lr, beta1, beta2, weight_decay):
    remembered = m * beta2 + g * (1 - beta2)
    mixed = m * beta1 + g * (1 - beta1)
    return [w - lr * weight_decay * w - lr * np.sign(mixed), remembered]


@right
def by_the_ratio(w, g, m, lr, beta1, beta2, weight_decay):
    """Only the sign of the mixture counts, so it may be divided by a positive number."""
    c = g + beta1 / (1 - beta1) * m
    return w - lr * (np.sign(c) + weight_decay * w), beta2 * (m - g) + g


@wrong
def sign_of_g(w, g, m, lr, beta1, beta2, weight_decay):
    """You step against the sign of the gradient: that is sign descent, and one noisy gradient turns the step round. Which mixture is the sign taken of?"""
    return w - lr * (np.sign(g) + weight_decay * w), beta2 * m + (1 - beta2) * g


@wrong
def sign_of_old_memory(w, g, m, lr, beta1, beta2, weight_decay):
    """You step against the sign of the old memory alone: the new gradient has no say in this step. Where does c come from?"""
    return w - lr * (np.sign(m) + weight_decay * w), beta2 * m + (1 - beta2) * g


@wrong
def one_beta(w, g, m, lr, beta1, beta2, weight_decay):
    """You use β₁ for both mixtures, so the memory forgets as fast as the direction, and `beta2` is not used. How much of the new gradient is remembered?"""
    c = beta1 * m + (1 - beta1) * g
    return w - lr * (np.sign(c) + weight_decay * w), c


@wrong
def only_beta2(w, g, m, lr, beta1, beta2, weight_decay):
    """You step against the sign of the new memory: β₁ is not used. The direction should listen to the new gradient more than the memory does."""
    m = beta2 * m + (1 - beta2) * g
    return w - lr * (np.sign(m) + weight_decay * w), m


@wrong
def betas_swapped(w, g, m, lr, beta1, beta2, weight_decay):
    """The two β have changed places: the direction is mixed with β₂ and the memory with β₁. Which of the two mixtures is the step, and which is kept?"""
    c = beta2 * m + (1 - beta2) * g
    return w - lr * (np.sign(c) + weight_decay * w), beta1 * m + (1 - beta1) * g


@wrong
def m_before_w(w, g, m, lr, beta1, beta2, weight_decay):
    """You renew the memory first and then mix the direction from the *new* memory: the gradient is counted twice. Which m stands in c?"""
    m = beta2 * m + (1 - beta2) * g
    c = beta1 * m + (1 - beta1) * g
    return w - lr * (np.sign(c) + weight_decay * w), m


@wrong
def no_sign(w, g, m, lr, beta1, beta2, weight_decay):
    """You step along c itself: that is momentum, and steep weights take long steps. In Lion every weight moves by the same length: what is missing?"""
    c = beta1 * m + (1 - beta1) * g
    return w - lr * (c + weight_decay * w), beta2 * m + (1 - beta2) * g


@wrong
def divided_by_the_length(w, g, m, lr, beta1, beta2, weight_decay):
    """You divide the direction by its length: that is the steepest step of length 1 in the *ordinary* norm. The sign is taken entry by entry, and each entry is +1 or −1."""
    c = beta1 * m + (1 - beta1) * g
    return w - lr * (c / np.linalg.norm(c) + weight_decay * w), beta2 * m + (1 - beta2) * g


@wrong
def nan_without_a_slope(w, g, m, lr, beta1, beta2, weight_decay):
    """c / |c| is a sign, but not where c is 0: there it is 0/0, `nan`, and the weight is lost. Which function of NumPy knows the sign of 0?"""
    c = beta1 * m + (1 - beta1) * g
    with np.errstate(invalid="ignore"):
        return w - lr * (c / np.abs(c) + weight_decay * w), beta2 * m + (1 - beta2) * g


@wrong
def uphill(w, g, m, lr, beta1, beta2, weight_decay):
    """You add the sign, so every weight climbs. The gradient points uphill: the step goes against it."""
    c = beta1 * m + (1 - beta1) * g
    return w + lr * (np.sign(c) - weight_decay * w), beta2 * m + (1 - beta2) * g


@wrong
def decay_in_gradient(w, g, m, lr, beta1, beta2, weight_decay):
    """You add the decay to the gradient, so it goes into the memory and its size is lost in the sign: that is L2 regularisation. Let it stand beside the sign."""
    g = g + weight_decay * w
    c = beta1 * m + (1 - beta1) * g
    return w - lr * np.sign(c), beta2 * m + (1 - beta2) * g


@wrong
def decay_inside_the_sign(w, g, m, lr, beta1, beta2, weight_decay):
    """You add the decay to c before the sign is taken, so its size is lost: a weight of 20 shrinks no faster than one of 2. Where does the bracket of the sign end?"""
    c = beta1 * m + (1 - beta1) * g
    return w - lr * np.sign(c + weight_decay * w), beta2 * m + (1 - beta2) * g


@wrong
def no_decay(w, g, m, lr, beta1, beta2, weight_decay):
    """A good step of Lion, and the weight decay is missing: `weight_decay` is not used."""
    c = beta1 * m + (1 - beta1) * g
    return w - lr * np.sign(c), beta2 * m + (1 - beta2) * g


@wrong
def decay_without_lr(w, g, m, lr, beta1, beta2, weight_decay):
    """You shrink w by δ, without the learning rate. Look at the bracket in the task: η stands in front of both terms."""
    c = beta1 * m + (1 - beta1) * g
    return w - lr * np.sign(c) - weight_decay * w, beta2 * m + (1 - beta2) * g


@wrong
def decay_grows(w, g, m, lr, beta1, beta2, weight_decay):
    """Your decay makes the weights grow: it has the wrong sign. It is subtracted, like the step."""
    c = beta1 * m + (1 - beta1) * g
    return w - lr * np.sign(c) + lr * weight_decay * w, beta2 * m + (1 - beta2) * g


@wrong
def sum_not_mean(w, g, m, lr, beta1, beta2, weight_decay):
    """Your memory adds the whole gradient, as the momentum of this course does. Lion's memory is an average: the new gradient counts 1 − β."""
    c = beta1 * m + g
    return w - lr * (np.sign(c) + weight_decay * w), beta2 * m + g


@wrong
def memory_of_signs(w, g, m, lr, beta1, beta2, weight_decay):
    """You put the *sign* of the gradient into the memory. The memory keeps the gradient itself; the sign is taken only for the step."""
    c = beta1 * m + (1 - beta1) * g
    return w - lr * (np.sign(c) + weight_decay * w), beta2 * m + (1 - beta2) * np.sign(g)


@wrong
def memory_not_renewed(w, g, m, lr, beta1, beta2, weight_decay):
    """The step is right, and the memory you return is the old one: every later step would forget this gradient."""
    c = beta1 * m + (1 - beta1) * g
    return w - lr * (np.sign(c) + weight_decay * w), m


@wrong
def returns_the_direction(w, g, m, lr, beta1, beta2, weight_decay):
    """The second thing you return is the sign you stepped along. What the next step needs is the renewed memory."""
    c = np.sign(beta1 * m + (1 - beta1) * g)
    return w - lr * (c + weight_decay * w), c


@wrong
def mutates(w, g, m, lr, beta1, beta2, weight_decay):
    """You write into the array m that you were given (`m *= …`), so the caller's memory changes behind their back. Make a new array: `m = …`."""
    c = beta1 * m + (1 - beta1) * g
    w = w - lr * (np.sign(c) + weight_decay * w)
    m *= beta2
    m += (1 - beta2) * g
    return w, m


@wrong
def new_gradient_counts_most(w, g, m, lr, beta1, beta2, weight_decay):
    """In both mixtures the weights have changed places: you multiply the gradient by β and the memory by 1 − β. Which of the two should count most?"""
    c = beta1 * g + (1 - beta1) * m
    return w - lr * (np.sign(c) + weight_decay * w), beta2 * g + (1 - beta2) * m
