// editor.js is bundled from ../editor/index.js; these are the types that the page uses.
export { editor } from "../editor/index.js";
