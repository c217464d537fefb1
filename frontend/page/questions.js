// Start the quizzes and cards of a page. ../questions has their code, and the log has the reader's answers.
import { below, draft, record, setDraft, solved } from "./log.js";

const all = (selector) => /** @type {HTMLElement[]} */ ([...document.querySelectorAll(selector)]);

async function quizzes(roots) {
  const { mount } = await import("../questions/quiz.js");
  for (const root of roots) {
    const { chapter } = root.dataset;
    const answers = Object.fromEntries(Object.entries(below("quiz", chapter)).map(([question, ok]) => [question, ok ? "right" : "wrong"]));
    mount(root, answers, (question, verdict, option) => record("quiz", `${chapter}/${question}`, { ok: verdict === "right", option }));
  }
}

async function cards(roots) {
  const { mount } = await import("../questions/cards.js");
  for (const root of roots) {
    const { id } = root.dataset;
    const { key, boards } = JSON.parse(root.querySelector("script").textContent);
    const place = `${id}.${key}`; // the key changes when the cards change, so a draft for older cards is not used
    const right = Object.entries(below("board", id)).filter(([board, ok]) => ok && board in boards).map(([board]) => board);
    const saved = { orders: {}, solved: right };
    try {
      Object.assign(saved.orders, JSON.parse(draft(place)));
    } catch { /* a damaged draft is ignored */ }
    const done = (now) => Object.keys(boards).every((board) => now.solved.includes(board));
    // the reader has solved all boards, but an older version did not record the exercise as solved
    if (done(saved) && !solved().has(id)) record("check", id, { ok: true, code: "right" });
    mount(root, saved, (now, checked) => {
      setDraft(place, JSON.stringify(now.orders));
      if (!checked) return;
      const ok = checked.code === "right";
      record("board", `${id}/${checked.board}`, { ok, code: checked.code });
      record("check", id, { ok: ok && done(now), code: ok && !done(now) ? "unfinished" : checked.code });
    });
  }
}

const [some, others] = [all(".quiz[data-page]"), all(".cards[data-page]")];
if (some.length) quizzes(some);
if (others.length) cards(others);
