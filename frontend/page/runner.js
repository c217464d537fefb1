// Run the cells of a page. The worker runs their code; this file, which runs outside the worker, handles the cells,
// their outputs, and what the browser stores.
import { add, draft, onTrouble, setDraft, text } from "./log.js";
import { show } from "./outputs.js";

const CANNOT = "This browser cannot run Python in a page (it lacks WebAssembly or module workers). The links at the end of this page open the chapter elsewhere.";

/** Return a sentence on why Python has ended. words: the browser's message. */
const ended = (words) =>
  /call stack|recursion/i.test(words) ? "functions called each other without end"
    : /memory/i.test(words) ? "its memory was full" : words;

class Unable extends Error {}

/** Thrown if the page is older than the files that the host has now. */
class Renewed extends Error {
  constructor(words) {
    super(words);
    this.words = words;
  }
}

/** One code cell of the notebook. A visible cell has a bar of buttons. */
class Cell {
  constructor({ id, source, metadata }, bar, code) {
    this.id = id;
    this.original = [source].flat().join("").trimEnd();
    this.tags = metadata.tags ?? [];
    this.meta = metadata;
    this.bar = bar;
    this.pre = bar && code(bar);
    // the cell that checks an exercise is on the page, but has no buttons
    this.box = bar?.closest(".cell") ?? document.querySelector(`.cell[data-cell="${id}"]`);
    this.said = bar?.querySelector(".said");
  }

  get source() {
    // a cell with cards has no bar: it runs with the order that the cards have on the page
    const cards = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".cards[data-typed]"))].find(({ dataset }) => this.id === `exercise-${dataset.id?.replace("/", "-")}-starter`);
    return cards ? `from gdcourse import cards\n${cards.dataset.typed}` : this.bar?.source ?? this.original;
  }
  get edited() { return this.source !== this.original; }
  get alt() { return this.edited ? "" : this.meta.mystnb?.image?.alt ?? ""; }
  button(name) { return this.bar.querySelector(`.${name}`); }

  /** The element for the output of the cell; made if it does not exist. */
  get output() {
    let found = this.box.querySelector(":scope > .cell_output");
    if (!found) this.box.append(found = Object.assign(document.createElement("div"), { className: "cell_output docutils container" }));
    return found;
  }

  say(text, ...more) {
    if (this.bar) delete this.bar.dataset.good;
    this.said?.replaceChildren(text, ...more.flatMap((one) => [" ", one]));
  }
}

class Runner {
  constructor({ bars, code, why, RENEWED }) {
    this.bars = bars;
    this.code = code;
    this.why = why;
    this.RENEWED = RENEWED;
    this.listeners = {};
    this.queue = /** @type {Promise<any>} */ (Promise.resolve());
    this.jobs = 0;
    this.widgets = new Map();
    this.tasks = new Map();
    this.job = /** @type {any} */ (null);
    this.worker = /** @type {any} */ (null);
    onTrouble((words) => this.notice(words));
    this.cells = this.read();
    this.cells.catch(() => { runner = null; }); // the next press of a button reads the cells again
  }

  on(event, listener) { (this.listeners[event] ??= []).push(listener); }
  emit(event, ...what) { for (const listener of this.listeners[event] ?? []) listener(...what); }

  /** Return all code cells of this page's notebook, hidden cells included, in order: {id: Cell}. */
  async read() {
    const link = /** @type {HTMLLinkElement} */ (document.querySelector("link[type='application/x-ipynb+json']"));
    const answer = await fetch(link.href);
    if (!answer.ok) throw answer.status === 404 ? new Renewed(this.RENEWED) : new Error(`${answer.status}`);
    const all = (await answer.json()).cells;
    this.tasks = new Map(all.filter((cell) => cell.metadata.gdcourse?.part === "prompt").map((cell) => [cell.id, [cell.source].flat().join("")]));
    const code = all.filter((cell) => cell.cell_type === "code");
    const cells = new Map(code.map((cell) => [cell.id, new Cell(cell, this.bars.get(cell.id), this.code)]));
    // a notebook of another version would run other code than the page shows
    for (const [id, { original }] of this.bars) if (cells.get(id)?.original !== original) throw new Renewed(this.RENEWED);
    return cells;
  }

