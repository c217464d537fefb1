// An exercise in the page: Run and check, hints one at a time, what has been solved. Fetched where a page has one.
import { collect, events, record } from "../progress.js";

const make = (tag, className, ...children) => {
  const element = Object.assign(document.createElement(tag), { className });
  element.append(...children);
  return element;
};

/** What is said of a check, by the code of its verdict. */
const SAID = { right: "Solved.", stopped: "Not checked: read on below.", missing: "Not checked: read on below.", untouched: "Nothing to check so far." };

/** bars: {cell: bar of buttons}; load: fetches the runner; unsay: takes away what the book says. Returns what the buttons of an exercise do, by their class. */
export function exercises(bars, load, unsay) {
  const mine = [...bars.values()].filter((bar) => bar.dataset.exercise);
  const box = (bar) => bar.closest(".cell");
  const said = (bar) => bar.querySelector(".said");

  // what was solved on an earlier visit, or in another tab
  const mark = () => {
    const right = new Set(events(collect()).filter(({ kind, ok }) => kind === "check" && ok).map(({ id }) => id));
    for (const bar of mine) {
      if (!right.has(bar.dataset.exercise) || "solved" in bar.dataset) continue;
      bar.dataset.solved = "";
      if (said(bar).textContent) continue;
      unsay(bar); // "Not yet", it says
      said(bar).textContent = "Solved earlier.";
      bar.dataset.good = "";
    }
  };
  mark();
  addEventListener("storage", mark);

  /** A verdict is about the code that was checked: it fades as soon as other code stands there. */
  const fade = (cell, check) => {
    const stale = cell.source !== (cell.checked ?? cell.original);
    if (stale === "stale" in check.box.dataset) return;
    if (stale) check.box.dataset.stale = "";
    else delete check.box.dataset.stale;
    if (cell.checked === undefined) return;
    cell.say(stale ? "Changed since the check." : cell.verdict);
    if (!stale && cell.verdict === SAID.right) cell.bar.dataset.good = "";
  };
  let ready;
  const runner = () => (ready ??= load().then(async (it) => {
    const cells = await it.cells;
    it.on("change", (cell) => cell.bar.dataset.exercise && fade(cell, cells.get(checkOf(cell.id))));
    return it;
  }));
  const checkOf = (id) => id.replace(/starter$/, "check");
  const both = async (id) => {
    const cells = await (await runner()).cells;
    return [id, checkOf(id)].map((one) => cells.get(one));
  };

  return {
    async edit(id) { return (await runner()).edit(id); },
    async earlier(id) { return (await runner()).earlier(id); },

    async run(id) {
      const [starter, check] = await both(id);
      const { exercise } = starter.bar.dataset;
      const { ok, source, words } = await (await runner()).run(check.id, { id: exercise, cell: id });
      const verdict = check.shown && check.output.querySelector(".gdcourse-verdict");
      starter.checked = verdict ? source : undefined;
      if (verdict) {
        const { code } = verdict.dataset;
        starter.verdict = SAID[code] ?? "Checked: read on below.";
        starter.say(starter.verdict);
        if (code === "right") starter.bar.dataset.good = starter.bar.dataset.solved = "";
        fade(starter, check); // it may have changed meanwhile
        verdict.scrollIntoView({ block: "nearest" });
      } else if (!ok && !words) {
        starter.say("The check has stopped with an error, see below.");
      }
    },

    hint(id) {
      const bar = bars.get(id);
      const { exercise } = bar.dataset;
      const hints = [...bar.querySelector("template").content.children];
      const taken = Math.min(events(collect()).filter(({ kind, id: of }) => kind === "hint" && of === exercise).length, hints.length);
      let place = box(bar).querySelector(":scope > .hints");
      if (!place) {
        place = make("div", "hints");
        place.setAttribute("role", "status");
        bar.parentElement.after(place);
      }
      // those of earlier visits come back with the next
      const upto = Math.max(Math.min(taken + 1, hints.length), place.children.length);
      if (taken < hints.length) record("hint", exercise, { number: taken + 1 }); // the number tells two of one second apart
      for (const hint of hints.slice(place.children.length, upto)) {
        place.append(make("p", "", make("strong", "", `Hint ${place.children.length + 1} of ${hints.length}.`), " ", ...hint.cloneNode(true).childNodes));
      }
      if (upto === hints.length) bar.querySelector(".hint").disabled = true;
      else bar.querySelector(".hint").textContent = "Next hint";
    },

    async reset(id) {
      const [starter, check] = await both(id);
      starter.checked = undefined;
      await (await runner()).reset(id);
      if (check.committed) check.output.replaceChildren(...check.committed);
      check.committed = check.shown = null;
    },
  };
}
