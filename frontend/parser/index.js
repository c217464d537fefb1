// jsep, which parses formulas. `make demos` bundles it into ../demos/jsep.js, so that the sources of the demos also run
// unbundled.
export { default } from "jsep";
