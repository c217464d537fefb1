// Show the outputs of a cell: text, errors, HTML, pictures. The classes are those that the build gives to outputs.
import { sanitised } from "./sanitise.js";

const make = (tag, className, ...children) => {
  const element = Object.assign(document.createElement(tag), { className });
  element.append(...children);
  return element;
};

const DEMO = "application/vnd.gdcourse.demo+json";
const WIDGET = "application/vnd.gdcourse.widget+json";

/** Return text as a terminal shows it, but without colours: text after a carriage return overwrites the line. */
export const plain = (words) => words
  .replace(/\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))/g, "")
  .split("\n")
  .map((line) => line.replace(/\r+$/, "").split("\r").reduce((before, part) => part + before.slice(part.length), ""))
  .join("\n");

const text = (kind, words) => make("div", `output ${kind}`, make("div", "highlight", make("pre", "", words)));

/** Add one output, in the format of nbformat, to the outputs of a cell. */
export function show(cell, output, runner) {
  const place = cell.output;
  const last = place.lastElementChild;
  if (output.output_type === "stream") {
    const kind = output.name === "stderr" ? "stderr" : "stream";
    if (!last?.classList.contains(kind)) place.append(Object.assign(text(kind, ""), { said: "" }));
    const part = place.lastElementChild;
    part.said += output.text; // Python may send one line in several pieces
    part.querySelector("pre").textContent = plain(part.said);
  } else if (output.output_type === "error") {
    place.append(text("traceback", plain(output.traceback.join("\n"))));
  } else {
    place.append(rich(output.data, cell, runner));
  }
}

function rich(data, cell, runner) {
  if (data[DEMO] && data[WIDGET]) return demo(data[DEMO].name, data[WIDGET], runner);
  const svg = data["image/svg+xml"];
  if (svg || data["image/png"]) return picture(svg, data["image/png"], cell);
  if (data["text/html"]) return make("div", "output text_html", sanitised(data["text/html"]));
  if (data["text/markdown"]) return make("div", "output text_markdown", markdown(data["text/markdown"]));
  return text("text_plain", plain(data["text/plain"] ?? ""));
}

/** Return a demo that is connected to its object in Python: a change on one side shows on the other. */
function demo(name, { comm, state, height }, runner) {
  const { words, paths, ...settings } = state;
  const element = /** @type {any} */ (document.createElement("gdc-demo"));
  element.id = `${name}-here-${comm}`;
  ["--wide", "--narrow"].forEach((side, n) => height && element.style.setProperty(side, `${height[n]}px`));
  const data = Object.assign(document.createElement("script"), { type: "application/json", textContent: JSON.stringify({ words, paths, state: settings }) });
  element.append(data);
  element.saved = (changed) => Object.keys(changed).length && runner.worker?.postMessage({ type: "comm", comm, state: changed });
  runner.widgets.set(comm, (changes) => {
    if (!element.model) data.textContent = JSON.stringify({ words, paths: changes.paths ?? paths, state: Object.assign(settings, changes) });
    for (const [key, value] of Object.entries(changes)) element.model?.set(key, value);
  });
  import("./demos.js");
  return make("div", "output", element);
}

function picture(svg, png, cell) {
  const image = new Image();
  image.alt = cell.alt || "The figure that this cell draws.";
  if (svg) {
    // show an SVG as an image, so that no script in it can run
    image.src = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
    image.onload = () => URL.revokeObjectURL(image.src);
    const [, width, height] = svg.match(/<svg[^>]*?\bwidth="([\d.]+)pt"[^>]*?\bheight="([\d.]+)pt"/) ?? svg.match(/<svg[^>]*?\bheight="([\d.]+)pt"[^>]*?\bwidth="([\d.]+)pt"/)?.map((x, n, all) => all[[0, 2, 1][n]]) ?? [];
    if (width) [image.width, image.height] = [width, height].map((points) => Math.round(points * 4 / 3));
  } else {
    image.src = `data:image/png;base64,${png}`;
  }
  return make("div", "output image_png", image);
}

/** Render the part of Markdown that hints and solutions use: paragraphs, lists, fences, **bold**, *italic* and
 * `code`. */
export function markdown(source) {
  const into = document.createDocumentFragment();
  let list = null;
  const parts = source.split(/^```\w*\n([\s\S]*?)^```\s*$/m);
  parts.forEach((part, n) => {
    if (n % 2) {
      into.append(make("div", "highlight", make("pre", "", part)));
      return;
    }
    for (const block of part.split(/\n\s*\n/).filter((one) => one.trim())) {
      list = null;
      let paragraph = null;
      for (const line of block.trim().split("\n")) {
        const item = line.match(/^\s*(?:([-*])|\d+\.)\s+(.*)/);
        if (item) {
          list ??= into.appendChild(make(item[1] ? "ul" : "ol", ""));
          inline(list.appendChild(make("li", "")), item[2]);
          paragraph = list.lastChild;
        } else {
          if (paragraph) paragraph.append(" ");
          paragraph ??= into.appendChild(make("p", ""));
          inline(paragraph, line.trim());
        }
      }
    }
  });
  return into;
}

let setter;
/** Load a script that is not a module, so the names that it defines are global. */
const script = (name) => new Promise((resolve, reject) => {
  const element = Object.assign(document.createElement("script"), { src: new URL(name, import.meta.url).href, onload: resolve, onerror: reject });
  document.head.append(element);
});

/** Return a formula as a node. It shows the TeX until Temml, the program that typesets formulas, is loaded. */
function formula(tex) {
  const place = make("span", "", tex);
  const display = tex.startsWith("$$");
  (setter ??= script("../temml.min.js")).then(() => temml.render(tex.replace(/^\$+|\$+$/g, ""), place, { displayMode: display })).catch(() => {});
  return place;
}

function inline(into, line) {
  for (const piece of line.split(/(`[^`]+`|\$\$[^$]+\$\$|\$[^$]+\$|\*\*[^*]+\*\*|\*[^*\s][^*]*\*)/)) {
    if (/^`.+`$/.test(piece)) into.append(make("code", "", piece.slice(1, -1)));
    else if (/^\$.+\$$/.test(piece)) into.append(formula(piece));
    else if (/^\*\*.+\*\*$/.test(piece)) inline(into.appendChild(make("strong", "")), piece.slice(2, -2));
    else if (/^\*.+\*$/.test(piece)) into.append(make("em", "", piece.slice(1, -1)));
    else into.append(piece);
  }
}
