"""The nursery: a process that has imported what every kernel needs, and forks a supervisor for each notebook.

A kernel starts so in a tenth of a second instead of two. Where bubblewrap is installed, the nursery stands behind it, and
with it whatever it forks.
"""

import json
import os
import signal
import sys
from importlib import import_module

from .supervisor import supervise

# Imported by the nursery, so that a kernel starts in a tenth of a second instead of two.
PRELOAD = [
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.extensions.storemagic",
    "gdcourse.schedules",
]


def nursery(modules):
    """Answer one line on stdin by one on stdout, both JSON, until stdin ends.

    ["fork", place, limits]: fork a supervisor; its process id. ["signal", pid, number]: send it a signal; is it there?
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the grader, which then closes stdin
    for name in [*PRELOAD, *modules]:
        try:
            import_module(name)
        except ImportError:
            pass  # then no notebook can import it either
    print(json.dumps("ready"), flush=True)
    running = set()
    for line in sys.stdin:
        request, *arguments = json.loads(line)
        while running:  # ended children are reaped only here: until then, their ids cannot be reused
            done, _ = os.waitpid(-1, os.WNOHANG)
            if not done:
                break
            running.discard(done)
        if request == "fork":
            pid = os.fork()
            if pid == 0:
                try:
                    supervise(*arguments)
                finally:
                    os._exit(0)
            running.add(pid)
            answer = pid
        else:
            pid, number = arguments
            answer = pid in running
            if answer:
                os.kill(pid, number)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    nursery(sys.argv[1:])
