// The reader predicts a result before seeing it: the answer below a box is hidden until the reader bets or asks to see
// it. Without JavaScript the answer is shown.
import { mount } from "../questions/bet.js";
import { events, record } from "./log.js";

const all = (selector) => /** @type {HTMLElement[]} */ ([...document.querySelectorAll(selector)]);
const earlier = new Map(events().filter(({ kind }) => kind === "bet").map((event) => [event.id, /** @type {any} */ (event).said]));

for (const form of all("form.bet")) {
  const { id = "", right, why } = form.dataset;
  const parts = all(`.bet-${form.dataset.parts}`);

  const lift = (words) => {
    // replace the text of the bet by the right answer and the reason
    const said = form.querySelector(".said"), hit = words === right;
    if (right && said) {
      said.textContent = `${words ? `You said: ${words}. ` : ""}${hit ? "That is right." : `Right: ${right}.`} ${why}`;
      if (words) form.dataset.hit = String(hit);
    }
    for (const part of parts) delete part.dataset.veiled;
    if (!words) return;
    // repeat the reader's bet at the start of the answer
    const mine = Object.assign(document.createElement("span"), { className: "mine", textContent: `You said: ${words}.` });
    if (right) mine.dataset.hit = String(hit);
    parts.find((part) => part.matches("p"))?.prepend(mine, " ");
  };
  const end = mount(form, earlier.get(id), "Compare below.", (words) => {
    if (words) record("bet", id, { said: words });
    lift(words);
  });
  if (earlier.has(id)) { lift(earlier.get(id)); continue; }
  for (const part of parts) {
    part.dataset.veiled = "";
    // running the code shows the result, so it also shows the answer
    part.closest(".cell")?.querySelector(".bar .run")?.addEventListener("click", () => {
      if ("done" in form.dataset) return;
      end("");
      lift("");
    }, { once: true });
  }
}
