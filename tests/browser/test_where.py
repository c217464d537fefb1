"""Where am I: what is done shows in the contents and at the end, the contents follow, references open where they are named."""

import json

from gdcourse.exercises import author


def solved(page, *ids):
    lines = [{"at": "2026-01-01T00:00:00+00:00", "kind": "check", "id": id, "ok": True, "code": "right"} for id in ids]
    page.evaluate(
        "text => { localStorage['gdcourse / log'] = text; }", "".join(json.dumps(one) + "\n" for one in lines)
    )
    page.reload()


def test_the_contents_and_the_end_of_a_chapter_show_what_is_done(page):
    page.goto("chapters/momentum.html")
    ids = author.ids_of("update_rule")
    solved(page, *ids, author.ids_of("momentum")[0])
    entry = lambda name: page.locator(f'#contents a[data-chapter="{name}"]')
    assert entry("update_rule").locator(".n").inner_text() == "✓"
    share = 1 / len(author.ids_of("momentum"))
    assert (
        abs(float(entry("momentum").locator(".n").evaluate("n => n.style.getPropertyValue('--done')")) - share) < 1e-9
    )
    assert entry("adam").locator(".n").inner_text() == "8"
    tally = page.locator(".tally li")
    assert tally.count() == len(author.ids_of("momentum")) + 1  # and the quiz
    assert (
        page.locator(".tally .ok").count() == 1
        and author.load(author.ids_of("momentum")[0]).title in page.locator(".tally .ok").inner_text()
    )


def test_the_contents_follow_the_reader_and_say_how_much_is_left(page):
    page.goto("chapters/convergence_proof.html")
    page.locator(".quiz").scroll_into_view_if_needed()
    page.wait_for_function(
        "() => document.querySelector('#contents li li a[aria-current]')?.textContent.includes('Quiz')"
    )
    inside = """() => { const [a, b] = [document.querySelector("#contents li li a[aria-current]"), document.querySelector("#contents")].map((e) => e.getBoundingClientRect());
        return a.top >= b.top && a.bottom <= innerHeight; }"""
    page.wait_for_function(inside)
    # in a section of a section the entry is that of the outer one
    page.locator(".exercise").nth(2).scroll_into_view_if_needed()
    page.wait_for_function(
        "() => document.querySelector('#contents li li a[aria-current]')?.textContent.includes('Exercises')"
    )
    page.wait_for_function(inside)
    left = page.locator("#contents .left").inner_text()
    assert int(left.removesuffix(" min left")) < 30


def test_both_names_of_a_chapter_stand_in_the_contents_and_in_its_heading(page):
    page.goto("chapters/update_rule.html")
    entry = page.locator('#contents a[data-chapter="update_rule"]')
    assert entry.locator("b").inner_text() == "Gradient descent"
    assert entry.locator(".phrase").inner_text().endswith("step against the slope, again and again")
    assert page.get_by_role("heading", level=1).inner_text().count("step against the slope") == 1


def test_on_a_phone_the_bar_says_where_one_is(new_page):
    page = new_page(viewport={"width": 390, "height": 844})
    page.goto("chapters/update_rule.html")
    menu = page.get_by_role("button", name="Contents")
    assert "3 · Gradient descent" in menu.inner_text().replace("\n", " ")
    page.locator("#quiz").scroll_into_view_if_needed()
    page.wait_for_function("() => /^3\\.\\d/.test(document.querySelector('.top .at').textContent)")
    assert float(page.locator(".top").evaluate("top => top.style.getPropertyValue('--read')")) > 0.5
    assert page.get_by_role("searchbox").evaluate("field => parseFloat(getComputedStyle(field).fontSize)") >= 15


def test_a_term_and_a_fact_show_their_card_and_can_be_left(page):
    page.goto("chapters/update_rule.html")
    term = page.locator('main a[href*="glossary.html#curvature"]').first
    term.scroll_into_view_if_needed()
    term.hover()
    card = page.locator("#peek")
    card.wait_for(state="visible")
    assert "curvature" in card.inner_text().lower() and len(card.inner_text().split()) > 8
    page.keyboard.press("Escape")
    assert not card.is_visible()
    # a fact is a dot with a name, and what dots are is said once
    assert (
        page.locator(".dots").count() == 1 and "a test computes the number again" in page.locator(".dots").inner_text()
    )
    fact = page.get_by_role("link", name="Fact F3.1").first
    assert fact.bounding_box()["width"] < 30
    fact.scroll_into_view_if_needed()
    page.keyboard.press("Tab")  # so that what has the focus shows it
    fact.focus()
    card.wait_for(state="visible")
    page.keyboard.press("Escape")
    fact.hover()
    card.wait_for(state="visible")
    assert len(card.inner_text().split()) > 5
    card.get_by_role("link", name="Open its page").click()
    page.wait_for_url("**/facts.html#*")


def test_a_tap_shows_the_card_and_does_not_leave_the_page(new_page):
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.goto("chapters/update_rule.html")
    term = page.locator('main a[href*="glossary.html#curvature"]').first
    term.tap()
    card = page.locator("#peek")
    card.wait_for(state="visible")
    box = card.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390 and "update_rule" in page.url


def test_long_lines_wrap_on_a_phone_and_no_button_stands_on_the_code(new_page):
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    page.goto("chapters/loss.html")
    cut = "all => all.filter(e => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)"
    assert page.locator("pre").evaluate_all(cut) == []
    upon = """all => all.filter(e => e.checkVisibility() && e.closest(".cell_input")
        .querySelector("pre").getBoundingClientRect().bottom > e.getBoundingClientRect().top + 1).length"""
    assert page.locator(".cell_input .copy").evaluate_all(upon) == 0
    starter = page.locator(".exercise .cell_input pre").first
    starter.click()
    page.locator(".editor .cm-content").wait_for()
    page.keyboard.press("End")
    page.keyboard.insert_text("  # a line that is far too long for the screen of a phone")
    assert page.locator(".editor .cm-scroller").evaluate_all(cut) == []
