// Half the mean squared error of a line through points, as a function of the line's intercept and slope. It uses sums
// that are computed only once.

/** @typedef {{loss: (w: number[]) => number, grad: (w: number[]) => number[], row: (w: number[], i: number) => number[], best: number[], floor: number}} Fit */

/** @param {number[]} x @param {number[]} y @returns {Fit} row: the gradient of half the squared error of one row */
export function fit(x, y) {
  const n = x.length, mean = f => { let s = 0; for (let i = 0; i < n; i++) s += f(i); return s / n; };
  const mx = mean(i => x[i]), my = mean(i => y[i]), xx = mean(i => x[i] * x[i]), xy = mean(i => x[i] * y[i]), yy = mean(i => y[i] * y[i]);
  const slope = (xy - mx * my) / (xx - mx * mx), best = [my - slope * mx, slope];
  const loss = (/** @type {number[]} */ [b, w]) => 0.5 * (b * b + 2 * b * w * mx + w * w * xx - 2 * b * my - 2 * w * xy + yy);
  return {
    loss, best, floor: loss(best), grad: ([b, w]) => [b + w * mx - my, b * mx + w * xx - xy],
    row([b, w], i) { const r = b + w * x[i] - y[i]; return [r, r * x[i]]; },
  };
}

/** Return the body mass index of each person as the number of standard deviations from the mean. The Python class sends `data`.
 * @param {{bmi: number[], mean: number, std: number}} data */
export const standardised = ({ bmi, mean, std }) => bmi.map(v => (v - mean) / std);
