// What is kept for use without network: this page, its styles and scripts, and of the roll names and units alone —
// who has a record, but not which. It lies in a cache named after the account; site.js drops it when somebody else
// signs in or nobody is signed in.

export const offers = window.isSecureContext && "serviceWorker" in navigator && "caches" in window;
const NAMES = ["id", "name", "initials", "pinyin", "unit", "listed", "card", "photo"];

const cacheOf = (account) => caches.open(`account-${account}`);
const address = (desk) => new URL("kept.json", new URL(desk.dataset.page, location.href)).href;

/** Put the page and all it has loaded into the account's cache, and let the worker answer from it. */
export async function keepPage(desk) {
  if (!offers) return;
  await navigator.serviceWorker.register(desk.dataset.worker, { scope: "/roll/" });
  await navigator.storage?.persist?.();
  const cache = await cacheOf(desk.dataset.account);
  const loaded = performance.getEntriesByType("resource").map(({ name }) => new URL(name));
  const own = loaded.filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith("/static/"));
  const answers = await Promise.all([desk.dataset.page, ...new Set(own.map(String))].map(async (url) => [url, await fetch(url)]));
  await Promise.all(answers.filter(([, answer]) => answer.ok && !answer.redirected).map(([url, answer]) => cache.put(url, answer)));
}

/** Keep the names of the roll and the faces that are public anyway. */
export async function keepRoll(desk, roll) {
  if (!offers) return;
  const people = roll.people.map((person) => ({
    ...Object.fromEntries(NAMES.map((name) => [name, person[name]])),
    done: Boolean(person.status),
  }));
  const cache = await cacheOf(desk.dataset.account);
  await cache.put(address(desk), new Response(JSON.stringify({ ...roll, people })));
  const faces = roll.people.map(({ photo }) => photo).filter(Boolean);
  await Promise.allSettled(faces.map(async (face) => (await cache.match(face)) ?? cache.add(face)));
}

/** The kept names of the roll, null when there are none. */
export async function keptRoll(desk) {
  if (!offers) return null;
  const answer = await (await cacheOf(desk.dataset.account)).match(address(desk));
  return answer ? answer.json() : null;
}
