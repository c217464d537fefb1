// jsep, which reads formulas. `make demos` bundles it into ../demos/jsep.js, so that the sources of the demos run
// without being bundled.
export { default } from "jsep";
