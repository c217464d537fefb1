"""Grade a folder of notebooks: python -m gdcourse.grading SUBMISSIONS/ --out results/

Each notebook runs in a kernel of its own, under limits, with inputs that are this learner's alone; what it contains can
neither stop the run nor change another mark. A notebook that is done is never graded again unless it, the exercises or the
secret change: interrupt at any time, run the same command to go on.
"""

import argparse
import hashlib
import hmac
import json
import os
import re
import secrets
import stat
import sys
from collections import Counter
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from joblib import Parallel, delayed, parallel_config
from tqdm import tqdm

from ..exercises import author
from . import report
from .notebook import Helper, HelperDied, grade

LIMITS = {"cell": 30.0, "seconds": 300.0, "memory": 2_000_000_000, "processes": 50, "landlock": True}
# what is worth importing once for all notebooks, by a word that one of them mentions
PRELOAD = {
    "plotting": "gdcourse.plotting",
    "matplotlib": "matplotlib.pyplot",
    "sklearn": "sklearn.linear_model",
    "problems.": "sklearn.datasets",
}
LARGEST = 20_000_000  # bytes of a notebook


class Trouble(Exception):
    """The run cannot start; the message says what to do."""


@dataclass
class Submission:
    """A notebook that was handed in. `problem`: why it cannot be graded, when it cannot."""

    learner: str
    file: str
    text: str = ""
    handed_in: str = ""
    problem: str = ""
    digest: str = field(default="", init=False)

    @property
    def slug(self):
        """A safe, unique name for files about this submission."""
        return report.slug(self.file)


def find(folder, learner=None):
    """The submissions below a folder, by name: `alice.ipynb`, or `alice/…/any name.ipynb`.

    learner: a regular expression that finds the learner in the path (its first group, if it has one).
    """
    found = []
    for place, folders, files in os.walk(folder):
        hidden = {".ipynb_checkpoints", "__MACOSX"}
        linked = [name for name in folders if os.path.islink(os.path.join(place, name))]
        folders[:] = sorted(set(folders) - hidden - set(linked))
        for name in sorted(linked + [n for n in files if n.lower().endswith(".ipynb") and not n.startswith("._")]):
            found.append(_read(Path(folder), Path(place, name), learner))
    with_notebook = {s.learner for s in found}
    for entry in sorted(os.scandir(folder), key=lambda e: e.name):
        if entry.is_dir(follow_symlinks=False) and learner is None and not entry.name.startswith("."):
            if _printable(entry.name) not in with_notebook:
                found.append(
                    Submission(_printable(entry.name), _printable(entry.name), problem="no notebook handed in")
                )
    return found


def _printable(name):
    return str(name).encode("utf-8", "backslashreplace").decode()


def _read(folder, path, pattern):
    relative = path.relative_to(folder)
    file = _printable(relative.as_posix())
    who = _printable(relative.parts[0] if len(relative.parts) > 1 else relative.stem)
    if pattern:
        match = re.search(pattern, file)
        if not match:
            return Submission(file, file, problem=f"no learner in its name: {pattern!r} does not match")
        who = match[1] if match.re.groups else match[0]
    submission = Submission(who, file)
    try:
        if path.is_symlink():
            raise OSError("a symbolic link, not followed")
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | getattr(os, "O_NOFOLLOW", 0))
        with open(handle, "rb") as stream:
            about = os.fstat(handle)
            if not stat.S_ISREG(about.st_mode):
                raise OSError("not a regular file")
            if about.st_size > LARGEST:
                raise OSError(f"larger than {LARGEST // 1_000_000} MB")
            raw = stream.read(LARGEST)
        submission.text = raw.decode("utf-8-sig")
        submission.handed_in = datetime.fromtimestamp(about.st_mtime, UTC).isoformat(timespec="seconds")
    except UnicodeDecodeError:
        submission.problem = "not a readable notebook: it is not text"
    except OSError as error:
        submission.problem = f"cannot be read: {error.strerror or error}"
    return submission


def chapters_of(submissions):
    """The chapters whose exercises most of the notebooks mention."""
    counts = Counter()
    readable = [s.text for s in submissions if s.text]
    for text in readable:
        counts.update({id.split("/")[0] for id in author.all_ids() if id in text})
    return sorted(chapter for chapter, count in counts.items() if 2 * count > len(readable))


def seed(secret, learner, id):
    """The learner's own seed for an exercise."""
    return int.from_bytes(hmac.digest(secret, f"{learner}\0{id}".encode(), "sha256")[:8], "big")


