// Tune the ball: momentum (the "heavy ball") in two valleys, and in one direction alone, with its roots. Python part:
// gdcourse/demos/tune_the_pendulum.py.
import { anatomy } from "../anatomy.js";
import { choice, slider, toggle } from "../controls.js";
import { fmt, near } from "../draw.js";
import { curves } from "../panels/curves.js";
import { landscape } from "../panels/landscape.js";
import { quadratic, valley } from "../problems.js";
import { descend } from "../rules.js";

const KAPPA = 100, STEPS = 750, SWING = 60, ROLL = 80, gutter = valley(20);
const two = s => s.mode === "valley", ball = s => s.mode === "ball", one = s => s.mode === "one";
const rule = s => s.ahead ? "nesterov" : "momentum";

/** Return the roots of z² − (1 + β − ηλ)z + β as points [real part, imaginary part]. step: ηλ. */
function roots(step, beta) {
  const b = 1 + beta - step, d = b * b - 4 * beta, r = Math.sqrt(Math.abs(d));
  return d < 0 ? [[b / 2, r / 2], [b / 2, -r / 2]] : [[(b + r) / 2, 0], [(b - r) / 2, 0]];
}
const rate = (step, beta) => { const b = 1 + beta - step, d = b * b - 4 * beta; return d < 0 ? Math.sqrt(beta) : (Math.abs(b) + Math.sqrt(d)) / 2; };
const worst = (lr, beta) => Math.max(rate(lr, beta), rate(KAPPA * lr, beta));

