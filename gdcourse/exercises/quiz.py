"""Quizzes: a few questions per chapter; every answer, right or wrong, has its own reply.

The author's file is `exercises/<chapter>/quiz.py`: calls of `question`, nothing else.
"""
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True)
class Question:
    """One question. `replies` maps each option, in the order shown, to what a learner who picks it reads."""

    id: str
    ask: str
    right: str
    replies: dict


_asked = []  # the questions of the file being read, in its order


def question(*, id, ask, right, wrong):
    """Ask one multiple-choice question.

    id: a short name, unique in its file. ask: Markdown, math allowed.
    right: {option: reply}, exactly one; wrong: {option: reply}, one or more.
    Options and replies are one line of Markdown each. Options are shown in an order that depends on id and options only.
    """
    replies = right | wrong
    if not id.isidentifier():
        raise ValueError(f"question id {id!r}: use letters, digits and underscores, like next_w")
    if len(right) != 1 or not wrong:
        raise ValueError(f"question {id}: give one right option and at least one wrong one")
    if len(replies) != len(right) + len(wrong):
        raise ValueError(f"question {id}: the right option stands among the wrong ones too")
    for option, reply in {id: ask, **replies}.items():
        if not option.strip() or not reply.strip():
            raise ValueError(f"question {id}: every option needs a reply, {option!r} has none")
    if id in [q.id for q in _asked]:
        raise ValueError(f"question {id}: the id is used twice")
    shuffled = sorted(replies, key=lambda option: sha256(f"{id}/{option}".encode()).digest())
    asked = Question(id, ask.strip(), *right, {option: replies[option] for option in shuffled})
    _asked.append(asked)
    return asked


def read(path):
    """The questions of one quiz file, a tuple of Question."""
    _asked.clear()
    try:
        exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), {"__name__": "quiz", "__file__": str(path)})
        return tuple(_asked)
    finally:
        _asked.clear()
