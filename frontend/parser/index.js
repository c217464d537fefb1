// jsep, which reads formulas. Bundled into ../demos/jsep.js (make demos), so that the demos' sources run without being bundled.
export { default } from "jsep";
