// Edge of stability: the stored run at the rate that the reader sets. Python part:
// gdcourse/demos/edge_of_stability.py.
import { slider } from "../controls.js";
import { fmt } from "../draw.js";
import { curves } from "../panels/curves.js";

const LOSS_EVERY = 10, SHARP_EVERY = 15, STEPS = 1500;

/** @type {import("../shell.js").Demo} */
export default {
  layout: "two",
  panels: () => ({ sharp: curves(), loss: curves() }),
  controls: [slider("lr", { label: "learning rate η", min: 0.05, max: 0.6, step: 0.05, marks: [[0.2, "0.2"], [0.4, "0.4"]] })],
  run: { panels: ["sharp", "loss"], steps: () => STEPS },
  compute({ lr }, { rates, losses, sharpness, rises }) {
    const k = rates.reduce((b, r, i) => Math.abs(r - lr) < Math.abs(rates[b] - lr) - 1e-12 ? i : b, 0), rate = rates[k], edge = 2 / rate, mine = sharpness[k];
    const settles = mine.slice(-30).reduce((s, v) => s + v, 0) / 30, highest = Math.max(...mine), all = sharpness.map((y, i) => ({ i, y })).filter(({ i }) => i !== k);
    const [low, high] = [-1, 1].map(way => all.reduce((a, b) => way * (b.y[b.y.length - 1] - a.y[a.y.length - 1]) > 0 ? b : a));
    const axis = n => Array.from({ length: n }, (_, i) => i);
    return {
      path: losses[k].map(v => [v]), rate, edge, settles, highest, rises: rises[k], last: losses[k][losses[k].length - 1],
      sharp: {
        series: [...all.map(({ i, y }) => ({ x: axis(y.length).map(i => i * SHARP_EVERY), y, kind: "faint", label: i === low.i || i === high.i ? `η = ${fmt(rates[i])}` : "" })), { x: axis(mine.length).map(i => i * SHARP_EVERY), y: mine, label: `η = ${fmt(rate)}` }],
        x: [0, STEPS], y: [2, 12], xlabel: "step t", ylabel: "sharpness; grey: the other rates", marks: edge <= 12 ? [{ y: edge, label: `2/η = ${fmt(edge, 3)}` }] : [],
      },
      loss: { series: [{ x: axis(losses[k].length).map(i => i * LOSS_EVERY), y: losses[k] }], x: [0, STEPS], y: [0.005, 2], ylog: true, xlabel: "step t", ylabel: "loss" },
      add(other) { this.loss.series.push({ y: other.points.map(q => q[0]), kind: "mine", label: other.label }); },
    };
  },
  numbers: (_, p) => [["2/η", fmt(p.edge, 3)], ["sharpness at the end", fmt(p.settles, 3)], ["steps on which the loss rose", String(p.rises)]],
  say: (_, p) => `At η = ${fmt(p.rate)} the sharpness ends near ${fmt(p.settles, 3)}, and 2/η is ${fmt(p.edge, 3)}; the loss rises on ${p.rises} of ${STEPS} steps and ends at ${fmt(p.last, 2)}.`,
  goals: {
    smooth: (_, p) => p.rises === 0 && p.highest < p.edge,
    five: (_, p) => p.rate === 0.4,
    four: (_, p) => p.rate === 0.5,
  },
};
