// The code that all demos share, bundled as one module: static/core.js. Each demo's own module imports it (see build.mjs).
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
