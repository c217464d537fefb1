// Every demo by the name of its Python class.
import BeTheOptimiser from "./demos/be_the_optimiser.js";
import FindTheEdge from "./demos/find_the_edge.js";

/** @type {Record<string, import("./shell.js").Demo>} */
export const registry = { BeTheOptimiser, FindTheEdge };
