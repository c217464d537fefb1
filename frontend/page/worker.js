// Python in a worker: start Pyodide, load the packages that a cell imports, and run cells by
// website/python/inpage/page.py. docs/python_in_the_page.md describes the messages.
const at = (path) => new URL(path, import.meta.url).href;
let PYODIDE, COURSE, SIZES, ABSENT, PACKAGES; // for their meaning see `settings` in website/python/bars.py
const FIRST = ["numpy"];
const PROGRESS = "/progress.jsonl"; // the file in which gdcourse stores the learner's progress

const post = (message) => postMessage(message);

// Loading: count the bytes of all files as they arrive
const loading = { done: 0, total: 0, said: 0, words: "" };
const expect = (words, files) => {
  loading.words = words;
  loading.done = 0;
  [loading.total, loading.sent] = [0, 1].map((n) => files.reduce((sum, file) => sum + SIZES[file][n], 0));
};
const tell = () => {
  const share = Math.min(1, loading.done / loading.total);
  post({ type: "loading", words: loading.words, done: share * loading.sent, total: loading.sent });
};
const plainFetch = self.fetch.bind(self);
self.fetch = async (...request) => {
  const answer = await plainFetch(...request);
  if (!answer.ok || !answer.body) return answer;
  const counted = answer.body.pipeThrough(new TransformStream({
    transform(chunk, out) {
      loading.done += chunk.byteLength;
      if (performance.now() - loading.said > 80) { loading.said = performance.now(); tell(); }
      out.enqueue(chunk);
    },
  }));
  return new Response(counted, { status: answer.status, headers: answer.headers });
};

// Stopping: Pyodide reads element 0 of this object every few dozen jumps, to learn whether to interrupt Python. Usually
// the object is memory that is shared with the page, but static hosts do not send the headers for shared memory. This
// object needs none: to stop Python, the page revokes the address of a blob. The worker then fails to read the blob,
// and interrupts Python.
const stop = {
  address: null, next: 0,
  get 0() {
    if (!this.address || performance.now() < this.next) return 0;
    this.next = performance.now() + 150;
    try {
      const ask = new XMLHttpRequest();
      ask.open("GET", this.address, false);
      ask.send();
      return 0;
    } catch {
      this.address = null;
      return 2; // the number of the signal SIGINT
    }
  },
  set 0(value) {},
};

let pyodide, page, there = new Set();

async function boot(progress) {
  const { pyodide: folder, course: packed, ...settings } = await (await plainFetch(at("../settings.json"))).json();
  [PYODIDE, COURSE] = [folder, packed].map(at);
  ({ sizes: SIZES, absent: ABSENT, packages: PACKAGES } = settings);
  expect("Loading Python", ["pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "course", ...FIRST.flatMap((name) => PACKAGES[name])]);
  tell();
  const course = fetch(COURSE).then((answer) => {
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.arrayBuffer();
  });
  const { loadPyodide } = await import(PYODIDE + "pyodide.mjs");
  loading.done += SIZES["pyodide.asm.mjs"][0]; // the bytes of a module cannot be counted as they arrive
  pyodide = await loadPyodide({ indexURL: PYODIDE, packages: FIRST, env: { MPLBACKEND: "module://inpage.figures", GDCOURSE_PROGRESS: PROGRESS } });
  loading.done = loading.total;
  loading.words = "Starting Python";
  tell();
  pyodide.unpackArchive(await course, "xztar", { extractDir: pyodide.runPython("import site; site.getsitepackages()[0]") });
  if (progress) pyodide.FS.writeFile(PROGRESS, progress);
  page = pyodide.pyimport("inpage.page");
  there = new Set(Object.keys(pyodide.loadedPackages));
  const absent = Object.fromEntries(Object.entries(ABSENT).filter(([, name]) => !there.has(name)));
  page.start((text) => post({ ...JSON.parse(text), job: current }), pyodide.toPy(absent));
  pyodide.setInterruptBuffer(stop);
  post({ type: "ready" });
}

async function load(packages) {
  const files = packages.flatMap((name) => PACKAGES[name]).filter((file, n, all) => all.indexOf(file) === n && !there.has(file));
  expect(`Loading ${packages.join(" and ")}`, files);
  tell();
  await pyodide.loadPackage(packages, { messageCallback: () => {}, errorCallback: () => {} });
  const lacking = packages.filter((name) => !pyodide.loadedPackages[name]);
  if (lacking.length) throw new Error(`${lacking.join(" and ")} could not be loaded`);
  files.forEach((file) => there.add(file));
  page.loaded(JSON.stringify(Object.keys(pyodide.loadedPackages)));
}

let current;

async function run({ job, target, cells, exercise, stop: address }) {
  current = job;
  const sources = Object.fromEntries(cells.map(({ id, source }) => [id, source]));
  const ids = JSON.parse(page.plan(JSON.stringify(cells), target, JSON.stringify(exercise ?? null)));
  post({ type: "plan", job, ids });
  let ok = true;
  for (const id of ids) {
    post({ type: "start", job, id });
    const begun = performance.now();
    for (;;) {
      stop.address = address;
      stop.next = performance.now() + 150;
      const { packages, ok: well } = JSON.parse(page.run(id, sources[id]));
      stop.address = null;
      ok = well ?? false;
      if (!packages) break;
      post({ type: "clear", job, id });
      try {
        await load(packages);
      } catch (error) {
        const said = `${packages.join(" and ")} could not be loaded: is there a network?`;
        post({ type: "output", job, id, output: { output_type: "error", ename: "", evalue: said, traceback: [said] } });
        break;
      }
      post({ type: "loaded", job, id });
    }
    post({ type: "done", job, id, ok, seconds: (performance.now() - begun) / 1000 });
    if (!ok) break;
  }
  keep();
  post({ type: "end", job, ok });
}

let kept;
function keep() {
  const text = pyodide.FS.analyzePath(PROGRESS).exists ? pyodide.FS.readFile(PROGRESS, { encoding: "utf8" }) : "";
  if (text !== kept) post({ type: "progress", text });
  kept = text;
}

// Handle messages one after the other
let last = Promise.resolve();
onmessage = ({ data }) => {
  last = last.then(async () => {
    try {
      if (data.type === "boot") { kept = data.progress; await boot(data.progress); }
      else if (data.type === "run") await run(data);
      else if (data.type === "comm") { page.heard(data.comm, JSON.stringify(data.state)); keep(); }
    } catch (error) {
      stop.address = null;
      post({ type: "fatal", loading: !page, words: String(/** @type {any} */ (error)?.message ?? error).split("\n").filter(Boolean).at(-1) ?? "", job: data.job });
    }
  });
};
