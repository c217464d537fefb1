// Named values as dots on a line, with a band. For the multipliers of a run the band goes from −1 to 1: in it, the
// distance from the minimum shrinks at each step.
import { fmt, scale, svg, ticks } from "../draw.js";

/** @typedef {{values: {label: string, value: number, kind?: string}[], range: number[], band?: number[], xlabel?: string, marks?: [number, string][]}} Dots */

export function dots() {
  const node = svg("svg", { class: "dotline", "aria-hidden": "true" });
  let w = 0, h = 0;
  /** @type {any} */
  let last = null;
  return {
    node,
    /** @param {Dots} p */
    update(p) {
      last = p;
      if (!w) return;
      const left = p.values.some(v => v.label.length > 5) ? 82 : 38, right = w - 10, foot = h - 30, x = scale(p.range[0], p.range[1], left, right), top = 20;
      const row = (foot - top) / p.values.length;
      node.replaceChildren();
      if (p.band) node.append(svg("rect", { class: "band", x: x(p.band[0]), y: top - 4, width: x(p.band[1]) - x(p.band[0]), height: foot - top + 4, rx: 3 }));
      node.append(svg("text", { class: "name", x: 0, y: 10 }, p.xlabel || ""));
      for (const [v, text] of ticks(x, 5)) node.append(svg("path", { class: v ? "grid" : "base", d: `M${x(v)} ${top - 4}V${foot}` }), svg("text", { x: x(v), y: foot + 15, "text-anchor": "middle" }, text));
      const far = Math.max(...p.values.map(v => Math.abs(v.value)));
      p.values.forEach((v, i) => {
        const cy = top + row * (i + 0.5) - 2, at = Math.min(right + 6, Math.max(left - 6, x(v.value))), out = !(Math.abs(v.value) <= Math.max(-p.range[0], p.range[1]));
        node.append(svg("path", { class: "stem " + (v.kind || ""), d: `M${x(0)} ${cy}H${at}` }),
          out ? svg("path", { class: "exit", d: v.value < 0 ? `M${left - 8} ${cy}l9 -5v10z` : `M${right + 8} ${cy}l-9 -5v10z` })
            : svg("circle", { class: "dot " + (v.kind || ""), cx: at, cy, r: row < 14 ? 4 : 5.5 }),
          ...(row < 14 && i && i < p.values.length - 1 ? [] : [svg("text", { x: 0, y: cy + 4 }, v.label)]),
          ...(row < 14 && Math.abs(v.value) < far ? [] : [svg("text", { class: "value", x: at + (v.value < 0 ? -10 : 10), y: cy + (row < 14 ? 14 : -8), "text-anchor": at < left + 40 ? "start" : at > right - 40 ? "end" : "middle" }, fmt(v.value, 3))]));
      });
    },
    /** @param {number} width @param {number} height */
    resize(width, height) {
      w = width; h = height;
      node.setAttribute("viewBox", `0 0 ${w} ${h}`);
      if (last) this.update(last);
    },
    restyle() {},
    end() {},
  };
}
