from gdcourse.exercises import question

question(
    id="column_times_1000",
    see="why-is-cond-x-squared",
    ask="Two well-behaved columns, κ near 1. You write one of them in grams instead of kilograms, so that its numbers become 1000 times as large. How large may κ become?",
    right={
        "About a million": "Yes: the curvature along a weight is a mean of x², so it grows by 1000². κ is the *square* of the ratio of the columns."
    },
    wrong={
        "About a thousand": "That is the ratio of the columns. The Hessian holds the table twice, XᵀX, so the ratio is squared.",
        "It stays the same": "The best predictions stay the same. The valley does not: one direction became a million times steeper.",
        "About 32": "The square root of 1000; κ grows with the square.",
    },
)
question(
    id="correlation",
    see="what-standardising-cannot-fix-correlation",
    ask="Two standardised features have the correlation 0.9. What is κ?",
    right={"19": "Yes: the eigenvalues are 1 + 0.9 and 1 − 0.9, and 1.9/0.1 = 19. Standardising cannot mend that."},
    wrong={
        "1": "That would be a round bowl. Standardising evens out the scales, but it does not touch the correlation.",
        "0.9": "κ is a ratio of the largest to the smallest curvature, so at least 1.",
        "10": "1/(1 − 0.9) has the right denominator, but the numerator is 1 + 0.9: the largest curvature.",
    },
)
question(
    id="cross_validation",
    see="data-leakage-scale-by-the-training-rows-only",
    ask="You choose a model by cross-validation on standardised data. Where is the scaler fitted?",
    right={
        "Inside each fold, on its training part": "Yes: what is held out must not have a say in anything, and the mean is something. A pipeline does it by itself."
    },
    wrong={
        "Once, on all the data": "Then each held-out part has helped to choose the means and stds: a leak.",
        "Once, on the test set": "The test set is there to be looked at last, by a finished model.",
        "On the training part and on the held-out part, each on its own": "Then the same raw value means two different things. The held-out part gets the numbers of the training part.",
    },
)
question(
    id="predictions",
    see="carry-the-weights-back-to-raw-units",
    ask="You solve a least-squares problem with a bias exactly, once on raw and once on standardised features. Do the predictions differ?",
    right={
        "No": "Yes, that is, no: the standardised weights are the raw ones in other units, and the bias takes up the shift. Only how fast a descent gets there changes."
    },
    wrong={
        "Yes: standardising makes the model better": "It makes the valley rounder and the descent faster. The lowest point predicts the same.",
        "Yes: the weights are different": "The weights are, because their units are. The predictions are not.",
        "Only if the columns are uncorrelated": "Correlation makes no difference to this: every shift and scaling of a column can be undone by its weight and the bias.",
    },
)
