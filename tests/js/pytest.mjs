// Runs tests of this repository in the Python of the pages: node pytest.mjs DISTRIBUTION SITE_PACKAGES COURSE, pytest's arguments as JSON on stdin.
// The exit code is pytest's. pytest itself comes from SITE_PACKAGES, where this machine's Python has it.
import { readFileSync } from "node:fs";

const [distribution, packages, course] = process.argv.slice(2);
const { loadPyodide } = await import(`${distribution}/pyodide.mjs`);
const python = await loadPyodide({ indexURL: `${distribution}/`, env: { HOME: "/home", GDCOURSE_PROGRESS: "/dev/null", PYTHONDONTWRITEBYTECODE: "1" } });
await python.loadPackage(["numpy", "scikit-learn"], { messageCallback: () => {} });

const here = python.runPython("import site; site.getsitepackages()[0]");
for (const name of ["pytest", "_pytest", "pluggy", "iniconfig", "packaging", "pygments"]) {
  python.FS.mkdirTree(`${here}/${name}`);
  python.mountNodeFS(`${here}/${name}`, `${packages}/${name}`);
}
python.FS.writeFile(`${here}/py.py`, readFileSync(`${packages}/py.py`));
python.FS.mkdirTree("/course");
python.mountNodeFS("/course", course);

python.globals.set("arguments", readFileSync(0, "utf8"));
process.exitCode = python.runPython(`
import json, os, sys, types
import pytest

# Hypothesis has compiled parts, which the pages' Python cannot load: what it would drive is skipped.
class Anything(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *args, **settings: Anything(name)

def given(*args, **settings):
    def skipped(function):
        def test():
            pytest.skip("driven by Hypothesis")
        return test
    return skipped

hypothesis = Anything("hypothesis")
hypothesis.given, hypothesis.strategies = given, Anything("strategies")
hypothesis.settings = lambda *args, **settings: lambda function: function
sys.modules |= {"hypothesis": hypothesis, "hypothesis.strategies": hypothesis.strategies}

os.chdir("/course")
sys.path.insert(0, "/course")
print("Python", sys.version.split()[0])
int(pytest.main(json.loads(arguments)))
`);
