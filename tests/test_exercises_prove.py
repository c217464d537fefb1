"""Every checker is proved; and a checker that is bad on purpose is found out."""

import re
from pathlib import Path

import pytest

from gdcourse.exercises.author import exercise as author
from gdcourse.exercises.author.prove import prove

pytestmark = pytest.mark.patient

EXERCISES = Path(__file__).resolve().parents[1] / "exercises"


@pytest.mark.parametrize("id", author.all_ids())
def test_every_exercise_is_proved(id):
    assert prove(author.load(id), seeds=3) == []


# ---- checkers that are bad on purpose


@pytest.fixture
def planted(tmp_path):
    """Copy an exercise, change its text, and return the complaints of `prove`."""

    def plant(id, *changes, hostile=False, seeds=2):
        text = (EXERCISES / f"{id}.py").read_text(encoding="utf-8")
        for old, new in changes:
            assert re.search(old, text, re.S), f"the fault could not be planted: {old}"
            text = re.sub(old, new, text, count=1, flags=re.S)
        path = tmp_path / f"{id}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return "\n".join(prove(author.load_file(path), seeds, hostile))

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
        ("update_rule/steps_needed", r"    yield 1.0, 1e-3, 10.0, 1e-3[^\n]*\n", "gives_up"),
        ("scaling/condition_number", r", \*\[\(5, 2\), \(6, 3\)\] \* 4", "unsorted_eigenvalues"),
        (SCALING, r"    yield train, np.array.*?\n", "constant_column"),
    ],
)
def test_a_missing_case(planted, id, case, mistake):
    assert f"mistake {mistake} SURVIVES" in planted(id, (case, ""), seeds=5)


def test_a_law_that_forgets_a_line(planted):
    found = planted(BATCHES, (r'    if first == second:\n        return "same_order_every_epoch"\n', ""))
    assert "mistake same_order_every_epoch SURVIVES" in found


def test_a_law_that_names_the_wrong_mistake(planted):
    found = planted(BATCHES, (r'"drops_last"\n', '"empty_batch"\n'))
    assert "mistake drops_last cannot be told from empty_batch" in found


def test_a_law_that_takes_one_mistake_for_two(planted):
    found = planted(BATCHES, (r'"drops_last"\n', '("drops_last", "no_shuffle")\n'))
    assert "mistake drops_last is taken for two by the law, which also says 'no_shuffle'" in found


def test_a_docstring_missing_or_given_twice(planted):
    assert "sign: no docstring" in planted(MOMENTUM, (r'(def sign\([^\n]*\n    )""".*?"""', r"\1pass"))
    assert "same docstring" in planted(
        MOMENTUM,
        (r'(def sign\([^\n]*\n    )""".*?"""', r'\1"""The same."""'),
        (r'(def nesterov\([^\n]*\n    )""".*?"""', r'\1"""The same."""'),
    )


def test_docstrings_that_share_nearly_all_of_their_words(planted):
    doc = "You step uphill: the slope points uphill, and the velocity with it, so subtract {} from the point where you are."
    found = planted(
        MOMENTUM,
        (r'(def sign\([^\n]*\n    )""".*?"""', rf'\1"""{doc.format("it")}"""'),
        (r'(def nesterov\([^\n]*\n    )""".*?"""', rf'\1"""{doc.format("that")}"""'),
    )
    assert "share nearly all of their words" in found


def test_an_argument_that_may_be_ignored(planted):
    # without its first case no call has another h than 1e-5 or so
    found = planted(
        "gradient/numerical_gradient",
        (r"yield fifths(.*?), 0.5 ", r"yield fifths\1, 1e-4 "),
        hostile=True,
    )
    assert "ignores `h`" in found and "add a case where it matters" in found
    assert "ignores `patient`" in planted("adam/repair_adam", (r"free = [^\n]*", "free = {}"), hostile=True)


def test_a_tie_and_a_condition_that_no_case_shows(planted):
    found = planted(
        "convergence_proof/steps_guaranteed",
        (r'    yield "convex", 4.0, 0.5, 9.0, 0.5\n', ""),
        (r'    yield "PL", 2.0, 1.0, 8.0, 1.0\n', ""),
        (r'    yield "strongly convex", 2.0, 1.0, 8.0, 1.0\n', ""),
        hostile=True,
    )
    assert "SURVIVES: you add 1 even to a number that is whole already" in found
    found = planted("convergence_proof/certify", (r"    yield over\(49, [^\n]*\n", ""), hostile=True)
    assert "SURVIVES: one condition is missing" in found and "`equal`" in found


def test_a_checker_that_refuses_single_precision(planted):
    found = planted("loss/best_constant", (r" or np\.isclose\(value[^\n]*", ":"), hostile=True, seeds=5)
    assert "returns single precision, is refused" in found


@pytest.mark.parametrize(
    "old, new, words",
    [
        (r"\ntolerance = [^\n]*|\npoints = [^\n]*|\ndef cases", r"\ntolerence = 1e-3\g<0>", "`tolerence` is no setting of an exercise. Did you mean `tolerance`?"),
        (r"\ndef cases", "\npoint = 5\n\n\ndef cases", "Did you mean `points`?"),
        (r"\ndef cases", "\ncanonicle = None\n\n\ndef cases", "Did you mean `canonical`?"),
        (r"\ndef cases", "\ndef lav(output):\n    pass\n\n\ndef cases", "Did you mean `law`?"),
        (r"@wrong\n", '@wrong(cod="x")\n', "Did you mean `code`?"),
        (r"@right\n", '@right(tolerance=1)\n', "Only `code=` can be given."),
        (r"\ndef sign\(", "\ndef value(", "the code `value` is taken"),
    ],
)  # fmt: skip
def test_an_authors_typing_mistake_is_refused(planted, old, new, words):
    with pytest.raises(author.BadExercise, match=re.escape(words)):
        planted(MOMENTUM, (old, new))


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
    from gdcourse.exercises.author.variants import survivors

    accepted, tried = survivors(author.load(MOMENTUM))
    assert tried > 20 and accepted == []
    path = tmp_path / "momentum/momentum_step.py"
    path.parent.mkdir()
    # without this line β and η are the same in every case
    text = (EXERCISES / f"{MOMENTUM}.py").read_text(encoding="utf-8")
    cases = "def cases(rng):\n    for d in (2, 3):\n        yield rng.normal(size=d), rng.normal(size=d), rng.normal(size=d), 0.5, 0.5\n\n\n"
    path.write_text(re.sub(r"def cases.*?\n\n\n", lambda _: cases, text, count=1, flags=re.S), encoding="utf-8")
    assert any("lr * m + g" in change for change in survivors(author.load_file(path))[0])
