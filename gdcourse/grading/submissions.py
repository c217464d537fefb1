"""Read the folder or zip file that was handed in: a Submission for each notebook, and for a learner without notebooks.

Every file is used or reported. Names and contents may be harmful: a name in a zip file is never opened as a path,
a file is read only if it is a regular file of limited size, and nothing is unpacked to the disk.
"""

import base64
import io
import json
import os
import re
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfo

import yaml

from ..exercises import author
from .from_page import earlier, quiz_answers
from .wire import clean

LARGEST = 20_000_000  # the largest number of bytes in a notebook
LARGEST_ZIP = 2_000_000_000  # the largest number of bytes in a zip file, and in its unpacked content
MOST_IN_ZIP = 50_000  # the largest number of files in a zip file
# limits on the files beside a notebook that its kernel gets: bytes of one, bytes of all, how many
EACH_BESIDE, ALL_BESIDE, MOST_BESIDE = 1_000_000, 5_000_000, 100
HIDDEN = {".ipynb_checkpoints", "__MACOSX", ".git", "__pycache__"}
PEOPLE, STAMP = "submission_metadata.yml", "timestamp.txt"  # the first is written by Gradescope, the second by nbgrader
SYSTEM = {PEOPLE, STAMP, ".DS_Store", "Thumbs.db", "desktop.ini"}

# The file names in the downloads of platforms. The number that a platform gives to a learner stays part of the name,
# because two people may have the same name.
PLATFORMS = {
    "moodle": r"^(?P<learner>[^/]+?_\d+)_assignsubmission_",
    "canvas": r"^(?P<name>[^_/]+)(?P<late>_LATE)?_(?P<id>\d+)_",
    "gradescope": r"^(?P<learner>submission_\d+)/",
}


@dataclass
class Submission:
    """A notebook that was handed in.

    problem: why it cannot be graded, else empty; notes: what the teacher should know about the file;
    beside: the small files beside it, {name: base64}; quiz: the first answers, {question: letter}.
    """

    learner: str
    file: str
    text: str = ""
    handed_in: str = ""
    problem: str = ""
    notes: list[str] = field(default_factory=list)
    beside: dict[str, str] = field(default_factory=dict)
    quiz: dict[str, str] = field(default_factory=dict)
    digest: str = ""


@dataclass
class File:
    """A file below the folder of submissions, or in a zip file there.

    read(most) returns its bytes or raises OSError.
    """

    path: PurePosixPath
    read: Callable[[int], bytes]
    changed: str = ""

    @property
    def label(self) -> str:
        return clean(str(self.path))

    @cached_property
    def is_notebook(self) -> bool:
        """Is this file a notebook? Its name says so, or it contains cells.

        Some browsers save `x.ipynb` as `x.ipynb.txt`.
        """
        return (
            ".ipynb" in self.path.name.lower() or self.path.suffix.lower() in (".json", ".txt") and _holds_cells(self)
        )


@dataclass
class Found:
    """All files, before each is assigned to a learner. broken: {path of a file that cannot be read: the reason}."""

    files: list[File] = field(default_factory=list)
    folders: dict[PurePosixPath, None] = field(default_factory=dict)
    broken: dict[PurePosixPath, str] = field(default_factory=dict)

    def add(self, file: File, zips: int = 2) -> None:
        """Add a file. The content of a zip file is added as if it were in a folder of that name.

        zips: how many levels of zip files within zip files are opened.
        """
        if file.path.name.startswith("._") or HIDDEN & set(file.path.parts):
            return
        if zips and file.path.name.lower().endswith(".zip"):
            self.unzip(file, file.path.with_name(file.path.name[:-4]), zips - 1)
        else:
            self.files.append(file)

    def unzip(self, file: File, inside: PurePosixPath, zips: int = 1) -> None:
        try:
            archive = zipfile.ZipFile(io.BytesIO(file.read(LARGEST_ZIP)))
            entries = sorted(archive.infolist(), key=lambda entry: entry.filename)
            if len(entries) > MOST_IN_ZIP or sum(entry.file_size for entry in entries) > LARGEST_ZIP:
                raise OSError("it holds more than can be read")
        except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError) as error:
            self.broken[file.path] = f"the zip file cannot be read: {_reason(error)}"
            return
        self.folders[inside] = None
        for entry in entries:
            parts = [part for part in PurePosixPath(entry.filename).parts if part not in ("/", "..")]
            path = inside.joinpath(*parts)
            self.folders |= dict.fromkeys([path] if entry.is_dir() else path.parents)
            if not entry.is_dir():
                changed = datetime(*entry.date_time, tzinfo=UTC).isoformat(timespec="seconds")
                self.add(File(path, partial(_read_from_zip, archive, entry), changed), zips)


