"""The pages on hosts, and in frames, that are not as one would wish: each works, or says one sentence."""

import re
import threading
from http.server import ThreadingHTTPServer

import pytest

from website.make.serve import Handler

KEPT = """async (version) => {
    await navigator.serviceWorker.ready;
    for (let tries = 0; tries < 300; tries++) {
        const names = (await caches.keys()).filter((name) => name.endsWith(version ?? ""));
        if (names.length && (await (await caches.open(names[0])).match("search.html"))) return caches.keys();
        await new Promise((later) => setTimeout(later, 100));
    }
    return caches.keys();
}"""


@pytest.fixture
def host(site):
    """host(prefixes, vary): a server that has the book in each folder; `silent` set: it takes requests and does not answer."""
    running = []

    def start(*prefixes, vary=False):
        silent = threading.Event()

        class Odd(Handler):
            def send_head(self):
                if silent.is_set():
                    silent.gone.wait()
                    raise ConnectionResetError
                home = next((prefix for prefix in prefixes if self.path.startswith(prefix)), None)
                if home is None:
                    return self.missing(site.joinpath("404.html").read_bytes())
                self.path = "/" + self.path[len(home) :]
                return super().send_head()

            def end_headers(self):
                if vary:
                    self.send_header("Vary", "*")
                super().end_headers()

        silent.gone = threading.Event()
        server = ThreadingHTTPServer(("127.0.0.1", 0), lambda *args: Odd(*args, directory=str(site)))
        server.daemon_threads, server.watched = True, None
        server.handle_error = lambda *args: None
        threading.Thread(target=server.serve_forever, daemon=True).start()
        server.silent, server.address = silent, f"http://127.0.0.1:{server.server_port}"
        running.append(server)
        return server

    yield start
    for server in running:
        server.silent.gone.set()
        server.shutdown()
        server.server_close()


def page_at(new_page, address):
    return new_page(base_url=address)


def test_a_host_that_varies_by_everything_is_no_obstacle(host, new_page):
    server = host("/", vary=True)
    page = page_at(new_page, server.address)
    page.faults.clear()
    page.goto("/index.html")
    page.evaluate(KEPT)
    page.goto("/search.html?q=gradient")
    page.locator("#found li").first.wait_for()
    page.context.set_offline(True)
    page.goto("/index.html")
    assert page.locator("h1").is_visible()
    page.faults.clear()  # requests are compared with the address of another server


def test_a_full_storage_is_no_obstacle(host, new_page):
    server = host("/")
    page = page_at(new_page, server.address)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": server.address, "quotaSize": 1000})
    page.goto("/index.html")
    page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    for address in ("/index.html", "/chapters/update_rule.html", "/search.html?q=gradient"):
        page.goto(address)
        assert page.evaluate("Boolean(navigator.serviceWorker.controller)")
        assert page.locator("h1").is_visible()
    assert not [fault for fault in page.faults if "foreign" not in fault]
    page.faults.clear()


def test_a_network_that_never_answers_does_not_hide_what_was_kept(host, new_page):
    server = host("/")
    page = page_at(new_page, server.address)
    page.goto("/index.html")
    page.evaluate(KEPT)
    page.goto("/index.html")
    server.silent.set()
    page.goto("/search.html", wait_until="commit", timeout=20_000)
    page.get_by_role("searchbox").wait_for(timeout=20_000)
    page.faults.clear()


def test_two_copies_on_one_host_keep_what_is_theirs(host, new_page):
    server = host("/2025/", "/2026/")
    page = page_at(new_page, server.address)
    for year in ("2025", "2026"):
        page.goto(f"/{year}/index.html")
        page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
        page.evaluate(
            KEPT.replace('"search.html"', f'"/{year}/search.html"').replace(
                'name.endsWith(version ?? "")', f'name.includes("/{year}/")'
            )
        )
    names = page.evaluate("caches.keys()")
    assert sorted(re.sub("[0-9a-f]{12}", "V", name) for name in names) == ["gdcourse /2025/ V", "gdcourse /2026/ V"]
    page.context.set_offline(True)
    for year in ("2025", "2026"):
        page.goto(f"/{year}/search.html")
        assert page.get_by_role("searchbox").is_visible()
    page.faults.clear()


def test_what_an_earlier_version_kept_for_all_copies_is_taken_over_or_left(host, new_page):
    """`gdcourse-<12 digits>` and `python-of-the-course` were names that all copies of a host shared."""
    server = host("/mine/")
    page = page_at(new_page, server.address)
    page.goto("/mine/index.html")
    page.evaluate("""async () => {
        for (const name of ["gdcourse-0123456789ab", "python-of-the-course"])
            for (const path of ["/mine/python/COURSE", "/other/python/course-1.tar.xz"])
                await (await caches.open(name)).put(path.replace("COURSE", "course-old"), new Response("x"));
        const { active } = await navigator.serviceWorker.ready;
        await navigator.serviceWorker.getRegistration().then((one) => one.unregister());
    }""")
    page.goto("/mine/index.html")
    page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    left = """async () => Object.fromEntries(await Promise.all((await caches.keys()).map(async (name) =>
        [name, (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname).filter((path) => path.includes("python"))])))"""
    page.wait_for_function(
        "async () => !(await (await caches.open('python-of-the-course')).match('/mine/python/course-old'))"
    )
    found = page.evaluate(left)
    assert found["python-of-the-course"] == found["gdcourse-0123456789ab"] == ["/other/python/course-1.tar.xz"]
    page.faults.clear()


