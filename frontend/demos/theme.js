// Light or dark: the book sets data-theme on <html>, and JupyterLab sets data-jp-theme-light on <body>. If both are
// missing, the system decides.

const listeners = new Set();
const system = globalThis.matchMedia?.("(prefers-color-scheme: dark)");
let watching = false;

/** @returns {"light" | "dark"} */
export function theme() {
  const book = document.documentElement.dataset.theme, lab = document.body.dataset.jpThemeLight;
  if (book === "dark" || book === "light") return book;
  if (lab) return lab === "false" ? "dark" : "light";
  return system?.matches ? "dark" : "light";
}

/** Call `listener` after every change of the theme, until the returned function is called.
 * @param {() => void} listener */
export function onTheme(listener) {
  if (!watching) {
    watching = true;
    const tell = () => listeners.forEach(f => f());
    const observer = new MutationObserver(tell);
    observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    observer.observe(document.body, { attributeFilter: ["data-jp-theme-light"] });
    system?.addEventListener("change", tell);
  }
  listeners.add(listener);
  return () => { listeners.delete(listener); };
}

/** The colours of a landscape from low to high, as [red, green, blue]. The highest places have the colour of the page. */
export const LAND = {
  light: [[231, 205, 150], [236, 216, 172], [241, 226, 193], [245, 235, 213], [249, 243, 230], [252, 250, 245]],
  dark: [[104, 84, 48], [84, 69, 43], [65, 55, 39], [48, 43, 35], [34, 33, 31], [24, 26, 28]],
};
