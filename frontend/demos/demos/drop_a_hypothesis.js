// Drop a hypothesis: why a theorem needs each of five conditions. Python part:
// gdcourse/demos/drop_a_hypothesis.py.
import { choice, slider, toggle } from "../controls.js";
import { fmt } from "../draw.js";
import { heading } from "../menus.js";
import { normals } from "../noise.js";
import { curves } from "../panels/curves.js";
import { curve } from "../panels/line.js";
import { descend } from "../rules.js";

const { abs, exp, log, log1p, sign, sin, sqrt } = Math, STEPS = 2000, SHORT = 200, SIGMA = 0.5;

/** {key: [loss, slope, L (0 if there is none), the interval that is drawn, the height of the drawing]}.
 * The key has three digits, each 1 for yes: is the loss smooth? is it convex? has it a minimiser?
 * @type {Record<string, [(w: number) => number, (w: number) => number, number, number[], number]>} */
const LOSSES = {
  111: [w => 0.5 * w * w, w => w, 1, [-3, 3], 2.4],
  "011": [abs, sign, 0, [-3, 3], 2.4],
  101: [w => w * w + 3 * sin(w) * sin(w), w => 2 * w + 3 * sin(2 * w), 8, [-3, 3], 9],
  "101 without PL": [w => w * w + 8 * sin(w) * sin(w), w => 2 * w + 8 * sin(2 * w), 18, [-3.4, 3.4], 13],
  110: [w => 0.5 * (log1p(exp(-w)) + log1p(exp(-2 * w))), w => -0.5 * (1 / (1 + exp(w)) + 2 / (1 + exp(2 * w))), 0.625, [-3, 7], 2.4],
  "001": [w => sqrt(abs(w)), w => sign(w) / (2 * sqrt(abs(w)) + +(w === 0)), 0, [-3, 3], 2],
  "010": [w => exp(-w), w => -exp(-w), 0, [-3, 7], 3],
  100: [w => 1 / (1 + exp(w)), w => -1 / (1 + exp(w)) * (1 - 1 / (1 + exp(w))), sqrt(3) / 18, [-3, 7], 1.1],
  "000": [w => 1 / (1 + abs(w)), w => -sign(w) / ((1 + abs(w)) * (1 + abs(w))), 0, [-3, 7], 1.2],
};
const FIVE = { smooth: "smoothness", convex: "convexity", minimiser: "the minimiser", safe: "η < 2/L", exact: "exact slopes" };
// only a smooth loss that is not convex and has a minimiser gets the switch PL (a weaker condition than convexity)
const flatOnly = s => s.smooth && !s.convex && s.minimiser;
const dropped = s => Object.keys(FIVE).filter(k => !s[k]), only = (s, k) => dropped(s).join() === k;
const LATE = [...new Set(Array.from({ length: 150 }, (_, i) => Math.round(STEPS ** (i / 149))))];
const EARLY = Array.from({ length: SHORT + 1 }, (_, t) => t);

