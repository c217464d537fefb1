// Download the work on one page or on all pages as files that Jupyter opens. Open such a file and put its work into the
// page. notebook.js makes and reads the files; it is loaded when a button is first pressed.
import { add, draft, setDraft } from "./log.js";

const place = /** @type {HTMLElement} */ (document.querySelector(".hand-in"));
const part = (selector) => /** @type {any} */ (place.querySelector(selector));
const [name, file, said, take] = [part("[name=learner]"), part("[type=file]"), part("[role=status]"), part(".take-out")];
const site = new URL(document.documentElement.dataset.content_root || ".", document.baseURI);
// the key of a stored message, which is shown after the page has reloaded
const SAID = `gdcourse ${site.pathname} opened`;

name.value = draft("name") ?? "";
name.addEventListener("change", () => setDraft("name", name.value.trim() || null));
try {
  said.textContent = sessionStorage.getItem(SAID) ?? "";
  sessionStorage.removeItem(SAID);
} catch { /* storage is forbidden: then no file was opened, and there is no message */ }

const many = (number, one, more = `${one}s`) => `${number} ${number === 1 ? one : more}`;
const tools = () => import("./notebook.js");
const fetched = async (address) => {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
};
/** The list of the book's notebooks, fetched only once: [{page, title, folder, cards}]. */
let listed;
const book = () => (listed ??= fetched(new URL("../hand_in.json", import.meta.url)));
const notebookOf = ({ folder, page }) => fetched(new URL(`_sources/${folder}/${page}.ipynb`, site));

function save(parts, type, called) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(new Blob(parts, { type })), download: called });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** Return a name with only those characters that every system allows in file names. */
const safe = (text) => text.normalize("NFC").replace(/[^\p{L}\p{M}\p{N} '’_-]/gu, " ").replace(/\s+/g, " ").trim().slice(0, 60);

async function download() {
  const { something, written } = await tools();
  const learner = name.value.trim();
  setDraft("name", learner || null);
  const wanted = (await book()).filter(({ page }) => !place.dataset.page || page === place.dataset.page);
  const done = [];
  for (const one of wanted) {
    const made = written(await notebookOf(one), { ...one, name: learner });
    if (something(made)) done.push({ ...made, page: one.page, text: `${JSON.stringify(made.notebook, null, 1)}\n` });
  }
  if (!done.length) return "Nothing to download yet: nothing has been written or answered here.";
  const who = safe(learner);
  const called = ({ page }) => `${who ? `${who} - ` : ""}${page}.ipynb`;
  if (place.dataset.page) {
    save([done[0].text], "application/x-ipynb+json", called(done[0]));
  } else {
    const { strToU8, zipSync } = await import("./zip.js");
    const all = zipSync(Object.fromEntries(done.map((one) => [called(one), strToU8(one.text)])));
    save([all], "application/zip", `${who || "gradient descent"}.zip`);
  }
  const sum = (what) => done.reduce((total, one) => total + one[what], 0);
  return `Saved: ${place.dataset.page ? "" : `${many(done.length, "notebook")}, `}${many(sum("cells"), "changed cell")}, ${many(sum("questions"), "answered question")}`
    + `${sum("earlier") ? `, and ${many(sum("earlier"), "piece")} that you wrote for an earlier version of the book, marked so` : ""}.`;
}

/** Return the texts of the notebooks in the file that the reader chose. */
async function texts(chosen) {
  const { LARGEST, Refused } = await tools();
  const refuse = (bytes) => { throw new Refused(`This file has ${Math.ceil(bytes / 1e6)} MB; ${LARGEST / 1e6} MB is the most that can be opened.`); };
  if (chosen.size > LARGEST) refuse(chosen.size);
  if (!/\.zip$/i.test(chosen.name)) return [await chosen.text()];
  const { strFromU8, unzipSync } = await import("./zip.js");
  let total = 0;
  const filter = ({ name: inside, originalSize }) => {
    if (!/\.ipynb$/i.test(inside)) return false;
    total += originalSize;
    if (total > LARGEST) refuse(total);
    return true;
  };
  let found;
  try {
    found = Object.values(unzipSync(new Uint8Array(await chosen.arrayBuffer()), { filter }));
  } catch (error) {
    throw error instanceof Refused ? error : new Refused("This zip file cannot be read. Was it downloaded whole?");
  }
  if (!found.length) throw new Refused("There is no notebook in this zip file.");
  return found.map((bytes) => strFromU8(bytes));
}

/** Ask the reader a question in the page. The promise resolves to true if the reader agrees. */
function agree(question, yes, no) {
  return new Promise((resolve) => {
    const buttons = [yes, no].map((words) => Object.assign(document.createElement("button"), { type: "button", textContent: words }));
    said.replaceChildren(question, ...buttons.flatMap((button) => [" ", button]));
    for (const button of buttons) button.addEventListener("click", () => resolve(button === buttons[0]));
    buttons[1].focus();
  });
}

async function open(chosen) {
  const { Refused, changes, pageOf, read } = await tools();
  const pages = await book();
  const found = [];
  for (const text of await texts(chosen)) {
    const one = read(text);
    const which = pageOf(one, pages.map(({ page }) => page)) ?? place.dataset.page;
    const about = pages.find(({ page }) => page === which);
    if (!about) throw new Refused("This notebook is none of the course: no exercise of the course is in it. Open it on the page of its chapter.");
    found.push({ ...about, ...changes(one, await notebookOf(about), about) });
  }
  const drafts = found.flatMap((one) => Object.entries(one.drafts));
  const [left, told] = [found.reduce((total, one) => total + one.left, 0), found.map((one) => one.events).join("\n")];
  const others = left ? ` ${many(left, "cell")} of the file ${left === 1 ? "has" : "have"} no place on the page and ${left === 1 ? "stays" : "stay"} in the file.` : "";
  if (!drafts.length && !told.trim()) return `There is nothing in this file that differs from the book.${others}`;
  const lost = drafts.filter(([key, text]) => ![null, text].includes(draft(key))).length;
  if (lost && !(await agree(`This replaces what you wrote here in ${many(lost, "place")}.`, "Replace it", "Keep mine"))) return "Nothing was changed.";
  const kept = drafts.map(([key, text]) => setDraft(key, text)).every(Boolean) && (!told.trim() || add(told) !== null);
  if (!kept) return "Your browser keeps nothing for this site (its storage is full or forbidden), so a file cannot be opened here.";
  sessionStorage.setItem(SAID, `Opened: ${found.map(({ title, drafts: some }) => `${title}, ${many(Object.keys(some).length, "place")}`).join("; ")}. Nothing was run.${others}`);
  location.reload(); // the reloaded page shows what was stored: editors, quiz and cards
  return "Opening …";
}

async function doing(work) {
  said.textContent = "One moment …";
  try {
    said.textContent = await work();
  } catch (error) {
    const { Refused } = await tools().catch(() => ({ Refused: TypeError }));
    said.textContent = error instanceof Refused ? error.message : "This could not be loaded: is there a network? Reload the page and try again; what you wrote is kept.";
    if (!(error instanceof Refused)) console.warn(error);
  }
}
take.addEventListener("click", () => doing(download));
file.addEventListener("change", async () => {
  const [chosen] = file.files;
  if (chosen) await doing(() => open(chosen));
  file.value = "";
});
