// Watch a network learn: the page trains the network step by step. Python part:
// gdcourse/demos/watch_a_network_learn.py.
import { button, choice, slider } from "../controls.js";
import { fmt } from "../draw.js";
import { network } from "../net.js";
import { normals, uniforms } from "../noise.js";
import { curves } from "../panels/curves.js";
import { plane, tiles } from "../panels/plane.js";

const MAX = 3000, FRAME = 3, VIEW = 2.2, FINE = 40, COARSE = 16; // FRAME: milliseconds of training in each animation frame
const ROWS = { xor: 100, moons: 100, spiral: 100, noisy: 30 };

function cloud(points, n, seed) {
  const u = uniforms(seed), z = normals(seed + 1), X = [], y = [];
  for (let i = 0; i < n; i++) {
    const v = u(), one = i % 2;
    let a = v < 0.5 ? -1 : 1, b = one ? -a : a, spread = 0.25;
    if (points === "spiral") {
      const r = 0.15 + 1.5 * v, turn = 6 * v + Math.PI * one;
      a = r * Math.cos(turn); b = r * Math.sin(turn); spread = 0.05;
    } else if (points !== "xor") {
      const x = Math.cos(Math.PI * v), h = Math.sin(Math.PI * v);
      a = (one ? 1 - x : x) - 0.5; b = (one ? 0.5 - h : h) - 0.25; spread = points === "moons" ? 0.15 : 0.45;
    }
    X.push([a + spread * z(), b + spread * z()]);
    y.push(one);
  }
  return { X, y };
}

const depth = layers => Math.min(2, Math.max(1, Math.trunc(layers)));

/** @type {Map<string, any>} the runs so far; every step is kept, so that the reader can go back */
const runs = new Map();

/** Return the run with these settings; its method `until(step, milliseconds)` continues the training.
 * @param {any} settings */
function training({ points, units, layers, activation, start, lr, seed }) {
  units = Math.min(8, Math.max(1, Math.trunc(units)));
  layers = depth(layers);
  const key = [points, units, layers, activation, start, lr, seed].join();
  if (runs.has(key)) return runs.get(key);
  for (const old of runs.keys()) if (runs.size > 7) runs.delete(old);
  const widths = [2, ...new Array(layers).fill(units), 2], net = network(widths, activation), bell = normals(Math.trunc(seed));
  const learnt = cloud(points, ROWS[points], 10), held = cloud(points, 200, 500), w = new Float64Array(net.size), g = new Float64Array(net.size);
  const gain = activation === "relu" ? 2 : 1;
  widths.slice(1).forEach((m, k) => {
    for (let q = 0; q < (widths[k] + 1) * m; q++) { const z = bell(); w[net.from[k] + q] = q >= widths[k] * m ? 0 : start === "equal" ? 0.5 : z * Math.sqrt(gain / widths[k]); }
  });
  /** @type {any} */
  const run = {
    net, learnt, held, weights: [w], losses: [], unseen: [], right: [], sizes: [],
    /** Train until `step` is reached or `time` milliseconds are over; return the step that was reached. */
    until(step, time = Infinity) {
      const began = performance.now();
      for (let t = run.losses.length; t <= Math.min(step, MAX) && (performance.now() - began < time || t === run.losses.length); t++) {
        const w = run.weights[t], [loss, right] = net.look(w, held.X, held.y);
        run.losses.push(net.lossGrad(w, learnt.X, learnt.y, g));
        run.unseen.push(loss);
        run.right.push(right);
        run.sizes.push(widths.slice(1).map((_, k) => Math.hypot(...g.subarray(net.from[k], net.from[k + 1]))));
        run.weights.push(w.map((v, q) => v - lr * g[q]));
        if (performance.now() - began >= time) break;
      }
      return run.losses.length - 1;
    },
  };
  runs.set(key, run);
  return run;
}

const again = () => ({ step: 0 });
const walk = n => s => ({ step: Math.min(MAX, Math.trunc(s.step) + n) });
const line = (values, every) => ({ x: values.map((_, k) => k * every), y: values });

