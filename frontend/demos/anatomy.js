// Show what one step is made of (the gradient, the memory, the divisor), as arrows on a map and as numbers.
import { fmt } from "./draw.js";
import { descend, power, rules } from "./rules.js";

/** @typedef {{parts: {from: number[], by: number[], kind: string, label: string, direction?: boolean}[], told: [string, number[]][], who?: string}} Anatomy
 * told: the parts of the step as [name, vector]; who: the name of the method that takes the step, if several methods run;
 * direction: the arrow only shows where the part points, so it is drawn with a length that can be seen */

/** Return the parts of step t of a run. For gd, momentum and nesterov the arrows add up to the step; the first arrow of
 * nesterov is the look ahead. If the run has more than two weights, the arrows show the first two.
 * @param {string} rule @param {(w: number[], t: number) => number[]} grad @param {number[]} start @param {number} t @param {any} settings
 * @param {import("./rules.js").Rule} [take] the rule itself, if it is a variant @returns {Anatomy} */
export function anatomy(rule, grad, start, t, settings, take = rules[rule]) {
  const memory = start.map(() => /** @type {number[]} */ ([])), now = Object.fromEntries(Object.entries(settings).map(([k, v]) => [k, typeof v === "function" ? v(t) : v]));
  const w = descend(take, grad, start, t, settings, memory)[t], g = grad(w, t), was = memory.map(m => m[0] ?? 0);
  const next = w.map((v, i) => { const [to, ...kept] = take(v, g[i], memory[i], now); memory[i] = kept; return to; });
  const { lr, beta = 0.9, beta1 = 0.9, beta2 = 0.999, correct_m = true, correct_v = true, eps = rule === "adagrad" ? 1e-10 : 1e-8 } = now, times = (a, c) => a.map(v => c * v), plus = (a, b) => a.map((v, i) => v + b[i]);
  const down = { by: times(g, -lr), kind: "gd", label: "−ηg" }, back = times(was, -lr * beta), step = next.map((v, i) => v - w[i]);
  /** @type {[string, number[]]} */
  const slope = ["gradient g", g];
  if (rule === "gd") return { parts: [{ from: w, ...down }], told: [slope, ["step −ηg", step]] };
  if (rule === "momentum") return {
    parts: [{ from: w, by: back, kind: "momentum", label: "memory" }, { from: plus(w, back), ...down }, { from: w, by: step, kind: "start", label: "step" }],
    told: [slope, ["memory m", was], ["step −η(βm + g)", step]],
  };
  // in this form of the rule w is the point after the look ahead; the point before the look ahead is w + ηβm
  if (rule === "nesterov") {
    const here = plus(w, times(back, -1));
    return {
      parts: [{ from: here, by: back, kind: "nesterov", label: "look ahead" }, { from: w, ...down }, { from: here, by: plus(back, down.by), kind: "start", label: "step" }],
      told: [["gradient g, at the end of the look ahead", g], ["memory m", was], ["step −η(βm + g)", plus(back, down.by)]],
    };
  }
  const mean = rule === "adam" ? memory.map(([m, , n]) => correct_m ? m / (1 - power(beta1, n)) : m) : g;
  const divisor = memory.map(m => Math.sqrt(rule === "adam" ? correct_v ? m[1] / (1 - power(beta2, m[2])) : m[1] : m[0]) + eps);
  return {
    parts: [{ from: w, ...down, label: "−g", direction: true }, ...(rule === "adam" ? [{ from: w, by: times(mean, -1), kind: "momentum", label: "memory", direction: true }] : []), { from: w, by: step, kind: "start", label: "step" }],
    told: [slope, .../** @type {[string, number[]][]} */ (rule === "adam" ? [[correct_m ? "memory m̂" : "memory m", mean]] : []), ["divided by", divisor], ["step", step]],
  };
}

/** Return the arrows of a step for a map that shows [x0, x1, y0, y1]. If the step is short, one factor makes all its arrows longer.
 * @param {Anatomy} a @param {number[]} view */
export function arrows({ parts }, [x0, x1, y0, y1]) {
  const share = by => Math.max(Math.abs(by[0]) / (x1 - x0), Math.abs(by[1]) / (y1 - y0)), longest = Math.max(...parts.filter(p => !p.direction).map(p => share(p.by)));
  const factor = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find(k => k * longest > 0.07) || 1, origin = parts[0].from;
  return {
    factor,
    arrows: parts.map(({ from, by, kind, label, direction }) => {
      const k = direction ? 0.16 / (share(by) || 1) : factor, a = from.map((v, i) => origin[i] + factor * (v - origin[i]));
      return { from: a, to: a.map((v, i) => v + k * by[i]), kind, label };
    }),
  };
}

/** Return the parts of a step as text. factor: how many times as long the arrows are drawn.
 * @param {Anatomy} a @param {number} factor */
export const spelt = ({ told, who }, factor) => (who ? `${who}: ` : "") + told.map(([name, v]) => `${name} (${v.slice(0, 2).map(c => fmt(c, 3)).join(", ")})`).join(" · ") + (factor > 1 ? ` · arrows drawn ${factor} times as long` : "");
