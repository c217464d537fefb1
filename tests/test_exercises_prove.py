"""Every checker is proved; and a checker that is bad on purpose is found out."""

import re
from pathlib import Path

import pytest

from gdcourse.exercises.author import exercise as author
from gdcourse.exercises.author.prove import fits, prove

EXERCISES = Path(__file__).resolve().parents[1] / "exercises"
FIRST_EIGHT = [
    "update_rule/gd_step",
    "update_rule/gradient_descent",
    "update_rule/steps_needed",
    "update_rule/fit_line",
    "momentum/momentum_step",
    "adam/adam_step",
    "scaling/standardize",
    "batching/minibatches",
]


@pytest.mark.parametrize("id", author.all_ids())
def test_every_exercise_is_proved(id):
    assert prove(author.load(id), seeds=3) == []


def test_the_first_eight_are_there():
    assert set(FIRST_EIGHT) <= set(author.all_ids())


# ---- checkers that are bad on purpose


@pytest.fixture
def planted(tmp_path):
    """Copy an exercise, change its text, and return the complaints of `prove`."""

    def plant(id, *changes, hostile=False):
        text = (EXERCISES / f"{id}.py").read_text(encoding="utf-8")
        for old, new in changes:
            assert re.search(old, text, re.S), f"the fault could not be planted: {old}"
            text = re.sub(old, new, text, count=1, flags=re.S)
        path = tmp_path / f"{id}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return "\n".join(prove(author.load_file(path), 2, hostile))

    return plant


MOMENTUM, ADAM, SCALING, BATCHES = (
    "momentum/momentum_step",
    "adam/adam_step",
    "scaling/standardize",
    "batching/minibatches",
)


def test_a_copy_without_a_fault_is_proved(planted):
    assert planted(MOMENTUM) == ""


def test_a_tolerance_that_is_too_wide(planted):
    found = planted(MOMENTUM, (r"\ndef cases", "\ntolerance = 0.5\n\n\ndef cases"), hostile=True)
    assert "tolerance = 0.5" in found and "SURVIVES" in found
    # no mistake is that near, but one percent is not right
    assert "one percent off SURVIVES" in planted(
        MOMENTUM, (r"\ndef cases", "\ntolerance = 0.02\n\n\ndef cases"), hostile=True
    )


@pytest.mark.parametrize(
    "id, case, mistake",
    [
        (ADAM, r"    yield \(\n        np.array\(\[1.0, 1.0, 1.0\]\).*?\n    \)\n", "no_epsilon"),
        (SCALING, r"    yield train, np.array.*?\n", "constant_column"),
        ("update_rule/steps_needed", r"    yield [^\n]*(?:# exact|0\.5|exact)[^\n]*\n", None),
    ],
)
def test_a_missing_case(planted, id, case, mistake):
    found = planted(id, (case, ""))
    if mistake:
        assert f"mistake {mistake} SURVIVES" in found


def test_a_law_that_forgets_a_line(planted):
    found = planted(BATCHES, (r'    if first == second:\n        return "same_order_every_epoch"\n', ""))
    assert "mistake same_order_every_epoch SURVIVES" in found


def test_a_law_that_names_the_wrong_mistake(planted):
    found = planted(BATCHES, (r'"drops_last"\n', '"empty_batch"\n'))
    assert "mistake drops_last cannot be told from empty_batch" in found


@pytest.mark.parametrize(
    "id, a, b",
    [
        (MOMENTUM, "stale_velocity", "sign"),
        (MOMENTUM, "lr_inside_velocity", "ema_convention"),
        (MOMENTUM, "order", "mutates"),
        (ADAM, "no_epsilon", "no_root"),
        (ADAM, "t_starts_at_zero", "betas_swapped"),
        (SCALING, "no_scaling", "no_centring"),
        (SCALING, "fit_on_both", "test_own_stats"),
        (BATCHES, "drops_last", "empty_batch"),
        (BATCHES, "no_shuffle", "with_replacement"),
    ],
)
def test_exchanged_docstrings(planted, id, a, b):
    exercise = author.load(id)
    one, other = (exercise.wrongs[code].__doc__ for code in (a, b))

    def doc(code):
        return rf'(def {code}\([^\n]*\n    )""".*?"""'

    found = planted(id, (doc(a), lambda m: f'{m[1]}"""{other}"""'), (doc(b), lambda m: f'{m[1]}"""{one}"""'))
    assert f"docstrings of {a} and {b} look exchanged" in found or f"docstrings of {b} and {a} look exchanged" in found


