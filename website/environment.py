"""Make .venv match uv.lock, on a machine that has only Python:  python3 -I website/environment.py

This file uses only the standard library and syntax that old Pythons understand. So it also runs on a Python that is too
old, and says what to install. uv is taken from PATH; if there is none, pip fetches it into .tools. The packages of the
system stay as they are.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
UV = "0.13.9"
OLDEST = (3, 11)
FETCHED = "3.13"  # the Python that uv fetches if this machine has none that is new enough


def version_of(python):
    """Return the version of the Python at the path `python`, for example (3, 11); None if it does not run."""
    ask = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        said = subprocess.check_output([python, "-c", ask], stderr=subprocess.DEVNULL).decode()
        return tuple(int(part) for part in said.split("."))
    except (OSError, subprocess.CalledProcessError, ValueError):
        return None


def suitable_python(first):
    """Return the path of a Python that is new enough: `first` if possible, else one from PATH; None if there is
    none."""
    for name in (first, "python3.14", "python3.13", "python3.12", "python3.11", "python3"):
        path = shutil.which(name)
        version = path and version_of(path)
        if version and version >= OLDEST:
            return path
    return None


def run(command, **more):
    """Run a command; return its exit code and its output. Without stdout=PIPE in `more`, the command prints its output
    and "" is returned."""
    done = subprocess.Popen(command, **more)
    said = done.communicate()[0]
    return done.returncode, (said or b"").decode("utf-8", "replace").strip()


def own_uv(python, tools):
    """Install the pinned version of uv into the folder `tools`, and return the path of the program.

    uv is installed in a virtual environment or, if none can be made, by pip alone.
    """
    uv = os.path.join(tools, "bin", "uv")
    if version_of_uv(uv) == UV:
        return uv
    print("Fetching uv %s into .tools ..." % UV)
    sys.stdout.flush()
    shutil.rmtree(tools, ignore_errors=True)
    caught = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv==" + UV]
    code, said = run([python, "-m", "venv", tools], **caught)
    if code == 0:
        code, said = run([os.path.join(tools, "bin", "python")] + install, **caught)
    else:  # Debian has venv and pip as separate packages, and a machine may have only pip
        shutil.rmtree(tools, ignore_errors=True)
        code, said = run([python] + install + ["--target", tools], **caught)
        if code and "No module named pip" in said:
            sys.exit(
                "This Python (%s) has neither venv nor pip, and uv is not installed: install one of them "
                "(Debian, Ubuntu: sudo apt-get install python3-venv) and run the same command again." % python
            )
    if code or version_of_uv(uv) != UV:
        sys.exit(
            "uv could not be fetched (is this machine online?); pip said: " + (said.splitlines() or ["nothing"])[-1]
        )
    return uv


def version_of_uv(uv):
    """Return the version of the uv at the path `uv`, for example '0.13.9'; None if it does not run."""
    try:
        said = subprocess.check_output([uv, "--version"], stderr=subprocess.DEVNULL).decode()
        return re.search(r"\d+\.\d+\.\d+", said).group()
    except (OSError, subprocess.CalledProcessError, AttributeError):
        return None


def find_uv(python):
    """Return the path of a uv that is at least as new as the one that wrote uv.lock. If there is none, fetch one with
    `python`."""
    number = [int(part) for part in UV.split(".")]
    found = shutil.which("uv")
    version = found and version_of_uv(found)
    if version and [int(part) for part in version.split(".")] >= number:
        return found
    return own_uv(python, os.path.join(ROOT, ".tools"))


def main():
    venv = os.path.join(ROOT, ".venv")
    stamp = os.path.join(venv, "made-from")
    wanted = hashlib.sha256()
    for name in ("uv.lock", "pyproject.toml", "website/pyproject.toml"):
        with open(os.path.join(ROOT, name), "rb") as file:
            wanted.update(file.read())
    inside = os.path.join(venv, "bin", "python")
    if os.path.exists(stamp) and os.access(inside, os.X_OK):
        with open(stamp) as file:
            if file.read() == wanted.hexdigest():
                return
    python = suitable_python(sys.executable)
    uv = find_uv(python or sys.executable)
    print("Making the environment from uv.lock (a minute or two the first time) ...")
    sys.stdout.flush()
    settings = {key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT")}
    if os.path.exists("/etc/ssl/certs/ca-certificates.crt"):
        # let uv trust the certificates of the system, because a school or company may have added its own to them
        settings.setdefault("UV_SYSTEM_CERTS", "true")
    # --inexact keeps packages that somebody installed by hand, such as PyTorch for a comparison
    command = [uv, "sync", "--locked", "--all-extras", "--inexact"]
    version = version_of(inside)
    if not (version and version >= OLDEST):
        command += ["--python", python or FETCHED]
    settings["UV_PYTHON_DOWNLOADS"] = "never" if python else "automatic"
    if not python:
        print("No Python 3.11 or newer on this machine: uv fetches %s, for this folder only." % FETCHED)
        sys.stdout.flush()
    code, _ = run(command, cwd=ROOT, env=settings)
    if code and not python:
        sys.exit(
            "The course needs Python 3.11 or newer; this is Python %d.%d (%s), and uv could not fetch another: install one "
            "(Debian, Ubuntu: sudo apt-get install python3), or name it:  make PYTHON=/path/to/python3.13"
            % (sys.version_info[:2] + (sys.executable,))
        )
    if code:
        sys.exit(
            "The environment could not be made: see what uv said above (is this machine online?), "
            "then run the same command again."
        )
    with open(stamp, "w") as file:
        file.write(wanted.hexdigest())


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\nStopped.")
