"""Progress, hints, solutions: kept through crashes, merged, and never in the way of a check."""

import json
import multiprocessing
import os
import re

import pytest

from gdcourse import check, hint, progress, solution
from gdcourse.exercises import __main__ as command
from gdcourse.exercises import progress as log
from gdcourse.exercises.author import exercise as author

ID = "momentum/momentum_step"


def momentum_step(w, m, g, lr, beta):
    m = beta * m + g
    return w - lr * m, m


def untouched(w, m, g, lr, beta): ...


@pytest.fixture(autouse=True)
def kept(tmp_path, monkeypatch):
    path = tmp_path / "deep" / "progress.jsonl"
    monkeypatch.setenv("GDCOURSE_PROGRESS", str(path))
    monkeypatch.setattr(log, "_unwritten", [])
    return path


def test_without_the_variable_it_is_in_the_course_folder(monkeypatch):
    monkeypatch.delenv("GDCOURSE_PROGRESS")
    assert log.file() == author.course_folder() / ".gdcourse" / "progress.jsonl"


def test_a_check_is_recorded_and_an_untouched_starter_is_not(kept):
    check(ID, untouched)
    assert not kept.exists()
    check(ID, lambda w, m, g, lr, beta: (w, m))
    check(ID, momentum_step)
    events = [json.loads(line) for line in kept.read_text().splitlines()]
    assert [(e["kind"], e["id"], e["ok"]) for e in events] == [("check", ID, False), ("check", ID, True)]
    assert log.solved() == {ID}


def test_a_half_written_line_costs_one_event_only(kept):
    check(ID, momentum_step)
    with kept.open("a") as file:
        file.write('{"at": "2026-01-01", "kind": "che')
    check(ID, lambda w, m, g, lr, beta: (w, m))
    assert [e["ok"] for e in log.events()] == [True, False]
    kept.write_bytes(kept.read_bytes() + b"\xff\xfe\n[1, 2]\n{}\nnull\n")
    assert len(log.events()) == 2 and log.solved() == {ID}


@pytest.mark.parametrize("obstacle", ["folder", "file in the way", "read-only"])
def test_a_check_goes_on_when_nothing_can_be_written(obstacle, kept, tmp_path, monkeypatch):
    if obstacle == "folder":
        kept.mkdir(parents=True)
    elif obstacle == "file in the way":
        kept.parent.write_text("")
    else:

        def refuse(*_, **__):
            raise PermissionError

        monkeypatch.setattr(log.os, "open", refuse)
    assert check(ID, momentum_step).ok
    assert log.solved() == {ID}  # until the kernel ends
    assert "1 of" in str(progress())


def test_export_and_merge(kept, tmp_path, monkeypatch, capsys):
    check(ID, momentum_step)
    hint(ID)
    assert command.main(["progress", "--export", str(tmp_path / "mine.jsonl")]) == 0
    monkeypatch.setenv("GDCOURSE_PROGRESS", str(tmp_path / "other.jsonl"))
    assert log.solved() == set()
    assert log.merge(tmp_path / "mine.jsonl") == 2
    assert log.merge(tmp_path / "mine.jsonl") == 0  # again changes nothing
    assert log.solved() == {ID} and log.hints_taken(ID) == 1
    assert command.main(["progress"]) == 0 and "momentum" in capsys.readouterr().out
    assert command.main(["progress", "--merge", str(tmp_path / "nowhere.jsonl")]) == 1
    assert "nowhere.jsonl: No such file" in capsys.readouterr().err


def _write(path, name):
    os.environ["GDCOURSE_PROGRESS"] = path
    for i in range(200):
        log.record("check", f"{name}/{i}", ok=True, code="x" * 300)


def test_two_notebooks_write_at_once(kept):
    spawn = multiprocessing.get_context("spawn")
    both = [spawn.Process(target=_write, args=(str(kept), name)) for name in "ab"]
    for process in both:
        process.start()
    for process in both:
        process.join()
    assert len(log.events()) == 400 and len(kept.read_text().splitlines()) == 400


def test_hints_come_one_at_a_time_and_go_on_after_a_restart():
    texts = author.load(ID).hints
    for n, text in enumerate(texts, 1):
        said = hint(ID)
        assert f"Hint {n} of 3" in said and text in said and not any(later in said for later in texts[n:])
    again = hint(ID)
    assert all(text in again for text in texts) and "solution" in again


def test_the_solution_asks_for_an_attempt():
    assert "attempt" in solution(ID) and "beta * m + g" not in solution(ID)
    check(ID, untouched)
    assert "beta * m + g" not in solution(ID)
    check(ID, lambda w, m, g, lr, beta: (w, m))
    shown = solution(ID)
    assert "m = beta * m + g" in shown and author.load(ID).why in shown and "@" not in shown.split("```")[1]


def test_an_unknown_id_is_answered_kindly():
    for ask in (hint, solution):
        assert f'Did you mean "{ID}"?' in ask("momentum/momentum_stp")
    assert "Hint 1" in hint(momentum_step)  # the function itself will do


def test_the_chart_and_what_to_do_next():
    first = author.ids_of(author.chapters()[0])[0]
    assert str(progress()).endswith(f"Start with {first} ({author.load(first).title}).")
    check(ID, lambda w, m, g, lr, beta: (w, m))
    assert f"Go on with {ID}" in str(progress())
    check(ID, momentum_step)
    now = progress()
    line = next(line for line in str(now).splitlines() if line.startswith("momentum"))
    n = len(author.ids_of("momentum"))
    assert re.search(rf"■□{{{n - 1}}} +1 of {n}", line)
    assert now.next == first
    page = now._repr_html_()
    assert f'aria-label="momentum, exercises: 1 of {n}"' in page and "<th scope" in page


def test_when_all_is_done():
    for id in author.all_ids():
        log.record("check", id, ok=True, code="right")
    assert progress().next is None and "Every exercise is right" in str(progress())