/** @type {import("../shell.js").Demo} */
export default {
  layout: "map-two stays",
  panels: () => ({ map: plane(), loss: curves(), sizes: curves(), units: tiles() }),
  controls: [
    button(s => s.running ? "Pause" : "Run", {
      primary: true, look: true,
      press(s, set) {
        s.running = !s.running;
        const still = matchMedia("(prefers-reduced-motion: reduce)").matches, key = () => [s.points, s.units, s.layers, s.activation, s.start, s.lr, s.seed].join(), begun = key();
        let shown = s.step;
        if (still && s.running) { s.running = false; return { step: Math.min(MAX, s.step + 500) }; }
        const next = () => {
          if (!s.running || key() !== begun || s.step !== shown || shown >= MAX) { s.running = false; return set({}); }
          set({ step: shown = Math.max(shown, training(s).until(shown + 60, FRAME)) });
          requestAnimationFrame(next);
        };
        if (s.running) { if (s.step >= MAX) set({ step: shown = 0 }); requestAnimationFrame(next); }
        return {};
      },
    }),
    button("One step", { look: true, press: walk(1) }),
    button("Ten steps", { look: true, press: walk(10) }),
    button("Rewind", { look: true, press: again }),
    button("New start", { look: true, press: s => ({ seed: s.seed + 1, step: 0 }), show: s => s.start === "random" }),
    slider("step", { label: "step t", min: 0, max: MAX, step: 1 }),
    choice("points", { label: "points", options: [["xor", "XOR"], ["moons", "two moons"], ["spiral", "spiral"], ["noisy", "30 noisy points"]], also: again }),
    choice("layers", { label: "hidden layers", options: [[1, "one"], [2, "two"]], also: again }),
    choice("activation", { label: "activation", options: [["tanh", "tanh"], ["relu", "ReLU"], ["sigmoid", "sigmoid"]], also: again }),
    choice("start", { label: "start", options: [["random", "random"], ["equal", "all equal"]], also: again }),
    slider("units", { label: "units in a layer", min: 1, max: 8, step: 1, also: again }),
    slider("lr", { label: "learning rate η", min: 0.01, max: 10, step: 10, log: true, also: again, marks: [[0.1, "0.1"], [1, "1"]] }),
  ],
  compute(s) {
    const run = training(s), deep = depth(s.layers), t = run.until(Math.max(0, Math.min(MAX, Math.trunc(s.step)))), at = Math.max(0, Math.min(t, Math.trunc(s.step)));
    const { net, learnt } = run, w = run.weights[at], every = Math.max(1, Math.ceil(at / 240)), some = a => a.slice(0, at + 1).filter((_, k) => k % every === 0 || k === at);
    const spots = some(run.losses.map((_, k) => k));
    const values = new Float64Array(FINE * FINE), spot = [0, 0];
    const put = (q, n) => { spot[0] = VIEW * (2 * (q % n + 0.5) / n - 1); spot[1] = VIEW * (1 - 2 * (Math.trunc(q / n) + 0.5) / n); return net.forward(w, spot); };
    for (let q = 0; q < values.length; q++) { const z = put(q, FINE)[deep + 1]; values[q] = 1 / (1 + Math.exp(z[0] - z[1])); }
    const layers = [];
    for (let q = 0; q < COARSE * COARSE; q++) {
      const out = put(q, COARSE);
      for (let k = 1; k <= deep; k++) out[k].forEach((a, j) => { ((layers[k - 1] ??= [])[j] ??= new Float64Array(COARSE * COARSE))[q] = a; });
    }
    // each unit's picture is scaled from its lowest to its highest value; a constant unit gets the middle colour
    for (const unit of layers.flat()) {
      const low = Math.min(...unit), span = Math.max(...unit) - low;
      unit.forEach((a, q) => { unit[q] = span > 1e-9 ? (a - low) / span : 0.5; });
    }
    const best = run.unseen.slice(0, run.losses.length).reduce((b, v, k) => v < run.unseen[b] ? k : b, 0), span = [0, Math.max(50, at)];
    return {
      get path() { return run.weights.slice(0, at + 1).map(v => Array.from(v)); },
      losses: run.losses.slice(0, at + 1), held_out: run.unseen.slice(0, at + 1),
      right: run.net.look(w, learnt.X, learnt.y)[1], right_held_out: run.right[at], at, best, far: run.losses.length - 1, lowest: run.unseen[best], sizes_now: run.sizes[at],
      map: { n: FINE, values, view: VIEW, X: learnt.X, y: learnt.y }, units: { n: COARSE, layers },
      loss: {
        series: [{ ...line(some(run.losses), 1), x: spots }, { ...line(some(run.unseen), 1), x: spots, kind: "momentum" }],
        x: span, y: [1e-3, 10], ylog: true, xlabel: "step t", ylabel: "loss; orange, dashed: of the points held out", marks: [{ y: Math.LN2, label: "ln 2" }],
      },
      sizes: {
        series: [{ x: run.sizes[at].map((_, k) => k + 1), y: run.sizes[at].map(v => Math.max(v, 1e-9)), dots: true }],
        x: [0, 4], y: [1e-6, 10], ylog: true, xlabel: "layer of weights", ylabel: "size of the gradient in each layer",
      },
    };
  },
  numbers: (_, p) => [["training loss", fmt(p.losses[p.at], 3)], ["held-out loss", fmt(p.held_out[p.at], 3)], ["held out, right", `${Math.round(1000 * p.right_held_out) / 10}%`]],
  say: (s, p) => `After ${p.at} steps ${Math.round(100 * p.right)}% of the points learnt from and ${Math.round(100 * p.right_held_out)}% of those held out are on the right side.`
    + (p.far > 50 && p.lowest < 0.95 * p.held_out[p.at] ? ` The held-out loss was lower at step ${p.best}: ${fmt(p.lowest, 3)}.` : "")
    + (s.points === "xor" && p.right_held_out >= 0.98 && s.layers * s.units > 2 ? " That is right; fewer units can do it, too." : ""),
  goals: {
    fewest: (s, p) => s.points === "xor" && s.layers === 1 && s.units <= 2 && p.right_held_out >= 0.98,
    equal: (s, p) => s.points === "xor" && s.start === "equal" && s.units >= 4 && p.at >= 500,
    spiral: (s, p) => s.points === "spiral" && p.right_held_out > 0.95,
    overfit: (s, p) => s.points === "noisy" && p.at > p.best && p.held_out[p.at] > 2 * p.lowest,
    stop: (s, p) => s.points === "noisy" && p.far > p.best + 100 && p.held_out[p.at] <= 1.01 * p.lowest,
  },
};
