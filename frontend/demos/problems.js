// The landscapes of gdcourse/problems.py, with the same order of operations: a test runs both and compares the bits.

/** @typedef {{loss: (w: number[]) => number, grad: (w: number[]) => number[], curvature?: number[], start: number[],
 *   star: number[] | null, floor: number, view: number[], axes: string[]}} Problem */

const XY = ["x", "y"];

/** ½ a (w − centre)². @param {number} a @param {number} [centre] @param {Partial<Problem>} [more] @returns {Problem} */
export const quadratic = (a, centre = 0, more) => ({
  loss: ([w]) => 0.5 * a * ((w - centre) * (w - centre)), grad: ([w]) => [a * (w - centre)],
  curvature: [a], start: [centre + 7], star: [centre], floor: 0, view: [centre - 8, centre + 8], axes: ["w"], ...more,
});

/** ½ Σ aᵢ wᵢ². @param {number[]} a @param {Partial<Problem>} [more] @returns {Problem} */
export const diagonal = (a, more) => ({
  loss(w) {
    let s = 0;
    for (let i = 0; i < a.length; i++) s += a[i] * w[i] * w[i];
    return 0.5 * s;
  },
  grad: w => a.map((c, i) => c * w[i]),
  curvature: a, start: a.map(() => 1), star: a.map(() => 0), floor: 0, view: [-1.5, 1.5, -1.5, 1.5],
  axes: a.length === 2 ? XY : a.map((_, i) => `w[${i}]`), ...more,
});

export const parabola = quadratic(2, 3, { start: [10] });
export const bowl = diagonal([2, 4], { start: [3, 4], view: [-5, 5, -5, 5] });

/** ½ (x² + κ y²). @param {number} [kappa] */
export const valley = (kappa = 100) => diagonal([1, kappa]);

/** The bowl `diagonal(a)` in two dimensions, turned anticlockwise by an angle in degrees. @param {number[]} a @param {number} angle @returns {Problem} */
export const rotated = ([a, b], angle) => {
  const c = Math.cos(angle * Math.PI / 180), s = Math.sin(angle * Math.PI / 180);
  const xx = c * a * c + s * b * s, xy = c * a * s - s * b * c, yy = s * a * s + c * b * c;
  return {
    loss: ([x, y]) => 0.5 * (x * (xx * x + xy * y) + y * (xy * x + yy * y)), grad: ([x, y]) => [xx * x + xy * y, xy * x + yy * y],
    curvature: [a, b], start: [c - s, s + c], star: [0, 0], floor: 0, view: [-1.5, 1.5, -1.5, 1.5], axes: XY,
  };
};

/** (x⁴ + y⁴)/4: steep walls, flat floor. @type {Problem} */
export const flat = {
  loss: ([x, y]) => (x * x * (x * x) + y * y * (y * y)) / 4, grad: ([x, y]) => [x * x * x, y * y * y],
  start: [3, -2], star: [0, 0], floor: 0, view: [-3.5, 3.5, -3.5, 3.5], axes: XY,
};

/** @type {Problem} */
export const rosenbrock = {
  loss: ([x, y]) => (1 - x) * (1 - x) + 100 * ((y - x * x) * (y - x * x)), grad: ([x, y]) => [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)],
  start: [-1.2, 1], star: [1, 1], floor: 0, view: [-2, 2, -1, 3], axes: XY,
};

/** Half the mean squared error of the predictions X w. @param {number[][]} X @param {number[]} y
 * @param {Partial<Problem>} more @returns {Problem} */
export const halfLeastSquares = (X, y, more) => {
  const residual = (i, w) => {
    let r = 0;
    for (let j = 0; j < w.length; j++) r += X[i][j] * w[j];
    return r - y[i];
  };
  return {
    loss(w) {
      let s = 0;
      for (let i = 0; i < y.length; i++) { const r = residual(i, w); s += 0.5 * (r * r); }
      return s / y.length;
    },
    grad(w) {
      const r = y.map((_, i) => residual(i, w));
      return w.map((_, j) => X.reduce((s, row, i) => s + row[j] * r[i], 0) / y.length);
    },
    start: X[0].map(() => 0), star: null, floor: 0, view: [-1, 1, -1, 1], axes: XY, ...more,
  };
};

export const fourPoints = halfLeastSquares([[1, 1], [1, 2], [1, 3], [1, 4]], [2, 4, 6, 8], {
  star: [0, 2], curvature: [0.14969532411250335, 8.350304675887497], view: [-2.2, 2.2, -0.3, 4.1], axes: ["w[0]", "w[1]"],
});
