// The one module: anywidget calls render in Jupyter, the custom element of loader.js in the book.
import { registry } from "./registry.js";
import { mount } from "./shell.js";

export default {
  /** @param {{model: any, el: HTMLElement}} view */
  render: ({ model, el }) => mount(registry[model.get("words").name], model, el),
};
