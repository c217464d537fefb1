"""A table that does not fit into memory."""

import weakref

import numpy as np

from gdcourse.exercises import right, wrong

minutes = 20
points = 3
seconds = 8
section = "A table larger than memory"
prompt = r"""
Write `stream_fit(chunks, classes)`: train a linear classifier on a table that is read in pieces.

`chunks` is a function without arguments. Each call, `chunks()`, opens the file anew and hands out its pieces one after the other, pairs `(X, y)`: an array of some hundred rows, and an array of their labels.

    for X, y in chunks():
        ...

`classes` is an array with the two labels that occur in the whole file, two whole numbers.
Return a function that predicts: given an array of *raw* rows, as they stand in the file, it returns an array with one label for each of them.
(A fitted scikit-learn model or pipeline is welcome too; the check then calls its `predict`.)

The columns have very different units, the pieces come in the order of time, and times change: the first piece looks different from the last, and holds only one of the two classes.
At most two pieces may be kept at a time: this table has twelve, the next one has a million.
At least 90% of new rows must get the right label.

For example, after `predict = stream_fit(chunks, np.array([2, 7]))` a call `predict(rows)` with five rows returns five numbers such as `[7, 2, 2, 7, 2]`.
"""
hints = [
    "Go through the file twice or more often: once to learn the mean and the spread of each column, then to learn the weights.",
    "`StandardScaler().partial_fit(X)` adds a piece to what the scaler knows. `SGDClassifier().partial_fit(X, y, classes=classes)` takes some steps, and has to be told all labels at its first call.",
    "Every loop needs a `chunks()` of its own. At the end: `lambda X: model.predict(scaler.transform(X))`.",
]
praise = "Your memory holds one piece at a time, so a table of a terabyte would need as little as this one: only the hard disk and the clock notice the difference."
why = r"""
Both parts can learn from pieces.
The scaler keeps a count, a mean and a sum of squares for each column; the classifier keeps its weights, and each row gives it one more step.

**Two passes or more.** The first pass makes the scale, and it has to be complete before the first step is taken: otherwise the early rows are measured with another ruler than the late ones.
A scaler that goes on learning during the first pass is a good second choice, if more passes follow.

**One ruler for all rows.** A scaler that is fitted to each piece anew subtracts the mean of that piece, and with it everything that changed with time.

**All labels at the first call.** The classifier reserves weights for each class when it sees its first piece, and that piece may not hold them all.

**How many passes?** As many as the error on rows held out says. Three are enough here; a single pass is a start, and no proof that it has converged.
"""

WEEKS = 12


def cases(rng):
    # imported here, because the first import takes seconds, which must not count as the learner's
    import sklearn.linear_model  # noqa: F401

    yield _file(rng), _file(rng)


def _file(rng):
    """Return the pieces of a file, new rows, their labels, and the two labels."""
    classes = np.sort(rng.choice(np.arange(2, 10), 2, replace=False))
    w = rng.choice([-1.0, 1.0], 2)
    unit = 10.0 ** np.array([2.0, -2.0, 5.0, 0.0]) * rng.uniform(1, 3, 4)
    zero = np.array([1.0, 1.0, 0.0, 1.0]) * rng.normal(size=4) * 2
    table = [_week(k, rng, w, unit, zero, classes) for k in range(WEEKS)]
    new = [_week(k, rng, w, unit, zero, classes, only_one=False) for k in range(WEEKS)]
    return table, np.concatenate([X for X, _ in new]), np.concatenate([y for _, y in new]), classes


def _week(k, rng, w, unit, zero, classes, only_one=True):
    """Return one piece of the file. The first two columns decide the label: the first one drifts, the second one
    varies.

    The other two columns have no meaning. only_one: the first piece holds only one of the two labels.
    """
    n = int(rng.integers(90, 130))
    Z = rng.normal(size=(n, 4))
    late = k / (WEEKS - 1)
    Z[:, 0] = 3.0 * (late - 0.5) + (0.8 - 0.77 * late) * Z[:, 0]
    Z[:, 1] *= 1.3
    score = Z[:, :2] @ w
    Z, score = Z[np.abs(score) > 0.15], score[np.abs(score) > 0.15]
    label = score > 0
    if k == 0 and only_one:
        some = label == label[0]
        Z, label = Z[some], label[some]
        Z[:, 2] = 0.0  # this instrument did not exist yet
    return (Z + zero) * unit, classes[label.astype(int)]


def run(answer, first, second):
    """Return for each file what the answer returned, how often it opened the file, how many pieces it kept, and its
    labels for new rows.

    The labels are given for the raw rows and for rows that were standardised by hand.
    """
    found = [_tried(answer, *file) for file in (first, second)]
    return None if found[0] is None else found


