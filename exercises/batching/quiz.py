from gdcourse.exercises import question

question(
    id="updates_per_epoch",
    see="epochs-and-the-last-batch",
    ask="442 rows in batches of 64: how many updates make an epoch, and how many rows has the last batch?",
    right={"7 updates, 58 rows": "Yes: six full batches are 384 rows, and 58 remain."},
    wrong={
        "6 updates, 64 rows": "Then 58 rows would never be used in this epoch.",
        "7 updates, 64 rows": "7 · 64 = 448, six more than there are. The last batch is shorter.",
        "64 updates, 7 rows": "The other way round: 64 is the size of a batch.",
    },
)
question(
    id="double_the_batch",
    see="how-noisy-is-a-batch",
    ask="You double the batch size (with replacement). What happens to the standard deviation of the gradient?",
    right={
        "It is divided by √2": "Yes: the variance halves, and its root falls by √2, about 1.41. Half the noise costs four times the rows."
    },
    wrong={
        "It halves": "The *variance* halves. The standard deviation is its square root.",
        "It stays the same": "A mean of more rows is less noisy.",
        "It is divided by 4": "The variance halves, so its root shrinks by less than that, not by more.",
    },
)
question(
    id="more_epochs",
    see="the-noise-floor-of-a-constant-rate",
    ask="SGD with a constant rate has reached its noise floor. Do more epochs lower it?",
    right={
        "No": "Yes, exactly: at the floor the noise adds per step what the slope takes away. A smaller rate or a larger batch lowers it; time does not."
    },
    wrong={
        "Yes, slowly": "It can look so for a while, by chance. The floor is a balance, and the number of steps does not enter into it.",
        "Yes, by 1/√epochs": "So shrinks the *distance* of the mean of the points, or of the points at a rate that falls. At a constant rate the points themselves keep jittering.",
        "Only without replacement": "Reshuffling makes the floor lower, but more epochs do not move it either.",
    },
)
question(
    id="floor",
    see="the-noise-floor-of-a-constant-rate",
    ask="With batches of 16, drawn with replacement, at η = 0.1 a descent stalls 0.0076 above the minimum. About where will batches of 64 at η = 0.05 stall?",
    right={
        "0.00095": "Yes: the floor is about ηS/(4B). Half the rate and four times the rows make it eight times lower."
    },
    wrong={
        "0.0038": "That is what half the rate alone does. The batch is four times as large, too.",
        "0.0019": "That is what four times the batch alone does. The rate is halved, too.",
        "0.0027": "The *standard deviation* of w falls by √8. The floor of the loss is a variance, and falls by 8.",
    },
)
question(
    id="one_over_t",
    see="let-the-rate-fall",
    ask="SGD with the rate 1/t on a direction of curvature 0.1, started at distance 1. How far is it after 100,000 steps, noise aside?",
    right={
        "About 0.3": "Yes: the distance shrinks like t to the power −0.1, painfully slowly. 1/t is perfect for curvature 1 and hopeless for 0.1."
    },
    wrong={
        "About 0.00001": "That is 1/t. The distance falls like t to the power −0.1, and the exponent is the curvature: this would need one near 1.",
        "Exactly 0": "1/t reaches the mean exactly on curvature 1. Here each step takes away only a tenth as much.",
        "1: it does not move": "It moves, and slower and slower: the rates add up without end, but only like a logarithm.",
    },
)
question(
    id="large_enough",
    see="how-large-should-a-batch-be",
    ask="The scatter of the row gradients is S = 5, and the squared length of the full gradient is 0.05. You double the batch from 800 rows to 1,600. What do you gain?",
    right={
        "Little: almost as many steps, and twice the rows": "Yes: S/‖∇f‖² = 100 rows are enough. At 800 the noise S/B is already far below the squared gradient, so a step hardly becomes better."
    },
    wrong={
        "Half as many steps, for the same rows": "So it is far *below* the critical batch size. It is 5/0.05 = 100 here, and 800 is far above it.",
        "Half as many steps, and half the rows": "A batch never saves rows: at best twice the batch takes half the steps, which is the same number of rows.",
        "A floor four times lower": "The floor of a constant rate is proportional to S/B: it is halved. And far above the critical batch size the floor is not what holds you up.",
    },
)
