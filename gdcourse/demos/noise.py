"""Noise from a seed, for the demos: the same bits in NumPy and in the browser (frontend/demos/noise.js).

Number k of a seed is a hash of the seed and k (mulberry32), so the numbers can be computed in any order.
"""

import numpy as np


def uniforms(seed: int, n: int) -> np.ndarray:
    """Return the first n uniform numbers in [0, 1) of a seed, shape (n,). All are multiples of 2⁻³².

    >>> uniforms(1, 2).round(3)
    array([0.627, 0.003])
    """
    with np.errstate(over="ignore"):  # the hash is arithmetic modulo 2³²
        a = np.uint32(seed % 2**32) + np.arange(1, n + 1, dtype=np.uint32) * np.uint32(0x6D2B79F5)
        t = (a ^ (a >> np.uint32(15))) * (a | np.uint32(1))
        t ^= t + (t ^ (t >> np.uint32(7))) * (t | np.uint32(61))
        return (t ^ (t >> np.uint32(14))) / 2.0**32


def normals(seed: int, n: int) -> np.ndarray:
    """Return n bell-shaped numbers with mean 0 and variance 1, shape (n,): sums of twelve uniforms, minus six.

    The numbers are not exactly normal: none is beyond ±6. But sums of uniforms are the same on every machine. Methods
    for exactly normal numbers need logarithms, which differ between libraries in the last bits.

    >>> normals(1, 2).round(3)
    array([ 1.086, -2.39 ])
    """
    return uniforms(seed, 12 * n).reshape(n, 12).sum(axis=1) - 6.0
