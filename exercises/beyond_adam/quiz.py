from gdcourse.exercises import question

question(
    id="which_norm",
    see="three-norms-three-optimisers",
    ask="The gradient of a layer is G = U S Vᵀ. Which step of length 1 goes down most, if a step is as long as its largest singular value?",
    right={
        "−U Vᵀ": "Yes: every singular value may be as large as 1, and each of them earns its share. That is the step of Muon."
    },
    wrong={
        "−G divided by the root of its sum of squares": "That is the answer for the ordinary length of all entries together: gradient descent.",
        "−sign(G), entry by entry": "That is the answer when the length is the largest *entry*: sign descent.",
        "only the strongest direction of U and V": "That would use one singular value and leave the others at 0, though they cost nothing: the length is the *largest* of them.",
    },
)
question(
    id="turned_valley",
    see="turn-the-valley",
    ask="In a valley with κ = 10,000 along the axes Adam with η = 0.1 needs 82 steps. Now the valley is turned by 45 degrees, and the start with it. What happens to Adam, and what to gradient descent?",
    right={
        "Adam needs thousands of steps; gradient descent's losses stay as they were": "Yes: Adam scales along the axes only. Gradient descent uses no axes: its path is simply turned too."
    },
    wrong={
        "Nothing, for both": "So it is for gradient descent. Adam divides coordinate by coordinate, and the coordinates now cut across the valley.",
        "Both get slower": "Gradient descent knows lengths and angles only, and a turn keeps them all.",
        "Gradient descent gets slower, Adam stays": "The other way round: which of the two asks for each coordinate by itself?",
    },
)
question(
    id="why_the_trap",
    see="a-trap-on-an-interval",
    ask="One large positive slope in 101, small negative ones between: their average is positive, and Adam still climbs to the wrong end. Why?",
    right={
        "The large slope makes itself small through v, and v forgets before the next one": "Yes: the effective rate is lowest when the slope that matters arrives, and rises afterwards. AMSGrad keeps the largest v."
    },
    wrong={
        "The learning rate is too large": "A falling rate, 0.5/√t, ends at the same wrong point.",
        "The problem is not convex": "It is: each cost is a straight line, on an interval.",
        "Momentum carries it past the minimum": "The trap works without momentum too: the shorter example has β₁ = 0.",
    },
)
question(
    id="crossover",
    see="adam-and-sgd-the-evidence",
    ask="What did the study of 2026 that tried many explanations of Adam's lead over SGD find?",
    right={
        "No single factor, but a crossover batch size: below it SGD is ahead, above it Adam": "Yes, on vision, language, genomes and graphs. So with small batches SGD is worth a try."
    },
    wrong={
        "Rare words explain it": "In that study the lead sometimes stayed when all words were equally common, and nearly vanished when they were not.",
        "The noise of mini-batches explains it": "The lead survives in full batch, where there is no such noise, and grows with the batch.",
        "Adam is always ahead": "In some settings SGD was: below the crossover batch size, for example.",
    },
)
question(
    id="the_edge",
    see="a-fair-comparison",
    ask="You tried the rates 0.01, 0.03, 0.1 and 0.3, and the best mean loss belongs to 0.3. What now?",
    right={
        "Try larger rates too before you compare": "Yes: the best rate of the grid may not be the best rate. The search stopped too early."
    },
    wrong={
        "Take 0.3: it has the lowest loss": "Of those that were tried. Nobody knows what 1 would do.",
        "Take 0.1, to be on the safe side": "That may be wise for a product, but it makes the comparison unfair: this method has not been tuned.",
        "Try 0.15 and 0.2": "The curve still falls at its end, so what is unknown lies beyond 0.3, not before it.",
    },
)
question(
    id="one_seed",
    see="a-fair-comparison",
    ask="Over twenty seeds A has a mean loss of 0.10 and B one of 0.08; the difference has a standard error of 0.03. What may you say?",
    right={
        "These runs do not show a difference": "Yes: 0.02 is less than one standard error, and twenty other seeds may turn the order round."
    },
    wrong={
        "B is better by a fifth": "Chance alone often makes a difference as large as this one.",
        "B is better, but only a little": "Even that is not shown: a difference of less than two standard errors may have either sign.",
        "A and B are equally good": "That is not shown either. More seeds may find a difference that twenty cannot see.",
    },
)
