// jsep, which reads formulas. Bundled into ../demos/jsep.js (make demos), so that the demos' sources run as they stand.
export { default } from "jsep";