def find(
    place: Path | str, pattern: str | None = None, single: bool = False, out: Path | None = None
) -> list[Submission]:
    """Return the submissions in a folder or zip file, in the order of their names.

    The learner is the name of the file or of the topmost folder: `alice.ipynb`, `alice/…/any name.ipynb`,
    `alice.zip`.
    pattern: a regular expression that finds the learner in the path, by its group `learner`, else by its first group.
    single: everything is the work of one learner. out: the folder of results, which contains no submissions.
    """
    found = _everything(Path(place), single, out)
    whose = Whose(pattern, single, _people(found.files), {id.split("/")[0] for id in author.all_ids()})
    near: dict[str, list[File]] = {}  # topmost folder -> all files below it
    for file in found.files:
        near.setdefault("" if single else file.path.parts[0], []).append(file)
    submissions = [_submission(f, files, whose) for files in near.values() for f in files if f.is_notebook]
    submissions += [
        Submission(whose(path) or clean(str(path)), clean(str(path)), problem=why) for path, why in found.broken.items()
    ]
    submissions += _without(found, whose, {s.learner for s in submissions})
    count: Counter[str] = Counter()
    for s in submissions:  # number equal names: a file may be in a zip file, and also unpacked beside it
        count[s.file] += 1
        s.file += f" ({count[s.file]})" if count[s.file] > 1 else ""
    return sorted(submissions, key=lambda s: s.file)


def _everything(place: Path, single: bool, out: Path | None) -> Found:
    found = Found()
    results = os.path.realpath(out) if out else None
    top = [] if not place.is_dir() else list(place.iterdir())
    if len(top) == 1 and top[0].suffix.lower() == ".zip" and not single:
        place = top[0]  # the only file is a zip file: the download of a whole class
    if not place.is_dir():
        found.unzip(File(PurePosixPath(), partial(_read, place)), PurePosixPath())
        return found
    for folder, folders, names in os.walk(place):
        inside = PurePosixPath(Path(folder).relative_to(place).as_posix())
        linked = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        folders[:] = sorted(
            name
            for name in set(folders) - set(linked) - HIDDEN
            if os.path.realpath(os.path.join(folder, name)) != results
        )
        found.folders |= dict.fromkeys(inside / name for name in folders)
        found.broken |= {inside / name: "cannot be read: a symbolic link, not followed" for name in linked}
        for name in sorted(names):
            path = Path(folder, name)
            changed = datetime.fromtimestamp(path.lstat().st_mtime, UTC).isoformat(timespec="seconds")
            found.add(File(inside / name, partial(_read, path), changed))
    return found


