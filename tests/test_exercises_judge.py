"""The judge: every code, in the order of the design; what counts as right; what a learner reads."""

import functools
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdcourse import check, hint
from gdcourse.exercises.author import exercise as author
from gdcourse.exercises.judge import patterns
from gdcourse.exercises.judge.compare import difference
from gdcourse.exercises.judge.decide import judge
from gdcourse.exercises.judge.show import pair_of, show
from gdcourse.exercises.judge.where import in_common

ROOT = Path(__file__).resolve().parents[1]
ID = "demo/shrink"
FILE = '''
"""Shrink a vector."""
import numpy as np
from gdcourse.exercises import right, wrong
prompt = "Return w − lr w, and the lr."
hints = ["a", "b", "c"]
praise = "Each entry keeps the share 1 − lr."
why = "Because."
seconds = 0.3

def cases(rng):
    yield np.array([1.0, -2.0, 3.0]), 0.1
    yield np.array([4.0]), 0.5
    for d in (2, 3):
        yield rng.normal(size=d), rng.uniform(0.1, 0.4)

def shrink(w, lr):
    """Return (w − lr w, lr)."""
    return w - lr * w, lr

@wrong
def grows(w, lr):
    """It grows: mind the sign."""
    return w + lr * w, lr
'''


def load_ids():
    return author.all_ids()


@pytest.fixture(autouse=True)
def course(tmp_path, monkeypatch):
    (tmp_path / "exercises/demo").mkdir(parents=True)
    (tmp_path / "exercises/demo/shrink.py").write_text(FILE.lstrip(), encoding="utf-8")
    monkeypatch.setenv("GDCOURSE_COURSE", str(tmp_path))
    return tmp_path


def code(answer):
    return check(ID, answer).code


# ---- what counts as right


def shrink(w, lr):
    return w - lr * w, lr


class Tool:
    def method(self, w, lr):
        return shrink(w, lr)

    @staticmethod
    def plain(w, lr):
        return shrink(w, lr)

    def __call__(self, w, lr):
        return shrink(w, lr)


def logged(function):
    @functools.wraps(function)
    def inner(*args, **settings):
        return function(*args, **settings)

    return inner


@pytest.mark.parametrize(
    "answer",
    [
        shrink,
        lambda w, lr: shrink(w, lr),
        functools.partial(lambda k, w, lr: shrink(w, lr), 7),
        logged(shrink),
        Tool().method,
        Tool.plain,
        Tool(),
        lambda w, lr: [shrink(w, lr)[0].tolist(), lr],
        lambda w, lr: (tuple(shrink(w, lr)[0]), np.float64(lr)),
        lambda w, lr: (shrink(w, lr)[0], np.array(lr)),
        lambda w, lr, more=1: shrink(w, lr),
        lambda *args: shrink(*args),
        lambda w, lr: (np.float32(1) * shrink(w, lr)[0], lr),
        lambda x, rate: (x * (1 - rate), rate),
    ],
    ids=[
        "function",
        "lambda",
        "partial",
        "decorated",
        "method",
        "static",
        "object",
        "lists",
        "scalars",
        "0-d",
        "default",
        "star",
        "float32",
        "names",
    ],
)
def test_right_in_whatever_form(answer):
    verdict = check(ID, answer)
    assert verdict.ok and verdict.code == "right" and "1 − lr" in verdict.message, verdict


def test_the_arguments_may_stand_the_other_way_round_and_the_chapter_may_be_left_out():
    assert check(shrink, ID).ok and check("shrink", shrink).ok


# ---- every code, in order


def untouched(w, lr):
    """Return (w − lr w, lr)."""
    ...


def only_pass(w, lr):
    pass


def not_implemented(w, lr):
    raise NotImplementedError("to do")


def returns_dots(w, lr):
    return ...


@pytest.mark.parametrize("answer", [untouched, only_pass, not_implemented, returns_dots])
def test_an_untouched_starter_is_neutral(answer):
    verdict = check(ID, answer)
    assert verdict.code == "untouched" and "Not yet" in str(verdict) and "✗" not in str(verdict)


