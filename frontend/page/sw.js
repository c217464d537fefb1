// Once visited, the course opens without a network. The newest comes from the network; what was kept, when there is none or it does not answer.
// The build puts COURSE before this text: {version, core, course, python}. Another version makes browsers fetch this file anew and drop old copies.
const { version, core, course, python } = self.COURSE;

// Two copies of the course on one host are two courses: what each keeps has its folder in the name.
const PLACE = new URL(registration.scope).pathname;
const PAGES = `gdcourse ${PLACE} ${version}`;
const PYTHON = `gdcourse ${PLACE} python`; // never changes under its name: kept when somebody first runs a cell, and not fetched again
const PATIENCE = 4000; // ms until a kept copy is shown in place of an answer that does not come
let waiting = 0; // until then nobody waits again for a network that did not answer

/** What was kept, or undefined; also where storage is forbidden. */
const kept = async (cache, request) => {
  try {
    return await (await caches.open(cache)).match(request, { ignoreSearch: true, ignoreVary: true });
  } catch {
    return undefined;
  }
};

/** Keep an answer. Without `Vary`, which a host may send and a cache refuses. A full storage keeps nothing, and nobody waits for it. */
const keep = async (cache, request, { body, status, statusText, headers }) => {
  const plain = new Headers(headers);
  for (const name of ["vary", "content-encoding", "content-length"]) plain.delete(name); // the body is unpacked already
  try {
    await (await caches.open(cache)).put(request, new Response(body, { status, statusText, headers: plain }));
  } catch { /* full or forbidden */ }
};

const keepAll = (names) => Promise.allSettled(names.map(async (name) => {
  if (await kept(PAGES, name)) return;
  const answer = await fetch(name);
  if (answer.status === 200) await keep(PAGES, name, answer);
}));

/** What earlier versions kept under names that all copies of a host shared: ours goes, or moves, and that of others stays. */
const tidy = async () => {
  for (const name of await caches.keys()) {
    if (name.startsWith(`gdcourse ${PLACE} `) && name !== PAGES && name !== PYTHON) await caches.delete(name);
    if (!/^gdcourse-[0-9a-f]{12}$/.test(name) && name !== "python-of-the-course") continue;
    const shared = await caches.open(name);
    for (const request of await shared.keys()) {
      if (!request.url.startsWith(registration.scope)) continue;
      if (name === "python-of-the-course") await (await caches.open(PYTHON)).put(request, /** @type {Response} */ (await shared.match(request)));
      await shared.delete(request);
    }
    if (!(await shared.keys()).length) await caches.delete(name);
  }
  if (!(await caches.has(PYTHON))) return; // to open it would make it
  const cache = await caches.open(PYTHON);
  for (const request of await cache.keys()) {
    if (!python.includes(request.url.slice(registration.scope.length).split("/")[1])) await cache.delete(request);
  }
};

addEventListener("install", (/** @type {any} */ event) => event.waitUntil(keepAll(core).then(() => skipWaiting())));
addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(tidy().catch(() => {}).then(() => clients.claim())));
addEventListener("message", (/** @type {any} */ event) => {
  if (event.data === "keep the course") event.waitUntil(keepAll(course));
});

addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(registration.scope)) return;
  const path = request.url.slice(registration.scope.length);
  if (path.startsWith("lite/")) return; // JupyterLite has a service worker of its own
  const cache = path.startsWith("python/") ? PYTHON : PAGES;
  /** The answer of the network; it is kept beside, and nobody waits for that. */
  const ask = () => {
    const answer = fetch(request);
    event.waitUntil(answer.then((fresh) => (fresh.status === 200 ? keep(cache, request, fresh.clone()) : undefined)).catch(() => {}));
    return answer;
  };
  event.respondWith(cache === PYTHON ? kept(PYTHON, request).then((copy) => copy ?? ask()) : newest(request, ask()));
});

const newest = async (request, answer) => {
  const late = new Promise((resolve) => { setTimeout(resolve, Date.now() < waiting ? 0 : PATIENCE); });
  const first = await Promise.race([answer.catch((error) => ({ error })), late]);
  if (first && !first.error && first.status < 500) {
    waiting = 0;
    return first;
  }
  const copy = await kept(PAGES, request);
  if (copy && !first) waiting = Date.now() + 30_000;
  return copy ?? answer;
};
