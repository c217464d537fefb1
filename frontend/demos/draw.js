// Helpers for all panels: elements, numbers as text, scales, ticks, lines.

const SVG = "http://www.w3.org/2000/svg";

/** @param {string} tag @param {Record<string, any>} [attributes] @param {...any} children @returns {any} */
export function html(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** @param {string} tag @param {Record<string, any>} [attributes] @param {...any} children @returns {any} */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== false && value != null) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

const RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

/** A power of ten as text, for example 10⁻³ for n = −3. @param {number} n */
export const tenTo = n => "10" + [...String(n)].map(c => RAISED[c]).join("");

/** Return a number as text: with 4 digits, a typographic minus sign, and a power of ten if the number is very large or small.
 * @param {number} x @param {number} [figures] how many digits */
export function fmt(x, figures = 4) {
  if (Number.isNaN(x)) return "not a number";
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
  const size = Math.abs(x), large = 10 ** Math.max(5, figures);
  let text = trim(String(+x.toPrecision(figures)));
  if (size !== 0 && (size < 1e-3 || +text >= large || +text <= -large)) {
    const [a, b] = x.toExponential(figures - 1).split("e");
    text = `${trim(a)} × ${tenTo(+b)}`.replace(/^(-?)1 × /, "$1");
  }
  return text.replace("-", "−");
}

/** Return a size as text for readers who compare it with 1: a number other than 1 is never rounded to 1. @param
 * {number} x */
export const near = x => x !== 1 && fmt(x, 3) === "1" ? `just ${x < 1 ? "under" : "over"} 1` : fmt(x, 3);

const trim = t => t.includes(".") ? t.replace(/\.?0+$/, "") : t;

/** @typedef {{(v: number): number, invert: (p: number) => number, log: boolean, lo: number, hi: number}} Scale */

/** Return a scale from numbers to pixels, linear or logarithmic. A logarithmic scale puts 0 and negative numbers far below.
 * @param {number} lo @param {number} hi @param {number} from @param {number} to @param {boolean} [log] @returns {Scale} */
export function scale(lo, hi, from, to, log = false) {
  const f = log ? (/** @type {number} */ v) => Math.log10(Math.max(v, 1e-300)) : (/** @type {number} */ v) => v;
  const a = f(lo), k = (to - from) / (f(hi) - a);
  const s = /** @type {Scale} */ (v => from + (f(v) - a) * k);
  s.invert = p => { const v = a + (p - from) / k; return log ? 10 ** v : v; };
  return Object.assign(s, { log, lo, hi });
}

/** The ticks of a scale: round numbers between lo and hi. @param {Scale} s @param {number} [count] @returns {[number, string][]} */
export function ticks({ lo, hi, log }, count = 5) {
  /** @type {[number, string][]} */
  const out = [], power = n => Math.abs(n) < 3 ? fmt(10 ** n) : tenTo(n);
  if (log) {
    const a = Math.ceil(Math.log10(lo) - 1e-9), b = Math.floor(Math.log10(hi) + 1e-9);
    const every = Math.max(1, Math.ceil((b - a) / count));
    // less than two powers of ten: the numbers between them, too
    if (b - a < 1) for (let n = a - 1; n <= b; n++) for (const m of [1, 2, 5]) { const v = +(m * 10 ** n).toPrecision(1); if (v >= lo * 0.999 && v <= hi * 1.001) out.push([v, m === 1 ? power(n) : v < 1e4 ? String(v) : `${m}·${tenTo(n)}`]); }
    else for (let n = a; n <= b; n++) if (n % every === 0) out.push([10 ** n, power(n)]);
  } else {
    const rough = (hi - lo) / count, unit = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map(m => m * unit).find(s => s >= rough * 0.999) || unit;
    for (let k = Math.ceil(lo / step - 1e-9); k * step <= hi + 1e-9 * step; k++) { const v = +(k * step).toPrecision(10), n = Math.floor(Math.log10(Math.max(-lo, hi))); out.push([v, n < 5 || !v ? fmt(v) : `${fmt(v / 10 ** n)}·${tenTo(n)}`.replace(/^(−?)1·/, "$1")]); }
  }
  return out;
}

/** Return the points of a run up to a moment: a number of steps, which may have a fraction. Between two steps the last
 * point lies between the points of these steps.
 * @param {number[][]} points @param {number} moment */
export function cut(points, moment) {
  if (!(moment < points.length - 1)) return points;
  const n = Math.max(0, Math.floor(moment)), f = Math.max(0, moment) - n, out = points.slice(0, n + 1);
  if (f) out.push(points[n].map((v, i) => v + f * (points[n + 1][i] - v)));
  return out;
}

/** Round a pixel position to one decimal. @param {number} v */
export const tenth = v => Math.round(v * 10) / 10;

/** Return the SVG path of a line through pixel points, clipped to a box. The line ends at the first point that is not a
 * number.
 * @param {[number, number][]} points @param {number} w @param {number} h */
export function line(points, w, h) {
  let d = "", pen = false, far = 4 * Math.max(w, h);
  for (let i = 0; i < points.length; i++) {
    const [x, y] = points[i];
    if (!Number.isFinite(x) || !Number.isFinite(y)) break;
    if (Math.abs(x) < far && Math.abs(y) < far) {
      if (!pen && i) d += leave(points[i], points[i - 1], far, "M");
      d += (pen || i ? "L" : "M") + tenth(x) + " " + tenth(y);
      pen = true;
    } else {
      if (pen) d += leave(points[i - 1], points[i], far, "L");
      pen = false;
    }
  }
  return d;
}

/** Return the SVG command for the point at which the line from a (inside the box) to b (outside) leaves the box. */
function leave([ax, ay], [bx, by], far, command) {
  if (!Number.isFinite(bx) || !Number.isFinite(by)) return "";
  const dx = bx - ax, dy = by - ay;
  const t = Math.min(1, far / Math.max(Math.abs(dx), Math.abs(dy)));
  return command + tenth(ax + t * dx) + " " + tenth(ay + t * dy);
}
