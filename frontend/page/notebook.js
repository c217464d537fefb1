// Turn the reader's work on a page into the chapter's notebook, and back. This file does not touch the DOM and runs no
// Python.
//
// The notebook is that of the book, with the learner's code in its cells. Its metadata `gdcourse` hold what the cells
// cannot hold: {page, name, at, versions: {cell: hash of the book's code}, cards: {exercise: key}, events: [answers to
// the quiz]}.
import { draft, drafts, events, hash, ofCell } from "./log.js";

export const LARGEST = 20_000_000; // the largest file that can be opened, in bytes; the grader has the same limit
const LONGEST = 100_000; // how many characters a cell may have
const MOST = 2_000; // how many cells a notebook may have, and how many events

/** Thrown if a file cannot be opened; the message says why. */
export class Refused extends Error {}

const source = (cell) => [cell.source].flat().join("");
const lines = (text) => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
/** Escape all signs in a text, so that Markdown shows the text as it is. */
const plain = (text) => text.replace(/[\p{Cc}\p{Cf}]/gu, " ").replace(/[!-/:-@[-`{-~]/g, "\\$&");
const CARDS = /\bcards\("([^"]+)"((?:, \w+="[A-Z]*")*)\)/;

/** Return the order of the cards that the reader has stored for an exercise: {board: letters}. */
function orders(id, key) {
  try {
    const found = Object.entries(JSON.parse(draft(`${id}.${key}`) ?? "{}"));
    return found.filter(([board, order]) => /^\w+$/.test(board) && /^[A-Z]+$/.test(String(order)));
  } catch {
    return []; // a damaged draft is ignored
  }
}

/** Return the code of a cell: the learner's if there is any, else the book's. */
function answer(page, cell, cards) {
  const text = source(cell).trimEnd();
  const [call, id] = CARDS.exec(text) ?? [];
  const laid = id && orders(id, cards[id]).map(([board, order]) => `, ${board}="${order}"`).join("");
  if (laid) return text.replace(call ?? "", `cards("${id}"${laid})`);
  return draft(ofCell(page, cell.id, text)) ?? text;
}

const made = (kind, id, text, gdcourse = {}) => ({
  cell_type: kind, id, metadata: { gdcourse }, source: lines(text), ...(kind === "code" && { outputs: [], execution_count: null }),
});

/** Return the book's notebook with the reader's work, as {notebook, cells, earlier, questions}; the last three are
 * counts. Code for an earlier version of a cell is put below this cell: as code if it is the only answer to an
 * exercise, else as text. */
export function written(book, { page, cards = {}, name = "", at = new Date().toISOString() }) {
  const versions = {}, cells = [];
  let edited = 0, earlier = 0;
  const old = new Map(drafts(`${page}.`).map((key) => [key, key.slice(page.length + 1).split(".")[0]]));
  const before = (key, kind, where) => {
    const text = draft(key);
    old.delete(key);
    if (!text) return;
    earlier += 1;
    cells.push(made("markdown", `earlier-${earlier}-note`, `*Written for an earlier version of ${where}; the task may have changed.*`));
    cells.push(made(kind, `earlier-${earlier}`, text, { earlier: key }));
  };
  for (const cell of structuredClone(book.cells)) {
    cells.push(cell);
    if (cell.cell_type !== "code") continue;
    const text = source(cell).trimEnd();
    const now = answer(page, cell, cards);
    versions[cell.id] = hash(text);
    Object.assign(cell, { outputs: [], execution_count: null, source: lines(now) });
    if (now !== text) edited += 1;
    old.delete(ofCell(page, cell.id, text));
    let open = now === text && cell.metadata.gdcourse?.part === "starter";
    for (const [key, id] of [...old]) {
      if (id !== cell.id) continue;
      before(key, open ? "code" : "raw", "the cell above");
      open = false;
    }
  }
  for (const key of [...old.keys()]) before(key, "raw", "the chapter, in a cell that it no longer has");
  const quiz = events().filter(({ kind, id }) => kind === "quiz" && id.startsWith(`${page}/`)).slice(-MOST);
  const right = new Set(quiz.filter(({ ok }) => ok).map(({ id }) => id)).size;
  const questions = new Set(quiz.map(({ id }) => id)).size;
  const parts = [
    `**${name ? `The work of ${plain(name)}` : "Handed in"}**, written in the pages of the course and saved on ${at.slice(0, 10)} at ${at.slice(11, 16)} UTC.`,
    `Changed cells: ${edited}. Questions of the quiz answered: ${questions}, of which ${right} right.`,
    ...(earlier ? [`Written for an earlier version of the book, and marked so below: ${earlier}.`] : []),
  ];
  const metadata = { ...book.metadata, gdcourse: { page, name, at, versions, cards, events: quiz } };
  return {
    notebook: { ...book, metadata, cells: [made("markdown", "hand-in", parts.join("\n\n")), ...cells] }, cells: edited, earlier, questions,
  };
}

/** Return whether there is any work on a page to hand in. */
export const something = ({ cells, earlier, questions }) => cells + earlier + questions > 0;

/** Check the text of a notebook file; return {cells, metadata}. Throws Refused. */
export function read(text) {
  let file;
  try {
    file = JSON.parse(text);
  } catch {
    throw new Refused(text.trim() ? "This is no notebook: it cannot be read as JSON. Was it downloaded whole?" : "This file is empty.");
  }
  if (!Array.isArray(file?.cells)) throw new Refused("This is no notebook: it has no list of cells.");
  if (file.cells.length > MOST) throw new Refused(`This notebook has ${file.cells.length} cells; at most ${MOST} can be opened.`);
  const cells = file.cells.map((cell) => {
    const text = source(cell ?? {});
    if (typeof cell?.cell_type !== "string" || !["string", "object"].includes(typeof cell.source) || text.length > LONGEST) {
      throw new Refused(`This notebook has a cell that cannot be opened: it is damaged, or has more than ${LONGEST} characters.`);
    }
    return { ...cell, metadata: Object(cell.metadata), text: text.trimEnd() };
  });
  return { cells, metadata: Object(file.metadata) };
}

/** Return the page from which a notebook was made: the page that its metadata name, else the page of `pages` with
 * its exercises. */
export function pageOf({ cells, metadata }, pages) {
  const said = metadata.gdcourse?.page;
  if (pages.includes(said)) return said;
  const found = cells.map(({ text }) => /\bcheck\("(\w+)\//.exec(text)?.[1]).find((name) => name && pages.includes(name));
  return found ?? null;
}

const HASH = /^[0-9a-z]{1,7}$/;

/** Return what a file contains for a page: {drafts: {name: text}, events: text of a log, left: number of cells that
 * the page does not have}. book: the notebook of the page. Cells that equal cells of the book, in this version or in
 * the version from which the file was made, are ignored. */
export function changes(file, book, { page, cards = {} }) {
  const here = book.cells.filter((cell) => cell.cell_type === "code");
  const task = ({ metadata }) => metadata.gdcourse?.part === "starter" ? metadata.gdcourse.exercise : NaN;
  const { versions, cards: keys, events: told } = Object(file.metadata.gdcourse);
  const found = {};
  let left = 0;
  for (const cell of file.cells) {
    const earlier = cell.metadata.gdcourse?.earlier;
    if (typeof earlier === "string") {
      const [id, version, ...more] = earlier.startsWith(`${page}.`) ? earlier.slice(page.length + 1).split(".") : [];
      if (/^[\w-]+$/.test(id ?? "") && HASH.test(version ?? "") && !more.length) found[earlier] = cell.text;
      continue;
    }
    if (cell.cell_type !== "code") continue;
    const mine = here.find(({ id }) => id === cell.id) ?? here.find((one) => task(one) === task(cell));
    if (!mine) {
      left += cell.text ? 1 : 0;
      continue;
    }
    const text = source(mine).trimEnd();
    const [, id, laid] = CARDS.exec(cell.text) ?? [];
    if (id && id in cards) {
      const key = /^[0-9a-f]{8}$/.test(keys?.[id]) ? keys[id] : cards[id];
      const order = Object.fromEntries([...laid.matchAll(/(\w+)="([A-Z]*)"/g)].map(([, board, letters]) => [board, letters]));
      if (laid) found[`${id}.${key}`] = JSON.stringify(order);
      continue;
    }
    const said = Object(versions)[mine.id];
    const was = typeof said === "string" && HASH.test(said) ? said : hash(text);
    if (hash(cell.text) !== was && cell.text !== text) found[`${page}.${mine.id}.${was}`] = cell.text;
  }
  const mine = [told ?? []].flat().slice(0, MOST).filter((event) =>
    event?.kind === "quiz" && /^\w+\/\w+\.[0-9a-f]{8}$/.test(event.id) && event.id.startsWith(`${page}/`) && /^[\d:T+-]{20,30}$/.test(event.at));
  const events = mine.map(({ at, id, ok, option }) =>
    JSON.stringify({ at, kind: "quiz", id, ok: Boolean(ok), ...(/^[a-h]$/.test(option) && { option }) })).join("\n");
  return { drafts: found, events, left };
}
