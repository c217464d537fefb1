"""Every page of the site as a reader meets it: wide and narrow, light and dark, by keyboard, without scripts, in print.

`new_page` already fails a test whose page had a console error, a failed request or a request to another host.
"""

import re

WIDTHS = (1280, 390, 320)
WIDER = """() => {
  const wide = document.documentElement.scrollWidth;
  if (wide <= innerWidth) return null;
  const boxed = (e) => e.closest(".scrolls, pre, [popover]");
  const far = [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !boxed(e));
  return `${wide} px: ` + far.slice(0, 5).map(e => e.outerHTML.slice(0, 120)).join(" | ");
}"""
# the same element twice in a row would mean that Tab is caught; the page ends when focus leaves the document
FOCUSED = """() => {
  let e = document.activeElement;
  while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
  if (!e || e === document.body) return null;
  window.met ??= new Set();
  const known = window.met.has(e);
  window.met.add(e);
  const drawn = (s) => (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== "none";
  const circled = (s) => s.content !== "none" && (drawn(s) || parseFloat(s.borderTopWidth) >= 2);
  const shown = (n) => n && (drawn(getComputedStyle(n)) || ["::before", "::after"].some(part => circled(getComputedStyle(n, part))));
  const box = e.getBoundingClientRect();
  const ring = [e, e.closest("form"), e.parentElement, e.nextElementSibling].some(shown);
  return {what: e.outerHTML.slice(0, 140), ring: !!ring, seen: box.width > 0 && box.height > 0, known};
}"""


def test_loads_without_a_fault_and_fits_every_width(open_page, address):
    page = open_page(address)
    assert page.title() and page.locator("h1").count() == 1
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.wait_for_function("theme => document.documentElement.dataset.theme === theme", arg=theme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            page.wait_for_timeout(50)
            assert page.evaluate(WIDER) is None, f"sideways scrolling at {width} px"


def test_pictures_have_words_and_sizes(open_page, address):
    page = open_page(address)
    for picture in page.locator("main img").all():
        said = picture.get_attribute("alt") or ""
        assert len(said.split()) > 3, f"alt text says too little: {said!r} ({picture.get_attribute('src')})"
        tag = picture.evaluate("e => e.outerHTML")
        assert re.search(r"\bwidth(=|:)", tag) and re.search(r"\bheight(=|:)", tag), (
            f"no size, so the page jumps: {tag[:200]}"
        )
    broken = page.evaluate(
        "[...document.images].filter(i => i.complete && !i.naturalWidth && i.checkVisibility()).map(i => i.src)"
    )
    assert not broken


def test_the_keyboard_reaches_everything_and_is_seen(open_page, address):
    page = open_page(address)
    page.keyboard.press("Tab")
    assert "Skip to the text" in page.evaluate("document.activeElement.textContent")
    stops = 0
    while (stop := page.evaluate(FOCUSED)) and not stop["known"]:
        assert stop["ring"], f"focus cannot be seen on {stop['what']}"
        assert stop["seen"], f"focus is on something without a size: {stop['what']}"
        stops += 1
        assert stops < 2000
        page.keyboard.press("Tab")
    links = page.evaluate("[...document.querySelectorAll('main a[href]')].filter(a => a.checkVisibility()).length")
    assert stops > links, "Tab left the page before it had met every link of the text"


def test_skip_link_leads_to_the_text(page):
    page.goto("index.html")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_without_scripts_the_page_is_whole(new_page, address):
    """Every paragraph and picture is there, in the system's theme, and nothing offers what cannot work.

    On a phone the head of a wide table stands as a label before each cell.
    """
    page = new_page(java_script_enabled=False, color_scheme="dark", viewport={"width": 390, "height": 844})
    page.goto(address)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 24, 31)"
    assert page.evaluate(WIDER) is None
    hidden = page.evaluate("""[...document.querySelectorAll("main p:not(:empty), main pre, main img, main math, main table")]
        .filter(e => !e.checkVisibility() && !e.closest("details, [data-cards] thead")).map(e => e.outerHTML.slice(0, 120))""")
    assert not hidden
    assert not page.locator("button.theme").is_visible()
    menu = page.get_by_role("button", name="Contents")
    menu.click()  # a popover needs no script
    assert page.locator("#contents").is_visible()


