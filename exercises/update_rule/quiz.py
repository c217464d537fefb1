from gdcourse.exercises import question

question(
    id="next_w",
    see="the-update-rule",
    ask="You stand at w = 10 on (w−3)² and the learning rate is 0.1. Where does one step lead?",
    right={"8.6": "Yes: the slope at 10 is 2 · 7 = 14, and 10 − 0.1 · 14 = 8.6."},
    wrong={
        "11.4": "That is uphill: the slope 14 is positive, so the loss grows to the right. The step goes against the slope.",
        "9.3": "You used 7 as the slope. The derivative of (w−3)² is 2(w − 3): the square brings a 2 down.",
        "9.9": "A step of 0.1 exactly would mean that the slope does not matter. The step is the rate *times* the slope.",
        "−4": "That is a step of the whole slope, 14. The rate takes a tenth of it.",
    },
)
question(
    id="same_count",
    see="how-fast-every-step-multiplies",
    ask="Which of the rates 0.1 and 0.9 comes within 0.001 of the minimum of (w−3)² in fewer steps?",
    right={
        "Neither: they need the same number": "Yes: the multipliers are 0.8 and −0.8. One slides down its side, the other jumps across at every step, and both are 0.8 times as far away afterwards."
    },
    wrong={
        "0.9, because its steps are longer": "Its steps are longer, but they overshoot: 1 − 0.9 · 2 = −0.8. What counts is how far away you are afterwards.",
        "0.1, because 0.9 diverges": "It jumps to the other side every time, and still comes nearer: only a multiplier beyond ±1 diverges, here a rate beyond 1.",
        "0.1, because it never overshoots": "Overshooting costs nothing in itself. Each step multiplies the distance by |1 − 2η|, which is 0.8 for both rates.",
    },
)
question(
    id="all_equal",
    see="one-array-two-hundred-names",
    ask="A loop stored 200 points with `history.append(w)`, and all 200 are equal to the last one. Why?",
    right={
        "`w -= …` changed the one array that all 200 entries refer to": "Yes: a list holds references. Make a new array with `w = w - …`, or append `w.copy()`."
    },
    wrong={
        "The descent had converged from the start": "Then the first entry would be the start. It was, until the next step overwrote it.",
        "The learning rate was 0": "Then all entries would equal the *start*, not the last point.",
        "A list can hold an array only once": "It can hold the same array any number of times, and here it does.",
    },
)
question(
    id="doubled_loss",
    see="the-update-rule",
    ask="You multiply the loss by 2 and keep the learning rate. What happens?",
    right={
        "From the same point the step is twice as long, and the largest safe rate is half as large": "Yes: the slope doubles, and the curvature too. Rates have units: they only mean something together with the scale of the loss."
    },
    wrong={
        "Nothing: the minimum is where it was": "The minimum stays, but the slope doubles, and the step is the rate times the slope.",
        "Twice as many steps are needed": "From the same point the step becomes longer, not shorter. Whether fewer or more are needed depends on how near the edge you were.",
        "From the same point the step is half as long": "The slope is in the step as it is, not divided by: twice the slope, twice the step.",
    },
)
question(
    id="validation_rows",
    see="why-a-third-kind-of-rows",
    ask="You stop your training at the step where the loss on the test rows is lowest, and report that loss. What is wrong?",
    right={
        "The test rows helped to choose the step, so their loss is too good": "Yes: of thousands of steps you took the one that suits these rows best. Choose by validation rows, and look at the test rows once, at the end."
    },
    wrong={
        "Nothing: the model was not trained on the test rows": "No gradient came from them, but a choice did. The lowest of many numbers is low partly by luck.",
        "You should stop where the training loss is lowest": "That is nearly always the last step: the training loss keeps falling while the model learns accidents of its rows.",
        "Test rows must have the same loss as training rows": "They hardly ever have, since the weights were chosen to suit the training rows. What is wrong here is who chose the step.",
    },
)
question(
    id="order_steps",
    see="two-parameters-move-at-once",
    ask="Put the training loop in order: **U** update the weights, **G** gradient, **I** initialise, **L** loss, **P** predict, **R** repeat until it no longer improves or the budget is spent.",
    right={
        "I P L G U R": "Yes: start somewhere, predict, see how wrong that is, ask which way is up, step the other way, again."
    },
    wrong={
        "I G U P L R": "The gradient is made from the errors, and the errors from the predictions: P has to come before G.",
        "P I L G U R": "Without weights there is nothing to predict with: first initialise.",
        "I P L U G R": "The update needs the gradient of the point you stand on. With U before G it would use an old one.",
        "I P R L G U": "Repeat closes the loop: as written, it would predict for ever and never update.",
    },
)
question(
    id="small_step",
    see="stopping-criteria",
    ask='A loop stops because its last step was shorter than 1e-6, and prints "converged". What do you know?',
    right={
        "The rate times the slope is below 1e-6": "Yes, and no more than that: the slope may be small, or only the rate. At η = 1e-8 the loop of this chapter stops where it starts."
    },
    wrong={
        "The minimum is at most 1e-6 away": "On curvature a the distance may be as large as 1e-6/(ηa): five times as far at η = 0.1 on the parabola of this chapter, and as far as you like at a tiny rate.",
        "The slope is below 1e-6": "The step is the rate times the slope: at η = 0.1 the slope may be ten times as large, at 1e-8 a hundred million times.",
        "The loss has stopped changing": "It has changed little in one short step. Many short steps still make a long way.",
    },
)
