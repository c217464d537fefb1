// The frame around every demo: title, panels, controls, what it says, goals, tools. One animation frame per input.
import { fmt, html } from "./draw.js";
import { onTheme, theme } from "./theme.js";
import style from "./style.css";

/** What a demo's file exports.
 * @typedef {object} Demo
 * @property {(act: {set: (changes: any) => void, state: () => any}) => Record<string, any>} panels name -> panel
 * @property {string} [layout] a name of a layout in style.css
 * @property {import("./controls.js").Control[]} controls
 * @property {(s: any, data: any) => any} compute state (and data of the Python class) -> picture: {panel name: its data, …anything else}; pure
 * @property {(s: any, p: any) => string[][]} numbers
 * @property {(s: any, p: any) => string} [say] without it the class in Python has `say`, a text with settings and parts of the picture in braces
 * @property {Record<string, (s: any, p: any) => boolean>} goals
 * @property {(s: any, p: any) => string} [python] the same picture in Python; without it the class says `python`, as for say
 */

let count = 0;
/** @type {CSSStyleSheet | undefined} one for all demos on the page */
let sheet;

/** @param {Demo} demo @param {any} model @param {HTMLElement} el */
export function mount(demo, model, el) {
  const words = model.get("words"), keys = words.state, uid = `gd${++count}-`, started = Date.now();
  const root = el.shadowRoot || el.attachShadow({ mode: "open" });
  const state = Object.fromEntries(keys.map(k => [k, model.get(k)]));
  const first = { ...state };
  let done = new Set((model.get("reached") || "").split(" ").filter(Boolean)), goal = 0;
  /** @type {any} */
  let picture = null;
  let frame = 0, settling = 0, own = false, ended = false;

  const set = changes => {
    Object.assign(state, changes);
    own = true;
    request();
  };
  /** Count a setting up to a value in some seconds, slowly at first; a hand on the control stops it. */
  set.play = (key, to, seconds = 4) => {
    const began = performance.now();
    let shown = state[key];
    const next = () => {
      const f = Math.min(1, (performance.now() - began) / seconds / 1000);
      if (ended || state[key] !== shown) return;
      set({ [key]: shown = Math.max(1, Math.round((to + 1) ** f - 1)) });
      if (f < 1) requestAnimationFrame(next);
    };
    if (matchMedia("(prefers-reduced-motion: reduce)").matches || document.hidden) set({ [key]: to });
    else next();
  };
  const request = () => { if (!frame && !ended) frame = requestAnimationFrame(render); };

  /** Words of the Python class, with settings and parts of the picture in braces. */
  const fill = (text, show) => text.replace(/\{(\w+)\}/g, (_, k) => show(k in state ? state[k] : picture[k]));
  const python = () => demo.python ? demo.python(state, picture) : fill(words.python.trim ? words.python : words.python[Object.values(state).find(v => words.python[v])], v => ({ true: "True", false: "False" })[v] ?? v);

  const panels = demo.panels({ set, state: () => state });
  const controls = demo.controls.map((make, i) => make(set, uid + i));
  const numbers = html("dl", { class: "numbers" }), says = html("p", { class: "says" });
  const live = html("p", { class: "unseen", "aria-live": "polite" });
  const steps = html("ol", { class: "steps" }), task = html("p", { class: "task" });
  const goals = html("div", { class: "goals", role: "group", "aria-label": "Goals" }, steps, task);
  const code = html("pre", { class: "code", hidden: true, tabindex: 0, "aria-label": "The same picture as Python" });
  const tell = html("span", { class: "told", role: "status" });
  const tool = (text, act) => html("button", { type: "button", class: "tool", onclick: act }, text);
  const body = html("section", { class: "demo", "aria-labelledby": uid + "t" },
    html("p", { class: "title", id: uid + "t" }, words.title), html("p", { class: "question" }, words.question),
    html("div", { class: "panels " + (demo.layout || "") }, ...Object.entries(panels).map(([name, p]) => html("div", { class: "panel " + name }, p.node))),
    html("div", { class: "controls" }, ...controls.map(c => c.node)), numbers, says, live, goals,
    html("p", { class: "caption" }, words.caption),
    html("div", { class: "tools" }, tool("Reset", () => { code.hidden = true; set(first); }),
      ...(model.link ? [tool("Copy link", () => copy(model.link(state, first), "Link copied."))] : []),
      tool("Copy as Python", () => { const text = python(); code.textContent = text; code.hidden = false; copy(text, "Copied."); }), tell),
    code);
  if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(style);
  root.adoptedStyleSheets = [sheet];
  root.replaceChildren(body, html("slot"));
  el.dataset.lmSuppressShortcuts = "true"; // in JupyterLab arrow keys would change the cell instead of the slider

  function copy(text, message) {
    const say = m => { tell.textContent = m; setTimeout(() => { tell.textContent = ""; }, 3000); }, no = () => say("Copying is not allowed here.");
    navigator.clipboard ? navigator.clipboard.writeText(text).then(() => say(message), no) : no();
  }

  words.goals.forEach((_, i) => steps.append(html("li", {}, html("button", {
    type: "button", onclick: () => turn(i),
  }))));

  /** Turn to a goal, and to where it starts; at once, so that the next key meets the new controls. */
  function turn(i) {
    const g = words.goals[goal = i];
    if (g.set && !done.has(g.id)) set(g.set);
    render();
  }

  function drawGoals() {
    words.goals.forEach((g, i) => {
      const b = steps.childNodes[i].firstChild, is = done.has(g.id);
      b.textContent = is ? "✓" : i + 1;
      b.className = is ? "done" : "";
      b.setAttribute("aria-label", `Goal ${i + 1}${is ? ", reached" : ""}`);
      i === goal ? b.setAttribute("aria-current", "step") : b.removeAttribute("aria-current");
    });
    const g = words.goals[goal];
    if (!g) return;
    const key = goal + String(done.has(g.id));
    if (task.dataset.key === key) return;
    task.dataset.key = key;
    task.replaceChildren(html("span", { class: "ask" }, g.task));
    if (done.has(g.id)) {
      task.append(" ", html("strong", {}, "Reached. "), g.lesson);
      if (goal + 1 < words.goals.length) task.append(" ", html("button", { type: "button", class: "next", onclick: () => turn(goal + 1) }, "Next goal →"));
    }
  }

  function render() {
    cancelAnimationFrame(frame);
    frame = 0;
    if (ended) return;
    picture = demo.compute(state, words.data);
    for (const path of model.get("paths") || []) picture.add?.(path);
    for (const name in panels) {
      panels[name].node.parentNode.hidden = !picture[name];
      if (picture[name]) panels[name].update(picture[name]);
    }
    for (const c of controls) c.update(state);
    const list = demo.numbers(state, picture);
    while (numbers.childNodes.length < list.length) numbers.append(html("div", {}, html("dt"), html("dd")));
    while (numbers.childNodes.length > list.length) numbers.lastChild.remove();
    list.forEach(([k, v], i) => { const [a, b] = numbers.childNodes[i].childNodes; if (a.textContent !== k) a.textContent = k; if (b.textContent !== v) b.textContent = v; });
    const sentence = demo.say ? demo.say(state, picture) : fill(words.say, v => typeof v === "number" ? fmt(v, 5) : v);
    if (says.textContent !== sentence) says.textContent = sentence;
    drawGoals();
    clearTimeout(settling);
    if (own) settling = setTimeout(settle, 400);
    if (own) tellModel();
  }

  /** When the hand rests: was a goal reached, and what is there to say? A goal swept past does not count. */
  function settle() {
    settling = 0;
    const order = [words.goals[goal], ...words.goals].filter(g => g && !done.has(g.id)), g = order.find(g => demo.goals[g.id](state, picture));
    if (g) {
      done.add(g.id);
      goal = words.goals.indexOf(g);
      drawGoals();
      tellModel();
    }
    live.textContent = says.textContent + (g ? ` Reached. ${g.lesson}` : "");
  }

  function tellModel() {
    for (const k of keys) if (!same(model.get(k), state[k])) model.set(k, state[k]);
    const all = words.goals.filter(g => done.has(g.id)).map(g => g.id).join(" ");
    if (all !== (model.get("reached") || "")) model.set("reached", all);
    model.save_changes();
  }

  const heard = keys.concat("paths").map(k => {
    const listen = () => { if (k !== "paths") { if (same(model.get(k), state[k])) return; state[k] = model.get(k); } request(); };
    model.on("change:" + k, listen);
    return [k, listen];
  });
  const restyle = () => { body.dataset.theme = theme(); for (const n in panels) panels[n].restyle(); };
  const stopTheme = onTheme(restyle);
  // the browser tells all sizes at once, before it paints: asking for each would lay out the page again and again
  let drawn = false;
  const sizes = new ResizeObserver(list => {
    drawn = true;
    for (const { target, contentRect: { width, height } } of list) Object.values(panels).find(p => p.node.parentNode === target).resize(width, height);
  });
  body.dataset.theme = theme();
  render();
  for (const n in panels) sizes.observe(panels[n].node.parentNode);

  // for tests and benchmarks: what is on the screen
  /** @type {any} */ (el).demo = { state, set, render, words, started, get picture() { return picture; }, get drawn() { return drawn; }, get busy() { return !!(frame || settling); }, get python() { return python(); }, get reached() { return [...done]; } };

  return () => {
    ended = true;
    cancelAnimationFrame(frame);
    clearTimeout(settling);
    stopTheme();
    sizes.disconnect();
    heard.forEach(([k, f]) => model.off("change:" + k, f));
    for (const n in panels) panels[n].end();
    root.replaceChildren();
    delete /** @type {any} */ (el).demo;
  };
}

const same = (a, b) => a === b || (Number.isNaN(a) && Number.isNaN(b));
