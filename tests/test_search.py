"""Search finds what people type: of two sections the first or second explains it, however it is spelt."""

import json
import re
from pathlib import Path

import pytest

from website.look import search

ROOT = Path(__file__).parents[1]
HOMES = search.glossary(ROOT)
TERMS = re.findall(r"^## (.+)$", (ROOT / "chapters/glossary.md").read_text(encoding="utf-8"), re.MULTILINE)
FIND = """
import { readFileSync } from "node:fs";
import { runInThisContext } from "node:vm";
const [index, queries] = JSON.parse(readFileSync(0, "utf8"));
runInThisContext(readFileSync("frontend/page/find.js", "utf8") + ";globalThis.search = search");
const find = search.find(index);
console.log(JSON.stringify(queries.map(query => find(query).slice(0, 2).map(({ place, terms }) => [index[place][0], search.snippet(index[place][3], terms).map(([piece]) => piece).join("")]))));
"""

# other spellings, plurals, apostrophes, hyphens, one typing mistake: what is typed, and the term that is meant
SPELT = {
    "overfitting": "Overfitting", "over-fitting": "Overfitting", "overfiting": "Overfitting", "normalization": "Feature scaling",
    "normalisation": "Feature scaling", "normalize": "Feature scaling", "standardization": "Standardisation",
    "standardize": "Standardisation", "standardising": "Standardisation", "min-max": "Feature scaling", "min max scaling": "Feature scaling",
    "back propagation": "Backpropagation", "back-propagation": "Backpropagation", "backpropogation": "Backpropagation",
    "hyper-parameter": "Hyperparameter", "hyperparameters": "Hyperparameter", "stopping criteria": "Stopping criterion",
    "gradient checking": "Gradient checking", "gradient chekcing": "Gradient checking", "Nesterov's": "Nesterov's method",
    "Nesterov’s method": "Nesterov's method", "nesterov": "Nesterov's method", "step-size": "Learning rate", "step size": "Learning rate",
    "stepsize": "Learning rate", "learning rates": "Learning rate", "learnign rate": "Learning rate", "learing rate": "Learning rate",
    "minibatch": "Mini-batch", "mini batch": "Mini-batch", "mini-batches": "Mini-batch", "minibatches": "Mini-batch",
    "mean square error": "Mean squared error", "MSE": "Mean squared error", "mse loss": "Mean squared error",
    "linear regresion": "Linear regression", "least-squares": "Linear regression", "cross entropy": "Cross-entropy",
    "crossentropy": "Cross-entropy", "logloss": "Log loss", "log-loss": "Log loss", "local minima": "Local minimum",
    "gradients": "Gradient", "gradiant": "Gradient", "gradient decent": "Gradient descent", "gradient descend": "Gradient descent",
    "stochastic gradient decent": "Stochastic gradient descent", "sgd": "Stochastic gradient descent", "momentum": "Momentum",
    "heavy-ball": "Momentum", "adam": "Adam", "adam w": "AdamW", "convergance": "Convergence", "regularisation": "Regularisation",
    "regularization": "Regularisation", "early-stopping": "Early stopping", "warm up": "Warm-up", "warmup": "Warm-up",
    "lr finder": "Learning-rate finder", "learning rate schedule": "Learning-rate schedule", "eigen value": "Eigenvalue",
    "eigenvalues": "Eigenvalue", "hessian matrix": "Hessian", "saddle points": "Saddle point", "soft max": "Softmax",
    "vanishing gradients": "Vanishing gradient", "exploding gradients": "Exploding gradient", "data leak": "Data leakage",
    "test set": "Test rows", "validation set": "Validation rows", "initialisation": "Initialisation", "condition-number": "Condition number",
}  # fmt: skip


@pytest.fixture(scope="module")
def found(site, node):
    """found(queries): for each of them the first two sections of the built book, as (address, sentence shown)."""
    text = (site / "searchindex.js").read_text(encoding="utf-8")
    index = json.loads(re.fullmatch(r"const sections = (.*);\n", text)[1])
    homes = {}
    for entry in index:
        for name in entry[4]:  # a name that several terms have leads to one of them
            homes.setdefault(name, set()).add(entry[0])
    return lambda queries: (json.loads(node(FIND, stdin=json.dumps([index, list(queries)]))), homes)


def misses(queries, found):
    """{query: what came first} of the queries, {typed: term}, whose home is neither first nor second."""
    answers, homes = found(queries)
    return {
        typed: [address for address, _ in answer]
        for (typed, term), answer in zip(queries.items(), answers, strict=True)
        if not homes[term] & {address for address, _ in answer}
    }


def test_every_home_of_a_term_is_a_section_of_the_book(found):
    _, homes = found([])
    assert set(TERMS) <= set(homes)


def test_a_term_leads_to_the_section_that_explains_it(found):
    lost = misses({term: term for term in TERMS}, found)
    assert len(lost) <= 0.08 * len(TERMS), lost


def test_so_do_its_other_names(found):
    names = {name: name for names in HOMES.values() for name in names if len(name) > 2 and name not in TERMS}
    lost = misses(names, found)
    assert len(lost) <= 0.12 * len(names), lost


def test_and_other_spellings(found):
    known = {typed: term for typed, term in SPELT.items() if term in {n for names in HOMES.values() for n in names}}
    assert len(known) == len(SPELT), sorted(set(SPELT) - set(known))
    lost = misses(known, found)
    assert len(lost) <= 0.08 * len(known), lost


def test_what_is_shown_is_a_sentence_and_holds_no_key_or_tex(found):
    answers, _ = found(TERMS)
    shown = [sentence for answer in answers for _, sentence in answer]
    assert not [s for s in shown if "\\" in s or re.search(r"\b[a-z]+\d{4}[a-z]+\b", s)]
    assert sum(bool(re.match(r"[^a-z]", s)) for s in shown) > 0.9 * len(shown)


def test_what_is_nowhere_is_not_found(found):
    assert found(["gradient zyzzyva", "qqqq"])[0] == [[], []]
