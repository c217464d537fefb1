from gdcourse.exercises import question

question(
    id="at_the_edge",
    see="the-descent-lemma-one-step",
    ask="The descent lemma at the rate η = 2/L: what does it guarantee for one step?",
    right={
        "That the loss does not rise": "Yes: the factor 1 − ηL/2 is 0 there. On the steepest bowl the loss indeed stays the same, for ever."
    },
    wrong={
        "That the loss falls": "It does below 2/L. At 2/L the promise has shrunk to nothing.",
        "Nothing: the loss may rise": "That begins beyond 2/L, where the promise is negative.",
        "That the gap is halved": "The lemma compares with the slope, not with the gap; and at 2/L it promises a fall of zero.",
    },
)
question(
    id="half_the_gap",
    see="convex-losses-at-worst-one-over-t",
    ask="f is convex and smooth, η = 1/L, and nothing more is known. You want the guaranteed gap half as large. How many steps does that take?",
    right={
        "Twice as many": "Yes: the bound is LR²/(2t). Half the bound, double t; on the worst functions it really is so."
    },
    wrong={
        "A fixed number more": "So it is where the rate is linear, under PL or strong convexity. Only convex, the bound falls like 1/t.",
        "Four times as many": "That would be a bound like 1/√t, as for functions with kinks.",
        "√2 times as many": "That is a bound like 1/t², which takes Nesterov's method.",
    },
)
question(
    id="linear_without_convexity",
    see="the-pl-condition-no-flat-place-but-the-bottom",
    ask="Can gradient descent converge linearly, from every start, on a function that is not convex?",
    right={
        "Yes, if it satisfies PL": "Yes: the slope must be large enough wherever there is a gap. w² + 3 sin² w is an example."
    },
    wrong={
        "No: linear rates need strong convexity": "Strong convexity implies PL, and PL is all that the proof uses.",
        "No: there are other minima to get stuck in": "Many functions have them; under PL there are none, since the slope is zero only where the gap is.",
        "Only near a minimum": "Near one, yes, often. Under PL it holds from everywhere.",
    },
)
question(
    id="where_sgd_ends",
    see="stochastic-gradient-descent-to-a-ball-not-to-a-point",
    ask="Where does SGD with a constant rate converge to on a strongly convex loss?",
    right={
        "To a ball around the minimum, its squared radius in proportion to η, unless every example is fitted exactly": "Yes: the mean squared distance ends in proportion to η and to the noise. With interpolation the noise dies at the minimum, and the rate is linear."
    },
    wrong={
        "To the minimum": "The noise of the batches does not die there, so the steps do not either. A rate that decreases is needed, or interpolation.",
        "Nowhere: it diverges": "At a small rate it stays near the minimum: it only keeps wandering.",
        "To a ball whose size does not depend on η": "Half the rate, half the mean squared distance.",
    },
)
