// Too small is too small: the errors from truncation and from rounding. Python part:
// gdcourse/demos/too_small.py.
import { choice, slider } from "../controls.js";
import { fmt } from "../draw.js";
import { curves } from "../panels/curves.js";

function quotient(h, scheme) {
  const slope = scheme === "forward" ? (Math.exp(1 + h) - Math.exp(1)) / h : (Math.exp(1 + h) - Math.exp(1 - h)) / (2 * h);
  return { slope, error: Math.abs(slope - Math.E) };
}

/** The nearest of ten values of h in each power of ten, or one that is `way` further. @param {number} h @param {number} way */
const nearest = (h, way) => +(10 ** (Math.min(-10, Math.max(-160, Math.round(10 * Math.log10(h)) + way)) / 10)).toPrecision(3);
const STEPS = Array.from({ length: 151 }, (_, k) => 10 ** (-16 + k / 10));
const ERRORS = Object.fromEntries(["forward", "central"].map(k => [k, STEPS.map(h => Math.max(quotient(h, k).error, 1e-17))]));

/** @type {import("../shell.js").Demo} */
export default {
  layout: "map-one",
  panels: ({ set }) => ({ wide: curves({ label: "h on the curve", move(h, way = 0) { const to = nearest(h, way); set({ h: to }); return to; } }) }),
  controls: [
    choice("scheme", { label: "difference", options: [["forward", "forward, (f(x + h) − f(x)) / h"], ["central", "central, (f(x + h) − f(x − h)) / 2h"]] }),
    slider("h", { label: "h", min: 1e-16, max: 0.1, step: 10, log: true, axis: true, marks: [[1e-12, "10⁻¹²"], [1e-8, "10⁻⁸", "forward"], [1e-4, "10⁻⁴"]] }),
  ],
  compute(s) {
    const here = quotient(s.h, s.scheme), kind = k => k === "forward" ? "momentum" : "gd";
    return {
      ...here, path: [[s.h, here.error]],
      wide: {
        series: [
          ...[s.scheme].map(k => ({ x: STEPS.filter(h => h >= s.h), y: ERRORS[k].filter((_, i) => STEPS[i] >= s.h), kind: kind(k) })),
          s.scheme === "forward" ? { x: [7.36e-14, 0.1], y: [1e-13, 0.136], kind: "theory" } : { x: [4.7e-7, 0.1], y: [1e-13, 4.53e-3], kind: "theory" },
        ], x: [1e-16, 0.1], y: [1e-13, 10], xlog: true, ylog: true, xlabel: "h", ylabel: "error; dashed: what the formula leaves out", marks: [{ y: s.scheme === "forward" ? 1e-7 : 1e-10, label: s.scheme === "forward" ? "10⁻⁷" : "10⁻¹⁰" }, { x: s.h }],
        handle: { x: s.h, y: Math.min(10, Math.max(here.error, 1e-13)), say: `h = ${fmt(s.h, 3)}` },
      },
    };
  },
  numbers: (s, p) => [["error", fmt(p.error, 2)], ["slope", p.slope.toFixed(10)], ["true slope, e", Math.E.toFixed(10)]],
  say: (s, p) => `With h = ${fmt(s.h, 3)} the ${s.scheme} difference is off by ${fmt(p.error, 2)}.`,
  goals: {
    forward: (s, p) => s.scheme === "forward" && p.error < 1e-7,
    central: (s, p) => s.scheme === "central" && p.error < 1e-10,
    nothing: (s, p) => p.slope === 0,
  },
};
