"""What exercises say is so: the worked example of a prompt is what the solution gives, and a message names the mistake that was made."""

import re
from fractions import Fraction

import numpy as np
import pytest

from gdcourse.exercises.author import load
from gdcourse.exercises.judge.decide import judge

ROWS = np.array([[0.0, 0.0, 0.0], [2.0, 0.0, 0.0]])

# exercise, arguments, the words in which its prompt gives the result
EXAMPLES = (
    ("batching/gradient_variance", (ROWS, 1, True), "one row with replacement gives 1"),
    ("batching/gradient_variance", (ROWS, 2, False), "two rows without give 0"),
    ("batching/minibatch_grad", (np.zeros(3), np.array([[1.0, 2.0, 3.0]]), np.array([4.0]), [0]), "`[-8, -16, -24]`"),
    ("batching/minibatches", (7, 3, np.random.default_rng(0)), "`[2, 4, 3]`, `[6, 5, 0]`, `[1]`"),
    ("momentum/convert", (0.1, 0.5, "outside", "ema"), "(0.2, 0.5)"),
    (
        "momentum/momentum_step",
        (np.array([1.0, 0.0, 2.0]), np.array([1.0, 0.0, 0.0]), np.array([2.0, 1.0, 0.0]), 0.1, 0.5),
        "`[0.75, -0.1, 2.0]` and `[2.5, 1.0, 0.0]`",
    ),
    ("momentum/nesterov", (lambda w: w, np.array([1.0]), 0.5, 0.5, 3), "1, 0.5, 0.125 and −0.03125"),
    ("momentum/optimal_heavy_ball", (1.0, 4.0), "the rate is 4/9 and β is 1/9"),
    ("momentum/rate", (0.1, 0.0, np.array([1.0, 5.0, 12.0])), "is 0.9, the worst"),
)


@pytest.mark.parametrize("name, arguments, words", EXAMPLES)
def test_a_worked_example_is_what_the_solution_gives(name, arguments, words):
    exercise = load(name)
    assert words in exercise.prompt.split("For example")[1]
    said = [float(Fraction(number)) for number in re.findall(r"-?\d[\d./]*(?<![./])", words.replace("−", "-"))]
    result = exercise.solution(*arguments)
    given = np.concatenate([np.ravel(part) for part in (result if isinstance(result, (tuple, list)) else [result])])
    assert np.allclose(given, said, rtol=1e-12, atol=1e-15)


def cut(further=0, longer=0):
    """Batches of a shuffled order, which begin so much further apart and are so much longer than they should be."""

    def minibatches(n, batch_size, rng):
        order = rng.permutation(n)
        return [order[first : first + batch_size + longer] for first in range(0, n, max(1, batch_size + further))]

    return minibatches


@pytest.mark.parametrize("name, answer, words", [
    ("batching/minibatches", cut(further=-1), "come more than once"), ("batching/minibatches", cut(longer=-1), "Rows in no batch: 6 of 26"),
    ("batching/minibatches", lambda n, batch_size, rng: rng.permutation(n), "still to be cut"),
    ("batching/gradient_variance", lambda G, B, replace: G.var(axis=0).sum() / B if replace else -1.0, "`replace` is False"),
])  # fmt: skip
def test_what_is_said_of_a_mistake_is_so(name, answer, words):
    verdict = judge(load(name), answer)
    assert verdict.code == "value" and words in verdict.message, verdict


def test_what_cannot_be_read_is_answered_by_what_was_asked():
    verdict = judge(
        load("scaling/standardize"), lambda X_train, X_test: (X_train - X_train.mean(axis=0)) / X_train.std(axis=0)
    )
    assert (
        verdict.code == "structure"
        and "an array of shape" in verdict.message
        and "“Return (train, test), scaled by" in verdict.message
    ), verdict


def test_the_worked_examples_on_backpropagation():
    loss, dz = load("backpropagation/softmax_cross_entropy").solution(np.array([[0.0, 0.0]]), np.array([1]))
    assert f"ln 2 = {loss:.4f}, and `dz` is `{dz.tolist()}`" in load("backpropagation/softmax_cross_entropy").prompt
    nothing = np.zeros((1, 1)), np.zeros(1), np.zeros((1, 2)), np.zeros(2), np.array([[3.0]]), np.array([1])
    dW1, db1, dW2, db2 = load("backpropagation/mlp_grads").solution(*nothing)
    assert not dW1.any() and not db1.any() and not dW2.any()
    assert f"`db2` is `{db2.tolist()}`" in load("backpropagation/mlp_grads").prompt
    from exercises.backpropagation.backward import Node, backward

    x = Node(3.0)
    out = x * x
    assert [(parent is x, slope) for parent, slope in out.made_of] == [(True, 3.0), (True, 3.0)]
    assert f"`backward(out, [x])` returns `{backward(out, [x])}`" in load("backpropagation/backward").prompt
    drawn = load("backpropagation/he_init").solution(50, 30, np.random.default_rng(0))
    assert drawn.shape == (50, 30) and f"{drawn.std():.1f}" == "0.2"
