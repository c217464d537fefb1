"""Put the scripts of the pages into one folder of the site, whose name changes when one of them changes.

Most of them are the files of frontend/page; other parts `add` what these import or read. So a browser never mixes two
versions. A page that was opened before the site was renewed asks for a folder that no longer exists, and can tell its
reader so.
"""

import hashlib
from pathlib import Path

from ..tree import ROOT

PAGE = ROOT / "frontend/page"
SERVED_AT_THE_TOP = {"sw.js"}  # written by offline.py: a service worker must be in the top folder of what it serves


def add(app, name, content):
    """Add a file (bytes) to the folder of the scripts; must be called before the pages are read."""
    app.gdcourse_scripts[name] = content


def place(app, name):
    """Return the path, below _static, of a file in the folder of the scripts."""
    return f"{app.gdcourse_scripts_folder}/{name}"


def write(app):
    for path in sorted(PAGE.glob("*.js")):
        if path.name not in SERVED_AT_THE_TOP:
            add(app, f"page/{path.name}", path.read_bytes())
    total = hashlib.sha256()
    for name, content in sorted(app.gdcourse_scripts.items()):
        total.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    app.gdcourse_scripts_folder = f"scripts-{total.hexdigest()[:10]}"
    if app.builder.format == "html":
        for name, content in app.gdcourse_scripts.items():
            file = Path(app.outdir, "_static", app.gdcourse_scripts_folder, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)


def setup(app):
    """Make the list of the scripts. Several parts call this function for the same app; only the first call counts."""
    if not hasattr(app, "gdcourse_scripts"):
        app.gdcourse_scripts = {}
        app.connect("builder-inited", write, priority=900)  # runs late, when all other parts have added their scripts
    return {"parallel_read_safe": True, "parallel_write_safe": True}