  /** Return the task of the exercise whose answer is written in this cell, in Markdown. */
  async task(id) {
    await this.cells;
    return this.tasks.get(id.replace(/starter$/, "prompt")) ?? "";
  }

  notice(words) {
    document.querySelector(".notice")?.remove();
    const box = Object.assign(document.createElement("p"), { className: "notice", textContent: words });
    box.setAttribute("role", "status");
    document.body.append(box);
    setTimeout(() => box.remove(), 12_000);
  }

  // ---- running

  /** Run a cell and the cells above that it needs. Resolves to {ok, source, words}: whether the cell ended well, the
   * code that ran, and the message at the end. exercise: {id: the exercise, cell: the cell with the
   * answer} if the cell that runs is the check of an exercise. Then the cell with the answer shows how the run goes. */
  run(id, exercise) {
    const waiting = this.queue.then(() => this.runNow(id, exercise));
    this.queue = waiting.catch(() => {});
    return waiting;
  }

  async runNow(id, exercise) {
    const booting = this.worker ? null : this.boot();
    booting?.catch(() => {}); // errors are handled below
    const cells = await this.cells;
    const cell = cells.get(exercise?.cell ?? id);
    const job = { number: ++this.jobs, id, cell, check: exercise && cells.get(id), open: new Set(), stop: URL.createObjectURL(new Blob([])) };
    this.job = job;
    this.busy(cell, true);
    cell.say("Starting …");
    let ok = false;
    try {
      await booting;
      job.source = cell.source;
      const sources = [...cells.values()].map((one) => ({ id: one.id, source: one.source, ...(one.edited && { book: one.original }) }));
      ok = await new Promise((resolve) => {
        job.finish = resolve;
        this.worker.postMessage({ type: "run", job: job.number, target: id, cells: sources, exercise, stop: job.stop });
      });
    } catch (error) {
      if (error instanceof Unable) cell.say(CANNOT);
      else await this.dead(String(error.message ?? error), !this.worker);
    } finally {
      URL.revokeObjectURL(job.stop);
      clearTimeout(job.patience);
      for (const open of [...job.open]) this.close(job, open);
      this.busy(cell, false);
      this.job = null;
    }
    return { ok, source: job.source, words: job.words };
  }

  busy(cell, busy) {
    const run = cell.button("run");
    const had = document.activeElement === run || document.activeElement === cell.button("stop");
    run.hidden = busy;
    cell.button("stop").hidden = !busy;
    cell.box.toggleAttribute("data-busy", busy);
    if (had) cell.button(busy ? "stop" : "run").focus();
  }

  /** Start Python. The worker is loaded from a blob, so that it obeys the page's policy: no cell can reach another
   * host. */
  async boot() {
    let modules = false;
    // a browser reads `type` only if it can start workers that are modules
    const kind = /** @type {WorkerOptions} */ ({ get type() { modules = true; return "module"; } });
    await controlled();
    const address = new URL("worker.js", import.meta.url).href;
    const blob = URL.createObjectURL(new Blob([`import ${JSON.stringify(address)};`], { type: "text/javascript" }));
    const worker = typeof WebAssembly === "object" && new Worker(blob, kind);
    if (!modules) {
      worker && worker.terminate();
      throw new Unable();
    }
    this.worker = worker;
    this.worker.onerror = (event) => { event.preventDefault(); this.dead(event.message, true); };
    this.worker.onmessage = ({ data }) => this.heard(data);
    this.worker.postMessage({ type: "boot", progress: text() });
  }

