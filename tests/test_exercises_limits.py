"""The deadline: every way of not coming to an end, on both mechanisms, and on every Python that the course supports.

Run as a script it does the same without pytest, for the interpreters that have nothing but NumPy.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from itertools import count
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from gdcourse.exercises.judge import limits  # noqa: E402
from gdcourse.exercises.judge.limits import Limits, TooMuch, TooSlow  # noqa: E402


def while_true():
    while True:
        pass


def for_ever():
    for _ in count():
        pass


def catches_everything():
    while True:
        try:
            time.sleep(0)
        except BaseException:
            pass


def catches_twice():
    while True:
        try:
            try:
                time.sleep(0)
            except BaseException:
                pass
        except BaseException:
            pass


def catches_in_the_caller():
    while True:
        try:
            while_true()
        except BaseException:
            continue


def pretends_nothing_happened():
    try:
        while True:
            pass
    except BaseException:
        return 1


def finally_again():
    while True:
        try:
            sum(range(10))
        finally:
            continue  # noqa: B012


def calls_back_and_forth():
    def ping(n):
        return n and pong(n - 1)

    def pong(n):
        return n and ping(n - 1)

    while True:
        ping(50)


def generator_without_end():
    def each():
        while True:
            yield 1

    return sum(x for x in each())


def sleeps():
    time.sleep(60)


def waits_for_a_lock():
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()


LOOPS = [
    while_true,
    for_ever,
    catches_everything,
    catches_twice,
    catches_in_the_caller,
    pretends_nothing_happened,
    finally_again,
    calls_back_and_forth,
    generator_without_end,
]
WAITS = [sleeps, waits_for_a_lock]


def attempt(work, seconds=0.1):
    """(value, error, seconds spent), with everything put back as it was."""
    before = sys.stdout, sys.stderr, signal.getsignal(signal.SIGINT), sys.getrecursionlimit(), sys.gettrace()
    lid = Limits(seconds)
    start = time.perf_counter()
    lid.start()
    try:
        value, error = lid.attempt(work)
    finally:
        lid.stop()
    assert before == (sys.stdout, sys.stderr, signal.getsignal(signal.SIGINT), sys.getrecursionlimit(), sys.gettrace())
    if hasattr(sys, "monitoring"):
        assert all(sys.monitoring.get_tool(n) != "gdcourse deadline" for n in range(6))
    return value, error, time.perf_counter() - start


def ends(work):
    value, error, spent = attempt(work)
    assert value is None and isinstance(error, TooSlow), (work.__name__, value, error)
    assert spent < 20, (work.__name__, spent)


def test_a_quick_answer_is_left_alone():
    assert attempt(lambda: 7)[:2] == (7, None)


def test_what_is_raised_is_handed_over():
    for error in (ValueError("no"), SystemExit(3), KeyboardInterrupt(), GeneratorExit()):

        def raises(error=error):
            raise error

        assert attempt(raises)[1] is error


def test_recursion_and_its_limit():
    def deeper():
        sys.setrecursionlimit(3_000)
        return deeper()

    assert isinstance(attempt(deeper, 5)[1], RecursionError)


def test_a_flood_of_print_ends():
    def flood():
        for i in range(200_000):
            print(i)

    _, error, spent = attempt(flood, 10)
    assert isinstance(error, TooMuch) and spent < 5


def test_what_was_printed_is_kept_up_to_a_point():
    lid = Limits(1)
    lid.start()
    lid.attempt(lambda: print("x" * 5_000))
    lid.attempt(lambda: print("y"))
    lid.stop()
    assert lid.lid.take().startswith("xxx") and len(lid.lid.take()) == 0


def test_the_time_is_for_all_attempts_together():
    lid = Limits(0.1)
    lid.start()
    lid.attempt(lambda: sum(range(10)))
    time.sleep(0.15)
    _, error = lid.attempt(while_true)
    lid.stop()
    assert isinstance(error, TooSlow)


def test_a_bell_that_rings_after_a_new_deadline_is_no_interrupt():
    limits = Limits(30)
    limits.start()
    try:
        for work in (
            lambda: limits.attempt(lambda: signal.raise_signal(signal.SIGINT)),
            lambda: signal.raise_signal(signal.SIGINT),
        ):
            limits.guard.rang = True  # as if the watching thread had sent it, and `restart` had come first
            work()
            assert not limits.interrupted
        limits.attempt(lambda: signal.raise_signal(signal.SIGINT))
        assert limits.interrupted  # the person at the keyboard is still heard
    finally:
        limits.stop()


def test_outside_an_attempt_nothing_is_raised():
    lid = Limits(0.02)
    lid.start()
    for _ in range(20):
        time.sleep(0.005)
    lid.stop()


def every_loop_ends():
    for work in LOOPS:
        ends(work)


def test_loops_end():
    every_loop_ends()


def test_waiting_ends():
    for work in WAITS:
        ends(work)


def test_loops_end_by_signals_alone():
    """What 3.11 has, tried on every Python."""
    before, limits._monitor = limits._monitor, lambda _: None
    try:
        for work in LOOPS:
            if sys.version_info < (3, 12) or "catches" not in work.__name__ and "finally" not in work.__name__:
                ends(work)
    finally:
        limits._monitor = before


def test_loops_end_by_monitoring_alone():
    """What a browser has."""
    if not hasattr(sys, "monitoring"):
        return
    before, limits._can_signal = limits._can_signal, lambda: False
    clock, limits.thread_time = limits.thread_time, lambda: 0.0
    try:
        every_loop_ends()
    finally:
        limits._can_signal, limits.thread_time = before, clock


def test_a_python_that_cannot_say_how_long_it_worked():
    """WebAssembly has no time.thread_time: the module must load, and a loop still end."""
    code = """
