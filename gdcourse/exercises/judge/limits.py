"""Call a function that may do anything: with a deadline, a limit on what it prints, and no exception that escapes.

There are two ways to end a loop. From Python 3.12 on, `sys.monitoring` looks at the clock at every call and jump: it
needs neither threads nor signals, so it works in a browser, too. The other way is a second thread that sends SIGINT:
Python 3.11 has only this way, and later versions need it to end a `time.sleep`. Neither way ends one long call in C;
for that, grading uses processes.
"""

import dis
import signal
import sys
import threading
from collections.abc import Callable
from time import perf_counter
from types import FrameType
from typing import Any

try:
    from time import thread_time
except ImportError:
    # a browser cannot measure the processor time of a thread: `Limits.late` then counts all time as waiting
    def thread_time() -> float:
        return 0.0


class TooSlow(BaseException):
    """The deadline has passed.

    Not an Exception, so that `except Exception` in the learner's code does not catch it.
    """


class TooMuch(BaseException):
    """More was printed than anybody can read."""


class Lid:
    """A stdout that keeps the first `kept` characters, and raises TooMuch after `writes` calls of `write`."""

    encoding = "utf-8"

    def __init__(self, kept: int = 2_000, writes: int = 10_000) -> None:
        self.kept, self.writes = kept, writes
        self.parts: list[str] = []
        self.size = self.count = 0

    def write(self, text: str) -> int:
        self.count += 1
        if self.count > self.writes:
            raise TooMuch
        if self.size < self.kept:
            self.parts.append(str(text)[: self.kept - self.size])
            self.size += len(self.parts[-1])
        return len(text)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False

    def take(self) -> str:
        """Return what was printed since the last call of `take`."""
        text = "".join(self.parts)
        self.parts, self.size = [], 0
        return text


class Limits:
    """A limit on the time and on the printing of calls.

    Call `start()`, then `attempt(work)` as often as needed, then `stop()`. All attempts may take `seconds` together,
    and three times as long if they mostly wait: for a `sleep`, or for a busy processor.
    """

    deadline: float  # the value of `perf_counter` at which the time is over
    worked: float  # the value of `thread_time` at the start

    def __init__(self, seconds: float, writes: int = 10_000) -> None:
        self.seconds = seconds
        self.lid = Lid(writes=writes)
        self.armed = self.fired = self.interrupted = False
        self.patience, self.imported = 40, False  # `patience`: how many times an import may get another half second

    def start(self) -> None:
        self.thread = threading.get_ident()
        self.depth = sys.getrecursionlimit()
        self._start_clock()
        watched = _can_signal()
        self.rung = not watched  # if no thread watches the clock, every event must read the clock
        self.tool = _monitor(self)
        self.guard = _Watch(self) if watched else None

    def restart(self) -> None:
        """Give the next attempts the whole time again."""
        if self.fired:
            # stop and start again: `stop` switches tracing and line events off
            self.stop()
            self.fired = False
            self.start()
        self._start_clock()

    def stop(self) -> None:
        if self.guard:
            self.guard.stop()
        if self.tool is not None:
            _unmonitor(self.tool)
        if sys.getrecursionlimit() != self.depth:
            sys.setrecursionlimit(self.depth)

    def attempt(self, work: Callable[[], Any]) -> tuple[Any, BaseException | None]:
        """Return the value and the exception of work(); one of them is None. Never raises."""
        # no context manager here: if the deadline passed inside __exit__, stdout would stay redirected
        out, err = sys.stdout, sys.stderr
        value = error = None
        sys.stdout = sys.stderr = self.lid
        try:
            self.armed = True
            value = work()
            self.armed = False
        except BaseException as caught:
            self.armed = False
            error = caught
        sys.stdout, sys.stderr = out, err
        if self.fired and not isinstance(error, TooSlow):
            value, error = None, TooSlow()  # `work` caught our TooSlow and continued
        return value, error

    def late(self, frame: FrameType) -> bool:
        """Is it time to raise TooSlow? frame: the frame that is running."""
        if not self.armed or perf_counter() < self.deadline or frame.f_code is _ATTEMPT:
            return False
        now = perf_counter()
        if self.patience > 0 and _importing(frame):
            # more time for an import: the first `import sklearn` takes seconds, and a half-imported module stays broken
            self.patience, self.imported = self.patience - 1, True
            self.deadline = now + 0.5
            return False
        if self.imported:
            self.imported = False
            self._start_clock()
            return False
        # on a busy machine the function may have waited for the processor: give it more time
        return thread_time() - self.worked > self.seconds / 2 or now > self.deadline + 2 * self.seconds

    def _start_clock(self) -> None:
        self.deadline, self.worked = perf_counter() + self.seconds, thread_time()


