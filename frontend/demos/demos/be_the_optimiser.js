// Be the optimiser: the reader predicts where the next step lands, then sees it. Python part:
// gdcourse/demos/be_the_optimiser.py.
import { button, slider } from "../controls.js";
import { fmt } from "../draw.js";
import { entry } from "../menus.js";
import { curves } from "../panels/curves.js";
import { curve } from "../panels/line.js";
import { parabola } from "../problems.js";
import { descend } from "../rules.js";

const STEPS = 80, CLOSE = 1e-3;
const free = s => s.revealed >= 3, active = s => `guess${s.revealed + 1}`;

/** @type {import("../shell.js").Demo} */
export default {
  layout: "line-one",
  panels: ({ set, state }) => ({
    line: curve({ move: w => set({ [active(state())]: w }), label: "where the next step lands" }),
    distance: curves(),
  }),
  controls: [
    button("Reveal the step", {
      primary: true, look: true, show: s => !free(s),
      press: s => ({ revealed: s.revealed + 1, ...(s.revealed < 2 ? { [`guess${s.revealed + 2}`]: s[active(s)] } : {}) }),
    }),
    slider("lr", { label: "learning rate η", min: 0, max: 1.1, step: 0.01, show: free, marks: [[0.1, "0.1"], [0.5, "0.5"], [1, "1"]] }),
    entry("factor", { label: "each step multiplies the distance to 3 by", blank: 1, show: free }),
    entry("twelve", { label: "at η = 0.1, after 12 steps w is", blank: 10, show: free }),
  ],
  run: { panels: ["line", "distance"], steps: (s, p) => free(s) ? p.path.length - 1 : 0 },
  compute(s) {
    const whole = descend("gd", parabola.grad, parabola.start, STEPS, { lr: s.lr }).map(w => w[0]);
    const path = free(s) ? whole : whole.slice(0, s.revealed + 1), now = path[path.length - 1];
    const away = whole.map(w => Math.abs(w - 3)), first = away.findIndex(d => d < CLOSE);
    return {
      path: path.map(w => [w]), now, slope: parabola.grad([now])[0], needed: first < 0 ? Infinity : first, when: first >= 0 ? fmt(first) : Math.abs(1 - 2 * s.lr) < 1 ? `over ${STEPS}` : "never", shown: path.length - 1,
      line: {
        key: "parabola", loss: w => parabola.loss([w]), view: [-4.6, 10.6], top: 56, path, star: 3,
        guess: free(s) ? null : s[active(s)], slope: free(s) ? null : parabola.grad([now])[0],
        guesses: free(s) ? [] : whole.slice(1, s.revealed + 1).map((w, i) => [s[`guess${i + 1}`], w]),
        mine: /** @type {number[][]} */ ([]),
      },
      distance: {
        series: [{ y: path.map(w => Math.abs(w - 3)), kind: "gd", dots: true }], x: [0, free(s) ? STEPS : 12], y: [1e-4, 1e2], ylog: true,
        xlabel: "step t", ylabel: "distance to the minimum, |w − 3|", marks: [{ y: CLOSE, label: "0.001" }],
      },
      add(mine) { const w = mine.points.map(p => p[0]); this.line.mine.push(w); this.distance.series.push({ y: w.map(v => Math.abs(v - 3)), kind: "mine", label: mine.label }); },
    };
  },
  numbers: (s, p) => free(s)
    ? [["learning rate", fmt(s.lr)], ["steps until |w − 3| < 0.001", p.when], ["w after 1 step", fmt(p.path[1][0])]]
    : [["w now", fmt(p.now)], ["slope there", fmt(p.slope)], ["learning rate", fmt(s.lr)]],
  say(s, p) {
    if (free(s)) return p.needed === Infinity ? `At η = ${fmt(s.lr)} the path is not within 0.001 of 3 after ${STEPS} steps.` : `At η = ${fmt(s.lr)} the path is within 0.001 of 3 after ${p.needed} step${p.needed === 1 ? "" : "s"}.`;
    const told = s.revealed ? `You said ${fmt(s[`guess${s.revealed}`])}; the step landed on ${fmt(p.now)}. ` : "";
    return told + `Now w = ${fmt(p.now)} and the slope is ${fmt(p.slope)}. Place the marker where the next step lands, then reveal it.`;
  },
  goals: {
    predicted: (s, p) => s.revealed > 0 && p.line.path.slice(1, 4).some((w, i) => i < s.revealed && Math.abs(s[`guess${i + 1}`] - (7 * 0.8 ** (i + 1) + 3)) <= 0.1),
    factor: s => free(s) && s.factor === 0.8,
    twelve: s => free(s) && Math.abs(s.twelve - 3.481) < 6e-4,
    ten: (s, p) => free(s) && p.needed === 10,
    one: (s, p) => free(s) && p.needed === 1,
    forty_again: (s, p) => free(s) && p.needed === 40 && s.lr > 0.5,
  },
};
