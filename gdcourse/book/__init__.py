"""The Sphinx side of the course: one local extension, one submodule per idea.

`_config.yml` names only `gdcourse.book`. To add an idea, write a module here with a
`setup(app)` of its own and add its name to `PARTS`.
"""

from importlib import import_module

PARTS = (
    "math",
    "polish",
    "theme",
    "launch",
    "landing",
    "search",
    "crawlers",
    "offline",
    "demos",
    "execute",
    "facts_pages",
    "quiz",
    "cards",
    "solutions",
    "inpage",
    "lite",
)


def setup(app):
    """Set up every part, in order."""
    for name in PARTS:
        import_module(f"{__name__}.{name}").setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
