"""Start kernels fast: one process imports the modules that nearly every chapter imports, and forks itself for each
notebook.

A kernel needs more time to import Matplotlib and scikit-learn than most chapters need to run. A forked kernel has
third-party modules loaded already, but no module of the course is imported and no name is defined. Where forking is not
safe (https://docs.python.org/3/library/multiprocessing.html#contexts-and-start-methods), kernels start in the usual
way.
"""

import multiprocessing
import os
import sys
from contextlib import contextmanager
from multiprocessing import forkserver

from jupyter_client.provisioning import LocalProvisioner

READY = ["ipykernel.kernelapp", "anywidget", "matplotlib.pyplot", "sklearn.datasets", "sklearn.linear_model"]
# One thread for each kernel, because kernels run in parallel. MPLBACKEND is the backend for notebooks; Matplotlib reads
# it when it is imported.
SETTINGS = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}
POSSIBLE = sys.platform == "linux"


@contextmanager
def environment(settings):
    """Add settings to os.environ inside a `with` block."""
    before = dict(os.environ)
    os.environ.update(settings)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def get_ready():
    """Start the process that forks kernels. It goes on with its imports while the first kernel is requested."""
    if POSSIBLE:
        forkserver.set_forkserver_preload(READY)
        with environment(SETTINGS):
            forkserver.ensure_running()


def become_kernel(arguments, env, cwd, path):
    """Turn a forked process into the kernel that `python -m ipykernel_launcher` would have started."""
    os.setsid()  # keeps Ctrl-C from the kernel: only the build gets Ctrl-C, and then ends its kernels
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    sys.path[:] = path
    for name in [name for name in sys.modules if name.partition(".")[0] == "gdcourse"]:
        # these modules were loaded only to call this function; the notebook must import them again
        del sys.modules[name]
    from ipykernel.kernelapp import IPKernelApp

    # the kernel ends when the process that forked it ends, and that process ends with the build
    IPKernelApp.launch_instance(arguments, parent_handle=os.getppid())


class Process:
    """A forked process with the methods of subprocess.Popen that jupyter_client uses."""

    stdin = stdout = stderr = None

    def __init__(self, *arguments):
        self.process = multiprocessing.get_context("forkserver").Process(
            target=become_kernel, args=arguments, daemon=True
        )
        self.process.start()
        self.pid = self.process.pid

    def poll(self):
        return self.process.exitcode

    def wait(self):
        self.process.join()
        return self.process.exitcode

    def send_signal(self, number):
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self):
        self.process.kill()

    def terminate(self):
        self.process.terminate()


class Forked(LocalProvisioner):
    """Launch kernels by forking.

    Signals are sent to the kernel's process, not to its process group, because the kernel makes the group itself, a
    moment after the start.
    """

    async def launch_kernel(self, cmd, env, cwd, **_):
        here = os.getcwd()
        # Leave out the current folder, which `python -m` puts first in the path. The kernel still finds gdcourse,
        # because the path also has the folder where gdcourse is installed.
        path = sys.path[sys.path[0] in ("", here) :]
        self.process = Process(cmd[cmd.index("-f") :], env, cwd, path)
        self.pid = self.process.pid
        return self.connection_info
