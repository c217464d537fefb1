"""Grade a folder of notebooks: python -m gdcourse.grading SUBMISSIONS/ --out results/

Each notebook runs in a kernel of its own, under limits, with inputs that no other learner has. Nothing in a notebook
can stop the run or change another learner's mark. A notebook is graded again only if it, the exercises or the secret
have changed. The run can be interrupted at any time, and the same command continues it.
"""

import argparse
import functools
import hashlib
import hmac
import json
import os
import re
import secrets
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from pathlib import Path
from typing import Any

from joblib import Parallel, delayed, parallel_config
from tqdm import tqdm

from ..exercises import author
from . import bwrap, landlock, overview, report, seccomp
from .client import Nursery
from .notebook import Helper, HelperDied, Refused, grade, read_cells
from .submissions import PLATFORMS, Submission, find
from .wire import clean

LIMITS: dict[str, Any] = {
    "cell": 30.0,
    "seconds": 300.0,
    "memory": 2_000_000_000,
    "processes": 50,
    "walls": ["bwrap", "landlock", "seccomp"],
}
# word in a notebook -> module that is then imported once for all notebooks, before the kernels are forked
PRELOAD = {
    "plotting": "gdcourse.plotting",
    "matplotlib": "matplotlib.pyplot",
    "sklearn": "sklearn.linear_model",
    "problems.": "sklearn.datasets",
}


class Trouble(Exception):
    """The run cannot start; the message says what to do."""


def chapters_of(submissions: list[Submission]) -> list[str]:
    """Return the chapters whose exercises occur in the notebooks of more than half of the learners."""
    texts: dict[str, str] = {}
    for s in submissions:
        texts[s.learner] = texts.get(s.learner, "") + s.text
    readable = [text for text in texts.values() if text]
    counts: Counter[str] = Counter()
    for text in readable:
        counts.update({id.split("/")[0] for id in author.all_ids() if id in text})
    return sorted(chapter for chapter, count in counts.items() if 2 * count > len(readable))


def seed(secret: bytes, learner: str, id: str) -> int:
    """Return the seed from which the learner's inputs for an exercise are drawn.

    >>> seed(b"secret", "Ada", "loss/mse") == seed(b"secret", "Charles", "loss/mse")
    False
    """
    return int.from_bytes(hmac.digest(secret, f"{learner}\0{id}".encode(), "sha256")[:8], "big")


def grade_folder(
    folder: Path | str,
    out: Path | str,
    *,
    chapters: Sequence[str] = (),
    learner: str | None = None,
    single: bool = False,
    secret: Path | str | None = None,
    again: bool = False,
    anonymous: bool = False,
    due: str | None = None,
    limits: dict | None = None,
    jobs: int = -1,
    backend: str = "loky",
    scheduler: str | None = None,
) -> list[dict]:
    """Grade every notebook below `folder`, write the results into `out`, and return the reports.

    The arguments are those of the command: see `python -m gdcourse.grading --help`.
    """
    folder, out = Path(folder), Path(out)
    try:
        re.compile(learner or "")
    except re.error as error:
        raise Trouble(f"--learner {learner!r} is not a regular expression: {error}") from None
    if not folder.is_dir() and folder.suffix.lower() != ".zip" or not folder.exists():
        raise Trouble(f"{folder} is not a folder, nor a zip file")
    submissions = find(folder, learner, single, out)
    if not submissions:
        raise Trouble(f"there is no notebook (*.ipynb) in {folder}")
    ids = _assigned(list(chapters) or chapters_of(submissions))
    chapters = sorted({id.split("/")[0] for id in ids})
    finished = out / "reports"
    finished.mkdir(parents=True, exist_ok=True)
    when = _due(due)
    key = _secret(Path(secret) if secret else out / "secret")
    hidden = [str(path.resolve()) for path in (author.exercises_folder(), folder, out)]
    limits = LIMITS | {"hidden": hidden} | (limits or {})
    preload = [module for word, module in PRELOAD.items() if any(word in s.text for s in submissions)]
    assignment = json.dumps([[id, author.load(id).path.read_text(encoding="utf-8")] for id in ids])
    reports, tasks = {}, {}
    for s in submissions:
        seeds = {id: seed(key, s.learner, id) for id in ids}
        about = json.dumps([s.learner, s.text, s.problem, s.notes, s.beside, assignment, seeds])
        s.digest = hashlib.sha256(about.encode()).hexdigest()
        done = _load(finished / f"{report.slug(s.file)}.json")
        if done and done.get("digest") == s.digest and not again:
            reports[s.file] = done
        else:
            tasks[s.file] = {
                "text": s.text,
                "beside": s.beside,
                "exercises": seeds,
                "limits": limits,
                "preload": preload,
                "course": str(author.course_folder()),
            }
    by_file = {s.file: s for s in submissions}

    def keep(file, result):
        s = by_file[file]
        result |= {"learner": s.learner, "file": file, "handed_in": s.handed_in, "digest": s.digest}
        result["notes"] = s.notes + result["notes"]
        if "failed" not in result:  # a failed result is not saved, so that the next run tries again
            _save(finished / f"{report.slug(file)}.json", result)
        reports[file] = result

    try:
        for file in tasks:
            if by_file[file].problem:
                keep(file, ungraded(ids, "missing", "There is no notebook to grade.", by_file[file].problem))
        readable = {file: task for file, task in tasks.items() if not by_file[file].problem}
        run(readable, keep, jobs, backend, scheduler, len(reports), len(submissions))
    finally:  # an interrupted run also writes its results so far
        done = [reports[s.file] for s in submissions if s.file in reports]
        done = noticed(done, when, {s.file: s for s in submissions})
        report.write(out, done, ids, chapters, len(submissions), anonymous)
        print(report.summary(done, ids, len(submissions)))
    return done


