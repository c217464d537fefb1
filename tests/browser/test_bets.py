"""Predict boxes take a bet: the answer is veiled until then, kept, and simply there without scripts and on paper."""

import json


def box(page, words):
    return page.locator(".predict", has_text=words)


def veiled(page):
    return page.locator("[data-veiled]").count()


def test_a_bet_lifts_the_veil_and_is_kept(page):
    page.goto("chapters/beyond_adam.html")
    found = box(page, "How many will it take at 45")
    chips = found.locator(".chip")
    assert chips.all_inner_texts() == ["about 82", "about 200", "more than 2,000"]
    parts = page.locator(f".bet-{found.locator('form').get_attribute('data-parts')}")
    assert parts.count() >= 2 and not parts.last.locator("math, span, code").first.is_visible()
    height = parts.last.evaluate("part => part.offsetHeight")
    others = veiled(page)
    chips.nth(1).press("Enter")
    assert "You said: about 200." in found.inner_text() and parts.last.inner_text().startswith("You said: about 200.")
    assert "Right: more than 2,000. Adam stretches" in found.inner_text()
    colour = "e => getComputedStyle(e).color"
    lost = {found.locator(".said").evaluate(colour), parts.last.locator(".mine").evaluate(colour)}
    assert len(lost) == 1 and lost != {page.locator("p").first.evaluate(colour)}, "a lost bet does not look won"
    assert veiled(page) == others - parts.count()
    assert abs(parts.last.evaluate("part => part.offsetHeight") - height) < 60
    assert page.evaluate("document.activeElement.matches('.bet')")  # a keyboard goes on from there
    page.reload()
    assert "You said: about 200." in box(page, "How many will it take at 45").inner_text()
    event = json.loads(page.evaluate("localStorage['gdcourse / log']").splitlines()[-1])
    assert event["kind"] == "bet" and event["said"] == "about 200" and event["id"] == "beyond_adam/at_45"


def test_a_number_or_words_can_be_typed_and_who_does_not_want_to_is_shown(page):
    page.goto("chapters/gradient.html")
    found = box(page, "At which angle")
    field = found.get_by_role("textbox", name="Your prediction")
    found.get_by_role("button", name="Bet").click()
    assert page.evaluate("document.activeElement.matches('.bet input')")  # nothing was typed: no bet
    field.fill("<b>90</b> degrees")
    field.press("Enter")
    assert "You said: <b>90</b> degrees." in found.inner_text()
    other = box(page, "What is the slope in that direction")
    before = veiled(page)
    other.get_by_role("button", name="Show me").click()
    assert veiled(page) < before and "You said" not in other.inner_text() and "Right: 22/√2" in other.inner_text()


def test_without_scripts_and_on_paper_the_answer_is_simply_there(new_page):
    page = new_page(java_script_enabled=False)
    page.goto("chapters/beyond_adam.html")
    assert veiled(page) == 0 and not page.locator(".bet").first.is_visible()
    page = new_page()
    page.goto("chapters/beyond_adam.html")
    part = page.locator("p[data-veiled]").first
    seen = "part => getComputedStyle(part).visibility"
    assert part.evaluate(seen) == "hidden"
    page.emulate_media(media="print")
    assert part.evaluate(seen) == "visible"


def test_every_box_has_a_form_and_hides_something(page, site):
    for path in sorted((site / "chapters").glob("*.html")):
        if 'class="predict ' in (text := path.read_text(encoding="utf-8")) or "predict admonition" in text:
            page.goto(f"chapters/{path.name}")
            for one in page.locator(".predict").all():
                key = one.locator("form").get_attribute("data-parts")
                assert page.locator(f".bet-{key}").count() >= 1, (path.name, one.inner_text())
