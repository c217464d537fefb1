// Every demo by the name of its Python class.
import FindTheEdge from "./demos/find_the_edge.js";

/** @type {Record<string, import("./shell.js").Demo>} */
export const registry = { FindTheEdge };
