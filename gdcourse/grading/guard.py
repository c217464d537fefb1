"""An audit hook in the kernel: it refuses forbidden actions and reports them to the supervisor through a pipe."""

import json
import os
import socket
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

BEGUN = '{"kind": "cell"}'  # the report that a cell begins
# kinds of sockets that libraries open to see if there is a network: allowed, because their connections are refused
WEB = [(socket.AF_INET, socket.SOCK_STREAM), (socket.AF_INET6, socket.SOCK_STREAM)]
REPORTED = 20  # the largest number of reports on refused actions from one kernel


class Guard:
    """An audit hook that refuses, and reports, writing outside the notebook's folder and reading the solutions.

    It also refuses network connections and actions on other processes. Python code cannot remove the hook, but C code
    and other programs do not pass through the hook; Landlock restricts these, too.
    """

    WRITES = {
        "os.remove": 1,
        "os.rmdir": 1,
        "os.mkdir": 1,
        "os.truncate": 1,
        "os.chmod": 1,
        "os.chown": 1,
        "os.utime": 1,
        "os.rename": 2,
        "os.link": 2,
        "os.symlink": 2,
    }

    def __init__(self, home: Path, others: Iterable[Path], hidden: Iterable[str], pipe: int) -> None:
        # /dev/ptmx and /dev/pts are terminals, which `!command` needs
        self.allowed = [os.path.realpath(p) + os.sep for p in (home, *others)] + [os.devnull, "/dev/pt"]
        self.hidden = [os.path.realpath(p) + os.sep for p in hidden]
        self.pipe, self.kernel = pipe, os.getpid()
        self.said: set[str] = set()
        # references of our own, because a notebook may replace these functions in their modules
        self.realpath, self.fsdecode, self.getpid, self.write, self.dumps = (
            os.path.realpath,
            os.fsdecode,
            os.getpid,
            os.write,
            json.dumps,
        )
        self.frame = sys._getframe

    def __call__(self, event: str, args: tuple) -> None:
        if event == "open":
            path, _, flags = args
            if isinstance(path, (str, bytes)):
                path = self.realpath(self.fsdecode(path))
                if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC):
                    self.writes(path)
                elif path.startswith(tuple(self.hidden)):
                    self.refuse("read", path)
        elif event in self.WRITES:
            for path in args[: self.WRITES[event]]:
                if isinstance(path, (str, bytes, os.PathLike)):
                    path = self.fsdecode(path)
                    self.writes(os.path.join(self.realpath(os.path.dirname(path) or "."), os.path.basename(path)))
        elif event in ("os.fork", "os.forkpty") and self.getpid() != self.kernel:
            self.refuse("processes", "a process that starts processes")
        elif event in ("os.kill", "os.killpg") and args[0] not in (0, self.kernel):
            self.refuse("kill", str(args[0]))
        elif event == "resource.prlimit" and args[0] not in (0, self.kernel):
            self.refuse("limits", str(args[0]))
        elif event == "socket.__new__" and args[1:3] not in WEB and self.opens_one():
            self.refuse("network", f"a socket of the family {int(args[1])}")
        elif event in ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"):
            self.refuse("network", str(args[-1]))
        elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
            self.refuse("network", str(args[0]))

    def opens_one(self) -> bool:
        """Does this call of `socket.socket` open a socket? With the argument `fileno`, it uses an open file descriptor.

        `socket.socketpair` makes its two sockets in this way. They are allowed, because they only connect parts of the
        notebook.
        """
        return self.frame(2).f_locals.get("fileno") is None

    def writes(self, path: str) -> None:
        if not (path + os.sep).startswith(tuple(self.allowed)):
            self.refuse("write", path)

    def refuse(self, kind: str, what: str) -> NoReturn:
        line = self.dumps({"kind": kind, "what": what[:300]})
        if line not in self.said and len(self.said) < REPORTED:
            self.said.add(line)
            self.write(self.pipe, line.encode() + b"\n")
        raise PermissionError(f"not while grading: {what}")

    def begun(self) -> None:
        """Report at once that a cell begins, because the cell may end the kernel."""
        self.write(self.pipe, BEGUN.encode() + b"\n")