import time; del time.thread_time
from gdcourse.exercises.judge.limits import Limits, TooSlow
lid = Limits(0.1)
lid.start()
value, error = lid.attempt(lambda: [None for _ in iter(int, 1)])
lid.stop()
assert isinstance(error, TooSlow), (value, error)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_loops_end_in_another_thread():
    if not hasattr(sys, "monitoring"):
        return  # on 3.11 only the main thread can be stopped
    results = []
    thread = threading.Thread(target=lambda: results.append(attempt(while_true)))
    thread.start()
    thread.join(20)
    assert isinstance(results[0][1], TooSlow)


def test_a_slow_import_does_not_count():
    folder = Path(os.environ.get("TMPDIR", "/tmp")) / f"gdcourse_slow_{os.getpid()}"
    folder.mkdir()
    (folder / "slow_to_import_for_a_test.py").write_text(
        "import time\nfor _ in range(60):\n    time.sleep(0.01)\nvalue = 7\n"
    )
    sys.path.insert(0, str(folder))

    def imports():
        import slow_to_import_for_a_test

        return slow_to_import_for_a_test.value

    try:
        assert attempt(imports, 0.2)[:2] == (7, None)
    finally:
        sys.path.remove(str(folder))
        shutil.rmtree(folder)


def test_the_person_at_the_keyboard_is_heard():
    from gdcourse.exercises import author
    from gdcourse.exercises.judge.decide import judge

    exercise = author.load(author.all_ids()[0])
    timer = threading.Timer(0.3, lambda: signal.pthread_kill(threading.main_thread().ident, signal.SIGINT))
    timer.start()
    try:
        judge(exercise, lambda *args: time.sleep(30), seconds=20)
    except KeyboardInterrupt:
        return
    finally:
        timer.join()
    raise AssertionError("the interrupt was swallowed")


# ---- other Pythons


def interpreter(version):
    """An installed Python of this version, or None."""
    names = [
        shutil.which(f"python{version}"),
        *sorted(map(str, Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))),
    ]
    for name in filter(None, names):
        # a shim of pyenv is found and yet does not run
        done = subprocess.run(
            [name, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], capture_output=True, text=True
        )
        if done.stdout.strip() == version:
            return name
    return None


def environment_of(version, python):
    """A virtual environment with NumPy for this Python, made once; its interpreter."""
    folder = ROOT / ".cache" / f"python{version}"
    inside = folder / "bin" / "python"
    uv = shutil.which("uv") or ROOT / ".tools/bin/uv"
    if not inside.exists() or subprocess.run([inside, "-c", "import numpy"], capture_output=True).returncode:
        subprocess.run([uv, "venv", "--quiet", "--clear", "--python", python, folder], check=True)
        subprocess.run([uv, "pip", "install", "--quiet", "--python", inside, "numpy>=2"], check=True)
    return inside


if __name__ == "__main__":
    for name, test in list(globals().items()):
        if name.startswith("test_"):
            test()
    print(f"limits hold on {sys.version.split()[0]}")
else:
    import pytest

    pytestmark = pytest.mark.patient

    @pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
    def test_on_every_python_that_is_here(version):
        if sys.version.startswith(version):
            pytest.skip(f"{version} runs the tests above")
        python = interpreter(version)
        if python is None:
            pytest.skip(f"NO PYTHON {version} ON THIS MACHINE: its deadline mechanism was not tested")
        inside = environment_of(version, python)
        for command in (
            [__file__],
            ["-m", "gdcourse.exercises", "prove", "--seeds", "1", "momentum/momentum_step", "batching/minibatches"],
        ):
            done = subprocess.run([inside, *command], cwd=ROOT, capture_output=True, text=True, timeout=300)
            assert done.returncode == 0, done.stdout + done.stderr
