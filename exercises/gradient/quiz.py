from gdcourse.exercises import question

question(
    id="bowl_gradient",
    see="partial-derivatives-and-the-gradient",
    ask="f(x, y) = x² + 2y². What is the gradient at (3, 4)?",
    right={"(6, 16)": "Yes: 2x = 6 and 4y = 16. Uphill is mostly along y, because the bowl is steeper that way."},
    wrong={
        "(3, 8)": "Half of it: a square brings a 2 down when you differentiate it.",
        "41": "That is the value f(3, 4). The gradient has one entry per coordinate.",
        "17.09": "That is the length of the gradient: how steep. The gradient itself also says in which direction.",
        "(−6, −16)": "That is the way down. The gradient points uphill; the minus sign comes with the step.",
    },
)
question(
    id="cost_central",
    see="three-ways-to-get-a-gradient",
    ask="A model has d weights. How many evaluations of the loss does one gradient by central differences cost?",
    right={
        "2d": "Yes: one ahead and one behind for each weight. With a million weights that is two million passes over the data for a single step."
    },
    wrong={
        "2": "Two would be enough for one direction. A gradient asks every coordinate separately.",
        "d + 1": "That is the price of forward differences, which share the value in the middle.",
        "d²": "That is the order of a full table of second derivatives. Slopes come two values at a time.",
    },
)
question(
    id="zero_gradient",
    see="when-it-breaks-too-small-is-too-small",
    ask="The gradient is exactly zero at a point. What do you know?",
    right={
        "The point is stationary: a minimum, a maximum or a saddle": "Yes: the ground is level in every direction, to first order. Which of the three it is, the gradient does not say."
    },
    wrong={
        "It is a minimum": "The top of a hill is level too, and so is the middle of a mountain pass.",
        "It is the global minimum": "Even if it is a minimum, there may be a deeper one elsewhere; convexity would rule that out.",
        "The loss is zero there": "The gradient says how the loss changes, not how large it is.",
    },
)
question(
    id="best_h",
    see="when-it-breaks-too-small-is-too-small",
    ask="Central differences in double precision, a function and a point of ordinary size. Which h gives about the smallest error?",
    right={
        "6e-6": "Yes: the cube root of the machine precision. There the error of the formula, h²/6, and the rounding error, 1e-16/h, are about equal."
    },
    wrong={
        "1e-16": "1 + 1e-16 is 1 in double precision: both values are the same and the difference is 0.",
        "1.5e-8": "That is the square root of the machine precision, best for forward differences. Central ones can afford a larger step and so suffer less rounding.",
        "1e-1": "There the error of the formula itself, h²/6, is 0.002: far more than rounding would cost.",
    },
)
question(
    id="which_norm",
    see="steepest-in-which-norm-optional",
    ask="(From the optional section.) Every coordinate may move by at most 1. Which step from (3, 4) goes down fastest if the gradient is (6, 16)?",
    right={"(−1, −1)": "Yes: slope −22. In the max-norm the steepest step is minus the sign of the gradient."},
    wrong={
        "(−0.35, −0.94)": "That is minus the gradient at ordinary length 1, slope −17.1. Here each coordinate may move by a full 1, whatever the other does.",
        "(0, −1)": "Slope −16. The first coordinate may move as well, and would bring another −6.",
        "(−6, −16)": "Those moves are larger than 1. Shortened to (−0.375, −1) they fit, but their slope is −18.25, and (−1, −1) has −22.",
    },
)
question(
    id="along_the_contour",
    see="which-direction-is-steepest",
    ask="At (3, 4) the gradient is (6, 16). You take a tiny step along the contour line. What does the loss do?",
    right={
        "To first order, nothing": "Yes: on a contour the loss is constant, so the slope along it is 0 and the gradient stands at a right angle to it."
    },
    wrong={
        "It rises by 17.09 per unit": "That is the slope straight uphill, along the gradient. Along the contour the cosine is 0.",
        "It falls, since we do not go uphill": "Not uphill is not yet downhill: between the two lies the level direction.",
        "It depends on which way along the contour": "Both ways are level: the gradient is at a right angle to both.",
    },
)
question(
    id="slope_along",
    see="directional-derivatives-every-other-slope-is-already-known",
    ask="At (3, 4) the gradient is (6, 16). What is the slope along u = (0.6, −0.8)?",
    right={
        "−9.2": "Yes: 6 · 0.6 − 16 · 0.8 = −9.2. Down, but not as steeply as −17.09, which only the way straight against the gradient offers."
    },
    wrong={
        "16.4": "That is 6 · 0.6 + 16 · 0.8: the sign of the second entry of u was lost.",
        "17.09": "That is the length of the gradient, the slope straight uphill. Along another direction it is g · u.",
        "(3.6, −12.8)": "Those are the two shares. The slope is one number: add them.",
    },
)
