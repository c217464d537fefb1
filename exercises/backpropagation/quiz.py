from gdcourse.exercises import question

question(
    id="ten_sigmoids",
    see="depth-where-the-gradient-gets-lost",
    ask="A gradient goes back through ten layers with the sigmoid. What is the largest factor that the ten slopes of the sigmoid can leave of it?",
    right={
        "0.25¹⁰, about one millionth": "Yes: the slope p(1 − p) is largest at p = ½, and there it is ¼. Ten quarters multiplied are 9.5 · 10⁻⁷."
    },
    wrong={
        "0.25 · 10 = 2.5": "Slopes along a path multiply; they do not add up.",
        "1, if the weights are chosen well": "Large weights can make up for some of it, but the slopes themselves are never above ¼, and where sums are large they are far below.",
        "0.5¹⁰, about one thousandth": "½ is the largest value of p in p(1 − p) where the slope peaks; the slope there is ½ · ½.",
    },
)
question(
    id="equal_start",
    see="why-the-start-is-random",
    ask="All weights of a network start at the same number, say 0.1. What happens to the units of the hidden layer during training?",
    right={
        "They stay equal to each other for ever": "Yes: equal units compute the same, get the same gradient and take the same step. A layer of them is one unit."
    },
    wrong={
        "They spread out after some steps": "What could make them differ? Each step is the same for all of them.",
        "Their gradients are all zero": "Not all of them: the last layer moves at once, and from the second step on the hidden units move too, all in the same way.",
        "Mini-batches break the symmetry": "All units see the same batch, so they get the same gradient for it.",
    },
)
question(
    id="cost",
    see="why-go-backwards",
    ask="A network has a million weights. About how much does the gradient by backpropagation cost, compared with computing the loss once?",
    right={
        "Two to three times as much": "Yes: one pass forward, and one back that costs about twice as much. The number of weights does not enter the factor."
    },
    wrong={
        "A million times as much": "That is what one difference for each weight would cost.",
        "Two million times as much": "That is the price of central differences: two losses for each weight.",
        "As much, for both": "The way back has to compute two products for each layer, one for the weights and one for what came in.",
    },
)
question(
    id="first_loss",
    see="from-scores-to-a-loss",
    ask="A network for ten classes has just been started. Which first loss tells you that it knows nothing, and nothing wrong?",
    right={"About ln 10 = 2.30": "Yes: a tenth for each class costs −ln(1/10) for every example."},
    wrong={
        "0": "That would be certain and right about everything.",
        "0.1": "0.1 is the probability that it gives to each class. The loss is minus the logarithm of that.",
        "10": "Then the right class would get the probability e⁻¹⁰, far less than by guessing: it is certain, and wrong.",
    },
)
question(
    id="three_causes",
    see="watch-over-it",
    ask="The loss of a network with ten classes stays at 2.30, step after step. Which of these can NOT be the cause?",
    right={
        "It learns the training rows by heart": "Right: then the training loss falls towards 0. Overfitting shows on other rows."
    },
    wrong={
        "The rate is so large that all units of a layer died": "It can: dead ReLU units pass nothing on, and the last biases alone can only guess.",
        "All weights started at zero": "It can: units with ReLU or tanh then give zero, and no gradient reaches their weights.",
        "Twenty sigmoid layers": "They can: so little of the gradient arrives at the first layers that nothing they do changes.",
        "The labels were shuffled": "They can: pixels then say nothing about the class, and for a long time guessing is the best there is.",
    },
)
question(
    id="twice_used",
    see="first-on-a-graph",
    ask="A weight is used in two places of the loss. What is its gradient?",
    right={
        "The sum of the shares from both places": "Yes: a small change acts in both places, and the effects add up. In code: +=, not =."
    },
    wrong={
        "The share of the place nearer to the loss": "The other place changes the loss as well.",
        "The product of the two shares": "Slopes multiply along a path. Where two paths meet they add up.",
        "The mean of the two": "Nothing divides by two: the same change acts twice.",
    },
)
question(
    id="sharpness",
    see="the-edge-of-stability",
    ask="Full-batch descent with η = 0.5 on a network: the loss rises on a third of the steps, and falls in the long run. Where do you expect the largest curvature?",
    right={
        "Near 2/η = 4": "Yes: at the edge of stability. The curvature came to 2/η, from below or from above, and stays near it."
    },
    wrong={
        "Far above 4": "There every step would be thrown further out, and the loss would not fall in the long run.",
        "Far below 4": "Then each step would lower the loss: that is the lemma of descent.",
        "Near 0.5": "A curvature and a rate have inverse units: the edge is 2 over the rate.",
    },
)