def test_print_shows_the_text_alone(open_page, address):
    page = open_page(address, color_scheme="dark")
    page.emulate_media(media="print")
    assert not page.locator("header.top").is_visible() and not page.locator("#contents").is_visible()
    assert page.locator("h1").is_visible()
    # on white paper the ink is dark, whatever the theme was
    light = page.evaluate("getComputedStyle(document.body).color.match(/\\d+/g).map(Number).every(c => c < 80)")
    assert light, "the ink is pale"
    clipped = page.evaluate("""[...document.querySelectorAll("pre")].filter(e => e.checkVisibility() && getComputedStyle(e).whiteSpace !== "pre-wrap")
        .map(e => e.textContent.slice(0, 80))""")
    assert not clipped, "long lines of code would be cut off"


def test_the_theme_button_goes_round_and_is_remembered(page):
    page.goto("index.html")
    shown = lambda: page.evaluate("[document.documentElement.dataset.mode, document.documentElement.dataset.theme]")
    paper = lambda: page.evaluate("getComputedStyle(document.body).backgroundColor")
    button = page.get_by_role("button", name="Colours")
    assert shown() == ["auto", "light"]
    light = paper()
    button.click()
    assert shown() == ["dark", "dark"] and paper() != light
    page.reload()
    assert shown() == ["dark", "dark"] and paper() != light
    button.click()
    assert shown() == ["light", "light"]
    button.click()
    assert shown() == ["auto", "light"]
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("() => document.documentElement.dataset.theme === 'dark'")


def test_the_first_paint_has_the_right_theme(new_page):
    """No flash: the theme stands before the stylesheet and the script have arrived."""
    page = new_page(color_scheme="dark")
    page.route("**/book.js", lambda route: None)  # never answered
    page.goto("index.html", wait_until="commit")
    page.wait_for_function(
        "() => document.body && getComputedStyle(document.body).backgroundColor === 'rgb(20, 24, 31)'"
    )
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_contents_open_and_close_on_a_phone_by_keyboard(new_page):
    page = new_page(viewport={"width": 390, "height": 844})
    page.goto("index.html")
    contents = page.locator("#contents")
    assert not contents.is_visible()
    menu = page.get_by_role("button", name="Contents")
    menu.focus()
    page.keyboard.press("Enter")
    assert contents.is_visible()
    page.keyboard.press("Escape")
    assert not contents.is_visible()
    menu.click()
    contents.get_by_role("link").first.click()
    page.wait_for_load_state()
    assert not page.locator("#contents").is_visible()


def test_search_finds_chapters_and_no_solutions(page):
    page.goto("index.html")
    page.keyboard.press("/")
    page.keyboard.type("gradient")
    page.keyboard.press("Enter")
    page.wait_for_selector("#found li a")
    links = lambda: page.eval_on_selector_all("#found li a", "links => links.map(a => a.getAttribute('href'))")
    assert links() and not [link for link in links() if "solutions" in link]
    first = page.locator("#found li", has=page.locator('a[href*="gradient.html#"]')).first
    assert re.match(r"in The gradient: the slope in every direction", first.locator("span").inner_text())  # both names
    field = page.get_by_role("searchbox")
    assert field.count() == 1 and field.input_value() == "gradient"
    field.fill("gradient zyzzyva")
    assert not links() and "No sections" in page.get_by_role("status").text_content()
    field.fill("against the slop agai")  # the beginnings of words are enough
    assert "chapters/update_rule.html" in links()[0]
    page.locator("#found a").first.click()
    page.wait_for_url("**/update_rule.html*")