def _due(text: str | None) -> datetime | None:
    """Return the time by which the notebooks had to be handed in. Raises Trouble for a text that is no time.

    A time without a zone is in the time zone of this machine.
    """
    try:
        return datetime.fromisoformat(text).astimezone() if text else None
    except ValueError:
        raise Trouble(f"--due {text!r} is no time; write it as 2026-11-30T23:59, or with a zone, …+01:00") from None


def noticed(reports: list[dict], due: datetime | None, submissions: dict[str, Submission]) -> list[dict]:
    """Add to the reports what needs no grading: answers to the quiz, and remarks on late and on equal submissions.

    Submissions are equal if their code and the files beside them are the same. This is computed in each run, so that
    another `--due` needs no new grading. The remarks are not among the notes of a report, because learners read those.
    """
    same: dict[str, list[dict]] = {}
    for r in reports:
        if any(mark["code"] not in overview.NOT_TRIED for mark in r["marks"]):
            own = submissions[r["file"]]
            same.setdefault(json.dumps([code_of(own.text) or own.file, own.beside]), []).append(r)
    twins = {r["file"]: [o for o in group if o["learner"] != r["learner"]] for group in same.values() for r in group}
    found = []
    for r in reports:
        notes = []
        when = datetime.fromisoformat(r["handed_in"]).astimezone(due.tzinfo) if due and r["handed_in"] else None
        if due and when and when > due:
            notes.append(f"{overview.LATE}: {when:%Y-%m-%d %H:%M}, due {due:%Y-%m-%d %H:%M}")
        others = sorted({other["learner"] for other in twins.get(r["file"], [])})
        if others:
            notes.append(f"{overview.TWIN} {', '.join(others[:5])}{' …' * (len(others) > 5)}")
        found.append(r | {"noticed": notes, "quiz": submissions[r["file"]].quiz})
    return found


def code_of(text: str) -> str:
    r"""Return the code of a notebook without spaces and empty lines; "" if the notebook cannot be read.

    >>> code_of('{"cells": [{"cell_type": "code", "source": "w  =  1\\n\\n"}]}')
    'w=1'
    """
    try:
        cells = read_cells(text)[0].values()
    except Refused:
        return ""
    return "\n".join(
        "".join(line.split()) for c in cells if c.kind == "code" for line in c.source.splitlines() if line.strip()
    )