def raises(w, lr):
    return w / helper(lr)


def helper(lr):
    return 1 // 0


def loops(w, lr):
    while True:
        pass


def prints(w, lr):
    print(w - lr * w)


def mutates(w, lr):
    w *= 1 - lr
    return w, lr


@pytest.mark.parametrize(
    "answer, expected, words",
    [
        (None, "signature", "`None`"),
        (8.6, "signature", "without calling it"),
        (Tool, "signature", "is a class"),
        (lambda w: w, "signature", "shrink(w, lr)"),
        (lambda lr, w: 1, "signature", "order of the parameters"),
        (raises, "raised", "ZeroDivisionError"),
        (loops, "timeout", "0.3 seconds"),
        (lambda w, lr: sys.exit(), "raised", "ends with `return`"),
        (lambda w, lr: undefined_name, "raised", "typing mistake"),  # noqa: F821
        (prints, "none", "`return` hands it"),
        (mutates, "mutated", "`w`"),
        (lambda w, lr: w - lr * w, "structure", "the first of them"),
        (lambda w, lr: (w, lr, 1), "structure", "a tuple of 3"),
        (lambda w, lr: lr > 0 and ..., "structure", "an ellipsis"),
        (lambda w, lr: ("a", lr), "type", "a string"),
        (lambda w, lr: (w * 1j, lr), "type", "complex"),
        (lambda w, lr: (w > 0, lr), "type", "true or false"),
        (lambda w, lr: (w[:, None] * (1 - lr), lr), "shape", "numbers are right; only the shape"),
        (lambda w, lr: (w * np.nan, lr), "nan", "nan"),
        (lambda w, lr: (w + 1, lr), "value", "The second value is right"),
        (lambda w, lr: (w + lr * w, lr), "grows", "mind the sign"),
    ],
)
def test_every_code(answer, expected, words):
    verdict = check(ID, answer)
    assert (verdict.code, verdict.ok) == (expected, False)
    assert words in verdict.message


def test_the_earlier_kind_of_fault_is_named():
    def bad_in_every_way(w, lr):
        if len(w) == 2:
            raise ValueError("first")
        w[:] = np.nan
        return w

    assert code(bad_in_every_way) == "raised"
    assert code(lambda w, lr: None if len(w) == 2 else np.nan) == "none"
    assert code(lambda w, lr: (w + np.nan, lr) if len(w) == 2 else w) == "structure"


def test_the_learners_own_line_is_shown():
    message = check(ID, raises).message
    assert "return 1 // 0" in message and "gdcourse" not in message and "Traceback" not in message


def test_one_case_cannot_disturb_the_next():
    seen = []

    def keeps_and_spoils(w, lr):
        seen.append(w)
        result = w - lr * w
        for old in seen[:-1]:
            old[:] = 0
        return result, lr

    assert code(keeps_and_spoils) == "right"


def test_a_result_that_changes_later_is_taken_as_it_was():
    buffer = np.zeros(3)

    def one_buffer_for_all(w, lr):
        buffer[: len(w)] = w - lr * w
        return buffer[: len(w)], lr

    assert code(one_buffer_for_all) == "right"


def test_replaced_numpy_functions_neither_fool_nor_disturb():
    names = ("allclose", "array_equal", "asarray", "abs", "isfinite", "mean")
    real = {name: getattr(np, name) for name in names}
    try:
        for name in names:
            setattr(np, name, lambda *a, **k: True)
        assert code(lambda w, lr: (w, lr)) == "value"
        np.abs = 3
        verdict = check(ID, shrink)
        assert verdict.ok and "np.abs" in verdict.note
        assert {name: getattr(np, name) for name in names} == real

        def patches(w, lr):
            np.allclose = lambda *a, **k: True
            return w, lr

        assert code(patches) == "value" and np.allclose is real["allclose"]
    finally:
        for name, function in real.items():
            setattr(np, name, function)


def test_a_check_gives_the_same_text_every_time():
    texts = {repr(judge(author.load(ID), lambda w, lr: (w * 0.9, lr + w[0]))) for _ in range(3)}
    assert len(texts) == 1