@dataclass
class Whose:
    """Finds the learner to whom a file belongs, from the file's path.

    people: {`submission_123` of Gradescope: names}; chapters: the names of the chapters.
    """

    pattern: str | None
    single: bool
    people: dict[str, str]
    chapters: set[str]

    def __call__(self, path: PurePosixPath, folder: bool = False) -> str | None:
        """Return the learner who owns a file or folder; None if the pattern does not match."""
        parts = [clean(part) for part in path.parts]
        if self.single or not parts:
            return "submission" if self.single else None
        if not self.pattern:
            return parts[0] if len(parts) > 1 or folder else self.in_name(_stem(parts[0]))
        match = self.match(parts, folder)
        if not match:
            return None
        groups = match.groupdict()
        if "id" in groups:
            return f"{groups['name']}_{groups['id']}"
        who = groups.get("learner") or (match[1] if match.re.groups else match[0])
        return self.people.get(who, who)

    def in_name(self, stem: str) -> str:
        """Return the learner in a file's name.

        The page of the course names its files `Ada Byron - momentum`; browsers add ` (1)` to a second download.

        >>> Whose(None, False, {}, {"momentum"}).in_name("Ada Byron - momentum (1)")
        'Ada Byron'
        """
        ours = re.fullmatch(r"(.+) - (\w+?)(?: ?\(\d+\))?", stem)
        return ours[1] if ours and ours[2] in self.chapters else stem

    def match(self, parts: list[str], folder: bool = False) -> re.Match | None:
        """Return the match of the pattern with the path, or with a path that lacks some of the first folders.

        Leaving out folders is needed if the download of a platform lies in a folder of its own.
        """
        paths = ("/".join(parts[start:]) + "/" * folder for start in range(len(parts)))
        return next((m for m in (re.search(self.pattern or "", path) for path in paths) if m), None)


def _submission(file: File, near: list[File], whose: Whose) -> Submission:
    who = whose(file.path)
    if who is None:
        return Submission(file.label, file.label, problem=f"no learner in its name: {whose.pattern!r} does not match")
    submission = Submission(who, file.label, handed_in=file.changed)
    try:
        submission.text = _text(file.read(LARGEST))
    except (OSError, UnicodeDecodeError) as error:
        submission.problem = _reason(error)
        return submission
    if not file.path.name.lower().endswith(".ipynb"):
        submission.notes.append(f"its name does not end in .ipynb: {clean(file.path.name)}")
    match = whose.match(list(file.path.parts)) if whose.pattern else None
    if match and match.groupdict().get("late"):
        submission.notes.append("handed in late, as its name says")
    mine = [f for f in near if f.path.parent == file.path.parent and f.path.name == STAMP]
    if mine:
        submission.handed_in = _stamp(mine[0]) or submission.handed_in
    old = earlier(submission.text)
    if old:
        cells = f"cell{'s' * (len(old) > 1)} {', '.join(map(str, old[:9]))}"
        submission.notes.append(f"{cells}: written for an earlier version of the book")
    if file.path.parent.parts or whose.single:  # files at the topmost level belong to no single learner
        _take_along(submission, file, near)
    progress = next((text for name, text in submission.beside.items() if name.endswith("progress.jsonl")), "")
    submission.quiz = quiz_answers(submission.text, base64.b64decode(progress).decode("utf-8", "replace"))
    return submission


def _take_along(submission: Submission, notebook: File, near: list[File]) -> None:
    """Add the small files in the notebook's folder to the submission, so that `from helper import step` works."""
    left = ALL_BESIDE
    for file in near:
        if file.is_notebook or file.path.name in SYSTEM or not file.path.is_relative_to(notebook.path.parent):
            continue
        name = str(file.path.relative_to(notebook.path.parent))
        try:
            raw = file.read(EACH_BESIDE)
            if len(raw) > left or len(submission.beside) == MOST_BESIDE:
                raise OSError("larger than what may come along")
            left -= len(raw)
            submission.beside[name] = base64.b64encode(raw).decode()
        except OSError as error:
            if file.path.stem in submission.text:  # the notebook mentions the file
                submission.notes.append(f"{clean(name)}, which lies beside it, did not come along: {_reason(error)}")


