// The parts of fflate that handing in needs. Bundled into ../page/zip.js (make demos), loaded when a zip is made or opened.
export { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
