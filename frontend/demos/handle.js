// A point that the reader moves by mouse, touch or keys. Until the reader has done anything, it shows "drag me".
import { html } from "./draw.js";

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** @param {string} label what a screen reader calls the handle
 * @param {{at: () => number[], to: (x: number, y: number) => void, step: (dx: number, dy: number) => void, ask?: boolean}} how
 * at: returns where the handle is, in pixels of its panel; to: moves the handle to a point; step: moves the handle by a
 * number of key presses to the right and up; ask: show that the handle can be dragged */
export function handle(label, { at, to, step, ask = true }) {
  const node = html("div", { class: "handle" + (ask ? " asks" : ""), hidden: true, tabindex: 0, role: "slider", "aria-label": label });
  if (ask) node.append(html("span", { "aria-hidden": "true" }, "drag me"));
  let grip = [0, 0];
  node.addEventListener("pointerdown", e => {
    node.setPointerCapture(e.pointerId);
    const [x, y] = at();
    grip = [e.clientX - x, e.clientY - y];
    node.focus({ preventScroll: true });
    e.preventDefault();
  });
  node.addEventListener("pointermove", e => {
    if (!node.hasPointerCapture(e.pointerId)) return;
    to(e.clientX - grip[0], e.clientY - grip[1]);
  });
  node.addEventListener("keydown", e => {
    const way = WAYS[e.key];
    if (!way) return;
    e.preventDefault();
    const k = e.shiftKey ? 10 : 1;
    step(k * way[0], k * way[1]);
  });
  /** Put the handle at a point of a panel of width w. Its label stays inside the panel: above the handle, or below it
   * if something points up from there. */
  const place = (x, y, w, under = false) => {
    node.style.transform = `translate(${x}px, ${y}px)`;
    node.classList.toggle("under", under);
    node.classList.toggle("first", x < 36);
    node.classList.toggle("last", x > w - 36);
  };
  return Object.assign(node, { place });
}

/** Let a tap anywhere on the panel move the handle there. @param {any} panel @param {any} handle @param {(x: number,
 * y: number) => void} to */
export function tap(panel, handle, to) {
  panel.addEventListener("click", e => {
    if (handle.hidden || e.target.closest(".handle")) return;
    const { left, top } = panel.getBoundingClientRect();
    to(e.clientX - left, e.clientY - top);
  });
}
