"""Add Python to the pages: buttons below each code cell, the scripts, Pyodide and the course's own package.

The code that runs in the browser is in website/python/inpage; pyodide.py fetches Pyodide. Without Pyodide, nothing of
this is added.
"""

import base64
import hashlib
import io
import json
import os
import shutil
import tarfile
import zipfile
from functools import cache
from importlib import metadata
from pathlib import Path

from docutils import nodes

from gdcourse.exercises import author
from gdcourse.exercises.questions import quiz

from ..content import exercises
from ..look import scripts
from ..look.math import TEMML
from ..tree import ROOT, files_below
from . import pyodide

KERNEL = Path(__file__).with_name("inpage")
# a folder of the site whose files never change: a file with new content gets a new name
PYTHON = "python"
# modules of the course that a browser does not need
LEFT_OUT = (
    "gdcourse/grading/",
    "gdcourse/exercises/author/hostile",
    "gdcourse/exercises/author/new",
    "gdcourse/exercises/author/prove",
    "gdcourse/exercises/author/sync",
    "gdcourse/exercises/author/variants",
)
# {file: the share of its size that is left when a host compresses it}; the other files are compressed already
SQUEEZED = {
    "pyodide.asm.wasm": 0.37,
    "pyodide.asm.mjs": 0.21,
}
STATIC = "gdcourse/demos/static/"
PURE = ("traitlets",)  # plain Python packages that Pyodide lacks; they are copied from this environment


def modules():
    """Return {path: bytes} for the files of gdcourse and of the exercises that a browser needs."""
    found = {}
    for file in files_below(ROOT, ["gdcourse", "exercises"]):
        name = file.relative_to(ROOT).as_posix()
        if (file.suffix == ".py" or name.startswith(STATIC)) and not name.startswith(LEFT_OUT):
            # in an installed course, the exercises are in a folder of this name
            found[name.replace("exercises/", "gdcourse_exercises/", 1) if name.startswith("exercises/") else name] = (
                file.read_bytes()
            )
    return found


@cache
def course():
    """Return a .tar.xz with what Pyodide lacks: gdcourse, the exercises, the packages in PURE, and the folder `inpage`.

    The files are many, small and similar, so this format is a third smaller than a zip.
    """
    # gdcourse reads the JavaScript of each demo from a file. In the browser an empty file is enough, because the page
    # has the JavaScript already and Python need not send it.
    found = {name: b"export{}" if name.startswith(STATIC) else content for name, content in modules().items()}
    for package in PURE:
        for file in metadata.files(package):
            # the tests of a package and traitlets.config are not needed
            if file.suffix == ".py" and not {"tests", "config"} & set(file.parts):
                found[file.as_posix()] = Path(file.locate()).read_bytes()
    for file in sorted(KERNEL.glob("*.py")):
        found["anywidget.py" if file.stem == "anywidget" else f"inpage/{file.name}"] = file.read_bytes()
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:xz", preset=9) as archive:
        for name in sorted(found):
            file = tarfile.TarInfo(name)
            file.size = len(found[name])
            archive.addfile(file, io.BytesIO(found[name]))
    return out.getvalue()


