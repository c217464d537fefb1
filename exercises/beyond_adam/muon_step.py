"""One step of Muon."""

import numpy as np

from gdcourse import newton_schulz
from gdcourse.exercises import right, wrong

points = 2
minutes = 15
section = "Muon"
prompt = r"""
Write one step of Muon for the weights of one layer: `muon_step(W, G, M, lr, beta)`.

$$M \leftarrow \beta M + G, \qquad O = \operatorname{orthogonalise}(G + \beta M), \qquad W \leftarrow W - \eta\,O$$

First the memory takes in the new gradient.
Then the step looks ahead as Nesterov's momentum does, so *what is orthogonalised is the gradient plus β times the new memory*.
At last all directions of that matrix are made equally strong, and W moves by the learning rate in each of them.

For the second step use `newton_schulz(matrix)`, with `from gdcourse import newton_schulz`; your own `orthogonalise` with many steps and an exact decomposition are accepted as well.
`W`, the weights, `G`, the gradient, and `M`, the old memory, are arrays of one shape (m, n), and stay as they are; `lr` (η) and `beta` (β) are numbers.
Return two arrays of that shape, `(W, M)`: first the new weights, then the new memory.

For example, with β = 0.5, η = 0.1, W = 0, M = 0 and `G = [[8, 0], [0, 2]]` the memory becomes G.
Orthogonalised is `[[12, 0], [0, 3]]`; that gives about `[[1, 0], [0, 1]]`, so W becomes about `[[-0.1, 0], [0, -0.1]]`.
"""
hints = [
    "Three lines, in the order of the formulas. The second one needs the *new* memory.",
    "The memory keeps gradients, as in momentum. Nothing that has been orthogonalised goes into it.",
    "With a constant gradient and a memory of zero, G + βM is G times a number: its directions are those of G.",
]
praise = "That is the whole of Muon: momentum, and between the memory and the weights a matrix whose singular values are all near 1."
why = r"""
Momentum, then the orthogonaliser: the order is everything.

- **Orthogonalise before the memory**, and the memory adds up matrices that have lost their size. A noisy direction that has changed its sign ten times then counts as much as one that has not.
- **Orthogonalise after it**, and the memory first averages the noise away. What is left is made equally strong.

The length of the gradient drops out, as in sign descent: multiply the loss by a thousand, and W walks the same path.

With $\beta M + (1-\beta) G$ as the memory and $(1-\beta) G + \beta M$ as the look-ahead, as in `torch.optim.Muon`, the path is the same.
The matrices differ by a number in front, and the first line of the orthogonaliser divides it out.
Here the sum is asked for, because M is compared.

PyTorch multiplies the step by $\sqrt{\max(1, m/n)}$ besides, and shrinks the weights by ηδ.
A bias has no singular values: vectors, embeddings and the last layer are left to AdamW.
"""

tolerance = 1e-6


def cases(rng):
    yield np.zeros((2, 2)), np.diag([8.0, 2.0]), np.zeros((2, 2)), 0.1, 0.5
    yield np.array([[1.0, -2.0], [0.5, 3.0]]), np.diag([40.0, -1.0]), np.zeros((2, 2)), 0.1, 0.9  # one weak direction
    fixed = np.random.default_rng(3)
    yield from (_case(fixed, 2, 2, 0.1, 0.9), _case(fixed, 2, 3, 0.02, 0.8))
    for m, n in (3, 3), (4, 2), (2, 5):
        yield _case(rng, m, n, float(rng.uniform(0.02, 0.2)), float(rng.choice([0.6, 0.8, 0.9])))


def _case(rng, m, n, lr, beta):
    """Return a case in which the matrix to orthogonalise has one strong, one weak and perhaps one middle direction."""
    U, V = (np.linalg.qr(rng.normal(size=(size, min(m, n))))[0] for size in (m, n))
    ahead = U * np.array([60.0, 3.0, 15.0])[: min(m, n)] @ V.T  # this is the matrix to orthogonalise, G + β (β M + G)
    M = 25 * rng.normal(size=(m, n))
    return rng.normal(size=(m, n)), (ahead - beta**2 * M) / (1 + beta), M, lr, beta


