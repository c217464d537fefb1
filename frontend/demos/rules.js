// The update rules that demos use, for one weight, with the same order of operations as gdcourse/optimizers.py: a test
// runs both and compares the bits. A rule returns [w, ...memory]. The next step passes this memory to the rule again.

/** @typedef {Record<string, any>} Settings a number, or a function of the step */
/** @typedef {(w: number, g: number, memory: number[], s: Record<string, number>) => number[]} Rule */

/** Return β to a whole power, by repeated squaring in twice the precision. The result is rounded correctly, as by C's pow;
 * Math.pow may be wrong in the last bit.
 * @param {number} b @param {number} n */
export function power(b, n) {
  const known = powers.get(b) || powers.set(b, []).get(b);
  return known[n] ??= raise(b, n);
}

/** @type {Map<number, any>} */
const powers = new Map();

function raise(b, n) {
  let hi = 1, lo = 0, x = b, y = 0;
  for (; n > 0; n = Math.floor(n / 2)) {
    if (n % 2) [hi, lo] = multiply(hi, lo, x, y);
    [x, y] = multiply(x, y, x, y);
  }
  return hi + lo;
}

function multiply(a, b, c, d) {
  const p = a * c, [ah, al] = split(a), [ch, cl] = split(c);
  const e = ((ah * ch - p) + ah * cl + al * ch) + al * cl + (a * d + b * c);
  const s = p + e;
  return [s, e - (s - p)];
}

function split(a) {
  const t = 134217729 * a, h = t - (t - a);
  return [h, a - h];
}

/** @type {Record<string, Rule>} */
export const rules = {
  gd: (w, g, _, { lr }) => [w - lr * g],

  momentum(w, g, [m = 0], { lr, beta = 0.9 }) {
    m = beta * m + g;
    return [w - lr * m, m];
  },

  nesterov(w, g, [m = 0], { lr, beta = 0.9 }) {
    m = beta * m + g;
    return [w - lr * (g + beta * m), m];
  },

  adagrad(w, g, [s = 0], { lr, eps = 1e-10 }) {
    s = s + g * g;
    return [w - lr * g / (Math.sqrt(s) + eps), s];
  },

  rmsprop(w, g, [v = 0], { lr, beta = 0.9, eps = 1e-8 }) {
    v = beta * v + (1 - beta) * g * g;
    return [w - lr * g / (Math.sqrt(v) + eps), v];
  },

  adam(w, g, [m = 0, v = 0, t = 0], { lr, beta1 = 0.9, beta2 = 0.999, eps = 1e-8 }) {
    t = t + 1;
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g * g;
    const mHat = m / (1 - power(beta1, t)), vHat = v / (1 - power(beta2, t));
    return [w - lr * mHat / (Math.sqrt(vHat) + eps), m, v, t];
  },
};

/** Return the path w₀ … w_steps. It always has steps + 1 points: an overflow becomes Infinity or NaN, as in NumPy.
 * @param {string | Rule} rule @param {(w: number[], t: number) => number[]} grad @param {number[]} start
 * @param {number} steps @param {Settings} settings @param {number[][]} [memory] the memory of each weight; it is updated @returns {number[][]} */
export function descend(rule, grad, start, steps, settings, memory = start.map(() => [])) {
  const step = typeof rule === "string" ? rules[rule] : rule, moving = Object.keys(settings).filter(k => typeof settings[k] === "function");
  const path = [start.slice()], now = { ...settings };
  let w = start;
  for (let t = 0; t < steps; t++) {
    const g = grad(w, t), next = new Array(w.length);
    for (const k of moving) now[k] = settings[k](t);
    for (let i = 0; i < w.length; i++) {
      const result = step(w[i], g[i], memory[i], now);
      next[i] = result[0];
      for (let k = 1; k < result.length; k++) memory[i][k - 1] = result[k];
    }
    path.push(w = next);
  }
  return path;
}
