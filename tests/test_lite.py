"""JupyterLite beside the site: packages packed again from the environment, one lock file, the chapters, no other host."""

import hashlib
import json
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

from website.python import lite, pyodide

pytestmark = pytest.mark.patient

ROOT = Path(__file__).parents[1]


def test_what_the_kernel_needs_is_found_for_a_browser_not_for_this_machine():
    found = lite.needs([*lite.KERNEL, *lite.WIDGETS])
    assert {"ipython", "traitlets", "prompt-toolkit", "parso", "ipywidgets", "psygnal"} <= set(found)
    assert not {"pexpect", "psutil", "jupyterlab-widgets"} & set(found)
    assert all(need in found for needs in found.values() for need in needs)


def test_a_wheel_packed_again_is_the_package_without_its_compiled_parts(tmp_path):
    wheel = lite.pack("psygnal", tmp_path)
    first = wheel.read_bytes()
    assert lite.pack("psygnal", tmp_path).read_bytes() == first, "the same bytes every time"
    names = zipfile.ZipFile(wheel).namelist()
    assert "psygnal/__init__.py" in names and wheel.name == f"psygnal-{version('psygnal')}-py3-none-any.whl"
    assert not [name for name in names if name.endswith((".so", ".pyc")) or name.startswith("..")]
    assert lite.entry("psygnal", wheel, [])["imports"] == ["psygnal"]


def test_the_file_browser_gets_what_it_reads():
    top = json.loads(lite.listing("", [("chapters", None)], "2026-01-01T00:00:00Z"))
    assert (
        top["type"] == "directory"
        and top["content"][0]["path"] == "chapters"
        and top["content"][0]["type"] == "directory"
    )
    inside = json.loads(lite.listing("chapters", [("loss.ipynb", 7)], "2026-01-01T00:00:00Z"))
    assert inside["path"] == inside["name"] == "chapters"
    assert (
        inside["content"][0] | {"path": "chapters/loss.ipynb", "type": "notebook", "size": 7, "content": None}
        == inside["content"][0]
    )


def test_a_chapter_names_the_kernel_that_is_there():
    made = json.loads(lite.notebook(ROOT / "chapters/loss.ipynb"))
    assert made["metadata"]["kernelspec"]["name"] == "python"
    assert made["cells"] == json.loads((ROOT / "chapters/loss.ipynb").read_text(encoding="utf8"))["cells"]


def test_the_policy_of_its_pages_names_no_host():
    assert "//" not in lite.POLICY and "*" not in lite.POLICY


@pytest.fixture(scope="module")
def filled(site):
    if not (site / lite.FOLDER).is_dir():
        pytest.skip("NO PYODIDE HERE: JupyterLite was not built")  # with CI=true the build itself fails then
    return site / lite.FOLDER


def test_every_package_of_its_lock_is_there_to_the_bit(filled):
    config = json.loads((filled / "jupyter-lite.json").read_text())["jupyter-config-data"]
    plugin = config["litePluginSettings"][lite.PLUGIN]
    lock = filled / plugin["loadPyodideOptions"]["lockFileURL"]
    packages = json.loads(lock.read_text())["packages"]
    for name, package in packages.items():
        file = lock.parent / package["file_name"]
        assert hashlib.sha256(file.read_bytes()).hexdigest() == package["sha256"], name
        assert all(need in packages for need in package["depends"]), name
    assert set(plugin["loadPyodideOptions"]["packages"]) <= set(packages) and {"gdcourse", *lite.COURSE} <= set(
        packages
    )
    assert (filled / "lab" / plugin["pyodideUrl"].removeprefix("./").replace("..", "../..", 1)).resolve().is_file()
    assert len(list(filled.parent.glob(f"python/pyodide-*/{pyodide.LOCK}"))) == 1, (
        "one Pyodide for the pages and JupyterLite"
    )


def test_every_chapter_is_in_it_and_links_to_it(filled, site):
    listed = {one["name"] for one in json.loads((filled / "api/contents/chapters/all.json").read_text())["content"]}
    for chapter in (ROOT / "chapters").glob("*.ipynb"):
        page = site / "chapters" / f"{chapter.stem}.html"
        if page.exists():
            assert chapter.name in listed
            assert f"lite/lab/index.html?path=chapters/{chapter.name}" in page.read_text(encoding="utf8")
    for page in filled.rglob("*.html"):
        assert "Content-Security-Policy" in page.read_text(encoding="utf8")
