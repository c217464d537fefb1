from gdcourse.exercises import question

question(
    id="first_step",
    see="bias-correction-look-at-the-first-step",
    ask="One coordinate has the slope 0.0001, another 10,000. How long is Adam's first step in each, at the learning rate η?",
    right={"η in both": "Yes: m̂ = g and v̂ = g², so the step is η g/|g|. The size of the slope drops out."},
    wrong={
        "0.0001 η and 10,000 η": "That is gradient descent. Adam divides by the root of the mean square, here |g| itself.",
        "η and a tiny one: steep coordinates are slowed down": "They are brought to the *same* step as the others, not below it.",
        "3.16 η in both": "That is the first step without the bias correction.",
    },
)
question(
    id="l2_times_100",
    see="weight-decay-is-not-l2-regularisation",
    ask="Adam with L2 regularisation, and no slope from the data. You multiply its strength δ by 100. How much faster does a weight shrink?",
    right={
        "Not at all": "Yes: the slope is δw, and Adam divides it by its own size. δ cancels. That is why AdamW takes the decay out."
    },
    wrong={
        "100 times": "So one would expect, and so it is for plain gradient descent. Adam divides the slope δw by √v, which is δ|w|.",
        "10 times": "v is a mean of squares, but its root is taken: δ cancels entirely.",
        "It grows instead": "The sign is still that of w: it shrinks, by about η per step, whatever δ is.",
    },
)
question(
    id="pure_noise",
    see="how-long-is-a-step",
    ask="The slopes are pure noise with mean zero. How long is Adam's step, as a root mean square, in the long run?",
    right={
        "About 0.23 η": "Yes: √((1 − β₁)/(1 + β₁)) = √(0.1/1.9) = 0.229. Only the averaging in m makes it smaller than η."
    },
    wrong={
        "0: noise averages out": "Over infinitely many steps; m averages over about ten.",
        "η": "That is for a steady slope. Noise of both signs partly cancels in m.",
        "It depends on the size of the noise": "m and √v grow with it alike: the ratio does not.",
    },
)
question(
    id="loss_times_1000",
    see="what-adam-sees-and-what-not-scale-and-axes",
    ask="You multiply the loss by 1000 and keep the learning rate. What do the paths of Adam and of gradient descent do?",
    right={
        "Adam's stays the same, gradient descent's steps are 1000 times as long": "Yes: m̂/√v̂ does not feel a common factor (as long as ε is out of the way); ηg does."
    },
    wrong={
        "Both stay the same": "Gradient descent steps by η times the slope, and the slope is 1000 times as large.",
        "Both take steps 1000 times as long": "In Adam the factor stands in the numerator and in the denominator, and cancels.",
        "Adam's steps become 1000 times shorter": "It would if you divided by v. Adam divides by the root of v, which grows like the slope itself.",
    },
)
question(
    id="adam_or_sgd",
    see="adam-or-sgd",
    ask="You have a new network to train, and time to tune. Adam or SGD with momentum?",
    right={
        "Start with AdamW, then compare it with SGD and momentum, each with its own best rate": "Yes: a good default, and a fair comparison. At equal care neither wins everywhere."
    },
    wrong={
        "Adam with its default rate: it needs no tuning": "The rate 0.001 is a start, not an optimum; Adam's rate deserves the same search as any other.",
        "SGD: Adam's solutions generalise worse": "So it was reported in 2017. In a later comparison that tuned all settings of both, Adam never did worse.",
        "Whichever is faster at the same learning rate": "η means something else in each: for Adam it is the length of a step, for SGD a factor of the slope.",
    },
)
question(
    id="half_noise",
    see="how-long-is-a-step",
    ask="The slopes of a weight have the mean 3 and a noise of standard deviation 3 around it. How long is Adam's step on average, in the long run?",
    right={
        "About 0.71 η": "Yes: the signal-to-noise ratio q is 1, and q/√(1 + q²) = 1/√2. That both are 3 does not matter."
    },
    wrong={
        "3 η": "That is the slope times η, a step of gradient descent. Adam divides by the root of the mean square.",
        "η": "That is for a slope without noise. The mean square is 3² + 3², so its root is larger than the mean.",
        "0.5 η": "Nearly the idea: noise makes the step shorter. But v adds up the *squares* of signal and noise, and its root is taken: 3/√18.",
    },
)
question(
    id="turned_valley",
    see="what-adam-sees-and-what-not-scale-and-axes",
    ask="A narrow valley lies along the axes, and Adam goes down it quickly. You turn the valley by 45°. What happens to gradient descent and to Adam?",
    right={
        "Gradient descent stays as it was, Adam becomes far slower": "Yes: gradient descent does not know where the axes are. Adam has one rate for each weight, and at 45° both weights are as steep."
    },
    wrong={
        "Both stay as they were": "Gradient descent does. Adam's rates belong to the axes, and now no axis points along the valley.",
        "Both become far slower": "Gradient descent's path is simply turned with the valley, step by step.",
        "Adam stays as it was, gradient descent becomes far slower": "The other way round: it is Adam that works weight by weight.",
    },
)
