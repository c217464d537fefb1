"""Build the book, strictly, and only when something changed:  python -m gdcourse.book.build"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from . import pyodide

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build/html"
STAMP = ROOT / "_build/built"

# What a page is made of. A change among the pages is built page by page; a change in anything else starts afresh,
# because Sphinx does not notice that an extension, an exercise or a lock has changed.
PAGES = ("chapters", "index.md", "references.bib")
MACHINERY = ("gdcourse", "exercises", "tests/facts", "tests/rows", "_config.yml", "_toc.yml", "uv.lock")
PASSED_OVER = {"__pycache__", "node_modules"}  # and what is hidden: checkpoints, a learner's progress


def files_below(root, names):
    """Every file at or below `names`, sorted, without what tools leave behind."""
    for name in sorted(names):
        top = Path(root, name)
        if top.is_file():
            yield top
        for folder, folders, files in os.walk(top):
            folders[:] = sorted(name for name in folders if name not in PASSED_OVER and not name.startswith("."))
            yield from (Path(folder, file) for file in sorted(files) if not file.startswith("."))


def digest(names, root=ROOT):
    """One short string that changes when any file below `names` changes, appears or goes."""
    total = hashlib.sha256()
    for file in files_below(root, names):
        total.update(file.relative_to(root).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()[:24]


def notebooks(root=ROOT):
    """Every notebook of the book, by name."""
    return sorted(path for path in (root / "chapters").rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)


@contextmanager
def alone(root=ROOT):
    """Hold the lock of the build: of several processes that want the site, one builds and the others find it built."""
    (root / "_build").mkdir(exist_ok=True)
    with open(root / "_build/lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


# Of all that Sphinx says, what tells how far it is. The whole stands in _build/log, and warnings are always shown.
PHASES = {"reading sources... [": "Reading the pages ...", "writing output... [": "Writing the pages ..."}
# The command of jupyter-book, without the colours that it would write into a file too.
JUPYTER_BOOK = "from jupyter_book.cli.main import main; from sphinx.util.console import nocolor; nocolor(); main()"


def sphinx(log, **more):
    """Run the strict build, say how far it is, and return its exit code."""
    command = [sys.executable, "-c", JUPYTER_BOOK, "build", str(ROOT), "-W", "-n", "--keep-going"]
    settings = {**os.environ, "PYTHONUNBUFFERED": "1", **more}
    running = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=subprocess.PIPE, text=True)
    phase = None
    try:
        for line in running.stdout:
            log.write(line)
            start = line.partition("[")[0] + "["
            if start in PHASES and start != phase:
                phase = start
                print(PHASES[phase], flush=True)
        return running.wait()
    except KeyboardInterrupt:
        running.wait(timeout=10)  # it got the Ctrl-C too, and ends its kernels
        raise
    finally:
        running.kill()


def build():
    """Bring `_build/html` up to date and return its path; SystemExit when the build has an error or a warning."""
    with alone():
        python = pyodide.requested()
        pages, machinery = digest(PAGES), f"{digest(MACHINERY)}-{python.name if python else 'without'}"
        before = STAMP.read_text().split() if STAMP.exists() else ["", ""]
        if [pages, machinery] == before:
            print("The book is up to date.")
            return SITE
        STAMP.unlink(missing_ok=True)
        if machinery != before[1]:
            shutil.rmtree(SITE, ignore_errors=True)
            shutil.rmtree(SITE.parent / ".doctrees", ignore_errors=True)
        begun = time.monotonic()
        from .execute import ExecutionFailed, execute  # it takes its root and its digest from here

        print("Building the book.", flush=True)
        try:
            execute(notebooks())  # Sphinx would do it too, but drown the one error that matters in its own
        except ExecutionFailed as failure:
            raise SystemExit(f"\nThe book does not build, because a notebook stopped.\n\n{failure}") from None
        with open(ROOT / "_build/log", "w") as log:
            code = sphinx(log, **({} if python else {"PYODIDE": "off"}))
        if code:
            raise SystemExit("The book does not build: a warning is an error. All that Sphinx said is in _build/log.")
        STAMP.write_text(f"{pages} {machinery}\n")
        print(f"Built in {time.monotonic() - begun:.0f} s.")
    return SITE


if __name__ == "__main__":
    try:
        build()
    except KeyboardInterrupt:
        raise SystemExit("\nStopped.") from None
