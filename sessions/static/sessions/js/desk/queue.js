// What was ticked and not yet answered by the server, in IndexedDB: it survives reload, restart and an empty battery.
// An entry belongs to the account that made it and leaves only when the server has answered for its nonce, or when
// the recorder takes it out.

import { random } from "./clock.js";

const ENTRIES = "entries";
const ABOUT = "about";

function asked(request) {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}

async function open() {
  const opening = indexedDB.open("desk", 1);
  opening.addEventListener("upgradeneeded", () => {
    opening.result.createObjectStore(ENTRIES, { keyPath: "nonce" });
    opening.result.createObjectStore(ABOUT);
  });
  return asked(opening);
}

const database = open();

/** Run `work` on a store and wait until the disk has it, not only the memory. */
async function write(store, work) {
  const transaction = (await database).transaction(store, "readwrite", { durability: "strict" });
  const done = new Promise((resolve, reject) => {
    transaction.addEventListener("complete", resolve);
    for (const name of ["abort", "error"]) transaction.addEventListener(name, () => reject(transaction.error));
  });
  work(transaction.objectStore(store));
  await done;
}

const read = async (store) => (await database).transaction(store).objectStore(store);

export const put = (...entries) => write(ENTRIES, (store) => entries.forEach((entry) => store.put(entry)));
export const take = (...nonces) => write(ENTRIES, (store) => nonces.forEach((nonce) => store.delete(nonce)));
export const all = async () => asked((await read(ENTRIES)).getAll());

/** The name of this device in histories: random, of no person. */
export async function deviceName() {
  const known = await asked((await read(ABOUT)).get("device"));
  if (known) return known;
  const made = random().replaceAll("-", "").slice(0, 32);
  await write(ABOUT, (store) => store.put(made, "device"));
  return made;
}
