from gdcourse.exercises import question

question(
    id="range_and_best",
    see="the-best-fixed-rate",
    ask="A quadratic bowl has the curvatures 2 and 4. Which fixed rates converge from every start, and which of them is best in the worst case?",
    right={
        "All between 0 and 0.5; best is 1/3": "Yes: the edge is 2/L = 2/4, and the best is 2/(μ + L) = 2/6, where both multipliers have the absolute value 1/3."
    },
    wrong={
        "All between 0 and 1; best is 0.5": "That asks the flat direction: 2/μ = 1. The steep one, with curvature 4, explodes beyond 2/4 = 0.5, and 0.5 itself never converges.",
        "All between 0 and 0.5; best is 0.25": "The range is right. At 0.25 = 1/L the steep direction is done in one step, but the flat one only halves; at 1/3 both shrink to a third.",
        "All between 0 and 0.25; best is 0.25": "0.25 = 1/L is where overshooting begins, not where it explodes: the edge is twice as far.",
    },
)
question(
    id="constant_loss",
    see="one-parameter-five-regimes",
    ask="A descent on a quadratic shows a loss that never changes again, and the gradient is large. Which rate is it?",
    right={
        "Exactly 2/L": "Yes: the steepest direction has the multiplier −1 and jumps from side to side at the same height, for ever. The other directions are long done."
    },
    wrong={
        "Exactly 1/L": "At 1/L the steepest direction is *finished* in one step; the gradient would shrink.",
        "Far too small": "Then the loss would fall slowly, but fall: a large gradient times a small rate still gains something.",
        "Any rate, at the minimum": "At the minimum the gradient is zero. Here it is large.",
    },
)
question(
    id="centimetres",
    see="rates-have-units",
    ask="You write the one feature of a linear regression in centimetres instead of metres, so that its numbers become 100 times as large. What happens to the safe rate for its weight?",
    right={
        "It shrinks to a ten-thousandth": "Yes: the curvature is a mean of x², so it grows by 100² = 10,000, and the edge 2/L shrinks by the same factor. Rates have units."
    },
    wrong={
        "It shrinks to a hundredth": "The slope grows by 100 for the same error, and the weight has to be 100 times as precise too: together 100².",
        "It stays: the model is the same": "The best line is the same, but the landscape over its weight is not: it became 10,000 times as steep.",
        "It grows 100-fold": "Larger features make a steeper bowl, and a steeper bowl wants smaller steps.",
    },
)
question(
    id="halve_and_basin",
    see="local-minima-and-basins",
    ask="With one weight, a run at a small rate slides down, without jumping, into a local minimum. You halve the rate and start from the same point. Where does it end?",
    right={
        "In the same minimum": "Yes: both follow the same slope, in smaller or larger pieces, and the half rate takes about twice as many steps. After a *jump* it may be otherwise: in the double well, from 1.6, the rate 0.7 jumps into the other valley, and 0.35 does not."
    },
    wrong={
        "In a worse one: small rates get stuck": "A popular mistake. A small rate is slow, but it goes the same way. In the double well of this chapter every rate from 0.001 to 0.5 ends at the same point.",
        "In a better one: small rates are more precise": "More precise about the same minimum. The basin does not change.",
        "Nobody can tell: it is random": "There is nothing random in it: same start, same loss, same slope.",
    },
)
