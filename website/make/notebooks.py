"""Write notebooks in the normal form, the one form in which they are committed.

    python -m website.make.notebooks            execute every chapter and write it in the normal form
    python -m website.make.notebooks --check    fail if a chapter is not in the normal form (nothing is executed)
    python -m website.make.notebooks --compare  execute every chapter and say where its outputs differ (nothing is written)

The normal form keeps the sources, the text that cells print or return, tags, alt texts and exercise markers. It drops
pictures, widgets, tracebacks and what editors leave behind. A demo becomes a small still picture, for readers of the
notebook on pages where nothing runs (GitHub). Code cells are numbered from 1, because nbval does not compare a cell
without a number.
"""

import argparse
import base64
import difflib
import hashlib
import io
import re
from pathlib import Path

import nbformat
import numpy as np

from gdcourse.demos import DEMOS
from gdcourse.demos.engine import MIME

from ..content.demos import small
from ..tree import ROOT, alone
from ..tree import notebooks as every_notebook
from .execute import ExecutionFailed, execute, filled, joined, processor

NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
NOTEBOOK_KEPT = ("myst", "mystnb")
CELL_KEPT = ("exercise", "gdcourse", "mystnb", "tags")
# (pattern, replacement) for text that differs from run to run or from machine to machine: addresses in memory, the
# folder of the repository, times.
PASSING = (
    (re.compile(r"\b0x[0-9a-f]{6,}\b"), "0x0"),
    (re.compile(re.escape(str(ROOT))), "."),
    (re.compile(r"\b\d+(\.\d+)?(?= (ns|µs|ms|seconds)\b)|\b\d+\.\d+(?= s\b)"), "…"),
    # the size of a figure changes with our style, and the committed notebook does not hold the picture
    (re.compile(r"<Figure size \d+x\d+ with"), "<Figure with"),
)


def plain(text):
    """Return the text with the parts replaced that differ from run to run (see PASSING). text: a string or a list of
    strings."""
    text = "".join(text)
    for pattern, word in PASSING:
        text = pattern.sub(word, text)
    return text


def normal_outputs(given, count):
    """Return the outputs of a code cell in the normal form: streams joined, results as plain text, errors without
    traceback. count: the number of the cell."""
    outputs = []
    for output in joined(given):
        kind = output.output_type
        if kind == "stream":
            outputs.append(nbformat.v4.new_output("stream", name=output.name, text=plain(output.text)))
        elif kind == "error":
            outputs.append(
                nbformat.v4.new_output("error", ename=output.ename, evalue=plain(output.evalue), traceback=[])
            )
        elif "text/plain" in output.data:
            more = {"execution_count": count} if kind == "execute_result" else {}
            told, picture = plain(output.data["text/plain"]), still(output)
            alt = {"image/png": {"alt": " ".join(told.split("\n")[1:])}} if picture else {}
            outputs.append(nbformat.v4.new_output(kind, data={"text/plain": told, **picture}, metadata=alt, **more))
    return outputs


def still(output):
    """Return the still picture of a demo as {"image/png": base64}; {} if the output is not that of a demo.

    The picture is drawn anew if the demo has just run. Otherwise the output holds a picture already, which is taken.
    """
    data = output.data
    if MIME in data:
        return {"image/png": base64.b64encode(small(data[MIME]["name"], data[MIME]["state"])).decode()}
    first = re.match(r"(\w+)\(.*\)\n", plain(data["text/plain"]))
    return (
        {"image/png": "".join(data["image/png"]).strip()} if first and first[1] in DEMOS and "image/png" in data else {}
    )


def normal_id(cell, taken):
    """Return the cell's own id. If it has none, or one that is in `taken`, make an id from the cell's text. Add the id
    to `taken`, the ids of the cells above."""
    name, number = cell.get("id"), 0
    while not name or name in taken:
        name = hashlib.sha256(f"{number}{cell.source}".encode()).hexdigest()[:8]
        number += 1
    taken.add(name)
    return name


def normal(notebook):
    """Return a new notebook: the same cells in the normal form, without empty cells."""
    cells, taken, count = [], set(), 0
    for cell in notebook.cells:
        source = "\n".join(line.rstrip() for line in cell.source.splitlines()).strip("\n")
        if not source:
            continue
        make = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}.get(cell.cell_type)
        if make is None:
            raise ValueError(f"a {cell.cell_type} cell: the chapters have code and markdown cells only")
        metadata = {name: cell.metadata[name] for name in CELL_KEPT if cell.metadata.get(name)}
        fresh = make(source, metadata=metadata, id=normal_id(cell, taken))
        if cell.cell_type == "code":
            count += 1
            fresh.execution_count = count
            fresh.outputs = normal_outputs(cell.outputs, count)
        cells.append(fresh)
    metadata = {
        **NOTEBOOK_METADATA,
        **{name: notebook.metadata[name] for name in NOTEBOOK_KEPT if name in notebook.metadata},
    }
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


