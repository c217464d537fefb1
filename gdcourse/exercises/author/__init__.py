"""The author's side of an exercise: the format of an exercise file, and the commands new, sync and prove."""

from .exercise import (
    GET_THEM,
    BadExercise,
    Exercise,
    UnknownExercise,
    all_ids,
    chapters,
    course_folder,
    did_you_mean,
    exercises_folder,
    ids_of,
    load,
    load_file,
    right,
    wrong,
)

__all__ = [
    "GET_THEM",
    "BadExercise",
    "Exercise",
    "UnknownExercise",
    "all_ids",
    "chapters",
    "course_folder",
    "did_you_mean",
    "exercises_folder",
    "ids_of",
    "load",
    "load_file",
    "right",
    "wrong",
]