@pytest.mark.parametrize("prefix", ["/", "/a/course/"])
@pytest.mark.parametrize("missing", ["nothing.html", "chapters/solutions/nothing", "a/b/c/d/", "nothing.html?x=1#y"])
def test_an_address_that_leads_nowhere_has_search_and_contents(host, new_page, prefix, missing):
    server = host(prefix)
    page = page_at(new_page, server.address)
    assert page.goto(prefix + missing).status == 404
    assert page.locator("h1").inner_text() == "This page is not here"
    assert page.evaluate("getComputedStyle(document.querySelector('.top')).position") == "sticky"
    page.get_by_role("link", name="Skip to the text").focus()
    page.keyboard.press("Enter")
    assert page.locator("h1").inner_text() == "This page is not here"
    page.locator("article").get_by_role("link", name=re.compile("slope")).first.click()
    page.wait_for_url(re.compile(f"{re.escape(server.address + prefix)}chapters/.*html"))
    page.goto(prefix + missing)
    page.keyboard.press("/")
    page.keyboard.type("gradient")
    page.keyboard.press("Enter")
    page.locator("#found li").first.wait_for()
    assert page.url.startswith(f"{server.address}{prefix}search.html")
    page.faults.clear()


IN_SIGHT = ".cell:not(:has(details)) .bar:not([hidden])"  # the bar of a cell that is not folded


def bar_says(page):
    """What the bar of the first cell says after a press."""
    bar = page.locator(IN_SIGHT).first
    bar.locator(".run").click()
    said = bar.locator(".said")
    said.filter(has_text=re.compile(".")).wait_for()
    return said.inner_text()


def test_opened_as_a_file_a_page_says_why_its_buttons_do_nothing(browser, site):
    context = browser.new_context()
    page = context.new_page()
    page.goto((site / "chapters/update_rule.html").as_uri())
    assert bar_says(page).startswith("Opened as a file, a page cannot run Python")
    context.close()


def test_in_a_frame_of_no_origin_a_page_says_why_its_buttons_do_nothing(new_page, server):
    page = new_page()
    page.goto("search.html")
    page.evaluate("""() => {
        const frame = Object.assign(document.createElement("iframe"), { src: "chapters/update_rule.html" });
        frame.sandbox = "allow-scripts";
        document.body.prepend(frame);
    }""")
    frame = page.frame_locator("iframe")
    frame.locator("h1").wait_for()
    bar = frame.locator(IN_SIGHT).first
    if bar.is_visible():
        bar.locator(".run").click()
        assert "open the page in a tab of its own" in bar.locator(".said").inner_text()
    page.faults.clear()


RENEWED = "This page has been renewed since you opened it: reload it. What you wrote is kept."


def a_chapter(new_page):
    page = new_page(service_workers="block")
    page.goto("chapters/update_rule.html")
    page.wait_for_load_state("networkidle")
    return page


@pytest.mark.parametrize("lost", ["**/page/runner.js", "**/page/worker.js"])
def test_a_page_older_than_the_site_says_so(new_page, lost):
    """Its scripts are gone, and the page that stands there now names others."""
    page = a_chapter(new_page)
    page.route(lost, lambda route: route.fulfill(status=404, body=""))

    def renewed(route):
        route.fulfill(
            body=re.sub("scripts-[0-9a-f]+", "scripts-0123456789", route.fetch().text()), content_type="text/html"
        )

    page.route("**/update_rule.html", renewed)
    assert says_at_last(page) == RENEWED
    page.faults.clear()


def test_a_page_whose_notebook_has_changed_says_so(new_page):
    page = a_chapter(new_page)
    page.route("**/*.ipynb", lambda route: route.fulfill(body=route.fetch().text().replace("w = 10.0", "w = 11.0")))
    assert says_at_last(page) == RENEWED
    page.faults.clear()


@pytest.mark.parametrize("lost", ["**/page/runner.js", "**/settings.json", "**/*.ipynb", "**/python/course*"])
def test_a_page_without_a_network_says_so_and_goes_on_with_one(new_page, lost):
    page = a_chapter(new_page)
    page.route("**/*", lambda route: route.abort())
    assert says_at_last(page) == "This could not be loaded: is there a network?"
    page.unroute("**/*")
    page.route(lost, lambda route: route.fulfill(status=500, body=""))
    assert "could not be loaded" in says_at_last(page) or says_at_last(page) == RENEWED
    page.unroute(lost)
    page.wait_for_timeout(100)
    assert says_at_last(page).startswith("Ran in")
    page.faults.clear()


def says_at_last(page):
    """What the bar of the first cell says when a run has ended."""
    bar = page.locator(IN_SIGHT).first
    bar.locator(".said").evaluate("said => { said.textContent = 'Starting'; }")
    bar.locator(".run").first.click()
    page.wait_for_function(
        "bar => !/^(Starting|Running|Loading)/.test(bar.querySelector('.said').textContent)",
        arg=bar.element_handle(),
        timeout=120_000,
    )
    return bar.locator(".said").inner_text().removesuffix(" Start again")
