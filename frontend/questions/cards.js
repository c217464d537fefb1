// Cards that the reader puts in order. Without this file they are a list to read; with this file they can be moved, and
// the order is judged. Cards work in a notebook (anywidget calls render) and on the built page (page/questions.js calls
// mount).

// Return the code of the first mistake in this order, read from the top. The rules are those of Board.fault in
// cards.py; tests/test_cards.py compares the two.
export function judge(cards, order) {
  for (const [i, letter] of order.entries()) {
    const card = cards[letter];
    if (card.trap) return card.trap;
    for (const needed of card.after)
      if (!order.slice(0, i).includes(needed)) return order.includes(needed) ? card.early : cards[needed].missing;
  }
  return order.length === Object.values(cards).filter((card) => !card.trap).length ? "right" : "unfinished";
}

const make = (tag, more, ...children) => {
  const node = Object.assign(document.createElement(tag), more);
  node.append(...children);
  return node;
};

function board(field, cards, reply, order, changed) {
  const pile = field.querySelector(".pile");
  const items = Object.fromEntries([...pile.children].map((item) => [item.dataset.card, item]));
  const proof = make("ol", { className: "proof" });
  const empty = make("p", { className: "empty", textContent: "Nothing here yet: use cards from below, in order." });
  const told = make("p", { className: "unseen", role: "status" });
  const said = make("p", { className: "reply", role: "status" });
  const left = () => Object.keys(items).filter((letter) => !order.includes(letter));
  const button = (letter, kind) => items[letter]?.querySelector(`.${kind}`);

  const show = () => {
    proof.replaceChildren(...order.map((letter) => items[letter]));
    pile.replaceChildren(...left().map((letter) => items[letter]));
    empty.hidden = order.length > 0;
  };
  // Put a card at a position in the proof (from 0), or back to the unused cards if `place` is negative; then announce
  // where the card is.
  const move = (letter, place) => {
    order = order.filter((other) => other !== letter);
    if (place >= 0) order.splice(place, 0, letter);
    show();
    const at = order.indexOf(letter);
    told.textContent = at < 0 ? `Card ${letter} is back among the others.` : `Card ${letter} is step ${at + 1} of ${order.length}.`;
    said.replaceChildren();
    delete said.dataset.verdict;
    changed(order);
  };
  const check = make("button", { type: "button", className: "check", textContent: "Check this proof" });
  check.addEventListener("click", () => {
    const code = judge(cards, order);
    const right = code === "right";
    said.dataset.verdict = right ? "right" : "wrong";
    const mark = make("span", { role: "img", ariaLabel: right ? "Right." : "Not right yet.", textContent: right ? "✓" : "✗" });
    said.replaceChildren(mark, " ", ...reply(code));
    changed(order, code);
  });

  for (const [letter, item] of Object.entries(items)) {
    const add = (className, textContent, ariaLabel, act) => {
      const node = make("button", { type: "button", className, textContent, ariaLabel });
      node.addEventListener("click", act);
      return node;
    };
    const shift = (by, kind) => () => {
      move(letter, Math.max(0, Math.min(order.length - 1, order.indexOf(letter) + by)));
      button(letter, kind).focus();
    };
    item.append(
      make("span", { className: "moves" },
        add("use", "Use", `Use card ${letter}`, () => {
          const next = left()[left().indexOf(letter) + 1] ?? left().at(-2);
          move(letter, order.length);
          (button(next, "use") ?? check).focus();
        }),
        add("up", "↑", `Move card ${letter} up`, shift(-1, "up")),
        add("down", "↓", `Move card ${letter} down`, shift(1, "down")),
        add("out", "✕", `Take card ${letter} out`, () => {
          move(letter, -1);
          button(letter, "use").focus();
        })));
    drag(item.firstChild, item, field, (list, before) => {
      const others = order.filter((other) => other !== letter);
      move(letter, list === pile ? -1 : before ? others.indexOf(before.dataset.card) : others.length);
    });
  }
  field.insertBefore(make("p", { className: "name", textContent: "Your proof" }), pile);
  field.insertBefore(proof, pile);
  field.insertBefore(empty, pile);
  field.insertBefore(make("p", { className: "name", textContent: "Cards, not all of them needed" }), pile);
  field.append(told, check, said);
  show();
}

