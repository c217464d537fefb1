from gdcourse.exercises import question

question(
    id="long_run_step",
    see="the-effective-learning-rate-how-long-is-a-step",
    ask="β = 0.9 and the gradient is the same g at every step. How long is a step in the long run?",
    right={"10 η g": "Yes: the memory grows to g + 0.9 g + 0.81 g + … = g / (1 − 0.9) = 10 g."},
    wrong={
        "η g": "That is the first step. Each later one also carries 0.9 of what came before.",
        "1.9 η g": "That is the second step. The sum goes on: 1 + 0.9 + 0.81 + …",
        "0.9 η g": "The memory keeps 0.9 of *itself* and adds the whole new gradient.",
        "It grows for ever": "Each new share of the old memory is smaller than the one before: the sum has a limit, 1/(1 − β).",
    },
)
question(
    id="stable_range",
    see="stability-the-safe-range-grows",
    ask="β = 0.9. Up to which product ηλ of rate and curvature do heavy ball and Nesterov's momentum stay stable?",
    right={
        "Heavy ball to 3.8, Nesterov to about 1.36": "Yes: 2(1 + β) = 3.8 and (2 + 2β)/(1 + 2β) = 3.8/2.8. The heavy ball widens the range of gradient descent, Nesterov narrows it."
    },
    wrong={
        "Both to 2": "That is plain gradient descent, β = 0.",
        "Heavy ball to 0.2, Nesterov to 0.2": "That would be 2(1 − β): the steps do become longer, but the memory also brakes when the gradient changes its sign.",
        "Heavy ball to about 1.36, Nesterov to 3.8": "The other way round: looking ahead buys a better guarantee, not a longer step.",
    },
)
question(
    id="oscillating_rate",
    see="the-convergence-rate-two-roots",
    ask="With β = 0.81 the ball swings in the valley, past the bottom and back. By which factor do the swings shrink per step?",
    right={"0.9": "Yes: both roots have the absolute value √β, whatever the rate."},
    wrong={
        "0.81": "β is the product of the two roots. They have the same absolute value, so it is √β.",
        "1.8": "With 2√β = 1.8 the swings would grow. The two roots are equally long and multiply to β, so each is √β.",
        "It depends on the learning rate": "While the roots are complex it does not: the rate changes how fast the ball swings, not how fast the swing fades.",
    },
)
question(
    id="rising_loss",
    see="it-rises-before-it-falls",
    ask="You run the heavy ball with its best settings on a narrow valley, and the loss rises during the first steps. Is that a bug?",
    right={
        "No: tuned momentum may rise before it falls": "Yes: on the valley with κ = 100 from (1, 1) the loss climbs from 50.5 to 687.5 before it falls. Momentum trades a steady descent for a faster end."
    },
    wrong={
        "Yes: a descent method has to descend": "Gradient descent below 2/L has to. The heavy ball is not a descent method in that sense.",
        "Yes: the rate must be beyond the edge": "Beyond the edge the loss would rise for ever. Here it falls after a few steps, and fast.",
        "Yes: β must be above 1": "Then the memory alone would explode. The best β is below 1 for every valley.",
    },
)
question(
    id="slower",
    see="it-may-be-slower",
    ask="In one direction, at ηλ = 0.1, plain gradient descent keeps 0.9 of the error a step. You add the popular β = 0.9. What happens?",
    right={
        "It becomes slower: about 0.95 a step": "Yes: the roots are complex, so the factor is √0.9 = 0.9487. The best β there is 0.4675."
    },
    wrong={
        "It becomes ten times as fast, like the steps": "The steps become ten times as long while the gradient stays the same; here the ball passes the minimum, and the gradient turns round.",
        "Nothing: with one direction there is no zigzag to damp": "It still swings: past the minimum and back, and the swing fades by √β a step only.",
        "It diverges": "The edge for β = 0.9 is at ηλ = 3.8, far above 0.1.",
    },
)
question(
    id="guarantee",
    see="on-a-function-that-is-no-quadratic",
    ask="f is convex with all curvatures between 1 and 25, and no quadratic. You run the heavy ball with the settings that are best for μ = 1 and L = 25. What do you know?",
    right={
        "Nothing for certain: it may cycle for ever": "Yes: three joined parabolas make it repeat three points without end. The formula holds for quadratics; Nesterov's settings converge on every such function."
    },
    wrong={
        "It converges by (√κ − 1)/(√κ + 1) = 2/3 a step": "On a quadratic, in the long run. This function has the same curvatures, but not everywhere the same one.",
        "It converges, perhaps more slowly": "Not even that: from starts between 3.07 and 3.46 it runs in a circle of three points.",
        "It diverges to infinity": "It stays bounded in the example: it circles.",
    },
)
question(
    id="noise",
    see="with-noisy-gradients",
    ask="The gradients are noisy. At the same small rate η you switch from gradient descent to momentum with β = 0.9. What happens to the noise floor, the mean square of w in the long run?",
    right={
        "It becomes about ten times higher": "Yes: the memory is a *sum* of about ten gradients, so it is like gradient descent at the rate η/(1 − β) = 10 η, with its floor."
    },
    wrong={
        "It becomes about ten times lower": "Not even a *mean* of ten gradients does that: at the same η its floor is that of gradient descent, because each noise comes in over ten steps, a tenth at a time, and adds up again. And ours is a sum: the steps become ten times as long.",
        "It stays the same": "At the same η the steps are ten times as long in the long run, and longer steps mean a higher floor. It would stay about the same at the rate η/10.",
        "There is no floor any more": "New noise comes in with every gradient, and the memory holds it. Only a rate that falls, or gradients without noise, take the floor away.",
    },
)
