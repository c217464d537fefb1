// zip.js is bundled from ../zip/index.js; these are the types that the page uses.
export * from "../zip/index.js";
