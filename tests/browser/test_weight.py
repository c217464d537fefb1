"""What a first visit costs: bytes as a static host sends them (compressed), figures apart; and nothing jumps."""

import pytest

PLAIN, WITH_DEMO = 100, 200  # kB
HEAVIER = {"chapters/facts.html": 142}  # the code of every fact stands on the index of facts
SHIFT = 0.02

WATCH = """
window.shift = 0;
new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) window.shift += e.value; })
  .observe({type: "layout-shift", buffered: true});
"""


def visit(new_page, address, **options):
    """Load a page with a cold cache and read it to its end. Returns (page, [(url, kind, bytes)])."""
    page = new_page(**options)
    page.add_init_script(WATCH)
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    kinds, sizes = {}, {}
    session.on(
        "Network.responseReceived", lambda e: kinds.setdefault(e["requestId"], (e["response"]["url"], e["type"]))
    )
    session.on("Network.loadingFinished", lambda e: sizes.setdefault(e["requestId"], e["encodedDataLength"]))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    for _ in range(40):
        page.mouse.wheel(0, 1200)
        page.wait_for_timeout(10)
    page.wait_for_load_state("networkidle")
    return page, [(*kinds[one], sizes[one]) for one in sizes if one in kinds and not kinds[one][0].startswith("data:")]


@pytest.mark.parametrize("width", [1280, 390])
def test_light_and_steady(new_page, address, width):
    page, sent = visit(new_page, address, viewport={"width": width, "height": 844})
    budget = WITH_DEMO if page.locator("gdc-demo").count() else HEAVIER.get(address, PLAIN)
    counted = [(url, size) for url, kind, size in sent if kind != "Image" and "searchindex" not in url]
    total = sum(size for _, size in counted) / 1000
    assert total <= budget, f"{total:.0f} kB:\n" + "\n".join(f"{size / 1000:8.1f}  {url}" for url, size in counted)
    assert page.evaluate("shift") < SHIFT, "something moves while the page loads or is scrolled"
