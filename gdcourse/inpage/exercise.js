// An exercise in the page: Run and check, hints one at a time, what has been solved. Fetched where a page has one.
import { collect, events, record } from "../progress.js";

const make = (tag, className, ...children) => {
  const element = Object.assign(document.createElement(tag), { className });
  element.append(...children);
  return element;
};

/** bars: {cell: bar of buttons}; load: fetches the runner. Returns what the buttons of an exercise do, by their class. */
export function exercises(bars, load) {
  const mine = [...bars.values()].filter((bar) => bar.dataset.exercise);
  const box = (bar) => bar.closest(".cell");
  const solved = (bar) => { bar.dataset.solved = ""; };

  const mark = () => {
    const right = new Set(events(collect()).filter(({ kind, ok }) => kind === "check" && ok).map(({ id }) => id));
    for (const bar of mine) {
      if (!right.has(bar.dataset.exercise) || "solved" in bar.dataset) continue;
      solved(bar);
      if (!bar.querySelector(".said").textContent) bar.querySelector(".said").textContent = "Solved.";
    }
  };
  mark();
  addEventListener("storage", mark);

  return {
    async run(id) {
      const bar = bars.get(id);
      const runner = await load();
      const checking = id.replace(/starter$/, "check");
      const { ok } = await runner.run(checking, { into: id });
      const [starter, check] = await Promise.all([id, checking].map(async (one) => (await runner.cells).get(one)));
      const verdict = ok && check.output.querySelector(".gdcourse-verdict");
      if (verdict) {
        starter.say(verdict.dataset.code === "right" ? "Solved." : "Checked: read on below.");
        if (verdict.dataset.code === "right") solved(bar);
        verdict.scrollIntoView({ block: "nearest" });
      } else if (starter.box.querySelector(".cell_output .traceback")) {
        starter.say("It stops with an error, see below. The check waits until it runs.");
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
      const runner = await load();
      await runner.reset(id);
      const check = (await runner.cells).get(id.replace(/starter$/, "check"));
      if (check.committed) check.output.replaceChildren(...check.committed);
      check.committed = check.shown = null;
    },
  };
}
