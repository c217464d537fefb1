// The landing page: show what the reader has done in this browser, save it to a file, and read such a file.
import { add as keep, events, onOthers, read, text } from "./log.js";

/** Return the progress that the events show, in the words of `progress()` in a notebook. chapters: [{name,
 * exercises: [{id}], questions: [key]}]. */
export function account(chapters, seen) {
  const ids = (kind, ok) => new Set(seen.filter((event) => event.kind === kind && (ok === undefined || Boolean(event.ok) === ok)).map(({ id }) => id));
  const [solved, tried, answered, goals] = [ids("check", true), ids("check"), ids("quiz", true), ids("demo", true)];
  const rows = chapters.map(({ name, exercises, questions }) => ({
    name, exercises: exercises.map(({ id }) => solved.has(id)), questions: questions.map((key) => answered.has(`${name}/${key}`)),
  }));
  const left = chapters.flatMap(({ exercises }) => exercises).filter(({ id }) => !solved.has(id));
  // the next exercise: the one that was tried last and is not solved; if there is none, the first unsolved one of the
  // book
  const begun = seen.toReversed().filter(({ kind }) => kind === "check").map(({ id }) => left.find((one) => one.id === id)).find(Boolean);
  const demos = {};
  for (const id of goals) demos[id.split("/")[0]] = (demos[id.split("/")[0]] ?? 0) + 1;
  const names = Object.keys(demos).sort();
  return {
    rows, next: begun ?? left[0], word: begun ? "Go on with" : tried.size || answered.size ? "Next:" : "Start with",
    played: names.length ? `Goals reached in demos: ${names.map((name) => `${name} ${demos[name]}`).join(", ")}.` : "",
  };
}

const place = /** @type {any} */ (document.getElementById("progress-here"));
const chapters = JSON.parse(place.querySelector("script").textContent);
const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};
const of = (list) => `${list.filter(Boolean).length} of ${list.length}`;
const meter = (what, list) => {
  if (!list.length) return make("td");
  const bar = make("progress", { max: list.length, value: list.filter(Boolean).length });
  bar.setAttribute("aria-label", `${what}: ${of(list)}`);
  return make("td", {}, bar, make("span", {}, of(list)));
};
const head = (words) => make("th", { scope: "col" }, words);
const shown = make("div");
const said = make("p", { role: "status", className: "unsaid" });

const draw = () => {
  const { rows, next, word, played } = account(chapters, events());
  // the "start" link becomes a "continue" link
  const start = document.querySelector(".start");
  if (start && next && word !== "Start with") {
    const of = chapters.find(({ exercises }) => exercises.some(({ id }) => id === next.id));
    /** @type {any} */ (start).href = next.address;
    start.replaceChildren(make("b", {}, `Continue: ${next.title}`), " ", make("span", {}, `in ${of.title}`));
  }
  const table = make("table", {}, make("thead", {}, make("tr", {}, head("chapter"), head("exercises"), head("quiz"))));
  table.append(make("tbody", {}, ...rows.map(({ name, exercises, questions }, n) => {
    const { title, address } = chapters[n];
    const finished = [...exercises, ...questions].every(Boolean);
    const header = make("th", { scope: "row" }, finished ? "✓ " : "", make("a", { href: address }, title));
    return make("tr", {}, header, meter(`${name}, exercises`, exercises), meter(`${name}, quiz`, questions));
  })));
  const advice = next ? [`${word} `, make("a", { href: next.address }, next.title), "."]
    : ["Every exercise is right. Open a solution page: another right way may surprise you."];
  shown.replaceChildren(make("div", { className: "scrolls table" }, table), ...(played ? [make("p", {}, played)] : []), make("p", {}, ...advice));
};

const save = make("button", { type: "button" }, "Save to a file");
save.addEventListener("click", () => {
  const link = make("a", { href: URL.createObjectURL(new Blob([text()], { type: "application/x-ndjson" })), download: "progress.jsonl" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
});
const file = make("input", { type: "file", accept: ".jsonl,application/x-ndjson,application/json,text/plain", id: "progress-file", className: "unseen" });
const add = make("label", { htmlFor: "progress-file" }, "Add from a file");
file.addEventListener("change", async () => {
  const given = file.files[0] ? await file.files[0].text() : "";
  const number = keep(given);
  said.textContent = number === null ? "Your browser keeps nothing for this site: its storage is full or forbidden."
    : !read(given).length ? "This is no progress file: each line of one is an event, as gdcourse writes it to .gdcourse/progress.jsonl."
      : `${number} ${number === 1 ? "event" : "events"} added.`;
  file.value = "";
  draw();
});
draw();
place.append(shown, make("p", { className: "do" }, save, file, add), said);
onOthers(draw);
