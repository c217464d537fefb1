"""The policy in each page: whatever gets into a page, it loads nothing from another host and evaluates no string."""

import re

import pytest

REFUSED = """async ([what, code]) => {
  const seen = [];
  document.addEventListener("securitypolicyviolation", (e) => seen.push([e.effectiveDirective, e.blockedURI]));
  await new Promise((done) => setTimeout(done, 10)); // the debugger that brought us here may evaluate; a page may not
  try { await (0, {
    image: () => { const i = new Image(); i.src = code; document.body.append(i); },
    script: () => { const s = document.createElement("script"); s.src = code; document.body.append(s); },
    inline: () => { const s = document.createElement("script"); s.textContent = code; document.body.append(s); },
    handler: () => { document.body.insertAdjacentHTML("beforeend", `<p id="trap" onclick="${code}">x</p>`); document.getElementById("trap").click(); },
    style: () => { document.head.insertAdjacentHTML("beforeend", `<link rel="stylesheet" href="${code}">`); },
    frame: () => { document.body.insertAdjacentHTML("beforeend", `<iframe src="${code}"></iframe>`); },
    fetch: () => fetch(code),
    beacon: () => { navigator.sendBeacon(code, "x"); },
    worker: () => { new Worker(URL.createObjectURL(new Blob([`fetch("${code}").catch(() => postMessage("no"))`]))).onmessage = () => seen.push(["connect-src", code]); },
    base: () => { document.head.insertAdjacentHTML("beforeend", `<base href="${code}">`); },
    evaluated: () => (0, eval)(code),
  }[what])(); } catch { /* refused */ }
  for (let i = 0; i < 60 && !seen.length; i++) await new Promise((done) => setTimeout(done, 50));
  return {seen, trapped: window.trapped ?? null};
}"""
AWAY, CODE = "https://example.org/x", "window.trapped = 1"
TRIED = {
    "image": (AWAY, "img-src"),
    "script": (AWAY, "script-src-elem"),
    "style": (AWAY, "style-src-elem"),
    "frame": (AWAY, "frame-src"),
    "fetch": (AWAY, "connect-src"),
    "beacon": (AWAY, "connect-src"),
    "worker": (AWAY, "connect-src"),
    "base": (AWAY, "base-uri"),
    "inline": (CODE, "script-src-elem"),
    "handler": (CODE, "script-src-attr"),
    "evaluated": (CODE, "script-src"),
}


def test_every_page_carries_it_before_anything_it_holds(site):
    for path in site.rglob("*.html"):
        if "lite" in path.relative_to(site).parts or "_static" in path.relative_to(site).parts:
            continue
        head = path.read_text(encoding="utf8").partition("</head>")[0]
        assert re.search(
            r'<meta charset="utf-8">\s*<meta http-equiv="Content-Security-Policy" content="default-src \'self\';', head
        ), path


@pytest.mark.parametrize("what", TRIED)
def test_what_gets_into_a_page_gets_no_further(page, what):
    code, directive = TRIED[what]
    page.goto("chapters/update_rule.html")
    page.wait_for_load_state("networkidle")
    found = page.evaluate(REFUSED, [what, code])
    assert found["trapped"] is None
    assert [seen[0] for seen in found["seen"]][:1] == [directive]
    # Chromium lists what was asked for, says that the policy ended it before it left, and complains in its console
    asked = [fault.removeprefix("foreign request: ") for fault in page.faults if fault.startswith("foreign")]
    assert all(f"failed request: {address} (csp)" in page.faults for address in asked), page.faults
    rest = [fault for fault in page.faults if not fault.startswith(("foreign", "failed request"))]
    assert all("Content Security Policy" in fault or "example.org" in fault for fault in rest), page.faults
    page.faults.clear()


def test_the_book_works_from_a_folder_too(browser, site):
    """Opened as a file, 'self' is the folder: styles, the theme button and a demo are there."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    said = []
    page.on("console", lambda line: "Content Security Policy" in line.text and said.append(line.text))
    page.goto((site / "search.html").as_uri() + "?q=gradient")
    page.wait_for_selector("#found li")
    page.get_by_role("button", name="Colours").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.querySelector('.top')).position") == "sticky"
    context.close()
    assert not said
