"""The demos: interactive pictures, and the pure functions that compute what they show.

`from gdcourse.demos import FindTheEdge`, then `FindTheEdge()` as the last line of a cell. A demo is an ipywidget like
any other: Python can read, set, observe and link its settings. `demo.path` is the path on the screen, computed again
in NumPy.
"""

from importlib import import_module

# class -> file. The part that runs in the browser is frontend/demos/demos/<file>.js.
DEMOS = {
    "BeTheOptimiser": "be_the_optimiser",
    "BeatTheAverage": "beat_the_average",
    "BreakAdam": "break_adam",
    "Clinic": "clinic",
    "DropAHypothesis": "drop_a_hypothesis",
    "EdgeOfStability": "edge_of_stability",
    "FindTheEdge": "find_the_edge",
    "Fog": "fog",
    "HowNoisy": "how_noisy",
    "LandSoftly": "land_softly",
    "Playground": "playground",
    "Race": "race",
    "ReadTheCurve": "read_the_curve",
    "RoundTheBowl": "round_the_bowl",
    "SGDPath": "sgd_path",
    "Steepest": "steepest",
    "ThreeNorms": "three_norms",
    "TooSmall": "too_small",
    "TuneThePendulum": "tune_the_pendulum",
    "TwentyLayers": "twenty_layers",
    "WatchANetworkLearn": "watch_a_network_learn",
    "WatchItLearn": "watch_it_learn",
}

__all__ = list(DEMOS)


def __getattr__(name):
    if name in DEMOS:
        try:
            return getattr(import_module(f"{__name__}.{DEMOS[name]}"), name)
        except ModuleNotFoundError as error:
            # pass on the name of the missing package: Python in a web page fetches that package and imports again
            said = f"The demos need {error.name}:  pip install 'gdcourse[course]'"
            raise ModuleNotFoundError(said, name=error.name) from None
    raise AttributeError(f"there is no demo {name!r}; there are {', '.join(__all__)}")


def __dir__():
    return __all__