def _tried(answer, table, rows, labels, classes):
    opened, kept = [], [0]

    def chunks():
        opened.append([])
        return pieces(opened[-1])

    def pieces(given):
        for X, y in table:
            X, y = X.copy(), y.copy()
            given.append(weakref.ref(X))
            yield X, y
            del X, y
            kept.append(sum(piece() is not None for piece in given))

    made = answer(chunks, classes.copy())
    if made is None:
        return None
    predict = getattr(made, "predict", made)
    if not callable(predict):
        return "no function", 0, 0, [], []
    try:
        said = np.array(predict(rows.copy()), dtype=float)
    except Exception as error:
        return type(error).__name__, len(opened), max(kept), [], []
    try:
        scaled = np.array(predict((rows - rows.mean(axis=0)) / rows.std(axis=0)), dtype=float)
    except Exception:
        scaled = said
    return "labels", len(opened), max(kept), said, scaled


def show(output):
    return [said if what == "labels" else what for what, _, _, said, _ in output]


def law(output, first, second):
    found = [_fault(*one, *file) for one, file in zip(output, (first, second), strict=True)]
    return next(filter(None, found), None)


def _fault(what, opened, kept, said, scaled, table, rows, labels, classes):
    if what == "no function":
        return "returns_no_function"
    if what != "labels":
        return (
            "reader_used_up"
            if what == "NotFittedError" and opened < 2
            else f"Your function was trained, but predicting new rows with what it returned stopped with {what}. Try it: call it with the `X` of a piece."
        )
    if np.shape(said) != labels.shape:
        return f"For {len(labels)} rows it gives an array of shape {np.shape(said)}: one label for each row is wanted."
    keeps = ["keeps_all_chunks"] if kept > 2 else []
    if not np.isin(said, classes).all():
        share = np.mean((said == 1) == (labels == classes[1]))
        if np.isin(said, (0, 1)).all() and 0.1 < share < 0.9:
            keeps.insert(
                0, f"with labels in the place of 0 and 1, only {max(share, 1 - share):.0%} of the new rows are right."
            )
        return "not_labels", *keeps
    if np.mean(said == labels) < 0.9:
        return _cause(said, scaled, labels, rows), *keeps
    return tuple(keeps) or None


def _cause(said, scaled, labels, rows):
    """Return the reason why new rows get wrong labels."""
    ok = said == labels
    if np.mean(ok) < 0.1:
        return "labels_exchanged"
    if np.mean(scaled == labels) >= 0.85:
        return "scaler_left_behind"
    if np.mean(said == scaled) > 0.995:
        return "scaler_refit_per_piece"
    if abs(np.corrcoef(said, rows[:, 2])[0, 1]) > 0.6:
        return "unscaled"
    if ok[-90:].mean() > ok[:500].mean() + 0.05:
        return "only_the_last_piece"
    return f"Only {np.mean(ok):.0%} of the new rows get the right label. Print this share after each pass over the file: does it still grow?"


def stream_fit(chunks, classes):
    """Return a function: raw rows -> one label for each of them."""
    from sklearn.linear_model import SGDClassifier
    from sklearn.preprocessing import StandardScaler

    scaler, model = StandardScaler(), SGDClassifier(loss="log_loss")
    for X, _ in chunks():
        scaler.partial_fit(X)
    for _ in range(3):
        for X, y in chunks():
            model.partial_fit(scaler.transform(X), y, classes=classes)
    return lambda X: model.predict(scaler.transform(X))


def _parts(**settings):
    from sklearn.linear_model import SGDClassifier
    from sklearn.preprocessing import StandardScaler

    return StandardScaler(), SGDClassifier(loss="log_loss", random_state=0, **settings)


@right
def a_pipeline_of_fitted_parts(chunks, classes):
    from sklearn.pipeline import make_pipeline

    scaler, model = _parts(average=True)
    for X, _ in chunks():
        scaler.partial_fit(X)
    for _ in range(5):
        for X, y in chunks():
            model.partial_fit(scaler.transform(X), y, classes)
    return make_pipeline(scaler, model)


@right
def the_scaler_learns_in_the_first_pass(chunks, classes):
    scaler, model = _parts()
    for epoch in range(4):
        for X, y in chunks():
            if epoch == 0:
                scaler.partial_fit(X)
            model.partial_fit(scaler.transform(X), y, classes=classes)
    return lambda X: model.predict(scaler.transform(X))


def _moments(chunks):
    n, total, squares = 0, 0.0, 0.0
    for X, _ in chunks():
        n, total, squares = n + len(X), total + X.sum(axis=0), squares + (X**2).sum(axis=0)
    mean = total / n
    return mean, np.sqrt(np.maximum(squares / n - mean**2, 1e-300))


@right
def sums_and_descent_by_hand(chunks, classes):
    mean, std = _moments(chunks)
    w, b = np.zeros(len(mean)), 0.0
    for _ in range(30):
        for X, y in chunks():
            Z, target = (X - mean) / std, y == classes[1]
            error = 1 / (1 + np.exp(-(Z @ w + b))) - target
            w, b = w - 0.5 * Z.T @ error / len(y), b - 0.5 * error.mean()
    return lambda X: classes[(((X - mean) / std) @ w + b > 0).astype(int)]


