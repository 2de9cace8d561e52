// The gate's pages open without a network as they were kept. What is kept, the page itself puts there (checkin.js).
const NAME = "checkin-1";
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const request = event.request;
  if (request.method !== "GET") return;
  const kept = () => caches.open(NAME).then((cache) => cache.match(request, { ignoreVary: true }));
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(async () => (await kept()) || Response.error()));
  } else if (new URL(request.url).pathname.startsWith("/static/")) {
    event.respondWith(kept().then((found) => found || fetch(request)));
  }
});
