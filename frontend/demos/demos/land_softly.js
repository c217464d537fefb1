// Land softly: a schedule of rates, chosen or drawn by hand, and the loss at the end. Python part:
// gdcourse/demos/land_softly.py.
import { button, choice, slider } from "../controls.js";
import { fmt } from "../draw.js";
import { normals } from "../noise.js";
import { curves } from "../panels/curves.js";
import { knobs } from "../panels/knobs.js";
import { diagonal } from "../problems.js";
import { descend, power } from "../rules.js";

const STEPS = 2000, POINTS = [0, 1, 2, 3, 4, 5], EVERY = 400, A = [1, 0.02], START = [10, 10], valley = diagonal(A);
const bell = normals(1), NOISE = Array.from({ length: STEPS }, () => [bell(), bell()]);

/** {name: a function of the settings that returns the schedule, which is a function of the step t}. */
const SHAPES = {
  constant: ({ lr }) => () => lr,
  step: ({ lr, every }) => t => lr * power(0.1, Math.floor(t / Math.max(1, every))),
  inverse: ({ lr }) => t => lr / (1 + 0.005 * t),
  cosine: ({ lr }) => t => lr * 0.5 * (1 + Math.cos(Math.PI * t / STEPS)),
  stable: ({ lr }) => t => lr * Math.min(1, (STEPS - t) / 400),
  drawn(s) {
    const p = POINTS.map(i => s["p" + i]);
    return t => { const k = Math.min(4, Math.floor(t / EVERY)); return p[k] + (p[k + 1] - p[k]) * ((t - EVERY * k) / EVERY); };
  },
};
/** What the goals ask for, as a line in the second picture. */
const AIMS = { constant: 0.01, step: 0.05, cosine: 0.02 };
const points = s => POINTS.map(i => SHAPES[s.schedule](s)(EVERY * i));
/** The rates at the six points, as shares of the largest rate. */
const shares = s => points({ ...s, lr: 1 });

/** Return the mean loss after each step in two parts: [the part from the distance to the minimum, the part from the
 * noise]. */
function parts(rates) {
  const mean = START.slice(), spread = [0, 0], out = [[0.5 * (A[0] * mean[0] * mean[0] + A[1] * mean[1] * mean[1]), 0]];
  for (const lr of rates) {
    for (const i of [0, 1]) {
      const keep = 1 - lr * A[i];
      mean[i] = keep * mean[i];
      spread[i] = keep * keep * spread[i] + lr * lr;
    }
    out.push([0.5 * (A[0] * mean[0] * mean[0] + A[1] * mean[1] * mean[1]), 0.5 * (A[0] * spread[0] + A[1] * spread[1])]);
  }
  return out;
}

/** @type {import("../shell.js").Demo} */
export default {
  layout: "two",
  panels: ({ set, state }) => ({
    rates: knobs(POINTS.length, {
      step: 0.002, label: i => `rate at step ${EVERY * i}`,
      // in a schedule drawn by hand, a point moves alone; in every other schedule it changes the largest rate, and so
      // all points
      move: (i, rate) => set(state().schedule === "drawn" ? { ["p" + i]: rate } : { lr: +Math.min(0.3, Math.max(0.01, rate / shares(state())[i])).toPrecision(3) }),
    }),
    loss: curves(),
  }),
  controls: [
    choice("schedule", { label: "schedule", options: [["constant", "constant"], ["step", "staircase"], ["inverse", "1/t"], ["cosine", "cosine"], ["stable", "level, then down"], ["drawn", "drawn by hand"]],
      also: (to, s) => to === "drawn" && s.schedule !== to ? Object.fromEntries(points(s).map((v, i) => ["p" + i, +Math.min(0.3, v).toPrecision(6)])) : {} }),
    slider("lr", { label: "largest rate η", min: 0.01, max: 0.3, step: 0.01, show: s => s.schedule !== "drawn", marks: [[0.1, "0.1"], [0.2, "0.2"]] }),
    slider("every", { label: "times 0.1 every … steps", min: 50, max: 1000, step: 50, show: s => s.schedule === "step", marks: [[100, "100"], [500, "500"]] }),
    button("Watch the run", { primary: true, look: true, press: (s, set) => { set({ shown: 1 }); requestAnimationFrame(() => set.play("shown", STEPS, 3)); } }),
  ],
  compute(s) {
    const drawn = s.schedule === "drawn", share = drawn ? [] : shares(s), schedule = SHAPES[s.schedule](s), rates = NOISE.map((_, t) => schedule(t)), left = parts(rates), [distance, noise] = left[STEPS];
    const path = descend("gd", ([x, y], t) => [A[0] * x + NOISE[t][0], A[1] * y + NOISE[t][1]], START, STEPS, { lr: t => rates[t] });
    const losses = path.map(w => valley.loss(w)), shown = Math.max(1, Math.min(STEPS, Math.round(s.shown))), tens = Array.from({ length: STEPS / 10 }, (_, k) => 10 * k);
    const aim = AIMS[s.schedule];
    let travel = 0;
    for (const rate of rates) travel += rate;
    return {
      path, rates_: rates, travel, distance, noise, total: distance + noise, sum: fmt(travel), far: fmt(distance, 2), rest: fmt(noise, 2), end: fmt(distance + noise, 3),
      rates: {
        series: [{ x: [...tens, STEPS], y: [...tens.map(t => rates[t]), schedule(STEPS)], kind: drawn ? "mine" : "gd" }], x: [0, STEPS], y: [0, 0.3],
        xlabel: "step t", ylabel: `learning rate η; drag ${drawn ? "the points" : "a point: all move"}`, knobs: points(s).map((y, i) => ({ x: EVERY * i, y: Math.min(0.3, y), say: fmt(y, 3), fixed: share[i] < 0.05 })),
      },
      loss: {
        series: [
          ...["distance", "noise"].map((label, i) => ({ x: tens.map(t => t + 10), y: tens.map(t => left[t + 10][i]), kind: "theory", label })),
          { x: tens.filter(t => t < shown).map(t => t + 5), y: tens.filter(t => t < shown).map(t => losses.slice(t + 1, t + 11).reduce((a, b) => a + b) / 10) },
        ],
        x: [0, STEPS], y: [1e-3, 100], ylog: true, xlabel: "step t", ylabel: "loss of one run; dashed: its parts, on average", marks: aim ? [{ y: aim, label: fmt(aim) }] : [],
      },
      add(mine) { this.loss.series.push({ y: mine.points.map(w => valley.loss(w)), kind: "mine", label: mine.label }); },
    };
  },
  numbers: (_, p) => [["sum of the rates", p.sum], ["left of the distance", p.far], ["noise", p.rest], ["mean loss at the end", p.end]],
  goals: {
    quiet: (s, p) => s.schedule === "constant" && p.noise < 0.01,
    mend: (s, p) => s.schedule === "step" && Math.abs(s.lr - 0.1) < 1e-9 && p.total < 0.05,
    cosine: (s, p) => s.schedule === "cosine" && p.total < 0.02,
    backwards: (s, p) => s.schedule === "drawn" && p.travel > 190 && p.travel < 210 && p.total > 0.1,
    draw: (s, p) => s.schedule === "drawn" && p.total < 0.017,
  },
};
