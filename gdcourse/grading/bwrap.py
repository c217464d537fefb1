"""Use bubblewrap, if it is installed: kernels then have a file system, processes and a network of their own.

It needs no root rights if the system lets users make namespaces. If not, `command` returns an empty list, and kernels
run without it. https://github.com/containers/bubblewrap
"""

import functools
import os
import shutil
import subprocess
import sys

from .landlock import SYSTEM, readable


def command(scratch: str, hidden: tuple[str, ...]) -> list[str]:
    """Return the words that go before a command so that it can read only the software, and read and write only
    `scratch`.

    The list is empty if bubblewrap is not installed or may not be used. hidden: paths that nobody may read, even if
    they are in a folder of the software. The command ends when the process that started it ends.
    """
    program = shutil.which("bwrap") if sys.platform == "linux" else None
    if not program:
        return []
    found = [program, *_walls(hidden), "--bind", scratch, scratch, "--chdir", scratch, "--remount-ro", "/"]
    return found if _works(tuple(found)) else []


@functools.cache
def _walls(hidden: tuple[str, ...]) -> list[str]:
    walls = ["--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--proc", "/proc"]
    walls += ["--dev", "/dev", "--remount-ro", "/dev"]
    links = [path for path in SYSTEM if os.path.islink(path)]  # /bin is a link to /usr/bin on most systems
    for path in links:
        walls += ["--symlink", os.readlink(path), path]
    software = [*SYSTEM, *(path for path in sys.path if path), sys.prefix, sys.base_prefix]
    for path in readable([path for path in software if path not in links and not path.startswith("/dev")], hidden):
        if os.path.exists(path):
            walls += ["--ro-bind", path, path]
    for path in software[len(SYSTEM) :]:  # also under the names that Python uses for its folders, which may be links
        if os.path.realpath(path) != path and readable([path], hidden) == [os.path.realpath(path)]:
            walls += ["--ro-bind", path, path]
    return walls


@functools.cache
def _works(prefix: tuple[str, ...]) -> bool:
    try:
        return subprocess.run([*prefix, sys.executable, "-c", ""], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
