"""Three proofs, in order."""

from gdcourse.exercises import board, card, letters, right, trap, wrong

minutes = 30
points = 3
starter = """
from gdcourse import cards

order_proof = cards("convergence_proof/order_proof")
order_proof
"""
section = "The PL condition: no flat place but the bottom"
prompt = r"""
Here are the proofs of the descent lemma, of the rate 1/t (with $u = w^*$) and of the linear rate under PL, cut into cards and shuffled.
Put each in order: a card may only use what stands above it, or what the claim grants.
Some cards do not belong; often more than one order is right.

Choose **Use** to put a card at the end of your proof; there the arrows move it, and you can drag it by its letter.
Then check each proof.
Where the cards do not move (in a text editor, say) write their letters into the cell, `cards("convergence_proof/order_proof", descent_lemma="...", convex_rate="...", pl_rate="...")`, or define a function that returns them.

For example, `order_proof("descent_lemma")` is `"ABC"` when your proof consists of the cards A, B and C.
"""
hints = [
    "Read the claim first, then look for the card that states it: it comes last. Then ask of every card: what does it use?",
    "Each hypothesis of the claim is used by exactly one card. A card that uses a hypothesis that is not granted is one too many.",
    "Descent lemma: add up the slopes on the way, split them, bound the change, integrate. Rate 1/t: two facts about one step, put together; the square of the step; then add up all steps. PL: two facts about one step, put together; then repeat the step.",
]
praise = "Nothing is used before it stands there, and every hypothesis is used: that is a proof."
why = r"""
**The descent lemma.** The height gained is the slope along the way, added up.
Split each slope into the one at the start, which gives $-\eta\lVert g\rVert^2$, and its change, which smoothness bounds by $L$ times the way walked.
The way walked grows evenly from nothing to all of it, and on average it is half: that is where the half comes from.
Convexity occurs nowhere.

**The rate 1/t.** Two facts about one step, the descent lemma and the tangent, bound the new gap by an expression that the square of the step turns into a difference of two distances.
Differences add up to almost nothing: all but the ends cancel.
The descent lemma is used a second time, to see that the last gap is the smallest of all.

**The linear rate.** The lemma says what a step gains for its slope, and PL how large the slope is for its gap; together, what a step gains for its gap.
That is a fixed share, so the step can be repeated as a factor, as long as this factor is not negative.

A proof is a partial order: two cards that do not rest on each other may stand either way round, and the check accepts every order in which each card finds above it what it rests on.
"""

