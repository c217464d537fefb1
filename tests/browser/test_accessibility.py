"""axe finds nothing on any page, light or dark, wide or narrow: no violation of any impact.

axe leaves out its rule about the size of targets (24 pixels at least) unless it is asked for; here it is.
"""

from axe_playwright_python.sync_playwright import Axe


def told(found):
    """The violations as a person wants to read them."""
    return "\n".join(
        f"{rule['id']} ({rule['impact']}): {rule['help']}\n"
        + "\n".join(
            f"    {node['html'][:160]}\n      {node['failureSummary'].splitlines()[-1].strip()[:300]}"
            for node in rule["nodes"][:4]
        )
        for rule in found
    )


def test_axe_finds_nothing(open_page, address):
    page = open_page(address)
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")
    for theme, width in (("light", 1280), ("dark", 1280), ("light", 390)):
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(100)
        # two frames: by then the page has made each block that scrolls reachable by keyboard, on a busy machine too
        page.evaluate("new Promise(go => requestAnimationFrame(() => requestAnimationFrame(() => go())))")
        found = Axe().run(page, options={"rules": {"target-size": {"enabled": True}}}).response["violations"]
        assert not found, f"{theme}, {width} px wide\n" + told(found)


def test_axe_can_find_something(page):
    """The test above can fail: a picture without words is seen."""
    page.goto("index.html")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"_static/favicon.svg\">')")
    assert [rule["id"] for rule in Axe().run(page).response["violations"]] == ["image-alt"]
