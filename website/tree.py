"""Where things are in the clone: its root, the built site, the notebooks, and what changes when a file does."""

import fcntl
import hashlib
import os
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build/html"
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
