// Demo Playground: the rules of the course on any landscape, up to four rules at once. Python part:
// gdcourse/demos/playground.py.
import { anatomy } from "../anatomy.js";
import { choice, slider } from "../controls.js";
import { fmt, html } from "../draw.js";
import { formula } from "../formula.js";
import { select, words } from "../menus.js";
import { curves } from "../panels/curves.js";
import { landscape } from "../panels/landscape.js";
import { bowl, flat, rosenbrock, rotated, valley } from "../problems.js";
import { descend } from "../rules.js";

const NAMES = { gd: "gradient descent", momentum: "momentum", nesterov: "Nesterov", adagrad: "AdaGrad", rmsprop: "RMSProp", adam: "Adam" };
const RUNNERS = [1, 2, 3, 4], GRID = 40, VIEW = [-4, 4, -4, 4];
const surfaces = { bowl, valley: valley(100), turned: rotated([1, 100], 45), banana: rosenbrock, flat };

/** {formula: its lowest and highest value on the map}, so that `span` computes them only once. */
const heights = new Map();
function span(text, loss) {
  if (!heights.has(text)) {
    let lo = Infinity, hi = -Infinity;
    for (let i = 0; i <= GRID; i++) for (let j = 0; j <= GRID; j++) {
      const f = loss([-4 + 8 * i / GRID, -4 + 8 * j / GRID]);
      if (Number.isFinite(f)) { lo = Math.min(lo, f); hi = Math.max(hi, f); }
    }
    heights.set(text, lo < hi ? [lo, hi] : [0, 1]);
  }
  return heights.get(text);
}

/** @param {any} s @returns {any} the landscape that the settings describe: a problem, or {error} */
function surface(s) {
  if (s.landscape !== "formula") return { ...surfaces[s.landscape], top: surfaces[s.landscape].loss(surfaces[s.landscape].view.filter((_, i) => i % 2)) * 0.9 };
  const made = formula(s.formula);
  if (made.error) return made;
  const [floor, top] = span(s.formula, made.loss);
  return { ...made, floor, top, view: VIEW, star: null, axes: ["x", "y"] };
}

const beta = rule => ["momentum", "nesterov", "rmsprop"].includes(rule);
const settings = (s, k) => ({ lr: s["lr" + k], ...(beta(s["rule" + k]) ? { beta: s["beta" + k] } : {}) });
const running = s => RUNNERS.filter(k => s["rule" + k] !== "none");

/** Return a colour for each runner: the colour of its rule or, if another runner has that colour, a free one. */
function kinds(s) {
  /** @type {string[]} */
  const used = [];
  for (const k of running(s)) { const own = s["rule" + k]; used.push(used.includes(own) ? Object.keys(NAMES).find(n => !used.includes(n) && !running(s).some(j => s["rule" + j] === n)) || "theory" : own); }
  return used;
}

/** The button that adds a runner: the first that is not there gets a rule that nobody has. The menu of the new runner gets
 * the focus; the button gets it when the menu that had it is folded away. @type {import("../controls.js").Control} */
const more = set => {
  let state = {}, added = 0;
  const add = html("button", { type: "button", onclick() {
    added = RUNNERS.find(k => state["rule" + k] === "none") || 0;
    set({ ["rule" + added]: Object.keys(NAMES).reverse().find(rule => !running(state).some(k => state["rule" + k] === rule)) });
  } }, "Add a runner"), node = html("div", { class: "control menu" }, add);
  return {
    node,
    update(s) {
      state = s;
      node.hidden = running(s).length === RUNNERS.length;
      if (added) node.parentNode.querySelectorAll("select")[added - 1].focus();
      else if (node.getRootNode().activeElement?.closest(".menu[hidden]")) add.focus();
      added = 0;
    },
  };
};

