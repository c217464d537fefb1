// Search: find sections by the words that people type. `find(sections)` returns a function from a query to the sections
// that fit, the best first. MiniSearch ranks the sections, allows typing mistakes and completes words. This file adds
// the spellings that are usual in this subject.
import MiniSearch from "minisearch";

/** Words that are too common to search for. */
const SAY_NOTHING = new Set("a an and are as at be by do does for from how i in is it of on or the to what when why with".split(" "));
/** Return the same text for all forms of a word: capitals, -ise and -ize, singular and plural. Return "" for a word
 * that is too common. */
const word = (/** @type {string} */ text) => {
  const plain = text.toLowerCase();
  if (SAY_NOTHING.has(plain)) return "";
  return plain
    .replace(/i[sz](e|ed|es|er|ers|ing|ation|ations)$/, "iz")
    .replace(/^(.{3,}[^s])ies$/, "$1y")
    .replace(/^(.{2,}[^suia])s$/, "$1");
};

/** Return a text without accents, with one kind of apostrophe and one kind of hyphen. */
const fold = (text) => text.normalize("NFD").replace(/\p{Mn}/gu, "").replace(/[‘’ʼ`´]/g, "'").replace(/[‐‑–]/g, "-").replace(/ł/g, "l").replace(/ø/g, "o");

/** Return the words of a text. A word with a hyphen gives its parts and the whole: mini-batch gives mini, batch and
 * minibatch. */
const words = (text) => fold(text).match(/[\p{L}\p{N}_]+(?:['-][\p{L}\p{N}_]+)*/gu)?.flatMap((one) => {
  const parts = one.replace(/'s$/i, "").split(/['-]/);
  return parts.length > 1 ? [...parts, parts.join("")] : parts;
}) ?? [];

/** Return the words of a query. A word with a hyphen gives only its parts. */
const asked = (query) => fold(query).match(/[\p{L}\p{N}_]+/gu)?.filter((one) => one !== "s") ?? [];

/** Return all words of a text as one word: step size becomes stepsize. */
const name = (text) => asked(text).map(word).filter(Boolean).join("");

/** Return whether two words differ by at most `most` letters that are wrong, missing, added or exchanged. */
function near(a, b, most) {
  if (Math.abs(a.length - b.length) > most) return false;
  let [before, row] = /** @type {number[][]} */ ([[], Array.from({ length: b.length + 1 }, (_, j) => j)]);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    [before, row] = [row, next];
  }
  return row[b.length] <= most;
}

/** The weight of each kind of section: largest if the section explains a term, smallest if it only lists terms. */
const WEIGHT = { text: 1, exercises: 0.6, glossary: 0.7, reference: 0.35 };

/** @param {[string, string, string, string, string[], keyof typeof WEIGHT][]} sections see website/look/search.py */
export function find(sections) {
  const index = new MiniSearch({
    fields: ["names", "section", "page", "text"], idField: "place", tokenize: words, processTerm: (text) => word(text) || null,
  });
  index.addAll(sections.map(([, page, section, text, names], place) => ({ place, names: names.join(" · "), section: section || page, page, text })));
  const own = sections.map(([, page, section, , names]) => new Set([...names, section || page, ...(section || page).split(/[:(),]/)].map(name)));
  const explained = sections.map(([, , , , names]) => new Set(names.map(name)));

  return (/** @type {string} */ query) => {
    const all = asked(query).map((one) => word(one)).filter(Boolean);
    if (!all.length) return [];
    const whole = all.join("");
    const options = {
      tokenize: (/** @type {string} */ text) => [text], processTerm: (/** @type {string} */ text) => text,
      prefix: (/** @type {string} */ term) => term.length > 1, fuzzy: (/** @type {string} */ term) => (term.length > 4 ? 0.25 : term.length > 3 ? 1 : 0), maxFuzzy: 2,
      boost: { names: 6, section: 4, page: 1.5 }, weights: { fuzzy: 0.2, prefix: 0.5 },
      boostDocument: (/** @type {number} */ place) => WEIGHT[sections[place][5]],
    };
    /** @type {any} */
    const every = { combineWith: "AND", queries: all };
    const hits = index.search(all.length > 1 ? { combineWith: "OR", queries: [every, whole] } : all[0], options);
    const meant = (names) => names.has(whole) ? 20 : whole.length > 5 && [...names].some((one) => near(one, whole, whole.length > 9 ? 2 : 1)) ? 10 : 1;
    for (const hit of hits) hit.score *= meant(explained[hit.id]) * (own[hit.id].has(whole) ? 4 : 1);
    return hits.sort((a, b) => b.score - a.score).map(({ id, terms }) => ({ place: /** @type {number} */ (id), terms }));
  };
}

/** Return the sentence of a text that holds most of the found terms, as pieces [text, is it one of the terms?]. */
export function snippet(text, terms) {
  const wanted = new Set(terms);
  const is = (one) => words(one).some((part) => wanted.has(word(part)));
  let best = { count: -1, sentence: "" };
  for (const sentence of text.match(/\S.*?(?:[.!?](?=\s|$)|$)/gs) ?? []) {
    const count = new Set((sentence.match(/[\p{L}\p{N}'’-]+/gu) ?? []).filter(is).map(word)).size - (sentence.length > 300 || sentence.length < 25 ? 0.5 : 0);
    if (count > best.count) best = { count, sentence };
  }
  const cut = best.sentence.length > 320 ? `${best.sentence.slice(0, 300).replace(/\s\S*$/, "")} …` : best.sentence;
  return cut.split(/([\p{L}\p{N}'’-]+)/u).filter(Boolean).map((piece) => /** @type {[string, boolean]} */ ([piece, is(piece)]));
}
