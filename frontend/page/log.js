// Store in this browser what the reader has done and is writing.
//
// The log has the format of progress.jsonl, which gdcourse writes in Jupyter: a line of JSON for each event, {at, kind,
// id, …}. Lines are added and never changed. Drafts are unfinished work: the code of a cell, the order of cards. In the
// browser the names of the log and of the drafts contain the folder of the course, so that two copies of the course on
// one host do not share them.

/** @typedef {{at?: string, kind: string, id: string, ok?: boolean, code?: string, number?: number}} Event */

const root = globalThis.document?.documentElement;
const FOLDER = root ? new URL(root.dataset.content_root || ".", document.baseURI).pathname : "/";
export const LOG = `gdcourse ${FOLDER} log`;
const DRAFT = `gdcourse ${FOLDER} draft `;

// if the browser stores nothing, this Map keeps the texts while the page is open
const memory = new Map();
const get = (key) => { try { return memory.get(key) ?? localStorage.getItem(key); } catch { return memory.get(key) ?? null; } };
const keys = () => { try { return [...new Set([...memory.keys(), ...Object.keys(localStorage)])]; } catch { return [...memory.keys()]; } };
function set(key, value) {
  memory.delete(key);
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
    return true;
  } catch {
    if (value !== null) memory.set(key, value);
    complain();
    return false;
  }
}

let complaint = (words) => console.info(words);
/** Set the function that is called, once, if the browser stores nothing. */
export const onTrouble = (listener) => { complaint = listener; };
const complain = () => {
  complaint("Your browser keeps nothing for this site (its storage is full or forbidden): copy what you want to keep.");
  complaint = () => {};
};

// ---- the log

/** Return the events of a progress file, in order. Lines that cannot be read are left out. @returns {Event[]} */
export function read(text) {
  return (text ?? "").split("\n").flatMap((line) => {
    try {
      const event = JSON.parse(line);
      return typeof event?.kind === "string" && typeof event.id === "string" ? [event] : [];
    } catch {
      return [];
    }
  });
}

const identity = (event) => JSON.stringify(Object.entries(event).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Return the events of several files, each event once, in the order of their first appearance. */
export function merged(...texts) {
  const all = new Map(texts.flatMap(read).map((event) => [identity(event), event]));
  return [...all.values()].map((event) => `${JSON.stringify(event)}\n`).join("");
}

/** Return the whole log, as text. */
export const text = () => get(LOG) ?? "";

export const events = () => read(text());

/** Add the events of a file to the log. Return how many were new, or null if the browser stores nothing. */
export function add(file) {
  const before = text(); // read again, because another tab may have written to it
  const after = merged(before, file);
  const kept = after === before || set(LOG, after);
  return kept ? read(after).length - read(before).length : null;
}

export const record = (kind, id, more = {}) => add(JSON.stringify({ at: now(), kind, id, ...more }));
const now = () => `${new Date().toISOString().slice(0, 19)}+00:00`;

/** Return {key: was it ever right?} for the answered questions of a chapter's quiz, or for the reached goals of a
 * demo. name: the chapter or the demo. */
export function below(kind, name) {
  const found = {};
  for (const event of events()) {
    if (event.kind === kind && event.id.startsWith(`${name}/`)) found[event.id.slice(name.length + 1)] ||= Boolean(event.ok);
  }
  return found;
}

/** Return the ids of the exercises that were solved at least once. */
export const solved = () => new Set(events().filter(({ kind, ok }) => kind === "check" && ok).map(({ id }) => id));

/** Call `listener` when another tab has added an event. */
export const onOthers = (listener) => addEventListener("storage", ({ key }) => { if (key === LOG || key === null) listener(); });

// ---- drafts

export const draft = (name) => get(DRAFT + name);
export const setDraft = (name, value) => set(DRAFT + name, value);
/** Return the name of the draft of a cell. It contains a hash of the cell's code in the book, so that a draft for an
 * older version of the cell is not used. */
export const ofCell = (page, id, text) => `${page}.${id}.${hash(text)}`;
export const hash = (text) => [...text].reduce((h, c) => Math.imul(h ^ c.codePointAt(0), 16777619) >>> 0, 2166136261).toString(36);
/** Return the names of the drafts that begin with `start`. */
export const drafts = (start) => keys().filter((key) => key.startsWith(DRAFT + start)).map((key) => key.slice(DRAFT.length));

// ---- the data of earlier versions

/**
 * Copy the data of earlier versions into the log, once. Earlier versions used five kinds of names, which all copies
 * on a host shared. The old data stay, because an older copy on the same host may still read them.
 */
function takeOver() {
  const DONE = `gdcourse ${FOLDER} took over`;
  if (get(DONE) !== null) return;
  const found = [];
  const note = (kind, id, more) => found.push(JSON.stringify({ kind, id, ...more }));
  const object = (key) => { try { return Object(JSON.parse(get(key))); } catch { return {}; } };
  const known = new Set(read(get("gdcourse.progress")).map(({ kind, id, ok }) => `${kind} ${id} ${ok}`));
  for (const key of keys()) {
    const [, quiz] = /^gdcourse\/quiz\/(.+)/.exec(key) ?? [];
    const [, cards] = /^gdcourse\/cards\/(.+)/.exec(key) ?? [];
    const [, edit] = /^gdcourse\.edit\.(.+)/.exec(key) ?? [];
    if (quiz) for (const [question, verdict] of Object.entries(object(key))) note("quiz", `${quiz}/${question}`, { ok: verdict === "right" });
    if (edit && draft(edit) === null) setDraft(edit, get(key));
    if (!cards) continue;
    const { orders, solved: boards } = object(key);
    if (orders && draft(cards) === null) setDraft(cards, JSON.stringify(orders));
    for (const board of [boards ?? []].flat()) note("board", `${cards.replace(/\.[^.]*$/, "")}/${board}`, { ok: true });
  }
  for (const [name, goals] of Object.entries(object("gdcourse.demos"))) {
    for (const goal of String(goals).split(" ").filter(Boolean)) note("demo", `${name}/${goal}`, { ok: true });
  }
  const at = now();
  const fresh = read(found.join("\n")).filter(({ kind, id, ok }) => !known.has(`${kind} ${id} ${ok}`)).map((event) => JSON.stringify({ at, ...event }));
  if (add([get("gdcourse.progress") ?? "", ...fresh].join("\n")) !== null) set(DONE, at);
}
if (root) takeOver();
