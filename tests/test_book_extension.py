"""The Sphinx side of the site, without building the book: formulas, styles, fonts, pictures, folds, vendored files."""

import hashlib
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
import yaml
from docutils import nodes
from PIL import Image

from website.content import bets, facts_pages, pages, solutions
from website.look import fonts, math, offline, policy, polish, search, theme
from website.tree import read_toml

VENDOR = Path(fonts.VENDOR)
ROOT = Path(__file__).resolve().parents[1]


class TestFormulas:
    def test_tex_becomes_mathml(self):
        assert math.mathml(r"w_{t+1} = w_t - \eta \nabla f(w_t)").startswith("<math>")
        assert 'display="block"' in math.mathml(r"\frac{1}{n}\sum_i r_i^2", True)

    def test_what_does_not_parse_says_so(self):
        with pytest.raises(ValueError, match="Unexpected end"):
            math.mathml(r"\frac{")
        with pytest.raises(ValueError, match="nosuch"):
            math.mathml(r"\nosuch{x}")

    def test_long_inline_formulas_can_break(self):
        assert math.mathml("a = b + c + d = e").count("<mrow>") > 1

    def test_a_formula_on_its_own_line_is_divided_where_a_phone_may_break_it(self):
        def parts(tex):
            return [
                ["".join(term.itertext()) for term in side]
                for statement in ElementTree.fromstring(math.breakable(math.mathml(tex, True)))
                for side in statement
            ]

        assert parts(r"a + b = c - d \le e, \qquad -g = h") == [["a", "+b"], ["=c", "−d"], ["≤e,"], ["−g"], ["=h"]]
        assert parts(r"x = \Bigl(1 + y = 2\Bigr) + z") == [["x"], ["=(1+y=2)", "+z"]]
        cells = ElementTree.fromstring(
            math.breakable(math.mathml(r"\begin{aligned} a &= b \\ c &= d \end{aligned}", True))
        )
        # without Temml's style its parts would stand in lines of their own at every width
        assert "display:block math" in math.breakable(math.mathml("a = b", True))
        assert cells.get("class") == "lines" and len(list(cells.iter("mtd"))) == 4
        whole = math.mathml(r"\frac{a = b}{2}", True)
        assert math.breakable(whole) == whole and math.breakable("<code>a &</code") == "<code>a &</code"

    @pytest.mark.parametrize(
        ("given", "wanted"),
        [
            (r"\begin{align} a &= b \\ c &= d \end{align}", r"\begin{aligned}a &= b \\ c &= d\end{aligned}"),
            (r"\begin{align*}a\end{align*}", r"\begin{aligned}a\end{aligned}"),
            (r"\begin{equation} a = b \end{equation}", "a = b"),
            (r"a &= b \\ c &= d", r"\begin{aligned}a &= b \\ c &= d\end{aligned}"),
            (r"\begin{cases} a \\ b \end{cases}", r"\begin{cases} a \\ b \end{cases}"),
            ("a = b", "a = b"),
        ],
    )
    def test_numbering_is_left_to_sphinx(self, given, wanted):
        assert math.without_numbering(given) == wanted
        assert "tml-eqn" not in math.mathml(math.without_numbering(given), True)


def test_minified_css_is_shorter_and_says_the_same():
    css = theme.minify("/* a note */ .a , .b > c { color : red; }\n@media (x) { .a { top: 0 } }")
    assert css == ".a,.b>c{color :red}@media (x){.a{top:0}}"
    ours = theme.minify((theme.THEME / "static/book.css").read_text(encoding="utf8"))
    assert ours.count("{") == ours.count("}") > 100


def test_a_bet_veils_the_answer_and_the_formula_of_its_sentence():
    cells = [
        nodes.container("", nodes.container(nb_element="cell_code_output"), nb_element="cell_code", cell_index=n)
        for n in range(2)
    ]
    box = nodes.admonition("", nodes.title("", "Predict"), nodes.paragraph("", "Is it lower?"), classes=["predict"])
    after = [nodes.paragraph("", "The mean square is"), nodes.math_block("", "x"), nodes.paragraph("", "Read on.")]
    book = nodes.document(None, None)
    book += nodes.section("", box, *cells, *after)
    bets.put_forms(book, {0: ["adam/lower", "Yes", "No"], 1: None})
    form = box.children[-1]
    assert form["called"] == ["adam/lower", "Yes", "No"] and cells[0] not in book[0].children
    assert ["bet-adam-lower" in part["classes"] for part in (cells[1].children[0], *after)] == [True, True, True, False]


