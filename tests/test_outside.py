"""Answers from outside: the right ones are accepted at every seed, the wrong ones refused, and enough of them named."""

import ast
import importlib.util
import re
from collections import Counter
from pathlib import Path

import pytest

from gdcourse.exercises import author
from gdcourse.exercises.judge.decide import judge
from tests import outside

pytestmark = pytest.mark.patient

ROOT = Path(__file__).resolve().parents[1]
CHAPTERS = sorted(file.stem for file in outside.HERE.glob("*.toml"))
# an answer to these trains a model for a second or more, so one seed is enough here; `prove` tries more
TRAINED = {"backpropagation/train_xor", "practice/beat", "practice/make_model", "practice/stream_fit"}


@pytest.fixture(scope="module")
def benchmark():
    spec = importlib.util.spec_from_file_location("feedback", ROOT / "benchmarks" / "feedback.py")
    spec.loader.exec_module(module := importlib.util.module_from_spec(spec))
    return module


def test_every_exercise_has_four_answers_from_outside_and_none_twice():
    answers = list(outside.answers())
    count = Counter(answer.exercise for answer in answers)
    assert not [id for id in author.all_ids() if count[id] < 4]
    codes = Counter((answer.exercise, ast.dump(ast.parse(answer.code))) for answer in answers)
    assert not [id for (id, _), times in codes.items() if times > 1]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_right_is_accepted_and_wrong_is_refused(chapter):
    for answer in outside.answers(chapter=chapter):
        exercise = author.load(answer.exercise)
        for seed in range(4 if answer.right and answer.exercise not in TRAINED else 1):
            verdict = judge(exercise, answer.function(), seed, strict=True)
            assert verdict.ok == bool(answer.right), (str(answer), seed, verdict)


def test_the_benchmark_prints_its_table(benchmark, tmp_path, capsys):
    text = (outside.HERE / "gradient.toml").read_text(encoding="utf-8")
    (tmp_path / "gradient.toml").write_text(text, encoding="utf-8")
    benchmark.main(tmp_path, 1, True, 0)
    table = capsys.readouterr().out.splitlines()
    row = next(line for line in table if line.startswith("gradient"))
    named = int(re.findall(r"(\d+) %", row)[1])
    rights = sum(bool(answer.right) for answer in outside.answers(chapter="gradient"))
    assert f"{rights} of {rights}" in row and named >= 75
    assert any("processor time" in line for line in table)
    public = next(line for line in table if line.startswith("from public code"))
    found = [a for a in outside.answers(chapter="gradient") if a.is_public and len(a.mistakes) == 1]
    assert found and int(re.search(r"0 of 0 +(\d+)", public)[1]) == len(found)


def test_where_chance_decides_no_reason_is_given(benchmark):
    rng = benchmark.np.random.default_rng(0)
    for id in ("loss/mse", "scaling/to_raw", "gradient/grad_mse", "update_rule/gd_step"):
        assert benchmark.chance(author.load(id), 15, rng) == 0


@pytest.mark.parametrize("orthogonaliser", ["newton_schulz", "exact"])
def test_a_step_of_muon_has_the_length_of_its_rate(orthogonaliser):
    """Singular values near 1 are good enough, but a step of another length is not."""
    exercise = author.load("beyond_adam/muon_step")
    answer = exercise.rights["exact"] if orthogonaliser == "exact" else exercise.solution
    for share in (1.0, 0.9, 1.1):

        def muon_step(W, G, M, lr, beta, share=share):
            return answer(W, G, M, share * lr, beta)

        assert judge(exercise, muon_step).ok == (share == 1)
