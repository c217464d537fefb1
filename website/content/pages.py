"""Read the source pages of the book as data: their prose, code, pictures, headings and citations."""

import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Page:
    """One source page: a notebook or a Markdown file."""

    path: Path

    @property
    def name(self):
        return self.path.stem

    @cached_property
    def cells(self):
        """The cells as dicts, without those tagged `remove-cell`, which readers do not see. A Markdown file counts as
        one cell."""
        text = self.path.read_text(encoding="utf-8")
        if self.path.suffix != ".ipynb":
            return [{"cell_type": "markdown", "source": text, "metadata": {}}]
        cells = json.loads(text)["cells"]
        for cell in cells:
            cell["source"] = "".join(cell["source"])
        return [cell for cell in cells if "remove-cell" not in cell["metadata"].get("tags", ())]

    @cached_property
    def prose(self):
        """The source of each Markdown cell."""
        return [cell["source"] for cell in self.cells if cell["cell_type"] == "markdown"]

    @cached_property
    def code(self):
        return [cell["source"] for cell in self.cells if cell["cell_type"] == "code"]

    @cached_property
    def printed(self):
        """The text of each output that a reader sees."""
        outputs = [
            o
            for cell in self.cells
            if cell["cell_type"] == "code" and "remove-output" not in cell["metadata"].get("tags", ())
            for o in cell.get("outputs", ())
        ]
        return ["".join(o.get("text", o.get("data", {}).get("text/plain", ""))) for o in outputs]

    @cached_property
    def headings(self):
        lines = re.sub(r"^(```+|:::+).*?^\1", "", "\n\n".join(self.prose), flags=re.MULTILINE | re.DOTALL).splitlines()
        return [re.sub(r"^#+\s+", "", line).strip() for line in lines if re.match(r"#+\s", line)]

    @property
    def title(self):
        return self.headings[0]

    @cached_property
    def alt_texts(self):
        """The alt texts of all pictures: of code cells, figures and Markdown images."""
        found = [cell["metadata"].get("mystnb", {}).get("image", {}).get("alt", "") for cell in self.cells]
        prose = "\n\n".join(self.prose)
        found += re.findall(r"^:alt:\s*(.+)$", prose, flags=re.MULTILINE) + re.findall(r"!\[([^\]]*)\]\(", prose)
        return [alt for alt in found if alt]

    @cached_property
    def objectives(self):
        """The goals in the box "You will learn", one string for each."""
        promise = next((cell for cell in self.prose if "You will learn" in cell), "")
        block = promise.partition("You will learn")[2].split(":::", 1)[0]
        bullets = re.findall(r"^(?:[-*]|\d+\.)\s.+(?:\n[ \t]+\S.*)*", block, flags=re.MULTILINE)
        return [" ".join(re.sub(r"^[-*\d.]+\s+", "", bullet).split()) for bullet in bullets]

    @cached_property
    def facts(self):
        """The ids of the facts that this page cites."""
        return re.findall(r"\{fact\}`([^`]+)`", "\n".join(self.prose))

    @cached_property
    def references(self):
        """The bibliography keys that this page cites."""
        roles = re.findall(r"\{cite(?::\w+)?\}`([^`]+)`", "\n".join(self.prose))
        return [key.strip() for role in roles for key in role.split(",")]


def pages(root):
    """Return all pages of the book (the landing page, the chapters and the others) as {path without suffix: Page}."""
    root = Path(root)
    found = [root / "index.md", *sorted(root.glob("chapters/**/*.ipynb")), *sorted(root.glob("chapters/**/*.md"))]
    return {
        path.relative_to(root).with_suffix("").as_posix(): Page(path)
        for path in found
        if ".ipynb_checkpoints" not in path.parts
    }


def chapters(root):
    """Return the chapters, which are the numbered notebooks of _toc.yml, in its order: {name: Page}."""
    parts = yaml.safe_load((Path(root) / "_toc.yml").read_text(encoding="utf-8"))["parts"]
    files = [entry["file"] for part in parts if part.get("numbered") for entry in part["chapters"]]
    return {Path(file).name: Page(Path(root) / f"{file}.ipynb") for file in files}