@right
def least_squares_from_sums(chunks, classes):
    mean, std = _moments(chunks)
    A, c = np.zeros((5, 5)), np.zeros(5)
    for X, y in chunks():
        Z = np.column_stack([np.ones(len(X)), (X - mean) / std])
        A, c = A + Z.T @ Z, c + Z.T @ np.where(y == classes[1], 1.0, -1.0)
    w = np.linalg.solve(A, c)
    return lambda X: np.where(np.column_stack([np.ones(len(X)), (X - mean) / std]) @ w > 0, classes[1], classes[0])


@right
def the_smallest_and_the_largest(chunks, classes):
    from sklearn.preprocessing import MinMaxScaler

    scaler, model = MinMaxScaler((-1, 1)), _parts(alpha=1e-5)[1]
    for X, _ in chunks():
        scaler.partial_fit(X)
    for _ in range(5):
        for X, y in chunks():
            model.partial_fit(scaler.transform(X), y, classes=classes)
    return lambda X: model.predict(scaler.transform(X))


@wrong
def classes_missing(chunks, classes):
    """The classifier was not told which labels there are: `partial_fit` wants `classes=classes` at its first call, because the first piece need not hold them all."""
    scaler, model = _parts()
    for X, _ in chunks():
        scaler.partial_fit(X)
    for X, y in chunks():
        model.partial_fit(scaler.transform(X), y)


@wrong
def one_class_in_the_first_piece(chunks, classes):
    """It stops at the first piece, which holds a single class: `fit`, and `classes=np.unique(y)` too, know of no other. There is a method that only adds to what is known, and it can be told all labels of the file."""
    scaler, model = _parts()
    for X, _ in chunks():
        scaler.partial_fit(X)
    for X, y in chunks():
        model.fit(scaler.transform(X), y)


@wrong
def only_the_last_piece(chunks, classes):
    """Good on rows like those of the last piece, poor on older ones: it is the last piece alone that counts. What in your loop begins anew with each piece? `fit` and `fit_transform` both do."""
    scaler, model = _parts()
    for X, _ in chunks():
        scaler.partial_fit(X)
    for X, y in chunks():
        if len(np.unique(y)) == 2:
            model.fit(scaler.transform(X), y)
    return lambda X: model.predict(scaler.transform(X))


@wrong
def scaler_refit_per_piece(chunks, classes):
    """Each piece is scaled by its own mean: the scaler is fitted anew for every piece, and what changed with time is subtracted before the classifier can see it. One ruler for all rows, made before the first step."""
    scaler, model = _parts()
    for _ in range(3):
        for X, y in chunks():
            model.partial_fit(scaler.fit_transform(X), y, classes=classes)
    return lambda X: model.predict(scaler.fit_transform(X))


@wrong
def unscaled(chunks, classes):
    """The labels follow the column with the largest numbers, whatever the others say: for the steps, that column is left in its own unit. Is there no scaler, or does it know the first piece only, where this column is constant?"""
    model = _parts()[1]
    for _ in range(3):
        for X, y in chunks():
            model.partial_fit(X, y, classes=classes)
    return model.predict


@wrong
def scaler_left_behind(chunks, classes):
    """The classifier has learnt from scaled rows, and is now asked about raw ones: the scaler was left behind. What you return has to scale new rows in the same way first."""
    scaler, model = _parts()
    for X, _ in chunks():
        scaler.partial_fit(X)
    for _ in range(3):
        for X, y in chunks():
            model.partial_fit(scaler.transform(X), y, classes=classes)
    return model


@wrong
def keeps_all_chunks(chunks, classes):
    """You keep all pieces at the same time: with a table that is larger than the memory this ends the program. Let go of each piece before you ask for the next."""
    scaler, model = _parts()
    pieces = list(chunks())
    X, y = np.concatenate([X for X, _ in pieces]), np.concatenate([y for _, y in pieces])
    model.fit(scaler.fit_transform(X), y)
    return lambda X: model.predict(scaler.transform(X))


@wrong
def reader_used_up(chunks, classes):
    """The classifier has never seen a row: you opened the file once and looped over the same reader twice. A reader that has come to its end stays there; call `chunks()` for each pass."""
    scaler, model = _parts()
    stream = chunks()
    for X, _ in stream:
        scaler.partial_fit(X)
    for X, y in stream:
        model.partial_fit(scaler.transform(X), y, classes=classes)
    return lambda X: model.predict(scaler.transform(X))


@wrong
def labels_exchanged(chunks, classes):
    """Nearly every label is wrong, so nearly every label would be right if the two were exchanged. Which of the two does a positive score mean?"""
    predict = stream_fit(chunks, classes)
    return lambda X: classes.sum() - predict(X)


@wrong
def not_labels(chunks, classes):
    """What comes back is not one of the labels in `classes`: scores, probabilities, or 0 and 1. Turn them into labels."""
    predict = stream_fit(chunks, classes)
    return lambda X: (predict(X) == classes[1]).astype(float)


@wrong
def returns_no_function(chunks, classes):
    """What comes back cannot predict: a function, or a fitted model with a method `predict`, was asked for. Weights or labels alone do not know the scale of new rows."""
    return np.zeros(4)
