// The content of the panels for readers who cannot see them: as tables, as sentences, and as a tone.
import { fmt, html } from "./draw.js";

const NAMES = { gd: "gradient descent", theory: "predicted", mine: "mine", cloud: "data", faint: "another", start: "start" };
const named = s => s.label || NAMES[s.kind || "gd"] || s.kind;

/** Return which of n rows to show, as indices: first every row, then rows with growing gaps, and the last row.
 * @param {number} n */
export function rows(n) {
  const out = [];
  for (let k = 0; k < n; k = k < 12 ? k + 1 : Math.ceil(k * 1.35)) out.push(k);
  if (out[out.length - 1] !== n - 1) out.push(n - 1);
  return n ? out : [];
}

/** Return the data of the panels as [title, heads, lines]. @param {any} picture @param {string[]} panels
 * @returns {[string, string[], number[][]][]} */
export function tables(picture, panels) {
  /** @type {[string, string[], number[][]][]} */
  const out = [];
  for (const p of panels.map(name => picture[name]).filter(Boolean)) {
    if (p.series) {
      const long = p.series.filter(s => s.y.length > 1), xs = s => s.x || s.y.map((_, k) => k), first = long.find(s => s.kind !== "theory") || long[0];
      if (!first) continue;
      const found = long.map(s => new Map(xs(s).map((x, k) => [x, s.y[k]]))), at = xs(first), kept = long.map((_, k) => k).filter(k => at.some(x => found[k].has(x)));
      out.push([p.ylabel || "", [p.xlabel || "x", ...kept.map(k => named(long[k]))], rows(at.length).map(i => [at[i], ...kept.map(k => found[k].get(at[i]) ?? NaN)])]);
    } else if (p.paths) {
      for (const path of p.paths.filter(path => path.points.length > 1 && path.kind !== "theory" && path.dots !== false))
        out.push([`Path: ${named(path)}`, ["step", ...(p.axes || ["x", "y"]), ...(p.loss ? ["height"] : [])], rows(path.points.length).map(t => [t, ...path.points[t], ...(p.loss ? [p.loss(path.points[t])] : [])])]);
    } else if (p.path && p.loss) out.push(["Path", ["step", "w", "loss"], rows(p.path.length).map(t => [t, p.path[t], p.loss(p.path[t])])]);
    else if (p.values?.[0]?.label) out.push([p.xlabel || "", p.values.map(v => v.label), [p.values.map(v => v.value)]]);
  }
  return out;
}

/** @param {[string, string[], number[][]]} table */
export const drawn = ([title, heads, lines]) => html("table", {}, html("caption", {}, title), html("thead", {}, html("tr", {}, ...heads.map(h => html("th", { scope: "col" }, h)))),
  html("tbody", {}, ...lines.map(line => html("tr", {}, ...line.map(v => html("td", {}, fmt(v)))))));

/** A sentence for each panel: the values at its start and at its end. @param {any} picture @param {string[]} panels */
export const described = (picture, panels) => tables(picture, panels).map(([title, heads, lines]) => lines.length < 2 ? "" :
  `${title}, ${heads.slice(1).map((h, k) => { const v = lines.map(l => l[k + 1]).filter(x => !Number.isNaN(x)); return `${h} from ${fmt(v[0], 3)} to ${fmt(v[v.length - 1], 3)}`; }).join(", ")}.`).join(" ");

/** Return the curve that can be played as a tone, as heights between 0 and 1; nothing if no panel has such a curve.
 * @param {any} picture @param {string[]} panels */
export function melody(picture, panels) {
  for (const p of panels.map(name => picture[name])) {
    const s = p?.series?.find(s => s.y.length > 3 && !["theory", "cloud", "faint"].includes(s.kind));
    if (!s) continue;
    const f = p.ylog ? v => Math.log10(Math.max(v, 1e-300)) : v => v, [lo, hi] = p.y.map(f);
    return s.y.map(v => Number.isFinite(v) ? Math.min(1, Math.max(0, (f(v) - lo) / (hi - lo))) : 1);
  }
  return null;
}

/** Play heights as a tone that goes up three octaves from the bottom of the panel to its top. Return a function that stops
 * the tone.
 * @param {number[]} heights @param {number} seconds @param {() => void} done */
export function listen(heights, seconds, done) {
  const audio = new AudioContext(), tone = audio.createOscillator(), volume = audio.createGain(), began = audio.currentTime + 0.05, end = began + seconds;
  const pitch = f => 165 * 8 ** f;
  tone.type = "triangle";
  tone.frequency.setValueAtTime(pitch(heights[0]), began);
  heights.forEach((f, k) => tone.frequency.linearRampToValueAtTime(pitch(f), began + seconds * k / (heights.length - 1)));
  volume.gain.setValueAtTime(0, began);
  volume.gain.linearRampToValueAtTime(0.2, began + 0.03);
  volume.gain.setValueAtTime(0.2, end - 0.1);
  volume.gain.linearRampToValueAtTime(0, end);
  tone.connect(volume).connect(audio.destination);
  tone.start(began);
  tone.stop(end);
  tone.onended = () => { audio.close(); done(); };
  return () => tone.stop();
}
