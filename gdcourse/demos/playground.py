"""The demo "Playground": up to four rules of the course and a rule of the reader's own, on any landscape."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike

from .. import optimizers, problems
from ..exercises.judge.limits import Limits, TooSlow
from ..optimizers import descend
from .engine import Demo, Figure, Goal
from .formula import formula as read
from .race import flat

RULES = ("gd", "momentum", "nesterov", "adagrad", "rmsprop", "adam")
WITH_BETA = ("momentum", "nesterov", "rmsprop")
# the settings for a rule of the reader's own: on the bowl, because on the banana most rates are too large
ON_BOWL = {"landscape": "bowl", "x": 3.0, "y": 4.0, "steps": 60.0, "lr1": 0.1, "lr2": 0.03}
SECONDS = 3  # the limit for the whole path of a rule that a reader wrote
RETURNED = "the w that the rule returned"
SURFACES = {
    "bowl": problems.bowl,
    "valley": problems.valley(100),
    "turned": problems.rotated([1.0, 100.0], 45),
    "banana": problems.rosenbrock,
    "flat": flat,
}


def _surface(landscape="bowl", formula=""):
    """Return the landscape as a Problem. Raises ValueError with a sentence for a formula that cannot be read."""
    return read(formula) if landscape == "formula" else SURFACES[landscape]


def playground(
    landscape: str = "bowl",
    formula: str = "",
    x: float = 3.0,
    y: float = 4.0,
    steps: float = 60.0,
    runners: Sequence[tuple[str, float, float]] = (("gd", 0.1, 0.9),),
) -> list[np.ndarray]:
    """Return the path of each runner from the same start: a list of arrays (steps + 1, 2).

    runners: (rule, learning rate, β).

    >>> playground(runners=(("gd", 0.1, 0.0),))[0].shape
    (61, 2)
    """
    land, n = _surface(landscape, formula), int(np.clip(steps, 1, 500))
    with np.errstate(all="ignore"):
        return [
            descend(
                getattr(optimizers, rule), land.grad, [x, y], n, lr=lr, **({"beta": beta} if rule in WITH_BETA else {})
            )
            for rule, lr, beta in runners
        ]


class Playground(Demo):
    """Choose a landscape and up to four rules, or bring your own: Playground(rule=my_rule)."""

    title = "Playground"
    question = "Which rule, at which learning rate, gets down your landscape best, and why?"
    caption = (
        "Every rule of the course on every landscape, from the same start. Press Arrows and look at what each step is made of: "
        "gradient descent knows the slope here, momentum also where it came from, Adam divides each direction by its usual size. "
        "No rule wins everywhere, and a fair comparison gives each of them its best rate."
    )
    goals = (
        Goal(
            "banana",
            "The banana: get some runner below a loss of 0.001 in at most 200 steps.",
            "Memory helps along a bent valley: Nesterov at η = 0.001, β = 0.95; gradient descent at no rate.",
            {
                "landscape": "banana",
                "x": -1.2,
                "y": 1.0,
                "steps": 200.0,
                "rule1": "gd",
                "rule2": "momentum",
                "lr1": 0.001,
                "lr2": 0.0003,
                "beta2": 0.9,
            },
        ),
        Goal(
            "turned",
            "The turned valley: momentum and Adam run, both at rates that are too small. Change them until one of them gets below a loss of a millionth.",
            "Momentum does not care how the valley is turned. Adam divides each coordinate by its own size, and here both are the same.",
            {
                "landscape": "turned",
                "x": 0.0,
                "y": 1.4,
                "steps": 200.0,
                "rule1": "momentum",
                "rule2": "adam",
                "lr1": 0.001,
                "beta1": 0.9,
                "lr2": 0.001,
            },
        ),
        Goal(
            "valleys",
            "Type a landscape with two valleys, and let two runners from the same start end in different ones.",
            "Where a descent ends depends on the rule and its rate, not on the landscape alone.",
            {
                "landscape": "formula",
                "x": 3.0,
                "y": 1.5,
                "steps": 200.0,
                "rule1": "gd",
                "rule2": "momentum",
                "lr1": 0.02,
                "lr2": 0.02,
                "beta2": 0.9,
            },
        ),
    )
    height = (1340, 1850)

    landscape = traitlets.Enum([*SURFACES, "formula"], "banana", help="where they run").tag(sync=True)
    formula = traitlets.Unicode("x^2 + 3*y^2", help="the height of your own landscape, in x and y").tag(
        sync=True, free=True
    )
    x = traitlets.Float(-1.2, help="start").tag(sync=True)
    y = traitlets.Float(1.0, help="start").tag(sync=True)
    steps = traitlets.Float(200.0, help="how many steps").tag(sync=True)
    rule1 = traitlets.Enum(RULES, "gd").tag(sync=True)
    rule2 = traitlets.Enum(["none", *RULES], "momentum").tag(sync=True)
    rule3 = traitlets.Enum(["none", *RULES], "none").tag(sync=True)
    rule4 = traitlets.Enum(["none", *RULES], "none").tag(sync=True)
    lr1 = traitlets.Float(0.001).tag(sync=True)
    lr2 = traitlets.Float(0.0003).tag(sync=True)
    lr3 = traitlets.Float(0.1).tag(sync=True)
    lr4 = traitlets.Float(0.1).tag(sync=True)
    beta1 = traitlets.Float(0.9).tag(sync=True)
    beta2 = traitlets.Float(0.9).tag(sync=True)
    beta3 = traitlets.Float(0.9).tag(sync=True)
    beta4 = traitlets.Float(0.9).tag(sync=True)
    who = traitlets.Int(1, help="whose steps have arrows").tag(sync=True)
    own = traitlets.Bool(False, help="a rule of your own runs too").tag(sync=True)
    lr0 = traitlets.Float(0.1, help="learning rate of your own rule").tag(sync=True)
    message = traitlets.Unicode("", help="what your own rule did wrong").tag(sync=True)

    def __init__(self, rule: Callable | None = None, **settings: Any):
        super().__init__(**{**(ON_BOWL if rule is not None else {}), **settings, "own": rule is not None})
        self._rule = rule
        if rule is not None:
            self.observe(lambda _: self._walk(), ["landscape", "formula", "x", "y", "steps", "lr0"])
            self._walk()

    def _walk(self):
        """Run the reader's own rule and draw its path. If the rule fails, set `message` to a sentence about it."""
        try:
            land = _surface(self.landscape, self.formula)
            path = own_path(self._rule, land, [self.x, self.y], int(np.clip(self.steps, 1, 500)), self.lr0)
        except ValueError as wrong:
            self.paths, self.message = [], str(wrong)
            return
        name, gone = getattr(self._rule, "__name__", "mine"), ~np.isfinite(path).all(axis=1)
        self.message = (
            f"{name} returns no finite numbers at step {np.argmax(gone)}: it returns {path[np.argmax(gone)]}."
            if gone.any()
            else ""
        )
        self.add_path(path, name)

    @property
    def runners(self) -> list[tuple[str, float, float]]:
        """The runners, as (rule, learning rate, β)."""
        every = ((getattr(self, f"rule{k}"), getattr(self, f"lr{k}"), getattr(self, f"beta{k}")) for k in (1, 2, 3, 4))
        return [one for one in every if one[0] != "none"]

    @property
    def run_paths(self) -> list[np.ndarray]:
        """The path of each runner."""
        return playground(self.landscape, self.formula, self.x, self.y, self.steps, self.runners)

    @property
    def path(self) -> np.ndarray:
        """The path of runner 1."""
        return self.run_paths[0]

    @property
    def alt(self) -> str:
        land = _surface(self.landscape, self.formula)
        with np.errstate(all="ignore"):
            ends = [
                f"{rule} at η = {lr:g} ends at a loss of {land.loss(path[-1]):.3g}"
                for (rule, lr, _), path in zip(self.runners, self.run_paths, strict=True)
            ]
        name = self.formula if self.landscape == "formula" else land.name
        return (
            f"{len(ends)} runners on {name} from ({self.x:g}, {self.y:g}), {int(self.steps)} steps: {'; '.join(ends)}."
        )

    def still(self, figure: Figure) -> None:
        from .. import plotting

        land, (ground, loss) = _surface(self.landscape, self.formula), figure.subplots(1, 2)
        paths = {f"{rule} {lr:g}": path for (rule, lr, _), path in zip(self.runners, self.run_paths, strict=True)}
        plotting.contour(land, paths, ax=ground)
        plotting.curves(
            {label: land.loss(path.T) for label, path in paths.items()}, ax=loss, log=self.landscape != "formula"
        )