def _importing(frame):
    while frame is not None:
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            return True
        frame = frame.f_back
    return False


_ATTEMPT = Limits.attempt.__code__


# ---- sys.monitoring, from Python 3.12 on


def _monitor(limits):
    """Let sys.monitoring raise TooSlow in `limits.thread` at the first event after the deadline.

    Returns the number of the monitoring tool, or None if there is none.
    """
    if not hasattr(sys, "monitoring"):
        return None
    watch = sys.monitoring
    tool = next((n for n in (4, 3, 2, 5, 1, 0) if watch.get_tool(n) is None), None)
    if tool is None:
        return None
    events = watch.events
    # every loop ends in a jump back, so branch events are not needed
    each = events.PY_START, events.PY_RESUME, events.JUMP, events.LINE

    def look(code, place, to=None):
        # this runs at every jump, so the cheapest test comes first; `rung`: the watching thread saw the deadline pass
        if (
            not limits.rung
            or not limits.armed
            or perf_counter() < limits.deadline
            or threading.get_ident() != limits.thread
        ):
            return
        if limits.late(sys._getframe(1)):
            if not limits.fired:
                limits.fired = True
                # look at every line too, because an `except: pass` in the loop may catch this TooSlow
                watch.set_events(tool, sum(each))
            raise TooSlow

    watch.use_tool_id(tool, "gdcourse deadline")
    for event in each:
        watch.register_callback(tool, event, look)
    watch.set_events(tool, sum(each[:-1]))
    return tool


def _unmonitor(tool):
    watch = sys.monitoring
    watch.set_events(tool, 0)
    events = watch.events
    for event in (events.PY_START, events.PY_RESUME, events.JUMP, events.LINE):
        watch.register_callback(tool, event, None)
    watch.free_tool_id(tool)


# ---- a watching thread


def _can_signal():
    # False in other threads, which may not set signal handlers, and in a browser, which has no second thread
    return threading.current_thread() is threading.main_thread() and sys.platform != "emscripten"


class _Watch:
    def __init__(self, limits):
        self.limits = limits
        self.before = signal.getsignal(signal.SIGINT)
        self.done = threading.Event()
        self.traced = self.rang = False
        signal.signal(signal.SIGINT, self.handle)
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()

    def watch(self):
        # sys.monitoring gets 0.2 s to raise first: a signal may raise even inside our own code
        grace = 0.0 if self.limits.tool is None else 0.2
        while not self.done.wait(max(self.limits.deadline - perf_counter(), 0.02)):
            if perf_counter() < self.limits.deadline:
                continue
            self.limits.rung = True
            if perf_counter() < self.limits.deadline + grace:
                continue
            self.rang = True
            if hasattr(signal, "pthread_kill"):
                signal.pthread_kill(self.limits.thread, signal.SIGINT)
            else:
                signal.raise_signal(signal.SIGINT)

    def handle(self, number, frame):
        limits, ours, self.rang = self.limits, self.rang, False
        if perf_counter() > limits.deadline:
            if frame is not None and limits.late(frame):
                if limits.fired and limits.tool is None:
                    self.insist(frame)
                limits.fired = True
                raise TooSlow
        elif ours:
            return  # we sent this signal, but a new deadline has been set since then
        elif limits.armed:
            limits.interrupted = True  # the user pressed Ctrl-C
            raise KeyboardInterrupt
        elif callable(self.before):
            self.before(number, frame)

    def insist(self, frame):
        """The learner's code caught TooSlow: raise it again where no `try` can catch it.

        That is at the first instruction outside every `try`, in this frame or in a caller.
        """

        def trace(frame, event, _):
            if event == "opcode" and self.limits.armed and not any(map(_inside_try, _frames(frame))):
                raise TooSlow
            frame.f_trace_opcodes = True
            return trace

        if not self.traced:
            self.traced, self.tracer = True, sys.gettrace()
        for each in _frames(frame):
            each.f_trace, each.f_trace_opcodes = trace, True
        sys.settrace(trace)

    def stop(self):
        self.done.set()
        self.thread.join()
        signal.signal(signal.SIGINT, self.before if self.before is not None else signal.default_int_handler)
        if self.traced:
            sys.settrace(self.tracer)


def _frames(frame):
    """Yield the frame and its callers, up to the first frame of this module."""
    while frame is not None and frame.f_code is not _ATTEMPT:
        yield frame
        frame = frame.f_back


def _inside_try(frame):
    """Would the frame catch an exception that is raised at its current instruction?"""
    table, place = dis._parse_exception_table(frame.f_code), frame.f_lasti
    while True:
        entry = next((e for e in table if e.start <= place < e.end), None)
        if entry is None:
            return False
        if not entry.lasti:
            return True
        place = entry.target  # this handler only cleans up and raises again, as `finally` does
