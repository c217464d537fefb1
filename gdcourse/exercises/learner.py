"""What a learner calls: check, hint, solution, progress, quiz and cards, all of them also in `gdcourse`."""

from importlib import import_module

from . import author
from . import progress as log
from .judge import judge
from .verdict import Note, Verdict


def check(id, answer=None):
    """Judge `answer`, your function for the exercise `id`: a Verdict that says what to do next."""
    if callable(id) and isinstance(answer, str):
        id, answer = answer, id
    try:
        exercise = author.load(_named(id))
    except author.UnknownExercise as error:
        return Verdict(str(id), "unknown", str(error))
    try:
        verdict = judge(exercise, answer)
    except ImportError:
        raise  # a package that the exercise itself needs: it says which; a page fetches it and asks again
    except Exception as error:
        said = f"The check itself has failed ({type(error).__name__}: {error}). That is our fault, not yours: please report it, with your function."
        return Verdict(exercise.id, "unknown", said)
    # a page that was only opened and run through leaves no trace
    if verdict.code != "untouched":
        log.record("check", exercise.id, ok=verdict.ok, code=verdict.code)
    return verdict


def hint(id):
    """One more hint for the exercise, each time you call it."""
    try:
        exercise = author.load(_named(id))
    except author.UnknownExercise as error:
        return Note(str(error))
    taken, hints = log.hints_taken(exercise.id), exercise.hints
    if taken < len(hints):
        log.record("hint", exercise.id)
        return Note(f"**Hint {taken + 1} of {len(hints)}.** {hints[taken]}")
    again = "\n".join(f"{n}. {text}" for n, text in enumerate(hints, 1))
    return Note(f'These were all the hints:\n\n{again}\n\nAfter an attempt, `solution("{exercise.id}")` opens.')


def solution(id):
    """The solution of the exercise, and why; after an attempt."""
    try:
        exercise = author.load(_named(id))
    except author.UnknownExercise as error:
        return Note(str(error))
    if not log.attempted(exercise.id):
        return Note(
            f'First an attempt of your own: even a wrong `check("{exercise.id}", {exercise.name})` opens the '
            f'solution, and its answer is often all you need. `hint("{exercise.id}")` helps you to start.'
        )
    log.record("solution", exercise.id)
    return Note(f"```python\n{exercise.source(exercise.solution)}```\n\n{exercise.why}")


def _named(id):
    """The id somebody means: text, or the function itself."""
    if isinstance(id, str):
        return id.strip()
    return getattr(id, "__name__", None) or repr(id)


def __getattr__(name):
    # functions that live in a module of their own name
    if name in ("progress", "quiz", "cards"):
        return getattr(import_module(f".{name}", __package__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
