"""Serve the book on this machine only, and build it again when a chapter changes:  python -m website.make.serve --port 8000"""

import argparse
import errno
import gzip
import signal
import socket
import sys
import threading
from functools import lru_cache
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from watchfiles import watch

from ..tree import ROOT, SITE
from .build import PAGES, build

COMPRESSED = {".html", ".css", ".js", ".mjs", ".json", ".svg", ".txt", ".xml", ".wasm", ".md"}


# Under `make serve`, each open page requests this address. The server answers when the book has been built again.
CHANGES = "/-/changes"
RELOAD = """(async function ask() {
  try { if (await (await fetch("ADDRESS")).text()) return location.reload(); } catch { await new Promise((go) => setTimeout(go, 2000)); }
  ask();
})();
""".replace("ADDRESS", CHANGES)


@lru_cache(maxsize=512)
def squeezed(path, changed, reloads=False):
    """Return the gzipped bytes of a file, compressed once for each version of the file. changed: the time of the file's
    last change; reloads: add the script that reloads the page after a change."""
    content = Path(path).read_bytes()
    if reloads:
        content = content.replace(b"</body>", f'<script src="{CHANGES}.js" defer></script></body>'.encode())
    return gzip.compress(content, mtime=0)


class Handler(SimpleHTTPRequestHandler):
    """Send files as a public host does: compressed and with the right types. Browsers must ask at each visit whether a
    file has changed. Requests are not logged."""

    protocol_version = "HTTP/1.1"
    extensions_map = {
        **SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
        ".woff2": "font/woff2",
        ".svg": "image/svg+xml",
        ".ipynb": "application/json",
        ".webmanifest": "application/manifest+json",
    }

    @property
    def watched(self):
        """Whether the pages reload after changes. This is so under `make serve`; other servers use this class, too."""
        return getattr(self.server, "watched", False)

    def do_GET(self):
        if self.watched and self.path == CHANGES:
            self.answer_when_rebuilt()
        elif self.watched and self.path == f"{CHANGES}.js":
            self.send_text(RELOAD, "text/javascript")
        else:
            super().do_GET()

    def answer_when_rebuilt(self):
        """Answer when the book has been built again, or after half a minute with an empty text."""
        with self.server.rebuilt:
            changed = self.server.rebuilt.wait(timeout=30)
        self.send_text("changed" if changed else "", "text/plain")

    def send_text(self, text, kind):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def send_head(self):
        path = Path(self.translate_path(self.path))
        if path.is_dir() and self.path.split("?")[0].endswith("/"):
            path = path / "index.html"
        if not path.exists() and (Path(self.directory) / "404.html").is_file():
            return self.missing((Path(self.directory) / "404.html").read_bytes())
        accepts = "gzip" in self.headers.get("Accept-Encoding", "")
        if not (accepts and path.suffix in COMPRESSED and path.is_file()):
            return super().send_head()
        changed = path.stat().st_mtime_ns
        tag = f'"{changed:x}"'
        if self.headers.get("If-None-Match") == tag:
            self.send_response(304)
            self.send_header("ETag", tag)
            self.end_headers()
            return None
        body = squeezed(str(path), changed, self.watched and path.suffix == ".html")
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", tag)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        return None

    def missing(self, body):
        """Send 404.html, as a public host does for an address without a page."""
        self.send_response(404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        return None

    def end_headers(self):
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, *args):
        pass


class Server(ThreadingHTTPServer):
    """A server that answers on localhost only and does not wait for its threads when it stops."""

    daemon_threads = True

    def __init__(self, site, port=0, watched=False):
        self.watched, self.rebuilt = watched, threading.Condition()
        super().__init__(("127.0.0.1", port), lambda *args: Handler(*args, directory=str(site)))

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}/"

    def handle_error(self, request, client_address):
        # when a reader closes a tab, the connection breaks, which is no error
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def free_port_after(port):
    """Return the first port above `port` that no program uses; 0 if there is none."""
    for candidate in range(port + 1, 65536):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", candidate)):
                return candidate
    return 0


def build_again(server):
    """Build the book after each change of its sources, and tell the open pages. If a build fails, print why and wait
    for the next change."""
    for _ in watch(*(ROOT / name for name in (*PAGES, "exercises", "facts", "gdcourse")), debounce=400):
        try:
            build()
        except SystemExit as failure:
            print(failure, flush=True)
            continue
        with server.rebuilt:
            server.rebuilt.notify_all()


def main():
    parser = argparse.ArgumentParser(prog="make serve", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    port = parser.parse_args().port
    try:
        # take the port before the build, so that nobody waits for a build only to read that the port is in use
        server = Server(SITE, port, watched=True)
    except (OSError, OverflowError) as error:
        if getattr(error, "errno", None) == errno.EADDRINUSE:
            raise SystemExit(
                f"Port {port} is in use by another program: choose another, "
                f"for example  make serve PORT={free_port_after(port)}"
            ) from None
        raise SystemExit(
            f"Port {port} cannot be used ({error}): choose another, for example  make serve PORT=8001"
        ) from None
    try:
        build()
        print(f"\nThe course is at  {server.address}  (a changed chapter is built again; Ctrl-C stops)", flush=True)
        threading.Thread(target=build_again, args=[server], daemon=True).start()
        server.serve_forever()
    except KeyboardInterrupt:
        print("\nStopped.")
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        server.server_close()


if __name__ == "__main__":
    main()