def test_an_unknown_id_suggests_close_ones():
    for id in ("demo/shrunk", "dem/shrink", "shrinks", "demo"):
        verdict = check(id, shrink)
        assert verdict.code == "unknown" and '"demo/shrink"' in verdict.message, id
    assert "progress()" in check("nothing/like_it", shrink).message
    assert check(42, shrink).code == "unknown" and check("../secrets", shrink).code == "unknown"


def test_a_fault_of_the_exercise_file_is_not_blamed_on_the_learner(course):
    (course / "exercises/demo/shrink.py").write_text(
        FILE.lstrip() + "\ndef law(output, w, lr):\n    return None\n", encoding="utf-8"
    )
    author._loaded.clear()
    assert check(ID, lambda w, lr: "anything").ok  # a law is the author's word
    (course / "exercises/demo/shrink.py").write_text(
        FILE.lstrip().replace("yield np.array([4.0]), 0.5", "yield 1 / 0, 0.5"), encoding="utf-8"
    )
    assert "our fault" in check(ID, shrink).message


def test_random_generators_may_be_used_up_and_functions_are_not_copied(course):
    (course / "exercises/demo/draw.py").write_text(
        textwrap.dedent('''
        """Draw."""
        import numpy as np
        from gdcourse.exercises import right, wrong
        prompt = hints = praise = why = "…"
        def f(w):
            return 2 * w
        def cases(rng):
            for n in (1, 3):
                yield f, np.random.default_rng(n), n
        def draw(f, rng, n):
            """…"""
            return f(rng.normal(size=n))
        ''').lstrip(),
        encoding="utf-8",
    )
    assert check("demo/draw", lambda f, rng, n: 2 * rng.normal(size=n)).ok
    assert check("demo/draw", lambda f, rng, n: rng.normal(size=n)).code == "value"


# ---- the ladder


def test_the_same_verdict_again_gives_the_next_step_and_never_the_answer(course, monkeypatch):
    monkeypatch.setenv("GDCOURSE_PROGRESS", str(course / "progress.jsonl"))
    text = FILE.replace("prompt = ", 'section = "Shrink, then look"\nprompt = ')
    (course / "exercises/demo/shrink.py").write_text(text.lstrip(), encoding="utf-8")
    check(ID, shrink)  # whatever stood before is forgotten

    def grows(w, lr):
        return w + lr * w, lr

    first, second, third, fourth = (check(ID, grows) for _ in range(4))
    assert {v.message for v in (first, second, third, fourth)} == {first.message} and first.step == ""
    assert "Predict" in second.step and "Predict" in str(second)
    page = second._repr_html_()
    assert "<details><summary>What is expected</summary>" in page
    assert (
        page.index(">input</th>") < page.index(">yours</th>") < page.index("<details>") < page.index(">expected</th>")
    )
    assert "<details>" not in first._repr_html_()
    assert "[Shrink, then look](#Shrink,-then-look)" in third.step and 'The section "Shrink, then look"' in str(third)
    assert '<a href="#Shrink,-then-look">' in third._repr_html_()
    assert 'hint("demo/shrink")' in fourth.step
    for _ in range(3):
        hint(ID)
    assert 'solution("demo/shrink")' in check(ID, grows).step
    assert all("w - lr" not in v.step for v in (second, third, fourth))
    assert check(ID, lambda w, lr: (w + 1, lr)).step == "" and check(ID, grows).step == ""


@pytest.mark.parametrize(
    "answer, words",
    [(raises, "Print what arrives"), (prints, "`return`"), (loops, "each round"), (mutates, "twice"), (lambda w: w, "starter")],
)  # fmt: skip
def test_the_second_time_there_is_something_to_do(answer, words):
    check(ID, shrink)
    check(ID, answer)
    assert words in check(ID, answer).step


