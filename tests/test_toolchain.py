"""The tools themselves: what the other tests and the commands stand on."""

import importlib.util
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

import pytest

from website.make import build, serve
from website.make.serve import Server

pytestmark = pytest.mark.patient

ROOT = build.ROOT


def load_environment():
    """website/environment.py as make runs it: a file of its own."""
    spec = importlib.util.spec_from_file_location("environment", ROOT / "website/environment.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


environment = load_environment()


# As from a person's shell: these tests may themselves have been started by make.
COMMON = {
    "cwd": ROOT,
    "text": True,
    "stdin": subprocess.DEVNULL,
    "stdout": subprocess.PIPE,
    "stderr": subprocess.STDOUT,
    "env": {
        name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS")) and name != "ARGS"
    },
}


def make(*words):
    """`make` with these words, to its end: (exit code, all it said)."""
    done = subprocess.run(["make", *words], timeout=120, check=False, **COMMON)
    return done.returncode, done.stdout


def start(*words, until):
    """Start `make` as from a terminal of its own and wait for a line that contains `until`: (process, that line)."""
    running = subprocess.Popen(["make", *words], start_new_session=True, **COMMON)
    said = []
    for line in running.stdout:
        said.append(line)
        if until in line:
            return running, line
    pytest.fail("make ended before it was ready:\n" + "".join(said), pytrace=False)


def press_ctrl_c(running):
    """What a terminal does: the interrupt goes to make and to all it started. Returns what was said after that."""
    os.killpg(running.pid, signal.SIGINT)
    try:
        return running.communicate(timeout=60)[0]
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGKILL)
        raise


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(address, seconds=60):
    """The status of a page, once something listens there."""
    for _ in range(seconds * 5):
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return answer.status
        except (ConnectionError, urllib.error.URLError):
            time.sleep(0.2)
    return None


def test_make_serve_prints_an_address_serves_the_book_and_stops_cleanly(site):
    port = free_port()
    running, line = start("serve", f"PORT={port}", until="http://")
    assert f"http://127.0.0.1:{port}/" in line
    assert answers(f"http://127.0.0.1:{port}/") == 200
    said = press_ctrl_c(running)
    assert "Stopped." in said and "Traceback" not in said and "Error" not in said
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)), "nobody listens any more"


def test_a_busy_port_is_named_and_another_offered(site):
    with Server(site) as other:
        code, said = make("serve", f"PORT={other.server_port}")
    assert code
    assert f"Port {other.server_port} is in use" in said and "make serve PORT=" in said and "Traceback" not in said
    assert "Building" not in said, "said before the long work, not after it"


@pytest.mark.parametrize("port", ["99999", "-1"])
def test_a_port_that_cannot_be_is_refused_in_a_sentence(port):
    code, said = make("serve", f"PORT={port}")
    assert code and f"Port {port} cannot be used" in said and "Traceback" not in said


def test_make_lab_serves_the_chapters_and_starts_their_kernel():
    port = free_port()
    running, _ = start(
        "lab", f"ARGS=--no-browser --ServerApp.port={port} --IdentityProvider.token=key", until="is running at"
    )

    def ask(path, **more):
        asked = urllib.request.Request(
            f"http://127.0.0.1:{port}/{path}", headers={"Authorization": "token key"}, **more
        )
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return json.load(answer)

    try:
        assert answers(f"http://127.0.0.1:{port}/login") == 200
        names = {entry["name"] for entry in ask("api/contents")["content"]}
        assert names >= {path.name for path in (ROOT / "chapters").glob("*.ipynb")}
        assert ask("api/kernels", data=b"{}")["name"] == "python3"
        assert ask("lab/api/settings")["settings"], "JupyterLab itself is there"
    finally:
        os.killpg(running.pid, signal.SIGTERM)
        running.communicate(timeout=30)


def test_make_grade_grades_a_folder(tmp_path):
    (tmp_path / "handed-in").mkdir()
    copy = tmp_path / "handed-in/ada.ipynb"
    copy.write_bytes((ROOT / "chapters/update_rule.ipynb").read_bytes())
    code, said = make("grade", f"SUBMISSIONS={copy.parent}", f"ARGS=--out {tmp_path}/results --jobs 1")
    assert code == 0, said
    assert "ada" in "".join(path.read_text() for path in (tmp_path / "results").glob("*.csv"))


def test_make_grade_without_a_folder_grades_nothing():
    code, said = make("grade")
    assert code and "make grade SUBMISSIONS=" in said


def test_make_help_names_every_command():
    code, said = make("help")
    words = {line.split()[1] for line in said.splitlines() if line.strip()}
    assert code == 0
    assert words == {"help", "serve", "lab", "test", "book", "notebooks", "bench", "demos", "clean", "grade", "check"}


