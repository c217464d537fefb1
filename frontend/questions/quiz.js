// A quiz. Without this file each option is a <details> that opens its reply; with it, a button whose reply is announced.
// Two hosts: a notebook (anywidget calls render) and the built page (page/questions.js calls mount).

/** answers: question -> "right" or "wrong", so far; record(question, verdict, option) is called for each answer; option is its letter. */
export function mount(root, answers, record) {
  const fields = [...root.querySelectorAll("fieldset")];
  const score = root.querySelector(".score");
  const tell = () => {
    const given = fields.filter((field) => answers[field.dataset.key]);
    const right = fields.filter((field) => answers[field.dataset.key] === "right").length;
    score.textContent = `${right} of ${fields.length} answered right`;
    score.dataset.verdict = right === fields.length ? "right" : "";
    // when all questions have been answered: which sections to read again
    const again = given.length === fields.length ? fields.filter((field) => answers[field.dataset.key] !== "right") : [];
    again.forEach((field, n) => {
      field.id ||= `question-${fields.indexOf(field) + 1}`;
      const link = document.createElement("a");
      link.href = `#${field.id}`;
      link.textContent = `question ${fields.indexOf(field) + 1}`;
      score.append(n ? ", " : ". Look again at ", link);
    });
    for (const field of fields) field.dataset.verdict = answers[field.dataset.key] ?? "";
  };
  for (const field of fields) {
    const { key } = field.dataset;
    const said = document.createElement("p");
    said.className = "reply";
    said.setAttribute("role", "status");
    const buttons = [...field.querySelectorAll("details")].map((option, place) => {
      const [summary, reply] = option.children;
      const { verdict } = option.dataset;
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-pressed", "false");
      button.append(...summary.childNodes);
      button.addEventListener("click", () => {
        for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
        button.dataset.verdict = said.dataset.verdict = verdict;
        said.replaceChildren();
        button.after(said); // the reply is placed directly below the button
        said.replaceChildren(...[...reply.childNodes].map((node) => node.cloneNode(true)));
        if (answers[key] !== "right") answers[key] = verdict;
        record(key, verdict, "abcdefgh"[place]);
        tell();
      });
      option.replaceWith(button);
      return button;
    });
    field.append(said);
  }
  tell();
}

export default {
  render({ model, el }) {
    el.innerHTML = model.get("markup");
    el.dataset.lmSuppressShortcuts = true; // keeps JupyterLab from taking keys on these buttons as its own commands
    mount(el.firstChild, { ...model.get("answers") }, (key, verdict, option) => model.send({ key, verdict, option }));
  },
};