def test_most_exchanged_docstrings_of_the_first_eight_are_noticed():
    pairs = noticed = 0
    for id in FIRST_EIGHT:
        e = author.load(id)
        for a in e.wrongs:
            for b in e.wrongs:
                if a < b:
                    pairs += 1
                    noticed += fits(e, a, a) > fits(e, a, b) and fits(e, b, b) > fits(e, b, a)
    assert noticed / pairs > 0.7


def test_a_docstring_missing_or_given_twice(planted):
    assert "sign: no docstring" in planted(MOMENTUM, (r'(def sign\([^\n]*\n    )""".*?"""', r"\1pass"))
    assert "same docstring" in planted(
        MOMENTUM,
        (r'(def sign\([^\n]*\n    )""".*?"""', r'\1"""The same."""'),
        (r'(def nesterov\([^\n]*\n    )""".*?"""', r'\1"""The same."""'),
    )


def test_a_right_answer_that_the_checker_refuses(planted):
    found = planted(MOMENTUM, (r"w_next = w - lr \* beta \* m - lr \* g", "w_next = w - lr * beta * m - lr * g + 1e-4"))
    assert "right answer step_in_two_parts is refused" in found


def test_a_mistake_that_is_none(planted):
    found = planted(MOMENTUM, (r"(def sign\(.*?return w) \+ (lr \* m, m)", r"\1 - \2"))
    assert "mistake sign SURVIVES" in found


def test_two_mistakes_that_are_one(planted):
    found = planted(
        MOMENTUM, (r"(def velocity_unused.*?return) w - lr \* g, beta \* m \+ g", r"\1 w - lr * m, beta * m + g")
    )
    assert "mistake velocity_unused cannot be told from stale_velocity" in found


def test_a_solution_that_changes_its_arguments(planted):
    assert "changes its arguments" in planted(
        MOMENTUM,
        (
            r"    m = beta \* m \+ g\n    return w - lr \* m, m\n",
            "    m *= beta\n    m += g\n    return w - lr * m, m\n",
        ),
    )


def test_cases_from_another_source_of_randomness(planted):
    assert "draw from `rng` only" in planted(
        MOMENTUM, (r"def cases\(rng\):\n", "def cases(rng):\n    rng = np.random.default_rng()\n")
    )


def test_a_solution_that_is_nearly_too_slow(planted):
    found = planted(
        MOMENTUM,
        (r"\ndef cases", "\nseconds = 0.2\n\n\ndef cases"),
        (r'(def momentum_step.*?""".*?"""\n)', r"\1    import time; time.sleep(0.03)\n"),
    )
    assert "of 0.2 seconds" in found


def test_too_little_in_the_file(planted):
    found = planted(
        MOMENTUM,
        (r"hints = \[\n", 'hints = [\n    "one more",\n'),
        (r"praise = .*?\n", 'praise = " "\n'),
        (r"\npoints = \d+|$", "\npoints = 0"),
    )
    assert "4 hints" in found and "`praise` is empty" in found and "points and seconds" in found


def test_a_file_that_is_broken_speaks_to_its_author(tmp_path):
    path = tmp_path / "demo" / "broken.py"
    path.parent.mkdir()
    for text, words in (
        ("x = (", "SyntaxError"),
        ('"""Title."""\nx = 1\n', "lacks prompt, hints"),
        ("import no_such_module", "no_such_module"),
    ):
        path.write_text(text)
        author._loaded.clear()
        with pytest.raises(author.BadExercise, match=words):
            author.load_file(path)


def test_small_changes_of_the_solution_that_are_accepted_show_a_hole(tmp_path, capsys):
    from gdcourse.exercises.author.mutants import survivors

    accepted, tried = survivors(author.load(MOMENTUM))
    assert tried > 20 and accepted == []
    path = tmp_path / "momentum/momentum_step.py"
    path.parent.mkdir()
    # without this line β and η are the same in every case
    text = (EXERCISES / f"{MOMENTUM}.py").read_text(encoding="utf-8")
    cases = "def cases(rng):\n    for d in (2, 3):\n        yield rng.normal(size=d), rng.normal(size=d), rng.normal(size=d), 0.5, 0.5\n\n\n"
    path.write_text(re.sub(r"def cases.*?\n\n\n", lambda _: cases, text, count=1, flags=re.S), encoding="utf-8")
    assert any("lr * m + g" in change for change in survivors(author.load_file(path))[0])
