// The pure parts of the front end. Run: npm --prefix frontend test, or through tests/test_demos.py.
import assert from "node:assert/strict";
import { test } from "node:test";
import { number } from "../../frontend/demos/controls.js";
import { fmt, line, scale, tenTo, ticks } from "../../frontend/demos/draw.js";
import { normals, uniforms } from "../../frontend/demos/noise.js";
import { descend, power } from "../../frontend/demos/rules.js";

test("numbers are typed as a learner writes them", () => {
  for (const [text, value] of [["0.25", 0.25], ["1/3", 1 / 3], ["-2", -2], ["−2", -2], ["1e-4", 1e-4], ["0,5", 0.5], [" 2 / 4 ", 0.5]]) assert.equal(number(text), value, text);
  for (const text of ["", "x", "1/0", "1//2", "1/2/3", "0x", "NaN", "Infinity", "/2"]) assert.equal(number(text), null, text);
});

test("numbers are shown as a reader expects them", () => {
  for (const [value, text] of [[0, "0"], [0.1 + 0.2, "0.3"], [-0.8, "−0.8"], [1e-7, "10⁻⁷"], [1.59e-7, "1.59 × 10⁻⁷"], [123456, "1.235 × 10⁵"], [1234, "1234"], [12568, "12570"], [99996, "10⁵"],
    [NaN, "not a number"], [Infinity, "∞"], [-Infinity, "−∞"], [1e300, "10³⁰⁰"], [-1e-5, "−10⁻⁵"], [100, "100"]]) assert.equal(fmt(value), text);
  assert.equal(fmt(2 / 3, 2), "0.67");
  assert.equal(tenTo(-12), "10⁻¹²");
});

test("ticks are round and inside", () => {
  assert.deepEqual(ticks(scale(0, 40, 0, 1), 5).map(t => t[0] + 0), [0, 10, 20, 30, 40]);
  assert.deepEqual(ticks(scale(-1.5, 1.5, 0, 1), 5).map(t => t[1]), ["−1", "0", "1"]);
  assert.deepEqual(ticks(scale(1e-10, 1, 0, 1, true), 5).map(t => t[1]), ["10⁻¹⁰", "10⁻⁸", "10⁻⁶", "10⁻⁴", "0.01", "1"]);
});

test("a scale and its inverse agree", () => {
  for (const log of [false, true]) {
    const s = scale(1e-3, 10, 5, 305, log);
    for (const v of [1e-3, 0.02, 1, 10]) assert.ok(Math.abs(s.invert(s(v)) - v) < 1e-12 * v + 1e-12);
  }
});

test("a path is cut at the edge and ends where numbers end", () => {
  assert.equal(line([[0, 0], [10, 10]], 100, 100), "M0 0L10 10");
  assert.equal(line([[0, 0], [NaN, 1], [2, 2]], 100, 100), "M0 0");
  const far = line([[0, 0], [1e30, 0], [-1e60, 0], [Infinity, 0]], 100, 100);
  assert.equal(far, "M0 0L400 0");
  for (const n of far.match(/-?[\d.]+/g)) assert.ok(Math.abs(n) <= 400);
  assert.match(line([[0, 0], [1000, 0], [50, 0]], 100, 100), /M0 0L400 0M450 0L50 0/);
});

test("powers are rounded once", () => {
  assert.equal(power(0.5, 10), 2 ** -10);
  assert.equal(power(0.9, 0), 1);
  assert.equal(power(0.9, 1), 0.9);
  assert.equal(power(3, 20), 3486784401);
});

test("noise is repeatable, uniform and bell-shaped", () => {
  const u = uniforms(3), again = uniforms(3), z = normals(5);
  const n = 20000, us = Array.from({ length: n }, u), zs = Array.from({ length: n }, z);
  assert.deepEqual(us.slice(0, 5), Array.from({ length: 5 }, again));
  const mean = a => a.reduce((s, v) => s + v, 0) / a.length;
  assert.ok(Math.abs(mean(us) - 0.5) < 0.02 && Math.abs(mean(zs)) < 0.04 && Math.abs(mean(zs.map(v => v * v)) - 1) < 0.05);
});

test("a descent has steps + 1 points, whatever happens", () => {
  const path = descend("gd", ([w]) => [2 * w], [1], 2000, { lr: 10 });
  assert.equal(path.length, 2001);
  assert.ok(path.some(([w]) => !Number.isFinite(w)));
  assert.deepEqual(descend("gd", ([w]) => [w], [1], 2, { lr: t => t / 2 }), [[1], [1], [0.5]]);
});
