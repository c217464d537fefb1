"""A pipeline without a leak."""

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 15
points = 2
seconds = 12
section = "A pipeline without a leak"
prompt = r"""
Write `make_model()`, without arguments: build, but do not fit, a scikit-learn model for the table of 569 tumours that uses `SGDClassifier` and that can be used on rows in any unit.
Import what you use from scikit-learn, inside the function or above it.

The check fits your model with `fit(X, y)` on 400 rows (30 columns in very different units; the labels are 0 and 1) and asks it with `predict(X)` about the other 169, for 20 random splits.
Then it does so for five more splits of the same table with every column in another unit (millimetres, inches …).
In both its mean accuracy, the share of right labels, has to be 0.94 or more.
The check sets every `random_state` itself, so a lucky one does not count.

Return one object with the methods `fit` and `predict`, which has not seen any row yet.

For example, `return DummyClassifier()` returns a model of the right form; it says "benign" to everybody and is right in 63% of the cases.
"""
hints = [
    "The columns differ in size by a factor of ten thousand. What does the chapter do about that, and *inside* of what?",
    "`make_pipeline(a, b)` makes one model of two: `fit` fits `a`, transforms the rows and fits `b` on them.",
    '`make_pipeline(StandardScaler(), SGDClassifier(loss="log_loss"))`, with both imported inside the function or above it.',
]
praise = "One object that carries its own ruler: whoever fits it, in cross-validation too, fits the scaler on the training rows alone, and nothing leaks."
why = r"""
`make_pipeline(StandardScaler(), SGDClassifier())` is enough.
The scaler takes mean and spread from the rows that `fit` is given, keeps them, and uses them for all later rows.

**Why one object?** A scaler that is fitted on the whole table, outside of the model, has seen the rows that are to test it.
With mean and spread the harm is often small.
With anything that looks at the labels, such as a choice of columns, it can be large.
And a model without its scaler cannot be handed on: whoever uses it has to know the numbers of your table.

**Why other units?** A model with a scaler of its own gives the same answers in inches and in millimetres.
A model that relies on numbers from elsewhere does not.

**Which settings?** On this table most settings reach 0.94 behind a scaler, and none does so reliably without one.
Averaging, `average=True`, and a little more penalty, `alpha=0.01`, are a bit better than the default.
"""


def cases(rng):
    # imported here, because the first import takes seconds, which must not count as the learner's
    import sklearn.linear_model  # noqa: F401

    yield tuple(int(seed) for seed in rng.integers(1, 2**31, 25)), 2.0 ** rng.integers(-12, 13, 30)


def run(answer, seeds, units):
    """Return what the answer made, and the accuracies of fresh copies of it.

    On 20 splits a copy is fitted to the table as it is. On five more splits a second copy is fitted in other units, too;
    the last part is the share of rows for which these two copies agree.
    """
    made = answer()
    if made is None:
        return None
    if isinstance(made, type):
        return "class", "", [], [], 1.0
    if isinstance(made, (tuple, list)):
        return "several", "", [], [], 1.0
    if hasattr(made, "steps") and not hasattr(made, "predict"):
        return "no predict", "", [], [], 1.0
    if not (hasattr(made, "fit") and hasattr(made, "predict")):
        return "no model", type(made).__name__, [], [], 1.0
    return _tried(made, seeds, units)


def _tried(made, seeds, units):
    from sklearn.base import clone

    from gdcourse import problems

    X, y = problems.breast_cancer()
    parts = _parts(made)
    if any(name.endswith("_") and not name.startswith("_") for part in parts for name in vars(part)):
        return "fitted", "", [], [], 1.0
    plain, other, agree = [], [], []
    try:
        for k, seed in enumerate(seeds):
            rows = np.random.default_rng(seed).permutation(len(y))
            train, test = rows[:400], rows[400:]
            model = _seeded(clone(made), seed).fit(X[train], y[train])
            said = np.asarray(model.predict(X[test]))
            if k < 20:
                plain.append(np.mean(said == y[test]))
                continue
            model = _seeded(clone(made), seed).fit((X * units)[train], y[train])
            there = np.asarray(model.predict((X * units)[test]))
            other.append(np.mean(there == y[test]))
            agree.append(np.mean(there == said))
    except Exception as error:
        return "stops", type(error).__name__, [], [], 1.0
    return " ".join(type(part).__name__ for part in parts), _settings(parts), plain, other, float(np.mean(agree))


