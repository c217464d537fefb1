"""All directions of a matrix, equally strong."""

import numpy as np

from gdcourse.exercises import right, wrong

points = 2
tolerance = 1e-5  # some answers add 1e-7 to the length: that is right, too
minutes = 15
section = "A matrix is not a vector"
prompt = r"""
Write `orthogonalise(G, steps)`: the Newton–Schulz iteration, which brings all singular values of a matrix that are not 0 towards 1, and turns none of its directions.

1. Begin with $X = G/\lVert G\rVert$, where $\lVert G\rVert$ is the root of the sum of the squares of all entries: no singular value is larger than 1 then.
2. `steps` times, replace X by

$$X \;\leftarrow\; \tfrac32\,X - \tfrac12\,X X^{\top} X .$$

All products are products of matrices.
`G` is an array of shape (m, n), square, wide or tall, and stays as it is; `steps` is a whole number, 1 or more.
Return X after exactly so many of these steps, an array of the same shape.

For example, `G = [[3, 0], [0, 4]]` has the length 5, so X begins with 0.6 and 0.8 on its diagonal.
One step makes 1.5 · 0.6 − 0.5 · 0.6³ = 0.792 of the first and 0.944 of the second; after many steps both are 1.
"""
hints = [
    "`@` multiplies matrices, `*` multiplies entry by entry. `X.T` is the transpose.",
    "What are the shapes of X, of its transpose, and of their product, if X is 2 by 5? Which order of the three fits?",
    "The length of the whole matrix is `np.linalg.norm(G)`. Divide by it once, before the loop.",
]
praise = "Five lines, no singular value decomposition: this is the heart of Muon."
why = r"""
Write $G = U S V^{\top}$, its singular value decomposition.
Then $X X^{\top} X = U S^3 V^{\top}$: in this product the inner $V^{\top} V$ and $U^{\top} U$ are unit matrices and vanish.
So a step does not touch U and V; each singular value s by itself goes to $\tfrac32 s - \tfrac12 s^3$.

That map has the fixed points 0 and 1, and from every s between 0 and √3 it leads to 1.
Above √5 it explodes: hence the division at the start.
Near 1 it converges quadratically, the error is squared (times 3/2) at each step.
A small s grows by half each time, so a hundredth needs about a dozen steps.

The whole thing is the sign function of numbers, which makes 1 of each positive one, lifted to matrices: $U V^{\top}$ is the *polar factor* of G, the orthogonal matrix that is nearest to it.

Muon uses a polynomial with a third term, $3.4445\,X - 4.775\,XX^{\top}X + 2.0315\,(XX^{\top})^2X$: it lifts small singular values 3.4-fold a step, and gives up that they end at exactly 1.
`newton_schulz` in gdcourse is that one.
The exact result, at a higher price, is `U @ Vt` with the two factors of `np.linalg.svd(G, full_matrices=False)`.
"""


def cases(rng):
    yield np.diag([3.0, 4.0]), 1
    yield np.diag([3.0, 4.0]), 6
    yield np.array([[1.0, 2.0, -1.0], [0.5, -1.5, 2.5]]), 4
    yield np.array([[1.0, 2.0], [-3.0, 0.5], [2.0, 1.0]]), 5
    yield np.array([[0.1, 0.3, 0.05], [-0.2, 0.1, 0.3], [0.25, -0.15, 0.2]]), 3  # a length below 1
    yield np.array([[20.0, -5.0, 7.0], [3.0, 30.0, -8.0], [-6.0, 4.0, 25.0]]), 7
    yield np.array([[1.0, 2.0, -1.0], [0.5, -1.5, 2.5]]), 12
    for m, n in (3, 3), (2, 4), (4, 3):
        G = rng.normal(size=(m, n)) * rng.uniform(1, 5) + 2 * np.eye(m, n)
        yield G, int(rng.integers(3, 9))


def _cubic(X, steps):
    for _ in range(steps):
        X = 1.5 * X - 0.5 * X @ X.T @ X
    return X


def _quintic(G, steps, a, b, c):
    X = G / np.linalg.norm(G)
    for _ in range(steps):
        A = X @ X.T
        X = a * X + (b * A + c * A @ A) @ X
    return X


def orthogonalise(G, steps):
    """Return a matrix like G, with singular values near 1."""
    X = G / np.linalg.norm(G)
    for _ in range(steps):
        X = 1.5 * X - 0.5 * X @ X.T @ X
    return X


@right
def in_its_wide_form(G, steps):
    X = G.T if G.shape[0] > G.shape[1] else G
    X = X / (np.sqrt(np.sum(X**2)) + 1e-7)
    for _ in range(steps):
        A = X @ X.T
        X = 1.5 * X - 0.5 * A @ X
    return X.T if G.shape[0] > G.shape[1] else X


