"""A chapter in JupyterLite: it opens, runs, checks and draws, and nothing is asked of another host."""

import pytest

from website.python import lite


def test_a_chapter_runs_in_jupyterlite(new_page, site):
    if not (site / lite.FOLDER).is_dir():
        pytest.skip("NO PYODIDE HERE: JupyterLite was not built")
    page = new_page()
    page.set_default_timeout(240_000)  # 35 MB to unpack, on a small machine that does something else too
    page.goto("chapters/update_rule.html")
    page.get_by_role("link", name="Open it in JupyterLite").click()
    page.wait_for_selector(".jp-Notebook .jp-CodeCell")
    assert page.locator(".jp-Notebook h1").first.inner_text().startswith("Gradient descent")
    page.locator(".jp-Notebook .jp-CodeCell").first.click()
    page.keyboard.press("Shift+Enter")  # the imports of the chapter
    page.keyboard.press("Escape")
    page.keyboard.press("b")  # a cell of our own
    page.keyboard.press("Enter")
    page.keyboard.insert_text(
        "from gdcourse.demos import FindTheEdge\n"
        'print(check("update_rule/gd_step", lambda w, g, lr: w + lr * g))\nFindTheEdge()'
    )
    page.keyboard.press("Shift+Enter")
    page.wait_for_selector(".jp-OutputArea-output:has-text('You step uphill')")
    page.wait_for_selector(".jp-OutputArea-output canvas")
    foreign = [
        fault for fault in page.faults if "foreign" in fault or "Content Security" in fault or "uncaught" in fault
    ]
    assert not foreign
    page.faults.clear()  # it looks for files that need not exist, and says so
