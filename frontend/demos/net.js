// The same network as in gdcourse/network.py: layers with an activation between them, softmax and log loss at the end.
// All weights are in one array W₁, b₁, W₂, b₂, …, with the rows of each matrix one after the other. NumPy adds numbers
// in a different order, so a test only demands that both results agree to 1e-12.

/** @type {Record<string, [(z: number) => number, (a: number) => number]>} the activation, and its slope as a function of the activation's result */
export const activations = {
  relu: [z => z > 0 ? z : 0, a => a > 0 ? 1 : 0],
  tanh: [Math.tanh, a => 1 - a * a],
  sigmoid: [z => 0.5 + 0.5 * Math.tanh(0.5 * z), a => a * (1 - a)],
};

/** @param {number[]} widths features, units of each hidden layer, classes @param {string} activation */
export function network(widths, activation) {
  const [act, slope] = activations[activation], depth = widths.length - 1, out = widths.map(n => new Float64Array(n)), back = widths.map(n => new Float64Array(n));
  /** where the weights of each layer begin in the array of all weights */
  const from = [0];
  for (let k = 0; k < depth; k++) from.push(from[k] + (widths[k] + 1) * widths[k + 1]);

  /** Compute the results of all units for one row of the table. The results of the last layer are the scores of the classes.
   * @param {ArrayLike<number>} w @param {ArrayLike<number>} x */
  function forward(w, x) {
    out[0].set(x);
    for (let k = 0; k < depth; k++) {
      const a = out[k], b = out[k + 1], m = b.length, bias = from[k] + a.length * m;
      for (let j = 0; j < m; j++) {
        let z = 0;
        for (let i = 0; i < a.length; i++) z += a[i] * w[from[k] + i * m + j];
        z += w[bias + j];
        b[j] = k < depth - 1 ? act(z) : z;
      }
    }
    return out;
  }

  /** Return the log loss of one row, from the scores in `out`. Also write the probabilities into back[depth]. */
  function cost(label) {
    const z = out[depth], p = back[depth], top = Math.max(...z);
    let sum = 0;
    for (let j = 0; j < z.length; j++) sum += p[j] = Math.exp(z[j] - top);
    for (let j = 0; j < z.length; j++) p[j] /= sum;
    return Math.log(sum) - (z[label] - top);
  }

  return {
    size: from[depth], from, forward,

    /** Return the mean loss of the rows, and the share of rows that are classified correctly. */
    look(w, X, y) {
      let loss = 0, right = 0;
      for (let i = 0; i < X.length; i++) {
        forward(w, X[i]);
        loss += cost(y[i]);
        const z = out[depth];
        right += +(z.indexOf(Math.max(...z)) === y[i]); // of equal scores the first one counts, as in np.argmax
      }
      return [loss / X.length, right / X.length];
    },

    /** Return the mean loss, and write its gradient into g. @param {Float64Array} g */
    lossGrad(w, X, y, g) {
      let loss = 0;
      g.fill(0);
      for (let i = 0; i < X.length; i++) {
        forward(w, X[i]);
        loss += cost(y[i]);
        back[depth][y[i]] -= 1;
        for (let k = depth - 1; k >= 0; k--) {
          const a = out[k], d = back[k + 1], m = d.length, e = back[k];
          for (let l = 0; l < a.length; l++) {
            const at = from[k] + l * m;
            let s = 0;
            for (let j = 0; j < m; j++) { g[at + j] += a[l] * d[j]; s += w[at + j] * d[j]; }
            e[l] = s * slope(a[l]);
          }
          for (let j = 0; j < m; j++) g[from[k] + a.length * m + j] += d[j];
        }
      }
      for (let q = 0; q < g.length; q++) g[q] /= X.length;
      return loss / X.length;
    },
  };
}
