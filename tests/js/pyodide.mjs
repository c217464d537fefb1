// Runs cells in the Python of the pages, without a page: node pyodide.mjs DISTRIBUTION COURSE PACKAGES, the cells as JSON on stdin.
// Prints, as JSON, what each cell has sent.
import { readFileSync } from "node:fs";

const [distribution, course, packages] = process.argv.slice(2);
const { loadPyodide } = await import(`${distribution}/pyodide.mjs`);
const python = await loadPyodide({ indexURL: `${distribution}/`, env: { MPLBACKEND: "module://inpage.figures", GDCOURSE_PROGRESS: "/dev/null", HOME: "/home" } });
await python.loadPackage(packages.split(","), { messageCallback: () => {} });
python.unpackArchive(new Uint8Array(readFileSync(course)), "xztar", { extractDir: python.runPython("import site; site.getsitepackages()[0]") });
const page = python.pyimport("inpage.page");
let sent = [];
page.start((text) => sent.push(JSON.parse(text).output));
const told = JSON.parse(readFileSync(0, "utf8")).map((source, n) => {
  sent = [];
  page.run(`c${n}`, source);
  return sent;
});
console.log(JSON.stringify(told));
