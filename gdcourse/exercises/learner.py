"""What a learner calls: check, hint, solution, progress and quiz, all of them also in `gdcourse`."""
from importlib import import_module

from . import author
from .judge import judge
from .verdict import Verdict


def check(id, answer=None):
    """Judge `answer`, your function for the exercise `id`: a Verdict that says what to do next."""
    try:
        exercise = author.load(id)
    except author.UnknownExercise as error:
        return Verdict(str(id), "unknown", str(error))
    return judge(exercise, answer)


def hint(id):
    """One more hint for the exercise."""
    print(author.load(id).hints[0])


def solution(id):
    """The solution, after an attempt."""
    exercise = author.load(id)
    print(exercise.source(exercise.solution))


def __getattr__(name):
    # functions that live in a module of their own name
    if name in ("progress", "quiz"):
        return getattr(import_module(f".{name}", __package__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
