"""Let readers use the course without a network: write the service worker frontend/page/sw.js with a list of the files
of this build."""

import hashlib
import json
import re
from pathlib import Path

from .scripts import PAGE

CORE = (
    "index.html",
    "search.html",
    "searchindex.js",
    "_static/book.css",
    "_static/text.woff2",
    "_static/math.woff2",
    "_static/scripts-*/page/book.js",
    "_static/scripts-*/page/search.js",
)
# Sphinx writes many files that no page uses. A reader's browser asks only for these, and for the scripts that the pages
# name.
WANTED = (
    "*.html",
    "searchindex.js",
    "chapters/**/*.html",
    "_images/*",
    "_static/*.woff2",
    "_static/favicon.svg",
    "_static/book.css",
    "_static/scripts-*/**/*.*",
    "_sources/chapters/*.ipynb",
)
SCRIPT = re.compile(r'<script\b[^>]* src="(?:\.\./)*(_static/[\w./-]+)')


def course(site):
    """Return the addresses of all files that readers need, relative to the site, sorted."""
    found = {path.relative_to(site).as_posix() for pattern in WANTED for path in site.glob(pattern)}
    return sorted(
        found
        | {
            script
            for name in found
            if name.endswith(".html")
            for script in SCRIPT.findall((site / name).read_text(encoding="utf8"))
        }
    )


def worker(site):
    """Return the text of sw.js for a built site: the list of files, then frontend/page/sw.js."""
    names = course(site)
    version = hashlib.sha256()
    for name in names:
        version.update(name.encode() + b"\0" + (site / name).read_bytes())
    files = {
        "version": version.hexdigest()[:12],
        # stored at once: the files that every page needs
        "core": [path.relative_to(site).as_posix() for name in CORE for path in site.glob(name)],
        "course": names,  # stored when a reader stays for a while: all pages, pictures and demos
        # sw.js deletes stored files of python/ that are not below these names
        "python": sorted(path.name for path in site.glob("python/*")),
    }
    source = (PAGE / "sw.js").read_text(encoding="utf8")
    return f"self.COURSE = {json.dumps(files, separators=(',', ':'))};\n{source}"


def write(app, exception):
    if not exception and app.builder.format == "html":
        site = Path(app.outdir)
        (site / "sw.js").write_text(worker(site), encoding="utf8")


def setup(app):
    app.connect("build-finished", write, priority=990)  # runs last, when all other files have been written
