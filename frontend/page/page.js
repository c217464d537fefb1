// The buttons of the code cells. At first only this file and the log are loaded; this file restores the code that the
// reader has edited. The first press of a button loads runner.js, which loads Python.
import { draft, drafts, events, ofCell } from "./log.js";

const bars = new Map([...document.querySelectorAll(".bar[data-cell]")].map((/** @type {any} */ bar) => [bar.dataset.cell, bar]));
const code = (bar) => bar.parentElement.querySelector("pre");
const notebook = /** @type {HTMLLinkElement} */ (document.querySelector("link[type='application/x-ipynb+json']"));
const PAGE = notebook.href.split("/").at(-1)?.replace(".ipynb", "");
document.documentElement.dataset.python = ""; // tells book.js that the buttons work

for (const [id, bar] of bars) {
  const text = code(bar).textContent.trimEnd();
  bar.key = ofCell(PAGE, id, text);
  bar.original = bar.source = text;
  const edited = draft(bar.key);
  // if the reader has written code for an earlier version of this cell, offer that code
  bar.old = drafts(`${PAGE}.${id}.`).find((key) => key !== bar.key);
  if (bar.old) {
    const offer = Object.assign(document.createElement("button"), { type: "button", className: "earlier", textContent: "What you wrote for an earlier version" });
    bar.querySelector(".said").before(offer);
  }
  if (edited === null || edited === text) continue;
  bar.source = edited;
  bar.markup = code(bar).innerHTML;
  code(bar).textContent = edited;
  bar.querySelector(".reset").hidden = false;
  import("./colours.js").then(({ coloured }) => code(bar).replaceChildren(coloured(edited))).catch(() => {});
}

/** Return a sentence on why a file could not be loaded. If the page that the host has now names another folder of
 * scripts, the site has changed. */
async function why() {
  try {
    await fetch(new URL("sw.js", new URL(document.documentElement.dataset.content_root ?? ".", document.baseURI)), { method: "HEAD", cache: "no-store" });
  } catch {
    return "This could not be loaded: is there a network?";
  }
  const folder = new URL("..", import.meta.url).pathname.split("/").at(-2);
  const renewed = !(await (await fetch(location.href, { cache: "no-store" })).text()).includes(`/${folder}/`);
  return renewed ? RENEWED : "This could not be loaded. Reload the page and try again; what you wrote is kept.";
}
const RENEWED = "This page has been renewed since you opened it: reload it. What you wrote is kept.";

let runner;
const load = () => (runner ??= import("./runner.js").then((module) => module.start({ bars, code, why, RENEWED })));

let does;
const exercises = () => (does ??= import("./exercise.js").then((module) => module.exercises(bars, load)));
// show at once which exercises the reader has tried
if (document.querySelector(".bar[data-exercise]") && events().some(({ kind }) => kind === "check")) exercises().catch(() => {});

/** Do what a button of a cell is for. what: the class of the button. */
async function act(what, bar, ...more) {
  try {
    const own = bar.dataset.exercise ? await exercises() : {};
    await (own[what] ? own : await load())[what](bar.dataset.cell, ...more);
  } catch (error) {
    runner = does = undefined;
    bar.querySelector(".said").textContent = error.words ?? (await why());
    console.warn(error);
  }
}

document.addEventListener("click", (event) => {
  const { target, clientX: x, clientY: y } = event;
  if (!(target instanceof Element)) return;
  const button = target.closest(".bar button, .bar .solution");
  if (button) {
    const bar = bars.get(button.parentElement?.dataset.cell);
    if (button.matches("a")) event.preventDefault();
    if (bar) act(button.classList[0], bar);
    return;
  }
  // a click into the code opens the editor, unless the reader has marked some text
  const bar = target.closest(".cell_input pre") && [...bars.values()].find((one) => code(one) === target.closest("pre"));
  if (bar && getSelection()?.isCollapsed) act("edit", bar, { x, y });
});

// load the editor when the pointer enters an exercise, because the reader will probably write there
for (const bar of bars.values()) {
  if (bar.dataset.exercise) bar.parentElement.addEventListener("pointerenter", () => import("./editor.js").catch(() => {}), { once: true });
}
