// Clinic: the reader finds out what is wrong with six stored runs, by tests that cost something. Python part:
// gdcourse/demos/clinic.py.
import { button, choice } from "../controls.js";
import { fmt } from "../draw.js";
import { heading } from "../menus.js";
import { curves } from "../panels/curves.js";

const NAMES = [..."ABCDEF"], TRUTH = "514302", BUDGET = 12;
const ILLNESSES = ["rate too high", "rate too low", "columns not scaled", "shuffled labels", "overfitting", "dead units"];
/** The letter of a test, its name, and what shows its result: a panel, or the sentence.
 * @type {[string, string, string][]} */
const TESTS = [["v", "validation loss", "log"], ["l", "a tenth of the rate", "log"], ["r", "range test", "range"], ["s", "spreads of the columns", "says"], ["g", "gradient and units", "says"]];
const GRID = Array.from({ length: 34 }, (_, k) => 10 ** (-7 + 8 * 3 * k / 99));
const list = s => s.ordered.split(" ").filter(Boolean), has = (s, test) => list(s).includes(s.patient + test);

/** @type {import("../shell.js").Demo} */
export default {
  layout: "two",
  panels: () => ({ log: curves(), range: curves() }),
  controls: [
    choice("patient", { label: "patient", options: NAMES.map(n => [n, n]) }),
    heading("order a test of this patient"),
    ...TESTS.map(([test, name, look]) => button(s => has(s, test) ? `✓ ${name}` : name, { look, press: s => has(s, test) ? undefined : { ordered: [...list(s), s.patient + test].join(" ") } })),
    heading("your diagnosis"),
    ...ILLNESSES.map((name, k) => button(s => s.answers[NAMES.indexOf(s.patient)] === String(k) ? `● ${name}` : name, {
      primary: s => s.answers[NAMES.indexOf(s.patient)] === String(k),
      press: s => ({ answers: [...s.answers].map((a, i) => NAMES[i] === s.patient ? String(k) : a).join("") }),
    })),
  ],
  compute(s, { patients }) {
    const k = NAMES.indexOf(s.patient), p = patients[k], given = [...s.answers].filter(a => a !== "-").length;
    const right = [...s.answers].filter((a, i) => a === TRUTH[i]).length;
    const high = Math.max(...p.train) > 5 ? 40 : 6;
    return {
      path: p.train, tests: list(s).length, given, right, p,
      log: {
        series: [{ y: p.train, kind: "gd", dots: true, label: "training" }, ...(has(s, "v") ? [{ y: p.v, kind: "momentum", label: "validation" }] : []), ...(has(s, "l") ? [{ y: p.l, kind: "adam", label: "a tenth of the rate" }] : [])],
        x: [0, 20], y: [0.008, high], ylog: true, xlabel: "look at the log", ylabel: `losses of patient ${s.patient}, rate ${fmt(p.lr)}`, marks: [{ y: Math.LN10, label: "a guess: ln 10" }],
      },
      range: has(s, "r") ? {
        series: [{ x: GRID.slice(0, p.r.length), y: p.r, kind: "gd" }], x: [1e-7, 10], xlog: true, y: [0.5, high], ylog: true, xlabel: "learning rate η", ylabel: "loss in the range test",
        marks: [{ x: p.lr, label: "its rate" }],
      } : { series: [], x: [1e-7, 10], xlog: true, y: [0.5, 6], ylog: true, xlabel: "learning rate η", ylabel: "range test: not ordered", marks: [] },
      add() {},
    };
  },
  numbers: (_, p) => [["tests ordered", `${p.tests} of ${BUDGET}`], ["diagnoses", `${p.given} of 6`], ["right", p.given === 6 ? `${p.right} of 6` : "after all six"]],
  say(s, { p, tests }) {
    const low = Math.min(...p.train), end = p.train[20];
    return `Patient ${s.patient}: the training loss begins at ${fmt(p.train[0], 3)} and ends at ${fmt(end, 3)}, its lowest is ${fmt(low, 3)}.`
      + (has(s, "v") ? ` Validation: lowest ${fmt(Math.min(...p.v), 3)}, at the end ${fmt(p.v[20], 3)}.` : "")
      + (has(s, "l") ? ` At a tenth of the rate it ends at ${fmt(p.l[20], 3)}.` : "")
      + (has(s, "s") ? ` The spread of a wide column is ${fmt(p.s)} times that of a narrow one.` : "")
      + (has(s, "g") ? ` The gradient agrees with differences; ${p.g[0]} of 64 units are alive, and the gradient of the first layer has the length ${fmt(p.g[1], 2)}.` : "")
      + (tests > BUDGET ? " The budget of 12 tests is spent: Reset begins again." : "");
  },
  goals: {
    first: (_, p) => p.tests > 0 && p.given > 0,
    four: (_, p) => p.given === 6 && p.right >= 4,
    six: (_, p) => p.given === 6 && p.right === 6 && p.tests <= BUDGET,
    thrifty: (_, p) => p.given === 6 && p.right === 6 && p.tests <= 5,
  },
};
