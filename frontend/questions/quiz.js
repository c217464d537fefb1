// A quiz. Without this file each option is a <details> that opens its reply. With this file each option is a button,
// and screen readers announce the reply. A quiz works in a notebook (anywidget calls render) and on the built page
// (page/questions.js calls mount).

/** Return a link to an element of the page. */
function link(to, ...words) {
  const made = document.createElement("a");
  to.id ||= `question-${to.dataset.key}`;
  made.href = `#${to.id}`;
  made.append(...words);
  return made;
}

/** Return a link to the section with this anchor; its text is the section's title. If the page has no such anchor,
 * as in a notebook, return the anchor's name as text. */
function section(anchor) {
  const heading = anchor && document.getElementById(anchor)?.querySelector("h2, h3, h4");
  if (!heading) return anchor ? (anchor[0].toUpperCase() + anchor.slice(1)).replaceAll("-", " ") : "The page";
  const words = heading.cloneNode(true);
  for (const part of words.querySelectorAll(".headerlink")) part.remove();
  return link(document.getElementById(anchor), ...words.childNodes);
}

/** Start a quiz. answers: {question: "right" or "wrong"} so far. record(question, verdict, option): called for each
 * answer; option: the letter of the answer. */
export function mount(root, answers, record) {
  const fields = [...root.querySelectorAll("fieldset")];
  const score = root.querySelector(".score");
  const again = document.createElement("ul");
  again.className = "again";
  score.after(again);
  const tell = () => {
    const given = fields.filter((field) => answers[field.dataset.key]);
    const right = fields.filter((field) => answers[field.dataset.key] === "right").length;
    score.textContent = `${right} of ${fields.length} answered right`;
    score.dataset.verdict = right === fields.length ? "right" : "";
    // when all questions have been answered, list the sections that the reader should read again
    const missed = given.length === fields.length ? fields.filter((field) => answers[field.dataset.key] !== "right") : [];
    again.replaceChildren(...missed.map((field) => {
      const line = document.createElement("li");
      line.append(section(field.dataset.see), ", for ", link(field, `question ${fields.indexOf(field) + 1}`));
      return line;
    }));
    if (missed.length) score.append(". Read again:");
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
        button.after(said); // put the reply directly below the button
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
