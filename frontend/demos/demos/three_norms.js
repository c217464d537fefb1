// Demo Three norms: the unit ball on a tilted plane, and the step to the point where the ball touches the lowest level
// line. Python part: gdcourse/demos/three_norms.py.
import { choice, slider } from "../controls.js";
import { fmt } from "../draw.js";
import { curves } from "../panels/curves.js";
import { landscape } from "../panels/landscape.js";

const { abs, round, sign } = Math, twelve = v => round(v * 1e12) / 1e12;
const CORNERS = { inf: [[1, 1], [-1, 1], [-1, -1], [1, -1]], spectral: [[1, 0], [0, 1], [-1, 0], [0, -1]] };
const at = degrees => [Math.cos(degrees * Math.PI / 180), Math.sin(degrees * Math.PI / 180)];
// half degrees, because in directions such as 0 or 45 degrees all points of an edge are equally good
const halves = Array.from({ length: 360 }, (_, k) => k + 0.5);
const circle = Array.from({ length: 181 }, (_, k) => at(2 * k));

function steepest(norm, angle) {
  const down = at(angle).map(twelve), [x, y] = down, plus = sign(twelve(x + y)), minus = sign(twelve(x - y));
  const step = { 2: down, inf: down.map(sign), spectral: [(plus + minus) / 2, (plus - minus) / 2] }[norm];
  const fall = x * step[0] + y * step[1], apart = abs(Math.atan2(x * step[1] - y * step[0], fall)) * 180 / Math.PI;
  return { down, step, fall, apart, singular: [abs(x + y), abs(x - y)] };
}

/** @type {import("../shell.js").Demo} */
export default {
  layout: "map-one keyed",
  panels: ({ set }) => ({
    map: landscape({ label: "direction straight down", move: (x, y) => set({ angle: (round(Math.atan2(y, x) * 180 / Math.PI) + 360) % 360 }) }),
    turn: curves(),
  }),
  controls: [
    choice("norm", { label: "short means", options: [["2", "circle: √(x² + y²) ≤ 1"], ["inf", "square: |x|, |y| ≤ 1"], ["spectral", "diamond: singular values ≤ 1"]] }),
    slider("angle", { label: "direction of −g, degrees", min: 0, max: 360, step: 1, marks: [[90, "90°"], [180, "180°"], [270, "270°"]] }),
  ],
  compute({ norm, angle }) {
    const s = steepest(norm, angle), ring = norm === "2" ? circle : [...CORNERS[norm], CORNERS[norm][0]], tip = s.down.map(v => 1.4 * v);
    const slope = 1.7 * (abs(s.down[0]) + abs(s.down[1]));
    return {
      ...s, path: [[0, 0], s.step], right: s.step[0], up: s.step[1], high: fmt(Math.max(...s.singular), 3), low: fmt(Math.min(...s.singular), 3),
      map: {
        key: s.down.join(), loss: w => (slope - s.down[0] * w[0] - s.down[1] * w[1]) ** 2, floor: 0, top: 4 * slope * slope, view: [-1.7, 1.7, -1.7, 1.7],
        start: tip, axes: ["x", "y"], scaled: true, marks: [{ at: [0, 0], kind: "start" }],
        paths: [{ points: ring, kind: "theory", dots: false }, { points: [[0, 0], tip], kind: "momentum", dots: false, label: "straight down, −g" },
          { points: [[0, 0], s.step], label: "steepest step" }],
      },
      turn: {
        series: [{ x: halves, y: halves.map(k => steepest(norm, k).apart), kind: "theory" }, { y: [s.apart], x: [angle], dots: true }],
        x: [0, 360], y: [-3, 60], xlabel: "direction of −g, degrees", ylabel: "degrees between the step and −g", marks: [{ x: angle, kind: "gd" }],
      },
    };
  },
  numbers: (s, p) => [["step", `(${fmt(p.step[0], 3)}, ${fmt(p.step[1], 3)})`], ["away from −g", fmt(p.apart, 3) + "°"],
    s.norm === "spectral" ? ["singular values", `${p.high}, ${p.low}`] : ["fall", fmt(p.fall, 3)]],
  goals: {
    agree: (s, p) => s.norm === "inf" && p.apart < 0.5,
    stay: (s, p) => s.norm === "inf" && p.apart > 43.5,
    twin: (s, p) => s.norm === "spectral" && p.singular.every(v => abs(v - 1) < 0.005),
    edge: (s, p) => s.norm === "spectral" && Math.min(...p.singular) < 0.005,
    circle: s => s.norm === "2" && abs(s.angle - 200) < 0.5,
  },
};
