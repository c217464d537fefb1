// The parts of fflate that handing in needs. `make demos` bundles them into ../page/zip.js, which is loaded when a zip
// is made or opened.
export { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
