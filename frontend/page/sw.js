// A service worker: after one visit the course opens without a network. Files come from the network; stored copies are
// used if the network fails or is slow. The build puts a line with COURSE before this text: {version, core, course,
// python}. If COURSE changes, browsers load this file again and remove old copies.
const { version, core, course, python } = self.COURSE;

// The names of the caches contain the folder of the course, so that two copies on one host do not share them.
const PLACE = new URL(registration.scope).pathname;
const PAGES = `gdcourse ${PLACE} ${version}`;
// the cache of Python's files: filled when a reader first runs a cell, and never loaded again, because a file that
// changes gets a new name
const PYTHON = `gdcourse ${PLACE} python`;
const PATIENCE = 4000; // milliseconds to wait for the network before a stored copy is used
let waiting = 0; // after the network has not answered: until this time, requests do not wait for it

/** Return the stored copy; undefined if there is none or if storage is forbidden. */
const kept = async (cache, request) => {
  try {
    return await (await caches.open(cache)).match(request, { ignoreSearch: true, ignoreVary: true });
  } catch {
    return undefined;
  }
};

/** Store an answer without its header `Vary`, which a cache may refuse. If the storage is full, nothing is stored
 * and no error is thrown. */
const keep = async (cache, request, { body, status, statusText, headers }) => {
  const plain = new Headers(headers);
  // the stored body is not compressed any more
  for (const name of ["vary", "content-encoding", "content-length"]) plain.delete(name);
  try {
    await (await caches.open(cache)).put(request, new Response(body, { status, statusText, headers: plain }));
  } catch { /* full or forbidden */ }
};

const keepAll = (names) => Promise.allSettled(names.map(async (name) => {
  if (await kept(PAGES, name)) return;
  const answer = await fetch(name);
  if (answer.status === 200) await keep(PAGES, name, answer);
}));

/** Remove the stored files of older versions. Long ago, all copies of the course on a host shared two caches: move
 * this copy's files of Python out of them, remove its other files, and leave the files of other copies. */
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
  if (!(await caches.has(PYTHON))) return; // opening this cache would create it
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
  /** Ask the network. Also store the answer; the page does not wait for the storing. */
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
