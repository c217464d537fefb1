// The search page: show the sections that fit the typed words, the best first. The search itself is in ../search,
// bundled as find.js.
"use strict";
{
  const field = /** @type {any} */ (document.getElementById("q"));
  const list = /** @type {any} */ (document.getElementById("found"));
  const said = /** @type {any} */ (document.getElementById("said"));
  const hits = search.find(sections);

  const element = (name, ...parts) => {
    const made = document.createElement(name);
    made.append(...parts);
    return made;
  };

  const look = () => {
    const typed = field.value.trim();
    const found = hits(typed);
    list.replaceChildren(...found.slice(0, 40).map(({ place, terms }) => {
      const [address, page, section, text] = sections[place];
      // the title of a chapter has the form "technical term: plain description"
      const [word, phrase] = page.split(/: (.*)/s);
      const link = element("a", section || element("b", word));
      link.href = address;
      const where = section ? element("span", "in ", element("b", word), ...(phrase ? [`: ${phrase}`] : [])) : element("span", phrase ?? "");
      const said = search.snippet(text, terms).map(([piece, marked]) => (marked ? element("mark", piece) : piece));
      return element("li", link, where, element("p", ...said));
    }));
    const many = /\S\s+\S/.test(typed);
    said.textContent = !typed ? "Type a word or two above."
      : `${found.length || "No"} ${found.length === 1 ? "section has" : "sections have"} ${many ? "all these words" : "this word"}.`;
    history.replaceState(null, "", typed ? `?q=${encodeURIComponent(field.value)}` : location.pathname);
  };
  field.addEventListener("input", look);
  field.form.addEventListener("submit", (event) => event.preventDefault());
  look();
}
