// How noisy are 64 rows: the noise of a batch, and the loss that this noise leaves at the end. Python part:
// gdcourse/demos/how_noisy.py.
import { slider, toggle } from "../controls.js";
import { fmt } from "../draw.js";
import { normals } from "../noise.js";
import { curves } from "../panels/curves.js";
import { descend } from "../rules.js";

const ROWS = 442, STEPS = 400, SIZES = Array.from({ length: ROWS }, (_, k) => k + 1), inside = b => Math.min(ROWS, Math.max(1, b));

/** @type {import("../shell.js").Demo} */
export default {
  layout: "two",
  panels: ({ set }) => ({ noise: curves({ label: "the batch size to try", move(b, way = 0) { const to = inside(Math.round(b) + way); set({ batch: to }); return to; } }), loss: curves() }),
  controls: [
    slider("batch", { label: "batch size B", min: 1, max: ROWS, step: 1, marks: [[64, "64"], [256, "256"]] }),
    slider("lr", { label: "learning rate η", min: 0.005, max: 1, step: 0.005, marks: [[0.1, "0.1"], [0.5, "0.5"]] }),
    toggle("replace", { label: "draw with replacement" }),
  ],
  run: { panels: ["loss"], steps: () => STEPS },
  compute({ batch, lr, replace }, { trace, measured }) {
    const B = inside(Math.trunc(batch)), of = (b, again) => trace / b * (again ? 1 : (ROWS - b) / (ROWS - 1));
    const variance = of(B, replace), sigma = Math.sqrt(variance), bell = normals(1), path = descend("gd", ([w]) => [w + sigma * bell()], [3], STEPS, { lr });
    const floor = lr > 0 && lr < 2 ? 0.5 * lr * variance / (2 - lr) : Infinity, sizes = Object.keys(measured).map(Number);
    return {
      path, variance, floor, how: replace ? "with" : "without",
      noise: {
        series: [
          ...[!replace, replace].map(again => ({ x: SIZES, y: SIZES.map(b => of(b, again)), kind: again === replace ? "gd" : "theory" })),
          { x: sizes, y: sizes.map(b => measured[b][+!replace]), kind: "cloud", dots: true },
        ],
        x: [1, ROWS], y: [1e-3, 20], xlog: true, ylog: true, xlabel: "batch size B; grey: measured", ylabel: "variance of the gradient", marks: [{ y: 0.05, label: "0.05" }],
        handle: { x: B, y: Math.max(variance, 1e-3), say: `batch size ${B}` },
      },
      loss: {
        series: [{ y: path.map(([w]) => 0.5 * w * w) }], x: [0, STEPS], y: [1e-7, 100], ylog: true, xlabel: "step t", ylabel: "loss ½w²; dashed: its mean in the long run",
        marks: [{ y: floor }],
      },
      add(mine) { this.loss.series.push({ y: mine.points.map(([w]) => 0.5 * w * w), kind: "mine", label: mine.label }); },
    };
  },
  numbers: (_, p) => [["variance", fmt(p.variance)], ["floor of the loss", fmt(p.floor, 3)]],
  goals: {
    double: s => s.replace && s.batch === 64 && s.lr === 0.1,
    half: s => s.replace && s.batch === 32 && Math.abs(s.lr - 0.05) < 0.003,
    with: s => s.replace && s.batch === 213,
    without: s => !s.replace && s.batch === 144,
    zero: (s, p) => !p.variance,
  },
};
