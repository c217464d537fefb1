"""What a check returns: a code, a message, and the case that shows the difference; as text and as HTML."""

import html
import re
import textwrap
from dataclasses import dataclass

# every code of a verdict and its meaning; a verdict can also have the code of a known mistake of its exercise
CODES = {
    "right": "accepted",
    "untouched": "still the starter",
    "unknown": "there is no such exercise, or the check itself has failed",
    "missing": "its name is not defined, or was not reached (grading)",
    "stopped": "the cell in which it stands cannot be read, or stopped",
    "signature": "not a function, or one that cannot be called as the exercise calls it",
    "raised": "it stopped with an exception",
    "timeout": "it did not come to an end",
    "none": "nothing came back",
    "state": "the same input gives something else at the second call",
    "mutated": "it changed its argument",
    "structure": "what came back is built otherwise: another number of values, a dictionary, …",
    "type": "it is of another kind: a string, a truth value, a complex number",
    "shape": "it has another shape",
    "nan": "it holds nan or inf where it should not",
    "value": "the numbers or words are others",
}
# (symbol, word, colour): symbol and word are for readers who cannot see the colour
_LOOK = {
    "right": ("✓", "Right", "var(--jp-success-color1, var(--pst-color-success, #2e7d32))"),
    "untouched": ("○", "Not yet", "var(--jp-border-color1, var(--pst-color-border, #808080))"),
    "wrong": ("✗", "Not right yet", "var(--jp-warn-color1, var(--pst-color-warning, #b26a00))"),
}
# with these codes the answer was not judged, so the learner need not change it
_LOOK |= dict.fromkeys(("stopped", "missing", "unknown"), ("○", "Not checked", _LOOK["wrong"][2]))
# the text beside the button in a page (attribute `data-said`); the verdict itself is shown below the button
_SAID = {
    "right": "Solved.",
    "untouched": "Nothing to check so far.",
} | dict.fromkeys(("stopped", "missing", "unknown"), "Not checked: read on below.")


@dataclass(frozen=True)
class Verdict:
    """What a check found. code: one of CODES, or that of a known mistake. message: a few sentences.

    details: the case that shows the fault: input, result, expected result. note: a remark that is not about
    the answer. step: what to do next, see `ladder.py`.
    """

    id: str
    code: str
    message: str
    details: str = ""
    note: str = ""
    step: str = ""

    @property
    def ok(self) -> bool:
        return self.code == "right"

    def __bool__(self):
        return self.ok

    def __str__(self):
        symbol, word, _ = self._look
        message = "\n\n".join(map(_wrapped, self.message.split("\n\n")))
        step = _wrapped(_LINK.sub(r'"\1"', self.step))
        parts = [f"{symbol} {word}: {self.id}\n{message}", step, self.details, _wrapped(self.note)]
        return "\n\n".join(filter(None, parts))

    __repr__ = __str__

    @property
    def _look(self):
        return _LOOK.get(self.code, _LOOK["wrong"])

    def _repr_html_(self):
        symbol, word, colour = self._look
        paragraphs = "".join(f'<p style="margin:.4em 0">{_inline(p)}</p>' for p in self.message.split("\n\n"))
        step = f'<p style="margin:.4em 0">{_inline(self.step)}</p>' if self.step else ""
        shown, mark, expected = self.details.partition("\nexpected:") if self.step else (self.details, "", "")
        details = _table(shown) if shown else ""
        if mark:  # hide the expected result from a learner who is asked to predict it
            details += f"<details><summary>What is expected</summary>{_table(mark.strip() + expected)}</details>"
        note = f'<p style="margin:.4em 0"><small>{_inline(self.note)}</small></p>' if self.note else ""
        return (
            f'<div class="gdcourse-verdict" role="status" data-code="{html.escape(self.code)}"{" data-ok" * self.ok} '
            f'data-said="{_SAID.get(self.code, "Checked: read on below.")}" style="color:inherit;'
            f'border-left:.35em solid {colour};padding:.3em .9em;margin:.5em 0">'
            f'<strong><span aria-hidden="true">{symbol}</span> {word}</strong> '
            f"<code>{html.escape(self.id)}</code>{paragraphs}{step}{details}{note}</div>"
        )


def _wrapped(text):
    return textwrap.fill(text, 100, break_long_words=False, break_on_hyphens=False)


def _box(text):
    return (
        '<pre style="margin:.4em 0;padding:.4em .6em;background:transparent;color:inherit;'
        f'border:1px solid {_LOOK["untouched"][2]};overflow-x:auto">{html.escape(text)}</pre>'
    )


def _table(details):
    """Return `details` as an HTML table: a row for the input, one for the learner's result and so on.

    Details that do not describe a case are returned as a box of text.
    """
    if not re.match(r"\w+ = |expected: ", details):
        return _box(details)
    edge = f"border-top:1px solid {_LOOK['untouched'][2]};padding:.3em .9em .3em 0;vertical-align:top;text-align:left"
    rows = "".join(
        f'<tr><th scope="row" style="{edge}">{name}</th><td style="{edge}">'
        f'<pre style="margin:0;padding:0;border:0;background:transparent;color:inherit;overflow-x:auto">{html.escape(text)}</pre></td></tr>'
        if name
        else f'<tr><td colspan="2" style="{edge}">{html.escape(text)}</td></tr>'
        for name, text in _rows(details)
    )
    return f'<table class="gdcourse-case" style="margin:.4em 0;border-collapse:collapse;width:100%;color:inherit">{rows}</table>'


_NAMED = re.compile(r"(yours|expected|printed|first call|last call): +")


def _rows(details):
    """Return the lines of a case as [(name, text), …].

    >>> _rows("w = 1.0\\nlr = 0.1\\n\\nyours:    2.0\\nexpected: 0.9")
    [('input', 'w = 1.0\\nlr = 0.1'), ('yours', '2.0'), ('expected', '0.9')]
    """
    rows = []
    for part, block in enumerate(details.split("\n\n")):
        indent = 0
        for line in block.splitlines():
            found = _NAMED.match(line)
            if found:
                indent = found.end()
                rows.append([found[1], line[indent:]])
            elif rows and rows[-1][0] and line[:indent].strip() == "" and (indent or part == 0):
                rows[-1][1] += f"\n{line[indent:]}"  # the next line of a value with several lines
            else:
                indent = 0
                rows.append(["input" if part == 0 and not rows else "", line])
    return [tuple(row) for row in rows]


_LINK = re.compile(r"\[([^\]]+)\]\((#[^)\s]+)\)")


def _inline(text):
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False)).replace("\n", " ")
    return _LINK.sub(lambda found: f'<a href="{html.escape(found[2])}">{found[1]}</a>', text)


class Note(str):
    """A Markdown text that a terminal shows as it is and a notebook shows formatted, with formulas."""

    def __repr__(self):
        return str(self)

    def _repr_markdown_(self):
        return str(self)
