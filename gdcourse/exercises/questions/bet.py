"""Bets: a learner predicts the result of a cell before the cell runs.

An author writes an admonition of the class `predict` with the question, and below it a cell that calls `bet`. A
notebook and the built page show the same HTML form: a notebook as the output of that cell, the page in the admonition.
The page also covers the answer until the learner has bet (`website.content.bets`).
"""

import re
from collections.abc import Sequence
from html import escape

LONGEST = 60  # characters of an option, which must fit on a button on a phone


def refuse(id: str, options: Sequence[str]) -> None:
    """Raise ValueError if `bet` cannot be called with these arguments; the message says what to write instead.

    >>> refuse("adam/first_step", ["0.1", "0.1"])
    Traceback (most recent call last):
    ValueError: bet adam/first_step: give two or more options that differ, or none for a field to type into
    """
    if not (isinstance(id, str) and re.fullmatch(r"\w+/\w+", id)):
        raise ValueError(f"bet {id!r}: name it by chapter and a short word, like adam/first_step")
    if other := [option for option in options if not isinstance(option, str)]:
        raise ValueError(f"bet {id}: options are texts, {other[0]!r} is none; write it in quotes")
    if len(options) == 1 or len(set(options)) < len(options):
        raise ValueError(f"bet {id}: give two or more options that differ, or none for a field to type into")
    if long := [option for option in options if not 0 < len(option) <= LONGEST]:
        raise ValueError(f"bet {id}: an option has 1 to {LONGEST} characters, {long[0]!r} has {len(long[0])}")


def markup(id: str, options: Sequence[str], more: str = "") -> str:
    """Return the HTML of the form: a button for each option, or a text field if there are no options.

    more: further HTML that goes into the form.

    >>> markup("adam/first_step", ["η", "< η"])[:97]
    '<form class="bet" data-id="adam/first_step"><button type="button" class="chip">η</button><button '
    """
    chips = "".join(f'<button type="button" class="chip">{escape(one)}</button>' for one in options)
    field = (
        '<input type="text" aria-label="Your prediction" placeholder="Your prediction" autocomplete="off" '
        'maxlength="80"><button type="submit">Bet</button>'
    )
    return f'<form class="bet" data-id="{id}">{chips or field}{more}<span class="said" role="status"></span></form>'


def listing(options: Sequence[str]) -> str:
    """Return the form as plain text, for places where no kernel runs: the options, and what to do.

    >>> listing([])
    'Your prediction: a number, or a few words. Run this cell to place your bet.'
    """
    choices = "  ".join(f"({letter}) {one}" for letter, one in zip("abcdefgh", options))
    return f"Your prediction: {choices or 'a number, or a few words'}. Run this cell to place your bet."
