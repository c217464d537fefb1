// A curve with several handles. The reader moves each handle up and down, by mouse, touch or keys.
import { html, scale } from "../draw.js";
import { handle as grip } from "../handle.js";
import { curves } from "./curves.js";

/** @typedef {import("./curves.js").Curves & {knobs: {x: number, y: number, say: string, fixed?: boolean}[]}} Knobs a fixed one is no handle */

/** @param {number} count @param {{move: (i: number, y: number) => void, label: (i: number) => string, step: number}} options
 * move: called with the number of a handle and its new height, which is a multiple of `step` within the axis. */
export function knobs(count, { move, label, step }) {
  const inner = curves();
  /** @type {any} */
  let last = null;
  let w = 0, h = 0;
  const up = () => scale(last.y[0], last.y[1], h - 30, 22); // the same axes as in curves()
  const put = (i, y) => move(i, last.knobs[i].y = +(Math.round(Math.min(last.y[1], Math.max(last.y[0], y)) / step) * step).toPrecision(12));
  const handles = Array.from({ length: count }, (_, i) => {
    const knob = grip(label(i), {
      ask: i === 1, at: () => [0, up()(last.knobs[i].y)], to: (_, py) => put(i, up().invert(py)),
      step: (dx, dy) => put(i, last.knobs[i].y + (dx + dy) * step),
    });
    knob.setAttribute("aria-orientation", "vertical");
    knob.addEventListener("keydown", e => {
      const to = ({ Home: last.y[0], End: last.y[1] })[e.key];
      if (to !== undefined) { e.preventDefault(); put(i, to); }
    });
    return knob;
  });
  const node = html("div", { class: "graph" }, inner.node, ...handles);

  return {
    ...inner,
    node,
    /** @param {Knobs} p */
    update(p) {
      last = p;
      inner.update(p);
      if (!w) return;
      const x = scale(p.x[0], p.x[1], 38, w - 10), y = up();
      p.knobs.forEach((k, i) => {
        handles[i].place(x(k.x), y(k.y), w);
        for (const [name, v] of [["now", k.y], ["min", p.y[0]], ["max", p.y[1]], ["text", k.say]]) handles[i].setAttribute("aria-value" + name, v);
        handles[i].hidden = !!k.fixed;
      });
    },
    /** @param {number} width @param {number} height */
    resize(width, height) {
      w = width; h = height;
      inner.resize(w, h);
      if (last) this.update(last);
    },
  };
}
