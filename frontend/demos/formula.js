// Make a landscape from a formula in x and y. The slopes come from dual numbers, which carry their derivatives. The
// text is never run as code: jsep parses it into a tree, and each kind of node that is allowed becomes a function.
import jsep from "./jsep.js";

jsep.addBinaryOp("^", 11, true);

/** A dual number: the value, and its derivatives with respect to x and to y. @typedef {[number, number, number]} Dual */

/** {function: [its value, its derivative]}. @type {Record<string, [(v: number) => number, (v: number) => number]>} */
const FUNCTIONS = {
  sin: [Math.sin, Math.cos], cos: [Math.cos, v => -Math.sin(v)], exp: [Math.exp, Math.exp], log: [Math.log, v => 1 / v],
  sqrt: [Math.sqrt, v => 0.5 / Math.sqrt(v)], abs: [Math.abs, Math.sign], tanh: [Math.tanh, v => 1 - Math.tanh(v) ** 2],
};
const CONSTANTS = { pi: Math.PI, e: Math.E };

/** @type {Record<string, (a: number, b: number) => number>} */
const NUMBER = { "+": (a, b) => a + b, "-": (a, b) => a - b, "*": (a, b) => a * b, "/": (a, b) => a / b, "^": (a, b) => a ** b };

/** @type {Record<string, (a: Dual, b: Dual) => Dual>} */
const DUAL = {
  "+": ([a, p, q], [b, r, s]) => [a + b, p + r, q + s],
  "-": ([a, p, q], [b, r, s]) => [a - b, p - r, q - s],
  "*": ([a, p, q], [b, r, s]) => [a * b, p * b + a * r, q * b + a * s],
  "/": ([a, p, q], [b, r, s]) => [a / b, (p - a / b * r) / b, (q - a / b * s) / b],
  "^"([a, p, q], [b, r, s]) {
    const v = a ** b, k = b === 0 ? 0 : b * a ** (b - 1);
    return r === 0 && s === 0 ? [v, k * p, k * q] : [v, k * p + v * Math.log(a) * r, k * q + v * Math.log(a) * s];
  },
};

const AREA = "x, y, numbers, + − * / ^, " + Object.keys(FUNCTIONS).join(", ") + ", pi and e";

/** @param {any} node @returns {[(x: number, y: number) => number, (x: number, y: number) => Dual]} */
function compile(node) {
  if (node.type === "Literal" && typeof node.value === "number") return [() => node.value, () => [node.value, 0, 0]];
  if (node.type === "Identifier") {
    if (node.name === "x") return [x => x, x => [x, 1, 0]];
    if (node.name === "y") return [(_, y) => y, (_, y) => [y, 0, 1]];
    if (Object.hasOwn(CONSTANTS, node.name)) { const v = CONSTANTS[node.name]; return [() => v, () => [v, 0, 0]]; }
    throw new Error(`There is no “${node.name}” here: use ${AREA}.`);
  }
  if (node.type === "UnaryExpression" && node.operator === "+") return compile(node.argument);
  if (node.type === "BinaryExpression" && Object.hasOwn(NUMBER, node.operator)) {
    const [f, u] = compile(node.left), [g, v] = compile(node.right), n = NUMBER[node.operator], d = DUAL[node.operator];
    return [(x, y) => n(f(x, y), g(x, y)), (x, y) => d(u(x, y), v(x, y))];
  }
  if (node.type === "CallExpression" && node.callee.type === "Identifier") {
    const known = Object.hasOwn(FUNCTIONS, node.callee.name) && FUNCTIONS[node.callee.name];
    if (!known) throw new Error(`There is no function “${node.callee.name}” here: use ${AREA}.`);
    if (node.arguments.length !== 1) throw new Error(`${node.callee.name} takes one number, as in ${node.callee.name}(x).`);
    const [f, u] = compile(node.arguments[0]), [value, slope] = known;
    return [(x, y) => value(f(x, y)), (x, y) => { const [a, p, q] = u(x, y), k = slope(a); return [value(a), k * p, k * q]; }];
  }
  throw new Error(`That is no formula: use ${AREA}.`);
}

/** @type {Map<string, any>} */
const read = new Map();

/** Return the landscape of a formula, or {error: a sentence on what is wrong}. @param {string} text */
export function formula(text) {
  const kept = read.get(text);
  if (kept) return kept;
  let made;
  try {
    if (text.length > 200) throw new Error("A formula has at most 200 characters.");
    const plain = text.replaceAll("**", "^").replaceAll("−", "-").replaceAll("·", "*").replace(/\s+/g, " ").trim();
    if (!plain) throw new Error("Type a formula in x and y, for example x^2 + 2*y^2.");
    if (/[/^] ?-/.test(plain)) throw new Error("Put a minus after / or ^ into brackets, as in 2^(-x).");
    // a minus sign is applied after a power, because −x² means −(x²)
    const [number, dual] = compile(jsep(plain.replace(/(^|[(,+\-*]) ?-/g, "$1(0-1)*")));
    made = { loss: ([x, y]) => number(x, y), grad: ([x, y]) => dual(x, y).slice(1) };
  } catch (e) {
    made = { error: e instanceof Error && /[.:]$|here|takes|brackets|formula|characters/.test(e.message) ? e.message : "That cannot be read as a formula." };
    if (/ at character /.test(made.error)) made.error = `That cannot be read as a formula: ${made.error.replace(/^.*? at character /, "look at character ")}.`;
  }
  if (read.size > 50) read.clear();
  read.set(text, made);
  return made;
}
