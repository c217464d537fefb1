"""Measure how long Python in the page takes to answer, and how many bytes it needs.

    python benchmarks/inpage.py [--times 3]

The same cell, which needs only NumPy, runs in a chapter of the built site and in the site's JupyterLite: with the same
files, server and browser, one after the other. The server counts the bytes that it sends. Seconds and bytes are
medians. There are two times: from the press of Run, and from the opening of the page. In JupyterLite, Run is pressed
when the notebook is shown; the kernel has begun to start by then.
"""

import argparse
import os
import sys
import threading
import time
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

from website.make.serve import Handler

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CELL = "import numpy as np\nprint(np.arange(7) @ np.arange(7), 'by NumPy')"
SAID = "91 by NumPy"
CHAPTER = "update_rule"


class Counted:
    """A file that counts, in `server.sent`, the bytes that are written to it. kind() returns the name under which
    they are counted."""

    def __init__(self, file, server, kind):
        self.file, self.server, self.kind = file, server, kind

    def write(self, data):
        self.server.sent[self.kind()] = self.server.sent.get(self.kind(), 0) + len(data)
        return self.file.write(data)

    def __getattr__(self, name):
        return getattr(self.file, name)


class Counting(Handler):
    """The server of the book, which also counts the bytes that it sends, in `server.sent`: {top folder: bytes}."""

    def setup(self):
        super().setup()
        self.wfile = Counted(self.wfile, self.server, lambda: getattr(self, "path", "/").lstrip("/").split("/")[0])


def ours(page, address):
    """Run the measured code in place of the first cell of a chapter. Return the times (begun, pressed, answered)."""
    begun = time.perf_counter()
    page.goto(f"{address}chapters/{CHAPTER}.html")
    page.evaluate(
        """code => {
        const bar = document.querySelector(".bar[data-cell]");
        bar.source = bar.original = bar.parentElement.querySelector("pre").textContent = code;
    }""",
        CELL,
    )
    run = page.locator(".bar .run").first
    pressed = time.perf_counter()
    run.click()
    page.wait_for_function(
        "said => document.querySelector('.cell:has(.bar) .cell_output')?.textContent.includes(said)", arg=SAID
    )
    return begun, pressed, time.perf_counter()


def lite(page, address):
    """Run the measured code in a new cell of the same chapter in JupyterLite. Return the times (begun, pressed,
    answered)."""
    begun = time.perf_counter()
    page.goto(f"{address}lite/lab/index.html?path=chapters/{CHAPTER}.ipynb")
    page.locator(".jp-Notebook .jp-CodeCell").first.click()
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    page.keyboard.insert_text(CELL)
    pressed = time.perf_counter()
    page.keyboard.press("Shift+Enter")
    page.wait_for_function(
        "said => [...document.querySelectorAll('.jp-OutputArea-output')].some(e => e.textContent.includes(said))",
        arg=SAID,
    )
    return begun, pressed, time.perf_counter()


def visit(browser, server, run):
    """Visit twice with the same browser; return [(seconds from Run, seconds from opening, kB, kB of Python)], one tuple
    for each visit."""
    context, found = browser.new_context(viewport={"width": 1280, "height": 900}), []
    # tell the page to save data, so that it does not fetch the whole course after 20 seconds, which would be counted
    context.add_init_script("Object.defineProperty(navigator, 'connection', {value: {saveData: true}})")
    for _ in range(2):
        page = context.new_page()
        page.set_default_timeout(300_000)
        server.sent.clear()
        begun, pressed, answered = run(page, server.address)
        sent = dict(server.sent)
        found.append((answered - pressed, answered - begun, sum(sent.values()) / 1000, sent.get("python", 0) / 1000))
        page.wait_for_timeout(1500)  # wait until the service worker has stored its files
        page.close()
    context.close()
    return found


def main(times=3):
    site = ROOT / "_build/html"
    if not (site / "lite").is_dir() or not (site / "python").is_dir():
        print("There is no built site with Python and JupyterLite here: make book")
        return None
    from conftest import browser_path

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Counting, directory=str(site)))
    server.daemon_threads, server.sent, server.address = True, {}, f"http://127.0.0.1:{server.server_port}/"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    seen = {"page": [], "JupyterLite": []}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path(), args=FLAGS + ["--no-sandbox"] * (os.geteuid() == 0)
        )
        for _ in range(times):  # the page and JupyterLite take turns, so that the load of the machine affects both
            for name, run in (("page", ours), ("JupyterLite", lite)):
                seen[name].append(visit(browser, server, run))
        browser.close()
    server.shutdown()
    print(
        f"{'':26}{'from Run':>10}{'from open':>11}{'kB':>9}{'of Python':>11}   (median of {times}, load {os.getloadavg()[0]:.1f})"
    )
    table = {}
    for name, runs in seen.items():
        for number, which in enumerate(("first visit", "second visit")):
            table[name, number] = row = [median(run[number][k] for run in runs) for k in range(4)]
            print(f"  {name + ', ' + which:24}{row[0]:9.1f}s{row[1]:10.1f}s{row[2]:9.0f}{row[3]:11.0f}")
    for number, which in enumerate(("first visit", "second visit")):
        ratio = [a / b for a, b in zip(table["page", number], table["JupyterLite", number]) if b]
        print(f"  {'page / JupyterLite, ' + which:34}" + "".join(f"{r:9.2f}" for r in ratio[:3]))
    return table


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=3)
    main(**vars(parser.parse_args()))
