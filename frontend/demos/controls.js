// Controls: slider, choice, switch, button; menus.js has those that few demos need. Each function here returns a function of (set,
// id) that makes the control: {node, update(state)}. The control calls set(changes) when the reader uses it.
import { fmt, html, scale } from "./draw.js";

/** @typedef {Record<string, any>} State */
/** @typedef {(set: (changes: State) => void, id: string) => {node: any, update: (s: State, known?: (goal: string) => boolean) => void}} Control */

/** Return the value of an option. An option is either its value or a function of the state. */
export const of = (option, s) => typeof option === "function" ? option(s) : option;

/** Return the number that a text stands for, such as 0.25, 1e-3 or 1/3; null if it is not a number. @param {string}
 * text */
export function number(text) {
  const [a, b = "1", more] = text.replace(/[−–]/g, "-").replace(",", ".").split("/");
  const v = a.trim() && b.trim() && more === undefined ? Number(a) / Number(b) : NaN;
  return Number.isFinite(v) ? v : null;
}

/** A slider. Its track can show marks, for example at values that the theory gives. @param {string} key
 * @param {{label: any, min: any, max: any, step?: any, log?: any, digits?: number, marks?: any, say?: (s: State) => string, show?: any, also?: (value: number, s: State) => State, axis?: boolean}} options
 * also: returns the settings that must change together with this one. axis: the slider stands under the axis of the picture. step: on a linear slider the distance between two
 * values, on a logarithmic slider the number of positions per factor of ten. marks: [[value, label, goal], …]; a mark with
 * a goal is shown when this goal is reached.
 * @returns {Control} */
export function slider(key, { label, min, max, step = 0.01, log = false, digits = 4, marks = [], say, show = true, also, axis = false }) {
  return (change, id) => {
    let state = {};
    const whole = c => also ? { ...c, ...also(c[key], state) } : c;
    const set = c => change(whole(c));
    const range = html("input", { type: "range", id, min: 0, step: 1 });
    const field = html("input", { type: "text", inputmode: "decimal", autocomplete: "off", spellcheck: "false" });
    const name = html("label", { for: id }), track = html("div", { class: "marks", "aria-hidden": "true" });
    const node = html("div", { class: "control slider" + (axis ? " axis" : "") }, name, field, html("div", { class: "rail" }, range, track));
    let lo = 0, hi = 1, grid = 1, logarithmic = false, drawn = "";
    const value = k => Math.min(hi, logarithmic ? +(lo * 10 ** (k / grid)).toPrecision(3) : +(lo + k * grid).toPrecision(12));
    const place = v => logarithmic ? Math.log10(Math.max(v, 1e-300) / lo) * grid : (v - lo) / grid;
    range.addEventListener("input", () => set({ [key]: value(+range.value) }));
    range.addEventListener("keydown", e => {
      const way = ({ ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 })[e.key];
      if (!way) return;
      e.preventDefault();
      if (e.shiftKey) range.value = +range.value + 9 * way;
      let c;
      // `also` may round a small change away; then go on to the next value, so that each press has an effect
      do {
        range.value = +range.value + way;
        c = whole({ [key]: value(+range.value) });
      } while (c[key] === state[key] && range.value !== (way > 0 ? range.max : "0"));
      change(c);
    });
    const typed = () => {
      const v = number(field.value);
      if (v !== null) set({ [key]: v });
      field.toggleAttribute("aria-invalid", v === null);
    };
    field.addEventListener("change", typed);
    field.addEventListener("keydown", e => { if (e.key === "Enter") typed(); });
    field.addEventListener("focus", () => field.select());
    return {
      node,
      update(s, known = () => false) {
        state = s;
        node.hidden = !of(show, s);
        if (node.hidden) return;
        [lo, hi, grid, logarithmic] = [of(min, s), of(max, s), of(step, s), of(log, s)];
        const n = Math.round(place(hi)), text = of(label, s), v = s[key], list = of(marks, s).filter(([, , goal]) => !goal || known(goal));
        range.max = n;
        range.value = Math.round(place(v));
        range.style.setProperty("--at", `${100 * Math.min(1, Math.max(0, place(v) / n))}%`);
        range.setAttribute("aria-valuetext", fmt(v, digits) + (say ? ", " + say(s) : ""));
        const shown = fmt(v, digits + 2);
        if (field.getRootNode().activeElement !== field || number(field.value) !== v) field.value = /[×⁰-⁹¹²³]/.test(shown) ? v.toExponential() : shown;
        const k = JSON.stringify([text, lo, hi, grid, list]);
        if (k === drawn) return;
        drawn = k;
        name.textContent = text;
        field.setAttribute("aria-label", text + ", type a number or a fraction");
        const at = scale(0, n, 0, 100);
        track.replaceChildren(...list.filter(([m]) => m >= lo * 0.999 && m <= hi * 1.001).map(([m, t]) =>
          html("span", { style: `left:${at(place(m)).toFixed(2)}%` }, t)));
      },
    };
  };
}

/** A choice of one among a few options. also: returns the settings that must change together with this one. @param {string} key
 * @param {{label: string, options: any, also?: (value: any, s: State) => State, show?: any}} options @returns {Control} */
export function choice(key, { label, options, also, show = true }) {
  return (set, id) => {
    const box = html("div", { class: "options" });
    const node = html("fieldset", { class: "control choice" }, html("legend", {}, label), box);
    let drawn = "", state = {};
    return {
      node,
      update(s) {
        state = s;
        node.hidden = !of(show, s);
        const list = of(options, s), k = JSON.stringify(list);
        if (k !== drawn) {
          drawn = k;
          box.replaceChildren(...list.map(([value, text]) => {
            const input = html("input", { type: "radio", name: id, onchange: () => set({ [key]: value, ...(also ? also(value, state) : {}) }) });
            input.dataset.value = JSON.stringify(value);
            return html("label", {}, input, html("span", {}, text));
          }));
        }
        for (const input of box.querySelectorAll("input")) input.checked = JSON.parse(input.dataset.value) === s[key];
      },
    };
  };
}

/** A switch: on or off. @param {string} key @param {{label: string, show?: any}} options @returns {Control} */
export function toggle(key, { label, show = true }) {
  return (set, id) => {
    const input = html("input", { type: "checkbox", id, role: "switch", onchange: () => set({ [key]: input.checked }) });
    const node = html("div", { class: "control toggle" }, html("label", {}, input, html("span", {}, label)));
    return { node, update(s) { node.hidden = !of(show, s); input.checked = !!s[key]; } };
  };
}

/** A button that changes settings. press: called at a click with the state and `set`; returns the settings to change, if any.
 * look: the panel that shows the change, true for the first, or "says" for the sentence; it is brought into sight.
 * @param {any} label
 * @param {{press: (s: State, set: any) => State | void, show?: any, primary?: boolean | ((s: State) => boolean), look?: string | boolean}} options @returns {Control} */
export function button(label, { press, show = true, primary = false, look = false }) {
  return set => {
    let state = {};
    const b = html("button", { type: "button", onclick: () => { const c = press(state, set); if (c) set(c); if (look) /** @type {any} */ (set).look(look); } });
    const node = html("div", { class: "control" }, b);
    return { node, update(s) { state = s; node.hidden = !of(show, s); b.textContent = of(label, s); b.className = of(primary, s) ? "primary" : ""; } };
  };
}
