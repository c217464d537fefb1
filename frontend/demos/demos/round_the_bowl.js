// Round the bowl: a table, and the landscape of its loss. Python part: gdcourse/demos/round_the_bowl.py.
import { anatomy } from "../anatomy.js";
import { choice, slider } from "../controls.js";
import { fmt } from "../draw.js";
import { curves } from "../panels/curves.js";
import { landscape } from "../panels/landscape.js";
import { descend } from "../rules.js";

const { sqrt } = Math, dot = (a, b) => a.reduce((s, v, i) => s + v * b[i], 0);

const people = s => s.problem === "people", four = [1, 2, 3, 4];

/** Return the largest eigenvalue of the symmetric matrix H. */
function largest(H) {
  let v = H.map((_, i) => i + 1);
  for (let k = 0; k < 400; k++) { const n = sqrt(dot(v, v)), u = v.map(x => x / n); v = H.map(row => dot(row, u)); }
  return sqrt(dot(v, v));
}

/** @type {import("../shell.js").Demo} */
export default {
  layout: "map-one",
  panels: () => ({ map: landscape(), data: curves() }),
  controls: [
    choice("problem", { label: "rows", options: [["people", "200 people"], ["four_points", "four points"]] }),
    choice("repair", { label: "the table is", options: ["raw", "centred", "scaled", "whitened"].map(k => [k, k]) }),
    slider("unit", { label: "unit of income, in dollars", min: 1, max: 1e5, step: 20, log: true, marks: [[1, "1"], [1e3, "1000"]], show: people }),
    slider("rho", { label: "correlation of the two", min: -0.95, max: 0.95, step: 0.01, digits: 3, marks: [[0, "0"], [0.9, "0.9"]], show: people }),
  ],
  compute({ repair, unit, rho, problem }, { age, rest, mean, std }) {
    const few = problem === "four_points", rest2 = 1 - rho * rho, white = repair === "whitened", raw = repair === "raw", z = white || repair === "scaled";
    const m = raw ? mean[0] : 0, k = raw ? mean[1] / unit : 0, s = z ? 1 : std[0], t = z ? 1 : std[1] / unit, c = white ? 0 : rho * s * t + m * k;
    const column = four.map(v => (raw ? v : v - 2.5) / (z ? sqrt(1.25) : 1)), sum = dot(column, [1, 1, 1, 1]) / 4;
    const H = few ? [[1, sum], [sum, dot(column, column) / 4]] : [[s * s + m * m, c], [c, t * t + k * k]], det = H[0][0] * H[1][1] - H[0][1] * H[0][1], L = largest(H);
    const p = 1 / (s * s) / rest2, q = 1 / (t * t) / rest2, r = -rho / (s * t) / rest2, u = p * m + r * k, v = r * m + q * k;
    const kappa = raw && !few ? largest([[1, m, k], [m, ...H[0]], [k, ...H[1]]]) * largest([[1 + m * u + k * v, -u, -v], [-u, p, r], [-v, r, q]])
      : L * largest([[H[1][1] / det, -H[0][1] / det], [-H[0][1] / det, H[0][0] / det]]);
    const needed = kappa < 1 + 1e-9 ? 1 : Math.ceil(-Math.log(1e6) / Math.log1p(-2 / (kappa + 1)));
    const G = H.map(row => row.map(v => v / L)), grad = w => G.map(row => dot(row, w)), a = 1 / sqrt(1 + rho), b = 1 / sqrt(1 - rho);
    const income = age.map((x, i) => rho * x + sqrt(rest2) * rest[i]), mix = (a, b) => age.map((x, i) => a * x + b * income[i]);
    const [x, y] = few ? [[1, 1, 1, 1], column] : white ? [mix((a + b) / 2, (a - b) / 2), mix((a - b) / 2, (a + b) / 2)] : [mix(s, 0).map(v => v + m), mix(0, t).map(v => v + k)];
    const lr = 2 / (1 + det / L / L), reach = 1.1 * Math.max(...x.concat(y).map(Math.abs)), range = [-reach, reach];
    const path = descend("gd", grad, [1.2, -0.8], Math.min(needed, 60), { lr });
    return {
      path, grad, lr, kappa, needed, steps: needed > 1 ? fmt(needed, 3) + " steps" : "one step",
      map: { key: G.flat().join(), loss: w => dot(w, grad(w)), floor: 0, top: 3, view: [-1.5, 1.5, -1.5, 1.5], star: [0, 0], start: null, axes: few ? ["bias", "slope"] : ["weight of age", "weight of income"], scaled: true, paths: [{ points: path }] },
      data: { series: [{ x, y, kind: "cloud", dots: true }], x: range, y: range, xlabel: few ? "the bias, always 1" : "age", ylabel: few ? "x, same scale" : "income, same scale", marks: [{ x: 0 }, { y: 0 }] },
    };
  },
  run: { panels: ["map"], steps: (s, p) => p.path.length - 1, parts: (s, p, t) => anatomy("gd", p.grad, p.path[0], t, { lr: p.lr }) },
  numbers: (s, p) => [["condition number κ", fmt(p.kappa, 3)], ["steps to a millionth", fmt(p.needed, 3)]],
  say: (s, p) => (people(s) ? `The table is ${s.repair}, the unit of income is $${fmt(s.unit)}, the correlation is ${fmt(s.rho)}` : `The column is ${s.repair}`) + `: κ = ${fmt(p.kappa)}, and a millionth of the error is left after ${p.steps}.`,
  goals: {
    unit: (s, p) => people(s) && s.repair === "centred" && p.needed < 10,
    scaled: (s, p) => s.repair === "scaled" && p.needed === 6,
    stuck: s => people(s) && s.repair === "scaled" && Math.abs(s.rho - 0.9) < 0.005,
    whitened: (s, p) => people(s) && p.needed === 1 && Math.abs(s.rho - 0.9) < 0.005,
    four_points: (s, p) => !people(s) && p.needed === 1,
  },
};
