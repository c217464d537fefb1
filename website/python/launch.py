"""Link to the places where a chapter can run besides its page: the download, JupyterLite and, if `_config.yml` names
the repository, Colab and Binder.

They are plain links: the page asks these hosts for nothing until a reader follows one.
"""

import re
from urllib.parse import quote

from sphinx.util import logging

from . import lite

logger = logging.getLogger(__name__)

GITHUB = re.compile(
    r"https://github\.com/(?P<owner>[\w.-]+)/(?P<name>[\w.-]+?)(?:\.git)?(?:/tree/(?P<branch>[\w./-]+?))?/?"
)


def elsewhere(repository, source):
    """Return a list of (name, address, line that installs the course there) for a notebook; [] if no repository is set.

    The line is "" where the course is installed already.

    >>> [name for name, address, line in elsewhere("https://github.com/you/course", "chapters/loss.ipynb")]
    ['Colab', 'Binder']
    """
    if not repository:
        return []
    found = GITHUB.fullmatch(repository)
    if not found:
        raise ValueError(
            f"repository: {repository!r} is not of the form https://github.com/owner/name or …/owner/name/tree/branch"
        )
    owner, name, branch = found["owner"], found["name"], found["branch"] or "main"
    package = f"git+https://github.com/{owner}/{name}" + (f"@{branch}" if found["branch"] else "")
    install = f'%pip install anywidget {package} "{package}#subdirectory=exercises"'
    return [
        ("Colab", f"https://colab.research.google.com/github/{owner}/{name}/blob/{branch}/{quote(source)}", install),
        (
            "Binder",
            f"https://mybinder.org/v2/gh/{owner}/{name}/{quote(branch, safe='')}?labpath={quote(source, safe='')}",
            "",
        ),
    ]


def page_context(app, pagename, templatename, context, doctree):
    source = app.env.doc2path(pagename, base=False) if pagename in app.env.found_docs else ""
    if source.endswith(".ipynb"):
        context["notebook"] = context["pathto"](f"_sources/{source}", 1)
        here = lite.address(app, source)
        beside = [("JupyterLite", context["pathto"](here, 1), "")] if here else []
        context["elsewhere"] = [*beside, *elsewhere(app.config.repository, source)]


def checked(app, config):
    try:
        elsewhere(config.repository, "")
    except ValueError as error:
        logger.warning(str(error))
        config.repository = ""


def setup(app):
    app.add_config_value("repository", "", "html", str)
    app.connect("config-inited", checked)
    app.connect("html-page-context", page_context)
