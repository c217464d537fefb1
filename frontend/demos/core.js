// The code that all demos share. build.mjs bundles it into one module, static/core.js, which the module of each demo
// imports.
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
