from gdcourse.exercises import question

question(
    id="solver",
    see="what-scikit-learn-runs",
    ask="What minimises the loss inside scikit-learn's LogisticRegression, with its defaults?",
    right={
        "L-BFGS, on all rows at once": "Yes: it uses gradients of the full batch and guesses the curvature from the last few of them. On the tumours it needs at most 20 evaluations where descent at 1/L needs 926 steps."
    },
    wrong={
        "Gradient descent": "It is a relative: it uses gradients, but it bends and scales each step by an estimate of the curvature. Plain descent would need many hundred steps.",
        "SGD": "That is SGDClassifier with log loss: the same kind of loss, another method.",
        "A formula": "Least squares has one; the log loss has none. No formula does not mean gradient descent, though.",
    },
)
question(
    id="memory",
    see="choosing-an-optimiser",
    ask="Besides the weights and the gradient: how many further numbers for each weight do plain descent, momentum and Adam keep?",
    right={"0, 1 and 2": "Yes: nothing, m, and m with v. For a billion weights in four bytes that is 0, 4 and 8 GB."},
    wrong={
        "1, 2 and 3": "You counted one array too many for each: the gradient (or the weights) is asked for separately here.",
        "0, 1 and 1": "Adam remembers the mean of the gradients and the mean of their squares: two.",
        "All the same, only the formulas differ": "Momentum has to remember m from step to step; plain descent remembers nothing.",
    },
)
question(
    id="spread",
    see="one-accuracy-is-not-a-result",
    ask="One run of SGD has an accuracy of 0.72, one run of another method 0.76, on the same split. Over 30 seeds SGD varies between 0.70 and 0.79. What follows?",
    right={
        "Nothing yet": "Yes: 0.76 lies inside what SGD does by itself. Run both on several seeds, and on several splits, before you compare."
    },
    wrong={
        "The other method is better by 0.04": "So would SGD be better than SGD: another seed gives 0.79. The difference is smaller than the spread.",
        "SGD is the better one, for it can reach 0.79": "The best of thirty runs is the luckiest one. Nobody knows beforehand which seed it will be.",
        "The split is too small to say anything, ever": "A larger test set helps, and so do more splits and seeds. Comparison is possible, only not from one run each.",
    },
)
question(
    id="columns",
    see="when-not-gradient-descent",
    ask="Least squares with 10,000 columns, dense, well-posed, and it fits into memory. What do you try first?",
    right={
        "A direct solver, or conjugate gradients": "Yes: the factorisation takes d³/3 = 3.3·10¹¹ operations, seconds to minutes, and conjugate gradients need some hundred products with the matrix."
    },
    wrong={
        "Gradient descent, since the inverse is too slow": "Nobody computes the inverse; a factorisation does it with a third of d³ operations. Descent at κ = 10,000 needs tens of thousands of passes.",
        "Adam with its defaults": "It would have to be tuned, and a quadratic is the one case for which exact methods are made.",
        "Fewer columns": "Sometimes a good idea, but not because of the solver: 10,000 are no problem for it.",
    },
)
question(
    id="leak",
    see="why-one-object",
    ask="Somebody standardises the whole table, chooses the 20 columns that go best with the labels, and then cross-validates. Which step does the harm?",
    right={
        "The choice of columns, above all": "Yes: it has seen the labels of all test rows. The scaler has seen their columns only, which is a leak as well, but usually a small one."
    },
    wrong={
        "Standardising, above all": "It is a leak, and belongs into the pipeline; but a mean hardly changes with a fifth of the rows. What looked at the labels?",
        "Neither: cross-validation repairs that": "It tests the last step only. What was done before it has seen every test row already; with columns of pure noise the score was 70% to 80%.",
        "Cross-validation itself": "It is the right judge, if everything that learns from rows stands inside it.",
    },
)
question(
    id="flat",
    see="reading-curves-signs-and-tests",
    ask="A network with ten classes has had the training loss 2.30 for 30 epochs. Which single test tells most?",
    right={
        "The gradient of each layer": "Yes: 2.30 is ln 10, a guess. If the first layers get no gradient, the units are dead, the weights all zero, or the gradient vanishes in the layers behind; if they get one, look at the labels and the rate."
    },
    wrong={
        "Thirty more epochs": "It has not moved for thirty. A slow run still moves.",
        "The held-out loss": "It will be ln 10 too: whoever guesses is as good on new rows as on old ones.",
        "The accuracy on the test rows": "About one in ten, which you know already, and the test rows are for the end.",
    },
)