/** @type {import("../shell.js").Demo} */
export default {
  layout: "line-one",
  panels: ({ set }) => ({ line: curve({ move: start => set({ start }), label: "start", step: 0.05 }), gap: curves() }),
  controls: [
    toggle("smooth", { label: "smooth: an L exists" }), toggle("convex", { label: "convex" }), toggle("pl", { label: "PL: flat only at the lowest place", show: flatOnly }), toggle("minimiser", { label: "a minimiser exists" }),
    toggle("safe", { label: "η < 2/L" }), toggle("exact", { label: "exact slopes" }),
    heading("The descent"),
    slider("rate", { label: s => s.smooth ? "learning rate η, in units of 1/L" : "learning rate η", min: 0.01, max: 1.99, step: 0.01, show: s => s.safe, marks: [[0.1, "0.1"], [1, "1"]] }),
    choice("axis", { label: "steps drawn", options: [["even", "evenly"], ["log", "logarithmically"]] }),
  ],
  compute(s, { names }) {
    const key = [s.smooth, s.convex, s.minimiser].map(Number).join("") + (flatOnly(s) && !s.pl ? " without PL" : ""), [loss, slope, L, view, top] = LOSSES[key], lr = (s.safe ? s.rate : 2) / (L || 1);
    const bell = normals(3), whole = descend("gd", ([w]) => [s.exact ? slope(w) : slope(w) + SIGMA * bell()], [s.start], STEPS, { lr });
    const gaps = whole.map(([w]) => loss(w)), R2 = s.start * s.start;
    const promise = t => !s.minimiser ? NaN : lr * L > 1 ? 2 * gaps[0] * R2 / (2 * R2 + t * lr * (2 - lr * L) * gaps[0]) : R2 / (2 * lr * t);
    const over = gaps.findIndex((g, t) => t && g > promise(t) * (1 + 1e-9)), late = s.axis === "log", ts = late ? LATE : EARLY;
    const level = key === "111" && !s.exact && lr < 2 ? SIGMA * SIGMA * lr / (2 - lr) / 2 : null, floor = v => Math.max(v, 1e-30);
    return {
      path: whole, gaps, lr, name: names[key], broken: over < 0 ? null : over, level,
      slope: (log(gaps[60]) - log(gaps[20])) / 40, power: (log(gaps[STEPS]) - log(gaps[STEPS / 2])) / Math.LN2,
      line: {
        key, loss, view, top, path: whole.slice(0, 41).map(w => w[0]), guess: s.start, star: s.minimiser ? 0 : undefined, mine: /** @type {number[][]} */ ([]),
        title: "f(w) = " + (names[key].length > 20 ? "log loss" : names[key]),
      },
      gap: {
        series: [...(s.minimiser ? [{ x: ts.slice(1), y: ts.slice(1).map(promise), kind: "theory" }] : []), { x: ts, y: ts.map(t => floor(gaps[t])), kind: "gd" }],
        x: late ? [1, STEPS] : [0, SHORT], xlog: late, y: late ? [1e-5, 30] : [1e-12, 30], ylog: true, xlabel: "step t", ylabel: s.minimiser ? "gap to the minimum; dashed: promised" : "gap to the infimum",
        marks: level === null ? [] : [{ y: level, label: "mean in the long run" }],
      },
      add(mine) {
        const w = mine.points.map(p => p[0]);
        this.line.mine.push(w);
        this.gap.series.push({ x: w.map((_, t) => late ? Math.max(t, 0.5) : t), y: w.map(v => floor(loss(v))), kind: "mine", label: mine.label });
      },
    };
  },
  numbers: (s, p) => [
    s.axis === "log" ? ["slope, steps 1,000 to 2,000", p.gaps[STEPS] ? fmt(p.power, 3) : "arrived"] : ["slope, steps 20 to 60", p.gaps[60] ? fmt(p.slope, 3) : "arrived"],
    ["gap after 2,000 steps", fmt(p.gaps[STEPS], 3)], ["the promise", !s.minimiser ? "none" : p.broken ? `broken at step ${p.broken}` : "kept"]],
  say(s, p) {
    const lost = dropped(s);
    return `f(w) = ${p.name}: ` + (lost.length ? `without ${lost.map(k => FIVE[k]).concat(flatOnly(s) && !s.pl ? "PL" : []).join(", ")}. ` : "all five hold. ")
      + (!s.minimiser ? "Where nothing is lowest there is no R, and nothing is promised." : p.broken ? `At step ${p.broken} the gap is first above what five hypotheses would promise.`
        : s.smooth && !s.safe ? "At η = 2/L the promise is only that the gap does not grow."
        : lost.length ? "The promise holds all the same: nothing had to go wrong."
        : "The promise holds: " + (p.gaps[60] ? `each step keeps ${fmt(exp(p.slope), 3)} of the gap.` : "the gap is 0."));
  },
  goals: {
    edge: (s, p) => only(s, "safe") && p.gaps[STEPS] === p.gaps[0] && p.gaps[0] > 0,
    cycle: (s, p) => !s.smooth && [0, 1].every(k => abs(abs(p.path[STEPS - k][0]) - 0.05) < 1e-6) && p.path[STEPS][0] * p.path[STEPS - 1][0] < 0,
    tail: (s, p) => only(s, "minimiser") && s.axis === "log" && abs(p.power + 1) < 0.05,
    plateau: s => only(s, "exact"),
    without: (s, p) => only(s, "convex") && s.pl && s.axis === "even" && p.slope < -0.05,
    stuck: (s, p) => only(s, "convex") && !s.pl && abs(p.gaps[STEPS] - 8.73) < 0.01,
    straight: (s, p) => only(s, "") && s.axis === "even" && abs(p.slope + Math.LN2) < 0.02,
  },
};
