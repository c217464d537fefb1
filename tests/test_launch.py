"""Where a chapter can be opened, and what a page may load: the two strings that the theme writes into each page."""

import re
from pathlib import Path

import pytest
import yaml

from website.look.policy import hashed, policy
from website.python.launch import elsewhere

ROOT = Path(__file__).parents[1]


def test_without_a_repository_there_is_only_the_download():
    assert elsewhere("", "chapters/loss.ipynb") == []


def test_one_setting_gives_every_link():
    colab, binder = elsewhere("https://github.com/you/course", "chapters/loss.ipynb")
    assert colab[:2] == ("Colab", "https://colab.research.google.com/github/you/course/blob/main/chapters/loss.ipynb")
    assert colab[2] == (
        '%pip install anywidget git+https://github.com/you/course "git+https://github.com/you/course#subdirectory=exercises"'
    )
    assert binder[:2] == ("Binder", "https://mybinder.org/v2/gh/you/course/main?labpath=chapters%2Floss.ipynb")


def test_a_branch_may_be_named():
    for written in (
        "https://github.com/you/my.course/tree/spring/26",
        "https://github.com/you/my.course/tree/spring/26/",
    ):
        colab, binder = elsewhere(written, "chapters/loss.ipynb")
        assert (
            "/you/my.course/blob/spring/26/chapters" in colab[1]
            and " git+https://github.com/you/my.course@spring/26 " in colab[2]
        )
        assert "/gh/you/my.course/spring%2F26?" in binder[1]
    assert elsewhere("https://github.com/you/course.git", "a.ipynb")[0][1].endswith("/you/course/blob/main/a.ipynb")


@pytest.mark.parametrize(
    "written",
    ["you/course", "http://github.com/you/course", "https://example.org/you/course", "https://github.com/you"],
)
def test_what_is_no_repository_says_what_one_looks_like(written):
    with pytest.raises(ValueError, match="https://github.com/owner/name"):
        elsewhere(written, "chapters/loss.ipynb")


def test_binder_installs_what_the_chapters_import():
    assert (ROOT / ".binder/requirements.txt").read_text().split() == [".[course]"]
    version = (ROOT / ".binder/runtime.txt").read_text().strip()
    assert re.fullmatch(r"python-3\.1[123]", version)


def test_the_setting_stands_in_the_config():
    settings = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf8"))["sphinx"]["config"]
    elsewhere(settings["repository"], "chapters/loss.ipynb")  # whatever is set, it can be read


def test_the_policy_names_no_host():
    said = policy("let a=1")
    assert "://" not in said and "*" not in said
    assert "'unsafe-eval'" not in said.split() and "'unsafe-inline'" not in said.split("script-src")[1].split(";")[0]


def test_a_hash_is_that_of_the_specification():
    # the example of https://www.w3.org/TR/CSP3/#external-hash and of every browser's console
    assert hashed("alert('Hello, world.');") == "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"
