"""A perfectly round bowl."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 20
points = 2
section = "What standardising cannot fix: correlation"
prompt = r"""
Standardising makes each column's std 1, but two columns that move together still make a valley.
Write `whiten(X)`: return a table of the same shape whose columns have mean 0, std 1 *and no correlation*, made from X by shifting and a linear map.

In symbols: for the result Z, every column has mean 0 and $\frac1n Z^\top Z$ is the identity.
(With $n - 1$ in place of $n$ is fine too. Any rotation of a right answer is right.)

`X` has shape `(n, d)` with $n > d$, and no column is constant or follows from the others.
For example, after whitening a table with 3 columns, `np.cov(Z.T)` is a multiple of `np.eye(3)`.
"""
hints = [
    "Centre first. Then look at the covariance matrix C = XᵀX/n: it is symmetric, so `np.linalg.eigh` gives its axes and the variances along them.",
    "Turn the table so that its axes are those of C: multiply by the matrix of eigenvectors. Now the columns are uncorrelated; what about their std?",
    "Divide each turned column by the square root of its variance. Or in one go: with the SVD of the centred table, X = U S Vᵀ, the answer is √n · U.",
]
praise = "κ = 1: for this table gradient descent would need a single step."
why = r"""
Let X be centred and $C = \frac1n X^\top X = V \Lambda V^\top$.
Put $Z = X V \Lambda^{-1/2}$.
Then

$$\tfrac1n Z^\top Z = \Lambda^{-1/2} V^\top C V \Lambda^{-1/2} = \Lambda^{-1/2} \Lambda \Lambda^{-1/2} = I .$$

V turns the table so that its axes are the axes of the cloud (that alone is principal component analysis), and $\Lambda^{-1/2}$ stretches each axis to std 1.

Any further rotation Q keeps it: $\frac1n (ZQ)^\top ZQ = Q^\top Q = I$.
So there are many right answers: PCA whitening, ZCA ($Q = V^\top$, the one nearest to X), Cholesky.
With $C = L L^\top$ it is $Z = X L^{-\top}$; with $L^{-1}$ on the right, not transposed, the result is not white: try it.