@pytest.mark.parametrize("id", load_ids())
def test_the_section_that_teaches_an_exercise_is_in_its_chapter(id):
    exercise = author.load_file(ROOT / "exercises" / f"{id}.py")
    page = json.loads((ROOT / "chapters" / f"{exercise.chapter}.ipynb").read_text(encoding="utf-8"))
    text = "\n".join("".join(c["source"]) for c in page["cells"] if c["cell_type"] == "markdown")
    assert re.search(rf"^#{{2,3}} {re.escape(exercise.section)}$", text, re.M), exercise.section


# ---- what is shown


def test_html_says_it_by_role_symbol_and_word_and_escapes():
    for answer, word in ((shrink, "✓"), (untouched, "○"), (lambda w, lr: ("<script>alert(1)</script>", lr), "✗")):
        page = check(ID, answer)._repr_html_()
        assert 'role="status"' in page and word in page and "<script" not in page
        assert "color:inherit" in page and page.count("<div") == page.count("</div>") == 1


@given(st.floats(-1e12, 1e12).filter(lambda x: abs(x) > 1e-9), st.floats(1e-6, 1))
def test_two_numbers_that_are_told_apart_look_different(expected, share):
    mine = expected * (1 + 2 * share)
    assert difference(expected, mine) is not None
    yours, wanted = pair_of(mine, expected)[:2]
    assert yours.removeprefix("yours: ").strip() != wanted.removeprefix("expected: ").strip()


@pytest.mark.parametrize("size", [2, 30])
def test_in_an_array_the_place_that_differs_can_be_seen(size):
    right = np.linspace(0.1, 1, size)
    mine = right.copy()
    mine[1] *= 1 + 1e-5
    yours, wanted, *more = pair_of(mine, right)
    assert (
        yours.split(": ")[1].split(",")[1] != wanted.split(": ")[1].split(",")[1]
        if size == 2
        else "most at [1]" in more[0]
    )


PATTERNS = [
    (lambda w, lr: (3 * (w - lr * w), lr), "3 times the right value"),
    (lambda w, lr: (-(w - lr * w), lr), "sign is flipped"),
    (lambda w, lr: (w, lr), "`w` as it came in"),
    (lambda w, lr: (lr, w - lr * w), "another order"),
    (lambda w, lr: (w - 2 * lr * w, lr), "step away from `w` is always 2 times"),
    (lambda w, lr: (w - w, lr), "1/`lr` times"),
    (lambda w, lr: (abs(w - lr * w), lr), "without its sign"),
    (lambda w, lr: ((w - lr * w)[::-1], lr), "reverse order"),
    (lambda w, lr: (w - lr * w + 5, lr), "5 too large"),
    (lambda w, lr: (len(w) * (w - lr * w), lr), "sum where a mean is meant"),
    (lambda w, lr: (np.round(w - lr * w), lr), "decimals are lost"),
    (lambda w, lr: (np.ones(len(w)), 0.3), "same value whatever"),
    (lambda w, lr: (w - lr * w if len(w) > 1 else w, lr), "wrong exactly where `w` has one entry"),
    (lambda w, lr: ((w - lr * w) * 1.001, lr), "off by the same share"),
    (lambda w, lr: (w - 1.00001 * lr * w, lr), "all but right"),
    (lambda w, lr: (w - lr * w + w, lr), "`w` added once too often"),
]


@pytest.mark.parametrize("answer, words", PATTERNS, ids=[words for _, words in PATTERNS])
def test_a_pattern_nobody_listed_is_recognised(answer, words):
    verdict = judge(author.load(ID), answer, strict=True)
    assert verdict.code in ("value", "shape") and words in verdict.message, verdict


def shown(answer):
    return judge(author.load(ID), answer, strict=True)


