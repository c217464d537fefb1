// Twenty layers: the size of the signal and of the gradient in each layer. Python part:
// gdcourse/demos/twenty_layers.py.
import { button, choice, slider, toggle } from "../controls.js";
import { fmt } from "../draw.js";
import { activations } from "../net.js";
import { normals } from "../noise.js";
import { curves } from "../panels/curves.js";

const LAYERS = 20, UNITS = 64, ROWS = 8, DEPTHS = Array.from({ length: LAYERS + 1 }, (_, k) => k);
const size = x => Math.sqrt(x.reduce((s, v) => s + v * v, 0) / x.length);

/** @type {Map<number, Float64Array>} the random numbers of the current seed, kept because drawing them takes long */
const drawn = new Map();
function draws(seed) {
  if (!drawn.has(seed)) { drawn.clear(); drawn.set(seed, Float64Array.from({ length: 2 * ROWS * UNITS + LAYERS * UNITS * UNITS }, normals(seed))); }
  return /** @type {Float64Array} */ (drawn.get(seed));
}

/** Return the product of a, W (or its transpose) and a number. a: one row after the other in one array. */
function times(a, W, transposed, factor) {
  const out = new Float64Array(ROWS * UNITS);
  for (let at = 0; at < out.length; at += UNITS) for (let i = 0; i < UNITS; i++) {
    if (transposed) { let s = 0; for (let j = 0; j < UNITS; j++) s += a[at + j] * W[i * UNITS + j]; out[at + i] = s * factor; }
    else { const v = a[at + i] * factor; for (let j = 0; j < UNITS; j++) out[at + j] += v * W[i * UNITS + j]; }
  }
  return out;
}

const rows = f => { for (let r = 0; r < ROWS; r++) f(r * UNITS, (r + 1) * UNITS, r); };
/** @param {Float64Array} x @param {number} from @param {number} to @param {Float64Array} [other] */
const mean = (x, from, to, other) => { let s = 0; for (let q = from; q < to; q++) s += other ? x[q] * other[q] : x[q]; return s / UNITS; };

/** @type {import("../shell.js").Demo} */
export default {
  layout: "two",
  panels: () => ({ back: curves(), forward: curves() }),
  controls: [
    choice("activation", { label: "activation", options: [["sigmoid", "sigmoid"], ["tanh", "tanh"], ["relu", "ReLU"]] }),
    slider("gain", { label: "variance of the weights × n", min: 0.25, max: 16, step: 20, log: true, marks: [[0.5, "0.5/n"], [1, "1/n"], [2, "2/n"], [8, "8/n"]] }),
    toggle("normalise", { label: "normalise the sums of each layer" }),
    toggle("skip", { label: "skip connections" }),
    button("New start", { look: true, press: s => ({ seed: s.seed + 1 }) }),
  ],
  // the gradient comes from the right, the signal from the left
  run: { panels: ["back", "forward"], steps: () => LAYERS },
  compute({ activation, gain, normalise, skip, seed }) {
    const all = draws(Math.trunc(seed)), n = ROWS * UNITS, root = Math.sqrt(gain / UNITS);
    const [act, bend] = activation === "sigmoid" ? [z => 1 / (1 + Math.exp(-z)), activations.sigmoid[1]] : activations[activation];
    let a = all.slice(0, n), g = all.slice(n, 2 * n);
    const signals = [size(a)], tape = [];
    for (let k = 0; k < LAYERS; k++) {
      const W = all.subarray(2 * n + k * UNITS * UNITS, 2 * n + (k + 1) * UNITS * UNITS), z = times(a, W, false, root), spread = new Float64Array(ROWS).fill(1);
      if (normalise) rows((from, to, r) => {
        const m = mean(z, from, to);
        for (let q = from; q < to; q++) z[q] -= m;
        spread[r] = Math.sqrt(mean(z, from, to, z) + 1e-12);
        for (let q = from; q < to; q++) z[q] /= spread[r];
      });
      const made = z.map(act);
      tape.push({ W, z, spread, slope: made.map(bend) });
      a = skip ? a.map((v, q) => v + made[q]) : made;
      signals.push(size(a));
    }
    const gradients = [size(g)];
    for (const { W, z, spread, slope } of tape.reverse()) {
      const d = g.map((v, q) => v * slope[q]);
      if (normalise) rows((from, to, r) => {
        const m = mean(d, from, to), c = mean(d, from, to, z);
        for (let q = from; q < to; q++) d[q] = (d[q] - m - z[q] * c) / spread[r];
      });
      const e = times(d, W, true, root);
      g = skip ? g.map((v, q) => v + e[q]) : e;
      gradients.unshift(size(g));
    }
    const axis = { x: [0, LAYERS], y: [1e-14, 1e8], ylog: true, xlabel: "layer", marks: [{ y: 1 }] };
    return {
      path: signals.map((v, k) => [v, gradients[k]]), signals, gradients, ratio: gradients[0] / gradients[LAYERS], signal: signals[LAYERS] / signals[0],
      back: { ...axis, series: [{ x: [...DEPTHS].reverse(), y: [...gradients].reverse(), dots: true }], ylabel: "← gradient on its way back" },
      forward: { ...axis, series: [{ x: DEPTHS, y: signals, kind: "momentum", dots: true }], ylabel: "→ signal on its way forward" },
      add(mine) { this.back.series.push({ x: DEPTHS, y: mine.points.map(p => p[1]), kind: "mine", label: mine.label }); },
    };
  },
  numbers: (_, p) => [["gradient, first over last", fmt(p.ratio, 2)], ["signal, last over first", fmt(p.signal, 2)]],
  say: (s, p) => `Of a gradient sent back from layer 20, ${fmt(p.ratio, 2)} times its size reaches the first layer: it ${p.ratio < 1e-3 ? "vanishes" : p.ratio > 1e3 ? "explodes" : "arrives"}.`,
  goals: {
    vanish: (s, p) => s.activation === "sigmoid" && p.ratio < 1e-12,
    keep: (s, p) => s.activation === "relu" && !s.normalise && !s.skip && p.ratio > 0.5 && p.ratio < 2,
    explode: (s, p) => s.activation === "relu" && p.ratio > 1e5,
    rescue: (s, p) => s.activation === "sigmoid" && s.gain === 1 && p.ratio > 0.5 && p.ratio < 2,
    careless: (s, p) => s.activation === "relu" && s.gain === 8 && p.ratio > 0.1 && p.ratio < 10,
  },
};
