"""Measure the time and the memory for grading a class:  python benchmarks/grading_class.py [learners] [jobs]

Each learner hands in three notebooks, as a page of the course writes them: the whole chapter with the code of its
figures, and an answer to each exercise. Every third answer is a known mistake. By default there are 12 learners with 36
notebooks, and one job for each core; the page for teachers describes a class of 100 learners with 300 notebooks.

The output is: the seconds; the notebooks a minute and core; the most memory that the grader and all its processes held
at a time (on Linux, memory that several processes share is counted once); the memory of the largest notebook; and the
seconds for the report alone.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

from gdcourse.exercises import author

CHAPTERS = ("loss", "gradient", "update_rule")
ROOT = Path(__file__).resolve().parents[1]


def answer(id, learner):
    """Return an answer to an exercise as code: every third time a known mistake, otherwise the solution."""
    exercise = author.load(id)
    wrongs = list(exercise.wrongs.values())
    number = learner + len(id)
    function = exercise.solution if number % 3 else wrongs[number // 3 % len(wrongs)]
    named = "" if function.__name__ == exercise.name else f"\n{exercise.name} = {function.__name__}"
    # the code of a mistake may call the solution, so add the whole file of the exercise
    return f"import numpy as np\n{exercise.text if named else exercise.source(function)}{named}"


def notebook(chapter, learner):
    """Return the text of the notebook that a learner hands in for a chapter."""
    made = json.loads((ROOT / f"chapters/{chapter}.ipynb").read_text(encoding="utf-8"))
    for cell in made["cells"]:
        said = cell["metadata"].get("gdcourse", {})
        if said.get("part") == "starter":
            cell["source"] = answer(said["exercise"], learner).splitlines(True)
        if cell["cell_type"] == "code":
            cell["outputs"] = []
    return json.dumps(made)


def held(process):
    """Return how many bytes of memory a process and all processes below it hold now."""
    total = 0
    for one in [process, *process.children(recursive=True)]:
        try:
            rollup = Path(f"/proc/{one.pid}/smaps_rollup").read_text()
            total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) * 1024
        except (OSError, StopIteration):
            try:
                total += one.memory_info().rss
            except psutil.Error:
                continue  # the process has ended
    return total


def timed(command):
    """Run a command; return (seconds, the most bytes that it held at a time, what it printed)."""
    start = time.perf_counter()
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT)
    most = [0]

    def watch():
        while running.poll() is None:
            try:
                most[0] = max(most[0], held(psutil.Process(running.pid)))
            except psutil.Error:
                return
            time.sleep(0.5)

    watcher = threading.Thread(target=watch)
    watcher.start()
    said = running.communicate()[0]
    watcher.join()
    if running.returncode:
        sys.exit(f"grading failed with {running.returncode}:\n{said[-2000:]}")
    return time.perf_counter() - start, most[0], said


def main(learners=12, jobs=os.cpu_count()):  # noqa: B008  the number of cores does not change
    with tempfile.TemporaryDirectory() as place:
        folder, out = Path(place, "handed-in"), Path(place, "results")
        for learner in range(learners):
            for chapter in CHAPTERS:
                path = folder / f"learner{learner:04}" / f"{chapter}.ipynb"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(notebook(chapter, learner), encoding="utf-8")
        command = [sys.executable, "-m", "gdcourse.grading", str(folder), "--out", str(out), "--jobs", str(jobs)]
        seconds, most, said = timed([*command, *(f"--chapter={chapter}" for chapter in CHAPTERS)])
        # all notebooks are graded already, so this run only writes tables and pages
        report, _, _ = timed([*command, *(f"--chapter={chapter}" for chapter in CHAPTERS)])
        reports = [json.loads(path.read_text(encoding="utf-8")) for path in (out / "reports").glob("*.json")]
        size = (out / "class.html").stat().st_size
    total = learners * len(CHAPTERS)
    print(said.splitlines()[0])
    print(
        f"{total} notebooks of {len(CHAPTERS)} chapters, {jobs} at a time: {seconds:.0f} s, {60 * total / seconds / jobs:.1f} notebooks a minute and core"
    )
    print(
        f"memory: {most / 1e6:.0f} MB at most for all of it, {max(r['peak'] for r in reports) / 1e6:.0f} MB for the largest notebook"
    )
    print(f"the report alone, with nothing to grade: {report:.1f} s; class.html has {size / 1e3:.0f} kB")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
