"""Put the exercises into the chapters: prompt, starter and check cells, made from the exercise files.

An author writes a Markdown cell `<!-- exercise: momentum/momentum_step -->` where the exercise belongs. `sync` replaces
it by three cells, and later recognises these by their ids and metadata. It keeps all other cells and all outputs. It
also makes the pages of solutions and lists them in `_toc.yml`. `sync --check` changes nothing and prints what is not
up to date.
"""

import json
import re

from .. import author

MARKER = re.compile(r"\s*<!-- exercise: (?P<id>\S+?) -->")
PARTS = ("prompt", "starter", "check")


def _cells_of(exercise, solutions):
    """Return the three cells of an exercise: the prompt (which begins with the marker), the starter, the check."""
    id, name = exercise.id, exercise.name
    stuck = f'Stuck? `hint("{id}")` gives one hint more each time you run it; after an attempt `solution("{id}")` opens'
    stuck += f", and [the page of solutions](solutions/{exercise.chapter}.md) goes further." if solutions else "."
    prompt = f"<!-- exercise: {id} -->\n### Exercise: {exercise.title}\n\n{exercise.prompt.strip()}\n\n{stuck}"
    texts = dict(zip(PARTS, (prompt, exercise.starter.strip(), f'check("{id}", {name})'), strict=True))
    return [_cell(exercise, part, text) for part, text in texts.items()]


def _cell(exercise, part, text):
    metadata = {"gdcourse": {"exercise": exercise.id, "part": part}}
    text = "\n".join(line.rstrip() for line in text.splitlines())  # the notebooks have no trailing spaces
    made = {
        "cell_type": "markdown",
        "id": cell_id(exercise.id, part),
        "metadata": metadata,
        "source": text.splitlines(True),
    }
    if part != "prompt":
        metadata["tags"] = [f"exercise-{part}"]  # becomes a CSS class of the cell on the built page
        made.update(cell_type="code", execution_count=None, outputs=[])
    return made


def cell_id(id: str, part: str) -> str:
    """Return the id of a cell, in the form that nbformat asks for: at most 64 letters, digits, hyphens and underscores.

    id: the id of the exercise; part: one of PARTS.

    >>> cell_id("loss/mse", "check")
    'exercise-loss-mse-check'
    """
    return f"exercise-{id.replace('/', '-')}-{part}"[:64]


def _expand(notebook, solutions=True):
    """Return the cells that the notebook should have, and the ids of its exercises in their order."""
    before, cells, ids = notebook["cells"], [], []
    for cell in before:
        found = MARKER.match(_text(cell)) if cell["cell_type"] == "markdown" else None
        if found:
            exercise = author.load(found["id"])
            ids.append(exercise.id)
            cells += [_with_outputs(new, before) for new in _cells_of(exercise, solutions)]
        elif not _ours(cell):
            cells.append(cell)
    if len(set(ids)) < len(ids):
        raise author.BadExercise(f"the exercise {next(i for i in ids if ids.count(i) > 1)} stands twice in the chapter")
    return cells, ids


def _with_outputs(new, before):
    # keep the outputs of the old cell if its source is the same
    for old in before:
        if old.get("id") == new["id"] and new["cell_type"] == old["cell_type"] == "code":
            new["execution_count"] = old.get("execution_count")
            new["outputs"] = old["outputs"] if _text(old) == _text(new) else []
    return new


def _ours(cell):
    return (
        "exercise" in cell.get("metadata", {}).get("gdcourse", {})
        or re.fullmatch(r"exercise-.*-(starter|check)", cell.get("id", "")) is not None
    )


def _text(cell):
    return "".join(cell["source"])


def _sync_chapter(path, check=False):
    """Bring one notebook up to date; with `check`, change nothing. Return what was not up to date, as sentences."""
    text = path.read_text(encoding="utf-8")
    if "<!-- exercise:" not in text and '"gdcourse"' not in text:
        return []
    notebook = json.loads(text)
    cells, ids = _expand(notebook)
    found = [
        f"{path.name}: the cells of {id} are not those of its file"
        for id in ids
        if _differ(notebook["cells"], cells, id)
    ]
    if not found and len(cells) != len(notebook["cells"]):
        found = [f"{path.name}: it has cells of an exercise whose marker is no longer there"]
    code = "\n".join(_text(c) for c in cells if c["cell_type"] == "code")
    if ids and not re.search(r"^from gdcourse import .*\bcheck\b", code, re.M):
        found.append(
            f"{path.name}: a cell must import what the exercises need: from gdcourse import check, hint, solution"
        )
    if not check and cells != notebook["cells"]:
        notebook["cells"] = cells
        # format the file as nbformat does
        written = json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False, separators=(",", ": ")) + "\n"
        path.write_text(written, encoding="utf-8")
    return found


