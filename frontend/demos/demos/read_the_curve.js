// Read the curve: the range test, and stored runs at the rate that the reader marks on its curve. Python
// part: gdcourse/demos/read_the_curve.py.
import { slider, toggle } from "../controls.js";
import { fmt } from "../draw.js";
import { curves } from "../panels/curves.js";

const GRID = Array.from({ length: 100 }, (_, k) => 10 ** (-4 + 5 * k / 99)), EPOCHS = 10;
const mean = a => a.reduce((s, v) => s + v, 0) / a.length;
/** The nearest of the 41 rates at which there are runs. @param {number} lr */
const nearest = lr => +(10 ** (Math.round(10 * Math.log10(Math.min(10, Math.max(1e-3, lr)))) / 10)).toPrecision(3);
const percent = v => `${Math.round(100 * v)}%`;

/** @type {import("../shell.js").Demo} */
export default {
  layout: "two",
  panels: ({ set }) => ({ test: curves({ label: "the rate to train at", move(lr, way = 0) { const to = nearest(lr * 10 ** (way / 10)); set({ lr: to }); return to; } }), runs: curves() }),
  controls: [
    slider("lr", { label: "learning rate η", min: 1e-3, max: 10, step: 10, log: true, digits: 3, also: lr => ({ lr: nearest(lr) }), marks: [[0.01, "0.01"], [0.1, "0.1"], [1, "1"]] }),
    toggle("sweep", { label: "show what training at every rate gives" }),
  ],
  compute({ lr, sweep }, { rates, losses, accuracy, raw, smoothed }) {
    const k = Math.min(40, Math.max(0, Math.round(10 * Math.log10(Math.max(lr, 1e-3) / 1e-3)))), four = losses[k], ends = four.map(l => l[EPOCHS]);
    const path = four[0].map((_, t) => four.map(l => l[t])), first = smoothed[0];
    const at = Math.min(first.length - 1, Math.max(0, Math.log(rates[k] / 1e-4) / Math.log(1e5) * 99)), i = Math.min(first.length - 2, Math.floor(at));
    return {
      path, rate: rates[k], ends, mean: mean(ends), right: mean(accuracy[k]),
      test: {
        series: [
          ...smoothed.slice(1).map(y => ({ x: GRID, y, kind: "faint" })), { x: GRID, y: raw, kind: "cloud", dots: true }, { x: GRID, y: first },
          ...(sweep ? [{ x: rates, y: losses.map(row => mean(row.map(l => l[EPOCHS]))), kind: "momentum", dots: true }] : []),
        ],
        x: [1e-4, 10], xlog: true, y: [0, 4.4], xlabel: "learning rate η", ylabel: sweep ? "loss in the range test; orange: after ten epochs" : "loss in the range test; grey: other seeds",
        handle: { x: rates[k], y: Math.min(4.3, first[i] + (first[i + 1] - first[i]) * (at - i)), say: `rate ${fmt(rates[k])}` },
      },
      runs: {
        series: [...four.map(y => ({ y, kind: "faint" })), { y: path.map(mean), dots: true }],
        x: [0, EPOCHS], y: [0.04, 10], ylog: true, xlabel: "epoch", ylabel: "training loss of four starts; blue: mean", marks: [{ y: 0.12, label: "0.12" }],
      },
      add(mine) { this.runs.series.push({ y: mine.points.map(mean), kind: "mine", label: mine.label }); },
    };
  },
  numbers: (_, p) => [["mean loss of four starts", fmt(p.mean, 3)], ["from the best to the worst", `${fmt(Math.min(...p.ends), 2)} to ${fmt(Math.max(...p.ends), 2)}`], ["test accuracy", percent(p.right)]],
  say: (_, p) => `Ten epochs at η = ${fmt(p.rate)}: the four starts end between ${fmt(Math.min(...p.ends), 3)} and ${fmt(Math.max(...p.ends), 3)}, and name ${percent(p.right)} of the test digits correctly.`,
  goals: {
    best: (_, p) => p.mean < 0.12,
    tenth: (_, p) => p.rate > 0.12 && p.rate < 0.16,
    cliff: (_, p) => p.rate === 1.58,
    guessing: (_, p) => p.rate > 1.58 && p.right < 0.15 && Number.isFinite(p.mean),
  },
};
