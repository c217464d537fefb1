// A loss over one weight: the curve, the points of the path, the slope at the current point, and a marker that the reader places.
import { cut, fmt, html, line as draw, scale, svg, ticks } from "../draw.js";
import { handle as grip, tap } from "../handle.js";

/** @typedef {{loss: (w: number) => number, key: string, view: number[], top: number, path: number[], guess?: number | null, kind?: string,
 *   guesses?: [number, number][], slope?: number | null, star?: number, mine?: number[][], title?: string}} Line */

/** @param {{move?: (w: number) => any, label?: string, step?: number}} [options] */
export function curve({ move, label = "your guess", step = 0.1 } = {}) {
  const axes = svg("g", { class: "axes" }), shape = svg("path", { class: "shape" }), tangent = svg("path", { class: "tangent" });
  const over = svg("g"), star = svg("circle", { class: "star", r: 5 });
  const drawing = svg("svg", { "aria-hidden": "true" }, axes, shape, tangent, star, over);
  const node = html("div", { class: "line1" }, drawing);
  let w = 0, h = 0, framed = "", x = scale(0, 1, 0, 1), y = x, last = /** @type {any} */ (null), handle = /** @type {any} */ (null);
  const foot = () => h - 44;

  if (move) {
    const put = v => move(last.guess = +(Math.round(Math.min(last.view[1], Math.max(last.view[0], v)) / step) * step).toPrecision(12)), to = px => put(x.invert(px));
    handle = grip(label, { at: () => [x(last.guess), 0], to, step: (dx, dy) => put(last.guess + (dx + dy) * step) });
    node.append(handle);
    node.classList.add("taps");
    tap(node, handle, to);
  }

  return {
    node,
    /** @param {Line} p @param {number} [moment] draw the path up to this step */
    update(p, moment = Infinity) {
      last = p;
      if (!w) return;
      const key = [p.key, p.view, p.top, w, h].join();
      if (key !== framed) {
        framed = key;
        x = scale(p.view[0], p.view[1], 12, w - 12); y = scale(0, p.top, foot(), 8);
        axes.replaceChildren(svg("path", { class: "base", d: `M0 ${foot()}H${w}` }), svg("text", { class: "name", x: w / 2, y: 12, "text-anchor": "middle" }, p.title || ""), ...ticks(x, 6).map(([v, t]) => svg("text", { x: x(v), y: h - 4, "text-anchor": "middle" }, t)));
        shape.setAttribute("d", draw(Array.from({ length: 161 }, (_, i) => { const v = p.view[0] + (p.view[1] - p.view[0]) * i / 160; return [x(v), y(p.loss(v))]; }), w, h));
      }
      const path = cut(p.path.map(v => [v, p.loss(v)]), moment), at = path.map(([v, f]) => /** @type {[number, number]} */ ([x(v), y(f)])), here = path[path.length - 1][0];
      star.setAttribute("r", p.star === undefined ? 0 : 5);
      if (p.star !== undefined) { star.setAttribute("cx", x(p.star)); star.setAttribute("cy", y(p.loss(p.star))); }
      const slope = p.slope, reach = (p.view[1] - p.view[0]) / 9;
      tangent.setAttribute("d", slope == null ? "" : draw([-1, 1].map(s => [x(here + s * reach), y(p.loss(here) + s * reach * slope)]), w, h));
      const fade = at.length > 1 ? at.map((q, i) => svg("circle", { class: "dot", cx: q[0], cy: q[1], r: i ? 4.5 : 6.5, style: `opacity:${Math.max(0.3, 1 - i / 16)}` })).filter((_, i) => Number.isFinite(at[i][1]) && Math.abs(at[i][0]) < 9e3 && Math.abs(at[i][1]) < 9e3) : [svg("circle", { class: "dot", cx: at[0][0], cy: at[0][1], r: 6.5 })];
      over.replaceChildren(
        ...(p.guesses || []).map(([said, is]) => svg("path", { class: "miss", d: `M${x(said)} ${foot() - 7}v7M${x(said)} ${foot() - 3}H${x(is)}V${y(p.loss(is))}` })),
        svg("g", { class: "path " + (p.kind || "gd") }, svg("path", { class: "line", d: draw(at, w, h) })), ...fade.reverse(),
        ...(p.mine || []).map(m => svg("g", { class: "path mine" }, svg("path", { class: "line", d: draw(m.map(v => [x(v), y(p.loss(v))]), w, h) }))));
      if (handle) {
        handle.hidden = p.guess == null;
        if (p.guess != null) {
          handle.place(x(p.guess), foot() + 12, w);
          for (const [k, v] of [["now", p.guess], ["min", p.view[0]], ["max", p.view[1]], ["text", "w = " + fmt(p.guess)]]) handle.setAttribute("aria-value" + k, v);
        }
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
