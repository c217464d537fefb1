// The parts of fflate that handing in needs. `make demos` bundles them into ../page/zip.js, which a page loads when it
// makes or opens a zip.
export { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
