"""Make the Content-Security-Policy of each page: the page may load and run what comes from its own host, and nothing
else.

The policy names the inline scripts of the theme by their hashes; any other inline script does not run, and makes a test
fail. WebAssembly may be compiled, because Python in the page needs it, but no script may run a string as code. Inline
styles are allowed, because formulas and verdicts need some. Under this policy a style cannot load anything from another
host or send anything there.
"""

import base64
import hashlib
import re
from html.parser import HTMLParser

from sphinx.util import logging

logger = logging.getLogger(__name__)


def hashed(script):
    """Return the hash by which a policy allows an inline script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def policy(*scripts):
    """Return the policy of a page that has these inline scripts."""
    return "; ".join(
        [
            "default-src 'self'",
            " ".join(["script-src 'self' 'wasm-unsafe-eval'", *map(hashed, scripts)]),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",  # data: and blob: allow the pictures that a cell draws
            "connect-src 'self' blob:",  # blob: lets the page stop a running cell, see frontend/page/worker.js
            # a worker that is loaded from a blob obeys this policy; a worker that is loaded from an address would not
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
        ]
    )


# ---- warnings: what the policy blocks in the text of an author

LOADS = {"src", "srcset", "data", "poster"}  # attributes whose address the browser loads
SCRIPTS = {None, "", "module", "text/javascript", "application/javascript"}
WIDGET = "application/vnd.jupyter.widget-view+json"


class Blocked(HTMLParser):
    """Parse a piece of HTML. Collect in `found` a sentence about each thing in it that the policy blocks."""

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
    # runs after the theme (priority 900), when the page has all its scripts
    app.connect("html-page-context", warn, priority=901)
