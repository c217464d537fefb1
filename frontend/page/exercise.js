// An exercise in the page: Run and check, hints one at a time, what has been solved. Fetched where a page has one.
import { events, onOthers, record, solved } from "./log.js";

const make = (tag, className, ...children) => {
  const element = Object.assign(document.createElement(tag), { className });
  element.append(...children);
  return element;
};

/** bars: {cell: bar of buttons}; load: fetches the runner; unsay: takes away what the book says. Returns what the buttons of an exercise do, by their class. */
export function exercises(bars, load, unsay) {
  const mine = [...bars.values()].filter((bar) => bar.dataset.exercise);
  const box = (bar) => bar.closest(".cell");
  const said = (bar) => bar.querySelector(".said");

  // what was solved on an earlier visit, or in another tab
  const mark = () => {
    const right = solved();
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
  onOthers(mark);

  /** Beside the button stands what its verdict says of a check, in a word. */
  const tell = (cell) => {
    const { said: words, ok } = cell.verdict.dataset;
    cell.say(words);
    if (ok !== undefined) cell.bar.dataset.good = cell.bar.dataset.solved = "";
  };

  /** A verdict is about the code that was checked: it fades as soon as other code stands there. */
  const fade = (cell, check) => {
    const stale = cell.source !== (cell.checked ?? cell.original);
    if (stale === "stale" in check.box.dataset) return;
    if (stale) check.box.dataset.stale = "";
    else delete check.box.dataset.stale;
    if (cell.checked === undefined) return;
    if (stale) cell.say("Changed since the check.");
    else tell(cell);
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
        starter.verdict = verdict;
        tell(starter);
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
      const taken = Math.min(events().filter(({ kind, id: of }) => kind === "hint" && of === exercise).length, hints.length);
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
