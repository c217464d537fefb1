"""Measure the speed of the demos:  python benchmarks/demos.py [--no-manager]

One run of headless Chromium gives three tables: the JavaScript work in a frame; ten demos on a page, loaded by our
loader and by the standard widget manager; and the memory in use after 2,000 interactions. The widget manager comes from
npm (html-manager, requirejs), and is kept in .cache.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

from gdcourse import demos
from gdcourse.demos.engine import STATIC

ROOT = Path(__file__).resolve().parents[1]
MANAGER = ROOT / ".cache/widget-manager"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# (what the reader does, demo, JavaScript that maps k = 0 … 299 to settings, target: milliseconds at most)
FRAMES = [
    ("slider", "FindTheEdge", "k => ({lr: 0.01 + 0.002 * (k % 290)})", 3),
    ("drag", "FindTheEdge", "k => ({x: 4 * Math.cos(k / 9), y: 4 * Math.sin(k / 7)})", 3),
    ("slider, diverging", "FindTheEdge", "k => ({lr: 0.5 + 0.1 * (k % 30)})", 3),
    ("slider, 11 directions", "FindTheEdge", "k => ({problem: 'diabetes', lr: 1e-7 * (k % 300)})", 3),
    ("slider", "BeTheOptimiser", "k => ({revealed: 3, lr: 0.004 * (k % 270)})", 3),
    ("drag", "TuneThePendulum", "k => ({mode: 'one', step: 0.01 * (k % 300), beta: 0.003 * (k % 300)})", 3),
    ("ball, a step with its arrows", "TuneThePendulum", "k => ({mode: 'ball', beta: 0.003 * (k % 300)})", 3),
    ("slider, 750 steps", "TuneThePendulum", "k => ({mode: 'valley', lr: 1e-4 * (k % 300)})", 3),
    ("slider, 1000 steps", "BreakAdam", "k => ({scale: 1 + k})", 3),
    ("slider, 200 steps", "WatchItLearn", "k => ({lr: 0.01 * (k % 200), step: 20})", 3),
    ("slider, arrows of rows", "SGDPath", "k => ({batch: 1 + (k % 64), step: 20})", 3),
    ("slider, two runners", "Playground", "k => ({landscape: 'turned', steps: 500, lr1: 1e-5 * (k % 300)})", 3),
    (
        "own formula",
        "Playground",
        "k => ({landscape: 'formula', formula: 'x^2 + 3*y^2 + sin(x*y)', x: 0.01 * (k % 300)})",
        3,
    ),
    ("race, six methods", "Race", "k => ({step: 1 + (k % 300), pick: 'gd'})", 3),
    ("slider", "Fog", "k => ({angle: k % 360})", 3),
    ("slider", "Steepest", "k => ({norm: 'inf', angle: k % 360})", 3),
    ("slider", "ThreeNorms", "k => ({norm: 'spectral', angle: k % 360})", 3),
    ("drag", "BeatTheAverage", "k => ({intercept: 150 + 40 * Math.cos(k / 9), slope: 30 * Math.sin(k / 7)})", 3),
    ("slider", "HowNoisy", "k => ({batch: 1 + (k % 442)})", 3),
    ("drag, 2000 steps", "LandSoftly", "k => ({schedule: 'drawn', shown: 2000, p2: 0.001 * (k % 300)})", 3),
    ("slider", "RoundTheBowl", "k => ({repair: 'scaled', rho: -0.9 + 0.006 * (k % 300)})", 3),
    ("patient and tests", "Clinic", "k => ({patient: 'ABCDEF'[k % 6], ordered: 'Av Al Ar Bv Bl Br'})", 3),
    ("slider, 2000 steps", "DropAHypothesis", "k => ({rate: 0.01 + 0.006 * (k % 300)})", 3),
    (
        "slider, 2000 noisy steps",
        "DropAHypothesis",
        "k => ({exact: false, axis: 'log', rate: 0.01 + 0.006 * (k % 300)})",
        3,
    ),
    ("slider", "ReadTheCurve", "k => ({sweep: true, lr: 10 ** (-3 + (k % 40) / 10)})", 3),
    ("slider", "TwentyLayers", "k => ({gain: 0.25 + 0.03 * (k % 300)})", 5),
    ("slider", "EdgeOfStability", "k => ({lr: 0.05 * (1 + (k % 12))})", 3),
    ("training, a step a frame", "WatchANetworkLearn", "k => ({points: 'moons', units: 8, step: k})", 5),
    ("slider", "TooSmall", "k => ({h: 10 ** (-1 - (k % 150) / 10)})", 3),
    ("landscape turns, 2000 steps", "BreakAdam", "k => ({mode: 'valley', angle: (k * 7) % 90})", 8),
    ("landscape changes", "FindTheEdge", "k => ({problem: k % 2 ? 'four_points' : 'bowl', lr: 0.1})", 8),
    (
        "landscape changes",
        "Race",
        "k => ({landscape: ['bowl', 'turned', 'banana', 'flat', 'noisy'][k % 5], step: 300, pick: 'gd'})",
        8,
    ),
]

# animations: (what moves, demo, JavaScript that starts it, target: milliseconds at most)
RUNS = "BeTheOptimiser BreakAdam EdgeOfStability FindTheEdge HowNoisy Playground Race RoundTheBowl SGDPath TuneThePendulum TwentyLayers WatchItLearn"
MOTION = [
    ("the run plays", name, f"demo => {{ demo.set({before}); demo.render(); demo.play(1500); }}", 3)
    for name in RUNS.split()
    for before in [{"BeTheOptimiser": "{revealed: 3}", "BreakAdam": "{mode: 'valley', angle: 30}", "Race": "{step: 1, pick: 'gd'}"}.get(name, "{}")]
] + [
    ("a landscape becomes another", "FindTheEdge", "demo => demo.set({problem: demo.state.problem === 'bowl' ? 'four_points' : 'bowl'})", 8),
    ("a landscape becomes another", "Race", "demo => demo.set({landscape: demo.state.landscape === 'bowl' ? 'banana' : 'bowl'})", 8),
    ("a landscape becomes another", "Playground", "demo => demo.set({landscape: 'formula', formula: demo.state.formula === 'x^2' ? 'x^2 + y^2 + 3*cos(2*x)' : 'x^2'})", 8),
]  # fmt: skip


def element(name, number):
    cls = getattr(demos, name)
    demo = cls()
    data = json.dumps({"words": cls.spoken(), "state": demo.settings}, ensure_ascii=False).replace("</", "<\\/")
    demo.close()
    return f'<gdc-demo id="{name}-{number}" style="display:block;min-height:800px"><script type="application/json">{data}</script></gdc-demo>'


def page_of_ours(folder, names, lazy=True, file=""):
    shutil.copytree(STATIC, Path(folder, "demos"), dirs_exist_ok=True)
    for name in ("demos.js", "log.js"):
        Path(folder, "page").mkdir(exist_ok=True)
        shutil.copy(ROOT / "frontend/page" / name, Path(folder, "page"))
    body = "".join(element(name, k) for k, name in enumerate(names))
    now = (
        ""
        if lazy
        else "<script type=module>for (const el of document.querySelectorAll('gdc-demo')) el.start();</script>"
    )
    Path(folder, file or ("ours.html" if lazy else "ours-all.html")).write_text(
        f'<!doctype html><html lang=en data-theme=light><meta charset=utf-8><title>ours</title><link rel=icon href="data:,">'
        f"<body style='max-width:760px;margin:auto'>{body}<script type=module src=page/demos.js></script>{now}</body></html>",
        encoding="utf-8",
    )  # fmt: skip


def page_of_the_manager(folder, names):
    """Write a page with the same demos, embedded in the standard way of ipywidgets. All its files come from this
    machine.

    Return how many bytes of JavaScript the page itself contains, which is the code of the widgets.
    """
    from ipywidgets.embed import embed_data

    if not (MANAGER / "node_modules/@jupyter-widgets/html-manager").exists():
        MANAGER.mkdir(parents=True, exist_ok=True)
        packages = ["@jupyter-widgets/html-manager@1.0.15", "requirejs@2.3.7", "anywidget@0.11.0"]
        subprocess.run(
            ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", MANAGER, *packages], check=True
        )
    modules = MANAGER / "node_modules"
    shutil.copy(modules / "@jupyter-widgets/html-manager/dist/embed-amd.js", folder)
    shutil.copy(modules / "requirejs/require.js", folder)
    widgets = [getattr(demos, name)() for name in names]
    data = embed_data(views=widgets, drop_defaults=False)
    module = {
        model["model_module_version"]
        for model in data["manager_state"]["state"].values()
        if model["model_module"] == "anywidget"
    }.pop()
    target = Path(folder, f"cdn/anywidget@{module}/dist")
    target.mkdir(parents=True)
    shutil.copy(Path(sys.prefix, "share/jupyter/nbextensions/anywidget/index.js"), target / "index.js")
    state = json.dumps(data["manager_state"]).replace("</", "<\\/")
    views = "".join(
        f'<div style="min-height:800px"><script type="application/vnd.jupyter.widget-view+json">{json.dumps(view)}</script></div>'
        for view in data["view_specs"]
    )
    Path(folder, "manager.html").write_text(
        f'<!doctype html><html lang=en data-theme=light><meta charset=utf-8><title>manager</title><link rel=icon href="data:,">'
        f"<body style='max-width:760px;margin:auto'><script src=require.js></script>"
        f'<script src=embed-amd.js data-jupyter-widgets-cdn="/cdn/" data-jupyter-widgets-cdn-only></script>'
        f'<script type="application/vnd.jupyter.widget-state+json">{state}</script>{views}</body></html>',
        encoding="utf-8",
    )  # fmt: skip
    for widget in widgets:
        widget.close()
    return sum(len(model["state"].get("_esm", "").encode()) for model in data["manager_state"]["state"].values())


class Quiet(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # as on any host, one connection serves many files
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".js": "text/javascript"}

    def log_message(self, *_):
        pass


READY = """(names) => { const all = [];
  const look = root => { for (const el of root.querySelectorAll('*')) { if (el.demo?.drawn) all.push(el); if (el.shadowRoot && !el.demo) look(el.shadowRoot); } };
  look(document); return all.length; }"""


def until(page, count):
    """Wait until `count` demos on the page are drawn; return the milliseconds since the page was opened."""
    page.wait_for_function(f"() => ({READY})() >= {count}", timeout=60000, polling=4)
    return page.evaluate("performance.now()")


def scripts(page):
    """Return how many bytes of JavaScript the page has loaded as files."""
    return page.evaluate(
        "performance.getEntriesByType('resource').filter(e => /\\.js(\\?|$)/.test(e.name)).reduce((s, e) => s + e.decodedBodySize, 0)"
    )


# measure every callback of a frame, and add up the times for each frame
TIMED = """window.spent = new Map(); const raf = requestAnimationFrame;
window.requestAnimationFrame = f => raf(t => { const began = performance.now(); f(t); spent.set(t, (spent.get(t) || 0) + performance.now() - began); });"""


def opened(browser, address, name):
    page = browser.new_page(viewport={"width": 1000, "height": 900})
    page.add_init_script(TIMED)
    page.goto(address + "each.html")
    page.evaluate("name => document.querySelector(`gdc-demo[id^=${name}-]`).scrollIntoView()", name)
    page.wait_for_function("name => document.querySelector(`gdc-demo[id^=${name}-]`).demo?.drawn", arg=name)
    page.wait_for_timeout(400)
    return page


def row(name, what, times, limit):
    middle, slow = median(times), sorted(times)[int(0.95 * len(times))]
    print(
        f"  {name + ': ' + what:50}{middle:10.2f}{slow:10.2f}{limit:9} {'MISSED' if middle > limit else ''}", flush=True
    )


def frames(browser, address):
    print(f"{'JavaScript work of a frame':52}{'median ms':>10}{'95 % ms':>10}{'at most':>9}")
    for what, name, changes, limit in FRAMES:
        page = opened(browser, address, name)
        times = page.evaluate(
            """async ([name, code]) => { const { demo } = document.querySelector(`gdc-demo[id^=${name}-]`), change = eval(code), times = [];
            for (let k = 0; k < 330; k++) {
              demo.set(change(k));
              const began = performance.now();
              demo.render();
              times.push(performance.now() - began);
              await new Promise(requestAnimationFrame);
            }
            return times.slice(30); }""",
            [name, changes],
        )
        page.close()
        row(name, what, times, limit)
    for what, name, start, limit in MOTION:
        page = opened(browser, address, name)
        times = page.evaluate(
            """async ([name, code]) => { const { demo } = document.querySelector(`gdc-demo[id^=${name}-]`), start = eval(code), times = [];
            for (let k = 0; k < 5; k++) {
              await new Promise(go => setTimeout(go, 700));
              spent.clear();
              start(demo);
              const began = performance.now();
              do await new Promise(requestAnimationFrame); while (performance.now() - began < 300 || demo.playing);
              if (k) times.push(...spent.values());
            }
            return times; }""",
            [name, start],
        )
        page.close()
        row(name, what, times, limit)


def against_the_manager(browser, address, embedded, rounds=5):
    print(f"\n{'Ten demos on a page':44}{'first, ms':>10}{'all, ms':>10}{'JS files, kB':>14}{'JS in all, kB':>14}")
    rows = {}
    for _ in range(rounds):
        for name in ("ours.html", "ours-all.html", "manager.html"):
            context = browser.new_context(viewport={"width": 1000, "height": 900})
            page = context.new_page()
            page.goto(address + name, wait_until="commit")
            first = until(page, 1)
            every = float("nan") if name == "ours.html" else until(page, 10)
            rows.setdefault(name, []).append((first, every, scripts(page)))
            context.close()
    table = {name: [median(column) for column in zip(*runs, strict=True)] for name, runs in rows.items()}
    for name, (first, every, fetched) in table.items():
        told = {
            "ours.html": "ours, each when it comes near",
            "ours-all.html": "ours, all at once",
            "manager.html": "standard widget manager",
        }[name]
        total = fetched + (embedded if name == "manager.html" else 0)
        print(f"  {told:42}{first:10.0f}{every:10.0f}{fetched / 1000:14.0f}{total / 1000:14.0f}")
    near, ours, theirs = table["ours.html"], table["ours-all.html"], table["manager.html"]
    time, bytes_ = theirs[0] / near[0], (theirs[2] + embedded) / near[2]
    print(
        f"  what is in view answers {time:.1f} times as fast (at least 2) {'MISSED' if time < 2 else ''}; all ten, drawn at once, {theirs[1] / ours[1]:.1f} times"
    )
    print(
        f"  the manager needs {bytes_:.1f} times the JavaScript (at least 20) {'MISSED' if bytes_ < 20 else ''}; files alone {theirs[2] / near[2]:.1f} times"
    )


def memory(browser, address):
    page = browser.new_page(viewport={"width": 1000, "height": 900})
    page.goto(address + "ours.html")
    until(page, 1)
    devtools = page.context.new_cdp_session(page)

    def used():
        devtools.send("HeapProfiler.collectGarbage")
        return devtools.send("Runtime.getHeapUsage")["usedSize"], page.evaluate(
            "document.querySelector('gdc-demo').shadowRoot.querySelectorAll('*').length"
        )

    play = """async n => { const { demo } = document.querySelector('gdc-demo');
      for (let k = 0; k < n; k++) { demo.set({ lr: 0.01 + 0.001 * (k % 590), x: 4 * Math.cos(k) }); demo.render(); if (k % 20 === 0) await new Promise(requestAnimationFrame); }
      demo.set({ lr: 0.1, x: 3 }); demo.render(); }"""
    page.evaluate(play, 2000)  # a first round, which is not measured: the browser compiles and caches code during it
    before = used()
    page.evaluate(play, 2000)
    after = used()
    print(
        f"\nAfter 2,000 interactions: heap {(after[0] - before[0]) / 1000:+.0f} kB of {before[0] / 1000:.0f} kB, elements {after[1] - before[1]:+d} of {before[1]}"
    )
    page.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-manager", action="store_true", help="leave out the comparison that needs npm")
    options = parser.parse_args()
    names = ["FindTheEdge", *[n for n in demos.__all__ if n != "FindTheEdge"]]
    ten = (names * 10)[:10]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page_of_ours(folder, ten)
        page_of_ours(folder, ten, lazy=False)
        page_of_ours(folder, names, file="each.html")
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/"
        path = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        frames(browser, address)
        if options.no_manager or not shutil.which("npm"):
            print("\nTen demos on a page: not measured (needs npm)")
        else:
            against_the_manager(browser, address, page_of_the_manager(folder, ten))
        memory(browser, address)
        browser.close()
        server.shutdown()


if __name__ == "__main__":
    main()
