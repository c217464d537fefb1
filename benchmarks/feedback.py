"""Measure what a check says about mistakes that no author foresaw.

    python benchmarks/feedback.py [--seeds 25] [--all] [folder]

Whoever wrote the answers in `tests/outside` saw only the prompts and the starters. For each chapter, the table shows how
many right answers are accepted at every seed, and how many wrong answers are refused. Of the refused answers it shows
the shares that are

    named   the message names the mistake: it matches a regular expression stored with the answer
    helped  the message makes a true remark that does not name the mistake
    misled  the message names another known mistake

For answers with two mistakes, the last column counts the messages that name one of them and say that there is another.
The last row covers only the answers whose source is a public address; they are in the rows above, too. `--all` lists
the answers whose mistake is not named. `folder` is another folder of answers.
"""

import argparse
import os
import re

for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{library}_NUM_THREADS"] = "1"

import sys
from collections import Counter, defaultdict
from pathlib import Path
from statistics import median, quantiles
from time import process_time

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from gdcourse.exercises import author  # noqa: E402
from gdcourse.exercises.author.variants import by_chance  # noqa: E402
from gdcourse.exercises.judge.decide import judge  # noqa: E402
from gdcourse.exercises.judge.where import CLAIM  # noqa: E402
from tests import outside  # noqa: E402

MORE = "There is more"


def outcome(answer, seeds):
    """Return (a word for what the check did, the verdict of the first seed, seconds of processor time) for an
    answer."""
    exercise = author.load(answer.exercise)
    start = process_time()
    verdict = judge(exercise, answer.function(), 0)
    spent = process_time() - start
    if answer.right:
        refused = next((s for s in range(seeds) if not judge(exercise, answer.function(), s).ok), None)
        return "accepted" if refused is None else f"refused at seed {refused}", verdict, spent
    if verdict.ok:
        return "passes", verdict, spent
    named = [m.named_in(verdict.message) for m in answer.mistakes]
    if len(named) > 1:
        return (
            "one and more" if any(named) and MORE in verdict.message else "one" if any(named) else "none",
            verdict,
            spent,
        )
    if all(named):
        return "named", verdict, spent
    if any(re.search(words, verdict.message, re.IGNORECASE) for words in answer.helps):
        return "helped", verdict, spent
    return "misled" if verdict.code in exercise.wrongs else "unsure", verdict, spent


def chance(exercise, rounds, rng):
    """Return how often the check invents a reason: the share of messages with a reason for answers that are wrong in
    cases chosen at random.

    There is no reason for such a mistake, so every reason that a message gives is false.
    """
    verdicts = (judge(exercise, by_chance(exercise, rng), int(rng.integers(1000))) for _ in range(rounds))
    return sum(bool(CLAIM.search(verdict.message)) for verdict in verdicts) / rounds


def main(folder, seeds, everything, rounds):
    rows, public, times, listed = defaultdict(Counter), Counter(), [], []
    for answer in outside.answers(folder):
        word, verdict, spent = outcome(answer, seeds)
        times.append(1000 * spent)
        word, told = "refused" if word.startswith("refused") else word, word
        rows[answer.exercise.split("/")[0]][word] += 1
        public[word] += answer.is_public
        if word not in ("accepted", "named", "one and more", "helped"):
            listed.append(f"{told}: {answer}\n        {verdict.code}: {verdict.message}")
    total = sum(rows.values(), Counter())
    print(
        f"{'':<20}{'right':>12}{'wrong':>8}{'refused':>9}{'named':>8}{'helped':>8}{'misled':>8}{'two: one + more':>18}"
    )
    for chapter, row in [*rows.items(), ("all", total), ("from public code", public)]:
        right = row["accepted"] + row["refused"]
        wrong = row["named"] + row["helped"] + row["misled"] + row["unsure"] + row["passes"]
        two = row["one and more"] + row["one"] + row["none"]
        refused = wrong - row["passes"]
        print(
            f"{chapter:<20}{row['accepted']:>6} of {right:<3}{wrong:>7}{share(refused, wrong):>9}{share(row['named'], refused):>8}"
            f"{share(row['helped'], refused):>8}{share(row['misled'], refused):>8}{row['one and more']:>12} of {two}"
        )
    print(
        f"processor time of a check: median {median(times):.0f} ms, 95th percentile {quantiles(times, n=20)[-1]:.0f} ms"
    )
    if rounds:
        rng = np.random.default_rng(0)
        ids = [id for id in author.all_ids() if not isinstance(author.load(id).solution, type)]
        shares = {id: chance(author.load(id), rounds, rng) for id in ids if author.load(id).law is None}
        worst = max(shares, key=shares.get)
        print(
            f"reasons that are chance: {100 * sum(shares.values()) / len(shares):.1f} % (most: {worst}, {100 * shares[worst]:.0f} %)"
        )
    if everything:
        print(*listed, sep="\n")


def share(part, whole):
    return f"{100 * part / whole:.0f} %" if whole else "–"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", nargs="?", default=outside.HERE, help="a folder of answers (default: %(default)s)")
    parser.add_argument(
        "--seeds", type=int, default=25, help="how many seeds each right answer is tried at (default: %(default)s)"
    )
    parser.add_argument(
        "--rounds", type=int, default=20, help="how many random answers to each exercise (default: %(default)s)"
    )
    parser.add_argument("--all", action="store_true", help="list the answers whose mistake is not named")
    chosen = parser.parse_args()
    main(chosen.folder, chosen.seeds, chosen.all, chosen.rounds)
