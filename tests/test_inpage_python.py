"""The Python of the pages beside ours: the same cells in Pyodide, which Node runs here without a browser, and in this process."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from website.python import bars, pyodide

pytestmark = pytest.mark.patient

HARNESS = Path(__file__).with_name("js") / "pyodide.mjs"


@pytest.fixture(scope="module")
def there(node, tmp_path_factory):
    """there(cells, packages): what each cell shows in the Python of the pages, as nbformat's outputs."""
    try:
        distribution = pyodide.distribution()
    except pyodide.Unavailable as error:
        pytest.skip(f"NO PYODIDE HERE: {error}")  # with CI=true the build itself fails then
    course = tmp_path_factory.mktemp("course") / bars.course_name()
    course.write_bytes(bars.course())

    def run(cells, packages="numpy"):
        done = subprocess.run(
            [node.executable, HARNESS, distribution, course, packages],
            input=json.dumps(cells),
            text=True,
            capture_output=True,
        )
        assert done.returncode == 0, "\n".join(line for line in done.stderr.splitlines() if len(line) < 300)
        return json.loads(done.stdout.splitlines()[-1])

    return run


HERE = """
import json, sys
from website.python.inpage.kernel import Kernel
sent, told = [], []
kernel = Kernel(lambda message: sent.append(message["output"]))
for n, source in enumerate(json.load(sys.stdin)):
    sent.clear()
    kernel.run(f"c{n}", source)
    told.append(list(sent))
print(json.dumps(told))
"""


def here(cells):
    """What each cell shows in this Python."""
    done = subprocess.run([sys.executable, "-c", HERE], input=json.dumps(cells), text=True, capture_output=True)
    return json.loads((done.stdout or pytest.fail(done.stderr)).splitlines()[-1])  # LAPACK complains above it


def text(outputs):
    """All that a cell shows as text; warnings go to stderr, and a browser cannot give those of arithmetic."""
    return "\n".join(
        output.get("text") or "\n".join(output.get("traceback", [])) or output["data"]["text/plain"]
        for output in outputs
        if output.get("name") != "stderr"
    )


SAME = [
    "import numpy as np\nfrom numpy import linalg\nM = np.ones((2, 2))\nnan = float('nan')",
    # integers
    "np.mean(np.array([300_000, 450_000]) ** 2)",
    "np.array([1, 2]).dtype, np.arange(3).dtype, np.full(2, 7).dtype, np.asarray([[1]]).dtype, np.eye(2, dtype=int).dtype",
    "np.zeros(2, int).dtype, np.ones(2, dtype=int).dtype, np.zeros(2, dtype='int').dtype, np.ones(2).astype(int).dtype",
    "np.full_like(np.ones(2), 3, dtype=int).dtype, np.ones_like(np.arange(2)).dtype, np.linspace(0, 4, 5, dtype=int).dtype",
    "np.array([1], dtype=np.int32).dtype, np.array([1], np.int16).dtype, np.array([1.5]).dtype, np.array([True]).dtype",
    "np.asarray(np.array([1], dtype=np.int32)).dtype, np.array(np.float32(1)).dtype, np.array([1, 2.5]).dtype",
    "np.sum(np.arange(70_000) ** 2), np.cumsum(np.arange(70_000) ** 2)[-1], np.prod(np.arange(1, 20)), np.arange(70_000).sum() * 70_000",
    "np.sum(np.ones(3, dtype=bool)) * 10**9, np.sum(np.array([2**31 - 1] * 3, dtype=np.int32))",
    "np.sum(np.ones((2, 3), dtype=int), axis=0), np.sum([[1, 2], [3, 4]], 1), np.sum(np.ones(3)), np.sum([0.5, 1])",
    "X = np.arange(6).reshape(2, 3) * 10**9\nX @ X.T",
    "np.array([2**40, 1]), np.arange(2**33, 2**33 + 2), np.arange(0, 1, 0.25), np.array([3]) * 2**31",
    "y = np.round(np.array([0.4, 3e9])).astype(int)\ny, y.dtype",
    "np.random.randint(5, size=2).dtype, np.random.default_rng(0).integers(5, size=2).dtype",
    "np.array([1]), np.array([1], dtype=np.int32), np.array([1], dtype=np.int16)",
    "from numpy import array\narray([50_000]) ** 2",
    "def f(x):\n    return np.array([x, x]) ** 3\nf(10_000)",
    # what fails
    "linalg.inv(M)", "linalg.solve(M, np.ones(2))", "linalg.solve(a=M, b=np.ones((2, 1)))", "linalg.inv(np.array([[1, 2], [2, 4]]))",
    "linalg.cholesky(np.array([[1.0, 2.0], [2.0, 1.0]]))", "linalg.cholesky(-np.eye(2))", "linalg.matrix_power(M, -1)",
    "linalg.inv(np.array([np.eye(2), M]))", "linalg.tensorinv(M, 1)", "linalg.inv(np.float32(M))",
    "linalg.svd(np.array([[nan, 1], [1, 1]]))", "linalg.cond(np.array([[nan, 1], [1, 1]]))", "linalg.pinv(np.array([[nan, 1], [1, 1]]))",
    "linalg.lstsq(np.array([[nan, 1], [1, 1], [0, 1]]), np.ones(3))", "linalg.eigvals(np.array([[nan, 1], [1, 1]]))",
    "try:\n    linalg.inv(M)\nexcept np.linalg.LinAlgError as error:\n    print('caught', error)",
    "np.polyfit([1, 2, nan], [1, 2, 3], 1)",
    # and what does not
    "linalg.inv(2 * np.eye(2)), linalg.solve(2 * np.eye(2), np.ones(2)), linalg.cholesky(4 * np.eye(2)), linalg.inv(np.zeros((0, 0)))",
    "linalg.svd(np.eye(2)).S, linalg.svd(np.eye(2), compute_uv=False), linalg.lstsq(np.eye(2), np.ones(2))[0], linalg.det(M), linalg.pinv(M)",
    "linalg.cholesky(np.array([[4.0, nan], [2.0, 5.0]]))", "linalg.inv(np.ones((2, 3)))", "linalg.cond(M) > 1e15, linalg.eigvalsh(M)",
]  # fmt: skip


