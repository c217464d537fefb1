"""Execute the notebooks in parallel. A notebook is executed again only if something that it depends on has changed.

jupyter-cache recognises a notebook by its code alone, so a change in the package would leave old pictures in the book.
The function `key` also covers the parts of the package and the exercises that a notebook uses, the lock file and the
version of Python. It leaves out the prose: the cache keeps only the outputs of the code cells, and the build puts them
into the notebook as it is now.
"""

import asyncio
import atexit
import hashlib
import json
import os
import re
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from queue import Empty

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from gdcourse import _EXERCISES as LENT_BY_EXERCISES

from ..tree import ROOT, digest
from . import kernels

TIMEOUT = 60  # seconds for one cell; the cells of the course need less than a tenth of it
SLICE = 0.5


class ExecutionFailed(Exception):
    """Raised if notebooks stopped. The message shows the cell and the error of each."""


def sliced(get_msg):
    """Return a function like `get_msg` that waits for a message in short slices of time.

    Sometimes zmq does not report a message that has arrived, for example if a cell uses `interact` or `Output`. Each
    slice asks again, so this costs half a second and not the whole timeout (github.com/jupyter/nbclient/issues/312).
    """

    async def receive(timeout=None):
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            left = SLICE if end is None else end - time.monotonic()
            try:
                return await get_msg(timeout=max(0.0, min(SLICE, left)))
            except Empty:
                if left <= SLICE:
                    if end is not None:
                        raise

    return receive


class Client(NotebookClient):
    """A NotebookClient with forked kernels (see kernels.py), whose channels are read in slices (see `sliced`)."""

    def create_kernel_manager(self):
        manager = super().create_kernel_manager()
        if kernels.POSSIBLE:
            manager.provisioner = kernels.Forked(
                kernel_id=str(uuid.uuid4()), kernel_spec=manager.kernel_spec, parent=manager
            )
        return manager

    async def async_start_new_kernel_client(self):
        client = await super().async_start_new_kernel_client()
        for channel in (client.shell_channel, client.iopub_channel):
            channel.get_msg = sliced(channel.get_msg)
        return client


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def processor():
    """Return the environment variables that make NumPy and its BLAS take this processor for another one; "" if none is
    set."""
    names = "NPY_DISABLE_CPU_FEATURES", "OPENBLAS_CORETYPE"
    return " ".join(f"{name}={os.environ[name]}" for name in names if os.environ.get(name))


def key(notebook, name, root=ROOT):
    """Return a hash of everything that the outputs of a notebook depend on. name: the notebook's name."""
    code = [[cell.source, cell.metadata.get("tags", [])] for cell in code_cells(notebook)]
    words = set(re.findall(r"\w+", json.dumps(code))) | {name}
    folders = [f"exercises/{folder.name}" for folder in (root / "exercises").glob("*/") if folder.name in words]
    # Every notebook depends on the package, but on demos, exercises and grading only if it names them.
    lent = {"exercises"} if words & set(LENT_BY_EXERCISES) else set()
    passed_over = {"__pycache__", "demos", "exercises", "grading"} - words - lent
    package = [f"gdcourse/{part.name}" for part in (root / "gdcourse").glob("*") if part.name not in passed_over]
    parts = [
        code,
        sys.version,
        digest([*package, *folders, "website/make/execute.py", "website/make/kernels.py", "uv.lock"], root),
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:24]


class Cache:
    """The stored outputs of each notebook's last execution, one file for each notebook and processor."""

    def __init__(self, root=ROOT):
        self.root, self.folder = root, root / ".cache/notebooks"
        self.processor = "-" + hashlib.sha256(processor().encode()).hexdigest()[:6] if processor() else ""

    def file(self, path):
        return self.folder / (path.relative_to(self.root).as_posix().replace("/", "-") + self.processor + ".json")

    def get(self, path, wanted):
        """Return the cached dict of a notebook (its outputs and widgets, see `run`); None if nothing is stored or if
        the stored key is not `wanted`."""
        try:
            kept = json.loads(self.file(path).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return kept if kept["key"] == wanted else None

    def put(self, path, kept):
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.file(path)
        draft = file.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(kept), encoding="utf-8")
        draft.replace(file)  # in one step: another process finds the old file or the new one, never half a file


def joined(outputs):
    """Return the outputs of a cell. Neighbouring streams with the same name (stdout, stderr) are joined into one.

    The kernel cuts what a cell prints into pieces, and the pieces vary from run to run.
    """
    found = []
    for output in outputs:
        if output.output_type == "stream" and found and found[-1].get("name") == output.name:
            found[-1].text += output.text
        else:
            found.append(nbformat.from_dict(output))
    return found


def run(client, path, wanted):
    """Execute one notebook; return the dict that the cache stores. wanted: the key of the notebook."""
    asyncio.run(client.async_execute(env={**os.environ, **kernels.SETTINGS}))
    return {
        "key": wanted,
        "outputs": [joined(cell.outputs) for cell in code_cells(client.nb)],
        "widgets": client.nb.metadata.get("widgets"),
    }


