"""Python in the page, as a reader meets it. One page boots Python once and most tests share it, because that takes seconds."""

import gzip
import json
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

ROOT = Path(__file__).parents[2]
CHAPTER = "chapters/update_rule.html"
LONG = 120_000  # ms: on a machine that does ten things at once
LOOP = "counted = 1\nwhile True:\n    counted += 1"


class Cells:
    """A chapter open in the browser. Its cells are found by text that they contain."""

    def __init__(self, page, address=CHAPTER):
        self.page = page
        page.set_default_timeout(LONG)
        page.goto(address)
        page.wait_for_load_state("networkidle")

    def cell(self, words):
        return self.page.locator(".cell:has(.bar)", has_text=words).first

    def write(self, cell, code):
        """Type into a cell, by keyboard alone; returns the cell, which is found by its place from now on."""
        cell = self.page.locator(".cell:has(.bar)").nth(
            cell.evaluate("cell => [...document.querySelectorAll('.cell:has(.bar)')].indexOf(cell)")
        )
        if cell.locator(".edit").is_visible():
            cell.locator(".edit").focus()
            self.page.keyboard.press("Enter")
        editor = cell.locator(".editor").get_by_role("textbox")  # a demo in the cell has fields, too
        editor.wait_for()
        editor.focus()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(code)
        return cell

    def run(self, cell, keys=None):
        """Run a cell to its end: what it says then."""
        cell.locator(".said").evaluate(
            "said => { said.textContent = 'Starting'; }"
        )  # or nothing would tell that it has not begun yet
        if keys:
            self.page.keyboard.press(keys)
        else:
            cell.locator(".run").first.click()
        self.ended(cell)
        return cell.locator(".said").inner_text()

    def ended(self, cell):
        handle = cell.element_handle()
        self.page.wait_for_function(
            "cell => !cell.hasAttribute('data-busy') && !/^(Starting|Running|Loading|Stopping)/.test(cell.querySelector('.said').textContent)",
            arg=handle,
        )

    def shown(self, cell):
        output = cell.locator(".cell_output")
        return output.inner_text().strip() if output.count() else ""


