// D4 Find the edge: one rate, every direction votes. The pure function is find_the_edge in find_the_edge.py.
import { choice, slider } from "../controls.js";
import { fmt } from "../draw.js";
import { curves } from "../panels/curves.js";
import { dots } from "../panels/dots.js";
import { landscape } from "../panels/landscape.js";
import { bowl } from "../problems.js";
import { descend } from "../rules.js";

const STEPS = 40;

/** @type {Record<string, any>} */
const surfaces = {
  bowl: { ...bowl, label: "x² + 2y²", lr: { min: 0, max: 0.6, step: 0.01 } },
};

/** @type {import("../shell.js").Demo} */
export default {
  layout: "map-two",
  panels: ({ set }) => ({
    map: landscape({ move: (x, y) => set({ x, y }), label: "start of the path" }),
    loss: curves(),
    factors: dots(),
  }),
  controls: [
    choice("problem", { label: "landscape", show: Object.keys(surfaces).length > 1, options: Object.entries(surfaces).map(([k, p]) => [k, p.label]) }),
    slider("lr", {
      label: "learning rate η", min: s => surfaces[s.problem].lr.min, max: s => surfaces[s.problem].lr.max, step: s => surfaces[s.problem].lr.step,
      marks: s => { const { curvature: a } = surfaces[s.problem], L = Math.max(...a), mu = Math.min(...a); return [[1 / L, "1/L"], [2 / (mu + L), "2/(μ+L)"], [2 / L, "2/L"]]; },
    }),
  ],
  compute(s) {
    const p = surfaces[s.problem], a = p.curvature, L = Math.max(...a), mu = Math.min(...a);
    const path = descend("gd", p.grad, [s.x, s.y], STEPS, { lr: s.lr });
    const loss = path.map(p.loss), factors = a.map(c => 1 - s.lr * c), worst = Math.max(...factors.map(Math.abs));
    const edge = loss.map((_, t) => loss[0] * worst ** (2 * t));
    return {
      path, values: loss, multipliers: factors, worst, L, mu, edge: 2 / L, best: 2 / (mu + L),
      map: { key: s.problem, loss: p.loss, floor: p.floor, top: p.loss([p.view[1], p.view[3]]) * 0.9, view: p.view, star: p.star, start: [s.x, s.y], axes: p.axes, paths: [{ points: path, kind: "gd", label: "gradient descent" }] },
      loss: {
        series: [{ y: edge, kind: "theory", label: "" }, { y: loss, kind: "gd", dots: true }], x: [0, STEPS], y: [1e-12, 1e6], ylog: true, xlabel: "step t", ylabel: "loss; dashed: no direction is slower",
      },
      factors: { values: factors.map((value, i) => ({ label: p.axes[i], value, kind: "gd" })), range: [-1.5, 1.5], band: [-1, 1], xlabel: "multiplier of each direction, 1 − ηλ" },
      add(mine) { this.map.paths.push({ points: mine.points, label: mine.label, kind: "mine" }); this.loss.series.push({ y: mine.points.map(p.loss), kind: "mine", label: mine.label }); },
    };
  },
  numbers: (s, p) => [["worst multiplier", fmt(p.worst, 3)], ["loss after 1 step", fmt(p.values[1])], [`loss after ${STEPS} steps`, fmt(p.values[STEPS], 3)]],
  say(s, p) {
    const each = p.multipliers.map((m, i) => `${surfaces[s.problem].axes[i]} is multiplied by ${fmt(m, 3)}`).join(" and ");
    const end = p.worst > 1 ? "At least one is larger than 1 in size: the path leaves for good." : p.worst === 1 ? "One is exactly 1 in size: the path never settles, never leaves." : "All are smaller than 1 in size: the path settles.";
    return `In each step ${each}. ${end}`;
  },
  goals: {
    one_step: (s, p) => Math.abs(p.path[1][1]) < 1e-12 && s.y !== 0,
    fastest: (s, p) => Math.abs(s.lr - p.best) < 0.005,
    for_ever: (s, p) => p.values[1] > 0 && p.values[STEPS] === p.values[1],
    over: s => s.lr > 0.5 && s.lr < 0.5101,
  },
  python: (s, p) => `from gdcourse import descend, gd, plotting, problems\n\npath = descend(gd, ${surfaces[s.problem].python}.grad, [${s.x}, ${s.y}], ${STEPS}, lr=${s.lr})\nplotting.contour(${surfaces[s.problem].python}, {"η = ${s.lr}": path})`,
};
