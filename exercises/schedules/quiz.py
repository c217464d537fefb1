from gdcourse.exercises import question

question(
    id="half_time",
    see="the-zoo",
    ask="A cosine schedule goes from 0.4 at step 0 to 0 at step 1,000. What is the rate at step 500?",
    right={
        "0.2": "Yes: half a wave is half-way down in the middle. Its mean is 0.2 too, so it travels half as far as a constant 0.4."
    },
    wrong={
        "0.4 · cos 500": "The step has to become an angle first: 500 of 1,000 steps are half of the half turn, π/2, and cos(π/2) = 0. Then ½(1 + 0) = ½.",
        "0.283": "That is 0.4 · cos(π/4): a quarter of a wave instead of half of one. It would end steeply instead of gently.",
        "0": "The rate reaches 0 at the end. At half-time the cosine itself is 0, but it is 1 + cos that is halved.",
    },
)
question(
    id="halving",
    see="the-zoo",
    ask="A rate is halved every 10 epochs. Written as η · exp(−k · epoch), k is …",
    right={"ln 2 / 10 = 0.069": "Yes: after 10 epochs exp(−10k) must be ½, so 10k = ln 2."},
    wrong={
        "½ / 10 = 0.05": "exp(−0.5) is 0.61, not ½. Set exp(−10k) = ½ and take logarithms.",
        "2 / 10 = 0.2": "exp(−2) is 0.14: that is nearly three halvings. Set exp(−10k) = ½ and take logarithms.",
        "10 · ln 2 = 6.9": "Then the rate would be a thousandth after a single epoch. Should the 10 multiply or divide?",
    },
)
question(
    id="travel",
    see="total-travel",
    ask="A staircase: 0.1, times 0.1 every 100 steps. How large can the sum of its rates become, if you run it for ever?",
    right={
        "About 11.1": "Yes: 100 steps at 0.1 make 10, the next hundred 1, then 0.1 and so on: 10 + 1 + 0.1 + … = 11.1. On a curvature of 0.02 that leaves four fifths of the distance."
    },
    wrong={
        "Infinitely large: every step adds something": "Every step adds something, but each hundred adds only a tenth of what the hundred before it added. 10 + 1 + 0.1 + … stays below 11.2.",
        "0.111": "That is the sum of the levels, 0.1 + 0.01 + …: each of them lasts for 100 steps.",
        "10": "That is the first level alone. The second adds 1, the third 0.1.",
    },
)
question(
    id="order",
    see="bookkeeping",
    ask="In PyTorch somebody calls scheduler.step() before optimizer.step(), all through a run. What does it cost?",
    right={
        "The first rate of the schedule is never used": "Yes: all rates come one step early. With a cosine hardly anybody notices; with a one-cycle or a warm-up by epochs the first, gentle rate is gone. PyTorch warns."
    },
    wrong={
        "Nothing: the two do not know of each other": "They share the rate: the scheduler writes it, the optimizer reads it. Which one comes first decides which rate the first step has.",
        "The last rate is used twice": "All rates come one step early, so at the end it is the other way round: a rate from beyond the end is used.",
        "The weights are not updated": "They are: optimizer.step() is still called, only with the rate of the next step.",
    },
)
question(
    id="rising",
    see="early-stopping",
    ask="The training loss falls, and the validation loss has been rising for twenty epochs. What now?",
    right={
        "Stop, and take the weights with the lowest validation loss": "Yes: more steps make the model worse on new rows. More data, a smaller model or a penalty may lower both curves, but this run is over."
    },
    wrong={
        "Go on: the training loss is still falling": "It is the loss on rows that the model knows. On new rows it gets worse with every epoch: that is overfitting.",
        "Stop, and take the last weights": "They are twenty epochs worse than the best ones. The best were there, and somebody should have kept a copy.",
        "Raise the learning rate": "The run does not crawl: it goes somewhere, to weights that please the training rows only. Going there faster does not help.",
    },
)
question(
    id="fooled",
    see="when-to-stop",
    ask='A loop stops when the weights change by less than 10⁻⁶ in a step. It stops after step 0 and prints "converged". What do you suspect first?',
    right={
        "A very small learning rate": "Yes: the change is the rate times the length of the gradient. With η = 10⁻⁹ it is tiny anywhere, on the steepest slope too."
    },
    wrong={
        "A lucky start at the minimum": "Then the gradient would be zero as well: print its length. In the middle of a steep slope a tiny rate looks just the same to this rule.",
        "A very large learning rate": "That makes the change large. The change is the rate times the length of the gradient.",
        "Too few decimals in the weights": "Rounding matters from about 10⁻¹⁶ of a weight on. Something else makes this step short.",
    },
)
question(
    id="clip",
    see="clipping",
    ask="The gradient (3, 4) is clipped to the norm 1. The result is …",
    right={"(0.6, 0.8)": "Yes: its length is 5, so both entries are divided by 5. The direction stays."},
    wrong={
        "(1, 1)": "That is clipping by value: each entry is cut off by itself, and the vector turns. Its length is not 1 either.",
        "(3/7, 4/7)": "You divided by the sum of the entries. The length is √(9 + 16) = 5.",
        "(0.75, 1)": "Now the largest entry is 1, and the length is 1.25. The norm is the root of the sum of the squares.",
    },
)