def alike(old, new):
    """Return whether two still pictures (base64 of a PNG) look the same: they have the same size, and at most ten
    pixels differ visibly.

    Another processor may round the last bit of a number differently, which changes the shade of a pixel slightly.
    """
    from PIL import Image

    old, new = (Image.open(io.BytesIO(base64.b64decode(picture))).convert("RGB") for picture in (old, new))
    if old.size != new.size:
        return False
    apart = np.abs(np.asarray(old, dtype=int) - np.asarray(new, dtype=int)).max(axis=2)
    return np.sum(apart > 16) <= 10


def keep_stills(notebook, before):
    """Replace each new still picture by the old one if the two look the same. before: the notebook with the old
    pictures."""
    for cell, was in zip(notebook.cells, before.cells, strict=True):
        for output, old in zip(cell.get("outputs", []), was.get("outputs", [])):
            pictures = [one.get("data", {}).get("image/png") for one in (old, output)]
            if all(pictures) and alike(*pictures):
                output.data["image/png"] = pictures[0]


def text_of(notebook, before=None):
    """Return the normal form of a notebook as the text of its file.

    before: the committed notebook; its still pictures are kept if the new ones look the same.
    """
    fresh = normal(notebook)
    if before is not None:
        keep_stills(fresh, normal(before))
    nbformat.validate(fresh)
    return nbformat.writes(fresh, version=4) + "\n"


def read(path):
    """Read a notebook from its file, without validating it, because `normal` repairs missing and repeated ids."""
    return nbformat.v4.reads_json(Path(path).read_text(encoding="utf-8"))


def difference(path, wanted):
    """Return the difference between the text of a file and the text `wanted`; "" if there is none."""
    now = Path(path).read_text(encoding="utf-8")
    lines = difflib.unified_diff(now.splitlines(), wanted.splitlines(), "is", "should be", n=1, lineterm="")
    short = "\n".join(line[:200] for line in lines)  # a still picture is one line of 10,000 characters
    return short or ("" if now.endswith("}\n") else "the last line does not end")


def faults(path):
    """Return the difference between a file and its normal form, as text; "" if there is none."""
    return difference(path, text_of(read(path)))


def main():
    parser = argparse.ArgumentParser(
        prog="python -m website.make.notebooks", description="Execute and normalise the notebooks."
    )
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: every chapter")
    parser.add_argument(
        "--check", action="store_true", help="fail if a notebook is not in the normal form; execute nothing"
    )
    parser.add_argument(
        "--compare",
        action="store_true",
        help="execute, write nothing, and fail if an output differs from the committed one",
    )
    options = parser.parse_args()
    paths = [path.resolve() for path in options.notebooks] or every_notebook()
    if options.check:
        stop(paths, faults, "is not in the normal form; run  make notebooks")
        return
    if not options.compare:
        for path in paths:  # write the normal form first, so that the text that is executed is the text that is written
            write(path, text_of(read(path)))
    try:
        with alone():
            kept = execute(paths)
    except ExecutionFailed as error:
        raise SystemExit(f"\n{error}") from None

    def executed(path):
        return text_of(filled(read(path), kept[path]), before=read(path))

    if options.compare:
        where = f"with {processor()}" if processor() else "here"
        stop(paths, lambda path: difference(path, executed(path)), f"says something else {where}")
        print(f"Every notebook says {where} what is committed.")
        return
    changed = [path.name for path in paths if write(path, executed(path))]
    print("Outputs changed in: " + ", ".join(changed) if changed else "Every notebook already says what it prints.")


def stop(paths, fault, message):
    """Exit if notebooks have faults; print each fault below the name of its notebook and the message. fault(path)
    returns the fault of a notebook, "" if it has none."""
    wrong = [f"{path.name} {message}\n{said}" for path in paths if (said := fault(path))]
    if wrong:
        raise SystemExit("\n\n".join(wrong))


def write(path, text):
    """Write the file only if its text has changed; return whether it has."""
    if path.read_text(encoding="utf-8") == text:
        return False
    path.write_text(text, encoding="utf-8")
    return True


if __name__ == "__main__":
    main()
