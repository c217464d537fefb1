"""python -m gdcourse.exercises prove [NAME …] [--seeds N]"""
import argparse
import sys

from . import prove


def main(argv=None):
    parser = argparse.ArgumentParser(prog="python -m gdcourse.exercises", description="Work on the exercises.")
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("prove", help="prove that the checkers accept what is right and name what is wrong")
    command.add_argument("ids", nargs="*", metavar="chapter/function")
    command.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args(argv)
    return prove.run(options.ids, options.seeds)


if __name__ == "__main__":
    sys.exit(main())