def test_numpy_answers_in_a_page_as_it_does_here(there):
    """Integers have 64 bits, and what fails raises: so a verdict is the same in both."""
    for source, mine, theirs in zip(SAME, here(SAME), there(SAME), strict=True):
        assert text(mine) == text(theirs), source


def test_arrays_of_other_libraries_stay_as_they_were_compiled_for(there):
    cells = [
        "import numpy as np\nfrom sklearn.datasets import load_digits\nfrom sklearn.linear_model import SGDClassifier\nfrom sklearn.neighbors import KNeighborsClassifier",
        "X, y = load_digits(return_X_y=True)\nmine = np.array(y[:300].tolist())\nprint(mine.dtype)",
        "print(SGDClassifier(random_state=0).fit(X[:300], mine).score(X, y) > 0.8, KNeighborsClassifier().fit(X[:300], mine).score(X, y) > 0.8)",
    ]
    assert [text(outputs).strip() for outputs in there(cells, "numpy,scikit-learn")] == ["", "int64", "True True"]


ONLY_ELSEWHERE = {
    "from sklearn.datasets import fetch_california_housing\nfetch_california_housing(n_retries=1)": "reaches no other host",
    "import urllib.request\nurllib.request.urlopen('https://example.org')": "reaches no other host",
    "import subprocess\nsubprocess.run(['ls'])": "starts no other program",
    "import threading\nthreading.Thread(target=print).start()": "has one thread",
    "import multiprocessing\nmultiprocessing.Process(target=print).start()": "has one thread",
    "open('data.csv')": "does not see the files of your computer",
}


def test_what_a_page_cannot_do_is_said_in_a_sentence(there):
    told = there([*ONLY_ELSEWHERE], "numpy,scikit-learn")
    for (source, said), outputs in zip(ONLY_ELSEWHERE.items(), told, strict=True):
        assert said in text(outputs).splitlines()[-1], (source, text(outputs))


def test_one_figure_that_cannot_be_drawn_spoils_no_other(there):
    """In the cell, and in those that come later."""
    bad = "plt.figure()\nplt.plot([1, 2])\nplt.title(r'$\\nabla_{w f$');\n"
    good = "plt.figure()\nplt.plot([2, 1]);\n"
    cells = [
        "import matplotlib.pyplot as plt",
        good + bad + good,
        "print('after')",
        good,
        bad + "plt.show()\nprint('on')",
        bad + "1 / 0",
        good,
    ]
    told = [
        [output.get("traceback", [""])[0] or output.get("text") or "picture" for output in outputs]
        for outputs in there(cells, "numpy,matplotlib")
    ]
    failed = "This figure could not be drawn."
    assert told == [
        [],
        ["picture", failed, "picture"],
        ["after\n"],
        ["picture"],
        [failed, "on\n"],
        ["Line 4:\n    1 / 0", failed],
        ["picture"],
    ]