/** @type {import("../shell.js").Demo} */
export default {
  layout: "map-two",
  panels: ({ set, state }) => ({
    map: landscape({ move: (a, beta) => ball(state()) ? set({ x: a, y: beta }) : set({ [two(state()) ? "lr" : "step"]: Math.max(0, a), beta: Math.min(0.999, Math.max(0, beta)) }), label: "start, or the two settings" }),
    distance: curves(),
    disc: landscape(),
    phase: landscape(),
  }),
  controls: [
    choice("mode", { label: "view", options: [["ball", "the ball"], ["one", "one direction: its roots"], ["valley", "narrow valley, κ = 100"]], also: k => k === "ball" ? { lr: 0.02 } : k === "valley" ? { lr: 0.01 } : {} }),
    slider("step", { label: "rate × curvature, ηλ", min: 0, max: 4, step: 0.01, show: one }),
    slider("lr", { label: "learning rate η", min: 0, max: s => ball(s) ? 0.12 : 0.04, step: s => ball(s) ? 0.002 : 1e-4, show: s => !one(s), marks: s => ball(s) ? [[0.02, "0.02"], [0.1, "0.1"]] : [[2 / 101, "GD's best", "hundred"], [4 / 121, "heavy ball's best", "hundred"]] }),
    slider("beta", { label: "momentum β", min: 0, max: 0.99, step: 0.01, marks: [[0.5, "0.5"], [0.9, "0.9"]] }),
    toggle("ahead", { label: "look ahead (Nesterov)", show: ball }),
  ],
  run: {
    panels: ["map", "distance", "phase"], steps: s => ball(s) ? ROLL : one(s) ? SWING : STEPS,
    parts: (s, p, t) => ball(s) ? anatomy(rule(s), gutter.grad, [s.x, s.y], t, { lr: s.lr, beta: s.beta }) : null,
  },
  compute(s, _, known = () => false) {
    if (ball(s)) {
      const path = descend(rule(s), gutter.grad, [s.x, s.y], ROLL, { lr: s.lr, beta: s.beta }), plain = descend("gd", gutter.grad, [s.x, s.y], ROLL, { lr: s.lr });
      const losses = path.map(gutter.loss), without = plain.map(gutter.loss);
      return {
        path, losses, end: losses[ROLL], none: without[ROLL], past: path.findIndex(w => w[0] * s.x < 0), disc: null, phase: null,
        map: {
          key: "ball", loss: gutter.loss, floor: 0, top: 12, view: [-1.6, 1.6, -1.6, 1.6], star: [0, 0], start: [s.x, s.y], axes: ["x", "y"], scaled: true,
          paths: [{ points: plain, kind: "theory", dots: false, label: "no memory" }, { points: path, kind: rule(s), label: s.ahead ? "Nesterov" : "momentum" }],
        },
        distance: {
          series: [{ y: without, kind: "theory" }, { y: losses, kind: rule(s) }], x: [0, ROLL], y: [1e-10, 100], ylog: true,
          xlabel: "step t", ylabel: "loss; dashed: no memory, β = 0", marks: [{ y: 1e-6, label: "10⁻⁶" }],
        },
        add(mine) { this.map.paths.push({ ...mine, kind: "mine" }); this.distance.series.push({ y: mine.points.map(gutter.loss), kind: "mine", label: mine.label }); },
      };
    }
    const wide = two(s), path = wide ? descend("momentum", valley(KAPPA).grad, [1, 1], STEPS, { lr: s.lr, beta: s.beta })
      : descend("momentum", quadratic(1).grad, [1], SWING, { lr: s.step, beta: s.beta });
    const away = path.map(w => Math.hypot(...w)), first = away.findIndex(d => d <= 1e-6 * away[0]);
    const z = wide ? [...roots(s.lr, s.beta), ...roots(KAPPA * s.lr, s.beta)] : roots(s.step, s.beta);
    const ridge = [], ring = [];
    for (let k = 0; k <= 60; k++) {
      ridge.push([(k / 30.4) ** 2, (1 - k / 30.4) ** 2]);  // the two borders of the region in which the ball swings, β = (1 − √ηλ)²
      ring.push([Math.sqrt(s.beta) * Math.cos(k * Math.PI / 30), Math.sqrt(s.beta) * Math.sin(k * Math.PI / 30)]);
    }
    return {
      path, rate: wide ? worst(s.lr, s.beta) : rate(s.step, s.beta), plain: Math.abs(1 - s.step), needed: first < 0 ? Infinity : first, swings: z[0][1] !== 0, jumps: z[0][0] + z[1][0] < 0,
      map: {
        key: s.mode, loss: wide ? w => worst(w[0], w[1]) ** 2 : w => rate(w[0], w[1]) ** 2, floor: wide ? 0.66 : 0, top: 1.0001, view: wide ? [-0.0018, 0.04, -0.06, 1.02] : [-0.18, 4, -0.06, 1.02],
        start: [wide ? s.lr : s.step, s.beta], axes: [wide ? "η" : "ηλ", "β"], scaled: true, title: "the warmer, the faster", star: wide && known("hundred") ? [4 / 121, 81 / 121] : null,
        paths: wide ? [] : [{ points: ridge, kind: "theory", dots: false }],
      },
      disc: {
        key: "disc", loss: w => w[0] * w[0] + w[1] * w[1], floor: 0, top: 1, view: [-1.9, 1.9, -1.15, 1.15],
        title: "roots: inside, it settles", paths: [{ points: ring, kind: "theory", dots: false }], marks: z.map((at, i) => ({ at, kind: i > 1 ? "nesterov" : "momentum" })),
      },
      phase: wide ? null : {
        key: "phase", loss: w => w[0] * w[0] + 2 * w[1] * w[1], floor: 0, top: 2.4, view: [-1.6, 1.6, -1.1, 1.1], star: [0, 0], axes: ["w", "last move"], scaled: true, title: "phase portrait",
        paths: [{ points: path.map((w, t) => [w[0], t ? w[0] - path[t - 1][0] : 0]), kind: "momentum" }],
      },
      distance: wide ? {
        series: [{ y: away.map((_, t) => away[0] * (99 / 101) ** t), kind: "gd", label: "GD at its best" }, { y: away, kind: "momentum" }],
        x: [0, STEPS], y: [1e-8, 1e3], ylog: true, xlabel: "step t", ylabel: "distance to the minimum", marks: [{ y: 1e-6 * Math.SQRT2, label: "a millionth" }],
      } : null,
      add(mine) { if (this.distance) this.distance.series.push({ y: mine.points.map(w => Math.hypot(...w)), kind: "mine", label: mine.label }); },
    };
  },
  numbers: (s, p) => ball(s) ? [[`loss after ${ROLL} steps`, fmt(p.end, 3)], ["with no memory", fmt(p.none, 3)]] : [["kept of the distance per step, ρ", near(p.rate)],
    two(s) ? ["steps to a millionth", p.needed === Infinity ? `over ${STEPS}` : fmt(p.needed)] : ["plain gradient descent keeps", near(p.plain)], two(s) ? ["gradient descent at its best", "691"] : ["√β", fmt(Math.sqrt(s.beta), 3)]],
  say(s, p) {
    if (ball(s)) return `With β = ${fmt(s.beta)} the loss after ${ROLL} steps is ${fmt(p.end, 3)}; with no memory it would be ${fmt(p.none, 3)}. `
      + (!(p.end < 1e3) ? "The ball flies out of the valley." : p.past < 0 ? "The ball never rolls past the lowest place along the valley." : `Along the valley the ball is past the lowest place after ${p.past} steps.`);
    if (p.rate >= 1) return "A root lies on the unit circle or outside: the path does not settle.";
    const how = p.swings ? `The roots are a pair off the axis: it swings, and keeps √β = ${fmt(p.rate, 4)} of the swing, whatever the step.` : p.rate < 1e-9 ? "Both roots are 0: it arrives in one step." : `The roots are real: it ${p.jumps ? "jumps from side to side" : "creeps"}, and keeps ${fmt(p.rate, 4)} of the distance.`;
    return two(s) ? `The slower of the two directions keeps ${fmt(p.rate, 4)} per step: ${p.needed === Infinity ? `more than ${STEPS}` : p.needed} steps to a millionth.`
      : how + (p.rate < p.plain - 1e-12 ? " Faster than plain gradient descent." : p.rate > p.plain + 1e-12 ? " Slower than plain gradient descent." : "");
  },
  goals: {
    roll: (s, p) => ball(s) && Math.abs(s.lr - 0.02) < 1e-9 && !s.ahead && p.end < 1e-6 && p.end > 0,
    past: (s, p) => ball(s) && Math.abs(s.lr - 0.02) < 1e-9 && !s.ahead && p.end > p.none,
    ahead: (s, p) => ball(s) && Math.abs(s.lr - 0.02) < 1e-9 && s.ahead && s.beta > 0.949 && p.end < p.none / 10,
    beat: (s, p) => one(s) && Math.abs(s.step - 0.1) < 1e-9 && p.rate < 0.9 - 1e-9,
    best: (s, p) => one(s) && Math.abs(s.step - 0.1) < 1e-9 && p.rate < 0.69,
    popular: s => one(s) && Math.abs(s.step - 0.1) < 1e-9 && Math.abs(s.beta - 0.9) < 1e-9,
    hundred: (s, p) => two(s) && p.needed < 100,
  },
};
