"""A learner's kernel from the grader's side: start it, run a cell, ask for an answer, read how the kernel ended."""

import atexit
import base64
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import zmq
from jupyter_client import BlockingKernelClient
from jupyter_client.connect import write_connection_file

from . import bwrap
from .wire import REMARK, arrived

FAR = "gdcourse.grading.nursery"
MIME = "application/vnd.gdcourse.answer+json"
LARGEST_MESSAGE = 16_000_000  # bytes; a larger message closes the kernel's connection
# KEPT: prefixes of the environment variables that a kernel inherits. All others, such as keys and tokens, are left out.
# SET: variables that are set for a kernel. Figures are not drawn; the debugger prints nothing; all threads share two
# memory arenas, because each arena reserves memory; NumPy starts no threads, because the process that forks kernels
# must have only one; joblib does not count cores, so it prints no warning about them.
KEPT = ("PATH", "HOME", "XDG_", "LANG", "LC_", "TZ", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "PYTHON")
SET = {
    "MPLBACKEND": "agg",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "MALLOC_ARENA_MAX": "2",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "JOBLIB_MULTIPROCESSING": "0",
}
OUTPUT = 5_000_000  # a cell that prints more bytes than this is reported


class Nursery:
    """Starts the process nursery.py, and asks it to fork a supervisor for each kernel.

    All objects of the class share one such process. It runs inside bubblewrap if bubblewrap is installed.
    """

    process: subprocess.Popen | None = None
    started_for: tuple = ()
    scratch: Path | None = None  # the folder that contains the folders of all kernels
    walled = False  # does the process run inside bubblewrap?

    def __init__(self, modules: Iterable[str], hidden: Iterable[str], bwrap: bool) -> None:
        self.modules, self.hidden, self.bwrap = list(modules), tuple(hidden), bwrap

    def fork(self, place: Path, limits: dict) -> int:
        """Start a supervisor (supervisor.py) and its kernel.

        Returns the supervisor's process id as nursery.py sees it. Inside bubblewrap it means nothing to processes
        outside.
        """
        # two attempts, because the process nursery.py may have been killed: by lack of memory, or by a notebook
        for _ in range(2):
            try:
                self.start()
                return int(self.ask("fork", str(place), limits))
            except (OSError, ValueError):
                self.end()
        raise OSError("no kernel can be started")

    def signal(self, pid: int, number: int) -> bool:
        """Send a signal to a supervisor; return whether the supervisor exists."""
        try:
            return bool(self.ask("signal", pid, number))
        except (OSError, ValueError):
            return False

    def ask(self, *request: object) -> Any:
        assert Nursery.process and Nursery.process.stdin and Nursery.process.stdout
        print(json.dumps(request), file=Nursery.process.stdin, flush=True)
        return json.loads(Nursery.process.stdout.readline())

    def start(self) -> None:
        """Start the process nursery.py if it is not running."""
        cls, wanted = type(self), (self.hidden, self.bwrap)
        if cls.process is not None and (cls.process.poll() is not None or cls.started_for != wanted):
            self.end()
        if cls.process is None:
            cls.scratch, cls.started_for = _scratch(), wanted
            walls = bwrap.command(str(cls.scratch), self.hidden) if self.bwrap else []
            environment = {name: value for name, value in os.environ.items() if name.startswith(KEPT)} | SET
            if walls:  # libraries print warnings to the teacher if HOME does not exist, as inside bubblewrap
                environment |= dict.fromkeys(("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"), str(cls.scratch))
            cls.process = subprocess.Popen(
                [*walls, sys.executable, "-m", FAR, *self.modules],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=environment,
            )
            cls.walled = bool(walls)
            assert cls.process.stdout
            if json.loads(cls.process.stdout.readline()) != "ready":
                raise OSError("the nursery did not start")

    def place(self) -> Path:
        """Make a new folder for a kernel, and return its path."""
        self.start()
        return Path(tempfile.mkdtemp(prefix="k", dir=type(self).scratch))

    @classmethod
    def end(cls) -> None:
        if cls.process is not None and cls.scratch is not None:
            cls.process.kill()
            cls.process.communicate()
            remove(cls.scratch)
            cls.process = None