@pytest.fixture(scope="module")
def python(browser, server):
    """A chapter in which Python runs. `asked` are the requests until then; a fault is for the test in which it happens."""
    context = browser.new_context(base_url=server, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.asked, page.faults = [], []
    page.on("console", lambda line: line.type == "error" and page.faults.append(line.text))
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    context.on("request", lambda request: page.asked.append(request.url))
    cells = Cells(page)
    cells.before = list(page.asked)
    # stays where it is, so that a later visit finds the files kept
    page.evaluate("() => navigator.serviceWorker.ready.then(() => 0)")
    cells.first = cells.write(cells.cell("w = 10.0"), "w = 2.5\nprint(w * 2)\nw")
    cells.said = cells.run(cells.first, "Shift+Enter")
    yield cells
    context.close()


def solve(python):
    """A right answer in the first exercise."""
    return python.write(
        python.page.locator(".tag_exercise-starter").first, "def gd_step(w, g, lr):\n    return w - lr * g"
    )


def right(python):
    said = python.shown(python.page.locator(".tag_exercise-check").first)
    return "Right" in said and "Not right" not in said


@pytest.fixture(autouse=True)
def no_faults(request):
    """A test fails if it leaves an error in the console of the shared page. One that expects an error clears it."""
    yield
    if "python" in request.fixturenames:
        page = request.getfixturevalue("python").page
        faults, page.faults[:] = list(page.faults), []
        assert not faults


def test_the_page_for_teachers_says_how_much_is_fetched(site):
    folders = list(site.glob("python/*/"))
    if not folders:
        pytest.skip("built without Python for the pages")
    packages = json.loads((folders[0] / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"]

    def closure(name):
        return {name}.union(*map(closure, packages[name]["depends"]))

    def megabytes(names):
        return sum(len(gzip.compress((folders[0] / name).read_bytes())) for name in names) / 1e6

    base, figure, table = closure("numpy"), closure("matplotlib"), closure("scikit-learn")
    core = [path.name for path in folders[0].iterdir() if path.suffix in {".mjs", ".wasm", ".zip"}]
    files = {name: package["file_name"] for name, package in packages.items()}
    sizes = [
        megabytes([*core, *(files[one] for one in base)]),
        megabytes(files[one] for one in figure - base),
        megabytes(files[one] for one in table - base),
    ]
    said = re.search(
        r"about (\d+) MB at the first press, (\d+) more at the first figure, (\d+) more at the first data set",
        (ROOT / "chapters/teaching.md").read_text(encoding="utf-8"),
    )
    assert all(abs(float(number) - size) < 1 for number, size in zip(said.groups(), sizes, strict=True)), sizes


def test_nothing_is_fetched_before_the_first_run_and_little_stands_in_the_page(python, site):
    heavy = re.compile(r"/python/|runner|worker|editor|exercise\.js|\.ipynb")
    assert not [address for address in python.before if heavy.search(address)]
    assert [address for address in python.page.asked if heavy.search(address)]
    html = (site / CHAPTER).read_text(encoding="utf-8")
    bare = re.sub(r'<div class="bar".*?</div>\n', "", html)
    assert bare.count("<button") < html.count("<button") - 50
    sizes = [
        len(gzip.compress(text.encode()))
        for text in (next(site.glob("_static/scripts-*/page/page.js")).read_text(encoding="utf-8"), html, bare)
    ]
    assert sizes[0] + sizes[1] - sizes[2] < 4000  # the styles of the bar, in the one sheet, are less than another 1,000


def test_edited_by_keyboard_run_and_shown(python):
    assert re.match(r"Ran in \d+(\.\d)? s\.", python.said)
    assert python.shown(python.first) == "5.0\n\n2.5"
    python.first.get_by_role("textbox").focus()
    python.page.keyboard.press("Escape")
    assert python.first.locator(".run").evaluate("button => button === document.activeElement")


def test_what_a_cell_needs_above_runs_first_and_an_exercise_is_judged(python):
    starter = python.write(
        python.page.locator(".tag_exercise-starter").first, "def gd_step(w, g, lr):\n    return w + lr * g"
    )
    imports = python.page.locator(".cell:has(.bar)").first
    assert python.run(starter) == "Checked: read on below."
    assert "Not right yet" in python.shown(python.page.locator(".tag_exercise-check").first)
    assert "a cell below needed it" in imports.locator(".said").text_content()  # folded, and run all the same
    assert python.run(solve(python), "Shift+Enter") == "Solved."
    assert right(python)
    assert json.loads(python.page.evaluate("localStorage['gdcourse / log']").split("\n")[1])["ok"] is True


def test_errors_name_the_line_and_the_state_is_kept_when_a_loop_is_stopped(python):
    cells = python.page.locator(".cell:not(:has(details)):has(.bar:not([hidden]))").all()[3:5]
    gives = python.write(cells[0], "kept = 1")
    python.run(gives, "Control+Enter")
    cell = python.write(python.first, LOOP)
    python.page.keyboard.press("Control+Enter")
    python.page.wait_for_timeout(600)
    cell.locator(".stop").click()
    python.ended(cell)
    assert cell.locator(".said").inner_text() == "Stopped."
    assert [fault for fault in python.page.faults if "ERR_FILE_NOT_FOUND" not in fault] == []
    python.page.faults.clear()  # how the worker notices, see worker.js
    python.write(cell, "print(counted)\n1 / 0")  # of what the loop made nothing is left: no cell gives it any more
    python.run(cell, "Control+Enter")
    assert python.shown(cell).endswith("Line 1:\n    print(counted)\nNameError: name 'counted' is not defined")
    reads = python.write(cells[1], "print(kept)\n1 / 0")
    python.run(reads, "Control+Enter")
    assert python.shown(reads) == "1\n\nLine 2:\n    1 / 0\nZeroDivisionError: division by zero"
    assert gives.locator(".said").inner_text().startswith("Ran in")  # and did not run again
    for cell in (gives, reads):
        cell.locator(".reset").click()


def test_the_pages_python_reads_names_as_ours_does(python):
    cell = python.write(
        python.first,
        "from inpage.needs import Page\nPage({'a': 'x = 1', 'b': '[x for x in range(3)]', 'c': 'x'}).plan('c', {}, {})",
    )
    python.run(cell)
    assert python.shown(cell) == "['a', 'c']"


def test_a_figure_appears_with_its_words_and_is_dark_by_night(python):
    fold = python.page.locator("details.hide").first
    fold.locator("summary").click()
    cell = python.page.locator(".cell:has(details.hide)").first
    alt = cell.locator(".cell_output img").get_attribute("alt")
    python.run(cell)
    picture = cell.locator(".cell_output img")
    assert picture.get_attribute("src").startswith("blob:") and picture.get_attribute("alt") == alt
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 300
    python.page.emulate_media(color_scheme="dark")
    assert "invert" in picture.evaluate("image => getComputedStyle(image).filter")
    python.page.emulate_media(color_scheme="light")


def test_learners_code_reaches_no_other_host_and_no_page(python, elsewhere):
    address, asked = elsewhere
    cell = python.write(
        python.first,
        f"""import js
print(hasattr(js, "document"), hasattr(js, "localStorage"))
ask = js.XMLHttpRequest.new()
ask.open("GET", "{address}", False)
ask.send()""",
    )
    python.run(cell, "Shift+Enter")
    assert python.shown(cell).startswith("False False") and "NetworkError" in python.shown(cell) and not asked
    python.page.faults.clear()
    python.write(
        cell,
        'class Sly:\n    def _repr_html_(self):\n        return \'<b onclick="x()">b</b><script>document.title = "sly"</script><iframe></iframe><img src=x onerror="x()">\'\nSly()',
    )
    python.run(cell, "Shift+Enter")
    html = cell.locator(".text_html").evaluate("output => output.innerHTML")
    assert html == '<b>b</b><img alt="A picture from this cell.">'
    # the browser says of the handlers that it would not have run them in any case
    assert all("inline event handler" in fault for fault in python.page.faults)
    python.page.faults.clear()


def test_a_loop_that_cannot_be_stopped_costs_the_state_and_not_the_page(python):
    cell = python.write(
        python.first,
        "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass",
    )
    python.page.keyboard.press("Shift+Enter")
    python.page.wait_for_timeout(600)
    cell.locator(".stop").click()
    python.ended(cell)
    assert cell.locator(".said").inner_text().startswith("Stopped. Python had to be started anew")
    python.page.faults.clear()
    assert python.run(solve(python)) == "Solved."
    assert right(python)


def test_a_crash_is_a_sentence_and_a_button(python):
    cell = python.write(python.first, "import os\nos.abort()")
    python.page.keyboard.press("Shift+Enter")
    again = cell.get_by_role("button", name="Start again")
    again.wait_for()
    assert (
        "Python has ended" in cell.locator(".said").inner_text()
        and "What you wrote is kept." in cell.locator(".said").inner_text()
    )
    python.page.faults.clear()
    python.write(cell, "print('alive')")
    again.click()
    python.ended(cell)
    assert python.shown(cell) == "alive"


def test_what_a_terminal_would_do_with_text_is_done(python):
    cell = python.write(
        python.first,
        "import sys\nfor n in (10, 100):\n    print(f'\\r{n}%', end='')\n    sys.stdout.flush()\nprint('\\x1b[31m!\\x1b[0m')\n1 / 0",
    )
    python.run(cell, "Shift+Enter")
    assert python.shown(cell).splitlines()[0] == "100%!"


def test_functions_that_call_each_other_without_end_are_named(python):
    """Through C (partial) no limit of Python's ends them: the browser does."""
    cell = python.write(python.first, "from functools import partial\ndef f(n): return g(n + 1)\ng = partial(f)\ng(0)")
    python.page.keyboard.press("Shift+Enter")
    cell.get_by_role("button", name="Start again").wait_for()
    assert "Python has ended: functions called each other without end." in cell.locator(".said").inner_text()
    python.page.faults.clear()
    cell.locator(".reset").click()


def test_after_a_reload_without_a_network_edits_are_there_and_python_runs(python):
    page = python.page
    solve(python)
    page.evaluate("""async () => {
        const { active } = await navigator.serviceWorker.ready;
        active.postMessage("keep the course");
        const kept = await caches.open((await caches.keys()).find((name) => /^gdcourse . [0-9a-f]{12}$/.test(name)));
        const [folder] = document.querySelector("script[src*=scripts-]").src.match(/scripts-\\w+/);
        const inpage = ["exercise", "outputs", "runner", "sanitise", "worker", "editor", "log"].map((name) => `../_static/${folder}/page/${name}.js`);
        for (const name of [...inpage, `../_static/${folder}/settings.json`, "../_sources/chapters/update_rule.ipynb", "update_rule.html"])
            while (!(await kept.match(name, { ignoreSearch: true }))) await new Promise((later) => setTimeout(later, 100));
    }""")
    page.context.set_offline(True)
    page.reload()
    starter = page.locator(".tag_exercise-starter").first
    assert "return w - lr * g" in starter.locator("pre").inner_text() and starter.locator(".reset").is_visible()
    said = python.run(starter)
    assert right(python), said
    page.context.set_offline(False)
    starter.locator(".reset").click()
    starter.locator("pre", has_text="...").wait_for()
    page.reload()
    assert "return w" not in page.locator(".tag_exercise-starter").first.locator("pre").inner_text()
    page.faults.clear()  # the service worker asked the network first


@pytest.mark.parametrize("scheme, width", [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing_in_an_open_editor_and_what_cells_say(python, scheme, width):
    cell = python.page.locator(".cell:not(:has(details)):has(.bar:not([hidden]))").nth(1)  # one whose code is in sight
    python.write(cell, "print(1)\n1 / 0")
    python.run(cell, "Shift+Enter")
    python.page.emulate_media(color_scheme=scheme)
    python.page.set_viewport_size({"width": width, "height": 844})
    python.page.wait_for_timeout(100)
    assert python.page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(python.page, context=".cell:has(.editor)").response["violations"]
    assert not found, [(rule["id"], rule["nodes"][0]["html"]) for rule in found]
    python.page.set_viewport_size({"width": 1280, "height": 900})
    python.page.emulate_media(color_scheme="light")


def test_a_browser_that_cannot_says_so(new_page):
    page = new_page()
    page.add_init_script("delete window.WebAssembly")
    cells = Cells(page)
    cell = cells.cell("w = 10.0")
    assert "cannot run Python" in cells.run(cell)


def test_storage_that_is_forbidden_is_told_once(new_page):
    page = new_page()
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
    )
    cells = Cells(page)
    cells.write(cells.cell("w = 10.0"), "w = 1")
    assert "keeps nothing" in page.locator(".notice").inner_text()


def test_a_rule_of_ones_own_is_drawn_in_a_demo_and_python_hears_what_the_hand_sets(python):
    page = python.page
    page.goto("chapters/gallery.html")
    page.wait_for_load_state("networkidle")
    rule, show = page.locator(".cell:has(.bar)", has_text="my_rule").all()[:2]
    rule = python.write(
        rule,
        "import numpy as np\nfrom gdcourse import descend\nfrom gdcourse.problems import bowl\n\ndef my_rule(w, g, *, lr):\n    return w - lr * np.sign(g)",
    )
    python.run(show)
    demo = page.locator("gdc-demo[id*=here]")  # in the cell above, which ran because its demo is needed
    demo.get_by_text("my rule", exact=True).first.wait_for()
    slider = demo.get_by_role("slider", name=re.compile("rate")).first
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(1000)
    # below what made the demo: a cell sees what stands above it
    page.locator("details.hide > summary").last.click()
    cell = python.write(
        page.locator(".cell:has(.bar)").last, "print(edge.lr != 0.1, edge.path.shape[1])\nedge.lr = 0.25"
    )
    python.run(cell, "Shift+Enter")
    assert python.shown(cell) == "True 2"
    page.wait_for_function("demo => demo.model.get('lr') === 0.25", arg=demo.element_handle())
