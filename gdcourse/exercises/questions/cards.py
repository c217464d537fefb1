"""Cards: the steps of a proof, shuffled, with some that do not belong, to be put in order.

An exercise file says `boards = {name: board(title, claim, one=card(…), two=card(…, after="one"), wrong=trap("code", …))}`.
A learner's answer gives, for the name of a board, the letters of its cards in order. `Board.fault` is the judge; the built page
judges by the same few lines in `cards.js`, on the same graph as data, and says the same words: the docstrings of the mistakes.
"""

import json
from dataclasses import asdict, dataclass, replace
from graphlib import TopologicalSorter
from hashlib import sha256
from html import escape
from string import ascii_uppercase

from ..author import load
from .quiz import Markdown, inline, plain

UNFINISHED = "unfinished"  # the code of an order without a fault that does not yet hold every step


@dataclass(frozen=True)
class Card:
    """A step of a proof. `after`: the cards it rests on. The codes say which mistake it is to put it before one of these
    (`early`), to leave it out where another rests on it (`missing`), or to use it at all (`trap`)."""

    text: str
    after: tuple = ()
    early: str = "too_early"
    missing: str = "leaves_a_gap"
    trap: str = ""


def card(text, after="", early="too_early", missing="leaves_a_gap"):
    """A step: one line of Markdown, short formulas; `after`: the names of the cards it rests on, separated by blanks."""
    return Card(text.strip(), tuple(after.split()), early, missing)


def trap(code, text):
    """A card that does not belong: using it is the mistake `code`."""
    return Card(text.strip(), trap=code)


@dataclass(frozen=True)
class Board:
    """A claim and the cards of its proof, by letter; `after` of a card holds letters here."""

    title: str
    claim: str
    cards: dict

    def fault(self, order):
        """The first fault that a reader of the proof meets: the code of the mistake, or a sentence; None when all is right."""
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
    def codes(self):
        """Every mistake that can be made here."""
        return {UNFINISHED} | {
            code for c in self.cards.values() for code in ([c.trap] if c.trap else [c.early, c.missing])
        }

    @property
    def graph(self):
        """What the page needs to judge: by letter, the letters a card rests on and its codes."""
        return {
            letter: {k: v for k, v in asdict(c).items() if k != "text" and v} | {"after": "".join(c.after)}
            for letter, c in self.cards.items()
        }


def board(title, claim, /, **cards):
    """A claim and the cards of its proof. They get their letters by a shuffle that depends on title and names only."""
    steps = {name: c for name, c in cards.items() if not c.trap}
    for name, c in cards.items():
        unknown = [needed for needed in c.after if needed not in steps]
        if unknown:
            raise ValueError(f"{title}: card {name} comes after {', '.join(unknown)}, which is no step here")
    TopologicalSorter({name: c.after for name, c in steps.items()}).prepare()  # complains of a circle
    letter = dict(zip(sorted(cards, key=lambda name: sha256(f"{title}/{name}".encode()).digest()), ascii_uppercase))
    return Board(
        title,
        claim,
        {letter[n]: replace(cards[n], after=tuple(sorted(letter[a] for a in cards[n].after))) for n in letter},
    )


def letters(output):
    """A learner's order as a list of letters: "CAB", "c, a, b" and ["C", "A", "B"] are the same."""
    text = output if isinstance(output, str) else "".join(str(item) for item in output)
    return [character for character in text.upper() if character not in " ,;.->→\n"]


class Answer:
    """What is handed to `check`: asked for a board, it gives the order of its cards. As text, the boards."""

    def __init__(self, id, **orders):
        self.id, self.orders = id, orders

    def __call__(self, proof):
        return self.orders.get(proof, "")

    @property
    def untouched(self):
        return not any(self.orders.values())

    def __repr__(self):
        return listing(load(self.id))


# ---- how it is shown


def markup(exercise, attributes=""):
    """The boards as a list of pieces, HTML or Markdown, in order; also the replies, which wait until they are needed."""
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


def key(exercise):
    """What stands for the boards in a saved order: other cards are another order."""
    return sha256(repr(exercise.boards).encode()).hexdigest()[:8]


def replies(exercise):
    """What a learner reads, by code; "right" is one of them."""
    codes = set().union(*(b.codes for b in exercise.boards.values()))
    return {"right": exercise.praise} | {
        code: " ".join(exercise.feedback(code).split()) for code in exercise.wrongs if code in codes
    }


def html(exercise):
    """The boards for a notebook, where nothing else turns Markdown into HTML."""
    return "".join(inline(piece) if isinstance(piece, Markdown) else piece for piece in markup(exercise))


def listing(exercise):
    """The boards as plain text."""
    lines = []
    for name, b in exercise.boards.items():
        lines += [
            f"{plain(b.title)} ({name}). {plain(b.claim)}",
            *(f"   {letter}  {plain(c.text)}" for letter, c in b.cards.items()),
        ]
    return "\n".join(lines)
