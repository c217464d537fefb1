"""One verdict for one answer: in a notebook, for a grader, at every seed; and part of it in the page, in Chromium."""

import json
import linecache
import re
import textwrap
from functools import lru_cache

import nbformat
import numpy as np
import pytest

from gdcourse.exercises import author
from gdcourse.exercises.judge import decide as judge
from gdcourse.grading import notebook as grade_notebook
from gdcourse.grading import wire

pytestmark = pytest.mark.patient

IDS = (
    "loss/mse",
    "gradient/grad_mse",
    "gradient/numerical_gradient",
    "update_rule/gd_step",
    "update_rule/gradient_descent",
    "learning_rate/classify_lr",
    "batching/full_gradient_in_chunks",
    "scaling/standardize",
    "momentum/momentum_step",
    "adam/adam_step",
)
SEEDS, GRADED = range(25), range(0, 25, 6)
MISTAKES = 6  # of each exercise; `prove` tries all of them
# added below the text of an exercise file; NAME is the function, PLAIN a right answer
OTHERS = {
    "computes in single precision": """
        def NAME(*args):
            return PLAIN(*[a.astype(np.float32) if isinstance(a, np.ndarray) and a.dtype.kind == "f" else a for a in args])""",
    "keeps a list in its first line": """
        def NAME(*args, seen=[]):
            seen.append(1)
            return PLAIN(*args) if len(seen) == 1 else 7.25""",
    "stops": """
        def NAME(*args):
            values = [1, 2]
            return PLAIN(*args) + values[2.5]""",
    "needs a name that is not there": """
        def NAME(*args):
            return PLAIN(*args) * rate""",
    "returns nothing": """
        def NAME(*args):
            PLAIN(*args)""",
    "returns a set": """
        def NAME(*args):
            return {1.5, 2.5}""",
    "returns a string": """
        def NAME(*args):
            return '42'""",
    "is always the same": """
        def NAME(*args):
            return 2.5, 1.5""",
    "exits": """
        def NAME(*args):
            exit()""",
    "is a coroutine": """
        async def NAME(*args):
            return PLAIN(*args)""",
    "prints": """
        def NAME(*args):
            print(PLAIN(*args))""",
}


@lru_cache
def answers(id):
    """(what it is, the text of a cell that defines it) for the answers to an exercise."""
    exercise = author.load(id)
    own, found = "type({0})({0}.__code__, dict(globals()), {0}.__name__, {0}.__defaults__)", []
    for function in (exercise.solution, *exercise.rights.values(), *list(exercise.wrongs.values())[:MISTAKES]):
        # with names of its own, for a wrong answer may call the right one by the name that it takes now
        found.append((function.__name__, f"{exercise.text}\n{exercise.name} = {own.format(function.__name__)}\n"))
    plain = f"plain_{exercise.name}"  # a name for each exercise: a notebook holds several
    for what, code in OTHERS.items():
        code = textwrap.dedent(code).replace("NAME", exercise.name).replace("PLAIN", plain)
        found.append((what, f"{exercise.text}\n{plain} = {own.format(exercise.name)}\n{code}\n"))
    return found


def defined(exercise, what, text):
    """The answer that a cell defines, as in a notebook: its lines can be quoted."""
    file = f"<{exercise.id} that {what}>"
    linecache.cache[file] = len(text), None, text.splitlines(True), file
    scope = {"__name__": "__main__", "np": np}
    exec(compile(text, file, "exec"), scope)
    return scope[exercise.name]


def graded(exercise, stripped, answer, seed):
    """What a grader says: the outcomes cross the wire as JSON, from a file without answers, and are judged on the other side."""
    cases = stripped.draw(seed)
    early = judge.inspect_answer(stripped, answer, cases)
    if early is not None:
        return early
    outcomes = judge.collect(stripped, answer, cases)
    fresh = judge.collect(stripped, answer, stripped.fresh(seed)) if judge.may_go_on(outcomes) else []
    signs = [[s.kind, s.name, s.line] for s in judge.signs(answer)]
    sent = json.loads(json.dumps([wire.encode(outcomes), wire.encode(fresh), signs]))
    given, more = ([wire.decode(o, 20) for o in part] for part in sent[:2])
    return judge.decide(exercise, seed, given, lambda: wire.decode_signs(sent[2]), lambda: more)


def test_there_are_enough_answers():
    assert sum(len(answers(id)) for id in IDS) >= 200


@pytest.mark.parametrize("id", IDS)
def test_a_notebook_and_a_grader_say_the_same_at_every_seed(id, tmp_path):
    exercise = author.load(id)
    path = tmp_path / "exercises" / f"{id}.py"
    path.parent.mkdir(parents=True)
    path.write_text(grade_notebook.public(exercise), encoding="utf-8")
    stripped, count = author.load_file(path), {}
    for what, text in answers(id):
        for seed in SEEDS:
            # an answer that keeps something is a new one for each judge
            here = judge.judge(exercise, defined(exercise, what, text), seed)
            if seed in GRADED:
                there = graded(exercise, stripped, defined(exercise, what, text), seed)
                assert (here.code, here.message, here.details) == (there.code, there.message, there.details), (
                    what,
                    seed,
                )
            count.setdefault(what, set()).add(here.code)
    assert {what: codes for what, codes in count.items() if len(codes) > 1} == {}
    rights = [exercise.name, *(f.__name__ for f in exercise.rights.values()), "computes in single precision"]
    assert {what: count[what] for what in rights} == {what: {"right"} for what in rights}
    assert {what: codes for what, codes in count.items() if what in exercise.wrongs} == {
        c: {c} for c in list(exercise.wrongs)[:MISTAKES]
    }


def test_a_kernel_of_the_grader_says_the_same():
    """The same, through real kernels: a notebook holds one answer to each of the ten exercises."""
    limits = {"cell": 30.0, "seconds": 300.0, "memory": 2**31, "processes": 20, "hidden": [], "walls": []}
    columns = {id: answers(id) for id in IDS}
    tried = 0
    for number in range(0, 22, 3):
        here = {id: column[number % len(column)] for id, column in columns.items()}
        here = {id: each for id, each in here.items() if each[0] != "exits"}
        cells = [nbformat.v4.new_code_cell(text) for _, text in here.values()]
        task = {
            "text": nbformat.writes(nbformat.v4.new_notebook(cells=cells)),
            "exercises": dict.fromkeys(here, number),
            "limits": limits,
            "preload": [],
            "beside": {},
            "course": str(author.course_folder()),
        }
        marks = {mark["id"]: mark for mark in grade_notebook.grade(task)["marks"]}
        for id, (what, text) in here.items():
            exercise = author.load(id)
            wanted = judge.judge(exercise, defined(exercise, what, text), number)
            told = re.sub(r" in line \d+,", " in line N,", marks[id]["message"])
            assert (marks[id]["code"], told) == (
                wanted.code,
                re.sub(r" in line \d+,", " in line N,", wanted.message),
            ), (id, what)
            tried += 1
    assert tried > 60
