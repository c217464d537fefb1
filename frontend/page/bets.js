// Predict, then run: the answer below a box is hidden until the reader bets or asks to see it. Without this file it is shown.
import { events, record } from "./log.js";

const page = location.pathname.split("/").at(-1)?.replace(/\.html$/, "");
const all = (selector) => /** @type {HTMLElement[]} */ ([...document.querySelectorAll(selector)]);
const earlier = new Map(events().filter(({ kind }) => kind === "bet").map((event) => [event.id, /** @type {any} */ (event).said]));

for (const form of /** @type {HTMLFormElement[]} */ (all("form.bet"))) {
  const id = `${page}/${form.dataset.key}`;
  const said = /** @type {HTMLElement} */ (form.querySelector(".said"));
  const parts = all(`.bet-${form.dataset.key}`);

  const lift = (words, now) => {
    for (const part of parts) delete part.dataset.veiled;
    form.dataset.done = "";
    for (const one of form.querySelectorAll("button, input")) one.remove();
    said.textContent = words ? `You said: ${words}. Compare below.` : "Shown below.";
    if (words) {
      // repeat the reader's bet at the start of the result
      const mine = Object.assign(document.createElement("span"), { className: "mine", textContent: `You said: ${words}.` });
      parts.find((part) => part.matches("p"))?.prepend(mine, " ");
    }
    if (now) { form.tabIndex = -1; form.focus(); }
  };
  const bet = (words) => {
    if (words) record("bet", id, { said: words });
    lift(words, true);
  };
  if (earlier.has(id)) { lift(earlier.get(id), false); continue; }
  for (const part of parts) {
    part.dataset.veiled = "";
    // running the code shows the answer, too
    part.closest(".cell")?.querySelector(".bar .run")?.addEventListener("click", () => "done" in form.dataset || lift("", false), { once: true });
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const words = form.querySelector("input")?.value.trim();
    if (words) bet(words);
    else form.querySelector("input")?.focus();
  });
  form.addEventListener("click", ({ target }) => {
    const button = target instanceof Element && target.closest("button");
    if (button && button.matches(".chip")) bet(button.textContent);
    else if (button && button.matches(".show")) bet("");
  });
}
