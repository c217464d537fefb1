// Demo Race: six methods, with rates that were tuned in the same way. gdcourse/demos/race.py sends the starts, the
// finish (as a share of the first loss) and the rates.
import { anatomy } from "../anatomy.js";
import { button, choice } from "../controls.js";
import { fmt } from "../draw.js";
import { normals } from "../noise.js";
import { curves } from "../panels/curves.js";
import { landscape } from "../panels/landscape.js";
import { flat, rosenbrock, rotated, valley, bowl } from "../problems.js";
import { descend } from "../rules.js";

const STEPS = 300;
const NAMES = { gd: "gradient descent", momentum: "momentum", nesterov: "Nesterov", adagrad: "AdaGrad", rmsprop: "RMSProp", adam: "Adam" };
const wide = { view: [-1.6, 1.6, -1.6, 1.6] };
/** @type {Record<string, any>} */
const surfaces = { bowl: { ...bowl, view: [-5.6, 5.6, -5.6, 5.6] }, valley: { ...valley(100), ...wide }, turned: { ...rotated([1, 100], 45), ...wide }, banana: { ...rosenbrock, view: [-2, 2, -1.3, 2.7] }, flat, noisy: { ...valley(20), ...wide } };
const TOPS = { bowl: 75, valley: 100, turned: 100, banana: 400, flat: 60, noisy: 26 };

/** @type {Record<string, any>} */
const runs = {};

/** Return the gradient, with noise if the landscape has some. Each method gets the same noise. */
function slopes({ grad }, noise) {
  const bell = normals(1);
  return noise ? w => grad(w).map(g => g + noise * bell()) : grad;
}

/** Return the descents of all six methods on one landscape. They are computed only once. */
function race(name, { start, share, noise, rates }) {
  return runs[name] ??= Object.entries(rates).map(([method, lr]) => {
    const p = surfaces[name], path = descend(method, slopes(p, noise), start, STEPS, { lr });
    const losses = path.map(w => p.loss(w) / p.loss(start));
    let needed = STEPS + 1;
    while (needed && losses[needed - 1] <= share) needed--;
    if (needed === STEPS + 1 && losses[STEPS] > share) needed = Infinity;
    return { method, lr, path, losses, needed };
  });
}

/** @type {import("../shell.js").Demo} */
export default {
  layout: "map-one keyed",
  panels: () => ({ map: landscape(), loss: curves() }),
  controls: [
    choice("pick", { label: "who wins?", options: Object.entries(NAMES), show: s => !s.step }),
    button(s => s.pick === "nobody" ? "Start, once you have chosen" : "Start", { primary: true, look: true, show: s => !s.step, press: (s, set) => s.pick === "nobody" ? set({}) : set.play("step", STEPS) }),
    choice("landscape", {
      label: "landscape", options: [["bowl", "bowl"], ["valley", "valley"], ["turned", "turned valley"], ["banana", "banana"], ["flat", "flat floor"], ["noisy", "noisy valley"]],
      also: () => ({ pick: "nobody", step: 0 }),
    }),
  ],
  run: {
    panels: ["map", "loss"], at: "step", steps: s => s.pick === "nobody" ? 0 : STEPS,
    parts(s, p, t) { const r = p.all.find(r => r.method === s.pick) || p.winner; return { who: NAMES[r.method], ...anatomy(r.method, slopes(surfaces[s.landscape], p.noise), r.path[0], t, { lr: r.lr }) }; },
  },
  compute(s, data) {
    const p = surfaces[s.landscape], { start, share, noise } = data[s.landscape], all = race(s.landscape, data[s.landscape]), n = Math.min(STEPS, Math.max(0, s.step)) + 1;
    const first = all.reduce((a, b) => b.needed < a.needed ? b : a);
    return {
      path: Array.from({ length: n }, (_, t) => all.map(r => r.path[t])), all, noise, winner: first, over: n > STEPS,
      map: {
        key: s.landscape, loss: p.loss, floor: 0, top: TOPS[s.landscape], view: p.view, star: p.star,
        marks: n > 1 ? [] : [{ at: start, kind: "start" }], paths: all.map(r => ({ points: r.path.slice(0, n), kind: r.method, label: NAMES[r.method] })),
      },
      loss: {
        series: all.map(r => ({ y: r.losses.slice(0, n).map(v => Math.max(v, 1e-30)), kind: r.method })), x: [0, STEPS], y: [1e-9, 10], ylog: true,
        xlabel: "step t", ylabel: "loss, as a share of the first", marks: [{ y: share, label: "the line", end: true }],
      },
      add(mine) { this.map.paths.push({ ...mine, kind: "mine" }); this.loss.series.push({ y: mine.points.map(w => p.loss(w) / p.loss(start)), kind: "mine", label: mine.label }); },
    };
  },
  numbers: (s, p) => p.over ? [["winner", NAMES[p.winner.method]], ["steps", fmt(p.winner.needed)], ["your pick", NAMES[s.pick] || "nobody"],
    ...(s.pick !== p.winner.method && NAMES[s.pick] ? [["its steps", (n => n === Infinity ? `over ${STEPS}` : fmt(n))(p.all.find(r => r.method === s.pick).needed)]] : [])]
    : [["your pick", NAMES[s.pick] || "nobody yet"], ["step", fmt(s.step)]],
  say: (s, p) => p.over ? `${NAMES[p.winner.method]} wins with ${p.winner.needed} steps. The others: ` + p.all.filter(r => r !== p.winner).map(r => `${NAMES[r.method]} ${r.needed === Infinity ? `not in ${STEPS}` : r.needed}`).join(", ") + "."
    : s.step ? `Step ${s.step}.` : s.pick === "nobody" ? "Choose who will win, then start." : `You say ${NAMES[s.pick]}.`,
  goals: Object.fromEntries(Object.keys(surfaces).map(k => [k, (s, p) => s.landscape === k && p.over && s.pick === p.winner.method])),
};