boards = {
    "descent_lemma": board(
        "The descent lemma",
        r"Claim: if f is L-smooth and $g = \nabla f(w)$, then $f(w - \eta g)$ $\le\; f(w) - \eta(1 - \frac{\eta L}{2})\lVert g\rVert^2$ for every η ≥ 0.",
        way=card(
            r"Walk from $w$ to $w - \eta g$, and add up the slopes on the way: $f(w - \eta g) - f(w)$ $=\;-\eta\int_0^1 \nabla f(w - s\eta g)\cdot g\,ds.$"
        ),
        split=card(
            r"Split each slope on the way into the slope at the start and its change: $f(w - \eta g) - f(w)$ $=\;-\eta\lVert g\rVert^2$ $+\; \eta\int_0^1 (g - \nabla f(w - s\eta g))\cdot g\,ds.$",
            after="way",
        ),
        smooth=card(
            r"f is L-smooth, so after the share s of the way the slope has changed by *at most* $\lVert g - \nabla f(w - s\eta g)\rVert$ $\le\; L s\eta\lVert g\rVert.$",
            missing="skips_lipschitz",
        ),
        product=card(
            r"A product $u\cdot v$ is at most $\lVert u\rVert\lVert v\rVert$, and with the bound on the change $(g - \nabla f(w - s\eta g))\cdot g$ $\le\; L s\eta\lVert g\rVert^2.$",
            after="smooth",
            missing="skips_lipschitz",
        ),
        integral=card(
            r"The integral of s from 0 to 1 is ½, so the last term is at most $\frac{\eta^2 L}{2}\,\lVert g\rVert^2.$",
            after="split product",
        ),
        claim=card(
            r"So $f(w - \eta g)$ $\le\; f(w) - \eta(1 - \frac{\eta L}{2})\lVert g\rVert^2.$",
            after="integral",
            early="circular",
        ),
        smooth_reversed=trap(
            "wrong_inequality_direction",
            r"f is L-smooth, so after the share s of the way the slope has changed by *at least* $\lVert g - \nabla f(w - s\eta g)\rVert$ $\ge\; L s\eta\lVert g\rVert.$",
        ),
    ),
    "convex_rate": board(
        "The rate 1/t",
        r"Claim: if f is convex and L-smooth, has a minimiser $w^*$, and 0 < η ≤ 1/L, then after T steps $f(w_T) - f^*$ $\le\; \frac{1}{2\eta T}\,\lVert w_0 - w^*\rVert^2.$",
        lemma=card(
            r"The descent lemma, with η ≤ 1/L: $f(w_{t+1})$ $\le\; f(w_t) - \frac{\eta}{2}\,\lVert g_t\rVert^2.$",
            missing="skips_lipschitz",
        ),
        tangent=card(
            r"f is convex, so its tangent at $w_t$ lies *below* it, at $w^*$ too: $f(w_t) + g_t\cdot(w^* - w_t)$ $\le\; f^*.$"
        ),
        together=card(
            r"The lemma and the tangent together: $f(w_{t+1}) - f^*$ $\le\; g_t\cdot(w_t - w^*)$ $-\; \frac{\eta}{2}\,\lVert g_t\rVert^2.$",
            after="lemma tangent",
        ),
        square=card(
            r"Multiply out the square of one step: $\lVert w_{t+1} - w^*\rVert^2$ $=\; \lVert w_t - w^*\rVert^2$ $-\; 2\eta g_t\cdot(w_t - w^*)$ $+\; \eta^2\lVert g_t\rVert^2.$"
        ),
        paid=card(
            r"So the distance pays for each gap: $f(w_{t+1}) - f^*$ $\le\; \frac{1}{2\eta}\,\lVert w_t - w^*\rVert^2$ $-\; \frac{1}{2\eta}\,\lVert w_{t+1} - w^*\rVert^2.$",
            after="together square",
        ),
        total=card(
            r"Add this up over T steps; of the distances all but the ends cancel: $\sum_{t=1}^{T}(f(w_t) - f^*)$ $\le\; \frac{1}{2\eta}\,\lVert w_0 - w^*\rVert^2.$",
            after="paid",
        ),
        smallest=card(
            r"The loss never rises, by the lemma, so the last gap is the smallest: $T(f(w_T) - f^*)$ $\le\; \sum_{t=1}^{T}(f(w_t) - f^*).$",
            after="lemma",
        ),
        claim=card(
            r"Divide by T: $f(w_T) - f^*$ $\le\; \frac{1}{2\eta T}\,\lVert w_0 - w^*\rVert^2.$",
            after="total smallest",
            early="circular",
        ),
        tangent_above=trap(
            "wrong_inequality_direction",
            r"f is convex, so its tangent at $w_t$ lies *above* it, at $w^*$ too: $f(w_t) + g_t\cdot(w^* - w_t)$ $\ge\; f^*.$",
        ),
        pl=trap(
            "uses_distractor",
            r"Where there is a gap there is a slope: $\frac{1}{2}\,\lVert g_t\rVert^2$ $\ge\; \mu(f(w_t) - f^*).$",
        ),
    ),
    "pl_rate": board(
        "The linear rate under PL",
        r"Claim: if f is L-smooth and PL with μ, and 0 < η ≤ 1/L, then after t steps $f(w_t) - f^*$ $\le\; (1 - \eta\mu)^t(f(w_0) - f^*).$",
        lemma=card(
            r"The descent lemma, with η ≤ 1/L: $f(w_{t+1})$ $\le\; f(w_t) - \frac{\eta}{2}\,\lVert g_t\rVert^2.$",
            missing="skips_lipschitz",
        ),
        slope=card(
            r"f is PL, so where there is a gap there is *at least* this slope: $\frac{1}{2}\,\lVert g_t\rVert^2$ $\ge\; \mu(f(w_t) - f^*).$"
        ),
        share=card(
            r"Put the slope into the lemma, and subtract $f^*$: $f(w_{t+1}) - f^*$ $\le\; (1 - \eta\mu)(f(w_t) - f^*).$",
            after="lemma slope",
        ),
        sign=card(
            r"No gap is negative, so a step from a gap above 0 shows that the factor is not negative either: $1 - \eta\mu$ $\ge\; 0.$",
            after="share",
        ),
        claim=card(
            r"Multiplied by such a factor an inequality keeps its direction, so repeat this for t steps: $f(w_t) - f^*$ $\le\; (1 - \eta\mu)^t(f(w_0) - f^*).$",
            after="share sign",
            early="circular",
        ),
        slope_reversed=trap(
            "wrong_inequality_direction",
            r"f is PL, so where there is a gap there is *at most* this slope: $\frac{1}{2}\,\lVert g_t\rVert^2$ $\le\; \mu(f(w_t) - f^*).$",
        ),
    ),
}