def test_the_words_of_a_paragraph_have_formulas_and_no_marks_of_facts():
    mark = facts_pages.citation(fact="F4.15", ids=["here"])
    cell = nodes.paragraph("", "", nodes.Text("The rate "), nodes.math("", r"\eta"), nodes.Text(" is best "), mark)
    cell += nodes.Text(", 1 : 2.")
    assert theme.words(cell) == "The rate η is best, 1 : 2."


def test_a_table_too_wide_for_a_phone_carries_the_names_of_its_columns():
    head = "<thead><tr><th><p>here</p></th><th><p>in torch.optim</p></th></tr></thead>"
    wide = f"<table>{head}<tbody><tr><td><p>a</p></td><td><p><code>{'x' * 45}</code></p></td></tr></tbody></table>"
    done = polish.tables(wide)
    assert (
        "<table data-cards>" in done
        and '<td data-name="in torch.optim"><p><code>' in done
        and '<td data-name="here">' in done
    )
    small = wide.replace("x" * 45, "x")
    assert "data-" not in polish.tables(small), "what fits stays a table"
    assert "data-" not in polish.tables(wide.replace("<td>", '<td rowspan="2">', 1)), (
        "so does what cannot be told row by row"
    )


class TestPictures:
    def finish(self, body, folder):
        said = []
        return polish.pictures(body, lambda source: folder / source, said.append), said

    def test_sizes_of_png_and_svg(self, tmp_path):
        Image.new("RGB", (300, 200)).save(tmp_path / "a.png")
        (tmp_path / "b.svg").write_text(
            '<svg xmlns="http://www.w3.org/2000/svg" width="72pt" height="36pt" viewBox="0 0 72 36"/>'
        )
        (tmp_path / "c.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30"/>')
        body = "".join(f'<img alt="what it shows" src="{name}" />' for name in ("a.png", "b.svg", "c.svg"))
        done, said = self.finish(body, tmp_path)
        assert not said
        assert (
            'width="300" height="200"' in done and 'width="96" height="48"' in done and 'width="40" height="30"' in done
        )

    def test_text_that_would_be_too_small_on_a_phone_is_told(self, tmp_path):
        from matplotlib.figure import Figure

        for name, inches in (("good", 5.2), ("wide", 7)):
            figure = Figure(figsize=(inches, 3))
            figure.text(0.5, 0.5, "step t", fontsize=11)
            figure.savefig(tmp_path / f"{name}.svg")
        done, said = self.finish('<img alt="two lines" src="good.svg"><img alt="two lines" src="wide.svg">', tmp_path)
        assert len(said) == 1 and "wide.svg" in said[0] and "px on a phone" in said[0] and done.count("decoding") == 2

    def test_all_but_the_first_wait(self, tmp_path):
        done, _ = self.finish('<img alt="one thing" src="a.png"><img alt="other" src="b.png">', tmp_path)
        assert done.count('loading="lazy"') == 1 and done.index("b.png") < done.index("lazy")

    @pytest.mark.parametrize("alt", ["", ' alt=""', ' alt="_images/x.png"'])
    def test_a_picture_without_words_is_told(self, tmp_path, alt):
        _, said = self.finish(f'<img{alt} src="x.png">', tmp_path)
        assert len(said) == 1 and "alt text" in said[0]

    def test_quotes_of_both_kinds_are_read(self, tmp_path):
        """matplotlib's to_jshtml writes single ones."""
        done, said = self.finish(
            "<img id='_anim_img' alt='what it shows' src='a.png'><img alt=word src=b.png>", tmp_path
        )
        assert not said and done.count("decoding") == 2

    def test_a_picture_that_names_no_file_is_told(self, tmp_path):
        done, said = self.finish('<img id="_anim_img1"><img src="" alt="what it shows">', tmp_path)
        assert len(said) == 2 and all("names no file" in one for one in said) and done.count("<img") == 2


class TestWhatNoBrowserWillDo:
    """What the policy of the pages blocks is a warning of the build, and so a build that stops."""

    @pytest.mark.parametrize(
        "html, said",
        [
            ('<img src="https://a.org/x.png" alt="x">', "<img> loads https://a.org/x.png from another host"),
            ("<img src='//a.org/x.png'>", "from another host"),
            ('<iframe width="400" src="https://www.youtube.com/embed/1" allowfullscreen></iframe>', "<iframe> loads"),
            ('<video poster="https://a.org/x.jpg" src="x.mp4">', "<video> loads"),
            ('<link rel="stylesheet" href="https://a.org/x.css">', "<link> loads"),
            ('<object data="http://a.org/x.pdf"></object>', "<object> loads"),
            ('<p style="background: url(https://a.org/x.png)">x</p>', "the style of <p> loads"),
            ("<script>let x = 1;</script>", "a script that stands in the page"),
            ('<script type="module">import "x";</script>', "a script that stands in the page"),
            ('<script src="https://a.org/x.js"></script>', "<script> loads"),
            ('<button onclick="f()">x</button>', "onclick= in <button> will not run"),
            ('<a href="javascript:f()">x</a>', "leads to a script"),
            ('<script type="application/vnd.jupyter.widget-view+json">{}</script>', "an ipywidget needs a kernel"),
        ],
    )
    def test_it_is_told(self, html, said):
        (sentence,) = policy.Blocked(html).found
        assert said in sentence

    def test_all_else_is_not(self):
        html = (
            '<a href="https://a.org">x</a><img src="../_images/x.png" alt="x"><script type="application/json">{}</script>'
            '<script src="x.js"></script><p style="width: 3em">only https://a.org/x.png in words</p><iframe src="x.html"></iframe>'
        )
        assert policy.Blocked(html).found == []

    def test_a_page_with_all_of_it(self, tmp_path):
        """As Sphinx and myst-nb hand it over, stored outputs, nothing executed: a warning each, and formulas that are set."""
        output = nbformat.v4.new_output
        widget = {"application/vnd.jupyter.widget-view+json": {"model_id": "a", "version_major": 2, "version_minor": 0}}
        shown = [
            output("display_data", {"text/html": "<iframe src='https://a.org/'></iframe>", "text/plain": "IFrame"}),
            output("display_data", {**widget, "text/plain": "IntSlider(value=0)"}),
            output("display_data", {"text/html": "<script>let x = 1;</script><img id='_anim'>", "text/plain": "HTML"}),
            output("display_data", {"text/markdown": "the rate $\\eta^2$ here", "text/plain": "Markdown"}),
        ]
        cells = [
            nbformat.v4.new_markdown_cell("# Toy\n\nIt is $$x^2$$ here.\n\n![outside](https://a.org/x.png)"),
            nbformat.v4.new_code_cell("display(…)", outputs=shown),
        ]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "index.ipynb")
        config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf8"))
        ours = {"nb_render_markdown_format": config["sphinx"]["config"].get("nb_render_markdown_format", "commonmark")}
        ours |= {"extensions": ["myst_nb", "website.look.math", "website.look.polish", "website.look.policy"]}
        ours |= {"nb_execution_mode": "off", "myst_enable_extensions": ["dollarmath"], "html_math_renderer": "temml"}
        (tmp_path / "conf.py").write_text("".join(f"{name} = {value!r}\n" for name, value in ours.items()))
        done = subprocess.run(
            [sys.executable, "-m", "sphinx", "-q", ".", "html"], cwd=tmp_path, text=True, capture_output=True
        )
        for words in (
            "<iframe> loads https://a.org/",
            "an ipywidget needs",
            "a script that stands",
            "names no file",
            "`$$` within",
            "<img> loads",
        ):
            assert words in done.stderr, done.stderr
        html = (tmp_path / "html/index.html").read_text(encoding="utf8")
        assert re.search(r"the rate <math.*?η.*?</math> here", html, re.DOTALL), html


