"""The judge: from a learner's function to a Verdict.

`look.inspect_answer` looks at the function without calling it, `calls.collect` calls it on the cases, `decide`
compares the results. The steps are separate, because grading runs the first two in another process.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from . import feedback
from .calls import Outcome, collect, may_go_on, mend_numpy, quiet
from .look import inspect_answer
from .signs import KINDS, Sign, signs
from .task import Task
from .trial import Trial
from .verdict import Verdict

__all__ = ["KINDS", "Outcome", "Sign", "Verdict", "collect", "decide", "inspect_answer", "judge", "may_go_on", "signs"]


def judge(exercise: Task, answer: Any, seed: int = 0, seconds: float | None = None, strict: bool = False) -> Verdict:
    """Return the Verdict on a learner's answer.

    answer: what the learner handed over, of any type. seed: for the random cases. seconds: for all cases together, by
    default the exercise's own limit. strict: raise exceptions of the code that writes the feedback,
    instead of leaving a part of the feedback out.

    >>> from gdcourse.exercises.author import load
    >>> judge(load("loss/mse"), lambda y, y_hat: "seven").message
    'Expected one number; your function returns a string.'
    """
    cases = exercise.draw(seed)
    early = inspect_answer(exercise, answer, cases)
    if early is not None:
        return early
    patched = mend_numpy()
    given = collect(exercise, answer, cases, seconds)

    patched += mend_numpy()

    def more():
        try:
            return collect(exercise, answer, exercise.fresh(seed), seconds)
        finally:
            patched.extend(mend_numpy())

    verdict = decide(exercise, seed, given, lambda: signs(answer), more, strict, answer)
    patched = list(dict.fromkeys([*patched, *mend_numpy()]))  # `decide` may have called the answer again
    if not patched:
        return verdict
    names = ", ".join(f"`np.{n}`" for n in patched[:4])
    note = f"{names} had been replaced by something else; NumPy's own has been put back. Check the cells above for `{names.strip('`')} = …`."
    return Verdict(verdict.id, verdict.code, verdict.message, verdict.details, note)


def decide(
    exercise: Task,
    seed: int,
    given: list[Outcome],
    signs: Callable[[], tuple[Sign, ...]] = tuple,
    more: Callable[[], list[Outcome]] | None = None,
    strict: bool = False,
    answer: Any = None,
) -> Verdict:
    """Return the Verdict, given the Outcomes of an answer on `exercise.draw(seed)`.

    signs(): returns the Signs in the answer's code. more(): returns the answer's Outcomes on `exercise.fresh(seed)`;
    called only if the answer is wrong and no known mistake explains it. answer: the function itself, if it
    may be called in this process; then small changes of the function are tried, too.

    >>> from gdcourse.exercises.author import load
    >>> mse = load("loss/mse")
    >>> decide(mse, 0, collect(mse, mse.wrongs["root"], mse.draw(0))).code
    'root'
    """
    trial = Trial(exercise, exercise.draw(seed), given)
    if trial.is_right:
        return Verdict(exercise.id, "right", exercise.praise)
    trial.signs, trial.answer = signs(), answer
    trial.draw_fresh = cache(lambda: exercise.fresh(seed) if exercise.asks_more else exercise.fresh(seed, 8))
    if more is not None and exercise.asks_more:
        trial.ask = lambda: Trial(exercise, trial.draw_fresh(), more(), repeated=False)
    with quiet():
        return feedback.explain(trial, strict)
