"""Facts: a number in the prose is recomputed by a test, and can be followed from the page to the test and back.

Authors write `facts/<chapter>.py` with `fact` and `says`; a page cites {fact}`F3.1`; the directive {facts} lists all
facts.
"""

import inspect
import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
NUMBER = re.compile(r"(?P<sign>-?)(?P<digits>\d+(?:\.(?P<decimals>\d+))?)(?:e(?P<power>-?\d+))?(?P<percent>%?)")
FRACTION = re.compile(r"-?\d+/\d+")

registry = {}  # id -> Fact, in the order of the files
# While a fact is recomputed: a list of Said, one for each call of `says` so far. Otherwise None.
_said = None


@dataclass(frozen=True)
class Said:
    """One number as the reader sees it. quoted: it must stand on a page that cites the fact."""

    text: str
    quoted: bool


@dataclass(frozen=True)
class Fact:
    """A statement with an id, and the function that recomputes its numbers."""

    id: str
    statement: str
    compute: object
    chapter: str
    patient: bool = False

    @cached_property
    def said(self):
        """Recompute the fact, once per process, and return the numbers that it passes to `says`, as a
        tuple of Said."""
        global _said
        _said = []
        try:
            self.compute()
            return tuple(_said)
        finally:
            _said = None

    @property
    def source(self):
        """The code of the function that recomputes the fact, without its decorator."""
        lines = inspect.getsource(self.compute).splitlines()
        start = next(i for i, line in enumerate(lines) if line.startswith("def "))
        return "\n".join(lines[start:])

    @property
    def anchor(self):
        return "fact-" + self.id.lower().replace(".", "-")


def fact(id, statement, *, patient=False):
    """Register the decorated function as the test of fact `id`. statement: one line of Markdown, math allowed.

    patient: it takes a second or more, so `make check` leaves it out and `make test` computes it.
    """
    if not re.fullmatch(r"F\d+\.\d+", id):
        raise ValueError(f"fact id {id!r}: write it like F3.1")
    if id in registry:
        raise ValueError(f"fact {id}: the id is used twice")

    def register(compute):
        registry[id] = Fact(id, statement, compute, Path(compute.__code__.co_filename).stem, patient)
        return compute

    return register


def says(value, text, *, quoted=True):
    """Assert that `value`, rounded as `text` is written, reads exactly as `text`: says(math.pi, "3.142").

    text: "69.44", "-7", "3,684", "1e-6", "5.24e7", "64%" (of a value 0.64), a fraction "792/1225" (exact), or a word.
    quoted: False if no page needs to show it. On a page 5.24e7 may be written 5.24 · 10⁷ or $5.24 \\cdot 10^7$.
    """
    if _said is not None:
        _said.append(Said(text, quoted))
    if isinstance(value, str):
        same = value == text
    elif FRACTION.fullmatch(plain(text)):
        same = abs(float(value) - float(Fraction(plain(text)))) <= 1e-12 * max(1, abs(float(value)))
    else:
        number = NUMBER.fullmatch(plain(text))
        if not number:
            raise ValueError(f"says({value!r}, {text!r}): write a number, for example '3.481', '1e-6', '64%' or '1/3'")
        scale = 10.0 ** int(number["power"] or 0) / (100 if number["percent"] else 1)
        shown = float(number["sign"] + number["digits"]) * scale
        half_a_digit = 0.5 * 10.0 ** -len(number["decimals"] or "") * scale
        same = abs(float(value) - shown) <= half_a_digit * (1 + 1e-9)  # a comparison with nan is false
    assert same, f"the page says {text}, the computation gives {value!r}"


@lru_cache(maxsize=256)  # the same page is searched for many numbers
def plain(text):
    """Return the text with every number written as `says` writes it: −7 -> -7, 3,684 -> 3684, 5.24 · 10⁷ -> 5.24e7,
    64 % -> 64%."""
    text = re.sub(r"\{[\w:-]+\}`[^`]*`", " ", text)  # roles: the 3.1 of {fact}`F3.1` is not a number of the page
    text = (
        text.replace("−", "-")
        .replace("–", " to ")
        .replace("{,}", ",")
        .replace(r"\,", "")
        .replace("$", "")
        .replace(r"\%", "%")
    )
    text = re.sub(r"(?<=\d)[\u2009\u202f\u00a0](?=\d)", "", text)
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)
    text = re.sub(r"10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)", lambda m: "10^{" + m[1].translate(SUPERSCRIPTS) + "}", text)
    text = re.sub(r"10\^\{?(-?\d+)\}?", r"10^\1", text)
    text = re.sub(r"(?<=\d)\s*(?:·|×|\\cdot|\\times)\s*10\^(-?\d+)", r"e\1", text)
    text = re.sub(r"(?<![\w.])10\^(-?\d+)", r"1e\1", text)
    text = re.sub(r"(?<=\d)[eE]([+-]?)0*(\d)", lambda m: f"e{m[1].strip('+')}{m[2]}", text)
    return re.sub(r"(?<=\d)\s*(?:%|percent\b|per cent\b)", "%", text)


def stands_in(text, page):
    """Whether the number `text` stands in `page` with just these digits: 3.48 does not stand in 3.481."""
    return re.search(rf"(?<![\w.-]){re.escape(plain(text))}(?!\d)(?!\.\d)(?!e-?\d)(?!%)", plain(page)) is not None


def load(folder):
    """Read every facts file of a folder into the registry, in the order of the ids; return the registry."""
    registry.clear()
    for path in sorted(Path(folder).glob("*.py")):
        spec = spec_from_file_location(f"facts.{path.stem}", path)
        spec.loader.exec_module(module_from_spec(spec))
    for id in sorted(registry, key=lambda id: tuple(map(int, id[1:].split(".")))):
        registry[id] = registry.pop(id)
    return registry
