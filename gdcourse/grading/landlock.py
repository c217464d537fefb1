"""Landlock, a sandbox of Linux: a process gives up access for itself and its children, for ever.

Landlock needs neither root rights nor a package, only Linux 5.13 or later (6.12 for signals). Elsewhere `shut` does
nothing and returns False. https://docs.kernel.org/userspace-api/landlock.html
"""

import ctypes
import os
import sys
from collections.abc import Collection
from pathlib import Path

# paths that every program must read; from /etc only files without secrets, because a teacher may grade as root
SYSTEM = [
    "/usr",
    "/lib",
    "/lib64",
    "/bin",
    "/sbin",
    "/opt",
    "/nix",
    *(
        f"/etc/{name}"
        for name in "alternatives fonts group host.conf hosts ld.so.cache ld.so.conf ld.so.conf.d localtime mime.types "
        "nsswitch.conf os-release passwd profile resolv.conf ssl/certs ssl/openssl.cnf timezone".split()
    ),
    "/dev/null",
    "/dev/urandom",
    "/sys/devices/system/cpu",
]

EXECUTE, READ_FILE, READ_DIR = 1 << 0, 1 << 2, 1 << 3
WRITE_FILE, TRUNCATE, IOCTL = 1 << 1, 1 << 14, 1 << 15
READ = EXECUTE | READ_FILE | READ_DIR
ON_FILES = EXECUTE | READ_FILE | WRITE_FILE | TRUNCATE | IOCTL
CONNECT_TCP = 1 << 1
SIGNALS_AND_SOCKETS = 0b11


class Ruleset(ctypes.Structure):
    """The C structure `landlock_ruleset_attr`: the kinds of access that are restricted."""

    _fields_ = [("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scope", ctypes.c_uint64)]


class Rule(ctypes.Structure):
    """The C structure `landlock_path_beneath_attr`: the access allowed below an open folder."""

    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32)]


def version() -> int:
    """Return the version of Landlock on this system; 0 if it has none."""
    return max(_call(444, None, 0, 1), 0) if sys.platform == "linux" else 0


def shut(read: Collection[Path | str], write: Collection[Path | str], hidden: Collection[str]) -> bool:
    """Restrict this process and its children from now on. Returns False if the system has no Landlock.

    The processes can read only files below `read` that are not below `hidden`, and change only files below `write`.
    They cannot open TCP connections or send signals to other processes.
    """
    have = version()
    if not have:
        return False
    files = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(have, 16)) - 1
    rules = Ruleset(files, CONNECT_TCP if have >= 4 else 0, SIGNALS_AND_SOCKETS if have >= 6 else 0)
    handle = _call(444, ctypes.byref(rules), 8 if have < 4 else 16 if have < 6 else 24, 0)
    for path in readable(read, hidden):
        _allow(handle, path, READ)
    for path in parents(read, hidden):
        _allow(handle, path, READ_DIR)
    for place in write:
        _allow(handle, place, files)
    for path in (os.devnull, "/dev/ptmx", "/dev/pts"):  # `!command` needs the null device and terminals
        _allow(handle, path, READ | WRITE_FILE | (IOCTL & files))
    ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)  # give up new privileges: Landlock requires this first
    done = _call(446, handle, 0) == 0
    os.close(handle)
    return done


def readable(paths: Collection[Path | str], hidden: Collection[str]) -> list[str]:
    """Return the files and folders that may be read completely.

    These are `paths`, with one exception: a folder that contains a hidden path is replaced by the Python files and
    packages in it. An example is the folder of a course that is installed in place.
    """
    hidden = [os.path.realpath(path) for path in hidden]
    found = []
    todo = list({os.path.realpath(path) for path in paths})
    while todo:
        path = todo.pop()
        if not _holds(path, hidden):
            found.append(path)
        elif path not in hidden:
            todo += [
                entry.path
                for entry in os.scandir(path)
                if entry.is_dir()
                and os.path.exists(os.path.join(entry.path, "__init__.py"))
                or entry.name.endswith(".py")
            ]
    return sorted(found)


def parents(paths: Collection[Path | str], hidden: Collection[str]) -> list[str]:
    """Return the folders among `paths` that contain a hidden path. An import must be able to list their files."""
    hidden = [os.path.realpath(path) for path in hidden]
    return [path for path in {os.path.realpath(p) for p in paths} if _holds(path, hidden) and path not in hidden]


def _holds(path, hidden):
    return any(h == path or h.startswith(path + os.sep) for h in hidden)


def _allow(handle, path, allowed):
    try:
        folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # this machine has no such path
    rule = Rule(allowed if os.path.isdir(path) else allowed & ON_FILES, folder)
    _call(445, handle, 1, ctypes.byref(rule), 0)
    os.close(folder)


def _call(number, *arguments):
    whole = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    return ctypes.CDLL(None).syscall(ctypes.c_long(number), *whole)
