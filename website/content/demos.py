"""Put demos on the built pages: interactive where JavaScript runs, a still picture everywhere else.

In a notebook, the output of a demo holds the demo's name and settings under a MIME type of the course. myst-nb hands
this output to `DemoRenderer`. On HTML pages, frontend/page/demos.js loads the demo's module (gdcourse/demos/static)
when the demo scrolls into view; this needs neither a kernel nor a widget manager. Without JavaScript, in print and in
the PDF, readers see a picture with alt text, which matplotlib draws from the same settings.
"""

import hashlib
import io
import json
import posixpath
from html import escape

from docutils import nodes

from gdcourse import demos
from gdcourse.demos.engine import MIME, STATIC

from ..look import scripts


class demo_node(nodes.General, nodes.Element):
    """The node of a demo on a page, with the demo's name, its settings (`state`) and the `anchor` by which links find
    it. The child node is the still picture."""


class DemoRenderer:
    """Turn the output of a demo into a `demo_node`. myst-nb finds this class by the entry point
    `myst_nb.mime_renderers`."""

    mime_priority_overrides = (("*", MIME, 1),)

    @staticmethod
    def handle_mime(renderer, data, inline):
        if data.mime_type != MIME or inline:
            return None
        name, state = data.content["name"], data.content["state"]
        svg, alt, size = picture(name, json.dumps(state, sort_keys=True))
        stem = f"{name}-{hashlib.sha256(svg).hexdigest()[:12]}"
        image = nodes.image(
            uri=renderer.write_file([stem + ".png"], svg, exists_ok=True),
            alt=alt,
            width=f"{size[0]}px",
            height=f"{size[1]}px",
        )
        taken = [node["anchor"] for node in renderer.renderer.document.findall(demo_node)]
        node = demo_node("", image, name=name, state=state, paths=data.content.get("paths", []))
        node["anchor"] = name if name not in taken else f"{name}-{1 + sum(a.split('-')[0] == name for a in taken)}"
        return [node]


_drawn = {}


def picture(name, state):
    """Return the still picture of a demo: (PNG as bytes, alt text, (width, height) in pixels).

    state: the demo's settings as JSON, because a dict cannot be part of the key of a cached picture.
    """
    if (name, state) not in _drawn:
        demo = _plain(name, json.loads(state))
        _drawn[name, state] = _paint(demo, 188), demo.alt, (640, 301)
    return _drawn[name, state]


def small(name, state):
    """Return a small PNG of a demo, 544 pixels wide with 24 colours, for the committed notebook. Viewers that do not
    run notebooks, such as GitHub, show this picture."""
    from PIL import Image

    out = io.BytesIO()
    Image.open(io.BytesIO(_paint(_plain(name, state), 80))).convert("RGB").quantize(
        24, method=Image.Quantize.FASTOCTREE, dither=0
    ).save(out, "PNG", optimize=True)
    return out.getvalue()


def tile(name, state):
    """Return a picture of a demo for the wall of the gallery, as PNG: its shapes and lines without numbers and names,
    which nobody could read at this size."""
    from matplotlib.figure import Figure

    from gdcourse import plotting  # noqa: F401  the import sets the style of all figures

    figure = Figure(figsize=(3.4, 1.7), layout="constrained")
    _plain(name, state).still(figure)
    for ax in figure.axes:
        ax.set(xlabel="", ylabel="", title="")
        ax.tick_params(which="both", length=0, labelbottom=False, labelleft=False)
        if ax.get_legend():
            ax.get_legend().remove()
        for artist in [*ax.artists, *(text for text in ax.texts if text.get_text())]:  # arrows are texts without words
            artist.remove()
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=160, metadata={"Software": None})
    return out.getvalue()


def _paint(demo, dpi):
    from matplotlib.figure import Figure

    from gdcourse import plotting  # noqa: F401  the import sets the style of all figures

    # at this size the words in the figure can be read on a phone
    figure = Figure(figsize=(6.8, 3.2), layout="constrained")
    demo.still(figure)
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=dpi, metadata={"Software": None})
    return out.getvalue()


def _plain(name, state):
    demo = getattr(demos, name)(**state)
    demo.close()  # a demo is a widget, too: close the widget, because only its picture is needed
    return demo


def visit_html(self, node):
    cls = getattr(demos, node["name"])
    more = {"paths": node["paths"]} if node.get("paths") else {}
    data = json.dumps({"words": cls.spoken(), "state": node["state"], **more}, ensure_ascii=False).replace("</", "<\\/")
    root = posixpath.relpath("/", "/" + posixpath.dirname(self.builder.current_docname)).rstrip("/")
    wide, narrow = cls.height
    self.body.append(
        f"<style>gdc-demo{{display:block;container-type:inline-size;margin:1.2em 0}}gdc-demo img{{max-width:100%;height:auto}}"
        f"@media screen and (scripting:enabled){{gdc-demo{{min-height:var(--wide)}}}}"
        f"@media screen and (scripting:enabled) and (max-width:659px){{gdc-demo{{min-height:var(--narrow)}}}}</style>"
        f'<script type="module" src="{root}/_static/{scripts.place(self.builder.app, "page/demos.js")}"></script>'
        if getattr(self, "_demo_seen", None) != self.builder.current_docname
        else ""
    )
    self._demo_seen = self.builder.current_docname
    self.body.append(
        f'<gdc-demo id="{escape(node["anchor"])}" style="--wide:{wide}px;--narrow:{narrow}px">'
        f'<script type="application/json">{data}</script><figure class="gdc-still"><figcaption><strong>{escape(cls.title)}.</strong> '
        f"{escape(cls.question)}</figcaption>"
    )


def depart_html(self, node):
    self.body.append("</figure></gdc-demo>\n")


def add_modules(app):
    """Add the JavaScript modules of the demos to the site's folder of scripts."""
    for path in sorted(STATIC.glob("*.js")):
        scripts.add(app, f"demos/{path.name}", path.read_bytes())


def drop_widget_state(metadata):
    """Return the notebook's metadata without the widget state of our demos: the page shows them without a widget
    manager."""
    kind = "application/vnd.jupyter.widget-state+json"
    saved = metadata.get("widgets", {}).get(kind, {})
    state = saved.get("state", {})
    if not any(_ours(model) for model in state.values()):
        return metadata
    layouts = {model["state"].get("layout", "").removeprefix("IPY_MODEL_") for model in state.values() if _ours(model)}
    kept = {k: m for k, m in state.items() if not _ours(m) and k not in layouts}
    return {**metadata, "widgets": {kind: {**saved, "state": kept}}}


def _ours(model):
    return str(model.get("state", {}).get("_anywidget_id", "")).startswith("gdcourse.")


def setup(app):
    from myst_nb.core import render

    finalise = render.NbElementRenderer.render_nb_finalise
    if not hasattr(finalise, "before_demos"):

        def render_nb_finalise(self, metadata):
            return finalise(self, drop_widget_state(metadata))

        render_nb_finalise.before_demos = finalise
        render.NbElementRenderer.render_nb_finalise = render_nb_finalise
    skip = (lambda self, node: None,) * 2
    app.add_node(demo_node, html=(visit_html, depart_html), latex=skip, text=skip, man=skip, texinfo=skip)
    scripts.setup(app)
    app.connect("builder-inited", add_modules)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