def grade_folder(
    folder,
    out,
    *,
    chapters=(),
    learner=None,
    secret=None,
    again=False,
    limits=None,
    jobs=-1,
    backend="loky",
    scheduler=None,
):
    """Grade every notebook below `folder`, write the results into `out`; returns the reports. See `python -m … --help`."""
    folder, out = Path(folder), Path(out)
    if not folder.is_dir():
        raise Trouble(f"{folder} is not a folder")
    submissions = find(folder, learner)
    if not submissions:
        raise Trouble(f"there is no notebook (*.ipynb) in {folder}")
    chapters = list(chapters) or chapters_of(submissions)
    ids = [id for id in author.all_ids() if id.split("/")[0] in chapters]
    if not ids:
        raise Trouble(
            "say which chapter was assigned: --chapter momentum"
            if not chapters
            else f"no exercises in {', '.join(chapters)}; the chapters are {', '.join(sorted({i.split('/')[0] for i in author.all_ids()}))}"
        )
    finished = out / "reports"
    finished.mkdir(parents=True, exist_ok=True)
    key = _secret(Path(secret) if secret else out / "secret")
    limits = (
        LIMITS
        | {"hidden": [str(author.exercises_folder()), str(folder.resolve()), str(out.resolve())]}
        | (limits or {})
    )
    preload = [module for word, module in PRELOAD.items() if any(word in s.text for s in submissions)]
    assignment = json.dumps([[id, author.load(id).path.read_text(encoding="utf-8")] for id in ids])
    reports, tasks = {}, {}
    for s in submissions:
        seeds = {id: seed(key, s.learner, id) for id in ids}
        s.digest = hashlib.sha256(json.dumps([s.learner, s.text, s.problem, assignment, seeds]).encode()).hexdigest()
        done = _load(finished / f"{s.slug}.json")
        if done and done.get("digest") == s.digest and not again:
            reports[s.file] = done
        else:
            tasks[s.file] = {
                "text": s.text,
                "exercises": seeds,
                "limits": limits,
                "preload": preload,
                "course": str(author.course_folder()),
            }
    by_file = {s.file: s for s in submissions}

    def keep(file, result):
        if "failed" not in result:
            s = by_file[file]
            result |= {"learner": s.learner, "file": file, "handed_in": s.handed_in, "digest": s.digest}
            _save(finished / f"{s.slug}.json", result)
        reports[file] = result

    try:
        run(
            {f: t for f, t in tasks.items() if not by_file[f].problem},
            keep,
            jobs,
            backend,
            scheduler,
            len(reports),
            len(submissions),
        )
        for file in tasks:
            if by_file[file].problem:
                marks = [
                    {
                        "id": id,
                        "code": "missing",
                        "message": "There is no notebook to grade.",
                        "details": "",
                        "note": "",
                        "points": 0,
                        "of": author.load(id).points,
                    }
                    for id in ids
                ]
                keep(file, {"marks": marks, "notes": [by_file[file].problem], "seconds": 0, "peak": 0})
    finally:  # an interrupted run leaves the results of what is done
        failed = {file: report["failed"] for file, report in reports.items() if "failed" in report}
        done = [reports[s.file] for s in submissions if s.file in reports and s.file not in failed]
        report.write(out, done, ids, chapters)
        print(report.summary(done, ids, len(submissions), failed))
    return done


def run(tasks, keep, jobs, backend, scheduler, already, total):
    """Grade by joblib, wherever its backend runs things; `keep(file, report)` gets each as it is done."""
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
        try:
            with parallel_config(backend=backend, n_jobs=jobs, **({"client": client} if client else {})):
                work = (pulled.append(file) or delayed(_one)(file, task) for file, task in tasks.items())
                for file, report in Parallel(return_as="generator_unordered", batch_size=1)(work):
                    done(file, report)
        except BaseException as error:
            if not _a_worker_died(error):
                raise
            # one of those in flight took its worker along: each of them alone, then the rest as before
            for file in [f for f in pulled if f in left]:
                done(file, _alone(tasks[file]))
        finally:
            if client:
                client.close()
    if left:
        run(left, keep, jobs, backend, scheduler, total - len(left), total)


def _one(file, task):
    try:
        return file, grade(task)
    except Exception as error:
        return file, {"failed": f"{type(error).__name__}: {error}"[:500]}


def _alone(task):
    helper = Helper()
    try:
        return helper.grade(task)
    except HelperDied:
        marks = [
            {
                "id": id,
                "code": "ended",
                "message": "The notebook ended the program that grades it.",
                "details": "",
                "note": "",
                "points": 0,
                "of": author.load(id).points,
            }
            for id in task["exercises"]
        ]
        return {"marks": marks, "notes": ["ended the program that grades it"], "seconds": 0, "peak": 0}
    finally:
        helper.process.kill()
        helper.process.communicate()


def _a_worker_died(error):
    return isinstance(error, BrokenProcessPool) or type(error).__name__ == "KilledWorker"


def _secret(path):
    """The secret from which the learners' inputs come, made at the first run."""
    if not path.exists():
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    return path.read_bytes().strip()


def _load(path):
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _save(path, report):
    part = path.with_suffix(".part")
    part.write_text(json.dumps(report, indent=1), encoding="utf-8")
    part.replace(path)  # whole or not at all


def main(argv=None):
    parser = argparse.ArgumentParser(
        prog="python -m gdcourse.grading", description=__doc__.split("\n\n")[0], epilog=__doc__.split("\n\n")[1]
    )
    parser.add_argument("submissions", help="a folder: alice.ipynb, or alice/anything.ipynb")
    parser.add_argument("--out", default="results", help="where the results go (default: %(default)s)")
    parser.add_argument(
        "--chapter",
        action="append",
        default=[],
        help="what was assigned; may be repeated (default: what most notebooks are about)",
    )
    parser.add_argument(
        "--learner",
        metavar="REGEX",
        help="finds the learner in the path of a notebook, by its first group (default: the name of the file or of the folder)",
    )
    parser.add_argument(
        "--secret",
        metavar="FILE",
        help="from it come each learner's inputs (default: OUT/secret, made at the first run)",
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
    if not o.submissions:  # `make grade` alone
        parser.error("which folder? For example: make grade SUBMISSIONS=handed-in")
    limits = {"cell": o.cell_seconds, "seconds": o.seconds, "memory": o.memory * 1_000_000, "processes": o.processes}
    try:
        reports = grade_folder(
            o.submissions,
            o.out,
            chapters=o.chapter,
            learner=o.learner,
            secret=o.secret,
            again=o.again,
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
    return 0 if reports else 1
