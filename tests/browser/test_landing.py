"""The first ten seconds: a landscape in fog that answers a click, a way in that becomes a way on, and counts that are true."""

import json
import re

from gdcourse.demos import DEMOS
from gdcourse.exercises import author
from website.content import minutes
from website.content.pages import chapters

ROOT = author.course_folder()
PIXELS = """() => { const c = document.querySelector(".hero canvas"); return [...c.getContext("2d").getImageData(0, 0, c.width, c.height).data].reduce((a, b) => a + b, 0); }"""


def test_a_click_takes_a_step_and_lifts_the_fog(new_page):
    for options in ({"reduced_motion": "reduce"}, {"viewport": {"width": 390, "height": 844}}):
        page = new_page(**options)
        page.goto("index.html")
        said = page.locator(".hero [role=status]")
        page.wait_for_function("() => document.querySelector('.hero canvas').width > 300")
        assert "slope under your feet" in said.inner_text()
        before = page.evaluate(PIXELS)
        page.get_by_role("button", name="Take a step").press("Enter")  # by keyboard
        assert re.fullmatch(r"Step 1: \d+ m\.", said.inner_text())
        width = page.viewport_size["width"]
        if width == 390:  # on a phone the way in is whole on the first screen
            box = page.locator(".start").bounding_box()
            assert box["y"] + box["height"] <= 844
        page.mouse.click(width - 60, page.locator(".hero").bounding_box()["y"] + 40)  # and anywhere in the picture
        assert said.inner_text().startswith("Step 2: ")
        page.wait_for_timeout(600)
        assert page.evaluate(PIXELS) != before
        heights = [int(re.search(r"(\d+) m", said.inner_text())[1])]
        for _ in range(30):
            if page.locator(".hero button").inner_text() != "Take a step":
                break
            page.locator(".hero button").click()
            heights.append(int(re.search(r"(\d+) m", said.inner_text())[1]))
        assert "valley" in said.inner_text() and heights == sorted(heights, reverse=True)
        page.get_by_role("button", name="Start somewhere else").click()
        assert "slope under your feet" in said.inner_text()


def test_the_counts_are_those_of_the_course(page):
    page.goto("index.html")
    found = chapters(ROOT)
    tasks = sum(len(author.ids_of(name)) for name in author.chapters() if name in found)
    said = page.locator(".begin p").inner_text()
    assert said.startswith(f"{len(found)} chapters · about ") and f"{tasks} exercises · {len(DEMOS)} demos" in said
    hours = int(re.search(r"about (\d+) hours", said)[1])
    assert abs(hours - sum(minutes.reading(one) + minutes.exercises(one.name) for one in found.values()) / 60) <= 0.5
    assert hours >= 10


def test_start_becomes_continue_with_what_was_begun(page):
    page.goto("index.html")
    start = page.locator(".start")
    first = next(iter(chapters(ROOT)))
    assert start.inner_text().startswith("Start: ") and start.get_attribute("href").endswith(f"{first}.html")
    id = author.ids_of("update_rule")[1]
    event = {"at": "2026-01-01T00:00:00+00:00", "kind": "check", "id": id, "ok": False, "code": "value"}
    page.evaluate("line => { localStorage['gdcourse / log'] = line; }", json.dumps(event) + "\n")
    page.reload()
    assert start.inner_text().startswith(f"Continue: {author.load(id).title}")
    assert "update_rule.html#exercise-" in start.get_attribute("href")