class TestRepairs:
    def test_folds_nest_and_need_no_script(self):
        inner = '<div class="tip dropdown admonition" id="i"><p class="admonition-title">In</p><div>a</div></div>'
        body = f'<div class="note dropdown admonition"><p class="admonition-title">Out</p>{inner}<p>b</p></div><div>after</div>'
        assert polish.folds(body) == (
            '<details class="note admonition"><summary class="admonition-title">Out</summary>'
            '<details class="tip admonition" id="i"><summary class="admonition-title">In</summary><div>a</div></details>'
            "<p>b</p></details><div>after</div>"
        )

    def test_a_fold_can_be_open_at_first(self):
        body = '<div class="dropdown open admonition"><p class="admonition-title">Out</p><p>b</p></div>'
        assert polish.folds(body) == (
            '<details class="admonition" open><summary class="admonition-title">Out</summary><p>b</p></details>'
        )

    def test_a_proof_folds_and_has_no_id(self):
        body = '<div class="proof dropdown admonition" id="proof">\n<p>Proof. One line.</p></div>'
        assert polish.folds(polish.proofs(body)) == (
            '<details class="proof admonition"><summary class="admonition-title">Proof</summary>\n<p>One line.</p></details>'
        )
        assert (
            polish.proofs('<section class="theorem-content" id="proof-content">') == '<section class="theorem-content">'
        )

    def test_an_optional_section_folds_below_its_heading(self):
        heading = '<h3>Powers (optional)<a class="headerlink" href="#powers">#</a></h3>'
        text = '<section id="inner"><p>a</p></section>'
        fold = '<details class="hide optional"><summary>Optional: open this part, or read on below</summary>'
        page = '<section id="powers-optional">{}</section><section id="next"><h3>Next</h3><p>b</p></section>'
        assert polish.optional(page.format(heading + text)) == page.format(f"{heading}{fold}{text}</details>")
        solution = f'<section id="powers">{heading}</section>'
        assert polish.optional(solution) == solution
        for shown in ("<gdc-demo></gdc-demo>", '<div class="an exercise"></div>'):  # what one comes for stays open
            assert polish.optional(page.format(heading + shown)) == page.format(heading + shown)

    def test_tables(self):
        done = polish.tables(
            '<table class="x"><th class="head"><p></p></th><th class="head"><p><math><mi>y</mi></math></p></th><th><p>word</p></th></table>'
        )
        assert done.startswith('<div class="scrolls table"><table class="x"><td class="head"></td>')
        assert (
            '<th class="head"><span class="unseen">y</span><p><math aria-hidden="true">' in done
            and "<th><p>word</p></th>" in done
        )

    def test_a_comma_stays_with_its_formula(self):
        short, long = "<math><mi>y</mi></math>", f"<math><mrow>{'<mi>y</mi>' * 13}</mrow></math>"
        assert (
            polish.unbroken(f"<p>of {short}, and {short} too</p>")
            == f'<p>of <span class="unbroken">{short},</span> and {short} too</p>'
        )
        assert polish.unbroken(f"<p>{long}.</p>") == f"<p>{long[:-14]}<mtext>.</mtext></mrow></math></p>"
        dot = '<span class="fact" id="a">°</span>'
        assert polish.unbroken(f"<p>is 4.7\n{dot}.</p>") == f"<p>is 4.7\u00a0{dot}.</p>"
        code = '<span class="pre">{}</span>'
        assert polish.unbroken(code.format("-=")) == code.format("-=")
        assert polish.unbroken(code.format("x" * 29)) == '<span class="pre long">' + "x" * 29 + "</span>"
        assert polish.unbroken("4.7 · 10⁻⁶ and 3 · 10") == "4.7\u00a0·\u00a010⁻⁶ and 3 · 10"

    def test_code(self):
        assert (
            polish.code(
                '<pre><span></span><span class="n">w</span> <span class="o">=</span> <span class="mi">1</span></pre>'
            )
            == '<pre>w = <span class="mi">1</span></pre>'
        )
        fold = '<details class="admonition hide above-input">\n<summary aria-label="Toggle hidden content">\n<p class="collapsed x">Show</p>\n<p>Hide</p>\n</summary>'
        assert polish.code(fold) == '<details class="hide above-input"><summary>Show</summary>'