def told(path, client, error):
    """Return a readable text about the notebook that stopped: its name, the cell and the error."""
    if isinstance(error, CellExecutionError):
        count = 1 + next(
            (
                number
                for number, cell in enumerate(code_cells(client.nb))
                if any(output.output_type == "error" for output in cell.outputs)
            ),
            0,
        )
        said = re.sub(r"\x1b\[[0-9;]*m", "", str(error)).strip()
        return f"{path.name}, code cell {count}:\n{said}"
    if isinstance(error, CellTimeoutError):
        return f"{path.name}: a cell ran for more than {client.timeout} seconds.\n{error}"
    return f"{path.name}: {type(error).__name__}: {error}"


def say_at_once(line):
    print(line, flush=True)


def execute(paths, root=ROOT, say=say_at_once, timeout=TIMEOUT, jobs=None):
    """Execute the notebooks whose outputs are not in the cache; return {path: the dict that the cache stores}.

    Raises ExecutionFailed if notebooks stopped, after all others have run. jobs: how many run at the same time.
    """
    cache, kept, waiting, failures = Cache(root), {}, [], []
    for path in paths:
        notebook = nbformat.read(path, as_version=4)
        wanted = key(notebook, path.stem, root)
        kept[path] = cache.get(path, wanted)
        if kept[path] is None:
            client = Client(
                notebook,
                timeout=timeout,
                kernel_name="python3",
                resources={"metadata": {"path": str(path.parent)}},
                startup_timeout=180,  # seconds; kernels start slowly on a busy machine
                # hide the warning that messages are not encrypted: they never leave this machine
                extra_arguments=["--log-level=ERROR"],
            )
            waiting.append((client, path, wanted))
    if not waiting:
        return kept
    say(f"Executing {len(waiting)} of {len(paths)} notebooks; the others have not changed.")
    kernels.get_ready()
    # Each thread only waits for its kernel, a separate process. In a thread nbclient does not handle Ctrl-C, so the
    # code below does.
    pool = ThreadPoolExecutor(jobs or max(2, (os.cpu_count() or 2) // 2))
    begun = time.monotonic()
    tasks = {pool.submit(run, *one): one for one in waiting}
    try:
        for done, task in enumerate(as_completed(tasks), 1):
            client, path, _ = tasks[task]
            try:
                kept[path] = task.result()
                cache.put(path, kept[path])
                say(f"  {done}/{len(waiting)}  {path.stem}  ({time.monotonic() - begun:.0f} s)")
            except (CellExecutionError, CellTimeoutError, DeadKernelError, RuntimeError) as error:
                failures.append(told(path, client, error))
                say(f"  {done}/{len(waiting)}  {path.stem}  stopped with an error")
    except BaseException:
        for client, *_ in waiting:
            if client.km is not None and getattr(client.km.provisioner, "process", None):
                client.km.provisioner.process.kill()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        for client, *_ in waiting:
            # if the start of a kernel was interrupted, nbclient leaves this function registered
            atexit.unregister(client._cleanup_kernel)
    if failures:
        raise ExecutionFailed("\n\n".join(failures))
    return kept


def filled(notebook, kept):
    """Put cached outputs into the code cells of a notebook, number these cells from 1, and return the notebook. kept:
    the dict from the cache."""
    cells = code_cells(notebook)
    if len(cells) != len(kept["outputs"]):
        raise ValueError("the notebook has changed since it was executed")
    for number, (cell, outputs) in enumerate(zip(cells, kept["outputs"]), 1):
        cell.execution_count, cell.outputs = number, nbformat.from_dict(outputs)
    if kept["widgets"]:
        notebook.metadata["widgets"] = nbformat.from_dict(kept["widgets"])
    return notebook


def setup(app):
    """Let Sphinx execute the notebooks before it reads them, and read each notebook with its outputs. myst-nb's own
    execution is off."""
    from sphinx.errors import ExtensionError
    from sphinx.util import logging

    results = {}

    def before_reading(app, env, added, changed, removed):
        notebooks = {name: Path(env.doc2path(name)) for name in sorted(env.found_docs)}
        notebooks = {name: path for name, path in notebooks.items() if path.suffix == ".ipynb"}
        try:
            kept = execute(list(notebooks.values()), Path(app.srcdir), say=logging.getLogger(__name__).info)
        except ExecutionFailed as error:
            raise ExtensionError(f"Notebooks that did not run to the end:\n\n{error}") from None
        results.update((name, kept[path]) for name, path in notebooks.items())
        keys = {name: one["key"] for name, one in results.items()}
        before, env.gdcourse_keys = getattr(env, "gdcourse_keys", {}), keys
        return [name for name in keys if keys[name] != before.get(name)]

    def on_read(app, name, source):
        if name in results:
            source[0] = nbformat.writes(filled(nbformat.reads(source[0], as_version=4), results[name]))

    app.connect("env-get-outdated", before_reading)
    app.connect("source-read", on_read)
    return {"parallel_read_safe": True}