def _parts(model):
    """Return a model and all models inside it: the steps of a pipeline, the model that a search tries."""
    found = [model]
    for value in model.get_params(deep=True).values() if hasattr(model, "get_params") else ():
        if hasattr(value, "fit") and not isinstance(value, type):
            found.append(value)
    return found


def _seeded(model, seed):
    names = [name for name in model.get_params() if name.split("__")[-1] == "random_state"]
    return model.set_params(**dict.fromkeys(names, seed % 2**31))


def _settings(parts):
    """Return the settings of SGD that can go wrong, as one text."""
    for part in parts:
        if type(part).__name__ == "SGDClassifier":
            p = part.get_params()
            return f"{p['loss']} {float(p['alpha']):g} {p['learning_rate']} {float(p['eta0']):g} {p['max_iter']}"
    return ""


NAMED = {
    "class": "class_not_object",
    "several": "several_things",
    "fitted": "already_fitted",
    "no predict": "scaler_last",
}


def show(output):
    return (
        f"{output[0]}: mean accuracy {np.mean(output[2]):.3f}, in other units {np.mean(output[3]):.3f}"
        if output[2]
        else output[0]
    )


def law(output, seeds, units):
    what, more, plain, other, agree = output
    if what in NAMED:
        return NAMED[what]
    if what == "no model":
        return f"A model has `fit` and `predict`; what came back is of the type {more} and has not."
    if what == "stops":
        return f"Fitting your model, or predicting with it, stopped with {more}. Try it on the table: `make_model().fit(X, y).predict(X)`."
    if "SGDClassifier" not in what.split():
        return "regression" if "SGDRegressor" in what.split() else "not_sgd"
    if np.mean(plain) >= 0.94 and np.mean(other) >= 0.94:
        return None
    return _cause(what, more, np.mean(plain), np.mean(other), agree)


def _cause(what, settings, plain, other, agree):
    loss, alpha, schedule, eta, _ = settings.split()
    if agree < 0.97:
        transformers = set(what.split()) - {"Pipeline", "SGDClassifier"}
        if transformers <= {"Normalizer"}:
            return "rows_not_columns" if transformers else "raw"
        known = transformers <= {"StandardScaler", "MaxAbsScaler", "RobustScaler", "PCA", "PolynomialFeatures"}
        return "not_divided" if known or plain < 0.9 else "scaled_outside"
    if float(alpha) >= 0.3:
        return "penalty_too_strong"
    if loss in ("squared_error", "huber", "epsilon_insensitive", "squared_epsilon_insensitive"):
        return "loss_of_regression"
    if schedule != "optimal" and float(eta) < 1e-4:
        return "rate_too_small"
    if schedule != "optimal" and float(eta) > 1:
        return "rate_too_large"
    return f"The scaling is in order, and the mean accuracy is {plain:.3f}. Try the default settings first, and change one at a time."


def make_model():
    """Return a model with SGDClassifier inside, not fitted yet."""
    from sklearn.linear_model import SGDClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), SGDClassifier(loss="log_loss", alpha=0.001))


def _sgd(**settings):
    from sklearn.linear_model import SGDClassifier

    return SGDClassifier(**{"loss": "log_loss", **settings})


def _behind(scaler, *more, **settings):
    from sklearn import preprocessing
    from sklearn.pipeline import make_pipeline

    scaler = getattr(preprocessing, scaler)(**settings) if isinstance(scaler, str) else scaler
    return make_pipeline(scaler, *(more or [_sgd()]))


@right
def averaged(*_):
    return _behind("StandardScaler", _sgd(average=True))


@right
def support_vectors_named(*_):
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import RobustScaler

    return Pipeline([("scale", RobustScaler()), ("sgd", _sgd(loss="hinge", alpha=0.003, average=True))])


