// Beat the average: a line through the data, and the point for this line on a map of the loss. Python part:
// gdcourse/demos/beat_the_average.py.
import { choice, slider, toggle } from "../controls.js";
import { fmt } from "../draw.js";
import { curves } from "../panels/curves.js";
import { landscape } from "../panels/landscape.js";

const view = [90, 210, -25, 95], N = 40;

/** Compute f on a grid over the view and interpolate between the points of the grid, because a sum over 442 people
 * for each pixel would take too long. */
function gridded(f) {
  const [a, b, c, d] = view, h = Array.from({ length: (N + 1) ** 2 }, (_, k) => f([a + (b - a) * (k % (N + 1)) / N, c + (d - c) * Math.floor(k / (N + 1)) / N]));
  const cell = v => Math.min(N - 1, Math.max(0, Math.floor(v)));
  return {
    floor: Math.min(...h), top: Math.max(...h),
    loss([x, y]) {
      const u = (x - a) / (b - a) * N, v = (y - c) / (d - c) * N, i = cell(u), j = cell(v), p = u - i, q = v - j, k = j * (N + 1) + i;
      return (1 - q) * ((1 - p) * h[k] + p * h[k + 1]) + q * ((1 - p) * h[k + N + 1] + p * h[k + N + 2]);
    },
  };
}

/** @type {Record<string, any>} */
const maps = {};

/** @type {import("../shell.js").Demo} */
export default {
  layout: "map-one",
  panels: ({ set }) => ({ map: landscape({ move: (intercept, slope) => set({ intercept, slope }), label: "intercept and slope" }), data: curves() }),
  controls: [
    slider("intercept", { label: "intercept w[0]", min: 90, max: 210, step: 0.5, marks: [[152.13, "mean"]] }),
    slider("slope", { label: "slope w[1], per std of BMI", min: -25, max: 95, step: 0.5, marks: [[0, "0"]] }),
    choice("loss", { label: "loss", options: [["mse", "squares (MSE)"], ["mae", "absolute values (MAE)"]] }),
    toggle("outlier", { label: "one value mistyped as 5000" }),
  ],
  compute(s, { bmi, y: told, mean, std, typed }) {
    const x = bmi.map(v => (v - mean) / std), y = s.outlier ? [typed, ...told.slice(1)] : told, key = s.loss + s.outlier;
    const f = (/** @type {number[]} */ [b, w]) => x.reduce((sum, v, i) => { const r = b + w * v - y[i]; return sum + (s.loss === "mse" ? r * r : Math.abs(r)); }, 0) / y.length;
    const path = [[s.intercept, s.slope]];
    return {
      path, value: f(path[0]), tilted: s.slope && (s.loss === "mae" || s.outlier) ? ` This line is not flat: its slope is ${fmt(s.slope)}.` : "", how: s.loss === "mse" ? "squared" : "absolute",
      map: { key, ...(maps[key] ??= gridded(f)), view, start: path[0], axes: ["intercept", "slope"], scaled: true, paths: /** @type {any[]} */ ([]) },
      data: {
        series: [{ x, y, kind: "cloud", dots: true }, { x: [-2.2, 3.8], y: [-2.2, 3.8].map(v => s.intercept + s.slope * v) }],
        x: [-2.2, 3.8], y: [0, 360], xlabel: "BMI x, in std from its mean", ylabel: "progression y", marks: s.outlier ? [{ x: x[0], label: "5000 ↑" }] : [],
      },
      add(mine) { this.map.paths.push({ ...mine, kind: "mine" }); },
    };
  },
  numbers: (s, p) => [[s.loss.toUpperCase(), fmt(p.value, 6)], ["line", `${fmt(s.intercept)} ${s.slope < 0 ? "−" : "+"} ${fmt(Math.abs(s.slope))} x`]],
  goals: {
    beat: (s, p) => s.loss === "mse" && !s.outlier && p.value < 3900,
    median: s => s.loss === "mae" && !s.outlier && middle(s),
    mistyped: s => s.loss === "mse" && s.outlier && !s.slope && Math.abs(s.intercept - 163.1) < 0.6,
    deaf: s => s.loss === "mae" && s.outlier && middle(s),
  },
};

const middle = s => !s.slope && s.intercept >= 140 && s.intercept <= 141;
