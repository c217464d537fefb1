// Controls that only some demos need: a menu, a text field, a field for a number, a heading. controls.js has the others.
import { number, of } from "./controls.js";
import { fmt, html } from "./draw.js";

/** A menu: a choice of one among many. @param {string} key @param {{label: string, options: string[][], show?: any}} options @returns {import("./controls.js").Control} */
export function select(key, { label, options, show = true }) {
  return (set, id) => {
    const menu = html("select", { id, onchange: () => set({ [key]: menu.value }) }, ...options.map(([value, text]) => html("option", { value }, text)));
    const node = html("div", { class: "control menu" }, html("label", { for: id }, label), menu);
    return { node, update(s) { node.hidden = !of(show, s); menu.value = s[key]; } };
  };
}

/** A text field. wrong: returns a sentence on what is wrong with the text, if anything.
 * @param {string} key @param {{label: string, wrong?: (text: string) => string | undefined, show?: any}} options @returns {import("./controls.js").Control} */
export function words(key, { label, wrong, show = true }) {
  return (set, id) => {
    const field = html("input", { type: "text", class: "long", autocomplete: "off", autocapitalize: "off", spellcheck: "false", maxlength: 200, id, oninput: () => set({ [key]: field.value }) });
    const node = html("div", { class: "control words" }, html("label", { for: id }, label), field);
    return {
      node,
      update(s) {
        node.hidden = !of(show, s);
        if (node.hidden) return;
        if (field.getRootNode().activeElement !== field) field.value = s[key];
        field.toggleAttribute("aria-invalid", !!wrong?.(s[key]));
      },
    };
  };
}

/** A line of text above the controls that follow. @param {string} words @returns {import("./controls.js").Control} */
export const heading = words => () => ({ node: html("p", { class: "control heading" }, words), update() {} });

/** A field for a number. blank: the number that an empty field stands for.
 * @param {string} key @param {{label: any, blank?: number, show?: any}} options @returns {import("./controls.js").Control} */
export function entry(key, { label, blank, show = true }) {
  return (set, id) => {
    const field = html("input", { type: "text", inputmode: "decimal", autocomplete: "off", id, placeholder: "?" });
    const node = html("div", { class: "control entry" }, html("label", { for: id }), field);
    field.addEventListener("input", () => {
      const v = number(field.value);
      field.toggleAttribute("aria-invalid", v === null && field.value.trim() !== "");
      if (v !== null) set({ [key]: v });
    });
    return {
      node,
      update(s) {
        node.hidden = !of(show, s);
        node.firstChild.textContent = of(label, s);
        if (field.getRootNode().activeElement !== field) field.value = s[key] === blank ? "" : fmt(s[key], 6);
      },
    };
  };
}
