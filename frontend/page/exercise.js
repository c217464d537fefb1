// The card of an exercise: it runs and checks the code, shows the hints one at a time and the solution, and shows
// whether the exercise is solved. Only pages with exercises load this file.
import { events, onOthers, record, solved } from "./log.js";

const make = (tag, className, ...children) => {
  const element = Object.assign(document.createElement(tag), { className });
  element.append(...children);
  return element;
};

/** Return the text that the reader pastes into a chat with an assistant: task and code as Markdown. */
export const question = ({ title, address, task, code, verdict }) => `I am working on an exercise of a course on gradient descent: "${title}" (${address}).
Please do NOT give me the answer or corrected code. Help me to find my mistake myself: ask me one question at a time, or point to the line at which my thinking goes wrong.

## The task

${task}

## My code

\`\`\`python
${code}
\`\`\`

## What the check says

${verdict}
`;

/** Return {class of a button: the function that the button calls}. bars: {id of a cell: its bar of buttons}; load:
 * fetches the runner. */
export function exercises(bars, load) {
  const mine = [...bars.values()].filter((bar) => bar.dataset.exercise);
  const box = (bar) => bar.closest(".cell");
  const card = (bar) => bar.closest(".exercise");
  const said = (bar) => bar.querySelector(".said");

  // show what the reader has solved or tried on an earlier visit or in another tab
  const mark = () => {
    const right = solved();
    const tried = new Set(events().filter(({ kind }) => kind === "check").map(({ id }) => id));
    for (const bar of mine) {
      if (tried.has(bar.dataset.exercise)) card(bar).dataset.tried = "";
      if (!right.has(bar.dataset.exercise) || "solved" in card(bar).dataset) continue;
      card(bar).dataset.solved = "";
      if (said(bar).textContent) continue;
      said(bar).textContent = "Solved earlier.";
      bar.dataset.good = "";
    }
  };
  mark();
  onOthers(mark);

  /** Show the verdict of a check, in a word, beside the button that runs the check. */
  const tell = (cell) => {
    const { said: words, ok } = cell.verdict.dataset;
    cell.say(words);
    if (ok !== undefined) cell.bar.dataset.good = "";
    mark();
  };

  /** Fade the verdict if the code is not the code that was checked. */
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

  /** Make the line below a right answer, with links to what comes next and to other right answers. */
  const onward = (bar) => {
    const later = mine[mine.indexOf(bar) + 1];
    const [quiz, next] = [document.querySelector(".quiz"), document.querySelector(".onward [rel=next]")];
    const [words, to] = later ? ["Next exercise", `#${card(later).id}`]
      : quiz ? ["On to the quiz", `#${quiz.closest("section")?.id}`]
        : next ? ["Next chapter", next.getAttribute("href")] : [];
    const go = words && Object.assign(make("a", "go", `${words} →`), { href: to });
    const others = bar.querySelector(".solution") && Object.assign(make("a", "others", "Other right answers"), { href: bar.querySelector(".solution").href });
    others?.addEventListener("click", (event) => { event.preventDefault(); open(bar, 1); });
    return make("p", "then", ...[go, others].filter(Boolean));
  };

  /** Fetch part `n` of the exercise on the page of solutions (0: the solution, 1: other right answers, 2: mistakes),
   * and show it below the buttons. */
  async function open(bar, n) {
    const link = bar.querySelector(".solution");
    const [address, name] = link.href.split("#");
    const page = new DOMParser().parseFromString(await (await fetch(address)).text(), "text/html");
    const part = page.getElementById(name)?.querySelectorAll("details")[n];
    if (!part) { location.href = link.href; return; }
    record("solution", bar.dataset.exercise);
    const fold = document.importNode(part, true);
    fold.open = true;
    for (const one of fold.querySelectorAll("[id]")) one.removeAttribute("id");
    fold.dataset.part = String(n);
    const place = card(bar);
    place.querySelector(`:scope > details[data-part="${n}"]`)?.remove();
    place.append(fold);
    fold.querySelector("summary")?.focus();
    fold.scrollIntoView({ block: "nearest" });
  }

  return {
    async edit(id, at) { return (await runner()).edit(id, at); },
    async earlier(id) { return (await runner()).earlier(id); },

    async run(id) {
      const [starter, check] = await both(id);
      const { exercise } = starter.bar.dataset;
      check.box.querySelector(".then")?.remove();
      const { ok, source, words } = await (await runner()).run(check.id, { id: exercise, cell: id });
      const verdict = check.shown && check.output.querySelector(".gdcourse-verdict");
      starter.checked = verdict ? source : undefined;
      if (verdict) {
        starter.verdict = verdict;
        if ("ok" in verdict.dataset) check.box.append(onward(starter.bar));
        tell(starter);
        fade(starter, check); // the reader may have changed the code during the check
        check.box.scrollIntoView({ block: "nearest" });
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
      // show the next hint, and again all hints that the reader took on earlier visits
      const upto = Math.max(Math.min(taken + 1, hints.length), place.children.length);
      // the number distinguishes two hints that are taken in the same second
      if (taken < hints.length) record("hint", exercise, { number: taken + 1 });
      for (const hint of hints.slice(place.children.length, upto)) {
        place.append(make("p", "", make("strong", "", `Hint ${place.children.length + 1} of ${hints.length}.`), " ", ...hint.cloneNode(true).childNodes));
      }
      if (upto === hints.length) bar.querySelector(".hint").disabled = true;
      else bar.querySelector(".hint").textContent = "Next hint";
    },

    solution(id) { return open(bars.get(id), 0); },

    /** Copy task, code and verdict to the clipboard, for a chat with an assistant. Nothing is sent. */
    async ask(id) {
      const [starter, check] = await both(id);
      const task = (await (await runner()).task(id)).replace(/<!--.*?-->|^### .*$|^Stuck\? [^]*$/gm, "").trim();
      const stale = "stale" in check.box.dataset ? "(This was said of an earlier version of the code.)\n" : "";
      const verdict = check.shown ? stale + check.output.innerText.trim() : "(I have not run it yet.)";
      const text = question({ title: card(starter.bar).querySelector("h3").innerText.replace(/\s*#$/, "").replace(/\s+/g, " "), address: location.href.split("#")[0], task, code: starter.source, verdict });
      try {
        await navigator.clipboard.writeText(text);
        starter.say("Copied: your task, code and verdict. Nothing was sent; paste it where you like.");
      } catch {
        starter.say("Your browser does not let a page copy: mark the text below and copy it by hand.");
        const place = box(starter.bar).querySelector(":scope > .asked") ?? make("pre", "asked");
        place.textContent = text;
        starter.bar.parentElement.after(place);
      }
    },

    async reset(id) {
      const [starter, check] = await both(id);
      starter.checked = undefined;
      await (await runner()).reset(id);
      check.output.replaceChildren();
      check.box.querySelector(".then")?.remove();
      check.committed = check.shown = null;
      delete check.box.dataset.stale;
    },
  };
}
