// A bet: the reader predicts a result before running the cell that shows it. A bet works in a notebook (anywidget calls
// render) and on the built page (page/bets.js calls mount).

/** Start the form of a bet; return a function that ends the bet. earlier: the bet of an earlier visit, or "".
 * placed(words): called when the reader bets, with "" if the reader only wants to see the answer. */
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
    form.tabIndex = -1; // the form can take the focus, so that the next Tab key goes on from this form
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
    el.dataset.lmSuppressShortcuts = true; // otherwise JupyterLab would take keys pressed in the form as its commands
    mount(el.firstChild, model.get("said"), "Run the cells below and compare.", (words) => model.send({ said: words }));
  },
};
