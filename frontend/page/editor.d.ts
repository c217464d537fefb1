// editor.js is bundled from ../editor/index.js; this is what the page knows of it.
export { editor } from "../editor/index.js";