def test_the_site_is_not_built_again_when_nothing_changed(site):
    code, said = make("book")
    assert (code, said) == (0, "The book is up to date.\n")


def test_make_notebooks_leaves_what_is_normal_alone(site):
    before = {path: path.read_bytes() for path in (ROOT / "chapters").rglob("*.ipynb")}
    code, said = make("notebooks")
    changed = [path for path, content in before.items() if path.read_bytes() != content]
    for path in changed:
        path.write_bytes(before[path])
    assert not changed
    assert (code, said) == (0, "Every notebook already says what it prints.\n"), (
        "and nothing is executed: the build has done it"
    )


def test_any_change_in_what_a_page_is_made_of_changes_the_digest(tmp_path):
    names = ("chapters", "_config.yml")
    (tmp_path / "chapters/solutions").mkdir(parents=True)
    (tmp_path / "_config.yml").write_text("a")
    seen = [build.digest(names, tmp_path)]
    for change in (
        lambda: (tmp_path / "chapters/loss.ipynb").write_text("1"),
        lambda: (tmp_path / "chapters/loss.ipynb").write_text("2"),
        lambda: (tmp_path / "chapters/loss.ipynb").rename(tmp_path / "chapters/solutions/loss.ipynb"),
        lambda: (tmp_path / "_config.yml").write_text("b"),
        lambda: (tmp_path / "_config.yml").unlink(),
    ):
        change()
        seen.append(build.digest(names, tmp_path))
    assert len(set(seen)) == 6
    for folder in "__pycache__", ".ipynb_checkpoints", ".gdcourse":
        (tmp_path / "chapters" / folder).mkdir()
        (tmp_path / "chapters" / folder / "x").write_text("")
    assert build.digest(names, tmp_path) == seen[-1], (
        "what Python and Jupyter leave behind, and a learner's progress, are no change"
    )


