"""Fixtures for all tests: a fixed environment, the built site, its server, a browser that records faults, and Node."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# Each kernel uses one thread, because two kernels share a small machine and because sums must have the same last digits
# everywhere.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

NO_BROWSER = (
    "No browser found. Get one with  sudo apt-get install chromium  (Debian, Ubuntu),  brew install --cask chromium  (macOS)  "
    "or  .venv/bin/playwright install chromium , or name one you have:  BROWSER_PATH=/path/to/chrome make test"
)
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# A shell makes background jobs ignore Ctrl-C, and the programs that the tests start would inherit this. Undo it here.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser):
    parser.addoption("--quick", action="store_true", help="only what needs no built book, no browser and no patience")


# `--quick` leaves out tests that use one of these fixtures, and tests that are marked `patient` (they take long).
SITE_OR_BROWSER = {"browser", "new_page", "node", "page", "server", "site"}


def pytest_collection_modifyitems(config, items):
    if config.getoption("--quick"):
        left_out = {
            item
            for item in items
            if SITE_OR_BROWSER & set(getattr(item, "fixturenames", ())) or item.get_closest_marker("patient")
        }
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]


def pytest_configure(config):
    """Make nbval compare outputs in the normal form, in which the notebooks are committed.

    The option `--nbval` runs every cell of every chapter.
    """
    if not config.getoption("nbval", False):
        return
    from nbval.plugin import IPyNbCell

    from website.make.notebooks import normal_outputs

    compare = IPyNbCell.compare_outputs

    def compare_normal(self, test, ref, skip_compare=None):
        # leave out the still picture of a demo, which the tests of the demos compare
        skipped = (*(skip_compare or self.parent.skip_compare), "image/png")
        return compare(self, normal_outputs(test, self.cell.execution_count), ref, skipped)

    IPyNbCell.compare_outputs = compare_normal


@pytest.fixture(autouse=True)
def no_figure_stays_open():
    """Close all figures after each test: matplotlib keeps open figures, and warns when there are many."""
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


@pytest.fixture(scope="session")
def node():
    """Return a function that runs JavaScript by the Node in the playwright wheel: node("console.log(1 + 1)") returns
    "2\\n".

    The code is an ES module. Relative imports in it start at `cwd` (default: the repository). Further arguments of the
    function are in `process.argv.slice(2)`. The function returns what the code printed; a JavaScript error fails the
    test.
    """
    from playwright._impl._driver import compute_driver_executable

    executable = compute_driver_executable()[0]

    def run(code, *arguments, cwd=ROOT, stdin="", timeout=60):
        # "-" stands where process.argv has the name of the script
        command = [executable, "--input-type=module", "--eval", code, "--", "-", *map(str, arguments)]
        done = subprocess.run(command, cwd=cwd, input=stdin, text=True, capture_output=True, timeout=timeout)
        if done.returncode:
            pytest.fail(f"JavaScript failed:\n{done.stderr or done.stdout}", pytrace=False)
        return done.stdout

    run.executable = executable
    return run


@pytest.fixture(scope="session")
def site():
    """The folder of the built book. If the book is not up to date, one worker builds it while the others wait."""
    done = subprocess.run([sys.executable, "-m", "website.make.build"], cwd=ROOT, text=True, capture_output=True)
    if done.returncode:
        pytest.fail("The book does not build:\n" + (done.stdout + done.stderr)[-6000:], pytrace=False)
    return ROOT / "_build/html"


@pytest.fixture(scope="session")
def server(site):
    """The address of the served book, with a slash at the end. Files are compressed, as on a public host."""
    from website.make.serve import Server

    with Server(site) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running.address
        running.shutdown()


def browser_path():
    """Return the path of a Chromium or Chrome on this machine, or None."""
    named = os.environ.get("BROWSER_PATH")
    if named:
        return named if Path(named).exists() else None
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
    found = [shutil.which(name) for name in names]
    found += [
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ]
    return next((path for path in found if path and Path(path).exists()), None)


# The browser is started once for each module, not once for the session: playwright leaves its event loop running in the
# thread, so a later test of a notebook in the same process could not start another loop.
@pytest.fixture(scope="module")
def browser():
    """A headless Chromium. If there is none, the browser tests are skipped; with CI=true they fail."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = browser_path()
        if not path and "BROWSER_PATH" not in os.environ and Path(playwright.chromium.executable_path).exists():
            path = playwright.chromium.executable_path
        if not path:
            (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(NO_BROWSER)
        sandbox = [] if os.geteuid() else ["--no-sandbox"]  # Chromium refuses to run with its sandbox as root
        running = playwright.chromium.launch(executable_path=path, args=QUIET + sandbox)
        yield running
        running.close()


@pytest.fixture
def new_page(browser, server):
    """Return a function that makes a page: new_page(viewport={"width": 390, "height": 844}, color_scheme="dark",
    has_touch=True, …).

    Relative addresses start at the served book: page.goto("index.html"). Each page has a list `faults`, which gets
    every console error, uncaught exception, failed request and request to another host. When the test ends, the lists
    must be empty. A test that provokes a fault on purpose asserts the fault and clears the list.
    """
    pages = []

    def make(**options):
        home = options.get("base_url", server)
        context = browser.new_context(**{"base_url": server, "viewport": {"width": 1280, "height": 800}, **options})
        page = context.new_page()
        page.faults = faults = []

        def asked(request):
            if not request.url.startswith((home, "data:", "blob:", "about:")):
                faults.append(f"foreign request: {request.url}")

        def answered(response):
            if response.status >= 400:
                faults.append(f"{response.status}: {response.url}")

        def failed(request):
            # leaving a page cancels its unfinished requests, which is no fault of the page
            if request.failure != "net::ERR_ABORTED":
                faults.append(f"failed request: {request.url} ({request.failure})")

        context.on("request", asked)
        context.on("response", answered)
        context.on("requestfailed", failed)
        page.on("pageerror", lambda error: faults.append(f"uncaught: {error}"))
        page.on("console", lambda line: line.type == "error" and faults.append(f"console: {line.text}"))
        pages.append(page)
        return page

    yield make
    for page in pages:
        page.context.close()
    faults = [fault for page in pages for fault in page.faults]
    if faults:
        pytest.fail("The page had faults:\n" + "\n".join(dict.fromkeys(faults)), pytrace=False)


@pytest.fixture
def page(new_page):
    """A page of 1280 × 800, light; see `new_page`."""
    return new_page()
