"""The book in Firefox, driven by WebDriver BiDi, which both need nothing else for. Skipped where there is no Firefox.

All other browser tests run in Chromium; this one asks whether what they found is true elsewhere: pages stand, a demo moves, *Run* runs.
"""

import base64
import itertools
import json
import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

websocket = pytest.importorskip("websocket")  # comes with Jupyter
BROWSER = shutil.which("firefox-esr") or shutil.which("firefox")
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Firefox:  sudo apt-get install firefox-esr")

# Firefox writes this when it ends a service worker that had no processor time for long; it then loads the page from the
# network. An error of the service worker's own code has other words.
STARVED = "A ServiceWorker intercepted the request and encountered an unexpected error"

PAGES = ("index.html", "chapters/update_rule.html", "chapters/learning_rate.html", "chapters/momentum.html")


class Firefox:
    """One tab. `ask` evaluates JavaScript and returns what is JSON; a promise is waited for."""

    def __init__(self, folder):
        log = folder / "log.txt"
        with open(log, "w") as out:
            self.process = subprocess.Popen(
                [BROWSER, "--headless", "--no-remote", "--profile", folder, "--remote-debugging-port", "0"],
                stdout=out, stderr=out, env={**os.environ, "HOME": str(folder), "MOZ_DISABLE_AUTO_SAFE_MODE": "1"},
            )  # fmt: skip
        for _ in range(600):
            found = re.search(r"WebDriver BiDi listening on (ws://\S+)", log.read_text())
            if found or self.process.poll() is not None:
                break
            time.sleep(0.1)
        assert found, f"Firefox does not start:\n{log.read_text()[-2000:]}"
        self.line, self.numbers, self.faults = (
            websocket.create_connection(f"{found[1]}/session", timeout=120, suppress_origin=True),
            itertools.count(1),
            [],
        )
        self.call("session.new", capabilities={})
        self.call("session.subscribe", events=["log.entryAdded"])
        self.tab = self.call("browsingContext.getTree")["contexts"][0]["context"]

    def call(self, method, **params):
        number = next(self.numbers)
        self.line.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self.line.recv())
            if answer.get("method") == "log.entryAdded" and answer["params"]["level"] == "error":
                if STARVED not in answer["params"]["text"]:
                    self.faults.append(answer["params"]["text"])
            if answer.get("id") == number:
                assert answer["type"] == "success", answer
                return answer["result"]

    def go(self, address, width=1280, height=900):
        self.call("browsingContext.setViewport", context=self.tab, viewport={"width": width, "height": height})
        self.call("browsingContext.navigate", context=self.tab, url=address, wait="complete")

    def ask(self, code):
        wrapped = f"(async () => JSON.stringify(await (async () => {{ {code} }})()) ?? 'null')()"
        answer = self.call("script.evaluate", expression=wrapped, target={"context": self.tab}, awaitPromise=True)
        assert answer["type"] == "success", answer.get("exceptionDetails")
        return json.loads(answer["result"]["value"])

    def until(self, code, seconds=120):
        """Ask again and again until the answer is true."""
        ends = time.monotonic() + seconds
        while not (answer := self.ask(code)):
            assert time.monotonic() < ends, f"never true in Firefox: {code}"
            time.sleep(0.1)
        return answer

    def picture(self, path):
        """What is in view, as a PNG."""
        Path(path).write_bytes(
            base64.b64decode(self.call("browsingContext.captureScreenshot", context=self.tab)["data"])
        )

    def close(self):
        self.line.close()
        self.process.terminate()
        self.process.wait(20)


@pytest.fixture(scope="module")
def firefox(tmp_path_factory):
    running = Firefox(tmp_path_factory.mktemp("firefox"))
    yield running
    running.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_pages_stand(firefox, server, width):
    for page in PAGES:
        firefox.faults.clear()
        firefox.go(server + page, width)
        assert firefox.ask("return document.querySelector('h1').innerText.length") > 5, page
        assert firefox.ask("return document.documentElement.scrollWidth") <= width, page
        broken = (
            "return [...document.images].filter(i => i.complete && i.currentSrc && !i.naturalWidth).map(i => i.src)"
        )
        assert firefox.ask(broken) == [], page
        formulas = "return [...document.querySelectorAll('.katex')].filter(f => !f.getBoundingClientRect().width && f.offsetParent).length"
        assert firefox.ask(formulas) == 0, page
        assert firefox.faults == [], page


def test_a_demo_moves(firefox, server):
    firefox.go(server + "chapters/learning_rate.html")
    firefox.faults.clear()
    firefox.ask("document.querySelector('gdc-demo').scrollIntoView()")
    firefox.until("return !!document.querySelector('gdc-demo').demo?.drawn")
    look = "const {demo, shadowRoot} = document.querySelector('gdc-demo'); return [demo.moment, shadowRoot.querySelector('.land .line').getAttribute('d')]"
    firefox.ask("document.querySelector('gdc-demo').demo.play(1500)")
    seen = []
    for _ in range(4):
        time.sleep(0.3)
        seen.append(firefox.ask(look))
    moments = [moment for moment, _ in seen if moment is not None]  # null: Infinity, the whole run
    assert len(moments) >= 2 and moments == sorted(moments) and moments[0] < moments[-1], seen
    assert len({path for _, path in seen}) >= 3, "and so does the path on the map"
    # by hand: the slider that a key moves
    firefox.ask("""const r = document.querySelector('gdc-demo').shadowRoot.querySelector('.control input[type=range]'); r.value = 25;
        r.dispatchEvent(new Event('input', {bubbles: true}))""")
    firefox.until("const d = document.querySelector('gdc-demo').demo; return d.reached.includes('one_step') && !d.busy")
    paint = "const c = document.querySelector('gdc-demo').shadowRoot.querySelector('canvas'); return [...c.getContext('2d').getImageData(c.width >> 1, c.height >> 1, 1, 1).data]"
    assert firefox.ask(paint)[3] == 255, "the landscape is painted"
    assert firefox.faults == []


def test_run_runs(firefox, server):
    firefox.go(server + "chapters/update_rule.html")
    firefox.faults.clear()
    cell = "[...document.querySelectorAll('.cell:has(.bar)')].find(c => c.innerText.includes('w = 10.0'))"
    firefox.until(f"return !!{cell}?.querySelector('.run')")
    firefox.ask(f"{cell}.querySelector('.run').click()")
    firefox.until(f"return /^Ran in/.test({cell}.querySelector('.said').textContent)", 240)
    shown = firefox.ask(f"return {cell}.querySelector('.cell_output')?.innerText ?? ''")
    assert shown.strip(), "and shows what the cell gives"
    assert firefox.faults == []