atexit.register(Nursery.end)


def _scratch() -> Path:
    """Make the folder for the folders of all kernels. Its path is short: a socket's address has at most 107 characters.

    Its name contains the id of this process. Folders of processes that no longer run are removed.
    """
    temporary = Path(tempfile.gettempdir())
    if len(str(temporary)) > 40:
        temporary = Path("/tmp")
    for old in temporary.glob("gdc*_*"):
        owner = old.name[3:].split("_")[0]
        if owner.isdecimal() and not _runs(int(owner)):
            remove(old)
    return Path(tempfile.mkdtemp(prefix=f"gdc{os.getpid()}_", dir=temporary))


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True


def remove(place: Path) -> None:
    """Remove a folder. Notebooks can make folders that may not be written to, or are too deep for shutil."""
    try:
        shutil.rmtree(place)
    except (OSError, RecursionError):
        subprocess.run(["chmod", "-R", "u+rwx", str(place)], stderr=subprocess.DEVNULL)
        subprocess.run(["rm", "-rf", str(place)], stderr=subprocess.DEVNULL)


class Kernel:
    """A supervised kernel in a folder of its own.

    `execute` sets these attributes: `answer`, the value of the expression that it was given; `error` and `said`, type
    and message of an exception in the code; `remarks`, notes from the kernel; `flood`, whether the code printed too
    much. If the kernel is lost, `fate` is a pair: what it was doing, in words, and the number of the cell or the id
    of the exercise. `end`: how the kernel ended, if the supervisor does not know.
    """

    def __init__(
        self, exercises: Mapping[str, str], beside: Mapping[str, str], limits: dict, deadline: float, nursery: Nursery
    ) -> None:
        self.limits, self.deadline, self.nursery = limits, deadline, nursery
        self.fate: tuple[str, int | str] | None = None
        self.end: dict | None = None
        self.place = nursery.place()
        for folder in ("home", "sockets", "course"):
            (self.place / folder).mkdir()
        for id, text in exercises.items():
            path = self.place / "course/exercises" / f"{id}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        for name, content in beside.items():
            self.lay(name, base64.b64decode(content))

    def lay(self, name: str, content: bytes) -> None:
        """Write a file that was handed in with the notebook. Its name comes from the learner: it may be harmful."""
        home = self.place / "home"
        path = home.joinpath(*[part for part in Path(name).parts if part not in ("..", "/")])
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.resolve().is_relative_to(home.resolve()):
                path.write_bytes(content)
        except (OSError, ValueError):
            pass  # this system does not allow the name

    def __enter__(self) -> "Kernel":
        path = str(self.place / "connection.json")
        write_connection_file(path, transport="ipc", ip=str(self.place / "sockets/s"))
        far = {name: self.limits[name] for name in ("memory", "processes", "hidden", "walls")} | {
            "seconds": self.deadline - time.monotonic() + 30
        }
        if not Nursery.walled:
            far["walls"] = [wall for wall in far["walls"] if wall != "bwrap"]
        self.pid = self.nursery.fork(self.place, far)
        self.context = zmq.Context()
        self.context.setsockopt(zmq.MAXMSGSIZE, LARGEST_MESSAGE)
        self.context.setsockopt(zmq.RECONNECT_IVL, 10)
        self.context.setsockopt(zmq.LINGER, 0)
        self.client = BlockingKernelClient(context=self.context, connection_file=path)
        self.client.load_connection_file()
        self.client.start_channels(stdin=False, hb=False)
        self.cut = self.client.iopub_channel.socket.get_monitor_socket(zmq.EVENT_DISCONNECTED)
        if self.execute("", 60) != "done":
            self.__exit__()
            raise OSError(f"the kernel did not start: {self.events()}")
        return self

    def __exit__(self, *_: object) -> None:
        self.client.stop_channels()
        self.signal(signal.SIGTERM)
        end = time.monotonic() + 30
        while self.signal(0) and time.monotonic() < end:
            time.sleep(0.005)
        self.context.destroy(linger=0)

    def events(self) -> tuple[list[dict], dict]:
        """Return the reports on refused actions and the report on the end of the kernel. Remove the kernel's folder."""
        said: list[dict] = []
        end: dict = {}
        try:
            *lines, last = (self.place / "events.jsonl").read_text(encoding="utf-8").splitlines()
            end = arrived("end", last)
        except (OSError, ValueError):
            lines = []
        for line in lines:
            try:
                said.append(arrived("event", line))
            except ValueError:
                said.append({"kind": "unreadable"})
        remove(self.place)
        return said, end

    def execute(self, code: str, seconds: float, answer: str = "None") -> str:
        """Run code, then evaluate the expression `answer`.

        Return "done", "late" (interrupted), "stuck" (it ignored the interrupt) or "lost" (the kernel ended).
        """
        self.answer: dict | str | None = None
        self.error: str | None = None
        self.said, self.remarks = "", list[str]()
        self.flood, seen, late = False, 0, False
        asked = self.client.execute(code, allow_stdin=False, stop_on_error=False, user_expressions={"answer": answer})
        shell, iopub = self.client.shell_channel.socket, self.client.iopub_channel.socket
        poller = zmq.Poller()
        for socket in (shell, iopub, self.cut):
            poller.register(socket, zmq.POLLIN)
        end = min(time.monotonic() + seconds, self.deadline)
        while True:
            if time.monotonic() > end:
                if late:
                    return "stuck"
                late, end = True, time.monotonic() + 3
                self.signal(signal.SIGUSR1)
            ready = dict(poller.poll(50))
            if not ready and not self.signal(0):
                return "lost"
            if self.cut in ready:  # the kernel sent too large a message, so the connection was closed
                self.cut.recv_multipart()
                self.flood = True
            if iopub in ready:  # only the size of the output is used
                seen += sum(map(len, iopub.recv_multipart()))
                self.flood = self.flood or seen > OUTPUT
            if shell in ready and self.take(shell.recv_multipart(), asked):
                return "late" if late else "done"

    def take(self, frames: list[bytes], asked: str) -> bool:
        """Read a message; return True if it is the reply to the request with the id `asked`."""
        try:
            message = self.client.session.deserialize(self.client.session.feed_identities(frames)[1])
            if message["parent_header"]["msg_id"] != asked:
                return False
            content = arrived("reply", message["content"])
        except Exception:  # any exception may arise: the learner's process may have sent any bytes
            return False
        self.error, self.said = content.get("ename"), content.get("evalue", "")
        self.remarks = [p["said"] for p in content.get("payload", []) if p["source"] == REMARK and "said" in p]
        answer = content.get("user_expressions", {}).get("answer", {})
        try:
            self.answer = arrived("answer", answer["data"][MIME])
        except (ValueError, KeyError, TypeError) as error:
            self.answer = f"{answer.get('ename', type(error).__name__)}: {answer.get('evalue', error)}"[:300]
        return True

    def signal(self, number: int) -> bool:
        """Send a signal to the supervisor; return whether the supervisor exists."""
        return self.nursery.signal(self.pid, number)


def ending(event: dict, limits: dict) -> str:
    """Return how a kernel ended, in words. event: the supervisor's report on it."""
    kind, number = str(event.get("kind")), event.get("number", 0)
    return {
        "memory": f"used more than {limits['memory'] // 1_000_000} MB of memory",
        "processes": f"started more than {limits['processes']} processes",
        "time": "ran out of time",
        "exit": f"ended the kernel by itself, with exit code {number}",
        "signal": f"crashed the kernel ({signal.Signals(number).name if number in set(signal.Signals) else number})",
    }.get(kind, "could not be stopped and the kernel had to be ended")
