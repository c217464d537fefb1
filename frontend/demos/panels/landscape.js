// A map of a landscape, with the paths on it and the point where they start.
import { cut, fmt, html, line, scale, svg, tenth, ticks } from "../draw.js";
import { handle as grip, tap } from "../handle.js";
import { LAND, theme } from "../theme.js";

const BANDS = 12, AGES = 6, TURN = 300; // TURN: the milliseconds in which one landscape turns into another

/** Functions that paint a landscape in full. One is called in each idle moment, so that ten landscapes on a page do not
 * delay the reader's first click.
 * @type {Set<() => void>} */
const rough = new Set();
const idle = globalThis.requestIdleCallback || (f => setTimeout(f, 30));
function sharpen() {
  const [next] = rough;
  rough.delete(next);
  next?.();
  if (rough.size) idle(sharpen);
}

/** @typedef {{points: number[][], label?: string, kind?: string, dots?: boolean}} Path */
/** @typedef {{key: string, loss: (w: number[]) => number, floor: number, top: number, view: number[], paths: Path[], star?: number[] | null,
 *   start?: number[] | null, axes?: string[], scaled?: boolean, title?: string, marks?: {at: number[], label?: string, kind?: string}[], fog?: boolean}} Picture
 * key: a value that is different for each loss; top: the height that gets the colour of the page; scaled: whether to show numbers and names along the axes */

/** @typedef {{W: number, H: number, at: Float32Array}} Levels */

/** @typedef {{from: number[], to: number[], kind: string, label: string}} Arrow */

