"""Show a wall of pictures in the gallery: the directive {demo-wall} shows a small picture of each demo on its page, with
the number of the demo's goals.

frontend/page/where.js adds how many of the goals the reader has reached.
"""

import hashlib
import os
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from gdcourse import demos

from . import demos as pictures
from .demos import demo_node

# A demo whose first picture is nearly empty, or like that of another demo, is shown with one of its other settings.
SCENES = {"BreakAdam": {"mode": "valley", "angle": 20.0}, "Steepest": {"norm": "inf"}}


class wall(nodes.General, nodes.Element):
    """The node of the whole wall. `fill` puts a tile into it for each demo, after the page has been read."""


class tile(nodes.General, nodes.Element):
    """The node of one demo on the wall, which links to the demo. Its child is the picture."""


class Wall(SphinxDirective):
    def run(self):
        return [wall()]


def fill(app, doctree):
    for place in list(doctree.findall(wall)):
        for demo in list(doctree.findall(demo_node)):
            place += tile("", picture(app, demo), name=demo["name"], anchor=demo["anchor"])


def picture(app, demo):
    """Return the image node of a demo's tile. The alt text is that of the demo's still picture."""
    png = pictures.tile(demo["name"], {**demo["state"], **SCENES.get(demo["name"], {})})
    file = Path(app.doctreedir).parent / "tiles" / f"{demo['name']}-{hashlib.sha256(png).hexdigest()[:12]}.png"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(png)
    alt = demo.next_node(nodes.image)["alt"]
    return nodes.image(uri=os.path.relpath(file, Path(app.env.doc2path(app.env.docname)).parent), alt=alt)


def visit_wall(self, node):
    self.body.append('<ul class="wall">')


def visit_tile(self, node):
    self.body.append(f'<li><a href="#{escape(node["anchor"])}">')


def depart_tile(self, node):
    cls = getattr(demos, node["name"])
    goals = f"{len(cls.goals)} goal{'s' * (len(cls.goals) != 1)}"
    self.body.append(
        f'<b>{escape(cls.title)}</b> <span data-demo="{node["name"]}" data-goals="{len(cls.goals)}">{goals}</span></a></li>'
    )


def setup(app):
    skip = (lambda self, node: None,) * 2
    app.add_directive("demo-wall", Wall)
    app.add_node(
        wall,
        html=(visit_wall, lambda self, node: self.body.append("</ul>\n")),
        latex=skip,
        text=skip,
        man=skip,
        texinfo=skip,
    )
    app.add_node(tile, html=(visit_tile, depart_tile), latex=skip, text=skip, man=skip, texinfo=skip)
    # must run before Sphinx collects the pictures of the page (priority 500)
    app.connect("doctree-read", fill, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