def own_path(
    rule: Callable, land: problems.Problem, start: ArrayLike, steps: int, lr: float, seconds: float = SECONDS
) -> np.ndarray:
    """Return the path of a rule that a reader wrote: (steps + 1, 2).

    The rule gets lr only if it has a parameter of this name. seconds: the time for the whole path.
    Raises ValueError with a sentence on what the rule does wrong.

    >>> own_path(lambda w, g, lr: w - lr, problems.bowl, [3.0, 4.0], steps=2, lr=0.5)
    array([[3. , 4. ],
           [2.5, 3.5],
           [2. , 3. ]])
    """
    if not callable(rule):
        raise ValueError(f"A rule is a function of (w, g, ...); got {type(rule).__name__}.")
    name, parameters = getattr(rule, "__name__", "your rule"), inspect.signature(rule).parameters.values()
    takes = any(one.name == "lr" or one.kind is one.VAR_KEYWORD for one in parameters)
    limits = Limits(seconds)
    limits.start()
    path, wrong = limits.attempt(lambda: descend(rule, land.grad, start, steps, **({"lr": lr} if takes else {})))
    limits.stop()
    if limits.interrupted or isinstance(wrong, KeyboardInterrupt):
        raise KeyboardInterrupt
    if isinstance(wrong, TooSlow):
        raise ValueError(f"{name} is not done after {seconds} seconds: does a loop in it never end?")
    if isinstance(wrong, ValueError) and RETURNED in str(wrong):
        raise ValueError(str(wrong).replace(RETURNED, f"the w that {name} returned"))
    if isinstance(wrong, TypeError) and "missing" in str(wrong) and f"{name}()" in str(wrong):
        raise ValueError(f"{wrong}. A rule gets w, g and lr; what it remembers needs a first value, as in m=0.0.")
    if wrong is not None:
        raise ValueError(f"{name} fails: {type(wrong).__name__}: {wrong}")
    if path.shape != (steps + 1, 2):
        raise ValueError(f"{name} must return a w of shape (2,).")
    return path
