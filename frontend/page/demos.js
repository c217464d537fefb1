// The demos on a page of the book: the element <gdc-demo> loads its module when the reader comes near. `model` below
// takes the place of the widget model that a demo has in Jupyter.
import { below, record } from "./log.js";

const load = name => import(new URL(`../demos/${name}.js`, import.meta.url).href);

const reached = name => Object.keys(below("demo", name)).join(" ");

function model(values, name, anchor, saved) {
  const listeners = {};
  let changed = {};
  return {
    get: key => values[key],
    set(key, value) {
      if (key === "reached") for (const goal of value.split(" ").filter(one => one && !(one in below("demo", name)))) record("demo", `${name}/${goal}`, { ok: true });
      values[key] = changed[key] = value;
      for (const f of listeners["change:" + key] || []) f();
    },
    on: (event, f) => { (listeners[event] ??= new Set()).add(f); },
    off: (event, f) => { listeners[event]?.delete(f); },
    // send the changed settings to Python, if Python runs
    save_changes() { saved?.(changed); changed = {}; },
    // return the address of this page with the settings that differ from the first ones
    link(state, first) {
      const q = new URLSearchParams(Object.entries(state).filter(([k, v]) => v !== first[k]).map(([k, v]) => [k, String(v)]));
      return location.href.split("#")[0] + "#" + anchor + (q.size ? "?" + q : "");
    },
  };
}

/** Return the settings in an address such as "#FindTheEdge?lr=0.25", each with the type of the setting. */
function linked(anchor, state, choices = {}, free = []) {
  const [name, query] = decodeURI(location.hash.slice(1)).split("?");
  if (name !== anchor) return null;
  const out = {};
  for (const [k, text] of new URLSearchParams(query || "")) {
    const was = state[k];
    if (typeof was === "number" && text.trim() && Number.isFinite(+text)) out[k] = +text;
    else if (typeof was === "boolean") out[k] = text === "true";
    else if (choices[k]?.includes(text) || (free.includes(k) && text.length <= 200)) out[k] = text;
  }
  return out;
}

let near;

class GdcDemo extends HTMLElement {
  /** @type {any} */ demo; // set by the demo's module when it has drawn the demo
  /** @type {any} */ model;
  /** @type {any} */ saved; // called with the settings that the reader has changed, if Python listens
  /** @type {any} */ stop;
  follow = () => this.linked();

  connectedCallback() {
    near ??= new IntersectionObserver(seen => seen.forEach(e => e.isIntersecting && /** @type {GdcDemo} */ (e.target).start()), { rootMargin: "400px 0px" });
    near.observe(this);
    addEventListener("hashchange", this.follow);
    if (linked(this.id, {})) { this.scrollIntoView(); this.start(); }
  }

  disconnectedCallback() {
    near.unobserve(this);
    removeEventListener("hashchange", this.follow);
    this.stop?.();
    this.stop = this.model = null;
  }

  async start() {
    near.unobserve(this);
    if (this.model) return;
    const data = JSON.parse(this.querySelector("script")?.textContent ?? "");
    const values = { ...data.state, words: data.words, paths: data.paths || [], reached: reached(data.words.name) || data.state.reached || "" };
    this.model = model(values, data.words.name, this.id, this.saved);
    // load core.js at the same time: the browser would find out only from the module that it needs core.js
    const [{ default: module }] = await Promise.all([load(data.words.file), load("core")]);
    if (!this.isConnected || this.stop) return;
    this.stop = module.render({ model: this.model, el: this });
    this.linked();
  }

  linked() {
    const found = this.demo && linked(this.id, this.demo.state, this.demo.words.choices, this.demo.words.free);
    if (found && Object.keys(found).length) this.demo.place(found);
    else if (!this.demo && linked(this.id, {})) this.start();
  }
}

customElements.define("gdc-demo", GdcDemo);
