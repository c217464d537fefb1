"""The commands for exercises: new, prove, sync, progress. `python -m gdcourse.grading` grades a class."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from . import progress


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command `python -m gdcourse.exercises`; return its exit code. argv: its arguments, else sys.argv[1:]."""
    parser = argparse.ArgumentParser(prog="python -m gdcourse.exercises", description="Work on the exercises.")
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("new", help="write the skeleton of an exercise")
    command.add_argument("id", metavar="chapter/function", help="its name")
    command = commands.add_parser("prove", help="prove that the checkers accept what is right and name what is wrong")
    command.add_argument("ids", nargs="*", metavar="chapter/function", help="which (default: all)")
    command.add_argument(
        "--seeds", type=int, default=3, help="how many times the random cases are drawn anew (default: %(default)s)"
    )
    command.add_argument(
        "--mutants", action="store_true", help="also list small changes of the solution that are accepted"
    )
    command = commands.add_parser("sync", help="put the exercises into the chapters")
    command.add_argument("--check", action="store_true", help="change nothing, say what differs")
    command = commands.add_parser("progress", help="show, export or merge what a learner has done")
    command.add_argument("--export", metavar="FILE", help="write what this course folder knows into FILE")
    command.add_argument("--merge", metavar="FILE", help="add what FILE knows and is not here yet")
    options = vars(parser.parse_args(argv))
    command = options.pop("command")
    if command == "progress":
        return _progress(**options)
    return import_module(f".author.{command}", __package__).run(**options)


def _progress(export, merge):
    try:
        if export:
            print(f"{progress.export(export)} events written to {export}")
        if merge:
            with open(merge):  # this reports a file that cannot be read; `events` would return an empty list for it
                print(f"{progress.merge(merge)} events added from {merge}")
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    if not (export or merge):
        print(progress.progress())
    return 0


if __name__ == "__main__":
    sys.exit(main())
