// Nothing of a person is kept: only the page for a lost network, and what it is drawn with.
const PAGE = "/offline";
const KEPT = {{ kept|tojson }};
const NAME = "offline-" + KEPT[0].split("=").pop();
self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll([PAGE, ...KEPT])).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith("offline-") && name !== NAME).map((name) => caches.delete(name)))),
  );
});
self.addEventListener("fetch", (event) => {
  const request = event.request;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(PAGE)));
  } else if (request.method === "GET" && KEPT.some((address) => request.url === new URL(address, self.location).href)) {
    event.respondWith(fetch(request).catch(() => caches.match(request)));
  }
});
