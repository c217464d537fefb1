"""Grading one notebook: run it in a kernel of its own, ask for its functions' answers, judge them here.

`grade(task)` is what a worker gets: a dict in, a dict out, both plain JSON data. Learner code runs in the kernel only.
"""

import ast
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict
from pathlib import Path

import zmq
from jupyter_client import BlockingKernelClient
from jupyter_client.connect import write_connection_file

from ..exercises import author
from ..exercises.judge import decide as judge
from . import wire
from .kernel import KEPT, PRELOAD, SET

PACKAGE = "gdcourse.grading.kernel"
MIME = "application/vnd.gdcourse.answer+json"
LARGEST_MESSAGE = 16_000_000  # bytes; the kernel's connection is cut above it
OUTPUT = 5_000_000  # bytes of output that are read before the rest is thrown away
RESTARTS = 4


class Refused(Exception):
    """The submission is no notebook that can be run; the message says what it is."""


def grade(task):
    """Grade one submission. task: text, exercises {id: seed}, limits {cell, seconds, memory, processes, hidden, landlock}, preload
    (modules worth importing once for all notebooks), course (its folder).

    Returns marks (one per exercise), notes (what a teacher should know), seconds and peak memory.
    """
    if threading.current_thread() is threading.main_thread():
        return _grade(task)
    # a thread of a Dask worker, but the judge's deadlines need a main thread: that of a helper, kept for the next notebook
    helper = _helpers.pop() if _helpers else Helper()
    report = helper.grade(task)
    _helpers.append(helper)
    return report


_helpers: list = []


class Helper:
    """A process that grades one notebook after the other."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def grade(self, task):
        print(json.dumps(task), file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if not line:
            raise HelperDied(f"the grading process ended with {self.process.wait()}")
        return json.loads(line)


class HelperDied(RuntimeError):
    """The process that graded a notebook is gone."""


def _grade(task):
    os.environ["GDCOURSE_COURSE"] = task["course"]
    start, run = time.monotonic(), Run(task)
    try:
        cells = code_cells(task["text"])
    except Refused as refused:
        run.notes.append(str(refused))
        return run.report(0.0)
    while run.left and time.monotonic() - start < task["limits"]["seconds"] and run.starts <= RESTARTS:
        run.once(cells, start + task["limits"]["seconds"])
    return run.report(time.monotonic() - start)


def code_cells(text):
    """The sources of the code cells of a notebook's text, by number of the cell. Raises Refused."""
    try:
        notebook = json.loads(text)
        if "worksheets" in notebook:  # format 3, from before 2015
            cells = [cell for sheet in notebook["worksheets"] for cell in sheet["cells"]]
        else:
            cells = notebook["cells"]
        sources = {
            number: "".join(cell.get("source", cell.get("input", "")))
            for number, cell in enumerate(cells, 1)
            if cell["cell_type"] == "code"
        }
        metadata = notebook.get("metadata", {})
        kernel = metadata.get("kernelspec", {})
        language = str(kernel.get("language") or metadata.get("language_info", {}).get("name") or "python")
        kernel = str(kernel.get("display_name") or language)
    except Exception as error:
        cut = (
            ", it is empty"
            if not text.strip()
            else ", it breaks off in the middle"
            if not text.rstrip().endswith("}")
            else ""
        )
        raise Refused(f"not a readable notebook{cut} ({type(error).__name__})") from None
    if language.lower() not in ("python", "python3", "ipython"):
        raise Refused(f"written for the kernel {kernel[:60]!r}, not for Python")
    return {number: source for number, source in sources.items() if source.strip()}


def public(exercise):
    """The exercise file without what gives answers away: cases, hooks and what they use; the solution as its starter."""
    tree = ast.parse(exercise.path.read_text(encoding="utf-8"))
    defined = {name: node for node in tree.body for name in _names(node)}
    wanted, todo = set(), ["cases", "run", "canonical", "starter", "seconds", "tolerance"]
    while todo:
        name = todo.pop()
        if name in defined and name not in wanted:
            wanted.add(name)
            if name != exercise.name:
                todo += [n.id for n in ast.walk(defined[name]) if isinstance(n, ast.Name)]
    wanted.discard(exercise.name)
    for name in wanted:
        defined[name].decorator_list = []  # what a hook uses is a helper there, no answer
    kept = [
        ast.unparse(node)
        for node in tree.body
        if isinstance(node, (ast.Import, ast.ImportFrom)) or wanted & set(_names(node))
    ]
    return "\n".join([repr(exercise.title), *kept, "prompt = hints = praise = why = ''", exercise.starter])


def _names(node):
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)]


