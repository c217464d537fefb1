"""Facts: numbers in the prose that a test recomputes. Each such number links to its test, and the index of facts links
back to the pages.

Authors write `facts/<chapter>.py` with `fact` and `says`. A page cites a fact as {fact}`F3.1`, and the directive
{facts} lists all facts.
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

registry = {}  # {id: Fact}, which `load` fills and sorts by id
# While a fact is recomputed, `says` appends to this list. At all other times it is None.
_said = None


@dataclass(frozen=True)
class Said:
    """A number in the prose. text: the number as the reader sees it; quoted: whether a page that cites the fact must
    show the number."""

    text: str
    quoted: bool


@dataclass(frozen=True)
class Fact:
    """A statement about numbers, its id, and the function `compute` that recomputes the numbers.

    chapter: the name of its facts file; patient: recomputing takes a second or more.
    """

    id: str
    statement: str
    compute: object
    chapter: str
    patient: bool = False

    @cached_property
    def said(self):
        """The numbers of this fact, a tuple of `Said`. The first access recomputes them; AssertionError if one is
        wrong."""
        global _said
        _said = []
        try:
            self.compute()
            return tuple(_said)
        finally:
            _said = None

    @property
    def source(self):
        """The source code of `compute`, without its decorator."""
        lines = inspect.getsource(self.compute).splitlines()
        start = next(i for i, line in enumerate(lines) if line.startswith("def "))
        return "\n".join(lines[start:])

    @property
    def anchor(self):
        return "fact-" + self.id.lower().replace(".", "-")


def fact(id, statement, *, patient=False):
    """Decorate a function as the one that recomputes the numbers of a fact. statement: one line of Markdown, which may
    hold math.

    patient: True if recomputing takes a second or more. `make check` leaves such facts out; `make test` recomputes
    them.
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
    """Assert that `value`, rounded to the digits of `text`, equals `text`: says(math.pi, "3.142").

    text: the number as a string, such as "69.44", "-7", "3,684", "1e-6", "5.24e7", "64%" (for the value 0.64) or
    "792/1225" (compared without rounding); or a word, if `value` is a word. quoted: False if no page needs to show the
    number. A page may write 5.24e7 as 5.24 · 10⁷ or $5.24 \\cdot 10^7$.
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
        same = abs(float(value) - shown) <= half_a_digit * (1 + 1e-9)  # false if `value` is nan
    assert same, f"the page says {text}, the computation gives {value!r}"


@lru_cache(maxsize=256)  # the tests look for many numbers in the same page
def plain(text):
    """Return `text` with every number in one plain form: −7 becomes -7, 3,684 becomes 3684, 5.24 · 10⁷ becomes 5.24e7,
    and 64 % becomes 64%."""
    # remove roles: the 3.1 of {fact}`F3.1` is not a number of the prose
    text = re.sub(r"\{[\w:-]+\}`[^`]*`", " ", text)
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
    """Return whether `page` contains the number `text` with exactly these digits: 3.48 is not found in 3.481."""
    return re.search(rf"(?<![\w.-]){re.escape(plain(text))}(?!\d)(?!\.\d)(?!e-?\d)(?!%)", plain(page)) is not None


def load(folder):
    """Run every facts file in `folder`, which fills the registry; then sort the registry by id and return it."""
    registry.clear()
    for path in sorted(Path(folder).glob("*.py")):
        spec = spec_from_file_location(f"facts.{path.stem}", path)
        spec.loader.exec_module(module_from_spec(spec))
    for id in sorted(registry, key=lambda id: tuple(map(int, id[1:].split(".")))):
        registry[id] = registry.pop(id)
    return registry
