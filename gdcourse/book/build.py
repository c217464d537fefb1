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

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build/html"
STAMP = ROOT / "_build/built"

# What a page is made of. A change among the pages is built page by page; a change in anything else starts afresh,
# because Sphinx does not notice that an extension, an exercise or a lock has changed.
PAGES = ("chapters", "index.md", "references.bib")
MACHINERY = ("gdcourse", "exercises", "tests/facts", "tests/rows", "_config.yml", "_toc.yml", "uv.lock")
PASSED_OVER = {"__pycache__", ".ipynb_checkpoints", "node_modules"}


def files_below(root, names):
    """Every file at or below `names`, sorted, without what tools leave behind."""
    for name in sorted(names):
        top = Path(root, name)
        if top.is_file():
            yield top
        for folder, folders, files in os.walk(top):
            folders[:] = sorted(set(folders) - PASSED_OVER)
            yield from (Path(folder, file) for file in sorted(files))


def digest(names, root=ROOT):
    """One short string that changes when any file below `names` changes, appears or goes."""
    total = hashlib.sha256()
    for file in files_below(root, names):
        total.update(file.relative_to(root).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()[:24]


@contextmanager
def alone(root=ROOT):
    """Hold the lock of the build: of several processes that want the site, one builds and the others find it built."""
    (root / "_build").mkdir(exist_ok=True)
    with open(root / "_build/lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def build():
    """Bring `_build/html` up to date and return its path; SystemExit when the build has an error or a warning."""
    with alone():
        pages, machinery = digest(PAGES), digest(MACHINERY)
        before = STAMP.read_text().split() if STAMP.exists() else ["", ""]
        if [pages, machinery] == before:
            print("The book is up to date.")
            return SITE
        STAMP.unlink(missing_ok=True)
        if machinery != before[1]:
            shutil.rmtree(SITE, ignore_errors=True)
            shutil.rmtree(SITE.parent / ".doctrees", ignore_errors=True)
        begun = time.monotonic()
        command = [Path(sys.executable).with_name("jupyter-book"), "build", ROOT, "-W", "-n", "--keep-going"]
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONUNBUFFERED": "1"})
        if done.returncode:
            raise SystemExit("The book does not build: see the first warning or error above.")
        STAMP.write_text(f"{pages} {machinery}\n")
        print(f"Built in {time.monotonic() - begun:.0f} s.")
    return SITE


if __name__ == "__main__":
    build()