@right
def each_singular_value_by_itself(G, steps):
    U, s, Vt = np.linalg.svd(G, full_matrices=False)
    s = s / np.sqrt(np.sum(s**2))
    for _ in range(steps):
        s = s * (3 - s**2) / 2
    return (U * s) @ Vt


@right
def product_from_the_left(G, steps):
    X = np.array(G, dtype=float) / np.sum(np.square(G)) ** 0.5
    for _ in range(steps):
        X = (3 * np.eye(len(X)) - X.dot(X.T)).dot(X) / 2
    return X


@right
def product_from_the_right(G, steps):
    X = G / np.sqrt((G * G).sum())
    for _ in range(steps):
        X = X @ (1.5 * np.eye(G.shape[1]) - 0.5 * (X.T @ X))
    return X


@right
def einsum(G, steps):
    X = G / np.sqrt(np.trace(G @ G.T))
    while steps > 0:
        X = 1.5 * X - 0.5 * np.einsum("ij,kj,kl->il", X, X, X)
        steps -= 1
    return X


@right
def recursion(G, steps):
    def again(X, k):
        return X if k == 0 else again(X + 0.5 * (X - X @ X.T @ X), k - 1)

    return again(G / np.linalg.norm(G, "fro"), steps)


@wrong
def exact_whatever_the_steps(G, steps):
    """You return the exact result, by a decomposition (SVD): `steps` makes no difference. The task asks for the matrix after so many steps of this iteration; after one step it is not there yet."""
    U, _, Vt = np.linalg.svd(G, full_matrices=False)
    return U @ Vt


@wrong(like=exact_whatever_the_steps)
def as_many_steps_as_it_takes(G, steps):
    return _cubic(G / np.linalg.norm(G), 60)


@wrong
def coefficients_of_muon(G, steps):
    """You take the polynomial of degree five and the coefficients that Muon uses: another iteration, whose singular values move about near 1 and do not settle there. The formula of the task has 3/2 and 1/2."""
    return _quintic(G, steps, 3.4445, -4.775, 2.0315)


@wrong
def degree_five(G, steps):
    """You take a polynomial of degree five, 15/8, −10/8 and 3/8. It converges too, but it is another iteration, and after a few steps it is elsewhere. The formula of the task has 3/2 and 1/2."""
    return _quintic(G, steps, 15 / 8, -10 / 8, 3 / 8)


@wrong
def largest_singular_value_is_one(G, steps):
    """You divide by the largest singular value (`ord=2`). That would do as a start, but the task divides by another length, the root of the sum of the squares of all entries, and after a few steps the two differ."""
    return _cubic(G / np.linalg.norm(G, 2), steps)


@wrong
def not_normalised(G, steps):
    """You begin with G itself. A singular value above √5 explodes, and a small matrix needs many more steps. What has to be done once, before the loop?"""
    with np.errstate(all="ignore"):
        return _cubic(G, steps)


@wrong
def transposed_product(G, steps):
    """Your three factors are X X Xᵀ: the transpose stands last. For a matrix that is not square the shapes do not even fit. Between which two factors must it stand, so that U and V are not turned?"""
    X = G / np.linalg.norm(G)
    for _ in range(steps):
        X = 1.5 * X - 0.5 * X @ X @ X.T
    return X


@wrong
def transpose_first(G, steps):
    """You begin the product with the transpose: Xᵀ X X. Write X as U S Vᵀ: which order of the three leaves U on the left and Vᵀ on the right?"""
    X = G / np.linalg.norm(G)
    for _ in range(steps):
        X = 1.5 * X - 0.5 * X.T @ X @ X
    return X


@wrong
def entry_by_entry(G, steps):
    """You cube the entries: `X * X * X` or `X ** 3` works entry by entry, and drives every entry to +1 or −1. That is the sign of the entries; here we want that of the singular values, with products of matrices."""
    X = G / np.linalg.norm(G)
    for _ in range(steps):
        X = 1.5 * X - 0.5 * X**3
    return X


@wrong
def no_transpose(G, steps):
    """You multiply X by itself three times, without a transpose. That cubes eigenvalues, not singular values, and asks for a square matrix. Where is the transpose?"""
    X = G / np.linalg.norm(G)
    for _ in range(steps):
        X = 1.5 * X - 0.5 * X @ X @ X
    return X


@wrong
def one_step(G, steps):
    """Only one step is done: `steps` is not used, or every turn of the loop begins from the start again. Small singular values have hardly grown by then."""
    return _cubic(G / np.linalg.norm(G), 1)


