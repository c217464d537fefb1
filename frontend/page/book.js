// The parts of a page that need a script: the theme button, copying code, boxes that scroll, marking the current
// section in the contents, reading without a network. All text of a page can be read without this file.
"use strict";
{
  const root = document.documentElement;
  const all = (selector, from = document) => /** @type {any[]} */ ([...from.querySelectorAll(selector)]);
  const one = (selector) => /** @type {any} */ (document.querySelector(selector));
  const inside = (event, selector) => event.target instanceof Element && event.target.closest(selector);

  // The button changes the theme from system to light to dark and back to system. A script in the head of the page sets
  // the theme before the first paint.
  const system = matchMedia("(prefers-color-scheme: dark)");
  const button = one("button.theme");
  const words = { auto: "as the system", light: "light", dark: "dark" };
  const show = (mode) => {
    root.dataset.mode = mode;
    root.dataset.theme = mode === "auto" ? (system.matches ? "dark" : "light") : mode;
    button.title = `Colours: ${words[mode]}`;
    button.querySelector("span").textContent = button.title;
  };
  button.hidden = false;
  show(words[root.dataset.mode ?? ""] ? root.dataset.mode : "auto");
  system.addEventListener("change", () => show(root.dataset.mode));
  button.addEventListener("click", () => {
    const order = system.matches ? ["auto", "light", "dark"] : ["auto", "dark", "light"];
    const mode = order[(order.indexOf(root.dataset.mode ?? "auto") + 1) % 3];
    try { localStorage["gdcourse.mode"] = mode; } catch { /* storage is forbidden: the choice lasts for this page */ }
    show(mode);
  });

  // "/" goes to the search field, unless the reader is writing
  const field = one("#q");
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (inside(event, "input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    field.focus();
  });
  field.value = new URLSearchParams(location.search).get("q") ?? "";

  // Put a button "Copy" on each block of code, but not on the outputs of cells
  for (const block of all(".cell_input div.highlight, article > section div.highlight")) {
    if (block.closest(".cell_output")) continue;
    const copy = document.createElement("button");
    copy.className = "copy";
    copy.type = "button";
    copy.textContent = "Copy";
    copy.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(block.querySelector("pre").textContent.trimEnd());
        copy.textContent = "Copied";
      } catch {
        copy.textContent = "Select it by hand";
      }
      setTimeout(() => { copy.textContent = "Copy"; }, 2000);
    });
    block.append(copy);
  }

  // A box whose content is too wide can be scrolled by keyboard; the Tab key stops at no other box
  const boxes = new ResizeObserver((entries) => {
    for (const entry of entries) {
      const target = /** @type {HTMLElement} */ (entry.target);
      if (target.scrollWidth > target.clientWidth + 1) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  all(".scrolls, pre").forEach((box) => boxes.observe(box));

  // Mark the section that is being read in the contents; on a phone, close the contents when a section is chosen
  const contents = one("#contents");
  contents.addEventListener("click", (event) => {
    if (inside(event, "a") && contents.matches(":popover-open")) contents.hidePopover();
  });
  const links = new Map(all('li.current > ul > li > a[href^="#"]', contents).map((link) => [link.hash.slice(1), link]));
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      for (const link of links.values()) link.removeAttribute("aria-current");
      links.get(entry.target.id).setAttribute("aria-current", "true");
    }
  }, { rootMargin: "-15% 0px -80%" });
  for (const id of links.keys()) {
    const section = id && document.getElementById(id);
    if (section) seen.observe(section);
  }

  // On 404.html a <base> element makes all links start at the top of the site, but links within the page must stay on
  // this page
  if (document.querySelector("base")) {
    for (const link of all('a[href^="#"]')) link.href = location.pathname + location.search + link.getAttribute("href");
  }

  // If the script of a button cannot run on this page, say why when the button is pressed
  addEventListener("click", (event) => {
    const button = inside(event, ".bar button");
    if (!button || "python" in root.dataset) return;
    /** @type {any} */ (button.parentElement).querySelector(".said").textContent =
      location.protocol === "file:" ? "Opened as a file, a page cannot run Python: open the course on the web, or serve its folder (python -m http.server)."
        : origin === "null" ? "In this frame a page cannot run Python: open the page in a tab of its own."
          : "This could not be loaded: reload the page.";
  });

  // For reading without a network: store the files that every page needs and, after 20 seconds, the whole course,
  // unless the browser asks to save data
  if ("serviceWorker" in navigator && isSecureContext) {
    addEventListener("load", async () => {
      try {
        await navigator.serviceWorker.register(new URL("sw.js", new URL(root.dataset.content_root ?? ".", document.baseURI)), { updateViaCache: "none" });
        const { active } = await navigator.serviceWorker.ready;
        if (!navigator.connection?.saveData) setTimeout(() => active?.postMessage("keep the course"), 20_000);
      } catch { /* storage or workers are forbidden: the site works as before */ }
    });
  }

  // Open folded text before the page is printed. Folded code stays folded, so it is not printed
  addEventListener("beforeprint", () => all("details:not([open], .imports, .hide:not(.optional))").forEach((fold) => { fold.open = true; fold.dataset.folded = ""; }));
  addEventListener("afterprint", () => all("details[data-folded]").forEach((fold) => { fold.open = false; delete fold.dataset.folded; }));
}
