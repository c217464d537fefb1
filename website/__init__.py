"""The website of the course: it executes the chapters, builds the pages and serves them; it is never published.

`_config.yml` names only `website`, one Sphinx extension in many parts. To add a part, write a module with a
`setup(app)` of its own and add its name to `PARTS`.
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
    """Set up every part, in order."""
    for name in PARTS:
        import_module(f"{__name__}.{name}").setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
