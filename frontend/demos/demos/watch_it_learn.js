// Watch it learn: a line through the data, its point on the map and its loss, step by step. Python part:
// gdcourse/demos/watch_it_learn.py.
import { anatomy } from "../anatomy.js";
import { button, choice, slider } from "../controls.js";
import { fmt } from "../draw.js";
import { curves } from "../panels/curves.js";
import { landscape } from "../panels/landscape.js";
import { fit, standardised } from "../people.js";
import { descend } from "../rules.js";

const STEPS = 200, POINTS = { x: [1, 2, 3, 4], y: [2, 4, 6, 8] };
/** How each of the two tables is drawn: the map and its highest value, the cloud of points, the loss, the slider of the rate.
 * @type {Record<string, any>} */
const LOOKS = {
  people: { view: [-20, 220, -75, 165], top: 20000, x: [-2.2, 3.8], y: [-20, 360], loss: [1000, 30000], lr: [2.2, 0.05], marks: [[1, "1", "one"], [2, "2", "one"]], xlabel: "BMI x, in std from its mean", ylabel: "progression y" },
  points: { view: [-2.2, 2.2, -0.6, 3.8], top: 50, x: [0, 5], y: [-2, 12], loss: [1e-4, 1e4], lr: [0.3, 0.005], marks: [[0.1, "0.1"]], xlabel: "x", ylabel: "y" },
};
const walk = n => s => ({ step: Math.min(STEPS, Math.trunc(s.step) + n) });

/** @type {Record<string, any>} */
const kept = {};
const table = (s, data) => kept[s.rows] ??= (() => { const { x, y } = s.rows === "people" ? { x: standardised(data), y: data.y } : POINTS; return { x, y, ...fit(x, y) }; })();

/** @type {import("../shell.js").Demo} */
export default {
  layout: "map-two",
  panels: ({ set }) => ({ map: landscape({ move: (intercept, slope) => set({ intercept, slope, step: 0 }), label: "start: intercept and slope" }), data: curves(), loss: curves() }),
  controls: [
    button("1 step", { primary: true, look: true, press: walk(1) }), button("10 steps", { look: true, press: walk(10) }), button("100 steps", { look: true, press: walk(100) }), button("Back to the start", { look: true, press: () => ({ step: 0 }) }),
    slider("lr", { label: "learning rate η", min: 0, max: s => LOOKS[s.rows].lr[0], step: s => LOOKS[s.rows].lr[1], marks: s => LOOKS[s.rows].marks }),
    choice("rows", { label: "rows", options: [["people", "442 people"], ["points", "four points"]], also: k => ({ intercept: 0, slope: 0, step: 0, lr: k === "people" ? 0.2 : 0.1 }) }),
  ],
  run: { panels: ["map", "loss"], at: "step", arrows: true, steps: () => STEPS, parts: (s, p, t) => anatomy("gd", p.grad, p.path[0], t, { lr: s.lr }) },
  compute(s, data) {
    const look = LOOKS[s.rows], { x, y, loss, grad, floor, best } = table(s, data), path = descend("gd", grad, [s.intercept, s.slope], STEPS, { lr: s.lr });
    const losses = path.map(loss), t = Math.min(STEPS, Math.max(0, Math.trunc(s.step))), [b, w] = path[t], before = [0, 1, 2, 4, 8, 16, 32, 64, 128].filter(k => k < t);
    const line = (/** @type {number[]} */ [b, w]) => look.x.map(v => b + w * v);
    return {
      path, losses, grad, floor, t, b, w, value: losses[t],
      map: { key: s.rows, loss, floor, top: look.top, view: look.view, star: best, start: path[0], axes: ["intercept b", "slope w"], scaled: true, paths: [{ points: path }] },
      data: {
        series: [{ x, y, kind: "cloud", dots: true }, ...before.map(k => ({ x: look.x, y: line(path[k]), kind: "faint" })), { x: look.x, y: line(path[t]), label: t ? "" : "the line now" }],
        x: look.x, y: look.y, xlabel: look.xlabel, ylabel: look.ylabel,
      },
      loss: { series: [{ y: losses.map(v => Math.max(v, 1e-30)) }], x: [0, STEPS], y: look.loss, ylog: true, xlabel: "step t", ylabel: "half-MSE" },
      add(mine) { this.map.paths.push({ ...mine, kind: "mine" }); this.loss.series.push({ y: mine.points.map(loss), kind: "mine", label: mine.label }); },
    };
  },
  numbers: (s, p) => [["step", fmt(p.t)], ["half-MSE", fmt(p.value, 5)], ["line", `${fmt(p.b)} ${p.w < 0 ? "−" : "+"} ${fmt(Math.abs(p.w))} x`]],
  say: (s, p) => p.t ? `After ${p.t} step${p.t > 1 ? "s" : ""} at η = ${fmt(s.lr)} the line is ${fmt(p.b)} ${p.w < 0 ? "−" : "+"} ${fmt(Math.abs(p.w))} x, with a half-MSE of ${fmt(p.value, 5)}; in the last step it ${p.value < p.losses[p.t - 1] ? "fell" : p.value > p.losses[p.t - 1] ? "rose" : "stayed the same"}.`
    : `Before the first step the half-MSE is ${fmt(p.value, 5)}. The arrow is the first step: take it.`,
  goals: {
    below: (s, p) => s.rows === "people" && Math.abs(s.lr - 0.2) < 1e-9 && p.value < 2000 && p.losses[p.t - 1] >= 2000,
    one: (s, p) => s.rows === "people" && p.t === 1 && p.value < p.floor + 1e-6 && p.losses[0] > p.floor + 1,
    sixty: (s, p) => s.rows === "points" && p.value < 0.001 && p.t < 60 && s.intercept === 0 && s.slope === 0,
    worse: (s, p) => s.rows === "points" && p.t >= 10 && p.value > p.losses[0],
  },
};
