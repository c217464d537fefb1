"""gdcourse: the helper package of the course on gradient descent.  Importing it loads NumPy and nothing else."""

from importlib import import_module

from . import optimizers
from .optimizers import *  # noqa: F403  the update rules, and the loop that runs them

_MODULES = ("problems", "optimizers", "schedules", "lr_finder", "plotting", "demos", "exercises")
_EXERCISES = ("check", "hint", "solution", "progress", "quiz", "bet", "cards")

__all__ = list(optimizers.__all__)


def __getattr__(name):
    """Import a submodule when it is first used, so that a program that needs only `gd` need not have Matplotlib."""
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    if name in _EXERCISES:
        return getattr(import_module(f"{__name__}.exercises.learner"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted([*__all__, *_MODULES, *_EXERCISES])
