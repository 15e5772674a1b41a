// The service worker of the recorder's desk. It only fetches and finds: what is kept, the page itself puts into the
// cache of its account (kept.js), so nothing is stored here and nothing of anybody else can be given out.

const DESK = /^\/roll\/\d+\/desk\/$/;
const HASHED = /\.[0-9a-f]{12}\./;
const PATIENCE = 5000;
const WORDS = "<!doctype html><html lang=zh-CN><meta charset=utf-8><meta name=viewport content='width=device-width'>"
  + "<title>没有网络</title><h1>这份登记台还没有存在这台设备上</h1><p>有网络时打开一次，之后没有网络也能用。已经记下的登记都还在。</p>";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const kept = (request) => caches.match(request, { ignoreVary: true });

/** A network that neither answers nor fails is no network. */
function fetched(request) {
  const late = new Promise((_, refuse) => { setTimeout(() => refuse(new Error("late")), PATIENCE); });
  return Promise.race([fetch(request), late]);
}

async function page(request) {
  try {
    const answer = await fetched(request);
    if (answer.status < 500) return answer;
    return (await kept(request)) ?? answer;
  } catch {
    const headers = { "Content-Type": "text/html; charset=utf-8" };
    return (await kept(request)) ?? new Response(WORDS, { status: 503, headers });
  }
}

async function asset(request) {
  const stored = await kept(request);
  if (stored && HASHED.test(request.url)) return stored;
  try {
    return await fetched(request);
  } catch {
    return stored ?? Response.error();
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && DESK.test(pathname)) event.respondWith(page(request));
  else if (pathname.startsWith("/static/") || pathname.startsWith("/media/images/")) event.respondWith(asset(request));
});