def _near_one(step, ahead):
    """Return the step with its singular values moved to 1 if they are near 1: then every good orthogonaliser gives the
    same step. A good step times a number stays as it is: its length is wrong.

    ahead: the matrix that is orthogonalised.
    """
    if not np.isfinite(step).all():
        return step
    U, s, Vt = np.linalg.svd(step, full_matrices=False)
    for good in np.ones(len(s)), np.linalg.svd(newton_schulz(ahead), compute_uv=False):
        if np.ptp(s / good) < 1e-6 and abs(s[0] / good[0] - 1) > 1e-3:
            return step
    return U @ Vt if len(s) and 0.6 < s.min() and s.max() < 1.3 else step


def run(answer, W, G, M, lr, beta):
    """Return the weights and the memory. The step, in units of the rate, gets singular values of 1 if
    they are near 1."""
    got = answer(W, G, M, lr, beta)
    if not isinstance(got, (tuple, list)) or len(got) != 2 or any(np.shape(part) != np.shape(W) for part in got):
        return got
    new, memory = (np.asarray(part, dtype=float) for part in got)
    return W - lr * _near_one((W - new) / lr, G + beta * (beta * M + G)), memory


def muon_step(W, G, M, lr, beta):
    """Return (W, M) after one step of Muon."""
    M = beta * M + G
    O = newton_schulz(G + beta * M)  # noqa: E741  the name of the formula
    return W - lr * O, M


def _polar(G):
    U, _, Vt = np.linalg.svd(G, full_matrices=False)
    return U @ Vt


@right
def exact(W, G, M, lr, beta):
    M = beta * M + G
    return W - lr * _polar(G + beta * M), M


@right
def with_a_cubic_polynomial(W, G, M, lr, beta):
    M = M * beta + G
    X = M * beta + G
    X = X / np.linalg.norm(X)
    for _ in range(25):
        X = 1.5 * X - 0.5 * X @ X.T @ X
    return W - lr * X, M


@right
def five_steps_written_out(W, G, M, lr, beta):
    new = beta * M + G
    X = (G + beta * new).T if len(G) > len(G.T) else G + beta * new
    X = X / (np.linalg.norm(X) + 1e-7)
    for _ in range(5):
        A = X @ X.T
        X = 3.4445 * X + (-4.775 * A + 2.0315 * A @ A) @ X
    return W - lr * (X.T if len(G) > len(G.T) else X), new


@right
def more_steps(W, G, M, lr, beta):
    M = beta * M + G
    return [W - lr * newton_schulz(G + beta * M, 12), M]


@right
def look_ahead_in_one_formula(W, G, M, lr, beta):
    """G + β(βM + G) = (1 + β) G + β² M, and a positive number in front does not count."""
    ahead = G + beta**2 / (1 + beta) * M
    return W - lr * newton_schulz(ahead), G + beta * M


@right
def averaged_for_the_step_only(W, G, M, lr, beta):
    mean = beta * (1 - beta) * M + (1 - beta) * G
    return W - lr * newton_schulz((1 - beta) * G + beta * mean), beta * M + G


@wrong
def orthogonalises_before_momentum(W, G, M, lr, beta):
    """You orthogonalise the gradient and put the result into the memory. The memory then adds up matrices that have lost their size, and the step is no longer orthogonal. Which comes first, the memory or the orthogonaliser?"""
    M = beta * M + newton_schulz(G)
    return W - lr * M, M


@wrong
def orthogonalises_twice(W, G, M, lr, beta):
    """You orthogonalise the gradient before it goes into the memory, and the step once more. The memory should keep the gradients as they are."""
    O = newton_schulz(G)  # noqa: E741
    M = beta * M + O
    return W - lr * newton_schulz(O + beta * M), M


@wrong
def remembers_the_step(W, G, M, lr, beta):
    """The step is right, but the memory you return is the orthogonalised matrix. The next step needs the sum of gradients."""
    M = beta * M + G
    O = newton_schulz(G + beta * M)  # noqa: E741
    return W - lr * O, O


