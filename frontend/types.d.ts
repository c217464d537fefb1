// What the scripts find around them, for the type checker.
declare module "*.css" {
  const text: string;
  export default text;
}

/** page/outputs.js loads it when a cell shows a formula. */
declare const temml: { render(tex: string, place: Element, options: object): void };

/** searchindex.js: [address, page, section, text, names that it explains, what it is] of every section. */
declare const sections: [string, string, string, string, string[], "text" | "exercises" | "glossary" | "reference"][];

/** page/find.js, bundled from search/. */
declare const search: typeof import("./search/index.js");

interface Navigator { connection?: { saveData: boolean } }

interface Window {
  /** What the build puts before sw.js. */
  COURSE: { version: string, core: string[], course: string[], python: string[] };
}

// a service worker's own names; the library of TypeScript that has them excludes the page's
declare const registration: ServiceWorkerRegistration;
declare const clients: { claim(): Promise<void> };
declare function skipWaiting(): Promise<void>;
