"""The base of all demos: it sends settings and texts to the browser, and shows the demo in a notebook."""

import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import anywidget
import numpy as np
import traitlets
from numpy.typing import ArrayLike

from ..exercises import progress

if TYPE_CHECKING:
    from matplotlib.figure import Figure
else:
    Figure = Any  # matplotlib takes long to load; only the still pictures need it

MIME = "application/vnd.gdcourse.demo+json"
STATIC = Path(__file__).with_name("static")
MINE = 6  # the largest number of the reader's own paths that are shown
LONG = 2000  # the largest number of points that are drawn of one path of the reader


@dataclass(frozen=True)
class Goal:
    """A goal of a demo: a task, and the lesson that is shown when the reader has reached it.

    setting: the settings that the demo gets when the reader turns to this goal.
    """

    id: str
    task: str
    lesson: str
    setting: dict = field(default_factory=dict)


def _one_module(file: str) -> str:
    """Return a demo's module and core.js as one text, because a widget in Jupyter cannot import other files."""
    core, names = (STATIC / "core.js").read_text(encoding="utf-8").rsplit("export{", 1)
    returned = re.sub(r"([\w$]+) as ([\w$]+)", r"\2:\1", names.partition("}")[0])
    demo = (STATIC / f"{file}.js").read_text(encoding="utf-8")
    used = re.sub(
        r'import\{([^}]*)\}from"\./core\.js"',
        lambda found: "const{" + found[1].replace(" as ", ":") + "}=gdcourse",
        demo,
    )
    return f"const gdcourse=(()=>{{{core}return{{{returned}}}}})();{used}"


class Demo(anywidget.AnyWidget):
    """The base of all demos.

    A subclass defines texts (title, question, goals, caption), settings as traits tagged sync=True, and the
    properties `path` and `alt`. A JavaScript file of the same name, in frontend/demos/demos, draws everything that
    moves.
    """

    file = title = question = caption = ""
    # `say` is a sentence about the picture, `python` is code that computes the picture. Both contain names of settings
    # and of results in braces. Either may be a dict: a text for each value of a setting.
    say: ClassVar[str | dict[str, str]] = ""
    python: ClassVar[str | dict[str, str]] = ""
    goals: ClassVar[tuple[Goal, ...]] = ()
    data: ClassVar[dict] = {}  # constants for the function compute() of the demo's JavaScript file
    # the heights in pixels that a page reserves for the demo at widths of 760 and 360 pixels, so that the text below
    # does not move when the demo appears
    height: ClassVar[tuple[int, int]] = (830, 1450)

    words = traitlets.Dict(read_only=True).tag(sync=True)
    reached = traitlets.Unicode(help="the goals reached so far, in order, separated by spaces").tag(sync=True)
    paths: traitlets.List = traitlets.List(help="paths of your own, see add_path").tag(sync=True)

    def __init_subclass__(cls, **more):
        file = cls.__module__.rpartition(".")[2]
        # a subclass that has no JavaScript file of its own is drawn by that of its base class
        if file != cls.file and (STATIC / f"{file}.js").exists():
            cls.file, cls._esm = file, _one_module(file)
        super().__init_subclass__(**more)

    def __init__(self, **settings: Any):
        wrong = sorted(set(settings) - set(self.setting_names()))
        if wrong:
            raise TypeError(
                f"{type(self).__name__} has no setting {', '.join(wrong)}; it has {', '.join(self.setting_names())}."
            )
        self.set_trait("words", self.spoken())
        super().__init__(reached=self._reached_before(), **settings)
        self.observe(self._record, "reached")

    @classmethod
    def setting_names(cls) -> list[str]:
        """Return the names of the settings, in the order of the class body."""
        return [
            name
            for base in reversed(cls.__mro__)
            if issubclass(base, Demo) and base is not Demo
            for name, trait in vars(base).items()
            if isinstance(trait, traitlets.TraitType) and trait.metadata.get("sync") and not name.startswith("_")
        ]

    @classmethod
    def spoken(cls) -> dict[str, Any]:
        """Return the texts and data of the demo, as a dict for the browser."""
        goals = [{k if k != "setting" else "set": v for k, v in asdict(goal).items() if v} for goal in cls.goals]
        choices = {
            name: trait.values
            for name, trait in cls.class_traits(sync=True).items()
            if isinstance(trait, traitlets.Enum)
        }
        free = [name for name, trait in cls.class_traits(sync=True).items() if trait.metadata.get("free")]
        return {"name": cls.__name__, "file": cls.file, "title": cls.title, "question": cls.question, "caption": cls.caption,
                "goals": goals, "state": cls.setting_names(), "choices": choices, "free": free, "data": cls.data, "say": cls.say, "python": cls.python}  # fmt: skip

    @classmethod
    def _reached_before(cls):
        """Return the goals that are reached according to the learner's progress file, separated by spaces."""
        there = {event["id"] for event in progress.events() if event["kind"] == "demo"}
        return " ".join(goal.id for goal in cls.goals if f"{cls.__name__}/{goal.id}" in there)

    def _record(self, change):
        for goal in change["new"].split():
            if goal not in change["old"].split():
                progress.record("demo", f"{type(self).__name__}/{goal}", ok=True)

    @property
    def settings(self) -> dict[str, Any]:
        """The current settings, {name: value}."""
        return {name: getattr(self, name) for name in self.setting_names()}

    def add_path(self, path: ArrayLike, label: str = "mine") -> None:
        """Draw a path of your own next to the demo's path: an array (steps + 1, d), such as `descend` returns."""
        points = np.asarray(path, dtype=float)
        points = points[:, None] if points.ndim == 1 else points
        wanted = np.shape(self.path)[1:] or (1,)
        if points.ndim != 2 or points.shape[1:] != wanted:
            raise ValueError(f"a path here has shape (steps + 1, {wanted[0]}); got {np.shape(path)}.")
        whole = np.isfinite(points).all(axis=1)
        points = points[: len(points) if whole.all() else int(np.argmin(whole))][:LONG]  # JSON has no inf and no nan
        kept = [mine for mine in self.paths if mine["label"] != label]
        self.paths = [*kept, {"label": str(label), "points": points.tolist()}][-MINE:]

    @property
    def path(self) -> np.ndarray:
        """The path on the screen, computed again in NumPy."""
        raise NotImplementedError

    @property
    def alt(self) -> str:
        """What the picture shows, in a sentence or two."""
        raise NotImplementedError

    def still(self, figure: Figure) -> None:
        """Draw a still picture of the demo on a Matplotlib figure."""
        raise NotImplementedError

    def __repr__(self):
        plain = type(self).class_traits()
        told = ", ".join(f"{k}={v!r}" for k, v in self.settings.items() if v != plain[k].default_value)
        return f"{type(self).__name__}({told})"

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        data, *rest = bundle if isinstance(bundle, tuple) else (bundle,)
        data = {
            **(data or {}),
            "text/plain": f"{self!r}\n{self.alt}",
            MIME: {"name": type(self).__name__, "state": self.settings} | ({"paths": self.paths} if self.paths else {}),
        }
        return (data, *rest) if isinstance(bundle, tuple) else data