@wrong
def one_step_too_few(G, steps):
    """One step is missing: `range(1, steps)` has only steps − 1 of them."""
    return _cubic(G / np.linalg.norm(G), steps - 1)


@wrong
def one_step_too_many(G, steps):
    """You do one step more than asked: `range(steps + 1)` has steps + 1 of them."""
    return _cubic(G / np.linalg.norm(G), steps + 1)


@wrong
def scales_kept(G, steps):
    """You only divide by the length: the singular values keep their ratio, and a strong direction stays strong. The loop is missing, or its result is not kept."""
    return G / np.linalg.norm(G)


@wrong
def scaled_back(G, steps):
    """At the end you multiply by the length of G again. The singular values should be 1: how long G was is thrown away on purpose."""
    return _cubic(G / np.linalg.norm(G), steps) * np.linalg.norm(G)


@wrong
def plus(G, steps):
    """You add the cube instead of subtracting it: then every singular value grows, and those above 1 most. Put s = 1 into your step: it should stay 1."""
    X = G / np.linalg.norm(G)
    with np.errstate(all="ignore"):
        for _ in range(steps):
            X = 1.5 * X + 0.5 * X @ X.T @ X
    return X


@wrong
def coefficients_swapped(G, steps):
    """The two numbers have changed places: ½ X − 3⁄2 X Xᵀ X. Put s = 1 into your step: it should stay 1."""
    X = G / np.linalg.norm(G)
    for _ in range(steps):
        X = 0.5 * X - 1.5 * X @ X.T @ X
    return X


@wrong
def normalised_in_every_step(G, steps):
    """You divide by the length again in every step. The singular values then never reach 1: the *whole* matrix has the length 1, not each of its directions. Divide once, before the loop."""
    X = G
    for _ in range(steps):
        X = X / np.linalg.norm(X)
        X = 1.5 * X - 0.5 * X @ X.T @ X
    return X


@wrong
def normalised_at_the_end(G, steps):
    """At the end you divide by the length of the result, so its singular values are below 1: a matrix of k equal directions has the length √k. Let the last X stand."""
    X = _cubic(G / np.linalg.norm(G), steps)
    return X / np.linalg.norm(X)


@wrong
def squared_length(G, steps):
    """You divide by the sum of the squares: the root is missing. A long matrix then begins far too small, and a short one too large."""
    with np.errstate(all="ignore"):
        return _cubic(G / np.sum(G**2), steps)


@wrong
def largest_entry(G, steps):
    """You divide by the largest entry. That is not enough: a matrix of many middling entries has singular values far above its largest entry. Which length does the task name?"""
    with np.errstate(all="ignore"):
        return _cubic(G / np.abs(G).max(), steps)


@wrong
def product_with_g(G, steps):
    """Inside the loop you multiply by the first matrix again and again, instead of by the X of this step. Each step has to use its own X."""
    X = X0 = G / np.linalg.norm(G)
    for _ in range(steps):
        X = 1.5 * X - 0.5 * X @ X0.T @ X0
    return X


@wrong
def sign_of_the_entries(G, steps):
    """You take the sign of each entry: that is steepest in the max-norm. Here the *singular values* become 1, and the entries what they then are."""
    return np.sign(G)


@wrong
def svd_of_transpose(G, steps):
    """Your result is V Uᵀ, the transpose of what is wanted: it has the shape (n, m). Did you transpose a wide matrix and forget to turn it back, or exchange the two factors of the decomposition?"""
    U, _, Vt = np.linalg.svd(G, full_matrices=False)
    return (U @ Vt).T


@wrong
def v_not_transposed(G, steps):
    """`np.linalg.svd` gives the second factor already transposed. You transpose it once more, so the directions are turned: multiply the two as they come."""
    U, _, Vt = np.linalg.svd(G, full_matrices=False)
    return U @ Vt.T


@wrong
def q_of_qr(G, steps):
    """Q of a QR decomposition has singular values 1 too, but it is another matrix: it keeps the first column and bends the others. Wanted is the one that turns *no* direction of G."""
    return np.linalg.qr(G)[0]


@wrong
def each_row_of_length_one(G, steps):
    """You make every row 1 long. Rows that point nearly the same way still do, so one direction stays strong. Each *singular value* should become 1."""
    return G / np.linalg.norm(G, axis=1, keepdims=True)


@wrong
def mutates(G, steps):
    """You write into the matrix that you were given (`G /= …`): the caller's gradient changes behind their back. Make a new one: `X = G / …`."""
    G /= np.linalg.norm(G)
    return _cubic(G, steps)
