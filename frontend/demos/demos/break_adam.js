// Break Adam: Adam without the bias correction of m or of v, and Adam on turned axes. Python part:
// gdcourse/demos/break_adam.py.
import { anatomy } from "../anatomy.js";
import { choice, slider, toggle } from "../controls.js";
import { fmt } from "../draw.js";
import { normals } from "../noise.js";
import { curves } from "../panels/curves.js";
import { landscape } from "../panels/landscape.js";
import { rotated } from "../problems.js";
import { descend, power } from "../rules.js";

const LONG = 1000, KAPPA = 1e4, STEPS = 2000, RATE = 0.1, ENOUGH = 1e-4;
const one = s => s.mode === "steps", three = v => v < 1 ? v.toFixed(3) : v.toPrecision(4);

/** Adam's rule. correct_m, correct_v: whether the bias of m and of v is corrected. @type
 * {import("../rules.js").Rule} */
function adamAs(w, g, [m = 0, v = 0, t = 0], { lr, correct_m, correct_v, beta1 = 0.9, beta2 = 0.999, eps = 1e-8 }) {
  t = t + 1;
  m = beta1 * m + (1 - beta1) * g;
  v = beta2 * v + (1 - beta2) * g * g;
  const mHat = correct_m ? m / (1 - power(beta1, t)) : m, vHat = correct_v ? v / (1 - power(beta2, t)) : v;
  return [w - lr * mHat / (Math.sqrt(vHat) + eps), m, v, t];
}

/** @type {import("../shell.js").Demo} */
export default {
  layout: "map-one",
  panels: () => ({ map: landscape(), wide: curves(), loss: curves() }),
  controls: [
    choice("mode", { label: "Adam on", options: [["steps", "one slope"], ["valley", "a valley, κ = 10⁴"]] }),
    toggle("correct_m", { label: "correct m" }),
    toggle("correct_v", { label: "correct v" }),
    slider("scale", { label: "size of the gradient", min: 1e-4, max: 1e4, step: 8, log: true, show: one, marks: [[0.01, "0.01"], [1, "1"], [100, "100"]] }),
    slider("noise", { label: "noise / signal", min: 0, max: 10, step: 0.1, show: one }),
    slider("t", { label: "read the step t =", min: 1, max: 100, step: 1, show: one }),
    slider("angle", { label: "turn of the valley, degrees", min: 0, max: 90, step: 1, show: s => !one(s), marks: [[45, "45°"]] }),
  ],
  run: {
    panels: ["map", "loss"], steps: (s, p) => one(s) ? 0 : p.path.length - 1,
    parts: (s, p, t) => anatomy("adam", p.grad, p.path[0], t, { lr: RATE, correct_m: s.correct_m, correct_v: s.correct_v }, adamAs),
  },
  compute(s) {
    const how = { correct_m: s.correct_m, correct_v: s.correct_v };
    if (one(s)) {
      const bell = normals(1), path = descend(adamAs, () => [s.scale * (1 + s.noise * bell())], [0], LONG, { lr: 1, ...how });
      const sizes = path.slice(1).map((w, t) => Math.abs(w[0] - path[t][0])), t = Math.min(LONG, Math.max(1, Math.trunc(s.t)));
      return {
        path, sizes, step: sizes[t - 1],
        wide: {
          // the gradient's line goes from right to left, so its label stands at the left, clear of the label of the step at the right
          series: [{ y: sizes, x: sizes.map((_, k) => k + 1), kind: "adam", label: "Adam's step / η" }, { y: [s.scale, s.scale], x: [LONG, 1], kind: "gd", label: "size of the gradient" }, { y: [sizes[t - 1]], x: [t], kind: "mine", dots: true }],
          x: [1, LONG], y: [1e-4, 1e4], xlog: true, ylog: true, xlabel: "step t", ylabel: "size of the step / η, and of the gradient", marks: [{ x: t }],
        },
        map: null, loss: null,
      };
    }
    const p = rotated([1, KAPPA], s.angle), path = descend(adamAs, p.grad, p.start, STEPS, { lr: RATE, ...how });
    const losses = path.map(p.loss), first = losses.findIndex(f => f < ENOUGH);
    return {
      path, losses, grad: p.grad, needed: first < 0 ? Infinity : first, wide: null,
      map: { key: s.angle, loss: p.loss, floor: 0, top: 8000, view: p.view, scaled: true, axes: p.axes, star: [0, 0], paths: [{ points: path, kind: "adam", label: "adam" }] },
      loss: {
        series: [{ y: losses.map((_, t) => losses[0] * (9999 / 10001) ** (2 * t)), kind: "gd", label: "GD, turned or not" }, { y: losses, kind: "adam" }],
        x: [0, STEPS], y: [1e-10, 1e5], ylog: true, xlabel: "step t", ylabel: "loss", marks: [{ y: ENOUGH, label: "0.0001", end: true }],
      },
      add(mine) { this.map.paths.push({ ...mine, kind: "mine" }); this.loss.series.push({ y: mine.points.map(p.loss), kind: "mine", label: mine.label }); },
    };
  },
  numbers: (s, p) => one(s) ? [["first step / η", three(p.sizes[0])], [`step ${fmt(s.t)} / η`, three(p.step)], ["step 1000 / η", three(p.sizes[LONG - 1])]]
    : [["steps to loss 0.0001", p.needed === Infinity ? `not in ${STEPS}` : fmt(p.needed)], [`loss after ${STEPS} steps`, fmt(p.losses[STEPS], 3)]],
  say: (s, p) => one(s)
    ? `With ${s.correct_m ? s.correct_v ? "both corrections" : "only m corrected" : s.correct_v ? "only v corrected" : "no correction"} and a gradient of size ${fmt(s.scale)}, step ${fmt(s.t)} is ${three(p.step)} η long.`
    : `Turned by ${fmt(s.angle)} degrees, Adam ${p.needed === Infinity ? `does not reach a loss of 0.0001 in ${STEPS} steps` : `reaches a loss of 0.0001 after ${p.needed} steps`}.`,
  goals: {
    scale: s => one(s) && s.correct_m && s.correct_v && Math.abs(Math.log10(s.scale)) >= 1.999,
    neither: s => one(s) && !s.correct_m && !s.correct_v,
    only_m: s => one(s) && s.correct_m && !s.correct_v,
    only_v: s => one(s) && !s.correct_m && s.correct_v,
    worst: s => one(s) && !s.correct_m && !s.correct_v && !s.noise && s.t === 12,
    turned: (s, p) => !one(s) && Math.abs(s.angle - 45) < 1 && p.needed === Infinity,
  },
};
