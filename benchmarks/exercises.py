"""Measure the time that a check takes:  python benchmarks/exercises.py [chapter/function …]

Each exercise gets three answers. One is right. One makes the last known mistake of the list, so the check compares it
with all others first. One makes a mistake that is not on the list, so the check tries every pattern. The numbers are
milliseconds of processor time of the thread that runs the check, the median of several checks. The limit is 50 ms, for
exercises whose answers themselves take no time; a star marks numbers above it.
"""

import os

for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{library}_NUM_THREADS"] = "1"

import sys
from statistics import median
from time import perf_counter, thread_time

from gdcourse.exercises import author
from gdcourse.exercises.author.hostile import changed_numbers
from gdcourse.exercises.judge.decide import collect, judge

BOUND = 50


def main(ids, rounds=7):
    print(f"{'milliseconds':<38}{'right':>8}{'known':>8}{'unknown':>9}{'the calls alone':>18}")
    rows = []
    for exercise in map(author.load, ids or author.all_ids()):
        answers = [exercise.solution, list(exercise.wrongs.values())[-1], unforeseen(exercise)]
        mine = [milliseconds(lambda answer=answer, e=exercise: judge(e, answer), rounds) for answer in answers]
        cases = exercise.draw(0)
        calls = milliseconds(lambda e=exercise, c=cases: collect(e, e.solution, c), rounds)
        rows.append(mine)
        marks = "".join(f"{m:>7.1f}{'*' if m > BOUND else ' '}" for m in mine)
        print(f"{exercise.id:<38}{marks}{calls:>17.1f}")
    print(f"{'median':<38}" + "".join(f"{median(column):>7.1f} " for column in zip(*rows, strict=True)))
    print(f"{sum(m > BOUND for row in rows for m in row)} of {3 * len(rows)} checks above {BOUND} ms")


def unforeseen(exercise):
    """Return an answer whose numbers are changed in a way that no known mistake and no pattern explains.

    If the solution is a class, return the solution itself.
    """
    if isinstance(exercise.solution, type):
        return exercise.solution
    return lambda *args: changed_numbers(exercise.solution(*args), lambda x: x + 0.01 * x * x + 0.013)


def milliseconds(work, rounds):
    work()
    spent, start = [], perf_counter()
    for _ in range(rounds):
        before = thread_time()
        work()
        spent.append(thread_time() - before)
        if perf_counter() - start > 5:
            break
    return 1000 * median(spent)


if __name__ == "__main__":
    main(sys.argv[1:])