def cases(rng):
    yield ("descent_lemma",)
    yield ("convex_rate",)
    yield ("pl_rate",)


canonical = letters


def law(output, proof):
    return boards[proof].fault(output)


def order_proof(proof):
    """Return the letters of the cards of a proof in order: "descent_lemma", "convex_rate" or "pl_rate"."""
    return {"descent_lemma": "FDGCAB", "convex_rate": "CHDJIEAG", "pl_rate": "ADBEF"}[proof]


@right
def preparations_first(proof):
    return {"descent_lemma": "G C F D A B", "convex_rate": "J H C D I A E G", "pl_rate": "D A B E F"}[proof]


@right
def last_gap_early(proof):
    return {"descent_lemma": list("fgdcab"), "convex_rate": tuple("CAHDJIEG"), "pl_rate": list("dabef")}[proof]


@right
def square_just_in_time(proof):
    return {
        "descent_lemma": "F, G, C, D, A, B",
        "convex_rate": "H → C → D → J → I → E → A → G",
        "pl_rate": "A; D; B; E; F",
    }[proof]


@wrong
def wrong_inequality_direction(proof):
    """One of your inequalities points in the wrong direction. Smoothness says that the slope changes at most so much, convexity that a tangent lies below the function, PL that the slope is at least so large: check which of two cards that look alike the hypothesis grants."""
    return {"descent_lemma": "FDECAB", "convex_rate": "CFDJIEAG", "pl_rate": "ACBEF"}[proof]


@wrong
def uses_distractor(proof):
    """You use a card that the claim does not grant. The slope is large wherever there is a gap: that is PL, a further hypothesis, and with it one would prove more. This proof does without it."""
    return {"descent_lemma": "FDGCAB", "convex_rate": "CHDJIEABG", "pl_rate": "ADBEF"}[proof]


@wrong
def circular(proof):
    """Your proof is circular: it uses the claim before the steps that prove it. What is to be shown stands at the end."""
    return {"descent_lemma": "FDGCBA", "convex_rate": "CGHDJIEA", "pl_rate": "ADBFE"}[proof]


@wrong
def skips_lipschitz(proof):
    """You skip the step where the Lipschitz bound comes in, and a later card rests on it. Without smoothness nothing keeps the slope from changing at once, and no step, however short, is safe."""
    return {"descent_lemma": "FDAB", "convex_rate": "HDJIEAG", "pl_rate": "DBEF"}[proof]


@wrong
def leaves_a_gap(proof):
    """Your proof leaves a gap: one of your cards rests on another that is not there at all. Ask of every card where what it uses has been shown."""
    return {"descent_lemma": "FGCAB", "convex_rate": "CHDIEAG", "pl_rate": "ABEF"}[proof]


@wrong
def too_early(proof):
    """One of your cards comes too early: it uses something that is shown only further down. Nothing is missing there, only the order is not right yet."""
    return {"descent_lemma": "DFGCAB", "convex_rate": "CHJIDEAG", "pl_rate": "ABDEF"}[proof]


@wrong
def unfinished(proof):
    """So far so good: every card rests on what stands above it. But the proof is unfinished, the claim is not reached yet."""
    return {"descent_lemma": "FDGC", "convex_rate": "CHD", "pl_rate": "AD"}[proof]