// Let the reader drag an item by its letter. A line shows where the item will go. The item itself moves only when it is
// dropped, because a touch ends when its node is moved.
function drag(grip, item, field, drop) {
  let target;
  const mark = (now) => {
    for (const node of field.querySelectorAll("[data-drop]")) delete node.dataset.drop;
    if (now) (now.before ?? now.list).dataset.drop = now.before ? "before" : "end";
    target = now;
  };
  grip.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);
    item.dataset.dragged = "";
  });
  grip.addEventListener("pointermove", (event) => {
    if (!("dragged" in item.dataset)) return;
    const y = event.clientY;
    const [proof, pile] = [field.querySelector(".proof"), field.querySelector(".pile")];
    const list = y < pile.getBoundingClientRect().top ? proof : pile;
    const before = list === pile ? null : [...list.children].find((other) => {
      const box = other.getBoundingClientRect();
      return other !== item && y < box.top + box.height / 2;
    });
    mark({ list, before });
    if (y < 50 || y > innerHeight - 50) scrollBy(0, y < 50 ? -20 : 20);
  });
  for (const end of ["pointerup", "pointercancel"])
    grip.addEventListener(end, () => {
      const found = target;
      delete item.dataset.dragged;
      mark();
      if (end === "pointerup" && found) drop(found.list, found.before);
    });
}

/** Start the cards of an exercise. saved: {orders, solved}. changed(saved, checked): called after every move and
 * every check. checked: {board, code of the verdict} after a check, null after a move. */
export function mount(root, saved, changed) {
  const { name, boards } = JSON.parse(root.querySelector("script").textContent);
  const texts = Object.fromEntries([...root.querySelectorAll(".replies > li")].map((item) => [item.dataset.code, item]));
  const reply = (code) => [...texts[code].childNodes].map((node) => node.cloneNode(true));
  const score = root.querySelector(".score");
  const typed = "page" in root.dataset ? null : make("code", { className: "typed" });
  const tell = () => {
    score.textContent = `${saved.solved.length} of ${Object.keys(boards).length} proofs right`;
    // the line of Python that has the cards in this order: a learner writes it into a notebook, and Python in the page
    // runs it
    root.dataset.typed = `${name} = cards("${root.dataset.id}"${Object.entries(saved.orders).map(([board, order]) => `, ${board}="${order}"`).join("")})`;
    if (typed) typed.textContent = root.dataset.typed;
  };
  if (typed) score.after(make("p", {}, "In a notebook that you hand in, write the order into the cell: ", typed));
  for (const field of root.querySelectorAll("fieldset")) {
    const board_name = field.dataset.board;
    const cards = boards[board_name];
    const order = [...(saved.orders[board_name] ?? "")].filter((letter, i, all) => letter in cards && all.indexOf(letter) === i);
    board(field, cards, reply, order, (now, code) => {
      saved.orders = { ...saved.orders, [board_name]: now.join("") };
      if (code === "right" && !saved.solved.includes(board_name)) saved.solved = [...saved.solved, board_name];
      tell();
      changed(saved, code === undefined ? null : { board: board_name, code });
    });
  }
  tell();
}

export default {
  render({ model, el }) {
    el.dataset.lmSuppressShortcuts = "true"; // keeps JupyterLab from taking Enter and Space as its own commands
    el.innerHTML = model.get("markup");
    mount(el.firstChild, { orders: model.get("orders"), solved: model.get("solved") }, (saved, checked) => {
      model.set("orders", saved.orders);
      model.set("solved", saved.solved);
      model.save_changes();
      if (checked) model.send({ check: true });
    });
  },
};