def test_a_reason_that_fresh_cases_do_not_confirm_is_not_said(course):
    # wrong exactly where w has four entries, in the cases of one seed only
    text = FILE.replace("for d in (2, 3):", "for d in (4, *rng.integers(2, 5, 5)):")
    (course / "exercises/demo/shrink.py").write_text(text.lstrip(), encoding="utf-8")
    exercise = author.load(ID)
    known = {w.tobytes() for w, lr in exercise.draw(0) if len(w) % 2 == 0}

    def wrong_by_chance(w, lr):
        return (w - 1.3, lr) if w.tobytes() in known else shrink(w, lr)

    message = judge(exercise, wrong_by_chance, strict=True).message
    assert "exactly where" not in message and "Which step gives another number?" in message
    assert (
        "exactly where `w` has an even number of entries"
        in judge(
            exercise, lambda w, lr: (w - 1.3 * np.sqrt(abs(w)), lr) if len(w) % 2 == 0 else shrink(w, lr), strict=True
        ).message
    )


def test_what_the_code_says_for_free():
    def unused(w, lr):
        return np.sin(w), 0.1 + w[0]

    def equals_minus(w, lr):
        w = w * np.cos(w)
        w =- lr * w  # fmt: skip
        return w, lr

    def power(w, lr):
        return w - lr * w, len(w) ^ 2

    def overwritten(w, lr):
        lr = 0.1
        return np.exp(w) * lr, lr

    def returns_at_once(w, lr):
        for x in w:
            return np.exp(x) - lr * w, lr

    scope = {"np": np, "step": 0.3}
    exec("def from_the_notebook(w, lr):\n    return np.exp(w) * step, 2 * step", scope)
    for answer, words in (
        (unused, "never uses its argument `lr`"),
        (equals_minus, "`x =- y` means x = −y"),
        (power, "no power in Python"),
        (overwritten, "gives `lr` another value before it reads it"),
        (returns_at_once, "is the `return` indented too far?"),
        (scope["from_the_notebook"], "never uses its argument `lr`; it uses `step`, a variable of your notebook"),
    ):
        assert words in shown(answer).message, (answer.__name__, shown(answer).message)
    assert judge(author.load(ID), shrink).message == "Each entry keeps the share 1 − lr."


def test_two_mistakes_at_once_are_told_as_two():
    def climbs_and_mutates(w, lr):
        w += lr * w
        return w, lr

    for answer, code, words in (
        (climbs_and_mutates, "grows", "There is more: your function changes its argument `w`"),
        (lambda w, lr: (lr, w + lr * w), "grows", "There is more: the values are returned in another order"),
        (lambda w, lr: (w + lr * w, 2 * lr), "value", "There is more: the second: it is always 2 times"),
    ):
        verdict = shown(answer)
        assert verdict.code == code and words in verdict.message and "sign" in verdict.message, verdict


def test_numbers_that_are_right_are_called_right_although_the_argument_changes():
    def right_but_in_place(w, lr):
        w *= 1 - lr
        return w, lr

    assert shown(right_but_in_place).message.startswith("The result is right, but your function changes")


def test_an_answer_that_keeps_something_is_told_so():
    def in_the_first_line(w, lr, seen=[]):  # noqa: B006
        seen.append(w)
        return len(seen) * (w - lr * w), lr

    scope = {"t": 0}
    exec("def counts(w, lr):\n    global t\n    t += 1\n    return t * (w - lr * w), lr", scope)

    class Kept:
        count = 0

    def in_a_class(w, lr):
        Kept.count += 1
        return Kept.count * (w - lr * w), lr

    for answer, words in (
        (in_the_first_line, "`seen=None`"),
        (scope["counts"], "`global t`"),
        (in_a_class, "an object outside of it"),
    ):
        verdict = shown(answer)
        assert verdict.code == "state" and words in verdict.message, verdict
        assert "first call:" in verdict.details and "last call:" in verdict.details
    cache = {}

    def remembers_and_is_right(w, lr):
        return cache.setdefault((w.tobytes(), lr), (w - lr * w, lr))

    assert shown(remembers_and_is_right).ok


