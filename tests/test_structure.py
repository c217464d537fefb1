"""The shape of the project: the book lists what exists, chapters follow the template, commands exist and are run."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
import yaml

import gdcourse
from gdcourse.exercises.author import exercise as author
from gdcourse.exercises.author import new
from gdcourse.exercises.author.prove import prove
from website.content.pages import chapters, pages

ROOT = Path(__file__).resolve().parents[1]
CHAPTERS = chapters(ROOT)
DOCUMENTS = ("README.md", "CONTRIBUTING.md", *sorted(p.relative_to(ROOT).as_posix() for p in ROOT.glob("docs/**/*.md")))


def tracked():
    """The files under version control, as paths from the top."""
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, text=True, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("not a git clone")
    return [name for name in done.stdout.splitlines() if (ROOT / name).is_file()]


def texts():
    """(name, text) of each tracked file that a person writes."""
    for name in tracked():
        written_by_tools = (
            name.endswith((".lock", "package-lock.json", ".min.js", ".min.css"))
            or "/static/" in name
            or "/vendor/" in name
        )
        if not written_by_tools:
            try:
                yield name, (ROOT / name).read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue  # a picture, a font


# ---- what is in the tree ---------------------------------------------------------------------------------------------


def listed():
    """The pages that `_toc.yml` lists."""
    table = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))

    def files(entry):
        if isinstance(entry, list):
            return [name for one in entry for name in files(one)]
        if isinstance(entry, dict):
            return ([entry["file"]] if "file" in entry else []) + [
                name for value in entry.values() for name in files(value)
            ]
        return []

    return [table["root"], *files(table)]


def test_the_table_of_contents_lists_each_page_once_and_nothing_else():
    names = listed()
    assert len(names) == len(set(names))
    assert set(names) == set(pages(ROOT))


def test_files_of_a_chapter_carry_its_name():
    notebooks = {path.stem for path in ROOT.glob("chapters/*.ipynb")}
    homeless = {path.name for path in ROOT.glob("exercises/*/") if path.name != "__pycache__"} - notebooks
    assert not homeless or not set(homeless) & set(CHAPTERS)
    assert {path.stem for path in ROOT.glob("chapters/solutions/*.md")} <= notebooks


def test_nothing_generated_is_committed():
    made = re.compile(
        r"(^|/)(_build|\.cache|\.venv|\.tools|node_modules|__pycache__|\.ipynb_checkpoints|\.gdcourse)(/|$)|\.(pyc|html)$"
    )
    wrong = [name for name in tracked() if made.search(name) and not name.startswith("website/")]
    assert not wrong


# Put together here, so that this file does not hold what it looks for.
FOREIGN = {
    "a path of one machine": re.compile(r"(?<![\w.$}])/" + r"(?:work|root|Users|home/\w+|opt/\w+)/\w"),
    "a package host": re.compile(
        "|".join(("files" + r"\.pythonhosted", "registry" + r"\.npmjs", "pypi" + r"\.org/simple", "deb" + r"\.debian"))
    ),
    "something left undone": re.compile(r"\b(?:" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X")) + r")\b"),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_no_file_holds(what):
    found = [f"{name}: {match.group()}" for name, text in texts() if (match := FOREIGN[what].search(text))]
    assert not found


def test_the_code_is_clean():
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--quiet", "--output-format=concise", "."],
        cwd=ROOT,
        text=True,
        capture_output=True,
        check=False,
    )
    assert not done.returncode, done.stdout


# ---- chapters --------------------------------------------------------------------------------------------------------


def cells(page, kind):
    return [cell for cell in page.cells if cell["cell_type"] == kind]


def tags(cell):
    return set(cell["metadata"].get("tags", ()))


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_follows_the_template(name):
    page = CHAPTERS[name]
    opening = "\n".join(page.prose[:2])
    assert page.prose[0].startswith("# ") and len(page.prose[0].splitlines()) > 1, (
        "a title, and a sentence of promise under it"
    )
    assert "You will learn" in opening and re.search(r"[Yy]ou need", opening), (
        "what is learnt, and what is needed before"
    )
    assert not re.search(r"\d+ minutes", opening), "how long it takes is computed: website/content/minutes.py"
    order = [page.headings.index(heading) for heading in ("Exercises", "Quiz", "Summary")]
    assert order == sorted(order), "exercises, then the quiz, then the summary"
    close = page.prose[-1] if "Summary" in page.prose[-1] else "\n".join(page.prose[-3:])
    for part in ("Symbols", "Elsewhere", "Next", "Sources"):
        assert f"**{part}" in close, f"the end of the page says {part}"
    imported = page.code[0].splitlines()
    assert all(re.match(r"(from|import) |[ )]|$", line) for line in imported), "the first code cell imports"
    assert len(imported) <= 8


@pytest.mark.parametrize("name", CHAPTERS)
def test_cells_are_short(name):
    shown = [
        cell["source"].splitlines()
        for cell in cells(CHAPTERS[name], "code")
        if not tags(cell) & {"hide-input", "remove-input", "exercise-starter"}
    ]
    long = [lines for lines in shown if len(lines) > 12]
    assert len(long) <= len(shown) / 10, "nine in ten have at most 12 lines"
    assert all(len(lines) <= 20 for lines in shown), "at 20 lines it belongs in gdcourse, or in two cells"


def first_uses(page, known):
    """(name, what is told of names before and with that cell) of each gdcourse name that shown code of the page uses first; adds them to `known`."""
    spoken = re.compile(r"`+([^`]+)`+|#(.*)")
    imported, told = set(), ""
    for number, cell in enumerate(page.cells):
        if cell["cell_type"] == "markdown" or tags(cell) & {"hide-input", "remove-input", "hide-cell"}:
            told += (
                " ".join(map("".join, spoken.findall(cell["source"]))) + " " if cell["cell_type"] == "markdown" else ""
            )
            continue
        tree = list(ast.walk(ast.parse(cell["source"])))
        imported |= {
            one.asname or one.name
            for node in tree
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gdcourse")
            for one in node.names
        }
        modules = {name for name in imported if isinstance(getattr(gdcourse, name, None), ModuleType)}
        names = {
            node.attr
            for node in tree
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules
        }
        names |= {node.id for node in tree if isinstance(node, ast.Name) and node.id in imported - modules}
        after = next(
            (one["source"] for one in page.cells[number + 1 : number + 2] if one["cell_type"] == "markdown"), ""
        )
        for name in sorted(names - known):
            yield name, told + " ".join(map("".join, spoken.findall(f"{cell['source']}\n{after}")))
        known |= names


def test_no_chapter_uses_a_name_before_it_is_introduced():
    """In the order of the book, shown code uses a gdcourse name first where the text, or a comment beside it, says what it is."""
    known, silent = set(), []
    for chapter, page in CHAPTERS.items():
        silent += [
            f"{chapter}: {name}" for name, told in first_uses(page, known) if not re.search(rf"\b{name}\b", told)
        ]
    assert len(known) > 30
    assert not silent, "say in the text, in `code`, what each is before the first cell that uses it"


def test_the_map_of_the_landing_page_is_what_the_chapters_say_they_need():
    """Each arrow of the map is named under "You need", and each chapter named there is behind the arrows."""
    drawn = yaml.safe_load(
        re.search(r"```\{chapter-map\}\n(.*?)```", (ROOT / "index.md").read_text(encoding="utf-8"), flags=re.DOTALL)[1]
    )
    assert list(drawn) == list(CHAPTERS), "the map names the chapters that exist, in their order"
    assert f"\nA free course in {len(CHAPTERS)} chapters, " in (ROOT / "index.md").read_text(encoding="utf-8")
    behind = {}
    for name, page in CHAPTERS.items():
        arrows = {one.strip() for one in (drawn[name] or "").split(",") if one.strip()}
        needed = set(
            re.findall(r"\]\((\w+)\.ipynb\)", re.search(r"^You need .*", "\n".join(page.prose), flags=re.MULTILINE)[0])
        )
        behind[name] = arrows.union(*(behind[one] for one in arrows))
        assert arrows <= needed <= behind[name], name


def test_the_map_quotes_the_chapters_without_marks_and_names_what_they_build_on_in_order(site):
    trail = re.search(r'<ol class="trail">(.*?)</ol>', (site / "index.html").read_text(encoding="utf-8"), re.DOTALL)[1]
    assert not re.search(r"F\d+\.\d+| [.,;](\s|<)", trail)
    builds = [
        [int(n) for n in re.findall(r"chapter (\d+)", line)] for line in re.findall(r"Builds on (.*?)</p>", trail)
    ]
    assert builds and all(numbers == sorted(numbers) for numbers in builds)


def plain(symbol):
    """A symbol however it is written: `$\\rho$` and `ρ` alike."""
    letters = {
        "eta": "η",
        "beta": "β",
        "rho": "ρ",
        "sigma": "σ",
        "kappa": "κ",
        "lambda": "λ",
        "mu": "μ",
        "delta": "δ",
        "varepsilon": "ε",
        "nabla": "∇",
        "mathrm": "",
        "cdot": "·",
    }
    return re.sub(r"[\s${}]", "", re.sub(r"\\(\w+?)(?=[\W_\d]|$)", lambda m: letters.get(m[1], m[0]), symbol))


def test_the_notation_lists_every_symbol_that_a_chapter_introduces():
    table = re.findall(
        r"^\|(.*?)\|.*\|$", (ROOT / "chapters/notation.md").read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    listed = {plain(one) for cell in table for one in cell.split(",")}
    lost = []
    for name, page in CHAPTERS.items():
        introduced = re.search(r"^\*\*Symbols\.\*\* (.*)\.$", "\n".join(page.prose), flags=re.MULTILINE)[1]
        for part in introduced.split("; "):
            symbols = re.match(r"\$(.*?)\$", part)[1] if part.startswith("$") else part.split(" ", 1)[0].strip(",*")
            lost += [f"{name}: {one}" for one in symbols.partition("=")[0].split(", ") if plain(one) not in listed]
    assert not lost, "chapters/notation.md is the page of every symbol"


@pytest.mark.parametrize("name", pages(ROOT))
def test_every_figure_says_what_it_shows(name):
    for cell in cells(pages(ROOT)[name], "code"):
        printed = ["".join(output.get("data", {}).get("text/plain", "")) for output in cell.get("outputs", ())]
        if any(text.startswith("<Figure") for text in printed):
            alt = cell["metadata"].get("mystnb", {}).get("image", {}).get("alt", "")
            assert len(alt.split()) >= 6 and not re.search(r"\.(png|svg)\b|^(figure|image|plot) of\b", alt, re.I), cell[
                "source"
            ]


@pytest.mark.parametrize("name", [*pages(ROOT), *DOCUMENTS])
def test_prose_is_english(name):
    text = "\n".join(pages(ROOT)[name].prose) if name in pages(ROOT) else (ROOT / name).read_text(encoding="utf-8")
    assert not re.findall(r"\b(?:e\.g\.|i\.e\.|etc\.)", text)


@pytest.mark.parametrize("path", sorted(ROOT.glob("chapters/*.ipynb")), ids=lambda path: path.stem)
def test_no_cell_warns(path):
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        streams = [output["name"] for output in cell.get("outputs", ()) if output["output_type"] == "stream"]
        assert "stderr" not in streams, "".join(cell["source"])


def test_chapters_hold_their_exercises_as_the_files_say():
    command = [sys.executable, "-m", "gdcourse.exercises", "sync", "--check"]
    done = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=False)
    assert not done.returncode, done.stdout + done.stderr


def test_a_new_exercise_is_a_skeleton_that_can_be_proved(tmp_path, monkeypatch):
    monkeypatch.setattr(author, "course_folder", lambda: tmp_path)
    assert new.run("momentum/first_try") == 0
    assert prove(author.load("momentum/first_try"), seeds=1) == []
    assert new.run("momentum/first_try") == 1, "what is written is not written over"


# ---- commands --------------------------------------------------------------------------------------------------------


def named_commands(document):
    """The commands that a document names, without their arguments: {("make", "serve"), ("python", "gdcourse.exercises")}."""
    text = (ROOT / document).read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"^```.*?^```|`[^`\n]+`|^ {4}[^\n]*", text, flags=re.MULTILINE | re.DOTALL))
    made = {("make", word) for word in re.findall(r"\bmake ([a-z]+)\b", code)}
    return made | {("python", name) for name in re.findall(r"python3? -m ((?:gdcourse|website)[\w.]*)", code)}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_in_a_document_exists(document):
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    for kind, name in named_commands(document):
        path = ROOT / name.replace(".", "/")
        known = (
            name in targets if kind == "make" else path.with_suffix(".py").exists() or (path / "__main__.py").exists()
        )
        assert known, f"{document} names a command that does not exist: {kind} {name}"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_that_a_document_names_exists(document):
    text = (ROOT / document).read_text(encoding="utf-8")
    names = {
        name for name in re.findall(r"(?<![\w/`.-])`([\w./-]+/[\w./-]+|[\w-]+\.(?:py|yml|toml|md|bib|lock))`", text)
    }
    links = {name for name in re.findall(r"\]\(([^)#\s]+)\)", text) if "://" not in name}
    known = ["/" + one for one in tracked()]
    lost = [
        name
        for name in names | links
        if not name.startswith(("_build/", ".cache/"))  # what commands make
        and not (ROOT / name).exists()
        and not any(one.endswith("/" + name) for one in known)
    ]
    assert not lost


# Python files of more than 300 lines, and why each is one file
LONG = {
    "gdcourse/problems.py": "one loss after the other: nothing in it depends on another part of it",
    "gdcourse/optimizers.py": "one rule after the other, half of it docstrings with their examples",
    "gdcourse/exercises/author/exercise.py": "the format of an exercise file: what may stand in it, read, checked and offered",
    "gdcourse/exercises/judge/calls.py": "one call of an answer: its arguments copied, its result or its error",
    "gdcourse/exercises/judge/compare.py": "one comparison of two values, whatever their kind",
    "gdcourse/exercises/judge/feedback.py": "one verdict: the questions that are asked of a wrong answer, in their order",
    "gdcourse/exercises/judge/limits.py": "the limits of time, steps and memory, which stop and start together",
    "gdcourse/exercises/judge/repair.py": "one search for a change that makes the answer right",
    "gdcourse/exercises/judge/trial.py": "one answer on all cases, and what is known of it",
    "gdcourse/exercises/judge/patterns.py": "one list of patterns in the numbers",
    "gdcourse/exercises/judge/repair_words.py": "one list of small repairs with their words",
    "gdcourse/exercises/judge/slips.py": "one list of slips",
    "gdcourse/plotting.py": "one look: a function for each kind of picture, all in the same few colours and marks",
    "gdcourse/grading/client.py": "the grader's end of a kernel: started, asked, ended",
    "gdcourse/grading/folder.py": "the command: its options, its run, its end",
    "gdcourse/grading/notebook.py": "one notebook from its cells to its row",
    "gdcourse/grading/submissions.py": "every form in which a notebook is handed in",
    "website/python/inpage/kernel.py": "a kernel: a cell from its text to its outputs",
}


def test_a_long_file_has_a_reason():
    long = {
        name
        for name in tracked()
        if name.startswith(("gdcourse/", "website/"))
        and name.endswith(".py")
        and len((ROOT / name).read_text(encoding="utf-8").splitlines()) > 300
    }
    assert long == set(LONG), "split it, or say in LONG why it is one; what became short leaves LONG"


def test_every_dependency_is_explained():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    website = tomllib.loads((ROOT / "website/pyproject.toml").read_text(encoding="utf-8"))
    groups = [
        [name for name in website["project"]["dependencies"] if not name.startswith("gdcourse")],
        project["project"]["dependencies"],
        *project["project"]["optional-dependencies"].values(),
        *project["dependency-groups"].values(),
    ]
    names = {
        re.match(r"[\w.-]+", one).group()
        for group in groups
        for one in group
        if isinstance(one, str) and one != "gdcourse-website"
    }
    text = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    assert not {name for name in names if not re.search(rf"\b{re.escape(name)}\b", text)}, (
        "say in docs/dependencies.md why it is there"
    )


def test_the_citation_is_of_this_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (citation["version"], citation["license"]) == (project["version"], project["license"])
    assert citation["cff-version"] and citation["message"] and citation["authors"] and citation["title"]
