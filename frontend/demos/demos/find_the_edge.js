// Find the edge: the rate at which descent begins to diverge, and the multiplier of each direction. Python
// part: gdcourse/demos/find_the_edge.py.
import { anatomy } from "../anatomy.js";
import { choice, slider } from "../controls.js";
import { fmt, near } from "../draw.js";
import { curves } from "../panels/curves.js";
import { dots } from "../panels/dots.js";
import { landscape } from "../panels/landscape.js";
import { bowl, diagonal, fourPoints } from "../problems.js";
import { descend } from "../rules.js";

// The bowl of half the MSE on the raw diabetes table, with intercept. CURVATURE: the curvature along each axis of the
// bowl; START: the distance of w = 0 from the minimum along each axis.
const CURVATURE = [73592.4, 620.986, 250.066, 128.951, 95.6635, 53.829, 14.668, 0.356501, 0.183511, 0.0733761, 0.00140537];
const START = [-0.565877, -0.614532, -2.00762, -0.79417, 0.25994, -3.35082, 5.16761, -14.0981, -21.3253, 8.26212, -341.262];
const FLOOR = 1429.85;

/** @type {Record<string, any>} */
export const surfaces = {
  bowl: { ...bowl, label: "x² + 2y²", lr: [0.6, 0.01], steps: 40, range: [1e-12, 1e6], directions: bowl.axes, set: { lr: 0.1, x: 3, y: 4 } },
  four_points: { ...fourPoints, label: "four points", lr: [0.26, 0.0005], steps: 200, range: [1e-6, 1e4], directions: ["flat", "steep"], set: { lr: 0.05, x: 0, y: 0 } },
  diabetes: {
    ...diagonal(CURVATURE, { view: [-1, 1, -1, 1], axes: ["steepest direction", "next"] }), label: "raw diabetes", lr: [4e-5, 1e-6], steps: 200, range: [1e3, 1e7],
    plane: ([x, y]) => 0.5 * (CURVATURE[0] * x * x + CURVATURE[1] * y * y), rest: FLOOR, directions: CURVATURE.map(c => "λ = " + fmt(c, 2)), set: { lr: 1e-5 },
  },
};

const at = s => surfaces[s.problem];
const theory = s => { const a = at(s).curvature, L = Math.max(...a), mu = Math.min(...a); return { L, mu, edge: 2 / L, best: 2 / (mu + L) }; };

/** @type {import("../shell.js").Demo} */
export default {
  layout: "map-two",
  panels: ({ set }) => ({
    map: landscape({ move: (x, y) => set({ x, y }), label: "start of the path" }),
    loss: curves(),
    factors: dots(),
  }),
  controls: [
    choice("problem", { label: "landscape", options: Object.entries(surfaces).map(([k, p]) => [k, p.label]), also: k => surfaces[k].set }),
    slider("lr", {
      label: "learning rate η", min: 0, max: s => at(s).lr[0], step: s => at(s).lr[1],
      marks: s => { const { L, edge, best } = theory(s); const first = s.problem === "bowl"; return [[1 / L, "1/L", first && "one_step"], ...(edge - best > 0.1 * edge ? [[best, "2/(μ+L)", first && "fastest"]] : []), [edge, "2/L", first && "for_ever"]]; },
    }),
  ],
  run: { panels: ["map", "loss"], steps: (s, p) => p.path.length - 1, parts: (s, p, t) => anatomy("gd", at(s).grad, p.path[0], t, { lr: s.lr }) },
  compute(s) {
    const p = at(s), a = p.curvature, t = theory(s), own = s.problem === "diabetes";
    const path = descend("gd", p.grad, own ? START : [s.x, s.y], p.steps, { lr: s.lr });
    const values = path.map(w => p.loss(w) + (p.rest || 0)), multipliers = a.map(c => 1 - s.lr * c), worst = Math.max(...multipliers.map(Math.abs));
    return {
      path, values, multipliers, worst, ...t,
      map: {
        key: s.problem, loss: p.plane || p.loss, floor: p.floor, top: (p.plane || p.loss)([p.view[1], p.view[3]]) * 0.9, view: p.view, star: p.star,
        start: own ? null : [s.x, s.y], axes: p.axes, paths: [{ points: path, label: "gradient descent" }],
      },
      loss: {
        series: [{ y: values.map((_, k) => (values[0] - (p.rest || 0)) * worst ** (2 * k) + (p.rest || 0)), kind: "theory" }, { y: values, dots: p.steps < 50 }],
        x: [0, p.steps], y: p.range, ylog: true, xlabel: "step t", ylabel: "loss; dashed: as slow as the slowest direction",
      },
      factors: { values: multipliers.map((value, i) => ({ label: p.directions[i], value })), range: [-1.5, 1.5], band: [-1, 1], xlabel: "multiplier of each direction, 1 − ηλ" },
      add(mine) {
        this.map.paths.push({ points: mine.points, label: mine.label, kind: "mine" });
        this.loss.series.push({ y: mine.points.map(w => p.loss(w) + (p.rest || 0)), kind: "mine", label: mine.label });
      },
    };
  },
  numbers: (s, p) => [["worst multiplier", near(p.worst)], ["loss after 1 step", fmt(p.values[1])], [`loss after ${at(s).steps} steps`, fmt(p.values[at(s).steps], 3)]],
  say(s, p) {
    const each = s.problem === "bowl"
      ? `In each step x is multiplied by ${fmt(p.multipliers[0], 3)} and y by ${fmt(p.multipliers[1], 3)}.`
      : `The multipliers lie between ${fmt(Math.min(...p.multipliers), 3)} and ${near(Math.max(...p.multipliers))}.`;
    return each + (p.worst > 1 ? " One is larger than 1 in absolute value: the path leaves for good." : p.worst === 1 ? " One is exactly 1 in absolute value: the path never settles and never leaves." : " All are smaller than 1 in absolute value: the path settles.");
  },
  goals: {
    one_step: (s, p) => s.problem === "bowl" && Math.abs(p.path[1][1]) < 1e-12 && s.y !== 0,
    fastest: (s, p) => s.problem === "bowl" && Math.abs(s.lr - p.best) < 0.005,
    for_ever: (s, p) => s.problem === "bowl" && p.values[0] > p.values[1] && p.values[1] > 0 && p.values[40] === p.values[1],
    over: s => s.problem === "bowl" && s.lr > 0.5 && s.lr < 0.5101,
    four_points: (s, p) => s.problem === "four_points" && Math.abs(s.lr - 0.2395) < 1e-12 && p.worst < 1,
    diabetes: s => s.problem === "diabetes" && Math.abs(s.lr - 2.7e-5) < 1e-12,
  },
};
