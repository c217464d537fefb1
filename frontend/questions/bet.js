// A bet: a prediction before the cell that surprises.
// Two hosts: a notebook (anywidget calls render) and the built page (page/bets.js calls mount).

/** earlier: a bet of an earlier visit, or ""; placed(words) is called for a bet, with "" by who only wants to see. Returns what ends it. */
export function mount(form, earlier, below, placed) {
  const said = form.querySelector(".said");
  const field = form.querySelector("input");
  const end = (words) => {
    form.dataset.done = "";
    for (const one of form.querySelectorAll("button, input")) one.remove();
    said.textContent = words ? `You said: ${words}. ${below}` : "Shown below.";
  };
  const bet = (words) => {
    end(words);
    form.tabIndex = -1; // a keyboard goes on from here
    form.focus();
    placed(words);
  };
  if (earlier) end(earlier);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const words = field?.value.trim();
    if (words) bet(words);
    else field?.focus();
  });
  form.addEventListener("click", ({ target }) => {
    const button = target instanceof Element && target.closest("button");
    if (button && button.matches(".chip")) bet(button.textContent);
    else if (button && button.matches(".show")) bet("");
  });
  return end;
}

export default {
  render({ model, el }) {
    el.innerHTML = model.get("markup");
    el.dataset.lmSuppressShortcuts = true; // keys pressed here are no commands of JupyterLab
    mount(el.firstChild, model.get("said"), "Run the cells below and compare.", (words) => model.send({ said: words }));
  },
};
