"""Build the book if something has changed, with every warning as an error:  python -m website.make.build"""

import os
import shutil
import subprocess
import sys
import time

from ..python import pyodide
from ..tree import ROOT, SITE, alone, digest, notebooks
from .execute import ExecutionFailed, execute

STAMP = ROOT / "_build/built"

# The files that a page is made of. If one of PAGES has changed, Sphinx builds the changed pages. If something in
# MACHINERY has changed, all pages are built, because Sphinx does not notice a changed extension, exercise or lock file.
PAGES = ("chapters", "index.md", "references.bib")
MACHINERY = (
    "gdcourse",
    "website",
    "frontend",
    "exercises",
    "facts",
    "_config.yml",
    "_toc.yml",
    "uv.lock",
    "results/mistakes.csv",
)

# {start of a line that Sphinx prints: what is shown as progress}. All other lines only go to _build/log; warnings are
# always shown.
PHASES = {"reading sources... [": "Reading the pages ...", "writing output... [": "Writing the pages ..."}
# jupyter-book without its colours, because it would write the colour codes into the log file, too
JUPYTER_BOOK = "from jupyter_book.cli.main import main; from sphinx.util.console import nocolor; nocolor(); main()"


def sphinx(log, **more):
    """Run the build, in which a warning is an error; print its progress and return its exit code. log: an open file for
    all that Sphinx prints; more: environment variables to add."""
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
        running.wait(timeout=10)  # Ctrl-C has reached the build, too, and it needs a moment to end its kernels
        raise
    finally:
        running.kill()


def build():
    """Bring `_build/html` up to date and return its path. Raises SystemExit if the build has an error or a warning."""
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
        print("Building the book.", flush=True)
        try:
            execute(notebooks())  # Sphinx would execute the notebooks, too, but its own messages would hide the error
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