class Run:
    """The attempts at one notebook. A cell or an answer that ends the kernel is left out of the next attempt."""

    def __init__(self, task):
        self.exercises = {id: author.load(id) for id in task["exercises"]}
        self.seeds, self.limits = task["exercises"], task["limits"]
        self.left, self.nursery = list(self.exercises), Nursery(task["preload"])
        self.verdicts, self.notes, self.skipped = {}, [], set()
        self.starts = self.peak = 0

    def report(self, seconds):
        marks = []
        for id, exercise in self.exercises.items():
            verdict = self.verdicts.get(id)
            if verdict is None:  # a Verdict that is not right is false
                verdict = judge.Verdict(
                    id, "missing", f"Not reached: {self.notes[-1] if self.notes else 'no time left'}."
                )
            marks.append({**asdict(verdict), "points": exercise.points if verdict.ok else 0, "of": exercise.points})
        return {
            "marks": marks,
            "notes": list(dict.fromkeys(self.notes)),
            "seconds": round(seconds, 3),
            "peak": self.peak,
        }

    def once(self, cells, deadline):
        """One kernel: all cells, then all exercises that have no verdict yet."""
        self.starts += 1
        with Kernel(self.exercises.values(), self.limits, deadline, self.nursery) as kernel:
            for number, source in cells.items():
                if number not in self.skipped and not self.step(kernel, number, source):
                    break
            else:
                while self.left and self.ask(kernel, self.left[0]):
                    pass
        events = kernel.events()
        self.peak = max([self.peak, *(event.get("peak", 0) for event in events)])
        self.notes += [SAID[event["kind"]].format(event.get("what", "")) for event in events if event["kind"] in SAID]
        if not events and not kernel.fate:
            self.notes.append("what it tried besides could not be read")
        if kernel.fate:
            what, number = kernel.fate
            said = ending(kernel.end or (events[-1] if events else {}), self.limits)
            self.notes.append(f"{what} {said}")
            if number in cells:
                self.skipped.add(number)
            elif number in self.left:
                self.left.remove(number)
                self.verdicts[number] = judge.Verdict(
                    number, "ended", f"Calling `{self.exercises[number].name}` {said}."
                )

    def step(self, kernel, number, source):
        """Run one cell; False when the kernel is lost."""
        result = kernel.execute(source, self.limits["cell"])
        if result == "late":
            self.notes.append(f"cell {number} did not end within {self.limits['cell']:g} seconds")
        if kernel.flood and result != "lost":  # a kernel that goes cuts its connection too
            self.notes.append(f"cell {number} printed more than {OUTPUT // 1_000_000} MB")
        if result in ("lost", "stuck"):
            kernel.fate = f"cell {number}", number
        elif kernel.error == "MemoryError":  # what it holds may leave nothing for the rest: start again without it
            kernel.fate, kernel.end = (f"cell {number}", number), {"kind": "memory"}
        return kernel.fate is None

    def ask(self, kernel, id):
        """Ask for the answers to one exercise and judge them; False when the kernel is lost."""
        exercise = self.exercises[id]
        result = kernel.execute(
            "",
            exercise.seconds + 10,
            answer=f"__import__({PACKAGE!r}, fromlist='*').Answer({id!r}, {self.seeds[id]!r}, {exercise.asks_more})",
        )
        if result in ("lost", "stuck"):
            kernel.fate = f"calling {exercise.name}", id
            return False
        self.left.remove(id)
        self.verdicts[id] = self.verdict(exercise, kernel.answer)
        return True

    def verdict(self, exercise, data):
        """The Verdict on what a kernel sent: data of unknown origin."""
        try:
            if isinstance(data, str):
                raise ValueError(data)
            changed = ", ".join(str(name) for name in data["replaced"])
            if changed:
                self.notes.append(f"replaced {changed[:300]}")
            if "early" in data:
                code, message = data["early"]
                if code not in ("missing", "untouched", "signature"):
                    raise ValueError("not a verdict")
                return judge.Verdict(exercise.id, code, str(message)[:2_000])
            seed, signs = self.seeds[exercise.id], wire.decode_signs(data.get("signs", []))
            given, fresh = (
                [wire.decode(outcome, len(args)) for outcome, args in zip(outcomes, cases, strict=False)]
                for outcomes, cases in (
                    (data["outcomes"], exercise.draw(seed)),
                    (data.get("fresh", []), exercise.fresh(seed)),
                )
            )
            return judge.decide(exercise, seed, given, lambda: signs, lambda: fresh)
        except Exception as error:
            self.notes.append(f"no readable answer for {exercise.name} ({type(error).__name__}: {error})"[:300])
            return judge.Verdict(exercise.id, "structure", "What the notebook returned could not be read.")


SAID = {
    "write": "tried to change a file outside its folder: {}",
    "read": "tried to read what is not for it: {}",
    "kill": "tried to end another process",
    "processes": "started processes that start processes",
}


