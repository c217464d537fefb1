"""Put the whole course in JupyterLite into a folder of the site, with the same Pyodide as the pages.

By default JupyterLite fetches its kernel from a content network, and IPython and the widgets from PyPI. This module
makes it ask no other host. It uses the pages' copy of Pyodide, and the pure Python packages that Pyodide lacks are
packed from this environment, which `uv.lock` describes. One lock file in Pyodide's own format lists all these packages,
so that Pyodide loads them when a cell imports them.

JupyterLite without the course is built once (4 s) and kept in `.cache`. A build of the book links to that copy and
writes only the files that depend on the course.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from datetime import UTC, datetime
from importlib.metadata import distribution as installed_package
from importlib.util import find_spec
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ..tree import ROOT, digest
from . import bars, pyodide

FOLDER = "lite"
PLUGIN = "@jupyterlite/pyodide-kernel-extension:kernel"
# if the lock file did not list these, the kernel of JupyterLite would install them from PyPI, one after the other
KERNEL = ("ipython", "jedi", "comm")
WIDGETS = ("anywidget", "ipywidgets")
# not needed: JupyterLite brings the front end of widgets, and the other packages are for systems with processes
NOT_NEEDED = {"jupyterlab-widgets", "widgetsnbextension", "pexpect", "psutil", "colorama"}
# {package in the folder of JupyterLite's kernel: the packages that it needs}
OWN = {
    "ipykernel": ["pyodide-kernel"],
    "piplite": ["micropip"],
    "pyodide-kernel": ["comm", "ipython"],
    "widgetsnbextension": [],
}
OWN_FOLDER = "extensions/@jupyterlite/pyodide-kernel-extension/static/pypi"
# packages that gdcourse imports; without this list the kernel would load only what the cell itself imports
COURSE = ("anywidget", "matplotlib", "numpy", "scikit-learn")
# JupyterLite evaluates strings and has inline scripts, so both must be allowed; it needs no other host
POLICY = (
    "default-src 'self'; script-src 'self' blob: 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self' data: blob:; worker-src 'self' data: blob:; object-src 'none'; base-uri 'self'"
)
WHEN = (1980, 1, 1, 0, 0, 0)  # a fixed time, so that the same files always give the same bytes


def needs(names):
    """Return {package: [the packages that it needs]} for the installed packages `names` and for all packages that these
    need in a browser, without NOT_NEEDED."""
    found, todo = {}, list(names)
    while todo:
        name = canonicalize_name(todo.pop())
        if name in found or name in NOT_NEEDED:
            continue
        wanted = [Requirement(line) for line in installed_package(name).requires or ()]
        browser = {
            "extra": "",
            "sys_platform": "emscripten",
            "python_version": "3.14",
            "python_full_version": "3.14.0",
            "platform_system": "Emscripten",
        }
        wanted = [canonicalize_name(r.name) for r in wanted if r.marker is None or r.marker.evaluate(browser)]
        found[name] = [name for name in wanted if name not in NOT_NEEDED]
        todo += found[name]
    return found


def pack(name, folder):
    """Write an installed package as a pure Python wheel into `folder`; return the path of the wheel.

    Compiled parts are left out, because the packages of the course work without them.
    """
    installed = installed_package(name)
    top = Path(installed.locate_file(""))
    wheel = folder / f"{re.sub(r'[-_.]+', '_', name)}-{installed.version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as out:
        for file in sorted(map(str, installed.files or ())):
            path = top / file
            if (
                file.startswith("..")
                or "__pycache__" in file
                or path.suffix in {".so", ".pyd", ".pyc"}
                or not path.is_file()
            ):
                continue
            if re.search(r"\.dist-info/(RECORD|INSTALLER|REQUESTED|direct_url\.json)$", file):
                continue
            out.writestr(zipfile.ZipInfo(file, WHEN), path.read_bytes(), zipfile.ZIP_DEFLATED, 9)
    return wheel


def imports(wheel):
    """Return the names that a wheel makes available to `import`, sorted."""
    with zipfile.ZipFile(wheel) as file:
        tops = {name.split("/")[0].removesuffix(".py") for name in file.namelist()}
    return sorted(name for name in tops if name.isidentifier())


def entry(name, wheel, depends):
    """Return the entry of a package for Pyodide's lock file. wheel: a file in the same folder as the lock file;
    depends: the packages that it needs."""
    wheel = Path(wheel)
    return {
        "name": name,
        "version": wheel.name.split("-")[1],
        "file_name": wheel.name,
        "install_dir": "site",
        "package_type": "package",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "depends": sorted(depends),
        "imports": imports(wheel),
        "unvendored_tests": False,
    }


# ---- build JupyterLite itself; the course is added below


def application():
    """Return the folder with JupyterLite, its extensions and the wheels that it needs.

    The folder is made again if `uv.lock` or this file has changed.
    """
    key = digest(["uv.lock", "website/python/lite.py"])
    kept = ROOT / ".cache" / "lite" / key
    if kept.is_dir():
        return kept
    shutil.rmtree(kept.parent, ignore_errors=True)
    kept.parent.mkdir(parents=True)
    with tempfile.TemporaryDirectory(dir=kept.parent) as work:
        draft = Path(work, "site")
        command = [sys.executable, "-m", "jupyterlite_core", "build", "--lite-dir", work, "--output-dir", str(draft), "--apps", "lab",
                   "--no-sourcemaps", "--no-unused-shared-packages", "--no-libarchive"]  # fmt: skip
        done = subprocess.run(command, cwd=work, text=True, capture_output=True)
        if done.returncode:
            raise SystemExit("JupyterLite could not be built:\n" + (done.stdout + done.stderr)[-3000:])
        for page in draft.rglob("*.html"):
            text = page.read_text(encoding="utf8")
            page.write_text(
                re.sub(
                    r"<head>", f'<head>\n<meta http-equiv="Content-Security-Policy" content="{POLICY}">', text, count=1
                ),
                encoding="utf8",
            )
        wheels = draft / "wheels"
        wheels.mkdir()
        extras = {
            name: entry(name, pack(name, wheels), depends) for name, depends in needs([*KERNEL, *WIDGETS]).items()
        }
        for name, depends in OWN.items():
            wheel = sorted((draft / OWN_FOLDER).glob(f"{name.replace('-', '_')}-*.whl"))[-1]
            extras[name] = entry(name, shutil.copy(wheel, wheels), depends)
        (wheels / "extras.json").write_text(json.dumps(extras), encoding="utf8")
        draft.replace(kept)
    return kept


# ---- the course in JupyterLite


def link(source, target):
    """Copy a folder by hard links where possible, because they need no space. Do not write to the copied files
    afterwards: this would change the originals."""
    try:
        shutil.copytree(source, target, copy_function=os.link)
    except (OSError, shutil.Error):
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target)


def write(path, text):
    """Write a new file. An old one is removed first, because it may be a hard link to a file in the cache."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text(text, encoding="utf8")