def program(path, text):
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_a_python_that_is_too_old_says_so_in_one_sentence(tmp_path, monkeypatch, capsys):
    old = program(tmp_path / "python3", "#!/bin/sh\necho 3.8\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert environment.version_of(old) == (3, 8)
    assert environment.suitable_python(old) is None
    monkeypatch.setattr(environment, "ROOT", str(tmp_path))
    monkeypatch.setattr(environment.sys, "executable", old)
    (tmp_path / "website").mkdir()
    for name in ("uv.lock", "pyproject.toml", "website/pyproject.toml"):
        (tmp_path / name).write_text("")
    asked = []
    monkeypatch.setattr(environment, "find_uv", lambda python: "uv")
    monkeypatch.setattr(environment, "run", lambda command, **more: asked.append((command, more["env"])) or (1, ""))
    with pytest.raises(
        SystemExit, match=r"needs Python 3.11 or newer; this is .*could not fetch another.*make PYTHON="
    ):
        environment.main()
    (command, env), *none = asked
    assert command[-2:] == ["--python", environment.FETCHED] and env["UV_PYTHON_DOWNLOADS"] == "automatic" and not none


def test_a_suitable_python_beside_an_old_one_is_found(tmp_path, monkeypatch):
    old = program(tmp_path / "python3", "#!/bin/sh\necho 3.9\n")
    program(tmp_path / "python3.13", "#!/bin/sh\nexit 127\n")
    good = program(tmp_path / "python3.12", "#!/bin/sh\necho 3.12\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert environment.suitable_python(old) == good


def test_no_python_at_all_is_one_sentence():
    code, said = make("book", "PYTHON=no-such-python")
    assert code and "There is no no-such-python here" in said


def test_uv_is_taken_from_path_only_when_it_is_new_enough(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(environment, "own_uv", lambda python, tools: "own")
    assert environment.find_uv("python") == "own"
    uv = program(tmp_path / "uv", "#!/bin/sh\necho uv 0.4.30\n")
    assert environment.find_uv("python") == "own"
    program(tmp_path / "uv", f"#!/bin/sh\necho uv {environment.UV}\n")
    assert environment.find_uv("python") == uv


@pytest.mark.parametrize("without_venv", [False, True])
def test_uv_is_fetched_where_it_is_absent(tmp_path, without_venv):
    python = sys.base_prefix + "/bin/python3"
    if without_venv:  # as on Debian without python3-venv
        python = program(tmp_path / "python", f'#!/bin/sh\n[ "$2" = venv ] && exit 1\nexec {python} "$@"\n')
    try:
        uv = environment.own_uv(python, str(tmp_path / "tools"))
    except SystemExit as stopped:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(stopped))  # no network here
    assert environment.version_of_uv(uv) == environment.UV


def test_a_python_with_neither_venv_nor_pip_says_what_to_install(tmp_path):
    bare = program(tmp_path / "python", "#!/bin/sh\necho 'No module named pip'; exit 1\n")
    with pytest.raises(SystemExit, match="neither venv nor pip.*python3-venv"):
        environment.own_uv(bare, str(tmp_path / "tools"))


def test_without_a_network_the_sentence_asks_about_it(tmp_path):
    offline = program(tmp_path / "python", "#!/bin/sh\n[ $2 = venv ] && exit 1\necho 'no route to host'; exit 1\n")
    with pytest.raises(SystemExit, match="is this machine online.*no route to host"):
        environment.own_uv(offline, str(tmp_path / "tools"))


def test_node_runs_modules_with_arguments_and_input(node):
    assert node("console.log(1 + 1)") == "2\n"
    assert json.loads(node("console.log(JSON.stringify(process.argv.slice(2)))", "a", 3)) == ["a", "3"]
    assert node("process.stdin.pipe(process.stdout)", stdin="hello") == "hello"
    with pytest.raises(pytest.fail.Exception, match="the reason"):
        node("throw new Error('the reason')")


def test_the_server_compresses_revalidates_and_refuses(server):
    asked = urllib.request.Request(server + "index.html", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(asked) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.headers["Content-Type"] == "text/html"
        asked.add_header("If-None-Match", answer.headers["ETag"])
    for address, status in ((asked, 304), (server + "no-such-page.html", 404)):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(address)
        refused.value.close()
        assert refused.value.code == status


@pytest.mark.parametrize("ci", ["true", ""])
def test_a_missing_browser_says_how_to_get_one_and_fails_in_ci(tmp_path, ci):
    (tmp_path / "test_page.py").write_text("def test_page(browser):\n    pass\n")
    settings = {**os.environ, "BROWSER_PATH": "/no/such/browser", "CI": ci, "PYTHONPATH": str(ROOT / "tests")}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-c",
        "/dev/null",
        "-p",
        "conftest",
        "-p",
        "no:cacheprovider",
        "-ra",
        str(tmp_path),
    ]
    done = subprocess.run(command, cwd=tmp_path, env=settings, text=True, capture_output=True, check=False)
    assert "sudo apt-get install chromium" in done.stdout and "BROWSER_PATH=" in done.stdout
    assert (
        ("1 error" in done.stdout and done.returncode) if ci else ("1 skipped" in done.stdout and not done.returncode)
    )


FAULTS = {
    "a failed request": ("<img src='no-such-picture.png' alt=''>", "404"),
    "another host": ("<script src='http://example.org/x.js'></script>", "foreign request"),
    "an exception": ("<script>undefinedFunction()</script>", "uncaught"),
    "a console error": ("<script>console.error('oh')</script>", "console: oh"),
}


@pytest.mark.parametrize("what", FAULTS)
def test_a_page_records_its_faults(new_page, site, what):
    html, told = FAULTS[what]
    page = new_page()
    page.route(
        "**/fault.html",
        lambda route: route.fulfill(content_type="text/html", body=f"<!doctype html><title>x</title>{html}"),
    )
    page.goto("fault.html")
    page.wait_for_load_state("networkidle")
    assert any(told in fault for fault in page.faults)
    page.faults.clear()


def test_an_open_page_reloads_when_the_book_was_built_again(tmp_path, browser):
    page = tmp_path / "index.html"
    page.write_text("<html><body><p>old</p></body></html>")
    with Server(tmp_path, watched=True) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        tab = browser.new_page()
        with tab.expect_request("**/-/changes"):
            tab.goto(server.address)
        page.write_text("<html><body><p>new</p></body></html>")
        for _ in range(300):  # the request is on its way: tell it until it is heard
            with server.rebuilt:
                server.rebuilt.notify_all()
            if tab.get_by_text("new").count():
                break
            tab.wait_for_timeout(100)
        assert tab.get_by_text("new").is_visible()
        tab.close()
        server.shutdown()
    with Server(tmp_path) as server:  # nobody else's pages are touched
        assert b"script" not in serve.squeezed(str(page), 1)


def test_a_changed_chapter_is_built_again(tmp_path, monkeypatch):
    """`build_again` builds at a change, says why a build fails, and tells the pages only when one has succeeded."""
    (tmp_path / "chapters").mkdir()
    built, told = threading.Event(), []
    answers = iter([SystemExit("a warning is an error"), None])

    def build():
        built.set()
        if (answer := next(answers)) is not None:
            raise answer

    class Server:
        class rebuilt:
            __enter__ = __exit__ = lambda *_: None
            notify_all = staticmethod(lambda: told.append(True))

        rebuilt = rebuilt()

    monkeypatch.setattr(serve, "build", build)
    monkeypatch.setattr(serve, "watch", lambda *paths, **more: iter([{"first"}, {"second"}]))
    serve.build_again(Server())
    assert built.is_set() and told == [True]
