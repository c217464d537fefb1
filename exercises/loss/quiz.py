from gdcourse.exercises import question

question(
    id="half_and_half",
    see="log-loss-cross-entropy-when-the-answer-is-yes-or-no",
    ask="A model of two classes says 1/2 for everybody. What is its mean log loss?",
    right={
        "0.693": "Yes: every example costs −ln ½ = ln 2 = 0.693. A model with a higher log loss than this does worse than not looking at all."
    },
    wrong={
        "0.5": "That is the probability, not its cost. The cost is minus the natural logarithm of it.",
        "1": "That is the cost in bits, with log base 2. With the natural logarithm, as everywhere in this course, it is smaller.",
        "It depends on the labels": "Not here: with probability ½ for both labels, either label costs the same.",
    },
)
question(
    id="doubled_units",
    see="mean-squared-and-mean-absolute-error",
    ask="You measure the targets in half euros instead of euros, so all targets and predictions double. The MSE is multiplied by",
    right={
        "4": "Yes: every residual doubles, every square grows fourfold. An MSE has units, so it means nothing without them."
    },
    wrong={
        "2": "That is what happens to the MAE and to the root of the MSE. The residuals are squared before they are averaged.",
        "1, nothing changes": "The model is no better and no worse, and yet the number changes: the MSE is measured in squared units of the target.",
        "1/2": "Twice the numbers, larger residuals: the loss cannot fall.",
    },
)
question(
    id="zero_mse",
    see="mean-squared-and-mean-absolute-error",
    ask="Can the MSE on a data set be 0 while the MAE is larger than 0?",
    right={
        "No": "Right: a mean of squares is 0 only if every square is 0, and then every residual is 0. The two losses agree on what perfect is; they differ on what is bad."
    },
    wrong={
        "Yes, if overshoot and undershoot cancel": "They would cancel in the mean of the residuals. Squared, nothing is negative and nothing can cancel.",
        "Yes, if there are outliers": "An outlier is a large residual, and its square is larger still.",
        "Only for an even number of rows": "The number of rows plays no part: one residual that is not 0 makes both losses positive.",
    },
)
question(
    id="flat_accuracy",
    see="a-loss-is-not-a-metric",
    ask="During training the accuracy has not changed for 50 steps, but the log loss keeps falling. What is going on?",
    right={
        "As many rows are right as before, with better probabilities": "Yes: accuracy sees only the side of ½ on which each row lies; the log loss sees how far. No bug."
    },
    wrong={
        "There is a bug: a better model must have a better accuracy": "Accuracy counts rows on the right side of ½. Probabilities can improve a lot without one row changing sides.",
        "The learning rate is too small": "The loss is falling, so the steps arrive. The accuracy moves only when some row crosses ½.",
        "The model is overfitting": "That would show on rows the model has not seen: there the loss would rise. From two curves on the training rows nothing of the kind follows.",
    },
)
question(
    id="unseen_rows",
    see="training-rows-and-new-rows-overfitting",
    ask="A model with 11 weights is fitted to 20 people. Its MSE is 1,300 on these 20, and 7,100 on 422 others. What has happened?",
    right={
        "It overfits: it has learnt the accidents of these 20 people": "Yes: with eleven weights for twenty rows it can follow much of what is accidental in them, and an accident does not come again. Only the loss on new rows shows that."
    },
    wrong={
        "The 422 others are harder to predict": "They come from the same table, drawn at random. Had the model been fitted to 20 of them, these 20 would look easy.",
        "It has not been trained long enough": "On its training rows it is already far too good. These are the best weights for those 20 people; more training cannot lower that loss.",
        "There is a bug: both numbers should be equal": "Hardly ever: the weights were chosen to suit the 20, so the loss there is nearly always the smaller one. How far the two lie apart is what one looks at.",
    },
)
question(
    id="far_point",
    see="one-mistyped-number",
    ask="One target out of 442 is mistyped: 5000 instead of 151. Which constant prediction moves more?",
    right={
        "The best one for the MSE": "Yes: it is the mean, and it moves by the mistake divided by 442, about 11. The median moves by at most half a point, because it only counts how many lie on each side."
    },
    wrong={
        "The best one for the MAE": "That is the median. The mistyped target was perhaps on the left and is now on the right: one count, however far away.",
        "Both move equally": "One of them weighs every target by its distance, the other only counts sides.",
        "Neither, one row in 442 is too few": "For one of the two, a single row far enough away can move the answer as far as you like.",
    },
)
question(
    id="safe_log",
    see="when-it-breaks-the-probability-is-rounded-away",
    ask="Somebody writes ln(p + 1e-9) in the log loss, so that it cannot be infinite, and the gradient p − y by hand. For a score of −30 and label 1, what is the trouble?",
    right={
        "The loss is capped and flat there, while the gradient p − y still says −1": "Yes: the loss and the gradient no longer belong to each other, exactly where the model is most wrong. (A program that differentiates this loss by itself gets a slope near 0 there, and hardly learns from that row.)"
    },
    wrong={
        "None, 1e-9 is too small to matter": "At this score p is 1e-13, so 1e-9 is ten thousand times larger than what it protects.",
        "The loss becomes negative": "ln(1e-9) is −20.7, so the loss is +20.7: finite, positive, and wrong.",
        "It is slower": "An addition costs nothing. The trouble is in the value and in the slope.",
    },
)