def _assigned(chapters: list[str]) -> list[str]:
    """Return the ids of the exercises of these chapters. Raises Trouble if a chapter is unknown or has none."""
    ids = [id for id in author.all_ids() if id.split("/")[0] in chapters]
    known = sorted({id.split("/")[0] for id in author.all_ids()})
    if not chapters:
        raise Trouble("say which chapter was assigned: --chapter momentum")
    if not ids or not set(chapters) <= set(known):
        raise Trouble(f"no exercises in {', '.join(chapters)}; the chapters are {', '.join(known)}")
    return ids


def ungraded(ids: list[str], code: str, message: str, note: str) -> dict:
    """Return a report with no points for a notebook that could not be graded, so that every notebook has a report."""
    of = {id: author.load(id).points for id in ids}
    marks = [
        {"id": id, "code": code, "message": message, "details": "", "note": "", "points": 0, "of": of[id]} for id in ids
    ]
    return {"marks": marks, "notes": [note], "stopped": [], "seconds": 0, "peak": 0}


def run(
    tasks: dict[str, dict],
    keep: Callable[[str, dict], None],
    jobs: int,
    backend: str,
    scheduler: str | None,
    already: int,
    total: int,
) -> None:
    """Grade the notebooks {file: task} with joblib, with any of its backends.

    keep(file, report) is called as soon as a report is ready. already, total: numbers of notebooks, for the progress
    bar.
    """
    left = dict(tasks)
    client = None
    if backend == "dask":
        from distributed import Client

        client = Client(scheduler)
        client.wait_for_workers(1, timeout=60)
    with tqdm(total=total, initial=already, unit="notebook", desc="grading", disable=None) as bar:

        def done(file, report):
            keep(file, report)
            left.pop(file)
            bar.update()

        pulled = []

        def work():
            for file, task in tasks.items():
                pulled.append(file)
                yield delayed(_one)(file, task, backend == "loky")

        try:
            with parallel_config(backend=backend, n_jobs=jobs, **({"client": client} if client else {})):
                for file, report in Parallel(return_as="generator_unordered", batch_size=1)(work()):
                    done(file, report)
        except BaseException as error:
            if not _a_worker_died(error):
                raise
            # A notebook has killed its worker, but it is not known which notebook. Grade one by one all unfinished
            # notebooks that had been given to workers. Then start again with the notebooks that had not been given.
            for file in [f for f in pulled if f in left]:
                done(file, _alone(tasks[file]))
        finally:
            if client:
                client.close()
    if left:
        run(left, keep, jobs, backend, scheduler, total - len(left), total)


def _one(file, task, ours=False):
    """Grade one notebook, in a worker. ours: the worker is a process of this run, so it must end with the run."""
    if ours:
        _go_with_the_grader()
    try:
        return file, grade(task)
    except Exception as error:
        why = clean(f"{type(error).__name__}: {error}", 500)
        message = "The notebook could not be graded. That is our fault, not yours: please tell your teacher."
        report = ungraded(list(task["exercises"]), "ungraded", message, f"could not be graded here, {why}")
        return file, report | {"failed": why}


@functools.cache  # runs once in each process
def _go_with_the_grader():
    """End this worker soon after the process that started it has been killed."""
    grader = os.getppid()

    def watch():
        while os.getppid() == grader:
            time.sleep(0.5)
        Nursery.end()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _alone(task):
    helper = Helper()
    try:
        return helper.grade(task)
    except HelperDied:
        message = "The notebook ended the program that grades it."
        return ungraded(list(task["exercises"]), "ended", message, "ended the program that grades it")
    finally:
        helper.process.kill()
        helper.process.communicate()


def _a_worker_died(error):
    return isinstance(error, BrokenProcessPool) or type(error).__name__ == "KilledWorker"


def _secret(path):
    """Return the secret from which the learners' inputs are computed.

    The first run creates the file, completely or not at all, and no run replaces it.
    """
    if not path.exists():
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(part, path)  # fails if another run has created the secret already
        except FileExistsError:
            pass
        except OSError:  # this file system has no hard links
            part.replace(path)
        part.unlink(missing_ok=True)
    key = path.read_bytes().strip()
    if not key:
        raise Trouble(f"{path} is empty; it should hold the secret from which the learners' inputs come")
    return key


