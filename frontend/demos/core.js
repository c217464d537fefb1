// What every demo stands on, as one module: static/core.js. A demo's own module (build.mjs) holds the rest and imports this one.
export * from "./anatomy.js";
export * from "./controls.js";
export * from "./draw.js";
export * from "./handle.js";
export * from "./noise.js";
export * from "./panels/curves.js";
export * from "./panels/landscape.js";
export * from "./problems.js";
export * from "./rules.js";
export * from "./shell.js";
