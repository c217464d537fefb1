"""frontend/: its types, its bundles, and the log that it keeps in a browser, here under Node."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from gdcourse.exercises import progress

ROOT = Path(__file__).resolve().parents[1]
FRONTEND = ROOT / "frontend"


def npm(*arguments):
    if not shutil.which("npm"):
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(
            "npm is missing: the bundles are not compared with their sources"
        )
    there = FRONTEND / "node_modules/.package-lock.json"
    if not there.exists() or there.stat().st_mtime < (FRONTEND / "package-lock.json").stat().st_mtime:
        subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=FRONTEND, check=True)
    return subprocess.run(["npm", "run", "--silent", *arguments], cwd=FRONTEND, text=True, capture_output=True)


def test_the_bundles_are_what_the_sources_give():
    done = npm("build", "--", "--check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (FRONTEND / "page/editor.js").stat().st_size < 400_000


@pytest.mark.patient
def test_it_has_its_types_right():
    done = npm("check")
    assert done.returncode == 0, done.stdout + done.stderr


SOURCES = [
    path for path in sorted(FRONTEND.glob("*/**/*.js")) if "node_modules" not in path.parts and path.name != "editor.js"
]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(FRONTEND).as_posix())
def test_a_source_is_whole_before_any_build(path):
    """No placeholder, and every file that it imports is there."""
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"%[A-Z]+%", text)
    for name in re.findall(r"""(?:from|import\(|import)\s*["'](\.[^"']+)["']""", text):
        assert (path.parent / name).is_file(), name


# ---- the log


def browser(node, stored, code, folder="/", full=False):
    """Run code with the functions of page/log.js (as `log`) in a browser that has stored these texts; what it prints, and what is stored then."""
    before = f"""
    const stored = new Map(Object.entries({json.dumps(stored)}));
    globalThis.document = {{ documentElement: {{ dataset: {{ content_root: "." }} }}, baseURI: "https://a.org{folder}" }};
    globalThis.localStorage = new Proxy({{}}, {{
        ownKeys: () => [...stored.keys()],
        getOwnPropertyDescriptor: () => ({{ enumerable: true, configurable: true }}),
        get: (_, name) => ({{
            getItem: (key) => stored.get(key) ?? null,
            setItem: (key, value) => {{ if ({str(full).lower()}) throw new Error("full"); stored.set(key, value); }},
            removeItem: (key) => stored.delete(key),
        }})[name],
    }});
    const log = await import("./frontend/page/log.js");
    let told = 0;
    log.onTrouble(() => {{ told += 1; }});
    const answer = (() => {{ {code} }})();
    console.log(JSON.stringify([answer ?? null, Object.fromEntries(stored), told]));
    """
    return json.loads(node(before).splitlines()[-1])


# what version 0.1 of the site left in a browser, under five kinds of names
EARLIER = {
    "gdcourse.progress": "".join(
        json.dumps(event) + "\n"
        for event in (
            {
                "at": "2026-01-02T03:04:05+00:00",
                "kind": "check",
                "id": "update_rule/gd_step",
                "ok": False,
                "code": "uphill",
            },
            {
                "at": "2026-01-02T03:05:05+00:00",
                "kind": "check",
                "id": "update_rule/gd_step",
                "ok": True,
                "code": "right",
            },
            {"at": "2026-01-02T03:06:05+00:00", "kind": "hint", "id": "loss/mse", "number": 1},
            {"at": "2026-01-02T03:07:05+00:00", "kind": "quiz", "id": "loss/zero", "ok": True},
        )
    )
    + "half a li",
    "gdcourse/quiz/loss": json.dumps({"zero": "right", "unit": "wrong"}),
    "gdcourse/quiz/adam": json.dumps({"bias": "right"}),
    "gdcourse.demos": json.dumps({"FindTheEdge": "edge fast", "Fog": ""}),
    "gdcourse/cards/convergence_proof/order_proof.0a1b2c3d": json.dumps(
        {"orders": {"descent": "CAB"}, "solved": ["descent"]}
    ),
    "gdcourse.edit.update_rule.exercise-update_rule-gd_step-starter.abc": "def gd_step(w, g, lr):\n    return w",
    "gdcourse.edit.loss.cell.xyz": "x = 1",
    "mode": "dark",
    "somebody.else": "{}",
}


def test_nobodys_progress_is_lost(node, tmp_path):
    """All of it is taken over, once, into the one log, which Python reads; and it stays for an older copy on the same host."""
    _, after, told = browser(node, EARLIER, "")
    assert not told and {key: after[key] for key in EARLIER} == EARLIER
    file = tmp_path / "progress.jsonl"
    file.write_text(after["gdcourse / log"], encoding="utf-8")
    found = progress.events(file)
    assert [(e["kind"], e["id"]) for e in found if e["at"].startswith("2026-01-02")] == [
        ("check", "update_rule/gd_step"), ("check", "update_rule/gd_step"), ("hint", "loss/mse"), ("quiz", "loss/zero"),
    ]  # fmt: skip
    fresh = {(e["kind"], e["id"], e["ok"]) for e in found if not e["at"].startswith("2026-01-02")}
    assert fresh == {
        ("quiz", "loss/unit", False), ("quiz", "adam/bias", True), ("demo", "FindTheEdge/edge", True), ("demo", "FindTheEdge/fast", True),
        ("board", "convergence_proof/order_proof/descent", True),
    }  # fmt: skip
    drafts = {key.removeprefix("gdcourse / draft "): value for key, value in after.items() if " draft " in key}
    assert drafts == {
        "update_rule.exercise-update_rule-gd_step-starter.abc": "def gd_step(w, g, lr):\n    return w",
        "loss.cell.xyz": "x = 1",
        "convergence_proof/order_proof.0a1b2c3d": '{"descent":"CAB"}',
    }
    later = {**after, "gdcourse.demos": json.dumps({"Race": "first"})}
    assert browser(node, later, "")[1] == later, "once"


def test_what_was_done_is_asked_of_the_log(node):
    answer, _, _ = browser(
        node,
        EARLIER,
        "return [log.below('quiz', 'loss'), log.below('demo', 'FindTheEdge'), [...log.solved()], log.drafts('loss.')]",
    )
    assert answer == [
        {"zero": True, "unit": False},
        {"edge": True, "fast": True},
        ["update_rule/gd_step"],
        ["loss.cell.xyz"],
    ]


def test_two_copies_on_one_host_are_two_courses(node):
    _, first, _ = browser(node, {}, "log.record('check', 'a/b', {ok: true}); log.setDraft('x', 'y');", folder="/2025/")
    answer, both, _ = browser(
        node,
        first,
        "log.record('check', 'c/d', {ok: true}); return [[...log.solved()], log.draft('x')]",
        folder="/2026/",
    )
    assert answer == [["c/d"], None]
    names = {f"gdcourse /{year}/ {what}" for year in (2025, 2026) for what in ("log", "took over")}
    assert set(both) == names | {"gdcourse /2025/ draft x"}


def test_a_file_is_added_once_and_a_damaged_line_is_left_out(node):
    line = json.dumps({"at": "2026-01-02T03:04:05+00:00", "kind": "quiz", "id": "a/b", "ok": True})
    code = f"return [log.add({json.dumps(line)}), log.add({json.dumps(line + chr(10) + '{half')}), log.events().length]"
    assert browser(node, {}, code)[0] == [1, 0, 1]


def test_where_nothing_can_be_kept_it_lasts_as_long_as_the_page_and_is_told_once(node):
    code = "log.record('quiz', 'a/b', {ok: true}); log.setDraft('x', 'y'); return [log.events().length, log.draft('x'), log.add(log.text() + '{}')]"
    answer, stored, told = browser(node, {}, code, full=True)
    assert answer == [1, "y", 0] and stored == {} and told == 1


def test_the_codes_of_verdicts_stand_in_python_alone():
    """A verdict says itself what the page says beside the button."""
    from gdcourse.exercises.judge.verdict import CODES, Verdict

    for path in (FRONTEND / "page").glob("*.js"):
        # the cards are judged in the page, and an earlier version kept "right" for a question of a quiz
        if path.name not in ("editor.js", "questions.js", "log.js"):
            quoted = set(re.findall(r'"([a-z]+)"', path.read_text(encoding="utf-8")))
            assert not quoted & (set(CODES) - {"none"}), path.name
    html = {code: Verdict("a/b", code, "x")._repr_html_() for code in [*CODES, "uphill"]}
    assert [code for code in html if " data-ok " in html[code]] == ["right"]
    assert 'data-said="Solved."' in html["right"] and 'data-said="Checked: read on below."' in html["uphill"]
    assert all("Not checked" in html[code] for code in ("stopped", "missing"))
