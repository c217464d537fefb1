"""Three conventions, one path."""

import numpy as np

from gdcourse.exercises import right, wrong

starter = '''
def convert(lr, beta, src, dst):
    """Return (lr, beta) for dst that walk the path of (lr, beta) in src."""
    ...
'''
minutes = 20
points = 2
section = "Three conventions: which momentum is yours?"
prompt = r"""
Three codes call their method momentum:

| name | memory | step | used by |
|---|---|---|---|
| `"outside"` | $m \leftarrow \beta m + g$ | $w \leftarrow w - \eta m$ | this course, PyTorch, optax |
| `"inside"` | $m \leftarrow \beta m - \eta g$ | $w \leftarrow w + m$ | Keras, scikit-learn, many papers |
| `"ema"` | $m \leftarrow \beta m + (1 - \beta) g$ | $w \leftarrow w - \eta m$ | Adam's first half, some textbooks |

Write `convert(lr, beta, src, dst)`: given a *constant* rate and β for the convention `src`, return the pair `(lr, beta)` with which the convention `dst` walks exactly the same path.

For example, `convert(0.1, 0.5, "outside", "ema")` is (0.2, 0.5).
"""
hints = [
    "Write down the first two steps of each from the same start, with a memory of zero, and compare.",
    "In two of the three the first step is η g. In the third it is η (1 − β) g.",
    'β never changes. Go through "outside": first turn `src` into it, then turn it into `dst`.',
]
praise = "Next time somebody tells you that a momentum formula is wrong, you can answer: which convention?"
why = r"""
Follow a constant rate.

*Inside* is *outside* with the memory multiplied by $-\eta$: if $m' = -\eta m$, then $m' \leftarrow \beta m' - \eta g$ and $w \leftarrow w + m'$ are the same two lines.
So (η, β) stay as they are.
That holds as long as η does; when the rate drops, the memory inside still carries the old one, and the paths part.

*Ema* is *outside* with the memory multiplied by $1 - \beta$: $m' = (1 - \beta) m$ gives $m' \leftarrow \beta m' + (1 - \beta) g$.
A step is $\eta' m' = \eta' (1 - \beta) m$, which is $\eta m$ when $\eta' = \eta / (1 - \beta)$.

So only the way to and from the moving average changes the rate, by the factor $1 - \beta$; at β = 0 not even that.

At β = 0.9 it is a factor of ten: whoever copies a rate from one code into the other is off by that much.
"""
NAMES = ("outside", "inside", "ema")


def cases(rng):
    yield 0.1, 0.5, "outside", "ema"
    yield 0.2, 0.5, "ema", "outside"
    yield 0.1, 0.9, "outside", "inside"
    yield 0.1, 0.9, "inside", "ema"
    yield 0.3, 0.8, "ema", "inside"
    yield 0.1, 0.0, "outside", "ema"
    for src in NAMES:
        for dst in NAMES:
            yield float(rng.uniform(0.01, 0.1)), float(rng.uniform(0.2, 0.95)), src, dst


def convert(lr, beta, src, dst):
    """Return (lr, beta) for dst that walk the path of (lr, beta) in src."""
    outside = lr * (1 - beta) if src == "ema" else lr
    return (outside / (1 - beta) if dst == "ema" else outside), beta


@right
def by_a_table(lr, beta, src, dst):
    factor = {
        ("ema", "outside"): 1 - beta,
        ("ema", "inside"): 1 - beta,
        ("outside", "ema"): 1 / (1 - beta),
        ("inside", "ema"): 1 / (1 - beta),
    }
    return np.array([lr * factor.get((src, dst), 1.0), beta])


@right
def by_the_first_step(lr, beta, src, dst):
    first = {"outside": 1.0, "inside": 1.0, "ema": 1.0 - beta}
    return lr * first[src] / first[dst], beta


@wrong
def identity(lr, beta, src, dst):
    """You change nothing. Between two of the three that is right, but the moving average takes in only (1 − β) of each slope: its steps come out shorter, and the rate has to make up for it."""
    return lr, beta


@wrong
def wrong_direction(lr, beta, src, dst):
    """You multiply by 1 − β where you should divide, and the other way round. The moving average holds a smaller number, (1 − β) times the memory outside, so it needs the larger rate."""
    return convert(lr, beta, dst, src)


@wrong
def changes_beta(lr, beta, src, dst):
    """You change β. It says how long the memory lasts, and that is the same in all three; only the rate is counted differently."""
    lr, _ = convert(lr, beta, src, dst)
    return lr, (beta if src == dst or "ema" not in (src, dst) else 1 - beta)


@wrong
def inside_differs(lr, beta, src, dst):
    """You treat the rate inside the memory as a different size. While the rate is constant it makes no difference whether each slope is multiplied by it on the way in or the memory on the way out."""
    size = {"outside": 1.0, "inside": 1.0 - beta, "ema": 1.0 - beta}
    return lr * size[src] / size[dst], beta


@wrong
def beta_for_one_minus_beta(lr, beta, src, dst):
    """Your factor is β, and it should be 1 − β: the share of the new slope that the moving average takes in, not the share of the memory that it keeps."""
    size = {"outside": 1.0, "inside": 1.0, "ema": beta if beta else 1.0}
    return lr * size[src] / size[dst], beta


@wrong
def beta_0(lr, beta, src, dst):
    """At β = 0 you go wrong: 0 is a number like any other, and `beta or …` and `if beta` take it for one that is missing. Without any memory all three conventions are the same, so nothing changes."""
    return convert(lr, beta or 0.9, src, dst)


@wrong
def one_way_only(lr, beta, src, dst):
    """You convert *to* the moving average, but not *from* it: the way back multiplies by what the way there divides by."""
    return (lr / (1 - beta) if dst == "ema" and src != "ema" else lr), beta


@wrong
def divides_always(lr, beta, src, dst):
    """You divide by 1 − β in both directions. There and back has to give the rate that you began with."""
    return (lr / (1 - beta) if (src == "ema") != (dst == "ema") else lr), beta


@wrong
def ema_to_itself(lr, beta, src, dst):
    """From the moving average to the moving average nothing should change, and yours changes the rate."""
    return (lr / (1 - beta) if dst == "ema" else lr * (1 - beta) if src == "ema" else lr), beta
