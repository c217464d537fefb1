"""The website of the course: this package executes the chapters, builds the pages and serves them.

`_config.yml` names one Sphinx extension, `website`. It consists of many small extensions, the modules in `PARTS`. To
add one, write a module with a function `setup(app)` and add its name to `PARTS`. The package itself is never published.
"""

from importlib import import_module

PARTS = (
    "look.math",
    "look.polish",
    "look.scripts",
    "look.theme",
    "python.launch",
    "content.landing",
    "look.search",
    "look.missing",
    "look.policy",
    "look.crawlers",
    "look.offline",
    "content.demos",
    "make.execute",
    "content.facts_pages",
    "content.quiz",
    "content.cards",
    "content.solutions",
    "content.hand_in",
    "content.minutes",
    "content.teaching",
    "content.exercises",
    "content.bets",
    "content.where",
    "content.wall",
    "python.bars",
    "python.lite",
)


def setup(app):
    for name in PARTS:
        import_module(f"{__name__}.{name}").setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