def _without(found: Found, whose: Whose, learners: set[str]) -> list[Submission]:
    """Return one Submission, with a `problem`, for each learner who has files or a folder but no notebook."""
    theirs: dict[str, list[str]] = {}
    for folder in found.folders:
        if not folder.name.startswith(".") and (whose.pattern or len(folder.parts) == 1):
            who = whose(folder, folder=True)
            if who is not None:
                theirs.setdefault(who, [])
    for file in found.files:
        if file.path.name not in SYSTEM and not file.is_notebook and not file.path.name.startswith("."):
            theirs.setdefault(whose(file.path) or file.label, []).append(file.label)
    if whose.single:
        theirs.setdefault("submission", [])
    return [
        Submission(who, ", ".join(files[:3]) or who, problem=_nothing(files))
        for who, files in theirs.items()
        if who not in learners
    ]


def _nothing(files: list[str]) -> str:
    more = f" and {len(files) - 5} more files" if len(files) > 5 else ""
    return "no notebook handed in" + (f", but {', '.join(files[:5])}{more}" if files else "")


# ---- reading


def _read(path: Path, most: int) -> bytes:
    if path.is_symlink():
        raise OSError("a symbolic link, not followed")
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | getattr(os, "O_NOFOLLOW", 0))
    with open(handle, "rb") as stream:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode):
            raise OSError("not a regular file")
        if about.st_size > most:
            raise OSError(f"larger than {most // 1_000_000} MB")
        return stream.read(most)


def _read_from_zip(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    try:
        with archive.open(entry) as stream:
            raw = stream.read(most + 1)
    except (RuntimeError, NotImplementedError, zipfile.BadZipFile, EOFError, zlib.error) as error:
        raise OSError(f"the zip file cannot be read: {_reason(error)}") from None
    if len(raw) > most:
        raise OSError(f"larger than {most // 1_000_000} MB")
    return raw


def _text(raw: bytes) -> str:
    """Return the text of a notebook's bytes: UTF-8, or UTF-16 as Windows writes it."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16")
    return raw.decode("utf-8-sig")


def _holds_cells(file: File) -> bool:
    try:
        return isinstance(json.loads(_text(file.read(LARGEST)))["cells"], list)
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return False


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        kind = {b"PK\x03\x04": "a zip file", b"%PDF": "a PDF file"}.get(bytes(error.object[:4]))
        return f"not a readable notebook: it is {kind or 'not text'}"
    if isinstance(error, OSError):
        return f"cannot be read: {error.strerror or error}" if error.strerror else clean(str(error))
    return clean(str(error)) or type(error).__name__


def _stem(name: str) -> str:
    """Return a file's name without its ending: `x` for `x.ipynb.txt`."""
    at = name.lower().find(".ipynb")
    return name[:at] if at > 0 else PurePosixPath(name).stem


def _people(files: list[File]) -> dict[str, str]:
    """Return {`submission_123`: names of its learners}, from the list that Gradescope puts beside the folders.

    A submission of a group has several learners.
    """
    for file in files:
        if file.path.name == PEOPLE:
            try:
                listed = yaml.safe_load(file.read(LARGEST))
                people = {
                    str(k): [p.get(":email") or p.get(":sid") for p in v[":submitters"]] for k, v in listed.items()
                }
                return {folder: clean(" + ".join(map(str, each))) for folder, each in people.items() if all(each)}
            except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError, yaml.YAMLError):
                return {}  # the learners then have the names of the folders
    return {}


def _stamp(file: File) -> str:
    """Return the time in nbgrader's file, which has the form `2026-02-02 15:58:23.948203 America/Los_Angeles`."""
    try:
        day, time, *zone = file.read(1_000).decode().split()
        when = datetime.fromisoformat(f"{day} {time}").replace(tzinfo=ZoneInfo(zone[0]) if zone else UTC)
        return when.astimezone(UTC).isoformat(timespec="seconds")
    except (OSError, ValueError, KeyError):
        return ""
