"""Say in each page what it may load and run (Content-Security-Policy): from this host, and nothing else.

The policy names the one inline script by its hash; any other inline script does not run, and fails the tests.
WebAssembly may be compiled (for Python in the page), but a script may not run a string as code. Inline styles are
allowed: formulas and verdicts need some, and under this policy a style cannot load anything from elsewhere or send
anything there.
"""

import base64
import hashlib
import re
from html.parser import HTMLParser

from sphinx.util import logging

logger = logging.getLogger(__name__)


def hashed(script):
    """Return the hash that names an inline script in a policy."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def policy(*scripts):
    """Return the policy of a page with these inline scripts."""
    return "; ".join(
        [
            "default-src 'self'",
            " ".join(["script-src 'self' 'wasm-unsafe-eval'", *map(hashed, scripts)]),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",  # pictures that a cell draws
            "connect-src 'self' blob:",  # the page stops a running cell by means of a blob: see frontend/page/worker.js
            # a worker that is loaded from a blob obeys this policy; one that is loaded from an address would not
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
        ]
    )


# ---- what the policy blocks in a page that an author wrote

LOADS = {"src", "srcset", "data", "poster"}  # attributes that make an element load something
SCRIPTS = {None, "", "module", "text/javascript", "application/javascript"}
WIDGET = "application/vnd.jupyter.widget-view+json"


class Blocked(HTMLParser):
    """Read a piece of HTML and collect in `found` a sentence about each thing that the policy blocks."""

    def __init__(self, body):
        super().__init__()
        self.found = []
        self.feed(body)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        for name, value in attributes:
            value = (value or "").strip()
            if name in LOADS and elsewhere(value) or tag == "link" and name == "href" and elsewhere(value):
                self.say(
                    f"<{tag}> loads {value[:80]} from another host, which no reader's browser will do: put the file beside the chapter"
                )
            elif name.startswith("on"):
                self.say(f"{name}= in <{tag}> will not run: a page runs no script that stands in it")
            elif value.lower().startswith("javascript:"):
                self.say(f"<{tag}> leads to a script, which will not run")
            elif name == "style" and re.search(r"url\(\s*['\"]?\s*(https?:)?//", value, re.IGNORECASE):
                self.say(f"the style of <{tag}> loads from another host, which no reader's browser will do")
        if tag == "script" and given.get("type") == WIDGET:
            self.say(
                "an ipywidget needs a kernel and does nothing on a page: show a picture in its place, or make it a demo"
            )
        elif tag == "script" and "src" not in given and given.get("type") in SCRIPTS:
            self.say("a script that stands in the page will not run: it must be a file, added with app.add_js_file")

    def say(self, sentence):
        if sentence not in self.found:
            self.found.append(sentence)


def elsewhere(address):
    return bool(re.match(r"(https?:)?//", address, re.IGNORECASE))


def warn(app, pagename, templatename, context, doctree):
    for sentence in Blocked(context.get("body") or "").found:
        logger.warning(sentence, location=pagename, type="policy")
    for script in context.get("script_files", []):
        if elsewhere(str(script.filename or "")):
            logger.warning(
                f"the script {script.filename} comes from another host, and will not be loaded",
                location=pagename,
                type="policy",
            )


def setup(app):
    app.connect("html-page-context", warn, priority=901)  # runs when the page has all its scripts
