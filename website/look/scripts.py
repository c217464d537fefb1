"""Put the scripts of the pages into one folder of the site. The name of the folder changes when a script changes, so a
browser never mixes two versions.

Most of the scripts are the files of frontend/page. Other extensions add the files that these scripts import or read. A
page that was opened before the site changed asks for a folder that no longer exists, so the page can tell its reader
about the change.
"""

import hashlib
from pathlib import Path

from ..tree import ROOT

PAGE = ROOT / "frontend/page"
# offline.py writes this file, because a service worker must be in the top folder of the site
SERVED_AT_THE_TOP = {"sw.js"}


def add(app, name, content):
    """Add a file to the folder of the scripts. content: bytes. Must be called before `write` (below), which runs when
    the builder starts."""
    app.gdcourse_scripts[name] = content


def place(app, name):
    """Return the path, below _static, of a script. name: its path in the folder of the scripts."""
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
    """Prepare the list of scripts. Several extensions call this function for the same app; only the first call has an
    effect."""
    if not hasattr(app, "gdcourse_scripts"):
        app.gdcourse_scripts = {}
        app.connect("builder-inited", write, priority=900)  # runs after all other extensions have added their scripts
    return {"parallel_read_safe": True, "parallel_write_safe": True}
