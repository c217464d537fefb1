// The search page: sections that hold all the words, the best first, while the reader types.
"use strict";
{
  const plain = (text) => text.toLowerCase().normalize("NFD").replace(/\p{Mn}/gu, "");
  const field = /** @type {any} */ (document.getElementById("q"));
  const list = /** @type {any} */ (document.getElementById("found"));
  const said = /** @type {any} */ (document.getElementById("said"));
  const known = sections.map(([address, page, section, text]) => ({
    address, page, section, text, title: plain(`${page} ${section}`), whole: plain(`${page} ${section} ${text}`),
  }));

  // A word counts where a word of the text begins with it: much in a title, a little each time it occurs
  const begins = (word) => new RegExp(`(?<![\\p{L}\\p{N}])${word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`, "gu");
  const score = (entry, words) => {
    let total = 0;
    for (const word of words) {
      const times = (entry.whole.match(begins(word)) ?? []).length;
      if (!times) return 0;
      total += Math.min(times, 8) + (begins(word).test(entry.title) ? 20 : 0) + (entry.section ? 0 : 3);
    }
    return total;
  };

  const element = (name, ...parts) => {
    const made = document.createElement(name);
    made.append(...parts);
    return made;
  };
  // The text around the first word found, with the words marked
  const around = (text, words) => {
    const any = new RegExp(words.map((word) => begins(word).source).join("|"), "gu");
    const folded = plain(text);
    const first = Math.max(0, folded.search(any));
    const from = first < 60 ? 0 : text.lastIndexOf(" ", first - 50) + 1;
    const piece = text.slice(from, from + 200);
    const parts = [from ? "… " : ""];
    let end = 0;
    if (folded.length === text.length) {
      for (const hit of plain(piece).matchAll(any)) {
        parts.push(piece.slice(end, hit.index), element("mark", piece.slice(hit.index, hit.index + hit[0].length)));
        end = hit.index + hit[0].length;
      }
    }
    return element("p", ...parts, piece.slice(end), from + 200 < text.length ? " …" : "");
  };

  const look = () => {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    const scored = known.map((entry) => /** @type {[number, any]} */ ([score(entry, words), entry]));
    const hits = words.length ? scored.filter(([s]) => s).sort((a, b) => b[0] - a[0]) : [];
    list.replaceChildren(...hits.slice(0, 40).map(([, entry]) => {
      const link = element("a", entry.section || entry.page);
      link.href = entry.address;
      return element("li", link, ...(entry.section ? [element("span", ` in ${entry.page}`)] : []), around(entry.text, words));
    }));
    said.textContent = !words.length ? "Type a word or two above."
      : `${hits.length || "No"} ${hits.length === 1 ? "section has" : "sections have"} ${words.length > 1 ? "all these words" : "this word"}.`;
    history.replaceState(null, "", words.length ? `?q=${encodeURIComponent(field.value)}` : location.pathname);
  };
  field.addEventListener("input", look);
  field.form.addEventListener("submit", (event) => event.preventDefault());
  look();
}