/** @param {{move?: (x: number, y: number) => any, label?: string}} [options] */
export function landscape({ move, label = "start" } = {}) {
  const canvas = html("canvas"), lines = svg("g"), star = svg("path", { class: "star" }), points = svg("g"), axes = svg("g"), arrows = svg("g", { class: "arrows" });
  const drawing = svg("svg", { "aria-hidden": "true" }, axes, lines, points, star, arrows);
  const legend = html("div", { class: "legend" });
  const node = html("div", { class: "land" }, canvas, drawing, legend);
  let w = 0, h = 0, painted = "", scaled = "", timer = 0, changed = 0, turning = 0, x = scale(0, 1, 0, 1), y = x, names = ["x", "y"];
  /** @type {any} */
  let last = null;
  /** @type {Levels | null} the heights that were painted last, on a coarse grid */
  let ground = null;
  /** @type {any} */
  let handle = null;

  if (move) {
    const inside = (v, lo, hi) => Math.min(hi, Math.max(lo, v)), to = (px, py) => put(x.invert(inside(px, 2, w - 2)), y.invert(inside(py, 2, h - 2)));
    handle = grip(label, {
      at: () => [x(last.start[0]), y(last.start[1])], to,
      step: (dx, dy) => put(inside(last.start[0] + dx * grid(), last.view[0], last.view[1]), inside(last.start[1] + dy * grid(2), last.view[2], last.view[3])),
    });
    for (const [k, v] of [["min", -99], ["max", 99]]) handle.setAttribute("aria-value" + k, v);
    node.append(handle);
    node.classList.add("taps");
    tap(node, handle, to);
  }
  // the start moves on a grid of round numbers, so that a reader can type the numbers that the demo shows
  const grid = (i = 0) => 10 ** Math.floor(Math.log10((last.view[i + 1] - last.view[i]) / 60));
  const put = (a, b) => {
    last.start = [a, b].map((v, i) => { const u = grid(2 * i); return +(Math.round(v / u) * u).toPrecision(12); });
    move?.(last.start[0], last.start[1]);
  };

  /** Return the height at each pixel as the number of its band, with a fraction: 2.5 is the middle of band 2. The grid has
   * one column and one row more than the picture, because `paint` compares each pixel with its neighbours.
   * @param {number} W @param {number} H */
  function levels(W, H) {
    const { view: [x0, x1, y0, y1], loss, floor, top } = last, range = top - floor, point = [0, 0], at = new Float32Array((W + 1) * (H + 1));
    for (let j = 0, k = 0; j <= H; j++) {
      point[1] = y1 + (y0 - y1) * (j + 0.5) / H;
      for (let i = 0; i <= W; i++, k++) {
        point[0] = x0 + (x1 - x0) * (i + 0.5) / W;
        const f = (loss(point) - floor) / range;
        at[k] = f > 0 ? Math.sqrt(f) * BANDS : 0;
      }
    }
    return { W, H, at };
  }

  /** Paint colours by height, and a thin contour line where a band ends. The line is smooth at any size, because the
   * distance of each pixel to the line is computed.
   * @param {Levels} ground */
  function paint({ W, H, at }) {
    const colours = LAND[theme()], dark = theme() === "dark", image = new ImageData(W, H), data = new Uint32Array(image.data.buffer), table = new Uint32Array(BANDS * 17);
    for (let b = 0; b < BANDS; b++) for (let s = 0; s <= 16; s++) table[b * 17 + s] = ink(colours, b / (BANDS - 1), s / 16, dark);
    for (let j = 0, k = 0, q = 0; j < H; j++, k++) for (let i = 0; i < W; i++, k++, q++) {
      const u = at[k], dx = at[k + 1] - u, dy = at[k + W + 1] - u;
      const band = u < BANDS ? u | 0 : BANDS - 1, r = (u + 0.5) | 0, off = u - r, steep = dx * dx + dy * dy;
      let share = 0;
      if (off * off < steep && r > 0 && r < BANDS) { // a contour line passes within a pixel
        const slope = Math.sqrt(steep);
        share = (16 * (1 - Math.abs(off) / slope) * Math.min(1, 0.9 / slope) + 0.5) | 0;
      }
      data[q] = table[band * 17 + share];
    }
    canvas.width = W; canvas.height = H;
    canvas.getContext("2d").putImageData(image, 0, 0);
  }

  /** Return the heights on a grid of at most `width` columns; without `width`, on a grid as fine as the screen. */
  function grounds(width = Infinity) {
    const dpr = Math.min(2, devicePixelRatio || 1, width / w);
    return levels(Math.round(w * dpr), Math.round(h * dpr));
  }
  const whole = () => { if (w) paint(grounds()); };

  /** Turn one landscape into another, in several frames.
   * @param {Levels} from @param {Levels} to */
  function turn(from, { W, H, at }) {
    const began = performance.now(), now = new Float32Array(at.length), most = BANDS + 1;
    const was = from.W === W && from.H === H ? from.at : now.map((_, k) => from.at[Math.floor(Math.floor(k / (W + 1)) * (from.H + 1) / (H + 1)) * (from.W + 1) + Math.floor(k % (W + 1) * (from.W + 1) / (W + 1))]);
    const next = () => {
      const f = Math.min(1, (performance.now() - began) / TURN), share = f * f * (3 - 2 * f);
      turning = f < 1 ? requestAnimationFrame(next) : 0;
      for (let k = 0; k < now.length; k++) { const a = was[k] < most ? was[k] : most; now[k] = a + share * ((at[k] < most ? at[k] : most) - a); }
      paint({ W, H, at: now });
    };
    next();
  }

  /** Paint the landscape at once on a coarse grid, because one frame has no time for more. Paint it in full when the reader
   * pauses. If the landscape changes once, the old one turns into the new one in several frames. If it changes with every
   * frame, or if the reader wants no motion, the new one is painted directly. */
  function refresh() {
    const shape = [last.key, last.view, last.top, w, h].join(), key = shape + theme();
    if (key === painted || !w) return;
    const old = ground, calm = performance.now() - changed > 500 && shape !== painted.slice(0, shape.length) && !matchMedia("(prefers-reduced-motion: reduce)").matches;
    ground = grounds(painted ? 240 : 120);
    cancelAnimationFrame(turning);
    old && calm ? turn(old, ground) : paint(ground);
    changed = performance.now();
    painted = key;
    clearTimeout(timer);
    rough.delete(whole);
    timer = setTimeout(() => { if (rough.add(whole).size === 1) idle(sharpen); }, old && calm ? TURN + 50 : 150);
  }

  return {
    node,
    /** @param {Picture} picture @param {number} [moment] draw the runs up to this step
     * @param {Arrow[]} [parts] the parts of this step */
    update(picture, moment = Infinity, parts = []) {
      last = picture;
      if (!w) return;
      const [x0, x1, y0, y1] = picture.view;
      x = scale(x0, x1, 0, w); y = scale(y0, y1, h, 0); names = picture.axes || names;
      refresh();
      node.classList.toggle("fog", !!picture.fog);
      const s = picture.star;
      const written = [picture.scaled, picture.title, picture.view, picture.axes, w, h].join();
      if (written !== scaled) {
        scaled = written;
        axes.replaceChildren(...(picture.scaled ? [
          ...ticks(x, 4).filter(([v]) => x(v) > 24 && x(v) < w - 18 - 7 * names[0].length).map(([v, t]) => svg("text", { x: x(v), y: h - 6, "text-anchor": "middle" }, t)),
          ...ticks(y, 4).filter(([v]) => y(v) > 24 && y(v) < h - 24).map(([v, t]) => svg("text", { x: 6, y: y(v) + 4 }, t)),
          svg("text", { class: "name", x: w - 6, y: h - 6, "text-anchor": "end" }, names[0]), svg("text", { class: "name", x: 6, y: 15 }, names[1])] : []),
          svg("text", { class: "name", x: w - 6, y: 15, "text-anchor": "end" }, picture.title || ""));
      }
      points.replaceChildren(...(picture.marks || []).flatMap(({ at: [a, b], label = "", kind = "gd" }) => [
        svg("circle", { class: "dot " + kind, cx: x(a), cy: y(b), r: 6 }), svg("text", { class: "name", x: x(a) + 9, y: y(b) - 8 }, label)]));
      star.setAttribute("d", s ? starAt(x(s[0]), y(s[1])) : "");
      while (lines.childNodes.length < picture.paths.length) lines.append(pathGroup());
      while (lines.childNodes.length > picture.paths.length) lines.lastChild.remove();
      picture.paths.forEach((path, k) => drawPath(lines.childNodes[k], path, moment));
      arrows.replaceChildren(...parts.flatMap(drawArrow));
      const named = picture.paths.filter(p => p.label);
      const text = named.length > 1 || named.some(p => p.kind === "mine") ? named.map(p => p.kind + "|" + p.label).join("\n") : "";
      if (legend.dataset.text !== text) {
        legend.dataset.text = text;
        legend.replaceChildren(...(text ? named : []).map(p => html("span", { class: "key path " + (p.kind || "") }, svg("svg", { viewBox: "0 0 24 6" }, svg("path", { class: "line", d: "M1 3H23" })), p.label)));
        legend.classList.toggle("many", named.length > 2);
      }
      if (handle) handle.hidden = !picture.start;
      if (handle && picture.start) {
        const [a, b] = picture.start;
        const up = [...parts.map(arrow => arrow.to), ...picture.paths.map(path => path.points[1])].some(to => to?.[1] > b);
        handle.place(x(a), y(b), w, up && y(b) < h - 60);
        handle.setAttribute("aria-valuenow", a);
        handle.setAttribute("aria-valuetext", `${names[0]} ${fmt(a)}, ${names[1]} ${fmt(b)}`);
      }
    },
    /** @param {number} width @param {number} height */
    resize(width, height) {
      w = width; h = height;
      drawing.setAttribute("viewBox", `0 0 ${w} ${h}`);
      if (last) this.update(last);
    },
    restyle() { if (last) refresh(); },
    end() { cancelAnimationFrame(turning); clearTimeout(timer); rough.delete(whole); },
  };

  function pathGroup() {
    const g = svg("g", { class: "path" }, svg("path", { class: "halo" }), svg("path", { class: "line" }));
    for (let k = 0; k < AGES; k++) g.append(svg("path", { class: "dots", style: `opacity:${1 - 0.13 * k}` }));
    g.append(svg("path", { class: "exit" }));
    return g;
  }

  /** Draw an arrow with a head, and write its name beyond the head. @param {Arrow} arrow */
  function drawArrow({ from, to, kind, label }) {
    const [ax, ay, bx, by] = [x(from[0]), y(from[1]), x(to[0]), y(to[1])], length = Math.hypot(bx - ax, by - ay);
    if (!(length > 1 && length < 9e3)) return [];
    const ux = (bx - ax) / length, uy = (by - ay) / length, head = Math.min(9, length * 0.6), cx = bx - head * ux, cy = by - head * uy;
    const end = bx + 9 * ux + 6 * label.length > w ? "end" : bx < 6 * label.length ? "start" : ux < -0.3 ? "end" : "start";
    return [svg("path", { class: "shaft " + kind, d: `M${tenth(ax)} ${tenth(ay)}L${tenth(cx)} ${tenth(cy)}` }),
      svg("path", { class: "point " + kind, d: `M${tenth(bx)} ${tenth(by)}L${tenth(cx - head * 0.5 * uy)} ${tenth(cy + head * 0.5 * ux)}L${tenth(cx + head * 0.5 * uy)} ${tenth(cy - head * 0.5 * ux)}z` }),
      ...(label ? [svg("text", { class: kind, x: tenth(Math.min(w - 4, Math.max(4, bx + 6 * ux))), y: tenth(Math.min(h - 5, Math.max(12, by + 10 * uy + 4))), "text-anchor": end }, label)] : [])];
  }

  /** @param {any} g @param {Path} path @param {number} moment */
  function drawPath(g, { points: all, kind = "gd", dots = true }, moment) {
    const points = kind !== "theory" && dots ? cut(all, moment) : all;
    const p = points.map(q => /** @type {[number, number]} */ ([x(q[0]), y(q[1])]));
    const d = line(p, w, h);
    g.setAttribute("class", "path " + kind);
    g.childNodes[0].setAttribute("d", d);
    g.childNodes[1].setAttribute("d", d);
    const marks = new Array(AGES).fill("");
    let inside = 0;
    for (let i = 1; i < p.length && dots; i++) {
      const [a, b] = p[i];
      if (a > -9 && b > -9 && a < w + 9 && b < h + 9) marks[Math.min(AGES - 1, Math.floor(Math.log2(1 + i / 3)))] += `M${tenth(a)} ${tenth(b)}h0`;
    }
    marks.forEach((m, k) => g.childNodes[2 + k].setAttribute("d", m));
    // draw an arrow head on the edge if the path leaves the map and does not come back
    while (inside < p.length && p[inside][0] >= 0 && p[inside][0] <= w && p[inside][1] >= 0 && p[inside][1] <= h) inside++;
    const gone = inside > 0 && inside < p.length && outside(p[p.length - 1]);
    g.lastChild.setAttribute("d", gone ? arrow(p[inside - 1], p[inside]) : "");
  }

  function outside([a, b]) { return !(a >= 0 && a <= w && b >= 0 && b <= h); }

  function arrow([ax, ay], [bx, by]) {
    if (!Number.isFinite(bx - ax) || !Number.isFinite(by - ay)) return "";
    const dx = bx - ax, dy = by - ay, n = Math.hypot(dx, dy) || 1;
    const t = Math.min(...[[ax, dx, w], [ay, dy, h]].map(([a, s, size]) => s > 0 ? (size - 3 - a) / s : s < 0 ? (3 - a) / s : 1e9));
    const tx = ax + t * dx, ty = ay + t * dy, ux = dx / n * 9, uy = dy / n * 9;
    return `M${tx} ${ty}l${-ux - uy * 0.6} ${-uy + ux * 0.6}l${uy * 1.2} ${-ux * 1.2}z`;
  }
}

function starAt(cx, cy) {
  let d = "";
  for (let k = 0; k < 10; k++) {
    const r = k % 2 ? 3.1 : 7.5, a = Math.PI * (k / 5 - 0.5);
    d += (k ? "L" : "M") + (cx + r * Math.cos(a)).toFixed(1) + " " + (cy + r * Math.sin(a)).toFixed(1);
  }
  return d + "z";
}

/** Return the colour of a band, mixed with the colour of the contour line, as the 32-bit number that the canvas
 * stores. share: the part of the contour line in the mixture, from 0 to 1. */
function ink(colours, t, share, dark) {
  const k = t * (colours.length - 1), i = Math.min(colours.length - 2, Math.floor(k)), f = k - i;
  const [r, g, b] = [0, 1, 2].map(c => {
    const v = colours[i][c] * (1 - f) + colours[i + 1][c] * f;
    const edge = dark ? v * 0.8 + 52 : v * 0.74 + 18;
    return Math.round(v + (edge - v) * share);
  });
  return (255 << 24) | (b << 16) | (g << 8) | r;
}