class TestPagesAndSearch:
    def page(self):
        formula = nodes.math("", r"\eta")
        inner = nodes.section(
            "", nodes.title("", "Why minus"), nodes.paragraph("", "Down.", nodes.Text(" By "), formula), ids=["why"]
        )
        output = nodes.container("", nodes.literal_block("", "printed"), classes=["cell_output"])
        outer = nodes.section(
            "",
            nodes.title("", "The rule"),
            nodes.paragraph("", "One line of code, again and again, finds a minimum."),
            output,
            inner,
            ids=["rule"],
        )
        return nodes.Element("", outer)

    def test_sections_are_found_by_what_they_say(self):
        homes = {("chapters/rule", "why"): ["Minus", "sign"], ("chapters/rule", ""): ["Rule"]}
        assert list(search.entries(self.page(), "chapters/rule", "chapters/rule.html", homes)) == [
            [
                "chapters/rule.html",
                "The rule",
                "",
                "One line of code, again and again, finds a minimum.",
                ["Rule"],
                "text",
            ],
            ["chapters/rule.html#why", "The rule", "Why minus", "Down. By η", ["Minus", "sign"], "text"],
        ]

    def test_a_theorem_is_found_with_its_section(self):
        inside = nodes.section("", nodes.paragraph("", "The loss falls."), ids=["proof-content"])
        theorem = nodes.admonition("", nodes.title("", "Descent lemma"), inside)
        page = nodes.Element("", nodes.section("", nodes.title("", "One step"), theorem, ids=["one"]))
        found = list(search.entries(page, "p", "p.html", {}))
        assert found == [["p.html", "One step", "", "Descent lemma The loss falls.", [], "text"]]

    def test_description(self):
        assert theme.description(self.page(), {}) == "One line of code, again and again, finds a minimum. Down. By η"
        assert theme.description(self.page(), {"description": "mine"}) == "mine"
        assert theme.description(self.page(), {}, limit=20) == "One line of code …"

    def test_scripts_are_there_when_used(self):
        class Script:
            def __init__(self, filename):
                self.filename = filename
                self.attributes = {}

        assert not theme.needed(Script("doctools.js"))
        assert theme.needed(Script("quiz.js"))


