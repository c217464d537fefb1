// Make the HTML of an output safe. Tags and attributes that are not on these lists are left out, so the HTML cannot run
// scripts, load files or cover the page.
const TAGS = new Set(("a abbr b blockquote br caption code col colgroup dd details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img kbd li mark ol p pre " +
  "progress q s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul var").split(" "));
const ATTRIBUTES = /^(alt|aria-[a-z]+|colspan|data-code|data-ok|data-said|dir|height|lang|max|open|role|rowspan|scope|start|title|value|width)$/;
const CLASSES = /^(gdcourse-[\w-]+|dataframe|unseen)$/;
const STYLES = /^(background|border|border-(left|right|top|bottom|radius|collapse|color)|color|font-(size|style|weight|family)|margin|max-width|overflow-x|padding|text-align|vertical-align|white-space|width|--[\w-]+)$/;

function copy(from, to) {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) to.append(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE) continue;
    const name = node.localName;
    if (!TAGS.has(name)) {
      if (!/^(script|style|template|iframe|object|embed|svg|math|noscript|textarea|select)$/.test(name)) copy(node, to);
      continue;
    }
    const element = document.createElement(name);
    for (const { name: key, value } of node.attributes) {
      if (ATTRIBUTES.test(key)) element.setAttribute(key, value);
      else if (key === "class") element.className = value.split(/\s+/).filter((word) => CLASSES.test(word)).join(" ");
      else if (key === "href" && /^(https?:|#)/i.test(value)) { element.href = value; element.rel = "noopener noreferrer"; }
      else if (key === "src" && /^data:image\/(png|jpeg|gif|webp);/i.test(value)) element.src = value;
      else if (key === "style") style(node.style, element.style);
    }
    if (name === "img" && !element.alt) element.alt = "A picture from this cell.";
    copy(node, element);
    to.append(element);
  }
}

function style(from, to) {
  for (const rule of from.cssText.split(";")) {
    const [key, ...value] = rule.split(":");
    const words = value.join(":").trim();
    if (STYLES.test(key.trim()) && !/url|expression|image|@/i.test(words)) to.setProperty(key.trim(), words);
  }
}

/** Return the HTML as nodes, without anything that could do harm. */
export function sanitised(html) {
  const into = document.createDocumentFragment();
  copy(new DOMParser().parseFromString(html, "text/html").body, into);
  return into;
}
