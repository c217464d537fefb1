// Show the reader where they are: the contents mark the section being read and the solved exercises, the bar at the top
// shows how much is read, and the end of a chapter lists what is left to do.
import { below, onOthers, solved } from "./log.js";

const all = (selector, from = /** @type {ParentNode} */ (document)) => /** @type {HTMLElement[]} */ ([...from.querySelectorAll(selector)]);
const one = (selector) => /** @type {HTMLElement | null} */ (document.querySelector(selector));
const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};
const contents = /** @type {HTMLElement} */ (one("#contents"));

// ---- what the reader has done

/** Draw a ring around the number of each chapter, which shows the share of its exercises that are solved. */
function rings() {
  const right = solved();
  for (const link of all("a[data-tasks]", contents)) {
    const names = link.dataset.tasks?.split(" ").filter(Boolean) ?? [];
    const done = names.filter((name) => right.has(`${link.dataset.chapter}/${name}`)).length;
    const ring = /** @type {HTMLElement | null} */ (link.querySelector(".n"));
    if (!ring || !done) continue;
    ring.style.setProperty("--done", String(done / names.length));
    link.title = done === names.length ? "All exercises solved" : `${done} of ${names.length} exercises solved`;
    if (done === names.length) ring.textContent = "✓";
  }
}

/** List the exercises and the quiz of the chapter at its end, and mark those that are done. */
function tally() {
  const place = one(".tally");
  const cards = all(".exercise");
  const questions = all(".quiz fieldset");
  if (!place || !cards.length) return;
  const right = solved();
  const id = (card) => card.querySelector("[data-exercise]")?.dataset.exercise ?? card.querySelector(".cards")?.dataset.id;
  const lines = cards.map((card) => {
    const ok = right.has(id(card));
    const title = [...(card.querySelector("h3")?.childNodes ?? [])].filter((node) => !(node instanceof HTMLElement && node.matches(".section-number, .headerlink"))).map((node) => node.textContent).join("").trim();
    return make("li", { className: ok ? "ok" : "" }, make("a", { href: `#${card.id}` }, title), make("span", { className: "unseen" }, ok ? ": solved" : ": open"));
  });
  if (questions.length) {
    const quiz = /** @type {any} */ (questions[0].closest(".quiz"));
    const found = below("quiz", quiz.dataset.chapter);
    const hit = questions.filter(({ dataset }) => found[dataset.key ?? ""]).length;
    lines.push(make("li", { className: hit === questions.length ? "ok" : "" }, make("a", { href: `#${quiz.closest("section")?.id}` }, "Quiz"), ` ${hit} of ${questions.length} right`));
  }
  const open = lines.filter((line) => line.className !== "ok").length;
  place.replaceChildren(make("h2", {}, open ? "What is still open here" : "All done in this chapter"), make("ul", {}, ...lines));
}

/** Show on the wall of demos how many goals of each demo are reached. */
function goals() {
  for (const place of all("[data-goals]")) {
    const reached = Object.keys(below("demo", place.dataset.demo)).length;
    if (reached) place.textContent = `${reached} of ${place.dataset.goals} goals`;
    place.classList.toggle("ok", reached === Number(place.dataset.goals));
  }
}

const show = () => { rings(); tally(); goals(); };
show();
onOthers(show);
if (one(".tally")) {
  // update the list when the reader reaches it, so that answers given on this page count
  new IntersectionObserver(([seen]) => seen.isIntersecting && show()).observe(/** @type {HTMLElement} */ (one(".tally")));
}

// ---- where the reader is

/** Scroll the contents so that the entry of this page or section is visible. The page itself does not move. */
function follow() {
  const entry = contents.querySelector("a[aria-current]") ?? contents.querySelector(".current > a");
  if (!(entry instanceof HTMLElement) || contents.matches(":hover, :focus-within")) return;
  const [box, row] = [contents.getBoundingClientRect(), entry.getBoundingClientRect()];
  if (row.top < box.top + 40 || row.bottom > Math.min(box.bottom, innerHeight) - 40) contents.scrollTop += row.top - box.top - box.height / 3;
}
follow();
contents.addEventListener("toggle", follow);

const article = one("article[data-minutes]");
const bar = /** @type {HTMLElement} */ (one(".top"));
const left = make("span", { className: "left" });
if (article) contents.querySelector("li.toctree-l1.current > a")?.append(left);
let waiting = 0;
function read() {
  waiting = 0;
  const { top, height } = /** @type {HTMLElement} */ (article ?? one("article")).getBoundingClientRect();
  const share = Math.min(1, Math.max(0, (innerHeight * 0.7 - top) / height));
  // no bar on a short page, because the reader sees all of it
  bar.style.setProperty("--read", String(height > 2 * innerHeight ? share : 0));
  if (!article) return;
  const minutes = Math.ceil(Number(article.dataset.minutes) * (1 - share));
  left.textContent = minutes ? `${minutes} min left` : "read";
  const section = contents.querySelector("li li a[aria-current]")?.textContent?.match(/^[\d.]*\d/);
  const at = one(".top .at");
  if (at) at.textContent = section?.[0] ?? at.textContent?.split(".")[0] ?? "";
}
addEventListener("scroll", () => { waiting ||= requestAnimationFrame(read); }, { passive: true });
read();
new MutationObserver(() => { follow(); read(); }).observe(contents, { attributeFilter: ["aria-current"], subtree: true });

// ---- cards for links to terms, facts and sources

if (document.querySelector('a[href*="glossary.html#"], .fact a, a[href*="bibliography.html#"]')) import("./peek.js").catch(() => {});

if (one(".hero")) import("./hill.js").then(({ mount }) => mount(one(".hero"))).catch(() => {});
