"""The tools themselves: what the other tests and the commands stand on."""
import json
import urllib.error
import urllib.request

import pytest


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
    with pytest.raises(urllib.error.HTTPError) as again:
        urllib.request.urlopen(asked)
    assert again.value.code == 304
    with pytest.raises(urllib.error.HTTPError) as missing:
        urllib.request.urlopen(server + "no-such-page.html")
    assert missing.value.code == 404
