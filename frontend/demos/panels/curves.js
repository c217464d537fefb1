// Curves over the steps or over another quantity, with linear or logarithmic axes, predicted lines, a marker where a
// curve leaves the panel, and a handle.
import { cut, html, line, scale, svg, tenth, ticks } from "../draw.js";
import { handle as grip, tap } from "../handle.js";

/** A series whose x falls is drawn from the right to the left.
 * @typedef {{y: number[], x?: number[], kind?: string, label?: string, dots?: boolean}} Series */
/** A mark is a line at an x or a y; its label stands at the left, or at the end.
 * @typedef {{series: Series[], x: number[], y: number[], xlog?: boolean, ylog?: boolean, xlabel?: string, ylabel?: string,
 *   marks?: {x?: number, y?: number, label?: string, kind?: string, end?: boolean}[], handle?: {x: number, y: number, say: string}}} Curves */

/** @param {{move?: (x: number, way?: number) => any, label?: string}} [options] move: called with the new x while the handle
 * is dragged. After key presses it is called with the old x and the number of presses, and returns the new x. */
export function curves({ move, label = "" } = {}) {
  const axes = svg("g", { class: "axes" }), marks = svg("g"), lines = svg("g");
  const drawing = svg("svg", { class: "curves", "aria-hidden": "true" });
  const to = px => move?.(x.invert(px));
  const handle = move && grip(label, {
    at: () => [x(last.handle.x), 0], to,
    // set the handle's place at once, because the next key press may come before the next frame
    step: (dx, dy) => { last.handle.x = move(last.handle.x, dx + dy) ?? last.handle.x; },
  });
  const node = handle ? html("div", { class: "graph" }, drawing, handle) : drawing;
  const id = "c" + Math.random().toString(36).slice(2), clip = svg("rect");
  const inner = svg("g", { "clip-path": `url(#${id})` }, marks, lines), labels = svg("g", { class: "labels" });
  drawing.append(svg("clipPath", { id }, clip), axes, inner, labels);
  let w = 0, h = 0, framed = "", x = scale(0, 1, 0, 1), y = x;
  /** @type {any} */
  let last = null;

  if (handle) { node.classList.add("taps"); tap(node, handle, to); }

  function frame(p) {
    const key = [p.x, p.y, p.xlog, p.ylog, p.xlabel, p.ylabel, w, h].join();
    if (key === framed) return;
    framed = key;
    const left = 38, right = w - 10, top = 22, foot = h - 30;
    x = scale(p.x[0], p.x[1], left, right, p.xlog); y = scale(p.y[0], p.y[1], foot, top, p.ylog);
    Object.entries({ x: left - 5, y: top - 3, width: right - left + 10, height: foot - top + 6 }).forEach(([k, v]) => clip.setAttribute(k, v));
    axes.replaceChildren();
    for (const [v, text] of ticks(y, 4)) {
      axes.append(svg("path", { class: "grid", d: `M${left} ${y(v)}H${right}` }),
        svg("text", { x: left - (p.knobs ? 14 : 6), y: y(v) + 4, "text-anchor": "end" }, text));
    }
    for (const [v, text] of ticks(x, w < 330 ? 4 : 6)) {
      axes.append(svg("text", { x: x(v), y: foot + 15, "text-anchor": x(v) > w - 24 ? "end" : "middle" }, text));
    }
    axes.append(svg("path", { class: "base", d: `M${left} ${foot}H${right}` }),
      svg("text", { class: "name", x: right, y: h - 2, "text-anchor": "end" }, p.xlabel || ""),
      svg("text", { class: "name", x: 0, y: 11 }, p.ylabel || ""));
  }

  return {
    node,
    /** @param {Curves} p @param {number} [moment] draw runs only up to this step */
    update(p, moment = Infinity) {
      last = p;
      if (!w) return;
      frame(p);
      const [foot, top] = [h - 30, 22];
      marks.replaceChildren(); labels.replaceChildren();
      /** @type {number[][]} the boxes of the labels so far; a label that would lie on one of them moves below or above its line */
      const taken = [];
      const write = (text, a, b, anchor, kind) => {
        const width = 6.8 * text.length, left = anchor === "end" ? a - width : a;
        const free = [0, 22, -14].map(d => b + d).find(v => v > top && v < foot && !taken.some(([l, r, u]) => left < r && left + width > l && Math.abs(u - v) < 13)) ?? b;
        taken.push([left, left + width, free]);
        labels.append(svg("text", { ...(kind && { class: kind }), x: a, y: free, "text-anchor": anchor }, text));
      };
      for (const m of p.marks || []) {
        const at = m.x === undefined ? `M38 ${y(/** @type {number} */ (m.y))}H${w - 10}` : `M${x(m.x)} ${top}V${foot}`;
        marks.append(svg("path", { class: "mark " + (m.kind || ""), d: at }));
        if (m.label) m.x === undefined ? write(m.label, m.end ? w - 12 : 42, y(/** @type {number} */ (m.y)) - 5, m.end ? "end" : "start") : write(m.label, x(m.x) + 4, top + 8, "start");
      }
      while (lines.childNodes.length < p.series.length) lines.append(svg("g", {}, svg("path", { class: "line" }), svg("path", { class: "dots" }), svg("path", { class: "exit" }), svg("path", { class: "now" })));
      while (lines.childNodes.length > p.series.length) lines.lastChild.remove();
      p.series.forEach((s, k) => {
        const g = lines.childNodes[k];
        const runs = moment < Infinity && !["theory", "cloud", "faint"].includes(s.kind || ""), xs = s.x;
        let at = s.y.map((v, i) => /** @type {[number, number]} */ ([x(xs ? xs[i] : i), Number.isFinite(v) ? Math.min(h + 40, y(v)) : NaN]));
        if (runs) at = /** @type {[number, number][]} */ (cut(at, xs && xs[0] <= xs[xs.length - 1] ? xs.filter(v => v <= moment).length - 1 : moment));
        g.setAttribute("class", `path ${s.kind || "gd"}${at.length === 1 ? " lone" : ""}`);
        g.childNodes[0].setAttribute("d", line(at, w, h));
        g.childNodes[1].setAttribute("d", s.dots ? at.filter(q => q[1] > -9 && q[1] < h + 9).map(q => `M${tenth(q[0])} ${tenth(q[1])}h0`).join("") : "");
        const now = at[at.length - 1]; // the current point of the run
        g.childNodes[3].setAttribute("d", runs && now?.[1] > -9 && now[1] < h + 9 ? `M${tenth(now[0])} ${tenth(now[1])}h0` : "");
        // mark the place where a curve leaves the panel at the top
        const out = at.findIndex(q => !(q[1] >= top - 3)), before = at[out - 1];
        g.childNodes[2].setAttribute("d", out > 0 && !(at[at.length - 1][1] >= top) && before ? `M${before[0] - 5} ${top + 8}l5 -9l5 9z` : "");
        if (s.label) {
          const end = [...at].reverse().find(q => q[1] > top && q[1] < foot) || at[0];
          const early = end[0] < 38 + 7 * s.label.length; // the label has no room to the left of the curve's end
          write(s.label, Math.min(end[0], w - 12) + (early ? 8 : 0), Math.max(top + 8, Math.min(foot - 6, end[1] - 7)), early ? "start" : "end", s.kind || "gd");
        }
      });
      if (handle) handle.hidden = !p.handle;
      if (handle && p.handle) {
        handle.place(x(p.handle.x), y(p.handle.y), w, y(p.handle.y) < 50);
        const at = v => p.xlog ? Math.log10(v) : v; // a number like 1e-16 is no valid value of these attributes
        for (const [k, v] of [["now", at(p.handle.x)], ["min", at(p.x[0])], ["max", at(p.x[1])], ["text", p.handle.say]]) handle.setAttribute("aria-value" + k, v);
      }
    },
    /** @param {number} width @param {number} height */
    resize(width, height) {
      w = width; h = height;
      drawing.setAttribute("viewBox", `0 0 ${w} ${h}`);
      if (last) this.update(last);
    },
    restyle() {},
    end() {},
  };
}