The price is a $d \times d$ factorisation, and noise: directions in which the data hardly vary are blown up to std 1.
"""


def cases(rng):
    yield (np.array([[1.0, 2.0, 0.0], [2.0, 1.0, 1.0], [3.0, 5.0, 1.0], [4.0, 3.0, 5.0], [6.0, 7.0, 2.0]]),)
    for n, d in ((30, 2), (40, 3), (25, 4)):
        yield (rng.normal(size=(n, d)) @ rng.normal(size=(d, d)) * rng.uniform(0.5, 20, d) + rng.normal(0, 5, d),)


def law(output, X):
    try:
        Z = np.asarray(output, dtype=float)
    except (TypeError, ValueError):
        return "A table of numbers is asked for, of the same shape as X."
    n, d = X.shape
    if Z.shape != X.shape:
        return f"The result has shape {Z.shape}; it should have the shape of X, {X.shape}."
    if not np.isfinite(Z).all():
        return "There is nan or inf in the result: is there a square root of a negative number, or a division by a tiny one?"
    spread = Z.std(axis=0)
    if np.abs(Z.mean(axis=0)).max() > 1e-6 * max(1.0, spread.max()):
        rest = law(Z - Z.mean(axis=0), X)
        # a code names a mistake of its own; what a sentence describes may follow from the missing mean
        return ("not_centred", rest) if rest and rest.isidentifier() else "not_centred"
    C = Z.T @ Z / n
    if any(np.allclose(C, factor * np.eye(d), atol=1e-5) for factor in (1.0, (n - 1) / n)):
        # The result is white. It must also be made from X by a linear map: it must not be new noise.
        centred = X - X.mean(axis=0)
        rest = Z - centred @ np.linalg.lstsq(centred, Z, rcond=None)[0]
        return (
            None
            if np.abs(rest).max() < 1e-4
            else "The columns are white, but they are not made from X by a shift and a linear map."
        )
    off = C - np.diag(np.diag(C))
    own, inverse = np.linalg.eigvalsh(np.cov(X.T, ddof=0)), np.linalg.inv(np.cov(X.T, ddof=0))
    if np.abs(off).max() < 1e-6 * np.abs(C).max():
        found = np.sort(np.diag(C))
        if np.allclose(found, found[0], rtol=1e-6):
            return "spread_not_1"
        # the wide tolerance covers a variance with n − 1
        if np.allclose(found, np.sort(1 / own), rtol=0.5):
            return "divides_by_variance"
        if np.allclose(found, own, rtol=0.5):
            return "decorrelated_not_scaled"
        if np.allclose(found, own**2, rtol=0.8):
            return "multiplies_by_the_root"
        return "The columns have mean 0 and no longer move together, but their stds are not 1. What is the spread of each, and what is left to divide by?"
    if np.allclose(C, inverse, rtol=0.5, atol=1e-9 * np.abs(inverse).max()):
        return "inverse_not_root"
    if np.allclose(np.diag(C), 1, atol=1e-6) or np.allclose(np.diag(C), (n - 1) / n, atol=1e-6):
        if any(np.allclose(Z, (X - X.mean(axis=0)) / X.std(axis=0, ddof=k)) for k in (0, 1)):
            return "only_standardised"
        return "Each column has mean 0 and std 1, but they still move together: there is correlation left. Turn the *centred* table to the axes of its covariance matrix first, and scale last."
    centred = X - X.mean(axis=0)
    for m in (n, n - 1):
        factor = np.linalg.cholesky(centred.T @ centred / m)
        if np.allclose(Z, centred @ np.linalg.inv(factor)):
            return "transposed_factor"
        if any(np.allclose(Z, centred @ f) for f in (factor, factor.T)):
            return "factor_not_inverted"
    return "The columns have mean 0, but they still move together, and their stds are not 1. Look at `np.cov(Z.T)`: which matrix turns the table to its axes, and what is divided after that?"


def whiten(X):
    """Return X shifted and mapped: mean 0, ZᵀZ/n the identity."""
    centred = X - X.mean(axis=0)
    variance, axes = np.linalg.eigh(centred.T @ centred / len(X))
    return centred @ axes / np.sqrt(variance)


@right
def zca(X):
    centred = X - X.mean(axis=0)
    variance, axes = np.linalg.eigh(np.cov(X.T))
    return centred @ axes @ np.diag(variance**-0.5) @ axes.T


@right
def singular_value_decomposition(X):
    U = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)[0]
    return U * np.sqrt(len(X))


@right
def cholesky(X):
    centred = X - X.mean(axis=0)
    factor = np.linalg.cholesky(centred.T @ centred / len(X))
    return np.linalg.solve(factor, centred.T).T


@right
def gram_schmidt(X):
    centred = X - X.mean(axis=0)
    return np.sqrt(len(X) - 1) * np.linalg.qr(centred)[0]


@wrong
def only_standardised(X):
    """Each column has mean 0 and std 1, but they still move together: there is correlation left. Turning the table to the axes of its covariance matrix (of the centred table) takes it out; scale after that."""
    return (X - X.mean(axis=0)) / X.std(axis=0)


@wrong
def decorrelated_not_scaled(X):
    """The columns no longer move together, but their stds differ: you have turned the table and not yet scaled it. Divide each column by the root of its variance."""
    centred = X - X.mean(axis=0)
    return centred @ np.linalg.eigh(centred.T @ centred / len(X))[1]


@wrong
def not_centred(X):
    """The columns do not have mean 0. Subtract the means first: a cloud far from the origin looks like one long axis."""
    variance, axes = np.linalg.eigh(np.cov(X.T))
    return X @ axes / np.sqrt(variance)


@wrong
def transposed_factor(X):
    """The result is centred, but still correlated: a factor is the wrong way round. If C = L Lᵀ, the rows have to be multiplied by the inverse of Lᵀ, not of L; with eigenvectors, they stand in the *columns* of the matrix."""
    centred = X - X.mean(axis=0)
    factor = np.linalg.cholesky(centred.T @ centred / len(X))
    return centred @ np.linalg.inv(factor)


@wrong
def divides_by_variance(X):
    """The columns are uncorrelated, but you divided by the variance in place of its root, so the spreads went from too large to too small."""
    centred = X - X.mean(axis=0)
    variance, axes = np.linalg.eigh(centred.T @ centred / len(X))
    return centred @ axes / variance


@wrong
def spread_not_1(X):
    """The columns are uncorrelated and all have the same std, but it is not 1. U of the SVD has columns of *length* 1, and XᵀX without the 1/n has variances n times too large: what does a column of std 1 have as its length?"""
    return np.linalg.svd(X - X.mean(axis=0), full_matrices=False)[0]


@wrong
def multiplies_by_the_root(X):
    """The columns are uncorrelated, but you multiplied by the root of the variance: what was wide has become wider. Divide."""
    centred = X - X.mean(axis=0)
    variance, axes = np.linalg.eigh(centred.T @ centred / len(X))
    return centred @ axes * np.sqrt(variance)


@wrong
def inverse_not_root(X):
    """You multiply by the inverse of the covariance matrix. Its inverse *root* is wanted: C stands for squares, and a table is stretched once, not twice."""
    centred = X - X.mean(axis=0)
    return centred @ np.linalg.inv(centred.T @ centred / len(X))


@wrong
def factor_not_inverted(X):
    """You multiply by a factor of the covariance matrix (such as that of `cholesky`) which is not inverted, and so make wide directions wider. Whitening undoes them: the inverse of the factor, in the right order."""
    centred = X - X.mean(axis=0)
    return centred @ np.linalg.cholesky(centred.T @ centred / len(X))


@wrong(like=factor_not_inverted)
def transposed_factor_not_inverted(X):
    centred = X - X.mean(axis=0)
    return centred @ np.linalg.cholesky(centred.T @ centred / len(X)).T
