"""What the browser tests of the site share: a test that takes `address` runs once for each page of the book."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import yaml


def files(part):
    """Every `root:` and `file:` in a piece of the contents, in order."""
    if isinstance(part, list):
        return [name for one in part for name in files(one)]
    if isinstance(part, dict):
        return [part[key] for key in ("root", "file") if key in part] + [
            name for value in part.values() for name in files(value)
        ]
    return []


# told from the contents, not from the built site: a page that was not built is a failure, not a test less
CONTENTS = yaml.safe_load(Path(__file__).parents[2].joinpath("_toc.yml").read_text(encoding="utf8"))
ADDRESSES = [f"{name}.html" for name in files(CONTENTS)] + ["search.html?q=gradient"]


def pytest_generate_tests(metafunc):
    if "address" in metafunc.fixturenames:
        metafunc.parametrize("address", ADDRESSES)


@pytest.fixture
def open_page(new_page):
    """open_page(address, **options of new_page): a page that has loaded, scrolled to its end once so that all of it is there."""

    def load(address, **options):
        page = new_page(**options)
        page.goto(address)
        page.wait_for_load_state("networkidle")
        # a frame, or a tenth of a second: now and then Chromium draws no frame of a page, and `evaluate` would wait for ever
        page.evaluate("""async () => {
            const frame = () => Promise.race([new Promise(requestAnimationFrame), new Promise(go => setTimeout(go, 100))]);
            for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight) {
                scrollTo({top: y, behavior: "instant"});
                await frame();
            }
            scrollTo({top: 0, behavior: "instant"});
        }""")
        page.wait_for_load_state("networkidle")
        return page

    return load


@pytest.fixture
def elsewhere():
    """The address of another host, which would answer anybody, and the list of who asked."""
    asked = []

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *args):
            pass

    with HTTPServer(("127.0.0.1", 0), Answers) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{other.server_port}/", asked
        other.shutdown()