@wrong
def nesterov_missing(W, G, M, lr, beta):
    """You orthogonalise βM + G, which is the new memory alone: Muon without the look-ahead. In the look-ahead stands the gradient plus β times the *new* memory, so the memory has to be renewed first."""
    M = beta * M + G
    return W - lr * newton_schulz(M), M


@wrong
def memory_plus_beta_gradient(W, G, M, lr, beta):
    """You orthogonalise M + βG: the β stands at the wrong one of the two. The look-ahead is the gradient plus β times the memory."""
    M = beta * M + G
    return W - lr * newton_schulz(M + beta * G), M


@wrong
def beta_missing_in_the_look_ahead(W, G, M, lr, beta):
    """You orthogonalise G + M, without the β of the look-ahead."""
    M = beta * M + G
    return W - lr * newton_schulz(G + M), M


@wrong
def gradient_only(W, G, M, lr, beta):
    """You orthogonalise the gradient alone: the memory has no say in the step, and `beta` only matters for what you return."""
    return W - lr * newton_schulz(G), beta * M + G


@wrong
def not_orthogonalised(W, G, M, lr, beta):
    """You step along G + βM itself: that is Nesterov's momentum. A strong direction takes a long step and a weak one a short one: the orthogonaliser is missing."""
    M = beta * M + G
    return W - lr * (G + beta * M), M


@wrong
def divided_by_its_length(W, G, M, lr, beta):
    """You divide the matrix by its length. Its directions keep their ratio: the strong ones stay strong. All singular values should become nearly 1, each by itself."""
    M = beta * M + G
    X = G + beta * M
    return W - lr * X / np.linalg.norm(X), M


@wrong
def sign_of_the_entries(W, G, M, lr, beta):
    """You take the sign of each entry, as Lion does. Muon treats the matrix as a whole: its singular values become 1, not its entries."""
    M = beta * M + G
    return W - lr * np.sign(G + beta * M), M


@wrong
def one_newton_schulz_step(W, G, M, lr, beta):
    """One step of Newton–Schulz is not enough: the weak directions are still weak. Call the function with nothing but the matrix, and it does five."""
    M = beta * M + G
    return W - lr * newton_schulz(G + beta * M, 1), M


@wrong
def uphill(W, G, M, lr, beta):
    """You add the step, so W climbs. The gradient points uphill: the step goes against it."""
    M = beta * M + G
    return W + lr * newton_schulz(G + beta * M), M


@wrong
def no_rate(W, G, M, lr, beta):
    """You move by a whole 1 in every direction. Either the learning rate is not used, or it stands inside, where the orthogonaliser divides it out again. It belongs in front of O."""
    M = beta * M + G
    return W - newton_schulz(G + beta * M), M


@wrong
def averages(W, G, M, lr, beta):
    """Your memory averages, with 1 − β before the gradient. W walks the same path, for a number in front is divided out; but M is asked for as a sum: βM + G."""
    M = beta * M + (1 - beta) * G
    return W - lr * newton_schulz((1 - beta) * G + beta * M), M


@wrong
def memory_not_renewed(W, G, M, lr, beta):
    """The step is right, and the memory you return is the old one: every later step would forget this gradient."""
    return W - lr * newton_schulz(G + beta * (beta * M + G)), M


@wrong
def scaled_by_the_length(W, G, M, lr, beta):
    """You multiply the orthogonal matrix by the length of the gradient. How steep it is has no say in Muon: the rate alone is the size of the step."""
    M = beta * M + G
    X = G + beta * M
    return W - lr * np.linalg.norm(X) * newton_schulz(X), M


@wrong
def weights_orthogonalised(W, G, M, lr, beta):
    """You orthogonalise the new weights. What is orthogonalised is the step; the weights may be any matrix."""
    M = beta * M + G
    return newton_schulz(W - lr * (G + beta * M)), M


@wrong
def mutates(W, G, M, lr, beta):
    """You write into the memory that you were given (`M *= …`): the caller's array changes behind their back. Make a new one: `M = …`."""
    M *= beta
    M += G
    return W - lr * newton_schulz(G + beta * M), M
