"""The learner's transcript in the documentation is what happens."""

import code
import contextlib
import io
import linecache
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[1] / "chapters" / "exercises.md"


def blocks():
    return re.findall(r"^```pycon\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)


def examples(block):
    """(source, what the page shows) for each prompt."""
    for part in re.split(r"^>>> ", block, flags=re.M)[1:]:
        lines = part.splitlines()
        n = 1
        while n < len(lines) and lines[n].startswith("... "):
            n += 1
        yield "\n".join([lines[0], *(line[4:] for line in lines[1:n])]) + "\n", "\n".join(lines[n:]).strip()


def test_the_transcript_is_what_happens(tmp_path, monkeypatch):
    monkeypatch.setenv("GDCOURSE_PROGRESS", str(tmp_path / "progress.jsonl"))
    session, count = code.InteractiveConsole({"__name__": "__console__"}), 0
    for block in blocks():
        for source, shown in examples(block):
            count += 1
            name = f"<cell {count}>"
            # as a notebook does, so that the learner's line can be shown
            linecache.cache[name] = len(source), None, source.splitlines(True), name
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(compile(source, name, "single"), session.locals)
            assert out.getvalue().strip() == shown, source
    assert count > 15


def test_a_false_line_in_the_transcript_would_be_noticed(tmp_path, monkeypatch):
    planted = tmp_path / "exercises.md"
    planted.write_text(PAGE.read_text(encoding="utf-8").replace("yours:    11.4", "yours:    11.5"), encoding="utf-8")
    monkeypatch.setattr(f"{__name__}.PAGE", planted)
    with pytest.raises(AssertionError):
        test_the_transcript_is_what_happens(tmp_path, monkeypatch)