@right
def between_zero_and_one(*_):
    return _behind("MinMaxScaler", _sgd(alpha=1e-4, average=True))


@right
def a_constant_rate(*_):
    return _behind("StandardScaler", _sgd(learning_rate="constant", eta0=0.01, max_iter=200))


@right
def early_stopping(*_):
    return _behind("StandardScaler", _sgd(alpha=0.01, average=10, early_stopping=True, n_iter_no_change=10))


@wrong
def raw(*_):
    """The columns reach the steps raw, in their own units: the accuracy is low, changes from split to split, and changes with the units. Something has to come before the classifier, inside the same model."""
    return _sgd()


@wrong
def rows_not_columns(*_):
    """`Normalizer` makes every *row* as long as the others; the columns keep their different sizes. The chapter's scaler works on columns."""
    return _behind("Normalizer")


@wrong
def not_divided(*_):
    """There is something in front of the classifier, and yet the answers change with the units: it does not divide by the spread of each column. `with_std=False` and PCA leave the sizes as they are."""
    return _behind("StandardScaler", with_std=False)


@wrong
def scaled_outside(*_):
    """Good on the table as it is, and lost when the units change: the numbers that scale the columns were not taken from the rows that `fit` is given, but from the whole table before. That is the leak; put the scaler itself into the model."""
    from sklearn.preprocessing import FunctionTransformer

    from gdcourse import problems

    X, _ = problems.breast_cancer()
    mean, std = X.mean(axis=0), X.std(axis=0)
    return _behind(FunctionTransformer(lambda rows: (rows - mean) / std))


@wrong
def already_fitted(*_):
    """The model has already been fitted, on rows that are going to test it; so has `best_estimator_` of a search. Build it, and let the check call `fit`."""
    from gdcourse import problems

    return _behind("StandardScaler").fit(*problems.breast_cancer())


@wrong
def not_sgd(*_):
    """There is no `SGDClassifier` in it. Other models do well on this table, `LogisticRegression` with L-BFGS is one; here the task is to get there by single steps."""
    from sklearn.linear_model import RidgeClassifier

    return _behind("StandardScaler", RidgeClassifier())


@wrong
def regression(*_):
    """`SGDRegressor` predicts a number such as 0.83 and never exactly a label. The table asks for one of two classes."""
    from sklearn.linear_model import SGDRegressor

    return _behind("StandardScaler", SGDRegressor())


@wrong
def class_not_object(*_):
    """You return a class, not a model: the brackets that make an object of it are missing."""
    from sklearn.linear_model import SGDClassifier

    return SGDClassifier


@wrong
def several_things(*_):
    """You return several things, in a tuple or a list: a scaler and a classifier, for example, a pair. Whoever gets them has to know what to do in which order; tie them together into one model."""
    from sklearn.preprocessing import StandardScaler

    return StandardScaler(), _sgd()


@wrong
def scaler_last(*_):
    """The order is wrong: a pipeline runs from left to right, and every part but the last one has to transform rows. The classifier comes last."""
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(_sgd(), StandardScaler())


@wrong
def penalty_too_strong(*_):
    """`alpha` is a penalty on the weights, not a learning rate: with so much of it they stay near zero. Try a hundredth, or the default."""
    return _behind("StandardScaler", _sgd(alpha=30))


@wrong
def rate_too_small(*_):
    """The constant rate is so small that the weights have hardly left zero when the loop stops, without any warning. Raise `eta0` by factors of ten."""
    return _behind("StandardScaler", _sgd(learning_rate="constant", eta0=1e-9))


@wrong
def rate_too_large(*_):
    """The constant rate is so large that each row throws the weights to another place, and the last few rows decide. Lower `eta0` by factors of ten."""
    return _behind("StandardScaler", _sgd(learning_rate="constant", eta0=1e4, alpha=1e-5, loss="perceptron"))


@wrong
def loss_of_regression(*_):
    """This loss is one for numbers, not for classes, and with the rate of the schedule "optimal" its slopes run away. Which loss does the chapter use for two classes?"""
    return _behind("StandardScaler", _sgd(loss="squared_error"))