def ending(event, limits):
    """How a kernel ended, in words."""
    kind, number = event.get("kind"), event.get("number", 0)
    return {
        "memory": f"used more than {limits['memory'] // 1_000_000} MB of memory",
        "processes": f"started more than {limits['processes']} processes",
        "time": "ran out of time",
        "exit": f"ended the kernel by itself, with exit code {number}",
        "signal": f"crashed the kernel ({signal.Signals(number).name if number in set(signal.Signals) else number})",
    }.get(kind, "could not be stopped and the kernel had to be ended")


# ---- the kernel, from the grader's side


class Nursery:
    """The process that forks supervised kernels; started with the first notebook."""

    process = None

    def __init__(self, modules):
        self.modules = [*PRELOAD, *modules]

    def fork(self, place, limits):
        """Start a supervisor; its process id."""
        for _ in range(2):  # a nursery can be lost: a machine short of memory, a notebook that found a way
            if Nursery.process is None or Nursery.process.poll() is not None:
                environment = {name: value for name, value in os.environ.items() if name.startswith(KEPT)} | SET
                Nursery.process = subprocess.Popen(
                    [sys.executable, "-m", PACKAGE, *self.modules],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    env=environment,
                )
            try:
                print(json.dumps([place, limits]), file=Nursery.process.stdin, flush=True)
                return int(Nursery.process.stdout.readline())
            except (OSError, ValueError):
                Nursery.process.kill()
                Nursery.process.wait()
        raise OSError("no kernel can be started")


class Kernel:
    """A supervised kernel in a temporary folder.

    `fate`: what ended it, in words, and the number of the cell or the id of the exercise; `end`: how, where the supervisor
    cannot know; `flood`, `error` (its type) and `answer`: what came of the last request.
    """

    def __init__(self, exercises, limits, deadline, nursery):
        self.limits, self.deadline, self.nursery = limits, deadline, nursery
        self.fate = self.end = None
        self.place = Path(tempfile.mkdtemp(prefix="gdc"))
        if len(str(self.place)) > 60:  # a socket's address has 107 characters
            self.place.rmdir()
            self.place = Path(tempfile.mkdtemp(prefix="gdc", dir="/tmp"))
        for folder in ("home", "sockets", "course"):
            (self.place / folder).mkdir()
        for exercise in exercises:
            path = self.place / "course/exercises" / f"{exercise.id}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(public(exercise), encoding="utf-8")

    def __enter__(self):
        path = str(self.place / "connection.json")
        write_connection_file(path, transport="ipc", ip=str(self.place / "sockets/s"))
        far = {name: self.limits[name] for name in ("memory", "processes", "hidden", "landlock")} | {
            "seconds": self.deadline - time.monotonic() + 30
        }
        self.pid = self.nursery.fork(str(self.place), far)
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

    def __exit__(self, *_):
        self.client.stop_channels()
        self.signal(signal.SIGTERM)
        end = time.monotonic() + 30
        while self.signal(0) and time.monotonic() < end:
            time.sleep(0.005)
        self.context.destroy(linger=0)

    def events(self):
        """What the supervisor wrote; the last one is the end. Removes the folder."""
        try:
            events = [
                json.loads(line) for line in (self.place / "events.jsonl").read_text(encoding="utf-8").splitlines()
            ]
        except (OSError, ValueError):
            events = []
        shutil.rmtree(self.place, ignore_errors=True)
        return [event for event in events if isinstance(event, dict) and "kind" in event]

    def execute(self, code, seconds, answer="None"):
        """Run code. "done", "late" (interrupted), "stuck" (did not heed the interrupt) or "lost" (the kernel is gone)."""
        self.answer = self.error = None
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
            if self.cut in ready:  # a message that nobody wants to hold in memory
                self.cut.recv_multipart()
                self.flood = True
            if iopub in ready:  # output: weighed, not read
                seen += sum(map(len, iopub.recv_multipart()))
                self.flood = self.flood or seen > OUTPUT
            if shell in ready:
                reply = self.reply(shell.recv_multipart(), asked)
                if reply is not None:
                    self.error = reply.get("ename")
                    answer = reply.get("user_expressions", {}).get("answer", {})
                    self.answer = (
                        answer.get("data", {}).get(MIME) or f"{answer.get('ename')}: {answer.get('evalue')}"[:300]
                    )
                    return "late" if late else "done"

    def reply(self, frames, asked):
        """The content of the reply to a request; None for anything else that may arrive."""
        try:
            message = self.client.session.deserialize(self.client.session.feed_identities(frames)[1])
            return message["content"] if message["parent_header"]["msg_id"] == asked else None
        except Exception:
            return None

    def signal(self, number):
        """Send a signal to the supervisor; is it there?"""
        if (self.place / "events.jsonl").exists():
            return False  # its last act; by now its number may be another's
        try:
            os.kill(self.pid, number)
            return True
        except OSError:
            return False


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(_grade(json.loads(line))), flush=True)
