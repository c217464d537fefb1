"""Use bubblewrap, if it is installed: kernels then have a file system, processes and a network of their own.

Bubblewrap needs no root rights if the system lets users make namespaces. If it cannot run, `command` returns an empty
list, and kernels run without bubblewrap. https://github.com/containers/bubblewrap
"""

import functools
import os
import shutil
import subprocess
import sys

from .landlock import SYSTEM, readable


def command(scratch: str, hidden: tuple[str, ...]) -> list[str]:
    """Return arguments that, in front of a command, make bubblewrap run it.

    The command can then read only the system, Python and `scratch`, and write only in `scratch`. It ends when the
    process that started it ends. hidden: paths that it cannot read, even if they are in a folder of Python.
    The list is empty if bubblewrap is not installed or does not work.
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
    for path in software[len(SYSTEM) :]:  # if a folder of Python is a link, make it readable under the link's path, too
        if os.path.realpath(path) != path and readable([path], hidden) == [os.path.realpath(path)]:
            walls += ["--ro-bind", path, path]
    return walls


@functools.cache
def _works(prefix: tuple[str, ...]) -> bool:
    try:
        return subprocess.run([*prefix, sys.executable, "-c", ""], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
