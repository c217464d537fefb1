// Seeded noise with the same bits as gdcourse/demos/noise.py: number k of a seed is a hash of seed and k (mulberry32).

/** Return a function that gives the next uniform number in [0, 1), a multiple of 2⁻³². @param {number} seed */
export function uniforms(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Return a function that gives the next bell-shaped number, with mean 0 and variance 1: the sum of twelve uniform numbers,
 * minus six. This sum is exact, so it has the same bits in JavaScript and in NumPy.
 * @param {number} seed */
export function normals(seed) {
  const u = uniforms(seed);
  return () => {
    let s = 0;
    for (let k = 0; k < 12; k++) s += u();
    return s - 6;
  };
}