def notebook(path):
    """Return the text of a chapter's notebook, with the kernel that JupyterLite has."""
    found = json.loads(path.read_text(encoding="utf8"))
    found["metadata"]["kernelspec"] = {"display_name": "Python (Pyodide)", "language": "python", "name": "python"}
    return json.dumps(found, ensure_ascii=False, indent=1)


def listing(path, inside, when):
    """Return what JupyterLite's file browser reads about the folder `path`, as JSON.

    inside: [(name, size)] of its content, with None as the size of a folder; when: the time of the last change.
    """

    def model(name, size, content=None):
        place = f"{path}/{name}".strip("/")
        kind = "directory" if size is None else "notebook"
        return {"name": name, "path": place, "type": kind, "size": size, "content": content, "created": when, "last_modified": when,
                "format": None if content is None else "json", "mimetype": None, "writable": True}  # fmt: skip

    return json.dumps(
        {**model("", None, [model(*one) for one in inside]), "path": path, "name": path.rpartition("/")[2]}
    )


def lock(distribution, address, extras):
    """Return the text of Pyodide's lock file with packages added. address: the place of Pyodide's own files; extras:
    {package: entry} of the added packages, whose files are beside the lock file."""
    whole = json.loads((distribution / pyodide.LOCK).read_text(encoding="utf8"))
    its = {
        name: {**package, "file_name": f"{address}/{package['file_name']}"}
        for name, package in whole["packages"].items()
    }
    return json.dumps({**whole, "packages": dict(sorted({**its, **extras}.items()))})


