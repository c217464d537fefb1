"""Quizzes: a few questions per chapter; every option, right or wrong, has its own reply.

The author's file is `exercises/<chapter>/quiz.py`: calls of `question`, nothing else.
A notebook (`quiz("momentum")`, a widget) and the built page (`website.content.quiz`) show the same HTML. Without
JavaScript, each option is a <details> that opens its reply; `quiz.js` turns the options into buttons.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape, unescape
from pathlib import Path

from ..author import GET_THEM, exercises_folder


@dataclass(frozen=True)
class Question:
    """One question. replies: {option: what a learner who chooses it reads}, in the order shown.

    see: the anchor of the section to read again. `key` does not depend on it.
    """

    id: str
    ask: str
    right: str
    replies: dict
    see: str = field(default="", repr=False)

    @property
    def key(self) -> str:
        """The key of the question in saved answers.

        An edited question gets a new key, so answers to its earlier version do not count.
        """
        return f"{self.id}.{sha256(repr(self).encode()).hexdigest()[:8]}"


_asked: list[Question] = []  # the questions of the file that is being read, in order


def question(*, id: str, ask: str, right: dict[str, str], wrong: dict[str, str], see: str = "") -> Question:
    """Ask one multiple-choice question.

    id: a short name, unique in its file. ask: Markdown, formulas allowed.
    right: {option: reply}, exactly one; wrong: {option: reply}, one or more.
    see: the anchor of the chapter's section that answers it, such as stopping-criteria.
    Options and replies are one line of Markdown each. The order of the options depends only on the id and the
    options.
    Raises ValueError, with a sentence for the author, if one of these rules is broken.

    >>> question(id="half", ask="What is ½ · 4?", right={"2": "Yes."}, wrong={"8": "That is twice 4."}).right
    '2'
    """
    replies = right | wrong
    if not id.isidentifier():
        raise ValueError(f"question id {id!r}: use letters, digits and underscores, like next_w")
    if len(right) != 1 or not wrong:
        raise ValueError(f"question {id}: give one right option and at least one wrong one")
    if len(replies) != len(right) + len(wrong):
        raise ValueError(f"question {id}: the right option is also among the wrong ones")
    for option, reply in {id: ask, **replies}.items():
        if not option.strip() or not reply.strip():
            raise ValueError(f"question {id}: every option needs a reply, {option!r} has none")
    if id in [q.id for q in _asked]:
        raise ValueError(f"question {id}: the id is used twice")
    shuffled = sorted(replies, key=lambda option: sha256(f"{id}/{option}".encode()).digest())
    asked = Question(id, ask.strip(), next(iter(right)), {option: replies[option] for option in shuffled}, see)
    _asked.append(asked)
    return asked


def read(path: Path) -> tuple[Question, ...]:
    """Return the questions of one quiz file, in order.

    >>> len(read(find("loss"))) > 2
    True
    """
    _asked.clear()
    try:
        exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), {"__name__": "quiz", "__file__": str(path)})
        return tuple(_asked)
    finally:
        _asked.clear()


def find(chapter: str) -> Path:
    """Return the path of a chapter's quiz file. Raises LookupError, which names the quizzes that exist.

    >>> find("loss").name
    'quiz.py'
    """
    path = exercises_folder() / chapter / "quiz.py"
    if not path.is_file():
        known = sorted(path.parent.name for path in exercises_folder().glob("*/quiz.py"))
        others = f"there are: {', '.join(known)}" if known else f"nor any other. {GET_THEM}"
        raise LookupError(f"there is no quiz {chapter!r}; {others}")
    return path


class Markdown(str):
    """A piece of `markup` that is still Markdown, and must be rendered before the quiz is shown."""


def markup(chapter: str, questions: Sequence[Question], attributes: str = "") -> list[str]:
    """Return the quiz as a list of pieces, HTML or Markdown, in order.

    >>> markup("loss", read(find("loss")))[0]
    '<div class="quiz" data-chapter="loss">'
    """
    pieces = [f'<div class="quiz" data-chapter="{escape(chapter)}"{attributes}>']
    for q in questions:
        pieces += [f'<fieldset data-key="{q.key}" data-see="{escape(q.see)}"><legend>', Markdown(q.ask), "</legend>"]
        for option, reply in q.replies.items():
            verdict, mark = ("right", "✓") if option == q.right else ("wrong", "✗")
            pieces += [
                f'<details data-verdict="{verdict}"><summary>',
                Markdown(option),
                "</summary>",
                f'<p class="reply"><span role="img" aria-label="{verdict.title()}.">{mark}</span> ',
                Markdown(reply),
                "</p></details>",
            ]
        pieces.append("</fieldset>")
    return [*pieces, '<p class="score"></p></div>']


def html(chapter: str, questions: Sequence[Question]) -> str:
    """Return the quiz as HTML for a notebook, where nothing else renders the Markdown.

    >>> html("loss", read(find("loss")))[:18]
    '<div class="quiz" '
    """
    return "".join(inline(piece) if isinstance(piece, Markdown) else piece for piece in markup(chapter, questions))


def listing(chapter: str, questions: Sequence[Question]) -> str:
    """Return the quiz as plain text: its questions and options, without the answers.

    >>> listing("loss", read(find("loss"))[:1]).splitlines()[0]
    'Quiz loss: 1 questions'
    """
    lines = [f"Quiz {chapter}: {len(questions)} questions"]
    for number, q in enumerate(questions, 1):
        lines.append(f"{number}. {plain(q.ask)}")
        lines += [f"   ({letter}) {plain(option)}" for letter, option in zip("abcdefgh", q.replies)]
    return "\n".join(lines)


def inline(text: str) -> str:
    """Return one line of Markdown (`code`, *emphasis*, **strong**, $math$) as HTML.

    Raises ValueError for a formula that `tex` cannot show.

    >>> inline("a *small* $w$")
    'a <em>small</em> <span class="math">w</span>'
    """
    show: dict[str | None, Callable[[str], str]] = {
        "`": lambda s: f"<code>{escape(s)}</code>",
        "**": lambda s: f"<strong>{escape(s)}</strong>",
        "*": lambda s: f"<em>{escape(s)}</em>",
        "$": lambda s: f'<span class="math">{tex(s)}</span>',
        None: escape,
    }
    parts = re.findall(r"(`|\*\*|\$|\*)(?=\S)(.+?)(?<=\S)\1|([^`*$]+|.)", text.replace("\n", " "))
    return "".join(show[mark or None](inside or other) for mark, inside, other in parts)


def plain(text: str) -> str:
    """Return one line of Markdown as plain text.

    >>> plain("a **large** $w^2$")
    'a large w^2'
    """
    raised = re.sub(r"<(sup|sub)>(.*?)</\1>", lambda m: "_^"[m[1] == "sup"] + _one(m[2]), inline(text))
    return unescape(re.sub(r"<[^>]*>", "", raised))


def _one(term):
    return term if re.fullmatch(r"\\?\w+|\*", term) else f"({term})"


SYMBOLS = dict(
    alpha="α",
    beta="β",
    gamma="γ",
    delta="δ",
    epsilon="ε",
    varepsilon="ε",
    eta="η",
    kappa="κ",
    theta="θ",
    mu="μ",
    pi="π",
    rho="ρ",
    sigma="σ",
    cdot="·",
    times="×",
    le="≤",
    ge="≥",
    ne="≠",
    approx="≈",
    pm="±",
    to="→",
    infty="∞",
    nabla="∇",
    sum="Σ",
    top="ᵀ",
    ln="ln",
    log="log",
    exp="exp",
    int="∫",
    lVert="‖",
    rVert="‖",
) | {"lambda": "λ", ",": " ", ";": " ", "%": "%"}
# Like TeX, `tex` drops the space that is typed after a command. It keeps the space after these signs and names, because
# TeX puts a space of its own there.
SPACED = {"≤", "≥", "≠", "≈", "±", "→", "×", "ln", "log", "exp"}


def tex(formula: str) -> str:
    """Return a short formula as HTML with sub- and superscripts: a widget in a notebook cannot typeset formulas.

    Raises ValueError for an unknown command: write it as a character or in words.

    >>> tex("w_1^2 - w")
    'w<sub>1</sub><sup>2</sup> − w'
    """
    text = re.sub(r"\\sqrt\{([^{}]*)\}", lambda m: "√" + _one(m[1]), formula)
    text = re.sub(r"\\t?frac\{([^{}]*)\}\{([^{}]*)\}", lambda m: f"{_one(m[1])}/{_one(m[2])}", text).replace("-", "−")
    unknown = {name for name in re.findall(r"\\([A-Za-z]+|.)", text) if name not in SYMBOLS}
    if unknown:
        raise ValueError(
            f"${formula}$: a notebook cannot show {', '.join(sorted(unknown))}; write it as a character or in words"
        )
    text = re.sub(
        r"\\([A-Za-z]+|.)( (?![=<>+−]))?",
        lambda m: SYMBOLS[m[1]] + (m[2] or "" if SYMBOLS[m[1]] in SPACED else ""),
        text,
    )
    text = escape(text)
    for sign, tag in {r"\^": "sup", "_": "sub"}.items():
        text = re.sub(sign + r"(?:\{([^{}]*)\}|(.))", lambda m: f"<{tag}>{m[1] or m[2]}</{tag}>", text)
    return text
