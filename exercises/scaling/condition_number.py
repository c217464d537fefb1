"""How narrow is the valley of this table?"""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 10
tolerance = 1e-5
section = "Why κ is cond(X) squared"
prompt = r"""
Write `condition_number(X)`: κ of the least-squares loss of a line through the table `X`, *with a bias*.

The model is $\hat y = X w + b$, so the design matrix has one more column, of ones.
The Hessian of the loss is a multiple of (that matrix)ᵀ (that matrix), and κ is its largest eigenvalue over its smallest.

For example, for the one column `[0, 1, 2]` the matrix with ones gives `[[5, 3], [3, 3]]`, with eigenvalues 4 + √10 and 4 − √10, about 7.162 and 0.838: κ = 8.550.
"""
hints = [
    "First put a column of ones beside X: `np.column_stack([X, np.ones(len(X))])`.",
    "The Hessian is made of X *twice*, Xᵀ and X. What does that do to the condition number?",
    "`np.linalg.cond(A)` is the ratio of the *singular values* of A; those of AᵀA are their squares.",
]
praise = "κ = cond(A)²: the Hessian holds the table twice, so the ratio of its singular values is squared."
why = r"""
With the bias as one more weight, the residual is $A (w, b)^\top - y$ with $A = (X \mid 1)$, and the Hessian of the mean squared error is $\tfrac2n A^\top A$.
The factor drops out of a ratio.

If A has the singular values $s_i$, then $A^\top A$ has the eigenvalues $s_i^2$.
So κ of the loss is $(s_{\max}/s_{\min})^2 = \mathrm{cond}(A)^2$.
Gradient descent needs steps in proportion to κ: a table whose columns differ 1000-fold asks for a *million* times the steps.

Without the bias the answer is about another model.
A feature that never comes near zero, such as a year, is almost a multiple of the column of ones: only the bias shows how narrow that valley is.
"""


def cases(rng):
    yield (np.array([[0.0], [1.0], [2.0]]),)
    yield (np.array([[1.0], [2.0], [3.0], [4.0]]),)
    yield (np.array([[1.0, 10.0], [2.0, 0.0], [3.0, 5.0], [5.0, 20.0]]),)
    # `eigvals` does not sort the eigenvalues: among many tables there are some whose first eigenvalue is not the
    # largest
    for n, d in ((12, 2), (20, 3), *[(5, 2), (6, 3)] * 4):
        yield (rng.normal(size=(n, d)) * rng.uniform(0.5, 8, d) + rng.normal(0, 2, d),)


def condition_number(X):
    """Return κ of the least-squares loss over weights and bias."""
    A = np.column_stack([X, np.ones(len(X))])
    return np.linalg.cond(A) ** 2


@right
def eigenvalues(X):
    A = np.hstack([np.ones((X.shape[0], 1)), X])
    curvature = np.linalg.eigvalsh(2 * A.T @ A / len(X))
    return curvature[-1] / curvature[0]


@right
def singular_values(X):
    s = np.linalg.svd(np.c_[X, np.ones(len(X))], compute_uv=False)
    return float((s.max() / s.min()) ** 2)


@wrong
def cond_of_X_not_squared(X):
    """You return cond(A), the ratio of the singular values. The Hessian is made of A twice, AᵀA, and its eigenvalues are their squares."""
    return np.linalg.cond(np.column_stack([X, np.ones(len(X))]))


@wrong
def unsorted_eigenvalues(X):
    """You take the first and the last eigenvalue, but `np.linalg.eigvals` gives them in no order. Take the largest and the smallest, or use `eigvalsh`, which sorts."""
    A = np.column_stack([X, np.ones(len(X))])
    found = np.linalg.eigvals(A.T @ A)
    return found[0] / found[-1]


@wrong
def forgot_bias(X):
    """Your matrix lacks the column of ones. The bias is a weight like the others, and often the one that makes the valley narrow."""
    return np.linalg.cond(X) ** 2


@wrong
def forgot_both(X):
    """The column of ones for the bias is missing. There is more: the condition number of the matrix has to be squared, because the Hessian holds the matrix twice."""
    return np.linalg.cond(X)


@wrong
def inverted(X):
    """You divide the smallest by the largest: your number is below 1. κ says how many times steeper the steepest direction is than the flattest."""
    return 1 / condition_number(X)


@wrong
def ratio_of_variances(X):
    """You compare the columns with each other. That would do if the axes of the valley were the coordinates; correlated columns, and the bias, turn it. Take the eigenvalues of the whole matrix."""
    A = np.column_stack([X, np.ones(len(X))])
    size = np.mean(A**2, axis=0)
    return size.max() / size.min()


@wrong
def ratio_of_the_spreads(X):
    """You compare the variances of the columns. A variance looks at each column alone and has the mean taken out, so it sees neither the correlation nor the bias. Take the eigenvalues of the whole matrix."""
    spread = X.var(axis=0)
    return spread.max() / spread.min()


@wrong
def centred_without_bias(X):
    """You centre the columns in place of adding a bias. That takes the bias out of the way (a good idea, as the chapter says), but it is the κ of another table."""
    return np.linalg.cond(X - X.mean(axis=0)) ** 2


@wrong
def standardised_first(X):
    """You standardise the table before you measure it. That mends the valley; here the question is how narrow it is as it stands."""
    return condition_number((X - X.mean(axis=0)) / X.std(axis=0))


@wrong
def largest_alone(X):
    """You return the largest eigenvalue alone. κ says how many times as steep the steepest direction is as the flattest."""
    A = np.column_stack([X, np.ones(len(X))])
    return np.linalg.eigvalsh(A.T @ A)[-1]


@wrong
def trace_over_smallest(X):
    """Above the line stands the *sum* of the eigenvalues. κ wants the largest alone."""
    A = np.column_stack([X, np.ones(len(X))])
    curvature = np.linalg.eigvalsh(A.T @ A)
    return curvature.sum() / curvature[0]


@wrong
def fourth_power(X):
    """You square once too often: `np.linalg.cond` of AᵀA is the κ already."""
    A = np.column_stack([X, np.ones(len(X))])
    return np.linalg.cond(A.T @ A) ** 2