  heard(data) {
    const { job } = this;
    if (data.type === "progress") {
      add(data.text);
    } else if (data.type === "comm") this.widgets.get(data.comm)?.(data.state);
    else if (data.type === "fatal") this.dead(data.words, data.loading);
    else if (job && (data.job === undefined || data.job === job.number)) this[`on_${data.type}`]?.(job, data);
  }

  on_loading(job, { words, done, total }) {
    if (job.loading !== words) {
      // a screen reader announces the loading once and does not read the changing numbers
      job.loading = words;
      job.meter = Object.assign(document.createElement("progress"), { max: total || 1 });
      job.meter.setAttribute("aria-label", words);
      job.count = document.createElement("span");
      job.count.ariaHidden = "true";
      job.cell.say(`${words}, the first time only.`, job.meter, job.count);
    }
    job.meter.value = done;
    job.count.textContent = `${Math.round(done / 1e6)} of ${Math.round(total / 1e6)} MB`;
  }

  on_ready(job) { job.cell.say("Running …"); }
  on_loaded(job) { job.cell.say("Running …"); }

  on_plan(job, { ids }) {
    job.above = ids.length - 1;
    job.cell.say("Running …");
    if (job.check) this.open(job, job.check); // a new check removes the earlier verdict
  }

  async on_start(job, { id }) {
    const cell = (await this.cells).get(id);
    if (!cell?.box) return;
    this.open(job, cell);
    if (cell !== job.cell) cell.say("Running, because a cell below needs it …");
  }

  async on_clear(job, { id }) {
    const cell = (await this.cells).get(id);
    if (cell) cell.shown = null;
  }

  async on_output(job, { id, output }) {
    const cell = (await this.cells).get(id);
    // show an error of a hidden cell at the cell that the reader ran
    const where = cell?.box ? cell : output.output_type === "error" ? job.cell : null;
    if (where) this.show(where, output);
  }

  show(cell, output) {
    if (!cell.shown) {
      cell.committed ??= [...cell.output.childNodes];
      cell.output.replaceChildren();
      cell.shown = [];
    }
    show(cell, output, this);
  }

  async on_done(job, { id, ok, seconds }) {
    const cell = (await this.cells).get(id);
    if (cell?.box) {
      this.close(job, cell);
      cell.box.toggleAttribute("data-ran", ok);
      if (cell !== job.cell) cell.say(ok ? "Ran, because a cell below needed it." : "");
    }
    if (!ok && id !== job.id && cell !== job.cell) job.broken = cell;
    job.seconds = seconds;
  }

  /** Called when a cell begins. The old output is removed only when new output arrives. */
  open(job, cell) {
    // keep the height of the output, so that the page does not move during the run
    cell.output.style.minHeight = `${cell.output.offsetHeight}px`;
    cell.shown = null;
    job.open.add(cell);
  }

  /** Called when a cell has ended. Output from before this run is removed, even if the cell has shown nothing. */
  close(job, cell) {
    job.open.delete(cell);
    cell.output.style.minHeight = "";
    if (cell.shown) return;
    cell.committed ??= [...cell.output.childNodes];
    cell.output.replaceChildren();
  }

  on_end(job, { ok }) {
    const above = job.above ? `, after ${job.above === 1 ? "a cell" : `${job.above} cells`} above that it needs` : "";
    job.words = !ok && job.stopping ? "Stopped."
      : job.broken ? "A cell above that this one needs has stopped with an error."
      : !ok ? ""
        : `Ran in ${job.seconds < 9.95 ? job.seconds.toFixed(1) : Math.round(job.seconds)} s${above}.`;
    job.cell.say(job.words);
    job.finish?.(ok);
  }

  // ---- stopping

  stop() {
    const { job } = this;
    if (!job || job.stopping) return;
    job.stopping = true;
    job.cell.say("Stopping …");
    URL.revokeObjectURL(job.stop); // the worker notices this and stops Python, see worker.js
    job.patience = setTimeout(() => {
      // a loop in compiled code does not notice that it should stop, so end the worker
      this.end();
      job.words = "Stopped. Python had to be started anew: cells above run again when they are needed.";
      job.cell.say(job.words);
      job.finish?.(false);
    }, 2500);
  }