def _load(path):
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
        return report if isinstance(report, dict) else None
    except (OSError, ValueError):
        return None


def _save(path, result):
    report.leave(path, json.dumps(result, indent=1))


def walls() -> str:
    """Return a sentence about how this machine is protected against the notebooks."""
    found = [
        ("bubblewrap", bool(bwrap.command("/tmp", ()))),
        ("Landlock", landlock.version() > 0),
        ("seccomp", seccomp.available()),
    ]
    have = ", ".join(name for name, there in found if there)
    return (
        f"Each notebook runs behind {have}."
        if have
        else "No sandbox works on this machine: the notebooks run under limits only."
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command `python -m gdcourse.grading`; return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m gdcourse.grading", description=__doc__.split("\n\n")[0], epilog=__doc__.split("\n\n")[1]
    )
    parser.add_argument("submissions", help="a folder or a zip file: alice.ipynb, or alice/anything.ipynb")
    parser.add_argument("--out", default="results", help="where the results go (default: %(default)s)")
    parser.add_argument(
        "--chapter",
        action="append",
        default=[],
        help="what was assigned; may be repeated (default: what most notebooks are about)",
    )
    whose = parser.add_mutually_exclusive_group()
    whose.add_argument("--from", dest="platform", choices=PLATFORMS, help="the platform whose download this is")
    whose.add_argument(
        "--learner",
        metavar="REGEX",
        help="finds the learner in the path of a notebook, by its first group (default: the name of the file or of the folder)",
    )
    whose.add_argument(
        "--single",
        action="store_true",
        help="all of it is one learner's: for an autograder, which gets its results.json",
    )
    parser.add_argument(
        "--secret",
        metavar="FILE",
        help="the secret from which each learner's inputs are computed (default: OUT/secret, made at the first run)",
    )
    parser.add_argument(
        "--anonymous", action="store_true", help="leave the names out of class.html, to show it in class"
    )
    parser.add_argument(
        "--due",
        metavar="TIME",
        help="when it had to be handed in, such as 2026-11-30T23:59; the page says who was late",
    )
    parser.add_argument("--again", action="store_true", help="grade everything again")
    parser.add_argument(
        "--cell-seconds", type=float, default=LIMITS["cell"], help="seconds a cell may take (default: %(default)s)"
    )
    parser.add_argument(
        "--seconds", type=float, default=LIMITS["seconds"], help="seconds a notebook may take (default: %(default)s)"
    )
    parser.add_argument(
        "--memory", type=int, default=LIMITS["memory"] // 1_000_000, help="MB a notebook may use (default: %(default)s)"
    )
    parser.add_argument(
        "--processes",
        type=int,
        default=LIMITS["processes"],
        help="processes a notebook may start (default: %(default)s)",
    )
    parser.add_argument("--jobs", type=int, default=-1, help="notebooks at a time (default: %(default)s, one per core)")
    parser.add_argument("--backend", default="loky", help="joblib's backend: loky, dask, … (default: %(default)s)")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="of the Dask cluster, tcp://…:8786")
    o = parser.parse_args(argv)
    if not o.submissions:  # `make grade` without SUBMISSIONS
        parser.error("which folder? For example: make grade SUBMISSIONS=handed-in")
    limits = {"cell": o.cell_seconds, "seconds": o.seconds, "memory": o.memory * 1_000_000, "processes": o.processes}
    out = Path(o.out)
    try:
        print(walls(), file=sys.stderr)
        grade_folder(
            o.submissions,
            out,
            chapters=o.chapter,
            learner=PLATFORMS.get(o.platform, o.learner),
            single=o.single,
            secret=o.secret,
            again=o.again,
            anonymous=o.anonymous,
            due=o.due,
            limits=limits,
            jobs=o.jobs,
            backend=o.backend,
            scheduler=o.scheduler,
        )
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Interrupted. What is done is kept; run the same command to go on.", file=sys.stderr)
        return 130
    finally:
        if o.single and not (out / "results.json").exists():
            out.mkdir(parents=True, exist_ok=True)
            report.leave(out / "results.json", json.dumps(report.NOT_GRADED, indent=1))
    return 0
