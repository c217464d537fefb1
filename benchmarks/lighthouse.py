"""Run Lighthouse on the built pages, desktop and mobile, and print one table.

    python benchmarks/lighthouse.py [page …] [--runs 3]

This needs Node's npx and a Chromium, and fetches the npm package lighthouse in the version below. Scores are medians
over the runs, because on a busy machine the performance score varies by some points.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

LIGHTHOUSE = "lighthouse@13.5.0"
ROOT = Path(__file__).resolve().parents[1]
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
CHROME = "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"


def browser():
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    found = os.environ.get("BROWSER_PATH") or next(filter(None, map(shutil.which, names)), None)
    return found or sys.exit("No browser found: install chromium, or name one:  BROWSER_PATH=/path/to/chrome")


def audit(address, form, chrome, folder):
    """Run Lighthouse once; return (scores of CATEGORIES, other numbers of the table, names of the audits that lost
    points)."""
    report = Path(folder, "report.json")
    command = [
        "npx",
        "--yes",
        LIGHTHOUSE,
        address,
        "--quiet",
        "--output=json",
        f"--output-path={report}",
        f"--chrome-flags={CHROME}",
        f"--only-categories={','.join(CATEGORIES)}",
    ] + (["--preset=desktop"] if form == "desktop" else [])
    subprocess.run(
        command,
        check=True,
        env={**os.environ, "CHROME_PATH": chrome},
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    told = json.loads(report.read_text())
    if told.get("runtimeError"):
        raise RuntimeError(told["runtimeError"]["message"])
    scores = [round(100 * (told["categories"][name]["score"] or 0)) for name in CATEGORIES]
    audits = told["audits"]
    numbers = [
        audits[name]["numericValue"]
        for name in ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time")
    ]
    shift = audits["cumulative-layout-shift"]["numericValue"]
    asked = audits["network-requests"]["details"]["items"]
    weight = sum(item.get("transferSize", 0) for item in asked) / 1000
    # a page marked noindex loses the points for is-crawlable on purpose
    lost = [
        name
        for name, one in audits.items()
        if one.get("score") is not None and one["score"] < 0.9 and one["scoreDisplayMode"] in ("binary", "numeric")
    ]
    return scores, [*numbers, shift, weight, len(asked)], lost


def pages():
    return sorted(
        path.relative_to(ROOT / "_build/html").as_posix()
        for path in (ROOT / "_build/html").rglob("*.html")
        if "_static" not in path.parts
    )


def main():
    from website.make.build import build
    from website.make.serve import Server

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", nargs="*", help="such as index or chapters/loss (default: all)")
    parser.add_argument("--runs", type=int, default=1, help="how many runs a median is taken of (default: %(default)s)")
    parser.add_argument("--form", choices=["desktop", "mobile"], action="append", help="default: both")
    options = parser.parse_args()
    if not shutil.which("npx"):
        return print("Lighthouse: not measured (needs Node's npx)")
    chrome = browser()
    site = build()
    known = pages()
    chosen = [page if page.endswith(".html") else f"{page}.html" for page in options.page] or known
    unknown = set(chosen) - set(known)
    if unknown:
        parser.error(f"no such page: {', '.join(sorted(unknown))}. There are {', '.join(known[:3])}, …")
    print(
        f"{'page':36}{'form':9}{'perf':>5}{'a11y':>5}{'best':>5}{'seo':>5}{'FCP ms':>8}{'LCP ms':>8}{'TBT ms':>8}{'CLS':>7}{'kB':>7}{'requests':>9}"
    )
    with Server(site) as server, tempfile.TemporaryDirectory() as folder:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for page in chosen:
            for form in options.form or ("desktop", "mobile"):
                runs = [audit(server.address + page, form, chrome, folder) for _ in range(options.runs)]
                scores = [round(statistics.median(column)) for column in zip(*(run[0] for run in runs))]
                numbers = [statistics.median(column) for column in zip(*(run[1] for run in runs))]
                print(
                    f"{page:36}{form:9}"
                    + "".join(f"{score:5}" for score in scores)
                    + "{:8.0f}{:8.0f}{:8.0f}{:7.3f}{:7.0f}{:9.0f}".format(*numbers)
                    + "  "
                    + " ".join(runs[-1][2]),
                    flush=True,
                )
        server.shutdown()


if __name__ == "__main__":
    main()
