// A link to a term, a fact or a source shows a card: when the pointer rests on the link, when the link has the focus,
// or at a tap.
const WHERE = 'main a[href*="glossary.html#"], main .fact a, main a[href*="bibliography.html#"]';
const pages = new Map();

/** Return the document at an address. Each document is loaded only once. */
const page = (address) => {
  if (!pages.has(address)) {
    pages.set(address, fetch(address).then(async (answer) => {
      if (!answer.ok) throw new Error(`${answer.status}`);
      return new DOMParser().parseFromString(await answer.text(), "text/html");
    }));
    pages.get(address).catch(() => pages.delete(address));
  }
  return pages.get(address);
};

/** Return the target of a link with an anchor, as nodes for a card. */
async function entry(link) {
  const [address, name] = link.href.split("#");
  const target = (await page(address)).getElementById(decodeURIComponent(name));
  if (!target) return [];
  const found = target.matches("dt") ? [target, ...until(target, "dt")] : target.matches("section, .fact-entry, .citation") ? [target]
    : [target.closest("dt") ? [target.closest("dt"), ...until(target.closest("dt"), "dt")] : target.closest(".fact-entry, .citation, section, p, li") ?? target].flat();
  return found.map((node) => {
    const copy = /** @type {HTMLElement} */ (document.importNode(node, true));
    for (const part of copy.querySelectorAll("details, .headerlink, .cites, img, script")) part.remove();
    for (const part of [copy, ...copy.querySelectorAll("[id]")]) part.removeAttribute("id");
    for (const part of copy.querySelectorAll("a[href]")) part.setAttribute("href", new URL(part.getAttribute("href") ?? "", address).href);
    return copy;
  });
}
function until(node, selector) {
  const found = [];
  for (let next = node.nextElementSibling; next && !next.matches(selector); next = next.nextElementSibling) found.push(next);
  return found;
}

const card = document.createElement("aside");
card.className = "peek";
card.id = "peek";
card.hidden = true;
card.setAttribute("aria-label", "Reference");
document.querySelector("main")?.append(card);
let of = /** @type {HTMLAnchorElement | null} */ (null);
let timer = 0;

const hide = () => {
  clearTimeout(timer);
  of?.removeAttribute("aria-describedby");
  of = null;
  card.hidden = true;
};
async function show(link) {
  if (of === link) return;
  hide();
  of = link;
  const nodes = await entry(link).catch(() => []);
  if (of !== link || !nodes.length) return;
  const more = Object.assign(document.createElement("a"), { href: link.href, textContent: "Open its page", className: "more" });
  card.replaceChildren(...nodes, more);
  card.hidden = false;
  link.setAttribute("aria-describedby", "peek");
  const at = link.getClientRects()[0];
  const { offsetWidth: width, offsetHeight: height } = card;
  const under = at.bottom + height + 12 < innerHeight || at.top < height + 70;
  card.style.left = `${scrollX + Math.max(8, Math.min(at.left, document.documentElement.clientWidth - width - 8))}px`;
  card.style.top = `${scrollY + (under ? at.bottom + 6 : at.top - height - 6)}px`;
}
const named = (event) => /** @type {HTMLAnchorElement | null} */ (event.target instanceof Element ? event.target.closest(WHERE) : null);
let touched = false;
addEventListener("pointerdown", (event) => { touched = event.pointerType === "touch"; }, true);
document.addEventListener("pointerover", (event) => {
  if (event.pointerType === "touch") return;
  const over = named(event);
  clearTimeout(timer);
  if (over) timer = window.setTimeout(() => show(over), 250);
  else if (of && !(event.target instanceof Node && card.contains(event.target))) timer = window.setTimeout(hide, 250);
});
document.addEventListener("focusin", (event) => {
  const to = named(event);
  if (to && !touched && to.matches(":focus-visible")) show(to);
  else if (of && !(event.target instanceof Node && card.contains(event.target))) hide();
});
document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
document.addEventListener("click", (event) => {
  const to = named(event);
  if (to && touched) {
    event.preventDefault();
    show(to);
  } else if (of && !(event.target instanceof Node && card.contains(event.target))) hide();
});

export {};