@pytest.mark.parametrize(
    "answer, expected, words",
    [
        (lambda w, *, lr: 1, "signature", "Take the `*` out"),
        (lambda w, lr: {w[0], lr}, "structure", "a set, `{…}`, which has no order"),
        (lambda w, lr: {"w": w, "lr": lr}, "structure", "a dictionary"),
        (lambda w, lr: 2 ^ w, "raised", "write `**`"),
        (lambda w, lr: w["a"], "raised", "must be a whole number"),
        (lambda w, lr: [1, 2][lr], "raised", "must be a whole number"),
        (lambda w, lr: [1, 2] * lr, "raised", "does not calculate like an array"),
        (lambda w, lr: lr(w), "raised", "Is a `*` missing before a bracket"),
        (lambda w, lr: w.append(1), "raised", "An array does not grow"),
        (lambda w, lr: [x for x in lr], "raised", "One number arrives"),
        (lambda w, lr: max(w, 0), "raised", "`np.maximum`"),
        (lambda w, lr: (w @ np.ones(99), lr), "raised", "(n, d) @ (d,) gives (n,)"),
        (lambda w, lr: np.log(), "raised", "another number of arguments"),
    ],
)
def test_everyday_faults_in_plain_words(answer, expected, words):
    verdict = shown(answer)
    assert verdict.code == expected and words in verdict.message, verdict


def test_natural_calls_are_understood():
    assert check(shrink).ok
    for call in (lambda: check("demo/shrink"), lambda: check("shrink")):
        assert call().code == "signature" and 'check("demo/shrink", shrink)' in call().message

    async def waits(w, lr):
        return shrink(w, lr)

    assert "Write `def shrink`" in check(ID, waits).message


def test_a_check_without_a_name_that_anybody_knows():
    assert check(Tool()).code == "unknown" and check(lambda w: w).code == "unknown"


def test_nothing_is_claimed_where_there_is_no_pattern():
    verdict = judge(author.load(ID), lambda w, lr: (np.sin(w) + lr, lr * 7), strict=True)
    assert "times" in verdict.message  # of the second value
    assert "by hand" in shown(lambda w, lr: (np.sin(w) + lr, np.cos(w).sum())).message


