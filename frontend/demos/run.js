// The bar under the panels, by which the reader plays a run, goes one step back or on, or chooses a step.
import { html } from "./draw.js";

/** Return the step that a run of n steps has reached after a share f of its time. The first three steps take longer, so that
 * the reader can see them.
 * @param {number} f @param {number} n */
export const pace = (f, n) => n <= 10 ? f * n : f < 0.3 ? f * 10 : 3 + (n - 3) * (f - 0.3) / 0.7;

/** Return the milliseconds in which n steps are drawn. @param {number} n */
export const lasts = n => Math.min(800, 200 + 50 * n);

/** @param {{go: (t: number) => void, play: () => void}} act go: shows a step; play: begins or pauses */
export function runBar({ go, play }) {
  const range = html("input", { type: "range", min: 0, step: 1, "aria-label": "step of the run", oninput: () => go(+range.value) });
  range.addEventListener("keydown", e => {
    const way = ({ ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 })[e.key];
    if (!way || !e.shiftKey) return;
    e.preventDefault();
    go(range.value = Math.min(+range.max, Math.max(0, +range.value + 10 * way)));
  });
  const start = html("button", { type: "button", class: "play", onclick: play });
  const one = (text, label, way) => html("button", { type: "button", "aria-label": label, onclick: () => go(Math.min(+range.max, Math.max(0, +range.value + way))) }, text);
  const told = html("span", { class: "at", "aria-hidden": "true" });
  const node = html("div", { class: "run", role: "group", "aria-label": "The run, step by step" }, start, one("‹", "one step back", -1), range, one("›", "one step on", 1), told);
  return {
    node,
    /** @param {number} t @param {number} n @param {boolean} playing @param {string} spoken */
    update(t, n, playing, spoken) {
      const at = Math.round(Math.min(t, n));
      node.hidden = !n;
      range.max = n;
      range.value = at;
      range.style.setProperty("--at", `${100 * at / (n || 1)}%`);
      told.textContent = `step ${at} of ${n}`;
      range.setAttribute("aria-valuetext", `step ${at} of ${n}` + (spoken ? `: ${spoken}` : ""));
      if (start.dataset.playing === String(playing)) return;
      start.dataset.playing = playing;
      start.textContent = playing ? "❚❚" : "▶";
      start.setAttribute("aria-label", playing ? "pause" : "play the run");
    },
  };
}
