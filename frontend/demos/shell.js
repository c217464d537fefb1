// The frame around every demo: goals, panels, the run, controls, texts, tools. After an input everything is drawn once,
// in the next animation frame.
import { arrows, spelt } from "./anatomy.js";
import { fmt, html, svg } from "./draw.js";
import { lasts, pace, runBar } from "./run.js";
import { described, drawn as tableOf, listen, melody, tables } from "./table.js";
import { onTheme, theme } from "./theme.js";
import style from "./style.css";

/** What a demo's file exports.
 * @typedef {object} Demo
 * @property {(act: {set: (changes: any) => void, state: () => any}) => Record<string, any>} panels name -> panel
 * @property {string} [layout] a name of a layout in style.css
 * @property {import("./controls.js").Control[]} controls
 * @property {(s: any, data: any, known?: (goal: string) => boolean) => any} compute a pure function of the state, the data of the Python class
 *   and which goals are reached; returns the picture: {panel name: its data, …anything else}
 * @property {(s: any, p: any) => string[][]} numbers
 * @property {(s: any, p: any) => string} [say] the sentence below the panels; without it, the Python class has `say`, a text with
 *   settings and parts of the picture in braces
 * @property {Record<string, (s: any, p: any) => boolean>} goals
 * @property {(s: any, p: any) => string} [python] the code that gives the same picture in Python; without it, the Python class has
 *   `python`, a text like `say`
 * @property {Run} [run] for a demo whose picture develops step by step: it can be played and stepped through
 *
 * @typedef {object} Run
 * @property {string[]} panels the panels that show the run, the map first
 * @property {(s: any, p: any) => number} steps the number of steps
 * @property {string} [at] the setting that holds the shown step, if goals depend on it; without it the step is no setting
 * @property {(s: any, p: any, t: number) => import("./anatomy.js").Anatomy | null} [parts] the parts of step t: the arrows on the map, if the reader asks for them
 * @property {boolean} [arrows] the arrows are shown from the start
 */

let count = 0;
/** @type {CSSStyleSheet | undefined} one style sheet for all demos on the page */
let sheet;
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches || document.hidden;

