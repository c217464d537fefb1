// Seeded noise with the same bits as gdcourse/demos/noise.py: number k of a seed is a hash of seed and k (mulberry32).

/** Uniform numbers in [0, 1), multiples of 2⁻³². @param {number} seed */
export function uniforms(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Bell-shaped numbers with mean 0 and variance 1: the sum of twelve uniform numbers, minus six. No library rounds
 * this sum differently.
 * @param {number} seed */
export function normals(seed) {
  const u = uniforms(seed);
  return () => {
    let s = 0;
    for (let k = 0; k < 12; k++) s += u();
    return s - 6;
  };
}
