// Once visited, the course opens without a network. Always the newest from the network; what was kept when there is none.
// The build writes the three lists' contents; a new VERSION makes browsers fetch this file anew and drop the old copies.
const VERSION = "gdcourse-%VERSION%";
const CORE = %CORE%; // kept at once: what every page needs
const COURSE = %COURSE%; // kept when a page asks for it: all pages, pictures and demos

const PYTHON = %PYTHON%; // what stands in python/: never changes under its name, kept when somebody first runs a cell, and not fetched again
const FOREVER = "python-of-the-course";

const keep = async (names) => {
  const cache = await caches.open(VERSION);
  await Promise.allSettled(names.map(async (name) => (await cache.match(name)) ?? cache.add(name)));
};

addEventListener("install", (event) => event.waitUntil(keep(CORE).then(() => skipWaiting())));

addEventListener("activate", (event) => event.waitUntil((async () => {
  const old = (await caches.keys()).filter((name) => name.startsWith("gdcourse-") && name !== VERSION);
  await Promise.all(old.map((name) => caches.delete(name)));
  const python = await caches.open(FOREVER);
  const gone = (await python.keys()).filter(({ url }) => !PYTHON.includes(url.slice(registration.scope.length).split("/")[1]));
  await Promise.all(gone.map((request) => python.delete(request)));
  await clients.claim();
})()));

addEventListener("message", (event) => {
  if (event.data === "keep the course") event.waitUntil(keep(COURSE));
});

const forever = async (request) => {
  const cache = await caches.open(FOREVER);
  const kept = await cache.match(request.url);
  if (kept) return kept;
  const fresh = await fetch(request);
  // storage may be full: then it is fetched again next time
  if (fresh.status === 200) cache.put(request.url, fresh.clone()).catch(() => {});
  return fresh;
};

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(registration.scope)) return;
  if (request.url.startsWith(`${registration.scope}lite/`)) return; // JupyterLite has a service worker of its own
  if (request.url.startsWith(`${registration.scope}python/`)) {
    event.respondWith(forever(request));
    return;
  }
  event.respondWith((async () => {
    const cache = await caches.open(VERSION);
    try {
      const fresh = await fetch(request);
      if (fresh.status === 200) await cache.put(request, fresh.clone());
      return fresh;
    } catch (error) {
      const kept = await cache.match(request, { ignoreSearch: true });
      if (kept) return kept;
      throw error;
    }
  })());
});