def test_where_only_the_package_is_installed_checks_work_and_progress_stays_in_the_working_folder(tmp_path):
    """As in Colab, where both distributions are installed and there is no clone."""
    project = tomllib.loads((ROOT / "exercises/pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["sources"] == {"": "gdcourse_exercises"}
    shutil.copytree(
        ROOT / "gdcourse", tmp_path / "site/gdcourse", ignore=shutil.ignore_patterns("node_modules", "__pycache__")
    )
    shutil.copytree(
        ROOT / "exercises", tmp_path / "site/gdcourse_exercises", ignore=shutil.ignore_patterns("__pycache__")
    )
    (tmp_path / "work").mkdir()
    code = "import gdcourse; print(gdcourse.check('gd_step', lambda w, g, lr: w - lr * g).code, len(gdcourse.progress().chapters))"
    settings = {k: v for k, v in os.environ.items() if not k.startswith("GDCOURSE")} | {
        "PYTHONPATH": str(tmp_path / "site")
    }
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path / "work", env=settings, capture_output=True, text=True
    )
    assert done.stdout.split() == ["right", str(len(list((ROOT / "exercises").glob("*/quiz.py"))))], done.stderr
    assert [p.name for p in (tmp_path / "work").rglob("*.jsonl")] == ["progress.jsonl"]


def pattern(cases, names=("w", "lr")):
    return patterns.loosely([(a, w, h, np.allclose(w, h)) for a, w, h in cases], names) or ""


def test_a_path_that_parts_after_its_first_points():
    paths = [np.cumsum(np.ones((n, 2)), axis=0) for n in (4, 6)]
    bent = [path + np.maximum(np.arange(len(path)) - 1, 0)[:, None] for path in paths]
    assert "The first 2 are right" in pattern([((), a, b) for a, b in zip(paths, bent)], ())
    assert pattern([((), a, a[::-1]) for a in paths], ()) == ""


def test_a_term_that_is_wrong_is_found_by_its_direction():
    rng = np.random.default_rng(0)
    inputs = [(rng.normal(size=3), rng.normal(size=3), k) for k in (0.5, 2.0, 3.0)]
    wrong = [(args, args[0] + args[1], args[0] + args[1] * (1 + args[2] ** 3)) for args in inputs]
    assert "a multiple of `m`" in pattern(wrong, ("w", "m", "k"))
    assert pattern([(a, w, w + rng.normal(size=3)) for a, w, _ in wrong], ("w", "m", "k")) == ""


def answers_in_words(wanted, given):
    return in_common([((), w, h, w == h) for w, h in zip(wanted, given, strict=True)], ())


def test_words_as_answers():
    words = ["slow", "fast", "cycling", "slow"]
    assert 'never answer "cycling"' in answers_in_words(words, ["slow", "fast", "fast", "fast"])
    assert 'where the answer is "slow"' in answers_in_words(words, ["fast", "fast", "cycling", "slow"])
    assert '"fast" and "slow" are exchanged' in answers_in_words(words, ["fast", "slow", "cycling", "fast"])
    assert 'You always answer "fast"' in answers_in_words(words, ["fast"] * 4)
    assert "Wherever the answer is `inf` you answer `-1`" in answers_in_words([np.inf, 3, np.inf, 4], [-1, 3, -1, 4])


def test_no_learner_reads_an_address():
    class Schedule:
        def __call__(self, t):
            return 0.1

    class Named(Schedule):
        def __repr__(self):
            return "lr(t) = 0.1"

    assert [
        show(value) for value in (np.random.default_rng(0), Schedule(), Named(), np.exp, lambda t: t, object())
    ] == [
        "a random generator",
        "the function Schedule",
        "lr(t) = 0.1",
        "the function exp",
        "a function",
        "<object object>",
    ]


def test_a_mistake_that_explains_every_wrong_result_is_all_there_is():
    """Upside down like the known mistake, but right after the end, where that is wrong too. Its text is not at hand, as for a grader."""

    def warmup_cosine(t, steps, warmup, lr, lr_min):
        if t < warmup:
            return lr * t / warmup
        if t > steps:
            return lr_min
        return lr_min + (lr - lr_min) * 0.5 * (1 - np.cos(np.pi * (t - warmup) / (steps - warmup)))

    warmup_cosine.__code__ = warmup_cosine.__code__.replace(co_filename="<nowhere>")
    verdict = judge(author.load_file(ROOT / "exercises/schedules/warmup_cosine.py"), warmup_cosine)
    assert verdict.code == "upside_down" and "There is more" not in verdict.message


def drops_and_never_shuffles(n, batch_size, rng):
    return [list(range(k, k + batch_size)) for k in range(0, n - batch_size + 1, batch_size)]


def turned_but_neither_centred_nor_scaled(X):
    return X @ np.linalg.eigh(np.cov(X.T))[1]


def on_the_axes_of_the_uncentred_table(X):
    sizes, axes = np.linalg.eigh(X.T @ X / len(X))
    return X @ axes / np.sqrt(sizes)


def one_too_many_and_one_huge(T):
    return [1e6] + [1.0] * T


@pytest.mark.parametrize(
    "id, answer, code, more",
    [
        ("batching/minibatches", drops_and_never_shuffles, "drops_last", "nothing is shuffled"),
        ("scaling/whiten", turned_but_neither_centred_nor_scaled, "not_centred", "not yet scaled"),
        ("beyond_adam/trap", one_too_many_and_one_huge, "value", "beyond 2000"),
    ],
)
def test_a_law_may_see_two_mistakes_in_one_result(id, answer, code, more):
    verdict = judge(author.load_file(ROOT / f"exercises/{id}.py"), answer)
    assert verdict.code == code
    assert re.search(f"There is more: .*{more}", verdict.message), verdict.message


@pytest.mark.parametrize(
    "id, answer, code",
    [
        ("scaling/whiten", on_the_axes_of_the_uncentred_table, "not_centred"),
        ("beyond_adam/trap", lambda T: [1000.0] * (T + 1), "value"),
    ],
)
def test_what_may_follow_from_the_first_mistake_is_no_second_one(id, answer, code):
    verdict = judge(author.load_file(ROOT / f"exercises/{id}.py"), answer)
    assert verdict.code == code and "There is more" not in verdict.message
