from gdcourse.exercises import question

question(
    id="not_the_minimum",
    see="picking-a-rate-four-rules",
    ask="Why not train with the rate at which the finder's curve is lowest?",
    right={
        "There the loss is about to rise: the rate is near the edge, a little below it or well above": "Yes: the loss lags behind the rate, and noise makes it turn a little earlier or later. Keep a distance."
    },
    wrong={
        "The smoothed curve is always shifted to the left": "Smoothing shifts it to the *right*: it looks back.",
        "Because the lowest loss means that the model has overfitted": "A test of a hundred steps has seen too little for that.",
        "There is no reason; that is the rate to take": "On the digits of this chapter it lies near 1, and at 1.5 at least two trainings of ten go wrong.",
    },
)
question(
    id="where_it_turns",
    see="in-many-directions-late-without-noise",
    ask="A bowl with many directions, full batches, no noise: where does the finder's curve turn?",
    right={
        "Well beyond 2/L": "Yes: the steep direction is finished long before the rate reaches the edge, and beyond it it has to grow back from nearly zero before the loss shows it. Noise would keep it alive, and the turn near the edge."
    },
    wrong={
        "At 2/L": "So it is in *one* direction, where the loss is that direction. With many, the steep one has nothing left to show when its edge is reached.",
        "At 1/L": "There one step finishes the steepest direction: nothing can be better for it.",
        "Well below 2/L": "Below the edge every direction still shrinks at every step.",
    },
)
question(
    id="restore",
    see="the-range-test-one-descent-and-the-rate-grows",
    ask="Why does the finder put the weights back afterwards?",
    right={
        "The test has ruined them": "Yes: it ends where the rate is far beyond the edge. Training from there would start from useless weights."
    },
    wrong={
        "To save memory": "It costs memory: a copy.",
        "So that the result can be repeated": "A seed does that. The weights are put back because they are useless afterwards.",
        "It does not matter": "It does: the last steps of the test were explosions.",
    },
)
question(
    id="finite_but_dead",
    see="a-network-that-can-go-wrong",
    ask="A network trains at rate 5. The loss stays finite, near 2.3, and it names one digit in ten correctly. Is the rate fine?",
    right={
        "No: it has learnt nothing": "Yes: 2.3 is ln 10, and a tenth is chance. The units have died in the first explosion; a finite loss is no proof of health."
    },
    wrong={
        "Yes: a rate that is too large gives inf or nan": "Not always. Dead units give slopes of zero, and then nothing can explode any more.",
        "Yes, it only needs more epochs": "Dead units have no slope to learn from.",
        "No: it overfits": "Then it would name the *training* digits correctly.",
    },
)
question(
    id="other_batch_size",
    see="what-transfers",
    ask="You ran the finder with batches of 64 and will train with batches of 512. Can you reuse the curve?",
    right={
        "No: test again": "Yes. On the digits of this page the curve hardly moved between 16 and 256, but no rule says that it stays on yours. The test takes seconds."
    },
    wrong={
        "Yes: the rate depends on the network only": "It was nearly so on the digits of this page, and is not so everywhere: how much noise a rate can stand depends on the batch.",
        "Yes, after multiplying the rate by 8": "A popular rule, and sometimes a good guess: but it holds only while the noise is what limits you. Test it.",
        "Yes, after dividing the rate by 8": "Larger batches are less noisy: if the curve moves, then towards larger rates.",
    },
)