def settings(old, python, lock_name):
    """Return the text of jupyter-lite.json. It tells the kernel where Python is, and not to ask PyPI. old: the text as
    JupyterLite wrote it."""
    config = json.loads(old)
    data = config["jupyter-config-data"]
    plugin = data.setdefault("litePluginSettings", {}).setdefault(PLUGIN, {})
    ready = ["micropip", "piplite", "ipykernel", "comm", "pyodide-kernel", "jedi", "ipython"]
    plugin.update(pyodideUrl=f"./../{python}/pyodide.mjs", disablePyPIFallback=True,
                  loadPyodideOptions={"lockFileURL": f"./wheels/{lock_name}", "packages": ready})  # fmt: skip
    data.update(appName="Gradient descent, run it yourself", contentsAllJsonFile="all.json")
    return json.dumps(config, indent=1)


def fill(site, distribution, chapters):
    """Write JupyterLite with these chapters into a site that has Pyodide; return the folder of JupyterLite."""
    base, target = application(), site / FOLDER
    shutil.rmtree(target, ignore_errors=True)
    link(base, target)
    wheels = target / "wheels"
    extras = json.loads((wheels / "extras.json").read_text(encoding="utf8"))
    (wheels / "extras.json").unlink()
    extras["gdcourse"] = entry("gdcourse", bars.wheel(wheels), COURSE)
    python = f"{bars.PYTHON}/{distribution.name}"
    text = lock(distribution, f"../../{python}", extras)
    # the name depends on the content, so that no browser uses an old copy
    name = f"pyodide-lock-{hashlib.sha256(text.encode()).hexdigest()[:10]}.json"
    write(wheels / name, text)
    write(target / "jupyter-lite.json", settings((base / "jupyter-lite.json").read_text(encoding="utf8"), python, name))
    when = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    for chapter in chapters:
        write(target / "files" / "chapters" / chapter.name, notebook(chapter))
    sizes = [(chapter.name, (target / "files/chapters" / chapter.name).stat().st_size) for chapter in chapters]
    write(target / "api/contents/all.json", listing("", [("chapters", None)], when))
    write(target / "api/contents/chapters/all.json", listing("chapters", sizes, when))
    return target


# ---- Sphinx


def possible(app):
    """Return whether JupyterLite can be built: Pyodide is there, and JupyterLite is installed."""
    return bool(getattr(app, "gdcourse_python", None)) and find_spec("jupyterlite_core") is not None


def address(app, source):
    """Return the address, relative to the site, at which JupyterLite opens a chapter; None if it cannot."""
    return f"{FOLDER}/lab/index.html?path={source}" if possible(app) and source.endswith(".ipynb") else None


def build(app, exception):
    if exception or app.builder.format != "html":
        return
    if possible(app):
        chapters = [Path(app.env.doc2path(page)) for page in sorted(app.env.found_docs)]
        fill(Path(app.outdir), app.gdcourse_python, [path for path in chapters if path.suffix == ".ipynb"])
    else:
        shutil.rmtree(Path(app.outdir) / FOLDER, ignore_errors=True)


def setup(app):
    app.connect("build-finished", build, priority=980)  # runs after bars.py has copied Pyodide into the site
