"""Serve the built book on this machine only:  python -m website.make.serve --port 8000"""

import argparse
import errno
import gzip
import signal
import socket
import sys
from functools import lru_cache
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from ..tree import SITE
from .build import build

COMPRESSED = {".html", ".css", ".js", ".mjs", ".json", ".svg", ".txt", ".xml", ".wasm", ".md"}


@lru_cache(maxsize=512)
def squeezed(path, changed):
    """The gzipped bytes of a file, made once per version of it."""
    return gzip.compress(Path(path).read_bytes(), mtime=0)


class Handler(SimpleHTTPRequestHandler):
    """Files as a public host sends them: compressed, with the right types, revalidated; the log keeps quiet."""

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

    def send_head(self):
        path = Path(self.translate_path(self.path))
        if path.is_dir() and self.path.split("?")[0].endswith("/"):
            path = path / "index.html"
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
        body = squeezed(str(path), changed)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", tag)
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
    """Answers on localhost only, and lets go of its threads when it stops."""

    daemon_threads = True

    def __init__(self, site, port=0):
        super().__init__(("127.0.0.1", port), lambda *args: Handler(*args, directory=str(site)))

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}/"

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], ConnectionError):  # a reader who closes a tab is no error
            super().handle_error(request, client_address)


def free_port_after(port):
    """The next port on which nobody listens."""
    for candidate in range(port + 1, 65536):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", candidate)):
                return candidate
    return 0


def main():
    parser = argparse.ArgumentParser(prog="make serve", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    port = parser.parse_args().port
    try:
        server = Server(SITE, port)  # taken before the build: nobody waits a minute to hear that it is busy
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
        print(f"\nThe course is at  {server.address}  (Ctrl-C stops)", flush=True)
        server.serve_forever()
    except KeyboardInterrupt:
        print("\nStopped.")
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        server.server_close()


if __name__ == "__main__":
    main()
