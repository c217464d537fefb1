// The path of SGD: steps that use a few rows, beside steps that use all rows. Python part:
// gdcourse/demos/sgd_path.py.
import { button, slider } from "../controls.js";
import { fmt } from "../draw.js";
import { uniforms } from "../noise.js";
import { curves } from "../panels/curves.js";
import { landscape } from "../panels/landscape.js";
import { fit, standardised } from "../people.js";
import { descend } from "../rules.js";

const STEPS = 60, START = [60, -40], SHOWN = 24; // SHOWN: at most this many rows of a batch get an arrow

/** @type {any} */
let people = null;

/** Return the rows that each step uses. Every epoch shuffles the rows again. @param {number} size @param {number}
 * seed @param {number} n */
function batches(size, seed, n) {
  const u = uniforms(seed), dealt = [];
  while (dealt.length < STEPS) {
    const order = Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) { const j = Math.floor(u() * (i + 1)); [order[i], order[j]] = [order[j], order[i]]; }
    for (let first = 0; first < n; first += size) dealt.push(order.slice(first, first + size));
  }
  return dealt.slice(0, STEPS);
}

/** @type {import("../shell.js").Demo} */
export default {
  layout: "map-one",
  panels: () => ({ map: landscape(), loss: curves() }),
  controls: [
    slider("batch", { label: "rows in a step, B", min: 1, max: 442, step: 40, log: true, digits: 3, also: v => ({ batch: Math.round(v) }), marks: [[1, "1"], [8, "8"], [64, "64"], [442, "all", "same"]] }),
    slider("lr", { label: "learning rate η", min: 0.01, max: 1, step: 0.01, marks: [[0.05, "0.05", "calm"], [0.2, "0.2"], [1, "1"]] }),
    button("Draw other rows", { look: true, press: s => ({ seed: s.seed + 1 }) }),
  ],
  run: {
    panels: ["map", "loss"], at: "step", arrows: true, steps: () => STEPS,
    parts(s, p, t) {
      const w = p.path[t], rows = p.dealt[t], down = g => g.map(v => -s.lr * v);
      return {
        parts: [
          ...rows.slice(0, SHOWN).map(i => ({ from: w, by: down(people.row(w, i)), kind: "faint", label: "" })),
          { from: w, by: down(p.some(w, rows)), kind: "gd", label: rows.length > 1 ? `mean of ${rows.length}` : "this row" }, { from: w, by: down(people.grad(w)), kind: "start", label: "all rows" },
        ],
        told: [["gradient of the batch", p.some(w, rows)], ["of all rows", people.grad(w)]],
      };
    },
  },
  compute(s, data) {
    people ??= (() => { const x = standardised(data); return { x, y: data.y, ...fit(x, data.y) }; })();
    const { grad, row, loss, best, floor } = people, n = data.y.length, size = Math.min(n, Math.max(1, Math.trunc(s.batch))), dealt = batches(size, Math.trunc(s.seed), n);
    const some = (w, rows) => { let b = 0, m = 0; for (const i of rows) { const g = row(w, i); b += g[0]; m += g[1]; } return [b / rows.length, m / rows.length]; };
    const path = descend("gd", (w, t) => some(w, dealt[t]), START, STEPS, { lr: s.lr }), full = descend("gd", grad, START, STEPS, { lr: s.lr });
    const losses = path.map(loss), at = Math.min(STEPS, Math.max(0, Math.trunc(s.step))), here = path[at];
    let read = 0, late = 0, against = 0;
    for (let t = 0; t < at; t++) read += dealt[t].length;
    for (let t = STEPS - 19; t <= STEPS; t++) late += losses[t] / 20;
    if (at < STEPS) { const g = some(here, dealt[at]), f = grad(here); against = g[0] * f[0] + g[1] * f[1]; }
    return {
      path, full, losses, dealt, some, at, size, read, late, value: losses[at], uphill: against < 0,
      map: {
        key: "people", loss, floor, top: 16000, view: [30, 210, -60, 120], star: best, axes: ["intercept b", "slope w"], scaled: true,
        paths: [{ points: full, kind: "theory", dots: false, label: "all rows" }, { points: path, label: `batches of ${size}` }], marks: [{ at: START, kind: "start" }],
      },
      loss: { series: [{ y: full.map(loss), kind: "theory", label: "" }, { y: losses, label: "" }], x: [0, STEPS], y: [1800, 20000], ylog: true, xlabel: "step t", ylabel: "half-MSE; dashed: all rows in each step" },
      add(mine) { this.map.paths.push({ ...mine, kind: "mine" }); this.loss.series.push({ y: mine.points.map(loss), kind: "mine", label: mine.label }); },
    };
  },
  numbers: (s, p) => [["rows read so far", fmt(p.read, 5)], ["half-MSE now", fmt(p.value, 4)], ["mean of the last 20", fmt(p.late, 4)]],
  say: (s, p) => `After ${p.at} steps of ${p.size} row${p.size > 1 ? "s" : ""} each, ${fmt(p.read, 5)} rows were read and the half-MSE is ${fmt(p.value, 4)}.`
    + (p.at < STEPS ? p.uphill ? " The next step points uphill." : " The next step points downhill." : ""),
  goals: {
    same: (s, p) => p.size === 442,
    cheap: (s, p) => p.value < 2050 && p.read < 200 && p.read > 0,
    uphill: (s, p) => p.size === 1 && p.uphill,
    calm: (s, p) => p.size === 1 && p.late < 2500,
  },
};
