"""The mathematics, the judge and its limits in CPython 3.14, which is the Python of the pages: here Node runs it, without a browser."""

import json
import re
import subprocess
import sysconfig
from pathlib import Path

import pytest

from website.python import pyodide

pytestmark = pytest.mark.patient

ROOT = Path(__file__).resolve().parents[1]
HARNESS = ROOT / "tests/js/pytest.mjs"
FILES = (
    "autodiff",
    "exercises_judge",
    "exercises_limits",
    "lr_finder",
    "network",
    "optimizers",
    "problems",
    "schedules",
)

# What WebAssembly cannot do, or the pages do in their own way; everything else of these files runs there.
LEFT_OUT = {
    "where_only_the_package_is_installed": "starts another process",
    "a_python_that_cannot_say_how_long": "starts another process",
    "the_same_verdict_again_gives_the_next_step": "the pages write the link to a section in another way",
    "a_bell_that_rings_after_a_new_deadline": "sends itself a signal",
    "test_loops_end or test_waiting_ends or another_thread or slow_import or at_the_keyboard": "signals and threads",
}


@pytest.fixture(scope="module")
def run(node):
    """run(arguments): pytest with these arguments in that Python, as (exit code, what it printed)."""
    try:
        distribution = pyodide.distribution()
    except pyodide.Unavailable as error:
        pytest.skip(f"NO PYODIDE HERE: {error}")  # with CI=true the build itself fails then
    places = [distribution, sysconfig.get_path("purelib"), ROOT]
    fixed = [
        "-q",
        "-c",
        "/dev/null",
        "--rootdir=/course",
        "--import-mode=importlib",
        "-p",
        "no:cacheprovider",
        "--tb=short",
    ]

    def run(*arguments):
        # the stack: the judge's own guard against recursion is tried with a depth of 3,000
        command = f'ulimit -s 65536; exec "{node.executable}" --stack-size=7600 "$@"'
        done = subprocess.run(
            ["bash", "-c", command, "node", HARNESS, *places],
            input=json.dumps([*fixed, *arguments]),
            text=True,
            capture_output=True,
        )
        return done.returncode, "\n".join(line for line in (done.stdout + done.stderr).splitlines() if len(line) < 300)

    return run


def test_the_mathematics_the_judge_and_its_limits_hold_in_python_3_14(run):
    loops = "not (" + " or ".join(LEFT_OUT) + ") or by_monitoring_alone"
    code, told = run(*(f"tests/test_{name}.py" for name in FILES), "-k", loops)
    assert code == 0, told
    assert "Python 3.14" in told
    assert int(re.search(r"(\d+) passed", told)[1]) > 400, told


def test_a_fault_would_be_seen(run):
    planted = ROOT / ".cache/test_planted.py"
    planted.parent.mkdir(exist_ok=True)
    planted.write_text("import sys\n\ndef test_it():\n    assert sys.version_info < (3, 14)\n")
    code, told = run(".cache/test_planted.py")
    planted.unlink()
    assert code == 1 and "1 failed" in told, told
