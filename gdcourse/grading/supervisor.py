"""The supervisor: it forks the kernel of one notebook, and watches the kernel and all processes that the kernel starts.

The supervisor measures memory, time and the number of processes from outside. The limits that a kernel sets for itself
are not enough: they do not count the memory of child processes, nor, for root, their number.
"""

import ctypes
import json
import os
import signal
import sys
import time
from pathlib import Path

from .guard import BEGUN, REPORTED
from .kernel import be_kernel


def supervise(place: str, limits: dict) -> None:
    """Run a kernel in the folder `place`, which contains `connection.json` and the notebook's own folder `home`.

    limits: memory (bytes), processes, seconds, hidden (folders that the kernel cannot read), walls (the sandboxes to
    use). Writes `events.jsonl` into `place`: the kernel's reports, and in the last line how it ended and how many
    cells had begun.
    """
    os.setsid()
    nursery = os.getppid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    quiet = os.open(os.devnull, os.O_RDWR)
    for number in range(2):
        os.dup2(quiet, number)
    _subreaper()
    reading, writing = os.pipe()
    kernel = os.fork()
    if kernel == 0:
        try:
            os.setpgid(0, 0)  # a process group, which one signal kills before a process of it can fork again
            os.nice(10)  # lower priority: the supervisor gets processor time even if a notebook starts many processes
            os.dup2(writing, 3)
            be_kernel(Path(place), limits, 3)
        except BaseException as error:
            os.write(3, json.dumps({"kind": "broken", "what": repr(error)[:300]}).encode())
        finally:
            os._exit(70)
    os.close(writing)
    os.set_blocking(reading, False)
    stop = []
    signal.signal(signal.SIGUSR1, lambda *_: os.kill(kernel, signal.SIGINT))
    signal.signal(signal.SIGTERM, lambda *_: stop.append("stopped"))
    deadline, events, peak = time.monotonic() + limits["seconds"], b"", 0
    end: dict | None = None
    while end is None:
        time.sleep(0.02)
        events += _read(reading) if len(events) < 100_000 else b""
        below = descendants(os.getpid(), limits["processes"])
        memory = sum(map(resident, below))
        if memory > limits["memory"]:
            # measure again: `share` counts shared memory only once, but it is slow
            memory = sum(map(share, below))
        peak = max(peak, memory)
        if stop or os.getppid() != nursery:
            end = {"kind": "stopped"}
        elif len(below) > limits["processes"]:
            end = {"kind": "processes", "number": len(below)}
        elif memory > limits["memory"]:
            end = {"kind": "memory"}
        elif time.monotonic() > deadline:
            end = {"kind": "time"}
        else:
            done, status = os.waitpid(kernel, os.WNOHANG)
            if done:
                code = os.waitstatus_to_exitcode(status)
                end = {"kind": "signal", "number": -code} if code < 0 else {"kind": "exit", "number": code}
    kill_all(kernel)
    lines = (events + _read(reading)).decode("utf-8", "replace").splitlines()
    end |= {"peak": peak, "begun": lines.count(BEGUN)}
    said = [line for line in lines if line != BEGUN][:REPORTED]
    leave(Path(place, "events.jsonl"), "\n".join([*said, json.dumps(end)]))


def leave(path: Path, text: str) -> None:
    """Write a file in one step, because the grader reads it as soon as it exists."""
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _read(pipe):
    try:
        return os.read(pipe, 65536)
    except BlockingIOError:
        return b""


def _subreaper():
    """Make this process the parent of the kernel's orphans, so that no process escapes by a double fork.

    This needs Linux. On other systems, only the process group of the kernel is killed at the end.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)


def descendants(pid: int, enough: int = 1_000_000) -> list[int]:
    """Return the ids of the processes below `pid`; at most about `enough` of them."""
    found: list[int] = []
    todo = [pid]
    while todo and len(found) <= enough:
        try:
            tasks = os.listdir(f"/proc/{todo[-1]}/task")
            parent = todo.pop()
            for task in tasks:
                with open(f"/proc/{parent}/task/{task}/children") as file:
                    children = [int(n) for n in file.read().split()]
                found += children
                todo += children
        except OSError:  # the process has ended, or this is not Linux
            if todo:
                todo.pop()
    return found


def resident(pid: int) -> int:
    """Return how many bytes of memory a process has; memory that it shares with others counts fully."""
    try:
        with open(f"/proc/{pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def share(pid: int) -> int:
    """Return how many bytes of memory a process has; shared memory is divided among the processes that share it.

    This needs Linux; on other systems it is the same as `resident`.
    """
    try:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("Pss:"))
    except (OSError, StopIteration):
        return resident(pid)


def kill_all(kernel: int) -> None:
    """Kill all child processes, and their children. All are stopped first, so that none can fork meanwhile."""
    for _ in range(200):
        try:
            os.killpg(kernel, signal.SIGKILL)
        except OSError:
            pass
        below = descendants(os.getpid())
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in below:
                try:
                    os.kill(pid, number)
                except OSError:
                    pass
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.005)