def wheel(folder):
    """Write gdcourse, as the pages run it, as a wheel into `folder`; return the path of the wheel. JupyterLite installs
    the wheel in a browser."""
    version = metadata.version("gdcourse")
    info = f"gdcourse-{version}.dist-info"
    found = modules()
    # JupyterLite also needs the JavaScript and styles of the widgets
    for file in files_below(ROOT, ["gdcourse/demos/static", "gdcourse/exercises"]):
        if file.suffix in {".js", ".css"}:
            found[file.relative_to(ROOT).as_posix()] = file.read_bytes()
    found[f"{info}/METADATA"] = (
        f"Metadata-Version: 2.1\nName: gdcourse\nVersion: {version}\nRequires-Dist: numpy\nRequires-Dist: anywidget\n".encode()
    )
    found[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: gdcourse\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    lines = [
        f"{name},sha256={base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()},{len(data)}"
        for name, data in found.items()
    ]
    found[f"{info}/RECORD"] = "\n".join([*lines, f"{info}/RECORD,,", ""]).encode()
    path = Path(folder) / f"gdcourse-{version}-py3-none-any.whl"
    path.write_bytes(zipped(found))
    return path


def zipped(files):
    """Return a zip of the files, as bytes. files: {name: bytes}. The same files always give the same zip, whatever the
    time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), files[name], zipfile.ZIP_DEFLATED)
    return out.getvalue()


@cache
def course_name():
    return f"course-{hashlib.sha256(course()).hexdigest()[:10]}.tar.xz"


def settings(distribution):
    """Return the settings that worker.js reads, as JSON. distribution: the folder of Pyodide. Addresses are relative to
    worker.js."""
    packages = json.loads((distribution / pyodide.LOCK).read_text(encoding="utf-8"))["packages"]
    sizes = {path.name: path.stat().st_size for path in sorted(distribution.iterdir())} | {"course": len(course())}

    def closed(name, seen):
        if name not in seen:
            seen.append(name)
            for other in packages[name]["depends"]:
                closed(other, seen)
        return seen

    found = {
        "pyodide": f"../../../{PYTHON}/{distribution.name}/",
        "course": f"../../../{PYTHON}/{course_name()}",
        # {file: [its size, its size when a host has compressed it], in bytes}
        "sizes": {name: [size, round(size * SQUEEZED.get(name, 1))] for name, size in sizes.items()},
        # {module: the package that contains it}
        "absent": {module: name for name, package in packages.items() for module in package["imports"]},
        # {package: [its file, then the files of all packages that it needs]}
        "packages": {name: [packages[one]["file_name"] for one in closed(name, [])] for name in packages},
    }
    return json.dumps(found)


# ---- what the pages get


class bar(nodes.General, nodes.Element):
    """The row of buttons below a code cell. cell: the id of the cell.

    exercise: the id of the exercise if the learner writes the answer into this cell, else None. In an exercise, the
    button "Run and check" also runs the check.
    """


def buttons(self, node):
    exercise = node["exercise"] and author.load(node["exercise"])
    if not exercise:
        return self.body.append(BAR.format(node["cell"], "", "Run", "", ""))
    # browsers do not show a <template>; the page's script takes the hints from it
    hints = "".join(f"<p>{quiz.inline(hint)}</p>" for hint in exercise.hints)
    address = exercises.solution_address(self.builder, self.builder.current_docname, exercise)
    solution = f'<a class="solution" href="{address}">Solution</a>' if address else ""
    more = f'{solution}<button type="button" class="ask">Copy for an assistant</button>'
    self.body.append(
        BAR.format(
            node["cell"],
            f' data-exercise="{exercise.id}"',
            "Run and check",
            '<button type="button" class="hint">Hint</button>',
            f"{more}<template>{hints}</template>",
        )
    )


BAR = ('<div class="bar" data-cell="{}"{}><button type="button" class="run">{}</button><button type="button" class="stop" hidden>Stop</button>'
       '<button type="button" class="edit">Edit</button>{}<button type="button" class="reset" hidden>Reset</button>{}<span class="said" role="status"></span></div>\n')  # fmt: skip


def add_bars(app, doctree):
    """Add a row of buttons to each cell whose code is shown, except to a quiz and to cards, which have buttons of their
    own."""
    source = Path(app.env.doc2path(app.env.docname))
    if not app.gdcourse_python or source.suffix != ".ipynb":
        return
    listed = json.loads(source.read_text(encoding="utf-8"))["cells"]
    for cell in exercises.cells(doctree):
        shown = exercises.source_of(cell)
        if shown is not None and not exercises.has_quiz_or_cards(cell):
            of = listed[cell["cell_index"]]
            said = of["metadata"].get("gdcourse", {})
            shown.append(bar(cell=of["id"], exercise=said.get("exercise") if said.get("part") == "starter" else None))


def add_scripts(app, page, template, context, doctree):
    if doctree and any(doctree.findall(bar)):
        app.add_js_file(scripts.place(app, "page/page.js"), type="module")
        context["metatags"] += (
            f'\n<link rel="alternate" type="application/x-ipynb+json" href="{context["pathto"]("_sources/" + app.env.doc2path(page, base=False), 1)}">'
        )


def prepare(app):
    """Get Pyodide before the pages are read. If it can be had, add the files that the scripts of the pages load."""
    app.gdcourse_python = pyodide.requested() if app.builder.format == "html" else None
    if app.gdcourse_python:
        scripts.add(app, "settings.json", settings(app.gdcourse_python).encode())
        # temml.min.js typesets the formulas of the book; in the page it typesets those in the output of a cell
        scripts.add(app, "temml.min.js", TEMML.read_bytes())


def copy_python(app, error):
    """Copy Pyodide and the course into the site, and remove older copies."""
    place = Path(app.outdir) / PYTHON
    if error or not app.gdcourse_python:
        return
    target = place / app.gdcourse_python.name
    for old in place.glob("*"):
        if old.name == course_name() or old == target:
            continue
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    target.mkdir(parents=True, exist_ok=True)
    for file in app.gdcourse_python.iterdir():
        if not (target / file.name).exists():
            try:
                os.link(file, target / file.name)  # a link instead of a copy: nothing ever changes these 45 MB
            except OSError:
                shutil.copyfile(file, target / file.name)
    (place / course_name()).write_bytes(course())


def setup(app):
    skip = (lambda self, node: None,) * 2
    app.add_node(bar, html=(buttons, skip[1]), latex=skip, text=skip, man=skip, texinfo=skip)
    scripts.setup(app)
    app.connect("builder-inited", prepare)
    app.connect("doctree-read", add_bars)
    app.connect("html-page-context", add_scripts)
    app.connect("build-finished", copy_python)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