/** @type {import("../shell.js").Demo} */
export default {
  layout: "map-one keyed stays",
  panels: ({ set, state }) => ({
    map: landscape({ move: (x, y) => set({ x, y }), label: "start of the paths" }),
    loss: curves(),
  }),
  controls: [
    choice("landscape", {
      label: "landscape", options: [["bowl", "bowl"], ["valley", "valley"], ["turned", "turned valley"], ["banana", "banana"], ["flat", "flat floor"], ["formula", "your own"]],
      also: k => k === "formula" ? { x: 3, y: 1.5 } : { x: surfaces[k].start[0], y: surfaces[k].start[1] },
    }),
    words("formula", { label: "height in x and y", show: s => s.landscape === "formula", wrong: text => formula(text).error }),
    ...RUNNERS.flatMap(k => [
      select("rule" + k, { label: `runner ${k}`, options: [...(k > 1 ? [["none", "nobody"]] : []), ...Object.entries(NAMES)], show: s => k < 3 || s["rule" + k] !== "none" }),
      slider("lr" + k, { label: `its learning rate η`, min: 1e-4, max: 10, step: 20, log: true, digits: 3, show: s => s["rule" + k] !== "none", marks: [[0.001, "0.001"], [0.1, "0.1"]] }),
      slider("beta" + k, { label: "its β", min: 0, max: 0.99, step: 0.01, show: s => beta(s["rule" + k]), marks: [[0.9, "0.9"]] }),
    ]),
    more,
    slider("steps", { label: "steps", min: 10, max: 500, step: 10, marks: [[100, "100"]] }),
    choice("who", { label: "arrows for", options: s => running(s).map(k => [k, `runner ${k}`]), show: s => running(s).length > 1 }),
    slider("lr0", { label: "learning rate of your own rule", min: 1e-4, max: 10, step: 20, log: true, digits: 3, show: s => s.own }),
  ],
  run: {
    panels: ["map", "loss"], steps: (s, p) => p.path.length - 1,
    parts(s, p, t) { const k = running(s).includes(s.who) ? s.who : 1; return { who: p.runs.length > 1 ? NAMES[s["rule" + k]] : "", ...anatomy(s["rule" + k], p.grad, [s.x, s.y], t, settings(s, k)) }; },
  },
  compute(s) {
    const p = surface(s), n = Math.min(500, Math.max(1, Math.trunc(s.steps)));
    if (p.error) return { path: [[s.x, s.y]], runs: [], error: p.error, ends: [], map: { key: "none", loss: () => 1, floor: 0, top: 1, view: VIEW, paths: [], start: [s.x, s.y], axes: ["x", "y"], scaled: true }, loss: { series: [{ y: [] }], x: [0, n], y: [0, 1], xlabel: "step t", ylabel: "loss" } };
    const looks = kinds(s), runs = running(s).map((k, i) => {
      const path = descend(s["rule" + k], p.grad, [s.x, s.y], n, settings(s, k));
      return { k, kind: looks[i], label: `${k} ${NAMES[s["rule" + k]]}`, path, losses: path.map(p.loss) };
    });
    // the axis of losses goes from the loss at the start to the lowest loss of all runners; for the reader's own
    // formula it is linear, because the loss may be negative
    const own = s.landscape === "formula", low = Math.min(...runs.map(r => Math.min(...r.losses.filter(Number.isFinite)))), first = runs[0].losses[0], straight = own || !(first > 0);
    const room = 0.08 * Math.max(1e-9, first - low), range = straight ? [low - room, Math.max(first, low + 1e-9) + room] : [1e-8, Math.max(1, first) * 10];
    return {
      path: runs[0].path, runs, grad: p.grad, error: "", ends: runs.map(r => ({ ...r, end: r.path[n], value: r.losses[n] })),
      map: { key: own ? s.formula : s.landscape, loss: p.loss, floor: p.floor, top: p.top, view: p.view, star: p.star, start: [s.x, s.y], axes: p.axes, scaled: true, paths: runs.map(r => ({ points: r.path, kind: r.kind, label: r.label })) },
      loss: { series: runs.map(r => ({ y: straight ? r.losses : r.losses.map(v => Math.max(v, 1e-30)), kind: r.kind, label: String(r.k) })), x: [0, n], y: range, ylog: !straight, xlabel: "step t", ylabel: "loss" },
      add(mine) { this.map.paths.push({ ...mine, kind: "mine" }); this.loss.series.push({ y: mine.points.map(p.loss), kind: "mine", label: mine.label }); },
    };
  },
  numbers: (s, p) => p.ends.map(r => [`${r.label}, loss at the end`, fmt(r.value, 3)]),
  say(s, p) {
    if (p.error) return p.error;
    const best = p.ends.reduce((a, b) => b.value < a.value ? b : a), lost = p.ends.filter(r => !Number.isFinite(r.value) || r.value > 1e6 * Math.abs(r.losses[0]) + 1e6);
    return (s.message ? `${s.message} ` : "") + (p.ends.length > 1 ? `After ${p.path.length - 1} steps runner ${best.label} is lowest, with ${fmt(best.value, 3)}.` : `After ${p.path.length - 1} steps the loss is ${fmt(best.value, 3)}.`)
      + (lost.length ? ` Gone for good: ${lost.map(r => r.label).join(", ")}. A smaller η would stay.` : "");
  },
  goals: {
    banana: (s, p) => s.landscape === "banana" && p.path.length <= 201 && p.ends.some(r => r.value < 1e-3),
    turned: (s, p) => s.landscape === "turned" && ["momentum", "adam"].every(rule => p.ends.some(r => s["rule" + r.k] === rule)) && p.ends.reduce((a, b) => b.value < a.value ? b : a).value < 1e-6,
    valleys: (s, p) => s.landscape === "formula" && p.ends.length > 1 && p.ends.every(r => Number.isFinite(r.value) && Math.hypot(...p.grad(r.end)) < 0.05)
      && p.ends.some(a => p.ends.some(b => Math.hypot(a.end[0] - b.end[0], a.end[1] - b.end[1]) > 0.5)),
  },
  python(s, p) {
    const names = [...new Set(running(s).map(k => s["rule" + k]))];
    const problem = { bowl: "problems.bowl", valley: "problems.valley(100)", turned: "problems.rotated([1.0, 100.0], 45)", banana: "problems.rosenbrock", flat: "flat" }[s.landscape] || `formula(${JSON.stringify(s.formula)})`;
    return `from gdcourse import ${["descend", ...names, "plotting", "problems"].join(", ")}\n`
      + (s.landscape === "formula" ? "from gdcourse.demos.formula import formula\n" : s.landscape === "flat" ? "from gdcourse.demos.race import flat\n" : "")
      + `\nland = ${problem}\npaths = {\n`
      + running(s).map(k => `    "${k} ${NAMES[s["rule" + k]]}": descend(${s["rule" + k]}, land.grad, [${s.x}, ${s.y}], ${Math.trunc(s.steps)}, ${Object.entries(settings(s, k)).map(([n, v]) => `${n}=${v}`).join(", ")}),\n`).join("")
      + `}\npath = next(iter(paths.values()))\nplotting.contour(land, paths)\n`;
  },
};
