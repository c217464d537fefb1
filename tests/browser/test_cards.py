"""A proof put in order from cards on the built page: by keyboard, finger and pointer, with no kernel."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from gdcourse.exercises import author

ADDRESS = "chapters/convergence_proof.html"
EXERCISE = author.load("convergence_proof/order_proof")
LEMMA = EXERCISE.boards["descent_lemma"]
RIGHT = EXERCISE.solution("descent_lemma")
REVERSED = EXERCISE.wrongs["wrong_inequality_direction"]("descent_lemma")


def words(code):
    return " ".join(EXERCISE.feedback(code).split())


def lemma(page):
    """The board of the descent lemma: the whole, its proof as letters, what it says."""
    field = page.locator("fieldset[data-board=descent_lemma]")
    return (
        field,
        lambda: "".join(field.locator(".proof > li").evaluate_all("all => all.map(item => item.dataset.card)")),
        field.locator(".reply"),
    )


def go(page, name):
    """Tab on until the button of this name has the focus, then press it."""
    for _ in range(80):
        label = page.evaluate("document.activeElement.ariaLabel ?? document.activeElement.textContent")
        if label == name:
            return page.keyboard.press("Enter")
        page.keyboard.press("Tab")
    pytest.fail(f"{name!r} is not reached by Tab")


def test_by_keyboard_to_a_named_mistake_and_to_the_right_proof(page):
    page.goto(ADDRESS)
    field, proof, reply = lemma(page)

    def start():
        field.get_by_role("button").first.focus()

    start()
    for letter in REVERSED:
        go(page, f"Use card {letter}")
        assert (
            field.get_by_role("status").first.inner_text() == f"Card {letter} is step {len(proof())} of {len(proof())}."
        )
        start()
    assert proof() == REVERSED
    go(page, "Check this proof")
    assert reply.inner_text() == f"✗ {words('wrong_inequality_direction')}"
    [(out, use)] = [pair for pair in zip(REVERSED, RIGHT) if pair[0] != pair[1]]
    start()
    go(page, f"Take card {out} out")
    assert reply.inner_text() == "" and page.evaluate("document.activeElement.ariaLabel") == f"Use card {out}"
    start()
    go(page, f"Use card {use}")
    start()
    go(page, f"Move card {use} up")
    while proof().index(use) > RIGHT.index(use):
        assert page.evaluate("document.activeElement.ariaLabel") == f"Move card {use} up"  # it keeps the focus
        page.keyboard.press("Space")
    assert proof() == RIGHT
    start()
    go(page, "Check this proof")
    assert reply.inner_text() == f"✓ {EXERCISE.praise}" and reply.get_attribute("role") == "status"
    assert page.get_by_text("1 of 3 proofs right").is_visible()
    page.reload()
    assert proof() == RIGHT and page.get_by_text("1 of 3 proofs right").is_visible()


@pytest.mark.parametrize("code", sorted(LEMMA.codes))
def test_each_mistake_is_named_in_the_words_of_the_checker(page, code):
    page.goto(ADDRESS)
    field, proof, reply = lemma(page)
    for letter in EXERCISE.wrongs[code]("descent_lemma"):
        field.get_by_role("button", name=f"Use card {letter}").click()
    field.get_by_role("button", name="Check this proof").click()
    assert reply.inner_text() == f"✗ {words(code)}"


def test_axe_finds_nothing_in_a_proof_half_done(page):
    page.goto(ADDRESS)
    field, _, _ = lemma(page)
    for letter in REVERSED[:3]:
        field.get_by_role("button", name=f"Use card {letter}").click()
    field.get_by_role("button", name="Check this proof").click()
    for scheme, width in (("light", 1280), ("dark", 390), ("light", 320)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        assert not Axe().run(page, {"include": [[".cards"]]}).response["violations"]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        small = page.locator(".cards button:visible, .cards li > b").evaluate_all(
            "all => all.map(node => node.getBoundingClientRect()).filter(box => box.height < 44 || box.width < 44).length"
        )
        assert small == 0
    assert page.locator(".cards li[data-card] math").count() > 20


def test_by_finger_and_by_dragging(new_page):
    page = new_page(viewport={"width": 390, "height": 3000}, has_touch=True, is_mobile=True)
    page.goto(ADDRESS)
    field, proof, _ = lemma(page)
    for letter in RIGHT[:3]:
        field.get_by_role("button", name=f"Use card {letter}").tap()
    assert proof() == RIGHT[:3]

    def drag(letter, to, part):
        start, end = (field.locator(f"[data-card={card}] > b").bounding_box() for card in (letter, to))
        page.mouse.move(start["x"] + 20, start["y"] + 20)
        page.mouse.down()
        page.mouse.move(end["x"] + 20, end["y"] + part * end["height"], steps=4)
        assert field.locator("[data-drop]").count() == 1
        page.mouse.up()

    drag(RIGHT[2], RIGHT[0], 0.1)
    assert proof() == RIGHT[2] + RIGHT[:2]
    drag(RIGHT[3], RIGHT[1], 0.1)  # from the pile into the proof
    assert proof() == RIGHT[2] + RIGHT[0] + RIGHT[3] + RIGHT[1]
    drag(RIGHT[2], RIGHT[5], 0.5)  # and back
    assert proof() == RIGHT[0] + RIGHT[3] + RIGHT[1]
    # by finger: the page stays where it is
    touch, scrolled = page.context.new_cdp_session(page), page.evaluate("scrollY")
    start, end = (field.locator(f"[data-card={letter}] > b").bounding_box() for letter in (RIGHT[3], RIGHT[0]))
    ways = [("touchStart", start["y"] + 20), ("touchMove", start["y"]), ("touchMove", end["y"] + 5), ("touchEnd", None)]
    for kind, y in ways:
        touch.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [] if y is None else [{"x": start["x"] + 20, "y": y}]},
        )
    assert proof() == RIGHT[3] + RIGHT[0] + RIGHT[1] and page.evaluate("scrollY") == scrolled
    assert field.locator("[data-drop], [data-dragged]").count() == 0


def test_without_scripts_the_cards_can_be_read(browser, server):
    page = browser.new_context(java_script_enabled=False, base_url=server).new_page()
    page.goto(ADDRESS)
    assert page.locator("fieldset[data-board] li[data-card]:visible").count() == sum(
        len(b.cards) for b in EXERCISE.boards.values()
    )
    assert page.locator(".cards button").count() == 0 and page.locator(".cards .replies").is_hidden()
    page.context.close()


def test_only_a_page_with_cards_loads_them(page):
    loaded = []
    page.on("request", lambda request: loaded.append(request.url.rsplit("/", 1)[-1]))
    page.goto("chapters/convergence_proof.html", wait_until="networkidle")
    assert "cards.js" in loaded
    loaded.clear()
    page.goto("chapters/loss.html", wait_until="networkidle")
    assert "quiz.js" in loaded and "cards.js" not in loaded


def test_python_in_the_page_checks_the_order_that_lies_there(page):
    """With Python in the page the check cell judges the cards as they lie, and progress is kept as in a notebook."""
    page.goto(ADDRESS)
    bar = page.locator(".bar[data-cell=exercise-convergence_proof-order_proof-check]")
    if not page.locator(".bar").count():
        pytest.skip("this site is built without Python in its pages")
    assert page.locator(".bar[data-cell=exercise-convergence_proof-order_proof-starter]").count() == 0
    for name in EXERCISE.boards:
        for letter in EXERCISE.solution(name):
            page.locator(f"fieldset[data-board={name}]").get_by_role("button", name=f"Use card {letter}").click()
    bar.get_by_role("button", name="Run").click()
    verdict = page.locator(".gdcourse-verdict[data-code=right]")
    verdict.wait_for(timeout=180_000)
    assert EXERCISE.praise in verdict.inner_text()
    assert '"convergence_proof/order_proof","ok":true' in page.evaluate(
        "localStorage.getItem('gdcourse / log')"
    ).replace(" ", "")
    assert page.locator("fieldset[data-board]").count() == 3  # they still lie there
