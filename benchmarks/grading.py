"""Measure how many notebooks a minute one core grades, against `nbgrader autograde` on the same notebooks:

    python benchmarks/grading.py [notebooks] [rounds]

gdcourse does not depend on nbgrader; install nbgrader in a temporary environment:

    uv venv /tmp/nbgrader && uv pip install --python /tmp/nbgrader/bin/python nbgrader numpy
    NBGRADER=/tmp/nbgrader/bin/nbgrader python benchmarks/grading.py

Each grader gets one core, and the time for its start counts. The graders take turns, and the medians are printed.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

from gdcourse.exercises import author

CHAPTER = "update_rule"
# tests for nbgrader, which reads them from the notebook; gdcourse takes its tests from the exercise files
TESTS = {
    "gd_step": "assert np.allclose(gd_step(np.array([1.0, 2.0]), np.array([0.5, -1.0]), 0.1), [0.95, 2.1])",
    "gradient_descent": "assert np.isclose(gradient_descent(lambda w: 2 * (w - 3), 10.0, 0.1, 1)[-1], 8.6)",
    "steps_needed": "assert steps_needed is not None",
    "fit_line": "assert len(fit_line(np.arange(3.0), np.arange(3.0), 0.1, 5)) == 2",
}


def notebook():
    """Return the notebook of one learner, with a right answer to every exercise of the chapter. After each answer comes
    a cell with the test for nbgrader."""
    cells = [nbformat.v4.new_code_cell("import math\nimport numpy as np")]
    for name, test in TESTS.items():
        exercise = author.load(f"{CHAPTER}/{name}")
        mark = {
            "schema_version": 3,
            "grade_id": f"{name}_answer",
            "locked": False,
            "solution": True,
            "grade": False,
            "task": False,
        }
        cells.append(nbformat.v4.new_code_cell(exercise.source(exercise.solution), metadata={"nbgrader": mark}))
        mark = {
            "schema_version": 3,
            "grade_id": name,
            "locked": True,
            "solution": False,
            "grade": True,
            "task": False,
            "points": 1,
        }
        cells.append(nbformat.v4.new_code_cell(test, metadata={"nbgrader": mark}))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def on_one_core():
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def timed(command, folder):
    start = time.perf_counter()
    # nbgrader starts programs that are in its own folder
    path = os.pathsep.join([str(Path(command[0]).parent), os.environ["PATH"]])
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, preexec_fn=on_one_core, env={**os.environ, "PATH": path}
    )
    if done.returncode:
        sys.exit(f"{command[0]} failed:\n{(done.stdout + done.stderr)[-3000:]}")
    return time.perf_counter() - start


def main(notebooks=12, rounds=3):
    nbgrader = os.environ.get("NBGRADER") or shutil.which("nbgrader")
    with tempfile.TemporaryDirectory() as place:
        course = Path(place)
        sheet = nbformat.writes(notebook())
        release = course / "source/ps/work.ipynb"
        release.parent.mkdir(parents=True)
        release.write_text(sheet)
        for k in range(notebooks):
            path = course / f"submitted/s{k:03}/ps/work.ipynb"
            path.parent.mkdir(parents=True)
            path.write_text(sheet)
        (course / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'gd'\n")
        if nbgrader:
            timed([nbgrader, "generate_assignment", "ps"], course)
        rivals = {
            "gdcourse": [
                sys.executable,
                "-m",
                "gdcourse.grading",
                "submitted",
                "--out",
                "out",
                "--chapter",
                CHAPTER,
                "--jobs",
                "1",
                "--again",
            ],
            "nbgrader": [nbgrader, "autograde", "ps", "--force"],
        }
        seconds = {name: [] for name in rivals if name != "nbgrader" or nbgrader}
        for _ in range(rounds):
            for name in seconds:
                seconds[name].append(timed(rivals[name], course))
        full = sum(
            "right" in line and f"{notebooks} of {notebooks}" in line
            for line in subprocess.run(
                rivals["gdcourse"][:-1], cwd=course, capture_output=True, text=True
            ).stdout.splitlines()
        )
        print(
            f"{notebooks} notebooks of {len(TESTS)} exercises, {full} of {len(TESTS)} right for all; one core, median of {rounds} rounds"
        )
        for name, found in seconds.items():
            middle = statistics.median(found)
            print(f"{name:9} {middle:7.1f} s   {60 * notebooks / middle:6.0f} notebooks a minute per core")
        if nbgrader:
            ratio = statistics.median(b / a for a, b in zip(seconds["gdcourse"], seconds["nbgrader"]))
            print(f"gdcourse is {ratio:.1f} times as fast")
        else:
            print("nbgrader is not installed here; set NBGRADER to compare")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
