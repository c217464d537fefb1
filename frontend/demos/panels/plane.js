// The output of a network at every point of the plane, with the training points. Also the output of each unit, in small
// pictures.
import { html, scale, svg, tenth } from "../draw.js";
import { theme } from "../theme.js";

// the colours of class 0, of an undecided point, and of class 1
const HUES = { light: [[74, 127, 181], [248, 248, 246], [222, 122, 52]], dark: [[52, 112, 176], [24, 28, 32], [205, 104, 40]] };

/** Paint n × n values between 0 and 1 as a square of pixels, row by row from the top. */
function paint(canvas, values, n) {
  const image = new ImageData(n, n), hues = HUES[theme()];
  for (let q = 0; q < n * n; q++) {
    const t = Math.min(1, Math.max(0, values[q])) * 2, k = t < 1 ? 0 : 1, f = t - k;
    for (let c = 0; c < 3; c++) image.data[4 * q + c] = hues[k][c] * (1 - f) + hues[k + 1][c] * f;
    image.data[4 * q + 3] = 255;
  }
  canvas.width = canvas.height = n;
  canvas.getContext("2d").putImageData(image, 0, 0);
}

/** @typedef {{n: number, values: ArrayLike<number>, view: number, X: number[][], y: ArrayLike<number>}} Plane */

export function plane() {
  const canvas = html("canvas"), border = svg("path", { class: "border" }), dots = svg("g"), drawing = svg("svg", { "aria-hidden": "true" }, border, dots);
  const node = html("div", { class: "land plane" }, canvas, drawing);
  let w = 0, h = 0, placed = "";
  /** @type {any} */
  let last = null;
  return {
    node,
    /** @param {Plane} p */
    update(p) {
      last = p;
      if (!w) return;
      paint(canvas, p.values, p.n);
      const x = scale(-p.view, p.view, 0, w), y = scale(-p.view, p.view, h, 0), key = [p.X[0], p.X.length, w, h].join();
      // draw the border between the classes: in each square of four neighbours, a line joins the sides on which the
      // value crosses ½
      let d = "";
      const step = w / p.n, at = (i, j) => p.values[j * p.n + i] - 0.5;
      for (let j = 0; j + 1 < p.n; j++) for (let i = 0; i + 1 < p.n; i++) {
        const cut = [];
        for (const [a, b, c, e] of [[0, 0, 1, 0], [1, 0, 1, 1], [0, 1, 1, 1], [0, 0, 0, 1]]) {
          const u = at(i + a, j + b), v = at(i + c, j + e), f = u / (u - v);
          if (u < 0 !== v < 0) cut.push(`${tenth((i + 0.5 + a + f * (c - a)) * step)} ${tenth((j + 0.5 + b + f * (e - b)) * step)}`);
        }
        for (let k = 0; k + 1 < cut.length; k += 2) d += `M${cut[k]}L${cut[k + 1]}`;
      }
      border.setAttribute("d", d);
      if (key === placed) return;
      placed = key;
      dots.replaceChildren(...p.X.map(([a, b], i) => p.y[i] ? svg("rect", { class: "one", x: x(a) - 4, y: y(b) - 4, width: 8, height: 8 }) : svg("circle", { class: "zero", cx: x(a), cy: y(b), r: 4.5 })));
    },
    /** @param {number} width @param {number} height */
    resize(width, height) {
      w = width; h = height;
      drawing.setAttribute("viewBox", `0 0 ${w} ${h}`);
      if (last) this.update(last);
    },
    restyle() { if (last) this.update(last); },
    end() {},
  };
}

/** @typedef {{n: number, layers: Float64Array[][]}} Units each unit's values on an n × n grid, scaled to 0 … 1 */

export function tiles() {
  const node = html("div", { class: "tiles", "aria-hidden": "true" });
  /** @type {any} */
  let last = null;
  return {
    node,
    /** @param {Units} p */
    update(p) {
      last = p;
      const key = p.layers.map(l => l.length).join();
      if (node.dataset.key !== key) {
        node.dataset.key = key;
        node.replaceChildren(...p.layers.map((units, k) => html("div", {}, html("span", {}, p.layers.length > 1 ? `layer ${k + 1}` : "units"), ...units.map(() => html("canvas")))));
      }
      p.layers.forEach((units, k) => units.forEach((values, j) => paint(node.childNodes[k].childNodes[j + 1], values, p.n)));
    },
    resize() { if (last) this.update(last); },
    restyle() { if (last) this.update(last); },
    end() {},
  };
}
