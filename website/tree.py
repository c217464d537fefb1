"""Find the files of the repository: its root, the built site, the notebooks. Compute a digest that changes when a file
changes."""

import fcntl
import hashlib
import os
import tomllib
from contextlib import contextmanager
from pathlib import Path

from gdcourse.exercises.author import did_you_mean

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build/html"
# names of folders that are skipped; hidden folders, such as notebook checkpoints, are skipped, too
PASSED_OVER = {"__pycache__", "node_modules"}


def files_below(root, names):
    """Yield every file at or below the paths `names`, sorted, without caches and hidden files."""
    for name in sorted(names):
        top = Path(root, name)
        if top.is_file():
            yield top
        for folder, folders, files in os.walk(top):
            folders[:] = sorted(name for name in folders if name not in PASSED_OVER and not name.startswith("."))
            yield from (Path(folder, file) for file in sorted(files) if not file.startswith("."))


def digest(names, root=ROOT):
    """Return a short string that changes when a file at or below the paths `names` is changed, added or removed."""
    total = hashlib.sha256()
    for file in files_below(root, names):
        total.update(file.relative_to(root).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()[:24]


def notebooks(root=ROOT):
    """Return the paths of all notebooks of the book, sorted."""
    return sorted(path for path in (root / "chapters").rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)


def read_toml(path, known):
    """Return the content of a TOML file. Raises ValueError for an unknown key, in a sentence that names the nearest
    known key.

    known: {allowed key: the allowed keys of its table, in the same form, or None if the key's value is not checked}.
    """

    def look(table, known, where):
        for key, value in table.items():
            if key not in known:
                said = did_you_mean(key, known, f"There are {', '.join(known)}.")
                raise ValueError(f"{path.name}{where}: `{key}` is unknown. {said}")
            if known[key] is not None:
                for inner in value if isinstance(value, list) else [value]:
                    look(inner, known[key], f", {key}")

    table = tomllib.loads(path.read_text(encoding="utf-8"))
    look(table, known, "")
    return table


@contextmanager
def alone(root=ROOT):
    """Hold the lock of the build. If several processes need the built site, one builds it while the others wait."""
    (root / "_build").mkdir(exist_ok=True)
    with open(root / "_build/lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