/** @param {Demo} demo @param {any} model @param {HTMLElement} el */
export function mount(demo, model, el) {
  const words = model.get("words"), keys = words.state, uid = `gd${++count}-`, started = Date.now();
  const root = el.shadowRoot || el.attachShadow({ mode: "open" });
  const state = Object.fromEntries(keys.map(k => [k, model.get(k)]));
  const first = { ...state };
  let done = new Set((model.get("reached") || "").split(" ").filter(Boolean)), goal = 0, fresh = "";
  const known = id => done.has(id);
  /** @type {any} */
  let picture = null;
  // fresh: the goal that has just been reached, until another is chosen
  // own: something has changed since the demo opened; hand: the reader's hand made the last change; look: a panel to
  // bring into sight when the picture is drawn
  let frame = 0, settling = 0, own = false, hand = false, ended = false, made = "", look = "";

  /** Change settings for the reader: a goal's start, Reset, a link. What they set up reaches no goal. */
  const place = changes => {
    Object.assign(state, changes);
    own = moved = true;
    hand = false;
    request();
  };
  /** Change settings because the reader used a control, a handle or the run. */
  const set = changes => {
    place(changes);
    hand = true;
    used();
  };
  /** Bring a panel into sight, if it is not: on a phone a button may stand a screen below the picture it changes. */
  const bring = name => (name === "says" ? says : panels[name].node.parentNode).scrollIntoView({ block: "nearest", behavior: still() ? "instant" : "smooth" });
  /** The same, once the picture is drawn. */
  set.look = name => { look = panels[name] || name === "says" ? name : main; request(); };
  /** No handle asks to be dragged any more. */
  const used = () => body.classList.add("used");
  /** Change the setting `key` to the value `to` within some seconds, slowly at first. The change stops if the reader
   * uses the control of this setting. */
  set.play = (key, to, seconds = 4) => {
    const began = performance.now();
    let shown = state[key];
    const next = () => {
      const f = Math.min(1, (performance.now() - began) / seconds / 1000);
      if (ended || state[key] !== shown) return;
      set({ [key]: shown = Math.max(1, Math.round((to + 1) ** f - 1)) });
      if (f < 1) requestAnimationFrame(next);
    };
    if (still()) set({ [key]: to });
    else next();
  };
  const request = () => { if (!frame && !ended) frame = requestAnimationFrame(render); };

  /** Fill settings and parts of the picture into the braces of a text of the Python class. show: turns a value into
   * text. */
  const fill = (text, show) => text.replace(/\{(\w+)\}/g, (_, k) => show(k in state ? state[k] : picture[k]));
  const python = () => demo.python ? demo.python(state, picture) : fill(words.python.trim ? words.python : words.python[Object.values(state).find(v => words.python[v])], v => ({ true: "True", false: "False" })[v] ?? v);

  const panels = demo.panels({ set, state: () => state });
  const controls = demo.controls.map((make, i) => make(set, uid + i));

  // ---- the run: which step is shown. A run is played after a change, and when the reader presses the button. ----
  const run = demo.run, at = run?.at, main = run?.panels[0] ?? Object.keys(panels)[0];
  let moment = Infinity, playing = 0, moved = false, asked = !!run?.arrows;
  const bar = run && runBar({ go: t => { used(); stop(); go(t); }, play: () => { used(); playing ? stop(true) : (bring(main), play()); } });
  const steps = () => run?.steps(state, picture) || 0;
  const now = () => at ? state[at] : moment;
  function go(t) {
    if (at) return set({ [at]: Math.round(t) });
    moment = t < steps() ? t : Infinity;
    showRun();
  }
  /** Draw the run up to the shown step. If the reader wants arrows, also draw the arrows of the next step, if there
   * is one. */
  function showRun() {
    const t = now(), n = steps(), taken = n ? run?.parts : undefined, can = !!taken?.(state, picture, 0);
    const parts = can && asked && !playing && t < n && taken ? taken(state, picture, Math.floor(t)) : null, seen = parts && arrows(parts, picture[/** @type {Run} */ (run).panels[0]].view);
    for (const name of run?.panels || []) if (picture[name]) panels[name].update(picture[name], t, seen?.arrows);
    made = parts && seen ? spelt(parts, seen.factor) : "";
    bar?.update(t, n, !!playing, made);
    anatomy.hidden = !can;
    arrowed.setAttribute("aria-pressed", asked);
    const text = made || (asked ? "This was the last step: go back with ‹ to see what a step is made of." : "What is a step made of?");
    if (!playing && told.textContent !== text) told.textContent = text;
  }
  /** Show or hide the arrows of the next step. At the end of a run there is no next step, so show those of the first
   * step. */
  function ask() {
    asked = !asked;
    if (playing) stop(true);
    asked && !at && now() >= steps() ? go(0) : showRun();
  }
  function stop(redraw = false) {
    cancelAnimationFrame(playing);
    playing = 0;
    if (redraw) go(Math.round(now()));
  }
  function play(milliseconds = 0) {
    stop();
    moved = false;
    const n = steps(), from = at && state[at] < n ? state[at] : 0, length = milliseconds || (at ? 2.5 : 1) * lasts(n), began = performance.now();
    if (!n) return;
    const next = () => {
      const f = Math.min(1, (performance.now() - began) / length);
      playing = f < 1 && !ended ? requestAnimationFrame(next) : 0;
      if (!ended) go(f < 1 ? from + (milliseconds ? f * (n - from) : pace(f, n - from)) : n);
    };
    if (still()) go(n);
    else next();
  }
  /** Play the run when the reader has finished a change, unless the reader has chosen a step. */
  const released = () => { if (moved && run && !at && moment === Infinity && !still()) play(); moved = false; };

  // ---- the frame ----
  const numbers = html("dl", { class: "numbers" }), says = html("p", { class: "says" });
  const live = html("p", { class: "unseen", "aria-live": "polite" }), shows = html("p", { class: "unseen shows" });
  const marks = html("ol", { class: "steps" }), aim = html("p", { class: "ask" }), lesson = html("p", { class: "lesson" });
  // a reached goal shows its lesson in the place of its task; the taller of the two gives the height, so that nothing moves
  const task = html("div", { class: "task" }, aim, lesson), goals = html("div", { class: "goals", role: "group", "aria-label": "Goals" }, marks, task);
  const caption = html("details", { class: "caption" }, html("summary", {}, "What is going on here"), html("p", {}, words.caption));
  const arrowed = html("button", { type: "button", class: "arrowed", "aria-pressed": asked, onclick: ask }, "Arrows"), told = html("p", { class: "parts" });
  const anatomy = html("div", { class: "anatomy", hidden: true }, arrowed, told), table = html("div", { class: "tables", hidden: true, tabindex: 0, role: "region", "aria-label": "The picture as a table" });
  const code = html("pre", { class: "code", hidden: true, tabindex: 0, "aria-label": "The same picture as Python" });
  const tell = html("span", { class: "told", role: "status" });
  const tool = (text, act) => html("button", { type: "button", class: "tool", onclick: act }, text);
  const asTable = tool("As a table", () => { table.hidden = !table.hidden; asTable.setAttribute("aria-expanded", !table.hidden); writeTable(); });
  asTable.setAttribute("aria-expanded", "false");
  /** @type {null | (() => void)} */
  let silence = null;
  const ear = tool("Listen", () => {
    if (silence) return silence();
    const heights = melody(picture, Object.keys(panels));
    if (!heights) return;
    ear.textContent = "Stop";
    silence = listen(heights, 2.4, () => { silence = null; ear.textContent = "Listen"; });
    if (run && !at) play(2400);
  });
  const body = html("div", { class: "demo", role: "group", "aria-labelledby": uid + "t" },
    html("p", { class: "title", id: uid + "t" }, words.title), html("p", { class: "question" }, words.question), goals,
    html("div", { class: "panels " + (demo.layout || "") }, ...Object.entries(panels).map(([name, p]) => html("div", { class: "panel " + name }, p.node))), shows,
    ...(bar ? [html("div", { class: "runs" }, bar.node, anatomy)] : []),
    html("div", { class: "controls" }, ...controls.map(c => c.node)), numbers, says, live, caption,
    html("div", { class: "tools" }, tool("Reset", () => { code.hidden = true; stop(); moment = Infinity; asked = !!run?.arrows; place({ ...first, ...start(goal) }); }),
      ...(model.link ? [tool("Copy link", () => copy(model.link(state, first), "Link copied."))] : []),
      tool("Copy as Python", () => { const text = python(); code.textContent = text; code.hidden = false; copy(text, "Copied."); }), asTable, ear, tell),
    code, table);
  if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(style);
  root.adoptedStyleSheets = [sheet];
  root.replaceChildren(body, html("slot"));
  // otherwise arrow keys in JupyterLab would change the cell instead of the slider
  el.dataset.lmSuppressShortcuts = "true";
  body.addEventListener("pointerup", released);
  body.addEventListener("click", released);
  // a goal that has just been reached stays in sight until the reader goes on
  for (const kind of ["pointerdown", "keydown"]) body.addEventListener(kind, e => { if (e.key !== "Tab" && !goals.contains(e.target)) goals.classList.remove("held"); });

  function copy(text, message) {
    const say = m => { tell.textContent = m; setTimeout(() => { tell.textContent = ""; }, 3000); }, no = () => say("Copying is not allowed here.");
    navigator.clipboard ? navigator.clipboard.writeText(text).then(() => say(message), no) : no();
  }

  function writeTable() {
    if (!table.hidden) table.replaceChildren(...tables(picture, Object.keys(panels)).map(tableOf));
  }

  words.goals.forEach((_, i) => marks.append(html("li", {}, html("button", {
    type: "button", onclick: () => turn(i),
  }))));

  /** The settings at which a goal starts, as long as it is not reached. */
  const start = i => done.has(words.goals[i]?.id) ? undefined : words.goals[i]?.set;
  /** The next goal that is not reached, or -1. */
  const next = () => words.goals.findIndex((g, i) => i > goal && !done.has(g.id));

  /** Show goal number i, with the settings at which it starts. Draw at once, so that the next key press acts on the
   * new controls. */
  function turn(i) {
    goal = i;
    fresh = "";
    stop();
    moment = Infinity;
    if (start(i)) place(start(i));
    render();
  }

  function drawGoals() {
    words.goals.forEach((g, i) => {
      const b = marks.childNodes[i].firstChild, is = done.has(g.id), label = `Goal ${i + 1}${is ? ", reached" : ""}`;
      i === goal ? b.setAttribute("aria-current", "step") : b.removeAttribute("aria-current");
      if (b.getAttribute("aria-label") === label) return;
      b.replaceChildren(is ? svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("path", { pathLength: 1, d: "M6 13l4 4 8-9" })) : i + 1);
      b.className = is ? "done" + (fresh === g.id ? " fresh" : "") : "";
      b.setAttribute("aria-label", label);
    });
    const g = words.goals[goal];
    if (!g) return;
    const is = done.has(g.id), key = [goal, is, done.size, fresh].join();
    if (task.dataset.key === key) return;
    task.dataset.key = key;
    aim.textContent = g.task;
    for (const [name, on] of Object.entries({ reached: is, held: fresh === g.id, again: is && fresh !== g.id })) goals.classList.toggle(name, on);
    const left = next(), all = words.goals.every(o => done.has(o.id) || o === g), after = all && following();
    if (all && fresh) caption.open = true;
    lesson.replaceChildren(html("strong", {}, all ? "Reached: all goals. " : "Reached. "), g.lesson, " ", ...(left >= 0 || goal + 1 < words.goals.length ? [html("button", { type: "button", class: "next", onclick: () => turn(left >= 0 ? left : goal + 1) }, "Next goal →")]
      : after ? [html("button", { type: "button", class: "next", onclick: () => after.scrollIntoView({ behavior: still() ? "instant" : "smooth" }) }, `On to “${after.textContent.replace(/[¶#]\s*$/, "").trim()}” ↓`)] : []));
  }
  /** Return the first heading of the page after the demo. */
  const following = () => [...document.querySelectorAll("h2")].find(h => el.compareDocumentPosition(h) & Node.DOCUMENT_POSITION_FOLLOWING);

  function render() {
    cancelAnimationFrame(frame);
    frame = 0;
    if (ended) return;
    picture = demo.compute(state, words.data, known);
    for (const path of model.get("paths") || []) picture.add?.(path);
    for (const name in panels) {
      panels[name].node.parentNode.hidden = !picture[name];
      if (picture[name] && !run?.panels.includes(name)) panels[name].update(picture[name]);
    }
    if (playing && !at) { stop(); moment = Infinity; }
    showRun();
    for (const c of controls) c.update(state, known);
    const list = demo.numbers(state, picture);
    while (numbers.childNodes.length < list.length) numbers.append(html("div", {}, html("dt"), html("dd")));
    while (numbers.childNodes.length > list.length) numbers.lastChild.remove();
    list.forEach(([k, v], i) => { const [a, b] = numbers.childNodes[i].childNodes; if (a.textContent !== k) a.textContent = k; if (b.textContent !== v) b.textContent = v; });
    const sentence = demo.say ? demo.say(state, picture) : fill(words.say, v => typeof v === "number" ? fmt(v, 5) : v);
    if (says.textContent !== sentence) says.textContent = sentence;
    drawGoals();
    clearTimeout(settling);
    settling = setTimeout(settle, 400);
    if (own) tellModel();
    if (look) bring(look);
    look = "";
  }

  /** Show *Listen* only if the picture has a curve that can be heard. */
  function showEar() { ear.hidden = !melody(picture, Object.keys(panels)); }

  /** When the reader pauses: check whether the goal is reached, and update the texts for screen readers. What was met
   * only on the way does not count, nor what was set up for the reader, nor a goal whose turn has not come: the goal
   * that is shown counts, and the next one once this is reached. */
  function settle() {
    settling = 0;
    shows.textContent = described(picture, Object.keys(panels)) + (made && ` Step ${Math.floor(now()) + 1} is made of: ${made}.`);
    showEar();
    writeTable();
    if (!own) return;
    released();
    const due = done.has(words.goals[goal]?.id) ? next() : goal, g = words.goals[due], won = hand && g && demo.goals[g.id](state, picture);
    if (won) {
      done.add(g.id);
      goal = due;
      picture = demo.compute(state, words.data, known); // computed again, because a demo may show more when the goal is reached
      for (const path of model.get("paths") || []) picture.add?.(path);
      for (const name in panels) if (picture[name] && !run?.panels.includes(name)) panels[name].update(picture[name]);
      if (!playing) showRun();
      for (const c of controls) c.update(state, known);
      fresh = g.id;
      drawGoals();
      body.classList.add("won");
      setTimeout(() => body.classList.remove("won"), 1600);
      tellModel();
    }
    live.textContent = says.textContent + (won ? ` Reached. ${g.lesson}` : "");
  }

  function tellModel() {
    for (const k of keys) if (!same(model.get(k), state[k])) model.set(k, state[k]);
    const all = words.goals.filter(g => done.has(g.id)).map(g => g.id).join(" ");
    if (all !== (model.get("reached") || "")) model.set("reached", all);
    model.save_changes();
  }

  const heard = keys.concat("paths").map(k => {
    const listen = () => { if (k !== "paths") { if (same(model.get(k), state[k])) return; state[k] = model.get(k); hand = false; } request(); };
    model.on("change:" + k, listen);
    return [k, listen];
  });
  const restyle = () => { body.dataset.theme = theme(); for (const n in panels) panels[n].restyle(); };
  const stopTheme = onTheme(restyle);
  // the observer gives all sizes at once, before painting; asking for each size would make the browser compute the
  // layout many times
  let drawn = false;
  const sizes = new ResizeObserver(list => {
    drawn = true;
    for (const { target, contentRect: { width, height } } of list) Object.values(panels).find(p => p.node.parentNode === target).resize(width, height);
    if (now() < Infinity) showRun();
  });
  body.dataset.theme = theme();
  if (words.goals.length && words.goals.every(g => done.has(g.id))) caption.open = true;
  render();
  showEar(); // called at once, because hiding the button later would move the page
  for (const n in panels) sizes.observe(panels[n].node.parentNode);

  // for tests and benchmarks, which read the state of the demo here
  /** @type {any} */ (el).demo = { state, set, place, render, words, started, go, play, get moment() { return now(); }, get playing() { return !!playing; }, get picture() { return picture; }, get drawn() { return drawn; }, get busy() { return !!(frame || settling); }, get python() { return python(); }, get reached() { return [...done]; } };

  return () => {
    ended = true;
    stop();
    silence?.();
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
