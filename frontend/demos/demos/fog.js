// Demo Fog: the slope in the direction that the reader chooses. Python part: gdcourse/demos/fog.py. steepest.js adds
// the choice of a norm.
import { slider, toggle } from "../controls.js";
import { fmt } from "../draw.js";
import { curves } from "../panels/curves.js";
import { landscape } from "../panels/landscape.js";
import { bowl } from "../problems.js";

const HERE = [3, 4], REACH = 1.6;
const SIZE = { 2: Math.hypot, inf: (x, y) => Math.max(Math.abs(x), Math.abs(y)), 1: (x, y) => Math.abs(x) + Math.abs(y) };

function unit(degrees, norm = "2") {
  const c = Math.cos(degrees * Math.PI / 180), s = Math.sin(degrees * Math.PI / 180), n = SIZE[norm](c, s);
  return [c / n, s / n];
}

/** Add an angle to the angles measured so far, which are stored as text. The demo draws a dot for each; together they show a wave.
 * @param {number} angle @param {string} measured */
const add = (angle, measured) => [...new Set([...measured.split(" ").filter(Boolean), String(angle)])].slice(-200).join(" ");

/** @type {import("../shell.js").Demo} */
export default {
  layout: "map-one",
  panels: ({ set, state }) => ({
    map: landscape({
      label: "direction of the step",
      move(x, y) { const angle = (Math.round(Math.atan2(y - HERE[1], x - HERE[0]) * 180 / Math.PI) + 360) % 360; set({ angle, measured: add(angle, state().measured) }); },
    }),
    round: curves(),
  }),
  controls: [
    slider("angle", { label: "direction, degrees", min: 0, max: 360, step: 1, also: (angle, s) => ({ measured: add(angle, s.measured) }), marks: [[90, "90°"], [180, "180°"], [270, "270°"]] }),
    toggle("lifted", { label: "lift the fog" }),
  ],
  compute(s) {
    const g = bowl.grad(HERE), u = unit(s.angle, s.norm), at = v => HERE.map((h, i) => h + REACH * v[i]);
    const ring = Array.from({ length: 361 }, (_, k) => unit(k, s.norm)), slopes = ring.map(v => g[0] * v[0] + g[1] * v[1]);
    const slope = g[0] * u[0] + g[1] * u[1], felt = s.measured.split(" ").filter(Boolean).map(Number);
    return {
      path: [HERE, HERE.map((h, i) => h + u[i])], step: u, slope,
      map: {
        key: "bowl", loss: bowl.loss, floor: 0, top: 110, view: [0, 6, 1, 7], fog: !s.lifted, start: at(u), axes: bowl.axes,
        paths: [{ points: ring.map(at), kind: "theory", dots: false }, { points: [HERE, at(u)], dots: false }], marks: [{ at: HERE, kind: "start" }],
      },
      round: {
        series: [...(s.lifted ? [{ y: slopes, kind: "theory" }] : []), { x: felt, y: felt.map(k => { const v = unit(k, s.norm); return g[0] * v[0] + g[1] * v[1]; }), kind: "cloud", dots: true }, { y: [slope], x: [s.angle], dots: true }], x: [0, 360], y: [-25, 25],
        xlabel: "direction, degrees", ylabel: "slope of a step of length 1", marks: [{ y: 0 }, { x: s.angle, kind: "gd" }],
      },
    };
  },
  numbers: (s, p) => [["slope", p.slope.toFixed(3).replace("-", "−")], ["step", `(${p.step.map(v => fmt(+v.toFixed(9), 3)).join(", ")})`], ["direction", fmt(s.angle) + "°"]],
  say: (s, p) => `At ${fmt(s.angle)} degrees a step of length 1 ${Math.abs(p.slope) < 0.2 ? "stays nearly level" : p.slope > 0 ? "climbs" : "falls"}, with slope ${fmt(p.slope, 4)}.`,
  goals: {
    steepest: (s, p) => p.slope > 17.08,
    level: (s, p) => Math.abs(p.slope) < 0.2,
    down: (s, p) => p.slope < -17.08,
  },
};
