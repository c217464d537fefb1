// zip.js is bundled from ../zip/index.js; this is what the page knows of it.
export * from "../zip/index.js";