def test_the_service_worker_changes_with_the_course(tmp_path):
    (tmp_path / "_static").mkdir()
    (tmp_path / "_sources").mkdir()
    for name in ("_static/book.css", "_static/doctools.js", "_static/new.js", "_sources/index.md.html"):
        (tmp_path / name).write_text("one")
    (tmp_path / "index.html").write_text('<script type="module" src="_static/new.js?v=1f"></script>')
    assert offline.course(tmp_path) == ["_static/book.css", "_static/new.js", "index.html"]
    first = offline.worker(tmp_path)
    assert '["_static/book.css","_static/new.js","index.html"]' in first
    assert offline.worker(tmp_path) == first
    (tmp_path / "index.html").write_text("two")
    assert offline.worker(tmp_path) != first


def test_vendored_files_are_what_the_manifest_says():
    keys = dict.fromkeys(("name", "version", "source", "licence", "why", "sha256"))
    packages = read_toml(VENDOR / "manifest.toml", {"package": keys})["package"]
    listed = {name: digest for package in packages for name, digest in package["sha256"].items()}
    there = {path.relative_to(VENDOR).as_posix() for path in VENDOR.glob("*/*")}
    assert there == set(listed), "a file without an entry, or an entry without a file"
    for name, digest in listed.items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest, name
    for package in packages:
        assert package["licence"] and package["version"] and package["source"] and package["why"]
        folder = next(iter(package["sha256"])).split("/")[0]
        assert f"{folder}/LICENSE" in listed


def test_a_key_mistyped_in_a_file_of_settings_is_refused(tmp_path):
    file = tmp_path / "some.toml"
    file.write_text('version = "1"\n[[package]]\nlicense = "MIT"\n')
    with pytest.raises(ValueError, match=r"some.toml, package: `license` is unknown. Did you mean `licence`\?"):
        read_toml(file, {"version": None, "package": {"licence": None}})
    with pytest.raises(ValueError, match="`version` is unknown. There are name."):
        read_toml(file, {"name": None})


def test_without_the_pages_of_solutions_no_chapter_leads_to_one():
    """The page for teachers: take the part Solutions out of _toc.yml and host that."""
    for name, page in pages.chapters(Path(__file__).parents[1]).items():
        text = page.path.read_text(encoding="utf-8")
        assert f"solutions/{name}.md" in text and solutions.without_links(text, {f"chapters/solutions/{name}"}) == text
        bare = solutions.without_links(text, set())
        assert (
            "solutions/" not in bare
            and "page of solutions" not in bare
            and bare.count("` opens.") == text.count("goes further.")
        )
