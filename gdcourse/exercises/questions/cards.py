"""Cards: a learner puts the shuffled steps of a proof in order; some cards do not belong to the proof.

An exercise file sets
`boards = {name: board(title, claim, one=card(…), two=card(…, after="one"), wrong=trap("code", …))}`.
A learner's answer returns, for the name of a board, the letters of its cards in order. `Board.fault` judges this
order. On the built page, `cards.js` judges by the same rules and shows the same texts: the docstrings of the mistakes.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from graphlib import TopologicalSorter
from hashlib import sha256
from html import escape
from string import ascii_uppercase
from typing import Any

from ..author import Exercise, load
from .quiz import Markdown, inline, plain

UNFINISHED = "unfinished"  # the code for an order without a fault in which some steps are missing


@dataclass(frozen=True)
class Card:
    """A step of a proof. after: the cards that must come before it.

    The other three fields are codes of mistakes. early: the card comes before a card that it needs. missing: the card
    is left out although a used card needs it. trap: the card is used although it does not belong to the proof.
    """

    text: str
    after: tuple = ()
    early: str = "too_early"
    missing: str = "leaves_a_gap"
    trap: str = ""


def card(text: str, after: str = "", early: str = "too_early", missing: str = "leaves_a_gap") -> Card:
    """Return a step of a proof.

    text: one line of Markdown with short formulas; after: the names of the cards that must come before it, separated
    by spaces; early, missing: the codes of two mistakes, see Card.

    >>> card("Add the two.", after="one two").after
    ('one', 'two')
    """
    return Card(text.strip(), tuple(after.split()), early, missing)


def trap(code: str, text: str) -> Card:
    """Return a card that does not belong to the proof: using it is the mistake `code`.

    >>> trap("circular", "By the claim itself.").trap
    'circular'
    """
    return Card(text.strip(), trap=code)


@dataclass(frozen=True)
class Board:
    """A claim and the cards of its proof.

    cards: {letter: Card}. The `after` of these cards contains letters; `board` has put them in place of the names
    that were given to `card(…)`.
    """

    title: str
    claim: str
    cards: dict

    def fault(self, order: Sequence[str]) -> str | None:
        """Return the first fault that a reader of the proof meets: the code of a mistake, or a sentence; else None.

        order: the letters of the cards.
        """
        for i, letter in enumerate(order):
            if letter not in self.cards:
                return f"There is no card {letter!r} here; the cards are {', '.join(self.cards)}."
            if letter in order[:i]:
                return f"Card {letter} stands twice in your proof."
            step = self.cards[letter]
            if step.trap:
                return step.trap
            for needed in step.after:
                if needed not in order[:i]:
                    return step.early if needed in order else self.cards[needed].missing
        return None if len(order) == sum(not step.trap for step in self.cards.values()) else UNFINISHED

    @property
    def codes(self) -> set[str]:
        """The codes of all mistakes that can be made with this board."""
        return {UNFINISHED} | {
            code for c in self.cards.values() for code in ([c.trap] if c.trap else [c.early, c.missing])
        }

    @property
    def graph(self) -> dict[str, Any]:
        """What the page needs to judge an order: a dict for each letter.

        The dict has "after", the letters of the cards that must come before it, and the codes of its mistakes: early
        and missing, or trap.
        """
        return {
            letter: {k: v for k, v in asdict(c).items() if k != "text" and v} | {"after": "".join(c.after)}
            for letter, c in self.cards.items()
        }


def board(title: str, claim: str, /, **cards: Card) -> Board:
    """Return a board: a claim and the cards of its proof.

    The cards get their letters by a shuffle that depends only on the title and their names. Raises ValueError if
    `after` names an unknown card, and CycleError if cards need each other in a circle.

    >>> proof = board("Sum", "1 + 1 = 2", one=card("First this."), two=card("Then that.", after="one"))
    >>> "".join(sorted(proof.cards))
    'AB'
    """
    steps = {name: c for name, c in cards.items() if not c.trap}
    for name, c in cards.items():
        unknown = [needed for needed in c.after if needed not in steps]
        if unknown:
            raise ValueError(f"{title}: card {name} comes after {', '.join(unknown)}, which is no step here")
    TopologicalSorter({name: c.after for name, c in steps.items()}).prepare()  # raises CycleError
    letter = dict(zip(sorted(cards, key=lambda name: sha256(f"{title}/{name}".encode()).digest()), ascii_uppercase))
    return Board(
        title,
        claim,
        {letter[n]: replace(cards[n], after=tuple(sorted(letter[a] for a in cards[n].after))) for n in letter},
    )


def letters(output: str | Iterable[object]) -> list[str]:
    """Return a learner's order as a list of letters.

    >>> letters("c, a, b") == letters("CAB") == letters(["C", "A", "B"])
    True
    """
    text = output if isinstance(output, str) else "".join(str(item) for item in output)
    return [character for character in text.upper() if character not in " ,;.->→\n"]


class Answer:
    """The orders in which a learner has put the cards, in the form that `check` takes.

    A board is a claim with the cards of its proof. `answer(name)` returns the learner's order for the board of this
    name, as letters; `repr(answer)` is the text of all boards with their cards.
    """

    def __init__(self, id: str, **orders: str):
        self.id, self.orders = id, orders

    def __call__(self, proof: str) -> str:
        return self.orders.get(proof, "")

    @property
    def untouched(self) -> bool:
        """Whether no card has been put in order yet."""
        return not any(self.orders.values())

    def __repr__(self):
        return listing(load(self.id))


# ---- the boards as HTML and as text


def markup(exercise: Exercise, attributes: str = "") -> list[str]:
    """Return the boards as a list of pieces, HTML or Markdown, in order; the replies are included, but hidden.

    >>> markup(load("convergence_proof/order_proof"))[0]
    '<div class="cards" data-id="convergence_proof/order_proof">'
    """
    pieces = [f'<div class="cards" data-id="{escape(exercise.id)}"{attributes}>']
    for name, b in exercise.boards.items():
        pieces += [
            f'<fieldset data-board="{escape(name)}"><legend>',
            Markdown(b.title),
            "</legend><p>",
            Markdown(b.claim),
            '</p><ul class="pile">',
        ]
        for letter, c in b.cards.items():
            pieces += [f'<li data-card="{letter}"><b>{letter}</b><div>', Markdown(c.text), "</div></li>"]
        pieces.append("</ul></fieldset>")
    pieces.append('<ul class="replies" hidden>')
    for code, reply in replies(exercise).items():
        pieces += [f'<li data-code="{code}">', Markdown(reply), "</li>"]
    graphs = {name: b.graph for name, b in exercise.boards.items()}
    data = json.dumps({"key": key(exercise), "name": exercise.name, "boards": graphs})
    return [
        *pieces,
        f'</ul><p class="score"></p><script type="application/json">{data.replace("<", chr(92) + "u003c")}</script></div>',
    ]


def key(exercise: Exercise) -> str:
    """Return a short text that differs if the boards or their cards differ.

    The page saves this key with a learner's order. If the key has changed since then, the saved order does not count.

    >>> len(key(load("convergence_proof/order_proof")))
    8
    """
    return sha256(repr(exercise.boards).encode()).hexdigest()[:8]


def replies(exercise: Exercise) -> dict[str, str]:
    """Return {code: what a learner reads}; "right" is one of the codes.

    >>> "right" in replies(load("convergence_proof/order_proof"))
    True
    """
    codes: set[str] = set().union(*(b.codes for b in exercise.boards.values()))
    return {"right": exercise.praise} | {
        code: " ".join(exercise.feedback(code).split()) for code in exercise.wrongs if code in codes
    }


def html(exercise: Exercise) -> str:
    """Return the boards as HTML for a notebook, where nothing else renders the Markdown.

    >>> html(load("convergence_proof/order_proof"))[:19]
    '<div class="cards" '
    """
    return "".join(inline(piece) if isinstance(piece, Markdown) else piece for piece in markup(exercise))


def listing(exercise: Exercise) -> str:
    """Return the boards as plain text.

    >>> "(descent_lemma)" in listing(load("convergence_proof/order_proof"))
    True
    """
    lines: list[str] = []
    for name, b in exercise.boards.items():
        lines += [
            f"{plain(b.title)} ({name}). {plain(b.claim)}",
            *(f"   {letter}  {plain(c.text)}" for letter, c in b.cards.items()),
        ]
    return "\n".join(lines)
