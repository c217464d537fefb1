"""The course without a network: a service worker (theme/sw.js) that knows the files of this build."""
import hashlib
import json
from pathlib import Path

from .theme import THEME

CORE = ("index.html", "search.html", "searchindex.js", "_static/book.css", "_static/book.js", "_static/search.js", "_static/text.woff2", "_static/math.woff2")
# beside the pages Sphinx leaves many files that no page of ours loads; these are what a reader's browser may ask for
WANTED = ("*.html", "searchindex.js", "chapters/**/*.html", "_images/*", "_static/demos/*", "_static/*.woff2", "_static/favicon.svg",
          "_static/book.*", "_static/search.js", "_static/progress.js", "_static/landing.js", "_static/quiz.js", "_static/design-tabs.js", "_static/inpage/*", "_sources/chapters/*.ipynb")


def course(site):
    """The files of the course, as addresses relative to the site, in order."""
    return sorted({path.relative_to(site).as_posix() for pattern in WANTED for path in site.glob(pattern)})


def worker(site):
    """The text of sw.js for a built site."""
    names = course(site)
    version = hashlib.sha256()
    for name in names:
        version.update(name.encode() + b"\0" + (site / name).read_bytes())
    text = (THEME / "sw.js").read_text(encoding="utf8")
    for word, value in (("VERSION", version.hexdigest()[:12]), ("CORE", json.dumps(CORE)), ("COURSE", json.dumps(names, separators=(",", ":"))),
                        ("PYTHON", json.dumps(sorted(path.name for path in site.glob("python/*"))))):
        text = text.replace(f"%{word}%", value)
    return text


def write(app, exception):
    if not exception and app.builder.format == "html":
        site = Path(app.outdir)
        (site / "sw.js").write_text(worker(site), encoding="utf8")


def setup(app):
    app.connect("build-finished", write, priority=990)  # when all other files stand