def test_imports_are_one_line_until_they_are_opened_and_open_without_scripts(new_page):
    page = new_page()
    page.goto("chapters/update_rule.html")
    fold = page.locator("details.imports")
    assert fold.count() == 1 and fold.bounding_box()["height"] < 60 and not fold.locator("pre").is_visible()
    fold.get_by_text("Imports", exact=True).press("Enter")
    assert "import numpy as np" in fold.locator("pre").inner_text() and fold.locator("pre").is_visible()
    page.reload()
    page.emulate_media(media="print")  # on paper code that nobody opened is left out
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert not fold.is_visible() and page.locator("details:visible").evaluate_all("all => all.every(e => e.open)")
    page = new_page(java_script_enabled=False)
    page.goto("chapters/update_rule.html")
    assert page.locator("details.imports pre").is_visible()


def test_a_wide_table_is_read_row_by_row_on_a_phone(new_page):
    page = new_page(viewport={"width": 320, "height": 700})
    page.goto("chapters/adam.html")
    table = page.locator("table[data-cards]").first
    box = table.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 320
    assert table.evaluate("table => table.parentElement.scrollWidth <= table.parentElement.clientWidth + 1")
    cell = table.locator("td").nth(1)
    assert cell.evaluate("cell => getComputedStyle(cell, '::before').content").startswith('"in torch.optim')
    page.set_viewport_size({"width": 1280, "height": 700})
    assert cell.evaluate("cell => getComputedStyle(cell, '::before').content") == "none"
    assert table.locator("thead").is_visible()


def test_code_can_be_copied(new_page):
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto("chapters/update_rule.html")
    block = page.locator(".cell:not(:has(details)) .cell_input div.highlight:has(.copy)").first
    block.hover()
    block.get_by_role("button", name="Copy").click()
    block.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").strip() == block.locator("pre").text_content().strip()


def test_once_visited_the_course_opens_without_a_network(page):
    page.goto("index.html")
    lacking = page.evaluate("""async () => {
        const { active } = await navigator.serviceWorker.ready;
        active.postMessage("keep the course");
        const kept = await caches.open((await caches.keys()).find((name) => /^gdcourse . [0-9a-f]{12}$/.test(name)));
        const [folder] = document.querySelector("script[src*=scripts-]").src.match(/scripts-\\w+/);
        const course = [...new Set([...document.querySelectorAll("#contents a")].map((link) => link.href.split("#")[0])),
                        `_static/${folder}/demos/core.js`, `_static/${folder}/demos/be_the_optimiser.js`, "_static/book.css", "search.html", "searchindex.js"];
        const lacking = async () => (await Promise.all(course.map(async (name) => (await kept.match(name)) ? [] : [name]))).flat();
        for (let tries = 0; tries < 600 && (await lacking()).length; tries++) await new Promise((later) => setTimeout(later, 100));
        return lacking();
    }""")
    assert not lacking, "these are not kept for later"
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    page.goto("chapters/update_rule.html")  # not visited before
    assert page.locator("h1").is_visible() and page.locator("math").count() > 10
    page.locator("gdc-demo").first.scroll_into_view_if_needed()  # a demo is fetched when it comes near
    page.locator("gdc-demo .demo").first.wait_for()
    page.goto("search.html?q=gradient")
    page.locator("#found li").first.wait_for()
    # the worker asks the network first; those requests have failed on purpose
    assert all("ERR_INTERNET_DISCONNECTED" in fault for fault in page.faults), page.faults
    page.faults.clear()


def test_the_cheat_sheet_prints_on_one_sheet(page):
    page.goto("chapters/cheat_sheet.html")
    margin = dict.fromkeys(("top", "right", "bottom", "left"), "10mm")
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", margin=margin))) == 1
    page.goto("chapters/notation.html")
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", margin=margin))) > 1, (
        "the count of sheets is no count"
    )
