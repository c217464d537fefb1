// The buttons of the code cells. Until one is pressed this file is all there is: it puts back what the reader has edited,
// and fetches runner.js (and that Python) at the first press.
const VERSION = "?v=%VERSION%";
const bars = new Map([...document.querySelectorAll(".bar[data-cell]")].map((bar) => [bar.dataset.cell, bar]));
const code = (bar) => bar.parentElement.querySelector("pre");
// what distinguishes one version of a cell from the next: an old answer must not shadow a new book
const hash = (text) => [...text].reduce((h, c) => Math.imul(h ^ c.codePointAt(0), 16777619) >>> 0, 2166136261).toString(36);
document.documentElement.dataset.python = ""; // alive: book.js need not say why not
const PAGE = document.querySelector("link[type='application/x-ipynb+json']").getAttribute("href").split("/").at(-1).replace(".ipynb", "");

for (const [id, bar] of bars) {
  const text = code(bar).textContent.trimEnd();
  bar.key = `gdcourse.edit.${PAGE}.${id}.${hash(text)}`;
  bar.original = bar.source = text;
  let edited;
  try {
    edited = localStorage.getItem(bar.key);
    // written for another version of this cell: kept, and offered
    const start = bar.key.slice(0, bar.key.lastIndexOf(".") + 1);
    bar.old = Object.keys(localStorage).find((key) => key.startsWith(start) && key !== bar.key);
  } catch { /* storage is forbidden */ }
  if (bar.old) {
    const offer = Object.assign(document.createElement("button"), { type: "button", className: "earlier", textContent: "What you wrote for an earlier version" });
    bar.querySelector(".said").before(offer);
  }
  if (edited === null || edited === undefined || edited === text) continue;
  bar.source = edited;
  bar.markup = code(bar).innerHTML;
  code(bar).textContent = edited;
  bar.querySelector(".reset").hidden = false;
  import(`./colours.js${VERSION}`).then(({ coloured }) => { code(bar).replaceChildren(coloured(edited)); }).catch(() => {});
}

// what the book says of a starter, "Not yet", is not said of other code
const unsay = (bar) => {
  const check = bars.get(bar.dataset.cell.replace(/starter$/, "check"));
  const output = check?.closest(".cell").querySelector(":scope > .cell_output");
  if (!output || check.book) return;
  check.book = [...output.childNodes];
  output.replaceChildren();
};

let runner;
const load = () => (runner ??= import(`./runner.js${VERSION}`).then((module) => module.start({ bars, code, page: PAGE, version: VERSION })));

let does;
const exercises = () => (does ??= import(`./exercise.js${VERSION}`).then((module) => module.exercises(bars, load, unsay)));
for (const bar of bars.values()) if (bar.dataset.exercise && bar.source !== bar.original) unsay(bar);
// who has solved something sees at once what
try { if (localStorage["gdcourse.progress"] && document.querySelector(".bar[data-exercise]")) exercises(); } catch { /* storage is forbidden */ }

document.addEventListener("click", async (event) => {
  const bar = event.target.closest(".bar button")?.parentElement;
  if (!bars.has(bar?.dataset.cell)) return;
  const what = event.target.closest("button").classList[0];
  try {
    const more = bar.dataset.exercise ? await exercises() : {};
    await (more[what] ? more : await load())[what](bar.dataset.cell);
  } catch (error) {
    runner = does = undefined;
    bar.querySelector(".said").textContent = "This could not be loaded: is there a network?";
    console.warn(error);
  }
});