  end() {
    this.worker?.terminate();
    this.worker = null;
    this.widgets.clear();
    this.emit("restart");
  }

  async dead(words, loading = false) {
    this.end();
    const { job } = this;
    if (!job) return;
    const again = Object.assign(document.createElement("button"), { type: "button", className: "run", textContent: "Start again" });
    job.words = loading ? await this.why() : `Python has ended: ${ended(words)}. What you wrote is kept.`;
    job.cell.say(job.words, again);
    again.onclick = (event) => { event.stopPropagation(); this.run(job.id); };
    job.finish?.(false);
  }

  // ---- editing

  /** Open the editor of a cell. The cursor goes to the point `at` of the screen or, in an unedited exercise, to the
   * `...` that the reader must replace. */
  async edit(id, at) {
    const cell = (await this.cells).get(id);
    if (cell.editor) return cell.editor.focus();
    const { editor } = await import("./editor.js");
    if (cell.editor) return undefined;
    cell.bar.markup ??= cell.pre.innerHTML;
    const place = Object.assign(document.createElement("div"), { className: "editor" });
    cell.pre.hidden = true;
    cell.pre.after(place);
    cell.editor = editor(place, cell.source, {
      label: "The code of this cell. Shift+Enter runs it, Escape leaves the editor.",
      change: (text) => this.set(cell, text),
      run: () => cell.button("run").click(),
      leave: () => cell.button(cell.button("run").hidden ? "stop" : "run").focus(),
    });
    cell.button("edit").hidden = true;
    cell.editor.focus(cell.edited || !cell.bar.dataset.exercise ? at : "...");
    return undefined;
  }

  set(cell, text) {
    cell.bar.source = text;
    cell.pre.textContent = text;
    setDraft(cell.bar.key, cell.edited ? text : null);
    cell.button("reset").hidden = !cell.edited;
    this.emit("change", cell);
  }

  /** Exchange the code in this cell and the reader's code for an earlier version of the cell. */
  async earlier(id) {
    const cell = (await this.cells).get(id);
    const [mine, now] = [draft(cell.bar.old), cell.edited ? cell.source : null];
    const open = Boolean(cell.editor);
    cell.bar.markup ??= cell.pre.innerHTML;
    await this.reset(id);
    this.set(cell, mine);
    setDraft(cell.bar.old, now);
    if (now === null) cell.button("earlier").remove();
    cell.say("This is what you wrote for an earlier version: the task may have changed.");
    if (open || now === null) this.edit(id);
  }

  async reset(id) {
    const cell = (await this.cells).get(id);
    const focus = cell.bar.contains(document.activeElement);
    cell.editor?.destroy();
    cell.editor = null;
    cell.box.querySelector(".editor")?.remove();
    this.set(cell, cell.original);
    cell.pre.innerHTML = cell.bar.markup; // the code of the book, with the colours that the build made
    cell.pre.hidden = false;
    cell.button("edit").hidden = false;
    if (cell.committed) cell.output.replaceChildren(...cell.committed);
    cell.committed = null;
    cell.say("As it stands in the book.");
    if (focus) cell.button("edit").focus();
  }
}

/** Wait at most 1.5 seconds for the service worker, which stores Python for the next visit. */
async function controlled() {
  const workers = navigator.serviceWorker;
  if (!workers || workers.controller || !(await workers.getRegistration().catch(() => null))) return;
  await Promise.race([
    new Promise((resolve) => workers.addEventListener("controllerchange", resolve, { once: true })),
    new Promise((resolve) => setTimeout(resolve, 1500)),
  ]);
}

let runner;
export const start = (page) => (runner ??= new Runner(page));