def _differ(before, after, id):
    """Do the cells of the exercise differ in more than their outputs?"""

    def seen(cells):
        mine = [c for c in cells if c.get("id") in {cell_id(id, part) for part in PARTS}]
        return [(c["cell_type"], c["id"], _text(c), c["metadata"]) for c in mine]

    return seen(before) != seen(after)


# ---- the pages of solutions and for teachers


def _stub(kind, chapter, title):
    """Return the text of a page with a title and a directive that fills the page when the book is built.

    kind: "solutions" or "teaching".
    """
    title = title.split(":")[0]  # the subtitle after the colon is left out, because the chapter shows it
    return f"# {kind.title()}: {title[0].lower()}{title[1:]}\n\n```{{{kind}}} {chapter}\n```\n"


def _title(notebook):
    heads = (
        re.match(r"#\s+(.+)", line)
        for c in notebook["cells"]
        if c["cell_type"] == "markdown"
        for line in _text(c).splitlines()
    )
    return next((h[1].strip() for h in heads if h), "this chapter")


def _sync_pages(folder, chapters, check=False):
    """Write the pages of solutions and for teachers, and their lines in `_toc.yml`; with `check`, write nothing.

    chapters: the chapters that have exercises. Return what was not up to date, as sentences.
    """
    found, toc = [], folder / "_toc.yml"
    kinds = ["solutions", *(["teaching"] if (folder / "chapters/teaching.md").is_file() else [])]
    for chapter in chapters:
        title = _title(json.loads((folder / "chapters" / f"{chapter}.ipynb").read_text(encoding="utf-8")))
        for kind in kinds:
            page, wanted = folder / "chapters" / kind / f"{chapter}.md", _stub(kind, chapter, title)
            if not page.is_file() or page.read_text(encoding="utf-8") != wanted:
                found.append(f"{kind}/{chapter}.md: missing or not what its chapter asks for")
                if not check:
                    page.parent.mkdir(exist_ok=True)
                    page.write_text(wanted, encoding="utf-8")
    text = wanted = toc.read_text(encoding="utf-8")
    for kind in kinds:
        wanted = _listed(wanted, kind, chapters)
    if wanted != text:
        found.append("_toc.yml: does not list the pages of solutions and for teachers in the order of the chapters")
        if not check:
            toc.write_text(wanted, encoding="utf-8")
    return found


def _listed(toc, kind, chapters):
    """Return the table of contents with the pages of this kind, in the order of the chapters.

    The pages for teachers are listed below the page `teaching`.
    """
    caption = {"solutions": "Solutions", "teaching": "For teachers"}[kind]
    part = re.compile(rf"^  - caption: {caption}\n(?:    .*\n)*", re.M)
    top = "      - file: chapters/teaching\n        sections:\n" if kind == "teaching" else ""
    lines = "".join(f"{'    ' * bool(top)}      - file: chapters/{kind}/{c}\n" for c in chapters)
    block = f"  - caption: {caption}\n    chapters:\n{top}{lines}" if chapters else ""
    if part.search(toc):
        return part.sub(lambda _: block, toc)
    return toc.rstrip("\n") + "\n" + block


def run(check: bool = False) -> int:
    """Bring all chapters up to date; with `check`, only print what is not up to date.

    Returns the exit code: 1 if something is left for the author to do, else 0.

    >>> run(check=True)  # no output: all chapters are up to date
    0
    """
    folder = author.course_folder()
    listed = re.findall(r"^\s*- file: chapters/(\w+)\s*$", (folder / "_toc.yml").read_text(encoding="utf-8"), re.M)
    found, with_exercises = [], []
    for path in sorted((folder / "chapters").glob("*.ipynb")):
        try:
            found += _sync_chapter(path, check)
        except (author.UnknownExercise, author.BadExercise) as error:
            found.append(f"{path.name}: {error}")
            check = True  # after an error, change no more files
        if path.stem in listed and "<!-- exercise:" in path.read_text(encoding="utf-8"):
            with_exercises.append(path.stem)
    found += _sync_pages(folder, sorted(with_exercises, key=listed.index), check)
    for sentence in found:
        print(f"✗ {sentence}" if check else f"• {sentence}: done" if "must import" not in sentence else f"✗ {sentence}")
    if check and found:
        print("Run  python -m gdcourse.exercises sync  and look at what it changed.")
    return int(bool(found) and (check or any("must import" in s for s in found)))
