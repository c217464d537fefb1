// The pure parts of the front end. Run: npm --prefix frontend test, or through tests/test_demos.py.
import assert from "node:assert/strict";
import { test } from "node:test";
import { number } from "../../frontend/demos/controls.js";
import { anatomy, arrows } from "../../frontend/demos/anatomy.js";
import { cut, fmt, line, scale, tenTo, ticks } from "../../frontend/demos/draw.js";
import { normals, uniforms } from "../../frontend/demos/noise.js";
import { descend, power } from "../../frontend/demos/rules.js";
import { lasts, pace } from "../../frontend/demos/run.js";
import { described, melody, rows, tables } from "../../frontend/demos/table.js";

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
  assert.deepEqual(ticks(scale(1800, 20000, 0, 1, true), 4).map(t => t[1]), ["2000", "5000", "10⁴", "2·10⁴"]);
  assert.deepEqual(ticks(scale(-1.1e5, 1.1e5, 0, 1), 5).map(t => t[1]), ["−10⁵", "−0.5·10⁵", "0", "0.5·10⁵", "10⁵"]);
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

test("the arrows of a step add up to the step", () => {
  const grad = ([x, y]) => [2 * x, 40 * y], near = (a, b) => a.every((v, i) => Math.abs(v - b[i]) < 1e-12);
  for (const rule of ["gd", "momentum", "nesterov", "adagrad", "rmsprop", "adam"]) for (const t of [0, 1, 7]) {
    const settings = { lr: k => 0.02 / (1 + k), beta: 0.8 }, path = descend(rule, grad, [3, 1], 9, settings), { parts } = anatomy(rule, grad, [3, 1], t, settings);
    const step = parts.find(p => p.label === "step") || parts[0], to = step.from.map((v, i) => v + step.by[i]);
    if (rule !== "nesterov") {
      assert.ok(near(step.from, path[t]) && near(to, path[t + 1]), rule + t);
    } else { // it stands where the look ahead began, and that leads to where the rule is written
      assert.ok(near(step.from.map((v, i) => v + parts[0].by[i]), path[t]));
      const after = anatomy(rule, grad, [3, 1], t + 1, { lr: 0.02 / (1 + t), beta: 0.8 });
      if (t === 0) assert.ok(near(to, after.parts[0].from));
    }
    if (rule === "momentum" || rule === "nesterov") assert.ok(near(parts[2].by, parts[0].by.map((v, i) => v + parts[1].by[i])));
    for (const a of arrows({ parts, told: [] }, [-4, 4, -4, 4]).arrows) assert.ok([...a.from, ...a.to].every(Number.isFinite));
  }
});

test("short steps are drawn longer, all by the same factor", () => {
  const { factor, arrows: drawn } = arrows(anatomy("momentum", ([x, y]) => [x, 9 * y], [1, 1], 3, { lr: 0.001 }), [-2, 2, -2, 2]);
  assert.ok(factor > 1);
  assert.ok(Math.abs(drawn[1].from[0] - drawn[0].to[0]) < 1e-12, "the gradient begins where the memory ends");
});

test("a run begins slowly, is drawn whole at the end, and never takes longer than a second", () => {
  for (const n of [1, 3, 10, 40, 2000]) {
    assert.equal(pace(1, n), n);
    assert.equal(pace(0, n), 0);
    assert.ok(lasts(n) <= 800);
  }
  assert.ok(pace(0.3, 40) === 3 && pace(0.65, 40) > 20);
  assert.deepEqual(cut([[0, 0], [2, 4], [3, 3]], 0.5), [[0, 0], [1, 2]]);
  assert.deepEqual(cut([[0], [2]], Infinity), [[0], [2]]);
});

test("what is drawn can be read as a table, told and heard", () => {
  const picture = {
    map: { loss: ([x]) => x * x, axes: ["a", "b"], paths: [{ points: [[2, 0], [1, 0], [0, 0]], label: "gd" }, { points: [[0, 0], [1, 1]], kind: "theory" }] },
    curve: { series: [{ y: [1, 1, 1], kind: "theory" }, { y: [100, 10, 1, NaN] }], x: [0, 3], y: [1, 100], ylog: true, xlabel: "step t", ylabel: "loss" },
    missing: null,
  };
  assert.deepEqual(tables(picture, ["map", "curve", "missing"]), [
    ["Path: gd", ["step", "a", "b", "height"], [[0, 2, 0, 4], [1, 1, 0, 1], [2, 0, 0, 0]]],
    ["loss", ["step t", "predicted", "gradient descent"], [[0, 1, 100], [1, 1, 10], [2, 1, 1], [3, NaN, NaN]]],
  ]);
  assert.match(described(picture, ["curve"]), /gradient descent from 100 to 1\./);
  assert.deepEqual(melody(picture, ["map", "curve"]), [1, 0.5, 0, 1]);
  assert.equal(melody({ map: picture.map }, ["map"]), null);
  assert.deepEqual([rows(0), rows(1), rows(3)], [[], [0], [0, 1, 2]]);
  const many = rows(2001);
  assert.ok(many.length < 40 && many[many.length - 1] === 2000 && new Set(many).size === many.length);
});
